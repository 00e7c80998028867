/* SPDX-License-Identifier: MIT */
/* Both stages: tables of a guest are where stage 2 puts each of their pages, and a fault says whose
 * address it was. */
#include "mistakes.h"

static const struct space both = { 5, BOTH_STAGES, 5, 7 }, one = { 1, STAGE_1, 3, 5 };

static struct machine *opened(int size)
{
	struct machine *m = keeping(places_of[size]);

	start_machine(m);
	put_space(m, &both);
	put_space(m, &one);
	return m;
}

/* Memory in pieces that nothing else uses, in an order that is none. */
static uint64_t scattered(unsigned n)
{
	return RAM_AT + 0x600000 + PAGE(3 * (uint64_t)(n * 7 % 32));
}

/* ---- A table of 64KB over pages of 4KB ---- */

enum { TABLE_IPA_PAGE = 64, DATA_IPA_PAGE = 256 };

/* B5: a table of 64KB of the guest is 16 pages of stage 2, and each descriptor stands in its own.
 * NEST-01, NEST-12, WALK-03; 5.4.1 */
START_TEST(each_descriptor_is_read_from_its_own_page_of_stage_2)
{
	const uint64_t upper_ipa = PAGE(48), lower_ipa = PAGE(TABLE_IPA_PAGE);
	struct machine *m = opened(_i);
	uint64_t *cd = ram_at(m, cd_at(&both, 0));

	/* T0SZ 32, TG0 64KB: level 2 has 8 descriptors, level 3 8192 */
	cd[0] = (cd[0] & ~UINT64_C(0xff)) | 32 | 1 << 6;
	cd[1] = upper_ipa;
	put_s2(m, &both, 48, s2_page(scattered(16)));
	put_descriptor(m, scattered(16), 0, to_table(lower_ipa));
	for (unsigned page = 0; page < 16; page++) {
		put_s2(m, &both, TABLE_IPA_PAGE + page, s2_page(scattered(page)));
		put_s2(m, &both, DATA_IPA_PAGE + page, s2_page(HERE + PAGE(5 * page)));
	}
	/* of each page of the table another descriptor: all go to the same 64KB */
	for (unsigned page = 0; page < 16; page++)
		put_descriptor(m, scattered(page), 31 * page, s1_page(PAGE(DATA_IPA_PAGE)));
	for (unsigned page = 0; page < 16; page++) {
		const uint64_t va = (uint64_t)(512 * page + 31 * page) << 16;

		for (unsigned data = 0; data < 16; data++)
			goes(m, read_of(5, va | PAGE(data) | 0x120), HERE + PAGE(5 * data) + 0x120);
	}
	/* the next descriptor of each is invalid: nobody else's page is read */
	for (unsigned page = 0; page < 16; page++) {
		const uint64_t va = (uint64_t)(512 * page + 31 * page + 1) << 16;

		FAULTS(m, read_of(5, va), event_of(F_TRANSLATION, 5), RECORD_RNW | CLASS_IN, va, 0);
	}
	close_machine(m);
}
END_TEST

/* B18: what a block of stage 1 comes to is a PA, of the page of stage 2, however often it is found
 * and whatever has been dropped meanwhile.  NEST-12, TLB-38 */
START_TEST(a_block_over_pages_goes_to_the_pages_when_it_is_met_again)
{
	struct machine *m = opened(_i);

	put_descriptor(m, table1(&both, 2), 0, s1_block(0) | NG);
	for (unsigned page = 0; page < 512; page++)
		put_s2(m, &both, page, s2_page(HERE + PAGE(page * 5 % 512)));
	for (int turn = 0; turn < 2; turn++) {
		goes(m, read_of(5, PAGE(3) + 0x40), HERE + PAGE(15) + 0x40);
		for (unsigned page = 0; page < 512; page++)
			goes(m, read_of(5, PAGE(page)), HERE + PAGE(page * 5 % 512));
		goes(m, read_of(5, PAGE(3) + 0x80), HERE + PAGE(15) + 0x80);
	}
	close_machine(m);
}
END_TEST

/* ---- Whose address was it? ---- */

