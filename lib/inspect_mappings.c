/* SPDX-License-Identifier: MIT */
/* Every leaf of a stage's tables, in ascending order of its input. */
#include "arch/ttd.h"
#include "config/context.h"
#include "inspect_tour.h"
#include "walk/attributes.h"

/* Whose leaves they are. */
struct listing {
	const struct stage1 *stage1; /* NULL: of stage 2 */
	const struct stage2 *stage2;
	enum smmu3_pas sec_sid, ipa_pas; /* the second of stage 2 */
	smmu3_mapping_fn *fn;
	void *context;
};

/* What a walk of a Secure stream finds in Non-secure memory is of its ASID.  3.17.1 */
static bool left_space(const struct listing *listing, const struct leaf *leaf)
{
	return listing->sec_sid == SMMU3_PAS_SECURE && leaf->read_from == SMMU3_PAS_NS;
}

static void describe_stage1(const struct listing *listing, const struct tour_leaf *found,
			    struct smmu3_mapping *mapping)
{
	const struct leaf *leaf = &found->leaf;
	const struct stage1 *stage1 = listing->stage1;
	const struct table *half = &stage1->half[stage1_is_upper(stage1, found->input)];

	mapping->attr = attr_from_mair(stage1_mair(stage1, leaf), stage1_sh(stage1, leaf));
	mapping->perm = (uint8_t)stage1_grants(stage1, half, leaf);
	mapping->global = stream_worlds[stage1->regime.world].asids &&
			  !ttd_get(leaf->descriptor, TTD_NG) && !left_space(listing, leaf);
}

static void describe_stage2(const struct listing *listing, const struct leaf *leaf,
			    struct smmu3_mapping *mapping)
{
	const struct smmu3_attr neutral = { SMMU3_ATTR_DEFAULT_MAIR, SMMU3_NSH };

	mapping->attr = attr_combine(neutral, stage2_memattr(listing->stage2, leaf),
				     stage2_sh(listing->stage2, leaf), listing->stage2->fwb);
	mapping->perm = (uint8_t)stage2_grants(listing->stage2, leaf);
	mapping->ipa_pas = (uint8_t)listing->ipa_pas;
}

/* A Realm stream executes nothing of what a leaf leads to in Non-secure memory.  7.3.16 */
static bool leaves_space(const struct listing *listing, const struct leaf *leaf)
{
	return listing->sec_sid == SMMU3_PAS_REALM && leaf->pas == SMMU3_PAS_NS;
}

static int show_mapping(void *context, const struct tour_leaf *found)
{
	const struct listing *listing = context;
	const struct leaf *leaf = &found->leaf;
	struct smmu3_mapping mapping = {
		.input = found->input,
		.output = leaf->address,
		.size = UINT64_C(1) << leaf->size_lg2,
		.descriptor = found->descriptor,
		.descriptor_pa = found->descriptor_pa,
		.d128 = leaf->d128,
		.descriptor_high = found->high,
		.stage = listing->stage1 ? 1 : 2,
		.level = leaf->level,
		.contiguous = ttd_get(leaf->descriptor, TTD_CONTIGUOUS) != 0,
		.accessed = ttd_get(leaf->descriptor, TTD_AF) != 0,
		.pas = leaf->pas,
	};

	if (listing->stage1)
		describe_stage1(listing, found, &mapping);
	else
		describe_stage2(listing, leaf, &mapping);
	if (leaves_space(listing, leaf))
		mapping.perm &= (uint8_t)~PERM_EXECUTE;
	return listing->fn(listing->context, &mapping);
}

static int list_stage1(struct tour *tour, struct listing *listing, const struct stream *stream,
		       uint32_t ssid)
{
	struct context context;

	if (!stream->stage1 || ssid >> stream->cdmax ||
	    faulted(context_fetch(&tour->view->view, tour->view->features, stream, ssid, &context)))
		return -SMMU3_E_NOT_FOUND;
	listing->stage1 = &context.stage1;
	tour->regions = context.stage1.lower_bits ? &context.stage1 : NULL;
	tour->stage2 = &stream->stage2;
	tour->mpam = context.stage1.mpam;
	tour->assured = context.stage1.assured;
	const int code = tour_table(tour, &context.stage1.half[0], false);

	return code ? code : tour_table(tour, &context.stage1.half[1], true);
}

/* A Secure stream has a tree of each IPA space.  3.10.2.2 */
static int list_stage2(struct tour *tour, struct listing *listing)
{
	const struct stage2 *stage2 = listing->stage2;
	int code = stage2->on ? 0 : -SMMU3_E_NOT_FOUND;

	listing->ipa_pas = listing->sec_sid;
	tour->mpam = stage2->mpam;
	if (!code && listing->sec_sid == SMMU3_PAS_SECURE) {
		code = tour_table(tour, &stage2->secure, false);
		listing->ipa_pas = SMMU3_PAS_NS;
	}
	return code ? code : tour_table(tour, &stage2->table, false);
}

int smmu3_inspect_mappings(struct smmu3 *smmu, enum smmu3_pas sec_sid, uint32_t sid, uint32_t ssid,
			   unsigned stage, uint64_t budget, smmu3_mapping_fn *fn, void *context)
{
	struct inspect_view view;
	struct stream stream;
	struct listing listing = {
		.stage2 = &stream.stage2, .sec_sid = sec_sid, .fn = fn, .context = context
	};
	struct tour tour = {
		.view = &view, .budget = budget, .fn = show_mapping, .context = &listing
	};
	int code = inspect_open(smmu, sec_sid, &view);

	if (!code)
		code = inspect_stream(&view, sid, &stream);
	if (code)
		return code;
	if (stage == 1)
		return list_stage1(&tour, &listing, &stream, ssid);
	return stage == 2 ? list_stage2(&tour, &listing) : -SMMU3_E_NOT_FOUND;
}
