/* SPDX-License-Identifier: MIT */
/* Transactions that are neither ordinary nor atomic: what each needs, what STE.DRE and STE.DCP let
 * it be, as what it goes on, and that a hint causes no fault.  3.13.8, 3.22, 16.7.2 */
#include "httu_world.h"
#include "support/ats_world.h"

/* Short, as the specification has them. */
enum {
	ORDINARY = SMMU3_CLASS_ORDINARY,
	RCI = SMMU3_CLASS_READ_CLEAN_INVALIDATE,
	DR = SMMU3_CLASS_DESTRUCTIVE_READ,
	WDCP = SMMU3_CLASS_WRITE_PREFETCH,
	NWDCP = SMMU3_CLASS_PREFETCH,
	CLEAN = SMMU3_CLASS_CLEAN,
	CLEANINV = SMMU3_CLASS_CLEAN_INVALIDATE,
	PERSIST = SMMU3_CLASS_CLEAN_TO_PERSISTENCE,
	INV = SMMU3_CLASS_INVALIDATE,
	DH = SMMU3_CLASS_DESTRUCTIVE_HINT,
	BARRIER = SMMU3_CLASS_BARRIER,
	DVM = SMMU3_CLASS_DVM,
	CMO = SMMU3_CLASS_MAINTENANCE,
	NO_OP = 100, /* how a hint ends */
	READ_FAULT,  /* a Permission fault, recorded as a read, or as a write */
	WRITE_FAULT,
};

#define DRE BIT(12) /* STE[76] */
#define DCP BIT(17) /* STE[81] */

static const uint64_t controls[] = { 0, DRE, DCP, DRE | DCP };

static const unsigned classes[] = { RCI, DR, WDCP, NWDCP, CLEAN, CLEANINV, PERSIST, INV, DH };
enum { CLASSES = sizeof(classes) / sizeof(classes[0]) };

static struct world of_class(unsigned config, unsigned class, uint64_t control)
{
	struct world w = httu_world(config);

	w.txn.txn_class = (uint8_t) class;
	w.ste[1] |= control;
	return w;
}

/* It goes on as this, or ends as a hint does, or in this Permission fault. */
static void expect_becomes(struct world *w, uint64_t address, unsigned flags, unsigned becomes)
{
	const unsigned verdict = ask(w, address, flags);

	if (becomes < NO_OP) {
		ck_assert_uint_eq(verdict, SMMU3_OK);
		ck_assert_uint_eq(w->out.becomes, becomes);
		return;
	}
	ck_assert_uint_eq(w->out.recorded, becomes != NO_OP);
	ck_assert_uint_eq(verdict, becomes == NO_OP ? SMMU3_NO_OP : SMMU3_ABORT);
	ck_assert_uint_eq(w->out.event, becomes == NO_OP ? 0 : F_PERMISSION);
	ck_assert_uint_eq(w->out.record.word[1] & RNW, becomes == READ_FAULT ? RNW : 0);
	ck_assert_uint_ne(w->out.why, 0);
}

/* ---- Permissions and controls ---- */

/* By what the page lets be done: nothing, be read, all; and by DRE or DCP, 0 and 1 */
static const struct {
	unsigned class;
	uint64_t control; /* the one that counts */
	unsigned none, read, all, all_with;
} rights[] = {
	{ RCI, 0, READ_FAULT, RCI, RCI, RCI },
	{ DR, DRE, READ_FAULT, ORDINARY, ORDINARY, DR },
	{ WDCP, DCP, WRITE_FAULT, WRITE_FAULT, ORDINARY, WDCP },
	{ NWDCP, DCP, NO_OP, NO_OP, NO_OP, NWDCP },
	{ CLEAN, 0, READ_FAULT, CLEAN, CLEAN, CLEAN },
	{ CLEANINV, 0, READ_FAULT, CLEANINV, CLEANINV, CLEANINV },
	{ PERSIST, 0, READ_FAULT, PERSIST, PERSIST, PERSIST },
	{ INV, DRE, READ_FAULT, CLEANINV, CLEANINV, INV },
	{ DH, DRE, NO_OP, NO_OP, NO_OP, DH },
};
enum { RIGHTS = sizeof(rights) / sizeof(rights[0]), PLACES = 4 };

