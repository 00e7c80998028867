/* SPDX-License-Identifier: MIT */
/* VMSAv9-128 from the STE and the CD to the outcome: IDR5.D128.  5.2, 5.4, D8.2.11, D8.3.2 */
#include "d128_world.h"

#include <smmu/inspect.h>

static const unsigned configs[] = { S1_ONLY, S2_ONLY, NESTED };
enum { CONFIGS = 3 };

static uint64_t input_of(unsigned config)
{
	return config == S2_ONLY ? IPA_PAGE | OFFSET : VA;
}

/* Where the last leaf of a configuration is. */
static uint64_t last_of(unsigned config)
{
	return config == S1_ONLY ? at1(3) : at2(3);
}

/* STE-34, SW-06, D128-01, D128-06, IDR-027: AA64 = 0 and S2AA64 = 0 */
START_TEST(a_page_of_56_bits_is_found)
{
	struct world w = d128_world(configs[_i]);

	start_d128(&w);
	expect_pa(&w, input_of(configs[_i]), 0, FAR_PAGE | OFFSET);
	expect_pa(&w, input_of(configs[_i]), W, FAR_PAGE | OFFSET);
	ck_assert_uint_eq(w.out.span, 0x1000);
	close_world(&w);
}
END_TEST

/* STE-34, CD-20: each stage has its format, whatever the other has */
START_TEST(stages_may_differ)
{
	struct world w = d128_machine(NESTED);

	if (_i == 1)
		want_s1(&w, IPA_PAGE);
	if (_i == 2)
		want_s2(&w);
	start_d128(&w);
	expect_pa(&w, VA, W, (_i == 2 ? FAR_PAGE : PA_PAGE) | OFFSET);
	close_world(&w);
}
END_TEST

/* D128-05, STE-35 */
START_TEST(a_block_has_its_size)
{
	struct world w = d128_world(configs[_i]);
	const bool first = configs[_i] == S1_ONLY;

	put_pair(&w, first ? at1(1) : at2(1), FAR_PAGE | (first ? S1_LOW : S2_LOW), SKL(2) | PI(1));
	start_d128(&w);
	expect_pa(&w, input_of(configs[_i]), 0,
		  UINT64_C(0xab123450000000) | ((first ? VA : IPA_PAGE | OFFSET) & 0xfffffff));
	ck_assert_uint_eq(w.out.span, configs[_i] == NESTED ? 0x1000 : 0x10000000);
	close_world(&w);
}
END_TEST

/* D128-01, CD-27: SKL0 is bits 127:126 of the CD, S2SKL 62:61 of word 3 of the STE.  48 bits begin
 * at level -1, with SKL = 3 at level 2: index bits 47:20 */
