/* SPDX-License-Identifier: MIT */
/* The firewall of a machine: what a configuration says of it, which accesses it judges, and who is
 * said to have blocked one.  docs/config.md, docs/trace.md, trace.h */
#include "load.h"
#include "story.h"
#include "support/suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

/* A linear Stream table of 16 STEs.  The table of `dma` is at 0x800ff000 (level 3 of a walk that
 * begins at level 2 has a page below it), CDs and Stream table below. */
#define HEAD                                                                                    \
	"version: 1\n"                                                                          \
	"smmu: [{features: {secure: true}, stream_table: {format: linear, log2size: 4}}]\n"     \
	"memory:\n"                                                                             \
	"  - {name: ns_ram, base: 0x80000000, size: 1M}\n"                                      \
	"  - {name: s_ram, base: 0x70000000, size: 1M, pas: secure}\n"                          \
	"masters:\n"                                                                            \
	"  - {name: dma, stream_id: 3, map: [{va: 0, pa: 0x80001000, size: 4K},"                \
	" {va: 0x1000, pa: 0x80002000, size: 4K, perm: ro}]}\n"                                 \
	"  - {name: open, stream_id: 4, mode: bypass}\n"                                        \
	"  - {name: shut, stream_id: 5, mode: abort}\n"                                         \
	"  - {name: sdhc, security: secure, stream_id: 3, mode: bypass}\n"                      \
	"  - {name: uart, smmu: none, security: secure, bus_width: 32, attr: nGnRE, sh: osh}\n" \
	"  - {name: old, smmu: none}\n"

#define TZASC(more)                                                     \
	HEAD "firewall:\n"                                              \
	     "  mode: tzasc\n"                                          \
	     "  regions:\n"                                             \
	     "    - {name: dram, memory: ns_ram, ns: rw, secure: rw}\n" \
	     "    - {name: vault, memory: s_ram, secure: rw}\n" more

/* ---- Which accesses ---- */

/* trace.h, 3.10.2: the SMMU's verdict stays what it is; what it gave the access is judged. */
START_TEST(what_the_smmu_lets_go_on_the_firewall_judges)
{
	TELL(TZASC(""), "W dma 0 64 expect=pa:0x80001000,pas:ns,attr:wb,fw:allow,by:none",
	     "W open 0x70000000 64 expect=pa:0x70000000,pas:ns,attr:wb,fw:deny,by:vault",
	     "W sdhc 0x70000000 64 expect=pa:0x70000000,pas:secure,attr:wb,fw:allow,by:none",
	     "W sdhc 0x70000000 64 ns=1 expect=pas:ns,fw:deny,by:vault",
	     "W 0x4 0x70000000 64 expect=pas:ns,fw:deny,by:vault",
	     "W open 0x1000 64 expect=pa:0x1000,fw:deny,by:default",
	     "R open 0x70000000 64 probe expect=fw:deny,by:vault", "! expect nothing");
}
END_TEST

/* trace.h: an atomic reads and writes, the rest does one of the two. */
START_TEST(reads_and_writes_are_told_apart)
{
	static const char machine[] = TZASC(
		"    - {name: rom, base: 0x80003000, size: 4K, ns: ro}\n"
		"    - {name: sink, base: 0x80004000, size: 4K, ns: wo}\n");

	TELL(machine, "R open 0x80003000 4 expect=fw:allow", "X open 0x80003000 4 expect=fw:allow",
	     "W open 0x80003000 4 expect=fw:deny,by:rom",
	     "AO open 0x80003000 4 expect=fw:deny,by:rom",
	     "R open 0x80004000 4 expect=fw:deny,by:sink", "W open 0x80004000 4 expect=fw:allow",
	     "AO open 0x80004000 4 expect=fw:deny,by:sink", "AO open 0x80005000 4 expect=fw:allow");
}
END_TEST

