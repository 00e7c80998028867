/* SPDX-License-Identifier: MIT */
/* Stage 1 of Secure streams: in which space each structure is, and what it maps.  3.10.2.1, 5.4
 * NSCFG0, 13.4.2, D8.4.6 */
#include "support/secure_world.h"

#define NS_PAGE UINT64_C(0x654321987000) /* what the leaf in Non-secure memory maps */
#define UPPER UINT64_C(0xffff000000000000)

/* NSCFG of the half, the level whose table descriptor has NSTable, or none, NS of the leaf; and
 * whether the leaf in Non-secure memory says so, too. */
struct way {
	unsigned nscfg;
	int nstable;
	bool ns;
};

enum { NONE = 3 };

static struct way way_of(int i)
{
	return (struct way){ (unsigned)i & 1, i >> 1 & 3, i >> 3 };
}

static bool level_is_ns(struct way way, int level)
{
	return way.nscfg || way.nstable < level;
}

/* The same tables are in both spaces, but for where they lead. */
static void go(struct secure_world *w, struct way way, unsigned half)
{
	set_field(&w->cd[S][1 + half], 0, 1, way.nscfg);
	if (way.nstable < NONE)
		*word_at(w, S, slot1(way.nstable)) |= NSTABLE;
	put(w, NS, slot1(3), NS_PAGE | PAGE);
	if (way.ns)
		*word_at(w, S, slot1(3)) |= NS_LEAF;
}

static void use_upper_half(struct secure_world *w)
{
	set_field(&w->cd[S][0], 16, 6, 16); /* T1SZ */
	set_field(&w->cd[S][0], 22, 2, 2);  /* TG1: 4KB */
	set_field(&w->cd[S][0], 30, 1, 0);  /* EPD1 */
	w->cd[S][2] = w->cd[S][1];
}

static void expect_way(struct secure_world *w, struct way way, uint64_t address)
{
	const bool in_ns = level_is_ns(way, 3);

	expect_pa(w, address, 0, (in_ns ? NS_PAGE : PA_PAGE) | OFFSET, in_ns || way.ns ? NS : S);
	ck_assert_uint_eq(w->seen_count, 6);
	expect_read(w, 0, SMMU3_REASON_STE, STE_AT, S);
	expect_read(w, 1, SMMU3_REASON_CD, CD_AT, S);
	for (int level = 0; level < 4; level++)
		expect_read(w, 2 + (unsigned)level, SMMU3_REASON_S1_TTD, slot1(level),
			    level_is_ns(way, level) ? NS : S);
}

/* NS-04, NS-05, NS-06, SEC-004, SEC-005: NSCFG0; NSTable of a table that was read from Secure
 * memory; NS of such a leaf; nothing else, and Non-secure for good */
START_TEST(nscfg_nstable_and_ns_choose_the_spaces_of_a_secure_stage_1)
{
	const struct way way = way_of(_i);
	struct secure_world w = secure_world(S1_ONLY);

	go(&w, way, 0);
	expect_way(&w, way, VA);
	drop(&w);
}
END_TEST

/* NS-04, CD-04: NSCFG1 is TTB1's */
START_TEST(each_half_has_its_own_nscfg)
{
	const struct way way = way_of(_i);
	struct secure_world w = secure_world(S1_ONLY);

	use_upper_half(&w);
	go(&w, way, 1);
	expect_way(&w, way, VA | UPPER);
	set_field(&w.cd[S][1], 0, 1, !way.nscfg);
	expect_way(&w, way, VA | UPPER);
	drop(&w);
}
END_TEST

/* NS-04, STE-26: neither the incoming attribute nor STE.NSCFG */
START_TEST(stage_1_alone_decides_where_it_is_on)
{
	const struct way way = way_of(_i);
	struct secure_world w = secure_world(S1_ONLY);

	go(&w, way, 0);
	w.txn.flags = SMMU3_TXN_NS;
	expect_way(&w, way, VA);
	set_field(&w.ste[S][1], 46, 2, 3);
	expect_way(&w, way, VA);
	drop(&w);
}
END_TEST

