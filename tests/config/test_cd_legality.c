/* SPDX-License-Identifier: MIT */
/* What makes a CD ILLEGAL: a value, not its neighbour, in each half, and not where EPD is 1.  5.4.2
 */
#include "support/conf_world.h"

#define HIGH UINT64_C(0xfffff00000000000) /* VA | HIGH is of the TTB1 half: T1SZ is 20 */
#define EPD(half) BIT(14 + 16 * (half))

static void expect_bad_cd(struct world *w, uint64_t address, const char *field)
{
	w->txn.bytes = 0x2000;
	expect_error(w, address, SMMU3_TXN_INSTRUCTION, C_BAD_CD, 0);
	ck_assert_uint_eq(w->out.decider, SMMU3_BY_CONTEXT);
	expect_because(w, field);
}

static const struct rule {
	const char *field; /* that decides */
	struct change bad;
	uint64_t good;
	struct change id;
} rules[] = {
	/* CD-28 */
	{ "CD.V", { CD_V, 0 }, .good = 1 },
	/* CD-30 */
	{ "CD.A", { CD_A, 0 }, 1, { TERM_MODEL, 1 } },
	/* CD-31: STALL_MODEL = 0b01 */
	{ "CD.S", { CD_S, 1 }, .good = 0 },
	/* CD-32, CD-33 */
	{ "CD.ENDI", { ENDI, 1 }, .good = 0 },
	{ "CD.AA64", { AA64, 0 }, .good = 1 },
	/* CD-35, CD-16: HTTU = 0 has no value but 0 */
	{ "CD.HA", { HA, 1 }, .good = 0 },
	{ "CD.HD", { HD, 1 }, .good = 0 },
	{ "CD.HA", { AT(0, 43, 42), 3 }, .good = 0 },
	/* CD-36 */
	{ "CD.ASID", { ASID, 0x100 }, 0xff, { ASID16, 0 } },
	{ "CD.ASID", { ASID, 0x8000 }, 0, { ASID16, 0 } },
};

static void open_with(struct world *w, const struct rule *rule, uint64_t value)
{
	change_id(w, rule->id.at, rule->id.value);
	change(w->cd, rule->bad.at, value);
	open_world(w);
}

/* CD-16, CD-28, CD-30, CD-31, CD-32, CD-33, CD-35, CD-36, FLT-15: with stage 1 alone and with both
 */
START_TEST(a_field_out_of_its_domain_is_c_bad_cd_and_its_neighbour_is_accepted)
{
	const struct rule *rule = &rules[_i / 2];
	const unsigned config = _i % 2 ? NESTED : S1_ONLY;
	struct world w = stream(config);

	open_with(&w, rule, rule->bad.value);
	expect_bad_cd(&w, VA, rule->field);
	w.txn.bytes = 4;
	open_with(&w, rule, rule->good);
	expect_unchanged(&w, config);
	close_world(&w);
}
END_TEST

/* STE-77, SUB-06: no CD is fetched where stage 1 does not translate */
START_TEST(the_same_value_is_accepted_where_the_cd_is_not_used)
{
	const struct rule *rule = &rules[_i / 3];
	const unsigned config = _i % 3 == 0 ? BYPASS : S2_ONLY;
	struct world w = stream(config);

	if (_i % 3 == 2) { /* both stages, stage 1 skipped */
		change(w.ste, CONFIG, NESTED);
		change(w.ste, S1CDMAX, 1);
		change(w.ste, S1DSS, 1);
	}
	open_with(&w, rule, rule->bad.value);
	expect_unchanged(&w, config);
	close_world(&w);
}
END_TEST

/* CD-32, CD-12: ENDI is IGNORED if both halves are disabled */
START_TEST(endi_counts_if_either_half_is_enabled)
{
	struct world w = stream(S1_ONLY);

	change(w.cd, ENDI, 1);
	change(w.cd, T1SZ, 16);
	change(w.cd, TG1, 2);
	w.cd[0] |= EPD(0) | EPD(1);
	expect_event(&w, VA, 0, F_TRANSLATION, 1, NO_WALK);
	w.cd[0] &= ~EPD(_i);
	open_world(&w);
	expect_error(&w, VA, 0, C_BAD_CD, 0);
	expect_because(&w, "CD.ENDI");
	close_world(&w);
}
END_TEST

