/* SPDX-License-Identifier: MIT */
/* Every leaf of a stage's tables, in ascending order of its input. */
#include "config/context.h"
#include "inspect_view.h"
#include "walk/descriptor.h"

struct tour {
	const struct inspect_view *view;
	const struct stage1 *stage1; /* NULL: a tour of stage 2 */
	const struct stage2 *stage2;
	enum smmu3_pas ipa_pas; /* a tour of stage 2: of which IPAs */
	const struct table *table;
	uint64_t above; /* input bits above the region: ones for TTB1 */
	uint64_t budget;
	smmu3_mapping_fn *fn;
	void *context;
};

/* One translation table on the way. */
struct stop {
	uint64_t base;  /* of the table, in the output space of this stage */
	uint64_t input; /* of its first entry */
	uint64_t hierarchy;
	enum smmu3_pas pas; /* likewise */
	int level;
	unsigned index_bits;
};

/* Reads a descriptor as the walker would; false: it cannot be reached. */
static bool read_descriptor(const struct tour *tour, struct ipa at, struct mem_read *read,
			    uint64_t *descriptor)
{
	struct s2_result s2 = { .pa = { at.addr, at.pas }, .attr = tour->table->attr };

	if (tour->stage1 && faulted(ipa_to_pa(&tour->view->view, tour->stage2, at, SMMU3_CLASS_TT,
					      tour->table->attr, &s2)))
		return false;
	*read = (struct mem_read){ .at = s2.pa,
				   .reason = tour->stage1 ? SMMU3_REASON_S1_TTD :
							    SMMU3_REASON_S2_TTD,
				   .attr = s2.attr,
				   .mecid = tour->table->mecid };
	return guarded_read(&tour->view->view, read, descriptor, 1);
}

/* What a Realm stream has of a leaf that leads to Non-secure memory.  7.3.16 */
static void choose_realm_space(const struct tour *tour, struct smmu3_mapping *mapping)
{
	mapping->pas = (uint8_t)realm_leaf_pas(tour->table->leaf_ns, mapping->descriptor);
	if (mapping->pas == SMMU3_PAS_NS)
		mapping->perm &= (uint8_t)~PERM_EXECUTE;
}

/* Has a walk of a Secure stream come into Non-secure memory?  What it finds there is of its ASID.
 * 3.17.1 */
static bool left_space(const struct tour *tour, const struct stop *stop)
{
	return tour->view->features->sec_sid == SMMU3_PAS_SECURE && stop->pas == SMMU3_PAS_NS;
}

static void describe_stage1(const struct tour *tour, const struct stop *stop,
			    struct smmu3_mapping *mapping)
{
	const uint64_t leaf = mapping->descriptor;
	const unsigned index = (unsigned)ttd_get(leaf, TTD_ATTRINDX);

	mapping->attr = attr_from_mair((uint8_t)(tour->stage1->mair >> 8 * index),
				       (unsigned)ttd_get(leaf, TTD_SH));
	mapping->perm = (uint8_t)(perm_s1(leaf, tour->table->no_hierarchy ? 0 : stop->hierarchy,
					  &tour->stage1->perm) &
				  ~tour->table->closed);
	mapping->global = stream_worlds[tour->stage1->regime.world].asids &&
			  !ttd_get(leaf, TTD_NG) && !left_space(tour, stop);
	mapping->pas = (uint8_t)pas_after(stop->pas, ttd_get(leaf, TTD_NS));
}

static void describe_stage2(const struct tour *tour, struct smmu3_mapping *mapping)
{
	const struct smmu3_attr neutral = { SMMU3_ATTR_DEFAULT_MAIR, SMMU3_NSH };
	const uint64_t leaf = mapping->descriptor;

	mapping->attr = attr_combine(neutral, (unsigned)ttd_get(leaf, TTD_MEMATTR),
				     (unsigned)ttd_get(leaf, TTD_SH), tour->stage2->fwb);
	mapping->perm = (uint8_t)perm_s2(leaf, tour->stage2->xnx);
	mapping->ipa_pas = (uint8_t)tour->ipa_pas;
	mapping->pas = tour->table->output_pas;
}

static int show_leaf(const struct tour *tour, const struct stop *stop, uint64_t input, uint64_t at,
		     uint64_t descriptor)
{
	const unsigned size_lg2 = level_lg2(tour->table->granule_lg2, stop->level);
	struct smmu3_mapping mapping = {
		.input = input | tour->above,
		.output = descriptor_address(tour->table->granule_lg2, descriptor, size_lg2),
		.size = UINT64_C(1) << leaf_lg2(size_lg2, tour->table->output_bits),
		.descriptor = descriptor,
		.descriptor_pa = at,
		.stage = tour->stage1 ? 1 : 2,
		.level = (int8_t)stop->level,
		.contiguous = ttd_get(descriptor, TTD_CONTIGUOUS) != 0,
		.accessed = ttd_get(descriptor, TTD_AF) != 0,
	};

	if (mapping.output >> tour->table->output_bits || wants_amec(tour->table, descriptor))
		return 0;
	if (tour->stage1)
		describe_stage1(tour, stop, &mapping);
	else
		describe_stage2(tour, &mapping);
	if (tour->table->leaf_ns)
		choose_realm_space(tour, &mapping);
	return tour->fn(tour->context, &mapping);
}

