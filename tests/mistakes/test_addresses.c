/* SPDX-License-Identifier: MIT */
/* Input addresses: top byte, size, halves that are disabled, accesses over two pages. */
#include "mistakes.h"

static const struct space one = { 1, STAGE_1, 3, 5 };

/* CD, word 0.  5.4 */
#define CD0_T0SZ(n) ((uint64_t)(n))
#define CD0_TG0(n) ((uint64_t)(n) << 6)
#define CD0_T1SZ(n) ((uint64_t)(n) << 16)
#define CD0_TG1(n) ((uint64_t)(n) << 22)
#define CD0_IR1_OR1_SH1 (UINT64_C(0x35) << 24)
#define CD0_EPD1 (UINT64_C(1) << 30)
#define CD0_TBI(n) ((uint64_t)(n) << 38) /* bit 0 is TBI0, bit 1 TBI1 */
#define OF_HALVES                                                                              \
	(0x3f | CD0_TG0(3) | CD0_EPD0 | CD0_T1SZ(0x3f) | CD0_TG1(3) | (UINT64_C(0x3f) << 24) | \
	 CD0_EPD1 | CD0_TBI(3))

#define UPPER UINT64_C(0xffffff8000000000) /* of 39 bits */
#define UPPER_TABLES (RAM_AT + 0x600000)

static struct machine *opened(int size)
{
	struct machine *m = keeping(places_of[size]);

	start_machine(m);
	put_space(m, &one);
	put_s1(m, &one, 1, s1_page(HERE));
	return m;
}

/* The CD of stream 1 says this of both halves; what is kept of it, and by it, goes. */
static void put_halves(struct machine *m, uint64_t bits, uint64_t ttb0, uint64_t ttb1)
{
	uint64_t *cd = ram_at(m, cd_at(&one, 0));

	cd[0] = (cd[0] & ~OF_HALVES) | CD0_IR1_OR1_SH1 | bits;
	cd[1] = ttb0;
	cd[2] = ttb1;
	finish(m, cfgi_cd(1, 0, 1));
	finish(m, NSNH_ALL);
}

/* Two halves of 39 bits: page 1 of the lower goes HERE, of the upper THERE. */
static void put_both(struct machine *m, uint64_t bits)
{
	const struct tables upper = { UPPER_TABLES, 12, 39, 1 };

	lead_to(m, &upper, 3, PAGE(1));
	*ram_at(m, descriptor_at(&upper, 3, PAGE(1))) = s1_page(THERE);
	put_halves(m, CD0_T0SZ(25) | CD0_T1SZ(25) | CD0_TG1(2) | bits, table1(&one, 1),
		   UPPER_TABLES + 0x10000);
}

static void expect_half(struct machine *m, uint64_t address, bool translated, uint64_t pa)
{
	if (translated)
		goes(m, read_of(1, address), pa);
	else
		FAULTS(m, read_of(1, address), event_of(F_TRANSLATION, 1), RECORD_RNW | CLASS_IN,
		       address, 0);
}

/* B1: TBI0 is of the lower half and TBI1 of the upper one, which bit 55 tells apart; the record has
 * the address with its tag.  CD-17, ADR-07, ADR-08, EVT-003; 3.4.1, 5.4 */
START_TEST(the_top_byte_is_ignored_in_the_half_whose_tbi_says_so)
{
	static const uint64_t tags[] = { 0x12, 0x80, 0xff };
	struct machine *m = opened(_i);

	for (unsigned tbi = 0; tbi < 4; tbi++) {
		put_both(m, CD0_TBI(tbi));
		goes(m, read_of(1, PAGE(1)), HERE);
		goes(m, read_of(1, UPPER | PAGE(1)), THERE);
		for (int i = 0; i < COUNT(tags); i++)
			expect_half(m, tags[i] << 56 | PAGE(1), tbi & 1, HERE);
		for (uint64_t tag = 0; tag < 0xff; tag += 0x7f)
			expect_half(m, (UPPER & ~(UINT64_C(0xff) << 56)) | tag << 56 | PAGE(1),
				    tbi & 2, THERE);
		/* bit 54 belongs to no tag */
		expect_half(m, (UPPER ^ UINT64_C(1) << 54) | PAGE(1), false, 0);
	}
	close_machine(m);
}
END_TEST

