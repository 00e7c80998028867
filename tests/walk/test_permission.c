/* SPDX-License-Identifier: MIT */
/*
 * Permissions: stage 1 grants what the summary tables of DDI 0487 say, for every combination of AP,
 * APTable, execute-never bits, WXN and PAN; stage 2 what D8-76 to D8-78 say; an access passes
 * exactly when its letters are there; and the control named for a refusal is one that refuses, the
 * first of them.
 */
#include "walk/permission.h"
#include "support/permission_tables.h"
#include "support/suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* Everything that decides at stage 1, in one number so that all of it can be gone through. */
struct s1_case {
	unsigned ap, uxn, pxn, aptable, uxntable, pxntable;
	struct perm_s1_config config;
};

enum { S1_CASES = 1 << 12 };

static struct s1_case s1_case(unsigned n)
{
	return (struct s1_case){
		.ap = n & 3,
		.uxn = n >> 2 & 1,
		.pxn = n >> 3 & 1,
		.aptable = n >> 4 & 3,
		.uxntable = n >> 6 & 1,
		.pxntable = n >> 7 & 1,
		.config = { .two_privileges = n >> 8 & 1,
			    .wxn = n >> 9 & 1,
			    .pan = n >> 10 & 1,
			    .epan = n >> 11 & 1 },
	};
}

/* AP[2:1] is bits 7:6, PXN 53, UXN 54; every other bit of a leaf is `others`.  D8.3.1.2 */
static uint64_t leaf_of(const struct s1_case *c, uint64_t others)
{
	const uint64_t mine = UINT64_C(3) << 6 | UINT64_C(3) << 53;

	return (uint64_t)c->ap << 6 | (uint64_t)c->pxn << 53 | (uint64_t)c->uxn << 54 |
	       (others & ~mine);
}

/* APTable is bits 62:61, UXNTable 60, PXNTable 59; NSTable is no permission. */
static uint64_t hierarchy_of(const struct s1_case *c, uint64_t others)
{
	return (uint64_t)c->aptable << 61 | (uint64_t)c->uxntable << 60 |
	       (uint64_t)c->pxntable << 59 | (others & UINT64_C(1) << 63);
}

static unsigned expected_single(const struct s1_case *c)
{
	const unsigned ap2 = c->ap >> 1 | c->aptable >> 1;

	return letters(d8_66[c->uxn | c->uxntable][ap2][c->config.wxn]);
}

static unsigned expected_without_pan(const struct s1_case *c)
{
	if (!c->config.two_privileges)
		return expected_single(c);

	const unsigned ap = effective_ap[c->aptable][c->ap];

	return letters(d8_65[c->uxn | c->uxntable][c->pxn | c->pxntable][ap][c->config.wxn]);
}

/* CD.PAN: no privileged data access where there is an unprivileged one, of data, or with EPAN of
 * any kind.  5.4 */
static unsigned expected_s1(const struct s1_case *c)
{
	const unsigned perm = expected_without_pan(c);
	const bool armed = perm & letters("rw") || (c->config.epan && perm & letters("x"));

	if (c->config.two_privileges && c->config.pan && armed)
		return perm & letters("rwxX");
	return perm;
}

/* PERM-03, PERM-04, PERM-05, PERM-07, PERM-08, PERM-09, PERM-11, PERM-12, PERM-13.  D8-62 to D8-66,
 * 5.4 */
START_TEST(stage_1_grants_what_the_summary_tables_say)
{
	for (unsigned n = 0; n < S1_CASES; n++) {
		const struct s1_case c = s1_case(n);

		for (int others = -1; others <= 0; others++) {
			const uint64_t noise = (uint64_t)(int64_t)others;

			ck_assert_uint_eq(
				perm_s1(leaf_of(&c, noise), hierarchy_of(&c, noise), &c.config),
				expected_s1(&c));
		}
	}
} END_TEST

static const struct perm_s1_config plain = { .two_privileges = true };

/* PERM-05, PERM-13: where tables leave no unprivileged access, PAN has nothing to do. */
START_TEST(aptable_without_unprivileged_access_disarms_pan)
{
	const struct perm_s1_config pan = { .two_privileges = true, .pan = true };
	const uint64_t all_rw = UINT64_C(1) << 6, never = UINT64_C(3) << 53;

	ck_assert_uint_eq(perm_s1(all_rw | never, 0, &pan), letters("rw"));
	ck_assert_uint_eq(perm_s1(all_rw | never, UINT64_C(1) << 61, &pan), letters("RW"));
} END_TEST

