/* SPDX-License-Identifier: MIT */
/*
 * * Stream Table Entries, Context Descriptors and their level 1 descriptors, byte by byte: two
 * that Linux wrote, and one of each in which every field that can be told apart is set.  Values
 * are binary in the comments unless they begin with 0x.
 */
#include "arch/cd.h"
#include "arch/ste.h"
#include "golden.h"
#include "support/suite.h"
#include <check.h>
#include <stdlib.h>

/* STE-01, STE-02: StreamID 0x8 of the capture linux-6.1-virt-strict */
START_TEST(an_ste_that_linux_wrote)
{
	static const uint8_t bytes[64] = {
		/* word 0: V 1, Config 101 << 1, S1ContextPtr 0x431d4000 in place: 0x431d400b */
		0x0b, 0x40, 0x1d, 0x43, 0x00, 0x00, 0x00, 0x00,
		/* word 1: S1DSS 10, S1CIR 01 << 2, S1COR 01 << 4, S1CSH 11 << 6: 11010110 */
		0xd6,
	};

	GOLDEN("STE", bytes, { "V", 1 }, { "Config", 5 }, { "S1ContextPtr", 0x431d4000 },
	       { "S1DSS", 2 }, { "S1CIR", 1 }, { "S1COR", 1 }, { "S1CSH", 3 });
} END_TEST

/* STE-01, STE-03: a device without a driver, same capture */
START_TEST(an_ste_that_linux_set_to_abort)
{
	static const uint8_t bytes[64] = {
		/* word 0: V 1, Config 000 */
		0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		/* word 1: SHCFG 01 << 44: bit 4 of byte 5 */
		0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00,
	};

	GOLDEN("STE", bytes, { "V", 1 }, { "SHCFG", 1 });
} END_TEST

/* CD-01, CD-02, CD-03, CD-05: StreamID 0x8 of the same capture */
START_TEST(a_cd_that_linux_wrote)
{
	static const uint8_t bytes[64] = {
		/* byte 0: T0SZ 010000, TG0 00 << 6.  Byte 1: IR0 01, OR0 01 << 2, SH0 11 << 4.
		 * Byte 3: EPD1 1 << 6, V 1 << 7.  Byte 4: IPS 100.  Byte 5: AA64 is bit 41, 1 << 1;
		 * R, A, ASET are bits 45 to 47, 111 << 5.  Bytes 6, 7: ASID 5 */
		0x10, 0x35, 0x00, 0xc0, 0x04, 0xe2, 0x05, 0x00,
		/* word 1: TTB0 0x431d3000 in place */
		0x00, 0x30, 0x1d, 0x43, 0x00, 0x00, 0x00, 0x00,
		/* word 2: zero */
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		/* word 3: MAIR0 0xf404ff44, MAIR1 0xffffffff */
		0x44, 0xff, 0x04, 0xf4, 0xff, 0xff, 0xff, 0xff,
	};

	GOLDEN("CD", bytes, { "T0SZ", 16 }, { "IR0", 1 }, { "OR0", 1 }, { "SH0", 3 }, { "EPD1", 1 },
	       { "V", 1 }, { "IPS", 4 }, { "AA64", 1 }, { "R", 1 }, { "A", 1 }, { "ASET", 1 },
	       { "ASID", 5 }, { "TTB0", 0x431d3000 }, { "MAIR0", 0xf404ff44 },
	       { "MAIR1", 0xffffffff });
} END_TEST

/* L1STD-01: the first level 1 descriptor of the same capture */
START_TEST(an_l1std_that_linux_wrote)
{
	/* Span 01001: 2^8 STEs; L2Ptr 0x5b660000 in place */
	static const uint8_t bytes[8] = { 0x09, 0x00, 0x66, 0x5b };

	GOLDEN("L1STD", bytes, { "Span", 9 }, { "L2Ptr", 0x5b660000 });
} END_TEST

