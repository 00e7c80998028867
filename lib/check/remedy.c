/* SPDX-License-Identifier: MIT */
#include "check/remedy.h"

#include "arch/cmd.h"
#include "arch/encoded.h"
#include "arch/streamworld.h"

#include <string.h>

/* What a command reaches. */
enum reach {
	REACH_ADDRESS,
	REACH_ADDRESS_ANY_ASID,
	REACH_ASID,
	REACH_STAGE1, /* of a VMID, or of a hypervisor or monitor everything */
	REACH_IPA,
	REACH_BOTH_STAGES, /* of a VMID */
	REACHES,
};

/* By whose translations; 0: there is none so narrow, and the next wider that there is does.  Those
 * of Realm streams are as Non-secure ones, in a queue of their own. */
static const uint8_t opcodes[][REACHES] = {
	[NS_EL1] = { CMD_TLBI_NH_VA, CMD_TLBI_NH_VAA, CMD_TLBI_NH_ASID, CMD_TLBI_NH_ALL,
		     CMD_TLBI_S2_IPA, CMD_TLBI_S12_VMALL },
	[NS_EL2] = { CMD_TLBI_EL2_VA, CMD_TLBI_EL2_VA, CMD_TLBI_EL2_ALL, CMD_TLBI_EL2_ALL, 0, 0 },
	[NS_EL2_E2H] = { CMD_TLBI_EL2_VA, CMD_TLBI_EL2_VAA, CMD_TLBI_EL2_ASID, CMD_TLBI_EL2_ALL, 0,
			 0 },
	[S_EL1] = { CMD_TLBI_NH_VA, CMD_TLBI_NH_VAA, CMD_TLBI_NH_ASID, CMD_TLBI_NH_ALL,
		    CMD_TLBI_S_S2_IPA, CMD_TLBI_S_S12_VMALL },
	[S_EL2] = { CMD_TLBI_S_EL2_VA, CMD_TLBI_S_EL2_VA, CMD_TLBI_S_EL2_ALL, CMD_TLBI_S_EL2_ALL, 0,
		    0 },
	[S_EL2_E2H] = { CMD_TLBI_S_EL2_VA, CMD_TLBI_S_EL2_VAA, CMD_TLBI_S_EL2_ASID,
			CMD_TLBI_S_EL2_ALL, 0, 0 },
	[EL3] = { CMD_TLBI_EL3_VA, CMD_TLBI_EL3_VA, CMD_TLBI_EL3_ALL, CMD_TLBI_EL3_ALL, 0, 0 },
	[R_EL1] = { CMD_TLBI_NH_VA, CMD_TLBI_NH_VAA, CMD_TLBI_NH_ASID, CMD_TLBI_NH_ALL,
		    CMD_TLBI_S2_IPA, CMD_TLBI_S12_VMALL },
	[R_EL2] = { CMD_TLBI_EL2_VA, CMD_TLBI_EL2_VA, CMD_TLBI_EL2_ALL, CMD_TLBI_EL2_ALL, 0, 0 },
	[R_EL2_E2H] = { CMD_TLBI_EL2_VA, CMD_TLBI_EL2_VAA, CMD_TLBI_EL2_ASID, CMD_TLBI_EL2_ALL, 0,
			0 },
};

static void put(struct smmu3_remedy *remedy, enum cmd_field field, uint64_t value)
{
	remedy->word[field_lsb((int)field) / 64] |= value << field_lsb((int)field) % 64;
}

static void put_address(struct smmu3_remedy *remedy, uint64_t address)
{
	remedy->word[1] |= address & field_mask(CMD_ADDRESS);
}

static struct smmu3_remedy command(enum cmd_opcode opcode, unsigned queue)
{
	return (struct smmu3_remedy){ .word = { opcode }, .queue = (uint8_t)queue };
}

/* ---- Structures ---- */

/* Of another Stream table: CMD_CFGI_ALL, which is a range of all StreamIDs.  4.3.6 */
static struct smmu3_remedy of_all_structures(const struct kept_key *key)
{
	enum { ALL = 31 };
	struct smmu3_remedy remedy = command(CMD_CFGI_STE_RANGE, key->name.sec_sid);

