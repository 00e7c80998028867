/* SPDX-License-Identifier: MIT */
#include "prog/queue_regs.h"

#include "prog/fields.h"
#include "walk/attributes.h"

const struct queue_regs cmdq_regs = { PROG_CMDQ_BASE, PROG_CMDQ_PROD, PROG_CMDQ_CONS, 4, true };
const struct queue_regs eventq_regs = { PROG_EVENTQ_BASE, PROG_EVENTQ_PROD, PROG_EVENTQ_CONS, 5,
					false };
const struct queue_regs priq_regs = { PROG_PRIQ_BASE, PROG_PRIQ_PROD, PROG_PRIQ_CONS, 4, false };

static unsigned size_lg2(const struct prog *prog, const struct queue_regs *regs, unsigned most)
{
	const unsigned size = (unsigned)prog_get(prog, regs->base, QUEUE_BASE_LOG2SIZE);

	return size < most ? size : most;
}

struct queue queue_at(const struct prog *prog, const struct queue_regs *regs, unsigned most)
{
	return queue_of(prog->value[regs->prod], prog->value[regs->cons],
			size_lg2(prog, regs, most));
}

/* The base is aligned to the size of the queue, 32 bytes at least, which the register's own bits
 * see to.  6.3.26 */
struct pa queue_entry_at(const struct prog *prog, const struct queue_regs *regs,
			 const struct queue *queue, uint32_t index)
{
	const uint64_t base = align_down(field_in_place(&prog->value[regs->base], QUEUE_BASE_ADDR),
					 queue->size_lg2 + regs->entry_lg2);

	return (struct pa){ base + (queue_entry(index, queue->size_lg2) << regs->entry_lg2),
			    prog_pas(prog) };
}

struct smmu3_attr queue_attr(const struct prog *prog, const struct queue_regs *regs)
{
	return attr_queue((unsigned)prog_get(prog, PROG_CR1, CR1_QUEUE_IC),
			  (unsigned)prog_get(prog, PROG_CR1, CR1_QUEUE_OC),
			  (unsigned)prog_get(prog, PROG_CR1, CR1_QUEUE_SH),
			  prog_get(prog, regs->base, QUEUE_BASE_RA), regs->read);
}
