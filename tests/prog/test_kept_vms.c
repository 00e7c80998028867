/* SPDX-License-Identifier: MIT */
/* The Virtual Machine Structure: where it is read, how that fails, and what is kept of it.  5.6 */
#include "support/mpam_world.h"

static struct mpam_world vms_world(enum smmu3_pas pas)
{
	struct mpam_world w = mpam_world(pas, NESTED);

	change(w.ste, S1MPAM, 1);
	return w;
}

static const struct smmu3_mem_access *vms_read(const struct mpam_world *w)
{
	for (unsigned i = 0; i < w->seen_count; i++)
		if (w->seen[i].reason == SMMU3_REASON_VMS)
			return &w->seen[i];
	ck_abort_msg("no VMS was read");
	return NULL;
}

/* VMS-01, ST-11, RLM-010: at VMSPtr, in the PA space of the STE and with the attributes that that
 * is read with; of Realm streams with R_GMECID */
START_TEST(the_map_is_read_as_the_ste_is)
{
	const enum smmu3_pas pas = _i ? R : NS;
	struct mpam_world w = vms_world(pas);

	w.ste[5] |= UINT64_C(0xff) << 56; /* RES0 */
	open_world(&w);
	if (pas == R) {
		mmio(&w, CR0, 4, 0x10);
		mmio(&w, 0x228, 4, 0x55); /* R_GMECID */
		mmio(&w, CR0, 4, w.cr0);
	}
	ask_open(&w, VA, 0);
	expect_label(&w, 0x21, 2, pas);
	const struct smmu3_mem_access *access = vms_read(&w);

	ck_assert_uint_eq(access->pa, VMS_AT);
	ck_assert_uint_eq(access->bytes, 64);
	ck_assert_uint_eq(access->pas, pas);
	ck_assert_mem_eq(&access->attr, &w.seen[0].attr, sizeof(access->attr));
	ck_assert_uint_eq(w.seen[0].reason, SMMU3_REASON_STE);
	ck_assert_uint_eq(access->mecid, pas == R ? 0x55 : 0);
	drop(&w);
}
END_TEST

/* VMS-02, STE-76: where it is not enabled VMSPtr is ignored, and nothing is read; where it is, one
 * that exceeds OAS is ILLEGAL */
