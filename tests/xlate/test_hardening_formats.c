/* SPDX-License-Identifier: MIT */
/* Translation hardening of VMSAv9-128, of which Protected and AssuredOnly are always there; what
 * PnCH makes of bit 52; and what tours say of it.  3.27, D8.3.1.2, D8.3.2, D8.7.1 */
#include "d128_world.h"

#include <smmu/inspect.h>

#define PROTECTED HIGH(114)
#define AO HIGH(114)
#define STE_TL0 BIT(10)
#define PNCH BIT(58)
#define CONTIGUOUS BIT(52)
#define ASSUREDONLY BIT(43)

/* ---- VMSAv9-128 ---- */

/* RAM, with the CD and all tables of stage 1, is AssuredOnly, and of PIIndex 2; so are the data,
 * of PIIndex 1.  STE.AssuredOnly is 0. */
static struct world hardened128(void)
{
	struct world w = d128_world(NESTED);

	set_id(&w, 3, 21, 1, 1);
	w.ste[5] = STE_TL0;
	put_pair(&w, S2_TABLE(1) + 16 * 8, RAM_BASE | S2_LOW, SKL(2) | PI(2) | AO);
	put_pair(&w, at2(3), FAR_PAGE | S2_LOW, PI(1) | AO);
	for (int level = -1; level < 3; level++)
		put_pair(&w, at1(level), S1_TABLE(level + 1) | NEXT, PROTECTED);
	put_pair(&w, at1(3), IPA_PAGE | S1_LOW, PI(1) | PROTECTED);
	return w;
}

/* PIIndex 1 is RW, and 2 what it is for tables. */
static void begin(struct world *w, unsigned code)
{
	open_world(w);
	mmio(w, S2PII, 8, UINT64_C(12) << 4 | (uint64_t)code << 8);
}

/* NEST-18, STE-07, D128-06: bit 114 at both stages, without STE.AssuredOnly and CD.PnCH */
START_TEST(vmsav9_128_has_its_bits_always)
{
	struct world w = hardened128();

	begin(&w, 6);
	expect_pa(&w, VA, W, FAR_PAGE | OFFSET);
	close_world(&w);
}
END_TEST

/* NEST-18, D128-06: a table or the page is not Protected; the table that it leads to is refused */
START_TEST(a_descriptor_of_16_bytes_is_protected_or_not)
{
	const int level = _i - 1;
	struct world w = hardened128();

	*word_at(&w, at1(level) + 8) &= ~PROTECTED;
	begin(&w, 6);
	expect_event(&w, VA, 0, F_PERMISSION, 2, level < 3 ? 1 : 3);
	ck_assert_uint_eq(w.out.record.word[1], ASSUREDONLY | RNW | S2 |
							(level < 3 ? TTRNW | CLASS(SMMU3_CLASS_TT) :
								     CLASS(SMMU3_CLASS_IN)));
	close_world(&w);
}
END_TEST

/* NEST-18: the first table is no top level, or TL0 is 0; then the data alone are AssuredOnly */
START_TEST(walks_of_vmsav9_128_begin_as_others)
{
	struct world w = hardened128();

	if (_i == 1)
		w.ste[5] = 0;
	begin(&w, _i == 0 ? 2 : 6);
	expect_event(&w, VA, 0, F_PERMISSION, 2, 1);
	ck_assert_uint_eq(w.out.record.word[1],
			  (_i ? ASSUREDONLY : 0) | TTRNW | RNW | S2 | CLASS(SMMU3_CLASS_TT));
	close_world(&w);
}
END_TEST

/* D128-06, IDR-023: without THE bit 114 is ignored */
START_TEST(without_the_bit_114_says_nothing)
{
	struct world w = hardened128();

	set_id(&w, 3, 21, 1, 0);
	*word_at(&w, at1(0) + 8) &= ~PROTECTED;
	begin(&w, 12);
	expect_pa(&w, VA, W, FAR_PAGE | OFFSET);
	close_world(&w);
}
END_TEST

/* NEST-18: stage 1 of one format over stage 2 of the other, whose AssuredOnly STE.AssuredOnly
 * makes; the CD is not in AssuredOnly memory */
