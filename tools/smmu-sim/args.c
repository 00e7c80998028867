/* SPDX-License-Identifier: MIT */
#include "verb.h"

#include <stdlib.h>

#include "say.h"
#include "text.h"

static const struct argp_option json_options[] = {
	{ "json", 'j', 0, 0, "Print JSON instead of text", 0 },
	{ 0 },
};

static const struct argp_option config_options[] = {
	{ "config", 'c', "CONFIG", 0, "The machine, a YAML file; - is stdin", 0 },
	{ "json", 'j', 0, 0, "Print JSON instead of text", 0 },
	{ 0 },
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct common *common = state->input;

	switch (key) {
	case 'j':
		common->json = true;
		return 0;
	case 'c':
		if (common->config)
			argp_error(state, "one CONFIG only");
		common->config = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp config_argp = { .options = config_options, .parser = parse };
const struct argp json_argp = { .options = json_options, .parser = parse };

void parse_arguments(const struct argp *argp, int argc, char **argv, unsigned flags, void *input)
{
	if (argp_parse(argp, argc, argv, flags, NULL, input))
		out_of_memory();
}

/* Micro-TLBs are smaller, and there are fewer of them. */
static struct smmu3_caches caches_of(uint32_t each)
{
	enum { STREAMS_MOST = 64 };

	return (struct smmu3_caches){
		.l1stds = each,
		.stes = each,
		.cds = each,
		.tlb = each,
		.tables = each,
		.dpt = each,
		.gpt = each,
		.micro = each < SMMU3_MICRO_MOST ? each : SMMU3_MICRO_MOST,
		.micro_streams = each < STREAMS_MOST ? each : STREAMS_MOST,
	};
}

void take_caches(struct argp_state *state, const char *text, struct caches_option *option)
{
	uint64_t places;

	if (option->given)
		argp_error(state, "one --caches only");
	if (!parse_number(text, &places) || places > SMMU3_CACHE_MOST || places & (places - 1))
		argp_error(state, "--caches takes 0 or a power of two, at most %u, not '%s'",
			   (unsigned)SMMU3_CACHE_MOST, text);
	option->given = true;
	option->caches = caches_of((uint32_t)places);
}

void take_ports(struct argp_state *state, const char *text, struct ports_option *option)
{
	uint64_t places;

	if (option->places)
		argp_error(state, "one --ports only");
	if (!parse_number(text, &places) || !places || places > SMMU3_MICRO_MOST ||
	    places & (places - 1))
		argp_error(state, "--ports takes a power of two, at most %u, not '%s'",
			   (unsigned)SMMU3_MICRO_MOST, text);
	option->places = (uint32_t)places;
}

void ports_complete(struct argp_state *state, const struct ports_option *option)
{
	if (option->batch && !option->places)
		argp_error(state, "--batch comes with --ports");
}

struct smmu3_port_config ports_config(const struct ports_option *option)
{
	return (struct smmu3_port_config){ .size = sizeof(struct smmu3_port_config),
					   .micro = option->places,
					   .micro_streams = PORTS_STREAMS };
}

void need_config(struct argp_state *state, const struct common *common)
{
	if (!common->config)
		argp_error(state, "which machine? Give -c CONFIG");
}
