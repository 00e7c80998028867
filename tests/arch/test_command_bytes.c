/* SPDX-License-Identifier: MIT */
/* Commands and PRI queue entries, byte by byte.  Values are binary in the comments unless they
 * begin with 0x. */
#include "arch/cmd.h"
#include "arch/pri.h"
#include "golden.h"
#include "support/suite.h"
#include <check.h>
#include <stdlib.h>

/* CMD-001, CMD-002 */
START_TEST(cmd_cfgi_all_as_linux_queues_it)
{
	static const uint8_t bytes[] = {
		/* opcode 0x04 */
		0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		/* Range 11111 */
		0x1f, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	};

	GOLDEN("CMD_CFGI_ALL", bytes, { "opcode", 4 }, { "Range", 0x1f });
} END_TEST

/* CMD-002 */
START_TEST(cmd_sync_as_linux_queues_it)
{
	static const uint8_t bytes[] = {
		/* opcode 0x46, CS 10 << 12, MSH 11 << 22, MSIAttr 1111 << 24 */
		0x46, 0x20, 0xc0, 0x0f, 0x00, 0x00, 0x00, 0x00,
		/* zero */
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	};

	GOLDEN("CMD_SYNC", bytes, { "opcode", 0x46 }, { "CS", 2 }, { "MSH", 3 },
	       { "MSIAttr", 0xf });
} END_TEST

/* CMD-002 */
START_TEST(cmd_cfgi_ste_as_linux_queues_it)
{
	static const uint8_t bytes[] = {
		/* opcode 0x03, StreamID 0x90 << 32 */
		0x03, 0x00, 0x00, 0x00, 0x90, 0x00, 0x00, 0x00,
		/* Leaf 1 */
		0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	};

	GOLDEN("CMD_CFGI_STE", bytes, { "opcode", 3 }, { "StreamID", 0x90 }, { "Leaf", 1 });
} END_TEST

/* CMD-002: capture linux-6.1-virt-strict */
START_TEST(cmd_tlbi_nh_va_as_linux_queues_it)
{
	static const uint8_t bytes[] = {
		/* opcode 0x12, ASID 2 << 48 */
		0x12, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00,
		/* Leaf 1, TTL 11 << 8, TG 01 << 10: 0x701; Address 0xffff8000 */
		0x01, 0x87, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00,
	};

	GOLDEN("CMD_TLBI_NH_VA", bytes, { "opcode", 0x12 }, { "ASID", 2 }, { "Leaf", 1 },
	       { "TTL", 3 }, { "TG", 1 }, { "Address", 0xffff8000 });
} END_TEST

/* CMD-002 */
START_TEST(cmd_tlbi_nh_va_full_of_values)
{
	static const uint8_t bytes[] = {
		/* opcode 0x12, NUM 10101 << 12: 0x15000, SCALE 101010 << 20: 0x2a00000, VMID
		 * 0x1234 << 32, ASID 0x5678 << 48 */
		0x12, 0x50, 0xa1, 0x02, 0x34, 0x12, 0x78, 0x56,
		/* Leaf 1, TTL128 1 << 7, TTL 10 << 8, TG 10 << 10: 0xa81; Address
		 * 0xfedcba9876543000 */
		0x81, 0x3a, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe,
	};

	GOLDEN("CMD_TLBI_NH_VA", bytes, { "opcode", 0x12 }, { "NUM", 0x15 }, { "SCALE", 0x2a },
	       { "VMID", 0x1234 }, { "ASID", 0x5678 }, { "Leaf", 1 }, { "TTL128", 1 },
	       { "TTL", 2 }, { "TG", 2 }, { "Address", 0xfedcba9876543000 });
} END_TEST

/* CMD-002 */
START_TEST(cmd_tlbi_s2_ipa)
{
	static const uint8_t bytes[] = {
		/* opcode 0x2a, NUM 1 << 12, SCALE 1 << 20, VMID 0xabcd << 32 */
		0x2a, 0x10, 0x10, 0x00, 0xcd, 0xab, 0x00, 0x00,
		/* Leaf 1, TTL 11 << 8, TG 01 << 10: 0x701; IPA 0x00fedcba98765000 */
		0x01, 0x57, 0x76, 0x98, 0xba, 0xdc, 0xfe, 0x00,
	};

	GOLDEN("CMD_TLBI_S2_IPA", bytes, { "opcode", 0x2a }, { "NUM", 1 }, { "SCALE", 1 },
	       { "VMID", 0xabcd }, { "Leaf", 1 }, { "TTL", 3 }, { "TG", 1 },
	       { "Address", 0xfedcba98765000 });
} END_TEST

