/* SPDX-License-Identifier: MIT */
/* What software does inside callbacks. */
#ifndef TESTS_PROG_INSIDE_H
#define TESTS_PROG_INSIDE_H

#include "driver.h"

/* What a test does inside, how often, and how deep it has been. */
struct inside {
	enum happening_kind at; /* the kind of callback to act in */
	int reason;             /* and the reason of its access, or -1 */
	unsigned times, done, depth, deepest;
	void (*act)(struct machine *m, unsigned n);
	uint32_t cr0, cr0ack, irq_ctrlack; /* as read there, after acting */
};

/* For machine.inside, with machine.context = a struct inside. */
void run_inside(struct machine *m, const struct happening *now);
/* A machine with it, and with SEV. */
struct machine *with(struct inside *inside);
/* Everything was done inside, and no callback was called inside of another. */
void close_ended(struct machine *m);

#endif
