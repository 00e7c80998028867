/* SPDX-License-Identifier: MIT */
/* Indirect permissions of stage 1 of Realm streams.  3.26.1 */
#include "support/permission_tables.h"
#include "support/realm_world.h"

enum { P = SMMU3_TXN_PRIVILEGED };

/* Realm EL2 with E2H, which has two privileges: PIIP and PIIU of PIIndex 10, bits 54 and 51. */
static struct realm_world indirect(unsigned p, unsigned u, bool ns)
{
	struct realm_world w = realm_world(S1_ONLY);

	w.config.idr[3] |= (uint32_t)BIT(18);
	set_field(&w.ste[1], 30, 2, STRW_EL2);
	w.ste[1] |= BIT(24); /* S1PIE */
	w.cd[2] |= BIT(59);  /* PIE */
	w.cd[6] = (uint64_t)u << 30;
	w.cd[7] = (uint64_t)p << 30;
	w.cr2 = 1; /* R_CR2.E2H */
	put(&w, slot1(3), PA_PAGE | (PAGE & ~BIT(6)) | BIT(54) | BIT(51) | (ns ? NS_LEAF : 0));
	return w;
}

/* PERM-26, PERM-16: of both sides, in Non-secure memory, always */
START_TEST(codes_execute_nothing_in_non_secure_memory)
{
	const bool ns = _i & 1;
	struct realm_world w = indirect(3, 3, ns);

	expect_pa(&w, VA, 0, PA, ns ? NS : R);
	ck_assert_uint_eq(w.out.perm, letters(ns ? "rR" : "rxRX"));
	for (unsigned i = 0; i < 2; i++)
		if (ns)
			expect_fault(&w, VA, X | (i ? P : 0), PERMISSION, 1, "realm-x");
		else
			expect_pa(&w, VA, X | (i ? P : 0), PA, R);
	drop(&w);
}
END_TEST

/* PERM-26: PAN first: execution that Non-secure memory takes counts for it */
START_TEST(pan_counts_execution_that_non_secure_memory_takes)
{
	struct realm_world w = indirect(5, 2, true);

	w.cd[0] |= _i ? BIT(40) : 0; /* PAN */
	if (_i) {
		expect_fault(&w, VA, P, PERMISSION, 1, "s1-pan");
	} else {
		expect_pa(&w, VA, P, PA, NS);
		ck_assert_uint_eq(w.out.perm, letters("RW"));
	}
	drop(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, codes_execute_nothing_in_non_secure_memory, 0, 2);
	tcase_add_loop_test(tests, pan_counts_execution_that_non_secure_memory_takes, 0, 2);
}

int main(void)
{
	return run_suite("realm indirect1", add);
}
