/* SPDX-License-Identifier: MIT */
/* How the SMMU reads its own structures, as a host's memory sees it: reason, size, PA space and
 * attributes.  13.8 */
#include "support/walk_world.h"

/* IC, OC and the like: 0 Non-cacheable, 1 Write-Back RA WA, 2 Write-Through RA, 3 Write-Back RA
 * (S1CIR, S1COR: no RA). A nibble of MAIR without its write-allocate bit, which a read does not
 * show. */
static const uint8_t table_nibble[] = { 0x4, 0xe, 0xa, 0xe };
static const uint8_t cd_nibble[] = { 0x4, 0xe, 0xa, 0xc };

/* MAIR of outer and inner, ignoring write allocation: 11RW and 10RW with W cleared. */
static unsigned without_w(unsigned mair)
{
	const unsigned outer = mair >> 4, inner = mair & 0xf;

	return (outer & (outer & 8 ? 0xeu : 0xfu)) << 4 | (inner & (inner & 8 ? 0xeu : 0xfu));
}

/* SH 1 is reserved and acts as 0; with both levels Non-cacheable it is Outer Shareable whatever it
 * says. */
static unsigned shareability(unsigned sh, unsigned inner, unsigned outer)
{
	return inner == 0 && outer == 0 ? SMMU3_OSH : sh == 1 ? SMMU3_NSH : sh;
}

static const struct smmu3_mem_access *last_read(const struct world *w, unsigned reason)
{
	const struct smmu3_mem_access *found = NULL;

	for (unsigned i = 0; i < w->seen_count; i++)
		if (w->seen[i].reason == reason)
			found = &w->seen[i];
	ck_assert_ptr_nonnull(found);
	return found;
}

static void expect_read(const struct world *w, unsigned reason, unsigned mair, unsigned sh)
{
	const struct smmu3_mem_access *read = last_read(w, reason);

	ck_assert_msg(without_w(read->attr.mair) == mair && read->attr.sh == sh,
		      "reason %u: 0x%02x/%u, not 0x%02x/%u", reason, read->attr.mair, read->attr.sh,
		      mair, sh);
	ck_assert_uint_eq(read->pas, SMMU3_PAS_NS);
	ck_assert_uint_eq(read->pa % read->bytes, 0);
	ck_assert_uint_eq(read->bytes,
			  reason == SMMU3_REASON_STE || reason == SMMU3_REASON_CD ? 64 : 8);
}

/* Every combination of inner, outer and shareability, 64 of them. */
struct cache {
	unsigned inner, outer, sh;
};

static struct cache cache_of(int i)
{
	return (struct cache){ (unsigned)i & 3, (unsigned)i >> 2 & 3, (unsigned)i >> 4 };
}

static unsigned mair_of(const uint8_t *nibble, struct cache c)
{
	return (unsigned)nibble[c.outer] << 4 | nibble[c.inner];
}

static struct world host_world(unsigned config)
{
	struct world w = world(config);

	w.behind_host = true;
	return w;
}

/* WALK-26, CD-08: IR0, OR0, SH0 of stage 1 alone; IR1, OR1, SH1 of the upper half */
START_TEST(stage_1_walks_use_the_cacheability_of_their_half)
{
	const struct cache c = cache_of(_i);
	struct world w = host_world(S1_ONLY);

	set_field(&w.cd[0], 8, 6, c.inner | c.outer << 2 | c.sh << 4);
	set_field(&w.cd[0], 24, 6, 0);
	set_field(&w.cd[0], 30, 1, 0);
	set_field(&w.cd[0], 16, 6, 16);
	set_field(&w.cd[0], 22, 2, 2);
	w.cd[2] = S1_TABLE(0);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	expect_read(&w, SMMU3_REASON_S1_TTD, mair_of(table_nibble, c),
		    shareability(c.sh, c.inner, c.outer));
	expect_pa(&w, VA | UINT64_C(0xffff) << 48, 0, PA_PAGE | OFFSET);
	expect_read(&w, SMMU3_REASON_S1_TTD, 0x44, SMMU3_OSH);
	close_world(&w);
}
END_TEST

