/* SPDX-License-Identifier: MIT */
/* The Realm PRI queue, and answers to Realm endpoints.  4.5.2, 8, 3.9.4.1 */
#include "blob.h"
#include "pages.h"
#include "realm.h"
#include "run.h"
#include "waiting.h"

#include <check.h>

#define PASID_OF_PPAR (UINT64_C(1) << 18) /* of word 1 of an STE: PPAR.  5.2 */

static int ask_page(struct machine *m, enum smmu3_pas sec_sid, unsigned flags)
{
	const struct smmu3_page_request page = { .addr = 0x7000,
						 .sid = 3,
						 .ssid = flags & SSV ? 5 : 0,
						 .prgindex = 0x155,
						 .flags = (uint16_t)flags,
						 .sec_sid = (uint8_t)sec_sid };

	return smmu3_page_request(m->smmu, &page);
}

static void expect_taken_realm(struct machine *m, unsigned flags)
{
	ck_assert_int_eq(ask_page(m, SMMU3_PAS_REALM, flags), 0);
}

static void expect_realm_answer(struct machine *m, unsigned code, unsigned ssid)
{
	ck_assert_uint_eq(count(m, ANSWERS_PAGE), 1);
	const struct smmu3_page_response *response = &first(m, ANSWERS_PAGE)->response;

	ck_assert_uint_eq(response->sid, 3);
	ck_assert_uint_eq(response->prgindex, 0x155);
	ck_assert_uint_eq(response->sec_sid, SMMU3_PAS_REALM);
	ck_assert_uint_eq(response->ssv, ssid != 0);
	ck_assert_uint_eq(response->ssid, ssid);
	ck_assert_uint_eq(response->code, code);
	look_away(m);
}

/* Four entries, which are full. */
static void fill_realm(struct machine *m)
{
	for (unsigned i = 0; i < 4; i++)
		expect_taken_realm(m, R);
	ck_assert_uint_eq(realm_reg(m, PRIQ_PROD), 4);
	look_away(m);
}

/* PRIQ-015, PRIQ-001, RLM-002: what a Realm endpoint asks goes to the Realm queue, in Realm memory;
 * what others ask does not */
START_TEST(realm_page_requests_go_to_the_realm_queue)
{
	struct machine *m = realm_started();

	expect_taken_realm(m, R | W | LAST);
	ck_assert_str_eq(spaces_of(m, SMMU3_REASON_PRIQ), "r");
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_PRIQ)->access.pa, REALM_PAGES_AT);
	/* StreamID 3, R 60, W 61, Last 62; PRGIndex, address */
	ck_assert_uint_eq(realm_at(m, REALM_PAGES_AT)[0], UINT64_C(0x7000000000000003));
	ck_assert_uint_eq(realm_at(m, REALM_PAGES_AT)[1], 0x7155);
	ck_assert_uint_eq(*ram_at(m, REALM_PAGES_AT), 0);
	ck_assert_uint_eq(realm_reg(m, PRIQ_PROD), 1);
	ck_assert_uint_eq(reg(m, PRIQ_PROD), 0);
	ck_assert_int_eq(ask_page(m, SMMU3_PAS_SECURE, R | LAST), 0);
	ck_assert_int_eq(ask_page(m, SMMU3_PAS_NS, R | LAST), 0); /* disabled */
	ck_assert_uint_eq(count(m, ANSWERS_PAGE), 2);
	ck_assert_uint_eq(realm_reg(m, PRIQ_PROD), 1);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_PRIQ), 1);
	close_machine(m);
}
END_TEST

