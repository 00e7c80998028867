/* SPDX-License-Identifier: MIT */
/* Files as people have them: plain or compressed (gzip, bzip2, xz, zstd, lz4, told by content), or
 * "-" for stdin. */
#ifndef SMMU_SIM_INPUT_H
#define SMMU_SIM_INPUT_H

#include <smmu/platform.h>
#include <stdbool.h>

struct input;

/* Opens a file.  NULL with *why in words, which live until the next failure. */
struct input *input_open(const char *path, const char **why);
void input_close(struct input *input);

/* A smmu3_read_fn; context is the struct input. */
long input_read(void *context, void *data, size_t size, const char **why);

/* A smmu3_open_fn on the two above; context is not used. */
int input_open_file(void *context, const char *path, struct smmu3_file *file, const char **why);

/* Lines of an input, without their ends.  A line over 4096 bytes is malformed. */
struct lines {
	struct input *input;
	const char *name;
	unsigned number; /* of the line last given, from 1 */
	bool cut;        /* it has no end: the input ends within it */
	size_t at, end;
	char line[4097];
	char buffer[65536];
};
struct lines *lines_open(const char *path);
void lines_close(struct lines *lines);
/* The next line: 1, 0 at the end, negative after a complaint. */
int lines_next(struct lines *lines);

#endif
