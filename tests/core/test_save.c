/* SPDX-License-Identifier: MIT */
/* The bytes of a saved SMMU, and what may be loaded where.  docs/save.md */
#include "support/suite.h"

#include <smmu/smmu.h>

#include <string.h>

enum { CR0 = 0x20, CR2 = 0x2c, STRTAB_BASE = 0x80, EVENTQ_CONS = 0x100ac, SIZE = 309 };

/* SMMUv3.0: StreamIDs of 6 bits, no stalls, 40 bits.  GBPA at reset: SHCFG as it comes */
static struct smmu3_config small_config(void)
{
	return (struct smmu3_config){
		.size = sizeof(struct smmu3_config),
		.idr = { [0] = 0x0140000a, [1] = 0x01070006, [5] = 0x00000012 },
		.gbpa_reset = 0x1000,
	};
}

static struct smmu3 *made(const struct smmu3_config *config)
{
	struct smmu3_config kept = *config;
	struct smmu3_error error;

	kept.caches = caches_of_pass();
	struct smmu3 *smmu = smmu3_create(&kept, NULL, &error);

	ck_assert_msg(smmu != NULL, "%s", error.text);
	cached_made(&kept);
	return smmu;
}

static struct smmu3 *small(void)
{
	const struct smmu3_config config = small_config();
	struct smmu3 *smmu = made(&config);

	smmu3_mmio_write(smmu, SMMU3_PAS_NS, CR2, 4, 2);
	smmu3_mmio_write(smmu, SMMU3_PAS_NS, STRTAB_BASE, 8, 0x4000000080012340);
	smmu3_mmio_write(smmu, SMMU3_PAS_NS, CR0, 4, 5);
	smmu3_mmio_write(smmu, SMMU3_PAS_NS, EVENTQ_CONS, 4, 0x80000003);
	return smmu;
}

/* What small() is, by hand from docs/save.md; what is not here is 0. */
/* clang-format off */
static const uint8_t expected[SIZE] = {
	'S', 'M', 'M', 'U', '3', 'S', 'A', 'V',
	1, 0, 0, 0, 0x35, 1, 0, 0,                           /* version; size: 309 */
	'C', 'O', 'N', 'F', 0, 0, 0, 0, 112, 0, 0, 0,
	0x0a, 0x00, 0x40, 0x01,                              /* IDR0 */
	0x06, 0x00, 0x07, 0x01,                              /* IDR1 */
	[28 + 5 * 4] = 0x12, 0x00, 0x00, 0x00,               /* IDR5 */
	[28 + 26 * 4] = 0x00, 0x10, 0x00, 0x00,              /* GBPA */
	[140] = 'R', 'E', 'G', 'S', 0, 0, 0, 0, 64, 0, 0, 0, /* bank, offset, value of each: */
	0, 0, 0, 0, 0x20, 0, 0, 0, 0x05, 0, 0, 0, 0, 0, 0, 0,             /* CR0: EVENTQEN, SMMUEN */
	0, 0, 0, 0, 0x2c, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0,             /* CR2: RECINVSID */
	0, 0, 0, 0, 0x80, 0, 0, 0, 0x40, 0x23, 0x01, 0x80, 0, 0, 0, 0x40, /* STRTAB_BASE */
	0, 0, 0, 0, 0xac, 0, 1, 0, 0x03, 0, 0, 0x80, 0, 0, 0, 0,          /* EVENTQ_CONS */
	[216] = 'W', 'O', 'R', 'K', 0, 0, 0, 0, 38, 0, 0, 0, /* nothing is due */
	[266] = 'S', 'T', 'A', 'L', 0, 0, 0, 0, 2, 0, 0, 0,  /* none, of no places */
	[280] = 'P', 'C', 'I', 'E', 0, 0, 0, 0, 13, 0, 0, 0, /* nothing is waited for */
	[305] = 0x31, 0xb2, 0x90, 0x79,                      /* the checksum */
};
/* clang-format on */

static void expect_bytes(struct smmu3 *smmu)
{
	uint8_t blob[SIZE];
	size_t size = sizeof(blob);
	struct smmu3_error error = { .code = 1 };

	ck_assert_int_eq(smmu3_save(smmu, blob, &size, &error), 0);
	ck_assert_uint_eq(size, SIZE);
	ck_assert_int_eq(error.code, 0);
	for (unsigned i = 0; i < SIZE; i++)
		ck_assert_msg(blob[i] == expected[i], "byte %u is %#x, not %#x", i, blob[i],
			      expected[i]);
}

