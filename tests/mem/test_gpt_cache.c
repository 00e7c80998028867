/* SPDX-License-Identifier: MIT */
/* What is kept of the granule protection table: what a check finds, and what ROOT_TLBI removes.
 * D9.5, 6.3.118, C5.5.28 */
#include "gpt_world.h"
#include "support/suite.h"

#include <check.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))
#define GB UINT64_C(0x40000000)
#define MB2 UINT64_C(0x200000)
#define NS SMMU3_PAS_NS
#define SECURE SMMU3_PAS_SECURE
#define REALM SMMU3_PAS_REALM

/* ---- What ROOT_TLBI asks for ---- */

/* RME-022, 6.3.118, C5.5.28: ALL bit 0, L bit 1, SIZE 7:4, Address 51:12; with 4, 16 and 64 KB
 * granules and 44 bits of PA.  bytes 1: nothing */
static const struct {
	unsigned granule_lg2;
	uint64_t tlbi, addr, bytes;
	unsigned leaf;
} asked[] = {
	{ 12, 0x12345000, 0x12345000, 0x1000, 0 },
	{ 12, 0x12345002, 0x12345000, 0x1000, 1 },
	{ 12, 0x12344010, 0x12344000, 0x4000, 0 },
	{ 12, 0x12340020, 0x12340000, 0x10000, 0 },
	{ 12, 0x12200030, 0x12200000, 0x200000, 0 },
	{ 12, 0x12000042, 0x12000000, 0x2000000, 1 },
	{ 12, 0x20000050, 0x20000000, 0x20000000, 0 },
	{ 12, 0x40000060, 0x40000000, 0x40000000, 0 },
	{ 12, UINT64_C(0x400000070), UINT64_C(0x400000000), UINT64_C(0x400000000), 0 },
	{ 12, UINT64_C(0x1000000080), UINT64_C(0x1000000000), UINT64_C(0x1000000000), 0 },
	{ 12, UINT64_C(0x8000000090), UINT64_C(0x8000000000), UINT64_C(0x8000000000), 0 },
	{ 12, 0xa0, 0, 1, 0 }, /* reserved sizes */
	{ 12, 0xf0, 0, 1, 0 },
	{ 12, 0x12345010, 0, 1, 0 }, /* no multiple of the size */
	{ 12, 0x12300030, 0, 1, 0 },
	{ 12, UINT64_C(0x100000000000), 0, 1, 0 }, /* beyond OAS */
	{ 12, UINT64_C(0xfffffffff000), 0, 1, 0 },
	{ 12, UINT64_C(0xffffffff000), UINT64_C(0xffffffff000), 0x1000, 0 },
	{ 14, 0x12345000, 0x12344000, 0x4000, 0 }, /* the granule is the least */
	{ 16, 0x1234f002, 0x12340000, 0x10000, 1 },
	{ 16, 0x12345010, 0x12340000, 0x10000, 0 },
	{ 16, 0x12345030, 0, 1, 0 },
	{ 0, 0x12345000, 0, 1, 0 },                /* PGS is reserved */
	{ 0, UINT64_C(0xffffffffff0f3), 0, 0, 0 }, /* with ALL the rest is ignored */
	{ 12, UINT64_C(0xffffffffff0a3), 0, 0, 0 },
	{ 12, 0x1, 0, 0, 0 },
};

START_TEST(root_tlbi_has_a_scope)
{
	const struct gpc gpc = { .granule_lg2 = (uint8_t)asked[_i].granule_lg2 };
	const struct features features = { .oas_bits = 44 };
	struct smmu3_invalidation scope;
	const bool any = gpt_scope(&gpc, &features, asked[_i].tlbi, &scope);

	ck_assert_uint_eq(any, asked[_i].bytes != 1);
	if (!any)
		return;
	ck_assert_uint_eq(scope.kind, SMMU3_INVALIDATES_GPT);
	ck_assert_uint_eq(scope.sec_sid, SMMU3_PAS_ROOT);
	ck_assert(scope.any_asid && scope.any_vmid && scope.any_ssid);
	ck_assert_uint_eq(scope.addr, asked[_i].addr);
	ck_assert_uint_eq(scope.bytes, asked[_i].bytes);
	ck_assert_uint_eq(scope.leaf, asked[_i].leaf);
}
END_TEST

/* ---- What a check finds ---- */

/* A world that keeps, in so many places. */
static void open_keeping(struct gpt_world *w, struct pa_cache *cache, uint32_t places)
{
	gpt_world_open(w);
	ck_assert(pa_cache_init(cache, SMMU3_INVALIDATES_GPT, places));
	w->view.gpt = cache;
	w->view.gpt_age = pa_cache_age(cache);
	w->view.keeps = true;
}

static void close_keeping(struct gpt_world *w, struct pa_cache *cache)
{
	pa_cache_free(cache);
	gpt_world_close(w);
}

static void invalidate(struct gpt_world *w, struct pa_cache *cache, uint64_t tlbi)
{
	const struct gpc gpc = gpc_decode(&w->features, &w->registers);
	struct smmu3_invalidation scope;

	ck_assert(gpt_scope(&gpc, &w->features, tlbi, &scope));
	pa_cache_forget(cache, &scope);
	w->view.gpt_age = pa_cache_age(cache);
}