/* PRIQ-010, PRIQ-014: with PRIQEN or SMMUEN of R_CR0 = 0 the answer is Failure, without a PASID */
START_TEST(a_disabled_realm_queue_answers_with_failure)
{
	static const unsigned enabled[] = { SMMUEN | CMDQEN | EVENTQEN, PRIQEN | CMDQEN };
	struct machine *m = realm_started();

	update(m, CR0, CMDQEN | EVENTQEN | PRIQEN | SMMUEN);
	set_realm(m, CR0, enabled[_i]);
	expect_taken_realm(m, R | LAST | SSV);
	expect_realm_answer(m, FAILURE, 0);
	ck_assert_uint_eq(realm_reg(m, PRIQ_PROD), 0);
	close_machine(m);
}
END_TEST

/* PRIQ-012, GER-002: an entry that aborts is an error of the Realm queue, and answered */
START_TEST(an_entry_that_aborts_is_a_realm_error)
{
	struct machine *m = realm_started();

	m->aborts[0] = REALM_PAGES_AT;
	expect_taken_realm(m, R | LAST);
	ck_assert_uint_eq(realm_reg(m, GERROR), PRIQ_ABT_ERR);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	expect_realm_answer(m, FAILURE, 0);
	close_machine(m);
}
END_TEST

/* ---- Overflow ---- */

/* PRIQ-006, PRIQ-007: a full queue overflows; the last of a group is answered with Success until
 * software acknowledges in R_PRIQ_CONS */
START_TEST(a_full_realm_queue_overflows_and_answers)
{
	struct machine *m = realm_started();

	fill_realm(m);
	expect_taken_realm(m, R | LAST);
	ck_assert_uint_eq(realm_reg(m, PRIQ_PROD), OVFLG | 4);
	expect_realm_answer(m, SUCCESS, 0);
	expect_taken_realm(m, R);
	ck_assert_uint_eq(count(m, ANSWERS_PAGE), 0);
	set_realm(m, PRIQ_CONS, OVFLG | 4);
	expect_taken_realm(m, R | LAST);
	ck_assert_uint_eq(realm_reg(m, PRIQ_PROD), OVFLG | 5);
	close_machine(m);
}
END_TEST

static struct machine *without_pps(void)
{
	struct machine *m = realm_machine();

	m->config.idr[3] &= ~IDR3_PPS;
	return m;
}

/* PRIQ-008: where the answer has a PASID if its STE says so, it is the Realm STE that is asked */
START_TEST(the_realm_ste_is_asked_whether_an_answer_has_a_pasid)
{
	struct machine *m = without_pps();
	uint64_t *const own = realm_at(m, STREAMS_AT + 64 * 3), *const other = ram_at(
									m, STREAMS_AT + 64 * 3);

	own[0] = other[0] = 1 | 4 << 1; /* V, bypass */
	own[1] = _i ? PASID_OF_PPAR : 0;
	other[1] = _i ? 0 : PASID_OF_PPAR;
	start_realm_machine(m);
	fill_realm(m);
	expect_taken_realm(m, R | LAST | SSV);
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_STE)->access.pas, SMMU3_PAS_REALM);
	expect_realm_answer(m, SUCCESS, _i ? 5 : 0);
	close_machine(m);
}
END_TEST

/* PRIQ-009: without a legal one the answer is Failure; with REC_CFG_ATS of R_CR2 that is recorded
 * in the Realm Event queue */
START_TEST(without_a_realm_ste_the_answer_is_failure_and_recorded)
{
	enum { REC_CFG_ATS = 1 << 3, RECINVSID = 1 << 1 };
	struct machine *m = without_pps();

	open_realm_machine(m);
	set_realm(m, CR2, RECINVSID | (_i ? REC_CFG_ATS : 0));
	set_reg(m, CR2, RECINVSID | (_i ? 0 : REC_CFG_ATS));
	set_reg(m, CR0, EVENTQEN | SMMUEN);
	set_realm(m, CR0, REALM_ON);
	fill_realm(m);
	expect_taken_realm(m, R | LAST | SSV);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), (unsigned)_i);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	ck_assert_uint_eq(*realm_at(m, EVENTS_AT) & 0xff, _i ? 0x04 : 0);
	expect_realm_answer(m, FAILURE, 0);
	close_machine(m);
}
END_TEST

