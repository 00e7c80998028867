/* SPDX-License-Identifier: MIT */
/* Adversity that configurations and traces ask for.  smmu/adversity.h */
#include "story.h"
#include "support/suite.h"

#include <check.h>
#include <smmu/adversity.h>
#include <string.h>

#define MACHINE(adversity)                                                            \
	"version: 1\n"                                                                \
	"smmu: [{adversity: [" adversity "]}]\n"                                      \
	"masters: [{name: nic, stream_id: 1, map: [{va: 0x10000000, pa: 0x80100000, " \
	"size: 4K}]}]\n"

#define PASSES "W nic 0x10000000 64 expect=pa:0x80100000,pas:ns,attr:wb,sh:ish"

/* smmu/platform.h: choices are in force before the driver comes, who waits; what is counted begins
 * after it */
START_TEST(a_machine_is_made_of_an_smmu_that_is_asked)
{
	struct loading l = load_good(MACHINE(
		"cr0-update=late, gbpa-update=late, update=5, 'abort=cmdq:1:1', sync=held"));
	char text[64];

	ck_assert_uint_eq(reg(&l, 0, 0x24, 4), 0xd);
	(void)smmu3_adversity_text(smmu3_machine_smmu(l.machine, 0), text, sizeof(text));
	ck_assert_str_eq(text, "cr0-update=late gbpa-update=late");
	unload(&l);
	TELL(MACHINE("'abort=cmdq:1:1'"), PASSES, "! sync expect=CERROR_ABT");
	TELL(MACHINE("sync=held"), "! sync expect=waiting", "! adversity release",
	     "! mmio r32 CMDQ_CONS expect=0x0/0xff000000");
	TELL(MACHINE("cr0-update=late, reset-values=unknown, 'abort=ste'"),
	     "W nic 0x10000000 64 expect=F_STE_FETCH", PASSES);
}
END_TEST

/* smmu/platform.h: a driver is patient, but not for ever */
START_TEST(an_smmu_that_never_acknowledges_makes_no_machine)
{
	struct loading l = load(MACHINE("cr0-update=late, update=held"));

	ck_assert_ptr_null(l.machine);
	ck_assert_int_eq(l.code, -SMMU3_E_FORMAT);
	ck_assert_ptr_nonnull(strstr(l.said, "the SMMU does not acknowledge"));
	unload(&l);
}
END_TEST

/* smmu/adversity.h: words that are none are complained of where they stand */
START_TEST(words_of_a_machine_are_judged)
{
	static const struct {
		const char *machine, *said;
	} rows[] = {
		{ MACHINE("cr0-update=later"),
		  "2:21: adversity 'cr0-update=later': the choice has no alternative 'later'" },
		{ MACHINE("7, abort=std"),
		  "2:24: adversity 'abort=std': 'abort=std' is no adversity" },
		{ MACHINE("''"), "2:21: no word is here" },
		{ MACHINE("[]"), "2:21: this is a list; 'an item' takes a word" },
		{ MACHINE("full=priq:1"), "2:21: adversity 'full=priq:1': there is no such queue" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct loading l = load(rows[i].machine);

		ck_assert_msg(!l.machine && !strncmp(l.said, rows[i].said, strlen(rows[i].said)),
			      "%s", l.said);
		ck_assert_int_eq(l.code, -SMMU3_E_FORMAT);
		unload(&l);
	}
}
END_TEST

/* smmu/trace.h: a line asks the first SMMU, word by word */
START_TEST(lines_ask_an_smmu)
{
	TELL(MACHINE(""), "! adversity abort=ste full=eventq:1",
	     "W nic 0x10000000 64 expect=F_STE_FETCH", "! expect nothing", PASSES,
	     "! adversity none", "! adversity 3", PASSES, "! adversity none");
	REFUSED("! adversity|12: what is to happen is missing",
		"! adversit 1|3: unknown act 'adversit': mmio, w32, w64, r32, r64, expect, recover, "
		"dvm, endpoint, direct, stats, adversity or a command; did you mean 'adversity'?");
}
END_TEST

/* smmu/trace.h, smmu/platform.h: what it does not take is an error */
START_TEST(a_line_that_asks_for_nothing_is_not_carried_out)
{
	struct loading l = load_good(MACHINE(""));
	struct smmu3_trace_op op;
	struct smmu3_outcome outcome;
	struct smmu3_error error;
	char line[200] = "! adversity ", text[SMMU3_ACT_TEXT];

	ck_assert_int_eq(smmu3_trace_parse("! adversity sync=1  commands=x", "t", 1, &op, NULL,
					   NULL),
			 1);
	ck_assert_int_eq(op.kind, SMMU3_TRACE_ADVERSITY);
	smmu3_trace_act_text(&op, text, sizeof(text));
	ck_assert_str_eq(text, "! adversity sync=1 commands=x");
	ck_assert_int_eq(smmu3_machine_perform(l.machine, &op, &outcome, &error),
			 -SMMU3_E_ARGUMENT);
	ck_assert_str_eq(error.text, "adversity 'commands=x': 'commands=x' is no adversity");
	memset(line + 12, 'a', 127);
	ck_assert_int_eq(smmu3_trace_parse(line, "t", 1, &op, NULL, NULL), 1);
	ck_assert_uint_eq(strlen(op.adversity), 127);
	line[12 + 127] = 'a'; /* one more */
	ck_assert_int_eq(smmu3_trace_parse(line, "t", 1, &op, NULL, NULL), -SMMU3_E_FORMAT);
	unload(&l);
}
END_TEST

static int gather(void *context, const char *text, size_t size)
{
	strncat(context, text, size);
	return 0;
}

/* smmu/platform.h: a machine is printed with what was asked of it */
START_TEST(a_machine_is_printed_with_its_adversity)
{
	struct loading l = load_good(MACHINE("gbpa-update=late, '7'"));
	char text[8192] = "";

	ck_assert_int_eq(smmu3_machine_print(l.machine, gather, text), 0);
	ck_assert_ptr_nonnull(strstr(text, "adversity: [\"gbpa-update=late\", \"7\"]"));
	unload(&l);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_machine_is_made_of_an_smmu_that_is_asked);
	tcase_add_test(tests, an_smmu_that_never_acknowledges_makes_no_machine);
	tcase_add_test(tests, words_of_a_machine_are_judged);
	tcase_add_test(tests, lines_ask_an_smmu);
	tcase_add_test(tests, a_line_that_asks_for_nothing_is_not_carried_out);
	tcase_add_test(tests, a_machine_is_printed_with_its_adversity);
}

int main(void)
{
	return run_suite("adversity", add);
}
