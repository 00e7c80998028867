/* SPDX-License-Identifier: MIT */
/* What is well-formed, and no state of registers or of work that an SMMU could have come to.
 * docs/save.md */
#include "change.h"
#include "run.h"
#include "stalls.h"
#include "waiting.h"

#include <check.h>
#include <string.h>

/* ---- Registers ---- */

/* CR-001, EVTQ-001: reserved bits, of an address those above OAS, and what software cannot write */
START_TEST(a_register_holds_what_it_can)
{
	static const struct change changes[] = {
		{ "REGS", VALUE(ROW_CR0), 8, 0x200000d, "Non-secure register at 0x20 cannot hold" },
		{ "REGS", VALUE(ROW_CR0), 8, UINT64_C(0x10000000d), "at 0x20 cannot hold" },
		{ "REGS", VALUE(ROW_CR2), 8, 0, "at 0x2c cannot hold 0x0" }, /* as at reset */
		{ "REGS", VALUE(ROW_STRTAB_BASE), 8, UINT64_C(1) << 53, "at 0x80 cannot hold" },
		{ "REGS", VALUE(ROW_STRTAB_BASE), 8, 0x80000020, "at 0x80 cannot hold" },
		{ "REGS", OFFSET(ROW_CR0), 4, 0x00, "registers do not ascend" }, /* IDR0 */
		{ "REGS", OFFSET(ROW_CR0), 4, 0x04, "at 0x4 cannot hold" },      /* IDR1 */
		{ "REGS", OFFSET(ROW_CR0), 4, 0x24, "at 0x24 cannot hold" },     /* CR0ACK */
		{ "REGS", OFFSET(ROW_CR0), 4, 0x22, "at 0x22 cannot hold" },     /* none */
		{ "REGS", OFFSET(ROW_CR1), 4, 0x20, "registers do not ascend" },
		{ "REGS", OFFSET(ROW_CR2), 4, 0x20, "registers do not ascend" },
		{ "REGS", 16 * 8, 4, 1, "Secure register at 0x100a8 cannot hold" }, /* bank */
		{ "REGS", 16 * 8, 4, 2, "Realm register at 0x100a8 cannot hold" },
		{ "REGS", 16 * 8, 4, 3, "REGS is too short" },
		{ "REGS", VALUE(8), 8, 0x10, "an index has bits" }, /* of a queue of 8 */
	};

	expect_changes_refused(changes, COUNT(changes));
}
END_TEST

/* CMDQ-005: errors are those that there can be, and CMDQ_CONS.ERR one of those that are
 * reported while CMDQ_ERR is active */
START_TEST(an_error_is_one_that_there_can_be)
{
	static const struct {
		uint32_t offset, value;
		const char *why; /* NULL: it is one */
	} rows[] = {
		{ GERROR, 0x05, NULL },
		{ GERROR, 0x02, "at 0x60 cannot hold 0x2" },
		{ GERROR, 0x08, "at 0x60 cannot hold 0x8" },    /* PRIQ_ABT_ERR */
		{ GERROR, 0x10, "at 0x60 cannot hold 0x10" },   /* MSI_CMDQ_ABT_ERR, without MSI */
		{ GERROR, 0x100, "at 0x60 cannot hold 0x100" }, /* SFM_ERR */
		{ CMDQ_CONS, 1 << 24, "SMMU_CMDQ_CONS.ERR is 1" }, /* and no error */
	};

	for (int i = 0; i < COUNT(rows); i++) {
		struct blob blob;
		struct machine *m = plain(&blob);
		uint8_t row[16] = { 0 };

		put_at(&row[4], rows[i].offset, 4);
		put_at(&row[8], rows[i].value, 4);
		insert(&blob, "REGS", rows[i].offset == GERROR ? 4 * 16 : 7 * 16, row, 16);
		seal(&blob);
		if (rows[i].why)
			expect_refused(m, &blob, SMMU3_E_FORMAT, rows[i].why);
		else
			load(m, &blob);
		close_machine(m);
	}
}
END_TEST

/* CMDQ-005: of an active error 0 to 2 are reasons, but not 3, which is of ATC */
START_TEST(a_reason_is_one_that_this_smmu_reports)
{
	for (uint32_t reason = 0; reason < 4; reason++) {
		struct machine *m = started_stalling(2);

		submit(m, ILLEGAL);
		struct blob blob = saved(m);
		uint8_t *cons = section(&blob, "REGS");

		for (; number_at(cons + 4, 4) != CMDQ_CONS; cons += 16)
			;
		ck_assert_uint_eq(number_at(cons + 8, 8), 1 << 24);
		put_at(cons + 8, reason << 24, 8);
		seal(&blob);
		renew(m);
		if (reason == 1 || reason == 2)
			load(m, &blob);
		else
			expect_refused(m, &blob, SMMU3_E_FORMAT,
				       reason ? "ERR is 3" : "cannot hold");
		close_machine(m);
	}
}
END_TEST

/* ---- What is due ---- */

