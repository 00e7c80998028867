/* SPDX-License-Identifier: MIT */
#include "side.h"

#include <stdlib.h>

bool side_open(struct bed *bed)
{
	struct side *side = calloc(1, sizeof(*side));

	bed->side = side;
	if (!side)
		return false;
	for (unsigned i = 0; i < SIDE_BATCH; i++)
		side->txn[i].bytes = 64;
	side->port = smmu3_port_open(bed->machine->smmu, NULL, NULL);
	return side->port;
}

bool side_open_streams(struct bed *bed)
{
	const uint32_t streams = bed->machine->fleet->streams;

	if (!side_open(bed))
		return false;
	bed->side->stream = calloc(streams, sizeof(struct smmu3_stream *));
	for (uint32_t i = 0; bed->side->stream && i < streams; i++) {
		const struct smmu3_txn like = { .bytes = 64, .sid = MACHINE_SID + i };

		bed->side->stream[i] = smmu3_stream_open(bed->side->port, &like, NULL);
		if (!bed->side->stream[i])
			return false;
	}
	return bed->side->stream;
}

/* Handles are closed with their port. */
void side_close(struct bed *bed)
{
	if (!bed->side)
		return;
	smmu3_port_close(bed->side->port);
	free(bed->side->stream);
	free(bed->side);
	bed->side = NULL;
}

uint64_t side_missed(struct bed *bed, const struct smmu3_txn *txn)
{
	struct smmu3_outcome outcome;

	(void)smmu3_port_translate(bed->side->port, txn, &outcome);
	return outcome.pa;
}