/* NS-14: TTB0 of EL3 is like that of EL1.  CD-22: with hierarchical attributes off NSTable still
 * counts.  CD.HAD0 is bit 65 */
START_TEST(el3_and_had_change_nothing_about_spaces)
{
	const struct way way = way_of(_i);
	struct secure_world w = secure_world(S1_ONLY);

	go(&w, way, 0);
	set_field(&w.ste[S][1], 30, 2, STRW_EL3);
	expect_way(&w, way, VA);
	set_field(&w.cd[S][1], 1, 1, 1);
	expect_way(&w, way, VA);
	drop(&w);
}
END_TEST

/* NS-01: whatever those bits say */
START_TEST(a_non_secure_stage_1_is_in_non_secure_memory)
{
	struct secure_world w = secure_world(S1_ONLY);

	w.txn.sec_sid = SMMU3_PAS_NS;
	w.cd[NS][1] |= BIT(0);
	put(&w, NS, slot1(3), NS_PAGE | PAGE | NS_LEAF);
	for (int level = 0; level < 3; level++)
		*word_at(&w, NS, slot1(level)) |= NSTABLE;
	expect_pa(&w, VA, 0, NS_PAGE | OFFSET, NS);
	for (unsigned i = 0; i < w.seen_count; i++)
		ck_assert_uint_eq(w.seen[i].pas, SMMU3_PAS_NS);
	drop(&w);
}
END_TEST

/* ---- Configuration structures */

/* ST-01, ST-10, SEC-004: two levels, split 6: 1 L1STD, which has 2^6 STEs at RAM_BASE + 0x2000 */
START_TEST(each_state_has_a_stream_table_of_its_own)
{
	struct secure_world w = secure_world(S1_ONLY);

	w.gate[S].streams.two_level = true;
	put(&w, S, RAM_BASE, (RAM_BASE + 0x2000) | 7);
	memcpy(word_at(&w, S, RAM_BASE + 0x2000 + 64 * SID), w.ste[S], sizeof(w.ste[S]));
	w.ste[NS][0] = BIT(0) | BYPASS << 1;
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET, S);
	expect_read(&w, 0, SMMU3_REASON_L1STD, RAM_BASE, S);
	expect_read(&w, 1, SMMU3_REASON_STE, RAM_BASE + 0x2000 + 64 * SID, S);
	w.txn.sec_sid = SMMU3_PAS_NS;
	expect_pa(&w, VA, 0, VA, NS);
	expect_read(&w, 0, SMMU3_REASON_STE, STE_AT, NS);
	drop(&w);
}
END_TEST

/* SEC-005, NS-12: two levels of CDs (S1Fmt 1, S1CDMax 7), the leaf table at RAM_BASE + 0x3000 */
START_TEST(both_levels_of_a_secure_cd_table_are_in_secure_memory)
{
	struct secure_world w = secure_world(S1_ONLY);

	w.ste[S][0] = BIT(0) | S1_ONLY << 1 | 1 << 4 | (RAM_BASE + 0x2000) | UINT64_C(7) << 59;
	put(&w, S, RAM_BASE + 0x2000 + 8, (RAM_BASE + 0x3000) | 1);
	memcpy(word_at(&w, S, RAM_BASE + 0x3000 + 64), w.cd[S], sizeof(w.cd[S]));
	w.txn.ssid = 65;
	expect_pa(&w, VA, SMMU3_TXN_SSV, PA_PAGE | OFFSET, S);
	expect_read(&w, 1, SMMU3_REASON_L1CD, RAM_BASE + 0x2008, S);
	expect_read(&w, 2, SMMU3_REASON_CD, RAM_BASE + 0x3040, S);
	drop(&w);
}
END_TEST

/* SEC-004, SEC-005: what aborts is what was read there: F_STE_FETCH, F_CD_FETCH, F_WALK_EABT, with
 * NSIPA = 0 */
