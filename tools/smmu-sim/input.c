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

struct input {
	struct archive *archive;
	int fd;
	bool empty, failed;
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
 * begin with. */
static void support(struct archive *archive)
{
	archive_read_support_filter_gzip(archive);
	archive_read_support_filter_bzip2(archive);
	archive_read_support_filter_xz(archive);
	archive_read_support_filter_zstd(archive);
	archive_read_support_filter_lz4(archive);
	archive_read_support_format_raw(archive);
	archive_read_support_format_empty(archive);
}

/* Looks at the beginning.  What is wrong there is told by the first read, which has a line to name.
 */
static void begin(struct input *input)
{
	struct archive_entry *entry;

	support(input->archive);
	int result = archive_read_open_fd(input->archive, input->fd, 65536);

	if (result == ARCHIVE_OK)
		result = archive_read_next_header(input->archive, &entry);
	input->empty = result == ARCHIVE_EOF;
	input->failed = result != ARCHIVE_OK && result != ARCHIVE_EOF;
}

struct input *input_open(const char *path, const char **why)
{
	struct input *input = calloc(1, sizeof(*input));

	if (!input) {
		refuse(why, strerror(ENOMEM));
		return NULL;
	}
	input->fd = open_fd(path, why);
	if (input->fd < 0) {
		free(input);
		return NULL;
	}
	input->archive = archive_read_new();
	if (input->archive) {
		begin(input);
		return input;
	}
	refuse(why, strerror(ENOMEM));
	input_close(input);
	return NULL;
}

void input_close(struct input *input)
{
	if (!input)
		return;
	if (input->archive)
		archive_read_free(input->archive);
	close(input->fd);
	free(input);
}

long input_read(void *context, void *data, size_t size, const char **why)
{
	struct input *input = context;

	if (input->empty)
		return 0;
	const la_ssize_t got = input->failed ? ARCHIVE_FATAL :
					       archive_read_data(input->archive, data, size);

	if (got >= 0)
		return (long)got;
	input->failed = true;
	refuse(why, archive_error_string(input->archive));
	return -SMMU3_E_IO;
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
