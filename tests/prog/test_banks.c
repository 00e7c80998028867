/* SPDX-License-Identifier: MIT */
/* The registers of every Security state: where they are, what they hold, who reaches them. */
#include "device.h"
#include "run.h"
#include "smmu_state.h"

#include <check.h>

enum { S = 4, D = 8 };

enum {
	NS = SMMU3_PAS_NS,
	SEC = SMMU3_PAS_SECURE,
	RLM = SMMU3_PAS_REALM,
	ROOT = SMMU3_PAS_ROOT,
};

/* ---- Who reaches what ---- */

/* REG-018, REG-020, REG-021: which registers an access reaches, with Secure and Realm states.
 * 6.2, 6.2.7 */
static const struct {
	uint64_t offset;
	int bank;
	uint64_t at;
	bool reached[4]; /* from NS, Secure, Realm, Root */
} reaches[] = {
	{ 0x0, BANK_NS, 0x0, { 1, 1, 1, 1 } },
	{ 0x20, BANK_NS, 0x20, { 1, 1, 1, 1 } },
	{ 0x7ffc, BANK_NS, 0x7ffc, { 1, 1, 1, 1 } },
	{ 0x8000, BANK_S, 0x0, { 0, 1, 0, 1 } },
	{ 0x803c, BANK_S, 0x3c, { 0, 1, 0, 1 } },
	{ 0x80a8, BANK_S, 0xa8, { 0, 1, 0, 1 } },
	{ 0xfffc, BANK_S, 0x7ffc, { 0, 1, 0, 1 } },
	{ 0x10000, BANK_NS, 0x10000, { 1, 1, 1, 1 } },
	{ 0x100a8, BANK_NS, 0x100a8, { 1, 1, 1, 1 } },
	{ 0x1fffc, BANK_NS, 0x1fffc, { 1, 1, 1, 1 } },
	{ 0x20000, BANK_NS, 0x20000, { 1, 1, 1, 1 } },
	{ 0x20a18, BANK_NS, 0x20a18, { 1, 1, 1, 1 } },
	{ 0x2fffc, BANK_NS, 0x2fffc, { 1, 1, 1, 1 } },
	{ 0x30000, BANK_S, 0x20000, { 0, 1, 0, 1 } },
	{ 0x3fffc, BANK_S, 0x2fffc, { 0, 1, 0, 1 } },
	{ 0x40000, BANK_R, 0x0, { 0, 0, 1, 1 } },
	{ 0x40020, BANK_R, 0x20, { 0, 0, 1, 1 } },
	{ 0x4fffc, BANK_R, 0xfffc, { 0, 0, 1, 1 } },
	{ 0x500ac, BANK_R, 0x100ac, { 0, 0, 1, 1 } },
	{ 0x5fffc, BANK_R, 0x1fffc, { 0, 0, 1, 1 } },
	{ 0x60000, BANK_NS, 0x0, { 0, 0, 0, 0 } },
	{ 0x1000000a8, BANK_NS, 0x0, { 0, 0, 0, 0 } },
	{ UINT64_MAX - 7, BANK_NS, 0x0, { 0, 0, 0, 0 } },
};

START_TEST(an_access_reaches_the_bank_of_its_pa_space)
{
	const struct smmu3_config config = profile_config("max-realm");

	for (unsigned from = NS; from <= ROOT; from++) {
		struct place at = bank_at(&config, (enum smmu3_pas)from, reaches[_i].offset);

		ck_assert_int_eq(at.offset < 0x30000, reaches[_i].reached[from]);
		if (reaches[_i].reached[from]) {
			ck_assert_int_eq(at.bank, reaches[_i].bank);
			ck_assert_uint_eq(at.offset, reaches[_i].at);
		}
	}
}
END_TEST

/* REG-019, RLM-001: a state that is not there has no registers, whoever asks */
START_TEST(without_a_security_state_its_registers_are_not_reached)
{
	struct smmu3_config config = profile_config("max-realm");

	config.s_idr[1] &= ~0x80000000u;
	config.root_idr0 &= ~0x8u;
	for (unsigned from = NS; from <= ROOT; from++) {
		const enum smmu3_pas pas = (enum smmu3_pas)from;

		for (uint64_t offset = 0x8000; offset < 0x10000; offset += 4)
			ck_assert_uint_ge(bank_at(&config, pas, offset).offset, 0x20000);
		for (uint64_t offset = 0x40000; offset < 0x60000; offset += 4)
			ck_assert_uint_ge(bank_at(&config, pas, offset).offset, 0x20000);
		ck_assert_uint_eq(bank_at(&config, pas, 0x20).offset, 0x20);
		ck_assert_uint_eq(bank_at(&config, pas, 0x100a8).offset, 0x100a8);
	}
}
END_TEST

