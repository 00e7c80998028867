/* SPDX-License-Identifier: MIT */
/* A Secure stream with stage 2.  Each IPA space has a tree, whose tables are in both PA spaces and
 * say in which they were read; memory that holds structures is mapped onto itself. */
#ifndef SMMU_TEST_SECURE_STAGE2_H
#define SMMU_TEST_SECURE_STAGE2_H

#include "support/secure_world.h"

/* 4KB tables from level 0: IPA_PAGE has indices 2, 3, 6, 7. */
#define S2_TABLE(ns_ipa, level) \
	(RAM_BASE + 0x20000 + 0x8000 * (uint64_t)(ns_ipa) + 0x1000 * (uint64_t)(level))
#define IPA_PAGE UINT64_C(0x100c0c07000)
#define S2_PAGE UINT64_C(0x7ff) /* AF, SH = ISH, S2AP = 11, MemAttr = 1111 */
#define S2_BLOCK UINT64_C(0x7fd)

/* STE.S2SW, S2SA, S2NSW, S2NSA */
enum { SW = 1, SA = 2, NSW = 4, NSA = 8, ALL_BITS = 16 };

/* What the last table of a tree says, by where it was read. */
static inline uint64_t s2_output(bool ns_ipa, bool read_ns)
{
	return UINT64_C(0x123400000000) | (uint64_t)ns_ipa << 20 | (uint64_t)read_ns << 16;
}

static inline uint64_t slot2(bool ns_ipa, int level)
{
	static const uint64_t index[] = { 2, 3, 6, 7 };

	return S2_TABLE(ns_ipa, level) + 8 * index[level];
}

static inline void put_tree(struct secure_world *w, enum smmu3_pas pas, bool ns_ipa)
{
	for (int level = 0; level < 3; level++)
		put(w, pas, slot2(ns_ipa, level), S2_TABLE(ns_ipa, level + 1) | TABLE);
	put(w, pas, slot2(ns_ipa, 3), s2_output(ns_ipa, pas == NS) | S2_PAGE);
	put(w, pas, S2_TABLE(ns_ipa, 0), S2_TABLE(ns_ipa, 1) | TABLE);
	put(w, pas, S2_TABLE(ns_ipa, 1) + 8 * 2, RAM_BASE | S2_BLOCK);
}

static inline void set_spaces(struct secure_world *w, unsigned spaces)
{
	set_field(&w->ste[S][3], 0, 2, spaces >> 2);
	set_field(&w->ste[S][6], 0, 2, spaces & 3);
}

/* Stage 1 maps VA to IPA_PAGE; both PA spaces hold the same of it. */
static inline struct secure_world secure_stage2(unsigned stages, unsigned spaces)
{
	const struct smmu3_config config = secure_config(true);
	struct secure_world w = secure_world_of(&config, stages);

	w.ste[S][2] |= UINT64_C(16) << 32 | UINT64_C(2) << 38 | UINT64_C(5) << 48 |
		       BIT(51); /* T0SZ 16, SL0 2, PS 48 bits, AA64 */
	w.ste[S][3] = S2_TABLE(true, 0);
	w.ste[S][4] = UINT64_C(16) << 32 | UINT64_C(2) << 38; /* S_S2T0SZ 16, S_S2SL0 2 */
	w.ste[S][6] = S2_TABLE(false, 0);
	set_spaces(&w, spaces);
	for (enum smmu3_pas pas = NS; pas <= S; pas++) {
		put_tree(&w, pas, false);
		put_tree(&w, pas, true);
		put(&w, pas, slot1(3), IPA_PAGE | PAGE);
		memcpy(word_at(&w, pas, CD_AT), w.cd[S], sizeof(w.cd[S]));
	}
	return w;
}

/* Where a tree is read, and where what it maps is.  3.10.2.2 */
static inline bool walk_is_ns(unsigned spaces, bool ns_ipa)
{
	return spaces & (ns_ipa ? NSW : SW);
}

static inline bool output_is_ns(unsigned spaces, bool ns_ipa)
{
	return spaces & (ns_ipa ? SW | SA | NSW | NSA : SW | SA);
}

static inline void expect_mapped(struct secure_world *w, uint64_t address, unsigned flags,
				 unsigned spaces, bool ns_ipa)
{
	expect_pa(w, address, flags, s2_output(ns_ipa, walk_is_ns(spaces, ns_ipa)) | OFFSET,
		  output_is_ns(spaces, ns_ipa) ? NS : S);
}

#endif
