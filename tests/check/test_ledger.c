/* SPDX-License-Identifier: MIT */
/* What structures were is known for as long as something that may be kept was made of it, or an
 * access has read it, and no longer. */
#include "check/trail.h"

#include "support/suite.h"

#include <check.h>
#include <string.h>

enum { MANY = 10000 };

static struct kept_key page_of(uint64_t input)
{
	struct kept_key key;

	memset(&key, 0, sizeof(key));
	key.kind = SMMU3_KEPT_TRANSLATION;
	key.tag.kind = TLB_STAGE1;
	key.tag.size_lg2 = 12;
	key.tag.input = input;
	return key;
}

static struct smmu3_step descriptor(uint64_t pa, uint64_t word)
{
	return (struct smmu3_step){ .pa = pa,
				    .reason = SMMU3_REASON_S1_TTD,
				    .words = 1,
				    .word = { word },
				    .granule_lg2 = 12,
				    .level = 3 };
}

/* An access reads a descriptor, and what it says is kept if there is a key. */
static void access_once(struct ledger *ledger, uint64_t pa, uint64_t word,
			const struct kept_key *key)
{
	const struct smmu3_step step = descriptor(pa, word);
	struct trail trail = { .items = 0 };

	ck_assert(trail_read(&trail, ledger, &step, ledger_read(ledger, &step, &word)));
	if (key) {
		trail_makes(&trail, key, ledger);
		ledger_keep(ledger, key, &(struct kept_when){ .moment = 1, .kept = 1 });
	}
	trail_free(&trail, ledger);
}

static uint64_t made_of(const struct ledger *ledger, const struct kept_key *key)
{
	const uint32_t number = ledger_find(ledger, key);

	ck_assert_uint_eq(ledger_record(ledger, number)->count, 1);
	return ledger_made_of(ledger, number, 0)->word[0];
}

/* check.h: a descriptor takes ever other values, each of which is read, one of which is kept, or
 * each after the other: two are known at most. */
START_TEST(what_nothing_is_made_of_is_forgotten)
{
	struct ledger ledger = { .versions = 0 };
	const struct kept_key hot = page_of(0x1000), still = page_of(0x2000);

	access_once(&ledger, 0x8000, 3, &still);
	for (uint64_t i = 1; i <= MANY; i++)
		access_once(&ledger, 0x9000, i << 12 | 3, i % 2 ? &hot : NULL);
	ck_assert_uint_eq(made_of(&ledger, &hot), (MANY - 1) << 12 | 3);
	ck_assert_uint_eq(made_of(&ledger, &still), 3);
	ck_assert_uint_eq(ledger.versions, 3);
	ck_assert_uint_eq(ledger.lost, 0);
	ledger_free(&ledger);
}
END_TEST

/* check.h: of what is kept all that it was made of stays known, however much else comes and goes;
 * and goes with it. */
START_TEST(what_something_is_made_of_stays)
{
	enum { PAGES = 1000 };
	struct ledger ledger = { .versions = 0 };

	for (unsigned turn = 0; turn < 3; turn++)
		for (uint64_t page = 0; page < PAGES; page++) {
			const struct kept_key key = page_of(page << 12);

			access_once(&ledger, page * 8, page << 12 | turn << 2 | 3, &key);
			access_once(&ledger, PAGES * 8, page << 12 | turn << 2 | 3, NULL);
		}
	for (uint64_t page = 0; page < PAGES; page++) {
		const struct kept_key key = page_of(page << 12);

		ck_assert_uint_eq(made_of(&ledger, &key), page << 12 | 2 << 2 | 3);
		ledger_forget(&ledger, ledger_find(&ledger, &key));
		ck_assert_uint_eq(ledger_find(&ledger, &key), 0);
	}
	ck_assert_uint_le(ledger.versions, PAGES + 2);
	for (uint64_t page = 0; page < PAGES; page++) {
		const struct kept_key key = page_of(page << 12);

		access_once(&ledger, page * 8, 7, &key);
	}
	ck_assert_uint_le(ledger.versions, PAGES + 2);
	ledger_free(&ledger);
}
END_TEST

/* check.h: ever other pages are kept, and invalidated, beside one that stays: that takes no more
 * room, and what stays is still known. */
START_TEST(names_that_have_gone_take_no_room)
{
	enum { WALK = 5 };
	struct ledger ledger = { .versions = 0 };
	const struct kept_key still = page_of(0x1000);
	const struct kept_when when = { .moment = 1, .kept = 1 };

	access_once(&ledger, 0x8000, 3, &still);
	for (uint64_t i = 2; i <= MANY; i++) {
		const struct kept_key key = page_of(i << 12);

		ledger.collected = 0;
		for (uint64_t k = 0; k < 1 + i % WALK; k++) {
			const struct smmu3_step step = descriptor(0x9000 + 8 * k, i << 12 | 3);

			ledger_collect(&ledger, ledger_read(&ledger, &step, step.word));
		}
		ledger_keep(&ledger, &key, &when);
		for (uint32_t k = 0; k < ledger.collected; k++)
			ledger_release(&ledger, ledger.collection[k]);
		ck_assert_uint_eq(ledger_record(&ledger, ledger_find(&ledger, &key))->count,
				  1 + i % WALK);
		ledger_forget(&ledger, ledger_find(&ledger, &key));
		ck_assert_uint_eq(ledger_find(&ledger, &key), 0);
	}
	ck_assert_uint_eq(made_of(&ledger, &still), 3);
	ck_assert_uint_eq(ledger.records, 2);
	ck_assert_uint_le(ledger.versions, 1 + WALK);
	ck_assert_uint_le(ledger.pooled, 4 * 8);
	ck_assert_uint_le(ledger.way[BY_PLACE].things, 1);
	ck_assert_uint_eq(ledger.lost, 0);
	ledger_free(&ledger);
}
END_TEST

