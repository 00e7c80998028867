/* SPDX-License-Identifier: MIT */
/* Accesses of a trace: completed from their masters, translated, and held while they are stalled.
 */
#include "platform/guard.h"
#include "platform/perform.h"

#include "arch/idregs.h"
#include "arch/why.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 3, 4))) int perform_fail(struct smmu3_error *error, int code,
						       const char *format, ...)
{
	va_list arguments;

	if (!error)
		return code;
	*error = (struct smmu3_error){ .code = code };
	va_start(arguments, format);
	(void)vsnprintf(error->text, sizeof(error->text), format, arguments);
	va_end(arguments);
	return code;
}

/* ---- Accesses ---- */

/* Is the last byte within what the master's bus can name? */
static bool on_bus(const struct smmu3_txn *txn, unsigned width)
{
	const uint64_t last = txn->bytes ? txn->addr + (txn->bytes - 1) : txn->addr;

	return last >= txn->addr && (width >= 64 || !(last >> width));
}

static void no_master(const struct smmu3_machine *machine, const struct smmu3_trace_op *op,
		      struct smmu3_error *error)
{
	struct guess guess = { .text = op->master, .length = strlen(op->master) };
	char text[80];

	for (size_t i = 0; i < machine->masters.count && i < 1000; i++)
		guess_offer(&guess, machine->masters.entry[i].name);
	(void)perform_fail(error, -SMMU3_E_NOT_FOUND, "there is no master '%s'%s", op->master,
			   guess_text(&guess, text, sizeof(text)));
}

struct master_spec *perform_master(const struct smmu3_machine *machine,
				   const struct smmu3_trace_op *op, struct smmu3_error *error)
{
	struct master_spec *const master = names_find(&machine->masters, op->master);

	if (!master)
		no_master(machine, op, error);
	return master;
}

int perform_requester(const struct master_spec *master, struct smmu3_trace_op *op,
		      struct smmu3_error *error)
{
	struct smmu3_txn *const txn = &op->txn;

	if (txn->sid >= master->seen.count)
		return perform_fail(error, -SMMU3_E_NOT_FOUND,
				    "master '%s' has %" PRIu32
				    " StreamIDs, from 0: there is no +%" PRIu32,
				    op->master, master->seen.count, txn->sid);
	if (!on_bus(txn, master->seen.bus_width))
		return perform_fail(error, -SMMU3_E_ARGUMENT,
				    "master '%s' has a bus of %u bits: it cannot drive 0x%" PRIx64,
				    op->master, (unsigned)master->seen.bus_width,
				    txn->addr + (txn->bytes - 1));
	txn->sid += master->seen.sid;
	if (!op->sec_given)
		txn->sec_sid = master->seen.sec_sid;
	return 0;
}

/* What the line leaves to the master. */
static int complete(const struct master_spec *master, struct smmu3_trace_op *op,
		    struct smmu3_error *error)
{
	const int code = perform_requester(master, op, error);
	struct smmu3_txn *const txn = &op->txn;

	if (code)
		return code;
	if (!op->ns_given && master->ns == true)
		txn->flags |= SMMU3_TXN_NS;
	if (!op->priv_given && master->priv)
		txn->flags |= SMMU3_TXN_PRIVILEGED;
	if (!master->can_stall)
		txn->flags |= SMMU3_TXN_NO_STALL;
	if (!op->attr_given)
		txn->attr.mair = master->seen.attr.mair;
	if (!op->sh_given)
		txn->attr.sh = master->seen.attr.sh;
	txn->flags |= SMMU3_TXN_ATTR;
	return 0;
}

/* ---- Accesses that wait ---- */

static bool can_stall(const struct smmu_spec *smmu)
{
	const uint64_t idr5 = smmu->config.idr[5];

	return field_value(&idr5, IDR5_STALL_MAX) != 0;
}

