/* SPDX-License-Identifier: MIT */
/* What a driver does with the queues of an interface, through registers and memory alone, so
 * that it serves queues that a capture brought as well as those of its own.  3.5, 4.1, 7.1, 7.2 */
#ifndef SMMU_PLATFORM_DRIVER_H
#define SMMU_PLATFORM_DRIVER_H

#include "platform/machine.h"

/* Queues a command and looks what becomes of it.  -SMMU3_E_ABORT: there is no memory where the
 * queue should be; *at says where. */
int driver_command(struct smmu3_machine *machine, const struct interface_spec *interface,
		   const uint64_t command[2], enum smmu3_queue_answer *answer, uint64_t *at);

/* After an error: CMD_SYNC in place of the command that stopped the queue, then acknowledges it.
 * 1, or 0: there is no error; -SMMU3_E_ABORT likewise. */
int driver_recover(struct smmu3_machine *machine, const struct interface_spec *interface,
		   uint64_t *at);

/* Why the queue does not move on: a sentence. */
const char *driver_why_waiting(const struct interface_spec *interface);

/* Queues that the SMMU writes. */
enum driver_queue {
	DRIVER_EVENTS,
	DRIVER_PAGES,
	DRIVER_QUEUES,
};

/* Consumes the records up to the one at an index of the queue, if it waits there: moves its CONS.
 */
void driver_consume(const struct interface_spec *interface, enum driver_queue which,
		    uint32_t index);
void driver_consume_all(const struct interface_spec *interface, enum driver_queue which);

/* The record at an index, words beyond it 0.  0, or -SMMU3_E_ABORT. */
int driver_read_record(const struct smmu3_machine *machine, const struct interface_spec *interface,
		       enum driver_queue which, uint32_t index, struct smmu3_event *event);

#endif
