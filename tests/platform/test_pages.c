/* SPDX-License-Identifier: MIT */
/* Page requests in traces: what reaches the PRI queue, what is answered, and lines that are none.
 * IHI 0070 chapter 8, 4.5.2 */
#include "story.h"
#include "support/suite.h"

#include <check.h>

/* A PRI queue of two entries; PASID 1 has 0x1000, whose leaf is at 0xbfffd008.  STE.PPAR of ep is
 * 0, of good 1. */
#define MACHINE(features, more)                                                                        \
	"version: 1\n"                                                                                 \
	"memory: [{name: ram, base: 0x80000000, size: 1G}]\n"                                          \
	"smmu: [{features: {" features "}" more "}]\n"                                                 \
	"tables:\n"                                                                                    \
	"  process: {stage: 1, va_bits: 39, map: [{va: 0x1000, pa: 0x90001000, size: 4K}]}\n"          \
	"masters:\n"                                                                                   \
	"  - {name: ep, stream_id: 0x100, count: 2, can_stall: false, bus_width: 48, ste: {EATS: 1}, " \
	"substreams: [{ssid: 1, table: process, asid: 2}]}\n"                                          \
	"  - {name: good, stream_id: 0x200, ste: {PPAR: 1}, mode: bypass}\n"

static const char machine[] = MACHINE("ats: true, pri: true, priqs: 4",
				      ", pri_queue: {log2size: 1}");

/* ---- What reaches the queue ---- */

/* PRIQ-003: each request is an entry, with what it says; the wire tells of the first */
START_TEST(a_page_request_is_an_entry_of_the_queue)
{
	TELL(machine, "PR ep.1 0x5000 read write exec priv last prgindex=511",
	     "! expect page sid=0x100 ssid=1 r=1 w=1 x=1 priv=1 last=1 prgindex=511 pageaddr=0x5000",
	     "! expect interrupt priq", "! expect nothing", "PR ep+1 0xfffffffff000 write",
	     "PR 0x77.0 0x0 read",
	     "! expect page sid=0x101 w=1 pageaddr=0xfffffffff000|page sid=0x101 w=0x1 "
	     "pageaddr=0xfffffffff000",
	     "! expect interrupt priq", "! expect page sid=0x77 ssid=0 r=1", "! expect nothing",
	     "! mmio r32 PRIQ_PROD expect=3", "! mmio r32 PRIQ_CONS expect=3", "! expect no-page",
	     "! expect no-response");
}
END_TEST

/* PRIQ-004: L = 1 and W = R = 0 with a PASID is a Stop Marker, without one a request like any other
 */
START_TEST(a_stop_marker_is_an_entry_that_nobody_answers)
{
	TELL(machine, "PR ep.1 stop", "! expect page sid=0x100 ssid=1 last=1",
	     "! expect interrupt priq", "! expect nothing", "PR ep.1 stop prgindex=9",
	     "! expect page sid=0x100 ssid=1 last=1 prgindex=9", "! expect interrupt priq",
	     "! expect nothing", "! mmio w32 CR0 0xd", "PR ep.1 stop", "! expect nothing",
	     "PR ep.1 0x0 last", "! expect nothing", "PR ep 0x0 last",
	     "! expect response sid=0x100 resp=failure", "! expect nothing");
}
END_TEST

START_TEST(an_entry_is_compared_whole_as_it_stands_in_memory)
{
	TELL(machine, "PR ep.1 0x5000 read",
	     "-! expect page sid=0x100 ssid=1|R is 0x1, expected 0x0, as the line says nothing of it",
	     "PR ep.1 0x5000 read last",
	     "-! expect page sid=0x100 ssid=1 r=1 last=1 "
	     "pageaddr=0x6000|PageAddr is 0x5000, expected 0x6000",
	     "-! expect page sid=0x100|the SMMU did something else first: interrupt priq");
	TELL(machine, "PR ep.1 0x5000 read", "! w64 0xbffe7000 0x9000000200000100",
	     "-! expect page sid=0x100 ssid=1 r=1 pageaddr=0x5000|SubstreamID is 0x2, expected 0x1");
}
END_TEST

/* ---- Answers ---- */

/* CMD-PRI-RESP: software's answer reaches the endpoint.  4.5.2, 8.3 */
START_TEST(software_answers_the_endpoint)
{
	TELL(machine, "! pri_resp sid=0x100 ssid=1 prgindex=5 resp=success",
	     "! expect response sid=0x100 ssid=1 prgindex=5 resp=success", "! expect nothing",
	     "! pri_resp sid=0x101 prgindex=6 resp=invalid",
	     "! expect response sid=0x101 prgindex=6 resp=invalid|response sid=0x101 prgindex=0x6 "
	     "resp=invalid",
	     "! expect nothing", "! pri_resp sid=0x101 prgindex=6 resp=failure",
	     "-! expect response sid=0x101 prgindex=6|resp is failure, expected success, as the line "
	     "says nothing of it",
	     "! pri_resp sid=0x101 ssid=0 prgindex=0 resp=success",
	     "-! expect response sid=0x101 resp=success|ssid is 0x0, expected not there");
}
END_TEST

