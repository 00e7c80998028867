/* SPDX-License-Identifier: MIT */
#include "input.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "say.h"
#include "source.h"

struct input {
	struct archive *archive;
	int64_t given; /* bytes handed to the archive */
	bool empty, failed;
	struct source source;
};

static char last_why[256]; /* of the last failure: outlives the input it was of */

static int refuse(const char **why, const char *text)
{
	snprintf(last_why, sizeof(last_why), "%s", text ? text : "unreadable");
	*why = last_why;
	return -1;
}

static int open_fd(const char *path, const char **why)
{
	static bool taken;
	struct stat status;

	if (!strcmp(path, "-")) {
		if (taken)
			return refuse(why, "stdin can be read only once");
		taken = true;
	}
	const int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) :
					   fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);

	if (fd < 0)
		return refuse(why, strerror(errno));
	if (!fstat(fd, &status) && S_ISDIR(status.st_mode)) {
		close(fd);
		return refuse(why, strerror(EISDIR));
	}
	return fd;
}

/* Filters that this process runs itself, each with a magic number that neither text nor tables
 * begin with.  gzip is not among them: the archive does not check its CRC. */
static void support(struct archive *archive)
{
	static int (*const each[])(struct archive * archive) = {
		archive_read_support_filter_bzip2, archive_read_support_filter_xz,
		archive_read_support_filter_zstd,  archive_read_support_filter_lz4,
		archive_read_support_format_raw,   archive_read_support_format_empty,
	};

	for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++)
		if (each[i](archive) == ARCHIVE_FATAL)
			out_of_memory();
}

static la_ssize_t give(struct archive *archive, void *context, const void **data)
{
	struct input *input = context;
	const char *why = "unreadable";
	const long got = source_read(&input->source, data, &why);

	if (got < 0) {
		archive_set_error(archive, EIO, "%s", why);
		return ARCHIVE_FATAL;
	}
	input->given += got;
	return got;
}

/* Looks at the beginning.  What is wrong there is told by the first read, which has a line to name.
 */
static void begin(struct input *input)
{
	struct archive_entry *entry;

	support(input->archive);
	int result = archive_read_open(input->archive, input, NULL, give, NULL);

	if (result == ARCHIVE_OK)
		result = archive_read_next_header(input->archive, &entry);
	input->empty = result == ARCHIVE_EOF;
	input->failed = result != ARCHIVE_OK && result != ARCHIVE_EOF;
}

struct input *input_open(const char *path, const char **why)
{
	const int fd = open_fd(path, why);

	if (fd < 0)
		return NULL;
	struct input *input = calloc(1, sizeof(*input));

	if (!input)
		out_of_memory();
	source_open(&input->source, fd);
	input->archive = archive_read_new();
	if (!input->archive)
		out_of_memory();
	begin(input);
	return input;
}

void input_close(struct input *input)
{
	if (!input)
		return;
	archive_read_free(input->archive);
	source_close(&input->source);
	close(input->source.fd);
	free(input);
}

static long fail(struct input *input, const char **why, const char *text)
{
	if (!text || archive_errno(input->archive) == ENOMEM || strstr(text, "not enough memory"))
		out_of_memory();
	input->failed = true;
	refuse(why, text);
	return -SMMU3_E_IO;
}

/* The archive takes bytes that its filter does not know for the end: none may be left. */
static long finish(struct input *input, const char **why)
{
	const void *data;
	const char *text = "bytes follow the compressed data";
	const bool left = archive_filter_bytes(input->archive, -1) != input->given;
	const long rest = left ? 1 : source_read(&input->source, &data, &text);

	return rest ? fail(input, why, text) : 0;
}

long input_read(void *context, void *data, size_t size, const char **why)
{
	struct input *input = context;

	if (input->failed)
		return fail(input, why, archive_error_string(input->archive));
	const la_ssize_t got = input->empty ? 0 : archive_read_data(input->archive, data, size);

	if (got < 0)
		return fail(input, why, archive_error_string(input->archive));
	return got || !size ? (long)got : finish(input, why);
}

static void close_file(void *context)
{
	input_close(context);
}

int input_open_file(void *context, const char *path, struct smmu3_file *file, const char **why)
{
	struct input *input = input_open(path, why);

	(void)context;
	if (!input)
		return -SMMU3_E_IO;
	*file = (struct smmu3_file){ .read = input_read, .close = close_file, .context = input };
	return 0;
}
