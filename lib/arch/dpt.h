/* SPDX-License-Identifier: MIT */
/* Descriptors of a Device Permission Table, 3.24.3.1.  8 bytes; bit numbers are the descriptors'
 * own. Every bit that no field has is RES0. */
#ifndef SMMU_ARCH_DPT_H
#define SMMU_ARCH_DPT_H

#include "arch/field.h"

/* Level 0: No Access, Block or Table. */
enum dpt_level0_field {
	DPT_TYPE = FIELD(1, 0),
	DPT_BLOCK_AC = FIELD(3, 2),
	DPT_BLOCK_W = BIT_FIELD(4),
	DPT_BLOCK_VMID = FIELD(31, 16),
	DPT_TABLE_ADDR = FIELD(55, 12), /* an address */
};

/* DPT_TYPE; 0b10 is invalid */
enum dpt_type { DPT_TYPE_NO_ACCESS = 0, DPT_TYPE_BLOCK = 1, DPT_TYPE_TABLE = 3 };

/* Level 1: two granules, or one of the descriptors of a contiguous region. */
enum dpt_level1_field {
	DPT_A = FIELD(1, 0), /* bit 0: the lower granule can be accessed, bit 1: the upper */
	DPT_AC0 = FIELD(3, 2),
	DPT_W0 = BIT_FIELD(4),
	DPT_CONTIG = FIELD(11, 8),
	DPT_VMID0 = FIELD(31, 16),
	DPT_AC1 = FIELD(35, 34),
	DPT_W1 = BIT_FIELD(36),
	DPT_VMID1 = FIELD(63, 48),
};

/* AC */
enum dpt_ac {
	DPT_AC_VMID = 0,       /* of one VMID, unless DPT_VMATCH is 0b10 */
	DPT_AC_VMID_OR_01 = 1, /* likewise, and unless it is 0b01 */
	DPT_AC_ANY = 2,        /* of whatever VMID */
	DPT_AC_RESERVED = 3,
};

/* STE.DPT_VMATCH.  5.2 */
enum dpt_vmatch {
	DPT_VMATCH_VMID = 0,
	DPT_VMATCH_SHARED = 1, /* regions with AC = 0b01 are for this stream, too */
	DPT_VMATCH_NEVER = 2,
	DPT_VMATCH_RESERVED = 3, /* as 0 */
};

/* DPT_CFG_FAR.DPT_FAULTCODE.  6.3.48 */
enum dpt_faultcode {
	DPT_DISABLED = 0,
	DPT_WALK_FAULT = 1,
	DPT_GPC_FAULT = 2,
	DPT_EABT = 3,
};

#endif
