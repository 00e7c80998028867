/* SPDX-License-Identifier: MIT */
/* What the inspecting functions look through: registers and memory at one moment. */
#ifndef SMMU_INSPECT_VIEW_H
#define SMMU_INSPECT_VIEW_H

#include "smmu_state.h"

struct inspect_view {
	const struct features *features;
	struct gate gate;
	struct mem_view view;
	struct guard guard; /* of the view */
};

/* 0, or negative as smmu3_inspect_streams says; the gate is loaded all the same, but for an
 * unsupported sec_sid. */
int inspect_open(struct smmu3 *smmu, enum smmu3_pas sec_sid, struct inspect_view *view);

/* The stream of a StreamID that is legal and not set to abort, or -SMMU3_E_NOT_FOUND. */
int inspect_stream(const struct inspect_view *view, uint32_t sid, struct stream *stream);

#endif
