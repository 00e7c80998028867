/* SPDX-License-Identifier: MIT */
/* The performance monitor group: what it counts and for whom, overflow, capture and interrupt.
 * Chapter 10 */
#include "monitored.h"
#include "run.h"

#include <check.h>
#include <smmu/stats.h>

/* 10.3: events 0 to 5 of two stage 1 accesses, one stage 2 access and one that faults at its STE.
 * Reads: STE, CD and 3 descriptors; STE and 3; STE.  With caches the second of stage 1 reads one
 * descriptor.  Statistics say the same. */
START_TEST(events_are_counted_each_by_its_meaning)
{
	static const uint32_t counts[2][6] = {
		{ 4 + 9 + 6, 4, 3, 4, 9, 6 }, /* cycles: transactions and reads */
		{ 4 + 7 + 4, 4, 3, 3, 7, 4 },
	};
	struct machine *m = monitored(EIGHT_32, _i ? 16 : 0);
	struct smmu3_stats stats;

	for (unsigned n = 0; n < 8; n++)
		set_up(m, n, n | SPAN, ALL_STREAMS);
	(void)reached(m, 1, PAGE(1));
	(void)reached(m, 1, PAGE(2));
	(void)reached(m, 2, PAGE(1));
	fault(m, 4);
	for (unsigned n = 0; n < 8; n++)
		ck_assert_msg(counter(m, n) == (n < 6 ? counts[_i][n] : 0), "event %u: %u", n,
			      counter(m, n));
	ck_assert_int_eq(smmu3_stats_read(m->smmu, &stats), 0);
	ck_assert_uint_eq(stats.transactions, counts[_i][1]);
	ck_assert_uint_eq(stats.tlb_misses, counts[_i][2]);
	ck_assert_uint_eq(stats.config_misses, counts[_i][3]);
	ck_assert_uint_eq(stats.accesses[SMMU3_REASON_S1_TTD] + stats.accesses[SMMU3_REASON_S2_TTD],
			  counts[_i][4]);
	(void)would_reach(m, 1, PAGE(3)); /* a probe counts nowhere */
	ck_assert_uint_eq(counter(m, 1), counts[_i][1]);
	close_machine(m);
}
END_TEST

/* 10.3: events 6 and 7, with ATS, and both are event 1, too; CR0.ATSCHK = 0 lets Translated ones
 * pass without an STE */
START_TEST(ats_traffic_has_events_of_its_own)
{
	struct machine *m = keeping(0);
	struct smmu3_txn txn = { .addr = PAGE(1), .bytes = 64, .sid = 1 };
	struct smmu3_outcome outcome;

	m->config.idr[0] |= 1u << 10;
	m->config.pmcg_cfgr = EIGHT_32;
	start_machine(m);
	put_space(m, &one);
	ck_assert_uint_eq(reg64(m, CEID0), 0xff);
	set_up(m, 0, 6 | SPAN, ALL_STREAMS);
	set_up(m, 1, 7 | SPAN, ALL_STREAMS);
	set_up(m, 2, 1 | SPAN, ALL_STREAMS);
	txn.ats = SMMU3_ATS_REQUEST;
	(void)smmu3_translate(m->smmu, &txn, &outcome);
	txn.ats = SMMU3_ATS_TRANSLATED;
	(void)smmu3_translate(m->smmu, &txn, &outcome);
	(void)smmu3_translate(m->smmu, &txn, &outcome);
	ck_assert_uint_eq(counter(m, 0), 1);
	ck_assert_uint_eq(counter(m, 1), 2);
	ck_assert_uint_eq(counter(m, 2), 3);
	close_machine(m);
}
END_TEST

/* 10.4: which of StreamIDs 0 to 7 and 2^31 count, as bits.  Of a span the bits up to the lowest 0
 * are ignored; the two that mean all include a StreamID that no table has.  SIDSIZE is 16. */
