/* SPDX-License-Identifier: MIT */
/* VMSAv9-128 of Secure streams: NSTable and NS, NSCFG, SIF, EL3, both trees of stage 2, updates.
 * 5.4, 6.3.57, D8.3.2, D8.4.6 */
#include "secure_stage2.h"
#include "support/permission_tables.h"

enum { W = SMMU3_TXN_WRITE, X = SMMU3_TXN_INSTRUCTION, P = SMMU3_TXN_PRIVILEGED };

/* Words of a CD and an STE */
#define AA64 BIT(41)
#define HA_HD (BIT(43) | BIT(42))
#define S1PIE BIT(24)
#define S2AA64 BIT(51)

/* Bits of both words of a descriptor: valid, AF, SH = ISH, nG; nDirty */
#define LEAF (BIT(0) | BIT(10) | UINT64_C(3) << 8 | BIT(11))
#define NDIRTY BIT(7)
#define S2_LEAF (BIT(0) | BIT(10) | UINT64_C(3) << 8 | 0xf << 2 | BIT(7))
#define NS_127 BIT(63)
#define PI(n) ((uint64_t)(n) << (115 - 64))

/* 44 bits begin at level 0; VA goes through indices 0x10, 0x0c, 0x08, 0x05. */
static uint64_t at1(int level)
{
	return S1_TABLE(level) + 16 * (VA >> (12 + 8 * (3 - level)) & 0xff);
}

static void put_pair(struct secure_world *w, enum smmu3_pas pas, uint64_t at, uint64_t low,
		     uint64_t high)
{
	put(w, pas, at, low);
	put(w, pas, at + 8, high);
}

static enum smmu3_mem_result swap_pair(void *context, const struct smmu3_mem_access *access,
				       const uint64_t *expected, const uint64_t *desired,
				       uint64_t *found)
{
	struct secure_world *w = context;
	uint64_t *word;

	ck_assert_uint_lt(access->pas, SPACES);
	ck_assert_uint_eq(access->bytes, 16);
	word = word_at(w, (enum smmu3_pas)access->pas, access->pa);
	w->swap_count++;
	w->swapped = *access;
	memcpy(found, word, 16);
	if (!memcmp(word, expected, 16))
		memcpy(word, desired, 16);
	return SMMU3_MEM_OK;
}

/* IDR0.TTF, HTTU; EPAN, S1PI, S2PI, S2PO, AIE, MTEPERM; D128.  PIIndex 1 is of both sides. */
static struct secure_world d128_world(unsigned p, unsigned u)
{
	struct smmu3_config config = secure_config(true);

	config.aidr = 4;
	config.idr[0] = (config.idr[0] & ~(uint32_t)(0xcc)) | 2u << 2 | 2u << 6;
	config.idr[3] |= (uint32_t)(BIT(17) | BIT(18) | BIT(19) | BIT(20) | BIT(22) | BIT(23));
	config.idr[5] |= (uint32_t)BIT(8);
	struct secure_world w = secure_world_of(&config, S1_ONLY);

	for (enum smmu3_pas pas = NS; pas <= S; pas++) {
		w.ste[pas][1] |= S1PIE;
		w.cd[pas][0] = (w.cd[pas][0] & ~AA64) + 4; /* T0SZ 20 */
		w.cd[pas][6] = (uint64_t)u << 3;
		w.cd[pas][7] = (uint64_t)p << 3;
		for (int level = 0; level < 3; level++)
			put_pair(&w, pas, at1(level), S1_TABLE(level + 1) | 1, 0);
		put_pair(&w, pas, at1(3), PA_PAGE | LEAF, PI(1));
	}
	return w;
}

/* D128-06, NS-05, NS-06: bit 127 of a leaf is NS; of a table NSTable: what is below it is
 * Non-secure, and is read there.  Bit 63 of VMSAv8-64 is none */
START_TEST(bit_127_leads_to_non_secure_memory)
{
	struct secure_world w = d128_world(5, 5);
	const int level = _i; /* of 0 to 2 a table, of 3 the leaf, of 4 none */

	if (level < 4)
		*word_at(&w, S, at1(level) + 8) |= NS_127;
	else
		*word_at(&w, S, at1(1)) |= BIT(63);
	expect_pa(&w, VA, W, PA_PAGE | OFFSET, level < 4 ? NS : S);
	for (int at = 0; at <= 3; at++)
		expect_read(&w, (unsigned)at + 2, SMMU3_REASON_S1_TTD, at1(at),
			    at > level ? NS : S);
	ck_assert_uint_eq(w.seen[2].bytes, 16);
	drop(&w);
}
END_TEST

/* NS-04: NSCFG0 is of the initial table */
START_TEST(nscfg_is_of_the_initial_table)
{
	struct secure_world w = d128_world(5, 5);

	w.cd[S][1] |= (uint64_t)_i;
	expect_pa(&w, VA, W, PA_PAGE | OFFSET, _i ? NS : S);
	expect_read(&w, 2, SMMU3_REASON_S1_TTD, at1(0), _i ? NS : S);
	drop(&w);
}
END_TEST

/* PERM-15, PERM-26 */
START_TEST(sif_takes_execution_of_non_secure_memory)
{
	const bool sif = _i & 1, ns = _i & 2;
	struct secure_world w = d128_world(3, 3);

	w.gate[S].sif = sif;
	if (ns)
		*word_at(&w, S, at1(3) + 8) |= NS_127;
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET, ns ? NS : S);
	ck_assert_uint_eq(w.out.perm, letters(sif && ns ? "rR" : "rxRX"));
	if (sif && ns)
		expect_fault(&w, VA, X, F_PERMISSION, WHY_SIF);
	else
		expect_pa(&w, VA, X, PA_PAGE | OFFSET, ns ? NS : S);
	drop(&w);
}
END_TEST

