/* SPDX-License-Identifier: MIT */
/*
 * All that one stream reaches.  Tables are toured, not asked address by address; what a leaf means
 * is what translating says of it.  Stage 2 behind stage 1 is asked at the beginning of each piece:
 * a leaf of stage 1, cut where stage 2 has another leaf or none.
 */
#include "config/context.h"
#include "inspect_tour.h"
#include "walk/descriptor.h"
#include "xlate/translate.h"

/* Every kind of access: bit n of enum smmu3_perm lets kind n through. */
enum { KINDS = 6 };

struct survey {
	struct world world;
	const struct smmu3_txn *who;
	struct stream stream;
	struct context context;
	struct smmu3_attr attr; /* what comes in, after overrides */
	unsigned needs[KINDS];  /* enum smmu3_perm */
	struct tour tour;
	const struct table *half; /* of stage 1, or NULL */
	enum smmu3_pas ipa_pas;   /* where there is no stage 1 */
	smmu3_reach_fn *reach;
	smmu3_place_fn *place;
	void *context_of_caller;
};

static struct smmu3_txn access_of_kind(const struct smmu3_txn *who, unsigned kind)
{
	static const uint16_t flags[] = { 0, SMMU3_TXN_WRITE, SMMU3_TXN_INSTRUCTION };
	enum { KEPT = SMMU3_TXN_SSV | SMMU3_TXN_NS | SMMU3_TXN_ATTR | SMMU3_TXN_NO_SNOOP };

	return (struct smmu3_txn){
		.bytes = 1,
		.sid = who->sid,
		.ssid = who->ssid,
		.flags = (uint16_t)((who->flags & KEPT) | SMMU3_TXN_PROBE | flags[kind % 3] |
				    (kind >= 3 ? SMMU3_TXN_PRIVILEGED : 0)),
		.sec_sid = who->sec_sid,
		.attr = who->attr,
	};
}

/* What each kind needs once overrides have been applied. */
static void learn_needs(struct survey *survey)
{
	for (unsigned kind = 0; kind < KINDS; kind++) {
		const struct smmu3_txn txn = access_of_kind(survey->who, kind);

		survey->needs[kind] =
			access_after(&txn, survey->stream.privcfg, survey->stream.instcfg).needs;
	}
}

/* Which accesses of the client get through where this is granted. */
static uint8_t let_through(const struct survey *survey, unsigned granted)
{
	unsigned perm = 0;

	for (unsigned kind = 0; kind < KINDS; kind++)
		perm |= survey->needs[kind] & ~granted ? 0 : 1u << kind;
	return (uint8_t)perm;
}

/* Piece by piece as granule protection lets it through.  3.25.4 */
static int tell_guarded(struct survey *survey, struct smmu3_reach rest)
{
	unsigned span_lg2;
	int code = 0;

	for (uint64_t left = rest.size; !code && left; left -= rest.size) {
		const struct guarded access = { { rest.pa, (enum smmu3_pas)rest.pas },
						OF_CLIENT,
						survey->stream.mpam };

		if (!survey->tour.budget)
			return -SMMU3_E_LIMIT;
		survey->tour.budget--;
		const bool passes = guard_passes(&survey->world.view, &access, &span_lg2);
		const uint64_t more = ~rest.pa & low_bits(span_lg2);

		rest.size = more < left - 1 ? more + 1 : left;
		if (passes)
			code = survey->reach(survey->context_of_caller, &rest);
		rest.input += rest.size;
		rest.pa += rest.size;
	}
	return code;
}

static int tell(struct survey *survey, const struct smmu3_reach *reach)
{
	if (!reach->perm)
		return 0;
	return survey->world.view.guard ? tell_guarded(survey, *reach) :
					  survey->reach(survey->context_of_caller, reach);
}

/* ---- Nothing translates ---- */

