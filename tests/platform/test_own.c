/* SPDX-License-Identifier: MIT */
/* What an SMMU does of its own accord, and lines that expect it: in order, once, and nothing beside
 * where they are strict. */
#include "load.h"
#include "support/suite.h"

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char machine_text[] =
	"version: 1\n"
	"smmu: [{features: {msi: true, sev: true}, command_queue: {log2size: 2}, "
	"event_queue: {log2size: 2}}]\n"
	"memory: [{name: ram, base: 0x80000000, size: 16M}]\n"
	"masters: [{name: nic, stream_id: 0x10, asid: 6, map: [{va: 0x1000, pa: 0x80001000, size: "
	"64K}], substreams: [{ssid: 5, map: [{va: 0x1000, pa: 0x80001000, size: 4K}]}]}]\n";

/* Carries out a line.  Those that begin with "-" are expected to fail; text follows a '|': a part
 * of the difference, or of what came. */
static void carry_out(struct loading *loading, const char *row, bool strict)
{
	const bool fails = row[0] == '-';
	char line[300];
	const char *const bar = strchr(row, '|');
	struct smmu3_outcome outcome = { 0 };
	struct smmu3_error error;
	struct smmu3_trace_op op;
	struct loading said = { 0 };

	(void)snprintf(line, sizeof(line), "%.*s", (int)(bar ? bar - row : (int)strlen(row)), row);
	ck_assert_msg(smmu3_trace_parse(line + fails, "t", 1, &op, collect, &said) == 1, "%s: %s",
		      line, said.said);
	op.strict = strict;
	ck_assert_msg(smmu3_machine_perform(loading->machine, &op, &outcome, &error) >= 0, "%s: %s",
		      line, error.text);
	ck_assert_msg(op.result.failed == fails, "%s: %s; got %s", line, op.result.difference,
		      op.result.text);
	ck_assert_msg(fails == (op.result.difference[0] != '\0'), "%s", line);
	if (bar)
		ck_assert_msg(strstr(fails ? op.result.difference : op.result.text, bar + 1) !=
				      NULL,
			      "%s: '%s', '%s'", row, op.result.difference, op.result.text);
}

static void carry_out_all(const char *text, const char *const *rows, size_t count, bool strict)
{
	struct loading loading = load_good(text);

	for (size_t i = 0; i < count; i++)
		carry_out(&loading, rows[i], strict);
	unload(&loading);
}

#define LOOSE(...)                                                        \
	carry_out_all(machine_text, (const char *const[]){ __VA_ARGS__ }, \
		      sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *), false)
#define STRICT(...)                                                       \
	carry_out_all(machine_text, (const char *const[]){ __VA_ARGS__ }, \
		      sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *), true)

/* ---- Order ---- */

/* IRQ-008: the record before PROD, PROD before the interrupt.  3.5.4, 3.18 */
START_TEST(a_record_comes_before_prod_and_prod_before_the_interrupt)
{
	STRICT("W nic 0x40000 4",
	       "! expect event F_TRANSLATION sid=0x10 class=IN addr=0x40000|event F_TRANSLATION "
	       "sid=0x10 class=IN addr=0x40000",
	       "! expect prod 1", "! expect interrupt eventq", "! expect nothing");
	LOOSE("W nic 0x40000 4", "! expect interrupt eventq",
	      "-! expect prod|the SMMU did no such thing",
	      "-! expect event F_TRANSLATION|the SMMU did no such thing");
	STRICT("W nic 0x40000 4",
	       "-! expect interrupt eventq|the SMMU did something else first: event F_TRANSLATION");
}
END_TEST

START_TEST(a_loose_expectation_passes_by_acts_of_other_kinds)
{
	LOOSE("! tlbi nh_all", "W nic 0x40000 4", "R nic 0x50000 4",
	      "! expect event F_TRANSLATION addr=0x40000",
	      "! expect event F_TRANSLATION addr=0x50000", "! expect no-event",
	      "! expect no-interrupt");
	LOOSE("W nic 0x40000 4", "R nic 0x50000 4",
	      "-! expect event F_TRANSLATION addr=0x50000|InputAddr is 0x40000, expected 0x50000",
	      "! expect event F_TRANSLATION addr=0x50000");
}
END_TEST

/* A block of expectations ends with the first other line: what it left is forgotten, and its
 * records are consumed. */
