/* SPDX-License-Identifier: MIT */
/* Reading configuration structures, telling whoever listens. */
#ifndef SMMU_CONFIG_FETCH_H
#define SMMU_CONFIG_FETCH_H

#include "mem/mem.h"

/* A structure and what it is looked up for. */
struct fetch {
	struct mem_read read;
	unsigned words;
	uint64_t input; /* StreamID or SubstreamID */
	struct ipa ipa;
	bool has_ipa;
	bool assured_only; /* where it is, stage 2 says so */
};

/* False: external abort. */
bool fetch_structure(const struct mem_view *view, const struct fetch *fetch, uint64_t *word);

#endif
