/* SPDX-License-Identifier: MIT */
/* TLB invalidations that CPUs broadcast, in traces: what each means, how it is told, what is wrong
 * with one, and whom it reaches. */
#include "load.h"
#include "platform/trace_dvm.h"
#include "support/suite.h"

#include <smmu/trace.h>

#include <check.h>
#include <stdio.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

enum {
	ASID = 1,
	VMID = 2,
	LEAF = 4,
	S1 = SMMU3_INVALIDATES_STAGE1,
	S2,
	S12,
	GPT = SMMU3_INVALIDATES_GPT
};
enum { SECURE = 8, SECURE_IPA = 16, EL3 = 32, REALM = 64 }; /* limits, too */

/* D8.17.4 to D8.17.6: the stages, what they are limited to, from where, and how many bytes */
static const struct {
	const char *line;
	unsigned kind, limits;
	uint64_t asid, vmid, addr, bytes;
	const char *text; /* NULL: as it was written */
} operations[] = {
	{ "! dvm VMALLE1IS", S1, VMID, 0, 0, 0, 0, NULL },
	{ "! dvm VMALLE1IS vmid=0xffff", S1, VMID, 0, 0xffff, 0, 0, NULL },
	{ "! dvm ASIDE1IS vmid=0x2 asid=0x3", S1, ASID | VMID, 3, 2, 0, 0, NULL },
	{ "! dvm VAE1IS asid=0x3 va=0xfffffffffffff000", S1, ASID | VMID, 3, 0,
	  UINT64_C(0xfffffffffffff000), 4096, NULL },
	{ "! dvm VALE1IS va=0x1000 asid=3", S1, ASID | VMID | LEAF, 3, 0, 0x1000, 4096,
	  "! dvm VALE1IS asid=0x3 va=0x1000" },
	{ "! dvm VAAE1IS vmid=0x2 va=0x1000 tg=4K ttl=0x3", S1, VMID, 0, 2, 0x1000, 4096, NULL },
	{ "! dvm VAALE1IS va=0x0", S1, VMID | LEAF, 0, 0, 0, 4096, NULL },
	/* (NUM + 1) * 2^(5 * SCALE + 1) granules: 2 of 4KB; 64 of 64KB; 32 * 2^16 of 16KB */
	{ "! dvm RVAE1IS asid=0x3 va=0x1000 tg=4K", S1, ASID | VMID, 3, 0, 0x1000, 0x2000, NULL },
	{ "! dvm RVALE1IS asid=0x3 va=0x10000 tg=64K scale=0x1", S1, ASID | VMID | LEAF, 3, 0,
	  0x10000, 0x400000, NULL },
	{ "! dvm RVAAE1IS va=0x4000 tg=16K ttl=0x2 num=0x1f scale=0x3", S1, VMID, 0, 0, 0x4000,
	  UINT64_C(0x800000000), NULL },
	{ "! dvm RVAALE1IS va=0x0 tg=4K num=0x4", S1, VMID | LEAF, 0, 0, 0, 0xa000, NULL },
	{ "! dvm IPAS2E1IS vmid=0x7 ipa=0x43210000", S2, VMID, 0, 7, 0x43210000, 4096, NULL },
	{ "! dvm IPAS2LE1IS ipa=0x43210000", S2, VMID | LEAF, 0, 0, 0x43210000, 4096, NULL },
	{ "! dvm RIPAS2E1IS ipa=0x1000 tg=4K scale=0x2", S2, VMID, 0, 0, 0x1000, 0x800000, NULL },
	{ "! dvm RIPAS2LE1IS ipa=0x1000 tg=4K", S2, VMID | LEAF, 0, 0, 0x1000, 0x2000, NULL },
	{ "! dvm VMALLS12E1IS vmid=0x7", S12, VMID, 0, 7, 0, 0, NULL },
	{ "! dvm ALLE1IS", S12, 0, 0, 0, 0, 0, NULL },
	/* Of Secure CPUs: IPAs of either space, and EL3 */
	{ "! secure: dvm VAE1IS vmid=0x2 asid=0x3 va=0x1000", S1, ASID | VMID | SECURE, 3, 2,
	  0x1000, 4096, NULL },
	{ "! secure: dvm ALLE1IS", S12, SECURE, 0, 0, 0, 0, NULL },
	{ "! secure: dvm IPAS2E1IS vmid=0x7 ipa=0x43210000", S2, VMID | SECURE | SECURE_IPA, 0, 7,
	  0x43210000, 4096, NULL },
	{ "! secure: dvm IPAS2LE1IS ipa=0x43210000 ns", S2, VMID | LEAF | SECURE, 0, 0, 0x43210000,
	  4096, NULL },
	{ "! secure: dvm RIPAS2E1IS ipa=0x1000 ns tg=4K scale=0x2", S2, VMID | SECURE, 0, 0, 0x1000,
	  0x800000, NULL },
	{ "! secure: dvm ALLE3IS", S1, EL3, 0, 0, 0, 0, NULL },
	{ "! secure: dvm VAE3IS va=0x1000 tg=4K", S1, EL3, 0, 0, 0x1000, 4096, NULL },
	{ "! secure: dvm VALE3IS va=0x1000", S1, LEAF | EL3, 0, 0, 0x1000, 4096, NULL },
	{ "! secure: dvm RVAE3IS va=0x1000 tg=4K num=0x1", S1, EL3, 0, 0, 0x1000, 0x4000, NULL },
	{ "! realm: dvm VAE1IS vmid=0x2 asid=0x3 va=0x1000", S1, ASID | VMID | REALM, 3, 2, 0x1000,
	  4096, NULL },
	{ "! realm: dvm IPAS2E1IS vmid=0x7 ipa=0x43210000", S2, VMID | REALM, 0, 7, 0x43210000,
	  4096, NULL },
	{ "! secure: dvm RVALE3IS va=0x1000 tg=4K", S1, LEAF | EL3, 0, 0, 0x1000, 0x2000, NULL },
	/* Of granule protection: 4KB, 2MB, 512GB */
	{ "! dvm RPAOS pa=0x12345000 size=4K", GPT, 0, 0, 0, 0x12345000, 4096, NULL },
	{ "! dvm RPALOS pa=0x12200000 size=2M", GPT, LEAF, 0, 0, 0x12200000, 0x200000, NULL },
	{ "! dvm RPAOS size=512G pa=0x8000000000", GPT, 0, 0, 0, UINT64_C(0x8000000000),
	  UINT64_C(0x8000000000), "! dvm RPAOS pa=0x8000000000 size=512G" },
	{ "! dvm PAALLOS", GPT, 0, 0, 0, 0, 0, NULL },
};

