/* SPDX-License-Identifier: MIT */
/*
 * The one walker.  A format is a constant row; the instances differ in it alone.
 *
 * Per level, in the order of 7.3.22: fetch the descriptor (through stage 2, for stage 1 of a nested
 * stream), then F_WALK_EABT, F_TRANSLATION, F_ADDR_SIZE.  What the leaf permits is for the stage
 * that asked.  Contiguous, nT and PBHA change nothing: each descriptor speaks for itself.  D8.7
 */
#include "walk/stage.h"

#include "mem/guard.h"
#include "mem/watch.h"
#include "walk/descriptor.h"
#include "walk/update.h"

struct format {
	uint8_t granule_lg2;
	uint8_t stage;
	bool non_secure; /* the one space there is: no descriptor chooses another */
	bool lpae;       /* VMSAv8-32 */
	bool ds;         /* addresses of 52 bits, in place of SH.  D8.3.1 */
	bool d128;       /* VMSAv9-128 */
};

ALWAYS_INLINE unsigned descriptor_lg2(const struct format format)
{
	return format.d128 ? DESCRIPTOR128_LG2 : DESCRIPTOR_LG2;
}

/* log2 of the bytes that one descriptor of a level maps. */
ALWAYS_INLINE unsigned maps_lg2(const struct format format, int level)
{
	return level_of_lg2(format.granule_lg2, descriptor_lg2(format), level);
}

/* One body serves both stages: which rule it is follows from the format. */
#define STAGE_WHY(format, rule) ((format).stage == 1 ? WHY_S1_##rule : WHY_S2_##rule)

ALWAYS_INLINE struct fault walk_fault(const struct format format,
				      const struct walk_context *context, enum event_number event,
				      enum why why, int level)
{
	return (struct fault){
		.why = why,
		.event = (uint8_t)event,
		.fault_class = format.stage == 1 ? SMMU3_CLASS_IN : (uint8_t)context->fault_class,
		.stage = format.stage,
		.level = (int8_t)level,
		.ipa_pas = (uint8_t)context->ipa_pas,
		.addr = format.stage == 1 ? 0 : context->input,
	};
}

/* An aborted descriptor fetch: stage 1's is of class TT whatever the access, stage 2's of the class
 * it was needed for. 7.3.12 */
static COLD struct fault fetch_fault(const struct format format, const struct walk_context *context,
				     struct pa at, int level)
{
	const enum why why = guarded_why(context->view, STAGE_WHY(format, FETCH));
	struct fault fault = walk_fault(format, context, F_WALK_EABT, why, level);

	if (format.stage == 1)
		fault.fault_class = SMMU3_CLASS_TT;
	fault.addr = at.addr;
	return fault;
}

struct fetched {
	struct mem_read read;
	uint64_t ipa;      /* stage 1 behind stage 2 */
	struct ttd128 ttd; /* but for VMSAv9-128 its first word alone */
	bool ok;
	bool mostly_read; /* stage 2 says MRO, where it is hardened */
};

/* Where a descriptor is, in this stage's output space. */
struct descriptor_place {
	uint64_t at;
	enum smmu3_pas pas;
	int level;
	bool assured; /* what leads to it */
};

static COLD void tell(const struct format format, const struct walk_context *context,
		      const struct fetched *fetched, struct descriptor_place place)
{
	const struct smmu3_step step = {
		.pa = fetched->read.at.addr,
		.ipa = fetched->ipa,
		.input = context->input,
		.word = { fetched->ttd.word[0], format.d128 ? fetched->ttd.word[1] : 0 },
		.reason = (uint8_t)fetched->read.reason,
		.words = format.d128 ? 2 : 1,
		.pas = (uint8_t)fetched->read.at.pas,
		.has_ipa = format.stage == 1 && context->stage2->on,
		.ipa_pas = (uint8_t)(format.stage == 1 ? place.pas : context->ipa_pas),
		.aborted = !fetched->ok,
		.fault_class = format.stage == 1 ? SMMU3_CLASS_IN : (uint8_t)context->fault_class,
		.level = (int8_t)place.level,
		.granule_lg2 = format.granule_lg2,
		.attr = fetched->read.attr,
		.mecid = mecid_of(&fetched->read),
		.mpam = fetched->read.mpam,
	};

	context->view->step(context->view->step_context, &step);
}

