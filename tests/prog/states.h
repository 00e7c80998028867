/* SPDX-License-Identifier: MIT */
/* The features of every Security state of a configuration, and the rules of each queue's commands.
 */
#ifndef TESTS_PROG_STATES_H
#define TESTS_PROG_STATES_H

#include "config.h"
#include "prog/command.h"
#include "prog/idregs.h"

#include <check.h>

struct states {
	struct features of[BANKS];
};

static inline struct states states_of(const char *profile, const struct edit *edits, size_t count)
{
	struct smmu3_config config = profile_config(profile);
	struct states states;

	apply(&config, edits, count);
	for (unsigned bank = 0; bank < BANKS; bank++)
		states.of[bank] = features_from(&config, (enum bank)bank);
	return states;
}

/* Those of the Non-secure queue. */
static inline struct command_rules non_secure_commands(const struct features *features)
{
	return (struct command_rules){ BANK_NS, { [BANK_NS] = features } };
}

static inline struct command_rules rules_of(const struct states *states, enum bank queue)
{
	return (struct command_rules){
		queue, { &states->of[BANK_NS], &states->of[BANK_S], &states->of[BANK_R] }
	};
}

/* What a scope is about, and how far it reaches in its state. */
static inline void expect_reach(const struct smmu3_invalidation *got,
				const struct smmu3_invalidation *want)
{
	ck_assert_uint_eq(got->kind, want->kind);
	ck_assert_uint_eq(got->any_asid, want->any_asid);
	ck_assert_uint_eq(got->any_vmid, want->any_vmid);
	ck_assert_uint_eq(got->any_ssid, want->any_ssid);
	ck_assert_uint_eq(got->leaf, want->leaf);
	ck_assert_uint_eq(got->asid, want->asid);
	ck_assert_uint_eq(got->vmid, want->vmid);
	ck_assert_uint_eq(got->vmids, want->vmids);
	ck_assert_uint_eq(got->addr, want->addr);
	ck_assert_uint_eq(got->bytes, want->bytes);
	ck_assert_uint_eq(got->sids, want->sids);
	ck_assert_uint_eq(got->sid, want->sid);
	ck_assert_uint_eq(got->ssid, want->ssid);
}

#endif
