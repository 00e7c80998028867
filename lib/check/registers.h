/* SPDX-License-Identifier: MIT */
/* How a register has changed by whose value something is kept, and when: pure. */
#ifndef SMMU_CHECK_REGISTERS_H
#define SMMU_CHECK_REGISTERS_H

#include <stdbool.h>
#include <stdint.h>

enum { REGISTER_CHANGES = 16 };

/* What it was until then. */
struct register_change {
	uint64_t was;
	uint64_t moment; /* the last before it, as of what is kept: ledger.h */
	uint64_t access; /* and the last access */
};

/* Zero: nothing is known of it. */
struct register_log {
	bool known;
	uint64_t now;
	struct register_change change[REGISTER_CHANGES]; /* the last of them, the oldest first */
	unsigned changes;
};

/* It has this value now; of its bits these count. */
void register_note(struct register_log *log, uint64_t value, uint64_t bits,
		   const struct register_change *when);

/* By what it was for something that was kept at this moment: NULL: by what it is.  Where more has
 * been changed since than is known of, what it was first of that. */
const struct register_change *register_change_since(const struct register_log *log, uint64_t bits,
						    uint64_t moment);

#endif
