/* SPDX-License-Identifier: MIT */
/* The checker looks at what a command is about, when it comes: changes that no invalidation makes
 * good, and what the command costs; and at what endpoints were given. */
#include "keeping.h"
#include "run.h"

#include <check.h>
#include <string.h>

static const struct space ONE = { 1, STAGE_1, 3, 5 };

#define IDR0_ATS (1u << 10)
#define OTHER_TABLE (RAM_AT + 0x500000)

static struct machine *checked(void)
{
	struct machine *m = keeping(0);

	m->config.check = SMMU3_CHECK_ON;
	m->config.idr[0] |= IDR0_ATS;
	start_machine(m);
	put_space(m, &ONE);
	put_s1(m, &ONE, 1, s1_page(HERE));
	put_s1(m, &ONE, 2, s1_page(THERE));
	return m;
}

/* 3.21.1, BBM-01: the page goes elsewhere in one write, and is invalidated well: nobody was misled
 * yet, but an access in between might have been answered by either. */
START_TEST(a_page_moved_in_one_write)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_s1(m, &ONE, 1, s1_page(THERE));
	finish(m, nh_va(3, 5, PAGE(1), 1));
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kind, SMMU3_FINDING_NO_BREAK);
	ck_assert_uint_eq(m->found[0].breaks, SMMU3_BREAK_OUTPUT);
	ck_assert_uint_eq(m->found[0].changed.pa, table1(&ONE, 3) + 8);
	ck_assert_ptr_null(m->found[0].txn);
	ck_assert_uint_eq(m->found[0].commands, 0);
	ck_assert_str_eq(
		m->found_text[0],
		"change without break-before-make: as it is invalidated after access 1\n"
		"  used: the translation of VA 0x1000, 4KB, asid 5, vmid 3, kept since access 1\n"
		"  changed: stage 1 descriptor at 0x80377008 in ns space (level 3) was 0x10000f43, "
		"is 0x20000f43\n"
		"  wrong: the output address of what can be written is another, without an invalid "
		"descriptor, invalidated, in between\n");
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), THERE);
	ck_assert_uint_eq(m->found_count, 1);
	close_machine(m);
}
END_TEST

/* 5.4 DS, BBM-01: with addresses of 52 bits bits 9:8 of a leaf are 51:50 of its address, and no SH:
 * what nobody writes to may move by them.  Bit 48 is of the address, too. */
START_TEST(a_page_of_52_bits_moved_in_one_write)
{
	static const struct {
		uint64_t permission, moved;
		enum smmu3_break breaks;
	} pages[] = {
		{ 1 << 7, 1 << 8, SMMU3_BREAK_NONE },
		{ 0, 1 << 8, SMMU3_BREAK_OUTPUT },
		{ 0, UINT64_C(1) << 48, SMMU3_BREAK_OUTPUT },
	};
	const uint64_t leaf = (s1_page(HERE) & ~UINT64_C(0x300)) | pages[_i].permission;
	struct machine *m = machine("generic-3.3");
	struct cd cd = cd_of(table1(&ONE, 1));

	m->config.check = SMMU3_CHECK_ON;
	m->config.idr[5] |= 1u << 7; /* DS */
	start_machine(m);
	put_space(m, &ONE);
	cd.word[0] = (cd.word[0] & ~(CD0_ASID(0xffff) | UINT64_C(7) << 32)) | CD0_ASID(5) |
		     UINT64_C(6) << 32;  /* IPS */
	cd.word[2] |= UINT64_C(1) << 58; /* DS */
	put_cd(m, cd_at(&ONE, 0), cd);
	put_s1(m, &ONE, 1, leaf);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_s1(m, &ONE, 1, leaf | pages[_i].moved);
	finish(m, nh_va(3, 5, PAGE(1), 1));
	ck_assert_uint_eq(m->found_count, pages[_i].breaks != SMMU3_BREAK_NONE);
	if (m->found_count)
		ck_assert_uint_eq(m->found[0].breaks, pages[_i].breaks);
	close_machine(m);
}
END_TEST

