/* SPDX-License-Identifier: MIT */
/* What makes STEs and CDs of Realm streams ILLEGAL, and what they are decoded to.  5.2.2, 5.4.2 */
#include "config/context.h"
#include "config/stream.h"
#include "judges.h"

enum { BYPASS = 4, S1_ONLY, S2_ONLY, NESTED };

static struct features realm_features(void)
{
	struct features features = plain_features();

	features.sec_sid = SMMU3_PAS_REALM;
	features.realm_impl = features.hyp = features.ats = features.dpt = true;
	features.stall_model = STALLS_ABSENT;
	features.mec = true;
	features.mecid_bits = 12;
	return features;
}

/* Stage 2 from level 0 of 4KB tables, 48 bits. */
static struct ste realm_ste(unsigned config)
{
	return (struct ste){ {
		BIT(0) | (uint64_t)config << 1 | 0x1040,
		0,
		UINT64_C(16) << 32 | UINT64_C(2) << 38 | UINT64_C(5) << 48 | BIT(51),
		0x2000,
	} };
}

/* AA64, EPD1, V, ASID, T0SZ 16, IPS 48 bits, A */
static struct cd realm_cd(void)
{
	return (struct cd){ { 16 | BIT(30) | BIT(31) | UINT64_C(5) << 32 | BIT(41) | BIT(46),
			      0x4000 } };
}

static struct stream decoded(const struct features *features, bool e2h, const struct ste *ste)
{
	struct stream stream;

	expect_why(ste_illegal(features, ste), WHY_NONE, "decoded", 0);
	stream_decode(features, e2h, ste, &stream);
	return stream;
}

/* ---- StreamWorlds */

/* SW-04, STE-54: STRW counts where stage 1 stands alone; 0bx1 is then ILLEGAL */
START_TEST(strw_names_the_stream_world_of_a_realm_stream)
{
	const unsigned config = BYPASS + (unsigned)_i / 8, strw = (unsigned)_i / 2 % 4;
	const bool e2h = _i % 2, counts = config == S1_ONLY;
	const struct features features = realm_features();
	struct ste ste = realm_ste(config);
	enum stream_world expected = R_EL1;

	set_field(&ste.word[1], 30, 2, strw);
	if (counts && strw % 2) {
		expect_why(ste_illegal(&features, &ste), WHY_STE_STRW, "STRW", strw);
		return;
	}
	if (counts && strw == 2)
		expected = e2h ? R_EL2_E2H : R_EL2;
	ck_assert_uint_eq(decoded(&features, e2h, &ste).world, expected);
}
END_TEST

/* TLB-01, TLB-02, SW-05, SW-06, RLM-008: what each has */
START_TEST(each_realm_world_has_what_a_non_secure_one_has_but_lpae)
{
	for (unsigned i = 0; i < 3; i++) {
		const struct stream_world_facts *ns = &stream_worlds[NS_EL1 + i],
						*realm = &stream_worlds[R_EL1 + i];

		ck_assert_uint_eq(realm->sec_sid, 2);
		ck_assert_int_eq(realm->two_ranges, i != 1);
		ck_assert_int_eq(realm->asids, i != 1);
		ck_assert_int_eq(realm->vmids, i == 0);
		ck_assert_int_eq(realm->d128, i != 1);
		ck_assert(!realm->lpae);
		ck_assert_uint_eq(realm->bit, ns->bit);
	}
}
END_TEST

/* STE-29, STE-75, TLB-07: S2VMID counts for EL1, whether stage 2 is on or not */
START_TEST(a_realm_el1_stream_has_its_vmid_without_stage_2_too)
{
	const unsigned config = S1_ONLY + (unsigned)_i % 3;
	const bool el2 = _i / 3, counts = !(el2 && config == S1_ONLY);
	struct features features = realm_features();
	struct ste ste = realm_ste(config);
	const struct cd cd = realm_cd();
	struct context context;

	set_field(&ste.word[1], 30, 2, el2 ? 2 : 0);
	set_field(&ste.word[2], 0, 16, 0x105);
	const struct stream stream = decoded(&features, false, &ste);

	if (stream.stage1) {
		context_decode(&features, &stream, &cd, &context);
		ck_assert_uint_eq(context.stage1.regime.vmid, counts ? 0x105 : 0);
		ck_assert_uint_eq(context.stage1.regime.world, stream.world);
	}
	ck_assert_uint_eq(stream.stage2.regime.world, R_EL1);
	features.vmid16 = false;
	expect_why(ste_illegal(&features, &ste), counts ? WHY_STE_S2VMID : WHY_NONE, "config",
		   config);
}
END_TEST

