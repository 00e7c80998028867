/* SPDX-License-Identifier: MIT */
/* The Non-secure register file as software sees it.  Offsets are those of 6.2.1 and 6.2.2. */
#include "run.h"
#include "world.h"

#include <check.h>

enum { S = 4, D = 8 };

/* REG-003, REG-005, REG-013 */
START_TEST(identification_registers_read_as_configured)
{
	struct world w = world("max");

	w.config.idr[4] = 0x01234567;
	w.config.iidr = 0x4832143b;
	w = world_of(w.config);
	ck_assert_uint_eq(read32(&w, 0x00), 0x089ff7ff);
	ck_assert_uint_eq(read32(&w, 0x04), 0x8e739d20);
	ck_assert_uint_eq(read32(&w, 0x08), 0);
	ck_assert_uint_eq(read32(&w, 0x0c), 0x00ff77bc);
	ck_assert_uint_eq(read32(&w, 0x10), 0x01234567);
	ck_assert_uint_eq(read32(&w, 0x14), 0xffff04f6);
	ck_assert_uint_eq(read32(&w, 0x18), 0x4832143b);
	ck_assert_uint_eq(read32(&w, 0x1c), 4);
	ck_assert_uint_eq(read32(&w, 0x130), 0x0001003f);
	ck_assert_uint_eq(read32(&w, 0x190), 0x00060000);
	ck_assert_uint_eq(read64(&w, 0x00), 0x8e739d20089ff7ff);
}
END_TEST

/* RST-001, RST-003, GBP-001 */
START_TEST(reset_values)
{
	struct world w = world("generic-3.1");

	for (uint64_t offset = 0x20; offset < 0x20000; offset += 4)
		ck_assert_uint_eq(read32(&w, offset), offset == 0x44 ? 0x1000 : 0);
	w.config.gbpa_reset = 0x00100000;
	w = world_of(w.config);
	ck_assert_uint_eq(read32(&w, 0x44), 0x00100000);
}
END_TEST

START_TEST(reset_returns_what_software_wrote_to_reset_values)
{
	struct world w = world("generic-3.1");

	write64(&w, 0x80, 0x80000000);
	write32(&w, 0x44, 0x80100000);
	write32(&w, 0x20, 0xd);
	prog_reset(&w.prog, BANK_NS, &w.config);
	ck_assert_uint_eq(read64(&w, 0x80), 0);
	ck_assert_uint_eq(read32(&w, 0x44), 0x1000);
	ck_assert_uint_eq(read64(&w, 0x20), 0);
}
END_TEST

/* REG-012, REG-013, GER-001 */
START_TEST(a_write_to_a_read_only_register_is_ignored)
{
	static const uint64_t offsets[] = {
		0x00, 0x04, 0x08, 0x0c, 0x10, 0x14,  0x18,
		0x1c, 0x24, 0x40, 0x54, 0x60, 0x130, 0x190,
	};
	struct world w = world("max");

	for (int i = 0; i < COUNT(offsets); i++) {
		uint32_t before = read32(&w, offsets[i]);

		write32(&w, offsets[i], 0);
		ck_assert_uint_eq(read32(&w, offsets[i]), before);
		write32(&w, offsets[i], ALL);
		ck_assert_uint_eq(read32(&w, offsets[i]), before);
	}
}
END_TEST

/* All ones written from reset: what is stored.  Fields of 6.3, address bits below OAS, fields of
 * absent features 0. REG-008, REG-014, REG-023, CR-001, CR-022, CR-027, CR-028, CR-030, CR-031,
 * GBP-001, GER-003, IRC-004, IRC-008, STR-001, STR-003, Q-007, IDR-012, IDR-013.  CR-001 but for
 * PRIQEN, ATSCHK and VMW, which are always stored. */
