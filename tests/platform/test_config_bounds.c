/* SPDX-License-Identifier: MIT */
/* However large a configuration is, or whatever it asks for, loading it ends, and soon: bounds, and
 * memory that runs out. */
#include "load.h"
#include "support/sanitized.h"
#include "support/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* A table of stage 1, but for the first line of its map. */
#define MAP "version: 1\ntables:\n  t:\n    stage: 1\n    va_bits: 39\n    map:\n      - "

static char *repeated(const char *head, const char *part, size_t times, const char *tail)
{
	const size_t head_length = strlen(head), part_length = strlen(part);
	char *const text = malloc(head_length + part_length * times + strlen(tail) + 1);

	memcpy(text, head, head_length);
	for (size_t i = 0; i < times; i++)
		memcpy(text + head_length + i * part_length, part, part_length);
	strcpy(text + head_length + part_length * times, tail);
	return text;
}

static void check_said(char *text, const char *said)
{
	struct loading loading = load(text);

	ck_assert_str_eq(loading.said, said);
	ck_assert_int_eq(loading.code, -SMMU3_E_FORMAT);
	free(text);
}

START_TEST(depth_is_bounded)
{
	check_said(repeated("version: 1\nmasters: ", "[", 40, ""),
		   "2:41: nested too deeply: at most 32 levels\n");
	check_said(repeated("version: 1\nmasters: ", "[", 100000, ""),
		   "2:41: nested too deeply: at most 32 levels\n");
}
END_TEST

START_TEST(the_number_of_values_is_bounded)
{
	check_said(repeated("version: 1\nmasters: [", "1,\n", 1100000, "]"),
		   "1048573:1: too many values: a configuration has at most 1048576\n");
}
END_TEST

/* Ranges that are put over one another, in a table of 48 bits: the first is in line 6. */
#define RANGES                                                                               \
	"version: 1\nsmmu:\n  - profile: generic-3.3\n    features: {root: true, oas: 48}\n" \
	"    gpt: {bits: 48, map: [\n"
#define ALL_OF_IT "{pa: 0, size: 0x1000000000000, pas: ns},\n" /* 2^18 blocks, and one */
#define TOO_MANY                                                                                \
	"the ranges up to this one take more than 16777216 entries, of which a block of 1G is " \
	"one\n"

/* D9.6: entries are of 1 GB, or of 16 granules.  63 (2^18 + 1) + 2^18 - 64 + 1 are 2^24, one block
 * more is too many; so is one entry more than 1024 ranges of 2^14 - 1 of 64 KB, and one.  A range
 * after the last is wrong: nothing is built */
START_TEST(the_entries_of_a_granule_protection_table_are_bounded)
{
	check_said(repeated(RANGES, ALL_OF_IT, 63,
			    "{pa: 0, size: 0xfff000000000, pas: ns},\n"
			    "{pa: 0, size: 1, pas: ns}]}\n"),
		   "70:1: pa and size must be multiples of the granule\n");
	check_said(repeated(RANGES, ALL_OF_IT, 63,
			    "{pa: 0, size: 0xfff040000000, pas: ns},\n"
			    "{pa: 0, size: 1, pas: ns}]}\n"),
		   "69:1: " TOO_MANY);
	check_said(repeated(RANGES, "{pa: 0x10000, size: 0x3fff0000, pas: ns},\n", 1024,
			    "{pa: 0, size: 4K, pas: ns}]}\n"),
		   "1030:1: " TOO_MANY);
}
END_TEST

START_TEST(the_length_of_a_value_is_bounded)
{
	check_said(repeated("version: 1\nmasters: ", "a", 4097, "\n"),
		   "2:10: a value has at most 4096 bytes, and no NUL\n");
}
END_TEST

/* 2^26 bytes: 11 of the first line, 15 each of 4473923 lines, and 8 more fit. */
START_TEST(the_size_of_a_file_is_bounded)
{
	check_said(repeated("version: 1\n", "# 456789abcdef\n", (64 << 20) / 15 + 1, ""),
		   "4473925:9: a configuration has at most 64 MiB\n");
}
END_TEST

/* The place is that of the first byte which is not there. */
START_TEST(a_stream_that_is_cut_is_named_where_it_ends)
{
	struct loading cut = load_cut("version: 1\nmast", SIZE_MAX);
	struct loading later = load_cut("version: 1\n", 5);
	struct loading at_once = load_cut("", SIZE_MAX);

	ck_assert_str_eq(cut.said, "2:5: the stream is cut\n");
	ck_assert_str_eq(cut.shown, "mast");
	ck_assert_int_eq(cut.code, -SMMU3_E_IO);
	ck_assert_str_eq(later.said, "2:1: the stream is cut\n");
	ck_assert_str_eq(at_once.said, "1:1: the stream is cut\n");
}
END_TEST

