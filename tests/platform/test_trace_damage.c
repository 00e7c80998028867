/* SPDX-License-Identifier: MIT */
/* Binary traces that are cut, damaged or malformed: each is refused, and the record named. */
#include "binary.h"
#include "load.h"
#include "support/suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#define COUNT(rows) (sizeof(rows) / sizeof(rows[0]))

/* ---- Damage ---- */

static struct sink few(void)
{
	static const char *const lines[] = { "R nic 0x1000 64", "# a remark", "W 7 0x2000 8 priv" };

	return written(1, lines, COUNT(lines));
}

/* trace.h: the end is not found. */
START_TEST(a_trace_that_is_cut_anywhere_is_refused)
{
	struct sink sink = few();

	for (size_t size = 1; size < sink.size; size++) {
		struct loading said = { 0 };
		uint64_t count;
		char sentence[80];

		if (size < 64)
			(void)snprintf(sentence, sizeof(sentence),
				       "0:0: the header: the trace is cut\n");
		else
			(void)snprintf(sentence, sizeof(sentence),
				       "0:0: record %zu: the trace is cut\n",
				       /* of a text the record that begins it is meant */
				       1 + (size - 64) / 32 -
					       (size >= 64 + 32 && size < 64 + 64 ? 1u : 0u) -
					       (size >= 64 + 128 && size < 64 + 160 ? 1u : 0u));
		ck_assert_int_eq(read_to_end((struct bytes){ .at = sink.byte, .left = size }, &said,
					     &count),
				 -SMMU3_E_IO);
		ck_assert_str_eq(said.said, sentence);
		ck_assert_str_eq(said.file, "t.smb");
	}
	sink_free(&sink);
}
END_TEST

/* trace.h: wherever it is. */
START_TEST(one_bit_that_is_another_is_noticed)
{
	struct sink sink = few();

	for (size_t bit = 0; bit < 8 * sink.size; bit++) {
		struct loading said = { 0 };
		uint64_t count;

		sink.byte[bit / 8] ^= (unsigned char)(1u << bit % 8);
		ck_assert_msg(read_to_end(all_of(&sink), &said, &count) < 0, "bit %zu", bit);
		ck_assert_uint_eq(said.complaints, 1);
		sink.byte[bit / 8] ^= (unsigned char)(1u << bit % 8);
	}
	sink_free(&sink);
}
END_TEST

/* trace.h: Swapped records, and one in place of another, have words that are each right. */
START_TEST(records_in_another_order_are_noticed)
{
	static const char *const lines[] = { "R 1 0 1", "R 2 0 1" };
	struct sink sink = written(1, lines, 2);
	struct loading said = { 0 };
	unsigned char first[32];
	uint64_t count;

	memcpy(first, sink.byte + 64, 32);
	memmove(sink.byte + 64, sink.byte + 96, 32);
	memcpy(sink.byte + 96, first, 32);
	ck_assert_int_eq(read_to_end(all_of(&sink), &said, &count), -SMMU3_E_FORMAT);
	ck_assert_str_eq(said.said, "0:0: record 3: damaged: the checksum of what stands before is "
				    "another\n");
	sink_free(&sink);
}
END_TEST

/* trace.h */
START_TEST(a_source_that_fails_is_named_with_its_record)
{
	struct sink sink = few();
	struct loading said = { 0 };
	uint64_t count;

	ck_assert_int_eq(read_to_end((struct bytes){ .at = sink.byte,
						     .left = 64 + 64,
						     .failure = "the stream is damaged" },
				     &said, &count),
			 -SMMU3_E_IO);
	ck_assert_str_eq(said.said, "0:0: record 3: the stream is damaged\n");
	sink_free(&sink);
}
END_TEST

/* ---- Headers that there cannot be ---- */

struct header_mistake {
	unsigned at, value; /* a byte */
	const char *said;
};

