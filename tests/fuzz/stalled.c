/* SPDX-License-Identifier: MIT */
#include "stalled.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

static _Noreturn void wrong(const char *what)
{
	(void)fprintf(stderr, "difference: %s\n", what);
	abort();
}

void stalled_add(struct stalled *stalled, const struct smmu3_txn *txn, uint16_t stag)
{
	for (unsigned i = 0; i < stalled->count; i++)
		if (stalled->at[i].stag == stag)
			wrong("two that are stalled share a tag");
	assert(stalled->count < STALLED_MOST);
	stalled->at[stalled->count].sid = txn->sid;
	stalled->at[stalled->count].stag = stag;
	stalled->at[stalled->count++].ended = false;
}

void stalled_end(struct stalled *stalled, const struct smmu3_stall *stall)
{
	const uint64_t i = stall->cookie;

	if (i >= stalled->count || stalled->at[i].ended || stalled->at[i].sid != stall->sid ||
	    stalled->at[i].stag != stall->stag || stall->end != SMMU3_STALL_ABORT)
		wrong("what came back is not what was stalled");
	stalled->at[i].ended = true;
	stalled->ended++;
}

void stalled_over(const struct stalled *stalled)
{
	if (stalled->ended != stalled->count)
		wrong("not all that were stalled came back");
}
