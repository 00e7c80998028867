/* SPDX-License-Identifier: MIT */
/* Which translations must go by an invalidation whose TG and TTL say what it is about: pure rules.
 * 4.4.1.1, D8.17.5 */
#include "support/suite.h"
#include "tlb/hint.h"

#include <check.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

/* Of the first addresses there are: what a descriptor of a level maps, and what is kept of it. */
#define LEAF_AT(address, lg2, the_level, of_128, the_world)                              \
	{                                                                                \
		.input = address, .regime = { .world = the_world }, .kind = TLB_STAGE1,  \
		.size_lg2 = lg2, .origin_lg2 = lg2, .maps_lg2 = lg2, .level = the_level, \
		.d128 = of_128                                                           \
	}
#define TABLE_OF(granule, lg2, of_128)                                                   \
	{                                                                                \
		.kind = TLB_STAGE1, .size_lg2 = lg2, .origin_lg2 = lg2, .maps_lg2 = lg2, \
		.granule_lg2 = granule, .d128 = of_128                                   \
	}
#define LEAF(lg2, level) LEAF_AT(0, lg2, level, false, NS_EL1)
#define LEAF128(lg2, level) LEAF_AT(0, lg2, level, true, NS_EL1)
#define TABLE(granule, lg2) TABLE_OF(granule, lg2, false)
#define TABLE128(granule, lg2) TABLE_OF(granule, lg2, true)
#define PAGE_AT(address) LEAF_AT(address, 12, 3, false, NS_EL1)
/* A page of a block of 2MB that stage 2 has cut */
#define CUT                                                                            \
	{                                                                              \
		.input = 0x5000, .kind = TLB_STAGE1, .size_lg2 = 12, .origin_lg2 = 21, \
		.both = true, .maps_lg2 = 21, .level = 2                               \
	}
/* A contiguous group of 16 */
#define GROUP                                                                                    \
	{                                                                                        \
		.kind = TLB_STAGE1, .size_lg2 = 16, .origin_lg2 = 16, .maps_lg2 = 12, .level = 3 \
	}

/* One address; a range; with a granule and 1 + the level. */
#define FROM(address, size, granule, hint)                                                      \
	{                                                                                       \
		.kind = SMMU3_INVALIDATES_STAGE1, .any_asid = 1, .any_vmid = 1, .vmids = 1,     \
		.addr = address, .bytes = size, .hint_granule_lg2 = granule, .hint_level = hint \
	}
#define HINT(granule, hint) FROM(0, 1 << 16, granule, hint)
#define LEVEL(n) (1 + (n))
#define LEVEL128(n) (1 + (n) + SMMU3_HINT_D128)
#define HALF (UINT64_C(1) << 55)

