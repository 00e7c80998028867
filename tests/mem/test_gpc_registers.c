/* SPDX-License-Identifier: MIT */
/* Granule protection as its registers say it is.  Values are worked out from 6.3.112 to 6.3.115:
 * PPS in bits 2:0, IRGN 9:8, ORGN 11:10, SH 13:12, PGS 15:14, L0GPTSZ 23:20. */
#include "mem/gpc.h"
#include "support/suite.h"

#include <check.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

/* Inner Shareable, Write-Back: an attribute that is valid. */
enum { WB_ISH = 0x3500 };

static struct features everything(void)
{
	return (struct features){
		.oas_bits = 52, .gran4k = true, .gran16k = true, .gran64k = true
	};
}

static struct gpc decoded(const struct features *features, uint64_t base, uint64_t cfg)
{
	const struct gpc_registers registers = { base, cfg, true, true };

	return gpc_decode(features, &registers);
}

static struct gpc by_cfg(uint64_t cfg)
{
	const struct features features = everything();

	return decoded(&features, 0, cfg);
}

/* RME-006, RME-007, GPC-02: the sizes that each encoding means; 0: reserved */
static const struct {
	unsigned code, bits;
} pps[] = { { 0, 32 }, { 1, 36 }, { 2, 40 }, { 3, 42 }, { 4, 44 }, { 5, 48 }, { 6, 52 }, { 7, 0 } },
  pgs[] = { { 0, 12 }, { 1, 16 }, { 2, 14 }, { 3, 0 } },
  l0gptsz[] = { { 0, 30 }, { 1, 0 },  { 2, 0 },  { 3, 0 },  { 4, 34 }, { 5, 0 },
		{ 6, 36 }, { 7, 0 },  { 8, 0 },  { 9, 39 }, { 10, 0 }, { 11, 0 },
		{ 12, 0 }, { 13, 0 }, { 14, 0 }, { 15, 0 } };

START_TEST(pps_is_the_size_of_what_is_protected)
{
	const struct gpc gpc = by_cfg(WB_ISH | pps[_i].code);

	ck_assert_uint_eq(gpc.valid, pps[_i].bits != 0);
	ck_assert_uint_eq(gpc.size_bits, pps[_i].bits);
}
END_TEST

START_TEST(pgs_is_the_size_of_a_granule)
{
	const struct gpc gpc = by_cfg(WB_ISH | pgs[_i].code << 14);

	ck_assert_uint_eq(gpc.valid, pgs[_i].bits != 0);
	ck_assert_uint_eq(gpc.granule_lg2, pgs[_i].bits);
}
END_TEST

START_TEST(l0gptsz_is_the_size_of_a_level_0_entry)
{
	const struct gpc gpc = by_cfg(WB_ISH | 6 | l0gptsz[_i].code << 20);

	ck_assert_uint_eq(gpc.valid, l0gptsz[_i].bits != 0);
	ck_assert_uint_eq(gpc.level0_bits, l0gptsz[_i].bits);
}
END_TEST

/* RME-007: a size beyond OAS is invalid, OAS itself is not */
START_TEST(pps_beyond_oas_is_invalid)
{
	struct features features = everything();

	features.oas_bits = 44;
	ck_assert(decoded(&features, 0, WB_ISH | 4).valid);
	ck_assert(!decoded(&features, 0, WB_ISH | 5).valid);
	ck_assert(!decoded(&features, 0, WB_ISH | 6).valid);
	features.oas_bits = 36;
	ck_assert(decoded(&features, 0, WB_ISH | 1).valid);
	ck_assert(!decoded(&features, 0, WB_ISH | 2).valid);
}
END_TEST

/* RME-007: each granule needs its bit in IDR5 */
START_TEST(a_granule_that_is_not_implemented_is_invalid)
{
	const struct features only4k = { .oas_bits = 52, .gran4k = true },
			      only16k = { .oas_bits = 52, .gran16k = true },
			      only64k = { .oas_bits = 52, .gran64k = true };

	for (unsigned code = 0; code < 4; code++) {
		ck_assert_uint_eq(decoded(&only4k, 0, WB_ISH | code << 14).valid, code == 0);
		ck_assert_uint_eq(decoded(&only64k, 0, WB_ISH | code << 14).valid, code == 1);
		ck_assert_uint_eq(decoded(&only16k, 0, WB_ISH | code << 14).valid, code == 2);
	}
}
END_TEST