/* B26: a fault of stage 2 says with CLASS what the IPA was wanted for, and with IPA which: the CD,
 * a descriptor of stage 1, the access itself.  InputAddr is the access's all the time.  FLT-08,
 * FLT-09, NEST-01; 7.3.13 */
START_TEST(a_fault_of_stage_2_says_what_was_wanted)
{
	const uint64_t va = PAGE(9) + 0x128, seen = RECORD_RNW | RECORD_S2;
	struct machine *m = opened(_i);
	uint64_t *ste = ram_at(m, STREAMS_AT + 64 * 5);

	/* the CD is at IPA page 17, the last table of stage 1 at 18, the data at 19 */
	ste[0] = (ste[0] & ~(UINT64_C(0xfffffffffffc0))) | PAGE(17) | 0x40;
	put_cd(m, scattered(0) + 0x40, cd_of(table1(&both, 1)));
	put_descriptor(m, table1(&both, 2), 0, to_table(PAGE(18)));
	put_descriptor(m, table1(&both, 3), 9, s1_page(PAGE(19)));

	FAULTS(m, read_of(5, va), event_of(F_TRANSLATION, 5), seen | CLASS_CD, va, PAGE(17));
	ck_assert_uint_eq(access_by(m, 5, va, SMMU3_TXN_PROBE).fault_addr, PAGE(17) + 0x40);
	put_s2(m, &both, 17, s2_page(scattered(0)));

	FAULTS(m, read_of(5, va), event_of(F_TRANSLATION, 5), seen | CLASS_TT, va, PAGE(18));
	ck_assert_uint_eq(access_by(m, 5, va, SMMU3_TXN_PROBE).fault_addr, PAGE(18) + 8 * 9);
	put_s2(m, &both, 18, s2_page(table1(&both, 3)));

	FAULTS(m, read_of(5, va), event_of(F_TRANSLATION, 5), seen | CLASS_IN, va, PAGE(19));
	ck_assert_uint_eq(access_by(m, 5, va, SMMU3_TXN_PROBE).fault_addr, PAGE(19) + 0x128);
	put_s2(m, &both, 19, s2_page(HERE));
	goes(m, read_of(5, va), HERE + 0x128);
	close_machine(m);
}
END_TEST

/* B31: the record has the page of a descriptor that stage 2 does not map, the caller is told all of
 * its address, index and all.  FLT-08, NEST-09, EVT-009; 7.3.13 */
START_TEST(the_record_has_the_page_of_a_descriptor_and_the_caller_its_address)
{
	struct machine *m = opened(_i);
	const uint64_t va = PAGE(7) + 0x10;

	put_descriptor(m, table1(&both, 2), 0, to_table(PAGE(18)));
	FAULTS(m, read_of(5, va), event_of(F_TRANSLATION, 5), RECORD_RNW | RECORD_S2 | CLASS_TT, va,
	       PAGE(18));
	const struct smmu3_outcome outcome = access_by(m, 5, va, SMMU3_TXN_PROBE);

	ck_assert_uint_eq(outcome.fault_addr, PAGE(18) + 56);
	ck_assert_uint_eq(outcome.fault_class, SMMU3_CLASS_TT);
	close_machine(m);
}
END_TEST

/* B31: where that descriptor cannot be read, FetchAddr is all of its PA; it is an access for a
 * table, also where there is but stage 1, whose F_TRANSLATION at the same place is of the access.
 * FLT-06, FLT-07, FLT-10, NEST-10; 7.3.12 */
START_TEST(a_descriptor_that_cannot_be_read_is_of_a_table_in_stage_1_too)
{
	const uint64_t va = PAGE(7) + 0x10;
	const struct space *const spaces[] = { &one, &both };

	for (int i = 0; i < COUNT(spaces); i++) {
		struct machine *m = opened(_i);
		const uint32_t sid = spaces[i]->sid;
		const uint64_t at = table1(spaces[i], 3) + 56;

		m->aborts[0] = at;
		FAULTS(m, read_of(sid, va), event_of(F_WALK_EABT, sid), RECORD_RNW | CLASS_TT, va,
		       at);
		m->aborts[0] = 0;
		FAULTS(m, read_of(sid, va), event_of(F_TRANSLATION, sid), RECORD_RNW | CLASS_IN, va,
		       0);
		close_machine(m);
	}
	/* a descriptor of stage 2, wanted for the one of stage 1 */
	struct machine *m = opened(_i);

	put_descriptor(m, table1(&both, 2), 0, to_table(PAGE(18)));
	m->aborts[0] = table2(&both, 3) + 8 * 18;
	FAULTS(m, read_of(5, va), event_of(F_WALK_EABT, 5), RECORD_RNW | RECORD_S2 | CLASS_TT, va,
	       m->aborts[0]);
	close_machine(m);
}
END_TEST

