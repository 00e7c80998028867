/* SPDX-License-Identifier: MIT */
/* Accesses that nothing translates: SMMUEN = 0, bypass, stage 1 skipped.  Sizes and privilege. */
#include "passing.h"

/* ---- Privilege and instruction */

static const struct access {
	unsigned flags, class;
	uint8_t privcfg, instcfg, privileged, instruction;
} accesses[] = {
	{ 0, 0, 0, 0, 0, 0 },
	{ 0, 0, 1, 1, 0, 0 },
	{ SMMU3_TXN_PRIVILEGED | SMMU3_TXN_INSTRUCTION, 0, 0, 0, 1, 1 },
	{ SMMU3_TXN_PRIVILEGED | SMMU3_TXN_INSTRUCTION, 0, 1, 1, 1, 1 },
	{ SMMU3_TXN_PRIVILEGED | SMMU3_TXN_INSTRUCTION, 0, 2, 2, 0, 0 },
	{ 0, 0, 3, 3, 1, 1 },
	{ SMMU3_TXN_WRITE | SMMU3_TXN_INSTRUCTION, 0, 0, 0, 0, 0 },
	{ SMMU3_TXN_WRITE, 0, 3, 3, 1, 0 },
	{ 0, SMMU3_CLASS_ATOMIC, 0, 3, 0, 0 },
	{ SMMU3_TXN_INSTRUCTION | SMMU3_TXN_PRIVILEGED, SMMU3_CLASS_ATOMIC, 2, 0, 0, 0 },
};

/* STE-25, ATTR-24, PERM-01, PERM-02; STE-24: with ATTR_PERMS_OVR = 0 nothing is overridden */
START_TEST(privcfg_and_instcfg_override_the_access_but_never_make_a_write_an_instruction)
{
	const struct access *row = &accesses[_i / WAYS % ROWS(accesses)];
	const struct overrides o = { .shcfg = 1, .privcfg = row->privcfg, .instcfg = row->instcfg };
	const bool implemented = _i < WAYS * ROWS(accesses);
	const bool write = (row->flags & SMMU3_TXN_WRITE) || row->class == SMMU3_CLASS_ATOMIC;
	const enum way way = (enum way)(_i % WAYS);
	struct world w = passing(way, o);

	change_id(&w, ATTR_PERMS_OVR, implemented);
	open_passing(&w, way, o);
	w.txn.txn_class = (uint8_t)row->class;
	expect_reaches(&w, ADDRESS, row->flags, ADDRESS);
	ck_assert_uint_eq(w.out.privileged,
			  implemented ? row->privileged : (row->flags & SMMU3_TXN_PRIVILEGED) != 0);
	ck_assert_uint_eq(w.out.instruction,
			  implemented ? row->instruction :
					!write && (row->flags & SMMU3_TXN_INSTRUCTION));
	close_world(&w);
}
END_TEST

/* ---- Addresses */

/* By IDR5.OAS. */
static const uint8_t bits[] = { 32, 36, 40, 42, 44, 48, 52 };

static void set_oas(struct world *w, unsigned which)
{
	change_id(w, OAS, which);
	if (which < 6) {
		change_id(w, VAX, 0);
		change(w->ste, S2T0SZ, which < 5 ? 64 - (uint64_t)bits[which] : 16);
		change(w->ste, S2SL0, which < 4 ? 1 : 2);
	}
}

/* ADR-02, ST-02, SUB-19, B21, STE-12: what an access that nothing touches looks like */
START_TEST(below_oas_an_access_passes_unchanged_and_reads_no_memory_while_disabled)
{
	const enum way way = (enum way)(_i % WAYS);
	const uint64_t end = BIT(bits[_i / WAYS]);
	struct world w = passing(way, as_it_came);

	set_oas(&w, (unsigned)(_i / WAYS));
	open_passing(&w, way, as_it_came);
	w.txn.bytes = 0x100;
	expect_reaches(&w, end - 0x100, 0, end - 0x100);
	ck_assert_uint_eq(w.out.bytes, 0x100);
	ck_assert_uint_eq(w.out.span, 0);
	ck_assert_uint_eq(w.out.perm, 0x3f);
	ck_assert_uint_eq(w.out.stages, 0);
	ck_assert_uint_eq(w.out.decider, way == DISABLED ? SMMU3_BY_GBPA : SMMU3_BY_STREAM);
	expect_reaches(&w, end - 0x10, 0, end - 0x10); /* what lies beyond is another answer's */
	ck_assert_uint_eq(w.out.bytes, 0x10);
	if (way == DISABLED) {
		ck_assert_uint_eq(w.seen_count, 0);
		w.txn.sid = UINT32_MAX;
		w.txn.ssid = 0xfffff;
		expect_reaches(&w, 0, SMMU3_TXN_SSV, 0);
		ck_assert_uint_eq(w.seen_count, 0);
	}
	close_world(&w);
}
END_TEST

/* Aborted and recorded as an address size fault of CLASS IN with S2 = 0. */
static void expect_too_far(struct world *w, uint64_t address, unsigned flags, uint64_t access)
{
	ck_assert_uint_eq(reach(w, address, flags), SMMU3_ABORT);
	ck_assert_uint_eq(w->out.event, F_ADDR_SIZE);
	expect_record(w, address, access | CLASS(2), 0);
	ck_assert_uint_eq(w->out.fault_class, SMMU3_CLASS_IN);
	ck_assert_int_eq(w->out.fault_level, NO_WALK);
	ck_assert_uint_eq(w->out.fault_addr, 0);
}

