/* SPDX-License-Identifier: MIT */
/* F_TLB_CONFLICT and F_CFG_CONFLICT of an SMMU that gives them.  3.20, 7.3.17, 7.3.18 */
#include "adverse.h"
#include "keeping.h"
#include "run.h"

#include <smmu/decode.h>
#include <string.h>

enum { F_TLB_CONFLICT = 0x20, F_CFG_CONFLICT = 0x21, REC_CFG_ATS = 8 };

#define NT (UINT64_C(1) << 16)
#define CONTIGUOUS (UINT64_C(1) << 52)
#define CD0_S (UINT64_C(1) << 44)

static const struct space one = { 1, STAGE_1, 3, 5 }, two = { 2, STAGE_1, 3, 6 },
			  three = { 3, STAGE_1, 3, 7 }, second = { 4, STAGE_2, 4, 0 },
			  both = { 5, BOTH_STAGES, 5, 7 };

/* Translations are kept and tables are not, or blocks would not be read. */
static struct machine *keeping_leaves(unsigned bbml, bool groups)
{
	struct machine *m = keeping(256);

	m->config.idr[3] = (m->config.idr[3] & ~(UINT32_C(3) << 11)) | bbml << 11;
	m->config.idr[0] &= ~(UINT32_C(3) << 24); /* STALL_MODEL: both */
	m->config.idr[5] |= UINT32_C(4) << 16;    /* STALL_MAX */
	m->config.caches.tables = 0;
	m->config.caches.contiguous = groups;
	return m;
}

static struct machine *with_conflicts(const struct space *space, unsigned bbml, bool groups)
{
	struct machine *m = running(keeping_leaves(bbml, groups), "tlb-conflict=recorded");

	put_space(m, space);
	return m;
}

/* The page at PAGE(1) is kept, then the block around it, for PAGE(5). */
static void keep_both(struct machine *m, uint64_t block_bits)
{
	put_s1(m, &one, 1, s1_page(HERE));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_descriptor(m, table1(&one, 2), 0, s1_block(THERE) | NG | block_bits);
	ck_assert_uint_eq(reached(m, 1, PAGE(5)), THERE + PAGE(5));
}

static struct smmu3_outcome conflicting(struct machine *m, uint32_t sid, uint64_t address,
					unsigned flags)
{
	const struct smmu3_outcome outcome = access_by(m, sid, address, flags);

	ck_assert_uint_eq(outcome.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(outcome.event, F_TLB_CONFLICT);
	ck_assert_uint_eq(outcome.recorded, 1);
	ck_assert_str_eq(smmu3_why(outcome.why)->name, "tlb-conflict");
	return outcome;
}

/* ---- TLB ---- */

/* BBM-01, BBM-04, EVT-16: what both are kept of aborts, though the stream stalls, and is recorded
 * with its StreamID, InputAddr, InD, PnU, RnW and CLASS; what one is kept of does not, nor what
 * other ASIDs have; an invalidation ends it.  7.3.17: SSV, RnW 99, InD 98, PnU 97, CLASS 105:104 */
START_TEST(a_page_within_a_block_is_a_conflict)
{
	struct machine *m = with_conflicts(&one, 0, false);
	const uint64_t *record = ram_at(m, event_at(m, 0));

	*ram_at(m, cd_at(&one, 0)) |= CD0_S;
	put_space(m, &two);
	put_s1(m, &two, 1, s1_page(THERE));
	keep_both(m, 0);
	ck_assert_uint_eq(access_by(m, 1, PAGE(0x1000), 0).verdict, SMMU3_STALLED);
	record += 4;
	conflicting(m, 1, PAGE(1) + 0x18, 0);
	ck_assert_uint_eq(record[0], UINT64_C(1) << 32 | F_TLB_CONFLICT);
	ck_assert_uint_eq(record[1], UINT64_C(2) << 40 | UINT64_C(1) << 35);
	ck_assert_uint_eq(record[2], PAGE(1) + 0x18);
	ck_assert_uint_eq(record[3], 0);
	conflicting(m, 1, PAGE(1), SMMU3_TXN_WRITE | SMMU3_TXN_PRIVILEGED);
	ck_assert_uint_eq(record[5], UINT64_C(2) << 40 | UINT64_C(1) << 33);
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), THERE + PAGE(2));
	ck_assert_uint_eq(reached(m, 2, PAGE(1)), THERE);
	finish(m, nh_va(3, 5, PAGE(1), 1));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), THERE + PAGE(1));
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 3);
	close_machine(m);
}
END_TEST

