/* SPDX-License-Identifier: MIT */
/* Blocks, contiguous groups, parts of what two stages map, and addresses of both halves, as they
 * are kept. 3.20.1, 3.21.1, D8.7.1, D8.17 */
#include "keeping.h"
#include "run.h"

#include <check.h>

#define CONTIGUOUS (UINT64_C(1) << 52)

static const struct space one = { 1, STAGE_1, 3, 5 }, two = { 2, STAGE_1, 3, 6 },
			  both = { 5, BOTH_STAGES, 5, 7 };

/* Of an IDR3.BBML */
static struct machine *opened_at_level(const struct space *const *spaces, int n, unsigned bbml)
{
	struct machine *m = keeping(256);

	m->config.idr[3] = (m->config.idr[3] & ~(UINT32_C(3) << 11)) | bbml << 11;
	start_machine(m);
	for (int i = 0; i < n; i++)
		put_space(m, spaces[i]);
	return m;
}

static struct machine *opened(const struct space *const *spaces, int n)
{
	return opened_at_level(spaces, n, 2);
}

/* ---- Blocks, groups, parts ---- */

/* TLB-28: a block is one translation, and goes with any of its addresses */
START_TEST(a_block_goes_with_any_of_its_addresses)
{
	const struct space *const spaces[] = { &one };
	static const uint64_t meant[] = { 0, PAGE(1), PAGE(511) };
	struct machine *m = opened(spaces, 1);

	for (int i = 0; i < COUNT(meant); i++) {
		put_descriptor(m, table1(&one, 2), 1, s1_block(HERE) | NG);
		ck_assert_uint_eq(reached(m, 1, MB2 + PAGE(7)), HERE + PAGE(7));
		put_descriptor(m, table1(&one, 2), 1, s1_block(THERE) | NG);
		ck_assert_uint_eq(reached(m, 1, MB2 + PAGE(300)), HERE + PAGE(300));
		finish(m, nh_va(3, 5, MB2 - PAGE(1), 1));
		finish(m, nh_va(3, 5, 2 * MB2, 1));
		ck_assert_uint_eq(reached(m, 1, MB2 + PAGE(300)), HERE + PAGE(300));
		finish(m, nh_va(3, 5, MB2 + meant[i], 1));
		ck_assert_uint_eq(reached(m, 1, MB2 + PAGE(300)), THERE + PAGE(300));
		finish(m, nh_all(3));
	}
	close_machine(m);
}
END_TEST

/* TLB-28: each page of a contiguous group speaks for itself, and all go with one address */
START_TEST(a_contiguous_group_goes_with_any_of_its_addresses)
{
	const struct space *const spaces[] = { &one };
	struct machine *m = opened(spaces, 1);

	for (unsigned page = 0; page < 48; page++) {
		put_s1(m, &one, page, s1_page(HERE + PAGE(page)) | CONTIGUOUS);
		ck_assert_uint_eq(reached(m, 1, PAGE(page)), HERE + PAGE(page));
		put_s1(m, &one, page, s1_page(THERE + PAGE(page)) | CONTIGUOUS);
	}
	finish(m, nh_va(3, 5, PAGE(31), 1));
	for (unsigned page = 0; page < 48; page++)
		ck_assert_uint_eq(reached(m, 1, PAGE(page)),
				  (page / 16 == 1 ? THERE : HERE) + PAGE(page));
	close_machine(m);
}
END_TEST

/* TLB-38: of a block over smaller pages of stage 2 the page that was walked is kept, no more;
 * TLB-28: all such parts go with one address of the block */
START_TEST(a_block_over_pages_is_kept_page_by_page_and_goes_at_once)
{
	const struct space *const spaces[] = { &both };
	struct machine *m = opened(spaces, 1);

	put_descriptor(m, table1(&both, 2), 1, s1_block(0) | NG);
	for (unsigned page = 1; page < 4; page++)
		put_s2(m, &both, page, s2_page(HERE + PAGE(16 * page)));
	for (unsigned page = 1; page < 3; page++)
		ck_assert_uint_eq(reached(m, 5, MB2 + PAGE(page)), HERE + PAGE(16 * page));
	put_s2(m, &both, 3, s2_page(THERE));
	ck_assert_uint_eq(reached(m, 5, MB2 + PAGE(3)), THERE);
	put_descriptor(m, table1(&both, 2), 1, s1_block(MB2) | NG);
	put_descriptor(m, table2(&both, 2), 1, s2_block(THERE));
	ck_assert_uint_eq(reached(m, 5, MB2 + PAGE(1)), HERE + PAGE(16));
	ck_assert_uint_eq(reached(m, 5, MB2 + PAGE(4)), THERE + PAGE(4)); /* was not walked */
	finish(m, nh_va(5, 7, MB2 + PAGE(100), 1));
	for (unsigned page = 1; page < 5; page++)
		ck_assert_uint_eq(reached(m, 5, MB2 + PAGE(page)), THERE + PAGE(page));
	close_machine(m);
}
END_TEST

