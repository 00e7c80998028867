/* SPDX-License-Identifier: MIT */
/* The judges of STEs and CDs themselves, asked about features that no SMMU can be made with yet;
 * what an SMMU can have is asked of a whole SMMU elsewhere. */
#ifndef SMMU_TEST_JUDGES_H
#define SMMU_TEST_JUDGES_H

#include "arch/features.h"
#include "arch/why.h"
#include "support/fields.h"
#include "support/suite.h"

#include <check.h>
#include <stddef.h>
#include <string.h>

/* A member of struct features and its value; zeroed: none. */
struct feature {
	size_t at; /* offset + 1 */
	uint8_t value;
};

#define HAS(member, value)                                   \
	{                                                    \
		offsetof(struct features, member) + 1, value \
	}
#define ROWS(table) (int)(sizeof(table) / sizeof((table)[0]))

static inline void give(struct features *features, const struct feature *has, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (has[i].at)
			((uint8_t *)features)[has[i].at - 1] = has[i].value;
}

/* SMMUv3.4, VMSAv8-64 of every granule, 48 bits, and as little else as there can be. */
static inline struct features plain_features(void)
{
	return (struct features){
		.minor = 4,
		.s1p = true,
		.s2p = true,
		.ttf_aa64 = true,
		.asid16 = true,
		.vmid16 = true,
		.cd2l = true,
		.ttendian = 2,
		.stall_model = 1,
		.sidsize = 16,
		.ssidsize = 20,
		.had = true,
		.xnx = true,
		.fwb = true,
		.gran4k = true,
		.gran16k = true,
		.gran64k = true,
		.oas_bits = 48,
		.ias_bits = 48,
		.va_bits = 48,
	};
}

static inline void expect_why(enum why found, enum why expected, const char *what, unsigned row)
{
	ck_assert_msg(found == expected, "%s %u: %s, not %s", what, row, smmu3_why(found)->name,
		      smmu3_why(expected)->name);
}

#endif
