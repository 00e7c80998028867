/* SPDX-License-Identifier: MIT */
/* Sections and versions that are not those of this one.  docs/save.md */
#include "change.h"
#include "run.h"
#include "stalls.h"
#include "waiting.h"

#include <check.h>
#include <string.h>

/* ---- Sections and versions ---- */

static struct blob headed(const struct blob *blob, size_t at, const void *bytes, size_t count)
{
	struct blob more = *blob;

	memmove(&more.at[at + count], &more.at[at], more.size - at);
	memcpy(&more.at[at], bytes, count);
	more.size += count;
	seal(&more);
	return more;
}

enum { CONF_AT = 16, REGS_AT = CONF_AT + 12 + 112 };

/* A later version's section, of three bytes, wherever it stands. */
START_TEST(a_section_that_may_be_ignored_is)
{
	static const uint8_t unknown[] = "NEWS\1\0\0\0\3\0\0\0abc";
	struct blob blob;
	struct machine *m = plain(&blob);
	const size_t places[] = { CONF_AT, REGS_AT, blob.size - 4 };

	for (int i = 0; i < COUNT(places); i++) {
		const struct blob more = headed(&blob, places[i], unknown, sizeof(unknown) - 1);

		load(m, &more);
		const struct blob again = saved(m);

		ck_assert(same_blob(&again, &blob));
		m->quiet = true;
		smmu3_reset(m->smmu);
		m->quiet = false;
	}
	close_machine(m);
}
END_TEST

START_TEST(what_a_later_version_knows_is_refused)
{
	static const struct {
		const char *head;
		size_t at;
		int code;
		const char *why;
	} rows[] = {
		{ "NEWS\0\0\0\0\3\0\0\0abc", REGS_AT, SMMU3_E_UNSUPPORTED,
		  "section NEWS is not known" },
		{ "N\n\x80S\2\0\0\0\3\0\0\0abc", CONF_AT, SMMU3_E_UNSUPPORTED,
		  "section N??S is not" },
		{ "NEWS\1\0\0\0\xff\xff\xff\xff"
		  "abc",
		  CONF_AT, SMMU3_E_FORMAT, "reaches past the end" },
		{ "REGS\0\0\0\0\3\0\0\0abc", CONF_AT, SMMU3_E_UNSUPPORTED,
		  "REGS is not known here, or" },
	};
	struct blob blob;
	struct machine *m = plain(&blob);

	for (int i = 0; i < COUNT(rows); i++) {
		const struct blob more = headed(&blob, rows[i].at, rows[i].head, 15);

		expect_refused(m, &more, rows[i].code, rows[i].why);
	}
	blob.at[8] = 2;
	seal(&blob);
	expect_refused(m, &blob, SMMU3_E_UNSUPPORTED, "version 2 was saved, and this is version 1");
	close_machine(m);
}
END_TEST

START_TEST(each_section_is_there_once_and_whole)
{
	static const char *const names[] = { "CONF", "REGS", "WORK", "STAL", "PCIE" };
	struct blob good;
	struct machine *m = plain(&good);

	for (int i = 0; i < COUNT(names); i++) {
		struct blob longer = good, twice, without = good;
		uint8_t *const head = section(&without, names[i]) - 12;
		const size_t whole = section_bytes(&without, names[i]) + 12;

		insert(&longer, names[i], section_bytes(&longer, names[i]), "\0", 1);
		seal(&longer);
		expect_refused(m, &longer, SMMU3_E_FORMAT,
			       i == 1 ? "REGS is too short" : "is too long");
		twice = headed(&good, (size_t)(head - without.at), head, whole);
		expect_refused(m, &twice, SMMU3_E_UNSUPPORTED, "or not in its place");
		memmove(head, head + whole, (size_t)(&without.at[without.size] - head) - whole);
		without.size -= whole;
		seal(&without);
		expect_refused(m, &without, i == 4 ? SMMU3_E_FORMAT : SMMU3_E_UNSUPPORTED,
			       i == 4 ? "section PCIE is missing" : "or not in its place");
	}
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_section_that_may_be_ignored_is);
	tcase_add_test(tests, what_a_later_version_knows_is_refused);
	tcase_add_test(tests, each_section_is_there_once_and_whole);
}

int main(void)
{
	return run("save-sections", add);
}
