/* SPDX-License-Identifier: MIT */
/*
 * What one access has read and used so far, in order; and of it what something was made of that is
 * kept: a translation by IPA of its stream's STE and of the walk by IPA alone, what the DPT and the
 * GPT say of themselves alone, everything else of all that came before.
 */
#ifndef SMMU_CHECK_TRAIL_H
#define SMMU_CHECK_TRAIL_H

#include "check/ledger.h"

#include <smmu/inspect.h>

/* What an item is about. */
enum trail_part {
	PART_STREAM, /* L1STD, STE */
	PART_CONTEXT,
	PART_STAGE1,
	PART_STAGE2,
	PART_DPT,
	PART_GPT,
};

struct trail_item {
	enum trail_part part;
	uint64_t input; /* of stage 2: the IPA */
	bool used;      /* something kept: number is a record, else a version */
	uint32_t number;
};

/* Nothing yet, with the number of the ledger's beginning.  It grows. */
struct trail {
	struct trail_item *item;
	uint32_t items, room;
	uint64_t begins;
};

/* Its numbers are those of the ledger: it has not begun again since, as inside a read of memory it
 * may. */
static inline bool trail_holds(const struct trail *trail, const struct ledger *ledger)
{
	return trail->begins == ledger->begins;
}

void trail_free(struct trail *trail);

/* A structure was read: as which version.  false: there is no memory, nor below. */
bool trail_read(struct trail *trail, const struct smmu3_step *step, uint32_t version);

/* Something kept was used: which record of the ledger, and what it is. */
bool trail_use(struct trail *trail, const struct kept_key *key, uint32_t record);

/* What something that is kept now was made of: into what the ledger collects; nothing of a trail
 * that does not hold. */
void trail_makes(const struct trail *trail, const struct kept_key *key, struct ledger *ledger);

#endif
