/* SPDX-License-Identifier: MIT */
/* What is saved of the Realm programming interface, what comes of it, and what is refused.
 * docs/save.md */
#include "change.h"
#include "realm.h"
#include "run.h"
#include "waiting.h"

#include <check.h>
#include <string.h>

/* RLM-001, RLM-009, REG-021: registers of both Realm pages survive */
START_TEST(realm_registers_survive_a_load)
{
	struct machine *m = realm_machine();

	open_realm_machine(m);
	set_realm(m, R_GMECID, 0xbeef);
	set_realm64(m, R_DPT_BASE, RAM_AT);
	set_realm64(m, PRIQ_IRQ_CFG0, UINT64_C(1) << 63 | DOORBELL);
	set_realm(m, EVENTQ_PROD, 5);
	set_realm(m, EVENTQ_CONS, 0x80000005);
	set_realm(m, CR0, REALM_ON | 1 << 10);
	reload(m);
	ck_assert_uint_eq(realm_reg64(m, CR0), UINT64_C(0x0000041f0000041f));
	ck_assert_uint_eq(realm_reg(m, R_GMECID), 0xbeef);
	ck_assert_uint_eq(realm_reg64(m, R_DPT_BASE), RAM_AT);
	ck_assert_uint_eq(realm_reg64(m, PRIQ_IRQ_CFG0), UINT64_C(1) << 63 | DOORBELL);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_CONS), 0x80000005);
	ck_assert_uint_eq(reg64(m, CR0), 0);
	realm_fault(m, 1);
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_EVENTQ)->access.mecid, 0xbeef);
	close_machine(m);
}
END_TEST

/* Q-018, GER-009: errors, their reason, and what stands still for them */
START_TEST(realm_errors_are_active_after_a_load)
{
	struct machine *m = realm_started();

	m->aborts[0] = EVENTS_AT;
	realm_fault(m, 1);
	m->aborts[0] = 0;
	submit_realm(m, ILLEGAL);
	reload(m);
	ck_assert_uint_eq(realm_reg(m, GERROR), CMDQ_ERR | EVENTQ_ABT_ERR);
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), CERROR_ILL << 24);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	(void)realm_read(m, 1);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), 0);
	memcpy(realm_at(m, COMMANDS_AT), PREFETCH.word, 16);
	set_realm(m, GERRORN, CMDQ_ERR | EVENTQ_ABT_ERR);
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), 1);
	realm_fault(m, 1);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), 1);
	close_machine(m);
}
END_TEST

/* SEC-019, 4.7.3: whose turn it is, of three */
START_TEST(three_queues_take_turns_where_they_left_off)
{
	static const char spaces[] = "nsr";
	struct machine *m = realm_started();

	if (_i == 0)
		submit(m, PREFETCH);
	if (_i == 1)
		submit_secure(m, PREFETCH);
	if (_i == 2)
		submit_realm(m, PREFETCH);
	pause_work(m);
	for (unsigned i = 0; i < 3; i++) {
		submit(m, PREFETCH);
		submit_secure(m, PREFETCH);
		submit_realm(m, PREFETCH);
	}
	for (unsigned i = 0; i < 9; i++) {
		do_acts(m, 0);
		reload(m);
		look_away(m);
		do_acts(m, 1);
		ck_assert_int_eq(spaces_of(m, SMMU3_REASON_CMDQ)[0],
				 spaces[((unsigned)_i + 1 + i) % 3]);
		pause_work(m);
	}
	do_acts(m, 0);
	close_machine(m);
}
END_TEST

/* 7.2, 3.18: what is due, a record, an interrupt, an invalidation that is announced */
START_TEST(what_is_due_of_a_realm_interface_is_done_after_a_load)
{
	struct machine *m = realm_started();

	set_realm(m, IRQ_CTRL, EVENTQ_IRQEN | GERROR_IRQEN);
	pause_work(m);
	realm_fault(m, 1);
	submit_realm(m, CFGI_ALL);
	do_acts(m, (unsigned)_i);
	const struct blob before = saved(m);

	renew(m);
	load(m, &before);
	const struct blob after = saved(m);

	ck_assert(same_blob(&before, &after));
	(void)reg(m, CR0);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), 1);
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_R_EVENTQ), 1);
	ck_assert_uint_eq(first(m, INVALIDATES)->scope.sec_sid, SMMU3_PAS_REALM);
	close_machine(m);
}
END_TEST

