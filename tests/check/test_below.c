/* SPDX-License-Identifier: MIT */
/* Which structures lead to which.  3.3.2, 5.2, 5.3, D8.2 */
#include "check/below.h"

#include "support/suite.h"

#include <check.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

struct place {
	enum smmu3_reason reason;
	int level;
	uint64_t input;
	unsigned granule_lg2, words;
};
#define AT(reason, ...)                            \
	{                                          \
		SMMU3_REASON_##reason, __VA_ARGS__ \
	}

/* A level 2 descriptor maps 2MB of a 4KB granule, 32MB of 16KB, 512MB of 64KB, and with 16 bytes of
 * 4KB 1MB; of level 1 1GB, 64GB, 4TB, 256MB */
static const struct {
	const char *what;
	struct place above, place;
	enum below below;
} rows[] = {
	{ "a page's table", AT(S1_TTD, 2, 0x200000, 12, 1), AT(S1_TTD, 3, 0x3ff000, 12, 1),
	  BELOW_ALONE },
	{ "the next table", AT(S1_TTD, 2, 0x200000, 12, 1), AT(S1_TTD, 3, 0x400000, 12, 1),
	  NOT_BELOW },
	{ "two levels", AT(S2_TTD, 1, 0, 12, 1), AT(S2_TTD, 3, 0x3ffff000, 12, 1), BELOW_ALONE },
	{ "the same level", AT(S1_TTD, 3, 0, 12, 1), AT(S1_TTD, 3, 0, 12, 1), NOT_BELOW },
	{ "above", AT(S1_TTD, 3, 0, 12, 1), AT(S1_TTD, 2, 0, 12, 1), NOT_BELOW },
	{ "another stage", AT(S1_TTD, 2, 0, 12, 1), AT(S2_TTD, 3, 0, 12, 1), NOT_BELOW },
	{ "a tag above the address", AT(S1_TTD, 2, 0, 12, 1),
	  AT(S1_TTD, 3, UINT64_C(0xab) << 56, 12, 1), BELOW_ALONE },
	{ "16KB", AT(S1_TTD, 2, 0, 14, 1), AT(S1_TTD, 3, 0x1ffc000, 14, 1), BELOW_ALONE },
	{ "16KB, the next", AT(S1_TTD, 2, 0, 14, 1), AT(S1_TTD, 3, 0x2000000, 14, 1), NOT_BELOW },
	{ "64KB", AT(S1_TTD, 2, 0, 16, 1), AT(S1_TTD, 3, 0x1fff0000, 16, 1), BELOW_ALONE },
	{ "64KB, the next", AT(S1_TTD, 2, 0, 16, 1), AT(S1_TTD, 3, 0x20000000, 16, 1), NOT_BELOW },
	{ "16 bytes", AT(S1_TTD, 2, 0, 12, 2), AT(S1_TTD, 3, 0xff000, 12, 2), BELOW_ALONE },
	{ "16 bytes, the next", AT(S1_TTD, 2, 0, 12, 2), AT(S1_TTD, 3, 0x100000, 12, 2),
	  NOT_BELOW },
	{ "the top", AT(S1_TTD, -2, 0, 16, 1), AT(S1_TTD, -1, UINT64_C(0x80000000000000), 16, 1),
	  BELOW_ALONE },
	{ "STEs of an L1STD", AT(L1STD, 0, 0x40, 12, 1), AT(STE, 0, 0x42, 12, 1), BELOW_ALONE },
	{ "a CD of an L1STD", AT(L1STD, 0, 0x40, 12, 1), AT(CD, 0, 0, 12, 1), BELOW },
	{ "an L1CD of an STE", AT(STE, 0, 2, 12, 1), AT(L1CD, 0, 0, 12, 1), BELOW },
	{ "a CD of an STE", AT(STE, 0, 2, 12, 1), AT(CD, 0, 0, 12, 1), BELOW },
	{ "stage 2 of an STE", AT(STE, 0, 2, 12, 1), AT(S2_TTD, 1, 0, 12, 1), BELOW },
	{ "CDs of an L1CD", AT(L1CD, 0, 0, 12, 1), AT(CD, 0, 1, 12, 1), BELOW_ALONE },
	{ "stage 1 of a CD", AT(CD, 0, 0, 12, 1), AT(S1_TTD, 1, 0, 12, 1), BELOW },
	{ "no stage 2 of a CD", AT(CD, 0, 0, 12, 1), AT(S2_TTD, 1, 0, 12, 1), NOT_BELOW },
	{ "no STE of a CD", AT(CD, 0, 0, 12, 1), AT(STE, 0, 0, 12, 1), NOT_BELOW },
	{ "the DPT", AT(DPT, 0, 0x40000000, 12, 1), AT(DPT, 1, 0x7ffff000, 12, 1), BELOW_ALONE },
	{ "another GB", AT(GPT, 0, 0x40000000, 12, 1), AT(GPT, 1, 0x80000000, 12, 1), NOT_BELOW },
};

static struct version version_at(const struct place *place)
{
	return (struct version){
		.reason = (uint8_t)place->reason,
		.level = (int8_t)place->level,
		.input = place->input,
		.granule_lg2 = (uint8_t)place->granule_lg2,
		.words = (uint8_t)place->words,
	};
}

/* 5.3, D8.2: a structure is found through another, or through that alone. */
START_TEST(a_structure_is_below_another)
{
	const struct version above = version_at(&rows[_i].above);
	const struct version version = version_at(&rows[_i].place);

	ck_assert_msg(version_below(&above, &version) == rows[_i].below, "%s", rows[_i].what);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_structure_is_below_another, 0, COUNT(rows));
}

int main(void)
{
	return run_suite("below", add);
}
