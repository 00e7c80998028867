/* SPDX-License-Identifier: MIT */
/* What the builder puts into a granule protection table is what a check finds there. */
#include "arena.h"
#include "mem/gpc.h"
#include "support/suite.h"

#include <check.h>
#include <string.h>

enum { GRANULE_LG2 = 14, GRANULES = 1 << (32 - GRANULE_LG2), RANGES = 100 };

static const uint8_t gpis[] = { SMMU3_GPI_NONE, SMMU3_GPI_SECURE, SMMU3_GPI_NS,
				SMMU3_GPI_ROOT, SMMU3_GPI_REALM,  SMMU3_GPI_ANY };

/* Which space each of them is of, as a bit: NS 1, Secure 2, Realm 4, Root 8. */
static const uint8_t spaces[] = { 0, 2, 1, 8, 4, 15 };

static uint64_t state = 2025;

static uint32_t below(uint32_t n)
{
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ z >> 31) >> 33) % n;
}

static struct arena arena;
static uint8_t kind[GRANULES]; /* which of the gpis */

/* A range of any place, size and alignment: mostly of few granules, or of whole regions. */
static struct smmu3_gpt_range any_range(unsigned which)
{
	const unsigned lg2 = below(19), align = below(19);
	const uint32_t first = below(GRANULES) >> align << align;
	uint32_t count = 1 + below(1u << lg2);

	if (below(2))
		count = 1u << lg2;
	if (count > GRANULES - first)
		count = GRANULES - first;
	memset(&kind[first], (int)which, count);
	return (struct smmu3_gpt_range){ .addr = (uint64_t)first << GRANULE_LG2,
					 .size = (uint64_t)count << GRANULE_LG2,
					 .gpi = gpis[which],
					 .contiguous = below(4) != 0 };
}

static enum smmu3_mem_result read_arena(void *context, const struct smmu3_mem_access *access,
					void *data)
{
	const uint64_t word = to_le64(arena_word(&arena, access->pa));

	(void)context;
	memcpy(data, &word, sizeof(word));
	return SMMU3_MEM_OK;
}

/* All that a verdict speaks for. */
static bool all_of_a_kind(uint32_t granule, unsigned span)
{
	for (uint32_t i = granule >> span << span; i < ((granule >> span) + 1) << span; i++)
		if (kind[i] != kind[granule])
			return false;
	return true;
}

static void expect_found(const struct gpc *gpc, const struct mem_view *view, uint32_t granule)
{
	const uint64_t addr = (uint64_t)granule << GRANULE_LG2 | below(1 << GRANULE_LG2);
	const uint32_t pas = below(4);
	const struct gpc_verdict verdict = gpc_check(view, gpc,
						     (struct pa){ addr, (enum smmu3_pas)pas },
						     (struct smmu3_mpam){ .partid = 0 });

	ck_assert_uint_eq(verdict.result,
			  spaces[kind[granule]] >> pas & 1 ? GPC_PASSES : GPC_DENIED);
	ck_assert(all_of_a_kind(granule, verdict.span_lg2 - GRANULE_LG2));
}

/* GPC-02, GPC-03, GPC-14: after each of many ranges, over whatever was there */
START_TEST(a_check_finds_what_was_set)
{
	struct smmu3_gpt table = { .size_bits = 32, .level0_bits = 30, .granule_lg2 = GRANULE_LG2 };
	const struct features features = { .oas_bits = 40, .gran16k = true };
	struct gpc_registers registers = { .access = true, .checks = true };
	struct mem mem;
	const struct mem_view view = { .mem = &mem };

	arena_open(&arena);
	mem_init(&mem,
		 &(struct smmu3_host){ .size = sizeof(struct smmu3_host), .read = read_arena });
	ck_assert_int_eq(smmu3_gpt_create(&arena.builder, &table, SMMU3_GPI_NONE), 0);
	smmu3_gpt_registers(&table, &registers.base, &registers.cfg);
	const struct gpc gpc = gpc_decode(&features, &registers);

	for (unsigned i = 0; i < RANGES; i++) {
		const struct smmu3_gpt_range range = any_range(below(6));
		const uint32_t first = (uint32_t)(range.addr >> GRANULE_LG2);
		const uint32_t last = first + (uint32_t)(range.size >> GRANULE_LG2) - 1;

		ck_assert_int_eq(smmu3_gpt_set(&arena.builder, &table, &range), 0);
		expect_found(&gpc, &view, first);
		expect_found(&gpc, &view, last);
		if (first)
			expect_found(&gpc, &view, first - 1);
		if (last + 1 < GRANULES)
			expect_found(&gpc, &view, last + 1);
		for (unsigned more = 0; more < 16; more++)
			expect_found(&gpc, &view, below(GRANULES));
	}
	mem_free(&mem);
	arena_close(&arena);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_check_finds_what_was_set);
}

int main(void)
{
	return run_suite("gpt_checked", add);
}
