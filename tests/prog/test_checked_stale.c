/* SPDX-License-Identifier: MIT */
/* The checker, smmu/check.h: software that forgets an invalidation, or makes it too narrow, or does
 * not wait for it, is told so by the access that shows it, with the commands that it forgot. */
#include "keeping.h"
#include "run.h"

#include <check.h>
#include <string.h>

/* Streams of stage 1, of stage 2, of both */
static const struct space ONE = { 1, STAGE_1, 3, 5 };
static const struct space TWO = { 2, STAGE_2, 4, 0 };
static const struct space BOTH = { 3, BOTH_STAGES, 5, 6 };

#define IPA PAGE(9) /* where stage 1 of BOTH puts page 1 */

static struct machine *opened(enum smmu3_check check)
{
	struct machine *m = keeping(0);

	m->config.check = check;
	start_machine(m);
	put_space(m, &ONE);
	put_space(m, &TWO);
	put_space(m, &BOTH);
	put_s1(m, &ONE, 1, s1_page(HERE));
	put_s2(m, &TWO, 1, s2_page(HERE));
	put_s1(m, &BOTH, 1, s1_page(IPA));
	put_s2(m, &BOTH, 9, s2_page(HERE));
	return m;
}

static struct machine *checked(void)
{
	return opened(SMMU3_CHECK_ON);
}

static uint64_t s1_at(const struct space *space, unsigned page)
{
	return table1(space, 3) + 8 * (uint64_t)page;
}

/* It is one command, this one. */
static void names(const struct machine *m, unsigned n, struct command command)
{
	ck_assert_uint_gt(m->found_count, n);
	ck_assert_uint_eq(m->found[n].commands, 1);
	ck_assert_uint_eq(m->found[n].command[0].word[0], command.word[0]);
	ck_assert_uint_eq(m->found[n].command[0].word[1], command.word[1]);
	ck_assert_uint_eq(m->found[n].command[0].queue, SMMU3_PAS_NS);
}

/* CMD-SYNC-2: TLB-10, CMD-TLBI-NH-VA: a page is unmapped, and its TLB entry stays: the access that
 * it lets through is told of, and what it was, what it is, since when, and what would have removed
 * it. After that command there is nothing more to be told. */
START_TEST(a_page_unmapped_without_tlbi)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_s1(m, &ONE, 1, 0);
	ck_assert_uint_eq(reached(m, 1, PAGE(1) + 8), HERE + 8);
	ck_assert_uint_eq(m->found_count, 1);
	const struct smmu3_finding *finding = &m->found[0];

	ck_assert_uint_eq(finding->kind, SMMU3_FINDING_STALE);
	ck_assert_uint_eq(finding->access, 2);
	ck_assert_uint_eq(finding->kepts, 1);
	ck_assert_uint_eq(finding->kept[0].kind, SMMU3_KEPT_TRANSLATION);
	ck_assert_uint_eq(finding->kept[0].addr, PAGE(1));
	ck_assert_uint_eq(finding->kept[0].bytes, 0x1000);
	ck_assert_uint_eq(finding->kept[0].asid, 5);
	ck_assert_uint_eq(finding->kept[0].stage, 1);
	ck_assert_uint_eq(finding->kept[0].access, 1);
	ck_assert_uint_eq(finding->kept[0].pending, SMMU3_PENDING_NONE);
	ck_assert_uint_eq(finding->changed.pa, s1_at(&ONE, 1));
	ck_assert_uint_eq(finding->changed.reason, SMMU3_REASON_S1_TTD);
	ck_assert_int_eq(finding->changed.level, 3);
	ck_assert_uint_eq(finding->changed.was[0], s1_page(HERE));
	ck_assert_uint_eq(finding->changed.now[0], 0);
	names(m, 0, nh_va(3, 5, PAGE(1), 1));
	finish(m, nh_va(3, 5, PAGE(1), 1));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), NOWHERE);
	ck_assert_uint_eq(m->found_count, 1);
	close_machine(m);
}
END_TEST

