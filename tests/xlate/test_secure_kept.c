/* SPDX-License-Identifier: MIT */
/* What is kept of Secure streams: whose it is, of which ASIDs, and what an invalidation
 * means.  3.17, 4.3, 4.4 */
#include "support/secure_world.h"

#define OTHER_PAGE UINT64_C(0x654321987000)

static struct secure_world keeping(void)
{
	struct secure_world w = secure_world(S1_ONLY);

	w.keeps = true;
	return w;
}

/* Where the pages lead from now on: what still leads to PA_PAGE was kept. */
static void move_pages(struct secure_world *w)
{
	put(w, NS, slot1(3), OTHER_PAGE | PAGE);
	put(w, S, slot1(3), OTHER_PAGE | PAGE);
}

static bool is_kept(struct secure_world *w, enum smmu3_pas state)
{
	w->txn.sec_sid = (uint8_t)state;
	ck_assert_uint_eq(ask(w, VA, 0), SMMU3_OK);
	ck_assert((w->out.pa.addr & ~UINT64_C(0xfff)) == PA_PAGE ||
		  (w->out.pa.addr & ~UINT64_C(0xfff)) == OTHER_PAGE);
	return (w->out.pa.addr & ~UINT64_C(0xfff)) == PA_PAGE;
}

static void forget_structures(struct secure_world *w)
{
	structures_forget_all(&w->structures);
}

static void forget(struct secure_world *w, struct smmu3_invalidation scope)
{
	tlb_forget(&w->tlb, &scope, tag_is_meant);
	structures_forget(&w->structures, &scope);
}

/* ---- Lookup */

/* TLB-08, ST-01: the same StreamID, ASID and address, in both states; each was kept, and each finds
 * its own */
START_TEST(what_is_kept_of_one_state_is_not_found_by_the_other)
{
	struct secure_world w = keeping();

	put(&w, NS, slot1(3), OTHER_PAGE | PAGE);
	for (unsigned i = 0; i < 2; i++) {
		ck_assert(is_kept(&w, S));
		ck_assert_uint_eq(w.out.pa.pas, SMMU3_PAS_SECURE);
		ck_assert(i == 0 || w.seen_count == 0);
		ck_assert(!is_kept(&w, NS));
		ck_assert_uint_eq(w.out.pa.pas, SMMU3_PAS_NS);
		ck_assert(i == 0 || w.seen_count == 0);
	}
	drop(&w);
}
END_TEST

/* TLB-08: nor an STE, nor a CD */
START_TEST(structures_that_are_kept_are_of_one_state)
{
	struct secure_world w = keeping();

	w.ste[NS][0] = BIT(0) | BYPASS << 1;
	ck_assert(is_kept(&w, S));
	w.txn.sec_sid = SMMU3_PAS_NS;
	expect_pa(&w, VA, 0, VA, NS);
	expect_read(&w, 0, SMMU3_REASON_STE, STE_AT, NS);
	w.ste[NS][0] = w.ste[S][0];
	expect_pa(&w, VA, 0, VA, NS);
	ck_assert_uint_eq(w.seen_count, 0);
	drop(&w);
}
END_TEST

/* TLB-01, SW-03: Secure EL1 and EL3 are different worlds; EL3 has no ASIDs (TLB-02) */
START_TEST(el3_finds_its_own_whatever_the_asid)
{
	struct secure_world w = keeping();

	ck_assert(is_kept(&w, S));
	move_pages(&w);
	set_field(&w.ste[S][1], 30, 2, STRW_EL3);
	forget_structures(&w);
	ck_assert(!is_kept(&w, S));
	set_field(&w.cd[S][0], 48, 16, 77);
	put(&w, S, slot1(3), PA_PAGE | PAGE);
	forget_structures(&w);
	ck_assert(!is_kept(&w, S));
	set_field(&w.ste[S][1], 30, 2, STRW_EL1);
	set_field(&w.cd[S][0], 48, 16, 9);
	put(&w, S, slot1(3), OTHER_PAGE | PAGE);
	forget_structures(&w);
	ck_assert(is_kept(&w, S));
	drop(&w);
}
END_TEST