/* WALK-26, CD-08 */
START_TEST(the_upper_half_has_its_own_cacheability)
{
	const struct cache c = cache_of(_i);
	struct world w = host_world(S1_ONLY);

	set_field(&w.cd[0], 8, 6, 0);
	set_field(&w.cd[0], 24, 6, c.inner | c.outer << 2 | c.sh << 4);
	set_field(&w.cd[0], 30, 1, 0);
	set_field(&w.cd[0], 16, 6, 16);
	set_field(&w.cd[0], 22, 2, 2);
	w.cd[2] = S1_TABLE(0);
	expect_pa(&w, VA | UINT64_C(0xffff) << 48, 0, PA_PAGE | OFFSET);
	expect_read(&w, SMMU3_REASON_S1_TTD, mair_of(table_nibble, c),
		    shareability(c.sh, c.inner, c.outer));
	close_world(&w);
}
END_TEST

/* WALK-26, STE-31: alone and under stage 1 */
START_TEST(stage_2_walks_use_s2ir0_s2or0_and_s2sh0)
{
	const struct cache c = cache_of(_i % 64);
	struct world w = host_world(_i < 64 ? S2_ONLY : NESTED);

	set_field(&w.ste[2], 40, 6, c.inner | c.outer << 2 | c.sh << 4);
	expect_pa(&w, _i < 64 ? IPA_PAGE | OFFSET : VA, 0, PA_PAGE | OFFSET);
	expect_read(&w, SMMU3_REASON_S2_TTD, mair_of(table_nibble, c),
		    shareability(c.sh, c.inner, c.outer));
	close_world(&w);
}
END_TEST

/* ST-11, STE-17 */
START_TEST(the_cd_is_read_with_s1cir_s1cor_and_s1csh)
{
	const struct cache c = cache_of(_i);
	struct world w = host_world(S1_ONLY);

	set_field(&w.ste[1], 2, 6, c.inner | c.outer << 2 | c.sh << 4);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	expect_read(&w, SMMU3_REASON_CD, mair_of(cd_nibble, c),
		    shareability(c.sh, c.inner, c.outer));
	close_world(&w);
}
END_TEST

/* ST-11, STE-09: CR1.TABLE_IC, TABLE_OC, TABLE_SH; 64 bytes; the allocation hint is STRTAB_BASE.RA.
 * 6.3.11, 6.3.24
 */
START_TEST(the_stream_table_is_read_with_the_attributes_of_cr1)
{
	const struct cache c = cache_of(_i);
	static const uint8_t nibble[] = { 0x4, 0xc, 0x8 };
	struct world w = host_world(S1_ONLY);
	const struct smmu3_mem_access *read;

	w.cr1 = (uint32_t)(c.inner << 6 | c.outer << 8 | c.sh << 10);
	if (c.inner < 3 && c.outer < 3) {
		expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
		read = last_read(&w, SMMU3_REASON_STE);
		ck_assert_uint_eq(read->bytes, 64);
		ck_assert_uint_eq(read->pas, SMMU3_PAS_NS);
		ck_assert_uint_eq(read->attr.mair & 0xcc, mair_of(nibble, c));
		ck_assert_uint_eq(read->attr.sh, shareability(c.sh, c.inner, c.outer));
	}
	close_world(&w);
}
END_TEST

/* ST-10, 6.3.24: bit 62 of STRTAB_BASE */
START_TEST(ra_of_strtab_base_is_the_allocation_hint_of_the_stream_table)
{
	struct world w = host_world(S1_ONLY);

	w.cr1 = 3 << 10 | 1 << 8 | 2 << 6;
	open_world(&w);
	mmio(&w, 0x20, 4, 0);
	mmio(&w, 0x80, 8, RAM_BASE | (_i ? BIT(62) : 0));
	mmio(&w, 0x20, 4, 0xd);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(last_read(&w, SMMU3_REASON_STE)->attr.mair & 0xee, _i ? 0xea : 0xc8);
	close_world(&w);
}
END_TEST

