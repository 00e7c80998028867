/* SPDX-License-Identifier: MIT */
/* Binary traces: their bytes, and that they say what the text says: docs/trace.md. */
#include "binary.h"
#include "load.h"
#include "support/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows[0]))

/* ---- The bytes ---- */

/* Worked out by hand, but for the checksums, which are another program's. */
static const unsigned char example[] = {
	'S', 'M', 'M', 'U', 'T', 'R', 'C', 0, /* magic */
	1, 0, 0, 0,                           /* version */
	4, 3, 2, 1,                           /* byte order */
	64, 0, 0, 0, 32, 0, 0, 0,             /* sizes of the header and of a record */
	0, 0, 1, 0, 0, 0, 0, 0,               /* records of a block */
	0, 0, 0, 0, 0, 0, 0, 0,               /* operations: not said */
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0xcd, 0xa4, 0x79, 0xf7, 0x44, 0xd7,
	0xba, /* checksum */
	/* R 0x200.5 0x10001000 64 priv */
	0x00, 0x10, 0x00, 0x10, 0, 0, 0, 0, /* address */
	0x00, 0x02, 0, 0, 5, 0, 0, 0,       /* StreamID, SubstreamID */
	64, 0, 0, 0,                        /* bytes */
	0x09, 0,                            /* SSV, PRIVILEGED */
	1,                                  /* R */
	1,                                  /* priv is given */
	0, 0, 0, 0, 0, 0, 0, 0,
	/* the end */
	1, 0, 0, 0, 0, 0, 0, 0,                         /* records before it */
	0x38, 0x60, 0x8d, 0x9b, 0x88, 0xf8, 0x09, 0xff, /* their checksum */
	0, 0, 0, 0, 0, 0, 0xff, 0,                      /* END */
	1, 0, 0, 0, 0, 0, 0, 0,                         /* operations */
};

/* trace.h: docs/trace.md has them. */
START_TEST(a_binary_trace_has_the_bytes_of_its_documentation)
{
	static const char *const lines[] = { "R 0x200.5 0x10001000 64 priv" };
	struct sink sink = written(1, lines, 1);

	ck_assert_uint_eq(sink.size, sizeof(example));
	ck_assert_mem_eq(sink.byte, example, sizeof(example));
	sink_free(&sink);
}
END_TEST

/* ---- What goes in comes out ---- */

static const char *const plain[] = {
	"R 0x200 0x10001000 64",
	"W nic 0x40002000 256",
	"X nic+3.1048575 0x0 4",
	"AO gpu 0xffffffffffffffff 1",
	"AT 0x7 0x8000 4096 write cxl",
	"TT 0x7.0 0x8000 4096 write",
	"R 0x1 0x0 4294967295",
	"R 0xffffffff 0x0 1 priv",
	"R 0x1 0x0 1 user inst",
	"X 0x1 0x0 1 data",
	"W 0x1 0x0 1 inst",
	"R nic 0x0 1 ns ns=0",
	"R nic 0x0 1 ns=1",
	"R nic 0x0 1 secure ns=1",
	"R nic 0x0 1 realm xt",
	"R nic 0x0 1 nosnoop nostall",
	"R nic 0x0 1 probe",
	"R nic 0x0 1 attr=0x00",
	"R nic 0x0 1 attr=0xf7 sh=ish",
	"R nic 0x0 1 sh=nsh",
	"R nic 0x0 1 sh=osh",
	"RCI 0x1 0x1000 8 priv",
	"DR 0x1 0x1000 8 inst",
	"W-DCP nic 0x1000 8",
	"NW-DCP nic 0x1000 1",
	"CLEAN 0x1 0x1000 8",
	"CLEANINV 0x1 0x1000 8 sh=osh",
	"CLEANPERSIST 0x1 0x1000 8",
	"INV 0x1 0x1000 8",
	"DH 0x1 0x1000 8",
	"BARRIER 0x1 0x0 1",
	"DVM 0x1 0x0 1",
	"CMO 0x1 0x0 1",
};

