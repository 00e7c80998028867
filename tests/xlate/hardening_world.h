/* SPDX-License-Identifier: MIT */
/*
 * The machine of indirect2_world.h with translation hardening, IDR3.THE.  Everything that stage 1
 * is made of has a page of its own at stage 2, from IPA_PAGE on, whose PIIndex is its number: so
 * each says by itself what S2PII grants there, and whether it is AssuredOnly.
 *
 * As it is made, all that leads to the data is as an Assured translation wants it: the CD is read
 * from AssuredOnly memory, the first table is MRO-TL0, the others are MRO, descriptors are
 * Protected; and the data are AssuredOnly.
 */
#ifndef SMMU_TEST_HARDENING_WORLD_H
#define SMMU_TEST_HARDENING_WORLD_H

#include "indirect2_world.h"

/* Numbers of pages; table n is at OF_TABLE(n). */
enum { OF_CD, OF_TABLES, OF_DATA = 5, OF_L1CD };
#define OF_TABLE(level) (OF_TABLES + (unsigned)(level))
#define IPA_OF(page) (IPA_PAGE + 0x1000 * (uint64_t)(page))
#define LEAF_OF(page) (LEAF + 8 * (uint64_t)(page))
#define L1CD_PAGE (RAM_BASE + 0x3000)

/* Word 5 of a STE, word 1 of a CD; descriptors of stage 2, of stage 1 */
#define STE_AO BIT(9)
#define TL0 BIT(10)
#define TL1 BIT(11)
#define PNCH BIT(58)
#define AO BIT(58)
#define PROTECTED BIT(52)

/* Codes of S2PII, 6.3.17 */
enum { MRO = 2, MRO_TL1 = 3, MRO_TL0 = 6, MRO_TL01 = 7, RO = 8, RW = 12 };

struct hardened {
	struct world w;
	uint64_t codes; /* S2PII */
};

static inline void set_code(struct hardened *h, unsigned page, unsigned code)
{
	set_field(&h->codes, 4 * page, 4, code);
}

/* Maps a page of stage 2, with its own PIIndex. */
static inline void map(struct hardened *h, unsigned page, uint64_t pa, unsigned code, uint64_t bits)
{
	put(&h->w, LEAF_OF(page), pa | leaf_of(page, 15) | bits);
	set_code(h, page, code);
}

static inline struct hardened hardened(uint64_t bits)
{
	struct hardened h = { .w = indirect(NESTED, bits) };
	struct world *w = &h.w;

	set_id(w, 3, 21, 1, 1); /* THE */
	w->ste[0] = BIT(0) | NESTED << 1 | (IPA_OF(OF_CD) + CD_OFFSET);
	w->ste[5] = STE_AO | TL0;
	w->cd[1] = IPA_OF(OF_TABLE(0)) | PNCH;
	map(&h, OF_CD, CD_PAGE, RO, AO);
	for (int level = 0; level < 4; level++)
		map(&h, OF_TABLE(level), S1_TABLE(level), level ? MRO : MRO_TL0, 0);
	map(&h, OF_DATA, PA_PAGE, RW, AO);
	for (int level = 0; level < 3; level++)
		put(w, slot1(level), IPA_OF(OF_TABLE(level + 1)) | TABLE | PROTECTED);
	put(w, slot1(3), IPA_OF(OF_DATA) | S1_PAGE | PROTECTED);
	return h;
}

/* Two-level CD tables: the L1CD has a page, too.  5.3 */
static inline void give_l1cd(struct hardened *h, uint64_t bits)
{
	map(h, OF_L1CD, L1CD_PAGE, RO, bits);
	put(&h->w, L1CD_PAGE, IPA_OF(OF_CD) | BIT(0));
	/* S1Fmt 4KB, S1CDMax 7; CDs of SubstreamID 1 are where the world's is */
	h->w.ste[0] = BIT(0) | NESTED << 1 | UINT64_C(1) << 4 | UINT64_C(7) << 59 | IPA_OF(OF_L1CD);
	h->w.txn.flags |= SMMU3_TXN_SSV;
	h->w.txn.ssid = 1;
}

static inline void begin(struct hardened *h)
{
	start(&h->w, h->codes);
}

/* VA leads to its data, also by a write. */
static inline void expect_data(struct hardened *h)
{
	begin(h);
	expect_pa(&h->w, VA, W, PA_PAGE | OFFSET);
}

/* Only AssuredOnly keeps it out. */
static inline void expect_unassured(struct hardened *h)
{
	begin(h);
	expect_event(&h->w, VA, 0, F_PERMISSION, 2, 3);
	expect_record(&h->w, VA, ASSUREDONLY | RNW | S2 | CLASS(SMMU3_CLASS_IN), IPA_OF(OF_DATA));
}

#endif
