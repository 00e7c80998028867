/* SPDX-License-Identifier: MIT */
/* Carrying out the lines of a trace. */
#include "platform/perform.h"
#include "platform/driver.h"
#include "platform/features.h"
#include "platform/trace_act.h"
#include "platform/trace_dvm.h"

#include "base/bits.h"

#include <smmu/adversity.h>
#include <smmu/decode.h>
#include <smmu/stats.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- Registers and memory ---- */

/* Memory is little-endian. */
static int write_memory(struct smmu3_machine *machine, const struct smmu3_trace_op *op)
{
	const uint64_t word = to_le64(op->value);

	return op->size > sizeof(word) ? -SMMU3_E_ABORT :
					 smmu3_machine_write(machine, (enum smmu3_pas)op->pas,
							     op->offset, &word, op->size);
}

static int read_memory(struct smmu3_machine *machine, struct smmu3_trace_op *op)
{
	uint64_t word = 0;
	const int code = op->size > sizeof(word) ?
				 -SMMU3_E_ABORT :
				 smmu3_machine_read(machine, (enum smmu3_pas)op->pas, op->offset,
						    &word, op->size);

	op->result.value = from_le64(word);
	return code;
}

static int access_register(struct smmu3_machine *machine, struct smmu3_trace_op *op)
{
	struct smmu3 *const smmu = smmu_at(machine, 0)->smmu;
	const enum smmu3_pas from = (enum smmu3_pas)op->pas;

	return op->kind == SMMU3_TRACE_MMIO_READ ?
		       smmu3_mmio_read(smmu, from, op->offset, op->size, &op->result.value) :
		       smmu3_mmio_write(smmu, from, op->offset, op->size, op->value);
}

__attribute__((format(printf, 2, 3))) static void differ(struct smmu3_trace_op *op,
							 const char *format, ...)
{
	va_list arguments;

	op->result.failed = 1;
	va_start(arguments, format);
	(void)vsnprintf(op->result.difference, sizeof(op->result.difference), format, arguments);
	va_end(arguments);
}

static void judge_read(struct smmu3_trace_op *op)
{
	const uint64_t got = op->result.value & op->mask;

	(void)snprintf(op->result.text, sizeof(op->result.text), "0x%" PRIx64, op->result.value);
	if (op->mask && got != op->value)
		differ(op, "the value is 0x%" PRIx64 ", expected 0x%" PRIx64, got, op->value);
}

static int perform_memory(struct smmu3_machine *machine, struct smmu3_trace_op *op,
			  struct smmu3_error *error)
{
	const bool read = op->kind == SMMU3_TRACE_MEM_READ;

	if (read ? read_memory(machine, op) : write_memory(machine, op))
		return perform_fail(error, -SMMU3_E_ABORT, "there is no memory at 0x%" PRIx64,
				    op->offset);
	if (read)
		judge_read(op);
	return 0;
}

static int perform_register(struct smmu3_machine *machine, struct smmu3_trace_op *op,
			    struct smmu3_error *error)
{
	if (access_register(machine, op))
		return perform_fail(error, -SMMU3_E_ABORT,
				    "no register access of %u bytes is possible at 0x%" PRIx64,
				    (unsigned)op->size, op->offset);
	if (op->kind == SMMU3_TRACE_MMIO_READ)
		judge_read(op);
	return 0;
}

/* ---- Programming interfaces ---- */

/* The interface of the first SMMU that an act is of. */
static const struct interface_spec *interface_of(const struct smmu3_machine *machine,
						 const struct smmu3_trace_op *op)
{
	return op->pas < INTERFACES ? &smmu_at(machine, 0)->interface[op->pas] : NULL;
}

static bool interface_present(const struct interface_spec *interface)
{
	return interface && has_interface(&interface->of->config, interface->pas);
}

/* Root has registers and wires, and no queues. */
static bool state_present(const struct smmu3_machine *machine, const struct smmu3_trace_op *op)
{
	return op->pas == SMMU3_PAS_ROOT ? has_root(&smmu_at(machine, 0)->config) :
					   interface_present(interface_of(machine, op));
}

