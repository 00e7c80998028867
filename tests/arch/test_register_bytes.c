/* SPDX-License-Identifier: MIT */
/* Registers, byte by byte; "the capture" is linux-6.1-virt-strict.  Values are binary in the
 * comments unless they begin with 0x. */
#include "arch/idregs.h"
#include "arch/regs.h"
#include "golden.h"
#include "support/suite.h"
#include <check.h>
#include <stdlib.h>

/* IDR-001 */
START_TEST(idr0_of_the_capture)
{
	static const uint8_t bytes[] = {
		/* S2P 1, S1P 1 << 1, TTF 10 << 2, COHACC 1 << 4; ASID16 1 << 12; VMID16 1 << 18,
		 * TTENDIAN 10 << 21; STALL_MODEL 01 << 24, TERM_MODEL 1 << 26, ST_LEVEL 01 << 27 */
		0x1b, 0x10, 0x44, 0x0d,
	};

	GOLDEN("SMMU_IDR0", bytes, { "S2P", 1 }, { "S1P", 1 }, { "TTF", 2 }, { "COHACC", 1 },
	       { "ASID16", 1 }, { "VMID16", 1 }, { "TTENDIAN", 2 }, { "STALL_MODEL", 1 },
	       { "TERM_MODEL", 1 }, { "ST_LEVEL", 1 });
} END_TEST

/* IDR-014 */
START_TEST(idr1_of_the_capture)
{
	static const uint8_t bytes[] = {
		/* SIDSIZE 010000, EVENTQS 10011 << 16, CMDQS 10011 << 21 */
		0x10, 0x00, 0x73, 0x02,
	};

	GOLDEN("SMMU_IDR1", bytes, { "SIDSIZE", 0x10 }, { "EVENTQS", 0x13 }, { "CMDQS", 0x13 });
} END_TEST

/* IDR-014 */
START_TEST(idr1_full_of_values)
{
	static const uint8_t bytes[] = {
		/* SIDSIZE 100000, SSIDSIZE 10100 << 6: 0x500, PRIQS 10100 << 11: 0xa000, EVENTQS
		 * 10101 << 16: 0x150000, CMDQS 10110 << 21: 0x2c00000, ATTR_PERMS_OVR 1 << 26,
		 * REL 1 << 28, ECMDQ 1 << 31 */
		0x20, 0xa5, 0xd5, 0x96,
	};

	GOLDEN("SMMU_IDR1", bytes, { "SIDSIZE", 0x20 }, { "SSIDSIZE", 0x14 }, { "PRIQS", 0x14 },
	       { "EVENTQS", 0x15 }, { "CMDQS", 0x16 }, { "ATTR_PERMS_OVR", 1 }, { "REL", 1 },
	       { "ECMDQ", 1 });
} END_TEST

/* IDR-019 */
START_TEST(idr3_of_the_capture)
{
	static const uint8_t bytes[] = {
		/* HAD 1 << 2, XNX 1 << 4, RIL 1 << 10, BBML 10 << 11 */
		0x14, 0x14, 0x00, 0x00,
	};

	GOLDEN("SMMU_IDR3", bytes, { "HAD", 1 }, { "XNX", 1 }, { "RIL", 1 }, { "BBML", 2 });
} END_TEST

/* IDR-026 */
START_TEST(idr5_of_the_capture)
{
	static const uint8_t bytes[] = {
		/* OAS 100, GRAN4K 1 << 4, GRAN16K 1 << 5, GRAN64K 1 << 6 */
		0x74, 0x00, 0x00, 0x00,
	};

	GOLDEN("SMMU_IDR5", bytes, { "OAS", 4 }, { "GRAN4K", 1 }, { "GRAN16K", 1 },
	       { "GRAN64K", 1 });
} END_TEST

/* IDR-026 */
START_TEST(idr5_full_of_values)
{
	static const uint8_t bytes[] = {
		/* OAS 111, DS 1 << 7, D128 1 << 8, VAX 01 << 10, STALL_MAX 0x1234 << 16 */
		0x87, 0x05, 0x34, 0x12,
	};

	GOLDEN("SMMU_IDR5", bytes, { "OAS", 7 }, { "DS", 1 }, { "D128", 1 }, { "VAX", 1 },
	       { "STALL_MAX", 0x1234 });
} END_TEST

