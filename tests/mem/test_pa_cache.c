/* SPDX-License-Identifier: MIT */
/* What is kept of a Device Permission Table and of the granule protection table: what a lookup
 * finds, and what an invalidation means.  3.24.2, 3.24.5, 4.6, 6.3.118, D9.5 */
#include "mem/pa_cache.h"
#include "support/suite.h"

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
#define PAS(at, size, is_leaf)                                   \
	{                                                        \
		.addr = (at), .bytes = (size), .leaf = (is_leaf) \
	}

/* CMD-DPTI-PA, DPT-09, RME-022, GPC-13: what has to go, and its neighbours */
static const struct {
	struct pa_region region;
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
	/* what reaches past the last address reaches as far as that */
	{ A_BLOCK, PAS(0x1000, UINT64_MAX, 0), true },
	{ A_PAGE, PAS(GB + 0x5000, UINT64_MAX, 1), true },
	{ A_PAGE, PAS(GB + 0x6000, UINT64_MAX, 1), false },
};

/* The tables that there are, and what invalidates them. */
static const struct {
	enum smmu3_pas sec_sid;
	enum smmu3_invalidation_kind kind;
} of[] = {
	{ SMMU3_PAS_NS, SMMU3_INVALIDATES_DPT },
	{ SMMU3_PAS_REALM, SMMU3_INVALIDATES_DPT },
	{ SMMU3_PAS_ROOT, SMMU3_INVALIDATES_GPT },
};

START_TEST(an_invalidation_means_what_has_to_go)
{
	struct pa_region region = rows[_i].region;
	struct smmu3_invalidation scope = rows[_i].scope;

	for (int i = 0; i < COUNT(of); i++) {
		scope.kind = (uint8_t)of[i].kind;
		scope.sec_sid = region.sec_sid = (uint8_t)of[i].sec_sid;
		ck_assert_uint_eq(pa_region_is_meant(&region, &scope), rows[_i].meant);
	}
}
END_TEST

/* CMD-DPTI-2, CMD-DPTI-ALL, GPC-13: other kinds of invalidations mean nothing of it, those of a
 * Security state only what is of it; S_INIT.INV_ALL means all.  6.3.62 */
START_TEST(other_invalidations_mean_nothing_of_the_table)
{
	struct pa_region region = A_PAGE;
	struct smmu3_invalidation scope = { .any_asid = 1,
					    .any_vmid = 1,
					    .sids = UINT64_C(1) << 32 };

	region.sec_sid = (uint8_t)of[_i].sec_sid;
	for (scope.kind = 0; scope.kind <= SMMU3_INVALIDATES_ALL; scope.kind++)
		for (scope.sec_sid = 0; scope.sec_sid <= SMMU3_PAS_ROOT; scope.sec_sid++)
			ck_assert_uint_eq(pa_region_is_meant(&region, &scope),
					  scope.kind == SMMU3_INVALIDATES_ALL ||
						  (scope.kind == of[_i].kind &&
						   scope.sec_sid == of[_i].sec_sid));
}
END_TEST

/* ---- What a lookup finds ---- */

static struct pa_cache cache_of(uint32_t places)
{
	struct pa_cache cache;

	ck_assert(pa_cache_init(&cache, SMMU3_INVALIDATES_DPT, places));
	return cache;
}

static bool finds(struct pa_cache *cache, uint64_t addr, struct pa_region *found)
{
	const struct pa_key key = { addr, SMMU3_PAS_NS, false, false };

	return pa_cache_find(cache, &key, found);
}

/* DPT-09: a region answers for all of its addresses and no other; of two the smaller; a Table only
 * for who asks for one; that of another Security state never */