START_TEST(of_vmsav8_64_stage_2_the_ste_says_it)
{
	struct world w = d128_machine(NESTED);

	want_s1(&w, IPA_PAGE);
	set_id(&w, 3, 21, 1, 1);
	w.ste[5] = _i ? BIT(9) : 0;
	put(&w, slot2(3), PA_PAGE | S2_PAGE | BIT(58));
	begin(&w, 12);
	if (_i) {
		expect_event(&w, VA, 0, F_PERMISSION, 2, 3);
		ck_assert_uint_eq(w.out.record.word[1],
				  ASSUREDONLY | RNW | S2 | CLASS(SMMU3_CLASS_IN));
	} else {
		expect_pa(&w, VA, W, PA_PAGE | OFFSET);
	}
	close_world(&w);
}
END_TEST

/* ---- PnCH ---- */

/* The one mapping of stage 1. */
static int note_mapping(void *context, const struct smmu3_mapping *mapping)
{
	struct smmu3_mapping *last = context;

	*last = *mapping;
	return 0;
}

static struct world with_the(unsigned config)
{
	struct world w = httu_world(config);

	w.config.aidr = 3;
	set_id(&w, 0, 9, 1, 1);  /* Hyp */
	set_id(&w, 3, 13, 2, 3); /* E0PD, PTWNNC */
	set_id(&w, 3, 19, 1, 1); /* S2PI */
	set_id(&w, 3, 21, 1, 1);
	return w;
}

static bool is_contiguous(struct world *w, unsigned stage)
{
	struct smmu3_mapping last = { 0 };

	ck_assert_int_eq(smmu3_inspect_mappings(w->smmu, SMMU3_PAS_NS, SID, 0, stage, 1 << 20,
						note_mapping, &last),
			 0);
	ck_assert_uint_eq(last.input, stage == 1 ? VA - OFFSET : IPA_PAGE);
	return last.contiguous;
}

/* WALK-19, CD-03: with PnCH = 1 there is no Contiguous bit at stage 1; of stage 2 there is; without
 * THE there is no PnCH */
START_TEST(with_pnch_bit_52_joins_nothing)
{
	const bool pnch = _i & 1, the = _i & 2, second = _i & 4;
	struct world w = with_the(second ? S2_ONLY : S1_ONLY);

	set_id(&w, 3, 21, 1, the);
	w.cd[1] |= pnch ? PNCH : 0;
	*word_at(&w, second ? slot2(3) : slot1(3)) |= CONTIGUOUS;
	open_world(&w);
	ck_assert_uint_eq(is_contiguous(&w, second ? 2 : 1), second || !(pnch && the));
	expect_pa(&w, second ? IPA_PAGE : VA - OFFSET, W, PA_PAGE);
	close_world(&w);
}
END_TEST

/* ---- Tours ---- */

static int note_reach(void *context, const struct smmu3_reach *reach)
{
	bool *found = context;

	*found |= reach->perm && reach->pa == FAR_PAGE;
	return 0;
}

/* NEST-18: what is reached is what an access reaches: by an Assured translation, by another, with
 * no first table, by one that stage 1 does not make */
START_TEST(a_tour_reaches_what_an_access_does)
{
	static const bool reached[] = { true, false, false, false, true };
	struct world w = hardened128();
	struct smmu3_txn who = { .sid = SID };
	uint64_t budget = 1 << 20;
	bool found = false;

	if (_i == 1)
		*word_at(&w, at1(3) + 8) &= ~PROTECTED;
	if (_i >= 3)
		w.ste[0] = (w.ste[0] & ~UINT64_C(0xe)) | S2_ONLY << 1;
	if (_i == 4)
		*word_at(&w, at2(3) + 8) &= ~AO;
	begin(&w, _i == 2 ? 2 : 6);
	smmu3_inspect_reach(w.smmu, &who, &budget, note_reach, NULL, &found);
	ck_assert(found == reached[_i]);
	ask(&w, _i >= 3 ? IPA_PAGE : VA, 0);
	ck_assert_uint_eq(w.out.verdict, reached[_i] ? SMMU3_OK : SMMU3_ABORT);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, vmsav9_128_has_its_bits_always);
	tcase_add_loop_test(tests, a_descriptor_of_16_bytes_is_protected_or_not, 0, 5);
	tcase_add_loop_test(tests, walks_of_vmsav9_128_begin_as_others, 0, 2);
	tcase_add_test(tests, without_the_bit_114_says_nothing);
	tcase_add_loop_test(tests, of_vmsav8_64_stage_2_the_ste_says_it, 0, 2);
	tcase_add_loop_test(tests, with_pnch_bit_52_joins_nothing, 0, 8);
	tcase_add_loop_test(tests, a_tour_reaches_what_an_access_does, 0, 5);
}

int main(void)
{
	return run_suite("hardening_formats", add);
}
