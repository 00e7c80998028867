/* SPDX-License-Identifier: MIT */
/* What codes of S2PII and S2POI grant, and what becomes of a base under an overlay, as tables D8-79
 * to D8-84 have it. */
#include "support/permission_tables.h"
#include "support/suite.h"
#include "walk/indirect2.h"

#include <check.h>

/* By code: what a client may do; m, what stage 1's walker may write; 0 and 1, what a walk may begin
 * with.  D8-82, D8-79 to D8-81 */
static const char *const granted[16] = {
	"",   "",    "rRm", "rRm1", "wW",    "",       "rRm0",   "rRm01",
	"rR", "rRx", "rRX", "rRxX", "rRwWm", "rRwWmx", "rRwWmX", "rRwWmxX",
};

static unsigned mask(const char *text)
{
	return letters(text) | (strchr(text, 'm') ? S2_WALKER_WRITES : 0u) |
	       (strchr(text, '0') ? S2_TOP_LEVEL_0 : 0u) |
	       (strchr(text, '1') ? S2_TOP_LEVEL_1 : 0u);
}

/* PERM-28, CR-033 */
START_TEST(each_code_grants_what_its_name_says)
{
	ck_assert_uint_eq(s2_code_grants((unsigned)_i), mask(granted[_i]));
}
END_TEST

/* PERM-29: it reads what may be read, and writes by a right of its own */
START_TEST(the_walker_has_what_the_code_says_of_it)
{
	static const char *const has[16] = {
		"",   "",   "rRwW", "rRwW", "",     "",     "rRwW", "rRwW",
		"rR", "rR", "rR",   "rR",   "rRwW", "rRwW", "rRwW", "rRwW",
	};

	ck_assert_uint_eq(s2_walker_has(s2_code_grants((unsigned)_i)), letters(has[_i]));
}
END_TEST

/* Rows of D8-83 and D8-84, and of R_XLNQX, either way round: codes, and the code of what is left */
static const uint8_t combined[][3] = {
	{ 4, 4, 4 },    { 4, 2, 0 },   { 4, 6, 0 },    { 4, 3, 0 },    { 4, 7, 0 },  { 2, 2, 2 },
	{ 6, 2, 6 },    { 6, 6, 6 },   { 3, 2, 3 },    { 3, 3, 3 },    { 6, 3, 7 },  { 7, 2, 7 },
	{ 7, 6, 7 },    { 7, 3, 7 },   { 7, 7, 7 },    { 2, 0, 0 },    { 6, 0, 0 },  { 3, 0, 0 },
	{ 7, 0, 0 },    { 4, 0, 0 },   { 2, 8, 8 },    { 6, 9, 8 },    { 3, 10, 8 }, { 7, 11, 8 },
	{ 2, 12, 2 },   { 2, 15, 2 },  { 6, 13, 6 },   { 3, 14, 3 },   { 7, 15, 7 }, { 4, 8, 0 },
	{ 4, 11, 0 },   { 4, 12, 4 },  { 4, 15, 4 },   { 8, 15, 8 },   { 9, 13, 9 }, { 9, 14, 8 },
	{ 10, 15, 10 }, { 11, 12, 8 }, { 13, 14, 12 }, { 15, 15, 15 }, { 12, 0, 0 }, { 1, 15, 0 },
};

/* PERM-27, PERM-28 */
START_TEST(an_overlay_restricts_a_base)
{
	const uint8_t *row = combined[_i];
	const unsigned a = s2_code_grants(row[0]), b = s2_code_grants(row[1]);

	ck_assert_uint_eq(s2_combined(a, b), mask(granted[row[2]]));
	ck_assert_uint_eq(s2_combined(b, a), mask(granted[row[2]]));
}
END_TEST

