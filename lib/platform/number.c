/* SPDX-License-Identifier: MIT */
#include "platform/number.h"

#include <stdbool.h>
#include <string.h>

enum { NO_DIGIT = 99 };

static unsigned digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10 : NO_DIGIT;
}

int number_digits(const char *text, size_t length, unsigned base, uint64_t *value)
{
	const uint64_t most = base == 16 ? UINT64_MAX / 16 : UINT64_MAX / 10;
	uint64_t sum = 0;

	if (!length)
		return -1;
	for (size_t i = 0; i < length; i++) {
		const unsigned digit = digit_of(text[i]);

		if (digit >= base || sum > most || digit > UINT64_MAX - sum * base)
			return -1;
		sum = sum * base + digit;
	}
	*value = sum;
	return 0;
}

/* The binary exponent of a suffix, or 0. */
static unsigned suffix_lg2(char c)
{
	static const char suffix[] = "KMGT";
	const char *const at = c ? strchr(suffix, c) : NULL;

	return at ? (unsigned)(at - suffix + 1) * 10 : 0;
}

static bool only_digits(const char *text, size_t length, unsigned base)
{
	for (size_t i = 0; i < length; i++) {
		if (digit_of(text[i]) >= base)
			return false;
	}
	return length > 0;
}

/* With a suffix, or with something wrong. */
static const char *parse_any(const char *text, size_t length, uint64_t *value)
{
	const bool hex = length > 2 && text[0] == '0' && text[1] == 'x';
	const unsigned base = hex ? 16 : 10;
	const unsigned lg2 = length > 1 ? suffix_lg2(text[length - 1]) : 0;
	const size_t start = hex ? 2 : 0;
	const size_t digits = length - start - (lg2 ? 1 : 0);

	if (memchr(text, '_', length))
		return "is no number: digits stand without '_'";
	if (!only_digits(text + start, digits, base))
		return "is no number: decimal or 0x, then perhaps K, M, G or T";
	if (!hex && digits > 1 && text[0] == '0')
		return "is no number here: no leading zeros (hexadecimal is 0x)";
	if (number_digits(text + start, digits, base, value) || *value > UINT64_MAX >> lg2)
		return "does not fit 64 bits";
	*value <<= lg2;
	return NULL;
}

/* Digits alone, as most numbers are. */
static bool is_plain(const char *text, size_t length, uint64_t *value)
{
	if (length > 2 && text[0] == '0' && text[1] == 'x')
		return !number_digits(text + 2, length - 2, 16, value);
	return length && (length == 1 || text[0] != '0') && !number_digits(text, length, 10, value);
}

const char *number_parse(const char *text, size_t length, uint64_t *value)
{
	return is_plain(text, length, value) ? NULL : parse_any(text, length, value);
}
