/* SPDX-License-Identifier: MIT */
/* Labels of MPAM: what each access of a client, and of the SMMU itself, carries.  5.6, 17 */
#include "support/mpam_world.h"

#define PASID SMMU3_TXN_SSV

/* ---- Clients */

/* VMS-03, CD-26: the STE labels, or with S1MPAM the CD where there is a stage 1; over stage 2 its
 * PARTID is one of 32 virtual ones, of which bits above 4 do not count.  17.2 */
START_TEST(a_stream_is_labelled_as_its_configuration_says)
{
	static const struct {
		unsigned config, s1mpam;
		uint64_t at;
		unsigned partid, pmg;
	} ways[] = {
		{ BYPASS, 0, PA_PAGE, 0x12, 1 },   { BYPASS, 1, PA_PAGE, 0x12, 1 },
		{ S2_ONLY, 0, IPA_PAGE, 0x12, 1 }, { S2_ONLY, 1, IPA_PAGE, 0x12, 1 },
		{ S1_ONLY, 0, VA, 0x12, 1 },       { S1_ONLY, 1, VA, 0x21, 2 },
		{ NESTED, 0, VA, 0x12, 1 },        { NESTED, 1, VA, 0x21, 2 },
	};
	struct mpam_world w = mpam_world(NS, ways[_i].config);

	change(w.ste, S1MPAM, ways[_i].s1mpam);
	expect_labels(&w, ways[_i].at, 0, ways[_i].partid, ways[_i].pmg, NS);
	ck_assert_uint_eq(w.out.pa & ~UINT64_C(0xfff), PA_PAGE);
	if (ways[_i].config == NESTED && ways[_i].s1mpam) {
		change(w.cd[0], CD_PARTID, 0xfffe);
		expect_labels(&w, VA, 0, 0x3e, 2, NS);
		change(w.cd[0], CD_PARTID, 0);
		expect_labels(&w, VA, 0, 0x20, 2, NS);
	}
	drop(&w);
}
END_TEST

/* VMS-03, MPM-003: IDs larger than there are, for which libsmmu takes 0, each for itself; the
 * largest is one */
START_TEST(an_id_that_is_too_large_is_0)
{
	struct mpam_world w = mpam_world(NS, NESTED);

	change(w.ste, PARTID, 0x200);
	expect_labels(&w, VA, 0, 0, 1, NS);
	change(w.ste, PARTID, 0x1ff);
	change(w.ste, PMG, 8);
	expect_labels(&w, VA, 0, 0x1ff, 0, NS);
	change(w.ste, S1MPAM, 1);
	change(w.cd[0], CD_PMG, 8);
	*word_at(&w, VMS_AT) = UINT64_C(0x01ff) << 16;
	expect_labels(&w, VA, 0, 0x1ff, 0, NS);
	change(w.cd[0], CD_PMG, 7);
	*word_at(&w, VMS_AT) = UINT64_C(0x0200) << 16;
	expect_labels(&w, VA, 0, 0, 7, NS);
	change(w.ste, CONFIG, S1_ONLY);
	*word_at(&w, S1_TABLE(3) + 40) = PA_PAGE | 0xf43;
	change(w.cd[0], CD_PARTID, 0x200);
	expect_labels(&w, VA, 0, 0, 7, NS);
	drop(&w);
}
END_TEST

/* MPM-004: GBPMPAM labels what passes while SMMUEN is 0, and Translated transactions that
 * CR0.ATSCHK = 0 has no STE asked of */
START_TEST(what_passes_by_all_streams_has_the_label_of_gbpmpam)
{
	struct mpam_world w = mpam_world(NS, NESTED);

	w.cr0 = 0xc;
	open_world(&w);
	ask_open(&w, PA_PAGE, 0);
	expect_label(&w, 0x16, 1, NS);
	w.cr0 = 0xd;
	change(w.ste, EATS, 1);
	w.txn.ats = SMMU3_ATS_TRANSLATED;
	open_world(&w);
	ask_open(&w, PA_PAGE, 0);
	expect_label(&w, 0x16, 1, NS);
	ck_assert_uint_eq(w.seen_count, 0);
	drop(&w);
}
END_TEST

