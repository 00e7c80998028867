/* SPDX-License-Identifier: MIT */
/* An SMMU that was saved and loaded goes on as one that was not.  docs/save.md */
#include "blob.h"
#include "pages.h"
#include "realm.h"
#include "run.h"
#include "secure.h"
#include "twins.h"

#include <check.h>
#include <string.h>

/* ---- At random ---- */

enum { STEPS = 1000, MOST = 5 };

static struct machine *twin(unsigned seed)
{
	struct machine *m = stalling(MOST);

	m->config.idr[0] |= 1 << 14 | (seed & 1 ? 1 << 13 : 0); /* SEV, MSI */
	m->config.interrupt_choices = seed & 2 ? SMMU3_INTERRUPT_EVERY_EVENT : 0;
	if (seed & 4) {
		m->config.idr[0] |= IDR0_ATS_PRI;
		m->config.idr[1] |= 2u << 11;
	}
	m->eventq_lg2 = 2;
	m->cmdq_lg2 = 5;
	open_machine(m);
	set_reg64(m, GERROR_IRQ_CFG0, DOORBELL + 24);
	set_reg64(m, EVENTQ_IRQ_CFG0, DOORBELL + 32);
	set_reg64(m, PRIQ_BASE, PAGES_AT | 2);
	set_reg(m, IRQ_CTRL, GERROR_IRQEN | PRIQ_IRQEN | EVENTQ_IRQEN);
	set_reg(m, CR0, CMDQEN | EVENTQEN | PRIQEN | SMMUEN);
	look_away(m);
	return m;
}

static void expect_reached(const struct twins *twins)
{
	for (unsigned i = 0; i < 4; i++)
		ck_assert_uint_gt(twins->under_way[i], 2);
	for (unsigned i = 1; i < 4; i++)
		ck_assert_uint_gt(twins->states[i], 2);
	if (twins->endpoints) {
		ck_assert_uint_gt(twins->under_way[4], 2);
		ck_assert_uint_gt(twins->asked, 5);
		ck_assert_uint_gt(twins->answers, 2);
		ck_assert_uint_gt(twins->pages, 5);
	}
	ck_assert_uint_gt(twins->pulses, 5);
	ck_assert_uint_gt(twins->messages, 5);
	ck_assert_uint_gt(twins->records, 5);
}

/* STALL-07, STALL-08, CR-004, CMDQ-004, CMD-SYNC-1, EVTQ-009, IRQ-002 */
START_TEST(a_loaded_smmu_goes_on_as_one_that_never_stopped)
{
	struct twins twins = { .one = twin((unsigned)_i),
			       .other = twin((unsigned)_i),
			       .endpoints = _i & 4,
			       .chance = (uint64_t)_i };

	for (unsigned i = 0; i < (_i & 4 ? 3 * STEPS : STEPS); i++) {
		step_twins(&twins);
		if (!by_chance(&twins, 3))
			load_twin(&twins);
		if (!by_chance(&twins, 2))
			compare_twins(&twins);
	}
	compare_twins(&twins);
	ck_assert_uint_gt(twins.loads, STEPS);
	expect_reached(&twins);
	close_machine(twins.one);
	close_machine(twins.other);
}
END_TEST

/* Two Security states; a few stalls of both. */
static struct machine *secure_twin(unsigned seed)
{
	static const uint8_t configs[] = { 0, S1_ONLY, S2_ONLY, S1_ONLY, S1_ONLY, NESTED };
	struct machine *m = secure_machine();

