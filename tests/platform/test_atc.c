/* SPDX-License-Identifier: MIT */
/* Masters with an ATC: what they keep of what they are granted, what they send as Translated, and
 * what they drop.  IHI 0070 3.9.1, 4.5.1, 13.7 */
#include "story.h"
#include "support/suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

/* 0x1000: read and write, 0x2000: read, 0x3000: read and execution, 0x200000: 2M; PASID 1 the same,
 * PASID 2 goes elsewhere. */
static const char machine[] =
	"version: 1\n"
	"memory: [{name: ram, base: 0x80000000, size: 1G}]\n"
	"smmu: [{features: {ats: true}}]\n"
	"tables:\n"
	"  process:\n"
	"    stage: 1\n"
	"    va_bits: 39\n"
	"    map:\n"
	"      - {va: 0x1000, pa: 0x90001000, size: 4K}\n"
	"      - {va: 0x2000, pa: 0x90002000, size: 4K, perm: ro}\n"
	"      - {va: 0x3000, pa: 0x90003000, size: 4K, perm: ro, exec: true}\n"
	"      - {va: 0x4000, pa: 0x90004000, size: 4K, user: false}\n"
	"      - {va: 0x200000, pa: 0x90200000, size: 2M, block: 2M}\n"
	"  other: {stage: 1, va_bits: 39, map: [{va: 0x1000, pa: 0xa0001000, size: 4K}]}\n"
	"masters:\n"
	"  - {name: ep, stream_id: 0x100, count: 2, table: process, asid: 2, can_stall: false, "
	"atc: {entries: 4}, ste: {EATS: 1},\n"
	"     substreams: [{ssid: 1, table: process, asid: 2}, {ssid: 2, table: other, asid: 3}]}\n"
	"  - {name: bad, stream_id: 0x200, mode: abort, atc: {entries: 1}}\n"
	"  - {name: off, stream_id: 0x201, table: process, asid: 2, atc: {entries: 1}}\n"
	"  - {name: plain, stream_id: 0x202, table: process, asid: 2}\n";

/* ---- What is kept ---- */

/* ATS-10, ATS-20: an endpoint asks once for a page, and sends the PA it was given.  3.9.1 */
START_TEST(what_was_granted_is_not_asked_for_again)
{
	TELL(machine, "R ep 0x1010 8 expect=pa:0x90001010,pas:ns,attr:wb,atc:asked",
	     "R ep 0x1fff 1 expect=pa:0x90001fff,pas:ns,attr:wb,atc:hit",
	     "W ep 0x1010 8 expect=pa:0x90001010,atc:hit", /* W although not asked for */
	     "AO ep 0x1010 8 expect=pa:0x90001010,atc:hit",
	     "R ep 0x2000 8 expect=pa:0x90002000,atc:asked",
	     "R ep 0x3ff000 8 expect=pa:0x903ff000,atc:asked",
	     "R ep 0x200000 8 expect=pa:0x90200000,atc:hit", /* a completion of 2M */
	     "R plain 0x1000 8 expect=pa:0x90001000");
}
END_TEST

/* ATS-10: rights that an entry has not are asked for, and not used without.  13.7 */
START_TEST(an_access_is_made_only_with_its_rights)
{
	TELL(machine, "R ep.1 0x3000 4 expect=pa:0x90003000,atc:asked",
	     "X ep.1 0x3000 4 expect=pa:0x90003000,atc:asked",
	     "X ep.1 0x3000 4 expect=pa:0x90003000,atc:hit",
	     "R ep.1 0x3000 4 expect=pa:0x90003000,atc:hit",
	     "W ep.1 0x3000 4 expect=noaccess,atc:asked",
	     "AO ep.1 0x3000 4 expect=noaccess,atc:asked",
	     "R ep.1 0x3000 4 expect=pa:0x90003000,atc:hit",
	     "X ep.1 0x1000 4 expect=noaccess,atc:asked",    /* no execution */
	     "X ep 0x1000 4 expect=pa:0x90001000,atc:asked", /* without a PASID it is a read */
	     "X ep 0x1000 4 expect=pa:0x90001000,atc:hit");
}
END_TEST

/* ATS-11: each StreamID, PASID and privilege has its own; a request without a PASID is
 * unprivileged.  13.7 */
