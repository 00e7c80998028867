/* SPDX-License-Identifier: MIT */
/* ATS invalidations that endpoints have not answered yet.  3.9.1.4, 4.5.1 */
#ifndef SMMU_PROG_ATC_H
#define SMMU_PROG_ATC_H

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

/* As many as there are ITags of an ATS Invalidate Request; a command more waits. */
enum { ATC_MOST = 32 };

/* Each interface counts for itself; the host is told whose a tag is in the bits above these. */
enum { ATC_TAG_BITS = 62 };

/* Zero: none. */
struct atcs {
	uint64_t tag[ATC_MOST]; /* 0: free */
	uint64_t last;          /* the last tag: they are not given twice */
	unsigned live;
	bool failed; /* one timed out, and no CMD_SYNC has said so */
};

/* A tag for one more; 0: there is no room. */
uint64_t atc_begin(struct atcs *atcs);

/* Is there room for one more? */
bool atc_room(const struct atcs *atcs);

/* One is answered, or has timed out.  false: there is none of this tag. */
bool atc_end(struct atcs *atcs, uint64_t tag, enum smmu3_atc_result result);

/* None is waited for any more, and none of their tags comes again. */
void atc_forget(struct atcs *atcs);

#endif
