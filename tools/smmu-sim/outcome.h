/* SPDX-License-Identifier: MIT */
/* Accesses and their outcomes in words and as JSON. */
#ifndef SMMU_SIM_OUTCOME_H
#define SMMU_SIM_OUTCOME_H

#include <json-c/json.h>
#include <smmu/platform.h>

/* "R nic+3.5 0x1000 64 priv": as a trace line has it.  op has been completed by the machine. */
void access_text(const struct smmu3_machine *machine, const struct smmu3_trace_op *op, char *text,
		 size_t size);
json_object *access_json(const struct smmu3_trace_op *op);

/* "OK 0x80002000 ns Normal-WB ish via S1", "ABORT F_TRANSLATION S1 level 3 class IN: sentence
 * [section]". */
void outcome_text(const struct smmu3_outcome *outcome, char *text, size_t size);
json_object *outcome_json(const struct smmu3_outcome *outcome);

/* "hit" or "asked", of an access of a master with an ATC; and what there is to say of it behind the
 * outcome. */
const char *atc_name(const struct smmu3_trace_op *op);
void atc_text(const struct smmu3_trace_op *op, const struct smmu3_outcome *outcome, char *text,
	      size_t size);

/* What stands behind the SMMU: what the firewall says, where it was asked or denied a fetch; and for
 * programs who blocked the access, into the object of its outcome. */
void guard_text(const struct smmu3_guard *guard, char *text, size_t size);
void guard_json(json_object *object, const struct smmu3_guard *guard);

/* The number of an event by its name, or 0. */
unsigned event_named(const char *name);

enum { ACCESS_TEXT = 160, OUTCOME_TEXT = 420 };

#endif
