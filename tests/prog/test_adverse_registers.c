/* SPDX-License-Identifier: MIT */
/* Registers that do what docs/choices.md says is also allowed.  smmu/adversity.h */
#include "adverse.h"
#include "run.h"
#include "secure.h"

#include <string.h>

#define UPDATE 0x80000000u
#define ABORT 0x00100000u

/* ---- Late ---- */

/* GBP-002, GBP-003: Update reads 1 for some time, with the new value; what is written meanwhile is
 * ignored, and accesses go by the old one.  6.3.14.1 */
START_TEST(gbpa_is_updated_late)
{
	struct machine *m = choosing("generic-3.1", "gbpa-update=late");

	set_reg(m, GBPA, UPDATE | ABORT | 0x1000);
	ck_assert_uint_eq(read_by(m, 1, 0).verdict, SMMU3_OK);
	ck_assert_uint_eq(reg(m, GBPA), UPDATE | ABORT | 0x1000);
	set_reg(m, GBPA, UPDATE | 0x1000);
	ck_assert_uint_eq(reg(m, GBPA), UPDATE | ABORT | 0x1000);
	ck_assert_uint_eq(read_by(m, 1, 0).verdict, SMMU3_OK);
	ck_assert_uint_eq(reg(m, GBPA), ABORT | 0x1000);
	ck_assert_uint_eq(read_by(m, 1, 0).verdict, SMMU3_ABORT);
	demand(m, "update=held");
	set_reg(m, GBPA, UPDATE | 0x1000);
	for (unsigned i = 0; i < 100; i++)
		ck_assert_uint_eq(reg(m, GBPA), UPDATE | 0x1000);
	ck_assert_uint_eq(read_by(m, 1, 0).verdict, SMMU3_ABORT);
	demand(m, "release");
	ck_assert_uint_eq(read_by(m, 1, 0).verdict, SMMU3_OK);
	ck_assert_uint_eq(reg(m, GBPA), 0x1000);
	close_machine(m);
}
END_TEST

/* CR-004 to CR-007: the old value counts until CR0ACK follows; a field that is pending takes no
 * other value, while others do.  6.3.9 */
START_TEST(cr0_takes_effect_late)
{
	struct machine *m = choosing("generic-3.1", "cr0-update=late");

	open_queues(m);
	queue_command(m, CFGI_ALL);
	ring(m);
	set_reg(m, CR0, CMDQEN | SMMUEN);
	ck_assert_uint_eq(reg(m, CR0), CMDQEN | SMMUEN);
	ck_assert_uint_eq(reg(m, CR0ACK), 0);
	ck_assert_uint_eq(read_by(m, 1, 0).verdict, SMMU3_OK); /* bypass */
	set_reg(m, CR0, EVENTQEN | CMDQEN);
	ck_assert_uint_eq(reg(m, CR0), SMMUEN | EVENTQEN | CMDQEN); /* SMMUEN was pending */
	ck_assert_uint_eq(reg(m, CR0ACK), SMMUEN | EVENTQEN | CMDQEN);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	fault(m, 1);
	set_reg(m, CR0, EVENTQEN | CMDQEN);
	ck_assert_uint_eq(reg(m, CR0ACK), SMMUEN | EVENTQEN | CMDQEN);
	fault(m, 1); /* still translated */
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 2);
	ck_assert_uint_eq(reg(m, CR0ACK), SMMUEN | EVENTQEN | CMDQEN);
	ck_assert_uint_eq(reg(m, CR0ACK), EVENTQEN | CMDQEN);
	ck_assert_uint_eq(read_by(m, 1, 0).verdict, SMMU3_OK);
	close_machine(m);
}
END_TEST

