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

/* Zero: nothing yet.  It grows. */
struct trail {
	struct trail_item *item;
	uint32_t items, room;
	uint32_t era; /* the ledger's when it began */
};

/* Are its numbers the ledger's? */
bool trail_is_of(const struct trail *trail, const struct ledger *ledger);

/* With the versions and records that it holds. */
void trail_free(struct trail *trail, struct ledger *ledger);

/* A structure was read: as which version, which is held for it.  false: there is no memory, nor
 * below. */
bool trail_read(struct trail *trail, struct ledger *ledger, const struct smmu3_step *step,
		uint32_t version);

/* Something kept was used: which record of the ledger, which is held from now on, and what it is.
 */
bool trail_use(struct trail *trail, struct ledger *ledger, const struct kept_key *key,
	       uint32_t record);

/* What something that is kept now was made of: into what the ledger collects. */
void trail_makes(const struct trail *trail, const struct kept_key *key, struct ledger *ledger);

#endif
