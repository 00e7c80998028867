/* SPDX-License-Identifier: MIT */
/* ATOS_PAR as a word, bits worked out from 6.3.40 and 9.1.4. */
#include "arch/features.h"
#include "support/suite.h"
#include "walk/fault.h"
#include "xlate/atos.h"

#include <check.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

/* ATO-010: the bit below the size, of an address within; 4KB has none */
START_TEST(the_lowest_bit_of_the_address_says_the_size)
{
	static const struct {
		uint64_t address;
		unsigned size_lg2;
		uint64_t par;
	} rows[] = {
		{ 0x123456789000, 12, 0xff00123456789300 },
		{ 0x12345678bfff, 14, 0xff0012345678ab00 },
		{ 0x12345678ffff, 16, 0xff00123456788b00 },
		{ 0x123456799999, 21, 0xff00123456700b00 },
		{ 0x123456799999, 25, 0xff00123457000b00 },
		{ 0x123456799999, 29, 0xff00123450000b00 },
		{ 0x123456799999, 30, 0xff00123460000b00 },
		{ 0xf23456799999, 42, 0xff00f20000000b00 },
		{ 0xff23456799999, 52, 0xff08000000000b00 },
	};
	const struct smmu3_attr attr = { 0xff, SMMU3_ISH };

	for (int i = 0; i < COUNT(rows); i++)
		ck_assert_uint_eq(atos_par(rows[i].address, rows[i].size_lg2, attr), rows[i].par);
}
END_TEST

/* ATO-010 */
START_TEST(type_and_shareability_stand_as_they_are)
{
	ck_assert_uint_eq(atos_par(0x1000, 12, (struct smmu3_attr){ 0x04, SMMU3_OSH }),
			  0x0400000000001200);
	ck_assert_uint_eq(atos_par(0x1000, 12, (struct smmu3_attr){ 0xbb, SMMU3_NSH }),
			  0xbb00000000001000);
}
END_TEST

/* ---- Faults ---- */

enum { CD = SMMU3_CLASS_CD, TT = SMMU3_CLASS_TT, IN = SMMU3_CLASS_IN };

#define IPA UINT64_C(0xfab1234567008)
#define FADDR UINT64_C(0xfab1234567000)
#define CODE(code, reason) (UINT64_C(1) | (uint64_t)(reason) << 1 | (uint64_t)(code) << 4)

/* ATO-011, ATO-012, ATO-013, ATO-014: the rows of the table in 9.1.4, for requests of stage 1, of
 * stage 2, of both.  0: such a fault there is none. */
static const struct {
	unsigned event, stage, fault_class;
	uint64_t told[3];
} faults[] = {
	/* invocation */
	{ 0xff, 0, 0, { CODE(0xff, 0), CODE(0xff, 0), CODE(0xff, 0) } },
	{ 0xfe, 0, 0, { CODE(0xfe, 0), CODE(0xfe, 0), CODE(0xfe, 0) } },
	/* what no stage is at fault of */
	{ 0xfd, 0, 0, { CODE(0xfd, 0), CODE(0xfd, 3), CODE(0xfd, 0) } },
	{ 0x02, 0, 0, { CODE(0x02, 0), CODE(0x02, 3), CODE(0x02, 0) } },
	{ 0x03, 0, 0, { CODE(0x03, 0), CODE(0x03, 3), CODE(0x03, 0) } },
	{ 0x04, 0, 0, { CODE(0x04, 0), CODE(0x04, 3), CODE(0x04, 0) } },
	{ 0x06, 0, 0, { CODE(0x06, 0), 0, CODE(0x06, 0) } },
	{ 0x08, 0, 0, { CODE(0x08, 0), 0, CODE(0x08, 0) } },
	{ 0x09, 0, 0, { CODE(0x09, 0), 0, CODE(0x09, 0) } },
	{ 0x0a, 0, 0, { CODE(0x0a, 0), 0, CODE(0x0a, 0) } },
	/* stage 1 */
	{ 0x0b, 1, TT, { CODE(0x0b, 0), 0, CODE(0x0b, 0) } },
	{ 0x10, 1, IN, { CODE(0x10, 0), 0, CODE(0x10, 0) } },
	{ 0x11, 1, IN, { CODE(0x11, 0), CODE(0x11, 0), CODE(0x11, 0) } },
	{ 0x12, 1, IN, { CODE(0x12, 0), 0, CODE(0x12, 0) } },
	{ 0x13, 1, IN, { CODE(0x13, 0), 0, CODE(0x13, 0) } },
	/* stage 2: for a CD, a descriptor, its input */
	{ 0x10, 2, CD, { CODE(0x09, 0), 0, CODE(0x10, 1) | FADDR } },
	{ 0x11, 2, CD, { CODE(0x09, 0), 0, CODE(0x11, 1) | FADDR } },
	{ 0x12, 2, CD, { CODE(0x09, 0), 0, CODE(0x12, 1) | FADDR } },
	{ 0x13, 2, CD, { CODE(0x09, 0), 0, CODE(0x13, 1) | FADDR } },
	{ 0x0b, 2, CD, { CODE(0x09, 0), 0, CODE(0x0b, 1) } },
	{ 0x10, 2, TT, { CODE(0x0b, 0), 0, CODE(0x10, 2) | FADDR } },
	{ 0x13, 2, TT, { CODE(0x0b, 0), 0, CODE(0x13, 2) | FADDR } },
	{ 0x0b, 2, TT, { CODE(0x0b, 0), 0, CODE(0x0b, 2) } },
	{ 0x10, 2, IN, { 0, CODE(0x10, 3), CODE(0x10, 3) | FADDR } },
	{ 0x11, 2, IN, { 0, CODE(0x11, 3), CODE(0x11, 3) | FADDR } },
	{ 0x12, 2, IN, { 0, CODE(0x12, 3), CODE(0x12, 3) | FADDR } },
	{ 0x13, 2, IN, { 0, CODE(0x13, 3), CODE(0x13, 3) | FADDR } },
	{ 0x0b, 2, IN, { 0, CODE(0x0b, 3), CODE(0x0b, 3) } },
	/* a conflict is MISC, at either stage */
	{ 0x20, 1, IN, { CODE(0x20, 0), 0, CODE(0x20, 0) } },
	{ 0x20, 2, CD, { CODE(0x20, 0), 0, CODE(0x20, 0) } },
	{ 0x20, 2, TT, { CODE(0x20, 0), 0, CODE(0x20, 0) } },
	{ 0x20, 2, IN, { 0, CODE(0x20, 3), CODE(0x20, 0) } },
	{ 0x21, 0, 0, { CODE(0x21, 0), CODE(0x21, 3), CODE(0x21, 0) } },
};

