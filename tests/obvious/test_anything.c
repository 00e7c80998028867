/* SPDX-License-Identifier: MIT */
/* The obvious walker on registers and memory of any content. */
#include "obvious.h"
#include "support/suite.h"

#include <check.h>
#include <string.h>

static uint64_t state;

/* SplitMix64 */
static uint64_t any(void)
{
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* Bits that are set, and bits that are clear, in 7 of 8 structures, so that most are legal: STE
 * with V, Config = 1xx, S2AA64, S2TG = 4K, S2SL0 = 1, S2T0SZ from 24 to 31, without S1STALLD, S2S,
 * S2HA, S2HD, S2ENDI; CD with V, AA64, A, TxSZ from 24 to 31, TGx = 4K, without S, HA, HD, ENDI;
 * descriptors that are valid; small addresses. */
struct likely {
	uint64_t set[3], clear[3];
};

static const struct likely likely[] = {
	[SMMU3_REASON_L1STD] = { { 1 }, { UINT64_C(0xff) << 56 | 0x18 } },
	[SMMU3_REASON_STE] = { { 9, 0, UINT64_C(1) << 51 | UINT64_C(0x58) << 32 },
			       { UINT64_C(0x1c) << 59 | UINT64_C(0xfff) << 44, UINT64_C(1) << 27,
				 UINT64_C(0x390) << 48 | UINT64_C(0xc0a0) << 32 } },
	[SMMU3_REASON_L1CD] = { { 1 }, { UINT64_C(0xfff) << 44 } },
	[SMMU3_REASON_CD] = { { UINT64_C(1) << 31 | UINT64_C(1) << 41 | UINT64_C(1) << 46 |
				0x980018 },
			      { UINT64_C(0x1c) << 40 | 0x6080e0, UINT64_C(0xffffff) << 32,
				UINT64_C(0xffffff) << 32 } },
	[SMMU3_REASON_S1_TTD] = { { 1 }, { UINT64_C(0xff) << 40 } },
	[SMMU3_REASON_S2_TTD] = { { 1 }, { UINT64_C(0xff) << 40 } },
	[SMMU3_REASON_VMS] = { { 0 }, { 0 } },
};

static uint64_t any_word(unsigned reason, unsigned n)
{
	uint64_t word = any();

	if (n >= 3 || any() % 8 == 0)
		return word;
	return (word & ~likely[reason].clear[n]) | likely[reason].set[n];
}

static bool read_anything(void *context, const struct smmu3_mem_access *access, void *data)
{
	unsigned *reads = context;

	(*reads)++;
	for (unsigned n = 0; n < access->bytes / 8; n++) {
		const uint64_t word = any_word(access->reason, n);

		memcpy((char *)data + 8 * n, &word, 8);
	}
	return any() % 64 != 0;
}

/* No register and no memory makes it read without end, or outside what it asked for; sanitizers
 * see the rest.  The longest way is an L1STD, an STE and a VMS; an L1CD, a CD and four levels of
 * stage 1, each behind four of stage 2; and four of stage 2 for the output. */
START_TEST(no_content_leads_it_astray)
{
	for (unsigned i = 0; i < 200000; i++) {
		struct obvious_answer answer;
		unsigned reads = 0;
		const struct obvious_machine machine = {
			.idr0 = (uint32_t)any() | 3,
			.idr1 = (uint32_t)any(),
			.idr3 = (uint32_t)any(),
			.idr5 = (uint32_t)any() | 0x14,
			.aidr = (uint32_t)any(),
			.cr0 = 1 | (uint32_t)any(),
			.cr1 = (uint32_t)any(),
			.cr2 = (uint32_t)any(),
			.gbpa = (uint32_t)any(),
			.mpamidr = (uint32_t)any(),
			.gmpam = (uint32_t)any(),
			.gbpmpam = (uint32_t)any(),
			.strtab_base = any(),
			.strtab_base_cfg = (uint32_t)any() | 32,
			.waits = any() & 1,
			.stalls = (unsigned)any() % 4,
			.read = read_anything,
			.context = &reads,
		};
		const struct smmu3_txn txn = {
			.addr = any() >> any() % 64,
			.bytes = 1 + any() % 4096,
			.sid = (uint32_t)any() >> any() % 32,
			.ssid = (uint32_t)any() % 8,
			.flags = (uint16_t)any(),
			.txn_class = any() & 1,
			.attr = { (uint8_t)any(), (uint8_t)any() },
		};

		obvious_translate(&machine, &txn, &answer);
		ck_assert_uint_le(reads, 3 + 6 * 5 + 4);
		ck_assert_uint_le(answer.bytes, txn.bytes);
		ck_assert_uint_ge(answer.bytes, 1);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("anything");
	TCase *tests = tcase_create("tests");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, no_content_leads_it_astray);
	suite_add_tcase(suite, tests);
	return run_checks(suite);
}
