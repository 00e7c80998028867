/* SPDX-License-Identifier: MIT */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"
#include "say.h"

struct lines *lines_open(const char *path)
{
	struct lines *lines = calloc(1, sizeof(*lines));
	const char *why = "unreadable";

	if (!lines)
		out_of_memory();
	lines->input = input_open(path, &why);
	if (lines->input) {
		lines->name = path;
		return lines;
	}
	say_at(path, 0, 0, "cannot be read: %s", why);
	free(lines);
	return NULL;
}

void lines_close(struct lines *lines)
{
	input_close(lines->input);
	free(lines);
}

/* More bytes into the buffer: as smmu3_read_fn. */
static long refill(struct lines *lines)
{
	const char *why = "unreadable";
	const long got = input_read(lines->input, lines->buffer, sizeof(lines->buffer), &why);

	if (got < 0)
		say_at(lines->name, lines->number + 1, 1, "%s", why);
	lines->at = 0;
	lines->end = got > 0 ? (size_t)got : 0;
	return got;
}

/* Takes what the buffer has of the line.  False when the line is too long. */
static bool take(struct lines *lines, size_t *length, size_t bytes)
{
	if (*length + bytes >= sizeof(lines->line))
		return false;
	memcpy(lines->line + *length, lines->buffer + lines->at, bytes);
	*length += bytes;
	lines->at += bytes;
	return true;
}

static int finish(struct lines *lines, size_t length)
{
	if (length && lines->line[length - 1] == '\r')
		length--;
	lines->line[length] = 0;
	lines->number++;
	if (strlen(lines->line) == length)
		return 1;
	say_at(lines->name, lines->number, (unsigned)strlen(lines->line) + 1,
	       "a zero byte: this is not text");
	return -SMMU3_E_FORMAT;
}

static int finish_cut(struct lines *lines, size_t length)
{
	lines->cut = true;
	return finish(lines, length);
}

int lines_next(struct lines *lines)
{
	size_t length = 0;

	for (;;) {
		const char *rest = lines->buffer + lines->at;
		const char *end = memchr(rest, '\n', lines->end - lines->at);
		const size_t bytes = end ? (size_t)(end - rest) : lines->end - lines->at;

		if (!take(lines, &length, bytes)) {
			say_at(lines->name, lines->number + 1, (unsigned)length + 1,
			       "a line over %zu bytes", sizeof(lines->line) - 1);
			return -SMMU3_E_FORMAT;
		}
		if (end) {
			lines->at++;
			return finish(lines, length);
		}
		const long got = refill(lines);

		if (got < 0)
			return (int)got;
		if (!got)
			return length ? finish_cut(lines, length) : 0;
	}
}
