/* SPDX-License-Identifier: MIT */
/* The suite's third pass asks through ports, and the others do not. */
#include "inside.h"
#include "run.h"
#include "stalls.h"

#include "support/ported.h"

#include <check.h>

/* Every way through a port is taken, as often as the others, and finds what it was told before. */
START_TEST(what_the_third_pass_asks_goes_every_way_through_a_port)
{
	enum { TIMES = 3 };
	struct machine *m = started_stalling(4);
	const struct ported_counts before = ported_counts();

	mend(m, 1);
	for (unsigned i = 0; i < TIMES * PORTED_WAYS; i++)
		ck_assert_uint_eq(ask(m, 1, 0, 0).pa, OUTPUT);
	const struct ported_counts after = ported_counts();

	for (unsigned way = 0; way < PORTED_WAYS; way++)
		ck_assert_uint_eq(after.asked[way] - before.asked[way], ported_pass() ? TIMES : 0);
	if (ported_pass())
		ck_assert_uint_ge(after.hits - before.hits, TIMES * PORTED_WAYS);
	close_machine(m);
}
END_TEST

static void ask_for_another(struct machine *m, unsigned n)
{
	fault(m, n + 1);
}

/* A port is not used from a callback of its own. */
START_TEST(what_a_callback_asks_goes_past_the_port)
{
	struct inside inside = {
		.at = WRITES, .reason = SMMU3_REASON_EVENTQ, .times = 1, .act = ask_for_another
	};
	struct machine *m = with(&inside);
	const struct ported_counts before = ported_counts();

	fault(m, 0);
	ck_assert_uint_eq(ported_counts().past - before.past, ported_pass() ? 1 : 0);
	close_ended(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, what_the_third_pass_asks_goes_every_way_through_a_port);
	tcase_add_test(tests, what_a_callback_asks_goes_past_the_port);
}

int main(void)
{
	return run("ported-pass", add);
}