START_TEST(vmsptr_counts_where_a_vms_is_enabled)
{
	struct mpam_world w = vms_world(NS);

	w.config.idr[5] = (w.config.idr[5] & ~7u) | 5; /* OAS 48 bits */
	change(w.ste, VMSPTR, BIT(48) >> 12);
	open_world(&w);
	ck_assert_uint_eq(ask_open(&w, VA, 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, 0x04);
	ck_assert_str_eq(smmu3_why(w.out.why)->name, "ste-vmsptr");
	change(w.ste, S1MPAM, 0);
	expect_labels(&w, VA, 0, 0x12, 1, NS);
	ck_assert_uint_eq(count_of(&w, SMMU3_REASON_VMS), 0);
	change(w.ste, S1MPAM, 1);
	w.config.mpamidr = 0x00070000; /* no PARTIDs but 0 */
	expect_labels(&w, VA, 0, 0, 2, NS);
	ck_assert_uint_eq(count_of(&w, SMMU3_REASON_VMS), 0);
	w.config.mpamidr = 0x000701ff;
	change(w.ste, CONFIG, S2_ONLY);
	expect_labels(&w, IPA_PAGE, 0, 0x12, 1, NS);
	ck_assert_uint_eq(count_of(&w, SMMU3_REASON_VMS), 0);
	drop(&w);
}
END_TEST

/* VMS-02: of a Secure stream the PARTID space that MPAM_NS chooses decides, of which one has PARTIDs
 * and the other none */
START_TEST(a_space_without_partids_has_no_vms)
{
	struct mpam_world w = vms_world(S);

	w.config.s_idr[1] |= (uint32_t)BIT(29); /* SEL2 */
	w.config.idr[5] = (w.config.idr[5] & ~7u) | 5;
	w.config.s_mpamidr = 0x02010000;
	w.ste[4] |= UINT64_C(16) << 32 | UINT64_C(2) << 38; /* S_S2T0SZ, S_S2SL0 */
	w.ste[6] = S2_TABLE(0);
	change(w.ste, VMSPTR, BIT(48) >> 12);
	expect_labels(&w, VA, 0, 0, 0, S); /* PMG 2 is too large */
	ck_assert_uint_eq(count_of(&w, SMMU3_REASON_VMS), 0);
	change(w.ste, MPAM_NS, 1);
	open_world(&w);
	ck_assert_uint_eq(ask_open(&w, VA, 0), SMMU3_ABORT);
	ck_assert_str_eq(smmu3_why(w.out.why)->name, "ste-vmsptr");
	change(w.ste, VMSPTR, VMS_AT >> 12);
	expect_labels(&w, VA, 0, 0x21, 2, NS);
	ck_assert_uint_eq(count_of(&w, SMMU3_REASON_VMS), 1);
	drop(&w);
}
END_TEST

/* VMS-05, EVT-19, EVT-P1: F_VMS_FETCH, with the StreamID, SSV and SubstreamID of the access, and
 * the address of the map; after C_BAD_STE, and before the rest, as libsmmu has it */
START_TEST(an_abort_of_the_map_is_f_vms_fetch)
{
	struct mpam_world w = vms_world(NS);

	change(w.ste, S1CDMAX, 1);
	w.aborts = VMS_AT;
	w.txn.ssid = 1;
	open_world(&w);
	ck_assert_uint_eq(ask_open(&w, VA, SMMU3_TXN_SSV), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, 0x25);
	ck_assert_uint_eq(w.out.recorded, 1);
	ck_assert_str_eq(smmu3_why(w.out.why)->name, "vms-fetch");
	ck_assert_uint_eq(w.out.decider, SMMU3_BY_STREAM);
	ck_assert_uint_eq(w.out.record.word[0], 0x25 | BIT(11) | BIT(12) | SID << 32);
	ck_assert_uint_eq(w.out.record.word[1], 0);
	ck_assert_uint_eq(w.out.record.word[2], 0);
	ck_assert_uint_eq(w.out.record.word[3], VMS_AT);
	ck_assert_uint_eq(w.out.fault_addr, VMS_AT);
	w.txn.ssid = 9; /* C_BAD_SUBSTREAMID comes later */
	ck_assert_uint_eq(ask_open(&w, VA, SMMU3_TXN_SSV), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, 0x25);
	change(w.ste, AT(2, 37, 32), 0); /* S2T0SZ: 64 bits, which no stage 2 has */
	open_world(&w);
	ck_assert_uint_eq(ask_open(&w, VA, SMMU3_TXN_SSV), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, 0x04);
	drop(&w);
}
END_TEST

/* VMS-05, ATS-05, EVT-ATS-2, ATS-22, EVT-ATS-4: of ATS it is a Completer Abort, or an abort, and
 * recorded with REC_CFG_ATS */
START_TEST(of_ats_an_abort_of_the_map_is_recorded_if_asked)
{
	struct mpam_world w = vms_world(NS);
	const bool request = _i & 1, recorded = _i & 2;

	change(w.ste, EATS, 1);
	w.aborts = VMS_AT;
	w.txn.ats = request ? SMMU3_ATS_REQUEST : SMMU3_ATS_TRANSLATED;
	w.cr2 = recorded ? 8 : 0; /* REC_CFG_ATS */
	open_world(&w);
	ck_assert_uint_eq(ask_open(&w, VA, 0), request ? SMMU3_CA : SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, 0x25);
	ck_assert_uint_eq(w.out.recorded, recorded);
	drop(&w);
}
END_TEST

static void expect_map_entry(struct mpam_world *w, unsigned partid)
{
	ask_open(w, VA, 0);
	expect_label(w, partid, 2, NS);
}

/* VMS-06, CMD-CFGI-STE, CMD-CFGI-STE-RANGE, CMD-CFGI-ALL, CMD-CFGI-VMS-PIDM: the map is kept with
 * the STE, by StreamID: what removes that removes it, and CMD_CFGI_VMS_PIDM alone does not.
 * Micro-TLBs forget with it, and may forget more */
START_TEST(what_is_kept_of_the_map_goes_with_the_ste)
{
	static const struct {
		uint64_t low, high;
		bool removes;
	} commands[] = {
		{ 0x03 | SID << 32, 0, true },    { 0x03 | SID << 32, 1, true },
		{ 0x04 | SID << 32, 0, true },    { 0x04, 31, true },
		{ 0x07 | BIT(32) * 3, 0, false }, { 0x03 | (SID + 1) << 32, 0, false },
	};
	struct mpam_world w = vms_world(NS);

	w.config.caches = (struct smmu3_caches){ .stes = 16, .cds = 16, .tlb = 16, .tables = 16 };
	if (_i % 2)
		w.config.caches = (struct smmu3_caches){ .micro = 16, .micro_streams = 16 };
	open_world(&w);
	expect_map_entry(&w, 0x21);
	*word_at(&w, VMS_AT) = UINT64_C(0x77) << 16;
	expect_map_entry(&w, 0x21);
	command(&w, commands[_i / 2].low, commands[_i / 2].high);
	expect_map_entry(&w, commands[_i / 2].removes ? 0x77 : 0x21);
	drop(&w);
}
END_TEST

/* VMS-06: an abort is not kept */
START_TEST(a_map_that_could_not_be_read_is_read_again)
{
	struct mpam_world w = vms_world(NS);

	w.config.caches = (struct smmu3_caches){ .stes = 16, .cds = 16, .tlb = 16 };
	w.aborts = VMS_AT;
	open_world(&w);
	ck_assert_uint_eq(ask_open(&w, VA, 0), SMMU3_ABORT);
	w.aborts = 0;
	expect_map_entry(&w, 0x21);
	drop(&w);
}
END_TEST

/* MPM-001: registers of labels are saved; an SMMU with other limits refuses them */
START_TEST(labels_are_saved_and_loaded)
{
	struct mpam_world w = mpam_world(S, BYPASS), other = mpam_world(S, BYPASS);
	uint8_t blob[8192];
	size_t size = sizeof(blob);
	struct smmu3_error error;

	w.gmpam = 0x01070155;
	open_world(&w);
	ck_assert_int_eq(smmu3_save(w.smmu, blob, &size, &error), 0);
	open_world(&other);
	ck_assert_int_eq(smmu3_load(other.smmu, blob, size, &error), 0);
	ck_assert_uint_eq(mmio_read(&other, GMPAM), 0x01070155);
	other.config.s_mpamidr = 0x0201001f;
	open_world(&other);
	ck_assert_int_eq(smmu3_load(other.smmu, blob, size, &error), -SMMU3_E_INCONSISTENT);
	ck_assert_ptr_nonnull(strstr(error.text, "S_MPAMIDR is 0x201003f in what was saved"));
	drop(&w);
	drop(&other);
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_loop_test(tests, the_map_is_read_as_the_ste_is, 0, 2);
	tcase_add_test(tests, vmsptr_counts_where_a_vms_is_enabled);
	tcase_add_test(tests, a_space_without_partids_has_no_vms);
	tcase_add_test(tests, an_abort_of_the_map_is_f_vms_fetch);
	tcase_add_loop_test(tests, of_ats_an_abort_of_the_map_is_recorded_if_asked, 0, 4);
	tcase_add_loop_test(tests, what_is_kept_of_the_map_goes_with_the_ste, 0, 11);
	tcase_add_test(tests, a_map_that_could_not_be_read_is_read_again);
	tcase_add_test(tests, labels_are_saved_and_loaded);
}

int main(void)
{
	return run_suite("kept vms", add_tests);
}