/* PERM-08, PERM-11: neither WXN nor PAN asks for read permission before execution. */
START_TEST(execution_does_not_need_read)
{
	const struct perm_s1_config pan = { .two_privileges = true, .pan = true };
	const uint64_t priv_ro = UINT64_C(2) << 6, all_ro = UINT64_C(3) << 6;

	/* unprivileged: execute-only */
	ck_assert_uint_eq(perm_s1(priv_ro, 0, &plain) & letters("rwx"), letters("x"));
	/* privileged: data never, execution still */
	ck_assert_uint_eq(perm_s1(all_ro, 0, &pan), letters("rxX"));
} END_TEST

/* PERM-17, PERM-18, PERM-19 */
START_TEST(stage_2_grants_what_its_tables_say)
{
	for (unsigned n = 0; n < 16; n++) {
		const unsigned ap = n & 3, xn = n >> 2;

		for (int others = -1; others <= 0; others++) {
			const uint64_t noise =
				(uint64_t)(int64_t)others & ~(UINT64_C(3) << 6 | UINT64_C(3) << 53);
			const uint64_t leaf = noise | (uint64_t)ap << 6 | (uint64_t)xn << 53;

			ck_assert_uint_eq(perm_s2(leaf, false),
					  letters(d8_76[ap]) | letters(d8_77[xn >> 1]));
			ck_assert_uint_eq(perm_s2(leaf, true),
					  letters(d8_76[ap]) | letters(d8_78[xn]));
		}
	}
} END_TEST

/* [privileged][kind]: read, write, instruction read, atomic.  D8-61, 13.1.1 */
static const char *const needs[2][4] = { { "r", "w", "x", "rw" }, { "R", "W", "X", "RW" } };

/* PERM-20, PERM-21.  13.1.1, 13.1.2 */
START_TEST(an_access_needs_the_permission_of_its_kind_and_privilege)
{
	for (unsigned privileged = 0; privileged < 2; privileged++) {
		const bool p = privileged;
		const char *const *need = needs[privileged];

		ck_assert_uint_eq(perm_needed(false, false, p, false), letters(need[0]));
		ck_assert_uint_eq(perm_needed(true, false, p, false), letters(need[1]));
		ck_assert_uint_eq(perm_needed(false, true, p, false), letters(need[2]));
		/* a write is data, whatever it says */
		ck_assert_uint_eq(perm_needed(true, true, p, false), letters(need[1]));
		for (unsigned flags = 0; flags < 4; flags++)
			ck_assert_uint_eq(perm_needed(flags & 1, flags & 2, p, true),
					  letters(need[3]));
	}
} END_TEST

/* PERM-21, PERM-22.  13.1.1 */
START_TEST(a_refused_atomic_says_read_only_when_write_was_there)
{
	const unsigned atomic = letters("RW");

	ck_assert(perm_missing_rnw(atomic & ~letters("W")));
	ck_assert(!perm_missing_rnw(atomic & ~letters("R")));
	ck_assert(!perm_missing_rnw(atomic & ~letters("")));
	ck_assert(perm_missing_rnw(letters("r")));
	ck_assert(perm_missing_rnw(letters("x")));
	ck_assert(perm_missing_rnw(letters("X")));
	ck_assert(!perm_missing_rnw(letters("w")));
} END_TEST

/* Does one control, alone, refuse one letter, where there are two privileges? */
static bool refuses(enum s1_denial control, const struct s1_case *c, char letter)
{
	const bool user = strchr("rwx", letter);
	const bool write = strchr("wW", letter);
	const bool execute = strchr("xX", letter);
	const bool user_writes = c->ap == 1 && c->aptable == 0;
	const bool priv_writes = c->ap < 2 && c->aptable < 2;

	switch (control) {
	case S1_DENIES_AP:
		return !execute && ((user && c->ap % 2 == 0) || (write && c->ap >= 2));
	case S1_DENIES_APTABLE:
		return !execute && ((user && c->aptable % 2 == 1) || (write && c->aptable >= 2));
	case S1_DENIES_UXN:
		return letter == 'x' && c->uxn;
	case S1_DENIES_PXN:
		return letter == 'X' && c->pxn;
	case S1_DENIES_UXNTABLE:
		return letter == 'x' && c->uxntable;
	case S1_DENIES_PXNTABLE:
		return letter == 'X' && c->pxntable;
	case S1_DENIES_USER_WRITABLE:
		return letter == 'X' && user_writes;
	case S1_DENIES_UWXN: /* VMSAv8-32 alone */
		return false;
	case S1_DENIES_WXN:
		return c->config.wxn &&
		       ((letter == 'x' && user_writes) || (letter == 'X' && priv_writes));
	case S1_DENIES_PAN:
		return strchr("RW", letter) && expected_s1(c) != expected_without_pan(c);
	case S1_DENIES_NOTHING:
		break;
	}
	return false;
}

/* An atomic is asked about its write first. */
static enum s1_denial expected_denial(const struct s1_case *c, const char *need)
{
	for (size_t i = strlen(need); i-- > 0;)
		for (int control = S1_DENIES_AP; control <= S1_DENIES_PAN; control++)
			if (refuses((enum s1_denial)control, c, need[i]))
				return (enum s1_denial)control;
	return S1_DENIES_NOTHING;
}