static const struct {
	struct tlb_tag tag;
	struct smmu3_invalidation scope;
	bool goes;
} rows[] = {
	/* RIL-012: without a granule everything does */
	{ LEAF(21, 2), HINT(0, 0), true },
	{ TABLE(12, 30), HINT(0, 0), true },
	{ LEAF128(21, 2), HINT(0, 0), true },
	/* RIL-003: leaves of a granule, whatever their level */
	{ LEAF(12, 3), HINT(12, 0), true },
	{ LEAF(21, 2), HINT(12, 0), true },
	{ LEAF(30, 1), HINT(12, 0), true },
	{ LEAF(39, 0), HINT(12, 0), true },
	{ LEAF(12, 3), HINT(14, 0), false },
	{ LEAF(12, 3), HINT(16, 0), false },
	{ LEAF(14, 3), HINT(14, 0), true },
	{ LEAF(25, 2), HINT(14, 0), true },
	{ LEAF(36, 1), HINT(14, 0), true },
	{ LEAF(25, 2), HINT(12, 0), false },
	{ LEAF(25, 2), HINT(16, 0), false },
	{ LEAF(16, 3), HINT(16, 0), true },
	{ LEAF(29, 2), HINT(16, 0), true },
	{ LEAF(42, 1), HINT(16, 0), true },
	{ LEAF(29, 2), HINT(14, 0), false },
	/* and tables of it */
	{ TABLE(12, 21), HINT(12, 0), true },
	{ TABLE(12, 48), HINT(12, 0), true },
	{ TABLE(14, 25), HINT(12, 0), false },
	{ TABLE(16, 29), HINT(16, 0), true },
	/* RIL-008: leaves of a level */
	{ LEAF(12, 3), HINT(12, LEVEL(3)), true },
	{ LEAF(12, 3), HINT(12, LEVEL(2)), false },
	{ LEAF(21, 2), HINT(12, LEVEL(2)), true },
	{ LEAF(21, 2), HINT(12, LEVEL(3)), false },
	{ LEAF(21, 2), HINT(12, LEVEL(1)), false },
	{ LEAF(30, 1), HINT(12, LEVEL(1)), true },
	{ LEAF(25, 2), HINT(14, LEVEL(2)), true },
	{ LEAF(29, 2), HINT(16, LEVEL(2)), true },
	{ LEAF(29, 2), HINT(16, LEVEL(3)), false },
	/* TLB-31: level 0 of 4KB is no command's */
	{ LEAF(39, 0), HINT(12, LEVEL(1)), false },
	{ LEAF(39, 0), HINT(12, LEVEL(0)), true },
	/* RIL-008: and tables above, which level 0 to 2 lead to; of the level itself none, nor
	 * below */
	{ TABLE(12, 21), HINT(12, LEVEL(3)), true },
	{ TABLE(12, 30), HINT(12, LEVEL(3)), true },
	{ TABLE(12, 39), HINT(12, LEVEL(3)), true },
	{ TABLE(12, 21), HINT(12, LEVEL(2)), false },
	{ TABLE(12, 30), HINT(12, LEVEL(2)), true },
	{ TABLE(12, 30), HINT(12, LEVEL(1)), false },
	{ TABLE(12, 39), HINT(12, LEVEL(1)), true },
	{ TABLE(12, 48), HINT(12, LEVEL(1)), true }, /* from level -1 */
	{ TABLE(14, 25), HINT(14, LEVEL(2)), false },
	{ TABLE(14, 36), HINT(14, LEVEL(2)), true },
	{ TABLE(16, 29), HINT(16, LEVEL(3)), true },
	{ TABLE(16, 42), HINT(16, LEVEL(1)), false },
	/* RIL-009: a level is one of 64-bit descriptors or of 128-bit ones; no level is any */
	{ LEAF128(12, 3), HINT(12, LEVEL(3)), false },
	{ LEAF128(12, 3), HINT(12, LEVEL128(3)), true },
	{ LEAF(12, 3), HINT(12, LEVEL128(3)), false },
	{ LEAF128(12, 3), HINT(12, 0), true },
	{ LEAF128(20, 2), HINT(12, LEVEL128(2)), true },
	{ LEAF128(20, 2), HINT(12, LEVEL128(3)), false },
	/* 256MB are level 1 of 4KB, and level 2 of 64KB */
	{ LEAF128(28, 1), HINT(12, LEVEL128(1)), true },
	{ LEAF128(28, 2), HINT(12, LEVEL128(2)), false },
	{ LEAF128(28, 2), HINT(16, LEVEL128(2)), true },
	{ LEAF128(28, 1), HINT(16, 0), false },
	/* 4KB tables of it map 1MB, 256MB, 64GB; one that skips level 2 is led to by level 1 */
	{ TABLE128(12, 20), HINT(12, LEVEL128(2)), false },
	{ TABLE128(12, 28), HINT(12, LEVEL128(2)), true },
	{ TABLE128(12, 28), HINT(12, LEVEL(2)), false },
	/* RIL-010, TLB-32: what begins within a leaf of the level may be of any range */
	{ LEAF(21, 2), FROM(0x1000, 1 << 21, 12, LEVEL(2)), false },
	{ LEAF(21, 2), FROM(0x1000, 0x1000, 12, LEVEL(2)), false },
	{ LEAF(21, 2), FROM(0x1000, 1 << 21, 12, 0), true },
	{ LEAF(25, 2), FROM(0x4000, 1 << 21, 14, LEVEL(2)), false },
	{ LEAF(25, 2), FROM(0x4000, 1 << 21, 14, 0), true },
	{ LEAF(25, 2), FROM(0x1000, 1 << 21, 14, 0), false },
	{ LEAF(14, 3), FROM(0x1000, 1 << 21, 14, LEVEL(3)), false },
	{ LEAF(16, 3), FROM(0x4000, 1 << 21, 16, LEVEL(3)), false },
	{ LEAF(16, 3), FROM(0x4000, 1 << 21, 16, 0), false },
	{ TABLE(12, 30), FROM(0x1000, 1 << 21, 12, LEVEL(2)), false },
	{ TABLE(12, 30), FROM(0x1000, 1 << 21, 12, LEVEL(3)), true },
	/* RIL-011: of 128-bit descriptors of their own sizes, and only with a level */
	{ LEAF128(20, 2), FROM(0x1000, 1 << 21, 12, LEVEL128(2)), false },
	{ LEAF128(24, 2), FROM(0, 1 << 21, 14, LEVEL128(2)), true },
	{ LEAF128(16, 3), FROM(0x4000, 1 << 21, 16, LEVEL128(3)), false },
	{ LEAF128(16, 3), FROM(0x4000, 1 << 21, 16, 0), true },
	/* TLB-28: a part goes by what it is of, not by its own size */
	{ CUT, HINT(12, LEVEL(2)), true },
	{ CUT, HINT(12, LEVEL(3)), false },
	{ GROUP, HINT(12, LEVEL(3)), true },
	{ GROUP, HINT(16, LEVEL(3)), false },
	/* RIL-004: a range that leaves its half of the addresses need not reach the other; of a
	 * hypervisor without ASIDs there is one */
	{ PAGE_AT(HALF), FROM(0, 2 * HALF, 12, 0), false },
	{ PAGE_AT(HALF), FROM(HALF, HALF, 12, 0), true },
	{ LEAF(12, 3), FROM(HALF, HALF + 0x1000, 12, 0), false },
	{ PAGE_AT(HALF), FROM(0, 2 * HALF, 0, 0), true },
	{ LEAF_AT(HALF, 12, 3, false, NS_EL2),
	  { .kind = SMMU3_INVALIDATES_STAGE1,
	    .worlds = SMMU3_WORLD_EL2,
	    .any_asid = 1,
	    .any_vmid = 1,
	    .bytes = 2 * HALF,
	    .hint_granule_lg2 = 12 },
	  true },
	/* What is not meant does not go, whatever the hint */
	{ PAGE_AT(0x20000), HINT(12, LEVEL(3)), false },
	{ { .kind = TLB_STAGE2, .size_lg2 = 12, .origin_lg2 = 12, .maps_lg2 = 12, .level = 3 },
	  HINT(12, LEVEL(3)),
	  false },
};

