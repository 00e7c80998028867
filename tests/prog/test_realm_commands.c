/* SPDX-License-Identifier: MIT */
/* Commands of the Realm queue at work: on Realm state alone; and that no other queue reaches it.
 * 3.10.3, 4.1.6 */
#include "blob.h"
#include "realm.h"
#include "run.h"
#include "waiting.h"

#include <check.h>
#include <string.h>

/* With parameters that are legal for all: StreamID or VMID 3, Range 31, an address, CS = SIG_NONE,
 * SIZE of 4KB. */
static struct command command_of(unsigned opcode)
{
	return (struct command){ { opcode | UINT64_C(3) << 32, opcode == 0x04 ? 31 : 0x4000 } };
}

/* All that was asked of them, so that no CMD_SYNC waits. */
static void answer_endpoints(struct machine *m)
{
	for (unsigned i = 0; i < m->seen_count; i++)
		if (m->seen[i].kind == INVALIDATES_ATC)
			(void)smmu3_atc_complete(m->smmu, m->seen[i].atc.tag, SMMU3_ATC_DONE);
}

/* What stands at the head of a queue gives way to a command that does nothing. */
static void skip_realm(struct machine *m)
{
	memcpy(realm_at(m, command_at(m, m->r_prod - 1)), PREFETCH.word, 16);
	set_realm(m, GERRORN, realm_reg(m, GERROR));
}

/* ---- Which there are ---- */

/* Opcodes that the Realm queue takes of an SMMU without MPAM.  4.1.1 */
static bool is_realm_command(unsigned opcode)
{
	static const uint8_t opcodes[] = {
		0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x10, 0x11, 0x12, 0x13, 0x20,
		0x21, 0x22, 0x23, 0x28, 0x2a, 0x30, 0x40, 0x41, 0x46, 0x70, 0x73,
	};

	return memchr(opcodes, (int)opcode, sizeof(opcodes)) != NULL;
}

/* CMD-TLBI-R, RLM-003, RLM-004, CMD-RESUME-1, CMD-STALL-TERM: of all opcodes; what is not one of
 * them, those of EL3, of the Secure state and of stalls among them, is CERROR_ILL */
START_TEST(the_realm_queue_takes_the_commands_that_it_has)
{
	struct machine *m = realm_started();

	m->quiet = true;
	for (unsigned opcode = 0; opcode < 256; opcode++) {
		submit_realm(m, command_of(opcode));
		const bool failed = realm_reg(m, GERROR) != realm_reg(m, GERRORN);

		if (failed == is_realm_command(opcode) ||
		    (failed && realm_reg(m, CMDQ_CONS) >> 24 != CERROR_ILL))
			ck_abort_msg("opcode 0x%02x", opcode);
		if (failed)
			skip_realm(m);
		if (opcode == 0x40)
			answer_endpoints(m);
		ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), m->r_prod);
	}
	ck_assert_uint_eq(reg(m, GERROR), 0);
	ck_assert_uint_eq(secure_reg(m, GERROR), 0);
	close_machine(m);
}
END_TEST

/* RLM-004, CMDQ-016: SSec = 1 is CERROR_ILL in each command that has it; in the others the bit is
 * not looked at */
START_TEST(ssec_is_illegal_on_the_realm_queue)
{
	struct machine *m = realm_started();

	m->quiet = true;
	for (unsigned opcode = 0; opcode < 256; opcode++) {
		struct command command = command_of(opcode);

		if (!is_realm_command(opcode))
			continue;
		command.word[0] |= SSEC;
		submit_realm(m, command);
		const bool failed = realm_reg(m, GERROR) != realm_reg(m, GERRORN);

		if (failed != (opcode <= 0x06))
			ck_abort_msg("opcode 0x%02x", opcode);
		if (failed)
			skip_realm(m);
	}
	close_machine(m);
}
END_TEST

/* CMD-ATC-INV-1, CMD-DPTI-ALL, CMD-PRI-RESP: of an SMMU without Realm ATS the Realm queue has no
 * commands about it */
START_TEST(without_realm_ats_its_commands_are_illegal)
{
	static const uint8_t opcodes[] = { 0x40, 0x41, 0x70, 0x73 };
	struct machine *m = realm_machine();

	m->config.idr[0] &= ~(1u << 10 | 1u << 16 | 1u << 23); /* ATS, PRI, ATSRECERR */
	m->config.idr[3] &= ~(1u << 5 | 1u << 15 | 1u << 16);  /* PPS, DPT, PASIDTT */
	m->config.r_idr[0] = 1u << 24 | 1u << 13;
	m->config.r_idr[3] = 1u << 16;
	start_realm_machine(m);
	for (unsigned i = 0; i < 4; i++) {
		submit_realm(m, command_of(opcodes[i]));
		ck_assert_uint_eq(realm_reg(m, CMDQ_CONS) >> 24, CERROR_ILL);
		skip_realm(m);
	}
	close_machine(m);
}
END_TEST

/* ---- What they act on ---- */

