/* SPDX-License-Identifier: MIT */
/* Commands of traces: what their words are in the queue, what is wrong with one, and what becomes
 * of it. */
#include "load.h"
#include "support/suite.h"

#include <check.h>
#include <stdio.h>

/* ---- Words, worked out from the layouts of chapter 4 ---- */

struct command {
	const char *line;
	uint64_t word[2];
	const char *text; /* as it is told; NULL: as it was written, but for numbers */
};

static const struct command commands[] = {
	/* 4.4: VMID 47:32, ASID 63:48, Leaf 64, TTL 73:72, TG 75:74, Address 127:76 */
	{ "! tlbi nh_all", { 0x10, 0 }, NULL },
	{ "! tlbi nh_all vmid=0x7", { 0x700000010, 0 }, NULL },
	{ "! tlbi nh_asid asid=0x6", { 0x0006000000000011, 0 }, NULL },
	{ "! tlbi nh_va asid=6 va=0x10001000",
	  { 0x0006000000000012, 0x10001000 },
	  "! tlbi nh_va asid=0x6 va=0x10001000" },
	{ "! tlbi nh_va va=0x10001000 vmid=0x8 leaf asid=0xffff",
	  { 0xffff000800000012, 0x10001001 },
	  "! tlbi nh_va vmid=0x8 asid=0xffff va=0x10001000 leaf" },
	/* NUM 16:12, SCALE 25:20.  4.4.1.1 */
	{ "! tlbi nh_vaa va=0xfffffffffffff000 tg=16K ttl=3 num=0x1f scale=0x3f",
	  { 0x03f1f013, 0xfffffffffffffb00 },
	  "! tlbi nh_vaa va=0xfffffffffffff000 tg=16K ttl=0x3 num=0x1f scale=0x3f" },
	{ "! tlbi el2_all", { 0x20, 0 }, NULL },
	{ "! tlbi el2_asid asid=0x1", { 0x0001000000000021, 0 }, NULL },
	{ "! tlbi el2_va va=0x1000 tg=4K", { 0x22, 0x1400 }, NULL },
	{ "! tlbi el2_vaa va=0x1000 tg=64K", { 0x23, 0x1c00 }, NULL },
	{ "! tlbi s12_vmall vmid=0x3", { 0x300000028, 0 }, NULL },
	{ "! tlbi s2_ipa vmid=0x3 ipa=0x43210000", { 0x30000002a, 0x43210000 }, NULL },
	{ "! tlbi nsnh_all", { 0x30, 0 }, NULL },
	/* of the Secure queue; NS 65.  4.4.3.3 */
	{ "! tlbi el3_all", { 0x18, 0 }, NULL },
	{ "! tlbi el3_va va=0xfffffffffffff000 leaf", { 0x1a, 0xfffffffffffff001 }, NULL },
	{ "! tlbi s_el2_all", { 0x50, 0 }, NULL },
	{ "! tlbi s_el2_asid asid=0x1", { 0x0001000000000051, 0 }, NULL },
	{ "! tlbi s_el2_va asid=0x1 va=0x1000 tg=4K", { 0x0001000000000052, 0x1400 }, NULL },
	{ "! tlbi s_el2_vaa va=0x1000 tg=64K", { 0x53, 0x1c00 }, NULL },
	{ "! tlbi s_s12_vmall vmid=0x3", { 0x300000058, 0 }, NULL },
	{ "! tlbi s_s2_ipa vmid=0x3 ipa=0x43210000", { 0x30000005a, 0x43210000 }, NULL },
	{ "! tlbi s_s2_ipa vmid=0x3 ipa=0x43210000 ns leaf", { 0x30000005a, 0x43210003 }, NULL },
	{ "! tlbi snh_all", { 0x60, 0 }, NULL },
	/* 4.3: SSec 10, StreamID 63:32, SubstreamID 31:12, Leaf 64, Range 68:64 */
	{ "! cfgi ste sid=0x200 leaf", { 0x20000000003, 1 }, NULL },
	{ "! cfgi ste_range sid=0x200 range=0x3", { 0x20000000004, 3 }, NULL },
	{ "! cfgi all", { 0x4, 31 }, NULL },
	{ "! cfgi ste_range sid=0 range=31", { 0x4, 31 }, "! cfgi all" },
	{ "! cfgi cd sid=0x1 ssid=0xfffff leaf", { 0x1fffff005, 1 }, NULL },
	{ "! cfgi cd sid=0x1", { 0x100000005, 0 }, NULL },
	{ "! cfgi cd_all sid=0xffffffff", { 0xffffffff00000006, 0 }, NULL },
	{ "! cfgi vms_pidm vmid=0x5", { 0x500000007, 0 }, NULL },
	{ "! cfgi ste sid=0x200 ssec=0x1 leaf", { 0x20000000403, 1 }, NULL },
	{ "! cfgi ste_range sid=0x200 ssec=0x1 range=0x3", { 0x20000000404, 3 }, NULL },
	{ "! cfgi all ssec=0x1", { 0x404, 31 }, NULL },
	{ "! cfgi cd sid=0x1 ssec=0x1 ssid=0x2", { 0x100002405, 0 }, NULL },
	{ "! cfgi cd_all sid=0x1 ssec=0x1", { 0x100000406, 0 }, NULL },
	{ "! cfgi vms_pidm ssec=0x1 vmid=0x5", { 0x500000407, 0 }, NULL },
	/* 4.2: SSec 10, SSV 11; Size 68:64, Stride 73:69, Address 127:76 */
	{ "! prefetch config sid=0x9", { 0x900000001, 0 }, NULL },
	{ "! prefetch config sid=0x9 ssid=0x0", { 0x900000801, 0 }, NULL },
	{ "! prefetch addr sid=0x9 ssid=0x2 va=0x7000 size=0x1 stride=0x2",
	  { 0x900002802, 0x7041 },
	  NULL },
	{ "! prefetch config sid=0x9 ssec=0x1", { 0x900000401, 0 }, NULL },
	/* NS 75 */
	{ "! prefetch addr sid=0x9 ssec=0x1 va=0x7000 ns", { 0x900000402, 0x7800 }, NULL },
	/* 4.5: Global 9, Size 69:64; PRGIndex 72:64, Resp 77:76 */
	{ "! atc_inv sid=0x100 va=0x7000 size=0x34", { 0x10000000040, 0x7034 }, NULL },
	{ "! atc_inv sid=0x100 ssid=0x3 global", { 0x10000003a40, 0 }, NULL },
	{ "! pri_resp sid=0x100 prgindex=0x1ff resp=success", { 0x10000000041, 0x21ff }, NULL },
	/* 4.6: Leaf 64, SIZE 75:72, Address 119:76 */
	{ "! dpti all", { 0x70, 0 }, NULL },
	{ "! dpti pa pa=0x1000", { 0x73, 0x1000 }, NULL },
	{ "! dpti pa pa=0xfffff000000000 size=64G leaf", { 0x73, 0x00fffff000000801 }, NULL },
	/* 4.7: Ac 12, Ab 13, STAG 79:64 */
	{ "! resume sid=0x9 stag=0xffff retry", { 0x900001044, 0xffff }, NULL },
	{ "! resume sid=0x9 stag=0x1 abort", { 0x900002044, 1 }, NULL },
	{ "! resume sid=0x9 stag=0x1 razwi", { 0x900000044, 1 }, NULL },
	{ "! stall_term sid=0x9", { 0x900000045, 0 }, NULL },
	{ "! resume sid=0x9 ssec=0x1 stag=0x1 abort", { 0x900002444, 1 }, NULL },
	{ "! stall_term sid=0x9 ssec=0x1", { 0x900000445, 0 }, NULL },
	/* CS 13:12, MSH 23:22, MSIAttr 27:24, MSIData 63:32, MSIAddress 119:66.  4.7.3 */
	{ "! sync", { 0x46, 0 }, NULL },
	{ "! sync none", { 0x46, 0 }, "! sync" },
	{ "! sync irq", { 0x1046, 0 }, NULL },
	{ "! sync sev", { 0x2046, 0 }, NULL },
	{ "! sync irq msi=0xfffffffffffffc data=0x12345678 memattr=0xf sh=ish",
	  { 0x123456780fc01046, 0xfffffffffffffc },
	  NULL },
	{ "! cmd 0xffffffffffffffff 0x1", { UINT64_MAX, 1 }, NULL },
	{ "! cmd 0x46 0", { 0x46, 0 }, "! sync" },
	/* SSec is bit 10: 0 in the Non-secure queue, 1 in the Secure one, but where a line says
	 * otherwise.  4.1.6 */
	{ "! cfgi ste sid=0x9 ssec=0x1", { 0x900000403, 0 }, NULL },
	{ "! secure: cfgi ste sid=0x9", { 0x900000403, 0 }, NULL },
	{ "! secure: cfgi ste ssec=0 sid=9",
	  { 0x900000003, 0 },
	  "! secure: cfgi ste sid=0x9 ssec=0x0" },
	{ "! secure: cfgi all", { 0x404, 31 }, NULL },
	{ "! secure: cfgi ste_range sid=0x200 range=0x3", { 0x20000000404, 3 }, NULL },
	{ "! secure: cfgi cd sid=0x1 ssid=0x2 leaf", { 0x100002405, 1 }, NULL },
	{ "! secure: cfgi cd_all sid=0x1", { 0x100000406, 0 }, NULL },
	{ "! secure: cfgi vms_pidm vmid=0x5", { 0x500000407, 0 }, NULL },
	{ "! secure: prefetch config sid=0x9 ssid=0x2", { 0x900002c01, 0 }, NULL },
	{ "! secure: prefetch addr sid=0x9 va=0x7000 ns", { 0x900000402, 0x7800 }, NULL },
	{ "! secure: resume sid=0x9 stag=0x3 retry", { 0x900001444, 3 }, NULL },
	{ "! secure: stall_term sid=0x9", { 0x900000445, 0 }, NULL },
	{ "! secure: atc_inv sid=0x1", { 0x100000040, 0 }, NULL },
	{ "! secure: pri_resp sid=0x1 prgindex=0x2 resp=success", { 0x100000041, 0x2002 }, NULL },
	/* TLBIs have no SSec: whose they are the queue says */
	{ "! secure: tlbi nh_asid asid=0x3", { 0x0003000000000011, 0 }, NULL },
	{ "! secure: tlbi el3_all", { 0x18, 0 }, NULL },
	{ "! secure: tlbi el3_va va=0x1000 leaf", { 0x1a, 0x1001 }, NULL },
	{ "! secure: tlbi s_el2_all", { 0x50, 0 }, NULL },
	{ "! secure: tlbi s_el2_asid asid=0x1", { 0x0001000000000051, 0 }, NULL },
	{ "! secure: tlbi s_el2_va va=0x1000", { 0x52, 0x1000 }, NULL },
	{ "! secure: tlbi s_el2_vaa va=0x1000", { 0x53, 0x1000 }, NULL },
	{ "! secure: tlbi s_s12_vmall vmid=0x3", { 0x300000058, 0 }, NULL },
	/* NS 65 */
	{ "! secure: tlbi s_s2_ipa vmid=0x3 ipa=0x1000 ns", { 0x30000005a, 0x1002 }, NULL },
	{ "! secure: tlbi snh_all", { 0x60, 0 }, NULL },
	{ "! secure: cmd 0x900000403 0", { 0x900000403, 0 }, "! secure: cfgi ste sid=0x9" },
	{ "! secure: sync", { 0x46, 0 }, NULL },
	/* what no line but cmd can say: a reserved CS, a SubstreamID without SSV, bit 10 where it
	 * is not SSec */
	{ "! cmd 0x410 0x0", { 0x410, 0 }, NULL },
	{ "! cmd 0x3046 0x0", { 0x3046, 0 }, NULL },
	{ "! cmd 0x900002001 0x0", { 0x900002001, 0 }, NULL },
	{ "! cmd 0x900003044 0x1", { 0x900003044, 1 }, NULL },
};

