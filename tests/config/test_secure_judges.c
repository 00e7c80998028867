/* SPDX-License-Identifier: MIT */
/* What makes STEs and CDs of Secure streams ILLEGAL, and what they are decoded to.  5.2.2, 5.4.2 */
#include "config/context.h"
#include "config/stream.h"
#include "judges.h"

enum { BYPASS = 4, S1_ONLY, S2_ONLY, NESTED };

/* Secure streams, of an SMMU without RME; sel2: with Secure EL2 and stage 2. */
static struct features secure_features(bool sel2)
{
	struct features features = plain_features();

	features.sec_sid = SMMU3_PAS_SECURE;
	features.secure_impl = true;
	features.el3 = true;
	features.s2p = features.hyp = features.sel2 = sel2;
	return features;
}

/* Stage 2 of both spaces from level 0 of 4KB tables, 48 bits. */
static struct ste secure_ste(unsigned config)
{
	return (struct ste){ {
		BIT(0) | (uint64_t)config << 1 | 0x1040,
		0,
		UINT64_C(16) << 32 | UINT64_C(2) << 38 | UINT64_C(5) << 48 | BIT(51),
		0x2000,
		UINT64_C(16) << 32 | UINT64_C(2) << 38,
		0,
		0x3000,
	} };
}

/* ---- StreamWorlds */

/* SW-03, STE-54: STRW by what there is; SEC-011, SEC-015 */
static const struct {
	unsigned strw;
	bool sel2, el3, e2h;
	enum why why;
	enum stream_world world;
} worlds[] = {
	{ 0, false, true, false, WHY_NONE, S_EL1 },
	{ 0, true, false, true, WHY_NONE, S_EL1 },
	{ 1, false, true, false, WHY_NONE, EL3 },
	{ 1, true, true, true, WHY_NONE, EL3 },
	{ 1, true, false, false, WHY_STE_STRW, S_EL1 },
	{ 1, false, false, false, WHY_STE_STRW, S_EL1 },
	{ 2, false, true, false, WHY_STE_STRW, S_EL1 },
	{ 2, true, true, false, WHY_NONE, S_EL2 },
	{ 2, true, true, true, WHY_NONE, S_EL2_E2H },
	{ 2, true, false, true, WHY_NONE, S_EL2_E2H },
	{ 3, true, true, false, WHY_STE_STRW, S_EL1 },
	{ 3, false, true, false, WHY_STE_STRW, S_EL1 },
};

START_TEST(strw_names_the_stream_world_of_a_secure_stream)
{
	struct features features = secure_features(worlds[_i].sel2);
	struct ste ste = secure_ste(S1_ONLY);
	struct stream stream;

	features.el3 = worlds[_i].el3;
	set_field(&ste.word[1], 30, 2, worlds[_i].strw);
	expect_why(ste_illegal(&features, &ste), worlds[_i].why, "row", (unsigned)_i);
	if (worlds[_i].why)
		return;
	stream_decode(&features, worlds[_i].e2h, &ste, &stream);
	ck_assert_uint_eq(stream.world, worlds[_i].world);
}
END_TEST

/* STE-54, SW-03: where stage 1 does not stand alone STRW does not count */
START_TEST(strw_is_ignored_where_stage_1_does_not_stand_alone)
{
	const struct features features = secure_features(true);
	static const unsigned configs[] = { BYPASS, S2_ONLY, NESTED };
	struct ste ste = secure_ste(configs[_i % 3]);
	struct stream stream;

	set_field(&ste.word[1], 30, 2, (unsigned)_i / 3);
	expect_why(ste_illegal(&features, &ste), WHY_NONE, "row", (unsigned)_i);
	stream_decode(&features, true, &ste, &stream);
	ck_assert_uint_eq(stream.world, S_EL1);
}
END_TEST

/* TLB-01, TLB-02, SEC-011, SW-05: what each has.  A Non-secure STE's STRW = 1 stays ILLEGAL */
START_TEST(each_world_is_of_one_state)
{
	static const struct {
		enum stream_world world;
		uint8_t sec_sid;
		bool two_ranges, asids, vmids;
	} rows[] = {
		{ NS_EL1, 0, true, true, true },      { NS_EL2, 0, false, false, false },
		{ NS_EL2_E2H, 0, true, true, false }, { S_EL1, 1, true, true, true },
		{ S_EL2, 1, false, false, false },    { S_EL2_E2H, 1, true, true, false },
		{ EL3, 1, false, false, false },
	};

	for (unsigned i = 0; i < ROWS(rows); i++) {
		const struct stream_world_facts *facts = &stream_worlds[rows[i].world];

		ck_assert_uint_eq(facts->sec_sid, rows[i].sec_sid);
		ck_assert_int_eq(facts->two_ranges, rows[i].two_ranges);
		ck_assert_int_eq(facts->asids, rows[i].asids);
		ck_assert_int_eq(facts->vmids, rows[i].vmids);
	}
}
END_TEST

