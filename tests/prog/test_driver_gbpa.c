/* SPDX-License-Identifier: MIT */
/* What GBPA does to accesses that pass while the SMMU is disabled.  6.3.14, 13.1 */
#include "driver.h"
#include "run.h"

#include <check.h>

#define UPDATE (UINT32_C(1) << 31)
#define SHCFG(n) ((uint32_t)(n) << 12)
#define MTCFG(memattr) (1u << 4 | (memattr))
#define ALLOCCFG(n) ((uint32_t)(n) << 8)
#define PRIVCFG(n) ((uint32_t)(n) << 16)
#define INSTCFG(n) ((uint32_t)(n) << 18)
#define INCOMING SHCFG(1)

/* Write-Back, read- and write-allocate; Non-cacheable; Device-nGnRE */
enum { WB = 0xff, NC = 0x44, DEVICE = 0x04 };

/* An access of these flags and attributes, by GBPA; how it goes on. */
static struct smmu3_outcome passed(struct machine *m, uint32_t gbpa, unsigned flags,
				   struct smmu3_attr attr)
{
	const struct smmu3_txn txn = { .addr = 0x1000,
				       .bytes = 4,
				       .sid = 5,
				       .flags = (uint16_t)(flags | SMMU3_TXN_ATTR),
				       .attr = attr };
	struct smmu3_outcome outcome;

	set_reg(m, GBPA, gbpa | UPDATE);
	ck_assert_int_eq(smmu3_translate(m->smmu, &txn, &outcome), SMMU3_OK);
	ck_assert_uint_eq(outcome.pa, 0x1000);
	return outcome;
}

static struct machine *disabled(const char *profile)
{
	struct machine *m = machine(profile);

	create_machine(m);
	return m;
}

/* ---- Types ---- */

static const struct row {
	uint32_t gbpa;
	struct smmu3_attr in, out;
} rows[] = {
	{ INCOMING, { WB, SMMU3_ISH }, { WB, SMMU3_ISH } },
	{ INCOMING, { WB, SMMU3_NSH }, { WB, SMMU3_NSH } },
	/* SHCFG: of memory that may be shared or not */
	{ SHCFG(0), { WB, SMMU3_ISH }, { WB, SMMU3_NSH } },
	{ SHCFG(2), { WB, SMMU3_ISH }, { WB, SMMU3_OSH } },
	{ SHCFG(3), { WB, SMMU3_NSH }, { WB, SMMU3_ISH } },
	{ SHCFG(0), { NC, SMMU3_OSH }, { NC, SMMU3_OSH } },
	{ SHCFG(3), { DEVICE, SMMU3_OSH }, { DEVICE, SMMU3_OSH } },
	/* MTCFG and MemAttr: another type; without MTCFG no other */
	{ INCOMING | MTCFG(0x0), { WB, SMMU3_ISH }, { 0x00, SMMU3_OSH } },
	{ INCOMING | MTCFG(0x3), { WB, SMMU3_ISH }, { 0x0c, SMMU3_OSH } },
	{ INCOMING | MTCFG(0x5), { WB, SMMU3_ISH }, { NC, SMMU3_OSH } },
	{ INCOMING | MTCFG(0xa), { WB, SMMU3_ISH }, { 0xbb, SMMU3_ISH } },
	{ INCOMING | 0x5, { WB, SMMU3_ISH }, { WB, SMMU3_ISH } },
	{ SHCFG(3) | MTCFG(0xf), { WB, SMMU3_NSH }, { WB, SMMU3_ISH } },
	/* ALLOCCFG 0b1RWT: inner and outer alike; 0b0xxx is no override */
	{ INCOMING | ALLOCCFG(0x7), { WB, SMMU3_ISH }, { WB, SMMU3_ISH } },
	{ INCOMING | ALLOCCFG(0x8), { WB, SMMU3_ISH }, { 0xcc, SMMU3_ISH } },
	{ INCOMING | ALLOCCFG(0xc), { WB, SMMU3_ISH }, { 0xee, SMMU3_ISH } },
	{ INCOMING | ALLOCCFG(0xa), { WB, SMMU3_ISH }, { 0xdd, SMMU3_ISH } },
	{ INCOMING | ALLOCCFG(0xe), { 0xcc, SMMU3_ISH }, { 0xff, SMMU3_ISH } },
	{ INCOMING | ALLOCCFG(0xf), { WB, SMMU3_ISH }, { 0x77, SMMU3_ISH } },
	{ INCOMING | ALLOCCFG(0xc), { NC, SMMU3_OSH }, { NC, SMMU3_OSH } },
	{ INCOMING | ALLOCCFG(0xc), { DEVICE, SMMU3_OSH }, { DEVICE, SMMU3_OSH } },
};

