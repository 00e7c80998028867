/* SPDX-License-Identifier: MIT */
/* Reserved encodings of memory types, of an SMMU that takes them otherwise when it is asked to.
 * D8.6, K1.2.19 */
#include "support/walk_world.h"

#include <smmu/adversity.h>
#include <smmu/inspect.h>

enum { WB = 0xff, NC = 0x44, nGnRnE = 0x00 };
enum { NSH = 0, RESERVED = 1, OSH = 2, ISH = 3 };

#define SH(n) ((uint64_t)(n) << 8)
#define S2FWB (UINT64_C(1) << 25) /* word 1 */
#define IDR3_FWB (UINT32_C(1) << 8)

/* What a leaf says, and what the mapping and the access are. */
static const struct {
	const char *word;
	uint8_t config, fwb, memattr, sh, mair, result_sh;
} rows[] = {
	{ "s1-sh-reserved=outer", S1_ONLY, 0, 0, RESERVED, WB, OSH },
	{ "s1-sh-reserved=inner", S1_ONLY, 0, 0, RESERVED, WB, ISH },
	{ "s1-sh-reserved=inner", S1_ONLY, 0, 0, OSH, WB, OSH },
	{ "s1-sh-reserved=inner", S1_ONLY, 0, 0, NSH, WB, NSH },
	{ "s2-sh-reserved=outer", S1_ONLY, 0, 0, RESERVED, WB, NSH },
	{ "s2-sh-reserved=outer", S2_ONLY, 0, 0xf, RESERVED, WB, OSH },
	{ "s2-sh-reserved=inner", S2_ONLY, 0, 0xf, RESERVED, WB, ISH },
	{ "s2-sh-reserved=inner", S2_ONLY, 0, 0xf, OSH, WB, OSH },
	{ "s1-sh-reserved=outer", S2_ONLY, 0, 0xf, RESERVED, WB, NSH },
	{ "s2-memattr-reserved=non-cacheable", S2_ONLY, 0, 4, NSH, NC, OSH },
	{ "s2-memattr-reserved=write-back", S2_ONLY, 0, 4, NSH, WB, NSH },
	{ "s2-memattr-reserved=write-back", S2_ONLY, 0, 8, NSH, WB, NSH },
	{ "s2-memattr-reserved=write-back", S2_ONLY, 0, 12, NSH, WB, NSH },
	{ "s2-memattr-reserved=write-back", S2_ONLY, 0, 0, NSH, nGnRnE, OSH },
	{ "s2-memattr-reserved=write-back", S2_ONLY, 0, 5, NSH, NC, OSH },
	{ "s2-memattr-reserved=write-back", S2_ONLY, 1, 4, NSH, nGnRnE, OSH },
	{ "s2-memattr-reserved-fwb=write-back", S2_ONLY, 1, 4, NSH, WB, NSH },
	{ "s2-memattr-reserved-fwb=stage-1", S2_ONLY, 1, 4, NSH, WB, NSH },
	{ "s2-memattr-reserved-fwb=write-back", S2_ONLY, 1, 0, NSH, nGnRnE, OSH },
	{ "s2-memattr-reserved-fwb=write-back", S2_ONLY, 0, 4, NSH, nGnRnE, OSH },
};

static int on_mapping(void *context, const struct smmu3_mapping *mapping)
{
	if (mapping->output == PA_PAGE)
		*(struct smmu3_attr *)context = mapping->attr;
	return 0;
}

/* ATTR-11, ATTR-12, ATTR-14, ATTR-17: a reserved value means another one, at its own stage alone;
 * what is listed is the same */
START_TEST(reserved_types_mean_another)
{
	const bool s1 = rows[_i].config == S1_ONLY;
	struct world w = world(rows[_i].config);
	struct smmu3_attr listed = { 0x55, 7 };

	w.config.idr[3] |= IDR3_FWB;
	if (rows[_i].fwb)
		w.ste[1] |= S2FWB;
	put(&w, slot1(3), PA_PAGE | (S1_PAGE & ~SH(3)) | SH(rows[_i].sh));
	put(&w, slot2(3),
	    PA_PAGE | (S2_PAGE & ~(SH(3) | UINT64_C(0x3c))) | (uint64_t)rows[_i].memattr << 2 |
		    SH(rows[_i].sh));
	open_world(&w);
	ck_assert_int_eq(smmu3_adversity_ask(w.smmu, rows[_i].word, NULL), 0);
	drive(&w, WB, NSH);
	for (unsigned again = 0; again < 2; again++) {
		ck_assert_uint_eq(ask(&w, s1 ? VA : IPA_PAGE, 0), SMMU3_OK);
		ck_assert_uint_eq(w.out.attr.mair, rows[_i].mair);
		ck_assert_uint_eq(w.out.attr.sh, rows[_i].result_sh);
	}
	(void)smmu3_inspect_mappings(w.smmu, SMMU3_PAS_NS, SID, 0, s1 ? 1 : 2, 1 << 20, on_mapping,
				     &listed);
	ck_assert_uint_eq(listed.mair, rows[_i].mair);
	ck_assert_uint_eq(listed.sh, rows[_i].result_sh);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, reserved_types_mean_another, 0, sizeof(rows) / sizeof(rows[0]));
}

int main(void)
{
	return run_suite("adverse-types", add);
}
