/* SPDX-License-Identifier: MIT */
/* The story of one access: an array of nodes, each {title, where, value, meaning, section, fields}.
 */
#ifndef SMMU_SIM_STORY_H
#define SMMU_SIM_STORY_H

#include <json-c/json.h>
#include <smmu/inspect.h>
#include <smmu/trace.h>

/* The registers that come before any fetch. */
void story_registers(json_object *story, struct smmu3 *smmu, const struct smmu3_txn *txn);

/* Asks for the access, adding a node for every fetch. */
void story_fetches(json_object *story, struct smmu3 *smmu, const struct smmu3_txn *txn,
		   struct smmu3_outcome *outcome);

/* The end: the outcome with its attributes, or the rule and the event record.  Marks the field that
 * decided. */
void story_decision(json_object *story, const struct smmu3_txn *txn,
		    const struct smmu3_outcome *outcome);

/* What stands behind the SMMU: what the firewall says of the access, or of a fetch that it denied.
 * Nothing, where it was not asked. */
void story_firewall(json_object *story, const struct smmu3_guard *guard,
		    const struct smmu3_outcome *outcome);

/* Prints it as a tree. */
void story_print(json_object *story);

/* A node, added to the story. */
json_object *story_node(json_object *story, const char *title, const char *where,
			const char *meaning, const char *section);

#endif
