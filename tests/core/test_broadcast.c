/* SPDX-License-Identifier: MIT */
/* TLB invalidations that CPUs broadcast: which translations that are kept they reach.  3.17 */
#include "support/conf_world.h"

enum {
	HYP = AT(0, 9, 9),
	CR0_AT = 0x20,
	CR2_AT = 0x2c,
	BTM = AT(0, 5, 5),
	VMW = AT(0, 17, 17),
	ASET = AT(0, 47, 47),
	A_VMID = 0x1234,
	AN_ASID = 0x2345,
};

#define MOVED_TO (RAM_BASE + 0xa000)

/* A stream whose page is kept in the TLB, and has since been moved. */
static struct world moved_in(unsigned strw, bool e2h, unsigned config, bool participates, bool aset,
			     bool global)
{
	struct world w = stream(config);

	change_id(&w, HYP, strw != 0);
	change(w.ste, STRW, strw);
	w.e2h = e2h;
	change_id(&w, BTM, participates);
	change_id(&w, VMW, 1);
	change_id(&w, ASID16, 1);
	change_id(&w, VMID16, 1);
	w.config.caches = (struct smmu3_caches){ .tlb = 16, .tables = 16 };
	change(w.ste, S2VMID, A_VMID);
	change(w.cd, ASID, AN_ASID);
	change(w.cd, ASET, aset);
	if (global)
		put(&w, slot1(3), NEAR_PAGE | (S1_PAGE & ~BIT(11)));
	open_world(&w);
	expect_pa(&w, input_of(config), 0, NEAR_PA);
	put(&w, config & 1 ? slot1(3) : slot2(3), MOVED_TO | (config & 1 ? S1_PAGE : S2_PAGE));
	expect_pa(&w, input_of(config), 0, NEAR_PA); /* it is kept */
	return w;
}

static struct world moved(unsigned config, bool participates, bool aset, bool global)
{
	return moved_in(0, false, config, participates, aset, global);
}

/* Is it gone? */
static bool reached(struct world *w, unsigned config, const struct smmu3_invalidation *scope)
{
	ck_assert_int_eq(smmu3_broadcast_tlbi(w->smmu, scope), 0);
	ask(w, input_of(config), 0);
	ck_assert_uint_eq(w->out.verdict, SMMU3_OK);
	return w->out.pa == (MOVED_TO | OFFSET);
}

#define STAGE1(...)                                                          \
	{                                                                    \
		.kind = SMMU3_INVALIDATES_STAGE1, .any_ssid = 1, __VA_ARGS__ \
	}
#define STAGE2(...)                                                                         \
	{                                                                                   \
		.kind = SMMU3_INVALIDATES_STAGE2, .any_asid = 1, .any_ssid = 1, __VA_ARGS__ \
	}
#define STAGES(...)                                                                         \
	{                                                                                   \
		.kind = SMMU3_INVALIDATES_STAGES, .any_asid = 1, .any_ssid = 1, __VA_ARGS__ \
	}
#define PAGE_OF(address) .addr = (address) & ~UINT64_C(0xfff), .bytes = 4096

static const struct {
	struct smmu3_invalidation scope;
	unsigned config;
	bool aset, global, reaches;
} rows[] = {
	/* VAE1IS, ASIDE1IS, VAAE1IS, VMALLE1IS, ALLE1IS */
	{ STAGE1(.asid = AN_ASID, .vmid = A_VMID, PAGE_OF(VA)), S1_ONLY, .reaches = true },
	{ STAGE1(.asid = AN_ASID + 1, .vmid = A_VMID, PAGE_OF(VA)), S1_ONLY, .reaches = false },
	{ STAGE1(.asid = AN_ASID, .vmid = A_VMID + 2, PAGE_OF(VA)), S1_ONLY, .reaches = false },
	{ STAGE1(.asid = AN_ASID, .vmid = A_VMID, PAGE_OF(VA + 4096)), S1_ONLY, .reaches = false },
	{ STAGE1(.asid = AN_ASID, .vmid = A_VMID), S1_ONLY, .reaches = true },
	{ STAGE1(.asid = AN_ASID, .vmid = A_VMID), S1_ONLY, .global = true, .reaches = false },
	{ STAGE1(.any_asid = 1, .vmid = A_VMID, PAGE_OF(VA)), S1_ONLY, .reaches = true },
	{ STAGE1(.any_asid = 1, .vmid = A_VMID), S1_ONLY, .reaches = true },
	{ STAGES(.any_vmid = 1), S1_ONLY, .reaches = true },
	/* An ASID that is not shared with CPUs: what names an ASID does not mean it */
	{ STAGE1(.asid = AN_ASID, .vmid = A_VMID, PAGE_OF(VA)), S1_ONLY, .aset = true },
	{ STAGE1(.asid = AN_ASID, .vmid = A_VMID), S1_ONLY, .aset = true },
	{ STAGE1(.any_asid = 1, .vmid = A_VMID, PAGE_OF(VA)), S1_ONLY, .aset = true,
	  .reaches = true },
	{ STAGE1(.any_asid = 1, .vmid = A_VMID), S1_ONLY, .aset = true, .reaches = true },
	/* IPAS2E1IS, VMALLS12E1IS */
	{ STAGE2(.vmid = A_VMID, PAGE_OF(IPA_PAGE)), S2_ONLY, .reaches = true },
	{ STAGE2(.vmid = A_VMID, PAGE_OF(IPA_PAGE + 4096)), S2_ONLY, .reaches = false },
	{ STAGE2(.vmid = A_VMID + 2, PAGE_OF(IPA_PAGE)), S2_ONLY, .reaches = false },
	{ STAGE1(.any_asid = 1, .vmid = A_VMID), S2_ONLY, .reaches = false },
	{ STAGES(.vmid = A_VMID), S2_ONLY, .reaches = true },
};

