/* SPDX-License-Identifier: MIT */
/* What a session has no words for ends a recording, and is named; and so does what fails. */
#include "recorded.h"
#include "support/suite.h"

#include <check.h>
#include <pthread.h>
#include <smmu/port.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows[0]))

/* ---- Registers ---- */

static void read_as_secure(struct recorded *r)
{
	uint64_t value;

	(void)smmu3_record_mmio_read(r->record, r->smmu, SMMU3_PAS_SECURE, 0, 4, &value);
}

static void write_as_root(struct recorded *r)
{
	(void)smmu3_record_mmio_write(r->record, r->smmu, SMMU3_PAS_ROOT, 0x20, 4, 0);
}

/* The first access is beyond the Stream table, and pulses the Event queue's interrupt. */
static void fault(struct recorded *r)
{
	(void)access_at(r, 5, 0x1000, 0);
}

static void read_cr0(struct recorded *r)
{
	ck_assert_uint_eq(reg_read(r, 0x20, 4), 0xd);
}

static void write_cons(struct recorded *r)
{
	reg_write(r, 0x100ac, 4, 1);
}

static void read_inside(struct recorded *r)
{
	r->inside = read_cr0;
	fault(r);
}

static void write_inside(struct recorded *r)
{
	r->inside = write_cons;
	fault(r);
}

static void access_inside(struct recorded *r)
{
	r->inside = fault;
	fault(r);
}

/* ---- Accesses ---- */

static void ask(struct recorded *r, const struct smmu3_txn *txn)
{
	struct smmu3_outcome outcome;

	(void)smmu3_record_translate(r->record, r->smmu, txn, &outcome);
}

#define ASKS(name, ...)                                                                   \
	static void name(struct recorded *r)                                              \
	{                                                                                 \
		const struct smmu3_txn txn = { .addr = 0x1000, .bytes = 4, __VA_ARGS__ }; \
                                                                                          \
		ask(r, &txn);                                                             \
	}
ASKS(with_substream, .flags = SMMU3_TXN_SSV)
ASKS(of_instruction, .flags = SMMU3_TXN_INSTRUCTION)
ASKS(privileged, .flags = SMMU3_TXN_PRIVILEGED)
ASKS(with_ns, .flags = SMMU3_TXN_NS)
ASKS(with_xt, .flags = SMMU3_TXN_XT)
ASKS(with_attributes, .flags = SMMU3_TXN_ATTR, .attr = { 0x44, SMMU3_ISH })
ASKS(with_no_snoop, .flags = SMMU3_TXN_NO_SNOOP)
ASKS(of_ats, .ats = SMMU3_ATS_REQUEST)
ASKS(of_secure_stream, .sec_sid = SMMU3_PAS_SECURE)

/* IDR0.STALL_MODEL and TERM_MODEL 0, IDR5.STALL_MAX 16. */
static void stall_ended(void *context, const struct smmu3_stall *stall)
{
	(void)context, (void)stall;
}

static void may_stall(struct recorded *r)
{
	r->config.idr[0] &= ~(7u << 24);
	r->config.idr[5] |= 16u << 16;
	r->host.stall_ended = stall_ended;
}

/* Stage 1 by a CD of a table of nothing: T0SZ 25, EPD1, V, AA64, and of A 46, R 45, S 44 what is
 * said.  5.4 */
static void translate_nothing(struct recorded *r, uint64_t model)
{
	r->word[0x3000 / 8] = 0x3100 | 0xb;
	r->word[0x3008 / 8] = UINT64_C(1) << 44;
	r->word[0x3100 / 8] = 25 | UINT64_C(3) << 30 | UINT64_C(1) << 41 | model;
	r->word[0x3108 / 8] = 0x4000;
	(void)access_at(r, 0, 0x1000, 0);
}

static void stalls(struct recorded *r)
{
	translate_nothing(r, UINT64_C(1) << 44);
}

static void ends_as_zero(struct recorded *r)
{
	translate_nothing(r, UINT64_C(1) << 45);
}

/* ---- Memory ---- */

static void read_aborts(struct recorded *r)
{
	r->answer = SMMU3_MEM_ABORT;
	(void)access_at(r, 0, 0x1000, 0);
}

static void poisoned(struct recorded *r)
{
	r->answer = SMMU3_MEM_POISON;
	(void)access_at(r, 0, 0x1000, 0);
}