static struct smmu3_trace_op parsed(const char *line)
{
	struct loading said = { 0 };
	struct smmu3_trace_op op;

	ck_assert_msg(smmu3_trace_parse(line, "t", 1, &op, collect, &said) == 1, "%s: %s", line,
		      said.said);
	ck_assert_int_eq(op.kind, SMMU3_TRACE_DVM);
	return op;
}

/* TLB-36, RME-024 */
START_TEST(an_operation_means_what_the_architecture_says)
{
	const struct smmu3_trace_op op = parsed(operations[_i].line);
	const unsigned limits = operations[_i].limits;
	struct smmu3_invalidation scope;

	ck_assert(dvm_scope(op.pas, op.command, &scope));
	ck_assert_uint_eq(scope.kind, operations[_i].kind);
	ck_assert_uint_eq(scope.sec_sid, operations[_i].kind == GPT ? SMMU3_PAS_ROOT :
					 limits & REALM             ? SMMU3_PAS_REALM :
					 limits & (SECURE | EL3)    ? SMMU3_PAS_SECURE :
								      SMMU3_PAS_NS);
	ck_assert_uint_eq(scope.worlds, limits & EL3 ? SMMU3_WORLD_EL3 : 0);
	ck_assert_uint_eq(scope.ipa_pas, limits & SECURE_IPA ? SMMU3_PAS_SECURE :
					 operations[_i].kind == S2 && limits & REALM ?
							       SMMU3_PAS_REALM :
							       SMMU3_PAS_NS);
	ck_assert_uint_eq(scope.any_asid, !(limits & ASID));
	ck_assert_uint_eq(scope.any_vmid, !(limits & VMID));
	ck_assert_uint_eq(scope.leaf, !!(limits & LEAF));
	ck_assert_uint_eq(scope.asid, operations[_i].asid);
	ck_assert_uint_eq(scope.vmid, operations[_i].vmid);
	ck_assert_uint_eq(scope.addr, operations[_i].addr);
	ck_assert_uint_eq(scope.bytes, operations[_i].bytes);
}
END_TEST

