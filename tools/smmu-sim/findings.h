/* SPDX-License-Identifier: MIT */
/* What the checker finds while lines are carried out, one row for each cause. */
#ifndef SMMU_SIM_FINDINGS_H
#define SMMU_SIM_FINDINGS_H

#include <json-c/json.h>
#include <smmu/check.h>
#include <stdbool.h>
#include <stddef.h>

#include "places.h"
#include "status.h"

struct findings;

struct findings *findings_new(void);
void findings_free(struct findings *findings);

/* Where in the input that is: whoever carries lines out says it. */
struct places *findings_places(struct findings *findings);

/* The checker of an SMMU has found something; name: of the SMMU, or NULL where there is but one. */
void findings_add(struct findings *findings, size_t smmu, const char *name,
		  const struct smmu3_finding *finding);

/* What commands of an SMMU have cost, in the end, and what its checker could not do. */
void findings_add_costs(struct findings *findings, struct smmu3 *smmu, const char *name);

bool findings_any(const struct findings *findings);

/* Into an object: "findings", "costs", "found", what there is of each kind, and "missed".  And
 * those as text to stdout. */
void findings_json(const struct findings *findings, json_object *object);
void findings_print(const struct findings *findings);

/* The whole answer of the verb check. */
void findings_end(const struct findings *findings, bool json, enum status status);

/* One finding as an object, but for what grows with each of its cause. */
json_object *finding_json(const struct places *places, size_t smmu, const char *name,
			  const struct smmu3_finding *finding);

/* And such a one as text to stdout. */
void finding_print(json_object *row);

json_object *finding_commands_json(const struct smmu3_finding *finding);

/* A kind of finding for programs, and for people, of one and of several. */
struct finding_kind_name {
	const char *name, *one, *several;
};
enum { FINDING_KINDS = 5 }; /* the last: all others */
extern const struct finding_kind_name finding_kinds[FINDING_KINDS];
unsigned finding_kind_index(unsigned kind);

#endif
