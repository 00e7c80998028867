/* SPDX-License-Identifier: MIT */
/* ATS of Realm streams: in which space what they ask for and what they have lies, and what they say
 * of it themselves.  3.9.1.2, 3.9.1.3, 3.9.4, 3.24.1 */
#include "support/realm_world.h"

enum { DPT_WALK_EN = 1 << 10 };

#define PASID SMMU3_TXN_SSV
#define RW (SMMU3_ATS_R | SMMU3_ATS_W)

static struct realm_world ats_world(unsigned config, unsigned eats, enum smmu3_ats ats)
{
	struct realm_world w = realm_world_xt(config, INCOMING);

	set_field(&w.ste[1], 28, 2, eats);
	w.txn.ats = (uint8_t)ats;
	return w;
}

static void expect_completion(struct realm_world *w, uint64_t address, unsigned flags,
			      unsigned gets)
{
	ck_assert_msg(ask(w, address, flags) == SMMU3_OK, "%s", smmu3_why(w->out.why)->name);
	ck_assert_uint_eq(w->out.ats, gets);
	ck_assert_uint_eq(w->out.mecid, 0);
}

static void expect_no_access(struct realm_world *w, uint64_t address, unsigned flags)
{
	ck_assert_uint_eq(ask(w, address, flags), SMMU3_NO_ACCESS);
	ck_assert_uint_eq(w->out.ats, 0);
	ck_assert_uint_eq(w->out.recorded, 0);
}

/* ---- Translation Requests */

/* ATS-14: TE is 1 where the translation leads to Realm memory, with split-stage ATS too, whose
 * answer is an IPA; and 0 without XT */
START_TEST(te_says_that_a_translation_leads_to_realm_memory)
{
	static const struct {
		unsigned config, eats;
		uint64_t at, pa;
	} ways[] = { { S1_ONLY, FULL_ATS, VA, PA },
		     { S2_ONLY, FULL_ATS, IPA, PA },
		     { NESTED, FULL_ATS, VA, PA },
		     { NESTED, SPLIT_ATS, VA, IPA },
		     { NESTED, DPT_ATS, VA, PA } };
	const bool split = ways[_i].eats == SPLIT_ATS, stage2 = ways[_i].config != S1_ONLY;
	struct realm_world w = ats_world(ways[_i].config, ways[_i].eats, SMMU3_ATS_REQUEST);

	expect_completion(&w, ways[_i].at, SMMU3_TXN_WRITE, RW | SMMU3_ATS_TE);
	ck_assert_uint_eq(w.out.pa, ways[_i].pa);
	ck_assert_uint_eq(w.out.pas, R);
	w.config.r_idr[3] &= ~(uint32_t)BIT(17);
	expect_completion(&w, ways[_i].at, SMMU3_TXN_WRITE, RW);
	w.config.r_idr[3] |= (uint32_t)BIT(17);
	if (!stage2)
		set_field(&w.ste[1], 30, 2, STRW_EL2);
	*word_at(&w, stage2 ? slot2(3) : slot1(3)) |= stage2 ? NS_LEAF_2 : NS_LEAF;
	if (ways[_i].eats == DPT_ATS || stage2) {
		expect_completion(&w, ways[_i].at, SMMU3_TXN_WRITE, RW);
		ck_assert_uint_eq(w.out.pas, split ? R : NS);
	}
	drop(&w);
}
END_TEST

/* ATS-14, PERM-16: no execution in Non-secure memory is granted, and no TE where nothing is */
START_TEST(a_completion_grants_no_execution_in_non_secure_memory)
{
	struct realm_world w = ats_world(NESTED, FULL_ATS, SMMU3_ATS_REQUEST);

	set_field(&w.ste[0], 59, 5, 1); /* S1CDMax: two CDs, that of SubstreamID 1 at CD_AT */
	w.txn.ssid = 1;
	expect_completion(&w, VA, PASID | X | SMMU3_TXN_WRITE, RW | SMMU3_ATS_EXE | SMMU3_ATS_TE);
	*word_at(&w, slot2(3)) |= NS_LEAF_2;
	expect_completion(&w, VA, PASID | X | SMMU3_TXN_WRITE, RW);
	put(&w, slot2(3), 0);
	expect_no_access(&w, VA, PASID | X);
	drop(&w);
}
END_TEST

/* ATS-14, PERM-16: so is a request for execution granted the rest where stage 1 alone leads there,
 * or a bypass by S1DSS */
