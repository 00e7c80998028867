/* SPDX-License-Identifier: MIT */
/* What an SMMU did of its own accord: a log in the order in which software sees it, which
 * expectations consume. */
#ifndef SMMU_PLATFORM_OWN_H
#define SMMU_PLATFORM_OWN_H

#include "platform/atc.h"
#include "platform/held.h"
#include "platform/memory.h"
#include "platform/model.h"

#include <smmu/platform.h>

enum { OWN_MOST = SMMU3_OWN_MOST }; /* acts that it remembers */

/* What was last seen of a programming interface. */
struct own_seen {
	uint32_t prod;   /* EVENTQ_PROD, index and wrap bit */
	uint32_t errors; /* active bits of GERROR */
};

struct own_log {
	const struct smmu_spec *of; /* NULL: not watched yet */
	const struct memory *memory;
	const struct firewall *firewall; /* NULL: none stands between it and memory */
	size_t index;                    /* of the SMMU */
	uint64_t denied;                 /* the last address that it was not let read */
	const char *denied_by;           /* the region; NULL: none was denied */
	smmu3_machine_finding_fn *found; /* is told what its checker finds; NULL: nobody is */
	void *found_context;
	struct held held; /* accesses that wait */
	struct atcs_behind atcs;
	struct own_seen seen[INTERFACES];
	bool expecting; /* a block of expectations has begun */
	bool lost;      /* it was full when something happened */
	unsigned next;  /* the first act that nothing has expected */
	unsigned count;
	struct smmu3_own_act act[OWN_MOST];
};

/* The host of an SMMU that is to be watched. */
struct smmu3_host own_host(struct own_log *log);

/* Begins to watch, from the registers as they stand. */
void own_begin(struct own_log *log, const struct smmu_spec *smmu);

/* Notes what is to be seen in registers alone: PROD and GERROR. */
void own_look(struct own_log *log);

/* Meets an expectation against what comes next, which it then consumes.  The act that was consumed,
 * or NULL; *difference is empty when it was met. */
const struct smmu3_own_act *own_expect(struct own_log *log, const struct smmu3_own_act *expected,
				       bool strict, char *difference, size_t size);

/* Forgets what is left.  How many acts, PROD aside, and the first of them. */
size_t own_settle(struct own_log *log, struct smmu3_own_act *first);

/* The last act of a kind that it remembers of an interface, named or passed by, or NULL. */
const struct smmu3_own_act *own_last(const struct own_log *log, enum smmu3_own_kind kind,
				     unsigned pas);

/* Is the act what was expected?  Otherwise the first difference in words. */
bool own_met(const struct smmu3_own_act *expected, const struct smmu3_own_act *act, bool strict,
	     char *difference, size_t size);

#endif