/* The stage that withholds: stage 1 or 2 alone, and either of both. */
static const struct {
	unsigned config, stage;
} places[PLACES] = { { S1_ONLY, 1 }, { S2_ONLY, 2 }, { NESTED, 1 }, { NESTED, 2 } };

static void withhold(struct world *w, unsigned config, unsigned stage, unsigned right)
{
	static const unsigned ap[] = { 0, 3, 1 }, s2ap[] = { 0, 1, 3 };

	if (stage == 1)
		put(w, slot1(3),
		    (config == NESTED ? IPA_PAGE : PA_PAGE) | PAGE_BITS | AP(ap[right]) | UXN);
	else
		put(w, slot2(3), PA_PAGE | (S2_PAGE & ~S2AP(3)) | S2AP(s2ap[right]) | BIT(54));
}

/* What passes the last row of controls does so if the page may be read, where reading is enough. */
static unsigned wanted(unsigned row, unsigned right, uint64_t control)
{
	const bool on = (control & rights[row].control) == rights[row].control;

	if (right == 0)
		return rights[row].none;
	if (right == 1)
		return rights[row].class == NWDCP && on ? NWDCP : rights[row].read;
	return on ? rights[row].all_with : rights[row].all;
}

/* TXN-02, TXN-03, TXN-04, TXN-05, TXN-06, EVT-010, PERM-30: what the stage does not grant is a
 * fault before DRE and DCP have a say */
START_TEST(each_class_is_what_permissions_and_its_control_let_it_be)
{
	const unsigned row = (unsigned)_i / PLACES, place = (unsigned)_i % PLACES;
	const unsigned config = places[place].config;

	for (unsigned n = 0; n < 12; n++) {
		const unsigned right = n % 3;
		const uint64_t control = controls[n / 3];
		struct world w = of_class(config, rights[row].class, control);

		withhold(&w, config, places[place].stage, right);
		expect_becomes(&w, config == S2_ONLY ? IPA_PAGE : VA, 0,
			       wanted(row, right, control));
		if (w.out.verdict == SMMU3_OK)
			ck_assert_uint_eq(w.out.pa, PA_PAGE + (config == S2_ONLY ? 0 : OFFSET));
		else if (right == 0)
			ck_assert_uint_eq(w.out.fault_stage, wanted(row, 2, control) == NO_OP ?
								     0 :
								     places[place].stage);
		close_world(&w);
	}
}
END_TEST

/* TXN-04: any right will do; of both stages together: libsmmu's choice */
START_TEST(a_prefetch_needs_one_right_of_those_that_are_left)
{
	static const struct {
		unsigned config;
		uint64_t s1, s2; /* leaves less their address */
		unsigned becomes;
	} rows[] = {
		{ S1_ONLY, PAGE_BITS | AP(0), S2_PAGE, NWDCP }, /* executes */
		{ S1_ONLY, PAGE_BITS | AP(0) | UXN, S2_PAGE, NO_OP },
		{ S2_ONLY, 0, (S2_PAGE & ~S2AP(3)) | S2AP(2) | BIT(54), NWDCP }, /* writes */
		{ S2_ONLY, 0, (S2_PAGE & ~S2AP(3)) | BIT(54), NO_OP },
		{ NESTED, PAGE_BITS | AP(3) | UXN, (S2_PAGE & ~S2AP(3)) | S2AP(2) | BIT(54),
		  NO_OP },
	};
	struct world w = of_class(rows[_i].config, NWDCP, DCP);

	put(&w, slot1(3), (rows[_i].config == NESTED ? IPA_PAGE : PA_PAGE) | rows[_i].s1);
	put(&w, slot2(3), PA_PAGE | rows[_i].s2);
	expect_becomes(&w, rows[_i].config == S2_ONLY ? IPA_PAGE : VA, 0, rows[_i].becomes);
	if (rows[_i].becomes == NO_OP)
		ck_assert_uint_eq(w.out.fault_stage, rows[_i].config == S1_ONLY ? 1 : 2);
	close_world(&w);
}
END_TEST

