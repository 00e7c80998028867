/* SPDX-License-Identifier: MIT */
/*
 * The Device Permission Table as its registers and descriptors say it is: pure rules, of the
 * Non-secure table and of the Realm one.  Bit numbers are those of 3.24.3.1, 6.3.47 and 6.3.48.
 */
#include "support/suite.h"
#include "walk/dpt.h"

#include <check.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))
#define BIT(n) (UINT64_C(1) << (n))
#define GB UINT64_C(0x40000000)

static const struct features all_features = {
	.oas_bits = 48, .gran4k = true, .gran16k = true, .gran64k = true, .vmid16 = true
};

static struct dpt table_of(const struct features *features, uint64_t cfg, uint64_t base)
{
	const struct dpt_registers registers = {
		.base = base, .cfg = cfg, .walks = true, .sec_sid = SMMU3_PAS_NS
	};

	return dpt_from(features, &registers);
}

/* DPTPS, DPTGS, L0DPTSZ */
#define CFG(ps, gs, l0) ((uint64_t)(ps) | (uint64_t)(gs) << 14 | (uint64_t)(l0) << 20)

/* 48 bits, 4KB, 1GB */
static struct dpt a_table(void)
{
	return table_of(&all_features, CFG(5, 0, 0), 0);
}

/* ---- Registers ---- */

/* DPTI-002: DPTPS 0 to 6 are 32 to 52 bits, 7 is reserved; what exceeds OAS is invalid.  6.3.47 */
START_TEST(the_table_is_as_large_as_dptps_says)
{
	static const uint8_t size[8] = { 32, 36, 40, 42, 44, 48, 52, 0 };

	for (unsigned oas = 32; oas <= 56; oas += 4)
		for (unsigned ps = 0; ps < 8; ps++) {
			struct features features = all_features;

			features.oas_bits = (uint8_t)oas;
			const struct dpt dpt = table_of(&features, CFG(ps, 0, 0), 0);
			const bool valid = size[ps] && size[ps] <= oas;

			ck_assert_uint_eq(dpt.valid, valid);
			ck_assert_uint_eq(dpt.size_bits, valid ? size[ps] : 0);
		}
}
END_TEST

/* DPTI-002: L0DPTSZ 0, 4, 6, 9 are 30, 34, 36, 39 bits, others reserved; at most DPTPS */
START_TEST(a_level_0_descriptor_is_of_as_much_as_l0dptsz_says)
{
	static const uint8_t size[16] = { [0] = 30, [4] = 34, [6] = 36, [9] = 39 };
	static const uint8_t whole[] = { 32, 36, 40 };

	for (unsigned ps = 0; ps < 3; ps++)
		for (unsigned l0 = 0; l0 < 16; l0++) {
			const struct dpt dpt = table_of(&all_features, CFG(ps, 0, l0), 0);

			ck_assert_uint_eq(dpt.level0_bits, size[l0]);
			ck_assert_uint_eq(dpt.valid, size[l0] && size[l0] <= whole[ps]);
		}
}
END_TEST

/* DPTI-002: DPTGS 0 is 4KB, 1 64KB, 2 16KB, each only if it is implemented; 3 is reserved */
START_TEST(the_granule_is_one_that_is_implemented)
{
	for (unsigned has = 0; has < 8; has++) {
		struct features features = all_features;

		features.gran4k = has & 1;
		features.gran64k = has & 2;
		features.gran16k = has & 4;
		for (unsigned gs = 0; gs < 4; gs++) {
			const unsigned lg2[] = { 12, 16, 14, 0 };
			const struct dpt dpt = table_of(&features, CFG(5, gs, 0), 0);

			ck_assert_uint_eq(dpt.valid, has >> gs & 1);
			ck_assert_uint_eq(dpt.granule_lg2, dpt.valid ? lg2[gs] : 0);
		}
	}
}
END_TEST

/* DPTI-001: BADDR is aligned to 4KB and to the table: 2^(48 - 30) descriptors are 2MB, 4 of them
 * less than a page; bits at and above OAS and RA are no address.  6.3.46 */
START_TEST(the_base_is_aligned_to_the_table)
{
	const uint64_t base = BIT(62) | UINT64_C(0x00fffffffffff000);
	const struct dpt large = a_table(), small = table_of(&all_features, CFG(0, 0, 0), base);

	ck_assert_uint_eq(large.base, 0);
	ck_assert_uint_eq(small.base, UINT64_C(0xfffffffff000));
	ck_assert_uint_eq(table_of(&all_features, CFG(5, 0, 0), base).base,
			  UINT64_C(0xffffffe00000));
}
END_TEST

