/* SPDX-License-Identifier: MIT */
/* What makes a CD ILLEGAL, and what its sizes mean, where there are stalls, big-endian tables,
 * VMSAv8-32, VMSAv9-128, DS, hardware update and indirection.  5.4.2 */
#include "config/context.h"
#include "config/sizes.h"
#include "judges.h"

/* 5.4 */
enum {
	T0SZ = AT(0, 5, 0),
	TG0 = AT(0, 7, 6),
	EPD0 = AT(0, 14, 14),
	ENDI = AT(0, 15, 15),
	T1SZ = AT(0, 21, 16),
	TG1 = AT(0, 23, 22),
	EPD1 = AT(0, 30, 30),
	IPS = AT(0, 34, 32),
	AA64 = AT(0, 41, 41),
	HA_HD = AT(0, 43, 42),
	S = AT(0, 44, 44),
	ASID = AT(0, 63, 48),
	HAD0 = AT(1, 1, 1),
	HAFT = AT(1, 3, 3),
	TTB0_40_39 = AT(1, 40, 39),
	TTB0_48 = AT(1, 48, 48),
	SKL0 = AT(1, 63, 62),
	DS = AT(2, 58, 58),
	PIE = AT(2, 59, 59),
};

enum { G4K = 0, G64K = 1, G16K = 2 };
enum { HD = 1, HA = 2, HD_HA = 3 }; /* of HA_HD */

/* What several rows have */
#define OTHER_FORMAT    \
	{               \
		AA64, 0 \
	} /* VMSAv8-32, or VMSAv9-128 if that is there */
#define LPAE HAS(ttf_lpae, 1)
#define V9 HAS(d128, 1)
#define VA(bits) HAS(va_bits, bits)
#define OAS(bits) HAS(oas_bits, bits)
#define STALLS(model) HAS(stall_model, model) /* 0 software's choice, 2 forced */

/* What the stream says of its CDs */
static const struct stream streams[] = { { .s1pie = true },
					 { .s1pie = true, .stalls_disabled = true },
					 { .s1pie = false },
					 { .s1pie = true, .world = NS_EL2 },
					 { .s1pie = true, .world = NS_EL2_E2H } };
enum stream_kind { ORDINARY, STALLS_DISABLED, NOT_INDIRECT, OF_EL2, OF_EL2_E2H };

/* Both halves the same: T0SZ 16, 4KB; IPS 48 bits, A, ASID 9 */
static struct cd legal_cd(void)
{
	return (struct cd){ {
		16 | 16 << 16 | UINT64_C(2) << 22 | BIT(31) | UINT64_C(5) << 32 | BIT(41) |
			BIT(46) | UINT64_C(9) << 48,
		0x2000,
		0x2000,
	} };
}

static enum why judge(const struct change *with, unsigned count, const struct feature *has,
		      enum stream_kind kind)
{
	struct features features = plain_features();
	struct cd cd = legal_cd();

	give(&features, has, 4);
	for (unsigned i = 0; i < count; i++)
		change(cd.word, with[i].at, with[i].value);
	return cd_illegal(&features, &streams[kind], &cd);
}

/* ---- Rules of the whole CD */

