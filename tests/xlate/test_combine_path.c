/* SPDX-License-Identifier: MIT */
/*
 * Every row of s1s2-attr-combine.csv from registers and memory to the attributes of the outcome:
 * each byte of MAIR with each shareability at stage 1, or driven by the device where there is no
 * stage 1, over each MemAttr and shareability of stage 2, without forced Write-Back and with.
 */
#include "support/walk_world.h"
#include "walk/combine_table.h"

static struct combine_row rows[COMBINE_ROWS];
static struct shareability_row shareability[SHAREABILITY_ROWS];

/* By [FWB][MemAttr], the rows of all types. */
static const struct combine_row *by_memattr[2][16][13];

static void read_rows(void)
{
	unsigned count[2][16] = { { 0 } };

	read_combine_table(rows, shareability);
	for (unsigned i = 0; i < COMBINE_ROWS; i++) {
		const struct combine_row *row = &rows[i];

		ck_assert_uint_lt(count[row->fwb][row->memattr], 13);
		by_memattr[row->fwb][row->memattr][count[row->fwb][row->memattr]++] = row;
	}
}

/* Where the table says Reserved, libsmmu takes Device-nGnRnE, but under FWB, where MemAttr[3] is
 * RES0, what it would be with that bit clear.  D8.6.5, D8.6.6 */
static struct meaning expected(bool fwb, unsigned memattr, struct meaning s1, unsigned s2_sh)
{
	const unsigned read_as = fwb ? memattr & 7 : memattr;

	for (unsigned i = 0; i < 13; i++) {
		const struct combine_row *row = by_memattr[fwb][read_as][i];

		if (same_type(row->s1, s1))
			return row->reserved ? settled((struct meaning){ .device = 0 }) :
					       combined_by(row, s1, s2_sh);
	}
	ck_abort_msg("no row");
}

/* 64 pages of stage 2 in a table at S2_TABLE(3): MemAttr in bits 3:0, SH in 5:4 of the number. */
enum { S2_PAGES = 64 };

#define IPA_OF(n) ((IPA_PAGE & ~UINT64_C(0x1ff000)) | (uint64_t)(n) << 12)
#define PA_OF(n) ((PA_PAGE & ~UINT64_C(0x1ff000)) | (uint64_t)(n) << 12)

static void put_stage2_pages(struct world *w)
{
	for (unsigned n = 0; n < S2_PAGES; n++)
		put(w, S2_TABLE(3) + 8 * n,
		    PA_OF(n) | (S2_PAGE & ~UINT64_C(0x33c)) | (n & 15) << 2 | (n >> 4) << 8);
}

static void force_write_back(struct world *w)
{
	w->ste[1] |= BIT(25);
	/* what holds the tables: as stage 1 has it */
	put(w, S2_TABLE(1) + 16, (RAM_BASE | S2_BLOCK) & ~BIT(5));
}

static void expect_combined(struct world *w, uint64_t address, bool fwb, struct meaning s1,
			    unsigned n)
{
	const struct meaning want = expected(fwb, n & 15, s1, n >> 4);

	if (ask(w, address, 0) != SMMU3_OK || w->out.pa != PA_OF(n) || !means(w->out.attr, want))
		ck_abort_msg("FWB %d, MemAttr %u, SH %u: 0x%02x/%u, verdict %u", fwb, n & 15,
			     n >> 4, w->out.attr.mair, w->out.attr.sh, w->out.verdict);
}

/* ATTR-12, ATTR-13, ATTR-14, ATTR-15, ATTR-16, ATTR-17, ATTR-18, ATTR-19, ATTR-20, ATTR-21 */
START_TEST(stage_2_alone_combines_every_input_by_its_row)
{
	const bool fwb = _i;
	struct world w = world(S2_ONLY);

	read_rows();
	put_stage2_pages(&w);
	if (fwb)
		force_write_back(&w);
	for (unsigned in = 0; in < 4 * 256; in++) {
		drive(&w, in & 255, in >> 8);
		for (unsigned n = 0; n < S2_PAGES; n++)
			expect_combined(&w, IPA_OF(n), fwb, meaning_of((uint8_t)in, in >> 8), n);
	}
	close_world(&w);
}
END_TEST

/* The page of AttrIndx, SH and stage 2 page: 2048 of them, in four tables. */
static unsigned stage1_page(unsigned index, unsigned sh, unsigned n)
{
	return index << 8 | sh << 6 | n;
}

#define VA_OF(page) ((VA & ~UINT64_C(0x3fffffff)) | (uint64_t)(page) << 12)

static void put_stage1_pages(struct world *w)
{
	for (unsigned table = 0; table < 4; table++)
		put(w, S1_TABLE(2) + 8 * table, (S1_TABLE(3) + 0x1000 * table) | TABLE);
	for (unsigned i = 0; i < 8 * 4 * S2_PAGES; i++)
		put(w, S1_TABLE(3) + 8 * i,
		    IPA_OF(i & 63) | (S1_PAGE & ~UINT64_C(0x31c)) | (i >> 8) << 2 |
			    (i >> 6 & 3) << 8);
}

