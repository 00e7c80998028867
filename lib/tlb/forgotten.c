/* SPDX-License-Identifier: MIT */
#include "tlb/forgotten.h"

/* ---- Names: 0 is none ---- */

static uint64_t vmid_name(enum tlb_kind kind, unsigned world, uint16_t vmid)
{
	return (uint64_t)kind << 48 | (uint64_t)world << 32 | vmid;
}

static bool of_any_vmid(enum asid_form form)
{
	return form == ASID_OF_ANY_VMID || form == SHARED_ASID_OF_ANY_VMID;
}

static uint64_t asid_name(enum asid_form form, unsigned world, uint16_t vmid, uint16_t asid)
{
	return (uint64_t)(form + 1) << 40 | (uint64_t)world << 32 |
	       (of_any_vmid(form) ? 0 : (uint32_t)vmid << 16) | asid;
}

/* ---- What an invalidation means ---- */

struct note {
	struct forgotten *forgotten;
	const struct smmu3_invalidation *scope;
	tag_meant_fn *meant;
	uint64_t age;
	unsigned world;
	bool any_vmid, any_asid;
};

static void note_vmids(const struct note *note, enum tlb_kind kind)
{
	for (uint16_t i = 0; i < note->scope->vmids; i++)
		floors_raise(&note->forgotten->vmids[note->scope->sec_sid],
			     vmid_name(kind, note->world, (uint16_t)(note->scope->vmid + i)),
			     note->age);
}

/* ASET is nothing to commands. */
static enum asid_form form_of(const struct note *note)
{
	const struct tlb_tag apart = {
		.regime = { .vmid = note->scope->vmid,
			    .asid = note->scope->asid,
			    .aset = true,
			    .world = (uint8_t)note->world },
		.kind = TLB_STAGE1,
	};
	const bool shared = note->meant != tag_is_meant && !note->meant(&apart, note->scope);

	if (shared)
		return note->any_vmid ? SHARED_ASID_OF_ANY_VMID : SHARED_ASID_OF_VMID;
	return note->any_vmid ? ASID_OF_ANY_VMID : ASID_OF_VMID;
}

static void note_asids(const struct note *note)
{
	const struct smmu3_invalidation *scope = note->scope;
	const enum asid_form form = form_of(note);
	const unsigned vmids = note->any_vmid ? 1 : scope->vmids;

	for (unsigned i = 0; i < vmids; i++)
		floors_raise(&note->forgotten->asids[scope->sec_sid],
			     asid_name(form, note->world, (uint16_t)(scope->vmid + i), scope->asid),
			     note->age);
	note->forgotten->newest_of_asids[form] = note->age;
}

ALWAYS_INLINE void note_kind(const struct note *note, enum tlb_kind kind)
{
	if (kind == TLB_STAGE1 && !note->any_asid)
		note_asids(note);
	else if (note->any_vmid)
		note->forgotten->of_world[kind][note->world] = note->age;
	else
		note_vmids(note, kind);
}

ALWAYS_INLINE void note_world(struct note *note)
{
	const struct stream_world_facts *facts = &stream_worlds[note->world];

	note->any_vmid = note->scope->any_vmid || !facts->vmids;
	note->any_asid = note->scope->any_asid || !facts->asids;
	if (note->scope->kind != SMMU3_INVALIDATES_STAGE2)
		note_kind(note, TLB_STAGE1);
	if (note->scope->kind == SMMU3_INVALIDATES_STAGE1)
		return;
	note_kind(note, TLB_STAGE2);
	note_kind(note, TLB_STAGE2_NS);
}

/* No CPU can say it. */
static bool note_all(const struct note *note)
{
	if (note->scope->leaf || note->meant != tag_is_meant)
		return false;
	note->forgotten->all = note->forgotten->newest = note->age;
	return true;
}

/* By address, or of leaves alone, and of more VMIDs than CR0.VMW can say, no floor is. */
static bool is_of_regimes(const struct smmu3_invalidation *scope)
{
	enum { VMIDS_MOST = 16 };

	return !scope->bytes && !scope->leaf && (scope->any_vmid || scope->vmids <= VMIDS_MOST);
}

/* Those of a Security state follow each other. */
static const uint8_t first_worlds[] = {
	[SMMU3_PAS_NS] = NS_EL1,
	[SMMU3_PAS_SECURE] = S_EL1,
	[SMMU3_PAS_REALM] = R_EL1,
	[SMMU3_PAS_ROOT] = STREAM_WORLDS,
};

static bool is_of_state(unsigned world, const struct smmu3_invalidation *scope)
{
	return world < STREAM_WORLDS && stream_worlds[world].sec_sid == scope->sec_sid;
}

bool forgotten_note(struct forgotten *forgotten, const struct smmu3_invalidation *scope,
		    tag_meant_fn *meant, uint64_t age)
{
	struct note note = { forgotten, scope, meant, age, 0, false, false };

	if (scope->kind == SMMU3_INVALIDATES_ALL)
		return note_all(&note);
	if (!is_of_regimes(scope))
		return false;
	for (note.world = first_worlds[scope->sec_sid & 3]; is_of_state(note.world, scope);
	     note.world++)
		if (world_is_of(note.world, scope))
			note_world(&note);
	forgotten->newest = age;
	return true;
}

/* ---- What is left ---- */

static uint64_t later(uint64_t one, uint64_t other)
{
	return one > other ? one : other;
}

static uint64_t since_asids(const struct forgotten *forgotten, const struct tlb_tag *tag)
{
	const struct regime *regime = &tag->regime;
	const struct floors *floors = &forgotten->asids[stream_worlds[regime->world].sec_sid];
	const unsigned forms = regime->aset ? SHARED_ASID_OF_VMID : ASID_FORMS;
	uint64_t since = 0;

	for (enum asid_form form = 0; form < forms; form++)
		if (forgotten->newest_of_asids[form] > since)
			since = later(since,
				      floors_of(floors, asid_name(form, regime->world, regime->vmid,
								  regime->asid)));
	return since;
}

uint64_t forgotten_since(const struct forgotten *forgotten, const struct tlb_tag *tag)
{
	const struct regime *regime = &tag->regime;
	const struct stream_world_facts *facts = &stream_worlds[regime->world];
	uint64_t since = later(forgotten->all, forgotten->of_world[tag->kind][regime->world]);

	if (facts->vmids)
		since = later(since, floors_of(&forgotten->vmids[facts->sec_sid],
					       vmid_name((enum tlb_kind)tag->kind, regime->world,
							 regime->vmid)));
	if (facts->asids && tag->kind == TLB_STAGE1 && !tag->global)
		since = later(since, since_asids(forgotten, tag));
	return since;
}