/* CMD-002 */
START_TEST(cmd_tlbi_s_s2_ipa)
{
	static const uint8_t bytes[] = {
		/* opcode 0x5a, VMID 7 << 32 */
		0x5a, 0x00, 0x00, 0x00, 0x07, 0x00, 0x00, 0x00,
		/* NS 1 << 1; IPA 0x00abcdef01234000 */
		0x02, 0x40, 0x23, 0x01, 0xef, 0xcd, 0xab, 0x00,
	};

	GOLDEN("CMD_TLBI_S_S2_IPA", bytes, { "opcode", 0x5a }, { "VMID", 7 }, { "NS", 1 },
	       { "Address", 0xabcdef01234000 });
} END_TEST

/* CMD-002 */
START_TEST(cmd_prefetch_addr)
{
	static const uint8_t bytes[] = {
		/* opcode 0x02, SSec 1 << 10, SSV 1 << 11, SubstreamID 0x54321 << 12, StreamID
		 * 0xcafe << 32 */
		0x02, 0x1c, 0x32, 0x54, 0xfe, 0xca, 0x00, 0x00,
		/* Size 10101, Stride 01010 << 5, NS 1 << 11: 0x955; Address 0x1234567890123000 */
		0x55, 0x39, 0x12, 0x90, 0x78, 0x56, 0x34, 0x12,
	};

	GOLDEN("CMD_PREFETCH_ADDR", bytes, { "opcode", 2 }, { "SSec", 1 }, { "SSV", 1 },
	       { "SubstreamID", 0x54321 }, { "StreamID", 0xcafe }, { "Size", 0x15 },
	       { "Stride", 0xa }, { "NS", 1 }, { "Address", 0x1234567890123000 });
} END_TEST

/* CMD-002 */
START_TEST(cmd_cfgi_cd)
{
	static const uint8_t bytes[] = {
		/* opcode 0x05, SSec 1 << 10, SubstreamID 0xfffff << 12, StreamID 0x87654321 <<
		 * 32 */
		0x05, 0xf4, 0xff, 0xff, 0x21, 0x43, 0x65, 0x87,
		/* Leaf 1 */
		0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	};

	GOLDEN("CMD_CFGI_CD", bytes, { "opcode", 5 }, { "SSec", 1 }, { "SubstreamID", 0xfffff },
	       { "StreamID", 0x87654321 }, { "Leaf", 1 });
} END_TEST

/* CMD-002 */
START_TEST(cmd_atc_inv)
{
	static const uint8_t bytes[] = {
		/* opcode 0x40, Global 1 << 9, SSV 1 << 11, SubstreamID 0xabcde << 12, StreamID
		 * 0x12345678 << 32 */
		0x40, 0xea, 0xcd, 0xab, 0x78, 0x56, 0x34, 0x12,
		/* Size 110100; Address 0x7ffff0000000 */
		0x34, 0x00, 0x00, 0xf0, 0xff, 0x7f, 0x00, 0x00,
	};

	GOLDEN("CMD_ATC_INV", bytes, { "opcode", 0x40 }, { "Global", 1 }, { "SSV", 1 },
	       { "SubstreamID", 0xabcde }, { "StreamID", 0x12345678 }, { "Size", 0x34 },
	       { "Address", 0x7ffff0000000 });
} END_TEST

/* CMD-002 */
START_TEST(cmd_pri_resp)
{
	static const uint8_t bytes[] = {
		/* opcode 0x41, SSV 1 << 11, SubstreamID 1 << 12, StreamID 0x100 << 32 */
		0x41, 0x18, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00,
		/* PRGIndex 0x1a5, Resp 10 << 12 */
		0xa5, 0x21, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	};

	GOLDEN("CMD_PRI_RESP", bytes, { "opcode", 0x41 }, { "SSV", 1 }, { "SubstreamID", 1 },
	       { "StreamID", 0x100 }, { "PRGIndex", 0x1a5 }, { "Resp", 2 });
} END_TEST

/* CMD-002 */
START_TEST(cmd_resume)
{
	static const uint8_t bytes[] = {
		/* opcode 0x44, SSec 1 << 10, Ac 1 << 12, Ab 0, StreamID 0x80 << 32 */
		0x44, 0x14, 0x00, 0x00, 0x80, 0x00, 0x00, 0x00,
		/* STAG 0xbeef */
		0xef, 0xbe, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	};

	GOLDEN("CMD_RESUME", bytes, { "opcode", 0x44 }, { "SSec", 1 }, { "Ac", 1 },
	       { "StreamID", 0x80 }, { "STAG", 0xbeef });
} END_TEST

