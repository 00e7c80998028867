/* SPDX-License-Identifier: MIT */
#include "tlb/forgotten.h"

/* ---- Places ---- */

/* Where numbers of one kind begin, and go on: their neighbours are theirs. */
ALWAYS_INLINE unsigned place_of(uint64_t of, unsigned number, unsigned places)
{
	return (unsigned)((of * UINT64_C(0x9e3779b97f4a7c15) >> 32) + number) & (places - 1);
}

ALWAYS_INLINE unsigned vmid_place(enum tlb_kind kind, unsigned world, uint16_t vmid)
{
	return place_of(kind * STREAM_WORLDS + world, vmid, FORGOTTEN_VMIDS);
}

ALWAYS_INLINE bool of_any_vmid(enum asid_form form)
{
	return form == ASID_OF_ANY_VMID || form == SHARED_ASID_OF_ANY_VMID;
}

ALWAYS_INLINE unsigned asid_place(enum asid_form form, unsigned world, uint16_t vmid, uint16_t asid)
{
	const uint64_t of = (uint64_t)(form * STREAM_WORLDS + world) << 16 |
			    (of_any_vmid(form) ? 0 : vmid);

	return place_of(of, asid, FORGOTTEN_ASIDS);
}

/* ---- What an invalidation means ---- */

struct note {
	struct forgotten *forgotten;
	const struct smmu3_invalidation *scope;
	uint64_t age;
	bool by_cpus;
};

static COLD void note_vmids(const struct note *note, unsigned world, enum tlb_kind kind)
{
	uint64_t *vmids = note->forgotten->vmids[note->scope->sec_sid];

	for (uint16_t i = 0; i < note->scope->vmids; i++)
		vmids[vmid_place(kind, world, (uint16_t)(note->scope->vmid + i))] = note->age;
}

static COLD void note_asids(const struct note *note, unsigned world, enum asid_form form)
{
	const struct smmu3_invalidation *scope = note->scope;
	uint64_t *asids = note->forgotten->asids[scope->sec_sid];

	for (uint16_t i = 0; i < scope->vmids; i++)
		asids[asid_place(form, world, (uint16_t)(scope->vmid + i), scope->asid)] =
			note->age;
}

/* ASET is nothing to commands; of what CPUs broadcast, ASIDs that are not shared with them are
 * not theirs. */
ALWAYS_INLINE void note_asid(const struct note *note, unsigned world, bool any_vmid)
{
	const struct smmu3_invalidation *scope = note->scope;
	const enum asid_form form = (note->by_cpus ? SHARED_ASID_OF_VMID : ASID_OF_VMID) + any_vmid;

	if (likely(any_vmid || scope->vmids == 1))
		note->forgotten->asids[scope->sec_sid][asid_place(form, world, scope->vmid,
								  scope->asid)] = note->age;
	else
		note_asids(note, world, form);
	note->forgotten->newest_of_asids[form] = note->age;
}

/* Whatever ASID it has. */
ALWAYS_INLINE void note_vmid(const struct note *note, unsigned world, enum tlb_kind kind,
			     bool any_vmid)
{
	const struct smmu3_invalidation *scope = note->scope;

	if (any_vmid)
		note->forgotten->of_world[kind][world] = note->age;
	else if (likely(scope->vmids == 1))
		note->forgotten
			->vmids[scope->sec_sid][vmid_place(kind, world, scope->vmid)] = note->age;
	else
		note_vmids(note, world, kind);
}

ALWAYS_INLINE void note_world(const struct note *note, unsigned world)
{
	const struct stream_world_facts *facts = &stream_worlds[world];
	const bool any_vmid = note->scope->any_vmid | !facts->vmids;

	if (note->scope->kind != SMMU3_INVALIDATES_STAGE2) {
		if (note->scope->any_asid | !facts->asids)
			note_vmid(note, world, TLB_STAGE1, any_vmid);
		else
			note_asid(note, world, any_vmid);
	}
	if (note->scope->kind != SMMU3_INVALIDATES_STAGE1) {
		note_vmid(note, world, TLB_STAGE2, any_vmid);
		note_vmid(note, world, TLB_STAGE2_NS, any_vmid);
	}
}

static COLD void note_worlds(const struct note *note, unsigned first, unsigned worlds)
{
	for (unsigned left = worlds; left; left &= left - 1)
		note_world(note, first + lowest_bit(left));
}

/* No CPU can say it. */
static bool note_all(const struct note *note)
{
	if (note->scope->leaf || note->by_cpus)
		return false;
	note->forgotten->all = note->forgotten->newest = note->age;
	return true;
}

/* By address, or of leaves alone, and of more VMIDs than CR0.VMW can say, nothing is. */
ALWAYS_INLINE bool is_of_regimes(const struct smmu3_invalidation *scope)
{
	enum { VMIDS_MOST = 16 };

	return !scope->bytes && !scope->leaf && (scope->any_vmid || scope->vmids <= VMIDS_MOST);
}

bool forgotten_note(struct forgotten *forgotten, const struct smmu3_invalidation *scope,
		    tag_meant_fn *meant, uint64_t age)
{
	const struct note note = { forgotten, scope, age, meant != tag_is_meant };
	const struct state_worlds *of = &state_worlds[scope->sec_sid & 3];

	if (scope->kind == SMMU3_INVALIDATES_ALL)
		return note_all(&note);
	if (!is_of_regimes(scope))
		return false;
	const unsigned worlds = worlds_meant(scope) & of->bits;

	if (likely(worlds == SMMU3_WORLD_EL1))
		note_world(&note, of->first);
	else
		note_worlds(&note, of->first, worlds);
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
	const uint64_t *asids = forgotten->asids[stream_worlds[regime->world].sec_sid];
	const unsigned forms = regime->aset ? SHARED_ASID_OF_VMID : ASID_FORMS;
	uint64_t since = 0;

	for (enum asid_form form = 0; form < forms; form++)
		if (forgotten->newest_of_asids[form] > since)
			since = later(
				since,
				asids[asid_place(form, regime->world, regime->vmid, regime->asid)]);
	return since;
}

uint64_t forgotten_since(const struct forgotten *forgotten, const struct tlb_tag *tag)
{
	const struct regime *regime = &tag->regime;
	const struct stream_world_facts *facts = &stream_worlds[regime->world];
	uint64_t since = later(forgotten->all, forgotten->of_world[tag->kind][regime->world]);

	if (facts->vmids)
		since = later(since,
			      forgotten->vmids[facts->sec_sid][vmid_place(
				      (enum tlb_kind)tag->kind, regime->world, regime->vmid)]);
	if (facts->asids && tag->kind == TLB_STAGE1 && !tag->global)
		since = later(since, since_asids(forgotten, tag));
	return since;
}
