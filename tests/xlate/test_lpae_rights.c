/* SPDX-License-Identifier: MIT */
/* What VMSAv8-32 permits, what of a CD it does not look at, and outputs of 40 bits on an SMMU that
 * has fewer.  3.4, 5.4, DDI 0487 G5.6 */
#include "lpae_world.h"

#include <smmu/decode.h>

enum { READ = 0, WRITE = SMMU3_TXN_WRITE, FETCH = SMMU3_TXN_INSTRUCTION };
enum { PRIVILEGED = SMMU3_TXN_PRIVILEGED, NOBODY = 0xffff };

#define WXN BIT(36)
#define UWXN BIT(37)
#define PAN BIT(40)
#define LEAF(ap) (PA40 | (S1_PAGE & ~AP(3)) | AP(ap))

/* ---- Stage 1 ---- */

static const struct {
	uint64_t leaf, table, cd; /* table: bits of the table of level 2 */
	unsigned access;
	const char *why; /* NULL: it is allowed */
} rights[] = {
	/* LPAE-05: what unprivileged accesses may write */
	{ LEAF(1), 0, 0, FETCH | PRIVILEGED, NULL },
	{ LEAF(1), 0, UWXN, FETCH | PRIVILEGED, "s1-uwxn" },
	{ LEAF(1), 0, UWXN, FETCH, NULL },
	{ LEAF(0), 0, UWXN, FETCH | PRIVILEGED, NULL },
	{ LEAF(3), 0, UWXN, FETCH | PRIVILEGED, NULL },
	{ LEAF(1), BIT(62), UWXN, FETCH | PRIVILEGED, NULL },
	{ LEAF(1), BIT(61), UWXN, FETCH | PRIVILEGED, NULL },
	/* CD-22: what may be written */
	{ LEAF(0), 0, WXN, FETCH | PRIVILEGED, "s1-wxn" },
	{ LEAF(1), 0, WXN, FETCH, "s1-wxn" },
	{ LEAF(3), 0, WXN, FETCH, NULL },
	/* LPAE-04: XN is of both sides, PXN of one; who may not read may not execute */
	{ LEAF(3) | UXN, 0, 0, FETCH | PRIVILEGED, "s1-uxn" },
	{ LEAF(3) | UXN, 0, 0, FETCH, "s1-uxn" },
	{ LEAF(3) | PXN, 0, 0, FETCH | PRIVILEGED, "s1-pxn" },
	{ LEAF(3) | PXN, 0, 0, FETCH, NULL },
	{ LEAF(0), 0, 0, FETCH, "s1-ap" },
	{ LEAF(2), 0, 0, FETCH, "s1-ap" },
	{ LEAF(3), BIT(61), 0, FETCH, "s1-aptable" },
	/* LPAE-03: of tables */
	{ LEAF(3), BIT(60), 0, FETCH | PRIVILEGED, "s1-uxntable" },
	{ LEAF(3), BIT(60), 0, FETCH, "s1-uxntable" },
	{ LEAF(3), BIT(59), 0, FETCH | PRIVILEGED, "s1-pxntable" },
	{ LEAF(3), BIT(59), 0, FETCH, NULL },
	{ LEAF(1), BIT(62), 0, WRITE, "s1-aptable" },
	{ LEAF(1), BIT(61), 0, READ, "s1-aptable" },
	{ LEAF(0), 0, 0, READ, "s1-ap" },
	{ LEAF(2), 0, 0, WRITE | PRIVILEGED, "s1-ap" },
	/* CD-23: PAN takes data and not execution */
	{ LEAF(3), 0, PAN, READ | PRIVILEGED, "s1-pan" },
	{ LEAF(3), 0, PAN, FETCH | PRIVILEGED, NULL },
	{ LEAF(2), 0, PAN, READ | PRIVILEGED, NULL },
	{ LEAF(3), BIT(61), PAN, READ | PRIVILEGED, NULL },
};

static struct world with_rights(uint64_t leaf, uint64_t table, uint64_t cd)
{
	struct world w = lpae_world(S1_ONLY);

	put(&w, lpae_slot1(2), S1_TABLE(3) | TABLE | table);
	put(&w, lpae_slot1(3), leaf);
	w.cd[0] |= cd;
	return w;
}

static void expect_refused(struct world *w, unsigned access, unsigned stage, const char *why)
{
	expect_event(w, stage == 1 ? VA32 : IPA40, access, F_PERMISSION, stage, 3);
	ck_assert_str_eq(smmu3_why(w->out.why)->name, why);
}

