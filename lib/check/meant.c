/* SPDX-License-Identifier: MIT */
/* Which of what is kept an invalidation means.  By address it is looked for where it would be; all
 * of its class is looked at only where that is less. */
#include "check/ledger.h"

#include "mem/pa_cache.h"

static bool means_structures(const struct smmu3_invalidation *scope)
{
	return scope->kind == SMMU3_INVALIDATES_STREAM ||
	       scope->kind == SMMU3_INVALIDATES_CONTEXT || scope->kind == SMMU3_INVALIDATES_ALL;
}

static bool means_translations(const struct smmu3_invalidation *scope)
{
	return scope->kind <= SMMU3_INVALIDATES_STAGES || scope->kind == SMMU3_INVALIDATES_ALL;
}

static bool means_regions(const struct smmu3_invalidation *scope)
{
	return !means_structures(scope) ? !means_translations(scope) :
					  scope->kind == SMMU3_INVALIDATES_ALL;
}

bool kept_key_is_meant(const struct kept_key *key, const struct smmu3_invalidation *scope,
		       tag_meant_fn *meant)
{
	static const uint8_t kinds[] = {
		[SMMU3_KEPT_L1STD] = STRUCTURE_L1STD,
		[SMMU3_KEPT_STE] = STRUCTURE_STREAM,
		[SMMU3_KEPT_CD] = STRUCTURE_CONTEXT,
		[SMMU3_KEPT_L1CD] = STRUCTURE_CONTEXT,
	};

	switch (key->kind) {
	case SMMU3_KEPT_TRANSLATION:
	case SMMU3_KEPT_TABLE:
		return !(scope->leaf && key->kind == SMMU3_KEPT_TABLE) && meant(&key->tag, scope);
	case SMMU3_KEPT_DPT:
	case SMMU3_KEPT_GPT:
		return pa_region_is_meant(&key->region, scope);
	case SMMU3_KEPT_ATC:
		return false;
	default:
		return means_structures(scope) &&
		       structure_is_meant((enum structure_kind)kinds[key->kind], key->name, scope);
	}
}

/* ---- One after the other ---- */

struct visiting {
	struct ledger *ledger;
	const struct meaning *meaning;
	ledger_visit_fn *visit;
	void *context;
	uint64_t first, last; /* addresses */
};

static bool is_meant(const struct visiting *visiting, uint32_t number)
{
	const struct kept_record *record = ledger_record(visiting->ledger, number);

	return record->when.kept <= visiting->meaning->moment &&
	       kept_key_is_meant(&record->key, visiting->meaning->scope, visiting->meaning->meant);
}

static void visit_one(const struct visiting *visiting, uint32_t number)
{
	if (is_meant(visiting, number))
		visiting->visit(visiting->ledger, number, visiting->context);
}

static void visit_class(const struct visiting *visiting, enum kept_class class)
{
	for (uint32_t number = visiting->ledger->first[class], after; number; number = after) {
		after = ledger_record(visiting->ledger, number)->after;
		visit_one(visiting, number);
	}
}

/* ---- By address ---- */

/* Those of a size that may be meant begin at multiples from..to of it: what was cut from something
 * goes with that. */
struct span {
	uint64_t from, to;
};

static struct span span_of(const struct visiting *visiting, const struct kept_sizes *sizes,
			   unsigned size_lg2)
{
	const unsigned origin_lg2 = sizes->origin_lg2[size_lg2];

	return (struct span){ align_down(visiting->first, origin_lg2) >> size_lg2,
			      (visiting->last | low_bits(origin_lg2)) >> size_lg2 };
}

static void visit_place(const struct visiting *visiting, const struct kept_place *place)
{
	const struct chains *chains = &visiting->ledger->way[BY_PLACE];
	uint32_t after;

	for (uint32_t number = chains_first(chains, ledger_hash_of_place(place)); number;
	     number = after) {
		const struct kept_place its = ledger_place_of(
			&ledger_record(visiting->ledger, number)->key);

		after = chains_after(chains, number);
		if (ledger_same_place(&its, place))
			visit_one(visiting, number);
	}
}

/* Of those of `space` those that begin at such addresses. */
static void visit_size(const struct visiting *visiting, const struct kept_place *space,
		       unsigned size_lg2)
{
	const struct kept_sizes *sizes = &visiting->ledger->sizes[space->space];
	const struct span span = span_of(visiting, sizes, size_lg2);
	struct kept_place place = *space;

	place.size_lg2 = (uint8_t)size_lg2;
	for (uint64_t i = span.from; sizes->live[size_lg2] && i <= span.to; i++) {
		place.addr = i << size_lg2;
		visit_place(visiting, &place);
	}
}

static void visit_space(const struct visiting *visiting, const struct kept_place *space)
{
	for (unsigned size_lg2 = 0; size_lg2 < 64; size_lg2++)
		if (visiting->ledger->sizes[space->space].live[size_lg2])
			visit_size(visiting, space, size_lg2);
}