/* REG-002: the Realm pages begin BA_REALM 64KB pages after 0x20000.  6.3.110 */
START_TEST(the_realm_pages_are_where_ba_realm_says)
{
	struct smmu3_config config = profile_config("max-realm");

	for (uint32_t pages = 0; pages < 1024; pages += 2) {
		uint64_t base = 0x20000 + pages * UINT64_C(0x10000);

		config.root_idr0 = pages << 22 | 0xf;
		ck_assert_uint_eq(bank_at(&config, SMMU3_PAS_REALM, base + 0x24).offset, 0x24);
		ck_assert_int_eq(bank_at(&config, SMMU3_PAS_REALM, base + 0x24).bank, BANK_R);
		ck_assert_uint_eq(bank_at(&config, SMMU3_PAS_ROOT, base + 0x1fffc).offset, 0x1fffc);
		ck_assert_uint_ge(bank_at(&config, SMMU3_PAS_ROOT, base + 0x20000).offset, 0x20000);
	}
}
END_TEST

/* ---- What they hold ---- */

/* A register after reset, and after all ones were written to it.  max-realm has OAS 56, and all but
 * VMSAv8-32 LPAE; registers of ECMDQ pages are none.  RUN is not stored: the SMMU is disabled. */
struct reg {
	uint64_t offset;
	unsigned size;
	uint64_t reset, stored;
};

/* 6.2.1, 6.2.2, and 6.3.1 to 6.3.48, 6.3.95 to 6.3.98 */
static const struct reg nonsecure[] = {
	{ 0x000, S, 0x489ff7fb, 0x489ff7fb },
	{ 0x004, S, 0x8e739d20, 0x8e739d20 },
	{ 0x008, S, 0, 0 },
	{ 0x00c, S, 0x00fff7bc, 0x00fff7bc },
	{ 0x014, S, 0xffff09f7, 0xffff09f7 },
	{ 0x01c, S, 4, 4 },
	{ 0x020, S, 0, 0x5df },
	{ 0x028, S, 0, 0xfff },
	{ 0x02c, S, 0, 0xf },
	{ 0x030, D, 0, UINT64_MAX },
	{ 0x044, S, 0x1000, 0x1f3f1f },
	{ 0x050, S, 0, 0x7 },
	{ 0x064, S, 0, 0x7fd },
	{ 0x068, D, 0, 0x00fffffffffffffc },
	{ 0x070, S, 0, 0xffffffff },
	{ 0x074, S, 0, 0x3f },
	{ 0x080, D, 0, 0x40ffffffffffffc0 },
	{ 0x088, S, 0, 0x307ff },
	{ 0x090, D, 0, 0x40ffffffffffffff },
	{ 0x098, S, 0, 0xfffff },
	{ 0x09c, S, 0, 0x1 }, /* of a queue of one entry the wrap flag alone */
	{ 0x0a0, D, 0, 0x40ffffffffffffff },
	{ 0x0a8, S, 0, 0x80000001 }, /* four registers of Page 1 */
	{ 0x0ac, S, 0, 0x800fffff },
	{ 0x0b0, D, 0, 0x00fffffffffffffc },
	{ 0x0b8, S, 0, 0xffffffff },
	{ 0x0bc, S, 0, 0x3f },
	{ 0x0c0, D, 0, 0x40ffffffffffffff },
	{ 0x0c8, S, 0, 0x80000001 },
	{ 0x0cc, S, 0, 0x800fffff },
	{ 0x0d0, D, 0, 0x00fffffffffffffc },
	{ 0x0d8, S, 0, 0xffffffff },
	{ 0x0dc, S, 0, 0x8000003f },
	{ 0x108, D, 0, 0x001fffffffffffff }, /* StreamIDs of 32 bits, SubstreamIDs of 20 */
	{ 0x110, D, 0, 0xffffffffffffffc0 },
	{ 0x130, S, 0x0001003f, 0x0001003f },
	{ 0x138, S, 0, 0x0001003f }, /* PARTIDs of 6 bits, PMGs of 1 */
	{ 0x13c, S, 0, 0x0001003f },
	{ 0x180, S, 0, 0xffff },
	{ 0x190, S, 0x00060000, 0x00060000 },
	{ 0x200, D, 0, 0x40fffffffffff000 },
	{ 0x208, S, 0, 0x00f0c007 },
	{ 0x100a8, S, 0, 0x80000001 },
	{ 0x100ac, S, 0, 0x800fffff },
	{ 0x100c8, S, 0, 0x80000001 },
	{ 0x100cc, S, 0, 0x800fffff },
	{ 0x20a08, D, 0, 0x001fffffffffffff },
	{ 0x20a10, D, 0, 0xffffffffffffffc0 },
};

