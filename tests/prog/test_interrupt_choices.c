/* SPDX-License-Identifier: MIT */
/* What an implementation may do about interrupts other than the default: which wires there are, how
 * often the Event queue's pulses.  3.18.2, 4.7.3 */
#include "config.h"
#include "run.h"
#include "support/cached.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define RAM_AT UINT64_C(0x80000000)
#define EVENTS_AT (RAM_AT + 0x1000)
#define DOORBELL (RAM_AT + 0x2000)

/* An SMMU with both queues, and what came out of it. */
struct wired {
	struct smmu3 *smmu;
	unsigned char ram[0x3000];
	unsigned pulses[4]; /* by enum smmu3_interrupt */
	unsigned messages;
};

static enum smmu3_mem_result on_read(void *context, const struct smmu3_mem_access *access,
				     void *data)
{
	struct wired *wired = context;

	memcpy(data, wired->ram + (access->pa - RAM_AT), access->bytes);
	return SMMU3_MEM_OK;
}

static enum smmu3_mem_result on_write(void *context, const struct smmu3_mem_access *access,
				      const void *data)
{
	struct wired *wired = context;

	memcpy(wired->ram + (access->pa - RAM_AT), data, access->bytes);
	wired->messages += access->reason == SMMU3_REASON_MSI;
	return SMMU3_MEM_OK;
}

static void on_interrupt(void *context, enum smmu3_interrupt interrupt)
{
	struct wired *wired = context;

	wired->pulses[interrupt]++;
}

static void set(struct wired *wired, uint64_t offset, unsigned size, uint64_t value)
{
	ck_assert_int_eq(smmu3_mmio_write(wired->smmu, SMMU3_PAS_NS, offset, size, value), 0);
}

/* Both queues have 8 entries, the Stream table one; interrupts of the Event queue are enabled. */
static struct wired *wired(uint32_t choices)
{
	struct wired *wired = calloc(1, sizeof(*wired));
	const struct smmu3_host host = { .size = sizeof(host),
					 .context = wired,
					 .read = on_read,
					 .write = on_write,
					 .interrupt = on_interrupt };
	struct smmu3_config config = profile_config("linux-session");
	struct smmu3_error error;

	ck_assert_ptr_nonnull(wired);
	config.interrupt_choices = choices;
	config.caches = caches_of_pass();
	wired->smmu = smmu3_create(&config, &host, &error);
	ck_assert_msg(wired->smmu != NULL, "%s", error.text);
	cached_made(&config);
	set(wired, 0x90, 8, RAM_AT | 3);    /* CMDQ_BASE */
	set(wired, 0xa0, 8, EVENTS_AT | 3); /* EVENTQ_BASE */
	set(wired, 0x2c, 4, 2);             /* CR2.RECINVSID */
	set(wired, 0x50, 4, 4);             /* IRQ_CTRL.EVENTQ_IRQEN */
	set(wired, 0x20, 4, 0xd);           /* CR0: CMDQEN, EVENTQEN, SMMUEN */
	return wired;
}

static void end(struct wired *wired)
{
	smmu3_destroy(wired->smmu);
	free(wired);
}

/* StreamID 5 has no STE: C_BAD_STREAMID. */
static void fault(struct wired *wired)
{
	const struct smmu3_txn txn = { .sid = 5, .bytes = 1 };
	struct smmu3_outcome outcome;

	ck_assert_int_eq(smmu3_translate(wired->smmu, &txn, &outcome), SMMU3_ABORT);
	ck_assert(outcome.recorded);
}

/* CMD_SYNC with CS = SIG_IRQ, as the first command. */
static void sync(struct wired *wired, uint64_t address)
{
	const uint64_t command[2] = { 0x46 | 1 << 12, address };

	memcpy(wired->ram, command, sizeof(command));
	set(wired, 0x98, 4, 1); /* CMDQ_PROD */
}

