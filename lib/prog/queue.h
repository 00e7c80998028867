/* SPDX-License-Identifier: MIT */
/* Circular buffers, 3.5.1: an index and, above it, a wrap bit that turns over with each round.
 * Pure. */
#ifndef SMMU_PROG_QUEUE_H
#define SMMU_PROG_QUEUE_H

#include "base/bits.h"

#include <stdbool.h>
#include <stdint.h>

/* A queue of 2^size_lg2 entries; indexes are masked to size_lg2 + 1 bits. */
struct queue {
	uint32_t prod, cons;
	uint8_t size_lg2;
};

/* The bits of PROD and CONS that count. */
ALWAYS_INLINE uint32_t queue_index_mask(unsigned size_lg2)
{
	return (uint32_t)low_bits(size_lg2 + 1);
}

ALWAYS_INLINE struct queue queue_of(uint64_t prod, uint64_t cons, unsigned size_lg2)
{
	const uint32_t mask = queue_index_mask(size_lg2);

	return (struct queue){ (uint32_t)prod & mask, (uint32_t)cons & mask, (uint8_t)size_lg2 };
}

/* Entries from CONS to PROD; more than there are when the two contradict each other. */
ALWAYS_INLINE uint32_t queue_filled(const struct queue *queue)
{
	return (queue->prod - queue->cons) & queue_index_mask(queue->size_lg2);
}

ALWAYS_INLINE bool queue_empty(const struct queue *queue)
{
	return queue->prod == queue->cons;
}

/* No room for an entry more.  Indexes that contradict each other leave none: libsmmu takes such an
 * output queue for full, as 3.5.1 allows. */
ALWAYS_INLINE bool queue_full(const struct queue *queue)
{
	return queue_filled(queue) >= UINT32_C(1) << queue->size_lg2;
}

/* More of them than there are? */
ALWAYS_INLINE bool queue_contradicts(const struct queue *queue)
{
	return queue_filled(queue) > UINT32_C(1) << queue->size_lg2;
}

/* Entries that may be consumed: none while the indexes contradict each other.  3.5.1, 3.21.2 */
ALWAYS_INLINE uint32_t queue_waiting(const struct queue *queue)
{
	return queue_contradicts(queue) ? 0 : queue_filled(queue);
}

/* The place of an index among the entries. */
ALWAYS_INLINE uint64_t queue_entry(uint32_t index, unsigned size_lg2)
{
	return index & low_bits(size_lg2);
}

ALWAYS_INLINE uint32_t queue_next(uint32_t index, unsigned size_lg2)
{
	return (index + 1) & queue_index_mask(size_lg2);
}

#endif
