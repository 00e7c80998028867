/* SPDX-License-Identifier: MIT */
/* Stage 2 permissions, and those of stage 1 over stage 2, from registers and memory to outcome and
 * record, for every combination, by the tables of DDI 0487 D8.4. */
#include "permission_path.h"

/* PERM-17, PERM-18, PERM-19, PERM-21, PERM-22: XN[0] means nothing without XNX, which SMMUv3.0 may
 * lack */
START_TEST(every_combination_of_s2ap_and_xn_grants_what_the_tables_say)
{
	const unsigned s2ap = (unsigned)_i & 3, xn = (unsigned)_i >> 2 & 3;
	const bool xnx = _i & 16;
	struct world w = world(S2_ONLY);
	char s2[8];
	const struct granted g = { .s1 = ALL_LETTERS,
				   .s2 = s2,
				   .address = IPA_PAGE | OFFSET,
				   .pa = PA_PAGE | OFFSET,
				   .ipa = IPA_PAGE };

	if (!xnx)
		make_version_30(&w);
	stage2_letters(s2, s2ap, xn, xnx);
	put(&w, slot2(3), stage2_page(s2ap, xn));
	expect_accesses(&w, &g);
	close_world(&w);
}
END_TEST

static void expect_leaves(struct world *w, const char *s2, unsigned aptable, unsigned wxn)
{
	struct granted g = { .s2 = s2, .pa = PA_PAGE | OFFSET, .ipa = IPA_PAGE };

	for (unsigned leaf = 0; leaf < LEAVES; leaf++) {
		g.address = VA + 0x1000 * leaf;
		g.s1 = leaf_grants(leaf, aptable, 0, 0, wxn);
		expect_accesses(w, &g);
	}
}

/* NEST-13, PERM-20, PERM-21, PERM-22, NEST-11, ORD-09: what both stages grant, and a refusal is
 * stage 1's if it is one of stage 1 */
START_TEST(an_access_needs_what_both_stages_grant_and_stage_1_refuses_first)
{
	const unsigned s2ap = (unsigned)_i & 3, xn = (unsigned)_i >> 2 & 3;
	const bool xnx = _i & 16;
	struct world w = world(NESTED);
	char s2[8];

	if (!xnx)
		make_version_30(&w);
	stage2_letters(s2, s2ap, xn, xnx);
	put(&w, slot2(3), stage2_page(s2ap, xn));
	put_leaves(&w, slot1(3), IPA_PAGE);
	for (unsigned n = 0; n < 8; n++) {
		set_field(word_at(&w, slot1(1)), 61, 2, n & 3);
		set_field(&w.cd[0], 36, 1, n >> 2);
		open_world(&w);
		expect_leaves(&w, s2, n & 3, n >> 2);
	}
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, every_combination_of_s2ap_and_xn_grants_what_the_tables_say, 0,
			    32);
	tcase_add_loop_test(tests, an_access_needs_what_both_stages_grant_and_stage_1_refuses_first,
			    0, 32);
}

int main(void)
{
	return run_suite("permission-stage2", add);
}