/* A finding in words. */
START_TEST(a_finding_says_all_of_it)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_s1(m, &ONE, 1, 0);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_str_eq(
		m->found_text[0],
		"stale use: access 2, StreamID 0x1, read of 0x1000\n"
		"  answered: ok, pa 0x10000000 in ns space\n"
		"  in memory: F_TRANSLATION of stage 1, level 3\n"
		"  used: the translation of VA 0x1000, 4KB, asid 5, vmid 3, kept since access 1\n"
		"  changed: stage 1 descriptor at 0x80377008 in ns space (level 3) was "
		"0x10000f43, is 0x0\n"
		"  needed: CMD_TLBI_NH_VA vmid=3 asid=5 va=0x1000 leaf=1, then CMD_SYNC\n");
	close_machine(m);
}
END_TEST

/* CMD-SYNC-2, 4.7.3: a TLBI is not complete before a CMD_SYNC after it is. */
START_TEST(a_tlbi_without_a_sync)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_s1(m, &ONE, 1, 0);
	submit(m, nh_va(3, 5, PAGE(1), 1));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kept[0].pending, SMMU3_PENDING_SYNC);
	ck_assert_uint_eq(m->found[0].commands, 0);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), NOWHERE);
	ck_assert_uint_eq(m->found_count, 1);
	close_machine(m);
}
END_TEST

/* CMD-SYNC-2: What is kept after a TLBI was consumed does not go with the CMD_SYNC after it. */
START_TEST(a_tlbi_before_the_change)
{
	struct machine *m = checked();

	submit(m, nh_va(3, 5, PAGE(1), 1));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_s1(m, &ONE, 1, 0);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kept[0].pending, SMMU3_PENDING_NONE);
	names(m, 0, nh_va(3, 5, PAGE(1), 1));
	close_machine(m);
}
END_TEST

/* check.h: A command stands in the queue, which is not enabled. */
START_TEST(a_tlbi_that_is_not_consumed)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_s1(m, &ONE, 1, 0);
	update(m, CR0, SMMUEN | EVENTQEN);
	submit(m, nh_va(3, 5, PAGE(1), 1));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kept[0].pending, SMMU3_PENDING_QUEUED);
	ck_assert_uint_eq(m->found[0].commands, 0);
	close_machine(m);
}
END_TEST

/* Commands that miss, each in its way.  CMD-TLBI-NH-VA, CMD-TLBI-NH-ASID */
static const struct {
	const char *what;
	struct command command;
} misses[] = {
	{ "another ASID", { { 0x12 | UINT64_C(3) << 32 | UINT64_C(4) << 48, 0x1001 } } },
	{ "another VMID", { { 0x12 | UINT64_C(2) << 32 | UINT64_C(5) << 48, 0x1001 } } },
	{ "another page", { { 0x12 | UINT64_C(3) << 32 | UINT64_C(5) << 48, 0x2001 } } },
	{ "by IPA", { { 0x2a | UINT64_C(3) << 32, 0x1001 } } },
	{ "the STE", { { 0x03 | UINT64_C(1) << 32, 1 } } },
};

START_TEST(a_command_that_misses)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_s1(m, &ONE, 1, 0);
	finish(m, misses[_i].command);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_msg(m->found_count == 1, "%s", misses[_i].what);
	names(m, 0, nh_va(3, 5, PAGE(1), 1));
	close_machine(m);
}
END_TEST

/* CMD-TLBI-NH-VA: 4.4.2.4 Leaf: where a table is another, entries of the last level alone are not
 * enough. */
START_TEST(a_table_changed_and_leaves_invalidated)
{
	struct machine *m = checked();
	const uint64_t other = RAM_AT + 0x500000;

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_descriptor(m, other, 1, s1_page(THERE));
	put_descriptor(m, table1(&ONE, 2), 0, 0);
	finish(m, nh_va(3, 5, PAGE(1), 1));
	put_descriptor(m, table1(&ONE, 2), 0, to_table(other));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].changed.pa, table1(&ONE, 2));
	ck_assert_uint_eq(m->found[0].command[0].word[0], nh_va(3, 5, 0, 0).word[0]);
	ck_assert_uint_eq(m->found[0].command[0].word[1] & 1, 0);
	finish(m, (struct command){
			  { m->found[0].command[0].word[0], m->found[0].command[0].word[1] } });
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), THERE);
	ck_assert_uint_eq(m->found_count, 1);
	close_machine(m);
}
END_TEST