START_TEST(what_a_block_of_expectations_leaves_is_forgotten)
{
	LOOSE("W nic 0x40000 4", "R nic 0x50000 4", "! expect event F_TRANSLATION addr=0x40000",
	      "! mmio r32 EVENTQ_CONS expect=2", "! expect nothing", "W nic 0x60000 4",
	      "! expect event F_TRANSLATION addr=0x60000", "! expect interrupt eventq",
	      "! expect nothing");
	LOOSE("W nic 0x40000 4", "! expect interrupt eventq", /* passes the record by */
	      "! mmio r32 EVENTQ_CONS expect=1");
	LOOSE("W nic 0x40000 4", "! expect anything", "! expect nothing",
	      "! mmio r32 EVENTQ_CONS expect=1");
}
END_TEST

START_TEST(settling_says_what_was_left)
{
	struct loading loading = load_good(machine_text);
	struct smmu3_own_act first;
	char text[SMMU3_ACT_TEXT];

	carry_out(&loading, "W nic 0x40000 4", true);
	ck_assert_uint_eq(smmu3_machine_settle(loading.machine, &first), 0); /* no block began */
	ck_assert_ptr_nonnull(smmu3_machine_own(loading.machine, 2));
	ck_assert_ptr_null(smmu3_machine_own(loading.machine, 3));
	carry_out(&loading, "! expect event F_TRANSLATION sid=0x10 class=IN addr=0x40000", true);
	ck_assert_uint_eq(smmu3_machine_settle(loading.machine, &first), 1);
	smmu3_own_act_text(&first, text, sizeof(text));
	ck_assert_str_eq(text, "interrupt eventq");
	ck_assert_ptr_null(smmu3_machine_own(loading.machine, 0));
	ck_assert_uint_eq(smmu3_machine_settle(loading.machine, NULL), 0);
	unload(&loading);
}
END_TEST

START_TEST(what_is_told_is_a_line_that_expects_it)
{
	struct loading loading = load_good(machine_text);
	static const char *const acts[] = { "W nic.5 0x40000 4",
					    "R nic.5 0x50000 4 priv",
					    "R 0x99 0 4",
					    "! tlbi nh_va asid=6 va=0x1000 leaf",
					    "! cfgi cd sid=1",
					    "! cfgi all",
					    "! sync sev",
					    ("! sync irq msi=0x80000000 data=7 "
					     "memattr=15 sh=ish"),
					    "! sync irq msi=0x1000 data=7" };
	char text[SMMU3_ACT_TEXT], line[64][2 * SMMU3_ACT_TEXT + 20];
	const struct smmu3_own_act *act;
	size_t count = 0;

	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		carry_out(&loading, acts[i], true);
	for (; (act = smmu3_machine_own(loading.machine, count)); count++) {
		smmu3_own_act_text(act, text, sizeof(text));
		(void)snprintf(line[count], sizeof(line[count]), "! expect %s|%s", text, text);
	}
	ck_assert_uint_eq(count, 17);
	for (size_t i = 0; i < count; i++)
		carry_out(&loading, line[i], true);
	carry_out(&loading, "! expect nothing", true);
	unload(&loading);
}
END_TEST

/* ---- What each says ---- */

START_TEST(a_strict_record_is_all_that_its_line_says)
{
	STRICT("R nic.5 0x40000 4 priv",
	       "-! expect event F_TRANSLATION sid=0x10 ssid=5 class=IN addr=0x40000|PnU is 0x1, "
	       "expected 0x0, as the line says nothing of it");
	STRICT("R nic.5 0x40000 4",
	       "-! expect event F_TRANSLATION sid=0x10 class=IN rnw=1 addr=0x40000|SSV is 0x1");
	STRICT("R nic.5 0x40000 4",
	       "! expect event F_TRANSLATION sid=0x10 ssid=5 class=IN rnw=1 addr=0x40000");
	LOOSE("R nic.5 0x40000 4 priv", "! expect event F_TRANSLATION ssid=5");
	LOOSE("R nic 0x40000 4", "-! expect event F_TRANSLATION ssid=0|SSV is 0x0, expected 0x1");
	LOOSE("R nic 0x40000 4",
	      "-! expect event F_PERMISSION|the record is F_TRANSLATION, expected F_PERMISSION");
	LOOSE("R nic 0x40000 4", "-! expect event F_TRANSLATION class=TT|CLASS is 0x2");
}
END_TEST