/* TLB-38: a page over a block of stage 2 is a page */
START_TEST(a_page_over_a_block_is_a_page)
{
	const struct space *const spaces[] = { &both };
	struct machine *m = opened(spaces, 1);

	put_s1(m, &both, 1, s1_page(MB2 + PAGE(9)));
	put_s1(m, &both, 2, s1_page(MB2 + PAGE(3)));
	put_descriptor(m, table2(&both, 2), 1, s2_block(HERE));
	for (unsigned turn = 0; turn < 2; turn++) {
		ck_assert_uint_eq(reached(m, 5, PAGE(1)), HERE + PAGE(9));
		ck_assert_uint_eq(reached(m, 5, PAGE(2)), HERE + PAGE(3));
	}
	close_machine(m);
}
END_TEST

/* BBM-01, BBM-02, BBM-03: where a block became pages without a command either answers, whole, and
 * nothing faults; BBM-07, TLB-28: after one for the range the pages alone */
START_TEST(a_block_that_became_pages_answers_as_one_or_the_other)
{
	const struct space *const spaces[] = { &one };
	const uint64_t not_yet = UINT64_C(1) << 16; /* nT */
	struct machine *m = opened_at_level(spaces, 1, (unsigned)_i);

	put_descriptor(m, table1(&one, 2), 0, s1_block(HERE) | NG | not_yet);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE + PAGE(1));
	put_descriptor(m, table1(&one, 2), 0, to_table(table1(&one, 3)));
	for (unsigned page = 0; page < 4; page++)
		put_s1(m, &one, page, s1_page(THERE + PAGE(8 * page)));
	for (unsigned page = 0; page < 4; page++) {
		const uint64_t pa = reached(m, 1, PAGE(page));

		ck_assert(pa == HERE + PAGE(page) || pa == THERE + PAGE(8 * page));
	}
	finish(m, ranged(nh_va(3, 5, 0, 0), 0, 9, 0));
	for (unsigned page = 0; page < 4; page++)
		ck_assert_uint_eq(reached(m, 1, PAGE(page)), THERE + PAGE(8 * page));
	close_machine(m);
}
END_TEST

/* BBM-07, BBM-02: where a page and a block that holds it are both kept, a command that means all
 * removes both */
START_TEST(a_page_and_the_block_around_it_go_together)
{
	const struct space *const spaces[] = { &one };
	const struct command all[] = { nh_all(3), nh_asid(3, 5), s12_vmall(3), NSNH_ALL };

	for (int i = 0; i < COUNT(all); i++) {
		struct machine *m = keeping(256);

		m->config.caches.tables = 0; /* or the block would not be read */
		start_machine(m);
		put_space(m, spaces[0]);
		put_s1(m, &one, 1, s1_page(HERE));
		ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
		put_descriptor(m, table1(&one, 2), 0, s1_block(THERE) | NG);
		ck_assert_uint_eq(reached(m, 1, PAGE(5)), THERE + PAGE(5));
		put_descriptor(m, table1(&one, 2), 0, s1_block(2 * THERE) | NG);
		ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE); /* both are kept */
		ck_assert_uint_eq(reached(m, 1, PAGE(6)), THERE + PAGE(6));
		finish(m, all[i]);
		ck_assert_uint_eq(reached(m, 1, PAGE(1)), 2 * THERE + PAGE(1));
		ck_assert_uint_eq(reached(m, 1, PAGE(6)), 2 * THERE + PAGE(6));
		close_machine(m);
	}
}
END_TEST

/* ---- Addresses ---- */

/* What TTB1 maps: T1SZ 25, TG1 4KB, and the first and the last page of it, by table1 of ASID 6 */
#define UPPER UINT64_C(0xffffff8000000000)
#define LAST UINT64_C(0xfffffffffffff000)

static void put_upper(struct machine *m, uint64_t first_output, uint64_t last_output)
{
	uint64_t *cd = ram_at(m, cd_at(&one, 0));

	*cd = (*cd & ~(UINT64_C(1) << 30)) | 25 << 16 | 2 << 22;
	cd[2] = table1(&two, 1);
	put_space(m, &two);
	put_descriptor(m, table1(&two, 1), 511, to_table(table1(&two, 2)));
	put_descriptor(m, table1(&two, 2), 511, to_table(table1(&two, 3)));
	put_s1(m, &two, 0, s1_page(first_output));
	put_s1(m, &two, 511, s1_page(last_output));
}

/* TLB-01, TLB-18, TLB-29, RIL-004: the halves of an address space are apart, in lookups, commands
 * and ranges, and the last page of all is one */