/* RME-007: SH = 1 is reserved, and what is Non-cacheable at both levels must be Outer Shareable */
START_TEST(an_invalid_combination_of_attributes_is_invalid)
{
	for (unsigned irgn = 0; irgn < 4; irgn++)
		for (unsigned orgn = 0; orgn < 4; orgn++)
			for (unsigned sh = 0; sh < 4; sh++) {
				const bool nc = !irgn && !orgn;
				const bool valid = sh == 2 || (!nc && sh != 1);

				ck_assert_uint_eq(by_cfg(sh << 12 | orgn << 10 | irgn << 8).valid,
						  valid);
			}
}
END_TEST

/* 6.3.115: the attributes of fetches, as bytes of MAIR: 4 Non-cacheable; f Write-Back, read- and
 * write-allocate; a Write-Through, read-allocate; e Write-Back, read-allocate */
static const struct {
	unsigned cfg;
	uint8_t mair, sh;
} attrs[] = {
	{ 0x2000, 0x44, SMMU3_OSH }, { 0x3500, 0xff, SMMU3_ISH }, { 0x2a00, 0xaa, SMMU3_OSH },
	{ 0x0f00, 0xee, SMMU3_NSH }, { 0x3100, 0x4f, SMMU3_ISH }, { 0x3400, 0xf4, SMMU3_ISH },
	{ 0x0e00, 0xea, SMMU3_NSH }, { 0x2700, 0xfe, SMMU3_OSH },
};

START_TEST(fetches_have_the_attributes_configured)
{
	const struct gpc gpc = by_cfg(attrs[_i].cfg);

	ck_assert(gpc.valid);
	ck_assert_uint_eq(gpc.attr.mair, attrs[_i].mair);
	ck_assert_uint_eq(gpc.attr.sh, attrs[_i].sh);
}
END_TEST

/* RME-005: bits [x:0] with x = max(pps - l0gptsz + 2, 11) are 0, and so are those from OAS on */
static const struct {
	unsigned cfg;
	uint64_t base;
} bases[] = {
	{ 0x000000, UINT64_C(0x000ffffffffff000) }, /* 32, 30: x = 11 */
	{ 0x000002, UINT64_C(0x000fffffffffe000) }, /* 40, 30: x = 12 */
	{ 0x000005, UINT64_C(0x000fffffffe00000) }, /* 48, 30: x = 20 */
	{ 0x000006, UINT64_C(0x000ffffffe000000) }, /* 52, 30: x = 24 */
	{ 0x400006, UINT64_C(0x000fffffffe00000) }, /* 52, 34: x = 20 */
	{ 0x600006, UINT64_C(0x000ffffffff80000) }, /* 52, 36: x = 18 */
	{ 0x900006, UINT64_C(0x000fffffffff0000) }, /* 52, 39: x = 15 */
	{ 0x900005, UINT64_C(0x000ffffffffff000) }, /* 48, 39: x = 11 */
	{ 0x900000, UINT64_C(0x000ffffffffff000) }, /* 32, 39: one entry */
	{ 0x600001, UINT64_C(0x000ffffffffff000) }, /* 36, 36: one entry */
};

START_TEST(the_base_is_aligned_to_the_level_0_table)
{
	struct features features = everything();

	ck_assert_uint_eq(decoded(&features, UINT64_MAX, WB_ISH | bases[_i].cfg).base,
			  bases[_i].base);
}
END_TEST

START_TEST(bits_of_the_base_from_oas_on_are_ignored)
{
	struct features features = everything();

	features.oas_bits = 40;
	ck_assert_uint_eq(decoded(&features, UINT64_C(0xf10080003000), WB_ISH | 2).base,
			  0x80002000);
	ck_assert_uint_eq(decoded(&features, UINT64_C(0xff80003000), WB_ISH | 2).base,
			  UINT64_C(0xff80002000));
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, pps_is_the_size_of_what_is_protected, 0, COUNT(pps));
	tcase_add_loop_test(tests, pgs_is_the_size_of_a_granule, 0, COUNT(pgs));
	tcase_add_loop_test(tests, l0gptsz_is_the_size_of_a_level_0_entry, 0, COUNT(l0gptsz));
	tcase_add_test(tests, pps_beyond_oas_is_invalid);
	tcase_add_test(tests, a_granule_that_is_not_implemented_is_invalid);
	tcase_add_test(tests, an_invalid_combination_of_attributes_is_invalid);
	tcase_add_loop_test(tests, fetches_have_the_attributes_configured, 0, COUNT(attrs));
	tcase_add_loop_test(tests, the_base_is_aligned_to_the_level_0_table, 0, COUNT(bases));
	tcase_add_test(tests, bits_of_the_base_from_oas_on_are_ignored);
}

int main(void)
{
	return run_suite("gpc_registers", add);
}
