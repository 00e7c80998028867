/* SPDX-License-Identifier: MIT */
/* Sections: a CMD_SYNC is consumed when those that it found open have been closed, and no later.
 * 4.7.3 */
#include "blob.h"
#include "ported.h"
#include "realm.h"
#include "run.h"

#include <check.h>

/* CMD-SYNC-6, TLB-35, CMD-SYNC-5: accesses in a section may use what it has until CMD_SYNC, which
 * waits, signals; nobody who begins afterwards may */
START_TEST(a_sync_waits_for_a_section)
{
	struct ported p = ported(16, _i);

	smmu3_port_begin(p.port);
	ck_assert_uint_eq(page_goes(&p, 0, BY_PORT), HERE + PAGE(1));
	ck_assert_uint_eq(port_has(&p, 0), HERE + PAGE(1));
	put_there(p.m, 0);
	queue_command(p.m, nh_va(3, 5, PAGE(1), 1));
	queue_command(p.m, sync_irq(0, 0));
	ring(p.m);
	ck_assert_uint_eq(reg(p.m, CMDQ_CONS), 1); /* the first has been consumed */
	ck_assert_uint_eq(count(p.m, INVALIDATES), 1);
	ck_assert_uint_eq(pulses(p.m, SMMU3_INTERRUPT_CMD_SYNC), 0);
	ck_assert_uint_eq(port_has(&p, 0), HERE + PAGE(1)); /* what it has it may use */
	ck_assert_uint_eq(page_goes(&p, 0, BY_NO_PORT), THERE + PAGE(1));
	ck_assert_uint_eq(reg(p.m, CMDQ_CONS), 1);
	smmu3_port_end(p.port);
	ck_assert_uint_eq(pulses(p.m, SMMU3_INTERRUPT_CMD_SYNC), 1);
	ck_assert(consumed(p.m));
	ck_assert_uint_eq(port_has(&p, 0), NOWHERE);
	expect_goes(&p, 0, THERE + PAGE(1));
	close_ported(&p);
}
END_TEST

/* CMD-SYNC-6: whatever was used in it: a port that keeps nothing has sections, too */
START_TEST(a_port_that_keeps_nothing_has_sections)
{
	struct machine *m = keeping(0);

	start_machine(m);
	struct smmu3_port *port = smmu3_port_open(m->smmu, NULL, NULL);

	smmu3_port_begin(port);
	submit(m, SYNC_NONE);
	ck_assert(!consumed(m));
	smmu3_port_end(port);
	ck_assert(consumed(m));
	smmu3_port_close(port);
	close_machine(m);
}
END_TEST

/* CMD-SYNC-11: what is behind it does not begin */
START_TEST(commands_behind_the_sync_wait_with_it)
{
	struct ported p = ported(16, true);

	smmu3_port_begin(p.port);
	queue_command(p.m, SYNC_NONE);
	queue_command(p.m, CFGI_ALL);
	queue_command(p.m, SYNC_NONE);
	ring(p.m);
	ck_assert_uint_eq(reg(p.m, CMDQ_CONS), 0);
	ck_assert_uint_eq(count(p.m, INVALIDATES), 0);
	smmu3_port_end(p.port);
	ck_assert_uint_eq(count(p.m, INVALIDATES), 1);
	ck_assert(consumed(p.m));
	close_ported(&p);
}
END_TEST

/* CMD-SYNC-6, port.h: of sections opened after it was fetched it waits for none; the same port's
 * next one closes the one before */
START_TEST(sections_opened_later_are_not_waited_for)
{
	struct ported p = ported(16, true);
	struct smmu3_port *other = smmu3_port_open(p.m->smmu, NULL, NULL);

	smmu3_port_begin(p.port);
	submit(p.m, SYNC_NONE);
	smmu3_port_begin(other);
	ck_assert(!consumed(p.m));
	smmu3_port_end(p.port);
	ck_assert(consumed(p.m));
	submit(p.m, SYNC_NONE);
	ck_assert(!consumed(p.m));
	smmu3_port_begin(other);
	ck_assert(consumed(p.m));
	smmu3_port_end(other);
	smmu3_port_close(other);
	close_ported(&p);
}
END_TEST

/* port.h: all that were open; sections do not nest, and an end alone does nothing */
START_TEST(it_waits_for_all_that_were_open)
{
	enum { PORTS = 5 };
	struct ported p = ported(16, true);
	struct smmu3_port *port[PORTS];

	for (int i = 0; i < PORTS; i++) {
		port[i] = smmu3_port_open(p.m->smmu, NULL, NULL);
		smmu3_port_end(port[i]);
		smmu3_port_begin(port[i]);
		smmu3_port_begin(port[i]);
	}
	submit(p.m, SYNC_NONE);
	for (int i = 0; i < PORTS; i++) {
		ck_assert(!consumed(p.m));
		smmu3_port_end(port[(i + 2) % PORTS]);
		smmu3_port_end(port[(i + 2) % PORTS]);
	}
	ck_assert(consumed(p.m));
	for (int i = 0; i < PORTS; i++)
		smmu3_port_close(port[i]);
	close_ported(&p);
}
END_TEST

