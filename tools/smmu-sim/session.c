/* SPDX-License-Identifier: MIT */
/* The grammar as rows: a line is its letter and its parts, each of which is read and printed by its
 * form. */
#include "session.h"

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

enum form {
	PART_END,
	PART_HEX,
	PART_DECIMAL,
	PART_ID,     /* decimal, or -1: any */
	PART_RESULT, /* 0, or - and the decimal number of an event, or no-event */
	PART_EQUALS, /* the sign alone */
	PART_DATA,   /* two hexadecimal digits for each of line->bytes bytes */
	PART_MEMBER, /* the name of a smmu3_record_member */
};

struct part {
	enum form form;
	const char *name; /* in complaints */
	const char *key;  /* stands before the value, or NULL */
	size_t member;
	uint64_t max;
};

#define MEMBER(name) offsetof(struct session_line, name)

static bool has_member(const struct part *part)
{
	return part->form != PART_EQUALS && part->form != PART_DATA;
}

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

/* ---- What a kind asks of its parts together: a sentence, or NULL ---- */

static const char *judge_register(const struct session_line *line)
{
	if (line->bytes != 4 && line->bytes != 8)
		return "a register access has 4 or 8 bytes";
	if (line->at % line->bytes)
		return "a register access is aligned to its size";
	return line->bytes == 4 && line->value > UINT32_MAX ?
		       "the value does not fit the register access" :
		       NULL;
}

static const char *judge_word(const struct session_line *line)
{
	return line->at % 8 ? "a word of memory is aligned to 8 bytes" : NULL;
}

static const char *judge_write(const struct session_line *line)
{
	return line->bytes ? NULL : "a write of no bytes";
}

static const char *judge_range(const struct session_line *line)
{
	if (!line->bytes && line->at)
		return "size 0 means every address: va is 0 then";
	return line->bytes && line->bytes - 1 > UINT64_MAX - line->at ?
		       "the range passes the end of the address space" :
		       NULL;
}

static const char *judge_access(const struct session_line *line)
{
	if (!line->want)
		return "an access reads (1), writes (2) or both (3)";
	return line->mask & (line->mask + 1) ? "a mask is a power of two less 1" : NULL;
}

/* ---- The kinds ---- */

#define HEX(name, member)                                        \
	{                                                        \
		PART_HEX, name, NULL, MEMBER(member), UINT64_MAX \
	}
#define DECIMAL(name, member, max)                            \
	{                                                     \
		PART_DECIMAL, name, NULL, MEMBER(member), max \
	}
#define SIZE DECIMAL("size", bytes, 8)

static const struct kind {
	char letter;
	const char *(*judge)(const struct session_line *line);
	struct part part[9]; /* the rest is PART_END */
} kinds[SESSION_KINDS] = {
	[SESSION_C] = { 'C',
			NULL,
			{ { PART_MEMBER, "member", NULL, MEMBER(at), 0 },
			  { PART_HEX, "value", NULL, MEMBER(value), UINT32_MAX } } },
	[SESSION_W] = { 'W', judge_register, { HEX("offset", at), SIZE, HEX("value", value) } },
	[SESSION_R] = { 'R', judge_register, { HEX("offset", at), SIZE, HEX("value", value) } },
	[SESSION_M] = { 'M', judge_word, { HEX("address", at), HEX("value", value) } },
	[SESSION_D] = { 'D',
			judge_write,
			{ HEX("address", at),
			  DECIMAL("length", bytes, SESSION_DATA_MOST),
			  { PART_DATA, "bytes", NULL, 0, 0 } } },
	[SESSION_I] = { 'I', NULL, { DECIMAL("interrupt", at, 3) } },
	[SESSION_E] = { 'E', NULL, { { PART_END, NULL, NULL, 0, 0 } } },
	[SESSION_V] = { 'V',
			judge_range,
			{ { PART_ID, "ASID", "asid=", MEMBER(asid), UINT16_MAX },
			  { PART_ID, "VMID", "vmid=", MEMBER(vmid), UINT16_MAX },
			  { PART_HEX, "address", "va=", MEMBER(at), UINT64_MAX },
			  { PART_HEX, "size", "size=", MEMBER(bytes), UINT64_MAX } } },
	[SESSION_T] = { 'T',
			judge_access,
			{ { PART_HEX, "StreamID", NULL, MEMBER(sid), UINT32_MAX },
			  HEX("address", at),
			  DECIMAL("want", want, 3),
			  { PART_EQUALS, "'='", NULL, 0, 0 },
			  { PART_RESULT, "result", NULL, MEMBER(event), 255 },
			  HEX("physical address", pa),
			  HEX("mask", mask),
			  DECIMAL("permission", perm, 3) } },
};

static const struct kind *kind_named(struct word word)
{
	for (size_t i = 0; i < SESSION_KINDS; i++)
		if (word.length == 1 && word.text[0] == kinds[i].letter)
			return &kinds[i];
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

const char *session_judge(const struct session_line *line)
{
	const struct kind *kind = &kinds[line->kind];

	return kind->judge ? kind->judge(line) : NULL;
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
	line->kind = (enum session_kind)(kind - kinds);
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
	for (const struct part *part = kinds[a->kind].part; part->form != PART_END; part++) {
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
	const struct kind *kind = &kinds[line->kind];

	snprintf(text, size, "%c", kind->letter);
	for (const struct part *part = kind->part; part->form != PART_END; part++)
		add_part(line, part, text, size);
}

char session_letter(enum session_kind kind)
{
	return kinds[kind].letter;
}