START_TEST(a_page_moved_with_break)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_s1(m, &ONE, 1, 0);
	finish(m, nh_va(3, 5, PAGE(1), 1));
	put_s1(m, &ONE, 1, s1_page(THERE));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), THERE);
	ck_assert_uint_eq(m->found_count, 0);
	close_machine(m);
}
END_TEST

/* What an access has shown, and the change itself, are one cause. */
START_TEST(a_stale_use_of_what_lacks_a_break)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_s1(m, &ONE, 1, s1_page(THERE));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	finish(m, nh_va(3, 5, PAGE(1), 1));
	ck_assert_uint_eq(m->found_count, 2);
	ck_assert_uint_eq(m->found[0].kind, SMMU3_FINDING_STALE);
	ck_assert_uint_eq(m->found[0].breaks, SMMU3_BREAK_OUTPUT);
	ck_assert_uint_eq(m->found[1].kind, SMMU3_FINDING_NO_BREAK);
	ck_assert_uint_eq(m->found[0].cause, m->found[1].cause);
	close_machine(m);
}
END_TEST

/* 3.21.3: stage 1 for another, in two words, while V was 1 */
START_TEST(an_ste_changed_in_two_words)
{
	struct machine *m = checked();
	struct ste ste = ste_of(STAGE_1, cd_at(&ONE, 0));

	ste.word[2] = (ste.word[2] & ~UINT64_C(0xffff)) | 3;
	ste.word[3] = 0;
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ste.word[0] += 64;
	put_ste(m, 1, ste);
	finish(m, cfgi_ste(1, 1));
	ck_assert_uint_eq(m->found_count, 0); /* one word */
	ste.word[0] -= 64;
	put_ste(m, 1, ste);
	finish(m, cfgi_ste(1, 1));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ste.word[0] += 64;
	ste.word[1] |= STE1_S1DSS(2);
	put_ste(m, 1, ste);
	finish(m, cfgi_ste(1, 1));
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kind, SMMU3_FINDING_TORN);
	ck_assert_uint_eq(m->found[0].changed.reason, SMMU3_REASON_STE);
	ck_assert_uint_eq(m->found[0].kept[0].kind, SMMU3_KEPT_STE);
	ck_assert_uint_eq(m->found[0].kept[0].sid, 1);
	close_machine(m);
}
END_TEST

/* check.h: Two pages, one of which has changed, go by VMID: two translations and the tables above.
 */
START_TEST(what_a_command_costs)
{
	struct machine *m = checked();
	struct smmu3_check_cost cost;

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), THERE);
	put_s1(m, &ONE, 1, 0);
	finish(m, nh_all(3));
	ck_assert_int_eq(smmu3_check_cost(m->smmu, 0x10, &cost), 0);
	ck_assert_uint_eq(cost.commands, 1);
	ck_assert_uint_eq(cost.removed, 4); /* two pages, tables of level 2 and 3 */
	ck_assert_uint_eq(cost.changed, 1);
	finish(m, nh_all(3));
	ck_assert_int_eq(smmu3_check_cost(m->smmu, 0x10, &cost), 0);
	ck_assert_uint_eq(cost.commands, 2);
	ck_assert_uint_eq(cost.removed, 4); /* they are gone */
	ck_assert_int_eq(smmu3_check_cost(m->smmu, 0x11, &cost), 0);
	ck_assert_uint_eq(cost.commands, 0);
	ck_assert_int_eq(smmu3_check_cost(m->smmu, 0x100, &cost), -SMMU3_E_ARGUMENT);
	close_machine(m);
	m = keeping(0);
	start_machine(m);
	ck_assert_int_eq(smmu3_check_cost(m->smmu, 0x10, &cost), -SMMU3_E_UNSUPPORTED);
	close_machine(m);
}
END_TEST

/* check.h: Of what several commands before a CMD_SYNC are about the first removes it; of what is
 * kept between two the second. */
