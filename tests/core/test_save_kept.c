/* SPDX-License-Identifier: MIT */
/* Caches are not saved: what an SMMU keeps belongs to the state that a load replaces. */
#include "support/conf_world.h"

#define MOVED_TO (RAM_BASE + 0xa000)

static void save_and_load(struct world *w)
{
	size_t size = 0;

	ck_assert_int_eq(smmu3_save(w->smmu, NULL, &size, NULL), 0);
	void *blob = malloc(size);

	ck_assert_ptr_nonnull(blob);
	ck_assert_int_eq(smmu3_save(w->smmu, blob, &size, NULL), 0);
	ck_assert_int_eq(smmu3_load(w->smmu, blob, size, NULL), 0);
	free(blob);
}

/* TLB-11: a translation, its tables, the STE and the CD are read afresh after a load */
START_TEST(nothing_is_kept_over_a_load)
{
	struct world w = stream(S1_ONLY);

	w.config.caches = (struct smmu3_caches){ 16, 16, 16, 16, 16, 0, 0, 0, 0, 0 };
	open_world(&w);
	expect_pa(&w, VA, 0, NEAR_PA);
	put(&w, slot1(3), MOVED_TO | S1_PAGE);
	expect_pa(&w, VA, 0, NEAR_PA); /* it is kept */
	save_and_load(&w);
	expect_pa(&w, VA, 0, MOVED_TO | OFFSET);
	change(word_at(&w, STE_AT), CONFIG, ABORT_ALL);
	expect_pa(&w, VA, 0, MOVED_TO | OFFSET);
	save_and_load(&w);
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_ABORT);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, nothing_is_kept_over_a_load);
}

int main(void)
{
	return run_suite("save_kept", add);
}