START_TEST(aborted_fetches_of_a_secure_stream_are_recorded_as_any)
{
	static const struct {
		uint64_t at;
		unsigned event;
	} rows[] = { { STE_AT, F_STE_FETCH },
		     { CD_AT, F_CD_FETCH },
		     { S1_TABLE(2) + 8 * 4, F_WALK_EABT } };
	struct secure_world w = secure_world(S1_ONLY);

	w.abort_at = rows[_i].at;
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.fault.event, rows[_i].event);
	ck_assert_uint_eq(w.record.word[3], rows[_i].at);
	ck_assert_uint_eq(w.record.word[1] & BIT(38), 0);
	drop(&w);
}
END_TEST

/* ---- VMSAv8-32 */

/* LPAE-02, SW-06, NS-05, NS-06: a Secure stream has its spaces by NS and NSTable, as in VMSAv8-64; EL3 has
 * none of it.  DDI 0487 G5.5.4 */
START_TEST(tables_of_32_bits_have_the_same_spaces)
{
	const uint64_t va = UINT64_C(0xc0805128), page = UINT64_C(0x3456789000);
	struct secure_world w = secure_world(S1_ONLY);

	w.features[S].ttf_lpae = true;
	w.cd[S][0] &= ~(BIT(41) | 0x3f);
	w.cd[S][1] = S1_TABLE(1);
	put(&w, S, slot1(3), page | PAGE);
	put(&w, NS, slot1(3), page | PAGE);
	expect_pa(&w, va, 0, page | OFFSET, S);
	put(&w, S, slot1(3), page | PAGE | NS_LEAF);
	expect_pa(&w, va, 0, page | OFFSET, NS);
	put(&w, S, slot1(3), 0);
	put(&w, S, slot1(2), S1_TABLE(3) | TABLE | NSTABLE);
	expect_pa(&w, va, 0, page | OFFSET, NS);
	set_field(&w.ste[S][1], 30, 2, STRW_EL3);
	ask(&w, va, 0);
	ck_assert_uint_eq(w.fault.event, C_BAD_CD);
	drop(&w);
}
END_TEST

/* ---- StreamWorlds */

/* SW-03, SW-05, CD-10, PERM-03: EL3 has TTB0 alone, which nothing disables, and one privilege.
 * EPD0 = 1, AP = 00 (privileged alone), PAN = 1, E0PD0 = 1 */
START_TEST(el3_has_one_range_and_one_privilege)
{
	struct secure_world w = secure_world(S1_ONLY);

	set_field(&w.ste[S][1], 30, 2, STRW_EL3);
	use_upper_half(&w);
	w.cd[S][0] |= BIT(14) | BIT(40);
	w.cd[S][1] |= BIT(2);
	put(&w, S, slot1(3), PA_PAGE | (PAGE & ~(UINT64_C(3) << 6)));
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET, S);
	ck_assert_uint_eq(w.out.perm, 0x3f);
	expect_fault(&w, VA | UPPER, 0, F_TRANSLATION, WHY_S1_ONE_RANGE);
	set_field(&w.ste[S][1], 30, 2, STRW_EL1);
	expect_fault(&w, VA, 0, F_TRANSLATION, WHY_S1_EPD);
	drop(&w);
}
END_TEST

/* ---- SIF */

/* Which of CD.A, R, S there are: abort or RAZ/WI, recorded or not. */
static const struct {
	unsigned a_r;
	enum smmu3_verdict verdict;
} models[] = { { 0, SMMU3_RAZ_WI }, { 1, SMMU3_RAZ_WI }, { 2, SMMU3_ABORT }, { 3, SMMU3_ABORT } };

/* PERM-15, EVT-21, SEC-007: stage 1, CLASS = IN, S2 = 0, and the CD says what becomes of it (R is
 * bit 45, A bit 46); data and Secure pages are not concerned */