/* Are there fewer places to look at than translations? */
static bool is_worth_it(const struct visiting *visiting)
{
	uint64_t left = visiting->ledger->live[KEPT_TRANSLATIONS];

	for (unsigned kind = TLB_STAGE1; kind <= TLB_STAGE2_NS; kind++)
		for (unsigned size_lg2 = 0; size_lg2 < 64; size_lg2++) {
			const struct kept_sizes *sizes = &visiting->ledger->sizes[kind];
			const struct span span = span_of(visiting, sizes, size_lg2);

			if (!sizes->live[size_lg2])
				continue;
			if (span.to - span.from >= left)
				return false;
			left -= span.to - span.from + 1;
		}
	return true;
}

/* false: every address is meant. */
static bool has_addresses(struct visiting *visiting)
{
	const struct smmu3_invalidation *scope = visiting->meaning->scope;

	visiting->first = tlb_input(scope->addr);
	visiting->last = visiting->first + scope->bytes - 1;
	return scope->kind != SMMU3_INVALIDATES_ALL && scope->bytes &&
	       visiting->last >= visiting->first && !(visiting->last >> 56);
}

static void visit_translations(struct visiting *visiting)
{
	if (!has_addresses(visiting) || !is_worth_it(visiting)) {
		visit_class(visiting, KEPT_TRANSLATIONS);
		return;
	}
	for (uint8_t kind = TLB_STAGE1; kind <= TLB_STAGE2_NS; kind++)
		visit_space(visiting, &(struct kept_place){ .space = kind });
}

/* ---- By name ---- */

static void visit_named(const struct visiting *visiting, enum smmu3_kept_kind kind,
			struct structure_name name)
{
	const struct kept_key key = kept_key_of(&(struct watched){ (uint8_t)kind, &name });
	const uint32_t number = ledger_find(visiting->ledger, &key);

	if (number && ledger_record(visiting->ledger, number)->live)
		visit_one(visiting, number);
}

/* And the L1CD above it. */
static void visit_cd(const struct visiting *visiting, uint32_t sid)
{
	const struct smmu3_invalidation *scope = visiting->meaning->scope;
	const struct structure_name cd = { sid, scope->ssid, scope->sec_sid };

	visit_named(visiting, SMMU3_KEPT_CD, cd);
	for (unsigned i = 0; i < L1CD_SIZES; i++)
		visit_named(visiting, SMMU3_KEPT_L1CD, name_of_l1cd_above(cd, i));
}

/* Its STE and its CDs; others that are in the chain are not meant. */
static void visit_stream(const struct visiting *visiting, uint32_t sid)
{
	const struct chains *chains = &visiting->ledger->way[BY_STREAM];
	const uint32_t hash = ledger_hash_of_stream(KEPT_STRUCTURES,
						    visiting->meaning->scope->sec_sid, sid);

	for (uint32_t number = chains_first(chains, hash), after; number; number = after) {
		after = chains_after(chains, number);
		visit_one(visiting, number);
	}
}

/* The L1STDs above them. */
static void visit_l1stds(struct visiting *visiting)
{
	const struct smmu3_invalidation *scope = visiting->meaning->scope;

	visiting->first = scope->sid;
	visiting->last = scope->sid + scope->sids - 1;
	visit_space(visiting, &(struct kept_place){ .stream = ledger_stream(scope->sec_sid, 0),
						    .space = SPACE_OF_L1STDS });
}

static void visit_structures(struct visiting *visiting)
{
	const struct smmu3_invalidation *scope = visiting->meaning->scope;
	const bool of_streams = scope->kind == SMMU3_INVALIDATES_STREAM;

	if (scope->kind == SMMU3_INVALIDATES_ALL ||
	    scope->sids > visiting->ledger->live[KEPT_STRUCTURES]) {
		visit_class(visiting, KEPT_STRUCTURES);
		return;
	}
	for (uint64_t i = 0; i < scope->sids; i++)
		(of_streams || scope->any_ssid ? visit_stream :
						 visit_cd)(visiting, (uint32_t)(scope->sid + i));
	if (of_streams && !scope->leaf)
		visit_l1stds(visiting);
}

void ledger_visit_meant(struct ledger *ledger, const struct meaning *meaning,
			ledger_visit_fn *visit, void *context)
{
	struct visiting visiting = { ledger, meaning, visit, context, 0, 0 };

	if (means_structures(meaning->scope))
		visit_structures(&visiting);
	if (means_translations(meaning->scope))
		visit_translations(&visiting);
	if (means_regions(meaning->scope))
		visit_class(&visiting, KEPT_REGIONS);
}

static void forget(struct ledger *ledger, uint32_t number, void *context)
{
	(void)context;
	ledger_forget(ledger, number);
}

void ledger_remove(struct ledger *ledger, const struct meaning *meaning)
{
	ledger_visit_meant(ledger, meaning, forget, NULL);
}