/* L1STD-01 */
START_TEST(an_l1std_with_every_address_bit)
{
	/* Span 11111; bit 5 is not L2Ptr's; bits 55:6 all 1: byte 0 is 11 0 11111, byte 7 is 0 */
	static const uint8_t bytes[8] = { 0xdf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00 };

	GOLDEN("L1STD", bytes, { "Span", 31 }, { "L2Ptr", 0x00ffffffffffffc0 });
} END_TEST

START_TEST(an_l1cd)
{
	/* V 1; bits 11:1 are not L2Ptr's, bit 12 is bit 4 of byte 1; 0x00a1b2c3d4e5f000 in place */
	static const uint8_t bytes[8] = { 0x01, 0xf0, 0xe5, 0xd4, 0xc3, 0xb2, 0xa1, 0x00 };

	GOLDEN("L1CD", bytes, { "V", 1 }, { "L2Ptr", 0x00a1b2c3d4e5f000 });
} END_TEST

/* STE-01, STE-02, STE-03, STE-04, STE-05, STE-06, STE-07, STE-08 */
START_TEST(an_ste_full_of_values)
{
	static const uint8_t bytes[64] = {
		/* word 0: V 1 << 0, Config 111 << 1, S1Fmt 10 << 4, S1ContextPtr
		 * 0xc0ffee00d1e040 in place, S1CDMax 10100 << 59 */
		0x6f, 0xe0, 0xd1, 0x00, 0xee, 0xff, 0xc0, 0xa0,
		/* word 1: S1DSS 10 << 0, S1CIR 1 << 2, S1COR 11 << 4, S1CSH 10 << 6, S2HWU60 1
		 * << 9, S2HWU62 1 << 11, CONT 1001 << 13, DCP 1 << 17, MEV 1 << 19, SW_RESERVED
		 * 1010 << 20, S2FWB 1 << 25, S1STALLD 1 << 27, EATS 10 << 28, STRW 10 << 30,
		 * MemAttr 1101 << 32, ALLOCCFG 1011 << 37, SHCFG 10 << 44, NSCFG 11 << 46,
		 * PRIVCFG 10 << 48, INSTCFG 11 << 50 */
		0xb6, 0x2a, 0xab, 0xaa, 0x6d, 0xe1, 0x0e, 0x00,
		/* word 2: S2VMID 0xbeef << 0, S2T0SZ 11001 << 32, S2SL0 10 << 38, S2IR0 1 << 40,
		 * S2OR0 11 << 42, S2SH0 10 << 44, S2TG 1 << 46, S2PS 110 << 48, S2AA64 1 << 51,
		 * S2AFFD 1 << 53, S2HD 1 << 55, S2S 1 << 57, S2HAFT 1 << 59, S2POE 1 << 61,
		 * DPT_VMATCH 10 << 62 */
		0xef, 0xbe, 0x00, 0x00, 0x99, 0x6d, 0xae, 0xaa,
		/* word 3: S2NSA 1 << 1, S2DS 1 << 3, S2TTB 0xbadcafe123450 in place, S2SKL 10 <<
		 * 61 */
		0x5a, 0x34, 0x12, 0xfe, 0xca, 0xad, 0x0b, 0x40,
		/* word 4: PARTID 0x1234 << 16, S_S2T0SZ 101010 << 32, S_S2SL0 1 << 38, S_S2TG 10
		 * << 46, MECID 0xcafe << 48 */
		0x00, 0x00, 0x34, 0x12, 0x6a, 0x80, 0xfe, 0xca,
		/* word 5: PMG 0x5a << 0, AssuredOnly 1 << 9, TL1 1 << 11, VMSPtr
		 * 0xdead12beef5000 in place */
		0x5a, 0x5a, 0xef, 0xbe, 0x12, 0xad, 0xde, 0x00,
		/* word 6: S2SA 1 << 1, S_S2TTB 0x76543210fedcb0 in place, S_S2SKL 1 << 61 */
		0xb2, 0xdc, 0xfe, 0x10, 0x32, 0x54, 0x76, 0x20,
		/* word 7: S2POI0 11 << 0, S2POI1 1010 << 4, S2POI2 1 << 8, S2POI3 1000 << 12,
		 * S2POI4 1111 << 16, S2POI5 110 << 20, S2POI6 1101 << 24, S2POI7 100 << 28,
		 * S2POI8 1011 << 32, S2POI9 10 << 36, S2POI10 1001 << 40, S2POI12 111 << 48,
		 * S2POI13 1110 << 52, S2POI14 101 << 56, S2POI15 1100 << 60 */
		0xa3, 0x81, 0x6f, 0x4d, 0x2b, 0x09, 0xe7, 0xc5,
	};

	GOLDEN("STE", bytes,
		{ "V", 1 }, { "Config", 7 }, { "S1Fmt", 2 },
		{ "S1ContextPtr", 0xc0ffee00d1e040 }, { "S1CDMax", 0x14 }, { "S1DSS", 2 },
		{ "S1CIR", 1 }, { "S1COR", 3 }, { "S1CSH", 2 }, { "S2HWU60", 1 },
		{ "S2HWU62", 1 }, { "CONT", 9 }, { "DCP", 1 }, { "MEV", 1 },
		{ "SW_RESERVED", 0xa }, { "S2FWB", 1 }, { "S1STALLD", 1 }, { "EATS", 2 },
		{ "STRW", 2 }, { "MemAttr", 0xd }, { "ALLOCCFG", 0xb }, { "SHCFG", 2 },
		{ "NSCFG", 3 }, { "PRIVCFG", 2 }, { "INSTCFG", 3 }, { "S2VMID", 0xbeef },
		{ "S2T0SZ", 0x19 }, { "S2SL0", 2 }, { "S2IR0", 1 }, { "S2OR0", 3 },
		{ "S2SH0", 2 }, { "S2TG", 1 }, { "S2PS", 6 }, { "S2AA64", 1 }, { "S2AFFD", 1 },
		{ "S2HD", 1 }, { "S2S", 1 }, { "S2HAFT", 1 }, { "S2POE", 1 },
		{ "DPT_VMATCH", 2 }, { "S2NSA", 1 }, { "S2DS", 1 }, { "S2TTB", 0xbadcafe123450 },
		{ "S2SKL", 2 }, { "PARTID", 0x1234 }, { "S_S2T0SZ", 0x2a }, { "S_S2SL0", 1 },
		{ "S_S2TG", 2 }, { "MECID", 0xcafe }, { "PMG", 0x5a }, { "AssuredOnly", 1 },
		{ "TL1", 1 }, { "VMSPtr", 0xdead12beef5000 }, { "S2SA", 1 },
		{ "S_S2TTB", 0x76543210fedcb0 }, { "S_S2SKL", 1 }, { "S2POI0", 3 },
		{ "S2POI1", 0xa }, { "S2POI2", 1 }, { "S2POI3", 8 }, { "S2POI4", 0xf },
		{ "S2POI5", 6 }, { "S2POI6", 0xd }, { "S2POI7", 4 }, { "S2POI8", 0xb },
		{ "S2POI9", 2 }, { "S2POI10", 9 }, { "S2POI12", 7 }, { "S2POI13", 0xe },
		{ "S2POI14", 5 }, { "S2POI15", 0xc });
} END_TEST

