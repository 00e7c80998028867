/* SPDX-License-Identifier: MIT */
/* The suite's second pass has caches, and its first has none. */
#include "run.h"
#include "stalls.h"

#include <check.h>
#include <stdlib.h>

/* Software that does no maintenance meets what was kept, in the second pass alone. */
START_TEST(what_the_pass_asks_for_is_what_an_smmu_keeps)
{
	const bool second = getenv("SMMU_TEST_CACHES") != NULL;
	struct machine *m = started_stalling(4);

	mend(m, 1);
	pass(m, 1);
	*slot1(m, 1) = BLOCK1; /* to 0 */
	ck_assert_uint_eq(ask(m, 1, 0, 0).pa, second ? OUTPUT : INPUT);
	maintain(m);
	ck_assert_uint_eq(ask(m, 1, 0, 0).pa, INPUT);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, what_the_pass_asks_for_is_what_an_smmu_keeps);
}

int main(void)
{
	return run("second-pass", add);
}