/* port.h: a port that is closed closes its section; others that are do not */
START_TEST(a_port_that_closes_lets_it_go_on)
{
	struct ported p = ported(16, true);
	struct smmu3_port *busy = smmu3_port_open(p.m->smmu, NULL, NULL);
	struct smmu3_port *idle = smmu3_port_open(p.m->smmu, NULL, NULL);

	smmu3_port_begin(busy);
	submit(p.m, SYNC_NONE);
	smmu3_port_close(idle);
	ck_assert(!consumed(p.m));
	smmu3_port_close(busy);
	ck_assert(consumed(p.m));
	submit(p.m, SYNC_NONE);
	ck_assert(consumed(p.m));
	close_ported(&p);
}
END_TEST

static void end_inside(struct machine *m, const struct happening *now)
{
	if (now->kind == INVALIDATES)
		smmu3_port_end(m->context);
}

/* port.h: a section may be closed inside of a callback of the queue that waits for it */
START_TEST(a_section_may_be_closed_inside_a_callback)
{
	struct ported p = ported(16, true);

	smmu3_port_begin(p.port);
	p.m->context = p.port;
	p.m->inside = end_inside;
	submit_with_sync(p.m, CFGI_ALL);
	ck_assert(consumed(p.m));
	close_ported(&p);
}
END_TEST

/* 6.3.9.4: while it waits, CMDQEN = 0 is not acknowledged */
START_TEST(the_queue_is_not_acknowledged_as_disabled_before)
{
	struct ported p = ported(16, true);

	smmu3_port_begin(p.port);
	submit(p.m, SYNC_NONE);
	set_reg(p.m, CR0, EVENTQEN | SMMUEN);
	ck_assert_uint_eq(reg(p.m, CR0ACK), CMDQEN | EVENTQEN | SMMUEN);
	smmu3_port_end(p.port);
	ck_assert_uint_eq(reg(p.m, CR0ACK), EVENTQEN | SMMUEN);
	ck_assert(consumed(p.m));
	close_ported(&p);
}
END_TEST

/* ---- Several queues ---- */

#define SECURE_CFGI_ALL ((struct command){ { 0x04 | SSEC, 31 } })

static bool secure_consumed(struct machine *m)
{
	return secure_reg(m, CMDQ_CONS) == m->s_prod;
}

static bool realm_consumed(struct machine *m)
{
	return realm_reg(m, CMDQ_CONS) == m->r_prod;
}

/* CMD-SYNC-6, CMD-SYNC-13: each queue for itself, for the sections that it found open */
START_TEST(queues_wait_each_for_itself)
{
	struct machine *m = realm_started();
	struct smmu3_port *first = smmu3_port_open(m->smmu, NULL, NULL);
	struct smmu3_port *second = smmu3_port_open(m->smmu, NULL, NULL);

	smmu3_port_begin(first);
	submit_with_sync(m, CFGI_ALL);
	smmu3_port_begin(second);
	queue_secure(m, SECURE_CFGI_ALL);
	submit_secure(m, SYNC_NONE);
	queue_realm(m, CFGI_ALL);
	submit_realm(m, SYNC_NONE);
	ck_assert(!consumed(m) && !secure_consumed(m) && !realm_consumed(m));
	ck_assert_uint_eq(count(m, INVALIDATES), 3);
	smmu3_port_end(first);
	ck_assert(consumed(m) && !secure_consumed(m) && !realm_consumed(m));
	submit(m, SYNC_NONE);
	ck_assert(!consumed(m));
	smmu3_port_end(second);
	ck_assert(consumed(m) && secure_consumed(m) && realm_consumed(m));
	smmu3_port_close(first);
	smmu3_port_close(second);
	close_machine(m);
}
END_TEST

/* ---- Endpoints, too ---- */

enum { ATS = 1 << 10 };
#define ATC_INV ((struct command){ { 0x40 | UINT64_C(1) << 32, 52 } })

static struct ported with_ats(void)
{
	struct machine *m = portable(16, true);

	m->config.idr[0] |= ATS;
	start_machine(m);
	return open_ported(m);
}

static void end_atc(struct ported *p, enum smmu3_atc_result result)
{
	ck_assert_int_eq(smmu3_atc_complete(p->m->smmu, first(p->m, INVALIDATES_ATC)->atc.tag,
					    result),
			 0);
}

