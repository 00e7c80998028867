/* SPDX-License-Identifier: MIT */
/* Streams of a hypervisor: StreamWorlds NS-EL2, which has one range and one privilege, and
 * NS-EL2-E2H, which has both as NS-EL1 has.  3.3.3, 5.2 STRW, 5.4, 13.4.1 */
#include "support/conf_world.h"

enum {
	HYP = AT(0, 9, 9),
	EPD0 = AT(0, 14, 14),
	EPD1 = AT(0, 30, 30),
	TBI0 = AT(0, 38, 38),
	TBI1 = AT(0, 39, 39),
	PAN = AT(0, 40, 40),
	WXN = AT(0, 36, 36),
	HAD0 = AT(1, 1, 1),
	HAD1 = AT(2, 1, 1),
	TTB1_TOP = AT(2, 51, 48),
};

#define HIGH UINT64_C(0xfffff00000000000) /* T1SZ 20 */

/* Both halves have 44 bits and the same tables, which lead to NEAR_PA. */
static struct world two_halves(unsigned config)
{
	struct world w = stream(config);

	change(w.cd, T0SZ, 20);
	change(w.cd, T1SZ, 20);
	change(w.cd, TG1, 2);
	change(w.cd, EPD1, 0);
	w.cd[0] |= UINT64_C(0x35) << 24; /* IR1, OR1, SH1 */
	w.cd[2] = w.cd[1];
	return w;
}

/* A stream of EL2; e2h says which. */
static struct world hypervisor(bool e2h)
{
	struct world w = two_halves(S1_ONLY);

	change_id(&w, HYP, 1);
	change(w.ste, STRW, 2);
	w.e2h = e2h;
	return w;
}

/* Reopened with what has been changed. */
static void again(struct world *w)
{
	open_world(w);
}

/* ---- Which StreamWorld ---- */

enum looks { EL1_LIKE, EL2_LIKE, ILLEGAL };

static const struct {
	unsigned config, strw;
	bool hyp, e2h;
	enum looks looks;
} worlds[] = {
	/* SW-01: stage 1 alone */
	{ S1_ONLY, 0, true, false, EL1_LIKE },
	{ S1_ONLY, 0, true, true, EL1_LIKE },
	{ S1_ONLY, 2, true, false, EL2_LIKE },
	{ S1_ONLY, 2, true, true, EL1_LIKE }, /* EL2-E2H */
	/* STE-54 */
	{ S1_ONLY, 1, true, false, ILLEGAL },
	{ S1_ONLY, 1, true, true, ILLEGAL },
	{ S1_ONLY, 3, true, false, ILLEGAL },
	{ S1_ONLY, 3, true, true, ILLEGAL },
	/* STE-23, SW-01: RES0 */
	{ S1_ONLY, 1, false, false, EL1_LIKE },
	{ S1_ONLY, 2, false, true, EL1_LIKE },
	{ S1_ONLY, 3, false, false, EL1_LIKE },
	/* SW-02: EL1, whatever STRW is */
	{ NESTED, 0, true, false, EL1_LIKE },
	{ NESTED, 1, true, true, EL1_LIKE },
	{ NESTED, 2, true, false, EL1_LIKE },
	{ NESTED, 2, true, true, EL1_LIKE },
	{ NESTED, 3, true, false, EL1_LIKE },
};

