/* SPDX-License-Identifier: MIT */
/*
 * Stage 1 over stage 2 where every structure has a page of IPA of its own: L1CD, CD, a stage 1
 * table of each level, and the data.  What can go wrong with each comes in the order of 7.3.22, and
 * before everything about the next.
 */
#include "support/conf_world.h"

enum page { L1CD_PAGE, LEAF_CD_PAGE, TABLE_0, TABLE_1, TABLE_2, TABLE_3, DATA, PAGES };

#define SSID UINT64_C(70) /* L1CD 1, CD 6 of its leaf */

/* Where in its page the walk looks. */
static const uint64_t offsets[PAGES] = { 8, 64 * 6, 8 * 2, 8 * 3, 8 * 4, 8 * 5, OFFSET };

/* Pages lie in memory in another order than in IPA. */
static uint64_t pa_of(enum page page)
{
	static const uint8_t place[PAGES] = { 3, 5, 1, 6, 0, 4, 2 };

	return RAM_BASE + 0x300000 + 0x3000 * (uint64_t)place[page];
}

static uint64_t ipa_of(enum page page)
{
	return (IPA_PAGE & ~UINT64_C(0x1ff000)) | (uint64_t)page << 12;
}

static uint64_t stage2_slot(enum page page)
{
	return S2_TABLE(3) + 8 * (uint64_t)page;
}

/* The word of a page that points at the next one. */
static uint64_t pointer_in(enum page page)
{
	return pa_of(page) + offsets[page] + (page == LEAF_CD_PAGE ? 8 : 0);
}

/* Inputs of stage 2 have 42 bits, outputs of both stages 44. */
#define BEYOND_INPUT BIT(42)
#define BEYOND_OUTPUT BIT(44)

static struct world pages_world(void)
{
	struct world w = world(NESTED);

	w.behind_host = true;
	w.answer = SMMU3_MEM_ABORT;
	w.txn.flags = SMMU3_TXN_SSV;
	w.txn.ssid = SSID;
	w.ste[0] = BIT(0) | NESTED << 1 | 1 << 4 | ipa_of(L1CD_PAGE) | UINT64_C(7) << 59;
	change(w.ste, S2T0SZ, 22);
	change(w.ste, S2PS, 4);
	change(w.cd, IPS, 4);
	w.cd[1] = ipa_of(TABLE_0);
	put_structure(&w, pa_of(LEAF_CD_PAGE) + offsets[LEAF_CD_PAGE], w.cd);
	put(&w, pointer_in(L1CD_PAGE), ipa_of(LEAF_CD_PAGE) | 1);
	for (enum page page = TABLE_0; page < TABLE_3; page++)
		put(&w, pointer_in(page), ipa_of(page + 1) | TABLE);
	put(&w, pointer_in(TABLE_3), ipa_of(DATA) | S1_PAGE);
	for (enum page page = 0; page < PAGES; page++)
		put(&w, stage2_slot(page), pa_of(page) | S2_PAGE);
	return w;
}

static void expect_pa_read(const struct world *w, unsigned n, uint64_t pa)
{
	ck_assert_msg(w->seen[n].pa == pa, "read %u at 0x%llx, not 0x%llx", n,
		      (unsigned long long)w->seen[n].pa, (unsigned long long)pa);
}

/* NEST-01, STE-15, ORD-08: each in its turn, stage 2 first */
START_TEST(each_structure_is_read_where_stage_2_puts_its_page)
{
	struct world w = pages_world();
	unsigned n = 1; /* after the STE */

	without_caches(&w.config, "each descriptor that is used is read");
	expect_reaches(&w, VA, 0, pa_of(DATA) | OFFSET);
	for (enum page page = 0; page < PAGES; page++) {
		for (int level = 0; level < 3; level++)
			expect_pa_read(&w, n++, slot2(level));
		expect_pa_read(&w, n++, stage2_slot(page));
		if (page != DATA)
			expect_pa_read(&w, n++, pa_of(page) + offsets[page]);
	}
	ck_assert_uint_eq(w.seen_count, n);
	close_world(&w);
}
END_TEST

/* What can be wrong with a page, in the order of 7.3.22. */
enum wrong {
	S2_RANGE,
	S2_ABORT,
	S2_INVALID,
	S2_TYPE,
	S2_SIZE,
	S2_ACCESS,
	S2_PERMISSION, /* the last of the data */
	READ_ABORT,
	INVALID, /* the last of L1CD and CD */
	SIZE,    /* the last of tables that point at tables */
	ACCESS,
	PERMISSION,
	WRONGS
};

