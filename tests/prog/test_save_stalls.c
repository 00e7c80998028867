/* SPDX-License-Identifier: MIT */
/* Stalls and records that are well-formed, and no state that an SMMU could have come to.
 * docs/save.md */
#include "change.h"
#include "run.h"
#include "stalls.h"
#include "waiting.h"

#include <check.h>
#include <string.h>

/* ---- Records ---- */

/* A state with a record that waits, of stall 2 of stream 3; all the places are taken but two. */
static struct machine *waiting(struct blob *blob)
{
	struct machine *m = stalling(5);

	start_machine(m);
	stall(m, 1, 7);
	stall(m, 2, 8);
	pause_work(m);
	stall(m, 3, 9);
	do_acts(m, 0);
	*blob = saved(m);
	renew(m);
	return m;
}

/* EVTQ-009, STALL-07, STALL-08: a record is one of those that are written, of a transaction that is
 * stalled and not recorded yet */
START_TEST(a_record_that_waits_can_be)
{
	static const char record[] = "a record waits that this SMMU does not write";
	static const char match[] = "stalls that are to be recorded and records do not match";
	enum { FIRST = 38, SECOND = 32 + FIRST };
	static const struct change changes[] = {
		{ "WORK", FIRST, 1, 0x01, record }, /* F_UUT */
		{ "WORK", FIRST, 1, 0x05, record }, /* of ATS */
		{ "WORK", FIRST, 1, 0x07, record },
		{ "WORK", FIRST, 1, 0x0d, record },         /* reserved */
		{ "WORK", FIRST, 1, 0x24, record },         /* E_PAGE_REQUEST */
		{ "WORK", FIRST, 1, 0xe0, record },         /* implementation defined */
		{ "WORK", FIRST, 1, 0x00, record },         /* forgotten, but not all of it */
		{ "WORK", FIRST + 1, 1, 0x01, record },     /* [8] */
		{ "WORK", FIRST + 8 + 2, 1, 0x01, record }, /* [80] */
		{ "WORK", FIRST + 8, 2, 1, match },         /* STAG of one that is recorded */
		{ "WORK", FIRST + 8, 2, 3, match },         /* free */
		{ "WORK", FIRST + 8, 2, 5, match },         /* not there */
		{ "WORK", FIRST + 8, 2, 7, match },
		{ "WORK", FIRST + 8, 2, 0xffff, match },
		{ "WORK", FIRST + 4, 4, 4, match },      /* another StreamID */
		{ "WORK", FIRST + 8 + 3, 1, 0, match },  /* Stall */
		{ "STAL", 2 + 2 * 16 + 4, 4, 4, match }, /* StreamID of the stall */
		{ "STAL", 2 + 2 * 16 + 2, 2, 3, match }, /* recorded */
		{ "STAL", 2 + 1 * 16 + 2, 2, 1, match }, /* another is to be recorded */
	};

	for (int i = 0; i < COUNT(changes); i++) {
		struct blob blob;
		struct machine *m = waiting(&blob);

		ck_assert_uint_eq(section_bytes(&blob, "WORK"), SECOND);
		change(&blob, &changes[i]);
		expect_refused(m, &blob, SMMU3_E_FORMAT, changes[i].why);
		close_machine(m);
	}
}
END_TEST

/* STALL-07: two records of one stall */
START_TEST(a_stall_has_one_record)
{
	struct blob blob;
	struct machine *m = waiting(&blob);
	uint8_t record[32];

	memcpy(record, section(&blob, "WORK") + 38, sizeof(record));
	insert(&blob, "WORK", 38, record, sizeof(record));
	section(&blob, "WORK")[RECORDS] = 2;
	seal(&blob);
	expect_refused(m, &blob, SMMU3_E_FORMAT, "do not match");
	change(&blob, &(struct change){ "STAL", 2 + 1 * 16 + 2, 2, 1, "" }); /* of another none */
	expect_refused(m, &blob, SMMU3_E_FORMAT, "do not match");
	close_machine(m);
}
END_TEST

/* CR-010, EVTQ-003: no record waits while EVENTQEN is 0 */
START_TEST(records_wait_for_an_event_queue_that_is_enabled)
{
	struct blob blob;
	struct machine *m = waiting(&blob);

	change(&blob, &(struct change){ "REGS", VALUE(ROW_CR0), 8, CMDQEN | SMMUEN, "" });
	expect_refused(m, &blob, SMMU3_E_FORMAT, "although the Event queue is disabled");
	close_machine(m);
}
END_TEST

/* ---- Stalls ---- */

/* STALL-07, STALL-21: places are there, once each, with a StreamID of this SMMU; lists have each
 * place of their state */
