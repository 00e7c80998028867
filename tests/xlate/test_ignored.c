/* SPDX-License-Identifier: MIT */
/* Bits of features that a Non-secure stream does not have, or that this SMMU does not advertise:
 * where an access goes, with which attributes and rights, does not depend on them. */
#include "permission_path.h"
#include "support/walk_granules.h"

#define SH(n) ((uint64_t)(n) << 8)

/* What an access got, without what describes the access. */
struct got {
	uint64_t pa, span;
	unsigned verdict, event, level, mair, sh, perm, pas;
};

static struct got got(struct world *w, uint64_t address, unsigned flags)
{
	ask(w, address, flags);
	return (struct got){ w->out.pa,
			     w->out.span,
			     w->out.verdict,
			     w->out.event,
			     (unsigned)w->out.fault_level,
			     w->out.attr.mair,
			     w->out.attr.sh,
			     w->out.perm,
			     w->out.pas };
}

static void expect_same(const struct got *a, const struct got *b)
{
	ck_assert_uint_eq(a->verdict, b->verdict);
	ck_assert_uint_eq(a->pa, b->pa);
	ck_assert_uint_eq(a->span, b->span);
	ck_assert_uint_eq(a->event, b->event);
	ck_assert_uint_eq(a->level, b->level);
	ck_assert_uint_eq(a->mair, b->mair);
	ck_assert_uint_eq(a->sh, b->sh);
	ck_assert_uint_eq(a->perm, b->perm);
	ck_assert_uint_eq(a->pas, b->pas);
}

/* ---- DS.  5.4, 5.2 S2DS */

/* TTB1 has the tables of TTB0 too. */
static void use_upper_half(struct world *w, const struct granule *g)
{
	static const unsigned tg1[] = { [G4K] = 2, [G64K] = 3, [G16K] = 1 };

	set_field(&w->cd[0], 16, 6, g->txsz);
	set_field(&w->cd[0], 22, 2, tg1[g->code]);
	set_field(&w->cd[0], 30, 1, 0);
	w->cd[2] = w->cd[1];
}

/* The page of the granule's walk: 52 bits of output where it has them. */
static uint64_t wide_page(const struct granule *g)
{
	return UINT64_C(0xabcdef120000) | (g->code == G64K ? 0xd000 : 0);
}

static uint64_t wide_output(const struct granule *g)
{
	return UINT64_C(0xabcdef120234) | (g->code == G64K ? UINT64_C(0xd) << 48 : 0);
}

/* WALK64K-05, WALK-14, ADR-13: each half, and stage 2; SH of the walk is another than
 * those of the descriptor; a 64KB granule never obeys DS, the others would need IDR5.DS */
START_TEST(ds_changes_neither_addresses_nor_where_shareability_comes_from)
{
	static const uint8_t meant[] = { SMMU3_NSH, SMMU3_NSH, SMMU3_OSH, SMMU3_ISH };
	const struct granule *g = &granules[_i % 3];
	const unsigned sh = (unsigned)_i / 3 % 4, which = (unsigned)_i / 12;
	const unsigned stage = which == 2 ? 2 : 1;
	const uint64_t input = g->input | (which == 1 ? UINT64_MAX << (64 - g->txsz) : 0);
	struct world w = granule_world(g, stage, 6);

	if (which == 1)
		use_upper_half(&w, g);
	set_field(&w.cd[0], 12, 2, sh ^ 3);
	set_field(&w.cd[0], 28, 2, sh ^ 3);
	set_field(&w.ste[2], 44, 2, sh ^ 3);
	put(&w, slot_of(g, stage, 3), wide_page(g) | (leaf_of(stage, 3) & ~SH(3)) | SH(sh));
	for (unsigned ds = 0; ds < 2; ds++) {
		set_field(&w.cd[2], 58, 1, ds);
		set_field(&w.ste[3], 3, 1, ds);
		open_world(&w);
		expect_pa(&w, input, 0, wide_output(g));
		ck_assert_uint_eq(w.out.attr.mair, 0xff);
		ck_assert_uint_eq(w.out.attr.sh, meant[sh]);
	}
	close_world(&w);
}
END_TEST

