/* SPDX-License-Identifier: MIT */
/* The Realm programming interface of a machine, and Realm masters: what a driver makes of them,
 * what traces do and expect.  IHI 0070 3.10.3, 18 */
#include "load.h"
#include "story.h"
#include "support/suite.h"

#include <check.h>

/* A linear Realm Stream table of four STEs.  Tables of Realm memory are taken from 0x60100000
 * downward. */
#define MACHINE(realm, rest)                                                                    \
	"version: 1\n"                                                                          \
	"smmu: [{profile: realm-3.3, realm: {stream_table: {format: linear, log2size: 2}" realm \
	"}}]\n"                                                                                 \
	"memory: [{name: ns_ram, base: 0x80000000, size: 1G}, {name: r_ram, base: 0x60000000, " \
	"size: 1M, pas: realm}, {name: s_ram, base: 0x60000000, size: 1M, pas: secure}]\n" rest

/* ---- What is in memory ---- */

/* STE-41: STE, CD and table; no bit says where they are */
START_TEST(structures_of_realm_masters_are_in_realm_memory)
{
	TELL(MACHINE("",
		     "tables: {t: {stage: 1, va_bits: 21, map: [{va: 0, pa: 0x60002000, size: 4K}]}}\n"
		     "masters: [{name: a, security: realm, stream_id: 3, table: t, asid: 1}]\n"),
	     "! realm: r64 0x600ff000 expect=0x0060000060002f43",
	     "! realm: r64 0x600fefc0 expect=0x600feecb",
	     "! realm: r64 0x600feec8 expect=0x600ff000",
	     "R a 0x10 4 expect=pa:0x60002010,pas:realm,attr:wb");
}
END_TEST

/* NS-16, NS-17: NS of stage 2 is bit 55: set where the output is Non-secure memory, but for what
 * the file says */
START_TEST(leaves_of_stage_2_say_what_is_shared)
{
	TELL(MACHINE("",
		     "tables:\n"
		     "  t: {stage: 2, ipa_bits: 30, map: [{ipa: 0, pa: 0x60002000, size: 4K}, {ipa: "
		     "0x1000, pa: 0x80001000, size: 4K}, {ipa: 0x2000, pa: 0x80002000, size: 4K, ns: "
		     "false}, {ipa: 0x3000, pa: 0x60003000, size: 4K, ns: true}]}\n"
		     "masters: [{name: a, security: realm, stream_id: 0, stage2: t}]\n"),
	     "! realm: r64 0x600fe000 expect=0x00400000600027ff",
	     "! realm: r64 0x600fe008 expect=0x00c00000800017ff",
	     "! realm: r64 0x600fe010 expect=0x00400000800027ff",
	     "! realm: r64 0x600fe018 expect=0x00c00000600037ff",
	     "R a 0x10 4 expect=pa:0x60002010,pas:realm,attr:wb",
	     "R a 0x1010 4 expect=pa:0x80001010,pas:ns,attr:wb",
	     "R a 0x2010 4 expect=pa:0x80002010,pas:realm,attr:wb",
	     "R a 0x3010 4 expect=pa:0x60003010,pas:ns,attr:wb");
}
END_TEST

/* NS-18: of stage 1 those of EL2, in bit 5; what EL1 maps is Realm.  STRW is bits 95:94 */
START_TEST(leaves_of_el2_say_what_is_shared)
{
	TELL(MACHINE("",
		     "tables:\n"
		     "  el1: {stage: 1, va_bits: 21, map: [{va: 0, pa: 0x80001000, size: 4K}]}\n"
		     "  el2: {stage: 1, va_bits: 21, map: [{va: 0, pa: 0x80001000, size: 4K}, {va: "
		     "0x1000, pa: 0x60001000, size: 4K}]}\n"
		     "masters: [{name: a, security: realm, stream_id: 0, table: el1},"
		     " {name: b, security: realm, stream_id: 1, table: el2, world: el2}]\n"),
	     "! realm: r64 0x600ff000 expect=0x0060000080001f43",
	     "! realm: r64 0x600fe000 expect=0x0060000080001f63",
	     "! realm: r64 0x600fe008 expect=0x0060000060001f43",
	     "! realm: r64 0x600fdf48 expect=0x80000000/0xc0000000",
	     "R a 0x10 4 expect=pa:0x80001010,pas:realm,attr:wb",
	     "R b 0x10 4 expect=pa:0x80001010,pas:ns,attr:wb",
	     "R b 0x1010 4 expect=pa:0x60001010,pas:realm,attr:wb");
}
END_TEST