static const struct rule {
	enum why why;
	struct change bad;
	uint64_t good;
	struct change with[3];
	struct feature has[4];
	enum stream_kind stream;
} rules[] = {
	/* CD-29, STE-22 */
	{ WHY_CD_STALLD, { S, 1 }, .good = 0, .has = { STALLS(0) }, .stream = STALLS_DISABLED },
	/* CD-31 */
	{ WHY_CD_S, { S, 0 }, .good = 1, .has = { STALLS(2) } },
	/* CD-32: either half is enough */
	{ WHY_CD_ENDI, { ENDI, 0 }, .good = 1, .has = { HAS(ttendian, 3) } },
	{ WHY_CD_ENDI, { ENDI, 0 }, 1, .with = { { EPD0, 1 } }, .has = { HAS(ttendian, 3) } },
	{ WHY_CD_ENDI, { ENDI, 0 }, 1, .with = { { EPD1, 1 } }, .has = { HAS(ttendian, 3) } },
	/* CD-33; CD-34: VMSAv8-64 where there is VMSAv8-32 alone, which is legal: SW-06 */
	{ WHY_CD_AA64, { AA64, 0 }, .good = 1 },
	{ WHY_CD_AA64, { AA64, 1 }, .good = 0, .has = { LPAE, HAS(ttf_aa64, 0) } },
	/* CD-35, CD-16: the Access flag alone; tables too */
	{ WHY_CD_HTTU, { HA_HD, HD }, .good = HA, .has = { HAS(httu, 1) } },
	{ WHY_CD_HTTU, { HA_HD, HD_HA }, .good = HA, .has = { HAS(httu, 1) } },
	{ WHY_CD_HTTU, { HA_HD, HD }, HA, .with = { OTHER_FORMAT }, .has = { V9, HAS(httu, 1) } },
	{ WHY_CD_HTTU, { HAFT, 1 }, .good = 0, .has = { HAS(httu, 3) } },
	/* CD-42 */
	{ WHY_CD_D128, { AA64, 0 }, .good = 1, .has = { V9 }, .stream = NOT_INDIRECT },
	/* CD-33, CD-42, SW-06, SW-08: the formats of a hypervisor's StreamWorlds */
	{ WHY_CD_AA64, { AA64, 0 }, .good = 1, .has = { LPAE }, .stream = OF_EL2_E2H },
	{ WHY_CD_D128, { AA64, 0 }, .good = 1, .has = { V9 }, .stream = OF_EL2 },
	/* CD-10, CD-32: EPD is ignored in EL2 */
	{ WHY_CD_ENDI,
	  { ENDI, 0 },
	  1,
	  .with = { { EPD0, 1 }, { EPD1, 1 } },
	  .has = { HAS(ttendian, 3) },
	  .stream = OF_EL2 },
	/* CD-36 */
	{ WHY_CD_ASID, { ASID, 0x100 }, 0xff, .has = { HAS(asid16, 0) } },
	{ WHY_CD_ASID, { ASID, 0x100 }, 0xff, .has = { HAS(asid16, 0) }, .stream = OF_EL2_E2H },
};

/* CD-10, CD-16, CD-29, CD-31, CD-32, CD-33, CD-34, CD-35, CD-36, CD-42, STE-22, SW-06, SW-08 */
START_TEST(a_rule_of_a_later_feature_refuses_a_value_and_not_its_neighbour)
{
	const struct rule *rule = &rules[_i];
	struct change changes[4] = { rule->with[0], rule->with[1], rule->with[2], rule->bad };

	expect_why(judge(changes, 4, rule->has, rule->stream), rule->why, "bad", 0);
	changes[3].value = rule->good;
	expect_why(judge(changes, 4, rule->has, rule->stream), WHY_NONE, "good", 0);
}
END_TEST

/* ---- Rules of each half.  A row is written for TTB0 and holds for TTB1 where its fields lie. */