/* trace.h: who blocked an access follows from what decided, in one word. */
START_TEST(who_blocked_an_access_is_said)
{
	TELL(TZASC(""), "W dma 0x1000 64 expect=F_PERMISSION,s2:0,class:IN,by:s1",
	     "W dma 0x2000 64 expect=F_TRANSLATION,by:s1", "R shut 0 64 expect=abort,by:smmu",
	     "R 0x9 0 64 expect=C_BAD_STE,by:smmu", "R open 0x80000000 64 expect=by:none",
	     "R 0x10 0 64 expect=C_BAD_STREAMID,by:smmu");
	TELL("version: 1\n"
	     "tables: {v: {stage: 2, ipa_bits: 32, map: [{ipa: 0, pa: 0x80000000, size: 4K}]}}\n"
	     "masters: [{name: a, stream_id: 1, stage2: v}]\n",
	     "R a 0x1000 64 expect=F_TRANSLATION,s2:1,class:IN,by:s2",
	     "R a 0 64 expect=pa:0x80000000,by:none");
}
END_TEST

/* trace.h, 3.25.3: of a fetch the record says that granule protection stopped it, GPCF, bit 80. */
START_TEST(granule_protection_of_a_fetch_is_the_blocker)
{
	static const uint8_t fetches[] = { 0x03, 0x09, 0x0b, 0x25 };
	struct loading loading = load_good(HEAD);
	struct smmu3_trace_op op = { 0 };

	for (unsigned i = 0; i < sizeof(fetches); i++) {
		struct smmu3_outcome outcome = { .verdict = SMMU3_ABORT,
						 .decider = SMMU3_BY_STREAM,
						 .event = fetches[i],
						 .record = { { fetches[i], 1 << 16 } } };

		smmu3_machine_guard(loading.machine, 0, &op, &outcome);
		ck_assert_uint_eq(op.guard.blocker, SMMU3_BLOCKER_GPC);
		ck_assert_str_eq(smmu3_guard_name(&op.guard), "gpc");
		outcome.record.word[1] = 0;
		smmu3_machine_guard(loading.machine, 0, &op, &outcome);
		ck_assert_uint_eq(op.guard.blocker, SMMU3_BLOCKER_SMMU);
	}
	unload(&loading);
}
END_TEST

/* trace.h: a Translation Request reaches no memory; what is Translated does. */
START_TEST(translation_requests_are_not_judged)
{
	static const char machine[] =
		"version: 1\n"
		"smmu: [{features: {ats: true}}]\n"
		"masters: [{name: ep, stream_id: 1, atc: {}, ste: {EATS: 1},"
		" map: [{va: 0, pa: 0x80001000, size: 4K}, {va: 0x1000, pa: 0x80002000, size: 4K}]}]\n"
		"firewall: {mode: tzasc, regions: [{name: dram, memory: ram, ns: rw},"
		" {name: hole, base: 0x80002000, size: 4K}]}\n";

	TELL(machine, "AT ep 0x1000 8 expect=pa:0x80002000,grant:rw",
	     "-AT ep 0x1000 8 expect=pa:0x80002000,fw:deny|the firewall is not asked",
	     "TT ep 0x80002000 8 expect=pa:0x80002000,fw:deny,by:hole",
	     "R ep 0x1000 8 expect=pa:0x80002000,atc:hit,fw:deny,by:hole",
	     "R ep 0 8 expect=pa:0x80001000,atc:asked,fw:allow");
}
END_TEST

/* trace.h: an access that waited is judged when it goes on. */
START_TEST(so_is_what_was_stalled)
{
	static const char machine[] =
		"version: 1\n"
		"smmu: [{features: {stall_model: 0, stall_max: 4}, stream_table: {format: linear, log2size: 1}}]\n"
		"memory: [{name: ram, base: 0x80000000, size: 1M}]\n"
		"tables: {t: {stage: 1, va_bits: 25, map: [{va: 0, pa: 0x80001000, size: 4K}]}}\n"
		"masters: [{name: a, stream_id: 1, table: t, cd: {S: 1}}]\n"
		"firewall: {mode: tzasc, regions: [{name: dram, memory: ram, ns: rw},"
		" {name: hole, base: 0x80002000, size: 4K}]}\n";
	struct loading loading = load_good(machine);
	struct smmu3_trace_op op;
	struct smmu3_outcome outcome;
	struct smmu3_stall stall;

	ck_assert_uint_eq(perform(&loading, "R a 0x1000 8").verdict, SMMU3_STALLED);
	/* 0x80002000, AF, SH = ISH, AP = 01, AttrIndx 0, page */
	(void)perform(&loading, "! w64 0x800fe008 0x80002743");
	(void)perform(&loading, "! resume sid=1 stag=0 retry");
	ck_assert_int_eq(smmu3_machine_resume(loading.machine, &op, &outcome, &stall), 1);
	ck_assert_uint_eq(outcome.verdict, SMMU3_OK);
	ck_assert_uint_eq(op.guard.firewall, SMMU3_FIREWALL_DENIES);
	ck_assert_uint_eq(op.guard.blocker, SMMU3_BLOCKER_FIREWALL);
	ck_assert_str_eq(op.guard.region, "hole");
	unload(&loading);
}
END_TEST