START_TEST(a_region_answers_for_its_addresses)
{
	const struct pa_key of_realm = { GB, SMMU3_PAS_REALM, false, false };
	const struct pa_key last = { 2 * GB - 1, SMMU3_PAS_NS, true, false };
	const struct pa_key beyond = { 2 * GB, SMMU3_PAS_NS, true, false };
	const struct pa_region table = A_TABLE, group = A_GROUP, page = A_PAGE;
	struct pa_cache cache = cache_of(64);
	struct pa_region found;

	pa_cache_keep(&cache, 0, &table);
	ck_assert(!finds(&cache, GB, &found));
	pa_cache_keep(&cache, 0, &group);
	pa_cache_keep(&cache, 0, &page);
	ck_assert(finds(&cache, GB + 0x4fff, &found));
	ck_assert_uint_eq(found.size_lg2, 21);
	ck_assert(finds(&cache, GB + 0x5fff, &found));
	ck_assert_uint_eq(found.size_lg2, 12);
	ck_assert(finds(&cache, GB + MB2 - 1, &found));
	ck_assert(!finds(&cache, GB + MB2, &found));
	ck_assert(!finds(&cache, GB - 1, &found));
	ck_assert(!pa_cache_find(&cache, &of_realm, &found));
	ck_assert(pa_cache_find(&cache, &last, &found));
	ck_assert_uint_eq(found.table, 0x1000);
	ck_assert(!pa_cache_find(&cache, &beyond, &found));
	pa_cache_free(&cache);
}
END_TEST

/* What was read before something was forgotten is not kept afterwards. */
START_TEST(what_is_out_of_date_is_not_kept)
{
	const struct smmu3_invalidation elsewhere = { .kind = SMMU3_INVALIDATES_DPT,
						      .bytes = 0x1000,
						      .leaf = 1 };
	const struct pa_region page = A_PAGE;
	struct pa_cache cache = cache_of(4);
	struct pa_region found;
	const uint64_t age = pa_cache_age(&cache);

	pa_cache_forget(&cache, &elsewhere);
	pa_cache_keep(&cache, age, &page);
	ck_assert(!finds(&cache, page.first, &found));
	pa_cache_keep(&cache, pa_cache_age(&cache), &page);
	ck_assert(finds(&cache, page.first, &found));
	pa_cache_free(&cache);
}
END_TEST

/* A full set gives up one at a time; what is kept again takes its own place. */
START_TEST(there_are_as_many_places_as_were_asked_for)
{
	struct pa_cache cache = cache_of(4);
	struct pa_region found;
	unsigned kept = 0;

	for (unsigned i = 0; i < 9; i++) {
		const struct pa_region page = { .first = 0x1000 * (uint64_t)(i / 2),
						.size_lg2 = 12,
						.granule = true };

		pa_cache_keep(&cache, 0, &page);
	}
	for (unsigned i = 0; i < 8; i++)
		kept += finds(&cache, 0x1000 * (uint64_t)i, &found);
	ck_assert_uint_eq(kept, 4);
	ck_assert(finds(&cache, 0x4000, &found));
	pa_cache_free(&cache);
	cache = cache_of(0);
	pa_cache_keep(&cache, 0, &(struct pa_region){ .size_lg2 = 12 });
	ck_assert(!finds(&cache, 0, &found));
	pa_cache_free(&cache);
}
END_TEST

/* RST-001: in reset it is as new: the same is put out by the same as ever */
START_TEST(whose_turn_it_is_to_go_is_forgotten_with_everything)
{
	struct pa_cache cache = cache_of(4);
	uint64_t left[2] = { 0 };
	struct pa_region found;

	for (unsigned time = 0; time < 2; time++) {
		for (uint64_t i = 1; i <= 5; i++) {
			const struct pa_region page = { .first = i << 16,
							.size_lg2 = 12,
							.granule = true };

			pa_cache_keep(&cache, pa_cache_age(&cache), &page);
		}
		for (uint64_t i = 1; i <= 5; i++)
			left[time] |= (uint64_t)finds(&cache, i << 16, &found) << i;
		pa_cache_forget_all(&cache);
	}
	ck_assert_int_eq(__builtin_popcountll(left[0]), 4);
	ck_assert_uint_eq(left[0], left[1]);
	pa_cache_free(&cache);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("pa_cache");
	TCase *tests = tcase_create("pa_cache");

	suite_add_tcase(suite, tests);
	tcase_add_loop_test(tests, an_invalidation_means_what_has_to_go, 0, COUNT(rows));
	tcase_add_loop_test(tests, other_invalidations_mean_nothing_of_the_table, 0, COUNT(of));
	tcase_add_test(tests, a_region_answers_for_its_addresses);
	tcase_add_test(tests, what_is_out_of_date_is_not_kept);
	tcase_add_test(tests, there_are_as_many_places_as_were_asked_for);
	tcase_add_test(tests, whose_turn_it_is_to_go_is_forgotten_with_everything);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
