/* SPDX-License-Identifier: MIT */
/* Enables, their acknowledgements, what they guard, and the Update of GBPA. */
#include "run.h"
#include "world.h"

#include <check.h>

enum { S = 4, D = 8 };

/* CR-004, CR-005, CR-006: Updates complete at once; drivers wait until all of CR0ACK is what they
 * wrote */
START_TEST(cr0_is_acknowledged_at_once)
{
	static const uint32_t writes[] = { 0x8, 0xc, 0xd, 0x1d, 0x10, 0x1c0, 0x2, 0x1df, 0 };
	struct world w = world("linux-capture");

	for (int i = 0; i < COUNT(writes); i++) {
		write32(&w, 0x20, writes[i]);
		ck_assert_uint_eq(read32(&w, 0x20), writes[i]);
		ck_assert_uint_eq(read32(&w, 0x24), writes[i]);
	}
	write32(&w, 0x20, ~0x1dfu);
	ck_assert_uint_eq(read64(&w, 0x20), 0);
}
END_TEST

/* IRC-001 */
START_TEST(interrupt_enables_are_acknowledged_at_once)
{
	struct world w = world("linux-capture");

	write32(&w, 0x50, 5);
	ck_assert_uint_eq(read64(&w, 0x50), 0x0000000500000005);
	write32(&w, 0x50, 0);
	ck_assert_uint_eq(read64(&w, 0x50), 0);
}
END_TEST

/* A register that an enable guards keeps its value while the enable is 1 and takes writes again
 * afterwards. REG-015, REG-016, CR-027, IRC-005, STR-002, Q-010, CMDQ-002, EVTQ-001 */
static const struct {
	uint64_t enable;
	uint32_t bit;
	uint64_t offset;
	unsigned size;
	uint64_t a, b;
} guards[] = {
	{ 0x20, 0x1, 0x2c, S, 0x6, 0x9 },
	{ 0x20, 0x1, 0x80, D, 0x4000000048596000, 0x1000 },
	{ 0x20, 0x1, 0x88, S, 0x10210, 0x8 },
	{ 0x20, 0x8, 0x90, D, 0x400000005b700010, 0x20 },
	{ 0x20, 0x8, 0x9c, S, 0x123, 0x456 },
	{ 0x20, 0x4, 0xa0, D, 0x400000005b80000f, 0x20 },
	{ 0x20, 0x4, 0x100a8, S, 0x80000123, 0x456 },
	{ 0x20, 0x2, 0xc0, D, 0x400000005b80000f, 0x20 },
	{ 0x20, 0x2, 0x100c8, S, 0x80000123, 0x456 },
	{ 0x50, 0x1, 0x68, D, 0x12345678, 0x1234 },
	{ 0x50, 0x1, 0x70, S, 0x12345678, 0x1234 },
	{ 0x50, 0x1, 0x74, S, 0x1f, 0x20 },
	{ 0x50, 0x4, 0xb0, D, 0x12345678, 0x1234 },
	{ 0x50, 0x4, 0xb8, S, 0x12345678, 0x1234 },
	{ 0x50, 0x4, 0xbc, S, 0x1f, 0x20 },
	{ 0x50, 0x2, 0xd0, D, 0x12345678, 0x1234 },
	{ 0x50, 0x2, 0xd8, S, 0x12345678, 0x1234 },
	{ 0x50, 0x2, 0xdc, S, 0x8000001f, 0x20 },
};

START_TEST(a_guarded_register_keeps_its_value)
{
	struct world w = world("max");
	struct prog *prog = &w.prog;

	write64(&w, 0x90, 19); /* LOG2SIZE: queues with every bit of an index */
	write64(&w, 0xa0, 19);
	write64(&w, 0xc0, 19);
	prog_write(prog, guards[_i].offset, guards[_i].size, guards[_i].a);
	write32(&w, guards[_i].enable, guards[_i].bit);
	prog_write(prog, guards[_i].offset, guards[_i].size, guards[_i].b);
	ck_assert_uint_eq(prog_read(prog, guards[_i].offset, guards[_i].size), guards[_i].a);
	write32(&w, guards[_i].enable, ~guards[_i].bit);
	prog_write(prog, guards[_i].offset, guards[_i].size, guards[_i].b);
	ck_assert_uint_eq(prog_read(prog, guards[_i].offset, guards[_i].size), guards[_i].b);
}
END_TEST

/* CMDQ_PROD, EVENTQ_CONS, PRIQ_CONS and GERRORN are software's at any time.
 * GER-005, CMDQ-001, EVTQ-002; 6.3.20, 6.3.27, 6.3.96, 6.3.98 */
START_TEST(an_unguarded_register_is_always_writable)
{
	static const uint64_t offsets[] = { 0x64, 0x98, 0x100ac, 0x100cc };
	struct world w = world("max");

	write32(&w, 0x20, 0xf);
	write32(&w, 0x50, 0x7);
	for (int i = 0; i < COUNT(offsets); i++) {
		write32(&w, offsets[i], 0x5);
		ck_assert_uint_eq(read32(&w, offsets[i]), 0x5);
	}
}
END_TEST

/* CR-024: TABLE_* is guarded by SMMUEN, QUEUE_* by each queue's enable */
START_TEST(the_halves_of_cr1_have_guards_of_their_own)
{
	static const struct {
		uint32_t cr0, stored;
	} rows[] = {
		{ 0x0, 0xfff }, { 0x1, 0x03f }, { 0x2, 0xfc0 },  { 0x4, 0xfc0 },
		{ 0x8, 0xfc0 }, { 0xd, 0 },     { 0x10, 0xfff },
	};

	for (int i = 0; i < COUNT(rows); i++) {
		struct world w = world("max");

		write32(&w, 0x20, rows[i].cr0);
		write32(&w, 0x28, ALL);
		ck_assert_uint_eq(read32(&w, 0x28), rows[i].stored);
	}
}
END_TEST

/* CR-001, CR-024: where there is no PRI queue PRIQEN is stored, and guards nothing */
START_TEST(an_enable_without_a_queue_guards_nothing)
{
	struct world w = world("linux-capture");

	write32(&w, 0x20, 0x2);
	write32(&w, 0x28, ALL);
	ck_assert_uint_eq(read32(&w, 0x28), 0xfff);
}
END_TEST

/* GBP-002, GBP-003 */
START_TEST(gbpa_takes_a_write_with_update_and_ignores_one_without)
{
	struct world w = world("generic-3.1");

	write32(&w, 0x44, 0x80100000);
	ck_assert_uint_eq(read32(&w, 0x44), 0x00100000);
	write32(&w, 0x44, 0x00001000);
	ck_assert_uint_eq(read32(&w, 0x44), 0x00100000);
	write32(&w, 0x44, 0x80001000);
	ck_assert_uint_eq(read32(&w, 0x44), 0x00001000);
	write32(&w, 0x20, 1); /* SMMUEN is no guard of it */
	write32(&w, 0x44, 0x80000000);
	ck_assert_uint_eq(read32(&w, 0x44), 0);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, cr0_is_acknowledged_at_once);
	tcase_add_test(tests, interrupt_enables_are_acknowledged_at_once);
	tcase_add_loop_test(tests, a_guarded_register_keeps_its_value, 0, COUNT(guards));
	tcase_add_test(tests, an_unguarded_register_is_always_writable);
	tcase_add_test(tests, the_halves_of_cr1_have_guards_of_their_own);
	tcase_add_test(tests, an_enable_without_a_queue_guards_nothing);
	tcase_add_test(tests, gbpa_takes_a_write_with_update_and_ignores_one_without);
}

int main(void)
{
	return run("guards", add);
}