/* PERM-32: the page is the privileged side's to write, and the unprivileged side's to execute: "--x
 * rw-" with PXN */
START_TEST(overrides_apply_to_each_class_as_to_a_read_or_to_a_write)
{
	static const struct {
		unsigned class, privcfg, instcfg, becomes, instruction;
	} rows[] = {
		{ RCI, 0, 3, RCI, 1 },
		{ RCI, 3, 0, RCI, 0 },
		{ RCI, 3, 3, READ_FAULT, 1 },
		{ DR, 0, 3, ORDINARY, 1 },
		{ DR, 3, 0, DR, 0 },
		{ CLEAN, 0, 3, CLEAN, 1 },
		{ CLEAN, 0, 2, READ_FAULT, 0 },
		{ INV, 0, 3, CLEANINV, 1 },
		{ INV, 3, 0, INV, 0 },
		{ DH, 3, 0, DH, 0 },
		{ DH, 0, 3, NO_OP, 1 },
		{ WDCP, 0, 3, WRITE_FAULT, 0 },
		{ WDCP, 3, 3, WDCP, 0 },
		{ NWDCP, 0, 3, NWDCP, 0 },
		{ NWDCP, 3, 3, NWDCP, 0 },
	};
	struct world w = of_class(S1_ONLY, rows[_i].class, DRE | DCP);

	set_field(&w.ste[1], 48, 2, rows[_i].privcfg);
	set_field(&w.ste[1], 50, 2, rows[_i].instcfg);
	put(&w, slot1(3), PA_PAGE | PAGE_BITS | AP(0) | PXN);
	expect_becomes(&w, VA, 0, rows[_i].becomes);
	ck_assert_uint_eq(w.out.instruction, rows[_i].instruction);
	ck_assert_uint_eq(w.out.privileged, rows[_i].privcfg == 3);
	close_world(&w);
}
END_TEST

/* PERM-32, FLT-09: the class says whether it reads, whatever WRITE says */
START_TEST(the_class_says_the_direction)
{
	struct world w = of_class(S1_ONLY, _i ? WDCP : CLEAN, DRE | DCP);

	put(&w, slot1(3), PA_PAGE | PAGE_BITS | AP(3));
	expect_becomes(&w, VA, _i ? 0 : W, _i ? WRITE_FAULT : CLEAN);
	close_world(&w);
}
END_TEST

/* ---- Where nothing translates ---- */

/* TXN-07: disabled; Config 0b100; S1DSS = 0b01 without a SubstreamID; but not where stage 2 stays
 */
START_TEST(what_nothing_translates_passes_as_it_is)
{
	const unsigned way = (unsigned)_i / CLASSES, class = classes[_i % CLASSES];
	static const unsigned config[] = { BYPASS, BYPASS, S1_ONLY };
	struct world w = of_class(config[way], class, 0);

	if (way == 2)
		give_substreams(&w, 1);
	open_world(&w);
	if (way == 0)
		mmio(&w, 0x20, 4, 0);
	expect_becomes(&w, PA_PAGE, 0, class);
	ck_assert_uint_eq(w.out.pa, PA_PAGE);
	ck_assert_uint_eq(w.out.stages, 0);
	close_world(&w);
}
END_TEST

