/* SPDX-License-Identifier: MIT */
/* What is kept of a Device Permission Table: what a lookup finds, and what an invalidation means.
 * 3.24.2, 3.24.5, 4.6 */
#include "support/suite.h"
#include "tlb/dpt_tlb.h"

#include <check.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))
#define GB UINT64_C(0x40000000)
#define MB2 UINT64_C(0x200000)

/* ---- What an invalidation means ---- */

#define A_TABLE                                                                \
	{                                                                      \
		.first = GB, .size_lg2 = 30, .leads_on = true, .table = 0x1000 \
	}
#define A_BLOCK                             \
	{                                   \
		.first = GB, .size_lg2 = 30 \
	}
#define A_GROUP                             \
	{                                   \
		.first = GB, .size_lg2 = 21 \
	}
#define A_PAGE                                                        \
	{                                                             \
		.first = GB + 0x5000, .size_lg2 = 12, .granule = true \
	}
#define LARGE_PAGE                                                     \
	{                                                              \
		.first = GB + 0x50000, .size_lg2 = 16, .granule = true \
	}
#define PAS(at, size, is_leaf)                                                                  \
	{                                                                                       \
		.kind = SMMU3_INVALIDATES_DPT, .addr = (at), .bytes = (size), .leaf = (is_leaf) \
	}

/* CMD-DPTI-PA, DPT-09: what has to go, and its neighbours */
static const struct {
	struct dpt_region region;
	struct smmu3_invalidation scope;
	bool meant;
} rows[] = {
	/* a Table goes by any address in its region, whatever the size, without Leaf */
	{ A_TABLE, PAS(GB, 0x1000, 0), true },
	{ A_TABLE, PAS(2 * GB - 0x1000, 0x1000, 0), true },
	{ A_TABLE, PAS(2 * GB, 0x1000, 0), false },
	{ A_TABLE, PAS(GB - 0x1000, 0x1000, 0), false },
	{ A_TABLE, PAS(0, 16 * GB, 0), true },
	{ A_TABLE, PAS(GB, GB, 1), false },
	{ A_TABLE, PAS(0, 0, 0), true },
	/* a block goes by all of it */
	{ A_BLOCK, PAS(GB, GB, 1), true },
	{ A_BLOCK, PAS(0, 16 * GB, 1), true },
	{ A_BLOCK, PAS(GB, GB, 0), true },
	{ A_BLOCK, PAS(GB, GB / 2, 1), false },
	{ A_BLOCK, PAS(GB + GB / 2, GB / 2, 1), false },
	{ A_BLOCK, PAS(2 * GB, GB, 1), false },
	{ A_BLOCK, PAS(0, 0, 0), true },
	/* so does a contiguous region */
	{ A_GROUP, PAS(GB, MB2, 1), true },
	{ A_GROUP, PAS(GB, GB, 0), true },
	{ A_GROUP, PAS(GB, 0x10000, 1), false },
	{ A_GROUP, PAS(GB + MB2, MB2, 1), false },
	/* a granule goes by its address */
	{ A_PAGE, PAS(GB + 0x5000, 0x1000, 1), true },
	{ A_PAGE, PAS(GB + 0x4000, 0x1000, 1), false },
	{ A_PAGE, PAS(GB + 0x6000, 0x1000, 1), false },
	{ A_PAGE, PAS(GB + 0x4000, 0x4000, 1), true },
	{ A_PAGE, PAS(GB, GB, 0), true },
	{ LARGE_PAGE, PAS(GB + 0x50000, 0x1000, 1), true },
	{ LARGE_PAGE, PAS(GB + 0x5f000, 0x1000, 1), true },
	{ LARGE_PAGE, PAS(GB + 0x60000, 0x1000, 1), false },
	{ A_PAGE, PAS(0, 0, 0), true },
};

START_TEST(an_invalidation_means_what_has_to_go)
{
	ck_assert_uint_eq(dpt_region_is_meant(&rows[_i].region, &rows[_i].scope), rows[_i].meant);
}
END_TEST

/* CMD-DPTI-2, CMD-DPTI-ALL: other kinds of invalidations mean nothing of it, and those of a
 * Security state only what is of it */
START_TEST(other_invalidations_mean_nothing_of_the_table)
{
	const struct dpt_region region = A_PAGE,
				realm = { .first = GB, .size_lg2 = 12, .sec_sid = SMMU3_PAS_REALM };
	struct smmu3_invalidation scope = { .any_asid = 1,
					    .any_vmid = 1,
					    .sids = UINT64_C(1) << 32 };

	for (scope.kind = 0; scope.kind < SMMU3_INVALIDATES_DPT; scope.kind++)
		ck_assert(!dpt_region_is_meant(&region, &scope));
	ck_assert(dpt_region_is_meant(&region, &scope));
	ck_assert(!dpt_region_is_meant(&realm, &scope));
	scope.sec_sid = SMMU3_PAS_REALM;
	ck_assert(!dpt_region_is_meant(&region, &scope));
	ck_assert(dpt_region_is_meant(&realm, &scope));
}
END_TEST

