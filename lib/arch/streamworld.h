/* SPDX-License-Identifier: MIT */
/* StreamWorlds: the translation regimes that a stream may be of, and what each has.  3.3.3, 3.17,
 * 5.2 STRW, 5.4.1 */
#ifndef SMMU_ARCH_STREAMWORLD_H
#define SMMU_ARCH_STREAMWORLD_H

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

enum stream_world {
	NS_EL1, /* also what stage 2 is of */
	NS_EL2,
	NS_EL2_E2H,
	S_EL1, /* "Secure"; also what its stage 2 is of */
	S_EL2,
	S_EL2_E2H,
	EL3,
	R_EL1, /* likewise */
	R_EL2,
	R_EL2_E2H,
	STREAM_WORLDS,
};

struct stream_world_facts {
	uint8_t sec_sid; /* enum smmu3_pas: whose streams */
	/* TTB0 and TTB1, which may be disabled, and two privileges; else TTB0 alone, and every
	 * access counts as privileged.  3.3.3, 13.4.1 */
	bool two_ranges;
	bool asids;      /* translations have one.  3.17 */
	bool vmids;      /* likewise, where there is a stage 2 */
	bool lpae, d128; /* the formats that its tables may have besides VMSAv8-64.  5.4 AA64 */
	uint8_t bit;     /* of enum smmu3_worlds */
};

static const struct stream_world_facts stream_worlds[STREAM_WORLDS] = {
	[NS_EL1] = { .two_ranges = true,
		     .asids = true,
		     .vmids = true,
		     .lpae = true,
		     .d128 = true,
		     .bit = SMMU3_WORLD_EL1 },
	[NS_EL2] = { .lpae = true, .bit = SMMU3_WORLD_EL2 },
	[NS_EL2_E2H] = { .two_ranges = true,
			 .asids = true,
			 .d128 = true,
			 .bit = SMMU3_WORLD_EL2_E2H },
	[S_EL1] = { .sec_sid = SMMU3_PAS_SECURE,
		    .two_ranges = true,
		    .asids = true,
		    .vmids = true,
		    .lpae = true,
		    .d128 = true,
		    .bit = SMMU3_WORLD_EL1 },
	[S_EL2] = { .sec_sid = SMMU3_PAS_SECURE, .bit = SMMU3_WORLD_EL2 },
	[S_EL2_E2H] = { .sec_sid = SMMU3_PAS_SECURE,
			.two_ranges = true,
			.asids = true,
			.d128 = true,
			.bit = SMMU3_WORLD_EL2_E2H },
	[EL3] = { .sec_sid = SMMU3_PAS_SECURE, .d128 = true, .bit = SMMU3_WORLD_EL3 },
	[R_EL1] = { .sec_sid = SMMU3_PAS_REALM,
		    .two_ranges = true,
		    .asids = true,
		    .vmids = true,
		    .d128 = true,
		    .bit = SMMU3_WORLD_EL1 },
	[R_EL2] = { .sec_sid = SMMU3_PAS_REALM, .bit = SMMU3_WORLD_EL2 },
	[R_EL2_E2H] = { .sec_sid = SMMU3_PAS_REALM,
			.two_ranges = true,
			.asids = true,
			.d128 = true,
			.bit = SMMU3_WORLD_EL2_E2H },
};

enum {
	WORLDS_BELOW_EL3 = SMMU3_WORLD_EL1 | SMMU3_WORLD_EL2 | SMMU3_WORLD_EL2_E2H,
	WORLDS_WITH_EL3 = WORLDS_BELOW_EL3 | SMMU3_WORLD_EL3,
};

/* Those of a Security state: the first, and which there are.  They follow each other as the bits
 * that they have. */
static const struct state_worlds {
	uint8_t first; /* enum stream_world */
	uint8_t bits;  /* enum smmu3_worlds */
} state_worlds[] = {
	[SMMU3_PAS_NS] = { NS_EL1, WORLDS_BELOW_EL3 },
	[SMMU3_PAS_SECURE] = { S_EL1, WORLDS_WITH_EL3 },
	[SMMU3_PAS_REALM] = { R_EL1, WORLDS_BELOW_EL3 },
	[SMMU3_PAS_ROOT] = { STREAM_WORLDS, 0 },
};

#endif