	put(&remedy, CMD_SSEC, key->name.sec_sid == SMMU3_PAS_SECURE);
	put(&remedy, CMD_RANGE, ALL);
	return remedy;
}

static bool is_below_l1cd(const struct kept_key *key, const struct kept_key *l1cd)
{
	const struct smmu3_invalidation its = { .kind = SMMU3_INVALIDATES_CONTEXT,
						.sec_sid = key->name.sec_sid,
						.ssid = key->name.index,
						.sid = key->name.sid,
						.sids = 1 };

	return l1cd->kind == SMMU3_KEPT_L1CD && key->kind == SMMU3_KEPT_CD &&
	       structure_is_meant(STRUCTURE_CONTEXT, l1cd->name, &its);
}

/* Of a CD; of an L1CD a CD's below it that is out of date, too, or the first: any does.  5.3.1 */
static uint32_t index_of(const struct remedy_case *what, const struct kept_key *key)
{
	for (unsigned i = 0; i < what->keys; i++)
		if (is_below_l1cd(what->key[i], key))
			return what->key[i]->name.index;
	return structure_first_index(key->name);
}

static struct smmu3_remedy of_structure(const struct remedy_case *what, const struct kept_key *key)
{
	const bool of_context = key->kind == SMMU3_KEPT_CD || key->kind == SMMU3_KEPT_L1CD;
	const bool below = what->changed && what->reason != SMMU3_REASON_L1STD &&
			   what->reason != SMMU3_REASON_L1CD;
	struct smmu3_remedy remedy = command(of_context ? CMD_CFGI_CD : CMD_CFGI_STE,
					     key->name.sec_sid);

	if (what->moved)
		return of_all_structures(key);
	put(&remedy, CMD_SSEC, key->name.sec_sid == SMMU3_PAS_SECURE);
	put(&remedy, CMD_STREAMID, key->name.sid);
	put(&remedy, CMD_LEAF,
	    key->kind != SMMU3_KEPT_L1STD && key->kind != SMMU3_KEPT_L1CD && below);
	if (of_context)
		put(&remedy, CMD_SUBSTREAMID, index_of(what, key));
	return remedy;
}

/* ---- Translations ---- */

/* The narrowest that reaches it whatever changed: its address if a descriptor of its own stage did,
 * all of its ASID if that has another CD, all of its VMID if that has another stage 2. */
static enum reach reach_of(const struct remedy_case *what, const struct tlb_tag *tag)
{
	const bool has_asids = stream_worlds[tag->regime.world].asids;

	if (tag->kind != TLB_STAGE1)
		return what->changed && what->reason == SMMU3_REASON_S2_TTD && !what->wide ?
			       REACH_IPA :
			       REACH_BOTH_STAGES;
	if (!what->changed || what->wide)
		return REACH_STAGE1;
	switch (what->reason) {
	case SMMU3_REASON_S1_TTD:
		return REACH_ADDRESS;
	case SMMU3_REASON_CD:
	case SMMU3_REASON_L1CD:
		return has_asids && !tag->global ? REACH_ASID : REACH_STAGE1;
	case SMMU3_REASON_STE:
	case SMMU3_REASON_L1STD:
		return tag->both ? REACH_BOTH_STAGES : REACH_STAGE1;
	default:
		return REACH_STAGE1;
	}
}

static bool is_of_translation(const struct kept_key *key)
{
	return key->kind == SMMU3_KEPT_TRANSLATION || key->kind == SMMU3_KEPT_TABLE;
}

/* A table on the way to it: what goes by its address, and not leaves alone, takes that along. */
static bool is_above(const struct kept_key *table, const struct kept_key *key)
{
	const struct tlb_tag *above = &table->tag, *tag = &key->tag;

	return table->kind == SMMU3_KEPT_TABLE && is_of_translation(key) &&
	       above->kind == tag->kind &&
	       !memcmp(&above->regime, &tag->regime, sizeof(tag->regime)) &&
	       !((above->input ^ tag->input) >> above->size_lg2) &&
	       (above->size_lg2 > tag->size_lg2 ||
		(above->size_lg2 == tag->size_lg2 && key->kind == SMMU3_KEPT_TRANSLATION));
}