/* CD-01, CD-02, CD-03, CD-04, CD-05, CD-06 */
START_TEST(a_cd_full_of_values)
{
	static const uint8_t bytes[64] = {
		/* word 0: T0SZ 11001 << 0, TG0 10 << 6, IR0 1 << 8, OR0 10 << 10, SH0 11 << 12,
		 * EPD0 1 << 14, T1SZ 100110 << 16, TG1 11 << 22, IR1 11 << 24, OR1 1 << 26, SH1
		 * 10 << 28, EPD1 1 << 30, IPS 101 << 32, AFFD 1 << 35, UWXN 1 << 37, TBI1 1 <<
		 * 39, AA64 1 << 41, HA 1 << 43, R 1 << 45, ASET 1 << 47, ASID 0xa5c3 << 48 */
		0x99, 0x79, 0xe6, 0x67, 0xad, 0xaa, 0xc3, 0xa5,
		/* word 1: HAD0 1 << 1, HAFT 1 << 3, TTB0 0x123456789abcd0 in place, EPAN 1 <<
		 * 59, HWU060 1 << 61, HWU062 1 << 63 */
		0xda, 0xbc, 0x9a, 0x78, 0x56, 0x34, 0x12, 0xa8,
		/* word 2: HAD1 1 << 1, AIE 1 << 3, TTB1 0xfedcba98765430 in place, PIE 1 << 59,
		 * HWU160 1 << 61, HWU162 1 << 63 */
		0x3a, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe, 0xa8,
		/* word 3: MAIR0 0x44ff0004 << 0, MAIR1 0xbb770cee << 32 */
		0x04, 0x00, 0xff, 0x44, 0xee, 0x0c, 0x77, 0xbb,
		/* word 4: AMAIR0 0x1234567 << 0, AMAIR1 0x89abcdef << 32 */
		0x67, 0x45, 0x23, 0x01, 0xef, 0xcd, 0xab, 0x89,
		/* word 5: PARTID 0x4321 << 32, PMG 0x96 << 48 */
		0x00, 0x00, 0x00, 0x00, 0x21, 0x43, 0x96, 0x00,
		/* word 6: PIIU0 1 << 0, PIIU1 100 << 3, PIIU2 111 << 6, PIIU3 10 << 9, PIIU4 101
		 * << 12, PIIU6 11 << 18, PIIU7 110 << 21, PIIU8 1 << 24, PIIU9 100 << 27, PIIU10
		 * 111 << 30, PIIU11 10 << 33, PIIU12 101 << 36, PIIU14 11 << 42, PIIU15 110 <<
		 * 45 */
		0xe1, 0x55, 0xcc, 0xe1, 0x55, 0xcc, 0x00, 0x00,
		/* word 7: PIIP0 10 << 0, PIIP1 111 << 3, PIIP2 100 << 6, PIIP3 1 << 9, PIIP4 110
		 * << 12, PIIP5 11 << 15, PIIP7 101 << 21, PIIP8 10 << 24, PIIP9 111 << 27,
		 * PIIP10 100 << 30, PIIP11 1 << 33, PIIP12 110 << 36, PIIP13 11 << 39, PIIP15
		 * 101 << 45 */
		0x3a, 0xe3, 0xa1, 0x3a, 0xe3, 0xa1, 0x00, 0x00,
	};

	GOLDEN("CD", bytes,
		{ "T0SZ", 0x19 }, { "TG0", 2 }, { "IR0", 1 }, { "OR0", 2 }, { "SH0", 3 },
		{ "EPD0", 1 }, { "T1SZ", 0x26 }, { "TG1", 3 }, { "IR1", 3 }, { "OR1", 1 },
		{ "SH1", 2 }, { "EPD1", 1 }, { "IPS", 5 }, { "AFFD", 1 }, { "UWXN", 1 },
		{ "TBI1", 1 }, { "AA64", 1 }, { "HA", 1 }, { "R", 1 }, { "ASET", 1 },
		{ "ASID", 0xa5c3 }, { "HAD0", 1 }, { "HAFT", 1 }, { "TTB0", 0x123456789abcd0 },
		{ "EPAN", 1 }, { "HWU060", 1 }, { "HWU062", 1 }, { "HAD1", 1 }, { "AIE", 1 },
		{ "TTB1", 0xfedcba98765430 }, { "PIE", 1 }, { "HWU160", 1 }, { "HWU162", 1 },
		{ "MAIR0", 0x44ff0004 }, { "MAIR1", 0xbb770cee }, { "AMAIR0", 0x1234567 },
		{ "AMAIR1", 0x89abcdef }, { "PARTID", 0x4321 }, { "PMG", 0x96 }, { "PIIU0", 1 },
		{ "PIIU1", 4 }, { "PIIU2", 7 }, { "PIIU3", 2 }, { "PIIU4", 5 }, { "PIIU6", 3 },
		{ "PIIU7", 6 }, { "PIIU8", 1 }, { "PIIU9", 4 }, { "PIIU10", 7 }, { "PIIU11", 2 },
		{ "PIIU12", 5 }, { "PIIU14", 3 }, { "PIIU15", 6 }, { "PIIP0", 2 },
		{ "PIIP1", 7 }, { "PIIP2", 4 }, { "PIIP3", 1 }, { "PIIP4", 6 }, { "PIIP5", 3 },
		{ "PIIP7", 5 }, { "PIIP8", 2 }, { "PIIP9", 7 }, { "PIIP10", 4 }, { "PIIP11", 1 },
		{ "PIIP12", 6 }, { "PIIP13", 3 }, { "PIIP15", 5 });
} END_TEST

