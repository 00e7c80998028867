/* SPDX-License-Identifier: MIT */
/* The machine of walk_world.h with ATS, as endpoints see it. */
#ifndef SMMU_TEST_ATS_WORLD_H
#define SMMU_TEST_ATS_WORLD_H

#include "support/walk_world.h"

/* STE.EATS, bits 93:92.  5.2 */
enum { EATS_NONE = 0, EATS_FULL = 1, EATS_SPLIT = 2, EATS_DPT = 3 };

/* Events, 7.3 */
enum {
	C_BAD_STREAMID = 0x02,
	F_BAD_ATS_TREQ = 0x05,
	F_STREAM_DISABLED = 0x06,
	F_TRANSL_FORBIDDEN = 0x07,
	C_BAD_SUBSTREAMID = 0x08,
};

/* CR0 and CR2 */
enum { CR0_OPEN = 0xd, CR0_SMMUEN = 1, CR0_ATSCHK = 0x10, CR2_RECINVSID = 2, CR2_REC_CFG_ATS = 8 };

/* What a request says, and what a completion answers. */
enum {
	NW0 = SMMU3_TXN_WRITE,
	EXE = SMMU3_TXN_INSTRUCTION,
	PRIV = SMMU3_TXN_PRIVILEGED,
	PASID = SMMU3_TXN_SSV,
	GETS_R = SMMU3_ATS_R,
	GETS_W = SMMU3_ATS_W,
	GETS_EXE = SMMU3_ATS_EXE,
	GETS_PRIV = SMMU3_ATS_PRIV,
};

/* A stream with ATS of this kind, whose clients ask for translations; Translated transactions are
 * checked. */
static inline struct world ats_world(unsigned config, unsigned eats)
{
	struct world w = world(config);

	set_id(&w, 0, 10, 1, 1);
	w.ste[1] |= (uint64_t)eats << 28;
	w.txn.ats = SMMU3_ATS_REQUEST;
	return w;
}

/* With IDR0.ATSRECERR, which SMMUv3.2 brought; that has both stages only with Hyp.  2.9 */
static inline struct world ats_recording_world(unsigned config, unsigned eats)
{
	struct world w = ats_world(config, eats);

	w.config.aidr = 2;
	set_id(&w, 0, 0, 2, config == S2_ONLY ? 1 : 2);
	set_id(&w, 0, 23, 1, 1);
	return w;
}

/* Four substreams, whose CDs are as that of SubstreamID 0; without one stage 1 is passed by.  5.2
 * S1CDMax, S1DSS */
static inline void give_substreams(struct world *w, unsigned s1dss)
{
	/* The table is aligned to 4 CDs: the world's CD is of SubstreamID 1. */
	w->ste[0] = (w->ste[0] & ~(UINT64_C(0xfffffffffffc0))) | CD_PAGE | UINT64_C(2) << 59;
	w->ste[1] = (w->ste[1] & ~UINT64_C(3)) | s1dss;
}

static inline void reopen(struct world *w, unsigned cr0, unsigned cr2)
{
	if (w->smmu == NULL)
		open_world(w);
	mmio(w, 0x20, 4, 0);
	mmio(w, 0x2c, 4, cr2);
	mmio(w, 0xa0, 8, (RAM_BASE + 0x80000) | 4); /* EVENTQ_BASE */
	mmio(w, 0x20, 4, cr0);
}

/* Faults would stall, and would neither abort nor be recorded if they could not.  5.5 */
static inline void make_faults_stall(struct world *w)
{
	w->waits = true;
	set_id(w, 0, 24, 2, 0);
	set_id(w, 5, 16, 16, 1);
	w->cd[0] = (w->cd[0] & ~(BIT(46) | BIT(45))) | BIT(44);
	w->ste[2] &= ~BIT(58);
}

/* Checks Translated transactions. */
static inline void check_translated(struct world *w)
{
	reopen(w, CR0_OPEN | CR0_ATSCHK, CR2_RECINVSID);
}

static inline void expect_completion(struct world *w, unsigned flags, unsigned gets)
{
	ck_assert_uint_eq(ask(w, VA, flags), SMMU3_OK);
	ck_assert_uint_eq(w->out.ats, gets);
	ck_assert_uint_eq(w->out.recorded, 0);
}

/* Success with R = W = 0, nothing recorded. */
static inline void expect_no_access(struct world *w, uint64_t address, unsigned flags)
{
	ck_assert_uint_eq(ask(w, address, flags), SMMU3_NO_ACCESS);
	ck_assert_uint_eq(w->out.ats, flags & PRIV ? GETS_PRIV : 0);
	ck_assert_uint_eq(w->out.recorded, 0);
}

static inline void expect_end(struct world *w, uint64_t address, unsigned verdict, unsigned event,
			      unsigned recorded)
{
	ck_assert_uint_eq(ask(w, address, 0), verdict);
	ck_assert_uint_eq(w->out.event, event);
	ck_assert_uint_eq(w->out.recorded, recorded);
}

#endif
