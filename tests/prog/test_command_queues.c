/* SPDX-License-Identifier: MIT */
/* Which commands each Security state's queue takes, and on whose state they act.  4.1.6, 4.4 */
#include "run.h"
#include "states.h"

#include <check.h>

enum { SSEC = 1 << 10 };

static bool legal(const struct command_rules *rules, uint64_t word0, uint64_t word1)
{
	const struct cmd cmd = { { word0, word1 } };

	return command_effect(rules, &cmd) != EFFECT_ILLEGAL;
}

/* ---- Opcodes ---- */

#define ONE(n) (UINT64_C(1) << ((n) % 64))

/* Below 0x40 */
#define STREAMS (ONE(0x01) | ONE(0x02) | ONE(0x03) | ONE(0x04) | ONE(0x05) | ONE(0x06))
#define VMS ONE(0x07)
#define NH (ONE(0x10) | ONE(0x11) | ONE(0x12) | ONE(0x13))
#define EL3 (ONE(0x18) | ONE(0x1a))
#define EL2 (ONE(0x20) | ONE(0x21) | ONE(0x22) | ONE(0x23))
#define STAGE2 (ONE(0x28) | ONE(0x2a))
#define NSNH ONE(0x30)
/* From 0x40 */
#define ATS ONE(0x40)
#define PRI ONE(0x41)
#define STALLS (ONE(0x44) | ONE(0x45))
#define SYNC ONE(0x46)
#define SECURE_EL2 (ONE(0x50) | ONE(0x51) | ONE(0x52) | ONE(0x53))
#define SECURE_STAGE2 (ONE(0x58) | ONE(0x5a) | ONE(0x60))
#define DPT (ONE(0x70) | ONE(0x73))

/* What an SMMU of both stages with EL2 and MPAM has on every queue, in any state. */
#define EVERY_QUEUE (STREAMS | VMS | NH | EL2 | STAGE2 | NSNH)

#define WITHOUT_SEL2 EDIT(s_idr[1], 1u << 29, 0)
#define WITHOUT_STALLS EDIT(s_idr[0], 0, 1u << 24)
#define WITH_SAMS EDIT(s_idr[3], 0, 1u << 6)
#define WITHOUT_ATS EDIT(idr[0], 1u << 10, 0)
#define WITHOUT_PRI EDIT(idr[0], 1u << 16, 0)
#define WITHOUT_HYP EDIT(idr[0], 1u << 9, 0)
#define WITHOUT_S2 EDIT(idr[0], 1u << 0 | 1u << 9, 0)
#define WITHOUT_DPT EDIT(idr[3], 1u << 15, 0)
#define REALM_WITHOUT_DPT EDIT(r_idr[3], 1u << 15, 0)
#define REALM_WITHOUT_ATS EDIT(r_idr[0], 1u << 10 | 1u << 16, 0)