START_TEST(what_is_removed_is_so_once)
{
	struct machine *m = checked();
	struct smmu3_check_cost cost;

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_s1(m, &ONE, 1, 0);
	submit(m, nh_va(3, 5, PAGE(1), 1));
	submit(m, nh_va(3, 5, PAGE(1), 1));
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), THERE);
	submit(m, nh_asid(3, 5));
	finish(m, nh_all(3));
	ck_assert_int_eq(smmu3_check_cost(m->smmu, 0x12, &cost), 0);
	ck_assert_uint_eq(cost.commands, 2);
	ck_assert_uint_eq(cost.removed, 1);
	ck_assert_uint_eq(cost.changed, 1);
	ck_assert_int_eq(smmu3_check_cost(m->smmu, 0x11, &cost), 0);
	ck_assert_uint_eq(cost.commands, 1);
	ck_assert_uint_eq(cost.removed, 3); /* the other page, tables of level 2 and 3 */
	ck_assert_uint_eq(cost.changed, 0);
	ck_assert_int_eq(smmu3_check_cost(m->smmu, 0x10, &cost), 0);
	ck_assert_uint_eq(cost.commands, 1);
	ck_assert_uint_eq(cost.removed, 0);
	/* And anew */
	put_s1(m, &ONE, 1, s1_page(HERE));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	finish(m, nh_va(3, 5, PAGE(1), 1));
	ck_assert_int_eq(smmu3_check_cost(m->smmu, 0x12, &cost), 0);
	ck_assert_uint_eq(cost.removed, 2);
	close_machine(m);
}
END_TEST

/* ---- ATCs ---- */

static struct smmu3_outcome ats(struct machine *m, enum smmu3_ats what, uint64_t address,
				unsigned flags)
{
	const struct smmu3_txn txn = { .addr = address,
				       .bytes = 4,
				       .sid = 1,
				       .ats = (uint8_t)what,
				       .flags = (uint16_t)flags };
	struct smmu3_outcome outcome;

	smmu3_translate(m->smmu, &txn, &outcome);
	return outcome;
}

static struct machine *with_ats(void)
{
	struct machine *m = checked();
	struct ste ste = ste_of(STAGE_1, cd_at(&ONE, 0));

	ste.word[1] |= STE1_EATS(1);
	ste.word[2] = (ste.word[2] & ~UINT64_C(0xffff)) | 3;
	ste.word[3] = 0;
	put_ste(m, 1, ste);
	update(m, CR0, SMMUEN | EVENTQEN | CMDQEN | ATSCHK);
	return m;
}

/* CMD-ATC-INV, 3.9.1: an endpoint goes on with what it was given, until CMD_ATC_INV has it drop
 * that; a TLBI does not. */
START_TEST(an_atc_that_is_not_invalidated)
{
	struct machine *m = with_ats();
	/* 4.5.1: StreamID 63:32; Size 69:64, Address 127:76 */
	const struct command atc_inv = { { 0x40 | UINT64_C(1) << 32, PAGE(1) } };

	ck_assert_uint_eq(ats(m, SMMU3_ATS_REQUEST, PAGE(1), SMMU3_TXN_WRITE).pa, HERE);
	ck_assert_uint_eq(ats(m, SMMU3_ATS_TRANSLATED, HERE + 8, SMMU3_TXN_WRITE).verdict,
			  SMMU3_OK);
	ck_assert_uint_eq(m->found_count, 0);
	put_s1(m, &ONE, 1, 0);
	finish(m, nh_va(3, 5, PAGE(1), 1));
	ck_assert_uint_eq(ats(m, SMMU3_ATS_TRANSLATED, HERE + 8, SMMU3_TXN_WRITE).verdict,
			  SMMU3_OK);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kept[0].kind, SMMU3_KEPT_ATC);
	ck_assert_uint_eq(m->found[0].kept[0].addr, PAGE(1));
	ck_assert_uint_eq(m->found[0].kept[0].bytes, 0x1000);
	ck_assert_uint_eq(m->found[0].changed.pa, table1(&ONE, 3) + 8);
	ck_assert_uint_eq(m->found[0].commands, 1);
	ck_assert_uint_eq(m->found[0].command[0].word[0], atc_inv.word[0]);
	ck_assert_uint_eq(m->found[0].command[0].word[1], atc_inv.word[1]);
	submit(m, atc_inv);
	ck_assert_int_eq(smmu3_atc_complete(m->smmu, first(m, INVALIDATES_ATC)->atc.tag,
					    SMMU3_ATC_DONE),
			 0);
	submit(m, SYNC_NONE);
	(void)ats(m, SMMU3_ATS_TRANSLATED, HERE + 8, SMMU3_TXN_WRITE);
	ck_assert_uint_eq(m->found_count, 1);
	close_machine(m);
}
END_TEST