START_TEST(a_fault_is_told_as_the_table_has_it)
{
	const struct fault fault = {
		.why = WHY_S2_INVALID,
		.event = (uint8_t)faults[_i].event,
		.stage = (uint8_t)faults[_i].stage,
		.fault_class = (uint8_t)faults[_i].fault_class,
		.addr = IPA,
	};

	for (unsigned type = 1; type <= 3; type++)
		if (faults[_i].told[type - 1])
			ck_assert_uint_eq(atos_par_of_fault(type, &fault, 52),
					  faults[_i].told[type - 1]);
}
END_TEST

/* ATO-011: bits of FADDR at and above OAS are 0 */
START_TEST(the_address_at_fault_ends_below_oas)
{
	const struct fault fault = { .event = 0x10, .stage = 2, .fault_class = IN, .addr = IPA };

	ck_assert_uint_eq(atos_par_of_fault(3, &fault, 44), CODE(0x10, 3) | 0xb1234567000);
}
END_TEST

/* ---- What PAR can hold ---- */

/* ATO-010 to ATO-013: reserved bits, codes, addresses, sizes and attributes, of an SMMU with
 * addresses of 44 bits */
START_TEST(words_that_are_no_answer_are_told_from_answers)
{
	static const struct {
		uint64_t par;
		bool fits;
	} rows[] = {
		{ 0xff00023456788b00, true },
		{ 0xff00123456788b00, false }, /* an address of 45 bits */
		{ 0xff00023456788b02, false },
		{ 0xff00023456788f00, false }, /* NS */
		{ 0xff00000000000300, true },
		{ 0xff00000000000b00, false }, /* a size that nothing says */
		{ 0xff00000000001100, false }, /* the reserved shareability */
		{ 0x0400000000001200, true },
		{ 0x0400000000001300, false }, /* Device memory is Outer Shareable */
		{ 0x4000000000001300, false }, /* no type */
		{ CODE(0x10, 3) | 0x1000, true },
		{ CODE(0x10, 3) | UINT64_C(1) << 44, false },
		{ CODE(0x10, 3) | 8, false }, /* NSIPA */
		{ CODE(0x10, 3) | UINT64_C(1) << 56, false },
		{ CODE(0x10, 3) | UINT64_C(1) << 63, false }, /* libsmmu has no data of its own */
		{ CODE(0x05, 0), false },
		{ CODE(0x14, 0), false },
		{ CODE(0x00, 0), false },
		{ CODE(0xfc, 0), false },
		{ CODE(0xfd, 0), true },
		{ CODE(0xff, 0), true },
	};
	const struct features features = { .oas_bits = 44 };

	for (int i = 0; i < COUNT(rows); i++)
		ck_assert_int_eq(atos_par_fits(&features, false, rows[i].par), rows[i].fits);
	ck_assert(atos_par_fits(&features, true, CODE(0x10, 0)));
	ck_assert(!atos_par_fits(&features, true, CODE(0x10, 3)));
	ck_assert(!atos_par_fits(&features, true, CODE(0x10, 0) | 0x1000));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("atos_par");
	TCase *tests = tcase_create("atos_par");

	tcase_add_test(tests, the_lowest_bit_of_the_address_says_the_size);
	tcase_add_test(tests, type_and_shareability_stand_as_they_are);
	tcase_add_loop_test(tests, a_fault_is_told_as_the_table_has_it, 0, COUNT(faults));
	tcase_add_test(tests, the_address_at_fault_ends_below_oas);
	tcase_add_test(tests, words_that_are_no_answer_are_told_from_answers);
	suite_add_tcase(suite, tests);
	return run_checks(suite);
}