/* TXN-07 */
START_TEST(where_stage_1_is_passed_by_stage_2_is_still_under_control)
{
	struct world w = of_class(NESTED, rights[_i].class, 0);

	give_substreams(&w, 1);
	put(&w, slot2(3), PA_PAGE | S2_PAGE);
	expect_becomes(&w, IPA_PAGE, 0, rights[_i].all);
	close_world(&w);
}
END_TEST

/* ---- What is not let through ---- */

/* TXN-08: with SMMUEN and without, whatever the stream; nothing is read for it */
START_TEST(barriers_messages_and_maintenance_without_an_address_end_in_silence)
{
	struct world w = of_class(_i / 6 ? S1_ONLY : BYPASS, BARRIER + (unsigned)_i % 3, DRE | DCP);

	open_world(&w);
	if (_i / 3 % 2)
		mmio(&w, 0x20, 4, 0);
	w.behind_host = true;
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, 0);
	ck_assert_uint_eq(w.out.recorded, 0);
	ck_assert_uint_eq(w.out.decider, SMMU3_BY_CLASS);
	close_world(&w);
}
END_TEST

/* TXN-05, 3.22, 16.7.2: SMMUv3.0 converts accesses, drops hints, and has no maintenance: libsmmu
 * ends it with an error.  Where nothing translates, too, and with bits that are RES0 there. */
START_TEST(smmuv3_0_lets_none_of_the_classes_through)
{
	static const unsigned becomes[CLASSES] = { ORDINARY,   ORDINARY,   ORDINARY,
						   NO_OP,      READ_FAULT, READ_FAULT,
						   READ_FAULT, READ_FAULT, NO_OP };
	const unsigned n = (unsigned)_i % CLASSES;
	struct world w = of_class(_i / CLASSES ? S1_ONLY : BYPASS, classes[n], DRE | DCP);

	make_version_30(&w);
	if (becomes[n] == READ_FAULT) {
		ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_ABORT);
		ck_assert_uint_eq(w.out.event, 0);
		ck_assert_uint_eq(w.out.recorded, 0);
		ck_assert_uint_eq(w.out.decider, SMMU3_BY_CLASS);
	} else {
		expect_becomes(&w, VA, 0, becomes[n]);
	}
	close_world(&w);
}
END_TEST

/* ---- Faults ---- */

enum { FAULTS = 9 };

/* Each is a fault of any other class. */
static struct world faulty(unsigned fault, unsigned class)
{
	struct world w = of_class(fault == 0 ? ABORT_ALL : NESTED, class, DRE | DCP);

	if (fault == 1)
		w.ste[0] = 0;
	if (fault == 2)
		w.cd[0] &= ~BIT(31);
	if (fault == 3)
		put(&w, slot1(2), 0);
	if (fault == 4)
		*word_at(&w, slot1(3)) &= ~AF;
	if (fault == 5)
		put(&w, slot2(3), 0);
	if (fault == 6)
		*word_at(&w, slot2(3)) &= ~AF;
	if (fault == 7)
		w.txn.sid = 64; /* beyond the Stream table */
	if (fault == 8) {
		w.behind_host = true;
		w.abort_at = slot1(3);
		w.answer = SMMU3_MEM_ABORT;
	}
	return w;
}

/* TXN-04, TXN-06, GPC-11: nor an error; the same faults end others in an abort, and in a record but
 * for Config abort */
START_TEST(a_hint_causes_no_fault)
{
	static const unsigned kinds[] = { NWDCP, DH, CLEAN };
	const unsigned kind = (unsigned)_i / FAULTS, fault = (unsigned)_i % FAULTS;
	struct world w = faulty(fault, kinds[kind]);

	const unsigned verdict = ask(&w, VA, 0);

	ck_assert_uint_eq(verdict, kind < 2 ? SMMU3_NO_OP : SMMU3_ABORT);
	ck_assert_uint_eq(w.out.recorded, kind == 2 && fault != 0);
	ck_assert_uint_eq(!w.out.event, kind < 2 || fault == 0);
	ck_assert_uint_eq(!w.out.record.word[0], kind < 2 || fault == 0);
	ck_assert_uint_ne(w.out.why, 0);
	close_world(&w);
}
END_TEST

