/* SPDX-License-Identifier: MIT */
/* The grammar of docs/trace.md: what an SMMU is expected to have counted. */
#include "platform/trace_act.h"

#include <inttypes.h>
#include <smmu/stats.h>
#include <string.h>

static const struct smmu3_figure *figure_at(bool of_stream, size_t index)
{
	return of_stream ? smmu3_stream_figure(index) : smmu3_stats_figure(index);
}

/* Who makes an op has no parser that keeps it in bounds. */
static unsigned figures_said(const struct smmu3_stats_said *said)
{
	return said->count < SMMU3_STATS_SAID ? said->count : SMMU3_STATS_SAID;
}

static int unknown_figure(struct trace_line *line, struct trace_word name, bool of_stream)
{
	struct guess guess = { .text = name.text, .length = name.length };
	const struct smmu3_figure *figure;
	char suggestion[80];

	for (size_t i = 0; (figure = figure_at(of_stream, i)); i++)
		guess_offer(&guess, figure->name);
	return REFUSE(line, name, "no figure of %s is called '%.*s'%s",
		      of_stream ? "a StreamID" : "the SMMU", SHOWN(name),
		      guess_text(&guess, suggestion, sizeof(suggestion)));
}

static int take_figure(struct trace_line *line, struct trace_word name, bool of_stream,
		       uint16_t *index)
{
	const struct smmu3_figure *figure;

	for (size_t i = 0; (figure = figure_at(of_stream, i)); i++) {
		*index = (uint16_t)i;
		if (trace_is(name, figure->name))
			return 0;
	}
	return unknown_figure(line, name, of_stream);
}

/* "512", or "0..511". */
static int take_range(struct trace_line *line, struct trace_word value,
		      struct smmu3_figure_said *expected)
{
	struct trace_word least = value, most = value;

	for (size_t i = 0; i + 1 < value.length; i++) {
		if (value.text[i] != '.' || value.text[i + 1] != '.')
			continue;
		least.length = i;
		most = (struct trace_word){ value.text + i + 2, value.length - i - 2 };
		break;
	}
	if (trace_number(line, least, UINT64_MAX, &expected->least) ||
	    trace_number(line, most, UINT64_MAX, &expected->most))
		return -SMMU3_E_FORMAT;
	return expected->least > expected->most ?
		       REFUSE(line, value, "'%.*s' begins above its end", SHOWN(value)) :
		       0;
}

static bool said_before(const struct smmu3_stats_said *said, uint16_t index)
{
	for (unsigned i = 0; i < said->count; i++) {
		if (said->figure[i].index == index)
			return true;
	}
	return false;
}

static int parse_figure(struct trace_line *line, struct trace_word word,
			struct smmu3_stats_said *said)
{
	struct smmu3_figure_said *const expected = &said->figure[said->count];
	struct trace_word value;
	const struct trace_word name = trace_cut(word, '=', &value);

	if (take_figure(line, name, said->of_stream, &expected->index))
		return -SMMU3_E_FORMAT;
	if (!value.text)
		return REFUSE(line, word, "'%.*s' takes a value: %.*s=...", SHOWN(name),
			      SHOWN(name));
	if (said_before(said, expected->index))
		return REFUSE(line, word, "'%.*s' is said already", SHOWN(word));
	if (take_range(line, value, expected))
		return -SMMU3_E_FORMAT;
	said->count++;
	return 0;
}

/* "sid=0x10" comes first. */
static int take_stream(struct trace_line *line, struct trace_word word,
		       struct smmu3_stats_said *said)
{
	struct trace_word value;
	uint64_t sid;

	if (!trace_is(trace_cut(word, '=', &value), "sid") || !value.text)
		return 0;
	if (trace_number(line, value, UINT32_MAX, &sid))
		return -SMMU3_E_FORMAT;
	said->of_stream = 1;
	said->sid = (uint32_t)sid;
	return 1;
}