/* MPM-004, 17.3: a Translated transaction that is checked has the label of the STE, and with a
 * PASID and IDR3.PASIDTT that of its CD; split-stage ATS likewise.  A completion has none */
START_TEST(ats_is_labelled_by_ste_or_pasid)
{
	struct mpam_world w = mpam_world(NS, NESTED);

	change(w.ste, S1MPAM, 1);
	change(w.ste, S1CDMAX, 1);
	w.ste[1] |= UINT64_C(2); /* S1DSS: CD 0 */
	w.txn.ssid = 1;
	for (unsigned eats = 1; eats <= 2; eats++) {
		change(w.ste, EATS, eats);
		w.txn.ats = SMMU3_ATS_TRANSLATED;
		open_world(&w);
		ask_open(&w, IPA_PAGE, 0);
		expect_label(&w, 0x12, 1, NS);
		ask_open(&w, IPA_PAGE, PASID);
		expect_label(&w, 0x3e, 3, NS);
		w.txn.ats = SMMU3_ATS_REQUEST;
		ask_open(&w, VA, PASID);
		expect_label(&w, 0, 0, NS);
	}
	w.config.idr[3] &= ~(uint32_t)BIT(16);
	w.txn.ats = SMMU3_ATS_TRANSLATED;
	open_world(&w);
	ask_open(&w, IPA_PAGE, PASID);
	expect_label(&w, 0x12, 1, NS);
	drop(&w);
}
END_TEST

/* CD-26: two CDs with one ASID share translations that are kept, and have labels of their own */
START_TEST(what_is_kept_of_an_asid_has_no_label)
{
	struct mpam_world w = mpam_world(NS, S1_ONLY);

	change(w.ste, S1MPAM, 1);
	change(w.ste, S1CDMAX, 1);
	open_world(&w);
	for (unsigned i = 0; i < 6; i++) {
		w.txn.ssid = i % 2;
		ask_open(&w, VA, PASID);
		expect_label(&w, i % 2 ? 0x1e : 0x21, i % 2 ? 3 : 2, NS);
	}
	drop(&w);
}
END_TEST

/* MPM-005: Secure and Realm streams have labels of their own space, or with MPAM_NS of the
 * Non-secure one, with the IDs that that has; where MPAM_NS cannot be, it is ignored, and so it is
 * of Non-secure streams */
START_TEST(mpam_ns_chooses_the_non_secure_space)
{
	const enum smmu3_pas pas = _i ? R : S;
	struct mpam_world w = mpam_world(pas, BYPASS);

	expect_labels(&w, PA_PAGE, 0, 0x12, 1, pas);
	change(w.ste, PARTID, 0x40);
	change(w.ste, PMG, 2);
	expect_labels(&w, PA_PAGE, 0, pas == S ? 0 : 0x40, pas == S ? 0 : 2, pas);
	change(w.ste, MPAM_NS, 1);
	expect_labels(&w, PA_PAGE, 0, 0x40, 2, NS);
	w.config.s_mpamidr &= ~(uint32_t)BIT(25);
	w.config.r_mpamidr &= ~(uint32_t)BIT(25);
	expect_labels(&w, PA_PAGE, 0, pas == S ? 0 : 0x40, pas == S ? 0 : 2, pas);
	drop(&w);
	w = mpam_world(NS, BYPASS);
	change(w.ste, MPAM_NS, 1);
	expect_labels(&w, PA_PAGE, 0, 0x12, 1, NS);
	drop(&w);
}
END_TEST