/* trace.h: without a firewall nobody is asked, and the SMMU alone blocks. */
START_TEST(without_a_firewall_none_is_asked)
{
	TELL(HEAD, "W open 0x70000000 64 expect=pa:0x70000000,by:none",
	     "-W open 0x70000000 64 expect=fw:allow|the firewall is not asked, expected that it lets it pass",
	     "-W open 0x70000000 64 expect=fw:deny|the firewall is not asked, expected that it denies it");
}
END_TEST

/* ---- Expectations ---- */

/* trace.h: what is expected to go on, with nothing said of the firewall, may not be denied. */
START_TEST(what_the_firewall_says_is_compared)
{
	TELL(TZASC(""),
	     "-W open 0x70000000 64 expect=ok|the firewall denies it by region vault, expected that it lets it pass",
	     "-W open 0x70000000 64 expect=pa:0x70000000,pas:ns,attr:wb|denies it by region vault",
	     "-W open 0x70000000 64 expect=fw:allow|denies it by region vault",
	     "-W open 0x80000000 64 expect=fw:deny|the firewall lets it pass, expected that it denies it",
	     "-W open 0x70000000 64 expect=by:none|it is blocked by vault, expected none",
	     "-W open 0x70000000 64 expect=by:dram|it is blocked by vault, expected dram",
	     "-W dma 0x2000 64 expect=abort,F_TRANSLATION,by:s2|it is blocked by s1, expected s2",
	     "-W dma 0x2000 64 expect=abort,F_TRANSLATION,by:vault|it is blocked by s1, expected vault",
	     "W open 0x70000000 64 expect=by:vault", "W open 0x70000000 64");
}
END_TEST

/* trace.h, docs/trace.md: what cannot be together is refused. */
START_TEST(words_that_contradict_one_another_are_refused)
{
	REFUSED("R a 0 4 expect=fw:perhaps|19: 'perhaps' is no answer of a firewall: allow or deny",
		"R a 0 4 expect=fw:allow,fw:deny|25: 'fw:deny' is said already, or another in its place",
		"R a 0 4 expect=by:1st|19: '1st' is nobody who blocks: none, s1, s2, gpc, smmu or a region of the firewall",
		"R a 0 4 expect=by:|19: '' is nobody who blocks: none, s1, s2, gpc, smmu or a region of the firewall",
		"R a 0 4 expect=abort,fw:deny|16: pa, pas, attr, sh, grant, mecid, fw, as, partid, pmg and mpam describe an access that goes on",
		"R a 0 4 expect=F_TRANSLATION,fw:allow|16: an access that goes on records no event",
		"R a 0 4 expect=by:s1|16: by says that it is blocked by another than the rest does",
		"R a 0 4 expect=abort,by:none|16: by says that it is blocked by another than the rest does",
		"R a 0 4 expect=fw:allow,by:vault|16: by says that it is blocked by another than the rest does",
		"R a 0 4 expect=fw:deny,by:none|16: by says that it is blocked by another than the rest does");
}
END_TEST

/* ---- Masters behind no SMMU ---- */