START_TEST(skl_of_the_cd_and_of_the_ste_skip_levels)
{
	const unsigned config = configs[_i];
	struct world w = d128_world(config);
	const uint64_t input = UINT64_C(0x0805128); /* indices 8 and 5 */

	if (config & 1) {
		w.cd[1] = S1_TABLE(-1) | UINT64_C(3) << 62;
		put_pair(&w, S1_TABLE(-1) + 16 * 8, S1_TABLE(3) | NEXT, 0);
	}
	if (config == S2_ONLY) {
		w.ste[3] = S2_TABLE(-1) | UINT64_C(3) << 61;
		put_pair(&w, S2_TABLE(-1) + 16 * 8, S2_TABLE(3) | NEXT, 0);
		put_pair(&w, S2_TABLE(3) + 16 * 5, FAR_PAGE | S2_LOW, PI(1));
	}
	/* the tables are 2^28 entries: they are aligned to 4GB, below RAM; so what is found is its
	 * first entry's place */
	start_d128(&w);
	ck_assert_uint_eq(ask(&w, input, 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, config == NESTED ? F_TRANSLATION : F_WALK_EABT);
	if (config != NESTED)
		ck_assert_uint_eq(w.out.record.word[3], UINT64_C(16) * 8);
	ck_assert_int_eq(w.out.fault_level, config == NESTED ? 1 : 2);
	close_world(&w);
}
END_TEST

/* CD-42, STE-70: T0SZ = 16 begins at -1, so that SKL = 3 is level 2; T0SZ = 40, of 24 bits, at 2:
 * one level may be skipped */
START_TEST(a_start_beyond_level_3_is_illegal)
{
	const bool first = _i & 1, legal = _i & 2;
	struct world w = d128_world(first ? S1_ONLY : S2_ONLY);
	const uint64_t skl = legal ? 1 : 2;

	set_field(first ? &w.cd[0] : &w.ste[2], first ? 0 : 32, 6, 40);
	if (first)
		w.cd[1] = S1_TABLE(-1) | skl << 62;
	else
		w.ste[3] = S2_TABLE(-1) | skl << 61;
	put_pair(&w, (first ? S1_TABLE(-1) : S2_TABLE(-1)) + 16 * 5,
		 FAR_PAGE | (first ? S1_LOW : S2_LOW), PI(1));
	start_d128(&w);
	if (legal)
		expect_pa(&w, 0x5128, 0, FAR_PAGE | OFFSET);
	else
		ck_assert_uint_eq(ask(&w, 0x5128, 0), SMMU3_ABORT);
	if (!legal)
		ck_assert_uint_eq(w.out.event, first ? C_BAD_CD : C_BAD_STE);
	close_world(&w);
}
END_TEST

/* STE-67: S2T0SZ 8 where OAS has 56 bits, and 48 without IDR3.STT; not 7 or 49 */
START_TEST(stage_2_has_inputs_of_16_to_56_bits)
{
	static const struct {
		unsigned t0sz;
		bool legal;
	} sizes[] = { { 7, false }, { 8, true }, { 48, true }, { 49, false } };
	struct world w = d128_world(S2_ONLY);

	set_id(&w, 3, 9, 1, 0);
	set_field(&w.ste[2], 32, 6, sizes[_i].t0sz);
	start_d128(&w);
	ck_assert_uint_eq(ask(&w, 0x5128, 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, sizes[_i].legal ? F_TRANSLATION : C_BAD_STE);
	close_world(&w);
}
END_TEST

/* CD-38, IDR-029: T0SZ 9 with VAX = 0b10, and a walk that begins at level -2 */
START_TEST(a_va_of_55_bits_begins_at_level_minus_2)
{
	struct world w = d128_world(S1_ONLY);

	set_field(&w.cd[0], 0, 6, 9);
	w.cd[1] = S1_TABLE(-2);
	put_pair(&w, S1_TABLE(-2), S1_TABLE(-1) | NEXT, 0);
	start_d128(&w);
	expect_pa(&w, VA, 0, FAR_PAGE | OFFSET);
	expect_event(&w, VA | BIT(54), 0, F_TRANSLATION, 1, -2);
	expect_event(&w, VA | BIT(55), 0, F_TRANSLATION, 1, NO_WALK);
	close_world(&w);
}
END_TEST

/* CD-27: bit 65 of a CD is DisCH0, and no HAD0; tables take nothing away */
START_TEST(tables_have_no_limits_and_bit_65_is_no_had)
{
	struct world w = d128_world(S1_ONLY);

	set_id(&w, 3, 2, 1, 1); /* HAD */
	if (_i)
		w.cd[1] |= BIT(1);
	put_pair(&w, at1(2), S1_TABLE(3) | NEXT | UINT64_C(3) << 61, 0); /* APTable */
	start_d128(&w);
	expect_pa(&w, VA, W, FAR_PAGE | OFFSET);
	close_world(&w);
}
END_TEST

/* PERM-14: 5.4 E0PD0 is of VMSAv8-64 */
START_TEST(e0pd_is_of_vmsav8_64)
{
	struct world w = d128_world(S1_ONLY);

	w.cd[1] |= BIT(2);
	start_d128(&w);
	expect_pa(&w, VA, 0, FAR_PAGE | OFFSET);
	close_world(&w);
}
END_TEST

/* TTB1 with its own SKL1: VA of ones; T1SZ = 40, TG1 4KB */
START_TEST(the_upper_half_has_fields_of_its_own)
{
	struct world w = d128_world(S1_ONLY);
	const uint64_t table = S1_TABLE(3) + 0x10000;

	w.cd[0] = (w.cd[0] & ~BIT(30)) | 40 << 16 | UINT64_C(2) << 22 | 0x35 << 24;
	w.cd[2] = table | UINT64_C(1) << 62;
	put_pair(&w, table + 16 * 0xfff, FAR_PAGE | S1_LOW, PI(1));
	start_d128(&w);
	expect_pa(&w, ~UINT64_C(0xfff) | OFFSET, 0, FAR_PAGE | OFFSET);
	expect_pa(&w, VA, 0, FAR_PAGE | OFFSET);
	close_world(&w);
}
END_TEST

/* PERM-27, D128-06: PIIndex and POIndex of stage 2, without S2PIE */
START_TEST(stage_2_permits_what_its_codes_say)
{
	struct world w = d128_world(S2_ONLY);

	w.ste[2] |= S2POE;
	w.ste[7] = UINT64_C(8) << 4 * 9 | UINT64_C(12) << 4 * 10; /* 9 RO, 10 RW */
	put_pair(&w, at2(3), FAR_PAGE | S2_LOW, PI(5) | PO(_i ? 10 : 9));
	open_world(&w);
	mmio(&w, S2PII, 8, UINT64_C(12) << 4 * 5);
	expect_pa(&w, IPA_PAGE, 0, FAR_PAGE);
	if (_i)
		expect_pa(&w, IPA_PAGE, W, FAR_PAGE);
	else
		expect_event(&w, IPA_PAGE, W, F_PERMISSION, 2, 3);
	close_world(&w);
}
END_TEST

/* D128-03 */
START_TEST(what_skips_too_far_is_a_translation_fault_of_its_level)
{
	const unsigned config = configs[_i];
	struct world w = d128_world(config);

	put_pair(&w, last_of(config), FAR_PAGE | LEAF_LOW, SKL(1) | PI(1));
	start_d128(&w);
	expect_event(&w, input_of(config), 0, F_TRANSLATION, config == S1_ONLY ? 1 : 2, 3);
	close_world(&w);
}
END_TEST

/* D128-01, MEM: each descriptor is one read of 16 bytes */
START_TEST(descriptors_are_read_at_once)
{
	struct world w = d128_world(configs[_i]);
	unsigned read = 0;

	w.behind_host = true;
	start_d128(&w);
	afresh(&w);
	expect_pa(&w, input_of(configs[_i]), 0, FAR_PAGE | OFFSET);
	for (unsigned i = 0; i < w.seen_count; i++) {
		const unsigned reason = w.seen[i].reason;

		if (reason != SMMU3_REASON_S1_TTD && reason != SMMU3_REASON_S2_TTD)
			continue;
		ck_assert_uint_eq(w.seen[i].bytes, 16);
		read++;
	}
	ck_assert_uint_ge(read, 5);
	close_world(&w);
}
END_TEST

/* HTTU-01, HTTU-05, HTTU-09 of 16 bytes: the leaf gets its Access flag and is dirty, in a window
 * and by the host; the other half stays */
START_TEST(hardware_updates_a_leaf_of_16_bytes)
{
	const bool first = _i & 1, host = _i & 2;
	const unsigned config = first ? S1_ONLY : S2_ONLY;
	struct world w = d128_world(config);
	const uint64_t dirty = FAR_PAGE | (first ? S1_LOW : S2_LOW);
	const uint64_t clean = (dirty ^ BIT(7)) & ~BIT(10);
	const uint64_t high = PI(1) | HIGH(91);

	if (first)
		w.cd[0] |= CD_HA | CD_HD;
	else
		w.ste[2] |= S2HA | S2HD;
	w.behind_host = host;
	put_pair(&w, last_of(config), clean, high);
	start_d128(&w);
	expect_pa(&w, input_of(config), 0, FAR_PAGE | OFFSET);
	ck_assert_uint_eq(now(&w, last_of(config)), clean | BIT(10));
	ck_assert_uint_eq(now(&w, last_of(config) + 8), high);
	ck_assert_uint_eq(host ? w.swap_count : w.written, 1);
	if (host)
		ck_assert_uint_eq(w.swapped.bytes, 16);
	expect_pa(&w, input_of(config), W, FAR_PAGE | OFFSET);
	ck_assert_uint_eq(now(&w, last_of(config)), dirty);
	close_world(&w);
}
END_TEST

/* HTTU-12, D128-01: HTTU 3 sets the Access flag of tables of 16 bytes, too */
START_TEST(hardware_marks_tables_of_16_bytes)
{
	const bool first = _i;
	const unsigned config = first ? S1_ONLY : S2_ONLY;
	struct world w = d128_world(config);

	set_id(&w, 0, 6, 2, 3);
	if (first) {
		w.cd[0] |= CD_HA;
		w.cd[1] |= CD_HAFT;
	} else {
		w.ste[2] |= S2HA | S2HAFT;
	}
	for (int level = -1; level < 3; level++)
		put(&w, (first ? at1(level) : at2(level)) + 8, HIGH(91));
	start_d128(&w);
	expect_pa(&w, input_of(config), 0, FAR_PAGE | OFFSET);
	for (int level = -1; level < 3; level++) {
		const uint64_t at = first ? at1(level) : at2(level);

		ck_assert_uint_eq(now(&w, at) & BIT(10), BIT(10));
		ck_assert_uint_eq(now(&w, at + 8), HIGH(91));
	}
	close_world(&w);
}
END_TEST

/* HTTU-12, D128-01: a table that skips levels may be larger than outputs, 4GB here: where its entry is
 * too far it is not marked; nor is it kept, so that an access whose entry is not marks it */
START_TEST(a_table_that_leads_too_far_is_not_kept)
{
	const uint64_t entry = RAM_BASE + 0xc00000, page = 0x45678000;
	struct world w = d128_world(S2_ONLY);

	set_id(&w, 0, 6, 2, 3);
	w.ste[2] |= S2HA | S2HAFT;
	w.ste[2] &= ~(UINT64_C(7) << 48); /* S2PS */
	w.config.caches.tlb = w.config.caches.tables = 64;
	put_pair(&w, S2_TABLE(-1), 0 | NEXT, SKL(3));
	put_pair(&w, entry, page | S2_LOW, PI(1));
	start_d128(&w);
	expect_event(&w, BIT(40) | OFFSET, 0, F_ADDR_SIZE, 2, -1);
	ck_assert_uint_eq(now(&w, S2_TABLE(-1)), NEXT);
	expect_pa(&w, entry >> 4 << 12 | OFFSET, 0, page | OFFSET);
	ck_assert_uint_eq(now(&w, S2_TABLE(-1)), NEXT | BIT(10));
	close_world(&w);
}
END_TEST

/* HTTU-02: another half that has changed meanwhile is a leaf that has; it is walked again */
START_TEST(an_update_looks_at_both_halves)
{
	struct world w = d128_world(S2_ONLY);

	w.ste[2] |= S2HA;
	w.behind_host = true;
	w.lost_to = PI(1) | HIGH(92);
	put_pair(&w, at2(3), FAR_PAGE | (S2_LOW ^ BIT(10)), PI(1));
	start_d128(&w);
	expect_pa(&w, IPA_PAGE, 0, FAR_PAGE);
	ck_assert_uint_eq(w.swap_count, 2);
	ck_assert_uint_eq(now(&w, at2(3)), FAR_PAGE | S2_LOW);
	ck_assert_uint_eq(now(&w, at2(3) + 8), PI(1) | HIGH(92));
	close_world(&w);
}
END_TEST

/* ---- What is told ---- */

struct heard {
	unsigned wide, updates;
	struct smmu3_step last;
};

static void hear(void *context, const struct smmu3_step *step)
{
	struct heard *heard = context;

	heard->wide += step->words == 2;
	heard->updates += step->updates;
	heard->last = *step;
}

/* struct smmu3_step of inspect.h */
START_TEST(a_step_has_both_words_and_an_update_four)
{
	struct world w = d128_world(S2_ONLY);
	const uint64_t after = FAR_PAGE | S2_LOW;
	struct smmu3_txn txn = { .bytes = 4, .sid = SID, .addr = IPA_PAGE };
	struct heard heard = { 0 };
	struct smmu3_outcome out;

	w.ste[2] |= S2HA;
	put_pair(&w, at2(3), after ^ BIT(10), PI(1));
	start_d128(&w);
	ck_assert_int_eq(smmu3_explain(w.smmu, &txn, &out, hear, &heard), SMMU3_OK);
	ck_assert_uint_eq(heard.wide, 6);
	ck_assert_uint_eq(heard.updates, 1);
	ck_assert_uint_eq(heard.last.word[0], after);
	ck_assert_uint_eq(heard.last.word[1], PI(1));
	ck_assert_uint_eq(heard.last.word[2], after ^ BIT(10));
	ck_assert_uint_eq(heard.last.word[3], PI(1));
	close_world(&w);
}
END_TEST

static int note_mapping(void *context, const struct smmu3_mapping *mapping)
{
	struct smmu3_mapping *last = context;

	*last = *mapping;
	return 0;
}

/* D128-04, D128-05: tables that skip levels are toured as they are walked */
START_TEST(a_tour_finds_what_a_walk_finds)
{
	const bool first = _i;
	struct world w = d128_world(first ? S1_ONLY : S2_ONLY);
	struct smmu3_mapping last = { 0 };

	/* level 0's entry 0xff, SKL = 1, to a table of 1MB of level 2, of which the entry 0xfffe is
	 * a block of 1MB */
	put_pair(&w, (first ? S1_TABLE(0) : S2_TABLE(0)) + 16 * 0xff, (RAM_BASE + 0xc00000) | NEXT,
		 SKL(1));
	put_pair(&w, RAM_BASE + 0xc00000 + 16 * 0xfffe, FAR_PAGE | (first ? S1_LOW : S2_LOW),
		 SKL(1) | PI(1) | HIGH(111));
	start_d128(&w);
	ck_assert_int_eq(smmu3_inspect_mappings(w.smmu, SMMU3_PAS_NS, SID, 0, first ? 1 : 2,
						1 << 20, note_mapping, &last),
			 0);
	ck_assert_uint_eq(last.input, UINT64_C(0xfffffe00000));
	ck_assert_uint_eq(last.output, UINT64_C(0xab123456700000));
	ck_assert_uint_eq(last.size, 0x100000);
	ck_assert_int_eq(last.level, 2);
	ck_assert_uint_eq(last.d128, 1);
	ck_assert_uint_eq(last.descriptor, FAR_PAGE | (first ? S1_LOW : S2_LOW));
	ck_assert_uint_eq(last.descriptor_high, SKL(1) | PI(1) | HIGH(111));
	ck_assert_uint_eq(last.contiguous, 1);
	expect_pa(&w, UINT64_C(0xfffffe00128), 0, UINT64_C(0xab123456700128));
	close_world(&w);
}
END_TEST

/* ---- Without ---- */

/* D128-01: memory behind a host that has no access of 16 bytes */
START_TEST(a_host_without_swap_pair_has_no_vmsav9_128)
{
	struct world w = d128_world(S1_ONLY);
	const struct smmu3_host reads = { .size = sizeof(reads), .read = world_read };
	const struct smmu3_host windows = { .size = sizeof(windows) };
	struct smmu3_error error;

	ck_assert_ptr_null(smmu3_create(&w.config, &reads, &error));
	ck_assert_int_eq(error.code, -SMMU3_E_ARGUMENT);
	ck_assert_ptr_nonnull(strstr(error.text, "host.swap_pair"));
	w.smmu = smmu3_create(&w.config, &windows, &error);
	ck_assert_ptr_nonnull(w.smmu);
	set_id(&w, 5, 0, 3, 6);
	set_id(&w, 5, 8, 1, 0);
	set_id(&w, 5, 10, 2, 1);
	smmu3_destroy(w.smmu);
	w.smmu = smmu3_create(&w.config, &reads, &error);
	ck_assert_ptr_nonnull(w.smmu);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_page_of_56_bits_is_found, 0, CONFIGS);
	tcase_add_loop_test(tests, stages_may_differ, 1, 3);
	tcase_add_loop_test(tests, a_block_has_its_size, 0, CONFIGS);
	tcase_add_loop_test(tests, skl_of_the_cd_and_of_the_ste_skip_levels, 0, CONFIGS);
	tcase_add_loop_test(tests, a_start_beyond_level_3_is_illegal, 0, 4);
	tcase_add_loop_test(tests, stage_2_has_inputs_of_16_to_56_bits, 0, 4);
	tcase_add_test(tests, a_va_of_55_bits_begins_at_level_minus_2);
	tcase_add_loop_test(tests, tables_have_no_limits_and_bit_65_is_no_had, 0, 2);
	tcase_add_test(tests, e0pd_is_of_vmsav8_64);
	tcase_add_test(tests, the_upper_half_has_fields_of_its_own);
	tcase_add_loop_test(tests, stage_2_permits_what_its_codes_say, 0, 2);
	tcase_add_loop_test(tests, what_skips_too_far_is_a_translation_fault_of_its_level, 0,
			    CONFIGS);
	tcase_add_loop_test(tests, descriptors_are_read_at_once, 0, CONFIGS);
	tcase_add_loop_test(tests, hardware_updates_a_leaf_of_16_bytes, 0, 4);
	tcase_add_loop_test(tests, hardware_marks_tables_of_16_bytes, 0, 2);
	tcase_add_test(tests, a_table_that_leads_too_far_is_not_kept);
	tcase_add_test(tests, an_update_looks_at_both_halves);
	tcase_add_test(tests, a_step_has_both_words_and_an_update_four);
	tcase_add_loop_test(tests, a_tour_finds_what_a_walk_finds, 0, 2);
	tcase_add_test(tests, a_host_without_swap_pair_has_no_vmsav9_128);
}

int main(void)
{
	return run_suite("d128", add);
}