static const struct command ATC_INV_1 = { { 0x40 | UINT64_C(1) << 32, PAGE(1) } };

/* What page 1 led to is written, after its completion was taken back by SMMU and tables, but not by
 * the endpoint. */
static struct machine *with_a_stale_atc(void)
{
	struct machine *m = with_ats();

	(void)ats(m, SMMU3_ATS_REQUEST, PAGE(1), SMMU3_TXN_WRITE);
	put_s1(m, &ONE, 1, 0);
	finish(m, nh_va(3, 5, PAGE(1), 1));
	return m;
}

static void expect_pending(struct machine *m, enum smmu3_pending pending)
{
	(void)ats(m, SMMU3_ATS_TRANSLATED, HERE + 8, SMMU3_TXN_WRITE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kept[0].kind, SMMU3_KEPT_ATC);
	ck_assert_uint_eq(m->found[0].kept[0].pending, pending);
	ck_assert_uint_eq(m->found[0].commands, pending == SMMU3_PENDING_NONE);
}

/* CMD-ATC-INV, CMD-SYNC-2: what is to be dropped is when a CMD_SYNC completes. */
START_TEST(an_atc_between_its_invalidation_and_the_sync)
{
	struct machine *m = with_a_stale_atc();

	submit(m, ATC_INV_1);
	ck_assert_int_eq(smmu3_atc_complete(m->smmu, first(m, INVALIDATES_ATC)->atc.tag,
					    SMMU3_ATC_DONE),
			 0);
	ck_assert_int_eq(smmu3_atc_complete(m->smmu, first(m, INVALIDATES_ATC)->atc.tag,
					    SMMU3_ATC_TIMED_OUT),
			 -SMMU3_E_NOT_FOUND); /* it has ended already */
	expect_pending(m, SMMU3_PENDING_SYNC);
	submit(m, SYNC_NONE);
	(void)ats(m, SMMU3_ATS_TRANSLATED, HERE + 8, SMMU3_TXN_WRITE);
	ck_assert_uint_eq(m->found_count, 1);
	close_machine(m);
}
END_TEST

/* CMD-ATC-INV, check.h: The command stands in the queue. */
START_TEST(an_invalidation_of_an_atc_that_is_not_consumed)
{
	struct machine *m = with_a_stale_atc();

	update(m, CR0, SMMUEN | EVENTQEN | ATSCHK);
	submit(m, ATC_INV_1);
	expect_pending(m, SMMU3_PENDING_QUEUED);
	close_machine(m);
}
END_TEST

/* CMD-ATC-INV, 3.9.1.4: of an endpoint that does not answer nobody knows that it has dropped
 * anything: the CMD_SYNC fails, and the next one completes nothing of it. */
START_TEST(an_endpoint_that_does_not_answer)
{
	struct machine *m = with_a_stale_atc();

	submit(m, ATC_INV_1);
	ck_assert_int_eq(smmu3_atc_complete(m->smmu, first(m, INVALIDATES_ATC)->atc.tag,
					    SMMU3_ATC_TIMED_OUT),
			 0);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(reg(m, GERROR) & CMDQ_ERR, CMDQ_ERR);
	set_reg(m, GERRORN, CMDQ_ERR);
	expect_pending(m, SMMU3_PENDING_NONE);
	close_machine(m);
}
END_TEST

