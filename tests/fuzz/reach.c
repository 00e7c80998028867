/* SPDX-License-Identifier: MIT */
#include "reach.h"

/* To libFuzzer these are counters like those of edges: the library answers from tables as much as
 * by branches. */
enum { REACHED = 8192 };
__attribute__((section("__libfuzzer_extra_counters"))) static uint8_t reached[REACHED];

static void cell(unsigned kind, uint64_t what)
{
	reached[((what << 3 | kind) * UINT64_C(0x9e3779b97f4a7c15)) >> 51] = 1;
}

static void leaf(unsigned kind, const struct obvious_stage *stage)
{
	if (stage->walked)
		cell(kind, stage->granule_lg2 | (uint64_t)(uint8_t)stage->start_level << 8 |
				   (uint64_t)(uint8_t)stage->leaf_level << 16 |
				   (uint64_t)stage->leaf << 24 | (uint64_t)stage->upper << 25 |
				   (uint64_t)stage->contiguous << 26);
}

void reach(const struct smmu3_txn *txn, const struct smmu3_outcome *outcome,
	   const struct obvious_notes *notes)
{
	const bool write = txn->flags & SMMU3_TXN_WRITE;
	const unsigned access = (unsigned)write | (unsigned)outcome->instruction << 1 |
				(unsigned)outcome->privileged << 2 | (unsigned)txn->txn_class << 3;

	cell(0, outcome->why | (uint64_t)outcome->fault_class << 16 |
			(uint64_t)(uint8_t)outcome->fault_level << 24 |
			(uint64_t)outcome->verdict << 32 | (uint64_t)outcome->recorded << 40);
	cell(1, notes->rule | (uint64_t)notes->config << 16 | (uint64_t)notes->skipped << 24);
	leaf(2, &notes->stage1);
	leaf(3, &notes->stage2);
	cell(4, outcome->perm | (uint64_t)access << 8 | (uint64_t)outcome->why << 16);
	cell(5, outcome->attr.mair | (uint64_t)outcome->attr.sh << 8);
	if (notes->combined)
		cell(6, (notes->s1.mair & 0xcc) | (uint64_t)notes->s2_memattr << 8 |
				(uint64_t)notes->fwb << 12);
	if (notes->combined)
		cell(7, notes->s1.sh | (uint64_t)notes->s2_sh << 8);
}
