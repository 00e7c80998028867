/* SPDX-License-Identifier: MIT */
#include "platform/own.h"
#include "platform/features.h"
#include "platform/guard.h"
#include "platform/interface.h"

#include "arch/event.h"
#include "arch/offsets.h"
#include "arch/pri.h"
#include "arch/regs.h"

#include <stdio.h>
#include <string.h>

/* ---- Writing the log ---- */

static void add(struct own_log *log, const struct smmu3_own_act *act)
{
	if (log->count == OWN_MOST)
		log->lost = true;
	else
		log->act[log->count++] = *act;
}

static const struct interface_spec *interface_of(const struct own_log *log, unsigned pas)
{
	return &log->of->interface[pas];
}

static uint32_t read_index(const struct own_log *log, unsigned pas, uint64_t at)
{
	const uint64_t prod = interface_read(interface_of(log, pas), at, 4);

	return (uint32_t)field_value(&prod, EVENTQ_PROD_WR);
}

static uint32_t read_errors(const struct own_log *log, unsigned pas)
{
	return (uint32_t)(interface_read(interface_of(log, pas), REG_GERROR, 4) ^
			  interface_read(interface_of(log, pas), REG_GERRORN, 4));
}

static void look_at_prod(struct own_log *log, unsigned pas)
{
	const uint32_t prod = read_index(log, pas, REG_EVENTQ_PROD);

	if (prod != log->seen[pas].prod)
		add(log, &(struct smmu3_own_act){
				 .kind = SMMU3_OWN_PROD, .pas = (uint8_t)pas, .index = prod });
	log->seen[pas].prod = prod;
}

static void look_at_errors(struct own_log *log, unsigned pas)
{
	const uint32_t active = read_errors(log, pas);

	for (unsigned bit = 0; bit < 32; bit++) {
		if (active & ~log->seen[pas].errors & UINT32_C(1) << bit)
			add(log, &(struct smmu3_own_act){ .kind = SMMU3_OWN_GERROR,
							  .pas = (uint8_t)pas,
							  .error = (uint8_t)bit });
	}
	log->seen[pas].errors = active;
}

void own_look(struct own_log *log)
{
	for (unsigned pas = 0; pas < INTERFACES; pas++) {
		if (!has_interface(&log->of->config, pas))
			continue;
		look_at_prod(log, pas);
		look_at_errors(log, pas);
	}
}

/* A log that is full is not looked after until it has been settled. */
static void saw(struct own_log *log, const struct smmu3_own_act *act)
{
	if (!log->of || log->lost)
		return;
	own_look(log);
	add(log, act);
	if (log->lost)
		return;
	if (act->kind == SMMU3_OWN_EVENT) /* PROD moves when it has been written */
		log->act[log->count - 1].index = log->seen[act->pas].prod;
	if (act->kind == SMMU3_OWN_PAGE)
		log->act[log->count - 1].index = read_index(log, act->pas, REG_PRIQ_PROD);
}

/* ---- Callbacks ---- */

static void saw_message(struct own_log *log, const struct smmu3_mem_access *access,
			const void *data, bool aborted)
{
	struct smmu3_own_act act = { .kind = SMMU3_OWN_MSI,
				     .pas = access->pas,
				     .aborted = aborted,
				     .addr = access->pa,
				     .attr = access->attr };
	uint32_t word = 0;

	if (data)
		memcpy(&word, data, sizeof(word));
	act.data = to_le32(word);
	saw(log, &act);
}

static void saw_record(struct own_log *log, enum smmu3_own_kind kind, unsigned pas,
		       const void *data, size_t bytes)
{
	struct smmu3_own_act act = { .kind = (uint8_t)kind, .pas = (uint8_t)pas };

	if (data)
		memcpy(act.event.word, data, bytes);
	for (unsigned i = 0; i < 4; i++)
		act.event.word[i] = from_le64(act.event.word[i]);
	saw(log, &act);
}

static void on_written(void *context, const struct smmu3_mem_access *access)
{
	struct own_log *const log = context;
	const void *const data = memory_at(log->memory, access->pas, access->pa, access->bytes);

	if (access->reason == SMMU3_REASON_MSI)
		saw_message(log, access, data, false);
	if (access->reason == SMMU3_REASON_EVENTQ)
		saw_record(log, SMMU3_OWN_EVENT, access->pas, data, EVENT_BYTES);
	if (access->reason == SMMU3_REASON_PRIQ)
		saw_record(log, SMMU3_OWN_PAGE, access->pas, data, PRI_BYTES);
}

/* Memory that the SMMU does not reach directly, and may use so; or NULL. */
static void *reached(struct own_log *log, const struct smmu3_mem_access *access, unsigned wants)
{
	return guard_lets(log, access, wants) ?
		       memory_at(log->memory, access->pas, access->pa, access->bytes) :
		       NULL;
}

static enum smmu3_mem_result on_read(void *context, const struct smmu3_mem_access *access,
				     void *data)
{
	const void *const from = reached(context, access, FIREWALL_READ);

	if (from)
		memcpy(data, from, access->bytes);
	return from ? SMMU3_MEM_OK : SMMU3_MEM_ABORT;
}

