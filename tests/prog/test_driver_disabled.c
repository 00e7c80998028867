/* SPDX-License-Identifier: MIT */
/* From reset until SMMUEN: what traffic meets, what GBPA does about it, and that nothing else that
 * registers hold counts.  3.11, 6.3.9.6, 6.3.14 */
#include "driver.h"
#include "run.h"

#include <check.h>

#define UPDATE (UINT32_C(1) << 31)
enum { GBPA_ABORT = 1 << 20, SHCFG_INCOMING = 1 << 12 };

/* ---- Traffic of every kind ---- */

static const struct smmu3_txn traffic[] = {
	{ .addr = 0x1000, .bytes = 4, .sid = 0 },
	{ .addr = 0x1000, .bytes = 4, .sid = 1, .flags = SMMU3_TXN_WRITE },
	{ .addr = 0x1000, .bytes = 4, .sid = 2, .flags = SMMU3_TXN_INSTRUCTION },
	{ .addr = 0x1000, .bytes = 4, .sid = 3, .flags = SMMU3_TXN_PRIVILEGED },
	{ .addr = 0x1000, .bytes = 4, .sid = 4, .flags = SMMU3_TXN_NS },
	{ .addr = 0x1000, .bytes = 4, .sid = 5, .ssid = 0xfffff, .flags = SMMU3_TXN_SSV },
	{ .addr = 0x1000, .bytes = 8, .sid = 6, .txn_class = SMMU3_CLASS_ATOMIC },
	{ .addr = 0, .bytes = 1, .sid = 0xffffffff },
	{ .addr = UINT64_C(0xfffffffff00), .bytes = 256, .sid = 8 }, /* the last below OAS, 44 */
};

static void expect_traffic(struct machine *m, enum smmu3_verdict verdict)
{
	for (int i = 0; i < COUNT(traffic); i++) {
		struct smmu3_outcome outcome;

		smmu3_translate(m->smmu, &traffic[i], &outcome);
		ck_assert_int_eq(outcome.verdict, verdict);
		ck_assert_uint_eq(outcome.event | outcome.recorded, 0);
		ck_assert_uint_eq(outcome.pa, verdict == SMMU3_OK ? traffic[i].addr : 0);
		ck_assert_uint_eq(outcome.pas, SMMU3_PAS_NS);
	}
	ck_assert_uint_eq(m->seen_count, 0); /* no table is read, no record written */
}

/* RST-003, RST-006, GBP-004, FLT-18: from reset, before any register is written; then with queues
 * that would take events */
