/* SPDX-License-Identifier: MIT */
/* What invalidation commands of the Secure and the Realm queue name: of whose translations, streams
 * and contexts, and how far.  3.10.2, 4.3, 4.4, 4.6 */
#include "run.h"
#include "states.h"

#include <check.h>

#define S1 SMMU3_INVALIDATES_STAGE1
#define S2 SMMU3_INVALIDATES_STAGE2
#define BOTH SMMU3_INVALIDATES_STAGES
#define STREAM SMMU3_INVALIDATES_STREAM
#define CONTEXT SMMU3_INVALIDATES_CONTEXT
#define DPT SMMU3_INVALIDATES_DPT

enum {
	EL1 = SMMU3_WORLD_EL1,
	EL2 = SMMU3_WORLD_EL2,
	E2H = SMMU3_WORLD_EL2_E2H,
	EL3 = SMMU3_WORLD_EL3,
	NS = SMMU3_PAS_NS,
	SECURE = SMMU3_PAS_SECURE,
	REALM = SMMU3_PAS_REALM,
};

/* What every command here gives but its opcode; most look at few of them. */
#define VMID UINT64_C(0x1234)
#define ASID UINT64_C(0xbeef)
#define TAGS (VMID << 32 | ASID << 48)
#define ADDR UINT64_C(0xffff123456789000)
#define IPA UINT64_C(0x00ff123456789000) /* 56 bits of it in SMMUv3.4 */
#define LEAF 1
#define IPA_NS 2 /* of CMD_TLBI_S_S2_IPA */
#define SSEC (1 << 10)

struct row {
	uint64_t word0, word1;
	bool e2h;
	struct smmu3_invalidation scope;
};

static void expect_scope(const struct smmu3_invalidation *got,
			 const struct smmu3_invalidation *want)
{
	ck_assert_uint_eq(got->sec_sid, want->sec_sid);
	ck_assert_uint_eq(got->worlds, want->worlds);
	ck_assert_uint_eq(got->ipa_pas, want->ipa_pas);
	expect_reach(got, want);
}

static void expect_row(const struct states *states, enum bank queue, const struct row *row)
{
	const struct command_rules rules = rules_of(states, queue);
	const struct command_controls controls = { .e2h = row->e2h };
	const struct cmd cmd = { { row->word0, row->word1 } };
	const struct smmu3_invalidation got = command_scope(&rules, controls, &cmd);

	ck_assert_int_eq(command_effect(&rules, &cmd), EFFECT_INVALIDATE);
	expect_scope(&got, &row->scope);
}

/* Translations of a state and world. */
#define OF(what, state, world, ...)                                                        \
	{                                                                                  \
		.kind = (what), .sec_sid = (state), .ipa_pas = (state), .worlds = (world), \
		.any_ssid = 1, __VA_ARGS__                                                 \
	}
#define BY_VMID .vmid = VMID, .vmids = 1
#define BY_ASID .asid = ASID
#define ANY_VMID .any_vmid = 1
#define ANY_ASID .any_asid = 1
#define PAGE .addr = ADDR, .bytes = 0x1000, .leaf = 1
#define IPA_PAGE .addr = IPA, .bytes = 0x1000, .leaf = 1

/* ---- The Secure queue ---- */

/* CMD-TLBI-NH-ALL, CMD-TLBI-NH-ASID, CMD-TLBI-NH-VA, CMD-TLBI-NH-VAA, CMD-TLBI-NH-2,
 * CMD-TLBI-EL3-ALL, CMD-TLBI-EL3-VA, CMD-TLBI-EL2-ALL, CMD-TLBI-EL2-ASID, CMD-TLBI-EL2-VA,
 * CMD-TLBI-EL2-VAA, CMD-TLBI-EL2-1, CMD-TLBI-S12-VMALL, CMD-TLBI-S2-IPA, CMD-TLBI-NSNH-ALL,
 * CMD-TLBI-S-EL2-ALL, CMD-TLBI-S-EL2-ASID, CMD-TLBI-S-EL2-VA, CMD-TLBI-S-EL2-VAA,
 * CMD-TLBI-S-S12-VMALL, CMD-TLBI-S-S2-IPA, CMD-TLBI-SNH-ALL, CMD-TLBI-S, TLB-08, TLB-21, TLB-24,
 * SEC-009, SEC-012: with SEL2 */
