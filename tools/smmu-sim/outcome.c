/* SPDX-License-Identifier: MIT */
#include "outcome.h"

#include <inttypes.h>
#include <smmu/decode.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "fields.h"
#include "json.h"
#include "text.h"

static const struct word {
	uint16_t flag;
	const char *word;
} flag_words[] = {
	{ SMMU3_TXN_PRIVILEGED, "priv" },
	{ SMMU3_TXN_INSTRUCTION, "inst" },
	{ SMMU3_TXN_NS, "ns=1" },
	{ SMMU3_TXN_NO_SNOOP, "nosnoop" },
	{ SMMU3_TXN_NO_STALL, "nostall" },
	{ SMMU3_TXN_SOURCE_CXL, "cxl" },
	{ SMMU3_TXN_XT, "xt" },
	{ SMMU3_TXN_WRITE, "write" },
};

static const char *op_name(const struct smmu3_trace_op *op)
{
	const char *name = smmu3_trace_op_name(op->op);

	return name ? name : "?";
}

static void requester(const struct smmu3_machine *machine, const struct smmu3_trace_op *op,
		      char *text, size_t size)
{
	const struct smmu3_master *master = op->master[0] ?
						    smmu3_machine_find(machine, op->master) :
						    NULL;

	if (master)
		append(text, size, "%s", op->master);
	else
		append(text, size, "0x%" PRIx32, op->txn.sid);
	if (master && op->txn.sid != master->sid)
		append(text, size, "+%" PRIu32, op->txn.sid - master->sid);
	if (op->txn.flags & SMMU3_TXN_SSV)
		append(text, size, ".%" PRIu32, op->txn.ssid);
}

void access_text(const struct smmu3_machine *machine, const struct smmu3_trace_op *op, char *text,
		 size_t size)
{
	const unsigned said = op->op == 'X'                  ? SMMU3_TXN_INSTRUCTION :
			      op->op == 'W' || op->op == 'S' ? SMMU3_TXN_WRITE :
							       0;

	snprintf(text, size, "%s ", op_name(op));
	requester(machine, op, text, size);
	append(text, size, " 0x%" PRIx64 " %" PRIu64, op->txn.addr, op->txn.bytes);
	for (size_t i = 0; i < sizeof(flag_words) / sizeof(flag_words[0]); i++)
		if (op->txn.flags & ~said & flag_words[i].flag)
			append(text, size, " %s", flag_words[i].word);
	if (op->txn.sec_sid != SMMU3_PAS_NS)
		append(text, size, " %s", smmu3_pas_name(op->txn.sec_sid));
}

/* A master behind no SMMU has no StreamID. */
static bool has_sid(const struct smmu3_machine *machine, const struct smmu3_trace_op *op)
{
	const struct smmu3_master *master = op->master[0] ?
						    smmu3_machine_find(machine, op->master) :
						    NULL;

	return !master || master->smmu != SMMU3_NO_SMMU;
}

json_object *access_json(const struct smmu3_machine *machine, const struct smmu3_trace_op *op)
{
	json_object *object = json_new();

	json_text(object, "op", op_name(op));
	if (op->master[0])
		json_text(object, "master", op->master);
	if (has_sid(machine, op))
		json_hex(object, "sid", op->txn.sid);
	if (op->txn.flags & SMMU3_TXN_SSV)
		json_hex(object, "ssid", op->txn.ssid);
	json_text(object, "sec_sid", smmu3_pas_name(op->txn.sec_sid));
	if (op->txn.sec_sid != SMMU3_PAS_NS)
		json_flag(object, "ns", op->txn.flags & SMMU3_TXN_NS);
	json_hex(object, "address", op->txn.addr);
	json_count(object, "bytes", op->txn.bytes);
	json_flag(object, "privileged", op->txn.flags & SMMU3_TXN_PRIVILEGED);
	json_flag(object, "instruction", op->txn.flags & SMMU3_TXN_INSTRUCTION);
	return object;
}

static const char *via(const struct smmu3_outcome *outcome)
{
	static const char *const crossed[] = { NULL, "via S1", "via S2", "via S1 and S2" };

	if (outcome->stages & 3)
		return crossed[outcome->stages & 3];
	return outcome->decider == SMMU3_BY_CALLER ? "past every SMMU" :
	       outcome->decider == SMMU3_BY_GBPA   ? "bypass by GBPA" :
	       outcome->decider == SMMU3_BY_DPT    ? "granted by DPT" :
	       outcome->decider == SMMU3_BY_GPC    ? "passed by GPC" :
						     "bypass by STE";
}

