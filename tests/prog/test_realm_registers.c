/* SPDX-License-Identifier: MIT */
/* Registers of the Realm programming interface: what they hold, and who reaches them.  6.2.7 to
 * 6.2.9, 6.3.122 to 6.3.169 */
#include "realm.h"
#include "run.h"

#include <check.h>

enum { REALM_BYTES = 0x20000 };

/* R_CR0.DPT_WALK_EN, VMW */
enum { WALKS = 1 << 10, VMW = 7 << 6 };

/* ---- What they hold ---- */

/* What a word reads when each has been written with ones: the words that are not 0.  Addresses have
 * 52 bits, queues and StreamIDs their most; CR0 and IRQ_CTRL are not written. */
static const struct {
	uint32_t offset, value;
} words[] = {
	{ 0x00, 0x01012400 }, /* IDR0: no stalls; PRI, MSI, ATS */
	{ 0x04, 0x80000000 }, /* IDR1.RME_DA_IMPL */
	{ 0x0c, 0x00018000 }, /* IDR3: MEC, DPT */
	{ 0x20, 0x00000010 }, /* CR0.ATSCHK */
	{ 0x24, 0x00000010 },    { 0x28, 0x00000fff },
	{ 0x2c, 0x0000000f }, /* CR2: REC_CFG_ATS, PTM, RECINVSID, E2H */
	{ 0x44, 0x00100000 }, /* GBPA.ABORT */
	{ 0x64, 0x000004fd }, /* GERRORN: DPT, four messages, PRI queue, Event queue, commands */
	{ 0x68, 0xfffffffc },    { 0x6c, 0x800fffff }, /* NS */
	{ 0x70, 0xffffffff },    { 0x74, 0x0000003f },
	{ 0x80, 0xffffffc0 },    { 0x84, 0x400fffff },
	{ 0x88, 0x000307ff },    { 0x90, 0xffffffff },
	{ 0x94, 0x400fffff },    { 0x98, 0x000fffff },
	{ 0x9c, 0x000fffff },    { 0xa0, 0xffffffff },
	{ 0xa4, 0x400fffff },    { 0xa8, 0x800fffff }, /* as in Page 1 */
	{ 0xac, 0x800fffff },    { 0xb0, 0xfffffffc },
	{ 0xb4, 0x800fffff },    { 0xb8, 0xffffffff },
	{ 0xbc, 0x0000003f },    { 0xc0, 0xffffffff },
	{ 0xc4, 0x400fffff },    { 0xc8, 0x800fffff },
	{ 0xcc, 0x800fffff },    { 0xd0, 0xfffffffc },
	{ 0xd4, 0x800fffff },    { 0xd8, 0xffffffff },
	{ 0xdc, 0x8000003f }, /* LO */
	{ 0x200, 0xfffff000 },   { 0x204, 0x400fffff },
	{ 0x208, 0x00f0c007 },   { 0x220, 0x0000000f },
	{ 0x228, 0x0000ffff },   { 0x100a8, 0x800fffff },
	{ 0x100ac, 0x800fffff }, { 0x100c8, 0x800fffff },
	{ 0x100cc, 0x800fffff },
};

static uint32_t word_at(uint64_t offset)
{
	for (int i = 0; i < COUNT(words); i++)
		if (words[i].offset == offset)
			return words[i].value;
	return 0;
}

/* RLM-001, REG-011, CR-003, GBP-008: what is not in the list of 6.2.8 and 6.2.9 is zero: IIDR,
 * IDR5, INIT, STATUSR, AGBPA without fields, GATOS, GBPMPAM */
START_TEST(each_word_of_both_pages_holds_its_fields)
{
	struct machine *m = realm_machine();

	m->quiet = true;
	create_machine(m);
	for (uint64_t offset = 0; offset < REALM_BYTES; offset += 4)
		if (offset != CR0 && offset != IRQ_CTRL)
			set_realm(m, offset, ~0u);
	for (uint64_t offset = 0; offset < REALM_BYTES; offset += 4)
		if (realm_reg(m, offset) != word_at(offset))
			ck_abort_msg("0x%llx reads 0x%x", (unsigned long long)offset,
				     realm_reg(m, offset));
	close_machine(m);
}
END_TEST

/* REG-011: the indexes are of Realm Page 1, whichever page they are written in */
START_TEST(page_0_shows_the_indexes_of_page_1)
{
	struct machine *m = realm_machine();

	open_realm_machine(m);
	set_realm64(m, 0xa8, UINT64_C(0x8000000300000005));
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), 5);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_CONS), 0x80000003);
	set_realm64(m, PRIQ_PROD, UINT64_C(0x0000000280000001));
	ck_assert_uint_eq(realm_reg(m, 0xc8), 0x80000001);
	ck_assert_uint_eq(realm_reg(m, 0xcc), 2);
	ck_assert_uint_eq(reg64(m, EVENTQ_PROD), 0);
	ck_assert_uint_eq(reg64(m, PRIQ_PROD), 0);
	close_machine(m);
}
END_TEST

