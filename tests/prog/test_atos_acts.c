/* SPDX-License-Identifier: MIT */
/* Requests among all else that goes on: in callbacks, beside commands, while the SMMU is disabled
 * and translations are invalidated.  6.3.37, 9, 3.21.1 */
#include "atos.h"
#include "inside.h"
#include "run.h"
#include "waiting.h"

#include "support/cached.h"

#include <check.h>

/* A machine that acts inside callbacks. */
static struct machine *acting(struct inside *inside)
{
	struct machine *m = machine("generic-3.1");

	m->config.idr[0] |= 1 << 15 | 1 << 20 | 1 << 5; /* ATOS, VATOS, BTM */
	without_caches(&m->config, "requests are seen by what they read");
	start_machine(m);
	put_atos_streams(m);
	set_reg(m, VATOS_SEL, 3);
	set_reg64(m, vatos.sid, 1);
	set_reg64(m, vatos.addr, STAGE1_OF(0));
	set_reg64(m, gatos.sid, 3);
	set_reg64(m, gatos.addr, BOTH_OF(0));
	look_away(m);
	m->context = inside;
	m->inside = run_inside;
	return m;
}

/* ---- When ---- */

static void ask_vatos(struct machine *m, unsigned n)
{
	(void)n;
	set_reg(m, vatos.ctrl, 1);
	ck_assert(running(m, &vatos)); /* its turn comes when this is over */
}

/* ATO-002, ATO-019: a request of one group inside a fetch for the other, or inside a command */
START_TEST(a_request_inside_a_callback_is_done_after_it)
{
	static const struct {
		enum happening_kind at;
		int reason;
	} rows[] = {
		{ READS, SMMU3_REASON_STE },
		{ READS, SMMU3_REASON_CD },
		{ READS, SMMU3_REASON_S2_TTD },
		{ READS, SMMU3_REASON_CMDQ },
		{ INVALIDATES, -1 },
	};

	for (int i = 0; i < COUNT(rows); i++) {
		struct inside inside = {
			.at = rows[i].at, .reason = rows[i].reason, .times = 1, .act = ask_vatos
		};
		struct machine *m = acting(&inside);

		submit(m, CFGI_ALL);
		set_reg(m, gatos.ctrl, 1);
		ck_assert_uint_eq(inside.done, 1);
		ck_assert(!running(m, &gatos) && !running(m, &vatos));
		ck_assert_uint_eq(reg64(m, gatos.par), 0xff000000e0000b00);
		ck_assert_uint_eq(reg64(m, vatos.par), 0xff00000060000b00);
		close_machine(m);
	}
}
END_TEST

/* ATO-019: two groups that run at once are answered each in its own registers */
START_TEST(groups_run_side_by_side)
{
	struct inside inside = { .times = 0 };
	struct machine *m = acting(&inside);

	pause_work(m);
	set_reg(m, gatos.ctrl, 1);
	set_reg(m, vatos.ctrl, 1);
	ck_assert(running(m, &gatos) && running(m, &vatos));
	do_acts(m, 2);
	ck_assert(!running(m, &gatos) && !running(m, &vatos));
	ck_assert_uint_eq(reg64(m, gatos.par), 0xff000000e0000b00);
	ck_assert_uint_eq(reg64(m, vatos.par), 0xff00000060000b00);
	close_machine(m);
}
END_TEST

static void ask_the_other(struct machine *m, unsigned n)
{
	set_reg(m, n % 2 ? gatos.ctrl : vatos.ctrl, 1);
}

/* Accesses for a reason before the first for another. */
static unsigned count_before(const struct machine *m, enum smmu3_reason reason,
			     enum smmu3_reason other)
{
	unsigned found = 0;

	for (unsigned i = 0; i < m->seen_count; i++) {
		if (m->seen[i].access.reason == other)
			return found;
		found += m->seen[i].access.reason == reason;
	}
	ck_abort_msg("no access for reason %d was seen", other);
	return found;
}

/* CMDQ-003: requests without end do not keep commands waiting */
START_TEST(commands_take_turns_with_requests)
{
	struct inside inside = {
		.at = READS, .reason = SMMU3_REASON_STE, .times = 100, .act = ask_the_other
	};
	struct machine *m = acting(&inside);

	pause_work(m);
	set_reg(m, gatos.ctrl, 1);
	submit(m, SYNC_NONE);
	do_acts(m, 1000);
	ck_assert_uint_eq(inside.done, 100);
	ck_assert_uint_eq(count_before(m, SMMU3_REASON_STE, SMMU3_REASON_CMDQ), 1);
	close_machine(m);
}
END_TEST

static void ask_gatos(struct machine *m, unsigned n)
{
	(void)n;
	set_reg(m, gatos.ctrl, 1);
}

