/* SPDX-License-Identifier: MIT */
/* What hypervisors, firmware and smaller systems ask of an SMMU besides what a general driver does:
 * registers that read back whole, indexes compared whole, fields set that do not count.  Chapter 6,
 * 5.2, 5.4 */
#include "run.h"
#include "streams.h"

#include <check.h>

enum { SID = 3 };

#define RA (UINT64_C(1) << 62)
#define GBPA_UPDATE (UINT32_C(1) << 31)
enum { GBPA_ABORT = 1 << 20, GBPA_SHCFG_INCOMING = 1 << 12 };

static void sync_and_poll(struct machine *m)
{
	submit(m, SYNC_SEV);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
}

static void expect_read_back(struct machine *m, uint64_t offset, uint64_t value)
{
	set_reg64(m, offset, value);
	ck_assert_uint_eq(reg64(m, offset), value);
}

/* CR-004, CR-005, STR-001, Q-007, Q-009, GBP-002: traffic aborts before; each base is read back and
 * compared; errors are cleared by copying; CR0 is written with ATSCHK, whether there is ATS or not,
 * and must be acknowledged whole */
START_TEST(a_hypervisor_compares_all_that_it_wrote)
{
	struct machine *m = machine("linux-capture");

	m->config.gbpa_reset = GBPA_ABORT;
	create_machine(m);
	ck_assert_uint_eq(reg(m, GBPA), GBPA_ABORT);
	expect_read_back(m, CMDQ_BASE, RA | COMMANDS_AT | 8);
	expect_read_back(m, EVENTQ_BASE, RA | EVENTS_AT | 7);
	expect_read_back(m, STRTAB_BASE, RA | L2_STREAMS_AT);
	set_reg(m, STRTAB_BASE_CFG, 1 << 16 | 8 << 6 | 16);
	ck_assert_uint_eq(reg(m, STRTAB_BASE_CFG), 1 << 16 | 8 << 6 | 16);
	set_reg(m, CR1, 0xd75);
	ck_assert_uint_eq(reg(m, CR1), 0xd75);
	set_reg(m, GERRORN, reg(m, GERROR));
	update(m, CR0, SMMUEN | CMDQEN | ATSCHK | EVENTQEN);
	sync_and_poll(m);
	ck_assert_uint_eq(reg(m, GERROR), 0); /* raw, as some compare it */
	ck_assert_int_eq(read_by(m, SID, 0).verdict, SMMU3_ABORT);
	close_machine(m);
}
END_TEST

/* CR-027, CR-028, CR-030: E2H and PTM are set unasked; without EL2 and broadcast they are RES0, and
 * the rest of CR2 is stored */
START_TEST(cr2_is_written_with_bits_that_are_absent)
{
	struct machine *m = machine("linux-capture");

	open_machine(m);
	set_reg(m, CR2, 0x7);
	ck_assert_uint_eq(reg(m, CR2), 0x2);
	set_reg(m, CR2, 0);
	ck_assert_uint_eq(reg(m, CR2), 0);
	close_machine(m);
}
END_TEST

/* CMDQ-006, Q-012: empty and full are told by comparing registers whole: CONS and PROD differ in
 * the wrap flag alone, in nothing, PROD reads as written after every command */
START_TEST(a_queue_is_compared_by_whole_registers)
{
	const uint32_t wrap = 8;
	struct machine *m = machine("linux-capture");

	open_machine(m);
	for (unsigned turn = 0; turn < 5; turn++) {
		update(m, CR0, 0); /* nothing is consumed: it fills */
		for (unsigned i = 0; i < 8; i++) {
			ck_assert_uint_ne(reg(m, CMDQ_CONS) ^ reg(m, CMDQ_PROD), wrap);
			submit(m, CFGI_ALL);
			ck_assert_uint_eq(reg(m, CMDQ_PROD), m->prod);
		}
		ck_assert_uint_eq(reg(m, CMDQ_CONS) ^ reg(m, CMDQ_PROD), wrap);
		update(m, CR0, CMDQEN);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), reg(m, CMDQ_PROD));
		submit(m, SYNC_NONE);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), reg(m, CMDQ_PROD));
		ck_assert_uint_eq(reg(m, GERROR) ^ reg(m, GERRORN), 0);
	}
	close_machine(m);
}
END_TEST

/* CMD-SYNC-2, CMD-SYNC-5: a word that is not zero beforehand is where the message goes, and becomes
 * zero; then a second CMD_SYNC is polled for */
START_TEST(a_completion_word_is_cleared_by_a_message)
{
	struct machine *m = started("linux-session");

	for (unsigned i = 0; i < 20; i++) {
		*ram_at(m, DOORBELL) = UINT64_C(0x1122334455667788);
		submit(m, CFGI_ALL);
		submit(m, sync_irq(DOORBELL, 0));
		ck_assert_uint_eq(*ram_at(m, DOORBELL), UINT64_C(0x1122334400000000));
		sync_and_poll(m);
	}
	close_machine(m);
}
END_TEST

/* ---- What does not count ---- */

#define CD0_IPS_48 CD0_IPS(5)
#define CD0_IPS_52 CD0_IPS(6)

/* EATS without ATS; STRW without EL2, and with stage 1 off; IPS beyond OAS, 44 bits.  STE-23,
 * STE-53, CD-13 */
