/* SPDX-License-Identifier: MIT */
/* What one access has read and used, and the numbers of causes: however much there is of it. */
#include "check/causes.h"
#include "check/trail.h"

#include "support/suite.h"

#include <check.h>
#include <string.h>

enum { MANY = 1000 };

/* check.h: A translation is made of all that was read before it, in order, each once. */
START_TEST(a_trail_has_no_end)
{
	struct ledger ledger = { .versions = 0 };
	struct trail trail = { .items = 0 };
	struct kept_key key;
	uint64_t word = 3;

	memset(&key, 0, sizeof(key));
	key.kind = SMMU3_KEPT_TRANSLATION;
	key.tag.kind = TLB_STAGE1;
	for (unsigned i = 0; i < 2 * MANY; i++) {
		const struct smmu3_step step = { .pa = 8 * (i % MANY),
						 .reason = SMMU3_REASON_S1_TTD,
						 .words = 1,
						 .word = { word } };

		ck_assert(trail_read(&trail, &ledger, &step, ledger_read(&ledger, &step, &word)));
	}
	trail_makes(&trail, &key, &ledger);
	ledger_keep(&ledger, &key, &(struct kept_when){ .moment = 1, .kept = 1 });
	const uint32_t number = ledger_find(&ledger, &key);

	ck_assert_uint_eq(ledger_record(&ledger, number)->count, MANY);
	for (uint32_t i = 0; i < MANY; i++)
		ck_assert_uint_eq(ledger_made_of(&ledger, number, i)->at.addr, 8 * i);
	ck_assert_uint_eq(ledger.lost, 0);
	trail_free(&trail, &ledger);
	ledger_free(&ledger);
}
END_TEST

/* check.h: smmu3_finding.cause: from 1; what has changed, a structure or a register, or else what
 * was used. */
START_TEST(causes_are_numbered_as_they_come)
{
	struct causes causes = { .count = 0 };
	struct smmu3_changed changed = { .words = 1 };
	struct smmu3_changed_register reg = { .bytes = 0 };
	struct kept_key key;

	memset(&key, 0, sizeof(key));
	for (unsigned turn = 0; turn < 2; turn++)
		for (uint32_t i = 0; i < MANY; i++) {
			changed.pa = 8 * i;
			ck_assert_uint_eq(cause_number(&causes, &key, &changed, &reg), i + 1);
		}
	changed.pas = SMMU3_PAS_SECURE;
	ck_assert_uint_eq(cause_number(&causes, &key, &changed, &reg), MANY + 1);
	changed.words = 0;
	ck_assert_uint_eq(cause_number(&causes, &key, &changed, &reg), MANY + 2);
	key.name.sid = 1;
	ck_assert_uint_eq(cause_number(&causes, &key, &changed, &reg), MANY + 3);
	reg = (struct smmu3_changed_register){ .offset = 0x80, .bytes = 8 };
	ck_assert_uint_eq(cause_number(&causes, &key, &changed, &reg), MANY + 4);
	key.name.sid = 2;
	ck_assert_uint_eq(cause_number(&causes, &key, &changed, &reg), MANY + 4);
	reg.offset = 0x88;
	ck_assert_uint_eq(cause_number(&causes, &key, &changed, &reg), MANY + 5);
	causes_free(&causes);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_trail_has_no_end);
	tcase_add_test(tests, causes_are_numbered_as_they_come);
}

int main(void)
{
	return run_suite("trail", add);
}