static const struct row secure_translations[] = {
	/* Secure EL1 */
	{ 0x10 | TAGS, ADDR | LEAF, false, OF(S1, SECURE, EL1, BY_VMID, ANY_ASID) },
	{ 0x11 | TAGS, ADDR | LEAF, false, OF(S1, SECURE, EL1, BY_VMID, BY_ASID) },
	{ 0x12 | TAGS, ADDR | LEAF, false, OF(S1, SECURE, EL1, BY_VMID, BY_ASID, PAGE) },
	{ 0x13 | TAGS, ADDR | LEAF, false, OF(S1, SECURE, EL1, BY_VMID, ANY_ASID, PAGE) },
	/* EL3, which has neither tag */
	{ 0x18 | TAGS, ADDR | LEAF, false, OF(S1, SECURE, EL3, ANY_VMID, ANY_ASID) },
	{ 0x1a | TAGS, ADDR | LEAF, false, OF(S1, SECURE, EL3, ANY_VMID, ANY_ASID, PAGE) },
	{ 0x1a | TAGS, ADDR | LEAF, true, OF(S1, SECURE, EL3, ANY_VMID, ANY_ASID, PAGE) },
	/* as from the Non-secure queue */
	{ 0x20 | TAGS, ADDR | LEAF, false, OF(S1, NS, EL2 | E2H, ANY_VMID, ANY_ASID) },
	{ 0x21 | TAGS, ADDR | LEAF, false, OF(S1, NS, E2H, ANY_VMID, BY_ASID) },
	{ 0x22 | TAGS, ADDR | LEAF, false, OF(S1, NS, EL2, ANY_VMID, ANY_ASID, PAGE) },
	{ 0x22 | TAGS, ADDR | LEAF, true, OF(S1, NS, E2H, ANY_VMID, BY_ASID, PAGE) },
	{ 0x23 | TAGS, ADDR | LEAF, false, OF(S1, NS, EL2, ANY_VMID, ANY_ASID, PAGE) },
	{ 0x23 | TAGS, ADDR | LEAF, true, OF(S1, NS, E2H, ANY_VMID, ANY_ASID, PAGE) },
	{ 0x28 | TAGS, ADDR | LEAF, false, OF(BOTH, NS, EL1, BY_VMID, ANY_ASID) },
	{ 0x2a | TAGS, IPA | LEAF | IPA_NS, false, OF(S2, NS, EL1, BY_VMID, ANY_ASID, IPA_PAGE) },
	{ 0x30 | TAGS, ADDR | LEAF, false, OF(BOTH, NS, EL1, ANY_VMID, ANY_ASID) },
	/* their Secure like */
	{ 0x50 | TAGS, ADDR | LEAF, false, OF(S1, SECURE, EL2 | E2H, ANY_VMID, ANY_ASID) },
	{ 0x51 | TAGS, ADDR | LEAF, false, OF(S1, SECURE, E2H, ANY_VMID, BY_ASID) },
	{ 0x52 | TAGS, ADDR | LEAF, false, OF(S1, SECURE, EL2, ANY_VMID, ANY_ASID, PAGE) },
	{ 0x52 | TAGS, ADDR | LEAF, true, OF(S1, SECURE, E2H, ANY_VMID, BY_ASID, PAGE) },
	{ 0x53 | TAGS, ADDR | LEAF, false, OF(S1, SECURE, EL2, ANY_VMID, ANY_ASID, PAGE) },
	{ 0x53 | TAGS, ADDR | LEAF, true, OF(S1, SECURE, E2H, ANY_VMID, ANY_ASID, PAGE) },
	{ 0x58 | TAGS, ADDR | LEAF, false, OF(BOTH, SECURE, EL1, BY_VMID, ANY_ASID) },
	{ 0x5a | TAGS, IPA | LEAF, false, OF(S2, SECURE, EL1, BY_VMID, ANY_ASID, IPA_PAGE) },
	{ 0x60 | TAGS, ADDR | LEAF, false, OF(BOTH, SECURE, EL1, ANY_VMID, ANY_ASID) },
};