/* CMD-ATC-INV-4: a Realm endpoint that is to answer needs a host that asks endpoints */
START_TEST(realm_endpoints_answer_to_a_host_that_asks_them)
{
	struct machine *m = realm_started();

	submit_realm(m, (struct command){ { 0x40, 52 } }); /* CMD_ATC_INV */
	const struct blob good = saved(m);

	m->no_atc = true;
	renew(m);
	expect_refused(m, &good, SMMU3_E_ARGUMENT, "endpoints are to answer");
	close_machine(m);
}
END_TEST

/* ---- What no SMMU could have come to ---- */

/* Nothing due, and a tag that was given. */
static struct machine *quiet_realm(struct blob *blob)
{
	struct machine *m = realm_machine();

	start_realm_machine(m);
	set_realm(m, IRQ_CTRL, EVENTQ_IRQEN);
	realm_fault(m, 1);
	submit_realm(m, (struct command){ { 0x40, 52 } }); /* CMD_ATC_INV */
	*blob = saved(m);
	renew(m);
	return m;
}

/* Of RPCI: how many invalidations are not answered, whether an answer is due, page requests. */
enum { LIVE = 9, ANSWER = 10 + 8, PAGES = 12 + 8 };

/* RLM-003, CR-018, GER-009, RLM-004: each in turn, of what is good */
START_TEST(what_is_said_of_a_realm_state_can_be)
{
	static const char range[] = "a number of RWRK is out of range";
	static const char command[] = "the command under way is none";
	static const char interrupt[] = "an interrupt is due that is disabled";
	static const struct change changes[] = {
		{ "RWRK", COMMAND, 8, 0x30, command },
		{ "RWRK", COMMAND, 8, 0x44, command },
		{ "RWRK", UNDER_WAY, 1, 2, command }, /* no stalls to terminate */
		{ "RWRK", UNDER_WAY, 1, 3, command }, /* nor to resume */
		{ "RWRK", UNDER_WAY, 1, 5, range },
		{ "RWRK", PULSES, 1, 2, interrupt },    /* PRI, disabled */
		{ "RWRK", MESSAGES, 1, 8, interrupt },  /* GERROR, disabled */
		{ "RWRK", PULSES, 1, 0x10, interrupt }, /* of performance monitors */
		{ "RWRK", PULSES, 1, 0x20, interrupt }, /* S_EVENTQ, by the host's name */
		{ "RWRK", DISABLING, 1, 1, "stalls are being ended" },
		{ "RWRK", TERMINATE_AT, 2, 1, range },
		{ "RWRK", DISABLE_AT, 2, 1, range },
		{ "RWRK", AHEAD, 2, 1, range },
		{ "RPCI", LIVE, 1, 33, "a number of RPCI" },
		{ "RPCI", ANSWER, 1, 2, "" },
		{ "RPCI", PAGES, 1, 65, "a number of RPCI" },
		{ "TURN", 0, 1, 3, "no queue whose turn it is" },
	};
	struct blob good;
	struct machine *m = quiet_realm(&good);

	for (int i = 0; i < COUNT(changes); i++) {
		struct blob blob = good;

		change(&blob, &changes[i]);
		expect_refused(m, &blob, SMMU3_E_FORMAT, changes[i].why);
	}
	load(m, &good);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), 1);
	close_machine(m);
}
END_TEST

/* RLM-003: no Realm stream stalls, whatever STAL says */
START_TEST(a_stall_is_of_no_realm_stream)
{
	enum { SEC_0 = 5 };
	struct machine *m = realm_machine();

	m->config.idr[5] = (m->config.idr[5] & 0xffff) | 4u << 16;
	make_stream(m, 1, S1_ONLY);
	start_realm_machine(m);
	(void)stall(m, 1, 10);
	const struct blob good = saved(m);
	struct blob wrong = good;

	renew(m);
	change(&wrong, &(const struct change){ "STAL", SEC_0, 1, SMMU3_PAS_REALM, "" });
	expect_refused(m, &wrong, SMMU3_E_FORMAT, "streams that never do");
	load(m, &good);
	close_machine(m);
}
END_TEST

/* Where a row of REGS stands or would stand. */
static size_t place_of(struct blob *blob, uint32_t offset)
{
	const uint8_t *const rows = section(blob, "REGS");
	size_t at = 0;

	while (at < section_bytes(blob, "REGS") &&
	       (number_at(rows + at, 4) < SMMU3_PAS_REALM || number_at(rows + at + 4, 4) < offset))
		at += 16;
	return at;
}

