/* SPDX-License-Identifier: MIT */
/* The queues as the registers have them.  3.5, 6.3.26 */
#ifndef SMMU_PROG_QUEUE_REGS_H
#define SMMU_PROG_QUEUE_REGS_H

#include "base/addr.h"
#include "prog/queue.h"
#include "prog/regs.h"

/* The registers of one, and how it is accessed. */
struct queue_regs {
	enum prog_register base, prod, cons;
	uint8_t entry_lg2;
	bool read; /* else written */
};

extern const struct queue_regs cmdq_regs, eventq_regs, priq_regs;

/* Where it stands; it has 2^most entries at most. */
struct queue queue_at(const struct prog *prog, const struct queue_regs *regs, unsigned most);

/* Where the entry of an index is. */
struct pa queue_entry_at(const struct prog *prog, const struct queue_regs *regs,
			 const struct queue *queue, uint32_t index);

/* CR1.QUEUE_*; the hint is RA of a queue that is read, WA of one that is written.  6.3.11, 13.8 */
struct smmu3_attr queue_attr(const struct prog *prog, const struct queue_regs *regs);

#endif
