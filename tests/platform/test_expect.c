/* SPDX-License-Identifier: MIT */
/* Expectations: which are complete, which an outcome meets, and what is said of the first
 * difference. */
#include "load.h"
#include "support/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct smmu3_expect expectation(const char *list, const char *more)
{
	struct smmu3_trace_op op;
	struct loading said = { 0 };
	char line[300];

	(void)snprintf(line, sizeof(line), "R 1 0 1 expect=%s %s", list, more);
	ck_assert_msg(smmu3_trace_parse(line, "t", 1, &op, collect, &said) == 1, "%s", said.said);
	ck_assert_uint_eq(op.expect.present, 1);
	return op.expect;
}

struct completeness {
	const char *list;
	int complete;
};

/* 7.3.12 to 7.3.16: F_WALK_EABT and the four translation faults have S2 and CLASS; no configuration
 * fault has */
static const struct completeness completeness[] = {
	{ "ok", 0 },
	{ "pa:1", 0 },
	{ "pa:1,pas:ns", 0 },
	{ "pa:1,attr:wb", 0 },
	{ "pas:ns,attr:wb", 0 },
	{ "pa:1,pas:ns,attr:wb", 1 },
	{ "ok,pa:1,pas:ns,attr:wb,sh:ish", 1 },
	{ "pa:1,pas:ns,grant:r", 1 },
	{ "pa:1,grant:r", 0 },
	{ "noaccess", 1 },
	{ "ur", 1 },
	{ "ca,C_BAD_CD", 1 },
	{ "abort", 1 },
	{ "razwi", 1 },
	{ "stalled", 0 },
	{ "C_BAD_STE", 1 },
	{ "C_BAD_STREAMID", 1 },
	{ "F_STE_FETCH", 1 },
	{ "F_CD_FETCH", 1 },
	{ "F_STREAM_DISABLED", 1 },
	{ "abort,C_BAD_CD", 1 },
	{ "F_TRANSLATION", 0 },
	{ "F_TRANSLATION,s2:0", 0 },
	{ "F_TRANSLATION,class:IN", 0 },
	{ "F_TRANSLATION,s2:0,class:IN", 1 },
	{ "F_ADDR_SIZE,s2:0", 0 },
	{ "F_ACCESS,class:TT", 0 },
	{ "F_PERMISSION,s2:1,class:TT,ipa:0x10", 1 },
	{ "F_WALK_EABT", 0 },
	{ "F_WALK_EABT,s2:0,class:TT", 1 },
	{ "noop", 1 },
	{ "razwi,F_TRANSLATION", 0 },
	{ "razwi,F_TRANSLATION,s2:0,class:IN", 1 },
	{ "stalled,F_TRANSLATION,s2:0,class:IN", 1 },
};

START_TEST(what_leaves_a_failure_no_room_is_complete)
{
	const struct smmu3_expect expect = expectation(completeness[_i].list, "");

	ck_assert_int_eq(smmu3_expect_complete(&expect), completeness[_i].complete);
}
END_TEST

START_TEST(no_expectation_is_incomplete_and_always_met)
{
	const struct smmu3_expect expect = { 0 };
	const struct smmu3_outcome outcome = { .verdict = SMMU3_ABORT };
	char text[8];

	ck_assert_int_eq(smmu3_expect_complete(&expect), 0);
	ck_assert_int_eq(smmu3_expect_met(&expect, &outcome, text, sizeof(text)), 1);
}
END_TEST

/* ---- Meeting ---- */

