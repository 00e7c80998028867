/* SPDX-License-Identifier: MIT */
/* Memory with a granule protection table: words that are at any address of the Root space, and what
 * was read of them. */
#ifndef SMMU_TEST_GPT_WORLD_H
#define SMMU_TEST_GPT_WORLD_H

#include "mem/gpc.h"
#include "mem/pa_cache.h"

#include <smmu/inspect.h>

enum { GPT_WORDS = 64, GPT_READS = 16 };

struct gpt_word {
	uint64_t at, word;
	bool aborts;
};

/* 40 bits of PA, level 0 entries of 1 GB, 4 KB granules, unless a test says otherwise. */
struct gpt_world {
	struct gpc_registers registers;
	struct features features;
	struct gpt_word word[GPT_WORDS];
	unsigned words;
	struct smmu3_mem_access read[GPT_READS]; /* the last reads first */
	unsigned reads;
	struct mem mem;
	struct mem_view view;
};

/* Where its level 0 table is, and a level 1 table of 128 KB. */
#define L0_AT UINT64_C(0x80002000)
#define L1_AT UINT64_C(0x80020000)

/* The world begins without entries: each that is not put reads as 0. */
void gpt_world_open(struct gpt_world *w);
void gpt_world_close(struct gpt_world *w);

void put_word(struct gpt_world *w, uint64_t at, uint64_t word);
void put_abort(struct gpt_world *w, uint64_t at);

struct gpc_verdict checked(struct gpt_world *w, enum smmu3_pas pas, uint64_t addr);

void expect_pass(struct gpt_world *w, enum smmu3_pas pas, uint64_t addr, unsigned span_lg2);
void expect_denied(struct gpt_world *w, enum smmu3_pas pas, uint64_t addr, unsigned level);
void expect_error(struct gpt_world *w, enum smmu3_pas pas, uint64_t addr, unsigned cfg_err,
		  unsigned level);

#endif
