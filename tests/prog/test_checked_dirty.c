/* SPDX-License-Identifier: MIT */
/* The checker, smmu/check.h, where hardware marks pages as dirty: what is kept of a clean page is
 * not out of date by that.  3.13 */
#include "keeping.h"
#include "run.h"

#include <check.h>

#define IDR0_HTTU (2u << 6)
#define IDR0_ATS (1u << 10)
#define ACCESSED (UINT64_C(1) << 10)
#define DBM (UINT64_C(1) << 51)
#define READ_ONLY (UINT64_C(1) << 7) /* AP[2] */
#define HA_HD (UINT64_C(3) << 42)    /* of a CD */

/* Two streams of one table. */
static const struct space ONE = { 1, STAGE_1, 3, 5 }, TWO = { 2, STAGE_1, 3, 6 };

static void put_stream(struct machine *m, const struct space *space)
{
	struct ste ste = ste_of(STAGE_1, cd_at(space, 0));

	ste.word[1] |= STE1_EATS(1);
	ste.word[2] |= space->vmid;
	put_space(m, space);
	put_ste(m, space->sid, ste);
	ram_at(m, cd_at(space, 0))[0] |= HA_HD;
	ram_at(m, cd_at(space, 0))[1] = ram_at(m, cd_at(&ONE, 0))[1];
}

static struct machine *sharing(uint64_t page)
{
	struct machine *m = keeping(0);

	m->windows = true;
	m->config.check = SMMU3_CHECK_ON;
	m->config.idr[0] |= IDR0_HTTU | IDR0_ATS;
	start_machine(m);
	put_stream(m, &ONE);
	put_stream(m, &TWO);
	put_s1(m, &ONE, 1, page);
	ck_assert_uint_eq(reached(m, ONE.sid, PAGE(1)), HERE); /* it is kept */
	return m;
}

/* What a Translation Request that wants to read is given. */
static unsigned given(struct machine *m)
{
	const struct smmu3_txn request = {
		.addr = PAGE(1), .bytes = 4, .sid = ONE.sid, .ats = SMMU3_ATS_REQUEST
	};
	struct smmu3_outcome outcome;

	smmu3_translate(m->smmu, &request, &outcome);
	ck_assert_uint_eq(outcome.verdict, SMMU3_OK);
	return outcome.ats & (SMMU3_ATS_R | SMMU3_ATS_W);
}

/* HTTU-21: who has a clean page need not know that another has written to it, and software
 * has nothing to invalidate */
START_TEST(a_page_that_another_made_dirty_is_not_out_of_date)
{
	struct machine *m = sharing(s1_page(HERE) | READ_ONLY | DBM);

	const struct smmu3_outcome outcome = access_by(m, TWO.sid, PAGE(1), SMMU3_TXN_WRITE);

	ck_assert_uint_eq(outcome.verdict, SMMU3_OK);
	ck_assert(!(*ram_at(m, table1(&ONE, 3) + 8) & READ_ONLY));
	ck_assert_uint_eq(given(m), SMMU3_ATS_R);
	ck_assert_uint_eq(m->found_count, 0);
	finish(m, nh_asid(ONE.vmid, ONE.asid));
	ck_assert_uint_eq(given(m), SMMU3_ATS_R | SMMU3_ATS_W);
	ck_assert_uint_eq(m->found_count, 0);
	close_machine(m);
}
END_TEST

/* check.h: but what software itself permits is, although hardware has updated the page before */
START_TEST(a_page_that_software_made_writable_is_out_of_date)
{
	struct machine *m = sharing((s1_page(HERE) | READ_ONLY) & ~ACCESSED);

	put_s1(m, &ONE, 1, s1_page(HERE));
	ck_assert_uint_eq(given(m), SMMU3_ATS_R);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].changed.was[0], s1_page(HERE) | READ_ONLY);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_page_that_another_made_dirty_is_not_out_of_date);
	tcase_add_test(tests, a_page_that_software_made_writable_is_out_of_date);
}

int main(void)
{
	return run("checked_dirty", add);
}