/* SW-01, SW-02, SW-05, STE-23, STE-54, CR-028: two tables and two privileges, or TTB0 and one */
START_TEST(strw_and_e2h_name_the_streamworld)
{
	struct world w = two_halves(worlds[_i].config);
	const uint64_t out = worlds[_i].config == NESTED ? IPA_PAGE : NEAR_PAGE;

	change_id(&w, HYP, worlds[_i].hyp);
	change(w.ste, STRW, worlds[_i].strw);
	w.e2h = worlds[_i].e2h;
	put(&w, slot1(3), out | PAGE_BITS | AP(0)); /* the privileged alone */
	if (worlds[_i].looks == ILLEGAL)
		expect_error(&w, VA, 0, C_BAD_STE, 0);
	else
		expect_reaches(&w, VA, SMMU3_TXN_PRIVILEGED, NEAR_PA);
	if (worlds[_i].looks == EL1_LIKE) {
		expect_reaches(&w, HIGH | VA, SMMU3_TXN_PRIVILEGED, NEAR_PA);
		expect_event(&w, VA, 0, F_PERMISSION, 1, 3);
		expect_event(&w, HIGH | VA, 0, F_PERMISSION, 1, 3);
	} else if (worlds[_i].looks == EL2_LIKE) {
		expect_reaches(&w, VA, 0, NEAR_PA);
		expect_event(&w, HIGH | VA, 0, F_TRANSLATION, 1, NO_WALK);
		expect_because(&w, "STE.STRW");
	}
	close_world(&w);
}
END_TEST

/* SW-02, SW-03: stage 2 alone and bypass know no StreamWorld, and no STRW is ILLEGAL there */
START_TEST(without_stage_1_alone_strw_does_not_count)
{
	static const unsigned configs[] = { BYPASS, S2_ONLY, ABORT_ALL };

	for (int i = 0; i < ROWS(configs); i++)
		for (unsigned strw = 0; strw < 4; strw++) {
			struct world w = stream(configs[i]);

			change_id(&w, HYP, 1);
			change(w.ste, STRW, strw);
			expect_unchanged(&w, configs[i]);
			close_world(&w);
		}
}
END_TEST

/* STE-75, TLB-02: EL2 has no VMID, and what stands in its field is ILLEGAL nowhere */
START_TEST(a_vmid_is_of_el1_alone)
{
	for (unsigned strw = 0; strw <= 2; strw += 2) {
		struct world w = two_halves(S1_ONLY);

		change_id(&w, HYP, 1);
		change_id(&w, VMID16, 0);
		change(w.ste, STRW, strw);
		change(w.ste, S2VMID, 0x100);
		if (strw)
			expect_reaches(&w, VA, 0, NEAR_PA);
		else
			expect_error(&w, VA, 0, C_BAD_STE, 0);
		close_world(&w);
	}
}
END_TEST

/* ---- Context descriptors ---- */

static const struct {
	struct change bad;
	bool counts_in_el2;
	bool asid8; /* IDR0.ASID16 = 0 */
} fields[] = {
	/* CD-10: TTB1 is not there, so nothing of it is judged */
	{ { T1SZ, 2 }, false, false },
	{ { T1SZ, 60 }, false, false },
	{ { TG1, 0 }, false, false },
	{ { TTB1_TOP, 15 }, false, false },
	{ { T0SZ, 2 }, true, false },
	{ { TG0, 3 }, true, false },
	/* CD-36, CD-19: there is no ASID */
	{ { ASID, 0x100 }, false, true },
	/* CD-33, SW-06 */
	{ { AA64, 0 }, true, false },
};

/* CD-10, CD-19, CD-33, CD-36, SW-05, SW-08: what is ILLEGAL with two ranges and ASIDs is without
 * meaning in EL2, where it has no place */
START_TEST(a_context_of_el2_is_judged_by_what_el2_has)
{
	for (unsigned e2h = 0; e2h < 2; e2h++) {
		struct world w = hypervisor(e2h);

		change_id(&w, ASID16, !fields[_i].asid8);
		change(w.cd, fields[_i].bad.at, fields[_i].bad.value);
		if (e2h || fields[_i].counts_in_el2)
			expect_error(&w, VA, 0, C_BAD_CD, 0);
		else
			expect_reaches(&w, VA, 0, NEAR_PA);
		close_world(&w);
	}
}
END_TEST

/* CD-10, CD-09: EPD0 and EPD1 disable in EL2-E2H as in EL1; in EL2 TTB0 is walked all the same, and
 * judged */