/* IDR-025: without IDR3.MPAM all that says labels is ignored, the registers too */
START_TEST(without_mpam_there_are_no_labels)
{
	struct mpam_world w = mpam_world((enum smmu3_pas)_i, _i == S ? S1_ONLY : NESTED);

	w.config.idr[3] &= ~(uint32_t)BIT(7);
	w.config.mpamidr = w.config.s_mpamidr = w.config.r_mpamidr = 0;
	change(w.ste, S1MPAM, 1);
	change(w.ste, MPAM_NS, 1);
	change(w.ste, VMSPTR, BIT(43));
	expect_labels(&w, VA, 0, 0, 0, NS);
	for (unsigned i = 0; i < w.seen_count; i++)
		expect_fetches(&w, (enum smmu3_reason)w.seen[i].reason, 0, 0, NS);
	ck_assert_uint_eq(count_of(&w, SMMU3_REASON_VMS), 0);
	ck_assert_uint_eq(mmio_read(&w, GMPAM), 0);
	ck_assert_uint_eq(mmio_read(&w, GBPMPAM), 0);
	drop(&w);
}
END_TEST

/* ---- The SMMU's own accesses */

/* VMS-04, MPM-004: STEs and the VMS have the label of GMPAM, CDs and stage 2's tables that of the
 * STE, stage 1's tables that of the client.  17.4 */
START_TEST(fetches_are_labelled_by_what_they_are_of)
{
	const enum smmu3_pas pas = _i ? R : NS;
	struct mpam_world w = mpam_world(pas, NESTED);

	change(w.ste, S1MPAM, 1);
	expect_labels(&w, VA, 0, 0x21, 2, pas);
	expect_fetches(&w, SMMU3_REASON_STE, 0x15, 1, pas);
	expect_fetches(&w, SMMU3_REASON_VMS, 0x15, 1, pas);
	expect_fetches(&w, SMMU3_REASON_CD, 0x12, 1, pas);
	expect_fetches(&w, SMMU3_REASON_S2_TTD, 0x12, 1, pas);
	expect_fetches(&w, SMMU3_REASON_S1_TTD, 0x21, 2, pas);
	change(w.ste, S1MPAM, 0);
	expect_labels(&w, VA, 0, 0x12, 1, pas);
	expect_fetches(&w, SMMU3_REASON_S1_TTD, 0x12, 1, pas);
	drop(&w);
}
END_TEST

/* MPM-005: STE.MPAM_NS is of what the stream reaches, and not of the VMS; GMPAM.MPAM_NS of what is
 * GMPAM's, and GBPMPAM's of what is GBPMPAM's.  17.7 */
START_TEST(each_mpam_ns_is_of_its_own_accesses)
{
	struct mpam_world w = mpam_world(R, NESTED);

	change(w.ste, S1MPAM, 1);
	change(w.ste, MPAM_NS, 1);
	expect_labels(&w, VA, 0, 0x21, 2, NS);
	expect_fetches(&w, SMMU3_REASON_STE, 0x15, 1, R);
	expect_fetches(&w, SMMU3_REASON_VMS, 0x15, 1, R);
	expect_fetches(&w, SMMU3_REASON_CD, 0x12, 1, NS);
	expect_fetches(&w, SMMU3_REASON_S2_TTD, 0x12, 1, NS);
	expect_fetches(&w, SMMU3_REASON_S1_TTD, 0x21, 2, NS);
	w.gmpam |= (uint32_t)BIT(24);
	change(w.ste, MPAM_NS, 0);
	expect_labels(&w, VA, 0, 0x21, 2, R);
	expect_fetches(&w, SMMU3_REASON_STE, 0x15, 1, NS);
	expect_fetches(&w, SMMU3_REASON_VMS, 0x15, 1, NS);
	expect_fetches(&w, SMMU3_REASON_CD, 0x12, 1, R);
	drop(&w);
	w = mpam_world(S, BYPASS);
	w.gbpmpam = 0x1040016;
	w.cr0 = 0xc;
	open_world(&w);
	ask_open(&w, PA_PAGE, 0);
	expect_label(&w, 0x16, 4, NS);
	w.gbpmpam = 0x0010016;
	open_world(&w);
	ask_open(&w, PA_PAGE, 0);
	expect_label(&w, 0x16, 1, S);
	drop(&w);
}
END_TEST

