/* SPDX-License-Identifier: MIT */
/* What makes an STE ILLEGAL where there are EL2, ATS, stalls, VMSAv8-32, VMSAv9-128, hardware
 * update, indirection, overlay and MPAM.  5.2.2 */
#include "config/context.h"
#include "config/stream.h"
#include "judges.h"

enum { BYPASS = 4, S1_ONLY, S2_ONLY, NESTED };

#define ONLY(config) (1u << (config))

/* Values of Config in which a value is ILLEGAL, and in which another rule refuses it; in the rest
 * it is legal. */
enum where { S1_ALONE, ONE_STAGE, S1, S2, BOTH, BOTH_NOT_ONE, S1_ALONE_NOT_S2 };

static const struct {
	unsigned judged, unasked;
} wheres[] = {
	[S1_ALONE] = { ONLY(S1_ONLY), 0 },
	[ONE_STAGE] = { ONLY(S1_ONLY) | ONLY(S2_ONLY), 0 },
	[S1] = { ONLY(S1_ONLY) | ONLY(NESTED), 0 },
	[S2] = { ONLY(S2_ONLY) | ONLY(NESTED), 0 },
	[BOTH] = { ONLY(NESTED), 0 },
	[BOTH_NOT_ONE] = { ONLY(NESTED), ONLY(S1_ONLY) | ONLY(S2_ONLY) },
	[S1_ALONE_NOT_S2] = { ONLY(S1_ONLY), ONLY(S2_ONLY) | ONLY(NESTED) },
};

/* 5.2 */
enum {
	S2HWU = AT(1, 11, 8),
	S2FWB = AT(1, 25, 25),
	S1MPAM = AT(1, 26, 26),
	S1STALLD = AT(1, 27, 27),
	EATS = AT(1, 29, 28),
	STRW = AT(1, 31, 30),
	S2VMID = AT(2, 15, 0),
	S2T0SZ = AT(2, 37, 32),
	S2TG = AT(2, 47, 46),
	S2PS = AT(2, 50, 48),
	S2AA64 = AT(2, 51, 51),
	S2ENDI = AT(2, 52, 52),
	S2HA_S2HD = AT(2, 56, 55),
	S2S = AT(2, 57, 57),
	S2HAFT = AT(2, 59, 59),
	S2PIE = AT(2, 60, 60),
	S2POE = AT(2, 61, 61),
	S2POE_S2PIE = AT(2, 61, 60),
	S2TTB_52_51 = AT(3, 52, 51),
	VMSPTR_48_47 = AT(5, 48, 47),
};

enum { G4K = 0, G64K = 1, G16K = 2 };
enum { HD_ONLY = 1, HA_ONLY = 2, HA_HD = 3 };

/* What several rows have */
#define OTHER_FORMAT      \
	{                 \
		S2AA64, 0 \
	} /* VMSAv8-32, or VMSAv9-128 if that is there */
#define LPAE HAS(ttf_lpae, 1)
#define V9 HAS(d128, 1)
#define DPT HAS(ats, 1), HAS(dpt, 1)
#define OVERLAY HAS(s2pi, 1), HAS(s2po, 1)
#define OAS(bits) HAS(oas_bits, bits)
#define STALLS(model) HAS(stall_model, model) /* 0 software's choice, 2 forced */

/* Both stages; stage 2 from level 1 of 4KB tables, 40 bits: in VMSAv8-32 24 is -8, and as many. */
static struct ste legal_ste(unsigned config)
{
	return (struct ste){ {
		BIT(0) | (uint64_t)config << 1 | 0x1040,
		0,
		UINT64_C(24) << 32 | UINT64_C(1) << 38 | UINT64_C(5) << 48 | BIT(51),
		0x2000,
	} };
}