/* Whatever the address, below the output size.  One of them answers for all. */
static int tell_untranslated(struct survey *survey)
{
	struct smmu3_reach reach = { .size = UINT64_C(1) << survey->world.features->oas_bits };

	for (unsigned kind = 0; kind < KINDS; kind++) {
		const struct smmu3_txn txn = access_of_kind(survey->who, kind);
		struct path path = { .known = false };
		struct translation translation;

		if (faulted(translate(&survey->world, &txn, &path, &translation)))
			continue;
		reach.perm |= (uint8_t)(1u << kind);
		reach.attr = translation.attr;
		reach.pas = (uint8_t)translation.pa.pas;
	}
	return reach.perm ? tell(survey, &reach) : -SMMU3_E_NOT_FOUND;
}

/* ---- Both stages, or stage 1 alone ---- */

/* Bytes from an IPA to the end of what one answer of stage 2 is about, at most `bytes`. */
static uint64_t answered(const struct stage2 *stage2, struct ipa ipa, const struct fault *fault,
			 const struct s2_result *s2, uint64_t bytes)
{
	unsigned size_lg2 = NOT_TRANSLATED;

	if (!faulted(*fault))
		size_lg2 = s2->size_lg2;
	else if (fault->level != LEVEL_NONE)
		size_lg2 = table_level_lg2(stage2_table(stage2, ipa.pas), fault->level);
	const uint64_t left = ~ipa.addr & low_bits(size_lg2);

	return left < bytes - 1 ? left + 1 : bytes;
}

static int through_stage2(struct survey *survey, const struct s1_result *s1, uint64_t input)
{
	static const struct access all = { .dirties = PERM_WRITE };
	const uint64_t size = UINT64_C(1) << s1->size_lg2;
	int code = 0;

	for (uint64_t at = 0, bytes; !code && at < size; at += bytes) {
		const struct ipa ipa = { s1->ipa.addr + at, s1->ipa.pas };
		struct leaves leaves = { .assured = s1->leaves.assured };
		struct s2_result s2 = { 0 };

		if (!survey->tour.budget)
			return -SMMU3_E_LIMIT;
		survey->tour.budget--;
		const struct fault fault = stage2_translate(&survey->world.view,
							    &survey->stream.stage2, ipa, &all,
							    s1->attr, &leaves, &s2);

		bytes = answered(&survey->stream.stage2, ipa, &fault, &s2, size - at);
		if (faulted(fault))
			continue;
		const struct smmu3_reach reach = {
			.input = input + at,
			.pa = s2.pa.addr,
			.size = bytes,
			.attr = s2.attr,
			.perm = let_through(survey, s1->perm & s2.perm),
			.pas = (uint8_t)s2.pa.pas,
			.stages = STAGE1_BIT | (survey->stream.stage2.on ? STAGE2_BIT : 0),
		};

		code = tell(survey, &reach);
	}
	return code;
}

static int stage1_leaf(void *context, const struct tour_leaf *found)
{
	struct survey *survey = context;
	const struct stage1 *stage1 = &survey->context.stage1;
	struct s1_result s1;

	(void)stage1_of_leaf(stage1, survey->half, &found->leaf, survey->attr, &s1);
	s1.leaves.assured = found->leaf.assured && stage1->assured;
	if (!stage1_accessible(stage1, &found->leaf))
		return 0;
	s1.perm = (uint8_t)(stage1_grants(stage1, survey->half, &found->leaf) &
			    sif_keeps(&survey->world, s1.ipa.pas));
	return through_stage2(survey, &s1, found->input);
}

static int tell_place(void *context, const struct smmu3_place *place)
{
	const struct survey *survey = context;

	return survey->place(survey->context_of_caller, place);
}

static int no_leaf(void *context, const struct tour_leaf *found)
{
	(void)context;
	(void)found;
	return 0;
}

/* Where stage 2's own tables are, behind a stage 1. */
static int tell_places_of_stage2(struct survey *survey)
{
	const struct stage2 *stage2 = &survey->stream.stage2;
	int code = 0;

	if (!stage2->on || !survey->place)
		return 0;
	survey->tour.fn = no_leaf;
	survey->tour.stage2 = NULL;
	survey->tour.mpam = stage2->mpam;
	survey->tour.regions = NULL;
	code = tour_table(&survey->tour, &stage2->table, false);
	if (!code && survey->world.features->sec_sid == SMMU3_PAS_SECURE)
		code = tour_table(&survey->tour, &stage2->secure, false);
	return code;
}

