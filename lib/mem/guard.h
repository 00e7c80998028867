/* SPDX-License-Identifier: MIT */
/* The door with granule protection: memory that the SMMU accesses, and what it lets clients
 * access, is checked first; and what is to be told of an access that is not let through.  3.25 */
#ifndef SMMU_MEM_GUARD_H
#define SMMU_MEM_GUARD_H

#include "arch/why.h"
#include "mem/gpc.h"

/* For whom, and whether that was let through. */
struct guard {
	struct gpc gpc;
	enum why why;        /* the last access was stopped by this; WHY_NONE: it passed */
	bool lookup_error;   /* it is for ROOT_GPT_CFG_FAR, else for ROOT_GPF_FAR */
	uint64_t far;        /* what that register is to hold */
	unsigned generation; /* a transaction's: in which it began.  guarding.h */
};

/* Who accesses memory: REASON and FAULTCODE of ROOT_GPF_FAR.  6.3.116 */
enum guard_origin {
	OF_CLIENT,
	OF_STE,
	OF_CD,
	OF_WALK, /* DPT lookups, too.  3.24.4 */
	OF_VMS,
	OF_COMMAND_QUEUE,
	OF_EVENT_QUEUE,
	OF_PRI_QUEUE,
	OF_SYNC_MESSAGE,
	OF_EVENT_QUEUE_MESSAGE,
	OF_PRI_QUEUE_MESSAGE,
	OF_ERROR_MESSAGE,
	OF_OTHERS,
};

/* Is it what one of these is told as? */
bool guard_tells(uint64_t far, bool lookup_error);

/* Did the check, and not memory or a table, end it?  Of a fetch its event says which. */
static inline bool gpc_decided(enum why why)
{
	return why >= WHY_GPC_DISABLED && why <= WHY_GPC_LOOKUP;
}

/* An access that is to be checked. */
struct guarded {
	struct pa at;
	enum guard_origin origin;
	struct smmu3_mpam mpam;
};

/* Checks an access to where the view's guard is: true, it passes; *span_lg2 is how far around the
 * answer is the same, 64 everywhere. */
bool guard_passes(const struct mem_view *view, const struct guarded *access, unsigned *span_lg2);

/* mem_write, checked. */
bool guarded_write(const struct mem_view *view, const struct mem_read *write,
		   enum guard_origin origin, const void *data, unsigned bytes);

/* mem_swap, checked.  Where updates are but foretold, whether it could be done. */
enum mem_swapped guarded_swap(const struct mem_view *view, const struct mem_read *at,
			      uint64_t expected, uint64_t desired);

bool guard_read(const struct mem_view *view, const struct mem_read *read, uint64_t *word,
		unsigned words);

/* mem_read, checked where there is a guard. */
ALWAYS_INLINE bool guarded_read(const struct mem_view *view, const struct mem_read *read,
				uint64_t *word, unsigned words)
{
	if (unlikely(view->guard))
		return guard_read(view, read, word, words);
	return mem_read(view->mem, read, word, words);
}

/* mem_read_pair and mem_swap_pair, likewise. */
bool guarded_read_pair(const struct mem_view *view, const struct mem_read *read, uint64_t *word);
enum mem_swapped guarded_swap_pair(const struct mem_view *view, const struct mem_read *at,
				   const uint64_t *expected, const uint64_t *desired);

/* Why a read was aborted that just was: stopped, or else as memory answered. */
static inline enum why guarded_why(const struct mem_view *view, enum why aborted)
{
	return unlikely(view->guard) && view->guard->why ? view->guard->why : aborted;
}

#endif
