/* SPDX-License-Identifier: MIT */
/* What an entry of the granule protection table says.  Values are worked out from D9.6 and D9.7. */
#include "mem/gpc.h"
#include "support/suite.h"

#include <check.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))
#define GB UINT64_C(0x40000000)

static struct gpc table(unsigned size_bits, unsigned level0_bits, unsigned granule_lg2)
{
	return (struct gpc){ .base = UINT64_C(0x8800000000),
			     .size_bits = (uint8_t)size_bits,
			     .level0_bits = (uint8_t)level0_bits,
			     .granule_lg2 = (uint8_t)granule_lg2,
			     .access = true,
			     .checks = true,
			     .valid = true };
}

/* ---- Where entries are ---- */

/* GPC-02: PA[t-1:s] indexes level 0, PA[s-1:p+4] level 1 */
static const struct {
	unsigned s, p;
	uint64_t pa, index0, index1;
} places[] = {
	{ 30, 12, 0, 0, 0 },
	{ 30, 12, UINT64_C(0x7654321abc), 0x1d9, 0x1432 }, /* 0x14321abc in 1 GB, / 64 KB */
	{ 30, 14, UINT64_C(0x7654321abc), 0x1d9, 0x50c },  /* / 256 KB */
	{ 30, 16, UINT64_C(0x7654321abc), 0x1d9, 0x143 },  /* / 1 MB */
	{ 34, 12, UINT64_C(0x7654321abc), 0x1d, 0x25432 }, /* 0x254321abc in 16 GB */
	{ 36, 14, UINT64_C(0x7654321abc), 0x7, 0x1950c },  /* 0x654321abc in 64 GB */
	{ 39, 16, UINT64_C(0x7654321abc), 0, 0x76543 },
	{ 39, 16, UINT64_C(0xf654321abc), 1, 0x76543 },
};

START_TEST(a_pa_has_an_index_for_each_level)
{
	const struct gpc gpc = table(52, places[_i].s, places[_i].p);

	ck_assert_uint_eq(gpt_level0_at(&gpc, places[_i].pa),
			  UINT64_C(0x8800000000) + 8 * places[_i].index0);
	ck_assert_uint_eq(gpt_level1_at(&gpc, UINT64_C(0x400000000), places[_i].pa),
			  UINT64_C(0x400000000) + 8 * places[_i].index1);
}
END_TEST

/* ---- GPIs ---- */

/* GPC-04: which spaces each permits, one bit each: NS 1, Secure 2, Realm 4, Root 8; -1: reserved */
static const int permitted[16] = {
	0x0, -1, -1, -1, -1, -1, -1, -1, 0x2, 0x1, 0x8, 0x4, -1, -1, -1, 0xf,
};

START_TEST(a_gpi_permits_pa_spaces)
{
	for (unsigned pas = 0; pas < 4; pas++)
		if (permitted[_i] >= 0)
			ck_assert_uint_eq(gpi_permits((unsigned)_i, (enum smmu3_pas)pas),
					  (unsigned)permitted[_i] >> pas & 1);
}
END_TEST

/* GPC-04, GPC-05: a reserved GPI makes each kind of entry invalid */
START_TEST(a_reserved_gpi_is_invalid)
{
	const struct gpc gpc = table(40, 30, 12);
	const enum gpt_meaning meaning = permitted[_i] < 0 ? GPT_INVALID : GPT_SAYS;
	const uint64_t gpi = (uint64_t)_i;
	struct pa_region region;

	ck_assert_uint_eq(gpt_level0(&gpc, 0, gpi << 4 | 1, &region), meaning);
	ck_assert_uint_eq(gpt_level1(&gpc, 0, gpi << 4 | 0x101, &region), meaning);
	for (unsigned i = 1; i < 16; i++)
		ck_assert_uint_eq(gpt_level1(&gpc, 0, gpi << 4 * i, &region), meaning);
}
END_TEST

/* ---- Level 0 ---- */

/* GPC-03, GPC-05: 40 bits of PA in entries of 1 GB; tables of 16, 14 and 12 KB granules are
 * 0x2000, 0x8000 and 0x20000 long */
