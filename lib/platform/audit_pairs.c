/* SPDX-License-Identifier: MIT */
/*
 * Ranges beside each other: one sweep over physical addresses.  Of all ranges that have begun, of
 * one kind (all that the rules look at), only the two that end last, of different owners, are kept:
 * whatever overlaps a range that begins now overlaps one of these.  So the work grows with the
 * ranges times the kinds, not with pairs; of many ranges of one kind that differ from it a range is
 * told of one.
 */
#include "platform/audit.h"
#include "platform/machine.h"

#include <stdlib.h>

enum { KINDS_MOST = 4096 };

struct kind {
	const struct audit_side *last[2]; /* the one that ends last; and of another owner */
};

struct sweep {
	struct smmu3_audit *audit;
	struct audit_side *side;
	size_t count;
	struct kind *kind;
	size_t kinds;
};

/* ---- Sides ---- */

static bool is_exclusive(const struct master_spec *master)
{
	return master && master->exclusive == true;
}

/* A master is one owner whatever its subjects; who has none is its own. */
static size_t owner_of(const struct smmu3_audit *audit, size_t subject)
{
	const struct master_spec *const master = AUDIT_AT(audit->facts, struct audit_facts, subject)
							 ->master;
	const struct list *const masters = &audit->machine->spec.masters;

	return master ? 1 + (size_t)(master - ITEM(*masters, struct master_spec, 0)) :
			1 + masters->count + subject;
}

static void add_ranges(struct sweep *sweep, size_t index)
{
	const struct smmu3_audit *const audit = sweep->audit;
	const struct smmu3_audit_subject *const subject = AUDIT_AT(audit->subjects,
								   struct smmu3_audit_subject,
								   index);
	const size_t owner = owner_of(audit, index);
	const bool exclusive = is_exclusive(
		AUDIT_AT(audit->facts, struct audit_facts, index)->master);

	for (size_t i = 0; i < subject->ranges; i++) {
		const size_t at = subject->first_range + i;
		const struct smmu3_reach *const reach =
			&AUDIT_AT(audit->ranges, struct smmu3_audit_range, at)->reach;

		if (!reach->perm)
			continue;

		sweep->side[sweep->count++] = (struct audit_side){
			.pa = reach->pa,
			.end = reach->pa + reach->size,
			.attr = reach->attr,
			.pas = reach->pas,
			.stages = reach->stages,
			.exclusive = exclusive,
			.owner = owner,
			.subject = index,
			.index = at,
		};
	}
}

static void add_cpus(struct sweep *sweep)
{
	const struct list *const list = &sweep->audit->machine->spec.cpu_mappings;

	for (size_t i = 0; i < list->count; i++) {
		const struct cpu_mapping_spec *const cpu = ITEM(*list, struct cpu_mapping_spec, i);

		sweep->side[sweep->count++] = (struct audit_side){
			.pa = cpu->pa,
			.end = cpu->pa + cpu->size,
			.attr = { (uint8_t)cpu->attr, (uint8_t)cpu->sh },
			.pas = (uint8_t)cpu->pas,
			.cpu = true,
			.index = i,
		};
	}
}

static int by_pa(const void *a, const void *b)
{
	const struct audit_side *const x = a, *const y = b;

	if (x->pa != y->pa)
		return (x->pa > y->pa) - (x->pa < y->pa);
	return x->cpu != y->cpu ? x->cpu - y->cpu : (x->index > y->index) - (x->index < y->index);
}

/* ---- Kinds ---- */

static bool same_kind(const struct audit_side *a, const struct audit_side *b)
{
	return a->pas == b->pas && a->attr.mair == b->attr.mair && a->attr.sh == b->attr.sh &&
	       !a->stages == !b->stages && a->cpu == b->cpu && a->exclusive == b->exclusive &&
	       (!a->exclusive || a->owner == b->owner);
}