/* VMSAv8-32 puts out 40 bits whatever the output size, to which a PA is cut.  3.4 */
ALWAYS_INLINE uint64_t cut(const struct format format, const struct walk_context *context,
			   uint64_t address)
{
	const struct stage2 *stage2 = context->stage2;

	return format.lpae && (format.stage == 2 || !stage2->on) ?
		       address & low_bits(stage2->oas_bits) :
		       address;
}

/* Reads it, as one atomic access.  false: memory aborts. */
ALWAYS_INLINE bool read_descriptor(const struct format format, const struct table *table,
				   const struct walk_context *context, struct fetched *fetched)
{
	uint64_t *word = fetched->ttd.word;
	const bool ok = format.d128 ? guarded_read_pair(context->view, &fetched->read, word) :
				      guarded_read(context->view, &fetched->read, word, 1);

	if (unlikely(table->big_endian)) {
		const uint64_t first = word[0];

		word[0] = swap64(format.d128 ? word[1] : first);
		word[1] = format.d128 ? swap64(first) : 0;
	}
	return ok;
}

/* Stage 2 of where a descriptor is. */
static COLD struct fault find_hardened(const struct table *table,
				       const struct walk_context *context,
				       struct descriptor_place place, struct s2_result *s2)
{
	const struct ttd_lookup lookup = ttd_lookup_of(table, (struct ipa){ place.at, place.pas },
						       place.level,
						       place.assured && context->assured);

	return ipa_to_pa_of_lookup(context->view, context->stage2, &lookup, table->attr, s2);
}

ALWAYS_INLINE struct fault find_descriptor(const struct table *table,
					   const struct walk_context *context,
					   struct descriptor_place place, struct s2_result *s2)
{
	if (unlikely(context->stage2->hardened))
		return find_hardened(table, context, place, s2);
	return ipa_to_pa(context->view, context->stage2, (struct ipa){ place.at, place.pas },
			 SMMU3_CLASS_TT, table->attr, s2);
}

ALWAYS_INLINE struct fault fetch(const struct format format, const struct table *table,
				 const struct walk_context *context, struct descriptor_place place,
				 struct fetched *fetched)
{
	*fetched = (struct fetched){
		.read = {
			.at = { cut(format, context, place.at), place.pas },
			.reason = format.stage == 1 ? SMMU3_REASON_S1_TTD : SMMU3_REASON_S2_TTD,
			.attr = table->attr,
			.mecid = format.non_secure ? 0 : table->mecid,
			.mpam = context->mpam,
		},
		.ipa = place.at,
	};

	if (format.stage == 1 && context->stage2->on) {
		struct s2_result s2;
		const struct fault fault = find_descriptor(table, context, place, &s2);

		if (faulted(fault))
			return fault;
		fetched->mostly_read = s2.mostly_read;
		fetched->read.at = s2.pa;
		fetched->read.attr = s2.attr;
	}
	fetched->ok = read_descriptor(format, table, context, fetched);
	if (unlikely(context->view->step))
		tell(format, context, fetched, place);
	if (unlikely(!fetched->ok))
		return fetch_fault(format, context, fetched->read.at, place.level);
	return NO_FAULT;
}

/* Where the leaf of a table in this space puts what it maps.  Of stage 2 no descriptor of a Secure
 * stream says it, and of Realm stage 1 only those of hypervisors do.  D8.4.6 */
ALWAYS_INLINE uint8_t leaf_pas(const struct format format, const struct table *table,
			       enum smmu3_pas pas, uint64_t descriptor)
{
	if (format.non_secure)
		return SMMU3_PAS_NS;
	if (table->leaf_ns)
		return (uint8_t)realm_leaf_pas(table->leaf_ns, descriptor);
	return format.stage == 1 ? (uint8_t)pas_after(pas, ttd_get(descriptor, TTD_NS)) :
				   table->output_pas;
}

