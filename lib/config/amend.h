/* SPDX-License-Identifier: MIT */
/* What an SMMU may take an STE or CD for besides what it says: an ILLEGAL one, as SMMUv3.0, for the
 * nearest that is not; one of a CONT span for another.  Only where <smmu/adversity.h> asks for it.
 */
#ifndef SMMU_CONFIG_AMEND_H
#define SMMU_CONFIG_AMEND_H

#include "arch/cd.h"
#include "arch/ste.h"
#include "config/context.h"
#include "config/stream.h"

/* Of what is ILLEGAL for this reason what is made, and what is still ILLEGAL of it: WHY_NONE. */
enum why ste_amend(const struct features *features, struct ste *ste, enum why illegal);
enum why cd_amend(const struct features *features, const struct stream *stream, struct cd *cd,
		  enum why illegal);

/* What is ILLEGAL of it, after it has been made what it is taken for. */
ALWAYS_INLINE enum why ste_still_illegal(const struct features *features, struct ste *ste)
{
	const enum why illegal = ste_illegal(features, ste);

	return likely(illegal == WHY_NONE) ? illegal : ste_amend(features, ste, illegal);
}

ALWAYS_INLINE enum why cd_still_illegal(const struct features *features,
					const struct stream *stream, struct cd *cd)
{
	const enum why illegal = cd_illegal(features, stream, cd);

	return likely(illegal == WHY_NONE) ? illegal : cd_amend(features, stream, cd, illegal);
}

/* The place of a StreamID that is behind the end of the array of its level 1 descriptor: that of
 * the STE at the same place of a smaller array, if it says that it speaks for this one, too; else
 * C_BAD_STREAMID.  5.2 CONT */
struct fault stream_within_array(const struct mem_view *view, const struct features *features,
				 const struct stream_table *table, uint32_t sid,
				 const struct l1std *l1std, uint64_t *at);

/* What becomes of an STE that says that it is one of several: it stays, is the neighbour's, or
 * F_CFG_CONFLICT.  An invalid neighbour is never kept.  5.2 CONT, 3.20.2 */
struct fault ste_mind_span(const struct mem_view *view, const struct features *features,
			   const struct stream_table *table, uint32_t sid, struct ste *ste);

#endif
