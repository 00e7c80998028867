/* SPDX-License-Identifier: MIT */
/* What a Translation Completion grants.  13.7, 13.7.1 */
#include "support/ats_world.h"

/* Stage 1 pages by what users and privileged accesses may do, D8.4.1: a page that users may write
 * is not executable when privileged. */
#define USER_RO_PRIV_RO (PAGE_BITS | AP(3))
#define USER_RW_PRIV_RW (PAGE_BITS | AP(1))
#define USER_X_PRIV_RW (PAGE_BITS | AP(0))
#define USER_NONE_PRIV_RW (PAGE_BITS | AP(0) | UXN)

/* STE.PRIVCFG, bits 113:112; INSTCFG, 115:114 */
enum { PRIVCFG_USER = 2, PRIVCFG_PRIV = 3, INSTCFG_DATA = 2, INSTCFG_INST = 3 };

static struct world stage1_world(uint64_t page)
{
	struct world w = ats_world(S1_ONLY, EATS_FULL);

	give_substreams(&w, 2);
	w.txn.ssid = 1;
	put(&w, slot1(3), PA_PAGE | page);
	put(&w, CD_PAGE, 0);
	return w;
}

/* ATS-10, ATS-11, ATS-12, ATS-15: the examples of 13.7, and the pages that come near them; 0: no
 * access.  NW = 1 gets W where there is W.  ATS-13 */
START_TEST(a_completion_grants_what_the_page_allows_of_what_was_asked)
{
	static const struct {
		uint64_t page;
		unsigned asks, gets;
	} rows[] = {
		{ USER_RO_PRIV_RO, 0, GETS_R },
		{ USER_RO_PRIV_RO, NW0, GETS_R },
		{ USER_RW_PRIV_RW | UXN, 0, GETS_R | GETS_W },
		{ USER_RW_PRIV_RW | UXN, NW0, GETS_R | GETS_W },
		{ USER_RW_PRIV_RW | UXN, NW0 | EXE, GETS_R | GETS_W },
		{ USER_RW_PRIV_RW, NW0 | EXE, GETS_R | GETS_W | GETS_EXE },
		{ USER_RW_PRIV_RW, EXE, GETS_R | GETS_W | GETS_EXE },
		{ USER_RW_PRIV_RW, NW0, GETS_R | GETS_W },
		{ USER_RW_PRIV_RW, NW0 | EXE | PRIV, GETS_R | GETS_W | GETS_PRIV },
		{ USER_X_PRIV_RW, NW0 | EXE, 0 },
		{ USER_X_PRIV_RW, EXE, 0 },
		{ USER_X_PRIV_RW, NW0 | PRIV, GETS_R | GETS_W | GETS_PRIV },
		{ USER_X_PRIV_RW, EXE | PRIV, GETS_R | GETS_W | GETS_EXE | GETS_PRIV },
		{ USER_X_PRIV_RW | PXN, EXE | PRIV, GETS_R | GETS_W | GETS_PRIV },
		{ USER_NONE_PRIV_RW, NW0, 0 },
		{ USER_NONE_PRIV_RW, NW0 | PRIV, GETS_R | GETS_W | GETS_PRIV },
		{ USER_RO_PRIV_RO, NW0 | PRIV, GETS_R | GETS_PRIV },
	};
	struct world w = stage1_world(rows[_i].page);

	if (rows[_i].gets)
		expect_completion(&w, PASID | rows[_i].asks, rows[_i].gets);
	else
		expect_no_access(&w, VA, PASID | rows[_i].asks);
	close_world(&w);
}
END_TEST

enum { RIGHTS = 17 };

/* ATS-11: as data of users, and so answered */
START_TEST(a_request_without_a_pasid_is_data_of_a_user)
{
	struct world w = ats_world(S1_ONLY, EATS_FULL);

	put(&w, slot1(3), PA_PAGE | USER_RW_PRIV_RW);
	expect_completion(&w, NW0 | EXE | PRIV, GETS_R | GETS_W);
	put(&w, slot1(3), PA_PAGE | USER_NONE_PRIV_RW);
	ck_assert_uint_eq(ask(&w, VA, NW0 | PRIV), SMMU3_NO_ACCESS);
	ck_assert_uint_eq(w.out.ats, 0);
	close_world(&w);
}
END_TEST

