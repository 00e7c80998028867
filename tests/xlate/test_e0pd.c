/* SPDX-License-Identifier: MIT */
/* CD.E0PD0 and E0PD1, by which unprivileged accesses do not use a half; and IDR3.PTWNNC, by which
 * structures in Device memory are read as Normal Non-cacheable.  5.2 S2PTW, 5.4, 6.3.4 */
#include "support/conf_world.h"

enum {
	HYP = AT(0, 9, 9),
	RIL = AT(3, 10, 10),
	IDR_E0PD = AT(3, 13, 13),
	IDR_PTWNNC = AT(3, 14, 14),
	EPD1 = AT(0, 30, 30),
	E0PD0 = AT(1, 2, 2),
	E0PD1 = AT(2, 2, 2),
	S2FWB = AT(1, 25, 25),
	S2PTW = AT(2, 54, 54),
};

#define HIGH UINT64_C(0xfffff00000000000) /* T1SZ 20 */

/* SMMUv3.3, which has both; both halves have the same tables, which lead to NEAR_PA. */
static struct world v33(unsigned config)
{
	struct world w = stream(config);

	w.config.aidr = 3;
	change_id(&w, HYP, 1);
	change_id(&w, RIL, 1);
	change_id(&w, IDR_E0PD, 1);
	change_id(&w, IDR_PTWNNC, 1);
	change(w.cd, T0SZ, 20);
	change(w.cd, T1SZ, 20);
	change(w.cd, TG1, 2);
	change(w.cd, EPD1, 0);
	w.cd[0] |= UINT64_C(0x35) << 24; /* IR1, OR1, SH1 */
	w.cd[2] = w.cd[1];
	return w;
}

/* ---- E0PD ---- */

/* PERM-14: a Translation fault of stage 1, whatever the access, of the unprivileged alone */
START_TEST(e0pd_keeps_the_unprivileged_out_of_its_half)
{
	static const unsigned accesses[] = { 0, SMMU3_TXN_WRITE, SMMU3_TXN_INSTRUCTION };
	const unsigned e0pd = (unsigned)_i & 3, config = _i & 4 ? NESTED : S1_ONLY;
	struct world w = v33(config);

	change(w.cd, E0PD0, e0pd & 1);
	change(w.cd, E0PD1, e0pd >> 1);
	put(&w, slot1(3), (config == NESTED ? IPA_PAGE : NEAR_PAGE) | PAGE_BITS | AP(1));
	for (unsigned half = 0; half < 2; half++) {
		const uint64_t address = half ? HIGH | VA : VA;

		for (int i = 0; i < ROWS(accesses); i++) {
			if (accesses[i] != SMMU3_TXN_INSTRUCTION) /* users may write here: PXN */
				expect_reaches(&w, address, accesses[i] | SMMU3_TXN_PRIVILEGED,
					       NEAR_PA);
			if (!(e0pd >> half & 1)) {
				expect_reaches(&w, address, accesses[i], NEAR_PA);
				continue;
			}
			expect_event(&w, address, accesses[i], F_TRANSLATION, 1, NO_WALK);
			expect_record(&w, address,
				      CLASS(SMMU3_CLASS_IN) | (i == 1 ? 0 : RNW) |
					      (i == 2 ? IND : 0),
				      0);
			expect_because(&w, "CD.E0PD");
		}
	}
	close_world(&w);
}
END_TEST

/* PERM-14: privilege is what PRIVCFG has made of it.  5.2 */
START_TEST(e0pd_asks_for_the_privilege_after_overrides)
{
	for (unsigned privcfg = 2; privcfg < 4; privcfg++) {
		struct world w = v33(S1_ONLY);
		const unsigned driven = privcfg == 2 ? SMMU3_TXN_PRIVILEGED : 0;

		change(w.cd, E0PD0, 1);
		change(w.ste, PRIVCFG, privcfg);
		if (privcfg == 2)
			expect_event(&w, VA, driven, F_TRANSLATION, 1, NO_WALK);
		else
			expect_reaches(&w, VA, driven, NEAR_PA);
		close_world(&w);
	}
}
END_TEST