static const struct header_mistake header_mistakes[] = {
	{ 8, 2, "this version reads binary traces of version 1 alone" },
	{ 8, 0, "this version reads binary traces of version 1 alone" },
	{ 12, 1, "it is damaged: its checksum is another" },
	{ 32, 9, "it is damaged: its checksum is another" },
	{ 63, 9, "it is damaged: its checksum is another" },
};

/* trace.h */
START_TEST(a_header_that_is_another_is_refused)
{
	const struct header_mistake *const mistake = &header_mistakes[_i];
	struct sink sink = few();
	struct loading said = { 0 };
	char sentence[120];
	uint64_t count;

	(void)snprintf(sentence, sizeof(sentence), "0:0: the header: %s\n", mistake->said);
	sink.byte[mistake->at] = (unsigned char)mistake->value;
	ck_assert_int_eq(read_to_end(all_of(&sink), &said, &count), -SMMU3_E_FORMAT);
	ck_assert_str_eq(said.said, sentence);
	sink_free(&sink);
}
END_TEST

/* ---- Records that there cannot be ---- */

#define OP(op) (UINT64_C(op) << 48)
#define FLAGS(flags) (UINT64_C(flags) << 32)
#define GIVEN(given) (UINT64_C(given) << 56)

struct record_mistake {
	uint64_t word[4];
	const char *said;
};

static const char bad_range[] =
	"an access of no byte, or one that passes the end of the address space";
static const char bad_flags[] = "flags that such an access cannot have";
static const char bad_ssid[] = "a SubstreamID out of range";
static const char bad_attributes[] = "attributes out of range, or that are not given";
static const char bad_text[] = "a text's record with more than its length";

static const struct record_mistake record_mistakes[] = {
	{ { 0, 1, OP(1), 0 }, bad_range },
	{ { UINT64_MAX, 1, OP(1) | 2, 0 }, bad_range },
	{ { 0, 1, OP(1) | 1 | FLAGS(0x2), 0 }, bad_flags },       /* R with WRITE */
	{ { 0, 1, OP(2) | 1, 0 }, bad_flags },                    /* W without */
	{ { 0, 1, OP(1) | 1 | FLAGS(0x80), 0 }, bad_flags },      /* ATTR */
	{ { 0, 1, OP(1) | 1 | FLAGS(0x800), 0 }, bad_flags },     /* no such flag */
	{ { 0, 1, OP(1) | 1 | FLAGS(0x200), 0 }, bad_flags },     /* R with cxl */
	{ { 0, 1, OP(1) | 1 | FLAGS(0x8), 0 }, bad_flags },       /* priv, not given */
	{ { 0, 1, OP(1) | 1 | FLAGS(0x10), 0 }, bad_flags },      /* ns=1, not given */
	{ { 0, 1 | UINT64_C(1) << 32, OP(1) | 1, 0 }, bad_ssid }, /* without SSV */
	{ { 0, 1 | UINT64_C(1) << 52, OP(1) | 1 | FLAGS(1), 0 }, bad_ssid },
	{ { 0, 1, OP(1) | 1, UINT64_C(1) << 32 }, bad_attributes }, /* MAIR, not given */
	{ { 0, 1, OP(1) | 1, UINT64_C(2) << 40 }, bad_attributes }, /* sh, not given */
	{ { 0, 1, OP(1) | 1 | GIVEN(16), UINT64_C(1) << 40 }, bad_attributes },
	{ { 0, 1, OP(1) | 1, UINT64_C(1) << 48 }, bad_attributes }, /* secure, not given */
	{ { 0, 1, OP(1) | 1 | GIVEN(2), UINT64_C(3) << 48 }, bad_attributes },
	{ { 0, 1, OP(1) | 1 | GIVEN(32), 0 }, bad_attributes },
	{ { 0, 1, OP(1) | 1, UINT64_C(1) << 56 }, bad_attributes },
	{ { 0, 1, OP(1) | 1, 1 }, "a master whose name has not been said" },
	{ { 0, 0, OP(19), 0 }, "this version knows no such record" },
	{ { 0, 0, OP(0x7f), 0 }, "this version knows no such record" },
	{ { 0, 0, OP(0x82), 0 }, "this version knows no such record" },
	{ { 0, 1, OP(0), 0 }, "padding that is not empty" },
	{ { 0, 0, OP(0xfe), 0 }, "a check that is no block's last" },
	{ { 1, 1, OP(0x80), 0 }, bad_text },
	{ { 0, 1, OP(0x80) | 1, 0 }, bad_text },
	{ { 0, 1, OP(0x80), 1 }, bad_text },
	{ { 0, 1 | UINT64_C(1) << 32, OP(0x80), 0 }, bad_text },
	{ { 0, 4097, OP(0x80), 0 }, "a text longer than may be there" },
	{ { 0, 1, OP(0x81), 2 }, "a name that is not the next" },
	{ { 0, 1, OP(0x81), 1 | 1 << 16 }, "a name that is not the next" },
	{ { 0, 64, OP(0x81), 1 }, "a text longer than may be there" },
};

