/* SPDX-License-Identifier: MIT */
/* A file being written: there when it is whole, or not at all; or "-", stdout. */
#ifndef SMMU_SIM_OUTPUT_H
#define SMMU_SIM_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "status.h"

struct output;

/* Begins a file: as PATH.tmp, where PATH is a file or nothing yet.  With frames each write is a
 * frame of zstd, with its checksum.  NULL after a complaint. */
struct output *output_open(const char *path, bool frames);

/* A smmu3_write_fn; context is the struct output.  Complains when it cannot. */
int output_write(void *context, const void *data, size_t size);

/* Ends it.  whole: it gets its name; otherwise nothing is left of it. */
enum status output_close(struct output *output, bool whole);

#endif