/* ATO-019: one group that asks again and again does not keep the other waiting */
START_TEST(groups_take_turns)
{
	struct inside inside = {
		.at = READS, .reason = SMMU3_REASON_CMDQ, .times = 7, .act = ask_gatos
	};
	struct machine *m = acting(&inside);

	pause_work(m);
	set_reg(m, vatos.ctrl, 1);
	set_reg(m, gatos.ctrl, 1);
	for (unsigned i = 0; i < 7; i++)
		submit(m, SYNC_NONE);
	do_acts(m, 1000);
	ck_assert_uint_eq(inside.done, 7);
	for (unsigned i = 0, fetched = 0; i < m->seen_count; i++) {
		fetched += m->seen[i].access.reason == SMMU3_REASON_CMDQ;
		if (m->seen[i].access.pa == S1_ALONE_AT)
			ck_assert_uint_eq(fetched, 1);
	}
	ck_assert_uint_eq(reg64(m, vatos.par), 0xff00000060000b00);
	close_machine(m);
}
END_TEST

static void fault_again(struct machine *m, unsigned n)
{
	(void)n;
	set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
	fault(m, 6);
}

/* ATO-002: a request begins in finite time: faults without end do not keep it waiting */
START_TEST(requests_take_turns_with_records)
{
	struct inside inside = {
		.at = WRITES, .reason = SMMU3_REASON_EVENTQ, .times = 100, .act = fault_again
	};
	struct machine *m = acting(&inside);

	pause_work(m);
	fault(m, 6);
	fault(m, 6);
	set_reg(m, gatos.ctrl, 1);
	set_reg(m, vatos.ctrl, 1);
	do_acts(m, 1000);
	ck_assert_uint_eq(inside.done, 100);
	ck_assert_uint_eq(count_before(m, SMMU3_REASON_EVENTQ, SMMU3_REASON_S2_TTD), 0);
	/* VATOS, of the one stream with stage 1 alone, after one record */
	for (unsigned i = 0, written = 0; i < m->seen_count; i++) {
		written += m->seen[i].access.reason == SMMU3_REASON_EVENTQ;
		if (m->seen[i].access.reason == SMMU3_REASON_S1_TTD &&
		    m->seen[i].access.pa == S1_ALONE_AT)
			ck_assert_uint_eq(written, 1);
	}
	close_machine(m);
}
END_TEST

/* ---- SMMUEN ---- */

/* ATO-004, CR-016, ATO-012, ATO-013: a request that is due when SMMUEN becomes 0 ends in
 * INTERNAL_ERR; of stage 2 REASON is IN, of VATOS always 0.  9.1.4, 6.3.102 */
START_TEST(disabling_ends_what_is_due)
{
	struct inside inside = { .times = 0 };
	struct machine *m = acting(&inside);

	set_reg64(m, gatos.addr, STAGE2_OF(GB));
	set_reg64(m, vatos.addr, STAGE2_OF(GB));
	pause_work(m);
	set_reg(m, gatos.ctrl, 1);
	set_reg(m, vatos.ctrl, 1);
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN);
	ck_assert(!running(m, &gatos) && !running(m, &vatos));
	ck_assert_uint_eq(reg64(m, gatos.par), PAR_FAULT(0xfd, 3));
	ck_assert_uint_eq(reg64(m, vatos.par), PAR_FAULT(0xfd, 0));
	do_acts(m, 9);
	ck_assert_uint_eq(count(m, READS), 0);
	close_machine(m);
}
END_TEST

static void disable(struct machine *m, unsigned n)
{
	(void)n;
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN | SMMUEN);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN); /* not while it is pending */
	ck_assert_uint_eq(reg(m, CR0), CMDQEN | EVENTQEN);
	ck_assert(running(m, &gatos));
	set_reg(m, gatos.ctrl, 0);
	ck_assert(running(m, &gatos));
}

/* ATO-004, CR-016, CR-015: the acknowledgement waits for a request in flight, which completes */
START_TEST(disabling_waits_for_a_request_in_flight)
{
	struct inside inside = {
		.at = READS, .reason = SMMU3_REASON_S1_TTD, .times = 1, .act = disable
	};
	struct machine *m = acting(&inside);

	set_reg(m, gatos.ctrl, 1);
	ck_assert_uint_eq(inside.done, 1);
	ck_assert(!running(m, &gatos));
	ck_assert_uint_eq(reg64(m, gatos.par), 0xff000000e0000b00);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN | SMMUEN);
	ck_assert(!running(m, &gatos));
	close_machine(m);
}
END_TEST

static void disable_with_the_other_due(struct machine *m, unsigned n)
{
	set_reg(m, vatos.ctrl, 1);
	disable(m, n);
	ck_assert(!running(m, &vatos));
	ck_assert_uint_eq(reg64(m, vatos.par), PAR_FAULT(0xfd, 0));
}

/* ATO-004: of two the one that has not begun is ended at once */
START_TEST(disabling_ends_the_request_that_is_not_in_flight)
{
	struct inside inside = { .at = READS,
				 .reason = SMMU3_REASON_S1_TTD,
				 .times = 1,
				 .act = disable_with_the_other_due };
	struct machine *m = acting(&inside);

	set_reg(m, gatos.ctrl, 1);
	ck_assert_uint_eq(reg64(m, gatos.par), 0xff000000e0000b00);
	ck_assert_uint_eq(reg64(m, vatos.par), PAR_FAULT(0xfd, 0));
	close_machine(m);
}
END_TEST