static struct kind *kind_of(struct sweep *sweep, const struct audit_side *side)
{
	for (size_t i = 0; i < sweep->kinds; i++)
		if (same_kind(sweep->kind[i].last[0], side))
			return &sweep->kind[i];
	if (sweep->kinds == KINDS_MOST) {
		sweep->audit->cut = true;
		return NULL;
	}
	struct kind *const kind = &sweep->kind[sweep->kinds++];

	*kind = (struct kind){ { side, NULL } };
	return kind;
}

static bool ends_later(const struct audit_side *a, const struct audit_side *b)
{
	return !b || (a && a->end > b->end);
}

/* Keeps the side if it ends later than what is kept. */
static void remember(struct kind *kind, const struct audit_side *side)
{
	const struct audit_side **const last = kind->last;

	if (last[0]->owner == side->owner) {
		if (ends_later(side, last[0]))
			last[0] = side;
	} else if (ends_later(side, last[0])) {
		last[1] = last[0];
		last[0] = side;
	} else if (ends_later(side, last[1])) {
		last[1] = side;
	}
}

/* ---- Pairs ---- */

/* Whose finding is it?  Not the CPUs', not the one's who has its memory alone; else the later's. */
static bool answers(const struct audit_side *a, const struct audit_side *b)
{
	if (a->cpu != b->cpu)
		return b->cpu;
	if (a->exclusive != b->exclusive)
		return b->exclusive;
	return a->subject > b->subject;
}

static const char *name_of(const struct smmu3_audit *audit, const struct audit_side *side)
{
	const struct list *const list = &audit->machine->spec.cpu_mappings;
	const char *const name = side->cpu ?
					 ITEM(*list, struct cpu_mapping_spec, side->index)->name :
					 NULL;

	return !side->cpu ? NULL : name ? name : "CPUs";
}

static void judge_pair(struct smmu3_audit *audit, const struct audit_side *a,
		       const struct audit_side *b)
{
	const struct audit_side *const own = answers(a, b) ? a : b;
	const struct audit_side *const other = own == a ? b : a;

	for (unsigned rule = 0; rule < AUDIT_RULES; rule++) {
		if (!audit_pair_breaks((enum audit_rule)rule, own, other))
			continue;
		const struct smmu3_reach part = audit_part(
			&AUDIT_AT(audit->ranges, struct smmu3_audit_range, own->index)->reach,
			other->pa, other->end);

		audit_find_range(audit, (enum audit_rule)rule, own->subject, &part,
				 other->cpu ? SIZE_MAX : other->subject, name_of(audit, other));
	}
}

static void judge_side(struct sweep *sweep, const struct audit_side *side)
{
	for (size_t i = 0; i < sweep->kinds; i++) {
		const struct audit_side *const *const last = sweep->kind[i].last;
		const struct audit_side *const other = last[0]->owner != side->owner ? last[0] :
										       last[1];

		if (other && other->end > side->pa)
			judge_pair(sweep->audit, side, other);
	}
	struct kind *const kind = kind_of(sweep, side);

	if (kind)
		remember(kind, side);
}

void audit_compare(struct smmu3_audit *audit)
{
	const size_t most = audit->ranges.count + audit->machine->spec.cpu_mappings.count;
	struct sweep sweep = { .audit = audit };

	sweep.side = calloc(most + 1, sizeof(*sweep.side));
	sweep.kind = calloc(KINDS_MOST, sizeof(*sweep.kind));
	if (sweep.side && sweep.kind) {
		for (size_t i = 0; i < audit->subjects.count; i++)
			add_ranges(&sweep, i);
		add_cpus(&sweep);
		qsort(sweep.side, sweep.count, sizeof(*sweep.side), by_pa);
		for (size_t i = 0; i < sweep.count && !audit->findings.cut; i++)
			judge_side(&sweep, &sweep.side[i]);
	} else {
		audit->findings.broken = true;
	}
	free(sweep.kind);
	free(sweep.side);
}
