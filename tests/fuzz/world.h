/* SPDX-License-Identifier: MIT */
/*
 * A machine whose every part a fuzzer can choose.  Its memory is everywhere: whatever address the
 * SMMU reads for an STE, it finds the STE, for a CD the CD, for a descriptor one of a few, by the
 * address.  So a pointer made of random bits leads on, and what matters is what it leads to.
 */
#ifndef SMMU_TEST_FUZZ_WORLD_H
#define SMMU_TEST_FUZZ_WORLD_H

#include "bytes.h"
#include "differ.h"

enum {
	DESCRIPTORS_MOST = 256, /* of each stage */
	RAM_BYTES = 0x10000,
};

#define RAM_BASE UINT64_C(0x80000000)

struct world {
	struct obvious_machine machine;
	uint64_t l1std, l1cd;
	uint64_t ste[8], cd[8];
	uint64_t descriptor[2][DESCRIPTORS_MOST]; /* of stage 1, of stage 2 */
	unsigned descriptors[2];
	uint8_t hole; /* not 0: reads of every 256th address, these, abort */
	bool has_ram; /* RAM_BYTES at RAM_BASE are a RAM window, stage 1's descriptors again and
			 again */
};

/* What the profile generic-3.1 has, and one stream whose two stages map much. */
struct world world_default(void);

/* Takes, each as changes to what is there: ID registers and registers; fields of the STE; fields of
 * the CD. */
void take_registers(struct bytes *bytes, struct world *world);
void take_ste_fields(struct bytes *bytes, struct world *world);
void take_cd_fields(struct bytes *bytes, struct world *world);
void take_descriptors(struct bytes *bytes, struct world *world);

/* Asks for the accesses that the bytes describe, at least one, at most `most`. */
void ask_all(const struct world *world, struct bytes *bytes, unsigned most);

#endif