/* Where no memory is nothing answers. */
static enum smmu3_mem_result on_write(void *context, const struct smmu3_mem_access *access,
				      const void *data)
{
	void *const to = reached(context, access, FIREWALL_WRITE);

	if (to) {
		memcpy(to, data, access->bytes);
		on_written(context, access);
		return SMMU3_MEM_OK;
	}
	if (access->reason == SMMU3_REASON_MSI)
		saw_message(context, access, data, true);
	return SMMU3_MEM_ABORT;
}

/* What no window holds is behind a firewall: there hardware updates no descriptor, of 16 bytes as of
 * 8.  What it reads there nobody writes meanwhile. */
static enum smmu3_mem_result on_swap_pair(void *context, const struct smmu3_mem_access *access,
					  const uint64_t *expected, const uint64_t *desired,
					  uint64_t *found)
{
	(void)context;
	(void)access;
	(void)expected;
	(void)desired;
	(void)found;
	return SMMU3_MEM_ABORT;
}

/* Whose a wire is, and by which name: those of the Secure and the Realm interface have the names of
 * others. */
static void on_interrupt(void *context, enum smmu3_interrupt interrupt)
{
	static const struct {
		uint8_t pas, name;
	} wires[] = {
		[SMMU3_INTERRUPT_EVENTQ] = { SMMU3_PAS_NS, SMMU3_INTERRUPT_EVENTQ },
		[SMMU3_INTERRUPT_PRIQ] = { SMMU3_PAS_NS, SMMU3_INTERRUPT_PRIQ },
		[SMMU3_INTERRUPT_CMD_SYNC] = { SMMU3_PAS_NS, SMMU3_INTERRUPT_CMD_SYNC },
		[SMMU3_INTERRUPT_GERROR] = { SMMU3_PAS_NS, SMMU3_INTERRUPT_GERROR },
		[SMMU3_INTERRUPT_PMCG] = { SMMU3_PAS_NS, SMMU3_INTERRUPT_PMCG },
		[SMMU3_INTERRUPT_S_EVENTQ] = { SMMU3_PAS_SECURE, SMMU3_INTERRUPT_EVENTQ },
		[SMMU3_INTERRUPT_S_CMD_SYNC] = { SMMU3_PAS_SECURE, SMMU3_INTERRUPT_CMD_SYNC },
		[SMMU3_INTERRUPT_S_GERROR] = { SMMU3_PAS_SECURE, SMMU3_INTERRUPT_GERROR },
		[SMMU3_INTERRUPT_R_EVENTQ] = { SMMU3_PAS_REALM, SMMU3_INTERRUPT_EVENTQ },
		[SMMU3_INTERRUPT_R_PRIQ] = { SMMU3_PAS_REALM, SMMU3_INTERRUPT_PRIQ },
		[SMMU3_INTERRUPT_R_CMD_SYNC] = { SMMU3_PAS_REALM, SMMU3_INTERRUPT_CMD_SYNC },
		[SMMU3_INTERRUPT_R_GERROR] = { SMMU3_PAS_REALM, SMMU3_INTERRUPT_GERROR },
		[SMMU3_INTERRUPT_GPF_FAR] = { SMMU3_PAS_ROOT, SMMU3_INTERRUPT_GPF_FAR },
		[SMMU3_INTERRUPT_GPT_CFG_FAR] = { SMMU3_PAS_ROOT, SMMU3_INTERRUPT_GPT_CFG_FAR },
	};

	saw(context, &(struct smmu3_own_act){ .kind = SMMU3_OWN_INTERRUPT,
					      .pas = wires[interrupt].pas,
					      .interrupt = wires[interrupt].name });
}

static void on_send_event(void *context)
{
	saw(context, &(struct smmu3_own_act){ .kind = SMMU3_OWN_SEV });
}

/* Everything is of every Security state, and Secure software's to ask for.  6.3.62 */
static void on_invalidate(void *context, const struct smmu3_invalidation *scope)
{
	const unsigned pas = scope->kind == SMMU3_INVALIDATES_ALL ? SMMU3_PAS_SECURE :
								    scope->sec_sid;

	saw(context, &(struct smmu3_own_act){ .kind = SMMU3_OWN_INVALIDATION,
					      .pas = (uint8_t)pas,
					      .scope = *scope });
}

static void on_atc_invalidate(void *context, const struct smmu3_atc_invalidation *request)
{
	struct own_log *const log = context;
	struct smmu3_own_act act = { .kind = SMMU3_OWN_ATC_INV,
				     .pas = request->sec_sid,
				     .atc_inv = *request };
	enum smmu3_atc_result result;

	act.atc_inv.tag = 0;
	saw(log, &act);
	if (atc_invalidate(&log->atcs, request, &result))
		(void)smmu3_atc_complete(log->atcs.smmu, request->tag, result);
}

static void on_page_response(void *context, const struct smmu3_page_response *response)
{
	saw(context, &(struct smmu3_own_act){ .kind = SMMU3_OWN_RESPONSE,
					      .pas = response->sec_sid,
					      .response = *response });
}