/* ---- What a lookup finds ---- */

static struct dpt_tlb tlb_of(uint32_t places)
{
	struct dpt_tlb tlb;

	ck_assert(dpt_tlb_init(&tlb, places));
	return tlb;
}

static bool finds(struct dpt_tlb *tlb, uint64_t addr, struct dpt_region *found)
{
	const struct dpt_key key = { addr, SMMU3_PAS_NS, false, false };

	return dpt_tlb_find(tlb, &key, found);
}

/* DPT-09: a region answers for all of its addresses and no other; of two the smaller; a Table only
 * for who asks for one; that of another Security state never */
START_TEST(a_region_answers_for_its_addresses)
{
	const struct dpt_key of_realm = { GB, SMMU3_PAS_REALM, false, false };
	const struct dpt_key last = { 2 * GB - 1, SMMU3_PAS_NS, true, false };
	const struct dpt_key beyond = { 2 * GB, SMMU3_PAS_NS, true, false };
	const struct dpt_region table = A_TABLE, group = A_GROUP, page = A_PAGE;
	struct dpt_tlb tlb = tlb_of(64);
	struct dpt_region found;

	dpt_tlb_keep(&tlb, 0, &table);
	ck_assert(!finds(&tlb, GB, &found));
	dpt_tlb_keep(&tlb, 0, &group);
	dpt_tlb_keep(&tlb, 0, &page);
	ck_assert(finds(&tlb, GB + 0x4fff, &found));
	ck_assert_uint_eq(found.size_lg2, 21);
	ck_assert(finds(&tlb, GB + 0x5fff, &found));
	ck_assert_uint_eq(found.size_lg2, 12);
	ck_assert(finds(&tlb, GB + MB2 - 1, &found));
	ck_assert(!finds(&tlb, GB + MB2, &found));
	ck_assert(!finds(&tlb, GB - 1, &found));
	ck_assert(!dpt_tlb_find(&tlb, &of_realm, &found));
	ck_assert(dpt_tlb_find(&tlb, &last, &found));
	ck_assert_uint_eq(found.table, 0x1000);
	ck_assert(!dpt_tlb_find(&tlb, &beyond, &found));
	dpt_tlb_free(&tlb);
}
END_TEST

/* What was read before something was forgotten is not kept afterwards. */
START_TEST(what_is_out_of_date_is_not_kept)
{
	const struct smmu3_invalidation elsewhere = PAS(0, 0x1000, 1);
	const struct dpt_region page = A_PAGE;
	struct dpt_tlb tlb = tlb_of(4);
	struct dpt_region found;
	const uint64_t age = dpt_tlb_age(&tlb);

	dpt_tlb_forget(&tlb, &elsewhere);
	dpt_tlb_keep(&tlb, age, &page);
	ck_assert(!finds(&tlb, page.first, &found));
	dpt_tlb_keep(&tlb, dpt_tlb_age(&tlb), &page);
	ck_assert(finds(&tlb, page.first, &found));
	dpt_tlb_free(&tlb);
}
END_TEST

/* A full set gives up one at a time; what is kept again takes its own place. */
START_TEST(there_are_as_many_places_as_were_asked_for)
{
	struct dpt_tlb tlb = tlb_of(4);
	struct dpt_region found;
	unsigned kept = 0;

	for (unsigned i = 0; i < 9; i++) {
		const struct dpt_region page = { .first = 0x1000 * (uint64_t)(i / 2),
						 .size_lg2 = 12,
						 .granule = true };

		dpt_tlb_keep(&tlb, 0, &page);
	}
	for (unsigned i = 0; i < 8; i++)
		kept += finds(&tlb, 0x1000 * (uint64_t)i, &found);
	ck_assert_uint_eq(kept, 4);
	ck_assert(finds(&tlb, 0x4000, &found));
	dpt_tlb_free(&tlb);
	tlb = tlb_of(0);
	dpt_tlb_keep(&tlb, 0, &(struct dpt_region){ .size_lg2 = 12 });
	ck_assert(!finds(&tlb, 0, &found));
	dpt_tlb_free(&tlb);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("dpt_tlb");
	TCase *tests = tcase_create("dpt_tlb");

	suite_add_tcase(suite, tests);
	tcase_add_loop_test(tests, an_invalidation_means_what_has_to_go, 0, COUNT(rows));
	tcase_add_test(tests, other_invalidations_mean_nothing_of_the_table);
	tcase_add_test(tests, a_region_answers_for_its_addresses);
	tcase_add_test(tests, what_is_out_of_date_is_not_kept);
	tcase_add_test(tests, there_are_as_many_places_as_were_asked_for);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
