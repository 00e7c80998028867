/* SPDX-License-Identifier: MIT */
/* From a StreamID to its Stream table entry, decoded and judged.  3.3.1, 5.1, 5.2 */
#ifndef SMMU_CONFIG_STREAM_H
#define SMMU_CONFIG_STREAM_H

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

/* STRTAB_BASE, STRTAB_BASE_CFG and CR1.TABLE_*, in effective values.  6.3.24, 6.3.25 */
struct stream_table {
	uint64_t base;       /* aligned down as the format demands, bits at and above OAS clear */
	struct smmu3_attr attr; /* of L1STD and STE fetches.  13.8 */
	uint8_t log2size;    /* effective: min(LOG2SIZE, SIDSIZE) */
	uint8_t split;       /* 6, 8 or 10 */
	bool two_level;
};

#endif
