/* SPDX-License-Identifier: MIT */
/* VMSAv9-128 of Realm streams: NS, NSTable, AMEC, updates.  3.10.3, 18, D8.3.2, D8.4.6 */
#include "support/realm_world.h"

enum { W = SMMU3_TXN_WRITE };

/* Bits of both words of a descriptor */
#define LEAF (BIT(0) | BIT(10) | UINT64_C(3) << 8 | BIT(11)) /* AF, SH = ISH, nG */
#define NDIRTY BIT(7)
#define S2_LEAF (BIT(0) | BIT(10) | UINT64_C(3) << 8 | 0xf << 2 | BIT(7)) /* Dirty */
#define NS_127 BIT(63)
#define AMEC_108 BIT(108 - 64)
#define PI(n) ((uint64_t)(n) << (115 - 64))
#define SKL(n) ((uint64_t)(n) << (109 - 64))

enum { S2PII = 0x30 };

/* 44 bits begin at level 0 of either stage. */
static uint64_t at1(int level)
{
	return S1_TABLE(level) + 16 * (VA >> (12 + 8 * (3 - level)) & 0xff);
}

static uint64_t at2(int level)
{
	return S2_TABLE(level) + 16 * (IPA_PAGE >> (12 + 8 * (3 - level)) & 0xff);
}

static void put_pair(struct realm_world *w, uint64_t at, uint64_t low, uint64_t high)
{
	put(w, at, low);
	put(w, at + 8, high);
}

static void want_s1(struct realm_world *w, uint64_t output)
{
	w->cd[0] = (w->cd[0] & ~BIT(41)) + 4; /* T0SZ 20 */
	w->cd[6] = w->cd[7] = 5 << 3;         /* PIIndex 1 is read-write */
	w->ste[1] |= BIT(24);                 /* S1PIE */
	for (int level = 0; level < 3; level++)
		put_pair(w, at1(level), S1_TABLE(level + 1) | 1, 0);
	put_pair(w, at1(3), output | LEAF, PI(1));
}

static void want_s2(struct realm_world *w)
{
	w->ste[2] = (w->ste[2] & ~(BIT(51) | UINT64_C(3) << 38)) + (UINT64_C(4) << 32);
	for (int level = 0; level < 3; level++)
		put_pair(w, at2(level), S2_TABLE(level + 1) | 1, 0);
	put_pair(w, at2(3), PA_PAGE | S2_LEAF, PI(1));
	/* structures, in a block of 256MB */
	put_pair(w, S2_TABLE(0), S2_TABLE(1) | 1, 0);
	put_pair(w, S2_TABLE(1) + 16 * 8, RAM_BASE | S2_LEAF, SKL(2) | PI(1));
}

/* IDR0.TTF, HTTU; EPAN, S1PI, S2PI, S2PO, AIE, MTEPERM; D128. */
static struct realm_world d128_world(unsigned config)
{
	struct realm_world w = realm_world(config);

	w.config.aidr = 4;
	w.config.idr[0] = (w.config.idr[0] & ~(uint32_t)0xcc) | 2u << 2 | 2u << 6;
	w.config.idr[3] |= (uint32_t)(BIT(17) | BIT(18) | BIT(19) | BIT(20) | BIT(22) | BIT(23));
	w.config.idr[5] |= (uint32_t)BIT(8);
	if (config & 1)
		want_s1(&w, config == NESTED ? IPA_PAGE : PA_PAGE);
	if (config & 2)
		want_s2(&w);
	return w;
}

static enum smmu3_verdict ask_with_codes(struct realm_world *w, uint64_t address, unsigned flags)
{
	open_world(w);
	mmio(w, S2PII, 8, UINT64_C(13) << 4); /* R_S2PII: PIIndex 1 is RW and uX */
	return ask_open(w, address, flags);
}

static void hypervisor(struct realm_world *w)
{
	set_field(&w->ste[1], 30, 2, STRW_EL2);
	w->cr2 = 1; /* R_CR2.E2H */
}

/* NS-18: bit 127 of a leaf of a hypervisor; of a table it says nothing, for tables are in Realm
 * memory; bit 5 is AttrIndx<3> */