/* IRQ-002: three records in a queue that was empty are one transition */
START_TEST(the_event_queue_interrupts_when_it_stops_being_empty)
{
	struct wired *w = wired(0);

	for (unsigned i = 0; i < 3; i++)
		fault(w);
	ck_assert_uint_eq(w->pulses[SMMU3_INTERRUPT_EVENTQ], 1);
	set(w, 0x100ac, 4, 3); /* EVENTQ_CONS: all read */
	fault(w);
	ck_assert_uint_eq(w->pulses[SMMU3_INTERRUPT_EVENTQ], 2);
	end(w);
}
END_TEST

/* IRQ-002 */
START_TEST(the_event_queue_interrupts_with_every_record_where_that_is_chosen)
{
	struct wired *w = wired(SMMU3_INTERRUPT_EVERY_EVENT);

	for (unsigned i = 0; i < 3; i++)
		fault(w);
	ck_assert_uint_eq(w->pulses[SMMU3_INTERRUPT_EVENTQ], 3);
	set(w, 0x50, 4, 0); /* IRQ_CTRL: disabled, nothing interrupts */
	fault(w);
	ck_assert_uint_eq(w->pulses[SMMU3_INTERRUPT_EVENTQ], 3);
	sync(w, DOORBELL);
	ck_assert_uint_eq(w->pulses[SMMU3_INTERRUPT_CMD_SYNC], 1);
	end(w);
}
END_TEST

/* CMD-SYNC-2: the wire pulses whatever the address says */
START_TEST(a_sync_pulses_its_wire_and_sends_its_message)
{
	struct wired *with = wired(0), *without = wired(0);

	sync(with, DOORBELL);
	ck_assert_uint_eq(with->pulses[SMMU3_INTERRUPT_CMD_SYNC], 1);
	ck_assert_uint_eq(with->messages, 1);
	sync(without, 0);
	ck_assert_uint_eq(without->pulses[SMMU3_INTERRUPT_CMD_SYNC], 1);
	ck_assert_uint_eq(without->messages, 0);
	end(with);
	end(without);
}
END_TEST

/* CMD-SYNC-2, IRQ-001 */
START_TEST(a_sync_without_a_wire_sends_its_message_alone)
{
	struct wired *w = wired(SMMU3_NO_CMD_SYNC_WIRE);

	sync(w, DOORBELL);
	ck_assert_uint_eq(w->pulses[SMMU3_INTERRUPT_CMD_SYNC], 0);
	ck_assert_uint_eq(w->messages, 1);
	fault(w);
	fault(w);
	ck_assert_uint_eq(w->pulses[SMMU3_INTERRUPT_EVENTQ], 1);
	end(w);
}
END_TEST

/* IRQ-001: one of wired interrupt and MSI there must be.  IDR0.MSI is bit 13 */
START_TEST(a_sync_needs_a_wire_or_messages)
{
	struct smmu3_config config = profile_config("linux-session");
	struct smmu3_error error;

	config.interrupt_choices = SMMU3_NO_CMD_SYNC_WIRE | SMMU3_INTERRUPT_EVERY_EVENT;
	ck_assert_int_eq(smmu3_config_check(&config, &error), 0);
	config.idr[0] &= ~(UINT32_C(1) << 13);
	ck_assert_int_eq(smmu3_config_check(&config, &error), -SMMU3_E_INCONSISTENT);
	ck_assert_str_eq(error.section, "3.18");
	config.interrupt_choices = SMMU3_INTERRUPT_EVERY_EVENT;
	ck_assert_int_eq(smmu3_config_check(&config, &error), 0);
	config.interrupt_choices = 4;
	ck_assert_int_eq(smmu3_config_check(&config, &error), -SMMU3_E_ARGUMENT);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, the_event_queue_interrupts_when_it_stops_being_empty);
	tcase_add_test(tests, the_event_queue_interrupts_with_every_record_where_that_is_chosen);
	tcase_add_test(tests, a_sync_pulses_its_wire_and_sends_its_message);
	tcase_add_test(tests, a_sync_without_a_wire_sends_its_message_alone);
	tcase_add_test(tests, a_sync_needs_a_wire_or_messages);
}

int main(void)
{
	return run("interrupt choices", add);
}
