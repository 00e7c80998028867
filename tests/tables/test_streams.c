/* SPDX-License-Identifier: MIT */
/* The builder's Stream tables, CD tables and the fields that follow from tables: words by hand from
 * IHI 0070 5.1 to 5.4 and 6.3. */
#include "arena.h"
#include "support/suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;

static void setup(void)
{
	arena_open(&arena);
}

static void teardown(void)
{
	arena_close(&arena);
}

#define word(address) arena_word(&arena, address)

static const uint64_t structure[8] = { 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88 };

static void check_structure(uint64_t at)
{
	for (unsigned i = 0; i < 8; i++)
		ck_assert_uint_eq(word(at + 8 * i), structure[i]);
}

/* ---- Stream tables ---- */

/* ST-06: base + 64 x StreamID; STRTAB_BASE.RA is bit 62 */
START_TEST(a_linear_stream_table_holds_its_stes_in_a_row)
{
	struct smmu3_stream_table_shape table = { .log2size = 4, .split = 8 };
	uint64_t base;
	uint32_t config;

	ck_assert_int_eq(smmu3_stream_table_create(&arena.builder, &table), 0);
	ck_assert_uint_eq(arena.used, 1024);
	ck_assert_int_eq(smmu3_stream_table_set(&arena.builder, &table, 3, structure), 0);
	check_structure(0x800000c0);
	ck_assert_int_eq(smmu3_stream_table_set(&arena.builder, &table, 15, structure), 0);
	ck_assert_int_eq(smmu3_stream_table_set(&arena.builder, &table, 16, structure),
			 -SMMU3_E_ARGUMENT);
	smmu3_stream_table_registers(&table, &base, &config);
	ck_assert_uint_eq(base, 0x4000000080000000);
	ck_assert_uint_eq(config, 0x4);
}
END_TEST

struct split {
	uint8_t split;
	uint64_t l1_bytes, l2_bytes, l1std; /* l1std: with the leaf at its place */
	uint32_t config;
};

/* ST-07, ST-08, L1STD-03: Span = SPLIT + 1.  LOG2SIZE 16 is 0x10; SPLIT at bits 10:6; FMT 1 at
 * 17:16. */
static const struct split splits[] = {
	{ 6, 8192, 4096, 0x80002007, 0x10190 },
	{ 8, 2048, 16384, 0x80004009, 0x10210 },
	{ 10, 512, 65536, 0x8001000b, 0x10290 },
};

START_TEST(a_two_level_stream_table_grows_by_full_leaves)
{
	const struct split *const want = &splits[_i];
	struct smmu3_stream_table_shape table = { .two_level = 1,
						  .log2size = 16,
						  .split = want->split };
	const uint64_t leaf = want->l1std & ~UINT64_C(0x3f);
	const uint32_t sid = (2u << want->split) + 5;
	uint64_t base;
	uint32_t config;

	ck_assert_int_eq(smmu3_stream_table_create(&arena.builder, &table), 0);
	ck_assert_uint_eq(arena.used, want->l1_bytes);
	ck_assert_int_eq(smmu3_stream_table_set(&arena.builder, &table, sid, structure), 0);
	ck_assert_uint_eq(arena.used, leaf - ARENA_BASE + want->l2_bytes);
	ck_assert_uint_eq(word(0x80000010), want->l1std);
	ck_assert_uint_eq(word(0x80000008), 0);
	check_structure(leaf + 5 * 64);
	ck_assert_int_eq(smmu3_stream_table_set(&arena.builder, &table, sid + 1, structure),
			 0); /* the same leaf */
	ck_assert_uint_eq(arena.used, leaf - ARENA_BASE + want->l2_bytes);
	check_structure(leaf + 6 * 64);
	smmu3_stream_table_registers(&table, &base, &config);
	ck_assert_uint_eq(config, want->config);
}
END_TEST

/* ST-09: SPLIT beyond LOG2SIZE leaves one L1STD, over as many STEs as there are */
START_TEST(a_small_two_level_stream_table_has_one_leaf)
{
	struct smmu3_stream_table_shape table = { .two_level = 1, .log2size = 3, .split = 6 };

	ck_assert_int_eq(smmu3_stream_table_create(&arena.builder, &table), 0);
	ck_assert_int_eq(smmu3_stream_table_set(&arena.builder, &table, 7, structure), 0);
	ck_assert_uint_eq(word(0x80000000), 0x80000200 | 4);
	check_structure(0x80000200 + 7 * 64);
	ck_assert_int_eq(smmu3_stream_table_set(&arena.builder, &table, 8, structure),
			 -SMMU3_E_ARGUMENT);
}
END_TEST

