/* SPDX-License-Identifier: MIT */
/* Where walks may begin, and translation hardening beside what else there is: other formats, stage
 * 1 that is passed by, ATS.  3.27, D8.2.7.4. */
#include "hardening_world.h"
#include "support/ats_world.h"

#define IPA40_OF(page) (IPA_OF(page) & (BIT(39) - 1)) /* leads to the same */
#define VA32 UINT64_C(0x80605128)                     /* indices 2, 3, 5 */
#define UPPER_VA (VA | ~(BIT(48) - 1))

static void expect_refused_top(struct hardened *h, uint64_t va)
{
	begin(h);
	expect_event(&h->w, va, 0, F_PERMISSION, 2, 3);
	expect_record(&h->w, va, TTRNW | RNW | S2 | CLASS(SMMU3_CLASS_TT), IPA_OF(OF_TABLE(0)));
}

/* ---- Top levels ---- */

/* D8-14: by TL0, TL1, and what S2PII says of the first table of TTB0: { TopLevel0, TopLevel1 } */
static bool refuses_ttb0(bool tl0, bool tl1, unsigned code)
{
	const bool top0 = code == MRO_TL0 || code == MRO_TL01;

	return tl0 ? !top0 : tl1 && code == MRO_TL1;
}

/* D8-15 */
static bool refuses_ttb1(bool tl0, bool tl1, unsigned code)
{
	const bool top1 = code == MRO_TL1 || code == MRO_TL01;

	return tl1 ? !top1 : tl0 && code == MRO_TL0;
}

/* NEST-18: both tables, whole; nothing is AssuredOnly */
START_TEST(a_walk_begins_where_stage_2_lets_it)
{
	static const uint8_t codes[] = { MRO, MRO_TL1, MRO_TL0, MRO_TL01, RO, RW };
	const bool upper = _i & 1, tl0 = _i & 2, tl1 = _i & 4;
	const unsigned code = codes[_i >> 3];
	const uint64_t va = upper ? UPPER_VA : VA;
	struct hardened h = hardened(0);

	h.w.ste[5] = (tl0 ? TL0 : 0) | (tl1 ? TL1 : 0);
	h.w.cd[0] |= UINT64_C(16) << 16 | UINT64_C(2) << 22; /* T1SZ 16, TG1 4KB */
	h.w.cd[0] &= ~BIT(30);                               /* EPD1 */
	h.w.cd[2] = h.w.cd[1];
	set_code(&h, OF_TABLE(0), code);
	if (upper ? refuses_ttb1(tl0, tl1, code) : refuses_ttb0(tl0, tl1, code)) {
		expect_refused_top(&h, va);
	} else {
		begin(&h);
		expect_pa(&h.w, va, 0, PA_PAGE | OFFSET);
	}
	close_world(&h.w);
}
END_TEST

/* NEST-18: of TTB1 TL1 makes the first lookup Assured, and TL0 does not */
START_TEST(each_half_begins_assured_by_its_own_bit)
{
	struct hardened h = hardened(0);

	h.w.ste[5] = STE_AO | (_i ? TL1 : 0);
	h.w.cd[0] |= UINT64_C(16) << 16 | UINT64_C(2) << 22;
	h.w.cd[0] &= ~BIT(30);
	h.w.cd[2] = h.w.cd[1] & ~PNCH;
	set_code(&h, OF_TABLE(0), MRO_TL01);
	begin(&h);
	if (_i)
		expect_pa(&h.w, UPPER_VA, 0, PA_PAGE | OFFSET);
	else
		expect_event(&h.w, UPPER_VA, 0, F_PERMISSION, 2, 3);
	expect_event(&h.w, VA, 0, F_PERMISSION, 2, 3);
	close_world(&h.w);
}
END_TEST

/* NEST-18: of the first lookup alone */
START_TEST(other_tables_need_be_no_top_level)
{
	struct hardened h = hardened(0);

	set_code(&h, OF_TABLE(1 + _i), MRO_TL1);
	expect_data(&h);
	close_world(&h.w);
}
END_TEST

