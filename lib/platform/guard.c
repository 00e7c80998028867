/* SPDX-License-Identifier: MIT */
#include "platform/guard.h"
#include "platform/words_guard.h"

#include "arch/event.h"

#include <string.h>

/* ---- Words ---- */

const struct word blocker_words[] = {
	{ "none", SMMU3_BLOCKER_NONE }, { "s1", SMMU3_BLOCKER_S1 },     { "s2", SMMU3_BLOCKER_S2 },
	{ "gpc", SMMU3_BLOCKER_GPC },   { "smmu", SMMU3_BLOCKER_SMMU }, { NULL, 0 },
};

bool guard_is_word(const char *name)
{
	return word_find(blocker_words, name, strlen(name)) || !strcmp(name, FIREWALL_DEFAULT);
}

const char *smmu3_guard_name(const struct smmu3_guard *guard)
{
	const char *const name = word_name(blocker_words, guard->blocker);

	return name ? name : guard->region ? guard->region : "";
}

/* ---- The SMMU's own accesses ---- */

static struct firewall_who who_is(const struct own_log *log)
{
	return (struct firewall_who){ .kind = FIREWALL_SMMU, .unit = log->index };
}

static void note_denied(struct own_log *log, uint64_t pa, const char *region)
{
	log->denied = pa;
	log->denied_by = region;
}

bool guard_lets(struct own_log *log, const struct smmu3_mem_access *access, unsigned wants)
{
	const struct firewall_access asked = { .pa = access->pa,
					       .bytes = access->bytes,
					       .pas = access->pas,
					       .wants = wants,
					       .who = who_is(log) };
	struct firewall_verdict verdict;

	if (!log->firewall)
		return true;
	verdict = firewall_judge(log->firewall, &asked);
	if (!verdict.allowed && wants == FIREWALL_READ)
		note_denied(log, access->pa, verdict.region);
	return verdict.allowed;
}

void guard_forget(struct smmu_spec *smmu)
{
	note_denied(smmu->own, 0, NULL);
}

int guard_add_ram(const struct smmu3_machine *machine, const struct smmu_spec *smmu,
		  const struct region *region)
{
	const struct firewall *const firewall = machine_firewall(machine);
	const uint64_t end = region->base + region->size;
	struct firewall_access asked = { .pas = region->pas, .who = who_is(smmu->own) };
	uint64_t next;
	int code = 0;

	for (uint64_t at = region->base; !code && at < end; at = next) {
		next = firewall ? firewall_next(firewall, region->pas, at) : end;
		next = next < end ? next : end;
		asked.pa = at;
		if (!firewall || firewall_grants(firewall, &asked) == PERM_RW)
			code = smmu3_add_ram(smmu->smmu, at, next - at, SMMU3_PAS_BIT(region->pas),
					     (char *)region->host + (at - region->base));
	}
	return code;
}

/* ---- Who blocked an access ---- */

/* Events of a structure that could not be fetched; the record and fault_addr say where. */
static bool could_not_fetch(unsigned event)
{
	return event == F_STE_FETCH || event == F_CD_FETCH || event == F_WALK_EABT ||
	       event == F_VMS_FETCH;
}

/* The one place that says who it was, but for the firewall.  What is neither of a stage nor of
 * another guard the SMMU has decided: by its registers, STE or CD. */
static enum smmu3_blocker blocker_of(const struct smmu3_outcome *outcome)
{
	static const uint8_t blocker[] = {
		[SMMU3_BY_CALLER] = SMMU3_BLOCKER_SMMU, [SMMU3_BY_GBPA] = SMMU3_BLOCKER_SMMU,
		[SMMU3_BY_STREAM] = SMMU3_BLOCKER_SMMU, [SMMU3_BY_CONTEXT] = SMMU3_BLOCKER_SMMU,
		[SMMU3_BY_S1] = SMMU3_BLOCKER_S1,       [SMMU3_BY_S2] = SMMU3_BLOCKER_S2,
		[SMMU3_BY_DPT] = SMMU3_BLOCKER_SMMU,
	};