START_TEST(a_request_for_execution_in_non_secure_memory_is_granted_the_rest)
{
	struct realm_world w = ats_world(S1_ONLY, FULL_ATS, SMMU3_ATS_REQUEST);
	const unsigned asks = X | SMMU3_TXN_WRITE;

	set_field(&w.ste[0], 59, 5, 1); /* S1CDMax: two CDs, that of SubstreamID 1 at CD_AT */
	set_field(&w.ste[1], 30, 2, STRW_EL2);
	w.txn.ssid = 1;
	expect_completion(&w, VA, PASID | asks, RW | SMMU3_ATS_EXE | SMMU3_ATS_TE);
	*word_at(&w, slot1(3)) |= NS_LEAF;
	expect_completion(&w, VA, PASID | asks, RW);
	set_field(&w.ste[1], 0, 2, 1);  /* S1DSS */
	set_field(&w.ste[1], 50, 2, 3); /* INSTCFG: instruction, so that reads are executions */
	set_field(&w.ste[1], 46, 2, TO_NS);
	expect_completion(&w, PA, asks, SMMU3_ATS_W);
	drop(&w);
}
END_TEST

/* NS-19, ATS-14: all stages bypassed by S1DSS: the space is that of NSCFG and the incoming
 * attribute */
START_TEST(an_identity_mapping_is_in_the_space_of_nscfg)
{
	const unsigned nscfg = (unsigned)_i % 4, flags = _i / 4 ? IN_NS : 0;
	const bool ns = nscfg == TO_NS || (nscfg != TO_REALM && flags);
	struct realm_world w = ats_world(S1_ONLY, FULL_ATS, SMMU3_ATS_REQUEST);

	set_field(&w.ste[1], 46, 2, nscfg);
	set_field(&w.ste[0], 59, 5, 5);
	set_field(&w.ste[1], 0, 2, 1);
	expect_completion(&w, PA, flags | SMMU3_TXN_WRITE, RW | (ns ? 0 : SMMU3_ATS_TE));
	ck_assert_uint_eq(w.out.pas, ns ? NS : R);
	drop(&w);
}
END_TEST

/* ATS-05: with the interface disabled, and with EATS = 0b00: UR and F_BAD_ATS_TREQ */
START_TEST(a_request_of_a_realm_stream_without_ats_is_refused)
{
	struct realm_world w = ats_world(S1_ONLY, _i ? NO_ATS : FULL_ATS, SMMU3_ATS_REQUEST);

	w.cr0 = _i ? 5 : 4;
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_UR);
	ck_assert_uint_eq(w.out.event, BAD_ATS_TREQ);
	ck_assert_uint_eq(w.out.recorded, 1);
	drop(&w);
}
END_TEST

/* ---- Translated transactions */

/* NS-21, ATS-20: full ATS: the incoming attribute with NSCFG; ATSCHK is 1 always.  An instruction
 * stays in Realm memory */
START_TEST(a_translated_transaction_is_in_the_space_of_nscfg)
{
	const unsigned nscfg = (unsigned)_i % 4, flags = _i / 4 ? IN_NS : XT;
	const bool ns = nscfg == TO_NS || (nscfg != TO_REALM && flags == IN_NS);
	struct realm_world w = ats_world(S1_ONLY, FULL_ATS, SMMU3_ATS_TRANSLATED);

	set_field(&w.ste[1], 46, 2, nscfg);
	expect_pa(&w, PA, flags, PA, ns ? NS : R);
	set_field(&w.ste[1], 50, 2, 3); /* INSTCFG: instruction */
	if (ns)
		expect_fault(&w, PA, flags, TRANSL_FORBIDDEN, 0, "ats-realm-x");
	else
		expect_pa(&w, PA, flags, PA, R);
	expect_pa(&w, PA, flags | SMMU3_TXN_WRITE, PA, ns ? NS : R);
	drop(&w);
}
END_TEST