/* ---- Security states */

/* What would choose another PA space if the stream were Secure or Realm. */
static void want_another_space(struct world *w)
{
	set_field(&w->ste[1], 46, 2, 2); /* NSCFG: Secure */
	w->ste[3] |= BIT(0) | BIT(1);    /* S2NSW, S2NSA */
	w->ste[4] = UINT64_C(0x8090) << 32;
	w->ste[6] = BIT(0) | BIT(1) | S2_TABLE(2); /* S2SW, S2SA, S_S2TTB */
	w->cd[1] |= BIT(0);                        /* NSCFG0 */
	for (int level = 0; level < 3; level++) {
		*word_at(w, slot1(level)) |= BIT(63); /* NSTable */
		*word_at(w, slot2(level)) |= BIT(63);
	}
	*word_at(w, slot1(3)) |= BIT(5) | BIT(63);  /* NS, AMEC */
	*word_at(w, slot2(3)) |= BIT(55) | BIT(63); /* NS, AMEC */
}

/* S2-10, as it is for a Non-secure stream: every descriptor, also those of stage 1 and the CD */
START_TEST(a_non_secure_stream_walks_in_non_secure_memory_whatever_its_structures_say)
{
	static const unsigned configs[] = { S1_ONLY, S2_ONLY, NESTED };
	const unsigned config = configs[_i / 2];
	struct world w = world(config);

	w.behind_host = true;
	if (_i % 2)
		want_another_space(&w);
	expect_pa(&w, config == S2_ONLY ? IPA_PAGE | OFFSET : VA, SMMU3_TXN_NS, PA_PAGE | OFFSET);
	for (unsigned i = 0; i < w.seen_count; i++)
		ck_assert_uint_eq(w.seen[i].pas, SMMU3_PAS_NS);
	ck_assert_uint_ge(w.seen_count, 5);
	close_world(&w);
}
END_TEST

/* ---- Bits of leaves */

/* ATTR-26: FnXS; every MemAttr, with forced Write-Back and without, over several stage 1 types */
START_TEST(bit_11_of_a_stage_2_leaf_changes_no_attribute)
{
	const unsigned memattr = (unsigned)_i & 15, fwb = (unsigned)_i >> 4 & 1;
	struct world w = world(NESTED);

	set_field(&w.ste[1], 25, 1, fwb);
	put(&w, S2_TABLE(1) + 16, RAM_BASE | (S2_BLOCK & ~(fwb ? BIT(5) : 0)));
	*word_at(&w, slot1(3)) |= (uint64_t)((unsigned)_i >> 5) << 2;
	set_field(word_at(&w, slot2(3)), 2, 4, memattr);
	const struct got without = got(&w, VA, 0);

	ck_assert_uint_eq(without.pa, PA_PAGE | OFFSET);
	*word_at(&w, slot2(3)) |= BIT(11);
	open_world(&w);
	const struct got with = got(&w, VA, 0);

	expect_same(&without, &with);
	close_world(&w);
}
END_TEST

/* ATTR-29: with PBHA in IDR3 and without, HWU and HAD set and clear, bits 62:59 of both leaves */
START_TEST(page_based_hardware_attributes_change_nothing)
{
	const bool pbha = _i & 1, had = _i & 2, hwu = _i & 4;
	struct world w = world(NESTED);

	set_id(&w, 3, 3, 1, pbha);
	w.cd[1] |= (had ? BIT(1) : 0) | (hwu ? UINT64_C(0xf) << 60 : 0);
	set_field(&w.ste[1], 8, 4, hwu ? 0xf : 0);
	const struct got plain = got(&w, VA, 0);

	ck_assert_uint_eq(plain.verdict, SMMU3_OK);
	for (uint64_t bits = 1; bits < 16; bits++) {
		set_field(word_at(&w, slot1(3)), 59, 4, bits);
		set_field(word_at(&w, slot2(3)), 59, 4, 16 - bits);
		open_world(&w);
		const struct got marked = got(&w, VA, 0);

		expect_same(&plain, &marked);
	}
	close_world(&w);
}
END_TEST

