/* SPDX-License-Identifier: MIT */
#include "facts.h"

#include <smmu/decode.h>
#include <stdio.h>
#include <string.h>

#include "fields.h"
#include "machine.h"

enum { NO_LEVEL = -8 };

static uint64_t low(unsigned bits)
{
	return bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

const char *facts_register(const struct smmu3_txn *txn, const char *name, char *text, size_t size)
{
	snprintf(text, size, "SMMU_%s%s",
		 txn->sec_sid == SMMU3_PAS_SECURE ? "S_" :
		 txn->sec_sid == SMMU3_PAS_REALM  ? "R_" :
						    "",
		 name);
	return text;
}

/* Whether there is an EL2 of the stream's Security state, and which form it has. */
static void learn_el2(struct facts *facts, struct smmu3 *smmu)
{
	const uint64_t idr0 = machine_register(smmu, "SMMU_IDR0");
	const uint64_t s_idr1 = machine_register(smmu, "SMMU_S_IDR1");
	char name[16];
	const uint64_t cr2 = machine_register(smmu, facts_register(facts->txn, "CR2", name,
								   sizeof(name)));

	facts->secure = facts->txn->sec_sid == SMMU3_PAS_SECURE;
	facts->realm = facts->txn->sec_sid == SMMU3_PAS_REALM;
	facts->hyp = facts->secure ? field_get("SMMU_S_IDR1", "SEL2", &s_idr1) :
				     field_get("SMMU_IDR0", "Hyp", &idr0);
	facts->e2h = field_get("SMMU_CR2", "E2H", &cr2);
}

void facts_init(struct facts *facts, struct smmu3 *smmu, const struct smmu3_txn *txn)
{
	struct smmu3_stream_table table = { 0 };
	const uint64_t idr0 = machine_register(smmu, "SMMU_IDR0");
	const uint64_t idr1 = machine_register(smmu, "SMMU_IDR1");
	const uint64_t idr3 = machine_register(smmu, "SMMU_IDR3");
	const uint64_t idr5 = machine_register(smmu, "SMMU_IDR5");
	const uint64_t dpt = machine_register(smmu, "SMMU_DPT_BASE_CFG");
	const uint64_t gpt = machine_register(smmu, "SMMU_ROOT_GPT_BASE_CFG");

	memset(facts, 0, sizeof(*facts));
	facts->txn = txn;
	if (!smmu3_inspect_stream_table(smmu, (enum smmu3_pas)txn->sec_sid, &table)) {
		facts->two_level = table.two_level;
		facts->split = table.split;
	}
	facts->dpt_level0_lg2 = 30 + (unsigned)field_get("SMMU_DPT_BASE_CFG", "L0DPTSZ", &dpt);
	facts->types_ovr = field_get("SMMU_IDR1", "ATTR_TYPES_OVR", &idr1);
	facts->perms_ovr = field_get("SMMU_IDR1", "ATTR_PERMS_OVR", &idr1);
	facts->gpt_level0_lg2 = 30 + (unsigned)field_get("SMMU_ROOT_GPT_BASE_CFG", "L0GPTSZ", &gpt);
	facts->xnx = field_get("SMMU_IDR3", "XNX", &idr3);
	facts->had = field_get("SMMU_IDR3", "HAD", &idr3);
	facts->e0pd = field_get("SMMU_IDR3", "E0PD", &idr3);
	facts->epan = field_get("SMMU_IDR3", "EPAN", &idr3);
	facts->s1pi = field_get("SMMU_IDR3", "S1PI", &idr3);
	facts->aie = field_get("SMMU_IDR3", "AIE", &idr3);
	facts->s2pi = field_get("SMMU_IDR3", "S2PI", &idr3);
	facts->s2po = field_get("SMMU_IDR3", "S2PO", &idr3);
	facts->the = field_get("SMMU_IDR3", "THE", &idr3);
	facts->mteperm = field_get("SMMU_IDR3", "MTEPERM", &idr3);
	facts->ds = field_get("SMMU_IDR5", "DS", &idr5);
	facts->d128 = field_get("SMMU_IDR5", "D128", &idr5);
	facts->haft = field_get("SMMU_IDR0", "HTTU", &idr0) == 3;
	learn_el2(facts, smmu);
	facts->last_level[1] = facts->last_level[2] = NO_LEVEL;
	facts->level = NO_LEVEL;
}

static void learn_level(struct facts *facts, const struct smmu3_step *step)
{
	facts->last_level[facts->stage] = facts->level;
	facts->last_lg2[facts->stage] = facts->stage ? facts_leaf_lg2(facts) : 0;
	facts->stage = step->reason == SMMU3_REASON_S1_TTD ? 1 :
		       step->reason == SMMU3_REASON_S2_TTD ? 2 :
							     0;
	facts->level = facts->stage ? step->level : NO_LEVEL;
	facts->wide = facts->stage && step->words == 2;
	facts->high = step->word[1];
	facts->granule_lg2 = step->granule_lg2;
	facts->pas = step->pas;
	facts->input = step->input;
	facts->ipa_pas = step->ipa_pas;
}

void facts_learn(struct facts *facts, const struct smmu3_step *step)
{
	if (step->reason == SMMU3_REASON_STE)
		memcpy(facts->ste, step->word, sizeof(facts->ste));
	if (step->reason == SMMU3_REASON_CD)
		memcpy(facts->cd, step->word, sizeof(facts->cd));
	learn_level(facts, step);
}

bool facts_el2(const struct facts *facts)
{
	return facts->hyp && field_get("STE", "Config", facts->ste) == 5 &&
	       field_get("STE", "STRW", facts->ste) == 2;
}

bool facts_el3(const struct facts *facts)
{
	return facts->secure && field_get("STE", "Config", facts->ste) == 5 &&
	       field_get("STE", "STRW", facts->ste) == 1;
}

bool facts_one_range(const struct facts *facts)
{
	return facts_el3(facts) || (facts_el2(facts) && !facts->e2h);
}

bool facts_lpae(const struct facts *facts)
{
	return !facts->d128 && !field_get("CD", "AA64", facts->cd);
}

bool facts_indirect1(const struct facts *facts)
{
	return facts->s1pi && !facts_lpae(facts) && field_get("STE", "S1PIE", facts->ste) &&
	       field_get("CD", "PIE", facts->cd);
}

bool facts_indirect2(const struct facts *facts)
{
	return facts->s2pi && field_get("STE", "S2PIE", facts->ste);
}

/* T0SZ, or where that leaves nothing T1SZ.  DDI 0487 G5.5.5 */
static bool lpae_upper(const struct facts *facts)
{
	const unsigned t0sz = field_get("CD", "T0SZ", facts->cd) & 7;
	const unsigned t1sz = field_get("CD", "T1SZ", facts->cd) & 7;
	const uint64_t va = facts->txn->addr & low(32);

	if (facts_one_range(facts))
		return false;
	return t0sz ? va >> (32 - t0sz) != 0 : t1sz && va >> (32 - t1sz) == low(t1sz);
}

bool facts_upper(const struct facts *facts)
{
	return facts_lpae(facts) ? lpae_upper(facts) : facts->txn->addr >> 55 & 1;
}

static unsigned stride(const struct facts *facts)
{
	return facts->granule_lg2 - (facts->wide ? 4 : 3);
}

unsigned facts_leaf_lg2(const struct facts *facts)
{
	return facts->granule_lg2 + (unsigned)(3 - facts->level) * stride(facts);
}

static unsigned input_bits(const struct facts *facts)
{
	const bool secure = facts->ipa_pas == SMMU3_PAS_SECURE;

	const unsigned s2tsz = (unsigned)field_get("STE", secure ? "S_S2T0SZ" : "S2T0SZ",
						   facts->ste);
	const unsigned tsz = (unsigned)field_get("CD", facts_upper(facts) ? "T1SZ" : "T0SZ",
						 facts->cd);

	if (facts->stage == 2 && !facts->d128 && !field_get("STE", "S2AA64", facts->ste))
		return 32 + (s2tsz & 8) - (s2tsz & 7);
	if (facts->stage == 2)
		return 64 - s2tsz;
	return facts_lpae(facts) ? 32 - (tsz & 7) : 64 - tsz;
}

/* A walk begins where the level before, of the same stage, is not the one above; of VMSAv9-128 one
 * above. */
static bool begins(const struct facts *facts)
{
	if (facts->wide)
		return facts->last_level[facts->stage] >= facts->level;
	return facts->last_level[facts->stage] != facts->level - 1;
}

static uint64_t ttd_index(const struct facts *facts, uint64_t input)
{
	const unsigned shift = facts_leaf_lg2(facts);

	if (begins(facts))
		return (input & low(input_bits(facts))) >> shift;
	if (facts->wide)
		return input >> shift & low(facts->last_lg2[facts->stage] - shift);
	return input >> shift & low(stride(facts));
}

/* Level 1 has an entry for 16 granules.  D9.7 */
static uint64_t gpt_index(const struct facts *facts, const struct smmu3_step *step)
{
	if (step->level == 0)
		return step->input >> facts->gpt_level0_lg2;
	return (step->input & low(facts->gpt_level0_lg2)) >> (step->granule_lg2 + 4);
}

/* Level 1 has a descriptor for two granules.  3.24.3 */
static uint64_t dpt_index(const struct facts *facts, const struct smmu3_step *step)
{
	if (step->level == 0)
		return step->input >> facts->dpt_level0_lg2;
	return (step->input & low(facts->dpt_level0_lg2)) >> (step->granule_lg2 + 1);
}

uint64_t facts_index(const struct facts *facts, const struct smmu3_step *step)
{
	const unsigned leaf = field_get("STE", "S1Fmt", facts->ste) == 2 ? 10 : 6;
	const bool cd_two_level = field_get("STE", "S1CDMax", facts->ste) &&
				  field_get("STE", "S1Fmt", facts->ste);

	switch (step->reason) {
	case SMMU3_REASON_L1STD:
		return facts->txn->sid >> facts->split;
	case SMMU3_REASON_STE:
		return facts->txn->sid & (facts->two_level ? low(facts->split) : UINT32_MAX);
	case SMMU3_REASON_VMS:
		return 0;
	case SMMU3_REASON_L1CD:
		return step->input >> leaf;
	case SMMU3_REASON_CD:
		return cd_two_level ? step->input & low(leaf) : step->input;
	case SMMU3_REASON_DPT:
		return dpt_index(facts, step);
	case SMMU3_REASON_GPT:
		return gpt_index(facts, step);
	default:
		return ttd_index(facts, step->input);
	}
}

bool facts_ds(const struct facts *facts)
{
	if (!facts->ds || facts->granule_lg2 == 16)
		return false;
	return facts->stage == 1 ? field_get("CD", "DS", facts->cd) :
				   field_get("STE", "S2DS", facts->ste);
}

/* SH of a leaf, which with DS its tables have in common. */
static unsigned shareability(const struct facts *facts, uint64_t word)
{
	if (!facts_ds(facts))
		return word >> 8 & 3;
	if (facts->stage == 2)
		return (unsigned)field_get("STE", "S2SH0", facts->ste);
	return (unsigned)field_get("CD", facts_upper(facts) ? "SH1" : "SH0", facts->cd);
}

/* Levels at which a block may stand, D8.3.1: one bit each.  1 of 64K only where 52 bits of PA are
 * built; with DS the level above, too. */
static bool may_be_block(const struct facts *facts)
{
	const bool ds = facts_ds(facts);
	const unsigned levels = facts->granule_lg2 == 12 ? (ds ? 7u : 6u) :
				facts->granule_lg2 == 14 ? (ds ? 6u : 4u) :
							   6u;

	return facts->level >= 0 && levels & 1u << facts->level;
}

unsigned facts_skipped(const struct facts *facts)
{
	return facts->high >> (109 - 64) & 3;
}

/* D8-49 */
static enum ttd_kind wide_kind(const struct facts *facts)
{
	const int skl = (int)facts_skipped(facts);

	if (facts->level + skl > 3 || (skl == 3 && facts->granule_lg2 > 12))
		return TTD_KIND_RESERVED;
	return facts->level + skl == 3 ? TTD_KIND_LEAF : TTD_KIND_TABLE;
}

enum ttd_kind facts_kind(const struct facts *facts, uint64_t word)
{
	if (!(word & 1))
		return TTD_KIND_INVALID;
	if (facts->wide)
		return wide_kind(facts);
	if (facts->level == 3)
		return word & 2 ? TTD_KIND_LEAF : TTD_KIND_RESERVED;
	if (word & 2)
		return TTD_KIND_TABLE;
	return may_be_block(facts) ? TTD_KIND_LEAF : TTD_KIND_RESERVED;
}

unsigned facts_target_lg2(const struct facts *facts, uint64_t word)
{
	if (facts_kind(facts, word) == TTD_KIND_LEAF)
		return facts_leaf_lg2(facts);
	return facts->wide ? 4 + stride(facts) * (1 + facts_skipped(facts)) : facts->granule_lg2;
}

uint64_t facts_target(const struct facts *facts, uint64_t word)
{
	const unsigned shift = facts_kind(facts, word) == TTD_KIND_LEAF ? facts_leaf_lg2(facts) :
									  facts->granule_lg2;
	uint64_t target = word & low(48) & ~low(shift);

	if (facts->wide)
		return word & low(56) & ~low(facts_target_lg2(facts, word));
	if (facts->granule_lg2 == 16)
		target |= (word >> 12 & 0xf) << 48;
	if (facts_ds(facts))
		target |= (word & UINT64_C(3) << 48) | (word >> 8 & 3) << 50;
	return target;
}

/* Encodings with NoTagAccess as those without; what is then reserved as Device-nGnRnE.  3.23.1 */
static unsigned memattr_without_tags(const struct facts *facts, unsigned memattr)
{
	if (!facts->mteperm || !field_get("STE", "S2AA64", facts->ste))
		return memattr;
	if (!field_get("STE", "S2FWB", facts->ste))
		return memattr == 4 ? 15 : memattr;
	return memattr >= 14 ? memattr & 7 : memattr & 8 ? 0 : memattr;
}

static void stage2_type(const struct facts *facts, unsigned memattr, char *text, size_t size)
{
	static const char *const device[] = { "Device-nGnRnE", "Device-nGnRE", "Device-nGRE",
					      "Device-GRE" };
	static const char *const forced[] = { "reserved", "Normal-NC unless stage 1 says Device",
					      "Normal-WB whatever stage 1 says",
					      "what stage 1 says" };
	static const char *const cache[] = { "reserved", "NC", "WT", "WB" };

	if (!(memattr & 4) && (field_get("STE", "S2FWB", facts->ste) || !(memattr & 8)))
		snprintf(text, size, "%s", device[memattr & 3]);
	else if (field_get("STE", "S2FWB", facts->ste))
		snprintf(text, size, "%s", forced[memattr & 3]);
	else
		snprintf(text, size, "at most Normal, inner %s outer %s", cache[memattr & 3],
			 cache[memattr >> 2]);
}

void facts_memory_type(const struct facts *facts, uint64_t word, char *text, size_t size)
{
	const bool last = facts->aie && !facts_lpae(facts) && word >> 59 & 1 &&
			  field_get("CD", "AIE", facts->cd);
	const unsigned index = last ? 7 : word >> 2 & 7;
	const struct smmu3_attr attr = { .mair = (uint8_t)(facts->cd[3] >> 8 * index),
					 .sh = (uint8_t)shareability(facts, word) };

	if (facts->stage == 2)
		stage2_type(facts, memattr_without_tags(facts, word >> 2 & 0xf), text, size);
	else
		smmu3_attr_name(attr, text, size);
}

static const struct smmu3_layout *dpt_layout(const struct smmu3_step *step)
{
	static const char *const level0[] = { "DPT_L0_NO_ACCESS", "DPT_L0_BLOCK",
					      "DPT_L0_NO_ACCESS", "DPT_L0_TABLE" };

	return smmu3_layout(step->level == 0 ? level0[step->word[0] & 3] : "DPT_L1");
}

unsigned facts_granule(const struct facts *facts)
{
	return (unsigned)(facts->input >> facts->granule_lg2) & 0xf;
}

static const struct smmu3_layout *gpt_layout(const struct smmu3_step *step)
{
	const unsigned type = step->word[0] & 0xf;

	if (step->level == 0)
		return smmu3_layout(type == 3 ? "GPT_TABLE" : "GPT_BLOCK");
	return smmu3_layout(type == 1 ? "GPT_CONTIGUOUS" : "GPT_GRANULES");
}

static const struct smmu3_layout *wide_layout(const struct facts *facts, uint64_t word)
{
	static const char *const names[][2] = { { "TTD128_S1_LEAF", "TTD128_S1_TABLE" },
						{ "TTD128_S2_LEAF", "TTD128_S2_TABLE" } };

	return smmu3_layout(names[facts->stage - 1][facts_kind(facts, word) == TTD_KIND_TABLE]);
}

const struct smmu3_layout *facts_layout(const struct facts *facts, const struct smmu3_step *step)
{
	static const char *const names[] = {
		[SMMU3_REASON_L1STD] = "L1STD",
		[SMMU3_REASON_STE] = "STE",
		[SMMU3_REASON_L1CD] = "L1CD",
		[SMMU3_REASON_CD] = "CD",
		[SMMU3_REASON_S1_TTD] = "TTD64_S1_LEAF",
		[SMMU3_REASON_S2_TTD] = "TTD64_S2_LEAF",
		[SMMU3_REASON_VMS] = "VMS",
	};

	if (step->reason == SMMU3_REASON_DPT)
		return dpt_layout(step);
	if (step->reason == SMMU3_REASON_GPT)
		return gpt_layout(step);
	if (facts->wide)
		return wide_layout(facts, step->word[0]);
	if (facts->stage && facts_kind(facts, step->word[0]) == TTD_KIND_TABLE)
		return smmu3_layout(facts->stage == 1 ? "TTD64_S1_TABLE" : "TTD64_S2_TABLE");
	return smmu3_layout(names[step->reason]);
}