/* PERM-14: what a privileged access gets is granted to it alone */
START_TEST(what_e0pd_closes_is_granted_to_nobody_unprivileged)
{
	for (unsigned e0pd = 0; e0pd < 2; e0pd++) {
		struct world w = v33(S1_ONLY);

		change(w.cd, E0PD0, e0pd);
		expect_reaches(&w, VA, SMMU3_TXN_PRIVILEGED, NEAR_PA);
		ck_assert_uint_eq(w.out.perm,
				  SMMU3_PERM_PR | SMMU3_PERM_PW |
					  (e0pd ? 0 :
						  SMMU3_PERM_UR | SMMU3_PERM_UW | SMMU3_PERM_UX));
		close_world(&w);
	}
}
END_TEST

/* PERM-14: of EL2-E2H as of EL1; EL2 has no unprivileged accesses, and E0PD is RES0 there.  Without
 * IDR3.E0PD it is RES0, too */
START_TEST(e0pd_counts_where_there_are_two_privileges_and_the_feature)
{
	static const struct {
		unsigned strw;
		bool e2h, feature, counts;
	} rows[] = { { 0, false, true, true },
		     { 2, true, true, true },
		     { 2, false, true, false },
		     { 0, false, false, false } };

	for (int i = 0; i < ROWS(rows); i++) {
		struct world w = v33(S1_ONLY);

		if (!rows[i].feature) {
			w.config.aidr = 2;
			change_id(&w, IDR_E0PD, 0);
		}
		change(w.ste, STRW, rows[i].strw);
		w.e2h = rows[i].e2h;
		change(w.cd, E0PD0, 1);
		if (rows[i].counts)
			expect_event(&w, VA, 0, F_TRANSLATION, 1, NO_WALK);
		else
			expect_reaches(&w, VA, 0, NEAR_PA);
		close_world(&w);
	}
}
END_TEST

/* PERM-14: the same where the translation is kept */
START_TEST(e0pd_answers_alike_whether_a_translation_is_kept_or_not)
{
	struct world w = v33(S1_ONLY);

	w.config.caches = (struct smmu3_caches){ 4, 4, 4, 4, 4, 0, 0, 0, 4, 4 };
	change(w.cd, E0PD0, 1);
	expect_event(&w, VA, 0, F_TRANSLATION, 1, NO_WALK);
	expect_reaches(&w, VA, SMMU3_TXN_PRIVILEGED, NEAR_PA);
	put(&w, slot1(3), 0);
	w.edited = false;                                      /* software says nothing */
	expect_reaches(&w, VA, SMMU3_TXN_PRIVILEGED, NEAR_PA); /* it is kept */
	expect_event(&w, VA, 0, F_TRANSLATION, 1, NO_WALK);
	expect_because(&w, "CD.E0PD");
	close_world(&w);
}
END_TEST

/* PERM-14, ATS-10: an unprivileged Translation Request is granted nothing */
START_TEST(e0pd_grants_unprivileged_requests_nothing)
{
	struct world w = v33(S1_ONLY);

	change_id(&w, AT(0, 10, 10), 1); /* IDR0.ATS */
	change(w.ste, EATS, 1);
	change(w.cd, E0PD0, 1);
	w.txn.ats = SMMU3_ATS_REQUEST;
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_NO_ACCESS);
	ck_assert_uint_eq(ask(&w, HIGH | VA, 0), SMMU3_OK);
	close_world(&w);
}
END_TEST

/* ---- PTWNNC ---- */