static const struct {
	unsigned p;
	uint64_t entry;
	enum gpt_meaning meaning;
} level0[] = {
	{ 12, 0, GPT_INVALID },
	{ 12, 2, GPT_INVALID },
	{ 12, 0x99, GPT_INVALID }, /* 16 granules are of level 1 */
	{ 12, 0xffff, GPT_INVALID },
	{ 12, 0x91, GPT_SAYS },
	{ 12, 0x191, GPT_INVALID }, /* a contiguous entry is of level 1 */
	{ 12, UINT64_C(0x8000000000000091), GPT_INVALID },
	{ 12, UINT64_C(0x1091), GPT_INVALID },
	{ 12, 3, GPT_LEADS_ON },
	{ 12, UINT64_C(0xfffffe0003), GPT_LEADS_ON },
	{ 12, UINT64_C(0xfffffe0013), GPT_INVALID },
	{ 12, UINT64_C(0xfffffe0803), GPT_INVALID },
	{ 12, UINT64_C(0xfffffe1003), GPT_INVALID },
	{ 12, UINT64_C(0xffffff0003), GPT_INVALID },
	{ 14, UINT64_C(0xffffff8003), GPT_LEADS_ON },
	{ 14, UINT64_C(0xffffffc003), GPT_INVALID },
	{ 16, UINT64_C(0xffffffe003), GPT_LEADS_ON },
	{ 16, UINT64_C(0xfffffff003), GPT_INVALID },
	{ 12, UINT64_C(0x0010000000000003), GPT_INVALID }, /* [63:52] are no address */
	{ 12, UINT64_C(0x8000000000000003), GPT_INVALID },
	{ 12, UINT64_C(0x10000000003), GPT_BEYOND },
	{ 12, UINT64_C(0x8000000000003), GPT_BEYOND },
	{ 12, UINT64_C(0x10000000013), GPT_INVALID }, /* invalid comes before beyond */
};

START_TEST(a_level_0_entry_is_a_block_or_a_table)
{
	const struct gpc gpc = table(40, 30, level0[_i].p);
	struct pa_region region;

	ck_assert_uint_eq(gpt_level0(&gpc, 0, level0[_i].entry, &region), level0[_i].meaning);
}
END_TEST

/* GPC-03: the alignment of level 1 tables, whose size is that of D9.7's table */
static const struct {
	unsigned s, p;
	uint64_t bytes;
} sizes[] = {
	{ 30, 12, 128 << 10 }, { 30, 14, 32 << 10 },  { 30, 16, 8 << 10 },  { 34, 12, 2 << 20 },
	{ 34, 14, 512 << 10 }, { 34, 16, 128 << 10 }, { 36, 12, 8 << 20 },  { 36, 14, 2 << 20 },
	{ 36, 16, 512 << 10 }, { 39, 12, 64 << 20 },  { 39, 14, 16 << 20 }, { 39, 16, 4 << 20 },
};

START_TEST(a_level_1_table_is_aligned_to_its_size)
{
	const struct gpc gpc = table(52, sizes[_i].s, sizes[_i].p);
	struct pa_region region;

	ck_assert_uint_eq(gpt_level0(&gpc, 0, sizes[_i].bytes | 3, &region), GPT_LEADS_ON);
	ck_assert_uint_eq(region.table, sizes[_i].bytes);
	ck_assert_uint_eq(gpt_level0(&gpc, 0, sizes[_i].bytes / 2 | 3, &region), GPT_INVALID);
}
END_TEST

/* GPC-03: a block and a Table are of the whole range of the entry */
START_TEST(a_level_0_entry_is_of_its_range)
{
	const struct gpc gpc = table(40, 34, 12);
	struct pa_region region;

	ck_assert_uint_eq(gpt_level0(&gpc, 17 * GB + 0x1234, 0xb1, &region), GPT_SAYS);
	ck_assert_uint_eq(region.first, 16 * GB);
	ck_assert_uint_eq(region.size_lg2, 34);
	ck_assert_uint_eq(region.gpi, GPI_REALM);
	ck_assert_uint_eq(region.level, 0);
	ck_assert(!region.leads_on && !region.granule);
	ck_assert_uint_eq(gpt_level0(&gpc, 17 * GB, 0x80400003, &region), GPT_LEADS_ON);
	ck_assert_uint_eq(region.first, 16 * GB);
	ck_assert_uint_eq(region.table, 0x80400000);
	ck_assert(region.leads_on);
}
END_TEST

/* ---- Level 1 ---- */

