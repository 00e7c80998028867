/* SPDX-License-Identifier: MIT */
/* What is wrong with a change of a descriptor of VMSAv9-128 that was in use: rules alone.  3.21.1,
 * D8.17.1, D8.17.2, D8.3.2 */
#include "check/changes.h"

#include "support/suite.h"

#include <check.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

/* Bit 0 valid, nT 6 where SKL is not 0, nDirty or Dirty 7, SH 9:8, nG 11, address
 * 55:12; of the high word Contiguous 47, SKL 46:45, PIIndex 54:51, POIndex 60:57, NS 63 */
#define AF_NG UINT64_C(0xc00)
#define NG (UINT64_C(1) << 11)
#define LEAF (AF_NG | 1)
#define SKL(n) ((uint64_t)(n) << 45)
#define NT (UINT64_C(1) << 6)
#define CONT (UINT64_C(1) << 47)
#define PI(n) ((uint64_t)(n) << 51)
#define PO(n) ((uint64_t)(n) << 57)
#define NS (UINT64_C(1) << 63)
#define ND (UINT64_C(1) << 7)

/* BBM-01 of 16 bytes, 4KB: what codes grant, and whether pages become dirty, counts, too.  PIIndex
 * 0 is for nobody, 1 for reads, 2 for privileged writes, 3 for those of both sides; of stage 2 4 is
 * MRO, and POIndex 1 takes writes away. */