START_TEST(stream_tables_of_other_shapes_are_refused)
{
	struct smmu3_stream_table_shape split7 = { .two_level = 1, .log2size = 16, .split = 7 };
	struct smmu3_stream_table_shape large = { .log2size = 33 };

	ck_assert_int_eq(smmu3_stream_table_create(&arena.builder, &split7), -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(smmu3_stream_table_create(&arena.builder, &large), -SMMU3_E_ARGUMENT);
}
END_TEST

/* ---- CD tables ---- */

/* 5.2 S1ContextPtr 55:6, S1Fmt 5:4, S1CDMax 63:59 */
START_TEST(a_linear_cd_table_holds_its_cds_in_a_row)
{
	struct smmu3_cd_table table = { .cdmax = 3 };
	uint64_t ste[8] = { 1 };

	ck_assert_int_eq(smmu3_cd_table_create(&arena.builder, &table), 0);
	ck_assert_uint_eq(arena.used, 512);
	ck_assert_int_eq(smmu3_cd_table_set(&arena.builder, &table, 5, structure), 0);
	check_structure(0x80000140);
	ck_assert_int_eq(smmu3_cd_table_set(&arena.builder, &table, 8, structure),
			 -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(smmu3_ste_cd_table(ste, &table), 0);
	ck_assert_uint_eq(ste[0], 0x1800000080000001);
}
END_TEST

struct leaf {
	uint8_t format;
	uint64_t l1_bytes, l1cd, ste0;
	uint32_t ssid; /* CD 2 of leaf 3 */
};

/* 5.3: L1CD.V bit 0, L2Ptr 55:12; leaves of 64 CDs (4 KB) or 1024 CDs (64 KB); S1CDMax 12 is
 * 0x6000... */
static const struct leaf leaves[] = {
	{ 1, 512, 0x80001001, 0x6000000080000010, 3 * 64 + 2 },
	{ 2, 64, 0x80010001, 0x6000000080000020, 3 * 1024 + 2 },
};

START_TEST(a_two_level_cd_table_grows_by_leaves)
{
	const struct leaf *const want = &leaves[_i];
	struct smmu3_cd_table table = { .format = want->format, .cdmax = 12 };
	uint64_t ste[8] = { 0 };

	ck_assert_int_eq(smmu3_cd_table_create(&arena.builder, &table), 0);
	ck_assert_uint_eq(arena.used, want->l1_bytes);
	ck_assert_int_eq(smmu3_cd_table_set(&arena.builder, &table, want->ssid, structure), 0);
	ck_assert_uint_eq(word(0x80000018), want->l1cd);
	ck_assert_uint_eq(word(0x80000000), 0);
	check_structure((want->l1cd & ~UINT64_C(1)) + 2 * 64);
	ck_assert_int_eq(smmu3_ste_cd_table(ste, &table), 0);
	ck_assert_uint_eq(ste[0], want->ste0);
}
END_TEST

/* 5.2: with S1CDMax = 0 S1ContextPtr points to the one CD, whatever S1Fmt says */
START_TEST(one_cd_needs_no_levels)
{
	struct smmu3_cd_table table = { .format = 2, .cdmax = 0 };

	ck_assert_int_eq(smmu3_cd_table_create(&arena.builder, &table), 0);
	ck_assert_uint_eq(arena.used, 64);
	ck_assert_int_eq(smmu3_cd_table_set(&arena.builder, &table, 0, structure), 0);
	check_structure(0x80000000);
}
END_TEST

/* ---- Fields ---- */

struct s2_fields {
	unsigned granule_lg2, input_bits, output_bits;
	int level;
	uint64_t word2; /* S2T0SZ 37:32, S2SL0 39:38, S2TG 47:46, S2PS 50:48, S2AA64 51 */
};

/* S2-01, S2-02; 5.2: S2TG 0 = 4K, 1 = 64K, 2 = 16K; S2PS 32 36 40 42 44 48 52 are 0 to 6 */
static const struct s2_fields s2_fields[] = {
	{ 12, 48, 48, 0, 0x000d009000000000 }, /* T0SZ 16, SL0 2, TG 0, PS 5 */
	{ 12, 39, 40, 1, 0x000a005900000000 }, /* T0SZ 25, SL0 1, TG 0, PS 2 */
	{ 12, 34, 32, 2, 0x0008001e00000000 }, /* T0SZ 30, SL0 0 */
	{ 12, 25, 36, 3, 0x000900e700000000 }, /* T0SZ 39, SL0 3, PS 1 */
	{ 14, 47, 44, 1, 0x000c809100000000 }, /* T0SZ 17, SL0 2, TG 2, PS 4 */
	{ 14, 36, 42, 2, 0x000b805c00000000 }, /* T0SZ 28, SL0 1, TG 2, PS 3 */
	{ 16, 52, 52, 1, 0x000e408c00000000 }, /* T0SZ 12, SL0 2, TG 1, PS 6 */
	{ 16, 29, 48, 3, 0x000d402300000000 }, /* T0SZ 35, SL0 0, TG 1, PS 5 */
};

START_TEST(an_ste_gets_the_fields_of_its_stage_2_table)
{
	const struct s2_fields *const want = &s2_fields[_i];
	struct smmu3_table table = {
		.stage = 2,
		.granule_lg2 = (uint8_t)want->granule_lg2,
		.input_bits = (uint8_t)want->input_bits,
		.output_bits = (uint8_t)want->output_bits,
		.start_level = (int8_t)want->level,
	};
	uint64_t ste[8] = { 0 };

	ck_assert_int_eq(smmu3_table_create(&arena.builder, &table), 0);
	ck_assert_int_eq(smmu3_ste_stage2(ste, &table), 0);
	ck_assert_uint_eq(ste[2], want->word2);
	ck_assert_uint_eq(ste[3], 0x80000000);
	ck_assert_int_eq(smmu3_cd_stage1(ste, &table), -SMMU3_E_ARGUMENT);
}
END_TEST

/* STE-40: S_S2T0SZ 37:32, S_S2SL0 39:38, S_S2TG 47:46 of word 4, S_S2TTB in word 6; S2PS 50:48 of
 * word 2 is the larger, S2AA64 bit 51 */
START_TEST(a_secure_ste_gets_those_of_its_tree_of_secure_ipas_beside_them)
{
	struct smmu3_table ns = { .stage = 2,
				  .granule_lg2 = 12,
				  .input_bits = 39,
				  .output_bits = 40,
				  .start_level = SMMU3_LEVEL_AUTO };
	struct smmu3_table secure = {
		.stage = 2, .granule_lg2 = 16, .input_bits = 42, .output_bits = 36, .start_level = 2
	};
	uint64_t ste[8] = { 0 };

	ck_assert_int_eq(smmu3_table_create(&arena.builder, &ns), 0);
	ck_assert_int_eq(smmu3_table_create(&arena.builder, &secure), 0);
	ck_assert_int_eq(smmu3_ste_stage2(ste, &ns), 0);
	ck_assert_int_eq(smmu3_ste_secure_stage2(ste, &secure), 0);
	ck_assert_uint_eq(ste[2], 0x000a005900000000);
	ck_assert_uint_eq(ste[3], ns.root);
	ck_assert_uint_eq(ste[4], 0x0000405600000000);
	ck_assert_uint_eq(ste[6], secure.root);
	secure.output_bits = 48;
	ck_assert_int_eq(smmu3_ste_secure_stage2(ste, &secure), 0);
	ck_assert_uint_eq(ste[2], 0x000d005900000000);
	secure.stage = 1;
	ck_assert_int_eq(smmu3_ste_secure_stage2(ste, &secure), -SMMU3_E_ARGUMENT);
}
END_TEST

struct cd_fields {
	unsigned granule_lg2, input_bits, output_bits, upper;
	uint64_t word0; /* T0SZ 5:0, TG0 7:6, T1SZ 21:16, TG1 23:22, IPS 34:32, AA64 41 */
};

/* 5.4: TG0 0 = 4K, 1 = 64K, 2 = 16K; TG1 1 = 16K, 2 = 4K, 3 = 64K */
static const struct cd_fields cd_fields[] = {
	{ 12, 39, 48, 0, 0x0000020500000019 }, { 14, 47, 44, 0, 0x0000020400000091 },
	{ 16, 52, 52, 0, 0x000002060000004c }, { 12, 48, 32, 1, 0x0000020000900000 },
	{ 14, 36, 40, 1, 0x00000202005c0000 }, { 16, 42, 36, 1, 0x0000020100d60000 },
};

START_TEST(a_cd_gets_the_fields_of_its_stage_1_table)
{
	const struct cd_fields *const want = &cd_fields[_i];
	struct smmu3_table table = {
		.stage = 1,
		.granule_lg2 = (uint8_t)want->granule_lg2,
		.input_bits = (uint8_t)want->input_bits,
		.output_bits = (uint8_t)want->output_bits,
		.upper = (uint8_t)want->upper,
	};
	uint64_t cd[8] = { 0 };

	ck_assert_int_eq(smmu3_table_create(&arena.builder, &table), 0);
	ck_assert_int_eq(smmu3_cd_stage1(cd, &table), 0);
	ck_assert_uint_eq(cd[0], want->word0);
	ck_assert_uint_eq(cd[1], want->upper ? 0 : 0x80000000);
	ck_assert_uint_eq(cd[2], want->upper ? 0x80000000 : 0);
	ck_assert_int_eq(smmu3_ste_stage2(cd, &table), -SMMU3_E_ARGUMENT);
}
END_TEST

/* CD-13: one IPS serves both halves, so it is the larger of what they need. */
START_TEST(ips_covers_both_halves_in_either_order)
{
	struct smmu3_table lower = {
		.stage = 1, .granule_lg2 = 12, .input_bits = 39, .output_bits = 48
	};
	struct smmu3_table upper = {
		.stage = 1, .granule_lg2 = 12, .input_bits = 39, .output_bits = 40, .upper = 1
	};
	uint64_t cd[8] = { 0 };

	ck_assert_int_eq(smmu3_table_create(&arena.builder, &lower), 0);
	ck_assert_int_eq(smmu3_table_create(&arena.builder, &upper), 0);
	ck_assert_int_eq(smmu3_cd_stage1(cd, &upper), 0);
	ck_assert_uint_eq(cd[0] >> 32 & 7, 2);
	ck_assert_int_eq(smmu3_cd_stage1(cd, &lower), 0);
	ck_assert_uint_eq(cd[0] >> 32 & 7, 5);
	ck_assert_int_eq(smmu3_cd_stage1(cd, &upper), 0);
	ck_assert_uint_eq(cd[0] >> 32 & 7, 5);
}
END_TEST

/* CD-13, STE-33: 32, 36, 40, 42, 44, 48 and 52 bits have a code, other sizes none. */
START_TEST(an_output_size_that_no_field_can_say_is_refused)
{
	struct smmu3_table table = {
		.stage = 1, .granule_lg2 = 16, .input_bits = 42, .output_bits = (uint8_t)_i
	};
	const int exists = _i == 32 || _i == 36 || _i == 40 || _i == 42 || _i == 44 || _i == 48 ||
			   _i == 52;

	ck_assert_int_eq(smmu3_table_create(&arena.builder, &table),
			 exists ? 0 : -SMMU3_E_ARGUMENT);
}
END_TEST

/* A set of fields leaves the others alone. */
START_TEST(other_fields_stay)
{
	struct smmu3_table table = {
		.stage = 1, .granule_lg2 = 12, .input_bits = 39, .output_bits = 48
	};
	uint64_t cd[8];

	memset(cd, 0xff, sizeof(cd));
	ck_assert_int_eq(smmu3_table_create(&arena.builder, &table), 0);
	ck_assert_int_eq(smmu3_cd_stage1(cd, &table), 0);
	ck_assert_uint_eq(cd[0], 0xffffffffffff7f19); /* IPS stood at 7, and does not shrink; ENDI */
	ck_assert_uint_eq(cd[1], 0xff0000008000000f);
	ck_assert_uint_eq(cd[2], UINT64_MAX);
}
END_TEST

static Suite *suite(void)
{
	Suite *const suite = suite_create("tables: streams");
	TCase *const tests = tcase_create("streams");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, a_linear_stream_table_holds_its_stes_in_a_row);
	tcase_add_loop_test(tests, a_two_level_stream_table_grows_by_full_leaves, 0, 3);
	tcase_add_test(tests, a_small_two_level_stream_table_has_one_leaf);
	tcase_add_test(tests, stream_tables_of_other_shapes_are_refused);
	tcase_add_test(tests, a_linear_cd_table_holds_its_cds_in_a_row);
	tcase_add_loop_test(tests, a_two_level_cd_table_grows_by_leaves, 0, 2);
	tcase_add_test(tests, one_cd_needs_no_levels);
	tcase_add_loop_test(tests, an_ste_gets_the_fields_of_its_stage_2_table, 0,
			    (int)(sizeof(s2_fields) / sizeof(s2_fields[0])));
	tcase_add_test(tests, a_secure_ste_gets_those_of_its_tree_of_secure_ipas_beside_them);
	tcase_add_loop_test(tests, a_cd_gets_the_fields_of_its_stage_1_table, 0,
			    (int)(sizeof(cd_fields) / sizeof(cd_fields[0])));
	tcase_add_test(tests, ips_covers_both_halves_in_either_order);
	tcase_add_loop_test(tests, an_output_size_that_no_field_can_say_is_refused, 0, 57);
	tcase_add_test(tests, other_fields_stay);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