/* ADR-03, ADR-04, FLT-11: 3.4 calls both a stage 1 Address Size fault */
START_TEST(an_address_too_large_to_bypass_is_a_fault_of_stage_1)
{
	static const uint8_t configs[] = { BYPASS, S2_ONLY };
	struct world w = world(configs[_i]);

	expect_too_far(&w, BIT(52), 0, RNW);
	ck_assert_uint_eq(w.out.fault_stage, 1);
	close_world(&w);
}
END_TEST

/* ADR-02, ADR-03, ADR-04, FLT-11, STALL-05, B21, B22: in silence while disabled, otherwise as a
 * fault of stage 1 */
START_TEST(beyond_oas_an_access_is_aborted)
{
	static const uint64_t beyond[] = { 0, BIT(55), BIT(63), UINT64_C(0xff00000000000000) };
	const enum way way = (enum way)(_i % WAYS);
	const unsigned which = (unsigned)(_i / WAYS) % 7;
	const uint64_t address = beyond[_i / WAYS / 7] ? beyond[_i / WAYS / 7] | 0x128 :
							 BIT(bits[which]);
	struct world w = passing(way, as_it_came);

	set_oas(&w, which);
	w.cd[0] |= BIT(38); /* TBI0 is of stage 1 */
	open_passing(&w, way, as_it_came);
	if (way == DISABLED) {
		expect_silence(&w, address, 0);
		ck_assert_uint_eq(w.out.decider, SMMU3_BY_GBPA);
	} else {
		expect_too_far(&w, address, SMMU3_TXN_PRIVILEGED, RNW | PNU);
		expect_too_far(&w, address, SMMU3_TXN_WRITE, 0);
	}
	close_world(&w);
}
END_TEST

/* ADR-04, ADR-11, FLT-11, STALL-05: Config 0b110, and 0b111 with S1DSS 0b01; recorded though S2R is
 * 0 */
START_TEST(an_address_that_skips_stage_1_is_checked_against_the_ipa_size)
{
	const unsigned which = (unsigned)_i / 2;
	struct world w = passing(BY_S1DSS, as_it_came);

	change(w.ste, CONFIG, _i % 2 ? NESTED : S2_ONLY);
	change(w.ste, S2R, 0);
	set_oas(&w, which);
	expect_too_far(&w, BIT(bits[which]), 0, RNW);
	ck_assert_uint_eq(fetched(&w, SMMU3_REASON_S2_TTD), 0);
	close_world(&w);
}
END_TEST

/* ADR-05, ADR-16: S2T0SZ 24 takes 40 bits */
START_TEST(an_ipa_within_the_ipa_size_but_beyond_s2t0sz_is_a_stage_2_translation_fault)
{
	struct world w = passing(BY_S1DSS, as_it_came);

	change(w.ste, CONFIG, _i ? NESTED : S2_ONLY);
	change(w.ste, S2T0SZ, 24);
	w.txn.bytes = 0x2000;
	expect_event(&w, BIT(51) | 0x128, SMMU3_TXN_WRITE, F_TRANSLATION, 2, NO_WALK);
	expect_coherent(&w, BIT(51) | 0x128);
	expect_record(&w, BIT(51) | 0x128, S2 | CLASS(2), BIT(51));
	ck_assert_uint_eq(w.out.fault_addr, BIT(51) | 0x128);
	ck_assert_uint_eq(w.out.bytes, 0x1000 - 0x128);
	expect_event(&w, BIT(40), 0, F_TRANSLATION, 2, NO_WALK);
	close_world(&w);
}
END_TEST

/* ADR-02, B21, ORD-01: whatever the address and the attributes; also from reset */
START_TEST(gbpa_abort_aborts_everything_in_silence)
{
	struct world w = world(BYPASS);

	w.behind_host = true;
	w.config.gbpa_reset = UINT32_C(0x00101000);
	open_world(&w);
	expect_reaches(&w, ADDRESS, 0, ADDRESS); /* SMMUEN = 1: GBPA does not count */
	smmu3_reset(w.smmu);
	for (unsigned i = 0; i < 2; i++) {
		expect_silence(&w, ADDRESS, 0);
		expect_silence(&w, UINT64_MAX - 7, SMMU3_TXN_WRITE | SMMU3_TXN_SSV);
		ck_assert_uint_eq(w.out.decider, SMMU3_BY_GBPA);
		ck_assert_uint_eq(w.seen_count, 0);
		mmio(&w, 0x44, 4, UINT32_C(0x80101000));
	}
	mmio(&w, 0x44, 4, UINT32_C(0x80001000));
	expect_reaches(&w, ADDRESS, 0, ADDRESS);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(
		tests,
		privcfg_and_instcfg_override_the_access_but_never_make_a_write_an_instruction, 0,
		2 * WAYS * ROWS(accesses));
	tcase_add_loop_test(tests,
			    below_oas_an_access_passes_unchanged_and_reads_no_memory_while_disabled,
			    0, 7 * WAYS);
	tcase_add_loop_test(tests, an_address_too_large_to_bypass_is_a_fault_of_stage_1, 0, 2);
	tcase_add_loop_test(tests, beyond_oas_an_access_is_aborted, 0, 4 * 7 * WAYS);
	tcase_add_loop_test(tests, an_address_that_skips_stage_1_is_checked_against_the_ipa_size, 0,
			    14);
	tcase_add_loop_test(
		tests, an_ipa_within_the_ipa_size_but_beyond_s2t0sz_is_a_stage_2_translation_fault,
		0, 2);
	tcase_add_test(tests, gbpa_abort_aborts_everything_in_silence);
}

int main(void)
{
	return run_suite("bypass", add);
}