/* LPAE-03, LPAE-04, LPAE-05: G5.6.1, G5.6.3 */
START_TEST(stage_1_permits_what_its_descriptors_say)
{
	struct world w = with_rights(rights[_i].leaf, rights[_i].table, rights[_i].cd);

	if (rights[_i].why)
		expect_refused(&w, rights[_i].access, 1, rights[_i].why);
	else
		expect_pa(&w, VA32, rights[_i].access, PA40 | OFFSET);
	close_world(&w);
}
END_TEST

/* LPAE-03, CD-24: HAD0, of IDR3.HAD, takes APTable, XNTable and PXNTable away */
START_TEST(tables_permit_everything_where_had_says_so)
{
	struct world w = with_rights(LEAF(1), UINT64_C(15) << 59, 0);

	expect_refused(&w, WRITE, 1, "s1-aptable");
	w.cd[1] |= BIT(1);
	open_world(&w);
	expect_pa(&w, VA32, WRITE, PA40 | OFFSET);
	expect_pa(&w, VA32, FETCH | PRIVILEGED, PA40 | OFFSET);
	close_world(&w);
}
END_TEST

/* LPAE-04: a StreamWorld of one privilege has XN alone.  G5.6.3 */
START_TEST(el2_has_one_privilege)
{
	struct world w = with_rights(LEAF(0) | PXN, BIT(59) | BIT(61), UWXN | PAN);

	set_id(&w, 0, 9, 1, 1);
	w.ste[1] |= BIT(31);
	expect_pa(&w, VA32, FETCH, PA40 | OFFSET);
	expect_pa(&w, VA32, WRITE, PA40 | OFFSET);
	put(&w, lpae_slot1(3), LEAF(3) | UXN);
	open_world(&w);
	expect_refused(&w, FETCH | PRIVILEGED, 1, "s1-uxn");
	expect_refused(&w, WRITE, 1, "s1-ap");
	close_world(&w);
}
END_TEST

/* LPAE-06, CD-17, PERM-14: TBI0, E0PD0, HA and HD mean nothing; nor does UWXN in VMSAv8-64 */
START_TEST(what_is_of_64_bits_is_ignored)
{
	struct world w = with_rights(LEAF(3), 0, BIT(38) | UINT64_C(3) << 42);

	w.config.aidr = 2;
	set_id(&w, 0, 9, 1, 1);
	set_id(&w, 3, 13, 1, 1);
	w.cd[1] |= BIT(2);
	expect_pa(&w, VA32, READ, PA40 | OFFSET);
	expect_event(&w, BIT(56) | VA32, READ, F_TRANSLATION, 1, NO_WALK);
	close_world(&w);
}
END_TEST

/* LPAE-06: MAIR by AttrIndx, SH; AF with and without AFFD */
START_TEST(attributes_are_as_of_64_bits)
{
	struct world w = with_rights(PA40 | 0x443 | 1 << 2 | 2 << 8 | AP(1), 0, 0);

	expect_pa(&w, VA32, READ, PA40 | OFFSET);
	ck_assert_uint_eq(w.out.attr.mair, 0x44);
	ck_assert_uint_eq(w.out.attr.sh, SMMU3_OSH);
	put(&w, lpae_slot1(3), LEAF(1) & ~AF);
	expect_event(&w, VA32, READ, F_ACCESS, 1, 3);
	w.cd[0] |= BIT(35);
	open_world(&w);
	expect_pa(&w, VA32, READ, PA40 | OFFSET);
	close_world(&w);
}
END_TEST

/* ---- Stage 2 ---- */

static const struct {
	unsigned s2ap, xn;
	bool x, px; /* unprivileged and privileged execution */
	const char *why;
} s2_rights[] = {
	{ 1, 0, true, true, NULL },        { 3, 0, true, true, NULL },
	{ 2, 0, false, false, "s2-s2ap" }, { 0, 0, false, false, "s2-s2ap" },
	{ 3, 1, true, false, "s2-xn" },    { 3, 2, false, false, "s2-xn" },
	{ 3, 3, false, true, "s2-xn" },    { 2, 1, false, false, NULL },
};

/* LPAE-04, PERM-18, PERM-19: in VMSAv8-32 execution needs read permission, in VMSAv8-64 it does
 * not.  G5.6.3 */