/* CR-002, GER-002, REG-026, ATO-001, ATO-005, ATO-006: no PRI queue, no DPT, no Page 1; SIF,
 * NSSTALLD and NSCFG; SSEC and NS of S_GATOS, and S_VATOS on a page of its own.  6.2.1, 6.2.4, and
 * 6.3.52 to 6.3.91 */
static const struct reg secure[] = {
	{ 0x8000, S, 0x80002000, 0x80002000 },
	{ 0x8004, S, 0xa0000020, 0xa0000020 },
	{ 0x8008, S, 1, 1 },
	{ 0x800c, S, 0, 0 },
	{ 0x8010, S, 0x89abcdef, 0x89abcdef },
	{ 0x8020, S, 0, 0x3ed },
	{ 0x8028, S, 0, 0xfff },
	{ 0x802c, S, 0, 0x7 },
	{ 0x8030, D, 0, UINT64_MAX },
	{ 0x803c, S, 0, 0x1 }, /* until the invalidation is over */
	{ 0x8044, S, 0x1000, 0x1fff1f },
	{ 0x8050, S, 0, 0x5 },
	{ 0x8064, S, 0, 0x3b5 },
	{ 0x8068, D, 0, 0x00fffffffffffffc },
	{ 0x8070, S, 0, 0xffffffff },
	{ 0x8074, S, 0, 0x3f },
	{ 0x8080, D, 0, 0x40ffffffffffffc0 },
	{ 0x8088, S, 0, 0x307ff },
	{ 0x8090, D, 0, 0x40ffffffffffffff },
	{ 0x8098, S, 0, 0xfffff },
	{ 0x809c, S, 0, 0x1 },
	{ 0x80a0, D, 0, 0x40ffffffffffffff },
	{ 0x80a8, S, 0, 0x80000001 },
	{ 0x80ac, S, 0, 0x800fffff },
	{ 0x80b0, D, 0, 0x00fffffffffffffc },
	{ 0x80b8, S, 0, 0xffffffff },
	{ 0x80bc, S, 0, 0x3f },
	{ 0x8108, D, 0, 0x003fffffffffffff }, /* SSEC */
	{ 0x8110, D, 0, 0xffffffffffffffd0 }, /* NS */
	{ 0x8130, S, 0x0001003f, 0x0001003f },
	{ 0x8138, S, 0, 0x0001003f },
	{ 0x813c, S, 0, 0x0001003f },
	{ 0x8180, S, 0, 0xffff },
	{ 0x8190, S, 0x00060000, 0x00060000 },
	{ 0x30a08, D, 0x0020000000000000, 0x003fffffffffffff }, /* bit 53 is 1 */
	{ 0x30a10, D, 0, 0xffffffffffffffc0 },
};

/* CR-003, GBP-008, GER-002, REG-011, RLM-001, RLM-009, IRC-004: no IIDR, STATUSR, GBPMPAM or
 * SFM_ERR; AIDR is 0, ATSCHK and ABORT are 1, messages have an NS bit.  6.2.8, 6.2.9, and 6.3.122
 * to 6.3.169 */
