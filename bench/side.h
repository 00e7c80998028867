/* SPDX-License-Identifier: MIT */
/* A bed's way in by a port: the port, a handle for each stream, room for a batch. */
#ifndef SMMU_BENCH_SIDE_H
#define SMMU_BENCH_SIDE_H

#include "workloads.h"

#include <smmu/port.h>

enum { SIDE_BATCH = 32 };

struct side {
	struct smmu3_port *port;
	struct smmu3_stream **stream; /* of each stream of the machine; NULL: no handles */
	struct smmu3_txn txn[SIDE_BATCH];
	struct smmu3_outcome outcome[SIDE_BATCH];
};

/* A port alone, and with handles.  false: it cannot be opened. */
bool side_open(struct bed *bed);
bool side_open_streams(struct bed *bed);
void side_close(struct bed *bed);

/* The translation of what was no hit, out of the way of hits. */
uint64_t side_missed(struct bed *bed, const struct smmu3_txn *txn);

ALWAYS_INLINE uint64_t ask_port(struct bed *bed, struct smmu3_txn *txn, struct access access)
{
	struct smmu3_outcome outcome;

	describe(txn, access);
	(void)smmu3_port_translate(bed->side->port, txn, &outcome);
	return outcome.pa;
}

ALWAYS_INLINE uint64_t ids_of(struct access access)
{
	return smmu3_stream_ids(MACHINE_SID + access.stream, 0);
}

ALWAYS_INLINE uint64_t ask_hit(struct bed *bed, struct smmu3_txn *txn, struct access access)
{
	const struct smmu3_hit hit = smmu3_port_hit_by_ids(bed->side->port, ids_of(access),
							   access.addr, access.flags);

	if (__builtin_expect(hit.word != 0, 1))
		return hit.pa;
	describe(txn, access);
	return side_missed(bed, txn);
}

#endif
