/* SPDX-License-Identifier: MIT */
/* Secure streams: their StreamWorlds, the spaces of what they read and reach, and what becomes of
 * Non-secure streams beside them.  3.10.2 */
#include "cells.h"

enum { WAYS = 4, CODES = 8, SPACES = 2, CLASSES = 3, EVENTS = 5, F_WALK_EABT = 0x0b };
enum { F_TRANSLATION = 0x10, F_PERMISSION = 0x13 };

/* Who asks. */
enum { EL1, EL2, EL2_E2H, EL3, STAGE_2, BOTH, BESIDE, WHO };

static const char *const who_name[WHO] = {
	"Secure EL1",
	"S-EL2",
	"S-EL2-E2H",
	"EL3",
	"Secure stage 2",
	"both Secure stages",
	"a Non-secure stream beside Secure ones",
};

/* Where each kind of cell begins. */
enum {
	WAYS_AT = 0,
	LEAVES_AT = WAYS_AT + WHO * WAYS,
	READ_AT = LEAVES_AT + SPACES * SPACES,
	BYPASS_AT = READ_AT + SPACES * SPACES,
	SIF_AT = BYPASS_AT + CODES,
	TREES_AT = SIF_AT + 4,
	FAULTS_AT = TREES_AT + SPACES * SPACES * SPACES,
	STALLS_AT = FAULTS_AT + CLASSES * SPACES * EVENTS,
	CELLS = STALLS_AT + 2 * 3,
};

/* What becomes of an access. */
enum { PASSES, REFUSED, FAULTS, ABORTS };

static const char *const space_name[SPACES] = { "Non-secure", "Secure" };

static void name_way(unsigned index, struct cell *cell)
{
	static const char *const way[WAYS] = { "passes", "F_PERMISSION", "another fault",
					       "a configuration error" };

	cell_name(cell, index / WAYS != STAGE_2 || index % WAYS != ABORTS, "%s: %s",
		  who_name[index / WAYS], way[index % WAYS]);
}

/* Non-secure memory leads on to Secure memory by stage 2 alone. */
static void name_leaf(unsigned index, struct cell *cell)
{
	cell_name(cell, index != 1, "stage 1 alone: a leaf in %s memory leads to %s memory",
		  space_name[index >> 1], space_name[index & 1]);
}

static void name_read(unsigned index, struct cell *cell)
{
	cell_name(cell, true, "both stages: a leaf of stage 1 at a %s IPA is in %s memory",
		  space_name[index >> 1], space_name[index & 1]);
}

static void name_bypass(unsigned index, struct cell *cell)
{
	cell_name(cell, true, "bypass, NSCFG = %u, NS in = %u: passes", index >> 1, index & 1);
}

static void name_sif(unsigned index, struct cell *cell)
{
	static const char *const streams[] = { "bypass", "stage 1", "stage 2", "both stages" };

	cell_name(cell, true, "%s: SIF refuses it", streams[index]);
}

/* What a tree in Non-secure memory maps is Non-secure. */
static void name_tree(unsigned index, struct cell *cell)
{
	const unsigned ipa = index >> 2, tables = index >> 1 & 1, output = index & 1;

	cell_name(cell, tables || !output,
		  "stage 2: a %s IPA, by tables in %s memory, leads to %s memory", space_name[ipa],
		  space_name[tables], space_name[output]);
}

/* CDs are at Secure IPAs. */
static void name_fault(unsigned index, struct cell *cell)
{
	static const char *const event[EVENTS] = { "F_WALK_EABT", "F_TRANSLATION", "F_ADDR_SIZE",
						   "F_ACCESS", "F_PERMISSION" };
	static const char *const fault_class[CLASSES] = { "CD", "TT", "IN" };
	const unsigned ns = index / EVENTS % SPACES, which = index / EVENTS / SPACES;

	cell_name(cell, which != SMMU3_CLASS_CD || !ns, "stage 2: %s, class %s, NSIPA = %u",
		  event[index % EVENTS], fault_class[which], ns);
}

static void name_stall(unsigned index, struct cell *cell)
{
	static const char *const model[] = { "stalls and terminates", "terminates only",
					     "stalls are forced" };

	cell_name(cell, index / 2 != 1, "a fault of Secure stage %u stalls: %s", index % 2 + 1,
		  model[index / 2]);
}

