/* SPDX-License-Identifier: MIT */
/* What the public interface promises whatever is translated: no lock, no allocation, no callback,
 * whole register states. */
#include "lock.h"
#include "support/sanitized.h"
#include "support/walk_world.h"

#include <pthread.h>
#include <stdatomic.h>

#if !SANITIZED
/* Every allocation of this program comes by here. */
void *__libc_malloc(size_t size);
static unsigned allocations;

void *malloc(size_t size)
{
	allocations++;
	return __libc_malloc(size);
}

START_TEST(a_translation_allocates_nothing)
{
	struct world w = world(NESTED);

	struct smmu3_txn txn = w.txn;
	struct smmu3_outcome good, bad;

	open_world(&w);
	const unsigned before = allocations;

	txn.addr = VA;
	smmu3_translate(w.smmu, &txn, &good);
	txn.addr = VA + 0x1000;
	smmu3_translate(w.smmu, &txn, &bad);
	const unsigned after = allocations;

	void *volatile one = malloc(1);

	free(one);
	ck_assert_uint_gt(allocations, after); /* the count counts */
	ck_assert_uint_eq(after, before);
	ck_assert_uint_eq(good.verdict, SMMU3_OK);
	ck_assert_uint_eq(bad.event, F_TRANSLATION);
	close_world(&w);
}
END_TEST
#endif

/* One that records an event does, since the Event queue is shared. */
START_TEST(a_translation_that_records_nothing_takes_no_lock)
{
	struct world w = world(NESTED);

	w.cd[0] &= ~BIT(45); /* R: a fault of stage 1 is not recorded */
	open_world(&w);
	(void)ask(&w, VA + 0x1000, 0); /* through what takes a lock when it is opened: a port */
	lock_registers(w.smmu); /* a second lock by this thread would never return */
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(ask(&w, VA + 0x1000, 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.recorded, 0);
	ck_assert_uint_eq(ask(&w, IPA_PAGE, SMMU3_TXN_PROBE | SMMU3_TXN_SSV), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, 0x08); /* C_BAD_SUBSTREAMID */
	unlock_registers(w.smmu);
	close_world(&w);
}
END_TEST

START_TEST(where_memory_is_a_ram_window_the_host_is_not_asked)
{
	struct world w = world(NESTED);

	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.seen_count, 0);
	w.behind_host = true;
	open_world(&w);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_gt(w.seen_count, 0);
	close_world(&w);
}
END_TEST

/* ---- Registers change while others translate ---- */

/* Two Stream tables that send the stream to two places; one more entry in word 1 of the STE tells
 * them apart. */
struct shared {
	struct world world;
	atomic_bool stop;
	atomic_uint strange; /* outcomes that belong to no state of the registers */
};

enum { ROUNDS = 2000 };

/* Disabled: passes by with PA = address.  First table: PA_PAGE.  Second table: its STE aborts. */
static bool ordinary(const struct smmu3_outcome *outcome)
{
	if (outcome->verdict == SMMU3_OK)
		return outcome->pa == (PA_PAGE | OFFSET) ||
		       (outcome->decider == SMMU3_BY_GBPA && outcome->pa == VA);
	return outcome->verdict == SMMU3_ABORT && outcome->event == 0;
}

static void *translate_all_along(void *context)
{
	struct shared *shared = context;
	struct smmu3_txn txn = { .addr = VA, .bytes = 4, .sid = SID };
	struct smmu3_outcome outcome;

	while (!atomic_load(&shared->stop)) {
		smmu3_translate(shared->world.smmu, &txn, &outcome);
		if (!ordinary(&outcome))
			atomic_fetch_add(&shared->strange, 1);
	}
	return NULL;
}

#define SECOND_TABLE (RAM_BASE + 0x2000)

static void change_tables(struct world *w, uint64_t table)
{
	mmio(w, 0x20, 4, 0);
	mmio(w, 0x80, 8, table);
	mmio(w, 0x20, 4, 1);
}

