/* SPDX-License-Identifier: MIT */
/*
 * The obvious walker over recorded sessions, of which docs/smmu-sim.md has the lines: for every
 * access what the recorded SMMU answered, and every event record that it wrote, must be what the
 * walker says of the registers and the memory as they stood then.  The library has no part in it.
 */
#include "obvious/session.h"
#include "support/suite.h"

#include <check.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The sessions there are: whoever adds one to tests/data has it compared here. */
static const char sessions_at[] = SMMU_SOURCE_DIR "/tests/data/*-session/session.txt.*";

/* How many accesses and records some of them have. */
static const struct {
	const char *session;
	unsigned accesses, records;
} known[] = {
	{ "/linux-6.1-session/", 100230, 8 },
};

/* ---- Sessions of files ---- */

static glob_t sessions;

static FILE *unpack(const char *path)
{
	const bool gzip = strcmp(path + strlen(path) - 3, ".gz") == 0;
	char command[512];

	ck_assert_int_lt(snprintf(command, sizeof(command), "%s '%s'",
				  gzip ? "gzip -dc" : "zstd -dcq", path),
			 (int)sizeof(command));
	return popen(command, "r");
}

static void compare(struct session_run *run, const char *path)
{
	FILE *const file = unpack(path);
	char line[256];

	ck_assert_ptr_nonnull(file);
	for (unsigned number = 1; fgets(line, sizeof(line), file) != NULL; number++) {
		ck_assert_ptr_nonnull(strchr(line, '\n'));
		*strchr(line, '\n') = '\0';
		session_take(run, line);
		ck_assert_msg(run->wrong[0] == '\0', "%s:%u: %s: %s", path, number, line,
			      run->wrong);
	}
	ck_assert_int_eq(pclose(file), 0);
}

/* EVT-002, PERM-04: what hardware, or another model of it, answered and recorded; _i: which session
 */
START_TEST(every_access_of_a_session_is_as_the_obvious_walker_says)
{
	const char *const path = sessions.gl_pathv[_i];
	struct session_run run;

	session_begin(&run);
	compare(&run, path);
	ck_assert_uint_gt(run.accesses, 0);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strstr(path, known[i].session) == NULL)
			continue;
		ck_assert_uint_eq(run.accesses, known[i].accesses);
		ck_assert_uint_eq(run.records, known[i].records);
	}
	session_end(&run);
}
END_TEST

/* ---- A session by hand, and what is wrong with others ---- */

/* A Stream table of two STEs at 0x3000, an Event queue of two records at 0x2000; StreamID 1 has
 * stage 1 by a CD at 0x3100 with T0SZ 25 and one page of 4KB, read-only, of ASID 0: 0x1000 goes to
 * 0x5000 through tables at 0x6000, 0x7000, 0x8000.  5.2, 5.4, D8.3 */
static const char *const by_hand[] = {
	"W 80 8 3000",
	"W 88 4 1",
	"W a0 8 2001",
	"W 2c 4 2",
	"W 20 4 5",
	"M 3040 310b",
	"M 3048 100000000000",
	"M 3100 6200c0003519",
	"M 3108 6000",
	"M 3118 ff",
	"M 6000 7003",
	"M 7000 8003",
	"M 8008 5fc3",
	"T 1 1234 1 = 0 5234 fff 1",
	"D 2000 32 1300000001000000000000000002000034120000000000000000000000000000",
	"T 1 1234 2 = -19 0 0 0", /* F_PERMISSION, class IN */
	"D 2020 32 0200000005000000000000000000000000000000000000000000000000000000",
	"T 5 0 1 = -2 0 0 0", /* C_BAD_STREAMID */
	"T 5 0 1 = -2 0 0 0", /* the queue is full */
	"W 100ac 4 2",
	"D 2000 32 1000000001000000000000000802000000200000000000000000000000000000",
	"T 1 2000 1 = -16 0 0 0", /* F_TRANSLATION */
	"W 20 4 0",
	"T 1 1234 3 = 0 1234 ffffffffffffffff 3", /* GBPA lets it pass */
	"W 44 4 80100000",
	"T 1 1234 1 = no-event 0 0 0",
};

enum { HAND = sizeof(by_hand) / sizeof(by_hand[0]) };