/* ---- VMIDs */

/* STE-29, STE-75, TLB-07, SEC-012: a Secure VMID counts where stage 2 is on; a 16-bit one is then
 * ILLEGAL with 8 bits, and elsewhere nothing */
START_TEST(a_secure_stream_has_its_vmid_where_stage_2_is_on)
{
	const unsigned config = BYPASS + (unsigned)_i;
	const bool counts = config == S2_ONLY || config == NESTED;
	struct features features = secure_features(true);
	struct ste ste = secure_ste(config);
	struct stream stream;

	set_field(&ste.word[2], 0, 16, 0x105);
	stream_decode(&features, false, &ste, &stream);
	ck_assert_uint_eq(stream.stage2.regime.vmid, counts ? 0x105 : 0);
	ck_assert_uint_eq(stream.stage2.regime.world, S_EL1);
	features.vmid16 = false;
	expect_why(ste_illegal(&features, &ste), counts ? WHY_STE_S2VMID : WHY_NONE, "config",
		   config);
}
END_TEST

/* ---- Other fields */

/* STE-45, SEC-011 */
START_TEST(secure_stage_2_needs_sel2)
{
	const struct features without = secure_features(false), with = secure_features(true);
	const struct ste ste = secure_ste(S2_ONLY + (unsigned)_i);

	expect_why(ste_illegal(&without, &ste), WHY_STE_S2P, "config", (unsigned)_i);
	expect_why(ste_illegal(&with, &ste), WHY_NONE, "config", (unsigned)_i);
}
END_TEST

/* STE-71, S2-07, STE-46: fields of the tree of Secure IPAs, which are judged as those of the other
 * are, by the same rules, and where stage 2 is on */
static const struct {
	struct change bad;
	enum why why;
} s2_rules[] = {
	{ { AT(4, 47, 46), 3 }, WHY_STE_S_S2TG },    { { AT(4, 37, 32), 15 }, WHY_STE_S_S2T0SZ },
	{ { AT(4, 37, 32), 40 }, WHY_STE_S_S2T0SZ }, { { AT(4, 39, 38), 0 }, WHY_STE_S_S2SL0 },
	{ { AT(4, 39, 38), 3 }, WHY_STE_S_S2SL0 },   { { AT(6, 48, 48), 1 }, WHY_STE_S_S2TTB },
	{ { AT(2, 47, 46), 3 }, WHY_STE_S2TG },      { { AT(2, 37, 32), 15 }, WHY_STE_S2T0SZ },
	{ { AT(2, 39, 38), 0 }, WHY_STE_S2SL0 },     { { AT(3, 48, 48), 1 }, WHY_STE_S2TTB },
	{ { AT(2, 51, 51), 0 }, WHY_STE_S2AA64 }, /* VMSAv8-32, which Secure streams have not */
};

START_TEST(both_trees_of_a_secure_stream_are_judged)
{
	struct features features = secure_features(true);

	features.ttf_lpae = true;
	for (unsigned config = BYPASS; config <= NESTED; config++) {
		struct ste ste = secure_ste(config);
		const bool counts = config == S2_ONLY || config == NESTED;

		expect_why(ste_illegal(&features, &ste), WHY_NONE, "config", config);
		change(ste.word, s2_rules[_i].bad.at, s2_rules[_i].bad.value);
		expect_why(ste_illegal(&features, &ste), counts ? s2_rules[_i].why : WHY_NONE,
			   "config", config);
	}
}
END_TEST

/* STE-71: fields of Secure IPAs are nothing to a Non-secure stream, which may have VMSAv8-32 */
START_TEST(a_non_secure_stream_has_one_tree)
{
	struct features features = plain_features();
	struct ste ste = secure_ste(NESTED);

	features.ttf_lpae = true;
	change(ste.word, AT(2, 39, 32), 1 << 6 | 24); /* 40 bits from level 1 in either format */
	if (s2_rules[_i].why == WHY_STE_S_S2TG || s2_rules[_i].why == WHY_STE_S_S2TTB ||
	    s2_rules[_i].why == WHY_STE_S_S2T0SZ || s2_rules[_i].why == WHY_STE_S_S2SL0 ||
	    s2_rules[_i].why == WHY_STE_S2AA64)
		change(ste.word, s2_rules[_i].bad.at, s2_rules[_i].bad.value);
	expect_why(ste_illegal(&features, &ste), WHY_NONE, "row", (unsigned)_i);
}
END_TEST

