/* SPDX-License-Identifier: MIT */
/* The checker, smmu/check.h: tables that are taken away, and used for something else, while the
 * SMMU uses what it has read there, or walks them still. */
#include "keeping.h"
#include "run.h"

#include <check.h>

/* Streams of stage 1, of stage 2 */
static const struct space ONE = { 1, STAGE_1, 3, 5 };
static const struct space TWO = { 2, STAGE_2, 4, 0 };

#define OTHER_TABLE (RAM_AT + 0x500000)
#define IGNORED (UINT64_C(1) << 55)          /* in descriptors */
#define GARBAGE UINT64_C(0x1234567812345670) /* as a descriptor invalid */

static struct machine *checked(void)
{
	struct machine *m = keeping(0);

	m->config.check = SMMU3_CHECK_ON;
	start_machine(m);
	put_space(m, &ONE);
	put_space(m, &TWO);
	put_s1(m, &ONE, 1, s1_page(HERE));
	put_s1(m, &ONE, 2, s1_page(THERE));
	put_s2(m, &TWO, 1, s2_page(HERE));
	put_s2(m, &TWO, 2, s2_page(THERE));
	return m;
}

/* CMD-TLBI-NH-VA, 4.4.2.4: the table is another, the page's descriptor is somebody else's data:
 * that is more than a stale use, and goes by a command without Leaf, though a leaf alone was used.
 */
START_TEST(what_a_table_held_is_something_else)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_descriptor(m, table1(&ONE, 2), 0, to_table(OTHER_TABLE));
	put_s1(m, &ONE, 1, GARBAGE);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	const struct smmu3_finding *finding = &m->found[0];

	ck_assert_uint_eq(finding->kind, SMMU3_FINDING_FREED);
	ck_assert_uint_eq(finding->changed.pa, table1(&ONE, 2));
	ck_assert_uint_eq(finding->freed_is, SMMU3_FREED_CHANGED);
	ck_assert_uint_eq(finding->freed.pa, table1(&ONE, 3) + 8);
	ck_assert_int_eq(finding->freed.level, 3);
	ck_assert_uint_eq(finding->freed.was[0], s1_page(HERE));
	ck_assert_uint_eq(finding->freed.now[0], GARBAGE);
	ck_assert_uint_eq(finding->commands, 1);
	ck_assert_uint_eq(finding->command[0].word[0], nh_va(3, 5, PAGE(1), 0).word[0]);
	ck_assert_uint_eq(finding->command[0].word[1] & 1, 0);
	finish(m, nh_va(3, 5, PAGE(1), 0));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), NOWHERE);
	ck_assert_uint_eq(m->found_count, 1);
	close_machine(m);
}
END_TEST

/* check.h: a finding in words. */
START_TEST(what_was_freed_is_said)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_descriptor(m, table1(&ONE, 2), 0, 0);
	put_s1(m, &ONE, 1, GARBAGE);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), THERE);
	ck_assert_uint_eq(m->found_count, 2);
	ck_assert_str_eq(
		m->found_text[0],
		"use after free: access 2, StreamID 0x1, read of 0x1000\n"
		"  answered: ok, pa 0x10000000 in ns space\n"
		"  in memory: F_TRANSLATION of stage 1, level 2\n"
		"  used: the translation of VA 0x1000, 4KB, asid 5, vmid 3, kept since access 1\n"
		"  used: the table of VA 0x0, 2MB, asid 5, vmid 3, kept since access 1\n"
		"  changed: stage 1 descriptor at 0x80376000 in ns space (level 2) was "
		"0x80377003, is 0x0\n"
		"  freed: the table with the stage 1 descriptor at 0x80377008 in ns space (level "
		"3) is no longer part of the walk, and was used for something else while it was "
		"kept: was 0x10000f43, is 0x1234567812345670\n"
		"  needed: CMD_TLBI_NH_VA vmid=3 asid=5 va=0x1000, then CMD_SYNC\n");
	ck_assert_str_eq(
		m->found_text[1],
		"use after free: access 3, StreamID 0x1, read of 0x2000\n"
		"  answered: ok, pa 0x20000000 in ns space\n"
		"  in memory: F_TRANSLATION of stage 1, level 2\n"
		"  used: the translation of VA 0x2000, 4KB, asid 5, vmid 3, kept since access 3\n"
		"  used: the table of VA 0x0, 2MB, asid 5, vmid 3, kept since access 1\n"
		"  changed: stage 1 descriptor at 0x80376000 in ns space (level 2) was "
		"0x80377003, is 0x0\n"
		"  freed: the table with the stage 1 descriptor at 0x80377010 in ns space (level "
		"3) is no longer part of the walk, and was read all the same: 0x20000f43\n"
		"  needed: CMD_TLBI_NH_VA vmid=3 asid=5 va=0x2000, then CMD_SYNC\n");
	close_machine(m);
}
END_TEST