START_TEST(a_small_state_has_these_bytes)
{
	struct smmu3 *smmu = small();

	expect_bytes(smmu);
	smmu3_destroy(smmu);
}
END_TEST

static uint64_t value_of(struct smmu3 *smmu, uint64_t offset, unsigned size)
{
	uint64_t value;

	ck_assert_int_eq(smmu3_mmio_read(smmu, SMMU3_PAS_NS, offset, size, &value), 0);
	return value;
}

/* CR-004: registers read as they did, and an acknowledgement follows its register */
START_TEST(those_bytes_are_that_state)
{
	const struct smmu3_config config = small_config();
	struct smmu3 *smmu = made(&config);

	smmu3_mmio_write(smmu, SMMU3_PAS_NS, 0x44, 4, 0x80100000); /* GBPA: Update, ABORT */
	ck_assert_int_eq(smmu3_load(smmu, expected, SIZE, NULL), 0);
	ck_assert_uint_eq(value_of(smmu, CR0, 8), UINT64_C(5) << 32 | 5);
	ck_assert_uint_eq(value_of(smmu, CR2, 4), 2);
	ck_assert_uint_eq(value_of(smmu, STRTAB_BASE, 8), 0x4000000080012340);
	ck_assert_uint_eq(value_of(smmu, EVENTQ_CONS, 4), 0x80000003);
	ck_assert_uint_eq(value_of(smmu, 0x44, 4), 0x1000); /* what is not there is as at reset */
	expect_bytes(smmu);
	smmu3_destroy(smmu);
}
END_TEST

/* ST-04: a transaction that comes next is told by what was loaded */
START_TEST(transactions_see_the_registers_that_were_loaded)
{
	const struct smmu3_config config = small_config();
	struct smmu3 *smmu = made(&config);
	const struct smmu3_txn txn = { .addr = 0x1000, .bytes = 1, .sid = 9 };
	struct smmu3_outcome outcome;

	ck_assert_uint_eq(smmu3_translate(smmu, &txn, &outcome), SMMU3_OK);
	ck_assert_int_eq(smmu3_load(smmu, expected, SIZE, NULL), 0);
	ck_assert_uint_eq(smmu3_translate(smmu, &txn, &outcome), SMMU3_ABORT);
	ck_assert_uint_eq(outcome.event, 0x02); /* C_BAD_STREAMID: the table has one entry */
	smmu3_destroy(smmu);
}
END_TEST

START_TEST(the_size_is_told_and_too_little_room_is_left_alone)
{
	struct smmu3 *smmu = small();
	uint8_t blob[SIZE] = { 0 };
	const uint8_t zero[SIZE] = { 0 };
	struct smmu3_error error;
	size_t size = 7;

	ck_assert_int_eq(smmu3_save(smmu, NULL, &size, &error), 0);
	ck_assert_uint_eq(size, SIZE);
	size = SIZE - 1;
	ck_assert_int_eq(smmu3_save(smmu, blob, &size, &error), -SMMU3_E_ARGUMENT);
	ck_assert_str_eq(error.text, "there is room for 308 bytes, but 309 are needed");
	ck_assert_uint_eq(size, SIZE);
	ck_assert_mem_eq(blob, zero, SIZE);
	ck_assert_int_eq(smmu3_save(smmu, blob, &size, NULL), 0);
	ck_assert_mem_eq(blob, expected, SIZE);
	smmu3_destroy(smmu);
}
END_TEST

/* ---- Another configuration ---- */

static void expect_refusal(const struct smmu3_config *config, const char *text)
{
	struct smmu3 *smmu = made(config);
	struct smmu3_error error;

	ck_assert_int_eq(smmu3_load(smmu, expected, SIZE, &error), -SMMU3_E_INCONSISTENT);
	ck_assert_int_eq(error.code, -SMMU3_E_INCONSISTENT);
	ck_assert_str_eq(error.text, text);
	ck_assert_uint_eq(value_of(smmu, CR0, 4), 0);
	smmu3_destroy(smmu);
}

