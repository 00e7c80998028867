/* SPDX-License-Identifier: MIT */
/* The memory attributes that an access leaves with: what came in, overrides, MAIR, stage 2, forced
 * Write-Back, No_snoop. */
#include "support/walk_world.h"

/* MAIR bytes */
enum {
	WB = 0xff,
	NC = 0x44,
	nGnRnE = 0x00,
	nGnRE = 0x04,
	nGRE = 0x08,
	GRE = 0x0c,
	WT = 0xbb,
	WB_RA = 0xee,
	WB_WA = 0xdd,
	WB_NONE = 0xcc,
	WB_TR = 0x77,
};

enum { NSH = 0, RESERVED = 1, OSH = 2, ISH = 3 };

/* MAIR indices of the world */
enum { I_WB, I_NC, I_nGnRnE, I_nGnRE, I_GRE, I_WT_RA, I_oNC_iWB, I_WB_RA };

/* Stage 2 MemAttr: outer, inner with 1 NC, 2 WT, 3 WB */
enum { S2_WB = 0xf, S2_NC = 0x5, S2_WT = 0xa, S2_oNC_iWB = 0x7 };

#define ATTR_INDEX(n) ((uint64_t)(n) << 2)
#define SH(n) ((uint64_t)(n) << 8)

static void expect_attr(struct world *w, uint64_t address, unsigned mair, unsigned sh)
{
	ck_assert_uint_eq(ask(w, address, 0), SMMU3_OK);
	ck_assert_msg(w->out.attr.mair == mair && w->out.attr.sh == sh,
		      "0x%02x/%u instead of 0x%02x/%u", w->out.attr.mair, w->out.attr.sh, mair, sh);
}

static uint64_t s1_leaf(uint64_t output, unsigned index, unsigned sh)
{
	return output | (S1_PAGE & ~SH(3)) | ATTR_INDEX(index) | SH(sh);
}

static uint64_t s2_leaf(unsigned memattr, unsigned sh)
{
	return PA_PAGE | (S2_PAGE & ~(SH(3) | UINT64_C(0x3c))) | (uint64_t)memattr << 2 | SH(sh);
}

/* CD-23, ATTR-06, ATTR-08, ATTR-11, ATTR-21: AttrIndx chooses the byte of MAIR; what came in
 * (Write-Back or Device, Outer Shareable) is replaced */
START_TEST(stage_1_gives_the_type_of_mair_and_the_shareability_of_the_leaf)
{
	static const struct {
		uint8_t index, sh, mair, result_sh;
	} rows[] = {
		{ I_WB, NSH, WB, NSH },         { I_WB, RESERVED, WB, NSH },
		{ I_WB, OSH, WB, OSH },         { I_WB, ISH, WB, ISH },
		{ I_NC, NSH, NC, OSH },         { I_NC, ISH, NC, OSH },
		{ I_nGnRnE, ISH, nGnRnE, OSH }, { I_nGnRE, NSH, nGnRE, OSH },
		{ I_GRE, ISH, GRE, OSH },       { I_WT_RA, ISH, 0xaa, ISH },
		{ I_oNC_iWB, NSH, 0x4f, NSH },  { I_WB_RA, OSH, WB_RA, OSH },
	};
	struct world w = world(S1_ONLY);

	put(&w, slot1(3), s1_leaf(PA_PAGE, rows[_i / 2].index, rows[_i / 2].sh));
	drive(&w, _i % 2 ? nGnRE : WB, OSH);
	expect_attr(&w, VA, rows[_i / 2].mair, rows[_i / 2].result_sh);
	close_world(&w);
}
END_TEST

/* ATTR-07, ATTR-15, ATTR-21: no-allocate beats allocate, transient beats non-transient; Device and
 * NC bring no hints */