/* PERM-04, PERM-05, PERM-07, PERM-09, PERM-11, PERM-12, PERM-13, PERM-20, PERM-21, PERM-22.
 * D8.4.1.2 */
START_TEST(the_control_named_is_the_first_that_refuses)
{
	for (unsigned n = 0; n < S1_CASES * 8; n++) {
		struct s1_case c = s1_case(n % S1_CASES);
		const char *need = needs[n / S1_CASES / 4][n / S1_CASES % 4];

		if (!c.config.two_privileges)
			continue;

		const uint64_t leaf = leaf_of(&c, 0), hierarchy = hierarchy_of(&c, 0);
		const enum s1_denial got =
			perm_s1_denied_by(leaf, hierarchy, &c.config, letters(need));

		ck_assert_int_eq(got, expected_denial(&c, need));
		ck_assert_int_eq(got == S1_DENIES_NOTHING, (letters(need) & ~expected_s1(&c)) == 0);
	}
} END_TEST

/* PERM-03: no AP[1], no PXN, no PAN, no unprivileged side.  13.4.1, D8-62, D8-66 */
START_TEST(with_one_privilege_only_its_own_controls_refuse)
{
	const struct perm_s1_config one = { .pan = true }, wxn = { .wxn = true };
	const uint64_t ap2 = UINT64_C(1) << 7, xn = UINT64_C(1) << 54, pxn = UINT64_C(1) << 53;
	const uint64_t aptable1 = UINT64_C(1) << 62, aptable0 = UINT64_C(1) << 61;
	const uint64_t xntable = UINT64_C(1) << 60, pxntable = UINT64_C(1) << 59;

	for (unsigned side = 0; side < 2; side++) {
		const unsigned r = letters(needs[side][0]);
		const unsigned w = letters(needs[side][1]);
		const unsigned x = letters(needs[side][2]);

		ck_assert_int_eq(perm_s1_denied_by(pxn, aptable0 | pxntable, &one, r | w | x),
				 S1_DENIES_NOTHING);
		ck_assert_int_eq(perm_s1_denied_by(ap2, 0, &one, w), S1_DENIES_AP);
		ck_assert_int_eq(perm_s1_denied_by(0, aptable1, &one, w), S1_DENIES_APTABLE);
		ck_assert_int_eq(perm_s1_denied_by(xn, 0, &one, x), S1_DENIES_UXN);
		ck_assert_int_eq(perm_s1_denied_by(0, xntable, &one, x), S1_DENIES_UXNTABLE);
		ck_assert_int_eq(perm_s1_denied_by(0, 0, &wxn, x), S1_DENIES_WXN);
	}
} END_TEST

/* PERM-17, PERM-18, PERM-20 */
START_TEST(stage_2_names_s2ap_for_data_and_xn_for_execution)
{
	const uint64_t write_only = UINT64_C(2) << 6, unpriv_x = UINT64_C(1) << 53;

	ck_assert_int_eq(perm_s2_denied_by(write_only, true, letters("W")), S2_DENIES_NOTHING);
	ck_assert_int_eq(perm_s2_denied_by(write_only, true, letters("R")), S2_DENIES_S2AP);
	ck_assert_int_eq(perm_s2_denied_by(write_only, true, letters("rw")), S2_DENIES_S2AP);
	ck_assert_int_eq(perm_s2_denied_by(unpriv_x, true, letters("x")), S2_DENIES_NOTHING);
	ck_assert_int_eq(perm_s2_denied_by(unpriv_x, true, letters("X")), S2_DENIES_XN);
	ck_assert_int_eq(perm_s2_denied_by(unpriv_x, false, letters("X")), S2_DENIES_NOTHING);
} END_TEST

int main(void)
{
	Suite *suite = suite_create("permission");
	TCase *tcase = tcase_create("direct");

	tcase_add_test(tcase, stage_1_grants_what_the_summary_tables_say);
	tcase_add_test(tcase, aptable_without_unprivileged_access_disarms_pan);
	tcase_add_test(tcase, execution_does_not_need_read);
	tcase_add_test(tcase, stage_2_grants_what_its_tables_say);
	tcase_add_test(tcase, an_access_needs_the_permission_of_its_kind_and_privilege);
	tcase_add_test(tcase, a_refused_atomic_says_read_only_when_write_was_there);
	tcase_add_test(tcase, the_control_named_is_the_first_that_refuses);
	tcase_add_test(tcase, with_one_privilege_only_its_own_controls_refuse);
	tcase_add_test(tcase, stage_2_names_s2ap_for_data_and_xn_for_execution);
	suite_add_tcase(suite, tcase);
	return run_checks(suite);
}