static const struct rule {
	enum why why;
	enum where where;
	struct change bad;
	uint64_t good;
	struct change with[2];
	struct feature has[4];
} rules[] = {
	/* STE-47: split-stage ATS */
	{ WHY_STE_EATS_SPLIT, ONE_STAGE, { EATS, 2 }, .good = 1, .has = { HAS(ats, 1) } },
	{ WHY_STE_EATS_SPLIT,
	  BOTH_NOT_ONE,
	  { S2S, 1 },
	  0,
	  { { EATS, 2 } },
	  { HAS(ats, 1), STALLS(0) } },
	{ WHY_STE_EATS_SPLIT,
	  BOTH_NOT_ONE,
	  { EATS, 2 },
	  .good = 0,
	  .has = { HAS(ats, 1), HAS(ns1ats, 1) } },
	/* STE-48 */
	{ WHY_STE_EATS_STALL, S2, { S2S, 1 }, 0, { { EATS, 1 } }, { HAS(ats, 1), STALLS(0) } },
	/* STE-49, STE-50 */
	{ WHY_STE_EATS_DPT, S1_ALONE, { STRW, 2 }, 0, { { EATS, 3 } }, { DPT, HAS(hyp, 1) } },
	{ WHY_STE_EATS_DPT, S2, { S2S, 1 }, 0, { { EATS, 3 } }, { DPT, STALLS(0) } },
	/* STE-54 */
	{ WHY_STE_STRW, S1_ALONE, { STRW, 1 }, .good = 0, .has = { HAS(hyp, 1) } },
	{ WHY_STE_STRW, S1_ALONE, { STRW, 3 }, .good = 2, .has = { HAS(hyp, 1) } },
	/* STE-55, STE-61 */
	{ WHY_STE_S1STALLD, S1, { S1STALLD, 1 }, 0, { { S2S, 1 } }, { STALLS(2) } },
	{ WHY_STE_S2S, S2, { S2S, 0 }, .good = 1, .has = { STALLS(2) } },
	/* STE-60 */
	{ WHY_STE_S2FWB, S2, { S2FWB, 1 }, 0, { OTHER_FORMAT }, { LPAE } },
	/* STE-62, STE-34 */
	{ WHY_STE_S2AA64, S2, { S2AA64, 1 }, .good = 0, .has = { LPAE, HAS(ttf_aa64, 0) } },
	{ WHY_STE_S2AA64, S2, { S2AA64, 0 }, .good = 1 },
	/* STE-63, STE-37: the Access flag alone; VMSAv8-32; tables too */
	{ WHY_STE_S2HTTU, S2, { S2HA_S2HD, HD_ONLY }, .good = HA_ONLY, .has = { HAS(httu, 1) } },
	{ WHY_STE_S2HTTU, S2, { S2HA_S2HD, HA_HD }, .good = HA_ONLY, .has = { HAS(httu, 1) } },
	{ WHY_STE_S2HTTU, S2, { S2HA_S2HD, HA_ONLY }, 0, { OTHER_FORMAT }, { HAS(httu, 2), LPAE } },
	{ WHY_STE_S2HTTU, S2, { S2HA_S2HD, HD_ONLY }, 0, { OTHER_FORMAT }, { HAS(httu, 2), LPAE } },
	{ WHY_STE_S2HTTU, S2, { S2HAFT, 1 }, .good = 0, .has = { HAS(httu, 3) } },
	/* STE-64, STE-65 in VMSAv9-128 */
	{ WHY_STE_S2TG, S2, { S2TG, 3 }, G4K, { OTHER_FORMAT }, { V9 } },
	{ WHY_STE_S2TG, S2, { S2TG, G16K }, G4K, { OTHER_FORMAT }, { V9, HAS(gran16k, 0) } },
	{ WHY_STE_S2TTB,
	  S2,
	  { S2TTB_52_51, 2 },
	  1,
	  { OTHER_FORMAT, { S2PS, 6 } },
	  { V9, OAS(56) } },
	/* STE-67: sizes that do not wait for STT */
	{ WHY_STE_S2T0SZ, S2, { S2T0SZ, 49 }, 48, { OTHER_FORMAT }, { V9 } },
	{ WHY_STE_S2T0SZ, S2, { S2T0SZ, 49 }, 48, { OTHER_FORMAT, { S2TG, G16K } }, { V9 } },
	{ WHY_STE_S2T0SZ, S2, { S2T0SZ, 48 }, 47, { OTHER_FORMAT, { S2TG, G64K } }, { V9 } },
	{ WHY_STE_S2T0SZ, S2, { S2T0SZ, 15 }, 16, { OTHER_FORMAT }, { V9 } },
	{ WHY_STE_S2T0SZ, S2, { S2T0SZ, 11 }, 12, { OTHER_FORMAT }, { V9, HAS(ias_bits, 52) } },
	{ WHY_STE_S2T0SZ, S2, { S2T0SZ, 7 }, 8, { OTHER_FORMAT }, { V9, HAS(ias_bits, 56) } },
	/* STE-72 */
	{ WHY_STE_S2ENDI, S2, { S2ENDI, 0 }, .good = 1, .has = { HAS(ttendian, 3) } },
	/* STE-73 */
	{ WHY_STE_S2PIE, S2, { S2PIE, 1 }, 0, { OTHER_FORMAT }, { HAS(s2pi, 1), LPAE } },
	/* STE-74 */
	{ WHY_STE_S2POE, S2, { S2PIE, 0 }, 1, { { S2POE, 1 } }, { OVERLAY } },
	{ WHY_STE_S2POE, S2, { S2HWU, 1 }, 0, { { S2POE_S2PIE, 3 } }, { OVERLAY, HAS(pbha, 1) } },
	{ WHY_STE_S2POE, S2, { S2HWU, 2 }, 0, { { S2POE_S2PIE, 3 } }, { OVERLAY, HAS(pbha, 1) } },
	{ WHY_STE_S2POE, S2, { S2HWU, 4 }, 0, { { S2POE_S2PIE, 3 } }, { OVERLAY, HAS(pbha, 1) } },
	{ WHY_STE_S2POE, S2, { S2HWU, 8 }, 0, { { S2POE_S2PIE, 3 } }, { OVERLAY, HAS(pbha, 1) } },
	/* STE-75: StreamWorlds other than NS-EL1 have no VMID */
	{ WHY_STE_S2VMID,
	  S1_ALONE_NOT_S2,
	  { STRW, 0 },
	  2,
	  { { S2VMID, 0x100 } },
	  { HAS(hyp, 1), HAS(vmid16, 0) } },
	/* STE-76 */
	{ WHY_STE_VMSPTR,
	  BOTH,
	  { VMSPTR_48_47, 2 },
	  1,
	  { { S1MPAM, 1 } },
	  { HAS(mpam, 1), HAS(own_labels.partid_max, 1) } },
};