START_TEST(nothing_disables_the_one_table_of_el2)
{
	struct world w = hypervisor(false);

	change(w.cd, EPD0, 1);
	change(w.cd, EPD1, 1);
	expect_reaches(&w, VA, 0, NEAR_PA);
	change(w.cd, T0SZ, 2);
	again(&w);
	expect_error(&w, VA, 0, C_BAD_CD, 0);
	close_world(&w);

	w = hypervisor(true);
	change(w.cd, EPD0, 1);
	expect_event(&w, VA, 0, F_TRANSLATION, 1, NO_WALK);
	expect_reaches(&w, HIGH | VA, 0, NEAR_PA);
	change(w.cd, EPD0, 0);
	change(w.cd, EPD1, 1);
	again(&w);
	expect_reaches(&w, VA, 0, NEAR_PA);
	expect_event(&w, HIGH | VA, 0, F_TRANSLATION, 1, NO_WALK);
	close_world(&w);
}
END_TEST

/* CD-32: with both walks disabled ENDI is ignored, but EL2 walks whatever EPD says */
START_TEST(endianness_counts_where_there_is_a_walk)
{
	for (unsigned e2h = 0; e2h < 2; e2h++) {
		struct world w = hypervisor(e2h);

		change(w.cd, EPD0, 1);
		change(w.cd, EPD1, 1);
		change(w.cd, ENDI, 1);
		if (e2h)
			expect_event(&w, VA, 0, F_TRANSLATION, 1, NO_WALK);
		else
			expect_error(&w, VA, 0, C_BAD_CD, 0);
		close_world(&w);
	}
}
END_TEST

/* ---- Addresses ---- */

static const struct {
	uint64_t address;
	unsigned tbi;        /* TBI1, TBI0 */
	bool in_el2, in_e2h; /* in range */
} ranges[] = {
	{ VA, 0, true, true },
	{ BIT(44) | VA, 0, false, false },
	{ BIT(54) | VA, 0, false, false },
	{ BIT(56) | VA, 0, false, false },
	{ BIT(63) | VA, 0, false, false },
	{ HIGH | VA, 0, false, true },
	/* TBI0: bits 63:56 do not count, the others do */
	{ BIT(56) | VA, 1, true, true },
	{ UINT64_C(0xff) << 56 | VA, 1, true, true },
	{ BIT(54) | VA, 1, false, false },
	{ HIGH | VA, 1, false, true },
	{ BIT(55) | VA, 1, false, false },
	/* TBI1 is RES0 in EL2 */
	{ BIT(56) | VA, 2, false, false },
	{ HIGH | VA, 2, false, true },
	{ (HIGH | VA) ^ BIT(60), 2, false, true },
	{ (HIGH | VA) ^ BIT(60), 3, false, true },
};

/* SW-05, ADR-07, ADR-08, CD-10: every bit above the region is 0 in EL2; with E2H a copy of bit 55
 */
START_TEST(the_region_of_el2_begins_at_0_and_has_no_upper_half)
{
	for (unsigned e2h = 0; e2h < 2; e2h++) {
		struct world w = hypervisor(e2h);

		change(w.cd, TBI0, ranges[_i].tbi & 1);
		change(w.cd, TBI1, ranges[_i].tbi >> 1);
		if (e2h ? ranges[_i].in_e2h : ranges[_i].in_el2)
			expect_reaches(&w, ranges[_i].address, 0, NEAR_PA);
		else {
			expect_event(&w, ranges[_i].address, 0, F_TRANSLATION, 1, NO_WALK);
			expect_coherent(&w, ranges[_i].address);
			expect_record(&w, ranges[_i].address, RNW | CLASS(SMMU3_CLASS_IN), 0);
		}
		close_world(&w);
	}
}
END_TEST

/* ---- Permissions ---- */

/* All that stands between an access and its page. */
struct control {
	unsigned ap, aptable; /* AP[2:1], APTable[1:0] */
	bool uxn, pxn, uxntable, pxntable, wxn, pan, had;
};

