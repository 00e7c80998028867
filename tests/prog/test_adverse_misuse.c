/* SPDX-License-Identifier: MIT */
/* Registers that software writes as it must not, of an SMMU that does what docs/choices.md says is
 * also allowed.  smmu/adversity.h */
#include "adverse.h"
#include "run.h"

#define UPDATE 0x80000000u
#define ABORT 0x00100000u
#define VMW(n) ((uint32_t)(n) << 6)
#define IDR0_VMW (1u << 17)

static bool refuses(struct machine *m, const char *word)
{
	return smmu3_adversity_ask(m->smmu, word, NULL) == -SMMU3_E_INCONSISTENT;
}

/* ---- Pages ---- */

/* REG-009: where Page 1 has no register that of Page 0 is there; where it has one, it is that */
START_TEST(gaps_of_page_1_are_page_0)
{
	struct machine *m = choosing("generic-3.1", "page-1-gaps=page-0");

	ck_assert_uint_eq(reg(m, 0x10000 + IDR1), reg(m, IDR1));
	ck_assert_uint_ne(reg(m, IDR1), 0);
	set_reg64(m, 0x10000 + STRTAB_BASE, STREAMS_AT);
	ck_assert_uint_eq(reg64(m, STRTAB_BASE), STREAMS_AT);
	set_reg(m, EVENTQ_CONS, 5);
	ck_assert_uint_eq(reg(m, EVENTQ_CONS), 5);
	ck_assert_uint_eq(reg(m, EVENTQ_CONS + 0x10000), 0); /* another page has gaps of its own */
	demand(m, "page-0-queue-indexes=raz-wi");
	ck_assert_uint_eq(reg(m, EVENTQ_CONS), 5);
	set_reg(m, 0x10000 + CR0, SMMUEN);
	ck_assert_uint_eq(reg(m, CR0ACK), SMMUEN);
	ck_assert_uint_eq(read_by(m, 0, 0).event, 0x04); /* the SMMU saw it, too */
	ck_assert_uint_eq(reg(m, 0x20000 + IDR1), 0);
	demand(m, "page-1-gaps=libsmmu");
	ck_assert_uint_eq(reg(m, 0x10000 + IDR1), 0);
	close_machine(m);
}
END_TEST

/* ---- Updates that are under way ---- */

static struct machine *pending(uint32_t idr0, const char *late, const char *altered)
{
	struct machine *m = choosing_of(machine_with(idr0), late);

	demand(m, altered);
	return m;
}

/* CR-004: a value that takes the first back ends the Update, at once */
START_TEST(an_update_of_cr0_is_cancelled)
{
	struct machine *m = pending(IDR0_VMW, "cr0-update=late", "cr0-altered=cancelled");

	demand(m, "update=held");
	set_reg(m, CR0, SMMUEN | VMW(1));
	set_reg(m, CR0, VMW(2)); /* VMW is another value, and no old one */
	ck_assert_uint_eq(reg(m, CR0), VMW(1));
	ck_assert_uint_eq(reg(m, CR0ACK), 0);
	set_reg(m, CR0, VMW(1) | SMMUEN); /* begins anew */
	ck_assert_uint_eq(reg(m, CR0), VMW(1) | SMMUEN);
	set_reg(m, CR0, 0);
	ck_assert_uint_eq(reg(m, CR0), 0);
	demand(m, "release");
	ck_assert_uint_eq(reg(m, CR0ACK), 0);
	ck_assert_uint_eq(read_by(m, 1, 0).verdict, SMMU3_OK); /* bypass */
	close_machine(m);
}
END_TEST

/* CR-004: likewise where only CR0ACK is late: what had taken effect is taken back */
START_TEST(an_update_of_cr0_that_counts_is_cancelled)
{
	struct machine *m = pending(0, "cr0-update=acknowledged-late", "cr0-altered=cancelled");

	demand(m, "update=held");
	open_queues(m);
	set_reg(m, CR0, EVENTQEN | SMMUEN);
	fault(m, 1);
	set_reg(m, CR0, EVENTQEN);
	ck_assert_uint_eq(reg(m, CR0), EVENTQEN);
	ck_assert_uint_eq(read_by(m, 1, 0).verdict, SMMU3_OK);
	ck_assert_uint_eq(reg(m, CR0ACK), 0);
	demand(m, "release");
	ck_assert_uint_eq(reg(m, CR0ACK), EVENTQEN);
	close_machine(m);
}
END_TEST

