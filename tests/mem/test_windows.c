/* SPDX-License-Identifier: MIT */
/* RAM windows: what may be a window, which reads it answers, and when the host is asked instead. */
#include "support/walk_world.h"

#define NS_BIT SMMU3_PAS_BIT(SMMU3_PAS_NS)
#define SECURE_BIT SMMU3_PAS_BIT(SMMU3_PAS_SECURE)

/* An SMMU of its own, with a host that answers from memory and writes down what it was asked. */
static struct world bare(void)
{
	struct world w = world(S1_ONLY);

	w.behind_host = true;
	return w;
}

static int add_window(struct world *w, uint64_t base, uint64_t size, unsigned mask)
{
	return smmu3_add_ram(w->smmu, base, size, mask, w->ram);
}

static const struct {
	uint64_t base, size;
	unsigned mask, skew; /* skew: how far the host's pointer is from alignment */
} refused[] = {
	{ 0x1000, 0, NS_BIT, 0 },
	{ 0x1020, 0x1000, NS_BIT, 0 },
	{ 0x1000, 0x1020, NS_BIT, 0 },
	{ 0x1000, 0x1000, NS_BIT, 8 },
	{ 0x1000, 0x1000, 0, 0 },
	{ 0x1000, 0x1000, 0x10, 0 },
	{ UINT64_MAX & ~UINT64_C(63), 128, NS_BIT, 0 },
	{ 0x1000, UINT64_MAX & ~UINT64_C(63), NS_BIT, 0 },
};

START_TEST(a_window_that_is_empty_misaligned_or_wraps_or_names_no_space_is_refused)
{
	struct world w = bare();

	open_world(&w);
	ck_assert_int_eq(smmu3_add_ram(w.smmu, refused[_i].base, refused[_i].size, refused[_i].mask,
				       (char *)w.ram + refused[_i].skew),
			 -SMMU3_E_ARGUMENT);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	close_world(&w);
}
END_TEST

START_TEST(a_window_without_memory_is_refused)
{
	struct world w = bare();

	open_world(&w);
	ck_assert_int_eq(smmu3_add_ram(w.smmu, 0x1000, 0x1000, NS_BIT, NULL), -SMMU3_E_ARGUMENT);
	close_world(&w);
}
END_TEST

/* Around a window of [0x10000, 0x20000): touching is allowed, sharing a byte is not. */
static const struct {
	uint64_t base, size;
	int result;
} neighbours[] = {
	{ 0xf000, 0x1000, 0 },
	{ 0x20000, 0x1000, 0 },
	{ 0xf000, 0x1040, -SMMU3_E_OVERLAP },
	{ 0x1ffc0, 0x1000, -SMMU3_E_OVERLAP },
	{ 0x12000, 0x40, -SMMU3_E_OVERLAP },
	{ 0x8000, 0x20000, -SMMU3_E_OVERLAP },
	{ 0x10000, 0x10000, -SMMU3_E_OVERLAP },
};

START_TEST(windows_of_one_pa_space_may_touch_but_not_overlap)
{
	struct world w = bare();

	open_world(&w);
	ck_assert_int_eq(add_window(&w, 0x10000, 0x10000, NS_BIT), 0);
	ck_assert_int_eq(add_window(&w, neighbours[_i].base, neighbours[_i].size,
				    NS_BIT | SECURE_BIT),
			 neighbours[_i].result);
	ck_assert_int_eq(add_window(&w, neighbours[_i].base, neighbours[_i].size, SECURE_BIT),
			 neighbours[_i].result == 0 ? -SMMU3_E_OVERLAP : 0);
	close_world(&w);
}
END_TEST

START_TEST(a_window_answers_without_asking_the_host)
{
	struct world w = world(NESTED);

	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.seen_count, 0);
	close_world(&w);
}
END_TEST

START_TEST(what_no_window_holds_is_asked_of_the_host)
{
	struct world w = bare();

	open_world(&w);
	ck_assert_int_eq(add_window(&w, RAM_BASE, 0x100000, NS_BIT),
			 0); /* Stream table and CD, but no tables */
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.seen_count, 4);
	for (unsigned i = 0; i < 4; i++) {
		ck_assert_uint_eq(w.seen[i].pa, slot1((int)i));
		ck_assert_uint_eq(w.seen[i].reason, SMMU3_REASON_S1_TTD);
	}
	close_world(&w);
}
END_TEST

