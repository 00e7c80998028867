/* SPDX-License-Identifier: MIT */
/* Interrupts: wired pulses and messages, of the Event queue, of global errors, of CMD_SYNC.  3.18,
 * 4.7.3, 6.3.16, 6.3.21 to 6.3.23, 7.5.1 */
#include "driver.h"
#include "run.h"

#include <check.h>

#define EVENTQ_BELL DOORBELL
#define GERROR_BELL (DOORBELL + 0x40)

/* A machine whose sources have messages. */
static struct machine *with_messages(void)
{
	struct machine *m = started("linux-session");

	set_reg64(m, EVENTQ_IRQ_CFG0, EVENTQ_BELL);
	set_reg(m, EVENTQ_IRQ_CFG1, 0x11223344);
	set_reg64(m, GERROR_IRQ_CFG0, GERROR_BELL + 4);
	set_reg(m, GERROR_IRQ_CFG1, 0x55667788);
	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN | GERROR_IRQEN);
	return m;
}

/* ---- The Event queue ---- */

/* IRQ-001, IRQ-002, IRQ-006: when it ceases to be empty, and at no other record */
START_TEST(the_first_record_of_an_empty_queue_interrupts)
{
	struct machine *m = started("linux-session");

	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN);
	for (unsigned i = 0; i < 3; i++)
		fault(m, 0);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_EVENTQ), 1);
	set_reg(m, EVENTQ_CONS, 2); /* one left: still not empty */
	fault(m, 0);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_EVENTQ), 1);
	set_reg(m, EVENTQ_CONS, 4);
	fault(m, 0);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_EVENTQ), 2);
	ck_assert_uint_eq(count(m, INTERRUPT), 2);
	close_machine(m);
}
END_TEST

/* Q-013, IRQ-008: record, PROD, interrupt */
START_TEST(the_record_and_prod_are_there_before_the_interrupt)
{
	struct machine *m = with_messages();

	look_away(m);
	fault(m, 5);
	ck_assert_uint_eq(nth(m, 0, READS)->access.reason, SMMU3_REASON_STE);
	ck_assert_uint_eq(nth(m, 1, WRITES)->access.reason, SMMU3_REASON_EVENTQ);
	ck_assert_uint_eq(nth(m, 1, WRITES)->eventq_prod, 0);
	ck_assert_uint_eq(nth(m, 2, WRITES)->access.reason, SMMU3_REASON_MSI);
	ck_assert_uint_eq(nth(m, 2, WRITES)->eventq_prod, 1);
	ck_assert_uint_eq(nth(m, 3, INTERRUPT)->eventq_prod, 1);
	ck_assert_uint_eq(m->seen_count, 4);
	close_machine(m);
}
END_TEST

/* IRQ-007, IRQ-010, IRQ-011, IRC-004, IRC-008: 4 bytes of CFG1 to CFG0, Non-secure */
START_TEST(a_message_is_a_write_of_its_data)
{
	struct machine *m = with_messages();

	*ram_at(m, EVENTQ_BELL) = UINT64_C(0xaaaaaaaaaaaaaaaa);
	*ram_at(m, GERROR_BELL) = UINT64_C(0xbbbbbbbbbbbbbbbb);
	fault(m, 5);
	submit(m, ILLEGAL);
	ck_assert_uint_eq(*ram_at(m, EVENTQ_BELL), UINT64_C(0xaaaaaaaa11223344));
	ck_assert_uint_eq(*ram_at(m, GERROR_BELL), UINT64_C(0x55667788bbbbbbbb));
	const struct happening *message = first_for(m, SMMU3_REASON_MSI);

	ck_assert_uint_eq(message->access.pa, EVENTQ_BELL);
	ck_assert_uint_eq(message->access.bytes, 4);
	ck_assert_uint_eq(message->access.pas, SMMU3_PAS_NS);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 2);
	close_machine(m);
}
END_TEST

/* CFG2: MemAttr [3:0] as in the STE, SH [5:4].  IRC-007, CMD-SYNC-4 */
static const struct {
	unsigned memattr, sh;
	uint8_t type, type_mask, want_sh;
} attributes[] = {
	{ 0x0, 3, 0x00, 0xff, SMMU3_OSH }, /* Device-nGnRnE */
	{ 0x1, 0, 0x04, 0xff, SMMU3_OSH },
	{ 0x2, 0, 0x08, 0xff, SMMU3_OSH },
	{ 0x3, 3, 0x0c, 0xff, SMMU3_OSH },
	{ 0x5, 0, 0x44, 0xff, SMMU3_OSH }, /* Non-cacheable, both */
	{ 0xf, 0, 0xcc, 0xcc, SMMU3_NSH }, /* Write-Back; hints are free */
	{ 0xf, 1, 0xcc, 0xcc, SMMU3_NSH },
	{ 0xf, 2, 0xcc, 0xcc, SMMU3_OSH },
	{ 0xf, 3, 0xcc, 0xcc, SMMU3_ISH },
	{ 0xa, 3, 0x88, 0xcc, SMMU3_ISH }, /* Write-Through */
	{ 0x7, 3, 0x4c, 0xfc, SMMU3_ISH }, /* outer Non-cacheable, inner Write-Back */
	{ 0xd, 3, 0xc4, 0xcf, SMMU3_ISH }, /* outer Write-Back, inner Non-cacheable */
};