START_TEST(both_halves_of_an_address_space_are_kept_apart)
{
	static const struct {
		struct command command;
		bool lower, first, last; /* stay */
	} rows[] = {
		{ { { 0x12 | UINT64_C(0x50003) << 32, 0 } }, false, true, true },
		{ { { 0x12 | UINT64_C(0x50003) << 32, UPPER } }, true, false, true },
		{ { { 0x12 | UINT64_C(0x50003) << 32, LAST | 1 } }, true, true, false },
		/* to the end, and not around it */
		{ { { 0x12 | UINT64_C(0x50003) << 32 | 31 << 12, LAST | 1 << 10 } },
		  true,
		  true,
		  false },
		{ { { 0x13 | UINT64_C(3) << 32 | 27 << 20, UPPER | 1 << 10 } },
		  true,
		  false,
		  false },
		{ { { 0x13 | UINT64_C(3) << 32 | 27 << 20, 1 << 10 } }, false, true, true },
		{ { { 0x11 | UINT64_C(0x50003) << 32, 0 } }, false, false, false },
	};

	for (int i = 0; i < COUNT(rows); i++) {
		const struct space *const spaces[] = { &one };
		struct machine *m = opened(spaces, 1);

		put_s1(m, &one, 0, s1_page(HERE));
		put_upper(m, HERE + PAGE(1), HERE + PAGE(2));
		ck_assert_uint_eq(reached(m, 1, 0), HERE);
		ck_assert_uint_eq(reached(m, 1, UPPER), HERE + PAGE(1));
		ck_assert_uint_eq(reached(m, 1, LAST), HERE + PAGE(2));
		put_s1(m, &one, 0, s1_page(THERE));
		put_upper(m, THERE, THERE);
		finish(m, rows[i].command);
		ck_assert_uint_eq(reached(m, 1, 0) == HERE, rows[i].lower);
		ck_assert_uint_eq(reached(m, 1, UPPER) == HERE + PAGE(1), rows[i].first);
		ck_assert_uint_eq(reached(m, 1, LAST) == HERE + PAGE(2), rows[i].last);
		close_machine(m);
	}
}
END_TEST

/* TLB-01, TLB-18: with TBI the byte above is a tag, and no part of what is looked up or removed */
START_TEST(addresses_that_differ_in_a_tag_are_one)
{
	const struct space *const spaces[] = { &one };
	struct machine *m = opened(spaces, 1);
	const uint64_t tagged = UINT64_C(0xab) << 56 | PAGE(1);

	*ram_at(m, cd_at(&one, 0)) |= UINT64_C(1) << 38; /* TBI0 */
	put_s1(m, &one, 1, s1_page(HERE));
	ck_assert_uint_eq(reached(m, 1, tagged), HERE);
	put_s1(m, &one, 1, s1_page(THERE));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	finish(m, nh_va(3, 5, PAGE(1), 1));
	ck_assert_uint_eq(reached(m, 1, tagged), THERE);
	put_s1(m, &one, 1, s1_page(HERE));
	finish(m, nh_va(3, 5, tagged, 1));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	close_machine(m);
}
END_TEST

/* BBM-04, BBM-05: streams of one VMID that stage 2 holds and does not hold: none gets by stage 2 */
START_TEST(what_one_stream_keeps_takes_no_other_past_its_stage_2)
{
	static const struct space alone = { 1, STAGE_1, 5, 7 };
	const struct space *const spaces[] = { &alone, &both };
	struct machine *m = opened(spaces, 2);

	put_s1(m, &both, 1, s1_page(PAGE(9)));
	put_s1(m, &both, 2, s1_page(PAGE(8)));
	put_s2(m, &both, 9, s2_page(HERE));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), PAGE(9));
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), PAGE(8));
	ck_assert_uint_eq(reached(m, 5, PAGE(1)), HERE);
	ck_assert_uint_eq(access_by(m, 5, PAGE(2), 0).event, 0x10);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), PAGE(9));
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_block_goes_with_any_of_its_addresses);
	tcase_add_test(tests, a_contiguous_group_goes_with_any_of_its_addresses);
	tcase_add_test(tests, a_block_over_pages_is_kept_page_by_page_and_goes_at_once);
	tcase_add_test(tests, a_page_over_a_block_is_a_page);
	tcase_add_loop_test(tests, a_block_that_became_pages_answers_as_one_or_the_other, 0, 3);
	tcase_add_test(tests, a_page_and_the_block_around_it_go_together);
	tcase_add_test(tests, both_halves_of_an_address_space_are_kept_apart);
	tcase_add_test(tests, addresses_that_differ_in_a_tag_are_one);
	tcase_add_test(tests, what_one_stream_keeps_takes_no_other_past_its_stage_2);
}

int main(void)
{
	return run("kept_blocks", add);
}