static bool can_be(enum wrong wrong, enum page page)
{
	static const enum wrong last[PAGES] = {
		[L1CD_PAGE] = INVALID,  [LEAF_CD_PAGE] = INVALID, [TABLE_0] = SIZE,
		[TABLE_1] = SIZE,       [TABLE_2] = SIZE,         [TABLE_3] = PERMISSION,
		[DATA] = S2_PERMISSION,
	};

	return wrong <= last[page];
}

static void point_too_far(struct world *w, enum page page)
{
	if (page == L1CD_PAGE)
		w->ste[0] |= BEYOND_INPUT;
	else
		*word_at(w, pointer_in(page - 1)) |= BEYOND_INPUT;
}

/* The stage 2 descriptor of a page, with everything from `first` on wrong. */
static uint64_t wrong_stage2(enum page page, enum wrong first)
{
	uint64_t descriptor = pa_of(page) | S2_PAGE;

	if (first <= S2_PERMISSION)
		descriptor &= ~S2AP(1); /* write only */
	if (first <= S2_ACCESS)
		descriptor &= ~AF;
	if (first <= S2_SIZE)
		descriptor |= BEYOND_OUTPUT;
	if (first <= S2_TYPE)
		descriptor &= ~BIT(1);
	if (first <= S2_INVALID)
		descriptor &= ~BIT(0);
	return descriptor;
}

/* What a structure holds, likewise. */
static void put_wrong_content(struct world *w, enum page page, enum wrong first)
{
	uint64_t *pointer = word_at(w, pointer_in(page));

	if (page == TABLE_3 && first <= PERMISSION)
		*pointer &= ~AP(3);
	if (page == TABLE_3 && first <= ACCESS)
		*pointer &= ~AF;
	if (page >= TABLE_0 && first <= SIZE)
		*pointer |= BEYOND_OUTPUT;
	if (first > INVALID)
		return;
	if (page == LEAF_CD_PAGE)
		*word_at(w, pa_of(page) + offsets[page]) &= ~BIT(31);
	else
		*pointer &= ~BIT(0);
}

/* Everything from `first` on is wrong with a page, and later pages are not mapped. */
static struct world wrong_world(enum page page, enum wrong first)
{
	struct world w = pages_world();

	if (first == S2_RANGE)
		point_too_far(&w, page);
	put(&w, stage2_slot(page), wrong_stage2(page, first));
	if (page != DATA)
		put_wrong_content(&w, page, first);
	if (first <= S2_ABORT)
		w.abort_at = stage2_slot(page);
	else if (first <= READ_ABORT)
		w.abort_at = pa_of(page) + offsets[page];
	for (enum page later = page + 1; later < PAGES; later++)
		put(&w, stage2_slot(later), 0);
	return w;
}

static unsigned class_of(enum page page)
{
	return page <= LEAF_CD_PAGE ? SMMU3_CLASS_CD :
	       page == DATA         ? SMMU3_CLASS_IN :
				      SMMU3_CLASS_TT;
}

static unsigned event_of(enum page page, enum wrong wrong)
{
	static const uint8_t events[WRONGS] = {
		[S2_RANGE] = F_TRANSLATION,
		[S2_ABORT] = F_WALK_EABT,
		[S2_INVALID] = F_TRANSLATION,
		[S2_TYPE] = F_TRANSLATION,
		[S2_SIZE] = F_ADDR_SIZE,
		[S2_ACCESS] = F_ACCESS,
		[S2_PERMISSION] = F_PERMISSION,
		[READ_ABORT] = F_WALK_EABT,
		[INVALID] = F_TRANSLATION,
		[SIZE] = F_ADDR_SIZE,
		[ACCESS] = F_ACCESS,
		[PERMISSION] = F_PERMISSION,
	};

	if (page >= TABLE_0 || wrong < READ_ABORT)
		return events[wrong];
	return wrong == READ_ABORT ? F_CD_FETCH : page == L1CD_PAGE ? C_BAD_SUBSTREAMID : C_BAD_CD;
}

/* Word 1; configuration errors have none. */
static uint64_t word1_of(enum page page, enum wrong wrong)
{
	const unsigned class = wrong <= S2_PERMISSION ? class_of(page) :
			       wrong == READ_ABORT    ? SMMU3_CLASS_TT :
							SMMU3_CLASS_IN;

	if (page < TABLE_0 && wrong > S2_PERMISSION)
		return 0;
	return RNW | CLASS(class) | (wrong <= S2_PERMISSION ? S2 : 0) |
	       (wrong == S2_PERMISSION && class == SMMU3_CLASS_TT ? TTRNW : 0);
}

