/* SPDX-License-Identifier: MIT */
/* The checker, smmu/check.h: invalidations whose TG and TTL say that they are about other entries,
 * which need not remove those that are there.  4.4.1.1 */
#include "keeping.h"
#include "run.h"

#include <check.h>
#include <string.h>

/* Streams of stage 1, of stage 2, of both */
static const struct space spaces[] = { { 1, STAGE_1, 3, 5 },
				       { 2, STAGE_2, 4, 0 },
				       { 3, BOTH_STAGES, 5, 6 } };
static const struct space *const ONE = &spaces[0], *const BOTH = &spaces[2];

#define BLOCK_AT MB2 /* an address */
#define BLOCK_HERE UINT64_C(0x40000000)
#define IPA_BLOCK UINT64_C(0x200000) /* where stage 1 of BOTH has it */

/* A page of 4KB and a block of 2MB in either stage; of BOTH stage 2 has pages alone. */
static struct machine *checked(void)
{
	struct machine *m = keeping(0);

	m->config.check = SMMU3_CHECK_ON;
	m->config.idr[0] |= 1u << 5; /* BTM */
	start_machine(m);
	for (int i = 0; i < COUNT(spaces); i++)
		put_space(m, &spaces[i]);
	put_s1(m, ONE, 1, s1_page(HERE));
	put_s2(m, &spaces[1], 1, s2_page(HERE));
	put_descriptor(m, table1(ONE, 2), 1, s1_block(BLOCK_HERE) | NG);
	put_descriptor(m, table2(&spaces[1], 2), 1, s2_block(BLOCK_HERE));
	put_descriptor(m, table1(BOTH, 2), 1, s1_block(IPA_BLOCK) | NG);
	put_descriptor(m, table2(BOTH, 2), 1, to_table(table2(BOTH, 3)));
	put_s2(m, BOTH, 1, s2_page(HERE));
	return m;
}

static void take_away(struct machine *m, const struct space *space, int level, unsigned n)
{
	put_descriptor(m, space->config == STAGE_2 ? table2(space, level) : table1(space, level), n,
		       0);
}

/* CMD_TLBI_NH_VA, or CMD_TLBI_S2_IPA of stage 2 alone, with TG and TTL, of two granules where there
 * is no TTL. */
static struct command hinted(const struct space *space, uint64_t address, unsigned leaf,
			     unsigned tg, unsigned ttl)
{
	struct command command = space->config == STAGE_2 ?
					 s2_ipa(space->vmid, address, leaf) :
					 nh_va(space->vmid, space->asid, address, leaf);

	command.word[0] |= (uint64_t)(tg && !ttl) << 12;
	command.word[1] |= (uint64_t)ttl << 8 | (uint64_t)tg << 10;
	return command;
}

/* ---- Leaves ---- */

static const struct {
	int level;
	unsigned tg, ttl;
	bool goes;
} leaves[] = {
	{ 3, 0, 0, true },  { 3, 0, 2, true },  { 3, 1, 0, true },  { 3, 1, 3, true },
	{ 3, 1, 2, false }, { 3, 1, 1, false }, { 3, 2, 0, false }, { 3, 3, 3, false },
	{ 2, 0, 3, true },  { 2, 1, 0, true },  { 2, 1, 2, true },  { 2, 1, 3, false },
	{ 2, 1, 1, false }, { 2, 2, 2, false }, { 2, 3, 2, false },
};

/* RIL-003, RIL-008, RIL-012, TLB-30: what TG or TTL do not fit stays, and the finding says that it
 * was passed by, and the command that it names has no hint. */
START_TEST(a_leaf_goes_by_its_own_granule_and_level)
{
	for (int i = 0; i < 2; i++) {
		const struct space *space = &spaces[i];
		const int level = leaves[_i].level;
		const uint64_t address = level == 3 ? PAGE(1) : BLOCK_AT;
		const uint64_t was = level == 3 ? HERE : BLOCK_HERE;
		struct machine *m = checked();

		ck_assert_uint_eq(reached(m, space->sid, address), was);
		take_away(m, space, level, 1);
		finish(m, hinted(space, address, 1, leaves[_i].tg, leaves[_i].ttl));
		ck_assert_uint_eq(reached(m, space->sid, address), leaves[_i].goes ? NOWHERE : was);
		ck_assert_uint_eq(m->found_count, !leaves[_i].goes);
		if (!leaves[_i].goes) {
			const struct command wanted = hinted(space, address, 1, 0, 0);

			ck_assert_uint_eq(m->found[0].kept[0].pending, SMMU3_PENDING_HINT);
			ck_assert_uint_eq(m->found[0].commands, 1);
			ck_assert_uint_eq(m->found[0].command[0].word[0], wanted.word[0]);
			ck_assert_uint_eq(m->found[0].command[0].word[1], wanted.word[1]);
			finish(m, wanted);
			ck_assert_uint_eq(reached(m, space->sid, address), NOWHERE);
			ck_assert_uint_eq(m->found_count, 1);
		}
		close_machine(m);
	}
}
END_TEST

