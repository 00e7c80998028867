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
#include "walk/descriptor.h"

struct format {
	uint8_t granule_lg2;
	uint8_t stage;
	bool non_secure; /* the one space there is: no descriptor chooses another */
	bool lpae;       /* VMSAv8-32 */
	bool ds;         /* addresses of 52 bits, in place of SH.  D8.3.1 */
};

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
	uint64_t ipa; /* stage 1 behind stage 2 */
	uint64_t descriptor;
	bool ok;
};

/* Where a descriptor is, in this stage's output space. */
struct descriptor_place {
	uint64_t at;
	enum smmu3_pas pas;
	int level;
};

static COLD void tell(const struct format format, const struct walk_context *context,
		      const struct fetched *fetched, struct descriptor_place place)
{
	const struct smmu3_step step = {
		.pa = fetched->read.at.addr,
		.ipa = fetched->ipa,
		.input = context->input,
		.word = { fetched->descriptor },
		.reason = (uint8_t)fetched->read.reason,
		.words = 1,
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
		const struct fault fault = ipa_to_pa(context->view, context->stage2,
						     (struct ipa){ place.at, place.pas },
						     SMMU3_CLASS_TT, table->attr, &s2);

		if (faulted(fault))
			return fault;
		fetched->read.at = s2.pa;
		fetched->read.attr = s2.attr;
	}
	fetched->ok = guarded_read(context->view, &fetched->read, &fetched->descriptor, 1);
	if (unlikely(table->big_endian))
		fetched->descriptor = swap64(fetched->descriptor);
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

static bool find_table(const struct format format, const struct walk_context *context,
		       struct table_found *found)
{
	const struct mem_view *view = context->view;
	const struct tlb_key key = key_of(format.stage, context);

	return likely(!view->step) ? tlb_find_table(view->tlb, &key, found) :
				     tlb_find_table_counted(view->tlb, &key,
							    format.stage == 1 ? TLB_COUNTS_STAGE1 :
										TLB_COUNTS_STAGE2,
							    found);
}

/* The table nearest to the leaf that is kept, if it can be one of this tree. */
static COLD void skip_tables(const struct format format, const struct table *tree,
			     const struct walk_context *context, struct table_found *at)
{
	struct table_found found;

	if (find_table(format, context, &found) && found.granule_lg2 == format.granule_lg2 &&
	    found.level > tree->start_level)
		*at = found;
}

static COLD void keep_table(const struct format format, const struct walk_context *context,
			    unsigned lsb, const struct table_found *table)
{
	const struct tlb_key key = key_of(format.stage, context);

	if (context->view->keeps)
		tlb_keep_table(context->view->tlb, context->view->tlb_age, &key, lsb, table);
}

/* Non-secure if one of the spaces is in which a descriptor is for its stage and for memory.  3.17.1
 */
ALWAYS_INLINE uint8_t read_from(const struct format format, enum smmu3_pas pas, enum smmu3_pas read)
{
	return format.non_secure || read == SMMU3_PAS_NS ? SMMU3_PAS_NS : (uint8_t)pas;
}

ALWAYS_INLINE struct fault walk_tables(const struct format format, const struct table *table,
				       const struct walk_context *context, struct leaf *leaf)
{
	struct table_found at_table = { table->root, 0, table->start_level, format.granule_lg2,
					table->pas };

	if (unlikely(context->view->tlb))
		skip_tables(format, table, context, &at_table);
	uint64_t base = at_table.base;
	uint64_t hierarchy = at_table.hierarchy;
	enum smmu3_pas pas = format.non_secure ? SMMU3_PAS_NS : (enum smmu3_pas)at_table.pas;
	/* The index begins below this bit: concatenated tables are one table */
	unsigned top = at_table.level > table->start_level ?
			       level_lg2(format.granule_lg2, at_table.level - 1) :
			       table->input_bits;

	for (int level = at_table.level;; level++) {
		const unsigned lsb = level_lg2(format.granule_lg2, level);
		const struct descriptor_place place = { base | bits(context->input, top - 1, lsb)
									<< DESCRIPTOR_LG2,
							pas, level };
		struct fetched fetched;
		const struct fault fault = fetch(format, table, context, place, &fetched);

		if (faulted(fault))
			return fault;
		const uint64_t descriptor = fetched.descriptor;
		const enum descriptor_kind kind = descriptor_kind(descriptor, level,
								  table->block_level);

		if (unlikely(kind < DESCRIPTOR_TABLE))
			return walk_fault(format, context, F_TRANSLATION,
					  kind == DESCRIPTOR_INVALID ? STAGE_WHY(format, INVALID) :
								       STAGE_WHY(format, TYPE),
					  level);
		const bool next = kind == DESCRIPTOR_TABLE;

		if (!format.non_secure && !next && wants_amec(table, descriptor))
			return walk_fault(format, context, F_TRANSLATION, STAGE_WHY(format, AMEC),
					  level);
		const uint64_t output = descriptor_address(format.granule_lg2, format.ds,
							   descriptor,
							   next ? format.granule_lg2 : lsb);
		/* A block may be larger than the outputs: what an access within it adds counts. */
		const uint64_t within = next ? 0 : context->input & low_bits(lsb);

		if (unlikely((output | within) >> table->output_bits))
			return walk_fault(format, context, F_ADDR_SIZE,
					  next ? STAGE_WHY(format, TABLE_SIZE) :
						 STAGE_WHY(format, OUTPUT_SIZE),
					  level);
		if (!next) {
			if (unlikely(context->place))
				*context->place = (struct leaf_place){ fetched.read,
								       { place.at, pas },
								       descriptor };
			*leaf = (struct leaf){
				format.ds ? leaf_with_sh(descriptor, table->sh) : descriptor,
				format.stage == 2 ? cut(format, context, output) : output,
				table->no_hierarchy ? 0 : hierarchy,
				fetched.read.at.addr,
				(int8_t)level,
				(uint8_t)leaf_lg2(lsb, table->output_bits),
				(uint8_t)lsb,
				table->output_bits,
				table->input_bits,
				leaf_pas(format, table, pas, descriptor),
				read_from(format, pas, fetched.read.at.pas),
				context->place != NULL
			};
			return NO_FAULT;
		}
		hierarchy |= descriptor & ~low_bits(59);
		base = output;
		top = lsb;
		if (format.stage == 1 && !format.non_secure)
			pas = pas_after(pas, ttd_get(descriptor, TTD_NSTABLE));
		if (unlikely(context->view->tlb)) {
			const struct table_found found = { base, hierarchy, (int8_t)(level + 1),
							   format.granule_lg2, (uint8_t)pas };

			keep_table(format, context, lsb, &found);
		}
	}
}

#define WALKER(name, ...)                                                                       \
	static struct fault name(const struct table *table, const struct walk_context *context, \
				 struct leaf *leaf)                                             \
	{                                                                                       \
		return walk_tables((struct format)__VA_ARGS__, table, context, leaf);           \
	}

#define WALKERS(name, ...)                                                   \
	WALKER(name##_4k, { .granule_lg2 = 12, __VA_ARGS__ })                \
	WALKER(name##_16k, { .granule_lg2 = 14, __VA_ARGS__ })               \
	WALKER(name##_64k, { .granule_lg2 = 16, __VA_ARGS__ })               \
	WALKER(name##_4k_ds, { .granule_lg2 = 12, .ds = true, __VA_ARGS__ }) \
	WALKER(name##_16k_ds, { .granule_lg2 = 14, .ds = true, __VA_ARGS__ })

#define OF_GRANULE(name, granule_lg2, ds)                            \
	((granule_lg2) == 12 ? ((ds) ? name##_4k_ds : name##_4k) :   \
	 (granule_lg2) == 14 ? ((ds) ? name##_16k_ds : name##_16k) : \
	 (granule_lg2) == 16 ? name##_64k :                          \
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

walk_fn *lpae_walker(unsigned stage, enum smmu3_pas sec_sid)
{
	if (stage == 2)
		return ns_s2_lpae;
	return sec_sid == SMMU3_PAS_NS ? ns_s1_lpae : s1_lpae;
}