START_TEST(the_record_is_what_stands_in_memory)
{
	struct loading loading = load_good(machine_text);
	uint64_t base;
	char line[60];

	ck_assert_int_eq(smmu3_mmio_read(smmu3_machine_smmu(loading.machine, 0), SMMU3_PAS_NS, 0xa0,
					 8, &base),
			 0);
	carry_out(&loading, "R nic 0x40000 4", false);
	(void)snprintf(line, sizeof(line), "! w64 0x%llx 0x41000",
		       (unsigned long long)(base & 0xffffffffffffe0) + 16);
	carry_out(&loading, line, false);
	carry_out(
		&loading,
		"-! expect event F_TRANSLATION addr=0x40000|InputAddr is 0x41000, expected 0x40000",
		false);
	unload(&loading);
}
END_TEST

/* IRQ-007, IRQ-009: where a message goes, with what, and that one nothing took is an error.  3.18
 */
START_TEST(a_message_is_its_address_data_and_attributes)
{
	static const char sync[] = "! sync irq msi=0x80000000 data=7 memattr=15 sh=ish";

	STRICT(sync, "! expect msi 0x80000000 7 attr=wb sh=ish", "! expect interrupt cmd_sync");
	LOOSE(sync, "-! expect msi 0x80000004 7|goes to 0x80000000, expected 0x80000004");
	LOOSE(sync, "-! expect msi 0x80000000 8|the message is 0x7, expected 0x8");
	LOOSE(sync, "-! expect msi 0x80000000 7 abort|the message was not aborted");
	LOOSE(sync, "-! expect msi 0x80000000 7 attr=nc|memory type is wb, expected nc");
	LOOSE(sync, "-! expect msi 0x80000000 7 sh=osh|shareability is ish, expected osh");
	LOOSE("! sync irq msi=0x1000 data=7", "-! expect msi 0x1000 7|the message was aborted",
	      "! expect gerror MSI_CMDQ_ABT_ERR");
}
END_TEST

START_TEST(an_invalidation_is_its_scope)
{
	static const char tlbi[] = "! tlbi nh_va asid=6 va=0x1000 leaf";

	STRICT(tlbi, "! expect invalidation stage1 asid=6 vmid=0 addr=0x1000 bytes=4K leaf",
	       "! expect nothing");
	STRICT(tlbi, "-! expect invalidation stage1 asid=6 vmid=0 addr=0x1000 bytes=4K|leaf of the "
		     "invalidation is 0x1, and the line says nothing of it");
	LOOSE(tlbi, "! expect invalidation stage1 asid=6");
	LOOSE(tlbi, "-! expect invalidation stage2|is of stage1, expected stage2");
	LOOSE(tlbi, "-! expect invalidation stage1 asid=7|asid of the invalidation is 0x6");
	LOOSE(tlbi, "-! expect invalidation stage1 bytes=64K|bytes of the invalidation is 0x1000");
	LOOSE("! tlbi nsnh_all", "-! expect invalidation stages vmid=0|vmid of the invalidation is "
				 "any, not 0x0");
	STRICT("! tlbi nsnh_all", "! expect invalidation stages");
	STRICT("! cfgi ste_range sid=0x11 range=3",
	       "! expect invalidation stream sid=0x10 sids=16");
}
END_TEST

/* CMD-TLBI-EL2-ALL, CMD-TLBI-EL2-ASID, CMD-TLBI-EL2-VAA: whose translations they are */
START_TEST(an_invalidation_of_el2_says_so)
{
	static const char hypervisor[] = "version: 1\nsmmu: [{features: {hyp: true}}]\n";
	static const char *const strict[] = {
		"! expect anything",
		"! tlbi el2_all",
		"! expect invalidation stage1 el2 el2_e2h",
		"! tlbi el2_all",
		("-! expect invalidation stage1 el2|el2_e2h of the invalidation is 0x1, and the "
		 "line says nothing of it"),
		"! tlbi el2_asid asid=3",
		"! expect invalidation stage1 asid=3 el2_e2h",
		"! tlbi el2_vaa va=0x1000 leaf",
		"! expect invalidation stage1 addr=0x1000 bytes=4K leaf el2",
		"! tlbi nsnh_all",
		"! expect invalidation stages",
	};
	static const char *const loose[] = {
		"! tlbi el2_vaa va=0x1000",
		"-! expect invalidation stage1 el2_e2h|el2_e2h of the invalidation is 0x0, expected 0x1",
		"! tlbi nsnh_all",
		"! expect invalidation stages el2=0 el2_e2h=0",
		"! tlbi nsnh_all",
		"-! expect invalidation stages el2|el2 of the invalidation is 0x0, expected 0x1",
		"! tlbi el2_all",
		"! expect invalidation stage1|invalidation stage1 el2 el2_e2h",
	};

	carry_out_all(hypervisor, strict, sizeof(strict) / sizeof(strict[0]), true);
	carry_out_all(hypervisor, loose, sizeof(loose) / sizeof(loose[0]), false);
}
END_TEST

