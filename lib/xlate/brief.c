/* SPDX-License-Identifier: MIT */
#include "xlate/brief.h"

#include "walk/descriptor.h"

bool brief_serves(const struct path *path)
{
	return path->stream.world <= NS_EL2_E2H && (path->stream.stage1 || path->stream.stage2.on);
}

/* ---- One stage ---- */

/* Where the descriptor of an input is.  Pages first, then the blocks of the level above. */
ALWAYS_INLINE enum brief_state locate(const struct table *table, const struct shortcuts *shortcuts,
				      uint64_t input, struct brief_walk *walk)
{
	const unsigned granule_lg2 = table->granule_lg2;

	for (int level = LAST_LEVEL; level >= LAST_LEVEL - 1; level--) {
		const struct shortcut *way = shortcut_find(shortcuts, input,
							   level_lg2(granule_lg2, level - 1));

		if (!way)
			continue;
		walk->at = &way->table[input >> level_lg2(granule_lg2, level) &
				       low_bits(granule_lg2 - DESCRIPTOR_LG2)];
		walk->hierarchy = way->hierarchy;
		walk->level = (int8_t)level;
		return BRIEF_READS;
	}
	return BRIEF_FAILS;
}

/* The leaf that is there, if one is. */
ALWAYS_INLINE bool read_leaf(const struct table *table, uint64_t input,
			     const struct brief_walk *walk, struct leaf *leaf)
{
	const unsigned lsb = level_lg2(table->granule_lg2, walk->level);
	const uint64_t descriptor = from_le64(__atomic_load_n(walk->at, __ATOMIC_RELAXED));
	const uint64_t output = descriptor_address(table->granule_lg2, descriptor, lsb);

	if (unlikely(descriptor_kind(descriptor, walk->level, table->block_level) !=
			     DESCRIPTOR_LEAF ||
		     (output | (input & low_bits(lsb))) >> table->output_bits))
		return false;
	leaf->descriptor = descriptor;
	leaf->address = output;
	leaf->hierarchy = walk->hierarchy;
	leaf->level = walk->level;
	leaf->size_lg2 = (uint8_t)leaf_lg2(lsb, table->output_bits);
	leaf->block_lg2 = (uint8_t)lsb;
	leaf->pas = leaf->read_from = SMMU3_PAS_NS;
	return true;
}

/* ---- Both ---- */

static enum brief_state begin_stage2(const struct path *path, struct brief_ways ways,
				     struct brief_walk *walk)
{
	const struct table *table = &path->stream.stage2.table;
	const uint64_t ipa = walk->s1.ipa.addr;

	walk->stage = 2;
	return ipa >> table->input_bits ? BRIEF_FAILS : locate(table, ways.stage2, ipa, walk);
}

ALWAYS_INLINE enum brief_state finish(const struct smmu3_txn *txn, uint64_t pa,
				      struct smmu3_attr attr, struct brief *brief)
{
	brief->pa = pa;
	brief->attr = outgoing_attr(txn, attr);
	return BRIEF_DONE;
}

static enum brief_state end_stage1(const struct path *path, struct brief_ways ways,
				   const struct smmu3_txn *txn, struct brief_walk *walk)
{
	const struct stage1 *stage1 = &path->context.stage1;
	const struct table *table = &stage1->half[bit(txn->addr, VA_HALF_BIT)];
	struct s1_result *s1 = &walk->s1;
	struct leaf leaf;

	if (!read_leaf(table, txn->addr, walk, &leaf) ||
	    !stage1_of_leaf(stage1, table, &leaf, s1->attr, s1))
		return BRIEF_FAILS;
	s1->ipa.addr = leaf.address | (txn->addr & low_bits(leaf.size_lg2));
	walk->brief.perm = s1->perm;
	walk->brief.size_lg2 = s1->size_lg2;
	walk->brief.origin_lg2 = (uint8_t)tlb_origin_lg2(&leaf);
	walk->brief.global = !ttd_get(leaf.descriptor, TTD_NG);
	return path->stream.stage2.on ? begin_stage2(path, ways, walk) :
					finish(txn, s1->ipa.addr, s1->attr, &walk->brief);
}

static enum brief_state end_stage2(const struct path *path, const struct smmu3_txn *txn,
				   struct brief_walk *walk)
{
	const struct stage2 *stage2 = &path->stream.stage2;
	struct brief *brief = &walk->brief;
	struct s2_result s2;
	struct leaf leaf;

	if (!read_leaf(&stage2->table, walk->s1.ipa.addr, walk, &leaf) ||
	    !stage2_of_leaf(stage2, walk->s1.ipa, &leaf, walk->s1.attr, &s2))
		return BRIEF_FAILS;
	brief->perm &= s2.perm;
	if (s2.size_lg2 < brief->size_lg2)
		brief->size_lg2 = s2.size_lg2;
	if (path->skip)
		brief->origin_lg2 = (uint8_t)tlb_origin_lg2(&leaf);
	return finish(txn, s2.pa.addr, s2.attr, brief);
}

enum brief_state brief_begin(const struct path *path, struct brief_ways ways,
			     const struct smmu3_txn *txn, struct smmu3_attr attr,
			     struct brief_walk *walk)
{
	const struct table *table = &path->context.stage1.half[bit(txn->addr, VA_HALF_BIT)];

	walk->stage = 1;
	walk->s1.ipa = (struct ipa){ txn->addr, SMMU3_PAS_NS };
	walk->s1.attr = attr;
	if (!path->skip)
		return unlikely(table->disabled) || !stage1_in_range(table, txn->addr) ?
			       BRIEF_FAILS :
			       locate(table, ways.stage1, txn->addr, walk);
	walk->brief.perm = PERM_ALL;
	walk->brief.size_lg2 = NOT_TRANSLATED;
	walk->brief.global = false;
	return path->stream.stage2.on ? begin_stage2(path, ways, walk) : BRIEF_FAILS;
}

enum brief_state brief_go_on(const struct path *path, struct brief_ways ways,
			     const struct smmu3_txn *txn, struct brief_walk *walk)
{
	return walk->stage == 1 ? end_stage1(path, ways, txn, walk) : end_stage2(path, txn, walk);
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