/* platform.h: what they drive goes to the firewall as it is. */
START_TEST(a_master_behind_no_smmu_drives_its_pa_space)
{
	TELL(TZASC(""),
	     "W uart 0x70000000 64 expect=pa:0x70000000,pas:secure,attr:nGnRE,sh:osh,fw:allow",
	     "W uart 0x70000000 64 ns=1 expect=pa:0x70000000,pas:ns,fw:deny,by:vault",
	     "W uart 0x80000000 64 ns=1 expect=pa:0x80000000,pas:ns,fw:allow",
	     "W old 0x80000000 64 expect=pa:0x80000000,pas:ns,attr:wb,sh:nsh,fw:allow",
	     "W old 0x70000000 64 ns=0 expect=pas:ns,fw:deny,by:vault",
	     "W old 0xfffffffffffff000 4K expect=fw:deny,by:default",
	     "-W uart 0x100000000 64|has a bus of 32 bits",
	     "-W uart.1 0 64|master 'uart' is behind no SMMU: it has no SubstreamIDs",
	     "-AT uart 0 64|master 'uart' is behind no SMMU: it has no ATS",
	     "-PR uart 0 read|master 'uart' is behind no SMMU: it has no ATS",
	     "-W uart+1 0 64|there is no +1");
	TELL(HEAD, "W uart 0x70000000 64 expect=pa:0x70000000,pas:secure,attr:nGnRE,by:none");
}
END_TEST

/* platform.h: it has no SMMU, and is a master as others are. */
START_TEST(a_master_behind_no_smmu_is_shown_as_such)
{
	struct loading loading = load_good(HEAD);
	const struct smmu3_master *const old = smmu3_machine_find(loading.machine, "old");

	ck_assert_ptr_nonnull(old);
	ck_assert(old->smmu == SMMU3_NO_SMMU);
	ck_assert_ptr_null(smmu3_machine_smmu(loading.machine, old->smmu));
	ck_assert_uint_eq(old->count, 1);
	unload(&loading);
}
END_TEST

/* ---- What the SMMU reads and writes itself ---- */

#define DENIED(base, size, perm) \
	TZASC("    - {name: hole, base: " base ", size: " size ", " perm "}\n")

/* 7.3.4, 7.3.10, 7.3.12: a fetch that is denied is an external abort, and the blocker is the
 * region. From the top of memory: the tables of `dma`, levels 0 to 3, a page each; a page with
 * Stream table and CD; the Command queue's page. */
START_TEST(a_fetch_that_is_denied_is_an_external_abort)
{
	TELL(DENIED("0x800fb000", "4K", "secure: rw"),
	     "R dma 0 64 expect=F_STE_FETCH,ipa:0x800fbcc0,by:hole",
	     "! expect event F_STE_FETCH sid=3 fetch=0x800fbcc0", "! expect prod",
	     "! expect interrupt eventq", "R open 0x70000000 64 expect=F_STE_FETCH,by:hole",
	     "R sdhc 0x70000000 64 expect=fw:allow");
	TELL(DENIED("0x800fc000", "16K", "ns: none"),
	     "R dma 0 64 expect=F_WALK_EABT,s2:0,class:TT,ipa:0x800ff000,by:hole",
	     "R open 0x80001000 64 expect=fw:allow", "R open 0x800ff000 64 expect=fw:deny,by:hole");
	TELL(DENIED("0x800fc000", "4K", "ns: wo"),
	     "R dma 0 64 expect=F_WALK_EABT,s2:0,class:TT,ipa:0x800fc000,by:hole",
	     "R dma 0x1000 64 probe expect=F_WALK_EABT,s2:0,class:TT,ipa:0x800fc008,by:hole",
	     "! r64 0x800fc000 expect=0x60000080001f43");
	TELL(DENIED("0x800fc000", "16K", "ns: ro"), "R dma 0 64 expect=pa:0x80001000,fw:allow");
}
END_TEST

/* 7.3.10: here the CD is in the page below the Stream table. */
START_TEST(a_cd_that_is_denied_is_f_cd_fetch)
{
	static const char machine[] =
		"version: 1\n"
		"smmu: [{stream_table: {format: linear, log2size: 6}}]\n"
		"masters: [{name: dma, stream_id: 3, map: [{va: 0, pa: 0x80001000, size: 4K}]}]\n"
		"firewall: {mode: tzasc, regions: [{name: dram, memory: ram, ns: rw},"
		" {name: hole, base: 0xbfffa000, size: 4K}]}\n";

	TELL(machine, "R dma 0 64 expect=F_CD_FETCH,ipa:0xbfffafc0,by:hole",
	     "R 0x4 0 64 expect=C_BAD_STE,by:smmu");
}
END_TEST

