/* SPDX-License-Identifier: MIT */
/* Traces being written: text line by line, binary block by block. */
#include "platform/trace_line.h"
#include "platform/trace_record.h"

#include <limits.h>
#include <stdlib.h>

enum {
	TEXT_BYTES = 64 * 1024, /* a write of text, and what a block begins with */
	NAME_SLOTS = 2 * TRACE_NAMES_MOST,
	SKIP_MOST = 0xffff,
};

struct smmu3_trace_writer {
	smmu3_write_fn *write;
	void *context;
	int code;      /* what ended the writing, or 0 */
	unsigned line; /* the last one */
	size_t used;   /* bytes of block */
	bool binary;
	uint64_t count; /* as the header says, or 0 */
	struct trace_sum sum;
	uint64_t records, operations;
	unsigned names;
	uint16_t slot[NAME_SLOTS];        /* numbers of names, by hash; 0: none */
	char (*master)[TRACE_NAME_BYTES]; /* by number, from 1; NULL: there is none yet */
	unsigned char *block;             /* room bytes, which grow to a whole one */
	size_t room;
};

static int flush(struct smmu3_trace_writer *writer)
{
	if (writer->used)
		writer->code = writer->write(writer->context, writer->block, writer->used);
	writer->used = 0;
	return writer->code;
}

/* ---- Records ---- */

static unsigned room_in_block(const struct smmu3_trace_writer *writer)
{
	return BLOCK_RECORDS - 1 - (unsigned)(writer->records % BLOCK_RECORDS);
}

/* Short traces need no whole block. */
static bool grow(struct smmu3_trace_writer *writer)
{
	const size_t room = writer->room ? 2 * writer->room : TEXT_BYTES;
	unsigned char *const block = realloc(writer->block, room);

	if (!block) {
		writer->code = -SMMU3_E_MEMORY;
		return false;
	}
	writer->block = block;
	writer->room = room;
	return true;
}

static void store(struct smmu3_trace_writer *writer, const struct trace_record *record)
{
	if (writer->used + RECORD_BYTES > writer->room && !grow(writer))
		return;
	for (unsigned i = 0; i < RECORD_WORDS; i++) {
		const uint64_t word = to_le64(record->word[i]);

		memcpy(writer->block + writer->used, &word, sizeof(word));
		writer->used += sizeof(word);
	}
	writer->records++;
}

static void set(struct trace_record *record, enum record_field field, uint64_t value)
{
	record->word[field_lsb((int)field) / 64] |= value << field_lsb((int)field) % 64;
}

/* What stands before it is as it was. */
static int put_check(struct smmu3_trace_writer *writer, enum record_op op)
{
	struct trace_record record = { { 0 } };

	set(&record, RECORD_OP, op);
	set(&record, RECORD_RECORDS, writer->records);
	set(&record, RECORD_SUM, sum_words(writer->sum.lane, RECORD_WORDS));
	set(&record, RECORD_COUNT, writer->operations);
	store(writer, &record);
	return flush(writer);
}

static int put(struct smmu3_trace_writer *writer, const struct trace_record *record)
{
	sum_record(&writer->sum, record->word);
	store(writer, record);
	if (writer->code)
		return writer->code;
	return room_in_block(writer) ? 0 : put_check(writer, RECORD_CHECK);
}

/* A text goes into records behind its own, all of one block: fills up a block that has no room. */
static int make_room(struct smmu3_trace_writer *writer, size_t length)
{
	static const struct trace_record pad;

	while (room_in_block(writer) < records_of(length) + 1) {
		if (put(writer, &pad))
			return writer->code;
	}
	return 0;
}

static int put_text(struct smmu3_trace_writer *writer, struct trace_record *record,
		    const char *text, size_t length)
{
	set(record, RECORD_LENGTH, length);
	if (put(writer, record))
		return writer->code;
	for (size_t at = 0; at < length; at += RECORD_BYTES) {
		const size_t rest = length - at;
		unsigned char part[RECORD_BYTES] = { 0 };

		memcpy(part, text + at, rest < sizeof(part) ? rest : sizeof(part));
		const struct trace_record words = record_load(part);

		if (put(writer, &words))
			return writer->code;
	}
	return 0;
}