/* TLB-36, TLB-05, TLB-03: as the commands of the same names, but that an ASID with ASET = 1 is not
 * the CPUs'.  3.17 */
START_TEST(a_broadcast_reaches_what_it_names)
{
	struct world w = moved(rows[_i].config, true, rows[_i].aset, rows[_i].global);

	ck_assert_int_eq(reached(&w, rows[_i].config, &rows[_i].scope), rows[_i].reaches);
	close_world(&w);
}
END_TEST

/* ---- Hypervisors.  3.17, 3.17.5, 16.7.7 ---- */

enum { EL1 = SMMU3_WORLD_EL1, EL2 = SMMU3_WORLD_EL2, E2H = SMMU3_WORLD_EL2_E2H };

static const struct {
	struct smmu3_invalidation scope;
	bool e2h, aset, global, reaches;
} of_el2[] = {
	/* VAE2IS, ALLE2IS; what has no VMID and no ASID does not ask for them */
	{ STAGE1(.worlds = EL2, .asid = 1, .vmid = 1, PAGE_OF(VA)), .reaches = true },
	{ STAGE1(.worlds = EL2, .any_asid = 1, .any_vmid = 1, PAGE_OF(VA)), .reaches = true },
	{ STAGE1(.worlds = EL2, .any_asid = 1, .any_vmid = 1, PAGE_OF(VA + 4096)),
	  .reaches = false },
	{ STAGE1(.worlds = EL2, .any_asid = 1, .any_vmid = 1), .reaches = true },
	/* An address that is not shared with CPUs: what names an address does not mean it */
	{ STAGE1(.worlds = EL2, .any_asid = 1, .any_vmid = 1, PAGE_OF(VA)), .aset = true,
	  .reaches = false },
	{ STAGE1(.worlds = EL2, .asid = 1, .any_vmid = 1, PAGE_OF(VA)), .aset = true,
	  .reaches = false },
	{ STAGE1(.worlds = EL2, .any_asid = 1, .any_vmid = 1), .aset = true, .reaches = true },
	/* With E2H: VAE2IS, VAAE2IS, ASIDE2IS, ALLE2IS */
	{ STAGE1(.worlds = E2H, .asid = AN_ASID, .vmid = 1, PAGE_OF(VA)), .e2h = true,
	  .reaches = true },
	{ STAGE1(.worlds = E2H, .asid = AN_ASID + 1, PAGE_OF(VA)), .e2h = true, .reaches = false },
	{ STAGE1(.worlds = E2H, .any_asid = 1, PAGE_OF(VA)), .e2h = true, .reaches = true },
	{ STAGE1(.worlds = E2H, .asid = AN_ASID), .e2h = true, .reaches = true },
	{ STAGE1(.worlds = E2H, .asid = AN_ASID), .e2h = true, .global = true, .reaches = false },
	{ STAGE1(.worlds = E2H, .asid = AN_ASID + 1, PAGE_OF(VA)), .e2h = true, .global = true,
	  .reaches = true },
	{ STAGE1(.worlds = E2H, .any_asid = 1), .e2h = true, .reaches = true },
	/* An ASID that is not shared with CPUs */
	{ STAGE1(.worlds = E2H, .asid = AN_ASID, PAGE_OF(VA)), .e2h = true, .aset = true,
	  .reaches = false },
	{ STAGE1(.worlds = E2H, .asid = AN_ASID), .e2h = true, .aset = true, .reaches = false },
	{ STAGE1(.worlds = E2H, .any_asid = 1, PAGE_OF(VA)), .e2h = true, .aset = true,
	  .reaches = true },
	{ STAGE1(.worlds = E2H, .any_asid = 1), .e2h = true, .aset = true, .reaches = true },
	/* Of one mode the other is left alone; both may be named */
	{ STAGE1(.worlds = E2H, .any_asid = 1), .reaches = false },
	{ STAGE1(.worlds = EL2, .any_asid = 1), .e2h = true, .reaches = false },
	{ STAGE1(.worlds = EL2 | E2H, .any_asid = 1), .reaches = true },
	{ STAGE1(.worlds = EL2 | E2H, .any_asid = 1), .e2h = true, .reaches = true },
	/* ALLE1IS and its like */
	{ STAGES(.any_vmid = 1), .reaches = false },
	{ STAGES(.worlds = EL1, .any_vmid = 1), .e2h = true, .reaches = false },
	{ STAGES(.worlds = EL1 | EL2, .any_vmid = 1), .reaches = true },
};