START_TEST(what_a_hint_does_not_fit_need_not_go)
{
	ck_assert_int_eq(tag_must_go(&rows[_i].tag, &rows[_i].scope), rows[_i].goes);
}
END_TEST

/* D8.17.5, TLB-32: of one address the low bits do not count; a range has two pages at least */
static const struct {
	struct tlb_tag tag;
	struct smmu3_invalidation scope;
	bool goes;
} broadcast[] = {
	{ LEAF(21, 2), FROM(0x5000, 0x1000, 12, LEVEL(2)), true },
	{ LEAF(21, 2), FROM(0x5000, 0x2000, 12, LEVEL(2)), false },
	{ LEAF(16, 3), FROM(0x5000, 0x1000, 16, LEVEL(3)), true },
	{ LEAF(16, 3), FROM(0x5000, 0x20000, 16, LEVEL(3)), false },
	{ LEAF(21, 2), FROM(0x5000, 0x1000, 12, LEVEL(3)), false },
	{ LEAF(21, 2), FROM(0x5000, 0x1000, 14, 0), false },
	{ LEAF(21, 2), FROM(0x5000, 0x1000, 0, 0), true },
	{ PAGE_AT(HALF), FROM(0, 2 * HALF, 12, 0), false },
	/* and an ASID that is not shared with them is not theirs */
	{ { .regime = { .asid = 7, .aset = true },
	    .kind = TLB_STAGE1,
	    .size_lg2 = 12,
	    .origin_lg2 = 12,
	    .maps_lg2 = 12,
	    .level = 3 },
	  { .kind = SMMU3_INVALIDATES_STAGE1,
	    .any_vmid = 1,
	    .asid = 7,
	    .bytes = 0x1000,
	    .hint_granule_lg2 = 12,
	    .hint_level = LEVEL(3) },
	  false },
};

START_TEST(what_cpus_broadcast_has_hints_too)
{
	ck_assert_int_eq(tag_must_go_by_cpus(&broadcast[_i].tag, &broadcast[_i].scope),
			 broadcast[_i].goes);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hint");
	TCase *tests = tcase_create("hint");

	tcase_add_loop_test(tests, what_a_hint_does_not_fit_need_not_go, 0, COUNT(rows));
	tcase_add_loop_test(tests, what_cpus_broadcast_has_hints_too, 0, COUNT(broadcast));
	suite_add_tcase(suite, tests);
	return run_checks(suite);
}