START_TEST(a_filter_matches_one_stream_a_span_or_all)
{
	static const struct {
		uint32_t span, smr;
		unsigned streams;
	} rows[] = {
		{ 0, 5, 1 << 5 },        { 0, 0, 1 << 0 },       { SPAN, 4, 1 << 4 | 1 << 5 },
		{ SPAN, 5, 0xf0 },       { SPAN, 1, 0x0f },      { SPAN, 3, 0xff },
		{ SPAN, 0x10, 0 },       { SPAN, 0x3fff, 0xff }, { SPAN, 0x7fff, 0x1ff },
		{ SPAN, 0xffff, 0x1ff },
	};
	struct machine *m = keeping(0);
	unsigned seen = 0;

	m->config.idr[1] = (m->config.idr[1] & ~0x3fu) | 16;
	m->config.pmcg_cfgr = EIGHT_32;
	start_machine(m);
	set_up(m, 3, 1 | rows[_i].span, rows[_i].smr);
	for (unsigned n = 0; n < 9; n++) {
		set_reg(m, P1 + 12, 0);
		(void)read_by(m, n < 8 ? n : UINT32_C(1) << 31, 0);
		seen |= (counter(m, 3) ? 1u : 0) << n;
	}
	ck_assert_uint_eq(seen, rows[_i].streams);
	close_machine(m);
}
END_TEST

/* 10.4: the clock has no stream; SID_FILTER_TYPE = 1: counter 0's filter is everybody's */
START_TEST(a_filter_is_of_its_counter_or_of_all)
{
	struct machine *m = monitored(EIGHT_32 | (_i ? ONE_FILTER : 0), 0);

	set_up(m, 0, 0, 1); /* the clock, and filter StreamID 1 */
	set_up(m, 1, 1, 2);
	(void)reached(m, 1, PAGE(1));
	ck_assert_uint_eq(counter(m, 1), _i ? 1 : 0);
	(void)reached(m, 2, PAGE(1));
	ck_assert_uint_eq(counter(m, 1), 1);
	ck_assert_uint_eq(counter(m, 0), 2 + 5 + 4);
	close_machine(m);
}
END_TEST

/* 10.2: GBPA lets it pass, and it counts */
START_TEST(traffic_of_a_disabled_smmu_is_counted)
{
	struct machine *m = monitored(EIGHT_32, 0);

	set_up(m, 0, 1 | SPAN, ALL_STREAMS);
	set_up(m, 1, 3 | SPAN, ALL_STREAMS);
	update(m, CR0, CMDQEN | EVENTQEN);
	ck_assert_uint_eq(read_by(m, 1, RAM_AT).verdict, SMMU3_OK);
	ck_assert_uint_eq(counter(m, 0), 1);
	ck_assert_uint_eq(counter(m, 1), 0);
	close_machine(m);
}
END_TEST

/* 10.3: one that is asked for again counts again */
START_TEST(each_call_counts)
{
	struct machine *m = monitored(EIGHT_32, 0);

	set_up(m, 0, 1 | SPAN, ALL_STREAMS);
	for (unsigned n = 1; n < 4; n++) {
		(void)reached(m, 1, PAGE(1));
		ck_assert_uint_eq(counter(m, 0), n);
	}
	close_machine(m);
}
END_TEST

/* 10.5.2.5, 10.5.2.14: CR.E and CNTEN both; what is frozen keeps its value */
START_TEST(only_what_is_enabled_counts)
{
	struct machine *m = monitored(EIGHT_32, 0);

	set_up(m, 0, 1 | SPAN, ALL_STREAMS);
	set_up(m, 1, 1 | SPAN, ALL_STREAMS);
	(void)reached(m, 1, PAGE(1));
	set_reg64(m, CNTENCLR, 1);
	(void)reached(m, 1, PAGE(1));
	ck_assert_uint_eq(counter(m, 0), 1);
	ck_assert_uint_eq(counter(m, 1), 2);
	set_reg(m, PMCR, 0);
	(void)reached(m, 1, PAGE(1));
	ck_assert_uint_eq(counter(m, 1), 2);
	set_reg(m, PMCR, 1);
	(void)reached(m, 1, PAGE(1));
	ck_assert_uint_eq(counter(m, 1), 3);
	close_machine(m);
}
END_TEST