/* ATS-20: EATS = 0b00, a bypass, an interface that is disabled; and too large an address */
START_TEST(a_translated_transaction_needs_a_stream_with_ats)
{
	static const struct {
		unsigned config, eats, cr0;
		uint64_t at;
		unsigned event;
		const char *why;
	} rows[] = {
		{ S1_ONLY, NO_ATS, 5, PA, TRANSL_FORBIDDEN, "ats-disabled" },
		{ BYPASS, FULL_ATS, 5, PA, TRANSL_FORBIDDEN, "ats-disabled" },
		{ S1_ONLY, FULL_ATS, 4, PA, TRANSL_FORBIDDEN, "ats-smmuen" },
		{ DISABLED, FULL_ATS, 5, PA, 0, "ste-abort" },
		{ S1_ONLY, FULL_ATS, 5, BIT(53), 0, "ats-address" },
	};
	struct realm_world w = ats_world(rows[_i].config, rows[_i].eats, SMMU3_ATS_TRANSLATED);

	w.cr0 = rows[_i].cr0;
	expect_fault(&w, rows[_i].at, 0, rows[_i].event, 0, rows[_i].why);
	drop(&w);
}
END_TEST

/* NS-21, PERM-16: split-stage ATS: what stage 2 says, of a Realm IPA */
START_TEST(split_stage_ats_is_in_the_space_of_stage_2)
{
	struct realm_world w = ats_world(NESTED, SPLIT_ATS, SMMU3_ATS_TRANSLATED);

	set_field(&w.ste[1], 46, 2, _i ? TO_NS : TO_REALM);
	expect_pa(&w, IPA, _i ? IN_NS : 0, PA, R);
	*word_at(&w, slot2(3)) |= NS_LEAF_2;
	expect_pa(&w, IPA, 0, PA, NS);
	set_field(&w.ste[1], 50, 2, 3); /* INSTCFG: instruction */
	expect_fault(&w, IPA, 0, PERMISSION, 2, "s2-realm-x");
	put(&w, slot2(3), 0);
	expect_fault(&w, IPA, 0, TRANSLATION, 2, "s2-invalid");
	drop(&w);
}
END_TEST

/* ---- The Device Permission Table */

#define GRANTED UINT64_C(0x40000128) /* of the level 0 descriptor 1 */

static struct realm_world dpt_world(uint64_t block)
{
	struct realm_world w = ats_world(NESTED, DPT_ATS, SMMU3_ATS_TRANSLATED);

	w.cr0 |= DPT_WALK_EN;
	put(&w, DPT_AT + 8, block);
	return w;
}

/* A level 0 block that grants writing, with this AC; to VMID 3, where there is one. */
static uint64_t block_of(unsigned ac)
{
	return 1 | ac << 2 | BIT(4) | (ac < 2 ? UINT64_C(3) << 16 : 0);
}

/* NS-21, DPT-01, DPT-08, RLM-010: the Realm table, which is read from Realm memory with R_GMECID:
 * AC 0b00 is Realm, 0b01 and 0b10 Non-secure, where no instruction is fetched */
START_TEST(the_dpt_of_realm_streams_says_where_they_go)
{
	const bool ns = _i != 0;
	struct realm_world w = dpt_world(block_of((unsigned)_i));

	expect_pa(&w, GRANTED, SMMU3_TXN_WRITE, GRANTED, ns ? NS : R);
	ck_assert_uint_eq(w.out.decider, SMMU3_BY_DPT);
	ck_assert_uint_eq(w.seen[w.seen_count - 1].reason, SMMU3_REASON_DPT);
	ck_assert_uint_eq(w.seen[w.seen_count - 1].pas, R);
	ck_assert_uint_eq(w.seen[w.seen_count - 1].mecid, GMECID);
	set_field(&w.ste[1], 50, 2, 3); /* INSTCFG: instruction */
	if (ns)
		expect_fault(&w, GRANTED, 0, TRANSL_FORBIDDEN, 0, "ats-realm-x");
	else
		expect_pa(&w, GRANTED, 0, GRANTED, R);
	drop(&w);
}
END_TEST

/* NS-22: what names another space than the table gives: F_TRANSL_FORBIDDEN, a Device Access fault,
 * which DPT_CFG_FAR does not tell of */
START_TEST(the_dpt_checks_the_space_that_is_named)
{
	const bool ns = _i & 1, named_ns = _i & 2;
	struct realm_world w = dpt_world(block_of(ns ? 2 : 0));
	uint64_t far;

	set_field(&w.ste[1], 46, 2, CHECKED);
	if (ns == named_ns) {
		expect_pa(&w, GRANTED, named_ns ? IN_NS : XT, GRANTED, ns ? NS : R);
	} else {
		expect_fault(&w, GRANTED, named_ns ? IN_NS : XT, TRANSL_FORBIDDEN, 0, "dpt-space");
		ck_assert_uint_eq(w.out.decider, SMMU3_BY_DPT);
		ck_assert_int_eq(smmu3_mmio_read(w.smmu, R, 0x40210, 8, &far), 0);
		ck_assert_uint_eq(far, 0);
	}
	set_field(&w.ste[1], 46, 2, INCOMING);
	expect_pa(&w, GRANTED, named_ns ? IN_NS : XT, GRANTED, ns ? NS : R);
	drop(&w);
}
END_TEST