static void write_aborts(struct recorded *r)
{
	r->answer = SMMU3_MEM_ABORT;
	fault(r);
}

static void no_memory(struct recorded *r)
{
	r->host.read = NULL;
	r->host.write = NULL;
}

/* The answer to a swap is the swap's own. */
static enum smmu3_mem_result swap_answer;

/* Somebody has made the page dirty before. */
static enum smmu3_mem_result swap_lost(void *context, const struct smmu3_mem_access *access,
				       const uint64_t *expected, const uint64_t *desired,
				       uint64_t *found)
{
	struct recorded *r = context;

	(void)desired;
	r->word[access->pa / 8] = *found = *expected | UINT64_C(1) << 55;
	return swap_answer;
}

static void loses_updates(struct recorded *r)
{
	r->config.idr[0] |= 2 << 6; /* HTTU */
	r->host.swap = swap_lost;
	swap_answer = SMMU3_MEM_OK;
}

static void aborts_updates(struct recorded *r)
{
	loses_updates(r);
	swap_answer = SMMU3_MEM_ABORT;
}

static void cannot_update(struct recorded *r)
{
	r->config.idr[0] |= 2 << 6;
}

/* A block of 1GB with AF = 0, a CD with HA. */
static void updates(struct recorded *r)
{
	r->word[0x4000 / 8] = 0x341;             /* SH, AP[2:1] = 01, a block */
	translate_nothing(r, UINT64_C(9) << 43); /* HA, A */
}

static void event_into_window(struct recorded *r)
{
	static _Alignas(64) unsigned char window[0x1000];

	ck_assert_int_eq(smmu3_add_ram(r->smmu, 0x2000, sizeof(window), SMMU3_PAS_BIT(SMMU3_PAS_NS),
				       window),
			 0);
	fault(r);
}

static void change_second_command(struct recorded *r)
{
	put_command(r, 1, 0x30, 0);
}

/* A message goes where the second command is, and somebody else writes there before it is read. */
static void changes_within_a_write(struct recorded *r)
{
	put_command(r, 0, 0x4600001046, 0x1010);
	r->inside = change_second_command;
	reg_write(r, 0x98, 4, 2);
}

/* The Stream table is read twice for one access, as a nested walk reads tables. */
static void hear_and_change(struct recorded *r)
{
	const struct smmu3_host *const host = smmu3_record_host(r->record);
	const struct smmu3_mem_access access = { .pa = 0x3000, .bytes = 64 };
	unsigned char data[64];

	(void)host->read(host->context, &access, data);
	let_stream_0_pass(r);
}

static void changes_between_two_reads(struct recorded *r)
{
	r->inside = hear_and_change;
	ck_assert_int_eq(access_at(r, 0, 0x1000, 0), SMMU3_OK);
}

/* The STE of the access is where the command was; what the access wrote before that is read has no
 * place in front of a line that would part the two. */
static void hear_of_change(struct recorded *r)
{
	const struct smmu3_host *const host = smmu3_record_host(r->record);
	const struct smmu3_mem_access access = { .pa = 0x1000, .bytes = 16 };
	unsigned char data[16];

	(void)access_at(r, 0, 0, SMMU3_TXN_PROBE); /* which is no act */
	put_command(r, 0, 0x30, 0);
	(void)host->read(host->context, &access, data);
}

static void changes_after_a_record(struct recorded *r)
{
	put_command(r, 0, 0x46, 0);
	reg_write(r, 0x98, 4, 1);
	r->late = hear_of_change;
	fault(r);
}

/* ---- What nothing of a Non-secure SMMU does, but its callbacks could be told: from inside ---- */

static const struct smmu3_host *ours(const struct recorded *r)
{
	return smmu3_record_host(r->record);
}

static void hear_of_secure_memory(struct recorded *r)
{
	const struct smmu3_mem_access access = { .pa = 0x3000,
						 .bytes = 8,
						 .pas = SMMU3_PAS_SECURE };
	unsigned char data[8];

	ck_assert_int_eq(ours(r)->read(ours(r)->context, &access, data), SMMU3_MEM_OK);
}

static void hear_of_counters(struct recorded *r)
{
	ours(r)->interrupt(ours(r)->context, SMMU3_INTERRUPT_PMCG);
}

static void hear_of_vmids(struct recorded *r)
{
	const struct smmu3_invalidation scope = { .kind = SMMU3_INVALIDATES_STAGE1, .vmids = 2 };

	ours(r)->invalidate(ours(r)->context, &scope);
}

