/* SPDX-License-Identifier: MIT */
/* What is wrong with a change of what was in use: rules alone.  3.21.1, 3.21.3, D8.17.1, D8.17.2 */
#include "check/changes.h"

#include "support/suite.h"

#include <check.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

/* Descriptors of VMSAv8-64: bit 0 valid, bit 1 table or page, AttrIndx 4:2, AP 7:6, SH 9:8, AF 10,
 * nG 11, nT 16, Contiguous 52, DBM 51; stage 2: MemAttr 5:2, S2AP 7:6 */
#define AF_NG UINT64_C(0xc00)
#define BLOCK(pa) ((pa) | AF_NG | 1)
#define PAGE(pa) ((pa) | AF_NG | 3)
#define TABLE(pa) ((pa) | 3)
#define RO (UINT64_C(1) << 7)
#define DBM (UINT64_C(1) << 51)
#define NT (UINT64_C(1) << 16)
#define CONT (UINT64_C(1) << 52)
#define NG (UINT64_C(1) << 11)
#define S2W (UINT64_C(1) << 7)

/* BBM-01: by level of the descriptor and IDR3.BBML */
static const struct {
	const char *what;
	unsigned stage;
	int level;
	unsigned bbml;
	uint64_t was, now;
	enum smmu3_break breaks;
} changes[] = {
	{ "unmapped", 1, 3, 0, PAGE(0x1000), 0, SMMU3_BREAK_NONE },
	{ "invalid, with bit 1", 1, 3, 0, PAGE(0x1000), 0x1002, SMMU3_BREAK_NONE },
	{ "mapped", 1, 3, 0, 0, PAGE(0x1000), SMMU3_BREAK_NONE },
	{ "what is no page of level 3", 1, 3, 0, PAGE(0x1000), BLOCK(0x2000), SMMU3_BREAK_NONE },
	{ "split", 1, 2, 0, BLOCK(0x200000), TABLE(0x5000), SMMU3_BREAK_SIZE },
	{ "joined", 1, 2, 0, TABLE(0x5000), BLOCK(0x200000), SMMU3_BREAK_SIZE },
	{ "split, level 1", 1, 2, 1, BLOCK(0x200000), TABLE(0x5000), SMMU3_BREAK_SIZE },
	{ "split with nT, level 0", 1, 2, 0, BLOCK(0x200000) | NT, TABLE(0x5000),
	  SMMU3_BREAK_SIZE },
	{ "split with nT, level 1", 1, 2, 1, BLOCK(0x200000) | NT, TABLE(0x5000),
	  SMMU3_BREAK_NONE },
	{ "joined with nT, level 1", 1, 2, 1, TABLE(0x5000), BLOCK(0x200000) | NT,
	  SMMU3_BREAK_NONE },
	{ "split, level 2", 1, 2, 2, BLOCK(0x200000), TABLE(0x5000), SMMU3_BREAK_NONE },
	{ "another table", 1, 2, 0, TABLE(0x5000), TABLE(0x6000), SMMU3_BREAK_NONE },
	{ "moved", 1, 3, 2, PAGE(0x1000), PAGE(0x2000), SMMU3_BREAK_OUTPUT },
	{ "moved, read-only", 1, 3, 0, PAGE(0x1000) | RO, PAGE(0x2000) | RO, SMMU3_BREAK_NONE },
	{ "moved, now written", 1, 3, 0, PAGE(0x1000) | RO, PAGE(0x2000), SMMU3_BREAK_OUTPUT },
	{ "moved, may become dirty", 1, 3, 0, PAGE(0x1000) | RO | DBM, PAGE(0x2000) | RO,
	  SMMU3_BREAK_OUTPUT },
	{ "read-only now", 1, 3, 0, PAGE(0x1000), PAGE(0x1000) | RO, SMMU3_BREAK_NONE },
	{ "accessed", 1, 3, 0, PAGE(0x1000) & ~UINT64_C(0x400), PAGE(0x1000), SMMU3_BREAK_NONE },
	{ "another type", 1, 3, 2, PAGE(0x1000), PAGE(0x1000) | 1 << 2, SMMU3_BREAK_TYPE },
	{ "another shareability", 1, 3, 2, PAGE(0x1000), PAGE(0x1000) | 3 << 8, SMMU3_BREAK_TYPE },
	{ "contiguous", 1, 3, 0, PAGE(0x1000), PAGE(0x1000) | CONT, SMMU3_BREAK_CONTIGUOUS },
	{ "contiguous, level 1", 1, 3, 1, PAGE(0x1000), PAGE(0x1000) | CONT, SMMU3_BREAK_NONE },
	{ "global", 1, 3, 2, PAGE(0x1000), PAGE(0x1000) & ~NG, SMMU3_BREAK_GLOBAL },
	{ "no longer global", 1, 3, 0, PAGE(0x1000) & ~NG, PAGE(0x1000), SMMU3_BREAK_NONE },
	{ "stage 2, split", 2, 2, 0, BLOCK(0x200000), TABLE(0x5000), SMMU3_BREAK_SIZE },
	{ "stage 2, moved", 2, 3, 0, PAGE(0x1000) | S2W, PAGE(0x2000) | S2W, SMMU3_BREAK_OUTPUT },
	{ "stage 2, moved, read-only", 2, 3, 0, PAGE(0x1000), PAGE(0x2000), SMMU3_BREAK_NONE },
	{ "stage 2, another type", 2, 3, 2, PAGE(0x1000), PAGE(0x1000) | 1 << 5, SMMU3_BREAK_TYPE },
	{ "stage 2, bit 11 is no nG", 2, 3, 2, PAGE(0x1000), PAGE(0x1000) & ~NG, SMMU3_BREAK_NONE },
};

