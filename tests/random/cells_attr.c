/* SPDX-License-Identifier: MIT */
/* Memory attributes that stage 2 combined: every row of D8-97 to D8-101, and of D8-103.  Of an
 * access that succeeds the last combination is its own, not that of a table. */
#include "cells.h"

enum { TYPES = 13, MEMATTRS = 16, SHAREABILITIES = 3 };

static const char *const type_name[TYPES] = {
	"Device-nGnRnE", "Device-nGnRE", "Device-nGRE", "Device-GRE", "iNC-oNC",
	"iNC-oWT",       "iNC-oWB",      "iWT-oNC",     "iWT-oWT",    "iWT-oWB",
	"iWB-oNC",       "iWB-oWT",      "iWB-oWB",
};

static void name_type(unsigned index, struct cell *cell)
{
	cell_name(cell, true, "%s%s with MemAttr %u", index / MEMATTRS / TYPES ? "FWB, " : "",
		  type_name[index / MEMATTRS % TYPES], index % MEMATTRS);
}

/* 0: Non-cacheable, 1: Write-Through, 2: Write-Back. */
static unsigned cacheability(unsigned half)
{
	return half == 4 ? 0 : half & 4 ? 2 : 1;
}

static unsigned type_of(uint8_t mair)
{
	return mair >> 4 ? 4 + 3 * cacheability(mair & 0xf) + cacheability(mair >> 4) : mair >> 2;
}

static unsigned find_type(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			  unsigned *index)
{
	const struct obvious_notes *notes = &answer->notes;

	(void)txn;
	*index = (notes->fwb * TYPES + type_of(notes->s1.mair)) * MEMATTRS + notes->s2_memattr;
	return notes->combined && answer->verdict == SMMU3_OK;
}

const struct cell_group cells_of_types = { "types combined: forced Write-Back x stage 1 x MemAttr",
					   2 * TYPES *MEMATTRS, name_type, find_type };

static void name_shareability(unsigned index, struct cell *cell)
{
	static const char *const name[SHAREABILITIES] = { "NSH", "ISH", "OSH" };

	cell_name(cell, true, "%s with %s", name[index / SHAREABILITIES],
		  name[index % SHAREABILITIES]);
}

/* An SH field: 0b01 is reserved. */
static unsigned shareability_of(unsigned sh)
{
	return sh == SMMU3_OSH ? 2 : sh == SMMU3_ISH ? 1 : 0;
}

/* Device and iNC-oNC are Outer Shareable whatever is said: they do not count. */
static unsigned find_shareability(const struct smmu3_txn *txn, const struct obvious_answer *answer,
				  unsigned *index)
{
	const struct obvious_notes *notes = &answer->notes;

	(void)txn;
	*index = shareability_of(notes->s1.sh) * SHAREABILITIES + shareability_of(notes->s2_sh);
	return notes->combined && answer->verdict == SMMU3_OK && type_of(notes->s1.mair) > 4;
}

const struct cell_group cells_of_shareabilities = { "shareability combined: stage 1 x stage 2",
						    SHAREABILITIES *SHAREABILITIES,
						    name_shareability, find_shareability };
