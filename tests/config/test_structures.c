/* SPDX-License-Identifier: MIT */
/* Structures are kept by StreamID and SubstreamID, and forgotten as commands say.  3.21.3, 4.3 */
#include "kept_structures.h"
#include "support/suite.h"

#include <check.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

enum { SPLIT = 6 };

/* CFG-01: STEs by StreamID, CDs by StreamID and index, each kind apart */
START_TEST(a_structure_is_found_by_its_whole_name)
{
	struct structures *structures = made(16);

	keep(structures, STRUCTURE_STREAM, 5, 0, 11);
	keep(structures, STRUCTURE_CONTEXT, 5, 0, 12);
	keep(structures, STRUCTURE_CONTEXT, 5, 1, 13);
	keep(structures, STRUCTURE_CONTEXT, 6, 1, 14);
	keep(structures, STRUCTURE_L1STD, 0, SPLIT, 15);
	ck_assert_uint_eq(found(structures, STRUCTURE_STREAM, 5, 0), 11);
	ck_assert_uint_eq(found(structures, STRUCTURE_CONTEXT, 5, 0), 12);
	ck_assert_uint_eq(found(structures, STRUCTURE_CONTEXT, 5, 1), 13);
	ck_assert_uint_eq(found(structures, STRUCTURE_CONTEXT, 6, 1), 14);
	ck_assert_uint_eq(found(structures, STRUCTURE_L1STD, 0, SPLIT), 15);
	ck_assert_uint_eq(found(structures, STRUCTURE_STREAM, 6, 0), 0);
	ck_assert_uint_eq(found(structures, STRUCTURE_STREAM, 0x10005, 0), 0);
	ck_assert_uint_eq(found(structures, STRUCTURE_CONTEXT, 6, 0), 0);
	ck_assert_uint_eq(found(structures, STRUCTURE_CONTEXT, 5, 0x10001), 0);
	/* of another SPLIT */
	ck_assert_uint_eq(found(structures, STRUCTURE_L1STD, 0, SPLIT + 2), 0);
	structures_free(structures);
}
END_TEST

/* ---- What commands mean ---- */

static const struct {
	enum structure_kind kind;
	uint32_t sid, index;
} all[] = {
	{ STRUCTURE_L1STD, 0, SPLIT },
	{ STRUCTURE_L1STD, 64, SPLIT },
	{ STRUCTURE_L1STD, 0xffffffc0, SPLIT },
	{ STRUCTURE_STREAM, 6, 0 },
	{ STRUCTURE_STREAM, 7, 0 },
	{ STRUCTURE_STREAM, 64, 0 },
	{ STRUCTURE_STREAM, 0xffffffff, 0 },
	{ STRUCTURE_CONTEXT, 6, 0 },
	{ STRUCTURE_CONTEXT, 7, 0 },
	{ STRUCTURE_CONTEXT, 7, 1 },
	{ STRUCTURE_CONTEXT, 64, 1 },
	{ STRUCTURE_CONTEXT, 0xffffffff, 0 },
};

enum {
	L0 = 1 << 0,
	L64 = 1 << 1,
	LTOP = 1 << 2,
	S6 = 1 << 3,
	S7 = 1 << 4,
	S64 = 1 << 5,
	STOP = 1 << 6,
	C6 = 1 << 7,
	C7 = 1 << 8,
	C7_1 = 1 << 9,
	C64_1 = 1 << 10,
	CTOP = 1 << 11,
	WHOLE = (1 << 12) - 1,
};

#define STREAM SMMU3_INVALIDATES_STREAM
#define CONTEXT SMMU3_INVALIDATES_CONTEXT

