/* SPDX-License-Identifier: MIT */
/* The rows of s1s2-attr-combine.csv: what stage 2 makes of a stage 1 type, DDI 0487 D8-97, D8-98,
 * D8-100, D8-101, and of a shareability, D8-103. */
#ifndef TEST_WALK_COMBINE_TABLE_H
#define TEST_WALK_COMBINE_TABLE_H

#include "walk/meaning.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of types: 13 types with 16 values of MemAttr, without FWB and with. */
enum { COMBINE_ROWS = 2 * 13 * 16 };

struct combine_row {
	char text[192];
	bool fwb;
	struct meaning s1;
	unsigned memattr;
	bool reserved;         /* no more than this is said */
	struct meaning result; /* as of hints RA WA nTR */
	bool sh_combined;      /* shareability by D8-103; otherwise result.sh */
};

/* Of shareability, for results that are cacheable. */
struct shareability_row {
	unsigned s1, s2, result;
};

enum { SHAREABILITY_ROWS = 9 };

/* "Device-nGnRE" or "Normal-iWT-oNC", hints RA WA nTR. */
static inline struct meaning named_type(const char *name)
{
	static const char *const device[] = { "nGnRnE", "nGnRE", "nGRE", "GRE" };
	struct meaning m = { .device = -1 };
	char inner, outer;

	for (int i = 0; i < 4; i++)
		if (strncmp(name, "Device-", 7) == 0 && strcmp(name + 7, device[i]) == 0)
			return settled((struct meaning){ .device = i });
	/* the second letters of NC, WT, WB */
	ck_assert_int_eq(sscanf(name, "Normal-i%*1s%c-o%*1s%c", &inner, &outer), 2);
	m.inner = (struct level){ inner == 'C' ? 'N' : inner, true, true, false };
	m.outer = (struct level){ outer == 'C' ? 'N' : outer, true, true, false };
	return settled(m);
}

static inline unsigned named_sh(const char *name)
{
	return name[0] == 'N' ? SMMU3_NSH : name[0] == 'O' ? SMMU3_OSH : SMMU3_ISH;
}

/* The cells of a line: s2fwb, s1, s2_memattr, result, shareability. */
struct combine_cells {
	char fwb[8], s1[24], s2[8], result[24], sh[8];
};

static inline bool next_cells(FILE *file, struct combine_cells *cells, char text[192])
{
	while (fgets(text, 192, file)) {
		cells->sh[0] = '\0';
		text[strcspn(text, "\r\n")] = '\0';
		if (text[0] == '#' || text[0] == 's')
			continue;
		ck_assert_int_ge(sscanf(text, "%7[^,],%23[^,],%7[^,],%23[^,],%7s", cells->fwb,
					cells->s1, cells->s2, cells->result, cells->sh),
				 4);
		return true;
	}
	return false;
}

static inline struct combine_row type_row(const struct combine_cells *cells)
{
	struct combine_row row = {
		.fwb = cells->fwb[0] == '1',
		.s1 = named_type(cells->s1),
		.memattr = (unsigned)strtoul(cells->s2, NULL, 2),
		.reserved = strcmp(cells->result, "Reserved") == 0,
		.sh_combined = strcmp(cells->sh, "S1+S2") == 0,
	};

	if (!row.reserved) {
		row.result = named_type(cells->result);
		row.result.sh = named_sh(cells->sh);
	}
	return row;
}

/* Reads both tables. */
static inline void read_combine_table(struct combine_row rows[COMBINE_ROWS],
				      struct shareability_row shareability[SHAREABILITY_ROWS])
{
	FILE *file = fopen(SMMU_SOURCE_DIR "/tests/data/walk/s1s2-attr-combine.csv", "r");
	struct combine_cells cells;
	char text[192];
	unsigned types = 0, shs = 0;

	ck_assert_ptr_nonnull(file);
	while (next_cells(file, &cells, text)) {
		if (cells.fwb[0] == 'a') {
			ck_assert_uint_lt(shs, SHAREABILITY_ROWS);
			shareability[shs++] = (struct shareability_row){ named_sh(cells.s1),
									 named_sh(cells.s2),
									 named_sh(cells.sh) };
		} else {
			ck_assert_uint_lt(types, COMBINE_ROWS);
			rows[types] = type_row(&cells);
			strcpy(rows[types++].text, text);
		}
	}
	ck_assert_uint_eq(types, COMBINE_ROWS);
	ck_assert_uint_eq(shs, SHAREABILITY_ROWS);
	fclose(file);
}

/* D8-103 */
static inline unsigned stronger_sh(unsigned s1, unsigned s2)
{
	if (s1 == SMMU3_OSH || s2 == SMMU3_OSH)
		return SMMU3_OSH;
	return s1 == SMMU3_ISH || s2 == SMMU3_ISH ? SMMU3_ISH : SMMU3_NSH;
}

/* The hints of a level: stage 1's if it was cacheable, else RA WA nTR.  D8.6.3 */
static inline struct level passed(struct level result, struct level s1)
{
	if (result.cache == 'N')
		return result;
	if (s1.cache == 'N')
		return (struct level){ result.cache, true, true, false };
	return (struct level){ result.cache, s1.ra, s1.wa, s1.tr };
}

static inline bool same_type(struct meaning a, struct meaning b)
{
	return a.device == b.device && a.outer.cache == b.outer.cache &&
	       a.inner.cache == b.inner.cache;
}

/* What a row makes of a stage 1 of its type, which may have any hints and shareability. */
static inline struct meaning combined_by(const struct combine_row *row, struct meaning s1,
					 unsigned s2_sh)
{
	struct meaning want = row->result;

	want.outer = passed(want.outer, s1.outer);
	want.inner = passed(want.inner, s1.inner);
	if (row->sh_combined)
		want.sh = stronger_sh(s1.sh, s2_sh == 1 ? 0 : s2_sh);
	return want;
}

#endif