static struct smmu3_trace_op parsed(const char *line)
{
	struct loading said = { 0 };
	struct smmu3_trace_op op;

	ck_assert_msg(smmu3_trace_parse(line, "t", 1, &op, collect, &said) == 1, "%s: %s", line,
		      said.said);
	return op;
}

START_TEST(a_command_has_the_words_of_the_architecture)
{
	const struct command *const want = &commands[_i];
	const struct smmu3_trace_op op = parsed(want->line);

	ck_assert_int_eq(op.kind, SMMU3_TRACE_COMMAND);
	ck_assert_uint_eq(op.command[0], want->word[0]);
	ck_assert_uint_eq(op.command[1], want->word[1]);
	ck_assert_uint_eq(op.address_column, op.pas == SMMU3_PAS_SECURE ? 11 : 3);
	ck_assert_uint_eq(op.answer_given, 0);
}
END_TEST

START_TEST(a_command_is_told_as_a_trace_writes_it)
{
	const struct command *const want = &commands[_i];
	const struct smmu3_trace_op op = parsed(want->line);
	char text[SMMU3_ACT_TEXT];

	smmu3_trace_act_text(&op, text, sizeof(text));
	ck_assert_str_eq(text, want->text ? want->text : want->line);
}
END_TEST

START_TEST(an_answer_is_expected_of_a_command)
{
	static const char *const word[] = { "consumed", "waiting", "full", "CERROR_ILL",
					    "CERROR_ABT" };
	char line[100];

	for (unsigned i = 0; i < 5; i++) {
		for (unsigned raw = 0; raw < 2; raw++) {
			(void)snprintf(line, sizeof(line), "! %s expect=%s",
				       raw ? "cmd 1 0" : "sync irq", word[i]);
			const struct smmu3_trace_op op = parsed(line);

			ck_assert_uint_eq(op.answer_given, 1);
			ck_assert_uint_eq(op.answer, i);
		}
	}
}
END_TEST

