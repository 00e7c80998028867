/* SPDX-License-Identifier: MIT */
/* Interrupts and global errors of the Secure programming interface.  3.18, 7.5 */
#include "run.h"
#include "secure.h"

#include <check.h>

/* Where messages go, each to its own, and what they say. */
#define TO(n) (DOORBELL + 64 * (uint64_t)(n))
enum { OF_EVENTQ = 1, OF_GERROR, OF_SYNC };

/* Write-Back, Inner Shareable */
enum { CFG2 = 0xf | 3 << 4 };

/* Secure messages, with the same registers of the Non-secure bank at an address that has nothing.
 */
static struct machine *with_messages(void)
{
	struct machine *m = secure_machine();

	open_secure_machine(m);
	set_secure64(m, EVENTQ_IRQ_CFG0, TO(OF_EVENTQ));
	set_secure(m, EVENTQ_IRQ_CFG1, OF_EVENTQ);
	set_secure(m, EVENTQ_IRQ_CFG2, CFG2);
	set_secure64(m, GERROR_IRQ_CFG0, TO(OF_GERROR));
	set_secure(m, GERROR_IRQ_CFG1, OF_GERROR);
	set_secure(m, GERROR_IRQ_CFG2, CFG2);
	update_secure(m, IRQ_CTRL, GERROR_IRQEN | EVENTQ_IRQEN);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	set_secure(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	look_away(m);
	return m;
}

static void expect_message(struct machine *m, unsigned of)
{
	const struct happening *message = first_for(m, SMMU3_REASON_MSI);

	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 1);
	ck_assert_uint_eq(message->access.pa, TO(of));
	ck_assert_uint_eq(message->access.pas, SMMU3_PAS_SECURE);
	ck_assert_uint_eq(message->access.bytes, 4);
	ck_assert_uint_eq(message->access.attr.sh, SMMU3_ISH);
	ck_assert_uint_eq(*secure_at(m, TO(of)), of);
	ck_assert_uint_eq(*ram_at(m, TO(of)), 0);
}

static unsigned all_pulses(const struct machine *m)
{
	return count(m, INTERRUPT);
}

/* ---- Wires and messages ---- */

/* IRQ-001, IRQ-010, IRC-008: Secure sources have wires of their own, and messages to Secure PAs,
 * after what they tell of is there */
START_TEST(a_secure_record_interrupts_the_secure_world)
{
	struct machine *m = with_messages();

	secure_fault(m, 1);
	expect_message(m, OF_EVENTQ);
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_MSI)->s_eventq_prod, 1);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_S_EVENTQ), 1);
	ck_assert_uint_eq(all_pulses(m), 1);
	look_away(m);
	fault(m, 1); /* Non-secure interrupts are disabled */
	ck_assert_uint_eq(all_pulses(m), 0);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 0);
	close_machine(m);
}
END_TEST

/* IRQ-001, IRQ-010, GER-009 */
START_TEST(a_secure_error_interrupts_the_secure_world)
{
	struct machine *m = with_messages();

	submit_secure(m, ILLEGAL);
	expect_message(m, OF_GERROR);
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_MSI)->s_gerror, CMDQ_ERR);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_S_GERROR), 1);
	ck_assert_uint_eq(all_pulses(m), 1);
	close_machine(m);
}
END_TEST

/* CMD-SYNC-15, IRQ-010: the message of the same CMD_SYNC goes to the PA space of its queue */
START_TEST(a_sync_signals_the_state_of_its_queue)
{
	struct machine *m = with_messages();

	submit_secure(m, sync_irq(TO(OF_SYNC), OF_SYNC));
	expect_message(m, OF_SYNC);
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_MSI)->s_cmdq_cons, 1);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_S_CMD_SYNC), 1);
	ck_assert_uint_eq(all_pulses(m), 1);

	look_away(m);
	submit(m, sync_irq(TO(OF_SYNC), 0x99));
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_MSI)->access.pas, SMMU3_PAS_NS);
	ck_assert_uint_eq(*ram_at(m, TO(OF_SYNC)), 0x99);
	ck_assert_uint_eq(*secure_at(m, TO(OF_SYNC)), OF_SYNC);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_CMD_SYNC), 1);
	ck_assert_uint_eq(all_pulses(m), 1);
	close_machine(m);
}
END_TEST

/* IRQ-010, CMD-SYNC-2, IDR-018: messages of each interface by its own MSI bit, S_IDR0's and IDR0's
 */