/* Opcodes that are legal with every parameter 0; what exceeds 0x7f never is. */
static const struct opcodes {
	const char *profile;
	struct edit edits[EDITS];
	enum bank queue;
	uint64_t legal[2]; /* 0x00 to 0x3f, 0x40 to 0x7f */
} opcodes[] = {
	/* max: everything but RME and the DPT */
	{ "max", { { 0 } }, BANK_NS, { EVERY_QUEUE, ATS | PRI | STALLS | SYNC } },
	{ "max",
	  { { 0 } },
	  BANK_S,
	  { EVERY_QUEUE | EL3, ATS | PRI | STALLS | SYNC | SECURE_EL2 | SECURE_STAGE2 } },
	/* what is Non-secure stays legal on the Secure queue whatever the Secure state has */
	{ "max", { WITHOUT_SEL2 }, BANK_S, { EVERY_QUEUE | EL3, ATS | PRI | STALLS | SYNC } },
	{ "max", { WITHOUT_SEL2 }, BANK_NS, { EVERY_QUEUE, ATS | PRI | STALLS | SYNC } },
	/* and what the Non-secure state has not is on no queue */
	{ "max",
	  { WITHOUT_HYP, WITHOUT_SEL2 },
	  BANK_S,
	  { (EVERY_QUEUE & ~EL2) | EL3, ATS | PRI | STALLS | SYNC } },
	{ "max",
	  { WITHOUT_S2, WITHOUT_SEL2 },
	  BANK_S,
	  { STREAMS | NH | NSNH | EL3, ATS | PRI | STALLS | SYNC } },
	{ "max",
	  { WITHOUT_ATS },
	  BANK_S,
	  { EVERY_QUEUE | EL3, PRI | STALLS | SYNC | SECURE_EL2 | SECURE_STAGE2 } },
	{ "max",
	  { WITHOUT_PRI },
	  BANK_S,
	  { EVERY_QUEUE | EL3, ATS | STALLS | SYNC | SECURE_EL2 | SECURE_STAGE2 } },
	/* SAMS is about the Secure queue alone */
	{ "max",
	  { WITH_SAMS },
	  BANK_S,
	  { EVERY_QUEUE | EL3, STALLS | SYNC | SECURE_EL2 | SECURE_STAGE2 } },
	{ "max", { WITH_SAMS }, BANK_NS, { EVERY_QUEUE, ATS | PRI | STALLS | SYNC } },
	{ "max", { WITHOUT_STALLS }, BANK_NS, { EVERY_QUEUE, ATS | PRI | SYNC } },
	{ "max",
	  { WITHOUT_STALLS },
	  BANK_S,
	  { EVERY_QUEUE | EL3, ATS | PRI | SYNC | SECURE_EL2 | SECURE_STAGE2 } },
	/* max-realm: RME, the DPT of both states, no EL3 */
	{ "max-realm", { { 0 } }, BANK_NS, { EVERY_QUEUE, ATS | PRI | STALLS | SYNC | DPT } },
	{ "max-realm",
	  { { 0 } },
	  BANK_S,
	  { EVERY_QUEUE, ATS | PRI | STALLS | SYNC | DPT | SECURE_EL2 | SECURE_STAGE2 } },
	{ "max-realm",
	  { WITH_SAMS },
	  BANK_S,
	  { EVERY_QUEUE, STALLS | SYNC | SECURE_EL2 | SECURE_STAGE2 } },
	{ "max-realm",
	  { WITHOUT_DPT },
	  BANK_S,
	  { EVERY_QUEUE, ATS | PRI | STALLS | SYNC | SECURE_EL2 | SECURE_STAGE2 } },
	/* Realm streams do not stall */
	{ "max-realm", { { 0 } }, BANK_R, { EVERY_QUEUE, ATS | PRI | SYNC | DPT } },
	{ "max-realm",
	  { WITHOUT_DPT, WITHOUT_ATS, WITHOUT_PRI },
	  BANK_R,
	  { EVERY_QUEUE, ATS | PRI | SYNC | DPT } },
	{ "max-realm", { REALM_WITHOUT_DPT, REALM_WITHOUT_ATS }, BANK_R, { EVERY_QUEUE, SYNC } },
};

/* CMD-TLBI-S, CMD-TLBI-R, CMD-TLBI-EL3-ALL, CMD-TLBI-EL3-VA, CMD-TLBI-EL2-ALL, CMD-TLBI-S12-VMALL,
 * CMD-TLBI-S2-IPA, CMD-TLBI-NSNH-ALL, CMD-TLBI-S-EL2-ALL, CMD-TLBI-S-EL2-ASID, CMD-TLBI-S-EL2-VA,
 * CMD-TLBI-S-EL2-VAA, CMD-TLBI-S-S12-VMALL, CMD-TLBI-S-S2-IPA, CMD-TLBI-SNH-ALL, CMD-ATC-INV-1,
 * CMD-PRI-RESP-1, CMD-DPTI-1, CMD-RESUME-1, CMD-STALL-TERM, CMD-CFGI-VMS-PIDM, TLB-21, SEC-009,
 * SEC-010, SEC-011, SEC-015, SEC-017, RLM-003 */
START_TEST(a_queue_takes_what_its_state_and_the_target_have)
{
	const struct opcodes *row = &opcodes[_i];
	const struct states states = states_of(row->profile, row->edits, EDITS);
	const struct command_rules rules = rules_of(&states, row->queue);

	for (unsigned opcode = 0; opcode <= 0xff; opcode++)
		ck_assert_msg(legal(&rules, opcode, 0) ==
				      (opcode < 0x80 && row->legal[opcode / 64] & ONE(opcode)),
			      "opcode 0x%02x", opcode);
}
END_TEST

/* ---- SSec ---- */

static const unsigned of_streams[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x44, 0x45 };

/* CMDQ-016, SEC-009, SEC-010, RLM-004: only the Secure queue has Secure StreamIDs */
START_TEST(a_secure_stream_is_named_on_the_secure_queue_alone)
{
	const struct states states = states_of("max", NULL, 0);
	const struct states realm = states_of("max-realm", NULL, 0);
	const struct command_rules ns = rules_of(&states, BANK_NS), s = rules_of(&states, BANK_S),
				   r = rules_of(&realm, BANK_R);

	for (int i = 0; i < COUNT(of_streams); i++) {
		ck_assert(legal(&ns, of_streams[i], 0) && legal(&s, of_streams[i], 0));
		ck_assert(!legal(&ns, of_streams[i] | SSEC, 0));
		ck_assert(legal(&s, of_streams[i] | SSEC, 0));
		ck_assert(!legal(&r, of_streams[i] | SSEC, 0));
	}
	ck_assert(!legal(&ns, 0x04 | SSEC, 31) && legal(&s, 0x04 | SSEC, 31)); /* CMD_CFGI_ALL */
}
END_TEST