/* ---- XT */

/* Where an access leads, of a stream that checks it. */
static struct realm_world checked_world(unsigned config, unsigned strw, bool ns)
{
	const bool stage2 = config != S1_ONLY;
	struct realm_world w = realm_world_xt(config, CHECKED);

	set_field(&w.ste[1], 28, 2, FULL_ATS);
	set_field(&w.ste[1], 30, 2, strw);
	if (ns)
		*word_at(&w, stage2 ? slot2(3) : slot1(3)) |= stage2 ? NS_LEAF_2 : NS_LEAF;
	return w;
}

static const struct {
	unsigned config, strw;
	bool ns;
	const char *why;
} checks[] = {
	{ S1_ONLY, STRW_EL1, false, "xt-space" }, { S1_ONLY, STRW_EL2, false, "xt-space" },
	{ S1_ONLY, STRW_EL2, true, "xt-space" },  { S2_ONLY, 0, false, "s2-xt-space" },
	{ S2_ONLY, 0, true, "s2-xt-space" },      { NESTED, 0, false, "s2-xt-space" },
	{ NESTED, 0, true, "s2-xt-space" },
};

/* NS-20: an access that names its space, NS as Non-secure and XT alone as Realm, and comes out in
 * the other: F_PERMISSION of the last stage that is enabled */
START_TEST(a_checked_access_comes_out_in_the_space_that_it_names)
{
	const bool ns = checks[_i].ns, stage2 = checks[_i].config != S1_ONLY;
	const uint64_t at = checks[_i].config == S2_ONLY ? IPA : VA;
	const unsigned right = ns ? IN_NS : XT, wrong = ns ? XT : IN_NS;
	struct realm_world w = checked_world(checks[_i].config, checks[_i].strw, ns);

	expect_pa(&w, at, 0, PA, ns ? NS : R);
	expect_pa(&w, at, right, PA, ns ? NS : R);
	expect_pa(&w, at, right | XT, PA, ns ? NS : R);
	expect_fault(&w, at, wrong, PERMISSION, stage2 ? 2 : 1, checks[_i].why);
	ck_assert_int_eq(w.out.fault_level, 3);
	/* RnW, class IN, S2 */
	ck_assert_uint_eq(w.out.record.word[1],
			  BIT(35) | UINT64_C(2) << 40 | (stage2 ? BIT(39) : 0));
	ck_assert_uint_eq(w.out.record.word[3], stage2 ? IPA_PAGE : 0);
	drop(&w);
}
END_TEST

/* NS-20: a Translation Request gets Success with R = W = 0, and no record */
START_TEST(a_checked_request_is_granted_nothing_in_the_other_space)
{
	const bool ns = checks[_i].ns;
	const uint64_t at = checks[_i].config == S2_ONLY ? IPA : VA;
	struct realm_world w = checked_world(checks[_i].config, checks[_i].strw, ns);

	if (checks[_i].config == NESTED)
		set_field(&w.ste[1], 28, 2, SPLIT_ATS);
	w.txn.ats = SMMU3_ATS_REQUEST;
	expect_completion(&w, at, SMMU3_TXN_WRITE | (ns ? IN_NS : XT),
			  RW | (ns ? 0 : SMMU3_ATS_TE));
	expect_completion(&w, at, SMMU3_TXN_WRITE, RW | (ns ? 0 : SMMU3_ATS_TE));
	expect_no_access(&w, at, SMMU3_TXN_WRITE | (ns ? XT : IN_NS));
	drop(&w);
}
END_TEST

/* NS-20: other codes of NSCFG, and an SMMU without XT, check nothing */
START_TEST(only_nscfg_1_checks_and_only_with_xt)
{
	struct realm_world w = checked_world(S2_ONLY, 0, false);

	if (_i == CHECKED)
		w.config.r_idr[3] &= ~(uint32_t)BIT(17);
	else
		set_field(&w.ste[1], 46, 2, (unsigned)_i);
	expect_pa(&w, IPA, IN_NS, PA, R);
	expect_pa(&w, IPA, IN_NS | XT, PA, R);
	drop(&w);
}
END_TEST

