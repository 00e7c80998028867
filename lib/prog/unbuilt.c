/* SPDX-License-Identifier: MIT */
/* Features that change an answer and are not built.  One that needs another stands before it, to be
 * named first. */
#include "prog/rules.h"

#include "base/bits.h"

const struct unbuilt unbuilt_features[] = {
	{ IS(IDR1, ECMDQ, 1), "ECMDQ", "clear IDR1.ECMDQ and IDR6", "6.3.2" },
	{ IS(IDR1, REL, 1), "REL", "clear IDR1.REL", "6.3.2" },
	{ IS(IDR1, TABLES_PRESET, 1), "TABLES_PRESET", "clear IDR1.TABLES_PRESET", "6.3.2" },
	{ IS(IDR1, QUEUES_PRESET, 1), "QUEUES_PRESET", "clear IDR1.QUEUES_PRESET", "6.3.2" },
};
const size_t unbuilt_feature_count = ARRAY_SIZE(unbuilt_features);