static int no_interface(struct smmu3_error *error, const struct smmu3_trace_op *op)
{
	return perform_fail(error, -SMMU3_E_ABORT, "the SMMU has no %s state",
			    op->pas == SMMU3_PAS_SECURE ? "Secure" :
			    op->pas == SMMU3_PAS_ROOT   ? "Root" :
			    op->pas == SMMU3_PAS_REALM  ? "Realm" :
							  "such Security");
}

/* ---- The Command queue ---- */

static int no_queue(struct smmu3_error *error, const struct smmu3_trace_op *op, uint64_t at)
{
	return perform_fail(error, -SMMU3_E_ABORT,
			    "there is no memory at 0x%" PRIx64
			    ", where %sCMDQ_BASE has the Command queue",
			    at,
			    op->pas == SMMU3_PAS_SECURE ? "S_" :
			    op->pas == SMMU3_PAS_REALM  ? "R_" :
							  "");
}

static void judge_command(const struct interface_spec *interface, struct smmu3_trace_op *op,
			  enum smmu3_queue_answer answer)
{
	const char *const got = trace_answer_name(answer);

	op->result.answer = (uint8_t)answer;
	(void)snprintf(op->result.text, sizeof(op->result.text), "%s%s%s", got,
		       answer == SMMU3_QUEUE_WAITING ? ": " : "",
		       answer == SMMU3_QUEUE_WAITING ? driver_why_waiting(interface) : "");
	if (op->answer != answer)
		differ(op, "the command is %s, expected %s", op->result.text,
		       trace_answer_name(op->answer));
}

static int perform_command(struct smmu3_machine *machine, struct smmu3_trace_op *op,
			   struct smmu3_error *error)
{
	const struct interface_spec *const interface = interface_of(machine, op);
	enum smmu3_queue_answer answer;
	uint64_t at;

	if (!interface_present(interface))
		return no_interface(error, op);
	if (driver_command(machine, interface, op->command, &answer, &at))
		return no_queue(error, op, at);
	judge_command(interface, op, answer);
	return 0;
}

static int perform_recover(struct smmu3_machine *machine, struct smmu3_trace_op *op,
			   struct smmu3_error *error)
{
	const struct interface_spec *const interface = interface_of(machine, op);
	uint64_t at;

	if (!interface_present(interface))
		return no_interface(error, op);
	const int code = driver_recover(machine, interface, &at);

	if (code < 0)
		return no_queue(error, op, at);
	(void)snprintf(op->result.text, sizeof(op->result.text), "%s",
		       code ? "CMD_SYNC in place of the command, CMDQ_ERR acknowledged" :
			      "nothing done");
	if (!code)
		differ(op, "GERROR.CMDQ_ERR is not active: there is nothing to recover from");
	return 0;
}

/* ---- What CPUs broadcast ---- */

/* Each SMMU hears it, and takes part or not. */
static int perform_dvm(struct smmu3_machine *machine, const struct smmu3_trace_op *op,
		       struct smmu3_error *error)
{
	struct smmu3_invalidation scope;
	struct smmu3 *smmu;

	if (!dvm_scope(op->pas, op->command, &scope))
		return perform_fail(error, -SMMU3_E_ARGUMENT, "CPUs have no such operation");
	for (size_t i = 0; (smmu = smmu3_machine_smmu(machine, i)); i++)
		(void)smmu3_broadcast_tlbi(smmu, &scope);
	return 0;
}

/* ---- Devices without a StreamID ---- */

/* As far as it gets: the first part that is stopped ends it.  3.25.1.1 */
static enum smmu3_verdict access_directly(struct smmu3 *smmu, const struct smmu3_trace_op *op,
					  struct smmu3_outcome *outcome)
{
	struct smmu3_direct access = {
		.addr = op->txn.addr, .bytes = op->txn.bytes, .flags = op->txn.flags, .pas = op->pas
	};
	enum smmu3_verdict verdict;

