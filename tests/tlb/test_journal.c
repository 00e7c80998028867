/* SPDX-License-Identifier: MIT */
/* The journal of what has been forgotten: in its order, whole, or not at all.  3.21.1 */
#include "support/suite.h"
#include "tlb/journal.h"

#include <check.h>
#include <pthread.h>
#include <sched.h>

/* A scope that says its number wherever it can: of addresses, or, if the number is odd, of streams.
 * No byte of what tells whose translations it means is like another. */
static struct smmu3_invalidation scope_of(uint64_t number)
{
	struct smmu3_invalidation scope = { .kind = SMMU3_INVALIDATES_STAGE1,
					    .sec_sid = SMMU3_PAS_REALM,
					    .any_asid = 3,
					    .any_vmid = 4,
					    .any_ssid = 5,
					    .leaf = 6,
					    .asid = (uint16_t)number,
					    .vmid = (uint16_t)~number,
					    .vmids = (uint16_t)(number * 3),
					    .worlds = 7,
					    .ipa_pas = 8 };

	if (number % 2) {
		scope.kind = number % 4 == 1 ? SMMU3_INVALIDATES_STREAM : SMMU3_INVALIDATES_CONTEXT;
		scope.sids = ~number;
		scope.sid = (uint32_t)number;
		scope.ssid = (uint32_t)~number;
	} else {
		scope.addr = number << 12;
		scope.bytes = ~number;
	}
	return scope;
}

static bool says(const struct smmu3_invalidation *scope, uint64_t number)
{
	const struct smmu3_invalidation of = scope_of(number);

	return scope->kind == of.kind && scope->sec_sid == of.sec_sid &&
	       scope->any_asid == of.any_asid && scope->any_vmid == of.any_vmid &&
	       scope->any_ssid == of.any_ssid && scope->leaf == of.leaf && scope->asid == of.asid &&
	       scope->vmid == of.vmid && scope->vmids == of.vmids && scope->worlds == of.worlds &&
	       scope->ipa_pas == of.ipa_pas && scope->addr == of.addr && scope->bytes == of.bytes &&
	       scope->sids == of.sids && scope->sid == of.sid && scope->ssid == of.ssid;
}

static struct journal written(uint64_t scopes)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	struct journal journal;

	journal_init(&journal, &lock);
	for (uint64_t i = 0; i < scopes; i++) {
		const struct smmu3_invalidation scope = scope_of(i);

		journal_write(&journal, &scope);
	}
	return journal;
}

/* TLB-35: all that was written since a count can be read back, or it is said that it cannot: what
 * was written over is never taken for what was there before */
START_TEST(the_last_scopes_are_read_back_in_their_order)
{
	static const uint64_t rows[] = { 0, 1, 2, 63, 64, 65, 127, 128, 1000 };
	struct journal journal = written(rows[_i]);

	ck_assert_uint_eq(journal_count(&journal), rows[_i]);
	ck_assert_uint_eq(atomic_load(&journal.changes), 0);
	for (uint64_t number = 0; number < rows[_i]; number++) {
		struct smmu3_invalidation scope;
		const bool there = journal_read(&journal, number, &scope);

		ck_assert_int_eq(there, rows[_i] - number < JOURNAL_SCOPES);
		ck_assert(!there || says(&scope, number));
	}
}
END_TEST

/* 6.3.9.6: a change of registers is a scope of everything, and counted apart */
START_TEST(a_change_is_a_scope_of_everything)
{
	struct journal journal = written(3);
	struct smmu3_invalidation scope;

	journal_change(&journal);
	ck_assert_uint_eq(journal_count(&journal), 4);
	ck_assert_uint_eq(atomic_load(&journal.changes), 1);
	ck_assert(journal_read(&journal, 3, &scope));
	ck_assert_int_eq(scope.kind, SMMU3_INVALIDATES_ALL);
}
END_TEST

/* ---- Threads ---- */

enum { SCOPES = 2000, READERS = 2 };

struct reader {
	const struct journal *journal;
	atomic_uint read, torn; /* scopes */
};

/* From each count on, to the next: at most all that is there. */
static void *run_reader(void *context)
{
	struct reader *reader = context;
	uint64_t seen = 0;

	while (atomic_load(&reader->read) < SCOPES) {
		const uint64_t count = journal_count(reader->journal);
		uint64_t number = count - seen < JOURNAL_SCOPES ? seen : count;
		struct smmu3_invalidation scope;

		for (; number < count; number++)
			if (journal_read(reader->journal, number, &scope)) {
				atomic_fetch_add(&reader->torn, !says(&scope, number));
				atomic_fetch_add(&reader->read, 1);
			}
		seen = count;
	}
	return NULL;
}

/* However few processors there are. */
static void write_some(struct journal *journal, uint64_t *number)
{
	for (unsigned i = 0; i < 48; i++) {
		const struct smmu3_invalidation scope = scope_of((*number)++);

		journal_write(journal, &scope);
	}
	sched_yield();
}

/* TLB-35: who reads while another writes gets whole scopes, or none */
START_TEST(nobody_reads_half_a_scope)
{
	struct journal journal = written(0);
	struct reader readers[READERS];
	pthread_t threads[READERS];
	uint64_t number = 0;

	for (unsigned i = 0; i < READERS; i++) {
		readers[i].journal = &journal;
		atomic_init(&readers[i].read, 0);
		atomic_init(&readers[i].torn, 0);
		ck_assert_int_eq(pthread_create(&threads[i], NULL, run_reader, &readers[i]), 0);
	}
	for (unsigned i = 0; i < READERS; i++)
		while (atomic_load(&readers[i].read) < SCOPES)
			write_some(&journal, &number);
	for (unsigned i = 0; i < READERS; i++) {
		pthread_join(threads[i], NULL);
		ck_assert_uint_eq(atomic_load(&readers[i].torn), 0);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, the_last_scopes_are_read_back_in_their_order, 0, 9);
	tcase_add_test(tests, a_change_is_a_scope_of_everything);
	tcase_add_test(tests, nobody_reads_half_a_scope);
}

int main(void)
{
	return run_suite("journal", add);
}
