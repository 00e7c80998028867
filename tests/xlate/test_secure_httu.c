/* SPDX-License-Identifier: MIT */
/* Hardware updates for Secure streams: where a descriptor was read, there it is written, whichever
 * PA space that is; its copy in the other space stays.  3.13, 3.10.2 */
#include "secure_stage2.h"

#define AF BIT(10)
#define BIT7 BIT(7) /* AP[2], S2AP[1] */
#define DBM BIT(51)
#define W SMMU3_TXN_WRITE
#define CLEAN (PAGE | BIT7 | DBM)
#define CLEAN2 ((S2_PAGE & ~BIT7) | DBM)

/* Word 0 of a CD: HD, HA; word 2 of a STE: S2HD, S2HA */
#define HD_HA (BIT(42) | BIT(43))
#define S2HD_S2HA (BIT(55) | BIT(56))

static uint64_t now(struct secure_world *w, enum smmu3_pas pas, uint64_t at)
{
	return *word_at(w, pas, at);
}

static void set_features(struct secure_world *w, uint8_t httu)
{
	for (enum smmu3_pas state = NS; state <= S; state++)
		w->features[state].httu = httu;
}

/* A Secure stage 1 whose last table, and its clean page, is in either space, by NSTable. */
static struct secure_world updating1(bool ns)
{
	struct secure_world w = secure_world(S1_ONLY);

	set_features(&w, HTTU_TABLES);
	w.cd[S][0] |= HD_HA;
	w.cd[S][1] |= BIT(3); /* HAFT */
	if (ns)
		*word_at(&w, S, slot1(2)) |= NSTABLE;
	for (enum smmu3_pas pas = NS; pas <= S; pas++)
		put(&w, pas, slot1(3), PA_PAGE | (CLEAN & ~AF));
	return w;
}

/* HTTU-01, HTTU-05, NS-04: of the page, in the space of its table */
START_TEST(a_descriptor_of_a_secure_stage_1_is_updated_where_it_is)
{
	const enum smmu3_pas at = _i & 1 ? NS : S, other = _i & 1 ? S : NS;
	const bool write = _i & 2;
	struct secure_world w = updating1(at == NS);

	expect_pa(&w, VA, write ? W : 0, PA_PAGE | OFFSET, at);
	ck_assert_uint_eq(now(&w, at, slot1(3)), PA_PAGE | (CLEAN & ~(write ? BIT7 : 0)));
	ck_assert_uint_eq(now(&w, other, slot1(3)), PA_PAGE | (CLEAN & ~AF));
	ck_assert_uint_eq(w.swapped.pas, at);
	drop(&w);
}
END_TEST

/* HTTU-12, NS-04: the table that says NSTable is Secure still */
START_TEST(tables_of_a_secure_stage_1_are_marked_where_they_are)
{
	struct secure_world w = updating1(_i);

	expect_pa(&w, VA, 0, PA_PAGE | OFFSET, _i ? NS : S);
	for (int level = 0; level < 3; level++) {
		ck_assert_uint_eq(now(&w, S, slot1(level)) & AF, AF);
		ck_assert_uint_eq(now(&w, NS, slot1(level)) & AF, 0);
	}
	ck_assert_uint_eq(w.swap_count, 4);
	drop(&w);
}
END_TEST

/* CD-35: IDR0.HTTU is for all states, and HA without it illegal */
START_TEST(a_secure_cd_with_ha_needs_httu)
{
	struct secure_world w = updating1(false);

	set_features(&w, HTTU_NOTHING);
	w.cd[S][1] &= ~BIT(3);
	expect_fault(&w, VA, 0, C_BAD_CD, WHY_CD_HTTU);
	ck_assert_uint_eq(w.swap_count, 0);
	drop(&w);
}
END_TEST

/* Stage 2 of a Secure stream, with pages that are clean and not accessed in both trees and spaces.
 */
static struct secure_world updating2(unsigned stages, unsigned spaces)
{
	struct secure_world w = secure_stage2(stages, spaces);