/* PERM-30, PERM-31: the top level comes before AssuredOnly, overlay and base; none is told */
START_TEST(the_top_level_comes_before_everything)
{
	struct hardened h = hardened(S2POE);

	map(&h, OF_CD, CD_PAGE, RO, 0);
	put(&h.w, LEAF_OF(OF_TABLE(0)), S1_TABLE(0) | leaf_of(OF_TABLE(0), 1) | AO);
	set_code(&h, OF_TABLE(0), _i ? 0 : RW);
	h.w.ste[7] = code_at(15, 15);
	expect_refused_top(&h, VA);
	close_world(&h.w);
}
END_TEST

/* NEST-18, D8-83: an overlay may give it; and RO takes it away */
START_TEST(an_overlay_says_where_a_walk_begins)
{
	static const struct {
		unsigned base, overlay;
		bool begins;
	} row[] = {
		{ MRO, MRO_TL0, true }, { MRO_TL0, RW, true },       { RW, MRO_TL01, true },
		{ MRO_TL0, RO, false }, { MRO_TL1, MRO_TL0, true },  { MRO_TL1, MRO, false },
		{ MRO_TL0, 4, false },  { MRO_TL01, MRO_TL1, true },
	};
	struct hardened h = hardened(S2POE);

	put(&h.w, LEAF_OF(OF_TABLE(0)), S1_TABLE(0) | leaf_of(OF_TABLE(0), 1));
	set_code(&h, OF_TABLE(0), row[_i].base);
	h.w.ste[7] = code_at(15, 15) | code_at(1, row[_i].overlay);
	if (row[_i].begins)
		expect_data(&h);
	else
		expect_refused_top(&h, VA);
	close_world(&h.w);
}
END_TEST

/* ---- Stage 1 that is passed by ---- */

/* NEST-18: by STE.Config, by STE.S1DSS */
START_TEST(without_stage_1_nothing_is_assured)
{
	const bool assured_only = _i & 1, by_config = _i & 2;
	struct hardened h = hardened(0);

	map(&h, OF_DATA, PA_PAGE, RW, assured_only ? AO : 0);
	h.w.ste[0] = BIT(0) | (by_config ? UINT64_C(2) * S2_ONLY : UINT64_C(2) * NESTED) |
		     IPA_OF(OF_CD) | (by_config ? 0 : UINT64_C(2) << 59);
	h.w.ste[1] |= 1; /* S1DSS: bypass */
	begin(&h);
	if (assured_only) {
		expect_event(&h.w, IPA_OF(OF_DATA) | OFFSET, W, F_PERMISSION, 2, 3);
		expect_record(&h.w, IPA_OF(OF_DATA) | OFFSET,
			      ASSUREDONLY | S2 | CLASS(SMMU3_CLASS_IN), IPA_OF(OF_DATA));
	} else {
		expect_pa(&h.w, IPA_OF(OF_DATA) | OFFSET, W, PA_PAGE | OFFSET);
	}
	close_world(&h.w);
}
END_TEST

/* ---- Formats ---- */

/* VA32 goes through tables 1 to 3. */
static struct hardened in_vmsav8_32(void)
{
	struct hardened h = hardened(0);

	set_id(&h.w, 0, 2, 2, 3); /* TTF */
	set_field(&h.w.cd[0], 0, 6, 0);
	h.w.cd[0] &= ~BIT(41); /* AA64 */
	h.w.cd[1] = IPA40_OF(OF_TABLE(1)) | PNCH;
	put(&h.w, S1_TABLE(1) + 8 * 2, IPA40_OF(OF_TABLE(2)) | TABLE | PROTECTED);
	put(&h.w, S1_TABLE(2) + 8 * 3, IPA40_OF(OF_TABLE(3)) | TABLE | PROTECTED);
	put(&h.w, slot1(3), IPA40_OF(OF_DATA) | S1_PAGE | PROTECTED);
	set_code(&h, OF_TABLE(1), MRO_TL0);
	return h;
}