/* trace.h: those of docs/trace.md alone can be. */
START_TEST(a_record_that_cannot_be_is_refused_by_number)
{
	static const uint64_t good[4] = AN_ACCESS;
	const struct record_mistake *const mistake = &record_mistakes[_i];
	struct sink sink = { 0 };
	struct loading said = { 0 };
	char sentence[120];
	uint64_t count;

	put_header(&sink, 0);
	put_record(&sink, good);
	put_record(&sink, mistake->word);
	put_record(&sink, good);
	put_check(&sink, 0xff, 3);
	(void)snprintf(sentence, sizeof(sentence), "0:0: record 2: %s\n", mistake->said);
	ck_assert_int_eq(read_to_end(all_of(&sink), &said, &count), -SMMU3_E_FORMAT);
	ck_assert_str_eq(said.said, sentence);
	ck_assert_uint_eq(count, 1);
	sink_free(&sink);
}
END_TEST

/* trace.h: A text of one letter and what must be zero, of a line or a name. */
START_TEST(text_is_followed_by_zeros)
{
	static const uint64_t ops[] = { 0x80, 0x81 };

	for (unsigned i = 0; i < 2; i++) {
		const uint64_t head[4] = { 0, 1, ops[i] << 48, i };
		const uint64_t text[4] = { '#' | UINT64_C(1) << 40, 0, 0, 0 };
		struct sink sink = { 0 };
		struct loading said = { 0 };
		uint64_t count;

		put_header(&sink, 0);
		put_record(&sink, head);
		put_record(&sink, text);
		put_check(&sink, 0xff, 0);
		ck_assert_int_eq(read_to_end(all_of(&sink), &said, &count), -SMMU3_E_FORMAT);
		ck_assert_str_eq(said.said, "0:0: record 1: something stands behind its text\n");
		sink_free(&sink);
	}
}
END_TEST

/* trace.h: it has a line, and its place there. */
START_TEST(a_text_that_is_no_line_is_refused_as_one)
{
	const uint64_t head[4] = { 0, 4, OP(0x80), UINT64_C(9) << 16 };
	const uint64_t text[4] = { 'R' | ' ' << 8 | 'x' << 16 | '!' << 24, 0, 0, 0 };
	struct sink sink = { 0 };
	struct loading said = { 0 };
	uint64_t count;

	put_header(&sink, 0);
	put_record(&sink, head);
	put_record(&sink, text);
	put_check(&sink, 0xff, 1);
	ck_assert_int_eq(read_to_end(all_of(&sink), &said, &count), -SMMU3_E_FORMAT);
	ck_assert_str_eq(said.said, "10:3: 'x!' is no master's name\n");
	sink_free(&sink);
}
END_TEST