START_TEST(the_secure_queue_invalidates_translations_of_both_states)
{
	const struct states states = states_of("max", NULL, 0);

	expect_row(&states, BANK_S, &secure_translations[_i]);
}
END_TEST

/* CMD-TLBI-S-S2-IPA, TLB-24: bit 65 says which of the two IPA spaces of Secure VMs; the command of
 * Non-secure ones has no such bit */
START_TEST(a_secure_ipa_is_of_one_of_two_spaces)
{
	static const struct {
		uint64_t word0, word1;
		unsigned sec_sid, ipa_pas;
	} rows[] = {
		{ 0x5a, IPA, SECURE, SECURE },
		{ 0x5a, IPA | IPA_NS, SECURE, NS },
		{ 0x2a, IPA, NS, NS },
		{ 0x2a, IPA | IPA_NS, NS, NS },
	};
	const struct states states = states_of("max", NULL, 0);
	const struct command_rules rules = rules_of(&states, BANK_S);

	for (int i = 0; i < COUNT(rows); i++) {
		const struct cmd cmd = { { rows[i].word0, rows[i].word1 } };
		const struct command_controls controls = { 0 };
		const struct smmu3_invalidation got = command_scope(&rules, controls, &cmd);

		ck_assert_uint_eq(got.sec_sid, rows[i].sec_sid);
		ck_assert_uint_eq(got.ipa_pas, rows[i].ipa_pas);
		ck_assert_uint_eq(got.addr, IPA);
	}
}
END_TEST

/* CMD-TLBI-NH-1, SEC-011: without SEL2 Secure translations have no VMID, while those of Non-secure
 * VMs have */
static const struct row without_sel2[] = {
	{ 0x10 | TAGS, ADDR | LEAF, false, OF(S1, SECURE, EL1, ANY_VMID, ANY_ASID) },
	{ 0x11 | TAGS, ADDR | LEAF, false, OF(S1, SECURE, EL1, ANY_VMID, BY_ASID) },
	{ 0x12 | TAGS, ADDR | LEAF, false, OF(S1, SECURE, EL1, ANY_VMID, BY_ASID, PAGE) },
	{ 0x13 | TAGS, ADDR | LEAF, false, OF(S1, SECURE, EL1, ANY_VMID, ANY_ASID, PAGE) },
	{ 0x28 | TAGS, ADDR | LEAF, false, OF(BOTH, NS, EL1, BY_VMID, ANY_ASID) },
	{ 0x2a | TAGS, IPA | LEAF, false, OF(S2, NS, EL1, BY_VMID, ANY_ASID, IPA_PAGE) },
};

START_TEST(without_secure_stage_2_every_secure_vmid_is_meant)
{
	const struct edit edits[] = { EDIT(s_idr[1], 1u << 29, 0) };
	const struct states states = states_of("max", edits, 1);

	expect_row(&states, BANK_S, &without_sel2[_i]);
}
END_TEST

#define STREAMS_OF(state, ...)                                                              \
	{                                                                                   \
		.kind = STREAM, .sec_sid = (state), .ipa_pas = (state), ANY_VMID, ANY_ASID, \
		.any_ssid = 1, __VA_ARGS__                                                  \
	}
#define CDS_OF(state, ...)                                                                   \
	{                                                                                    \
		.kind = CONTEXT, .sec_sid = (state), .ipa_pas = (state), ANY_VMID, ANY_ASID, \
		__VA_ARGS__                                                                  \
	}
#define SID (UINT64_C(0x1237) << 32)

/* CMD-CFGI-SEC, CMD-CFGI-STE, CMD-CFGI-STE-RANGE, CMD-CFGI-ALL, CMD-CFGI-CD, CMD-CFGI-CD-ALL,
 * SEC-009: the stream of the state that SSec says; CMD_CFGI_ALL all of that state alone */