static const struct {
	const char *profile;
	uint64_t offset;
	unsigned size;
	uint64_t stored;
} masks[] = {
	/* generic-3.1: OAS 52; no PRI, MSI, BTM, Hyp, ATSRECERR, DPT, ECMDQ */
	{ "generic-3.1", 0x20, S, 0x1df },
	{ "generic-3.1", 0x28, S, 0xfff },
	{ "generic-3.1", 0x2c, S, 0x2 },
	{ "generic-3.1", 0x44, S, 0x1f3f1f },
	{ "generic-3.1", 0x48, S, 0 },
	{ "generic-3.1", 0x50, S, 0x5 },
	{ "generic-3.1", 0x64, S, 0x105 },
	{ "generic-3.1", 0x68, D, 0 },
	{ "generic-3.1", 0x70, S, 0 },
	{ "generic-3.1", 0x74, S, 0 },
	{ "generic-3.1", 0x80, D, 0x400fffffffffffc0 },
	{ "generic-3.1", 0x88, S, 0x307ff },
	{ "generic-3.1", 0x90, D, 0x400fffffffffffff },
	{ "generic-3.1", 0x98, S, 0xfffff },
	{ "generic-3.1", 0x9c, S, 0x1 }, /* LOG2SIZE is 0: no index, the wrap flag alone */
	{ "generic-3.1", 0xa0, D, 0x400fffffffffffff },
	{ "generic-3.1", 0xb0, D, 0 },
	{ "generic-3.1", 0xb8, S, 0 },
	{ "generic-3.1", 0xbc, S, 0 },
	{ "generic-3.1", 0xc0, D, 0 },
	{ "generic-3.1", 0xd0, D, 0 },
	{ "generic-3.1", 0xd8, S, 0 },
	{ "generic-3.1", 0xdc, S, 0 },
	{ "generic-3.1", 0x100a8, S, 0x80000001 },
	{ "generic-3.1", 0x100ac, S, 0x800fffff },
	{ "generic-3.1", 0x100c8, S, 0 },
	{ "generic-3.1", 0x100cc, S, 0 },
	/* linux-session: OAS 44, MSI without PRI */
	{ "linux-session", 0x64, S, 0x1b5 },
	{ "linux-session", 0x68, D, 0x00000ffffffffffc },
	{ "linux-session", 0x70, S, 0xffffffff },
	{ "linux-session", 0x74, S, 0x3f },
	{ "linux-session", 0x80, D, 0x40000fffffffffc0 },
	{ "linux-session", 0x90, D, 0x40000fffffffffff },
	{ "linux-session", 0xb0, D, 0x00000ffffffffffc },
	{ "linux-session", 0xb8, S, 0xffffffff },
	{ "linux-session", 0xbc, S, 0x3f },
	{ "linux-session", 0xd0, D, 0 },
	{ "linux-session", 0xdc, S, 0 },
	/* minimal-3.0: OAS 40, linear Stream table alone */
	{ "minimal-3.0", 0x80, D, 0x400000ffffffffc0 },
	{ "minimal-3.0", 0x88, S, 0x3f },
	/* max-d128: OAS 56, everything */
	{ "max-d128", 0x20, S, 0x5df },
	{ "max-d128", 0x2c, S, 0xf },
	{ "max-d128", 0x50, S, 0x7 },
	{ "max-d128", 0x64, S, 0x7fd },
	{ "max-d128", 0x80, D, 0x40ffffffffffffc0 },
	{ "max-d128", 0xc0, D, 0x40ffffffffffffff },
	{ "max-d128", 0xd0, D, 0x00fffffffffffffc },
	{ "max-d128", 0xd8, S, 0xffffffff },
	{ "max-d128", 0xdc, S, 0x8000003f },
	{ "max-d128", 0x100c8, S, 0x80000001 },
	{ "max-d128", 0x100cc, S, 0x800fffff },
};

START_TEST(a_register_stores_the_bits_it_has)
{
	struct world w = world(masks[_i].profile);

	prog_write(&w.prog, masks[_i].offset, masks[_i].size, UINT64_MAX);
	ck_assert_uint_eq(prog_read(&w.prog, masks[_i].offset, masks[_i].size), masks[_i].stored);
}
END_TEST

/* IDR-013: PRIQ_IRQ_CFG2.LO is for wired interrupts too */
START_TEST(without_msi_the_pri_queue_keeps_its_last_only_bit)
{
	struct smmu3_config config = profile_config("generic-3.1");

	config.idr[0] |= 0x10400; /* ATS, PRI */
	struct world w = world_of(config);
	write32(&w, 0xdc, ALL);
	ck_assert_uint_eq(read32(&w, 0xdc), 0x80000000);
}
END_TEST

/* STR-002, Q-010 */
START_TEST(preset_bases_are_read_only)
{
	struct smmu3_config config = profile_config("generic-3.1");

	config.idr[1] |= 0x60000000;
	struct world w = world_of(config);
	for (uint64_t offset = 0x80; offset <= 0xa0; offset += 8) {
		write64(&w, offset, UINT64_MAX);
		ck_assert_uint_eq(read64(&w, offset), offset == 0x98 ? 0x00000001000fffff : 0);
	}
}
END_TEST

