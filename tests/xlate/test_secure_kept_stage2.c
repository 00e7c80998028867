/* SPDX-License-Identifier: MIT */
/* What is kept of stage 2 of Secure streams: of which IPA space and VMID, and what an invalidation
 * means. 3.10.2.2, 3.17, 4.4.3 */
#include "secure_stage2.h"

#define OTHER UINT64_C(0x654300000000)

static struct secure_world keeping(unsigned stages, unsigned spaces)
{
	struct secure_world w = secure_stage2(stages, spaces);

	w.keeps = true;
	set_field(&w.ste[S][2], 0, 16, 3); /* S2VMID */
	return w;
}

/* Where IPA_PAGE leads from now on, in either space. */
static void move_pages(struct secure_world *w)
{
	for (enum smmu3_pas pas = NS; pas <= S; pas++) {
		put(w, pas, slot2(false, 3), OTHER | S2_PAGE);
		put(w, pas, slot2(true, 3), OTHER | S2_PAGE);
	}
}

static bool ipa_is_kept(struct secure_world *w, bool ns_ipa)
{
	ck_assert_uint_eq(ask(w, IPA_PAGE, ns_ipa ? SMMU3_TXN_NS : 0), SMMU3_OK);
	ck_assert(w->out.pa.addr == OTHER || w->out.pa.addr == s2_output(ns_ipa, false));
	return w->out.pa.addr != OTHER;
}

static bool va_is_kept(struct secure_world *w)
{
	ck_assert_uint_eq(ask(w, VA, 0), SMMU3_OK);
	return w->out.pa.addr >> 32 != OTHER >> 32;
}

static void forget(struct secure_world *w, struct smmu3_invalidation scope)
{
	tlb_forget(&w->tlb, &scope, tag_is_meant);
}

static void forget_structures(struct secure_world *w)
{
	structures_forget_all(&w->structures);
}

/* TLB-01: an IPA of one space is not the same of the other */
START_TEST(each_ipa_space_has_translations_of_its_own)
{
	struct secure_world w = keeping(S2_ONLY, 0);

	for (unsigned i = 0; i < 2; i++) {
		expect_mapped(&w, IPA_PAGE | OFFSET, 0, 0, false);
		ck_assert(i == 0 || w.seen_count == 0);
		expect_mapped(&w, IPA_PAGE | OFFSET, SMMU3_TXN_NS, 0, true);
		ck_assert(i == 0 || w.seen_count == 0);
	}
	drop(&w);
}
END_TEST

/* TLB-13: what is kept is where it was, whatever the STE says meanwhile */
START_TEST(a_translation_keeps_the_space_that_it_was_made_with)
{
	struct secure_world w = keeping(S2_ONLY, 0);

	ck_assert(ipa_is_kept(&w, false));
	ck_assert_uint_eq(w.out.pa.pas, SMMU3_PAS_SECURE);
	set_spaces(&w, SA);
	forget_structures(&w);
	ck_assert(ipa_is_kept(&w, false));
	ck_assert_uint_eq(w.out.pa.pas, SMMU3_PAS_SECURE);
	tlb_forget_all(&w.tlb);
	ck_assert(ipa_is_kept(&w, false));
	ck_assert_uint_eq(w.out.pa.pas, SMMU3_PAS_NS);
	drop(&w);
}
END_TEST

/* TLB-01: a table that is kept is of its IPA space: after IPA_PAGE another page of the same table
 */
START_TEST(each_ipa_space_has_tables_of_its_own)
{
	struct secure_world w = keeping(S2_ONLY, 0);

	put(&w, S, slot2(true, 3) + 8, OTHER | S2_PAGE);
	put(&w, S, slot2(false, 3) + 8, (OTHER + 0x1000) | S2_PAGE);
	ck_assert(ipa_is_kept(&w, false) && ipa_is_kept(&w, true));
	expect_pa(&w, IPA_PAGE + 0x1000, 0, OTHER + 0x1000, S);
	ck_assert_uint_eq(w.seen_count, 1);
	expect_pa(&w, IPA_PAGE + 0x1000, SMMU3_TXN_NS, OTHER, S);
	ck_assert_uint_eq(w.seen_count, 1);
	drop(&w);
}
END_TEST

/* SEC-012, STE-29, TLB-08: Secure VMIDs are no Non-secure ones */
START_TEST(secure_vmids_are_apart)
{
	struct secure_world w = keeping(S2_ONLY, 0);

	memcpy(w.ste[NS], w.ste[S], sizeof(w.ste[S]));
	ck_assert(ipa_is_kept(&w, true));
	w.txn.sec_sid = SMMU3_PAS_NS;
	expect_pa(&w, IPA_PAGE, 0, s2_output(true, true), NS);
	ck_assert_uint_ge(w.seen_count, 1 + 4);
	w.txn.sec_sid = SMMU3_PAS_SECURE;
	move_pages(&w);
	ck_assert(ipa_is_kept(&w, true));
	set_field(&w.ste[S][2], 0, 16, 4);
	forget_structures(&w);
	ck_assert(!ipa_is_kept(&w, true));
	drop(&w);
}
END_TEST

/* TLB-07, SEC-012, CMD-TLBI-VMALL-0: stage 1 alone is of VMID 0, whatever S2VMID is; nested it is
 * of S2VMID */
