/* SPDX-License-Identifier: MIT */
/* Realm streams: in which space each structure is, and what it maps; what may not be fetched.
 * 3.10.3, 7.3.16, 13.5, D8.4.6 */
#include "support/realm_world.h"

/* By what means nothing to a Realm EL1 stage 1: NSCFG0, NSTable, NS of the leaf. */
static void say_non_secure(struct realm_world *w)
{
	w->cd[1] |= BIT(0); /* NSCFG0 */
	for (int level = 0; level < 3; level++)
		*word_at(w, slot1(level)) |= NSTABLE;
	*word_at(w, slot1(3)) |= NS_LEAF;
}

/* What is kept answers a part of them in the second pass. */
static void expect_all_realm(const struct realm_world *w, unsigned count)
{
	ck_assert(w->seen_count == count || cached_pass());
	for (unsigned i = 0; i < w->seen_count; i++)
		ck_assert_uint_eq(w->seen[i].pas, R);
}

/* ---- Stage 1 */

/* NS-16, RLM-007, ST-10: everything of a Realm EL1 stage 1 is in Realm memory, and so is what it
 * maps; STE, CD, four descriptors.  The incoming attribute and NSCFG do not count */
START_TEST(all_of_realm_el1_stage_1_is_realm)
{
	const unsigned flags = _i % 2 ? IN_NS : 0;
	struct realm_world w = realm_world(S1_ONLY);

	set_field(&w.ste[1], 46, 2, (unsigned)_i / 2 % 4);
	if (_i / 8)
		say_non_secure(&w);
	expect_pa(&w, VA, flags, PA, R);
	expect_all_realm(&w, 6);
	expect_pa(&w, VA, flags | X, PA, R);
	drop(&w);
}
END_TEST

/* NS-18, RLM-007, SW-04: NS of leaves of Realm EL2 and EL2-E2H, and nothing above them */
START_TEST(leaves_of_realm_el2_choose_between_realm_and_non_secure)
{
	struct realm_world w = realm_world(S1_ONLY);
	const bool ns = _i & 1;

	set_field(&w.ste[1], 30, 2, STRW_EL2);
	w.cr2 = (uint32_t)_i >> 1 & 1;
	say_non_secure(&w);
	*word_at(&w, slot1(3)) &= ~(ns ? 0 : NS_LEAF);
	expect_pa(&w, VA, _i & 4 ? IN_NS : 0, PA, ns ? NS : R);
	expect_all_realm(&w, 6);
	drop(&w);
}
END_TEST

/* PERM-16, FLT-21, EVT-22: an instruction from Non-secure memory is a fault of the stage that chose
 * it, which is of class IN; and is not among what is granted.  R_YBDFF */
START_TEST(realm_el2_executes_nothing_in_non_secure_memory)
{
	struct realm_world w = realm_world(S1_ONLY);

	set_field(&w.ste[1], 30, 2, STRW_EL2);
	w.cr2 = (uint32_t)_i;
	*word_at(&w, slot1(3)) &= ~BIT(6); /* AP[1]: with it E2H has no privileged execution */
	expect_pa(&w, VA, X | SMMU3_TXN_PRIVILEGED, PA, R);
	ck_assert_uint_ne(w.out.perm & (SMMU3_PERM_UX | SMMU3_PERM_PX), 0);
	*word_at(&w, slot1(3)) |= NS_LEAF;
	expect_pa(&w, VA, SMMU3_TXN_PRIVILEGED, PA, NS);
	ck_assert_uint_eq(w.out.perm & (SMMU3_PERM_UX | SMMU3_PERM_PX), 0);
	expect_fault(&w, VA, X | SMMU3_TXN_PRIVILEGED, PERMISSION, 1, "realm-x");
	ck_assert_int_eq(w.out.fault_level, 3);
	ck_assert_uint_eq(w.out.record.word[0], 0x13 | SID << 32);
	/* RnW, InD, PnU, class IN; S2 = 0 */
	ck_assert_uint_eq(w.out.record.word[1], BIT(35) | BIT(34) | BIT(33) | UINT64_C(2) << 40);
	ck_assert_uint_eq(w.out.record.word[2], VA);
	ck_assert_uint_eq(w.out.record.word[3], 0);
	/* Data that is said to be an instruction is none: a write */
	expect_pa(&w, VA, X | SMMU3_TXN_WRITE | SMMU3_TXN_PRIVILEGED, PA, NS);
	drop(&w);
}
END_TEST