	do {
		verdict = smmu3_access_direct(smmu, &access, outcome);
		access.addr += outcome->bytes;
		access.bytes -= outcome->bytes;
	} while (verdict == SMMU3_OK && access.bytes);
	return verdict;
}

static void perform_direct(const struct smmu3_machine *machine, struct smmu3_trace_op *op)
{
	struct smmu3_outcome outcome;
	const enum smmu3_verdict verdict = access_directly(smmu_at(machine, 0)->smmu, op, &outcome);

	(void)snprintf(op->result.text, sizeof(op->result.text), "%s%s%s",
		       smmu3_verdict_name(verdict), outcome.why ? ": " : "",
		       outcome.why ? smmu3_why(outcome.why)->sentence : "");
	if (op->answer_given && op->answer != verdict)
		differ(op, "the access is %s, expected %s", smmu3_verdict_name(verdict),
		       smmu3_verdict_name((enum smmu3_verdict)op->answer));
}

/* ---- What the SMMU did of its own accord ---- */

const struct smmu3_own_act *smmu3_machine_own(const struct smmu3_machine *machine, size_t index)
{
	struct own_log *const log = smmu_at(machine, 0)->own;

	own_look(log);
	return index < log->count - log->next ? &log->act[log->next + index] : NULL;
}

static void consume_seen(const struct interface_spec *interface, enum driver_queue which)
{
	static const enum smmu3_own_kind kinds[] = {
		[DRIVER_EVENTS] = SMMU3_OWN_EVENT, [DRIVER_PAGES] = SMMU3_OWN_PAGE
	};
	const struct smmu3_own_act *const last = own_last(interface->of->own, kinds[which],
							  interface->pas);

	if (interface->of->own->lost)
		driver_consume_all(interface, which);
	else if (last)
		driver_consume(interface, which, last->index);
}

/* Secure streams have no page requests. */
static void consume_all_seen(const struct smmu_spec *smmu)
{
	for (unsigned pas = 0; pas < INTERFACES; pas++) {
		if (!has_interface(&smmu->config, pas))
			continue;
		consume_seen(&smmu->interface[pas], DRIVER_EVENTS);
		if (pas != SMMU3_PAS_SECURE)
			consume_seen(&smmu->interface[pas], DRIVER_PAGES);
	}
}

size_t smmu3_machine_settle(struct smmu3_machine *machine, struct smmu3_own_act *first)
{
	const struct smmu_spec *const smmu = smmu_at(machine, 0);

	if (!smmu->own->expecting)
		return 0;
	own_look(smmu->own);
	consume_all_seen(smmu);
	return own_settle(smmu->own, first);
}

/* Of the kinds of acts those that are records of a queue. */
static bool is_record(const struct smmu3_own_act *act)
{
	return act->kind == SMMU3_OWN_EVENT || act->kind == SMMU3_OWN_PAGE;
}

static enum driver_queue queue_of_record(const struct smmu3_own_act *act)
{
	return act->kind == SMMU3_OWN_PAGE ? DRIVER_PAGES : DRIVER_EVENTS;
}

/* The record counts as the driver finds it in memory. */
static void read_record(struct smmu3_machine *machine, const struct interface_spec *interface,
			const struct smmu3_own_act *act, struct smmu3_trace_op *op)
{
	const enum driver_queue queue = queue_of_record(act);
	struct smmu3_own_act found = *act;

	if (driver_read_record(machine, interface, queue, act->index, &found.event))
		differ(op, "there is no memory where the record should be");
	else if (!own_met(&op->own, &found, op->strict, op->result.difference,
			  sizeof(op->result.difference)))
		op->result.failed = 1;
	driver_consume(interface, queue, act->index);
}

static int perform_expect(struct smmu3_machine *machine, struct smmu3_trace_op *op,
			  struct smmu3_error *error)
{
	const struct smmu_spec *const smmu = smmu_at(machine, 0);
	const struct smmu3_own_act *act;
	char text[SMMU3_ACT_TEXT] = "";

