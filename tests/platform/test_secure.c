/* SPDX-License-Identifier: MIT */
/* The Secure programming interface of a machine: what a driver makes of it, and what traces do and
 * expect there.  IHI 0070 3.10 */
#include "load.h"
#include "story.h"
#include "support/suite.h"

#include <check.h>
#include <smmu/inspect.h>
#include <stdio.h>
#include <string.h>

/* A linear Secure Stream table of four STEs.  Tables of Secure masters come first, from 0x70100000
 * downward, a page each; then the Stream table, CDs and queues. */
#define MACHINE(features, secure, rest)                                                  \
	"version: 1\n"                                                                   \
	"smmu: [{features: {secure: true" features "}, secure: {stream_table: {format: " \
	"linear, log2size: 2}" secure "}}]\n"                                            \
	"memory:\n"                                                                      \
	"  - {name: ns_ram, base: 0x80000000, size: 1G}\n"                               \
	"  - {name: s_ram, base: 0x70000000, size: 1M, pas: secure}\n"                   \
	"  - {name: s_high, base: 0x100000000, size: 1M, pas: secure}\n" rest

#define TABLES                                                                  \
	"tables:\n"                                                             \
	"  t: {stage: 1, va_bits: 21, map: [{va: 0, pa: 0x80001000, size: 4K}," \
	" {va: 0x1000, pa: 0x70002000, size: 4K},"                              \
	" {va: 0x2000, pa: 0x80003000, size: 4K, ns: false},"                   \
	" {va: 0x3000, pa: 0x70004000, size: 4K, ns: true}]}\n"

static const char machine[] = MACHINE(
	"", "",
	TABLES "masters:\n"
	       "  - {name: sdhc, security: secure, stream_id: 3, table: t, asid: 1}\n"
	       "  - {name: dma, stream_id: 3, mode: bypass}\n");

/* ---- What is in memory ---- */

/* NS is bit 5 of a descriptor: set where the output is Non-secure memory, but for what the file
 * says.  D8.3.1.2 */
START_TEST(a_secure_masters_tables_say_which_pages_are_non_secure)
{
	TELL(machine, "! secure: r64 0x700ff000 expect=0x0060000080001f63",
	     "! secure: r64 0x700ff008 expect=0x0060000070002f43",
	     "! secure: r64 0x700ff010 expect=0x0060000080003f43",
	     "! secure: r64 0x700ff018 expect=0x0060000070004f63");
}
END_TEST

/* Where both spaces have memory at an address, it is Secure memory for who may choose.  3.10.2 */
START_TEST(an_address_of_both_spaces_is_secure)
{
	TELL("version: 1\nsmmu: [{features: {secure: true}}]\n"
	     "memory: [{name: n, base: 0, size: 1M}, {name: s, base: 0, size: 1M, pas: secure}]\n"
	     "tables: {t: {stage: 1, va_bits: 21, map: [{va: 0, pa: 0, size: 4K}]}}\n"
	     "masters: [{name: a, security: secure, stream_id: 0, table: t}]\n",
	     "! secure: r64 0xff000 expect=0x0060000000000f43");
}
END_TEST

/* CD.NSCFG0 is bit 64; STE.S1ContextPtr, Config, V.  5.2, 5.4 */
START_TEST(a_cd_says_where_a_secure_masters_table_is)
{
	TELL(machine, "! secure: r64 0x700fefc0 expect=0x700feecb",
	     "! secure: r64 0x700feec8 expect=0x700ff000");
}
END_TEST

/* CD.NSCFG0 = 1: all that it maps is Non-secure, whatever NS says, and so it says 0.  3.10.2.2, 5.4
 */