/* TLB-07, without SEL2: whatever S2VMID says, there is no VMID */
START_TEST(secure_translations_have_no_vmid_without_secure_stage_2)
{
	struct secure_world w = keeping();

	set_field(&w.ste[S][2], 0, 16, 3);
	ck_assert(is_kept(&w, S));
	move_pages(&w);
	set_field(&w.ste[S][2], 0, 16, 4);
	forget_structures(&w);
	ck_assert(is_kept(&w, S));
	drop(&w);
}
END_TEST

/* NS-07, SEC-014: nG = 0 in all of them; the descriptor is in Secure memory, whatever it maps; in
 * Non-secure memory by NSCFG, by NSTable */
static const struct {
	unsigned nscfg;
	bool nstable, ns, global;
} globals[] = {
	{ 0, false, false, true },
	{ 0, false, true, true },
	{ 1, false, false, false },
	{ 0, true, false, false },
};

START_TEST(only_what_secure_memory_says_is_of_every_asid)
{
	struct secure_world w = keeping();

	put(&w, NS, slot1(3), (PA_PAGE | PAGE) & ~NG);
	put(&w, S, slot1(3), ((PA_PAGE | PAGE) & ~NG) | (globals[_i].ns ? NS_LEAF : 0));
	*word_at(&w, S, slot1(1)) |= globals[_i].nstable ? NSTABLE : 0;
	set_field(&w.cd[S][1], 0, 1, globals[_i].nscfg);
	ck_assert(is_kept(&w, S));
	move_pages(&w);
	ck_assert(is_kept(&w, S));
	set_field(&w.cd[S][0], 48, 16, 77);
	forget_structures(&w);
	ck_assert_int_eq(is_kept(&w, S), globals[_i].global);
	drop(&w);
}
END_TEST

/* TLB-12: the space of a table that is kept is kept with it, until software invalidates: the page
 * after this one has the same table */
START_TEST(a_table_that_is_kept_is_where_it_was)
{
	struct secure_world w = keeping();

	put(&w, NS, slot1(3) + 8, OTHER_PAGE | PAGE);
	set_field(&w.cd[S][1], 0, 1, 1);
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_OK);
	set_field(&w.cd[S][1], 0, 1, 0);
	forget_structures(&w);
	expect_pa(&w, VA + 0x1000, 0, OTHER_PAGE | OFFSET, NS);
	expect_read(&w, w.seen_count - 1, SMMU3_REASON_S1_TTD, slot1(3) + 8, NS);
	drop(&w);
}
END_TEST

/* CFG-08, SEC-008: SIF is asked with every access, also of what is kept */
START_TEST(sif_counts_at_once_for_what_is_kept)
{
	struct secure_world w = keeping();

	put(&w, S, slot1(3), PA_PAGE | (PAGE & ~BIT(6)) | NS_LEAF);
	w.txn.flags = SMMU3_TXN_PRIVILEGED | SMMU3_TXN_INSTRUCTION;
	ck_assert(is_kept(&w, S));
	w.gate[S].sif = true;
	expect_fault(&w, VA, 0, F_PERMISSION, WHY_SIF);
	ck_assert_uint_eq(w.seen_count, 0);
	ck_assert_int_eq(w.fault.level, 3);
	drop(&w);
}
END_TEST

/* ---- Invalidation */

/* TLB-08, 4.4: of which state, of which world; the ASID is 9 */
static const struct {
	struct smmu3_invalidation scope;
	unsigned strw;
	bool ns_stays, s_stays;
} scopes[] = {
	{ { .kind = SMMU3_INVALIDATES_STAGE1, .any_asid = 1, .any_vmid = 1 }, 0, false, true },
	{ { .kind = SMMU3_INVALIDATES_STAGE1, .sec_sid = 1, .any_asid = 1, .any_vmid = 1 },
	  0,
	  true,
	  false },
	{ { .kind = SMMU3_INVALIDATES_STAGE1, .sec_sid = 1, .asid = 9, .any_vmid = 1 },
	  0,
	  true,
	  false },
	{ { .kind = SMMU3_INVALIDATES_STAGE1, .sec_sid = 1, .asid = 8, .any_vmid = 1 },
	  0,
	  true,
	  true },
	{ { .kind = SMMU3_INVALIDATES_STAGE1,
	    .sec_sid = 1,
	    .any_asid = 1,
	    .any_vmid = 1,
	    .worlds = SMMU3_WORLD_EL3 },
	  0,
	  true,
	  true },
	{ { .kind = SMMU3_INVALIDATES_STAGE1, .sec_sid = 1, .any_asid = 1, .any_vmid = 1 },
	  STRW_EL3,
	  true,
	  true },
	{ { .kind = SMMU3_INVALIDATES_STAGE1,
	    .sec_sid = 1,
	    .asid = 8,
	    .any_vmid = 1,
	    .worlds = SMMU3_WORLD_EL3 },
	  STRW_EL3,
	  true,
	  false },
	{ { .kind = SMMU3_INVALIDATES_STAGE1,
	    .any_asid = 1,
	    .any_vmid = 1,
	    .worlds = SMMU3_WORLD_EL3 },
	  STRW_EL3,
	  true,
	  true },
};

