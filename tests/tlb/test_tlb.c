/* SPDX-License-Identifier: MIT */
/* Translations are kept, found and forgotten, in tables of any size. */
#include "support/suite.h"
#include "tlb/tlb.h"

#include <check.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))
#define NG (UINT64_C(1) << 11)
#define CONTIGUOUS (UINT64_C(1) << 52)
#define MB2 UINT64_C(0x200000)

static const struct regime regime = { .vmid = 3, .asid = 7 };

/* What is looked up, and its answer's address; no answer is 1, which is no address. */
enum { NOTHING = 1 };

static struct tlb *made(uint32_t leaves, uint32_t tables)
{
	static struct tlb tlb;

	ck_assert(tlb_init(&tlb, leaves, tables));
	return &tlb;
}

static uint64_t found_by(struct tlb *tlb, const struct regime *of, uint64_t input)
{
	const struct tlb_key key = { .kind = TLB_STAGE1, .regime = of, .input = input };
	struct leaves leaves;

	return tlb_find(tlb, &key, &leaves) ? leaves.first.address : NOTHING;
}

static uint64_t found(struct tlb *tlb, uint64_t input)
{
	return found_by(tlb, &regime, input);
}

static struct leaves leaf(uint64_t address, unsigned lg2, uint64_t bits)
{
	return (struct leaves){ .first = { .descriptor = bits,
					   .address = address,
					   .size_lg2 = (uint8_t)lg2,
					   .block_lg2 = (uint8_t)lg2 } };
}

static void keep(struct tlb *tlb, uint64_t input, uint64_t address, unsigned lg2, uint64_t bits)
{
	const struct tlb_key key = { .kind = TLB_STAGE1, .regime = &regime, .input = input };
	const struct leaves leaves = leaf(address, lg2, bits);

	tlb_keep(tlb, tlb_age(tlb), &key, &leaves);
}

static uint64_t table_found(struct tlb *tlb, uint64_t input)
{
	const struct tlb_key key = { .kind = TLB_STAGE1, .regime = &regime, .input = input };
	struct table_found table;

	return tlb_find_table(tlb, &key, &table) ? table.base : NOTHING;
}

static void keep_table(struct tlb *tlb, uint64_t input, unsigned lg2, uint64_t base)
{
	const struct tlb_key key = { .kind = TLB_STAGE1, .regime = &regime, .input = input };
	const struct table_found table = { .base = base, .level = 2, .granule_lg2 = 12 };

	tlb_keep_table(tlb, tlb_age(tlb), &key, lg2, &table);
}

/* As CMD_TLBI_NH_VAA; bytes 0: NH_ALL. */
static struct smmu3_invalidation by_address(uint64_t addr, uint64_t bytes, bool leaf_only)
{
	return (struct smmu3_invalidation){ .kind = SMMU3_INVALIDATES_STAGE1,
					    .any_asid = 1,
					    .leaf = leaf_only,
					    .vmid = 3,
					    .vmids = 1,
					    .addr = addr,
					    .bytes = bytes };
}

static void forget(struct tlb *tlb, uint64_t addr, uint64_t bytes)
{
	const struct smmu3_invalidation scope = by_address(addr, bytes, false);

	tlb_forget(tlb, &scope, tag_is_meant);
}

/* TLB-01, TLB-28: each address of the page or block, none beside it */
START_TEST(what_is_kept_is_found_by_each_of_its_addresses)
{
	static const unsigned sizes[] = { 12, 14, 16, 21, 25, 29, 30, 42 };
	const unsigned lg2 = sizes[_i];
	const uint64_t size = UINT64_C(1) << lg2;
	struct tlb *tlb = made(16, 0);

	keep(tlb, 5 * size + 0x123, 0xabc000, lg2, NG);
	ck_assert_uint_eq(found(tlb, 5 * size), 0xabc000);
	ck_assert_uint_eq(found(tlb, 6 * size - 1), 0xabc000);
	ck_assert_uint_eq(found(tlb, 5 * size - 1), NOTHING);
	ck_assert_uint_eq(found(tlb, 6 * size), NOTHING);
	tlb_free(tlb);
}
END_TEST

/* TLB-03, TLB-17: nG of the descriptor, of stage 1 alone */
START_TEST(a_descriptor_without_ng_is_of_every_asid)
{
	const struct regime other = { .vmid = 3, .asid = 8 }, stranger = { .vmid = 4, .asid = 7 };
	struct tlb *tlb = made(16, 0);

	keep(tlb, 0x1000, 0xa000, 12, 0);
	keep(tlb, 0x2000, 0xb000, 12, NG);
	ck_assert_uint_eq(found_by(tlb, &other, 0x1000), 0xa000);
	ck_assert_uint_eq(found_by(tlb, &other, 0x2000), NOTHING);
	ck_assert_uint_eq(found_by(tlb, &stranger, 0x1000), NOTHING);
	tlb_free(tlb);
}
END_TEST