/* CR-017: a transaction sees entirely the old or entirely the new registers. */
START_TEST(translations_see_whole_register_states_while_software_writes)
{
	static struct shared shared;
	pthread_t thread;

	shared.world = world(S1_ONLY);
	struct world *w = &shared.world;

	put(w, SECOND_TABLE + 64 * SID, 1); /* V, Config abort */
	w->config.gbpa_reset = 0x1000;
	open_world(w);
	ck_assert_int_eq(pthread_create(&thread, NULL, translate_all_along, &shared), 0);
	for (unsigned i = 0; i < ROUNDS; i++)
		change_tables(w, i % 2 ? RAM_BASE : SECOND_TABLE);
	atomic_store(&shared.stop, true);
	pthread_join(thread, NULL);
	ck_assert_uint_eq(atomic_load(&shared.strange), 0);
	close_world(w);
}
END_TEST

/* ---- The caller's mistakes ---- */

START_TEST(a_malformed_transaction_is_the_callers_error)
{
	static const struct smmu3_txn wrong[] = {
		{ .addr = 0, .bytes = 0, .sid = SID },
		{ .addr = UINT64_MAX, .bytes = 2, .sid = SID },
		{ .addr = 0, .bytes = 1, .sid = SID, .sec_sid = SMMU3_PAS_SECURE },
		{ .addr = 0, .bytes = 1, .sid = SID, .sec_sid = 9 },
		{ .addr = 0, .bytes = 1, .sid = SID, .flags = SMMU3_TXN_SSV, .ssid = 1 << 20 },
		{ .addr = 0, .bytes = 1, .sid = SID, .txn_class = 77 },
		{ .addr = 0, .bytes = 1, .sid = SID, .flags = 1 << 10 },
		{ .addr = 0, .bytes = 1, .sid = SID, .ats = SMMU3_ATS_REQUEST },
		{ .addr = 0, .bytes = 1, .sid = SID, .reserved = 1 },
	};
	struct world w = world(S1_ONLY);
	struct smmu3_outcome outcome;

	open_world(&w);
	ck_assert_uint_eq(smmu3_translate(w.smmu, &wrong[_i], &outcome), SMMU3_ERROR);
	ck_assert_uint_eq(outcome.verdict, SMMU3_ERROR);
	ck_assert_uint_eq(outcome.decider, SMMU3_BY_CALLER);
	ck_assert_uint_ne(outcome.why, 0);
	ck_assert_uint_eq(outcome.recorded, 0);
	close_world(&w);
}
END_TEST

START_TEST(the_last_byte_of_the_address_space_is_an_address)
{
	struct world w = world(S1_ONLY);
	const struct smmu3_txn last = { .addr = UINT64_MAX, .bytes = 1, .sid = SID };
	struct smmu3_outcome outcome;

	open_world(&w);
	ck_assert_uint_eq(smmu3_translate(w.smmu, &last, &outcome), SMMU3_ABORT);
	ck_assert_uint_eq(outcome.event, F_TRANSLATION); /* EPD1 */
	ck_assert_uint_eq(outcome.bytes, 1);
	close_world(&w);
}
END_TEST

START_TEST(the_outcome_says_who_decided_and_what_the_access_was)
{
	/* Config 0b101 without substreams: the STE refuses a SubstreamID, PRIVCFG and INSTCFG
	 * applied. */
	struct world w = world(S1_ONLY);

	w.ste[1] |= BIT(48) * 3 | BIT(50) * 3; /* PRIVCFG privileged, INSTCFG instruction */
	w.txn.ssid = 1;
	ck_assert_uint_eq(ask(&w, VA, SMMU3_TXN_SSV), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.decider, SMMU3_BY_STREAM);
	ck_assert_uint_eq(w.out.privileged, 1);
	ck_assert_uint_eq(w.out.instruction, 1);
	put(&w, CD_AT, w.cd[0] & ~BIT(31)); /* V = 0 */
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.decider, SMMU3_BY_CONTEXT);
	close_world(&w);
}
END_TEST

/* ---- Making and unmaking ---- */

