/* SPDX-License-Identifier: MIT */
/* The performance monitor group: its registers, saved and loaded, and which there can be.  Chapter
 * 10 */
#include "monitored.h"
#include "run.h"

#include <check.h>
#include <smmu/decode.h>
#include <stdlib.h>
#include <string.h>

/* 10.5.2.13, 10.5.2.15, 10.5.2.16, 10.5.2.17, 10.5.2.26, 10.5.2.29: what identifies the group */
START_TEST(identification_says_what_there_is)
{
	struct machine *m = keeping(0);

	m->config.pmcg_cfgr = EIGHT_32;
	m->config.iidr = 0x1234543b;
	start_machine(m);
	ck_assert_uint_eq(reg(m, CFGR), EIGHT_32);
	set_reg(m, CFGR, 0);
	ck_assert_uint_eq(reg(m, CFGR), EIGHT_32);
	ck_assert_uint_eq(reg(m, P0 + 0xe08), 0x1234543b);
	ck_assert_uint_eq(reg64(m, CEID0), 0x3f); /* without ATS */
	ck_assert_uint_eq(reg64(m, CEID1), 0);
	ck_assert_uint_eq(reg(m, P0 + 0xe70), 1); /* SMMUv3.1 */
	ck_assert_uint_eq(reg(m, P0 + 0xfbc), 0x47702a56);
	ck_assert_uint_eq(reg(m, P0 + 0xfcc), 0x56);
	ck_assert_uint_eq(reg(m, P0 + 0xfe0), 0x23);
	ck_assert_uint_eq(reg(m, P0 + 0xfe4), 0xb1);
	ck_assert_uint_eq(reg(m, P0 + 0xfe8), 0x4b);
	ck_assert_uint_eq(reg(m, P0 + 0xfec), 0x50);
	ck_assert_uint_eq(reg(m, P0 + 0xfd0), 0x4);
	ck_assert_uint_eq(reg(m, P0 + 0xff0), 0x0d);
	ck_assert_uint_eq(reg(m, P0 + 0xff4), 0x90);
	ck_assert_uint_eq(reg(m, P0 + 0xff8), 0x05);
	ck_assert_uint_eq(reg(m, P0 + 0xffc), 0xb1);
	ck_assert_uint_eq(reg(m, P0 + 0xdf8), 0); /* SCR: no Secure state */
	ck_assert_uint_eq(reg(m, P0 + 0xe48), 0); /* ROOTCR */
	close_machine(m);
}
END_TEST

/* 10.1: groups are optional; without one its pages have no register */
START_TEST(without_a_group_there_is_nothing)
{
	struct machine *m = started("generic-3.1");

	for (uint64_t at = 0; at < 0x1000; at += 4) {
		set_reg(m, P0 + at, UINT32_MAX);
		set_reg(m, P1 + at, UINT32_MAX);
		ck_assert_uint_eq(reg(m, P0 + at), 0);
		ck_assert_uint_eq(reg(m, P1 + at), 0);
	}
	close_machine(m);
}
END_TEST

/* 10.5.2.1, 10.5.2.2, 10.5.2.4, 10.5.2.5: bits that registers have: of 8 counters, SIDSIZE as IDR1
 * says; those of other counters are RES0 */
START_TEST(registers_store_the_bits_they_have)
{
	struct machine *m = monitored(EIGHT_32 | (_i ? ONE_FILTER : 0), 0);
	const uint32_t sids = (uint32_t)((UINT64_C(1) << (m->config.idr[1] & 0x3f)) - 1);

	for (unsigned n = 0; n < 9; n++) {
		const bool there = n < 8, filtered = there && (!_i || !n);

		set_reg(m, EVTYPER0 + 4 * n, UINT32_MAX);
		set_reg(m, SMR0 + 4 * n, UINT32_MAX);
		set_reg(m, P1 + 4 * n, 0xfedcba98);
		ck_assert_uint_eq(reg(m, EVTYPER0 + 4 * n),
				  there ? 0x8000ffff | (filtered ? SPAN : 0) : 0);
		ck_assert_uint_eq(reg(m, SMR0 + 4 * n), filtered ? sids : 0);
		ck_assert_uint_eq(counter(m, n), there ? 0xfedcba98 : 0);
	}
	set_reg64(m, CNTENSET, UINT64_MAX);
	ck_assert_uint_eq(reg64(m, CNTENSET), 0xff);
	ck_assert_uint_eq(reg64(m, CNTENCLR), 0xff);
	set_reg64(m, CNTENCLR, 0x5a);
	ck_assert_uint_eq(reg64(m, CNTENSET), 0xa5);
	set_reg64(m, INTENSET, 0x1f0);
	set_reg(m, INTENCLR, 0x10);
	ck_assert_uint_eq(reg64(m, INTENSET), 0xe0);
	set_reg64(m, OVSSET, 0x1ff);
	set_reg64(m, OVSCLR, 0xf);
	ck_assert_uint_eq(reg64(m, OVSCLR), 0xf0);
	set_reg(m, PMCR, UINT32_MAX);
	ck_assert_uint_eq(reg(m, PMCR), 1);
	close_machine(m);
}
END_TEST