static const struct {
	struct smmu3_invalidation scope;
	unsigned gone;
} scopes[] = {
	/* CMD-CFGI-STE, CFG-03 */
	{ { .kind = STREAM, .sid = 7, .sids = 1 }, L0 | S7 | C7 | C7_1 },
	{ { .kind = STREAM, .sid = 7, .sids = 1, .leaf = 1 }, S7 | C7 | C7_1 },
	{ { .kind = STREAM, .sid = 63, .sids = 1 }, L0 },
	{ { .kind = STREAM, .sid = 64, .sids = 1 }, L64 | S64 | C64_1 },
	{ { .kind = STREAM, .sid = 127, .sids = 1 }, L64 },
	{ { .kind = STREAM, .sid = 128, .sids = 1 }, 0 },
	{ { .kind = STREAM, .sid = 0xffffffff, .sids = 1 }, LTOP | STOP | CTOP },
	/* CMD-CFGI-STE-RANGE, CFG-04 */
	{ { .kind = STREAM, .sid = 6, .sids = 2 }, L0 | S6 | S7 | C6 | C7 | C7_1 },
	{ { .kind = STREAM, .sid = 4, .sids = 2 }, L0 },
	{ { .kind = STREAM, .sid = 8, .sids = 8 }, L0 },
	{ { .kind = STREAM, .sid = 0, .sids = 64 }, L0 | S6 | S7 | C6 | C7 | C7_1 },
	{ { .kind = STREAM, .sid = 0, .sids = 128 },
	  L0 | L64 | S6 | S7 | S64 | C6 | C7 | C7_1 | C64_1 },
	{ { .kind = STREAM, .sid = 0x80000000, .sids = 0x80000000 }, LTOP | STOP | CTOP },
	{ { .kind = STREAM, .sid = 0, .sids = 0x80000000 },
	  L0 | L64 | S6 | S7 | S64 | C6 | C7 | C7_1 | C64_1 },
	/* CMD-CFGI-ALL */
	{ { .kind = STREAM, .sid = 0, .sids = UINT64_C(1) << 32 }, WHOLE },
	/* CMD-CFGI-CD, CMD-CFGI-CD-1, CFG-05 */
	{ { .kind = CONTEXT, .sid = 7, .sids = 1, .ssid = 0 }, C7 },
	{ { .kind = CONTEXT, .sid = 7, .sids = 1, .ssid = 1 }, C7_1 },
	{ { .kind = CONTEXT, .sid = 7, .sids = 1, .ssid = 1, .leaf = 1 }, C7_1 },
	{ { .kind = CONTEXT, .sid = 7, .sids = 1, .ssid = 2 }, 0 },
	{ { .kind = CONTEXT, .sid = 64, .sids = 1, .ssid = 0 }, 0 },
	/* CMD-CFGI-CD-ALL */
	{ { .kind = CONTEXT, .sid = 7, .sids = 1, .any_ssid = 1 }, C7 | C7_1 },
	{ { .kind = CONTEXT, .sid = 8, .sids = 1, .any_ssid = 1 }, 0 },
	/* commands for translations: 4.4 */
	{ { .kind = SMMU3_INVALIDATES_STAGES, .any_vmid = 1, .any_asid = 1, .any_ssid = 1 }, 0 },
	{ { .kind = SMMU3_INVALIDATES_STAGE1, .any_vmid = 1, .any_asid = 1, .any_ssid = 1 }, 0 },
};

START_TEST(structures_are_forgotten_as_a_command_says)
{
	struct structures *structures = made(64);

	for (int i = 0; i < COUNT(all); i++)
		keep(structures, all[i].kind, all[i].sid, all[i].index, (uint16_t)(i + 1));
	structures_forget(structures, &scopes[_i].scope);
	for (int i = 0; i < COUNT(all); i++)
		ck_assert_msg(found(structures, all[i].kind, all[i].sid, all[i].index) ==
				      (scopes[_i].gone >> i & 1 ? 0 : (unsigned)i + 1),
			      "structure %d", i);
	structures_free(structures);
}
END_TEST

/* CMD-CFGI-ALL, RST-004 */
START_TEST(all_structures_can_be_forgotten_at_once)
{
	struct structures *structures = made(64);

	for (int i = 0; i < COUNT(all); i++)
		keep(structures, all[i].kind, all[i].sid, all[i].index, (uint16_t)(i + 1));
	structures_forget_all(structures);
	for (int i = 0; i < COUNT(all); i++)
		ck_assert_uint_eq(found(structures, all[i].kind, all[i].sid, all[i].index), 0);
	structures_free(structures);
}
END_TEST

/* CFG-02: what was read before something was forgotten is not kept after it */
START_TEST(a_structure_read_before_something_was_forgotten_is_not_kept)
{
	const struct smmu3_invalidation other = { .kind = STREAM, .sid = 99, .sids = 1 };
	struct structures *structures = made(16);

	for (enum structure_kind kind = 0; kind < STRUCTURE_KINDS; kind++) {
		const struct structure structure = structure_of(kind, 0, 0, 9);
		const uint64_t before = structures_age(structures);

		structures_forget(structures, &other);
		structure_keep(structures, before, kind, &structure);
		ck_assert_uint_eq(found(structures, kind, 0, 0), 0);
		structure_keep(structures, structures_age(structures), kind, &structure);
		ck_assert_uint_eq(found(structures, kind, 0, 0), 9);
	}
	structures_free(structures);
}
END_TEST

/* CFG-02: no duplicate answers later */
START_TEST(a_structure_kept_again_replaces_what_stood_there)
{
	const struct smmu3_invalidation five = { .kind = STREAM, .sid = 5, .sids = 1 };
	struct structures *structures = made(4);

	for (uint16_t i = 1; i <= 8; i++)
		keep(structures, STRUCTURE_STREAM, 5, 0, i);
	keep(structures, STRUCTURE_STREAM, 6, 0, 20);
	ck_assert_uint_eq(found(structures, STRUCTURE_STREAM, 5, 0), 8);
	structures_forget(structures, &five);
	ck_assert_uint_eq(found(structures, STRUCTURE_STREAM, 5, 0), 0);
	ck_assert_uint_eq(found(structures, STRUCTURE_STREAM, 6, 0), 20);
	structures_free(structures);
}
END_TEST