static struct tlb_key key_of(unsigned stage, const struct walk_context *context)
{
	const enum tlb_kind of_ipas = tlb_kind_of_ipa(context->regime, context->ipa_pas);

	return (struct tlb_key){ .kind = stage == 1 ? TLB_STAGE1 : of_ipas,
				 .regime = context->regime,
				 .input = tlb_input(context->input) };
}

/* ---- What is kept ---- */

bool tlb_find_told(const struct mem_view *view, const struct tlb_key *key, enum tlb_counted as,
		   struct leaves *leaves)
{
	struct tlb_tag tag;
	const struct watched watched = { SMMU3_KEPT_TRANSLATION, &tag };

	return tlb_find_counted(view->tlb, key, watch_counts(view->watch) ? as : TLB_COUNTED,
				leaves, &tag) &&
	       watch_uses(view->watch, &watched);
}

void tlb_keep_for(const struct mem_view *view, const struct tlb_key *key,
		  const struct leaves *leaves)
{
	if (!view->keeps || !watch_may_keep(view->watch))
		return;
	if (!tlb_keep(view->tlb, view->tlb_age, key, leaves) || likely(!view->watch))
		return;
	const struct tlb_tag tag = tlb_tag_of(view->tlb, key, leaves);
	const struct watched watched = { SMMU3_KEPT_TRANSLATION, &tag };

	watch_keeps(view->watch, &watched);
}

static COLD bool find_table_told(const struct mem_view *view, const struct tlb_key *key,
				 enum tlb_counted as, struct table_found *found)
{
	struct tlb_tag tag;
	const struct watched watched = { SMMU3_KEPT_TABLE, &tag };

	return tlb_find_table_counted(view->tlb, key, watch_counts(view->watch) ? as : TLB_COUNTED,
				      found, &tag) &&
	       watch_uses(view->watch, &watched);
}

static bool find_table(const struct format format, const struct walk_context *context,
		       struct table_found *found)
{
	const struct mem_view *view = context->view;
	const struct tlb_key key = key_of(format.stage, context);
	const enum tlb_counted as = format.stage == 1 ? TLB_COUNTS_STAGE1 : TLB_COUNTS_STAGE2;

	return likely(!view->step) ? tlb_find_table(view->tlb, &key, found) :
				     find_table_told(view, &key, as, found);
}

/* The table nearest to the leaf that is kept, if it can be one of this tree. */
static COLD struct table_found skip_tables(const struct format format, const struct table *tree,
					   const struct walk_context *context,
					   struct table_found at)
{
	struct table_found found;

	if (find_table(format, context, &found) && found.granule_lg2 == format.granule_lg2 &&
	    found.d128 == format.d128 && found.level > tree->start_level)
		return found;
	return at;
}

static COLD void tell_of_table(struct watch *watch, const struct tlb_key *key,
			       const struct table_found *table)
{
	const struct tlb_tag tag = tlb_tag_of_table(key, table->top, table);
	const struct watched watched = { SMMU3_KEPT_TABLE, &tag };

	watch_keeps(watch, &watched);
}

static COLD void keep_table(const struct format format, const struct walk_context *context,
			    const struct table_found table)
{
	const struct tlb_key key = key_of(format.stage, context);

	if (!(context->tables & TABLES_ARE_KEPT) || !context->view->keeps ||
	    !watch_may_keep(context->view->watch))
		return;
	const bool kept = tlb_keep_table(context->view->tlb, context->view->tlb_age, &key,
					 table.top, &table);

	if (unlikely(context->view->watch) && kept)
		tell_of_table(context->view->watch, &key, &table);
}

static struct ttd_place place_of(const struct format format, const struct fetched *fetched,
				 struct descriptor_place place)
{
	return (struct ttd_place){
		.read = fetched->read,
		.ipa = { place.at, place.pas },
		.descriptor = fetched->ttd.word[0],
		.high = format.d128 ? fetched->ttd.word[1] : 0,
		.stage = format.stage,
		.level = (int8_t)place.level,
	};
}

