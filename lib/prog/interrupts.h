/* SPDX-License-Identifier: MIT */
/* Global errors and interrupts: what is raised, and the messages and pulses that come of it.  3.18,
 * 7.5 */
#ifndef SMMU_PROG_INTERRUPTS_H
#define SMMU_PROG_INTERRUPTS_H

#include "prog/work.h"

/* An occurrence: it counts only if the interrupt is enabled then. */
void raise_interrupt(const struct prog *prog, struct work *work, enum smmu3_interrupt interrupt);

/* The errors that there can be: bits of GERROR. */
#define REPORTED_ERRORS                                                            \
	(REG_MASK(GERROR_CMDQ_ERR) | REG_MASK(GERROR_EVENTQ_ABT_ERR) |             \
	 REG_MASK(GERROR_MSI_CMDQ_ABT_ERR) | REG_MASK(GERROR_MSI_EVENTQ_ABT_ERR) | \
	 REG_MASK(GERROR_PRIQ_ABT_ERR) | REG_MASK(GERROR_MSI_PRIQ_ABT_ERR) |       \
	 REG_MASK(GERROR_MSI_GERROR_ABT_ERR) | REG_MASK(GERROR_DPT_ERR))

/* Bits of GERROR whose errors are active, as far as the SMMU minds. */
uint64_t errors_active(const struct prog *prog);

/* error is a bit of GERROR.  An error that is active is not told again. */
bool error_active(const struct prog *prog, uint64_t error);
void report_error(struct prog *prog, struct work *work, uint64_t error);
void report_aborted_message(struct prog *prog, struct work *work, enum smmu3_interrupt interrupt);

/* A DPT lookup fault: its syndrome first, then the error, unless one is told already.  3.24.4 */
void report_dpt_fault(struct prog *prog, struct work *work, uint64_t syndrome);

/* The next of each that is due, as an act. */
bool next_message(const struct prog *prog, struct work *work, const struct features *features,
		  struct act *act);
bool next_pulse(struct work *work, const struct features *features, struct act *act);
bool next_send_event(struct work *work, const struct features *features, struct act *act);

/* Can these wait: sources that there are, whose enable is 1? */
bool interrupts_possible(const struct prog *prog, uint8_t mask);

/* What waits of sources whose enable is 0. */
void drop_disabled_interrupts(const struct prog *prog, struct work *work);

/* The bit of IRQ_CTRL; 0: none. */
uint64_t interrupt_enable(enum smmu3_interrupt interrupt);

#endif
