/* SPDX-License-Identifier: MIT */
/* Page requests of Secure streams, and answers that the Secure queue gives.  4.5.2, 8.2 */
#include "blob.h"
#include "pages.h"
#include "run.h"
#include "secure.h"
#include "waiting.h"

#include <check.h>

static struct smmu3_page_request of_secure(unsigned flags)
{
	return (struct smmu3_page_request){ .addr = 0x7000,
					    .sid = 9,
					    .ssid = 3,
					    .prgindex = 0x155,
					    .flags = (uint16_t)flags,
					    .sec_sid = SMMU3_PAS_SECURE };
}

static struct machine *with_pages(void)
{
	struct machine *m = secure_machine();

	open_secure_machine(m);
	set_reg64(m, PRIQ_BASE, PAGES_AT | 2);
	set_reg(m, CR0, CMDQEN | EVENTQEN | PRIQEN | SMMUEN);
	set_secure(m, CR0, CMDQEN | EVENTQEN | PRIQEN | SMMUEN);
	look_away(m);
	return m;
}

static void expect_failure(const struct machine *m, enum smmu3_pas sec_sid)
{
	const struct smmu3_page_response *response = &first(m, ANSWERS_PAGE)->response;

	ck_assert_uint_eq(response->sid, 9);
	ck_assert_uint_eq(response->prgindex, 0x155);
	ck_assert_uint_eq(response->sec_sid, sec_sid);
	ck_assert_uint_eq(response->ssv, 0);
	ck_assert_uint_eq(response->code, SMMU3_PAGE_FAILURE);
}

/* PRIQ-011, SEC-016: what a Secure stream asks is not recorded, and is answered with Failure,
 * without its PASID; a Stop Marker is not answered */
START_TEST(a_secure_page_request_is_answered_with_failure)
{
	static const struct {
		unsigned flags, answers;
	} rows[] = {
		{ R | LAST, 1 },
		{ R, 1 },
		{ R | LAST | SSV, 1 },
		{ LAST | SSV, 0 },
	};
	struct machine *m = with_pages();
	const struct smmu3_page_request request = of_secure(rows[_i].flags);

	ck_assert_int_eq(smmu3_page_request(m->smmu, &request), 0);
	ck_assert_uint_eq(count(m, ANSWERS_PAGE), rows[_i].answers);
	if (rows[_i].answers)
		expect_failure(m, SMMU3_PAS_SECURE);
	ck_assert_uint_eq(count(m, WRITES), 0);
	ck_assert_uint_eq(reg(m, PRIQ_PROD), 0);
	close_machine(m);
}
END_TEST

/* SEC-001, PRIQ-004: of a state that there is, and of an SMMU that has PRI */
START_TEST(page_requests_are_of_a_state_that_there_is)
{
	const struct smmu3_page_request request = of_secure(LAST | R);
	struct machine *m = started("generic-3.3");

	ck_assert_int_eq(smmu3_page_request(m->smmu, &request), -SMMU3_E_UNSUPPORTED);
	close_machine(m);
	m = secure_machine();
	m->config.idr[0] &= ~(1u << 16);
	m->config.idr[3] &= ~IDR3_PPS;
	m->config.idr[1] &= ~(0x1fu << 11);
	start_secure_machine(m);
	ck_assert_int_eq(smmu3_page_request(m->smmu, &request), -SMMU3_E_UNSUPPORTED);
	close_machine(m);
}
END_TEST

/* SEC-017: CMD_PRI_RESP of the Secure queue answers a Non-secure endpoint */
START_TEST(the_secure_queue_answers_non_secure_endpoints)
{
	struct machine *m = with_pages();

	/* ResponseFailure */
	submit_secure(m, (struct command){ { 0x41 | UINT64_C(9) << 32, 0x155 } });
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 1);
	expect_failure(m, SMMU3_PAS_NS);
	close_machine(m);
}
END_TEST

/* PRIQ-011, SEC-017: requests that wait and an answer that is due are saved, with whose they are */
START_TEST(secure_page_requests_and_answers_are_saved)
{
	const struct smmu3_page_request request = of_secure(LAST | R);
	struct machine *m = with_pages();

	pause_work(m);
	if (_i & 1)
		submit_secure(m, (struct command){ { 0x41 | UINT64_C(9) << 32, 0x155 } });
	else
		ck_assert_int_eq(smmu3_page_request(m->smmu, &request), 0);
	do_acts(m, _i & 2 ? 1 : 0);
	const struct blob before = saved(m);

	renew(m);
	load(m, &before);
	const struct blob after = saved(m);

	ck_assert(same_blob(&before, &after));
	(void)reg(m, CR0);
	expect_failure(m, _i & 1 ? SMMU3_PAS_NS : SMMU3_PAS_SECURE);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_secure_page_request_is_answered_with_failure, 0, 4);
	tcase_add_test(tests, page_requests_are_of_a_state_that_there_is);
	tcase_add_test(tests, the_secure_queue_answers_non_secure_endpoints);
	tcase_add_loop_test(tests, secure_page_requests_and_answers_are_saved, 0, 4);
}

int main(void)
{
	return run("secure-pages", add);
}