START_TEST(a_secure_masters_table_may_be_in_non_secure_memory)
{
	static const char text[] = MACHINE(
		"", "",
		"tables: {open: {stage: 1, va_bits: 21, tables_in: ns_ram, map: [{va: 0, pa: "
		"0x80001000, size: 4K}, {va: 0x1000, pa: 0x70002000, size: 4K}]}}\n"
		"masters: [{name: a, security: secure, stream_id: 0, table: open},"
		" {name: b, security: secure, stream_id: 1, table: open, cd: {NSCFG0: 0}}]\n");

	TELL(text, "! r64 0xbffff000 expect=0x0060000080001f43",
	     "! r64 0xbffff008 expect=0x0060000070002f43",
	     "! secure: r64 0x700fff00 expect=0x700ffecb",
	     "! secure: r64 0x700ffec8 expect=0xbffff001",
	     "! secure: r64 0x700fff40 expect=0x700ffe8b",
	     "! secure: r64 0x700ffe88 expect=0xbffff000");
}
END_TEST

/* NSCFG1 is bit 128.  5.4 */
START_TEST(so_does_that_of_the_upper_half)
{
	static const char text[] = MACHINE(
		"", "",
		"tables: {u: {stage: 1, va_bits: 21, upper: true, tables_in: ns_ram, map: []}}\n"
		"masters: [{name: a, security: secure, stream_id: 0, table_upper: u}]\n");

	TELL(text, "! secure: r64 0x700ffec8 expect=0",
	     "! secure: r64 0x700ffed0 expect=0xbffff001");
}
END_TEST

/* 3.10.2, 5.4: Non-secure streams read Non-secure memory alone, and their CDs say nothing of it */
START_TEST(a_table_of_both_states_is_in_non_secure_memory)
{
	static const char text[] = MACHINE(
		"", "",
		"tables: {t: {stage: 1, va_bits: 21, map: [{va: 0, pa: 0x80001000, size: 4K}]}}\n"
		"masters: [{name: a, security: secure, stream_id: 0, table: t},"
		" {name: b, stream_id: 0, table: t}]\n");

	TELL(text, "! r64 0xbffff000 expect=0x0060000080001f43",
	     "! secure: r64 0x700ffec8 expect=0xbffff001",
	     "! mmio r64 STRTAB_BASE expect=0x40000000bfffe800",
	     "! r64 0xbfffe800 expect=0xbfff8009", "! r64 0xbfff8000 expect=0xbfffe7cb",
	     "! r64 0xbfffe7c8 expect=0xbffff000");
}
END_TEST

/* 3.10.2 */
START_TEST(secure_tables_may_be_in_a_memory_of_that_name)
{
	static const char text[] = MACHINE(
		"", ", tables_in: s_high",
		"tables: {t: {stage: 1, va_bits: 21, tables_in: s_high, map: []}}\n"
		"masters: [{name: a, security: secure, stream_id: 0, table: t},"
		" {name: b, security: secure, stream_id: 1, map: []}]\n");

	TELL(text, "! secure: mmio r64 S_STRTAB_BASE expect=0x40000001000fef00",
	     "! secure: r64 0x1000feec8 expect=0x1000ff000");
}
END_TEST

static int note_mapping(void *context, const struct smmu3_mapping *mapping)
{
	char *const said = context;

	(void)snprintf(said + strlen(said), 100 - strlen(said), "%s%s ",
		       mapping->pas == SMMU3_PAS_SECURE ? "s" : "ns", mapping->global ? "g" : "");
	return 0;
}

static void expect_mappings(struct loading *loading, unsigned sid, const char *expected)
{
	char said[100] = "";

	ck_assert_int_eq(smmu3_inspect_mappings(smmu3_machine_smmu(loading->machine, 0),
						SMMU3_PAS_SECURE, sid, 0, 1, 10000, note_mapping,
						said),
			 0);
	ck_assert_str_eq(said, expected);
}

/* inspect.h.  D8.4, 3.17.1: by NS in Secure tables, whatever it says in others, where nothing is
 * global */
