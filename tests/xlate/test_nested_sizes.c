/* SPDX-License-Identifier: MIT */
/*
 * Both stages with leaves of every size, of every granule and format, one over the other: what
 * comes out is what two walks one after the other give, and reaches no further than either. NEST-12
 */
#include "support/suite.h"

#include <check.h>
#include <smmu/decode.h>
#include <smmu/tables.h>
#include <stdlib.h>
#include <string.h>

/* ---- Sizes ---- */

#define KB(n) (UINT64_C(n) << 10)
#define MB(n) (UINT64_C(n) << 20)
#define GB(n) (UINT64_C(n) << 30)
#define TB(n) (UINT64_C(n) << 40)

struct size {
	enum smmu3_table_format format;
	uint8_t granule_lg2, ds;
	uint64_t leaf;
};

/* Every page and block there is.  D8.2.6 to D8.2.8, G5.5.3 */
static const struct size sizes[] = {
	{ SMMU3_TABLE_AA64, 12, 0, KB(4) },   { SMMU3_TABLE_AA64, 12, 0, MB(2) },
	{ SMMU3_TABLE_AA64, 12, 0, GB(1) },   { SMMU3_TABLE_AA64, 12, 1, KB(4) },
	{ SMMU3_TABLE_AA64, 12, 1, MB(2) },   { SMMU3_TABLE_AA64, 12, 1, GB(1) },
	{ SMMU3_TABLE_AA64, 12, 1, GB(512) }, { SMMU3_TABLE_AA64, 14, 0, KB(16) },
	{ SMMU3_TABLE_AA64, 14, 0, MB(32) },  { SMMU3_TABLE_AA64, 14, 1, KB(16) },
	{ SMMU3_TABLE_AA64, 14, 1, MB(32) },  { SMMU3_TABLE_AA64, 14, 1, GB(64) },
	{ SMMU3_TABLE_AA64, 16, 0, KB(64) },  { SMMU3_TABLE_AA64, 16, 0, MB(512) },
	{ SMMU3_TABLE_AA64, 16, 0, TB(4) },   { SMMU3_TABLE_LPAE, 12, 0, KB(4) },
	{ SMMU3_TABLE_LPAE, 12, 0, MB(2) },   { SMMU3_TABLE_LPAE, 12, 0, GB(1) },
};
enum { SIZES = sizeof(sizes) / sizeof(*sizes) };

/* One over the other: a leaf of the first stage at `input`, one of the second at `ipa`.  The
 * smaller is the last piece of the larger. */
struct pair {
	const struct size *first, *second;
	uint64_t input, ipa, pa; /* where each leaf begins */
	uint64_t middle;         /* where the first leads */
};

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static struct pair pair_of(unsigned i)
{
	struct pair pair = { .first = &sizes[i / SIZES], .second = &sizes[i % SIZES] };
	const uint64_t one = pair.first->leaf, two = pair.second->leaf;
	const bool short_ipa = pair.first->format == SMMU3_TABLE_LPAE;
	const uint64_t ipas = short_ipa ? GB(512) : TB(64);

	pair.input = short_ipa ? GB(3) : TB(8);
	pair.middle = ipas + larger(one, two) - one;
	pair.ipa = ipas + larger(one, two) - two;
	pair.pa = pair.second->format == SMMU3_TABLE_LPAE ? GB(768) : TB(128);
	return pair;
}

/* VMSAv8-32 at stage 2 is for stage 1 in VMSAv8-32 (5.4, CD.AA64), whose addresses of 40 bits have
 * no room for a block of 4TB beside the tables. */
static bool is_legal(const struct pair *pair)
{
	const bool first_short = pair->first->format == SMMU3_TABLE_LPAE;
	const bool second_short = pair->second->format == SMMU3_TABLE_LPAE;

	return first_short ? pair->second->leaf <= GB(512) : !second_short;
}

/* ---- Memory, and tables in it ---- */

enum { RAM_BYTES = 1 << 21, LOG2_STREAMS = 2 };
#define RAM_BASE UINT64_C(0x80000000)

enum stream { ALONE_1 = 5, ALONE_2 = 6, NESTED = 7 }; /* STE.Config; the StreamID less 4 */

struct world {
	unsigned char *ram;
	uint64_t used;
	struct smmu3 *smmu;
	struct smmu3_outcome out;
};

static int allocate(void *context, uint64_t bytes, uint64_t *at)
{
	struct world *w = context;
	const uint64_t start = (w->used + bytes - 1) & ~(bytes - 1);

	ck_assert_uint_le(start + bytes, RAM_BYTES);
	w->used = start + bytes;
	*at = RAM_BASE + start;
	return 0;
}

static int read_word(void *context, uint64_t at, uint64_t *word)
{
	memcpy(word, ((struct world *)context)->ram + (at - RAM_BASE), sizeof(*word));
	return 0;
}

static int write_word(void *context, uint64_t at, uint64_t word)
{
	memcpy(((struct world *)context)->ram + (at - RAM_BASE), &word, sizeof(word));
	return 0;
}