START_TEST(entries_belong_to_one_function_pasid_and_privilege)
{
	TELL(machine, "R ep 0x1000 8 expect=atc:asked", "R ep+1 0x1000 8 expect=atc:asked",
	     "R ep.1 0x1000 8 expect=atc:asked", "R ep.2 0x1000 8 expect=pa:0xa0001000,atc:asked",
	     "R ep.2 0x1000 8 expect=pa:0xa0001000,atc:hit", "R ep.1 0x1000 8 expect=atc:hit",
	     "R ep 0x1000 8 priv expect=pa:0x90001000,atc:hit");
	TELL(machine, "R ep.1 0x4000 8 priv expect=pa:0x90004000,atc:asked",
	     "R ep.1 0x4000 8 expect=noaccess,atc:asked",
	     "R ep.1 0x4000 8 priv expect=pa:0x90004000,atc:hit");
}
END_TEST

/* ATS-06: R = W = 0 is not kept, nor is what was refused; each access asks again */
START_TEST(what_grants_nothing_is_not_kept)
{
	TELL(machine, "R ep 0x5000 8 expect=noaccess,atc:asked",
	     "R ep 0x5000 8 expect=noaccess,atc:asked", "! expect nothing",
	     "R bad 0x1000 8 expect=ur,atc:asked", "! expect nothing",
	     "R off 0x1000 8 expect=ur,F_BAD_ATS_TREQ,atc:asked",
	     "! expect event F_BAD_ATS_TREQ sid=0x201 r=1 inputaddr=0x1000 span=1",
	     "! expect interrupt eventq", "! expect nothing",
	     "R ep.3 0x1000 8 expect=ca,atc:asked"); /* CD.V = 0 */
	TELL(machine, "R ep 0x1000 8 expect=atc:asked", "R ep 0x2000 8 expect=atc:asked",
	     "R ep 0x3000 8 expect=atc:asked", "R ep 0x200000 8 expect=atc:asked",
	     "R ep 0x5000 8 expect=noaccess,atc:asked", /* it takes no place */
	     "R ep 0x1000 8 expect=atc:hit");
}
END_TEST

START_TEST(the_oldest_goes_when_all_places_are_taken)
{
	TELL(machine, "R ep 0x1000 8 expect=atc:asked", "R ep 0x2000 8 expect=atc:asked",
	     "R ep 0x3000 8 expect=atc:asked", "R ep 0x200000 8 expect=atc:asked",
	     "R ep 0x1000 8 expect=atc:hit", "R ep.2 0x1000 8 expect=atc:asked",
	     "R ep 0x2000 8 expect=atc:hit", "R ep 0x1000 8 expect=atc:asked",
	     "R ep 0x2000 8 expect=atc:asked", "R ep.2 0x1000 8 expect=atc:hit");
}
END_TEST

/* What took the place of something in the midst is the youngest nevertheless. */
START_TEST(age_goes_by_when_it_was_kept_and_not_by_place)
{
	TELL(machine, "R ep 0x1000 8 expect=atc:asked", "R ep 0x2000 8 expect=atc:asked",
	     "R ep 0x3000 8 expect=atc:asked", "R ep 0x200000 8 expect=atc:asked",
	     "! atc_inv sid=0x100 va=0x2000", "! sync",
	     "R ep.2 0x1000 8 expect=atc:asked", /* its place */
	     "R ep+1 0x1000 8 expect=atc:asked", /* that of the first */
	     "R ep 0x3000 8 expect=atc:hit", "R ep 0x200000 8 expect=atc:hit",
	     "R ep 0x1000 8 expect=atc:asked");
	TELL(machine, "R ep 0x3000 8 expect=atc:asked", "R ep 0x200000 8 expect=atc:asked",
	     "R ep.1 0x3000 4 expect=atc:asked", "R ep.1 0x1000 8 expect=atc:asked",
	     "X ep.1 0x3000 4 expect=atc:asked", /* a page anew is young again */
	     "R ep+1 0x1000 8 expect=atc:asked", "R ep+1 0x2000 8 expect=atc:asked",
	     "X ep.1 0x3000 4 expect=atc:hit", "R ep.1 0x1000 8 expect=atc:hit",
	     "R ep 0x3000 8 expect=atc:asked");
}
END_TEST

/* A request of the trace's own fills the ATC, a Translated access of its own asks nothing of it; a
 * probe changes nothing. */