/* CMD-CFGI-CD, CMD-CFGI-STE: structures that are kept */
START_TEST(a_cd_changed_without_cfgi)
{
	struct machine *m = checked();
	struct cd cd = cd_of(table1(&ONE, 1));

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	cd.word[0] = (cd.word[0] & ~(CD0_V | CD0_ASID(0xffff))) | CD0_ASID(5);
	put_cd(m, cd_at(&ONE, 0), cd);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kept[0].kind, SMMU3_KEPT_CD);
	names(m, 0, cfgi_cd(1, 0, 1));
	finish(m, cfgi_cd(1, 0, 1));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), NOWHERE);
	ck_assert_uint_eq(m->found_count, 1);
	close_machine(m);
}
END_TEST

START_TEST(an_ste_changed_without_cfgi)
{
	struct machine *m = checked();
	struct ste none = { { 0 } };

	ck_assert_uint_eq(reached(m, 2, PAGE(1)), HERE);
	put_ste(m, 2, none);
	ck_assert_uint_eq(reached(m, 2, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kept[0].kind, SMMU3_KEPT_STE);
	ck_assert_uint_eq(m->found[0].kept[0].sid, 2);
	names(m, 0, cfgi_ste(2, 1));
	finish(m, cfgi_ste(2, 1));
	ck_assert_uint_eq(reached(m, 2, PAGE(1)), NOWHERE);
	ck_assert_uint_eq(m->found_count, 1);
	close_machine(m);
}
END_TEST

/* CMD-TLBI-NH-ASID: 5.2.1, 3.17: an ASID goes on with another CD's tables: they are invalidated by
 * ASID. */
START_TEST(an_asid_used_again)
{
	struct machine *m = checked();
	struct space other = ONE;

	other.asid = 7;
	put_space(m, &other);
	put_s1(m, &other, 1, s1_page(THERE));
	put_space(m, &ONE);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	struct cd cd = cd_of(table1(&other, 1));

	cd.word[0] = (cd.word[0] & ~CD0_ASID(0xffff)) | CD0_ASID(5);
	put_cd(m, cd_at(&ONE, 0), cd);
	finish(m, cfgi_cd(1, 0, 1));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].changed.reason, SMMU3_REASON_CD);
	names(m, 0, nh_asid(3, 5));
	finish(m, nh_asid(3, 5));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), THERE);
	ck_assert_uint_eq(m->found_count, 1);
	close_machine(m);
}
END_TEST

/* CMD-TLBI-S2-IPA: 4.4.3.1: by IPA what stage 1 has combined stays; it is for software to say all
 * of the VMID, or the VA. */
START_TEST(an_ipa_unmapped_without_nh_all)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 3, PAGE(1)), HERE);
	put_s2(m, &BOTH, 9, 0);
	finish(m, s2_ipa(5, IPA, 1));
	ck_assert_uint_eq(reached(m, 3, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kept[0].both, 1);
	ck_assert_uint_eq(m->found[0].changed.reason, SMMU3_REASON_S2_TTD);
	ck_assert_uint_eq(m->found[0].commands, 2);
	ck_assert_uint_eq(m->found[0].command[0].word[0], nh_all(5).word[0]);
	ck_assert_uint_eq(m->found[0].command[1].word[0], nh_vaa(5, 0, 0).word[0]);
	ck_assert_uint_eq(m->found[0].command[1].word[1], PAGE(1) | 1);
	ck_assert_uint_eq(m->found[0].command[1].alternative, 1);
	finish(m, nh_vaa(5, PAGE(1), 1));
	ck_assert_uint_eq(reached(m, 3, PAGE(1)), NOWHERE);
	ck_assert_uint_eq(m->found_count, 1);
	close_machine(m);
}
END_TEST

