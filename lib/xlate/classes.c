/* SPDX-License-Identifier: MIT */
#include "xlate/classes.h"

/* The field of the STE without which a class is not what it is. */
enum control { CONTROL_NONE, CONTROL_DRE, CONTROL_DCP };

struct row {
	bool writes;     /* else it reads */
	bool data;       /* whatever InD and INSTCFG say */
	bool hint;       /* and nothing else */
	bool maintains;  /* caches, by address */
	bool destroys;   /* lines that are dirty: it needs a page that can be written as it is */
	bool refused;    /* always */
	uint8_t control; /* enum control */
	uint8_t without; /* enum smmu3_class: what it is where it may not be itself.  libsmmu takes
			  * a read for it that has no side effect */
};

static const struct row rows[CLASSES] = {
	[SMMU3_CLASS_READ_CLEAN_INVALIDATE] = { .without = SMMU3_CLASS_ORDINARY },
	[SMMU3_CLASS_DESTRUCTIVE_READ] = { .destroys = true,
					   .control = CONTROL_DRE,
					   .without = SMMU3_CLASS_ORDINARY },
	[SMMU3_CLASS_WRITE_PREFETCH] = { .writes = true,
					 .data = true,
					 .control = CONTROL_DCP,
					 .without = SMMU3_CLASS_ORDINARY },
	[SMMU3_CLASS_PREFETCH] = { .data = true, .hint = true, .control = CONTROL_DCP },
	[SMMU3_CLASS_CLEAN] = { .maintains = true },
	[SMMU3_CLASS_CLEAN_INVALIDATE] = { .maintains = true },
	[SMMU3_CLASS_CLEAN_TO_PERSISTENCE] = { .maintains = true },
	[SMMU3_CLASS_INVALIDATE] = { .maintains = true,
				     .destroys = true,
				     .control = CONTROL_DRE,
				     .without = SMMU3_CLASS_CLEAN_INVALIDATE },
	[SMMU3_CLASS_DESTRUCTIVE_HINT] = { .maintains = true,
					   .destroys = true,
					   .hint = true,
					   .control = CONTROL_DRE },
	[SMMU3_CLASS_BARRIER] = { .refused = true },
	[SMMU3_CLASS_DVM] = { .refused = true },
	[SMMU3_CLASS_MAINTENANCE] = { .refused = true },
};

static const struct row *row_of(const struct smmu3_txn *txn)
{
	return &rows[txn->txn_class];
}

bool class_writes(const struct smmu3_txn *txn)
{
	return row_of(txn)->writes;
}

bool class_is_hint(const struct smmu3_txn *txn)
{
	return row_of(txn)->hint;
}

bool class_maintains(const struct smmu3_txn *txn)
{
	return row_of(txn)->maintains;
}

/* ---- What it needs ---- */

/* Those of one privilege. */
static unsigned side(bool privileged, unsigned perm)
{
	return perm & (privileged ? PERM_ALL & ~(unsigned)PERM_UNPRIVILEGED : PERM_UNPRIVILEGED);
}

/* A prefetch needs nothing in particular, but is of no use where it could do nothing; a destructive
 * hint is of no use where it could not write. */
struct access class_access(const struct smmu3_txn *txn, bool instruction, bool privileged)
{
	const struct row *row = row_of(txn);
	struct access access = access_as(row->writes, instruction && !row->data, privileged, false);

	if (!row->hint)
		return access;
	if (row->destroys) {
		access.needs |= (uint8_t)side(privileged, PERM_WRITE);
	} else {
		access.needs = 0;
		access.wants = (uint8_t)side(privileged, PERM_ALL);
	}
	return access;
}

/* ---- How it ends ---- */

/* SMMUv3.0 has no cache maintenance: libsmmu ends it as it ends a barrier.  3.22, 16.7.2 */
struct fault class_begin(const struct features *features, const struct smmu3_txn *txn)
{
	const struct row *row = row_of(txn);

	if (row->refused)
		return config_fault(EVENT_NONE, WHY_CLASS_REFUSED);
	if (!features->minor && (row->maintains || row->hint))
		return config_fault(EVENT_NONE, WHY_CLASS_VERSION);
	return NO_FAULT;
}

static bool inhibits(const struct stream *stream, enum control control)
{
	return (control == CONTROL_DRE && !stream->dre) || (control == CONTROL_DCP && !stream->dcp);
}

struct fault class_inhibited(const struct smmu3_txn *txn, const struct stream *stream)
{
	const struct row *row = row_of(txn);

	if (!row->hint || !inhibits(stream, (enum control)row->control))
		return NO_FAULT;
	return config_fault(EVENT_NONE, row->control == CONTROL_DRE ? WHY_HINT_DRE : WHY_HINT_DCP);
}

struct fault class_not_granted(const struct s1_result *s1)
{
	struct fault fault = config_fault(EVENT_NONE, WHY_HINT_PERMISSION);

	fault.stage = 1;
	fault.level = s1->leaves.first.level;
	return fault;
}

static struct fault not_granted_by_stage2(uint64_t ipa, int level)
{
	struct fault fault = config_fault(EVENT_NONE, WHY_HINT_PERMISSION);

	fault.stage = 2;
	fault.level = (int8_t)level;
	fault.addr = ipa;
	return fault;
}

/* Who keeps a hint from what it needs.  Of what no stage translates it is the Device Permission
 * Table; what a Translated transaction came by is not known any more. */
static struct fault lacks(const struct smmu3_txn *txn, const struct path *path,
			  const struct translation *translation, unsigned needed)
{
	const struct s1_result *s1 = &path->s1;

	if (txn->ats)
		return translation->stages ? not_granted_by_stage2(txn->addr, LEVEL_NONE) :
					     config_fault(EVENT_NONE, WHY_DPT_WRITE);
	return translation->stages & STAGE1_BIT && !(s1->perm & needed) ?
		       class_not_granted(s1) :
		       not_granted_by_stage2(s1->ipa.addr, s1->leaves.second.level);
}

/* May it do all that it is for?  Of a page that is clean writing is not among it.  3.13.8 */
static unsigned needed_to_be_itself(const struct row *row, const struct access *access)
{
	return row->destroys ? side(access->privileged, PERM_WRITE) : access->wants;
}

/* Has a stage translated, or does a Translated transaction ask its STE?  5.2 DRE, DCP */
static bool is_controlled(const struct smmu3_txn *txn, const struct translation *translation)
{
	return translation->stages || (txn->ats && translation->eats != STE_EATS_DISABLED);
}

struct fault class_end(const struct features *features, const struct smmu3_txn *txn,
		       const struct path *path, struct translation *translation)
{
	const struct row *row = row_of(txn);
	const unsigned needed = needed_to_be_itself(row, &translation->access);
	const bool inhibited = is_controlled(txn, translation) &&
			       inhibits(&path->stream, (enum control)row->control);
	const bool granted = !needed || translation->perm & needed;

	if (row->hint && !granted)
		return lacks(txn, path, translation, needed);
	translation->becomes = !features->minor || inhibited || !granted ? row->without :
									   txn->txn_class;
	return NO_FAULT;
}