/* ---- Invalidations ---- */

static const struct smmu3_invalidation everything = { .kind = SMMU3_INVALIDATES_STAGES,
						      .any_asid = 1,
						      .any_vmid = 1 };

/* What has been read already is not what is there now. */
static void move(struct machine *m, unsigned n)
{
	put_descriptor(m, S1_TABLE_AT, 0, s1_block(GB) ^ (uint64_t)(n & 1) << 31);
	ck_assert_int_eq(smmu3_broadcast_tlbi(m->smmu, &everything), 0);
	ck_assert(running(m, &gatos));
}

static void move_once(struct machine *m, unsigned n)
{
	(void)n;
	move(m, 1); /* to IPA 3GB, which stage 2 sends to 1GB */
}

/* ATO-021: an invalidation that CPUs broadcast, complete before the request is; with caches and
 * without */
START_TEST(a_request_that_an_invalidation_overtakes_begins_anew)
{
	for (uint32_t places = 0; places <= 16; places += 16) {
		struct inside inside = {
			.at = READS, .reason = SMMU3_REASON_S1_TTD, .times = 1, .act = move_once
		};
		struct machine *m = machine("generic-3.1");

		m->config.caches = (struct smmu3_caches){ places, places, places, places, places,
							  0,      0,      0,      0,      0 };
		m->config.idr[0] |= 1 << 15 | 1 << 5;
		start_machine(m);
		put_atos_streams(m);
		put_descriptor(m, S2_TABLE_AT, 3, s2_block(GB));
		m->context = &inside;
		m->inside = run_inside;
		ck_assert_uint_eq(par_of(m, &gatos, 3, BOTH_OF(0)), 0xff00000060000b00);
		ck_assert_uint_eq(inside.done, 1);
		close_machine(m);
	}
}
END_TEST

/* ATO-012, ATO-021: one that never comes to an end is ended */
START_TEST(a_request_that_is_overtaken_again_and_again_ends)
{
	struct inside inside = {
		.at = READS, .reason = SMMU3_REASON_S1_TTD, .times = 1000, .act = move
	};
	struct machine *m = acting(&inside);

	set_reg(m, gatos.ctrl, 1);
	ck_assert(!running(m, &gatos));
	ck_assert_uint_eq(reg64(m, gatos.par), PAR_FAULT(0xfd, 0));
	ck_assert_uint_lt(inside.done, 1000);
	m->inside = NULL;
	ck_assert_uint_ne(par_of(m, &gatos, 3, BOTH_OF(0)), PAR_FAULT(0xfd, 0));
	close_machine(m);
}
END_TEST

/* ATO-021: how often one began anew is nothing to the next */
START_TEST(each_request_may_begin_anew)
{
	struct inside inside = {
		.at = READS, .reason = SMMU3_REASON_S1_TTD, .times = 60, .act = move
	};
	struct machine *m = acting(&inside);

	for (int i = 0; i < 3; i++) {
		inside.done = 0;
		set_reg(m, gatos.ctrl, 1);
		ck_assert_uint_eq(inside.done, 60);
		ck_assert_uint_ne(reg64(m, gatos.par), PAR_FAULT(0xfd, 0));
	}
	close_machine(m);
}
END_TEST

static void disable_and_move(struct machine *m, unsigned n)
{
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	move(m, n);
}

/* ATO-004: nor does one begin anew when the SMMU is disabled meanwhile */
START_TEST(an_overtaken_request_of_a_disabled_smmu_ends)
{
	struct inside inside = {
		.at = READS, .reason = SMMU3_REASON_S1_TTD, .times = 9, .act = disable_and_move
	};
	struct machine *m = acting(&inside);

	pause_work(m);
	set_reg(m, gatos.ctrl, 1);
	do_acts(m, 1);
	ck_assert(!running(m, &gatos)); /* when the acknowledgement falls, and not later */
	ck_assert_uint_eq(inside.done, 1);
	ck_assert_uint_eq(reg64(m, gatos.par), PAR_FAULT(0xfd, 0));
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_request_inside_a_callback_is_done_after_it);
	tcase_add_test(tests, groups_run_side_by_side);
	tcase_add_test(tests, commands_take_turns_with_requests);
	tcase_add_test(tests, groups_take_turns);
	tcase_add_test(tests, requests_take_turns_with_records);
	tcase_add_test(tests, disabling_ends_what_is_due);
	tcase_add_test(tests, disabling_waits_for_a_request_in_flight);
	tcase_add_test(tests, disabling_ends_the_request_that_is_not_in_flight);
	tcase_add_test(tests, a_request_that_an_invalidation_overtakes_begins_anew);
	tcase_add_test(tests, a_request_that_is_overtaken_again_and_again_ends);
	tcase_add_test(tests, each_request_may_begin_anew);
	tcase_add_test(tests, an_overtaken_request_of_a_disabled_smmu_ends);
}

int main(void)
{
	return run("atos_acts", add);
}