static void put_realm_row(struct blob *blob, uint32_t offset, uint64_t value)
{
	const size_t at = place_of(blob, offset);
	uint8_t row[16] = { 0 };

	put_at(row, SMMU3_PAS_REALM, 4);
	put_at(row + 4, offset, 4);
	put_at(row + 8, value, 8);
	if (at < section_bytes(blob, "REGS") &&
	    number_at(section(blob, "REGS") + at + 4, 4) == offset)
		cut(blob, "REGS", at, 16);
	insert(blob, "REGS", at, row, sizeof(row));
	seal(blob);
}

/* CR-003, GBP-008, REG-011, RLM-009: registers and bits that the Realm bank does not have */
START_TEST(a_realm_register_holds_what_it_can)
{
	static const struct {
		uint32_t offset;
		uint64_t value;
	} rows[] = {
		{ 0x18, 1 },        /* IIDR */
		{ 0x20, 0x201f },   /* CR0, a bit more */
		{ 0x3c, 1 },        /* INIT */
		{ 0x44, 0x101000 }, /* GBPA */
		{ 0x100, 1 },       /* GATOS_CTRL */
		{ 0x60, 0x100 },    /* GERROR.SFM_ERR */
		{ 0x228, 0x1beef }, /* GMECID */
		{ 0x220, 0x3 },     /* MECIDR */
		{ 0x20180, 0x1 },   /* VATOS_SEL */
	};
	struct blob good;
	struct machine *m = quiet_realm(&good);

	for (int i = 0; i < COUNT(rows); i++) {
		struct blob blob = good;

		put_realm_row(&blob, rows[i].offset, rows[i].value);
		expect_refused(m, &blob, SMMU3_E_FORMAT, "the Realm register at");
	}
	put_realm_row(&good, 0x228, 0xbeef);
	load(m, &good);
	ck_assert_uint_eq(realm_reg(m, R_GMECID), 0xbeef);
	close_machine(m);
}
END_TEST

/* RLM-001: sections of a Realm state are there with it, and not without */
START_TEST(realm_sections_are_of_smmus_with_a_realm_state)
{
	static const char *const names[] = { "RWRK", "RPCI", "TURN" };
	struct blob good;
	struct machine *m = quiet_realm(&good);

	for (int i = 0; i < COUNT(names); i++) {
		struct blob without = good;
		uint8_t *const head = section(&without, names[i]) - 12;
		const size_t bytes = 12 + section_bytes(&without, names[i]);

		memmove(head, head + bytes, (size_t)(without.at + without.size - head) - bytes);
		without.size -= bytes;
		seal(&without);
		ck_assert_int_lt(smmu3_load(m->smmu, without.at, without.size, NULL), 0);
	}
	close_machine(m);
}
END_TEST

/* SEC-001: of a Realm state without a Secure one the turn is never the Secure queue's */
START_TEST(a_turn_is_of_a_state_that_there_is)
{
	struct machine *m = realm_machine();

	memset(m->config.s_idr, 0, sizeof(m->config.s_idr));
	m->quiet = true;
	open_machine(m);
	open_realm_queues(m);
	set_realm(m, CR0, REALM_ON);
	submit_realm(m, PREFETCH);
	struct blob good = saved(m), wrong = good;

	ck_assert_uint_eq(section(&good, "TURN")[0], SMMU3_PAS_REALM);
	change(&wrong, &(const struct change){ "TURN", 0, 1, SMMU3_PAS_SECURE, "" });
	expect_refused(m, &wrong, SMMU3_E_FORMAT, "no queue whose turn it is");
	load(m, &good);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, realm_registers_survive_a_load);
	tcase_add_test(tests, realm_errors_are_active_after_a_load);
	tcase_add_loop_test(tests, three_queues_take_turns_where_they_left_off, 0, 3);
	tcase_add_loop_test(tests, what_is_due_of_a_realm_interface_is_done_after_a_load, 0, 5);
	tcase_add_test(tests, realm_endpoints_answer_to_a_host_that_asks_them);
	tcase_add_test(tests, what_is_said_of_a_realm_state_can_be);
	tcase_add_test(tests, a_stall_is_of_no_realm_stream);
	tcase_add_test(tests, a_realm_register_holds_what_it_can);
	tcase_add_test(tests, realm_sections_are_of_smmus_with_a_realm_state);
	tcase_add_test(tests, a_turn_is_of_a_state_that_there_is);
}

int main(void)
{
	return run("save-realm", add);
}
