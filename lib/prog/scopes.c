/* SPDX-License-Identifier: MIT */
#include "prog/scopes.h"

#include "arch/encoded.h"
#include "base/bits.h"

enum { SCALE_MOST = 39, PAGE_LG2 = 12, GRANULE_16K_LG2 = 14 };

/* ---- Ranges of addresses ---- */

/* Bit 25 is one of SCALE's only with DS.  4.4.1.1 */
uint64_t scope_scale(const struct features *features, const struct cmd *cmd)
{
	return cmd_get(cmd, CMD_TLBI_SCALE) & (features->ds ? 0x3f : 0x1f);
}

static unsigned tg_lg2(uint64_t tg)
{
	return PAGE_LG2 + 2 * (unsigned)(tg - CMD_TG_4K);
}

/* What TG and TTL limit it to.  4.4.1.1 */
static void scope_hint(const struct features *features, const struct cmd *cmd, unsigned granule_lg2,
		       struct smmu3_invalidation *scope)
{
	const uint64_t ttl = scope_ttl(features, granule_lg2 == GRANULE_16K_LG2,
				       cmd_get(cmd, CMD_TLBI_TTL));
	const bool d128 = features->d128 && cmd_get(cmd, CMD_TLBI_TTL128);

	scope->hint_granule_lg2 = (uint8_t)granule_lg2;
	if (ttl)
		scope->hint_level = (uint8_t)(1 + ttl + (d128 ? SMMU3_HINT_D128 : 0));
}

/* Without a granule one address, as of the smallest page; else a range, which ends where addresses
 * do.  4.4.1.1 */
static void scope_bytes(const struct features *features, const struct cmd *cmd,
			struct smmu3_invalidation *scope)
{
	const uint64_t tg = features->ril ? cmd_get(cmd, CMD_TLBI_TG) : CMD_TG_NONE;
	const uint64_t coded = scope_scale(features, cmd);
	const unsigned scale = (unsigned)(coded > SCALE_MOST ? SCALE_MOST : coded);
	const uint64_t num = cmd_get(cmd, CMD_TLBI_NUM) + 1;

	if (tg == CMD_TG_NONE) {
		scope->bytes = UINT64_C(1) << PAGE_LG2;
		return;
	}
	scope_hint(features, cmd, tg_lg2(tg), scope);
	const unsigned lg2 = tg_lg2(tg) + scale;
	const uint64_t left = -scope->addr; /* to 2^64; 0: all of it */

	scope->bytes = num > low_bits(63) >> lg2 ? 0 : num << lg2;
	if (!scope->bytes || (left && scope->bytes > left))
		scope->bytes = left;
}

/* ---- Translations ---- */

void scope_all(const struct features *features, const struct cmd *cmd,
	       struct smmu3_invalidation *scope)
{
	(void)features, (void)cmd, (void)scope;
}

void scope_vmid(const struct features *features, const struct cmd *cmd,
		struct smmu3_invalidation *scope)
{
	if (!features->s2p) /* RES0.  4.4.2 */
		return;
	scope->any_vmid = 0;
	scope->vmid = (uint16_t)cmd_get(cmd, CMD_VMID);
}

/* EL2 has no VMID.  4.4.2.10 */
void scope_el2_asid(const struct features *features, const struct cmd *cmd,
		    struct smmu3_invalidation *scope)
{
	(void)features;
	scope->any_asid = 0;
	scope->asid = (uint16_t)cmd_get(cmd, CMD_ASID);
}

void scope_address(const struct features *features, const struct cmd *cmd,
		   struct smmu3_invalidation *scope)
{
	scope->leaf = cmd_get(cmd, CMD_LEAF) != 0;
	scope->addr = cmd_address(cmd, CMD_ADDRESS);
	scope_bytes(features, cmd, scope);
}

/* An ASID only with E2H.  4.4.2.8 */
void scope_el2_va(const struct features *features, const struct cmd *cmd,
		  struct smmu3_invalidation *scope)
{
	if (scope->worlds == SMMU3_WORLD_EL2_E2H)
		scope_el2_asid(features, cmd, scope);
	scope_address(features, cmd, scope);
}