static enum why judge(const struct change *with, unsigned count, const struct feature *has,
		      unsigned config)
{
	struct features features = plain_features();
	struct ste ste = legal_ste(config);

	give(&features, has, 4);
	for (unsigned i = 0; i < count; i++)
		change(ste.word, with[i].at, with[i].value);
	return ste_illegal(&features, &ste);
}

/* STE-34, STE-37, STE-47, STE-48, STE-49, STE-50, STE-54, STE-55, STE-60, STE-61, STE-62, STE-63,
 * STE-64, STE-65, STE-67, STE-72, STE-73, STE-74, STE-75, STE-76, STE-77 */
START_TEST(a_rule_of_a_later_feature_refuses_a_value_where_it_counts_and_not_its_neighbour)
{
	const struct rule *rule = &rules[_i];
	struct change changes[3] = { rule->with[0], rule->with[1], rule->bad };

	for (unsigned config = 0; config < 8; config++) {
		const bool judged = wheres[rule->where].judged & ONLY(config);

		if (wheres[rule->where].unasked & ONLY(config))
			continue;
		changes[2].value = rule->bad.value;
		expect_why(judge(changes, 3, rule->has, config), judged ? rule->why : WHY_NONE,
			   "Config", config);
		changes[2].value = rule->good;
		expect_why(judge(changes, 3, rule->has, config), WHY_NONE, "good, Config", config);
	}
}
END_TEST

/* Legal whatever Config says */
static const struct {
	struct change with[3];
	struct feature has[4];
} accepted[] = {
	/* STE-51: without DPT 0b11 is reserved and acts as 0b00, so that S2S does not matter */
	{ { { EATS, 3 }, { S2S, 1 } }, { HAS(ats, 1), STALLS(0) } },
	{ { { EATS, 3 }, { STRW, 2 } }, { HAS(ats, 1), HAS(hyp, 1) } },
	/* STE-49: StreamWorld EL1, by STRW or because STRW is not used */
	{ .with = { { EATS, 3 } }, .has = { DPT, HAS(hyp, 1) } },
	{ { { EATS, 3 }, { STRW, 2 } }, { DPT } },
	/* STE-47, STE-48, STE-50, STE-53: without ATS */
	{ { { EATS, 1 }, { S2S, 1 } }, { STALLS(0) } },
	{ { { EATS, 2 }, { S2S, 1 } }, { STALLS(0), HAS(ns1ats, 1) } },
	{ { { EATS, 3 }, { S2S, 1 } }, { STALLS(0), HAS(dpt, 1) } },
	/* STE-54: EL2 */
	{ .with = { { STRW, 2 } }, .has = { HAS(hyp, 1) } },
	/* STE-22, STE-55, STE-61: stalls are software's choice */
	{ { { S1STALLD, 1 }, { S2S, 1 } }, { STALLS(0) } },
	{ .with = { { S2S, 0 } }, .has = { STALLS(0) } },
	/* STE-60: without FWB the bit means nothing */
	{ { { S2FWB, 1 }, OTHER_FORMAT }, { LPAE, HAS(fwb, 0) } },
	/* STE-63, STE-37 */
	{ .with = { { S2HA_S2HD, HA_HD } }, .has = { HAS(httu, 2) } },
	{ .with = { { S2HA_S2HD, HD_ONLY } }, .has = { HAS(httu, 2) } },
	{ .with = { { S2HAFT, 1 } }, .has = { HAS(httu, 2) } },
	{ { { S2HAFT, 1 }, { S2HA_S2HD, HA_ONLY } }, { HAS(httu, 3) } },
	/* STE-32, STE-64: VMSAv8-32 has 4KB alone and does not look at S2TG */
	{ { { S2TG, 3 }, OTHER_FORMAT }, { LPAE } },
	/* STE-65: 56 bits of VMSAv9-128 */
	{ { { AT(3, 55, 55), 1 }, { S2PS, 7 }, OTHER_FORMAT }, { V9, OAS(56), HAS(ias_bits, 56) } },
	/* STE-72: mixed, and big */
	{ .with = { { S2ENDI, 1 } }, .has = { HAS(ttendian, 0) } },
	{ .with = { { S2ENDI, 0 } }, .has = { HAS(ttendian, 0) } },
	{ .with = { { S2ENDI, 1 } }, .has = { HAS(ttendian, 3) } },
	/* STE-73 */
	{ .with = { { S2PIE, 1 } }, .has = { HAS(s2pi, 1) } },
	{ { { S2PIE, 1 }, OTHER_FORMAT }, { LPAE } },
	/* STE-74: VMSAv9-128 is always indirect; no PBHA; no overlay, enabled or implemented */
	{ { { S2POE, 1 }, OTHER_FORMAT }, { V9, OVERLAY } },
	{ { { S2POE_S2PIE, 3 }, { S2HWU, 15 } }, { OVERLAY } },
	{ { { S2PIE, 1 }, { S2HWU, 15 } }, { OVERLAY, HAS(pbha, 1) } },
	{ { { S2POE, 1 }, { S2HWU, 15 } }, { HAS(pbha, 1) } },
	/* STE-76 */
	{ .with = { { VMSPTR_48_47, 2 } }, .has = { HAS(mpam, 1), HAS(own_labels.partid_max, 1) } },
};

