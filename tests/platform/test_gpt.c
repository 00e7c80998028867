/* SPDX-License-Identifier: MIT */
/* Machines with granule protection: what the `gpt` key of an SMMU makes, what is wrong with one,
 * and lines of traces about the Root interface.  docs/config.md, docs/trace.md */
#include "load.h"
#include "support/suite.h"

#include <check.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))
#define MEMORY                                               \
	"version: 1\n"                                       \
	"memory: [{name: ram, base: 0x80000000, size: 1G}, " \
	"{name: fw, base: 0x70000000, size: 16M, pas: root}]\n"
#define SMMU(features, more) \
	"smmu:\n  - profile: generic-3.3\n    features: {root: true" features "}\n    " more "\n"
#define MASTER "masters: [{name: a, stream_id: 1, mode: bypass}]\n"
#define MACHINE(gpt) MEMORY SMMU(", oas: 48", "gpt: " gpt) MASTER

/* RME-001, RME-005, RME-006: a table of 1 TB is 2^10 blocks, 8 KB, at the end of Root memory.
 * ACCESSEN and GPCEN are enabled and acknowledged; ROOT_IDR0 has RGPTM */
START_TEST(a_table_is_programmed_and_enabled)
{
	static const char *const lines[] = {
		"! root: mmio r32 ROOT_IDR0 expect=0x5",
		"! root: mmio r64 ROOT_GPT_BASE expect=0x70ffe000",
		"! root: mmio r64 ROOT_GPT_BASE_CFG expect=0x3502",
		"! root: mmio r32 ROOT_CR0 expect=3",
		"! root: mmio r32 ROOT_CR0ACK expect=3",
		"! root: r64 0x70ffe000 expect=0x91",
		"! root: r64 0x70fffff8 expect=0x91",
		"R a 0x80000000 8 expect=pa:0x80000000,pas:ns",
	};
	struct loading loading = load_good(MACHINE("{}"));

	ALL(&loading, lines);
	unload(&loading);
}
END_TEST

/* RME-001: without a table nothing is checked, and everything may be accessed */
START_TEST(without_a_table_there_is_access)
{
	static const char *const lines[] = {
		"! root: mmio r32 ROOT_CR0ACK expect=1",
		"R a 0x80000000 8 expect=pa:0x80000000,pas:ns",
	};
	struct loading loading = load_good(
		MEMORY SMMU(", bgptm: true, rgptm: false", "caches: {gpt: 4}") MASTER);

	ALL(&loading, lines);
	unload(&loading);
}
END_TEST

/* RME-006, RME-007 */
START_TEST(sizes_are_as_given)
{
	static const char *const lines[] = {
		"! root: mmio r64 ROOT_GPT_BASE_CFG expect=0x7501",
		"! root: mmio r64 ROOT_GPT_BASE expect=0x70fff000",
	};
	struct loading loading = load_good(MACHINE("{bits: 36, granule: 64K}"));

	ALL(&loading, lines);
	unload(&loading);
}
END_TEST

/* GPC-03, GPC-04: ranges in their order, in what fits.  Level 1 of 0 to 1 GB is made first, 128 KB
 * at 0x70fc0000, then that of 1 to 2 GB */
START_TEST(ranges_become_entries)
{
	static const char *const lines[] = {
		"! root: mmio r64 ROOT_GPT_BASE expect=0x70ffe000",
		"! root: r64 0x70ffe000 expect=0x70fc0003",
		"! root: r64 0x70ffe008 expect=0x70fa0003",
		"! root: r64 0x70ffe010 expect=0x91",
		"! root: r64 0x70ffe018 expect=0xb1",
		"! root: r64 0x70ffe020 expect=0xf1",
		"! root: r64 0x70fc0000 expect=0xffffffffffff8fff",
		"! root: r64 0x70fa0000 expect=0x1a1",
		"! root: r64 0x70fa00f8 expect=0x1a1",
		"! root: r64 0x70fa0100 expect=0x1f1",
		"! root: r64 0x70fa1000 expect=0x2f1",
	};
	struct loading loading = load_good(MACHINE(
		"{rest: any, map: [{pa: 0x3000, size: 4K, pas: secure}, "
		"{pa: 0x40000000, size: 2M, pas: root, contiguous: true}, "
		"{pa: 0x80000000, size: 2G, pas: ns}, {pa: 0xc0000000, size: 1G, pas: realm}]}"));

	ALL(&loading, lines);
	unload(&loading);
}
END_TEST

