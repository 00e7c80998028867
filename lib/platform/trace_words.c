/* SPDX-License-Identifier: MIT */
/* Words of a trace's line, and what is wrong with them. */
#include "platform/number.h"
#include "platform/trace_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void trace_op_clear(struct smmu3_trace_op *op, size_t bytes)
{
	memset(op, 0, bytes);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct trace_word trace_next(struct trace_line *line)
{
	struct trace_word word;

	while (line->at < line->end && is_blank(*line->at))
		line->at++;
	if (line->at < line->end && *line->at == '#')
		line->at = line->end;
	word.text = line->at;
	while (line->at < line->end && !is_blank(*line->at) && *line->at != '#')
		line->at++;
	word.length = (size_t)(line->at - word.text);
	return word;
}

unsigned trace_column(const struct trace_line *line, struct trace_word word)
{
	return (unsigned)(word.text - line->source.text) + 1;
}

int trace_refuse(struct trace_line *line, int code, struct trace_word word, const char *format, ...)
{
	const struct place place = { &line->source, line->number, trace_column(line, word),
				     (unsigned)word.length };
	char sentence[400];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(sentence, sizeof(sentence), format, arguments);
	va_end(arguments);
	complain(line->complaints, code, place, "%s", sentence);
	return code;
}

int trace_number(struct trace_line *line, struct trace_word word, uint64_t max, uint64_t *value)
{
	const char *const wrong = number_parse(word.text, word.length, value);

	if (!word.length)
		return REFUSE(line, word, "a number is missing");
	if (wrong)
		return REFUSE(line, word, "'%.*s' %s", SHOWN(word), wrong);
	if (*value > max)
		return REFUSE(line, word, "'%.*s' is out of range: at most 0x%llx", SHOWN(word),
			      (unsigned long long)max);
	return 0;
}

int trace_choice(struct trace_line *line, struct trace_word word, const struct word *words,
		 const char *what, uint64_t *value)
{
	const struct word *const found = word_find(words, word.text, word.length);
	char suggestion[80];

	if (!found)
		return REFUSE(line, word, "'%.*s' is no %s%s", SHOWN(word), what,
			      word_suggestion(words, word.text, word.length, suggestion,
					      sizeof(suggestion)));
	*value = found->value;
	return 0;
}

struct trace_word trace_cut(struct trace_word word, char separator, struct trace_word *rest)
{
	const char *const at = word.length ? memchr(word.text, separator, word.length) : NULL;

	*rest = (struct trace_word){ NULL, 0 };
	if (!at)
		return word;
	rest->text = at + 1;
	rest->length = word.length - (size_t)(at + 1 - word.text);
	return (struct trace_word){ word.text, (size_t)(at - word.text) };
}