/* SW-06, NS-14, NS-15, CD-42: EL3 has it, and PIIP for all; Secure EL2 only with E2H */
START_TEST(el3_has_it_and_secure_el2_with_e2h_alone)
{
	static const uint8_t strw[] = { STRW_EL3, STRW_EL2, STRW_EL2 };
	struct secure_world w = d128_world(5, 5);

	set_field(&w.ste[S][1], 30, 2, strw[_i]);
	w.gate[S].streams.e2h = _i == 2;
	if (_i == 0)
		w.cd[S][6] = 0;
	if (_i == 1)
		expect_fault(&w, VA, W, C_BAD_CD, WHY_CD_D128);
	else
		expect_pa(&w, VA, W, PA_PAGE | OFFSET, S);
	drop(&w);
}
END_TEST

/* HTTU-01, NS-06: a pair is swapped where it was read */
START_TEST(a_descriptor_is_updated_in_its_space)
{
	struct secure_world w = d128_world(5, 5);
	const enum smmu3_pas there = _i ? NS : S;

	w.cd[S][0] |= HA_HD;
	if (_i)
		*word_at(&w, S, at1(1) + 8) |= NS_127;
	for (enum smmu3_pas pas = NS; pas <= S; pas++)
		put_pair(&w, pas, at1(3), (PA_PAGE | LEAF | NDIRTY) & ~BIT(10), PI(1));
	make(&w);
	w.mem.host.swap_pair = swap_pair;
	expect_pa(&w, VA, W, PA_PAGE | OFFSET, there);
	ck_assert_uint_eq(w.swap_count, 1);
	ck_assert_uint_eq(w.swapped.pas, there);
	ck_assert_uint_eq(w.swapped.pa, at1(3));
	ck_assert_uint_eq(*word_at(&w, there, at1(3)), PA_PAGE | LEAF);
	ck_assert_uint_eq(*word_at(&w, there, at1(3) + 8), PI(1));
	ck_assert_uint_eq(*word_at(&w, _i ? S : NS, at1(3)), (PA_PAGE | LEAF | NDIRTY) & ~BIT(10));
	drop(&w);
}
END_TEST

/* Where the blocks of stage 2 lead, by whether the IPA is Non-secure. */
static uint64_t block_of(bool ns_ipa)
{
	return UINT64_C(0x123450000000) + ((uint64_t)ns_ipa << 28);
}

/* Stage 2 alone: Non-secure IPAs have 44 bits from level 0, and blocks of 256MB; Secure ones 32
 * from level 2, for S_S2SKL is 1, and blocks of 1MB. */
static void want_s2(struct secure_world *w, uint64_t leaf_ns)
{
	w->ste[S][0] = (w->ste[S][0] & ~(UINT64_C(7) << 1)) | S2_ONLY << 1;
	w->ste[S][2] |= UINT64_C(20) << 32 | UINT64_C(5) << 48;
	w->ste[S][3] = S2_TABLE(true, 0);
	w->ste[S][4] = UINT64_C(32) << 32;
	w->ste[S][6] = S2_TABLE(false, 0) | UINT64_C(1) << 61;
	w->gate[S].streams.s2pii = UINT64_C(12) << 4;
	for (enum smmu3_pas pas = NS; pas <= S; pas++) {
		put_pair(w, pas, S2_TABLE(false, 0), block_of(false) | S2_LEAF,
			 PI(1) | UINT64_C(1) << 45 | leaf_ns);
		put_pair(w, pas, S2_TABLE(true, 0), S2_TABLE(true, 1) | 1, 0);
		put_pair(w, pas, S2_TABLE(true, 1), block_of(true) | S2_LEAF,
			 PI(1) | UINT64_C(2) << 45 | leaf_ns);
	}
}

/* STE-40, NS-11, D128-01: each tree has its size, its SKL and its space; NS of a leaf says nothing
 */
START_TEST(each_tree_of_stage_2_has_its_own_skl)
{
	const bool ns_ipa = _i & 1, nsw = _i & 2, leaf_ns = _i & 4;
	struct secure_world w = d128_world(5, 5);

	want_s2(&w, leaf_ns ? NS_127 : 0);
	set_spaces(&w, !nsw ? 0 : ns_ipa ? NSW : SW);
	expect_pa(&w, OFFSET, W | (ns_ipa ? SMMU3_TXN_NS : 0), block_of(ns_ipa) | OFFSET,
		  nsw ? NS : S);
	expect_read(&w, 1, SMMU3_REASON_S2_TTD, S2_TABLE(ns_ipa, 0), nsw ? NS : S);
	ck_assert_uint_eq(w.seen_count, ns_ipa ? 3 : 2);
	drop(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, bit_127_leads_to_non_secure_memory, 0, 5);
	tcase_add_loop_test(tests, nscfg_is_of_the_initial_table, 0, 2);
	tcase_add_loop_test(tests, sif_takes_execution_of_non_secure_memory, 0, 4);
	tcase_add_loop_test(tests, el3_has_it_and_secure_el2_with_e2h_alone, 0, 3);
	tcase_add_loop_test(tests, a_descriptor_is_updated_in_its_space, 0, 2);
	tcase_add_loop_test(tests, each_tree_of_stage_2_has_its_own_skl, 0, 8);
}

int main(void)
{
	return run_suite("secure d128", add);
}