static struct control control_of(unsigned i)
{
	return (struct control){
		.ap = i & 3,
		.aptable = i >> 2 & 3,
		.uxn = i >> 4 & 1,
		.pxn = i >> 5 & 1,
		.uxntable = i >> 6 & 1,
		.pxntable = i >> 7 & 1,
		.wxn = i >> 8 & 1,
		.pan = i >> 9 & 1,
		.had = i >> 10 & 1,
	};
}

static void put_control(struct world *w, const struct control *c)
{
	put(w, slot1(1),
	    S1_TABLE(2) | TABLE | (uint64_t)c->aptable << 61 | (uint64_t)c->uxntable << 60 |
		    (uint64_t)c->pxntable << 59);
	put(w, slot1(3),
	    NEAR_PAGE | PAGE_BITS | AP(c->ap) | (c->uxn ? UXN : 0) | (c->pxn ? PXN : 0));
	change(w->cd, WXN, c->wxn);
	change(w->cd, PAN, c->pan);
	change(w->cd, HAD0, c->had);
	change(w->cd, HAD1, c->had);
}

/* PERM-03, PERM-05, PERM-10, PERM-11, D8: AP[2] and APTable[1] refuse writes, XN and XNTable
 * execution, WXN that of what is writable; AP[1], APTable[0], PXN, PXNTable and PAN say nothing. */
static bool el2_allows(const struct control *c, unsigned flags)
{
	const bool read_only = c->ap & 2 || (c->aptable & 2 && !c->had);
	const bool xn = c->uxn || (c->uxntable && !c->had);

	if (flags & SMMU3_TXN_WRITE)
		return !read_only;
	return !(flags & SMMU3_TXN_INSTRUCTION) || !(xn || (c->wxn && !read_only));
}

/* PERM-03, PERM-11, SW-05, CD-25: privileged and unprivileged accesses fare alike */
START_TEST(el2_has_one_privilege)
{
	static const unsigned accesses[] = { 0, SMMU3_TXN_WRITE, SMMU3_TXN_INSTRUCTION };
	struct world w = hypervisor(false);

	for (unsigned i = 0; i < 1 << 11; i++) {
		const struct control control = control_of(i);

		put_control(&w, &control);
		again(&w);
		for (unsigned a = 0; a < 6; a++) {
			const unsigned flags = accesses[a % 3] | (a < 3 ? 0 : SMMU3_TXN_PRIVILEGED);

			if (el2_allows(&control, flags))
				expect_reaches(&w, VA, flags, NEAR_PA);
			else
				expect_event(&w, VA, flags, F_PERMISSION, 1, 3);
		}
	}
	close_world(&w);
}
END_TEST

/* PERM-03: nor does PRIVCFG matter; the record says what the access is after it.  13.4.1, 7.3.13 */
START_TEST(a_record_of_el2_has_the_privilege_of_the_access)
{
	static const struct {
		unsigned privcfg, flags;
		uint64_t pnu;
	} rows[] = { { 0, 0, 0 },
		     { 0, SMMU3_TXN_PRIVILEGED, PNU },
		     { 2, SMMU3_TXN_PRIVILEGED, 0 },
		     { 3, 0, PNU } };

	for (int i = 0; i < ROWS(rows); i++) {
		struct world w = hypervisor(false);

		change(w.ste, PRIVCFG, rows[i].privcfg);
		put(&w, slot1(3), NEAR_PAGE | PAGE_BITS | AP(2));
		expect_reaches(&w, VA, rows[i].flags, NEAR_PA);
		expect_event(&w, VA, rows[i].flags | SMMU3_TXN_WRITE, F_PERMISSION, 1, 3);
		expect_record(&w, VA, rows[i].pnu | CLASS(SMMU3_CLASS_IN), 0);
		close_world(&w);
	}
}
END_TEST

