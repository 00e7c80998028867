/* SPDX-License-Identifier: MIT */
/* Realm streams: their StreamWorlds, where they lead, and what they are refused because it leaves
 * Realm memory.  3.10.3, 3.9.4, 18 */
#include "cells.h"

enum { F_TRANSL_FORBIDDEN = 0x07, F_TRANSLATION = 0x10, F_PERMISSION = 0x13 };

/* Whose translations, what becomes of them, and where they lead. */
enum { EL1_STAGE1, EL1_STAGE2, EL1_BOTH, EL2_STAGE1, EL2_E2H_STAGE1, REGIMES };
enum { PASSES, REFUSED, FAULTS, ABORTS, WAYS };

/* Why an access ends. */
enum {
	LEFT_BYPASS,
	LEFT_STAGE1,
	LEFT_STAGE2,
	LEFT_CD,
	LEFT_TT,
	AMEC_STAGE1,
	AMEC_STAGE2,
	XT_STAGE1,
	XT_STAGE2,
	XT_REQUEST,
	XT_UNNAMED,
	LEFT_TRANSLATED,
	ENDS,
};

/* What becomes of ATS. */
enum { TE, NO_TE, FULL_NS, FULL_REALM, SPLIT_NS, SPLIT_REALM, ATS_WAYS };

enum {
	LEADS_AT = REGIMES * WAYS,
	BYPASS_AT = LEADS_AT + 2 * REGIMES,
	CODES = 8,
	ENDS_AT = BYPASS_AT + CODES,
	XT_AT = ENDS_AT + ENDS,
	ATS_AT = XT_AT + 2,
	CELLS = ATS_AT + ATS_WAYS,
};

static const char *const regime_name[REGIMES] = { "EL1, stage 1", "EL1, stage 2",
						  "EL1, both stages", "EL2", "EL2-E2H" };

static void name_regime(unsigned index, struct cell *cell)
{
	static const char *const way[WAYS] = { "passes", "F_PERMISSION", "another fault",
					       "a configuration error" };

	if (index < LEADS_AT)
		cell_name(cell, true, "Realm %s: %s", regime_name[index / WAYS], way[index % WAYS]);
	else
		cell_name(cell, index != LEADS_AT + 2 * EL1_STAGE1, "Realm %s leads to %s memory",
			  regime_name[(index - LEADS_AT) / 2],
			  (index - LEADS_AT) % 2 ? "Realm" : "Non-secure");
}

static void name_realm(unsigned index, struct cell *cell)
{
	static const char *const end[ENDS] = {
		[LEFT_BYPASS] = "an instruction leaves by a bypass",
		[LEFT_STAGE1] = "an instruction leaves by stage 1",
		[LEFT_STAGE2] = "an instruction leaves by stage 2",
		[LEFT_CD] = "a CD is not in Realm memory",
		[LEFT_TT] = "a stage 1 table is not in Realm memory",
		[AMEC_STAGE1] = "AMEC at stage 1",
		[AMEC_STAGE2] = "AMEC at stage 2",
		[XT_STAGE1] = "stage 1 leads to another space than is named",
		[XT_STAGE2] = "stage 2 leads to another space than is named",
		[XT_REQUEST] = "a request gets another space than it names",
		[XT_UNNAMED] = "a Translated transaction names no space",
		[LEFT_TRANSLATED] = "an instruction leaves by a Translated address",
	};
	static const char *const ats[ATS_WAYS] = {
		[TE] = "a completion with TE",
		[NO_TE] = "a completion without TE",
		[FULL_NS] = "Translated, full ATS: Non-secure",
		[FULL_REALM] = "Translated, full ATS: Realm",
		[SPLIT_NS] = "Translated, split-stage ATS: Non-secure",
		[SPLIT_REALM] = "Translated, split-stage ATS: Realm",
	};

	if (index < BYPASS_AT)
		name_regime(index, cell);
	else if (index < ENDS_AT)
		cell_name(cell, true, "Realm bypass, NSCFG = %u, NS in = %u: passes",
			  (index - BYPASS_AT) >> 1, index & 1);
	else if (index < XT_AT)
		cell_name(cell, true, "Realm: %s", end[index - ENDS_AT]);
	else if (index < ATS_AT)
		cell_name(cell, true, "Realm: %s memory is named, and is where it leads",
			  index - XT_AT ? "Realm" : "Non-secure");
	else
		cell_name(cell, true, "Realm: %s", ats[index - ATS_AT]);
}