/* check.h: what an access has used is invalidated while it goes on, and something else is kept:
 * what is made of the one is not taken for made of the other; and when the access is over, its
 * place is another's. */
START_TEST(what_an_access_has_used_is_nobody_elses)
{
	struct ledger ledger = { .versions = 0 };
	const struct kept_key used = page_of(0x1000), other = page_of(0x2000), third = page_of(0);
	const struct kept_key made = page_of(0x3000);
	struct trail trail = { .items = 0 };

	access_once(&ledger, 0x8000, 3, &used);
	const uint32_t number = ledger_find(&ledger, &used);

	ck_assert(trail_use(&trail, &ledger, &used, number));
	ledger_forget(&ledger, number);
	ck_assert_uint_eq(ledger_find(&ledger, &used), number);
	access_once(&ledger, 0x9000, 7, &other);
	ck_assert_uint_ne(ledger_find(&ledger, &other), number);
	trail_makes(&trail, &made, &ledger);
	ck_assert_uint_eq(ledger.collected, 0);
	trail_free(&trail, &ledger);
	ck_assert_uint_eq(ledger_find(&ledger, &used), 0);
	access_once(&ledger, 0xa000, 11, &third);
	ck_assert_uint_eq(ledger_find(&ledger, &third), number);
	ck_assert_uint_eq(made_of(&ledger, &other), 7);
	ledger_free(&ledger);
}
END_TEST

/* check.h: and if it is kept anew meanwhile it is known on, when the access is over, too. */
START_TEST(what_an_access_has_used_is_kept_anew)
{
	struct ledger ledger = { .versions = 0 };
	const struct kept_key used = page_of(0x1000);
	struct trail trail = { .items = 0 };

	access_once(&ledger, 0x8000, 3, &used);
	ck_assert(trail_use(&trail, &ledger, &used, ledger_find(&ledger, &used)));
	ledger_forget(&ledger, ledger_find(&ledger, &used));
	access_once(&ledger, 0x8000, 7, &used);
	trail_free(&trail, &ledger);
	ck_assert_uint_eq(made_of(&ledger, &used), 7);
	ck_assert_uint_eq(ledger.records, 1);
	ledger_free(&ledger);
}
END_TEST

/* check.h: an endpoint is given a page that is ever another, and drops it each time: that takes no
 * more room, and what it has not dropped is still known. */
START_TEST(what_an_atc_has_dropped_is_forgotten)
{
	struct ledger ledger = { .versions = 0 };
	const struct smmu3_atc_invalidation request = { .sid = 1, .addr = 0x1000, .bytes = 0x1000 };
	struct smmu3_txn txn = { .sid = 1, .addr = MANY << 12 };
	struct kept_key key;

	memset(&key, 0, sizeof(key));
	key.kind = SMMU3_KEPT_ATC;
	key.atc.sid = 1;
	key.atc.size_lg2 = 12;
	for (uint64_t i = 1; i <= MANY; i++) {
		key.atc.addr = i % 10 ? 0x1000 : i << 12;
		key.atc.to = i << 12;
		access_once(&ledger, 0x9000, i << 12 | 3, &key);
		ledger_drop_atc(&ledger, &request, UINT64_MAX);
	}
	ck_assert_uint_eq(ledger.records, MANY / 10);
	ck_assert_uint_eq(ledger.live[KEPT_ATCS], MANY / 10);
	ck_assert_uint_ne(ledger_find_atc(&ledger, 0, &txn), 0);
	txn.addr -= 0x1000;
	ck_assert_uint_eq(ledger_find_atc(&ledger, 0, &txn), 0);
	ledger_free(&ledger);
}
END_TEST

/* check.h: everything is forgotten while an access is under way: what it has read before is not
 * mistaken for what is read after. */
START_TEST(a_trail_of_another_era)
{
	struct ledger ledger = { .versions = 0 };
	const struct smmu3_step before = descriptor(0x8000, 3), after = descriptor(0x9000, 7);
	const struct kept_key key = page_of(0x1000);
	struct trail trail = { .items = 0 };

	ck_assert(trail_read(&trail, &ledger, &before, ledger_read(&ledger, &before, before.word)));
	ledger_free(&ledger);
	trail_makes(&trail, &key, &ledger);
	ck_assert_uint_eq(ledger.collected, 0);
	ck_assert(trail_read(&trail, &ledger, &after, ledger_read(&ledger, &after, after.word)));
	trail_makes(&trail, &key, &ledger);
	ck_assert_uint_eq(ledger.collected, 1);
	ledger_free(&ledger);
	trail_free(&trail, &ledger);
	ck_assert_uint_eq(ledger.versions, 0);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, what_nothing_is_made_of_is_forgotten);
	tcase_add_test(tests, what_something_is_made_of_stays);
	tcase_add_test(tests, names_that_have_gone_take_no_room);
	tcase_add_test(tests, what_an_access_has_used_is_nobody_elses);
	tcase_add_test(tests, what_an_access_has_used_is_kept_anew);
	tcase_add_test(tests, what_an_atc_has_dropped_is_forgotten);
	tcase_add_test(tests, a_trail_of_another_era);
}

int main(void)
{
	return run_suite("ledger", add);
}