	if (outcome->verdict == SMMU3_OK)
		return SMMU3_BLOCKER_NONE;
	if (could_not_fetch(outcome->event) && event_get(&outcome->record, EVENT_GPCF))
		return SMMU3_BLOCKER_GPC;
	return outcome->decider < sizeof(blocker) ? (enum smmu3_blocker)blocker[outcome->decider] :
						    SMMU3_BLOCKER_SMMU;
}

/* A master behind no SMMU has a name. */
static struct firewall_who client(const struct smmu3_machine *machine, const struct smmu_spec *smmu,
				  const struct smmu3_trace_op *op)
{
	if (!smmu)
		return firewall_master(machine, names_find(&machine->masters, op->master));
	return (struct firewall_who){ .kind = FIREWALL_STREAM,
				      .unit = smmu->own->index,
				      .sec_sid = op->txn.sec_sid,
				      .sid = op->txn.sid };
}

/* Lines that are dirty go without being written back: memory is as if it were written. */
static bool destroys(const struct smmu3_outcome *outcome)
{
	return outcome->becomes == SMMU3_CLASS_DESTRUCTIVE_READ ||
	       outcome->becomes == SMMU3_CLASS_INVALIDATE ||
	       outcome->becomes == SMMU3_CLASS_DESTRUCTIVE_HINT;
}

/* An atomic reads and writes. */
static unsigned wants(const struct smmu3_trace_op *op, const struct smmu3_outcome *outcome)
{
	if (op->txn.txn_class == SMMU3_CLASS_ATOMIC || destroys(outcome))
		return FIREWALL_READ | FIREWALL_WRITE;
	return op->txn.flags & SMMU3_TXN_WRITE ? FIREWALL_WRITE : FIREWALL_READ;
}

static void ask_firewall(const struct firewall *firewall, const struct firewall_who *who,
			 const struct smmu3_outcome *outcome, struct smmu3_trace_op *op)
{
	const struct firewall_access access = { .pa = outcome->pa,
						.bytes = outcome->bytes,
						.pas = outcome->pas,
						.wants = wants(op, outcome),
						.who = *who };
	const struct firewall_verdict verdict = firewall_judge(firewall, &access);

	op->guard.firewall = verdict.allowed ? SMMU3_FIREWALL_ALLOWS : SMMU3_FIREWALL_DENIES;
	op->guard.region = verdict.region;
	if (!verdict.allowed)
		op->guard.blocker = SMMU3_BLOCKER_FIREWALL;
}

/* A Translation Request reaches no memory. */
static bool reaches_memory(const struct smmu3_trace_op *op, const struct smmu3_outcome *outcome)
{
	return outcome->verdict == SMMU3_OK && op->txn.ats != SMMU3_ATS_REQUEST;
}

/* Was the fetch that ended it denied by the firewall? */
static bool was_denied(const struct smmu_spec *smmu, const struct smmu3_outcome *outcome)
{
	return smmu && smmu->own->denied_by && outcome->verdict != SMMU3_OK &&
	       could_not_fetch(outcome->event) && outcome->fault_addr == smmu->own->denied;
}

void guard_access(const struct smmu3_machine *machine, const struct smmu_spec *smmu,
		  struct smmu3_trace_op *op, const struct smmu3_outcome *outcome)
{
	const struct firewall *const firewall = machine_firewall(machine);

	op->guard = (struct smmu3_guard){ .blocker = (uint8_t)blocker_of(outcome) };
	if (!firewall)
		return;
	if (reaches_memory(op, outcome)) {
		const struct firewall_who who = client(machine, smmu, op);

		ask_firewall(firewall, &who, outcome, op);
	} else if (was_denied(smmu, outcome)) {
		op->guard.blocker = SMMU3_BLOCKER_FIREWALL;
		op->guard.region = smmu->own->denied_by;
	}
}

void smmu3_machine_guard(const struct smmu3_machine *machine, size_t smmu,
			 struct smmu3_trace_op *op, const struct smmu3_outcome *outcome)
{
	guard_access(machine, smmu_at(machine, smmu), op, outcome);
}
