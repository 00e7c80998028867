/* SPDX-License-Identifier: MIT */
/* What is saved of the Secure programming interface, and what comes of it.  docs/save.md */
#include "blob.h"
#include "run.h"
#include "secure.h"
#include "waiting.h"

#include <check.h>
#include <string.h>

/* Q-018, GER-009: errors, their reason, and what stands still for them */
START_TEST(secure_errors_are_active_after_a_load)
{
	struct machine *m = secure_started();

	m->aborts[0] = EVENTS_AT;
	secure_fault(m, 1);
	m->aborts[0] = 0;
	submit_secure(m, ILLEGAL);
	reload(m);
	ck_assert_uint_eq(secure_reg(m, GERROR), CMDQ_ERR | EVENTQ_ABT_ERR);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), CERROR_ILL << 24);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	(void)secure_read(m, 1);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), 0);
	fault(m, 1);
	memcpy(secure_at(m, COMMANDS_AT), PREFETCH.word, 16);
	set_secure(m, GERRORN, CMDQ_ERR | EVENTQ_ABT_ERR);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 1);
	secure_fault(m, 1);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), 1);
	close_machine(m);
}
END_TEST

/* GER-009: what software has acknowledged of errors is its state, too */
START_TEST(acknowledged_errors_are_quiet_after_a_load)
{
	struct machine *m = secure_started();

	submit_secure(m, ILLEGAL);
	memcpy(secure_at(m, COMMANDS_AT), PREFETCH.word, 16);
	set_secure(m, GERRORN, CMDQ_ERR);
	reload(m);
	ck_assert_uint_eq(secure_reg(m, GERROR), CMDQ_ERR);
	ck_assert_uint_eq(secure_reg(m, GERRORN), CMDQ_ERR);
	submit_secure(m, PREFETCH);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 2);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, secure_errors_are_active_after_a_load);
	tcase_add_test(tests, acknowledged_errors_are_quiet_after_a_load);
}

int main(void)
{
	return run("save-secure", add);
}