/* The last descriptor of one window and the first address after it. */
START_TEST(a_window_ends_where_its_size_says)
{
	struct world w = bare();

	open_world(&w);
	ck_assert_int_eq(add_window(&w, RAM_BASE, S1_TABLE(3) + 64 - RAM_BASE, NS_BIT), 0);
	put(&w, S1_TABLE(3) + 8 * 7, PA_PAGE | S1_PAGE);
	put(&w, S1_TABLE(3) + 8 * 8, (PA_PAGE + 0x1000) | S1_PAGE);
	expect_pa(&w, (VA & ~UINT64_C(0x1ff000)) | 7 << 12, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.seen_count, 0);
	expect_pa(&w, (VA & ~UINT64_C(0x1ff000)) | 8 << 12, 0, (PA_PAGE + 0x1000) | OFFSET);
	ck_assert_uint_eq(w.seen_count, 1);
	close_world(&w);
}
END_TEST

/* A window gives its own memory, at its own base. */
START_TEST(each_window_reads_its_own_memory)
{
	struct world w = bare();
	static _Alignas(64) uint64_t tables[2][512];

	open_world(&w);
	ck_assert_int_eq(smmu3_add_ram(w.smmu, 0x40000000, sizeof(tables[1]), NS_BIT, tables[1]),
			 0);
	ck_assert_int_eq(smmu3_add_ram(w.smmu, 0x10000000, sizeof(tables[0]), NS_BIT, tables[0]),
			 0);
	tables[0][4] = UINT64_C(0x40000000) | TABLE;
	tables[1][5] = PA_PAGE | S1_PAGE;
	put(&w, slot1(1), UINT64_C(0x10000000) | TABLE);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	close_world(&w);
}
END_TEST

/* NS-01: a Non-secure stream reads Non-secure memory alone */
START_TEST(a_window_of_another_pa_space_does_not_answer)
{
	struct world w = bare();
	static _Alignas(64) uint64_t empty[8];

	open_world(&w);
	ck_assert_int_eq(smmu3_add_ram(w.smmu, STE_AT, 64, SMMU3_PAS_ALL & ~NS_BIT, empty), 0);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.seen[0].pa, STE_AT);
	ck_assert_uint_eq(w.seen[0].pas, SMMU3_PAS_NS);
	close_world(&w);
}
END_TEST

START_TEST(a_window_of_several_pa_spaces_answers_each)
{
	struct world w = bare();

	open_world(&w);
	ck_assert_int_eq(add_window(&w, RAM_BASE, RAM_SIZE, SMMU3_PAS_ALL), 0);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.seen_count, 0);
	close_world(&w);
}
END_TEST

START_TEST(a_window_taken_back_answers_no_more_and_may_come_again)
{
	struct world w = bare();

	open_world(&w);
	for (unsigned turn = 0; turn < 3; turn++) {
		ck_assert_int_eq(add_window(&w, RAM_BASE, RAM_SIZE, NS_BIT), 0);
		expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
		ck_assert_uint_eq(w.seen_count, 0);
		ck_assert_int_eq(smmu3_remove_ram(w.smmu, RAM_BASE, NS_BIT), 0);
		afresh(&w);
		expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
		ck_assert_uint_eq(w.seen_count, 6);
	}
	close_world(&w);
}
END_TEST

START_TEST(only_a_window_that_is_there_can_be_taken_back)
{
	struct world w = bare();

	open_world(&w);
	ck_assert_int_eq(smmu3_remove_ram(w.smmu, RAM_BASE, NS_BIT), -SMMU3_E_NOT_FOUND);
	ck_assert_int_eq(add_window(&w, RAM_BASE, RAM_SIZE, NS_BIT), 0);
	ck_assert_int_eq(smmu3_remove_ram(w.smmu, RAM_BASE + 0x1000, NS_BIT), -SMMU3_E_NOT_FOUND);
	ck_assert_int_eq(smmu3_remove_ram(w.smmu, RAM_BASE, SECURE_BIT), -SMMU3_E_NOT_FOUND);
	ck_assert_int_eq(smmu3_remove_ram(w.smmu, RAM_BASE, NS_BIT), 0);
	ck_assert_int_eq(smmu3_remove_ram(w.smmu, RAM_BASE, NS_BIT), -SMMU3_E_NOT_FOUND);
	close_world(&w);
}
END_TEST