/* CMD-CFGI-VMS-PIDM: a VMS needs stage 2 of the state that SSec says; of the Secure one SEL2 */
START_TEST(a_secure_vms_needs_secure_stage_2)
{
	const struct edit without[] = { WITHOUT_SEL2 };
	const struct states states = states_of("max", without, 1);
	const struct command_rules rules = rules_of(&states, BANK_S);

	ck_assert(legal(&rules, 0x07, 0));
	ck_assert(!legal(&rules, 0x07 | SSEC, 0));
}
END_TEST

/* CMDQ-012, CMDQ-014: bit 10 of other commands is reserved, and ignored; a StreamID beyond
 * S_SIDSIZE, here 6, is no error */
START_TEST(what_is_no_parameter_is_not_looked_at)
{
	static const unsigned others[] = { 0x10, 0x11, 0x12, 0x13, 0x18, 0x1a, 0x20, 0x21,
					   0x22, 0x23, 0x28, 0x2a, 0x30, 0x40, 0x41, 0x46,
					   0x50, 0x51, 0x52, 0x53, 0x58, 0x5a, 0x60 };
	const struct edit few_streams[] = { EDIT(s_idr[1], 0x3f, 6) };
	const struct states states = states_of("max", few_streams, 1);
	const struct command_rules rules = rules_of(&states, BANK_S);

	for (int i = 0; i < COUNT(others); i++) {
		const struct cmd plain = { { others[i] } }, odd = { { others[i] | SSEC } };

		ck_assert(legal(&rules, others[i] | SSEC, 0));
		ck_assert_int_eq(command_target(&rules, &odd), command_target(&rules, &plain));
	}
	for (int i = 0; i < COUNT(of_streams); i++)
		ck_assert(legal(&rules, of_streams[i] | SSEC | UINT64_C(64) << 32, 0));
}
END_TEST

/* ---- Whose state ---- */

/* By the Secure queue: SSec = 0, SSec = 1. */
static const struct {
	unsigned opcode;
	enum bank target, with_ssec;
} targets[] = {
	{ 0x01, BANK_NS, BANK_S },  { 0x02, BANK_NS, BANK_S },  { 0x03, BANK_NS, BANK_S },
	{ 0x04, BANK_NS, BANK_S },  { 0x05, BANK_NS, BANK_S },  { 0x06, BANK_NS, BANK_S },
	{ 0x07, BANK_NS, BANK_S },  { 0x44, BANK_NS, BANK_S },  { 0x45, BANK_NS, BANK_S },
	{ 0x10, BANK_S, BANK_S },   { 0x11, BANK_S, BANK_S },   { 0x12, BANK_S, BANK_S },
	{ 0x13, BANK_S, BANK_S },   { 0x18, BANK_S, BANK_S },   { 0x1a, BANK_S, BANK_S },
	{ 0x20, BANK_NS, BANK_NS }, { 0x21, BANK_NS, BANK_NS }, { 0x22, BANK_NS, BANK_NS },
	{ 0x23, BANK_NS, BANK_NS }, { 0x28, BANK_NS, BANK_NS }, { 0x2a, BANK_NS, BANK_NS },
	{ 0x30, BANK_NS, BANK_NS }, { 0x40, BANK_NS, BANK_NS }, { 0x41, BANK_NS, BANK_NS },
	{ 0x46, BANK_S, BANK_S },   { 0x50, BANK_S, BANK_S },   { 0x51, BANK_S, BANK_S },
	{ 0x52, BANK_S, BANK_S },   { 0x53, BANK_S, BANK_S },   { 0x58, BANK_S, BANK_S },
	{ 0x5a, BANK_S, BANK_S },   { 0x60, BANK_S, BANK_S },   { 0x70, BANK_NS, BANK_NS },
	{ 0x73, BANK_NS, BANK_NS },
};

/* CMD-TLBI-S, CMD-CFGI-SEC, CMD-ATC-INV-4, CMD-DPTI-ALL, SEC-009, SEC-010, SEC-017, SEC-018,
 * RLM-004: the Secure queue reaches both states; the others, their own */
START_TEST(a_command_acts_on_one_state)
{
	const struct states states = states_of("max-realm", NULL, 0);
	const struct command_rules ns = rules_of(&states, BANK_NS), s = rules_of(&states, BANK_S),
				   r = rules_of(&states, BANK_R);
	const struct cmd plain = { { targets[_i].opcode } };
	const struct cmd secure = { { targets[_i].opcode | SSEC } };

	ck_assert_int_eq(command_target(&s, &plain), targets[_i].target);
	ck_assert_int_eq(command_target(&s, &secure), targets[_i].with_ssec);
	ck_assert_int_eq(command_target(&ns, &plain), BANK_NS);
	ck_assert_int_eq(command_target(&r, &plain), BANK_R);
}
END_TEST

