/* SPDX-License-Identifier: MIT */
/* Changes of what is in use: what, how far the invalidations reach, and whether it was kept. */
#include "cells_maintain.h"

enum { REACHES = 16, KEPT = 2 };

static const char *const what[EDIT_KINDS] = {
	[EDIT_LEAF] = "leaf of stage 1",
	"leaf of stage 2",
	"leaf of stage 1 of both",
	"leaf of stage 2 of both",
	"table of stage 1",
	"table of stage 2",
	"table of stage 1 of both",
	"table of stage 2 of both",
	[EDIT_L1STD] = "L1STD",
	[EDIT_STE_OVERRIDES] = "overrides of an STE",
	[EDIT_STE_VMID] = "VMID",
	[EDIT_STE_REMOVED] = "STE removed",
	[EDIT_STE_EATS] = "EATS",
	[EDIT_STE_LABELS] = "labels of an STE",
	[EDIT_VMS] = "VMS",
	[EDIT_L1CD] = "L1CD",
	[EDIT_CD_MODEL] = "fault model of a CD",
	[EDIT_CD_TYPES] = "MAIR",
	[EDIT_CD_ASID] = "ASID",
	[EDIT_CD_LABELS] = "labels of a CD",
};

static const char *const reach_name[TLB_REACHES] = {
	[BY_ADDRESS] = "by address", [BY_ADDRESS_ANY_ASID] = "by address of any ASID",
	[BY_RANGE] = "by range",     [BY_RANGE_ANY_ASID] = "by range of any ASID",
	[BY_ASID] = "by ASID",       [BY_VMID] = "by VMID",
	[BY_BOTH] = "both stages",   [BY_ALL] = "everything",
};

static const char *const cfgi_name[CFGI_REACHES] = {
	[CFGI_ONE] = "itself",           [CFGI_CDS] = "all CDs",
	[CFGI_STREAM] = "the STE",       [CFGI_RANGE] = "a range of STEs",
	[CFGI_EVERY] = "all structures",
};

/* ---- Descriptors: TLBI ---- */

/* Stage 2 has no ASIDs, and stage 1's commands alone do not reach it. */
static bool reaches(enum edit_kind kind, enum reach reach)
{
	const bool stage2 = kind & 1;

	return !stage2 || reach == BY_ADDRESS || reach == BY_RANGE || reach >= BY_BOTH;
}

static bool has_leaf(enum edit_kind kind, enum reach reach)
{
	return kind < EDIT_TABLE && reach < BY_ASID;
}

/* ---- Structures: CFGI ---- */

static bool of_cds(enum edit_kind kind)
{
	return kind >= EDIT_L1CD;
}

static bool cfgi_reaches(enum edit_kind kind, enum cfgi cfgi)
{
	return of_cds(kind) || (cfgi != CFGI_CDS && cfgi != CFGI_STREAM);
}

/* Leaf = 1 leaves the level above. */
static bool has_cfgi_leaf(enum edit_kind kind, enum cfgi cfgi)
{
	if (kind == EDIT_L1STD)
		return false;
	return cfgi == CFGI_STREAM || (cfgi == CFGI_ONE && kind != EDIT_L1CD);
}

/* ---- Cells ---- */

static void name_structure(enum edit_kind kind, unsigned reach, bool kept, struct cell *cell)
{
	const enum cfgi cfgi = (enum cfgi)(reach / 2);
	const bool leaf = reach & 1, known = cfgi < CFGI_REACHES;

	cell_name(cell, known && cfgi_reaches(kind, cfgi) && (!leaf || has_cfgi_leaf(kind, cfgi)),
		  "%s, invalidates %s%s, %s", what[kind], known ? cfgi_name[cfgi] : "?",
		  leaf ? " with Leaf" : "", kept ? "was kept" : "was not kept");
}

static void name_descriptor(enum edit_kind kind, unsigned reach, bool kept, struct cell *cell)
{
	const enum reach how = (enum reach)(reach / 2);
	const bool leaf = reach & 1;

	cell_name(cell, reaches(kind, how) && (!leaf || has_leaf(kind, how)),
		  "%s, invalidates %s%s, %s", what[kind], reach_name[how], leaf ? " with Leaf" : "",
		  kept ? "was kept" : "was not kept");
}

static void name_edit(unsigned index, struct cell *cell)
{
	const enum edit_kind kind = (enum edit_kind)(index / KEPT / REACHES);

	(kind < EDIT_L1STD ? name_descriptor : name_structure)(kind, index / KEPT % REACHES,
							       index % KEPT, cell);
}

static unsigned descriptor_reach(const struct edit *edit)
{
	const enum reach reach = edit->remedy.reach;

	return 2 * reach + (has_leaf(edit->kind, reach) && edit->remedy.leaf);
}

static unsigned structure_reach(const struct edit *edit)
{
	const enum cfgi cfgi = edit->remedy.cfgi;

	return 2 * cfgi + (has_cfgi_leaf(edit->kind, cfgi) && edit->remedy.cfgi_leaf);
}

const char *cell_edit_name(unsigned kind)
{
	return what[kind];
}

const char *cell_reach_name(unsigned kind, unsigned reach)
{
	if (kind < EDIT_L1STD)
		return reach_name[reach];
	return reach < CFGI_REACHES ? cfgi_name[reach] : "?";
}

/* Secure streams have no ATS. */
bool cell_edit_reaches(unsigned kind, unsigned reach)
{
	if (kind < EDIT_L1STD)
		return reaches((enum edit_kind)kind, (enum reach)reach);
	return kind != EDIT_STE_EATS && reach < CFGI_REACHES &&
	       cfgi_reaches((enum edit_kind)kind, (enum cfgi)reach);
}

unsigned cell_of_edit(const struct edit *edit)
{
	const unsigned reach = edit->kind < EDIT_L1STD ? descriptor_reach(edit) :
							 structure_reach(edit);

	return (edit->kind * REACHES + reach) * KEPT + edit->kept;
}

/* No access is in one of these by itself. */
static unsigned find_none(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			  unsigned *index)
{
	(void)txn, (void)answer, (void)index;
	return 0;
}

const struct cell_group cells_of_edits = {
	"changes of what is in use: what x how far invalidations reach x was it kept",
	EDIT_KINDS *REACHES *KEPT, name_edit, find_none
};
