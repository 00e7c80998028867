/* SPDX-License-Identifier: MIT */
/* What is kept of Realm streams: whose it is, and what is asked of it with every access.  3.17,
 * 16.7.7 */
#include "support/realm_world.h"

#define OTHER_PAGE UINT64_C(0x654321987000)

static struct realm_world keeping(unsigned config)
{
	struct realm_world w = realm_world(config);

	w.config.caches = (struct smmu3_caches){ .tlb = 64, .tables = 64, .cds = 16, .stes = 16 };
	w.config.idr[0] |= (uint32_t)BIT(5); /* BTM */
	return w;
}

/* Where the page leads from now on: what still leads to PA_PAGE was kept. */
static void move_page(struct realm_world *w, uint64_t slot)
{
	const uint64_t descriptor = *word_at(w, slot);

	put(w, slot, (descriptor & ~UINT64_C(0xfffffffff000)) | OTHER_PAGE);
}

static bool is_kept(struct realm_world *w, uint64_t address)
{
	ck_assert_msg(ask_open(w, address, 0) == SMMU3_OK, "%s", smmu3_why(w->out.why)->name);
	return (w->out.pa & ~UINT64_C(0xfff)) == PA_PAGE;
}

/* ---- Whose it is */

/* The same structures in Non-secure memory, but for where the page is; the Non-secure interface. */
static void open_both(struct realm_world *w)
{
	memcpy(w->ram[NS], w->ram[R], RAM_SIZE);
	memcpy(&w->ram[NS][(STE_AT - RAM_BASE) / 8], w->ste, sizeof(w->ste));
	memcpy(&w->ram[NS][(CD_AT - RAM_BASE) / 8], w->cd, sizeof(w->cd));
	w->ram[NS][(slot1(3) - RAM_BASE) / 8] = OTHER_PAGE | PAGE;
	w->ram[NS][(slot2(3) - RAM_BASE) / 8] = OTHER_PAGE | S2_PAGE;
	open_world(w);
	ck_assert_int_eq(smmu3_mmio_write(w->smmu, NS, 0x80, 8, RAM_BASE), 0);
	ck_assert_int_eq(smmu3_mmio_write(w->smmu, NS, 0x88, 4, 6), 0);
	ck_assert_int_eq(smmu3_mmio_write(w->smmu, NS, 0x20, 4, 5), 0);
}

/* TLB-08, ST-01: the same StreamID, VMID, ASID and address, of both states; each is kept, and each
 * finds its own, with its STE and CD */
START_TEST(what_is_kept_of_realm_streams_is_found_by_no_other)
{
	const unsigned config = S1_ONLY + (unsigned)_i;
	const uint64_t at = config == S2_ONLY ? IPA : VA;
	struct realm_world w = keeping(config == NESTED ? S1_ONLY : config);

	if (config == NESTED) /* by hypervisors */
		set_field(&w.ste[1], 30, 2, STRW_EL2);
	open_both(&w);
	for (unsigned i = 0; i < 2; i++) {
		w.txn.sec_sid = R;
		ck_assert(is_kept(&w, at));
		ck_assert_uint_eq(w.out.pas, R);
		ck_assert(i == 0 || w.seen_count == 0);
		w.txn.sec_sid = NS;
		ck_assert(!is_kept(&w, at));
		ck_assert_uint_eq(w.out.pas, NS);
		ck_assert(i == 0 || w.seen_count == 0);
	}
	drop(&w);
}
END_TEST

/* TLB-01, TLB-07: Realm EL1 has VMIDs, with stage 1 alone, too */
START_TEST(stage_1_alone_of_realm_el1_is_of_its_vmid)
{
	struct realm_world w = keeping(S1_ONLY);

	w.config.caches.stes = w.config.caches.cds = 0;
	open_world(&w);
	ck_assert(is_kept(&w, VA));
	move_page(&w, slot1(3));
	ck_assert(is_kept(&w, VA));
	set_field(word_at(&w, STE_AT + 16), 0, 16, 4);
	ck_assert(!is_kept(&w, VA));
	set_field(word_at(&w, STE_AT + 16), 0, 16, 3);
	ck_assert(is_kept(&w, VA));
	drop(&w);
}
END_TEST

/* TLB-03, TLB-04: what is global is of every ASID, wherever its leaf leads; a page with nG is of
 * one; EL2 has no ASIDs */