/* REG-004 */
START_TEST(halves_of_a_64_bit_register_are_written_separately)
{
	struct world w = world("generic-3.1");

	write32(&w, 0x84, 0x40000001);
	ck_assert_uint_eq(read64(&w, 0x80), 0x4000000100000000);
	write32(&w, 0x80, 0x48596000);
	ck_assert_uint_eq(read64(&w, 0x80), 0x4000000148596000);
	ck_assert_uint_eq(read32(&w, 0x80), 0x48596000);
	ck_assert_uint_eq(read32(&w, 0x84), 0x40000001);
}
END_TEST

/* REG-007: both, the lower first */
START_TEST(a_64_bit_access_over_two_registers_does_both)
{
	struct world w = world("generic-3.1");

	write64(&w, 0x90, 3);
	write64(&w, 0xa0, 3);
	write64(&w, 0x98, 0x0000000200000003);
	ck_assert_uint_eq(read32(&w, 0x98), 3);
	ck_assert_uint_eq(read32(&w, 0x9c), 2);
	ck_assert_uint_eq(read64(&w, 0x98), 0x0000000200000003);
	write64(&w, 0x100a8, 0x0000000700000008);
	ck_assert_uint_eq(read64(&w, 0x100a8), 0x0000000700000008);
	write64(&w, 0x20, 0x0000000000000001); /* CR0, then its read-only ACK */
	ck_assert_uint_eq(read64(&w, 0x20), 0x0000000100000001);
	write64(&w, 0x40, 0x8010000000000000); /* STATUSR, then GBPA */
	ck_assert_uint_eq(read64(&w, 0x40), 0x0010000000000000);
	write64(&w, 0x28, 0x0000000f00000fff); /* CR1.QUEUE_* alone: SMMUEN guards the rest */
	ck_assert_uint_eq(read64(&w, 0x28), 0x000000000000003f);
}
END_TEST

/* REG-010 */
START_TEST(page_0_shows_the_queue_indexes_of_page_1)
{
	static const uint64_t offsets[] = { 0xa8, 0xac, 0xc8, 0xcc };
	struct world w = world("max");

	write64(&w, 0xa0, 7);
	write64(&w, 0xc0, 7);
	for (int i = 0; i < COUNT(offsets); i++) {
		write32(&w, offsets[i], 0x28 + (uint32_t)i);
		ck_assert_uint_eq(read32(&w, 0x10000 + offsets[i]), 0x28 + (uint32_t)i);
		write32(&w, 0x10000 + offsets[i], 0x50);
		ck_assert_uint_eq(read32(&w, offsets[i]), 0x50);
	}
	write32(&w, 0x20, 0x4); /* guarded as there */
	write32(&w, 0xa8, 1);
	ck_assert_uint_eq(read32(&w, 0x100a8), 0x50);
}
END_TEST

/* REG-008, REG-009, REG-019, REG-024, REG-025, GBP-009: gaps, AGBPA, what the implementation may
 * define, Page 1 elsewhere, Secure registers, beyond the pages */
START_TEST(an_offset_without_a_register_is_zero_and_ignores_writes)
{
	static const uint64_t offsets[] = {
		0x30,    0x38,    0x48,    0x58,        0x78,           0x8c,    0xe0,
		0x100,   0x138,   0x180,   0x200,       0xe00,          0xfd0,   0xff8,
		0x1000,  0x4000,  0x8000,  0x8004,      0x8020,         0x803c,  0x8044,
		0x8080,  0x80a8,  0x10000, 0x10020,     0x10080,        0x100a0, 0x100b0,
		0x1fff8, 0x20000, 0x200a8, 0x1000000a8, UINT64_MAX - 7,
	};
	struct world w = world("generic-3.1");

	for (int i = 0; i < COUNT(offsets); i++) {
		struct prog before = w.prog;

		write32(&w, offsets[i], ALL);
		ck_assert_uint_eq(read32(&w, offsets[i]), 0);
		ck_assert_mem_eq(&w.prog, &before, sizeof(before));
	}
	write64(&w, UINT64_MAX - 7, UINT64_MAX);
	ck_assert_uint_eq(read64(&w, UINT64_MAX - 7), 0);
}
END_TEST

START_TEST(writing_all_ones_everywhere_leaves_read_only_registers_alone)
{
	struct world w = world("max-realm");

	for (uint64_t offset = 0; offset < 0x30000; offset += 8)
		write64(&w, offset, UINT64_MAX);
	ck_assert_uint_eq(read32(&w, 0x00), 0x489ff7fb);
	ck_assert_uint_eq(read32(&w, 0x60), 0);
	ck_assert_uint_eq(read32(&w, 0x44), 0x001f3f1f);
}
END_TEST

