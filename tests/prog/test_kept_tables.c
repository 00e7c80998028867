/* SPDX-License-Identifier: MIT */
/* Tables on the way that are kept, and descriptors that are not.  3.21.1, D8.16 */
#include "keeping.h"
#include "run.h"

#include <check.h>

static const struct space one = { 1, STAGE_1, 3, 5 }, two = { 2, STAGE_1, 3, 6 },
			  three = { 3, STAGE_1, 4, 5 }, ipas = { 4, STAGE_2, 3, 0 },
			  both = { 5, BOTH_STAGES, 5, 7 };

static struct machine *opened(const struct space *const *spaces, int n)
{
	struct machine *m = keeping(256);

	start_machine(m);
	for (int i = 0; i < n; i++)
		put_space(m, spaces[i]);
	return m;
}

/* ---- Tables ---- */

/* Another table of level 3, of stage 1 or 2 */
#define OTHER1 (RAM_AT + 0x500000)
#define OTHER2 (RAM_AT + 0x501000)

static const struct space *const walked[] = { &one, &two, &three, &ipas };
enum { T1 = 1, T2 = 2, T3 = 4, TI = 8, WHOLE = 15 };

/* Page 1 is read, so the tables of it are known; then level 2 points at another table, by which
 * page 20 goes THERE. */
static struct machine *with_tables(uint32_t tables)
{
	struct machine *m = keeping(256);

	m->config.caches.tables = tables;
	start_machine(m);
	put_descriptor(m, OTHER1, 20, s1_page(THERE));
	put_descriptor(m, OTHER2, 20, s2_page(THERE));
	for (int i = 0; i < COUNT(walked); i++) {
		put_space(m, walked[i]);
		put_s1(m, walked[i], 1, s1_page(HERE));
		put_s2(m, walked[i], 1, s2_page(HERE));
		put_s1(m, walked[i], 20, s1_page(HERE));
		put_s2(m, walked[i], 20, s2_page(HERE));
		ck_assert_uint_eq(reached(m, walked[i]->sid, PAGE(1)), HERE);
		put_descriptor(m, table1(walked[i], 2), 0, to_table(OTHER1));
		put_descriptor(m, table2(walked[i], 2), 0, to_table(OTHER2));
	}
	return m;
}

static unsigned still_followed(struct machine *m)
{
	unsigned followed = 0;

	for (int i = 0; i < COUNT(walked); i++)
		if (would_reach(m, walked[i]->sid, PAGE(20)) == HERE)
			followed |= 1u << i;
	return followed;
}

static const struct {
	struct command command;
	unsigned gone;
} tables[] = {
	/* TLB-27: Leaf = 0 by any address below the table; Leaf = 1 leaves tables */
	{ { { 0x12 | UINT64_C(0x50003) << 32, PAGE(20) } }, T1 },
	{ { { 0x12 | UINT64_C(0x50003) << 32, PAGE(511) } }, T1 },
	{ { { 0x12 | UINT64_C(0x50003) << 32, PAGE(20) | 1 } }, 0 },
	{ { { 0x12 | UINT64_C(0x50003) << 32, MB2 } }, 0 },
	{ { { 0x13 | UINT64_C(3) << 32, PAGE(20) } }, T1 | T2 },
	{ { { 0x13 | UINT64_C(3) << 32, PAGE(20) | 1 } }, 0 },
	{ { { 0x2a | UINT64_C(3) << 32, PAGE(20) } }, TI },
	{ { { 0x2a | UINT64_C(3) << 32, PAGE(20) | 1 } }, 0 },
	{ { { 0x2a | UINT64_C(4) << 32, PAGE(20) } }, 0 },
	/* TLB-06: by ASID, as what is not global */
	{ { { 0x11 | UINT64_C(0x50003) << 32, 0 } }, T1 },
	{ { { 0x11 | UINT64_C(0x60003) << 32, 0 } }, T2 },
	{ { { 0x11 | UINT64_C(0x50004) << 32, 0 } }, T3 },
	/* TLB-16, TLB-25, TLB-26 */
	{ { { 0x10 | UINT64_C(3) << 32, 0 } }, T1 | T2 },
	{ { { 0x28 | UINT64_C(3) << 32, 0 } }, T1 | T2 | TI },
	{ { { 0x30, 0 } }, WHOLE },
	/* RIL-008, TLB-30: Leaf = 0 with a level: tables above it */
	{ { { 0x13 | UINT64_C(3) << 32, PAGE(20) | 1 << 10 | 3 << 8 } }, T1 | T2 },
	{ { { 0x13 | UINT64_C(3) << 32 | 3 << 12, PAGE(4) | 1 << 10 } }, T1 | T2 },
	{ { { 0x13 | UINT64_C(3) << 32 | 3 << 12, PAGE(4) | 1 << 10 | 1 } }, 0 },
	/* CFG-03 */
	{ { { 0x04, 31 } }, 0 },
};

START_TEST(a_table_on_the_way_is_followed_until_a_command_means_it)
{
	struct machine *m = with_tables(256);

	ck_assert_uint_eq(still_followed(m), WHOLE);
	finish(m, tables[_i].command);
	ck_assert_uint_eq(still_followed(m), WHOLE & ~tables[_i].gone);
	close_machine(m);
}
END_TEST

