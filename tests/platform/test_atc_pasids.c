/* SPDX-License-Identifier: MIT */
/* Masters with an ATC behind an SMMU that takes PASIDs with what is Translated: IDR3.PASIDTT.
 * 3.9.1.3, 6.3.4 */
#include "story.h"
#include "support/suite.h"

#include <check.h>

/* All traffic has a PASID, of which 1 and 2 have a CD. */
#define MACHINE(features)                                                                         \
	"version: 1\n"                                                                            \
	"memory: [{name: ram, base: 0x80000000, size: 1G}]\n"                                     \
	"smmu: [{profile: generic-3.3, features: {" features "}}]\n"                              \
	"tables:\n"                                                                               \
	"  process: {stage: 1, va_bits: 39, map: [{va: 0x1000, pa: 0x90001000, size: 4K}]}\n"     \
	"masters:\n"                                                                              \
	"  - {name: ep, stream_id: 0x100, can_stall: false, atc: {entries: 4}, ste: {EATS: 1},\n" \
	"     s1dss: terminate, substreams: [{ssid: 1, table: process, asid: 2}, "                \
	"{ssid: 2, table: process, asid: 3}]}\n"

/* CR2.REC_CFG_ATS and RECINVSID; CR0 with ATSCHK. */
#define CHECKED \
	"! mmio w32 CR0 0xc", "! mmio w32 CR2 0xa", "! mmio w32 CR0 0x1d", "! expect anything"

/* ATS-23, ATS-25: an endpoint sends its PASID with what is Translated, and must: without one its
 * stream disables it.  What it keeps is of use as long as the CD is there */
START_TEST(a_pasid_goes_with_what_is_translated)
{
	TELL(MACHINE(""), CHECKED, "R ep.1 0x1010 8 expect=pa:0x90001010,pas:ns,attr:wb,atc:asked",
	     "W ep.1 0x1010 8 expect=pa:0x90001010,pas:ns,attr:wb,atc:hit",
	     "TT ep.1 0x90001010 8 expect=pa:0x90001010,pas:ns,attr:wb",
	     "TT ep 0x90001010 8 expect=F_STREAM_DISABLED",
	     "! expect event F_STREAM_DISABLED sid=0x100", "! expect interrupt eventq",
	     "TT ep.3 0x90001010 8 expect=C_BAD_CD", "! expect event C_BAD_CD sid=0x100 ssid=3",
	     "! expect interrupt eventq", "TT ep.0xfffff 0x90001010 8 expect=C_BAD_SUBSTREAMID",
	     "! expect event C_BAD_SUBSTREAMID sid=0x100 ssid=0xfffff", "! expect interrupt eventq",
	     "! expect nothing");
}
END_TEST

/* ATS-25: without IDR3.PASIDTT nothing but its address goes with it, and no PASID counts */
START_TEST(without_pasidtt_no_pasid_goes_with_it)
{
	TELL(MACHINE("pasidtt: false"), CHECKED, "R ep.1 0x1010 8 expect=pa:0x90001010,atc:asked",
	     "R ep.1 0x1010 8 expect=pa:0x90001010,atc:hit",
	     "TT ep 0x90001010 8 expect=pa:0x90001010", "TT ep.2 0x90001010 8 expect=pa:0x90001010",
	     "! expect nothing");
}
END_TEST

static Suite *suite(void)
{
	Suite *const suite = suite_create("platform: PASIDs with what is Translated");
	TCase *const tests = tcase_create("atc_pasids");

	tcase_add_test(tests, a_pasid_goes_with_what_is_translated);
	tcase_add_test(tests, without_pasidtt_no_pasid_goes_with_it);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