START_TEST(mappings_say_in_which_space_they_end)
{
	struct loading loading = load_good(MACHINE(
		"", "",
		"tables:\n"
		"  t: {stage: 1, va_bits: 21, map: [{va: 0, pa: 0x80001000, size: 4K}, {va: 0x1000, pa: "
		"0x70002000, size: 4K, ng: false}]}\n"
		"  open: {stage: 1, va_bits: 21, tables_in: ns_ram, map: [{va: 0, pa: 0x80001000, size: 4K, "
		"ng: false}, {va: 0x1000, pa: 0x70002000, size: 4K}]}\n"
		"masters: [{name: a, security: secure, stream_id: 0, table: t},"
		" {name: b, security: secure, stream_id: 1, table: open}]\n"));

	expect_mappings(&loading, 0, "ns sg ");
	expect_mappings(&loading, 1, "ns ns ");
	unload(&loading);
}
END_TEST

/* 5.2: STRW is bits 95:94 */
START_TEST(with_a_secure_el2_there_are_streams_of_it)
{
	TELL("version: 1\nsmmu: [{profile: secure-3.3, secure: {stream_table: {format: linear, log2size: 2}}}]\n"
	     "memory: [{name: n, base: 0x80000000, size: 1M}, {name: s, base: 0x70000000, size: 1M, pas: secure}]\n"
	     "tables: {t: {stage: 1, va_bits: 21, map: [{va: 0, pa: 0x70002000, size: 4K, user: false}]}}\n"
	     "masters: [{name: a, security: secure, world: el2, stream_id: 0, table: t},"
	     " {name: b, security: secure, stream_id: 1, table: t}]\n",
	     "! secure: r64 0x700fef08 expect=0x80000000/0xc0000000",
	     "! secure: r64 0x700fef48 expect=0/0xc0000000",
	     "R a 0x10 4 priv expect=pa:0x70002010,pas:secure,attr:wb");
}
END_TEST

/* ---- What is in registers ---- */

/* CR0: SMMUEN 0, EVENTQEN 2, CMDQEN 3; CR1 as without; CR2.RECINVSID 1; IRQ_CTRL: GERROR 0,
 * EVENTQ 2. The queues have 2^8 entries of 16 bytes, 2^10 of 32.  3.10.2, 6.3.57 to 6.3.80 */
START_TEST(a_driver_programs_the_secure_interface)
{
	TELL(machine, "! secure: mmio r32 S_CR0 expect=0xd",
	     "! secure: mmio r32 S_CR0ACK expect=0xd", "! secure: mmio r32 S_CR1 expect=0xd75",
	     "! secure: mmio r32 S_CR2 expect=2",
	     "! secure: mmio r64 S_STRTAB_BASE expect=0x40000000700fef00",
	     "! secure: mmio r32 S_STRTAB_BASE_CFG expect=2",
	     "! secure: mmio r64 S_CMDQ_BASE expect=0x40000000700fd008",
	     "! secure: mmio r64 S_EVENTQ_BASE expect=0x40000000700f000a",
	     "! secure: mmio r32 S_IRQ_CTRL expect=5", "! secure: mmio r32 S_INIT expect=0",
	     "! secure: mmio r32 S_GBPA expect=0x1000", "! mmio r32 CR0 expect=0xd",
	     "! mmio r32 S_CR0 expect=0");
}
END_TEST

/* CMD_CFGI_ALL with SSec, bit 10; CMD_TLBI_NH_ALL; CMD_SYNC.  4.3.6, 4.4.2.1, 4.7.3 */
START_TEST(its_driver_forgets_what_caches_hold)
{
	TELL(machine, "! secure: r64 0x700fd000 expect=0x404", "! secure: r64 0x700fd008 expect=31",
	     "! secure: r64 0x700fd010 expect=0x10", "! secure: r64 0x700fd020 expect=0x46",
	     "! secure: mmio r32 S_CMDQ_CONS expect=3", "! secure: mmio r32 S_GERROR expect=0",
	     "! mmio r32 CMDQ_CONS expect=3");
}
END_TEST