/* 3.10.3: behind stage 2 all of them have Realm IPAs, in Realm memory */
START_TEST(guests_of_realms_have_their_structures_at_ipas)
{
	TELL(MACHINE("",
		     "tables:\n"
		     "  s2: {stage: 2, vmid: 5, ipa_bits: 30, map: [{ipa: 0x100000, pa: 0x60008000, size: "
		     "8K}, {ipa: 0x200000, pa: 0x80001000, size: 4K}]}\n"
		     "  t: {stage: 1, va_bits: 21, at_ipa: 0x100000, map: [{va: 0, ipa: 0x200000, size: "
		     "4K}, {va: 0x1000, ipa: 0x300000, size: 4K}]}\n"
		     "masters: [{name: a, security: realm, stream_id: 0, table: t, stage2: s2, "
		     "cd_at_ipa: 0x101000}]\n"),
	     "! realm: r64 0x60008000 expect=0x0060000000200f43",
	     "! realm: r64 0x60009008 expect=0x100000",
	     "R a 0x10 4 expect=pa:0x80001010,pas:ns,attr:wb",
	     "R a 0x1010 4 expect=F_TRANSLATION,s2:1,class:IN,ipa:0x300010");
}
END_TEST

/* STE-05, 3.10.1: bypass goes by NSCFG, or by what is driven; MECID is bits 319:304 */
START_TEST(bypass_goes_by_nscfg)
{
	TELL(MACHINE("",
		     "masters:\n"
		     "  - {name: a, security: realm, stream_id: 0, mode: bypass}\n"
		     "  - {name: b, security: realm, ns: true, stream_id: 1, mode: bypass}\n"
		     "  - {name: c, security: realm, ns: true, stream_id: 2, mode: bypass, ste: {NSCFG: 2, "
		     "MECID: 9}}\n"
		     "  - {name: d, security: realm, stream_id: 3, mode: bypass, ste: {NSCFG: 3, MECID: 9}}\n"),
	     "! realm: r64 0x600fffa0 expect=0x0009000000000000",
	     "R a 0x1000 4 expect=pa:0x1000,pas:realm,attr:wb,mecid:0",
	     "R a 0x1000 4 ns=1 expect=pa:0x1000,pas:ns,attr:wb",
	     "R b 0x1000 4 expect=pa:0x1000,pas:ns,attr:wb",
	     "R c 0x1000 4 expect=pa:0x1000,pas:realm,attr:wb,mecid:9",
	     "-R c 0x1000 4 expect=pa:0x1000,pas:realm,attr:wb,mecid:8|MECID is 0x9, expected 0x8",
	     "R d 0x1000 4 expect=pa:0x1000,pas:ns,attr:wb,mecid:0");
}
END_TEST

/* ---- What is in registers ---- */

/* CR0: SMMUEN 0, PRIQEN 1, EVENTQEN 2, CMDQEN 3, ATSCHK 4, which is 1; CR2.RECINVSID 1; IRQ_CTRL:
 * GERROR 0, PRIQ 1, EVENTQ 2; GBPA.ABORT 20.  Queues of 2^8 commands, 2^10 records, 2^8 page
 * requests.  6.3.122 to 6.3.163 */
START_TEST(a_driver_programs_the_realm_interface)
{
	TELL(MACHINE("", ""), "! realm: mmio r32 R_CR0 expect=0x1f",
	     "! realm: mmio r32 R_CR0ACK expect=0x1f", "! realm: mmio r32 R_CR1 expect=0xd75",
	     "! realm: mmio r32 R_CR2 expect=2",
	     "! realm: mmio r64 R_STRTAB_BASE expect=0x40000000600fff00",
	     "! realm: mmio r32 R_STRTAB_BASE_CFG expect=2",
	     "! realm: mmio r64 R_CMDQ_BASE expect=0x40000000600fe008",
	     "! realm: mmio r64 R_EVENTQ_BASE expect=0x40000000600f000a",
	     "! realm: mmio r64 R_PRIQ_BASE expect=0x40000000600ef008",
	     "! realm: mmio r32 R_IRQ_CTRL expect=7",
	     "! realm: mmio r32 R_GBPA expect=0x100000/0x100000",
	     "! realm: mmio r32 R_GMECID expect=0", "! mmio r32 R_CR0 expect=0");
}
END_TEST