static void hear_of_atc(struct recorded *r)
{
	const struct smmu3_atc_invalidation request = { .tag = 1 };

	ours(r)->atc_invalidate(ours(r)->context, &request);
}

static void hear_of_page(struct recorded *r)
{
	const struct smmu3_page_response response = { .sid = 1 };

	ours(r)->page_response(ours(r)->context, &response);
}

#define INSIDE(name)                                  \
	static void name##_inside(struct recorded *r) \
	{                                             \
		r->inside = name;                     \
		fault(r);                             \
	}
INSIDE(hear_of_secure_memory)
INSIDE(hear_of_counters)
INSIDE(hear_of_vmids)
INSIDE(hear_of_atc)
INSIDE(hear_of_page)

static unsigned heard;

static void atc_invalidate(void *context, const struct smmu3_atc_invalidation *request)
{
	(void)context, (void)request;
	heard++;
}

static void page_response(void *context, const struct smmu3_page_response *response)
{
	(void)context, (void)response;
	heard++;
}

static void hears_of_endpoints(struct recorded *r)
{
	r->host.atc_invalidate = atc_invalidate;
	r->host.page_response = page_response;
}

/* ---- Past the recorder ---- */

static void ask_past_it(struct recorded *r)
{
	const struct smmu3_txn txn = { .addr = 0x1000, .bytes = 4 };
	struct smmu3_outcome outcome;

	ck_assert_int_eq(smmu3_translate(r->smmu, &txn, &outcome), SMMU3_ABORT);
}

static void *ask_from_elsewhere(void *context)
{
	ask_past_it(context);
	return NULL;
}

static void another_thread(struct recorded *r)
{
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, ask_from_elsewhere, r), 0);
	pthread_join(thread, NULL);
}

static void another_thread_meanwhile(struct recorded *r)
{
	r->inside = another_thread;
	fault(r);
}

static void told(struct recorded *r)
{
	smmu3_record_unsaid(r->record, "a fire");
	smmu3_record_unsaid(r->record, "and another");
}

static void reset_again(struct recorded *r)
{
	smmu3_record_reset(r->record, r->smmu);
	ck_assert_uint_eq(reg_read(r, 0x20, 4), 0);
}

/* A CMD_SYNC waits for a section when the state is saved, and for nothing when it is loaded: the
 * next register access carries it out.  smmu.h */
static void load_what_is_due(struct recorded *r)
{
	struct smmu3_error error;
	size_t size = 0;
	struct smmu3 *const other = smmu3_create(&r->config, &r->host, &error);
	struct smmu3_port *const port = smmu3_port_open(other, NULL, &error);

	put_command(r, 0, 0x1046, 0x4000);
	smmu3_port_begin(port);
	(void)smmu3_mmio_write(other, SMMU3_PAS_NS, 0x90, 8, 0x1003);
	(void)smmu3_mmio_write(other, SMMU3_PAS_NS, 0x20, 4, 8);
	(void)smmu3_mmio_write(other, SMMU3_PAS_NS, 0x98, 4, 1);
	ck_assert_int_eq(smmu3_save(other, NULL, &size, &error), 0);
	void *const blob = malloc(size);

	ck_assert_ptr_nonnull(blob);
	ck_assert_int_eq(smmu3_save(other, blob, &size, &error), 0);
	ck_assert_int_eq(smmu3_load(r->smmu, blob, size, &error), 0);
	free(blob);
	smmu3_port_close(port);
	smmu3_destroy(other);
}

static void read_for_what_is_due(struct recorded *r)
{
	load_what_is_due(r);
	ck_assert_uint_eq(reg_read(r, 0, 4), 0xd40301a);
}

/* ---- The rows ---- */

