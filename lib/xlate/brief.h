/* SPDX-License-Identifier: MIT */
/*
 * The short way: a translation along a path that is known, with one read of each stage's last
 * table, found by a shortcut.  It can only succeed: whatever is not as it should be is left to
 * translate(), which says why.
 *
 * What a page's attributes and permissions come to depends on a few bits of its descriptors alone:
 * that is judged once for each pattern of them, by the functions that translate() has it from, and
 * remembered.
 */
#ifndef SMMU_XLATE_BRIEF_H
#define SMMU_XLATE_BRIEF_H

#include "tlb/micro.h"
#include "walk/descriptor.h"
#include "xlate/translate.h"

/* What descriptors of these patterns come to. */
struct brief_verdict {
	uint64_t first, second; /* patterns of both stages: brief_pattern; 0: there is none */
	uint32_t word;          /* of a micro-TLB's entry all but the address: micro_word */
	uint8_t origin_lg2;     /* of what the input is in: tlb_origin_lg2 */
	bool global;            /* of every ASID */
};

enum { BRIEF_VERDICTS_LG2 = 3 };

/* A stream as the short way needs it. */
struct brief_stream {
	struct path path;
	struct smmu3_attr attr; /* that comes in, after overrides */
	bool no_snoop;          /* SMMU3_TXN_NO_SNOOP */
	bool serves;            /* its accesses may go the short way */
	struct brief_verdict verdict[1 << BRIEF_VERDICTS_LG2];
};

/* The stages' last tables. */
struct brief_ways {
	struct shortcuts *stage1, *stage2;
};

/* One that is under way: it is to read a descriptor. */
struct brief_walk {
	const uint64_t *at;     /* in host memory */
	uint64_t input;         /* of the stage */
	uint64_t hierarchy;     /* of the tables above, in place */
	uint64_t first, second; /* patterns of the stages' leaves */
	uint64_t va;
	uint64_t output; /* of the last stage that is done */
	int8_t level;
	uint8_t stage;
};

enum brief_state {
	BRIEF_READS, /* what walk->at says, next */
	BRIEF_DONE,  /* walk->output is where it goes, as the verdict says */
	BRIEF_FAILS,
};

/* Begins with a path that has been found. */
void brief_meet(struct brief_stream *stream, const struct path *path, const struct smmu3_txn *txn);

/* Notes the ways that a translation took, if they can be had again: in RAM windows. */
void brief_note(const struct path *path, struct brief_ways ways, const struct smmu3_txn *txn,
		const struct mem *mem);

/* Judges the patterns of a walk, of descriptors with these levels.  NULL: they let nobody through.
 */
COLD const struct brief_verdict *brief_judge(struct brief_stream *stream,
					     const struct brief_walk *walk);

/* ---- One stage ---- */

/* Where the descriptor of an input is.  Pages first, then the blocks of the level above.  No way
 * leads to what is out of range: none was ever noted. */
ALWAYS_INLINE enum brief_state brief_locate(const struct table *table,
					    const struct shortcuts *shortcuts, uint64_t input,
					    struct brief_walk *walk)
{
	const unsigned granule_lg2 = table->granule_lg2;
	int level = LAST_LEVEL;
	const struct shortcut *way = shortcut_find(shortcuts, input,
						   level_lg2(granule_lg2, LAST_LEVEL - 1));

	if (unlikely(!way)) {
		level = LAST_LEVEL - 1;
		way = shortcut_find(shortcuts, input, level_lg2(granule_lg2, LAST_LEVEL - 2));
	}
	if (unlikely(!way))
		return BRIEF_FAILS;
	walk->at = &way->table[input >> level_lg2(granule_lg2, level) &
			       low_bits(granule_lg2 - DESCRIPTOR_LG2)];
	walk->hierarchy = way->hierarchy;
	walk->input = input;
	walk->level = (int8_t)level;
	return BRIEF_READS;
}

/* All of a leaf that counts but for its address: bits 58:50 and 11:2; what the tables above take
 * away stands in bits 63:59, which mean nothing in a leaf, and the level in 15:12.  Bit 0 says that
 * there is one. */