/* TLB-11, TLB-27 */
START_TEST(a_table_that_is_meant_is_never_followed_again)
{
	for (uint32_t places = 0; places <= 4; places = places ? places * 2 : 1) {
		struct machine *m = with_tables(places);

		finish(m, tables[_i].command);
		ck_assert_uint_eq(still_followed(m) & tables[_i].gone, 0);
		close_machine(m);
	}
}
END_TEST

/* TLB-11: addresses whose upper bits are not 0, below tables that are known */
START_TEST(below_a_table_that_is_kept_the_lower_bits_are_the_index)
{
	const struct space *const spaces[] = { &one, &ipas };
	struct machine *m = opened(spaces, 2);
	const uint64_t base = GB + 3 * MB2;

	put_descriptor(m, table1(&one, 1), 1, to_table(table1(&one, 2)));
	put_descriptor(m, table1(&one, 2), 3, to_table(table1(&one, 3)));
	put_descriptor(m, table2(&ipas, 1), 1, to_table(table2(&ipas, 2)));
	put_descriptor(m, table2(&ipas, 2), 3, to_table(table2(&ipas, 3)));
	for (unsigned page = 5; page < 8; page++) {
		put_s1(m, &one, page, s1_page(HERE + PAGE(page)));
		put_s2(m, &ipas, page, s2_page(THERE + PAGE(page)));
		ck_assert_uint_eq(reached(m, 1, base + PAGE(page)), HERE + PAGE(page));
		ck_assert_uint_eq(reached(m, 4, base + PAGE(page)), THERE + PAGE(page));
	}
	close_machine(m);
}
END_TEST

/* WALK-27, PERM-05: what tables above forbid is kept with the table below */
START_TEST(a_table_that_is_kept_forbids_what_those_above_forbade)
{
	const struct space *const spaces[] = { &one };
	const uint64_t read_only = UINT64_C(2) << 61; /* APTable */
	struct machine *m = opened(spaces, 1);

	put_descriptor(m, table1(&one, 1), 0, to_table(table1(&one, 2)) | read_only);
	put_s1(m, &one, 1, s1_page(HERE));
	put_s1(m, &one, 2, s1_page(HERE));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	for (unsigned page = 1; page < 3; page++)
		ck_assert_uint_eq(access_by(m, 1, PAGE(page), SMMU3_TXN_WRITE).event, 0x13);
	close_machine(m);
}
END_TEST

/* TLB-10: a descriptor that became valid is seen without a command, at any level and stage */
START_TEST(an_invalid_descriptor_is_read_again_by_every_access)
{
	const struct space *const spaces[] = { &both };
	struct machine *m = opened(spaces, 1);
	const uint64_t at[] = { table2(&both, 2), table2(&both, 3), table1(&both, 1),
				table1(&both, 2), table1(&both, 3) + 8 };

	put_s1(m, &both, 1, s1_page(0));
	put_s2(m, &both, 0, s2_page(HERE));
	for (int i = 0; i < COUNT(at); i++) {
		const uint64_t whole = *ram_at(m, at[i]);

		finish(m, NSNH_ALL);
		*ram_at(m, at[i]) = 0;
		ck_assert_uint_eq(access_by(m, 5, PAGE(1), 0).event, 0x10);
		*ram_at(m, at[i]) = whole;
		ck_assert_uint_eq(reached(m, 5, PAGE(1)), HERE);
	}
	close_machine(m);
}
END_TEST

/* TLB-10: nor is kept what gave F_ACCESS or F_ADDR_SIZE */
START_TEST(a_descriptor_that_faults_is_read_again_by_every_access)
{
	static const struct {
		unsigned stage;
		uint64_t change;
		unsigned event;
	} rows[] = {
		{ 1, TTD_AF, 0x12 },
		{ 2, TTD_AF, 0x12 },
		{ 1, UINT64_C(1) << 40, 0x11 }, /* beyond 36 bits, or 32 of stage 2 */
		{ 2, UINT64_C(1) << 40, 0x11 },
	};
	const struct space *const spaces[] = { &both };
	struct machine *m = opened(spaces, 1);

	put_s1(m, &both, 1, s1_page(0));
	put_s2(m, &both, 0, s2_page(HERE));
	for (int i = 0; i < COUNT(rows); i++) {
		const uint64_t at = rows[i].stage == 1 ? table1(&both, 3) + 8 : table2(&both, 3);

		finish(m, NSNH_ALL);
		*ram_at(m, at) ^= rows[i].change;
		ck_assert_uint_eq(access_by(m, 5, PAGE(1), 0).event, rows[i].event);
		*ram_at(m, at) ^= rows[i].change;
		ck_assert_uint_eq(reached(m, 5, PAGE(1)), HERE);
	}
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_table_on_the_way_is_followed_until_a_command_means_it, 0,
			    COUNT(tables));
	tcase_add_loop_test(tests, a_table_that_is_meant_is_never_followed_again, 0, COUNT(tables));
	tcase_add_test(tests, below_a_table_that_is_kept_the_lower_bits_are_the_index);
	tcase_add_test(tests, a_table_that_is_kept_forbids_what_those_above_forbade);
	tcase_add_test(tests, an_invalid_descriptor_is_read_again_by_every_access);
	tcase_add_test(tests, a_descriptor_that_faults_is_read_again_by_every_access);
}

int main(void)
{
	return run("kept_tables", add);
}
