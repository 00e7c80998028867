/* SPDX-License-Identifier: MIT */
/* The bytes of a file; of a gzip file, told by its first bytes, what was compressed, with length
 * and CRC of every member checked. */
#ifndef SMMU_SIM_SOURCE_H
#define SMMU_SIM_SOURCE_H

#include <stdbool.h>
#include <stdint.h>
#include <zlib.h>

struct source {
	int fd;
	bool gzip;
	bool inside;      /* a gzip member has begun and not ended */
	unsigned members; /* ended */
	z_stream zip;     /* next_in and avail_in serve plain files, too */
	unsigned char in[65536], out[65536];
};

/* Looks at the first bytes.  What is wrong with them is told by the first read.  source->fd stays
 * the caller's. */
void source_open(struct source *source, int fd);
void source_close(struct source *source);

/* More bytes, in place until the next call: how many, 0 at the end, or -1 with *why in words. */
long source_read(struct source *source, const void **data, const char **why);

#endif
