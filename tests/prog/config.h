/* SPDX-License-Identifier: MIT */
/* Configurations for tests: a profile with some bits changed. */
#ifndef TESTS_PROG_CONFIG_H
#define TESTS_PROG_CONFIG_H

#include <smmu/smmu.h>
#include <stddef.h>

/* A change of one register, by its place in struct smmu3_config: bits cleared, then bits set. */
struct edit {
	size_t at;
	uint32_t clear, set;
};

#define EDIT(member, clear_bits, set_bits)                                  \
	{                                                                   \
		offsetof(struct smmu3_config, member), clear_bits, set_bits \
	}
#define ALL 0xffffffffu

enum { EDITS = 4 };

/* Edits that break a consistent profile, and how that is reported. */
struct broken {
	const char *profile;
	struct edit edits[EDITS];
	const char *section;
	const char *text;
};

struct smmu3_config profile_config(const char *profile);
void apply(struct smmu3_config *config, const struct edit *edits, size_t count);

#endif