/* CR-004, CR-006: or it counts at once, and CR0ACK alone is late */
START_TEST(cr0_is_acknowledged_late)
{
	struct machine *m = choosing("generic-3.1", "cr0-update=acknowledged-late");

	open_queues(m);
	set_reg(m, CR0, EVENTQEN | SMMUEN);
	fault(m, 1);
	ck_assert_uint_eq(reg(m, CR0ACK), 0);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	ck_assert_uint_eq(reg(m, CR0ACK), 0);
	ck_assert_uint_eq(reg(m, CR0ACK), EVENTQEN | SMMUEN);
	set_reg(m, CR0, 0);
	ck_assert_uint_eq(read_by(m, 1, 0).verdict, SMMU3_OK);
	ck_assert_uint_eq(reg(m, CR0ACK), EVENTQEN | SMMUEN);
	demand(m, "release");
	ck_assert_uint_eq(reg(m, CR0ACK), 0);
	close_machine(m);
}
END_TEST

/* REG-015: what an enable guards it guards from the write of the enable on, and until it is
 * acknowledged as gone.  6.3.9 */
START_TEST(a_pending_enable_guards)
{
	struct machine *m = choosing("generic-3.1", "cr0-update=late");

	set_reg64(m, STRTAB_BASE, STREAMS_AT);
	set_reg(m, CR0, SMMUEN);
	set_reg64(m, STRTAB_BASE, 0);
	ck_assert_uint_eq(reg64(m, STRTAB_BASE), STREAMS_AT);
	demand(m, "release");
	set_reg(m, CR0, 0);
	set_reg64(m, STRTAB_BASE, 0);
	ck_assert_uint_eq(reg64(m, STRTAB_BASE), STREAMS_AT);
	demand(m, "release");
	set_reg64(m, STRTAB_BASE, 0);
	ck_assert_uint_eq(reg64(m, STRTAB_BASE), 0);
	close_machine(m);
}
END_TEST

/* IRC-001: likewise; an interrupt of that time does not count.  6.3.16 */
START_TEST(interrupts_are_enabled_late)
{
	struct machine *m = running(machine("generic-3.1"), "irq-ctrl-update=late");

	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN);
	look_away(m);
	fault(m, 1);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_EVENTQ), 0);
	for (unsigned i = 0; i < 3; i++)
		ck_assert_uint_eq(reg(m, IRQ_CTRLACK), 0);
	ck_assert_uint_eq(reg(m, IRQ_CTRLACK), EVENTQ_IRQEN);
	set_reg(m, EVENTQ_CONS, 1);
	fault(m, 1);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_EVENTQ), 1);
	close_machine(m);
}
END_TEST

/* ---- Reset ---- */

