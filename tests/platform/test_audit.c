/* SPDX-License-Identifier: MIT */
/* The rules of an audit, as functions of what lies before them. */
#include "platform/audit.h"

#include "support/suite.h"

#include <check.h>
#include <stdlib.h>

#define NS SMMU3_PAS_BIT(SMMU3_PAS_NS)
#define SECURE SMMU3_PAS_BIT(SMMU3_PAS_SECURE)

enum { R = SMMU3_PERM_UR, W = SMMU3_PERM_UW, X = SMMU3_PERM_UX, PW = SMMU3_PERM_PW };

static struct smmu3_reach reach(uint64_t input, uint64_t pa, uint64_t size)
{
	return (struct smmu3_reach){ .input = input,
				     .pa = pa,
				     .size = size,
				     .attr = { 0xff, SMMU3_ISH },
				     .perm = R | W,
				     .stages = 1 };
}

static struct smmu3_audit_range range(uint64_t input, uint64_t pa, uint64_t size)
{
	return (struct smmu3_audit_range){ .reach = reach(input, pa, size) };
}

/* audit.h: ranges that follow each other in both spaces with the same properties are one. */
START_TEST(ranges_are_joined_where_nothing_changes)
{
	struct smmu3_audit_range first = range(0x1000, 0x9000, 0x1000);
	struct smmu3_audit_range next = range(0x2000, 0xa000, 0x2000);

	ck_assert(audit_join(&first, &next));
	ck_assert_uint_eq(first.reach.size, 0x3000);
	for (unsigned i = 0; i < 9; i++) {
		first = range(0x1000, 0x9000, 0x1000);
		next = range(0x2000, 0xa000, 0x1000);
		next.reach.input += i == 0 ? 0x1000 : 0;
		next.reach.pa += i == 1 ? 0x1000 : 0;
		next.reach.attr.mair = i == 2 ? 0x44 : 0xff;
		next.reach.attr.sh = i == 3 ? SMMU3_OSH : SMMU3_ISH;
		next.reach.perm = i == 4 ? R : R | W;
		next.reach.pas = i == 5 ? SMMU3_PAS_SECURE : SMMU3_PAS_NS;
		next.reach.stages = i == 6 ? 3 : 1;
		next.denied = i == 7 ? X : 0;
		next.region = i == 8 ? "region" : NULL;
		ck_assert(!audit_join(&first, &next));
		ck_assert_uint_eq(first.reach.size, 0x1000);
	}
}
END_TEST

/* audit.h: a master reaches what it can drive. */
START_TEST(a_bus_ends_what_is_asked_for)
{
	struct smmu3_reach rest = reach(0xffff0000, 0x1000, 0x20000);

	ck_assert(audit_clip(&rest, 64));
	ck_assert_uint_eq(rest.size, 0x20000);
	ck_assert(audit_clip(&rest, 32));
	ck_assert_uint_eq(rest.size, 0x10000);
	ck_assert(audit_clip(&rest, 32));
	ck_assert_uint_eq(rest.size, 0x10000);
	ck_assert(!audit_clip(&rest, 31));
}
END_TEST

/* Two memories of one address in two spaces, and one that begins within. */
static size_t spans_of(struct audit_span spans[7])
{
	static struct memory_spec memory[] = {
		{ .base = 0x3000, .size = 0x2000, .pas = SMMU3_PAS_SECURE },
		{ .base = 0x1000, .size = 0x3000, .pas = SMMU3_PAS_NS },
		{ .base = 0x9000, .size = 0x1000, .pas = SMMU3_PAS_NS },
	};
	const struct list list = { memory, 3 };
	uint64_t edges[7];

	return audit_spans(&list, spans, edges);
}

/* audit.h */
START_TEST(memories_are_spans_each_of_the_same_spaces)
{
	static const struct audit_span expected[] = {
		{ 0x1000, 0x3000, NS }, { 0x3000, 0x4000, NS | SECURE }, { 0x4000, 0x5000, SECURE },
		{ 0x5000, 0x9000, 0 },  { 0x9000, 0xa000, NS },
	};
	struct audit_span spans[7];

	ck_assert_uint_eq(spans_of(spans), 5);
	for (unsigned i = 0; i < 5; i++) {
		ck_assert_uint_eq(spans[i].base, expected[i].base);
		ck_assert_uint_eq(spans[i].end, expected[i].end);
		ck_assert_uint_eq(spans[i].spaces, expected[i].spaces);
	}
}
END_TEST