/* GBP-001, GBP-005, GBP-006: each field on each kind of memory */
START_TEST(types_of_accesses_are_overridden)
{
	struct machine *m = disabled("generic-3.1");
	const struct smmu3_outcome outcome = passed(m, rows[_i].gbpa, 0, rows[_i].in);

	ck_assert_uint_eq(outcome.attr.mair, rows[_i].out.mair);
	ck_assert_uint_eq(outcome.attr.sh, rows[_i].out.sh);
	close_machine(m);
}
END_TEST

/* ---- Permissions ---- */

/* GBP-001, GBP-005: 0 and 1 are as it came, 2 data and unprivileged, 3 instruction and privileged;
 * a write is never an instruction */
START_TEST(instruction_and_privilege_are_overridden)
{
	static const bool overridden[] = { false, false, true, true };
	struct machine *m = disabled("generic-3.1");

	for (unsigned code = 0; code < 4; code++) {
		for (unsigned in = 0; in < 8; in++) {
			const bool write = in & 4;
			const unsigned flags = (in & 1 ? SMMU3_TXN_INSTRUCTION : 0) |
					       (in & 2 ? SMMU3_TXN_PRIVILEGED : 0) |
					       (write ? SMMU3_TXN_WRITE : 0);
			const bool as_code = code == 3;
			const struct smmu3_attr attr = { WB, SMMU3_ISH };
			struct smmu3_outcome outcome = passed(m, INCOMING | INSTCFG(code), flags,
							      attr);

			ck_assert_uint_eq(outcome.instruction,
					  !write && (overridden[code] ? as_code : in & 1));
			ck_assert_uint_eq(outcome.privileged, !!(in & 2));
			outcome = passed(m, INCOMING | PRIVCFG(code), flags, attr);
			ck_assert_uint_eq(outcome.privileged,
					  overridden[code] ? as_code : !!(in & 2));
			ck_assert_uint_eq(outcome.instruction, !write && in & 1);
		}
	}
	close_machine(m);
}
END_TEST

/* GBP-007: where overrides are not implemented every field acts as its incoming, whatever it is */
START_TEST(without_overrides_accesses_pass_as_they_come)
{
	struct machine *m = disabled("linux-session");

	for (int i = 0; i < COUNT(rows); i++) {
		const uint32_t gbpa = rows[i].gbpa | PRIVCFG(3) | INSTCFG(2);
		const struct smmu3_outcome outcome = passed(m, gbpa, SMMU3_TXN_INSTRUCTION,
							    rows[i].in);

		ck_assert_uint_eq(outcome.attr.mair, rows[i].in.mair);
		ck_assert_uint_eq(outcome.attr.sh, rows[i].in.sh);
		ck_assert_uint_eq(outcome.instruction, 1);
		ck_assert_uint_eq(outcome.privileged, 0);
	}
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, types_of_accesses_are_overridden, 0, COUNT(rows));
	tcase_add_test(tests, instruction_and_privilege_are_overridden);
	tcase_add_test(tests, without_overrides_accesses_pass_as_they_come);
}

int main(void)
{
	return run("driver-gbpa", add);
}