static const struct {
	unsigned first;
	void (*name)(unsigned index, struct cell *cell);
} kinds[] = {
	{ WAYS_AT, name_way },      { LEAVES_AT, name_leaf },  { READ_AT, name_read },
	{ BYPASS_AT, name_bypass }, { SIF_AT, name_sif },      { TREES_AT, name_tree },
	{ FAULTS_AT, name_fault },  { STALLS_AT, name_stall },
};

static void name_secure(unsigned index, struct cell *cell)
{
	unsigned kind = sizeof(kinds) / sizeof(*kinds) - 1;

	while (index < kinds[kind].first)
		kind--;
	kinds[kind].name(index - kinds[kind].first, cell);
}

static unsigned way_of(const struct obvious_answer *answer)
{
	if (answer->verdict == SMMU3_OK)
		return PASSES;
	if (answer->event == F_PERMISSION)
		return REFUSED;
	return answer->fault_stage ? FAULTS : ABORTS;
}

/* The StreamWorld of stage 1 alone, or the stages.  WHO: none. */
static unsigned who_of(const struct obvious_notes *notes)
{
	static const uint8_t of_world[] = { [OBVIOUS_EL1] = EL1,
					    [OBVIOUS_EL2] = EL2,
					    [OBVIOUS_EL2_E2H] = EL2_E2H,
					    [OBVIOUS_EL3] = EL3 };

	if (!notes->secure)
		return notes->beside ? BESIDE : WHO;
	if (notes->config == 6 || (notes->config == 7 && notes->skipped))
		return STAGE_2;
	if (notes->config == 7)
		return BOTH;
	return notes->config == 5 && !notes->skipped ? of_world[notes->world] : WHO;
}

/* How an access ended; what SIF refuses, and what stalls. */
static unsigned find_ends(const struct obvious_answer *answer, unsigned *index)
{
	const struct obvious_notes *notes = &answer->notes;
	const unsigned who = who_of(notes);
	unsigned count = 0;

	if (who != WHO && (who != STAGE_2 || way_of(answer) != ABORTS))
		index[count++] = WAYS_AT + who * WAYS + way_of(answer);
	if (!notes->secure)
		return count;
	if (notes->sif && notes->config >= 4 && notes->config <= 7 && !notes->skipped)
		index[count++] = SIF_AT + (notes->config & 3u);
	if (answer->verdict == SMMU3_STALLED)
		index[count++] = STALLS_AT + notes->model.stall_model * 2u +
				 (answer->fault_stage == 2);
	return count;
}

/* Where stage 2 was at fault. */
static unsigned find_fault(const struct obvious_answer *answer, unsigned *index)
{
	const unsigned event = answer->event == F_WALK_EABT ? 0 :
							      answer->event - F_TRANSLATION + 1u;
	const unsigned ns = answer->record.word[1] >> 38 & 1;

	if (answer->fault_stage != 2)
		return 0;
	*index = FAULTS_AT + (answer->fault_class * SPACES + ns) * EVENTS + event;
	return 1;
}

/* The spaces of one that passes. */
static unsigned find_spaces(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			    unsigned *index)
{
	const struct obvious_notes *notes = &answer->notes;
	unsigned count = 0;

	if (notes->stage1.leaf && !notes->stage2.leaf)
		index[count++] = LEAVES_AT + 2u * notes->secure_leaf + answer->pas;
	if (notes->stage1.leaf && notes->stage2.leaf)
		index[count++] = READ_AT + 2u * notes->secure_leaf + !notes->leaf_read_ns;
	if (notes->stage2.leaf)
		index[count++] = TREES_AT + 4u * !notes->ns_ipa + 2u * !notes->s2_tables_ns +
				 answer->pas;
	if (notes->config == 4)
		index[count++] = BYPASS_AT + 2u * notes->nscfg + !!(txn->flags & SMMU3_TXN_NS);
	return count;
}

static unsigned find_secure(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			    unsigned *index)
{
	unsigned count = find_ends(answer, index);

	if (answer->notes.secure)
		count += answer->verdict == SMMU3_OK ? find_spaces(txn, answer, index + count) :
						       find_fault(answer, index + count);
	return count;
}

const struct cell_group cells_of_secure = {
	"Secure streams: StreamWorlds and stages, spaces, NSCFG, SIF, faults of stage 2, stalls",
	CELLS, name_secure, find_secure
};