/* CMD-TLBI-S2-IPA: tables of stage 2 likewise. */
START_TEST(a_stage_2_table_that_is_walked_after_it_was_freed)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 2, PAGE(1)), HERE);
	put_descriptor(m, table2(&TWO, 2), 0, 0);
	finish(m, s2_ipa(4, PAGE(1), 1));
	ck_assert_uint_eq(reached(m, 2, PAGE(2)), THERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kind, SMMU3_FINDING_FREED);
	ck_assert_uint_eq(m->found[0].freed_is, SMMU3_FREED_READ);
	ck_assert_uint_eq(m->found[0].freed.pa, table2(&TWO, 3) + 2 * 8);
	ck_assert_uint_eq(m->found[0].command[0].word[0], s2_ipa(4, 0, 0).word[0]);
	ck_assert_uint_eq(m->found[0].command[0].word[1] & 1, 0);
	close_machine(m);
}
END_TEST

/* check.h: What is still where it was is stale alone: of a table that was taken away a translation
 * is used, and its memory is what it was; and of one that is there a page is gone. */
START_TEST(what_is_as_it_was_is_stale)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_descriptor(m, table1(&ONE, 2), 0, 0);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_descriptor(m, table1(&ONE, 2), 0, to_table(table1(&ONE, 3)) | IGNORED);
	put_s1(m, &ONE, 1, GARBAGE);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 2);
	ck_assert_uint_eq(m->found[0].kind, SMMU3_FINDING_STALE);
	ck_assert_uint_eq(m->found[0].freed_is, SMMU3_FREED_NONE);
	ck_assert_uint_eq(m->found[1].kind, SMMU3_FINDING_STALE);
	close_machine(m);
}
END_TEST

/* check.h: A stream has another CD, and its old tables may be those of somebody else, who reads
 * them rightly: what is read there is no use after free. */
START_TEST(tables_that_a_stream_has_left_are_not_freed)
{
	struct machine *m = checked();
	struct ste none = { { 0 } };

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_ste(m, 1, none);
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), THERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kind, SMMU3_FINDING_STALE);
	close_machine(m);
}
END_TEST

/* ---- Tables of others ---- */

/* Another stream, VMID and ASID, whose table of level 3 is that of ONE, too. */
static const struct space OTHER = { 5, STAGE_1, 3, 6 };

static struct machine *shared(void)
{
	struct machine *m = checked();

	put_space(m, &OTHER);
	put_descriptor(m, table1(&OTHER, 2), 0, to_table(table1(&ONE, 3)));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(reached(m, OTHER.sid, PAGE(2)), THERE);
	return m;
}

/* D8.2, check.h: a stream has left a table in which another goes on to change and to find pages: it
 * has not been freed, whatever is there by now, and whoever reads it; until the other leaves it,
 * too. */
START_TEST(a_table_that_another_stream_uses_is_not_freed)
{
	for (unsigned leaves = 0; leaves < 2; leaves++) {
		struct machine *m = shared();

		put_descriptor(m, table1(&ONE, 2), 0, 0);
		if (leaves) {
			put_descriptor(m, table1(&OTHER, 2), 0, 0);
			finish(m, nh_asid(3, 6));
		}
		ck_assert_uint_eq(reached(m, 1, PAGE(2)), THERE);
		put_s1(m, &ONE, 1, s1_page(THERE));
		ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
		ck_assert_uint_eq(m->found_count, 2);
		ck_assert_uint_eq(m->found[0].freed_is,
				  leaves ? SMMU3_FREED_READ : SMMU3_FREED_NONE);
		ck_assert_uint_eq(m->found[1].freed_is,
				  leaves ? SMMU3_FREED_CHANGED : SMMU3_FREED_NONE);
		ck_assert_uint_eq(m->found[1].kind,
				  leaves ? SMMU3_FINDING_FREED : SMMU3_FINDING_STALE);
		close_machine(m);
	}
}
END_TEST