START_TEST(an_ipa_unmapped_without_tlbi)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 2, PAGE(1)), HERE);
	put_s2(m, &TWO, 1, 0);
	ck_assert_uint_eq(reached(m, 2, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	names(m, 0, s2_ipa(4, PAGE(1), 1));
	close_machine(m);
}
END_TEST

/* check.h: One mistake is one cause, however many accesses it lets through; another is another. */
START_TEST(one_mistake_is_one_cause)
{
	struct machine *m = checked();

	put_s1(m, &ONE, 2, s1_page(THERE));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), THERE);
	put_s1(m, &ONE, 1, 0);
	put_s1(m, &ONE, 2, 0);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), THERE);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 3);
	ck_assert_uint_eq(m->found[0].cause, 1);
	ck_assert_uint_eq(m->found[1].cause, 2);
	ck_assert_uint_eq(m->found[2].cause, 1);
	close_machine(m);
}
END_TEST

/* What CPUs broadcast is complete at once, where they are listened to.  3.17.1 BTM */
START_TEST(a_broadcast_counts_if_it_is_heard)
{
	for (unsigned btm = 0; btm < 2; btm++) {
		struct machine *m = keeping(0);
		const struct smmu3_invalidation scope = { .kind = SMMU3_INVALIDATES_STAGE1,
							  .any_asid = 1,
							  .vmid = 3,
							  .addr = PAGE(1),
							  .bytes = 0x1000 };

		m->config.check = SMMU3_CHECK_ON;
		m->config.idr[0] = (m->config.idr[0] & ~(1u << 5)) | btm << 5;
		start_machine(m);
		put_space(m, &ONE);
		put_s1(m, &ONE, 1, s1_page(HERE));
		ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
		put_s1(m, &ONE, 1, 0);
		ck_assert_int_eq(smmu3_broadcast_tlbi(m->smmu, &scope), 0);
		ck_assert_uint_eq(reached(m, 1, PAGE(1)), btm ? NOWHERE : HERE);
		ck_assert_uint_eq(m->found_count, !btm);
		close_machine(m);
	}
}
END_TEST

/* check.h: A probe is answered from what is kept as any access, and nobody is told. */
START_TEST(a_probe_is_told_to_nobody)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_s1(m, &ONE, 1, 0);
	ck_assert_uint_eq(would_reach(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 0);
	close_machine(m);
}
END_TEST

/* check.h: Without the second look accesses are answered alike, and nothing is told; off, nothing
 * is kept.
 */
START_TEST(what_is_kept_is_the_same_without_the_second_look)
{
	static const uint64_t reaches[] = {
		[SMMU3_CHECK_OFF] = NOWHERE, [SMMU3_CHECK_KEEPS] = HERE, [SMMU3_CHECK_ON] = HERE
	};

	for (enum smmu3_check check = SMMU3_CHECK_OFF; check <= SMMU3_CHECK_ON; check++) {
		struct machine *m = opened(check);

		ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
		put_s1(m, &ONE, 1, 0);
		submit(m, nh_va(3, 5, PAGE(1), 1));
		ck_assert_uint_eq(reached(m, 1, PAGE(1)), reaches[check]);
		submit(m, SYNC_NONE);
		ck_assert_uint_eq(reached(m, 1, PAGE(1)), NOWHERE);
		ck_assert_uint_eq(m->found_count, check == SMMU3_CHECK_ON);
		close_machine(m);
	}
}
END_TEST

START_TEST(there_is_no_such_check)
{
	struct smmu3_config config;
	struct smmu3_error error;

	ck_assert_int_eq(smmu3_config_init(&config, "generic-3.1", NULL), 0);
	config.check = SMMU3_CHECK_ON + 1;
	ck_assert_int_eq(smmu3_config_check(&config, &error), -SMMU3_E_ARGUMENT);
	ck_assert_str_eq(error.text, "check must be 0, 1 or 2");
}
END_TEST

/* ---- Everything is kept ---- */

static unsigned ttds_read(struct machine *m)
{
	return count_for(m, SMMU3_REASON_S1_TTD);
}

/* TLB-11, TLB-18: As many pages as a table has, for as many ASIDs: of one VMID and VA all are of
 * one set. */