static const struct smmu3_outcome passed = {
	.verdict = SMMU3_OK,
	.pa = 0x80001000,
	.pas = SMMU3_PAS_NS,
	.attr = { 0xf7, SMMU3_ISH },
};
static const struct smmu3_outcome device = { .verdict = SMMU3_OK, .attr = { 0x04, SMMU3_OSH } };
static const struct smmu3_outcome mixed = { .verdict = SMMU3_OK, .attr = { 0x4a, SMMU3_OSH } };
static const struct smmu3_outcome faulted = {
	.verdict = SMMU3_ABORT,
	.recorded = 1,
	.event = 0x10,
	.fault_class = SMMU3_CLASS_IN,
	.fault_stage = 1,
};
static const struct smmu3_outcome nested = {
	.verdict = SMMU3_ABORT,
	.recorded = 1,
	.event = 0x13,
	.fault_class = SMMU3_CLASS_TT,
	.fault_stage = 2,
	.fault_addr = 0x40001018,
};
static const struct smmu3_outcome granted = {
	.verdict = SMMU3_OK,
	.pa = 0x80001000,
	.attr = { 0xff, SMMU3_ISH },
	.ats = SMMU3_ATS_R | SMMU3_ATS_EXE | SMMU3_ATS_PRIV,
};
static const struct smmu3_outcome maintained = { .verdict = SMMU3_OK,
						 .becomes = SMMU3_CLASS_CLEAN_INVALIDATE };
static const struct smmu3_outcome dropped = { .verdict = SMMU3_NO_OP };
static const struct smmu3_outcome denied = { .verdict = SMMU3_NO_ACCESS, .event = 0x10 };
static const struct smmu3_outcome unsupported = { .verdict = SMMU3_UR,
						  .recorded = 1,
						  .event = 0x05 };
static const struct smmu3_outcome silent = { .verdict = SMMU3_ABORT };
static const struct smmu3_outcome unheard = {
	.verdict = SMMU3_ABORT,
	.recorded = 0,
	.event = 0x10,
	.fault_class = SMMU3_CLASS_IN,
	.fault_stage = 1,
};
static const struct smmu3_outcome ignored = {
	.verdict = SMMU3_RAZ_WI, .event = 0x10, .fault_stage = 1, .fault_class = 2
};
static const struct smmu3_outcome heard = {
	.verdict = SMMU3_RAZ_WI,
	.recorded = 1,
	.event = 0x10,
	.fault_stage = 1,
	.fault_class = SMMU3_CLASS_IN,
};
static const struct smmu3_outcome beyond = {
	/* bypass beyond OAS: no stage, S2 = 0.  3.4 */
	.verdict = SMMU3_ABORT,        .recorded = 1,    .event = 0x11,
	.fault_class = SMMU3_CLASS_IN, .fault_stage = 0,
};

struct meeting {
	const char *list, *more;
	const struct smmu3_outcome *outcome;
	const char *difference; /* NULL: met */
};