/* RIL-008, TLB-30: what both stages made is of stage 1's block by VA, though stage 2 has a page;
 * and by IPA of stage 2's page, though stage 1 has a block. */
START_TEST(what_stage_2_has_cut_goes_by_the_block_of_stage_1)
{
	for (unsigned ttl = 2; ttl <= 3; ttl++) {
		struct machine *m = checked();

		ck_assert_uint_eq(reached(m, BOTH->sid, MB2 + PAGE(1)), HERE);
		take_away(m, BOTH, 2, 1);
		finish(m, hinted(BOTH, MB2, 1, 1, ttl));
		ck_assert_uint_eq(reached(m, BOTH->sid, MB2 + PAGE(1)), ttl == 2 ? NOWHERE : HERE);
		ck_assert_uint_eq(m->found_count, ttl != 2);
		close_machine(m);
		m = checked();
		ck_assert_uint_eq(reached(m, BOTH->sid, MB2 + PAGE(1)), HERE);
		put_s2(m, BOTH, 1, 0);
		finish(m, nh_all(BOTH->vmid));
		struct command command = s2_ipa(BOTH->vmid, IPA_BLOCK + PAGE(ttl == 2 ? 0 : 1), 1);

		command.word[1] |= 1 << 10 | ttl << 8;
		finish(m, command);
		ck_assert_uint_eq(reached(m, BOTH->sid, MB2 + PAGE(1)), ttl == 3 ? NOWHERE : HERE);
		ck_assert_uint_eq(m->found_count, ttl != 3);
		close_machine(m);
	}
}
END_TEST

/* RIL-010, TLB-32: a range that begins within a block of the level that it is about */
START_TEST(a_range_that_begins_within_a_block_may_be_any)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, BLOCK_AT + PAGE(1)), BLOCK_HERE + PAGE(1));
	take_away(m, ONE, 2, 1);
	finish(m, hinted(ONE, BLOCK_AT + PAGE(1), 1, 1, 2));
	ck_assert_uint_eq(reached(m, 1, BLOCK_AT + PAGE(1)), BLOCK_HERE + PAGE(1));
	ck_assert_uint_eq(m->found_count, 1);
	finish(m, hinted(ONE, BLOCK_AT, 1, 1, 2));
	ck_assert_uint_eq(reached(m, 1, BLOCK_AT + PAGE(1)), NOWHERE);
	ck_assert_uint_eq(m->found_count, 1);
	close_machine(m);
}
END_TEST

/* ---- Tables ---- */

static const struct {
	int level; /* of the descriptor that led to the table */
	unsigned tg, ttl;
	bool goes;
} tables[] = {
	{ 2, 0, 0, true },  { 2, 1, 0, true },  { 2, 1, 3, true },
	{ 2, 1, 2, false }, { 2, 1, 1, false }, { 2, 3, 3, false },
	{ 1, 1, 3, true },  { 1, 1, 2, true },  { 1, 1, 1, false },
};

/* RIL-008: without Leaf tables go that are above the level of TTL.  Of the first there is nothing
 * yet where the first access goes, so that no table below it is kept; and then a page, or a block.
 */
START_TEST(tables_above_the_level_go)
{
	for (int i = 0; i < 2; i++) {
		const struct space *space = &spaces[i];
		const bool of_2 = tables[_i].level == 2;
		const uint64_t address = of_2 ? PAGE(1) : BLOCK_AT;
		const uint64_t was = of_2 ? HERE : BLOCK_HERE;
		const uint64_t table = (i ? table2 : table1)(space, of_2 ? 3 : 2);
		struct machine *m = checked();
		const uint64_t descriptor = i ? s2_block(was) : s1_block(was) | NG;

		put_descriptor(m, table, 1, 0);
		ck_assert_uint_eq(reached(m, space->sid, address), NOWHERE);
		put_descriptor(m, table, 1, descriptor | (of_2 ? 2 : 0));
		take_away(m, space, tables[_i].level, 0);
		finish(m, hinted(space, 0, 0, tables[_i].tg, tables[_i].ttl));
		ck_assert_uint_eq(reached(m, space->sid, address), tables[_i].goes ? NOWHERE : was);
		ck_assert_uint_eq(m->found_count, !tables[_i].goes);
		close_machine(m);
	}
}
END_TEST

/* ---- On its way ---- */

