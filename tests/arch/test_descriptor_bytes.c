/* SPDX-License-Identifier: MIT */
/* Translation table descriptors and granule protection entries, byte by byte.  Values are binary
 * in the comments unless they begin with 0x. */
#include "arch/gpt.h"
#include "arch/ttd.h"
#include "golden.h"
#include "support/suite.h"
#include <check.h>
#include <stdlib.h>

/* WALK-15: level 0 of StreamID 0x8, capture linux-6.1-virt-strict */
START_TEST(a_table_descriptor_that_linux_wrote)
{
	static const uint8_t bytes[] = {
		/* Valid 1, Type 1 << 1; the next table is at 0x431d9000: 0x9000 in bits 15:12,
		 * 0x431d0000 in bits 47:16 */
		0x03, 0x90, 0x1d, 0x43, 0x00, 0x00, 0x00, 0x00,
	};

	GOLDEN("TTD64_S1_TABLE", bytes, { "Valid", 1 }, { "Type", 1 },
	       { "NLTA[15:12] or [51:48]", 0x9000 }, { "NLTA[47:16]", 0x431d0000 });
} END_TEST

/* WALK-16: the page of IOVA 0xfffbf000 in the same capture, PA 0x438a8000 */
START_TEST(a_page_descriptor_that_linux_wrote)
{
	static const uint8_t bytes[] = {
		/* byte 0: Valid 1, Type 1, AttrIndx 001 << 2, AP[2:1] 01 << 6: 01000111. Byte 1:
		 * SH 11, AF 1 << 2, nG 1 << 3, and 0x8000 of the address */
		0x47, 0x8f, 0x8a, 0x43, 0x00, 0x00, 0x00, 0x00,
	};

	GOLDEN("TTD64_S1_LEAF", bytes, { "Valid", 1 }, { "Type", 1 }, { "AttrIndx", 1 },
	       { "AP[2:1]", 1 }, { "SH", 3 }, { "AF", 1 }, { "nG", 1 },
	       { "OA[15:12] or [51:48]", 0x8000 }, { "OA[47:17]", 0x438a0000 });
} END_TEST

/* WALK-15 */
START_TEST(a_stage_1_table_full_of_values)
{
	static const uint8_t bytes[] = {
		/* bits 15:0: 0x7 << 12, AF 1 << 10, NLTA[51:50] 01 << 8, Type 1 << 1, Valid 1.
		 * Bits 47:16 are 0xfedcba98. Bits 63:48: NSTable 1 << 15, APTable 10 << 13,
		 * UXNTable 0, PXNTable 1 << 11, Protected 1 << 4, NLTA[49:48] 10: 0xc812 */
		0x03, 0x75, 0x98, 0xba, 0xdc, 0xfe, 0x12, 0xc8,
	};

	GOLDEN("TTD64_S1_TABLE", bytes, { "Valid", 1 }, { "Type", 1 }, { "NLTA[51:50]", 1 },
	       { "AF", 1 }, { "NLTA[15:12] or [51:48]", 0x7000 },
	       { "NLTA[47:16]", 0xfedcba980000 }, { "NLTA[49:48]", 0x2000000000000 },
	       { "Protected", 1 }, { "PXNTable", 1 }, { "APTable", 2 }, { "NSTable", 1 });
} END_TEST

/* WALK-16 */
START_TEST(a_stage_1_block_full_of_values)
{
	static const uint8_t bytes[] = {
		/* bits 15:0: 0xa << 12, nG 1 << 11, AF 0, SH 10 << 8, AP[2:1] 10 << 6, NS 1 <<
		 * 5, AttrIndx 101 << 2, Type 0, Valid 1. Bit 16: nT. Bits 47:17 of
		 * 0x123456780000. Bits 63:48: AMEC 1 << 15, PBHA 0110 << 11, SW 1001 << 7, UXN
		 * 0, PXN 1 << 5, Contiguous 0, DBM 1 << 3, GP 1 << 2, OA[49:48] 01: 0xb4ad */
		0xb5, 0xaa, 0x79, 0x56, 0x34, 0x12, 0xad, 0xb4,
	};

	GOLDEN("TTD64_S1_LEAF", bytes, { "Valid", 1 }, { "AttrIndx", 5 }, { "NS", 1 },
	       { "AP[2:1]", 2 }, { "SH", 2 }, { "nG", 1 }, { "OA[15:12] or [51:48]", 0xa000 },
	       { "OA[16] or nT", 0x10000 }, { "OA[47:17]", 0x123456780000 },
	       { "OA[49:48]", 0x1000000000000 }, { "GP", 1 }, { "DBM", 1 }, { "PXN", 1 },
	       { "SW", 9 }, { "PBHA", 6 }, { "AMEC", 1 });
} END_TEST