static const struct rule half_rules[] = {
	/* CD-21, CD-37: DS lengthens 4KB and 16KB regions, if VAs have 52 bits; 64KB need no DS */
	{ WHY_CD_T0SZ, { T0SZ, 11 }, 12, { { DS, 1 } }, .has = { HAS(ds, 1), VA(52) } },
	{ WHY_CD_T0SZ,
	  { T0SZ, 11 },
	  12,
	  { { DS, 1 }, { TG0, G16K } },
	  .has = { HAS(ds, 1), VA(52) } },
	{ WHY_CD_T0SZ, { T0SZ, 15 }, 16, { { DS, 0 } }, .has = { HAS(ds, 1), VA(52) } },
	{ WHY_CD_T0SZ, { T0SZ, 15 }, 16, { { DS, 1 } }, .has = { HAS(ds, 1), VA(48) } },
	{ WHY_CD_T0SZ,
	  { T0SZ, 11 },
	  12,
	  { { DS, 0 }, { TG0, G64K } },
	  .has = { HAS(ds, 1), VA(52) } },
	{ WHY_CD_T0SZ, { T0SZ, 11 }, 12, { { DS, 1 } }, .has = { HAS(ds, 1), VA(56) } },
	/* CD-41: DS lengthens the table's address too, up to IPS */
	{ WHY_CD_TTB0, { TTB0_48, 1 }, 0, { { IPS, 6 } }, .has = { HAS(ds, 1), OAS(52) } },
	{ WHY_CD_TTB0,
	  { TTB0_48, 1 },
	  0,
	  { { IPS, 5 }, { DS, 1 } },
	  .has = { HAS(ds, 1), OAS(52) } },
	/* CD-13, CD-41: VMSAv8-32 has 40 bits whatever IPS says */
	{ WHY_CD_TTB0, { TTB0_40_39, 2 }, 1, { OTHER_FORMAT, { IPS, 0 } }, .has = { LPAE } },
	{ WHY_CD_TTB0, { TTB0_40_39, 2 }, 1, { OTHER_FORMAT, { IPS, 5 } }, .has = { LPAE } },
	/* CD-38: VMSAv9-128, whose sizes do not wait for STT */
	{ WHY_CD_T0SZ, { T0SZ, 15 }, 16, { OTHER_FORMAT }, .has = { V9, VA(48) } },
	{ WHY_CD_T0SZ, { T0SZ, 11 }, 12, { OTHER_FORMAT }, .has = { V9, VA(52) } },
	{ WHY_CD_T0SZ, { T0SZ, 8 }, 9, { OTHER_FORMAT }, .has = { V9, VA(56) } },
	{ WHY_CD_T0SZ, { T0SZ, 49 }, 48, { OTHER_FORMAT }, .has = { V9 } },
	{ WHY_CD_T0SZ, { T0SZ, 49 }, 48, { OTHER_FORMAT, { TG0, G16K } }, .has = { V9 } },
	{ WHY_CD_T0SZ, { T0SZ, 48 }, 47, { OTHER_FORMAT, { TG0, G64K } }, .has = { V9 } },
	/* CD-40 */
	{ WHY_CD_TG0, { TG0, 3 }, G64K, { OTHER_FORMAT }, .has = { V9 } },
	{ WHY_CD_TG0, { TG0, G16K }, G64K, { OTHER_FORMAT }, .has = { V9, HAS(gran16k, 0) } },
	/* CD-42: 4KB begins at level 3 with T0SZ 48, 2 with 36, 1 with 28, 0 with 27; 64KB at
	 * level 3 with 36, 2 with 35 */
	{ WHY_CD_D128, { SKL0, 1 }, 0, { OTHER_FORMAT, { T0SZ, 48 } }, .has = { V9 } },
	{ WHY_CD_D128, { SKL0, 2 }, 1, { OTHER_FORMAT, { T0SZ, 36 } }, .has = { V9 } },
	{ WHY_CD_D128, { T0SZ, 28 }, 27, { OTHER_FORMAT, { SKL0, 3 } }, .has = { V9 } },
	{ WHY_CD_D128,
	  { T0SZ, 36 },
	  35,
	  { OTHER_FORMAT, { SKL0, 1 }, { TG0, G64K } },
	  .has = { V9 } },
};

static enum why why_of(enum why why, bool upper)
{
	if (!upper)
		return why;
	return why == WHY_CD_T0SZ ? WHY_CD_T1SZ :
	       why == WHY_CD_TG0  ? WHY_CD_TG1 :
	       why == WHY_CD_TTB0 ? WHY_CD_TTB1 :
				    why;
}

/* Fields of TTB1 are 16 bits up in word 0, where TG1 has its own encoding, and in word 2. */
static struct change change_of(struct change of, bool upper)
{
	static const uint8_t tg1[] = { [G4K] = 2, [G64K] = 3, [G16K] = 1, 0 };

	if (!upper)
		return of;
	if (of.at == TG0)
		return (struct change){ TG1, tg1[of.value] };
	if (of.at == T0SZ)
		return (struct change){ T1SZ, of.value };
	if (of.at >> 16 == 1)
		of.at += AT(1, -1, 0);
	return of;
}

/* CD-13, CD-21, CD-37, CD-38, CD-40, CD-41, CD-42, CD-09 */
START_TEST(a_rule_of_a_later_feature_refuses_a_value_in_either_half_unless_it_is_disabled)
{
	const struct rule *rule = &half_rules[_i / 2];
	const bool upper = _i % 2;
	struct change changes[5] = { { 0 } };

	for (unsigned i = 0; i < 3; i++)
		changes[i] = change_of(rule->with[i], upper);
	changes[3] = change_of(rule->bad, upper);
	expect_why(judge(changes, 5, rule->has, ORDINARY), why_of(rule->why, upper), "bad", upper);
	changes[4] = (struct change){ upper ? EPD1 : EPD0, 1 };
	expect_why(judge(changes, 5, rule->has, ORDINARY), WHY_NONE, "disabled", upper);
	changes[4].at = 0;
	changes[3] = change_of((struct change){ rule->bad.at, rule->good }, upper);
	expect_why(judge(changes, 5, rule->has, ORDINARY), WHY_NONE, "good", upper);
}
END_TEST

/* ---- What is legal */