/* RLM-004, CMD-TLBI-R, CMD-CFGI-SEC: what each is about, and whose: always what is Realm */
START_TEST(an_invalidation_of_the_realm_queue_is_of_what_is_realm)
{
	static const struct {
		uint8_t opcode, kind, worlds;
	} rows[] = {
		{ 0x03, SMMU3_INVALIDATES_STREAM, 0 },
		{ 0x04, SMMU3_INVALIDATES_STREAM, 0 },
		{ 0x05, SMMU3_INVALIDATES_CONTEXT, 0 },
		{ 0x06, SMMU3_INVALIDATES_CONTEXT, 0 },
		{ 0x10, SMMU3_INVALIDATES_STAGE1, SMMU3_WORLD_EL1 },
		{ 0x11, SMMU3_INVALIDATES_STAGE1, SMMU3_WORLD_EL1 },
		{ 0x12, SMMU3_INVALIDATES_STAGE1, SMMU3_WORLD_EL1 },
		{ 0x13, SMMU3_INVALIDATES_STAGE1, SMMU3_WORLD_EL1 },
		{ 0x20, SMMU3_INVALIDATES_STAGE1, SMMU3_WORLD_EL2 | SMMU3_WORLD_EL2_E2H },
		{ 0x21, SMMU3_INVALIDATES_STAGE1, SMMU3_WORLD_EL2_E2H },
		{ 0x22, SMMU3_INVALIDATES_STAGE1, SMMU3_WORLD_EL2 },
		{ 0x23, SMMU3_INVALIDATES_STAGE1, SMMU3_WORLD_EL2 },
		{ 0x28, SMMU3_INVALIDATES_STAGES, SMMU3_WORLD_EL1 },
		{ 0x2a, SMMU3_INVALIDATES_STAGE2, SMMU3_WORLD_EL1 },
		{ 0x30, SMMU3_INVALIDATES_STAGES, SMMU3_WORLD_EL1 },
		{ 0x70, SMMU3_INVALIDATES_DPT, 0 },
		{ 0x73, SMMU3_INVALIDATES_DPT, 0 },
	};
	struct machine *m = realm_started();

	for (int i = 0; i < COUNT(rows); i++) {
		look_away(m);
		submit_realm(m, command_of(rows[i].opcode));
		const struct smmu3_invalidation *scope = &nth(m, 1, INVALIDATES)->scope;

		ck_assert_uint_eq(scope->kind, rows[i].kind);
		ck_assert_uint_eq(scope->sec_sid, SMMU3_PAS_REALM);
		ck_assert_uint_eq(scope->ipa_pas, SMMU3_PAS_REALM);
		ck_assert_uint_eq(scope->worlds & 0xf, rows[i].worlds);
	}
	close_machine(m);
}
END_TEST

/* CMD-TLBI-EL2-1, CMD-010, 6.3.128, 6.3.131: E2H and VMW are those of the Realm registers */
START_TEST(an_invalidation_reads_the_realm_registers)
{
	enum { VMW_2 = 2 << 6, E2H = 1 };
	struct machine *m = realm_machine();

	open_realm_machine(m);
	set_realm(m, CR2, E2H);
	set_realm(m, CR0, REALM_ON | VMW_2);
	look_away(m);
	submit_realm(m, command_of(0x22));
	ck_assert_uint_eq(nth(m, 1, INVALIDATES)->scope.worlds, SMMU3_WORLD_EL2_E2H);
	submit_realm(m, (struct command){ { 0x28 | UINT64_C(6) << 32, 0 } });
	ck_assert_uint_eq(nth(m, 3, INVALIDATES)->scope.vmids, 4);
	ck_assert_uint_eq(nth(m, 3, INVALIDATES)->scope.vmid, 4);
	submit_realm(m, sync_irq(DOORBELL, 1));
	ck_assert_uint_eq(nth(m, 5, WRITES)->access.reason, SMMU3_REASON_MSI);
	close_machine(m);
}
END_TEST

static void expect_nothing_realm(const struct machine *m)
{
	for (unsigned i = 0; i < m->seen_count && i < HAPPENINGS; i++) {
		const struct happening *now = &m->seen[i];

		if (now->scope.sec_sid == SMMU3_PAS_REALM || now->atc.sec_sid == SMMU3_PAS_REALM ||
		    now->response.sec_sid == SMMU3_PAS_REALM || now->access.pas == SMMU3_PAS_REALM)
			ck_abort_msg("callback %u is about what is Realm", i);
	}
}