/* B25: EPD0 and EPD1 make addresses of their half F_TRANSLATION; of that half nothing is judged, so
 * that the CD is legal whatever stands there.  CD-09, CD-11; 5.4, 5.4.1.1 */
START_TEST(a_half_that_is_disabled_faults_alone_and_leaves_the_cd_legal)
{
	/* a size of 2^64, a granule that is reserved, a table beyond every address size */
	const uint64_t junk = UINT64_C(0xf) << 52;
	struct machine *m = opened(_i);

	put_both(m, CD0_EPD0);
	expect_half(m, PAGE(1), false, 0);
	expect_half(m, UPPER | PAGE(1), true, THERE);
	put_halves(m, CD0_EPD0 | CD0_TG0(3) | CD0_T1SZ(25) | CD0_TG1(2), junk,
		   UPPER_TABLES + 0x10000);
	expect_half(m, PAGE(1), false, 0);
	expect_half(m, UPPER | PAGE(1), true, THERE);
	put_halves(m, CD0_EPD1 | CD0_TG1(0) | CD0_T0SZ(25), table1(&one, 1), junk);
	expect_half(m, PAGE(1), true, HERE);
	expect_half(m, UPPER | PAGE(1), false, 0);
	put_halves(m, CD0_EPD0 | CD0_EPD1, junk, junk);
	expect_half(m, PAGE(1), false, 0);
	expect_half(m, UPPER | PAGE(1), false, 0);
	close_machine(m);
}
END_TEST

/* The level at which tables begin, by granule: the largest TxSZ that begins there, by level from 0.
 * A table of 4KB resolves 9 bits, of 16KB 11, of 64KB 13.  D8.2.8 to D8.2.10 */
static const struct {
	unsigned granule_lg2, tg0, tg1, last[4];
} granules[] = {
	{ 12, 0, 2, { 24, 33, 42, 48 } }, /* levels 0, 1, 2: 40, 31, 22 bits at least */
	{ 14, 2, 1, { 16, 27, 38, 48 } }, /* 48, 37, 26, 15 */
	{ 16, 1, 3, { 0, 21, 34, 47 } },  /* none at level 0; 43, 30, 17 */
};

static int start_of(int granule, unsigned txsz)
{
	int level = 0;

	while (txsz > granules[granule].last[level])
		level++;
	return level;
}

/* The first doubleword, the last, and one by a pattern. */
static uint64_t input_of(const struct tables *tables, int n)
{
	static const uint64_t patterns[] = { 0, UINT64_C(0x5a5a5a5a5a5a5a58), ~UINT64_C(7) };

	return patterns[n] & ((UINT64_C(1) << tables->bits) - 1);
}

static uint64_t page_of(const struct tables *tables, uint64_t input)
{
	return input & ((UINT64_C(1) << tables->granule_lg2) - 1);
}

static void walk_all(struct machine *m, const struct tables *tables, uint64_t half)
{
	for (int n = 0; n < 3; n++) {
		const uint64_t input = input_of(tables, n);

		lead_to(m, tables, 3, input);
		*ram_at(m, descriptor_at(tables, 3, input)) = s1_page(HERE);
		finish(m, NSNH_ALL);
		look_away(m);
		goes(m, read_of(1, half | input), HERE | page_of(tables, input));
		ck_assert_uint_eq(first_for(m, SMMU3_REASON_S1_TTD)->access.pa,
				  descriptor_at(tables, tables->start, input));
		*ram_at(m, descriptor_at(tables, 3, input)) = 0;
	}
	finish(m, NSNH_ALL);
	look_away(m);
	/* one bit more or less is no input, and nothing is read */
	expect_half(m, half ^ UINT64_C(1) << tables->bits, false, 0);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_S1_TTD), 0);
}