/* RST-002: registers whose reset value is UNKNOWN, and some that are not.  6.3 */
START_TEST(registers_begin_with_anything)
{
	static const uint64_t unknown[] = { STRTAB_BASE, CMDQ_BASE, EVENTQ_BASE, EVENTQ_IRQ_CFG0 };
	static const uint64_t known[] = { CR0, CR0ACK, GERROR, GERRORN, IRQ_CTRL, IRQ_CTRLACK };
	struct machine *m = machine("linux-session");
	uint64_t before[4];

	m->quiet = true;
	create_machine(m);
	demand(m, "reset-values=unknown");
	for (unsigned i = 0; i < 4; i++)
		ck_assert_uint_eq(reg64(m, unknown[i]), 0);
	smmu3_reset(m->smmu);
	for (unsigned i = 0; i < 4; i++)
		ck_assert_uint_ne(before[i] = reg64(m, unknown[i]), 0);
	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		ck_assert_uint_eq(reg(m, known[i]), 0);
	ck_assert_uint_eq(reg(m, GBPA), 0x1000);
	smmu3_reset(m->smmu); /* the same again */
	for (unsigned i = 0; i < 4; i++)
		ck_assert_uint_eq(reg64(m, unknown[i]), before[i]);
	open_queues(m); /* who writes all that he uses is at home */
	set_reg(m, CMDQ_PROD, 0);
	set_reg(m, CMDQ_CONS, 0);
	set_reg(m, EVENTQ_PROD, 0);
	set_reg(m, EVENTQ_CONS, 0);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	fault(m, 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	close_machine(m);
}
END_TEST

/* CR-030: 1 is recommended, where there is BTM */
START_TEST(ptm_is_set_at_reset)
{
	struct machine *m = choosing_of(machine_with(1u << 5), "ptm-reset=set");

	ck_assert_uint_eq(reg(m, CR2), 4);
	close_machine(m);
	m = machine("generic-3.1");
	create_machine(m);
	ck_assert_int_eq(smmu3_adversity_ask(m->smmu, "ptm-reset=set", NULL),
			 -SMMU3_E_INCONSISTENT);
	close_machine(m);
}
END_TEST

/* RST-003 */
START_TEST(gbpa_aborts_at_reset)
{
	struct machine *m = choosing("generic-3.1", "gbpa-reset=abort");

	ck_assert_uint_eq(reg(m, GBPA), ABORT | 0x1000);
	ck_assert_uint_eq(read_by(m, 1, 0).verdict, SMMU3_ABORT);
	close_machine(m);
}
END_TEST

/* ---- What is stored ---- */

/* REG-008, REG-014: RES0 bits are stored without effect.  CR0 has bit 1 to 4 at most here, and an
 * acknowledgement none of what is reserved; the Update of GBPA is none; what is guarded is */
START_TEST(reserved_bits_are_stored)
{
	struct machine *m = choosing("generic-3.1", "register-reserved-bits=stored");

	set_reg(m, CR2, 0xffff0002);
	ck_assert_uint_eq(reg(m, CR2), 0xffff0002);
	set_reg64(m, STRTAB_BASE, UINT64_MAX);
	ck_assert_uint_eq(reg64(m, STRTAB_BASE), UINT64_MAX);
	set_reg64(m, STRTAB_BASE, STREAMS_AT | 0x3f);
	set_reg(m, STRTAB_BASE_CFG, 3);
	set_reg(m, GBPA, UPDATE | 0x40001000);
	ck_assert_uint_eq(reg(m, GBPA), 0x40001000);
	set_reg(m, CR0, 0x80000000 | SMMUEN);
	ck_assert_uint_eq(reg(m, CR0), 0x80000000 | SMMUEN);
	ck_assert_uint_eq(reg(m, CR0ACK), SMMUEN);
	set_reg64(m, STRTAB_BASE, 0);
	ck_assert_uint_eq(reg64(m, STRTAB_BASE), STREAMS_AT | 0x3f);
	ck_assert_uint_eq(read_by(m, 1, 0).event, 0x04); /* the table is where it was said to be */
	set_reg(m, IDR0, UINT32_MAX);
	ck_assert_uint_eq(reg(m, IDR0), 0x094c101b);
	set_reg(m, CR0, 0);
	smmu3_reset(m->smmu);
	ck_assert_uint_eq(reg(m, CR2), 0);
	close_machine(m);
}
END_TEST

/* CR-001, CR-004: without PRI, ATS and VMW these are RES0, and CR0ACK does not show them */
START_TEST(cr0_has_no_bits_of_features_that_are_absent)
{
	struct machine *m = choosing("generic-3.1", "cr0-absent-features=res0");
	const uint32_t vmw = 7u << 6;

	set_reg(m, CR0, CMDQEN | PRIQEN | ATSCHK | vmw);
	ck_assert_uint_eq(reg(m, CR0), CMDQEN);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN);
	demand(m, "cr0-absent-features=libsmmu");
	set_reg(m, CR0, CMDQEN | PRIQEN | ATSCHK | vmw);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | PRIQEN | ATSCHK | vmw);
	demand(m, "cr0-absent-features=res0"); /* what is stored goes */
	ck_assert_uint_eq(reg(m, CR0), CMDQEN);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN);
	close_machine(m);
	m = machine_with(1u << 10 | 1u << 16 | 1u << 17); /* ATS, PRI, VMW */
	m->config.idr[1] |= 2u << 11;
	choosing_of(m, "cr0-absent-features=res0");
	set_reg(m, CR0, PRIQEN | ATSCHK | vmw);
	ck_assert_uint_eq(reg(m, CR0ACK), PRIQEN | ATSCHK | vmw);
	close_machine(m);
}
END_TEST

