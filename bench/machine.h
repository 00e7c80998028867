/* SPDX-License-Identifier: MIT */
/* A machine to measure: memory, tables in it, and an SMMU that has been programmed. */
#ifndef SMMU_BENCH_MACHINE_H
#define SMMU_BENCH_MACHINE_H

#include <smmu/smmu.h>
#include <stddef.h>
#include <stdint.h>

/* What a row measures: one stream. */
struct shape {
	const char *name;
	uint8_t s1_granule_lg2; /* 0: stage 1 is off */
	uint8_t s2_granule_lg2; /* 0: stage 2 is off */
	uint8_t input_bits;     /* of each stage */
	uint8_t enabled;        /* 0: SMMUEN stays 0 */
	uint32_t pages;         /* mapped, each at an address of its own: a power of two */
	uint32_t kept;          /* places of each cache; 0: nothing is kept */
	/* STE.EATS: accesses are ATS Translated ones, of the addresses that the tables put out; 1:
	 * they pass, 3: they are checked against a Device Permission Table.  0: they are not */
	uint8_t eats;
	uint8_t counts;  /* enum counts */
	uint8_t guarded; /* 1: a Root interface that checks nothing, 2: one with a granule
			  * protection table, of granules of 4KB */
};

/* What counts what happens. */
enum counts {
	COUNTS_NOTHING,
	COUNTS_STATISTICS, /* of the SMMU, of caches, of a StreamID */
	HAS_MONITORS,      /* a performance monitor group that is disabled */
	COUNTS_MONITORS,   /* one with four counters enabled */
};

/* How many of them there are.  Each has tables of its own, an ASID and a VMID, its number;
 * all use the same input addresses. */
struct fleet {
	uint32_t streams; /* a power of two */
	uint32_t blocks;  /* of 2MB, in each stream, besides its pages; stage 1 alone */
	uint8_t queues;   /* there are Command and Event queues, and what CPUs broadcast is
			   * obeyed */
	const struct smmu3_caches *caches; /* NULL: as the shape says */
};

struct machine {
	struct smmu3 *smmu;
	void *memory; /* that ram stands in */
	unsigned char *ram;
	uint64_t *gpt; /* in the Root space; NULL: there is none */
	uint64_t used; /* bytes of RAM given out to tables */
	const struct shape *shape;
	const struct fleet *fleet;
	struct roots {
		uint64_t stage1, stage2;
	} * root;          /* of translation tables, by stream */
	uint64_t queue_at; /* PA of the Command queue */
	uint32_t prod;     /* its next entry */
	uint32_t taken;    /* the next record of the Event queue */
};

enum { MACHINE_SID = 8, MACHINE_QUEUE_LG2 = 8, MACHINE_BLOCK_LG2 = 21 };

#define MACHINE_RAM UINT64_C(0x80000000)

/* NULL when memory runs out or the library refuses, with a complaint on stderr. */
struct machine *machine_create(const struct shape *shape);
struct machine *machine_create_fleet(const struct shape *shape, const struct fleet *fleet);
void machine_free(struct machine *machine);

/* The address that page `index` is asked for at, and where the tables send it: of the first
 * stream. */
uint64_t machine_input(const struct shape *shape, uint32_t index);
uint64_t machine_output(const struct shape *shape, uint32_t index);

/* Input addresses of a kind, in places of 2^lg2 bytes, and where they go: place i of stream s to
 * output + s * stride + ((i ^ flip) << lg2). */
struct window {
	uint64_t input, output, stride;
	uint32_t places, flip;
	uint8_t lg2;
};
struct window machine_pages(const struct machine *machine);
/* In places of 4KB; 0 of them where there are no blocks. */
struct window machine_blocks(const struct machine *machine);

/* Puts a command into the queue; it is consumed, with those before it, when the queue is rung.  No
 * more than the queue holds may wait. */
void machine_queue(struct machine *machine, uint64_t low, uint64_t high);
void machine_ring(struct machine *machine);

/* The leaf of stage 1 that a page has, as it stands in memory; of granules of 4KB. */
uint64_t *machine_leaf(const struct machine *machine, uint32_t stream, uint32_t index);

/* Takes all records from the Event queue; how many they were. */
uint32_t machine_take_events(struct machine *machine);

#endif
