/* SPDX-License-Identifier: MIT */
/* Captures of a running SMMU: its registers, and the pages of memory that hold its tables. */
#include "platform/features.h"
#include "platform/machine.h"
#include "platform/number.h"

#include "arch/offsets.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	CSV_BYTES_MOST = 16 << 20,
	IMAGE_BYTES_MOST = 256 << 20,
	IMAGE_PAGES_MOST = IMAGE_BYTES_MOST / MEMORY_PAGE,
	REGISTERS_MOST = 65536,
};

const char *build_path(struct build *build, const struct node *node, const char *file)
{
	const char *const slash = strrchr(build->path, '/');
	const size_t folder = file[0] == '/' || !slash ? 0 : (size_t)(slash - build->path) + 1;
	const size_t length = strlen(file);
	char *const path = arena_take(build->loader.arena, folder + length + 1);

	if (path) {
		memcpy(path, build->path, folder);
		memcpy(path + folder, file, length + 1);
	} else {
		complain_memory(&build->loader, node);
	}
	return path;
}

/* The whole of a file that a value names, for free(); NULL after a complaint. */
static char *slurp(struct build *build, const struct node *node, const char *file, size_t limit,
		   size_t *size)
{
	const char *const path = build_path(build, node, file);
	const char *why = NULL;
	char *text = NULL;
	int code;

	if (!path)
		return NULL;
	code = input_read(&build->input, path, limit, &text, size, &why);
	if (!code)
		return text;
	complain(build->loader.complaints, code, node_place(build->loader.source, node), "%s: %s",
		 path, why ? why : "cannot be read");
	free(text);
	return NULL;
}

/* ---- Lines of numbers ---- */

enum { CELLS = 3 };

struct lines {
	struct source source;
	const char *at;
	unsigned line;
	size_t length[CELLS]; /* of the cells of the current line */
	const char *cell[CELLS];
};

/* Cuts the next line into cells; false at the end. */
static bool next_line(struct lines *lines)
{
	const char *const end = lines->source.text + lines->source.size;
	const char *const stop = lines->at < end ?
					 memchr(lines->at, '\n', (size_t)(end - lines->at)) :
					 NULL;
	const char *const last = stop ? stop : end;
	const char *at = lines->at;

	if (lines->at >= end)
		return false;
	lines->at = last + 1;
	lines->line++;
	for (unsigned i = 0; i < CELLS; i++) {
		const char *const comma = at < last ? memchr(at, ',', (size_t)(last - at)) : NULL;

		lines->cell[i] = at;
		lines->length[i] = (size_t)((comma ? comma : last) - at);
		at = comma ? comma + 1 : last;
	}
	if (lines->length[CELLS - 1] &&
	    lines->cell[CELLS - 1][lines->length[CELLS - 1] - 1] == '\r')
		lines->length[CELLS - 1]--;
	return true;
}

static struct place cell_place(const struct lines *lines, unsigned cell)
{
	const char *start = lines->cell[cell];

	while (start > lines->source.text && start[-1] != '\n')
		start--;
	return (struct place){ &lines->source, lines->line,
			       (unsigned)(lines->cell[cell] - start) + 1,
			       (unsigned)lines->length[cell] };
}

static int cell_number(struct build *build, const struct lines *lines, unsigned cell,
		       uint64_t *value)
{
	const char *const wrong = number_parse(lines->cell[cell], lines->length[cell], value);

	if (!lines->length[cell])
		complain(build->loader.complaints, -SMMU3_E_FORMAT, cell_place(lines, cell),
			 "a number is missing");
	else if (wrong)
		complain(build->loader.complaints, -SMMU3_E_FORMAT, cell_place(lines, cell),
			 "'%.*s' %s", (int)(lines->length[cell] < 64 ? lines->length[cell] : 64),
			 lines->cell[cell], wrong);
	return wrong ? -1 : 0;
}

/* A first line of words names the columns. */
static bool is_heading(const struct lines *lines)
{
	return lines->line == 1 && lines->length[0] && lines->cell[0][0] >= 'a' &&
	       lines->cell[0][0] <= 'z';
}

static bool is_blank(const struct lines *lines)
{
	return !lines->length[0] && !lines->length[1];
}

/* Calls row for each line of numbers until it fails. */
static void each_line(struct build *build, struct lines *lines, void *context,
		      int (*row)(struct build *build, const struct lines *lines, void *context))
{
	int code = 0;

	while (!code && !complaints_full(build->loader.complaints) && next_line(lines)) {
		if (!is_heading(lines) && !is_blank(lines))
			code = row(build, lines, context);
	}
}

