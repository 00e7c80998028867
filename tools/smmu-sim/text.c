/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the control character at text, C1 in UTF-8 among them; 0: it is none. */
static unsigned control(const char *text)
{
	const unsigned char first = (unsigned char)text[0], second = (unsigned char)text[1];

	if (first < ' ' || first == 0x7f)
		return 1;
	return first == 0xc2 && second >= 0x80 && second < 0xa0 ? 2 : 0;
}

void print_plain(FILE *file, const char *text)
{
	while (*text) {
		const unsigned bytes = control(text);

		fputc(bytes ? '?' : *text, file);
		text += bytes ? bytes : 1;
	}
}

void append(char *text, size_t size, const char *format, ...)
{
	const size_t used = strlen(text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text + used, size - used, format, arguments);
	va_end(arguments);
}

bool parse_number(const char *word, uint64_t *value)
{
	const bool hex = word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
	const char *digits = hex ? word + 2 : word;
	char *end;

	if (!isxdigit((unsigned char)digits[0]) || (!hex && digits[0] == '0' && digits[1]))
		return false;
	errno = 0;
	*value = strtoull(digits, &end, hex ? 16 : 10);
	return !*end && !errno;
}

bool parse_size(const char *word, uint64_t *value)
{
	static const char suffixes[] = "KMGT";
	const size_t length = strlen(word);
	const char *suffix = length > 1 ? strchr(suffixes, word[length - 1]) : NULL;
	const unsigned lg2 = suffix ? (unsigned)(suffix - suffixes + 1) * 10 : 0;
	char digits[24];

	if (length >= sizeof(digits))
		return false;
	memcpy(digits, word, length + 1);
	if (suffix)
		digits[length - 1] = '\0';
	if (!parse_number(digits, value) || *value > UINT64_MAX >> lg2)
		return false;
	*value <<= lg2;
	return true;
}

void size_text(uint64_t bytes, char *text, size_t size)
{
	unsigned unit = 0;

	while (bytes && !(bytes % 1024) && unit < 6) {
		bytes /= 1024;
		unit++;
	}
	snprintf(text, size, "%" PRIu64 "%.1s", bytes, &"\0KMGTPE"[unit]);
}

/* Letters to change, add or leave out to make one word of the other; letter case does not count. */
static unsigned edits(const char *a, const char *b)
{
	enum { LONGEST = 48 };
	const size_t rows = strlen(a), columns = strlen(b);
	unsigned row[LONGEST + 1];

	if (rows > LONGEST || columns > LONGEST)
		return SUGGEST_NONE;
	for (unsigned j = 0; j <= columns; j++)
		row[j] = j;
	for (unsigned i = 1; i <= rows; i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= columns; j++) {
			const unsigned change = diagonal + (tolower((unsigned char)a[i - 1]) !=
							    tolower((unsigned char)b[j - 1]));
			const unsigned other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;

			diagonal = row[j];
			row[j] = change < other ? change : other;
		}
	}
	return row[columns];
}

void suggest(const char *word, const char *candidate, const char **best, unsigned *distance)
{
	const unsigned found = edits(word, candidate);

	if (found < *distance && found <= strlen(word) / 3 + 1) {
		*best = candidate;
		*distance = found;
	}
}
