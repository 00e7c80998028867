/* SPDX-License-Identifier: MIT */
/* Files that a configuration names, opened as the host of the library wishes. */
#ifndef SMMU_PLATFORM_INPUT_H
#define SMMU_PLATFORM_INPUT_H

#include <smmu/platform.h>

struct input {
	smmu3_open_fn *open; /* NULL: plain files */
	void *context;
};

/* The whole of a file in *text, for free(), with a NUL behind its *size bytes.  Returns 0,
 * -SMMU3_E_IO, -SMMU3_E_FORMAT when it has more than `limit` bytes, or -SMMU3_E_MEMORY; then *why
 * says it in words, and *text is what was read before, or NULL where the file was not opened. */
int input_read(const struct input *input, const char *path, size_t limit, char **text, size_t *size,
	       const char **why);

#endif
