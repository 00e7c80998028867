/* SPDX-License-Identifier: MIT */
/* Every kind of access by either privilege, put to a machine whose stages grant given letters. */
#ifndef SMMU_TEST_PERMISSION_PATH_H
#define SMMU_TEST_PERMISSION_PATH_H

#include "support/permission_tables.h"
#include "support/walk_world.h"

#include <inttypes.h>
#include <stdio.h>

#define ALL_LETTERS "rwxRWX"

/* An access, the letters that it needs at each stage (an atomic both: 13.1.1), and what a record
 * shows of it where the right that comes first is missing. */
struct asked {
	unsigned flags, class;
	const char *need;
	uint64_t shown;
};

static const struct asked all_accesses[] = {
	{ 0, SMMU3_CLASS_ORDINARY, "r", RNW },
	{ SMMU3_TXN_WRITE, SMMU3_CLASS_ORDINARY, "w", 0 },
	{ SMMU3_TXN_INSTRUCTION, SMMU3_CLASS_ORDINARY, "x", RNW | IND },
	{ 0, SMMU3_CLASS_ATOMIC, "wr", 0 },
	{ SMMU3_TXN_PRIVILEGED, SMMU3_CLASS_ORDINARY, "R", RNW | PNU },
	{ SMMU3_TXN_PRIVILEGED | SMMU3_TXN_WRITE, SMMU3_CLASS_ORDINARY, "W", PNU },
	{ SMMU3_TXN_PRIVILEGED | SMMU3_TXN_INSTRUCTION, SMMU3_CLASS_ORDINARY, "X",
	  RNW | IND | PNU },
	{ SMMU3_TXN_PRIVILEGED, SMMU3_CLASS_ATOMIC, "WR", PNU },
};

enum { ACCESSES = sizeof(all_accesses) / sizeof(all_accesses[0]) };

static inline bool grants(const char *granted, const char *need)
{
	return strspn(need, granted) == strlen(need);
}

/* An atomic that lacks its read alone shows as a read.  13.1.1 */
static inline uint64_t shown_of(const struct asked *asked, const char *granted)
{
	const bool read_missing = strlen(asked->need) == 2 && strchr(granted, asked->need[0]);

	return asked->shown | (read_missing ? RNW : 0);
}

/* Stage 1 pages of every AP, PXN and UXN, side by side, in bits 1:0, 2 and 3 of their numbers. */
enum { LEAVES = 16 };

static inline void put_leaves(struct world *w, uint64_t first_slot, uint64_t output)
{
	for (uint64_t n = 0; n < LEAVES; n++)
		put(w, first_slot + 8 * n, output | PAGE_BITS | AP(n & 3) | (n >> 2) << 53);
}

/* What a leaf grants under a hierarchy and WXN: D8-64, D8-65. */
static inline const char *leaf_grants(unsigned leaf, unsigned aptable, unsigned uxntable,
				      unsigned pxntable, unsigned wxn)
{
	return d8_65[leaf >> 3 | uxntable][(leaf >> 2 & 1) | pxntable]
		    [effective_ap[aptable][leaf & 3]][wxn];
}

/* What stage 2 grants: D8-76 with D8-77 or D8-78. */
static inline void stage2_letters(char text[8], unsigned s2ap, unsigned xn, bool xnx)
{
	snprintf(text, 8, "%s%s", d8_76[s2ap], xnx ? d8_78[xn] : d8_77[xn >> 1]);
}

/* A stage 2 page of the machine's output. */
static inline uint64_t stage2_page(unsigned s2ap, unsigned xn)
{
	return PA_PAGE | (S2_PAGE & ~S2AP(3)) | S2AP(s2ap) | (uint64_t)xn << 53;
}

/* What stage 1 and stage 2 grant, and the page they grant it of. */
struct granted {
	const char *s1, *s2;
	uint64_t address, pa; /* at OFFSET of the page */
	uint64_t ipa;         /* of the page; recorded where stage 2 refuses */
};

static inline bool is_granted(const struct world *w, const struct granted *g)
{
	return w->out.verdict == SMMU3_OK && w->out.pa == g->pa &&
	       w->out.perm == (letters(g->s1) & letters(g->s2));
}

static inline bool is_refused(const struct world *w, const struct granted *g,
			      const struct asked *asked)
{
	const bool s2 = grants(g->s1, asked->need);
	const uint64_t shown = shown_of(asked, s2 ? g->s2 : g->s1);
	const struct smmu3_event *record = &w->out.record;

	return w->out.verdict == SMMU3_ABORT && w->out.event == F_PERMISSION &&
	       w->out.recorded == 1 && w->out.fault_stage == (s2 ? 2 : 1) &&
	       w->out.fault_level == 3 && record->word[0] == (F_PERMISSION | SID << 32) &&
	       record->word[1] == (CLASS(2) | (s2 ? S2 : 0) | shown) &&
	       record->word[2] == g->address && record->word[3] == (s2 ? g->ipa : 0);
}

/* One access, which both stages must grant.  Stage 1 is asked first.  7.3.22, D8.4.3 */
static inline void expect_access(struct world *w, const struct granted *g,
				 const struct asked *asked)
{
	const bool granted = grants(g->s1, asked->need) && grants(g->s2, asked->need);

	w->txn.txn_class = (uint8_t)asked->class;
	ask(w, g->address, asked->flags);
	if (w->out.privileged != ((asked->shown & PNU) != 0) ||
	    w->out.instruction != ((asked->shown & IND) != 0) ||
	    !(granted ? is_granted(w, g) : is_refused(w, g, asked)))
		ck_abort_msg("stage 1 grants %s, stage 2 %s; %s wanted: verdict %u, event 0x%02x, "
			     "stage %u, perm 0x%02x, record 0x%" PRIx64,
			     g->s1, g->s2, asked->need, w->out.verdict, w->out.event,
			     w->out.fault_stage, w->out.perm, w->out.record.word[1]);
}

static inline void expect_accesses(struct world *w, const struct granted *g)
{
	for (unsigned i = 0; i < ACCESSES; i++)
		expect_access(w, g, &all_accesses[i]);
}

#endif