/* Sets the Access flag of a table, before anything below it is read.  3.13.6, D8.5.1.3 */
static COLD struct fault mark_table(const struct format format, const struct table *table,
				    const struct walk_context *context,
				    const struct fetched *fetched, struct descriptor_place place)
{
	const uint64_t marked = fetched->ttd.word[0] | field_mask(TTD_AF);

	if (!(context->tables & TABLES_ARE_MARKED) || fetched->ttd.word[0] == marked)
		return NO_FAULT;
	*context->place = place_of(format, fetched, place);
	return ttd_update(context, table, marked);
}

/* Non-secure if one of the spaces is in which a descriptor is for its stage and for memory.  3.17.1
 */
ALWAYS_INLINE uint8_t read_from(const struct format format, enum smmu3_pas pas, enum smmu3_pas read)
{
	return format.non_secure || read == SMMU3_PAS_NS ? SMMU3_PAS_NS : (uint8_t)pas;
}

/* What a descriptor of a level is, in the terms of VMSAv8-64. */
struct decoded {
	enum descriptor_kind kind;
	uint64_t output;     /* what it points at */
	uint64_t descriptor; /* the leaf's */
	bool nstable;
	uint8_t skipped; /* levels */
	bool disch;
};

ALWAYS_INLINE struct decoded decode(const struct format format, const struct table *table,
				    const struct ttd128 *ttd, int level, bool disch)
{
	const unsigned lsb = maps_lg2(format, level), granule_lg2 = format.granule_lg2;
	const uint64_t descriptor = ttd->word[0];

	if (!format.d128) {
		const enum descriptor_kind kind = descriptor_kind(descriptor, level,
								  table->block_level);

		return (struct decoded){
			.kind = kind,
			.output = descriptor_address(granule_lg2, format.ds, descriptor,
						     kind == DESCRIPTOR_TABLE ? granule_lg2 : lsb),
			.descriptor = format.stage == 1 && unlikely(table->pnch) ?
					      descriptor & ~field_mask(TTD_CONTIGUOUS) :
					      descriptor,
			.nstable = ttd_get(descriptor, TTD_NSTABLE),
		};
	}
	const enum descriptor_kind kind = descriptor128_kind(ttd, level, granule_lg2);
	const uint64_t leaf = leaf128_as_64(ttd, format.stage);

	return (struct decoded){
		.kind = kind,
		.output = descriptor128_address(ttd, kind == DESCRIPTOR_TABLE ?
							     next_table128_lg2(ttd, granule_lg2) :
							     lsb),
		.descriptor = disch ? leaf & ~field_mask(TTD_CONTIGUOUS) : leaf,
		.nstable = ttd128_get(ttd, TTD128_NSTABLE),
		.skipped = (uint8_t)ttd128_get(ttd, TTD128_SKL),
		.disch = format.stage == 1 && ttd128_get(ttd, TTD128_DISCH),
	};
}

/* Where the input's descriptor is in a table. */
ALWAYS_INLINE uint64_t entry_at(const struct format format, const struct walk_context *context,
				const struct table_found table)
{
	const unsigned lsb = maps_lg2(format, table.level);

	return table.base | bits(context->input, table.top - 1u, lsb) << descriptor_lg2(format);
}

/* A table of VMSAv9-128 may be so large that outputs end within it: then where its descriptor is
 * counts, for the level that points at it; level 0 for the initial one.  D8.2.11.1, D8.2.11.2 */
ALWAYS_INLINE bool place_too_large(const struct format format, const struct table *table,
				   uint64_t at)
{
	return format.d128 && unlikely(at >> table->output_bits);
}

static COLD int level_that_leads_to(const struct format format, const struct table *table,
				    int level, unsigned top)
{
	const unsigned stride = format.granule_lg2 - descriptor_lg2(format);

	return level == table->start_level ?
		       0 :
		       LAST_LEVEL - (int)((top - format.granule_lg2) / stride);
}

/* Is what a descriptor leads to Assured, as far as tables say?  D8.2.7.3 */
ALWAYS_INLINE bool stays_assured(const struct format format, const struct table *table,
				 struct descriptor_place place, const struct fetched *fetched)
{
	return format.stage == 1 && unlikely(place.assured) && fetched->mostly_read &&
	       is_protected(table, &fetched->ttd);
}