static bool has_class(unsigned event)
{
	const struct smmu3_layout *layout = smmu3_event_layout(event);

	return layout && smmu3_field(layout, "CLASS");
}

/* Addresses that a fault adds to the access: the IPA of stage 2, or what could not be fetched. */
static void fault_address(const struct smmu3_outcome *outcome, char *text, size_t size)
{
	if (outcome->fault_stage == 2)
		append(text, size, " ipa 0x%" PRIx64, outcome->fault_addr);
	else if (smmu3_event_layout(outcome->event) &&
		 smmu3_field(smmu3_event_layout(outcome->event), "FetchAddr"))
		append(text, size, " fetching 0x%" PRIx64, outcome->fault_addr);
}

static uint64_t stag_of(const struct smmu3_outcome *outcome)
{
	const struct smmu3_layout *layout = smmu3_event_layout(outcome->event);
	const struct smmu3_field *field = layout ? smmu3_field(layout, "STAG") : NULL;

	return field ? smmu3_field_get(outcome->record.word, field) : 0;
}

static void rule_text(const struct smmu3_rule *rule, char *text, size_t size)
{
	append(text, size, ": %s", rule->sentence);
	if (*rule->section)
		append(text, size, " [%s]", rule->section);
}

static void fault_text(const struct smmu3_outcome *outcome, char *text, size_t size)
{
	const struct smmu3_rule *rule = smmu3_why(outcome->why);

	append(text, size, " %s", outcome->event ? smmu3_event_name(outcome->event) : "no event");
	if (outcome->fault_stage)
		append(text, size, " S%u", outcome->fault_stage);
	if (outcome->fault_level != SMMU3_NO_LEVEL)
		append(text, size, " level %d", outcome->fault_level);
	if (outcome->event && has_class(outcome->event))
		append(text, size, " class %s", smmu3_fault_class_name(outcome->fault_class));
	fault_address(outcome, text, size);
	if (outcome->verdict == SMMU3_STALLED && outcome->recorded)
		append(text, size, " stag 0x%" PRIx64, stag_of(outcome));
	rule_text(rule, text, size);
	if (outcome->event && !outcome->recorded)
		append(text, size, ", not recorded");
}

/* What an ATS Translation Request is granted, as an expectation has it. */
static const char *grant_text(unsigned ats)
{
	static const char *const names[] = { "-", "r", "w", "rw", "x", "rx", "wx", "rwx" };

	return names[ats & 7];
}

void outcome_text(const struct smmu3_outcome *outcome, char *text, size_t size)
{
	char attr[64];

	snprintf(text, size, "%s", smmu3_verdict_name(outcome->verdict));
	if (outcome->verdict == SMMU3_ERROR) {
		rule_text(smmu3_why(outcome->why), text, size);
		return;
	}
	if (outcome->verdict != SMMU3_OK) {
		fault_text(outcome, text, size);
		return;
	}
	smmu3_attr_name(outcome->attr, attr, sizeof(attr));
	append(text, size, " 0x%" PRIx64 " %s %s %s %s", outcome->pa, smmu3_pas_name(outcome->pas),
	       attr, smmu3_shareability_name(outcome->attr.sh), via(outcome));
	if (outcome->becomes)
		append(text, size, " as %s", smmu3_class_name(outcome->becomes));
	if (outcome->mecid)
		append(text, size, " MECID 0x%x", outcome->mecid);
	if (outcome->mpam.partid || outcome->mpam.pmg || outcome->mpam.space)
		append(text, size, " PARTID %s 0x%x PMG 0x%x", smmu3_pas_name(outcome->mpam.space),
		       outcome->mpam.partid, outcome->mpam.pmg);
	if (outcome->ats)
		append(text, size, " grants %s", grant_text(outcome->ats));
}

const char *atc_name(const struct smmu3_trace_op *op)
{
	return op->atc == SMMU3_TRACE_ATC_HIT ? "hit" : "asked";
}

void atc_text(const struct smmu3_trace_op *op, const struct smmu3_outcome *outcome, char *text,
	      size_t size)
{
	if (!op->atc)
		return;
	append(text, size, ", ATC %s", atc_name(op));
	if (outcome->verdict == SMMU3_NO_ACCESS)
		append(text, size, " and was granted %s", grant_text(outcome->ats));
}

