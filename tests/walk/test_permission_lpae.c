/* SPDX-License-Identifier: MIT */
/*
 * Permissions of VMSAv8-32, every combination of what decides, as tables G5-7 and G5-8 and G5.6.3
 * have them: XN is of both sides, PXN of the privileged one, and execution needs read permission.
 */
#include "arch/ttd.h"
#include "support/permission_tables.h"
#include "support/suite.h"
#include "walk/permission.h"

#include <check.h>

#define BIT(n) (UINT64_C(1) << (n))

/* G5-7: [AP[2:1]] */
static const char *const ap_grants[4] = { "RW", "rwRW", "R", "rR" };
/* G5-8: [APTable], what it leaves */
static const char *const aptable_leaves[4] = { "rwRW", "RW", "rR", "R" };

struct combination {
	unsigned ap, aptable;
	bool xn, pxn, xntable, pxntable, wxn, uwxn, pan;
};

static struct combination combination(unsigned n)
{
	return (struct combination){ n & 3,      n >> 2 & 3, n >> 4 & 1, n >> 5 & 1, n >> 6 & 1,
				     n >> 7 & 1, n >> 8 & 1, n >> 9 & 1, n >> 10 & 1 };
}

static uint64_t leaf_of(const struct combination *c)
{
	return (uint64_t)c->ap << 6 | (c->xn ? BIT(54) : 0) | (c->pxn ? BIT(53) : 0);
}

static uint64_t hierarchy_of(const struct combination *c)
{
	return (uint64_t)c->aptable << 61 | (c->xntable ? BIT(60) : 0) |
	       (c->pxntable ? BIT(59) : 0);
}

static unsigned expected(const struct combination *c)
{
	const unsigned data = letters(ap_grants[c->ap]) & letters(aptable_leaves[c->aptable]);
	const bool r = data & letters("r"), w = data & letters("w"), pw = data & letters("W");
	const bool xn = c->xn || c->xntable;
	unsigned perm = data;

	if (r && !xn && !(c->wxn && w))
		perm |= letters("x");
	if (!xn && !c->pxn && !c->pxntable && !(c->wxn && pw) && !(c->uwxn && w))
		perm |= letters("X");
	return c->pan && (r || w) ? perm & ~letters("RW") : perm;
}

/* LPAE-03, LPAE-04, LPAE-05, PERM-13: two privileges */
START_TEST(stage_1_grants_what_the_tables_of_32_bits_say)
{
	for (unsigned n = 0; n < 1 << 11; n++) {
		const struct combination c = combination(n);
		const struct perm_s1_config config = { .two_privileges = true,
						       .wxn = c.wxn,
						       .pan = c.pan,
						       .lpae = true,
						       .uwxn = c.uwxn };

		ck_assert_msg(perm_s1(leaf_of(&c), hierarchy_of(&c), &config) == expected(&c),
			      "combination 0x%x", n);
	}
}
END_TEST

/* LPAE-04: one privilege: AP[2], APTable[1], XN and XNTable alone */
START_TEST(stage_1_of_one_privilege_grants_what_two_bits_and_xn_say)
{
	for (unsigned n = 0; n < 1 << 11; n++) {
		const struct combination c = combination(n);
		const struct perm_s1_config config = {
			.wxn = c.wxn, .pan = c.pan, .lpae = true, .uwxn = c.uwxn
		};
		const bool w = c.ap < 2 && c.aptable < 2;
		const bool x = !c.xn && !c.xntable && !(c.wxn && w);

		ck_assert_uint_eq(perm_s1(leaf_of(&c), hierarchy_of(&c), &config),
				  letters(w ? x ? "rwxRWX" : "rwRW" :
					  x ? "rxRX" :
					      "rR"));
	}
}
END_TEST

/* Does a control alone take this execution? */
static bool takes(enum s1_denial control, const struct combination *c, bool privileged)
{
	const bool user_writes = c->ap == 1 && c->aptable == 0;
	const bool writes = privileged ? c->ap < 2 && c->aptable < 2 : user_writes;

	switch (control) {
	case S1_DENIES_UXN:
		return c->xn;
	case S1_DENIES_PXN:
		return privileged && c->pxn;
	case S1_DENIES_UXNTABLE:
		return c->xntable;
	case S1_DENIES_PXNTABLE:
		return privileged && c->pxntable;
	case S1_DENIES_AP:
		return !privileged && c->ap % 2 == 0;
	case S1_DENIES_APTABLE:
		return !privileged && c->aptable % 2 == 1;
	case S1_DENIES_UWXN:
		return privileged && c->uwxn && user_writes;
	case S1_DENIES_WXN:
		return c->wxn && writes;
	default:
		return false;
	}
}

/* LPAE-04, LPAE-05: the first of what takes an execution is what is told */
START_TEST(what_refuses_an_execution_is_named)
{
	static const enum s1_denial order[] = { S1_DENIES_UXN,      S1_DENIES_PXN,
						S1_DENIES_UXNTABLE, S1_DENIES_PXNTABLE,
						S1_DENIES_AP,       S1_DENIES_APTABLE,
						S1_DENIES_UWXN,     S1_DENIES_WXN };

	for (unsigned n = 0; n < 1 << 12; n++) {
		const struct combination c = combination(n);
		const struct perm_s1_config config = {
			.two_privileges = true, .wxn = c.wxn, .lpae = true, .uwxn = c.uwxn
		};
		const bool privileged = n >> 11;
		enum s1_denial by = S1_DENIES_NOTHING;

		for (unsigned i = 0; by == S1_DENIES_NOTHING && i < 8; i++)
			by = takes(order[i], &c, privileged) ? order[i] : by;
		ck_assert_int_eq(perm_s1_denied_by(leaf_of(&c), hierarchy_of(&c), &config,
						   letters(privileged ? "X" : "x")),
				 by);
	}
}
END_TEST

/* LPAE-04: stage 2.  G5.6.3, G5.6.1 */
START_TEST(stage_2_of_32_bits_executes_what_it_reads)
{
	static const char *const data[4] = { "", "rR", "wW", "rwRW" };
	static const char *const execution[4] = { "xX", "x", "", "X" };

	for (unsigned n = 0; n < 16; n++) {
		const uint64_t leaf = (uint64_t)(n & 3) << 6 | (uint64_t)(n >> 2) << 53;
		const unsigned x = n & 1 ? letters(execution[n >> 2]) : 0;

		ck_assert_uint_eq(perm_s2_lpae(perm_s2(leaf, true)), letters(data[n & 3]) | x);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, stage_1_grants_what_the_tables_of_32_bits_say);
	tcase_add_test(tests, stage_1_of_one_privilege_grants_what_two_bits_and_xn_say);
	tcase_add_test(tests, what_refuses_an_execution_is_named);
	tcase_add_test(tests, stage_2_of_32_bits_executes_what_it_reads);
}

int main(void)
{
	return run_suite("permission-lpae", add);
}