static const struct {
	struct change with[3];
	struct feature has[4];
	enum stream_kind stream;
} accepted[] = {
	/* CD-29, CD-31: stalls are software's choice, unless the stream's are disabled */
	{ .with = { { S, 1 } }, .has = { STALLS(0) } },
	{ .with = { { S, 0 } }, .has = { STALLS(0) }, .stream = STALLS_DISABLED },
	/* CD-32: mixed, and with neither half */
	{ .with = { { ENDI, 1 } }, .has = { HAS(ttendian, 0) } },
	{ .with = { { ENDI, 0 } }, .has = { HAS(ttendian, 0) } },
	{ .with = { { ENDI, 0 }, { EPD0, 1 }, { EPD1, 1 } }, .has = { HAS(ttendian, 3) } },
	/* CD-35, CD-16: also the reserved HD without HA; VMSAv8-32 does not look */
	{ .with = { { HA_HD, HD_HA } }, .has = { HAS(httu, 2) } },
	{ .with = { { HA_HD, HD } }, .has = { HAS(httu, 2) } },
	{ .with = { { HAFT, 1 } }, .has = { HAS(httu, 2) } },
	{ .with = { { HAFT, 1 }, { HA_HD, HA } }, .has = { HAS(httu, 3) } },
	{ .with = { { HA_HD, HD_HA }, OTHER_FORMAT }, .has = { LPAE } },
	{ .with = { { HAFT, 1 }, OTHER_FORMAT }, .has = { LPAE, HAS(httu, 3) } },
	/* CD-40: nor does it look at TG */
	{ .with = { { TG0, 3 }, { TG1, 0 }, OTHER_FORMAT }, .has = { LPAE } },
	/* CD-41 */
	{ .with = { { TTB0_48, 1 }, { IPS, 6 }, { DS, 1 } }, .has = { HAS(ds, 1), OAS(52) } },
	/* CD-27: what SKL0 is to VMSAv9-128 is PBHA to VMSAv8-64 */
	{ .with = { { SKL0, 3 }, { T0SZ, 39 } }, .has = { V9 } },
	/* CD-42: VMSAv8-64 does not need S1PIE */
	{ .has = { V9 }, .stream = NOT_INDIRECT },
	/* CD-33, CD-42, SW-06, SW-08 */
	{ .with = { OTHER_FORMAT }, .has = { LPAE }, .stream = OF_EL2 },
	{ .with = { OTHER_FORMAT }, .has = { LPAE }, .stream = ORDINARY },
	{ .with = { OTHER_FORMAT }, .has = { V9 }, .stream = OF_EL2_E2H },
	{ .with = { OTHER_FORMAT }, .has = { V9 }, .stream = ORDINARY },
	/* CD-10, CD-36: EL2 has neither TTB1 nor ASIDs */
	{ .with = { { T1SZ, 2 }, { TG1, 0 } }, .stream = OF_EL2 },
	{ .with = { { ASID, 0xffff } }, .has = { HAS(asid16, 0) }, .stream = OF_EL2 },
	/* CD-43: nor unprivileged accesses: a reserved code of PIIU */
	{ .with = { { AT(6, 2, 0), 4 }, { PIE, 1 } }, .has = { HAS(s1pi, 1) }, .stream = OF_EL2 },
};

/* CD-10, CD-16, CD-27, CD-29, CD-31, CD-32, CD-33, CD-35, CD-36, CD-40, CD-41, CD-42, CD-43, SW-06,
 * SW-08 */
START_TEST(what_a_later_feature_allows_or_does_not_look_at_is_legal)
{
	expect_why(judge(accepted[_i].with, 3, accepted[_i].has, accepted[_i].stream), WHY_NONE,
		   "row", (unsigned)_i);
}
END_TEST

/* CD-39: VMSAv8-32 takes three bits of T0SZ and T1SZ, each of which is a size */
START_TEST(no_size_of_vmsav8_32_is_out_of_range)
{
	static const struct feature has[4] = { LPAE };

	for (unsigned size = 0; size < 64; size++) {
		const struct change with[] = { OTHER_FORMAT, { T0SZ, size }, { T1SZ, size } };

		expect_why(judge(with, 3, has, ORDINARY), WHY_NONE, "size", size);
	}
}
END_TEST

/* ---- Indirection.  CD-43 */

/* Reserved, or writable by the unprivileged and executable when privileged.  3.26.1: R 1, X 2, RX
 * 3, RW 5, RWX 7 */
static bool permissions_illegal(unsigned privileged, unsigned unprivileged)
{
	static const bool reserved[8] = { [4] = true, [6] = true };

	return reserved[privileged] || reserved[unprivileged] ||
	       ((privileged & 2) != 0 && unprivileged >= 4);
}

