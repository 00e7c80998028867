/* SPDX-License-Identifier: MIT */
/* The grammar of docs/trace.md: what endpoints do besides accesses. */
#include "platform/trace_act.h"

static const struct word endpoint_words[] = {
	{ "answers", SMMU3_ENDPOINT_ANSWERS },
	{ "waits", SMMU3_ENDPOINT_WAITS },
	{ "times-out", SMMU3_ENDPOINT_TIMES_OUT },
	{ "on", SMMU3_ENDPOINT_ON },
	{ "off", SMMU3_ENDPOINT_OFF },
	{ NULL, 0 },
};

const char *trace_endpoint_name(unsigned act)
{
	return word_name(endpoint_words, act);
}

int trace_endpoint_parse(struct trace_line *line, struct smmu3_trace_op *op)
{
	const struct trace_word name = trace_next(line);
	uint64_t act;

	op->kind = SMMU3_TRACE_ENDPOINT;
	op->who_column = op->address_column = trace_column(line, name);
	if (!name.length)
		return REFUSE(line, name, "a master is missing");
	if (trace_master_parse(line, name, op) ||
	    trace_choice(line, trace_next(line), endpoint_words,
			 "act of an endpoint: answers, waits, times-out, on or off", &act))
		return -SMMU3_E_FORMAT;
	op->endpoint = (uint8_t)act;
	return trace_nothing_more(line);
}