/* REG-004, REG-005, REG-006 */
START_TEST(an_access_of_4_or_8_aligned_bytes_is_legal)
{
	static const struct {
		uint64_t offset;
		unsigned size;
		bool legal;
	} rows[] = {
		{ 0, 4, true },       { 4, 4, true },        { 8, 8, true },   { 0, 8, true },
		{ 4, 8, false },      { 2, 4, false },       { 1, 8, false },  { 0, 1, false },
		{ 0, 2, false },      { 0, 0, false },       { 0, 16, false }, { 0, 3, false },
		{ 0x100ac, 4, true }, { 0x100ac, 8, false },
	};

	for (int i = 0; i < COUNT(rows); i++)
		ck_assert_int_eq(prog_access_legal(rows[i].offset, rows[i].size), rows[i].legal);
}
END_TEST

/* What a Linux 6.1 driver wrote and read while it probed, in its order, less the commands it
 * queued. */
static const struct {
	char op;
	uint64_t offset;
	unsigned size;
	uint64_t value;
} probe[] = {
	{ 'R', 0x00, S, 0x0d40301a },
	{ 'R', 0x04, S, 0x02730010 },
	{ 'R', 0x0c, S, 0x404 },
	{ 'R', 0x14, S, 0x74 },
	{ 'R', 0x18, S, 0 },
	{ 'R', 0x20, S, 0 },
	{ 'W', 0x20, S, 0 },
	{ 'R', 0x24, S, 0 },
	{ 'W', 0x28, S, 0xd75 },
	{ 'W', 0x2c, S, 6 },
	{ 'W', 0x80, D, 0x4000000043019000 },
	{ 'W', 0x88, S, 0x10210 },
	{ 'W', 0x90, D, 0x400000007ad00010 },
	{ 'W', 0x98, S, 0 },
	{ 'W', 0x9c, S, 0 },
	{ 'W', 0x20, S, 8 },
	{ 'R', 0x24, S, 8 },
	{ 'W', 0xa0, D, 0x400000007ae0000f },
	{ 'W', 0x100a8, S, 0 },
	{ 'W', 0x100ac, S, 0 },
	{ 'W', 0x20, S, 0xc },
	{ 'R', 0x24, S, 0xc },
	{ 'W', 0x50, S, 0 },
	{ 'R', 0x54, S, 0 },
	{ 'W', 0x68, D, 0 },
	{ 'W', 0xb0, D, 0 },
	{ 'W', 0x50, S, 5 },
	{ 'R', 0x54, S, 5 },
	{ 'W', 0x20, S, 0xd },
	{ 'R', 0x24, S, 0xd },
	/* and what stands in the registers afterwards */
	{ 'R', 0x28, S, 0xd75 },
	{ 'R', 0x2c, S, 2 },
	{ 'R', 0x80, D, 0x4000000043019000 },
	{ 'R', 0x88, S, 0x10210 },
	{ 'R', 0x90, D, 0x400000007ad00010 },
	{ 'R', 0xa0, D, 0x400000007ae0000f },
	{ 'R', 0x60, S, 0 },
};

/* CR-004, CR-005, CR-027, IRC-001, STR-001, Q-007 */
START_TEST(a_linux_driver_probes)
{
	struct world w = world("linux-session");

	for (int i = 0; i < COUNT(probe); i++)
		if (probe[i].op == 'W')
			prog_write(&w.prog, probe[i].offset, probe[i].size, probe[i].value);
		else
			ck_assert_uint_eq(prog_read(&w.prog, probe[i].offset, probe[i].size),
					  probe[i].value);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_linux_driver_probes);
	tcase_add_test(tests, identification_registers_read_as_configured);
	tcase_add_test(tests, reset_values);
	tcase_add_test(tests, reset_returns_what_software_wrote_to_reset_values);
	tcase_add_test(tests, a_write_to_a_read_only_register_is_ignored);
	tcase_add_loop_test(tests, a_register_stores_the_bits_it_has, 0, COUNT(masks));
	tcase_add_test(tests, without_msi_the_pri_queue_keeps_its_last_only_bit);
	tcase_add_test(tests, preset_bases_are_read_only);
	tcase_add_test(tests, halves_of_a_64_bit_register_are_written_separately);
	tcase_add_test(tests, a_64_bit_access_over_two_registers_does_both);
	tcase_add_test(tests, page_0_shows_the_queue_indexes_of_page_1);
	tcase_add_test(tests, an_offset_without_a_register_is_zero_and_ignores_writes);
	tcase_add_test(tests, writing_all_ones_everywhere_leaves_read_only_registers_alone);
	tcase_add_test(tests, an_access_of_4_or_8_aligned_bytes_is_legal);
}

int main(void)
{
	return run("regs", add);
}
