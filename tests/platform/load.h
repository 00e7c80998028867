/* SPDX-License-Identifier: MIT */
/* Machines from texts, with the complaints kept. */
#ifndef TESTS_PLATFORM_LOAD_H
#define TESTS_PLATFORM_LOAD_H

#include <smmu/platform.h>

/* A file that a configuration may name. */
struct text_file {
	const char *name;
	const char *text;
	size_t size; /* 0: its length */
};

struct loading {
	struct smmu3_machine *machine;
	int code;
	unsigned complaints, notes;
	char said[8192];               /* "LINE:COL: sentence\n" each; notes begin with "note: " */
	char shown[512];               /* the line shown with the first */
	char file[256];                /* the file of the first */
	unsigned length;               /* of the first */
	const struct text_file *files; /* ends with a NULL name */
	unsigned opened, closed;
	size_t piece; /* not 0: the files are cut, and come in pieces of so many bytes at most */
};

/* Loads a text as "dir/test.yaml"; other files are those given, relative to dir. */
struct loading load(const char *text);
struct loading load_with(const char *text, const struct text_file *files);

/* The same, from a source that gives at most `piece` bytes at a time and fails after the text: "the
 * stream is cut". */
struct loading load_cut(const char *text, size_t piece);

/* As load, and the machine must be there. */
struct loading load_good(const char *text);

void unload(struct loading *loading);

/* Collects complaints; context is a struct loading. */
void collect(void *context, const struct smmu3_diagnostic *diagnostic);

/* The word at a physical address. */
uint64_t word_at(const struct loading *loading, uint64_t pa);

/* A register of an SMMU. */
uint64_t reg(struct loading *loading, size_t smmu, uint64_t offset, unsigned size);

/* Performs one line of a trace, whose act must come to what it expects; the outcome. */
struct smmu3_outcome perform(struct loading *loading, const char *line);

/* Performs lines, each with an expectation, and asserts that each is met. */
void perform_all(struct loading *loading, const char *const *lines, size_t count);
#define ALL(machine, lines) perform_all(machine, lines, sizeof(lines) / sizeof(lines[0]))

/* A line of a trace that is no line, and what is said of it. */
struct line_mistake {
	const char *line, *said;
};
void expect_mistake(const struct line_mistake *mistake);

#endif