/* 3.10.2: a fetch of a Secure stream is Secure, and judged as that.  0x700f8000: Secure STEs. */
START_TEST(a_secure_fetch_is_judged_as_secure)
{
	TELL(DENIED("0x700f8000", "4K", "ns: rw"),
	     "R sdhc 0x70000000 64 expect=F_STE_FETCH,ipa:0x700f80c0,by:hole",
	     "R dma 0 64 expect=pa:0x80001000");
	TELL(DENIED("0x700f8000", "4K", "secure: rw"),
	     "R sdhc 0x70000000 64 expect=pas:secure,fw:allow");
}
END_TEST

/* docs/config.md: what its driver cannot switch on is no machine, and the region is named. */
START_TEST(an_smmu_that_cannot_read_its_commands_is_no_machine)
{
	struct loading loading = load(DENIED("0x800fa000", "4K", "ns: wo"));

	ck_assert_str_eq(
		loading.said,
		"2:8: the SMMU does not acknowledge what was written to CR0 or GBPA\n"
		"note: 14:3: region 'hole' of the firewall does not let it read 0x800fa000\n");
	unload(&loading);
}
END_TEST

/* 7.1, 7.2: an abort of the Command queue stops it, one of the Event queue is a global error.  The
 * queues are wherever CMDQ_BASE and EVENTQ_BASE say. */
START_TEST(queues_that_are_denied_are_aborted)
{
	static const char machine[] = DENIED("0x80004000", "8K", "ns: ro");

	TELL(machine, "! mmio w32 CR0 0x1", "! mmio w64 EVENTQ_BASE 0x4000000080004003",
	     "! mmio w32 EVENTQ_PROD 0", "! mmio w32 EVENTQ_CONS 0", "! mmio w32 CR0 0xd",
	     "R dma 0x2000 64 expect=F_TRANSLATION,s2:0,class:IN,by:s1",
	     "! expect gerror EVENTQ_ABT_ERR", "! expect anything");
	TELL(DENIED("0x80004000", "8K", "ns: wo"), "! mmio w32 CR0 0x5",
	     "! mmio w64 CMDQ_BASE 0x4000000080004003", "! mmio w32 CMDQ_PROD 0",
	     "! mmio w32 CMDQ_CONS 0", "! mmio w32 CR0 0xd", "! sync expect=CERROR_ABT");
}
END_TEST

/* 7.2: what may be written and not read takes records, and what may be read is no error. */
START_TEST(queues_that_may_be_used_are)
{
	TELL(DENIED("0x80004000", "8K", "ns: wo"), "! mmio w32 CR0 0x1",
	     "! mmio w64 EVENTQ_BASE 0x4000000080004003", "! mmio w32 EVENTQ_PROD 0",
	     "! mmio w32 EVENTQ_CONS 0", "! mmio w32 CR0 0xd",
	     "R dma 0x2000 64 expect=F_TRANSLATION,s2:0,class:IN",
	     "! expect event F_TRANSLATION sid=3 rnw=1 class=IN addr=0x2000", "! expect anything",
	     "! r64 0x80004000 expect=0x300000010");
}
END_TEST

/* 7.3.12: regions of 'tzc400' know the SMMU by its name. */
START_TEST(lists_may_name_the_smmu)
{
	static const char machine[] = HEAD
		"firewall:\n"
		"  mode: tzc400\n"
		"  default: {secure: rw}\n"
		"  regions:\n"
		"    - {name: dram, base: 0x80000000, size: 0xfb000, ns: rw}\n"
		"    - {name: upper, base: 0x800fb000, size: 20K, ns_read: [smmu0, old], ns_write: [smmu0, dma]}\n";
	static const char without[] = HEAD
		"firewall:\n"
		"  mode: tzc400\n"
		"  default: {secure: rw}\n"
		"  regions:\n"
		"    - {name: dram, base: 0x80000000, size: 0xfb000, ns: rw}\n"
		"    - {name: upper, base: 0x800fb000, size: 20K, ns_read: [dma], ns_write: [smmu0]}\n";

	TELL(machine, "R dma 0 64 expect=pa:0x80001000,fw:allow",
	     "W old 0x800fb000 64 expect=fw:deny,by:upper", "R old 0x800fb000 64 expect=fw:allow",
	     "R open 0x800fb000 64 expect=fw:deny,by:upper",
	     "R sdhc 0x800fb000 64 expect=pas:secure,fw:deny,by:upper");
	TELL(without, "R dma 0 64 expect=F_STE_FETCH,by:upper");
}
END_TEST

