/* SPDX-License-Identifier: MIT */
/* The access that is judged is the one that PRIVCFG and INSTCFG make of it: every value of both,
 * every access, every stage 1 page.  5.2, 13.1.1, 13.1.2, table 13.4 */
#include "permission_path.h"

/* What a field makes of the incoming attribute: its values are incoming, incoming, 0, 1. */
static bool overridden(unsigned field, bool incoming)
{
	return field < 2 ? incoming : field == 3;
}

enum kind { READ, WRITE, ATOMIC, KINDS };

/* By [kind][instruction]: the letters needed, and what a record shows but PnU. */
static const struct asked judged_as[KINDS][2] = {
	[READ] = { { 0, 0, "r", RNW }, { 0, 0, "x", RNW | IND } },
	[WRITE] = { { 0, 0, "w", 0 }, { 0, 0, "w", 0 } },
	[ATOMIC] = { { 0, 0, "wr", 0 }, { 0, 0, "wr", 0 } },
};
static const struct asked judged_as_privileged[KINDS][2] = {
	[READ] = { { 0, 0, "R", RNW | PNU }, { 0, 0, "X", RNW | IND | PNU } },
	[WRITE] = { { 0, 0, "W", PNU }, { 0, 0, "W", PNU } },
	[ATOMIC] = { { 0, 0, "WR", PNU }, { 0, 0, "WR", PNU } },
};

/* An access as it comes: bit 0 privileged, bit 1 instruction. */
static struct asked presented(enum kind kind, unsigned incoming, unsigned privcfg, unsigned instcfg)
{
	const bool privileged = overridden(privcfg, incoming & 1);
	const bool instruction = overridden(instcfg, incoming >> 1);
	struct asked asked = privileged ? judged_as_privileged[kind][instruction] :
					  judged_as[kind][instruction];

	asked.flags = (incoming & 1 ? SMMU3_TXN_PRIVILEGED : 0) |
		      (incoming & 2 ? SMMU3_TXN_INSTRUCTION : 0) |
		      (kind == WRITE ? SMMU3_TXN_WRITE : 0);
	asked.class = kind == ATOMIC ? SMMU3_CLASS_ATOMIC : SMMU3_CLASS_ORDINARY;
	return asked;
}

static void expect_judged(struct world *w, const struct granted *g, unsigned privcfg,
			  unsigned instcfg)
{
	for (unsigned n = 0; n < KINDS * 4; n++) {
		const struct asked asked = presented((enum kind)(n / 4), n % 4, privcfg, instcfg);

		expect_access(w, g, &asked);
	}
}

/* A stage 1 page of any AP, PXN and UXN, by number. */
static struct world stage1_world(unsigned n, struct granted *g)
{
	struct world w = world(S1_ONLY);

	put_leaves(&w, slot1(3), PA_PAGE);
	*g = (struct granted){ leaf_grants(n, 0, 0, 0, 0), ALL_LETTERS, VA + 0x1000 * n,
			       PA_PAGE | OFFSET, 0 };
	return w;
}

/* A stage 2 page of any S2AP and XN, by number; s2 keeps its letters. */
static struct world stage2_world(unsigned n, struct granted *g, char s2[8])
{
	struct world w = world(S2_ONLY);

	put(&w, slot2(3), stage2_page(n & 3, n >> 2));
	stage2_letters(s2, n & 3, n >> 2, true);
	*g = (struct granted){ ALL_LETTERS, s2, IPA_PAGE | OFFSET, PA_PAGE | OFFSET, IPA_PAGE };
	return w;
}

/* PERM-01, PERM-02, PERM-32, STE-25, ATTR-23 as before SMMUv3.4; ATTR_PERMS_OVR = 0: STE-24 */
START_TEST(an_access_is_judged_and_recorded_as_privcfg_and_instcfg_make_it)
{
	const unsigned page = (unsigned)_i & 15;
	const bool stage1 = _i & 16, implemented = _i & 32;
	char s2[8];
	struct granted g;
	struct world w = stage1 ? stage1_world(page, &g) : stage2_world(page, &g, s2);

	set_id(&w, 1, 26, 1, implemented);
	for (unsigned cfg = 0; cfg < 16; cfg++) {
		set_field(&w.ste[1], 48, 4, cfg); /* PRIVCFG, INSTCFG */
		open_world(&w);
		expect_judged(&w, &g, implemented ? cfg & 3 : 0, implemented ? cfg >> 2 : 0);
	}
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, an_access_is_judged_and_recorded_as_privcfg_and_instcfg_make_it,
			    0, 64);
}

int main(void)
{
	return run_suite("permission-overrides", add);
}