static const struct reg realm[] = {
	{ 0x40000, S, 0x81012400, 0x81012400 },
	{ 0x40004, S, 0x80000000, 0x80000000 },
	{ 0x4000c, S, 0x00038000, 0x00038000 },
	{ 0x40020, S, 0x10, 0x5df },
	{ 0x40024, S, 0x10, 0x10 },
	{ 0x40028, S, 0, 0xfff },
	{ 0x4002c, S, 0, 0xf },
	{ 0x40030, D, 0, UINT64_MAX },
	{ 0x40044, S, 0x00100000, 0x00100000 },
	{ 0x40050, S, 0, 0x7 },
	{ 0x40064, S, 0, 0x6fd },
	{ 0x40068, D, 0, 0x80fffffffffffffc },
	{ 0x40070, S, 0, 0xffffffff },
	{ 0x40074, S, 0, 0x3f },
	{ 0x40080, D, 0, 0x40ffffffffffffc0 },
	{ 0x40088, S, 0, 0x307ff },
	{ 0x40090, D, 0, 0x40ffffffffffffff },
	{ 0x40098, S, 0, 0xfffff },
	{ 0x4009c, S, 0, 0x1 },
	{ 0x400a0, D, 0, 0x40ffffffffffffff },
	{ 0x400a8, S, 0, 0x80000001 }, /* four registers of Realm Page 1 */
	{ 0x400ac, S, 0, 0x800fffff },
	{ 0x400b0, D, 0, 0x80fffffffffffffc },
	{ 0x400b8, S, 0, 0xffffffff },
	{ 0x400bc, S, 0, 0x3f },
	{ 0x400c0, D, 0, 0x40ffffffffffffff },
	{ 0x400c8, S, 0, 0x80000001 },
	{ 0x400cc, S, 0, 0x800fffff },
	{ 0x400d0, D, 0, 0x80fffffffffffffc },
	{ 0x400d8, S, 0, 0xffffffff },
	{ 0x400dc, S, 0, 0x8000003f },
	{ 0x40130, S, 0x0001003f, 0x0001003f },
	{ 0x40138, S, 0, 0x0001003f },
	{ 0x40190, S, 0x00060000, 0x00060000 },
	{ 0x40200, D, 0, 0x40fffffffffff000 },
	{ 0x40208, S, 0, 0x00f0c007 },
	{ 0x40220, S, 0xf, 0xf },
	{ 0x40228, S, 0, 0xffff },
	{ 0x500a8, S, 0, 0x80000001 },
	{ 0x500ac, S, 0, 0x800fffff },
	{ 0x500c8, S, 0, 0x80000001 },
	{ 0x500cc, S, 0, 0x800fffff },
};

static const struct {
	const struct reg *reg;
	int count;
	uint64_t from, to;
} maps[] = {
	{ nonsecure, COUNT(nonsecure), 0, 0x8000 },
	{ secure, COUNT(secure), 0x8000, 0x10000 },
	{ nonsecure, COUNT(nonsecure), 0x10000, 0x30000 },
	{ secure, COUNT(secure), 0x30000, 0x40000 },
	{ realm, COUNT(realm), 0x40000, 0x60000 },
};

static struct device full_device(void)
{
	struct smmu3_config config = profile_config("max-realm");

	config.s_idr[4] = 0x89abcdef;
	return device_of(config);
}

/* The word of a 64-bit value that is at offset. */
static uint64_t word(uint64_t value, uint64_t offset)
{
	return value >> (offset & 4 ? 32 : 0) & 0xffffffff;
}

static const struct reg *reg_at(const struct reg *regs, int count, uint64_t offset)
{
	for (int i = 0; i < count; i++)
		if (offset >= regs[i].offset && offset < regs[i].offset + regs[i].size)
			return &regs[i];
	return NULL;
}

/* REG-003, REG-004, REG-008, REG-012, REG-014, RST-001, RST-003, CR-028, CR-033, GER-003, IRC-008,
 * PRIQ-001: word by word over the pages; where no register is, zero */
START_TEST(every_word_of_a_bank_resets_and_stores_as_its_register_does)
{
	const struct device fresh = full_device();

	for (uint64_t offset = maps[_i].from; offset < maps[_i].to; offset += 4) {
		const struct reg *reg = reg_at(maps[_i].reg, maps[_i].count, offset);
		const uint64_t high = reg && reg->size == D ? offset : 0;
		struct device d = fresh;

		ck_assert_uint_eq(root_get(&d, offset, 4), reg ? word(reg->reset, high) : 0);
		root_put(&d, offset, 4, ALL);
		ck_assert_uint_eq(root_get(&d, offset, 4), reg ? word(reg->stored, high) : 0);
	}
}
END_TEST

/* REG-005 */
START_TEST(a_64_bit_register_of_a_bank_is_written_and_read_whole)
{
	for (int i = 0; i < maps[_i].count; i++) {
		const struct reg *reg = &maps[_i].reg[i];
		struct device d = full_device();

		if (reg->size != D)
			continue;
		root_put(&d, reg->offset, 8, UINT64_MAX);
		ck_assert_uint_eq(root_get(&d, reg->offset, 8), reg->stored);
		root_put(&d, reg->offset + 4, 4, 0); /* halves apart */
		ck_assert_uint_eq(root_get(&d, reg->offset, 8),
				  (reg->stored & 0xffffffff) | reg->reset);
	}
}
END_TEST

/* CR-018: each register file is one of its own */
START_TEST(a_write_to_a_bank_changes_no_other)
{
	struct device d = full_device();

	for (int i = 0; i < COUNT(secure); i++)
		root_put(&d, secure[i].offset, secure[i].size, UINT64_MAX);
	for (int i = 0; i < COUNT(realm); i++)
		ck_assert_uint_eq(root_get(&d, realm[i].offset, realm[i].size), realm[i].reset);
	for (int i = 0; i < COUNT(realm); i++)
		root_put(&d, realm[i].offset, realm[i].size, UINT64_MAX);
	for (int i = 0; i < COUNT(nonsecure); i++)
		ck_assert_uint_eq(root_get(&d, nonsecure[i].offset, nonsecure[i].size),
				  nonsecure[i].reset);
}
END_TEST