/* GBPA: NSCFG 15:14, SHCFG 13:12.  CR0: SIF 5.  6.3.57, 6.3.62 */
START_TEST(its_keys_are_as_given)
{
	static const char text[] = MACHINE(
		"",
		", enabled: false, bypass: {nscfg: 3, abort: true}, recinvsid: false, table_attr: nc, "
		"table_sh: osh, event_queue: {enabled: false}, command_queue: {log2size: 3}, sif: true",
		"masters: []\n");

	TELL(text, "! secure: mmio r32 S_CR0 expect=0x28",
	     "! secure: mmio r32 S_GBPA expect=0x10d000", "! secure: mmio r32 S_CR1 expect=0x835",
	     "! secure: mmio r32 S_CR2 expect=0",
	     "! secure: mmio r64 S_CMDQ_BASE expect=0x40000000700fe003",
	     "! secure: mmio r32 S_IRQ_CTRL expect=1", "! mmio r32 CR0 expect=0xd",
	     "! mmio r32 GBPA expect=0x1000");
}
END_TEST

/* NSSTALLD is bit 9.  6.3.57 */
START_TEST(non_secure_stalls_can_be_forbidden)
{
	TELL(MACHINE(", stall_model: 0, stall_max: 4", ", nsstalld: true", "masters: []\n"),
	     "! secure: mmio r32 S_CR0 expect=0x20d");
}
END_TEST

/* 3.10.1 */
START_TEST(without_a_secure_master_it_is_left_as_at_reset)
{
	TELL("version: 1\nsmmu: [{features: {secure: true}}]\nmasters: []\n",
	     "! secure: mmio r32 S_CR0 expect=0", "! secure: mmio r32 S_CR2 expect=0",
	     "! secure: mmio r64 S_STRTAB_BASE expect=0", "! mmio r32 CR0 expect=0xd");
}
END_TEST

START_TEST(with_one_it_is_programmed_though_nothing_is_said_of_it)
{
	TELL("version: 1\nsmmu: [{features: {secure: true}}]\n"
	     "memory: [{name: n, base: 0, size: 1M}, {name: s, base: 2G, size: 1M, pas: secure}]\n"
	     "masters: [{name: a, security: secure, stream_id: 0x123, mode: bypass}]\n",
	     "! secure: mmio r32 S_CR0 expect=0xd",
	     "! secure: mmio r64 S_STRTAB_BASE expect=0x40000000800ff800",
	     "! secure: mmio r32 S_STRTAB_BASE_CFG expect=0x10210");
}
END_TEST

/* S_IDR1: SECURE_IMPL 31, S_SIDSIZE 5:0; S_IDR0: STALL_MODEL 25:24, MSI 13.  6.3.52, 6.3.53 */
START_TEST(a_secure_state_is_like_the_other_where_nothing_is_said)
{
	struct loading loading = load_good(
		"version: 1\nsmmu:\n  - {name: a, features: {sid_bits: 5, secure: true}}\n"
		"  - {name: b, features: {secure: true, s_sid_bits: 7, s_msi: true, msi: true, stall_model: 0, "
		"stall_max: 2}}\n  - {name: c, features: {secure: false}}\n");
	const struct smmu3_config *const a = smmu3_machine_smmu_config(loading.machine, 0);
	const struct smmu3_config *const b = smmu3_machine_smmu_config(loading.machine, 1);
	const struct smmu3_config *const c = smmu3_machine_smmu_config(loading.machine, 2);

	ck_assert_uint_eq(a->s_idr[1], 0x80000005);
	ck_assert_uint_eq(a->s_idr[0], 0x01000000);
	ck_assert_uint_eq(b->s_idr[1], 0x80000007);
	ck_assert_uint_eq(b->s_idr[0], 0x00002000);
	ck_assert_uint_eq(c->s_idr[1], 0);
	ck_assert_uint_eq(c->s_idr[0], 0);
	unload(&loading);
}
END_TEST