START_TEST(a_hundred_thousand_equal_keys_end_quickly)
{
	struct loading loading;
	char *const text = repeated("version: 1\n", "a: 1\n", 100000, "");

	loading = load(text);
	ck_assert_uint_eq(loading.complaints, 20);
	free(text);
}
END_TEST

#define TOGETHER "all tables together would take more than 256M\n"

START_TEST(tables_are_bounded)
{
	struct loading loading = load(MAP "{va: 0, ipa: 0, size: 512G, block: 4K}\n");
	struct loading apart = load(MAP "{va: 0, ipa: 4K, size: 511G}\n");
	struct loading together = load(MAP "{va: 0, ipa: 0, size: 100G, block: 4K}\n"
					   "      - {va: 128G, ipa: 0, size: 100G, block: 4K}\n");

	ck_assert_str_eq(loading.said, "7:9: " TOGETHER);
	ck_assert_str_eq(apart.said, loading.said);
	ck_assert_str_eq(together.said, "8:9: " TOGETHER);
	ck_assert_int_eq(loading.code, -SMMU3_E_LIMIT);
	ck_assert_int_eq(together.code, -SMMU3_E_LIMIT);
}
END_TEST

/* A linear table of 2^23 STEs has 512M. */
START_TEST(a_stream_table_counts_among_all_tables)
{
	struct loading loading = load("version: 1\nsmmu:\n  - features: {sid_bits: 23}\n"
				      "    stream_table: {format: linear, log2size: 23}\n");

	ck_assert_str_eq(loading.said, "4:19: " TOGETHER);
	ck_assert_int_eq(loading.code, -SMMU3_E_LIMIT);
}
END_TEST

/* 64G in 4K pages: 128M of level 3 tables, each. */
START_TEST(tables_count_wherever_stage_2_has_them)
{
	static const char shape[] = "stage: 1, va_bits: 39, in: u";
	char text[600];
	struct loading loading;

	(void)snprintf(text, sizeof(text),
		       "version: 1\ntables:\n"
		       "  u: {stage: 2, map: [{ipa: 0, pa: 0x80000000, size: 512M}]}\n"
		       "  s: {%s, at_ipa: 0, map: [{va: 0, ipa: 0, size: 64G, block: 4K}]}\n"
		       "  t: {%s, at_ipa: 256M, map: [{va: 0, ipa: 0, size: 64G, block: 4K}]}\n",
		       shape, shape);
	loading = load(text);
	ck_assert_str_eq(loading.said, "5:57: " TOGETHER);
	ck_assert_int_eq(loading.code, -SMMU3_E_LIMIT);
}
END_TEST

