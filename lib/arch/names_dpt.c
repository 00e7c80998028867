/* SPDX-License-Identifier: MIT */
/* Every bit of the descriptors of a Device Permission Table, 3.24.3.1.  RES0 stands for MBZ, too: a
 * bit that is set there makes the descriptor invalid. */
#include "arch/dpt.h"
#include "arch/names.h"

#define LEVEL0_MEANINGS "0=no access|1=block|2=invalid|3=table"
#define AC_MEANINGS                                                                         \
	"0=of the VMID, unless DPT_VMATCH is 2|1=of the VMID, unless DPT_VMATCH is 1 or 2|" \
	"2=of every VMID|3=reserved"
#define W_MEANINGS "0=read-only|1=read and write"
#define CONTIG_MEANINGS "0=alone|1=64KB|2=2MB|3=32MB|4=512MB|5=1GB|6=16GB|7=64GB|8-15=reserved"

static const struct smmu3_field no_access[] = {
	MEANS("Type", DPT_TYPE, LEVEL0_MEANINGS),
	RES0(63, 2),
};

static const struct smmu3_field block[] = {
	MEANS("Type", DPT_TYPE, LEVEL0_MEANINGS),
	MEANS("AC", DPT_BLOCK_AC, AC_MEANINGS),
	MEANS("W", DPT_BLOCK_W, W_MEANINGS),
	RES0(15, 5),
	NAMED("VMID", DPT_BLOCK_VMID),
	RES0(63, 32),
};

static const struct smmu3_field table[] = {
	MEANS("Type", DPT_TYPE, LEVEL0_MEANINGS),
	RES0(11, 2),
	ADDRESS("Address", DPT_TABLE_ADDR),
	RES0(63, 56),
};

static const struct smmu3_field level1[] = {
	MEANS("A", DPT_A,
	      "0=no access|1=to the lower granule|2=to the upper granule|3=to both, or to the region"),
	MEANS("AC0", DPT_AC0, AC_MEANINGS),
	MEANS("W0", DPT_W0, W_MEANINGS),
	RES0(7, 5),
	MEANS("Contig", DPT_CONTIG, CONTIG_MEANINGS),
	RES0(15, 12),
	NAMED("VMID0", DPT_VMID0),
	RES0(33, 32),
	MEANS("AC1", DPT_AC1, AC_MEANINGS),
	MEANS("W1", DPT_W1, W_MEANINGS),
	RES0(47, 37),
	NAMED("VMID1", DPT_VMID1),
};

static const struct smmu3_layout layouts[] = {
	LAYOUT("DPT_L0_NO_ACCESS", "3.24.3.1.1", 64, no_access),
	LAYOUT("DPT_L0_BLOCK", "3.24.3.1.2", 64, block),
	LAYOUT("DPT_L0_TABLE", "3.24.3.1.3", 64, table),
	LAYOUT("DPT_L1", "3.24.3.1.4", 64, level1),
};

const struct layouts dpt_layouts = { layouts, ARRAY_SIZE(layouts) };