static const struct row structures[] = {
	{ 0x03 | SID, LEAF, false, STREAMS_OF(NS, .sid = 0x1237, .sids = 1, .leaf = 1) },
	{ 0x03 | SID | SSEC, 0, false, STREAMS_OF(SECURE, .sid = 0x1237, .sids = 1) },
	{ 0x04 | SID, 5, false, STREAMS_OF(NS, .sid = 0x1200, .sids = 64) },
	{ 0x04 | SID | SSEC, 5, false, STREAMS_OF(SECURE, .sid = 0x1200, .sids = 64) },
	{ 0x04 | SID, 31, false, STREAMS_OF(NS, .sids = UINT64_C(1) << 32) },
	{ 0x04 | SID | SSEC, 31, false, STREAMS_OF(SECURE, .sids = UINT64_C(1) << 32) },
	{ 0x05 | SID | 5 << 12, LEAF, false,
	  CDS_OF(NS, .sid = 0x1237, .sids = 1, .ssid = 5, .leaf = 1) },
	{ 0x05 | SID | SSEC | 5 << 12, 0, false,
	  CDS_OF(SECURE, .sid = 0x1237, .sids = 1, .ssid = 5) },
	{ 0x06 | SID, 0, false, CDS_OF(NS, .sid = 0x1237, .sids = 1, .any_ssid = 1) },
	{ 0x06 | SID | SSEC, 0, false, CDS_OF(SECURE, .sid = 0x1237, .sids = 1, .any_ssid = 1) },
};

START_TEST(the_secure_queue_invalidates_structures_of_the_state_that_ssec_says)
{
	const struct states states = states_of("max", NULL, 0);

	expect_row(&states, BANK_S, &structures[_i]);
}
END_TEST

/* CR-020, TLB-34: VMW of the state whose VMID it is widens it; here 2 and 4 bits */
START_TEST(vmw_is_that_of_the_state_acted_upon)
{
	static const struct {
		unsigned opcode, vmw;
		uint16_t vmid, vmids;
	} rows[] = {
		{ 0x10, 2, 0x1234, 4 },  { 0x12, 4, 0x1230, 16 }, { 0x58, 2, 0x1234, 4 },
		{ 0x5a, 4, 0x1230, 16 }, { 0x28, 2, 0x1234, 4 },  { 0x2a, 4, 0x1230, 16 },
		{ 0x5a, 0, 0x1237, 1 },
	};
	const struct states states = states_of("max", NULL, 0);
	const struct command_rules rules = rules_of(&states, BANK_S);

	for (int i = 0; i < COUNT(rows); i++) {
		const struct cmd cmd = { { rows[i].opcode | SID } };
		const struct command_controls controls = { .vmw = rows[i].vmw };
		const struct smmu3_invalidation got = command_scope(&rules, controls, &cmd);

		ck_assert_uint_eq(got.vmid, rows[i].vmid);
		ck_assert_uint_eq(got.vmids, rows[i].vmids);
	}
}
END_TEST

/* RIL-003 to RIL-005, CMD-TLBI-EL3-VA, CMD-TLBI-S-EL2-VA, CMD-TLBI-S-EL2-VAA, CMD-TLBI-S-S2-IPA:
 * 4 * 2^2 granules of 16KB */
START_TEST(a_range_of_a_secure_command_covers_its_granules)
{
	static const unsigned opcodes[] = { 0x12, 0x13, 0x1a, 0x52, 0x53, 0x5a };
	const struct states states = states_of("max", NULL, 0);
	const struct command_rules rules = rules_of(&states, BANK_S);

	for (int i = 0; i < COUNT(opcodes); i++) {
		const struct cmd cmd = { { opcodes[i] | 3 << 12 | 2 << 20, 0x40000000 | 2 << 10 } };
		const struct command_controls controls = { 0 };
		const struct smmu3_invalidation got = command_scope(&rules, controls, &cmd);

		ck_assert_uint_eq(got.addr, 0x40000000);
		ck_assert_uint_eq(got.bytes, 0x40000);
	}
}
END_TEST

/* ---- The Realm queue ---- */

