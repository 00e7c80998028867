/* SPDX-License-Identifier: MIT */
/* The Realm Device Permission Table at its registers: what software is told of it, when it is
 * walked, what is kept of it.  3.24, 6.3.128, 6.3.158 to 6.3.160 */
#include "realm.h"
#include "run.h"

#include <check.h>

enum { DPT_CFG_FAR = 0x210, DPT_WALK_EN = 1 << 10, DPT_ERR = 1 << 10, MECID = 0x77 };
enum { ON = CMDQEN | EVENTQEN | SMMUEN };

#define TABLE_AT (RAM_AT + 0x400000)
#define CFG_36_BITS 1 /* 4KB granules, 1GB a level 0 descriptor */
#define GB UINT64_C(0x40000000)
#define GRANTS UINT64_C(0x09) /* a block, to anybody, for reads */

static uint64_t *entry(struct machine *m, unsigned gb)
{
	return realm_at(m, TABLE_AT + 8 * (uint64_t)gb);
}

/* StreamID 1 of both states: stage 1, EATS 0b11. */
static struct machine *dpt_machine(bool caches)
{
	struct machine *m = realm_machine();

	if (caches)
		m->config.caches.dpt = 16;
	realm_at(m, STREAMS_AT + 64)[0] = ram_at(m, STREAMS_AT + 64)[0] = 1 | 5 << 1 | RAM_AT;
	realm_at(m, STREAMS_AT + 64)[1] = ram_at(m, STREAMS_AT + 64)[1] = UINT64_C(3) << 28 |
									  UINT64_C(1) << 44;
	open_realm_machine(m);
	set_realm64(m, R_DPT_BASE, TABLE_AT);
	set_realm(m, R_DPT_BASE_CFG, CFG_36_BITS);
	set_realm(m, R_GMECID, MECID);
	set_realm(m, IRQ_CTRL, GERROR_IRQEN);
	set_reg(m, CR0, ON | ATSCHK);
	return m;
}

static struct machine *dpt_started(bool caches)
{
	struct machine *m = dpt_machine(caches);

	set_realm(m, CR0, ON | DPT_WALK_EN);
	look_away(m);
	return m;
}

static struct smmu3_outcome translated(struct machine *m, enum smmu3_pas sec_sid, uint64_t addr)
{
	const struct smmu3_txn txn = { .addr = addr,
				       .bytes = 4,
				       .sid = 1,
				       .sec_sid = (uint8_t)sec_sid,
				       .ats = SMMU3_ATS_TRANSLATED };
	struct smmu3_outcome outcome;

	smmu3_translate(m->smmu, &txn, &outcome);
	return outcome;
}

static bool passes(struct machine *m, uint64_t addr)
{
	return translated(m, SMMU3_PAS_REALM, addr).verdict == SMMU3_OK;
}

/* DPTI-003, DPTI-005, GER-001, GER-009: a lookup fault of a Realm stream is told in R_DPT_CFG_FAR
 * and R_GERROR, and recorded in the Realm queue; one of a Non-secure stream elsewhere */
START_TEST(lookup_faults_are_told_to_the_state_of_their_stream)
{
	struct machine *m = dpt_machine(false);

	set_realm(m, CR0, ON);
	look_away(m);
	ck_assert_uint_eq(translated(m, SMMU3_PAS_REALM, GB).event, 0x07);
	ck_assert_uint_eq(realm_reg64(m, DPT_CFG_FAR), GB | 1); /* DPT_DISABLED, level 0 */
	ck_assert_uint_eq(realm_reg(m, GERROR), DPT_ERR);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), 1);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_R_GERROR), 1);
	ck_assert_uint_eq(reg64(m, DPT_CFG_FAR), 0);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	set_realm64(m, DPT_CFG_FAR, 0);
	ck_assert_uint_eq(translated(m, SMMU3_PAS_NS, 2 * GB).event, 0x07);
	ck_assert_uint_eq(reg64(m, DPT_CFG_FAR), (2 * GB) | 1);
	ck_assert_uint_eq(reg(m, GERROR), DPT_ERR);
	ck_assert_uint_eq(realm_reg64(m, DPT_CFG_FAR), 0);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), 1);
	close_machine(m);
}
END_TEST

/* DPTI-001, RLM-002, RLM-010: the table is in Realm memory, with the global MECID */
START_TEST(the_realm_table_is_read_in_realm_memory)
{
	struct machine *m = dpt_started(false);

	*entry(m, 1) = GRANTS;
	ck_assert(passes(m, GB));
	ck_assert(!passes(m, 2 * GB));
	const struct smmu3_mem_access *access = &first_for(m, SMMU3_REASON_DPT)->access;

	ck_assert_uint_eq(access->pa, TABLE_AT + 8);
	ck_assert_uint_eq(access->pas, SMMU3_PAS_REALM);
	ck_assert_uint_eq(access->mecid, MECID);
	close_machine(m);
}
END_TEST

/* CMD-DPTI-ALL, CMD-DPTI-PA, RLM-004: what is kept of the Realm table goes by a command of the
 * Realm queue alone */
START_TEST(what_is_kept_of_the_realm_table_goes_by_realm_commands)
{
	const struct command command = { { _i ? 0x73 : 0x70, _i ? GB | 6 << 8 : 0 } }; /* 1GB */
	struct machine *m = dpt_started(true);

	set_secure(m, CR0, ON);
	*entry(m, 1) = GRANTS;
	ck_assert(passes(m, GB));
	*entry(m, 1) = 0;
	submit(m, command);
	submit_secure(m, command);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 1);
	ck_assert(passes(m, GB));
	submit_realm(m, command);
	ck_assert(!passes(m, GB));
	close_machine(m);
}
END_TEST

/* ---- While it is walked ---- */

static void disable_inside(struct machine *m, const struct happening *now)
{
	if (now->kind != READS || now->access.reason != SMMU3_REASON_DPT)
		return;
	m->inside = NULL;
	set_realm(m, CR0, ON);
	*(uint32_t *)m->context = realm_reg(m, CR0ACK);
}

/* 6.3.128: R_CR0ACK says that walks are disabled when those of Realm streams have ended; CR0ACK of
 * the other interface is as it was */
START_TEST(disabling_realm_walks_is_acknowledged_when_they_have_ended)
{
	uint32_t ack = 0;
	struct machine *m = dpt_started(false);

	*entry(m, 1) = *entry(m, 2) = GRANTS;
	m->inside = disable_inside;
	m->context = &ack;
	ck_assert(passes(m, GB));
	ck_assert_uint_eq(ack, ON | ATSCHK | DPT_WALK_EN);
	ck_assert_uint_eq(realm_reg(m, CR0ACK), ON | ATSCHK);
	ck_assert_uint_eq(reg(m, CR0ACK), ON | ATSCHK);
	ck_assert(!passes(m, 2 * GB)); /* the table is not walked */
	ck_assert_uint_eq(realm_reg64(m, DPT_CFG_FAR), (2 * GB) | 1);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, lookup_faults_are_told_to_the_state_of_their_stream);
	tcase_add_test(tests, the_realm_table_is_read_in_realm_memory);
	tcase_add_loop_test(tests, what_is_kept_of_the_realm_table_goes_by_realm_commands, 0, 2);
	tcase_add_test(tests, disabling_realm_walks_is_acknowledged_when_they_have_ended);
}

int main(void)
{
	return run("realm-dpt", add);
}