static bool passes(const struct obvious_answer *answer)
{
	return answer->verdict == SMMU3_OK;
}

static bool to_realm(const struct obvious_answer *answer)
{
	return answer->pas == SMMU3_PAS_REALM;
}

/* Of an access that stages translate; REGIMES: of none. */
static unsigned regime_of(const struct obvious_notes *notes)
{
	static const uint8_t by_world[] = { [OBVIOUS_EL1] = EL1_STAGE1,
					    [OBVIOUS_EL2] = EL2_STAGE1,
					    [OBVIOUS_EL2_E2H] = EL2_E2H_STAGE1 };

	if (notes->config <= 4 || notes->config > 7 || notes->skipped)
		return REGIMES;
	if (notes->config == 5)
		return by_world[notes->world];
	return notes->config == 6 ? EL1_STAGE2 : EL1_BOTH;
}

static unsigned way_of(const struct obvious_answer *answer)
{
	if (passes(answer))
		return PASSES;
	if (answer->event == F_PERMISSION)
		return REFUSED;
	return answer->fault_stage ? FAULTS : ABORTS;
}

/* Of Realm memory: in which the access is not, or a structure. */
static unsigned end_of_left(const struct smmu3_txn *txn, const struct obvious_answer *answer)
{
	if (txn->ats == SMMU3_ATS_TRANSLATED && answer->event == F_TRANSL_FORBIDDEN)
		return LEFT_TRANSLATED;
	if (answer->fault_stage == 2 && answer->fault_class != SMMU3_CLASS_IN)
		return answer->fault_class == SMMU3_CLASS_CD ? LEFT_CD : LEFT_TT;
	if (answer->fault_stage == 2)
		return LEFT_STAGE2;
	return answer->stages & 1 ? LEFT_STAGE1 : LEFT_BYPASS;
}

static unsigned end_of_checked(const struct smmu3_txn *txn, const struct obvious_answer *answer)
{
	if (txn->ats == SMMU3_ATS_REQUEST)
		return XT_REQUEST;
	return answer->fault_stage == 2 ? XT_STAGE2 : XT_STAGE1;
}

/* ENDS: for no reason of a Realm stream's own. */
static unsigned end_of(const struct smmu3_txn *txn, const struct obvious_answer *answer)
{
	const struct obvious_notes *notes = &answer->notes;
	const bool fails = !passes(answer);

	if (fails && notes->left)
		return end_of_left(txn, answer);
	if (answer->event == F_TRANSLATION && notes->amec)
		return answer->fault_stage == 2 ? AMEC_STAGE2 : AMEC_STAGE1;
	if (answer->event == F_PERMISSION && notes->checked)
		return end_of_checked(txn, answer);
	if (answer->event == F_TRANSL_FORBIDDEN && notes->unnamed)
		return XT_UNNAMED;
	return ENDS;
}

/* ATS_WAYS: it is none, or does not pass. */
static unsigned ats_of(const struct smmu3_txn *txn, const struct obvious_answer *answer)
{
	if (!txn->ats || !passes(answer))
		return ATS_WAYS;
	if (txn->ats == SMMU3_ATS_REQUEST)
		return answer->ats & SMMU3_ATS_TE ? TE : NO_TE;
	const unsigned to_ns = answer->notes.ats == OBVIOUS_ATS_SPLIT ? SPLIT_NS : FULL_NS;

	return to_ns + to_realm(answer);
}

static unsigned find_realm(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			   unsigned *index)
{
	const struct obvious_notes *notes = &answer->notes;
	const bool plain = !txn->ats;
	const unsigned regime = regime_of(notes), end = end_of(txn, answer);
	const unsigned ats = ats_of(txn, answer);
	unsigned count = 0;

	if (plain && regime < REGIMES)
		index[count++] = regime * WAYS + way_of(answer);
	if (plain && regime < REGIMES && passes(answer))
		index[count++] = LEADS_AT + 2 * regime + to_realm(answer);
	if (plain && passes(answer) && notes->config == 4)
		index[count++] = BYPASS_AT + 2u * notes->nscfg + !!(txn->flags & SMMU3_TXN_NS);
	if (end < ENDS)
		index[count++] = ENDS_AT + end;
	if (plain && passes(answer) && notes->checked)
		index[count++] = XT_AT + to_realm(answer);
	if (ats < ATS_WAYS)
		index[count++] = ATS_AT + ats;
	return count;
}

const struct cell_group cells_of_realm = { "Realm streams: StreamWorlds, spaces, AMEC, XT and ATS",
					   CELLS, name_realm, find_realm };