/* TLB-36, TLB-02, TLB-09, CMD-TLBI-NH-2 */
START_TEST(a_broadcast_of_el2_reaches_what_it_names)
{
	struct world w = moved_in(2, of_el2[_i].e2h, S1_ONLY, true, of_el2[_i].aset,
				  of_el2[_i].global);

	ck_assert_int_eq(reached(&w, S1_ONLY, &of_el2[_i].scope), of_el2[_i].reaches);
	close_world(&w);
}
END_TEST

/* TLB-36: without EL2 there is nothing of it, and EL1 does not hear */
START_TEST(a_broadcast_of_el2_leaves_el1_alone)
{
	const struct smmu3_invalidation all = STAGES(.worlds = EL2 | E2H, .any_vmid = 1);
	struct world w = moved(S1_ONLY, true, false, false);

	ck_assert(!reached(&w, S1_ONLY, &all));
	close_world(&w);
}
END_TEST

/* CR-030: without BTM, or with CR2.PTM = 1, nothing is heard.  6.3.1, 6.3.12 */
START_TEST(who_does_not_take_part_hears_nothing)
{
	const struct smmu3_invalidation all = STAGES(.any_vmid = 1);
	struct world w = moved(S1_ONLY, false, false, false);

	ck_assert(!reached(&w, S1_ONLY, &all));
	close_world(&w);
	w = moved(S1_ONLY, true, false, false);
	mmio(&w, CR0_AT, 4, 0);
	mmio(&w, CR2_AT, 4, 4);
	mmio(&w, CR0_AT, 4, 1);
	ck_assert(!reached(&w, S1_ONLY, &all));
	mmio(&w, CR0_AT, 4, 0);
	mmio(&w, CR2_AT, 4, 0);
	mmio(&w, CR0_AT, 4, 1);
	ck_assert(reached(&w, S1_ONLY, &all));
	close_world(&w);
}
END_TEST

/* TLB-34: CR0.VMW = 1 leaves out the lowest bit of the VMID, here too.  3.17.6, 6.3.9.1 */
START_TEST(wildcards_of_vmids_hold_for_broadcasts)
{
	const struct smmu3_invalidation near = STAGES(.vmid = A_VMID + 1);
	const struct smmu3_invalidation far = STAGES(.vmid = A_VMID + 2);
	struct world w = moved(S1_ONLY, true, false, false);

	ck_assert(!reached(&w, S1_ONLY, &near));
	mmio(&w, CR0_AT, 4, 1 | 1 << 6);
	ck_assert(!reached(&w, S1_ONLY, &far));
	ck_assert(reached(&w, S1_ONLY, &near));
	close_world(&w);
}
END_TEST

/* CFG-02: STEs and CDs are maintained by commands alone, and other Security states have none */
START_TEST(what_is_no_translation_is_the_callers_mistake)
{
	const struct smmu3_invalidation stream = { .kind = SMMU3_INVALIDATES_STREAM, .sids = 1 };
	const struct smmu3_invalidation context = { .kind = SMMU3_INVALIDATES_CONTEXT, .sids = 1 };
	const struct smmu3_invalidation el3 = STAGES(.any_vmid = 1, .worlds = 1 << 3);
	const struct smmu3_invalidation secure = STAGES(.any_vmid = 1, .sec_sid = SMMU3_PAS_SECURE);
	struct world w = moved(S1_ONLY, true, false, false);

	ck_assert_int_eq(smmu3_broadcast_tlbi(w.smmu, &stream), -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(smmu3_broadcast_tlbi(w.smmu, &context), -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(smmu3_broadcast_tlbi(w.smmu, &secure), -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(smmu3_broadcast_tlbi(w.smmu, &el3), -SMMU3_E_ARGUMENT);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_broadcast_reaches_what_it_names, 0, ROWS(rows));
	tcase_add_loop_test(tests, a_broadcast_of_el2_reaches_what_it_names, 0, ROWS(of_el2));
	tcase_add_test(tests, a_broadcast_of_el2_leaves_el1_alone);
	tcase_add_test(tests, who_does_not_take_part_hears_nothing);
	tcase_add_test(tests, wildcards_of_vmids_hold_for_broadcasts);
	tcase_add_test(tests, what_is_no_translation_is_the_callers_mistake);
}

int main(void)
{
	return run_suite("broadcast", add);
}
