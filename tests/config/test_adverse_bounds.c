/* SPDX-License-Identifier: MIT */
/* Addresses and sizes out of bounds, of an SMMU that takes them otherwise when it is asked to.
 * 3.4.3, 5.2, 5.4 */
#include "stream_table.h"

#include <smmu/adversity.h>

#define LEAF_CDS (FREE_AREA + 0x200000)

/* As it stands, and with this asked for. */
static void open_asking(struct world *w, const char *word)
{
	open_world(w);
	ck_assert_int_eq(smmu3_adversity_ask(w->smmu, word, NULL), 0);
}

static struct world stream_of_30(unsigned config)
{
	struct world w = stream(config);

	make_version_30(&w);
	return w;
}

/* ST-13: the address of an STE is cut to OAS, 32 bits here */
START_TEST(an_entry_beyond_oas_is_read_below)
{
	struct world w = no_stream();

	change_id(&w, OAS, OAS_32);
	change_id(&w, SIDSIZE, 32);
	put_bypass(&w, RAM_BASE);
	use_stream_table(&w, 0, LINEAR(32));
	ck_assert_int_eq(smmu3_adversity_ask(w.smmu, "ste-address-beyond-oas=cut", NULL), 0);
	w.txn.sid = (uint32_t)(BIT(26) | BIT(25));
	expect_reaches(&w, ADDRESS, 0, ADDRESS);
	ck_assert_uint_eq(fetched(&w, SMMU3_REASON_STE), RAM_BASE);
	close_world(&w);
}
END_TEST

/* STE-59: of stage 1 alone the pointer is cut; with both stages it is ILLEGAL */
START_TEST(a_cd_pointer_out_of_bounds)
{
	struct world w = stream_of_30(_i ? NESTED : S1_ONLY);

	w.ste[0] |= BIT(48);
	open_asking(&w, _i ? "s1contextptr-beyond-ias=illegal" : "s1contextptr-beyond-oas=cut");
	if (_i)
		expect_error(&w, VA, 0, C_BAD_STE, 0);
	else
		expect_reaches(&w, VA, 0, NEAR_PA);
	close_world(&w);
}
END_TEST

/* SUB-14: likewise of L1CD.L2Ptr */
START_TEST(an_l2ptr_out_of_bounds)
{
	const unsigned config = _i ? NESTED : S1_ONLY;
	struct world w = stream_of_30(config);

	w.ste[0] = BIT(0) | config << 1 | 1 << 4 | FREE_AREA | UINT64_C(8) << 59;
	put(&w, FREE_AREA, BIT(48) | LEAF_CDS | 1);
	w.txn.ssid = 5;
	open_asking(&w, _i ? "l2ptr-beyond-ias=illegal" : "l2ptr-beyond-oas=cut");
	put_structure(&w, LEAF_CDS + 64 * 5, w.cd);
	if (_i)
		expect_error(&w, VA, SMMU3_TXN_SSV, C_BAD_SUBSTREAMID, 0);
	else
		expect_reaches(&w, VA, SMMU3_TXN_SSV, NEAR_PA);
	close_world(&w);
}
END_TEST

/* STE-59: with VMSAv8-32 alone IAS is 40 bits, whatever OAS is, here 48: bit 40 is beyond it.  3.4,
 * 3.4.3 (2) */
START_TEST(ias_may_be_smaller_than_oas)
{
	struct world w = stream_of_30(NESTED);
	struct smmu3_outcome outcome;

	set_id(&w, 0, 2, 2, 1); /* TTF */
	w.ste[0] |= BIT(40);
	w.ste[2] &= ~(BIT(51) | UINT64_C(0xff) << 32);     /* S2AA64, S2SL0, S2T0SZ */
	w.ste[2] |= UINT64_C(1) << 38 | UINT64_C(8) << 32; /* 40 bits, from level 1 */
	open_asking(&w, _i ? "s1contextptr-beyond-ias=illegal" : "s2-sh-reserved=outer");
	(void)smmu3_translate(w.smmu, &w.txn, &outcome);
	ck_assert_uint_eq(outcome.event, _i ? C_BAD_STE : F_TRANSLATION);
	close_world(&w);
}
END_TEST

/* CD-39, STE-68: a size that is out of range is the nearest one.  16 is what the tables are of;
 * 39 has no such address, and at stage 2 not its first level */