START_TEST(each_state_has_messages_by_its_own_id_register)
{
	struct machine *m = secure_machine();

	m->config.s_idr[0] = 0;
	start_secure_machine(m);
	submit_secure(m, sync_irq(TO(OF_SYNC), OF_SYNC));
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_S_CMD_SYNC), 1);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 0);
	submit(m, sync_irq(TO(OF_SYNC), OF_SYNC));
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 1);
	set_secure(m, GERRORN, ~0u);
	ck_assert_uint_eq(secure_reg(m, GERRORN) & (MSI_CMDQ_ABT_ERR | MSI_EVENTQ_ABT_ERR), 0);
	close_machine(m);
}
END_TEST

/* IRC-001, CR-018: IRQ_CTRL of each interface is for its own sources */
START_TEST(each_state_enables_its_own_interrupts)
{
	struct machine *m = secure_started();

	update(m, IRQ_CTRL, GERROR_IRQEN | EVENTQ_IRQEN | PRIQ_IRQEN);
	secure_fault(m, 1);
	submit_secure(m, ILLEGAL);
	ck_assert_uint_eq(all_pulses(m), 0);
	update_secure(m, IRQ_CTRL, GERROR_IRQEN | EVENTQ_IRQEN);
	update(m, IRQ_CTRL, 0);
	fault(m, 1);
	submit(m, ILLEGAL);
	ck_assert_uint_eq(all_pulses(m), 0);
	set_secure(m, S_EVENTQ_CONS, 1);
	secure_fault(m, 1);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_S_EVENTQ), 1);
	close_machine(m);
}
END_TEST

/* IRC-001, GER-002: there is no Secure PRI queue, and nothing of it in S_IRQ_CTRL and S_GERRORN,
 * nor of the DPT */
START_TEST(secure_interrupts_have_no_bits_of_pri)
{
	struct machine *m = secure_started();

	set_secure(m, IRQ_CTRL, ~0u);
	ck_assert_uint_eq(secure_reg(m, IRQ_CTRL), GERROR_IRQEN | EVENTQ_IRQEN);
	ck_assert_uint_eq(secure_reg(m, IRQ_CTRLACK), GERROR_IRQEN | EVENTQ_IRQEN);
	set_secure(m, GERRORN, ~0u);
	/* SFM_ERR, MSI_GERROR_, MSI_EVENTQ_, MSI_CMDQ_ABT_ERR, EVENTQ_ABT_ERR, CMDQ_ERR */
	ck_assert_uint_eq(secure_reg(m, GERRORN), 0x1b5);
	set_reg(m, GERRORN, ~0u);
	ck_assert_uint_eq(reg(m, GERRORN), 0x5fd);
	close_machine(m);
}
END_TEST

/* ---- Messages that abort ---- */

static void fault_once(struct machine *m)
{
	secure_fault(m, 1);
}

static void sync_once(struct machine *m)
{
	submit_secure(m, sync_irq(TO(OF_SYNC), OF_SYNC));
}

static void err_once(struct machine *m)
{
	submit_secure(m, ILLEGAL);
}

/* GER-009, GER-002, 7.5: each source's bit, in S_GERROR; that of GERROR's own message is told by
 * nobody
 */
static const struct {
	void (*happens)(struct machine *m);
	unsigned of;
	uint32_t errors;
	unsigned pulses; /* of GERROR */
} aborted[] = {
	{ fault_once, OF_EVENTQ, MSI_EVENTQ_ABT_ERR, 1 },
	{ sync_once, OF_SYNC, MSI_CMDQ_ABT_ERR, 1 },
	{ err_once, OF_GERROR, CMDQ_ERR | MSI_GERROR_ABT_ERR, 1 },
};

START_TEST(a_secure_message_that_aborts_is_a_secure_error)
{
	struct machine *m = with_messages();

	m->aborts[0] = TO(aborted[_i].of);
	m->spared = SMMU3_PAS_BIT(SMMU3_PAS_NS);
	aborted[_i].happens(m);
	ck_assert_uint_eq(secure_reg(m, GERROR), aborted[_i].errors);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_S_GERROR), aborted[_i].pulses);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 0);
	set_secure(m, GERRORN, aborted[_i].errors);
	ck_assert_uint_eq(secure_reg(m, GERROR) ^ secure_reg(m, GERRORN),
			  aborted[_i].happens == err_once ? CMDQ_ERR | MSI_GERROR_ABT_ERR : 0);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_secure_record_interrupts_the_secure_world);
	tcase_add_test(tests, a_secure_error_interrupts_the_secure_world);
	tcase_add_test(tests, a_sync_signals_the_state_of_its_queue);
	tcase_add_test(tests, each_state_has_messages_by_its_own_id_register);
	tcase_add_test(tests, each_state_enables_its_own_interrupts);
	tcase_add_test(tests, secure_interrupts_have_no_bits_of_pri);
	tcase_add_loop_test(tests, a_secure_message_that_aborts_is_a_secure_error, 0,
			    COUNT(aborted));
}

int main(void)
{
	return run("secure-interrupts", add);
}
