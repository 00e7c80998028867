/* SPDX-License-Identifier: MIT */
/* The whole run of a capture: register writes, commands, words of memory and accesses, merged in
 * the order in which they happened. */
#include "replay_capture.h"

#include <smmu/decode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outcome.h"
#include "say.h"
#include "sheet.h"

/* ---- Files ---- */

/* DIRECTORY/NAME, or the same with the ending of a compressed file, to be freed. */
static char *file_in(const char *directory, const char *name)
{
	static const char *const endings[] = { ".zst", ".gz", ".xz", ".bz2", ".lz4", "" };
	char *path = NULL;

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		free(path);
		if (asprintf(&path, "%s/%s%s", directory, name, endings[i]) < 0)
			out_of_memory();
		if (!access(path, F_OK))
			break;
	}
	return path;
}

bool is_capture(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISDIR(status.st_mode);
}

/* ---- Identification registers ---- */

static uint32_t *id_register(struct smmu3_config *config, uint64_t offset)
{
	if (offset < 0x18)
		return &config->idr[offset / 4];
	return offset == 0x18  ? &config->iidr :
	       offset == 0x1c  ? &config->aidr :
	       offset == 0x190 ? &config->idr[6] :
				 NULL;
}

enum { REG_OFFSET, REG_VALUE };

static enum status take_register(const struct sheet *sheet, struct smmu3_config *config)
{
	uint64_t offset, value;
	enum status status = sheet_number(sheet, REG_OFFSET, UINT32_MAX, &offset);
	uint32_t *id = status ? NULL : id_register(config, offset);

	if (!id)
		return status;
	status = sheet_number(sheet, REG_VALUE, UINT32_MAX, &value);
	if (offset % 4)
		return sheet_complain(sheet, sheet->cell[REG_OFFSET], "offset is no register's");
	*id = (uint32_t)value;
	return status;
}

enum status capture_config(const char *directory, struct smmu3_config *config)
{
	static const char *const columns[] = { "offset", "value", NULL };
	struct sheet sheet = { .names = columns };
	char *path = file_in(directory, "registers.csv");
	enum status status = sheet_open(&sheet, path);
	int code = 0;

	while (!status && (code = sheet_next(&sheet)) > 0)
		status = take_register(&sheet, config);
	sheet_close(&sheet);
	free(path);
	return worse(status, status_of(code < 0 ? code : 0, STATUS_INPUT));
}

/* ---- Rows ---- */

struct capture {
	struct replay *replay;
	uint64_t commands; /* since the last write */
};

/* All files have it first. */
enum { SEQ };

enum { WRITE_OFFSET = 1, WRITE_WIDTH, WRITE_VALUE };

static enum status take_write(struct capture *capture, const struct sheet *sheet)
{
	struct session_line line = { .kind = SESSION_W, .number = sheet->lines->number };
	enum status status = sheet_number(sheet, WRITE_OFFSET, UINT32_MAX, &line.at);

	status = worse(status, sheet_number(sheet, WRITE_WIDTH, 64, &line.bytes));
	line.bytes /= 8;
	status = worse(status, sheet_number(sheet, WRITE_VALUE, UINT64_MAX, &line.value));
	if (status)
		return status;
	const char *wrong = session_judge(&line);

	if (wrong)
		return sheet_complain(sheet, sheet->cell[WRITE_OFFSET], wrong);
	replay_line(capture->replay, &line);
	capture->commands = 0;
	return STATUS_OK;
}

static void put_word(struct capture *capture, const struct sheet *sheet, uint64_t pa,
		     uint64_t value)
{
	const struct session_line line = {
		.kind = SESSION_M, .number = sheet->lines->number, .at = pa, .value = value
	};

	replay_line(capture->replay, &line);
}

static uint64_t field(const struct smmu3_layout *layout, const char *name, uint64_t value)
{
	return smmu3_field_get(&value, smmu3_field(layout, name));
}

static uint64_t register_field(const struct capture *capture, const char *name, const char *part)
{
	const struct smmu3_layout *layout = smmu3_register_layout(name);
	uint64_t value = 0;

	(void)smmu3_mmio_read(capture->replay->smmu, SMMU3_PAS_NS, layout->offset, layout->bits / 8,
			      &value);
	return field(layout, part, value);
}