void scope_asid(const struct features *features, const struct cmd *cmd,
		struct smmu3_invalidation *scope)
{
	scope_vmid(features, cmd, scope);
	scope->any_asid = 0;
	scope->asid = (uint16_t)cmd_get(cmd, CMD_ASID);
}

void scope_vaa(const struct features *features, const struct cmd *cmd,
	       struct smmu3_invalidation *scope)
{
	scope_vmid(features, cmd, scope);
	scope_address(features, cmd, scope);
}

void scope_va(const struct features *features, const struct cmd *cmd,
	      struct smmu3_invalidation *scope)
{
	scope_vaa(features, cmd, scope);
	scope->any_asid = 0;
	scope->asid = (uint16_t)cmd_get(cmd, CMD_ASID);
}

/* What is above the bits that a version has is RES0.  4.1.6 */
static unsigned ipa_bits(const struct features *features)
{
	return features->minor == 0 ? 48 : features->minor < 4 ? 52 : 56;
}

void scope_ipa(const struct features *features, const struct cmd *cmd,
	       struct smmu3_invalidation *scope)
{
	scope_vmid(features, cmd, scope);
	scope->leaf = cmd_get(cmd, CMD_LEAF) != 0;
	scope->addr = cmd_address(cmd, CMD_IPA) & low_bits(ipa_bits(features));
	scope_bytes(features, cmd, scope);
}

void scope_secure_ipa(const struct features *features, const struct cmd *cmd,
		      struct smmu3_invalidation *scope)
{
	scope_ipa(features, cmd, scope);
	if (cmd_get(cmd, CMD_TLBI_S_S2_NS))
		scope->ipa_pas = SMMU3_PAS_NS;
}

/* ---- Streams and contexts ---- */

void scope_stream(const struct features *features, const struct cmd *cmd,
		  struct smmu3_invalidation *scope)
{
	(void)features;
	scope->sid = (uint32_t)cmd_get(cmd, CMD_STREAMID);
	scope->sids = 1;
	scope->leaf = cmd_get(cmd, CMD_LEAF) != 0;
}

/* 2^(Range + 1) StreamIDs, aligned: 31 is all there are.  4.3.2 */
void scope_range(const struct features *features, const struct cmd *cmd,
		 struct smmu3_invalidation *scope)
{
	const unsigned lg2 = (unsigned)cmd_get(cmd, CMD_RANGE) + 1;

	(void)features;
	scope->sids = UINT64_C(1) << lg2;
	scope->sid = (uint32_t)align_down(cmd_get(cmd, CMD_STREAMID), lg2);
}

void scope_cd(const struct features *features, const struct cmd *cmd,
	      struct smmu3_invalidation *scope)
{
	scope_stream(features, cmd, scope);
	scope->any_ssid = 0;
	scope->ssid = (uint32_t)cmd_get(cmd, CMD_SUBSTREAMID);
}

void scope_cd_all(const struct features *features, const struct cmd *cmd,
		  struct smmu3_invalidation *scope)
{
	scope_stream(features, cmd, scope);
	scope->leaf = 0;
}

/* ---- Of the Device Permission Table ---- */

/* CMD_DPTI_PA's SIZE, log2; 0: reserved.  4.6.2 */
static unsigned dpti_lg2(const struct cmd *cmd)
{
	return by_pa_lg2(cmd_get(cmd, CMD_DPTI_SIZE));
}

static uint64_t dpti_address(const struct features *features, const struct cmd *cmd)
{
	return cmd_address(cmd, CMD_IPA) & low_bits(features->oas_bits);
}

void scope_pa(const struct features *features, const struct cmd *cmd,
	      struct smmu3_invalidation *scope)
{
	scope->leaf = cmd_get(cmd, CMD_LEAF) != 0;
	scope->addr = dpti_address(features, cmd);
	scope->bytes = UINT64_C(1) << dpti_lg2(cmd);
}

/* With a reserved SIZE, or an address that is not aligned to it, nothing has to go, and nothing
 * does.  4.6.2 */
bool scope_misses(const struct features *features, const struct cmd *cmd)
{
	const unsigned lg2 = dpti_lg2(cmd);

	return cmd_get(cmd, CMD_OPCODE) == CMD_DPTI_PA &&
	       (!lg2 || dpti_address(features, cmd) & low_bits(lg2));
}