/* STE-40: what the tree of Secure IPAs has of its own, and what is common: S2SW and S2SA do not
 * touch S2NSW and S2NSA, nor S2DS, bit 195 */
START_TEST(a_tree_of_secure_ipas_has_the_fields_of_secure_ipas)
{
	struct ste ste = secure_ste(NESTED);

	ste.word[3] = UINT64_C(0x0000123456789000) | BIT(1) | BIT(3);
	ste.word[4] = UINT64_C(0x8059) << 32; /* S_S2TG 2, S_S2SL0 1, S_S2T0SZ 25 */
	ste.word[6] = UINT64_C(0x2000fedcba987000) | BIT(0) | BIT(2);
	const struct ste of = ste_for_secure_ipas(&ste);

	ck_assert_uint_eq(of.word[2] >> 32 & 0xffff, 0x8059);
	ck_assert_uint_eq(of.word[2] >> 48, ste.word[2] >> 48);
	ck_assert_uint_eq(of.word[3], UINT64_C(0x2000fedcba987000) | BIT(1) | BIT(2) | BIT(3));
}
END_TEST

/* STE-53, ATS-03: whatever EATS says, there is no ATS, as features of Secure streams have none */
START_TEST(eats_of_a_secure_ste_is_not_looked_at)
{
	const struct features features = secure_features(true);
	struct ste ste = secure_ste(NESTED);
	struct stream stream;

	set_field(&ste.word[1], 28, 2, (unsigned)_i);
	expect_why(ste_illegal(&features, &ste), WHY_NONE, "EATS", (unsigned)_i);
	stream_decode(&features, false, &ste, &stream);
	ck_assert_uint_eq(stream.eats, STE_EATS_DISABLED);
}
END_TEST

/* ---- Context descriptors */

/* AA64, EPD1, V, ASID, T0SZ 16, IPS 48 bits, A */
static struct cd secure_cd(void)
{
	return (struct cd){ { 16 | BIT(30) | BIT(31) | UINT64_C(5) << 32 | BIT(41) | BIT(46),
			      0x4000 } };
}

/* CD-33, SW-06: VMSAv8-32 for Secure EL1 alone.  CD-36: a 16-bit ASID is nothing where there are
 * none. VMSAv9-128 for all but S-EL2 */
static const struct {
	enum stream_world world;
	bool lpae, asid, d128;
} formats[] = {
	{ S_EL1, true, false, true },
	{ S_EL2, false, true, false },
	{ S_EL2_E2H, false, false, true },
	{ EL3, false, true, true },
};

START_TEST(formats_and_asids_of_a_secure_cd_are_its_worlds)
{
	const struct stream stream = { .stage1 = true, .world = formats[_i].world, .s1pie = true };
	struct features features = secure_features(true);
	struct cd cd = secure_cd();

	features.asid16 = false;
	features.ttf_lpae = true;
	expect_why(cd_illegal(&features, &stream, &cd), WHY_NONE, "world", (unsigned)_i);
	set_field(&cd.word[0], 48, 16, 0x100);
	expect_why(cd_illegal(&features, &stream, &cd), formats[_i].asid ? WHY_NONE : WHY_CD_ASID,
		   "world", (unsigned)_i);
	set_field(&cd.word[0], 48, 16, 1);
	set_field(&cd.word[0], 41, 1, 0);
	expect_why(cd_illegal(&features, &stream, &cd), formats[_i].lpae ? WHY_NONE : WHY_CD_AA64,
		   "world", (unsigned)_i);
	features.d128 = true;
	expect_why(cd_illegal(&features, &stream, &cd), formats[_i].d128 ? WHY_NONE : WHY_CD_D128,
		   "world", (unsigned)_i);
}
END_TEST

/* 5.4 T0SZ: a VMSAv9-128 table of EL3 may have 56 bits of VA, T0SZ 8; others begin at 9 */
START_TEST(el3_has_the_largest_addresses)
{
	const struct stream el1 = { .stage1 = true, .world = S_EL1, .s1pie = true };
	const struct stream el3 = { .stage1 = true, .world = EL3, .s1pie = true };
	struct features features = secure_features(true);
	struct cd cd = secure_cd();

	features.d128 = true;
	features.va_bits = 56;
	set_field(&cd.word[0], 41, 1, 0);
	set_field(&cd.word[0], 0, 6, 8);
	expect_why(cd_illegal(&features, &el1, &cd), WHY_CD_T0SZ, "EL1", 8);
	expect_why(cd_illegal(&features, &el3, &cd), WHY_NONE, "EL3", 8);
	set_field(&cd.word[0], 0, 6, 7);
	expect_why(cd_illegal(&features, &el3, &cd), WHY_CD_T0SZ, "EL3", 7);
	set_field(&cd.word[0], 0, 6, 9);
	expect_why(cd_illegal(&features, &el1, &cd), WHY_NONE, "EL1", 9);
}
END_TEST

