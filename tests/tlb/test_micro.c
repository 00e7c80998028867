/* SPDX-License-Identifier: MIT */
/* Micro-TLBs: whose lines they are, what they find, and what an invalidation leaves of them.  3.17,
 * 3.21.1, 4.3, 4.4 */
#include "support/suite.h"
#include "tlb/micro.h"

#include <check.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))
#define TOP (UINT64_C(1) << 56)

static struct micro *with(uint32_t entries, uint32_t streams)
{
	struct micro *micro = malloc(sizeof(*micro));

	ck_assert_ptr_nonnull(micro);
	ck_assert(micro_init(micro, entries, streams));
	return micro;
}

static void done(struct micro *micro)
{
	micro_free(micro);
	free(micro);
}

static struct micro_key key_of(uint32_t sid, uint32_t ssid)
{
	const struct smmu3_txn txn = { .sid = sid, .ssid = ssid };

	return micro_key_of(&txn);
}

/* Data that lets every access through, and says a number. */
static uint64_t data_of(uint64_t number)
{
	return number << SMMU3_HIT_PAGE | 12 << SMMU3_HIT_SIZE;
}

/* What there is of an address; 0: nothing. */
static uint64_t find(const struct micro *micro, struct micro_key key, uint64_t addr)
{
	const struct micro_line *line = micro_slot(micro, key, false);

	return micro_line_is(line, key, false) ? micro_data(line, addr, 0, false) : 0;
}

/* A stream of stage 1, ASID 5, VMID 3. */
static const struct micro_manner of_stage1 = { .tag = { .regime = { .vmid = 3, .asid = 5 },
							.kind = TLB_STAGE1 } };

/* ---- Sizes ---- */

/* 3.21: powers of two up to 1024, or none of both */
START_TEST(sizes_are_powers_of_two)
{
	static const struct {
		uint32_t entries, streams;
		bool legal;
	} rows[] = {
		{ 0, 0, true },       { 1, 1, true },           { 64, 16, true },
		{ 1024, 1024, true }, { 0, 1, false },          { 1, 0, false },
		{ 3, 4, false },      { 4, 3, false },          { 2048, 16, false },
		{ 16, 2048, false },  { 1, UINT32_MAX, false },
	};

	for (int i = 0; i < COUNT(rows); i++)
		ck_assert_int_eq(micro_sizes_legal(rows[i].entries, rows[i].streams),
				 rows[i].legal);
}
END_TEST

/* 3.21: of no stream, and in all of what has just been made */
START_TEST(nothing_is_found_where_nothing_was_filled)
{
	static const uint32_t rows[][2] = { { 0, 0 }, { 1, 1 }, { 64, 1 }, { 64, 16 } };
	struct micro *micro = with(rows[_i][0], rows[_i][1]);

	for (uint32_t sid = 0; sid < 100; sid++) {
		const struct micro_key key = key_of(sid, 0);
		const struct micro_line *line = micro_slot(micro, key, false);

		ck_assert(!micro_line_is(line, key, false));
		ck_assert_uint_eq(micro_data(line, 0, 0, false), 0);
		ck_assert_uint_eq(micro_data(line, (uint64_t)sid << 12, 0, false), 0);
		ck_assert_uint_eq(micro_data(line, ~UINT64_C(0), 0, false), 0);
	}
	done(micro);
}
END_TEST

/* ---- Lines ---- */

/* TLB-01: all of a transaction but its address and access says whose it is */
START_TEST(a_line_is_of_one_stream_alone)
{
	const struct smmu3_txn like = { .sid = 7, .ssid = 3, .flags = SMMU3_TXN_SSV };
	struct smmu3_txn other[] = { like, like, like, like, like, like };
	struct micro *micro = with(16, 4);
	struct micro_context *context = micro_take(micro, micro_key_of(&like), &of_stage1);

	other[0].sid++;
	other[1].ssid++;
	other[2].flags = 0;
	other[3].sec_sid = SMMU3_PAS_SECURE;
	other[4].txn_class = SMMU3_CLASS_ATOMIC;
	other[5].attr.mair = 0x44;
	micro_fill(context, 0x5000, data_of(1), 12, false);
	ck_assert_uint_eq(find(micro, micro_key_of(&like), 0x5fff), data_of(1));
	for (int i = 0; i < COUNT(other); i++)
		ck_assert_uint_eq(find(micro, micro_key_of(&other[i]), 0x5000), 0);
	done(micro);
}
END_TEST

