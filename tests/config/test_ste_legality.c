/* SPDX-License-Identifier: MIT */
/* What makes an STE ILLEGAL: a value, not its neighbour, and not where it is IGNORED.  5.2.2 */
#include "support/conf_world.h"

#define ONLY(config) (1u << (config))

/* Bits `bit` and `bit` - 1 of a pointer: 0b10 is beyond a size of `bit` bits, 0b01 is not. */
#define POINTER(word, bit) AT(word, bit, (bit)-1)

/* Values of Config in which a field counts, and in which it is IGNORED and changes nothing. */
enum where { STAGE_1, STAGE_2, S1_ALONE, S2_OF_4K, S2_40_BITS, ANY_STAGE, ALL };

static const struct {
	unsigned judged, ignored;
} wheres[] = {
	[STAGE_1] = { CONFIGS_S1, CONFIGS_ALL & ~CONFIGS_S1 },
	[STAGE_2] = { CONFIGS_S2, CONFIGS_ALL & ~CONFIGS_S2 },
	[S1_ALONE] = { ONLY(S1_ONLY), CONFIGS_ALL & ~CONFIGS_S1 },    /* with both an IPA */
	[S2_OF_4K] = { CONFIGS_S2, CONFIGS_ABORT | ONLY(BYPASS) },    /* stage 1 has 4K too */
	[S2_40_BITS] = { CONFIGS_S2, CONFIGS_ABORT | ONLY(S1_ONLY) }, /* IPA_PAGE has 41 */
	[ANY_STAGE] = { CONFIGS_S1 | CONFIGS_S2, CONFIGS_ABORT | ONLY(BYPASS) },
	[ALL] = { CONFIGS_ALL, 0 },
};