/* GPC-03, GPC-05: what is no contiguous entry is 16 granules; of an address 0x12345678 */
static const struct {
	uint64_t entry;
	enum gpt_meaning meaning;
	unsigned size_lg2;
	uint64_t first;
	unsigned gpi;
} level1[] = {
	{ 0, GPT_SAYS, 12, 0x12345000, 0 },
	{ 0x101, GPT_SAYS, 21, 0x12200000, 0 },
	{ 0x191, GPT_SAYS, 21, 0x12200000, 9 },
	{ 0x2f1, GPT_SAYS, 25, 0x12000000, 15 },
	{ 0x3a1, GPT_SAYS, 29, 0, 10 },
	{ 0x091, GPT_INVALID, 0, 0, 0 }, /* Contig = 0 */
	{ 0x1c1, GPT_INVALID, 0, 0, 0 }, /* a reserved GPI */
	{ 0x591, GPT_INVALID, 0, 0, 0 }, /* bits 63:10 are RES0 */
	{ UINT64_C(0x8000000000000191), GPT_INVALID, 0, 0, 0 },
	{ 0x3, GPT_INVALID, 0, 0, 0 }, /* a Table is of level 0 */
	{ UINT64_C(0x9999999999b99999), GPT_SAYS, 12, 0x12345000, 11 },
	{ UINT64_C(0x9999999999199999), GPT_INVALID, 0, 0, 0 },
	{ UINT64_C(0x1999999999999999), GPT_INVALID, 0, 0, 0 },
};

START_TEST(a_level_1_entry_is_contiguous_or_16_granules)
{
	const struct gpc gpc = table(40, 30, 12);
	struct pa_region region = { 0 };

	ck_assert_uint_eq(gpt_level1(&gpc, 0x12345678, level1[_i].entry, &region),
			  level1[_i].meaning);
	if (level1[_i].meaning == GPT_INVALID)
		return;
	ck_assert_uint_eq(region.first, level1[_i].first);
	ck_assert_uint_eq(region.size_lg2, level1[_i].size_lg2);
	ck_assert_uint_eq(region.gpi, level1[_i].gpi);
	ck_assert_uint_eq(region.granule, level1[_i].size_lg2 == 12);
	ck_assert_uint_eq(region.level, 1);
	ck_assert(!region.leads_on);
}
END_TEST

/* GPC-02: granule i = PA[p+3:p] has bits 4i+3:4i.  From granule 15 down: 8 9 a b f 0, twice, then
 * 8 9 a b */
START_TEST(each_granule_has_its_gpi)
{
	static const uint8_t gpi[16] = { 11, 10, 9, 8, 0, 15, 11, 10, 9, 8, 0, 15, 11, 10, 9, 8 };
	static const uint8_t lg2[] = { 12, 14, 16 };
	const uint64_t entry = UINT64_C(0x89abf089abf089ab);

	for (unsigned size = 0; size < 3; size++)
		for (uint64_t i = 0; i < 16; i++) {
			const struct gpc gpc = table(40, 30, lg2[size]);
			const uint64_t first = GB + (i << lg2[size]);
			struct pa_region region;

			ck_assert_uint_eq(gpt_level1(&gpc, first + 0xfff, entry, &region),
					  GPT_SAYS);
			ck_assert_uint_eq(region.gpi, gpi[i]);
			ck_assert_uint_eq(region.first, first);
			ck_assert_uint_eq(region.size_lg2, lg2[size]);
		}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_pa_has_an_index_for_each_level, 0, COUNT(places));
	tcase_add_loop_test(tests, a_gpi_permits_pa_spaces, 0, 16);
	tcase_add_loop_test(tests, a_reserved_gpi_is_invalid, 0, 16);
	tcase_add_loop_test(tests, a_level_0_entry_is_a_block_or_a_table, 0, COUNT(level0));
	tcase_add_loop_test(tests, a_level_1_table_is_aligned_to_its_size, 0, COUNT(sizes));
	tcase_add_test(tests, a_level_0_entry_is_of_its_range);
	tcase_add_loop_test(tests, a_level_1_entry_is_contiguous_or_16_granules, 0, COUNT(level1));
	tcase_add_test(tests, each_granule_has_its_gpi);
}

int main(void)
{
	return run_suite("gpt_entries", add);
}
