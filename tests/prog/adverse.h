/* SPDX-License-Identifier: MIT */
/* A machine of which adversity is asked, in words. */
#ifndef TESTS_PROG_ADVERSE_H
#define TESTS_PROG_ADVERSE_H

#include "streams.h"

#include <check.h>
#include <smmu/adversity.h>

static inline void demand(struct machine *m, const char *word)
{
	struct smmu3_error error;

	ck_assert_msg(!smmu3_adversity_ask(m->smmu, word, &error), "%s: %s", word, error.text);
	ck_assert_int_eq(error.code, 0);
}

/* Not enabled, with a choice made and reset since; callbacks are no register accesses. */
static inline struct machine *choosing_of(struct machine *m, const char *word)
{
	m->quiet = true;
	create_machine(m);
	demand(m, word);
	smmu3_reset(m->smmu);
	return m;
}

static inline struct machine *choosing(const char *profile, const char *word)
{
	return choosing_of(machine(profile), word);
}

/* With these bits of IDR0. */
static inline struct machine *machine_with(uint32_t idr0)
{
	struct machine *m = machine("generic-3.1");

	m->config.idr[0] |= idr0;
	return m;
}

/* Running, and choosing. */
static inline struct machine *running(struct machine *m, const char *word)
{
	m->quiet = true;
	start_machine(m);
	demand(m, word);
	return m;
}

static inline unsigned error_of(struct machine *m)
{
	return reg(m, CMDQ_CONS) >> 24 & 0x7f;
}

#endif