static void expect_chosen(const struct s2_codes *codes, unsigned pi, unsigned po)
{
	for (unsigned i = 0; i < 256; i++) {
		const struct s2_indices at = { (uint8_t)(i / 16), (uint8_t)(i % 16) };
		const bool granted_by_base = i / 16 == pi, left = i % 16 == po;

		ck_assert_uint_eq(s2_codes_grant(codes, at), !granted_by_base ? 0 :
							     !codes->overlaid ? mask(granted[15]) :
							     left             ? mask(granted[8]) :
										0);
	}
}

/* PERM-27, CR-033: each index has its own four bits */
START_TEST(indices_choose_codes)
{
	for (unsigned i = 0; i < 32; i++) {
		const unsigned pi = (unsigned)_i, po = i / 2;
		const struct s2_codes codes = { .base = UINT64_C(15) << 4 * pi,
						.overlay = UINT64_C(8) << 4 * po,
						.overlaid = i % 2 };

		expect_chosen(&codes, pi, po);
	}
}
END_TEST

/* PERM-27: PIIndex is bits 54, 53, 51 and 6, POIndex is 62:59 */
START_TEST(a_leaf_has_both_indices)
{
	static const unsigned at[] = { 6, 51, 53, 54, 59, 60, 61, 62 };

	for (unsigned n = 0; n < 512; n++) {
		uint64_t leaf = n & 256 ? UINT64_C(0x8797ffffffffffbf) : 0; /* all other bits */

		for (unsigned i = 0; i < 8; i++)
			leaf |= (uint64_t)(n >> i & 1) << at[i];
		const struct s2_indices indices = s2_indices_of(leaf);

		ck_assert_uint_eq(indices.pi, n & 15);
		ck_assert_uint_eq(indices.po, n >> 4 & 15);
	}
}
END_TEST

/* PERM-31, 13.1.1: base, overlay, whose access, what it needs, and whether the overlay denies it */
static const struct {
	unsigned base, overlay;
	bool walker;
	const char *needs;
	bool denies;
} denials[] = {
	{ 12, 8, false, "w", true },
	{ 8, 8, false, "w", true },
	{ 8, 12, false, "w", false },
	{ 12, 4, false, "r", true },
	{ 4, 12, false, "r", false },
	{ 15, 12, false, "x", true },
	{ 12, 15, false, "x", false },
	{ 15, 9, false, "X", true },
	/* an atomic: its write is looked at first */
	{ 8, 4, false, "rw", false },
	{ 4, 8, false, "rw", true },
	{ 12, 4, false, "rw", true },
	{ 0, 4, false, "rw", false },
	/* the walker's own writes */
	{ 2, 12, true, "w", false },
	{ 12, 8, true, "w", true },
	{ 2, 8, true, "w", true },
	{ 8, 2, true, "w", false },
	{ 2, 4, true, "r", true },
};

START_TEST(the_overlay_is_to_blame_if_it_does_not_grant_what_is_missing)
{
	const struct s2_indices at = { 5, 9 };
	struct s2_codes codes = { .base = (uint64_t)denials[_i].base << 20,
				  .overlay = (uint64_t)denials[_i].overlay << 36,
				  .overlaid = true };

	ck_assert(s2_overlay_denies(&codes, at, denials[_i].walker, letters(denials[_i].needs)) ==
		  denials[_i].denies);
	codes.overlaid = false;
	ck_assert(!s2_overlay_denies(&codes, at, denials[_i].walker, letters(denials[_i].needs)));
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, each_code_grants_what_its_name_says, 0, 16);
	tcase_add_loop_test(tests, the_walker_has_what_the_code_says_of_it, 0, 16);
	tcase_add_loop_test(tests, an_overlay_restricts_a_base, 0, COUNT(combined));
	tcase_add_loop_test(tests, indices_choose_codes, 0, 16);
	tcase_add_test(tests, a_leaf_has_both_indices);
	tcase_add_loop_test(tests, the_overlay_is_to_blame_if_it_does_not_grant_what_is_missing, 0,
			    COUNT(denials));
}

int main(void)
{
	return run_suite("indirect2", add);
}