static const struct {
	const char *what;
	unsigned stage;
	int level;
	unsigned bbml;
	uint64_t was[2], now[2];
	enum smmu3_break breaks;
} wide[] = {
	{ "unmapped", 1, 3, 1, { LEAF }, { AF_NG }, SMMU3_BREAK_NONE },
	{ "mapped", 1, 3, 1, { 0 }, { LEAF }, SMMU3_BREAK_NONE },
	{ "beyond level 3", 1, 3, 1, { LEAF }, { LEAF | 0x1000, SKL(1) }, SMMU3_BREAK_NONE },
	{ "bit 1 is nothing", 1, 3, 1, { LEAF }, { LEAF | 2 }, SMMU3_BREAK_NONE },
	/* A block of level 2 skips 1, a table of 4KB there nothing */
	{ "split", 1, 2, 1, { LEAF | 0x100000, SKL(1) }, { 0x5001 }, SMMU3_BREAK_SIZE },
	{ "joined", 1, 2, 1, { 0x5001 }, { LEAF | 0x100000, SKL(1) }, SMMU3_BREAK_SIZE },
	{ "split, level 2", 1, 2, 2, { LEAF | 0x100000, SKL(1) }, { 0x5001 }, SMMU3_BREAK_NONE },
	{ "split with nT",
	  1,
	  2,
	  1,
	  { LEAF | NT | 0x100000, SKL(1) },
	  { 0x5001 },
	  SMMU3_BREAK_NONE },
	{ "split with nT, level 0",
	  1,
	  2,
	  0,
	  { LEAF | NT | 0x100000, SKL(1) },
	  { 0x5001 },
	  SMMU3_BREAK_SIZE },
	/* Bit 6 of a table of one granule is RES0, bit 16 of either is of the address */
	{ "bit 6 of what skips nothing",
	  1,
	  2,
	  1,
	  { LEAF | 0x100000, SKL(1) },
	  { 0x5041 },
	  SMMU3_BREAK_SIZE },
	{ "bit 16 is no nT", 1, 2, 1, { LEAF | 0x100000, SKL(1) }, { 0x10001 }, SMMU3_BREAK_SIZE },
	/* Tables of 4KB and of 1MB at level 1 */
	{ "a larger table", 1, 1, 1, { 0x100001 }, { 0x100001, SKL(1) }, SMMU3_BREAK_SIZE },
	{ "a smaller table", 1, 1, 1, { 0x100001, SKL(1) }, { 0x100001 }, SMMU3_BREAK_SIZE },
	{ "a larger table, level 2",
	  1,
	  1,
	  2,
	  { 0x100001 },
	  { 0x100001, SKL(1) },
	  SMMU3_BREAK_NONE },
	{ "a larger table with nT", 1, 1, 1, { 0x100001 }, { 0x100041, SKL(1) }, SMMU3_BREAK_NONE },
	{ "another table", 1, 1, 0, { 0x100001, SKL(1) }, { 0x200001, SKL(1) }, SMMU3_BREAK_NONE },
	{ "moved",
	  1,
	  3,
	  2,
	  { LEAF | 0x1000, PI(3) },
	  { LEAF | 0x2000, PI(3) },
	  SMMU3_BREAK_OUTPUT },
	{ "moved above 2^52",
	  1,
	  3,
	  2,
	  { LEAF | 0x1000, PI(3) },
	  { LEAF | UINT64_C(0x80000000001000), PI(3) },
	  SMMU3_BREAK_OUTPUT },
	{ "moved, for privileged writes",
	  1,
	  3,
	  2,
	  { LEAF | 0x1000, PI(2) },
	  { LEAF | 0x2000, PI(2) },
	  SMMU3_BREAK_OUTPUT },
	{ "moved, read-only",
	  1,
	  3,
	  0,
	  { LEAF | 0x1000, PI(1) },
	  { LEAF | 0x2000, PI(1) },
	  SMMU3_BREAK_NONE },
	{ "moved, clean",
	  1,
	  3,
	  0,
	  { LEAF | ND | 0x1000, PI(3) },
	  { LEAF | ND | 0x2000, PI(3) },
	  SMMU3_BREAK_NONE },
	{ "moved, now written",
	  1,
	  3,
	  0,
	  { LEAF | 0x1000, PI(1) },
	  { LEAF | 0x2000, PI(3) },
	  SMMU3_BREAK_OUTPUT },
	{ "below the size of a block",
	  1,
	  2,
	  0,
	  { LEAF | 0x100000, SKL(1) | PI(3) },
	  { LEAF | 0x1ff000, SKL(1) | PI(3) },
	  SMMU3_BREAK_NONE },
	{ "another code", 1, 3, 0, { LEAF, PI(1) }, { LEAF, PI(3) }, SMMU3_BREAK_NONE },
	{ "another type", 1, 3, 2, { LEAF }, { LEAF | 1 << 2 }, SMMU3_BREAK_TYPE },
	{ "AttrIndx[3] alone", 1, 3, 2, { LEAF }, { LEAF | 1 << 5 }, SMMU3_BREAK_NONE },
	{ "another shareability", 1, 3, 2, { LEAF }, { LEAF | 3 << 8 }, SMMU3_BREAK_TYPE },
	{ "contiguous", 1, 3, 0, { LEAF }, { LEAF, CONT }, SMMU3_BREAK_CONTIGUOUS },
	{ "contiguous, level 1", 1, 3, 1, { LEAF }, { LEAF, CONT }, SMMU3_BREAK_NONE },
	{ "global", 1, 3, 2, { LEAF }, { LEAF & ~NG }, SMMU3_BREAK_GLOBAL },
	{ "no longer global", 1, 3, 2, { LEAF & ~NG }, { LEAF }, SMMU3_BREAK_NONE },
	{ "stage 2, split", 2, 2, 1, { LEAF, SKL(1) }, { 0x5001 }, SMMU3_BREAK_SIZE },
	{ "stage 2, moved",
	  2,
	  3,
	  2,
	  { LEAF | ND | 0x1000, PI(3) },
	  { LEAF | ND | 0x2000, PI(3) },
	  SMMU3_BREAK_OUTPUT },
	{ "stage 2, moved, clean",
	  2,
	  3,
	  0,
	  { LEAF | 0x1000, PI(3) },
	  { LEAF | 0x2000, PI(3) },
	  SMMU3_BREAK_NONE },
	{ "stage 2, moved, for stage 1's walker",
	  2,
	  3,
	  0,
	  { LEAF | ND | 0x1000, PI(4) },
	  { LEAF | ND | 0x2000, PI(4) },
	  SMMU3_BREAK_OUTPUT },
	{ "stage 2, moved, overlaid",
	  2,
	  3,
	  0,
	  { LEAF | ND | 0x1000, PI(3) | PO(1) },
	  { LEAF | ND | 0x2000, PI(3) | PO(1) },
	  SMMU3_BREAK_NONE },
	{ "stage 2, another type", 2, 3, 2, { LEAF }, { LEAF | 1 << 5 }, SMMU3_BREAK_TYPE },
	{ "stage 2, bit 11 is no nG", 2, 3, 2, { LEAF }, { LEAF & ~NG }, SMMU3_BREAK_NONE },
};

/* PIIP: 0, R, RW, RW; PIIU: 0, R, 0, RW.  S2PII: 0, RO, RW, RW, MRO; S2POI: RW, RO. */
static struct change_rules rules_of(unsigned bbml)
{
	return (struct change_rules){
		.bbml = bbml,
		.s1 = { .privileged = 0 | 1 << 3 | 5 << 6 | 5 << 9,
			.unprivileged = 0 | 1 << 3 | 0 << 6 | 5 << 9 },
		.perm = { .two_privileges = true },
		.s2 = { .base = 0 | 8 << 4 | 12 << 8 | 12 << 12 | 2 << 16,
			.overlay = 12 | 8 << 4,
			.overlaid = true },
	};
}

static struct smmu3_changed wide_change(unsigned i)
{
	return (struct smmu3_changed){
		.was = { wide[i].was[0], wide[i].was[1] },
		.now = { wide[i].now[0], wide[i].now[1] },
		.words = 2,
		.reason = wide[i].stage == 1 ? SMMU3_REASON_S1_TTD : SMMU3_REASON_S2_TTD,
		.level = (int8_t)wide[i].level,
		.granule_lg2 = 12,
		.readable = 1,
	};
}

