/* SPDX-License-Identifier: MIT */
#include "tlb/micro.h"

#include <stdlib.h>

#define STORE MICRO_WRITE

/* ---- Room ---- */

enum { SLOTS_FOR_A_STREAM = 8, LINE = sizeof(struct micro_line) };

/* All in one piece, each part a multiple of LINE bytes. */
static size_t rounded(size_t bytes)
{
	return (bytes + LINE - 1) / LINE * LINE;
}

static void *part(char **at, size_t bytes)
{
	void *here = *at;

	*at += rounded(bytes);
	return here;
}

/* It is no transaction's, and who does not look whose it is finds nothing.  Its entries stay:
 * whoever reads it meanwhile may have read a part of it before. */
static void clear_line(struct micro_line *line)
{
	STORE(line->kind, MICRO_NO_KIND);
	STORE(line->name, (uint64_t)MICRO_NO_NAME << MICRO_NAME_BIT);
}

/* Another stream's entries are as many. */
static void lay_out_line(struct micro_line *line, struct micro_entry *entry, uint32_t entries)
{
	line->entry = entry;
	line->last = entries - 1;
	clear_line(line);
}

static void lay_out_context(struct micro *micro, uint32_t number, char **at)
{
	struct micro_context *context = &micro->context[number];
	const size_t shortcuts = micro->entries * sizeof(struct shortcut);

	*context = (struct micro_context){
		.number = number,
		.entry = part(at, micro->entries * sizeof(struct micro_entry)),
		.stage1 = { part(at, shortcuts), micro->entries - 1, 0 },
		.stage2 = { part(at, shortcuts), micro->entries - 1, 0 },
	};
}

static size_t bytes_of_context(uint32_t entries)
{
	return sizeof(struct micro_context) + rounded(entries * sizeof(struct micro_entry)) +
	       2 * rounded(entries * sizeof(struct shortcut));
}

/* With one stream there is one slot: it is always its. */
static uint32_t slots_for(uint32_t streams)
{
	return streams > 1 ? streams * SLOTS_FOR_A_STREAM : 1;
}

bool micro_init(struct micro *micro, uint32_t entries, uint32_t streams)
{
	const uint32_t slots = slots_for(streams);
	const size_t bytes = slots * (sizeof(struct micro_line) + sizeof(*micro->owner)) +
			     streams * bytes_of_context(entries) + 2 * LINE;

	*micro = (struct micro){ .multiplier = 1, .streams = streams, .entries = entries };
	micro->slot = &micro->none;
	lay_out_line(&micro->none, &micro->nothing, 1);
	if (!streams)
		return true;
	char *at = micro->memory = aligned_alloc(LINE, rounded(bytes));

	if (!at)
		return false;
	memset(at, 0, rounded(bytes));
	micro->mask = (slots - 1) * sizeof(struct micro_line);
	micro->slot = part(&at, slots * sizeof(struct micro_line));
	micro->owner = part(&at, slots * sizeof(*micro->owner));
	micro->context = part(&at, streams * sizeof(*micro->context));
	for (uint32_t i = 0; i < streams; i++)
		lay_out_context(micro, i, &at);
	for (uint32_t i = 0; i < slots; i++)
		lay_out_line(&micro->slot[i], micro->context[0].entry, entries);
	return true;
}

void micro_free(struct micro *micro)
{
	free(micro->memory);
}

/* ---- Lines ---- */

static uint32_t slot_number(const struct micro *micro, const struct micro_line *line)
{
	return (uint32_t)(line - micro->slot);
}

static void drop(struct micro_context *context)
{
	if (context->line)
		clear_line(context->line);
	context->line = NULL;
}

static void own(struct micro *micro, struct micro_context *context, struct micro_line *line)
{
	context->line = line;
	micro->owner[slot_number(micro, line)] = (uint16_t)context->number;
}

static struct micro_key key_of_line(const struct micro_line *line)
{
	return (struct micro_key){ line->stream, line->kind };
}

/* Copies what a line says; last of all what makes it say it. */
static void copy_line(struct micro_line *to, const struct micro_line *from)
{
	STORE(to->stream, from->stream);
	STORE(to->name, from->name);
	STORE(to->entry, from->entry);
	STORE(to->last, from->last);
	for (unsigned i = 0; i < 8; i++) {
		STORE(to->access[i].needs, from->access[i].needs);
		STORE(to->access[i].who, from->access[i].who);
	}
	STORE(to->common, from->common);
	STORE(to->kind, from->kind);
}