static void check_same(const struct smmu3_trace_op *got, const struct smmu3_trace_op *want)
{
	ck_assert_int_eq(got->kind, want->kind);
	ck_assert_uint_eq(got->line, want->line);
	ck_assert_int_eq(got->op, want->op);
	ck_assert_str_eq(got->master, want->master);
	ck_assert_mem_eq(&got->txn, &want->txn, sizeof(got->txn));
	ck_assert_uint_eq(got->priv_given, want->priv_given);
	ck_assert_uint_eq(got->sec_given, want->sec_given);
	ck_assert_uint_eq(got->ns_given, want->ns_given);
	ck_assert_uint_eq(got->attr_given, want->attr_given);
	ck_assert_uint_eq(got->sh_given, want->sh_given);
	ck_assert_mem_eq(&got->expect, &want->expect, sizeof(got->expect));
	ck_assert_mem_eq(got->command, want->command, sizeof(got->command));
}

/* Every line comes back, with its number, and says the same. */
static void check_comes_back(const char *const *lines, size_t count, size_t piece)
{
	struct sink sink = written(1, lines, count);
	struct bytes bytes = all_of(&sink);
	struct loading said = { 0 };

	bytes.piece = piece;
	struct smmu3_trace *const trace = smmu3_trace_open(bytes_read, &bytes, "t.smb", collect,
							   &said);
	struct smmu3_trace_op op, want;

	for (size_t i = 0; i < count; i++) {
		const int code = smmu3_trace_parse(lines[i], "t", (unsigned)i + 1, &want, NULL,
						   NULL);

		ck_assert_int_eq(smmu3_trace_next_line(trace, &op), code ? code : 2);
		ck_assert_uint_eq(smmu3_trace_line(trace), i + 1);
		ck_assert_str_eq(smmu3_trace_text(trace), lines[i]);
		if (code)
			check_same(&op, &want);
	}
	ck_assert_int_eq(smmu3_trace_next_line(trace, &op), 0);
	ck_assert_str_eq(said.said, "");
	smmu3_trace_close(trace);
	sink_free(&sink);
}

/* Columns are the text's. */
static void check_accesses(const char *const *lines, size_t count)
{
	struct sink sink = written(1, lines, count);
	struct bytes bytes = all_of(&sink);
	struct smmu3_trace *const trace = smmu3_trace_open(bytes_read, &bytes, "t.smb", NULL, NULL);
	struct smmu3_trace_op op, want;

	for (size_t i = 0; i < count; i++) {
		ck_assert_int_eq(smmu3_trace_next(trace, &op), 1);
		ck_assert_str_eq(smmu3_trace_text(trace), lines[i]);
		ck_assert_int_eq(smmu3_trace_parse(lines[i], "t", (unsigned)i + 1, &want, NULL,
						   NULL),
				 1);
		check_same(&op, &want);
		ck_assert_uint_eq(op.who_column, 0);
	}
	ck_assert_int_eq(smmu3_trace_next(trace, &op), 0);
	smmu3_trace_close(trace);
	sink_free(&sink);
}

/* trace.h: of each attribute, given and not. */
START_TEST(an_access_says_the_same_in_a_record)
{
	check_accesses(plain, COUNT(plain));
}
END_TEST

/* trace.h: What takes a record each: the name of a master two more, once. */
START_TEST(an_access_takes_one_record)
{
	struct sink sink = written(1, plain, COUNT(plain));

	ck_assert_uint_eq(sink.size, 64 + 32 * (COUNT(plain) + 2 * 2 + 1));
	sink_free(&sink);
}
END_TEST

static const char *const other[] = {
	"# smmu-trace 1",
	"R nic 0x1000 8 expect=pa:0x80001000,pas:ns,attr:wb",
	"R nic 0x1000 8   # why",
	"R nic 0x1000 4G",
	"R nic 0x1000 0x100000040",
	"   ",
	"! w64 0x41132008 0x0",
	"! mmio r32 GERROR expect=0x0",
	"PR nic.1 0x5000 read write last prgindex=3",
	"! expect event F_TRANSLATION sid=0x10",
	"X nic 0x1000 8 expect=F_PERMISSION,s2:0,class:IN",
	"! endpoint a-name-of-32-letters-and-some-more waits",
};

/* trace.h */
START_TEST(what_no_record_says_stays_the_text_it_was)
{
	check_comes_back(other, COUNT(other), 0);
	check_comes_back(other, COUNT(other), 1);
	check_comes_back(other, COUNT(other), 33);
}
END_TEST