ALWAYS_INLINE struct fault walk_tables(const struct format format, const struct table *table,
				       const struct walk_context *context, struct leaf *leaf)
{
	/* The index begins below `top`: concatenated tables are one table */
	struct table_found at_table = { .base = table->root,
					.level = table->start_level,
					.granule_lg2 = format.granule_lg2,
					.pas = table->pas,
					.top = table->input_bits,
					.d128 = format.d128,
					.disch = format.d128 && table->disch,
					.assured = format.stage == 1 && table->assured };

	if (unlikely(context->view->tlb))
		at_table = skip_tables(format, table, context, at_table);
	for (;;) {
		const int level = at_table.level;
		const enum smmu3_pas pas = format.non_secure ? SMMU3_PAS_NS :
							       (enum smmu3_pas)at_table.pas;
		const unsigned lsb = maps_lg2(format, level);
		const struct descriptor_place place = { entry_at(format, context, at_table), pas,
							level,
							format.stage == 1 && at_table.assured };
		struct fetched fetched;

		if (place_too_large(format, table, place.at))
			return walk_fault(format, context, F_ADDR_SIZE,
					  STAGE_WHY(format, TABLE_SIZE),
					  level_that_leads_to(format, table, level, at_table.top));
		const struct fault fault = fetch(format, table, context, place, &fetched);

		if (faulted(fault))
			return fault;
		const struct decoded decoded = decode(format, table, &fetched.ttd, level,
						      format.d128 && at_table.disch);

		if (unlikely(decoded.kind < DESCRIPTOR_TABLE))
			return walk_fault(format, context, F_TRANSLATION,
					  decoded.kind == DESCRIPTOR_INVALID ?
						  STAGE_WHY(format, INVALID) :
					  format.d128 ? STAGE_WHY(format, SKL) :
							STAGE_WHY(format, TYPE),
					  level);
		const bool next = decoded.kind == DESCRIPTOR_TABLE;
		const uint64_t descriptor = decoded.descriptor, output = decoded.output;

		if (!format.non_secure && !next && wants_amec(table, descriptor))
			return walk_fault(format, context, F_TRANSLATION, STAGE_WHY(format, AMEC),
					  level);
		/* A block may be larger than the outputs: what an access within it adds counts. */
		const uint64_t within = next ? 0 : context->input & low_bits(lsb);

		if (unlikely((output | within) >> table->output_bits))
			return walk_fault(format, context, F_ADDR_SIZE,
					  next ? STAGE_WHY(format, TABLE_SIZE) :
						 STAGE_WHY(format, OUTPUT_SIZE),
					  level);
		if (!next) {
			if (unlikely(context->place))
				*context->place = place_of(format, &fetched, place);
			*leaf = (struct leaf){
				format.ds ? leaf_with_sh(descriptor, table->sh) : descriptor,
				format.stage == 2 ? cut(format, context, output) : output,
				table->no_hierarchy ? 0 : at_table.hierarchy,
				fetched.read.at.addr,
				(int8_t)level,
				(uint8_t)leaf_lg2(lsb, table->output_bits),
				(uint8_t)lsb,
				table->output_bits,
				table->input_bits,
				leaf_pas(format, table, pas, descriptor),
				read_from(format, pas, fetched.read.at.pas),
				context->place != NULL,
				format.d128,
				stays_assured(format, table, place, &fetched)
			};
			return NO_FAULT;
		}
		at_table.base = output;
		at_table.top = (uint8_t)lsb;
		at_table.level = (int8_t)(level + 1 + decoded.skipped);
		at_table.disch = decoded.disch;
		at_table.assured = stays_assured(format, table, place, &fetched);
		if (!format.d128)
			at_table.hierarchy |= descriptor & ~low_bits(59);
		if (format.stage == 1 && !format.non_secure)
			at_table.pas = (uint8_t)pas_after(pas, decoded.nstable);
		/* What leads too far is neither marked nor kept. */
		if (unlikely(context->tables) &&
		    !place_too_large(format, table, entry_at(format, context, at_table))) {
			const struct fault unmarked = mark_table(format, table, context, &fetched,
								 place);

			if (faulted(unmarked))
				return unmarked;
			keep_table(format, context, at_table);
		}
	}
}

