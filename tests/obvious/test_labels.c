/* SPDX-License-Identifier: MIT */
/* Labels of the obvious walker, against values that were worked out by hand: 5.6, 17. */
#include "array.h"
#include "support/suite.h"

enum { VMS = 0x3000, NS = SMMU3_PAS_NS, S = SMMU3_PAS_SECURE, R = SMMU3_PAS_REALM };
enum { F_VMS_FETCH = 0x25, C_BAD_STE = 0x04 };
#define S1MPAM (UINT64_C(1) << 26)
#define MPAM_NS (UINT64_C(1) << 8)

/* Non-secure PARTIDs up to 0x34 and PMGs up to 2; GMPAM 0x15, 1; GBPMPAM 0x16, 2; the STE 0x12, 1;
 * the CD 0x23, 2, of which virtual PARTID 3 is 0x21. */
static void labelled(void (*make)(void), uint64_t s1mpam)
{
	make();
	w.machine.idr3 |= 1u << 7;
	w.machine.mpamidr = 0x00020034;
	w.machine.gmpam = 0x00010015;
	w.machine.gbpmpam = 0x00020016;
	put(&w, STE + 8, SHCFG_AND_S1C | s1mpam);
	put(&w, STE + 32, UINT64_C(0x0012) << 16);
	put(&w, STE + 40, VMS | 1);
	put(&w, CD_TABLE + 40, UINT64_C(0x23) << 32 | UINT64_C(2) << 48);
	put(&w, VMS, UINT64_C(0x21) << 48);
}

static void expect(unsigned partid, unsigned pmg, unsigned space)
{
	go();
	ck_assert_uint_eq(w.answer.verdict, SMMU3_OK);
	ck_assert_uint_eq(w.answer.mpam.partid, partid);
	ck_assert_uint_eq(w.answer.mpam.pmg, pmg);
	ck_assert_uint_eq(w.answer.mpam.space, space);
}

static unsigned reads_of(enum smmu3_reason reason, unsigned partid, unsigned pmg)
{
	unsigned count = 0;

	for (unsigned i = 0; i < w.fetches; i++)
		if (w.fetch[i].reason == reason) {
			ck_assert_uint_eq(w.fetch[i].mpam.partid, partid);
			ck_assert_uint_eq(w.fetch[i].mpam.pmg, pmg);
			count++;
		}
	return count;
}

/* VMS-03, VMS-04, MPM-004 */
START_TEST(structures_and_clients_have_labels_of_their_own)
{
	labelled(nested, S1MPAM);
	expect(0x21, 2, NS);
	ck_assert_uint_eq(reads_of(SMMU3_REASON_STE, 0x15, 1), 1);
	ck_assert_uint_eq(reads_of(SMMU3_REASON_VMS, 0x15, 1), 1);
	ck_assert_uint_eq(reads_of(SMMU3_REASON_CD, 0x12, 1), 1);
	ck_assert_uint_eq(reads_of(SMMU3_REASON_S2_TTD, 0x12, 1), 5);
	ck_assert_uint_eq(reads_of(SMMU3_REASON_S1_TTD, 0x21, 2), 3);
	labelled(nested, 0);
	expect(0x12, 1, NS);
	ck_assert_uint_eq(reads_of(SMMU3_REASON_VMS, 0, 0), 0);
	ck_assert_uint_eq(reads_of(SMMU3_REASON_S1_TTD, 0x12, 1), 3);
	labelled(stage1, S1MPAM);
	expect(0x23, 2, NS);
	ck_assert_uint_eq(reads_of(SMMU3_REASON_VMS, 0, 0), 0);
	w.machine.cr0 = 0;
	expect(0x16, 2, NS);
	w.machine.idr3 &= ~(1u << 7);
	expect(0, 0, NS);
}
END_TEST