static void expect_attributes(const struct happening *message, int row)
{
	ck_assert_uint_eq(message->access.attr.mair & attributes[row].type_mask,
			  attributes[row].type);
	ck_assert_uint_eq(message->access.attr.sh, attributes[row].want_sh);
}

START_TEST(a_message_has_the_attributes_of_its_source)
{
	const uint32_t cfg2 = attributes[_i].memattr | attributes[_i].sh << 4;
	struct machine *m = with_messages();

	set_reg(m, IRQ_CTRL, 0);
	set_reg(m, EVENTQ_IRQ_CFG2, cfg2);
	set_reg(m, GERROR_IRQ_CFG2, cfg2);
	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN | GERROR_IRQEN);
	fault(m, 5);
	expect_attributes(first_for(m, SMMU3_REASON_MSI), _i);
	look_away(m);
	submit(m, ILLEGAL);
	expect_attributes(first_for(m, SMMU3_REASON_MSI), _i);
	close_machine(m);
}
END_TEST

START_TEST(the_message_of_a_sync_has_the_attributes_of_its_command)
{
	struct machine *m = started("linux-session");

	submit(m, (struct command){
			  { 0x46 | 1 << 12 | attributes[_i].sh << 22 | attributes[_i].memattr << 24,
			    DOORBELL } });
	expect_attributes(first_for(m, SMMU3_REASON_MSI), _i);
	close_machine(m);
}
END_TEST

/* Where the hints are free: read- and write-allocate, not transient.  3.18, 4.7.3 */
START_TEST(a_message_to_cacheable_memory_has_every_hint)
{
	static const struct {
		unsigned memattr;
		uint8_t mair;
	} rows[] = { { 0xf, 0xff }, { 0xa, 0xbb }, { 0x7, 0x4f }, { 0xd, 0xf4 } };
	struct machine *m = started("linux-session");

	for (int i = 0; i < COUNT(rows); i++) {
		look_away(m);
		submit(m, (struct command){ { 0x46 | 1 << 12 | rows[i].memattr << 24, DOORBELL } });
		ck_assert_uint_eq(first_for(m, SMMU3_REASON_MSI)->access.attr.mair, rows[i].mair);
	}
	close_machine(m);
}
END_TEST

/* IRC-006, IRQ-005, IRQ-007: ADDR = 0 is no message; the wire is still governed by its enable */
START_TEST(an_address_of_0_sends_no_message)
{
	struct machine *m = started("linux-session");

	set_reg(m, EVENTQ_IRQ_CFG1, 5);
	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN);
	fault(m, 0);
	submit(m, sync_irq(0, 5));
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 0);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_EVENTQ), 1);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_CMD_SYNC), 1);
	close_machine(m);
}
END_TEST

/* IDR-013, CMD-SYNC-2: without IDR0.MSI wires alone */
START_TEST(without_msi_there_are_wires_alone)
{
	struct machine *m = started("linux-capture");

	set_reg64(m, EVENTQ_IRQ_CFG0, EVENTQ_BELL);
	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN | GERROR_IRQEN);
	fault(m, 0);
	submit(m, sync_irq(DOORBELL, 5));
	submit(m, ILLEGAL);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 0);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_EVENTQ), 1);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_CMD_SYNC), 1);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 1);
	ck_assert_uint_eq(reg(m, GERROR), CMDQ_ERR);
	close_machine(m);
}
END_TEST

/* ---- Enables ---- */

/* IRC-002, IRC-003, IRC-005, IRQ-005: each enable gates its source, wire and message; what happened
 * before it was set is not told later */
START_TEST(a_source_that_is_disabled_is_silent_for_good)
{
	struct machine *m = with_messages();

	set_reg(m, IRQ_CTRL, 0);
	look_away(m);
	fault(m, 0);
	submit(m, ILLEGAL);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI) + count(m, INTERRUPT), 0);
	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN | GERROR_IRQEN);
	ck_assert_uint_eq(reg(m, IRQ_CTRLACK), EVENTQ_IRQEN | GERROR_IRQEN);
	fault(m, 0); /* not the first in the queue */
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI) + count(m, INTERRUPT), 0);
	set_reg(m, IRQ_CTRL, GERROR_IRQEN);
	set_reg(m, EVENTQ_CONS, 2);
	fault(m, 0);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI) + count(m, INTERRUPT), 0);
	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN);
	set_reg(m, EVENTQ_CONS, 3);
	set_reg(m, GERRORN, CMDQ_ERR); /* and stops again */
	fault(m, 0);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_EVENTQ), 1);
	ck_assert_uint_eq(count(m, INTERRUPT), 1);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 1);
	close_machine(m);
}
END_TEST