/* ---- Registers ---- */

static void take_register(struct smmu_spec *smmu, const struct register_write *write)
{
	uint32_t *const idr = idr_at(&smmu->config, write->offset);

	if (idr)
		*idr = (uint32_t)write->value;
	else if (write->offset == REG_GBPA)
		smmu->config.gbpa_reset = (uint32_t)write->value;
	else
		smmu->writes[smmu->write_count++] = *write;
}

static int register_row(struct build *build, const struct lines *lines, void *context)
{
	struct smmu_spec *const smmu = context;
	uint64_t offset, width, value;

	if (cell_number(build, lines, 0, &offset) || cell_number(build, lines, 1, &width) ||
	    cell_number(build, lines, 2, &value))
		return 0;
	if (width != 32 && width != 64)
		complain(build->loader.complaints, -SMMU3_E_FORMAT, cell_place(lines, 1),
			 "a register has 32 or 64 bits");
	else if (offset & (width / 8 - 1) || offset >> 32)
		complain(build->loader.complaints, -SMMU3_E_FORMAT, cell_place(lines, 0),
			 "no register lies at this offset");
	else if (width == 32 && value >> 32)
		complain(build->loader.complaints, -SMMU3_E_FORMAT, cell_place(lines, 2),
			 "the value has more than 32 bits");
	else if (smmu->write_count == REGISTERS_MOST)
		complain(build->loader.complaints, -SMMU3_E_FORMAT, cell_place(lines, 0),
			 "too many registers");
	else
		take_register(smmu, &(struct register_write){ offset, value, (unsigned)width / 8 });
	return smmu->write_count == REGISTERS_MOST ? -1 : 0;
}

void capture_registers(struct build *build, struct smmu_spec *smmu)
{
	const struct node *const node = key_node(smmu->at, "registers");
	size_t size = 0;
	char *const text = slurp(build, node, smmu->registers, CSV_BYTES_MOST, &size);
	struct lines lines = { .source = { .name = smmu->registers, .text = text, .size = size },
			       .at = text };

	if (!text)
		return;
	smmu->config = (struct smmu3_config){ .size = sizeof(smmu->config) };
	/* A line has at least six bytes: "0,32,0". */
	smmu->writes = arena_take(build->loader.arena,
				  (size / 6 + 1 < REGISTERS_MOST ? size / 6 + 1 : REGISTERS_MOST) *
					  sizeof(*smmu->writes));
	if (smmu->writes)
		each_line(build, &lines, smmu, register_row);
	else
		complain_memory(&build->loader, node);
	free(text);
}

/* ---- Image ---- */

struct image_page {
	uint64_t pa, offset;
	unsigned line;
	size_t run; /* pages to back as one region from here, or 0 */
};

struct image {
	struct image_page *page;
	size_t count;
	size_t data_bytes;
};

static int page_row(struct build *build, const struct lines *lines, void *context)
{
	struct image *const image = context;
	uint64_t pa, offset;

	if (cell_number(build, lines, 0, &pa) || cell_number(build, lines, 1, &offset))
		return 0;
	if (pa % MEMORY_PAGE || pa >> 52)
		complain(build->loader.complaints, -SMMU3_E_FORMAT, cell_place(lines, 0),
			 "no 4 KiB page begins at this address");
	else if (offset > image->data_bytes || image->data_bytes - offset < MEMORY_PAGE)
		complain(build->loader.complaints, -SMMU3_E_IO, cell_place(lines, 1),
			 "the page at 0x%" PRIx64
			 " is not in the image, which has 0x%zx bytes: is it cut?",
			 offset, image->data_bytes);
	else if (image->count == IMAGE_PAGES_MOST)
		complain(build->loader.complaints, -SMMU3_E_FORMAT, cell_place(lines, 0),
			 "too many pages");
	else
		image->page[image->count++] = (struct image_page){ pa, offset, lines->line, 0 };
	return image->count == IMAGE_PAGES_MOST ? -1 : 0;
}

static int compare_pages(const void *a, const void *b)
{
	const struct image_page *const left = a, *const right = b;

	return (left->pa > right->pa) - (left->pa < right->pa);
}

/* The PA space of a page: that of the memory which holds it; the first, if several do, and the
 * Non-secure one if none does. */