START_TEST(traffic_passes_or_aborts_from_reset_as_gbpa_resets)
{
	for (unsigned abort = 0; abort < 2; abort++) {
		struct machine *m = machine("linux-session");
		const enum smmu3_verdict verdict = abort ? SMMU3_ABORT : SMMU3_OK;

		m->config.gbpa_reset = abort ? GBPA_ABORT : SHCFG_INCOMING;
		create_machine(m);
		expect_traffic(m, verdict);
		open_queues(m);
		update(m, CR0, CMDQEN | EVENTQEN);
		update(m, IRQ_CTRL, EVENTQ_IRQEN | GERROR_IRQEN);
		expect_traffic(m, verdict);
		update(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
		update(m, CR0, CMDQEN | EVENTQEN);
		expect_traffic(m, verdict);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
		close_machine(m);
	}
}
END_TEST

/* Waits for Update, changes some bits with it, waits again. */
static void update_gbpa(struct machine *m, uint32_t clear, uint32_t set)
{
	ck_assert_uint_eq(reg(m, GBPA) & UPDATE, 0);
	set_reg(m, GBPA, (reg(m, GBPA) & ~clear) | set | UPDATE);
	ck_assert_uint_eq(reg(m, GBPA) & UPDATE, 0);
}

/* GBP-002 to GBP-004: what a driver does to stop traffic while it sets up, and to let it go; in
 * force for the next access; a write without Update is none */
START_TEST(gbpa_stops_traffic_by_its_update_handshake)
{
	struct machine *m = machine("linux-session");

	open_machine(m);
	update(m, CR0, EVENTQEN);
	for (unsigned turn = 0; turn < 3; turn++) {
		set_reg(m, GBPA, GBPA_ABORT);
		expect_traffic(m, SMMU3_OK);
		update_gbpa(m, 0, GBPA_ABORT);
		ck_assert_uint_eq(reg(m, GBPA), GBPA_ABORT | SHCFG_INCOMING);
		expect_traffic(m, SMMU3_ABORT);
		set_reg(m, GBPA, 0);
		expect_traffic(m, SMMU3_ABORT);
		update_gbpa(m, GBPA_ABORT, 0);
		ck_assert_uint_eq(reg(m, GBPA), SHCFG_INCOMING);
		expect_traffic(m, SMMU3_OK);
	}
	close_machine(m);
}
END_TEST

/* ---- What registers hold ---- */

/* Every register of Pages 0 and 1 that software writes, but CR0, GBPA and IRQ_CTRL */
static const uint64_t writable[] = {
	CR1,
	CR2,
	GERRORN,
	GERROR_IRQ_CFG0,
	GERROR_IRQ_CFG0 + 4,
	GERROR_IRQ_CFG1,
	GERROR_IRQ_CFG2,
	STRTAB_BASE,
	STRTAB_BASE + 4,
	STRTAB_BASE_CFG,
	CMDQ_BASE,
	CMDQ_BASE + 4,
	CMDQ_PROD,
	CMDQ_CONS,
	EVENTQ_BASE,
	EVENTQ_BASE + 4,
	EVENTQ_IRQ_CFG0,
	EVENTQ_IRQ_CFG0 + 4,
	EVENTQ_IRQ_CFG1,
	EVENTQ_IRQ_CFG2,
	EVENTQ_PROD,
	EVENTQ_CONS,
};

static void fill_registers(struct machine *m, uint32_t value)
{
	for (int i = 0; i < COUNT(writable); i++)
		set_reg(m, writable[i], value);
}

/* CR-013, RST-002, RST-005: whatever they hold, nothing comes of it until their enable is set; they
 * are then programmed as ever */
START_TEST(registers_mean_nothing_until_their_enable)
{
	static const uint32_t values[] = { 0xffffffff, 0xa5a5a5a5, 0x5a5a5a5a, 1 };

	for (int i = 0; i < COUNT(values); i++) {
		struct machine *m = machine("linux-session");

		create_machine(m);
		fill_registers(m, values[i]);
		expect_traffic(m, SMMU3_OK);
		update(m, CR0, ATSCHK);
		expect_traffic(m, SMMU3_OK);
		fill_registers(m, 0);
		open_queues(m);
		update(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
		submit(m, SYNC_NONE);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
		fault(m, 1);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
		ck_assert_uint_eq(reg(m, GERROR), 0);
		close_machine(m);
	}
}
END_TEST

/* RST-002, CR-013: an enable asks for its own registers alone: commands with a Stream table and an
 * Event queue of nonsense */
START_TEST(an_enable_needs_its_own_registers_alone)
{
	struct machine *m = machine("linux-session");

	create_machine(m);
	fill_registers(m, 0xffffffff);
	set_reg(m, GERRORN, 0);
	set_reg64(m, CMDQ_BASE, COMMANDS_AT | 3);
	set_reg64(m, CMDQ_PROD, 0);
	update(m, CR0, CMDQEN);
	submit(m, CFGI_ALL);
	submit(m, sync_irq(DOORBELL, 0x1dea));
	ck_assert_uint_eq(*ram_at(m, DOORBELL), 0x1dea);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_CMDQ), 2);
	look_away(m);
	expect_traffic(m, SMMU3_OK);
	close_machine(m);
}
END_TEST

/* ---- Enabled ---- */

/* CR-015, CR-029, CR-032, STR-008: once SMMUEN is acknowledged CR2 as written before is in force,
 * and nothing bypasses, whatever GBPA says */
START_TEST(an_enabled_smmu_lets_nothing_bypass)
{
	for (unsigned recinvsid = 0; recinvsid < 2; recinvsid++) {
		struct machine *m = machine("linux-session");

		open_machine(m);
		set_reg(m, CR2, recinvsid << 1);
		update_gbpa(m, GBPA_ABORT, 0);
		update(m, CR0, EVENTQEN | SMMUEN);
		for (uint32_t sid = 0; sid < 8; sid++)
			ck_assert_uint_eq(read_by(m, sid, 0x1000).verdict, SMMU3_ABORT);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), 8);
		set_reg(m, EVENTQ_CONS, 8);
		for (unsigned i = 3; i < 32; i++) {
			const uint32_t at = reg(m, EVENTQ_PROD);

			ck_assert_uint_eq(read_by(m, UINT32_C(1) << i, 0x1000).verdict,
					  SMMU3_ABORT);
			ck_assert_uint_eq(reg(m, EVENTQ_PROD), (at + recinvsid) % 16);
			if (recinvsid)
				ck_assert_uint_eq(*ram_at(m, event_at(m, at)),
						  UINT64_C(1) << (32 + i) | 0x02);
			set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
		}
		close_machine(m);
	}
}
END_TEST

/* ---- The pages ---- */

/* Does software own a word of Pages 0 and 1, all its bits 0 at reset, or is there nothing? */
static bool is_writable(uint64_t offset)
{
	if (offset == EVENTQ_PROD - 0x10000 || offset == EVENTQ_CONS - 0x10000) /* seen twice */
		return true;
	for (int i = 0; i < COUNT(writable); i++)
		if (writable[i] == offset)
			return true;
	return offset == CR0 || offset == IRQ_CTRL || offset == GBPA;
}