static bool has_table_above(const struct remedy_case *what, const struct kept_key *key)
{
	for (unsigned i = 0; i < what->keys; i++)
		if (is_above(what->key[i], key))
			return true;
	return false;
}

static bool goes_with_what_is_below(const struct remedy_case *what, const struct kept_key *key)
{
	for (unsigned i = 0; i < what->keys; i++)
		if (is_above(key, what->key[i]))
			return true;
	return false;
}

static struct smmu3_remedy by_reach(const struct remedy_case *what, const struct kept_key *key,
				    enum reach reach)
{
	const struct tlb_tag *tag = &key->tag;
	const struct stream_world_facts *world = &stream_worlds[tag->regime.world];
	const bool by_address = reach <= REACH_ADDRESS_ANY_ASID || reach == REACH_IPA;
	struct smmu3_remedy remedy = command((enum cmd_opcode)opcodes[tag->regime.world][reach],
					     world->sec_sid);

	if (world->vmids)
		put(&remedy, CMD_VMID, tag->regime.vmid);
	if (world->asids && (reach == REACH_ADDRESS || reach == REACH_ASID))
		put(&remedy, CMD_ASID, tag->regime.asid);
	if (!by_address)
		return remedy;
	put_address(&remedy, tag->input);
	put(&remedy, CMD_LEAF,
	    key->kind == SMMU3_KEPT_TRANSLATION && what->changed && !what->freed &&
		    !has_table_above(what, key));
	if (tag->kind == TLB_STAGE2_NS)
		put(&remedy, CMD_TLBI_S_S2_NS, 1);
	return remedy;
}

/* ---- Tables by PA ---- */

/* The smallest that holds it. */
static unsigned size_of_region(unsigned lg2)
{
	unsigned best = 0;

	for (unsigned code = 0; code < 16; code++)
		if (by_pa_lg2(code) >= lg2 &&
		    (by_pa_lg2(best) < lg2 || by_pa_lg2(code) < by_pa_lg2(best)))
			best = code;
	return best;
}

static struct smmu3_remedy of_dpt(const struct remedy_case *what, const struct kept_key *key)
{
	const unsigned lg2 = key->region.size_lg2;
	struct smmu3_remedy remedy = command(CMD_DPTI_PA, key->region.sec_sid);

	if (what->moved)
		return command(CMD_DPTI_ALL, key->region.sec_sid);
	put_address(&remedy, key->region.first);
	put(&remedy, CMD_LEAF, !key->region.leads_on);
	put(&remedy, CMD_DPTI_SIZE, size_of_region(lg2));
	return remedy;
}

/* ---- ATCs ---- */

static struct smmu3_remedy of_atc(const struct kept_key *key)
{
	enum { EVERYTHING = 52 };
	const struct kept_atc *atc = &key->atc;
	struct smmu3_remedy remedy = command(CMD_ATC_INV, atc->sec_sid);

	put(&remedy, CMD_STREAMID, atc->sid);
	put(&remedy, CMD_SSV, atc->ssv);
	put(&remedy, CMD_SUBSTREAMID, atc->ssv ? atc->ssid : 0);
	put(&remedy, CMD_ATC_SIZE, atc->size_lg2 < 64 ? atc->size_lg2 - 12u : EVERYTHING);
	put_address(&remedy, atc->addr);
	return remedy;
}

/* ---- All of it ---- */

struct list {
	struct smmu3_remedy *remedy;
	unsigned count;
	uint32_t more; /* than there is room for */
};

static bool is_same(const struct smmu3_remedy *a, const struct smmu3_remedy *b)
{
	const uint64_t leaf = field_mask(CMD_LEAF);

	return a->word[0] == b->word[0] && (a->word[1] | leaf) == (b->word[1] | leaf) &&
	       a->queue == b->queue && a->alternative == b->alternative;
}