/* PERM-01: permission is asked on each use, of each kind of access */
START_TEST(who_lacks_a_permission_finds_nothing)
{
	struct micro_manner manner = of_stage1;
	struct micro *micro = with(16, 1);

	for (unsigned i = 0; i < 8; i++)
		manner.access[i].needs = (uint8_t)(1 << i % 6);
	struct micro_context *context = micro_take(micro, key_of(1, 0), &manner);

	for (unsigned missing = 0; missing < 64; missing++) {
		micro_fill(context, 0x5000, data_of(1) | missing, 12, false);
		for (unsigned i = 0; i < 8; i++) {
			const unsigned flags = i << 1; /* WRITE, INSTRUCTION, PRIVILEGED */
			const bool lacks = missing & 1u << i % 6;

			ck_assert_int_eq(!micro_data(context->line, 0x5000, flags, false), lacks);
		}
	}
	done(micro);
}
END_TEST

static uint64_t next(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

/* Every context with a line is found by its key, and by its slot if there are few. */
static unsigned count_lines(const struct micro *micro)
{
	unsigned lines = 0, slots = 0;

	for (uint32_t i = 0; i < micro->streams; i++) {
		const struct micro_context *context = &micro->context[i];

		if (!context->line)
			continue;
		const struct micro_key key = { context->line->stream, context->line->kind };

		ck_assert_ptr_eq(micro_context_of(micro, key), context);
		slots += micro_slot(micro, key, false) == context->line;
		lines++;
	}
	ck_assert_uint_le(lines - slots, micro->streams > 32 ? micro->streams / 8 : 0);
	return lines;
}

/* TLB-01: streams whose keys are unlike, or alike but for a bit: all have a line, until there are
 * more than contexts; then one goes for each that comes */
START_TEST(lines_never_meet)
{
	static const uint32_t sizes[] = { 2, 4, 16, 32, 64, 256 };
	const uint32_t streams = sizes[_i];
	struct micro *micro = with(2, streams);
	uint64_t random = 1 + (uint64_t)_i;

	for (uint32_t n = 0; n < 16 * streams; n++) {
		const uint32_t sid = n & 1 ? (uint32_t)next(&random) : n;
		const struct micro_key key = key_of(sid, (uint32_t)(next(&random) & 0xfffff));
		const unsigned before = count_lines(micro);
		const struct micro_context *context = micro_take(micro, key, &of_stage1);

		ck_assert_ptr_eq(micro_context_of(micro, key), context);
		const unsigned now = count_lines(micro);

		ck_assert_uint_eq(now, before < streams ? before + 1 : streams);
	}
	done(micro);
}
END_TEST

/* TLB-01: where each place is taken, who comes for the first time gets none, and the second time
 * one
 */
START_TEST(who_comes_once_puts_nobody_out)
{
	struct micro *micro = with(4, 2);

	for (uint32_t sid = 0; sid < 2; sid++) {
		ck_assert(micro_has_room(micro, key_of(sid, 0)));
		(void)micro_take(micro, key_of(sid, 0), &of_stage1);
	}
	ck_assert(!micro_has_room(micro, key_of(2, 0)));
	ck_assert(!micro_has_room(micro, key_of(3, 0)));
	ck_assert(micro_has_room(micro, key_of(2, 0)) || micro_has_room(micro, key_of(2, 0)));
	micro_forget_all(micro);
	ck_assert(micro_has_room(micro, key_of(4, 0)));
	done(micro);
}
END_TEST

/* TLB-01: whose place is taken finds nothing, even when it comes back */
START_TEST(who_was_put_out_has_nothing_left)
{
	struct micro *micro = with(4, 2);

	for (uint32_t sid = 0; sid < 8; sid++) {
		struct micro_context *context = micro_take(micro, key_of(sid, 0), &of_stage1);

		ck_assert_uint_eq(find(micro, key_of(sid, 0), 0x1000), 0);
		micro_fill(context, 0x1000, data_of(sid + 1), 12, false);
	}
	for (uint32_t sid = 0; sid < 6; sid++)
		ck_assert_uint_eq(find(micro, key_of(sid, 0), 0x1000), 0);
	micro_take(micro, key_of(0, 0), &of_stage1);
	ck_assert_uint_eq(find(micro, key_of(0, 0), 0x1000), 0);
	done(micro);
}
END_TEST

/* Who reads a line while another writes it may get its parts of different times: whatever entries
 * it ever has, they are as many as any size of it says.  3.21 */
START_TEST(parts_of_a_line_fit_each_other_at_any_time)
{
	enum { STREAMS = 2, ENTRIES = 64 };
	struct micro *micro = with(ENTRIES, STREAMS);
	const uint64_t slots = micro->mask / sizeof(struct micro_line) + 1;

	for (uint32_t sid = 0; sid < 8; sid++) {
		for (uint64_t i = 0; i < slots; i++) {
			const struct micro_line *line = &micro->slot[i];

			ck_assert(line->entry == micro->context[0].entry ||
				  line->entry == micro->context[1].entry);
			ck_assert_uint_eq(line->last, ENTRIES - 1);
		}
		micro_take(micro, key_of(sid, 0), &of_stage1);
		if (sid % 3 == 2)
			micro_forget_all(micro);
	}
	done(micro);
}
END_TEST

/* ---- Names ---- */

/* TLB-35: what was forgotten does not come back when names are used again */
START_TEST(a_name_that_comes_again_brings_nothing_back)
{
	static const struct smmu3_invalidation scope = {
		.kind = SMMU3_INVALIDATES_STAGE1, .vmid = 3, .vmids = 1, .asid = 5
	};
	struct micro *micro = with(4, 2);
	struct micro_context *context = micro_take(micro, key_of(1, 0), &of_stage1);
	struct shortcut *way = shortcut_place(&context->stage1, 0x200000, 21);

	micro_fill(context, 0x1000, data_of(1), 12, false);
	way->tag = shortcut_tag(&context->stage1, 0x200000, 21);
	ck_assert_uint_eq(find(micro, key_of(1, 0), 0x1000), data_of(1));
	ck_assert_ptr_eq(shortcut_find(&context->stage1, 0x200000, 21), way);
	for (unsigned i = 0; i < 3 * MICRO_NAMES; i++) {
		micro_forget(micro, &scope);
		ck_assert_uint_eq(find(micro, key_of(1, 0), 0x1000), 0);
		ck_assert_ptr_null(shortcut_find(&context->stage1, 0x200000, 21));
	}
	micro_fill(context, 0x2000, data_of(2), 12, false);
	ck_assert_uint_eq(find(micro, key_of(1, 0), 0x2000), data_of(2));
	done(micro);
}
END_TEST

/* The tag of what was never filled is no page's, whatever name its stream has: 0 would be page 0
 * by name 0.  3.17 */
START_TEST(page_0_is_a_page_like_others)
{
	struct micro *micro = with(4, 2);
	struct micro_context *context = micro_take(micro, key_of(1, 0), &of_stage1);

	for (unsigned i = 0; i < MICRO_NAMES + 2; i++) {
		ck_assert_uint_eq(find(micro, key_of(1, 0), 0), 0);
		micro_fill(context, 0, data_of(i + 1), 12, false);
		ck_assert_uint_eq(find(micro, key_of(1, 0), 0xfff), data_of(i + 1));
		micro_forget_all(micro);
		context = micro_take(micro, key_of(1, 0), &of_stage1);
	}
	done(micro);
}
END_TEST

/* TLB-35, CFG-03: who does not look whose a line is, as a handle of one stream, finds nothing in
 * one that is nobody's, whatever name it had */
START_TEST(a_line_of_nobody_answers_nothing)
{
	struct micro *micro = with(4, 1);

	for (unsigned i = 0; i < MICRO_NAMES + 2; i++) {
		struct micro_context *context = micro_take(micro, key_of(1, 0), &of_stage1);

		micro_fill(context, 0x1000, data_of(i + 1), 12, false);
		ck_assert_uint_eq(micro_data(micro->slot, 0x1000, 0, false), data_of(i + 1));
		micro_forget_all(micro);
		ck_assert_uint_eq(micro_data(micro->slot, 0x1000, 0, false), 0);
	}
	done(micro);
}
END_TEST

/* ---- What an invalidation forgets ---- */

/* VMID 3 and ASID 5 are those of the stream. */
#define BY_VA(the_vmid, the_asid, the_addr, the_bytes, ...)                           \
	{                                                                             \
		.kind = SMMU3_INVALIDATES_STAGE1, .vmid = the_vmid, .asid = the_asid, \
		.addr = the_addr, .bytes = the_bytes, __VA_ARGS__                     \
	}
#define PAGES(addr, bytes) BY_VA(3, 5, addr, bytes, .vmids = 1, .leaf = 1)

/* Pages 4 to 9 of ASID 5, VMID 3, in a micro-TLB of 8: what is left of them, by 1 << page. */
static const struct {
	struct smmu3_invalidation scope;
	unsigned left;
} shapes[] = {
	/* TLB-18, CMD-TLBI-NH-VA: a page, and its neighbours stay */
	{ PAGES(0x5000, 0x1000), 0x3d0 },
	{ BY_VA(3, 5, 0x5000, 0x1000, .vmids = 1), 0x3d0 },
	{ PAGES(0xd000, 0x1000), 0x3f0 }, /* has the place of page 5 */
	/* RIL-001, TLB-29: ranges */
	{ PAGES(0x5000, 0x3000), 0x310 },
	{ PAGES(0x0, 0x5000), 0x3e0 },
	{ PAGES(0x0, 0x10000), 0 },
	/* TLB-28: less than a page, and what is in two */
	{ PAGES(0x5000, 0x800), 0x3d0 },
	{ PAGES(0x5000, 1), 0x3d0 },
	{ PAGES(0x5000, 0x1001), 0x390 },
	{ PAGES(0x5800, 0x1000), 0x390 },
	/* TLB-29: what leaves the 56 bits that count goes all the way */
	{ PAGES(TOP - 0x1000, 0x2000), 0 },
	{ PAGES(TOP - 0x1000, 0x1000), 0x3f0 },
	/* TLB-01: the byte above bit 55 does not count */
	{ PAGES(UINT64_C(0xff) << 56 | 0x5000, 0x1000), 0x3d0 },
	/* TLB-16, TLB-17: without an address */
	{ BY_VA(3, 5, 0, 0, .vmids = 1), 0 },
	{ BY_VA(3, 0, 0, 0, .vmids = 1, .any_asid = 1), 0 },
	/* another ASID, another VMID, several VMIDs */
	{ BY_VA(3, 6, 0, 0, .vmids = 1), 0x3f0 },
	{ BY_VA(3, 6, 0x5000, 0x1000, .vmids = 1), 0x3f0 },
	{ BY_VA(4, 5, 0, 0, .vmids = 1), 0x3f0 },
	{ BY_VA(2, 5, 0, 0, .vmids = 2), 0 },
	{ BY_VA(4, 5, 0, 0, .any_vmid = 1), 0 },
	/* TLB-23: stage 2's */
	{ { .kind = SMMU3_INVALIDATES_STAGE2, .vmid = 3, .vmids = 1 }, 0x3f0 },
	{ { .kind = SMMU3_INVALIDATES_STAGES, .vmid = 3, .vmids = 1, .any_asid = 1 }, 0 },
	/* TLB-08, TLB-20: of another state or world */
	{ BY_VA(3, 5, 0, 0, .vmids = 1, .sec_sid = SMMU3_PAS_SECURE), 0x3f0 },
	{ BY_VA(3, 5, 0, 0, .vmids = 1, .worlds = SMMU3_WORLD_EL2), 0x3f0 },
	/* CFG-03 to CFG-05: its stream, its CD, or not */
	{ { .kind = SMMU3_INVALIDATES_STREAM, .sid = 1, .sids = 1 }, 0 },
	{ { .kind = SMMU3_INVALIDATES_STREAM, .sid = 0, .sids = 2 }, 0 },
	{ { .kind = SMMU3_INVALIDATES_STREAM, .sid = 2, .sids = 8 }, 0x3f0 },
	{ { .kind = SMMU3_INVALIDATES_STREAM, .sid = 0, .sids = 1 }, 0x3f0 },
	{ { .kind = SMMU3_INVALIDATES_CONTEXT, .sid = 1, .sids = 1, .ssid = 2 }, 0 },
	{ { .kind = SMMU3_INVALIDATES_CONTEXT, .sid = 1, .sids = 1, .ssid = 3 }, 0x3f0 },
	{ { .kind = SMMU3_INVALIDATES_CONTEXT, .sid = 1, .sids = 1, .any_ssid = 1 }, 0 },
	{ { .kind = SMMU3_INVALIDATES_STREAM, .sec_sid = 1, .sid = 1, .sids = 1 }, 0x3f0 },
	/* 6.3.62, 3.25.5 */
	{ { .kind = SMMU3_INVALIDATES_ALL }, 0 },
	{ { .kind = SMMU3_INVALIDATES_GPT, .sec_sid = SMMU3_PAS_ROOT, .bytes = 0x1000 }, 0 },
	{ { .kind = SMMU3_INVALIDATES_DPT, .bytes = 0x1000 }, 0x3f0 },
};

/* Of another manner: context 2 of stream 1. */
static struct micro *with_pages(unsigned size_lg2, bool global)
{
	struct micro *micro = with(8, 4);
	struct micro_manner manner = of_stage1;

	manner.sid = 1;
	manner.index = 2;
	struct micro_context *context = micro_take(micro, key_of(1, 2), &manner);

	for (uint64_t page = 4; page < 10; page++)
		micro_fill(context, page << 12, data_of(page), size_lg2, global);
	return micro;
}

static unsigned left(const struct micro *micro)
{
	unsigned pages = 0;

	for (unsigned page = 4; page < 10; page++)
		if (find(micro, key_of(1, 2), (uint64_t)page << 12)) {
			ck_assert_uint_eq(find(micro, key_of(1, 2), (uint64_t)page << 12),
					  data_of(page));
			pages |= 1u << page;
		}
	return pages;
}

START_TEST(each_shape_forgets_what_it_means)
{
	struct micro *micro = with_pages(12, false);

	ck_assert_uint_eq(left(micro), 0x3f0);
	micro_forget(micro, &shapes[_i].scope);
	ck_assert_uint_eq(left(micro), shapes[_i].left);
	done(micro);
}
END_TEST

/* TLB-28: parts of a block or contiguous group go with any address in it */
START_TEST(parts_of_a_block_go_together)
{
	const struct smmu3_invalidation scope = PAGES(0x1f000, 0x1000);
	struct micro *micro = with_pages(21, false);

	micro_forget(micro, &scope);
	ck_assert_uint_eq(left(micro), 0);
	done(micro);
}
END_TEST

/* TLB-18: by address and another ASID what is global of the address goes */
START_TEST(global_pages_go_by_address)
{
	const struct smmu3_invalidation scope = BY_VA(3, 6, 0x5000, 0x1000, .vmids = 1);
	struct micro *micro = with_pages(12, true);

	micro_forget(micro, &scope);
	ck_assert_uint_eq(left(micro), 0x3d0);
	done(micro);
}
END_TEST

/* ---- Random ---- */

enum { STREAMS = 8, PLACES = 8, STEPS = 40000, LISTED = 256 };

/* What was filled, in a plain list: a translation, or the table on the way to it. */
struct listed {
	bool alive, table;
	uint8_t stage; /* of a table: whose ways it is among */
	unsigned stream;
	uint64_t addr, data;
	struct tlb_tag tag;
};

struct comparison {
	struct micro *micro;
	uint64_t random, number;
	struct listed list[LISTED];
	unsigned at;
};

static uint64_t chance(struct comparison *c, uint64_t n)
{
	return next(&c->random) % n;
}

static struct micro_key key_of_stream(unsigned stream)
{
	return key_of(stream / 2, stream % 2);
}

static struct micro_manner random_manner(struct comparison *c, unsigned stream)
{
	static const uint8_t worlds[] = { NS_EL1, NS_EL1, NS_EL2, NS_EL2_E2H, S_EL1 };
	struct micro_manner manner = { .sid = stream / 2, .index = stream % 2 };
	const uint8_t world = worlds[chance(c, COUNT(worlds))];
	const bool both = chance(c, 3) == 0 && stream_worlds[world].vmids;

	manner.sec_sid = stream_worlds[world].sec_sid;
	manner.tag.regime.world = world;
	manner.tag.regime.vmid = stream_worlds[world].vmids ? (uint16_t)chance(c, 3) : 0;
	manner.tag.regime.asid = stream_worlds[world].asids ? (uint16_t)chance(c, 3) : 0;
	manner.tag.kind = both || chance(c, 3) || !stream_worlds[world].vmids ? TLB_STAGE1 :
										TLB_STAGE2;
	manner.tag.both = both;
	return manner;
}

static uint64_t random_address(struct comparison *c)
{
	static const uint64_t bases[] = { 0, 0, 0x200000, TOP - 0x8000, UINT64_C(0xab) << 56 };

	return bases[chance(c, COUNT(bases))] + (chance(c, 8) << 12);
}

static void add_listed(struct comparison *c, const struct listed *item)
{
	c->list[c->at] = *item;
	c->at = (c->at + 1) % LISTED;
}

static void fill_something(struct comparison *c, struct micro_context *context, unsigned stream)
{
	static const uint8_t sizes[] = { 12, 12, 12, 12, 14, 16, 21 };
	const uint64_t addr = random_address(c);
	const uint8_t size_lg2 = sizes[chance(c, COUNT(sizes))];
	const bool global = context->tag.kind == TLB_STAGE1 && chance(c, 4) == 0;
	struct listed item = { .alive = true,
			       .stream = stream,
			       .addr = addr,
			       .data = data_of(++c->number),
			       .tag = context->tag };

	item.tag.input = tlb_input(addr);
	item.tag.size_lg2 = 12;
	item.tag.origin_lg2 = size_lg2;
	item.tag.global = global;
	micro_fill(context, addr, item.data, size_lg2, global);
	add_listed(c, &item);
}

/* The last table on the way, of 2MB. */
static void note_something(struct comparison *c, struct micro_context *context, unsigned stream)
{
	const bool second = context->tag.kind == TLB_STAGE2 || (context->tag.both && chance(c, 2));
	struct shortcuts *ways = second ? &context->stage2 : &context->stage1;
	struct listed item = { .alive = true,
			       .table = true,
			       .stage = second ? 2 : 1,
			       .stream = stream,
			       .addr = random_address(c),
			       .data = ++c->number,
			       .tag = context->tag };

	item.tag.kind = second ? TLB_STAGE2 : TLB_STAGE1;
	item.tag.input = align_down(tlb_input(item.addr), 21);
	item.tag.size_lg2 = item.tag.origin_lg2 = 21;
	ways->sizes |= UINT64_C(1) << 21;
	*shortcut_place(ways, item.addr,
			21) = (struct shortcut){ .tag = shortcut_tag(ways, item.addr, 21),
						 .hierarchy = item.data };
	add_listed(c, &item);
}

static void use_some_stream(struct comparison *c)
{
	const unsigned stream = (unsigned)chance(c, 2 * STREAMS);
	const struct micro_key key = key_of_stream(stream);
	struct micro_context *context = micro_context_of(c->micro, key);

	if (!context) {
		const struct micro_manner manner = random_manner(c, stream);

		context = micro_take(c->micro, key, &manner);
	}
	if (chance(c, 3))
		fill_something(c, context, stream);
	else
		note_something(c, context, stream);
}

static struct smmu3_invalidation random_scope(struct comparison *c)
{
	static const uint64_t bytes[] = { 0, 1, 0x800, 0x1000, 0x1000, 0x1800, 0x4000, 0x200000 };
	static const uint8_t kinds[] = { SMMU3_INVALIDATES_STAGE1,  SMMU3_INVALIDATES_STAGE1,
					 SMMU3_INVALIDATES_STAGE1,  SMMU3_INVALIDATES_STAGE2,
					 SMMU3_INVALIDATES_STAGES,  SMMU3_INVALIDATES_STREAM,
					 SMMU3_INVALIDATES_CONTEXT, SMMU3_INVALIDATES_DPT };

	return (struct smmu3_invalidation){
		.kind = chance(c, 100) ? kinds[chance(c, COUNT(kinds))] : SMMU3_INVALIDATES_ALL,
		.sec_sid = chance(c, 4) ? SMMU3_PAS_NS : SMMU3_PAS_SECURE,
		.any_asid = chance(c, 4) == 0,
		.any_vmid = chance(c, 4) == 0,
		.any_ssid = chance(c, 4) == 0,
		.leaf = (uint8_t)chance(c, 2),
		.asid = (uint16_t)chance(c, 3),
		.vmid = (uint16_t)chance(c, 3),
		.vmids = (uint16_t)(1 + chance(c, 2)),
		.worlds = (uint8_t)(chance(c, 2) ? 0 : 1 + chance(c, 7)),
		.ipa_pas = chance(c, 2) ? SMMU3_PAS_NS : SMMU3_PAS_SECURE,
		.addr = random_address(c) + (chance(c, 4) ? 0 : 0x800),
		.bytes = bytes[chance(c, COUNT(bytes))],
		.sids = 1 + chance(c, 3),
		.sid = (uint32_t)chance(c, STREAMS),
		.ssid = (uint32_t)chance(c, 2),
	};
}

/* What commands for structures reach goes with them. */
static bool structure_is_meant(const struct listed *item, const struct smmu3_invalidation *scope)
{
	const uint32_t sid = item->stream / 2;
	const bool stream = stream_worlds[item->tag.regime.world].sec_sid == scope->sec_sid &&
			    sid >= scope->sid && sid - scope->sid < scope->sids;

	if (scope->kind == SMMU3_INVALIDATES_CONTEXT)
		return stream && (scope->any_ssid || scope->ssid == item->stream % 2);
	return stream && scope->kind == SMMU3_INVALIDATES_STREAM;
}

static bool item_is_meant(const struct listed *item, const struct smmu3_invalidation *scope)
{
	if (structure_is_meant(item, scope))
		return true;
	return tag_is_meant(&item->tag, scope) && !(item->table && scope->leaf);
}

static bool still_there(struct comparison *c, const struct listed *item)
{
	const struct micro_key key = key_of_stream(item->stream);
	const struct micro_context *context = micro_context_of(c->micro, key);

	if (!item->table)
		return find(c->micro, key, item->addr) == item->data;
	if (!context)
		return false;
	const struct shortcut *way = shortcut_find(item->stage == 2 ? &context->stage2 :
								      &context->stage1,
						   item->addr, 21);

	return way && way->hierarchy == item->data;
}

/* How many of the list that are alive are there; of those that are not none is. */
static unsigned compare(struct comparison *c)
{
	unsigned there = 0;

	for (int i = 0; i < LISTED; i++) {
		const bool is = c->list[i].data && still_there(c, &c->list[i]);

		if (is && !c->list[i].alive)
			ck_abort_msg("number %d of the list is still there", i);
		there += is;
	}
	return there;
}

/* TLB-16 to TLB-20, TLB-23, TLB-25 to TLB-29, TLB-35, CFG-03 to CFG-05: nothing that an
 * invalidation means, by the rule of the TLB, is ever found again */
START_TEST(nothing_that_is_meant_survives)
{
	struct comparison *c = calloc(1, sizeof(*c));
	uint64_t found = 0;

	ck_assert_ptr_nonnull(c);
	c->micro = with(PLACES, STREAMS);
	c->random = (uint64_t)_i + 1;
	for (unsigned step = 0; step < STEPS; step++) {
		if (chance(c, 8)) {
			use_some_stream(c);
			continue;
		}
		const struct smmu3_invalidation scope = random_scope(c);

		for (int i = 0; i < LISTED; i++)
			if (item_is_meant(&c->list[i], &scope))
				c->list[i].alive = false;
		micro_forget(c->micro, &scope);
		found += compare(c);
	}
	ck_assert_uint_gt(found, STEPS / 8); /* it is not that nothing is kept */
	done(c->micro);
	free(c);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, sizes_are_powers_of_two);
	tcase_add_loop_test(tests, nothing_is_found_where_nothing_was_filled, 0, 4);
	tcase_add_test(tests, a_line_is_of_one_stream_alone);
	tcase_add_test(tests, who_lacks_a_permission_finds_nothing);
	tcase_add_loop_test(tests, lines_never_meet, 0, 6);
	tcase_add_test(tests, who_comes_once_puts_nobody_out);
	tcase_add_test(tests, who_was_put_out_has_nothing_left);
	tcase_add_test(tests, parts_of_a_line_fit_each_other_at_any_time);
	tcase_add_test(tests, a_name_that_comes_again_brings_nothing_back);
	tcase_add_test(tests, page_0_is_a_page_like_others);
	tcase_add_test(tests, a_line_of_nobody_answers_nothing);
	tcase_add_loop_test(tests, each_shape_forgets_what_it_means, 0, COUNT(shapes));
	tcase_add_test(tests, parts_of_a_block_go_together);
	tcase_add_test(tests, global_pages_go_by_address);
	tcase_add_loop_test(tests, nothing_that_is_meant_survives, 0, 6);
}

int main(void)
{
	return run_suite("micro", add);
}
