/* SPDX-License-Identifier: MIT */
/* What is in a chain is found there, in the order in which it came, until it is taken out: against
 * a plain list. */
#include "base/chains.h"

#include "support/suite.h"

#include <check.h>

enum { NUMBERS = 3000, NAMES = 40, STEPS = 20000 };

static uint64_t seed = 1;

static uint32_t any(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) % below);
}

/* By number: 0: it is in none, or since when. */
static struct listed {
	uint32_t name, since;
} list[NUMBERS + 1];

/* The number of a name that came first after `since`; 0: there is none. */
static uint32_t next_of(uint32_t name, uint32_t since)
{
	uint32_t next = 0;

	for (uint32_t n = 1; n <= NUMBERS; n++)
		if (list[n].since > since && list[n].name == name &&
		    (!next || list[n].since < list[next].since))
			next = n;
	return next;
}

/* Numbers of a name follow each other as they came, with others in between. */
static void check_chain(const struct chains *chains, uint32_t name)
{
	uint32_t awaited = next_of(name, 0);

	for (uint32_t n = chains_first(chains, name * 0x10001); n; n = chains_after(chains, n)) {
		if (list[n].name != name)
			continue;
		ck_assert_uint_eq(n, awaited);
		awaited = next_of(name, list[n].since);
	}
	ck_assert_uint_eq(awaited, 0);
}

/* check.h: whatever comes and goes, from few to many. */
START_TEST(what_comes_is_found_in_order_until_it_goes)
{
	struct chains chains = { .things = 0 };
	uint32_t things = 0;

	for (uint32_t step = 1; step <= STEPS; step++) {
		const uint32_t number = 1 + any(step < STEPS / 2 ? 1 + step / 4 : NUMBERS);
		struct listed *listed = &list[number];

		chains_take(&chains, number); /* in any or in none */
		things -= listed->since != 0;
		*listed = (struct listed){ any(NAMES), any(3) ? step : 0 };
		if (listed->since)
			ck_assert(chains_put(&chains, number, listed->name * 0x10001));
		things += listed->since != 0;
		ck_assert_uint_eq(chains.things, things);
		if (!(step % 100))
			check_chain(&chains, any(NAMES));
	}
	for (uint32_t name = 0; name < NAMES; name++)
		check_chain(&chains, name);
	chains_free(&chains);
	ck_assert_uint_eq(chains_first(&chains, 1), 0);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, what_comes_is_found_in_order_until_it_goes);
}

int main(void)
{
	return run_suite("chains", add);
}