/* ATTR-08, ATTR-09, ATTR-10, ATTR-11, ATTR-12, ATTR-13, ATTR-14, ATTR-15, ATTR-16, ATTR-17,
 * ATTR-18, ATTR-21, CD-23: the eight bytes of MAIR from 8 * (_i / 2) on, in their places */
START_TEST(stage_2_combines_every_stage_1_attribute_by_its_row)
{
	const bool fwb = _i % 2;
	const unsigned first = 8 * ((unsigned)_i / 2);
	struct world w = world(NESTED);

	read_rows();
	put_stage1_pages(&w);
	put_stage2_pages(&w);
	if (fwb)
		force_write_back(&w);
	for (unsigned index = 0; index < 8; index++)
		set_field(&w.cd[3], 8 * index, 8, first + index);
	for (unsigned i = 0; i < 8 * 4; i++) {
		const unsigned index = i / 4, sh = i % 4;
		const struct meaning s1 = meaning_of((uint8_t)(first + index), sh);

		for (unsigned n = 0; n < S2_PAGES; n++)
			expect_combined(&w, VA_OF(stage1_page(index, sh, n)), fwb, s1, n);
	}
	close_world(&w);
}
END_TEST

/* ATTR-06, ATTR-08, ATTR-09, ATTR-10, ATTR-11, ATTR-21, CD-23: stage 1 alone */
START_TEST(stage_1_alone_gives_the_meaning_of_its_mair_byte_and_sh)
{
	const unsigned first = 8 * (unsigned)_i;
	struct world w = world(S1_ONLY);

	put_stage1_pages(&w);
	for (unsigned index = 0; index < 8; index++)
		set_field(&w.cd[3], 8 * index, 8, first + index);
	for (unsigned i = 0; i < 8 * 4; i++) {
		const unsigned index = i / 4, sh = i % 4;

		ck_assert_uint_eq(ask(&w, VA_OF(stage1_page(index, sh, 0)), 0), SMMU3_OK);
		ck_assert_msg(means(w.out.attr, meaning_of((uint8_t)(first + index), sh)),
			      "MAIR 0x%02x, SH %u: 0x%02x/%u", first + index, sh, w.out.attr.mair,
			      w.out.attr.sh);
	}
	close_world(&w);
}
END_TEST

/* ATTR-14: stage 2 is Write-Back, so the type is stage 1's */
START_TEST(every_row_of_the_table_of_shareability_comes_out)
{
	struct world w = world(NESTED);

	read_rows();
	put_stage1_pages(&w);
	put_stage2_pages(&w);
	for (unsigned i = 0; i < SHAREABILITY_ROWS; i++) {
		const struct shareability_row *row = &shareability[i];
		const unsigned n = row->s2 << 4 | 15;

		ck_assert_uint_eq(ask(&w, VA_OF(stage1_page(0, row->s1, n)), 0), SMMU3_OK);
		ck_assert_uint_eq(w.out.attr.sh, row->result);
	}
	close_world(&w);
}
END_TEST

/* STE.MemAttr: bits 3:2 outer, 1:0 inner, 01 Non-cacheable, 10 Write-Through, 11 Write-Back; below
 * them Device; others are Device-nGnRnE.  5.2 */
static const uint8_t ste_memattr[16] = { 0x00, 0x04, 0x08, 0x0c, 0x00, 0x44, 0x4b, 0x4f,
					 0x00, 0xb4, 0xbb, 0xbf, 0x00, 0xf4, 0xfb, 0xff };

/* ATTR-03, ATTR-20: a stage 2 leaf that changes nothing, MemAttr 1111 or, forced, 0111 */
START_TEST(memattr_of_the_ste_means_the_same_under_forced_write_back)
{
	const unsigned memattr = (unsigned)_i % 16;
	const bool fwb = _i / 16, osh = ste_memattr[memattr] < 16 || ste_memattr[memattr] == 0x44;
	struct world w = world(S2_ONLY);

	put_stage2_pages(&w);
	if (fwb)
		force_write_back(&w);
	set_field(&w.ste[1], 32, 4, memattr);
	set_field(&w.ste[1], 36, 1, 1); /* MTCFG */
	ck_assert_uint_eq(ask(&w, IPA_OF(fwb ? 7 : 15), 0), SMMU3_OK);
	ck_assert_uint_eq(w.out.attr.mair, ste_memattr[memattr]);
	ck_assert_uint_eq(w.out.attr.sh, osh ? SMMU3_OSH : SMMU3_NSH);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, stage_2_alone_combines_every_input_by_its_row, 0, 2);
	tcase_add_loop_test(tests, stage_2_combines_every_stage_1_attribute_by_its_row, 0, 64);
	tcase_add_loop_test(tests, stage_1_alone_gives_the_meaning_of_its_mair_byte_and_sh, 0, 32);
	tcase_add_test(tests, every_row_of_the_table_of_shareability_comes_out);
	tcase_add_loop_test(tests, memattr_of_the_ste_means_the_same_under_forced_write_back, 0,
			    32);
}

int main(void)
{
	return run_suite("combine path", add);
}