ALWAYS_INLINE uint64_t brief_pattern(uint64_t descriptor, uint64_t hierarchy, int level)
{
	const uint64_t counts = (low_bits(59) & ~low_bits(50)) | (low_bits(12) & ~low_bits(2));

	return (descriptor & counts) | hierarchy | (uint64_t)level << 12 | 1;
}

/* Reads the leaf.  false: there is none, or it leads too far. */
ALWAYS_INLINE bool brief_read(const struct table *table, struct brief_walk *walk,
			      uint64_t *descriptor)
{
	const unsigned granule_lg2 = table->granule_lg2, lsb = level_lg2(granule_lg2, walk->level);
	const uint64_t read = from_le64(__atomic_load_n(walk->at, __ATOMIC_RELAXED));
	uint64_t output = descriptor_address(granule_lg2, false, read, lsb);

	*descriptor = read;
	if (unlikely(table->ds)) {
		output = descriptor_address(granule_lg2, true, read, lsb);
		*descriptor = leaf_with_sh(read, table->sh);
	}
	output |= walk->input & low_bits(lsb);
	walk->output = output;
	return likely(descriptor_kind(*descriptor, walk->level, table->block_level) ==
			      DESCRIPTOR_LEAF &&
		      !(output >> table->output_bits));
}

/* ---- Both ---- */

ALWAYS_INLINE const struct table *brief_half(const struct brief_stream *stream, uint64_t va)
{
	return &stream->path.context.stage1.half[bit(va, VA_HALF_BIT)];
}

ALWAYS_INLINE enum brief_state brief_begin_stage2(const struct brief_stream *stream,
						  struct brief_ways ways, uint64_t ipa,
						  struct brief_walk *walk)
{
	walk->stage = 2;
	return brief_locate(&stream->path.stream.stage2.table, ways.stage2, ipa, walk);
}

/* The first step, which knows what to read. */
ALWAYS_INLINE enum brief_state brief_begin(const struct brief_stream *stream,
					   struct brief_ways ways, uint64_t addr,
					   struct brief_walk *walk)
{
	walk->first = walk->second = 0;
	walk->va = addr;
	walk->stage = 1;
	if (stream->path.skip)
		return brief_begin_stage2(stream, ways, addr, walk);
	const struct table *table = brief_half(stream, addr);

	return unlikely(table->disabled) ? BRIEF_FAILS :
					   brief_locate(table, ways.stage1, addr, walk);
}

/* The next one, once its descriptor is at hand. */
ALWAYS_INLINE enum brief_state brief_go_on(const struct brief_stream *stream,
					   struct brief_ways ways, struct brief_walk *walk)
{
	const struct stage2 *stage2 = &stream->path.stream.stage2;
	uint64_t descriptor;

	if (walk->stage == 2) {
		if (!brief_read(&stage2->table, walk, &descriptor))
			return BRIEF_FAILS;
		walk->second = brief_pattern(descriptor, 0, walk->level);
		return BRIEF_DONE;
	}
	const struct table *table = brief_half(stream, walk->va);

	if (!brief_read(table, walk, &descriptor))
		return BRIEF_FAILS;
	/* the halves are judged apart */
	walk->first = brief_pattern(descriptor, walk->hierarchy, walk->level) |
		      (uint64_t)bit(walk->va, VA_HALF_BIT) << 16;
	return stage2->on ? brief_begin_stage2(stream, ways, walk->output, walk) : BRIEF_DONE;
}

/* Where what the patterns come to is remembered. */
ALWAYS_INLINE struct brief_verdict *brief_place(struct brief_stream *stream,
						const struct brief_walk *walk)
{
	const uint64_t mixed = (walk->first ^ walk->second >> 1) * UINT64_C(0x9e3779b97f4a7c15);

	return &stream->verdict[mixed >> (64 - BRIEF_VERDICTS_LG2)];
}

/* What it comes to, once it is done. */
ALWAYS_INLINE const struct brief_verdict *brief_verdict(struct brief_stream *stream,
							const struct brief_walk *walk)
{
	const struct brief_verdict *verdict = brief_place(stream, walk);

	return likely(verdict->first == walk->first && verdict->second == walk->second) ?
		       verdict :
		       brief_judge(stream, walk);
}

#endif
