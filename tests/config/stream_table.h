/* SPDX-License-Identifier: MIT */
/* Stream tables of the tests' own, and which STE an access comes by. */
#ifndef SMMU_TEST_STREAM_TABLE_H
#define SMMU_TEST_STREAM_TABLE_H

#include "support/conf_world.h"

#define LINEAR(log2size) (log2size)
#define TWO_LEVEL(log2size, split) (BIT(16) | (uint32_t)(split) << 6 | (log2size))
#define L1STD(span, l2ptr) ((l2ptr) | (span))
#define ADDRESS UINT64_C(0x1234)

/* 2-level tables of the tests: level 1 and level 2. */
#define L1 FREE_AREA
#define L2 (FREE_AREA + 0x100000)

/* A machine without a stream; memory is seen to be read. */
static inline struct world no_stream(void)
{
	struct world w = world(BYPASS);

	w.behind_host = true;
	return w;
}

static inline void put_bypass(struct world *w, uint64_t pa)
{
	put_structure(w, pa, w->ste);
}

/* The stream passes, by the STE at `pa`. */
static inline void expect_ste(struct world *w, uint64_t sid, uint64_t pa)
{
	w->txn.sid = (uint32_t)sid;
	afresh(w);
	expect_reaches(w, ADDRESS, 0, ADDRESS);
	ck_assert_uint_eq(fetched(w, SMMU3_REASON_STE), pa);
}

static inline void expect_no_ste(struct world *w, uint64_t sid)
{
	w->txn.sid = (uint32_t)sid;
	afresh(w);
	expect_error(w, ADDRESS, 0, C_BAD_STREAMID, 0);
	ck_assert_uint_eq(fetched(w, SMMU3_REASON_STE), 0);
	ck_assert_uint_eq(w->out.decider, SMMU3_BY_STREAM);
}

/* Where the first read for `reason` goes, whatever is there. */
static inline void expect_fetch_at(struct world *w, uint64_t sid, unsigned reason, uint64_t pa)
{
	w->txn.sid = (uint32_t)sid;
	afresh(w);
	reach(w, ADDRESS, 0);
	ck_assert_uint_eq(fetched(w, reason), pa);
}

#endif
