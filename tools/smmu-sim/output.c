/* SPDX-License-Identifier: MIT */
#include "output.h"

#include <errno.h>
#include <smmu/smmu.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zstd.h>

#include "say.h"

enum { LEVEL = 3 }; /* higher ones take far longer for little */

struct output {
	const char *path; /* the caller's */
	char *temporary;  /* NULL: it is written in place */
	FILE *file;
	ZSTD_CCtx *compressor; /* NULL: plain */
	void *frame;
	size_t room;
	bool failed;
};

static void complain(const char *path)
{
	say_at(path, 0, 0, "cannot be written: %s", strerror(errno));
}

/* A device or a pipe has no other name for a while. */
static bool is_file_or_nothing(const char *path)
{
	struct stat status;

	return stat(path, &status) || S_ISREG(status.st_mode);
}

static FILE *open_file(struct output *output)
{
	if (!strcmp(output->path, "-"))
		return stdout;
	if (!is_file_or_nothing(output->path))
		return fopen(output->path, "wbe");
	if (asprintf(&output->temporary, "%s.tmp", output->path) < 0)
		out_of_memory();
	return fopen(output->temporary, "wbe");
}

static void make_compressor(struct output *output)
{
	output->compressor = ZSTD_createCCtx();
	if (!output->compressor)
		out_of_memory();
	ZSTD_CCtx_setParameter(output->compressor, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(output->compressor, ZSTD_c_checksumFlag, 1);
}

static void free_all(struct output *output)
{
	ZSTD_freeCCtx(output->compressor);
	free(output->frame);
	free(output->temporary);
	free(output);
}

struct output *output_open(const char *path, bool frames)
{
	struct output *output = calloc(1, sizeof(*output));

	if (!output)
		out_of_memory();
	output->path = path;
	output->file = open_file(output);
	if (!output->file) {
		complain(output->temporary ? output->temporary : path);
		free_all(output);
		return NULL;
	}
	if (frames)
		make_compressor(output);
	return output;
}

static int write_plain(struct output *output, const void *data, size_t size)
{
	if (fwrite(data, 1, size, output->file) == size)
		return 0;
	if (output->file != stdout) /* of which the end of the program says it */
		complain(output->temporary ? output->temporary : output->path);
	output->failed = true;
	return -SMMU3_E_LIMIT;
}

static int write_frame(struct output *output, const void *data, size_t size)
{
	const size_t most = ZSTD_compressBound(size);

	if (most > output->room) {
		free(output->frame);
		output->frame = malloc(most);
		output->room = most;
	}
	if (!output->frame)
		out_of_memory();
	const size_t bytes = ZSTD_compress2(output->compressor, output->frame, output->room, data,
					    size);

	if (ZSTD_isError(bytes))
		out_of_memory(); /* nothing else can go wrong */
	return write_plain(output, output->frame, bytes);
}

int output_write(void *context, const void *data, size_t size)
{
	struct output *output = context;

	return output->compressor ? write_frame(output, data, size) :
				    write_plain(output, data, size);
}

/* What stdout has lost is told at the end of the program. */
static bool close_file(struct output *output)
{
	if (output->file == stdout)
		return !output->failed;
	if (fclose(output->file) && !output->failed) {
		complain(output->temporary ? output->temporary : output->path);
		output->failed = true;
	}
	return !output->failed;
}

static bool name_file(const struct output *output)
{
	if (!rename(output->temporary, output->path))
		return true;
	complain(output->path);
	return false;
}

enum status output_close(struct output *output, bool whole)
{
	bool good = close_file(output);

	if (output->temporary && good && whole)
		good = name_file(output);
	if (output->temporary && (!good || !whole))
		remove(output->temporary);
	free_all(output);
	return good ? STATUS_OK : STATUS_CANNOT;
}