/* Reset and destroy end stalls, too, and then no register may be read. */
static void on_stall_ended(void *context, const struct smmu3_stall *stall)
{
	struct own_log *const log = context;

	held_ended(&log->held, stall);
}

static void on_finding(void *context, const struct smmu3_finding *finding)
{
	const struct own_log *const log = context;

	if (log->found)
		log->found(log->found_context, log->index, finding);
}

struct smmu3_host own_host(struct own_log *log)
{
	return (struct smmu3_host){
		.size = sizeof(struct smmu3_host),
		.context = log,
		.read = on_read,
		.write = on_write,
		.written = on_written,
		.interrupt = on_interrupt,
		.send_event = on_send_event,
		.invalidate = on_invalidate,
		.stall_ended = on_stall_ended,
		.atc_invalidate = on_atc_invalidate,
		.page_response = on_page_response,
		.swap_pair = on_swap_pair,
		.finding = on_finding,
	};
}

void own_begin(struct own_log *log, const struct smmu_spec *smmu)
{
	log->of = smmu;
	for (unsigned pas = 0; pas < INTERFACES; pas++) {
		if (has_interface(&smmu->config, pas))
			log->seen[pas] = (struct own_seen){ read_index(log, pas, REG_EVENTQ_PROD),
							    read_errors(log, pas) };
	}
}

/* ---- Reading it ---- */

const struct smmu3_own_act *own_last(const struct own_log *log, enum smmu3_own_kind kind,
				     unsigned pas)
{
	for (unsigned i = log->count; i > 0; i--) {
		if (log->act[i - 1].kind == kind && log->act[i - 1].pas == pas)
			return &log->act[i - 1];
	}
	return NULL;
}

size_t own_settle(struct own_log *log, struct smmu3_own_act *first)
{
	size_t left = 0;

	for (unsigned i = log->next; i < log->count; i++) {
		if (log->act[i].kind == SMMU3_OWN_PROD)
			continue;
		if (!left++ && first)
			*first = log->act[i];
	}
	log->next = log->count = 0;
	log->lost = log->expecting = false;
	return left;
}

/* Is the act of the kind that is expected, and of that interface? */
static bool same_kind(const struct smmu3_own_act *expected, const struct smmu3_own_act *act)
{
	return act->kind == expected->kind && act->pas == expected->pas;
}

/* What an expectation is about: the next act of its kind.  A strict one passes nothing by but PROD,
 * which only says where a record before it is. */
static unsigned find(const struct own_log *log, const struct smmu3_own_act *expected, bool strict)
{
	unsigned i = log->next;

	while (i < log->count && !same_kind(expected, &log->act[i]) &&
	       (!strict || log->act[i].kind == SMMU3_OWN_PROD))
		i++;
	return i;
}

/* Does an act belie that there is none of a kind, or of any?  Nothing at all is of no interface,
 * but where the line names one. */
static bool belies(const struct smmu3_own_act *expected, const struct smmu3_own_act *act)
{
	if (expected->kind != SMMU3_OWN_NOTHING)
		return same_kind(expected, act);
	return act->kind != SMMU3_OWN_PROD &&
	       (expected->pas == SMMU3_PAS_NS || act->pas == expected->pas);
}

/* The next such act. */
static const struct smmu3_own_act *further(const struct own_log *log,
					   const struct smmu3_own_act *expected)
{
	for (unsigned i = log->next; i < log->count; i++) {
		if (belies(expected, &log->act[i]))
			return &log->act[i];
	}
	return NULL;
}

/* "...; the next was X", where there is one. */
static void say_next(const struct smmu3_own_act *next, const char *what, char *text, size_t size)
{
	char act[SMMU3_ACT_TEXT];

	if (next)
		smmu3_own_act_text(next, act, sizeof(act));
	(void)snprintf(text, size, "%s%s%.*s", what, next ? ": " : "", 150, next ? act : "");
}

static const struct smmu3_own_act *expect_none(const struct own_log *log,
					       const struct smmu3_own_act *expected,
					       char *difference, size_t size)
{
	const struct smmu3_own_act *const act = further(log, expected);

	if (act)
		say_next(act, "the SMMU did more", difference, size);
	return NULL;
}

const struct smmu3_own_act *own_expect(struct own_log *log, const struct smmu3_own_act *expected,
				       bool strict, char *difference, size_t size)
{
	const unsigned at = find(log, expected, strict);
	const struct smmu3_own_act *const act = at < log->count ? &log->act[at] : NULL;

	difference[0] = '\0';
	log->expecting = true;
	if (log->lost && at == log->count)
		(void)snprintf(difference, size,
			       "the SMMU did more than %u things since they were last expected",
			       (unsigned)OWN_MOST);
	else if (expected->none)
		return expect_none(log, expected, difference, size);
	else if (!act || !same_kind(expected, act))
		say_next(act,
			 act ? "the SMMU did something else first" : "the SMMU did no such thing",
			 difference, size);
	else {
		log->next = at + 1;
		(void)own_met(expected, act, strict, difference, size);
		return act;
	}
	return NULL;
}