/* audit.h */
START_TEST(a_range_is_cut_where_memory_begins_and_ends)
{
	static const struct {
		uint64_t size;
		unsigned spaces;
	} expected[] = {
		{ 0x800, 0 },  { 0x2000, NS }, { 0x1000, NS | SECURE }, { 0x1000, SECURE },
		{ 0x4000, 0 }, { 0x1000, NS }, { 0x5800, 0 },
	};
	struct audit_span spans[7];
	const size_t count = spans_of(spans);
	struct smmu3_reach rest = reach(0x100800, 0x800, 0xf000);

	for (unsigned i = 0; i < 7; i++) {
		const struct audit_piece piece = audit_cut(spans, count, &rest);

		ck_assert(piece.judged);
		ck_assert_uint_eq(piece.reach.size, expected[i].size);
		ck_assert_uint_eq(piece.spaces, expected[i].spaces);
		rest.pa += piece.reach.size;
		rest.input += piece.reach.size;
		rest.size -= piece.reach.size;
	}
	ck_assert_uint_eq(rest.size, 0);
	rest = reach(0, 0, 0x1000);
	ck_assert(!audit_cut(spans, 0, &rest).judged);
}
END_TEST

/* Each row: a stream, what leaves, which memories are there, and the rule that is broken, if any.
 */
struct piece_row {
	uint8_t sec_sid, pas;
	unsigned spaces;
	enum audit_rule broken; /* AUDIT_RULES: none */
};

/* 3.10.2: a label, and what it means where memory is of that space, of another, or none. */
START_TEST(labels_are_judged_by_the_memory_they_meet)
{
	enum { N = SMMU3_PAS_NS, S = SMMU3_PAS_SECURE };
	static const struct piece_row rows[] = {
		{ N, N, NS, AUDIT_RULES },
		{ N, N, NS | SECURE, AUDIT_RULES },
		{ N, N, SECURE, RULE_SECURE_MEMORY },
		{ N, N, 0, RULE_OUTSIDE },
		{ S, S, SECURE, AUDIT_RULES },
		{ S, S, NS | SECURE, AUDIT_RULES },
		{ S, S, NS, RULE_SECURE_ALIAS },
		{ S, S, 0, RULE_OUTSIDE },
		{ S, N, NS, AUDIT_RULES },
		{ S, N, SECURE, RULE_OUTSIDE },
	};
	static const enum audit_rule labels[] = { RULE_SECURE_MEMORY, RULE_SECURE_ALIAS,
						  RULE_OUTSIDE };

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct smmu3_audit_subject shown = { .sec_sid = rows[i].sec_sid,
							   .enabled = 1 };
		const struct audit_facts facts = { .shown = &shown };
		struct audit_piece piece = { reach(0, 0, 0x1000), rows[i].spaces, true };

		piece.reach.pas = rows[i].pas;
		for (unsigned rule = 0; rule < 3; rule++)
			ck_assert_msg(audit_piece_breaks(labels[rule], &facts, &piece) ==
					      (labels[rule] == rows[i].broken),
				      "row %u, %s", i, audit_rules[labels[rule]].name);
	}
}
END_TEST

/* audit.h: where no memory is declared, and of what nothing translates, nothing lies outside. */
START_TEST(nothing_is_outside_where_nobody_says_what_is_inside)
{
	const struct smmu3_audit_subject shown = { .enabled = 1 };
	const struct audit_facts facts = { .shown = &shown };
	struct audit_piece piece = { reach(0, 0, 0x1000), 0, false };

	ck_assert(!audit_piece_breaks(RULE_OUTSIDE, &facts, &piece));
	piece.judged = true;
	ck_assert(audit_piece_breaks(RULE_OUTSIDE, &facts, &piece));
	piece.reach.stages = 0;
	ck_assert(!audit_piece_breaks(RULE_OUTSIDE, &facts, &piece));
}
END_TEST