START_TEST(bit_127_of_a_hypervisors_leaf_is_ns)
{
	struct realm_world w = d128_world(S1_ONLY);

	hypervisor(&w);
	if (_i == 0)
		*word_at(&w, at1(3)) |= BIT(5);
	if (_i == 1)
		*word_at(&w, at1(1) + 8) |= NS_127;
	if (_i == 2)
		*word_at(&w, at1(3) + 8) |= NS_127;
	expect_pa(&w, VA, W, PA, _i == 2 ? NS : R);
	drop(&w);
}
END_TEST

/* NS-16: of Realm EL1 it is none */
START_TEST(bit_127_of_a_realms_leaf_is_nothing)
{
	struct realm_world w = d128_world(S1_ONLY);

	*word_at(&w, at1(3) + 8) |= NS_127;
	expect_pa(&w, VA, W, PA, R);
	drop(&w);
}
END_TEST

/* NS-17: bit 127 of a leaf of stage 2, where VMSAv8-64 has bit 55, which is one of the address */
START_TEST(bit_127_of_a_leaf_of_stage_2_is_ns)
{
	struct realm_world w = d128_world(_i & 2 ? NESTED : S2_ONLY);
	const uint64_t input = _i & 2 ? VA : IPA;

	if (_i & 1)
		*word_at(&w, at2(3) + 8) |= NS_127;
	ck_assert_uint_eq(ask_with_codes(&w, input, W), SMMU3_OK);
	ck_assert_uint_eq(w.out.pa, PA);
	ck_assert_uint_eq(w.out.pas, _i & 1 ? NS : R);
	drop(&w);
}
END_TEST

/* 18, D128-06: AMEC is bit 108, and counts in Realm memory alone */
START_TEST(bit_108_is_amec)
{
	const bool ns = _i & 1, second = _i & 2;
	struct realm_world w = d128_world(second ? S2_ONLY : S1_ONLY);
	const uint64_t at = second ? at2(3) : at1(3);

	if (!second)
		hypervisor(&w);
	*word_at(&w, at + 8) |= AMEC_108 | (ns ? NS_127 : 0);
	ck_assert_uint_eq(ask_with_codes(&w, second ? IPA : VA, W), ns ? SMMU3_OK : SMMU3_ABORT);
	if (!ns) {
		ck_assert_uint_eq(w.out.event, TRANSLATION);
		ck_assert_int_eq(w.out.fault_level, 3);
		ck_assert_uint_eq(w.out.fault_stage, second ? 2 : 1);
	}
	drop(&w);
}
END_TEST

/* HTTU-01: a pair is swapped in Realm memory, with the stream's MECID */
START_TEST(a_descriptor_is_updated_in_realm_memory)
{
	struct realm_world w = d128_world(S1_ONLY);

	w.cd[0] |= BIT(43) | BIT(42);
	put_pair(&w, at1(3), (PA_PAGE | LEAF | NDIRTY) & ~BIT(10), PI(1));
	expect_pa(&w, VA, W, PA, R);
	ck_assert_uint_eq(w.swap_count, 1);
	ck_assert_uint_eq(w.swapped.pas, R);
	ck_assert_uint_eq(w.swapped.mecid, MECID);
	ck_assert_uint_eq(w.swapped.pa, at1(3));
	ck_assert_uint_eq(*word_at(&w, at1(3)), PA_PAGE | LEAF);
	ck_assert_uint_eq(*word_at(&w, at1(3) + 8), PI(1));
	drop(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, bit_127_of_a_hypervisors_leaf_is_ns, 0, 3);
	tcase_add_test(tests, bit_127_of_a_realms_leaf_is_nothing);
	tcase_add_loop_test(tests, bit_127_of_a_leaf_of_stage_2_is_ns, 0, 4);
	tcase_add_loop_test(tests, bit_108_is_amec, 0, 4);
	tcase_add_test(tests, a_descriptor_is_updated_in_realm_memory);
}

int main(void)
{
	return run_suite("realm d128", add);
}
