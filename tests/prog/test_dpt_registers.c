/* SPDX-License-Identifier: MIT */
/* The registers of a Device Permission Table, and what software is told of lookups that
 * fail.  3.24.4, 6.3.9, 6.3.46 to 6.3.48 */
#include "permitted.h"
#include "run.h"

#include <check.h>

static void expect_far(struct machine *m, uint64_t far)
{
	ck_assert_uint_eq(reg64(m, DPT_CFG_FAR), far);
}

/* ---- What software is told ---- */

/* DPTI-003, DPTI-005, GER-001: of many faults the first is told, until DPT_CFG_FAR is cleared; then
 * GERROR tells of a new one only if the last has been acknowledged */
START_TEST(the_first_lookup_fault_is_told)
{
	struct machine *m = dpt_started();

	put_level1(m, 0, 0xf0);
	put_level1(m, 1, 0xf0);
	expect_forbidden(m, GB1 + 0x1000, 0, (GB1 + 0x1000) | 0x13);
	ck_assert_uint_eq(reg(m, GERROR), DPT_ERR);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 1);
	expect_forbidden(m, GB1 + 0x2000, 0, (GB1 + 0x1000) | 0x13);
	/* acknowledged, but not cleared: nothing new is told */
	set_reg(m, GERRORN, DPT_ERR);
	expect_forbidden(m, GB1 + 0x2000, 0, (GB1 + 0x1000) | 0x13);
	ck_assert_uint_eq(reg(m, GERROR), DPT_ERR);
	set_reg64(m, DPT_CFG_FAR, 0);
	expect_forbidden(m, GB1 + 0x2000, 0, (GB1 + 0x2000) | 0x13);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 2);
	/* cleared, but not acknowledged: a new syndrome, the same error */
	set_reg64(m, DPT_CFG_FAR, 0);
	expect_forbidden(m, GB1, 0, GB1 | 0x13);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 2);
	close_machine(m);
}
END_TEST

static void look(struct machine *m, const struct happening *now)
{
	uint64_t *far = m->context;

	if (now->kind == INTERRUPT && now->about == SMMU3_INTERRUPT_GERROR)
		far[0] = reg64(m, DPT_CFG_FAR);
	if (now->kind == WRITES && now->access.reason == SMMU3_REASON_EVENTQ)
		far[1] = reg64(m, DPT_CFG_FAR);
}

/* DPTI-006: DPT_CFG_FAR before GERROR.DPT_ERR, that before the record */
START_TEST(the_syndrome_comes_before_the_error_and_that_before_the_record)
{
	uint64_t far[2] = { 0 };
	struct machine *m = dpt_started();

	put_level0(m, 5, 2);
	m->inside = look;
	m->context = far;
	expect_forbidden(m, 5 * GB, 0, (5 * GB) | 0x11);
	ck_assert_uint_eq(far[0], (5 * GB) | 0x11);
	ck_assert_uint_eq(far[1], (5 * GB) | 0x11);
	ck_assert_uint_eq(first(m, INTERRUPT)->about, SMMU3_INTERRUPT_GERROR);
	ck_assert_uint_eq(first(m, INTERRUPT)->eventq_prod, 0);
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_EVENTQ)->gerror, DPT_ERR);
	close_machine(m);
}
END_TEST

/* DPTI-003: only a write that clears FAULT counts, and it clears everything; one of half the
 * register does if it is the lower.  6.3.48 */
START_TEST(dpt_cfg_far_is_cleared_by_a_write_of_fault_0)
{
	const uint64_t far = (3 * GB) | 0x11;
	struct machine *m = dpt_started();

	put_level0(m, 3, 2);
	set_reg64(m, DPT_CFG_FAR, UINT64_C(0x00ffffff000000f3)); /* makes none */
	expect_forbidden(m, 3 * GB, 0, far);
	set_reg64(m, DPT_CFG_FAR, 1);
	expect_far(m, far);
	set_reg64(m, DPT_CFG_FAR, UINT64_MAX);
	expect_far(m, far);
	set_reg(m, DPT_CFG_FAR + 4, 0);
	expect_far(m, far);
	if (_i == 0)
		set_reg64(m, DPT_CFG_FAR, ~UINT64_C(1));
	else
		set_reg(m, DPT_CFG_FAR, 0xfffffffe);
	expect_far(m, 0);
	close_machine(m);
}
END_TEST

/* A probe tells nobody. */
START_TEST(a_probe_of_a_bad_table_tells_nothing)
{
	struct machine *m = dpt_started();

	put_level0(m, 3, 2);
	ck_assert_uint_eq(translated(m, 3 * GB, SMMU3_TXN_PROBE).verdict, SMMU3_ABORT);
	expect_far(m, 0);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	close_machine(m);
}
END_TEST

/* ---- Registers ---- */

/* DPTI-001, IDR-019: BADDR[55:12] below OAS, RA; DPTPS, DPTGS, L0DPTSZ; RO while DPT_WALK_EN is 1.
 * 6.3.46, 6.3.47 */
