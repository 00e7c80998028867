/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <check.h>
#include <string.h>

struct smmu3_config profile_config(const char *profile)
{
	struct smmu3_config config;

	ck_assert_int_eq(smmu3_config_init(&config, profile, NULL), 0);
	return config;
}

void apply(struct smmu3_config *config, const struct edit *edits, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *at = (char *)config + edits[i].at;
		uint32_t value;

		if (!edits[i].clear && !edits[i].set)
			continue;
		memcpy(&value, at, sizeof(value));
		value = (value & ~edits[i].clear) | edits[i].set;
		memcpy(at, &value, sizeof(value));
	}
}