/* MPM-004: queues and messages have the label of GMPAM, of each interface its own */
START_TEST(queues_and_messages_have_the_label_of_gmpam)
{
	struct mpam_world w = mpam_world((enum smmu3_pas)_i, BYPASS);

	open_world(&w);
	mmio(&w, 0xb0, 8, RAM_BASE + 0x7000); /* EVENTQ_IRQ_CFG0 */
	mmio(&w, 0x50, 4, 4);                 /* IRQ_CTRL.EVENTQ_IRQEN */
	w.txn.sid = 64;
	ck_assert_uint_eq(ask_open(&w, VA, 0), SMMU3_ABORT);
	expect_fetches(&w, SMMU3_REASON_EVENTQ, 0x15, 1, w.pas);
	expect_fetches(&w, SMMU3_REASON_MSI, 0x15, 1, w.pas);
	w.seen_count = 0;
	command(&w, 0x04, 31); /* CMD_CFGI_ALL */
	expect_fetches(&w, SMMU3_REASON_CMDQ, 0x15, 1, w.pas);
	drop(&w);
}
END_TEST

/* MPM-001, MPM-002, MPM-003: a write counts with Update, is there at once and complete at once; it
 * has the bits that IDs have, and labels accesses that follow */
START_TEST(gmpam_is_written_with_update)
{
	static const enum smmu3_pas states[] = { NS, S, R };
	struct mpam_world w = mpam_world(states[_i], BYPASS);
	const uint64_t ids = w.pas == NS ? 0x000701ff : 0x010701ff;

	w.gmpam = 0;
	open_world(&w);
	mmio(&w, GMPAM, 4, 0x00010009);
	ck_assert_uint_eq(mmio_read(&w, GMPAM), 0);
	mmio(&w, GMPAM, 4, UPDATE | 0x00010009);
	ck_assert_uint_eq(mmio_read(&w, GMPAM), 0x00010009);
	ask_open(&w, PA_PAGE, 0);
	expect_fetches(&w, SMMU3_REASON_STE, 9, 1, w.pas);
	mmio(&w, GMPAM, 4, UINT32_MAX);
	ck_assert_uint_eq(mmio_read(&w, GMPAM), ids);
	mmio(&w, GBPMPAM, 4, UINT32_MAX);
	ck_assert_uint_eq(mmio_read(&w, GBPMPAM), w.pas == R ? 0 : ids);
	drop(&w);
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_loop_test(tests, a_stream_is_labelled_as_its_configuration_says, 0, 8);
	tcase_add_test(tests, an_id_that_is_too_large_is_0);
	tcase_add_test(tests, what_passes_by_all_streams_has_the_label_of_gbpmpam);
	tcase_add_test(tests, ats_is_labelled_by_ste_or_pasid);
	tcase_add_test(tests, what_is_kept_of_an_asid_has_no_label);
	tcase_add_loop_test(tests, mpam_ns_chooses_the_non_secure_space, 0, 2);
	tcase_add_loop_test(tests, without_mpam_there_are_no_labels, 0, 3);
	tcase_add_loop_test(tests, fetches_are_labelled_by_what_they_are_of, 0, 2);
	tcase_add_test(tests, each_mpam_ns_is_of_its_own_accesses);
	tcase_add_loop_test(tests, queues_and_messages_have_the_label_of_gmpam, 0, 3);
	tcase_add_loop_test(tests, gmpam_is_written_with_update, 0, 3);
}

int main(void)
{
	return run_suite("mpam", add_tests);
}