/* Added from the middle outwards, removed every other one; the rest still answers. */
START_TEST(many_windows_are_found_in_any_order)
{
	enum { PIECES = 64 };
	const uint64_t size = RAM_SIZE / PIECES;
	struct world w = bare();

	open_world(&w);
	for (uint64_t i = 0; i < PIECES; i++) {
		const uint64_t piece = i * 37 % PIECES;

		ck_assert_int_eq(smmu3_add_ram(w.smmu, RAM_BASE + piece * size, size, NS_BIT,
					       (char *)w.ram + piece * size),
				 0);
	}
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.seen_count, 0);
	for (uint64_t i = 1; i < PIECES; i += 2)
		ck_assert_int_eq(smmu3_remove_ram(w.smmu, RAM_BASE + i * size, NS_BIT), 0);
	afresh(&w);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.seen_count,
			  2); /* the tables of levels 2 and 3 are in the sixth piece */
	ck_assert_uint_eq(w.seen[0].pa, slot1(2));
	ck_assert_uint_eq(w.seen[1].pa, slot1(3));
	close_world(&w);
}
END_TEST

START_TEST(windows_stay_through_a_reset)
{
	struct world w = world(S1_ONLY);

	open_world(&w);
	smmu3_reset(w.smmu);
	mmio(&w, 0x80, 8, RAM_BASE);
	mmio(&w, 0x88, 4, 6);
	mmio(&w, 0x20, 4, 0xd);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.seen_count, 0);
	close_world(&w);
}
END_TEST

START_TEST(a_change_of_memory_under_a_window_is_seen_after_an_smmu_is_made_anew)
{
	struct world w = world(S1_ONLY);

	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	put(&w, slot1(3), (PA_PAGE + 0x5000) | S1_PAGE);
	open_world(&w);
	expect_pa(&w, VA, 0, (PA_PAGE + 0x5000) | OFFSET);
	close_world(&w);
}
END_TEST

/* ST-12: the STE's bytes as 5.2 draws them: V and Config 0b100 in byte 0, SHCFG (bits 109:108) 1 in
 * byte 13. */
START_TEST(structures_are_little_endian)
{
	struct world w = world(ABORT_ALL);
	unsigned char *ste;

	open_world(&w);
	ste = (unsigned char *)word_at(&w, STE_AT);
	memset(ste, 0, 64);
	ste[0] = 0x09;
	ste[13] = 0x10;
	expect_pa(&w, VA, 0, VA);
	w.behind_host = true;
	open_world(&w);
	memset(ste, 0, 64);
	ste[0] = 0x09;
	ste[13] = 0x10;
	expect_pa(&w, VA, 0, VA);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, structures_are_little_endian);
	tcase_add_loop_test(tests,
			    a_window_that_is_empty_misaligned_or_wraps_or_names_no_space_is_refused,
			    0, 8);
	tcase_add_test(tests, a_window_without_memory_is_refused);
	tcase_add_loop_test(tests, windows_of_one_pa_space_may_touch_but_not_overlap, 0, 7);
	tcase_add_test(tests, a_window_answers_without_asking_the_host);
	tcase_add_test(tests, what_no_window_holds_is_asked_of_the_host);
	tcase_add_test(tests, a_window_ends_where_its_size_says);
	tcase_add_test(tests, each_window_reads_its_own_memory);
	tcase_add_test(tests, a_window_of_another_pa_space_does_not_answer);
	tcase_add_test(tests, a_window_of_several_pa_spaces_answers_each);
	tcase_add_test(tests, a_window_taken_back_answers_no_more_and_may_come_again);
	tcase_add_test(tests, only_a_window_that_is_there_can_be_taken_back);
	tcase_add_test(tests, many_windows_are_found_in_any_order);
	tcase_add_test(tests, windows_stay_through_a_reset);
	tcase_add_test(tests, a_change_of_memory_under_a_window_is_seen_after_an_smmu_is_made_anew);
}

int main(void)
{
	return run_suite("windows", add);
}
