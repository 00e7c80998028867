/* SPDX-License-Identifier: MIT */
/*
 * The Root programming interface: one for all of the SMMU, whose registers decide what memory may
 * be accessed at all.  6.2.6, 6.3.110 to 6.3.121
 *
 * All of it is used under the lock of the registers; transactions see what root_gpc makes of it.
 */
#ifndef SMMU_PROG_ROOT_H
#define SMMU_PROG_ROOT_H

#include "base/blob.h"
#include "mem/guard.h"
#include "prog/work.h"

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

/* In ascending order of offset. */
enum root_register {
	ROOT_IDR0,
	ROOT_IIDR,
	ROOT_CR0,
	ROOT_CR0ACK,
	ROOT_GPT_BASE,
	ROOT_GPT_BASE_CFG,
	ROOT_GPF_FAR,
	ROOT_GPT_CFG_FAR,
	ROOT_TLBI,
	ROOT_TLBI_CTRL,
	ROOT_GPT_BASE2,
	ROOT_GPT_BASE_UPDATE,
	ROOT_REGISTERS,
};

struct root {
	uint64_t value[ROOT_REGISTERS];
	uint64_t writable[ROOT_REGISTERS]; /* bits that are stored, of this configuration */
	bool busy;                         /* an act is under way: no Update completes.  6.3.112 */
	/* What is asked of the transactions that are under way, and what waits for those that were
	 * when it was: enum root_wait */
	uint8_t asked, awaited;
	uint8_t pulses; /* due: enum root_pulse */
};

enum root_wait {
	WAITS_CR0 = 1 << 0, /* an Update.  6.3.112 */
	WAITS_RUN = 1 << 1, /* an invalidation by PA, which is else done.  6.3.119 */
};
enum root_pulse { PULSE_GPF_FAR = 1 << 0, PULSE_GPT_CFG_FAR = 1 << 1, ROOT_PULSES = 3 };

/* Is this an offset in the Root page, and is there one? */
bool root_at(const struct smmu3_config *config, uint64_t offset);

void root_reset(struct root *root, const struct smmu3_config *config);

/* A legal access of Root to such an offset; 8 bytes are twice 4, the lower first. */
uint64_t root_read(const struct root *root, uint64_t offset, unsigned size);
void root_write(struct root *root, uint64_t offset, unsigned size, uint64_t value);

static inline bool root_checks(const struct root *root)
{
	return root->value[ROOT_CR0] >> 1 & 1; /* GPCEN */
}

/* Granule protection as the registers say; of an SMMU without them everything passes. */
struct gpc root_gpc(const struct root *root, const struct smmu3_config *config,
		    const struct features *features);

/* An access was stopped: it is told, and its interrupt due, unless another is told already.
 * 3.25.5 */
void root_report(struct root *root, const struct guard *guard);

/* While an act is under way, or a transaction that is awaited, CR0ACK stays as it is; then it
 * follows CR0. */
void root_hold(struct root *root, bool busy);

/* Transactions that begin now are not those of which something is asked; and those that were
 * awaited have ended. */
void root_await(struct root *root);
void root_awaited(struct root *root);

/* The next act that is due: an invalidation of what is kept of the GPT, or a pulse. */
bool root_next(struct root *root, const struct gpc *gpc, const struct features *features,
	       struct act *act);
void root_done(struct root *root, const struct act *act);

/* Its state as bytes, and back: prog/save.h. */
void root_save(const struct root *root, struct blob_out *out);
int root_load(struct root *root, const struct smmu3_config *config, const struct features *features,
	      struct blob_in *in, struct smmu3_error *error);

#endif