/* RLM-004, 3.10.3: whatever opcode, with SSec and without */
START_TEST(no_other_queue_reaches_what_is_realm)
{
	struct machine *m = realm_started();

	m->quiet = true;
	for (unsigned i = 0; i < 512; i++) {
		struct command command = command_of(i % 256);

		command.word[0] |= i & 256 ? SSEC : 0;
		submit(m, command);
		memcpy(ram_at(m, command_at(m, m->prod - 1)), PREFETCH.word, 16);
		set_reg(m, GERRORN, reg(m, GERROR));
		submit_secure(m, command);
		memcpy(secure_at(m, command_at(m, m->s_prod - 1)), PREFETCH.word, 16);
		set_secure(m, GERRORN, secure_reg(m, GERROR));
		if (i % 256 == 0x40)
			answer_endpoints(m);
	}
	ck_assert_uint_eq(reg(m, CMDQ_CONS) & 0xff, m->prod);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS) & 0xff, m->s_prod);
	ck_assert_uint_gt(count(m, INVALIDATES), 40);
	ck_assert_uint_lt(m->seen_count, HAPPENINGS);
	expect_nothing_realm(m);
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), 0);
	ck_assert_uint_eq(realm_reg(m, GERROR), 0);
	close_machine(m);
}
END_TEST

/* ---- Endpoints ---- */

static struct command atc_inv(uint32_t sid)
{
	return (struct command){ { 0x40 | (uint64_t)sid << 32, 52 } };
}

static const struct smmu3_atc_invalidation *nth_atc(const struct machine *m, unsigned n)
{
	for (unsigned i = 0; i < m->seen_count; i++)
		if (m->seen[i].kind == INVALIDATES_ATC && n-- == 0)
			return &m->seen[i].atc;
	ck_abort_msg("fewer ATCs were asked");
	return NULL;
}

/* CMD-ATC-INV-4, CMD-SYNC-14: Realm endpoints are asked, and a CMD_SYNC waits for those that its
 * own queue asked; no two have one tag */
START_TEST(the_realm_queue_waits_for_realm_endpoints)
{
	struct machine *m = realm_started();

	submit(m, atc_inv(1));
	submit_secure(m, atc_inv(1));
	submit_realm(m, atc_inv(1));
	submit_realm(m, SYNC_NONE);
	ck_assert_uint_eq(nth_atc(m, 2)->sid, 1);
	ck_assert_uint_eq(nth_atc(m, 2)->sec_sid, SMMU3_PAS_REALM);
	ck_assert_uint_ne(nth_atc(m, 2)->tag, nth_atc(m, 0)->tag);
	ck_assert_uint_ne(nth_atc(m, 2)->tag, nth_atc(m, 1)->tag);
	reload(m);
	for (unsigned i = 0; i < 2; i++)
		ck_assert_int_eq(smmu3_atc_complete(m->smmu, nth_atc(m, i)->tag, SMMU3_ATC_DONE),
				 0);
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), 1);
	ck_assert_int_eq(smmu3_atc_complete(m->smmu, nth_atc(m, 2)->tag, SMMU3_ATC_DONE), 0);
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), 2);
	ck_assert_int_eq(smmu3_atc_complete(m->smmu, nth_atc(m, 2)->tag, SMMU3_ATC_DONE),
			 -SMMU3_E_NOT_FOUND);
	close_machine(m);
}
END_TEST

/* CMD-SYNC-14, GER-009: one that times out fails the CMD_SYNC of the Realm queue */
START_TEST(a_realm_endpoint_that_times_out_fails_the_realm_queue)
{
	struct machine *m = realm_started();

	submit_realm(m, atc_inv(2));
	ck_assert_int_eq(smmu3_atc_complete(m->smmu, nth_atc(m, 0)->tag, SMMU3_ATC_TIMED_OUT), 0);
	submit(m, SYNC_NONE);
	submit_secure(m, SYNC_NONE);
	submit_realm(m, SYNC_NONE);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	ck_assert_uint_eq(secure_reg(m, GERROR), 0);
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), CERROR_ATC_INV_SYNC << 24 | 1);
	close_machine(m);
}
END_TEST

/* 4.5.1: an endpoint is asked while the Realm state is enabled */
START_TEST(realm_endpoints_are_asked_while_the_realm_state_is_enabled)
{
	struct machine *m = realm_started();

	set_realm(m, CR0, CMDQEN);
	submit_realm(m, atc_inv(1));
	ck_assert_uint_eq(count(m, INVALIDATES_ATC), 0);
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), 1);
	set_realm(m, CR0, CMDQEN | SMMUEN);
	update(m, CR0, 0);
	submit_realm(m, atc_inv(1));
	ck_assert_uint_eq(count(m, INVALIDATES_ATC), 1);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, the_realm_queue_takes_the_commands_that_it_has);
	tcase_add_test(tests, ssec_is_illegal_on_the_realm_queue);
	tcase_add_test(tests, without_realm_ats_its_commands_are_illegal);
	tcase_add_test(tests, an_invalidation_of_the_realm_queue_is_of_what_is_realm);
	tcase_add_test(tests, an_invalidation_reads_the_realm_registers);
	tcase_add_test(tests, no_other_queue_reaches_what_is_realm);
	tcase_add_test(tests, the_realm_queue_waits_for_realm_endpoints);
	tcase_add_test(tests, a_realm_endpoint_that_times_out_fails_the_realm_queue);
	tcase_add_test(tests, realm_endpoints_are_asked_while_the_realm_state_is_enabled);
}

int main(void)
{
	return run("realm-commands", add);
}
