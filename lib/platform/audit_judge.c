/* SPDX-License-Identifier: MIT */
/* Judges what was gathered: subject by subject, range by range, piece by piece. */
#include "platform/audit.h"
#include "platform/machine.h"

#include <stdlib.h>

/* Does it go on where the last one of this rule and subject ended? */
static bool extends(const struct smmu3_audit_finding *last, const struct smmu3_audit_finding *next)
{
	return last->rule == next->rule && last->subject == next->subject &&
	       last->pas == next->pas && last->other == next->other && last->who == next->who &&
	       last->input + last->size == next->input && last->pa + last->size == next->pa;
}

void audit_find_range(struct smmu3_audit *audit, enum audit_rule rule, size_t subject,
		      const struct smmu3_reach *reach, size_t other, const char *who)
{
	struct audit_list *const list = &audit->findings;
	const struct smmu3_audit_finding next = {
		.rule = &audit_rules[rule],
		.subject = subject,
		.input = reach->input,
		.pa = reach->pa,
		.size = reach->size,
		.pas = reach->pas,
		.other = other,
		.who = who,
	};
	struct smmu3_audit_finding *const last = list->count ?
							 AUDIT_AT(*list, struct smmu3_audit_finding,
								  list->count - 1) :
							 NULL;

	if (last && extends(last, &next)) {
		last->size += next.size;
		return;
	}
	struct smmu3_audit_finding *const added = audit_add(list);

	if (added)
		*added = next;
}

/* ---- Structures that can be written ---- */

static int by_place(const void *a, const void *b)
{
	const struct audit_place *const x = a, *const y = b;

	if (x->pas != y->pas)
		return (x->pas > y->pas) - (x->pas < y->pas);
	return (x->pa > y->pa) - (x->pa < y->pa);
}

/* Places in order, those that overlap made one. */
static void settle_places(struct audit_list *places)
{
	struct audit_place *const place = places->item;
	size_t used = 0;

	if (places->count)
		qsort(place, places->count, sizeof(*place), by_place);
	for (size_t i = 0; i < places->count; i++) {
		struct audit_place *const last = used ? &place[used - 1] : NULL;

		if (!last || last->pas != place[i].pas || last->end < place[i].pa ||
		    (last->end == place[i].pa && last->what != place[i].what))
			place[used++] = place[i];
		else if (last->end < place[i].end)
			last->end = place[i].end;
	}
	places->count = used;
}

/* The first place of a PA space that ends behind an address. */
static size_t place_behind(const struct audit_list *places, unsigned pas, uint64_t pa)
{
	const struct audit_place *const place = places->item;
	size_t low = 0, count = places->count;

	while (count) {
		const size_t half = count / 2;
		const struct audit_place *const at = &place[low + half];

		if (at->pas < pas || (at->pas == pas && at->end <= pa)) {
			low += half + 1;
			count -= half + 1;
		} else {
			count = half;
		}
	}
	return low;
}

static void judge_structures(struct smmu3_audit *audit, size_t subject,
			     const struct smmu3_reach *reach)
{
	const struct audit_list *const places = &audit->places;
	const uint64_t end = reach->pa + reach->size;

	if (!(reach->perm & (SMMU3_PERM_UW | SMMU3_PERM_PW)))
		return;
	for (size_t i = place_behind(places, reach->pas, reach->pa); i < places->count; i++) {
		const struct audit_place *const place = AUDIT_AT(*places, struct audit_place, i);

		if (place->pas != reach->pas || place->pa >= end)
			return;
		const struct smmu3_reach part = audit_part(reach, place->pa, place->end);

		audit_find_range(audit, RULE_STRUCTURES, subject, &part, SIZE_MAX, place->what);
		if (audit->findings.cut)
			return;
	}
}

/* ---- Pieces ---- */

struct bench {
	const struct audit_span *spans;
	size_t count;
};

static void judge_range(struct smmu3_audit *audit, const struct bench *bench, enum audit_rule rule,
			size_t subject, struct smmu3_reach reach)
{
	const struct audit_facts *const facts = AUDIT_AT(audit->facts, struct audit_facts, subject);

	for (uint64_t cut; reach.size && !audit->findings.cut; reach.size -= cut) {
		const struct audit_piece piece = audit_cut(bench->spans, bench->count, &reach);

		cut = piece.reach.size;
		if (audit_piece_breaks(rule, facts, &piece))
			audit_find_range(audit, rule, subject, &piece.reach, SIZE_MAX, NULL);
		reach.input += cut;
		reach.pa += cut;
	}
}

static void judge_ranges(struct smmu3_audit *audit, const struct bench *bench, enum audit_rule rule,
			 size_t index)
{
	const struct smmu3_audit_subject *const subject = AUDIT_AT(audit->subjects,
								   struct smmu3_audit_subject,
								   index);

	for (size_t i = 0; i < subject->ranges && !audit->findings.cut; i++) {
		const struct smmu3_reach *const reach = &AUDIT_AT(audit->ranges,
								  struct smmu3_audit_range,
								  subject->first_range + i)
								 ->reach;

		if (rule == RULE_STRUCTURES)
			judge_structures(audit, index, reach);
		else if (reach->perm)
			judge_range(audit, bench, rule, index, *reach);
	}
}

/* A finding that is about no addresses. */
static void find_subject(struct smmu3_audit *audit, enum audit_rule rule, size_t index)
{
	const struct smmu3_audit_subject *const subject = AUDIT_AT(audit->subjects,
								   struct smmu3_audit_subject,
								   index);
	struct smmu3_audit_finding *const finding = audit_add(&audit->findings);

	if (finding)
		*finding = (struct smmu3_audit_finding){
			.rule = &audit_rules[rule],
			.subject = index,
			.event = subject->event,
			.why = subject->why,
			.other = SIZE_MAX,
		};
}

static void judge_subject(struct smmu3_audit *audit, const struct bench *bench, size_t index)
{
	struct audit_facts *const facts = AUDIT_AT(audit->facts, struct audit_facts, index);

	facts->shown = AUDIT_AT(audit->subjects, struct smmu3_audit_subject, index);
	for (unsigned rule = 0; rule < AUDIT_RULES; rule++) {
		if (audit_subject_breaks((enum audit_rule)rule, facts))
			find_subject(audit, (enum audit_rule)rule, index);
		judge_ranges(audit, bench, (enum audit_rule)rule, index);
	}
}

void audit_judge(struct smmu3_audit *audit)
{
	const struct list *const memory = &audit->machine->spec.memory;
	struct audit_span *const spans = calloc(2 * memory->count + 1, sizeof(*spans));
	uint64_t *const edges = calloc(2 * memory->count + 1, sizeof(*edges));
	struct bench bench = { spans, 0 };

	if (spans && edges) {
		bench.count = audit_spans(memory, spans, edges);
		settle_places(&audit->places);
		for (size_t i = 0; i < audit->subjects.count; i++)
			judge_subject(audit, &bench, i);
	} else {
		audit->findings.broken = true;
	}
	free(edges);
	free(spans);
}
