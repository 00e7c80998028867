/* SPDX-License-Identifier: MIT */
/* How registers have changed since something was kept. */
#include "check/registers.h"

#include "support/suite.h"

#include <check.h>

#define ALL UINT64_MAX

static void note(struct register_log *log, uint64_t value, uint64_t bits, uint64_t moment)
{
	register_note(log, value, bits, &(struct register_change){ 0, moment, moment / 10 });
}

/* check.h: what it was when something was kept, unless that is what it is; of what was kept in the
 * moment before a change it is not said that it came later. */
START_TEST(what_it_was_for_what_was_kept_then)
{
	struct register_log log = { .known = false };

	note(&log, 1, ALL, 5);
	ck_assert_ptr_null(register_change_since(&log, ALL, 0));
	note(&log, 2, ALL, 10);
	note(&log, 2, ALL, 15);
	note(&log, 3, ALL, 20);
	ck_assert_uint_eq(log.changes, 2);
	ck_assert_uint_eq(register_change_since(&log, ALL, 10)->was, 1);
	ck_assert_uint_eq(register_change_since(&log, ALL, 10)->access, 1);
	ck_assert_uint_eq(register_change_since(&log, ALL, 11)->was, 2);
	ck_assert_uint_eq(register_change_since(&log, ALL, 20)->access, 2);
	ck_assert_ptr_null(register_change_since(&log, ALL, 21));
	note(&log, 1, ALL, 30);
	ck_assert_ptr_null(register_change_since(&log, ALL, 10));
	ck_assert_uint_eq(register_change_since(&log, ALL, 11)->was, 2);
}
END_TEST

/* check.h: what does not count is no change, but is part of what it was. */
START_TEST(bits_that_count)
{
	struct register_log log = { .known = false };

	note(&log, 0x10, 1, 1);
	note(&log, 0x20, 1, 2);
	ck_assert_uint_eq(log.changes, 0);
	note(&log, 0x31, 1, 3);
	ck_assert_uint_eq(log.changes, 1);
	ck_assert_uint_eq(register_change_since(&log, 1, 0)->was, 0x20);
	ck_assert_uint_eq(log.now, 0x31);
}
END_TEST

/* The log of what is written all the time does not grow: the first that is known is said. */
START_TEST(there_is_an_end)
{
	struct register_log log = { .known = false };

	for (unsigned i = 0; i <= 100; i++)
		note(&log, i, ALL, i);
	ck_assert_uint_eq(log.changes, REGISTER_CHANGES);
	ck_assert_uint_eq(register_change_since(&log, ALL, 0)->was, 100 - REGISTER_CHANGES);
	ck_assert_uint_eq(register_change_since(&log, ALL, 100)->was, 99);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, what_it_was_for_what_was_kept_then);
	tcase_add_test(tests, bits_that_count);
	tcase_add_test(tests, there_is_an_end);
}

int main(void)
{
	return run_suite("registers", add);
}
