/* SPDX-License-Identifier: MIT */
#include "inside.h"

#include <check.h>

void run_inside(struct machine *m, const struct happening *now)
{
	struct inside *inside = m->context;
	/* the fetches of an access happen where it is made */
	const unsigned deeper = now->kind != READS || now->access.reason == SMMU3_REASON_CMDQ;

	inside->depth += deeper;
	if (inside->depth > inside->deepest)
		inside->deepest = inside->depth;
	if (now->kind == inside->at && inside->done < inside->times &&
	    (inside->reason < 0 || now->access.reason == inside->reason)) {
		inside->act(m, inside->done++);
		inside->cr0 = reg(m, CR0);
		inside->cr0ack = reg(m, CR0ACK);
		inside->irq_ctrlack = reg(m, IRQ_CTRLACK);
	}
	inside->depth -= deeper;
}

struct machine *with(struct inside *inside)
{
	struct machine *m = machine("linux-session");

	m->config.idr[0] |= 1 << 14; /* SEV */
	start_machine(m);
	m->context = inside;
	m->inside = run_inside;
	return m;
}

void close_ended(struct machine *m)
{
	const struct inside *inside = m->context;

	ck_assert_uint_eq(inside->done, inside->times);
	ck_assert_uint_eq(inside->deepest, 1); /* no act inside of an act */
	close_machine(m);
}
