/* SPDX-License-Identifier: MIT */
/* Features that change an answer and are not built.  One that needs another stands before it, to be
 * named first. */
#include "prog/rules.h"

#include "base/bits.h"

const struct unbuilt unbuilt_features[] = {
	{ IS(IDR5, VAX, 2), "VAX of 56 bits", "write IDR5.VAX = 1", "6.3.6" },
	{ IS(IDR5, OAS, 7), "OAS of 56 bits", "write IDR5.OAS = 6", "6.3.6" },
	{ IS(IDR5, D128, 1), "D128", "clear IDR5.D128", "6.3.6" },
	{ IS(IDR0, HTTU, 3), "HTTU of tables", "write IDR0.HTTU = 2", "6.3.1" },
	{ IS(IDR1, ECMDQ, 1), "ECMDQ", "clear IDR1.ECMDQ and IDR6", "6.3.2" },
	{ IS(IDR1, REL, 1), "REL", "clear IDR1.REL", "6.3.2" },
	{ IS(IDR1, TABLES_PRESET, 1), "TABLES_PRESET", "clear IDR1.TABLES_PRESET", "6.3.2" },
	{ IS(IDR1, QUEUES_PRESET, 1), "QUEUES_PRESET", "clear IDR1.QUEUES_PRESET", "6.3.2" },
	{ IS(IDR3, THE, 1), "THE", "clear IDR3.THE", "6.3.4" },
	{ IS(IDR3, S1PI, 1), "S1PI", "clear IDR3.S1PI", "6.3.4" },
	{ IS(IDR3, S2PO, 1), "S2PO", "clear IDR3.S2PO", "6.3.4" },
	{ IS(IDR3, S2PI, 1), "S2PI", "clear IDR3.S2PI", "6.3.4" },
	{ IS(IDR3, MTEPERM, 1), "MTEPERM", "clear IDR3.MTEPERM; AIDR is then at most 3", "6.3.4" },
	{ IS(IDR3, AIE, 1), "AIE", "clear IDR3.AIE", "6.3.4" },
	{ IS(IDR3, EPAN, 1), "EPAN", "clear IDR3.EPAN; AIDR is then at most 3", "6.3.4" },
};
const size_t unbuilt_feature_count = ARRAY_SIZE(unbuilt_features);