/* ---- Configurations ---- */

struct mistake {
	const char *firewall, *said;
	int code; /* 0: a matter of form */
};

static const struct mistake mistakes[] = {
	{ "firewall: {regions: []}\n", "13:11: the firewall needs 'mode'\n", 0 },
	{ "firewall: {mode: tzc}\n", "13:18: 'tzc' is not one of tzasc, tzc400, strict\n", 0 },
	{ "firewall: {mode: tzasc, region: []}\n",
	  "13:25: unknown key 'region' of the firewall; did you mean 'regions'?\n", 0 },
	{ "firewall: {mode: tzasc, regions: [{memory: ns_ram}]}\n",
	  "13:35: a region needs 'name'\n", 0 },
	{ "firewall: {mode: tzasc, regions: [{name: a}]}\n",
	  "13:35: a region needs 'memory', or 'base' and 'size'\n", 0 },
	{ "firewall: {mode: tzasc, regions: [{name: a, base: 0x1000}]}\n",
	  "13:35: a region needs 'memory', or 'base' and 'size'\n", 0 },
	{ "firewall: {mode: tzasc, regions: [{name: a, memory: ns_ran}]}\n",
	  "13:53: there is no memory 'ns_ran'; did you mean 'ns_ram'?\n", 0 },
	{ "firewall: {mode: tzasc, regions: [{name: a, memory: ns_ram, size: 4K}]}\n",
	  "13:67: 'memory' says where the region is: with it, what is 'size'?\n", 0 },
	{ "firewall: {mode: tzasc, regions: [{name: a, base: 0x800, size: 0x1800}]}\n",
	  "13:51: 0x800 is no multiple of 4K\n13:64: 0x1800 is no multiple of 4K\n", 0 },
	{ "firewall: {mode: tzasc, regions: [{name: a, base: 0xfffffffffff000, size: 8K}]}\n",
	  "13:75: the region passes 2^56, the end of physical addresses\n", 0 },
	{ "firewall: {mode: tzasc, regions: [{name: s1, memory: ns_ram}]}\n",
	  "13:42: 's1' is a word of traces ('by:s1'): no region is named so\n", 0 },
	{ "firewall: {mode: tzasc, regions: [{name: default, memory: ns_ram}]}\n",
	  "13:42: 'default' is a word of traces ('by:default'): no region is named so\n", 0 },
	{ "firewall: {mode: tzasc, regions: [{name: a, memory: ns_ram}, {name: a, memory: s_ram}]}\n",
	  "13:69: the name is taken (line 13)\n", 0 },
	{ "firewall: {mode: tzasc, regions: [{name: a, memory: ns_ram, ns_read: [dma]}]}\n",
	  "13:70: 'ns_read' names masters, which regions of 'tzc400' tell apart, of 'tzasc' not\n",
	  0 },
	{ "firewall: {mode: tzc400, regions: [{name: a, memory: ns_ram, ns: ro, ns_write: [dma]}]}\n",
	  "13:80: 'ns' is of all masters: with it, whom does 'ns_write' name?\n", 0 },
	{ "firewall: {mode: tzc400, regions: [{name: a, memory: ns_ram, ns_read: [dna, 1]}]}\n",
	  "13:77: '1' is no name: 1 to 63 letters, digits, '_', '-', a letter first\n", 0 },
	{ "firewall: {mode: tzc400, regions: [{name: a, memory: ns_ram, ns_read: [dna]}]}\n",
	  "13:72: there is no master and no SMMU 'dna'; did you mean 'dma'?\n", 0 },
	{ "firewall: {mode: tzc400, default: {ns_write: [smmu1]}}\n",
	  "13:47: there is no master and no SMMU 'smmu1'; did you mean 'smmu0'?\n", 0 },
	{ "firewall: {mode: tzc400, regions: [{name: a, memory: ns_ram}, {name: b, base: 0x800ff000, size: 8K}]}\n",
	  "13:63: region 'b' overlaps 'a' of line 13: in 'tzc400' none may\n"
	  "note: 13:36: the other region\n",
	  0 },
	{ "firewall: {mode: strict, default: {}, regions: []}\n",
	  "13:35: 'default' does not go with 'strict', where memories are the regions\n"
	  "13:48: 'regions' does not go with 'strict', where memories are the regions\n",
	  0 },
	{ "firewall: {mode: tzasc, default: deny}\n",
	  "13:34: default is a map: 'key: value' lines, or {key: value, ...}\n", 0 },
	{ "firewall: {mode: tzasc, default: {ns: r}}\n",
	  "13:39: 'r' is not one of none, ro, wo, rw; did you mean 'ro'?\n", 0 },
};