/* STE-22, STE-32, STE-37, STE-49, STE-51, STE-53, STE-54, STE-55, STE-60, STE-61, STE-63, STE-64,
 * STE-65, STE-72, STE-73, STE-74, STE-76 */
START_TEST(what_a_later_feature_allows_or_does_not_look_at_is_legal)
{
	for (unsigned config = 0; config < 8; config++)
		expect_why(judge(accepted[_i].with, 3, accepted[_i].has, config), WHY_NONE,
			   "Config", config);
}
END_TEST

/* STE-74: every value of every S2POI; with S2POE = 0 none is looked at */
START_TEST(two_overlay_permissions_are_reserved)
{
	static const struct feature has[4] = { OVERLAY };
	const unsigned p = (unsigned)_i;

	for (unsigned value = 0; value < 16; value++) {
		const struct change with[] = { { AT(7, 4 * p + 3, 4 * p), value },
					       { S2PIE, 1 },
					       { S2POE, 1 } };
		const bool reserved = value == 1 || value == 5;

		expect_why(judge(with, 3, has, NESTED), reserved ? WHY_STE_S2POE : WHY_NONE,
			   "value", value);
		expect_why(judge(with, 2, has, NESTED), WHY_NONE, "disabled, value", value);
		expect_why(judge(with, 3, has, S1_ONLY), WHY_NONE, "ignored, value", value);
	}
}
END_TEST

/* STE-22: the same context, with S, through two streams */
START_TEST(s1stalld_forbids_stalls_to_the_contexts_of_its_stream)
{
	const struct cd cd = { { BIT(31) | BIT(44) } };
	struct features features = plain_features();
	struct ste ste = legal_ste(NESTED);
	struct stream stream;

	features.stall_model = 0;
	stream_decode(&features, false, &ste, &stream);
	ck_assert_int_ne(cd_illegal(&features, &stream, &cd), WHY_CD_STALLD);
	change(ste.word, S1STALLD, 1);
	stream_decode(&features, false, &ste, &stream);
	ck_assert_int_eq(cd_illegal(&features, &stream, &cd), WHY_CD_STALLD);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(
		tests,
		a_rule_of_a_later_feature_refuses_a_value_where_it_counts_and_not_its_neighbour, 0,
		ROWS(rules));
	tcase_add_loop_test(tests, what_a_later_feature_allows_or_does_not_look_at_is_legal, 0,
			    ROWS(accepted));
	tcase_add_loop_test(tests, two_overlay_permissions_are_reserved, 0, 16);
	tcase_add_test(tests, s1stalld_forbids_stalls_to_the_contexts_of_its_stream);
}

int main(void)
{
	Suite *suite = suite_create("ste-judge");
	TCase *tests = tcase_create("ste-judge");

	add(tests);
	suite_add_tcase(suite, tests);
	return run_checks(suite);
}
