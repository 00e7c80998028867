/* SPDX-License-Identifier: MIT */
/* Where accesses go, one after the other: the same for the same seed, on every machine. */
#ifndef SMMU_SIM_PATTERN_H
#define SMMU_SIM_PATTERN_H

#include <smmu/trace.h>
#include <stdbool.h>

enum pattern_kind {
	PATTERN_STREAM,      /* one byte behind the other */
	PATTERN_STRIDE,      /* a stride apart */
	PATTERN_RANDOM,      /* anywhere */
	PATTERN_ZIPF,        /* the nth page as often as 1/n */
	PATTERN_RING,        /* a descriptor, its buffer, the descriptor again */
	PATTERN_INTERLEAVED, /* several that stream, one of them at a time by chance */
};

/* An access that others are made of, and what is left to the shape. */
struct pattern_shape {
	enum pattern_kind kind;
	const struct smmu3_trace_op *access; /* who, where they begin, how many bytes */
	unsigned accesses;
	uint64_t seed;
	uint64_t streams;      /* StreamIDs from that of each access on */
	uint64_t apart;        /* addresses between theirs */
	uint64_t span;         /* bytes that each reaches */
	uint64_t stride, page; /* page: of zipf, and a buffer of a ring */
	uint64_t slots;        /* of a ring */
	unsigned writes;       /* of 100 reads those that become writes */
};

struct pattern;

/* The number of a kind by its name, or -1; and the names. */
int pattern_named(const char *name);
extern const char *const pattern_names[];

/* What does not go together in a shape, in words of the command line, or NULL. */
const char *pattern_wrong(const struct pattern_shape *shape);

/* Of a shape that is not wrong, which stays the caller's. */
struct pattern *pattern_new(const struct pattern_shape *shape);
void pattern_free(struct pattern *pattern);

/* The next access. */
void pattern_next(struct pattern *pattern, struct smmu3_trace_op *op);

#endif