/* NEST-18: tables of VMSAv8-32 have no Protected bit, and a top level */
START_TEST(tables_of_vmsav8_32_are_never_assured)
{
	struct hardened h = in_vmsav8_32();

	if (_i == 0)
		set_code(&h, OF_TABLE(1), MRO);
	if (_i == 2)
		map(&h, OF_DATA, PA_PAGE, RW, 0);
	begin(&h);
	if (_i == 2) {
		expect_pa(&h.w, VA32, W, PA_PAGE | OFFSET);
	} else {
		expect_event(&h.w, VA32, 0, F_PERMISSION, 2, 3);
		ck_assert_uint_eq(h.w.out.record.word[1],
				  RNW | S2 |
					  (_i ? ASSUREDONLY | CLASS(SMMU3_CLASS_IN) :
						TTRNW | CLASS(SMMU3_CLASS_TT)));
	}
	close_world(&h.w);
}
END_TEST

/* NEST-18: J1 AArch32.S1WalkLD */
START_TEST(the_first_table_of_vmsav8_32_is_not_assured)
{
	struct hardened h = in_vmsav8_32();

	map(&h, OF_TABLE(1), S1_TABLE(1), MRO_TL0, AO);
	begin(&h);
	expect_event(&h.w, VA32, 0, F_PERMISSION, 2, 3);
	ck_assert_uint_eq(h.w.out.record.word[1],
			  ASSUREDONLY | TTRNW | RNW | S2 | CLASS(SMMU3_CLASS_TT));
	close_world(&h.w);
}
END_TEST

/* ---- ATS ---- */

static struct hardened asking(unsigned eats)
{
	struct hardened h = hardened(0);

	set_id(&h.w, 0, 10, 1, 1);
	h.w.ste[1] |= (uint64_t)eats << 28;
	h.w.txn.ats = SMMU3_ATS_REQUEST;
	return h;
}

/* NEST-18: Success with R = W = 0; of data and of a table */
START_TEST(a_request_that_is_not_assured_is_granted_nothing)
{
	struct hardened h = asking(EATS_FULL);

	if (_i == 1)
		*word_at(&h.w, slot1(3)) &= ~PROTECTED;
	if (_i == 2)
		map(&h, OF_TABLE(2), S1_TABLE(2), RW, AO), *word_at(&h.w, slot1(1)) &= ~PROTECTED;
	begin(&h);
	if (_i)
		expect_no_access(&h.w, VA, NW0);
	else
		expect_completion(&h.w, NW0, GETS_R | GETS_W);
	close_world(&h.w);
}
END_TEST

/* NEST-18: with split-stage ATS the request was asked */
START_TEST(a_translated_access_may_be_to_what_is_assured_only)
{
	struct hardened h = asking(EATS_SPLIT);

	begin(&h);
	reopen(&h.w, CR0_OPEN | CR0_ATSCHK, CR2_RECINVSID);
	h.w.txn.ats = SMMU3_ATS_TRANSLATED;
	expect_pa(&h.w, IPA_OF(OF_DATA) | OFFSET, W, PA_PAGE | OFFSET);
	close_world(&h.w);
}
END_TEST

/* NEST-18, ATS-17: what such a request is told is the IPA, if it is Assured */
START_TEST(a_split_stage_request_is_asked_for_both_stages)
{
	struct hardened h = asking(EATS_SPLIT);

	if (_i)
		*word_at(&h.w, slot1(3)) &= ~PROTECTED;
	begin(&h);
	reopen(&h.w, CR0_OPEN | CR0_ATSCHK, CR2_RECINVSID);
	if (_i) {
		expect_no_access(&h.w, VA, NW0);
	} else {
		expect_completion(&h.w, NW0, GETS_R | GETS_W);
		ck_assert_uint_eq(h.w.out.pa, IPA_OF(OF_DATA) | OFFSET);
	}
	close_world(&h.w);
}
END_TEST

