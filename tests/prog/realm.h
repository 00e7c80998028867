/* SPDX-License-Identifier: MIT */
/*
 * A machine with every Security state: what Realm software sees of an SMMU, beside the Non-secure
 * software of driver.h and the Secure one of secure.h.  All have their queues and Stream tables at
 * the same addresses, each in its own PA space.  3.10.3
 */
#ifndef TESTS_PROG_REALM_H
#define TESTS_PROG_REALM_H

#include "secure.h"

/* Where BA_REALM of the profile puts Realm Page 0, and where the PRI queue is. */
#define REALM_PAGE UINT64_C(0x40000)
#define REALM_PAGES_AT (RAM_AT + 0x40000)

/* Realm registers that Non-secure software has none of, from Realm Page 0.  6.2.8 */
enum { R_DPT_BASE = 0x200, R_DPT_BASE_CFG = 0x208, R_MECIDR = 0x220, R_GMECID = 0x228 };

enum { REALM_ON = CMDQEN | EVENTQEN | PRIQEN | SMMUEN };

/* realm-3.3; to be changed before it is opened. */
struct machine *realm_machine(void);
/* Lets the SMMU access memory: ROOT_CR0.ACCESSEN, which is 0 in reset.  6.3.112 */
void let_accesses(struct machine *m);
/* Opens it with three sets of queues, all disabled; and enables them. */
void open_realm_machine(struct machine *m);
void open_realm_queues(struct machine *m);
void start_realm_machine(struct machine *m);
struct machine *realm_started(void);

/* Registers of the Realm bank, by their offset from Realm Page 0: as in the Non-secure bank. */
uint32_t realm_reg(struct machine *m, uint64_t offset);
uint64_t realm_reg64(struct machine *m, uint64_t offset);
void set_realm(struct machine *m, uint64_t offset, uint32_t value);
void set_realm64(struct machine *m, uint64_t offset, uint64_t value);

/* Realm memory. */
uint64_t *realm_at(struct machine *m, uint64_t address);

/* A command of the Realm queue. */
void queue_realm(struct machine *m, struct command command);
void ring_realm(struct machine *m);
void submit_realm(struct machine *m, struct command command);

/* A read of a Realm stream; one that ends in C_BAD_STE and its record, of a StreamID below 8. */
struct smmu3_outcome realm_read(struct machine *m, uint32_t sid);
void realm_fault(struct machine *m, uint32_t sid);

#endif