START_TEST(global_pages_of_realm_streams_are_of_every_asid)
{
	const bool ng = _i & 1, el2 = _i & 2, ns = _i & 4;
	const bool e2h = el2 && _i & 8;
	struct realm_world w = keeping(S1_ONLY);

	w.config.caches.stes = w.config.caches.cds = 0;
	set_field(&w.ste[1], 30, 2, el2 ? STRW_EL2 : STRW_EL1);
	w.cr2 = e2h;
	put(&w, slot1(3), (PA_PAGE | PAGE | (ns ? NS_LEAF : 0)) & ~(ng ? 0 : BIT(11)));
	open_world(&w);
	ck_assert(is_kept(&w, VA));
	move_page(&w, slot1(3));
	set_field(word_at(&w, CD_AT), 48, 16, 10);
	ck_assert_int_eq(is_kept(&w, VA), !ng || (el2 && !e2h));
	ck_assert_uint_eq(w.out.pas, ns && el2 ? NS : R);
	drop(&w);
}
END_TEST

/* ---- What is asked of it */

/* PERM-16, NS-18, NS-17: a page that is kept still has its space, where nothing is executed; and
 * where both stages are known, too */
START_TEST(a_kept_page_in_non_secure_memory_is_not_executed)
{
	const unsigned config = S1_ONLY + (unsigned)_i;
	const uint64_t at = config == S2_ONLY ? IPA : VA;
	struct realm_world w = keeping(config);

	if (config == S1_ONLY)
		set_field(&w.ste[1], 30, 2, STRW_EL2);
	*word_at(&w, config == S1_ONLY ? slot1(3) : slot2(3)) |= config == S1_ONLY ? NS_LEAF :
										     NS_LEAF_2;
	open_world(&w);
	ck_assert(is_kept(&w, at));
	ck_assert_uint_eq(w.out.pas, NS);
	ck_assert_uint_eq(ask_open(&w, at, X), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, PERMISSION);
	ck_assert_uint_eq(w.out.fault_stage, config == S1_ONLY ? 1 : 2);
	ck_assert_uint_eq(w.seen_count, 0);
	ck_assert(is_kept(&w, at));
	ck_assert_uint_eq(w.out.pas, NS);
	ck_assert_uint_eq(w.seen_count, 0);
	drop(&w);
}
END_TEST

/* NS-20: so is the space that an access names */
START_TEST(a_kept_page_is_checked_against_the_space_that_is_named)
{
	struct realm_world w = keeping(_i ? NESTED : S1_ONLY);

	w.config.r_idr[3] |= (uint32_t)BIT(17);
	set_field(&w.ste[1], 46, 2, CHECKED);
	open_world(&w);
	ck_assert_uint_eq(ask_open(&w, VA, XT), SMMU3_OK);
	ck_assert_uint_eq(ask_open(&w, VA, IN_NS), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, PERMISSION);
	ck_assert_uint_eq(w.out.fault_stage, _i ? 2 : 1);
	ck_assert_int_eq(w.out.fault_level, 3);
	ck_assert_uint_eq(w.seen_count, 0);
	drop(&w);
}
END_TEST

/* STE-42: the MECID is the STE's, and no part of a translation that is kept */
START_TEST(a_kept_translation_has_the_mecid_of_the_ste_as_it_is)
{
	struct realm_world w = keeping(NESTED);

	w.config.caches.stes = 0;
	open_world(&w);
	ck_assert(is_kept(&w, VA));
	ck_assert_uint_eq(w.out.mecid, MECID);
	set_field(word_at(&w, STE_AT + 32), 48, 16, 0x4321);
	move_page(&w, slot2(3));
	ck_assert(is_kept(&w, VA));
	ck_assert_uint_eq(w.out.mecid, 0x4321);
	drop(&w);
}
END_TEST

/* TLB-10, WALK-24: what AMEC refuses is not kept */
START_TEST(a_leaf_with_amec_is_not_kept)
{
	struct realm_world w = keeping(S2_ONLY);

	*word_at(&w, slot2(3)) |= AMEC;
	open_world(&w);
	ck_assert_uint_eq(ask_open(&w, IPA, 0), SMMU3_ABORT);
	*word_at(&w, slot2(3)) &= ~AMEC;
	ck_assert_uint_eq(ask_open(&w, IPA, 0), SMMU3_OK);
	drop(&w);
}
END_TEST

/* ---- What CPUs broadcast */

#define KIND(which, ...)                                                                     \
	{                                                                                    \
		.kind = SMMU3_INVALIDATES_##which, .any_asid = 1, .any_ssid = 1, __VA_ARGS__ \
	}

/* TLB-16, TLB-20, TLB-23, TLB-25, TLB-26, TLB-08, CR-030: of the Realm state what is Realm's of
 * that StreamWorld; of the Non-secure one nothing of it */