START_TEST(an_operation_is_told_as_a_trace_writes_it)
{
	const struct smmu3_trace_op op = parsed(operations[_i].line);
	char text[SMMU3_ACT_TEXT];

	smmu3_trace_act_text(&op, text, sizeof(text));
	ck_assert_str_eq(text, operations[_i].text ? operations[_i].text : operations[_i].line);
}
END_TEST

static const struct line_mistake mistakes[] = {
	{ "! dvm", "1:6: which operation of CPUs? VAE1IS, ...\n" },
	{ "! dvm VAE1",
	  "1:7: 'VAE1' is no TLB invalidation of the EL1&0 regime, of EL3 or by PA; did you mean "
	  "'VAE1IS'?\n" },
	{ "! dvm ALLE2IS",
	  "1:7: 'ALLE2IS' is no TLB invalidation of the EL1&0 regime, of EL3 or by PA; did you "
	  "mean 'ALLE1IS'?\n" },
	{ "! dvm vae1is asid=3 va=0",
	  "1:7: 'vae1is' is no TLB invalidation of the EL1&0 regime, of EL3 or by PA; did you mean 'VAE1IS'?\n" },
	{ "! dvm VAE1IS asid=3", "1:7: 'dvm VAE1IS' needs va=...\n" },
	{ "! dvm VAE1IS va=0", "1:7: 'dvm VAE1IS' needs asid=...\n" },
	{ "! dvm VAE1IS asid=3 va=0x1234", "1:24: '0x1234' is no multiple of 0x1000\n" },
	{ "! dvm VAE1IS asid=0x10000 va=0", "1:19: '0x10000' is out of range: at most 0xffff\n" },
	{ "! dvm VAE1IS asid=3 va=0 leaf", "1:26: 'dvm VAE1IS' has no parameter 'leaf'\n" },
	{ "! dvm VAE1IS asid=3 va=0 expect=consumed",
	  "1:26: 'dvm VAE1IS' has no parameter 'expect'\n" },
	{ "! dvm VAE1IS asid=3 va=0 num=1", "1:26: 'dvm VAE1IS' has no parameter 'num'\n" },
	{ "! dvm ALLE1IS vmid=1", "1:15: 'dvm ALLE1IS' has no parameter 'vmid'\n" },
	{ "! dvm VAE1IS asid=3 va=0 ttl=3", "1:7: ttl= says nothing without tg=\n" },
	{ "! dvm RVAE1IS asid=3 va=0", "1:7: 'dvm RVAE1IS' needs tg=...\n" },
	{ "! dvm RVAE1IS asid=3 va=0 tg=none", "1:7: 'RVAE1IS' needs tg=4K, 16K or 64K\n" },
	{ "! dvm RVAE1IS asid=3 va=0x1000 tg=16K", "1:7: 'RVAE1IS' begins at a multiple of tg=\n" },
	{ "! dvm RPAOS pa=0x12345000", "1:7: 'dvm RPAOS' needs size=...\n" },
	{ "! dvm RPAOS pa=0x12345000 size=2M", "1:7: 'RPAOS' begins at a multiple of size=\n" },
	{ "! dvm PAALLOS pa=0x12345000", "1:15: 'dvm PAALLOS' has no parameter 'pa'\n" },
	{ "! dvm RVAE1IS asid=3 va=0 tg=4K scale=4", "1:39: '4' is out of range: at most 0x3\n" },
	{ "! dvm ALLE3IS", "1:7: EL3 is Secure: '! secure: dvm ALLE3IS'\n" },
	{ "! secure: dvm PAALLOS", "1:15: granule protection is of no state: '! dvm PAALLOS'\n" },
	{ "! realm: dvm ALLE3IS", "1:14: EL3 is Secure: '! secure: dvm ALLE3IS'\n" },
	{ "! dvm IPAS2E1IS ipa=0 ns",
	  "1:7: 'ns' is of Secure CPUs, whose IPAs are of two spaces\n" },
	{ "! dvm VAE1IS asid=3 va=0 ns", "1:26: 'dvm VAE1IS' has no parameter 'ns'\n" },
	{ "! dvm RVAE1IS asid=3 va=0 tg=4K num=32", "1:37: '32' is out of range: at most 0x1f\n" },
};

START_TEST(a_wrong_operation_is_refused_at_its_place)
{
	expect_mistake(&mistakes[_i]);
}
END_TEST