struct total {
	uint64_t count, operations; /* as the header has it, and the end */
	unsigned behind;            /* records behind the end */
	const char *said;
};

static const struct total totals[] = {
	{ 0, 1, 0, "" },
	{ 1, 1, 0, "" },
	{ 2, 1, 0, "record 2: the header counts another number of accesses and acts" },
	{ 0, 2, 0, "record 2: records are missing, or too many" },
	{ 0, 1, 1, "record 2: something follows the end" },
};

/* trace.h */
START_TEST(what_is_counted_must_be_there)
{
	static const uint64_t good[4] = AN_ACCESS;
	const struct total *const total = &totals[_i];
	struct sink sink = { 0 };
	struct loading said = { 0 };
	char sentence[120] = "";
	uint64_t count;

	put_header(&sink, total->count);
	put_record(&sink, good);
	put_check(&sink, 0xff, total->operations);
	if (total->behind)
		put_record(&sink, good);
	if (*total->said)
		(void)snprintf(sentence, sizeof(sentence), "0:0: %s\n", total->said);
	ck_assert_int_eq(read_to_end(all_of(&sink), &said, &count),
			 *total->said ? -SMMU3_E_FORMAT : 0);
	ck_assert_str_eq(said.said, sentence);
	sink_free(&sink);
}
END_TEST

/* trace.h: docs/trace.md. */
START_TEST(a_block_ends_in_a_check)
{
	static const uint64_t good[4] = AN_ACCESS;
	struct sink sink = { 0 };
	struct loading said = { 0 };
	uint64_t count;

	put_header(&sink, 0);
	for (unsigned i = 0; i < 65536; i++)
		put_record(&sink, good);
	put_check(&sink, 0xff, 65536);
	ck_assert_int_eq(read_to_end(all_of(&sink), &said, &count), -SMMU3_E_FORMAT);
	ck_assert_str_eq(said.said, "0:0: record 65536: a block that does not end in a check\n");
	sink_free(&sink);
}
END_TEST

/* trace.h: Records that skip the most lines, until there are more than can be counted: 65537 times.
 */
START_TEST(lines_beyond_all_counting_are_refused)
{
	const uint64_t far[4] = { 0x1000, 7, 64 | OP(1), UINT64_C(0xffff) << 16 };
	struct sink sink = { 0 };
	struct loading said = { 0 };
	uint64_t count;

	put_header(&sink, 0);
	for (unsigned i = 0; i < 65535; i++)
		put_record(&sink, far);
	put_check(&sink, 0xfe, 65535);
	for (unsigned i = 0; i < 2; i++)
		put_record(&sink, far);
	put_check(&sink, 0xff, 65537);
	ck_assert_int_eq(read_to_end(all_of(&sink), &said, &count), -SMMU3_E_FORMAT);
	ck_assert_str_eq(said.said, "0:0: record 65537: more lines than can be counted\n");
	sink_free(&sink);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_trace_that_is_cut_anywhere_is_refused);
	tcase_add_test(tests, one_bit_that_is_another_is_noticed);
	tcase_add_test(tests, records_in_another_order_are_noticed);
	tcase_add_test(tests, a_source_that_fails_is_named_with_its_record);
	tcase_add_loop_test(tests, a_header_that_is_another_is_refused, 0,
			    (int)COUNT(header_mistakes));
	tcase_add_loop_test(tests, a_record_that_cannot_be_is_refused_by_number, 0,
			    (int)COUNT(record_mistakes));
	tcase_add_test(tests, text_is_followed_by_zeros);
	tcase_add_test(tests, a_text_that_is_no_line_is_refused_as_one);
	tcase_add_loop_test(tests, what_is_counted_must_be_there, 0, (int)COUNT(totals));
	tcase_add_test(tests, a_block_ends_in_a_check);
	tcase_add_test(tests, lines_beyond_all_counting_are_refused);
}

int main(void)
{
	return run_suite("damaged traces", add);
}
