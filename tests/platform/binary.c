/* SPDX-License-Identifier: MIT */
#include "binary.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

int sink_write(void *context, const void *data, size_t size)
{
	struct sink *const sink = context;

	if (++sink->writes == sink->fails_at)
		return -SMMU3_E_IO;
	if (sink->writes <= 8)
		sink->piece[sink->writes - 1] = size;
	if (sink->size + size > sink->room) {
		sink->room = 2 * (sink->size + size);
		sink->byte = realloc(sink->byte, sink->room);
		ck_assert_ptr_nonnull(sink->byte);
	}
	memcpy(sink->byte + sink->size, data, size);
	sink->size += size;
	return 0;
}

void sink_free(struct sink *sink)
{
	free(sink->byte);
	*sink = (struct sink){ 0 };
}

long bytes_read(void *context, void *data, size_t size, const char **why)
{
	struct bytes *const bytes = context;
	size_t count = bytes->piece && bytes->piece < size ? bytes->piece : size;

	if (!bytes->left && bytes->failure) {
		*why = bytes->failure;
		return -1;
	}
	if (count > bytes->left)
		count = bytes->left;
	memcpy(data, bytes->at, count);
	bytes->at += count;
	bytes->left -= count;
	return (long)count;
}

int read_to_end(struct bytes bytes, struct loading *said, uint64_t *count)
{
	struct smmu3_trace *const trace = smmu3_trace_open(bytes_read, &bytes, "t.smb", collect,
							   said);
	struct smmu3_trace_op op;
	int code;

	for (*count = 0; (code = smmu3_trace_next(trace, &op)) > 0; ++*count) {
	}
	ck_assert_int_eq(smmu3_trace_next(trace, &op), code); /* and so it stays */
	smmu3_trace_close(trace);
	return code;
}

struct bytes all_of(const struct sink *sink)
{
	return (struct bytes){ .at = sink->byte, .left = sink->size };
}

struct sink written(int binary, const char *const *lines, size_t count)
{
	struct sink sink = { 0 };
	struct smmu3_trace_writer *const writer = smmu3_trace_write_open(binary, 0, sink_write,
									 &sink);

	ck_assert_ptr_nonnull(writer);
	for (size_t i = 0; i < count; i++) {
		struct smmu3_trace_op op;
		struct loading said = { 0 };
		const unsigned number = (unsigned)i + 1;
		const int code = smmu3_trace_parse(lines[i], "t", number, &op, collect, &said);

		ck_assert_msg(code >= 0, "%s: %s", lines[i], said.said);
		ck_assert_int_eq(code ? smmu3_trace_write(writer, &op, lines[i]) :
					smmu3_trace_write_remark(writer, number, lines[i]),
				 0);
	}
	ck_assert_int_eq(smmu3_trace_write_end(writer), 0);
	smmu3_trace_write_close(writer);
	return sink;
}

/* ---- Checksums, as docs/trace.md has them ---- */

static uint64_t step(uint64_t sum, uint64_t word)
{
	sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return sum ^ sum >> 32;
}

static uint64_t sum_of(const uint64_t *word, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum = step(sum, word[i]);
	return sum;
}

static void put_words(struct sink *sink, const uint64_t *word, size_t count)
{
	unsigned char byte[64];

	for (size_t i = 0; i < 8 * count; i++)
		byte[i] = (unsigned char)(word[i / 8] >> 8 * (i % 8));
	(void)sink_write(sink, byte, 8 * count);
}

void put_header(struct sink *sink, uint64_t count)
{
	uint64_t word[8] = { 0x00435254554d4d53, 1 | UINT64_C(0x01020304) << 32,
			     64 | UINT64_C(32) << 32, 65536, count };

	word[7] = sum_of(word, 7);
	put_words(sink, word, 8);
}

void put_record(struct sink *sink, const uint64_t word[4])
{
	put_words(sink, word, 4);
}

static uint64_t word_in(const struct sink *sink, size_t at)
{
	uint64_t word = 0;

	for (size_t i = 8; i--;)
		word = word << 8 | sink->byte[at + i];
	return word;
}

/* Of all records but checks. */
static uint64_t sum_of_records(const struct sink *sink)
{
	uint64_t lane[4] = { 0 };

	for (size_t at = 64; at < sink->size; at += 32) {
		if (sink->byte[at + 22] >= 0xfe && (at - 64) / 32 % 65536 == 65535)
			continue;
		for (unsigned i = 0; i < 4; i++)
			lane[i] = step(lane[i], word_in(sink, at + 8 * i));
	}
	return sum_of(lane, 4);
}

void put_check(struct sink *sink, uint64_t op, uint64_t operations)
{
	const uint64_t word[4] = { (sink->size - 64) / 32, sum_of_records(sink), op << 48,
				   operations };

	put_words(sink, word, 4);
}