/* ---- The lookup ---- */

/* DPT-02: the index of level 0 is PA[dptps-1:l0dptsz], that of level 1 PA[l0dptsz-1:dptgs+1] in a
 * table aligned to its size.  3.24.3 */
START_TEST(an_address_names_its_descriptors)
{
	static const struct {
		uint64_t cfg, addr, level0, level1;
	} rows[] = {
		/* 1GB, 4KB: level 1 tables of 2^17 descriptors, 1MB */
		{ CFG(5, 0, 0), 0, 0, 0 },
		{ CFG(5, 0, 0), UINT64_C(0xffffffffffff), 0x1ffff8, 0xffff8 },
		{ CFG(5, 0, 0), 5 * GB + 0x7000, 5 * 8, 3 * 8 },
		/* 16GB, 64KB: 2^17 descriptors */
		{ CFG(5, 1, 4), 48 * GB + 0x50000, 3 * 8, 2 * 8 },
		{ CFG(5, 1, 4), 16 * GB - 1, 0, 0xffff8 },
		/* 512GB, 16KB: 2^24 descriptors, 128MB */
		{ CFG(5, 2, 9), 512 * GB + 0x18000, 8, 3 * 8 },
		{ CFG(5, 2, 9), 512 * GB - 1, 0, 0x7fffff8 },
	};
	const struct dpt dpt = table_of(&all_features, rows[_i].cfg, UINT64_C(0x2000000000));
	const uint64_t table = UINT64_C(0x1000000000), low = 0x5000;

	ck_assert_uint_eq(dpt_level0_at(&dpt, rows[_i].addr), 0x2000000000 + rows[_i].level0);
	/* low bits of the pointer do not count */
	ck_assert_uint_eq(dpt_level1_at(&dpt, table | low, rows[_i].addr), table + rows[_i].level1);
}
END_TEST

struct expected {
	uint64_t descriptor, addr;
	enum dpt_meaning meaning;
	uint64_t first;
	unsigned size_lg2, ac, writable, vmid;
};

#define NOTHING 0, 0, 0, 0, 0

static void expect_region(const struct pa_region *region, const struct expected *want)
{
	ck_assert_uint_eq(region->first, want->first);
	ck_assert_uint_eq(region->size_lg2, want->size_lg2);
	ck_assert_uint_eq(region->ac, want->ac);
	ck_assert_uint_eq(region->writable, want->writable);
	ck_assert_uint_eq(region->vmid, want->vmid);
}

#define VMID0(n) ((uint64_t)(n) << 16)
#define VMID1(n) ((uint64_t)(n) << 48)
#define AC0(n) ((uint64_t)(n) << 2)
#define AC1(n) ((uint64_t)(n) << 34)
#define W0 BIT(4)
#define W1 BIT(36)
#define CONTIG(n) ((uint64_t)(n) << 8)

/* DPT-03: 1GB each */
static const struct expected level0[] = {
	{ 0, 0, DPT_NO_ACCESS, NOTHING },
	{ 2, 0, DPT_INVALID, NOTHING },
	{ 1 | VMID0(0xabcd), 3 * GB + 5, DPT_GRANTS, 3 * GB, 30, 0, 0, 0xabcd },
	{ 1 | AC0(1) | W0 | VMID0(7), GB - 1, DPT_GRANTS, 0, 30, 1, 1, 7 },
	{ 1 | AC0(2) | W0, 0, DPT_GRANTS, 0, 30, 2, 1, 0 },
	{ 1 | AC0(2) | VMID0(1), 0, DPT_INVALID, NOTHING }, /* RES0 then */
	{ 1 | AC0(3), 0, DPT_INVALID, NOTHING },
	{ 3, 2 * GB + 1, DPT_LEADS_ON, 2 * GB, 30, 0, 0, 0 },
	{ 3 | UINT64_C(0xfffffffff000), 0, DPT_LEADS_ON, 0, 30, 0, 0, 0 },
	{ 3 | BIT(48), 0, DPT_INVALID, NOTHING }, /* beyond OAS */
	{ 3 | BIT(55), 0, DPT_INVALID, NOTHING },
};