START_TEST(nothing_makes_room_for_anything_else)
{
	struct machine *m = keeping(0);
	struct space space = ONE;

	m->config.check = SMMU3_CHECK_KEEPS;
	m->quiet = true;
	start_machine(m);
	for (unsigned turn = 0; turn < 2; turn++) {
		look_away(m);
		for (space.asid = 1; space.asid < 8; space.asid++) {
			space.sid = space.asid;
			if (!turn)
				put_space(m, &space);
			for (unsigned page = 0; page < 512; page++) {
				if (!turn)
					put_s1(m, &space, page, s1_page(HERE + PAGE(page)));
				ck_assert_uint_eq(reached(m, space.sid, PAGE(page)),
						  HERE + PAGE(page));
			}
		}
	}
	ck_assert_uint_eq(ttds_read(m), 0);
	finish(m, nh_asid(3, 4));
	look_away(m);
	ck_assert_uint_eq(reached(m, 4, PAGE(7)), HERE + PAGE(7));
	ck_assert_uint_eq(ttds_read(m), 3);
	look_away(m);
	ck_assert_uint_eq(reached(m, 6, PAGE(7)), HERE + PAGE(7));
	ck_assert_uint_eq(ttds_read(m), 0);
	close_machine(m);
}
END_TEST

/* After reset, and while software starts anew, nothing is known. */
START_TEST(a_reset_forgets)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_s1(m, &ONE, 1, s1_page(THERE));
	smmu3_reset(m->smmu);
	open_queues(m);
	m->prod = 0;
	update(m, CR0, SMMUEN | EVENTQEN | CMDQEN);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), THERE);
	ck_assert_uint_eq(m->found_count, 0);
	close_machine(m);
}
END_TEST

/* 3.21.3: what was invalid may be kept as that: V is set, of an STE or of its CD, and the stream
 * stays refused until that is said */
START_TEST(what_becomes_valid_is_to_be_told_of_too)
{
	const struct command command = _i ? cfgi_cd(1, 0, 1) : cfgi_ste(1, 1);
	struct machine *m = checked();
	const uint64_t context = *ram_at(m, STREAMS_AT + 64) & UINT64_C(0xfffffffffffc0);
	uint64_t *const word = ram_at(m, _i ? context : STREAMS_AT + 64);
	const uint64_t valid = _i ? UINT64_C(1) << 31 : 1;

	*word ^= valid;
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), NOWHERE);
	*word ^= valid;
	ck_assert_uint_eq(m->found_count, 0);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), NOWHERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kept[0].kind, _i ? SMMU3_KEPT_CD : SMMU3_KEPT_STE);
	names(m, 0, command);
	finish(m, command);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, what_becomes_valid_is_to_be_told_of_too, 0, 2);
	tcase_add_test(tests, a_page_unmapped_without_tlbi);
	tcase_add_test(tests, a_finding_says_all_of_it);
	tcase_add_test(tests, a_tlbi_without_a_sync);
	tcase_add_test(tests, a_tlbi_before_the_change);
	tcase_add_test(tests, a_tlbi_that_is_not_consumed);
	tcase_add_loop_test(tests, a_command_that_misses, 0, COUNT(misses));
	tcase_add_test(tests, a_table_changed_and_leaves_invalidated);
	tcase_add_test(tests, a_cd_changed_without_cfgi);
	tcase_add_test(tests, an_ste_changed_without_cfgi);
	tcase_add_test(tests, an_asid_used_again);
	tcase_add_test(tests, an_ipa_unmapped_without_nh_all);
	tcase_add_test(tests, an_ipa_unmapped_without_tlbi);
	tcase_add_test(tests, one_mistake_is_one_cause);
	tcase_add_test(tests, a_broadcast_counts_if_it_is_heard);
	tcase_add_test(tests, a_probe_is_told_to_nobody);
	tcase_add_test(tests, what_is_kept_is_the_same_without_the_second_look);
	tcase_add_test(tests, there_is_no_such_check);
	tcase_add_test(tests, nothing_makes_room_for_anything_else);
	tcase_add_test(tests, a_reset_forgets);
}

int main(void)
{
	return run("checked_stale", add);
}
