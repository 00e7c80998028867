/* SPDX-License-Identifier: MIT */
#include "inspect_tour.h"

#include "walk/descriptor.h"

enum { PLACE_LG2 = 12 };

/* One translation table on the way. */
struct stop {
	uint64_t base;  /* of the table, in the output space of this stage */
	uint64_t input; /* of its first entry */
	uint64_t hierarchy;
	enum smmu3_pas pas; /* likewise */
	int level;
	unsigned index_bits;
	bool disch;   /* no leaf of it is Contiguous */
	bool assured; /* what leads to it, as far as tables say */
};

/* A page of it, or what is there of one. */
struct page {
	struct mem_read read;
	bool assured; /* so may be what its descriptors lead to, which are Mostly Read-Only */
};

static unsigned entry_lg2(const struct table *table)
{
	return table->d128 ? DESCRIPTOR128_LG2 : DESCRIPTOR_LG2;
}

/* Finds where descriptors from `at` are, as the walker would; a page of them, for no granule of
 * stage 2 is smaller.  False: they cannot be reached. */
static bool find_page(const struct tour *tour, const struct stop *stop, struct ipa at,
		      struct page *page)
{
	const uint64_t pa = at.addr & low_bits(tour->view->features->oas_bits);
	const struct ttd_lookup lookup = ttd_lookup_of(tour->table, at, stop->level,
						       stop->assured && tour->assured);
	struct s2_result s2 = { .pa = { pa, at.pas }, .attr = tour->table->attr };

	if (tour->stage2 && faulted(ipa_to_pa_of_lookup(&tour->view->view, tour->stage2, &lookup,
							tour->table->attr, &s2)))
		return false;
	page->read = (struct mem_read){ .at = s2.pa,
					.reason = tour->stage2 ? SMMU3_REASON_S1_TTD :
								 SMMU3_REASON_S2_TTD,
					.attr = s2.attr,
					.mecid = tour->table->mecid,
					.mpam = tour->mpam };
	page->assured = stop->assured && s2.mostly_read;
	return true;
}

static int tell_place(const struct tour *tour, const struct mem_read *read, uint64_t entries)
{
	const struct smmu3_place place = {
		.pa = read->at.addr,
		.bytes = entries << entry_lg2(tour->table),
		.reason = (uint8_t)read->reason,
		.pas = (uint8_t)read->at.pas,
	};

	return tour->place ? tour->place(tour->context, &place) : 0;
}

/* Where a leaf puts what it maps: of stage 2 no descriptor of a Secure stream says it, and of Realm
 * stage 1 only those of hypervisors do.  D8.4.6 */
static uint8_t output_pas(const struct tour *tour, const struct stop *stop, uint64_t descriptor)
{
	if (tour->table->leaf_ns)
		return (uint8_t)realm_leaf_pas(tour->table->leaf_ns, descriptor);
	return tour->stage2 ? (uint8_t)pas_after(stop->pas, ttd_get(descriptor, TTD_NS)) :
			      tour->table->output_pas;
}

/* What the walker says of them, too. */
static bool is_faulty(const struct tour *tour, const struct leaf *leaf, uint64_t input)
{
	return leaf->address >> tour->table->output_bits ||
	       wants_amec(tour->table, leaf->descriptor) ||
	       (tour->regions && !lpae_within(tour->regions, tour->upper, input, leaf->size_lg2));
}

/* A leaf as it is kept, but for its address and how large it is. */
static uint64_t as_kept(const struct tour *tour, const struct stop *stop, const struct ttd128 *ttd)
{
	const struct table *table = tour->table;

	if (table->d128) {
		const uint64_t leaf = leaf128_as_64(ttd, tour->stage2 ? 1 : 2);

		return stop->disch ? leaf & ~field_mask(TTD_CONTIGUOUS) : leaf;
	}
	const uint64_t leaf = ttd->word[0] & ~(table->pnch ? field_mask(TTD_CONTIGUOUS) : 0);

	return table->ds ? leaf_with_sh(leaf, table->sh) : leaf;
}

/* Where a descriptor points, at 2^size_lg2 bytes. */
static uint64_t address_in(const struct table *table, const struct ttd128 *ttd, unsigned size_lg2)
{
	return table->d128 ?
		       descriptor128_address(ttd, size_lg2) :
		       descriptor_address(table->granule_lg2, table->ds, ttd->word[0], size_lg2);
}

/* Of a region of stage 1 with 56 bits those above are copies of bit 55.  3.4.1 */
static uint64_t extended(const struct tour *tour, uint64_t input)
{
	const bool whole = tour->stage2 && tour->table->input_bits > VA_HALF_BIT;

	return whole && bit(input, VA_HALF_BIT) ? input | ~low_bits(tour->table->input_bits) :
						  input;
}

static int show_leaf(const struct tour *tour, const struct stop *stop, uint64_t input,
		     const struct page *page, const struct ttd128 *ttd)
{
	const struct table *table = tour->table;
	const struct pa at = page->read.at;
	const unsigned lsb = table_level_lg2(table, stop->level);
	const bool left = stop->pas == SMMU3_PAS_NS || at.pas == SMMU3_PAS_NS;
	const uint64_t descriptor = as_kept(tour, stop, ttd);
	struct tour_leaf found = {
		.input = extended(tour, input | tour->above),
		.descriptor = ttd->word[0],
		.high = ttd->word[1],
		.descriptor_pa = at.addr,
		.leaf = {
			.descriptor = descriptor,
			.address = address_in(table, ttd, lsb),
			.hierarchy = table->no_hierarchy ? 0 : stop->hierarchy,
			.level = (int8_t)stop->level,
			.size_lg2 = (uint8_t)leaf_lg2(lsb, table->output_bits),
			.block_lg2 = (uint8_t)lsb,
			.output_bits = table->output_bits,
			.input_bits = table->input_bits,
			.pas = output_pas(tour, stop, descriptor),
			.read_from = left ? SMMU3_PAS_NS : (uint8_t)stop->pas,
			.d128 = table->d128,
			.assured = page->assured && is_protected(table, ttd),
		},
	};

	if (is_faulty(tour, &found.leaf, found.input))
		return 0;
	if (!tour->stage2) /* 3.4 */
		found.leaf.address &= low_bits(tour->view->features->oas_bits);
	return tour->fn(tour->context, &found);
}