/* The number of the line, from 0, that differs where one has become another (NULL: is left out), or
 * HAND. */
static unsigned first_wrong(const char *line, const char *other, char *why, size_t size)
{
	struct session_run run;
	unsigned i;

	session_begin(&run);
	for (i = 0; i < HAND && run.wrong[0] == '\0'; i++) {
		if (line == NULL || strcmp(by_hand[i], line) != 0)
			session_take(&run, by_hand[i]);
		else if (other != NULL)
			session_take(&run, other);
	}
	i -= run.wrong[0] != '\0';
	(void)snprintf(why, size, "%s", run.wrong);
	session_end(&run);
	return i;
}

/* PERM-04, EVT-002 */
START_TEST(a_session_by_hand_is_as_the_walker_says)
{
	char why[512];

	ck_assert_msg(first_wrong(NULL, NULL, why, sizeof(why)) == HAND, "%s", why);
}
END_TEST

/* From which line on one that was changed is noticed. */
static const struct {
	const char *line, *other;
	unsigned noticed;
} changes[] = {
	{ "T 1 1234 1 = 0 5234 fff 1", "T 1 1234 1 = 0 5235 fff 1", 13 },
	{ "T 1 1234 1 = 0 5234 fff 1", "T 1 1234 1 = 0 5234 1fff 1", 13 },
	{ "T 1 1234 1 = 0 5234 fff 1", "T 1 1234 1 = 0 5234 fff 3", 13 },
	{ "T 1 1234 1 = 0 5234 fff 1", "T 1 1234 1 = -16 0 0 0", 13 },
	{ "T 1 1234 2 = -19 0 0 0", "T 1 1234 2 = -16 0 0 0", 15 },
	{ "T 1 1234 2 = -19 0 0 0", "T 1 1234 2 = 0 5234 fff 1", 15 },
	{ "T 1 1234 2 = -19 0 0 0", "T 1 1235 2 = -19 0 0 0", 15 },
	{ "T 5 0 1 = -2 0 0 0", "T 5 0 1 = no-event 0 0 0", 17 },
	{ "T 1 1234 1 = no-event 0 0 0", "T 1 1234 1 = -2 0 0 0", 25 },
	{ "D 2000 32 1300000001000000000000000002000034120000000000000000000000000000",
	  "D 2000 32 1300000001000000000000000002000034120000000000000000000000000001", 15 },
	{ "D 2000 32 1300000001000000000000000002000034120000000000000000000000000000",
	  "D 2020 32 1300000001000000000000000002000034120000000000000000000000000000", 15 },
	{ "D 2000 32 1300000001000000000000000002000034120000000000000000000000000000", NULL, 15 },
	{ "D 2020 32 0200000005000000000000000000000000000000000000000000000000000000", NULL, 17 },
	{ "W 100ac 4 2", NULL, 21 },
	{ "W 100ac 4 2",
	  "D 2000 32 0200000005000000000000000000000000000000000000000000000000000000", 21 },
	{ "T 5 0 1 = -2 0 0 0", NULL, 19 },
	{ "W 2c 4 2", NULL, 17 },
	{ "W 20 4 0", NULL, 23 },
	{ "M 8008 5fc3", "M 8008 4fc3", 13 },
	{ "M 3118 ff", "Q", 9 },
};

START_TEST(a_line_that_says_otherwise_is_noticed)
{
	char why[512];

	ck_assert_uint_eq(first_wrong(changes[_i].line, changes[_i].other, why, sizeof(why)),
			  changes[_i].noticed);
	ck_assert_str_ne(why, "");
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, every_access_of_a_session_is_as_the_obvious_walker_says, 0,
			    (int)sessions.gl_pathc);
	tcase_add_test(tests, a_session_by_hand_is_as_the_walker_says);
	tcase_add_loop_test(tests, a_line_that_says_otherwise_is_noticed, 0,
			    sizeof(changes) / sizeof(changes[0]));
}

int main(void)
{
	if (glob(sessions_at, 0, NULL, &sessions) != 0) {
		(void)fprintf(stderr, "there are no sessions at %s\n", sessions_at);
		return 1;
	}
	const int status = run_suite("recorded sessions", add);

	globfree(&sessions);
	return status;
}
