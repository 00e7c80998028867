/* SPDX-License-Identifier: MIT */
/* Records of a binary trace, as docs/trace.md has them to the byte.  What is little-endian in a
 * file is here a word like any other. */
#ifndef SMMU_PLATFORM_TRACE_RECORD_H
#define SMMU_PLATFORM_TRACE_RECORD_H

#include "arch/field.h"

#include <smmu/trace.h>
#include <string.h>

enum {
	TRACE_VERSION = 1,
	HEADER_WORDS = 8,
	HEADER_BYTES = 8 * HEADER_WORDS,
	RECORD_WORDS = 4,
	RECORD_BYTES = 8 * RECORD_WORDS,
	BLOCK_RECORDS = 65536, /* the last record of a whole block is a check, or the end */
	TRACE_NAMES_MOST = 4096,
	TRACE_NAME_BYTES = 64, /* with the NUL */
};

/* "SMMUTRC" and a NUL, which no text has. */
#define TRACE_MAGIC UINT64_C(0x00435254554d4d53)
#define TRACE_BYTE_ORDER UINT64_C(0x01020304)

enum header_field {
	HEADER_MAGIC = FIELD(63, 0),
	HEADER_VERSION = FIELD(95, 64),
	HEADER_BYTE_ORDER = FIELD(127, 96),
	HEADER_SIZE = FIELD(159, 128),
	HEADER_RECORD_SIZE = FIELD(191, 160),
	HEADER_BLOCK = FIELD(223, 192),
	HEADER_COUNT = FIELD(319, 256), /* of operations; 0: not known when it was written */
	HEADER_SUM = FIELD(511, 448),   /* of the words before it */
};

enum record_op {
	RECORD_PAD = 0, /* says nothing: to the end of a block */
	RECORD_ACCESS =
		1, /* up to RECORD_ACCESS + ACCESS_ROWS - 1: in order of trace_access_rows */
	RECORD_TEXT = 0x80, /* a line as text, in the records behind it */
	RECORD_NAME = 0x81, /* a master's name, likewise */
	RECORD_CHECK = 0xfe,
	RECORD_END = 0xff,
};

enum record_field {
	RECORD_OP = FIELD(183, 176),
	/* an access */
	RECORD_ADDRESS = FIELD(63, 0),
	RECORD_STREAM = FIELD(95, 64), /* with a master, which of its StreamIDs */
	RECORD_SSID = FIELD(127, 96),
	RECORD_SIZE = FIELD(159, 128),
	RECORD_FLAGS = FIELD(175, 160),  /* those of enum smmu3_txn_flags, but for ATTR */
	RECORD_GIVEN = FIELD(191, 184),  /* enum record_given */
	RECORD_MASTER = FIELD(207, 192), /* number of its name; 0: none.  NAME: this number */
	RECORD_SKIP = FIELD(223, 208),   /* empty lines before it.  TEXT, too */
	RECORD_MAIR = FIELD(231, 224),
	RECORD_SH = FIELD(239, 232),
	RECORD_SEC = FIELD(247, 240),
	RECORD_ZERO = FIELD(255, 248),
	/* TEXT, NAME */
	RECORD_LENGTH = FIELD(95, 64),
	/* CHECK, END: of what stands before it */
	RECORD_RECORDS = FIELD(63, 0),
	RECORD_SUM = FIELD(127, 64),
	RECORD_COUNT = FIELD(255, 192), /* of operations */
};

/* What the line says itself. */
enum record_given {
	GIVEN_PRIV = 1 << 0,
	GIVEN_SEC = 1 << 1,
	GIVEN_NS = 1 << 2,
	GIVEN_ATTR = 1 << 3,
	GIVEN_SH = 1 << 4,
};

struct trace_record {
	uint64_t word[RECORD_WORDS];
};

/* ---- Checksums ---- */

/* Any change of one word changes it: each step can be undone. */
ALWAYS_INLINE uint64_t sum_step(uint64_t sum, uint64_t word)
{
	const uint64_t product = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);

	return product ^ product >> 32;
}

/* Of records: word n of each goes into sum n. */
struct trace_sum {
	uint64_t lane[RECORD_WORDS];
};

ALWAYS_INLINE void sum_record(struct trace_sum *sum, const uint64_t *word)
{
	for (unsigned i = 0; i < RECORD_WORDS; i++)
		sum->lane[i] = sum_step(sum->lane[i], word[i]);
}

static inline uint64_t sum_words(const uint64_t *word, unsigned count)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < count; i++)
		sum = sum_step(sum, word[i]);
	return sum;
}

/* ---- Words of a file ---- */

ALWAYS_INLINE struct trace_record record_load(const void *at)
{
	struct trace_record record;

	memcpy(&record, at, sizeof(record));
	for (unsigned i = 0; i < RECORD_WORDS; i++)
		record.word[i] = from_le64(record.word[i]);
	return record;
}

/* The records that so many bytes take. */
static inline unsigned records_of(size_t bytes)
{
	return (unsigned)((bytes + RECORD_BYTES - 1) / RECORD_BYTES);
}

/* ---- Accesses ---- */

struct access_row {
	const char *name;
	uint16_t flags, may; /* those that it has, and that it may have */
	uint8_t txn_class, ats, letter;
};

enum { ACCESS_ROWS = 18 };
extern const struct access_row trace_access_rows[ACCESS_ROWS];

/* The row of an access, by its letter in struct smmu3_trace_op; NULL: there is none. */
const struct access_row *trace_access_of(uint8_t letter);

/* What an access's record says, but for its line and its master's name.  NULL, or what is wrong
 * with it; names: how many masters have one. */
const char *trace_record_access(const struct trace_record *record, unsigned names,
				struct smmu3_trace_op *op);

/* False: a record cannot say it. */
bool trace_record_of(const struct smmu3_trace_op *op, unsigned master, struct trace_record *record);

/* May a master be called that?  length less than TRACE_NAME_BYTES, a letter first. */
bool trace_is_name(const char *text, size_t length);

#endif
