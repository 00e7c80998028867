/* SPDX-License-Identifier: MIT */
/* Registers of every bank as bytes, whatever software has written.  Secure and Realm ones are those
 * of SMMUs that are not built yet.  docs/save.md */
#include "config.h"
#include "run.h"

#include "prog/banks.h"
#include "prog/save.h"

#include <check.h>
#include <string.h>

enum { ROW = 16, PAGES = 0x20000, ROUNDS = 40 };

struct banks {
	struct smmu3_config config;
	struct prog prog[BANKS];
	uint8_t bytes[BANKS * PROG_REGISTERS * ROW];
	size_t size;
};

static void reset_banks(struct banks *banks, const char *profile)
{
	banks->config = profile_config(profile);
	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		prog_reset(&banks->prog[bank], bank, &banks->config);
}

static void save_banks(struct banks *banks)
{
	struct blob_out out = { .at = banks->bytes, .room = sizeof(banks->bytes) };

	registers_save(banks->prog, &banks->config, &out);
	ck_assert_uint_le(out.bytes, out.room);
	banks->size = out.bytes;
}

static int load_banks(struct banks *banks, struct prog prog[BANKS])
{
	struct blob_in in = { .at = banks->bytes, .left = banks->size };

	return registers_load(prog, &banks->config, &in, NULL);
}

static uint32_t scramble(uint32_t *chance)
{
	*chance = *chance * 1664525 + 1013904223;
	return *chance >> 3 ^ *chance << 7;
}

/* Each word of a bank once; CR0 and IRQ_CTRL, which lock others, at last. */
static void write_all(struct prog *prog, uint32_t *chance)
{
	for (uint64_t offset = 0x24; offset < PAGES; offset += 4)
		if ((offset < 0x400 || offset >= 0x10000) && offset != 0x50)
			prog_write(prog, offset, 4, scramble(chance));
	prog_write(prog, 0x44, 4, scramble(chance) | UINT32_C(1) << 31); /* GBPA.Update */
	prog_write(prog, 0x64, 4, 0);                                    /* no error, no reason */
	prog_write(prog, 0x50, 4, scramble(chance));
	prog_write(prog, 0x20, 4, scramble(chance));
}

/* CR-004, RLM-009, CR-002, CR-003: stored bits of every bank come back, and acknowledgements follow
 */
START_TEST(registers_of_every_bank_survive)
{
	static const char *const profiles[] = { "generic-3.1", "rmm", "max", "max-realm",
						"hafnium" };
	static const unsigned present[] = { 1, 2, 2, 3, 2 };
	struct banks banks;
	struct prog loaded[BANKS];
	uint32_t chance = (uint32_t)_i;

	for (unsigned n = 0; n < ROUNDS; n++) {
		unsigned changed = 0;

		reset_banks(&banks, profiles[_i]);
		for (enum bank bank = BANK_NS; bank < BANKS; bank++)
			if (bank_present(&banks.config, bank)) {
				write_all(&banks.prog[bank], &chance);
				changed++;
			}
		ck_assert_uint_eq(changed, present[_i]);
		save_banks(&banks);
		ck_assert_uint_gt(banks.size, changed * 8 * ROW);
		ck_assert_int_eq(load_banks(&banks, loaded), 0);
		for (enum bank bank = BANK_NS; bank < BANKS; bank++)
			ck_assert(!memcmp(loaded[bank].value, banks.prog[bank].value,
					  sizeof(loaded[bank].value)));
	}
}
END_TEST

/* A bank of a Security state that there is not has no state. */
START_TEST(registers_of_an_absent_bank_stay_as_they_are)
{
	struct banks banks;
	struct prog loaded[BANKS];

	reset_banks(&banks, "max-realm");
	prog_write(&banks.prog[BANK_S], 0x2c, 4, 2); /* CR2.RECINVSID */
	save_banks(&banks);
	ck_assert_uint_eq(banks.size, ROW);
	ck_assert_int_eq(load_banks(&banks, loaded), 0);
	banks.config = profile_config("generic-3.1");
	ck_assert_int_eq(load_banks(&banks, loaded), -SMMU3_E_FORMAT);
	banks.bytes[0] = BANK_NS;
	ck_assert_int_eq(load_banks(&banks, loaded), 0);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, registers_of_every_bank_survive, 0, 5);
	tcase_add_test(tests, registers_of_an_absent_bank_stay_as_they_are);
}

int main(void)
{
	return run("save-banks", add);
}