static uint64_t word3_of(enum page page, enum wrong wrong)
{
	switch (wrong) {
	case S2_RANGE:
		return ipa_of(page) | BEYOND_INPUT;
	case S2_ABORT:
		return stage2_slot(page);
	case READ_ABORT:
		return pa_of(page) + offsets[page];
	default:
		return wrong <= S2_PERMISSION ? ipa_of(page) : 0;
	}
}

/* ORD-01, ORD-02, ORD-05, ORD-06, ORD-08, ORD-09, ORD-10, NEST-01, NEST-02, NEST-04, NEST-09,
 * NEST-10, NEST-11, SUB-18, EVT-P1, EVT-P3: the first thing wrong with each page */
START_TEST(of_all_that_is_wrong_with_a_structure_the_first_is_found_and_nothing_of_the_next)
{
	const enum page page = (enum page)(_i / WRONGS);
	const enum wrong wrong = (enum wrong)(_i % WRONGS);

	if (!can_be(wrong, page))
		return;
	struct world w = wrong_world(page, wrong);
	const unsigned event = event_of(page, wrong);
	const bool stage2 = wrong <= S2_PERMISSION, config = page < TABLE_0 && !stage2;

	ck_assert_uint_eq(reach(&w, VA, 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, event);
	expect_words(&w, word0(&w, event, SMMU3_TXN_SSV), word1_of(page, wrong), config ? 0 : VA,
		     word3_of(page, wrong));
	ck_assert_uint_eq(w.out.fault_stage, stage2 ? 2 : config ? 0 : 1);
	ck_assert_int_eq(w.out.fault_level, wrong == S2_RANGE || config ? NO_WALK :
					    stage2                      ? 3 :
									  (int)page - TABLE_0);
	if (stage2 && wrong != S2_ABORT)
		ck_assert_uint_eq(w.out.fault_addr, word3_of(page, wrong) | offsets[page]);
	close_world(&w);
}
END_TEST

/* NEST-06: Device-nGnRnE at stage 2 */
START_TEST(s2ptw_forbids_each_structure_and_not_the_data_to_be_device_memory)
{
	const enum page page = (enum page)_i;
	struct world w = pages_world();

	w.ste[2] |= BIT(54);
	put(&w, stage2_slot(page), pa_of(page) | (S2_PAGE & ~UINT64_C(0x3c)));
	if (page == DATA) {
		expect_reaches(&w, VA, 0, pa_of(DATA) | OFFSET);
	} else {
		expect_event(&w, VA, 0, F_PERMISSION, 2, 3);
		expect_words(&w, word0(&w, F_PERMISSION, SMMU3_TXN_SSV),
			     word1_of(page, S2_PERMISSION), VA, ipa_of(page));
	}
	close_world(&w);
}
END_TEST

/* NEST-02, PERM-17, PERM-18: read only and executable by nobody, for every kind of access */
START_TEST(each_structure_needs_read_permission_alone_at_stage_2)
{
	static const unsigned flags[] = { 0, SMMU3_TXN_WRITE, SMMU3_TXN_INSTRUCTION };
	struct world w = pages_world();

	for (enum page page = 0; page < DATA; page++)
		put(&w, stage2_slot(page), pa_of(page) | (S2_PAGE & ~S2AP(2)) | UINT64_C(2) << 53);
	for (unsigned n = 0; n < 3; n++)
		expect_reaches(&w, VA, flags[n], pa_of(DATA) | OFFSET);
	w.txn.txn_class = SMMU3_CLASS_ATOMIC;
	expect_reaches(&w, VA, 0, pa_of(DATA) | OFFSET);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, each_structure_is_read_where_stage_2_puts_its_page);
	tcase_add_loop_test(
		tests,
		of_all_that_is_wrong_with_a_structure_the_first_is_found_and_nothing_of_the_next, 0,
		PAGES * WRONGS);
	tcase_add_loop_test(tests,
			    s2ptw_forbids_each_structure_and_not_the_data_to_be_device_memory, 0,
			    PAGES);
	tcase_add_test(tests, each_structure_needs_read_permission_alone_at_stage_2);
}

int main(void)
{
	return run_suite("nested structures", add);
}