/* ---- Masters ---- */

static uint16_t *slot_of(struct smmu3_trace_writer *writer, const char *name)
{
	uint32_t hash = 0;

	for (const char *at = name; *at; at++)
		hash = (hash ^ (unsigned char)*at) * UINT32_C(0x01000193);
	for (unsigned i = hash % NAME_SLOTS;; i = (i + 1) % NAME_SLOTS) {
		uint16_t *const slot = &writer->slot[i];

		if (!*slot || !strcmp(writer->master[*slot - 1], name))
			return slot;
	}
}

static bool has_names(struct smmu3_trace_writer *writer)
{
	if (!writer->master)
		writer->master = calloc(TRACE_NAMES_MOST, sizeof(*writer->master));
	if (!writer->master)
		writer->code = -SMMU3_E_MEMORY;
	return writer->master != NULL;
}

static bool put_name(struct smmu3_trace_writer *writer, const char *name, uint16_t *slot)
{
	struct trace_record record = { { 0 } };
	const size_t length = strlen(name);

	if (writer->names == TRACE_NAMES_MOST)
		return false;
	memcpy(writer->master[writer->names++], name, length + 1);
	*slot = (uint16_t)writer->names;
	set(&record, RECORD_OP, RECORD_NAME);
	set(&record, RECORD_MASTER, *slot);
	return !make_room(writer, length) && !put_text(writer, &record, name, length);
}

/* The number of a master's name, written when it is new; 0 of no name.  False: there is no number
 * left, or no such name can be, or writer->code. */
static bool number_of(struct smmu3_trace_writer *writer, const char *name, unsigned *number)
{
	uint16_t *slot;

	*number = 0;
	if (!name[0])
		return true;
	if (!trace_is_name(name, strnlen(name, TRACE_NAME_BYTES)) || !has_names(writer))
		return false;
	slot = slot_of(writer, name);
	if (!*slot && !put_name(writer, name, slot))
		return false;
	*number = *slot;
	return true;
}

/* ---- Lines ---- */

static bool is_line(const char *text, size_t length)
{
	if (length > TRACE_LINE_MOST)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (((unsigned char)text[i] < 0x20 && text[i] != '\t') || text[i] == 0x7f)
			return false;
	}
	return true;
}

/* Empty lines that its skip cannot count. */
static int put_empty_lines(struct smmu3_trace_writer *writer, unsigned *skip)
{
	for (; *skip > SKIP_MOST; *skip -= SKIP_MOST + 1) {
		struct trace_record record = { { 0 } };

		set(&record, RECORD_OP, RECORD_TEXT);
		set(&record, RECORD_SKIP, SKIP_MOST);
		if (put(writer, &record))
			break;
	}
	return writer->code;
}

/* Where line goes: how many empty lines before it, or negative. */
static long skip_to(struct smmu3_trace_writer *writer, unsigned line)
{
	const unsigned next = line ? line : writer->line + 1;
	const unsigned skip = next - writer->line - 1;

	if (next <= writer->line)
		return -SMMU3_E_ARGUMENT;
	writer->line = next;
	return (long)skip;
}

/* It counts where its records stand, not before: a check may come between. */
static int put_line(struct smmu3_trace_writer *writer, const char *text, unsigned skip,
		    bool is_operation)
{
	struct trace_record record = { { 0 } };

	if (make_room(writer, strlen(text)))
		return writer->code;
	set(&record, RECORD_OP, RECORD_TEXT);
	set(&record, RECORD_SKIP, skip);
	writer->operations += is_operation;
	return put_text(writer, &record, text, strlen(text));
}

static int add_text(struct smmu3_trace_writer *writer, const char *text, size_t length)
{
	if (writer->used + length > TEXT_BYTES && flush(writer))
		return writer->code;
	memcpy(writer->block + writer->used, text, length);
	writer->used += length;
	return 0;
}

static int write_as_text(struct smmu3_trace_writer *writer, const char *text, unsigned skip,
			 bool is_operation)
{
	writer->operations += is_operation;
	for (; skip && !writer->code; skip--)
		(void)add_text(writer, "\n", 1);
	if (writer->code || add_text(writer, text, strlen(text)))
		return writer->code;
	return add_text(writer, "\n", 1);
}