/* ---- A multiplier by which no two lines meet ---- */

enum { MOST_STREAMS = 1024, TRIES = 64 };

/* Whether all lines, and a new one, have slots of their own by it. */
static bool separates(const struct micro *micro, uint64_t multiplier, struct micro_key key,
		      uint64_t *used)
{
	const struct micro trial = { .multiplier = multiplier,
				     .mask = micro->mask,
				     .slot = micro->slot };

	memset(used, 0, MOST_STREAMS * SLOTS_FOR_A_STREAM / 8);
	for (uint32_t i = 0; i <= micro->streams; i++) {
		const bool last = i == micro->streams;

		if (!last && !micro->context[i].line)
			continue;
		const uint32_t slot = slot_number(
			&trial, micro_slot(&trial, last ? key : key_of_line(micro->context[i].line),
					   false));

		if (used[slot / 64] >> slot % 64 & 1)
			return false;
		used[slot / 64] |= UINT64_C(1) << slot % 64;
	}
	return true;
}

static uint64_t next_multiplier(uint64_t multiplier)
{
	return (multiplier * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407)) | 1;
}

/* Moves all lines to where the multiplier has them. */
static void move_lines(struct micro *micro, uint64_t multiplier)
{
	struct micro_line line[MOST_STREAMS];
	uint32_t lines = 0;

	for (uint32_t i = 0; i < micro->streams; i++)
		if (micro->context[i].line) {
			copy_line(&line[lines++], micro->context[i].line);
			clear_line(micro->context[i].line);
		}
	STORE(micro->multiplier, multiplier);
	lines = 0;
	for (uint32_t i = 0; i < micro->streams; i++)
		if (micro->context[i].line) {
			struct micro_line *to = micro_slot(micro, key_of_line(&line[lines]), false);

			copy_line(to, &line[lines++]);
			own(micro, &micro->context[i], to);
		}
}

/* If none is found, whose slot it is goes. */
static void make_way(struct micro *micro, struct micro_key key)
{
	uint64_t used[MOST_STREAMS * SLOTS_FOR_A_STREAM / 64];
	uint64_t multiplier = micro->multiplier;

	for (unsigned i = 0; i < TRIES; i++) {
		if (separates(micro, multiplier, key, used)) {
			if (i)
				move_lines(micro, multiplier);
			return;
		}
		multiplier = next_multiplier(multiplier);
	}
	drop(&micro->context[micro->owner[slot_number(micro, micro_slot(micro, key, false))]]);
}

/* ---- Streams ---- */

/* All that is known of its translations is forgotten, at once or, when names run out, one by one.
 */
static void rename_entries(const struct micro *micro, struct micro_context *context)
{
	context->name = (uint16_t)((context->name + 1) % MICRO_NAMES);
	context->sizes = 0;
	context->globals = false;
	if (!context->name)
		for (uint32_t i = 0; i < micro->entries; i++)
			STORE(context->entry[i].data, 0);
	if (context->line)
		STORE(context->line->name, (uint64_t)context->name << MICRO_NAME_BIT);
}

static void rename_shortcuts(const struct micro *micro, struct shortcuts *shortcuts)
{
	shortcuts->name = (shortcuts->name + 1) % MICRO_NAMES;
	if (!shortcuts->name)
		memset(shortcuts->entry, 0, micro->entries * sizeof(*shortcuts->entry));
}

static void rename_all(const struct micro *micro, struct micro_context *context)
{
	rename_entries(micro, context);
	rename_shortcuts(micro, &context->stage1);
	rename_shortcuts(micro, &context->stage2);
}

static struct micro_context *free_context(struct micro *micro)
{
	for (uint32_t i = 0; i < micro->streams; i++)
		if (!micro->context[i].line)
			return &micro->context[i];
	micro->turn = (micro->turn + 1) % micro->streams;
	return &micro->context[micro->turn];
}

static void write_line(const struct micro *micro, const struct micro_context *context,
		       struct micro_key key, const struct micro_manner *manner)
{
	struct micro_line *line = context->line;

	STORE(line->stream, key.stream);
	STORE(line->name, (uint64_t)context->name << MICRO_NAME_BIT);
	STORE(line->entry, context->entry);
	STORE(line->last, micro->entries - 1);
	for (unsigned i = 0; i < 8; i++) {
		STORE(line->access[i].needs, manner->access[i].needs);
		STORE(line->access[i].who, manner->access[i].who);
	}
	STORE(line->common, manner->common);
	STORE(line->kind, key.kind);
}