/* trace.h */
START_TEST(a_line_of_4096_bytes_stays_as_it_was)
{
	char line[4097];
	const char *const lines[] = { line, "R 1 0 1 # x" };

	memset(line, '#', 4096);
	line[4096] = '\0';
	check_comes_back(lines, 2, 0);
}
END_TEST

/* trace.h: Lines 3, 70003 and 270003 of which only the access is one. */
START_TEST(empty_lines_are_counted)
{
	static const unsigned at[] = { 3, 70003, 270003 };
	struct sink sink = { 0 };
	struct smmu3_trace_writer *const writer = smmu3_trace_write_open(1, 3, sink_write, &sink);
	struct smmu3_trace_op op;

	ck_assert_int_eq(smmu3_trace_parse("R 1 0 1", "t", 1, &op, NULL, NULL), 1);
	for (unsigned i = 0; i < 3; i++) {
		op.line = at[i];
		ck_assert_int_eq(smmu3_trace_write(writer, &op, NULL), 0);
	}
	ck_assert_int_eq(smmu3_trace_write_end(writer), 0);
	smmu3_trace_write_close(writer);
	struct bytes bytes = all_of(&sink);
	struct smmu3_trace *const trace = smmu3_trace_open(bytes_read, &bytes, "t.smb", NULL, NULL);

	for (unsigned i = 0; i < 3; i++) {
		ck_assert_int_eq(smmu3_trace_next(trace, &op), 1);
		ck_assert_uint_eq(op.line, at[i]);
	}
	ck_assert_uint_eq(smmu3_trace_form_of(trace)->count, 3);
	ck_assert_int_eq(smmu3_trace_next(trace, &op), 0);
	smmu3_trace_close(trace);
	sink_free(&sink);
}
END_TEST

/* trace.h: Many masters have a number, and those beyond stay text. */
START_TEST(there_may_be_more_masters_than_numbers)
{
	enum { MASTERS = 4100 };
	char(*const text)[32] = calloc(MASTERS, sizeof(*text));
	const char **const lines = calloc(MASTERS, sizeof(*lines));

	for (unsigned i = 0; i < MASTERS; i++) {
		(void)snprintf(text[i], sizeof(text[i]), "R master-%u 0x1000 8", i);
		lines[i] = text[i];
	}
	struct sink sink = written(1, lines, MASTERS);
	struct bytes bytes = all_of(&sink);
	struct smmu3_trace *const trace = smmu3_trace_open(bytes_read, &bytes, "t.smb", NULL, NULL);
	struct smmu3_trace_op op;

	for (unsigned i = 0; i < MASTERS; i++) {
		ck_assert_int_eq(smmu3_trace_next(trace, &op), 1);
		ck_assert_str_eq(smmu3_trace_text(trace), text[i]);
		ck_assert_int_eq(op.who_column != 0, i >= 4096); /* of a text there are columns */
	}
	ck_assert_int_eq(smmu3_trace_next(trace, &op), 0);
	smmu3_trace_close(trace);
	sink_free(&sink);
	free(text);
	free(lines);
}
END_TEST

/* ---- Blocks ---- */

/* trace.h: 65533 accesses, then a line whose text takes two records: with its own they do not fit
 * before the check. */
START_TEST(no_text_goes_over_the_end_of_a_block)
{
	struct sink sink = { 0 };
	struct smmu3_trace_writer *const writer = smmu3_trace_write_open(1, 0, sink_write, &sink);
	struct smmu3_trace_op op;
	struct loading said = { 0 };
	uint64_t count;

	ck_assert_int_eq(smmu3_trace_parse("R 1 0 1", "t", 0, &op, NULL, NULL), 1);
	op.line = 0;
	for (unsigned i = 0; i < 65533; i++)
		ck_assert_int_eq(smmu3_trace_write(writer, &op, NULL), 0);
	ck_assert_int_eq(smmu3_trace_write(writer, &op, "R 1 0 1    # a text of 33 letters"), 0);
	ck_assert_int_eq(smmu3_trace_write_end(writer), 0);
	smmu3_trace_write_close(writer);
	/* the header; a block, with 2 records of padding and the check; the rest */
	ck_assert_uint_eq(sink.writes, 3);
	ck_assert_uint_eq(sink.piece[0], 64);
	ck_assert_uint_eq(sink.piece[1], 65536 * 32);
	ck_assert_uint_eq(sink.piece[2], 4 * 32);
	ck_assert_uint_eq(sink.byte[64 + 65533 * 32 + 22], 0);
	ck_assert_uint_eq(sink.byte[64 + 65534 * 32 + 22], 0);
	ck_assert_uint_eq(sink.byte[64 + 65535 * 32 + 22], 0xfe);
	ck_assert_uint_eq(sink.byte[64 + 65536 * 32 + 22], 0x80);
	ck_assert_int_eq(read_to_end(all_of(&sink), &said, &count), 0);
	ck_assert_uint_eq(count, 65534);
	sink_free(&sink);
}
END_TEST

