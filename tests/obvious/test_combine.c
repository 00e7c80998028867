/* SPDX-License-Identifier: MIT */
/* The obvious walker combines stage 1 and stage 2 attributes by the rows of s1s2-attr-combine.csv.
 */
#include "obvious_state.h"
#include "support/suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

/* ---- Words of the table ---- */

/* NC, WT, WB, with hints that no stage 2 has: read-allocate, transient */
static struct half half_of_name(const char *name)
{
	if (name[1] == 'C')
		return (struct half){ .type = NON_CACHEABLE };
	return (struct half){ name[1] == 'T' ? WRITE_THROUGH : WRITE_BACK, true, false, true };
}

/* Device-nGnRnE, or Normal-iXX-oXX */
static struct memory memory_of_name(const char *name, unsigned sh)
{
	static const char *const kind[4] = { "nGnRnE", "nGnRE", "nGRE", "GRE" };
	struct memory memory = { .sh = sh };

	if (name[0] == 'N') {
		memory.inner = half_of_name(strstr(name, "-i") + 2);
		memory.outer = half_of_name(strstr(name, "-o") + 2);
		return obvious_consistent(memory);
	}
	memory.device = true;
	while (strcmp(kind[memory.kind], strchr(name, '-') + 1) != 0)
		memory.kind++;
	return obvious_consistent(memory);
}

static unsigned sh_of_name(const char *name)
{
	return name[0] == 'N' ? SMMU3_NSH : name[0] == 'I' ? SMMU3_ISH : SMMU3_OSH;
}

static unsigned binary(const char *digits)
{
	unsigned value = 0;

	for (; *digits == '0' || *digits == '1'; digits++)
		value = 2 * value + (*digits == '1');
	return value;
}

/* ---- Rows ---- */

static struct memory combine(bool fwb, struct memory s1, unsigned memattr, unsigned sh)
{
	const struct obvious_machine machine = { 0 };
	struct obvious_answer answer = { 0 };
	struct obvious o = { .machine = &machine, .answer = &answer, .stream = { .fwb = fwb } };

	return obvious_combine(&o, &s1, memattr, sh);
}

/* Hints stay where stage 1 had some; what it did not cache is allocated.  13.1.5, 13.4.4 */
static struct half with_hints(struct half result, struct half s1)
{
	const struct half allocating = { result.type, true, true, false };

	return s1.type == NON_CACHEABLE && result.type != NON_CACHEABLE ? allocating : result;
}

static void check_type(bool fwb, const char *s1_name, unsigned memattr, const char *result)
{
	const struct memory s1 = memory_of_name(s1_name, SMMU3_ISH);
	const bool reserved = strcmp(result, "Reserved") == 0;
	struct memory expected = memory_of_name(reserved ? "Device-nGnRnE" : result, SMMU3_ISH);
	struct memory got;

	if (!expected.device) {
		expected.inner = with_hints(expected.inner, s1.inner);
		expected.outer = with_hints(expected.outer, s1.outer);
		/* Stage 1 that was not cacheable came Outer Shareable. */
		expected.sh = s1.sh == SMMU3_OSH ? SMMU3_OSH : expected.sh;
	}
	got = combine(fwb, s1, memattr, SMMU3_NSH);
	ck_assert_uint_eq(obvious_attr(&got).mair, obvious_attr(&expected).mair);
	ck_assert_uint_eq(obvious_attr(&got).sh, obvious_attr(&expected).sh);
}

static void check_shareability(const char *s1, const char *s2, const char *result)
{
	const struct memory memory = memory_of_name("Normal-iWB-oWB", sh_of_name(s1));
	const struct memory got = combine(false, memory, 15, sh_of_name(s2));

	ck_assert_uint_eq(got.sh, sh_of_name(result));
}

/* ATTR-12 to ATTR-18, ATTR-21.  With FWB, MemAttr<3> is RES0 here and ignored. */
START_TEST(stage_2_combines_as_the_rows_say)
{
	FILE *file = fopen(SMMU_SOURCE_DIR "/tests/data/walk/s1s2-attr-combine.csv", "r");
	char line[256], fwb[8], s1[32], s2[32], result[32], sh[32];
	unsigned rows = 0;

	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file)) {
		const int words = sscanf(line, "%7[^,],%31[^,],%31[^,],%31[^,],%31[^\n]", fwb, s1,
					 s2, result, sh);

		if (line[0] == '#' || fwb[0] == 's')
			continue;
		if (fwb[0] == 'a')
			check_shareability(s1, s2, sh);
		else if (fwb[0] == '0' || s2[0] == '0')
			check_type(fwb[0] == '1', s1, binary(s2), result);
		ck_assert_int_ge(words, 4);
		rows++;
	}
	fclose(file);
	ck_assert_uint_eq(rows, 2 * 13 * 16 + 9);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("combine");
	TCase *tests = tcase_create("tests");

	tcase_add_test(tests, stage_2_combines_as_the_rows_say);
	suite_add_tcase(suite, tests);
	return run_checks(suite);
}
