/* SPDX-License-Identifier: MIT */
/* Forgetting all that has a name by raising its floor: what that means for a tag is what its rule
 * says; of very many names nothing that was meant comes back.  4.4.2, 4.4.3 */
#include "base/floors.h"
#include "support/suite.h"
#include "tlb/tlb.h"

#include <check.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

enum { VERY_MANY_FLOORS = 4 * FLOORS_SETS * FLOORS_WAYS, VERY_MANY = 3 * FORGOTTEN_ASIDS };

/* ---- Floors ---- */

START_TEST(a_floor_is_where_it_was_raised_to_last)
{
	static struct floors floors;

	ck_assert_uint_eq(floors_of(&floors, 7), 0);
	floors_raise(&floors, 7, 1);
	floors_raise(&floors, 8, 2);
	ck_assert_uint_eq(floors_of(&floors, 7), 1);
	ck_assert_uint_eq(floors_of(&floors, 8), 2);
	ck_assert_uint_eq(floors_of(&floors, 9), 0);
	floors_raise(&floors, 7, 3);
	ck_assert_uint_eq(floors_of(&floors, 7), 3);
	ck_assert_uint_eq(floors_of(&floors, 8), 2);
}
END_TEST

/* TLB-11: never too low; exact for those that were raised last */
START_TEST(of_very_many_floors_none_sinks)
{
	static struct floors floors;
	unsigned exact = 0;

	for (uint64_t i = 1; i <= VERY_MANY_FLOORS; i++) {
		floors_raise(&floors, i, i);
		ck_assert_uint_eq(floors_of(&floors, i), i);
	}
	for (uint64_t i = 1; i <= VERY_MANY_FLOORS; i++) {
		ck_assert_uint_ge(floors_of(&floors, i), i);
		exact += floors_of(&floors, i) == i;
	}
	ck_assert_uint_ge(exact, FLOORS_SETS);
	for (uint64_t i = 1; i <= VERY_MANY_FLOORS; i++)
		ck_assert_uint_le(floors_of(&floors, i), VERY_MANY_FLOORS);
}
END_TEST

/* ---- What a tag is told ---- */

static const uint16_t vmids[] = { 0, 1, 3, 0xfffe }, asids[] = { 0, 7 };

/* Number n of all tags that differ in whose they are; of what a StreamWorld has no tag for is 0. */
enum { TAGS = STREAM_WORLDS * 4 * 2 * 2 * 2 * 3 };

static struct tlb_tag tag_of(unsigned n)
{
	const uint8_t world = (uint8_t)(n / 96);
	const struct stream_world_facts *facts = &stream_worlds[world];
	const uint8_t kind = (uint8_t)(TLB_STAGE1 + n % 3);

	return (struct tlb_tag){
		.regime = { .vmid = facts->vmids ? vmids[n / 24 % 4] : 0,
			    .asid = facts->asids ? asids[n / 12 % 2] : 0,
			    .aset = n / 6 % 2,
			    .world = world },
		.kind = kind,
		.size_lg2 = 12,
		.origin_lg2 = 12,
		.global = facts->asids && kind == TLB_STAGE1 && n / 3 % 2,
	};
}

#define STAGE1 .kind = SMMU3_INVALIDATES_STAGE1
#define STAGE2 .kind = SMMU3_INVALIDATES_STAGE2
#define STAGES .kind = SMMU3_INVALIDATES_STAGES
#define OF_ASID .asid = 7
#define OF_VMID .vmid = 3, .vmids = 1
#define ANY_ASID .any_asid = 1
#define ANY_VMID .any_vmid = 1

/* CMD-TLBI-NH-ALL, TLB-16, TLB-17, TLB-19, TLB-20, TLB-24, TLB-25, TLB-26, TLB-34, TLB-05: as
 * commands say
 */
