/* SPDX-License-Identifier: MIT */
/*
 * One tree of VMSAv9-128 and a walk of it, beneath the SMMU: a window of memory, a table of the
 * library's, and descriptors whose bits are written here as D8.3.2 prints them.
 */
#ifndef SMMU_TEST_WALK_D128_TREE_H
#define SMMU_TEST_WALK_D128_TREE_H

#include "config/sizes.h"
#include "support/fields.h"
#include "support/suite.h"
#include "walk/stage.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define TREE_BASE UINT64_C(0x80000000)
#define TREE_SIZE UINT64_C(0x4000000)
#define TABLE_AT(n) (TREE_BASE + 0x100000 * (uint64_t)(n)) /* room for 1MB each */

/* Bits of the two words: valid, AF, SH = ISH; SKL at 110:109. */
#define VALID BIT(0)
#define LEAF_LOW (BIT(0) | BIT(10) | UINT64_C(3) << 8)
#define SKL(n) ((uint64_t)(n) << (109 - 64))
#define HIGH(n) BIT((n)-64)

struct tree {
	struct mem mem;
	uint64_t *ram;
	struct mem_view view;
	struct stage2 stage2;
	struct regime regime;
	struct table table;
	struct leaf leaf;
	struct ttd_place place;
	struct fault fault;
	unsigned stage;
	enum smmu3_pas space; /* of its Security state */
};

/* Stage, log2 of granule, bits of input, levels skipped at the beginning; the root is TABLE_AT(1).
 */
static inline struct tree tree_of(unsigned stage, unsigned granule_lg2, unsigned input_bits,
				  unsigned skl)
{
	struct tree t = { .stage = stage };

	t.ram = aligned_alloc(4096, TREE_SIZE);
	ck_assert(t.ram != NULL);
	memset(t.ram, 0, TREE_SIZE);
	t.table = (struct table){
		.walk = d128_walker(stage, granule_lg2, SMMU3_PAS_NS),
		.root = TABLE_AT(1),
		.attr = { 0xff, 3 },
		.granule_lg2 = (uint8_t)granule_lg2,
		.input_bits = (uint8_t)input_bits,
		.output_bits = 56,
		.start_level = (int8_t)d128_start_level(granule_lg2, input_bits, skl),
		.d128 = true,
	};
	t.stage2.oas_bits = 56;
	return t;
}

static inline void tree_free(struct tree *t)
{
	mem_free(&t->mem);
	free(t->ram);
}

static inline uint64_t *tree_word(struct tree *t, uint64_t at)
{
	ck_assert(at >= TREE_BASE && at < TREE_BASE + TREE_SIZE && at % 8 == 0);
	return &t->ram[(at - TREE_BASE) / 8];
}

/* The descriptor with this index of a table. */
static inline void tree_put(struct tree *t, uint64_t table, uint64_t index, uint64_t low,
			    uint64_t high)
{
	*tree_word(t, table + 16 * index) = low;
	*tree_word(t, table + 16 * index + 8) = high;
}

static inline bool tree_walk(struct tree *t, uint64_t input)
{
	const struct ram_window window = { TREE_BASE, TREE_BASE + TREE_SIZE - 1,
					   (unsigned char *)t->ram };
	const struct walk_context context = {
		.view = &t->view,
		.stage2 = &t->stage2,
		.regime = &t->regime,
		.input = input,
		.fault_class = SMMU3_CLASS_IN,
		.ipa_pas = t->space,
		.tables = TABLES_ARE_KEPT,
		.place = &t->place,
	};

	if (!t->view.mem) {
		mem_init(&t->mem, NULL);
		ck_assert_int_eq(mem_add_ram(&t->mem, &window,
					     SMMU3_PAS_BIT(t->space) | SMMU3_PAS_BIT(SMMU3_PAS_NS)),
				 0);
	}
	t->view.mem = &t->mem;
	t->view.updates = UPDATES_DONE;
	memset(&t->leaf, 0, sizeof(t->leaf));
	t->fault = t->table.walk(&t->table, &context, &t->leaf);
	return !faulted(t->fault);
}

static inline void expect_leaf(struct tree *t, uint64_t input, uint64_t address, int level,
			       unsigned size_lg2)
{
	ck_assert_msg(tree_walk(t, input), "why %d, level %d", t->fault.why, t->fault.level);
	ck_assert_uint_eq(t->leaf.address, address);
	ck_assert_int_eq(t->leaf.level, level);
	ck_assert_uint_eq(t->leaf.size_lg2, size_lg2);
	ck_assert_uint_eq(t->leaf.block_lg2, size_lg2);
}

static inline void expect_fault(struct tree *t, uint64_t input, unsigned event, enum why why,
				int level)
{
	ck_assert(!tree_walk(t, input));
	ck_assert_uint_eq(t->fault.event, event);
	ck_assert_int_eq(t->fault.why, why);
	ck_assert_int_eq(t->fault.level, level);
	ck_assert_uint_eq(t->fault.stage, t->stage);
}

#endif