START_TEST(lines_that_say_what_they_send_send_that)
{
	TELL(machine, "R ep 0x1000 8 probe expect=pa:0x90001000,atc:asked",
	     "R ep 0x1000 8 probe expect=pa:0x90001000,atc:asked",
	     "AT ep 0x1000 8 expect=pa:0x90001000,pas:ns,grant:rw",
	     "R ep 0x1000 8 expect=pa:0x90001000,atc:hit",
	     "TT ep 0x9abc0000 8 expect=pa:0x9abc0000,pas:ns,attr:wb",
	     "-R plain 0x1000 8 expect=pa:0x90001000,atc:hit|asks no ATC, expected that it hits",
	     "-R ep 0x1000 8 expect=atc:asked|hits its ATC, expected that it sends");
}
END_TEST

/* ---- What is dropped ---- */

/* TLB-37, CMD-ATC-INV: what an endpoint keeps outlives the tables and TLBI; CMD_ATC_INV ends it.
 * The leaf of 0x1000 is at 0xbfffd008.  3.9.1, 4.5.1 */
START_TEST(only_atc_inv_drops_what_is_kept)
{
	TELL(machine, "W ep 0x1000 8 expect=pa:0x90001000,atc:asked",
	     "! r64 0xbfffd008 expect=0x60000090001f43", "! w64 0xbfffd008 0x0", "! tlbi nh_all",
	     "! sync", "! expect anything",
	     "W ep 0x1000 8 expect=pa:0x90001000,pas:ns,attr:wb,atc:hit", "! expect nothing",
	     "! atc_inv sid=0x100 va=0x1000", "! expect atc_inv sid=0x100 addr=0x1000 bytes=0x1000",
	     "! expect nothing", "! sync", "W ep 0x1000 8 expect=noaccess,atc:asked",
	     "! expect nothing");
}
END_TEST

/* A newer completion takes the place of what was kept for its page, also one that grants nothing.
 */
START_TEST(the_newer_completion_counts)
{
	TELL(machine, "R ep.1 0x1000 8 expect=atc:asked", "! w64 0xbfffd008 0x0", "! tlbi nsnh_all",
	     "! sync", "X ep.1 0x1000 4 expect=noaccess,atc:asked",
	     "R ep.1 0x1000 8 expect=noaccess,atc:asked", "! w64 0xbfffd008 0x60000090007f43",
	     "R ep.1 0x1000 8 expect=pa:0x90007000,atc:asked",
	     "R ep.1 0x1000 8 expect=pa:0x90007000,atc:hit");
}
END_TEST

/* CMD-ATC-INV: what the span touches goes whole, the rest stays */
START_TEST(an_invalidation_drops_what_its_span_touches)
{
	TELL(machine, "R ep 0x1000 8 expect=atc:asked", "R ep 0x2000 8 expect=atc:asked",
	     "R ep 0x200000 8 expect=atc:asked", "R ep+1 0x1000 8 expect=atc:asked",
	     "! atc_inv sid=0x100 va=0x3ff000", "! sync", "! expect anything",
	     "R ep 0x1000 8 expect=atc:hit", "R ep 0x2000 8 expect=atc:hit",
	     "R ep 0x200000 8 expect=atc:asked", "! atc_inv sid=0x100 va=0x0 size=1",
	     "! expect atc_inv sid=0x100 bytes=0x2000", "! sync", "R ep 0x2000 8 expect=atc:hit",
	     "R ep 0x200000 8 expect=atc:hit", "R ep 0x1000 8 expect=atc:asked",
	     "! atc_inv sid=0x100 va=0x0 size=9", "! sync", "! expect anything",
	     "R ep 0x1000 8 expect=atc:asked", "R ep 0x200000 8 expect=atc:hit",
	     "! atc_inv sid=0x100 size=52", "! expect atc_inv sid=0x100", "! expect nothing",
	     "R ep 0x200000 8 expect=atc:asked", "R ep 0x1000 8 expect=atc:asked",
	     "R ep+1 0x1000 8 expect=atc:hit");
}
END_TEST

/* CMD-ATC-INV-3: with a PASID its own entries alone; with Global those of every PASID; without a
 * PASID all.  4.5.1 */