static struct smmu3_changed ttd_change(int i)
{
	return (struct smmu3_changed){
		.was = { changes[i].was },
		.now = { changes[i].now },
		.words = 1,
		.reason = changes[i].stage == 1 ? SMMU3_REASON_S1_TTD : SMMU3_REASON_S2_TTD,
		.level = (int8_t)changes[i].level,
		.readable = 1,
	};
}

START_TEST(a_valid_descriptor_becomes_another)
{
	const struct smmu3_changed change = ttd_change(_i);
	const struct change_rules rules = { .bbml = changes[_i].bbml };

	ck_assert_msg(change_breaks(&change, &rules) == changes[_i].breaks, "%s", changes[_i].what);
	ck_assert(!change_tears(&change));
}
END_TEST

/* OA 49:48, and 51:50 in place of SH; AttrIndx[3]; PIIndex 1 */
#define OA48 (UINT64_C(1) << 48)
#define OA50 (UINT64_C(1) << 8)
#define ATTR3 (UINT64_C(1) << 59)
#define PI_1 (UINT64_C(1) << 6)
#define CLEAN RO

/* BBM-01, D8.3.1.2, 5.4: what the CD or STE says of descriptors.  PIIndex 0 reads, 1 writes. */
static const struct {
	const char *what;
	unsigned stage, granule_lg2;
	bool ds, aie, indirect, dirty;
	uint64_t was, now;
	enum smmu3_break breaks;
} controlled[] = {
	{ "bit 48", 1, 12, true, false, false, false, PAGE(0x1000), PAGE(0x1000) | OA48,
	  SMMU3_BREAK_OUTPUT },
	{ "bit 50", 1, 12, true, false, false, false, PAGE(0x1000), PAGE(0x1000) | OA50,
	  SMMU3_BREAK_OUTPUT },
	{ "bit 50, read-only", 1, 14, true, false, false, false, PAGE(0x1000) | RO,
	  PAGE(0x1000) | RO | OA50, SMMU3_BREAK_NONE },
	{ "SH with 64KB", 1, 16, true, false, false, false, PAGE(0x10000) | RO,
	  PAGE(0x10000) | RO | OA50, SMMU3_BREAK_TYPE },
	{ "stage 2, bit 50, read-only", 2, 12, true, false, false, false, PAGE(0x1000),
	  PAGE(0x1000) | OA50, SMMU3_BREAK_NONE },
	{ "stage 2, bit 50", 2, 12, true, false, false, false, PAGE(0x1000) | S2W,
	  PAGE(0x1000) | S2W | OA50, SMMU3_BREAK_OUTPUT },
	{ "AttrIndx[3]", 1, 12, false, true, false, false, PAGE(0x1000), PAGE(0x1000) | ATTR3,
	  SMMU3_BREAK_TYPE },
	{ "no AttrIndx[3]", 1, 12, false, false, false, false, PAGE(0x1000), PAGE(0x1000) | ATTR3,
	  SMMU3_BREAK_NONE },
	{ "an index that reads", 1, 12, false, false, true, false, PAGE(0x1000), PAGE(0x2000),
	  SMMU3_BREAK_NONE },
	{ "an index that writes", 1, 12, false, false, true, false, PAGE(0x1000) | PI_1,
	  PAGE(0x2000) | PI_1, SMMU3_BREAK_OUTPUT },
	{ "clean", 1, 12, false, false, true, false, PAGE(0x1000) | PI_1 | CLEAN,
	  PAGE(0x2000) | PI_1 | CLEAN, SMMU3_BREAK_NONE },
	{ "clean, and hardware says so", 1, 12, false, false, true, true,
	  PAGE(0x1000) | PI_1 | CLEAN, PAGE(0x2000) | PI_1 | CLEAN, SMMU3_BREAK_OUTPUT },
	{ "bit 51 is of the index", 1, 12, false, false, true, false, PAGE(0x1000) | DBM,
	  PAGE(0x2000) | DBM, SMMU3_BREAK_NONE },
};