/* CR-003, CR-018: each bit of R_CR0 is acknowledged, and no other's; ATSCHK is 1 whatever is
 * written */
START_TEST(r_cr0_has_its_own_bits)
{
	struct machine *m = realm_machine();

	open_realm_machine(m);
	ck_assert_uint_eq(realm_reg64(m, CR0), UINT64_C(0x1000000010));
	set_realm(m, CR0, ~0u);
	ck_assert_uint_eq(realm_reg(m, CR0), REALM_ON | ATSCHK | WALKS | VMW);
	ck_assert_uint_eq(realm_reg(m, CR0ACK), REALM_ON | ATSCHK | WALKS | VMW);
	ck_assert_uint_eq(reg64(m, CR0), 0);
	ck_assert_uint_eq(secure_reg64(m, CR0), 0);
	set_realm(m, CR0, 0);
	ck_assert_uint_eq(realm_reg64(m, CR0), UINT64_C(0x1000000010));
	close_machine(m);
}
END_TEST

/* CR-003: without ATS and what needs it there is no ATSCHK, no PRIQEN, no DPT_WALK_EN */
START_TEST(r_cr0_without_ats_has_less)
{
	struct machine *m = realm_machine();

	m->config.idr[0] &= ~(1u << 10 | 1u << 16 | 1u << 23); /* ATS, PRI, ATSRECERR */
	m->config.idr[3] &= ~(1u << 5 | 1u << 15 | 1u << 16);  /* PPS, DPT, PASIDTT */
	m->config.r_idr[0] = 1u << 24 | 1u << 13;
	m->config.r_idr[3] = 0;
	m->config.r_mecidr = 0;
	create_machine(m);
	set_realm(m, CR0, ~0u);
	ck_assert_uint_eq(realm_reg(m, CR0), CMDQEN | EVENTQEN | SMMUEN | VMW);
	ck_assert_uint_eq(realm_reg(m, CR0ACK), CMDQEN | EVENTQEN | SMMUEN | VMW);
	set_realm(m, CR0, 0);
	for (uint64_t offset = PRIQ_BASE; offset < 0xe0; offset += 4) {
		set_realm(m, offset, ~0u);
		ck_assert_uint_eq(realm_reg(m, offset), 0);
	}
	for (uint64_t offset = 0x200; offset < 0x230; offset += 4) {
		set_realm(m, offset, ~0u);
		ck_assert_uint_eq(realm_reg(m, offset), 0);
	}
	close_machine(m);
}
END_TEST

/* RLM-006, GBP-008: nothing that is written makes a disabled interface let an access pass, while
 * those of the other states do as their own say */
START_TEST(a_disabled_realm_interface_aborts)
{
	struct machine *m = realm_machine();

	open_realm_machine(m);
	ck_assert_uint_eq(realm_read(m, 1).verdict, SMMU3_ABORT);
	set_realm(m, GBPA, 0x80000000);
	set_realm(m, GBPA, 0x80001000);
	ck_assert_uint_eq(realm_reg(m, GBPA), 0x00100000);
	const struct smmu3_outcome outcome = realm_read(m, 1);

	ck_assert_uint_eq(outcome.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(outcome.decider, SMMU3_BY_GBPA);
	ck_assert_uint_eq(outcome.event, 0);
	ck_assert_uint_eq(read_by(m, 1, 0).verdict, SMMU3_OK);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), 0);
	close_machine(m);
}
END_TEST

/* ---- When they can be written ---- */

static bool takes(struct machine *m, uint64_t offset)
{
	const uint32_t before = realm_reg(m, offset);

	set_realm(m, offset, ~before);
	const bool took = realm_reg(m, offset) != before;

	set_realm(m, offset, before);
	return took;
}

/* CR-004, CR-024, RLM-009, DPTI-001: which enables of R_CR0 lock a register; those of the other
 * states do not.  GMECID is not guarded by PRIQEN. */