/* BBM-04, EVT-16: at stage 2 with S2 and the IPA; what stage 1 is given by it, too */
START_TEST(a_conflict_of_stage_2_has_its_ipa)
{
	struct machine *m = with_conflicts(&second, 0, false);
	const uint64_t *record = ram_at(m, event_at(m, 0));

	put_s2(m, &second, 1, s2_page(HERE));
	ck_assert_uint_eq(reached(m, 4, PAGE(1)), HERE);
	put_descriptor(m, table2(&second, 2), 0, s2_block(THERE));
	ck_assert_uint_eq(reached(m, 4, PAGE(5)), THERE + PAGE(5));
	conflicting(m, 4, PAGE(1) + 8, 0);
	ck_assert_uint_eq(record[0], UINT64_C(4) << 32 | F_TLB_CONFLICT);
	ck_assert_uint_eq(record[1], UINT64_C(2) << 40 | UINT64_C(1) << 39 | UINT64_C(1) << 35);
	ck_assert_uint_eq(record[2], PAGE(1) + 8);
	ck_assert_uint_eq(record[3], PAGE(1));
	ck_assert_uint_eq(reached(m, 4, PAGE(2)), THERE + PAGE(2));
	finish(m, s12_vmall(4));
	ck_assert_uint_eq(reached(m, 4, PAGE(1)), THERE + PAGE(1));
	close_machine(m);
}
END_TEST

/* BBM-01, NEST-17: of what both stages map together it is enough that one has changed */
START_TEST(of_both_stages_either_may_conflict)
{
	for (unsigned level = 0; level < 2; level++) {
		struct machine *m = with_conflicts(&both, level, false);

		put_descriptor(m, table1(&both, 2), 1, s1_block(MB2) | NG);
		put_descriptor(m, table2(&both, 2), 1, to_table(table2(&both, 3)));
		put_s2(m, &both, 1, s2_page(HERE));
		ck_assert_uint_eq(reached(m, 5, MB2 + PAGE(1)), HERE);
		put_descriptor(m, table2(&both, 2), 1, s2_block(THERE));
		ck_assert_uint_eq(reached(m, 5, MB2 + PAGE(5)), THERE + PAGE(5));
		conflicting(m, 5, MB2 + PAGE(1), 0);
		close_machine(m);
	}
}
END_TEST

/* BBM-01: at level 0 nT is nothing; at level 1 what has it conflicts with nothing.  3.21.1.2 */
static const struct {
	unsigned bbml;
	uint64_t bits;
	bool conflict;
} levels[] = {
	{ 0, 0, true },
	{ 0, NT, true },
	{ 1, 0, true },
	{ 1, NT, false },
};

START_TEST(a_conflict_is_as_the_level_has_it)
{
	struct machine *m = with_conflicts(&one, levels[_i].bbml, false);

	keep_both(m, levels[_i].bits);
	if (levels[_i].conflict)
		conflicting(m, 1, PAGE(1), 0);
	else
		ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	close_machine(m);
}
END_TEST

/* BBM-01: nor does a smaller block that has nT, in a larger one that has not */
START_TEST(a_smaller_block_with_nt_conflicts_with_nothing)
{
	for (unsigned nt = 0; nt < 2; nt++) {
		struct machine *m = with_conflicts(&one, 1, false);

		put_descriptor(m, table1(&one, 2), 0, s1_block(HERE) | NG | (nt ? NT : 0));
		ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE + PAGE(1));
		put_descriptor(m, table1(&one, 1), 0, s1_block(GB) | NG);
		ck_assert_uint_eq(reached(m, 1, 2 * MB2), GB + 2 * MB2);
		if (nt)
			ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE + PAGE(1));
		else
			conflicting(m, 1, PAGE(1), 0);
		close_machine(m);
	}
}
END_TEST

/* BBM-01: of the Contiguous bit alone there is none at level 1 */
START_TEST(a_group_may_conflict_with_its_pages_at_level_0)
{
	for (unsigned level = 0; level < 2; level++) {
		struct machine *m = with_conflicts(&one, level, true);

		for (unsigned page = 0; page < 16; page++)
			put_s1(m, &one, page, s1_page(HERE + PAGE(page)));
		ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE + PAGE(1));
		for (unsigned page = 0; page < 16; page++)
			put_s1(m, &one, page, s1_page(HERE + PAGE(page)) | CONTIGUOUS);
		ck_assert_uint_eq(reached(m, 1, PAGE(2)), HERE + PAGE(2));
		if (level == 0)
			conflicting(m, 1, PAGE(1), 0);
		else
			ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE + PAGE(1));
		close_machine(m);
	}
}
END_TEST

/* BBM-01: at level 2 it is never given, and there is nothing to choose; unasked it is not given
 * either.  3.21.1.3 */
