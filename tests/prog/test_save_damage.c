/* SPDX-License-Identifier: MIT */
/* Bytes of a saved SMMU that are cut or damaged.  docs/save.md */
#include "blob.h"
#include "run.h"
#include "stalls.h"
#include "waiting.h"

#include <check.h>
#include <string.h>

/* A state with something of everything: registers, stalls in each state, records and interrupts
 * that wait, a command that announces. */
static struct machine *rich(void)
{
	struct machine *m = stalling(6);

	m->config.idr[0] |= 1 << 13; /* MSI */
	m->eventq_lg2 = 1;
	start_machine(m);
	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN | GERROR_IRQEN);
	for (uint64_t i = 0; i < 3; i++) /* the queue has two entries: the third is not recorded */
		ask(m, 1, 0x1122334455667700 + i, 0);
	pause_work(m);
	submit(m, (struct command){ { 0x11 | UINT64_C(5) << 48, 0 } }); /* CMD_TLBI_NH_ASID */
	do_acts(m, 1);                                                  /* it is read */
	pause_work(m);
	ask(m, 2, 77, 0);
	read_by(m, 6, 0x1000); /* C_BAD_STE */
	do_acts(m, 0);
	return m;
}

static struct machine *another(struct machine *m)
{
	renew(m);
	return m;
}

START_TEST(a_rich_state_survives)
{
	struct machine *m = rich();
	struct blob before = saved(m);

	ck_assert_uint_eq(section_bytes(&before, "WORK"), 38 + 2 * 32);
	ck_assert_uint_eq(section_bytes(&before, "STAL"), 2 + 4 * 16 + 2 + 2 * 2);
	load(another(m), &before);
	const struct blob after = saved(m);

	ck_assert(same_blob(&before, &after));
	close_machine(m);
}
END_TEST

/* Each byte, with the lowest bit turned over, the highest, and all of them. */
START_TEST(every_damaged_byte_is_found)
{
	static const uint8_t damages[] = { 0x01, 0x80, 0xff };
	struct machine *m = rich();
	struct blob blob = saved(m);

	another(m);
	set_reg(m, CR2, 4); /* so that a change would be seen */
	for (size_t i = 0; i < blob.size; i++)
		for (int n = 0; n < COUNT(damages); n++) {
			blob.at[i] ^= damages[n];
			expect_refused(m, &blob, SMMU3_E_FORMAT, i < 8 ? "no saved SMMU" : "");
			blob.at[i] ^= damages[n];
		}
	load(m, &blob);
	close_machine(m);
}
END_TEST

/* And no other value of a byte is taken. */
START_TEST(no_other_byte_will_do)
{
	struct machine *m = rich();
	struct blob blob = saved(m);

	another(m);
	for (size_t i = 8; i < blob.size; i += 37)
		for (unsigned n = 1; n < 256; n++) {
			blob.at[i] ^= (uint8_t)n;
			ck_assert_int_eq(smmu3_load(m->smmu, blob.at, blob.size, NULL),
					 -SMMU3_E_FORMAT);
			blob.at[i] ^= (uint8_t)n;
		}
	close_machine(m);
}
END_TEST

START_TEST(every_length_but_its_own_is_found)
{
	struct machine *m = rich();
	struct blob blob = saved(m);
	const size_t size = blob.size;

	another(m);
	for (blob.size = 0; blob.size < size; blob.size++)
		expect_refused(m, &blob, SMMU3_E_FORMAT,
			       blob.size < 20 ? "no saved SMMU" : "that were saved");
	blob.size = size + 1;
	expect_refused(m, &blob, SMMU3_E_FORMAT, "that were saved");
	close_machine(m);
}
END_TEST

/* Cut, with checksum and size made right again: sections are missing or short. */
START_TEST(every_cut_is_found_without_a_checksum)
{
	struct machine *m = rich();
	const struct blob whole = saved(m);

	another(m);
	for (size_t size = 20; size < whole.size; size++) {
		struct blob blob = whole;

		blob.size = size;
		seal(&blob);
		ck_assert_int_ne(smmu3_load(m->smmu, blob.at, blob.size, NULL), 0);
	}
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_rich_state_survives);
	tcase_add_test(tests, every_damaged_byte_is_found);
	tcase_add_test(tests, no_other_byte_will_do);
	tcase_add_test(tests, every_length_but_its_own_is_found);
	tcase_add_test(tests, every_cut_is_found_without_a_checksum);
}

int main(void)
{
	return run("save-damage", add);
}