/* CR-005: up to SMMUv3.1 the last value that was written */
START_TEST(an_update_of_cr0_ends_with_the_last_value)
{
	struct machine *m = pending(IDR0_VMW,
				    _i ? "cr0-update=acknowledged-late" : "cr0-update=late",
				    "cr0-altered=taken");

	demand(m, "update=held");
	set_reg(m, CR0, SMMUEN | VMW(1));
	set_reg(m, CR0, VMW(2));
	ck_assert_uint_eq(reg(m, CR0), VMW(2));
	ck_assert_uint_eq(reg(m, CR0ACK), 0);
	ck_assert_uint_eq(read_by(m, 1, 0).verdict, SMMU3_OK); /* no SMMUEN counts */
	demand(m, "release");
	ck_assert_uint_eq(reg(m, CR0ACK), VMW(2));
	close_machine(m);
}
END_TEST

/* GBP-002: likewise GBPA */
START_TEST(an_update_of_gbpa_ends_with_the_last_value)
{
	struct machine *m = pending(0, "gbpa-update=late", "gbpa-altered=taken");

	set_reg(m, GBPA, UPDATE | ABORT | 0x1000);
	set_reg(m, GBPA, UPDATE | 0x2000);
	ck_assert_uint_eq(reg(m, GBPA), UPDATE | 0x2000);
	demand(m, "release");
	ck_assert_uint_eq(reg(m, GBPA), 0x2000);
	ck_assert_uint_eq(read_by(m, 1, 0).verdict, SMMU3_OK);
	close_machine(m);
}
END_TEST

/* CR-005, GBP-002, ATO-002, ATO-003: what only SMMUv3.1 and before may do */
START_TEST(later_versions_keep_the_first_value)
{
	struct machine *m = machine("generic-3.3");

	m->config.idr[0] |= 1 << 15; /* ATOS */
	create_machine(m);
	ck_assert(refuses(m, "cr0-altered=taken"));
	demand(m, "cr0-altered=cancelled");
	ck_assert(refuses(m, "gbpa-altered=taken"));
	ck_assert(refuses(m, "atos-run-disabled=stored"));
	ck_assert(refuses(m, "atos-written-while-running=taken"));
	demand(m, "atos-disabled=aborted");
	close_machine(m);
	m = machine("generic-3.1");
	create_machine(m);
	ck_assert(refuses(m, "atos-disabled=aborted")); /* there is no ATOS */
	close_machine(m);
}
END_TEST

/* ---- GERRORN ---- */

/* GER-006: an error that software makes is active, and told */
START_TEST(an_error_that_software_makes_is_raised)
{
	struct machine *m = running(machine("generic-3.1"), "gerrorn-inactive=raised");

	set_reg(m, IRQ_CTRL, GERROR_IRQEN);
	look_away(m);
	set_reg(m, GERRORN, CMDQ_ERR);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 1);
	submit(m, CFGI_ALL);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 0);
	set_reg(m, GERRORN, 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 1); /* it was active */
	close_machine(m);
}
END_TEST

/* GER-006: or nobody minds: commands go on; a real error then looks like none, and is one */
START_TEST(an_error_that_software_makes_is_not_minded)
{
	struct machine *m = running(machine("generic-3.1"), "gerrorn-inactive=unnoticed");

	set_reg(m, IRQ_CTRL, GERROR_IRQEN);
	look_away(m);
	set_reg(m, GERRORN, CMDQ_ERR);
	submit(m, CFGI_ALL);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 0);
	submit(m, ILLEGAL);
	submit(m, CFGI_ALL);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 1);
	ck_assert_uint_eq(reg(m, GERROR) ^ reg(m, GERRORN), 0);
	ck_assert_uint_eq(error_of(m), CERROR_ILL);
	*ram_at(m, command_at(m, 1)) = CFGI_ALL.word[0];
	set_reg(m, GERRORN, 0); /* as one acknowledges */
	ck_assert_uint_eq(reg(m, CMDQ_CONS) & 0xfffff, 3);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, gaps_of_page_1_are_page_0);
	tcase_add_test(tests, an_update_of_cr0_is_cancelled);
	tcase_add_test(tests, an_update_of_cr0_that_counts_is_cancelled);
	tcase_add_loop_test(tests, an_update_of_cr0_ends_with_the_last_value, 0, 2);
	tcase_add_test(tests, an_update_of_gbpa_ends_with_the_last_value);
	tcase_add_test(tests, later_versions_keep_the_first_value);
	tcase_add_test(tests, an_error_that_software_makes_is_raised);
	tcase_add_test(tests, an_error_that_software_makes_is_not_minded);
}

int main(void)
{
	return run("adverse misuse", add);
}
