/* SPDX-License-Identifier: MIT */
/* The registers of GATOS and VATOS: where they are, and when they can be written.  6.3.37 to
 * 6.3.44, 6.3.99 to 6.3.102 */
#include "atos.h"
#include "run.h"
#include "waiting.h"

#include <check.h>

enum { ATOS = 1 << 15, VATOS = 1 << 20, VMID16 = 1 << 18 };

static struct machine *with_features(uint32_t idr0, uint32_t ba_vatos)
{
	struct machine *m = machine("generic-3.1");

	m->config.idr[0] |= idr0;
	m->config.idr[2] = ba_vatos;
	open_machine(m);
	return m;
}

static bool stores(struct machine *m, uint64_t offset)
{
	set_reg64(m, offset, UINT64_MAX);
	const bool stored = reg64(m, offset);

	set_reg64(m, offset, 0);
	return stored;
}

/* ATO-001, REG-002, IDR-018: GATOS with ATOS; VATOS on the page that BA_VATOS numbers, and
 * VATOS_SEL in Page 0 */
START_TEST(a_group_is_there_with_its_feature)
{
	static const struct {
		uint32_t idr0, ba_vatos;
		bool gatos, vatos;
	} rows[] = {
		{ 0, 0, false, false },
		{ ATOS, 0, true, false },
		{ ATOS | VATOS, 0, true, true },
		{ ATOS | VATOS, 3, true, true },
		{ ATOS | VATOS, 0x3ff, true, true },
	};

	for (int i = 0; i < COUNT(rows); i++) {
		struct machine *m = with_features(rows[i].idr0, rows[i].ba_vatos);
		const uint64_t page = 0x20000 + UINT64_C(0x10000) * rows[i].ba_vatos;

		ck_assert_int_eq(stores(m, 0x108), rows[i].gatos);
		ck_assert_int_eq(stores(m, 0x110), rows[i].gatos);
		ck_assert_int_eq(stores(m, VATOS_SEL), rows[i].vatos);
		ck_assert_int_eq(stores(m, page + 0xa08), rows[i].vatos);
		ck_assert_int_eq(stores(m, page + 0xa10), rows[i].vatos);
		ck_assert(!stores(m, page + 0x10a08) && !stores(m, page - 0xf5f8));
		ck_assert(!stores(m, 0xa08) && !stores(m, 0x10a08)); /* of the page alone */
		close_machine(m);
	}
}
END_TEST

/* ATO-005, ATO-018: fields are as wide as what they name */
START_TEST(fields_are_as_wide_as_what_they_name)
{
	static const struct {
		uint32_t idr1, idr0;
		uint64_t sid;
		uint32_t sel;
	} rows[] = {
		{ 16 | 20 << 6, VMID16, 0x001fffff0000ffff, 0xffff },
		{ 7 | 1 << 6, VMID16, 0x001000010000007f, 0xffff },
		{ 32 | 0 << 6, 0, 0x00000000ffffffff, 0xff },
	};

	for (int i = 0; i < COUNT(rows); i++) {
		struct machine *m = machine("generic-3.1");

		m->config.idr[0] = (m->config.idr[0] & ~(uint32_t)VMID16) | rows[i].idr0 | ATOS |
				   VATOS;
		m->config.idr[1] = (m->config.idr[1] & ~UINT32_C(0x7ff)) | rows[i].idr1;
		open_machine(m);
		set_reg64(m, gatos.sid, UINT64_MAX);
		set_reg64(m, vatos.sid, UINT64_MAX);
		set_reg(m, VATOS_SEL, UINT32_MAX);
		ck_assert_uint_eq(reg64(m, gatos.sid), rows[i].sid);
		ck_assert_uint_eq(reg64(m, vatos.sid), rows[i].sid);
		ck_assert_uint_eq(reg(m, VATOS_SEL), rows[i].sel);
		close_machine(m);
	}
}
END_TEST

/* ATO-006: bits 5:0 are reserved, bit 4 too: NS is of Secure groups.  PAR is for reading. */
START_TEST(the_address_has_its_bits_and_the_result_none)
{
	static const struct atos_group *const groups[] = { &gatos, &vatos };
	struct machine *m = atos_machine();

	for (int i = 0; i < COUNT(groups); i++) {
		set_reg64(m, groups[i]->addr, UINT64_MAX);
		ck_assert_uint_eq(reg64(m, groups[i]->addr), 0xffffffffffffffc0);
		set_reg(m, groups[i]->addr + 4, 0x12345678); /* halves apart */
		ck_assert_uint_eq(reg64(m, groups[i]->addr), 0x12345678ffffffc0);
		set_reg64(m, groups[i]->par, UINT64_MAX);
		ck_assert_uint_eq(reg64(m, groups[i]->par), 0);
	}
	close_machine(m);
}
END_TEST

