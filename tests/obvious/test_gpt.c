/* SPDX-License-Identifier: MIT */
/* The granule protection check of the library and that of the pseudocode, on random registers,
 * tables and addresses: the same verdict, and the same entries read.  The seed is fixed. */
#include "mem/gpc.h"
#include "mem/pa_cache.h"
#include "obvious/gpt.h"
#include "support/suite.h"

#include <check.h>
#include <string.h>

enum { WORLDS = 4000, ADDRESSES = 24, LEAST = 500 };

static uint64_t mixed(uint64_t z)
{
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static uint64_t state;

static uint64_t any(void)
{
	return mixed(state += UINT64_C(0x9e3779b97f4a7c15));
}

static unsigned below(unsigned n)
{
	return (unsigned)(any() >> 32) % n;
}

/* ---- A world: registers, and memory of which each word follows from its address ---- */

struct world {
	uint64_t seed, base, cfg;
	uint32_t idr5;
	unsigned size_bits;
	bool contiguous; /* there are contiguous entries, be they true or not */
	unsigned reads;
	struct smmu3_mem_access read[2];
};

static const uint8_t sizes[8] = { 32, 36, 40, 42, 44, 48, 52, 52 };

/* Mostly legal: OAS at least PPS, every granule, Write-Back. */
static struct world new_world(void)
{
	static const uint64_t l0gptsz[] = { 0, 4, 6, 9 };
	const unsigned pps = below(7);
	struct world w = {
		.seed = any(),
		.idr5 = 0x70 | (pps + below(7 - pps)),
		.cfg = pps | 0x3500 | l0gptsz[below(4)] << 20 | (uint64_t)below(3) << 14,
		.size_bits = sizes[pps],
		.contiguous = below(2),
	};

	w.base = any() >> (64 - w.size_bits) & ~(UINT64_C(1) << 31);
	if (below(8) == 0)
		w.idr5 ^= 1u << below(7);
	if (below(8) == 0)
		w.cfg ^= UINT64_C(1) << below(24);
	if (below(8) == 0)
		w.base = any();
	w.size_bits = sizes[w.cfg & 7];
	return w;
}

static uint64_t valid_gpi(uint64_t random)
{
	static const uint8_t gpi[] = { 0, 8, 9, 10, 11, 15 };

	return gpi[random % 6];
}

static uint64_t granules(uint64_t random)
{
	uint64_t entry = 0;

	for (unsigned i = 0; i < 16; i++)
		entry |= valid_gpi(mixed(random + i)) << 4 * i;
	return entry;
}

/* Level 1 tables are where bit 31 is set. */
static uint64_t table(const struct world *w, uint64_t random)
{
	const unsigned in_bits = random % 16 ? w->size_bits : 52;

	return ((random >> (64 - in_bits) | UINT64_C(1) << 31) & ~UINT64_C(0x3ffffff)) | 3;
}

static uint64_t word_at(const struct world *w, uint64_t at)
{
	const uint64_t random = mixed(w->seed ^ at), more = mixed(random), gpi = valid_gpi(more);
	uint64_t entry;

	if (at >> 31 & 1)
		entry = w->contiguous && random % 3 == 0 ? ((1 + more % 3) << 8 | gpi << 4 | 1) :
							   granules(more);
	else
		entry = random % 4 ? table(w, more) : (gpi << 4 | 1);
	if (mixed(more) % 12 == 0)
		entry ^= UINT64_C(1) << more % 64;
	return entry;
}

static bool aborts(const struct world *w, uint64_t at)
{
	return mixed(w->seed + at) % 24 == 0;
}

/* ---- Both ask it ---- */

static bool read_obvious(void *context, uint64_t at, uint64_t *entry)
{
	*entry = word_at(context, at);
	return !aborts(context, at);
}

static enum smmu3_mem_result read_host(void *context, const struct smmu3_mem_access *access,
				       void *data)
{
	struct world *w = context;
	const uint64_t word = to_le64(word_at(w, access->pa));

	ck_assert_uint_lt(w->reads, 2);
	ck_assert_uint_eq(access->pas, SMMU3_PAS_ROOT);
	w->read[w->reads++] = *access;
	memcpy(data, &word, sizeof(word));
	return aborts(w, access->pa) ? SMMU3_MEM_ABORT : SMMU3_MEM_OK;
}

static struct gpc library(const struct world *w)
{
	const struct features features = {
		.oas_bits = sizes[w->idr5 & 7],
		.gran4k = w->idr5 >> 4 & 1,
		.gran16k = w->idr5 >> 5 & 1,
		.gran64k = w->idr5 >> 6 & 1,
	};

	return gpc_decode(&features, &(struct gpc_registers){ w->base, w->cfg, true, true });
}

/* What the library says for each answer of the pseudocode. */
static const struct {
	uint8_t result, cfg_err;
} meaning[] = {
	[OBVIOUS_GPCF_NONE] = { GPC_PASSES, 0 },
	[OBVIOUS_GPCF_FAIL] = { GPC_DENIED, 0 },
	[OBVIOUS_GPCF_REGISTER] = { GPC_LOOKUP_ERROR, 0 },
	[OBVIOUS_GPCF_BASE] = { GPC_LOOKUP_ERROR, 1 },
	[OBVIOUS_GPCF_EABT] = { GPC_LOOKUP_ERROR, 2 },
	[OBVIOUS_GPCF_ENTRY] = { GPC_LOOKUP_ERROR, 3 },
	[OBVIOUS_GPCF_TABLE] = { GPC_LOOKUP_ERROR, 4 },
};

static void expect_same(const struct obvious_gpc *obvious, const struct gpc_verdict *verdict)
{
	ck_assert_uint_eq(verdict->result, meaning[obvious->gpcf].result);
	ck_assert_uint_eq(verdict->cfg_err, meaning[obvious->gpcf].cfg_err);
	if (obvious->gpcf != OBVIOUS_GPCF_NONE)
		ck_assert_uint_eq(verdict->level, obvious->level);
}

/* A span is that of the entry, as far as there is something protected. */
static void expect_span(const struct world *w, const struct obvious_gpc *obvious,
			const struct gpc_verdict *verdict)
{
	const unsigned size = obvious->size_lg2;

	if (size)
		ck_assert_uint_eq(verdict->span_lg2, size < w->size_bits ? size : w->size_bits);
}

static void expect_reads(const struct world *w, const struct obvious_gpc *obvious)
{
	ck_assert_uint_eq(w->reads, obvious->reads);
	for (unsigned i = 0; i < w->reads; i++)
		ck_assert_uint_eq(w->read[i].pa, obvious->read[i]);
}

/* By answer and level. */
static unsigned reached[OBVIOUS_GPCF_TABLE + 1][2];

static uint64_t address_in(const struct world *w, uint64_t random)
{
	const unsigned in_bits = random % 12 ? w->size_bits : 52;

	return mixed(random) >> (64 - in_bits);
}

static const struct smmu3_mpam no_label;

static struct obvious_gpc compare(struct world *w, const struct mem_view *view,
				  const struct mem_view *kept, struct pa pa)
{
	const struct obvious_gpt gpt = { w->idr5, w->base, w->cfg, read_obvious, w };
	const struct obvious_gpc obvious = obvious_gpc(&gpt, pa.pas, pa.addr);
	const struct gpc gpc = library(w);
	struct gpc_verdict verdict;

	w->reads = 0;
	verdict = gpc_check(view, &gpc, pa, no_label);
	expect_same(&obvious, &verdict);
	expect_span(w, &obvious, &verdict);
	expect_reads(w, &obvious);
	w->reads = 0;
	verdict = gpc_check(kept, &gpc, pa, no_label);
	expect_same(&obvious, &verdict);
	return obvious;
}

/* Addresses come again, and near each other, so that what is kept answers. */
static void compare_in(struct world *w)
{
	struct pa_cache cache;
	struct mem mem;

	mem_init(&mem, &(struct smmu3_host){ .size = sizeof(struct smmu3_host),
					     .context = w,
					     .read = read_host });
	ck_assert(pa_cache_init(&cache, SMMU3_INVALIDATES_GPT, 16));
	const struct mem_view view = { .mem = &mem };
	const struct mem_view kept = { .mem = &mem,
				       .gpt = w->contiguous ? NULL : &cache,
				       .keeps = true };

	for (unsigned i = 0; i < ADDRESSES; i++) {
		const uint64_t near = address_in(w, w->seed + below(4));
		const struct pa pa = { near ^ (uint64_t)below(8) << 12, (enum smmu3_pas)below(4) };
		const struct obvious_gpc obvious = compare(w, &view, &kept, pa);

		reached[obvious.gpcf][obvious.level]++;
	}
	pa_cache_free(&cache);
	mem_free(&mem);
}

/* GPC-02 to GPC-07, RME-005, RME-007, RME-014, RME-017 */
START_TEST(the_library_checks_as_the_pseudocode_does)
{
	state = 14;
	for (unsigned i = 0; i < WORLDS; i++) {
		struct world w = new_world();

		compare_in(&w);
	}
	for (unsigned gpcf = 0; gpcf <= OBVIOUS_GPCF_TABLE; gpcf++)
		ck_assert_msg(reached[gpcf][0] >= LEAST, "answer %u, level 0: %u", gpcf,
			      reached[gpcf][0]);
	ck_assert_uint_ge(reached[OBVIOUS_GPCF_NONE][1], LEAST);
	ck_assert_uint_ge(reached[OBVIOUS_GPCF_FAIL][1], LEAST);
	ck_assert_uint_ge(reached[OBVIOUS_GPCF_EABT][1], LEAST);
	ck_assert_uint_ge(reached[OBVIOUS_GPCF_ENTRY][1], LEAST);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, the_library_checks_as_the_pseudocode_does);
}

int main(void)
{
	return run_suite("gpt", add);
}