/* GPC-13: an entry that was read answers for its region in every PA space, whether it permits or
 * denies, until it is invalidated */
START_TEST(what_is_kept_answers_until_it_is_invalidated)
{
	struct pa_cache cache;
	struct gpt_world w;

	open_keeping(&w, &cache, 16);
	put_word(&w, L0_AT, 0x81);
	expect_denied(&w, NS, 0x1000, 0);
	put_word(&w, L0_AT, 0x91);
	expect_denied(&w, NS, 0x2000, 0);
	expect_pass(&w, SECURE, 0x3fffffff, 30);
	ck_assert_uint_eq(w.reads, 0);
	invalidate(&w, &cache, GB | 0x60); /* elsewhere */
	expect_denied(&w, NS, 0x2000, 0);
	invalidate(&w, &cache, 0x50); /* less than the block */
	expect_denied(&w, NS, 0x2000, 0);
	invalidate(&w, &cache, 0x60);
	expect_pass(&w, NS, 0x2000, 30);
	expect_denied(&w, SECURE, 0x2000, 0);
	close_keeping(&w, &cache);
}
END_TEST

/* GPC-13, RME-022: a Table that is kept leads on to its level 1; with L it stays */
START_TEST(a_table_is_kept_apart_from_its_granules)
{
	struct pa_cache cache;
	struct gpt_world w;

	open_keeping(&w, &cache, 16);
	put_word(&w, L0_AT, L1_AT | 3);
	put_word(&w, L1_AT, UINT64_C(0x9999999999999998));
	expect_pass(&w, SECURE, 0, 12);
	ck_assert_uint_eq(w.reads, 2);
	expect_pass(&w, NS, 0x1000, 12);
	ck_assert_uint_eq(w.reads, 1);
	put_word(&w, L0_AT, 0x01);
	put_word(&w, L1_AT, 0);
	invalidate(&w, &cache, 2); /* the first granule, L */
	expect_denied(&w, SECURE, 0, 1);
	ck_assert_uint_eq(w.reads, 1);
	expect_pass(&w, NS, 0x1000, 12);
	invalidate(&w, &cache, 0x2000); /* another granule, all levels */
	expect_pass(&w, NS, 0x1000, 12);
	expect_denied(&w, NS, 0x2000, 0);
	invalidate(&w, &cache, 1);
	expect_denied(&w, NS, 0x1000, 0);
	close_keeping(&w, &cache);
}
END_TEST

/* GPC-14: where entries of a contiguous region disagree, one that is kept may answer for all of it,
 * and a granule that is kept answers for itself */
START_TEST(a_contiguous_region_answers_for_all_of_it)
{
	struct pa_cache cache;
	struct gpt_world w;

	open_keeping(&w, &cache, 16);
	put_word(&w, L0_AT, L1_AT | 3);
	put_word(&w, L1_AT, 0x1b1);                            /* 2 MB of Realm */
	put_word(&w, L1_AT + 8, UINT64_C(0x8888888888888888)); /* but not this 64 KB */
	expect_pass(&w, SECURE, 0x10000, 12);
	expect_pass(&w, REALM, 0x1000, 21);
	expect_pass(&w, SECURE, 0x10000, 12);
	expect_pass(&w, REALM, 0x11000, 21);
	ck_assert_uint_eq(w.reads, 0);
	invalidate(&w, &cache, 0x30);
	expect_pass(&w, SECURE, 0x11000, 12);
	close_keeping(&w, &cache);
}
END_TEST

/* D9.5 (R_QBKYP): what is invalid, and what could not be read, is not kept */
START_TEST(errors_are_not_kept)
{
	struct pa_cache cache;
	struct gpt_world w;

	open_keeping(&w, &cache, 16);
	put_abort(&w, L0_AT);
	expect_error(&w, NS, 0x1000, 2, 0);
	put_word(&w, L0_AT, 0x191);
	expect_error(&w, NS, 0x1000, 3, 0);
	put_word(&w, L0_AT, L1_AT | 3);
	put_word(&w, L1_AT, 2);
	expect_error(&w, NS, 0x1000, 3, 1);
	put_word(&w, L1_AT, UINT64_C(0x9999999999999999));
	expect_pass(&w, NS, 0x1000, 12);
	close_keeping(&w, &cache);
}
END_TEST

/* GPC-07: registers that are invalid, PPS and the base come before what is kept */
START_TEST(registers_come_before_what_is_kept)
{
	struct pa_cache cache;
	struct gpt_world w;

	open_keeping(&w, &cache, 16);
	put_word(&w, L0_AT, 0x81);
	expect_pass(&w, SECURE, 0x1000, 30);
	w.registers.base |= UINT64_C(1) << 40;
	expect_error(&w, SECURE, 0x1000, 1, 0);
	w.registers.cfg |= 7;
	expect_error(&w, SECURE, 0x1000, 0, 0);
	close_keeping(&w, &cache);
}
END_TEST