/* CMD_TLBI_EL2_ALL, CMD_CFGI_ALL, CMD_TLBI_NSNH_ALL, CMD_SYNC.  4.3.6, 4.4.2.7, 4.4.4.1, 4.7.3 */
START_TEST(its_driver_forgets_what_caches_hold)
{
	TELL(MACHINE("", ""), "! realm: r64 0x600fe000 expect=0x20",
	     "! realm: r64 0x600fe010 expect=4", "! realm: r64 0x600fe018 expect=31",
	     "! realm: r64 0x600fe020 expect=0x30", "! realm: r64 0x600fe030 expect=0x46",
	     "! realm: mmio r32 R_CMDQ_CONS expect=4", "! realm: mmio r32 R_GERROR expect=0");
}
END_TEST

/* E2H 0; GMECID 15:0.  6.3.133, 6.3.162 */
START_TEST(its_keys_are_as_given)
{
	TELL(MACHINE(", enabled: false, recinvsid: false, e2h: true, mecid: 0xabc, table_attr: nc, table_sh: "
		     "osh, event_queue: {enabled: false}, pri_queue: {enabled: false}, command_queue: "
		     "{log2size: 3}",
		     ""),
	     "! realm: mmio r32 R_CR0 expect=0x18", "! realm: mmio r32 R_CR2 expect=1",
	     "! realm: mmio r32 R_GMECID expect=0xabc", "! realm: mmio r32 R_CR1 expect=0x835",
	     "! realm: mmio r64 R_CMDQ_BASE expect=0x40000000600fe003",
	     "! realm: mmio r32 R_IRQ_CTRL expect=1", "R 0 0x1000 4 realm expect=abort");
}
END_TEST

/* 3.10.3 */
START_TEST(with_a_realm_master_it_is_programmed_though_nothing_is_said_of_it)
{
	TELL("version: 1\nsmmu: [{profile: realm-3.3}]\n"
	     "memory: [{name: n, base: 0, size: 1M}, {name: r, base: 2G, size: 1M, pas: realm}]\n"
	     "masters: [{name: a, security: realm, stream_id: 0x123, mode: bypass}]\n",
	     "! realm: mmio r32 R_CR0 expect=0x1f",
	     "R a 0x1000 4 expect=pa:0x1000,pas:realm,attr:wb");
	TELL("version: 1\nsmmu: [{profile: realm-3.3}]\nmasters: []\n",
	     "! realm: mmio r32 R_CR0 expect=0x10");
}
END_TEST

/* ---- What traces do ---- */

#define BYPASS "masters: [{name: a, security: realm, stream_id: 3, mode: bypass}]\n"

/* 7.2, 3.18: each state has its Event queue and wires, and errors of its Command queue */
START_TEST(what_the_realm_interface_does_is_expected_of_it)
{
	TELL(MACHINE("", BYPASS), "R 1 0 4 realm expect=C_BAD_STE", "! expect no-event",
	     "! secure: expect no-event", "! realm: expect event C_BAD_STE sid=1",
	     "! realm: expect prod 1", "! realm: expect interrupt eventq", "! expect nothing",
	     "! realm: tlbi nh_asid asid=1", "! realm: sync irq",
	     "! realm: expect invalidation stage1 asid=1 vmid=0",
	     "! realm: expect interrupt cmd_sync", "! expect nothing",
	     "! realm: cmd 0xff 0 expect=CERROR_ILL", "! realm: expect gerror CMDQ_ERR",
	     "! realm: expect interrupt gerror", "! expect nothing",
	     "! realm: sync expect=waiting|waiting: GERROR.CMDQ_ERR is active", "! sync",
	     "! realm: recover", "! realm: cfgi ste sid=3",
	     "! realm: expect invalidation stream sid=3", "! expect nothing",
	     "! realm: tlbi s_el2_all expect=CERROR_ILL", "! realm: recover");
}
END_TEST

START_TEST(an_smmu_without_a_realm_state_has_no_realm_interface)
{
	TELL("version: 1\nmasters: []\n", "-! realm: sync|the SMMU has no Realm state",
	     "-! realm: expect nothing|the SMMU has no Realm state");
}
END_TEST