static const struct smmu3_invalidation scopes[] = {
	{ STAGE1, OF_VMID, OF_ASID },
	{ STAGE1, ANY_VMID, OF_ASID },
	{ STAGE1, OF_VMID, ANY_ASID },
	{ STAGE1, ANY_VMID, ANY_ASID },
	{ STAGE2, OF_VMID, ANY_ASID },
	{ STAGE2, ANY_VMID, ANY_ASID },
	{ STAGES, OF_VMID, ANY_ASID },
	{ STAGES, OF_VMID, OF_ASID },
	{ STAGES, ANY_VMID, ANY_ASID },
	{ STAGES, .vmid = 0, .vmids = 4, ANY_ASID },
	{ STAGES, .vmid = 0xfff0, .vmids = 16, ANY_ASID },
	{ STAGE1, .vmid = 0xfffe, .vmids = 4, OF_ASID }, /* beyond the last begins the first */
	{ STAGE1, .vmid = 3, .vmids = 0, OF_ASID },
	{ .kind = SMMU3_INVALIDATES_ALL },
};

static bool is_all(const struct smmu3_invalidation *scope)
{
	return scope->kind == SMMU3_INVALIDATES_ALL;
}

static void check_tags(const struct smmu3_invalidation *scope, tag_meant_fn *meant)
{
	struct forgotten *forgotten = calloc(1, sizeof(*forgotten));

	ck_assert_ptr_nonnull(forgotten);
	ck_assert(forgotten_note(forgotten, scope, meant, 5));
	for (unsigned n = 0; n < TAGS; n++) {
		const struct tlb_tag tag = tag_of(n);

		ck_assert_uint_eq(forgotten_since(forgotten, &tag), meant(&tag, scope) ? 5 : 0);
	}
	ck_assert_uint_eq(forgotten->newest, 5);
	free(forgotten);
}

START_TEST(what_is_forgotten_of_a_regime_is_what_is_meant)
{
	for (uint8_t state = SMMU3_PAS_NS; state <= SMMU3_PAS_REALM; state++)
		for (unsigned worlds = 0; worlds < 16; worlds++) {
			struct smmu3_invalidation scope = scopes[_i];

			scope.sec_sid = state;
			scope.worlds = (uint8_t)worlds;
			check_tags(&scope, tag_is_meant);
			if (!is_all(&scope)) /* TLB-36 */
				check_tags(&scope, tag_is_meant_by_cpus);
		}
}
END_TEST

/* By address, of leaves, of more VMIDs than CR0.VMW says: each is looked for. */
START_TEST(what_no_floor_can_say_is_left_undone)
{
	static const struct smmu3_invalidation others[] = {
		{ STAGE1, OF_VMID, OF_ASID, .bytes = 0x1000 },
		{ STAGE1, OF_VMID, OF_ASID, .leaf = 1 },
		{ STAGE1, .vmid = 3, .vmids = 17, OF_ASID },
	};
	static struct forgotten forgotten, none;

	for (int i = 0; i < COUNT(others); i++)
		ck_assert(!forgotten_note(&forgotten, &others[i], tag_is_meant, 5));
	ck_assert_mem_eq(&forgotten, &none, sizeof(none));
}
END_TEST

/* ---- Very many ---- */

static struct tlb tlb;

static uint8_t world; /* that what is kept and looked for is of */

static bool is_there(enum tlb_kind kind, uint16_t vmid, uint16_t asid, uint64_t input)
{
	const struct regime regime = { .vmid = vmid, .asid = asid, .world = world };
	const struct tlb_key key = { kind, &regime, input };
	struct leaves leaves;

	return tlb_find(&tlb, &key, &leaves);
}

/* A page; global: of every ASID */
static void keep(enum tlb_kind kind, uint16_t vmid, uint16_t asid, uint64_t input, bool global)
{
	const struct regime regime = { .vmid = vmid, .asid = asid, .world = world };
	const struct tlb_key key = { kind, &regime, input };
	const struct leaves leaves = {
		.first = { .descriptor = global ? 0 : 1 << 11, .size_lg2 = 12, .block_lg2 = 12 }
	};

	tlb_keep(&tlb, tlb_age(&tlb), &key, &leaves);
	ck_assert(is_there(kind, vmid, asid, input));
}

static uint64_t page(unsigned n)
{
	return (uint64_t)n << 12;
}