/* ---- Stage 2 */

/* NS-17, S2-10, RLM-007: NS of the leaf, bit 55, of stage 2 alone and behind stage 1; all tables,
 * and the CD, are in Realm memory.  Reads: STE, stage 2; CD and four descriptors with two of the
 * host's each; four */
START_TEST(leaves_of_realm_stage_2_choose_between_realm_and_non_secure)
{
	const bool ns = _i & 1, nested = _i & 2;
	struct realm_world w = realm_world(nested ? NESTED : S2_ONLY);

	w.ste[3] |= 3; /* S2NSW, S2NSA: RES0 */
	*word_at(&w, slot2(3)) |= ns ? NS_LEAF_2 : 0;
	for (int level = 0; level < 3; level++)
		*word_at(&w, slot2(level)) |= NS_LEAF_2 | BIT(63);
	if (nested)
		say_non_secure(&w);
	expect_pa(&w, nested ? VA : IPA, _i & 4 ? IN_NS : 0, PA, ns ? NS : R);
	expect_all_realm(&w, nested ? 1 + 3 + 4 * 3 + 4 : 1 + 4);
	ck_assert_uint_eq(w.out.perm & SMMU3_PERM_UX, ns ? 0 : SMMU3_PERM_UX);
	drop(&w);
}
END_TEST

/* PERM-16, FLT-21, EVT-22: as above, of stage 2.  The record has the IPA, and NSIPA = 0 */
START_TEST(realm_stage_2_executes_nothing_in_non_secure_memory)
{
	const bool nested = _i;
	struct realm_world w = realm_world(nested ? NESTED : S2_ONLY);
	const uint64_t at = nested ? VA : IPA;

	*word_at(&w, slot1(3)) &= ~BIT(6);
	expect_pa(&w, at, X | SMMU3_TXN_PRIVILEGED, PA, R);
	*word_at(&w, slot2(3)) |= NS_LEAF_2;
	expect_pa(&w, at, SMMU3_TXN_PRIVILEGED, PA, NS);
	ck_assert_uint_eq(w.out.perm & (SMMU3_PERM_UX | SMMU3_PERM_PX), 0);
	expect_fault(&w, at, X | SMMU3_TXN_PRIVILEGED, PERMISSION, 2, "s2-realm-x");
	ck_assert_int_eq(w.out.fault_level, 3);
	ck_assert_uint_eq(w.out.fault_class, SMMU3_CLASS_IN);
	/* RnW, InD, PnU, S2, class IN */
	ck_assert_uint_eq(w.out.record.word[1],
			  BIT(35) | BIT(34) | BIT(33) | BIT(39) | UINT64_C(2) << 40);
	ck_assert_uint_eq(w.out.record.word[3], IPA_PAGE);
	drop(&w);
}
END_TEST

/* NEST-15, FLT-21, EVT-22: no CD and no table of stage 1 is in Non-secure memory: F_PERMISSION of
 * stage 2 with CLASS CD or TT, and a read; the IPA is that of the structure */
START_TEST(no_structure_of_a_realm_stream_is_in_non_secure_memory)
{
	struct realm_world w = realm_world(NESTED);
	const uint64_t at = _i ? slot1(0) : CD_AT;
	const unsigned class = _i ? SMMU3_CLASS_TT : SMMU3_CLASS_CD;

	/* A page for it in a level 3 table in place of the block */
	put(&w, BLOCK_SLOT, (RAM_BASE + 0x28000) | TABLE);
	put(&w, RAM_BASE + 0x28000, (RAM_BASE + 0x29000) | TABLE);
	for (uint64_t page = 0; page < 64; page++)
		put(&w, RAM_BASE + 0x29000 + 8 * page,
		    (RAM_BASE + (page << 12)) | S2_PAGE |
			    (page == (at - RAM_BASE) >> 12 ? NS_LEAF_2 : 0));
	expect_fault(&w, VA, X, PERMISSION, 2, "s2-realm-read");
	ck_assert_uint_eq(w.out.fault_class, class);
	ck_assert_int_eq(w.out.fault_level, 3);
	/* RnW and InD of the access, S2, the class; TTRnW with class TT */
	ck_assert_uint_eq(w.out.record.word[1], BIT(35) | BIT(34) | BIT(39) |
							(uint64_t) class << 40 |
							(_i ? BIT(44) : 0));
	ck_assert_uint_eq(w.out.record.word[3], at & ~UINT64_C(0xfff));
	for (unsigned i = 0; i < w.seen_count; i++)
		ck_assert_uint_eq(w.seen[i].pas, R);
	drop(&w);
}
END_TEST

