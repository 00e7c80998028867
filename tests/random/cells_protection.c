/* SPDX-License-Identifier: MIT */
/* Granule protection: who is stopped and why, and what lets whom through. */
#include "cells.h"

#define WHO(X)                                 \
	X(STRUCTURE_STE, "an STE")             \
	X(STRUCTURE_VMS, "a VMS")              \
	X(STRUCTURE_CD, "a CD")                \
	X(STRUCTURE_TT, "a translation table") \
	X(CLIENT, "an access")                 \
	X(REQUEST, "a Translation Request")    \
	X(TRANSLATED, "a Translated transaction")
#define WHO_ENUM(name, words) name,
#define WHO_WORDS(name, words) words,
enum { WHO(WHO_ENUM) WHOS };

static const char *const who_name[] = { WHO(WHO_WORDS) };
static const char *const why_name[] = { "is forbidden",    "an entry of level 0 aborts",
					"of level 1",      "an entry of level 0 is invalid",
					"of level 1, too", "the next table is beyond PPS" };
static const char *const space_name[] = { "Non-secure", "Secure", "Realm" };

enum { WHYS = 6, GPIS = 16, SPACES = 3, SIZES = 7 };
enum {
	GPIS_AT = WHOS * WHYS,
	SIZES_AT = GPIS_AT + GPIS * SPACES,
	BEYOND_AT = SIZES_AT + SIZES,
	CELLS = BEYOND_AT + SPACES,
};

/* A block, what is joined, and granules. */
static const uint8_t size_lg2[SIZES] = { 30, 29, 25, 21, 16, 14, 12 };

static bool valid_gpi(unsigned gpi)
{
	return gpi == 0 || gpi == 15 || (gpi >= 8 && gpi <= 11);
}

static void name_protection(unsigned index, struct cell *cell)
{
	if (index < GPIS_AT)
		cell_name(cell, true, "protection: %s, %s", who_name[index / WHYS],
			  why_name[index % WHYS]);
	else if (index < SIZES_AT)
		cell_name(cell, valid_gpi((index - GPIS_AT) / SPACES),
			  "protection: GPI %u meets an access to %s memory",
			  (index - GPIS_AT) / SPACES, space_name[(index - GPIS_AT) % SPACES]);
	else if (index < BEYOND_AT)
		cell_name(cell, true, "protection: a region of 2^%u", size_lg2[index - SIZES_AT]);
	else
		cell_name(cell, true, "protection: beyond PPS in %s memory",
			  space_name[index - BEYOND_AT]);
}

static unsigned who_of(const struct smmu3_txn *txn, const struct obvious_protection *protection)
{
	switch (protection->reason) {
	case SMMU3_REASON_L1STD:
	case SMMU3_REASON_STE:
		return STRUCTURE_STE;
	case SMMU3_REASON_VMS:
		return STRUCTURE_VMS;
	case SMMU3_REASON_L1CD:
	case SMMU3_REASON_CD:
		return STRUCTURE_CD;
	case OBVIOUS_OUTPUT:
		return txn->ats == SMMU3_ATS_REQUEST    ? REQUEST :
		       txn->ats == SMMU3_ATS_TRANSLATED ? TRANSLATED :
							  CLIENT;
	default:
		return STRUCTURE_TT;
	}
}

/* Registers are right. */
static unsigned why_of(const struct obvious_gpc *gpc)
{
	switch (gpc->gpcf) {
	case OBVIOUS_GPCF_EABT:
		return 1 + gpc->level;
	case OBVIOUS_GPCF_ENTRY:
		return 3 + gpc->level;
	case OBVIOUS_GPCF_TABLE:
		return 5;
	default:
		return 0;
	}
}

static unsigned find_protection(const struct smmu3_txn *txn, const struct obvious_answer *answer,
				unsigned *index)
{
	const struct obvious_protection *protection = &answer->notes.protection;
	const struct obvious_gpc *gpc = &protection->last;
	const bool found = gpc->size_lg2 != 0;
	unsigned count = 0;

	if (!protection->checked)
		return 0;
	if (gpc->gpcf != OBVIOUS_GPCF_NONE)
		index[count++] = who_of(txn, protection) * WHYS + why_of(gpc);
	if (found)
		index[count++] = GPIS_AT + (unsigned)gpc->gpi * SPACES + protection->space;
	for (unsigned i = 0; found && i < SIZES; i++)
		if (size_lg2[i] == gpc->size_lg2)
			index[count++] = SIZES_AT + i;
	if (!found && !gpc->reads)
		index[count++] = BEYOND_AT + protection->space;
	return count;
}

const struct cell_group cells_of_protection = {
	"granule protection: who is stopped x why, GPI x space, sizes", CELLS, name_protection,
	find_protection
};