/* ---- Answers of software ---- */

/* CMD-PRI-RESP: on the Realm queue it answers a Realm endpoint; on the Non-secure one of the same
 * numbers another */
START_TEST(the_realm_queue_answers_realm_endpoints)
{
	const struct command command = { { 0x41 | UINT64_C(3) << 32 | 5 << 12 | 1 << 11,
					   0x155 | 2 << 12 } }; /* ResponseSuccess, SSV */
	struct machine *m = realm_started();

	submit(m, command);
	ck_assert_uint_eq(first(m, ANSWERS_PAGE)->response.sec_sid, SMMU3_PAS_NS);
	look_away(m);
	submit_realm(m, command);
	expect_realm_answer(m, SUCCESS, 5);
	set_realm(m, CR0, CMDQEN);
	submit_realm(m, command);
	ck_assert_uint_eq(count(m, ANSWERS_PAGE), 0);
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), 2);
	close_machine(m);
}
END_TEST

/* SEC-001, PRIQ-001: of a Realm state that there is, with PRI */
START_TEST(realm_page_requests_need_realm_pri)
{
	struct machine *m = machine("secure-3.3");

	create_machine(m);
	ck_assert_int_eq(ask_page(m, SMMU3_PAS_REALM, R | LAST), -SMMU3_E_UNSUPPORTED);
	ck_assert_int_eq(ask_page(m, (enum smmu3_pas)3, R | LAST), -SMMU3_E_UNSUPPORTED);
	close_machine(m);
	m = realm_machine();
	m->config.idr[0] &= ~(1u << 16);
	m->config.idr[3] &= ~IDR3_PPS;
	m->config.idr[1] &= ~(0x1fu << 11);
	m->config.r_idr[0] &= ~(1u << 16);
	start_realm_machine(m);
	ck_assert_int_eq(ask_page(m, SMMU3_PAS_REALM, R | LAST), -SMMU3_E_UNSUPPORTED);
	close_machine(m);
}
END_TEST

/* ---- Saved ---- */

/* PRIQ-001: requests that wait and an answer that is due are saved */
START_TEST(realm_page_requests_and_answers_are_saved)
{
	struct machine *m = realm_started();

	if (_i & 1)
		set_realm(m, CR0, CMDQEN | SMMUEN);
	pause_work(m);
	if (_i & 1)
		submit_realm(m, (struct command){ { 0x41 | UINT64_C(3) << 32, 0x155 } });
	else
		expect_taken_realm(m, R | LAST);
	do_acts(m, _i & 2 ? 1 : 0);
	const struct blob before = saved(m);

	renew(m);
	load(m, &before);
	const struct blob after = saved(m);

	ck_assert(same_blob(&before, &after));
	(void)reg(m, CR0);
	if (_i & 1)
		expect_realm_answer(m, FAILURE, 0);
	else
		ck_assert_uint_eq(realm_reg(m, PRIQ_PROD), 1);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, realm_page_requests_go_to_the_realm_queue);
	tcase_add_loop_test(tests, a_disabled_realm_queue_answers_with_failure, 0, 2);
	tcase_add_test(tests, an_entry_that_aborts_is_a_realm_error);
	tcase_add_test(tests, a_full_realm_queue_overflows_and_answers);
	tcase_add_loop_test(tests, the_realm_ste_is_asked_whether_an_answer_has_a_pasid, 0, 2);
	tcase_add_loop_test(tests, without_a_realm_ste_the_answer_is_failure_and_recorded, 0, 2);
	tcase_add_test(tests, the_realm_queue_answers_realm_endpoints);
	tcase_add_test(tests, realm_page_requests_need_realm_pri);
	tcase_add_loop_test(tests, realm_page_requests_and_answers_are_saved, 0, 4);
}

int main(void)
{
	return run("realm-pages", add);
}