/* 5.2, 6.3.14: what nothing translates is bypass, or the window before SMMUEN. */
START_TEST(what_nothing_translates_is_one_of_two)
{
	for (unsigned enabled = 0; enabled < 2; enabled++)
		for (unsigned stages = 0; stages < 4; stages++) {
			const struct smmu3_audit_subject shown = { .enabled = (uint8_t)enabled };
			const struct audit_facts facts = { .shown = &shown };
			struct audit_piece piece = { reach(0, 0, 0x1000), NS, true };

			piece.reach.stages = (uint8_t)stages;
			ck_assert_int_eq(audit_piece_breaks(RULE_BYPASS, &facts, &piece),
					 enabled && !stages);
			ck_assert_int_eq(audit_piece_breaks(RULE_BOOT_WINDOW, &facts, &piece),
					 !enabled && !stages);
		}
}
END_TEST

/* 13.4.1: whichever privilege writes and whichever executes. */
START_TEST(write_and_execute_are_of_either_privilege)
{
	static const struct {
		uint8_t perm;
		bool broken;
	} rows[] = { { R | W, false },
		     { R | X, false },
		     { W | X, true },
		     { PW | X, true },
		     { W | SMMU3_PERM_PX, true },
		     { PW | SMMU3_PERM_PX, true } };
	const struct smmu3_audit_subject shown = { .enabled = 1 };
	const struct audit_facts facts = { .shown = &shown };

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct audit_piece piece = { reach(0, 0, 0x1000), NS, true };

		piece.reach.perm = rows[i].perm;
		ck_assert_int_eq(audit_piece_breaks(RULE_WRITE_EXECUTE, &facts, &piece),
				 rows[i].broken);
		piece.reach.stages = 0;
		ck_assert(!audit_piece_breaks(RULE_WRITE_EXECUTE, &facts, &piece));
	}
}
END_TEST

/* 3.10.2, 3.12, 3.9.1.3: what is asked of a master as a whole. */
START_TEST(what_a_master_promises_is_asked)
{
	const struct master_spec waits = { .can_stall = true }, cannot = { .can_stall = false };
	const struct smmu3_audit_subject shown = { .enabled = 1 };
	struct audit_facts facts = { .shown = &shown, .master = &cannot, .stalls = true };
	struct audit_piece piece = { reach(0, 0, 0x1000), SECURE, true };

	ck_assert(audit_subject_breaks(RULE_STALL, &facts));
	facts.master = &waits;
	ck_assert(!audit_subject_breaks(RULE_STALL, &facts));
	facts.master = NULL;
	ck_assert(!audit_subject_breaks(RULE_STALL, &facts));
	facts = (struct audit_facts){ .shown = &shown, .master = &cannot, .ns_only = true };
	ck_assert(!audit_subject_breaks(RULE_STALL, &facts));
	ck_assert(!audit_piece_breaks(RULE_NS_ONLY, &facts, &piece));
	piece.reach.pas = SMMU3_PAS_SECURE;
	ck_assert(audit_piece_breaks(RULE_NS_ONLY, &facts, &piece));
	facts.ns_only = false;
	ck_assert(!audit_piece_breaks(RULE_NS_ONLY, &facts, &piece));
	facts.refused = true;
	ck_assert(audit_subject_breaks(RULE_ILLEGAL, &facts));
	ck_assert(!audit_subject_breaks(RULE_ATS, &facts));
	facts.translated_passes = true;
	ck_assert(audit_subject_breaks(RULE_ATS, &facts));
}
END_TEST

static struct audit_side side(size_t owner)
{
	return (struct audit_side){
		.attr = { 0xff, SMMU3_ISH }, .pas = SMMU3_PAS_NS, .stages = 1, .owner = owner
	};
}

static unsigned broken(const struct audit_side *a, const struct audit_side *b)
{
	unsigned rules = 0;

	for (unsigned rule = 0; rule < AUDIT_RULES; rule++) {
		ck_assert_int_eq(audit_pair_breaks((enum audit_rule)rule, a, b),
				 audit_pair_breaks((enum audit_rule)rule, b, a));
		rules |= audit_pair_breaks((enum audit_rule)rule, a, b) ? 1u << rule : 0;
	}
	return rules;
}

/* 13.1: hints are no part of a type, and of two spaces attributes are not compared. */
START_TEST(ranges_that_overlap_are_compared)
{
	struct audit_side a = side(1), b = side(2);

	ck_assert_uint_eq(broken(&a, &b), 0);
	b.attr.mair = 0xee; /* Write-Back, no write-allocate */
	ck_assert_uint_eq(broken(&a, &b), 0);
	b.attr.mair = 0xbb; /* Write-Through */
	ck_assert_uint_eq(broken(&a, &b), 1u << RULE_TYPE);
	b = side(2);
	b.attr.sh = SMMU3_OSH;
	ck_assert_uint_eq(broken(&a, &b), 1u << RULE_SHAREABILITY);
	b.pas = SMMU3_PAS_SECURE;
	ck_assert_uint_eq(broken(&a, &b), 1u << RULE_SPACE);
	b.owner = 1;
	ck_assert_uint_eq(broken(&a, &b), 0);
}
END_TEST

