/* SPDX-License-Identifier: MIT */
/* What a VMSAv9-128 leaf says, and what of it is kept: as the VMSAv8-64 leaf with permission
 * indirection that says the same.  D8.3.2.2, D8.7.1, 3.13 */
#include "d128_tree.h"
#include "walk/update.h"

/* One field in one format and in the other, stage 1 or 2. */
struct moved {
	uint8_t stage, from_msb, from_lsb, to_lsb;
};

/* D128-06, CD-24: where D8.3.1.2 has what D8.3.2.2 has there.  PIIndex is {54, 53, 51, 6} */
static const struct moved moved[] = {
	{ 1, 4, 2, 2 },      { 1, 5, 5, 59 },     { 1, 7, 7, 7 },      { 1, 9, 8, 8 },
	{ 1, 10, 10, 10 },   { 1, 11, 11, 11 },   { 1, 108, 108, 63 }, { 1, 111, 111, 52 },
	{ 1, 115, 115, 6 },  { 1, 116, 116, 51 }, { 1, 117, 117, 53 }, { 1, 118, 118, 54 },
	{ 1, 127, 127, 5 },  { 2, 5, 2, 2 },      { 2, 7, 7, 7 },      { 2, 9, 8, 8 },
	{ 2, 10, 10, 10 },   { 2, 108, 108, 63 }, { 2, 111, 111, 52 }, { 2, 114, 114, 58 },
	{ 2, 115, 115, 6 },  { 2, 116, 116, 51 }, { 2, 117, 117, 53 }, { 2, 118, 118, 54 },
	{ 2, 124, 121, 59 }, { 2, 127, 127, 55 },
};

static struct ttd128 with_bit(unsigned bit)
{
	struct ttd128 ttd = { { VALID, 0 } };

	ttd.word[bit / 64] |= BIT(bit % 64);
	return ttd;
}

/* What the bit of a leaf comes to, of its VMSAv8-64 form. */
static uint64_t comes_to(unsigned stage, unsigned bit)
{
	for (unsigned i = 0; i < ARRAY_SIZE(moved); i++)
		if (moved[i].stage == stage && bit >= moved[i].from_lsb && bit <= moved[i].from_msb)
			return BIT(moved[i].to_lsb + bit - moved[i].from_lsb);
	return 0;
}

/* D128-06, D128-08: every bit, one by one; those that are RES0, software's, an address or a hint
 * come to nothing.  Bit 11 of stage 2 is no SMMU's */
START_TEST(each_bit_of_a_leaf_stands_where_vmsav8_64_has_it)
{
	for (unsigned bit = 1; bit < 128; bit++) {
		const struct ttd128 ttd = with_bit(bit);
		const uint64_t plain = leaf128_as_64(&(struct ttd128){ { VALID, 0 } }, 1);

		ck_assert_uint_eq(leaf128_as_64(&ttd, 1) ^ plain, comes_to(1, bit));
		if (bit != 11)
			ck_assert_uint_eq(leaf128_as_64(&ttd, 2) ^ plain, comes_to(2, bit));
	}
}
END_TEST

/* D128-06: nT, which libsmmu passes over */
START_TEST(nt_of_a_table_or_block_is_no_fault)
{
	struct tree t = tree_of(1 + (unsigned)_i, 12, 28, 0);

	tree_put(&t, TABLE_AT(1), 0, UINT64_C(0x700000) | LEAF_LOW | BIT(6), SKL(1));
	expect_leaf(&t, 0x128, UINT64_C(0x700000), 2, 20);
	tree_free(&t);
}
END_TEST

/* D128-08: what tables of VMSAv8-64 take away stands in bits 63:59, which are RES0 here; nor do
 * bits that are AttrIndx[3] and AMEC of a leaf */
START_TEST(a_table_takes_no_permissions_away)
{
	struct tree t = tree_of(1, 12, 28, 0);

	tree_put(&t, TABLE_AT(1), 0, TABLE_AT(2) | VALID | UINT64_C(0x1f) << 59 | BIT(5),
		 HIGH(108));
	tree_put(&t, TABLE_AT(2), 0, UINT64_C(0x700000) | LEAF_LOW, 0);
	expect_leaf(&t, 0x128, UINT64_C(0x700000), 3, 12);
	ck_assert_uint_eq(t.leaf.hierarchy, 0);
	tree_free(&t);
}
END_TEST

/* ---- Spaces ---- */

static struct tree secure_tree(unsigned stage, unsigned nstable)
{
	struct tree t = tree_of(stage, 12, 28, 0);