/* RIL-008, CMD-SYNC-2: a command that leaves it is not what removes it, consumed or not. */
START_TEST(what_is_passed_by_does_not_wait)
{
	for (unsigned consumed = 0; consumed < 2; consumed++)
		for (unsigned ttl = 2; ttl <= 3; ttl++) {
			const bool fits = ttl == 2;
			struct machine *m = checked();

			ck_assert_uint_eq(reached(m, 1, BLOCK_AT), BLOCK_HERE);
			take_away(m, ONE, 2, 1);
			if (!consumed)
				update(m, CR0, SMMUEN | EVENTQEN);
			submit(m, hinted(ONE, BLOCK_AT, 1, 1, ttl));
			ck_assert_uint_eq(reached(m, 1, BLOCK_AT), BLOCK_HERE);
			ck_assert_uint_eq(m->found_count, 1);
			ck_assert_uint_eq(m->found[0].kept[0].pending,
					  !fits    ? (consumed ? SMMU3_PENDING_HINT :
								 SMMU3_PENDING_NONE) :
					  consumed ? SMMU3_PENDING_SYNC :
						     SMMU3_PENDING_QUEUED);
			ck_assert_uint_eq(m->found[0].commands, !fits);
			close_machine(m);
		}
}
END_TEST

/* check.h: what has been kept anew since was not passed by; nor is what a command without a hint is
 * not about. */
START_TEST(what_was_kept_since_was_not_passed_by)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, BLOCK_AT), BLOCK_HERE);
	finish(m, hinted(ONE, BLOCK_AT, 1, 1, 3));
	finish(m, hinted(ONE, BLOCK_AT, 1, 1, 2));
	ck_assert_uint_eq(reached(m, 1, BLOCK_AT), BLOCK_HERE);
	finish(m, nh_va(3, 5, PAGE(1), 1));
	finish(m, hinted(ONE, PAGE(1), 1, 1, 3));
	take_away(m, ONE, 2, 1);
	ck_assert_uint_eq(reached(m, 1, BLOCK_AT), BLOCK_HERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kept[0].pending, SMMU3_PENDING_NONE);
	close_machine(m);
}
END_TEST

/* check.h: in words */
START_TEST(what_was_passed_by_is_said)
{
	struct machine *m = checked();

	ck_assert_uint_eq(reached(m, 1, BLOCK_AT), BLOCK_HERE);
	take_away(m, ONE, 2, 1);
	finish(m, hinted(ONE, BLOCK_AT, 1, 1, 3));
	ck_assert_uint_eq(reached(m, 1, BLOCK_AT), BLOCK_HERE);
	ck_assert_ptr_nonnull(
		strstr(m->found_text[0],
		       "the translation of VA 0x200000, 2MB, asid 5, vmid 3, kept since "
		       "access 1, which an invalidation passed by for its TG or TTL\n"));
	close_machine(m);
}
END_TEST

/* ---- What CPUs broadcast ---- */

static const struct {
	uint64_t addr, bytes;
	uint8_t granule_lg2, level;
	bool goes;
} broadcasts[] = {
	{ BLOCK_AT, 0x1000, 0, 0, true },
	{ BLOCK_AT, 0x1000, 12, 3, true },
	{ BLOCK_AT, 0x1000, 12, 4, false },
	{ BLOCK_AT, 0x1000, 16, 4, false },
	{ BLOCK_AT + 0x1000, 0x1000, 12, 3, true }, /* of one address not all bits count */
	{ BLOCK_AT + 0x1000, 0x2000, 12, 3, false },
	{ BLOCK_AT, 0x2000, 12, 0, true },
	{ BLOCK_AT, 0x2000, 14, 0, false },
	/* level 1 of 16KB, without DS: of one address no hint, of a range none of a level */
	{ BLOCK_AT, 0x1000, 14, 2, true },
	{ BLOCK_AT, 0x8000, 14, 2, false },
};

/* D8.17.5, RIL-008: their TTL is a hint likewise. */
START_TEST(a_broadcast_has_hints_too)
{
	struct machine *m = checked();
	const struct smmu3_invalidation scope = {
		.kind = SMMU3_INVALIDATES_STAGE1,
		.any_ssid = 1,
		.leaf = 1,
		.any_asid = 1,
		.vmid = 3,
		.vmids = 1,
		.hint_granule_lg2 = broadcasts[_i].granule_lg2,
		.hint_level = broadcasts[_i].level,
		.addr = broadcasts[_i].addr,
		.bytes = broadcasts[_i].bytes,
	};

	ck_assert_uint_eq(reached(m, 1, BLOCK_AT), BLOCK_HERE);
	take_away(m, ONE, 2, 1);
	ck_assert_int_eq(smmu3_broadcast_tlbi(m->smmu, &scope), 0);
	ck_assert_uint_eq(reached(m, 1, BLOCK_AT), broadcasts[_i].goes ? NOWHERE : BLOCK_HERE);
	ck_assert_uint_eq(m->found_count, !broadcasts[_i].goes);
	if (!broadcasts[_i].goes)
		ck_assert_uint_eq(m->found[0].kept[0].pending, SMMU3_PENDING_HINT);
	close_machine(m);
}
END_TEST