/* TLB-06: tables are of one ASID, whatever their leaves are */
START_TEST(a_table_is_of_one_asid)
{
	const struct regime other = { .vmid = 3, .asid = 8 };
	const struct tlb_key key = { .kind = TLB_STAGE1, .regime = &other, .input = 0x1000 };
	struct table_found table;
	struct tlb *tlb = made(0, 16);

	keep_table(tlb, 0x1000, 21, 0xa000);
	ck_assert_uint_eq(table_found(tlb, 0x1000), 0xa000);
	ck_assert(!tlb_find_table(tlb, &key, &table));
	tlb_free(tlb);
}
END_TEST

/* TLB-01: VAs and IPAs of equal numbers are two things */
START_TEST(a_va_and_an_ipa_are_kept_apart)
{
	const struct tlb_key ipa = { .kind = TLB_STAGE2, .regime = &regime, .input = 0x1000 };
	const struct leaves second = leaf(0xb000, 12, 0);
	struct leaves leaves;
	struct tlb *tlb = made(16, 0);

	keep(tlb, 0x1000, 0xa000, 12, NG);
	ck_assert(!tlb_find(tlb, &ipa, &leaves));
	tlb_keep(tlb, tlb_age(tlb), &ipa, &second);
	ck_assert(tlb_find(tlb, &ipa, &leaves));
	ck_assert_uint_eq(leaves.first.address, 0xb000);
	ck_assert_uint_eq(found(tlb, 0x1000), 0xa000);
	tlb_free(tlb);
}
END_TEST

/* TLB-38: what both stages map alike is as large as the smaller of both */
START_TEST(both_stages_together_reach_as_far_as_the_smaller)
{
	static const struct {
		unsigned first, second;
		bool combined;
		unsigned reach;
	} rows[] = {
		{ 21, 12, true, 12 }, { 12, 21, true, 12 }, { 30, 21, true, 21 },
		{ 21, 21, true, 21 }, { 21, 0, false, 21 }, { 21, 12, false, 21 },
	};
	const struct tlb_key key = { .kind = TLB_STAGE1, .regime = &regime, .input = 0 };

	for (int i = 0; i < COUNT(rows); i++) {
		struct tlb *tlb = made(16, 0);
		struct leaves leaves = leaf(0xa000, rows[i].first, NG);

		leaves.second = leaf(0xb000, rows[i].second, 0).first;
		leaves.combined = rows[i].combined;
		tlb_keep(tlb, tlb_age(tlb), &key, &leaves);
		ck_assert_uint_eq(found(tlb, (UINT64_C(1) << rows[i].reach) - 1), 0xa000);
		ck_assert_uint_eq(found(tlb, UINT64_C(1) << rows[i].reach), NOTHING);
		tlb_free(tlb);
	}
}
END_TEST

/* TLB-28: parts of a block or of a contiguous group go with one address of it; log2 of what goes,
 * D8.7.1 */
static const struct {
	unsigned size, block;
	uint64_t bits;
	unsigned origin;
} origins[] = {
	{ 12, 12, NG, 12 },
	{ 12, 21, NG, 21 },
	{ 12, 30, NG, 30 },
	{ 12, 12, NG | CONTIGUOUS, 16 }, /* 4KB: 16 of each level */
	{ 21, 21, NG | CONTIGUOUS, 25 },
	{ 30, 30, NG | CONTIGUOUS, 34 },
	{ 12, 21, NG | CONTIGUOUS, 25 },
	{ 14, 14, NG | CONTIGUOUS, 21 }, /* 16KB: 128 pages, 32 blocks */
	{ 25, 25, NG | CONTIGUOUS, 30 },
	{ 16, 16, NG | CONTIGUOUS, 21 }, /* 64KB: 32 of levels 3 and 2 */
	{ 29, 29, NG | CONTIGUOUS, 34 },
	{ 42, 42, NG | CONTIGUOUS, 42 }, /* where it is RES0 */
	{ 39, 39, NG | CONTIGUOUS, 39 }, /* likewise with DS: 4KB level 0, 16KB level 1 */
	{ 36, 36, NG | CONTIGUOUS, 36 },
	{ 32, 42, NG, 42 }, /* a block that outputs cut */
};