/* CMD-ATC-INV, CMD-SYNC-2: what the endpoint is given after it was asked stays. */
START_TEST(an_atc_that_is_filled_after_it_was_asked)
{
	struct machine *m = with_ats();

	(void)ats(m, SMMU3_ATS_REQUEST, PAGE(2), SMMU3_TXN_WRITE);
	submit(m, ATC_INV_1);
	(void)ats(m, SMMU3_ATS_REQUEST, PAGE(1), SMMU3_TXN_WRITE);
	ck_assert_int_eq(smmu3_atc_complete(m->smmu, first(m, INVALIDATES_ATC)->atc.tag,
					    SMMU3_ATC_DONE),
			 0);
	submit(m, SYNC_NONE);
	put_s1(m, &ONE, 1, 0);
	finish(m, nh_va(3, 5, PAGE(1), 1));
	expect_pending(m, SMMU3_PENDING_NONE);
	close_machine(m);
}
END_TEST

/* CMD-ATC-INV: A completion for another page leads to the same address, and holds. */
START_TEST(an_address_that_another_completion_gave)
{
	struct machine *m = with_ats();

	put_s1(m, &ONE, 2, s1_page(HERE));
	ck_assert_uint_eq(ats(m, SMMU3_ATS_REQUEST, PAGE(1), 0).pa, HERE);
	ck_assert_uint_eq(ats(m, SMMU3_ATS_REQUEST, PAGE(2), 0).pa, HERE);
	put_s1(m, &ONE, 1, 0);
	finish(m, nh_va(3, 5, PAGE(1), 1));
	(void)ats(m, SMMU3_ATS_TRANSLATED, HERE, 0);
	ck_assert_uint_eq(m->found_count, 0);
	put_s1(m, &ONE, 2, 0);
	finish(m, nh_va(3, 5, PAGE(2), 1));
	(void)ats(m, SMMU3_ATS_TRANSLATED, HERE, 0);
	ck_assert_uint_eq(m->found_count, 1);
	close_machine(m);
}
END_TEST

/* CMD-ATC-INV, check.h: what an endpoint was given is gone, from a table that memory still leads
 * to, by a descriptor that says something else in a bit that is ignored; though all who were led
 * there lately have left it, the table was not freed. */
START_TEST(the_table_of_an_atc_that_is_there_still)
{
	enum { OTHERS = 4 };
	const uint64_t table = to_table(table1(&ONE, 3)), ignored = UINT64_C(1) << 55;
	struct machine *m = with_ats();

	ck_assert_uint_eq(ats(m, SMMU3_ATS_REQUEST, PAGE(1), SMMU3_TXN_WRITE).pa, HERE);
	for (unsigned mb2 = 1; mb2 <= OTHERS; mb2++) {
		put_descriptor(m, table1(&ONE, 2), mb2, table);
		ck_assert_uint_eq(reached(m, 1, mb2 * MB2 + PAGE(2)), THERE);
		put_descriptor(m, table1(&ONE, 2), mb2, 0);
	}
	put_descriptor(m, table1(&ONE, 2), 0, table | ignored);
	put_s1(m, &ONE, 1, 0);
	(void)ats(m, SMMU3_ATS_TRANSLATED, HERE + 8, SMMU3_TXN_WRITE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kind, SMMU3_FINDING_STALE);
	ck_assert_uint_eq(m->found[0].changed.pa, table1(&ONE, 2));
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_page_moved_in_one_write);
	tcase_add_loop_test(tests, a_page_of_52_bits_moved_in_one_write, 0, 3);
	tcase_add_test(tests, a_page_moved_with_break);
	tcase_add_test(tests, a_stale_use_of_what_lacks_a_break);
	tcase_add_test(tests, an_ste_changed_in_two_words);
	tcase_add_test(tests, what_a_command_costs);
	tcase_add_test(tests, what_is_removed_is_so_once);
	tcase_add_test(tests, an_atc_that_is_not_invalidated);
	tcase_add_test(tests, an_address_that_another_completion_gave);
	tcase_add_test(tests, an_atc_between_its_invalidation_and_the_sync);
	tcase_add_test(tests, an_invalidation_of_an_atc_that_is_not_consumed);
	tcase_add_test(tests, an_endpoint_that_does_not_answer);
	tcase_add_test(tests, an_atc_that_is_filled_after_it_was_asked);
	tcase_add_test(tests, the_table_of_an_atc_that_is_there_still);
}

int main(void)
{
	return run("checked_changes", add);
}