static const struct rule {
	const char *field; /* that decides */
	enum where where;
	struct change bad;
	uint64_t good;         /* the nearest legal value of the same bits */
	struct change with[2]; /* what else the rule needs in the STE */
	struct change id[3];   /* and in the ID registers */
} rules[] = {
	/* STE-55, STE-61: STALL_MODEL = 0b01 */
	{ "S1STALLD", STAGE_1, { S1STALLD, 1 }, .good = 0 },
	{ "S2S", STAGE_2, { S2S, 1 }, .good = 0 },
	/* STE-57: SSIDSIZE 20, 4 */
	{ "S1CDMax", STAGE_1, { S1CDMAX, 21 }, .good = 20 },
	{ "S1CDMax", STAGE_1, { S1CDMAX, 31 }, .good = 1 },
	{ "S1CDMax", STAGE_1, { S1CDMAX, 5 }, .good = 4, .id = { { SSIDSIZE, 4 } } },
	/* STE-58 */
	{ "S1Fmt", STAGE_1, { S1FMT, 1 }, 0, { { S1CDMAX, 1 } }, { { CD2L, 0 } } },
	{ "S1Fmt", STAGE_1, { S1FMT, 2 }, 3, { { S1CDMAX, 1 } }, { { CD2L, 0 } } },
	/* STE-59 */
	{ "S1ContextPtr", S1_ALONE, { POINTER(0, 52), 2 }, .good = 1 },
	{ "S1ContextPtr", S1_ALONE, { AT(0, 55, 51), 16 }, .good = 1 },
	{ "S1ContextPtr",
	  S1_ALONE,
	  { POINTER(0, 44), 2 },
	  1,
	  { { S2T0SZ, 20 } },
	  { { OAS, OAS_44 } } },
	/* STE-62, STE-34; STE-72; STE-63, STE-37: HTTU = 0 has no value but 0 */
	{ "S2AA64", STAGE_2, { S2AA64, 0 }, .good = 1 },
	{ "S2ENDI", STAGE_2, { S2ENDI, 1 }, .good = 0 },
	{ "S2HA", STAGE_2, { S2HA, 1 }, .good = 0 },
	{ "S2HD", STAGE_2, { S2HD, 1 }, .good = 0 },
	{ "S2HA", STAGE_2, { AT(2, 56, 55), 3 }, .good = 0 },
	/* STE-64: reserved; not implemented */
	{ "S2TG", STAGE_2, { S2TG, 3 }, .good = G4K },
	{ "S2TG", S2_OF_4K, { S2TG, G4K }, .good = G16K, .id = { { GRAN4K, 0 } } },
	{ "S2TG", STAGE_2, { S2TG, G16K }, .good = G64K, .id = { { GRAN16K, 0 } } },
	{ "S2TG",
	  STAGE_2,
	  { S2TG, G64K },
	  .good = G4K,
	  .id = { { GRAN64K, 0 }, { OAS, OAS_48 }, { VAX, 0 } } },
	/* STE-65, STE-33: beyond S2PS, beyond OAS, beyond 48 bits */
	{ "S2TTB", STAGE_2, { POINTER(3, 32), 2 }, .good = 1, { { S2PS, 0 } } },
	{ "S2TTB", STAGE_2, { POINTER(3, 36), 2 }, .good = 1, { { S2PS, 1 } } },
	{ "S2TTB", STAGE_2, { POINTER(3, 40), 2 }, .good = 1, { { S2PS, 2 } } },
	{ "S2TTB", STAGE_2, { POINTER(3, 42), 2 }, .good = 1, { { S2PS, 3 } } },
	{ "S2TTB", STAGE_2, { POINTER(3, 44), 2 }, .good = 1, { { S2PS, 4 } } },
	{ "S2TTB", STAGE_2, { POINTER(3, 48), 2 }, .good = 1, { { S2PS, 5 } } },
	{ "S2TTB",
	  STAGE_2,
	  { POINTER(3, 44), 2 },
	  1,
	  { { S2PS, 6 }, { S2T0SZ, 20 } },
	  { { OAS, OAS_44 } } },
	{ "S2TTB",
	  STAGE_2,
	  { POINTER(3, 48), 2 },
	  1,
	  { { S2PS, 6 }, { S2TG, G64K } },
	  { { OAS, OAS_48 } } },
	{ "S2TTB", STAGE_2, { POINTER(3, 48), 2 }, .good = 1, { { S2PS, 5 }, { S2TG, G64K } } },
	{ "S2TTB", STAGE_2, { POINTER(3, 48), 2 }, .good = 1, { { S2PS, 6 } } },
	{ "S2TTB", STAGE_2, { AT(3, 51, 47), 16 }, .good = 1, { { S2PS, 6 }, { S2TG, G16K } } },
	{ "S2TTB", STAGE_2, { POINTER(3, 48), 2 }, .good = 1, { { S2PS, 7 } } },
	/* STE-66: the smallest */
	{ "S2T0SZ", STAGE_2, { S2T0SZ, 15 }, .good = 16 },
	{ "S2T0SZ", STAGE_2, { S2T0SZ, 0 }, .good = 16 },
	{ "S2T0SZ", STAGE_2, { S2T0SZ, 15 }, .good = 16, { { S2TG, G16K } } },
	{ "S2T0SZ", STAGE_2, { S2T0SZ, 11 }, .good = 12, { { S2TG, G64K } } },
	{ "S2T0SZ", STAGE_2, { S2T0SZ, 19 }, .good = 20, .id = { { OAS, OAS_44 } } },
	{ "S2T0SZ", STAGE_2, { S2T0SZ, 19 }, 20, { { S2TG, G64K } }, { { OAS, OAS_44 } } },
	{ "S2T0SZ", STAGE_2, { S2T0SZ, 15 }, 16, { { S2TG, G64K } }, { { OAS, OAS_48 } } },
	/* and the largest, without and with small tables */
	{ "S2T0SZ", STAGE_2, { S2T0SZ, 40 }, 39, { { S2SL0, 0 } }, { { STT, 0 } } },
	{ "S2T0SZ", STAGE_2, { S2T0SZ, 40 }, 39, { { S2SL0, 0 }, { S2TG, G16K } }, { { STT, 0 } } },
	{ "S2T0SZ", STAGE_2, { S2T0SZ, 40 }, 39, { { S2SL0, 0 }, { S2TG, G64K } }, { { STT, 0 } } },
	{ "S2T0SZ", STAGE_2, { S2T0SZ, 49 }, .good = 48, { { S2SL0, 3 } } },
	{ "S2T0SZ", STAGE_2, { S2T0SZ, 49 }, .good = 48, { { S2SL0, 0 }, { S2TG, G16K } } },
	{ "S2T0SZ", STAGE_2, { S2T0SZ, 48 }, .good = 47, { { S2SL0, 0 }, { S2TG, G64K } } },
	{ "S2T0SZ", STAGE_2, { S2T0SZ, 63 }, .good = 47, { { S2SL0, 0 }, { S2TG, G64K } } },
	/* STE-69, S2-04: start levels of 4K */
	{ "S2SL0", STAGE_2, { S2T0SZ, 25 }, .good = 24, { { S2SL0, 2 } } },
	{ "S2SL0", STAGE_2, { S2T0SZ, 20 }, .good = 21, { { S2SL0, 1 } } },
	{ "S2SL0", STAGE_2, { S2T0SZ, 34 }, .good = 33, { { S2SL0, 1 } } },
	{ "S2SL0", STAGE_2, { S2T0SZ, 29 }, .good = 30, { { S2SL0, 0 } } },
	{ "S2SL0", STAGE_2, { S2T0SZ, 43 }, .good = 42, { { S2SL0, 0 } } },
	{ "S2SL0", STAGE_2, { S2T0SZ, 38 }, .good = 39, { { S2SL0, 3 } } },
	{ "S2SL0", STAGE_2, { S2SL0, 3 }, 0, { { S2T0SZ, 39 } }, { { STT, 0 } } },
	/* of 16K, of 64K */
	{ "S2SL0", STAGE_2, { S2T0SZ, 28 }, .good = 27, { { S2SL0, 2 }, { S2TG, G16K } } },
	{ "S2SL0", STAGE_2, { S2T0SZ, 23 }, .good = 24, { { S2SL0, 1 }, { S2TG, G16K } } },
	{ "S2SL0", STAGE_2, { S2T0SZ, 39 }, .good = 38, { { S2SL0, 1 }, { S2TG, G16K } } },
	{ "S2SL0", STAGE_2, { S2T0SZ, 34 }, .good = 35, { { S2SL0, 0 }, { S2TG, G16K } } },
	{ "S2SL0", STAGE_2, { S2SL0, 3 }, .good = 2, { { S2TG, G16K } } },
	{ "S2SL0", STAGE_2, { S2T0SZ, 22 }, .good = 21, { { S2SL0, 2 }, { S2TG, G64K } } },
	{ "S2SL0", STAGE_2, { S2T0SZ, 17 }, .good = 18, { { S2SL0, 1 }, { S2TG, G64K } } },
	{ "S2SL0", STAGE_2, { S2T0SZ, 35 }, .good = 34, { { S2SL0, 1 }, { S2TG, G64K } } },
	{ "S2SL0", STAGE_2, { S2T0SZ, 30 }, .good = 31, { { S2SL0, 0 }, { S2TG, G64K } } },
	{ "S2SL0", STAGE_2, { S2SL0, 3 }, .good = 2, { { S2TG, G64K } } },
	/* S2-06: 4K from level 0 needs 44 bits of output, 16K from level 1 needs 42 */
	{ "S2SL0", STAGE_2, { S2SL0, 2 }, 1, { { S2T0SZ, 22 } }, { { OAS, OAS_42 } } },
	{ "S2SL0",
	  S2_40_BITS,
	  { S2SL0, 2 },
	  1,
	  { { S2T0SZ, 24 }, { S2TG, G16K } },
	  { { OAS, OAS_40 } } },
	/* STE-75: wherever anything is translated */
	{ "S2VMID", ANY_STAGE, { S2VMID, 0x100 }, .good = 0xff, .id = { { VMID16, 0 } } },
	/* STE-43, STE-10 */
	{ "V", ALL, { STE_V, 0 }, .good = 1 },
	/* STE-44: and the features that need the stage */
	{ "Config", STAGE_1, { 0, 0 }, .good = 0, .id = { { S1P, 0 }, { HAD, 0 } } },
	{ "Config", STAGE_2, { 0, 0 }, .good = 0, .id = { { S2P, 0 }, { XNX, 0 } } },
};

