/* SPDX-License-Identifier: MIT */
/* What a walk finds, as it may be kept. */
#ifndef SMMU_TLB_LEAF_H
#define SMMU_TLB_LEAF_H

#include <stdbool.h>
#include <stdint.h>

/* The last descriptor of a walk, and what the tables above it added. */
struct leaf {
	uint64_t descriptor; /* of VMSAv9-128 as VMSAv8-64 has it */
	uint64_t address;    /* of the page or block, not of the access */
	uint64_t hierarchy;  /* OR of the table descriptors' bits 63:59, in place; stage 1 */
	uint64_t read_at;    /* where in memory the descriptor was read; 0: it was kept */
	int8_t level;
	uint8_t size_lg2;    /* as far as outputs go */
	uint8_t block_lg2;   /* as the level has it */
	uint8_t output_bits; /* what is larger faults */
	uint8_t input_bits;  /* likewise of inputs */
	uint8_t pas;         /* enum smmu3_pas: where its address is */
	uint8_t read_from;   /* where it was read: Non-secure if its IPA or its PA is.  Stage 1 */
	bool alone : 1;      /* hardware updates it: others of its contiguous group may differ */
	bool d128 : 1;       /* of VMSAv9-128 */
	bool assured : 1;    /* as far as tables say, an Assured translation.  Stage 1 */
};

/* Of one translation.  Of an IPA the first is stage 2's. */
struct leaves {
	struct leaf first;
	struct leaf second; /* what stage 2 made of stage 1's output, if */
	bool combined;      /* it is known */
	bool assured;       /* the first is, for who asks now: his CD counts, too */
	bool conflict;      /* of what is found: another one is kept that it contradicts */
};

/* A table on the way. */
struct table_found {
	uint64_t base;
	uint64_t hierarchy;
	int8_t level; /* of its descriptors */
	uint8_t granule_lg2;
	uint8_t pas;      /* enum smmu3_pas: where base is */
	uint8_t top;      /* log2 of the bytes that all of it maps */
	bool d128 : 1;    /* of VMSAv9-128 */
	bool disch : 1;   /* none of its leaves is Contiguous */
	bool assured : 1; /* what leads to it is, as of leaves */
};

#endif
