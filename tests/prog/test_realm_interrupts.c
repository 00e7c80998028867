/* SPDX-License-Identifier: MIT */
/* Interrupts, global errors and encryption contexts of the Realm programming interface.  3.18, 7.5,
 * 6.3.139, 6.3.162, 18 */
#include "realm.h"
#include "run.h"

#include <check.h>

/* Where messages go, each to its own, and what they say. */
#define TO(n) (DOORBELL + 64 * (uint64_t)(n))
enum { OF_EVENTQ = 1, OF_PRIQ, OF_GERROR, OF_SYNC };

/* Write-Back, Inner Shareable */
enum { CFG2 = 0xf | 3 << 4 };

#define CFG0_NS (UINT64_C(1) << 63)
#define MSI_NS (UINT64_C(1) << 63) /* of the upper word of a CMD_SYNC */

enum { MECID = 0x5a3c };

/* The messages of Realm sources go to Realm or to Non-secure memory, and have an encryption
 * context. */
static struct machine *with_messages(uint64_t ns)
{
	static const uint32_t cfg0[] = { [OF_EVENTQ] = EVENTQ_IRQ_CFG0,
					 [OF_PRIQ] = PRIQ_IRQ_CFG0,
					 [OF_GERROR] = GERROR_IRQ_CFG0 };
	struct machine *m = realm_machine();

	open_realm_machine(m);
	for (unsigned of = OF_EVENTQ; of <= OF_GERROR; of++) {
		set_realm64(m, cfg0[of], ns | TO(of));
		set_realm(m, cfg0[of] + 8, of);
		set_realm(m, cfg0[of] + 12, CFG2);
	}
	set_realm(m, R_GMECID, MECID);
	set_realm(m, IRQ_CTRL, GERROR_IRQEN | EVENTQ_IRQEN | PRIQ_IRQEN);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	set_secure(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	set_realm(m, CR0, REALM_ON);
	look_away(m);
	return m;
}

static const struct happening *expect_message(struct machine *m, unsigned of, bool ns)
{
	const struct happening *message = first_for(m, SMMU3_REASON_MSI);

	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 1);
	ck_assert_uint_eq(message->access.pa, TO(of));
	ck_assert_uint_eq(message->access.pas, ns ? SMMU3_PAS_NS : SMMU3_PAS_REALM);
	ck_assert_uint_eq(message->access.bytes, 4);
	ck_assert_uint_eq(message->access.attr.sh, SMMU3_ISH);
	ck_assert_uint_eq(message->access.mecid, ns ? 0 : MECID);
	ck_assert_uint_eq(*realm_at(m, TO(of)), ns ? 0 : of);
	ck_assert_uint_eq(*ram_at(m, TO(of)), ns ? of : 0);
	return message;
}

static void expect_pulse(const struct machine *m, enum smmu3_interrupt interrupt)
{
	ck_assert_uint_eq(pulses(m, interrupt), 1);
	ck_assert_uint_eq(count(m, INTERRUPT), 1);
}

static void request_page(struct machine *m)
{
	const struct smmu3_page_request page = {
		.addr = 0x7000, .sid = 9, .flags = SMMU3_PAGE_READ, .sec_sid = SMMU3_PAS_REALM
	};

	ck_assert_int_eq(smmu3_page_request(m->smmu, &page), 0);
}

/* ---- Wires and messages ---- */

/* IRQ-001, IRQ-010, IRC-004, RLM-002, RLM-010: Realm sources have wires of their own; their
 * messages go to the PA space that NS says, with GMECID only to that of Realm, after what they tell
 * of is there */
START_TEST(a_realm_record_interrupts_the_realm_world)
{
	struct machine *m = with_messages(_i ? CFG0_NS : 0);

	realm_fault(m, 1);
	ck_assert_uint_eq(expect_message(m, OF_EVENTQ, _i)->r_eventq_prod, 1);
	expect_pulse(m, SMMU3_INTERRUPT_R_EVENTQ);
	look_away(m);
	fault(m, 1); /* interrupts of the other states are disabled */
	secure_fault(m, 1);
	ck_assert_uint_eq(count(m, INTERRUPT), 0);
	close_machine(m);
}
END_TEST

/* IRQ-001, IRQ-010, PRIQ-001 */
START_TEST(a_realm_page_request_interrupts_the_realm_world)
{
	struct machine *m = with_messages(_i ? CFG0_NS : 0);

	request_page(m);
	expect_message(m, OF_PRIQ, _i);
	expect_pulse(m, SMMU3_INTERRUPT_R_PRIQ);
	close_machine(m);
}
END_TEST

