/* SPDX-License-Identifier: MIT */
/* The checker, smmu/check.h, and what is kept for others than accesses: for requests of ATOS, for
 * what the SMMU reads and writes itself, for those who pass no stage. */
#include "atos.h"
#include "keeping.h"
#include "rooted.h"
#include "run.h"

#include <check.h>
#include <string.h>

static const struct space ONE = { 1, STAGE_1, 3, 5 };

static struct machine *with_atos(void)
{
	struct machine *m = keeping(0);

	m->config.check = SMMU3_CHECK_ON;
	m->config.idr[0] |= 1 << 15 | 1 << 20; /* ATOS, VATOS */
	start_machine(m);
	put_space(m, &ONE);
	put_s1(m, &ONE, 1, s1_page(HERE));
	put_s1(m, &ONE, 2, s1_page(THERE));
	set_reg(m, VATOS_SEL, 3);
	return m;
}

/* ATO-021: what a request of ATOS has had kept is used by an access, when it is true no more: what
 * it was made of is known, and that it was no access that it was kept for. */
START_TEST(what_atos_has_kept_is_known)
{
	const struct atos_group *const groups[] = { &gatos, &vatos };

	for (int i = 0; i < COUNT(groups); i++) {
		struct machine *m = with_atos();

		ck_assert_uint_eq(reached(m, 1, PAGE(3)), NOWHERE);
		ck_assert_uint_eq(par_of(m, groups[i], 1, STAGE1_OF(PAGE(1))) & 1, 0);
		put_s1(m, &ONE, 1, 0);
		ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
		ck_assert_uint_eq(m->found_count, 1);
		ck_assert_uint_eq(m->found[0].access, 2);
		ck_assert_uint_eq(m->found[0].kept[0].kind, SMMU3_KEPT_TRANSLATION);
		ck_assert_uint_eq(m->found[0].kept[0].kept_for, SMMU3_KEPT_FOR_LOOKUP);
		ck_assert_uint_eq(m->found[0].kept[0].access, 1);
		ck_assert_uint_eq(m->found[0].changed.pa, table1(&ONE, 3) + 8);
		ck_assert_uint_eq(m->found[0].commands, 1);
		ck_assert_uint_eq(m->found[0].command[0].word[0], nh_va(3, 5, PAGE(1), 1).word[0]);
		ck_assert_uint_eq(m->found[0].command[0].word[1], PAGE(1) | 1);
		ck_assert_ptr_nonnull(strstr(m->found_text[0],
					     ", kept since a request of ATOS after access 1\n"));
		close_machine(m);
	}
}
END_TEST

/* ATO-021, TLB-35: what is found through a table, a command for which waits for its CMD_SYNC, does
 * not outlive that. */
START_TEST(what_atos_finds_through_something_removed_goes_with_it)
{
	struct machine *m = with_atos();

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_descriptor(m, table1(&ONE, 2), 0, 0);
	submit(m, nh_asid(3, 5));
	ck_assert_uint_eq(par_of(m, &gatos, 1, STAGE1_OF(PAGE(2))) & 1, 0);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), NOWHERE);
	ck_assert_uint_eq(m->found_count, 0);
	close_machine(m);
}
END_TEST

/* What is kept after a command was consumed does not go with its CMD_SYNC.  CMD-SYNC-2 */
START_TEST(what_atos_has_kept_after_a_command_stays)
{
	struct machine *m = with_atos();

	ck_assert_uint_eq(reached(m, 1, PAGE(2)), THERE);
	submit(m, nh_va(3, 5, PAGE(1), 1));
	ck_assert_uint_eq(par_of(m, &gatos, 1, STAGE1_OF(PAGE(1))) & 1, 0);
	put_s1(m, &ONE, 1, 0);
	for (unsigned i = 0; i < 2; i++) {
		ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
		ck_assert_uint_eq(m->found_count, i + 1);
		ck_assert_uint_eq(m->found[i].kept[0].pending, SMMU3_PENDING_NONE);
		ck_assert_uint_eq(m->found[i].changed.pa, table1(&ONE, 3) + 8);
		submit(m, SYNC_NONE);
	}
	close_machine(m);
}
END_TEST

/* Stream 4, which bypasses, reads a granule that nobody may access any more, as is not said to the
 * SMMU.  3.25.4 */
static void finds_the_gpt(struct machine *m, uint64_t granule, enum smmu3_kept_for kept_for)
{
	put_gpi(m, granule, GPI_NONE);
	ck_assert_uint_eq(reached(m, 4, granule), granule);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kept[0].kind, SMMU3_KEPT_GPT);
	ck_assert_uint_eq(m->found[0].kept[0].kept_for, kept_for);
	ck_assert_uint_eq(m->found[0].changed.reason, SMMU3_REASON_GPT);
	ck_assert_uint_eq(m->found[0].commands, 0);
	close_machine(m);
}

static struct machine *with_root(void)
{
	struct machine *m = rooted_machine();

	m->config.check = SMMU3_CHECK_ON;
	start_rooted_machine(m);
	make_streams(m);
	return m;
}

/* GPC-01: of the queue, from which a command is read */
START_TEST(what_queues_have_kept_of_the_gpt_is_known)
{
	struct machine *m = with_root();

	submit(m, SYNC_NONE);
	finds_the_gpt(m, COMMANDS_AT, SMMU3_KEPT_FOR_ITSELF);
}
END_TEST

/* GPC-01, check.h: of one that has no stream */
START_TEST(what_direct_accesses_have_kept_of_the_gpt_is_known)
{
	struct machine *m = with_root();
	const struct smmu3_direct access = { .addr = RAM_AT + 0x700000, .bytes = 4 };
	struct smmu3_outcome outcome;

	ck_assert_uint_eq(smmu3_access_direct(m->smmu, &access, &outcome), SMMU3_OK);
	finds_the_gpt(m, access.addr, SMMU3_KEPT_FOR_DIRECT);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, what_atos_has_kept_is_known);
	tcase_add_test(tests, what_atos_finds_through_something_removed_goes_with_it);
	tcase_add_test(tests, what_atos_has_kept_after_a_command_stays);
	tcase_add_test(tests, what_queues_have_kept_of_the_gpt_is_known);
	tcase_add_test(tests, what_direct_accesses_have_kept_of_the_gpt_is_known);
}

int main(void)
{
	return run("checked_others", add);
}
