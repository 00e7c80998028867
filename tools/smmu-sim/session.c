/* SPDX-License-Identifier: MIT */
/* Lines of a session, read and printed part by part. */
#include "session_kinds.h"

#include <inttypes.h>
#include <smmu/record.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "say.h"
#include "text.h"

/* A word of a line. */
struct word {
	const char *text;
	size_t length;
};

/* A line as it is being read. */
struct reading {
	const struct lines *lines;
	const char *at;
};

/* ---- Complaints ---- */

__attribute__((format(printf, 3, 4))) static int refuse(const struct reading *reading,
							struct word word, const char *format, ...)
{
	char message[256];
	const struct smmu3_diagnostic diagnostic = {
		.file = reading->lines->name,
		.line = reading->lines->number,
		.column = (unsigned)(word.text - reading->lines->line) + 1,
		.length = (unsigned)word.length,
		.code = -SMMU3_E_FORMAT,
		.message = message,
		.source = reading->lines->line,
	};
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	say_diagnostic(NULL, &diagnostic);
	return -SMMU3_E_FORMAT;
}

/* For "%.*s": a word as much as is worth showing. */
#define SHOWN(word) (int)((word).length < 40 ? (word).length : 40), (word).text

/* ---- Words ---- */

static const char blanks[] = " \t";

static struct word next_word(struct reading *reading)
{
	reading->at += strspn(reading->at, blanks);
	const struct word word = { reading->at, strcspn(reading->at, blanks) };

	reading->at += word.length;
	return word;
}

static unsigned digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10 : 99;
}

/* A whole word of digits; false when it is none or does not fit 64 bits. */
static bool digits(struct word word, unsigned base, uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < word.length; i++) {
		const unsigned digit = digit_of(word.text[i]);

		if (digit >= base || *value > (UINT64_MAX - digit) / base)
			return false;
		*value = *value * base + digit;
	}
	return word.length > 0;
}

/* ---- Parts of a line ---- */

/* The member of a line, all of which are uint64_t. */
static uint64_t *member_of(struct session_line *line, const struct part *part)
{
	return (uint64_t *)(void *)((char *)line + part->member);
}

static uint64_t value_of(const struct session_line *line, const struct part *part)
{
	return *(const uint64_t *)(const void *)((const char *)line + part->member);
}

static int read_number(const struct reading *reading, const struct part *part, struct word word,
		       uint64_t *value)
{
	const bool hex = part->form == PART_HEX;

	if (!digits(word, hex ? 16 : 10, value))
		return refuse(reading, word, "%s: '%.*s' is no %s number of 64 bits", part->name,
			      SHOWN(word), hex ? "hexadecimal" : "decimal");
	if (*value > part->max)
		return refuse(reading, word, "%s: '%.*s' is more than 0x%" PRIx64, part->name,
			      SHOWN(word), part->max);
	return 0;
}

/* -1 is any. */
static int read_id(const struct reading *reading, const struct part *part, struct word word,
		   uint64_t *value)
{
	*value = SESSION_ANY;
	if (word.length == 2 && !memcmp(word.text, "-1", 2))
		return 0;
	return read_number(reading, part, word, value);
}

static bool is_word(struct word word, const char *text)
{
	return word.length == strlen(text) && !memcmp(word.text, text, word.length);
}

static const char no_event[] = "no-event";

/* 0, or an event's number with a minus, or neither. */
static int read_result(const struct reading *reading, const struct part *part, struct word word,
		       uint64_t *value)
{
	*value = SESSION_NO_EVENT;
	if (is_word(word, no_event))
		return 0;
	const bool minus = word.length && word.text[0] == '-';
	const struct word number = { word.text + minus, word.length - minus };
	const int code = read_number(reading, part, number, value);

	if (!code && minus != (*value != 0))
		return refuse(reading, word,
			      "%s is 0, or an event's number with a minus, or no-event",
			      part->name);
	return code;
}

static int read_member(const struct reading *reading, struct word word, uint64_t *value)
{
	const struct smmu3_record_member *member;

	for (*value = 0; (member = smmu3_record_member((size_t)*value)) != NULL; ++*value)
		if (is_word(word, member->name))
			return 0;
	return refuse(reading, word, "'%.*s' is no member of an SMMU's configuration", SHOWN(word));
}

static int read_data(const struct reading *reading, struct word word, struct session_line *line)
{
	if (word.length != 2 * line->bytes)
		return refuse(reading, word, "%" PRIu64 " bytes have %" PRIu64 " digits, not %zu",
			      line->bytes, 2 * line->bytes, word.length);
	for (size_t i = 0; i < line->bytes; i++) {
		const struct word pair = { word.text + 2 * i, 2 };
		uint64_t byte;

		if (!digits(pair, 16, &byte))
			return refuse(reading, pair, "'%.*s' is no byte", SHOWN(pair));
		line->data[i] = (unsigned char)byte;
	}
	return 0;
}