START_TEST(sif_forbids_to_fetch_what_stage_1_maps_to_non_secure_memory)
{
	struct secure_world w = secure_world(S1_ONLY);

	put(&w, S, slot1(3), PA_PAGE | (PAGE & ~BIT(6)) | NS_LEAF); /* executable when privileged */
	w.txn.flags = SMMU3_TXN_PRIVILEGED;
	expect_pa(&w, VA, SMMU3_TXN_INSTRUCTION, PA_PAGE | OFFSET, NS);
	w.gate[S].sif = true;
	set_field(&w.cd[S][0], 45, 2, models[_i].a_r);
	ck_assert_uint_eq(ask(&w, VA, SMMU3_TXN_INSTRUCTION), models[_i].verdict);
	ck_assert_uint_eq(w.response.record, models[_i].a_r & 1);
	ck_assert_uint_eq(w.fault.event, F_PERMISSION);
	ck_assert_uint_eq(w.fault.why, WHY_SIF);
	ck_assert_int_eq(w.fault.level, 3);
	ck_assert_uint_eq(w.record.word[1],
			  BIT(33) | BIT(34) | BIT(35) | UINT64_C(2) << 40); /* PnU InD RnW IN */
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET, NS);
	ck_assert_uint_eq(w.out.perm, 0x18); /* read and write, privileged */
	put(&w, S, slot1(3), PA_PAGE | (PAGE & ~BIT(6)));
	expect_pa(&w, VA, SMMU3_TXN_INSTRUCTION, PA_PAGE | OFFSET, S);
	ck_assert_uint_eq(w.out.perm, 0x3c); /* execution, of either privilege */
	drop(&w);
}
END_TEST

/* PERM-15: a table in Non-secure memory maps nothing else */
START_TEST(sif_forbids_to_fetch_through_non_secure_tables)
{
	const struct way way = way_of(_i);
	struct secure_world w = secure_world(S1_ONLY);

	go(&w, way, 0);
	w.gate[S].sif = true;
	w.cd[S][0] |= BIT(14);
	set_field(&w.ste[S][1], 30, 2, STRW_EL3);
	if (level_is_ns(way, 3) || way.ns)
		expect_fault(&w, VA, SMMU3_TXN_INSTRUCTION, F_PERMISSION, WHY_SIF);
	else
		expect_pa(&w, VA, SMMU3_TXN_INSTRUCTION, PA_PAGE | OFFSET, S);
	drop(&w);
}
END_TEST

/* STALL-05: CD.S, bit 44, is obeyed where stage 1 translates */
START_TEST(a_fetch_that_sif_forbids_stalls_where_the_cd_says_so)
{
	struct smmu3_config config = secure_config(false);

	config.s_idr[0] &= ~(UINT32_C(3) << 24); /* STALL_MODEL */
	struct secure_world w = secure_world_of(&config, S1_ONLY);

	put(&w, S, slot1(3), PA_PAGE | (PAGE & ~BIT(6)) | NS_LEAF);
	w.txn.flags = SMMU3_TXN_PRIVILEGED | SMMU3_TXN_INSTRUCTION;
	w.gate[S].sif = true;
	w.cd[S][0] |= BIT(44);
	ask(&w, VA, 0);
	ck_assert_uint_eq(w.fault.why, WHY_SIF);
	ck_assert(w.out.model[w.fault.stage].stall);
	drop(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, nscfg_nstable_and_ns_choose_the_spaces_of_a_secure_stage_1, 0,
			    16);
	tcase_add_loop_test(tests, each_half_has_its_own_nscfg, 0, 16);
	tcase_add_loop_test(tests, stage_1_alone_decides_where_it_is_on, 0, 16);
	tcase_add_loop_test(tests, el3_and_had_change_nothing_about_spaces, 0, 16);
	tcase_add_test(tests, a_non_secure_stage_1_is_in_non_secure_memory);
	tcase_add_test(tests, each_state_has_a_stream_table_of_its_own);
	tcase_add_test(tests, both_levels_of_a_secure_cd_table_are_in_secure_memory);
	tcase_add_loop_test(tests, aborted_fetches_of_a_secure_stream_are_recorded_as_any, 0, 3);
	tcase_add_test(tests, tables_of_32_bits_have_the_same_spaces);
	tcase_add_test(tests, el3_has_one_range_and_one_privilege);
	tcase_add_loop_test(tests, sif_forbids_to_fetch_what_stage_1_maps_to_non_secure_memory, 0,
			    4);
	tcase_add_loop_test(tests, sif_forbids_to_fetch_through_non_secure_tables, 0, 16);
	tcase_add_test(tests, a_fetch_that_sif_forbids_stalls_where_the_cd_says_so);
}

int main(void)
{
	return run_suite("secure stage 1", add);
}