/* ---- Stage 2 */

/* STE-46, RLM-008: no VMSAv8-32 at stage 2.  RLM-003, STE-61: no stalls.  STE-47, STE-49: EATS.
 * STE-52: DPT_VMATCH, where EATS is 0b11 and there is a DPT */
static const struct {
	unsigned config;
	struct change bad, more;
	struct feature has[2];
	enum why why;
} rules[] = {
	{ S2_ONLY, { AT(2, 51, 51), 0 }, { 0 }, { HAS(ttf_lpae, 1) }, WHY_STE_S2AA64 },
	{ NESTED, { AT(2, 51, 51), 0 }, { 0 }, { HAS(ttf_lpae, 1) }, WHY_STE_S2AA64 },
	{ S1_ONLY, { AT(2, 51, 51), 0 }, { 0 }, { HAS(ttf_lpae, 1) }, WHY_NONE },
	{ S2_ONLY, { AT(2, 57, 57), 1 }, { 0 }, { { 0 } }, WHY_STE_S2S },
	{ S1_ONLY, { AT(2, 57, 57), 1 }, { 0 }, { { 0 } }, WHY_NONE },
	{ S1_ONLY, { AT(1, 27, 27), 1 }, { 0 }, { { 0 } }, WHY_STE_S1STALLD },
	{ NESTED, { AT(1, 27, 27), 1 }, { 0 }, { { 0 } }, WHY_STE_S1STALLD },
	{ S2_ONLY, { AT(1, 27, 27), 1 }, { 0 }, { { 0 } }, WHY_NONE },
	{ NESTED, { AT(1, 29, 28), 2 }, { 0 }, { { 0 } }, WHY_NONE },
	{ NESTED, { AT(1, 29, 28), 2 }, { 0 }, { HAS(ns1ats, 1) }, WHY_STE_EATS_SPLIT },
	{ S1_ONLY, { AT(1, 29, 28), 2 }, { 0 }, { { 0 } }, WHY_STE_EATS_SPLIT },
	{ S1_ONLY, { AT(1, 29, 28), 2 }, { 0 }, { HAS(ats, 0) }, WHY_NONE },
	{ S1_ONLY, { AT(1, 29, 28), 3 }, { 0 }, { { 0 } }, WHY_NONE },
	{ S1_ONLY, { AT(1, 29, 28), 3 }, { AT(2, 63, 62), 1 }, { { 0 } }, WHY_STE_DPT_VMATCH },
	{ NESTED, { AT(1, 29, 28), 3 }, { AT(2, 63, 62), 2 }, { { 0 } }, WHY_STE_DPT_VMATCH },
	{ NESTED, { AT(1, 29, 28), 3 }, { AT(2, 63, 62), 3 }, { { 0 } }, WHY_STE_DPT_VMATCH },
	{ NESTED, { AT(1, 29, 28), 3 }, { AT(2, 63, 62), 3 }, { HAS(dpt, 0) }, WHY_NONE },
	{ NESTED, { AT(1, 29, 28), 3 }, { AT(2, 63, 62), 3 }, { HAS(ats, 0) }, WHY_NONE },
	{ NESTED, { AT(1, 29, 28), 1 }, { AT(2, 63, 62), 1 }, { { 0 } }, WHY_NONE },
	{ BYPASS, { AT(1, 29, 28), 3 }, { AT(2, 63, 62), 1 }, { { 0 } }, WHY_NONE },
	{ S1_ONLY, { AT(1, 29, 28), 3 }, { AT(1, 31, 30), 2 }, { { 0 } }, WHY_STE_EATS_DPT },
	/* STE-41: these are RES0 */
	{ NESTED, { AT(3, 1, 0), 3 }, { AT(6, 1, 0), 3 }, { { 0 } }, WHY_NONE },
	{ NESTED, { AT(4, 47, 46), 3 }, { AT(4, 37, 32), 1 }, { { 0 } }, WHY_NONE },
	{ NESTED, { AT(6, 48, 48), 1 }, { AT(4, 39, 38), 3 }, { { 0 } }, WHY_NONE },
	/* Those of S2* are judged as ever */
	{ NESTED, { AT(2, 47, 46), 3 }, { 0 }, { { 0 } }, WHY_STE_S2TG },
	{ NESTED, { AT(2, 37, 32), 15 }, { 0 }, { { 0 } }, WHY_STE_S2T0SZ },
	{ NESTED, { AT(2, 39, 38), 0 }, { 0 }, { { 0 } }, WHY_STE_S2SL0 },
	{ NESTED, { AT(3, 48, 48), 1 }, { 0 }, { { 0 } }, WHY_STE_S2TTB },
	{ S1_ONLY, { AT(0, 48, 48), 1 }, { 0 }, { { 0 } }, WHY_STE_S1CONTEXTPTR },
	{ NESTED, { AT(0, 48, 48), 1 }, { 0 }, { { 0 } }, WHY_NONE },
};

