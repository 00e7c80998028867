/* SPDX-License-Identifier: MIT */
#include "platform/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	MESSAGE_BYTES = 512,
	LINE_BYTES = 256,
};

/* Makes text harmless to show. */
static void tame(char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = *text == '\t' ? ' ' : '?';
	}
}

/* Line number `line` of a source into text; false if there is none. */
static bool line_of(const struct source *source, unsigned line, char text[LINE_BYTES])
{
	const char *at = source->text;
	const char *const end = at ? at + source->size : NULL;
	size_t length;

	for (unsigned n = source->before + 1; at && n < line; n++) {
		at = memchr(at, '\n', (size_t)(end - at));
		at = at ? at + 1 : NULL;
	}
	if (!at || !line)
		return false;
	length = (size_t)(end - at) < LINE_BYTES - 1 ? (size_t)(end - at) : LINE_BYTES - 1;
	memcpy(text, at, length);
	text[length] = '\0';
	text[strcspn(text, "\r\n")] = '\0';
	tame(text);
	return true;
}

struct place place_at(const struct source *source, size_t offset)
{
	struct place place = { source, 1, 1, 0 };

	for (size_t i = 0; i < offset && i < source->size; i++) {
		place.column = source->text[i] == '\n' ? 1 : place.column + 1;
		place.line += source->text[i] == '\n';
	}
	return place;
}

static void say(const struct complaints *complaints, int code, int note, struct place place,
		const char *format, va_list arguments)
{
	char message[MESSAGE_BYTES];
	char line[LINE_BYTES];
	const bool shown = place.source && line_of(place.source, place.line, line);
	const struct smmu3_diagnostic diagnostic = {
		.file = place.source ? place.source->name : "",
		.line = place.line,
		.column = place.column,
		.length = place.length,
		.code = code,
		.note = note,
		.message = message,
		.source = shown ? line : NULL,
	};

	(void)vsnprintf(message, sizeof(message), format, arguments);
	tame(message);
	if (complaints->report)
		complaints->report(complaints->context, &diagnostic);
}

void complain(struct complaints *complaints, int code, struct place place, const char *format, ...)
{
	va_list arguments;

	if (!complaints->count)
		complaints->code = code;
	if (complaints->count++ >= COMPLAINTS_MOST)
		return;
	va_start(arguments, format);
	say(complaints, code, 0, place, format, arguments);
	va_end(arguments);
}

void remark(struct complaints *complaints, struct place place, const char *format, ...)
{
	va_list arguments;

	if (complaints->count > COMPLAINTS_MOST)
		return;
	va_start(arguments, format);
	say(complaints, complaints->code, 1, place, format, arguments);
	va_end(arguments);
}
