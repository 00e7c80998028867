/* SPDX-License-Identifier: MIT */
/* Mapping and unmapping in translation tables, VMSAv8-64 and VMSAv9-128, D8.2 and D8.3, and
 * VMSAv8-32, G5.5. */
#include <smmu/tables.h>

#include "arch/ttd.h"
#include "tables_put.h"
#include "tables_shape.h"

enum { CONTIGUOUS_LEVELS = 3 };

/* ---- Descriptors ---- */

/* An address as descriptors hold it: with 64KB bits 51:48 stand in 15:12, with DS bits 51:50 in
 * 9:8.  D8.3.1 */
static uint64_t address_bits(const struct smmu3_table *table, uint64_t address)
{
	if (table->granule_lg2 == 16)
		return (address & field_mask(TTD_ADDR_64K)) | bits(address, 51, 48)
								      << field_lsb(TTD_ADDR_51_48);
	if (table->ds)
		return (address & (field_mask(TTD_ADDR_4K) | field_mask(TTD_ADDR_49_48))) |
		       bits(address, 51, 50) << field_lsb(TTD_ADDR_51_50);
	return address & field_mask(TTD_ADDR_4K);
}

/* log2 of the bytes of the table that a table descriptor points at. */
static unsigned next_table_lg2(const struct smmu3_table *table, const struct ttd128 *ttd)
{
	return is_d128(table) ? next_table128_lg2(ttd, table->granule_lg2) : table->granule_lg2;
}

/* Where it is. */
static uint64_t next_table(const struct smmu3_table *table, const struct ttd128 *ttd)
{
	return is_d128(table) ? descriptor128_address(ttd, next_table_lg2(table, ttd)) :
				descriptor_address(table->granule_lg2, table->ds, ttd->word[0],
						   table->granule_lg2);
}

/* All formats have it in the same place. */
static bool is_valid(const struct ttd128 *ttd)
{
	return ttd_get(ttd->word[0], TTD_VALID);
}

static bool is_table(const struct smmu3_table *table, const struct ttd128 *ttd, int level)
{
	if (is_d128(table))
		return descriptor128_kind(ttd, level, table->granule_lg2) == DESCRIPTOR_TABLE;
	return level < LAST_LEVEL && is_valid(ttd) && ttd_get(ttd->word[0], TTD_TYPE);
}

/* Every bit of a leaf that is the format's: type and address.  D8.3 */
static uint64_t leaf_form(const struct smmu3_table *table, int level, uint64_t output)
{
	return field_mask(TTD_VALID) | (level == LAST_LEVEL ? field_mask(TTD_TYPE) : 0) |
	       address_bits(table, output);
}

static struct ttd128 leaf_form_128(int level, uint64_t output)
{
	struct ttd128 ttd = { { field_mask(TTD128_VALID) | (output & field_mask(TTD128_ADDR)),
				0 } };

	put(ttd.word, TTD128_SKL, (uint64_t)(LAST_LEVEL - level));
	return ttd;
}

/* Blocks: 4KB at levels 1 and 2, with DS at 0; 16KB at 2, with DS at 1; 64KB at 2 and, with 52-bit
 * outputs, at 1.  D8.2.8 to D8.2.10 */
static bool leaf_allowed(const struct smmu3_table *table, int level)
{
	if (is_d128(table)) /* of 64GB with 4KB, and else of level 1.  D8-46 */
		return level >= (table->granule_lg2 == 12 ? 0 : 1);
	if (table->granule_lg2 == 12)
		return level >= (table->ds ? 0 : 1);
	if (level == 1)
		return table->ds || (table->granule_lg2 == 16 && table->output_bits == 52);
	return level >= 2;
}

/* Entries of a Contiguous run, in bits; 0 where a level has none.  D8.7.1 */
static unsigned contiguous_lg2(const struct smmu3_table *table, int level)
{
	static const uint8_t run_lg2[3][CONTIGUOUS_LEVELS] = {
		/* levels 1, 2, 3 */
		{ 4, 4, 4 }, /* 4KB */
		{ 0, 5, 7 }, /* 16KB */
		{ 0, 5, 5 }, /* 64KB */
	};

	static const uint8_t run128_lg2[3][CONTIGUOUS_LEVELS] = {
		{ 2, 4, 4 },
		{ 2, 4, 6 },
		{ 0, 6, 4 },
	};
	const unsigned granule = (table->granule_lg2 - 12u) / 2;

	if (level < 1)
		return 0;
	return (is_d128(table) ? run128_lg2 : run_lg2)[granule][level - 1];
}