/* RIL-007, D8.17.5: of a range of 16KB granules level 1 is no level without DS, but they are. */
START_TEST(a_broadcast_range_of_level_1_of_16kb_is_of_any_level)
{
	const uint64_t block_at = UINT64_C(1) << 25;
	struct machine *m = checked();
	const struct smmu3_invalidation scope = { .kind = SMMU3_INVALIDATES_STAGE1,
						  .any_asid = 1,
						  .any_ssid = 1,
						  .vmid = 3,
						  .vmids = 1,
						  .hint_granule_lg2 = 14,
						  .hint_level = 2,
						  .addr = block_at,
						  .bytes = 0x8000 };
	uint64_t *cd = ram_at(m, cd_at(ONE, 0));

	cd[0] |= UINT64_C(2) << 6; /* TG0 */
	cd[1] = RAM_AT + 0x700000;
	put_descriptor(m, RAM_AT + 0x700000, 0, to_table(RAM_AT + 0x704000));
	put_descriptor(m, RAM_AT + 0x704000, 1, s1_block(BLOCK_HERE) | NG);
	ck_assert_uint_eq(reached(m, 1, block_at), BLOCK_HERE);
	put_descriptor(m, RAM_AT + 0x704000, 1, 0);
	ck_assert_int_eq(smmu3_broadcast_tlbi(m->smmu, &scope), 0);
	ck_assert_uint_eq(reached(m, 1, block_at), NOWHERE);
	ck_assert_uint_eq(m->found_count, 0);
	close_machine(m);
}
END_TEST

/* ---- Others ---- */

/* RIL-001: without RIL there is no hint */
START_TEST(without_ril_nothing_is_passed_by)
{
	struct machine *m = keeping(0);

	m->config.check = SMMU3_CHECK_ON;
	m->config.idr[3] &= ~(1u << 10);
	start_machine(m);
	put_space(m, ONE);
	put_descriptor(m, table1(ONE, 2), 1, s1_block(BLOCK_HERE) | NG);
	ck_assert_uint_eq(reached(m, 1, BLOCK_AT), BLOCK_HERE);
	take_away(m, ONE, 2, 1);
	finish(m, hinted(ONE, BLOCK_AT, 1, 3, 3));
	ck_assert_uint_eq(reached(m, 1, BLOCK_AT), NOWHERE);
	ck_assert_uint_eq(m->found_count, 0);
	close_machine(m);
}
END_TEST

/* 4.4, TLB-32: an SMMU that is not checked removes what a hint does not fit, as any may. */
START_TEST(who_is_not_checked_removes_it_all)
{
	struct machine *m = keeping(64);

	start_machine(m);
	put_space(m, ONE);
	put_descriptor(m, table1(ONE, 2), 1, s1_block(BLOCK_HERE) | NG);
	ck_assert_uint_eq(reached(m, 1, BLOCK_AT), BLOCK_HERE);
	take_away(m, ONE, 2, 1);
	ck_assert_uint_eq(reached(m, 1, BLOCK_AT), BLOCK_HERE);
	finish(m, hinted(ONE, BLOCK_AT, 1, 3, 3));
	ck_assert_uint_eq(reached(m, 1, BLOCK_AT), NOWHERE);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_leaf_goes_by_its_own_granule_and_level, 0, COUNT(leaves));
	tcase_add_test(tests, what_stage_2_has_cut_goes_by_the_block_of_stage_1);
	tcase_add_test(tests, a_range_that_begins_within_a_block_may_be_any);
	tcase_add_loop_test(tests, tables_above_the_level_go, 0, COUNT(tables));
	tcase_add_test(tests, what_is_passed_by_does_not_wait);
	tcase_add_test(tests, what_was_kept_since_was_not_passed_by);
	tcase_add_test(tests, what_was_passed_by_is_said);
	tcase_add_loop_test(tests, a_broadcast_has_hints_too, 0, COUNT(broadcasts));
	tcase_add_test(tests, a_broadcast_range_of_level_1_of_16kb_is_of_any_level);
	tcase_add_test(tests, without_ril_nothing_is_passed_by);
	tcase_add_test(tests, who_is_not_checked_removes_it_all);
}

int main(void)
{
	return run("checked_hints", add);
}