/* RME-005 */
START_TEST(the_table_is_in_the_memory_named)
{
	static const char *const lines[] = {
		"! root: mmio r64 ROOT_GPT_BASE expect=0x60ffe000",
	};
	struct loading loading = load_good(
		"version: 1\nmemory: [{name: ram, base: 0x80000000, size: 1G}, "
		"{name: fw, base: 0x70000000, size: 16M, pas: root}, "
		"{name: more, base: 0x60000000, size: 16M, pas: root}]\n" SMMU(
			"", "gpt: {tables_in: more}") MASTER);

	ALL(&loading, lines);
	unload(&loading);
}
END_TEST

static const struct {
	const char *text, *said;
} mistakes[] = {
	{ MEMORY "smmu: [{gpt: {}}]\n",
	  "3:14: the SMMU has no granule protection; one that has says so: features: {root: true}\n" },
	{ "version: 1\n" SMMU("", "gpt: {}") MASTER,
	  "5:10: there is no Root memory for the tables\n" },
	{ MACHINE("{tables_in: ram}"), "6:22: there is no Root memory 'ram'\n" },
	{ MACHINE("{bits: 52}"), "6:17: 52 bits are more than IDR5.OAS has\n" },
	{ MEMORY SMMU(", oas: 48, va_bits: 48, granules: [4K]", "gpt: {granule: 64K}") MASTER,
	  "6:20: the SMMU does not have this granule\n" },
	{ MACHINE("{rest: mine}"),
	  "6:17: 'mine' is not one of none, ns, secure, root, realm, any; did you mean 'none'?\n" },
	{ MACHINE("{map: [{pa: 0x1000, size: 1, pas: ns}]}"),
	  "6:17: pa and size must be multiples of the granule\n" },
	{ MACHINE("{map: [{pa: 0x10000000000, size: 4K, pas: ns}]}"),
	  "6:17: the table has addresses of 40 bits\n" },
	{ MACHINE("{map: [{pa: 0, size: 4K}]}"), "6:17: a range needs 'pas'\n" },
};

START_TEST(what_is_wrong_with_a_table_is_said)
{
	struct loading loading = load(mistakes[_i].text);

	ck_assert_ptr_null(loading.machine);
	ck_assert_str_eq(loading.said, mistakes[_i].said);
	unload(&loading);
}
END_TEST

/* RME-012, RME-013, RME-021: what an access meets, and what is told of it and done about it */
START_TEST(traces_speak_of_the_root_interface)
{
	static const char *const lines[] = {
		"! root: expect no-interrupt",
		"R a 0x70000000 8 expect=abort",
		"! root: expect interrupt gpf_far",
		"! root: expect no-interrupt",
		"! expect nothing",
		"! root: mmio r64 ROOT_GPF_FAR expect=0x4000000070000007",
		"! root: mmio w64 ROOT_TLBI 0x70000003",
		"! root: mmio w32 ROOT_TLBI_CTRL 1",
		"! root: expect invalidation gpt",
		"! root: mmio w64 ROOT_TLBI 0x70000012",
		"! root: mmio w32 ROOT_TLBI_CTRL 1",
		"! root: expect invalidation gpt addr=0x70000000 bytes=0x4000 leaf",
		"! root: w64 0x70ffe008 2",
		"R a 0x70000000 8 expect=abort",
		"! root: expect interrupt gpt_cfg_far",
		"! root: expect nothing",
	};
	struct loading loading = load_good(
		MACHINE("{map: [{pa: 0x70000000, size: 16M, pas: root}]}"));

	ALL(&loading, lines);
	unload(&loading);
}
END_TEST

/* GPC-12, RME-020: devices without a StreamID meet the same table, in the PA space that they name;
 * of what is beyond OAS nothing is told */