/* Entries of the Command queue; a size above IDR1.CMDQS is that.  6.3.26 */
static uint64_t queue_entries(const struct capture *capture)
{
	const uint64_t size_lg2 = register_field(capture, "SMMU_CMDQ_BASE", "LOG2SIZE");
	const uint64_t most_lg2 = register_field(capture, "SMMU_IDR1", "CMDQS");

	return UINT64_C(1) << (size_lg2 < most_lg2 ? size_lg2 : most_lg2);
}

/* Where the next command lies: the write of PROD that made it visible is still held, so CMDQ_BASE
 * and CMDQ_PROD are what they were before. */
static uint64_t command_at(const struct capture *capture)
{
	const uint64_t index = register_field(capture, "SMMU_CMDQ_PROD", "WR") + capture->commands;

	return register_field(capture, "SMMU_CMDQ_BASE", "ADDR") +
	       16 * (index % queue_entries(capture));
}

enum { COMMAND_DW0 = 1, COMMAND_DW1 };

static enum status take_command(struct capture *capture, const struct sheet *sheet)
{
	const uint64_t at = command_at(capture);
	uint64_t word[2];
	enum status status = sheet_number(sheet, COMMAND_DW0, UINT64_MAX, &word[0]);

	status = worse(status, sheet_number(sheet, COMMAND_DW1, UINT64_MAX, &word[1]));
	if (status)
		return status;
	put_word(capture, sheet, at, word[0]);
	put_word(capture, sheet, at + 8, word[1]);
	capture->commands++;
	capture->replay->consumes = true;
	return STATUS_OK;
}

enum { MEMORY_PA = 1, MEMORY_VALUE };

static enum status take_word(struct capture *capture, const struct sheet *sheet)
{
	uint64_t pa, value;
	enum status status = sheet_number(sheet, MEMORY_PA, UINT64_MAX, &pa);

	status = worse(status, sheet_number(sheet, MEMORY_VALUE, UINT64_MAX, &value));
	if (!status && pa % 8)
		return sheet_complain(sheet, sheet->cell[MEMORY_PA], "pa is no multiple of 8");
	if (!status)
		put_word(capture, sheet, pa, value);
	return status;
}

enum { DMA_SID = 1, DMA_ADDR, DMA_RW, DMA_OUTCOME, DMA_PA, DMA_PAGE_BITS, DMA_SSID };

static enum status read_success(const struct sheet *sheet, struct session_line *line)
{
	const bool bypass = !strcmp(sheet->cell[DMA_OUTCOME], "BYPASS");
	uint64_t page_bits = 64;
	enum status status = sheet_number(sheet, DMA_PA, UINT64_MAX, &line->pa);

	if (!status && !bypass)
		status = sheet_number(sheet, DMA_PAGE_BITS, 63, &page_bits);
	line->mask = page_bits < 64 ? (UINT64_C(1) << page_bits) - 1 : UINT64_MAX;
	line->perm = SESSION_ANY;
	return status;
}

static enum status read_outcome(const struct sheet *sheet, struct session_line *line)
{
	const char *outcome = sheet->cell[DMA_OUTCOME];

	if (!strcmp(outcome, "OK") || !strcmp(outcome, "BYPASS"))
		return read_success(sheet, line);
	line->event = !strcmp(outcome, "ABORT") ? SESSION_NO_EVENT : event_named(outcome);
	if (line->event)
		return STATUS_OK;
	return sheet_complain(sheet, outcome,
			      "outcome is not OK, BYPASS, ABORT or the name of an event");
}

static enum status take_access(struct capture *capture, const struct sheet *sheet)
{
	struct session_line line = { .kind = SESSION_T, .number = sheet->lines->number };
	const char *rw = sheet->cell[DMA_RW];
	enum status status = sheet_number(sheet, DMA_SID, UINT32_MAX, &line.sid);