/* ADR-09, 3.4.1: of 56 bits TTB0 has bit 55, too; bits 63:56 are its copies, with TBI anything.  Of
 * 55 it has none */
START_TEST(a_region_of_56_bits_has_bit_55)
{
	const struct stream stream = { .stage1 = true, .world = EL3, .s1pie = true };
	struct features features = secure_features(true);
	struct cd cd = secure_cd();

	features.d128 = true;
	features.va_bits = 56;
	set_field(&cd.word[0], 41, 1, 0);
	for (unsigned tsz = 8; tsz <= 9; tsz++)
		for (unsigned tbi = 0; tbi < 2; tbi++) {
			struct context context;
			const struct table *const half = context.stage1.half;

			set_field(&cd.word[0], 0, 6, tsz);
			set_field(&cd.word[0], 38, 1, tbi);
			context_decode(&features, &stream, &cd, &context);
			ck_assert_int_eq(half[0].disabled, WHY_NONE);
			ck_assert_int_eq(half[1].disabled, tsz == 8 ? WHY_NONE : WHY_S1_ONE_RANGE);
			if (tsz != 8)
				continue;
			ck_assert(half[1].walk == half[0].walk);
			ck_assert_uint_eq(half[1].root, half[0].root);
			ck_assert(stage1_in_range(&context.stage1, &half[1], ~UINT64_C(0)));
			ck_assert(stage1_in_range(&context.stage1, &half[0], BIT(55) - 1));
			ck_assert_int_eq(stage1_in_range(&context.stage1, &half[1], BIT(55)), tbi);
			ck_assert_int_eq(stage1_in_range(&context.stage1, &half[0], BIT(60)), tbi);
		}
}
END_TEST

/* STE-55, CD-31: of S_IDR0.STALL_MODEL, which features of Secure streams have */
START_TEST(stalls_of_a_secure_stream_are_of_its_stall_model)
{
	const struct stream stream = { .stage1 = true, .world = S_EL1 };
	struct features features = secure_features(false);
	struct ste ste = secure_ste(S1_ONLY);
	struct cd cd = secure_cd();

	features.stall_model = STALLS_ABSENT;
	set_field(&ste.word[1], 27, 1, 1);
	set_field(&cd.word[0], 44, 1, 1);
	expect_why(ste_illegal(&features, &ste), WHY_STE_S1STALLD, "model", 1);
	expect_why(cd_illegal(&features, &stream, &cd), WHY_CD_S, "model", 1);
	features.stall_model = STALLS_ALLOWED;
	expect_why(ste_illegal(&features, &ste), WHY_NONE, "model", 0);
	expect_why(cd_illegal(&features, &stream, &cd), WHY_NONE, "model", 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("secure judges");
	TCase *tests = tcase_create("secure judges");

	tcase_add_loop_test(tests, strw_names_the_stream_world_of_a_secure_stream, 0, ROWS(worlds));
	tcase_add_loop_test(tests, strw_is_ignored_where_stage_1_does_not_stand_alone, 0, 12);
	tcase_add_test(tests, each_world_is_of_one_state);
	tcase_add_loop_test(tests, a_secure_stream_has_its_vmid_where_stage_2_is_on, 0, 4);
	tcase_add_loop_test(tests, secure_stage_2_needs_sel2, 0, 2);
	tcase_add_loop_test(tests, both_trees_of_a_secure_stream_are_judged, 0, ROWS(s2_rules));
	tcase_add_loop_test(tests, a_non_secure_stream_has_one_tree, 0, ROWS(s2_rules));
	tcase_add_test(tests, a_tree_of_secure_ipas_has_the_fields_of_secure_ipas);
	tcase_add_loop_test(tests, eats_of_a_secure_ste_is_not_looked_at, 0, 4);
	tcase_add_loop_test(tests, formats_and_asids_of_a_secure_cd_are_its_worlds, 0,
			    ROWS(formats));
	tcase_add_test(tests, el3_has_the_largest_addresses);
	tcase_add_test(tests, a_region_of_56_bits_has_bit_55);
	tcase_add_test(tests, stalls_of_a_secure_stream_are_of_its_stall_model);
	suite_add_tcase(suite, tests);
	return run_checks(suite);
}
