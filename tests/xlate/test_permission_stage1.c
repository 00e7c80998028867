/* SPDX-License-Identifier: MIT */
/*
 * Stage 1 permissions from registers and memory to outcome and record, for every combination of
 * AP, UXN, PXN, the same controls of Table descriptors, WXN, PAN and HAD, of privilege and of
 * access, by the tables of DDI 0487 D8.4.
 */
#include "permission_path.h"
#include "support/walk_granules.h"

#define UPPER UINT64_C(0xffff000000000000)

/* Everything that decides besides the leaf and HAD. */
struct controls {
	unsigned aptable, uxntable, pxntable, wxn, pan;
};

enum { CONTROLS = 1 << 6 };

static struct controls controls(unsigned n)
{
	return (struct controls){ n & 3, n >> 2 & 1, n >> 3 & 1, n >> 4 & 1, n >> 5 };
}

/* CD.PAN: no privileged data access where unprivileged data access is granted.  5.4 */
static const char *with_pan(const char *granted)
{
	static char left[7];
	char *at = left;

	if (!strpbrk(granted, "rw"))
		return granted;
	for (const char *letter = granted; *letter; letter++)
		if (*letter != 'R' && *letter != 'W')
			*at++ = *letter;
	*at = '\0';
	return left;
}

static const char *granted_by(unsigned leaf, const struct controls *c)
{
	const char *granted = leaf_grants(leaf, c->aptable, c->uxntable, c->pxntable, c->wxn);

	return c->pan ? with_pan(granted) : granted;
}

/* The lower half is that of the machine; the upper one uses its stage 2 tables. */
static struct world two_halves(bool had0, bool had1)
{
	struct world w = world(S1_ONLY);

	set_field(&w.cd[0], 16, 6, 16);
	set_field(&w.cd[0], 22, 2, 2);
	set_field(&w.cd[0], 30, 1, 0);
	w.cd[1] |= had0 ? BIT(1) : 0;
	w.cd[2] = S2_TABLE(0) | (had1 ? BIT(1) : 0);
	put_leaves(&w, slot1(3), PA_PAGE);
	put_leaves(&w, slot2(3), PA_PAGE);
	return w;
}

/* The bits of Table descriptors go into that of level 1. */
static void set_controls(struct world *w, unsigned half, const struct controls *c)
{
	const uint64_t table = (uint64_t)c->aptable << 61 | (uint64_t)c->uxntable << 60 |
			       (uint64_t)c->pxntable << 59 | TABLE;

	set_field(&w->cd[0], 36, 1, c->wxn);
	set_field(&w->cd[0], 40, 1, c->pan);
	put(w, half ? slot2(1) : slot1(1), (half ? S2_TABLE(2) : S1_TABLE(2)) | table);
	open_world(w);
}

static void expect_leaves(struct world *w, uint64_t first, const struct controls *c)
{
	struct granted g = { .s2 = ALL_LETTERS, .pa = PA_PAGE | OFFSET };

	for (unsigned leaf = 0; leaf < LEAVES; leaf++) {
		g.address = first + 0x1000 * leaf;
		g.s1 = granted_by(leaf, c);
		expect_accesses(w, &g);
	}
}

/* PERM-04, PERM-05, PERM-07, PERM-08, PERM-09, PERM-11, PERM-13, PERM-20, PERM-21, PERM-22, CD-22:
 * each half by its own HAD, where it is implemented and where not.  D8-63, D8-64, D8-65 */
START_TEST(every_combination_of_stage_1_controls_grants_what_the_tables_say)
{
	const unsigned half = (unsigned)_i & 1;
	const bool had = _i & 2, implemented = _i & 4;
	struct world w = two_halves(half ? !had : had, half ? had : !had);

	if (!implemented)
		make_version_30(&w);
	for (unsigned n = 0; n < CONTROLS; n++) {
		struct controls c = controls(n);

		set_controls(&w, half, &c);
		if (had && implemented)
			c.aptable = c.uxntable = c.pxntable = 0;
		expect_leaves(&w, half ? UPPER | IPA_PAGE | OFFSET : VA, &c);
	}
	close_world(&w);
}
END_TEST

/* A placement says which levels' tables have each of PXNTable, UXNTable, APTable[0], APTable[1]:
 * an octal digit each, a bit a level. */
enum { PLACEMENTS = 1 << 12 };

static uint64_t table_of_placement(unsigned placement, int level)
{
	uint64_t table = S1_TABLE(level + 1) | TABLE;

	for (unsigned bit = 0; bit < 4; bit++)
		table |= placement >> (3 * bit + (unsigned)level) & 1 ? BIT(59 + bit) : 0;
	return table;
}

/* A control holds if any level has it. */
static struct controls added_up(unsigned placement)
{
	return (struct controls){
		.pxntable = (placement & 07) != 0,
		.uxntable = (placement & 070) != 0,
		.aptable = (placement & 0700 ? 1u : 0u) | (placement & 07000 ? 2u : 0u),
	};
}

static void expect_tables_unchanged(struct world *w, const struct granule *granule,
				    unsigned placement)
{
	for (int level = granule->start; level < 3; level++)
		if (*word_at(w, slot_of(granule, 1, level)) != table_of_placement(placement, level))
			ck_abort_msg("level %d, 0%o", level, placement);
}

/* Does it place nothing at levels that the granule does not have? */
static bool fits(const struct granule *granule, unsigned placement)
{
	return granule->start == 0 || (placement & 01111) == 0;
}

/* PERM-05, PERM-06, PERM-07, WALK-15, WALK-27: over a page that everything may use, each bit at
 * each set of levels, by granule */
START_TEST(hierarchical_controls_of_all_levels_add_up_and_change_no_descriptor)
{
	const struct granule *granule = &granules[_i];
	struct world w = granule_world(granule, 1, 5);
	struct granted g = { .s2 = ALL_LETTERS, .address = granule->input };

	g.pa = (PA_PAGE & ~(granule->size[3] - 1)) | 0x234;
	put(&w, slot_of(granule, 1, 3), (g.pa & ~UINT64_C(0xfff)) | S1_PAGE);
	for (unsigned placement = 0; placement < PLACEMENTS; placement++) {
		const struct controls c = added_up(placement);

		if (!fits(granule, placement))
			continue;
		for (int level = granule->start; level < 3; level++)
			put(&w, slot_of(granule, 1, level), table_of_placement(placement, level));
		open_world(&w);
		g.s1 = granted_by(1, &c); /* AP 01 */
		expect_accesses(&w, &g);
		expect_tables_unchanged(&w, granule, placement);
	}
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, every_combination_of_stage_1_controls_grants_what_the_tables_say,
			    0, 8);
	tcase_add_loop_test(tests,
			    hierarchical_controls_of_all_levels_add_up_and_change_no_descriptor, 0,
			    GRANULES);
}

int main(void)
{
	return run_suite("permission-stage1", add);
}