START_TEST(a_part_goes_with_every_address_of_its_block_or_group)
{
	const uint64_t origin = UINT64_C(1) << origins[_i].origin;
	const uint64_t part = 3 * origin + origin / 2;
	const uint64_t outside[] = { 3 * origin - 0x1000, 4 * origin };
	const uint64_t inside[] = { 3 * origin, 4 * origin - 0x1000 };
	const struct tlb_key key = { .kind = TLB_STAGE1, .regime = &regime, .input = part };
	struct leaves leaves = leaf(0xa000, origins[_i].size, origins[_i].bits);
	struct tlb *tlb = made(16, 0);

	leaves.first.block_lg2 = (uint8_t)origins[_i].block;
	for (int i = 0; i < 2; i++) {
		tlb_keep(tlb, tlb_age(tlb), &key, &leaves);
		forget(tlb, outside[i], 0x1000);
		ck_assert_uint_eq(found(tlb, part), 0xa000);
		forget(tlb, inside[i], 0x1000);
		ck_assert_uint_eq(found(tlb, part), NOTHING);
	}
	tlb_free(tlb);
}
END_TEST

/* BBM-02: one of them, never a mix; libsmmu takes the smallest */
START_TEST(of_several_that_overlap_the_smallest_answers)
{
	struct tlb *tlb = made(16, 0);

	keep(tlb, 0x1000, 0x40000000, 30, NG);
	keep(tlb, 0x1000, 0x600000, 21, NG);
	keep(tlb, 0x1000, 0xa000, 12, NG);
	ck_assert_uint_eq(found(tlb, 0x1000), 0xa000);
	ck_assert_uint_eq(found(tlb, 0x2000), 0x600000);
	ck_assert_uint_eq(found(tlb, MB2), 0x40000000);
	forget(tlb, 0x1000, 0x1000); /* BBM-07, TLB-28: all that hold it */
	ck_assert_uint_eq(found(tlb, 0x1000), NOTHING);
	ck_assert_uint_eq(found(tlb, MB2), NOTHING);
	tlb_free(tlb);
}
END_TEST

/* TLB-27: the table nearest to the leaf */
START_TEST(of_several_tables_the_nearest_to_the_leaf_is_found)
{
	struct tlb *tlb = made(0, 16);

	keep_table(tlb, 0, 30, 0xa000);
	keep_table(tlb, 0, 21, 0xb000);
	ck_assert_uint_eq(table_found(tlb, 0x1000), 0xb000);
	ck_assert_uint_eq(table_found(tlb, MB2), 0xa000);
	ck_assert_uint_eq(table_found(tlb, UINT64_C(1) << 30), NOTHING);
	tlb_free(tlb);
}
END_TEST

/* TLB-27: Leaf = 1 means no table; Leaf = 0 those on the way to the address */
START_TEST(tables_go_unless_leaves_alone_are_meant)
{
	const struct smmu3_invalidation leaves = by_address(0x1000, 0x1000, true);
	struct tlb *tlb = made(16, 16);

	keep(tlb, 0x1000, 0xc000, 12, NG);
	keep_table(tlb, 0, 21, 0xa000);
	keep_table(tlb, MB2, 21, 0xb000);
	tlb_forget(tlb, &leaves, tag_is_meant);
	ck_assert_uint_eq(found(tlb, 0x1000), NOTHING);
	ck_assert_uint_eq(table_found(tlb, 0), 0xa000);
	forget(tlb, 0x1000, 0x1000);
	ck_assert_uint_eq(table_found(tlb, 0), NOTHING);
	ck_assert_uint_eq(table_found(tlb, MB2), 0xb000);
	tlb_free(tlb);
}
END_TEST

/* TLB-35: what was read before something was forgotten is not kept after it */
START_TEST(a_fill_that_began_before_something_was_forgotten_does_not_count)
{
	const struct tlb_key key = { .kind = TLB_STAGE1, .regime = &regime, .input = 0x1000 };
	const struct leaves leaves = leaf(0xa000, 12, NG);
	const struct table_found table = { .base = 0xb000, .level = 3, .granule_lg2 = 12 };
	struct tlb *tlb = made(16, 16);
	const uint64_t before = tlb_age(tlb);

	forget(tlb, 0x7000, 0x1000);
	tlb_keep(tlb, before, &key, &leaves);
	tlb_keep_table(tlb, before, &key, 21, &table);
	ck_assert_uint_eq(found(tlb, 0x1000), NOTHING);
	ck_assert_uint_eq(table_found(tlb, 0x1000), NOTHING);
	tlb_keep(tlb, tlb_age(tlb), &key, &leaves);
	tlb_keep_table(tlb, tlb_age(tlb), &key, 21, &table);
	ck_assert_uint_eq(found(tlb, 0x1000), 0xa000);
	ck_assert_uint_eq(table_found(tlb, 0x1000), 0xb000);
	tlb_free(tlb);
}
END_TEST