static unsigned page_space(const struct memory *memory, uint64_t pa)
{
	for (unsigned pas = SMMU3_PAS_NS; pas < INTERFACES; pas++) {
		if (memory_find(memory, pas, pa))
			return pas;
	}
	return SMMU3_PAS_NS;
}

/* Pages of the run that begins at one: neighbours that no memory holds. */
static size_t run_length(const struct memory *memory, const struct image *image, size_t first)
{
	size_t next = first;

	while (next < image->count &&
	       image->page[next].pa == image->page[first].pa + (next - first) * MEMORY_PAGE &&
	       !memory_find(memory, page_space(memory, image->page[next].pa), image->page[next].pa))
		next++;
	return next - first;
}

/* Regions for the pages that no memory holds: one for each run. */
static int back_pages(struct build *build, const struct image *image)
{
	struct memory *const memory = &build->machine->memory;
	int code = 0;

	for (size_t i = 0; i < image->count; i += image->page[i].run ? image->page[i].run : 1)
		image->page[i].run = run_length(memory, image, i);
	for (size_t i = 0; !code && i < image->count; i++) {
		if (image->page[i].run)
			code = memory_add(memory, NULL, image->page[i].pa,
					  image->page[i].run * MEMORY_PAGE, SMMU3_PAS_NS);
	}
	memory_sort(memory);
	return code;
}

static void check_pages(struct build *build, const struct lines *lines, const struct image *image)
{
	for (size_t i = 1; i < image->count; i++) {
		const struct place place = { &lines->source, image->page[i].line, 1, 0 };

		if (image->page[i].pa == image->page[i - 1].pa)
			complain(build->loader.complaints, -SMMU3_E_FORMAT, place,
				 "the page at 0x%" PRIx64 " is given twice", image->page[i].pa);
	}
}

/* False: out of memory. */
static bool copy_pages(struct build *build, const struct image *image, const char *data)
{
	struct memory *const memory = &build->machine->memory;

	for (size_t i = 0; i < image->count; i++) {
		const uint64_t pa = image->page[i].pa;
		const unsigned pas = page_space(memory, pa);

		if (memory_reserve(memory, memory_find(memory, pas, pa), pa, MEMORY_PAGE) ==
		    -SMMU3_E_MEMORY)
			return false;
		memcpy(memory_at(memory, pas, pa, MEMORY_PAGE), data + image->page[i].offset,
		       MEMORY_PAGE);
	}
	return true;
}

static void load_pages(struct build *build, const struct image_spec *spec, struct lines *lines,
		       const char *data, struct image *image)
{
	const struct node *const node = key_node(spec->at, "index");
	const unsigned before = build->loader.complaints->count;

	/* A line has at least four bytes: "0,0\n". */
	image->page = calloc(lines->source.size / 4 + 1, sizeof(*image->page));
	if (!image->page) {
		complain_memory(&build->loader, node);
		return;
	}
	each_line(build, lines, image, page_row);
	qsort(image->page, image->count, sizeof(*image->page), compare_pages);
	check_pages(build, lines, image);
	if (build->loader.complaints->count == before) {
		const int code = back_pages(build, image);

		if (code)
			complain(
				build->loader.complaints, code,
				node_place(build->loader.source, node),
				"no room for the image: more than 16384 runs of pages, or out of memory");
		else if (!copy_pages(build, image, data))
			complain_memory(&build->loader, node);
	}
	free(image->page);
}

static void load_image(struct build *build, const struct image_spec *spec)
{
	size_t index_bytes = 0, data_bytes = 0;
	char *const index = slurp(build, key_node(spec->at, "index"), spec->index, CSV_BYTES_MOST,
				  &index_bytes);
	char *const data = slurp(build, key_node(spec->at, "data"), spec->data, IMAGE_BYTES_MOST,
				 &data_bytes);
	struct lines lines = {
		.source = { .name = spec->index, .text = index, .size = index_bytes }, .at = index
	};
	struct image image = { .data_bytes = data_bytes };

	if (index && data)
		load_pages(build, spec, &lines, data, &image);
	free(index);
	free(data);
}

void load_images(struct build *build)
{
	for (size_t i = 0; i < build->machine->spec.smmu.count; i++) {
		const struct image_spec
			*const image = &ITEM(build->machine->spec.smmu, struct smmu_spec, i)->image;

		if (image->at && image->index && image->data)
			load_image(build, image);
	}
}
