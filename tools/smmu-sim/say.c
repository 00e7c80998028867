/* SPDX-License-Identifier: MIT */
#include "say.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "text.h"

enum { SHOWN = 100 }; /* characters of a source line that are shown */

static bool coloured(void)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && !(no_color && *no_color) && term &&
	       strcmp(term, "dumb") != 0;
}

static void say_kind(const char *kind)
{
	if (coloured())
		fprintf(stderr, "\033[1;31m%s:\033[0m ", kind);
	else
		fprintf(stderr, "%s: ", kind);
}

/* What people named may hold anything: a message in full is longer than this only by intent. */
__attribute__((format(printf, 1, 0))) static void say_message(const char *format, va_list arguments)
{
	char text[8192];

	vsnprintf(text, sizeof(text), format, arguments);
	print_plain(stderr, text);
	fputc('\n', stderr);
}

void say_error(const char *format, ...)
{
	va_list arguments;

	fputs("smmu-sim: ", stderr);
	say_kind("error");
	va_start(arguments, format);
	say_message(format, arguments);
	va_end(arguments);
}

void out_of_memory(void)
{
	say_error("out of memory");
	exit(STATUS_CANNOT);
}

void say_note(const char *format, ...)
{
	va_list arguments;

	fputs("smmu-sim: note: ", stderr);
	va_start(arguments, format);
	say_message(format, arguments);
	va_end(arguments);
}

static void say_place(const char *file, unsigned line, unsigned column)
{
	print_plain(stderr, file ? file : "smmu-sim");
	fputc(':', stderr);
	if (line)
		fprintf(stderr, "%u:", line);
	if (line && column)
		fprintf(stderr, "%u:", column);
	fputc(' ', stderr);
}

void say_at(const char *file, unsigned line, unsigned column, const char *format, ...)
{
	va_list arguments;

	say_place(file, line, column);
	say_kind("error");
	va_start(arguments, format);
	say_message(format, arguments);
	va_end(arguments);
}

/* The part of the line around the column, and carets under what is wrong. */
static void say_source(const struct smmu3_diagnostic *diagnostic)
{
	size_t length = strcspn(diagnostic->source, "\r\n");
	size_t at = diagnostic->column ? diagnostic->column - 1 : 0;
	size_t from = at > SHOWN / 2 && length > SHOWN ? at - SHOWN / 2 : 0;

	if (from > length)
		from = length;
	const size_t shown = length - from < SHOWN ? length - from : SHOWN;

	fprintf(stderr, "%5u | ", diagnostic->line);
	for (size_t i = 0; i < shown; i++)
		fputc(printable(diagnostic->source[from + i]), stderr);
	fputc('\n', stderr);
	if (!diagnostic->column || at > length)
		return;
	fprintf(stderr, "      | %*s^", (int)(at - from), "");
	for (size_t i = 1; i < diagnostic->length && at - from + i < shown; i++)
		fputc('~', stderr);
	fputc('\n', stderr);
}

static json_object *diagnostic_json(const struct smmu3_diagnostic *diagnostic)
{
	json_object *object = json_new();

	json_text(object, "file", diagnostic->file ? diagnostic->file : "");
	json_number(object, "line", diagnostic->line);
	json_number(object, "column", diagnostic->column);
	json_text(object, "kind", diagnostic->note ? "note" : "error");
	json_text(object, "message", diagnostic->message);
	return object;
}

void say_diagnostic(void *context, const struct smmu3_diagnostic *diagnostic)
{
	say_place(diagnostic->file, diagnostic->line, diagnostic->column);
	say_kind(diagnostic->note ? "note" : "error");
	print_plain(stderr, diagnostic->message);
	fputc('\n', stderr);
	if (diagnostic->source && diagnostic->line)
		say_source(diagnostic);
	if (context)
		json_append(context, diagnostic_json(diagnostic));
}

enum status status_of(int code, enum status format)
{
	switch (-code) {
	case SMMU3_OK_CODE:
		return STATUS_OK;
	case SMMU3_E_IO:
		return STATUS_INPUT;
	case SMMU3_E_UNSUPPORTED:
	case SMMU3_E_MEMORY:
	case SMMU3_E_LIMIT:
		return STATUS_CANNOT;
	default:
		return format;
	}
}