/* IDR-033 */
START_TEST(iidr)
{
	static const uint8_t bytes[] = {
		/* Implementer 0x43b, Revision 2 << 12, Variant 0xd << 16, ProductID 0xabc << 20 */
		0x3b, 0x24, 0xcd, 0xab,
	};

	GOLDEN("SMMU_IIDR", bytes, { "Implementer", 0x43b }, { "Revision", 2 },
	       { "Variant", 0xd }, { "ProductID", 0xabc });
} END_TEST

/* IDR-034 */
START_TEST(aidr_of_the_capture)
{
	static const uint8_t bytes[] = {
		/* ArchMinorRev 0001 */
		0x01, 0x00, 0x00, 0x00,
	};

	GOLDEN("SMMU_AIDR", bytes, { "ArchMinorRev", 1 });
} END_TEST

START_TEST(cr0_of_the_capture)
{
	static const uint8_t bytes[] = {
		/* SMMUEN 1, PRIQEN 0, EVENTQEN 1 << 2, CMDQEN 1 << 3 */
		0x0d, 0x00, 0x00, 0x00,
	};

	GOLDEN("SMMU_CR0", bytes, { "SMMUEN", 1 }, { "EVENTQEN", 1 }, { "CMDQEN", 1 });
} END_TEST

START_TEST(s_cr0_full_of_values)
{
	static const uint8_t bytes[] = {
		/* CMDQEN 1 << 3, SIF 1 << 5, VMW 110 << 6, NSSTALLD 1 << 9 */
		0xa8, 0x03, 0x00, 0x00,
	};

	GOLDEN("SMMU_S_CR0", bytes, { "CMDQEN", 1 }, { "SIF", 1 }, { "VMW", 6 },
	       { "NSSTALLD", 1 });
} END_TEST

START_TEST(cr1_of_the_capture)
{
	static const uint8_t bytes[] = {
		/* QUEUE_IC 01, QUEUE_OC 01 << 2, QUEUE_SH 11 << 4, TABLE_IC 01 << 6, TABLE_OC 01
		 * << 8, TABLE_SH 11 << 10 */
		0x75, 0x0d, 0x00, 0x00,
	};

	GOLDEN("SMMU_CR1", bytes, { "QUEUE_IC", 1 }, { "QUEUE_OC", 1 }, { "QUEUE_SH", 3 },
	       { "TABLE_IC", 1 }, { "TABLE_OC", 1 }, { "TABLE_SH", 3 });
} END_TEST

START_TEST(cr2_of_the_capture)
{
	static const uint8_t bytes[] = {
		/* RECINVSID 1 << 1, PTM 1 << 2 */
		0x06, 0x00, 0x00, 0x00,
	};

	GOLDEN("SMMU_CR2", bytes, { "RECINVSID", 1 }, { "PTM", 1 });
} END_TEST

START_TEST(gbpa_of_the_capture)
{
	static const uint8_t bytes[] = {
		/* SHCFG 01 << 12 */
		0x00, 0x10, 0x00, 0x00,
	};

	GOLDEN("SMMU_GBPA", bytes, { "SHCFG", 1 });
} END_TEST

START_TEST(s_gbpa_full_of_values)
{
	static const uint8_t bytes[] = {
		/* MemAttr 1101, MTCFG 1 << 4, ALLOCCFG 1010 << 8, SHCFG 01 << 12, NSCFG 11 <<
		 * 14, PRIVCFG 10 << 16, INSTCFG 11 << 18, ABORT 1 << 20, Update 1 << 31 */
		0x1d, 0xda, 0x1e, 0x80,
	};

	GOLDEN("SMMU_S_GBPA", bytes, { "MemAttr", 0xd }, { "MTCFG", 1 }, { "ALLOCCFG", 0xa },
	       { "SHCFG", 1 }, { "NSCFG", 3 }, { "PRIVCFG", 2 }, { "INSTCFG", 3 },
	       { "ABORT", 1 }, { "Update", 1 });
} END_TEST

START_TEST(strtab_base_of_the_capture)
{
	static const uint8_t bytes[] = {
		/* ADDR 0x48596000 in place, RA 1 << 62 */
		0x00, 0x60, 0x59, 0x48, 0x00, 0x00, 0x00, 0x40,
	};

	GOLDEN("SMMU_STRTAB_BASE", bytes, { "ADDR", 0x48596000 }, { "RA", 1 });
} END_TEST

START_TEST(strtab_base_cfg_of_the_capture)
{
	static const uint8_t bytes[] = {
		/* LOG2SIZE 010000, SPLIT 01000 << 6, FMT 01 << 16 */
		0x10, 0x02, 0x01, 0x00,
	};

	GOLDEN("SMMU_STRTAB_BASE_CFG", bytes, { "LOG2SIZE", 0x10 }, { "SPLIT", 8 }, { "FMT", 1 });
} END_TEST

