/* SPDX-License-Identifier: MIT */
#include "platform/input.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Plain files ---- */

static long plain_read(void *context, void *data, size_t size, const char **why)
{
	FILE *const file = context;
	const size_t count = fread(data, 1, size, file);

	if (!count && ferror(file)) {
		*why = strerrordesc_np(errno);
		return -1;
	}
	return (long)count;
}

static void plain_close(void *context)
{
	(void)fclose(context);
}

static int plain_open(const char *path, struct smmu3_file *file, const char **why)
{
	FILE *const opened = fopen(path, "rb");

	if (!opened) {
		*why = strerrordesc_np(errno);
		return -SMMU3_E_IO;
	}
	*file = (struct smmu3_file){ plain_read, plain_close, opened };
	return 0;
}

/* ---- The whole of a file ---- */

struct growing {
	char *text;
	size_t size, room;
};

/* Room for more bytes, and the NUL behind them. */
static int grow(struct growing *growing)
{
	const size_t room = growing->room ? growing->room * 2 : 64 * 1024;
	char *const text = growing->size + 1 < growing->room ? growing->text :
							       realloc(growing->text, room);

	if (!text)
		return -SMMU3_E_MEMORY;
	if (growing->size + 1 >= growing->room)
		growing->room = room;
	growing->text = text;
	return 0;
}

static int read_all(const struct smmu3_file *file, size_t limit, struct growing *growing,
		    const char **why)
{
	long count;

	do {
		*why = "out of memory";
		if (grow(growing))
			return -SMMU3_E_MEMORY;
		*why = "cannot be read";
		count = file->read(file->context, growing->text + growing->size,
				   growing->room - growing->size - 1, why);
		if (count < 0)
			return -SMMU3_E_IO;
		growing->size += (size_t)count;
		*why = "the file is too large";
		if (growing->size > limit)
			return -SMMU3_E_FORMAT;
	} while (count);
	growing->text[growing->size] = '\0';
	return 0;
}

/* Gives back what the text does not need: what reads past its end shall not find memory there. */
static void trim(struct growing *growing)
{
	char *const exact = growing->text ? realloc(growing->text, growing->size + 1) : NULL;

	if (exact)
		growing->text = exact;
}

int input_read(const struct input *input, const char *path, size_t limit, char **text, size_t *size,
	       const char **why)
{
	struct growing growing = { 0 };
	struct smmu3_file file = { 0 };
	int code;

	*text = NULL;
	*why = "cannot be opened";
	code = input->open ? input->open(input->context, path, &file, why) :
			     plain_open(path, &file, why);
	if (code)
		return -SMMU3_E_IO;
	code = read_all(&file, limit, &growing, why);
	if (file.close)
		file.close(file.context);
	trim(&growing);
	*text = growing.text;
	*size = growing.size;
	return code;
}
