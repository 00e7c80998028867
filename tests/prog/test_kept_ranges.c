/* SPDX-License-Identifier: MIT */
/* Ranges of pages of each granule, in either stage: what is in the range is gone, its neighbours
 * are not.  4.4.1.1 */
#include "keeping.h"
#include "run.h"

#include <check.h>

/* TG0 of the CD and S2TG of the STE; TG of a command; S2SL0 and the level where 39 bits begin */
static const struct granule {
	unsigned lg2, coded, tg, s2sl0;
	int start;
} granules[] = { { 12, 0, 1, 1, 1 }, { 14, 2, 2, 2, 1 }, { 16, 1, 3, 1, 2 } };

/* Streams of stage 1 and of stage 2 */
static const struct space spaces[] = { { 1, STAGE_1, 3, 5 }, { 2, STAGE_2, 4, 0 } };

enum { PAGES = 12, BLOCK = 1 << PAGES, WHOLE = 2 * BLOCK - 1 };

#define TABLE_OF(level) (RAM_AT + 0x600000 + 0x10000 * (uint64_t)(level))
#define BLOCK_HERE UINT64_C(0x40000000) /* aligned to 512MB */
#define BLOCK_THERE UINT64_C(0x60000000)

static void use_granule(struct machine *m, const struct granule *granule)
{
	uint64_t *cd = ram_at(m, cd_at(&spaces[0], 0)), *ste = ram_at(m, STREAMS_AT + 64 * 2);

	cd[0] |= (uint64_t)granule->coded << 6;
	cd[1] = TABLE_OF(granule->start);
	ste[2] = (ste[2] & ~(UINT64_C(3) << 38)) | (uint64_t)granule->s2sl0 << 38 |
		 (uint64_t)granule->coded << 46;
	ste[3] = TABLE_OF(granule->start);
}

/* The n-th page, or the block, which is the second of level 2. */
static uint64_t input_of(const struct granule *granule, int n)
{
	return n < PAGES ? (uint64_t)n << granule->lg2 : UINT64_C(1) << (2 * granule->lg2 - 3);
}

static void put_pages(struct machine *m, const struct space *space, const struct granule *granule,
		      uint64_t pages, uint64_t block)
{
	const uint64_t leaf = space->config == STAGE_1 ? s1_page(0) : s2_page(0);

	for (int level = granule->start; level < 3; level++)
		put_descriptor(m, TABLE_OF(level), 0, to_table(TABLE_OF(level + 1)));
	for (int n = 0; n < PAGES; n++)
		put_descriptor(m, TABLE_OF(3), (unsigned)n, pages + input_of(granule, n) + leaf);
	put_descriptor(m, TABLE_OF(2), 1, (block | leaf) & ~UINT64_C(2));
}

static uint64_t output_of(const struct granule *granule, int n)
{
	return n < PAGES ? HERE + input_of(granule, n) : BLOCK_HERE;
}

/* All is kept, and has gone THERE since. */
static struct machine *filled(const struct space *space, const struct granule *granule,
			      uint32_t places)
{
	struct machine *m = keeping(places);

	start_machine(m);
	put_space(m, space);
	use_granule(m, granule);
	put_pages(m, space, granule, HERE, BLOCK_HERE);
	for (int n = 0; n <= PAGES; n++)
		ck_assert_uint_eq(reached(m, space->sid, input_of(granule, n)),
				  output_of(granule, n));
	put_pages(m, space, granule, THERE, BLOCK_THERE);
	return m;
}

static unsigned still_here(struct machine *m, const struct space *space,
			   const struct granule *granule)
{
	unsigned here = 0;

	for (int n = 0; n <= PAGES; n++)
		if (would_reach(m, space->sid, input_of(granule, n)) == output_of(granule, n))
			here |= 1u << n;
	return here;
}

static const struct {
	int first; /* a page, or PAGES for the block */
	unsigned num, scale, ttl, gone;
} rows[] = {
	{ 4, 0, 0, 3, 1 << 4 },    { 3, 2, 0, 0, 7 << 3 },    { 0, 3, 0, 3, 15 << 0 },
	{ 2, 1, 1, 0, 15 << 2 },   { 1, 0, 3, 3, 0xff << 1 }, { 11, 30, 0, 3, 1 << 11 },
	{ PAGES, 0, 0, 2, BLOCK }, { PAGES, 7, 0, 0, BLOCK }, { 0, 31, 9, 0, WHOLE },
};

/* CMD_TLBI_NH_VA, _NH_VAA, _S2_IPA */
static const struct command commands[] = { { { 0x12 | UINT64_C(0x50003) << 32, 1 } },
					   { { 0x13 | UINT64_C(3) << 32, 1 } },
					   { { 0x2a | UINT64_C(4) << 32, 1 } } };

static struct command range_of(int command, int row, const struct granule *granule)
{
	struct command all = commands[command];

	all.word[0] |= (uint64_t)rows[row].num << 12 | (uint64_t)rows[row].scale << 20;
	all.word[1] |= input_of(granule, rows[row].first) | (uint64_t)rows[row].ttl << 8 |
		       (uint64_t)granule->tg << 10;
	return all;
}

/* RIL-002 to RIL-004, RIL-008, TLB-29, TLB-30: (NUM + 1) * 2^SCALE pages of the granule that TG
 * names, from an address; a level with TTL */
START_TEST(a_range_removes_its_pages_of_every_granule_and_no_other)
{
	for (int g = 0; g < COUNT(granules); g++) {
		for (int command = 0; command < COUNT(commands); command++) {
			const struct space *space = &spaces[command == 2];
			struct machine *m = filled(space, &granules[g], 256);

			ck_assert_uint_eq(still_here(m, space, &granules[g]), WHOLE);
			finish(m, range_of(command, _i, &granules[g]));
			ck_assert_uint_eq(still_here(m, space, &granules[g]),
					  WHOLE & ~rows[_i].gone);
			close_machine(m);
		}
	}
}
END_TEST

/* TLB-11: where less is kept what is meant is gone, too */
START_TEST(a_range_removes_its_pages_from_caches_of_any_size)
{
	for (int g = 0; g < COUNT(granules); g++) {
		for (uint32_t places = 1; places <= 8; places *= 2) {
			const struct space *space = &spaces[places % 2];
			struct machine *m = filled(space, &granules[g], places);

			finish(m, range_of(places % 2 ? 2 : 1, _i, &granules[g]));
			ck_assert_uint_eq(still_here(m, space, &granules[g]) & rows[_i].gone, 0);
			close_machine(m);
		}
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_range_removes_its_pages_of_every_granule_and_no_other, 0,
			    COUNT(rows));
	tcase_add_loop_test(tests, a_range_removes_its_pages_from_caches_of_any_size, 0,
			    COUNT(rows));
}

int main(void)
{
	return run("kept_ranges", add);
}
