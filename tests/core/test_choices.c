/* SPDX-License-Identifier: MIT */
/* Choices of docs/choices.md about time: when a write takes effect, and what is never seen half
 * done. */
#include "support/walk_world.h"

#include <pthread.h>
#include <stdatomic.h>

static uint64_t read_register(struct world *w, uint64_t offset, unsigned size)
{
	uint64_t value;

	ck_assert_int_eq(smmu3_mmio_read(w->smmu, SMMU3_PAS_NS, offset, size, &value), 0);
	return value;
}

/* CR-004, CR-013, GBP-002: Updates may take their time.  6.3.9, 6.3.14.1 */
START_TEST(a_write_of_cr0_or_gbpa_is_in_force_when_it_returns)
{
	struct world w = world(S1_ONLY);

	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	mmio(&w, 0x20, 4, 0);
	ck_assert_uint_eq(read_register(&w, 0x24, 4), 0);
	expect_pa(&w, VA, 0, VA);
	mmio(&w, 0x44, 4, 0x80100000); /* Update, ABORT */
	ck_assert_uint_eq(read_register(&w, 0x44, 4), 0x00100000);
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_ABORT);
	mmio(&w, 0x44, 4, 0x80001000); /* Update, SHCFG incoming */
	expect_pa(&w, VA, 0, VA);
	mmio(&w, 0x20, 4, 1);
	ck_assert_uint_eq(read_register(&w, 0x24, 4), 1);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	close_world(&w);
}
END_TEST

/* ---- While another thread writes ---- */

enum { LOOKS = 100000 };

struct shared {
	struct world world;
	atomic_bool done; /* the watcher has looked often enough */
	unsigned torn;
};

static const uint64_t bases[2] = { UINT64_C(0x0000001100000040), UINT64_C(0x0000002200000080) };
static const uint64_t pages[2] = { PA_PAGE, UINT64_C(0x0000abcde000) };

static void *watch_base(void *context)
{
	struct shared *shared = context;

	for (unsigned look = 0; look < LOOKS; look++) {
		uint64_t base = 0;

		smmu3_mmio_read(shared->world.smmu, SMMU3_PAS_NS, 0x80, 8, &base);
		shared->torn += base != bases[0] && base != bases[1];
	}
	atomic_store(&shared->done, true);
	return NULL;
}

static void *watch_output(void *context)
{
	struct shared *shared = context;
	const struct smmu3_txn txn = { .addr = VA, .bytes = 4, .sid = SID };
	struct smmu3_outcome out;

	for (unsigned look = 0; look < LOOKS; look++) {
		smmu3_translate(shared->world.smmu, &txn, &out);
		shared->torn += out.pa != (pages[0] | OFFSET) && out.pa != (pages[1] | OFFSET);
	}
	atomic_store(&shared->done, true);
	return NULL;
}

static void write_base(struct world *w, unsigned round)
{
	mmio(w, 0x80, 8, bases[round % 2]);
}

static void write_leaf(struct world *w, unsigned round)
{
	__atomic_store_n(word_at(w, slot1(3)), pages[round % 2] | S1_PAGE, __ATOMIC_RELAXED);
}

/* One thread watches while this one writes; nothing between two values is seen. */
static void expect_whole(struct shared *shared, void *(*watch)(void *),
			 void (*write)(struct world *, unsigned))
{
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, watch, shared), 0);
	for (unsigned round = 0; !atomic_load(&shared->done); round++)
		write(&shared->world, round);
	pthread_join(thread, NULL);
	ck_assert_uint_eq(shared->torn, 0);
	close_world(&shared->world);
}

/* REG-005: 6.2 lets each half be seen alone. */
START_TEST(a_64_bit_register_is_read_and_written_whole)
{
	static struct shared shared;

	shared.world = world(S1_ONLY);
	open_world(&shared.world);
	mmio(&shared.world, 0x20, 4, 0);
	write_base(&shared.world, 0);
	expect_whole(&shared, watch_base, write_base);
}
END_TEST

/* STE-09, WALK-01: software writes a descriptor whole, and so it is read.  3.15, 3.21.3 */
START_TEST(a_word_of_memory_is_read_whole)
{
	static struct shared shared;

	shared.world = world(S1_ONLY);
	open_world(&shared.world);
	expect_whole(&shared, watch_output, write_leaf);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_write_of_cr0_or_gbpa_is_in_force_when_it_returns);
	tcase_add_test(tests, a_64_bit_register_is_read_and_written_whole);
	tcase_add_test(tests, a_word_of_memory_is_read_whole);
}

int main(void)
{
	return run_suite("choices", add);
}