START_TEST(stalls_are_in_a_table)
{
	static const char table[] = "STAL is no table of stalled transactions";
	enum { SECOND = 2 + 16, FREE = 2 + 2 * 16 };
	static const struct change changes[] = {
		{ "STAL", 0, 2, 6, table },
		{ "STAL", 0, 2, 1, table },
		{ "STAL", 0, 2, 3, table },
		{ "STAL", SECOND, 2, 0, table }, /* STAG */
		{ "STAL", SECOND, 2, 2, table },
		{ "STAL", SECOND, 2, 5, table },
		{ "STAL", SECOND, 2, 0xffff, table },
		{ "STAL", SECOND + 2, 2, 0, table }, /* state */
		{ "STAL", SECOND + 2, 2, 2, table }, /* which has a list */
		{ "STAL", SECOND + 2, 2, 4, table },
		{ "STAL", SECOND + 4, 4, 0x10000, "that has no StreamID of this SMMU" },
		{ "STAL", FREE, 2, 1, table }, /* the next that is free */
		{ "STAL", FREE, 2, 3, table },
		{ "STAL", FREE + 4, 2, 2, table },
		{ "STAL", FREE + 4, 2, 5, table },
		{ "STAL", FREE + 4, 2, 0xffff, table },
	};

	expect_changes_refused(changes, COUNT(changes));
}
END_TEST

/* STALL-07: by their STAGs, so that a state has one form */
START_TEST(stalls_ascend)
{
	struct blob blob;
	struct machine *m = plain(&blob);
	uint8_t first[16], *const table = section(&blob, "STAL") + 2;

	memcpy(first, table, sizeof(first));
	memcpy(table, table + 16, sizeof(first));
	memcpy(table + 16, first, sizeof(first));
	seal(&blob);
	expect_refused(m, &blob, SMMU3_E_FORMAT, "STAL is no table of stalled transactions");
	close_machine(m);
}
END_TEST

/* CR-016: those that are stalled end when SMMUEN is 0, so a search for them is on */
START_TEST(no_stall_outlives_smmuen)
{
	struct blob blob;
	struct machine *m = plain(&blob);

	change(&blob, &(struct change){ "REGS", VALUE(ROW_CR0), 8, CMDQEN | EVENTQEN, "" });
	expect_refused(m, &blob, SMMU3_E_FORMAT, "although the SMMU is disabled");
	change(&blob, &(struct change){ "WORK", DISABLING, 1, 1, "" });
	change(&blob, &(struct change){ "WORK", DISABLE_AT, 2, 1, "" }); /* past the first */
	expect_refused(m, &blob, SMMU3_E_FORMAT, "but not all of them");
	change(&blob, &(struct change){ "WORK", DISABLE_AT, 2, 0, "" });
	load(m, &blob);
	reg(m, CR0);
	ck_assert_uint_eq(count(m, ENDED), 2);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN);
	close_machine(m);
}
END_TEST

/* The host of an SMMU cannot be told that stalls have ended. */
START_TEST(a_host_that_cannot_be_told_gets_no_stalls)
{
	struct blob blob;
	struct machine *m = plain(&blob);

	m->deaf = true;
	renew(m);
	expect_refused(m, &blob, SMMU3_E_ARGUMENT, "host.stall_ended is not set");
	close_machine(m);
}
END_TEST

/* STALL-07: the host still waits for transactions that would be forgotten, also for one that is
 * resumed */
START_TEST(stalls_of_its_own_are_not_forgotten)
{
	struct blob blob;
	struct machine *m = plain(&blob);

	set_reg64(m, STRTAB_BASE, STREAMS_AT);
	open_queues(m);
	m->prod = 0;
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	stall(m, 1, 3);
	expect_refused(m, &blob, SMMU3_E_ARGUMENT, "transactions are stalled here");
	pause_work(m);
	submit(m, resume(1, 0, ABORT));
	do_acts(m, 1);
	expect_refused(m, &blob, SMMU3_E_ARGUMENT, "transactions are stalled here");
	reg(m, CR0);
	load(m, &blob);
	m->quiet = true; /* reset ends stalls, and then there are no registers */
	smmu3_reset(m->smmu);
	load(m, &blob);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_record_that_waits_can_be);
	tcase_add_test(tests, a_stall_has_one_record);
	tcase_add_test(tests, records_wait_for_an_event_queue_that_is_enabled);
	tcase_add_test(tests, stalls_are_in_a_table);
	tcase_add_test(tests, stalls_ascend);
	tcase_add_test(tests, no_stall_outlives_smmuen);
	tcase_add_test(tests, a_host_that_cannot_be_told_gets_no_stalls);
	tcase_add_test(tests, stalls_of_its_own_are_not_forgotten);
}

int main(void)
{
	return run("save-stalls", add);
}