/* platform.h, docs/config.md: each mistake is named at its place. */
START_TEST(a_wrong_firewall_is_refused_at_its_place)
{
	const struct mistake *const row = &mistakes[_i];
	char text[2048];

	(void)snprintf(text, sizeof(text), "%s%s", HEAD, row->firewall);
	struct loading loading = load(text);

	ck_assert_str_eq(loading.said, row->said);
	ck_assert_int_eq(loading.code, row->code ? row->code : -SMMU3_E_FORMAT);
	unload(&loading);
}
END_TEST

/* docs/config.md: 256 regions, 1024 names of a list, and no more. */
START_TEST(a_firewall_has_bounds)
{
	enum { ROOM = 1 << 16 };
	char *const text = calloc(1, ROOM);

	for (unsigned count = 256; count <= 257; count++) {
		int at = snprintf(
			text, ROOM,
			HEAD "firewall:\n  mode: tzasc\n  default: {secure: rw}\n  regions:\n");

		for (unsigned i = 0; i < count; i++)
			at += snprintf(text + at, (size_t)(ROOM - at),
				       "    - {name: r%u, memory: ns_ram, ns: rw}\n", i);
		struct loading loading = load(text);

		ck_assert_int_eq(loading.code, count > 256 ? -SMMU3_E_LIMIT : 0);
		unload(&loading);
	}
	for (unsigned count = 1024; count <= 1025; count++) {
		int at = snprintf(
			text, ROOM,
			HEAD
			"firewall: {mode: tzc400, regions: [{name: dram, memory: ns_ram, ns: rw}],"
			" default: {secure: rw, ns_read: [");

		for (unsigned i = 0; i < count; i++)
			at += snprintf(text + at, (size_t)(ROOM - at), "%sdma", i ? "," : "");
		(void)snprintf(text + at, (size_t)(ROOM - at), "]}}\n");
		struct loading loading = load(text);

		ck_assert_int_eq(loading.code, count > 1024 ? -SMMU3_E_LIMIT : 0);
		unload(&loading);
	}
	free(text);
}
END_TEST

/* docs/config.md: memories are the regions of strict PA spaces. */
START_TEST(memories_are_the_regions_of_strict_pa_spaces)
{
	TELL(HEAD "firewall: {mode: strict}\n",
	     "W open 0x70000000 64 expect=pas:ns,fw:deny,by:s_ram",
	     "W sdhc 0x80000000 64 expect=pas:secure,fw:deny,by:ns_ram",
	     "W sdhc 0x70000000 64 expect=pas:secure,fw:allow", "W dma 0 64 expect=pas:ns,fw:allow",
	     "W open 0x1000 64 expect=fw:deny,by:default");

	struct loading loading = load("version: 1\n"
				      "memory: [{name: gpc, base: 0, size: 1M}]\n"
				      "firewall: {mode: strict}\n");

	ck_assert_str_eq(loading.said,
			 "2:17: 'gpc' is a word of traces ('by:gpc'): no region is named so\n");
	unload(&loading);
}
END_TEST