START_TEST(a_realm_ste_is_judged_by_these_rules)
{
	struct features features = realm_features();
	struct ste ste = realm_ste(rules[_i].config);

	expect_why(ste_illegal(&features, &ste), WHY_NONE, "before", (unsigned)_i);
	change(ste.word, rules[_i].bad.at, rules[_i].bad.value);
	change(ste.word, rules[_i].more.at, rules[_i].more.value);
	give(&features, rules[_i].has, 2);
	expect_why(ste_illegal(&features, &ste), rules[_i].why, "row", (unsigned)_i);
}
END_TEST

/* STE-52: of Non-secure streams every DPT_VMATCH is legal */
START_TEST(a_non_secure_ste_may_have_any_dpt_vmatch)
{
	struct features features = realm_features();
	struct ste ste = realm_ste(NESTED);

	features.sec_sid = SMMU3_PAS_NS;
	set_field(&ste.word[1], 28, 2, 3);
	set_field(&ste.word[2], 62, 2, (unsigned)_i);
	expect_why(ste_illegal(&features, &ste), WHY_NONE, "DPT_VMATCH", (unsigned)_i);
}
END_TEST

/* NS-17, STE-41, WALK-24: the tree is in Realm memory whatever S2NSW and S2NSA say, and its leaves
 * have an NS, bit 55 */
START_TEST(a_realm_stage_2_has_one_tree_in_realm_memory)
{
	const struct features features = realm_features();
	struct ste ste = realm_ste(S2_ONLY + (unsigned)_i);

	ste.word[3] |= 3;
	ste.word[6] |= 3;
	const struct stream stream = decoded(&features, false, &ste);

	ck_assert(stream.stage2.on);
	ck_assert_uint_eq(stream.stage2.table.pas, 2);
	ck_assert_uint_eq(stream.stage2.table.root, 0x2000);
	ck_assert_uint_eq(stream.stage2.table.leaf_ns, 55);
	ck_assert(stream.stage2.table.mec);
}
END_TEST

/* ---- Other fields */

/* STE-24, STE-26, NS-20: NSCFG counts without ATTR_PERMS_OVR, too, and 0b01 is 0b00 without XT */
START_TEST(nscfg_of_a_realm_ste_is_always_honoured)
{
	static const uint8_t without[] = { STE_NSCFG_INCOMING, STE_NSCFG_INCOMING, STE_NSCFG_OWN,
					   STE_NSCFG_NON_SECURE };
	const unsigned nscfg = (unsigned)_i % 4;
	struct features features = realm_features();
	struct ste ste = realm_ste(BYPASS);

	features.attr_perms_ovr = _i / 4;
	set_field(&ste.word[1], 46, 2, nscfg);
	ck_assert_uint_eq(decoded(&features, false, &ste).nscfg, without[nscfg]);
	features.xt = true;
	ck_assert_uint_eq(decoded(&features, false, &ste).nscfg, nscfg);
}
END_TEST

/* STE-42: of MECIDSIZE + 1 bits; nothing without MEC, and of an STE of another state */
START_TEST(the_mecid_of_an_ste_has_as_many_bits_as_there_are)
{
	struct features features = realm_features();
	struct ste ste = realm_ste(NESTED);

	ste.word[4] = UINT64_C(0xf123) << 48;
	ck_assert_uint_eq(decoded(&features, false, &ste).mecid, 0x123);
	features.mecid_bits = 16;
	const struct stream stream = decoded(&features, false, &ste);

	ck_assert_uint_eq(stream.mecid, 0xf123);
	ck_assert_uint_eq(stream.stage2.table.mecid, 0xf123);
	features.mecid_bits = 0;
	ck_assert_uint_eq(decoded(&features, false, &ste).mecid, 0);
	features.mecid_bits = 16;
	features.sec_sid = SMMU3_PAS_NS;
	ck_assert_uint_eq(decoded(&features, false, &ste).mecid, 0);
}
END_TEST