START_TEST(level_0_is_no_access_a_block_or_a_table)
{
	const struct expected *want = &level0[_i];
	const struct dpt dpt = a_table();
	struct pa_region region;

	ck_assert_int_eq(dpt_level0(&dpt, want->addr, want->descriptor, &region), want->meaning);
	if (want->meaning != DPT_GRANTS && want->meaning != DPT_LEADS_ON)
		return;
	ck_assert_uint_eq(region.leads_on, want->meaning == DPT_LEADS_ON);
	expect_region(&region, want);
	if (region.leads_on)
		ck_assert_uint_eq(region.table, want->descriptor & ~UINT64_C(0xfff));
}
END_TEST

/* DPT-03: MBZ and RES0 bits of each form, one at a time.  3.24.4 */
START_TEST(a_bit_that_is_res0_makes_a_descriptor_invalid)
{
	const struct dpt dpt = a_table();
	struct pa_region region;
	const uint64_t block = 3 | UINT64_C(7) << 2 | UINT64_C(0xffff) << 16; /* has these */
	const uint64_t upper = UINT64_C(7) << 34 | UINT64_C(0xffff) << 48;

	for (unsigned n = 2; n < 64; n++) {
		const bool mbz = !(block & BIT(n));
		const bool of_upper = upper & BIT(n);

		ck_assert_uint_eq(dpt_level0(&dpt, 0, BIT(n), &region), DPT_INVALID);
		ck_assert_uint_eq(dpt_level1(&dpt, 0, BIT(n), &region), DPT_INVALID);
		if (mbz)
			ck_assert_uint_eq(dpt_level0(&dpt, 0, 1 | BIT(n), &region), DPT_INVALID);
		if (n < 12 || n > 47)
			ck_assert_uint_eq(dpt_level0(&dpt, 0, 3 | BIT(n), &region), DPT_INVALID);
		/* A = 0b01: the upper half and Contig say nothing; A = 0b10: the lower */
		if (mbz)
			ck_assert_uint_eq(dpt_level1(&dpt, 0, 1 | BIT(n), &region), DPT_INVALID);
		if (!of_upper)
			ck_assert_uint_eq(dpt_level1(&dpt, 0, 2 | BIT(n), &region), DPT_INVALID);
		if (mbz && !of_upper && (n < 8 || n > 11))
			ck_assert_uint_eq(dpt_level1(&dpt, 0, 3 | BIT(n), &region), DPT_INVALID);
		/* of a contiguous region the upper half says nothing */
		if (of_upper)
			ck_assert_uint_eq(dpt_level1(&dpt, 0, 3 | CONTIG(2) | BIT(n), &region),
					  DPT_INVALID);
	}
}
END_TEST

/* DPT-03, DPT-02: two granules of 4KB; bit 12 of the address chooses */
static const struct expected level1[] = {
	{ 0, 0x1000, DPT_NO_ACCESS, NOTHING },
	{ 1 | VMID0(5), 0x6fff, DPT_GRANTS, 0x6000, 12, 0, 0, 5 },
	{ 1 | VMID0(5), 0x7000, DPT_NO_ACCESS, NOTHING },
	{ 2 | AC1(1) | W1 | VMID1(0x1234), 0x7123, DPT_GRANTS, 0x7000, 12, 1, 1, 0x1234 },
	{ 2 | AC1(1) | W1 | VMID1(0x1234), 0x6000, DPT_NO_ACCESS, NOTHING },
	{ 3 | AC0(2) | W0 | VMID1(9), 0x0, DPT_GRANTS, 0, 12, 2, 1, 0 },
	{ 3 | AC0(2) | W0 | VMID1(9), 0x1000, DPT_GRANTS, 0x1000, 12, 0, 0, 9 },
	/* judged as a whole, whichever granule is asked for */
	{ 3 | AC1(3), 0x0, DPT_INVALID, NOTHING },
	{ 3 | AC0(3), 0x1000, DPT_INVALID, NOTHING },
	{ 3 | AC1(2) | VMID1(1), 0x0, DPT_INVALID, NOTHING },
	{ 3 | AC0(2) | VMID0(1), 0x1000, DPT_INVALID, NOTHING },
	/* DPT-04: the lower half governs a region that is aligned to its size */
	{ 3 | CONTIG(1) | W0 | VMID0(3), 0x5f000, DPT_GRANTS, 0x50000, 16, 0, 1, 3 },
	{ 3 | CONTIG(2) | AC0(2), 0x5f1000, DPT_GRANTS, 0x400000, 21, 2, 0, 0 },
	{ 3 | CONTIG(3) | AC0(2), 0x5f1000, DPT_GRANTS, 0, 25, 2, 0, 0 },
	{ 3 | CONTIG(4) | AC0(2), GB - 1, DPT_GRANTS, GB / 2, 29, 2, 0, 0 },
	{ 3 | CONTIG(5) | AC0(2), 2 * GB - 1, DPT_GRANTS, GB, 30, 2, 0, 0 },
	/* larger than L0DPTSZ, or reserved */
	{ 3 | CONTIG(6) | AC0(2), 0, DPT_INVALID, NOTHING },
	{ 3 | CONTIG(7) | AC0(2), 0, DPT_INVALID, NOTHING },
	{ 3 | CONTIG(8) | AC0(2), 0, DPT_INVALID, NOTHING },
	{ 3 | CONTIG(15) | AC0(2), 0, DPT_INVALID, NOTHING },
};