/* SEC-006, CMD-RESUME-1, CMD-STALL-TERM: S_CR0.NSSTALLD takes the commands of stalls from the
 * Non-secure queue, not from the Secure one, of whichever streams */
START_TEST(nsstalld_is_about_the_non_secure_queue)
{
	struct states states = states_of("max", NULL, 0);
	const struct command_rules ns = rules_of(&states, BANK_NS), s = rules_of(&states, BANK_S);

	states.of[BANK_NS] = features_without_stalls(&states.of[BANK_NS]);
	for (unsigned opcode = 0x44; opcode <= 0x45; opcode++) {
		ck_assert(!legal(&ns, opcode, 0));
		ck_assert(legal(&s, opcode, 0) && legal(&s, opcode | SSEC, 0));
	}
}
END_TEST

/* ---- Parameters ---- */

/* RIL-006, RIL-012, CMD-TLBI-EL3-VA, CMD-TLBI-S-EL2-VA, CMD-TLBI-S-EL2-VAA, CMD-TLBI-S-S2-IPA: TG
 * alone is reserved for every command by address */
START_TEST(a_granule_of_a_secure_command_needs_a_range_or_a_level)
{
	static const unsigned by_address[] = {
		0x12, 0x13, 0x1a, 0x22, 0x23, 0x2a, 0x52, 0x53, 0x5a
	};
	const struct states states = states_of("max", NULL, 0);
	const struct command_rules rules = rules_of(&states, BANK_S);

	for (int i = 0; i < COUNT(by_address); i++) {
		const unsigned opcode = by_address[i];

		ck_assert_msg(!legal(&rules, opcode, 1 << 10), "opcode 0x%02x", opcode);
		ck_assert(legal(&rules, opcode, 1 << 10 | 3 << 8));
		ck_assert(legal(&rules, opcode | 1 << 12, 1 << 10));
		ck_assert(legal(&rules, opcode | 1 << 20, 1 << 10));
	}
}
END_TEST

/* CMD-SYNC-1, CMD-PRI-RESP: what is reserved is ILLEGAL on every queue */
START_TEST(reserved_parameters_are_illegal_on_every_queue)
{
	const struct states states = states_of("max-realm", NULL, 0);

	for (unsigned queue = 0; queue < BANKS; queue++) {
		const struct command_rules rules = rules_of(&states, (enum bank)queue);

		ck_assert(legal(&rules, 0x46 | 2 << 12, 0) && !legal(&rules, 0x46 | 3 << 12, 0));
		ck_assert(legal(&rules, 0x41, 2 << 12) && !legal(&rules, 0x41, 3 << 12));
	}
}
END_TEST

/* ---- Messages ---- */

/* CMD-SYNC-15: MSI_NS, bit 127, is one of the Realm queue alone */
START_TEST(the_message_of_a_sync_goes_to_the_queues_space)
{
	const struct cmd plain = { { 0x46 | 1 << 12, 0x1000 } };
	const struct cmd ns = { { 0x46 | 1 << 12, UINT64_C(1) << 63 | 0x1000 } };

	ck_assert_int_eq(command_message_pas(BANK_NS, &plain), SMMU3_PAS_NS);
	ck_assert_int_eq(command_message_pas(BANK_NS, &ns), SMMU3_PAS_NS);
	ck_assert_int_eq(command_message_pas(BANK_S, &plain), SMMU3_PAS_SECURE);
	ck_assert_int_eq(command_message_pas(BANK_S, &ns), SMMU3_PAS_SECURE);
	ck_assert_int_eq(command_message_pas(BANK_R, &plain), SMMU3_PAS_REALM);
	ck_assert_int_eq(command_message_pas(BANK_R, &ns), SMMU3_PAS_NS);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_queue_takes_what_its_state_and_the_target_have, 0,
			    COUNT(opcodes));
	tcase_add_test(tests, a_secure_stream_is_named_on_the_secure_queue_alone);
	tcase_add_test(tests, a_secure_vms_needs_secure_stage_2);
	tcase_add_test(tests, what_is_no_parameter_is_not_looked_at);
	tcase_add_loop_test(tests, a_command_acts_on_one_state, 0, COUNT(targets));
	tcase_add_test(tests, nsstalld_is_about_the_non_secure_queue);
	tcase_add_test(tests, a_granule_of_a_secure_command_needs_a_range_or_a_level);
	tcase_add_test(tests, reserved_parameters_are_illegal_on_every_queue);
	tcase_add_test(tests, the_message_of_a_sync_goes_to_the_queues_space);
}

int main(void)
{
	return run("command_queues", add);
}