/* REG-018, REG-021: RAZ/WI is neither an abort nor an effect */
START_TEST(an_access_from_the_wrong_pa_space_is_raz_wi)
{
	static const struct {
		enum smmu3_pas from;
		const struct reg *reg;
		int count;
	} rows[] = {
		{ SMMU3_PAS_NS, secure, COUNT(secure) },
		{ SMMU3_PAS_NS, realm, COUNT(realm) },
		{ SMMU3_PAS_REALM, secure, COUNT(secure) },
		{ SMMU3_PAS_SECURE, realm, COUNT(realm) },
	};
	struct device d = full_device();

	for (int i = 0; i < COUNT(rows); i++)
		for (int j = 0; j < rows[i].count; j++) {
			const struct reg *reg = &rows[i].reg[j];

			put(&d, rows[i].from, reg->offset, reg->size, UINT64_MAX);
			ck_assert_uint_eq(get(&d, rows[i].from, reg->offset, reg->size), 0);
			ck_assert_uint_eq(root_get(&d, reg->offset, reg->size), reg->reset);
		}
}
END_TEST

/* REG-018, REG-020, REG-021: an SMMU of the library, whose ID registers are changed after it was
 * made: none with Secure or Realm streams is. */
START_TEST(register_accesses_of_an_smmu_reach_its_banks)
{
	struct smmu3_config config = profile_config("generic-3.1");
	struct smmu3 *smmu = smmu3_create(&config, NULL, NULL);
	uint64_t value;

	ck_assert_int_eq(smmu3_mmio_write(smmu, SMMU3_PAS_ROOT, 0x8080, 8, UINT64_MAX), 0);
	ck_assert_int_eq(smmu3_mmio_read(smmu, SMMU3_PAS_ROOT, 0x8080, 8, &value), 0);
	ck_assert_uint_eq(value, 0);
	smmu->config = profile_config("max-realm");
	smmu3_reset(smmu);
	for (int i = 0; i < 3; i++) {
		static const uint64_t bases[] = { NONSECURE, SECURE, REALM };

		ck_assert_int_eq(smmu3_mmio_write(smmu, SMMU3_PAS_ROOT, bases[i] + 0x80, 8,
						  0x1000u << i),
				 0);
	}
	for (unsigned from = NS; from <= ROOT; from++) {
		static const uint64_t seen[][3] = {
			[NS] = { 0x1000, 0, 0 },
			[SEC] = { 0x1000, 0x2000, 0 },
			[RLM] = { 0x1000, 0, 0x4000 },
			[ROOT] = { 0x1000, 0x2000, 0x4000 },
		};
		const enum smmu3_pas pas = (enum smmu3_pas)from;

		ck_assert_int_eq(smmu3_mmio_read(smmu, pas, 0x80, 8, &value), 0);
		ck_assert_uint_eq(value, seen[from][0]);
		ck_assert_int_eq(smmu3_mmio_read(smmu, pas, 0x8080, 8, &value), 0);
		ck_assert_uint_eq(value, seen[from][1]);
		ck_assert_int_eq(smmu3_mmio_read(smmu, pas, 0x40080, 8, &value), 0);
		ck_assert_uint_eq(value, seen[from][2]);
	}
	ck_assert_int_eq(smmu3_mmio_read(smmu, (enum smmu3_pas)4, 0x80, 8, &value), -SMMU3_E_ABORT);
	smmu3_destroy(smmu);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, an_access_reaches_the_bank_of_its_pa_space, 0, COUNT(reaches));
	tcase_add_test(tests, without_a_security_state_its_registers_are_not_reached);
	tcase_add_test(tests, the_realm_pages_are_where_ba_realm_says);
	tcase_add_loop_test(tests, every_word_of_a_bank_resets_and_stores_as_its_register_does, 0,
			    COUNT(maps));
	tcase_add_loop_test(tests, a_64_bit_register_of_a_bank_is_written_and_read_whole, 0,
			    COUNT(maps));
	tcase_add_test(tests, a_write_to_a_bank_changes_no_other);
	tcase_add_test(tests, an_access_from_the_wrong_pa_space_is_raz_wi);
	tcase_add_test(tests, register_accesses_of_an_smmu_reach_its_banks);
}

int main(void)
{
	return run("banks", add);
}
