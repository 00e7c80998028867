/* SPDX-License-Identifier: MIT */
/* Complaints about people's input: each names its place, says one sentence and shows the line;
 * after 20 nobody reads on. */
#ifndef SMMU_PLATFORM_DIAG_H
#define SMMU_PLATFORM_DIAG_H

#include <smmu/trace.h>
#include <stdbool.h>
#include <stddef.h>

enum { COMPLAINTS_MOST = 20 };

/* A text being read.  text may be NULL: then no line is shown. */
struct source {
	const char *name;
	const char *text;
	size_t size;
	unsigned before; /* lines that stand before text */
};

/* line and column count from 1; 0: nowhere in particular. */
struct place {
	const struct source *source;
	unsigned line, column, length;
};

/* The place of a byte of a text, or of its end. */
struct place place_at(const struct source *source, size_t offset);

struct complaints {
	smmu3_diagnostic_fn *report; /* may be NULL */
	void *context;
	unsigned count;
	int code; /* of the first */
};

/* One complaint; code is negative, from enum smmu3_code.  Characters that would disturb a terminal
 * come out as '?'. */
__attribute__((format(printf, 4, 5))) void complain(struct complaints *complaints, int code,
						    struct place place, const char *format, ...);

/* A remark that belongs to the complaint before it. */
__attribute__((format(printf, 3, 4))) void remark(struct complaints *complaints, struct place place,
						  const char *format, ...);

/* Enough said: the rest of the input need not be judged. */
static inline bool complaints_full(const struct complaints *complaints)
{
	return complaints->count >= COMPLAINTS_MOST;
}

#endif