/* TLB-17: of each its own goes at once, whatever was forgotten before; what is global stays, and
 * what is of stage 2 */
START_TEST(very_many_asids_cost_nothing_that_is_global)
{
	ck_assert(tlb_init(&tlb, 1 << 16, 0));
	for (unsigned i = 0; i < VERY_MANY; i++)
		keep(TLB_STAGE1, 3, (uint16_t)i, page(i), false);
	keep(TLB_STAGE1, 3, 0, page(VERY_MANY), true);
	keep(TLB_STAGE2, 3, 0, page(VERY_MANY), false);
	for (unsigned i = 0; i < VERY_MANY; i++) {
		const struct smmu3_invalidation scope = { STAGE1, OF_VMID, .asid = (uint16_t)i };

		tlb_forget(&tlb, &scope, tag_is_meant);
		ck_assert(!is_there(TLB_STAGE1, 3, (uint16_t)i, page(i)));
	}
	for (unsigned i = 0; i < VERY_MANY; i++)
		ck_assert(!is_there(TLB_STAGE1, 3, (uint16_t)i, page(i)));
	ck_assert(is_there(TLB_STAGE1, 3, 0, page(VERY_MANY)));
	ck_assert(is_there(TLB_STAGE2, 3, 0, page(VERY_MANY)));
	tlb_free(&tlb);
}
END_TEST

/* TLB-17, TLB-25: as many ASIDs, and VMIDs, as follow each other cost nothing of each other,
 * wherever they begin */
START_TEST(neighbours_cost_nothing_of_each_other)
{
	static const uint16_t begin[] = { 0, 1, 0x1234, 0xfffe };
	struct forgotten *forgotten = calloc(1, sizeof(*forgotten));
	struct tlb_tag tag = { .kind = TLB_STAGE1 };
	const uint16_t first = begin[_i];

	ck_assert_ptr_nonnull(forgotten);
	for (unsigned i = 0; i < FORGOTTEN_ASIDS; i += 2) {
		const struct smmu3_invalidation scope = { STAGE1, OF_VMID,
							  .asid = (uint16_t)(first + i) };

		ck_assert(forgotten_note(forgotten, &scope, tag_is_meant, 1 + i));
	}
	for (unsigned i = 0; i < FORGOTTEN_ASIDS; i++) {
		tag.regime = (struct regime){ .vmid = 3, .asid = (uint16_t)(first + i) };
		ck_assert_uint_eq(forgotten_since(forgotten, &tag), i % 2 ? 0 : 1 + i);
	}
	for (unsigned i = 0; i < FORGOTTEN_VMIDS; i += 2) {
		const struct smmu3_invalidation scope = { STAGE1, ANY_ASID,
							  .vmid = (uint16_t)(first + i),
							  .vmids = 1 };

		ck_assert(forgotten_note(forgotten, &scope, tag_is_meant, VERY_MANY + i));
	}
	tag.global = true;
	for (unsigned i = 0; i < FORGOTTEN_VMIDS; i++) {
		tag.regime = (struct regime){ .vmid = (uint16_t)(first + i) };
		ck_assert_uint_eq(forgotten_since(forgotten, &tag), i % 2 ? 0 : VERY_MANY + i);
	}
	free(forgotten);
}
END_TEST

/* TLB-08, 4.3: however many are forgotten of one Security state, those of another stay */
START_TEST(very_many_of_one_state_cost_nothing_of_another)
{
	ck_assert(tlb_init(&tlb, 1 << 16, 0));
	world = S_EL1;
	for (unsigned i = 0; i < VERY_MANY; i++)
		keep(TLB_STAGE1, 0, (uint16_t)i, page(0), false);
	world = NS_EL1;
	for (unsigned i = 0; i < VERY_MANY; i++) {
		const struct smmu3_invalidation asid = { STAGE1, .vmids = 1, .asid = (uint16_t)i };
		const struct smmu3_invalidation vmid = { STAGES, ANY_ASID, .vmids = 1,
							 .vmid = (uint16_t)i };

		tlb_forget(&tlb, &asid, tag_is_meant);
		tlb_forget(&tlb, &vmid, tag_is_meant);
	}
	world = S_EL1;
	for (unsigned i = VERY_MANY - 4; i < VERY_MANY; i++) /* a set has four ways */
		ck_assert(is_there(TLB_STAGE1, 0, (uint16_t)i, page(0)));
	world = NS_EL1;
	tlb_free(&tlb);
}
END_TEST