void guard_text(const struct smmu3_guard *guard, char *text, size_t size)
{
	static const char *const answers[] = { NULL, "allows", "denies" };
	const char *region = guard->region ? guard->region : "";

	if (guard->firewall)
		append(text, size, ", firewall %s (%s)", answers[guard->firewall], region);
	else if (guard->blocker == SMMU3_BLOCKER_FIREWALL)
		append(text, size, ", firewall denied the fetch (%s)", region);
}

void guard_json(json_object *object, const struct smmu3_guard *guard)
{
	static const char *const answers[] = { NULL, "allow", "deny" };
	const bool by_firewall = guard->blocker == SMMU3_BLOCKER_FIREWALL;

	json_text(object, "blocked_by", by_firewall ? "firewall" : smmu3_guard_name(guard));
	if (guard->firewall)
		json_text(object, "firewall", answers[guard->firewall]);
	if (guard->region)
		json_text(object, "region", guard->region);
}

static void json_label(json_object *object, struct smmu3_mpam mpam)
{
	json_hex(object, "partid", mpam.partid);
	json_hex(object, "pmg", mpam.pmg);
	json_text(object, "partid_space", smmu3_pas_name(mpam.space));
}

static void json_translated(json_object *object, const struct smmu3_outcome *outcome)
{
	char text[64];

	json_hex(object, "pa", outcome->pa);
	json_text(object, "pas", smmu3_pas_name(outcome->pas));
	if (outcome->pas == SMMU3_PAS_REALM)
		json_hex(object, "mecid", outcome->mecid);
	if (outcome->mpam.partid || outcome->mpam.pmg || outcome->mpam.space)
		json_label(object, outcome->mpam);
	smmu3_attr_name(outcome->attr, text, sizeof(text));
	json_text(object, "type", text);
	json_hex(object, "mair", outcome->attr.mair);
	json_text(object, "shareability", smmu3_shareability_name(outcome->attr.sh));
	perms_text(outcome->perm, text);
	json_text(object, "unprivileged", text);
	json_text(object, "privileged", text + 4);
	json_count(object, "bytes", outcome->bytes);
	json_count(object, "span", outcome->span);
	json_text(object, "via", via(outcome));
	if (outcome->becomes)
		json_text(object, "as", smmu3_class_name(outcome->becomes));
	if (outcome->ats)
		json_text(object, "grants", grant_text(outcome->ats));
}

static void json_event(json_object *object, const struct smmu3_outcome *outcome)
{
	const struct smmu3_layout *layout = smmu3_event_layout(outcome->event);

	json_text(object, "event", smmu3_event_name(outcome->event));
	if (has_class(outcome->event))
		json_text(object, "class", smmu3_fault_class_name(outcome->fault_class));
	json_flag(object, "recorded", outcome->recorded);
	json_words(object, "record", outcome->record.word, 4);
	if (layout)
		json_add(object, "record_fields", fields_all(layout, outcome->record.word));
}

static void json_fault(json_object *object, const struct smmu3_outcome *outcome)
{
	const struct smmu3_rule *rule = smmu3_why(outcome->why);

	json_text(object, "rule", rule->name);
	json_text(object, "field", rule->field);
	json_text(object, "sentence", rule->sentence);
	json_text(object, "section", rule->section);
	if (outcome->fault_stage)
		json_number(object, "stage", outcome->fault_stage);
	if (outcome->fault_level != SMMU3_NO_LEVEL)
		json_number(object, "level", outcome->fault_level);
	if (outcome->fault_stage == 2 || outcome->fault_addr)
		json_hex(object, "ipa", outcome->fault_addr);
	if (outcome->event)
		json_event(object, outcome);
}

json_object *outcome_json(const struct smmu3_outcome *outcome)
{
	json_object *object = json_new();

	json_text(object, "verdict", smmu3_verdict_name(outcome->verdict));
	if (outcome->verdict == SMMU3_OK)
		json_translated(object, outcome);
	else
		json_fault(object, outcome);
	return object;
}

unsigned event_named(const char *name)
{
	for (unsigned number = 1; number < 256; number++)
		if (smmu3_event_layout(number) && !strcmp(name, smmu3_event_name(number)))
			return number;
	return 0;
}