/* ---- Mistakes ---- */

static const struct line_mistake mistakes[] = {
	{ "! tlbi", "1:7: which 'tlbi'?\n" },
	{ "! tlbi nh_vaaa va=0", "1:8: 'nh_vaaa' is no 'tlbi'; did you mean 'nh_vaa'?\n" },
	{ "! tlbi el3_vaa", "1:8: 'el3_vaa' is no 'tlbi'; did you mean 'el3_va'?\n" },
	{ "! tlbi s_s2_ipa ipa=0 ssec=1", "1:23: 'tlbi s_s2_ipa' has no parameter 'ssec'\n" },
	{ "! secure: cfgi ste sid=1 ssec=2", "1:31: '2' is out of range: at most 0x1\n" },
	{ "! secure: cfgi ste sid=1 ssec", "1:26: 'ssec' takes a value: ssec=...\n" },
	{ "! cfgi stee sid=1", "1:8: 'stee' is no 'cfgi'; did you mean 'ste'?\n" },
	{ "! tlbi nh_va asid=6", "1:3: 'tlbi nh_va' needs va=...\n" },
	{ "! tlbi nh_va va=0", "1:3: 'tlbi nh_va' needs asid=...\n" },
	{ "! tlbi nh_va asid=6 va=0x1234", "1:24: '0x1234' is no multiple of 0x1000\n" },
	{ "! tlbi nh_va asid=0x10000 va=0", "1:19: '0x10000' is out of range: at most 0xffff\n" },
	{ "! tlbi nh_va asid=6 asid=6 va=0",
	  "1:21: 'asid' is said already, or another in its place\n" },
	{ "! tlbi nh_va asid va=0", "1:14: 'asid' takes a value: asid=...\n" },
	{ "! tlbi nh_va asid= va=0", "1:19: a number is missing\n" },
	{ "! tlbi nh_va asid=six va=0",
	  "1:19: 'six' is no number: decimal or 0x, then perhaps K, M, G or T\n" },
	{ "! tlbi nh_va asid=6 va=0 leaf=1", "1:26: 'leaf' takes no value\n" },
	{ "! tlbi nh_va asid=6 va=0 laef",
	  "1:26: 'tlbi nh_va' has no parameter 'laef'; did you mean 'leaf'?\n" },
	{ "! tlbi nh_all asid=6",
	  "1:15: 'tlbi nh_all' has no parameter 'asid'; did you mean 'vmid'?\n" },
	{ "! tlbi nh_va asid=6 va=0 tg=8K", "1:29: '8K' is no tg; did you mean '4K'?\n" },
	{ "! tlbi nh_va asid=6 va=0 ttl=4", "1:30: '4' is out of range: at most 0x3\n" },
	{ "! tlbi nh_va asid=6 va=0 num=32", "1:30: '32' is out of range: at most 0x1f\n" },
	{ "! tlbi s2_ipa ipa=0x100000000000000",
	  "1:19: '0x100000000000000' is out of range: at most 0xffffffffffffff\n" },
	{ "! cfgi ste", "1:3: 'cfgi ste' needs sid=...\n" },
	{ "! cfgi ste sid=0x100000000",
	  "1:16: '0x100000000' is out of range: at most 0xffffffff\n" },
	{ "! cfgi ste_range sid=1 range=32", "1:30: '32' is out of range: at most 0x1f\n" },
	{ "! cfgi cd sid=1 ssid=0x100000", "1:22: '0x100000' is out of range: at most 0xfffff\n" },
	{ "! prefetch addr sid=1", "1:3: 'prefetch addr' needs va=...\n" },
	{ "! resume sid=1 stag=1", "1:3: 'resume' needs retry, abort or razwi\n" },
	{ "! resume sid=1 stag=1 retry abort",
	  "1:29: 'abort' is said already, or another in its place\n" },
	{ "! resume sid=1 stag=0x10000 retry",
	  "1:21: '0x10000' is out of range: at most 0xffff\n" },
	{ "! resume sid=1 stag=1 retri",
	  "1:23: 'resume' has no parameter 'retri'; did you mean 'retry'?\n" },
	{ "! resume sid=1 stag=1 retry=1", "1:23: 'retry, abort or razwi' takes no value\n" },
	{ "! sync msi=0x2", "1:12: '0x2' is no multiple of 0x4\n" },
	{ "! sync irq sh=ish sh=osh", "1:19: 'sh' is said already, or another in its place\n" },
	{ "! sync expect=done",
	  "1:15: 'done' is no answer: consumed, waiting, full, CERROR_ILL, CERROR_ABT or CERROR_ATC_INV_SYNC\n" },
	{ "! sync expect=cerror_ill",
	  "1:15: 'cerror_ill' is no answer: consumed, waiting, full, CERROR_ILL, CERROR_ABT or CERROR_ATC_INV_SYNC; "
	  "did you mean 'CERROR_ILL'?\n" },
	{ "! sync expect=full expect=full", "1:20: 'expect' is said already\n" },
	{ "! sync expect", "1:8: 'expect' takes a value: expect=...\n" },
	{ "! cmd", "1:6: a number is missing\n" },
	{ "! cmd 1", "1:8: a number is missing\n" },
	{ "! cmd 1 2 3", "1:11: only expect=... may follow: '3'\n" },
	{ "! cmd 0x10000000000000000 0", "1:7: '0x10000000000000000' does not fit 64 bits\n" },
};

START_TEST(a_wrong_command_is_refused_at_its_place)
{
	expect_mistake(&mistakes[_i]);
}
END_TEST

static Suite *suite(void)
{
	Suite *const suite = suite_create("platform: commands of traces");
	TCase *const tests = tcase_create("commands");

	tcase_add_loop_test(tests, a_command_has_the_words_of_the_architecture, 0,
			    (int)(sizeof(commands) / sizeof(commands[0])));
	tcase_add_loop_test(tests, a_command_is_told_as_a_trace_writes_it, 0,
			    (int)(sizeof(commands) / sizeof(commands[0])));
	tcase_add_test(tests, an_answer_is_expected_of_a_command);
	tcase_add_loop_test(tests, a_wrong_command_is_refused_at_its_place, 0,
			    (int)(sizeof(mistakes) / sizeof(mistakes[0])));
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