/* TXN-04, TXN-06: GBPA.ABORT */
START_TEST(a_hint_that_a_disabled_smmu_aborts_is_no_error)
{
	static const unsigned kinds[] = { NWDCP, DH, DR, CLEAN };
	struct world w = of_class(BYPASS, kinds[_i], 0);

	open_world(&w);
	mmio(&w, 0x20, 4, 0);
	mmio(&w, 0x44, 4, 1u << 31 | 1u << 20 | 1u << 12);
	ck_assert_uint_eq(ask(&w, VA, 0), _i < 2 ? SMMU3_NO_OP : SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, 0);
	close_world(&w);
}
END_TEST

/* TXN-05, EVT-010: as an ordinary access would; hints do not wait, and find no room wanting */
START_TEST(all_but_hints_stall)
{
	struct world w = of_class(S1_ONLY, classes[_i], DRE | DCP);
	const bool hint = classes[_i] == NWDCP || classes[_i] == DH;

	make_faults_stall(&w);
	put(&w, slot1(3), 0);
	ck_assert_uint_eq(ask(&w, VA, 0), hint ? SMMU3_NO_OP : SMMU3_STALLED);
	ck_assert_uint_eq(w.out.event, hint ? 0 : F_TRANSLATION);
	ck_assert_uint_eq(w.out.recorded, !hint);
	ck_assert_uint_eq(w.out.record.word[1] & RNW, hint || classes[_i] == WDCP ? 0 : RNW);
	close_world(&w);
}
END_TEST

/* ---- Hardware updates ---- */

static uint64_t clean(unsigned stage, unsigned config)
{
	if (stage == 2)
		return PA_PAGE | (S2_PAGE & ~S2AP1) | DBM;
	return (config == NESTED ? IPA_PAGE : PA_PAGE) | PAGE_BITS | AP(3) | DBM;
}

/* HTTU-17, HTTU-18, HTTU-03, TXN-03, TXN-05, TXN-06: of a clean page whose Access flag is 0, in
 * each stage: it becomes accessed, and dirty by W-DCP alone; where it does not, it cannot be
 * destroyed */
START_TEST(no_class_but_a_write_makes_a_page_dirty)
{
	static const unsigned becomes[CLASSES] = { RCI,      ORDINARY, WDCP,     NWDCP, CLEAN,
						   CLEANINV, PERSIST,  CLEANINV, NO_OP };
	const unsigned n = (unsigned)_i / PLACES, place = (unsigned)_i % PLACES;
	const unsigned config = places[place].config, stage = places[place].stage;
	const uint64_t leaf = stage == 1 ? slot1(3) : slot2(3), is = clean(stage, config);
	struct world w = of_class(config, classes[n], DRE | DCP);

	w.cd[0] |= CD_HA | CD_HD;
	w.ste[2] |= S2HA | S2HD;
	put(&w, leaf, is & ~AF);
	expect_becomes(&w, config == S2_ONLY ? IPA_PAGE : VA, 0, becomes[n]);
	ck_assert_uint_eq(now(&w, leaf), classes[n] == WDCP ? is ^ BIT(7) : is);
	close_world(&w);
}
END_TEST

/* HTTU-17: a page that is dirty already */
START_TEST(what_is_dirty_can_be_destroyed)
{
	static const unsigned kinds[] = { DR, INV, DH };
	const unsigned place = (unsigned)_i % PLACES, config = places[place].config;
	const unsigned stage = places[place].stage, class = kinds[_i / PLACES];
	struct world w = of_class(config, class, DRE);

	w.cd[0] |= CD_HA | CD_HD;
	w.ste[2] |= S2HA | S2HD;
	put(&w, stage == 1 ? slot1(3) : slot2(3), clean(stage, config) ^ BIT(7));
	expect_becomes(&w, config == S2_ONLY ? IPA_PAGE : VA, 0, class);
	close_world(&w);
}
END_TEST

