/* SPDX-License-Identifier: MIT */
/*
 * The world of walk_world.h in VMSAv8-32: VA32 goes through indices 2, 3, 5 of tables of levels 1
 * to 3, at stage 1 in TTB0 of 4GB; IPA40 through 3, 3, 6 of those of stage 2, of 40 bits from level
 * 1.  DDI 0487 G5.5
 */
#ifndef SMMU_TEST_LPAE_WORLD_H
#define SMMU_TEST_LPAE_WORLD_H

#include "support/walk_world.h"

#define VA32 UINT64_C(0x80605128)  /* indices 2, 3, 5; offset 0x128 */
#define IPA40 UINT64_C(0xc0606000) /* indices 3, 3, 6 */
#define PA40 UINT64_C(0xfedcba9000)
#define TTF(formats) set_id(&w, 0, 2, 2, formats)
#define TTENDIAN(which) set_id(&w, 0, 21, 2, which)
#define HIGHEST UINT64_C(0xffffffff)

enum { LPAE = 1, V8 = 2, EITHER = 3 };   /* IDR0.TTF */
enum { MIXED = 0, LITTLE = 2, BIG = 3 }; /* IDR0.TTENDIAN */

static inline uint64_t lpae_slot1(int level)
{
	static const uint64_t index[] = { 0, 2, 3, 5 };

	return S1_TABLE(level) + 8 * index[level];
}

static inline uint64_t lpae_slot2(int level)
{
	static const uint64_t index[] = { 0, 3, 3, 6 };

	return S2_TABLE(level) + 8 * index[level];
}

/* Stage 1 from T0SZ and T1SZ, with TTB1 disabled. */
static inline void use_lpae_stage1(struct world *w, unsigned t0sz, unsigned t1sz)
{
	set_field(&w->cd[0], 0, 6, t0sz);
	set_field(&w->cd[0], 16, 6, t1sz);
	set_field(&w->cd[0], 41, 1, 0);
	w->cd[1] = S1_TABLE(1);
}

/* Stage 2 from S2T0SZ, four bits, and S2SL0; S2PS says 32 bits, which is ignored. */
static inline void use_lpae_stage2(struct world *w, unsigned t0sz, unsigned sl0)
{
	set_field(&w->ste[2], 32, 6, t0sz);
	set_field(&w->ste[2], 38, 2, sl0);
	set_field(&w->ste[2], 48, 3, 0);
	set_field(&w->ste[2], 51, 1, 0);
	w->ste[3] = S2_TABLE(1);
}

/* RAM stands at itself in stage 2, as in walk_world.h. */
static inline struct world lpae_world(unsigned config)
{
	struct world w = world(config);

	TTF(EITHER);
	TTENDIAN(MIXED);
	use_lpae_stage1(&w, 0, 0);
	use_lpae_stage2(&w, 24, 1); /* -8 of four bits; of six as many bits of VMSAv8-64 */
	for (int level = 1; level < 3; level++) {
		put(&w, lpae_slot1(level), S1_TABLE(level + 1) | TABLE);
		put(&w, lpae_slot2(level), S2_TABLE(level + 1) | TABLE);
	}
	put(&w, lpae_slot1(3), (config == NESTED ? IPA40 : PA40) | S1_PAGE);
	put(&w, lpae_slot2(3), PA40 | S2_PAGE);
	return w;
}

#endif
