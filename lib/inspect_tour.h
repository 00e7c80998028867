/* SPDX-License-Identifier: MIT */
/* A tour of one tree of translation tables: every leaf, in ascending order of its input; each
 * descriptor is read once. */
#ifndef SMMU_INSPECT_TOUR_H
#define SMMU_INSPECT_TOUR_H

#include "inspect_view.h"
#include "walk/stage.h"

/* A leaf on the way. */
struct tour_leaf {
	uint64_t input;         /* bits above a region of TTB1 are ones, as far as addresses go */
	uint64_t descriptor;    /* as it stands there; the leaf's has SH with DS, too, and of
				   VMSAv9-128 it is as VMSAv8-64 has it */
	uint64_t high;          /* of VMSAv9-128, bits 127:64 */
	uint64_t descriptor_pa; /* where it was read */
	struct leaf leaf;
};

/* 0 to go on. */
typedef int tour_fn(void *context, const struct tour_leaf *found);

struct tour {
	const struct inspect_view *view;
	const struct stage2
		*stage2; /* behind it are the tables of stage 1; NULL: a tour of stage 2 */
	const struct stage1
		*regions;       /* of VMSAv8-32, whose tables may map more than their own is */
	struct smmu3_mpam mpam; /* of reads of descriptors */
	bool assured;           /* the CD lets translations be Assured */
	uint64_t budget;        /* descriptors, and pages of tables that cannot be read */
	tour_fn *fn;
	smmu3_place_fn *place; /* told of each page of tables; may be NULL */
	void *context;
	/* follows */
	const struct table *table;
	uint64_t above;
	bool upper;
};

/* 0, what a callback returned, or -SMMU3_E_LIMIT. */
int tour_table(struct tour *tour, const struct table *table, bool upper);

#endif