START_TEST(another_configuration_is_refused_by_its_first_difference)
{
	struct smmu3_config config = small_config();

	config.interrupt_choices = SMMU3_INTERRUPT_EVERY_EVENT;
	expect_refusal(&config, "interrupt_choices is 0x0 in what was saved, but 0x2 here");
	config.gbpa_reset = 0x101000;
	expect_refusal(&config, "GBPA is 0x1000 in what was saved, but 0x101000 here");
	config.iidr = 0x43b;
	expect_refusal(&config, "IIDR is 0x0 in what was saved, but 0x43b here");
	config.idr[5] = 0x13;
	expect_refusal(&config, "IDR5 is 0x12 in what was saved, but 0x13 here");
	config.idr[1] = 0x01070005;
	expect_refusal(&config, "IDR1 is 0x1070006 in what was saved, but 0x1070005 here");
}
END_TEST

START_TEST(every_profile_that_is_built_loads_its_own_and_no_other)
{
	const struct smmu3_profile *profile;

	for (size_t i = 0; (profile = smmu3_profile(i)); i++) {
		struct smmu3 *smmu = smmu3_create(&profile->config, NULL, NULL);
		static uint8_t blob[1 << 18]; /* places of stalls count, up to 65535 */
		size_t size = sizeof(blob);

		if (!smmu)
			continue;
		ck_assert_int_eq(smmu3_load(smmu, expected, SIZE, NULL),
				 strcmp(profile->name, "minimal-3.0") ? -SMMU3_E_INCONSISTENT : 0);
		smmu3_reset(smmu);
		ck_assert_int_eq(smmu3_save(smmu, blob, &size, NULL), 0);
		ck_assert_int_eq(smmu3_load(smmu, blob, size, NULL), 0);
		smmu3_destroy(smmu);
	}
}
END_TEST

/* ---- What a callback may do ---- */

struct inside {
	struct smmu3 *smmu;
	int saves, loads;
	unsigned calls;
};

static void inside_invalidate(void *context, const struct smmu3_invalidation *scope)
{
	struct inside *inside = context;
	size_t size = 0;

	(void)scope;
	inside->saves = smmu3_save(inside->smmu, NULL, &size, NULL);
	inside->loads = smmu3_load(inside->smmu, expected, SIZE, NULL);
	inside->calls++;
}

START_TEST(inside_an_act_neither_is_done)
{
	static _Alignas(64) uint64_t ram[8] = { 0x04, 31 }; /* CMD_CFGI_ALL */
	struct inside inside = { 0 };
	const struct smmu3_config config = small_config();
	const struct smmu3_host host = { .size = sizeof(host),
					 .context = &inside,
					 .invalidate = inside_invalidate };

	inside.smmu = smmu3_create(&config, &host, NULL);
	ck_assert_int_eq(smmu3_add_ram(inside.smmu, 0x1000, sizeof(ram), 1, ram), 0);
	smmu3_mmio_write(inside.smmu, SMMU3_PAS_NS, 0x90, 8, 0x1000); /* CMDQ_BASE */
	smmu3_mmio_write(inside.smmu, SMMU3_PAS_NS, CR0, 4, 8);
	smmu3_mmio_write(inside.smmu, SMMU3_PAS_NS, 0x98, 4, 1);
	ck_assert_uint_eq(inside.calls, 1);
	ck_assert_int_eq(inside.saves, -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(inside.loads, -SMMU3_E_ARGUMENT);
	ck_assert_uint_eq(value_of(inside.smmu, 0x9c, 4), 1);
	smmu3_destroy(inside.smmu);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("save");
	TCase *tests = tcase_create("save");

	tcase_add_test(tests, a_small_state_has_these_bytes);
	tcase_add_test(tests, those_bytes_are_that_state);
	tcase_add_test(tests, transactions_see_the_registers_that_were_loaded);
	tcase_add_test(tests, the_size_is_told_and_too_little_room_is_left_alone);
	tcase_add_test(tests, another_configuration_is_refused_by_its_first_difference);
	tcase_add_test(tests, every_profile_that_is_built_loads_its_own_and_no_other);
	tcase_add_test(tests, inside_an_act_neither_is_done);
	suite_add_tcase(suite, tests);
	return run_checks(suite);
}
