/* SPDX-License-Identifier: MIT */
/* An audit on its way to people and programs. */
#ifndef SMMU_SIM_AUDIT_H
#define SMMU_SIM_AUDIT_H

#include <json-c/json.h>
#include <smmu/audit.h>
#include <stdbool.h>

#include "status.h"

/* ---- Findings that are accepted: audit_allow.c ---- */

struct allow;

/* Reads a file of them; its complaints have been made when *status is not STATUS_OK, and then the
 * result is NULL. */
struct allow *allow_read(const char *path, enum status *status);
void allow_free(struct allow *allow);
/* Is this one accepted?  allow may be NULL. */
bool allow_finding(struct allow *allow, const struct smmu3_audit_subject *subject,
		   const struct smmu3_audit_finding *finding);
/* Says which entries no finding has met, and lists them: {"file", "line", "entry"}. */
json_object *allow_unused(const struct allow *allow);

/* ---- Output: audit_show.c ---- */

struct audit_view {
	const struct smmu3_machine *machine;
	const struct smmu3_audit *audit;
	struct allow *allow;
	uint64_t limit; /* ranges, and findings, that are shown */
	bool json;
};

/* Prints it, and says by the status what was found. */
enum status audit_show(const struct audit_view *view);

#endif
