/* SPDX-License-Identifier: MIT */
#include "source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "say.h"

/* Bytes behind those that are there: how many, 0 at the end, -1 with errno. */
static long more(struct source *source, size_t there)
{
	ssize_t got;

	do
		got = read(source->fd, source->in + there, sizeof(source->in) - there);
	while (got < 0 && errno == EINTR);
	return (long)got;
}

/* RFC 1952 2.3: ID1, ID2, CM deflate; the upper bits of FLG are reserved. */
static bool is_gzip(const unsigned char *byte, size_t bytes)
{
	return bytes >= 3 && byte[0] == 0x1f && byte[1] == 0x8b && byte[2] == 8 &&
	       (bytes == 3 || !(byte[3] & 0xe0));
}

void source_open(struct source *source, int fd)
{
	size_t bytes = 0;
	long got;

	source->fd = fd;
	while (bytes < 4 && (got = more(source, bytes)) > 0)
		bytes += (size_t)got;
	source->gzip = is_gzip(source->in, bytes);
	source->zip.next_in = source->in;
	source->zip.avail_in = (unsigned)bytes;
	if (source->gzip && inflateInit2(&source->zip, MAX_WBITS + 16) != Z_OK)
		out_of_memory();
}

void source_close(struct source *source)
{
	if (source->gzip)
		inflateEnd(&source->zip);
}

/* Fills the input where it is empty.  As source_read. */
static long refill(struct source *source, const char **why)
{
	if (source->zip.avail_in)
		return source->zip.avail_in;
	const long got = more(source, 0);

	if (got < 0)
		*why = strerror(errno);
	source->zip.next_in = source->in;
	source->zip.avail_in = got > 0 ? (unsigned)got : 0;
	return got;
}

static long damaged(const struct source *source, const char **why)
{
	static char text[80];
	const bool at_magic = source->zip.total_in <= 2;

	snprintf(text, sizeof(text), "damaged gzip input: %s",
		 source->zip.msg ? source->zip.msg : "not inflated");
	*why = source->members && at_magic ? "bytes follow the compressed data" : text;
	return -1;
}

static int inflate_some(struct source *source)
{
	source->inside = true;
	const int result = inflate(&source->zip, Z_NO_FLUSH);

	if (result == Z_MEM_ERROR)
		out_of_memory();
	if (result != Z_STREAM_END)
		return result;
	source->inside = false;
	source->members++;
	return inflateReset(&source->zip);
}

static long read_gzip(struct source *source, const char **why)
{
	source->zip.next_out = source->out;
	source->zip.avail_out = sizeof(source->out);
	while (source->zip.avail_out == sizeof(source->out)) {
		const long got = refill(source, why);

		if (!got && source->inside)
			*why = "truncated gzip input";
		if (got <= 0)
			return source->inside ? -1 : got;
		const int result = inflate_some(source);

		if (result != Z_OK && result != Z_BUF_ERROR)
			return damaged(source, why);
	}
	return (long)(sizeof(source->out) - source->zip.avail_out);
}

long source_read(struct source *source, const void **data, const char **why)
{
	if (source->gzip) {
		*data = source->out;
		return read_gzip(source, why);
	}
	const long got = refill(source, why);

	*data = source->in;
	source->zip.avail_in = 0;
	return got;
}