/* ---- The two halves.  A row is written for TTB0 and holds for TTB1 where its fields lie. */

/* Bits `bit` and `bit` - 1 of TTB0: 0b10 is beyond a size of `bit` bits, 0b01 is not. */
#define TTB0(bit) AT(1, bit, (bit)-1)

static const struct half_rule {
	const char *field;    /* @ is 0 or 1 */
	uint8_t granule, ips; /* of both halves, in TG0's encoding; of the CD */
	struct change bad;
	uint64_t good;
	struct change id[3];
} half_rules[] = {
	/* CD-37: the longest and the shortest region of 4K, 16K and 64K */
	{ "T@SZ", G4K, 5, { T0SZ, 15 }, 16, { { STT, 0 } } },
	{ "T@SZ", G16K, 5, { T0SZ, 15 }, 16, { { STT, 0 } } },
	{ "T@SZ", G64K, 5, { T0SZ, 11 }, 12, { { STT, 0 } } },
	{ "T@SZ", G64K, 5, { T0SZ, 11 }, 12, { { OAS, OAS_44 } } },
	{ "T@SZ", G64K, 5, { T0SZ, 15 }, 16, { { VAX, 0 } } },
	{ "T@SZ", G4K, 5, { T0SZ, 0 }, 16, { { VAX, 0 } } },
	{ "T@SZ", G4K, 5, { T0SZ, 40 }, 39, { { STT, 0 } } },
	{ "T@SZ", G16K, 5, { T0SZ, 40 }, 39, { { STT, 0 } } },
	{ "T@SZ", G64K, 5, { T0SZ, 40 }, 39, { { STT, 0 } } },
	{ "T@SZ", G4K, 5, { T0SZ, 49 }, .good = 48 },
	{ "T@SZ", G16K, 5, { T0SZ, 49 }, .good = 48 },
	{ "T@SZ", G64K, 5, { T0SZ, 48 }, .good = 47 },
	{ "T@SZ", G64K, 5, { T0SZ, 63 }, .good = 47 },
	/* CD-40: reserved; not implemented */
	{ "TG@", G4K, 5, { TG0, 3 }, .good = G4K },
	{ "TG@", G16K, 5, { TG0, G4K }, G64K, { { GRAN4K, 0 } } },
	{ "TG@", G4K, 5, { TG0, G16K }, G64K, { { GRAN16K, 0 } } },
	{ "TG@", G4K, 5, { TG0, G64K }, G16K, { { GRAN64K, 0 }, { OAS, OAS_48 }, { VAX, 0 } } },
	/* CD-41: every IPS; IPS beyond OAS; beyond 48 bits without 64K; the reserved IPS */
	{ "TTB@", G4K, 0, { TTB0(32), 2 }, .good = 1 },
	{ "TTB@", G4K, 1, { TTB0(36), 2 }, .good = 1 },
	{ "TTB@", G4K, 2, { TTB0(40), 2 }, .good = 1 },
	{ "TTB@", G4K, 3, { TTB0(42), 2 }, .good = 1 },
	{ "TTB@", G4K, 4, { TTB0(44), 2 }, .good = 1 },
	{ "TTB@", G4K, 5, { TTB0(48), 2 }, .good = 1 },
	{ "TTB@", G64K, 5, { TTB0(48), 2 }, .good = 1 },
	{ "TTB@", G4K, 6, { TTB0(48), 2 }, .good = 1 },
	{ "TTB@", G16K, 6, { TTB0(48), 2 }, .good = 1 },
	{ "TTB@", G16K, 7, { AT(1, 51, 47), 16 }, .good = 1 },
	{ "TTB@", G4K, 6, { TTB0(44), 2 }, 1, { { OAS, OAS_44 } } },
	{ "TTB@", G64K, 7, { TTB0(44), 2 }, 1, { { OAS, OAS_44 } } },
	{ "TTB@", G64K, 6, { TTB0(48), 2 }, 1, { { OAS, OAS_48 } } },
};

/* A field of TTB0, or the same of TTB1: in word 0 its bits are 16 up, and TG1 has its own encoding;
 * TTB1 is in word 2.  CD-07 */