/* ---- ATOS ---- */

static uint64_t par_of(struct hardened *h, uint64_t address, unsigned type)
{
	uint64_t par = 0;

	mmio(&h->w, 0x108, 8, SID);
	mmio(&h->w, 0x110, 8, (address & ~UINT64_C(0xfff)) | (uint64_t)type << 10);
	mmio(&h->w, 0x100, 4, 1);
	ck_assert_int_eq(smmu3_mmio_read(h->w.smmu, SMMU3_PAS_NS, 0x118, 8, &par), 0);
	return par;
}

/* NEST-18, ATO-011: F_PERMISSION of stage 2, of its input; of an IPA, too, which no stage 1 vouches
 * for */
START_TEST(atos_is_refused_as_an_access_is)
{
	enum { FAULT = 1, IN = 3 << 1, PERMISSION = 0x13 << 4, STAGE2 = 2, BOTH = 3 };
	const bool ipa = _i & 1, assured = _i & 2;
	struct hardened h = hardened(0);
	uint64_t par;

	set_id(&h.w, 0, 15, 1, 1);
	if (!assured && !ipa)
		*word_at(&h.w, slot1(3)) &= ~PROTECTED;
	if (assured && ipa)
		map(&h, OF_DATA, PA_PAGE, RW, 0);
	begin(&h);
	par = par_of(&h, ipa ? IPA_OF(OF_DATA) : VA, ipa ? STAGE2 : BOTH);
	if (assured)
		ck_assert_uint_eq(par & UINT64_C(0xfffffffff001),
				  PA_PAGE & UINT64_C(0xfffffffff000));
	else
		ck_assert_uint_eq(par, (ipa ? 0 : IPA_OF(OF_DATA)) | PERMISSION | IN | FAULT);
	close_world(&h.w);
}
END_TEST

/* ---- Prefetch ---- */

/* PERM-30: a prefetch that would not be let in is none */
START_TEST(a_prefetch_of_what_is_not_assured_is_no_operation)
{
	struct hardened h = hardened(0);

	h.w.ste[1] |= BIT(17); /* DCP */
	h.w.txn.txn_class = SMMU3_CLASS_PREFETCH;
	*word_at(&h.w, slot1(3)) &= ~(_i ? PROTECTED : 0);
	begin(&h);
	ask(&h.w, VA, 0);
	ck_assert_uint_eq(h.w.out.verdict, _i ? SMMU3_NO_OP : SMMU3_OK);
	close_world(&h.w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_walk_begins_where_stage_2_lets_it, 0, 48);
	tcase_add_loop_test(tests, each_half_begins_assured_by_its_own_bit, 0, 2);
	tcase_add_loop_test(tests, other_tables_need_be_no_top_level, 0, 3);
	tcase_add_loop_test(tests, the_top_level_comes_before_everything, 0, 2);
	tcase_add_loop_test(tests, an_overlay_says_where_a_walk_begins, 0, 8);
	tcase_add_loop_test(tests, without_stage_1_nothing_is_assured, 0, 4);
	tcase_add_loop_test(tests, tables_of_vmsav8_32_are_never_assured, 0, 3);
	tcase_add_test(tests, the_first_table_of_vmsav8_32_is_not_assured);
	tcase_add_loop_test(tests, a_request_that_is_not_assured_is_granted_nothing, 0, 3);
	tcase_add_test(tests, a_translated_access_may_be_to_what_is_assured_only);
	tcase_add_loop_test(tests, a_split_stage_request_is_asked_for_both_stages, 0, 2);
	tcase_add_loop_test(tests, atos_is_refused_as_an_access_is, 0, 4);
	tcase_add_loop_test(tests, a_prefetch_of_what_is_not_assured_is_no_operation, 0, 2);
}

int main(void)
{
	return run_suite("hardening_paths", add);
}