int trace_stats_parse(struct trace_line *line, struct smmu3_trace_op *op)
{
	struct smmu3_stats_said *const said = &op->stats;
	struct trace_word word = trace_next(line);
	const int stream = take_stream(line, word, said);

	op->kind = SMMU3_TRACE_STATS;
	if (stream < 0)
		return stream;
	if (stream)
		word = trace_next(line);
	else if (op->pas != SMMU3_PAS_NS)
		return REFUSE(line, word,
			      "of one state sid=NUMBER is counted: figures of the "
			      "SMMU are of all together, without a prefix");
	if (!word.length)
		return REFUSE(line, word, "a figure is missing: NAME=NUMBER or NAME=LEAST..MOST");
	for (; word.length; word = trace_next(line)) {
		if (said->count == SMMU3_STATS_SAID)
			return REFUSE(line, word, "a line has at most %u figures",
				      (unsigned)SMMU3_STATS_SAID);
		if (parse_figure(line, word, said))
			return -SMMU3_E_FORMAT;
	}
	return 1;
}

int trace_stats_reset_parse(struct trace_line *line, struct smmu3_trace_op *op)
{
	const struct trace_word word = trace_next(line);

	op->kind = SMMU3_TRACE_STATS_RESET;
	return trace_is(word, "reset") ? trace_nothing_more(line) :
					 REFUSE(line, word, "'reset' follows");
}

void trace_stats_text(const struct smmu3_stats_said *said, char *text, size_t size)
{
	trace_add(text, size, "expect stats");
	if (said->of_stream)
		trace_add(text, size, " sid=0x%" PRIx32, said->sid);
	for (unsigned i = 0; i < figures_said(said); i++) {
		const struct smmu3_figure_said *const expected = &said->figure[i];
		const struct smmu3_figure *const figure = figure_at(said->of_stream,
								    expected->index);

		trace_add(text, size, " %s=%" PRIu64, figure ? figure->name : "?", expected->least);
		if (expected->most != expected->least)
			trace_add(text, size, "..%" PRIu64, expected->most);
	}
}

/* ---- Meeting it ---- */

static uint64_t figure_of(const void *stats, const struct smmu3_figure *figure)
{
	uint64_t value;

	memcpy(&value, (const char *)stats + figure->offset, sizeof(value));
	return value;
}

static void judge_figure(struct smmu3_trace_op *op, const struct smmu3_figure_said *expected,
			 const void *stats)
{
	const struct smmu3_figure *const figure = figure_at(op->stats.of_stream, expected->index);
	const uint64_t got = figure_of(stats, figure);
	char *const text = op->result.text, *const difference = op->result.difference;

	trace_add(text, sizeof(op->result.text), "%s%s=%" PRIu64, *text ? " " : "", figure->name,
		  got);
	if ((got >= expected->least && got <= expected->most) || op->result.failed)
		return;
	op->result.failed = 1;
	trace_add(difference, sizeof(op->result.difference), "%s is %" PRIu64 ", expected %" PRIu64,
		  figure->name, got, expected->least);
	if (expected->most != expected->least)
		trace_add(difference, sizeof(op->result.difference), " to %" PRIu64,
			  expected->most);
}

static int read_stats(struct smmu3 *smmu, const struct smmu3_trace_op *op,
		      struct smmu3_stats *stats, struct smmu3_stream_stats *stream)
{
	return op->stats.of_stream ?
		       smmu3_stats_stream(smmu, (enum smmu3_pas)op->pas, op->stats.sid, stream) :
		       smmu3_stats_read(smmu, stats);
}

/* A StreamID without a row has asked for nothing, unless rows have run out: then nobody knows. */
static const char *unknowable(struct smmu3 *smmu, const struct smmu3_stats_said *said, int code)
{
	struct smmu3_stats stats;

	for (unsigned i = 0; i < figures_said(said); i++) {
		if (!figure_at(said->of_stream, said->figure[i].index))
			return "no figure has this index";
	}
	if (code == -SMMU3_E_UNSUPPORTED)
		return "this SMMU counts nothing: 'statistics' of its entry says what is counted";
	if (code == -SMMU3_E_NOT_FOUND && !smmu3_stats_read(smmu, &stats) && stats.other_streams)
		return "this StreamID has no row of its own";
	return NULL;
}

void trace_stats_judge(struct smmu3 *smmu, struct smmu3_trace_op *op)
{
	struct smmu3_stats stats;
	struct smmu3_stream_stats stream;
	const char *const why = unknowable(smmu, &op->stats, read_stats(smmu, op, &stats, &stream));

	op->result.failed = why != NULL;
	if (why)
		trace_add(op->result.difference, sizeof(op->result.difference), "%s", why);
	for (unsigned i = 0; i < figures_said(&op->stats) && !why; i++)
		judge_figure(op, &op->stats.figure[i],
			     op->stats.of_stream ? (const void *)&stream : &stats);
}
