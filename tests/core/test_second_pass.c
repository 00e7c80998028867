/* SPDX-License-Identifier: MIT */
/* The suite's second pass has caches, and its first has none. */
#include "support/walk_world.h"

#define OTHER_PAGE (PA_PAGE + 0x1000)

/* Software that does no maintenance meets what was kept, in the second pass alone. */
START_TEST(what_the_pass_asks_for_is_what_an_smmu_keeps)
{
	const bool second = getenv("SMMU_TEST_CACHES") != NULL;
	struct world w = world(S1_ONLY);

	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	put(&w, slot1(3), OTHER_PAGE | S1_PAGE);
	w.edited = false;
	expect_pa(&w, VA, 0, (second ? PA_PAGE : OTHER_PAGE) | OFFSET);
	afresh(&w);
	expect_pa(&w, VA, 0, OTHER_PAGE | OFFSET);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, what_the_pass_asks_for_is_what_an_smmu_keeps);
}

int main(void)
{
	return run_suite("second-pass", add);
}