/* Where the first read for a reason went by what attributes. */
static struct smmu3_attr attr_of(const struct world *w, unsigned reason)
{
	for (unsigned i = 0; i < w->seen_count && i < SEEN_MAX; i++)
		if (w->seen[i].reason == reason && w->seen[i].pa >= RAM_BASE &&
		    (reason != SMMU3_REASON_S1_TTD || w->seen[i].pa == slot1(3)))
			return w->seen[i].attr;
	return (struct smmu3_attr){ 0xff, 0xff };
}

/* NEST-07: Device-nGnRnE to Device-GRE by MemAttr, with S2FWB by MemAttr[1:0]: read as Normal
 * Non-cacheable, Outer Shareable with PTWNNC; as what they are without; refused with S2PTW */
START_TEST(ptwnnc_reads_structures_in_device_memory_as_normal)
{
	static const uint8_t device[] = { 0x00, 0x04, 0x08, 0x0c };
	const unsigned class = (unsigned)_i & 1, memattr = (unsigned)_i >> 1 & 3;
	const bool ptwnnc = _i & 8, fwb = _i & 16;
	struct world w = nested_through(class);

	w.config.aidr = ptwnnc ? 3 : 1;
	change_id(&w, HYP, ptwnnc);
	change_id(&w, RIL, 1);
	change_id(&w, IDR_E0PD, ptwnnc);
	change_id(&w, IDR_PTWNNC, ptwnnc);
	w.behind_host = true;
	set_field(word_at(&w, slot2(3)), 2, 4, memattr);
	change(w.ste, S2FWB, fwb);
	if (fwb) /* other structures are Write-Back */
		set_field(word_at(&w, S2_TABLE(1) + 16), 2, 4, 7);
	expect_pa(&w, VA, 0, RAM_BASE | OFFSET);
	const struct smmu3_attr got = attr_of(&w, class == SMMU3_CLASS_CD ? SMMU3_REASON_CD :
									    SMMU3_REASON_S1_TTD);

	ck_assert_uint_eq(got.mair, ptwnnc ? 0x44 : device[memattr]);
	ck_assert_uint_eq(got.sh, SMMU3_OSH);
	change(w.ste, S2PTW, 1);
	open_world(&w);
	expect_event(&w, VA, 0, F_PERMISSION, 2, 3);
	close_world(&w);
}
END_TEST

/* NEST-07: data in Device memory stays Device, and Normal structures stay what they are */
START_TEST(ptwnnc_concerns_nothing_else)
{
	struct world w = v33(NESTED);

	set_field(word_at(&w, slot2(3)), 2, 4, 1);
	expect_reaches(&w, VA, 0, NEAR_PA);
	ck_assert_uint_eq(w.out.attr.mair, 0x04);
	close_world(&w);
	w = nested_through(SMMU3_CLASS_CD);
	w.config.aidr = 3;
	change_id(&w, HYP, 1);
	change_id(&w, IDR_E0PD, 1);
	change_id(&w, IDR_PTWNNC, 1);
	w.behind_host = true;
	expect_pa(&w, VA, 0, RAM_BASE | OFFSET);
	ck_assert_uint_eq(attr_of(&w, SMMU3_REASON_CD).mair, 0xee); /* S1CIR, S1COR: WB, RA */
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, e0pd_keeps_the_unprivileged_out_of_its_half, 0, 8);
	tcase_add_test(tests, e0pd_asks_for_the_privilege_after_overrides);
	tcase_add_test(tests, what_e0pd_closes_is_granted_to_nobody_unprivileged);
	tcase_add_test(tests, e0pd_counts_where_there_are_two_privileges_and_the_feature);
	tcase_add_test(tests, e0pd_answers_alike_whether_a_translation_is_kept_or_not);
	tcase_add_test(tests, e0pd_grants_unprivileged_requests_nothing);
	tcase_add_loop_test(tests, ptwnnc_reads_structures_in_device_memory_as_normal, 0, 32);
	tcase_add_test(tests, ptwnnc_concerns_nothing_else);
}

int main(void)
{
	return run_suite("e0pd", add);
}
