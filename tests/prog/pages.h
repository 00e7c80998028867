/* SPDX-License-Identifier: MIT */
/* A machine with a PRI queue, and an endpoint that asks for pages. */
#ifndef TESTS_PROG_PAGES_H
#define TESTS_PROG_PAGES_H

#include "driver.h"

#include <check.h>

#define IDR0_ATS_PRI (1u << 10 | 1u << 16)
#define IDR0_MSI (1u << 13)
#define IDR3_PPS (1u << 5)
#define PAGES_AT (RAM_AT + 0x40000)
#define OVFLG (1u << 31)
#define LO (1u << 31)

enum {
	SSV = SMMU3_PAGE_SSV,
	R = SMMU3_PAGE_READ,
	W = SMMU3_PAGE_WRITE,
	X = SMMU3_PAGE_EXECUTE,
	PRIV = SMMU3_PAGE_PRIVILEGED,
	LAST = SMMU3_PAGE_LAST,
	STOP_MARKER = SSV | LAST,
	ALL_ON = CMDQEN | EVENTQEN | PRIQEN | SMMUEN,
};

/* PRG response codes, 8.3 */
enum { SUCCESS = 0, INVALID = 1, FAILURE = 0xf };

/* A PRI queue of four entries. */
static inline struct machine *pri_machine(void)
{
	struct machine *m = machine("generic-3.1");

	m->config.idr[0] |= IDR0_ATS_PRI | IDR0_MSI;
	m->config.idr[1] |= 2u << 11;
	return m;
}

static inline void start(struct machine *m)
{
	open_machine(m);
	set_reg64(m, PRIQ_BASE, PAGES_AT | 2);
	set_reg(m, IRQ_CTRL, GERROR_IRQEN | PRIQ_IRQEN | EVENTQ_IRQEN);
	set_reg(m, CR0, ALL_ON);
	look_away(m);
}

static inline struct machine *pri_started(void)
{
	struct machine *m = pri_machine();

	start(m);
	return m;
}

static inline int request(struct machine *m, unsigned flags, unsigned prgindex)
{
	const struct smmu3_page_request page = { .addr = UINT64_C(0xfedcba9876543210),
						 .sid = 3,
						 .ssid = flags & SSV ? 0x54321 : 0,
						 .prgindex = (uint16_t)prgindex,
						 .flags = (uint16_t)flags };

	return smmu3_page_request(m->smmu, &page);
}

static inline void expect_taken(struct machine *m, unsigned flags)
{
	ck_assert_int_eq(request(m, flags, 0x1aa), 0);
}

static inline void fill(struct machine *m)
{
	for (unsigned i = 0; i < 4; i++)
		expect_taken(m, R);
	ck_assert_uint_eq(reg(m, PRIQ_PROD), 4);
	look_away(m);
}

/* The one answer since, to StreamID 3 and group 0x1aa. */
static inline void expect_answer(struct machine *m, unsigned code, bool pasid)
{
	ck_assert_uint_eq(count(m, ANSWERS_PAGE), 1);
	const struct smmu3_page_response *response = &first(m, ANSWERS_PAGE)->response;

	ck_assert_uint_eq(response->sid, 3);
	ck_assert_uint_eq(response->prgindex, 0x1aa);
	ck_assert_uint_eq(response->sec_sid, SMMU3_PAS_NS);
	ck_assert_uint_eq(response->code, code);
	ck_assert_uint_eq(response->ssv, pasid);
	ck_assert_uint_eq(response->ssid, pasid ? 0x54321 : 0);
	look_away(m);
}

static inline void expect_no_answer(struct machine *m)
{
	ck_assert_uint_eq(count(m, ANSWERS_PAGE), 0);
}

#endif