START_TEST(allocation_hints_of_a_cacheable_access_are_combined_with_those_of_mair)
{
	static const struct {
		uint8_t in, index, mair;
	} rows[] = {
		{ WB, I_WB, WB },
		{ WB_RA, I_WB, WB_RA },
		{ WB_WA, I_WB, WB_WA },
		{ WB_NONE, I_WB, WB_NONE },
		{ WB_TR, I_WB, WB_TR },
		{ WT, I_WB_RA, WB_RA },
		{ WB_WA, I_WB_RA, WB_NONE },
		{ WB_TR, I_WB_RA, 0x66 },
		{ nGnRE, I_WB, WB },
		{ NC, I_WB, WB },
		{ nGnRE, I_WB_RA, WB_RA },
		{ WB_RA, I_NC, NC },
		{ WB_RA, I_nGnRE, nGnRE },
		{ WB_WA, I_WT_RA, 0x88 },
		{ WB_TR, I_WT_RA, 0x22 },
		{ 0x55, I_WB_RA, WB_NONE },
		{ 0x11, I_WT_RA, 0x88 },
	};
	struct world w = world(S1_ONLY);

	put(&w, slot1(3), s1_leaf(PA_PAGE, rows[_i].index, ISH));
	drive(&w, rows[_i].in, ISH);
	ask(&w, VA, 0);
	ck_assert_uint_eq(w.out.attr.mair, rows[_i].mair);
	close_world(&w);
}
END_TEST

/* STE.MTCFG, MemAttr, ALLOCCFG, SHCFG of word 1 */
static void override(struct world *w, unsigned mtcfg, unsigned memattr, unsigned alloccfg,
		     unsigned shcfg)
{
	set_field(&w->ste[1], 32, 4, memattr);
	set_field(&w->ste[1], 36, 1, mtcfg);
	set_field(&w->ste[1], 37, 4, alloccfg);
	set_field(&w->ste[1], 44, 2, shcfg);
}

/* ATTR-02, ATTR-04, ATTR-05, ATTR-07, STE-28: the override comes first, stage 1 after */
START_TEST(overridden_hints_reach_through_stage_1)
{
	static const struct {
		uint8_t in, memattr, alloccfg, mair;
	} rows[] = {
		{ WB, 0xf, 8, WB_NONE }, { WB, 0xf, 12, WB_RA },   { WB, 0xf, 10, WB_WA },
		{ WB, 0xf, 15, WB_TR },  { WB_RA, 0xf, 0, WB_RA }, { WB_RA, 0xf, 14, WB },
		{ WB_RA, 0x1, 8, WB },   { nGnRE, 0xf, 0, WB },    { nGnRE, 0xf, 12, WB_RA },
	};
	struct world w = world(S1_ONLY);

	override(&w, 1, rows[_i].memattr, rows[_i].alloccfg, ISH);
	drive(&w, rows[_i].in, ISH);
	expect_attr(&w, VA, rows[_i].mair, ISH);
	close_world(&w);
}
END_TEST

/* ATTR-13, ATTR-14, ATTR-20, ATTR-21 */
START_TEST(stage_2_alone_combines_what_came_in_with_its_leaf)
{
	static const struct {
		struct smmu3_attr in;
		uint8_t memattr, sh;
		struct smmu3_attr out;
	} rows[] = {
		{ { WB, NSH }, S2_WB, NSH, { WB, NSH } },
		{ { WB, NSH }, S2_WB, ISH, { WB, ISH } },
		{ { WB, OSH }, S2_WB, ISH, { WB, OSH } },
		{ { WB, ISH }, S2_WB, OSH, { WB, OSH } },
		{ { WB, ISH }, S2_WB, NSH, { WB, ISH } },
		{ { WB, NSH }, S2_NC, NSH, { NC, OSH } },
		{ { WB, NSH }, S2_WT, ISH, { WT, ISH } },
		{ { WB_RA, NSH }, S2_WT, ISH, { 0xaa, ISH } },
		{ { WB, NSH }, S2_oNC_iWB, ISH, { 0x4f, ISH } },
		{ { WB_TR, ISH }, S2_WB, ISH, { WB_TR, ISH } },
		{ { WB, ISH }, 0, ISH, { nGnRnE, OSH } },
		{ { WB, ISH }, 1, ISH, { nGnRE, OSH } },
		{ { WB, ISH }, 2, ISH, { nGRE, OSH } },
		{ { WB, ISH }, 3, ISH, { GRE, OSH } },
		{ { nGnRE, OSH }, S2_WB, ISH, { nGnRE, OSH } },
		{ { GRE, OSH }, 0, ISH, { nGnRnE, OSH } },
		{ { nGnRE, OSH }, 3, ISH, { nGnRE, OSH } },
		{ { NC, OSH }, S2_WB, ISH, { NC, OSH } },
		{ { nGRE, OSH }, S2_NC, ISH, { nGRE, OSH } },
	};
	struct world w = world(S2_ONLY);

	put(&w, slot2(3), s2_leaf(rows[_i].memattr, rows[_i].sh));
	drive(&w, rows[_i].in.mair, rows[_i].in.sh);
	expect_attr(&w, IPA_PAGE, rows[_i].out.mair, rows[_i].out.sh);
	close_world(&w);
}
END_TEST

