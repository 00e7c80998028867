/* SPDX-License-Identifier: MIT */
/* Circular buffers by their rules.  3.5.1 */
#include "prog/queue.h"
#include "run.h"
#include "world.h"

#include <check.h>

/* A queue by its raw indexes.  contradicts: PROD and CONS are more than a queue apart. */
struct row {
	unsigned size_lg2;
	uint32_t prod, cons;
	uint32_t filled;
	bool empty, full, contradicts;
};

/* all entries may be full; every legal start is one */
static const struct row legal[] = {
	{ 3, 0x0, 0x0, 0, true, false, false },
	{ 3, 0xf, 0xf, 0, true, false, false },
	{ 3, 0x8, 0x8, 0, true, false, false },
	{ 3, 0x5, 0x2, 3, false, false, false }, /* PROD > CONS, equal wrap */
	{ 3, 0xa, 0x5, 5, false, false, false }, /* PROD < CONS, different wrap */
	{ 3, 0x2, 0xd, 5, false, false, false }, /* the flag has turned over twice */
	{ 3, 0x7, 0x0, 7, false, false, false },
	{ 3, 0x8, 0x0, 8, false, true, false },
	{ 3, 0x0, 0x8, 8, false, true, false },
	{ 3, 0x3, 0xb, 8, false, true, false },
	{ 3, 0xb, 0x3, 8, false, true, false },
	{ 0, 0x0, 0x0, 0, true, false, false }, /* one entry: the wrap flag alone */
	{ 0, 0x1, 0x1, 0, true, false, false },
	{ 0, 0x1, 0x0, 1, false, true, false },
	{ 0, 0x0, 0x1, 1, false, true, false },
	{ 7, 0x80, 0x00, 128, false, true, false }, /* 128 entries: index [6:0], wrap [7] */
	{ 7, 0x7f, 0x00, 127, false, false, false },
	{ 19, 0x80000, 0x00000, 0x80000, false, true, false },
	{ 19, 0xfffff, 0x7ffff, 0x80000, false, true, false },
	{ 19, 0x00000, 0xfffff, 1, false, false, false },
	/* bits above the wrap flag count for nothing: Q-012 */
	{ 3, 0xfff5, 0x2, 3, false, false, false },
	{ 3, 0x5, 0x80000ff2, 3, false, false, false },
	{ 7, 0xfff00, 0x00000, 0, true, false, false },
	{ 0, 0xffffe, 0x0, 0, true, false, false },
};

/* PROD > CONS with another wrap flag, PROD < CONS with the same */
static const struct row contradictory[] = {
	{ 3, 0x9, 0x0, 9, false, true, true },     { 3, 0x1, 0x8, 9, false, true, true },
	{ 3, 0x2, 0x5, 13, false, true, true },    { 3, 0xa, 0xd, 13, false, true, true },
	{ 3, 0xf, 0x0, 15, false, true, true },    { 3, 0x0, 0x1, 15, false, true, true },
	{ 7, 0x81, 0x00, 129, false, true, true }, { 19, 0x0, 0x1, 0xfffff, false, true, true },
};

static void expect(const struct row *row)
{
	const struct queue queue = queue_of(row->prod, row->cons, row->size_lg2);

	ck_assert_uint_eq(queue_filled(&queue), row->filled);
	ck_assert_int_eq(queue_empty(&queue), row->empty);
	ck_assert_int_eq(queue_full(&queue), row->full);
	ck_assert_uint_eq(queue_waiting(&queue), row->contradicts ? 0 : row->filled);
}

START_TEST(index_and_wrap_flag_tell_how_full_a_queue_is)
{
	expect(&legal[_i]);
}
END_TEST

/* nothing is consumed from such a queue, and such an output queue is full */
START_TEST(indexes_that_contradict_each_other_stop_a_queue)
{
	expect(&contradictory[_i]);
}
END_TEST

/* */
START_TEST(past_the_top_the_index_is_0_and_the_wrap_flag_turns_over)
{
	static const struct {
		unsigned size_lg2;
		uint32_t from, to;
	} rows[] = {
		{ 3, 0x0, 0x1 },   { 3, 0x6, 0x7 },          { 3, 0x7, 0x8 },    { 3, 0xe, 0xf },
		{ 3, 0xf, 0x0 },   { 0, 0x0, 0x1 },          { 0, 0x1, 0x0 },    { 7, 0x7f, 0x80 },
		{ 7, 0xff, 0x00 }, { 19, 0x7ffff, 0x80000 }, { 19, 0xfffff, 0 },
	};

	for (int i = 0; i < COUNT(rows); i++)
		ck_assert_uint_eq(queue_next(rows[i].from, rows[i].size_lg2), rows[i].to);
}
END_TEST

/* the entry is the index without its flag */
START_TEST(the_wrap_flag_is_no_part_of_the_place)
{
	static const struct {
		unsigned size_lg2;
		uint32_t index;
		uint64_t entry;
	} rows[] = {
		{ 3, 0x7, 7 },
		{ 3, 0x8, 0 },
		{ 3, 0xd, 5 },
		{ 0, 0x1, 0 },
		{ 19, 0xfffff, 0x7ffff },
		{ 19, 0x80000, 0 },
	};

	for (int i = 0; i < COUNT(rows); i++)
		ck_assert_uint_eq(queue_entry(rows[i].index, rows[i].size_lg2), rows[i].entry);
}
END_TEST