/* TLB-25: and what is kept again counts, however much was forgotten before */
START_TEST(what_is_kept_after_very_many_vmids_is_there)
{
	ck_assert(tlb_init(&tlb, 1 << 16, 0));
	for (unsigned i = 0; i < VERY_MANY; i++)
		keep(TLB_STAGE1, (uint16_t)i, 7, page(i), true);
	for (unsigned i = 0; i < VERY_MANY; i++) {
		const struct smmu3_invalidation scope = { STAGES, ANY_ASID, .vmid = (uint16_t)i,
							  .vmids = 1 };

		tlb_forget(&tlb, &scope, tag_is_meant);
	}
	for (unsigned i = 0; i < VERY_MANY; i++) {
		ck_assert(!is_there(TLB_STAGE1, (uint16_t)i, 7, page(i)));
		keep(TLB_STAGE1, (uint16_t)i, 7, page(i), true);
	}
	tlb_free(&tlb);
}
END_TEST

/* ---- Addresses ---- */

/* TLB-28: a part of 4KB of a block of 1GB is found wherever in the block an address is; then the
 * block is forgotten, and parts of no block are looked for by themselves */
START_TEST(parts_of_a_large_block_go_by_any_of_its_addresses)
{
	const struct regime regime = { .vmid = 3, .asid = 7 };
	const struct tlb_key key = { TLB_STAGE1, &regime, UINT64_C(0x7ffff000) };
	const struct leaves part = {
		.first = { .descriptor = 1 << 11, .size_lg2 = 12, .block_lg2 = 30 }
	};
	const struct smmu3_invalidation scope = { STAGE1, OF_VMID, OF_ASID, .addr = 0x40000000,
						  .bytes = 0x1000 };

	ck_assert(tlb_init(&tlb, 64, 0));
	for (unsigned i = 0; i < 2; i++) {
		tlb_keep(&tlb, tlb_age(&tlb), &key, &part);
		keep(TLB_STAGE1, 3, 7, UINT64_C(0x3ffff000), false);
		keep(TLB_STAGE1, 3, 7, UINT64_C(0x80000000), false);
		ck_assert(is_there(TLB_STAGE1, 3, 7, key.input));
		tlb_forget(&tlb, &scope, tag_is_meant);
		ck_assert(!is_there(TLB_STAGE1, 3, 7, key.input));
		ck_assert(is_there(TLB_STAGE1, 3, 7, UINT64_C(0x3ffff000)));
		ck_assert(is_there(TLB_STAGE1, 3, 7, UINT64_C(0x80000000)));
		ck_assert_uint_eq(tlb.leaves.held[TLB_STAGE1].origin[12], 12);
	}
	tlb_free(&tlb);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("forgotten");
	TCase *tests = tcase_create("forgotten");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_floor_is_where_it_was_raised_to_last);
	tcase_add_test(tests, of_very_many_floors_none_sinks);
	tcase_add_loop_test(tests, what_is_forgotten_of_a_regime_is_what_is_meant, 0,
			    COUNT(scopes));
	tcase_add_test(tests, what_no_floor_can_say_is_left_undone);
	tcase_add_test(tests, very_many_asids_cost_nothing_that_is_global);
	tcase_add_loop_test(tests, neighbours_cost_nothing_of_each_other, 0, 4);
	tcase_add_test(tests, very_many_of_one_state_cost_nothing_of_another);
	tcase_add_test(tests, what_is_kept_after_very_many_vmids_is_there);
	tcase_add_test(tests, parts_of_a_large_block_go_by_any_of_its_addresses);
	suite_add_tcase(suite, tests);
	return run_checks(suite);
}