static const struct meeting meetings[] = {
	{ "ok", "", &passed, NULL },
	{ "pa:0x80001000,pas:ns,attr:wb,sh:ish", "", &passed, NULL },
	{ "pa:0x80001001", "", &passed, "PA is 0x80001000, expected 0x80001001" },
	{ "pas:secure", "", &passed, "PA space is ns, expected secure" },
	{ "sh:osh", "", &passed, "shareability is ish, expected osh" },
	{ "attr:0xf7", "", &passed, NULL },
	{ "attr:0xff", "", &passed, "memory type is " },
	{ "attr:wt", "", &passed, "memory type is " },
	{ "attr:nc", "", &passed, "memory type is " },
	{ "attr:nGnRE", "", &device, NULL },
	{ "attr:nGnRnE", "", &device,
	  "memory type is Device-nGnRE (0x04), expected Device-nGnRnE (0x00)" },
	{ "attr:wb", "", &device, "memory type is Device-nGnRE (0x04), expected Normal-WB (0xff)" },
	{ "attr:iwt-onc", "", &mixed, NULL },
	{ "attr:iwb-onc", "", &mixed, "memory type is " },
	{ "attr:iwt-owt", "", &mixed, "memory type is " },
	{ "abort", "", &passed, "verdict is OK, expected ABORT" },
	{ "ok", "", &faulted, "verdict is ABORT with F_TRANSLATION, expected OK" },
	{ "ok", "", &silent, "verdict is ABORT, expected OK" },
	{ "F_TRANSLATION,s2:0,class:IN", "", &faulted, NULL },
	{ "F_TRANSLATION", "", &faulted, NULL },
	{ "F_PERMISSION", "", &faulted, "event is F_TRANSLATION, expected F_PERMISSION" },
	{ "F_TRANSLATION,s2:1", "", &faulted, "S2 is 0, expected 1" },
	{ "F_TRANSLATION,class:TT", "", &faulted, "CLASS is IN, expected TT" },
	{ "F_PERMISSION,s2:1,class:TT,ipa:0x40001018", "", &nested, NULL },
	{ "F_PERMISSION,s2:1,class:TT,ipa:0x40001010", "", &nested,
	  "the address at fault is 0x40001018, expected 0x40001010" },
	{ "F_PERMISSION,s2:0", "", &nested, "S2 is 1, expected 0" },
	{ "abort", "", &faulted, "event is F_TRANSLATION, expected none" },
	{ "abort", "", &silent, NULL },
	{ "abort", "", &unheard, NULL },
	{ "F_TRANSLATION", "", &unheard, "event is none, expected F_TRANSLATION" },
	{ "F_TRANSLATION,s2:0,class:IN", "probe", &unheard, NULL },
	{ "F_TRANSLATION", "", &silent, "event is none, expected F_TRANSLATION" },
	{ "razwi", "", &ignored, NULL },
	{ "razwi", "", &heard, "event is F_TRANSLATION, expected none" },
	{ "razwi,F_TRANSLATION,s2:0,class:IN", "", &heard, NULL },
	{ "razwi", "", &silent, "verdict is ABORT, expected RAZ_WI" },
	{ "F_ADDR_SIZE,s2:0,class:IN", "", &beyond, NULL },
	{ "as:CLEANINV", "", &maintained, NULL },
	{ "as:INV", "", &maintained, "it goes on as CLEANINV, expected INV" },
	{ "as:ordinary", "", &maintained, "it goes on as CLEANINV, expected ordinary" },
	{ "as:ordinary", "", &passed, NULL },
	{ "noop", "", &dropped, NULL },
	{ "noop", "", &passed, "verdict is OK, expected NO_OP" },
	{ "as:DH", "", &dropped, "verdict is NO_OP, expected OK" },
	{ "pa:0x80001000,pas:ns,grant:rx", "", &granted, NULL },
	{ "grant:rw", "", &granted, "it grants rx, expected rw" },
	{ "noaccess", "", &denied, NULL },
	{ "grant:r", "", &denied, "verdict is NO_ACCESS with F_TRANSLATION, expected OK" },
	{ "ur,F_BAD_ATS_TREQ", "", &unsupported, NULL },
	{ "ur", "", &unsupported, "event is F_BAD_ATS_TREQ, expected none" },
	{ "ca", "", &unsupported, "verdict is UR with F_BAD_ATS_TREQ, expected CA" },
};

START_TEST(an_outcome_meets_it_or_the_difference_is_named)
{
	const struct meeting *const row = &meetings[_i];
	const struct smmu3_expect expect = expectation(row->list, row->more);
	char text[200];
	const int met = smmu3_expect_met(&expect, row->outcome, text, sizeof(text));

	ck_assert_int_eq(met, row->difference == NULL);
	if (row->difference)
		ck_assert_msg(!strncmp(text, row->difference, strlen(row->difference)), "%s", text);
	else
		ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(a_short_text_is_cut)
{
	const struct smmu3_expect expect = expectation("pa:1", "");
	char text[6] = "xxxxx";

	ck_assert_int_eq(smmu3_expect_met(&expect, &passed, text, 4), 0);
	ck_assert_str_eq(text, "PA ");
	ck_assert_int_eq(smmu3_expect_met(&expect, &passed, text, 0), 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *const suite = suite_create("platform: expectations");
	TCase *const tests = tcase_create("expectations");

	tcase_add_loop_test(tests, what_leaves_a_failure_no_room_is_complete, 0,
			    (int)(sizeof(completeness) / sizeof(completeness[0])));
	tcase_add_test(tests, no_expectation_is_incomplete_and_always_met);
	tcase_add_loop_test(tests, an_outcome_meets_it_or_the_difference_is_named, 0,
			    (int)(sizeof(meetings) / sizeof(meetings[0])));
	tcase_add_test(tests, a_short_text_is_cut);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