/* PERM-16: what refuses the access already is said first: XN, S2AP */
START_TEST(permissions_of_the_leaf_come_before_its_space)
{
	struct realm_world w = realm_world(S2_ONLY);

	*word_at(&w, slot2(3)) |= NS_LEAF_2 | BIT(54);
	expect_fault(&w, IPA, X, PERMISSION, 2, "s2-xn");
	*word_at(&w, slot2(3)) &= ~BIT(7);
	expect_fault(&w, IPA, SMMU3_TXN_WRITE, PERMISSION, 2, "s2-s2ap");
	drop(&w);
}
END_TEST

/* ---- Bypass */

/* NS-19, STE-12, STE-24, STE-26, PERM-02, PERM-16, RLM-007: NSCFG makes of the incoming attribute,
 * which is Realm by default, where the access goes; an instruction stays in Realm memory.  The same
 * with S1DSS = 0b01.  Without XT 0b01 is 0b00 */
START_TEST(nscfg_says_where_a_realm_bypass_goes)
{
	const unsigned nscfg = (unsigned)_i % 4, flags = _i / 4 % 2 ? IN_NS : 0;
	const bool skipped = _i / 8;
	const bool ns = nscfg == TO_NS || (nscfg != TO_REALM && flags);
	struct realm_world w = realm_world(skipped ? S1_ONLY : BYPASS);

	w.config.idr[1] &= ~(uint32_t)(1u << 26); /* ATTR_PERMS_OVR */
	set_field(&w.ste[1], 46, 2, nscfg);
	if (skipped) {
		set_field(&w.ste[0], 59, 5, 5); /* S1CDMax */
		set_field(&w.ste[1], 0, 2, 1);  /* S1DSS */
	}
	expect_pa(&w, PA, flags, PA, ns ? NS : R);
	ck_assert_uint_eq(w.out.perm, ns ? 0x1b : 0x3f);
	if (!ns) {
		expect_pa(&w, PA, flags | X, PA, R);
	} else {
		expect_fault(&w, PA, flags | X, PERMISSION, 1, "realm-x");
		ck_assert_uint_eq(w.out.record.word[1], BIT(35) | BIT(34) | UINT64_C(2) << 40);
	}
	drop(&w);
}
END_TEST

/* NS-17: with S1DSS = 0b01 before a stage 2 the address is a Realm IPA, whatever NSCFG says */
START_TEST(a_skipped_stage_1_before_stage_2_leaves_a_realm_ipa)
{
	struct realm_world w = realm_world(NESTED);

	set_field(&w.ste[0], 59, 5, 5); /* S1CDMax */
	set_field(&w.ste[1], 0, 2, 1);  /* S1DSS */
	set_field(&w.ste[1], 46, 2, (unsigned)_i);
	expect_pa(&w, IPA, IN_NS, PA, R);
	expect_pa(&w, IPA, IN_NS | X, PA, R);
	*word_at(&w, slot2(3)) |= NS_LEAF_2;
	expect_pa(&w, IPA, 0, PA, NS);
	drop(&w);
}
END_TEST

/* NS-02, RLM-006, STE-12: an interface that is disabled, and a stream that is, abort */
START_TEST(a_disabled_realm_stream_aborts)
{
	struct realm_world w = realm_world(_i ? DISABLED : BYPASS);

	if (!_i)
		w.cr0 = 4;
	expect_fault(&w, PA, 0, 0, 0, _i ? "ste-abort" : "gbpa-abort");
	drop(&w);
}
END_TEST

/* ---- AMEC */

static void expect_amec(struct realm_world *w, uint64_t at, bool faults, unsigned stage, bool ns)
{
	if (!faults) {
		expect_pa(w, at, 0, PA, ns ? NS : R);
		return;
	}
	expect_fault(w, at, 0, TRANSLATION, stage, stage == 1 ? "s1-amec" : "s2-amec");
	ck_assert_int_eq(w->out.fault_level, 3);
}