/* IRC-002, IRC-005: a message has the address and data that were written while it was disabled */
START_TEST(a_message_goes_where_it_was_last_configured_to)
{
	struct machine *m = with_messages();

	set_reg64(m, EVENTQ_IRQ_CFG0, DOORBELL + 0x80); /* ignored */
	set_reg(m, EVENTQ_IRQ_CFG1, 1);
	fault(m, 0);
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_MSI)->access.pa, EVENTQ_BELL);
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_MSI)->data[0], 0x11223344);
	set_reg(m, IRQ_CTRL, 0);
	set_reg64(m, EVENTQ_IRQ_CFG0, DOORBELL + 0x80);
	set_reg(m, EVENTQ_IRQ_CFG1, 1);
	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN);
	set_reg(m, EVENTQ_CONS, 1);
	look_away(m);
	fault(m, 0);
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_MSI)->access.pa, DOORBELL + 0x80);
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_MSI)->data[0], 1);
	close_machine(m);
}
END_TEST

/* ---- Aborted messages ---- */

/* IRQ-009, GER-004, GER-008, CMD-SYNC-8: each in its own bit, told by a GERROR interrupt; later
 * messages are sent all the same */
START_TEST(a_message_that_aborts_is_an_error_of_its_source)
{
	struct machine *m = with_messages();

	m->aborts[0] = EVENTQ_BELL;
	fault(m, 0);
	ck_assert_uint_eq(reg(m, GERROR), MSI_EVENTQ_ABT_ERR);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1); /* the record is there */
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_EVENTQ), 1);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 1);
	submit(m, sync_irq(EVENTQ_BELL, 1));
	ck_assert_uint_eq(reg(m, GERROR), MSI_EVENTQ_ABT_ERR | MSI_CMDQ_ABT_ERR);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_CMD_SYNC), 1);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 2);
	m->aborts[0] = 0;
	submit(m, sync_irq(EVENTQ_BELL, 0x31));
	ck_assert_uint_eq((uint32_t)*ram_at(m, EVENTQ_BELL), 0x31);
	set_reg(m, EVENTQ_CONS, 1);
	fault(m, 0);
	ck_assert_uint_eq((uint32_t)*ram_at(m, EVENTQ_BELL), 0x11223344);
	ck_assert_uint_eq(reg(m, GERROR), MSI_EVENTQ_ABT_ERR | MSI_CMDQ_ABT_ERR);
	close_machine(m);
}
END_TEST

/* IRQ-004, IRQ-009: that of a GERROR message is told by nothing */
START_TEST(an_aborted_message_of_gerror_raises_no_interrupt)
{
	struct machine *m = with_messages();

	m->aborts[0] = GERROR_BELL + 4;
	submit(m, ILLEGAL);
	ck_assert_uint_eq(reg(m, GERROR), CMDQ_ERR | MSI_GERROR_ABT_ERR);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 1);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 1);
	close_machine(m);
}
END_TEST

/* GER-004: an error that is active is not told again */
START_TEST(an_active_error_is_not_told_again)
{
	struct machine *m = with_messages();

	m->aborts[0] = DOORBELL + 0x80;
	for (unsigned i = 0; i < 3; i++)
		submit(m, sync_irq(DOORBELL + 0x80, 1));
	ck_assert_uint_eq(reg(m, GERROR), MSI_CMDQ_ABT_ERR);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 1);
	set_reg(m, GERRORN, MSI_CMDQ_ABT_ERR);
	submit(m, sync_irq(DOORBELL + 0x80, 1));
	ck_assert_uint_eq(reg(m, GERROR), 0);
	ck_assert_uint_eq(reg(m, GERRORN), MSI_CMDQ_ABT_ERR);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 2);
	close_machine(m);
}
END_TEST

/* IRQ-008: GERROR shows the error inside its message and its pulse */
START_TEST(gerror_is_there_before_its_interrupt)
{
	struct machine *m = with_messages();

	submit(m, ILLEGAL);
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_MSI)->gerror, CMDQ_ERR);
	ck_assert_uint_eq(first(m, INTERRUPT)->gerror, CMDQ_ERR);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, the_first_record_of_an_empty_queue_interrupts);
	tcase_add_test(tests, the_record_and_prod_are_there_before_the_interrupt);
	tcase_add_test(tests, a_message_is_a_write_of_its_data);
	tcase_add_loop_test(tests, a_message_has_the_attributes_of_its_source, 0,
			    COUNT(attributes));
	tcase_add_loop_test(tests, the_message_of_a_sync_has_the_attributes_of_its_command, 0,
			    COUNT(attributes));
	tcase_add_test(tests, a_message_to_cacheable_memory_has_every_hint);
	tcase_add_test(tests, an_address_of_0_sends_no_message);
	tcase_add_test(tests, without_msi_there_are_wires_alone);
	tcase_add_test(tests, a_source_that_is_disabled_is_silent_for_good);
	tcase_add_test(tests, a_message_goes_where_it_was_last_configured_to);
	tcase_add_test(tests, a_message_that_aborts_is_an_error_of_its_source);
	tcase_add_test(tests, an_aborted_message_of_gerror_raises_no_interrupt);
	tcase_add_test(tests, an_active_error_is_not_told_again);
	tcase_add_test(tests, gerror_is_there_before_its_interrupt);
}

int main(void)
{
	return run("interrupts", add);
}