/* HTTU-03, TXN-06: a hint that stage 1 does not let through, or that the STE inhibits, reads and
 * updates nothing further */
START_TEST(a_hint_that_goes_nowhere_updates_nothing)
{
	const unsigned class = _i & 1 ? DH : NWDCP;
	const bool inhibited = _i & 2;
	struct world w = of_class(NESTED, class, inhibited ? 0 : DRE | DCP);
	const uint64_t s1 = IPA_PAGE | PAGE_BITS | AP(inhibited ? 1 : 0) | UXN;

	w.cd[0] |= CD_HA | CD_HD;
	w.ste[2] |= S2HA | S2HD;
	put(&w, slot1(3), s1 & ~AF);
	put(&w, slot2(3), (PA_PAGE | S2_PAGE) & ~AF);
	expect_becomes(&w, VA, 0, NO_OP);
	ck_assert_uint_eq(now(&w, slot1(3)), s1 & ~AF);
	ck_assert_uint_eq(now(&w, slot2(3)), (PA_PAGE | S2_PAGE) & ~AF);
	close_world(&w);
}
END_TEST

/* ---- Attributes ---- */

/* 16.7.2.3: Device memory of a Non-shareable access is Outer Shareable; maintenance has no type,
 * and stays in its domain.  ATTR-25 */
START_TEST(maintenance_has_a_shareability_and_no_type)
{
	const unsigned class = classes[_i];
	const bool maintains = class >= CLEAN;
	struct world w = of_class(BYPASS, class, 0);

	drive(&w, 0x04, SMMU3_NSH);
	expect_becomes(&w, PA_PAGE, 0, class);
	ck_assert_uint_eq(w.out.attr.sh, maintains ? SMMU3_NSH : SMMU3_OSH);
	ck_assert_uint_eq(w.out.attr.mair, maintains ? 0xff : 0x04);
	close_world(&w);
}
END_TEST

/* ---- Translated transactions ---- */

/* TXN-03, TXN-06, 5.2 DRE: split-stage ATS has stage 2 left, and its permissions */
START_TEST(a_translated_transaction_of_split_stage_ats_is_under_control)
{
	static const struct {
		unsigned class;
		uint64_t control;
		unsigned s2ap, becomes;
	} rows[] = {
		{ DR, DRE, 3, DR },       { DR, 0, 3, ORDINARY },   { DR, DRE, 1, ORDINARY },
		{ WDCP, DCP, 3, WDCP },   { WDCP, 0, 3, ORDINARY }, { WDCP, DCP, 1, WRITE_FAULT },
		{ NWDCP, DCP, 1, NWDCP }, { NWDCP, 0, 3, NO_OP },   { NWDCP, DCP, 0, NO_OP },
		{ INV, 0, 3, CLEANINV },  { INV, DRE, 3, INV },     { DH, DRE, 1, NO_OP },
		{ DH, DRE, 3, DH },       { DH, 0, 3, NO_OP },      { RCI, 0, 1, RCI },
	};
	struct world w = ats_world(NESTED, EATS_SPLIT);

	w.ste[1] |= rows[_i].control;
	w.txn.ats = SMMU3_ATS_TRANSLATED;
	w.txn.txn_class = (uint8_t)rows[_i].class;
	put(&w, slot2(3), PA_PAGE | (S2_PAGE & ~S2AP(3)) | S2AP(rows[_i].s2ap) | BIT(54));
	check_translated(&w);
	expect_becomes(&w, IPA_PAGE, 0, rows[_i].becomes);
	close_world(&w);
}
END_TEST