START_TEST(an_invalidation_is_of_one_state)
{
	struct secure_world w = keeping();

	set_field(&w.ste[S][1], 30, 2, scopes[_i].strw);
	ck_assert(is_kept(&w, S) && is_kept(&w, NS));
	move_pages(&w);
	forget(&w, scopes[_i].scope);
	ck_assert_int_eq(is_kept(&w, S), scopes[_i].s_stays);
	ck_assert_int_eq(is_kept(&w, NS), scopes[_i].ns_stays);
	drop(&w);
}
END_TEST

/* 4.3: CDs, STEs, and all STEs, of the state that is named */
START_TEST(an_invalidation_of_structures_is_of_one_state)
{
	const bool streams = _i % 3, all = _i % 3 == 2;
	const enum smmu3_pas state = _i / 3 ? S : NS, other = _i / 3 ? NS : S;
	const struct smmu3_invalidation scope = { .kind = streams ? SMMU3_INVALIDATES_STREAM :
								    SMMU3_INVALIDATES_CONTEXT,
						  .sec_sid = (uint8_t)state,
						  .any_ssid = 1,
						  .sid = all ? 0 : SID,
						  .sids = all ? UINT64_C(1) << 32 : 1 };
	struct secure_world w = keeping();

	ck_assert(is_kept(&w, S) && is_kept(&w, NS));
	forget(&w, scope);
	ck_assert(is_kept(&w, other));
	ck_assert_uint_eq(w.seen_count, 0);
	ck_assert(is_kept(&w, state));
	ck_assert_uint_eq(w.seen_count, streams ? 2 : 1);
	drop(&w);
}
END_TEST

/* RST-004: with a reset nothing of any state stays */
START_TEST(all_can_be_forgotten_of_every_state)
{
	struct secure_world w = keeping();

	set_field(&w.ste[S][1], 30, 2, (unsigned)_i);
	ck_assert(is_kept(&w, S) && is_kept(&w, NS));
	move_pages(&w);
	tlb_forget_all(&w.tlb);
	structures_forget_all(&w.structures);
	ck_assert(!is_kept(&w, S));
	ck_assert_uint_eq(w.seen_count, 6);
	ck_assert(!is_kept(&w, NS));
	ck_assert_uint_eq(w.seen_count, 6);
	drop(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, what_is_kept_of_one_state_is_not_found_by_the_other);
	tcase_add_test(tests, structures_that_are_kept_are_of_one_state);
	tcase_add_test(tests, el3_finds_its_own_whatever_the_asid);
	tcase_add_test(tests, secure_translations_have_no_vmid_without_secure_stage_2);
	tcase_add_loop_test(tests, only_what_secure_memory_says_is_of_every_asid, 0,
			    (int)(sizeof(globals) / sizeof(globals[0])));
	tcase_add_test(tests, a_table_that_is_kept_is_where_it_was);
	tcase_add_test(tests, sif_counts_at_once_for_what_is_kept);
	tcase_add_loop_test(tests, an_invalidation_is_of_one_state, 0,
			    (int)(sizeof(scopes) / sizeof(scopes[0])));
	tcase_add_loop_test(tests, an_invalidation_of_structures_is_of_one_state, 0, 6);
	tcase_add_loop_test(tests, all_can_be_forgotten_of_every_state, 0, 2);
}

int main(void)
{
	return run_suite("secure kept", add);
}