START_TEST(stage_1_alone_is_of_vmid_0)
{
	struct smmu3_invalidation scope = { .kind = SMMU3_INVALIDATES_STAGE1,
					    .sec_sid = SMMU3_PAS_SECURE,
					    .any_asid = 1,
					    .vmid = _i ? 0 : 3,
					    .vmids = 1 };
	struct secure_world w = keeping(_i ? NESTED : S1_ONLY, 0);

	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_OK);
	forget(&w, scope);
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_OK);
	ck_assert_uint_eq(w.seen_count, 0);
	scope.vmid ^= 3;
	forget(&w, scope);
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_OK);
	ck_assert_uint_ge(w.seen_count, 1);
	drop(&w);
}
END_TEST

/* NS-07, SEC-014: nG = 0: in a Secure IPA that is in Secure memory; in one that S2SA puts into
 * Non-secure memory; in a Non-secure IPA that is in Secure memory all the same */
static const struct {
	unsigned spaces, nscfg;
	bool global;
} globals[] = {
	{ 0, 0, true },
	{ NSW | NSA, 0, true },
	{ SA, 0, false },
	{ 0, 1, false },
};

START_TEST(only_what_is_secure_in_both_ways_is_of_every_asid)
{
	struct secure_world w = keeping(NESTED, globals[_i].spaces);

	for (enum smmu3_pas pas = NS; pas <= S; pas++)
		put(&w, pas, slot1(3), (IPA_PAGE | PAGE) & ~NG);
	w.cd[S][1] |= globals[_i].nscfg;
	memcpy(word_at(&w, NS, CD_AT), w.cd[S], sizeof(w.cd[S]));
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_OK);
	set_field(&w.cd[S][0], 48, 16, 77);
	memcpy(word_at(&w, NS, CD_AT), w.cd[S], sizeof(w.cd[S]));
	move_pages(&w);
	forget_structures(&w);
	tlb_forget(&w.tlb,
		   &(struct smmu3_invalidation){ .kind = SMMU3_INVALIDATES_STAGE2,
						 .sec_sid = SMMU3_PAS_SECURE,
						 .any_vmid = 1 },
		   tag_is_meant);
	ck_assert_int_eq(va_is_kept(&w), globals[_i].global);
	drop(&w);
}
END_TEST

/* ---- Invalidation */

/* TLB-24: CMD_TLBI_S_S2_IPA names one IPA space; TLB-25, TLB-26: others name both; a Non-secure one
 * none */
#define OF_IPA(state, the_vmid, in_ns)                                                            \
	{                                                                                         \
		.kind = SMMU3_INVALIDATES_STAGE2, .sec_sid = state, .vmid = the_vmid, .vmids = 1, \
		.any_asid = 1, .addr = IPA_PAGE, .bytes = 0x1000,                                 \
		.ipa_pas = (in_ns) ? SMMU3_PAS_NS : SMMU3_PAS_SECURE                              \
	}
static const struct {
	struct smmu3_invalidation scope;
	bool s_stays, ns_stays;
} scopes[] = {
	{ OF_IPA(SMMU3_PAS_SECURE, 3, 0), false, true },
	{ OF_IPA(SMMU3_PAS_SECURE, 3, 1), true, false },
	{ OF_IPA(SMMU3_PAS_SECURE, 4, 0), true, true },
	{ OF_IPA(SMMU3_PAS_NS, 3, 0), true, true },
	{ { .kind = SMMU3_INVALIDATES_STAGE2,
	    .sec_sid = SMMU3_PAS_SECURE,
	    .vmid = 3,
	    .vmids = 1,
	    .any_asid = 1 },
	  false,
	  false },
	{ { .kind = SMMU3_INVALIDATES_STAGES,
	    .sec_sid = SMMU3_PAS_SECURE,
	    .vmid = 3,
	    .vmids = 1,
	    .any_asid = 1 },
	  false,
	  false },
	{ { .kind = SMMU3_INVALIDATES_STAGE1,
	    .sec_sid = SMMU3_PAS_SECURE,
	    .any_vmid = 1,
	    .any_asid = 1 },
	  true,
	  true },
	{ { .kind = SMMU3_INVALIDATES_STAGES, .any_vmid = 1, .any_asid = 1 }, true, true },
};

START_TEST(an_invalidation_by_ipa_is_of_one_space)
{
	struct secure_world w = keeping(S2_ONLY, 0);

	ck_assert(ipa_is_kept(&w, false) && ipa_is_kept(&w, true));
	move_pages(&w);
	forget(&w, scopes[_i].scope);
	ck_assert_int_eq(ipa_is_kept(&w, false), scopes[_i].s_stays);
	ck_assert_int_eq(ipa_is_kept(&w, true), scopes[_i].ns_stays);
	drop(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, each_ipa_space_has_translations_of_its_own);
	tcase_add_test(tests, a_translation_keeps_the_space_that_it_was_made_with);
	tcase_add_test(tests, each_ipa_space_has_tables_of_its_own);
	tcase_add_test(tests, secure_vmids_are_apart);
	tcase_add_loop_test(tests, stage_1_alone_is_of_vmid_0, 0, 2);
	tcase_add_loop_test(tests, only_what_is_secure_in_both_ways_is_of_every_asid, 0,
			    (int)(sizeof(globals) / sizeof(globals[0])));
	tcase_add_loop_test(tests, an_invalidation_by_ipa_is_of_one_space, 0,
			    (int)(sizeof(scopes) / sizeof(scopes[0])));
}

int main(void)
{
	return run_suite("secure kept stage 2", add);
}