/* Holds what the SMMU holds: the part that the outcome is about. */
static bool hold(struct held *held, const struct smmu3_trace_op *op,
		 const struct smmu3_outcome *outcome)
{
	const bool waits = outcome->verdict == SMMU3_STALLED || outcome->verdict == SMMU3_BUSY;
	struct smmu3_trace_op part;

	if (!waits || op->txn.flags & SMMU3_TXN_PROBE) {
		held_drop(held, op);
		return true;
	}
	part = *op;
	if (outcome->bytes && outcome->bytes < part.txn.bytes)
		part.txn.bytes = outcome->bytes;
	if (outcome->verdict == SMMU3_STALLED) {
		held_keep(held, &part);
		return true;
	}
	held_drop(held, op);
	return held_wait(held, &part);
}

static int ask(const struct smmu_spec *smmu, struct smmu3_trace_op *op,
	       struct smmu3_outcome *outcome, struct smmu3_error *error)
{
	struct held *const held = can_stall(smmu) ? &smmu->own->held : NULL;

	if (held && !held_begin(held, op))
		return perform_fail(error, -SMMU3_E_MEMORY, "out of memory");
	machine_translate(smmu, &op->txn, outcome);
	if (held && !hold(held, op, outcome))
		return perform_fail(error, -SMMU3_E_LIMIT,
				    "more than %u accesses wait for a stall to end",
				    (unsigned)BUSY_MOST);
	return 1;
}

/* ---- Masters with an ATC ---- */

/* Keeps what a request of the trace's own is granted, too. */
static int ask_for_atc(const struct smmu_spec *smmu, struct atc *atc, const struct smmu3_txn *txn,
		       struct smmu3_outcome *outcome)
{
	machine_translate(smmu, txn, outcome);
	if (!(txn->flags & SMMU3_TXN_PROBE))
		atc_keep(atc, txn, outcome);
	return 1;
}

/* What it was granted does not allow the access: the endpoint does not make it. */
static void not_granted(struct smmu3_outcome *outcome)
{
	const struct smmu3_outcome completion = *outcome;

	*outcome = (struct smmu3_outcome){
		.bytes = completion.bytes,
		.span = completion.span,
		.verdict = SMMU3_NO_ACCESS,
		.decider = completion.decider,
		.stages = completion.stages,
		.why = WHY_ATS_NO_ACCESS,
		.fault_level = SMMU3_NO_LEVEL,
		.ats = completion.ats,
	};
}

/* Asks for what an access needs: true, with what was granted; false, with the outcome. */
static bool is_granted(const struct smmu_spec *smmu, struct atc *atc, const struct smmu3_txn *txn,
		       struct smmu3_outcome *outcome, struct atc_entry *entry)
{
	const struct smmu3_txn request = atc_request(txn);

	(void)ask_for_atc(smmu, atc, &request, outcome);
	if (outcome->verdict != SMMU3_OK)
		return false;
	*entry = (struct atc_entry){ .addr = txn->addr,
				     .bytes = outcome->bytes,
				     .to = outcome->pa };
	if (!(atc_needs(txn) & ~outcome->ats))
		return true;
	not_granted(outcome);
	return false;
}

/* Does it take a PASID with what is Translated?  Then software has endpoints send it.  6.3.4 */
static bool takes_pasids(const struct smmu_spec *smmu)
{
	const uint64_t idr3 = smmu->config.idr[3];

	return field_value(&idr3, IDR3_PASIDTT) != 0;
}

/* As an endpoint does it: what it does not have it asks for, and what it is granted it sends as
 * Translated. */
static int go_through_atc(const struct smmu_spec *smmu, struct atc *atc, struct smmu3_trace_op *op,
			  struct smmu3_outcome *outcome)
{
	const struct atc_entry *const kept = atc_find(atc, &op->txn);
	struct atc_entry entry = kept ? *kept : (struct atc_entry){ 0 };

	op->atc = kept ? SMMU3_TRACE_ATC_HIT : SMMU3_TRACE_ATC_ASKED;
	if (!kept && !is_granted(smmu, atc, &op->txn, outcome, &entry))
		return 1;
	const struct smmu3_txn translated = atc_translated(&entry, &op->txn, takes_pasids(smmu));

