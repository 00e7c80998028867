/* SPDX-License-Identifier: MIT */
#include "xlate/brief.h"

/* Little-endian VMSAv8-64 at this stage? */
static bool is_plain(const struct table *table, bool lpae)
{
	return !lpae && !table->big_endian && !table->d128;
}

/* A pattern has neither AttrIndx[3] nor POIndex, and says nothing of tables, which hardening asks
 * for. */
static bool has_more(const struct stage1 *stage1, const struct stage2 *stage2)
{
	return stage1->unusual || stage2->reserved_sh || stage2->codes.overlaid || stage2->hardened;
}

static bool stages_are_plain(const struct path *path)
{
	const struct stage1 *stage1 = &path->context.stage1;
	const struct stage2 *stage2 = &path->stream.stage2;

	return (path->skip || (is_plain(&stage1->half[0], stage1->lower_bits) &&
			       is_plain(&stage1->half[1], stage1->lower_bits))) &&
	       is_plain(&stage2->table, stage2->lpae) && !has_more(stage1, stage2);
}

/* Non-secure streams alone: those of other states have spaces to choose.  A stream of which nothing
 * translates needs no way. */
static bool serves(const struct path *path)
{
	const struct stream *stream = &path->stream;

	return stream->world <= NS_EL2_E2H && (stream->stage1 || stream->stage2.on) &&
	       stages_are_plain(path);
}

void brief_meet(struct brief_stream *stream, const struct path *path, const struct smmu3_txn *txn)
{
	*stream = (struct brief_stream){
		.path = *path,
		.attr = attr_override(incoming_attr(txn), &path->stream.override),
		.no_snoop = txn->flags & SMMU3_TXN_NO_SNOOP,
		.serves = serves(path) && (!path->skip || path->stream.stage2.on),
	};
	stream->path.known = true;
}

/* ---- Verdicts ---- */

/* A leaf with this pattern, of address 0. */
static struct leaf leaf_of(const struct table *table, uint64_t pattern)
{
	const int level = (int)(pattern >> 12 & 3);
	const unsigned lsb = level_lg2(table->granule_lg2, level);

	return (struct leaf){ .descriptor = pattern & low_bits(59),
			      .hierarchy = pattern & ~low_bits(59),
			      .level = (int8_t)level,
			      .size_lg2 = (uint8_t)lsb,
			      .block_lg2 = (uint8_t)lsb,
			      .output_bits = table->output_bits,
			      .input_bits = table->input_bits };
}

/* What stands in its place where there is no stage 1. */
static bool judge_stage1(const struct brief_stream *stream, const struct brief_walk *walk,
			 struct s1_result *s1, struct brief_verdict *verdict)
{
	const struct stage1 *stage1 = &stream->path.context.stage1;
	const struct table *table = brief_half(stream, walk->va);
	const struct leaf leaf = leaf_of(table, walk->first);

	*s1 = (struct s1_result){ .attr = stream->attr,
				  .perm = PERM_ALL,
				  .size_lg2 = NOT_TRANSLATED };
	if (stream->path.skip)
		return true;
	verdict->origin_lg2 = (uint8_t)tlb_origin_lg2(&leaf);
	verdict->global = !ttd_get(walk->first, TTD_NG);
	return stage1_of_leaf(stage1, table, &leaf, stream->attr, s1);
}

static bool judge_stage2(const struct brief_stream *stream, const struct brief_walk *walk,
			 const struct s1_result *s1, struct s2_result *s2,
			 struct brief_verdict *verdict)
{
	const struct stage2 *stage2 = &stream->path.stream.stage2;
	const struct leaf leaf = leaf_of(&stage2->table, walk->second);
	const struct ipa ipa = { 0, SMMU3_PAS_NS };

	*s2 = (struct s2_result){ .attr = s1->attr, .perm = PERM_ALL, .size_lg2 = NOT_TRANSLATED };
	if (!stage2->on)
		return true;
	if (stream->path.skip)
		verdict->origin_lg2 = (uint8_t)tlb_origin_lg2(&leaf);
	return stage2_of_leaf(stage2, ipa, &leaf, s1->attr, s2);
}

const struct brief_verdict *brief_judge(struct brief_stream *stream, const struct brief_walk *walk)
{
	struct brief_verdict *place = brief_place(stream, walk);
	struct brief_verdict verdict = { .first = walk->first, .second = walk->second };
	struct s1_result s1;
	struct s2_result s2;

	if (!judge_stage1(stream, walk, &s1, &verdict) ||
	    !judge_stage2(stream, walk, &s1, &s2, &verdict))
		return NULL;
	verdict.word = (uint32_t)micro_word(0, stream->no_snoop ? attr_no_snoop(s2.attr) : s2.attr,
					    SMMU3_PAS_NS, s1.perm & s2.perm,
					    s1.size_lg2 < s2.size_lg2 ? s1.size_lg2 : s2.size_lg2);
	*place = verdict;
	return place;
}

/* ---- Ways ---- */

/* Tables that are smaller or larger than the granule, as those are with which a walk begins, have
 * none; nor has a leaf that was kept: what its table is now nobody has looked at. */
static void note(const struct mem *mem, const struct table *table, struct shortcuts *shortcuts,
		 uint64_t input, const struct leaf *leaf)
{
	const unsigned size_lg2 = level_lg2(table->granule_lg2, leaf->level - 1);
	const uint64_t base = align_down(leaf->read_at, table->granule_lg2);
	const struct ram_window *window = ram_find(&mem->ram[SMMU3_PAS_NS], base);

	if (!leaf->read_at || leaf->level < LAST_LEVEL - 1 || leaf->level <= table->start_level ||
	    !window || window->last - base < low_bits(table->granule_lg2))
		return;
	shortcuts->sizes |= UINT64_C(1) << size_lg2;
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