/* CR-030, TLB-36: of two SMMUs of a machine the one that takes part */
START_TEST(every_smmu_of_a_machine_hears_of_it)
{
	static const char *const lines[] = {
		"R one 0x1000 4 expect=pa:0x80001000,pas:ns,attr:wb",
		"R two 0x1000 4 expect=pa:0x80001000,pas:ns,attr:wb",
		"! w64 0xbfffc008 0",
		"R two 0x1000 4 expect=pa:0x80001000,pas:ns,attr:wb",
		"! dvm VAE1IS asid=3 va=0x1000",
		"R one 0x1000 4 expect=pa:0x80001000,pas:ns,attr:wb",
		"R two 0x1000 4 expect=F_TRANSLATION,s2:0,class:IN",
	};
	struct loading loading = load_good(
		"version: 1\n"
		"smmu:\n"
		"  - {name: deaf, features: {btm: false}, caches: {tlb: 16}}\n"
		"  - {name: hears, features: {btm: true}, caches: {tlb: 16}}\n"
		"tables:\n"
		"  both: {stage: 1, map: [{va: 0x1000, pa: 0x80001000, size: 4K}]}\n"
		"masters:\n"
		"  - {name: one, smmu: deaf, stream_id: 1, table: both, asid: 3, cd: {ASET: 0}}\n"
		"  - {name: two, smmu: hears, stream_id: 1, table: both, asid: 3, cd: {ASET: 0}}\n");

	ALL(&loading, lines);
	unload(&loading);
}
END_TEST

/* TLB-08, 3.17.2, 3.17.2.1, 6.3.60: Secure CPUs reach Secure translations, of their VMID and IPA
 * space, and those of EL3 where that is said; Non-secure ones do not, nor with S_CR2.PTM = 1. Level
 * 3 of the trees is at 0x700fe000, 0x700fc000, of the monitor's table at 0x700fb000 */
START_TEST(each_state_hears_its_own_cpus)
{
	static const char *const lines[] = {
		"R a 0x1000 4 expect=pa:0x70001000,pas:secure,attr:wb",
		"R a 0x1000 4 ns=1 expect=pa:0x80001000,pas:ns,attr:wb",
		"R m 0x1000 4 expect=pa:0x70003000,pas:secure,attr:wb",
		"! secure: w64 0x700fe008 0",
		"! secure: w64 0x700fc008 0",
		"! secure: w64 0x700fb008 0",
		"! dvm ALLE1IS",
		"! secure: dvm VMALLS12E1IS vmid=1",
		"! secure: dvm IPAS2E1IS ipa=0x1000 vmid=1",
		"! secure: dvm VAE1IS asid=0 va=0x1000",
		"R a 0x1000 4 expect=pa:0x70001000,pas:secure,attr:wb",
		"! secure: dvm IPAS2E1IS ipa=0x1000 ns vmid=2",
		"R a 0x1000 4 expect=pa:0x70001000,pas:secure,attr:wb",
		"R a 0x1000 4 ns=1 expect=F_TRANSLATION,s2:1,class:IN",
		"! secure: mmio w32 S_CR0 0",
		"! secure: mmio w32 S_CR2 6",
		"! secure: mmio w32 S_CR0 0xd",
		"! secure: dvm ALLE1IS",
		"R a 0x1000 4 expect=pa:0x70001000,pas:secure,attr:wb",
		"! secure: mmio w32 S_CR0 0",
		"! secure: mmio w32 S_CR2 2",
		"! secure: mmio w32 S_CR0 0xd",
		"! secure: dvm IPAS2E1IS ipa=0x1000 vmid=2",
		"R a 0x1000 4 expect=F_TRANSLATION,s2:1,class:IN",
		"! secure: dvm ALLE1IS",
		"R m 0x1000 4 expect=pa:0x70003000,pas:secure,attr:wb",
		"! secure: dvm VAE3IS va=0x1000",
		"R m 0x1000 4 expect=F_TRANSLATION,s2:0,class:IN",
	};
	struct loading loading = load_good(
		"version: 1\n"
		"smmu: [{profile: secure-3.3, features: {btm: true}, caches: {all: 16}}]\n"
		"memory: [{name: n, base: 0x80000000, size: 1M}, {name: s, base: 0x70000000, size: 1M, "
		"pas: secure}]\n"
		"tables:\n"
		"  own: {stage: 2, vmid: 2, ipa_bits: 30, map: [{ipa: 0x1000, pa: 0x70001000, size: "
		"4K}]}\n"
		"  other: {stage: 2, ipa_bits: 30, map: [{ipa: 0x1000, pa: 0x80001000, size: 4K}]}\n"
		"  el3: {stage: 1, va_bits: 21, map: [{va: 0x1000, pa: 0x70003000, size: 4K}]}\n"
		"masters:\n"
		"  - {name: a, security: secure, stream_id: 1, stage2: own, stage2_ns: other}\n"
		"  - {name: m, security: secure, stream_id: 2, world: el3, table: el3, cd: {ASET: 0}}\n");

	ALL(&loading, lines);
	unload(&loading);
}
END_TEST