/* 10.2.1: an overflow sets OVS, goes on counting, captures with OVFCAP, all counters, after it */
START_TEST(an_overflow_is_kept_and_captures)
{
	struct machine *m = monitored(EIGHT_32, 0);

	set_up(m, 2, 1 | SPAN | (_i ? OVFCAP : 0), ALL_STREAMS);
	set_up(m, 5, 4 | SPAN, ALL_STREAMS);
	set_reg(m, P1 + 8, 0xffffffff);
	set_reg(m, P1 + 20, 10);
	ck_assert_uint_eq(reg64(m, OVSSET), 0);
	(void)reached(m, 1, PAGE(1));
	ck_assert_uint_eq(counter(m, 2), 0);
	ck_assert_uint_eq(reg64(m, OVSSET), 1 << 2);
	ck_assert_uint_eq(reg(m, P1 + 0x600 + 20), _i ? 13 : 0);
	(void)reached(m, 1, PAGE(1));
	ck_assert_uint_eq(counter(m, 2), 1);
	ck_assert_uint_eq(reg(m, P1 + 0x600 + 8), 0);
	set_reg64(m, OVSCLR, 1 << 2);
	ck_assert_uint_eq(reg64(m, OVSSET), 0);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_PMCG), 0);
	close_machine(m);
}
END_TEST

/* 10.5.2.3, 10.5.2.11: CAPR reads as zero; SVRn are read-only; without CAPTURE there is neither */
START_TEST(software_captures_all_counters)
{
	struct machine *m = monitored(_i ? EIGHT_32 : EIGHT_32 & ~CAPTURES, 0);

	set_reg(m, P1, 7);
	set_reg(m, P1 + 28, 9);
	set_reg(m, CAPR, 2);
	ck_assert_uint_eq(reg(m, P1 + 0x600), 0);
	set_reg(m, CAPR, 1);
	ck_assert_uint_eq(reg(m, CAPR), 0);
	set_reg(m, P1, 8);
	set_reg(m, P1 + 0x600, 5);
	ck_assert_uint_eq(reg(m, P1 + 0x600), _i ? 7 : 0);
	ck_assert_uint_eq(reg(m, P1 + 0x61c), _i ? 9 : 0);
	set_reg(m, EVTYPER0, UINT32_MAX);
	ck_assert_uint_eq(reg(m, EVTYPER0) & OVFCAP, _i ? OVFCAP : 0);
	close_machine(m);
}
END_TEST

/* 10.2.1, 10.5.2.7, 10.5.2.19: the interrupt needs INTEN and IRQEN when the counter overflows, and
 * comes each time, whatever OVS is; it comes after the counter, OVS and the capture */
static void look_inside(struct machine *m, const struct happening *now)
{
	if (now->kind != INTERRUPT)
		return;
	ck_assert_uint_eq(now->about, SMMU3_INTERRUPT_PMCG);
	ck_assert_uint_eq(counter(m, 0), 0);
	ck_assert_uint_eq(reg64(m, OVSSET), 1);
	ck_assert_uint_eq(reg(m, P1 + 0x604), 77);
}

START_TEST(an_overflow_interrupts_if_it_may)
{
	struct machine *m = monitored(EIGHT_32, 0);
	const bool wanted = _i == 3;

	set_up(m, 0, 1 | SPAN | OVFCAP, ALL_STREAMS);
	set_reg(m, P1 + 4, 77);
	set_reg64(m, INTENSET, _i & 1 ? 1 : 2);
	update(m, PM_IRQ_CTRL, 0);
	set_reg(m, PM_IRQ_CTRL, _i & 2 ? 1 : 0);
	ck_assert_uint_eq(reg(m, PM_IRQ_CTRLACK), _i & 2 ? 1 : 0);
	m->inside = look_inside;
	for (unsigned n = 1; n < 3; n++) {
		set_reg(m, P1, UINT32_MAX);
		(void)reached(m, 1, PAGE(1));
		ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_PMCG), wanted ? n : 0);
	}
	m->inside = NULL;
	set_reg64(m, OVSSET, 3); /* software's own has no consequence */
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_PMCG), wanted ? 2 : 0);
	close_machine(m);
}
END_TEST

/* 10.5.2.21 to 10.5.2.24: the message, guarded by IRQEN; one that aborts sets IRQ_ABT, which the
 * next enable clears, and is no global error */