/* ATTR-20, ATTR-02, STE-27 */
START_TEST(stage_2_alone_combines_what_overrides_made_of_the_access)
{
	static const struct {
		uint8_t mtcfg, memattr, shcfg, s2_sh;
		struct smmu3_attr out;
	} rows[] = {
		{ 0, 0, ISH, NSH, { WB, ISH } },      { 0, 0, NSH, NSH, { WB, NSH } },
		{ 0, 0, RESERVED, NSH, { WB, OSH } }, { 1, 0x1, ISH, ISH, { nGnRE, OSH } },
		{ 1, 0x5, ISH, ISH, { NC, OSH } },    { 1, 0xa, OSH, ISH, { WT, OSH } },
	};
	struct world w = world(S2_ONLY);

	override(&w, rows[_i].mtcfg, rows[_i].memattr, 0, rows[_i].shcfg);
	put(&w, slot2(3), s2_leaf(S2_WB, rows[_i].s2_sh));
	drive(&w, WB, OSH);
	expect_attr(&w, IPA_PAGE, rows[_i].out.mair, rows[_i].out.sh);
	close_world(&w);
}
END_TEST

static const struct nested_row {
	uint8_t index, s1_sh, memattr, s2_sh;
	struct smmu3_attr out;
} nested_rows[] = {
	{ I_WB, ISH, S2_WB, ISH, { WB, ISH } },
	{ I_WB, ISH, S2_WT, ISH, { WT, ISH } },
	{ I_WT_RA, ISH, S2_WB, ISH, { 0xaa, ISH } },
	{ I_WB_RA, ISH, S2_NC, ISH, { NC, OSH } },
	{ I_NC, ISH, S2_WB, ISH, { NC, OSH } },
	{ I_oNC_iWB, ISH, S2_oNC_iWB, ISH, { 0x4f, ISH } },
	/* shareability: OSH, then ISH */
	{ I_WB, NSH, S2_WB, NSH, { WB, NSH } },
	{ I_WB, NSH, S2_WB, ISH, { WB, ISH } },
	{ I_WB, ISH, S2_WB, NSH, { WB, ISH } },
	{ I_WB, OSH, S2_WB, ISH, { WB, OSH } },
	{ I_WB, ISH, S2_WB, OSH, { WB, OSH } },
	{ I_WB, RESERVED, S2_WB, RESERVED, { WB, NSH } },
	/* the examples of 13.1.5.1: iWB-oNC-ISH with nGnRE; nGnRE with nGnRnE; iWB-oNC-ISH with
	   iWT-oWT-OSH */
	{ I_oNC_iWB, ISH, 1, ISH, { nGnRE, OSH } },
	{ I_nGnRE, NSH, 0, ISH, { nGnRnE, OSH } },
	{ I_oNC_iWB, ISH, S2_WT, OSH, { 0x4b, OSH } },
	/* the stronger Device wins */
	{ I_nGnRE, ISH, S2_WB, ISH, { nGnRE, OSH } },
	{ I_GRE, ISH, 1, ISH, { nGnRE, OSH } },
	{ I_nGnRnE, ISH, 3, ISH, { nGnRnE, OSH } },
	{ I_GRE, ISH, 2, ISH, { nGRE, OSH } },
};