/* an index and a flag above it */
START_TEST(an_index_has_a_bit_more_than_its_queue)
{
	static const uint32_t masks[] = { 0x1, 0x3, 0x7, 0xf };

	for (unsigned lg2 = 0; lg2 < 4; lg2++)
		ck_assert_uint_eq(queue_index_mask(lg2), masks[lg2]);
	ck_assert_uint_eq(queue_index_mask(19), 0xfffff);
}
END_TEST

/* ---- As registers have them ---- */

/* What the SMMU owns, CMDQ_CONS.RD and EVENTQ_PROD.WR, has the index and the wrap flag of the
 * queue's size, capped at IDR1.CMDQS and EVENTQS; software's own index stores all it has.  Q-001,
 * 6.3.26 to 6.3.28, 6.3.95 */
static const struct {
	const char *profile;
	uint32_t log2size, cons, prod;
} sizes[] = {
	{ "generic-3.1", 0, 0x1, 0x80000001 },
	{ "generic-3.1", 1, 0x3, 0x80000003 },
	{ "generic-3.1", 7, 0xff, 0x800000ff },
	{ "generic-3.1", 18, 0x7ffff, 0x8007ffff },
	{ "generic-3.1", 19, 0xfffff, 0x800fffff },
	{ "generic-3.1", 20, 0xfffff, 0x800fffff },
	{ "generic-3.1", 31, 0xfffff, 0x800fffff },
	{ "minimal-3.0", 7, 0xff, 0x800000ff }, /* CMDQS 8, EVENTQS 7 */
	{ "minimal-3.0", 8, 0x1ff, 0x800000ff },
	{ "minimal-3.0", 31, 0x1ff, 0x800000ff },
};

START_TEST(an_index_of_the_smmus_has_the_bits_of_its_queue)
{
	struct world w = world(sizes[_i].profile);

	write64(&w, 0x90, sizes[_i].log2size);
	write64(&w, 0xa0, sizes[_i].log2size);
	ck_assert_uint_eq(read64(&w, 0x90), sizes[_i].log2size);
	ck_assert_uint_eq(read64(&w, 0xa0), sizes[_i].log2size);
	write64(&w, 0x98, UINT64_MAX);
	write64(&w, 0x100a8, UINT64_MAX);
	ck_assert_uint_eq(read32(&w, 0x9c), sizes[_i].cons);
	ck_assert_uint_eq(read32(&w, 0x100a8), sizes[_i].prod);
	ck_assert_uint_eq(read32(&w, 0x98), 0xfffff);
	ck_assert_uint_eq(read32(&w, 0x100ac), 0x800fffff);
}
END_TEST

/* so has that of the PRI queue.  6.3.97 */
START_TEST(the_index_of_the_pri_queue_has_the_bits_of_its_queue)
{
	static const struct {
		uint64_t log2size;
		uint32_t prod;
	} rows[] = {
		{ 0, 0x80000001 },
		{ 7, 0x800000ff },
		{ 9, 0x800003ff },
		{ 10, 0x800003ff },
		{ 31, 0x800003ff },
	};
	struct smmu3_config config = profile_config("max");

	config.idr[1] = (config.idr[1] & ~0xf800u) | 9 << 11; /* PRIQS 9 */
	for (int i = 0; i < COUNT(rows); i++) {
		struct world w = world_of(config);

		write64(&w, 0xc0, rows[i].log2size);
		write64(&w, 0x100c8, UINT64_MAX);
		ck_assert_uint_eq(read32(&w, 0x100c8), rows[i].prod);
		ck_assert_uint_eq(read32(&w, 0x100cc), 0x800fffff);
	}
}
END_TEST

/* a queue that is made smaller keeps the low bits of its indexes.  6.3.28, 6.3.95 */
START_TEST(a_smaller_queue_cuts_its_index)
{
	struct world w = world("generic-3.1");

	write64(&w, 0x90, 8);
	write64(&w, 0xa0, 8);
	write32(&w, 0x9c, 0x1a5);
	write32(&w, 0x100a8, 0x800001a5);
	write64(&w, 0x90, 3);
	write64(&w, 0xa0, 5);
	ck_assert_uint_eq(read32(&w, 0x9c), 0x5);
	ck_assert_uint_eq(read32(&w, 0x100a8), 0x80000025);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, index_and_wrap_flag_tell_how_full_a_queue_is, 0, COUNT(legal));
	tcase_add_loop_test(tests, indexes_that_contradict_each_other_stop_a_queue, 0,
			    COUNT(contradictory));
	tcase_add_test(tests, past_the_top_the_index_is_0_and_the_wrap_flag_turns_over);
	tcase_add_test(tests, the_wrap_flag_is_no_part_of_the_place);
	tcase_add_test(tests, an_index_has_a_bit_more_than_its_queue);
	tcase_add_loop_test(tests, an_index_of_the_smmus_has_the_bits_of_its_queue, 0,
			    COUNT(sizes));
	tcase_add_test(tests, the_index_of_the_pri_queue_has_the_bits_of_its_queue);
	tcase_add_test(tests, a_smaller_queue_cuts_its_index);
}

int main(void)
{
	return run("queue", add);
}