/* WALK-15 */
START_TEST(a_stage_2_table_full_of_values)
{
	static const uint8_t bytes[] = {
		/* bits 15:0: 0x4 << 12, AF 1 << 10, NLTA[51:50] 10 << 8, Type 1 << 1, Valid 1.
		 * Bits 47:16 are 0x87654321. Bits 63:48: NLTA[49:48] 01 */
		0x03, 0x46, 0x21, 0x43, 0x65, 0x87, 0x01, 0x00,
	};

	GOLDEN("TTD64_S2_TABLE", bytes, { "Valid", 1 }, { "Type", 1 }, { "NLTA[51:50]", 2 },
	       { "AF", 1 }, { "NLTA[15:12] or [51:48]", 0x4000 },
	       { "NLTA[47:16]", 0x876543210000 }, { "NLTA[49:48]", 0x1000000000000 });
} END_TEST

/* WALK-17 */
START_TEST(a_stage_2_page_full_of_values)
{
	static const uint8_t bytes[] = {
		/* bits 15:0: 0x5 << 12, AF 1 << 10, SH 11 << 8, S2AP 10 << 6, MemAttr 1101 << 2,
		 * Type 1 << 1, Valid 1. Bit 16: 0. Bits 47:17 of 0xabcd01220000. Bits 63:48:
		 * AMEC 0, PBHA 1001 << 11, AssuredOnly 1 << 10, SW 10 << 8, NS 1 << 7, XN 01 <<
		 * 5, Contiguous 1 << 4, DBM 0, OA[49:48] 11: 0x4eb3 */
		0xb7, 0x57, 0x22, 0x01, 0xcd, 0xab, 0xb3, 0x4e,
	};

	GOLDEN("TTD64_S2_LEAF", bytes, { "Valid", 1 }, { "Type", 1 }, { "MemAttr", 0xd },
	       { "S2AP", 2 }, { "SH", 3 }, { "AF", 1 }, { "OA[15:12] or [51:48]", 0x5000 },
	       { "OA[47:17]", 0xabcd01220000 }, { "OA[49:48]", 0x3000000000000 },
	       { "Contiguous", 1 }, { "XN", 1 }, { "NS", 1 }, { "SW", 2 }, { "AssuredOnly", 1 },
	       { "PBHA", 9 });
} END_TEST

/* GPC-03 */
START_TEST(a_granule_protection_table)
{
	static const uint8_t bytes[] = {
		/* Type 0011, Address 0xf123456789000 in bits 51:12 */
		0x03, 0x90, 0x78, 0x56, 0x34, 0x12, 0x0f, 0x00,
	};

	GOLDEN("GPT_TABLE", bytes, { "Type", 3 }, { "Address", 0xf123456789000 });
} END_TEST

/* GPC-03, GPC-04 */
START_TEST(a_contiguous_granule_protection_entry)
{
	static const uint8_t bytes[] = {
		/* Type 0001, GPI 1011 << 4, Contig 10 << 8 */
		0xb1, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	};

	GOLDEN("GPT_CONTIGUOUS", bytes, { "Type", 1 }, { "GPI", 0xb }, { "Contig", 2 });
} END_TEST