static const struct {
	unsigned config, strw;
	struct smmu3_invalidation scope;
	bool reaches;
} broadcasts[] = {
	{ S1_ONLY, STRW_EL1, KIND(STAGE1, .sec_sid = 2, .vmid = 3), true },
	{ S1_ONLY, STRW_EL1, KIND(STAGE1, .sec_sid = 2, .vmid = 4), false },
	{ S1_ONLY, STRW_EL1, KIND(STAGE1, .sec_sid = 0, .vmid = 3), false },
	{ S1_ONLY, STRW_EL1, KIND(STAGES, .sec_sid = 2, .any_vmid = 1), true },
	{ S1_ONLY, STRW_EL1, KIND(STAGES, .sec_sid = 0, .any_vmid = 1), false },
	{ S1_ONLY, STRW_EL1, KIND(STAGE1, .sec_sid = 2, .worlds = SMMU3_WORLD_EL2), false },
	{ S1_ONLY, STRW_EL2, KIND(STAGE1, .sec_sid = 2, .worlds = SMMU3_WORLD_EL2), true },
	{ S1_ONLY, STRW_EL2, KIND(STAGE1, .sec_sid = 0, .worlds = SMMU3_WORLD_EL2), false },
	{ S2_ONLY, 0,
	  KIND(STAGE2, .sec_sid = 2, .ipa_pas = 2, .vmid = 3, .addr = IPA_PAGE, .bytes = 4096),
	  true },
	{ S2_ONLY, 0,
	  KIND(STAGE2, .sec_sid = 2, .ipa_pas = 2, .vmid = 3, .addr = RAM_BASE, .bytes = 4096),
	  false },
	{ S2_ONLY, 0, KIND(STAGE2, .sec_sid = 0, .vmid = 3, .addr = IPA_PAGE, .bytes = 4096),
	  false },
	{ NESTED, 0, KIND(STAGES, .sec_sid = 2, .vmid = 3), true },
	{ NESTED, 0, KIND(STAGES, .sec_sid = 2, .vmid = 2), false },
};

START_TEST(a_broadcast_of_the_realm_state_reaches_realm_translations_alone)
{
	const unsigned config = broadcasts[_i].config;
	const uint64_t at = config == S2_ONLY ? IPA : VA;
	struct realm_world w = keeping(config);

	set_field(&w.ste[1], 30, 2, broadcasts[_i].strw);
	open_world(&w);
	ck_assert(is_kept(&w, at));
	move_page(&w, config == S1_ONLY ? slot1(3) : slot2(3));
	ck_assert(is_kept(&w, at));
	ck_assert_int_eq(smmu3_broadcast_tlbi(w.smmu, &broadcasts[_i].scope), 0);
	ck_assert_int_eq(is_kept(&w, at), !broadcasts[_i].reaches);
	drop(&w);
}
END_TEST

/* CR-030: R_CR2.PTM, bit 2, keeps it away; the Realm state has no EL3.  6.3.130 */
START_TEST(ptm_of_the_realm_interface_keeps_broadcasts_away)
{
	struct smmu3_invalidation scope = KIND(STAGES, .sec_sid = 2, .any_vmid = 1);
	struct realm_world w = keeping(S1_ONLY);

	w.cr2 = 4;
	open_world(&w);
	ck_assert(is_kept(&w, VA));
	move_page(&w, slot1(3));
	ck_assert_int_eq(smmu3_broadcast_tlbi(w.smmu, &scope), 0);
	ck_assert(is_kept(&w, VA));
	scope.worlds = SMMU3_WORLD_EL3;
	ck_assert_int_eq(smmu3_broadcast_tlbi(w.smmu, &scope), -SMMU3_E_ARGUMENT);
	drop(&w);
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_loop_test(tests, what_is_kept_of_realm_streams_is_found_by_no_other, 0, 3);
	tcase_add_test(tests, stage_1_alone_of_realm_el1_is_of_its_vmid);
	tcase_add_loop_test(tests, global_pages_of_realm_streams_are_of_every_asid, 0, 16);
	tcase_add_loop_test(tests, a_kept_page_in_non_secure_memory_is_not_executed, 0, 3);
	tcase_add_loop_test(tests, a_kept_page_is_checked_against_the_space_that_is_named, 0, 2);
	tcase_add_test(tests, a_kept_translation_has_the_mecid_of_the_ste_as_it_is);
	tcase_add_test(tests, a_leaf_with_amec_is_not_kept);
	tcase_add_loop_test(tests, a_broadcast_of_the_realm_state_reaches_realm_translations_alone,
			    0, (int)(sizeof(broadcasts) / sizeof(broadcasts[0])));
	tcase_add_test(tests, ptm_of_the_realm_interface_keeps_broadcasts_away);
}

int main(void)
{
	return run_suite("realm kept", add_tests);
}