/* GBP-007: linux-capture has neither kind of override */
START_TEST(gbpa_has_no_overrides_that_are_absent)
{
	struct machine *m = choosing("linux-capture", "gbpa-without-overrides=zero");

	set_reg(m, GBPA, UPDATE | ABORT | 0x000f3f1f);
	ck_assert_uint_eq(reg(m, GBPA), ABORT);
	close_machine(m);
}
END_TEST

/* ---- What may be written ---- */

/* REG-015, CR-024: up to SMMUv3.1 what is guarded may take any value */
START_TEST(a_guarded_register_takes_what_is_written)
{
	struct machine *m = running(machine("generic-3.1"), "guarded-writes=taken");

	set_reg64(m, CMDQ_BASE, RAM_AT | 3);
	ck_assert_uint_eq(reg64(m, CMDQ_BASE), RAM_AT | 3);
	set_reg(m, CR1, 0);
	ck_assert_uint_eq(reg(m, CR1), 0);
	close_machine(m);
	m = machine("generic-3.3");
	create_machine(m);
	ck_assert_int_eq(smmu3_adversity_ask(m->smmu, "guarded-writes=taken", NULL),
			 -SMMU3_E_INCONSISTENT);
	close_machine(m);
}
END_TEST

/* GBP-003 */
START_TEST(gbpa_takes_a_write_without_update)
{
	struct machine *m = choosing("generic-3.1", "gbpa-without-update=taken");

	set_reg(m, GBPA, ABORT | 0x1000);
	ck_assert_uint_eq(reg(m, GBPA), ABORT | 0x1000);
	ck_assert_uint_eq(read_by(m, 1, 0).verdict, SMMU3_ABORT);
	close_machine(m);
}
END_TEST

/* GBP-012: S_INIT does nothing while an SMMUEN is 1.  6.3.62 */
START_TEST(s_init_is_ignored_while_the_smmu_is_enabled)
{
	struct machine *m = secure_machine();

	m->quiet = true;
	create_machine(m);
	demand(m, "s-init-while-enabled=ignored");
	set_reg(m, CR0, SMMUEN);
	look_away(m);
	set_secure(m, S_INIT, 1);
	ck_assert_uint_eq(count(m, INVALIDATES), 0);
	set_reg(m, CR0, 0);
	set_secure(m, S_INIT, 1);
	ck_assert_uint_eq(count(m, INVALIDATES), 1);
	close_machine(m);
}
END_TEST

/* ---- How they are accessed ---- */

/* REG-010, REG-011: 0xa8, 0xac, 0xc8, 0xcc of Page 0 */
START_TEST(page_0_shows_no_queue_indexes)
{
	struct machine *m = choosing_of(secure_machine(), "page-0-queue-indexes=raz-wi");

	set_reg(m, EVENTQ_CONS, 3);
	ck_assert_uint_eq(reg(m, 0xac), 0);
	set_reg(m, 0xac, 5);
	ck_assert_uint_eq(reg(m, EVENTQ_CONS), 3);
	set_secure(m, 0xac, 5); /* the Secure ones are nowhere else */
	ck_assert_uint_eq(secure_reg(m, 0xac), 5);
	close_machine(m);
}
END_TEST

static uint64_t pair_of(struct machine *m, int code)
{
	uint64_t value;

	ck_assert_int_eq(smmu3_mmio_read(m->smmu, SMMU3_PAS_NS, EVENTQ_PROD, 8, &value), code);
	return value;
}

