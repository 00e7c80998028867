/* SPDX-License-Identifier: MIT */
/* From a stream and a SubstreamID to the Context descriptor, judged and decoded once.  5.3, 5.4 */
#ifndef SMMU_CONFIG_CONTEXT_H
#define SMMU_CONFIG_CONTEXT_H

#include "arch/cd.h"
#include "config/stream.h"

/* A legal CD in effective values. */
struct context {
	struct stage1 stage1;
	bool a, r, s; /* fault model: abort, record, stall.  5.5 */
};

/* Which CD a transaction means. */
struct substream {
	bool valid; /* SSV */
	uint32_t ssid;
};

/* Does this transaction go through stage 1, and with which index into the CD table?  *skip: stage 1
 * is passed by, because the stream has none or S1DSS says so.  Faults: C_BAD_SUBSTREAMID,
 * F_STREAM_DISABLED.  5.2 S1DSS, 7.3.7, 7.3.9 */
struct fault substream_select(const struct stream *stream, struct substream substream, bool *skip,
			      uint32_t *index);

/* A level 1 descriptor of CDs, and whether it was read from what is AssuredOnly.  3.27.2 */
struct l1cd_found {
	uint64_t word;
	bool assured;
};

/* Reads the CD at an index of the stream's table, through stage 2 where that is on.  *ipa is its
 * address in the stream's output space, *at where it was read. */
struct cd_place {
	uint64_t ipa;
	struct pa at;
	bool assured; /* that, and what pointed at it, is AssuredOnly.  3.27.2 */
};
struct fault context_read(const struct mem_view *view, const struct features *features,
			  const struct stream *stream, uint32_t index, struct cd *cd,
			  struct cd_place *place);

/* The first rule that makes a CD ILLEGAL for this stream, or WHY_NONE.  A half that is
 * disabled, or is not there, is not judged.  5.4.2 */
enum why cd_illegal(const struct features *features, const struct stream *stream,
		    const struct cd *cd);

/* A legal CD in effective values. */
void context_decode(const struct features *features, const struct stream *stream,
		    const struct cd *cd, struct context *context);

/* The three above in their order, or what is kept of them for this stream. */
struct fault context_fetch(const struct mem_view *view, const struct features *features,
			   const struct stream *stream, uint32_t index, struct context *context);

#endif