/* ATO-002: a write of 0 has no effect, nor have reserved bits; 64-bit writes are as any */
START_TEST(only_run_runs)
{
	struct machine *m = atos_machine();
	const uint64_t par = par_of(m, &gatos, 1, STAGE1_OF(0));

	set_reg64(m, gatos.addr, STAGE2_OF(0));
	set_reg(m, gatos.ctrl, 0);
	set_reg(m, gatos.ctrl, 0xfffffffe);
	ck_assert_uint_eq(reg64(m, gatos.par), par);
	set_reg64(m, gatos.ctrl, 1);
	ck_assert_uint_eq(reg64(m, gatos.par), INV_STAGE);
	ck_assert_uint_eq(reg64(m, gatos.ctrl), 0);
	close_machine(m);
}
END_TEST

/* ATO-002, CR-013: without SMMUEN a request is ignored, and is not made up for.  libsmmu does so in
 * SMMUv3.1 and before, too.  6.3.37 */
START_TEST(a_disabled_smmu_ignores_requests)
{
	static const struct atos_group *const groups[] = { &gatos, &vatos };
	struct machine *m = atos_machine();

	set_reg(m, CR0, CMDQEN | EVENTQEN);
	for (int i = 0; i < COUNT(groups); i++) {
		set_reg64(m, groups[i]->sid, 1);
		set_reg64(m, groups[i]->addr, STAGE1_OF(0));
		set_reg(m, groups[i]->ctrl, 1);
		ck_assert(!running(m, groups[i]));
	}
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	for (int i = 0; i < COUNT(groups); i++) {
		ck_assert(!running(m, groups[i]));
		ck_assert_uint_eq(reg64(m, groups[i]->par), 0);
	}
	ck_assert_uint_eq(count(m, READS), 0);
	close_machine(m);
}
END_TEST

/* ATO-003, ATO-018, ATO-019: a group that runs is locked, RUN included; the other is not.  6.3.37
 */
START_TEST(a_group_that_runs_is_locked)
{
	static const struct atos_group *const groups[] = { &gatos, &vatos };
	struct machine *m = atos_machine();

	for (int i = 0; i < 2; i++) {
		const struct atos_group *group = groups[i], *other = groups[1 - i];

		set_reg(m, VATOS_SEL, 3);
		ck_assert_uint_eq(par_of(m, group, 2, STAGE1_OF(0)), INV_STAGE);
		set_reg64(m, group->sid, 1);
		pause_work(m);
		set_reg(m, group->ctrl, 1);
		ck_assert(running(m, group));
		set_reg(m, group->ctrl, 0);
		set_reg64(m, group->sid, 6);
		set_reg64(m, group->addr, STAGE2_OF(GB));
		ck_assert(running(m, group));
		ck_assert_uint_eq(reg64(m, group->sid), 1);
		ck_assert_uint_eq(reg64(m, group->addr), STAGE1_OF(0));
		ck_assert_uint_eq(reg64(m, group->par), INV_STAGE);
		set_reg64(m, other->sid, 2);
		ck_assert_uint_eq(reg64(m, other->sid), 2);
		set_reg(m, VATOS_SEL, 9);
		ck_assert_uint_eq(reg(m, VATOS_SEL), group == &vatos ? 3 : 9);
		do_acts(m, 1);
		ck_assert(!running(m, group));
		ck_assert_uint_eq(reg64(m, group->par), 0xff00000060000b00);
		set_reg(m, VATOS_SEL, 3);
		ck_assert_uint_eq(reg(m, VATOS_SEL), 3);
	}
	close_machine(m);
}
END_TEST

/* RST-001 */
START_TEST(reset_forgets_requests_and_results)
{
	struct machine *m = atos_machine();

	(void)par_of(m, &gatos, 1, STAGE1_OF(0));
	pause_work(m);
	set_reg(m, gatos.ctrl, 1);
	set_reg(m, vatos.ctrl, 1);
	smmu3_reset(m->smmu);
	do_acts(m, 0);
	for (uint64_t at = 0x100; at < 0x120; at += 4) {
		ck_assert_uint_eq(reg(m, at), 0);
		ck_assert_uint_eq(reg(m, 0x20900 + at), 0);
	}
	ck_assert_uint_eq(reg(m, VATOS_SEL), 0);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_group_is_there_with_its_feature);
	tcase_add_test(tests, fields_are_as_wide_as_what_they_name);
	tcase_add_test(tests, the_address_has_its_bits_and_the_result_none);
	tcase_add_test(tests, only_run_runs);
	tcase_add_test(tests, a_disabled_smmu_ignores_requests);
	tcase_add_test(tests, a_group_that_runs_is_locked);
	tcase_add_test(tests, reset_forgets_requests_and_results);
}

int main(void)
{
	return run("atos_registers", add);
}