	t.space = SMMU3_PAS_SECURE;
	t.table.walk = d128_walker(stage, 12, SMMU3_PAS_SECURE);
	t.table.pas = SMMU3_PAS_SECURE;
	t.table.output_pas = SMMU3_PAS_SECURE;
	t.regime.world = S_EL1;
	tree_put(&t, TABLE_AT(1), 0, TABLE_AT(2) | VALID, nstable ? HIGH(127) : 0);
	return t;
}

/* D128-06: NSTable and NS are bit 127; Non-secure once is Non-secure for good */
START_TEST(of_a_secure_stream_bit_127_leads_to_non_secure_memory)
{
	const bool nstable = _i & 1, ns = _i & 2;
	struct tree t = secure_tree(1, nstable);

	tree_put(&t, TABLE_AT(2), 0, UINT64_C(0x700000) | LEAF_LOW, ns ? HIGH(127) : 0);
	expect_leaf(&t, 0x128, UINT64_C(0x700000), 3, 12);
	ck_assert_uint_eq(t.leaf.pas, nstable || ns ? SMMU3_PAS_NS : SMMU3_PAS_SECURE);
	ck_assert_uint_eq(t.place.read.at.pas, nstable ? SMMU3_PAS_NS : SMMU3_PAS_SECURE);
	tree_free(&t);
}
END_TEST

/* D128-06: of stage 2 a Secure stream's bit 127 is RES0 */
START_TEST(of_a_secure_stage_2_it_does_not)
{
	struct tree t = secure_tree(2, 1);

	tree_put(&t, TABLE_AT(2), 0, UINT64_C(0x700000) | LEAF_LOW, HIGH(127));
	expect_leaf(&t, 0x128, UINT64_C(0x700000), 3, 12);
	ck_assert_uint_eq(t.leaf.pas, SMMU3_PAS_SECURE);
	tree_free(&t);
}
END_TEST

/* D128-06, WALK-24: NS of a Realm leaf, of stage 2 and of hypervisors; bit 108 is AMEC, which
 * nothing has */
START_TEST(of_a_realm_leaf_bit_127_chooses_and_bit_108_wants_amec)
{
	struct tree t = tree_of(1 + (unsigned)_i, 12, 20, 0);

	t.space = SMMU3_PAS_REALM;
	t.table.walk = d128_walker(t.stage, 12, SMMU3_PAS_REALM);
	t.table.pas = SMMU3_PAS_REALM;
	t.table.leaf_ns = t.stage == 1 ? 5 : 55;
	t.table.mec = true;
	t.regime.world = t.stage == 1 ? R_EL2 : R_EL1;
	tree_put(&t, TABLE_AT(1), 0, UINT64_C(0x700000) | LEAF_LOW, 0);
	expect_leaf(&t, 0x128, UINT64_C(0x700000), 3, 12);
	ck_assert_uint_eq(t.leaf.pas, SMMU3_PAS_REALM);
	tree_put(&t, TABLE_AT(1), 0, UINT64_C(0x700000) | LEAF_LOW, HIGH(108));
	expect_fault(&t, 0x128, F_TRANSLATION, t.stage == 1 ? WHY_S1_AMEC : WHY_S2_AMEC, 3);
	tree_put(&t, TABLE_AT(1), 0, UINT64_C(0x700000) | LEAF_LOW, HIGH(108) | HIGH(127));
	expect_leaf(&t, 0x128, UINT64_C(0x700000), 3, 12);
	ck_assert_uint_eq(t.leaf.pas, SMMU3_PAS_NS);
	tree_free(&t);
}
END_TEST

/* ---- Contiguous ---- */

/* D8-105: bytes of a group */
static const struct {
	uint8_t granule_lg2, size_lg2, group_lg2;
	int8_t level;
} groups[] = {
	{ 12, 36, 36, 0 }, { 12, 28, 30, 1 }, { 12, 20, 24, 2 }, { 12, 12, 16, 3 },
	{ 14, 34, 36, 1 }, { 14, 24, 28, 2 }, { 14, 14, 20, 3 }, { 16, 40, 40, 1 },
	{ 16, 28, 34, 2 }, { 16, 16, 20, 3 },
};

static unsigned group_of(struct tree *t, int level)
{
	tree_put(t, TABLE_AT(1), 0, LEAF_LOW, HIGH(111) | SKL(3 - level));
	ck_assert(tree_walk(t, 0x128));
	return tlb_origin_lg2(&t->leaf);
}

