/* SPDX-License-Identifier: MIT */
/*
 * The machine of walk_world.h with VMSAv9-128, IDR5.D128, at the stages that are asked for: 4KB
 * tables that begin at level -1, one a level, outputs of 56 bits.
 *
 * VA goes through indices 0, 0x10, 0x0c, 0x08, 0x05 of the stage 1 tables, IPA_PAGE through 0,
 * 0x10, 0x0c, 0x0c, 0x07 of the stage 2 tables; RAM itself is mapped at stage 2 onto itself by a
 * 256MB block.  PIIndex 1 is read-write: of the CD, and of S2PII.
 */
#ifndef SMMU_TEST_D128_WORLD_H
#define SMMU_TEST_D128_WORLD_H

#include "httu_world.h"

#define FAR_PAGE UINT64_C(0xab123456789000) /* where both go, of 56 bits */

/* Bits of both words, D8.3.2 */
#define NEXT UINT64_C(1)
#define LEAF_LOW (BIT(0) | BIT(10) | UINT64_C(3) << 8) /* AF, SH = ISH */
#define S1_LOW (LEAF_LOW | BIT(11))                    /* nG, AttrIndx 0, nDirty 0 */
#define S2_LOW (LEAF_LOW | 0xf << 2 | BIT(7))          /* MemAttr 1111, Dirty */
#define HIGH(n) BIT((n)-64)
#define SKL(n) ((uint64_t)(n) << (109 - 64))
#define PI(n) ((uint64_t)(n) << (115 - 64))
#define PO(n) ((uint64_t)(n) << (121 - 64))

#define S1PIE BIT(24)  /* word 1 of a STE */
#define S2POE BIT(61)  /* word 2 */
#define S2PII 0x30     /* 6.3.17 */
#define AA64 BIT(41)   /* word 0 of a CD */
#define S2AA64 BIT(51) /* word 2 of a STE */

/* log2 of what an entry of a level maps. */
static inline unsigned lg2_of(int level)
{
	return 12 + 8 * (unsigned)(3 - level);
}

static inline uint64_t at1(int level)
{
	return S1_TABLE(level) + 16 * (VA >> lg2_of(level) & 0xff);
}

static inline uint64_t at2(int level)
{
	return S2_TABLE(level) + 16 * (IPA_PAGE >> lg2_of(level) & 0xff);
}

static inline void put_pair(struct world *w, uint64_t at, uint64_t low, uint64_t high)
{
	put(w, at, low);
	put(w, at + 8, high);
}

/* Stage 1 has the format. */
static inline void want_s1(struct world *w, uint64_t output)
{
	w->cd[0] = (w->cd[0] & ~(AA64 | UINT64_C(7) << 32)) | UINT64_C(7) << 32;
	w->cd[1] = S1_TABLE(-1);
	w->cd[6] = w->cd[7] = 5 << 3;
	w->ste[1] |= S1PIE;
	for (int level = -1; level < 3; level++)
		put_pair(w, at1(level), S1_TABLE(level + 1) | NEXT, 0);
	put_pair(w, at1(3), output | S1_LOW, PI(1));
}

static inline void want_s2(struct world *w)
{
	w->ste[2] = (w->ste[2] & ~(S2AA64 | UINT64_C(3) << 38 | UINT64_C(7) << 48)) | UINT64_C(7)
											      << 48;
	w->ste[3] = S2_TABLE(-1);
	for (int level = -1; level < 3; level++)
		put_pair(w, at2(level), S2_TABLE(level + 1) | NEXT, 0);
	put_pair(w, at2(3), FAR_PAGE | S2_LOW, PI(1));
	put_pair(w, S2_TABLE(0), S2_TABLE(1) | NEXT, 0);
	put_pair(w, S2_TABLE(1) + 16 * 8, RAM_BASE | S2_LOW, SKL(2) | PI(1));
}

/* IDR0.TTF, EPAN, S1PI and its like, OAS, D128, VAX. */
static inline struct world d128_machine(unsigned config)
{
	struct world w = httu_world(config);

	w.config.aidr = 4;
	w.pairs = true;
	set_id(&w, 0, 2, 2, 2);
	set_id(&w, 0, 9, 1, 1);
	set_id(&w, 3, 13, 2, 3);
	set_id(&w, 3, 17, 4, 15);
	set_id(&w, 3, 22, 2, 3);
	set_id(&w, 5, 0, 3, 7);
	set_id(&w, 5, 8, 1, 1);
	set_id(&w, 5, 10, 2, 2);
	return w;
}

/* The format at every stage of a configuration. */
static inline struct world d128_world(unsigned config)
{
	struct world w = d128_machine(config);

	if (config & 1)
		want_s1(&w, config == NESTED ? IPA_PAGE : FAR_PAGE);
	if (config & 2)
		want_s2(&w);
	return w;
}

/* Starts it with S2PII, where PIIndex 1 is what it must be. */
static inline void start_d128(struct world *w)
{
	open_world(w);
	mmio(w, S2PII, 8, UINT64_C(12) << 4);
}

#endif
