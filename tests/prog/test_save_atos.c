/* SPDX-License-Identifier: MIT */
/* What is saved of ATOS: its registers, results among them, and requests that are due.
 * docs/save.md */
#include "atos.h"
#include "blob.h"
#include "run.h"
#include "waiting.h"

#include <check.h>
#include <string.h>

/* ATO-003, ATO-010: results and what was asked are there again */
START_TEST(results_are_there_again)
{
	struct machine *m = atos_machine();

	(void)par_of(m, &gatos, 7 | ATOS_SSID(1), BOTH_OF(0x3000));
	(void)par_of(m, &vatos, 6, STAGE1_OF(0x4000));
	reload(m);
	ck_assert_uint_eq(reg64(m, gatos.sid), 7 | ATOS_SSID(1));
	ck_assert_uint_eq(reg64(m, gatos.addr), BOTH_OF(0x3000));
	ck_assert_uint_eq(reg64(m, gatos.par), 0xff000000e0000b00);
	ck_assert_uint_eq(reg64(m, vatos.sid), 6);
	ck_assert_uint_eq(reg64(m, vatos.par), PAR_FAULT(0x04, 0));
	ck_assert_uint_eq(reg(m, VATOS_SEL), 3);
	ck_assert_uint_eq(par_of(m, &vatos, 1, STAGE1_OF(0)), 0xff00000060000b00);
	close_machine(m);
}
END_TEST

/* ATO-002: a request that is due is done with the first register access after */
START_TEST(a_request_that_is_due_is_done_where_it_is_loaded)
{
	struct machine *m = atos_machine();

	set_reg64(m, gatos.sid, 3);
	set_reg64(m, gatos.addr, BOTH_OF(0));
	pause_work(m);
	set_reg(m, gatos.ctrl, 1);
	do_acts(m, 0);
	const struct blob blob = saved(m);

	renew(m);
	load(m, &blob);
	const struct blob again = saved(m);

	ck_assert(same_blob(&blob, &again));
	ck_assert_uint_eq(count(m, READS), 0);
	(void)reg(m, CR0);
	ck_assert(!running(m, &gatos));
	ck_assert_uint_eq(reg64(m, gatos.par), 0xff000000e0000b00);
	close_machine(m);
}
END_TEST

/* ---- What cannot be ---- */

/* Where REGS has a register; a row of 16 bytes is put in where it belongs. */
static void put_register(struct blob *blob, uint32_t offset, uint64_t value)
{
	uint8_t row[16] = { 0 };
	size_t at = 0;

	put_at(&row[4], offset, 4);
	put_at(&row[8], value, 8);
	while (at < section_bytes(blob, "REGS") &&
	       (number_at(section(blob, "REGS") + at, 4) == 0 &&
		number_at(section(blob, "REGS") + at + 4, 4) < offset))
		at += 16;
	insert(blob, "REGS", at, row, 16);
	seal(blob);
}

/* ATO-002, ATO-010, ATO-011, ATO-012: PAR is a word that there can be; nothing runs of an SMMU that
 * is disabled */
START_TEST(a_state_of_atos_is_one_that_there_can_be)
{
	static const char result[] = "has a result that it never gives";
	static const struct {
		uint32_t offset;
		uint64_t value;
		const char *why; /* NULL: it can be */
	} rows[] = {
		{ 0x118, PAR_FAULT(0x10, 3) | 0x1000, NULL },
		{ 0x118, 0xff00000060000b00, NULL },
		{ 0x118, PAR_FAULT(0x20, 0), NULL },
		{ 0x118, PAR_FAULT(0x21, 0), NULL },
		{ 0x118, PAR_FAULT(0x25, 0), NULL },
		{ 0x118, PAR_FAULT(0x14, 0), result },
		{ 0x118, PAR_FAULT(0x26, 0), result },
		{ 0x118, 2, result },
		{ 0x20a18, PAR_FAULT(0xfd, 0), NULL },
		{ 0x20a18, PAR_FAULT(0x14, 0), result },
		{ 0x20a18, UINT64_C(1) << 53, result },
		{ 0x100, 1, "ATOS runs although the SMMU is disabled" },
		{ 0x20a00, 1, "ATOS runs although the SMMU is disabled" },
		{ 0x100, 2, "at 0x100 cannot hold 0x2" },
		{ 0x108, UINT64_C(1) << 53, "at 0x108 cannot hold" },
		{ 0x20a10, 0x10, "at 0x20a10 cannot hold" },
	};

	for (int i = 0; i < COUNT(rows); i++) {
		struct machine *m = machine("generic-3.1");

		m->config.idr[0] |= 1 << 15 | 1 << 20;
		open_machine(m);
		struct blob blob = saved(m);

		put_register(&blob, rows[i].offset, rows[i].value);
		if (rows[i].why)
			expect_refused(m, &blob, SMMU3_E_FORMAT, rows[i].why);
		else
			load(m, &blob);
		close_machine(m);
	}
}
END_TEST

/* ATO-001: without ATOS there is no result, without VATOS none of VATOS */
START_TEST(without_atos_there_is_no_result)
{
	for (int atos = 0; atos < 2; atos++) {
		struct machine *m = machine("generic-3.1");

		m->config.idr[0] |= (uint32_t)atos << 15;
		open_machine(m);
		struct blob blob = saved(m);

		put_register(&blob, atos ? 0x20a18 : 0x118, PAR_FAULT(0x10, 0));
		expect_refused(m, &blob, SMMU3_E_FORMAT, "cannot hold 0x101");
		close_machine(m);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, results_are_there_again);
	tcase_add_test(tests, a_request_that_is_due_is_done_where_it_is_loaded);
	tcase_add_test(tests, a_state_of_atos_is_one_that_there_can_be);
	tcase_add_test(tests, without_atos_there_is_no_result);
}

int main(void)
{
	return run("save_atos", add);
}