START_TEST(cmdq_base_of_the_capture)
{
	static const uint8_t bytes[] = {
		/* LOG2SIZE 10000, ADDR 0x5b700000 in place, RA 1 << 62 */
		0x10, 0x00, 0x70, 0x5b, 0x00, 0x00, 0x00, 0x40,
	};

	GOLDEN("SMMU_CMDQ_BASE", bytes, { "LOG2SIZE", 0x10 }, { "ADDR", 0x5b700000 },
	       { "RA", 1 });
} END_TEST

/* CMDQ-002 */
START_TEST(cmdq_cons)
{
	static const uint8_t bytes[] = {
		/* RD 0x9abcd, ERR 0000011 << 24 */
		0xcd, 0xab, 0x09, 0x03,
	};

	GOLDEN("SMMU_CMDQ_CONS", bytes, { "RD", 0x9abcd }, { "ERR", 3 });
} END_TEST

START_TEST(eventq_base_of_the_capture)
{
	static const uint8_t bytes[] = {
		/* LOG2SIZE 01111, ADDR 0x5b800000 in place, WA 1 << 62 */
		0x0f, 0x00, 0x80, 0x5b, 0x00, 0x00, 0x00, 0x40,
	};

	GOLDEN("SMMU_EVENTQ_BASE", bytes, { "LOG2SIZE", 0xf }, { "ADDR", 0x5b800000 },
	       { "WA", 1 });
} END_TEST

/* EVTQ-001 */
START_TEST(eventq_prod)
{
	static const uint8_t bytes[] = {
		/* WR 0xfedcb, OVFLG 1 << 31 */
		0xcb, 0xed, 0x0f, 0x80,
	};

	GOLDEN("SMMU_EVENTQ_PROD", bytes, { "WR", 0xfedcb }, { "OVFLG", 1 });
} END_TEST

START_TEST(gerror)
{
	static const uint8_t bytes[] = {
		/* CMDQ_ERR 1, EVENTQ_ABT_ERR 1 << 2, MSI_EVENTQ_ABT_ERR 1 << 5,
		 * MSI_GERROR_ABT_ERR 1 << 7, CMDQP_ERR 1 << 9, DPT_ERR 1 << 10 */
		0xa5, 0x06, 0x00, 0x00,
	};

	GOLDEN("SMMU_GERROR", bytes, { "CMDQ_ERR", 1 }, { "EVENTQ_ABT_ERR", 1 },
	       { "MSI_EVENTQ_ABT_ERR", 1 }, { "MSI_GERROR_ABT_ERR", 1 }, { "CMDQP_ERR", 1 },
	       { "DPT_ERR", 1 });
} END_TEST

START_TEST(priq_irq_cfg2)
{
	static const uint8_t bytes[] = {
		/* MemAttr 1111, SH 11 << 4, LO 1 << 31 */
		0x3f, 0x00, 0x00, 0x80,
	};

	GOLDEN("SMMU_PRIQ_IRQ_CFG2", bytes, { "MemAttr", 0xf }, { "SH", 3 }, { "LO", 1 });
} END_TEST

START_TEST(r_eventq_irq_cfg0)
{
	static const uint8_t bytes[] = {
		/* ADDR 0x08090004 in place, NS 1 << 63 */
		0x04, 0x00, 0x09, 0x08, 0x00, 0x00, 0x00, 0x80,
	};

	GOLDEN("SMMU_R_EVENTQ_IRQ_CFG0", bytes, { "ADDR", 0x8090004 }, { "NS", 1 });
} END_TEST

START_TEST(gatos_addr)
{
	static const uint8_t bytes[] = {
		/* InD 1 << 7, RnW 1 << 8, PnU 1 << 9, TYPE 11 << 10; ADDR 0x7fff12345000 in
		 * place */
		0x80, 0x5f, 0x34, 0x12, 0xff, 0x7f, 0x00, 0x00,
	};

	GOLDEN("SMMU_GATOS_ADDR", bytes, { "InD", 1 }, { "RnW", 1 }, { "PnU", 1 }, { "TYPE", 3 },
	       { "ADDR", 0x7fff12345000 });
} END_TEST