/* ---- Context descriptors */

static const enum stream_world worlds[] = { R_EL1, R_EL2, R_EL2_E2H };

/* CD-33, SW-06, RLM-008: no world has VMSAv8-32.  CD-36: a 16-bit ASID counts where there are
 * ASIDs. CD-31, RLM-003: no stalls */
START_TEST(a_realm_cd_has_no_vmsav8_32_and_no_stalls)
{
	const bool el2 = worlds[_i] == R_EL2;
	const struct stream stream = { .stage1 = true, .world = worlds[_i], .s1pie = true };
	struct features features = realm_features();
	struct cd cd = realm_cd();

	features.ttf_lpae = true;
	features.asid16 = false;
	expect_why(cd_illegal(&features, &stream, &cd), WHY_NONE, "world", (unsigned)_i);
	set_field(&cd.word[0], 48, 16, 0x100);
	expect_why(cd_illegal(&features, &stream, &cd), el2 ? WHY_NONE : WHY_CD_ASID, "world",
		   (unsigned)_i);
	set_field(&cd.word[0], 48, 16, 1);
	set_field(&cd.word[0], 41, 1, 0);
	expect_why(cd_illegal(&features, &stream, &cd), WHY_CD_AA64, "world", (unsigned)_i);
	features.d128 = true;
	expect_why(cd_illegal(&features, &stream, &cd), el2 ? WHY_CD_D128 : WHY_NONE, "world",
		   (unsigned)_i);
	set_field(&cd.word[0], 44, 1, 1);
	expect_why(cd_illegal(&features, &stream, &cd), WHY_CD_S, "world", (unsigned)_i);
}
END_TEST

/* NS-16, NS-18, CD-04: tables are in Realm memory whatever NSCFG0 and NSCFG1 say, and only leaves
 * of EL2 and EL2-E2H have an NS, bit 5.  STE-42: they are read with the STE's MECID */
START_TEST(tables_of_a_realm_cd_are_in_realm_memory)
{
	const struct stream stream = { .stage1 = true, .world = worlds[_i], .mecid = 0x77 };
	const struct features features = realm_features();
	struct cd cd = realm_cd();
	struct context context;

	set_field(&cd.word[0], 30, 1, 0);  /* EPD1 */
	set_field(&cd.word[0], 16, 6, 16); /* T1SZ */
	set_field(&cd.word[0], 22, 2, 2);  /* TG1: 4KB */
	cd.word[1] |= BIT(0);
	cd.word[2] = 0x8000 | BIT(0);
	expect_why(cd_illegal(&features, &stream, &cd), WHY_NONE, "world", (unsigned)_i);
	context_decode(&features, &stream, &cd, &context);
	for (unsigned half = 0; half < 2; half++) {
		const struct table *table = &context.stage1.half[half];

		if (worlds[_i] == R_EL2 && half) {
			ck_assert_uint_eq(table->disabled, WHY_S1_ONE_RANGE);
			continue;
		}
		ck_assert_uint_eq(table->pas, 2);
		ck_assert_uint_eq(table->mecid, 0x77);
		ck_assert_uint_eq(table->leaf_ns, worlds[_i] == R_EL1 ? 0 : 5);
	}
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_loop_test(tests, strw_names_the_stream_world_of_a_realm_stream, 0, 32);
	tcase_add_test(tests, each_realm_world_has_what_a_non_secure_one_has_but_lpae);
	tcase_add_loop_test(tests, a_realm_el1_stream_has_its_vmid_without_stage_2_too, 0, 6);
	tcase_add_loop_test(tests, a_realm_ste_is_judged_by_these_rules, 0, ROWS(rules));
	tcase_add_loop_test(tests, a_non_secure_ste_may_have_any_dpt_vmatch, 0, 4);
	tcase_add_loop_test(tests, a_realm_stage_2_has_one_tree_in_realm_memory, 0, 2);
	tcase_add_loop_test(tests, nscfg_of_a_realm_ste_is_always_honoured, 0, 8);
	tcase_add_test(tests, the_mecid_of_an_ste_has_as_many_bits_as_there_are);
	tcase_add_loop_test(tests, a_realm_cd_has_no_vmsav8_32_and_no_stalls, 0, 3);
	tcase_add_loop_test(tests, tables_of_a_realm_cd_are_in_realm_memory, 0, 3);
}

int main(void)
{
	return run_suite("realm judges", add_tests);
}