static int visit(struct tour *tour, const struct stop *stop);

static int visit_next(struct tour *tour, const struct stop *stop, uint64_t input,
		      const struct page *page, const struct ttd128 *ttd)
{
	const struct table *table = tour->table;
	const unsigned table_lg2 = table->d128 ? next_table128_lg2(ttd, table->granule_lg2) :
						 table->granule_lg2;
	const bool nstable = table->d128 ? ttd128_get(ttd, TTD128_NSTABLE) :
					   ttd_get(ttd->word[0], TTD_NSTABLE);
	const struct stop next = {
		.base = address_in(table, ttd, table_lg2),
		.input = input,
		.hierarchy = table->d128 ? 0 : stop->hierarchy | (ttd->word[0] & ~low_bits(59)),
		.pas = tour->stage2 ? pas_after(stop->pas, nstable) : stop->pas,
		.level = stop->level + 1 + (table->d128 ? (int)ttd128_get(ttd, TTD128_SKL) : 0),
		.index_bits = table_lg2 - entry_lg2(table),
		.disch = table->d128 && tour->stage2 && ttd128_get(ttd, TTD128_DISCH),
		.assured = page->assured && is_protected(table, ttd),
	};

	return next.base >> table->output_bits ? 0 : visit(tour, &next);
}

/* As the walker does.  false: it cannot be read. */
static bool read_entry(const struct tour *tour, const struct mem_read *read, struct ttd128 *ttd)
{
	const struct mem_view *view = &tour->view->view;
	const bool d128 = tour->table->d128;

	ttd->word[1] = 0;
	if (!(d128 ? guarded_read_pair(view, read, ttd->word) :
		     guarded_read(view, read, ttd->word, 1)))
		return false;
	if (tour->table->big_endian)
		*ttd = (struct ttd128){ { swap64(ttd->word[d128]),
					  d128 ? swap64(ttd->word[0]) : 0 } };
	return true;
}

static enum descriptor_kind kind_of(const struct table *table, const struct ttd128 *ttd, int level)
{
	return table->d128 ? descriptor128_kind(ttd, level, table->granule_lg2) :
			     descriptor_kind(ttd->word[0], level, table->block_level);
}

static int visit_entry(struct tour *tour, const struct stop *stop, uint64_t input,
		       const struct page *page)
{
	struct ttd128 ttd;

	if (!tour->budget)
		return -SMMU3_E_LIMIT;
	tour->budget--;
	if (!read_entry(tour, &page->read, &ttd))
		return 0;
	switch (kind_of(tour->table, &ttd, stop->level)) {
	case DESCRIPTOR_TABLE:
		return visit_next(tour, stop, input, page, &ttd);
	case DESCRIPTOR_LEAF:
		return show_leaf(tour, stop, input, page, &ttd);
	default:
		return 0;
	}
}

/* The entries from `first` on that one page holds. */
static int visit_page(struct tour *tour, const struct stop *stop, uint64_t first, uint64_t entries)
{
	const unsigned size_lg2 = table_level_lg2(tour->table, stop->level);
	const unsigned of_entry = entry_lg2(tour->table);
	const struct ipa at = { stop->base | first << of_entry, stop->pas };
	struct page page;
	int code;

	if (!tour->budget)
		return -SMMU3_E_LIMIT;
	if (at.addr >> tour->table->output_bits || !find_page(tour, stop, at, &page)) {
		tour->budget--;
		return 0;
	}
	code = tell_place(tour, &page.read, entries);
	for (uint64_t i = first; !code && i < first + entries; i++) {
		code = visit_entry(tour, stop, stop->input | i << size_lg2, &page);
		page.read.at.addr += UINT64_C(1) << of_entry;
	}
	return code;
}

/* At most six deep: a table is at least one level below the one that points at it. */
static int visit(struct tour *tour, const struct stop *stop)
{
	const uint64_t entries = UINT64_C(1) << stop->index_bits;
	const uint64_t page = UINT64_C(1) << (PLACE_LG2 - entry_lg2(tour->table));
	int code = 0;

	for (uint64_t first = 0; !code && first < entries; first += page)
		code = visit_page(tour, stop, first, entries < page ? entries : page);
	return code;
}

int tour_table(struct tour *tour, const struct table *table, bool upper)
{
	/* A region of 56 bits is both halves, and toured once. */
	if (table->disabled || (upper && table->input_bits > VA_HALF_BIT))
		return 0;
	const struct stop first = {
		.base = table->root,
		.pas = (enum smmu3_pas)table->pas,
		.level = table->start_level,
		.index_bits = table->input_bits - table_level_lg2(table, table->start_level),
		.disch = table->disch,
		.assured = table->assured,
	};

	tour->table = table;
	tour->upper = upper;
	tour->above = upper ? ~low_bits(table->input_bits) : 0;
	if (tour->regions)
		tour->above &= low_bits(LPAE_VA_BITS);
	return visit(tour, &first);
}