/* TLB-11: a translation that is kept again takes the place of the old one: no duplicate answers
 * later. */
START_TEST(what_is_kept_again_replaces_what_stood_there)
{
	struct tlb *tlb = made(4, 0);

	for (uint64_t i = 0; i < 8; i++)
		keep(tlb, 0x1000, i << 12, 12, NG);
	keep(tlb, 0x2000, 0xc000, 12, NG);
	ck_assert_uint_eq(found(tlb, 0x1000), 0x7000);
	forget(tlb, 0x1000, 0x1000);
	ck_assert_uint_eq(found(tlb, 0x1000), NOTHING);
	ck_assert_uint_eq(found(tlb, 0x2000), 0xc000);
	tlb_free(tlb);
}
END_TEST

/* TLB-11: of more than there is room for some are found, and those are right */
START_TEST(a_full_table_answers_with_the_truth_or_not_at_all)
{
	enum { PAGES = 64 };
	const uint32_t places = UINT32_C(1) << _i;
	struct tlb *tlb = made(places, places);
	unsigned kept = 0, tables = 0;

	for (uint64_t i = 0; i < PAGES; i++) {
		keep(tlb, i << 12, (i + 100) << 12, 12, NG);
		ck_assert_uint_eq(found(tlb, i << 12), (i + 100) << 12);
		keep_table(tlb, i << 21, 21, (i + 200) << 12);
		ck_assert_uint_eq(table_found(tlb, i << 21), (i + 200) << 12);
	}
	for (uint64_t i = 0; i < PAGES; i++) {
		const uint64_t leaf_at = found(tlb, i << 12), base = table_found(tlb, i << 21);

		ck_assert(leaf_at == NOTHING || leaf_at == (i + 100) << 12);
		ck_assert(base == NOTHING || base == (i + 200) << 12);
		kept += leaf_at != NOTHING;
		tables += base != NOTHING;
	}
	ck_assert_uint_ge(kept, places < 4 ? places : places / 4);
	ck_assert_uint_le(kept, places);
	ck_assert_uint_ge(tables, places < 4 ? places : places / 4);
	ck_assert_uint_le(tables, places);
	tlb_free(tlb);
}
END_TEST

/* A set has four ways; the fifth takes the place that has stood longest. */
START_TEST(a_full_set_loses_one_at_a_time_in_turn)
{
	struct tlb *tlb = made(4, 0);

	for (uint64_t i = 0; i < 6; i++) {
		unsigned kept = 0;

		keep(tlb, i << 12, (i + 100) << 12, 12, NG);
		for (uint64_t j = 0; j <= i; j++)
			kept += found(tlb, j << 12) != NOTHING;
		ck_assert_uint_eq(kept, i < 4 ? i + 1 : 4);
	}
	ck_assert_uint_eq(found(tlb, 5 << 12), 105 << 12);
	ck_assert_uint_eq(found(tlb, 4 << 12), 104 << 12);
	tlb_free(tlb);
}
END_TEST

/* Everything that a tag has but the ASID spreads over the sets: here one page of many VMIDs, and
 * one of VAs and IPAs. */
START_TEST(translations_of_many_vmids_find_room)
{
	enum { VMIDS = 32 };
	struct tlb *tlb = made(128, 0);
	const struct leaves leaves = leaf(0xa000, 12, NG);
	unsigned kept[TLB_STAGE2 + 1] = { 0 };
	struct leaves got;

	for (unsigned turn = 0; turn < 2; turn++)
		for (uint16_t vmid = 0; vmid < VMIDS; vmid++)
			for (enum tlb_kind kind = TLB_STAGE1; kind <= TLB_STAGE2; kind++) {
				const struct regime of = { .vmid = vmid };
				const struct tlb_key key = { .kind = kind,
							     .regime = &of,
							     .input = 0x1000 };

				if (turn)
					kept[kind] += tlb_find(tlb, &key, &got);
				else
					tlb_keep(tlb, tlb_age(tlb), &key, &leaves);
			}
	ck_assert_uint_ge(kept[TLB_STAGE1], VMIDS / 2);
	ck_assert_uint_ge(kept[TLB_STAGE2], VMIDS / 2);
	tlb_free(tlb);
}
END_TEST

