/* SPDX-License-Identifier: MIT */
/* Traces in memory: bytes that are written, and bytes that are read. */
#ifndef TESTS_PLATFORM_BINARY_H
#define TESTS_PLATFORM_BINARY_H

#include "load.h"

#include <smmu/trace.h>

/* What a writer gives out. */
struct sink {
	unsigned char *byte;
	size_t size, room;
	size_t piece[8]; /* of the first writes */
	unsigned writes;
	unsigned fails_at; /* the write, from 1, that fails; 0: none */
};

/* smmu3_write_fn of a struct sink. */
int sink_write(void *context, const void *data, size_t size);
void sink_free(struct sink *sink);

/* What a reader is given. */
struct bytes {
	const unsigned char *at;
	size_t left, piece;  /* piece: bytes at a time; 0: all there is room for */
	const char *failure; /* not NULL: it fails after the last */
};

/* smmu3_read_fn of a struct bytes. */
long bytes_read(void *context, void *data, size_t size, const char **why);

struct bytes all_of(const struct sink *sink);

/* Reads to the end, or to what is wrong; what it came to, after so many operations. */
int read_to_end(struct bytes bytes, struct loading *said, uint64_t *count);

/* A trace written from lines of text, each of which is one; binary, or text. */
struct sink written(int binary, const char *const *lines, size_t count);

/* A header and records of bytes made here, with checksums worked out as docs/trace.md says.  Checks
 * and the end are the caller's to place, and count operations as it says. */
void put_header(struct sink *sink, uint64_t count);
void put_record(struct sink *sink, const uint64_t word[4]);
void put_check(struct sink *sink, uint64_t op, uint64_t operations);

/* The words of an access that a record may be. */
#define AN_ACCESS                                    \
	{                                            \
		0x1000, 7, 64 | UINT64_C(1) << 48, 0 \
	}

#endif
