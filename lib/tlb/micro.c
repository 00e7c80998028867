/* SPDX-License-Identifier: MIT */
#include "tlb/micro.h"

#include <stdlib.h>

#define STORE MICRO_WRITE

/* ---- Room ---- */

enum { SLOTS_FOR_A_STREAM = 16, LINE = sizeof(struct micro_line) };

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
		.whose = &micro->whose[number],
		.entry = part(at, micro->entries * sizeof(struct micro_entry)),
		.stage1 = { .entry = part(at, shortcuts), .last = micro->entries - 1 },
		.stage2 = { .entry = part(at, shortcuts), .last = micro->entries - 1 },
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
			     streams * (bytes_of_context(entries) + sizeof(*micro->bucket) +
					sizeof(*micro->whose)) +
			     4 * LINE;

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
	micro->bucket = part(&at, streams * sizeof(struct micro_context *));
	micro->whose = part(&at, streams * sizeof(*micro->whose));
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

static struct micro_key key_of_line(const struct micro_line *line)
{
	return (struct micro_key){ line->stream, line->kind };
}

static bool is_free(const struct micro_line *line)
{
	return line->kind == MICRO_NO_KIND;
}

/* Copies what a line says; last of all what makes it say it. */
static void copy_line(struct micro_line *to, const struct micro_line *from)
{
	STORE(to->stream, from->stream);
	STORE(to->name, from->name);
	STORE(to->entry, from->entry);
	STORE(to->last, from->last);
	for (unsigned i = 0; i < ARRAY_SIZE(to->access); i++) {
		STORE(to->access[i].needs, from->access[i].needs);
		STORE(to->access[i].who, from->access[i].who);
	}
	STORE(to->common, from->common);
	STORE(to->kind, from->kind);
}

/* A stream's line goes into its slot, or, if that is another's, stays where nobody looks first. */
static void place(struct micro *micro, struct micro_context *context)
{
	struct micro_line *slot = micro_slot(micro, key_of_line(&context->own), false);

	context->line = &context->own;
	if (!is_free(slot))
		return;
	copy_line(slot, &context->own);
	context->line = slot;
	micro->owner[slot_number(micro, slot)] = (uint16_t)context->number;
}

static void leave_slot(const struct micro_context *context)
{
	if (context->line != &context->own)
		clear_line(context->line);
}

/* ---- Buckets ---- */

static struct micro_context **bucket_of(const struct micro *micro, struct micro_key key)
{
	const uint64_t mixed = (key.stream ^ key.kind << 7) * UINT64_C(0x9e3779b97f4a7c15);

	return &micro->bucket[mixed >> 40 & (micro->streams - 1)];
}

struct micro_context *micro_context_without_slot(const struct micro *micro, struct micro_key key)
{
	if (!micro->streams)
		return NULL;
	for (struct micro_context *at = *bucket_of(micro, key); at; at = at->next)
		if (micro_line_is(&at->own, key, false))
			return at;
	return NULL;
}

static void leave_bucket(struct micro *micro, struct micro_context *context)
{
	struct micro_context **at = bucket_of(micro, key_of_line(&context->own));

	while (*at != context)
		at = &(*at)->next;
	*at = context->next;
}

static void drop(struct micro *micro, struct micro_context *context)
{
	if (!context->line)
		return;
	leave_bucket(micro, context);
	leave_slot(context);
	context->line = NULL;
	*context->whose = 0;
	micro->taken--;
}

/* ---- A multiplier by which no two lines meet ---- */

/* With more streams there is hardly one to be found. */
enum { MOST_APART = 64, TRIES = 32 };