/* 10.5.1, 10.5.2.1: counters of more than 32 bits are 8 bytes apart; of 36 bits those above are 0
 */
START_TEST(wide_counters_are_eight_bytes_apart)
{
	struct machine *m = monitored((EIGHT_64 & ~0x3f00u) | 35u << 8, 0);

	set_reg64(m, P1 + 8, UINT64_MAX);
	ck_assert_uint_eq(reg64(m, P1 + 8), UINT64_C(0xfffffffff));
	ck_assert_uint_eq(reg64(m, P1), 0);
	set_reg(m, P1 + 12, 1);
	ck_assert_uint_eq(reg64(m, P1 + 8), UINT64_C(0x1ffffffff));
	set_up(m, 1, 1 | SPAN, ALL_STREAMS);
	(void)reached(m, 1, PAGE(1));
	ck_assert_uint_eq(reg64(m, P1 + 8), UINT64_C(0x200000000));
	set_reg64(m, P1 + 8, UINT64_C(0xffffffffe));
	(void)reached(m, 1, PAGE(1));
	ck_assert_uint_eq(reg64(m, P1 + 8), UINT64_C(0xfffffffff));
	ck_assert_uint_eq(reg64(m, OVSSET), 0); /* not before it passes its greatest value */
	(void)reached(m, 1, PAGE(1));
	ck_assert_uint_eq(reg64(m, P1 + 8), 0);
	ck_assert_uint_eq(reg64(m, OVSSET), 2);
	close_machine(m);
}
END_TEST

/* ---- Saved and loaded ---- */

static uint8_t *saved(struct machine *m, size_t *size)
{
	uint8_t *blob;

	ck_assert_int_eq(smmu3_save(m->smmu, NULL, size, NULL), 0);
	blob = malloc(*size);
	ck_assert_int_eq(smmu3_save(m->smmu, blob, size, NULL), 0);
	return blob;
}

/* 10.5.2: all registers come again, and counting goes on */
START_TEST(a_group_is_saved_and_loaded)
{
	struct machine *m = monitored(EIGHT_32 | WITH_MSI, 0);
	struct machine *other = monitored(EIGHT_32 | WITH_MSI, 0);
	struct machine *without = monitored(0, 0), *narrow = monitored(EIGHT_32, 0);
	struct smmu3_error error;
	size_t size, again;

	set_up(m, 3, 1 | SPAN, 0xffff);
	set_reg64(m, PM_IRQ_CFG0, DOORBELL);
	set_reg64(m, INTENSET, 9);
	set_reg64(m, OVSSET, 6);
	set_reg(m, PM_IRQ_CTRL, 1);
	(void)reached(m, 1, PAGE(1));
	set_reg(m, CAPR, 1);
	uint8_t *blob = saved(m, &size);

	ck_assert_int_eq(smmu3_load(other->smmu, blob, size, &error), 0);
	uint8_t *twin = saved(other, &again);

	ck_assert_uint_eq(size, again);
	ck_assert_int_eq(memcmp(blob, twin, size), 0);
	for (uint64_t at = 0; at < 0x1000; at += 4) {
		ck_assert_uint_eq(reg(m, P0 + at), reg(other, P0 + at));
		ck_assert_uint_eq(reg(m, P1 + at), reg(other, P1 + at));
	}
	(void)reached(other, 1, PAGE(1));
	ck_assert_uint_eq(counter(other, 3), 2);
	ck_assert_int_eq(smmu3_load(without->smmu, blob, size, &error), -SMMU3_E_UNSUPPORTED);
	ck_assert_int_eq(smmu3_load(narrow->smmu, blob, size, &error), -SMMU3_E_INCONSISTENT);
	free(twin);
	twin = saved(without, &again);
	ck_assert_int_eq(smmu3_load(m->smmu, twin, again, &error), -SMMU3_E_UNSUPPORTED);
	ck_assert_uint_eq(counter(m, 3), 1);
	free(blob);
	free(twin);
	close_machine(m);
	close_machine(other);
	close_machine(without);
	close_machine(narrow);
}
END_TEST