START_TEST(without_places_nothing_is_kept)
{
	struct tlb *tlb = made(0, 0);

	keep(tlb, 0x1000, 0xa000, 12, NG);
	keep_table(tlb, 0x1000, 21, 0xb000);
	ck_assert_uint_eq(found(tlb, 0x1000), NOTHING);
	ck_assert_uint_eq(table_found(tlb, 0x1000), NOTHING);
	forget(tlb, 0, 0);
	tlb_free(tlb);
}
END_TEST

/* TLB-26, RST-004: all of it, whatever its tags */
START_TEST(everything_can_be_forgotten_at_once)
{
	const struct regime other = { .vmid = 0xffff, .asid = 1, .aset = true };
	const struct tlb_key keys[] = {
		{ .kind = TLB_STAGE1, .regime = &other, .input = 0x1000 },
		{ .kind = TLB_STAGE2, .regime = &other, .input = 0x1000 },
	};
	const struct leaves leaves = leaf(0xa000, 12, 0);
	struct leaves got;
	struct tlb *tlb = made(16, 16);

	keep(tlb, 0x2000, 0xa000, 12, NG);
	keep_table(tlb, 0x2000, 21, 0xb000);
	for (int i = 0; i < 2; i++)
		tlb_keep(tlb, tlb_age(tlb), &keys[i], &leaves);
	tlb_forget_all(tlb);
	ck_assert_uint_eq(found(tlb, 0x2000), NOTHING);
	ck_assert_uint_eq(table_found(tlb, 0x2000), NOTHING);
	for (int i = 0; i < 2; i++)
		ck_assert(!tlb_find(tlb, &keys[i], &got));
	tlb_free(tlb);
}
END_TEST

/* RST-001: in reset a TLB is as new: the same is put out by the same as ever */
START_TEST(whose_turn_it_is_to_go_is_forgotten_with_everything)
{
	uint64_t left[2] = { 0 }, tables_left[2] = { 0 };
	struct tlb *tlb = made(4, 4);

	for (unsigned time = 0; time < 2; time++) {
		for (uint64_t i = 1; i <= 5; i++) {
			keep(tlb, i << 21, 0xa000, 12, NG);
			keep_table(tlb, i << 21, 21, 0xb000);
		}
		for (uint64_t i = 1; i <= 5; i++) {
			left[time] |= (uint64_t)(found(tlb, i << 21) != NOTHING) << i;
			tables_left[time] |= (uint64_t)(table_found(tlb, i << 21) != NOTHING) << i;
		}
		tlb_forget_all(tlb);
	}
	ck_assert_int_eq(__builtin_popcountll(left[0]), 4);
	ck_assert_uint_eq(left[0], left[1]);
	ck_assert_uint_eq(tables_left[0], tables_left[1]);
	tlb_free(tlb);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tlb");
	TCase *tests = tcase_create("tlb");

	tcase_add_loop_test(tests, what_is_kept_is_found_by_each_of_its_addresses, 0, 8);
	tcase_add_test(tests, a_descriptor_without_ng_is_of_every_asid);
	tcase_add_test(tests, a_table_is_of_one_asid);
	tcase_add_test(tests, a_va_and_an_ipa_are_kept_apart);
	tcase_add_test(tests, both_stages_together_reach_as_far_as_the_smaller);
	tcase_add_loop_test(tests, a_part_goes_with_every_address_of_its_block_or_group, 0,
			    COUNT(origins));
	tcase_add_test(tests, of_several_that_overlap_the_smallest_answers);
	tcase_add_test(tests, of_several_tables_the_nearest_to_the_leaf_is_found);
	tcase_add_test(tests, tables_go_unless_leaves_alone_are_meant);
	tcase_add_test(tests, a_fill_that_began_before_something_was_forgotten_does_not_count);
	tcase_add_test(tests, what_is_kept_again_replaces_what_stood_there);
	tcase_add_loop_test(tests, a_full_table_answers_with_the_truth_or_not_at_all, 0, 6);
	tcase_add_test(tests, a_full_set_loses_one_at_a_time_in_turn);
	tcase_add_test(tests, translations_of_many_vmids_find_room);
	tcase_add_test(tests, without_places_nothing_is_kept);
	tcase_add_test(tests, everything_can_be_forgotten_at_once);
	tcase_add_test(tests, whose_turn_it_is_to_go_is_forgotten_with_everything);
	suite_add_tcase(suite, tests);
	return run_checks(suite);
}