/* NS-22: a Translated transaction that does not name its space is refused; full ATS checks no more,
 * split-stage ATS does: F_PERMISSION of stage 2 */
START_TEST(a_checked_translated_transaction_names_its_space)
{
	struct realm_world w = checked_world(NESTED, 0, _i & 1);
	const bool split = _i & 2, ns = _i & 1;

	w.txn.ats = SMMU3_ATS_TRANSLATED;
	set_field(&w.ste[1], 28, 2, split ? SPLIT_ATS : FULL_ATS);
	expect_fault(&w, split ? IPA : PA, 0, TRANSL_FORBIDDEN, 0, "ats-xt");
	if (!split) {
		expect_pa(&w, PA, XT, PA, R);
		expect_pa(&w, PA, IN_NS, PA, NS);
	} else {
		expect_pa(&w, IPA, ns ? IN_NS : XT, PA, ns ? NS : R);
		expect_fault(&w, IPA, ns ? XT : IN_NS, PERMISSION, 2, "s2-xt-space");
	}
	w.config.r_idr[3] &= ~(uint32_t)BIT(17);
	ck_assert_uint_eq(ask(&w, split ? IPA : PA, 0), SMMU3_OK);
	drop(&w);
}
END_TEST

/* NS-22: that is said before anything of the PASID is looked at.  3.9.1.3 */
START_TEST(a_space_that_is_not_named_comes_before_the_pasid)
{
	struct realm_world w = checked_world(S1_ONLY, 0, false);

	w.config.idr[3] |= (uint32_t)BIT(16); /* PASIDTT */
	w.txn.ats = SMMU3_ATS_TRANSLATED;
	w.txn.ssid = 1;
	expect_fault(&w, PA, PASID, TRANSL_FORBIDDEN, 0, "ats-xt");
	ck_assert_uint_eq(ask(&w, PA, PASID | XT), SMMU3_ABORT);
	ck_assert_str_eq(smmu3_why(w.out.why)->name, "ssid-unused");
	drop(&w);
}
END_TEST

/* XT is of Realm streams: elsewhere it is a mistake of the caller's */
START_TEST(xt_is_for_realm_streams)
{
	struct realm_world w = realm_world_xt(S1_ONLY, CHECKED);

	w.txn.sec_sid = (uint8_t)_i;
	ck_assert_uint_eq(ask(&w, VA, XT), SMMU3_ERROR);
	ck_assert_str_eq(smmu3_why(w.out.why)->name, "txn-flags");
	drop(&w);
}
END_TEST

static void add_tests(TCase *tests)
{
	const int ways = (int)(sizeof(checks) / sizeof(checks[0]));

	tcase_add_loop_test(tests, te_says_that_a_translation_leads_to_realm_memory, 0, 5);
	tcase_add_test(tests, a_completion_grants_no_execution_in_non_secure_memory);
	tcase_add_test(tests, a_request_for_execution_in_non_secure_memory_is_granted_the_rest);
	tcase_add_loop_test(tests, an_identity_mapping_is_in_the_space_of_nscfg, 0, 8);
	tcase_add_loop_test(tests, a_request_of_a_realm_stream_without_ats_is_refused, 0, 2);
	tcase_add_loop_test(tests, a_translated_transaction_is_in_the_space_of_nscfg, 0, 8);
	tcase_add_loop_test(tests, a_translated_transaction_needs_a_stream_with_ats, 0, 5);
	tcase_add_loop_test(tests, split_stage_ats_is_in_the_space_of_stage_2, 0, 2);
	tcase_add_loop_test(tests, the_dpt_of_realm_streams_says_where_they_go, 0, 3);
	tcase_add_loop_test(tests, the_dpt_checks_the_space_that_is_named, 0, 4);
	tcase_add_loop_test(tests, a_checked_access_comes_out_in_the_space_that_it_names, 0, ways);
	tcase_add_loop_test(tests, a_checked_request_is_granted_nothing_in_the_other_space, 0,
			    ways);
	tcase_add_loop_test(tests, only_nscfg_1_checks_and_only_with_xt, 0, 4);
	tcase_add_loop_test(tests, a_checked_translated_transaction_names_its_space, 0, 4);
	tcase_add_test(tests, a_space_that_is_not_named_comes_before_the_pasid);
	tcase_add_loop_test(tests, xt_is_for_realm_streams, 0, 2);
}

int main(void)
{
	return run_suite("realm ats", add_tests);
}