/* trace.h: The end of 65534 accesses is the last but one of a block; of one more there is a check
 * first. */
START_TEST(the_last_record_of_a_block_is_a_check)
{
	static const size_t sizes[] = { 65534, 65535 }, records[] = { 65535, 65537 };
	struct smmu3_trace_op op;

	ck_assert_int_eq(smmu3_trace_parse("R 1 0 1", "t", 0, &op, NULL, NULL), 1);
	op.line = 0;
	for (unsigned n = 0; n < 2; n++) {
		struct sink sink = { 0 };
		struct smmu3_trace_writer *const writer = smmu3_trace_write_open(1, sizes[n],
										 sink_write, &sink);
		struct loading said = { 0 };
		uint64_t count;

		for (size_t i = 0; i < sizes[n]; i++)
			ck_assert_int_eq(smmu3_trace_write(writer, &op, NULL), 0);
		ck_assert_int_eq(smmu3_trace_write_end(writer), 0);
		smmu3_trace_write_close(writer);
		ck_assert_uint_eq(sink.size, 64 + 32 * records[n]);
		ck_assert_int_eq(read_to_end(all_of(&sink), &said, &count), 0);
		ck_assert_uint_eq(count, sizes[n]);
		sink_free(&sink);
	}
}
END_TEST

/* trace.h: docs/trace.md. */
START_TEST(the_last_record_of_a_block_may_be_the_end)
{
	static const uint64_t good[4] = AN_ACCESS;
	struct sink sink = { 0 };
	struct loading said = { 0 };
	uint64_t count;

	put_header(&sink, 65535);
	for (unsigned i = 0; i < 65535; i++)
		put_record(&sink, good);
	put_check(&sink, 0xff, 65535);
	ck_assert_int_eq(read_to_end(all_of(&sink), &said, &count), 0);
	ck_assert_uint_eq(count, 65535);
	sink_free(&sink);
}
END_TEST

/* ---- Writing ---- */

/* trace.h */
START_TEST(text_is_written_as_it_was)
{
	struct sink sink = written(0, other, COUNT(other));
	size_t at = 0;

	for (size_t i = 0; i < COUNT(other); i++) {
		const size_t length = strlen(other[i]);

		ck_assert_uint_le(at + length + 1, sink.size);
		ck_assert_mem_eq(sink.byte + at, other[i], length);
		ck_assert_int_eq(sink.byte[at + length], '\n');
		at += length + 1;
	}
	ck_assert_uint_eq(at, sink.size);
	sink_free(&sink);
}
END_TEST

/* trace.h: Line 3 is the first: two empty ones come before it. */
START_TEST(text_keeps_its_line_numbers)
{
	struct sink sink = { 0 };
	struct smmu3_trace_writer *const writer = smmu3_trace_write_open(0, 2, sink_write, &sink);
	struct smmu3_trace_op op;

	ck_assert_int_eq(smmu3_trace_parse("R 1 0 1", "t", 3, &op, NULL, NULL), 1);
	ck_assert_int_eq(smmu3_trace_write(writer, &op, NULL), 0);
	op.line = 0;
	ck_assert_int_eq(smmu3_trace_write(writer, &op, NULL), 0);
	ck_assert_int_eq(smmu3_trace_write_end(writer), 0);
	smmu3_trace_write_close(writer);
	ck_assert_uint_eq(sink.size, 2 + 2 * 12);
	ck_assert_mem_eq(sink.byte, "\n\nR 0x1 0x0 1\nR 0x1 0x0 1\n", 26);
	sink_free(&sink);
}
END_TEST