START_TEST(the_interrupt_is_a_message_too)
{
	struct machine *m = monitored(EIGHT_32 | WITH_MSI, 0);

	set_reg64(m, PM_IRQ_CFG0, DOORBELL);
	set_reg(m, PM_IRQ_CFG1, 0x55);
	set_reg(m, PM_IRQ_CFG2, 0x3f);
	set_reg64(m, INTENSET, 1);
	set_reg(m, PM_IRQ_CTRL, 1);
	set_reg64(m, PM_IRQ_CFG0, 0);
	set_reg(m, PM_IRQ_CFG1, 0);
	ck_assert_uint_eq(reg64(m, PM_IRQ_CFG0), DOORBELL);
	ck_assert_uint_eq(reg(m, PM_IRQ_CFG1), 0x55);
	set_up(m, 0, 1 | SPAN, ALL_STREAMS);
	set_reg(m, P1, UINT32_MAX);
	(void)reached(m, 1, PAGE(1));
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_MSI)->access.pa, DOORBELL);
	ck_assert_uint_eq(*ram_at(m, DOORBELL) & UINT32_MAX, 0x55);
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_MSI)->access.attr.mair, 0xff);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_PMCG), 1);
	ck_assert_uint_eq(reg(m, PM_IRQ_STATUS), 0);
	m->aborts[0] = DOORBELL;
	set_reg(m, P1, UINT32_MAX);
	(void)reached(m, 1, PAGE(1));
	ck_assert_uint_eq(reg(m, PM_IRQ_STATUS), 1);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	set_reg(m, PM_IRQ_STATUS, 0);
	set_reg(m, PM_IRQ_CTRL, 0);
	ck_assert_uint_eq(reg(m, PM_IRQ_STATUS), 1);
	set_reg(m, PM_IRQ_CTRL, 1);
	ck_assert_uint_eq(reg(m, PM_IRQ_STATUS), 0);
	close_machine(m);
}
END_TEST

/* 10.5.2.13: without MSI its registers are RES0, and only the wire pulses */
START_TEST(without_messages_only_the_wire_pulses)
{
	struct machine *m = monitored(EIGHT_32, 0);

	set_reg64(m, PM_IRQ_CFG0, UINT64_MAX);
	set_reg(m, PM_IRQ_CFG1, UINT32_MAX);
	set_reg(m, PM_IRQ_CFG2, UINT32_MAX);
	ck_assert_uint_eq(reg64(m, PM_IRQ_CFG0), 0);
	ck_assert_uint_eq(reg(m, PM_IRQ_CFG1), 0);
	ck_assert_uint_eq(reg(m, PM_IRQ_CFG2), 0);
	set_reg64(m, INTENSET, 1);
	set_reg(m, PM_IRQ_CTRL, 1);
	set_up(m, 0, 1 | SPAN, ALL_STREAMS);
	set_reg(m, P1, UINT32_MAX);
	(void)reached(m, 1, PAGE(1));
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_PMCG), 1);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 0);
	close_machine(m);
}
END_TEST

/* 10.5.2: reset puts CR.E, IRQEN and what is UNKNOWN to 0, and counting stops */
START_TEST(reset_ends_counting)
{
	struct machine *m = monitored(EIGHT_32, 0);

	set_up(m, 0, 1 | SPAN, ALL_STREAMS);
	set_reg(m, PM_IRQ_CTRL, 1);
	(void)reached(m, 1, PAGE(1));
	smmu3_reset(m->smmu);
	(void)read_by(m, 1, 0);
	for (uint64_t at = 0; at < 0xe00; at += 4) {
		ck_assert_uint_eq(reg(m, P0 + at), 0);
		ck_assert_uint_eq(reg(m, P1 + at), 0);
	}
	ck_assert_uint_eq(reg(m, PMCR), 0);
	ck_assert_uint_eq(reg(m, PM_IRQ_CTRL), 0);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, events_are_counted_each_by_its_meaning, 0, 2);
	tcase_add_test(tests, ats_traffic_has_events_of_its_own);
	tcase_add_loop_test(tests, a_filter_matches_one_stream_a_span_or_all, 0, 10);
	tcase_add_loop_test(tests, a_filter_is_of_its_counter_or_of_all, 0, 2);
	tcase_add_test(tests, traffic_of_a_disabled_smmu_is_counted);
	tcase_add_test(tests, each_call_counts);
	tcase_add_test(tests, only_what_is_enabled_counts);
	tcase_add_loop_test(tests, an_overflow_is_kept_and_captures, 0, 2);
	tcase_add_loop_test(tests, software_captures_all_counters, 0, 2);
	tcase_add_loop_test(tests, an_overflow_interrupts_if_it_may, 0, 4);
	tcase_add_test(tests, the_interrupt_is_a_message_too);
	tcase_add_test(tests, without_messages_only_the_wire_pulses);
	tcase_add_test(tests, reset_ends_counting);
}

int main(void)
{
	return run("pmcg-counting", add);
}