	set_features(&w, HTTU_TABLES);
	w.ste[S][2] |= S2HD_S2HA | BIT(59); /* S2HAFT */
	for (enum smmu3_pas pas = NS; pas <= S; pas++)
		for (unsigned ns_ipa = 0; ns_ipa < 2; ns_ipa++)
			put(&w, pas, slot2(ns_ipa, 3),
			    s2_output(ns_ipa, pas == NS) | (CLEAN2 & ~AF));
	return w;
}

/* HTTU-01, HTTU-06, HTTU-12, NS-08, NS-10: in the tree of the IPA's space, where S2SW, S2NSW have
 * it read; by an access and not by its copy elsewhere */
START_TEST(a_secure_stage_2_is_updated_in_the_tree_and_the_space_that_is_walked)
{
	const unsigned spaces = (unsigned)_i % ALL_BITS;
	const bool ns_ipa = _i / ALL_BITS;
	const enum smmu3_pas at = walk_is_ns(spaces, ns_ipa) ? NS : S;
	struct secure_world w = updating2(S2_ONLY, spaces);

	set_field(&w.ste[S][1], 46, 2, ns_ipa ? 3 : 2); /* NSCFG */
	expect_mapped(&w, IPA_PAGE | OFFSET, W, spaces, ns_ipa);
	for (enum smmu3_pas pas = NS; pas <= S; pas++)
		for (unsigned tree = 0; tree < 2; tree++) {
			const bool walked = pas == at && tree == ns_ipa;

			ck_assert_uint_eq(now(&w, pas, slot2(tree, 3)),
					  s2_output(tree, pas == NS) |
						  (walked ? CLEAN2 | BIT7 : CLEAN2 & ~AF));
			for (int level = 0; level < 3; level++)
				ck_assert_uint_eq(now(&w, pas, slot2(tree, level)) & AF,
						  walked ? AF : 0);
		}
	drop(&w);
}
END_TEST

/* HTTU-19, NEST-03, NS-13: a stage 1 descriptor is written where stage 2 of its IPA space puts it
 */
START_TEST(a_secure_stage_1_is_updated_where_stage_2_puts_it)
{
	const unsigned spaces = (unsigned)_i % ALL_BITS;
	const bool ns_ipa = _i / ALL_BITS;
	const enum smmu3_pas at = output_is_ns(spaces, ns_ipa) ? NS : S;
	struct secure_world w = updating2(NESTED, spaces);

	w.cd[S][0] |= HD_HA;
	for (enum smmu3_pas pas = NS; pas <= S; pas++) {
		memcpy(word_at(&w, pas, CD_AT), w.cd[S], sizeof(w.cd[S]));
		put(&w, pas, slot1(3), IPA_PAGE | (CLEAN & ~AF) | (ns_ipa ? NS_LEAF : 0));
		if (ns_ipa)
			*word_at(&w, pas, slot1(2)) |= NSTABLE;
	}
	expect_mapped(&w, VA, W, spaces, ns_ipa);
	ck_assert_uint_eq(now(&w, at, slot1(3)) & (AF | BIT7), AF);
	ck_assert_uint_eq(now(&w, at == S ? NS : S, slot1(3)) & (AF | BIT7), BIT7);
	drop(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_descriptor_of_a_secure_stage_1_is_updated_where_it_is, 0, 4);
	tcase_add_loop_test(tests, tables_of_a_secure_stage_1_are_marked_where_they_are, 0, 2);
	tcase_add_test(tests, a_secure_cd_with_ha_needs_httu);
	tcase_add_loop_test(tests,
			    a_secure_stage_2_is_updated_in_the_tree_and_the_space_that_is_walked, 0,
			    2 * ALL_BITS);
	tcase_add_loop_test(tests, a_secure_stage_1_is_updated_where_stage_2_puts_it, 0,
			    2 * ALL_BITS);
}

int main(void)
{
	return run_suite("secure_httu", add);
}