/* IRQ-001, IRQ-010, GER-009 */
START_TEST(a_realm_error_interrupts_the_realm_world)
{
	struct machine *m = with_messages(_i ? CFG0_NS : 0);

	submit_realm(m, ILLEGAL);
	ck_assert_uint_eq(expect_message(m, OF_GERROR, _i)->r_gerror, CMDQ_ERR);
	expect_pulse(m, SMMU3_INTERRUPT_R_GERROR);
	close_machine(m);
}
END_TEST

/* CMD-SYNC-15: MSI_NS is a bit of a CMD_SYNC of the Realm queue, bit 127 */
START_TEST(a_realm_sync_signals_the_space_that_it_says)
{
	struct machine *m = with_messages(0);
	struct command sync = sync_irq(TO(OF_SYNC), OF_SYNC);

	sync.word[1] |= _i ? MSI_NS : 0;
	submit_realm(m, sync);
	ck_assert_uint_eq(expect_message(m, OF_SYNC, _i)->r_cmdq_cons, 1);
	expect_pulse(m, SMMU3_INTERRUPT_R_CMD_SYNC);
	close_machine(m);
}
END_TEST

/* CMD-SYNC-15, IRC-004: on the other queues the bit is not looked at, and their registers do not
 * have it */
START_TEST(only_realm_messages_choose_their_space)
{
	struct machine *m = with_messages(0);
	struct command sync = sync_irq(TO(OF_SYNC), OF_SYNC);

	sync.word[1] |= MSI_NS;
	submit_secure(m, sync);
	submit(m, sync);
	ck_assert_str_eq(spaces_of(m, SMMU3_REASON_MSI), "sn");
	set_reg64(m, EVENTQ_IRQ_CFG0, CFG0_NS | TO(1));
	set_secure64(m, EVENTQ_IRQ_CFG0, CFG0_NS | TO(1));
	ck_assert_uint_eq(reg64(m, EVENTQ_IRQ_CFG0), TO(1));
	ck_assert_uint_eq(secure_reg64(m, EVENTQ_IRQ_CFG0), TO(1));
	close_machine(m);
}
END_TEST

/* IRC-004: with ADDR = 0 there is no message, whatever NS says */
START_TEST(ns_alone_is_no_address)
{
	struct machine *m = realm_machine();

	open_realm_machine(m);
	set_realm64(m, EVENTQ_IRQ_CFG0, CFG0_NS);
	set_realm(m, IRQ_CTRL, EVENTQ_IRQEN);
	set_realm(m, CR0, REALM_ON);
	realm_fault(m, 1);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 0);
	expect_pulse(m, SMMU3_INTERRUPT_R_EVENTQ);
	close_machine(m);
}
END_TEST

/* IRC-001, CR-018: IRQ_CTRL of each interface is for its own sources */
START_TEST(the_realm_state_enables_its_own_interrupts)
{
	struct machine *m = realm_started();

	update(m, IRQ_CTRL, GERROR_IRQEN | EVENTQ_IRQEN | PRIQ_IRQEN);
	update_secure(m, IRQ_CTRL, GERROR_IRQEN | EVENTQ_IRQEN);
	realm_fault(m, 1);
	submit_realm(m, ILLEGAL);
	request_page(m);
	ck_assert_uint_eq(count(m, INTERRUPT), 0);
	close_machine(m);
}
END_TEST

/* IDR-018, CMD-SYNC-2: without messages, which IDR0 and R_IDR0 have alike, there are wires */
START_TEST(without_messages_there_are_realm_wires)
{
	struct machine *m = realm_machine();

	m->config.idr[0] &= ~(1u << 13);
	m->config.s_idr[0] = 0;
	m->config.r_idr[0] &= ~(1u << 13);
	open_realm_machine(m);
	set_realm64(m, EVENTQ_IRQ_CFG0, TO(1));
	ck_assert_uint_eq(realm_reg64(m, EVENTQ_IRQ_CFG0), 0);
	set_realm(m, GERRORN, ~0u);
	ck_assert_uint_eq(realm_reg(m, GERRORN), 0x40d); /* DPT, PRI queue, Event queue, commands */
	set_realm(m, GERRORN, 0);
	set_realm(m, IRQ_CTRL, EVENTQ_IRQEN);
	set_realm(m, CR0, REALM_ON);
	look_away(m);
	realm_fault(m, 1);
	expect_pulse(m, SMMU3_INTERRUPT_R_EVENTQ);
	submit_realm(m, sync_irq(TO(OF_SYNC), OF_SYNC));
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_R_CMD_SYNC), 1);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 0);
	close_machine(m);
}
END_TEST