/* ---- Descriptors in memory ---- */

static int descriptor_read(const struct smmu3_builder *builder, const struct smmu3_table *table,
			   uint64_t at, struct ttd128 *ttd)
{
	const bool wide = is_d128(table);
	int code = builder->read(builder->context, at, &ttd->word[0]);

	ttd->word[1] = 0;
	if (!code && wide)
		code = builder->read(builder->context, at + 8, &ttd->word[1]);
	if (!code && table->big_endian)
		*ttd = (struct ttd128){ { swap64(ttd->word[wide]),
					  wide ? swap64(ttd->word[0]) : 0 } };
	return code;
}

/* A word, bits 63:0 or 127:64, where it stands. */
static int word_write(const struct smmu3_builder *builder, const struct smmu3_table *table,
		      uint64_t at, const struct ttd128 *ttd, unsigned word)
{
	const bool second = is_d128(table) && word != table->big_endian;
	const uint64_t value = ttd->word[word];

	return builder->write(builder->context, at + (second ? 8 : 0),
			      table->big_endian ? swap64(value) : value);
}

/* What makes it valid comes last, and goes first. */
static int descriptor_write(const struct smmu3_builder *builder, const struct smmu3_table *table,
			    uint64_t at, const struct ttd128 *ttd)
{
	const unsigned first = is_valid(ttd) ? 1 : 0;
	int code;

	if (!is_d128(table))
		return word_write(builder, table, at, ttd, 0);
	code = word_write(builder, table, at, ttd, first);
	return code ? code : word_write(builder, table, at, ttd, !first);
}

/* ---- Walking what is being built ---- */

/* An entry of a table, and what it holds. */
struct entry {
	int level;
	uint64_t table; /* address of the table it is in */
	uint64_t at;    /* address of the descriptor */
	unsigned index_bits;
	struct ttd128 ttd;
};

static uint64_t entry_at(const struct smmu3_table *table, const struct entry *entry, uint64_t input)
{
	const uint64_t within = input & low_bits(table->input_bits);
	const uint64_t index = within >> entry_lg2(table, entry->level);

	return entry->table + ((index & low_bits(entry->index_bits)) << descriptor_lg2(table));
}

static int entry_read(const struct smmu3_builder *builder, const struct smmu3_table *table,
		      struct entry *entry, uint64_t input)
{
	entry->at = entry_at(table, entry, input);
	return descriptor_read(builder, table, entry->at, &entry->ttd);
}

static int entry_root(const struct smmu3_builder *builder, const struct smmu3_table *table,
		      uint64_t input, struct entry *entry)
{
	*entry = (struct entry){ .level = table->start_level,
				 .table = table->root,
				 .index_bits = table->input_bits -
					       entry_lg2(table, table->start_level) };
	return entry_read(builder, table, entry, input);
}

static int entry_descend(const struct smmu3_builder *builder, const struct smmu3_table *table,
			 uint64_t input, struct entry *entry)
{
	const unsigned skipped = is_d128(table) ? (unsigned)ttd128_get(&entry->ttd, TTD128_SKL) : 0;

	entry->table = next_table(table, &entry->ttd);
	entry->index_bits = next_table_lg2(table, &entry->ttd) - descriptor_lg2(table);
	entry->level += 1 + (int)skipped;
	return entry_read(builder, table, entry, input);
}

/* The entry that decides about input as tables stand: the first that is no table. */
static int entry_find(const struct smmu3_builder *builder, const struct smmu3_table *table,
		      uint64_t input, struct entry *entry)
{
	int code = entry_root(builder, table, input, entry);

	while (!code && is_table(table, &entry->ttd, entry->level))
		code = entry_descend(builder, table, input, entry);
	return code;
}

/* ---- Mapping ---- */

/* Bytes from input to the end of what an entry of this level maps, at most `left`. */
static uint64_t step(const struct smmu3_table *table, int level, uint64_t input, uint64_t left)
{
	const uint64_t size = UINT64_C(1) << entry_lg2(table, level);
	const uint64_t rest = size - (input & (size - 1));

	return rest < left ? rest : left;
}