static int visit(struct tour *tour, const struct stop *stop);

static int visit_next(struct tour *tour, const struct stop *stop, uint64_t input,
		      uint64_t descriptor)
{
	const unsigned granule_lg2 = tour->table->granule_lg2;
	const struct stop next = {
		.base = descriptor_address(granule_lg2, descriptor, granule_lg2),
		.input = input,
		.hierarchy = stop->hierarchy | (descriptor & ~low_bits(59)),
		.pas = tour->stage1 ? pas_after(stop->pas, ttd_get(descriptor, TTD_NSTABLE)) :
				      stop->pas,
		.level = stop->level + 1,
		.index_bits = granule_lg2 - DESCRIPTOR_LG2,
	};

	return next.base >> tour->table->output_bits ? 0 : visit(tour, &next);
}

/* At most four deep: a table is one level below the one that points at it. */
static int visit(struct tour *tour, const struct stop *stop)
{
	const unsigned size_lg2 = level_lg2(tour->table->granule_lg2, stop->level);
	struct mem_read read;
	uint64_t descriptor;

	for (uint64_t i = 0; !(i >> stop->index_bits); i++) {
		const uint64_t input = stop->input | i << size_lg2;
		const struct ipa at = { stop->base | i << DESCRIPTOR_LG2, stop->pas };
		int code = 0;

		if (!tour->budget)
			return -SMMU3_E_LIMIT;
		tour->budget--;
		if (!read_descriptor(tour, at, &read, &descriptor))
			continue;
		const enum descriptor_kind kind = descriptor_kind(descriptor, stop->level,
								  tour->table->block_level);

		if (kind == DESCRIPTOR_TABLE)
			code = visit_next(tour, stop, input, descriptor);
		else if (kind == DESCRIPTOR_LEAF)
			code = show_leaf(tour, stop, input, read.at.addr, descriptor);
		if (code)
			return code;
	}
	return 0;
}

static int tour_table(struct tour *tour, const struct table *table, bool upper)
{
	if (table->disabled)
		return 0;
	const struct stop first = {
		.base = table->root,
		.pas = (enum smmu3_pas)table->pas,
		.level = table->start_level,
		.index_bits = table->input_bits - level_lg2(table->granule_lg2, table->start_level),
	};

	tour->table = table;
	tour->above = upper ? ~low_bits(table->input_bits) : 0;
	return visit(tour, &first);
}

static int tour_stage1(struct tour *tour, const struct stream *stream, uint32_t ssid)
{
	struct context context;

	if (!stream->stage1 || ssid >> stream->cdmax ||
	    faulted(context_fetch(&tour->view->view, tour->view->features, stream, ssid, &context)))
		return -SMMU3_E_NOT_FOUND;
	tour->stage1 = &context.stage1;
	const int code = tour_table(tour, &context.stage1.half[0], false);

	return code ? code : tour_table(tour, &context.stage1.half[1], true);
}

/* A Secure stream has a tree of each IPA space.  3.10.2.2 */
static int tour_stage2(struct tour *tour)
{
	int code = tour->stage2->on ? 0 : -SMMU3_E_NOT_FOUND;

	tour->ipa_pas = (enum smmu3_pas)tour->view->features->sec_sid;
	if (!code && tour->ipa_pas == SMMU3_PAS_SECURE) {
		code = tour_table(tour, &tour->stage2->secure, false);
		tour->ipa_pas = SMMU3_PAS_NS;
	}
	return code ? code : tour_table(tour, &tour->stage2->table, false);
}

int smmu3_inspect_mappings(struct smmu3 *smmu, enum smmu3_pas sec_sid, uint32_t sid, uint32_t ssid,
			   unsigned stage, uint64_t budget, smmu3_mapping_fn *fn, void *context)
{
	struct inspect_view view;
	struct stream stream;
	struct tour tour = { .view = &view,
			     .stage2 = &stream.stage2,
			     .budget = budget,
			     .fn = fn,
			     .context = context };
	int code = inspect_open(smmu, sec_sid, &view);

	if (!code)
		code = inspect_stream(&view, sid, &stream);
	if (code)
		return code;
	if (stage == 1)
		return tour_stage1(&tour, &stream, ssid);
	return stage == 2 ? tour_stage2(&tour) : -SMMU3_E_NOT_FOUND;
}