/* CMD-SYNC-6, 3.9.1.4: for endpoints and sections, whichever ends first */
START_TEST(it_waits_for_endpoints_and_sections)
{
	struct ported p = with_ats();

	smmu3_port_begin(p.port);
	submit_with_sync(p.m, ATC_INV);
	ck_assert_uint_eq(reg(p.m, CMDQ_CONS), 1);
	if (_i)
		end_atc(&p, SMMU3_ATC_DONE);
	else
		smmu3_port_end(p.port);
	ck_assert_uint_eq(reg(p.m, CMDQ_CONS), 1);
	if (_i)
		smmu3_port_end(p.port);
	else
		end_atc(&p, SMMU3_ATC_DONE);
	ck_assert(consumed(p.m));
	close_ported(&p);
}
END_TEST

/* CMD-SYNC-14: one that fails does so at once; what it is followed by waits for the section */
START_TEST(a_sync_that_fails_waits_for_no_section)
{
	struct ported p = with_ats();

	smmu3_port_begin(p.port);
	submit_with_sync(p.m, ATC_INV);
	end_atc(&p, SMMU3_ATC_TIMED_OUT);
	ck_assert_uint_eq(reg(p.m, GERROR), CMDQ_ERR);
	ck_assert_uint_eq(reg(p.m, CMDQ_CONS), CERROR_ATC_INV_SYNC << 24 | 1);
	set_reg(p.m, GERRORN, CMDQ_ERR);
	ck_assert_uint_eq(reg(p.m, CMDQ_CONS) & 0xf, 1); /* fetched again, and waits */
	smmu3_port_end(p.port);
	ck_assert_uint_eq(reg(p.m, CMDQ_CONS) & 0xf, 2);
	close_ported(&p);
}
END_TEST

/* ---- Reset and saved states ---- */

static void restart(struct machine *m)
{
	m->prod = 0;
	open_queues(m);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
}

/* smmu.h: reset ends the wait, and nothing of it is left: neither for the section that is open
 * still, nor for those to come */
START_TEST(a_reset_ends_the_wait)
{
	struct ported p = ported(16, true);

	smmu3_port_begin(p.port);
	submit(p.m, SYNC_NONE);
	smmu3_reset(p.m->smmu);
	ck_assert_uint_eq(port_has(&p, 0), NOWHERE);
	restart(p.m);
	submit(p.m, SYNC_NONE);
	ck_assert(!consumed(p.m));
	smmu3_port_end(p.port);
	ck_assert(consumed(p.m));
	expect_goes(&p, 0, HERE + PAGE(1));
	submit(p.m, SYNC_NONE);
	ck_assert(consumed(p.m));
	close_ported(&p);
}
END_TEST

/* smmu.h, save.md: what is saved while it waits goes on where it is loaded, where no section is
 * that it waited for; and what was kept by ports belongs to the state before */
START_TEST(a_wait_that_is_saved_is_over_where_it_is_loaded)
{
	struct ported p = ported(16, true);

	smmu3_port_begin(p.port);
	expect_goes(&p, 0, HERE + PAGE(1));
	submit(p.m, SYNC_NONE);
	const struct blob blob = saved(p.m);

	smmu3_port_end(p.port);
	ck_assert(consumed(p.m));
	expect_goes(&p, 0, HERE + PAGE(1));
	put_there(p.m, 0);
	load(p.m, &blob);
	ck_assert_uint_eq(port_has(&p, 0), NOWHERE);
	ck_assert_uint_eq(handle_has(&p, 0), NOWHERE);
	reg(p.m, CR0); /* any register */
	ck_assert(consumed(p.m));
	expect_goes(&p, 0, THERE + PAGE(1));
	close_ported(&p);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_sync_waits_for_a_section, 0, 2);
	tcase_add_test(tests, a_port_that_keeps_nothing_has_sections);
	tcase_add_test(tests, commands_behind_the_sync_wait_with_it);
	tcase_add_test(tests, sections_opened_later_are_not_waited_for);
	tcase_add_test(tests, it_waits_for_all_that_were_open);
	tcase_add_test(tests, a_port_that_closes_lets_it_go_on);
	tcase_add_test(tests, a_section_may_be_closed_inside_a_callback);
	tcase_add_test(tests, the_queue_is_not_acknowledged_as_disabled_before);
	tcase_add_test(tests, queues_wait_each_for_itself);
	tcase_add_loop_test(tests, it_waits_for_endpoints_and_sections, 0, 2);
	tcase_add_test(tests, a_sync_that_fails_waits_for_no_section);
	tcase_add_test(tests, a_reset_ends_the_wait);
	tcase_add_test(tests, a_wait_that_is_saved_is_over_where_it_is_loaded);
}

int main(void)
{
	return run("port_sections", add);
}