START_TEST(controls_say_what_a_descriptor_is)
{
	const struct smmu3_changed change = {
		.was = { controlled[_i].was },
		.now = { controlled[_i].now },
		.words = 1,
		.reason = controlled[_i].stage == 1 ? SMMU3_REASON_S1_TTD : SMMU3_REASON_S2_TTD,
		.level = 3,
		.granule_lg2 = (uint8_t)controlled[_i].granule_lg2,
		.readable = 1,
	};
	/* PIIP: 1 reads, 5 reads and writes.  5.4 */
	const struct change_rules rules = { .ds = controlled[_i].ds,
					    .aie = controlled[_i].aie,
					    .indirect = controlled[_i].indirect,
					    .dirty = controlled[_i].dirty,
					    .s1 = { .privileged = 1 | 5 << 3 } };

	ck_assert_msg(change_breaks(&change, &rules) == controlled[_i].breaks, "%s",
		      controlled[_i].what);
}
END_TEST

/* check.h: what cannot be read any more, and other structures */
START_TEST(what_is_not_judged)
{
	const struct change_rules rules = { .bbml = 0 };
	struct smmu3_changed change = ttd_change(4);

	ck_assert_uint_eq(change_breaks(&change, &rules), SMMU3_BREAK_SIZE);
	change.readable = 0;
	ck_assert_uint_eq(change_breaks(&change, &rules), SMMU3_BREAK_NONE);
	change.readable = 1;
	change.reason = SMMU3_REASON_DPT;
	ck_assert_uint_eq(change_breaks(&change, &rules), SMMU3_BREAK_NONE);
}
END_TEST

/* ---- 3.21.3: structures ---- */

/* STE word 0: V 0, Config 3:1, S1ContextPtr 55:6; word 1: S1DSS 1:0, EATS 29:28, SHCFG 45:44; word
 * 2: S2VMID 15:0, S2T0SZ 37:32; word 3: S2TTB.  CD word 0: V 31, EPD0 14, ASID 63:48; words 1, 2
 * TTB0, TTB1; word 3 MAIR */