static void set(const char *structure, uint64_t *words, const char *field, uint64_t value)
{
	ck_assert_int_eq(smmu3_field_set(words, smmu3_field(smmu3_layout(structure), field), value),
			 0);
}

static struct smmu3_table table_of(const struct size *size, unsigned stage)
{
	const bool is_short = size->format == SMMU3_TABLE_LPAE;

	return (struct smmu3_table){
		.stage = (uint8_t)stage,
		.granule_lg2 = size->granule_lg2,
		.input_bits = is_short ? (stage == 1 ? 32 : 40) :
			      size->ds ? 52 :
					 48,
		.output_bits = is_short                            ? 40 :
			       size->ds || size->granule_lg2 == 16 ? 52 :
								     48,
		.start_level = SMMU3_LEVEL_AUTO,
		.ds = size->ds,
		.format = (uint8_t)size->format,
	};
}

static void map(const struct smmu3_builder *builder, const struct smmu3_table *table,
		uint64_t input, uint64_t output, uint64_t bytes, uint64_t attributes)
{
	const struct smmu3_map piece = {
		.input = input, .output = output, .size = bytes, .attributes = attributes
	};

	ck_assert_int_eq(smmu3_table_map(builder, table, &piece), 0);
}

static void make_context(const struct smmu3_builder *builder, const struct pair *pair,
			 struct smmu3_cd_table *contexts)
{
	const struct smmu3_s1_attributes leaf = { .sh = SMMU3_ISH, .ap = 1, .af = 1 };
	struct smmu3_table table = table_of(pair->first, 1);
	uint64_t cd[8] = { 0 };

	ck_assert_int_eq(smmu3_table_create(builder, &table), 0);
	map(builder, &table, pair->input, pair->middle, pair->first->leaf, smmu3_s1_leaf(&leaf));
	ck_assert_int_eq(smmu3_cd_stage1(cd, &table), 0);
	set("CD", cd, "V", 1);
	set("CD", cd, "A", 1);
	set("CD", cd, "R", 1);
	set("CD", cd, "EPD1", 1);
	set("CD", cd, "MAIR0", 0xff);
	ck_assert_int_eq(smmu3_cd_table_create(builder, contexts), 0);
	ck_assert_int_eq(smmu3_cd_table_set(builder, contexts, 0, cd), 0);
}

/* Stage 2 lets the tables themselves be read where they are. */
static void make_stage2(const struct smmu3_builder *builder, const struct pair *pair, unsigned s2ap,
			uint64_t ste[8])
{
	const struct smmu3_s2_attributes structures = { .memattr = 15, .s2ap = 1, .af = 1 };
	const struct smmu3_s2_attributes leaf = { .memattr = 15, .s2ap = (uint8_t)s2ap, .af = 1 };
	struct smmu3_table table = table_of(pair->second, 2);

	ck_assert_int_eq(smmu3_table_create(builder, &table), 0);
	map(builder, &table, RAM_BASE, RAM_BASE, RAM_BYTES, smmu3_s2_leaf(&structures));
	map(builder, &table, pair->ipa, pair->pa, pair->second->leaf, smmu3_s2_leaf(&leaf));
	ck_assert_int_eq(smmu3_ste_stage2(ste, &table), 0);
}

static void make_stream(const struct smmu3_builder *builder,
			const struct smmu3_stream_table_shape *streams, enum stream stream,
			const uint64_t stage2[8], const struct smmu3_cd_table *contexts)
{
	uint64_t ste[8] = { 0 };

	if (stream != ALONE_1)
		memcpy(ste, stage2, sizeof(ste));
	if (stream != ALONE_2)
		ck_assert_int_eq(smmu3_ste_cd_table(ste, contexts), 0);
	set("STE", ste, "V", 1);
	set("STE", ste, "Config", stream);
	set("STE", ste, "S2R", stream != ALONE_1);
	set("STE", ste, "S2VMID", stream); /* each has an address space of its own */
	ck_assert_int_eq(smmu3_stream_table_set(builder, streams, stream - 4u, ste), 0);
}

/* generic-3.3 with VMSAv8-32 and DS, so without DPTs.  6.3.1, 6.3.4, 6.3.6 */
static struct smmu3 *make_smmu(const struct smmu3_stream_table_shape *streams, unsigned char *ram)
{
	struct smmu3_config config;
	struct smmu3_error error = { 0 };
	uint64_t base;
	uint32_t shape;

	ck_assert_int_eq(smmu3_config_init(&config, "generic-3.3", &error), 0);
	config.idr[0] |= 3u << 2;
	config.idr[3] &= ~(1u << 15);
	config.idr[5] |= 1u << 7;
	config.caches = caches_of_pass();
	struct smmu3 *smmu = smmu3_create(&config, NULL, &error);

