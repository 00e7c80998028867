/* SPDX-License-Identifier: MIT */
/* 16 bytes of memory as one access: in a window, and by the host.  3.21.3 */
#include "mem/mem.h"
#include "mem/pair.h"
#include "support/suite.h"

#include <check.h>
#include <pthread.h>
#include <stdalign.h>
#include <string.h>

enum { ROUNDS = 20000 };

struct both {
	alignas(64) uint64_t word[8];
	unsigned lost;
};

/* Turns both words from n to n + 1. */
static void *count(void *context)
{
	struct both *both = context;

	for (unsigned i = 0; i < ROUNDS;) {
		uint64_t now[2];

		pair_load(both->word, now);
		ck_assert_uint_eq(now[0], ~now[1]);
		const uint64_t next[2] = { now[0] + 1, ~(now[0] + 1) };

		if (pair_swap(both->word, now, next))
			i++;
	}
	return NULL;
}

/* D128-01: nobody sees one word of an update, or loses one */
START_TEST(two_threads_count_without_a_torn_or_lost_pair)
{
	struct both both = { { 0, UINT64_MAX }, 0 };
	pthread_t other;

	ck_assert(pair_exists());
	ck_assert_int_eq(pthread_create(&other, NULL, count, &both), 0);
	count(&both);
	pthread_join(other, NULL);
	ck_assert_uint_eq(both.word[0], (uint64_t)(2 * ROUNDS));
	ck_assert_uint_eq(both.word[1], ~(uint64_t)(2 * ROUNDS));
}
END_TEST

/* ---- Windows, and the host ---- */

struct host {
	uint64_t word[2];
	struct smmu3_mem_access last;
	enum smmu3_mem_result answer;
	unsigned written;
};

static enum smmu3_mem_result host_read(void *context, const struct smmu3_mem_access *access,
				       void *data)
{
	struct host *host = context;

	host->last = *access;
	memcpy(data, host->word, access->bytes);
	return host->answer;
}

static enum smmu3_mem_result host_swap_pair(void *context, const struct smmu3_mem_access *access,
					    const uint64_t *expected, const uint64_t *desired,
					    uint64_t *found)
{
	struct host *host = context;

	host->last = *access;
	memcpy(found, host->word, sizeof(host->word));
	if (!memcmp(host->word, expected, sizeof(host->word)))
		memcpy(host->word, desired, sizeof(host->word));
	return host->answer;
}

static void host_written(void *context, const struct smmu3_mem_access *access)
{
	struct host *host = context;

	host->last = *access;
	host->written++;
}

static struct mem mem_with(struct host *host, struct both *window, bool swaps)
{
	const struct smmu3_host callbacks = {
		.size = sizeof(callbacks),
		.context = host,
		.read = host_read,
		.written = host_written,
		.swap_pair = swaps ? host_swap_pair : NULL,
	};
	const struct ram_window ram = { 0x1000, 0x103f, (unsigned char *)window->word };
	struct mem mem;

	mem_init(&mem, &callbacks);
	ck_assert_int_eq(mem_add_ram(&mem, &ram, SMMU3_PAS_BIT(SMMU3_PAS_NS)), 0);
	return mem;
}

static struct mem_read at(uint64_t addr)
{
	return (struct mem_read){ .at = { addr, SMMU3_PAS_NS }, .reason = SMMU3_REASON_S2_TTD };
}

static const uint64_t old[2] = { 0x1111, 0x2222 }, fresh[2] = { 0x3333, 0x4444 };

/* D128-01, HTTU-02 */
START_TEST(a_window_answers_by_itself_and_tells_what_was_written)
{
	struct host host = { .answer = SMMU3_MEM_ABORT };
	struct both window = { { 0, 0, 0x1111, 0x2222 }, 0 };
	struct mem mem = mem_with(&host, &window, false);
	const struct mem_read place = at(0x1010);
	uint64_t word[2];

	ck_assert(mem_read_pair(&mem, &place, word));
	ck_assert_mem_eq(word, old, sizeof(old));
	ck_assert_int_eq(mem_swap_pair(&mem, &place, old, fresh), SWAP_DONE);
	ck_assert_mem_eq(&window.word[2], fresh, sizeof(fresh));
	ck_assert_uint_eq(host.written, 1);
	ck_assert_uint_eq(host.last.bytes, 16);
	ck_assert_uint_eq(host.last.pa, 0x1010);
	ck_assert_int_eq(mem_swap_pair(&mem, &place, old, fresh), SWAP_LOST);
	ck_assert_uint_eq(host.written, 1);
	ck_assert(mem_swaps_pair(&mem, place.at));
	ck_assert(!mem_swaps_pair(&mem, at(0x2000).at));
	mem_free(&mem);
}
END_TEST

START_TEST(elsewhere_the_host_answers)
{
	struct host host = { .word = { 0x1111, 0x2222 } };
	struct both window = { { 0 }, 0 };
	struct mem mem = mem_with(&host, &window, true);
	const struct mem_read place = at(0x2000);
	uint64_t word[2];

	ck_assert(mem_swaps_pair(&mem, place.at));
	ck_assert(mem_read_pair(&mem, &place, word));
	ck_assert_mem_eq(word, old, sizeof(old));
	ck_assert_uint_eq(host.last.bytes, 16);
	ck_assert_uint_eq(host.last.reason, SMMU3_REASON_S2_TTD);
	ck_assert_int_eq(mem_swap_pair(&mem, &place, old, fresh), SWAP_DONE);
	ck_assert_mem_eq(host.word, fresh, sizeof(fresh));
	ck_assert_int_eq(mem_swap_pair(&mem, &place, old, fresh), SWAP_LOST);
	host.answer = SMMU3_MEM_ABORT;
	ck_assert_int_eq(mem_swap_pair(&mem, &place, fresh, old), SWAP_ABORTED);
	ck_assert(!mem_read_pair(&mem, &place, word));
	mem_free(&mem);
}
END_TEST

/* 3.21.3: one word that is as expected is not enough */
START_TEST(both_words_must_be_as_expected)
{
	struct host host = { .word = { 0x1111, 0x2222 } };
	struct both window = { { 0x1111, 0x2222 }, 0 };
	struct mem mem = mem_with(&host, &window, true);
	const uint64_t near[2][2] = { { 0x1111, 0x2223 }, { 0x1110, 0x2222 } };
	const struct mem_read inside = at(0x1000), outside = at(0x2000);

	for (unsigned i = 0; i < 2; i++) {
		ck_assert_int_eq(mem_swap_pair(&mem, &inside, near[i], fresh), SWAP_LOST);
		ck_assert_int_eq(mem_swap_pair(&mem, &outside, near[i], fresh), SWAP_LOST);
	}
	ck_assert_mem_eq(window.word, old, sizeof(old));
	mem_free(&mem);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, two_threads_count_without_a_torn_or_lost_pair);
	tcase_add_test(tests, a_window_answers_by_itself_and_tells_what_was_written);
	tcase_add_test(tests, elsewhere_the_host_answers);
	tcase_add_test(tests, both_words_must_be_as_expected);
}

int main(void)
{
	return run_suite("pair", add);
}