/* Whether all lines have slots of their own by it. */
static bool separates(const struct micro *micro, uint64_t multiplier)
{
	uint64_t used[MOST_APART * SLOTS_FOR_A_STREAM / 64] = { 0 };
	const struct micro trial = { .multiplier = multiplier,
				     .mask = micro->mask,
				     .slot = micro->slot };

	for (uint32_t i = 0; i < micro->streams; i++) {
		if (!micro->context[i].line)
			continue;
		const uint32_t slot = slot_number(
			&trial, micro_slot(&trial, key_of_line(&micro->context[i].own), false));

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
	for (uint32_t i = 0; i < micro->streams; i++)
		if (micro->context[i].line)
			leave_slot(&micro->context[i]);
	STORE(micro->multiplier, multiplier);
	for (uint32_t i = 0; i < micro->streams; i++)
		if (micro->context[i].line)
			place(micro, &micro->context[i]);
}

/* A stream has met another's slot. */
static void make_way(struct micro *micro)
{
	uint64_t multiplier = micro->multiplier;

	for (unsigned i = 0; i < TRIES && micro->streams <= MOST_APART; i++) {
		multiplier = next_multiplier(multiplier);
		if (separates(micro, multiplier)) {
			move_lines(micro, multiplier);
			return;
		}
	}
}

/* ---- Streams ---- */

/* All that is known of its translations is forgotten, at once or, when names run out, one by one.
 */
static void rename_entries(const struct micro *micro, struct micro_context *context)
{
	context->name = (uint16_t)((context->name + 1) % MICRO_NAMES);
	context->sizes = 0;
	if (!context->name)
		for (uint32_t i = 0; i < micro->entries; i++)
			STORE(context->entry[i].data, 0);
	STORE(context->own.name, (uint64_t)context->name << MICRO_NAME_BIT);
	if (context->line)
		STORE(context->line->name, context->own.name);
}

static void rename_shortcuts(const struct micro *micro, struct shortcuts *shortcuts)
{
	shortcuts->name = (shortcuts->name + 1) % MICRO_NAMES;
	shortcuts->sizes = 0;
	if (!shortcuts->name)
		memset(shortcuts->entry, 0, micro->entries * sizeof(*shortcuts->entry));
}

static void rename_all(const struct micro *micro, struct micro_context *context)
{
	rename_entries(micro, context);
	rename_shortcuts(micro, &context->stage1);
	rename_shortcuts(micro, &context->stage2);
}

bool micro_has_room(struct micro *micro, struct micro_key key)
{
	const uint64_t name = (key.stream ^ key.kind << 7) * UINT64_C(0x9e3779b97f4a7c15);
	uint64_t *waiting = &micro->waiting[name >> 58];
	const bool again = *waiting == name;

	*waiting = name;
	return micro->taken < micro->streams || again;
}

static struct micro_context *free_context(struct micro *micro)
{
	for (uint32_t i = 0; i < micro->streams; i++)
		if (!micro->context[i].line)
			return &micro->context[i];
	micro->turn = (micro->turn + 1) % micro->streams;
	return &micro->context[micro->turn];
}

static struct micro_line line_for(const struct micro *micro, const struct micro_context *context,
				  struct micro_key key, const struct micro_manner *manner)
{
	struct micro_line line = { .stream = key.stream,
				   .kind = key.kind,
				   .name = (uint64_t)context->name << MICRO_NAME_BIT,
				   .entry = context->entry,
				   .last = micro->entries - 1,
				   .common = manner->common };

	memcpy(line.access, manner->access, sizeof(line.access));
	return line;
}

static uint64_t whose(const struct tlb_tag *tag)
{
	const struct stream_world_facts *facts = &stream_worlds[tag->regime.world];
	const bool loose = !facts->asids || !facts->vmids;

	return MICRO_TAKEN | (loose ? MICRO_LOOSE : 0) | (uint64_t)tag->regime.vmid << 16 |
	       tag->regime.asid;
}

struct micro_context *micro_take(struct micro *micro, struct micro_key key,
				 const struct micro_manner *manner)
{
	struct micro_context *context = free_context(micro);
	struct micro_context **bucket = bucket_of(micro, key);

	drop(micro, context);
	rename_all(micro, context);
	context->tag = manner->tag;
	context->sid = manner->sid;
	context->index = manner->index;
	context->sec_sid = manner->sec_sid;
	context->own = line_for(micro, context, key, manner);
	context->next = *bucket;
	*bucket = context;
	*context->whose = whose(&manner->tag);
	micro->taken++;
	place(micro, context);
	if (context->line == &context->own)
		make_way(micro);
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
	wherever.any_asid |= scope->bytes && *context->whose & MICRO_LOOSE;
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

/* What leads to these addresses. */
static void forget_ways(const struct micro *micro, struct shortcuts *shortcuts,
			const struct smmu3_invalidation *scope)
{
	const uint64_t first = tlb_input(scope->addr), last = first + scope->bytes - 1;

	if (!scope->bytes || last < first || last >> 56 ||
	    (last - first) >> MICRO_PAGE_LG2 >= PAGES_MOST) {
		rename_shortcuts(micro, shortcuts);
		return;
	}
	for (uint64_t left = shortcuts->sizes; left; left &= left - 1) {
		const unsigned size_lg2 = (unsigned)__builtin_ctzll(left);

		for (uint64_t i = first >> size_lg2; i <= last >> size_lg2; i++) {
			struct shortcut *place = shortcut_place(shortcuts, i << size_lg2, size_lg2);

			if (shortcut_is_of(place, i << size_lg2, size_lg2))
				place->tag = 0;
		}
	}
}

/* A translation through both stages stays when only stage 2 is meant, as it does in the TLB; the
 * ways to it may lead elsewhere.  4.4.3 */
static void forget_translations(const struct micro *micro, struct micro_context *context,
				const struct smmu3_invalidation *scope)
{
	const bool of_stage1 = context->tag.kind == TLB_STAGE1;
	const bool meant = of_its_regime(context, scope, false);

	if (meant)
		forget_addresses(micro, context, scope);
	if (scope->leaf)
		return;
	if (meant)
		forget_ways(micro, of_stage1 ? &context->stage1 : &context->stage2, scope);
	if (!context->tag.both || !of_its_regime(context, scope, true))
		return;
	rename_shortcuts(micro, &context->stage1);
	rename_shortcuts(micro, &context->stage2);
}

static void forget(struct micro *micro, struct micro_context *context,
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
			drop(micro, context);
		return;
	case SMMU3_INVALIDATES_DPT:
		return;
	default:
		drop(micro, context);
	}
}

/* Whose it is if it is one ASID of one VMID that is meant; 0: others may be, too. */
static uint64_t whose_alone(const struct smmu3_invalidation *scope)
{
	return scope->kind != SMMU3_INVALIDATES_STAGE1 || scope->any_asid || scope->any_vmid ||
			       scope->vmids != 1 ?
		       0 :
		       MICRO_TAKEN | (uint64_t)scope->vmid << 16 | scope->asid;
}

void micro_forget(struct micro *micro, const struct smmu3_invalidation *scope)
{
	const uint64_t alone = whose_alone(scope);

	for (uint32_t i = 0; i < micro->streams; i++) {
		const uint64_t whose = micro->whose[i];

		if (whose && (!alone || whose == alone || whose & MICRO_LOOSE))
			forget(micro, &micro->context[i], scope);
	}
}

void micro_forget_all(struct micro *micro)
{
	for (uint32_t i = 0; i < micro->streams; i++)
		drop(micro, &micro->context[i]);
}