/* ATS-06, CMD-PRI-RESP: an endpoint is refused a page, asks software for it, and gets it.  3.9.1, 8
 */
START_TEST(a_page_that_is_not_there_is_asked_for_and_comes)
{
	TELL(machine, "! w64 0xbfffd008 0x0", "AT ep.1 0x1000 8 write expect=noaccess",
	     "PR ep.1 0x1000 read write last prgindex=3",
	     "! expect page sid=0x100 ssid=1 r=1 w=1 last=1 prgindex=3 pageaddr=0x1000",
	     "! expect interrupt priq", "! expect nothing", "! w64 0xbfffd008 0x60000090001f43",
	     "! pri_resp sid=0x100 ssid=1 prgindex=3 resp=success",
	     "! expect response sid=0x100 ssid=1 prgindex=3 resp=success", "! expect nothing",
	     "AT ep.1 0x1000 8 write expect=pa:0x90001000,pas:ns,grant:rw",
	     "TT ep 0x90001000 8 write expect=pa:0x90001000,pas:ns,attr:wb");
}
END_TEST

/* PRIQ-006 to PRIQ-008: in overflow a Last is answered with Success, as if it had
 * been served; the rest is dropped, until software acknowledges.  8.1 */
START_TEST(a_full_queue_answers_for_itself)
{
	TELL(machine, "PR ep 0x1000 read", "PR ep 0x2000 read last prgindex=1",
	     "! mmio r32 PRIQ_PROD expect=2", "PR ep 0x3000 read prgindex=2",
	     "PR ep 0x4000 read last prgindex=2", "PR ep.1 stop", "PR ep.1 0x5000 read last",
	     "PR good.1 0x5000 read last", "PR 0xffff0000.1 0x5000 read last prgindex=8",
	     "! mmio r32 PRIQ_PROD expect=0x80000002",
	     "! expect page sid=0x100 r=1 pageaddr=0x1000", "! expect interrupt priq",
	     "! expect page sid=0x100 r=1 last=1 prgindex=1 pageaddr=0x2000",
	     "! expect response sid=0x100 prgindex=2 resp=success",
	     "! expect response sid=0x100 resp=success", /* PPAR = 0: no PASID */
	     "! expect response sid=0x200 ssid=1 resp=success",
	     "! expect response sid=0xffff0000 prgindex=8 resp=failure", "! expect nothing",
	     "! mmio r32 PRIQ_CONS expect=2", "PR ep 0x6000 read last", /* still in overflow */
	     "! expect response sid=0x100 resp=success", "! expect nothing",
	     "! mmio w32 PRIQ_CONS 0x80000002", "PR ep 0x6000 read last",
	     "! expect page sid=0x100 r=1 last=1 pageaddr=0x6000", "! expect interrupt priq",
	     "! expect nothing", "! mmio r32 PRIQ_CONS expect=0x80000003");
	TELL(MACHINE("ats: true, pri: true, priqs: 4, pps: true", ", pri_queue: {log2size: 0}"),
	     "PR ep 0x1000 read", "! expect anything", "PR ep 0x1000 read", "PR ep 0x1000 read",
	     "PR ep.1 0x5000 read last prgindex=4", "! expect page sid=0x100 r=1 pageaddr=0x1000",
	     "! expect interrupt priq",
	     "! expect response sid=0x100 ssid=1 prgindex=4 resp=success", "! expect nothing");
}
END_TEST

/* PRIQ-010: with PRIQEN = 0 each request is answered with Response Failure, and no PASID.  8.2 */
START_TEST(a_queue_that_is_disabled_refuses)
{
	TELL(MACHINE("ats: true, pri: true, priqs: 4", ", pri_queue: {enabled: false}"),
	     "! mmio r32 CR0 expect=0xd", "PR ep.1 0x1000 read prgindex=2",
	     "! expect response sid=0x100 prgindex=2 resp=failure", "! expect nothing");
}
END_TEST

/* PRIQ-003: what no line names is forgotten and consumed, in its queue. */
START_TEST(entries_that_a_block_leaves_are_consumed)
{
	TELL(machine, "PR ep 0x1000 read", "PR ep 0x2000 read",
	     "R ep.1 0x4000 8 expect=F_TRANSLATION,s2:0,class:IN", "! expect anything",
	     "! mmio r32 PRIQ_CONS expect=2", "! mmio r32 EVENTQ_CONS expect=1",
	     "PR ep 0x3000 read", "R ep.1 0x4000 8 expect=F_TRANSLATION,s2:0,class:IN",
	     "! expect page sid=0x100 r=1 pageaddr=0x3000", "! mmio r32 PRIQ_CONS expect=3",
	     "! mmio r32 EVENTQ_CONS expect=2");
}
END_TEST

/* ---- Where there is none ---- */