/* ---- Messages that abort ---- */

static void fault_once(struct machine *m)
{
	realm_fault(m, 1);
}

static void sync_once(struct machine *m)
{
	submit_realm(m, sync_irq(TO(OF_SYNC), OF_SYNC));
}

static void err_once(struct machine *m)
{
	submit_realm(m, ILLEGAL);
}

/* GER-002, GER-009, 7.5: each source's bit, in R_GERROR */
START_TEST(a_realm_message_that_aborts_is_a_realm_error)
{
	static const struct {
		void (*happens)(struct machine *m);
		unsigned of;
		uint32_t errors;
	} rows[] = {
		{ fault_once, OF_EVENTQ, MSI_EVENTQ_ABT_ERR },
		{ request_page, OF_PRIQ, MSI_PRIQ_ABT_ERR },
		{ sync_once, OF_SYNC, MSI_CMDQ_ABT_ERR },
		{ err_once, OF_GERROR, CMDQ_ERR | MSI_GERROR_ABT_ERR },
	};
	struct machine *m = with_messages(0);

	m->aborts[0] = TO(rows[_i].of);
	rows[_i].happens(m);
	ck_assert_uint_eq(realm_reg(m, GERROR), rows[_i].errors);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	ck_assert_uint_eq(secure_reg(m, GERROR), 0);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_R_GERROR), 1);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 0);
	close_machine(m);
}
END_TEST

/* ---- The encryption context ---- */

/* RLM-010: GMECID is the MECID of queues and of Stream table fetches in Realm memory */
START_TEST(realm_queues_and_tables_have_the_global_mecid)
{
	static const enum smmu3_reason reasons[] = { SMMU3_REASON_STE, SMMU3_REASON_EVENTQ,
						     SMMU3_REASON_CMDQ, SMMU3_REASON_PRIQ };
	struct machine *m = with_messages(0);

	realm_fault(m, 1);
	submit_realm(m, PREFETCH);
	request_page(m);
	for (unsigned i = 0; i < 4; i++) {
		ck_assert_uint_eq(first_for(m, reasons[i])->access.pas, SMMU3_PAS_REALM);
		ck_assert_uint_eq(first_for(m, reasons[i])->access.mecid, MECID);
	}
	close_machine(m);
}
END_TEST

/* RLM-010: likewise of a level 1 descriptor; here of Span 0 */
START_TEST(realm_level_1_descriptors_have_the_global_mecid)
{
	struct machine *m = realm_machine();

	open_realm_machine(m);
	set_realm(m, R_GMECID, MECID);
	set_realm(m, STRTAB_BASE_CFG, 1 << 16 | 8 << 6 | 9);
	set_realm(m, CR0, SMMUEN | EVENTQEN);
	look_away(m);
	(void)realm_read(m, 1);
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_L1STD)->access.mecid, MECID);
	close_machine(m);
}
END_TEST

/* RLM-010: accesses to the other PA spaces have MECID 0 */
START_TEST(accesses_of_the_other_states_have_no_mecid)
{
	struct machine *m = with_messages(0);

	fault(m, 1);
	secure_fault(m, 1);
	submit(m, sync_irq(TO(OF_SYNC), 1));
	submit_secure(m, sync_irq(TO(OF_SYNC), 1));
	ck_assert_uint_gt(m->seen_count, 8);
	for (unsigned i = 0; i < m->seen_count; i++)
		ck_assert_uint_eq(m->seen[i].access.mecid, 0);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_realm_record_interrupts_the_realm_world, 0, 2);
	tcase_add_loop_test(tests, a_realm_page_request_interrupts_the_realm_world, 0, 2);
	tcase_add_loop_test(tests, a_realm_error_interrupts_the_realm_world, 0, 2);
	tcase_add_loop_test(tests, a_realm_sync_signals_the_space_that_it_says, 0, 2);
	tcase_add_test(tests, only_realm_messages_choose_their_space);
	tcase_add_test(tests, ns_alone_is_no_address);
	tcase_add_test(tests, the_realm_state_enables_its_own_interrupts);
	tcase_add_test(tests, without_messages_there_are_realm_wires);
	tcase_add_loop_test(tests, a_realm_message_that_aborts_is_a_realm_error, 0, 4);
	tcase_add_test(tests, realm_queues_and_tables_have_the_global_mecid);
	tcase_add_test(tests, realm_level_1_descriptors_have_the_global_mecid);
	tcase_add_test(tests, accesses_of_the_other_states_have_no_mecid);
}

int main(void)
{
	return run("realm-interrupts", add);
}