START_TEST(a_refused_configuration_says_why)
{
	struct smmu3_config config;
	struct smmu3_error error = { 0 };

	ck_assert_int_eq(smmu3_config_init(&config, "generic-3.1", &error), 0);
	config.idr[1] |= 0x50000000; /* REL: legal, not built */
	ck_assert_ptr_null(smmu3_create(&config, NULL, &error));
	ck_assert_int_eq(error.code, -SMMU3_E_UNSUPPORTED);
	ck_assert_ptr_nonnull(strstr(error.text, "REL"));
	config.idr[0] &= ~3u; /* neither stage */
	ck_assert_ptr_null(smmu3_create(&config, NULL, &error));
	ck_assert_int_eq(error.code, -SMMU3_E_INCONSISTENT);
	ck_assert_ptr_null(smmu3_create(&config, NULL, NULL));
	const struct smmu3_host sizeless = { .read = world_read };

	ck_assert_int_eq(smmu3_config_init(&config, "generic-3.1", &error), 0);
	ck_assert_ptr_null(smmu3_create(&config, &sizeless, &error));
	ck_assert_int_eq(error.code, -SMMU3_E_ARGUMENT);
	smmu3_destroy(NULL);
}
END_TEST

START_TEST(reset_disables_and_keeps_memory)
{
	struct world w = world(S1_ONLY);
	uint64_t cr0;

	w.config.gbpa_reset = 0x1000;
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	smmu3_reset(w.smmu);
	ck_assert_int_eq(smmu3_mmio_read(w.smmu, SMMU3_PAS_NS, 0x20, 4, &cr0), 0);
	ck_assert_uint_eq(cr0, 0);
	expect_pa(&w, VA, 0, VA);
	mmio(&w, 0x80, 8, RAM_BASE);
	mmio(&w, 0x88, 4, 6);
	mmio(&w, 0x20, 4, 1);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	close_world(&w);
}
END_TEST

/* REG-006 */
START_TEST(a_register_access_of_another_size_or_alignment_aborts)
{
	struct world w = world(S1_ONLY);
	uint64_t value = 1;

	open_world(&w);
	ck_assert_int_eq(smmu3_mmio_read(w.smmu, SMMU3_PAS_NS, 0x20, 2, &value), -SMMU3_E_ABORT);
	ck_assert_uint_eq(value, 0);
	ck_assert_int_eq(smmu3_mmio_read(w.smmu, SMMU3_PAS_NS, 0x22, 4, &value), -SMMU3_E_ABORT);
	ck_assert_int_eq(smmu3_mmio_write(w.smmu, SMMU3_PAS_NS, 0x84, 8, 0), -SMMU3_E_ABORT);
	ck_assert_int_eq(smmu3_mmio_write(w.smmu, (enum smmu3_pas)7, 0x20, 4, 0), -SMMU3_E_ABORT);
	ck_assert_int_eq(smmu3_mmio_read(w.smmu, SMMU3_PAS_NS, UINT64_MAX - 7, 8, &value), 0);
	ck_assert_uint_eq(value, 0);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
#if !SANITIZED
	tcase_add_test(tests, a_translation_allocates_nothing);
#endif
	tcase_add_test(tests, a_translation_that_records_nothing_takes_no_lock);
	tcase_add_test(tests, where_memory_is_a_ram_window_the_host_is_not_asked);
	tcase_add_test(tests, translations_see_whole_register_states_while_software_writes);
	tcase_add_loop_test(tests, a_malformed_transaction_is_the_callers_error, 0, 9);
	tcase_add_test(tests, the_outcome_says_who_decided_and_what_the_access_was);
	tcase_add_test(tests, the_last_byte_of_the_address_space_is_an_address);
	tcase_add_test(tests, a_refused_configuration_says_why);
	tcase_add_test(tests, reset_disables_and_keeps_memory);
	tcase_add_test(tests, a_register_access_of_another_size_or_alignment_aborts);
}

int main(void)
{
	return run_suite("promises", add);
}