START_TEST(wires_and_errors_are_told_apart)
{
	LOOSE("! sync irq", "-! expect interrupt eventq|the wire is cmd_sync, expected eventq");
	LOOSE("! sync sev", "! expect sev", "-! expect sev|the SMMU did no such thing");
	LOOSE("! cmd 0xff 0 expect=CERROR_ILL",
	      "-! expect gerror EVENTQ_ABT_ERR|the error is bit 0 of GERROR, expected bit 2");
	LOOSE("W nic 0x40000 4", "-! expect prod 2|EVENTQ_PROD is 0x1, expected 0x2");
	LOOSE("W nic 0x40000 4", "-! expect no-event|the SMMU did more: event F_TRANSLATION",
	      "-! expect no-interrupt|interrupt eventq", "! expect no-msi",
	      "-! expect nothing|the SMMU did more: event");
}
END_TEST

/* ---- The Command queue ---- */

/* An error stops the queue until software has acknowledged it.  7.1 */
START_TEST(a_command_comes_to_what_the_architecture_says)
{
	LOOSE("! sync|consumed", "-! cmd 0xff 0|the command is CERROR_ILL, expected consumed",
	      "-! sync|the command is waiting: GERROR.CMDQ_ERR is active", "! sync expect=waiting",
	      "! recover|CMD_SYNC in place of the command", "! sync expect=consumed",
	      "-! recover|there is nothing to recover from");
	LOOSE("! mmio w32 CR0 0x5", "! sync expect=waiting|waiting: CR0.CMDQEN is 0",
	      "! sync expect=waiting", "! sync expect=waiting", "! sync expect=waiting",
	      "! sync expect=full", "-! sync|the command is full, expected consumed",
	      "! mmio w32 CR0 0xd", "! sync");
	/* where no memory is there is nothing to fetch: the driver's write fails first */
	LOOSE("! mmio w32 CR0 0x5", "! mmio w64 CMDQ_BASE 0x90000002", "! mmio w32 CR0 0xd");
}
END_TEST

/* The queue of 4 entries begins in memory and ends elsewhere only by its base: an entry that cannot
 * be read.  CERROR_ABT.  7.1 */
START_TEST(a_queue_without_memory_is_said_at_the_line)
{
	struct loading loading = load_good(machine_text);
	struct smmu3_trace_op op;
	struct smmu3_error error;

	carry_out(&loading, "! mmio w32 CR0 0x5", false);
	carry_out(&loading, "! mmio w64 CMDQ_BASE 0x90000002", false);
	carry_out(&loading, "! mmio w32 CR0 0xd", false);
	for (unsigned i = 0; i < 2; i++) {
		ck_assert_int_eq(smmu3_trace_parse(i ? "! sync" : "! cmd 0 0", "t", 1, &op, NULL,
						   NULL),
				 1);
		ck_assert_int_eq(smmu3_machine_perform(loading.machine, &op, NULL, &error),
				 -SMMU3_E_ABORT);
		ck_assert_str_eq(error.text, "there is no memory at 0x90000030, where CMDQ_BASE "
					     "has the Command queue");
	}
	/* rung all the same: the SMMU fetches, and is aborted */
	carry_out(&loading, "! mmio w32 CMDQ_PROD 4", false);
	carry_out(&loading, "! expect gerror CMDQ_ERR", false);
	carry_out(&loading, "! mmio r32 CMDQ_CONS expect=0x02000003", false);
	unload(&loading);
}
END_TEST