	ck_assert_msg(smmu != NULL, "%s", error.text);
	cached_made(&config);
	ck_assert_int_eq(smmu3_add_ram(smmu, RAM_BASE, RAM_BYTES, SMMU3_PAS_BIT(SMMU3_PAS_NS), ram),
			 0);
	smmu3_stream_table_registers(streams, &base, &shape);
	ck_assert_int_eq(smmu3_mmio_write(smmu, SMMU3_PAS_NS, 0x80, 8, base), 0);
	ck_assert_int_eq(smmu3_mmio_write(smmu, SMMU3_PAS_NS, 0x88, 4, shape), 0);
	ck_assert_int_eq(smmu3_mmio_write(smmu, SMMU3_PAS_NS, 0x20, 4, 1), 0); /* SMMUEN */
	return smmu;
}

static void open_world(struct world *w, const struct pair *pair, unsigned s2ap)
{
	const struct smmu3_builder builder = { w, allocate, read_word, write_word };
	struct smmu3_stream_table_shape streams = { .log2size = LOG2_STREAMS };
	struct smmu3_cd_table contexts = { 0 };
	uint64_t stage2[8] = { 0 };

	w->used = 0;
	w->ram = aligned_alloc(4096, RAM_BYTES);
	ck_assert_ptr_nonnull(w->ram);
	memset(w->ram, 0, RAM_BYTES);
	make_context(&builder, pair, &contexts);
	make_stage2(&builder, pair, s2ap, stage2);
	ck_assert_int_eq(smmu3_stream_table_create(&builder, &streams), 0);
	for (unsigned stream = ALONE_1; stream <= NESTED; stream++)
		make_stream(&builder, &streams, stream, stage2, &contexts);
	w->smmu = make_smmu(&streams, w->ram);
}

static void close_world(struct world *w)
{
	smmu3_destroy(w->smmu);
	free(w->ram);
}

/* ---- What is asked ---- */

static enum smmu3_verdict ask(struct world *w, enum stream stream, uint64_t addr)
{
	const struct smmu3_txn txn = { .addr = addr, .bytes = 8, .sid = stream - 4u };

	return smmu3_translate(w->smmu, &txn, &w->out);
}

static unsigned expect(struct world *w, enum stream stream, uint64_t addr, uint64_t pa,
		       uint64_t span)
{
	ck_assert_int_eq(ask(w, stream, addr), SMMU3_OK);
	ck_assert_uint_eq(w->out.pa, pa);
	ck_assert_uint_eq(w->out.span, span);
	return w->out.perm;
}

/* Where both stages lead, and where each alone does; the permissions are what both leave. */
static void expect_at(struct world *w, const struct pair *pair, uint64_t offset)
{
	const uint64_t one = pair->first->leaf, two = pair->second->leaf;
	const uint64_t input = pair->input + (larger(one, two) - two) + offset;
	const uint64_t from = one > two ? input : pair->input + offset;
	const uint64_t ipa = pair->middle + (from - pair->input);
	const uint64_t pa = pair->pa + (ipa - pair->ipa);
	const unsigned first = expect(w, ALONE_1, from, ipa, one);
	const unsigned second = expect(w, ALONE_2, ipa, pa, two);

	ck_assert_uint_eq(expect(w, NESTED, from, pa, smaller(one, two)), first & second);
}

/* The smaller leaf is the last piece of the larger: what lies before it is the other stage's, or
 * nobody's, and what lies after it nobody's. */
static void expect_nothing_beside(struct world *w, const struct pair *pair)
{
	const uint64_t one = pair->first->leaf, two = pair->second->leaf;
	const uint64_t begin = one > two ? pair->input + one - two : pair->input;

	ck_assert_int_eq(ask(w, NESTED, pair->input + one), SMMU3_ABORT);
	ck_assert_uint_eq(w->out.event, 0x10);
	ck_assert_uint_eq(w->out.fault_stage, 1);
	ck_assert_int_eq(ask(w, NESTED, begin - 8), SMMU3_ABORT);
	ck_assert_uint_eq(w->out.event, 0x10);
	ck_assert_uint_eq(w->out.fault_stage, one > two ? 2 : 1);
}

/* NEST-12, NEST-13: each size over each; what is kept of one address serves the others */
START_TEST(two_leaves_of_any_size_are_as_two_walks_and_reach_as_far_as_the_smaller)
{
	const struct pair pair = pair_of((unsigned)_i);
	const uint64_t both = smaller(pair.first->leaf, pair.second->leaf);
	struct world w = { 0 };

	if (!is_legal(&pair))
		return;
	open_world(&w, &pair, _i & 1 ? 3 : 1);
	expect_at(&w, &pair, both / 2);
	expect_nothing_beside(&w, &pair);
	expect_at(&w, &pair, 0);
	expect_at(&w, &pair, both - 8);
	expect_at(&w, &pair, both / 4 + 0x120);
	expect_nothing_beside(&w, &pair);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests,
			    two_leaves_of_any_size_are_as_two_walks_and_reach_as_far_as_the_smaller,
			    0, SIZES * SIZES);
}

int main(void)
{
	return run_suite("nested_sizes", add);
}
