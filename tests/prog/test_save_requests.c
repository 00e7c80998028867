/* SPDX-License-Identifier: MIT */
/* ATS invalidations and page requests that are well-formed, and no state that an SMMU could have
 * come to.  docs/save.md */
#include "change.h"
#include "pages.h"
#include "run.h"
#include "waiting.h"

#include <check.h>
#include <string.h>

/* Where PCIE has what, of with_both(). */
enum { LAST_TAG, FAILED = 8, TAGS, FIRST_TAG, SECOND_TAG = 18, RESPONDING = 26, PAGES_AHEAD };
enum { PAGES = 28, FIRST_PAGE };

/* Two invalidations are not answered, two page requests wait. */
static struct machine *with_both(struct blob *blob)
{
	static const struct command atc = { { 0x40 | UINT64_C(3) << 32, 0x7000 } };
	struct machine *m = pri_started();

	submit(m, atc);
	submit(m, atc);
	pause_work(m);
	expect_taken(m, R);
	expect_taken(m, R | LAST);
	do_acts(m, 0);
	*blob = saved(m);
	renew(m);
	return m;
}

static const char range[] = "a number of PCIE is out of range";

/* CMD-ATC-INV-5, PRIQ-004 */
START_TEST(what_endpoints_wait_for_can_be)
{
	static const struct change changes[] = {
		{ "PCIE", LAST_TAG, 8, 1, range }, /* tags are 1 and 2 */
		{ "PCIE", LAST_TAG, 8, UINT64_C(1) << 63, range },
		{ "PCIE", LAST_TAG, 8, UINT64_C(1) << 62, range },
		{ "PCIE", FAILED, 1, 2, range },
		{ "PCIE", TAGS, 1, 33, range },
		{ "PCIE", FIRST_TAG, 8, 0, range },
		{ "PCIE", FIRST_TAG, 8, 2, range },
		{ "PCIE", SECOND_TAG, 8, 1, range },
		{ "PCIE", SECOND_TAG, 8, 3, range },
		{ "PCIE", RESPONDING, 1, 2, range },
		{ "PCIE", PAGES_AHEAD, 1, 1, range }, /* and no command is due */
		{ "PCIE", PAGES, 1, 65, range },
		{ "PCIE", PAGES, 1, 3, range },             /* which are not there */
		{ "PCIE", FIRST_PAGE + 4, 1, 0x01, range }, /* SubstreamID, without SSV */
		{ "PCIE", FIRST_PAGE + 6, 1, 0x10, range }, /* [52] */
		{ "PCIE", FIRST_PAGE + 7, 1, 0x14, range }, /* Priv, without SSV */
		{ "PCIE", FIRST_PAGE + 7, 1, 0x18, range }, /* X */
		{ "PCIE", FIRST_PAGE + 9, 1, 0x32, range }, /* [73] */
		{ "PCIE", FIRST_PAGE + 16 + 7, 1, 0x51, range },
		{ "WORK", UNDER_WAY, 1, 4, "the command under way is none" },
	};

	for (int i = 0; i < COUNT(changes); i++) {
		struct blob blob;
		struct machine *m = with_both(&blob);

		change(&blob, &changes[i]);
		expect_refused(m, &blob, SMMU3_E_FORMAT, changes[i].why);
		close_machine(m);
	}
}
END_TEST

/* CMD-ATC-INV-5, PRIQ-004, PRIQ-005: the most that there can be */
START_TEST(what_endpoints_may_wait_for_is_taken)
{
	static const struct change changes[] = {
		{ "PCIE", LAST_TAG, 8, INT64_MAX >> 1, "" },
		{ "PCIE", FIRST_PAGE, 4, UINT32_MAX, "" }, /* StreamIDs are the endpoints' own */
		{ "PCIE", FIRST_PAGE + 4, 4, 0xbc0fffff, "" },
		{ "PCIE", FAILED, 1, 1, "" },
		{ "WORK", COMMAND_DUE, 1, 1, "" },
		{ "PCIE", PAGES_AHEAD, 1, 2, "" },
	};
	struct blob blob;
	struct machine *m = with_both(&blob);

	for (int i = 0; i < COUNT(changes); i++)
		change(&blob, &changes[i]);
	load(m, &blob);
	const struct blob again = saved(m);

	ck_assert(same_blob(&again, &blob));
	change(&blob, &(struct change){ "PCIE", PAGES_AHEAD, 1, 3, "" });
	expect_refused(m, &blob, SMMU3_E_FORMAT, range);
	close_machine(m);
}
END_TEST

