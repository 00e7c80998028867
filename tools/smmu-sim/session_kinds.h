/* SPDX-License-Identifier: MIT */
/* What the lines of a session are made of. */
#ifndef SMMU_SIM_SESSION_KINDS_H
#define SMMU_SIM_SESSION_KINDS_H

#include "session.h"

/* How a part is read and printed. */
enum form {
	PART_END,
	PART_HEX,
	PART_DECIMAL,
	PART_ID,     /* decimal, or -1: any */
	PART_RESULT, /* 0, or - and the decimal number of an event, or no-event */
	PART_EQUALS, /* the sign alone */
	PART_DATA,   /* two hexadecimal digits for each of line->bytes bytes */
	PART_MEMBER, /* the name of a smmu3_record_member */
};

struct part {
	enum form form;
	const char *name; /* in complaints */
	const char *key;  /* stands before the value, or NULL */
	size_t member;
	uint64_t max;
};

/* Whether it has one of struct session_line. */
static inline bool has_member(const struct part *part)
{
	return part->form != PART_EQUALS && part->form != PART_DATA;
}

struct kind {
	char letter;
	const char *(*judge)(const struct session_line *line); /* as session_judge; or NULL */
	struct part part[9];                                   /* the rest is PART_END */
};

extern const struct kind session_kinds[SESSION_KINDS];

#endif