static struct world prepared(const struct rule *rule, unsigned config, uint64_t value)
{
	struct world w = stream(config);

	for (unsigned i = 0; i < 3; i++)
		change_id(&w, rule->id[i].at, rule->id[i].value);
	for (unsigned i = 0; i < 2; i++)
		change(w.ste, rule->with[i].at, rule->with[i].value);
	change(w.ste, rule->bad.at, value);
	return w;
}

static void expect_illegal(const struct rule *rule, unsigned config)
{
	struct world w = prepared(rule, config, rule->bad.value);

	w.txn.bytes = 0x3000;
	expect_error(&w, input_of(config), SMMU3_TXN_WRITE | SMMU3_TXN_PRIVILEGED, C_BAD_STE, 0);
	ck_assert_uint_eq(w.out.decider, SMMU3_BY_STREAM);
	expect_because(&w, rule->field);
	close_world(&w);
}

static void expect_legal(const struct rule *rule, unsigned config)
{
	struct world w = prepared(rule, config, rule->good);

	reach(&w, input_of(config), 0);
	ck_assert_msg(w.out.event != C_BAD_STE, "Config %u: %s", config,
		      smmu3_why(w.out.why)->name);
	close_world(&w);
}

/* STE-34, STE-37, STE-43, STE-44, STE-55, STE-57, STE-58, STE-59, STE-61, STE-62, STE-63, STE-64,
 * STE-65, STE-66, STE-69, STE-72, STE-75, FLT-15, B13
 */