/* As it is: what has a comment, or an expectation, or is an act. */
static bool is_plain(const struct smmu3_trace_op *op, const char *text)
{
	return op->kind == SMMU3_TRACE_ACCESS && (!text || !strchr(text, '#'));
}

static int write_as_binary(struct smmu3_trace_writer *writer, const struct smmu3_trace_op *op,
			   const char *text, unsigned skip)
{
	struct trace_record record;
	unsigned master;

	if (put_empty_lines(writer, &skip))
		return writer->code;
	if (!op || !is_plain(op, text) || !number_of(writer, op->master, &master) ||
	    !trace_record_of(op, master, &record))
		return writer->code ? writer->code : put_line(writer, text, skip, op != NULL);
	set(&record, RECORD_SKIP, skip);
	writer->operations++;
	return put(writer, &record);
}

/* A text there must be, but of an access that is said whole without. */
static int text_of(const struct smmu3_trace_op *op, const char **text, char said[SMMU3_ACT_TEXT])
{
	if (!*text) {
		if (op->kind != SMMU3_TRACE_ACCESS || op->expect.present)
			return -SMMU3_E_ARGUMENT;
		smmu3_trace_access_text(op, said, SMMU3_ACT_TEXT);
		*text = said;
	}
	return is_line(*text, strlen(*text)) ? 0 : -SMMU3_E_ARGUMENT;
}

static int write_line(struct smmu3_trace_writer *writer, const struct smmu3_trace_op *op,
		      unsigned line, const char *text)
{
	long skip;

	if (writer->code)
		return writer->code;
	skip = skip_to(writer, line);
	if (skip < 0)
		return (int)skip;
	return writer->binary ? write_as_binary(writer, op, text, (unsigned)skip) :
				write_as_text(writer, text, (unsigned)skip, op != NULL);
}

int smmu3_trace_write(struct smmu3_trace_writer *writer, const struct smmu3_trace_op *op,
		      const char *text)
{
	char said[SMMU3_ACT_TEXT];
	int code;

	if (op->performed)
		return -SMMU3_E_ARGUMENT;
	code = text_of(op, &text, said);
	return code ? code : write_line(writer, op, op->line, text);
}

int smmu3_trace_write_remark(struct smmu3_trace_writer *writer, unsigned line, const char *text)
{
	return is_line(text, strlen(text)) ? write_line(writer, NULL, line, text) :
					     -SMMU3_E_ARGUMENT;
}

/* ---- A trace ---- */

static int put_header(struct smmu3_trace_writer *writer, uint64_t count)
{
	uint64_t word[HEADER_WORDS] = {
		TRACE_MAGIC,
		TRACE_VERSION | TRACE_BYTE_ORDER << 32,
		HEADER_BYTES | (uint64_t)RECORD_BYTES << 32,
		BLOCK_RECORDS,
		count,
	};

	word[HEADER_WORDS - 1] = sum_words(word, HEADER_WORDS - 1);
	for (unsigned i = 0; i < HEADER_WORDS; i++)
		word[i] = to_le64(word[i]);
	memcpy(writer->block, word, sizeof(word));
	writer->used = sizeof(word);
	return flush(writer);
}

struct smmu3_trace_writer *smmu3_trace_write_open(int binary, uint64_t count, smmu3_write_fn *write,
						  void *context)
{
	struct smmu3_trace_writer *const writer = calloc(1, sizeof(*writer));

	if (!writer)
		return NULL;
	writer->write = write;
	writer->context = context;
	writer->binary = binary != 0;
	writer->count = count;
	if (!grow(writer)) {
		free(writer);
		return NULL;
	}
	if (writer->binary)
		(void)put_header(writer, count);
	return writer;
}

int smmu3_trace_write_end(struct smmu3_trace_writer *writer)
{
	if (writer->code)
		return writer->code;
	if (writer->count && writer->count != writer->operations)
		return -SMMU3_E_ARGUMENT;
	return writer->binary ? put_check(writer, RECORD_END) : flush(writer);
}

void smmu3_trace_write_close(struct smmu3_trace_writer *writer)
{
	if (!writer)
		return;
	free(writer->master);
	free(writer->block);
	free(writer);
}