/* TLB-11: of more than there is room for some are found, and those are right */
START_TEST(full_places_hold_the_truth)
{
	enum { STREAMS = 64 };
	const uint32_t places = UINT32_C(1) << _i;
	struct structures *structures = made(places);

	for (enum structure_kind kind = 0; kind < STRUCTURE_KINDS; kind++) {
		unsigned kept = 0;

		for (uint32_t sid = 0; sid < STREAMS; sid++) {
			keep(structures, kind, sid, 3, (uint16_t)(sid + 1));
			ck_assert_uint_eq(found(structures, kind, sid, 3), sid + 1);
		}
		for (uint32_t sid = 0; sid < STREAMS; sid++) {
			const unsigned mark = found(structures, kind, sid, 3);

			ck_assert(mark == 0 || mark == sid + 1);
			kept += mark != 0;
		}
		ck_assert_uint_ge(kept, places < 4 ? places : places / 4);
		ck_assert_uint_le(kept, places);
	}
	structures_free(structures);
}
END_TEST

/* RST-001: in reset the caches are as new: the same is put out by the same as ever */
START_TEST(whose_turn_it_is_to_go_is_forgotten_with_everything)
{
	uint64_t left[STRUCTURE_KINDS][2] = { { 0 } };
	struct structures *structures = made(4);

	for (enum structure_kind kind = 0; kind < STRUCTURE_KINDS; kind++)
		for (unsigned time = 0; time < 2; time++) {
			for (uint32_t i = 1; i <= 5; i++)
				keep(structures, kind, i << 12, 3, (uint16_t)i);
			for (uint32_t i = 1; i <= 5; i++)
				left[kind][time] |= (uint64_t)(found(structures, kind, i << 12,
								     3) != 0)
						    << i;
			structures_forget_all(structures);
		}
	for (enum structure_kind kind = 0; kind < STRUCTURE_KINDS; kind++) {
		ck_assert_int_eq(__builtin_popcountll(left[kind][0]), 4);
		ck_assert_uint_eq(left[kind][0], left[kind][1]);
	}
	structures_free(structures);
}
END_TEST

START_TEST(without_places_no_structure_is_kept)
{
	struct structures *structures = made(0);

	for (enum structure_kind kind = 0; kind < STRUCTURE_KINDS; kind++) {
		keep(structures, kind, 1, 0, 9);
		ck_assert_uint_eq(found(structures, kind, 1, 0), 0);
	}
	structures_forget_all(structures);
	structures_free(structures);
}
END_TEST

/* stats.h: what is kept again is a fill, and puts nothing out; another thing in its place does */
START_TEST(only_what_makes_room_for_another_is_evicted)
{
	struct smmu3_cache_stats cache[SMMU3_CACHES] = { { 0 } };
	struct structures *structures = made(1);

	structures->counts = true;
	keep(structures, STRUCTURE_STREAM, 5, 0, 11);
	keep(structures, STRUCTURE_STREAM, 5, 0, 12);
	structures_stats(structures, cache);
	ck_assert_uint_eq(cache[SMMU3_CACHE_STE].fills, 2);
	ck_assert_uint_eq(cache[SMMU3_CACHE_STE].evictions, 0);
	keep(structures, STRUCTURE_STREAM, 6, 0, 13);
	structures_stats(structures, cache);
	ck_assert_uint_eq(cache[SMMU3_CACHE_STE].evictions, 1);
	ck_assert_uint_eq(cache[SMMU3_CACHE_CD].fills, 0);
	structures_free(structures);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("structures");
	TCase *tests = tcase_create("structures");

	tcase_add_test(tests, a_structure_is_found_by_its_whole_name);
	tcase_add_loop_test(tests, structures_are_forgotten_as_a_command_says, 0, COUNT(scopes));
	tcase_add_test(tests, all_structures_can_be_forgotten_at_once);
	tcase_add_test(tests, a_structure_read_before_something_was_forgotten_is_not_kept);
	tcase_add_test(tests, a_structure_kept_again_replaces_what_stood_there);
	tcase_add_loop_test(tests, full_places_hold_the_truth, 0, 6);
	tcase_add_test(tests, whose_turn_it_is_to_go_is_forgotten_with_everything);
	tcase_add_test(tests, without_places_no_structure_is_kept);
	tcase_add_test(tests, only_what_makes_room_for_another_is_evicted);
	suite_add_tcase(suite, tests);
	return run_checks(suite);
}
