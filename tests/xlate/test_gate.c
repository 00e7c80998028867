/* SPDX-License-Identifier: MIT */
/* What transactions see of the registers while other threads write them. */
#include "support/suite.h"
#include "xlate/gate.h"

#include <check.h>
#include <pthread.h>
#include <stdlib.h>

enum { GATES = 2000000, READERS = 4 };

struct shared {
	struct gate_cell cell;
	atomic_bool done;
	atomic_uint torn;
};

/* A gate in whose every word the number shows. */
static struct gate numbered(uint64_t n)
{
	return (struct gate){
		.smmuen = n & 1,
		.bypass = { .memattr = (uint8_t)n, .instcfg = (uint8_t)n },
		.streams = { .base = n << 6, .log2size = (uint8_t)n, .split = (uint8_t)n },
		.dpt = { .base = n << 12, .oas_bits = (uint8_t)n },
	};
}

static bool is_numbered(const struct gate *gate)
{
	const uint64_t n = gate->streams.base >> 6;

	return gate->smmuen == (n & 1) && gate->bypass.memattr == (uint8_t)n &&
	       gate->bypass.instcfg == (uint8_t)n && gate->streams.log2size == (uint8_t)n &&
	       gate->streams.split == (uint8_t)n;
}

static bool is_numbered_with_dpt(const struct gate *gate)
{
	const uint64_t n = gate->streams.base >> 6;

	return is_numbered(gate) && gate->dpt.base == n << 12 && gate->dpt.oas_bits == (uint8_t)n;
}

static void publish_many(struct shared *shared)
{
	for (uint64_t n = 1; n <= GATES; n++) {
		const struct gate gate = numbered(n);

		gate_publish(&shared->cell, &gate);
	}
	atomic_store(&shared->done, true);
}

/* CR-017: each slot in its turn */
START_TEST(the_gate_that_was_published_last_is_loaded)
{
	struct gate_cell cell = { 0 };

	for (uint64_t n = 1; n < 10; n++) {
		const struct gate gate = numbered(n);
		struct gate loaded, with_dpt;

		gate_publish(&cell, &gate);
		gate_load(&cell, &loaded);
		ck_assert(is_numbered(&loaded));
		ck_assert_uint_eq(loaded.streams.base, n << 6);
		gate_load_with_dpt(&cell, &with_dpt);
		ck_assert(is_numbered_with_dpt(&with_dpt));
		ck_assert_uint_eq(with_dpt.streams.base, n << 6);
	}
}
END_TEST

static void *load_until_done(void *context)
{
	struct shared *shared = context;

	while (!atomic_load(&shared->done)) {
		struct gate gate;

		gate_load(&shared->cell, &gate);
		atomic_fetch_add(&shared->torn, !is_numbered(&gate));
		gate_load_with_dpt(&shared->cell, &gate);
		atomic_fetch_add(&shared->torn, !is_numbered_with_dpt(&gate));
	}
	return NULL;
}

/* CR-017: entirely the old registers or entirely the new ones */
START_TEST(a_gate_is_loaded_whole_while_others_are_published)
{
	struct shared *shared = calloc(1, sizeof(*shared));
	pthread_t reader[READERS];

	ck_assert(shared != NULL);
	for (unsigned i = 0; i < READERS; i++)
		ck_assert_int_eq(pthread_create(&reader[i], NULL, load_until_done, shared), 0);
	publish_many(shared);
	for (unsigned i = 0; i < READERS; i++)
		pthread_join(reader[i], NULL);
	ck_assert_uint_eq(shared->torn, 0);
	free(shared);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("gate");
	TCase *tests = tcase_create("gate");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, the_gate_that_was_published_last_is_loaded);
	tcase_add_test(tests, a_gate_is_loaded_whole_while_others_are_published);
	suite_add_tcase(suite, tests);
	return run_checks(suite);
}
