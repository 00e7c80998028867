/* SPDX-License-Identifier: MIT */
/* Tables of VMSAv9-128 that a configuration describes.  IHI 0070 5.2, 5.4, DDI 0487 D8.3.2 */
#include "load.h"
#include "story.h"
#include "support/suite.h"

#include <check.h>

/* Tables are taken from 0xc0000000 downward.  S2PII: PIIndex 0 reads, 1 and 9 read and write. */
#define MACHINE(rest)                                                                               \
	"version: 1\n"                                                                              \
	"smmu: [{profile: generic-3.3, features: {minor: 4, formats: [aa64], httu: 2, d128: true, " \
	"s1pi: true, s2pi: true, s2po: true, aie: true, epan: true, mteperm: true, oas: 56, "       \
	"va_bits: 56}, s2pii: 0xc0000000c8, stream_table: {format: linear, log2size: 2}}]\n"        \
	"memory: [{name: ram, base: 0x80000000, size: 1G}]\n" rest

#define CODES "cd: {PIIP0: 1, PIIU0: 1, PIIP1: 5, PIIU1: 5}"

/* D128-06: valid, AF, SH = ISH, nG; PIIndex <118:115>; nDirty <7>; a block of level 2 has SKL 1 */
START_TEST(a_leaf_has_two_words)
{
	TELL(MACHINE("tables: {t: {stage: 1, format: d128, va_bits: 21, map: [{va: 0x1000, pa: 0x80002000, "
		     "size: 4K, pi: 1}, {va: 0x2000, pa: 0x80003000, size: 4K, pi: 15, dirty: false, "
		     "attr: nc}, {va: 0x100000, pa: 0x80100000, size: 1M, pi: 1}]}}\n"
		     "masters: [{name: a, stream_id: 1, table: t, " CODES "}]\n"),
	     "! r64 0xbfffe010 expect=0x80002f01", "! r64 0xbfffe018 expect=0x0008000000000000",
	     "! r64 0xbfffe020 expect=0x80003e85", "! r64 0xbfffe028 expect=0x0078000000000000",
	     "! r64 0xbfffffc0 expect=0xbfffe001", "! r64 0xbfffffc8 expect=0",
	     "! r64 0xbfffffd0 expect=0x80100f01", "! r64 0xbfffffd8 expect=0x0008200000000000",
	     "W a 0x1010 4 expect=pa:0x80002010,pas:ns,attr:wb",
	     "W a 0x100010 4 expect=pa:0x80100010,pas:ns,attr:wb");
}
END_TEST

/* CD-42: S1PIE, without which there is no stage 1 of it, is set for it, and can be taken away */
START_TEST(a_master_with_such_a_table_has_s1pie)
{
	TELL(MACHINE("tables: {t: {stage: 1, format: d128, map: [{va: 0x1000, pa: 0x80002000, size: 4K, "
		     "pi: 1}]}, old: {stage: 1, map: [{va: 0x1000, pa: 0x80002000, size: 4K}]}}\n"
		     "masters: [{name: a, stream_id: 1, table: t, " CODES
		     "}, {name: b, stream_id: 2, "
		     "table: t, ste: {S1PIE: 0}, " CODES
		     "}, {name: c, stream_id: 3, table: old}]\n"),
	     "W a 0x1010 4 expect=pa:0x80002010,pas:ns,attr:wb", "W b 0x1010 4 expect=C_BAD_CD",
	     "W c 0x1010 4 expect=pa:0x80002010,pas:ns,attr:wb");
}
END_TEST

/* D128-06: pages of stage 1 tables, one of which is written to, have PIIndex 9 behind it */
START_TEST(tables_behind_such_a_stage_2_are_read_and_written)
{
	TELL(MACHINE("tables:\n"
		     "  vm: {stage: 2, format: d128, ipa_bits: 56, map: [{ipa: 0x40000000000000, pa: "
		     "0x80000000, size: 16M, pi: 1}]}\n"
		     "  t: {stage: 1, format: d128, va_bits: 55, at_ipa: 0x50000000000000, map: [{va: "
		     "0x1000, ipa: 0x40000000002000, size: 4K, pi: 1, af: false}]}\n"
		     "masters: [{name: a, stream_id: 1, table: t, stage2: vm, cd_at_ipa: 0x60000000000000, "
		     "cd: {PIIP1: 5, PIIU1: 5, HA: 1}}]\n"),
	     "W a 0x1010 4 expect=pa:0x80002010,pas:ns,attr:wb");
}
END_TEST

/* D128-01: 22 bits of 4KB begin at level 2; what is skipped there is the last level, so that the
 * initial table has 2^10 descriptors */
START_TEST(skip_makes_the_initial_table_larger)
{
	TELL(MACHINE("tables: {t: {stage: 2, format: d128, ipa_bits: 22, skip: 1, map: [{ipa: 0x3ff000, "
		     "pa: 0x80002000, size: 4K, pi: 1}]}}\n"
		     "masters: [{name: a, stream_id: 1, stage2: t}]\n"),
	     "! r64 0xbfffcff0 expect=0", "! r64 0xbffffff0 expect=0x800027bd",
	     "! r64 0xbffffff8 expect=0x0008000000000000",
	     "W a 0x3ff010 4 expect=pa:0x80002010,pas:ns,attr:wb",
	     "W a 0x400010 4 expect=F_TRANSLATION,s2:1,class:IN,ipa:0x400010");
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_leaf_has_two_words);
	tcase_add_test(tests, a_master_with_such_a_table_has_s1pie);
	tcase_add_test(tests, tables_behind_such_a_stage_2_are_read_and_written);
	tcase_add_test(tests, skip_makes_the_initial_table_larger);
}

int main(void)
{
	return run_suite("platform: VMSAv9-128", add);
}