/* What stage 2 makes of a Write-Back Inner Shareable structure; `fwb` selects how MemAttr reads. */
static const struct combined_row {
	bool fwb;
	uint8_t memattr, sh, mair, result_sh;
} combined_rows[] = {
	{ false, 0xf, 3, 0xee, SMMU3_ISH }, { false, 0xf, 2, 0xee, SMMU3_OSH },
	{ false, 0xa, 3, 0xaa, SMMU3_ISH }, { false, 0x5, 3, 0x44, SMMU3_OSH },
	{ false, 0x7, 3, 0x4e, SMMU3_ISH }, { false, 0x0, 3, 0x00, SMMU3_OSH },
	{ false, 0x1, 3, 0x04, SMMU3_OSH }, { false, 0x3, 3, 0x0c, SMMU3_OSH },
	{ true, 0x6, 3, 0xee, SMMU3_ISH },  { true, 0x5, 3, 0x44, SMMU3_OSH },
	{ true, 0x7, 3, 0xee, SMMU3_ISH },  { true, 0x1, 3, 0x04, SMMU3_OSH },
};

/* A nested world whose CD or last stage 1 table is mapped with these attributes at stage 2. */
static struct world combined_world(const struct combined_row *row, unsigned class)
{
	struct world w = nested_through(class);

	w.behind_host = true;
	set_field(&w.ste[1], 25, 1, row->fwb);
	set_field(word_at(&w, slot2(3)), 2, 4, row->memattr);
	set_field(word_at(&w, slot2(3)), 8, 2, row->sh);
	if (row->fwb)
		set_field(word_at(&w, S2_TABLE(1) + 16), 2, 4, 7);
	return w;
}

/* STE-18, ATTR-19, NEST-07, 13.8 */
START_TEST(structures_behind_stage_2_are_read_with_both_attributes_combined)
{
	const struct combined_row *row = &combined_rows[_i / 2];
	const unsigned class = (unsigned)_i % 2;
	struct world w = combined_world(row, class);

	expect_pa(&w, VA, 0, RAM_BASE | OFFSET);
	expect_read(&w, class == SMMU3_CLASS_CD ? SMMU3_REASON_CD : SMMU3_REASON_S1_TTD, row->mair,
		    row->result_sh);
	expect_read(&w, SMMU3_REASON_S2_TTD, 0xee, SMMU3_ISH);
	close_world(&w);
}
END_TEST

/* STE-18, ATTR-17: Non-cacheable structures */
START_TEST(forced_write_back_makes_non_cacheable_structures_write_back)
{
	const struct combined_row row = { true, 6, 2, 0, 0 };
	const unsigned class = (unsigned)_i;
	struct world w = combined_world(&row, class);

	set_field(&w.ste[1], 2, 4, 0);
	set_field(&w.cd[0], 8, 4, 0);
	expect_pa(&w, VA, 0, RAM_BASE | OFFSET);
	expect_read(&w, class == SMMU3_CLASS_CD ? SMMU3_REASON_CD : SMMU3_REASON_S1_TTD, 0xee,
		    SMMU3_OSH);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, stage_1_walks_use_the_cacheability_of_their_half, 0, 64);
	tcase_add_loop_test(tests, the_upper_half_has_its_own_cacheability, 0, 64);
	tcase_add_loop_test(tests, stage_2_walks_use_s2ir0_s2or0_and_s2sh0, 0, 128);
	tcase_add_loop_test(tests, the_cd_is_read_with_s1cir_s1cor_and_s1csh, 0, 64);
	tcase_add_loop_test(tests, the_stream_table_is_read_with_the_attributes_of_cr1, 0, 64);
	tcase_add_loop_test(tests, ra_of_strtab_base_is_the_allocation_hint_of_the_stream_table, 0,
			    2);
	tcase_add_loop_test(tests, structures_behind_stage_2_are_read_with_both_attributes_combined,
			    0, 24);
	tcase_add_loop_test(tests, forced_write_back_makes_non_cacheable_structures_write_back, 0,
			    2);
}

int main(void)
{
	return run_suite("fetches", add);
}