/* CMD-TLBI-R, CMD-CFGI-SEC, RLM-004, CMD-DPTI-ALL, TLB-08 */
static const struct row realm[] = {
	{ 0x10 | TAGS, ADDR | LEAF, false, OF(S1, REALM, EL1, BY_VMID, ANY_ASID) },
	{ 0x12 | TAGS, ADDR | LEAF, false, OF(S1, REALM, EL1, BY_VMID, BY_ASID, PAGE) },
	{ 0x20 | TAGS, ADDR | LEAF, false, OF(S1, REALM, EL2 | E2H, ANY_VMID, ANY_ASID) },
	{ 0x21 | TAGS, ADDR | LEAF, false, OF(S1, REALM, E2H, ANY_VMID, BY_ASID) },
	{ 0x22 | TAGS, ADDR | LEAF, true, OF(S1, REALM, E2H, ANY_VMID, BY_ASID, PAGE) },
	{ 0x23 | TAGS, ADDR | LEAF, false, OF(S1, REALM, EL2, ANY_VMID, ANY_ASID, PAGE) },
	{ 0x28 | TAGS, ADDR | LEAF, false, OF(BOTH, REALM, EL1, BY_VMID, ANY_ASID) },
	{ 0x2a | TAGS, IPA | LEAF, false, OF(S2, REALM, EL1, BY_VMID, ANY_ASID, IPA_PAGE) },
	{ 0x30 | TAGS, ADDR | LEAF, false, OF(BOTH, REALM, EL1, ANY_VMID, ANY_ASID) },
	{ 0x03 | SID, 0, false, STREAMS_OF(REALM, .sid = 0x1237, .sids = 1) },
	{ 0x04 | SID, 31, false, STREAMS_OF(REALM, .sids = UINT64_C(1) << 32) },
	{ 0x05 | SID, 0, false, CDS_OF(REALM, .sid = 0x1237, .sids = 1) },
	{ 0x70, 0, false, OF(DPT, REALM, 0, ANY_VMID, ANY_ASID) },
};

START_TEST(the_realm_queue_invalidates_what_is_realm_alone)
{
	const struct states states = states_of("max-realm", NULL, 0);

	expect_row(&states, BANK_R, &realm[_i]);
}
END_TEST

/* ---- ATS and the DPT ---- */

/* CMD-DPTI-ALL, CMD-DPTI-PA, SEC-017: from the Secure queue Non-secure permissions go */
START_TEST(the_secure_queue_invalidates_the_non_secure_dpt)
{
	static const struct row rows[] = {
		{ 0x70, 0, false, OF(DPT, NS, 0, ANY_VMID, ANY_ASID) },
		{ 0x73, 0x10000 | 2 << 8 | LEAF, false,
		  OF(DPT, NS, 0, ANY_VMID, ANY_ASID, .addr = 0x10000, .bytes = 0x10000,
		     .leaf = 1) },
	};
	const struct states states = states_of("max-realm", NULL, 0);

	for (int i = 0; i < COUNT(rows); i++)
		expect_row(&states, BANK_S, &rows[i]);
}
END_TEST

/* CMD-ATC-INV-4, SEC-017: a StreamID of CMD_ATC_INV is never Secure */
START_TEST(an_atc_is_of_no_secure_stream)
{
	static const uint8_t sec_sid[BANKS] = { NS, NS, REALM };
	const struct states states = states_of("max-realm", NULL, 0);
	const struct cmd cmd = { { 0x40 | SSEC | SID, ADDR } };

	for (unsigned queue = 0; queue < BANKS; queue++) {
		const struct command_rules rules = rules_of(&states, (enum bank)queue);
		const struct smmu3_atc_invalidation got = command_atc(&rules, &cmd);

		ck_assert_uint_eq(got.sec_sid, sec_sid[queue]);
		ck_assert_uint_eq(got.sid, 0x1237);
		ck_assert_uint_eq(got.addr, ADDR);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, the_secure_queue_invalidates_translations_of_both_states, 0,
			    COUNT(secure_translations));
	tcase_add_test(tests, a_secure_ipa_is_of_one_of_two_spaces);
	tcase_add_loop_test(tests, without_secure_stage_2_every_secure_vmid_is_meant, 0,
			    COUNT(without_sel2));
	tcase_add_loop_test(tests,
			    the_secure_queue_invalidates_structures_of_the_state_that_ssec_says, 0,
			    COUNT(structures));
	tcase_add_test(tests, vmw_is_that_of_the_state_acted_upon);
	tcase_add_test(tests, a_range_of_a_secure_command_covers_its_granules);
	tcase_add_loop_test(tests, the_realm_queue_invalidates_what_is_realm_alone, 0,
			    COUNT(realm));
	tcase_add_test(tests, the_secure_queue_invalidates_the_non_secure_dpt);
	tcase_add_test(tests, an_atc_is_of_no_secure_stream);
}

int main(void)
{
	return run("state_scopes", add);
}