START_TEST(the_registers_are_locked_while_walks_are_enabled)
{
	struct machine *m = dpt_machine();

	open_machine(m);
	set_reg64(m, DPT_BASE, UINT64_MAX);
	set_reg(m, DPT_BASE_CFG, UINT32_MAX);
	ck_assert_uint_eq(reg64(m, DPT_BASE), UINT64_C(0x400ffffffffff000)); /* OAS 52 */
	ck_assert_uint_eq(reg(m, DPT_BASE_CFG), 0x00f0c007);
	set_reg64(m, DPT_BASE, LEVEL0_AT);
	update(m, CR0, DPT_WALK_EN);
	set_reg64(m, DPT_BASE, 0);
	set_reg(m, DPT_BASE_CFG, 0);
	ck_assert_uint_eq(reg64(m, DPT_BASE), LEVEL0_AT);
	ck_assert_uint_eq(reg(m, DPT_BASE_CFG), 0x00f0c007);
	update(m, CR0, 0);
	set_reg64(m, DPT_BASE, 0);
	set_reg(m, DPT_BASE_CFG, 0);
	ck_assert_uint_eq(reg64(m, DPT_BASE), 0);
	ck_assert_uint_eq(reg(m, DPT_BASE_CFG), 0);
	close_machine(m);
}
END_TEST

/* DPTI-001, CR-001, GER-003: without IDR3.DPT the registers, DPT_WALK_EN and DPT_ERR are RES0 */
START_TEST(without_a_table_there_are_no_registers_of_it)
{
	struct machine *m = dpt_machine();

	m->config.idr[3] &= ~(1u << 15);
	open_machine(m);
	set_reg64(m, DPT_BASE, UINT64_MAX);
	set_reg(m, DPT_BASE_CFG, UINT32_MAX);
	set_reg(m, CR0, DPT_WALK_EN);
	set_reg(m, GERRORN, DPT_ERR);
	ck_assert_uint_eq(reg64(m, DPT_BASE), 0);
	ck_assert_uint_eq(reg(m, DPT_BASE_CFG), 0);
	ck_assert_uint_eq(reg(m, CR0), 0);
	ck_assert_uint_eq(reg(m, CR0ACK), 0);
	ck_assert_uint_eq(reg(m, GERRORN), 0);
	close_machine(m);
}
END_TEST

/* CR-025, DPT-01: fetches have the attributes of CR1.TABLE_*, with read-allocation by DPT_BASE.RA,
 * and are of Non-secure memory.  3.24.3, 13.8 */
START_TEST(the_table_is_read_with_the_attributes_of_cr1)
{
	struct machine *m = dpt_machine();

	open_dpt_machine(m);
	set_reg64(m, DPT_BASE, LEVEL0_AT | (_i ? UINT64_C(1) << 62 : 0));
	set_reg(m, CR1, 1u << 6 | 2u << 8 | 2u << 10); /* TABLE_IC WB, TABLE_OC WT, TABLE_SH OSH */
	update(m, CR0, ALL_CHECKED);
	look_away(m);
	expect_forbidden(m, GB1, 0, 0);
	const struct smmu3_mem_access *level0 = &first_for(m, SMMU3_REASON_DPT)->access;

	ck_assert_uint_eq(level0->pa, LEVEL0_AT + 8);
	ck_assert_uint_eq(level0->bytes, 8);
	ck_assert_uint_eq(level0->pas, SMMU3_PAS_NS);
	/* outer Write-Through 10RW, inner Write-Back 11RW */
	ck_assert_uint_eq(level0->attr.mair, _i ? 0xae : 0x8c);
	ck_assert_uint_eq(level0->attr.sh, SMMU3_OSH);
	close_machine(m);
}
END_TEST

/* What happens while a descriptor is read: walks are disabled, and enabled again at once. */
struct switching {
	bool on;
	uint32_t off_ack, on_value;
};

static void switch_off(struct machine *m, const struct happening *now)
{
	struct switching *switching = m->context;

	if (switching->on || now->access.reason != SMMU3_REASON_DPT)
		return;
	switching->on = true;
	set_reg(m, CR0, ALL_CHECKED & ~(unsigned)DPT_WALK_EN);
	switching->off_ack = reg(m, CR0ACK);
	set_reg(m, CR0, ALL_CHECKED);
	switching->on_value = reg(m, CR0);
}

/* CR-021: while a fetch is outstanding 1 -> 0 is not acknowledged, and DPT_WALK_EN is RO.
 * Afterwards there are no walks.  6.3.9 */
START_TEST(disabling_walks_is_acknowledged_when_none_is_under_way)
{
	struct switching switching = { false, 0, 0 };
	struct machine *m = dpt_started();

	put_level1(m, 0, 1 | GRANT_ANY);
	m->inside = switch_off;
	m->context = &switching;
	expect_passes(m, GB1, 0);
	ck_assert_uint_eq(switching.off_ack, ALL_CHECKED);
	ck_assert_uint_eq(switching.on_value, ALL_CHECKED & ~(unsigned)DPT_WALK_EN);
	ck_assert_uint_eq(reg(m, CR0ACK), ALL_CHECKED & ~(unsigned)DPT_WALK_EN);
	maintain(m);
	look_away(m);
	expect_forbidden(m, GB1, 0, GB1 | 0x01);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_DPT), 0);
	update(m, CR0, ALL_CHECKED);
	expect_passes(m, GB1, 0);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, the_first_lookup_fault_is_told);
	tcase_add_test(tests, the_syndrome_comes_before_the_error_and_that_before_the_record);
	tcase_add_loop_test(tests, dpt_cfg_far_is_cleared_by_a_write_of_fault_0, 0, 2);
	tcase_add_test(tests, a_probe_of_a_bad_table_tells_nothing);
	tcase_add_test(tests, the_registers_are_locked_while_walks_are_enabled);
	tcase_add_test(tests, without_a_table_there_are_no_registers_of_it);
	tcase_add_loop_test(tests, the_table_is_read_with_the_attributes_of_cr1, 0, 2);
	tcase_add_test(tests, disabling_walks_is_acknowledged_when_none_is_under_way);
}

int main(void)
{
	return run("dpt_registers", add);
}
