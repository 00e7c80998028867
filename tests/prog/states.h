/* SPDX-License-Identifier: MIT */
/* The features of every Security state of a configuration, and the rules of each queue's commands.
 */
#ifndef TESTS_PROG_STATES_H
#define TESTS_PROG_STATES_H

#include "config.h"
#include "prog/command.h"
#include "prog/idregs.h"

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

#endif