/* 3.9.1, 8: an endpoint of a realm and a Non-secure one of the same StreamID, each with its ATC;
 * what Realm software says is about its own */
START_TEST(endpoints_of_realms_have_ats_and_pri)
{
	TELL(MACHINE("",
		     "masters:\n"
		     "  - {name: ep, security: realm, stream_id: 2, atc: {entries: 4}, ste: {EATS: 1, MECID: "
		     "3}, map: [{va: 0x1000, pa: 0x60001000, size: 4K}]}\n"
		     "  - {name: other, stream_id: 2, atc: {entries: 4}, ste: {EATS: 1}, map: [{va: 0x1000, "
		     "pa: 0x80001000, size: 4K}]}\n"),
	     "R ep 0x1000 8 expect=pa:0x60001000,pas:realm,attr:wb,sh:nsh,atc:asked",
	     "R other 0x1000 8 expect=pa:0x80001000,pas:ns,attr:wb,sh:nsh,atc:asked",
	     "! realm: atc_inv sid=2 va=0x1000", "! realm: sync",
	     "! realm: expect atc_inv sid=2 addr=0x1000 bytes=0x1000", "! expect nothing",
	     "R ep 0x1000 8 expect=pa:0x60001000,pas:realm,attr:wb,sh:nsh,atc:asked",
	     "R other 0x1000 8 expect=pa:0x80001000,pas:ns,attr:wb,sh:nsh,atc:hit",
	     "AT ep 0x1000 4096 expect=pa:0x60001000,pas:realm,grant:rw",
	     "PR ep 0x5000 read last prgindex=3", "! expect no-page",
	     "! realm: expect page sid=2 r=1 last=1 prgindex=3 pageaddr=0x5000",
	     "! realm: expect interrupt priq", "! expect nothing",
	     "! realm: mmio r32 R_PRIQ_CONS expect=1",
	     "! realm: pri_resp sid=2 prgindex=3 resp=success",
	     "! realm: expect response sid=2 prgindex=3 resp=success", "! expect nothing");
}
END_TEST

/* ---- Captures ---- */

/* 6.3.122: BA_REALM = 2 puts the pages at 0x40000.  R_CR0 stands before what it
 * guards; the Stream table is in a page of Realm memory, its STE 0 bypasses */
START_TEST(a_capture_may_have_realm_registers)
{
	static char data[4096] = { 9 };
	static const struct text_file files[] = {
		{ "r.csv",
		  "0x0,32,0x48dff63b\n0x4,32,0x0e739d20\n0xc,32,0x0001f73c\n0x14,32,0x01000476\n0x1c,32,3\n"
		  "0x8000,32,0x2000\n0x8004,32,0xa0000020\n0x8008,32,1\n0xa0000,32,0x0080000f\n"
		  "0x40000,32,0x01012400\n0x40004,32,0x80000000\n0x4000c,32,0x00018000\n"
		  "0x40220,32,0xf\n0x40020,32,1\n0x40028,32,0xd75\n0x40080,64,0x60001000\n"
		  "0x40088,32,1\n0x40228,32,5\n0x20,32,0\n0x44,32,0x1000\n",
		  0 },
		{ "i.csv", "0x60001000,0,x\n", 0 },
		{ "d.bin", data, sizeof(data) },
		{ NULL, NULL, 0 },
	};
	static const char *const lines[] = {
		"R dev 0x1234 4 expect=pa:0x1234,pas:realm,attr:wb",
		"! realm: r64 0x60001000 expect=9",
	};
	struct loading loading = load_with(
		"version: 1\nsmmu: [{registers: r.csv, image: {index: i.csv, data: d.bin}}]\n"
		"memory: [{name: r, base: 0x60000000, size: 64K, pas: realm}]\n"
		"masters: [{name: dev, security: realm, stream_id: 0}]\n",
		files);

	ck_assert_str_eq(loading.said, "");
	ALL(&loading, lines);
	unload(&loading);
}
END_TEST

/* ---- Mistakes ---- */

struct mistake {
	const char *text, *said;
};

