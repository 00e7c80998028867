/* SPDX-License-Identifier: MIT */
/* The commands by which software invalidates what is kept of a user, as far as a remedy says; of
 * which Security state it is says the opcode, and in which queue they may stand.  4.3, 4.4 */
#ifndef SMMU_TESTS_RANDOM_INVALIDATE_H
#define SMMU_TESTS_RANDOM_INVALIDATE_H

#include "maintain.h"

/* One round of maintenance. */
struct round {
	struct world *world;
	struct software *software;
	struct remedy remedy;
	unsigned group_lg2;
	bool by_secure;      /* the Secure queue's commands are taken where they do */
	bool issued[STATES]; /* queues whose commands a CMD_SYNC is to follow */
};

/* Structures: by stream, or by more; of a context. */
void cfgi_stream(struct round *round, unsigned sec_sid, uint32_t sid, bool leaf);
void cfgi_context(struct round *round, const struct user *user, bool leaf);

/* A descriptor of stage 1, by StreamWorld; of stage 2, and with it what stage 1 may hold of it. */
void tlbi_stage1(struct round *round, const struct user *user);
void tlbi_el2(struct round *round, const struct user *user);
void tlbi_el3(struct round *round, const struct user *user);
void tlbi_stage2(struct round *round, const struct user *user);

/* Everything of a VMID, or of an ASID; global: also what is of all. */
void tlbi_vmid(struct round *round, const struct user *user);
void tlbi_asid(struct round *round, const struct user *user, bool global);
bool has_no_asid(const struct user *user);

/* Everything of a Security state. */
void invalidate_state(struct round *round, unsigned state);

/* A CMD_SYNC in each queue that commands were put into. */
void invalidate_done(struct round *round);

#endif
