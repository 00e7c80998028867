/* SPDX-License-Identifier: MIT */
/* The queues that a configuration gets: where they lie, how they are switched on, and when not. */
#include "load.h"
#include "support/suite.h"

#include <check.h>
#include <string.h>

#define DMA \
	"masters: [{name: dma0, stream_id: 0x10, map: [{va: 0x1000, pa: 0x80001000, size: 64K}]}]\n"

/* 6.3.26 to 6.3.29, 6.3.95, 6.3.96: the tables of this machine end at
 * 0xbfff4000.  Below them 2^8 commands of 16 bytes, a page, then 2^10 records of 32, aligned to
 * their size. */
START_TEST(queues_lie_below_the_tables_and_are_enabled)
{
	struct loading loading = load_good("version: 1\n" DMA);

	ck_assert_uint_eq(reg(&loading, 0, 0x90, 8), 0x40000000bfff3008);
	ck_assert_uint_eq(reg(&loading, 0, 0xa0, 8), 0x40000000bffe800a);
	ck_assert_uint_eq(reg(&loading, 0, 0x20, 4), 0xd);
	ck_assert_uint_eq(reg(&loading, 0, 0x24, 4), 0xd);
	ck_assert_uint_eq(reg(&loading, 0, 0x50, 4), 5); /* EVENTQ_IRQEN, GERROR_IRQEN */
	ck_assert_uint_eq(reg(&loading, 0, 0x100a8, 4), 0);
	ck_assert_uint_eq(reg(&loading, 0, 0x100ac, 4), 0);
	unload(&loading);
}
END_TEST

/* 4.3.6, 4.4.4.1, 4.7.3: what a driver does first, so that nothing is left of before */
START_TEST(caches_are_told_to_forget_before_the_smmu_is_enabled)
{
	struct loading loading = load_good("version: 1\n" DMA);

	ck_assert_uint_eq(reg(&loading, 0, 0x98, 4), 3);
	ck_assert_uint_eq(reg(&loading, 0, 0x9c, 4), 3);
	ck_assert_uint_eq(word_at(&loading, 0xbfff3000), 0x4);
	ck_assert_uint_eq(word_at(&loading, 0xbfff3008), 31);
	ck_assert_uint_eq(word_at(&loading, 0xbfff3010), 0x30);
	ck_assert_uint_eq(word_at(&loading, 0xbfff3020), 0x46);
	ck_assert_ptr_null(smmu3_machine_own(loading.machine, 0));
	unload(&loading);
}
END_TEST

START_TEST(queues_have_the_size_that_is_asked_for)
{
	struct loading loading = load_good(
		"version: 1\n"
		"smmu: [{command_queue: {log2size: 0}, event_queue: {log2size: 13}}]\n" DMA);

	ck_assert_uint_eq(reg(&loading, 0, 0x90, 8), 0x40000000bfff3000);
	ck_assert_uint_eq(reg(&loading, 0, 0xa0, 8), 0x40000000bff8000d); /* 256K */
	ck_assert_uint_eq(reg(&loading, 0, 0x98, 4),
			  1); /* three commands, one after another: 0b11 */
	unload(&loading);
}
END_TEST

START_TEST(a_queue_may_be_left_out)
{
	struct loading loading = load_good(
		"version: 1\nsmmu: [{command_queue: {enabled: false}}]\n" DMA);

	ck_assert_uint_eq(reg(&loading, 0, 0x20, 4), 5);
	ck_assert_uint_eq(reg(&loading, 0, 0x90, 8), 0);
	ck_assert_uint_eq(reg(&loading, 0, 0x50, 4), 5);
	unload(&loading);
	loading = load_good("version: 1\nsmmu: [{event_queue: {enabled: false}}]\n" DMA);
	ck_assert_uint_eq(reg(&loading, 0, 0x20, 4), 9);
	ck_assert_uint_eq(reg(&loading, 0, 0xa0, 8), 0);
	ck_assert_uint_eq(reg(&loading, 0, 0x50, 4), 1);
	unload(&loading);
}
END_TEST

/* Four tables, CD and L1STDs, and a leaf of 16K are 48K. */
#define SMALL                                                         \
	"memory: [{name: ram, base: 0x80000000, size: 48K}]\n"        \
	"masters: [{name: dma0, stream_id: 0x10, map: [{va: 0x1000, " \
	"pa: 0x80001000, size: 4K}]}]\n"

START_TEST(without_room_there_are_no_queues_unless_they_are_asked_for)
{
	struct loading loading = load_good("version: 1\n" SMALL);

	ck_assert_uint_eq(reg(&loading, 0, 0x20, 4), 1);
	unload(&loading);
	loading = load("version: 1\nsmmu: [{event_queue: {log2size: 10}}]\n" SMALL);
	ck_assert_str_eq(loading.said, "2:22: no room for tables in memory 'ram'\n");
	unload(&loading);
}
END_TEST

START_TEST(a_queue_larger_than_the_smmu_takes_is_refused)
{
	struct loading loading = load(
		"version: 1\nsmmu:\n  - profile: linux-session\n"
		"    idr: {IDR1: 0x00a50410}\n    command_queue: {log2size: 6}\n"
		"    event_queue: {log2size: 6}\nmasters: []\n");

	ck_assert_msg(strstr(loading.said, "IDR1.CMDQS allows a queue of 2^5 entries at most") &&
			      strstr(loading.said,
				     "IDR1.EVENTQS allows a queue of 2^5 entries at most"),
		      "%s", loading.said);
	unload(&loading);
}
END_TEST

START_TEST(each_smmu_has_queues_of_its_own)
{
	struct loading loading = load_good(
		"version: 1\nsmmu: [{name: a}, {name: b, command_queue: {log2size: 3}}]\n" DMA);
	struct smmu3 *const b = smmu3_machine_smmu(loading.machine, 1);
	uint64_t first, second;

	ck_assert_int_eq(smmu3_mmio_read(b, SMMU3_PAS_NS, 0x90, 8, &second), 0);
	first = reg(&loading, 0, 0x90, 8);
	ck_assert_uint_eq(second & 0x1f, 3);
	ck_assert_uint_ne(second & ~UINT64_C(0x1f), first & ~UINT64_C(0x1f));
	unload(&loading);
}
END_TEST

static Suite *suite(void)
{
	Suite *const suite = suite_create("platform: queues of a configuration");
	TCase *const tests = tcase_create("queues");

	tcase_add_test(tests, queues_lie_below_the_tables_and_are_enabled);
	tcase_add_test(tests, caches_are_told_to_forget_before_the_smmu_is_enabled);
	tcase_add_test(tests, queues_have_the_size_that_is_asked_for);
	tcase_add_test(tests, a_queue_may_be_left_out);
	tcase_add_test(tests, without_room_there_are_no_queues_unless_they_are_asked_for);
	tcase_add_test(tests, a_queue_larger_than_the_smmu_takes_is_refused);
	tcase_add_test(tests, each_smmu_has_queues_of_its_own);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
