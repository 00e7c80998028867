/* SPDX-License-Identifier: MIT */
/* Subjects of an audit, between the files that gather them. */
#ifndef SMMU_PLATFORM_AUDIT_SURVEY_H
#define SMMU_PLATFORM_AUDIT_SURVEY_H

#include "platform/audit.h"

#include "arch/cd.h"
#include "arch/ste.h"

/* What the SMMU reads for one access, and what becomes of it. */
struct audit_probe {
	struct smmu3_audit *audit; /* told of places, or NULL */
	struct smmu3_outcome outcome;
	struct ste ste; /* zero: none was read */
	struct cd cd;   /* likewise */
};

struct audit_probe audit_ask(struct smmu3 *smmu, const struct smmu3_txn *who,
			     struct smmu3_audit *audit);

/* Streams that are looked at together. */
struct audit_group {
	const struct master_spec *master; /* or NULL */
	size_t smmu;
	uint32_t sid, count;
	struct smmu3_txn who;
};

/* One subject without a SubstreamID, and one for each that there is. */
void audit_survey_group(struct smmu3_audit *audit, const struct audit_group *group);

/* The ranges of one subject on their way. */
struct audit_gathering {
	struct smmu3_audit *audit;
	size_t first; /* range of the subject */
	unsigned bus_width;
	struct firewall_who who;
};

/* What the SMMU lets through, piece by piece as the firewall judges it.  A smmu3_reach_fn. */
int audit_gather(void *context, const struct smmu3_reach *reach);

/* May it reach Non-secure memory alone?  master may be NULL. */
bool audit_ns_only(const struct smmu3_audit *audit, const struct master_spec *master);

#endif