/* trace.h */
START_TEST(what_is_no_line_is_not_written)
{
	static char long_line[4099];
	struct sink sink = { 0 };
	struct smmu3_trace_op op, act;

	memset(long_line, '#', 4097);
	ck_assert_int_eq(smmu3_trace_parse("R 1 0 1", "t", 2, &op, NULL, NULL), 1);
	ck_assert_int_eq(smmu3_trace_parse("! sync", "t", 3, &act, NULL, NULL), 1);
	for (int binary = 0; binary < 2; binary++) {
		struct smmu3_trace_writer *const writer = smmu3_trace_write_open(binary, 2,
										 sink_write, &sink);

		ck_assert_int_eq(smmu3_trace_write(writer, &act, NULL), -SMMU3_E_ARGUMENT);
		ck_assert_int_eq(smmu3_trace_write(writer, &op, "R 1\n0 1"), -SMMU3_E_ARGUMENT);
		ck_assert_int_eq(smmu3_trace_write_remark(writer, 1, long_line), -SMMU3_E_ARGUMENT);
		ck_assert_int_eq(smmu3_trace_write(writer, &op, NULL), 0);
		ck_assert_int_eq(smmu3_trace_write(writer, &op, NULL),
				 -SMMU3_E_ARGUMENT); /* line */
		op.performed = 1;
		op.line++;
		ck_assert_int_eq(smmu3_trace_write(writer, &op, NULL), -SMMU3_E_ARGUMENT);
		op.performed = 0;
		op.line--;
		/* one of the two that the header counts is missing */
		ck_assert_int_eq(smmu3_trace_write_end(writer), -SMMU3_E_ARGUMENT);
		ck_assert_int_eq(smmu3_trace_write(writer, &act, "! sync"), 0);
		ck_assert_int_eq(smmu3_trace_write_end(writer), 0);
		smmu3_trace_write_close(writer);
	}
	sink_free(&sink);
}
END_TEST

/* trace.h: the header, or the first block. */
START_TEST(a_write_that_fails_ends_the_writing)
{
	struct smmu3_trace_op op;

	ck_assert_int_eq(smmu3_trace_parse("R 1 0 1", "t", 0, &op, NULL, NULL), 1);
	op.line = 0;
	for (unsigned fails = 1; fails <= 2; fails++) {
		struct sink sink = { .fails_at = fails };
		struct smmu3_trace_writer *const writer = smmu3_trace_write_open(1, 0, sink_write,
										 &sink);
		int code = 0;

		for (unsigned i = 0; i < 65536 && !code; i++)
			code = smmu3_trace_write(writer, &op, NULL);
		ck_assert_int_eq(code, -SMMU3_E_IO);
		ck_assert_int_eq(smmu3_trace_write_end(writer), -SMMU3_E_IO);
		ck_assert_uint_eq(sink.writes, fails);
		smmu3_trace_write_close(writer);
		sink_free(&sink);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_binary_trace_has_the_bytes_of_its_documentation);
	tcase_add_test(tests, an_access_says_the_same_in_a_record);
	tcase_add_test(tests, an_access_takes_one_record);
	tcase_add_test(tests, what_no_record_says_stays_the_text_it_was);
	tcase_add_test(tests, a_line_of_4096_bytes_stays_as_it_was);
	tcase_add_test(tests, empty_lines_are_counted);
	tcase_add_test(tests, there_may_be_more_masters_than_numbers);
	tcase_add_test(tests, no_text_goes_over_the_end_of_a_block);
	tcase_add_test(tests, the_last_record_of_a_block_is_a_check);
	tcase_add_test(tests, the_last_record_of_a_block_may_be_the_end);
	tcase_add_test(tests, text_is_written_as_it_was);
	tcase_add_test(tests, text_keeps_its_line_numbers);
	tcase_add_test(tests, what_is_no_line_is_not_written);
	tcase_add_test(tests, a_write_that_fails_ends_the_writing);
}

int main(void)
{
	return run_suite("binary traces", add);
}