/* ---- Permission features of later revisions.  5.2, 5.4 */

/* E0PD0, HAFT, PnCH, EPAN; E0PD1, AIE, PIE; PIIU, PIIP as if everything were forbidden; S1PIE. */
static void want_stage1_features(struct world *w)
{
	w->cd[1] |= BIT(2) | BIT(3) | BIT(58) | BIT(59);
	w->cd[2] |= BIT(2) | BIT(3) | BIT(59);
	w->ste[1] |= BIT(24);
}

/* S2PIE, S2POE, AssuredOnly, TL0, TL1; S2POI as if everything were forbidden. */
static void want_stage2_features(struct world *w)
{
	w->ste[2] |= BIT(60) | BIT(61);
	w->ste[5] |= BIT(9) | BIT(10) | BIT(11);
}

/* Privileged data access goes with PAN where data is open to all.  5.4 */
static const char *const with_pan[2][2][4] = {
	{ { "RWXx", "rwx", "RXx", "Xrx" }, { "RWx", "rwx", "Rx", "rx" } },
	{ { "RWX", "rw", "RX", "Xr" }, { "RW", "rw", "R", "r" } },
};

/* PERM-11: without EPAN, what all may execute is not thereby open to all */
START_TEST(permission_features_that_are_not_advertised_change_no_right_of_stage_1)
{
	const unsigned ap = (unsigned)_i & 3, pxn = (unsigned)_i >> 2 & 1, uxn = (unsigned)_i >> 3;
	struct world w = world(S1_ONLY);
	const struct granted g = { with_pan[uxn][pxn][ap], ALL_LETTERS, VA, PA_PAGE | OFFSET, 0 };

	want_stage1_features(&w);
	w.cd[0] |= BIT(40);
	put(&w, slot1(3), PA_PAGE | PAGE_BITS | AP(ap) | (uint64_t)pxn << 53 | (uint64_t)uxn << 54);
	expect_accesses(&w, &g);
	close_world(&w);
}
END_TEST

START_TEST(permission_features_that_are_not_advertised_change_no_right_of_stage_2)
{
	const unsigned s2ap = (unsigned)_i & 3, xn = (unsigned)_i >> 2;
	struct world w = world(S2_ONLY);
	char s2[8];
	const struct granted g = { ALL_LETTERS, s2, IPA_PAGE | OFFSET, PA_PAGE | OFFSET, IPA_PAGE };

	want_stage2_features(&w);
	stage2_letters(s2, s2ap, xn, true);
	put(&w, slot2(3), stage2_page(s2ap, xn) | BIT(51) | UINT64_C(0x1f) << 58);
	expect_accesses(&w, &g);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, ds_changes_neither_addresses_nor_where_shareability_comes_from,
			    0, 36);
	tcase_add_loop_test(
		tests, a_non_secure_stream_walks_in_non_secure_memory_whatever_its_structures_say,
		0, 6);
	tcase_add_loop_test(tests, bit_11_of_a_stage_2_leaf_changes_no_attribute, 0, 8 * 32);
	tcase_add_loop_test(tests, page_based_hardware_attributes_change_nothing, 0, 8);
	tcase_add_loop_test(tests,
			    permission_features_that_are_not_advertised_change_no_right_of_stage_1,
			    0, 16);
	tcase_add_loop_test(tests,
			    permission_features_that_are_not_advertised_change_no_right_of_stage_2,
			    0, 16);
}

int main(void)
{
	return run_suite("ignored", add);
}