/* ATS-10, ATS-11, ATS-12: what STE.PRIVCFG and INSTCFG do; Priv is answered as it was asked */
START_TEST(overrides_decide_whose_rights_count_and_whether_reads_fetch)
{
	static const struct {
		uint8_t privcfg, instcfg;
		uint64_t page;
		unsigned asks, gets;
	} rows[] = {
		{ PRIVCFG_USER, 0, USER_RO_PRIV_RO, NW0 | PRIV, GETS_R | GETS_PRIV },
		{ PRIVCFG_USER, 0, USER_NONE_PRIV_RW, NW0 | PRIV, 0 },
		{ PRIVCFG_PRIV, 0, USER_NONE_PRIV_RW, NW0, GETS_R | GETS_W },
		{ 1, 0, USER_NONE_PRIV_RW, NW0, 0 }, /* reserved: as incoming */
		{ 0, INSTCFG_INST, USER_X_PRIV_RW, EXE, GETS_R | GETS_EXE },
		{ 0, INSTCFG_INST, USER_X_PRIV_RW, 0, GETS_R },
		{ 0, INSTCFG_INST, USER_RW_PRIV_RW | UXN, NW0 | EXE, GETS_W },
		{ 0, INSTCFG_INST, USER_RO_PRIV_RO | UXN, EXE, 0 },
		{ 0, INSTCFG_DATA, USER_RW_PRIV_RW | UXN, EXE, GETS_R | GETS_W | GETS_EXE },
		{ 0, INSTCFG_DATA, USER_RO_PRIV_RO | UXN, 0, GETS_R },
		{ 0, INSTCFG_DATA, USER_X_PRIV_RW, EXE, 0 },
		{ 0, 1, USER_X_PRIV_RW, EXE, 0 }, /* reserved: as incoming */
	};
	struct world w = stage1_world(rows[_i].page);

	w.ste[1] |= (uint64_t)rows[_i].privcfg << 48 | (uint64_t)rows[_i].instcfg << 50;
	if (rows[_i].gets)
		expect_completion(&w, PASID | rows[_i].asks, rows[_i].gets);
	else
		expect_no_access(&w, VA, PASID | rows[_i].asks);
	close_world(&w);
}
END_TEST

enum { OVERRIDES = 12 };

/* ATS-10, ATS-11: without IDR1.ATTR_PERMS_OVR the fields are none */
START_TEST(overrides_that_are_not_implemented_decide_nothing)
{
	struct world w = stage1_world(USER_X_PRIV_RW);

	set_id(&w, 1, 26, 1, 0);
	w.ste[1] |= (uint64_t)PRIVCFG_PRIV << 48 | (uint64_t)INSTCFG_INST << 50;
	expect_no_access(&w, VA, PASID | EXE);
	close_world(&w);
}
END_TEST

/* ATS-07, ATS-10: stage 2 takes what it does not allow; XN[1:0] = 0b10 allows no execution, S2AP 01
 * reads, 10 writes */
START_TEST(a_completion_grants_what_both_stages_allow)
{
	static const struct {
		uint8_t s2ap, xn;
		unsigned gets;
	} rows[] = {
		{ 3, 0, GETS_R | GETS_W | GETS_EXE },
		{ 3, 2, GETS_R | GETS_W },
		{ 1, 0, GETS_R | GETS_EXE },
		{ 1, 2, GETS_R },
		{ 2, 0, GETS_W },
		{ 0, 0, 0 },
	};
	struct world w = stage1_world(0);

	w.ste[0] |= BIT(2); /* Config: both stages */
	put(&w, slot1(3), IPA_PAGE | USER_RW_PRIV_RW);
	put(&w, slot2(3),
	    PA_PAGE | (S2_PAGE & ~S2AP(3)) | S2AP(rows[_i].s2ap) | (uint64_t)rows[_i].xn << 53);
	if (rows[_i].gets)
		expect_completion(&w, PASID | NW0 | EXE, rows[_i].gets);
	else
		expect_no_access(&w, VA, PASID | NW0 | EXE);
	close_world(&w);
}
END_TEST

/* ATS-13: without hardware update DBM makes nothing writable */
START_TEST(a_clean_page_is_not_written_without_hardware_update)
{
	struct world w = stage1_world(USER_RO_PRIV_RO | BIT(51));

	expect_completion(&w, PASID | NW0, GETS_R);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_completion_grants_what_the_page_allows_of_what_was_asked, 0,
			    RIGHTS);
	tcase_add_test(tests, a_request_without_a_pasid_is_data_of_a_user);
	tcase_add_loop_test(tests, overrides_decide_whose_rights_count_and_whether_reads_fetch, 0,
			    OVERRIDES);
	tcase_add_test(tests, overrides_that_are_not_implemented_decide_nothing);
	tcase_add_loop_test(tests, a_completion_grants_what_both_stages_allow, 0, 6);
	tcase_add_test(tests, a_clean_page_is_not_written_without_hardware_update);
}

int main(void)
{
	return run_suite("ats_rights", add);
}
