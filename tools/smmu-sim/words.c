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

bool words_of_line(struct words *words, const char *line)
{
	static const char between[] = " \t\r\n,;()[]{}<>|\"'";
	const char *colon = strrchr(line, ':');
	const char *at = colon ? colon + 1 : line;

	for (at += strspn(at, between); *at; at += strspn(at, between)) {
		const size_t length = strcspn(at, between);
		const size_t digits = hex_digits(at, length, colon);

		if (digits && !add(words, strtoull(at, NULL, 16), digits))
			return false;
		at += length;
	}
	return true;
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
