/* SPDX-License-Identifier: MIT */
/* Two machines of one configuration that software and devices treat alike, at random; one of them
 * is saved and loaded into a fresh SMMU now and then. */
#ifndef TESTS_PROG_TWINS_H
#define TESTS_PROG_TWINS_H

#include "driver.h"

struct twins {
	struct machine *one, *other; /* the other is saved and loaded */
	bool endpoints;              /* they have some */
	bool secure;                 /* and a Secure state */
	bool realm;                  /* and a Realm state */
	uint64_t chance;
	uint64_t cookie;
	unsigned loads;
	/* Of them, those while a command was under way (announced, terminating, resuming, waiting),
	 * pulses and messages were due, records waited, and of stalls ones of each state. */
	unsigned under_way[5], pulses, messages, records, states[4];
	/* While ATCs were asked, an endpoint was to be answered, page requests waited. */
	unsigned asked, answers, pages;
	/* Likewise of the Secure interface; and of Secure stalls. */
	unsigned s_under_way[5], s_due, s_records, s_states[4];
	/* Likewise of the Realm interface, and its page requests. */
	unsigned r_under_way[5], r_due, r_records, r_pages;
};

/* What is done to both: an act of software or of a device, whose numbers are drawn before. */
struct step;
typedef void step_act(struct machine *m, const struct step *step);
struct step {
	step_act *act;
	uint32_t sid;
	unsigned number;
	uint64_t cookie;
};

/* Of Secure software and devices, by chance; and what both have that is Secure, compared. */
step_act *secure_act(unsigned chance);
void compare_secure(struct machine *a, struct machine *b);
/* Likewise of Realm ones. */
step_act *realm_act(unsigned chance);
void compare_realm(struct machine *a, struct machine *b);

unsigned by_chance(struct twins *twins, unsigned below);

/* One step of both, and what came of it compared. */
void step_twins(struct twins *twins);

/* The other goes on in a fresh SMMU. */
void load_twin(struct twins *twins);

/* All that both have is the same: what was called back since, registers, memory, and what they
 * save. */
void compare_twins(struct twins *twins);

#endif