START_TEST(reads_are_compared_under_their_mask)
{
	LOOSE("! mmio r32 CR0|0xd", "! mmio r32 CR0 expect=0xd", "! mmio r32 CR0 expect=0x8/0xa",
	      "-! mmio r32 CR0 expect=0xc|the value is 0xd, expected 0xc",
	      "-! mmio r32 CR0 expect=0x2/0x2|the value is 0x0, expected 0x2",
	      "! w64 0x80000000 0x1122334455667788", "! r32 0x80000004 expect=0x11223344",
	      "! r64 0x80000000 expect=0x1122334455667788|0x1122334455667788",
	      "-! r64 0x80000000 expect=0|the value is 0x1122334455667788, expected 0x0");
}
END_TEST

/* ---- Bounds ---- */

/* A queue of 4 takes 4; the fifth is lost, and PROD says so.  7.4 */
START_TEST(records_that_nobody_reads_fill_the_queue)
{
	LOOSE("W nic 0x40000 4", "W nic 0x41000 4", "W nic 0x42000 4", "W nic 0x43000 4",
	      "W nic 0x44000 4", "! mmio r32 EVENTQ_PROD expect=0x80000004",
	      "! expect event F_TRANSLATION addr=0x40000",
	      "! expect event F_TRANSLATION addr=0x41000",
	      "! expect event F_TRANSLATION addr=0x42000",
	      "! expect event F_TRANSLATION addr=0x43000", "! expect no-event",
	      "! mmio r32 EVENTQ_CONS expect=0x4", "W nic 0x45000 4",
	      "! expect event F_TRANSLATION addr=0x45000");
}
END_TEST

START_TEST(more_acts_than_are_remembered_are_said_to_be_more)
{
	struct loading loading = load_good(machine_text);

	for (unsigned i = 0; i < 1025; i++)
		carry_out(&loading, "! tlbi nsnh_all", false);
	for (unsigned i = 0; i < 1024; i++)
		carry_out(&loading, "! expect invalidation stages", true);
	carry_out(&loading, "-! expect invalidation stages|more than 1024 things", true);
	carry_out(&loading, "-! expect nothing|more than 1024 things", true);
	carry_out(&loading, "! expect anything", true);
	carry_out(&loading, "! expect nothing", true);
	carry_out(&loading, "! tlbi nsnh_all", false);
	carry_out(&loading, "! expect invalidation stages", true);
	unload(&loading);
}
END_TEST

/* ---- Mistakes ---- */

#define KINDS \
	"event, prod, gerror, msi, interrupt, sev, invalidation, atc_inv, page, response, no-... of one, nothing or anything"