/* CMD-PRI-RESP, 8.3: SSV, code, group, StreamID, PASID */
START_TEST(an_answer_is_one_that_there_can_be)
{
	static const struct {
		uint8_t bytes[12];
		bool good;
	} rows[] = {
		{ { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, true },
		{ { 1, 15, 0xff, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f, 0 }, true },
		{ { 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, true },
		{ { 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, false },
		{ { 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, false },
		{ { 0, 14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, false },
		{ { 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, false },
		{ { 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0 }, false },
		{ { 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0 }, false },
		{ { 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0 }, false },
	};

	for (int i = 0; i < COUNT(rows); i++) {
		struct blob blob;
		struct machine *m = with_both(&blob);

		insert(&blob, "PCIE", RESPONDING + 1, rows[i].bytes, 12);
		change(&blob, &(struct change){ "PCIE", RESPONDING, 1, 1, "" });
		if (rows[i].good)
			load(m, &blob);
		else
			expect_refused(m, &blob, SMMU3_E_FORMAT, range);
		close_machine(m);
	}
}
END_TEST

/* CMD-SYNC-14, 4.7.3: a CMD_SYNC waits for something that has not failed */
START_TEST(a_sync_waits_for_something)
{
	struct blob blob;
	struct machine *m = with_both(&blob);

	change(&blob, &(struct change){ "WORK", UNDER_WAY, 1, 4, "" });
	change(&blob, &(struct change){ "WORK", COMMAND, 1, 0x40, "" });
	expect_refused(m, &blob, SMMU3_E_FORMAT, "the command under way is none");
	change(&blob, &(struct change){ "WORK", COMMAND, 1, 0x46, "" });
	load(m, &blob);
	change(&blob, &(struct change){ "PCIE", FAILED, 1, 1, "" });
	expect_refused(m, &blob, SMMU3_E_FORMAT, "a CMD_SYNC waits for what has failed");
	change(&blob, &(struct change){ "PCIE", FAILED, 1, 0, "" });
	cut(&blob, "PCIE", FIRST_TAG, 16);
	change(&blob, &(struct change){ "PCIE", TAGS, 1, 0, "" });
	load(m, &blob); /* as one that waited for sections */
	close_machine(m);
}
END_TEST

/* CMD-ATC-INV-5, CMD-SYNC-14, PRIQ-004: without ATS and PRI, a tag that was given, an answer, a
 * page request; and a time-out of none */
START_TEST(where_there_is_no_ats_nothing_waits)
{
	static const char none[] = "can have no ATS or no PRI";
	static const uint8_t bytes[16] = { 0 };
	enum { NO_TAG_RESPONDING = 10, NO_TAG_PAGES = 12 };
	struct blob good, blob;
	struct machine *m = plain(&good);

	blob = good;
	change(&blob, &(struct change){ "PCIE", LAST_TAG, 8, 1, "" });
	expect_refused(m, &blob, SMMU3_E_FORMAT, none);
	blob = good;
	change(&blob, &(struct change){ "PCIE", FAILED, 1, 1, "" });
	expect_refused(m, &blob, SMMU3_E_FORMAT, range);
	blob = good;
	insert(&blob, "PCIE", NO_TAG_RESPONDING + 1, bytes, 12);
	change(&blob, &(struct change){ "PCIE", NO_TAG_RESPONDING, 1, 1, "" });
	expect_refused(m, &blob, SMMU3_E_FORMAT, none);
	blob = good;
	insert(&blob, "PCIE", NO_TAG_PAGES + 1, bytes, 16);
	change(&blob, &(struct change){ "PCIE", NO_TAG_PAGES, 1, 1, "" });
	expect_refused(m, &blob, SMMU3_E_FORMAT, none);
	load(m, &good);
	close_machine(m);
}
END_TEST

/* A record of C_BAD_STE waits. */
static void with_record(struct machine *m, struct blob *blob)
{
	pause_work(m);
	read_by(m, 6, 0);
	do_acts(m, 0);
	*blob = saved(m);
	renew(m);
}

static void change_number(struct blob *blob, unsigned number)
{
	change(blob, &(struct change){ "WORK", 38, 1, number, "" });
}

/* EVTQ-009: F_BAD_ATS_TREQ and F_TRANSL_FORBIDDEN are recorded where there is ATS */
START_TEST(a_record_of_ats_may_wait)
{
	static const char why[] = "a record waits that this SMMU does not write";
	static const unsigned numbers[] = { 0x05, 0x07 };
	struct machine *with = pri_started(), *without = started("generic-3.1");
	struct blob blob;

	with_record(with, &blob);
	for (int i = 0; i < COUNT(numbers); i++) {
		change_number(&blob, numbers[i]);
		load(with, &blob);
	}
	change_number(&blob, 0x01);
	expect_refused(with, &blob, SMMU3_E_FORMAT, why);
	with_record(without, &blob);
	for (int i = 0; i < COUNT(numbers); i++) {
		change_number(&blob, numbers[i]);
		expect_refused(without, &blob, SMMU3_E_FORMAT, why);
	}
	close_machine(with);
	close_machine(without);
}
END_TEST

/* EVT-16, EVT-17, EVT-19: and F_TLB_CONFLICT, F_CFG_CONFLICT and F_VMS_FETCH by any SMMU */
START_TEST(a_record_of_an_access_may_wait)
{
	static const unsigned numbers[] = { 0x20, 0x21, 0x25 };
	struct machine *m = started("generic-3.1");
	struct blob blob;

	with_record(m, &blob);
	for (int i = 0; i < COUNT(numbers); i++) {
		change_number(&blob, numbers[i]);
		load(m, &blob);
	}
	change_number(&blob, 0x24);
	expect_refused(m, &blob, SMMU3_E_FORMAT,
		       "a record waits that this SMMU does not write");
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, what_endpoints_wait_for_can_be);
	tcase_add_test(tests, what_endpoints_may_wait_for_is_taken);
	tcase_add_test(tests, an_answer_is_one_that_there_can_be);
	tcase_add_test(tests, a_sync_waits_for_something);
	tcase_add_test(tests, where_there_is_no_ats_nothing_waits);
	tcase_add_test(tests, a_record_of_ats_may_wait);
	tcase_add_test(tests, a_record_of_an_access_may_wait);
}

int main(void)
{
	return run("save-requests", add);
}