static void expect_level1(const struct dpt *dpt, const struct expected *want)
{
	struct pa_region region;

	ck_assert_int_eq(dpt_level1(dpt, want->addr, want->descriptor, &region), want->meaning);
	if (want->meaning != DPT_GRANTS)
		return;
	expect_region(&region, want);
	ck_assert_uint_eq(region.leads_on, 0);
	ck_assert_uint_eq(region.granule, want->size_lg2 == dpt->granule_lg2);
}

START_TEST(level_1_is_of_two_granules_or_of_a_contiguous_region)
{
	const struct dpt dpt = a_table();

	expect_level1(&dpt, &level1[_i]);
}
END_TEST

/* DPT-04: 64KB with granules of 64KB is reserved, with those of 16KB it is not; 16GB and 64GB where
 * L0DPTSZ is as large */
START_TEST(contiguous_regions_are_larger_than_a_granule)
{
	static const struct {
		uint64_t cfg;
		struct expected want;
	} rows[] = {
		{ CFG(5, 1, 0), { 3 | CONTIG(1) | AC0(2), 0, DPT_INVALID, NOTHING } },
		{ CFG(5, 1, 0), { 3 | CONTIG(2) | AC0(2), 0, DPT_GRANTS, 0, 21, 2, 0, 0 } },
		{ CFG(5, 2, 0), { 3 | CONTIG(1) | AC0(2), 0xffff, DPT_GRANTS, 0, 16, 2, 0, 0 } },
		{ CFG(5, 0, 4), { 3 | CONTIG(6) | AC0(2), 5 * GB, DPT_GRANTS, 0, 34, 2, 0, 0 } },
		{ CFG(5, 0, 4), { 3 | CONTIG(7) | AC0(2), 0, DPT_INVALID, NOTHING } },
		{ CFG(5, 0, 6),
		  { 3 | CONTIG(7) | AC0(2), 65 * GB, DPT_GRANTS, 64 * GB, 36, 2, 0, 0 } },
	};
	const struct dpt dpt = table_of(&all_features, rows[_i].cfg, 0);

	expect_level1(&dpt, &rows[_i].want);
}
END_TEST

/* DPT-03: with VMIDs of 8 bits the upper ones are RES0, whatever AC is.  3.24.3.1 */
START_TEST(a_vmid_has_as_many_bits_as_are_implemented)
{
	struct features features = all_features;
	struct pa_region region;

	features.vmid16 = false;
	const struct dpt dpt = table_of(&features, CFG(5, 0, 0), 0);

	ck_assert_int_eq(dpt_level0(&dpt, 0, 1 | VMID0(0xff), &region), DPT_GRANTS);
	ck_assert_int_eq(dpt_level0(&dpt, 0, 1 | VMID0(0x100), &region), DPT_INVALID);
	ck_assert_int_eq(dpt_level1(&dpt, 0, 3 | VMID1(0xff), &region), DPT_GRANTS);
	ck_assert_int_eq(dpt_level1(&dpt, 0, 3 | VMID1(0x8000), &region), DPT_INVALID);
}
END_TEST

/* ---- The check ---- */