START_TEST(gatos_par_of_a_translation)
{
	static const uint8_t bytes[] = {
		/* FAULT 0, SH 11 << 8, Size 1 << 11, ADDR 0x12345000 in place, ATTR 0xff << 56 */
		0x00, 0x5b, 0x34, 0x12, 0x00, 0x00, 0x00, 0xff,
	};

	GOLDEN("SMMU_GATOS_PAR", bytes, { "SH", 3 }, { "Size", 1 }, { "ADDR", 0x12345000 },
	       { "ATTR", 0xff });
} END_TEST

START_TEST(gatos_par_of_a_fault)
{
	static const uint8_t bytes[] = {
		/* FAULT 1, REASON 10 << 1, FAULTCODE 0x10 << 4, FADDR 0x12345000 in place, 1010
		 * << 60 is implementation defined */
		0x05, 0x51, 0x34, 0x12, 0x00, 0x00, 0x00, 0xa0,
	};

	GOLDEN("SMMU_GATOS_PAR.FAULT", bytes, { "FAULT", 1 }, { "REASON", 2 },
	       { "FAULTCODE", 0x10 }, { "FADDR", 0x12345000 }, { "IMPDEF", 0xa });
} END_TEST

/* RME-006 */
START_TEST(root_gpt_base_cfg)
{
	static const uint8_t bytes[] = {
		/* PPS 101, IRGN 01 << 8, ORGN 11 << 10, SH 10 << 12, PGS 10 << 14, GPCP 1 << 17,
		 * L0GPTSZ 1001 << 20 */
		0x05, 0xad, 0x92, 0x00, 0x00, 0x00, 0x00, 0x00,
	};

	GOLDEN("SMMU_ROOT_GPT_BASE_CFG", bytes, { "PPS", 5 }, { "IRGN", 1 }, { "ORGN", 3 },
	       { "SH", 2 }, { "PGS", 2 }, { "GPCP", 1 }, { "L0GPTSZ", 9 });
} END_TEST

START_TEST(typed_constants_read_the_same_bits)
{
	ck_assert_uint_eq(reg_get(0x0d44101b, IDR0_TTENDIAN), 2);
	ck_assert_uint_eq(reg_get(0x02730010, IDR1_CMDQS), 19);
	ck_assert_uint_eq(reg_get(0x10210, STRTAB_BASE_CFG_SPLIT), 8);
	ck_assert_uint_eq(reg_address(0x4000000048596000, STRTAB_BASE_ADDR), 0x48596000);
	ck_assert_uint_eq(REG_MASK(STRTAB_BASE_ADDR), 0x00ffffffffffffc0);
	ck_assert_uint_eq(REG_MASK(CR0_VMW), 0x1c0);
	ck_assert_uint_eq(REG_MASK(S2PII_15), 0xf000000000000000);
} END_TEST

int main(void)
{
	Suite *suite = suite_create("register bytes");
	TCase *tcase = tcase_create("all");

	tcase_add_test(tcase, idr0_of_the_capture);
	tcase_add_test(tcase, idr1_of_the_capture);
	tcase_add_test(tcase, idr1_full_of_values);
	tcase_add_test(tcase, idr3_of_the_capture);
	tcase_add_test(tcase, idr5_of_the_capture);
	tcase_add_test(tcase, idr5_full_of_values);
	tcase_add_test(tcase, iidr);
	tcase_add_test(tcase, aidr_of_the_capture);
	tcase_add_test(tcase, cr0_of_the_capture);
	tcase_add_test(tcase, s_cr0_full_of_values);
	tcase_add_test(tcase, cr1_of_the_capture);
	tcase_add_test(tcase, cr2_of_the_capture);
	tcase_add_test(tcase, gbpa_of_the_capture);
	tcase_add_test(tcase, s_gbpa_full_of_values);
	tcase_add_test(tcase, strtab_base_of_the_capture);
	tcase_add_test(tcase, strtab_base_cfg_of_the_capture);
	tcase_add_test(tcase, cmdq_base_of_the_capture);
	tcase_add_test(tcase, cmdq_cons);
	tcase_add_test(tcase, eventq_base_of_the_capture);
	tcase_add_test(tcase, eventq_prod);
	tcase_add_test(tcase, gerror);
	tcase_add_test(tcase, priq_irq_cfg2);
	tcase_add_test(tcase, r_eventq_irq_cfg0);
	tcase_add_test(tcase, gatos_addr);
	tcase_add_test(tcase, gatos_par_of_a_translation);
	tcase_add_test(tcase, gatos_par_of_a_fault);
	tcase_add_test(tcase, root_gpt_base_cfg);
	tcase_add_test(tcase, typed_constants_read_the_same_bits);
	suite_add_tcase(suite, tcase);
	return run_checks(suite);
}