START_TEST(a_valid_descriptor_of_16_bytes_becomes_another)
{
	const struct smmu3_changed change = wide_change((unsigned)_i);
	const struct change_rules rules = rules_of(wide[_i].bbml);

	ck_assert_msg(change_breaks(&change, &rules) == wide[_i].breaks, "%s", wide[_i].what);
	ck_assert(!change_tears(&change));
}
END_TEST

/* BBM-01, HTTU-08: a clean page may be written where hardware makes it dirty */
START_TEST(what_may_become_dirty_is_written)
{
	static const uint64_t clean[] = { LEAF | ND, LEAF };
	struct change_rules rules = rules_of(2);
	struct smmu3_changed change = {
		.was = { clean[_i] | 0x1000, PI(3) },
		.now = { clean[_i] | 0x2000, PI(3) },
		.words = 2,
		.reason = _i ? SMMU3_REASON_S2_TTD : SMMU3_REASON_S1_TTD,
		.level = 3,
		.granule_lg2 = 12,
		.readable = 1,
	};

	ck_assert_uint_eq(change_breaks(&change, &rules), SMMU3_BREAK_NONE);
	rules.dirty = true;
	ck_assert_uint_eq(change_breaks(&change, &rules), SMMU3_BREAK_OUTPUT);
	change.was[1] = change.now[1] = PI(1);
	ck_assert_uint_eq(change_breaks(&change, &rules), SMMU3_BREAK_NONE);
}
END_TEST

/* D128-03: with 4KB a table of level -1 may be of 64GB, SKL 3; with other granules it is reserved
 */
START_TEST(what_is_reserved_goes_by_the_granule)
{
	static const unsigned granule[] = { 12, 14, 16 };
	const struct change_rules rules = rules_of(1);
	const struct smmu3_changed change = {
		.was = { 0x1000000001 },
		.now = { 0x1000000001, SKL(3) },
		.words = 2,
		.reason = SMMU3_REASON_S1_TTD,
		.level = -1,
		.granule_lg2 = (uint8_t)granule[_i],
		.readable = 1,
	};

	ck_assert_uint_eq(change_breaks(&change, &rules), _i ? SMMU3_BREAK_NONE : SMMU3_BREAK_SIZE);
}
END_TEST

/* D8.17.1: another space is another output, of a page that may be written: stage 1 in Secure
 * memory, stage 2 in Realm memory; elsewhere the bit is RES0, or whose it is is not known */
START_TEST(another_space_is_another_output)
{
	static const struct {
		enum smmu3_pas pas;
		unsigned stage;
		bool counts;
	} spaces[] = {
		{ SMMU3_PAS_NS, 1, false },    { SMMU3_PAS_NS, 2, false },
		{ SMMU3_PAS_SECURE, 1, true }, { SMMU3_PAS_SECURE, 2, false },
		{ SMMU3_PAS_REALM, 1, false }, { SMMU3_PAS_REALM, 2, true },
	};
	const bool first = spaces[_i].stage == 1;
	const struct change_rules rules = rules_of(2);
	const struct smmu3_changed change = {
		.was = { LEAF | (first ? 0 : ND), PI(3) },
		.now = { LEAF | (first ? 0 : ND), PI(3) | NS },
		.words = 2,
		.pas = (uint8_t)spaces[_i].pas,
		.reason = first ? SMMU3_REASON_S1_TTD : SMMU3_REASON_S2_TTD,
		.level = 3,
		.granule_lg2 = 12,
		.readable = 1,
	};

	ck_assert_uint_eq(change_breaks(&change, &rules),
			  spaces[_i].counts ? SMMU3_BREAK_OUTPUT : SMMU3_BREAK_NONE);
}
END_TEST

/* check.h: what cannot be read any more */
START_TEST(what_cannot_be_read_is_not_judged)
{
	const struct change_rules rules = rules_of(0);
	struct smmu3_changed change = wide_change(4);

	ck_assert_uint_eq(change_breaks(&change, &rules), SMMU3_BREAK_SIZE);
	change.readable = 0;
	ck_assert_uint_eq(change_breaks(&change, &rules), SMMU3_BREAK_NONE);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_valid_descriptor_of_16_bytes_becomes_another, 0, COUNT(wide));
	tcase_add_loop_test(tests, what_may_become_dirty_is_written, 0, 2);
	tcase_add_loop_test(tests, what_is_reserved_goes_by_the_granule, 0, 3);
	tcase_add_loop_test(tests, another_space_is_another_output, 0, 6);
	tcase_add_test(tests, what_cannot_be_read_is_not_judged);
}

int main(void)
{
	return run_suite("changes_d128", add);
}