/* D128-06: Contiguous is bit 111, how much it joins its own */
START_TEST(contiguous_groups_are_of_this_format)
{
	const unsigned granule_lg2 = groups[_i].granule_lg2;
	const int level = groups[_i].level;
	const unsigned bits = groups[_i].size_lg2 + 2u;
	struct tree t = tree_of(1, granule_lg2, bits, 0);

	ck_assert_int_eq(t.table.start_level, level);
	ck_assert_uint_eq(group_of(&t, level), groups[_i].group_lg2);
	tree_free(&t);
}
END_TEST

/* CD-27, D128-06: DisCHx of the CD for the initial table, DisCH of a table for the next one, and
 * for no other; of stage 2 its bit is RES0 */
START_TEST(disch_takes_contiguous_from_the_leaves_of_one_table)
{
	struct tree t = tree_of(1, 12, 36, 0);

	t.table.disch = true;
	ck_assert_uint_eq(group_of(&t, 1), 28);
	tree_put(&t, TABLE_AT(1), 0, TABLE_AT(2) | VALID, 0);
	tree_put(&t, TABLE_AT(2), 0, LEAF_LOW, HIGH(111) | SKL(1));
	ck_assert(tree_walk(&t, 0x128));
	ck_assert_uint_eq(tlb_origin_lg2(&t.leaf), 24);
	tree_put(&t, TABLE_AT(1), 0, TABLE_AT(2) | VALID, HIGH(112));
	ck_assert(tree_walk(&t, 0x128));
	ck_assert_uint_eq(tlb_origin_lg2(&t.leaf), 20);
	tree_put(&t, TABLE_AT(2), 0, TABLE_AT(3) | VALID, 0);
	tree_put(&t, TABLE_AT(3), 0, LEAF_LOW, HIGH(111));
	ck_assert(tree_walk(&t, 0x128));
	ck_assert_uint_eq(tlb_origin_lg2(&t.leaf), 16);
	tree_free(&t);

	t = tree_of(2, 12, 36, 0);
	tree_put(&t, TABLE_AT(1), 0, TABLE_AT(2) | VALID, HIGH(112));
	tree_put(&t, TABLE_AT(2), 0, LEAF_LOW, HIGH(111) | SKL(1));
	ck_assert(tree_walk(&t, 0x128));
	ck_assert_uint_eq(tlb_origin_lg2(&t.leaf), 24);
	tree_free(&t);
}
END_TEST

/* ---- What is kept ---- */

static struct tree kept_tree(struct tlb *tlb, unsigned stage)
{
	struct tree t = tree_of(stage, 12, 52, 0);

	ck_assert(tlb_init(tlb, 16, 16));
	t.view.tlb = tlb;
	t.view.keeps = true;
	tree_put(&t, TABLE_AT(1), 0xfe, TABLE_AT(2) | VALID, SKL(1) | HIGH(112));
	tree_put(&t, TABLE_AT(2), 0xdcba, TABLE_AT(3) | VALID, SKL(1));
	tree_put(&t, TABLE_AT(3), 0x9876, UINT64_C(0xabcdef12345000) | LEAF_LOW, HIGH(111));
	return t;
}

/* D128-04, TLB-01: tables that skip levels are kept with all that they resolve */
START_TEST(a_walk_from_a_table_that_is_kept_is_the_walk)
{
	struct tlb tlb;
	struct tree t = kept_tree(&tlb, 1 + (unsigned)_i);
	const uint64_t input = UINT64_C(0xfedcba9876543);

	for (unsigned i = 0; i < 2; i++) {
		expect_leaf(&t, input, UINT64_C(0xabcdef12345000), 3, 12);
		ck_assert_uint_eq(tlb_origin_lg2(&t.leaf), 16);
		*tree_word(&t, TABLE_AT(1) + 0xfe0) = 0; /* which is not looked at again */
		*tree_word(&t, TABLE_AT(2) + 0xdcba0) = 0;
	}
	tree_put(&t, TABLE_AT(3), 0, UINT64_C(0x700000) | LEAF_LOW, 0);
	expect_leaf(&t, UINT64_C(0xfedcba0000543), UINT64_C(0x700000), 3, 12);
	tlb_forget_all(&tlb);
	expect_fault(&t, input, F_TRANSLATION, t.stage == 1 ? WHY_S1_INVALID : WHY_S2_INVALID, -1);
	tree_free(&t);
	tlb_free(&tlb);
}
END_TEST