/* GPC-02 */
START_TEST(granule_protection_of_16_granules)
{
	static const uint8_t bytes[] = {
		/* four bits each, granule 0 lowest */
		0x9a, 0x0f, 0x21, 0x43, 0x65, 0x87, 0xa9, 0xfb,
	};

	GOLDEN("GPT_GRANULES", bytes, { "GPI0", 0xa }, { "GPI1", 9 }, { "GPI2", 0xf },
	       { "GPI3", 0 }, { "GPI4", 1 }, { "GPI5", 2 }, { "GPI6", 3 }, { "GPI7", 4 },
	       { "GPI8", 5 }, { "GPI9", 6 }, { "GPI10", 7 }, { "GPI11", 8 }, { "GPI12", 9 },
	       { "GPI13", 0xa }, { "GPI14", 0xb }, { "GPI15", 0xf });
} END_TEST

/* DPT-03 */
START_TEST(device_permissions_of_a_block)
{
	static const uint8_t bytes[] = {
		/* VMID 0xabcd << 16, W 1 << 4, AC 01 << 2, Type 01 */
		0x15, 0x00, 0xcd, 0xab, 0x00, 0x00, 0x00, 0x00,
	};

	GOLDEN("DPT_L0_BLOCK", bytes, { "Type", 1 }, { "AC", 1 }, { "W", 1 }, { "VMID", 0xabcd });
} END_TEST

/* DPT-03 */
START_TEST(a_table_of_device_permissions)
{
	static const uint8_t bytes[] = {
		/* Type 11, Address 0xf1234567890000 in bits 55:12 */
		0x03, 0x00, 0x89, 0x67, 0x45, 0x23, 0xf1, 0x00,
	};

	GOLDEN("DPT_L0_TABLE", bytes, { "Type", 3 }, { "Address", 0xf1234567890000 });
} END_TEST

/* DPT-03 */
START_TEST(device_permissions_of_two_granules)
{
	static const uint8_t bytes[] = {
		/* VMID1 0x1234 << 48, W1 1 << 36, AC1 10 << 34, VMID0 0x5678 << 16, Contig 0111
		 * << 8, W0 0, AC0 01 << 2, A 11 */
		0x07, 0x07, 0x78, 0x56, 0x18, 0x00, 0x34, 0x12,
	};

	GOLDEN("DPT_L1", bytes, { "A", 3 }, { "AC0", 1 }, { "W0", 0 }, { "Contig", 7 },
	       { "VMID0", 0x5678 }, { "AC1", 2 }, { "W1", 1 }, { "VMID1", 0x1234 });
} END_TEST

/* D128-06 */
START_TEST(descriptors_of_16_bytes_full_of_values)
{
	static const uint8_t s1_leaf[] = {
		/* low: address 0xfedcba98767000, AF 1 << 10, SH 10 << 8, nDirty 1 << 7, nT 1 << 6,
		 * AttrIndx[3] 1 << 5, AttrIndx 101 << 2, Valid 1. high: NS 1 << 63, PIIndex 1011 <<
		 * 51, Protected 1 << 50, Contiguous 1 << 47, SKL 01 << 45, AMEC 1 << 44, SW 0x2a5 <<
		 * 27 */
		0xf5, 0x76, 0x76, 0x98, 0xba, 0xdc, 0xfe, 0x00,
		0x00, 0x00, 0x00, 0x28, 0x15, 0xb0, 0x5c, 0x80,
	};
	static const uint8_t s1_table[] = {
		/* low: address 0xabcdef12300000, AF 1 << 10, Valid 1. high: NSTable 1 << 63, DisCH 1
		 * << 48, SKL 10 << 45 */
		0x01, 0x04, 0x30, 0x12, 0xef, 0xcd, 0xab, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x40, 0x01, 0x80,
	};
	static const uint8_t s2_leaf[] = {
		/* low: address 0x123456789ab000, AF 1 << 10, SH 11 << 8, Dirty 1 << 7, MemAttr 1101
		 * << 2, Valid 1. high: NS 1 << 63, POIndex 1001 << 57, PIIndex 0110 << 51,
		 * AssuredOnly 1 << 50 */
		0xb5, 0xb7, 0x9a, 0x78, 0x56, 0x34, 0x12, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x34, 0x92,
	};
	static const uint8_t s2_table[] = {
		/* low: address 1 << 55, nT 1 << 6, Valid 1. high: SKL 01 << 45, SW 11 << 27 */
		0x41, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x00,
		0x00, 0x00, 0x00, 0x18, 0x00, 0x20, 0x00, 0x00,
	};

	GOLDEN("TTD128_S1_LEAF", s1_leaf, { "Valid", 1 }, { "AttrIndx", 5 },
	       { "AttrIndx[3]", 1 }, { "nT", 1 }, { "nDirty", 1 }, { "SH", 2 }, { "AF", 1 },
	       { "OA[55:12]", 0xfedcba98767000 }, { "SW", 0x2a5 }, { "AMEC", 1 }, { "SKL", 1 },
	       { "Contiguous", 1 }, { "Protected", 1 }, { "PIIndex", 0xb }, { "NS", 1 });
	GOLDEN("TTD128_S1_TABLE", s1_table, { "Valid", 1 }, { "AF", 1 },
	       { "NLTA[55:12]", 0xabcdef12300000 }, { "SKL", 2 }, { "DisCH", 1 },
	       { "NSTable", 1 });
	GOLDEN("TTD128_S2_LEAF", s2_leaf, { "Valid", 1 }, { "MemAttr", 0xd }, { "Dirty", 1 },
	       { "SH", 3 }, { "AF", 1 }, { "OA[55:12]", 0x123456789ab000 },
	       { "AssuredOnly", 1 }, { "PIIndex", 6 }, { "POIndex", 9 }, { "NS", 1 });
	GOLDEN("TTD128_S2_TABLE", s2_table, { "Valid", 1 }, { "nT", 1 },
	       { "NLTA[55:12]", 0x80000000000000 }, { "SW", 3 }, { "SKL", 1 });
} END_TEST