/* 5.4, check.h: the CD leads to other tables, and the old ones are another stream's as well, which
 * changes a page of its own in them; or nobody's any more. */
START_TEST(tables_that_a_cd_has_left_are_freed_if_nobody_uses_them)
{
	for (unsigned used = 0; used < 2; used++) {
		struct machine *m = used ? shared() : checked();
		struct cd cd = cd_of(OTHER_TABLE);

		ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
		cd.word[0] = (cd.word[0] & ~CD0_ASID(0xffff)) | CD0_ASID(5);
		put_cd(m, cd_at(&ONE, 0), cd);
		finish(m, cfgi_cd(1, 0, 1));
		put_s1(m, &ONE, 1, GARBAGE);
		ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
		ck_assert_uint_eq(m->found_count, 1);
		ck_assert_uint_eq(m->found[0].changed.reason, SMMU3_REASON_CD);
		ck_assert_uint_eq(m->found[0].freed_is,
				  used ? SMMU3_FREED_NONE : SMMU3_FREED_CHANGED);
		close_machine(m);
	}
}
END_TEST

/* D8.2, check.h: the stream itself has the table at another place of its address space: which it
 * has used before the one that was taken away. */
START_TEST(a_table_at_another_place_is_not_freed)
{
	struct machine *m = checked();

	put_descriptor(m, table1(&ONE, 2), 1, to_table(table1(&ONE, 3)));
	ck_assert_uint_eq(reached(m, 1, MB2 + PAGE(2)), THERE);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_descriptor(m, table1(&ONE, 2), 0, 0);
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), THERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kind, SMMU3_FINDING_STALE);
	close_machine(m);
}
END_TEST

/* check.h: of a table the last 4 are known who were led there. */
START_TEST(the_last_who_used_a_table_are_known)
{
	enum { USERS = 7, KNOWN = 4 };

	for (unsigned leaves = 0; leaves < USERS; leaves++) {
		struct machine *m = checked();

		for (unsigned mb2 = 0; mb2 < USERS; mb2++) {
			put_descriptor(m, table1(&ONE, 2), mb2, to_table(table1(&ONE, 3)));
			ck_assert_uint_eq(reached(m, 1, mb2 * MB2 + PAGE(1)), HERE);
		}
		for (unsigned mb2 = 0; mb2 < USERS; mb2++)
			if (mb2 == USERS - 1 || mb2 != leaves)
				put_descriptor(m, table1(&ONE, 2), mb2, 0);
		ck_assert_uint_eq(reached(m, 1, (USERS - 1) * MB2 + PAGE(2)), THERE);
		ck_assert_uint_eq(m->found_count, 1);
		/* Who is left is one of the last 4, or of those before, or nobody is */
		ck_assert_uint_eq(m->found[0].kind, leaves >= USERS - KNOWN && leaves < USERS - 1 ?
							    SMMU3_FINDING_STALE :
							    SMMU3_FINDING_FREED);
		close_machine(m);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, what_a_table_held_is_something_else);
	tcase_add_test(tests, what_was_freed_is_said);
	tcase_add_test(tests, a_stage_2_table_that_is_walked_after_it_was_freed);
	tcase_add_test(tests, what_is_as_it_was_is_stale);
	tcase_add_test(tests, tables_that_a_stream_has_left_are_not_freed);
	tcase_add_test(tests, a_table_that_another_stream_uses_is_not_freed);
	tcase_add_test(tests, tables_that_a_cd_has_left_are_freed_if_nobody_uses_them);
	tcase_add_test(tests, a_table_at_another_place_is_not_freed);
	tcase_add_test(tests, the_last_who_used_a_table_are_known);
}

int main(void)
{
	return run("checked_freed", add);
}