static void change_half(struct world *w, unsigned half, unsigned at, uint64_t value)
{
	static const uint8_t tg1[] = { [G4K] = 2, [G64K] = 3, [G16K] = 1, 0 };

	if (half == 1) {
		value = at == TG0 ? tg1[value] : value;
		at += at >> 16 ? AT(1, -1, 0) : AT(0, 15, 16);
	}
	change(w->cd, at, value);
}

/* Both halves through the same tables: HIGH | VA goes where VA goes. */
static struct world two_halves(unsigned config, const struct half_rule *rule)
{
	struct world w = stream(config);

	w.cd[0] &= ~EPD(1);
	w.cd[2] = w.cd[1];
	change(w.cd, IPS, rule->ips);
	for (unsigned half = 0; half < 2; half++) {
		change_half(&w, half, T0SZ, 20);
		change_half(&w, half, TG0, rule->granule);
	}
	for (unsigned i = 0; i < 3; i++)
		change_id(&w, rule->id[i].at, rule->id[i].value);
	return w;
}

static const char *field_of(unsigned half, const char *name, char text[16])
{
	strcpy(text, "CD.");
	strcat(text, name);
	*strchr(text, '@') = half ? '1' : '0';
	return text;
}

/* CD-07, CD-11, CD-37, CD-40, CD-41, CD-44, ORD-13, ORD-14: whichever half the address selects */
START_TEST(a_bad_half_makes_the_cd_illegal_for_every_address)
{
	const struct half_rule *rule = &half_rules[_i / 4];
	const bool s2_legal = rule->id[0].at >> 16 != 5; /* IDR5 would make the STE illegal too */
	const unsigned half = (unsigned)_i % 2, config = _i % 4 >= 2 && s2_legal ? NESTED : S1_ONLY;
	struct world w = two_halves(config, rule);
	char field[16];

	change_half(&w, half, rule->bad.at, rule->bad.value);
	expect_bad_cd(&w, VA, field_of(half, rule->field, field));
	expect_bad_cd(&w, HIGH | VA, field);
	expect_bad_cd(&w, BIT(60), field); /* an address of neither */
	change_half(&w, half, rule->bad.at, rule->good);
	open_world(&w);
	reach(&w, VA, 0);
	ck_assert_msg(w.out.event != C_BAD_CD, "%s", smmu3_why(w.out.why)->name);
	close_world(&w);
}
END_TEST

/* CD-09, CD-11, B25: and what EPD disables is not walked */
START_TEST(a_disabled_half_is_not_judged_and_gives_a_translation_fault)
{
	const struct half_rule *rule = &half_rules[_i / 2];
	const unsigned half = (unsigned)_i % 2;
	const uint64_t enabled = half ? VA : HIGH | VA, disabled = half ? HIGH | VA : VA;
	struct world w = two_halves(S1_ONLY, rule);

	w.cd[0] |= EPD(half);
	change_half(&w, half, rule->bad.at, rule->bad.value);
	w.behind_host = true;
	expect_event(&w, disabled, 0, F_TRANSLATION, 1, NO_WALK);
	expect_coherent(&w, disabled);
	expect_record(&w, disabled, RNW | CLASS(2), 0);
	expect_because(&w, "CD.EPD");
	ck_assert_uint_eq(fetched(&w, SMMU3_REASON_S1_TTD), 0);
	if (rule->granule == G4K && rule->bad.at != TG0) {
		expect_reaches(&w, enabled, 0, NEAR_PA);
	} else {
		reach(&w, enabled, 0);
		ck_assert_msg(w.out.event != C_BAD_CD, "%s", smmu3_why(w.out.why)->name);
	}
	close_world(&w);
}
END_TEST

/* CD-09, B25 */
START_TEST(two_disabled_halves_are_legal_whatever_they_hold)
{
	struct world w = stream(S1_ONLY);

	w.cd[0] |= UINT64_C(0x7fff7fff) | BIT(31); /* both EPD, all of the rest but ENDI */
	w.cd[1] = w.cd[2] = UINT64_MAX;
	expect_event(&w, VA, 0, F_TRANSLATION, 1, NO_WALK);
	expect_record(&w, VA, RNW | CLASS(2), 0);
	expect_event(&w, HIGH | VA, SMMU3_TXN_WRITE, F_TRANSLATION, 1, NO_WALK);
	expect_record(&w, HIGH | VA, CLASS(2), 0);
	close_world(&w);
}
END_TEST