START_TEST(guards_are_enables_of_the_realm_bank)
{
	static const struct {
		uint32_t offset, enables;
	} rows[] = {
		{ CR2, SMMUEN },
		{ STRTAB_BASE, SMMUEN },
		{ STRTAB_BASE_CFG, SMMUEN },
		{ CMDQ_BASE, CMDQEN },
		{ CMDQ_CONS, CMDQEN },
		{ EVENTQ_BASE, EVENTQEN },
		{ EVENTQ_PROD, EVENTQEN },
		{ PRIQ_BASE, PRIQEN },
		{ PRIQ_PROD, PRIQEN },
		{ R_DPT_BASE + 4, WALKS },
		{ R_DPT_BASE_CFG, WALKS },
		{ R_GMECID, SMMUEN | EVENTQEN | CMDQEN },
		{ R_MECIDR, ~0u },
	};
	static const uint32_t enables[] = { SMMUEN, PRIQEN, EVENTQEN, CMDQEN, WALKS };
	struct machine *m = realm_machine();

	open_realm_machine(m);
	set_reg(m, CR0, REALM_ON);
	set_secure(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	for (int i = 0; i < COUNT(enables); i++) {
		set_realm(m, CR0, enables[i]);
		for (int n = 0; n < COUNT(rows); n++)
			ck_assert_msg(takes(m, rows[n].offset) == !(rows[n].enables & enables[i]),
				      "0x%x with CR0 0x%x", rows[n].offset, enables[i]);
	}
	set_realm(m, CR0, 0);
	set_reg(m, CR0, 0);
	set_secure(m, CR0, 0);
	set_realm(m, CR0, REALM_ON | WALKS);
	set_reg64(m, CMDQ_BASE, 0);
	set_secure64(m, CMDQ_BASE, 0);
	ck_assert_uint_eq(reg64(m, CMDQ_BASE), 0);
	ck_assert_uint_eq(secure_reg64(m, CMDQ_BASE), 0);
	close_machine(m);
}
END_TEST

/* IRC-004, IRC-008: messages of an interrupt are locked by its enable in R_IRQ_CTRL alone */
START_TEST(guards_of_messages_are_enables_of_the_realm_bank)
{
	static const uint32_t cfg[] = { GERROR_IRQ_CFG0, PRIQ_IRQ_CFG0, EVENTQ_IRQ_CFG0 };
	struct machine *m = realm_machine();

	open_realm_machine(m);
	set_reg(m, IRQ_CTRL, 7);
	set_secure(m, IRQ_CTRL, 7);
	for (unsigned on = 0; on < 3; on++) {
		set_realm(m, IRQ_CTRL, 1u << on);
		ck_assert_uint_eq(realm_reg(m, IRQ_CTRLACK), 1u << on);
		for (unsigned i = 0; i < 3; i++) {
			ck_assert_int_eq(takes(m, cfg[i] + 4), i != on); /* NS, high bits */
			ck_assert_int_eq(takes(m, cfg[i] + 8), i != on);
			ck_assert_int_eq(takes(m, cfg[i] + 12), i != on);
		}
	}
	close_machine(m);
}
END_TEST

/* RLM-009: GMECID has as many bits as MECIDR says, one more than MECIDSIZE */
START_TEST(gmecid_has_the_bits_that_mecidr_says)
{
	for (unsigned size = 0; size < 16; size++) {
		struct machine *m = realm_machine();

		m->config.r_mecidr = size;
		create_machine(m);
		ck_assert_uint_eq(realm_reg(m, R_GMECID), 0);
		set_realm(m, R_GMECID, ~0u);
		ck_assert_uint_eq(realm_reg(m, R_MECIDR), size);
		ck_assert_uint_eq(realm_reg(m, R_GMECID), (2u << size) - 1);
		close_machine(m);
	}
}
END_TEST

/* ---- Who reaches them ---- */

/* REG-021: from the Non-secure and the Secure PA space they are zero and cannot be written; from
 * Root they are as from Realm */
START_TEST(realm_registers_are_reached_from_realm_and_root)
{
	static const bool reaches[] = { [SMMU3_PAS_REALM] = true, [SMMU3_PAS_ROOT] = true };
	const enum smmu3_pas from = (enum smmu3_pas)_i;
	const uint64_t at = REALM_PAGE + CMDQ_BASE;
	struct machine *m = realm_machine();
	uint64_t value;

	create_machine(m);
	ck_assert_int_eq(smmu3_mmio_write(m->smmu, from, at, 8, COMMANDS_AT | 3), 0);
	ck_assert_uint_eq(realm_reg64(m, CMDQ_BASE), reaches[from % 4] ? COMMANDS_AT | 3 : 0);
	set_realm64(m, CMDQ_BASE, COMMANDS_AT | 5);
	ck_assert_int_eq(smmu3_mmio_read(m->smmu, from, at, 8, &value), 0);
	ck_assert_uint_eq(value, reaches[from % 4] ? COMMANDS_AT | 5 : 0);
	ck_assert_int_eq(smmu3_mmio_read(m->smmu, from, REALM_PAGE, 4, &value), 0);
	ck_assert_uint_eq(value, reaches[from % 4] ? 0x01012400 : 0);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, each_word_of_both_pages_holds_its_fields);
	tcase_add_test(tests, page_0_shows_the_indexes_of_page_1);
	tcase_add_test(tests, r_cr0_has_its_own_bits);
	tcase_add_test(tests, r_cr0_without_ats_has_less);
	tcase_add_test(tests, a_disabled_realm_interface_aborts);
	tcase_add_test(tests, guards_are_enables_of_the_realm_bank);
	tcase_add_test(tests, guards_of_messages_are_enables_of_the_realm_bank);
	tcase_add_test(tests, gmecid_has_the_bits_that_mecidr_says);
	tcase_add_loop_test(tests, realm_registers_are_reached_from_realm_and_root, 0, 4);
}

int main(void)
{
	return run("realm-registers", add);
}