/* ATTR-13, ATTR-14, ATTR-15, ATTR-21, ATTR-22, STE-18 */
START_TEST(both_stages_are_combined_to_the_stronger)
{
	const struct nested_row *row = &nested_rows[_i];
	struct world w = world(NESTED);

	put(&w, slot1(3), s1_leaf(IPA_PAGE, row->index, row->s1_sh));
	put(&w, slot2(3), s2_leaf(row->memattr, row->s2_sh));
	expect_attr(&w, VA, row->out.mair, row->out.sh);
	close_world(&w);
}
END_TEST

/* Stage 2 says OSH, so that shareability is plain whatever stage 1 made of it. */
static const struct fwb_row {
	uint8_t index, memattr, mair;
} fwb_rows[] = {
	/* MemAttr[2] = 0: Device, the stronger of both */
	{ I_WB, 0, nGnRnE },
	{ I_WB, 3, GRE },
	{ I_NC, 1, nGnRE },
	{ I_nGnRnE, 3, nGnRnE },
	{ I_GRE, 2, nGRE },
	/* 101: Non-cacheable unless Device */
	{ I_WB, 5, NC },
	{ I_WT_RA, 5, NC },
	{ I_nGnRE, 5, nGnRE },
	/* 110: Write-Back; hints of a cacheable stage 1 stay, else RA WA */
	{ I_WB, 6, WB },
	{ I_NC, 6, WB },
	{ I_nGnRnE, 6, WB },
	{ I_WB_RA, 6, WB_RA },
	{ I_WT_RA, 6, WB_RA },
	{ I_oNC_iWB, 6, WB },
	/* 111: stage 1 unchanged */
	{ I_WB, 7, WB },
	{ I_NC, 7, NC },
	{ I_nGnRE, 7, nGnRE },
	{ I_WT_RA, 7, 0xaa },
	{ I_oNC_iWB, 7, 0x4f },
};

/* ATTR-15, ATTR-16, ATTR-17, ATTR-18: bit 5 is RES0 then */
START_TEST(forced_write_back_reads_memattr_its_own_way)
{
	const struct fwb_row *row = &fwb_rows[_i / 2];
	struct world w = world(NESTED);

	w.ste[1] |= BIT(25);
	put(&w, S2_TABLE(1) + 16, (RAM_BASE | S2_BLOCK) & ~BIT(5));
	put(&w, slot1(3), s1_leaf(IPA_PAGE, row->index, ISH));
	put(&w, slot2(3), s2_leaf(row->memattr | (_i % 2 ? 8 : 0), OSH));
	expect_attr(&w, VA, row->mair, OSH);
	close_world(&w);
}
END_TEST

/* ATTR-14, ATTR-17: shareability is combined as without it */
START_TEST(forced_write_back_does_not_change_how_shareability_combines)
{
	struct world w = world(NESTED);

	w.ste[1] |= BIT(25);
	put(&w, S2_TABLE(1) + 16, (RAM_BASE | S2_BLOCK) & ~BIT(5));
	put(&w, slot1(3), s1_leaf(IPA_PAGE, I_WB, _i % 2 ? ISH : NSH));
	put(&w, slot2(3), s2_leaf(6, _i / 2 ? ISH : NSH));
	expect_attr(&w, VA, WB, _i == 0 ? NSH : ISH);
	close_world(&w);
}
END_TEST

