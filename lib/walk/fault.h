/* SPDX-License-Identifier: MIT */
/* A fault is a value, complete where it is found: nobody edits it on the way out. */
#ifndef SMMU_WALK_FAULT_H
#define SMMU_WALK_FAULT_H

#include "arch/event.h"
#include "arch/why.h"

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

/* Of a fault before any walk; VMSAv9-128 has a level -2. */
enum { LEVEL_NONE = SMMU3_NO_LEVEL };

struct fault {
	enum why why;        /* WHY_NONE: no fault */
	uint8_t event;       /* enum event_number; 0: ends without an event */
	uint8_t fault_class; /* enum smmu3_fault_class */
	uint8_t stage;       /* 1, 2, or 0: no stage is at fault */
	int8_t level;        /* of the descriptor, or LEVEL_NONE */
	uint8_t ipa_pas;     /* enum smmu3_pas: stage 2 faults, where the IPA is */
	bool read_missing; /* an atomic that may write but not read: RnW is 1 in its record.  13.1.1
			    */
	bool ttd_write;    /* class TT: a descriptor was to be updated.  7.3.16 */
	uint64_t addr; /* fetches that aborted: their PA; stage 2 faults: the whole IPA; otherwise 0
			*/
};

#define NO_FAULT ((struct fault){ .why = WHY_NONE })

static inline bool faulted(struct fault fault)
{
	return fault.why != WHY_NONE;
}

/* A configuration error, or an end without event: there is no stage and no address. */
static inline struct fault config_fault(enum event_number event, enum why why)
{
	return (struct fault){ .why = why, .event = (uint8_t)event, .level = LEVEL_NONE };
}

#endif