/* CMD-002 */
START_TEST(cmd_sync_with_an_msi)
{
	static const uint8_t bytes[] = {
		/* opcode 0x46, CS 01 << 12, MSH 10 << 22, MSIAttr 1111 << 24, MSIData 0xdeadbeef
		 * << 32 */
		0x46, 0x10, 0x80, 0x0f, 0xef, 0xbe, 0xad, 0xde,
		/* MSIAddress 0x09000044 in place, MSI_NS 1 << 63 */
		0x44, 0x00, 0x00, 0x09, 0x00, 0x00, 0x00, 0x80,
	};

	GOLDEN("CMD_SYNC", bytes, { "opcode", 0x46 }, { "CS", 1 }, { "MSH", 2 },
	       { "MSIAttr", 0xf }, { "MSIData", 0xdeadbeef }, { "MSIAddress", 0x9000044 },
	       { "MSI_NS", 1 });
} END_TEST

/* CMD-002 */
START_TEST(cmd_dpti_pa)
{
	static const uint8_t bytes[] = {
		/* opcode 0x73 */
		0x73, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		/* Leaf 1, SIZE 1001 << 8; Address 0x00123456789ab000 */
		0x01, 0xb9, 0x9a, 0x78, 0x56, 0x34, 0x12, 0x00,
	};

	GOLDEN("CMD_DPTI_PA", bytes, { "opcode", 0x73 }, { "Leaf", 1 }, { "SIZE", 9 },
	       { "Address", 0x123456789ab000 });
} END_TEST

/* PRIQ-003 */
START_TEST(priq_entry)
{
	static const uint8_t bytes[] = {
		/* StreamID 0x10203, SubstreamID 0xfedcb << 32; in byte 7, bits 63:58: SSV 1,
		 * Last 1, W 0, R 1, X 0, Priv 1: 110101 << 2 = 0xd4 */
		0x03, 0x02, 0x01, 0x00, 0xcb, 0xed, 0x0f, 0xd4,
		/* PRGIndex 0x155, PageAddr 0x7fff00001000 */
		0x55, 0x11, 0x00, 0x00, 0xff, 0x7f, 0x00, 0x00,
	};

	GOLDEN("PRIQ_ENTRY", bytes, { "StreamID", 0x10203 }, { "SubstreamID", 0xfedcb },
	       { "Priv", 1 }, { "R", 1 }, { "Last", 1 }, { "SSV", 1 }, { "PRGIndex", 0x155 },
	       { "PageAddr", 0x7fff00001000 });
} END_TEST

START_TEST(typed_constants_read_the_same_bits)
{
	const struct cmd cmd = { { 0x5678123402a15012, 0xfedcba9876543a81 } };
	const struct pri pri = { { 0xd40fedcb00010203, 0x00007fff00001155 } };

	ck_assert_uint_eq(cmd_get(&cmd, CMD_OPCODE), CMD_TLBI_NH_VA);
	ck_assert_uint_eq(cmd_get(&cmd, CMD_TLBI_NUM), 0x15);
	ck_assert_uint_eq(cmd_get(&cmd, CMD_TLBI_TG), CMD_TG_16K);
	ck_assert_uint_eq(cmd_address(&cmd, CMD_ADDRESS), 0xfedcba9876543000);
	ck_assert_uint_eq(pri_get(&pri, PRI_PRGINDEX), 0x155);
	ck_assert_uint_eq(pri_address(&pri, PRI_PAGEADDR), 0x7fff00001000);
} END_TEST

int main(void)
{
	Suite *suite = suite_create("command bytes");
	TCase *tcase = tcase_create("all");

	tcase_add_test(tcase, cmd_cfgi_all_as_linux_queues_it);
	tcase_add_test(tcase, cmd_sync_as_linux_queues_it);
	tcase_add_test(tcase, cmd_cfgi_ste_as_linux_queues_it);
	tcase_add_test(tcase, cmd_tlbi_nh_va_as_linux_queues_it);
	tcase_add_test(tcase, cmd_tlbi_nh_va_full_of_values);
	tcase_add_test(tcase, cmd_tlbi_s2_ipa);
	tcase_add_test(tcase, cmd_tlbi_s_s2_ipa);
	tcase_add_test(tcase, cmd_prefetch_addr);
	tcase_add_test(tcase, cmd_cfgi_cd);
	tcase_add_test(tcase, cmd_atc_inv);
	tcase_add_test(tcase, cmd_pri_resp);
	tcase_add_test(tcase, cmd_resume);
	tcase_add_test(tcase, cmd_sync_with_an_msi);
	tcase_add_test(tcase, cmd_dpti_pa);
	tcase_add_test(tcase, priq_entry);
	tcase_add_test(tcase, typed_constants_read_the_same_bits);
	suite_add_tcase(suite, tcase);
	return run_checks(suite);
}