/* Two that differ in Leaf alone are the one without it. */
static void add(struct list *list, struct smmu3_remedy remedy)
{
	for (unsigned i = 0; i < list->count; i++)
		if (is_same(&list->remedy[i], &remedy)) {
			list->remedy[i].word[1] &= remedy.word[1];
			return;
		}
	if (list->count < SMMU3_FINDING_COMMANDS)
		list->remedy[list->count++] = remedy;
	else
		list->more++;
}

/* In place of the one that has just been added, if that is so. */
static void add_alternative(struct list *list, unsigned before, struct smmu3_remedy remedy)
{
	remedy.alternative = 1;
	if (list->count > before)
		add(list, remedy);
}

/* What stage 1 holds of stage 2 software need not know by VA: it takes all of the VMID, and can do
 * with the address, if it knows that.  4.4.3.1 */
static void add_translation(struct list *list, const struct remedy_case *what,
			    const struct kept_key *key)
{
	const unsigned before = list->count;

	add(list, by_reach(what, key, reach_of(what, &key->tag)));
	if (what->changed && what->reason == SMMU3_REASON_S2_TTD && key->tag.kind == TLB_STAGE1 &&
	    !what->wide)
		add_alternative(list, before, by_reach(what, key, REACH_ADDRESS_ANY_ASID));
}

static void add_one(struct list *list, const struct remedy_case *what, const struct kept_key *key)
{
	switch (key->kind) {
	case SMMU3_KEPT_L1STD:
	case SMMU3_KEPT_STE:
	case SMMU3_KEPT_CD:
	case SMMU3_KEPT_L1CD:
		add(list, of_structure(what, key));
		return;
	case SMMU3_KEPT_TRANSLATION:
	case SMMU3_KEPT_TABLE:
		add_translation(list, what, key);
		return;
	case SMMU3_KEPT_DPT:
		add(list, of_dpt(what, key));
		return;
	case SMMU3_KEPT_ATC:
		add(list, of_atc(key));
		return;
	default: /* of the GPT registers alone can */
		return;
	}
}

/* A CD goes with the STE of its stream, an L1CD likewise.  4.3.1 */
static bool goes_with_stream(const struct remedy_case *what, const struct kept_key *key)
{
	if (key->kind != SMMU3_KEPT_CD && key->kind != SMMU3_KEPT_L1CD)
		return false;
	for (unsigned i = 0; i < what->keys; i++)
		if (what->key[i]->kind == SMMU3_KEPT_STE &&
		    what->key[i]->name.sid == key->name.sid &&
		    what->key[i]->name.sec_sid == key->name.sec_sid)
			return true;
	return false;
}

/* An L1STD goes with any STE below it: the one that is named. */
static bool goes_with_ste(const struct remedy_case *what, const struct kept_key *key)
{
	if (key->kind != SMMU3_KEPT_L1STD)
		return false;
	for (unsigned i = 0; i < what->keys; i++)
		if (what->key[i]->kind == SMMU3_KEPT_STE &&
		    what->key[i]->name.sid >> key->name.index == key->name.sid >> key->name.index)
			return true;
	return false;
}

static unsigned list_all(const struct remedy_case *what, struct smmu3_remedy *remedy,
			 uint32_t *more)
{
	struct list list = { remedy, 0, 0 };

	for (unsigned i = 0; i < what->keys; i++)
		if (!goes_with_stream(what, what->key[i]) && !goes_with_ste(what, what->key[i]) &&
		    !goes_with_what_is_below(what, what->key[i]))
			add_one(&list, what, what->key[i]);
	*more = list.more;
	return list.count;
}

unsigned remedies_of(const struct remedy_case *what, struct smmu3_remedy *remedy, uint32_t *more)
{
	enum { FEW = 4 };
	struct remedy_case wide = *what;
	const unsigned count = list_all(what, remedy, more);

	if (count <= FEW)
		return count;
	wide.wide = true;
	return list_all(&wide, remedy, more);
}