static const struct {
	unsigned config;
	struct change ste, cd;
	unsigned event;
	const char *field;
} sizes[] = {
	{ S1_ONLY, { 0 }, { T0SZ, 15 }, 0, "" },
	{ S1_ONLY, { 0 }, { T0SZ, 40 }, F_TRANSLATION, "CD.T0SZ" },
	{ S1_ONLY, { 0 }, { T1SZ, 15 }, 0, "" },
	{ S1_ONLY, { 0 }, { T1SZ, 40 }, 0, "" },
	{ S2_ONLY, { S2T0SZ, 15 }, { 0 }, 0, "" },
	{ S2_ONLY, { S2T0SZ, 40 }, { 0 }, C_BAD_STE, "S2SL0" },
};

START_TEST(a_size_out_of_range_is_the_nearest)
{
	const unsigned config = sizes[_i].config;
	struct world w = stream_of_30(config);

	change(w.cd, AT(0, 30, 30), 0); /* EPD1 */
	change(w.cd, TG1, 2);           /* 4KB */
	change(w.cd, T1SZ, 16);
	change(w.ste, sizes[_i].ste.at, sizes[_i].ste.value);
	change(w.cd, sizes[_i].cd.at, sizes[_i].cd.value);
	open_asking(&w, config == S2_ONLY ? "s2t0sz-range=nearest" : "cd-tsz-range=nearest");
	reach(&w, input_of(config), 0);
	ck_assert_uint_eq(w.out.event, sizes[_i].event);
	if (sizes[_i].event)
		expect_because(&w, sizes[_i].field);
	else
		expect_reaches(&w, input_of(config), 0, NEAR_PA);
	close_world(&w);
}
END_TEST

/* STE-48: full ATS of a stream with S2S and stage 1 alone */
START_TEST(full_ats_with_s2s_is_illegal_without_stage_2)
{
	struct world w = stream_of_30(S1_ONLY);

	w.config.idr[0] |= 1u << 10;
	w.ste[1] |= UINT64_C(1) << 28; /* EATS */
	w.ste[2] |= BIT(57);           /* S2S */
	open_asking(&w, "commands=0");
	expect_reaches(&w, VA, 0, NEAR_PA);
	ck_assert_int_eq(smmu3_adversity_ask(w.smmu, "eats-s2s-without-stage-2=illegal", NULL), 0);
	expect_error(&w, VA, 0, C_BAD_STE, 0);
	expect_because(&w, "STE.EATS");
	close_world(&w);
}
END_TEST

/* STE-59, SUB-14, STE-68, CD-39, STE-48: from SMMUv3.1 on there is nothing to choose; with one
 * stage alone nothing of IAS */
START_TEST(later_versions_have_no_choice)
{
	static const char *const words[] = {
		"s1contextptr-beyond-oas=cut",
		"l2ptr-beyond-oas=cut",
		"s2t0sz-range=nearest",
		"cd-tsz-range=nearest",
		"eats-s2s-without-stage-2=illegal",
	};
	struct world w = stream(S1_ONLY);

	open_world(&w);
	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		ck_assert_int_eq(smmu3_adversity_ask(w.smmu, words[i], NULL),
				 -SMMU3_E_INCONSISTENT);
	close_world(&w);
	w = stream(S1_ONLY);
	change_id(&w, S2P, 0);
	open_world(&w);
	ck_assert_int_eq(smmu3_adversity_ask(w.smmu, "l2ptr-beyond-ias=illegal", NULL),
			 -SMMU3_E_INCONSISTENT);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, an_entry_beyond_oas_is_read_below);
	tcase_add_loop_test(tests, a_cd_pointer_out_of_bounds, 0, 2);
	tcase_add_loop_test(tests, an_l2ptr_out_of_bounds, 0, 2);
	tcase_add_loop_test(tests, ias_may_be_smaller_than_oas, 0, 2);
	tcase_add_loop_test(tests, a_size_out_of_range_is_the_nearest, 0,
			    sizeof(sizes) / sizeof(sizes[0]));
	tcase_add_test(tests, full_ats_with_s2s_is_illegal_without_stage_2);
	tcase_add_test(tests, later_versions_have_no_choice);
}

int main(void)
{
	return run_suite("adverse-bounds", add);
}