/* One that was there before keeps its StreamIDs, and follows the stall model: 6.3.52 */
START_TEST(a_secure_state_follows_the_stall_model)
{
	static const struct text_file files[] = {
		{ "r.csv",
		  "0x0,32,0x094c101b\n0x4,32,0x0e730510\n0xc,32,0x1714\n0x14,32,0x476\n0x1c,32,1\n"
		  "0x8000,32,0x01000000\n0x8004,32,0x80000003\n",
		  0 },
		{ NULL, NULL, 0 },
	};
	struct loading loading = load_with(
		"version: 1\nsmmu: [{registers: r.csv, features: {stall_model: 0, stall_max: 4}}]\n",
		files);

	ck_assert_str_eq(loading.said, "");
	ck_assert_uint_eq(smmu3_machine_smmu_config(loading.machine, 0)->s_idr[0], 0);
	ck_assert_uint_eq(smmu3_machine_smmu_config(loading.machine, 0)->s_idr[1], 0x80000003);
	unload(&loading);
}
END_TEST

/* 6.3.53: S_IDR1.S_SIDSIZE */
START_TEST(secure_stream_ids_have_bits_of_their_own)
{
	TELL("version: 1\nsmmu: [{features: {secure: true, s_sid_bits: 3}}]\n"
	     "memory: [{name: n, base: 0, size: 1M}, {name: s, base: 2G, size: 1M, pas: secure}]\n"
	     "masters: [{name: a, security: secure, stream_id: 7, mode: bypass}]\n",
	     "! secure: mmio r32 S_STRTAB_BASE_CFG expect=3",
	     "! mmio r32 STRTAB_BASE_CFG expect=0x10210");
}
END_TEST

START_TEST(a_stream_id_may_be_one_of_each_state)
{
	struct loading loading = load_good(machine);

	ck_assert_uint_eq(smmu3_machine_find(loading.machine, "sdhc")->sec_sid, SMMU3_PAS_SECURE);
	ck_assert_uint_eq(smmu3_machine_find(loading.machine, "dma")->sec_sid, SMMU3_PAS_NS);
	ck_assert_uint_eq(smmu3_machine_find(loading.machine, "dma")->sid, 3);
	unload(&loading);
}
END_TEST

/* ---- What traces do ---- */

/* 6.3.66: an error of the Secure queue is in S_GERROR, and leaves the other queue alone */
START_TEST(a_secure_command_is_queued_in_the_secure_queue)
{
	TELL(machine, "! secure: tlbi nh_asid asid=1", "! secure: sync",
	     "! secure: expect invalidation stage1 asid=1", "! expect nothing",
	     "! tlbi nh_asid asid=1", "! secure: expect no-invalidation",
	     "! expect invalidation stage1 asid=1 vmid=0", "! expect nothing",
	     "! secure: cmd 0xff 0 expect=CERROR_ILL", "! secure: expect gerror CMDQ_ERR",
	     "! secure: expect interrupt gerror", "! expect nothing",
	     "! secure: sync expect=waiting|waiting: GERROR.CMDQ_ERR is active", "! sync",
	     "-! recover|GERROR.CMDQ_ERR is not active", "! secure: recover",
	     "! secure: mmio r32 S_GERRORN expect=1", "! mmio r32 GERRORN expect=0",
	     "! secure: sync irq", "-! expect interrupt cmd_sync|the SMMU did something else first",
	     "! secure: sync irq", "! secure: expect interrupt cmd_sync", "! expect nothing");
}
END_TEST

/* 4.1.6: SSec = 0 in the Secure queue is about Non-secure streams */
START_TEST(a_secure_command_may_be_about_non_secure_streams)
{
	TELL(machine, "! secure: cfgi ste sid=3", "! secure: expect invalidation stream sid=3",
	     "! expect nothing", "! secure: cfgi ste sid=3 ssec=0",
	     "! expect invalidation stream sid=3", "! expect nothing",
	     "! cfgi ste sid=3 ssec=1 expect=CERROR_ILL");
}
END_TEST

