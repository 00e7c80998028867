/* SPDX-License-Identifier: MIT */
/* JSON as text, piece by piece to stdout: no answer is in memory a second time, as a string that
 * might be cut where memory ends. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "json.h"

/* Objects down to here have a line for each member; below, they stand in one. */
enum { OPEN_DEPTH = 3 };

static void write_string(const char *text)
{
	putchar_unlocked('"');
	for (; *text; text++)
		if (*text == '"' || *text == '\\')
			printf("\\%c", *text);
		else if (*text == '\n')
			fputs("\\n", stdout);
		else if ((unsigned char)*text < ' ')
			printf("\\u%04x", (unsigned)*text);
		else
			putchar_unlocked(*text);
	putchar_unlocked('"');
}

static void write_scalar(json_object *value)
{
	if (json_object_is_type(value, json_type_boolean))
		fputs(json_object_get_boolean(value) ? "true" : "false", stdout);
	else if (json_object_is_type(value, json_type_string))
		write_string(json_object_get_string(value));
	else if (json_object_get_int64(value) < 0)
		printf("%" PRId64, json_object_get_int64(value));
	else
		printf("%" PRIu64, json_object_get_uint64(value));
}

/* What goes before a member or its closing bracket. */
static void separate(bool first, bool open, unsigned depth)
{
	if (!first)
		putchar_unlocked(',');
	if (open)
		printf("\n%*s", (int)(2 * depth), "");
	else
		putchar_unlocked(' ');
}

static void write_value(json_object *value, unsigned depth, unsigned opened);

static void write_list(json_object *list, unsigned depth, unsigned opened)
{
	const size_t length = json_object_array_length(list);
	const bool open = depth < opened;

	putchar_unlocked('[');
	for (size_t i = 0; i < length; i++) {
		separate(!i, open, depth + 1);
		write_value(json_object_array_get_idx(list, i), depth + 1, opened);
	}
	if (length)
		separate(true, open, depth);
	putchar_unlocked(']');
}

static void write_member(const char *key, json_object *value, unsigned depth, unsigned opened)
{
	write_string(key);
	fputs(": ", stdout);
	write_value(value, depth + 1, opened);
}

static void write_object(json_object *object, unsigned depth, unsigned opened)
{
	const bool open = depth < opened;
	bool first = true;

	putchar_unlocked('{');
	json_object_object_foreach(object, key, value)
	{
		separate(first, open, depth + 1);
		write_member(key, value, depth, opened);
		first = false;
	}
	if (!first)
		separate(true, open, depth);
	putchar_unlocked('}');
}

static void write_value(json_object *value, unsigned depth, unsigned opened)
{
	if (json_object_is_type(value, json_type_array))
		write_list(value, depth, opened);
	else if (json_object_is_type(value, json_type_object))
		write_object(value, depth, opened);
	else
		write_scalar(value);
}

void json_print(json_object *answer)
{
	write_value(answer, 0, OPEN_DEPTH);
	putchar_unlocked('\n');
	json_object_put(answer);
}

void json_print_begin(json_object *answer, const char *list)
{
	fputs("{\n", stdout);
	json_object_object_foreach(answer, key, value)
	{
		fputs("  ", stdout);
		write_member(key, value, 0, OPEN_DEPTH);
		fputs(",\n", stdout);
	}
	fputs("  ", stdout);
	write_string(list);
	fputs(": [", stdout);
	json_object_put(answer);
}

void json_print_row(json_object *row, bool first)
{
	fputs(first ? "\n    " : ",\n    ", stdout);
	write_value(row, 0, 0);
	json_object_put(row);
}

void json_print_end(json_object *rest)
{
	fputs("\n  ]", stdout);
	json_object_object_foreach(rest, key, value)
	{
		fputs(",\n  ", stdout);
		write_member(key, value, 0, OPEN_DEPTH);
	}
	fputs("\n}\n", stdout);
	json_object_put(rest);
}
