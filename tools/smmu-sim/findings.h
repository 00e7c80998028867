/* SPDX-License-Identifier: MIT */
/* What the checker finds while lines are carried out, one row for each cause; and where in the
 * input what it speaks of is.  File names stay the caller's. */
#ifndef SMMU_SIM_FINDINGS_H
#define SMMU_SIM_FINDINGS_H

#include <json-c/json.h>
#include <smmu/check.h>
#include <stdbool.h>
#include <stddef.h>

#include "status.h"

struct findings;

struct findings *findings_new(void);
void findings_free(struct findings *findings);

/* The line that is carried out from now on. */
void findings_at(struct findings *findings, const char *file, unsigned line);

/* It has written memory; an SMMU has numbered accesses since the line before, up to this one. */
void findings_wrote(struct findings *findings, uint64_t pa, unsigned bytes);
void findings_accessed(struct findings *findings, size_t smmu, uint64_t access);

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

/* A place in the input; file NULL: it is not known. */
struct place {
	const char *file;
	unsigned line;
};

/* One finding as an object, but for what grows with each of its cause. */
json_object *finding_json(const struct findings *findings, size_t smmu, const char *name,
			  const struct smmu3_finding *finding);

json_object *finding_commands_json(const struct smmu3_finding *finding);

/* Where access number `access` of an SMMU was made; where a structure became what it is, and where
 * it was written last, another or not; and the line at hand. */
struct place findings_place_of_access(const struct findings *findings, size_t smmu,
				      uint64_t access);
struct place findings_place_of_change(const struct findings *findings,
				      const struct smmu3_changed *changed);
struct place findings_place_of_write(const struct findings *findings,
				     const struct smmu3_changed *structure);
struct place findings_place(const struct findings *findings);

/* A kind of finding for programs, and for people, of one and of several. */
struct finding_kind_name {
	const char *name, *one, *several;
};
enum { FINDING_KINDS = 5 }; /* the last: all others */
extern const struct finding_kind_name finding_kinds[FINDING_KINDS];
unsigned finding_kind_index(unsigned kind);

#endif