static int read_equals(const struct reading *reading, struct word word)
{
	if (word.length == 1 && word.text[0] == '=')
		return 0;
	return refuse(reading, word, "'=' stands between an access and what came of it");
}

/* What follows the key. */
static bool cut_key(const char *key, struct word *word)
{
	const size_t length = key ? strlen(key) : 0;

	if (word->length < length || (key && memcmp(word->text, key, length) != 0))
		return false;
	word->text += length;
	word->length -= length;
	return true;
}

static int read_part(struct reading *reading, const struct part *part, struct session_line *line)
{
	struct word word = next_word(reading);
	uint64_t *value = has_member(part) ? member_of(line, part) : NULL;

	if (!word.length)
		return refuse(reading, word, "the line ends before its %s", part->name);
	if (!cut_key(part->key, &word))
		return refuse(reading, word, "'%.*s' is not %s...", SHOWN(word), part->key);
	switch (part->form) {
	case PART_ID:
		return read_id(reading, part, word, value);
	case PART_RESULT:
		return read_result(reading, part, word, value);
	case PART_MEMBER:
		return read_member(reading, word, value);
	case PART_EQUALS:
		return read_equals(reading, word);
	case PART_DATA:
		return read_data(reading, word, line);
	default:
		return read_number(reading, part, word, value);
	}
}

/* ---- Lines ---- */

static const struct kind *kind_named(struct word word)
{
	for (size_t i = 0; i < SESSION_KINDS; i++)
		if (word.length == 1 && word.text[0] == session_kinds[i].letter)
			return &session_kinds[i];
	return NULL;
}

static int read_parts(struct reading *reading, const struct kind *kind, struct session_line *line)
{
	for (const struct part *part = kind->part; part->form != PART_END; part++) {
		const int code = read_part(reading, part, line);

		if (code)
			return code;
	}
	const struct word rest = next_word(reading);

	return rest.length ? refuse(reading, rest, "'%.*s' is too much on the line", SHOWN(rest)) :
			     0;
}

/* What a recorder leaves that has met what there are no words for. */
static const char *end_of_recording(const char *rest)
{
	const char *why = rest + strspn(rest, blanks);

	return *why ? why : "the recording ends here";
}

int session_parse(const struct lines *lines, struct session_line *line)
{
	struct reading reading = { lines, lines->line };
	const struct word letter = next_word(&reading);
	const struct kind *kind = kind_named(letter);

	*line = (struct session_line){ .number = lines->number };
	if (!letter.length || letter.text[0] == '#')
		return 0;
	if (letter.text[0] == '!')
		return refuse(&reading, letter, "%s", end_of_recording(reading.at));
	if (!kind)
		return refuse(&reading, letter,
			      "'%.*s' is no line of a session: C, W, R, M, D, I, E, V or T",
			      SHOWN(letter));
	line->kind = (enum session_kind)(kind - session_kinds);
	const int code = read_parts(&reading, kind, line);
	const char *wrong = code ? NULL : session_judge(line);

	if (code)
		return code;
	return wrong ? refuse(&reading, (struct word){ letter.text, strlen(letter.text) }, "%s",
			      wrong) :
		       1;
}

bool session_same(const struct session_line *a, const struct session_line *b)
{
	if (a->kind != b->kind)
		return false;
	for (const struct part *part = session_kinds[a->kind].part; part->form != PART_END;
	     part++) {
		if (part->form == PART_DATA && memcmp(a->data, b->data, a->bytes) != 0)
			return false;
		if (part->form == PART_RESULT && a->event && a->event == b->event)
			return true;
		if (has_member(part) && value_of(a, part) != value_of(b, part))
			return false;
	}
	return true;
}

/* ---- Text ---- */

static void add_data(const struct session_line *line, char *text, size_t size)
{
	for (size_t i = 0; i < line->bytes; i++)
		append(text, size, "%02x", line->data[i]);
}

static void add_part(const struct session_line *line, const struct part *part, char *text,
		     size_t size)
{
	const uint64_t value = has_member(part) ? value_of(line, part) : 0;

	append(text, size, " %s", part->key ? part->key : "");
	if (part->form == PART_EQUALS)
		append(text, size, "=");
	else if (part->form == PART_DATA)
		add_data(line, text, size);
	else if (part->form == PART_MEMBER)
		append(text, size, "%s", smmu3_record_member((size_t)value)->name);
	else if (part->form != PART_RESULT && part->form != PART_HEX && value == SESSION_ANY)
		append(text, size, "-1");
	else if (part->form == PART_RESULT && value == SESSION_NO_EVENT)
		append(text, size, "%s", no_event);
	else if (part->form == PART_HEX)
		append(text, size, "%" PRIx64, value);
	else
		append(text, size, "%s%" PRIu64, part->form == PART_RESULT && value ? "-" : "",
		       value);
}

void session_text(const struct session_line *line, char *text, size_t size)
{
	const struct kind *kind = &session_kinds[line->kind];

	snprintf(text, size, "%c", kind->letter);
	for (const struct part *part = kind->part; part->form != PART_END; part++)
		add_part(line, part, text, size);
}