/* What the code reads with its typed constants is what the names say. */
START_TEST(typed_constants_read_the_same_bits)
{
	const struct ste ste = { { 0x431d400b, 0x1000000000d6, 0, 0x00f0000000abcdef } };
	const struct cd cd = { { 0x0005e204c0003510, 0x00000000431d3000 } };
	const struct l1std l1std = { { 0x5b660009 } };
	const struct l1cd l1cd = { { 0x00a1b2c3d4e5f001 } };

	ck_assert_uint_eq(ste_get(&ste, STE_CONFIG), STE_CONFIG_S1);
	ck_assert_uint_eq(ste_address(&ste, STE_S1CONTEXTPTR), 0x431d4000);
	ck_assert_uint_eq(ste_get(&ste, STE_S1DSS), STE_S1DSS_SUBSTREAM0);
	ck_assert_uint_eq(ste_get(&ste, STE_SHCFG), STE_SHCFG_INCOMING);
	ck_assert_uint_eq(ste_address(&ste, STE_S2TTB), 0x00f0000000abcde0);
	ck_assert_uint_eq(cd_get(&cd, CD_IPS), 4);
	ck_assert_uint_eq(cd_get(&cd, CD_V), 1);
	ck_assert_uint_eq(cd_get(&cd, CD_ASID), 5);
	ck_assert_uint_eq(cd_address(&cd, CD_TTB0), 0x431d3000);
	ck_assert_uint_eq(l1std_get(&l1std, L1STD_SPAN), 9);
	ck_assert_uint_eq(l1std_address(&l1std, L1STD_L2PTR), 0x5b660000);
	ck_assert_uint_eq(l1cd_get(&l1cd, L1CD_V), 1);
	ck_assert_uint_eq(l1cd_address(&l1cd, L1CD_L2PTR), 0x00a1b2c3d4e5f000);
} END_TEST

int main(void)
{
	Suite *suite = suite_create("config bytes");
	TCase *tcase = tcase_create("all");

	tcase_add_test(tcase, an_ste_that_linux_wrote);
	tcase_add_test(tcase, an_ste_that_linux_set_to_abort);
	tcase_add_test(tcase, a_cd_that_linux_wrote);
	tcase_add_test(tcase, an_l1std_that_linux_wrote);
	tcase_add_test(tcase, an_l1std_with_every_address_bit);
	tcase_add_test(tcase, an_l1cd);
	tcase_add_test(tcase, an_ste_full_of_values);
	tcase_add_test(tcase, a_cd_full_of_values);
	tcase_add_test(tcase, typed_constants_read_the_same_bits);
	suite_add_tcase(suite, tcase);
	return run_checks(suite);
}