static int range_is_free(const struct smmu3_builder *builder, const struct smmu3_table *table,
			 const struct smmu3_map *map)
{
	for (uint64_t done = 0; done < map->size;) {
		struct entry entry;
		const int code = entry_find(builder, table, map->input + done, &entry);

		if (code)
			return code;
		if (is_valid(&entry.ttd))
			return -SMMU3_E_OVERLAP;
		done += step(table, entry.level, map->input + done, map->size - done);
	}
	return 0;
}

/* May a leaf of this level stand here?  done is the offset into the mapping. */
static bool leaf_fits(const struct smmu3_table *table, const struct smmu3_map *map, uint64_t done,
		      int level)
{
	const unsigned size_lg2 = entry_lg2(table, level);

	return leaf_allowed(table, level) && !((map->input + done) & low_bits(size_lg2)) &&
	       !((map->output + done) & low_bits(size_lg2)) && (map->size - done) >> size_lg2 &&
	       (!map->block || map->block >> size_lg2);
}

/* No entry of the run is a table, so that all become leaves of this level? */
static bool run_has_no_table(const struct smmu3_builder *builder, const struct smmu3_table *table,
			     const struct entry *entry, unsigned run_lg2)
{
	const uint64_t first = align_down(entry->at, run_lg2 + descriptor_lg2(table));
	struct ttd128 ttd;

	for (uint64_t i = 0; entry->level < LAST_LEVEL && i < UINT64_C(1) << run_lg2; i++) {
		if (descriptor_read(builder, table, first + (i << descriptor_lg2(table)), &ttd) ||
		    is_table(table, &ttd, entry->level))
			return false;
	}
	return true;
}

/* Is the leaf part of an aligned run that lies in the mapping as a whole? */
static bool run_fits(const struct smmu3_builder *builder, const struct smmu3_table *table,
		     const struct smmu3_map *map, uint64_t done, const struct entry *entry)
{
	const unsigned run_lg2 = contiguous_lg2(table, entry->level);
	const uint64_t mask = low_bits(run_lg2 + entry_lg2(table, entry->level));
	const uint64_t before = (map->input + done) & mask;

	return run_lg2 && before <= done && map->size - (done - before) > mask &&
	       !((map->output + done - before) & mask) &&
	       run_has_no_table(builder, table, entry, run_lg2);
}

static struct ttd128 leaf_of(const struct smmu3_table *table, const struct smmu3_map *map,
			     int level, uint64_t output, bool contiguous)
{
	/* where bits 51:50 of the address stand there is no SH */
	const uint64_t others = map->attributes & ~(table->ds ? field_mask(TTD_SH) : 0);
	struct ttd128 ttd = { { others | leaf_form(table, level, output), 0 } };

	if (is_d128(table)) {
		ttd = leaf_form_128(level, output);
		ttd.word[0] |= map->attributes;
		ttd.word[1] |= map->attributes_high;
	}
	if (contiguous)
		ttd.word[is_d128(table)] |= is_d128(table) ? field_mask(TTD128_CONTIGUOUS) :
							     field_mask(TTD_CONTIGUOUS);
	return ttd;
}

static int put_leaf(const struct smmu3_builder *builder, const struct smmu3_table *table,
		    const struct smmu3_map *map, uint64_t done, const struct entry *entry)
{
	const bool contiguous = map->contiguous && run_fits(builder, table, map, done, entry);
	const struct ttd128 leaf = leaf_of(table, map, entry->level, map->output + done,
					   contiguous);

	return descriptor_write(builder, table, entry->at, &leaf);
}

/* It skips nothing. */
static struct ttd128 table_of(const struct smmu3_table *table, const struct smmu3_map *map,
			      uint64_t next)
{
	if (is_d128(table))
		return (struct ttd128){ { field_mask(TTD128_VALID) | next | map->table_attributes,
					  map->table_attributes_high } };
	return (struct ttd128){ { field_mask(TTD_VALID) | field_mask(TTD_TYPE) |
					  address_bits(table, next) | map->table_attributes,
				  0 } };
}