	machine_translate(smmu, &translated, outcome);
	return 1;
}

static int ask_for_master(const struct smmu_spec *smmu, struct atc *atc, struct smmu3_trace_op *op,
			  struct smmu3_outcome *outcome, struct smmu3_error *error)
{
	const bool no_address = op->txn.txn_class >= SMMU3_CLASS_BARRIER;

	if (!atc || atc->off || no_address || op->txn.ats == SMMU3_ATS_TRANSLATED)
		return ask(smmu, op, outcome, error);
	return op->txn.ats == SMMU3_ATS_REQUEST ? ask_for_atc(smmu, atc, &op->txn, outcome) :
						  go_through_atc(smmu, atc, op, outcome);
}

/* Through the master's SMMU, or past all of them. */
static int reach(struct smmu3_machine *machine, const struct master_spec *master,
		 struct smmu3_trace_op *op, struct smmu3_outcome *outcome,
		 struct smmu3_error *error)
{
	struct smmu_spec *const smmu = smmu_at(machine, master ? master->seen.smmu : 0);
	int code = 1;

	op->atc = SMMU3_TRACE_ATC_NONE;
	if (smmu) {
		guard_forget(smmu);
		code = ask_for_master(smmu, master ? master->cache : NULL, op, outcome, error);
	} else {
		direct_answer(op, outcome);
	}
	if (code > 0)
		guard_access(machine, smmu, op, outcome);
	return code;
}

int perform_access(struct smmu3_machine *machine, struct smmu3_trace_op *op,
		   struct smmu3_outcome *outcome, struct smmu3_error *error)
{
	const struct master_spec *const master = op->master[0] ?
							 perform_master(machine, op, error) :
							 NULL;
	int code = 0;

	if (op->master[0] && !master)
		return -SMMU3_E_NOT_FOUND;
	if (master && !op->performed)
		code = complete(master, op, error);
	if (!code && master && master->direct)
		code = direct_refuse(master, op, error);
	if (code)
		return code;
	op->performed = 1;
	return reach(machine, master, op, outcome, error);
}

/* ---- The end of their wait ---- */

/* What software ended needs no translation.  3.12.2 */
static void terminate(const struct smmu3_trace_op *op, const struct smmu3_stall *stall,
		      struct smmu3_outcome *outcome)
{
	*outcome = (struct smmu3_outcome){
		.bytes = op->txn.bytes,
		.verdict = stall->end == SMMU3_STALL_ABORT ? SMMU3_ABORT : SMMU3_RAZ_WI,
		.fault_level = SMMU3_NO_LEVEL,
	};
}

static int resume(struct smmu_spec *smmu, struct smmu3_trace_op *op, struct smmu3_outcome *outcome,
		  struct smmu3_stall *stall)
{
	while (held_next(&smmu->own->held, op, stall)) {
		if (stall->end != SMMU3_STALL_RETRY) {
			terminate(op, stall, outcome);
			return 1;
		}
		guard_forget(smmu);
		const int code = ask(smmu, op, outcome, NULL);

		if (code < 0 || outcome->verdict != SMMU3_BUSY)
			return code;
	}
	return 0;
}

int smmu3_machine_resume(struct smmu3_machine *machine, struct smmu3_trace_op *op,
			 struct smmu3_outcome *outcome, struct smmu3_stall *stall)
{
	int code = 0;

	struct smmu_spec *smmu;

	for (size_t i = 0; !code && (smmu = smmu_at(machine, i)); i++) {
		if (!held_may_end(&smmu->own->held))
			continue;
		code = resume(smmu, op, outcome, stall);
		if (code > 0)
			guard_access(machine, smmu, op, outcome);
	}
	return code;
}

int smmu3_machine_waiting(const struct smmu3_machine *machine, size_t index,
			  struct smmu3_trace_op *op)
{
	for (size_t i = 0; smmu_at(machine, i); i++) {
		const struct held *const held = &smmu_at(machine, i)->own->held;

		if (index < held_count(held))
			return !op || held_at(held, index, op);
		index -= held_count(held);
	}
	return 0;
}