START_TEST(devices_without_a_stream_meet_the_table)
{
	static const char *const lines[] = {
		"! direct r 0x6ffff000 4096 expect=ok",
		"! root: direct w 0x70000000 64 expect=ok",
		"! secure: direct r 0x70000000 64 expect=abort",
		"! root: expect interrupt gpf_far",
		"! root: mmio r64 ROOT_GPF_FAR expect=0x70000007",
		"! root: mmio w64 ROOT_GPF_FAR 0",
		"! direct w 0x6ffff000 8192 expect=abort",
		"! root: mmio r64 ROOT_GPF_FAR expect=0x4000000070000007",
		"! root: mmio w64 ROOT_GPF_FAR 0",
		"! expect anything",
		"! realm: direct r 0x1000000000000 1 expect=abort",
		"! root: expect nothing",
		"! root: mmio r64 ROOT_GPF_FAR expect=0",
	};
	struct loading loading = load_good(
		MACHINE("{map: [{pa: 0x70000000, size: 16M, pas: root}]}"));

	ALL(&loading, lines);
	unload(&loading);
}
END_TEST

static const struct {
	const char *line, *text;
} told[] = {
	{ "! direct r 0x1000 64 expect=ok", "! direct r 0x1000 64" },
	{ "! realm: direct w 4096 0x100000", "! realm: direct w 0x1000 1048576" },
};

START_TEST(such_an_access_is_told_as_a_trace_writes_it)
{
	struct smmu3_trace_op op;
	char text[SMMU3_ACT_TEXT];

	ck_assert_int_eq(smmu3_trace_parse(told[_i].line, "t", 1, &op, NULL, NULL), 1);
	smmu3_trace_act_text(&op, text, sizeof(text));
	ck_assert_str_eq(text, told[_i].text);
}
END_TEST

static const struct line_mistake line_mistakes[] = {
	{ "! direct x 0 1", "1:10: 'x' is no such access: r or w\n" },
	{ "! direct r 0 0", "1:14: at least a byte, and none past the end\n" },
	{ "! direct r 0xfffffffffffffff8 9", "1:31: at least a byte, and none past the end\n" },
	{ "! direct r 0 0x100001", "1:14: '0x100001' is out of range: at most 0x100000\n" },
	{ "! direct r 0 1 twice", "1:16: 'twice' is not expect=...\n" },
	{ "! direct r 0 1 expect=stalled",
	  "1:23: 'stalled' is no end of such an access: ok or abort\n" },
	{ "! root: expect event F_TRANSLATION",
	  "1:16: the Root interface has no event, but interrupts and invalidations\n" },
	{ "! root: expect prod",
	  "1:16: the Root interface has no prod, but interrupts and invalidations\n" },
	{ "! root: expect anything",
	  "1:16: 'anything' is of no Security state: without a prefix\n" },
};

START_TEST(what_root_has_not_is_said)
{
	expect_mistake(&line_mistakes[_i]);
}
END_TEST

/* An SMMU without Root registers has no such interface */
START_TEST(without_root_there_is_nothing_to_expect)
{
	struct loading loading = load_good(MEMORY MASTER);
	struct smmu3_trace_op op = {
		.kind = SMMU3_TRACE_EXPECT,
		.pas = SMMU3_PAS_ROOT,
		.own = { .kind = SMMU3_OWN_INTERRUPT, .pas = SMMU3_PAS_ROOT, .none = 1 }
	};
	struct smmu3_outcome outcome;
	struct smmu3_error error;

	ck_assert_int_eq(smmu3_machine_perform(loading.machine, &op, &outcome, &error),
			 -SMMU3_E_ABORT);
	ck_assert_str_eq(error.text, "the SMMU has no Root state");
	unload(&loading);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_table_is_programmed_and_enabled);
	tcase_add_test(tests, without_a_table_there_is_access);
	tcase_add_test(tests, sizes_are_as_given);
	tcase_add_test(tests, ranges_become_entries);
	tcase_add_test(tests, the_table_is_in_the_memory_named);
	tcase_add_loop_test(tests, what_is_wrong_with_a_table_is_said, 0, COUNT(mistakes));
	tcase_add_test(tests, traces_speak_of_the_root_interface);
	tcase_add_test(tests, devices_without_a_stream_meet_the_table);
	tcase_add_loop_test(tests, such_an_access_is_told_as_a_trace_writes_it, 0, COUNT(told));
	tcase_add_loop_test(tests, what_root_has_not_is_said, 0, COUNT(line_mistakes));
	tcase_add_test(tests, without_root_there_is_nothing_to_expect);
}

int main(void)
{
	return run_suite("platform: granule protection", add);
}