static bool is_identification(uint64_t offset)
{
	return offset <= AIDR;
}

/* REG-001, REG-008, REG-009, REG-012, REG-019, REG-024, REG-025, GBP-009, PRIQ-001: registers stand
 * in two pages of 64KB; any other word of them, of the Secure half, and of what comes after them,
 * is 0 and takes nothing */
START_TEST(two_pages_have_registers_and_nothing_else)
{
	struct machine *m = machine("linux-session");

	create_machine(m);
	for (uint64_t offset = 0; offset < 0x40000; offset += 4) {
		const uint32_t before = reg(m, offset);

		if (is_writable(offset))
			continue;
		set_reg(m, offset, 0xffffffff);
		if (reg(m, offset) != before || (before && !is_identification(offset)))
			ck_abort_msg("offset %#llx", (unsigned long long)offset);
	}
	for (int i = 0; i < COUNT(writable); i++)
		ck_assert_uint_eq(reg(m, writable[i]), 0); /* none of it went there */
	ck_assert_uint_eq(reg64(m, CR0) | reg64(m, IRQ_CTRL), 0);
	ck_assert_uint_eq(reg(m, GBPA), SHCFG_INCOMING);
	close_machine(m);
}
END_TEST

/* REG-003, REG-004, REG-020: each register is one, whoever writes and whoever reads it */
START_TEST(each_register_is_the_same_from_every_pa_space)
{
	struct machine *m = machine("linux-session");

	create_machine(m);
	set_reg64(m, CMDQ_BASE, 19);
	set_reg64(m, EVENTQ_BASE, 19);
	for (unsigned writer = SMMU3_PAS_NS; writer <= SMMU3_PAS_ROOT; writer++) {
		for (unsigned reader = SMMU3_PAS_NS; reader <= SMMU3_PAS_ROOT; reader++) {
			for (int i = 0; i < COUNT(writable); i++) {
				const uint32_t old = reg(m, writable[i]);
				uint64_t value = 0;

				if ((writable[i] & ~7ull) == CMDQ_BASE ||
				    (writable[i] & ~7ull) == EVENTQ_BASE)
					continue; /* sizes of the indexes */
				smmu3_mmio_write(m->smmu, (enum smmu3_pas)writer, writable[i], 4,
						 ~old);
				smmu3_mmio_read(m->smmu, (enum smmu3_pas)reader, writable[i], 4,
						&value);
				ck_assert_uint_ne(value, old);
				ck_assert_uint_eq(value, reg(m, writable[i]));
			}
		}
	}
	close_machine(m);
}
END_TEST

/* REG-004, REG-005: each register of 64 bits, by one access or by its halves in either order, read
 * in either way; a half leaves the other alone */
START_TEST(each_64_bit_register_is_written_whole_and_by_halves)
{
	static const uint64_t offsets[] = { GERROR_IRQ_CFG0, STRTAB_BASE, CMDQ_BASE, EVENTQ_BASE,
					    EVENTQ_IRQ_CFG0 };
	/* bits that all of them have: [43:6] below OAS */
	const uint64_t one = UINT64_C(0x00000a5a5a5a5a40), other = UINT64_C(0x0000050505050500);
	struct machine *m = machine("linux-session");

	create_machine(m);
	for (int i = 0; i < COUNT(offsets); i++) {
		const uint64_t at = offsets[i];

		set_reg64(m, at, one);
		ck_assert_uint_eq(reg64(m, at), one);
		ck_assert_uint_eq(reg(m, at), (uint32_t)one);
		ck_assert_uint_eq(reg(m, at + 4), one >> 32);
		set_reg(m, at, (uint32_t)other);
		ck_assert_uint_eq(reg64(m, at), (one & ~UINT64_C(0xffffffff)) | (uint32_t)other);
		set_reg(m, at + 4, (uint32_t)(other >> 32));
		ck_assert_uint_eq(reg64(m, at), other);
		set_reg(m, at + 4, (uint32_t)(one >> 32));
		ck_assert_uint_eq(reg(m, at), (uint32_t)other);
		set_reg(m, at, (uint32_t)one);
		ck_assert_uint_eq(reg64(m, at), one);
	}
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, traffic_passes_or_aborts_from_reset_as_gbpa_resets);
	tcase_add_test(tests, gbpa_stops_traffic_by_its_update_handshake);
	tcase_add_test(tests, registers_mean_nothing_until_their_enable);
	tcase_add_test(tests, an_enable_needs_its_own_registers_alone);
	tcase_add_test(tests, an_enabled_smmu_lets_nothing_bypass);
	tcase_add_test(tests, two_pages_have_registers_and_nothing_else);
	tcase_add_test(tests, each_register_is_the_same_from_every_pa_space);
	tcase_add_test(tests, each_64_bit_register_is_written_whole_and_by_halves);
}

int main(void)
{
	return run("driver-disabled", add);
}
