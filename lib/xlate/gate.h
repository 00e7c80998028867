/* SPDX-License-Identifier: MIT */
/* The registers of one Security state as a transaction sees them: decoded when software writes, const afterwards. */
#ifndef SMMU_XLATE_GATE_H
#define SMMU_XLATE_GATE_H

#include "config/stream.h"

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

/* GBPA (6.3.14): what becomes of a transaction while SMMUEN is 0. */
struct bypass {
	bool abort;
	bool mtcfg;
	uint8_t memattr, alloccfg, shcfg, privcfg, instcfg; /* encoded as the register has them */
};

struct gate {
	bool smmuen;
	bool recinvsid; /* CR2.RECINVSID: record C_BAD_STREAMID.  6.3.12 */
	struct bypass bypass;
	struct stream_table streams;
};

#endif