START_TEST(no_conflict_at_level_2_nor_unasked)
{
	struct smmu3_error error;
	struct machine *m = running(keeping_leaves(2, false), "commands=0");

	ck_assert_int_eq(smmu3_adversity_choose(m->smmu, "tlb-conflict", "recorded", &error),
			 -SMMU3_E_INCONSISTENT);
	ck_assert_str_eq(error.section, "3.20.1");
	close_machine(m);
	m = with_conflicts(&one, 0, false);
	keep_both(m, 0);
	demand(m, "tlb-conflict=libsmmu"); /* and what was kept is gone */
	put_descriptor(m, table1(&one, 2), 0, to_table(table1(&one, 3)));
	keep_both(m, 0);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	close_machine(m);
}
END_TEST

/* ---- Of ATS ---- */

static struct smmu3_outcome requested(struct machine *m, uint32_t sid, uint64_t address,
				      uint8_t ats)
{
	const struct smmu3_txn txn = { .sid = sid, .addr = address, .bytes = 8, .ats = ats };
	struct smmu3_outcome outcome;

	(void)smmu3_translate(m->smmu, &txn, &outcome);
	return outcome;
}

static struct machine *with_ats(const struct space *space, const char *word, unsigned cr2)
{
	struct machine *m = keeping_leaves(1, false);

	m->config.idr[0] |= 1u << 9 | 1u << 10 | 1u << 23; /* Hyp, ATS, ATSRECERR */
	m->config.aidr = 2;
	running(m, word);
	put_space(m, space);
	ram_at(m, STREAMS_AT + 64 * space->sid)[1] |= STE1_EATS(1);
	update(m, CR0, 0);
	set_reg(m, CR2, cr2);
	update(m, CR0, CMDQEN | EVENTQEN | SMMUEN | ATSCHK);
	return m;
}

/* ATS-05, EVT-ATS-2: a Completer Abort, recorded with REC_CFG_ATS */
START_TEST(a_request_that_meets_a_conflict_is_a_completer_abort)
{
	for (unsigned cr2 = 0; cr2 <= REC_CFG_ATS; cr2 += REC_CFG_ATS) {
		struct machine *m = with_ats(&one, "tlb-conflict=recorded", cr2);

		keep_both(m, 0);
		const struct smmu3_outcome outcome = requested(m, 1, PAGE(1), SMMU3_ATS_REQUEST);

		ck_assert_uint_eq(outcome.verdict, SMMU3_CA);
		ck_assert_uint_eq(outcome.event, F_TLB_CONFLICT);
		ck_assert_uint_eq(outcome.recorded, cr2 != 0);
		close_machine(m);
	}
}
END_TEST

/* ATS-05, ATS-22, EVT-ATS-2, EVT-ATS-4 */
START_TEST(of_ats_a_span_that_differs_is_recorded_if_asked)
{
	static const uint8_t ats[] = { SMMU3_ATS_REQUEST, SMMU3_ATS_TRANSLATED };

	for (unsigned cr2 = 0; cr2 <= REC_CFG_ATS; cr2 += REC_CFG_ATS) {
		struct machine *m = with_ats(&two, "ste-cont-mismatch=recorded", cr2);

		put_space(m, &three);
		ram_at(m, STREAMS_AT + 64 * 2)[1] |= 1 << 13;
		const struct smmu3_outcome outcome = requested(m, 2, PAGE(1), ats[_i]);

		ck_assert_uint_eq(outcome.verdict, _i ? SMMU3_ABORT : SMMU3_CA);
		ck_assert_uint_eq(outcome.event, F_CFG_CONFLICT);
		ck_assert_uint_eq(outcome.recorded, cr2 != 0);
		close_machine(m);
	}
}
END_TEST

/* ---- STEs ---- */

/* Streams 2 and 3 go to different places, and 2 says that it is one of 2^span. */
static struct machine *spanning(const char *word, unsigned span)
{
	struct machine *m = running(keeping_leaves(0, false), word);

	put_space(m, &two);
	put_space(m, &three);
	put_s1(m, &two, 1, s1_page(HERE));
	put_s1(m, &three, 1, s1_page(THERE));
	ram_at(m, STREAMS_AT + 64 * 2)[1] |= span << 13;
	return m;
}