/* REG-007: 8 bytes over EVENTQ_PROD and EVENTQ_CONS; a register of 64 bits is none of it */
START_TEST(an_access_to_two_registers_is_what_is_chosen)
{
	static const struct {
		const char *word;
		int code;
		uint64_t read;
		uint32_t prod, cons; /* after a write of 6 and 7 */
	} rows[] = {
		{ "register-access-pair=libsmmu", 0, UINT64_C(3) << 32 | 2, 6, 7 },
		{ "register-access-pair=one", 0, 2, 6, 3 },
		{ "register-access-pair=raz-wi", 0, 0, 2, 3 },
		{ "register-access-pair=abort", -SMMU3_E_ABORT, 0, 2, 3 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct machine *m = choosing("generic-3.1", rows[i].word);

		set_reg64(m, EVENTQ_BASE, EVENTS_AT | 5);
		ck_assert_uint_eq(reg64(m, EVENTQ_BASE), EVENTS_AT | 5);
		set_reg(m, EVENTQ_PROD, 2);
		set_reg(m, EVENTQ_CONS, 3);
		ck_assert_uint_eq(pair_of(m, rows[i].code), rows[i].read);
		ck_assert_int_eq(smmu3_mmio_write(m->smmu, SMMU3_PAS_NS, EVENTQ_PROD, 8,
						  UINT64_C(7) << 32 | 6),
				 rows[i].code);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), rows[i].prod);
		ck_assert_uint_eq(reg(m, EVENTQ_CONS), rows[i].cons);
		close_machine(m);
	}
}
END_TEST

/* REG-006 */
START_TEST(an_access_of_another_size_reads_zero)
{
	struct machine *m = choosing("generic-3.1", "register-access-size=raz-wi");
	uint64_t value = 1;

	ck_assert_int_eq(smmu3_mmio_read(m->smmu, SMMU3_PAS_NS, IDR0, 2, &value), 0);
	ck_assert_uint_eq(value, 0);
	set_reg(m, CR2, 2);
	ck_assert_int_eq(smmu3_mmio_write(m->smmu, SMMU3_PAS_NS, CR2, 1, 0), 0);
	ck_assert_int_eq(smmu3_mmio_write(m->smmu, SMMU3_PAS_NS, CR2, 8, 0), 0);
	ck_assert_int_eq(smmu3_mmio_read(m->smmu, (enum smmu3_pas)4, IDR0, 2, &value),
			 -SMMU3_E_ABORT);
	close_machine(m);
}
END_TEST

/* CR-034: STATUSR.DORMANT where IDR0.DORMHINT says that it may be, and there is nothing to keep */
START_TEST(the_dormant_hint_is_given)
{
	struct machine *m = machine("generic-3.1");

	m->config.idr[0] |= 1u << 8;
	m->config.caches = (struct smmu3_caches){ .tlb = 0 };
	create_machine(m);
	ck_assert_uint_eq(reg(m, 0x40), 0);
	demand(m, "dormant-hint=given");
	ck_assert_uint_eq(reg(m, 0x40), 1);
	close_machine(m);
	m = machine("generic-3.1");
	m->config.idr[0] |= 1u << 8;
	m->config.caches = (struct smmu3_caches){ .tlb = 4 };
	create_machine(m);
	demand(m, "dormant-hint=given");
	ck_assert_uint_eq(reg(m, 0x40), 0);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, gbpa_is_updated_late);
	tcase_add_test(tests, cr0_takes_effect_late);
	tcase_add_test(tests, cr0_is_acknowledged_late);
	tcase_add_test(tests, a_pending_enable_guards);
	tcase_add_test(tests, interrupts_are_enabled_late);
	tcase_add_test(tests, registers_begin_with_anything);
	tcase_add_test(tests, ptm_is_set_at_reset);
	tcase_add_test(tests, gbpa_aborts_at_reset);
	tcase_add_test(tests, reserved_bits_are_stored);
	tcase_add_test(tests, cr0_has_no_bits_of_features_that_are_absent);
	tcase_add_test(tests, gbpa_has_no_overrides_that_are_absent);
	tcase_add_test(tests, a_guarded_register_takes_what_is_written);
	tcase_add_test(tests, gbpa_takes_a_write_without_update);
	tcase_add_test(tests, s_init_is_ignored_while_the_smmu_is_enabled);
	tcase_add_test(tests, page_0_shows_no_queue_indexes);
	tcase_add_test(tests, an_access_to_two_registers_is_what_is_chosen);
	tcase_add_test(tests, an_access_of_another_size_reads_zero);
	tcase_add_test(tests, the_dormant_hint_is_given);
}

int main(void)
{
	return run("adverse registers", add);
}