START_TEST(a_field_out_of_its_domain_is_c_bad_ste_where_it_counts_and_its_neighbour_is_accepted)
{
	const struct rule *rule = &rules[_i];

	for (unsigned config = 0; config < 8; config++)
		if (wheres[rule->where].judged & ONLY(config)) {
			expect_illegal(rule, config);
			if (rule->bad.at)
				expect_legal(rule, config);
		}
}
END_TEST

/* STE-77, STE-11, STE-12, STE-13, STE-14, STE-22, STE-38 */
START_TEST(the_same_value_is_accepted_where_the_configuration_ignores_the_field)
{
	const struct rule *rule = &rules[_i];

	for (unsigned config = 0; config < 8; config++)
		if (wheres[rule->where].ignored & ONLY(config)) {
			struct world w = prepared(rule, config, rule->bad.value);

			expect_unchanged(&w, config);
			close_world(&w);
		}
}
END_TEST

/* Values that look wrong and are not, whatever Config says. */
static const struct accepted {
	struct change with[3]; /* in the STE */
	struct change id[3];   /* in the ID registers */
} accepted[] = {
	/* STE-23, SW-01, SW-02: STRW without Hyp */
	{ .with = { { STRW, 1 } } },
	{ .with = { { STRW, 2 } } },
	{ .with = { { STRW, 3 } } },
	/* STE-53: EATS without ATS */
	{ .with = { { EATS, 1 } } },
	{ .with = { { EATS, 2 } } },
	{ .with = { { EATS, 3 } } },
	/* STE-58, SUB-01, SUB-02, B13: formats and sizes of CD tables without substreams */
	{ { { S1FMT, 1 } }, { { CD2L, 0 } } },
	{ { { S1FMT, 2 } }, { { CD2L, 0 } } },
	{ { { S1FMT, 1 }, { S1CDMAX, 31 }, { S1DSS, 3 } }, { { CD2L, 0 }, { SSIDSIZE, 0 } } },
	{ { { S1FMT, 2 }, { S1CDMAX, 7 }, { S1DSS, 0 } }, { { SSIDSIZE, 0 } } },
	{ .with = { { S1FMT, 3 } } },
	/* STE-63: without hardware update of anything */
	{ .with = { { S2HAFT, 1 } } },
	/* STE-74, ATTR-29 */
	{ { { S2HWU, 0xf } }, { { PBHA, 1 } } },
	/* STE-75: every VMID with VMID16 = 1 */
	{ .with = { { S2VMID, 0xffff } } },
	/* STE-76: without MPAM */
	{ .with = { { S1MPAM, 1 }, { VMSPTR, 0xfffffffffff } } },
	/* STE-35, S2-01: without DS */
	{ .with = { { S2SL0_2_S2DS, 3 } } },
	/* STE-65: bits 55:52 of S2TTB are not part of it; bits below the size of the table, STE-39
	 */
	{ .with = { { AT(3, 55, 52), 0xf } } },
	{ .with = { { AT(3, 11, 4), 0xff } } },
	/* STE-20: without a cache CONT says nothing */
	{ .with = { { CONT, 15 }, { MEV, 1 } } },
	/* STE-33: eff_S2PS is the smaller of S2PS and OAS */
	{ .with = { { S2PS, 6 } } },
	{ .with = { { S2PS, 7 } } },
	{ { { S2PS, 7 }, { S2T0SZ, 20 } }, { { OAS, OAS_44 } } },
};