/* docs/config.md: of a master behind no SMMU there are few keys. */
START_TEST(a_master_behind_no_smmu_has_no_stream)
{
	static const struct mistake rows[] = {
		{ "masters: [{name: a, smmu: none, stream_id: 1, mode: bypass}]\n",
		  "2:33: 'stream_id' does not go with 'smmu: none': there is no SMMU before it\n"
		  "2:47: 'mode' does not go with 'smmu: none': there is no SMMU before it\n",
		  0 },
		{ "masters: [{name: a, smmu: none, ns: true}]\n",
		  "2:37: 'ns' is what a master with 'security: secure' drives\n", 0 },
		{ "masters: [{name: a, smmu: none, security: root}]\n",
		  "2:43: masters other than 'ns', 'secure' and 'realm' are not built in this version\n",
		  -SMMU3_E_UNSUPPORTED },
		{ "smmu: [{name: none}]\n",
		  "2:15: 'none' says of a master that it is behind no SMMU: no SMMU is named so\n",
		  0 },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[256];

		(void)snprintf(text, sizeof(text), "version: 1\n%s", rows[i].firewall);
		struct loading loading = load(text);

		ck_assert_str_eq(loading.said, rows[i].said);
		ck_assert_int_eq(loading.code, rows[i].code ? rows[i].code : -SMMU3_E_FORMAT);
		unload(&loading);
	}
}
END_TEST

static int keep(void *context, const char *text, size_t size)
{
	(void)size;
	(void)strcat(context, text);
	return 0;
}

/* docs/config.md: a machine printed reads back as itself, its firewall and direct masters too. */
START_TEST(a_firewall_is_printed_with_its_defaults)
{
	static const char machine[] = HEAD
		"firewall: {mode: tzc400, regions: [{name: fb, memory: ns_ram, ns_read: [smmu0, dma],"
		" ns_write: []}, {name: vault, memory: s_ram, secure: rw}]}\n";
	char first[16384] = "", again[16384] = "";
	struct loading loading = load_good(machine);

	ck_assert_int_eq(smmu3_machine_print(loading.machine, keep, first), 0);
	unload(&loading);
	ck_assert_ptr_nonnull(strstr(first, "firewall:\n"
					    "  mode: tzc400\n"
					    "  default:\n"
					    "    ns: none\n"
					    "    secure: none\n"
					    "    realm: none\n"
					    "    root: none\n"
					    "  regions:\n"
					    "    - name: fb\n"
					    "      memory: ns_ram\n"
					    "      secure: none\n"
					    "      realm: none\n"
					    "      root: none\n"
					    "      ns_read: [smmu0, dma]\n"
					    "      ns_write: []\n"));
	ck_assert_ptr_nonnull(strstr(first, "  - name: old\n"
					    "    smmu: none\n"
					    "    security: ns\n"));
	loading = load_good(first);
	ck_assert_int_eq(smmu3_machine_print(loading.machine, keep, again), 0);
	ck_assert_str_eq(first, again);
	unload(&loading);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, what_the_smmu_lets_go_on_the_firewall_judges);
	tcase_add_test(tests, reads_and_writes_are_told_apart);
	tcase_add_test(tests, who_blocked_an_access_is_said);
	tcase_add_test(tests, granule_protection_of_a_fetch_is_the_blocker);
	tcase_add_test(tests, translation_requests_are_not_judged);
	tcase_add_test(tests, so_is_what_was_stalled);
	tcase_add_test(tests, without_a_firewall_none_is_asked);
	tcase_add_test(tests, what_the_firewall_says_is_compared);
	tcase_add_test(tests, words_that_contradict_one_another_are_refused);
	tcase_add_test(tests, a_master_behind_no_smmu_drives_its_pa_space);
	tcase_add_test(tests, a_master_behind_no_smmu_is_shown_as_such);
	tcase_add_test(tests, a_fetch_that_is_denied_is_an_external_abort);
	tcase_add_test(tests, a_cd_that_is_denied_is_f_cd_fetch);
	tcase_add_test(tests, a_secure_fetch_is_judged_as_secure);
	tcase_add_test(tests, an_smmu_that_cannot_read_its_commands_is_no_machine);
	tcase_add_test(tests, queues_that_are_denied_are_aborted);
	tcase_add_test(tests, queues_that_may_be_used_are);
	tcase_add_test(tests, lists_may_name_the_smmu);
	tcase_add_loop_test(tests, a_wrong_firewall_is_refused_at_its_place, 0,
			    (int)(sizeof(mistakes) / sizeof(mistakes[0])));
	tcase_add_test(tests, a_firewall_has_bounds);
	tcase_add_test(tests, memories_are_the_regions_of_strict_pa_spaces);
	tcase_add_test(tests, a_master_behind_no_smmu_has_no_stream);
	tcase_add_test(tests, a_firewall_is_printed_with_its_defaults);
}

int main(void)
{
	return run_suite("firewall", add);
}