/* 6.3.62 */
START_TEST(secure_software_invalidates_everything)
{
	TELL(MACHINE("", ", enabled: false", "masters: []\n"), "! mmio w32 CR0 0xc",
	     "! secure: mmio w32 S_INIT 1",
	     "! secure: expect invalidation all|secure: invalidation all", "! expect nothing");
}
END_TEST

START_TEST(an_smmu_without_a_secure_state_has_no_secure_interface)
{
	TELL("version: 1\nmasters: []\n", "-! secure: sync|the SMMU has no Secure state",
	     "-! secure: recover|the SMMU has no Secure state",
	     "-! secure: expect nothing|the SMMU has no Secure state",
	     "! secure: mmio r32 S_CR0 expect=0");
}
END_TEST

/* ---- What becomes of Secure accesses ---- */

/* 3.10.1: what is driven decides where nothing else does */
START_TEST(a_master_drives_ns_unless_a_line_says_otherwise)
{
	static const char text[] = MACHINE(
		"", "",
		"masters: [{name: a, security: secure, stream_id: 0, mode: bypass},"
		" {name: b, security: secure, ns: true, stream_id: 1, mode: bypass},"
		" {name: c, security: secure, ns: true, stream_id: 2, mode: bypass, ste: {NSCFG: 2}}]\n");

	TELL(text, "R a 0x1000 4 expect=pa:0x1000,pas:secure,attr:wb",
	     "R a 0x1000 4 ns=1 expect=pa:0x1000,pas:ns,attr:wb",
	     "R b 0x1000 4 expect=pa:0x1000,pas:ns,attr:wb",
	     "R b 0x1000 4 ns=0 expect=pa:0x1000,pas:secure,attr:wb",
	     "R c 0x1000 4 expect=pa:0x1000,pas:secure,attr:wb",
	     "R 0x1 0x1000 4 secure expect=pa:0x1000,pas:secure,attr:wb",
	     "R 0x1 0x1000 4 secure ns=1 expect=pa:0x1000,pas:ns,attr:wb");
}
END_TEST

/* 3.10.1, 3.18.2: each state has its Event queue and wires */
START_TEST(records_are_in_the_queue_of_their_state)
{
	TELL(machine, "R sdhc 0x5000 4 expect=F_TRANSLATION,s2:0,class:IN", "! expect no-event",
	     "! secure: expect event F_TRANSLATION sid=3 rnw=1 class=IN addr=0x5000",
	     "! secure: expect prod 1", "! secure: expect interrupt eventq", "! expect nothing",
	     "R 0x77 0 4 expect=C_BAD_STE",
	     "-! secure: expect event C_BAD_STE|the SMMU did something else first: event C_BAD_STE sid=0x77",
	     "R 0x77 0 4 expect=C_BAD_STE", "! secure: expect nothing",
	     "! expect event C_BAD_STE sid=0x77", "! expect interrupt eventq|", "! expect nothing");
}
END_TEST

/* stats.h: the Secure stream of a number is another than the Non-secure one */
START_TEST(streams_of_each_state_are_counted)
{
	TELL("version: 1\nsmmu: [{features: {secure: true}, statistics: {streams: 4}}]\n"
	     "memory: [{name: n, base: 0, size: 1M}, {name: s, base: 2G, size: 1M, pas: secure}]\n"
	     "masters: [{name: a, security: secure, stream_id: 3, mode: bypass}, {name: b, stream_id: 3, mode: bypass}]\n",
	     "R a 0x1000 4", "R a 0x1000 4", "R b 0x1000 4",
	     "! secure: expect stats sid=3 transactions=2", "! expect stats sid=3 transactions=1",
	     "! secure: expect stats sid=4 transactions=0",
	     "-! secure: expect stats sid=3 transactions=1|transactions is 2, expected 1",
	     "! expect stats transactions=3 other-streams=0");
}
END_TEST