static void expect_accepted(const struct accepted *row, unsigned config)
{
	struct world w = stream(config);

	for (unsigned i = 0; i < 3; i++) {
		change_id(&w, row->id[i].at, row->id[i].value);
		change(w.ste, row->with[i].at, row->with[i].value);
	}
	expect_unchanged(&w, config);
	close_world(&w);
}

/* STE-58: S1DSS = 0 refuses an access without a SubstreamID, but only once the STE is found legal */
START_TEST(the_reserved_cd_format_is_linear_where_there_are_no_two_level_tables)
{
	struct world w = stream(S1_ONLY);

	change_id(&w, CD2L, 0);
	change(w.ste, S1FMT, 3);
	change(w.ste, S1CDMAX, 1);
	ck_assert_uint_eq(reach(&w, input_of(S1_ONLY), 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, 0x06); /* F_STREAM_DISABLED */
	close_world(&w);
}
END_TEST

/* STE-11, STE-12, STE-20, STE-23, STE-33, STE-35, STE-39, STE-53, STE-58, STE-63, STE-65, STE-74,
 * STE-75, STE-76, STE-77, SW-01, SW-02, SUB-01, SUB-02 */
START_TEST(what_is_not_implemented_or_not_in_use_is_ignored)
{
	for (unsigned config = 0; config < 8; config++)
		expect_accepted(&accepted[_i], config);
}
END_TEST

/* STE-75: S2VMID without stage 2 */
START_TEST(a_vmid_is_ignored_where_there_is_no_stage_2)
{
	static const struct accepted row = { { { S2VMID, 0xffff } },
					     { { S2P, 0 }, { XNX, 0 }, { VMID16, 0 } } };

	for (unsigned config = 0; config < S2_ONLY; config++)
		expect_accepted(&row, config);
}
END_TEST

/* STE-78: and the fields of features that are not there */
START_TEST(undefined_bits_of_an_ste_change_nothing)
{
	static const uint64_t undefined[8] = {
		UINT64_C(0x0700000000000000),
		UINT64_C(0xfff0ce00f5ffff00),
		UINT64_C(0xf8000000ffff0000),
		UINT64_C(0xfff000000000000f),
		UINT64_MAX,
		UINT64_MAX,
		UINT64_MAX,
		UINT64_MAX,
	};
	const unsigned config = (unsigned)_i;
	struct world w = stream(config);

	for (unsigned i = 0; i < 8; i++)
		w.ste[i] |= undefined[i];
	expect_unchanged(&w, config);
	close_world(&w);
}
END_TEST

/* STE-10: V = 0 and every other bit set; V = 1, Config = 0b0xx and every other bit set: STE-11 */
START_TEST(v_alone_makes_an_ste_illegal_and_config_0xx_disables_it_in_silence)
{
	struct world w = stream(S1_ONLY);

	memset(w.ste, 0xff, sizeof(w.ste));
	w.ste[0] &= ~BIT(0);
	expect_error(&w, VA, 0, C_BAD_STE, 0);
	expect_because(&w, "STE.V");
	for (unsigned config = 0; config < 4; config++) {
		w.ste[0] = UINT64_C(0xfffffffffffffff1) | (uint64_t)config << 1;
		open_world(&w);
		expect_silence(&w, VA, SMMU3_TXN_WRITE);
		expect_because(&w, "STE.Config");
		ck_assert_uint_eq(w.out.decider, SMMU3_BY_STREAM);
		w.txn.ssid = 7;
		expect_silence(&w, UINT64_MAX - 3,
			       SMMU3_TXN_SSV); /* SUB-20, and no address size check */
	}
	close_world(&w);
}
END_TEST

/* STE-65: a 64K granule with 52 bits takes a table anywhere; what is there cannot be read */
START_TEST(a_64k_stage_2_table_may_lie_above_48_bits)
{
	struct world w = stream(S2_ONLY);

	change(w.ste, S2PS, 6 + (unsigned)_i);
	change(w.ste, S2TG, G64K);
	w.ste[3] = BIT(51);
	reach(&w, IPA_PAGE, 0);
	ck_assert_uint_eq(w.out.event, F_WALK_EABT);
	expect_words(&w, word0(&w, F_WALK_EABT, 0), RNW | S2 | CLASS(2), IPA_PAGE,
		     w.out.fault_addr);
	ck_assert_uint_eq(w.out.fault_addr, BIT(51)); /* IPA_PAGE[47:42] is 0 */
	close_world(&w);
}
END_TEST

/* STE-59, 3.4.3 note 2: libsmmu hands the pointer to stage 2, whole */
START_TEST(a_cd_pointer_beyond_the_ipa_range_is_a_stage_2_translation_fault)
{
	struct world w = stream(NESTED);

	w.ste[0] |= BIT(55);
	reach(&w, VA, 0);
	ck_assert_uint_eq(w.out.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, F_TRANSLATION);
	ck_assert_uint_eq(w.out.fault_stage, 2);
	ck_assert_uint_eq(w.out.fault_class, SMMU3_CLASS_CD);
	ck_assert_uint_eq(w.out.fault_addr, BIT(55) | CD_AT);
	/* FLT-13: bits of the IPA at and above OAS are 0 in the record */
	expect_words(&w, word0(&w, F_TRANSLATION, 0), RNW | S2 | CLASS(0), VA, CD_PAGE);
	close_world(&w);
}
END_TEST

/* 5.2 S2TTB, 5.4 TTB0: RES0 in SMMUv3.0, STE-78 */
START_TEST(in_smmuv3_0_a_table_address_ends_at_bit_47)
{
	const unsigned config = _i ? S2_ONLY : S1_ONLY;
	struct world w = stream(config);

	w.config.aidr = 0;
	w.config.idr[3] = 0;
	w.config.idr[5] = 0x75; /* OAS 48 */
	w.ste[3] |= UINT64_C(0x000f000000000000);
	w.cd[1] |= UINT64_C(0x000f000000000000);
	expect_unchanged(&w, config);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, the_reserved_cd_format_is_linear_where_there_are_no_two_level_tables);
	tcase_add_loop_test(
		tests,
		a_field_out_of_its_domain_is_c_bad_ste_where_it_counts_and_its_neighbour_is_accepted,
		0, ROWS(rules));
	tcase_add_loop_test(tests,
			    the_same_value_is_accepted_where_the_configuration_ignores_the_field, 0,
			    ROWS(rules));
	tcase_add_loop_test(tests, what_is_not_implemented_or_not_in_use_is_ignored, 0,
			    ROWS(accepted));
	tcase_add_test(tests, a_vmid_is_ignored_where_there_is_no_stage_2);
	tcase_add_loop_test(tests, undefined_bits_of_an_ste_change_nothing, 0, 8);
	tcase_add_test(tests, v_alone_makes_an_ste_illegal_and_config_0xx_disables_it_in_silence);
	tcase_add_loop_test(tests, a_64k_stage_2_table_may_lie_above_48_bits, 0, 2);
	tcase_add_loop_test(tests, in_smmuv3_0_a_table_address_ends_at_bit_47, 0, 2);
	tcase_add_test(tests, a_cd_pointer_beyond_the_ipa_range_is_a_stage_2_translation_fault);
}

int main(void)
{
	return run_suite("ste-legality", add);
}