/* ---- The configuration ---- */

/* 10.5.2.13: reserved bits and sizes; what is not built */
START_TEST(a_group_that_cannot_be_is_refused)
{
	static const struct {
		uint32_t cfgr;
		int code;
	} rows[] = {
		{ EIGHT_32, 0 },
		{ EIGHT_64 | 63, 0 },
		{ EIGHT_32 | 1u << 6, -SMMU3_E_INCONSISTENT },
		{ EIGHT_32 | 1u << 26, -SMMU3_E_INCONSISTENT },
		{ (EIGHT_32 & ~0x3f00u) | 32u << 8, -SMMU3_E_INCONSISTENT },
		{ EIGHT_32 & ~(1u << 20), -SMMU3_E_UNSUPPORTED },
		{ EIGHT_32 | 1u << 24, -SMMU3_E_UNSUPPORTED },
		{ EIGHT_32 | 1u << 25, -SMMU3_E_UNSUPPORTED },
	};
	struct smmu3_config config;

	ck_assert_int_eq(smmu3_config_init(&config, "generic-3.1", NULL), 0);
	ck_assert_uint_eq(config.pmcg_cfgr, 0);
	for (int i = 0; i < COUNT(rows); i++) {
		config.pmcg_cfgr = rows[i].cfgr;
		ck_assert_int_eq(smmu3_config_check(&config, NULL), rows[i].code);
	}
}
END_TEST

/* 10.5, REG-002: neither page of a group may lie where IDR2 says that VATOS is */
START_TEST(a_group_that_hides_vatos_is_refused)
{
	static const uint8_t hides[] = { [0] = 0, [8] = 0, [9] = 1, [10] = 1, [11] = 0 };
	struct smmu3_config config;

	for (uint32_t ba = 0; ba < COUNT(hides); ba++) {
		ck_assert_int_eq(smmu3_config_init(&config, "generic-3.1", NULL), 0);
		config.idr[0] |= 1u << 15 | 1u << 20; /* ATOS, VATOS */
		config.idr[2] = ba;
		ck_assert_int_eq(smmu3_config_check(&config, NULL), 0);
		config.pmcg_cfgr = EIGHT_32;
		ck_assert_int_eq(smmu3_config_check(&config, NULL),
				 hides[ba] ? -SMMU3_E_INCONSISTENT : 0);
		config.idr[0] &= ~(1u << 20);
		config.idr[2] = 0;
		ck_assert_int_eq(smmu3_config_check(&config, NULL), 0);
	}
}
END_TEST

/* 10.5.1: registers by name and by place; those that stand many times are found at each */
START_TEST(registers_have_names)
{
	static const struct {
		uint64_t offset;
		const char *name;
	} rows[] = {
		{ EVTYPER0 + 4 * 63, "SMMU_PMCG_EVTYPERn" },
		{ SMR0, "SMMU_PMCG_SMRn" },
		{ P1 + 8 * 5, "SMMU_PMCG_EVCNTRn" },
		{ P1 + 0x600, "SMMU_PMCG_SVRn" },
		{ CNTENSET, "SMMU_PMCG_CNTENSET0" },
		{ OVSCLR, "SMMU_PMCG_OVSCLR0" },
		{ CFGR, "SMMU_PMCG_CFGR" },
		{ PMCR, "SMMU_PMCG_CR" },
		{ PM_IRQ_CFG2, "SMMU_PMCG_IRQ_CFG2" },
		{ CAPR, "SMMU_PMCG_CAPR" },
	};

	for (int i = 0; i < COUNT(rows); i++) {
		const struct smmu3_layout *layout = smmu3_register_at(rows[i].offset);

		ck_assert_ptr_nonnull(layout);
		ck_assert_str_eq(layout->name, rows[i].name);
		ck_assert_ptr_eq(smmu3_register_layout(rows[i].name), layout);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, identification_says_what_there_is);
	tcase_add_test(tests, without_a_group_there_is_nothing);
	tcase_add_loop_test(tests, registers_store_the_bits_they_have, 0, 2);
	tcase_add_test(tests, wide_counters_are_eight_bytes_apart);
	tcase_add_test(tests, a_group_is_saved_and_loaded);
	tcase_add_test(tests, a_group_that_cannot_be_is_refused);
	tcase_add_test(tests, a_group_that_hides_vatos_is_refused);
	tcase_add_test(tests, registers_have_names);
}

int main(void)
{
	return run("pmcg", add);
}