/* D9.5: what was read before an invalidation is not kept after it; what is not to be kept is not */
START_TEST(what_is_older_than_an_invalidation_is_not_kept)
{
	struct pa_cache cache;
	struct gpt_world w;

	open_keeping(&w, &cache, 16);
	const uint64_t age = w.view.gpt_age;

	put_word(&w, L0_AT, 0x81);
	invalidate(&w, &cache, GB); /* elsewhere */
	w.view.gpt_age = age;
	expect_pass(&w, SECURE, 0x1000, 30);
	expect_pass(&w, SECURE, 0x1000, 30);
	ck_assert_uint_eq(w.reads, 1);
	w.view.gpt_age = pa_cache_age(&cache);
	w.view.keeps = false;
	expect_pass(&w, SECURE, 0x1000, 30);
	expect_pass(&w, SECURE, 0x1000, 30);
	ck_assert_uint_eq(w.reads, 1);
	w.view.keeps = true;
	expect_pass(&w, SECURE, 0x1000, 30);
	expect_pass(&w, SECURE, 0x1000, 30);
	ck_assert_uint_eq(w.reads, 0);
	close_keeping(&w, &cache);
}
END_TEST

/* GPC-13: places are as many as were asked for, one goes for another, and none keep nothing */
START_TEST(places_are_limited)
{
	static const uint32_t sizes[] = { 0, 1, 4, 64 };
	const struct pa_key none = { .addr = GB };

	for (unsigned i = 0; i < 4; i++) {
		struct pa_region found = { 0 };
		struct pa_cache cache;
		unsigned kept = 0;

		ck_assert(pa_cache_init(&cache, SMMU3_INVALIDATES_GPT, sizes[i]));
		for (uint64_t page = 0; page < 256; page++) {
			const struct pa_region region = { .first = page << 12,
							  .size_lg2 = 12,
							  .granule = true };

			pa_cache_keep(&cache, 0, &region);
		}
		for (uint64_t page = 0; page < 256; page++) {
			const struct pa_key key = { .addr = page << 12 | 0xabc };

			if (!pa_cache_find(&cache, &key, &found))
				continue;
			ck_assert_uint_eq(found.first, page << 12);
			kept++;
		}
		ck_assert(!pa_cache_find(&cache, &none, &found));
		ck_assert_uint_le(kept, sizes[i]);
		ck_assert_uint_eq(kept != 0, sizes[i] != 0);
		pa_cache_free(&cache);
	}
}
END_TEST

static void ignore(void *context, const struct smmu3_step *step)
{
	(void)context;
	(void)step;
}

static void expect_counts(struct pa_cache *cache, bool tables, uint64_t lookups, uint64_t hits,
			  uint64_t fills, uint64_t removed)
{
	struct smmu3_cache_stats both[2];
	const struct smmu3_cache_stats *counted = &both[tables];

	pa_cache_stats(cache, &both[0], &both[1]);
	ck_assert_uint_eq(counted->lookups, lookups);
	ck_assert_uint_eq(counted->hits, hits);
	ck_assert_uint_eq(counted->fills, fills);
	ck_assert_uint_eq(counted->removed, removed);
	ck_assert_uint_eq(counted->evictions, 0);
}

/* What is looked up is counted where the steps are told, what is kept and removed with statistics:
 * of Tables apart. */
START_TEST(what_is_kept_is_counted)
{
	struct pa_cache cache;
	struct gpt_world w;

	open_keeping(&w, &cache, 16);
	cache.counts = true;
	w.view.step = ignore;
	put_word(&w, L0_AT, L1_AT | 3);
	expect_denied(&w, NS, 0x1000, 1);
	expect_denied(&w, NS, 0x1000, 1);
	expect_denied(&w, NS, 0x2000, 1);
	expect_counts(&cache, false, 3, 1, 2, 0);
	expect_counts(&cache, true, 2, 1, 1, 0);
	invalidate(&w, &cache, 2);
	invalidate(&w, &cache, 1);
	expect_counts(&cache, false, 3, 1, 2, 2);
	expect_counts(&cache, true, 2, 1, 1, 1);
	pa_cache_stats_reset(&cache);
	expect_counts(&cache, false, 0, 0, 0, 0);
	expect_counts(&cache, true, 0, 0, 0, 0);
	close_keeping(&w, &cache);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, root_tlbi_has_a_scope, 0, COUNT(asked));
	tcase_add_test(tests, what_is_kept_answers_until_it_is_invalidated);
	tcase_add_test(tests, a_table_is_kept_apart_from_its_granules);
	tcase_add_test(tests, a_contiguous_region_answers_for_all_of_it);
	tcase_add_test(tests, errors_are_not_kept);
	tcase_add_test(tests, registers_come_before_what_is_kept);
	tcase_add_test(tests, what_is_older_than_an_invalidation_is_not_kept);
	tcase_add_test(tests, places_are_limited);
	tcase_add_test(tests, what_is_kept_is_counted);
}

int main(void)
{
	return run_suite("gpt_cache", add);
}
