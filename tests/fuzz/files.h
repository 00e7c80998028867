/* SPDX-License-Identifier: MIT */
/* Files made of a fuzzer's bytes, given out in pieces, and counted. */
#ifndef SMMU_TEST_FUZZ_FILES_H
#define SMMU_TEST_FUZZ_FILES_H

#include <smmu/platform.h>
#include <smmu/trace.h>

#include <stdbool.h>

/* A text that is read in pieces. */
struct text {
	const char *at;
	size_t left;
	size_t piece; /* bytes a read gives at most; 0: all there is room for */
};

/* smmu3_read_fn of a struct text. */
long text_read(void *context, void *data, size_t size, const char **why);

/* What smmu3_machine_load opens: the first file, then the second, and so on, whatever their names.
 * They stand behind each other with a NUL between them; the fourth has all the rest, NULs and all.
 * That is the configuration, and registers, index and data of a capture. */
struct files {
	struct text text[4];
	unsigned count, opened, closed;
};

void files_cut(struct files *files, const void *data, size_t size, size_t piece);

/* smmu3_open_fn of a struct files. */
int files_open(void *context, const char *path, struct smmu3_file *file, const char **why);

/* Complaints, each looked at. */
struct complaints_heard {
	unsigned count;
	int code; /* of the first */
	char first[128];
};

/* smmu3_diagnostic_fn of a struct complaints_heard. */
void hear(void *context, const struct smmu3_diagnostic *diagnostic);

/* Ends the process, in any build, where a promise is broken. */
#define DEMAND(promise)                                              \
	do {                                                         \
		if (!(promise))                                      \
			demand_failed(#promise, __FILE__, __LINE__); \
	} while (0)

_Noreturn void demand_failed(const char *promise, const char *file, int line);

#endif