/* DPT-05: which AC and DPT_VMATCH have VMIDs compared; 0b11 never gets here.  3.24.1 */
START_TEST(the_vmid_is_compared_where_ac_and_vmatch_say_so)
{
	static const bool compared[3][3] = { { true, true, false },
					     { true, false, false },
					     { false, false, false } };

	for (uint8_t vmatch = 0; vmatch < 3; vmatch++)
		for (uint8_t ac = 0; ac < 3; ac++) {
			const struct pa_region region = { .ac = ac,
							   .vmid = 0x1203,
							   .writable = true };
			const struct dpt_request same = { 0, true, 0x1203, vmatch, { 0 } },
						 other = { 0, false, 0x0203, vmatch, { 0 } };

			ck_assert_int_eq(dpt_refuses(&region, &same), WHY_NONE);
			ck_assert_int_eq(dpt_refuses(&region, &other),
					 compared[vmatch][ac] ? WHY_DPT_VMID : WHY_NONE);
		}
}
END_TEST

/* DPT-06 */
START_TEST(w_is_0_refuses_writes)
{
	for (unsigned i = 0; i < 4; i++) {
		const struct pa_region region = { .ac = 2, .writable = i & 1 };
		const struct dpt_request request = { 0, i & 2, 0, 0, { 0 } };

		ck_assert_int_eq(dpt_refuses(&region, &request), i == 2 ? WHY_DPT_WRITE : WHY_NONE);
	}
}
END_TEST

/* DPT-08: of a Realm table AC 0b01 and 0b10 are of Non-secure memory */
START_TEST(the_table_says_where_its_pages_are)
{
	for (unsigned ac = 0; ac < 3; ac++) {
		ck_assert_int_eq(dpt_output(SMMU3_PAS_NS, ac), SMMU3_PAS_NS);
		ck_assert_int_eq(dpt_output(SMMU3_PAS_REALM, ac),
				 ac == 0 ? SMMU3_PAS_REALM : SMMU3_PAS_NS);
	}
}
END_TEST

/* ---- What is told ---- */

/* DPT-07, DPTI-003, DPTI-005: FAULT0, LEVEL1, DPT_FAULTCODE[7:4], FADDR[55:12]; a Device Access
 * fault is none */
START_TEST(a_lookup_fault_has_a_syndrome)
{
	static const struct {
		enum why why;
		uint64_t low;
	} rows[] = {
		{ WHY_DPT_DISABLED, 0x01 }, { WHY_DPT_CONFIG, 0x11 },
		{ WHY_DPT_L0_FETCH, 0x31 }, { WHY_DPT_L0_INVALID, 0x11 },
		{ WHY_DPT_L1_FETCH, 0x33 }, { WHY_DPT_L1_INVALID, 0x13 },
		{ WHY_DPT_RANGE, 0 },       { WHY_DPT_NO_ACCESS, 0 },
		{ WHY_DPT_VMID, 0 },        { WHY_DPT_WRITE, 0 },
		{ WHY_ATS_DISABLED, 0 },    { WHY_NONE, 0 },
	};
	const uint64_t addr = UINT64_C(0xff123456789abcde);
	const uint64_t page = UINT64_C(0x00123456789ab000);

	ck_assert_uint_eq(dpt_syndrome(rows[_i].why, addr), rows[_i].low ? page | rows[_i].low : 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("dpt_rules");
	TCase *tests = tcase_create("dpt_rules");

	suite_add_tcase(suite, tests);
	tcase_add_test(tests, the_table_is_as_large_as_dptps_says);
	tcase_add_test(tests, a_level_0_descriptor_is_of_as_much_as_l0dptsz_says);
	tcase_add_test(tests, the_granule_is_one_that_is_implemented);
	tcase_add_test(tests, the_base_is_aligned_to_the_table);
	tcase_add_loop_test(tests, an_address_names_its_descriptors, 0, 7);
	tcase_add_loop_test(tests, level_0_is_no_access_a_block_or_a_table, 0, COUNT(level0));
	tcase_add_test(tests, a_bit_that_is_res0_makes_a_descriptor_invalid);
	tcase_add_loop_test(tests, level_1_is_of_two_granules_or_of_a_contiguous_region, 0,
			    COUNT(level1));
	tcase_add_loop_test(tests, contiguous_regions_are_larger_than_a_granule, 0, 6);
	tcase_add_test(tests, a_vmid_has_as_many_bits_as_are_implemented);
	tcase_add_test(tests, the_vmid_is_compared_where_ac_and_vmatch_say_so);
	tcase_add_test(tests, w_is_0_refuses_writes);
	tcase_add_test(tests, the_table_says_where_its_pages_are);
	tcase_add_loop_test(tests, a_lookup_fault_has_a_syndrome, 0, 12);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
