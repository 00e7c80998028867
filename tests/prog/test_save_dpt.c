/* SPDX-License-Identifier: MIT */
/* An SMMU with a Device Permission Table is saved: registers, and a fault that is told.  Not what
 * it keeps.  docs/save.md */
#include "blob.h"
#include "keeping.h"
#include "permitted.h"
#include "run.h"

#include <check.h>

/* Where DPT_CFG_FAR's value stands among the registers that differ from reset: bank, offset, value.
 */
static uint8_t *saved_far(struct blob *blob)
{
	uint8_t *at = section(blob, "REGS");
	const size_t bytes = section_bytes(blob, "REGS");

	for (size_t i = 0; i < bytes; i += 16)
		if (number_at(at + i, 4) == 0 && number_at(at + i + 4, 4) == DPT_CFG_FAR)
			return at + i + 8;
	ck_abort_msg("DPT_CFG_FAR is not saved");
	return NULL;
}

/* A machine that has told a fault of level 1, of GB 1. */
static struct machine *told(void)
{
	struct machine *m = dpt_machine();

	keep_at_most(m, 64);
	start_dpt_machine(m);
	put_level1(m, 0, 1 | GRANT_ANY);
	put_level1(m, 1, 4);
	expect_passes(m, GB1, 0);
	expect_forbidden(m, GB1 + 0x2000, 0, (GB1 + 0x2000) | 0x13);
	return m;
}

/* DPTI-001, DPTI-003, GER-001: the table, the fault and the error are there again; what was kept of
 * the table is not */
START_TEST(a_fault_that_is_told_survives)
{
	struct machine *m = told();

	reload(m);
	ck_assert_uint_eq(reg64(m, DPT_BASE), LEVEL0_AT);
	ck_assert_uint_eq(reg(m, DPT_BASE_CFG), 1);
	ck_assert_uint_eq(reg64(m, DPT_CFG_FAR), (GB1 + 0x2000) | 0x13);
	ck_assert_uint_eq(reg(m, GERROR), DPT_ERR);
	ck_assert_uint_eq(reg(m, CR0ACK), ALL_CHECKED);
	put_level1(m, 0, 0);
	expect_forbidden(m, GB1, 0, (GB1 + 0x2000) | 0x13);
	set_reg64(m, DPT_CFG_FAR, 0);
	ck_assert_uint_eq(reg64(m, DPT_CFG_FAR), 0);
	close_machine(m);
}
END_TEST

/* DPTI-001, 3.24.2: an SMMU that takes up another state keeps nothing of its own: what the table
 * of that state refuses, it refuses */
START_TEST(what_was_kept_of_the_table_ends_with_a_load)
{
	struct machine *m = told();
	struct blob blob = saved(m);

	expect_passes(m, GB1, 0);
	put_level1(m, 0, 0);
	expect_passes(m, GB1, 0); /* kept */
	load(m, &blob);
	ck_assert_int_eq(translated(m, GB1, 0).event, F_TRANSL_FORBIDDEN);
	close_machine(m);
}
END_TEST

/* DPTI-003: what no fault could have left there, a GPC fault without granule protection among it */
START_TEST(a_syndrome_is_one_that_there_can_be)
{
	static const uint64_t wrong[] = {
		0x10,
		0x1000,
		0x03, /* FAULT 0; level 1 without walks */
		0x21,
		0x23,
		0x41,
		0xf1, /* GPC; reserved */
		0x111,
		0x19,
		UINT64_C(0x0010000000000011), /* RES0; beyond OAS */
		UINT64_C(0x0100000000000011),
	};
	struct machine *m = told();
	struct blob blob = saved(m);

	renew(m);
	put_at(saved_far(&blob), wrong[_i], 8);
	seal(&blob);
	expect_refused(m, &blob, SMMU3_E_FORMAT, "");
	put_at(saved_far(&blob), 0x31, 8);
	seal(&blob);
	load(m, &blob);
	ck_assert_uint_eq(reg64(m, DPT_CFG_FAR), 0x31);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_fault_that_is_told_survives);
	tcase_add_test(tests, what_was_kept_of_the_table_ends_with_a_load);
	tcase_add_loop_test(tests, a_syndrome_is_one_that_there_can_be, 0, 11);
}

int main(void)
{
	return run("save_dpt", add);
}
