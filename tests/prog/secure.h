/* SPDX-License-Identifier: MIT */
/*
 * A machine with a Secure state: what Secure software sees of an SMMU, beside the Non-secure
 * software of driver.h.  Both have their queues and Stream tables at the same addresses, each in
 * its own PA space.  3.10
 */
#ifndef TESTS_PROG_SECURE_H
#define TESTS_PROG_SECURE_H

#include "stalls.h"

/* Offsets of Secure registers from 0x8000, where they are not as in the Non-secure bank.  6.2.1 */
enum { S_INIT = 0x3c, S_EVENTQ_PROD = 0xa8, S_EVENTQ_CONS = 0xac };

/* S_CR0 */
enum { SIF = 1 << 5, NSSTALLD = 1 << 9 };

/* SSec of a command.  4.1.6 */
#define SSEC (UINT64_C(1) << 10)

/* generic-3.3 with S_IDR0.MSI, both fault models, 16 bits of Secure StreamIDs; to be changed before
 * it is opened. */
struct machine *secure_machine(void);
/* Opens it with both sets of queues, all disabled; and enables both. */
void open_secure_machine(struct machine *m);
void open_secure_queues(struct machine *m);
void start_secure_machine(struct machine *m);
struct machine *secure_started(void);

/* Registers of the Secure bank, by their offset from 0x8000. */
uint32_t secure_reg(struct machine *m, uint64_t offset);
uint64_t secure_reg64(struct machine *m, uint64_t offset);
void set_secure(struct machine *m, uint64_t offset, uint32_t value);
void set_secure64(struct machine *m, uint64_t offset, uint64_t value);
/* S_CR0 or S_IRQ_CTRL, and all of its acknowledgement. */
void update_secure(struct machine *m, uint64_t offset, uint32_t value);

/* Secure memory. */
uint64_t *secure_at(struct machine *m, uint64_t address);

/* A command of the Secure queue. */
void queue_secure(struct machine *m, struct command command);
void ring_secure(struct machine *m);
void submit_secure(struct machine *m, struct command command);

/* Makes a Secure stream of stage 1 that stalls, at the addresses and with the fault that
 * make_stream gives a Non-secure one; and mends it. */
void make_secure_stream(struct machine *m, uint32_t sid);
void mend_secure(struct machine *m, uint32_t sid);

/* A read of a Secure stream. */
struct smmu3_outcome secure_read(struct machine *m, uint32_t sid);
/* One that ends in C_BAD_STE and its record, of a StreamID below 8. */
void secure_fault(struct machine *m, uint32_t sid);

/* Accesses for a reason as they come: a letter for each PA space, n, s, r. */
const char *spaces_of(const struct machine *m, enum smmu3_reason reason);

#endif