static int survey_stage1(struct survey *survey, uint32_t index)
{
	int code = 0;

	if (faulted(context_fetch(&survey->world.view, survey->world.features, &survey->stream,
				  index, &survey->context)))
		return -SMMU3_E_NOT_FOUND;
	survey->tour.fn = stage1_leaf;
	if (survey->context.stage1.lower_bits)
		survey->tour.regions = &survey->context.stage1;
	survey->tour.stage2 = &survey->stream.stage2;
	survey->tour.mpam = survey->context.stage1.mpam;
	survey->tour.assured = survey->context.stage1.assured;
	for (unsigned upper = 0; !code && upper < 2; upper++) {
		survey->half = &survey->context.stage1.half[upper];
		code = tour_table(&survey->tour, survey->half, upper);
	}
	return code ? code : tell_places_of_stage2(survey);
}

/* ---- Stage 2 alone ---- */

static int stage2_leaf(void *context, const struct tour_leaf *found)
{
	struct survey *survey = context;
	const struct stage2 *stage2 = &survey->stream.stage2;
	const struct ipa ipa = { found->input, survey->ipa_pas };
	struct s2_result s2;

	(void)stage2_of_leaf(stage2, ipa, &found->leaf, survey->attr, &s2);
	if (!stage2_accessible(stage2, &found->leaf) || is_assured_only(stage2, &found->leaf))
		return 0;
	const struct smmu3_reach reach = {
		.input = found->input,
		.pa = s2.pa.addr,
		.size = UINT64_C(1) << found->leaf.size_lg2,
		.attr = s2.attr,
		.perm = let_through(survey, stage2_grants(stage2, &found->leaf) &
						    sif_keeps(&survey->world, ipa.pas)),
		.pas = (uint8_t)s2.pa.pas,
		.stages = STAGE2_BIT,
	};

	return tell(survey, &reach);
}

static int survey_stage2(struct survey *survey)
{
	survey->ipa_pas = ipa_without_stage1(&survey->world, survey->who, &survey->stream).pas;
	survey->tour.fn = stage2_leaf;
	survey->tour.mpam = survey->stream.stage2.mpam;
	return tour_table(&survey->tour, stage2_table(&survey->stream.stage2, survey->ipa_pas),
			  false);
}

/* ---- The whole ---- */

static int survey_stream(struct survey *survey)
{
	const struct smmu3_txn *who = survey->who;
	const struct substream substream = { who->flags & SMMU3_TXN_SSV, who->ssid };
	struct stream *stream = &survey->stream;
	uint32_t index;
	bool skip;

	if (inspect_stream(survey->tour.view, who->sid, stream) ||
	    faulted(substream_select(stream, substream, &skip, &index)))
		return -SMMU3_E_NOT_FOUND;
	learn_needs(survey);
	survey->attr = attr_override(incoming_attr(who), &stream->override);
	if (!skip)
		return survey_stage1(survey, index);
	return stream->stage2.on ? survey_stage2(survey) : tell_untranslated(survey);
}

int smmu3_inspect_reach(struct smmu3 *smmu, const struct smmu3_txn *who, uint64_t *budget,
			smmu3_reach_fn *reach, smmu3_place_fn *place, void *context)
{
	struct inspect_view view;
	int code = inspect_open(smmu, (enum smmu3_pas)who->sec_sid, &view);
	struct survey survey = {
		.who = who,
		.reach = reach,
		.place = place,
		.context_of_caller = context,
	};

	if (code == -SMMU3_E_UNSUPPORTED)
		return code;
	survey.world = (struct world){ view.features, &view.gate, view.view };
	survey.tour = (struct tour){
		.view = &view,
		.budget = *budget,
		.place = place ? tell_place : NULL,
		.context = &survey,
	};
	code = view.gate.smmuen ? survey_stream(&survey) : tell_untranslated(&survey);
	*budget = survey.tour.budget;
	return code;
}
