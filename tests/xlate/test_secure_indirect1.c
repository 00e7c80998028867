/* SPDX-License-Identifier: MIT */
/* Indirect permissions of stage 1 of Secure streams: S_CR0.SIF, EL3.  3.26.1, 6.3.57.2 */
#include "support/permission_tables.h"
#include "support/secure_world.h"

enum { W = SMMU3_TXN_WRITE, X = SMMU3_TXN_INSTRUCTION, P = SMMU3_TXN_PRIVILEGED };

/* Bits of word 1 of a STE, of words 0 and 2 of a CD */
#define S1PIE BIT(24)
#define PAN BIT(40)
#define PIE BIT(59)

/* IDR3.S1PI; the page of VA has PIIndex 10 = {1, 0, 1, 0}, bits 54 and 51, and is Non-secure. */
static struct secure_world indirect(unsigned p, unsigned u)
{
	struct smmu3_config config = secure_config(false);

	config.idr[3] |= (uint32_t)BIT(18);
	struct secure_world w = secure_world_of(&config, S1_ONLY);

	w.ste[S][1] |= S1PIE;
	w.cd[S][2] |= PIE;
	w.cd[S][6] = (uint64_t)u << 30;
	w.cd[S][7] = (uint64_t)p << 30;
	put(&w, S, slot1(3), PA_PAGE | (PAGE & ~BIT(6)) | BIT(54) | BIT(51) | NS_LEAF);
	return w;
}

/* PERM-26, PERM-15: of both sides, where it is Non-secure memory and SIF says so */
START_TEST(sif_takes_execution_from_what_codes_grant)
{
	const bool sif = _i & 1, ns = _i & 2;
	struct secure_world w = indirect(3, 3);

	w.gate[S].sif = sif;
	*word_at(&w, S, slot1(3)) ^= ns ? 0 : NS_LEAF;
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET, ns ? NS : S);
	ck_assert_uint_eq(w.out.perm, letters(sif && ns ? "rR" : "rxRX"));
	for (unsigned i = 0; i < 2; i++)
		if (sif && ns)
			expect_fault(&w, VA, X | (i ? P : 0), F_PERMISSION, WHY_SIF);
		else
			expect_pa(&w, VA, X | (i ? P : 0), PA_PAGE | OFFSET, ns ? NS : S);
	drop(&w);
}
END_TEST

/* PERM-26: PAN first, SIF afterwards: execution that SIF takes counts for PAN */
START_TEST(pan_counts_execution_that_sif_takes)
{
	struct secure_world w = indirect(5, 2);

	w.gate[S].sif = true;
	w.cd[S][0] |= _i ? PAN : 0;
	if (_i) {
		expect_fault(&w, VA, P, F_PERMISSION, WHY_S1_PAN);
		expect_fault(&w, VA, P | W, F_PERMISSION, WHY_S1_PAN);
	} else {
		expect_pa(&w, VA, P, PA_PAGE | OFFSET, NS);
		ck_assert_uint_eq(w.out.perm, letters("RW"));
	}
	expect_fault(&w, VA, X, F_PERMISSION, WHY_SIF);
	drop(&w);
}
END_TEST

/* PERM-25, CD-43: PIIU is RES0, a reserved code in it, too, and what it would grant */
START_TEST(el3_has_piip_alone)
{
	struct secure_world w = indirect(_i ? 7 : 1, _i ? 6 : 7);

	set_field(&w.ste[S][1], 30, 2, STRW_EL3);
	w.cd[S][0] |= BIT(14) | PAN;
	for (unsigned i = 0; i < 2; i++) {
		expect_pa(&w, VA, i ? P : 0, PA_PAGE | OFFSET, NS);
		ck_assert_uint_eq(w.out.perm, letters(_i ? "rwxRWX" : "rR"));
	}
	if (!_i)
		expect_fault(&w, VA, P | W, F_PERMISSION, WHY_S1_BASE);
	drop(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, sif_takes_execution_from_what_codes_grant, 0, 4);
	tcase_add_loop_test(tests, pan_counts_execution_that_sif_takes, 0, 2);
	tcase_add_loop_test(tests, el3_has_piip_alone, 0, 2);
}

int main(void)
{
	return run_suite("secure indirect1", add);
}