/* audit.h: in bypass a master's own attributes are compared with what CPUs say alone. */
START_TEST(what_nothing_translates_is_compared_with_cpus_alone)
{
	struct audit_side a = side(1), b = side(2);

	b.attr.sh = SMMU3_NSH;
	b.stages = 0;
	ck_assert_uint_eq(broken(&a, &b), 0);
	a.cpu = true;
	a.owner = 0;
	a.stages = 0;
	ck_assert_uint_eq(broken(&a, &b), 1u << RULE_SHAREABILITY);
	b.cpu = true;
	ck_assert_uint_eq(broken(&a, &b), 0);
}
END_TEST

/* audit.h: what an exclusive master maps nobody else may reach, however. */
START_TEST(memory_that_one_has_alone_is_not_shared)
{
	struct audit_side a = side(1), b = side(2);

	a.exclusive = true;
	ck_assert_uint_eq(broken(&a, &b), 1u << RULE_SHARING);
	b.stages = 0;
	ck_assert_uint_eq(broken(&a, &b), 1u << RULE_SHARING);
	b.owner = 1;
	ck_assert_uint_eq(broken(&a, &b), 0);
	b = side(2);
	b.cpu = true;
	ck_assert_uint_eq(broken(&a, &b), 0);
	b = side(2);
	a.stages = 0;
	ck_assert_uint_eq(broken(&a, &b), 0);
}
END_TEST

/* audit.h: names are stable, each one rule's. */
START_TEST(each_rule_has_a_name_a_section_and_a_sentence)
{
	for (unsigned i = 0; i < AUDIT_RULES; i++) {
		const struct smmu3_audit_rule *rule = smmu3_audit_rule(i);

		ck_assert_ptr_nonnull(rule->name);
		ck_assert_ptr_nonnull(rule->section);
		ck_assert_ptr_nonnull(rule->sentence);
		for (unsigned j = 0; j < i; j++)
			ck_assert_str_ne(rule->name, smmu3_audit_rule(j)->name);
	}
	ck_assert_ptr_null(smmu3_audit_rule(AUDIT_RULES));
}
END_TEST

/* audit.h: a list that is full says so, and keeps what it has. */
START_TEST(a_list_grows_to_its_end)
{
	struct audit_list list = { .most = 100, .size = sizeof(uint64_t) };

	for (uint64_t i = 0; i < 100; i++)
		*(uint64_t *)audit_add(&list) = i;
	ck_assert(!list.cut);
	ck_assert_ptr_null(audit_add(&list));
	ck_assert(list.cut);
	ck_assert_uint_eq(list.count, 100);
	for (uint64_t i = 0; i < 100; i++)
		ck_assert_uint_eq(*AUDIT_AT(list, uint64_t, i), i);
	free(list.item);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, ranges_are_joined_where_nothing_changes);
	tcase_add_test(tests, a_bus_ends_what_is_asked_for);
	tcase_add_test(tests, memories_are_spans_each_of_the_same_spaces);
	tcase_add_test(tests, a_range_is_cut_where_memory_begins_and_ends);
	tcase_add_test(tests, labels_are_judged_by_the_memory_they_meet);
	tcase_add_test(tests, nothing_is_outside_where_nobody_says_what_is_inside);
	tcase_add_test(tests, what_nothing_translates_is_one_of_two);
	tcase_add_test(tests, write_and_execute_are_of_either_privilege);
	tcase_add_test(tests, what_a_master_promises_is_asked);
	tcase_add_test(tests, ranges_that_overlap_are_compared);
	tcase_add_test(tests, what_nothing_translates_is_compared_with_cpus_alone);
	tcase_add_test(tests, memory_that_one_has_alone_is_not_shared);
	tcase_add_test(tests, each_rule_has_a_name_a_section_and_a_sentence);
	tcase_add_test(tests, a_list_grows_to_its_end);
}

int main(void)
{
	return run_suite("audit", add);
}
