/* SPDX-License-Identifier: MIT */
/* Who may do what: every right of both privileges, asked for and answered, through tables, CD and
 * STE. */
#include "support/walk_world.h"

#define APTABLE(n) ((uint64_t)(n) << 61)
#define UXNTABLE BIT(60)
#define PXNTABLE BIT(59)
#define WXN BIT(36)
#define PAN BIT(40)
#define XN(n) ((uint64_t)(n) << 53) /* stage 2 XN[1:0] */

static const struct {
	unsigned flags, perm;
	char name;
} rights[] = {
	{ 0, SMMU3_PERM_UR, 'r' },
	{ SMMU3_TXN_WRITE, SMMU3_PERM_UW, 'w' },
	{ SMMU3_TXN_INSTRUCTION, SMMU3_PERM_UX, 'x' },
	{ SMMU3_TXN_PRIVILEGED, SMMU3_PERM_PR, 'r' },
	{ SMMU3_TXN_PRIVILEGED | SMMU3_TXN_WRITE, SMMU3_PERM_PW, 'w' },
	{ SMMU3_TXN_PRIVILEGED | SMMU3_TXN_INSTRUCTION, SMMU3_PERM_PX, 'x' },
};

/* allowed: six characters, unprivileged then privileged rwx, '-' for a permission fault of `stage`
 * at `level`. */
static void expect_rights(struct world *w, uint64_t address, const char *allowed, unsigned stage,
			  int level)
{
	unsigned perm = 0;

	for (unsigned i = 0; i < 6; i++)
		perm |= allowed[i] == rights[i].name ? rights[i].perm : 0;
	for (unsigned i = 0; i < 6; i++) {
		if (allowed[i] == rights[i].name) {
			ck_assert_msg(ask(w, address, rights[i].flags) == SMMU3_OK,
				      "%s: right %u is refused", allowed, i);
			ck_assert_uint_eq(w->out.perm, perm);
		} else {
			ck_assert_msg(ask(w, address, rights[i].flags) == SMMU3_ABORT,
				      "%s: right %u is granted", allowed, i);
			ck_assert_uint_eq(w->out.event, F_PERMISSION);
			ck_assert_uint_eq(w->out.fault_stage, stage);
			ck_assert_int_eq(w->out.fault_level, level);
			ck_assert_uint_eq(w->out.fault_class, SMMU3_CLASS_IN);
		}
	}
}

static const struct s1_row {
	uint64_t leaf;   /* AP, UXN, PXN */
	uint64_t table;  /* bits of the level 1 table descriptor */
	uint64_t cd;     /* WXN, PAN */
	char allowed[7]; /* unprivileged, privileged */
} s1_rows[] = {
	/* AP[2:1]: what the unprivileged may write, nobody executes as privileged.  PERM-04,
	   PERM-07, PERM-08 */
	{ AP(0), 0, 0, "--xrwx" },
	{ AP(1), 0, 0, "rwxrw-" },
	{ AP(2), 0, 0, "--xr-x" },
	{ AP(3), 0, 0, "r-xr-x" },
	{ AP(0) | UXN, 0, 0, "---rwx" },
	{ AP(1) | UXN, 0, 0, "rw-rw-" },
	{ AP(2) | UXN, 0, 0, "---r-x" },
	{ AP(3) | UXN, 0, 0, "r--r-x" },
	{ AP(0) | PXN, 0, 0, "--xrw-" },
	{ AP(1) | PXN, 0, 0, "rwxrw-" },
	{ AP(2) | PXN, 0, 0, "--xr--" },
	{ AP(3) | PXN, 0, 0, "r-xr--" },
	{ AP(3) | UXN | PXN, 0, 0, "r--r--" },
	/* WXN takes execution from the privilege that may write.  PERM-09 */
	{ AP(0), 0, WXN, "--xrw-" },
	{ AP(1), 0, WXN, "rw-rw-" },
	{ AP(2), 0, WXN, "--xr-x" },
	{ AP(3), 0, WXN, "r-xr-x" },
	/* UWXN means nothing to VMSAv8-64.  PERM-10 */
	{ AP(0), 0, BIT(37), "--xrwx" },
	{ AP(1), 0, BIT(37), "rwxrw-" },
	/* PAN takes privileged data access from what the unprivileged may read or write.  PERM-11
	 */
	{ AP(0), 0, PAN, "--xrwx" },
	{ AP(1), 0, PAN, "rwx---" },
	{ AP(2), 0, PAN, "--xr-x" },
	{ AP(3), 0, PAN, "r-x--x" },
	{ AP(3) | UXN, 0, PAN, "r----x" },
	/* APTable, UXNTable, PXNTable.  PERM-05, PERM-06, PERM-07, B2 */
	{ AP(0), APTABLE(1), 0, "--xrwx" },
	{ AP(1), APTABLE(1), 0, "--xrwx" },
	{ AP(2), APTABLE(1), 0, "--xr-x" },
	{ AP(3), APTABLE(1), 0, "--xr-x" },
	{ AP(0), APTABLE(2), 0, "--xr-x" },
	{ AP(1), APTABLE(2), 0, "r-xr-x" },
	{ AP(2), APTABLE(2), 0, "--xr-x" },
	{ AP(3), APTABLE(2), 0, "r-xr-x" },
	{ AP(0), APTABLE(3), 0, "--xr-x" },
	{ AP(1), APTABLE(3), 0, "--xr-x" },
	{ AP(3), APTABLE(3), 0, "--xr-x" },
	{ AP(1), UXNTABLE, 0, "rw-rw-" },
	{ AP(0), UXNTABLE, 0, "---rwx" },
	{ AP(0), PXNTABLE, 0, "--xrw-" },
	{ AP(3), UXNTABLE | PXNTABLE, 0, "r--r--" },
	/* APTable comes before WXN and PAN.  PERM-13 */
	{ AP(1), APTABLE(2), WXN, "r-xr-x" },
	{ AP(1), APTABLE(1), PAN, "--xrwx" },
	{ AP(1), APTABLE(2), PAN, "r-x--x" },
	{ AP(3), APTABLE(3), PAN, "--xr-x" },
};