	if (!state_present(machine, op))
		return no_interface(error, op);
	own_look(smmu->own);
	if (op->own.kind == SMMU3_OWN_NOTHING && !op->own.none) {
		smmu->own->expecting = true;
		(void)smmu3_machine_settle(machine, NULL);
		return 0;
	}
	act = own_expect(smmu->own, &op->own, op->strict, op->result.difference,
			 sizeof(op->result.difference));
	op->result.failed = op->result.difference[0] != '\0';
	if (act && is_record(act) && !op->result.failed)
		read_record(machine, &smmu->interface[act->pas], act, op);
	else if (act && is_record(act))
		driver_consume(&smmu->interface[act->pas], queue_of_record(act), act->index);
	if (act)
		smmu3_own_act_text(act, text, sizeof(text));
	(void)snprintf(op->result.text, sizeof(op->result.text), "%.*s",
		       (int)sizeof(op->result.text) - 1, text);
	return 0;
}

static int perform_adversity(struct smmu3_machine *machine, const struct smmu3_trace_op *op,
			     struct smmu3_error *error)
{
	char words[sizeof(op->adversity)];
	struct smmu3_error why;

	memcpy(words, op->adversity, sizeof(words));
	words[sizeof(words) - 1] = '\0';
	for (char *word = words, *end; *word; word = end) {
		end = word + strcspn(word, " ");
		if (*end)
			*end++ = '\0';
		if (smmu3_adversity_ask(smmu_at(machine, 0)->smmu, word, &why))
			return perform_fail(error, -SMMU3_E_ARGUMENT, "adversity '%s': %s", word,
					    why.text);
	}
	return 0;
}

int smmu3_machine_perform(struct smmu3_machine *machine, struct smmu3_trace_op *op,
			  struct smmu3_outcome *outcome, struct smmu3_error *error)
{
	if (error)
		error->code = error->section[0] = error->text[0] = 0;
	op->result.answer = op->result.failed = 0;
	op->result.value = 0;
	op->result.text[0] = op->result.difference[0] = '\0';
	if (op->kind != SMMU3_TRACE_EXPECT && op->kind != SMMU3_TRACE_STATS)
		(void)smmu3_machine_settle(machine, NULL);
	switch (op->kind) {
	case SMMU3_TRACE_ACCESS:
		return perform_access(machine, op, outcome, error);
	case SMMU3_TRACE_MEM_WRITE:
	case SMMU3_TRACE_MEM_READ:
		return perform_memory(machine, op, error);
	case SMMU3_TRACE_MMIO_WRITE:
	case SMMU3_TRACE_MMIO_READ:
		return perform_register(machine, op, error);
	case SMMU3_TRACE_COMMAND:
		return perform_command(machine, op, error);
	case SMMU3_TRACE_RECOVER:
		return perform_recover(machine, op, error);
	case SMMU3_TRACE_DVM:
		return perform_dvm(machine, op, error);
	case SMMU3_TRACE_DIRECT:
		perform_direct(machine, op);
		return 0;
	case SMMU3_TRACE_EXPECT:
		return perform_expect(machine, op, error);
	case SMMU3_TRACE_ENDPOINT:
		return perform_endpoint(machine, op, error);
	case SMMU3_TRACE_PAGE_REQUEST:
		return perform_page_request(machine, op, error);
	case SMMU3_TRACE_STATS:
		trace_stats_judge(smmu_at(machine, 0)->smmu, op);
		return 0;
	case SMMU3_TRACE_STATS_RESET:
		smmu3_stats_reset(smmu_at(machine, 0)->smmu);
		return 0;
	case SMMU3_TRACE_ADVERSITY:
		return perform_adversity(machine, op, error);
	}
	return perform_fail(error, -SMMU3_E_ARGUMENT, "no kind of line is numbered %u",
			    (unsigned)op->kind);
}