/* B24: every size of input from 48 to 25 bits, of each granule and half: the walk begins at the
 * level that the size asks for, be the table there whole or a part of one, and its index has as
 * many bits as are left.  WALK-02 to WALK-04, WALK-10, ADR-07; 5.4, D8.2.8 to D8.2.10 */
START_TEST(a_walk_starts_where_the_size_of_the_input_says)
{
	struct machine *m = opened(_i % SIZES);
	const int granule = _i / SIZES;

	for (unsigned txsz = 16; txsz < 40; txsz++) {
		const struct tables tables = { UPPER_TABLES, granules[granule].granule_lg2,
					       64 - txsz, start_of(granule, txsz) };
		const uint64_t ttb = tables.base + 0x10000 * (uint64_t)tables.start;

		put_halves(m, CD0_T0SZ(txsz) | CD0_TG0(granules[granule].tg0) | CD0_EPD1, ttb, 0);
		walk_all(m, &tables, 0);
		put_halves(m, CD0_T1SZ(txsz) | CD0_TG1(granules[granule].tg1) | CD0_EPD0, 0, ttb);
		walk_all(m, &tables, ~((UINT64_C(1) << tables.bits) - 1));
	}
	close_machine(m);
}
END_TEST

/* The parts of an access as a host makes them: what one outcome does not answer is asked next. */
static struct smmu3_txn rest_of(struct machine *m, struct smmu3_txn txn, uint64_t pa)
{
	struct smmu3_outcome outcome;

	goes(m, txn, pa);
	smmu3_translate(m->smmu, &txn, &outcome);
	txn.addr += outcome.bytes;
	txn.bytes -= outcome.bytes;
	return txn;
}

/* B29: an access over the end of a page is two translations; each page faults for itself, with the
 * address at which the access enters it.  EVT-003, FLT-13, ADR-17; 3.4.2, 7.3 */
START_TEST(an_access_over_two_pages_is_translated_page_by_page)
{
	struct machine *m = opened(_i);
	struct smmu3_txn txn = read_of(1, PAGE(2) - 1);

	put_s1(m, &one, 2, s1_page(THERE));
	txn.bytes = 2;
	txn = rest_of(m, txn, HERE + 0xfff);
	ck_assert_uint_eq(txn.addr, PAGE(2));
	ck_assert_uint_eq(txn.bytes, 1);
	goes(m, txn, THERE);

	/* the last byte alone, and the first */
	txn.addr = PAGE(2) - 1;
	txn = rest_of(m, txn, HERE + 0xfff);
	ck_assert_uint_eq(txn.bytes, 0);

	put_s1(m, &one, 2, 0);
	finish(m, nh_va(3, 5, PAGE(2), 1));
	txn = read_of(1, PAGE(2) - 1);
	txn.bytes = 2;
	txn = rest_of(m, txn, HERE + 0xfff);
	FAULTS(m, txn, event_of(F_TRANSLATION, 1), RECORD_RNW | CLASS_IN, PAGE(2), 0);

	put_s1(m, &one, 1, 0);
	put_s1(m, &one, 2, s1_page(THERE));
	finish(m, nh_va(3, 5, PAGE(1), 1));
	txn = read_of(1, PAGE(2) - 1);
	txn.bytes = 2;
	FAULTS(m, txn, event_of(F_TRANSLATION, 1), RECORD_RNW | CLASS_IN, PAGE(2) - 1, 0);
	txn.addr = PAGE(2);
	txn.bytes = 1;
	goes(m, txn, THERE);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, the_top_byte_is_ignored_in_the_half_whose_tbi_says_so, 0, SIZES);
	tcase_add_loop_test(tests, a_half_that_is_disabled_faults_alone_and_leaves_the_cd_legal, 0,
			    SIZES);
	tcase_add_loop_test(tests, a_walk_starts_where_the_size_of_the_input_says, 0,
			    SIZES * COUNT(granules));
	tcase_add_loop_test(tests, an_access_over_two_pages_is_translated_page_by_page, 0, SIZES);
}

int main(void)
{
	return run("mistakes_addresses", add);
}