static const struct unsaid {
	void (*prepare)(struct recorded *r); /* before it begins; NULL: nothing to do */
	void (*act)(struct recorded *r);
	const char *what;
} unsaids[] = {
	{ NULL, read_as_secure, "a register access from another PA space" },
	{ NULL, write_as_root, "a register access from another PA space" },
	{ NULL, read_inside, "an access made inside a callback" },
	{ NULL, write_inside, "an access made inside a callback" },
	{ NULL, access_inside, "an access made inside a callback" },
	{ NULL, with_substream, "an access with a SubstreamID" },
	{ NULL, of_instruction, "an access of an instruction" },
	{ NULL, privileged, "a privileged access" },
	{ NULL, with_ns, "an access that says its PA space" },
	{ NULL, with_xt, "an access that says its PA space" },
	{ NULL, with_attributes, "an access with attributes" },
	{ NULL, with_no_snoop, "an access with attributes" },
	{ NULL, of_ats, "an access of ATS" },
	{ NULL, of_secure_stream, "an access of a stream that is not Non-secure" },
	{ may_stall, stalls, "an access that stalls" },
	{ may_stall, ends_as_zero, "an access that ends as RAZ/WI" },
	{ NULL, read_aborts, "memory that answers with an abort" },
	{ NULL, poisoned, "memory that answers with an abort" },
	{ NULL, write_aborts, "memory that answers with an abort" },
	{ no_memory, fault, "memory that answers with an abort" },
	{ loses_updates, updates, "memory that changes while the SMMU is at work on it" },
	{ aborts_updates, updates, "memory that answers with an abort" },
	{ cannot_update, updates, "a hardware update that the host cannot make" },
	{ NULL, event_into_window, "memory in a RAM window" },
	{ NULL, changes_within_a_write, "memory that changes while the SMMU is at work on it" },
	{ NULL, changes_between_two_reads, "memory that changes while the SMMU is at work on it" },
	{ NULL, changes_after_a_record, "memory that changes while the SMMU is at work on it" },
	{ NULL, hear_of_secure_memory_inside, "memory of another PA space" },
	{ NULL, hear_of_counters_inside, "an interrupt that is not" },
	{ NULL, hear_of_vmids_inside, "an invalidation of several VMIDs" },
	{ hears_of_endpoints, hear_of_atc_inside, "an ATS invalidation" },
	{ hears_of_endpoints, hear_of_page_inside, "an answer to a page request" },
	{ NULL, ask_past_it, "use of the SMMU past the recorder" },
	{ NULL, another_thread, "use of the SMMU past the recorder" },
	{ NULL, another_thread_meanwhile, "use of the SMMU past the recorder, by another thread" },
	{ NULL, told, "a fire" },
	{ NULL, reset_again, "a reset" },
	{ NULL, read_for_what_is_due, "memory accessed for a register read" },
};

/* Its last line says the same. */
static void expect_end(const struct recorded *recorded, const struct smmu3_error *error)
{
	bool whole;
	char *const text = recorded_text(recorded, &whole);
	unsigned lines = 0;
	char said[32];
	char *const last = strstr(text, "\n! ");

	ck_assert(whole);
	for (const char *at = text; at <= last; at++)
		lines += *at == '\n';
	(void)snprintf(said, sizeof(said), "after %u lines", lines);
	ck_assert(error->code == -SMMU3_E_MEMORY || strstr(error->text, said));
	ck_assert_ptr_nonnull(last);
	ck_assert_int_eq(strncmp(last + 3, error->text, strlen(error->text)), 0);
	ck_assert_str_eq(last + 3 + strlen(error->text), "\n");
	free(text);
}

/* record.h, WALK-25: "with what it has no words for the recording ends, never silently" */
START_TEST(what_a_session_has_no_words_for_ends_it)
{
	const struct unsaid *const unsaid = &unsaids[_i];
	struct recorded *const recorded = recorded_new();
	struct smmu3_error error;

	if (unsaid->prepare)
		unsaid->prepare(recorded);
	recorded_begin(recorded);
	recorded_enable(recorded);
	unsaid->act(recorded);
	recorded->answer = SMMU3_MEM_OK;
	(void)reg_read(recorded, 0x1c, 4); /* goes on working, and leaves no line */
	reg_write(recorded, 0x50, 4, 0);
	ck_assert_uint_eq(reg_read(recorded, 0x50, 4), 0);
	ck_assert_int_eq(recorded_close(recorded, &error), -SMMU3_E_UNSUPPORTED);
	ck_assert_int_eq(error.code, -SMMU3_E_UNSUPPORTED);
	ck_assert_msg(strstr(error.text, unsaid->what) != NULL, "%s", error.text);
	expect_end(recorded, &error);
	recorded_free(recorded);
}
END_TEST

