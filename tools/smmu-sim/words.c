/* SPDX-License-Identifier: MIT */
#include "words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static bool add(struct words *words, uint64_t value, size_t digits)
{
	if (words->count == WORDS_MAX)
		return false;
	words->value[words->count++] = value;
	words->wide |= digits > 8;
	return true;
}

/* Hexadecimal digits of a token, or 0 when it is no word: with 0x, or whole (8 or 16 digits);
 * `whole` asks for that. */
static size_t hex_digits(const char *token, size_t length, bool whole)
{
	const bool prefixed = length > 2 && token[0] == '0' && (token[1] == 'x' || token[1] == 'X');
	const size_t digits = prefixed ? length - 2 : length;

	for (size_t i = length - digits; i < length; i++)
		if (!isxdigit((unsigned char)token[i]))
			return 0;
	return digits <= 16 && ((prefixed && !whole) || digits == 8 || digits == 16) ? digits : 0;
}

static const char between[] = " \t\r\n,;()[]{}<>|\"'";

/* Are these separators those before the text column of a memory dump? */
static bool wide_gap(size_t length)
{
	return length >= 2;
}

/* Adds the words from `at` to the end of a line, or to the text column of a memory dump when one
 * may follow.  Anything else among them: the text is a sentence, and nothing is added. */
static bool add_run(struct words *words, const char *at, bool dump, bool *fits)
{
	const size_t count = words->count;
	const bool wide = words->wide;
	size_t gap = strspn(at, between);

	for (at += gap; *at; at += gap) {
		const size_t length = strcspn(at, between);
		const size_t digits = hex_digits(at, length, dump);

		if (!digits && !(dump && wide_gap(gap) && words->count > count)) {
			words->count = count;
			words->wide = wide;
			return false;
		}
		if (!digits)
			break;
		*fits = *fits && add(words, strtoull(at, NULL, 16), digits);
		at += length;
		gap = strspn(at, between);
	}
	return words->count > count;
}

/* Is there "key: 0x..." from one colon to the next?  Then the line tells of something else. */
static bool tells_values(const char *from, const char *to)
{
	const char *value = strstr(from, " 0x");

	return value && value < to;
}

bool words_of_line(struct words *words, const char *line)
{
	const char *first = NULL;
	bool fits = true;

	if (!strchr(line, ':'))
		(void)add_run(words, line, false, &fits);
	for (const char *colon = line; (colon = strchr(colon, ':')); colon++) {
		if (!strchr(" \t", colon[1]))
			continue;
		first = first ? first : colon;
		if (tells_values(first, colon) || add_run(words, colon + 1, true, &fits))
			break;
	}
	return fits;
}

bool words_of_number(struct words *words, const char *text)
{
	const size_t digits = hex_digits(text, strlen(text), false);
	uint64_t value;

	if (digits)
		return add(words, strtoull(text, NULL, 16), digits);
	return parse_number(text, &value) && add(words, value, value >> 32 ? 16 : 1);
}

bool words_join(struct words *words, unsigned bits)
{
	const size_t narrow = bits / 32, wide = bits < 64 ? 1 : bits / 64;

	if (!words->count)
		return false;
	if (words->wide || words->count % narrow || bits < 64)
		return words->count % wide == 0;
	for (size_t i = 0; i < words->count / 2; i++)
		words->value[i] = words->value[2 * i] | words->value[2 * i + 1] << 32;
	words->count /= 2;
	return true;
}
