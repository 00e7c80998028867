/* SPDX-License-Identifier: MIT */
/* One frame of zstd, with its checksum: a recording that was cut has no end, and that is seen. */
#include "platform/record.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

enum { LEVEL = 9 };

bool record_output_open(struct record_output *output)
{
	output->room = ZSTD_CStreamOutSize();
	output->frame = malloc(output->room);
	output->compressor = ZSTD_createCCtx();
	if (!output->frame || !output->compressor)
		return false;
	ZSTD_CCtx_setParameter(output->compressor, ZSTD_c_compressionLevel, LEVEL);
	ZSTD_CCtx_setParameter(output->compressor, ZSTD_c_checksumFlag, 1);
	return true;
}

void record_output_free(struct record_output *output)
{
	ZSTD_freeCCtx(output->compressor);
	free(output->frame);
}

/* One step, and whether there is another to do: 1, 0, or negative. */
static int step(struct record_output *output, ZSTD_inBuffer *in, ZSTD_EndDirective directive)
{
	ZSTD_outBuffer out = { output->frame, output->room, 0 };
	const size_t rest = ZSTD_compressStream2(output->compressor, &out, in, directive);

	if (ZSTD_isError(rest) ||
	    (out.pos && output->write(output->context, output->frame, out.pos)))
		return -1;
	return directive == ZSTD_e_continue ? in->pos < in->size : rest != 0;
}

bool record_output_pass(struct record_output *output, enum record_stretch stretch)
{
	static const ZSTD_EndDirective directives[] = {
		[RECORD_MORE] = ZSTD_e_continue,
		[RECORD_WHOLE] = ZSTD_e_end,
	};
	ZSTD_inBuffer in = { output->text, output->used, 0 };
	int more;

	output->used = 0;
	do
		more = step(output, &in, directives[stretch]);
	while (more > 0);
	return !more;
}

bool record_output_line(struct record_output *output, const char *line)
{
	const size_t length = strlen(line);

	if (output->used + length + 1 > RECORD_TEXT && !record_output_pass(output, RECORD_MORE))
		return false;
	memcpy(output->text + output->used, line, length);
	output->used += length;
	output->text[output->used++] = '\n';
	output->lines++;
	return true;
}