START_TEST(an_indirect_permission_may_not_be_reserved_nor_execute_what_others_write)
{
	static const struct feature pi[4] = { HAS(s1pi, 1) }, v9[4] = { V9, HAS(s1pi, 1) }, none[4];
	const unsigned p = (unsigned)_i;

	for (unsigned pair = 0; pair < 64; pair++) {
		const unsigned privileged = pair & 7, unprivileged = pair >> 3;
		const struct change both[] = { { AT(7, 3 * p + 2, 3 * p), privileged },
					       { AT(6, 3 * p + 2, 3 * p), unprivileged },
					       { PIE, 1 } };
		const struct change other[] = { both[0], both[1], OTHER_FORMAT };
		const enum why why = permissions_illegal(privileged, unprivileged) ? WHY_CD_PIE :
										     WHY_NONE;

		expect_why(judge(both, 3, pi, ORDINARY), why, "pair", pair);
		expect_why(judge(other, 3, v9, ORDINARY), why, "VMSAv9-128, pair", pair);
		expect_why(judge(both, 2, pi, ORDINARY), WHY_NONE, "PIE = 0, pair", pair);
		expect_why(judge(both, 3, pi, NOT_INDIRECT), WHY_NONE, "S1PIE = 0, pair", pair);
		expect_why(judge(both, 3, none, ORDINARY), WHY_NONE, "S1PI = 0, pair", pair);
	}
}
END_TEST

/* ---- Sizes and bits with two meanings */

/* CD-13, STE-33: every code, in every revision, capped to every OAS */
START_TEST(an_output_size_is_what_its_code_means_in_this_revision_and_at_most_oas)
{
	static const uint8_t meant[5][8] = {
		{ 32, 36, 40, 42, 44, 48, 48, 48 }, { 32, 36, 40, 42, 44, 48, 52, 52 },
		{ 32, 36, 40, 42, 44, 48, 52, 52 }, { 32, 36, 40, 42, 44, 48, 52, 52 },
		{ 32, 36, 40, 42, 44, 48, 52, 56 },
	};
	static const uint8_t oas[] = { 32, 36, 40, 42, 44, 48, 52, 56 };
	struct features features = { .minor = (uint8_t)_i };

	for (unsigned i = 0; i < 8; i++)
		for (unsigned code = 0; code < 8; code++) {
			features.oas_bits = oas[i];
			ck_assert_uint_eq(effective_output_bits(&features, code),
					  meant[_i][code] < oas[i] ? meant[_i][code] : oas[i]);
		}
}
END_TEST

/* CD-27: bit 65 of a VMSAv8-64 context is HAD0 where VMSAv9-128, to which it is DisCH0, exists */
START_TEST(where_there_is_vmsav9_128_a_vmsav8_64_context_still_has_had)
{
	struct features features = plain_features();
	struct cd cd = legal_cd();
	const struct stream stream = { .stage1 = true };
	struct context context;

	features.d128 = true;
	context_decode(&features, &stream, &cd, &context);
	ck_assert(!context.stage1.half[0].no_hierarchy);
	change(cd.word, HAD0, 1);
	context_decode(&features, &stream, &cd, &context);
	ck_assert(context.stage1.half[0].no_hierarchy);
	ck_assert(!context.stage1.half[1].no_hierarchy);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_rule_of_a_later_feature_refuses_a_value_and_not_its_neighbour,
			    0, ROWS(rules));
	tcase_add_loop_test(
		tests,
		a_rule_of_a_later_feature_refuses_a_value_in_either_half_unless_it_is_disabled, 0,
		2 * ROWS(half_rules));
	tcase_add_loop_test(tests, what_a_later_feature_allows_or_does_not_look_at_is_legal, 0,
			    ROWS(accepted));
	tcase_add_test(tests, no_size_of_vmsav8_32_is_out_of_range);
	tcase_add_loop_test(
		tests, an_indirect_permission_may_not_be_reserved_nor_execute_what_others_write, 0,
		16);
	tcase_add_loop_test(tests,
			    an_output_size_is_what_its_code_means_in_this_revision_and_at_most_oas,
			    0, 5);
	tcase_add_test(tests, where_there_is_vmsav9_128_a_vmsav8_64_context_still_has_had);
}

int main(void)
{
	Suite *suite = suite_create("cd-judge");
	TCase *tests = tcase_create("cd-judge");

	add(tests);
	suite_add_tcase(suite, tests);
	return run_checks(suite);
}