START_TEST(stage_2_has_executed_what_can_be_read)
{
	struct world w = lpae_world(S2_ONLY);

	put(&w, lpae_slot2(3),
	    PA40 | (S2_PAGE & ~S2AP(3)) | S2AP(s2_rights[_i].s2ap) |
		    (uint64_t)s2_rights[_i].xn << 53);
	for (unsigned privileged = 0; privileged < 2; privileged++) {
		const bool allowed = privileged ? s2_rights[_i].px : s2_rights[_i].x;

		ask(&w, IPA40, FETCH | (privileged ? PRIVILEGED : 0));
		ck_assert_uint_eq(w.out.verdict, allowed ? SMMU3_OK : SMMU3_ABORT);
		if (!allowed && s2_rights[_i].why)
			ck_assert_str_eq(smmu3_why(w.out.why)->name, s2_rights[_i].why);
	}
	set_field(&w.ste[2], 32, 6, 24); /* the same tables in VMSAv8-64 */
	set_field(&w.ste[2], 48, 4, 8 | 5);
	open_world(&w);
	ask(&w, IPA40, FETCH);
	ck_assert_uint_eq(w.out.verdict, s2_rights[_i].xn < 2 ? SMMU3_OK : SMMU3_ABORT);
	close_world(&w);
}
END_TEST

/* ---- An output size below 40 bits ---- */

#define FAR UINT64_C(0x1200000000)

static struct world small(unsigned config)
{
	struct world w = lpae_world(config);

	set_id(&w, 5, 0, 3, 0); /* 32 bits */
	set_id(&w, 5, 10, 2, 0);
	return w;
}

/* ADR-15, ADR-06: 40 bits are cut to the output size, of tables and of leaves */
START_TEST(stage_1_alone_is_cut_to_the_output_size)
{
	struct world w = small(S1_ONLY);

	put(&w, lpae_slot1(1), FAR | S1_TABLE(2) | TABLE);
	w.cd[1] |= FAR;
	expect_pa(&w, VA32, READ, (PA40 & HIGHEST) | OFFSET);
	put(&w, lpae_slot1(2), BIT(40) | S1_TABLE(3) | TABLE);
	expect_event(&w, VA32, READ, F_ADDR_SIZE, 1, 2);
	close_world(&w);
}
END_TEST

/* ADR-15, ADR-01, ADR-04: IAS is 40 bits.  3.4 */
START_TEST(stage_2_takes_40_bits_and_is_cut_to_the_output_size)
{
	struct world w = small(S2_ONLY);

	put(&w, S2_TABLE(1) + 8 * 0x48, FAR | S2_TABLE(2) | TABLE);
	w.ste[3] |= FAR;
	expect_pa(&w, FAR | (IPA40 & 0x3fffffff), READ, PA40 & HIGHEST);
	expect_event(&w, BIT(40), READ, F_ADDR_SIZE, 1, NO_WALK);
	close_world(&w);
}
END_TEST

/* ADR-05, ADR-06, STE-66: VMSAv8-64 takes the 40 bits of a 32-bit stage 1, and puts out 32 */
START_TEST(a_64_bit_stage_2_takes_40_bits)
{
	struct world w = small(NESTED);

	set_field(&w.ste[2], 32, 6, 24);
	set_field(&w.ste[2], 48, 4, 8 | 5);
	put(&w, S2_TABLE(1) + 8 * 2, RAM_BASE | S2_BLOCK);
	put(&w, lpae_slot1(3), FAR | IPA40 | S1_PAGE);
	put(&w, S2_TABLE(1) + 8 * 0x4b, S2_TABLE(2) | TABLE);
	put(&w, lpae_slot2(3), (PA40 & HIGHEST) | S2_PAGE);
	expect_pa(&w, VA32, READ, (PA40 & HIGHEST) | OFFSET);
	put(&w, lpae_slot2(3), PA40 | S2_PAGE);
	expect_event(&w, VA32, READ, F_ADDR_SIZE, 2, 3);
	TTF(V8);
	open_world(&w);
	expect_event(&w, VA32, READ, C_BAD_STE, 0, NO_WALK);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, stage_1_permits_what_its_descriptors_say, 0,
			    sizeof(rights) / sizeof(*rights));
	tcase_add_test(tests, tables_permit_everything_where_had_says_so);
	tcase_add_test(tests, el2_has_one_privilege);
	tcase_add_test(tests, what_is_of_64_bits_is_ignored);
	tcase_add_test(tests, attributes_are_as_of_64_bits);
	tcase_add_loop_test(tests, stage_2_has_executed_what_can_be_read, 0,
			    sizeof(s2_rights) / sizeof(*s2_rights));
	tcase_add_test(tests, stage_1_alone_is_cut_to_the_output_size);
	tcase_add_test(tests, stage_2_takes_40_bits_and_is_cut_to_the_output_size);
	tcase_add_test(tests, a_64_bit_stage_2_takes_40_bits);
}

int main(void)
{
	return run_suite("lpae-rights", add);
}