/* ---- Moved tables ---- */

/* B27: the CD has the IPA of a table, and stage 2 says where that is.  When the hypervisor moves
 * it, and invalidates by IPA and all of stage 1, no command for CDs is needed.  NEST-01, TLB-23,
 * TLB-16, CFG-02; 4.4.3.1, 5.4.1 */
START_TEST(a_table_that_stage_2_moves_is_followed_without_a_command_for_cds)
{
	struct machine *m = opened(_i);
	uint64_t *cd = ram_at(m, cd_at(&both, 0));
	const uint64_t first = table1(&both, 1), moved = scattered(3), other = scattered(4);

	/* the root is IPA page 20; in its new place another table hangs below it */
	cd[1] = PAGE(20);
	put_s2(m, &both, 20, s2_page(first));
	put_s2(m, &both, 1, s2_page(HERE));
	put_s2(m, &both, 2, s2_page(THERE));
	put_s1(m, &both, 7, s1_page(PAGE(1)));
	goes(m, read_of(5, PAGE(7)), HERE);

	put_descriptor(m, moved, 0, to_table(other));
	put_descriptor(m, other, 0, to_table(other + PAGE(1)));
	put_descriptor(m, other + PAGE(1), 7, s1_page(PAGE(2)));
	put_s2(m, &both, 20, s2_page(moved));
	finish(m, s2_ipa(5, PAGE(20), 1));
	finish(m, nh_all(5));
	goes(m, read_of(5, PAGE(7)), THERE);
	close_machine(m);
}
END_TEST

/* B27: a TTB1 that stage 2 does not map hurts nobody who does not use it.  ORD-13; 5.4.1.1, 7.3.22
 */
START_TEST(the_table_of_a_half_is_not_wanted_before_it_is_used)
{
	struct machine *m = opened(_i);
	uint64_t *cd = ram_at(m, cd_at(&both, 0));
	const uint64_t upper = UINT64_C(0xffffff8000000000);

	cd[0] &= ~(UINT64_C(1) << 30);                                       /* EPD1 */
	cd[0] |= 25 << 16 | 2 << 22 | 1 << 24 | 1 << 26 | (uint64_t)3 << 28; /* T1SZ, TG1, ... */
	cd[2] = PAGE(21);
	put_s2(m, &both, 1, s2_page(HERE));
	put_s1(m, &both, 7, s1_page(PAGE(1)));
	goes(m, read_of(5, PAGE(7)), HERE);
	/* 39 bits: the index at level 1 is 0 */
	FAULTS(m, read_of(5, upper), event_of(F_TRANSLATION, 5), RECORD_RNW | RECORD_S2 | CLASS_TT,
	       upper, PAGE(21));
	goes(m, read_of(5, PAGE(7)), HERE);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, each_descriptor_is_read_from_its_own_page_of_stage_2, 0, SIZES);
	tcase_add_loop_test(tests, a_block_over_pages_goes_to_the_pages_when_it_is_met_again, 0,
			    SIZES);
	tcase_add_loop_test(tests, a_fault_of_stage_2_says_what_was_wanted, 0, SIZES);
	tcase_add_loop_test(tests,
			    the_record_has_the_page_of_a_descriptor_and_the_caller_its_address, 0,
			    SIZES);
	tcase_add_loop_test(tests, a_descriptor_that_cannot_be_read_is_of_a_table_in_stage_1_too, 0,
			    SIZES);
	tcase_add_loop_test(tests, a_table_that_stage_2_moves_is_followed_without_a_command_for_cds,
			    0, SIZES);
	tcase_add_loop_test(tests, the_table_of_a_half_is_not_wanted_before_it_is_used, 0, SIZES);
}

int main(void)
{
	return run("mistakes_nested", add);
}
