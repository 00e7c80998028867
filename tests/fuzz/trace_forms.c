/* SPDX-License-Identifier: MIT */
#include "trace_forms.h"
#include "files.h"
#include "trace_same.h"

#include <stdlib.h>
#include <string.h>

enum {
	HEADER = 64,
	RECORD = 32,
	RECORDS_MOST = 256,
	SKIPS_MOST = 1000000, /* empty lines that are written out */
};

static int made_write(void *context, const void *data, size_t size)
{
	struct made *const made = context;

	if (made->size + size > made->room) {
		made->room = 2 * (made->size + size);
		made->byte = realloc(made->byte, made->room);
		DEMAND(made->byte);
	}
	memcpy(made->byte + made->size, data, size);
	made->size += size;
	return 0;
}

void made_free(struct made *made)
{
	free(made->byte);
	*made = (struct made){ 0 };
}

/* ---- Any records ---- */

static uint64_t step(uint64_t sum, uint64_t word)
{
	sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return sum ^ sum >> 32;
}

static uint64_t sum_of(const uint64_t *word, unsigned count)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < count; i++)
		sum = step(sum, word[i]);
	return sum;
}

static void make_header(struct made *made)
{
	uint64_t word[8] = { 0x00435254554d4d53, 1 | UINT64_C(0x01020304) << 32,
			     HEADER | (uint64_t)RECORD << 32, 65536 };

	word[7] = sum_of(word, 7);
	(void)made_write(made, word, sizeof(word));
}

/* How many operations it has, as far as it goes. */
static uint64_t operations_of(const struct made *made)
{
	struct text text = { (const char *)made->byte, made->size, 0 };
	struct smmu3_trace *const trace = smmu3_trace_open(text_read, &text, "made", NULL, NULL);
	struct smmu3_trace_op op;
	uint64_t count = 0;

	DEMAND(trace);
	while (smmu3_trace_next(trace, &op) == 1)
		count++;
	smmu3_trace_close(trace);
	return count;
}

static void make_end(struct made *made)
{
	const uint64_t count = operations_of(made);
	uint64_t lane[4] = { 0 };
	uint64_t word[4];

	for (size_t at = HEADER; at < made->size; at += RECORD) {
		memcpy(word, made->byte + at, sizeof(word));
		for (unsigned i = 0; i < 4; i++)
			lane[i] = step(lane[i], word[i]);
	}
	word[0] = (made->size - HEADER) / RECORD;
	word[1] = sum_of(lane, 4);
	word[2] = UINT64_C(0xff) << 48;
	word[3] = count;
	(void)made_write(made, word, sizeof(word));
}

struct made made_of_records(const uint8_t *data, size_t size)
{
	struct made made = { 0 };
	const size_t records = size / RECORD < RECORDS_MOST ? size / RECORD : RECORDS_MOST;

	make_header(&made);
	if (records)
		(void)made_write(&made, data, records * RECORD);
	make_end(&made);
	return made;
}

/* ---- Either form ---- */

/* A record's access has no column, and needs no text. */
static int write_one(struct smmu3_trace *trace, struct smmu3_trace_writer *writer,
		     const struct smmu3_trace_op *op, bool says)
{
	const bool record = says && op->kind == SMMU3_TRACE_ACCESS && !op->who_column;
	const char *const text = record ? NULL : smmu3_trace_text(trace);

	return says ? smmu3_trace_write(writer, op, text) :
		      smmu3_trace_write_remark(writer, smmu3_trace_line(trace), text);
}

/* What is read; false: there are too many empty lines to write. */
static bool write_all(const void *data, size_t size, int binary, struct made *made)
{
	struct text text = { data, size, 0 };
	struct smmu3_trace *const trace = smmu3_trace_open(text_read, &text, "one", NULL, NULL);
	struct smmu3_trace_writer *const writer = smmu3_trace_write_open(binary, 0, made_write,
									 made);
	struct smmu3_trace_op op;
	int code;

	DEMAND(trace && writer);
	while ((code = smmu3_trace_next_line(trace, &op)) > 0 &&
	       smmu3_trace_line(trace) < SKIPS_MOST)
		DEMAND(!write_one(trace, writer, &op, code == 1));
	DEMAND(!smmu3_trace_write_end(writer));
	smmu3_trace_write_close(writer);
	smmu3_trace_close(trace);
	return code <= 0;
}

/* The text of an access means the access. */
static void text_means(struct smmu3_trace *trace, const struct smmu3_trace_op *op)
{
	struct smmu3_trace_op again;

	DEMAND(smmu3_trace_parse(smmu3_trace_text(trace), "text", op->line, &again, NULL, NULL) ==
	       1);
	DEMAND(same_meaning(op, &again));
}

static void compare(const void *data, size_t size, const struct made *made)
{
	struct text texts[2] = { { data, size, 0 },
				 { made->size ? (const char *)made->byte : "", made->size, 0 } };
	struct complaints_heard heard = { 0 };
	struct smmu3_trace *const one = smmu3_trace_open(text_read, &texts[0], "one", NULL, NULL);
	struct smmu3_trace *const other = smmu3_trace_open(text_read, &texts[1], "other", hear,
							   &heard);
	struct smmu3_trace_op first, second;

	DEMAND(one && other);
	while (smmu3_trace_next(one, &first) == 1) {
		DEMAND(smmu3_trace_next(other, &second) == 1);
		DEMAND(same_meaning(&first, &second));
		text_means(one, &first);
		text_means(other, &second);
	}
	DEMAND(smmu3_trace_next(other, &second) == 0 && !heard.count);
	smmu3_trace_close(one);
	smmu3_trace_close(other);
}

void check_forms(const void *data, size_t size)
{
	for (int binary = 0; binary < 2; binary++) {
		struct made made = { 0 };

		if (write_all(data, size, binary, &made))
			compare(data, size, &made);
		made_free(&made);
	}
}