static int put_table(const struct smmu3_builder *builder, const struct smmu3_table *table,
		     const struct smmu3_map *map, struct entry *entry)
{
	uint64_t next;
	int code = builder->allocate(builder->context, UINT64_C(1) << table->granule_lg2, &next);

	if (code)
		return code;
	entry->ttd = table_of(table, map, next);
	return descriptor_write(builder, table, entry->at, &entry->ttd);
}

/* Does what comes at `done` belong to the same table as the entry before it, as a leaf of its
 * level?  Reads that entry then. */
static bool next_is_leaf(const struct smmu3_builder *builder, const struct smmu3_table *table,
			 const struct smmu3_map *map, uint64_t done, struct entry *entry)
{
	const uint64_t within = (map->input + done) &
				low_bits(entry_lg2(table, entry->level) + entry->index_bits);

	entry->at += UINT64_C(1) << descriptor_lg2(table);
	return done < map->size && within && leaf_fits(table, map, done, entry->level) &&
	       !descriptor_read(builder, table, entry->at, &entry->ttd) &&
	       !is_table(table, &entry->ttd, entry->level);
}

/* Writes leaves from an entry on, as far as one table goes. */
static int put_leaves(const struct smmu3_builder *builder, const struct smmu3_table *table,
		      const struct smmu3_map *map, uint64_t *done, struct entry *entry)
{
	int code;

	do {
		code = put_leaf(builder, table, map, *done, entry);
		*done += UINT64_C(1) << entry_lg2(table, entry->level);
	} while (!code && next_is_leaf(builder, table, map, *done, entry));
	return code;
}

/* Writes the leaves of one table, with the tables above it; *done goes on past them. */
static int map_some(const struct smmu3_builder *builder, const struct smmu3_table *table,
		    const struct smmu3_map *map, uint64_t *done)
{
	const uint64_t input = map->input + *done;
	struct entry entry;
	int code = entry_root(builder, table, input, &entry);

	while (!code) {
		const bool empty = !is_table(table, &entry.ttd, entry.level);

		if (empty && leaf_fits(table, map, *done, entry.level))
			return put_leaves(builder, table, map, done, &entry);
		if (empty)
			code = put_table(builder, table, map, &entry);
		if (!code)
			code = entry_descend(builder, table, input, &entry);
	}
	return code;
}

/* Is input inside the region, up to its end?  The upper half's begins at 2^64 - 2^input_bits, or at
 * 2^32 less that. */
static bool in_region(const struct smmu3_table *table, uint64_t input, uint64_t size)
{
	const uint64_t within = input & low_bits(table->input_bits);
	const uint64_t above = input & ~low_bits(table->input_bits);
	const uint64_t ones = low_bits(is_lpae(table) ? LPAE_REGION_BITS : 64);

	return above == (table->upper ? ones & ~low_bits(table->input_bits) : 0) &&
	       size - 1 <= low_bits(table->input_bits) - within;
}

static bool map_legal(const struct smmu3_table *table, const struct smmu3_map *map)
{
	const uint64_t mask = low_bits(table->granule_lg2);

	return map->size && !((map->input | map->output | map->size) & mask) &&
	       (!map->block || map->block > mask) && in_region(table, map->input, map->size) &&
	       map->output <= low_bits(table->output_bits) &&
	       map->size - 1 <= low_bits(table->output_bits) - map->output;
}

int smmu3_table_map(const struct smmu3_builder *builder, const struct smmu3_table *table,
		    const struct smmu3_map *map)
{
	int code = map_legal(table, map) ? range_is_free(builder, table, map) : -SMMU3_E_ARGUMENT;

	for (uint64_t done = 0; !code && done < map->size;)
		code = map_some(builder, table, map, &done);
	return code;
}

int smmu3_table_unmap(const struct smmu3_builder *builder, const struct smmu3_table *table,
		      uint64_t input)
{
	struct entry entry;
	int code;

	if (!in_region(table, input, 1))
		return -SMMU3_E_NOT_FOUND;
	code = entry_find(builder, table, input, &entry);
	if (code)
		return code;
	if (!is_valid(&entry.ttd))
		return -SMMU3_E_NOT_FOUND;
	return descriptor_write(builder, table, entry.at, &(struct ttd128){ { 0, 0 } });
}