struct micro_context *micro_take(struct micro *micro, struct micro_key key,
				 const struct micro_manner *manner)
{
	struct micro_context *context = free_context(micro);

	drop(context);
	rename_all(micro, context);
	make_way(micro, key);
	context->tag = manner->tag;
	context->sid = manner->sid;
	context->index = manner->index;
	context->sec_sid = manner->sec_sid;
	own(micro, context, micro_slot(micro, key, false));
	write_line(micro, context, key, manner);
	return context;
}

/* ---- What an invalidation means ---- */

static bool of_its_stream(const struct micro_context *context,
			  const struct smmu3_invalidation *scope)
{
	return scope->sec_sid == context->sec_sid && context->sid >= scope->sid &&
	       context->sid - scope->sid < scope->sids &&
	       (scope->kind == SMMU3_INVALIDATES_STREAM || scope->any_ssid ||
		scope->ssid == context->index);
}

/* Does it mean translations of its regime, wherever they are?  Where there are global ones, those
 * of an address that is given with another ASID. */
static bool of_its_regime(const struct micro_context *context,
			  const struct smmu3_invalidation *scope, bool stage2)
{
	struct smmu3_invalidation wherever = *scope;
	struct tlb_tag tag = context->tag;

	wherever.bytes = 0;
	wherever.any_asid |= scope->bytes && context->globals;
	if (stage2 && tag.both)
		tag.kind = TLB_STAGE2;
	return tag_is_meant(&tag, &wherever);
}

/* Pages that are looked at one by one. */
enum { PAGES_MOST = 16 };

/* The byte above the 56 bits that count is a copy, or ignored: it is left out.  3.4.1 */
static void forget_page(const struct micro *micro, const struct micro_context *context,
			uint64_t page)
{
	struct micro_entry *entry = &context->entry[page & (micro->entries - 1)];

	if (!((entry->tag ^ page) & low_bits(56 - MICRO_PAGE_LG2)))
		STORE(entry->data, 0);
}

/* Entries of larger translations, or very many: all of them.  A range that leaves the 56 bits that
 * count goes all the way.  4.4.1.1 */
static void forget_addresses(const struct micro *micro, struct micro_context *context,
			     const struct smmu3_invalidation *scope)
{
	const uint64_t first = tlb_input(scope->addr), last = first + scope->bytes - 1;
	const uint64_t from = first >> MICRO_PAGE_LG2, to = last >> MICRO_PAGE_LG2;

	if (!scope->bytes || last < first || last >> 56 || to - from >= PAGES_MOST ||
	    context->sizes & ~(UINT64_C(1) << MICRO_PAGE_LG2)) {
		rename_entries(micro, context);
		return;
	}
	for (uint64_t page = from; page <= to; page++)
		forget_page(micro, context, page);
}

/* A translation through both stages stays when only stage 2 is meant, as it does in the TLB; the
 * way to it may lead elsewhere.  4.4.3 */
static void forget_translations(const struct micro *micro, struct micro_context *context,
				const struct smmu3_invalidation *scope)
{
	const bool meant = of_its_regime(context, scope, false);

	if (meant)
		forget_addresses(micro, context, scope);
	if (scope->leaf || !(meant || of_its_regime(context, scope, true)))
		return;
	rename_shortcuts(micro, &context->stage1);
	rename_shortcuts(micro, &context->stage2);
}

static void forget(const struct micro *micro, struct micro_context *context,
		   const struct smmu3_invalidation *scope)
{
	switch (scope->kind) {
	case SMMU3_INVALIDATES_STAGE1:
	case SMMU3_INVALIDATES_STAGE2:
	case SMMU3_INVALIDATES_STAGES:
		forget_translations(micro, context, scope);
		return;
	case SMMU3_INVALIDATES_STREAM:
	case SMMU3_INVALIDATES_CONTEXT:
		if (of_its_stream(context, scope))
			drop(context);
		return;
	case SMMU3_INVALIDATES_DPT:
		return;
	default:
		drop(context);
	}
}

void micro_forget(struct micro *micro, const struct smmu3_invalidation *scope)
{
	for (uint32_t i = 0; i < micro->streams; i++)
		if (micro->context[i].line)
			forget(micro, &micro->context[i], scope);
}

void micro_forget_all(struct micro *micro)
{
	for (uint32_t i = 0; i < micro->streams; i++)
		drop(&micro->context[i]);
}