/* ATTR-19, ATTR-03: on what came in, and on what an override made of it */
START_TEST(forced_write_back_works_for_stage_2_alone)
{
	static const struct {
		uint8_t in, mtcfg, memattr, s2_memattr, mair;
	} rows[] = {
		{ NC, 0, 0, 6, WB },    { nGnRE, 0, 0, 6, WB },    { WB_RA, 0, 0, 6, WB_RA },
		{ WB, 0, 0, 5, NC },    { nGnRE, 0, 0, 5, nGnRE }, { WT, 0, 0, 7, WT },
		{ WB, 1, 1, 7, nGnRE }, { WB, 1, 1, 6, WB },
	};
	struct world w = world(S2_ONLY);

	w.ste[1] |= BIT(25);
	override(&w, rows[_i].mtcfg, rows[_i].memattr, 0, OSH);
	put(&w, slot2(3), s2_leaf(rows[_i].s2_memattr, OSH));
	drive(&w, rows[_i].in, OSH);
	expect_attr(&w, IPA_PAGE, rows[_i].mair, OSH);
	close_world(&w);
}
END_TEST

/* ATTR-27: each configuration, Write-Back and Device; after forced Write-Back */
START_TEST(no_snoop_makes_a_cacheable_result_non_cacheable_and_leaves_device_alone)
{
	static const unsigned configs[] = { BYPASS, S1_ONLY, S2_ONLY, NESTED };
	const bool device = _i % 2;
	struct world w = world(configs[_i / 2]);

	w.txn.flags = SMMU3_TXN_NO_SNOOP;
	drive(&w, device ? nGnRE : WB, device ? OSH : ISH);
	*word_at(&w, slot1(3)) |= ATTR_INDEX(device ? I_nGnRE : I_WB);
	expect_attr(&w, configs[_i / 2] == S2_ONLY ? IPA_PAGE : VA, device ? nGnRE : NC, OSH);
	close_world(&w);
}
END_TEST

/* ATTR-27: what stage 2 forced to Write-Back is Non-cacheable in the end.  13.6.1.1 */
START_TEST(no_snoop_comes_after_forced_write_back)
{
	struct world w = world(S2_ONLY);

	w.ste[1] |= BIT(25);
	put(&w, slot2(3), s2_leaf(6, ISH));
	w.txn.flags = SMMU3_TXN_NO_SNOOP;
	expect_attr(&w, IPA_PAGE, NC, OSH);
	close_world(&w);
}
END_TEST

/* ATTR-01: Write-Back, Non-shareable, allocating; what stands in the transaction does not count */
START_TEST(an_access_that_drives_no_attributes_is_write_back_and_non_shareable)
{
	struct world w = world(S2_ONLY);

	w.txn.attr = (struct smmu3_attr){ nGnRE, OSH };
	put(&w, slot2(3), s2_leaf(S2_WB, NSH));
	expect_attr(&w, IPA_PAGE, WB, NSH);
	close_world(&w);
}
END_TEST

#define COUNT(rows) ((int)(sizeof(rows) / sizeof((rows)[0])))

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, stage_1_gives_the_type_of_mair_and_the_shareability_of_the_leaf,
			    0, 24);
	tcase_add_loop_test(tests,
			    allocation_hints_of_a_cacheable_access_are_combined_with_those_of_mair,
			    0, 17);
	tcase_add_loop_test(tests, overridden_hints_reach_through_stage_1, 0, 9);
	tcase_add_loop_test(tests, stage_2_alone_combines_what_came_in_with_its_leaf, 0, 19);
	tcase_add_loop_test(tests, stage_2_alone_combines_what_overrides_made_of_the_access, 0, 6);
	tcase_add_loop_test(tests, both_stages_are_combined_to_the_stronger, 0, COUNT(nested_rows));
	tcase_add_loop_test(tests, forced_write_back_reads_memattr_its_own_way, 0,
			    2 * COUNT(fwb_rows));
	tcase_add_loop_test(tests, forced_write_back_does_not_change_how_shareability_combines, 0,
			    4);
	tcase_add_loop_test(tests, forced_write_back_works_for_stage_2_alone, 0, 8);
	tcase_add_loop_test(tests,
			    no_snoop_makes_a_cacheable_result_non_cacheable_and_leaves_device_alone,
			    0, 8);
	tcase_add_test(tests, an_access_that_drives_no_attributes_is_write_back_and_non_shareable);
	tcase_add_test(tests, no_snoop_comes_after_forced_write_back);
}

int main(void)
{
	return run_suite("types", add);
}