/* A line that no reader has made. */
START_TEST(what_is_no_operation_is_not_carried_out)
{
	struct loading loading = load_good("version: 1\n");
	struct smmu3_trace_op op = { .kind = SMMU3_TRACE_DVM };
	struct smmu3_error error;

	for (unsigned number = 0; number < 256; number += 51) {
		op.command[0] = number;
		ck_assert_int_eq(smmu3_machine_perform(loading.machine, &op, NULL, &error),
				 -SMMU3_E_ARGUMENT);
	}
	op.command[0] = 22; /* RPAOS of a reserved size */
	op.command[1] = 10 << 8;
	ck_assert_int_eq(smmu3_machine_perform(loading.machine, &op, NULL, &error),
			 -SMMU3_E_ARGUMENT);
	op.command[0] = 24; /* PAALLOS, the last */
	ck_assert_int_eq(smmu3_machine_perform(loading.machine, &op, NULL, &error), 0);
	unload(&loading);
}
END_TEST

/* GPC-13, RME-024: granule protection is heard of with BGPTM, whatever BTM and PTM are.  The STE is
 * in the block that is taken away, too */
START_TEST(operations_by_pa_reach_granule_protection)
{
	static const char *const lines[] = {
		"R one 0x80000000 4 expect=pa:0x80000000,pas:ns",
		"R two 0x80000000 4 expect=pa:0x80000000,pas:ns",
		"! root: w64 0x70ffc010 0xb1",
		"! root: w64 0x70ffe010 0xb1",
		"! dvm RPAOS pa=0x80000000 size=512M",
		"R one 0x80000000 4 expect=pa:0x80000000,pas:ns",
		"! dvm RPALOS pa=0x80000000 size=1G",
		"R one 0x80000000 4 expect=F_STE_FETCH",
		"R two 0x80000000 4 expect=pa:0x80000000,pas:ns",
	};
	struct loading loading = load_good(
		"version: 1\n"
		"memory: [{name: ram, base: 0x80000000, size: 1G}, "
		"{name: fw, base: 0x70000000, size: 16M, pas: root}]\n"
		"smmu:\n"
		"  - {name: hears, profile: generic-3.3, caches: {gpt: 16}, gpt: {},\n"
		"     features: {root: true, bgptm: true, btm: false}}\n"
		"  - {name: deaf, profile: generic-3.3, caches: {gpt: 16}, gpt: {},\n"
		"     features: {root: true}}\n"
		"masters:\n"
		"  - {name: one, smmu: hears, stream_id: 1, mode: bypass}\n"
		"  - {name: two, smmu: deaf, stream_id: 1, mode: bypass}\n");

	ALL(&loading, lines);
	unload(&loading);
}
END_TEST

static Suite *suite(void)
{
	Suite *const suite = suite_create("platform: broadcast TLB invalidations of traces");
	TCase *const tests = tcase_create("dvm");

	tcase_add_loop_test(tests, an_operation_means_what_the_architecture_says, 0,
			    COUNT(operations));
	tcase_add_loop_test(tests, an_operation_is_told_as_a_trace_writes_it, 0, COUNT(operations));
	tcase_add_loop_test(tests, a_wrong_operation_is_refused_at_its_place, 0, COUNT(mistakes));
	tcase_add_test(tests, every_smmu_of_a_machine_hears_of_it);
	tcase_add_test(tests, each_state_hears_its_own_cpus);
	tcase_add_test(tests, what_is_no_operation_is_not_carried_out);
	tcase_add_test(tests, operations_by_pa_reach_granule_protection);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
