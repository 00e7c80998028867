/* SPDX-License-Identifier: MIT */
/* The verbs of smmu-sim, and what all of them share. */
#ifndef SMMU_SIM_VERB_H
#define SMMU_SIM_VERB_H

#include <argp.h>
#include <smmu/port.h>
#include <smmu/smmu.h>
#include <stdbool.h>

#include "status.h"

/* Each gets its own arguments; argv[0] is "smmu-sim VERB". */
enum status verb_run(int argc, char **argv);
enum status verb_replay(int argc, char **argv);
enum status verb_check(int argc, char **argv);
enum status verb_trace(int argc, char **argv);
enum status verb_explain(int argc, char **argv);
enum status verb_decode(int argc, char **argv);
enum status verb_dump(int argc, char **argv);
enum status verb_audit(int argc, char **argv);
enum status verb_validate(int argc, char **argv);
enum status verb_profiles(int argc, char **argv);

/* Options that several verbs have. */
struct common {
	const char *config; /* -c, NULL when not given */
	bool json;
};

/* For struct argp.children; a verb's parser hands its struct common on at ARGP_KEY_INIT:
 * state->child_inputs[0] = &common. */
extern const struct argp config_argp; /* -c and --json */
extern const struct argp json_argp;   /* --json alone */

/* argp_parse, which tells wrong use itself; what it hands back is that memory ended. */
void parse_arguments(const struct argp *argp, int argc, char **argv, unsigned flags, void *input);

/* --caches N: so many places each; argp_error when N is none, or when it was given before. */
struct caches_option {
	bool given;
	struct smmu3_caches caches;
};
void take_caches(struct argp_state *state, const char *text, struct caches_option *option);

/* --ports N: so many places for each of PORTS_STREAMS streams, as --caches; and --batch, which
 * argp_error wants to come with it: ports_complete, at the end. */
struct ports_option {
	uint32_t places; /* 0: no ports */
	bool batch;
};
enum { PORTS_STREAMS = 16 };
void take_ports(struct argp_state *state, const char *text, struct ports_option *option);
void ports_complete(struct argp_state *state, const struct ports_option *option);

struct smmu3_port_config ports_config(const struct ports_option *option);

/* argp_error unless -c was given. */
void need_config(struct argp_state *state, const struct common *common);

#endif