enum { S1_ROWS = sizeof(s1_rows) / sizeof(s1_rows[0]) };

static struct world s1_world(const struct s1_row *row, unsigned config)
{
	struct world w = world(config);

	put(&w, slot1(3), (config == NESTED ? IPA_PAGE : PA_PAGE) | PAGE_BITS | row->leaf);
	*word_at(&w, slot1(1)) |= row->table;
	w.cd[0] |= row->cd;
	return w;
}

START_TEST(stage_1_grants_what_ap_xn_wxn_pan_and_the_tables_above_allow)
{
	struct world w = s1_world(&s1_rows[_i / 2], _i % 2 ? NESTED : S1_ONLY);

	expect_rights(&w, VA, s1_rows[_i / 2].allowed, 1, 3);
	close_world(&w);
}
END_TEST

/* PERM-05, PERM-07, WALK-27: the same bit at any level, and different bits at different levels */
START_TEST(hierarchical_permissions_add_up_over_all_levels)
{
	struct world w = world(S1_ONLY);

	if (_i < 3) {
		*word_at(&w, slot1(_i)) |= APTABLE(3) | PXNTABLE;
		expect_rights(&w, VA, "--xr--", 1, 3);
	} else {
		*word_at(&w, slot1(0)) |= APTABLE(1);
		*word_at(&w, slot1(1)) |= UXNTABLE;
		*word_at(&w, slot1(2)) |= APTABLE(2);
		expect_rights(&w, VA, "---r-x", 1, 3);
	}
	close_world(&w);
}
END_TEST

/* PERM-06: a block at each level is judged there, not at the table above */
START_TEST(the_level_of_a_permission_fault_is_that_of_the_leaf)
{
	struct world w = world(S1_ONLY);

	*word_at(&w, slot1(0)) |= APTABLE(2);
	put(&w, slot1(_i), BIT(40) | (S1_BLOCK | (_i == 3 ? 2 : 0)));
	expect_rights(&w, VA, "r-xr-x", 1, _i);
	close_world(&w);
}
END_TEST

/* CD-22: HAD0 and HAD1 each for their half */
START_TEST(had_disables_hierarchical_permissions_of_its_half)
{
	const bool had0 = _i & 1, had1 = _i & 2;
	const uint64_t high = UINT64_C(0xffff000000000000) | IPA_PAGE;
	struct world w = world(S1_ONLY);

	set_field(&w.cd[0], 16, 6, 16);
	set_field(&w.cd[0], 22, 2, 2);
	set_field(&w.cd[0], 30, 1, 0);
	w.cd[1] |= had0 ? BIT(1) : 0;
	w.cd[2] = S2_TABLE(0) | (had1 ? BIT(1) : 0);
	put(&w, slot2(3), PA_PAGE | S1_PAGE);
	*word_at(&w, slot1(1)) |= APTABLE(3) | UXNTABLE | PXNTABLE;
	*word_at(&w, slot2(1)) |= APTABLE(3) | UXNTABLE | PXNTABLE;
	expect_rights(&w, VA, had0 ? "rwxrw-" : "---r--", 1, 3);
	expect_rights(&w, high, had1 ? "rwxrw-" : "---r--", 1, 3);
	close_world(&w);
}
END_TEST