static const struct line_mistake mistakes[] = {
	{ "! expect", "1:9: '' is nothing that an SMMU does: " KINDS "\n" },
	{ "! expect evnt",
	  "1:10: 'evnt' is nothing that an SMMU does: " KINDS "; did you mean 'event'?\n" },
	{ "! expect no-evnt",
	  "1:10: 'no-evnt' is nothing that an SMMU does: " KINDS "; did you mean 'no-event'?\n" },
	{ "! expect nothing more", "1:18: nothing more is expected on the line: 'more'\n" },
	{ "! expect no-event F_TRANSLATION",
	  "1:19: nothing more is expected on the line: 'F_TRANSLATION'\n" },
	{ "! expect event", "1:15: the event's name is missing\n" },
	{ "! expect event F_TRANSLATE",
	  "1:16: 'F_TRANSLATE' is no event; did you mean 'F_TRANSLATION'?\n" },
	{ "! expect event reserved", "1:16: 'reserved' is no event\n" },
	{ "! expect event F_TRANSLATION sod=1",
	  "1:30: F_TRANSLATION has no field 'sod'; did you mean 'sid'?\n" },
	{ "! expect event F_TRANSLATION res0=0", "1:30: F_TRANSLATION has no field 'res0'\n" },
	{ "! expect event C_BAD_STE addr=0", "1:26: C_BAD_STE has no field 'addr'\n" },
	{ "! expect event F_TRANSLATION sid", "1:30: 'sid' takes a value: sid=...\n" },
	{ "! expect event F_TRANSLATION sid=1 sid=1", "1:36: 'sid=1' is said already\n" },
	{ "! expect event F_TRANSLATION sid=1 streamid=1", "1:36: 'streamid=1' is said already\n" },
	{ "! expect event F_TRANSLATION rnw=2", "1:34: '2' is out of range: at most 0x1\n" },
	{ "! expect event F_TRANSLATION class=2", "1:36: '2' is no class: CD, TT or IN\n" },
	{ "! expect event F_TRANSLATION ipa=0x1001", "1:34: '0x1001' is no multiple of 0x1000\n" },
	{ "! expect event F_TRANSLATION expect=abort expect=abort",
	  "1:43: 'expect' is said already\n" },
	{ "! expect prod x", "1:15: 'x' is no number: decimal or 0x, then perhaps K, M, G or T\n" },
	{ "! expect prod 1 2", "1:17: nothing more is expected on the line: '2'\n" },
	{ "! expect gerror CMDQ_ERROR",
	  "1:17: 'CMDQ_ERROR' is no error of GERROR; did you mean 'CMDQ_ERR'?\n" },
	{ "! expect gerror RES0", "1:17: 'RES0' is no error of GERROR\n" },
	{ "! expect msi 0x10", "1:18: a number is missing\n" },
	{ "! expect msi 0x10 0x100000000",
	  "1:19: '0x100000000' is out of range: at most 0xffffffff\n" },
	{ "! expect msi 0x10 1 attr=x", "1:26: 'x' is no memory type\n" },
	{ "! expect msi 0x10 1 sh=x", "1:24: 'x' is no shareability\n" },
	{ "! expect msi 0x10 1 sh=ish sh=ish", "1:28: 'sh=ish' is said already\n" },
	{ "! expect msi 0x10 1 abort abort", "1:27: 'abort' is said already\n" },
	{ "! expect msi 0x10 1 more", "1:21: abort, attr=... or sh=... may follow: 'more'\n" },
	{ "! expect interrupt evtq",
	  "1:20: 'evtq' is no interrupt: eventq, priq, cmd_sync, gerror, pmcg, gpf_far or gpt_cfg_far; did you mean 'eventq'?\n" },
	{ "! expect sev 1", "1:14: nothing more is expected on the line: '1'\n" },
	{ "! expect invalidation stage3",
	  "1:23: 'stage3' is no invalidation: stage1, stage2, stages, stream, context, dpt, all or gpt; did you "
	  "mean 'stage1'?\n" },
	{ "! expect invalidation stage1 asid", "1:30: 'asid' takes a value: asid=...\n" },
	{ "! expect invalidation stage1 aside=1",
	  "1:30: an invalidation has no 'aside'; did you mean 'asid'?\n" },
	{ "! expect invalidation stage1 asid=1 asid=1", "1:37: 'asid=1' is said already\n" },
	{ "! expect invalidation stage1 asid=0x10000",
	  "1:35: '0x10000' is out of range: at most 0xffff\n" },
};

START_TEST(a_wrong_expectation_is_refused_at_its_place)
{
	expect_mistake(&mistakes[_i]);
}
END_TEST

static Suite *suite(void)
{
	Suite *const suite = suite_create("platform: what an SMMU does of its own accord");
	TCase *const tests = tcase_create("own");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, a_record_comes_before_prod_and_prod_before_the_interrupt);
	tcase_add_test(tests, a_loose_expectation_passes_by_acts_of_other_kinds);
	tcase_add_test(tests, what_a_block_of_expectations_leaves_is_forgotten);
	tcase_add_test(tests, settling_says_what_was_left);
	tcase_add_test(tests, what_is_told_is_a_line_that_expects_it);
	tcase_add_test(tests, a_strict_record_is_all_that_its_line_says);
	tcase_add_test(tests, the_record_is_what_stands_in_memory);
	tcase_add_test(tests, a_message_is_its_address_data_and_attributes);
	tcase_add_test(tests, an_invalidation_is_its_scope);
	tcase_add_test(tests, an_invalidation_of_el2_says_so);
	tcase_add_test(tests, wires_and_errors_are_told_apart);
	tcase_add_test(tests, a_command_comes_to_what_the_architecture_says);
	tcase_add_test(tests, a_queue_without_memory_is_said_at_the_line);
	tcase_add_test(tests, reads_are_compared_under_their_mask);
	tcase_add_test(tests, records_that_nobody_reads_fill_the_queue);
	tcase_add_test(tests, more_acts_than_are_remembered_are_said_to_be_more);
	tcase_add_loop_test(tests, a_wrong_expectation_is_refused_at_its_place, 0,
			    (int)(sizeof(mistakes) / sizeof(mistakes[0])));
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