	status = worse(status, sheet_number(sheet, DMA_ADDR, UINT64_MAX, &line.at));
	if (!status)
		status = read_outcome(sheet, &line);
	if (status)
		return status;
	if (strcmp(rw, "R") != 0 && strcmp(rw, "W") != 0)
		return sheet_complain(sheet, rw, "rw is not R or W");
	if (sheet->cell[DMA_SSID] && *sheet->cell[DMA_SSID])
		return sheet_complain(sheet, sheet->cell[DMA_SSID],
				      "accesses with a SubstreamID are not replayed");
	line.want = *rw == 'W' ? SESSION_WRITE : SESSION_READ;
	replay_line(capture->replay, &line);
	return STATUS_OK;
}

/* ---- The merge ---- */

struct source_file {
	const char *name;
	const char *columns[SHEET_COLUMNS + 1];
	unsigned optional;
	enum status (*take)(struct capture *capture, const struct sheet *sheet);
};

/* Rows with the same seq come in this order; accesses last. */
static const struct source_file files[] = {
	{ "register-writes.csv", { "seq", "offset", "width", "value" }, 0, take_write },
	{ "commands.csv", { "seq", "dw0", "dw1" }, 0, take_command },
	{ "memory.csv", { "seq", "pa", "value" }, 0, take_word },
	{ "dma.csv",
	  { "seq", "sid", "addr", "rw", "outcome", "pa", "page_bits", "ssid" },
	  1 << DMA_SSID,
	  take_access },
};

enum { FILES = sizeof(files) / sizeof(files[0]), WRITES = 0, WORDS = 2, ACCESSES = FILES - 1 };

/* One of the files, with its next row. */
struct reader {
	struct sheet sheet;
	char *path;
	uint64_t seq;
	bool ended, begun;
};

static enum status next_row(struct reader *reader)
{
	const uint64_t before = reader->seq;
	const int code = sheet_next(&reader->sheet);

	reader->ended = code <= 0;
	if (code <= 0)
		return status_of(code, STATUS_INPUT);
	const enum status status = sheet_number(&reader->sheet, SEQ, UINT64_MAX, &reader->seq);

	if (!status && reader->begun && reader->seq <= before)
		return sheet_complain(&reader->sheet, reader->sheet.cell[SEQ],
				      "seq is not above that of the row before");
	reader->begun = true;
	return status;
}

static enum status open_all(struct reader readers[FILES], const char *directory)
{
	enum status status = STATUS_OK;

	for (unsigned i = 0; i < FILES && !status; i++) {
		readers[i].sheet.names = files[i].columns;
		readers[i].sheet.optional = files[i].optional;
		readers[i].path = file_in(directory, files[i].name);
		status = sheet_open(&readers[i].sheet, readers[i].path);
		if (!status)
			status = next_row(&readers[i]);
	}
	return status;
}

static void close_all(struct reader readers[FILES])
{
	for (unsigned i = 0; i < FILES; i++) {
		sheet_close(&readers[i].sheet);
		free(readers[i].path);
	}
}

/* The file whose next row comes first, or FILES. */
static unsigned earliest(const struct reader readers[FILES])
{
	unsigned first = FILES;

	for (unsigned i = 0; i < FILES; i++)
		if (!readers[i].ended && (first == FILES || readers[i].seq < readers[first].seq))
			first = i;
	return first;
}

static enum status merge(struct capture *capture, struct reader readers[FILES],
			 struct progress *progress)
{
	unsigned i;

	while ((i = earliest(readers)) < FILES && !ferror(stdout)) {
		enum status status = files[i].take(capture, &readers[i].sheet);

		if (!status)
			status = replay_recorded(capture->replay);
		if (!status)
			status = next_row(&readers[i]);
		if (status)
			return status;
		progress_step(progress);
	}
	replay_end(capture->replay);
	return capture->replay->different ? STATUS_FINDING : STATUS_OK;
}

enum status replay_capture(struct replay *replay, const char *directory, struct progress *progress)
{
	struct capture capture = { .replay = replay };
	struct reader *readers = calloc(FILES, sizeof(*readers));

	if (!readers)
		out_of_memory();
	enum status status = open_all(readers, directory);

	replay->accesses_only = true;
	replay->file = readers[ACCESSES].path;
	replay->writes = readers[WRITES].path;
	replay->words = readers[WORDS].path;
	if (!status)
		status = merge(&capture, readers, progress);
	replay->file = directory;
	close_all(readers);
	free(readers);
	return status;
}