/* PERM-13 with CD-22: where HAD0 hides APTable, PAN is armed */
START_TEST(had_rearms_pan)
{
	struct world w = s1_world(&(struct s1_row){ AP(1), APTABLE(1), PAN, "" }, S1_ONLY);

	w.cd[1] |= BIT(1);
	expect_rights(&w, VA, "rwx---", 1, 3);
	close_world(&w);
}
END_TEST

/* CD-22: HAD = 0 in IDR3 makes the bit RES0 */
START_TEST(had_that_is_not_implemented_means_nothing)
{
	struct world w = world(S1_ONLY);

	make_version_30(&w);
	w.cd[1] |= BIT(1);
	*word_at(&w, slot1(1)) |= APTABLE(2);
	expect_rights(&w, VA, "r-xr-x", 1, 3);
	close_world(&w);
}
END_TEST

static const struct s2_row {
	unsigned s2ap, xn;
	bool xnx;
	char allowed[7];
} s2_rows[] = {
	/* S2AP, the same for both privileges; execution does not need read.  PERM-17, PERM-19 */
	{ 0, 0, true, "--x--x" },
	{ 1, 0, true, "r-xr-x" },
	{ 2, 0, true, "-wx-wx" },
	{ 3, 0, true, "rwxrwx" },
	/* XN[1:0] with XNX.  PERM-18 */
	{ 3, 1, true, "rwxrw-" },
	{ 3, 2, true, "rw-rw-" },
	{ 3, 3, true, "rw-rwx" },
	{ 0, 1, true, "--x---" },
	{ 0, 3, true, "-----x" },
	/* without XNX bit 53 is not looked at */
	{ 3, 0, false, "rwxrwx" },
	{ 3, 1, false, "rwxrwx" },
	{ 3, 2, false, "rw-rw-" },
	{ 3, 3, false, "rw-rw-" },
};

START_TEST(stage_2_grants_what_s2ap_and_xn_allow)
{
	const struct s2_row *row = &s2_rows[_i];
	struct world w = world(S2_ONLY);

	if (!row->xnx)
		make_version_30(&w);
	put(&w, slot2(3), PA_PAGE | (S2_PAGE & ~S2AP(3)) | S2AP(row->s2ap) | XN(row->xn));
	expect_rights(&w, IPA_PAGE, row->allowed, 2, 3);
	close_world(&w);
}
END_TEST

/* PERM-20, NEST-13: stage 1 "rwxrw-", then without the unprivileged "--xrwx", over stage 2 */
START_TEST(both_stages_grant_what_each_allows)
{
	static const struct {
		unsigned s1_ap, s2ap, xn;
		char allowed[7];
	} rows[] = {
		{ 1, 1, 0, "r-xr--" }, { 1, 2, 2, "-w--w-" }, { 0, 3, 1, "--xrw-" },
		{ 0, 3, 3, "---rwx" }, { 3, 2, 0, "--x--x" },
	};
	struct world w = world(NESTED);

	put(&w, slot1(3), IPA_PAGE | PAGE_BITS | AP(rows[_i].s1_ap));
	put(&w, slot2(3), PA_PAGE | (S2_PAGE & ~S2AP(3)) | S2AP(rows[_i].s2ap) | XN(rows[_i].xn));
	for (unsigned i = 0; i < 6; i++) {
		const bool allowed = rows[_i].allowed[i] != '-';

		ck_assert_uint_eq(ask(&w, VA, rights[i].flags), allowed ? SMMU3_OK : SMMU3_ABORT);
		if (!allowed)
			ck_assert_uint_eq(w.out.event, F_PERMISSION);
	}
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, stage_1_grants_what_ap_xn_wxn_pan_and_the_tables_above_allow, 0,
			    2 * S1_ROWS);
	tcase_add_loop_test(tests, hierarchical_permissions_add_up_over_all_levels, 0, 4);
	tcase_add_loop_test(tests, the_level_of_a_permission_fault_is_that_of_the_leaf, 1, 4);
	tcase_add_loop_test(tests, had_disables_hierarchical_permissions_of_its_half, 0, 4);
	tcase_add_test(tests, had_rearms_pan);
	tcase_add_test(tests, had_that_is_not_implemented_means_nothing);
	tcase_add_loop_test(tests, stage_2_grants_what_s2ap_and_xn_allow, 0,
			    sizeof(s2_rows) / sizeof(s2_rows[0]));
	tcase_add_loop_test(tests, both_stages_grant_what_each_allows, 0, 5);
}

int main(void)
{
	return run_suite("rights", add);
}
