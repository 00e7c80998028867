/* SPDX-License-Identifier: MIT */
/* Requests of ATOS that software makes as it must not, of an SMMU that does what docs/choices.md
 * says is also allowed.  smmu/adversity.h */
#include "atos.h"
#include "inside.h"
#include "run.h"
#include "waiting.h"

#include "support/cached.h"

#include <check.h>
#include <smmu/adversity.h>

static struct machine *asking(const char *word)
{
	struct machine *m = atos_machine();

	m->quiet = true;
	ck_assert_int_eq(smmu3_adversity_ask(m->smmu, word, NULL), 0);
	return m;
}

/* ATO-002, ATO-004: RUN is stored while SMMUEN is 0, begins nothing, and is 0 when SMMUEN is 1 */
START_TEST(run_is_stored_while_the_smmu_is_disabled)
{
	static const struct atos_group *const groups[] = { &gatos, &vatos };
	struct machine *m = asking("atos-run-disabled=stored");

	set_reg(m, CR0, CMDQEN | EVENTQEN);
	look_away(m);
	for (int i = 0; i < COUNT(groups); i++) {
		set_reg64(m, groups[i]->sid, 1);
		set_reg64(m, groups[i]->addr, STAGE1_OF(0));
		set_reg(m, groups[i]->ctrl, 1);
		ck_assert(running(m, groups[i]));
	}
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	for (int i = 0; i < COUNT(groups); i++) {
		ck_assert(!running(m, groups[i]));
		ck_assert_uint_eq(reg64(m, groups[i]->par), 0);
	}
	ck_assert_uint_eq(count(m, READS), 0);
	ck_assert_uint_eq(read_by(m, 1, 0).pa, GB); /* accesses are as ever */
	set_reg(m, gatos.ctrl, 1);                  /* and it is a group like any */
	ck_assert_uint_eq(reg64(m, gatos.par), 0xff00000060000b00);
	close_machine(m);
}
END_TEST

/* ATO-002: nor does it once SMMUEN has been written to 0, before that is in force: it is ignored,
 * or stored until SMMUEN is Updated to 1 */
START_TEST(nothing_runs_once_smmuen_is_being_cleared)
{
	for (int stored = 0; stored < 2; stored++) {
		struct machine *m = asking("cr0-update=late");

		ck_assert_int_eq(smmu3_adversity_ask(m->smmu, "update=held", NULL), 0);
		if (stored)
			ck_assert_int_eq(smmu3_adversity_ask(m->smmu, "atos-run-disabled=stored",
							     NULL),
					 0);
		set_reg64(m, gatos.sid, 1);
		set_reg64(m, gatos.addr, STAGE1_OF(0));
		set_reg(m, CR0, CMDQEN | EVENTQEN);
		ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN | SMMUEN);
		set_reg(m, gatos.ctrl, 1);
		ck_assert_int_eq(running(m, &gatos), stored);
		ck_assert_uint_eq(reg64(m, gatos.par), 0);
		ck_assert_int_eq(smmu3_adversity_ask(m->smmu, "release", NULL), 0);
		ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN);
		ck_assert_int_eq(running(m, &gatos), stored);
		set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
		ck_assert_int_eq(smmu3_adversity_ask(m->smmu, "release", NULL), 0);
		ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN | SMMUEN);
		ck_assert(!running(m, &gatos));
		ck_assert_uint_eq(reg64(m, gatos.par), 0);
		set_reg(m, gatos.ctrl, 1);
		ck_assert_uint_eq(reg64(m, gatos.par), 0xff00000060000b00);
		close_machine(m);
	}
}
END_TEST

/* ATO-003: what is to be translated may be written meanwhile, by which the result is any */
START_TEST(a_request_that_is_written_while_it_runs_has_any_result)
{
	static const struct atos_group *const groups[] = { &gatos, &vatos };

	for (int i = 0; i < COUNT(groups); i++) {
		const struct atos_group *const group = groups[i];
		struct machine *m = asking("atos-written-while-running=taken");

		set_reg64(m, group->sid, 1);
		set_reg64(m, group->addr, STAGE1_OF(0));
		pause_work(m);
		set_reg(m, group->ctrl, 1);
		set_reg(m, group->ctrl, 0);
		set_reg64(m, group->sid, 6);
		ck_assert(running(m, group));
		ck_assert_uint_eq(reg64(m, group->sid), 6);
		set_reg64(m, group->sid, 1); /* to no avail */
		do_acts(m, 1);
		ck_assert(!running(m, group));
		ck_assert_uint_ne(reg64(m, group->par), 0xff00000060000b00);
		set_reg64(m, group->sid, 1); /* not while it runs */
		set_reg(m, group->ctrl, 1);
		ck_assert_uint_eq(reg64(m, group->par), 0xff00000060000b00);
		close_machine(m);
	}
}
END_TEST

/* ATO-003, ATO-004: no request is spoilt but the one that ran: not the next, where that one was
 * ended by SMMUEN, nor one after a RUN that was only stored */
START_TEST(what_is_written_spoils_no_other_request)
{
	for (int stored = 0; stored < 2; stored++) {
		struct machine *m = asking("atos-written-while-running=taken");

		ck_assert_int_eq(smmu3_adversity_ask(m->smmu, "atos-run-disabled=stored", NULL), 0);
		set_reg64(m, gatos.sid, 1);
		set_reg64(m, gatos.addr, STAGE1_OF(0));
		pause_work(m);
		if (stored)
			set_reg(m, CR0, CMDQEN | EVENTQEN);
		set_reg(m, gatos.ctrl, 1);
		set_reg64(m, gatos.sid, 1);
		if (!stored)
			set_reg(m, CR0, CMDQEN | EVENTQEN);
		set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
		(void)do_acts(m, 1);
		ck_assert(!running(m, &gatos));
		set_reg(m, gatos.ctrl, 1);
		ck_assert_uint_eq(reg64(m, gatos.par), 0xff00000060000b00);
		close_machine(m);
	}
}
END_TEST

static void disable(struct machine *m, unsigned n)
{
	(void)n;
	set_reg(m, CR0, CMDQEN | EVENTQEN);
}

/* ATO-004, CR-016: a request that was under way when SMMUEN was cleared is aborted */
START_TEST(a_request_under_way_is_aborted_with_smmuen)
{
	for (unsigned aborted = 0; aborted < 2; aborted++) {
		struct inside inside = {
			.at = READS, .reason = SMMU3_REASON_S1_TTD, .times = 1, .act = disable
		};
		struct machine *m = asking(aborted ? "atos-disabled=aborted" : "commands=0");

		without_caches(&m->config, "requests are seen by what they read");
		set_reg64(m, gatos.sid, 1);
		set_reg64(m, gatos.addr, STAGE1_OF(0));
		m->context = &inside;
		m->inside = run_inside;
		set_reg(m, gatos.ctrl, 1);
		ck_assert_uint_eq(inside.done, 1);
		ck_assert(!running(m, &gatos));
		ck_assert_uint_eq(reg64(m, gatos.par),
				  aborted ? PAR_FAULT(0xfd, 0) : 0xff00000060000b00);
		ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN);
		close_machine(m);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, run_is_stored_while_the_smmu_is_disabled);
	tcase_add_test(tests, nothing_runs_once_smmuen_is_being_cleared);
	tcase_add_test(tests, a_request_that_is_written_while_it_runs_has_any_result);
	tcase_add_test(tests, what_is_written_spoils_no_other_request);
	tcase_add_test(tests, a_request_under_way_is_aborted_with_smmuen);
}

int main(void)
{
	return run("adverse atos", add);
}
