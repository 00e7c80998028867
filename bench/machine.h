/* SPDX-License-Identifier: MIT */
/* A machine to measure: memory, tables in it, and an SMMU that has been programmed. */
#ifndef SMMU_BENCH_MACHINE_H
#define SMMU_BENCH_MACHINE_H

#include <smmu/smmu.h>
#include <stddef.h>
#include <stdint.h>

/* What a row measures. */
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

struct machine {
	struct smmu3 *smmu;
	unsigned char *ram;
	uint64_t *gpt; /* in the Root space; NULL: there is none */
	uint64_t used; /* bytes of RAM given out to tables */
	const struct shape *shape;
};

enum { MACHINE_SID = 8 };

/* NULL when memory runs out or the library refuses, with a complaint on stderr. */
struct machine *machine_create(const struct shape *shape);
void machine_free(struct machine *machine);

/* The address that page `index` is asked for at, and where the tables send it. */
uint64_t machine_input(const struct shape *shape, uint32_t index);
uint64_t machine_output(const struct shape *shape, uint32_t index);

#endif