#define WALKER(name, ...)                                                                       \
	static struct fault name(const struct table *table, const struct walk_context *context, \
				 struct leaf *leaf)                                             \
	{                                                                                       \
		return walk_tables((struct format)__VA_ARGS__, table, context, leaf);           \
	}

#define WALKERS(name, ...)                                                       \
	WALKER(name##_4k, { .granule_lg2 = 12, __VA_ARGS__ })                    \
	WALKER(name##_16k, { .granule_lg2 = 14, __VA_ARGS__ })                   \
	WALKER(name##_64k, { .granule_lg2 = 16, __VA_ARGS__ })                   \
	WALKER(name##_4k_ds, { .granule_lg2 = 12, .ds = true, __VA_ARGS__ })     \
	WALKER(name##_16k_ds, { .granule_lg2 = 14, .ds = true, __VA_ARGS__ })    \
	WALKER(name##_4k_128, { .granule_lg2 = 12, .d128 = true, __VA_ARGS__ })  \
	WALKER(name##_16k_128, { .granule_lg2 = 14, .d128 = true, __VA_ARGS__ }) \
	WALKER(name##_64k_128, { .granule_lg2 = 16, .d128 = true, __VA_ARGS__ })

#define OF_GRANULE(name, granule_lg2, ds)                            \
	((granule_lg2) == 12 ? ((ds) ? name##_4k_ds : name##_4k) :   \
	 (granule_lg2) == 14 ? ((ds) ? name##_16k_ds : name##_16k) : \
	 (granule_lg2) == 16 ? name##_64k :                          \
			       (walk_fn *)NULL)

#define OF_GRANULE_128(name, granule_lg2)       \
	((granule_lg2) == 12 ? name##_4k_128 :  \
	 (granule_lg2) == 14 ? name##_16k_128 : \
	 (granule_lg2) == 16 ? name##_64k_128 : \
			       (walk_fn *)NULL)

WALKERS(ns_s1, .stage = 1, .non_secure = true)
WALKERS(ns_s2, .stage = 2, .non_secure = true)
WALKERS(s1, .stage = 1)
WALKERS(s2, .stage = 2)
WALKER(ns_s1_lpae,
       { .granule_lg2 = LPAE_GRANULE_LG2, .stage = 1, .non_secure = true, .lpae = true })
WALKER(ns_s2_lpae,
       { .granule_lg2 = LPAE_GRANULE_LG2, .stage = 2, .non_secure = true, .lpae = true })
WALKER(s1_lpae, { .granule_lg2 = LPAE_GRANULE_LG2, .stage = 1, .lpae = true })

walk_fn *stage1_walker(unsigned granule_lg2, bool ds, enum smmu3_pas sec_sid)
{
	return likely(sec_sid == SMMU3_PAS_NS) ? OF_GRANULE(ns_s1, granule_lg2, ds) :
						 OF_GRANULE(s1, granule_lg2, ds);
}

walk_fn *stage2_walker(unsigned granule_lg2, bool ds, enum smmu3_pas sec_sid)
{
	return likely(sec_sid == SMMU3_PAS_NS) ? OF_GRANULE(ns_s2, granule_lg2, ds) :
						 OF_GRANULE(s2, granule_lg2, ds);
}

walk_fn *d128_walker(unsigned stage, unsigned granule_lg2, enum smmu3_pas sec_sid)
{
	if (sec_sid == SMMU3_PAS_NS)
		return stage == 1 ? OF_GRANULE_128(ns_s1, granule_lg2) :
				    OF_GRANULE_128(ns_s2, granule_lg2);
	return stage == 1 ? OF_GRANULE_128(s1, granule_lg2) : OF_GRANULE_128(s2, granule_lg2);
}

walk_fn *lpae_walker(unsigned stage, enum smmu3_pas sec_sid)
{
	if (stage == 2)
		return ns_s2_lpae;
	return sec_sid == SMMU3_PAS_NS ? ns_s1_lpae : s1_lpae;
}