#define V UINT64_C(1)
#define CONFIG(n) ((uint64_t)(n) << 1)
#define CD_VALID (UINT64_C(1) << 31)
#define EPD0 (UINT64_C(1) << 14)

static const struct {
	const char *what;
	enum smmu3_reason reason;
	uint64_t was[4], now[4];
	bool tears;
} tears[] = {
	{ "valid from nothing", SMMU3_REASON_STE, { 0 }, { V | CONFIG(5), 1, 2, 3 }, false },
	{ "valid to nothing", SMMU3_REASON_STE, { V | CONFIG(5), 1, 2, 3 }, { 0 }, false },
	{ "one word", SMMU3_REASON_STE, { V | CONFIG(5) }, { V | CONFIG(5) | 0x1000 }, false },
	{ "two words", SMMU3_REASON_STE, { V | CONFIG(5) }, { V | CONFIG(5) | 0x1000, 1 }, true },
	{ "stage 2 of stage 1 alone",
	  SMMU3_REASON_STE,
	  { V | CONFIG(5) },
	  { V | CONFIG(5) | 0x1000, 0, UINT64_C(0x19) << 32, 0x5000 },
	  false },
	{ "the VMID of stage 1",
	  SMMU3_REASON_STE,
	  { V | CONFIG(5) },
	  { V | CONFIG(5) | 0x1000, 0, 7 },
	  true },
	{ "stage 2", SMMU3_REASON_STE, { V | CONFIG(6) }, { V | CONFIG(6), 0, 7, 0x5000 }, true },
	{ "stage 1 of stage 2 alone",
	  SMMU3_REASON_STE,
	  { V | CONFIG(6) },
	  { V | CONFIG(6) | 0x1000, 2, 7, 0 },
	  false },
	{ "both begin to count",
	  SMMU3_REASON_STE,
	  { V | CONFIG(5), 0, 0, 0 },
	  { V | CONFIG(7), 0, UINT64_C(0x19) << 32, 0x5000 },
	  true },
	{ "all of one that aborts",
	  SMMU3_REASON_STE,
	  { V | CONFIG(0), 1, 2, 3 },
	  { V | CONFIG(0) | 0x1000, 4, 5, 6 },
	  false },
	{ "ASID alone", SMMU3_REASON_CD, { CD_VALID }, { CD_VALID | UINT64_C(1) << 48 }, false },
	{ "ASID and TTB0",
	  SMMU3_REASON_CD,
	  { CD_VALID },
	  { CD_VALID | UINT64_C(1) << 48, 0x1000 },
	  true },
	{ "a TTB0 that is disabled",
	  SMMU3_REASON_CD,
	  { CD_VALID | EPD0 },
	  { CD_VALID | EPD0 | UINT64_C(1) << 48, 0x1000 },
	  false },
	{ "TTB0 and MAIR", SMMU3_REASON_CD, { CD_VALID }, { CD_VALID, 0x1000, 0, 0xff }, true },
};

/* check.h */
START_TEST(a_valid_structure_becomes_another)
{
	const struct change_rules rules = { .bbml = 0 };
	struct smmu3_changed change = { .words = 8,
					.reason = (uint8_t)tears[_i].reason,
					.level = SMMU3_NO_LEVEL,
					.readable = 1 };

	for (unsigned i = 0; i < 4; i++) {
		change.was[i] = tears[_i].was[i];
		change.now[i] = tears[_i].now[i];
	}
	ck_assert_msg(change_tears(&change) == tears[_i].tears, "%s", tears[_i].what);
	ck_assert_uint_eq(change_breaks(&change, &rules), SMMU3_BREAK_NONE);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_valid_descriptor_becomes_another, 0, COUNT(changes));
	tcase_add_loop_test(tests, controls_say_what_a_descriptor_is, 0, COUNT(controlled));
	tcase_add_test(tests, what_is_not_judged);
	tcase_add_loop_test(tests, a_valid_structure_becomes_another, 0, COUNT(tears));
}

int main(void)
{
	return run_suite("changes", add);
}