/* CD-27: DisCH of a table that is kept */
START_TEST(of_a_table_that_is_kept_disch_is_kept_too)
{
	struct tlb tlb;
	struct tree t = kept_tree(&tlb, 1);

	tree_put(&t, TABLE_AT(2), 0xdcba, UINT64_C(0xabcdef12300000) | LEAF_LOW,
		 SKL(2) | HIGH(111));
	for (unsigned i = 0; i < 2; i++) {
		expect_leaf(&t, UINT64_C(0xfedcba9876543), UINT64_C(0xabcdef10000000), 1, 28);
		ck_assert_uint_eq(tlb_origin_lg2(&t.leaf), 28);
	}
	tree_free(&t);
	tlb_free(&tlb);
}
END_TEST

/* ---- Updates ---- */

/* Turns bits of the leaf that was found last.  false: it had been changed meanwhile. */
static bool turn(struct tree *t, uint64_t mask)
{
	const struct walk_context context = { .view = &t->view,
					      .stage2 = &t->stage2,
					      .regime = &t->regime,
					      .input = 0x128,
					      .place = &t->place };
	const struct fault fault = ttd_update(&context, &t->table, t->place.descriptor ^ mask);

	ck_assert_int_eq(faulted(fault), t->place.lost);
	return !t->place.lost;
}

/* HTTU-02 of 16 bytes, D128-01: the other half must stand as it stood */
START_TEST(a_leaf_is_updated_as_a_whole)
{
	struct tree t = tree_of(1 + (unsigned)_i, 12, 20, 0);
	const uint64_t low = UINT64_C(0x700000) | (LEAF_LOW ^ BIT(10)), high = HIGH(115);

	tree_put(&t, TABLE_AT(1), 0, low, high);
	ck_assert(tree_walk(&t, 0x128));
	ck_assert(turn(&t, BIT(10)));
	ck_assert_uint_eq(*tree_word(&t, TABLE_AT(1)), low | BIT(10));
	ck_assert_uint_eq(*tree_word(&t, TABLE_AT(1) + 8), high);
	*tree_word(&t, TABLE_AT(1)) = low;
	*tree_word(&t, TABLE_AT(1) + 8) = high ^ HIGH(116);
	ck_assert(!turn(&t, BIT(10)));
	ck_assert_uint_eq(*tree_word(&t, TABLE_AT(1)), low);
	*tree_word(&t, TABLE_AT(1)) = low ^ BIT(7);
	*tree_word(&t, TABLE_AT(1) + 8) = high;
	ck_assert(!turn(&t, BIT(10)));
	tree_free(&t);
}
END_TEST

/* CD-12, HTTU-02 */
START_TEST(a_big_endian_leaf_is_updated_in_its_own_order)
{
	struct tree t = tree_of(1, 12, 20, 0);

	t.table.big_endian = true;
	tree_put(&t, TABLE_AT(1), 0, __builtin_bswap64(HIGH(115)),
		 __builtin_bswap64(UINT64_C(0x700000) | LEAF_LOW | BIT(7)));
	expect_leaf(&t, 0x128, UINT64_C(0x700000), 3, 12);
	ck_assert(turn(&t, BIT(7)));
	ck_assert_uint_eq(*tree_word(&t, TABLE_AT(1)), __builtin_bswap64(HIGH(115)));
	ck_assert_uint_eq(*tree_word(&t, TABLE_AT(1) + 8),
			  __builtin_bswap64(UINT64_C(0x700000) | LEAF_LOW));
	tree_free(&t);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, each_bit_of_a_leaf_stands_where_vmsav8_64_has_it);
	tcase_add_loop_test(tests, nt_of_a_table_or_block_is_no_fault, 0, 2);
	tcase_add_test(tests, a_table_takes_no_permissions_away);
	tcase_add_loop_test(tests, of_a_secure_stream_bit_127_leads_to_non_secure_memory, 0, 4);
	tcase_add_test(tests, of_a_secure_stage_2_it_does_not);
	tcase_add_loop_test(tests, of_a_realm_leaf_bit_127_chooses_and_bit_108_wants_amec, 0, 2);
	tcase_add_loop_test(tests, contiguous_groups_are_of_this_format, 0,
			    (int)ARRAY_SIZE(groups));
	tcase_add_test(tests, disch_takes_contiguous_from_the_leaves_of_one_table);
	tcase_add_loop_test(tests, a_walk_from_a_table_that_is_kept_is_the_walk, 0, 2);
	tcase_add_test(tests, of_a_table_that_is_kept_disch_is_kept_too);
	tcase_add_loop_test(tests, a_leaf_is_updated_as_a_whole, 0, 2);
	tcase_add_test(tests, a_big_endian_leaf_is_updated_in_its_own_order);
}

int main(void)
{
	return run_suite("walk_d128_leaf", add);
}