/* CD-20: bits below the size of the table, and bits 55:52 */
START_TEST(bits_of_ttb_outside_the_address_of_the_table_are_ignored)
{
	struct world w = stream(S1_ONLY);

	w.cd[1] |= UINT64_C(0x00f0000000000ff0);
	expect_unchanged(&w, S1_ONLY);
	close_world(&w);
}
END_TEST

/* STE-78, CD-43: undefined bits and the fields of features that are not there */
START_TEST(undefined_bits_of_a_cd_change_nothing)
{
	static const uint64_t undefined[8] = {
		BIT(37) | BIT(47),
		UINT64_C(0xfff000000000000d),
		UINT64_C(0xfff000000000000d),
		0,
		UINT64_MAX,
		UINT64_MAX,
		UINT64_MAX,
		UINT64_MAX,
	};
	const unsigned config = _i ? NESTED : S1_ONLY;
	struct world w = stream(config);

	for (unsigned i = 0; i < 8; i++)
		w.cd[i] |= undefined[i];
	w.ste[1] |= BIT(24); /* S1PIE */
	expect_unchanged(&w, config);
	close_world(&w);
}
END_TEST

/* CD-13, CD-14, B13: bits of the output, by IPS and by OAS, whichever is smaller */
START_TEST(outputs_beyond_ips_or_oas_are_address_size_faults)
{
	static const struct {
		uint8_t ips, oas, bits;
	} rows[] = {
		{ 0, OAS_52, 32 }, { 1, OAS_52, 36 }, { 2, OAS_52, 40 },
		{ 3, OAS_52, 42 }, { 4, OAS_52, 44 }, { 5, OAS_44, 44 },
		{ 6, OAS_44, 44 }, { 7, OAS_44, 44 }, { 6, OAS_42, 42 },
	};
	struct world w = stream(S1_ONLY);

	change_id(&w, OAS, rows[_i].oas);
	change(w.cd, IPS, rows[_i].ips);
	put(&w, slot1(3), BIT(rows[_i].bits - 1) | S1_PAGE);
	expect_reaches(&w, VA, 0, BIT(rows[_i].bits - 1) | OFFSET);
	put(&w, slot1(3), BIT(rows[_i].bits) | S1_PAGE);
	expect_event(&w, VA, 0, F_ADDR_SIZE, 1, 3);
	expect_record(&w, VA, RNW | CLASS(2), 0);
	close_world(&w);
}
END_TEST

/* STALL-01: A and R speak of faults of translation alone */
START_TEST(c_bad_cd_is_an_abort_and_recorded_whatever_a_and_r_say)
{
	struct world w = stream(S1_ONLY);

	change(w.cd, CD_R_A, (uint64_t)_i);
	change(w.cd, TG0, 3);
	expect_error(&w, VA, 0, C_BAD_CD, 0);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests,
			    a_field_out_of_its_domain_is_c_bad_cd_and_its_neighbour_is_accepted, 0,
			    2 * ROWS(rules));
	tcase_add_loop_test(tests, the_same_value_is_accepted_where_the_cd_is_not_used, 0,
			    3 * ROWS(rules));
	tcase_add_loop_test(tests, endi_counts_if_either_half_is_enabled, 0, 2);
	tcase_add_loop_test(tests, a_bad_half_makes_the_cd_illegal_for_every_address, 0,
			    4 * ROWS(half_rules));
	tcase_add_loop_test(tests, a_disabled_half_is_not_judged_and_gives_a_translation_fault, 0,
			    2 * ROWS(half_rules));
	tcase_add_test(tests, two_disabled_halves_are_legal_whatever_they_hold);
	tcase_add_test(tests, bits_of_ttb_outside_the_address_of_the_table_are_ignored);
	tcase_add_loop_test(tests, undefined_bits_of_a_cd_change_nothing, 0, 2);
	tcase_add_loop_test(tests, outputs_beyond_ips_or_oas_are_address_size_faults, 0, 9);
	tcase_add_loop_test(tests, c_bad_cd_is_an_abort_and_recorded_whatever_a_and_r_say, 0, 4);
}

int main(void)
{
	return run_suite("cd-legality", add);
}