static const struct mistake mistakes[] = {
	{ "version: 1\nsmmu: [{realm: {mecid: 1}}]\n",
	  "2:16: SMMU 'smmu0' has no Realm state; that of 'profile: realm-3.3' has one\n" },
	{ MACHINE(", bypass: {abort: true}", ""), "2:82: unknown key 'bypass' of realm\n" },
	{ "version: 1\nsmmu: [{profile: realm-3.3, idr: {R_MECIDR: 3}, realm: {mecid: 16}}]\n"
	  "memory: [{name: n, base: 0, size: 1M}, {name: r, base: 2G, size: 1M, pas: realm}]\n",
	  "2:64: the SMMU has MECIDs up to 0xf (R_MECIDR)\n" },
	{ "version: 1\nsmmu: [{profile: realm-3.3, realm: {}}]\n",
	  "2:36: there is no Realm memory for the tables\n" },
	{ MACHINE(", tables_in: ns_ram", ""), "2:93: there is no Realm memory 'ns_ram'\n" },
	{ MACHINE("", "tables: {t: {stage: 1, tables_in: ns_ram, map: []}}\n"
		      "masters: [{name: a, security: realm, stream_id: 0, table: t}]\n"),
	  "4:35: there is no Realm memory 'ns_ram'\n" },
	{ MACHINE("",
		  "tables: {t: {stage: 1, map: []}}\n"
		  "masters: [{name: a, security: realm, stream_id: 0, table: t}, {name: b, stream_id: 0, "
		  "table: t}]\n"),
	  "5:63: table 't' is in Realm memory, for the master of line 5: no other finds it\n" },
	{ MACHINE("",
		  "masters: [{name: a, security: realm, stream_id: 0, map: [{va: 0, pa: 0x50000000, "
		  "size: 4K}]}]\n"),
	  "4:70: 0x50000000 to 0x50000fff is not all in Non-secure memory, nor all in Realm memory\n" },
	{ MACHINE("",
		  "tables: {t: {stage: 2, map: [{ipa: 0, pa: 0x80000000, size: 4K, ns: true}]}}\n"
		  "masters: [{name: b, stream_id: 0, stage2: t}]\n"),
	  "4:69: 'ns' of stage 2 is of tables that Realm masters use\n" },
	{ MACHINE("", "masters: [{name: a, security: realm, stream_id: 0, world: el3, map: []}]\n"),
	  "4:59: streams of EL3 are Secure: 'security: secure'\n" },
	{ MACHINE("",
		  "masters: [{name: a, security: secure, stream_id: 0, world: el3, map: []}]\n"),
	  "4:60: Secure streams have no world of EL3 on an SMMU with RME (IDR0.RME_IMPL = 1)\n" },
	{ MACHINE("", "masters: [{name: a, security: realm, stream_id: 4, mode: abort}]\n"),
	  "4:49: StreamID 0x4 is beyond the Realm Stream table of 'smmu0', which has 2^2 entries\n" },
};

START_TEST(each_mistake_is_named_at_its_place)
{
	const struct mistake *const row = &mistakes[_i];
	struct loading loading = load(row->text);

	ck_assert_str_eq(loading.said, row->said);
	ck_assert_int_eq(loading.code, -SMMU3_E_FORMAT);
	ck_assert_ptr_null(loading.machine);
}
END_TEST

static Suite *suite(void)
{
	Suite *const suite = suite_create("platform: the Realm state");
	TCase *const tests = tcase_create("realm");

	tcase_add_test(tests, structures_of_realm_masters_are_in_realm_memory);
	tcase_add_test(tests, leaves_of_stage_2_say_what_is_shared);
	tcase_add_test(tests, leaves_of_el2_say_what_is_shared);
	tcase_add_test(tests, guests_of_realms_have_their_structures_at_ipas);
	tcase_add_test(tests, bypass_goes_by_nscfg);
	tcase_add_test(tests, a_driver_programs_the_realm_interface);
	tcase_add_test(tests, its_driver_forgets_what_caches_hold);
	tcase_add_test(tests, its_keys_are_as_given);
	tcase_add_test(tests, with_a_realm_master_it_is_programmed_though_nothing_is_said_of_it);
	tcase_add_test(tests, what_the_realm_interface_does_is_expected_of_it);
	tcase_add_test(tests, an_smmu_without_a_realm_state_has_no_realm_interface);
	tcase_add_test(tests, endpoints_of_realms_have_ats_and_pri);
	tcase_add_test(tests, a_capture_may_have_realm_registers);
	tcase_add_loop_test(tests, each_mistake_is_named_at_its_place, 0,
			    (int)(sizeof(mistakes) / sizeof(mistakes[0])));
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