START_TEST(a_request_that_cannot_be_is_refused_where_it_is_made)
{
	TELL(MACHINE("ats: true", ""), "-PR ep 0x1000 read|SMMU 'smmu0' has no PRI (IDR0.PRI = 0)");
	TELL(machine, "-PR pe 0x1000 read|there is no master 'pe'",
	     "-PR ep+2 0x1000 read|master 'ep' has 2 StreamIDs, from 0: there is no +2",
	     "-PR ep 0x1000000000000 read|master 'ep' has a bus of 48 bits");
}
END_TEST

START_TEST(a_line_that_is_no_request_is_refused_at_its_place)
{
	REFUSED("PR|3: a master or StreamID is missing", "PR ep|6: a number is missing",
		"PR ep 0x1001 read|7: a page begins at a multiple of 4K",
		"PR ep 0x10000000000000000 read|7: '0x10000000000000000' does not fit 64 bits",
		"PR ep.0x100000 0x1000 read|7: '0x100000' is out of range: at most 0xfffff",
		"PR ep 0x1000 exec|14: 'exec' needs a SubstreamID, which is the PASID",
		"PR ep 0x1000 priv|14: 'priv' needs a SubstreamID, which is the PASID",
		"PR ep stop|7: 'stop' needs a SubstreamID, which is the PASID",
		"PR ep.1 stop read|14: a Stop Marker asks for nothing: 'read'",
		"PR ep 0x1000 read read|19: 'read' is said already",
		"PR ep 0x1000 reed|14: a page request has no 'reed': read, write, exec, priv, last or "
		"prgindex=...; did you mean 'read'?",
		"PR ep 0x1000 prgindex|14: 'prgindex' takes a value: prgindex=...",
		"PR ep 0x1000 prgindex=512|23: '512' is out of range: at most 0x1ff",
		"PR ep 0x1000 prgindex=1 prgindex=1|25: 'prgindex=1' is said already",
		"PR ep 0x1000 read expect=ok|19: a page request has no 'expect=ok': read, write, exec, "
		"priv, last or prgindex=...",
		"! expect page sidd=1|15: PRIQ_ENTRY has no field 'sidd'; did you mean 'sid'?",
		"! expect page pageaddr=1|24: '1' is no multiple of 0x1000",
		"! expect response addr=1|19: response has no 'addr'",
		"! expect response resp=ok|24: 'ok' is no response: success, invalid or failure",
		"! expect response sid=1 sid=1|25: 'sid=1' is said already");
}
END_TEST

/* ---- Its place ---- */

/* Below the Event queue, which is below the tables, at least a page; 2^8 entries unless
 * IDR1.PRIQS has less.  6.3.33 */
START_TEST(the_queue_lies_below_the_others)
{
	struct loading loading = load_good(MACHINE("ats: true, pri: true, priqs: 19", ""));

	ck_assert_uint_eq(reg(&loading, 0, 0xc0, 8) & 0x1f, 8);
	ck_assert_uint_eq(reg(&loading, 0, 0xc0, 8) & 0xffffffffff000,
			  (reg(&loading, 0, 0xa0, 8) & 0xffffffffff000) - 0x1000);
	ck_assert_uint_eq(reg(&loading, 0, 0x24, 4), 0xf);
	ck_assert_uint_eq(reg(&loading, 0, 0x50, 4), 7);
	unload(&loading);
	loading = load_good(MACHINE("ats: true, pri: true", "")); /* PRIQS = 0 */
	ck_assert_uint_eq(reg(&loading, 0, 0xc0, 8) & 0x1f, 0);
	unload(&loading);
	loading = load(MACHINE("ats: true", ", pri_queue: {log2size: 1}"));
	ck_assert_str_eq(loading.said, "3:43: the SMMU has no PRI (IDR0.PRI = 0)\n");
	loading = load(MACHINE("ats: true, pri: true, priqs: 3", ", pri_queue: {log2size: 4}"));
	ck_assert_str_eq(loading.said, "3:75: IDR1.PRIQS allows a queue of 2^3 entries at most\n");
}
END_TEST

static Suite *suite(void)
{
	Suite *const suite = suite_create("platform: page requests");
	TCase *const tests = tcase_create("pages");

	tcase_add_test(tests, a_page_request_is_an_entry_of_the_queue);
	tcase_add_test(tests, a_stop_marker_is_an_entry_that_nobody_answers);
	tcase_add_test(tests, an_entry_is_compared_whole_as_it_stands_in_memory);
	tcase_add_test(tests, software_answers_the_endpoint);
	tcase_add_test(tests, a_page_that_is_not_there_is_asked_for_and_comes);
	tcase_add_test(tests, a_full_queue_answers_for_itself);
	tcase_add_test(tests, a_queue_that_is_disabled_refuses);
	tcase_add_test(tests, entries_that_a_block_leaves_are_consumed);
	tcase_add_test(tests, a_request_that_cannot_be_is_refused_where_it_is_made);
	tcase_add_test(tests, a_line_that_is_no_request_is_refused_at_its_place);
	tcase_add_test(tests, the_queue_lies_below_the_others);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