/* WALK-24, EVT-23: AMEC, bit 63 of a leaf, is F_TRANSLATION of its stage with MEC, unless NS is 1;
 * of EL1 stage 1 it is no such bit */
START_TEST(amec_of_a_realm_leaf_is_a_translation_fault)
{
	static const struct {
		unsigned config, strw;
	} ways[] = { { S1_ONLY, STRW_EL1 }, { S1_ONLY, STRW_EL2 }, { S2_ONLY, 0 }, { NESTED, 0 } };
	const bool mec = _i & 1, ns = _i & 2;
	const unsigned config = ways[_i / 4].config, strw = ways[_i / 4].strw;
	const bool stage2 = config != S1_ONLY, has = stage2 || strw == STRW_EL2;
	struct realm_world w = realm_world(config);

	if (!mec) {
		w.config.r_idr[3] &= ~(uint32_t)BIT(16);
		w.config.r_mecidr = 0;
		w.ste[4] = 0;
	}
	set_field(&w.ste[1], 30, 2, strw);
	*word_at(&w, stage2 ? slot2(3) : slot1(3)) |= AMEC | (!ns    ? 0 :
							      stage2 ? NS_LEAF_2 :
								       NS_LEAF);
	if (mec || (ns && has))
		expect_amec(&w, config == S2_ONLY ? IPA : VA, mec && !ns && has, stage2 ? 2 : 1,
			    ns && has);
	else
		ck_assert_uint_eq(ask(&w, config == S2_ONLY ? IPA : VA, 0), SMMU3_OK);
	drop(&w);
}
END_TEST

/* WALK-24: of a table, bit 63 is none; an invalid descriptor and a wrong size keep their names */
START_TEST(amec_is_of_leaves_alone_and_looked_at_before_the_size)
{
	struct realm_world w = realm_world(S2_ONLY);

	for (int level = 0; level < 3; level++)
		*word_at(&w, slot2(level)) |= AMEC;
	expect_pa(&w, IPA, 0, PA, R);
	put(&w, slot2(3), (PA_PAGE | S2_PAGE | AMEC) & ~UINT64_C(1));
	expect_fault(&w, IPA, 0, TRANSLATION, 2, "s2-invalid");
	set_field(&w.ste[2], 48, 3, 0); /* S2PS: 32 bits */
	put(&w, slot2(3), PA_PAGE | S2_PAGE | AMEC);
	expect_fault(&w, IPA, 0, TRANSLATION, 2, "s2-amec");
	put(&w, slot2(3), (PA_PAGE | S2_PAGE | AMEC) & ~BIT(10)); /* AF */
	expect_fault(&w, IPA, 0, TRANSLATION, 2, "s2-amec");
	drop(&w);
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_loop_test(tests, all_of_realm_el1_stage_1_is_realm, 0, 16);
	tcase_add_loop_test(tests, leaves_of_realm_el2_choose_between_realm_and_non_secure, 0, 8);
	tcase_add_loop_test(tests, realm_el2_executes_nothing_in_non_secure_memory, 0, 2);
	tcase_add_loop_test(tests, leaves_of_realm_stage_2_choose_between_realm_and_non_secure, 0,
			    8);
	tcase_add_loop_test(tests, realm_stage_2_executes_nothing_in_non_secure_memory, 0, 2);
	tcase_add_loop_test(tests, no_structure_of_a_realm_stream_is_in_non_secure_memory, 0, 2);
	tcase_add_test(tests, permissions_of_the_leaf_come_before_its_space);
	tcase_add_loop_test(tests, nscfg_says_where_a_realm_bypass_goes, 0, 16);
	tcase_add_loop_test(tests, a_skipped_stage_1_before_stage_2_leaves_a_realm_ipa, 0, 4);
	tcase_add_loop_test(tests, a_disabled_realm_stream_aborts, 0, 2);
	tcase_add_loop_test(tests, amec_of_a_realm_leaf_is_a_translation_fault, 0, 16);
	tcase_add_test(tests, amec_is_of_leaves_alone_and_looked_at_before_the_size);
}

int main(void)
{
	return run_suite("realm spaces", add_tests);
}
