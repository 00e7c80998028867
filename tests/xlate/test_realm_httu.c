/* SPDX-License-Identifier: MIT */
/* Hardware updates for Realm streams: in Realm memory, with its encryption context, and never of
 * what leads a structure out of it.  3.13, 7.3.16, 18 */
#include "support/realm_world.h"

#define AF BIT(10)
#define BIT7 BIT(7) /* AP[2], S2AP[1] */
#define DBM BIT(51)
#define W SMMU3_TXN_WRITE
#define CLEAN (PAGE | BIT7 | DBM)
#define CLEAN2 ((S2_PAGE & ~BIT7) | DBM)

static struct realm_world updating(unsigned config)
{
	struct realm_world w = realm_world(config);

	w.config.idr[0] |= 3 << 6;               /* HTTU */
	w.cd[0] |= BIT(42) | BIT(43);            /* HD, HA */
	w.cd[1] |= BIT(3);                       /* HAFT */
	w.ste[2] |= BIT(55) | BIT(56) | BIT(59); /* S2HD, S2HA, S2HAFT */
	*word_at(&w, slot1(3)) = (*word_at(&w, slot1(3)) | BIT7 | DBM) & ~AF;
	put(&w, slot2(3), PA_PAGE | (CLEAN2 & ~AF));
	return w;
}

static uint64_t now(struct realm_world *w, uint64_t at)
{
	return *word_at(w, at);
}

/* Nothing in Non-secure memory, at the same addresses, has been touched. */
static void expect_non_secure_untouched(const struct realm_world *w)
{
	for (uint64_t i = 0; i < RAM_SIZE / 8; i++)
		ck_assert_uint_eq(w->ram[NS][i], 0);
}

/* HTTU-01, HTTU-05, HTTU-12, RLM-007: tables and page, with the STE's MECID */
START_TEST(a_realm_stage_1_is_updated_in_realm_memory)
{
	struct realm_world w = updating(S1_ONLY);

	expect_pa(&w, VA, _i ? W : 0, PA, R);
	ck_assert_uint_eq(now(&w, slot1(3)), PA_PAGE | (CLEAN & ~(_i ? BIT7 : 0)));
	for (int level = 0; level < 3; level++)
		ck_assert_uint_eq(now(&w, slot1(level)), S1_TABLE(level + 1) | TABLE | AF);
	ck_assert_uint_eq(w.swap_count, 4);
	ck_assert_uint_eq(w.swapped.pas, R);
	ck_assert_uint_eq(w.swapped.mecid, MECID);
	expect_non_secure_untouched(&w);
	drop(&w);
}
END_TEST

/* HTTU-06, HTTU-12: of data in Realm and, by NS of the leaf, in Non-secure memory */
START_TEST(a_realm_stage_2_is_updated_in_realm_memory)
{
	const bool ns = _i & 1;
	struct realm_world w = updating(S2_ONLY);

	*word_at(&w, slot2(3)) |= ns ? NS_LEAF_2 : 0;
	expect_pa(&w, IPA, _i & 2 ? W : 0, PA, ns ? NS : R);
	ck_assert_uint_eq(now(&w, slot2(3)),
			  PA_PAGE | CLEAN2 | (ns ? NS_LEAF_2 : 0) | (_i & 2 ? BIT7 : 0));
	for (int level = 0; level < 3; level++)
		ck_assert_uint_eq(now(&w, slot2(level)), S2_TABLE(level + 1) | TABLE | AF);
	ck_assert_uint_eq(w.swapped.pas, R);
	ck_assert_uint_eq(w.swapped.mecid, MECID);
	drop(&w);
}
END_TEST

/* HTTU-19, HTTU-12: a write updates stage 1, stage 2 of its tables, and stage 2 of the page */
START_TEST(both_stages_of_a_realm_stream_are_updated)
{
	struct realm_world w = updating(NESTED);

	put(&w, BLOCK_SLOT, RAM_BASE | (((S2_BLOCK & ~BIT7) | DBM) & ~AF));
	expect_pa(&w, VA, W, PA, R);
	ck_assert_uint_eq(now(&w, slot1(3)), IPA_PAGE | (CLEAN & ~BIT7));
	ck_assert_uint_eq(now(&w, BLOCK_SLOT), RAM_BASE | S2_BLOCK | DBM);
	ck_assert_uint_eq(now(&w, slot2(3)), PA_PAGE | CLEAN2 | BIT7);
	for (int level = 0; level < 3; level++) {
		ck_assert_uint_eq(now(&w, slot1(level)) & AF, AF);
		ck_assert_uint_eq(now(&w, slot2(level)) & AF, AF);
	}
	expect_non_secure_untouched(&w);
	drop(&w);
}
END_TEST

/* HTTU-04, NS-16: the page of a structure that leaves Realm memory is refused, and not marked; that
 * of an instruction likewise; the tables that led there are */
START_TEST(what_leaves_realm_memory_is_not_updated)
{
	struct realm_world w = updating(_i ? S2_ONLY : NESTED);
	const uint64_t at = _i ? slot2(3) : BLOCK_SLOT;

	if (!_i)
		put(&w, BLOCK_SLOT, RAM_BASE | S2_BLOCK);
	*word_at(&w, at) = (now(&w, at) | NS_LEAF_2) & ~AF;
	expect_fault(&w, _i ? IPA : VA, _i ? X : 0, PERMISSION, 2,
		     _i ? "s2-realm-x" : "s2-realm-read");
	ck_assert_uint_eq(now(&w, at) & AF, 0);
	ck_assert_uint_eq(now(&w, S2_TABLE(0) + (_i ? 16 : 0)) & AF, AF);
	expect_non_secure_untouched(&w);
	drop(&w);
}
END_TEST

/* HTTU-15 */
START_TEST(a_probe_of_a_realm_stream_updates_nothing)
{
	struct realm_world w = updating(NESTED);

	w.txn.flags = SMMU3_TXN_PROBE;
	expect_pa(&w, VA, W, PA, R);
	ck_assert_uint_eq(w.swap_count, 0);
	drop(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_realm_stage_1_is_updated_in_realm_memory, 0, 2);
	tcase_add_loop_test(tests, a_realm_stage_2_is_updated_in_realm_memory, 0, 4);
	tcase_add_test(tests, both_stages_of_a_realm_stream_are_updated);
	tcase_add_loop_test(tests, what_leaves_realm_memory_is_not_updated, 0, 2);
	tcase_add_test(tests, a_probe_of_a_realm_stream_updates_nothing);
}

int main(void)
{
	return run_suite("realm_httu", add);
}