/* MPM-003, CD-26: 0x35 and 3 are too large; of a virtual PARTID 5 bits count */
START_TEST(what_is_too_large_is_0)
{
	labelled(stage1, S1MPAM);
	put(&w, CD_TABLE + 40, UINT64_C(0x34) << 32 | UINT64_C(3) << 48);
	expect(0x34, 0, NS);
	put(&w, CD_TABLE + 40, UINT64_C(0x35) << 32 | UINT64_C(1) << 48);
	expect(0, 1, NS);
	labelled(nested, S1MPAM);
	put(&w, CD_TABLE + 40, UINT64_C(0xffe3) << 32);
	expect(0x21, 0, NS);
	put(&w, VMS, UINT64_C(0x35) << 48);
	expect(0, 0, NS);
}
END_TEST

/* MPM-005: of Non-secure streams MPAM_NS is nothing, of others where HAS_MPAM_NS is 0 */
START_TEST(mpam_ns_chooses_the_space_with_its_ids)
{
	labelled(stage1, 0);
	put(&w, STE + 40, MPAM_NS | 2);
	expect(0x12, 2, NS);
	w.machine.s_idr1 = 1u << 31 | 16;
	w.machine.s_cr0 = 1;
	w.machine.s_cr1 = w.machine.cr1;
	w.machine.s_strtab_base = w.machine.strtab_base;
	w.machine.s_strtab_base_cfg = w.machine.strtab_base_cfg;
	w.machine.s_idr0 = 1u << 24;
	w.machine.s_mpamidr = 0x02010011;
	w.machine.s_gmpam = 0x01020034;
	w.txn.sec_sid = S;
	expect(0x12, 2, NS);
	ck_assert_uint_eq(reads_of(SMMU3_REASON_STE, 0x34, 2), 1);
	put(&w, STE + 40, 1);
	expect(0, 1, S);
	w.machine.s_mpamidr = 0x00010011;
	put(&w, STE + 40, MPAM_NS | 1);
	expect(0, 1, S);
}
END_TEST

/* VMS-01, VMS-02, VMS-05, STE-76 */
START_TEST(a_vms_is_read_with_the_ste_where_there_is_one)
{
	labelled(nested, S1MPAM);
	w.aborting = VMS;
	go();
	ck_assert_uint_eq(w.answer.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(w.answer.event, F_VMS_FETCH);
	ck_assert_uint_eq(w.answer.record.word[3], VMS);
	put(&w, STE + 40, UINT64_C(1) << 44); /* beyond OAS */
	go();
	ck_assert_uint_eq(w.answer.event, C_BAD_STE);
	w.machine.mpamidr = 0x00020000;
	expect(0, 2, NS);
	labelled(nested, 0);
	w.aborting = VMS;
	put(&w, STE + 40, UINT64_C(1) << 44 | 1);
	expect(0x12, 1, NS);
}
END_TEST

/* MPM-004, 17.3: of a request nothing is labelled */
START_TEST(translation_requests_are_not_labelled)
{
	labelled(stage1, S1MPAM);
	w.machine.idr0 |= 1u << 10;
	put(&w, STE + 8, SHCFG_AND_S1C | S1MPAM | UINT64_C(1) << 28);
	w.txn.ats = SMMU3_ATS_REQUEST;
	expect(0, 0, NS);
	ck_assert_uint_eq(reads_of(SMMU3_REASON_S1_TTD, 0x23, 2), 3);
	w.txn.ats = SMMU3_ATS_TRANSLATED;
	w.txn.addr = 0x7654000;
	expect(0x16, 2, NS); /* ATSCHK = 0 */
	w.machine.cr0 |= 1u << 4;
	expect(0x12, 1, NS);
	w.machine.idr3 |= 1u << 16;
	w.txn.flags |= SMMU3_TXN_SSV;
	put(&w, STE, v_config(5) | CD_TABLE | UINT64_C(1) << 59);
	expect(0x23, 2, NS);
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_test(tests, structures_and_clients_have_labels_of_their_own);
	tcase_add_test(tests, what_is_too_large_is_0);
	tcase_add_test(tests, mpam_ns_chooses_the_space_with_its_ids);
	tcase_add_test(tests, a_vms_is_read_with_the_ste_where_there_is_one);
	tcase_add_test(tests, translation_requests_are_not_labelled);
}

int main(void)
{
	return run_suite("labels", add_tests);
}