/* 5.2 DRE, DCP: full ATS is under control where the STE is asked, also without a DPT: libsmmu's
 * choice */
START_TEST(a_translated_transaction_of_full_ats_is_under_control_where_its_ste_is_asked)
{
	const unsigned n = (unsigned)_i / 4;
	const bool checked = _i & 1;
	const uint64_t control = _i & 2 ? DRE | DCP : 0;
	struct world w = ats_world(S1_ONLY, EATS_FULL);

	w.ste[1] |= control;
	w.txn.ats = SMMU3_ATS_TRANSLATED;
	w.txn.txn_class = (uint8_t)rights[n].class;
	reopen(&w, CR0_OPEN | (checked ? CR0_ATSCHK : 0), 0);
	expect_becomes(&w, PA_PAGE, 0, wanted(n, 2, checked ? control : DRE | DCP));
	close_world(&w);
}
END_TEST

/* 7.3.8: RnW of a Translated transaction that is forbidden */
START_TEST(a_translated_class_that_is_forbidden_is_recorded_by_what_it_does)
{
	struct world w = ats_world(S1_ONLY, EATS_NONE);

	w.txn.ats = SMMU3_ATS_TRANSLATED;
	w.txn.txn_class = (uint8_t)classes[_i];
	check_translated(&w);
	const bool hint = classes[_i] == NWDCP || classes[_i] == DH;

	ck_assert_uint_eq(ask(&w, PA_PAGE, 0), hint ? SMMU3_NO_OP : SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, hint ? 0 : F_TRANSL_FORBIDDEN);
	ck_assert_uint_eq(w.out.record.word[1] & RNW, hint || classes[_i] == WDCP ? 0 : RNW);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, each_class_is_what_permissions_and_its_control_let_it_be, 0,
			    RIGHTS * PLACES);
	tcase_add_loop_test(tests, a_prefetch_needs_one_right_of_those_that_are_left, 0, 5);
	tcase_add_loop_test(tests, overrides_apply_to_each_class_as_to_a_read_or_to_a_write, 0, 15);
	tcase_add_loop_test(tests, the_class_says_the_direction, 0, 2);
	tcase_add_loop_test(tests, what_nothing_translates_passes_as_it_is, 0, 3 * CLASSES);
	tcase_add_loop_test(tests, where_stage_1_is_passed_by_stage_2_is_still_under_control, 0,
			    RIGHTS);
	tcase_add_loop_test(tests,
			    barriers_messages_and_maintenance_without_an_address_end_in_silence, 0,
			    12);
	tcase_add_loop_test(tests, smmuv3_0_lets_none_of_the_classes_through, 0, 2 * CLASSES);
	tcase_add_loop_test(tests, a_hint_causes_no_fault, 0, 3 * FAULTS);
	tcase_add_loop_test(tests, a_hint_that_a_disabled_smmu_aborts_is_no_error, 0, 4);
	tcase_add_loop_test(tests, all_but_hints_stall, 0, CLASSES);
	tcase_add_loop_test(tests, no_class_but_a_write_makes_a_page_dirty, 0, CLASSES * PLACES);
	tcase_add_loop_test(tests, what_is_dirty_can_be_destroyed, 0, 3 * PLACES);
	tcase_add_loop_test(tests, a_hint_that_goes_nowhere_updates_nothing, 0, 4);
	tcase_add_loop_test(tests, maintenance_has_a_shareability_and_no_type, 0, CLASSES);
	tcase_add_loop_test(tests, a_translated_transaction_of_split_stage_ats_is_under_control, 0,
			    15);
	tcase_add_loop_test(
		tests, a_translated_transaction_of_full_ats_is_under_control_where_its_ste_is_asked,
		0, RIGHTS * 4);
	tcase_add_loop_test(tests, a_translated_class_that_is_forbidden_is_recorded_by_what_it_does,
			    0, CLASSES);
}

int main(void)
{
	return run_suite("classes", add);
}