static long pages_touched(void)
{
	struct rusage usage;

	ck_assert_int_eq(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_minflt;
}

/* 128G in 4K pages takes 256M of level 3 tables, 65536 pages of a host's, and more above them;
 * 30000 mappings a level 1, 2 and 3 table each. */
START_TEST(a_hopeless_table_is_refused_before_it_is_built)
{
	const long before = pages_touched();
	struct loading loading = load(MAP "{va: 0, ipa: 0, size: 128G, block: 4K}\n");
	struct loading second = load(MAP "{va: 0, ipa: 0, size: 64G}\n"
					 "      - {va: 64G, ipa: 0, size: 127G, block: 4K}\n"
					 "      - {va: 192G, ipa: 0, size: 2G, block: 4K}\n");

	ck_assert_int_lt(pages_touched() - before, 20000);
	ck_assert_str_eq(loading.said, "7:9: " TOGETHER);
	ck_assert_str_eq(second.said, "9:9: " TOGETHER);
}
END_TEST

/* A level 3 table maps 2M in 4K pages: 127G take 254M of them, a level 2 table maps 1G: 127 more
 * pages. */
START_TEST(a_table_just_within_the_bound_is_built)
{
	struct loading loading = load_good(
		MAP "{va: 0, ipa: 0, size: 64G, block: 4K}\n"
		    "      - {va: 64G, ipa: 64G, size: 63G, block: 4K}\n"
		    "      - {va: 0x1fc0001000, ipa: 0, size: 4K}\n"
		    "      - {va: 0x1fc0003000, ipa: 0x1fc0003000, size: 1G}\n");

	unload(&loading);
}
END_TEST

struct small {
	const char *text, *said;
};

#define TINY "version: 1\nmemory: [{name: tiny, base: 0, size: 16K}]\n"
#define NESTED                                                                             \
	"tables:\n  t:\n    stage: 2\n    ipa_bits: 39\n    map: []\n  s:\n    stage: 1\n" \
	"    in: t\n    va_bits: 39\n    map:\n      - {va: 0, ipa: 0, size: 4K}\n"
#define FULL "no room for tables in memory 'tiny'\n"

/* A 4K page each: of 39 bits the level 1 table, then levels 2 and 3; a level 2 stream table of 256
 * STEs has 16K; of 2^16 StreamIDs level 1 is 2K. */
static const struct small smalls[] = {
	{ TINY "smmu: [{stream_table: {format: linear, log2size: 9}}]\n", "3:23: " FULL },
	{ TINY "smmu: [{name: a}]\nmasters:\n - {name: a, stream_id: 1, mode: abort}\n",
	  "5:4: " FULL },
	{ TINY "tables:\n  t: {stage: 1, granule: 64K, va_bits: 42}\n", "4:6: " FULL },
	{ TINY "tables:\n  t:\n    stage: 1\n    map:\n"
	       "      - {va: 0, ipa: 0, size: 4K}\n      - {va: 4M, ipa: 0, size: 4K}\n",
	  "8:9: " FULL },
	{ TINY NESTED, "13:9: " FULL },
	{ "version: 1\nmemory: [{name: tiny, base: 0, size: 12K}]\n" NESTED, "9:5: " FULL },
};

START_TEST(a_memory_too_small_for_its_tables_is_a_wrong_configuration)
{
	struct loading loading = load(smalls[_i].text);

	ck_assert_str_eq(loading.said, smalls[_i].said);
	ck_assert_int_eq(loading.code, -SMMU3_E_FORMAT);
}
END_TEST

/* ---- What the machine that loads it lacks ---- */

enum { CAN_LIMIT = !SANITIZED }; /* a sanitizer's own memory would run out */

/* Leaves this process so many bytes of address space beyond what it has. */
static void leave_bytes(rlim_t bytes)
{
	FILE *const statm = fopen("/proc/self/statm", "r");
	struct rlimit limit;
	unsigned long pages = 0;

	if (!statm || fscanf(statm, "%lu", &pages) != 1)
		_exit(77);
	(void)fclose(statm);
	limit.rlim_cur = limit.rlim_max = pages * (rlim_t)sysconf(_SC_PAGESIZE) + bytes;
	if (setrlimit(RLIMIT_AS, &limit))
		_exit(77);
}

/* Loads in a process of its own; what it says of the code. */
static int code_within(const char *text, rlim_t bytes)
{
	const pid_t child = fork();
	int status = 0;

	if (!child) {
		struct loading loading;

		leave_bytes(bytes);
		loading = load(text);
		_exit(loading.complaints && strstr(loading.said, "out of memory") ? -loading.code :
										    78);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_msg(WIFEXITED(status), "a signal ended it: 0x%x", (unsigned)status);
	return WEXITSTATUS(status);
}

/* The nodes of this text take some 4 MB, the machine's memory 1 GB of address space: wherever it
 * runs out, in the text, the tree, what is made of it or the machine, that is the reason given. */
START_TEST(memory_that_runs_out_anywhere_is_the_reason_given)
{
	char *const text = repeated("version: 1\nmasters:\n",
				    "- {name: a, stream_id: 0, mode: bypass, ste: {S2VMID: 0}}\n",
				    3000, "");

	for (rlim_t bytes = 256 << 10; CAN_LIMIT && bytes < 8 << 20; bytes += 100 << 10)
		ck_assert_msg(code_within(text, bytes) == SMMU3_E_MEMORY, "code %d with %lu KB",
			      code_within(text, bytes), (unsigned long)bytes >> 10);
	free(text);
}
END_TEST

static Suite *suite(void)
{
	Suite *const suite = suite_create("platform: config bounds");
	TCase *const tests = tcase_create("bounds");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, depth_is_bounded);
	tcase_add_test(tests, the_number_of_values_is_bounded);
	tcase_add_test(tests, the_entries_of_a_granule_protection_table_are_bounded);
	tcase_add_test(tests, the_length_of_a_value_is_bounded);
	tcase_add_test(tests, the_size_of_a_file_is_bounded);
	tcase_add_test(tests, a_stream_that_is_cut_is_named_where_it_ends);
	tcase_add_test(tests, a_hundred_thousand_equal_keys_end_quickly);
	tcase_add_test(tests, tables_are_bounded);
	tcase_add_test(tests, a_stream_table_counts_among_all_tables);
	tcase_add_test(tests, tables_count_wherever_stage_2_has_them);
	tcase_add_test(tests, a_hopeless_table_is_refused_before_it_is_built);
	tcase_add_test(tests, a_table_just_within_the_bound_is_built);
	tcase_add_loop_test(tests, a_memory_too_small_for_its_tables_is_a_wrong_configuration, 0,
			    (int)(sizeof(smalls) / sizeof(smalls[0])));
	tcase_add_test(tests, memory_that_runs_out_anywhere_is_the_reason_given);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