START_TEST(an_invalidation_drops_what_its_pasid_names)
{
	TELL(machine, "R ep 0x1000 8 expect=atc:asked", "R ep.1 0x1000 8 expect=atc:asked",
	     "R ep.2 0x1000 8 expect=atc:asked", "R ep.1 0x1000 8 priv expect=atc:asked",
	     "! atc_inv sid=0x100 ssid=1 va=0x1000",
	     "! expect atc_inv sid=0x100 ssid=1 addr=0x1000 bytes=0x1000", "! sync",
	     "R ep 0x1000 8 expect=atc:hit", "R ep.2 0x1000 8 expect=atc:hit",
	     "R ep.1 0x1000 8 expect=atc:asked", "R ep.1 0x1000 8 priv expect=atc:asked");
	TELL(machine, "R ep 0x1000 8 expect=atc:asked", "R ep.1 0x1000 8 expect=atc:asked",
	     "R ep.2 0x1000 8 expect=atc:asked", "! atc_inv sid=0x100 ssid=7 va=0x1000 global",
	     "! expect atc_inv sid=0x100 ssid=7 addr=0x1000 bytes=0x1000 global", "! sync",
	     "R ep 0x1000 8 expect=atc:hit", "R ep.1 0x1000 8 expect=atc:asked",
	     "R ep.2 0x1000 8 expect=atc:asked");
	TELL(machine, "R ep 0x1000 8 expect=atc:asked", "R ep.1 0x1000 8 expect=atc:asked",
	     "! atc_inv sid=0x100 va=0x1000", "! sync", "R ep.1 0x1000 8 expect=atc:asked",
	     "R ep 0x1000 8 expect=atc:asked");
}
END_TEST

/* ---- What the endpoint answers ---- */

/* CMD-SYNC-6, CMDQ-017: CMD_SYNC waits for the answer, and what is not dropped is used till then */
START_TEST(sync_waits_for_an_endpoint_that_does_not_answer_yet)
{
	TELL(machine, "R ep 0x1000 8 expect=atc:asked", "! endpoint ep waits",
	     "! atc_inv sid=0x100 va=0x1000", "! atc_inv sid=0x101 va=0x1000",
	     "! atc_inv sid=0x200",
	     "! sync expect=waiting|waiting: an endpoint has not answered an ATS invalidation",
	     "R ep 0x1000 8 expect=atc:hit", "! endpoint bad answers",
	     "R ep 0x1000 8 expect=atc:hit", "! endpoint ep answers",
	     "! mmio r32 CMDQ_CONS expect=7", "R ep 0x1000 8 expect=atc:asked", "! sync");
}
END_TEST

/* CMD-ATC-INV-5, CMD-SYNC-14, CMDQ-006: a time-out fails the CMD_SYNC, which is issued again; what
 * the endpoint did not drop is there.  3.9.1.4, 7.1 */
START_TEST(a_time_out_fails_sync)
{
	TELL(machine, "R ep 0x1000 8 expect=atc:asked", "! endpoint ep times-out",
	     "! atc_inv sid=0x100 va=0x1000", "! expect atc_inv sid=0x100 addr=0x1000 bytes=0x1000",
	     "! expect nothing", "! sync expect=CERROR_ATC_INV_SYNC", "! expect gerror CMDQ_ERR",
	     "! expect interrupt gerror", "! expect nothing",
	     "! mmio r32 CMDQ_CONS expect=0x3000004", "! recover", "! sync",
	     "R ep 0x1000 8 expect=atc:hit", "! endpoint ep answers",
	     "! atc_inv sid=0x100 va=0x1000", "! sync", "R ep 0x1000 8 expect=atc:asked");
	TELL(machine, "! endpoint ep waits", "! atc_inv sid=0x100", "! expect anything",
	     "! sync expect=waiting", "! endpoint ep times-out", "! expect gerror CMDQ_ERR",
	     "! expect interrupt gerror", "! expect nothing",
	     "-! endpoint plain off|master 'plain' has no ATC",
	     "-! endpoint pe off|there is no master 'pe'");
}
END_TEST

/* 3.9.1: where ATS is disabled at the endpoint it keeps nothing, and its accesses are Untranslated
 */
START_TEST(an_endpoint_without_ats_is_any_other_master)
{
	TELL(machine, "R ep 0x1000 8 expect=atc:asked", "! endpoint ep off",
	     "R ep 0x1000 8 expect=pa:0x90001000,pas:ns,attr:wb,sh:ish",
	     "R ep 0x5000 8 expect=F_TRANSLATION,s2:0,class:IN", "! expect anything",
	     "! endpoint ep on", "R ep 0x1000 8 expect=pa:0x90001000,sh:nsh,atc:asked");
}
END_TEST