/* 7.2 */
START_TEST(records_that_a_block_leaves_are_consumed)
{
	TELL(machine, "R sdhc 0x5000 4 expect=F_TRANSLATION,s2:0,class:IN",
	     "R sdhc 0x6000 4 expect=F_TRANSLATION,s2:0,class:IN", "! expect anything",
	     "! secure: mmio r32 S_EVENTQ_PROD expect=2",
	     "! secure: mmio r32 S_EVENTQ_CONS expect=2", "! mmio r32 EVENTQ_CONS expect=0");
}
END_TEST

/* What is kept of a Secure stream goes by the Secure queue alone, and the other way round.  3.17 */
START_TEST(each_queue_is_about_its_own_translations)
{
	TELL("version: 1\nsmmu: [{features: {secure: true}, caches: {all: 16}}]\n"
	     "memory: [{name: n, base: 0x80000000, size: 1M}, {name: s, base: 0x70000000, size: 1M, pas: secure}]\n"
	     "tables: {t: {stage: 1, va_bits: 21, map: [{va: 0, pa: 0x70002000, size: 4K}]}}\n"
	     "masters: [{name: a, security: secure, stream_id: 0, table: t}]\n",
	     "R a 0 4 expect=pa:0x70002000,pas:secure,attr:wb", "! secure: w64 0x700ff000 0",
	     "! tlbi nh_all", "! sync", "R a 0 4 expect=pa:0x70002000,pas:secure,attr:wb",
	     "! secure: tlbi nh_all", "! secure: sync",
	     "R a 0 4 expect=F_TRANSLATION,s2:0,class:IN");
}
END_TEST

static Suite *suite(void)
{
	Suite *const suite = suite_create("platform: the Secure state");
	TCase *const tests = tcase_create("secure");

	tcase_add_test(tests, a_secure_masters_tables_say_which_pages_are_non_secure);
	tcase_add_test(tests, an_address_of_both_spaces_is_secure);
	tcase_add_test(tests, a_cd_says_where_a_secure_masters_table_is);
	tcase_add_test(tests, a_secure_masters_table_may_be_in_non_secure_memory);
	tcase_add_test(tests, so_does_that_of_the_upper_half);
	tcase_add_test(tests, a_table_of_both_states_is_in_non_secure_memory);
	tcase_add_test(tests, secure_tables_may_be_in_a_memory_of_that_name);
	tcase_add_test(tests, mappings_say_in_which_space_they_end);
	tcase_add_test(tests, with_a_secure_el2_there_are_streams_of_it);
	tcase_add_test(tests, a_driver_programs_the_secure_interface);
	tcase_add_test(tests, its_driver_forgets_what_caches_hold);
	tcase_add_test(tests, its_keys_are_as_given);
	tcase_add_test(tests, non_secure_stalls_can_be_forbidden);
	tcase_add_test(tests, without_a_secure_master_it_is_left_as_at_reset);
	tcase_add_test(tests, with_one_it_is_programmed_though_nothing_is_said_of_it);
	tcase_add_test(tests, a_secure_state_is_like_the_other_where_nothing_is_said);
	tcase_add_test(tests, a_secure_state_follows_the_stall_model);
	tcase_add_test(tests, secure_stream_ids_have_bits_of_their_own);
	tcase_add_test(tests, a_stream_id_may_be_one_of_each_state);
	tcase_add_test(tests, a_secure_command_is_queued_in_the_secure_queue);
	tcase_add_test(tests, a_secure_command_may_be_about_non_secure_streams);
	tcase_add_test(tests, secure_software_invalidates_everything);
	tcase_add_test(tests, an_smmu_without_a_secure_state_has_no_secure_interface);
	tcase_add_test(tests, a_master_drives_ns_unless_a_line_says_otherwise);
	tcase_add_test(tests, records_are_in_the_queue_of_their_state);
	tcase_add_test(tests, streams_of_each_state_are_counted);
	tcase_add_test(tests, records_that_a_block_leaves_are_consumed);
	tcase_add_test(tests, each_queue_is_about_its_own_translations);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