	m->config.idr[5] = (m->config.idr[5] & 0xffff) | 2 * MOST << 16;
	m->config.interrupt_choices = seed & 1 ? SMMU3_INTERRUPT_EVERY_EVENT : 0;
	for (uint32_t sid = 1; sid < sizeof(configs); sid++)
		make_stream(m, sid, configs[sid]);
	m->eventq_lg2 = 2;
	m->cmdq_lg2 = 5;
	open_secure_machine(m);
	set_reg64(m, GERROR_IRQ_CFG0, DOORBELL + 24);
	set_reg64(m, PRIQ_BASE, PAGES_AT | 2);
	set_secure64(m, GERROR_IRQ_CFG0, DOORBELL + 24);
	set_secure64(m, EVENTQ_IRQ_CFG0, DOORBELL + 32);
	set_reg(m, IRQ_CTRL, GERROR_IRQEN | PRIQ_IRQEN | EVENTQ_IRQEN);
	set_secure(m, IRQ_CTRL, GERROR_IRQEN | EVENTQ_IRQEN);
	set_reg(m, CR0, CMDQEN | EVENTQEN | PRIQEN | SMMUEN);
	set_secure(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	look_away(m);
	return m;
}

static void expect_secure_reached(const struct twins *twins)
{
	for (unsigned i = 0; i < 5; i++)
		ck_assert_uint_gt(twins->s_under_way[i], 2);
	for (unsigned i = 1; i < 4; i++)
		ck_assert_uint_gt(twins->s_states[i], 2);
	ck_assert_uint_gt(twins->s_due, 5);
	ck_assert_uint_gt(twins->s_records, 5);
}

/* SEC-018, SEC-019, SEC-006, GBP-010, Q-018, GER-009: likewise with two states, whose software
 * works at once */
START_TEST(two_states_go_on_as_if_they_had_never_stopped)
{
	struct twins twins = { .one = secure_twin((unsigned)_i),
			       .other = secure_twin((unsigned)_i),
			       .endpoints = true,
			       .secure = true,
			       .chance = 77 + (uint64_t)_i };

	for (unsigned i = 0; i < 2 * STEPS; i++) {
		step_twins(&twins);
		if (!by_chance(&twins, 3))
			load_twin(&twins);
		if (!by_chance(&twins, 2))
			compare_twins(&twins);
	}
	compare_twins(&twins);
	expect_secure_reached(&twins);
	close_machine(twins.one);
	close_machine(twins.other);
}
END_TEST

/* Every Security state; no Realm stream stalls. */
static struct machine *realm_twin(unsigned seed)
{
	struct machine *m = realm_machine();

	m->config.idr[5] = (m->config.idr[5] & 0xffff) | 2 * MOST << 16;
	m->config.idr[3] &= ~(seed & 1 ? IDR3_PPS : 0);
	for (uint32_t sid = 1; sid < 4; sid++)
		make_stream(m, sid, S1_ONLY);
	m->eventq_lg2 = 2;
	m->cmdq_lg2 = 5;
	open_realm_machine(m);
	set_reg64(m, PRIQ_BASE, PAGES_AT | 2);
	set_realm64(m, GERROR_IRQ_CFG0, UINT64_C(1) << 63 | (DOORBELL + 24));
	set_realm64(m, EVENTQ_IRQ_CFG0, DOORBELL + 32);
	set_realm64(m, PRIQ_IRQ_CFG0, DOORBELL + 40);
	set_realm(m, R_GMECID, 0x123);
	set_reg(m, IRQ_CTRL, GERROR_IRQEN | PRIQ_IRQEN | EVENTQ_IRQEN);
	set_secure(m, IRQ_CTRL, GERROR_IRQEN | EVENTQ_IRQEN);
	set_realm(m, IRQ_CTRL, GERROR_IRQEN | PRIQ_IRQEN | EVENTQ_IRQEN);
	set_reg(m, CR0, CMDQEN | EVENTQEN | PRIQEN | SMMUEN);
	set_secure(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	set_realm(m, CR0, REALM_ON);
	look_away(m);
	return m;
}

/* RLM-001, RLM-004, SEC-019, Q-018, GER-009, PRIQ-001: likewise with three */
START_TEST(three_states_go_on_as_if_they_had_never_stopped)
{
	struct twins twins = { .one = realm_twin((unsigned)_i),
			       .other = realm_twin((unsigned)_i),
			       .endpoints = true,
			       .secure = true,
			       .realm = true,
			       .chance = 770 + (uint64_t)_i };

	for (unsigned i = 0; i < 2 * STEPS; i++) {
		step_twins(&twins);
		if (!by_chance(&twins, 3))
			load_twin(&twins);
		if (!by_chance(&twins, 2))
			compare_twins(&twins);
	}
	compare_twins(&twins);
	ck_assert_uint_gt(twins.r_under_way[1], 2); /* announced */
	ck_assert_uint_gt(twins.r_under_way[4], 2); /* waits for endpoints */
	ck_assert_uint_gt(twins.r_due, 5);
	ck_assert_uint_gt(twins.r_records, 5);
	ck_assert_uint_gt(twins.r_pages, 5);
	close_machine(twins.one);
	close_machine(twins.other);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, three_states_go_on_as_if_they_had_never_stopped, 0, 2);
	tcase_add_loop_test(tests, two_states_go_on_as_if_they_had_never_stopped, 0, 2);
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, a_loaded_smmu_goes_on_as_one_that_never_stopped, 0, 8);
}

int main(void)
{
	return run("save-twins", add);
}