/* ---- Where no trace says it ---- */

START_TEST(an_endpoint_s_line_that_is_none_is_refused_at_its_place)
{
	REFUSED("! endpoint|11: a master is missing",
		"! endpoint 5 off|12: '5' is no master's name and no StreamID",
		"! endpoint ep|14: '' is no act of an endpoint: answers, waits, times-out, on or off",
		"! endpoint ep wait|15: 'wait' is no act of an endpoint: answers, waits, times-out, on "
		"or off; did you mean 'waits'?",
		"! endpoint ep off 1|19: nothing more is expected on the line: '1'",
		"! expect atc_inv sidd=1|18: atc_inv has no 'sidd'; did you mean 'sid'?",
		"! expect atc_inv sid|18: 'sid' takes a value: sid=...",
		"! expect atc_inv global=1|18: 'global' takes no value",
		"! expect atc_inv ssid=0x100000|23: '0x100000' is out of range: at most 0xfffff",
		"! expect atc_inv sid=1 sid=1|24: 'sid=1' is said already",
		"R ep 0 1 expect=atc:miss|21: 'miss' is no way through an ATC: hit or asked");
}
END_TEST

/* What the SMMU asked is told as the line that expects it, a PASID of 0 as well. */
START_TEST(an_invalidation_of_an_atc_is_compared_whole)
{
	TELL(machine, "! atc_inv sid=0x300 ssid=0 va=0x5000",
	     "-! expect atc_inv sid=0x300 addr=0x5000 bytes=0x1000|ssid is 0x0, expected not there, "
	     "as the line says nothing of it",
	     "! atc_inv sid=0x300 va=0x5000",
	     "-! expect atc_inv sid=0x300 ssid=0 addr=0x5000 bytes=0x1000|ssid is not there, "
	     "expected 0x0",
	     "! atc_inv sid=0x300 ssid=0 va=0x5000 global",
	     "! expect atc_inv sid=0x300 ssid=0 addr=0x5000 bytes=0x1000 global|atc_inv sid=0x300 "
	     "ssid=0x0 addr=0x5000 bytes=0x1000 global");
}
END_TEST

START_TEST(all_masters_together_have_65536_entries)
{
	char text[8192] = "version: 1\nsmmu: [{features: {ats: true}}]\nmasters:\n";
	struct loading loading;

	for (unsigned i = 0; i < 64; i++)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
			       "- {name: m%u, stream_id: %u, mode: abort, atc: {entries: 1024}}\n",
			       i, i);
	loading = load_good(text);
	unload(&loading);
	(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
		       "- {name: one, stream_id: 64, mode: abort, atc: {entries: 1}}\n");
	loading = load(text);
	ck_assert_int_eq(loading.code, -SMMU3_E_LIMIT);
	ck_assert_str_eq(loading.said,
			 "68:48: the ATCs of all masters have more than 65536 entries\n");
}
END_TEST

static Suite *suite(void)
{
	Suite *const suite = suite_create("platform: masters with an ATC");
	TCase *const tests = tcase_create("atc");

	tcase_add_test(tests, what_was_granted_is_not_asked_for_again);
	tcase_add_test(tests, an_access_is_made_only_with_its_rights);
	tcase_add_test(tests, entries_belong_to_one_function_pasid_and_privilege);
	tcase_add_test(tests, what_grants_nothing_is_not_kept);
	tcase_add_test(tests, the_oldest_goes_when_all_places_are_taken);
	tcase_add_test(tests, age_goes_by_when_it_was_kept_and_not_by_place);
	tcase_add_test(tests, lines_that_say_what_they_send_send_that);
	tcase_add_test(tests, only_atc_inv_drops_what_is_kept);
	tcase_add_test(tests, the_newer_completion_counts);
	tcase_add_test(tests, an_invalidation_drops_what_its_span_touches);
	tcase_add_test(tests, an_invalidation_drops_what_its_pasid_names);
	tcase_add_test(tests, sync_waits_for_an_endpoint_that_does_not_answer_yet);
	tcase_add_test(tests, a_time_out_fails_sync);
	tcase_add_test(tests, an_endpoint_without_ats_is_any_other_master);
	tcase_add_test(tests, an_endpoint_s_line_that_is_none_is_refused_at_its_place);
	tcase_add_test(tests, an_invalidation_of_an_atc_is_compared_whole);
	tcase_add_test(tests, all_masters_together_have_65536_entries);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
