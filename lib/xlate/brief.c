/* SPDX-License-Identifier: MIT */
#include "xlate/brief.h"

#include "walk/descriptor.h"

bool brief_serves(const struct path *path)
{
	return path->stream.world <= NS_EL2_E2H && (path->stream.stage1 || path->stream.stage2.on);
}

/* ---- One stage ---- */

/* The leaf of an input, by a table that maps 2^size_lg2 bytes with descriptors of this level. */
ALWAYS_INLINE bool read_leaf(const struct table *table, const struct shortcut *way, uint64_t input,
			     int level, struct leaf *leaf)
{
	const unsigned granule_lg2 = table->granule_lg2;
	const unsigned lsb = level_lg2(granule_lg2, level);
	const uint64_t index = input >> lsb & low_bits(granule_lg2 - DESCRIPTOR_LG2);
	const uint64_t descriptor = from_le64(
		__atomic_load_n(&way->table[index], __ATOMIC_RELAXED));
	const uint64_t output = descriptor_address(granule_lg2, descriptor, lsb);

	if (unlikely(descriptor_kind(descriptor, level, table->block_level) != DESCRIPTOR_LEAF ||
		     (output | (input & low_bits(lsb))) >> table->output_bits))
		return false;
	leaf->descriptor = descriptor;
	leaf->address = output;
	leaf->hierarchy = way->hierarchy;
	leaf->level = (int8_t)level;
	leaf->size_lg2 = (uint8_t)leaf_lg2(lsb, table->output_bits);
	leaf->block_lg2 = (uint8_t)lsb;
	leaf->pas = leaf->read_from = SMMU3_PAS_NS;
	return true;
}

/* Pages first, then the blocks of the level above. */
ALWAYS_INLINE bool find_leaf(const struct table *table, const struct shortcuts *shortcuts,
			     uint64_t input, struct leaf *leaf)
{
	for (int level = LAST_LEVEL; level >= LAST_LEVEL - 1; level--) {
		const struct shortcut *way = shortcut_find(shortcuts, input,
							   level_lg2(table->granule_lg2,
								     level - 1));

		if (way)
			return read_leaf(table, way, input, level, leaf);
	}
	return false;
}

/* ---- Both ---- */

ALWAYS_INLINE bool along_stage1(const struct path *path, const struct shortcuts *shortcuts,
				uint64_t va, struct smmu3_attr attr, struct s1_result *s1,
				struct leaf *leaf)
{
	const struct stage1 *stage1 = &path->context.stage1;
	const struct table *table = &stage1->half[bit(va, VA_HALF_BIT)];

	if (unlikely(table->disabled) || !stage1_in_range(table, va) ||
	    !find_leaf(table, shortcuts, va, leaf) ||
	    !stage1_of_leaf(stage1, table, leaf, attr, s1))
		return false;
	s1->ipa.addr = leaf->address | (va & low_bits(leaf->size_lg2));
	return true;
}

ALWAYS_INLINE bool along_stage2(const struct path *path, const struct shortcuts *shortcuts,
				struct ipa ipa, struct smmu3_attr attr, struct s2_result *s2,
				struct leaf *leaf)
{
	const struct stage2 *stage2 = &path->stream.stage2;

	return !(ipa.addr >> stage2->table.input_bits) &&
	       find_leaf(&stage2->table, shortcuts, ipa.addr, leaf) &&
	       stage2_of_leaf(stage2, ipa, leaf, attr, s2);
}

bool brief_translate(const struct path *path, struct brief_ways ways, const struct smmu3_txn *txn,
		     struct smmu3_attr attr, struct brief *brief)
{
	struct s1_result s1 = { .ipa = { txn->addr, SMMU3_PAS_NS },
				.attr = attr,
				.perm = PERM_ALL,
				.size_lg2 = NOT_TRANSLATED };
	struct s2_result s2;
	struct leaf leaf, leaf2;

	brief->global = false;
	if (!path->skip) {
		if (!along_stage1(path, ways.stage1, txn->addr, attr, &s1, &leaf))
			return false;
		brief->origin_lg2 = (uint8_t)tlb_origin_lg2(&leaf);
		brief->global = !ttd_get(leaf.descriptor, TTD_NG);
	}
	brief->pa = s1.ipa.addr;
	brief->attr = s1.attr;
	brief->perm = s1.perm;
	brief->size_lg2 = s1.size_lg2;
	if (path->stream.stage2.on) {
		if (!along_stage2(path, ways.stage2, s1.ipa, s1.attr, &s2, &leaf2))
			return false;
		if (path->skip)
			brief->origin_lg2 = (uint8_t)tlb_origin_lg2(&leaf2);
		brief->pa = s2.pa.addr;
		brief->attr = s2.attr;
		brief->perm &= s2.perm;
		if (s2.size_lg2 < brief->size_lg2)
			brief->size_lg2 = s2.size_lg2;
	}
	brief->attr = outgoing_attr(txn, brief->attr);
	return brief->size_lg2 != NOT_TRANSLATED;
}

/* ---- Ways ---- */

/* Tables that are smaller or larger than the granule, as those are with which a walk begins, have
 * none; nor has a leaf that was kept: what its table is now nobody has looked at. */
static void note(const struct mem *mem, const struct table *table,
		 const struct shortcuts *shortcuts, uint64_t input, const struct leaf *leaf)
{
	const unsigned size_lg2 = level_lg2(table->granule_lg2, leaf->level - 1);
	const uint64_t base = align_down(leaf->read_at, table->granule_lg2);
	const struct ram_window *window = ram_find(&mem->ram[SMMU3_PAS_NS], base);

	if (!leaf->read_at || leaf->level < LAST_LEVEL - 1 || leaf->level <= table->start_level ||
	    !window || window->last - base < low_bits(table->granule_lg2))
		return;
	*shortcut_place(shortcuts, input, size_lg2) = (struct shortcut){
		.tag = shortcut_tag(shortcuts, input, size_lg2),
		.table = (const uint64_t *)(const void *)(window->host + (base - window->base)),
		.hierarchy = leaf->hierarchy,
	};
}

/* A table of stage 1 that stage 2 maps in pieces has no one place. */
static bool is_whole(const struct stage2 *stage2, const struct table *table)
{
	return !stage2->on || stage2->table.granule_lg2 >= table->granule_lg2;
}

void brief_note(const struct path *path, struct brief_ways ways, const struct smmu3_txn *txn,
		const struct mem *mem)
{
	const struct stage2 *stage2 = &path->stream.stage2;
	const struct table *half = &path->context.stage1.half[bit(txn->addr, VA_HALF_BIT)];
	const struct s1_result *s1 = &path->s1;

	if (!path->skip && is_whole(stage2, half))
		note(mem, half, ways.stage1, txn->addr, &s1->leaves.first);
	if (stage2->on)
		note(mem, &stage2->table, ways.stage2, s1->ipa.addr, &s1->leaves.second);
}