/* SW-05, PERM-02: with E2H all is as in EL1: the same accesses, the same answers */
START_TEST(el2_with_e2h_grants_what_el1_grants)
{
	static const unsigned accesses[] = { 0, SMMU3_TXN_WRITE, SMMU3_TXN_INSTRUCTION };
	struct world el1 = hypervisor(true), e2h = hypervisor(true);

	change(el1.ste, STRW, 0);
	for (unsigned i = 0; i < 1 << 11; i++) {
		const struct control control = control_of(i);

		put_control(&el1, &control);
		put_control(&e2h, &control);
		again(&el1);
		again(&e2h);
		for (unsigned a = 0; a < 12; a++) {
			const uint64_t address = a % 2 ? HIGH | VA : VA;
			const unsigned flags = accesses[a / 2 % 3] |
					       (a < 6 ? 0 : SMMU3_TXN_PRIVILEGED);

			ck_assert_uint_eq(ask(&e2h, address, flags), ask(&el1, address, flags));
			ck_assert_uint_eq(e2h.out.event, el1.out.event);
			ck_assert_uint_eq(e2h.out.perm, el1.out.perm);
		}
	}
	close_world(&el1);
	close_world(&e2h);
}
END_TEST

/* ---- Saving ---- */

/* ST-04, CR-028: a state that is loaded brings its E2H along */
START_TEST(a_loaded_state_has_its_mode)
{
	struct world w = hypervisor(true), other = hypervisor(false);
	uint8_t blob[8192];
	size_t size = sizeof(blob);

	open_world(&w);
	open_world(&other);
	expect_event(&other, HIGH | VA, 0, F_TRANSLATION, 1, NO_WALK);
	ck_assert_int_eq(smmu3_save(w.smmu, blob, &size, NULL), 0);
	ck_assert_int_eq(smmu3_load(other.smmu, blob, size, NULL), 0);
	expect_reaches(&other, HIGH | VA, 0, NEAR_PA);
	close_world(&w);
	close_world(&other);
}
END_TEST

/* ---- ATS ---- */

/* ATS-10, PERM-03: what a Translation Request of EL2 is granted does not ask who it is for */
START_TEST(a_request_of_el2_is_granted_what_its_one_privilege_has)
{
	for (unsigned priv = 0; priv < 2; priv++) {
		struct world w = hypervisor(false);

		change_id(&w, AT(0, 10, 10), 1); /* IDR0.ATS */
		change(w.ste, EATS, 1);
		w.txn.ats = SMMU3_ATS_REQUEST;
		put(&w, slot1(3), NEAR_PAGE | PAGE_BITS | AP(0)); /* EL1's privileged alone */
		ck_assert_uint_eq(ask(&w, VA, priv ? SMMU3_TXN_PRIVILEGED : 0), SMMU3_OK);
		ck_assert_uint_eq(w.out.ats & (SMMU3_ATS_R | SMMU3_ATS_W),
				  SMMU3_ATS_R | SMMU3_ATS_W);
		ck_assert_uint_eq(ask(&w, HIGH | VA, 0), SMMU3_NO_ACCESS);
		close_world(&w);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, strw_and_e2h_name_the_streamworld, 0, ROWS(worlds));
	tcase_add_test(tests, without_stage_1_alone_strw_does_not_count);
	tcase_add_test(tests, a_vmid_is_of_el1_alone);
	tcase_add_loop_test(tests, a_context_of_el2_is_judged_by_what_el2_has, 0, ROWS(fields));
	tcase_add_test(tests, nothing_disables_the_one_table_of_el2);
	tcase_add_test(tests, endianness_counts_where_there_is_a_walk);
	tcase_add_loop_test(tests, the_region_of_el2_begins_at_0_and_has_no_upper_half, 0,
			    ROWS(ranges));
	tcase_add_test(tests, el2_has_one_privilege);
	tcase_add_test(tests, a_record_of_el2_has_the_privilege_of_the_access);
	tcase_add_test(tests, el2_with_e2h_grants_what_el1_grants);
	tcase_add_test(tests, a_loaded_state_has_its_mode);
	tcase_add_test(tests, a_request_of_el2_is_granted_what_its_one_privilege_has);
}

int main(void)
{
	return run_suite("hypervisors", add);
}
