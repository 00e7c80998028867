/* SPDX-License-Identifier: MIT */
/* Of so many tables it is known who was led there: of those to which somebody was last. */
#include "check/users.h"

#include "support/suite.h"

#include <check.h>

enum { MORE = 1000 };

static struct smmu3_step table(uint64_t number)
{
	return (struct smmu3_step){ .pa = number << 12,
				    .reason = SMMU3_REASON_S1_TTD,
				    .words = 1,
				    .granule_lg2 = 12,
				    .level = 3 };
}

static void lead(struct users *users, uint64_t number, uint32_t sid)
{
	const struct smmu3_step step = table(number);

	users_note(users, &step, &(struct smmu3_txn){ .sid = sid });
}

static unsigned known(const struct users *users, uint64_t number)
{
	const struct smmu3_step step = table(number);
	const struct table_place place = place_of_step(&step);
	struct table_user found[TABLE_USERS];

	return users_of(users, &place, found);
}

/* check.h: as many as there may be are all known, and of another nobody is. */
START_TEST(as_many_tables_as_there_may_be)
{
	struct users users = { .tables = 0 };

	for (uint64_t n = 0; n < USERS_TABLES; n++)
		lead(&users, n, 1);
	for (uint64_t n = 0; n < USERS_TABLES; n++)
		ck_assert_uint_eq(known(&users, n), 1);
	ck_assert_uint_eq(known(&users, USERS_TABLES), 0);
	users_free(&users);
}
END_TEST

/* check.h: of more tables those are known to which somebody was last, whenever he came first, and
 * of others it is not said that there was nobody. */
START_TEST(those_to_which_nobody_comes_any_more_go)
{
	struct users users = { .tables = 0 };

	for (uint64_t n = 0; n < USERS_TABLES; n++)
		lead(&users, n, 1);
	lead(&users, 0, 2);
	for (uint64_t n = 0; n < MORE; n++)
		lead(&users, USERS_TABLES + n, 3);
	ck_assert_uint_eq(users.tables, USERS_TABLES);
	ck_assert_uint_eq(users.places.things, USERS_TABLES);
	ck_assert_uint_le(users.room, USERS_TABLES);
	ck_assert_uint_eq(known(&users, 0), 2);
	for (uint64_t n = 1; n <= MORE; n++)
		ck_assert_uint_eq(known(&users, n), USERS_UNKNOWN);
	for (uint64_t n = MORE + 1; n < USERS_TABLES + MORE; n++)
		ck_assert_uint_eq(known(&users, n), 1);
	ck_assert_uint_eq(users.lost, 0);
	users_free(&users);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, as_many_tables_as_there_may_be);
	tcase_add_test(tests, those_to_which_nobody_comes_any_more_go);
}

int main(void)
{
	return run_suite("users", add);
}