/* CMDQ-004, CMD-RESUME, IRC-001 */
START_TEST(what_is_due_can_be)
{
	static const char range[] = "a number of WORK is out of range";
	static const char command[] = "the command under way is none";
	static const char interrupt[] = "an interrupt is due that is disabled";
	static const struct change changes[] = {
		{ "WORK", COMMAND, 8, 0x30, command }, /* of which nothing is due */
		{ "WORK", COMMAND + 8, 8, 1, command },
		{ "WORK", COOKIE, 8, 1, range }, /* of no resume */
		{ "WORK", UNDER_WAY, 1, 1, command },
		{ "WORK", UNDER_WAY, 1, 2, command },
		{ "WORK", UNDER_WAY, 1, 3, command },
		{ "WORK", UNDER_WAY, 1, 4, command },
		{ "WORK", UNDER_WAY, 1, 5, range },
		{ "WORK", PULSES, 1, 1, interrupt }, /* IRQ_CTRL has GERROR alone */
		{ "WORK", PULSES, 1, 2, interrupt }, /* PRI */
		{ "WORK", PULSES, 1, 4, command },   /* CMD_SYNC, and there is none */
		{ "WORK", PULSES, 1, 0x10, interrupt },
		{ "WORK", MESSAGES, 1, 1, interrupt },
		{ "WORK", MESSAGES, 1, 2, interrupt },
		{ "WORK", MESSAGES, 1, 4, command },
		{ "WORK", MESSAGES, 1, 0x80, interrupt },
		{ "WORK", SEND_EVENT, 1, 2, range },
		{ "WORK", COMMAND_DUE, 1, 2, range },
		{ "WORK", DISABLING, 1, 2, range },
		{ "WORK", TERMINATE_AT, 2, 1, range },
		{ "WORK", DISABLE_AT, 2, 1, range },
		{ "WORK", AHEAD, 2, 1, range },
		{ "WORK", RECORDS, 2, 1, range }, /* which are not there */
		{ "WORK", RECORDS, 2, 65, range },
	};

	expect_changes_refused(changes, COUNT(changes));
}
END_TEST

static void expect_under_way(const uint64_t command[2], unsigned what, size_t at, uint64_t value,
			     const char *why)
{
	struct blob blob;
	struct machine *m = plain(&blob);

	put_at(section(&blob, "WORK"), command[0], 8);
	put_at(section(&blob, "WORK") + 8, command[1], 8);
	section(&blob, "WORK")[UNDER_WAY] = (uint8_t)what;
	put_at(section(&blob, "WORK") + at, value, 2);
	seal(&blob);
	if (why)
		expect_refused(m, &blob, SMMU3_E_FORMAT, why);
	else
		load(m, &blob);
	close_machine(m);
}

/* CMDQ-004, CMD-RESUME, CMD-STALL-TERM: a command does what is said of it, once, with a STAG and a
 * StreamID that there are, and a search ends with the table */
START_TEST(a_command_under_way_does_what_is_said_of_it)
{
	static const char command[] = "the command under way is none";
	static const char resumed[] = "cannot have been stalled";
	static const char range[] = "a number of WORK is out of range";
	static const struct {
		uint64_t word[2];
		unsigned what;
		size_t at;
		uint64_t value;
		const char *why;
	} rows[] = {
		{ { 0x30, 0 }, 1, COOKIE, 0, NULL },
		{ { 0x30, 0 }, 2, COOKIE, 0, command },
		{ { 0x30, 0 }, 3, COOKIE, 0, command },
		{ { 0x01, 0 }, 1, COOKIE, 0, command }, /* CMD_PREFETCH_CONFIG */
		{ { 0xff, 0 }, 1, COOKIE, 0, command },
		{ { 0x04 | 1 << 10, 31 }, 1, COOKIE, 0, command }, /* SSec */
		{ { 0x44, 4 }, 3, COOKIE, 9, NULL },
		{ { 0x44, 5 }, 3, COOKIE, 9, resumed }, /* there are five places */
		{ { 0x44 | UINT64_C(0xffff) << 32, 4 }, 3, COOKIE, 9, NULL },
		{ { 0x44 | UINT64_C(0x10000) << 32, 4 }, 3, COOKIE, 9, resumed },
		{ { 0x45, 0 }, 2, TERMINATE_AT, 5, NULL },
		{ { 0x45, 0 }, 2, TERMINATE_AT, 6, range },
		{ { 0x46 | 1 << 12, 0 }, 0, PULSES, 4, NULL },
		{ { 0x46 | 1 << 12, 0 }, 0, PULSES, 0x400, NULL }, /* the message */
		{ { 0x46 | 1 << 12, 0 }, 0, PULSES, 8, command },  /* GERROR's, not CMD_SYNC's */
		{ { 0x46 | 2 << 12, 0 }, 0, PULSES, 4, command },  /* SEV */
		{ { 0x30, 0 }, 1, PULSES, 4, command },
		{ { 0x30, 0 }, 1, PULSES, 8, NULL },
		{ { 0x30, 0 }, 1, DISABLING, 1, "but not all of them" }, /* SMMUEN is 1 */
		{ { 0x30, 0 }, 1, DISABLE_AT, 1, range },
	};

	for (int i = 0; i < COUNT(rows); i++)
		expect_under_way(rows[i].word, rows[i].what, rows[i].at, rows[i].value,
				 rows[i].why);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_register_holds_what_it_can);
	tcase_add_test(tests, an_error_is_one_that_there_can_be);
	tcase_add_test(tests, a_reason_is_one_that_this_smmu_reports);
	tcase_add_test(tests, what_is_due_can_be);
	tcase_add_test(tests, a_command_under_way_does_what_is_said_of_it);
}

int main(void)
{
	return run("save-hostile", add);
}