START_TEST(fields_that_do_not_count_are_set_all_the_same)
{
	static const struct {
		unsigned config;
		uint64_t ste1, cd0;
		uint64_t pa;
	} rows[] = {
		{ STAGE_1, STE1_EATS(1), 0, RAM_AT },
		{ STAGE_1, STE1_EATS(2), CD0_IPS_48, RAM_AT },
		{ STAGE_1, STE1_STRW(2) | STE1_EATS(1), CD0_IPS_52, RAM_AT },
		{ STAGE_1, STE1_STRW(1), CD0_IPS(7), RAM_AT },
		{ BYPASSES, STE1_EATS(1), 0, 0 },
		{ BYPASSES, STE1_EATS(3) | STE1_STRW(3) | 0xff, 0, 0 },
		{ STAGE_2, STE1_STRW(2) | STE1_EATS(1), 0, 3 * GB },
		{ STAGE_2, STE1_STRW(3) | STE1_EATS(2) | 0xff, 0, 3 * GB },
		{ BOTH_STAGES, STE1_STRW(2) | STE1_EATS(1), CD0_IPS_48, RAM_AT },
	};
	struct machine *m = started("linux-capture");

	put_descriptor(m, S1_TABLE_AT, 0, s1_block(RAM_AT));
	put_descriptor(m, S2_TABLE_AT, 0, s2_block(3 * GB));
	put_descriptor(m, S2_TABLE_AT, 2, s2_block(RAM_AT));
	for (int i = 0; i < COUNT(rows); i++) {
		struct ste ste = ste_of(rows[i].config, CDS_AT);
		struct cd cd = cd_of(S1_TABLE_AT);

		ste.word[1] |= rows[i].ste1;
		cd.word[0] = (cd.word[0] & ~CD0_IPS(7)) | rows[i].cd0;
		put_ste(m, SID, ste);
		put_cd(m, CDS_AT, cd);
		maintain(m);
		ck_assert_uint_eq(read_by(m, SID, 0x1000).event, 0);
		ck_assert_uint_eq(read_by(m, SID, 0x1000).pa, rows[i].pa + 0x1000);
	}
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	close_machine(m);
}
END_TEST

/* ---- Giving a stream to a guest and taking it back ---- */

/* STE-14, CFG-02, CMD-CFGI-STE, CMD-PREFETCH-CONFIG: words 2 and 3 first, V and Config at once at
 * last, then a prefetch; taken back by a word of 0 */
START_TEST(an_ste_of_stage_2_is_written_from_its_end)
{
	const struct ste ste = ste_of(STAGE_2, 0);
	const struct command cfgi = { { 0x03 | (uint64_t)SID << 32, 1 } };
	struct machine *m = started("linux-capture");

	put_descriptor(m, S2_TABLE_AT, 0, s2_block(3 * GB));
	for (unsigned turn = 0; turn < 3; turn++) {
		static const unsigned order[] = { 3, 2, 1, 0 };

		for (int i = 0; i < COUNT(order); i++) {
			ck_assert_uint_eq(read_by(m, SID, 0x1000).event, 0x04);
			*ram_at(m, STREAMS_AT + 64 * SID +
					   8 * (uint64_t)order[i]) = ste.word[order[i]];
			submit(m, cfgi);
			sync_and_poll(m);
		}
		submit(m, (struct command){ { 0x01 | (uint64_t)SID << 32, 0 } });
		ck_assert_uint_eq(read_by(m, SID, 0x1000).pa, 3 * GB + 0x1000);
		*ram_at(m, STREAMS_AT + 64 * SID) &= ~UINT64_C(1); /* V alone */
		maintain(m);
		ck_assert_uint_eq(read_by(m, SID, 0x1000).event, 0x04);
		*ram_at(m, STREAMS_AT + 64 * SID) |= 1;
		ck_assert_uint_eq(read_by(m, SID, 0x1000).pa, 3 * GB + 0x1000);
		*ram_at(m, STREAMS_AT + 64 * SID) = 0;
		submit(m, cfgi);
		sync_and_poll(m);
		set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
	}
	close_machine(m);
}
END_TEST

/* CR-013, GBP-002, GBP-003, RST-005: firmware that makes traffic abort, checks it, lets it pass
 * again, checks that, and hands over with the SMMU disabled */
START_TEST(firmware_hands_over_a_disabled_smmu)
{
	struct machine *m = started("linux-capture");

	ck_assert_int_eq(read_by(m, SID, 0x1000).verdict, SMMU3_ABORT);
	set_reg(m, GBPA, GBPA_UPDATE | GBPA_ABORT);
	update(m, CR0, reg(m, CR0) & ~(uint32_t)SMMUEN);
	ck_assert_int_eq(read_by(m, SID, 0x1000).verdict, SMMU3_ABORT);
	set_reg(m, GBPA, GBPA_UPDATE | GBPA_SHCFG_INCOMING);
	ck_assert_uint_eq(reg(m, GBPA), GBPA_SHCFG_INCOMING);
	ck_assert_int_eq(read_by(m, SID, 0x1000).verdict, SMMU3_OK);
	submit(m, CFGI_ALL);
	submit(m, NSNH_ALL);
	sync_and_poll(m);
	update(m, CR0, 0);
	ck_assert_int_eq(read_by(m, SID, 0x1000).verdict, SMMU3_OK);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_hypervisor_compares_all_that_it_wrote);
	tcase_add_test(tests, cr2_is_written_with_bits_that_are_absent);
	tcase_add_test(tests, a_queue_is_compared_by_whole_registers);
	tcase_add_test(tests, a_completion_word_is_cleared_by_a_message);
	tcase_add_test(tests, fields_that_do_not_count_are_set_all_the_same);
	tcase_add_test(tests, an_ste_of_stage_2_is_written_from_its_end);
	tcase_add_test(tests, firmware_hands_over_a_disabled_smmu);
}

int main(void)
{
	return run("driver-hypervisors", add);
}