/* record.h: callbacks that the program has are called, also after the end. */
START_TEST(the_host_hears_of_what_ends_it)
{
	struct recorded *const recorded = recorded_new();

	heard = 0;
	hears_of_endpoints(recorded);
	recorded_begin(recorded);
	recorded_enable(recorded);
	hear_of_atc_inside(recorded);
	hear_of_page_inside(recorded);
	ck_assert_uint_eq(heard, 2);
	ck_assert_uint_eq(recorded->interrupts, 2);
	(void)recorded_close(recorded, NULL);
	recorded_free(recorded);
}
END_TEST

/* record.h: the SMMU is told by NULL that nobody waits. */
START_TEST(callbacks_that_the_host_has_not_are_not_there)
{
	struct recorded *const recorded = recorded_new();

	recorded_begin(recorded);
	ck_assert(!ours(recorded)->stall_ended && !ours(recorded)->atc_invalidate &&
		  !ours(recorded)->page_response);
	(void)recorded_close(recorded, NULL);
	recorded_free(recorded);
}
END_TEST

/* record.h: -SMMU3_E_IO, and nothing is written after it; _i: the write that fails, of three. */
START_TEST(a_write_that_fails_ends_it)
{
	struct recorded *const recorded = recorded_new();
	struct smmu3_error error;
	uint64_t value = 1;

	recorded->fails = (unsigned)_i;
	recorded_begin(recorded);
	while (recorded->writes < 2 && recorded->writes < recorded->fails) {
		value = value * UINT64_C(6364136223846793005) + 1442695040888963407u;
		reg_write(recorded, 0xa0, 8, value);
	}
	ck_assert_uint_eq(reg_read(recorded, 0xa0, 8) & 0x1f, value & 0x1f);
	smmu3_record_unsaid(recorded->record, "too late");
	if (_i == 3) /* its end */
		ck_assert_int_eq(recorded_close(recorded, &error), -SMMU3_E_UNSUPPORTED);
	else
		ck_assert_int_eq(recorded_close(recorded, &error), -SMMU3_E_IO);
	ck_assert_uint_eq(recorded->writes, (unsigned)_i);
	recorded_free(recorded);
}
END_TEST

START_TEST(an_end_that_cannot_be_written_is_told)
{
	struct recorded *const recorded = recorded_new();
	struct smmu3_error error;

	recorded->fails = 1;
	recorded_begin(recorded);
	ck_assert_int_eq(recorded_close(recorded, &error), -SMMU3_E_IO);
	ck_assert_ptr_nonnull(strstr(error.text, "could not be written"));
	recorded_free(recorded);
}
END_TEST

/* ---- Memory that runs out ---- */

static bool exhausted;

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
	return exhausted ? NULL : __real_calloc(count, size);
}

/* record.h: -SMMU3_E_MEMORY; the SMMU goes on. */
START_TEST(memory_that_runs_out_ends_it_and_not_the_host)
{
	struct recorded *const recorded = recorded_new();
	struct smmu3_error error;

	recorded_begin(recorded);
	recorded_enable(recorded);
	let_stream_0_pass(recorded);
	exhausted = true;
	ck_assert_int_eq(access_at(recorded, 0, 0x1000, 0), SMMU3_OK);
	exhausted = false;
	ck_assert_int_eq(access_at(recorded, 0, 0x1000, 0), SMMU3_OK);
	ck_assert_int_eq(recorded_close(recorded, &error), -SMMU3_E_MEMORY);
	expect_end(recorded, &error);
	recorded_free(recorded);
}
END_TEST

START_TEST(without_memory_there_is_no_recording)
{
	struct recorded *const recorded = recorded_new();
	struct smmu3_error error;

	exhausted = true;
	ck_assert_ptr_null(
		smmu3_record_open(&recorded->config, &recorded->host, NULL, NULL, &error));
	exhausted = false;
	ck_assert_int_eq(error.code, -SMMU3_E_MEMORY);
	recorded_free(recorded);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, what_a_session_has_no_words_for_ends_it, 0, (int)COUNT(unsaids));
	tcase_add_test(tests, the_host_hears_of_what_ends_it);
	tcase_add_test(tests, callbacks_that_the_host_has_not_are_not_there);
	tcase_add_loop_test(tests, a_write_that_fails_ends_it, 1, 4);
	tcase_add_test(tests, an_end_that_cannot_be_written_is_told);
	tcase_add_test(tests, memory_that_runs_out_ends_it_and_not_the_host);
	tcase_add_test(tests, without_memory_there_is_no_recording);
}

int main(void)
{
	return run_suite("ends of recordings", add);
}