START_TEST(typed_constants_read_the_same_bits)
{
	const uint64_t leaf = 0x4eb3abcd012257b7;

	ck_assert_uint_eq(ttd_get(leaf, TTD_VALID), 1);
	ck_assert_uint_eq(ttd_get(leaf, TTD_MEMATTR), 0xd);
	ck_assert_uint_eq(ttd_get(leaf, TTD_S2AP), TTD_S2AP_WO);
	ck_assert_uint_eq(ttd_get(leaf, TTD_S2XN), TTD_S2XN_UNPRIV_X);
	ck_assert_uint_eq(ttd_address(leaf, TTD_ADDR_4K), 0xabcd01225000);
	ck_assert_uint_eq(ttd_address(leaf, TTD_ADDR_16K), 0xabcd01224000);
	ck_assert_uint_eq(ttd_address(leaf, TTD_ADDR_64K), 0xabcd01220000);
	ck_assert_uint_eq(ttd_get(leaf, TTD_ADDR_51_48), 5);
	ck_assert_uint_eq(gpt_get(0x2b1, GPT_GPI), GPI_REALM);
	ck_assert_uint_eq(gpt_address(0x000f123456789003, GPT_ADDR), 0xf123456789000);
} END_TEST

int main(void)
{
	Suite *suite = suite_create("descriptor bytes");
	TCase *tcase = tcase_create("all");

	tcase_add_test(tcase, a_table_descriptor_that_linux_wrote);
	tcase_add_test(tcase, a_page_descriptor_that_linux_wrote);
	tcase_add_test(tcase, a_stage_1_table_full_of_values);
	tcase_add_test(tcase, a_stage_1_block_full_of_values);
	tcase_add_test(tcase, a_stage_2_table_full_of_values);
	tcase_add_test(tcase, a_stage_2_page_full_of_values);
	tcase_add_test(tcase, a_granule_protection_table);
	tcase_add_test(tcase, a_contiguous_granule_protection_entry);
	tcase_add_test(tcase, granule_protection_of_16_granules);
	tcase_add_test(tcase, device_permissions_of_a_block);
	tcase_add_test(tcase, a_table_of_device_permissions);
	tcase_add_test(tcase, device_permissions_of_two_granules);
	tcase_add_test(tcase, descriptors_of_16_bytes_full_of_values);
	tcase_add_test(tcase, typed_constants_read_the_same_bits);
	suite_add_tcase(suite, tcase);
	return run_checks(suite);
}