static void expect_cfg_conflict(struct machine *m, uint32_t sid)
{
	const struct smmu3_outcome outcome = access_by(m, sid, PAGE(1), 0);

	ck_assert_uint_eq(outcome.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(outcome.event, F_CFG_CONFLICT);
	ck_assert_uint_eq(outcome.recorded, 1);
	ck_assert_uint_eq(outcome.decider, SMMU3_BY_STREAM);
	ck_assert_str_eq(smmu3_why(outcome.why)->name, "ste-cont");
}

/* STE-21, BBM-06, EVT-17: an abort, and a record of the StreamID alone; not of what says nothing of
 * a span */
START_TEST(a_span_that_differs_is_a_conflict)
{
	struct machine *m = spanning("ste-cont-mismatch=recorded", 1 + (unsigned)_i * 4);
	const uint64_t *record = ram_at(m, event_at(m, 0));

	expect_cfg_conflict(m, 2);
	ck_assert_uint_eq(record[0], UINT64_C(2) << 32 | F_CFG_CONFLICT);
	ck_assert_uint_eq(record[1] | record[2] | record[3], 0);
	ck_assert_uint_eq(reached(m, 3, PAGE(1)), THERE);
	finish(m, cfgi_ste(3, 1));
	ram_at(m, STREAMS_AT + 64 * 3)[1] |= 1 << 13;
	expect_cfg_conflict(m, 3);
	close_machine(m);
}
END_TEST

/* STE-20, STE-21: CONT itself, what is software's, bits 87:84, and what nothing is defined for, bit
 * 107, may differ */
START_TEST(a_span_may_differ_in_cont)
{
	static const uint64_t differ[] = { 0, 3 << 13, 15 << 20, UINT64_C(1) << 43, 0x1000000 };
	struct machine *m = spanning("ste-cont-mismatch=recorded", 1);
	uint64_t *ste = ram_at(m, STREAMS_AT + 64 * 3);

	memcpy(ste, ram_at(m, STREAMS_AT + 64 * 2), 64);
	ste[1] ^= differ[_i];
	if (_i < 4)
		ck_assert_uint_eq(reached(m, 2, PAGE(1)), HERE);
	else
		expect_cfg_conflict(m, 2);
	close_machine(m);
}
END_TEST

/* STE-21: or the neighbour is used, if it is valid and can be had */
START_TEST(a_neighbour_is_used)
{
	struct machine *m = spanning("ste-cont-mismatch=neighbour", 1);
	uint64_t *ste = ram_at(m, STREAMS_AT + 64 * 3);

	ck_assert_uint_eq(reached(m, 2, PAGE(1)), THERE);
	ck_assert_uint_eq(reached(m, 3, PAGE(1)), THERE);
	finish(m, cfgi_ste(2, 1));
	ste[0] &= ~UINT64_C(1);
	ck_assert_uint_eq(reached(m, 2, PAGE(1)), HERE);
	ste[0] |= 1;
	finish(m, cfgi_ste(2, 1));
	demand(m, "abort=ste:2");
	ck_assert_uint_eq(reached(m, 2, PAGE(1)), HERE);
	finish(m, cfgi_ste(2, 1));
	demand(m, "ste-cont-mismatch=libsmmu");
	ck_assert_uint_eq(reached(m, 2, PAGE(1)), HERE);
	close_machine(m);
}
END_TEST

/* STE-21: what has no neighbour stands for itself; what is invalid is what it is */
START_TEST(no_neighbour_stands_for_what_is_invalid)
{
	struct machine *m = spanning("ste-cont-mismatch=neighbour", 1);

	*ram_at(m, STREAMS_AT + 64 * 2) &= ~UINT64_C(1);
	ck_assert_uint_eq(access_by(m, 2, PAGE(1), 0).event, 4); /* C_BAD_STE */
	close_machine(m);
}
END_TEST

/* STE-21: of an STE that aborts nothing else counts: there is no record, and no way through */
START_TEST(what_aborts_is_of_no_span)
{
	static const char *const words[] = { "ste-cont-mismatch=recorded",
					     "ste-cont-mismatch=neighbour" };
	struct machine *m = spanning(words[_i], 1);

	*ram_at(m, STREAMS_AT + 64 * 2) &= ~UINT64_C(0xe);
	const struct smmu3_outcome outcome = access_by(m, 2, PAGE(1), 0);

	ck_assert_uint_eq(outcome.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(outcome.event, 0);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_page_within_a_block_is_a_conflict);
	tcase_add_test(tests, a_conflict_of_stage_2_has_its_ipa);
	tcase_add_test(tests, of_both_stages_either_may_conflict);
	tcase_add_loop_test(tests, a_conflict_is_as_the_level_has_it, 0, COUNT(levels));
	tcase_add_test(tests, a_smaller_block_with_nt_conflicts_with_nothing);
	tcase_add_test(tests, a_group_may_conflict_with_its_pages_at_level_0);
	tcase_add_test(tests, no_conflict_at_level_2_nor_unasked);
	tcase_add_test(tests, a_request_that_meets_a_conflict_is_a_completer_abort);
	tcase_add_loop_test(tests, of_ats_a_span_that_differs_is_recorded_if_asked, 0, 2);
	tcase_add_loop_test(tests, a_span_that_differs_is_a_conflict, 0, 2);
	tcase_add_loop_test(tests, a_span_may_differ_in_cont, 0, 5);
	tcase_add_test(tests, a_neighbour_is_used);
	tcase_add_loop_test(tests, what_aborts_is_of_no_span, 0, 2);
	tcase_add_test(tests, no_neighbour_stands_for_what_is_invalid);
}

int main(void)
{
	return run("adverse conflicts", add);
}
