/* SPDX-License-Identifier: MIT */
#include "files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void demand_failed(const char *promise, const char *file, int line)
{
	(void)fprintf(stderr, "%s:%d: broken: %s\n", file, line, promise);
	abort();
}

long text_read(void *context, void *data, size_t size, const char **why)
{
	struct text *text = context;
	const size_t room = text->piece && text->piece < size ? text->piece : size;
	const size_t count = room < text->left ? room : text->left;

	(void)why;
	if (count)
		memcpy(data, text->at, count);
	text->at += count;
	text->left -= count;
	return (long)count;
}

void files_cut(struct files *files, const void *data, size_t size, size_t piece)
{
	const char *at = data;
	const char *const end = at + size;

	*files = (struct files){ 0 };
	while (files->count < 4 && at <= end) {
		const char *const nul = files->count < 3 ? memchr(at, '\0', (size_t)(end - at)) :
							   NULL;
		const char *const stop = nul ? nul : end;

		files->text[files->count++] = (struct text){ at, (size_t)(stop - at), piece };
		at = stop + 1;
	}
}

/* A file that is open: its own place in the text, and who is to know that it was closed. */
struct open_file {
	struct text text;
	struct files *files;
};

static void close_file(void *context)
{
	struct open_file *open = context;

	open->files->closed++;
	free(open);
}

static long read_file(void *context, void *data, size_t size, const char **why)
{
	struct open_file *open = context;

	return text_read(&open->text, data, size, why);
}

int files_open(void *context, const char *path, struct smmu3_file *file, const char **why)
{
	struct files *files = context;
	struct open_file *open = malloc(sizeof(*open));

	DEMAND(path && open);
	if (files->opened == files->count) {
		free(open);
		*why = "there is no such file";
		return -SMMU3_E_IO;
	}
	*open = (struct open_file){ files->text[files->opened++], files };
	*file = (struct smmu3_file){ read_file, close_file, open };
	return 0;
}

void hear(void *context, const struct smmu3_diagnostic *diagnostic)
{
	struct complaints_heard *heard = context;

	DEMAND(diagnostic->code < 0 && diagnostic->file && diagnostic->message[0]);
	for (const char *at = diagnostic->message; *at; at++)
		DEMAND((unsigned char)*at >= 0x20 && *at != 0x7f);
	if (!heard->count) {
		heard->code = diagnostic->code;
		(void)snprintf(heard->first, sizeof(heard->first), "%u:%u: %s", diagnostic->line,
			       diagnostic->column, diagnostic->message);
	}
	heard->count += !diagnostic->note;
}
