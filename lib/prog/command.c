/* SPDX-License-Identifier: MIT */
/* A row per opcode: the features it needs, what it does, how its scope is read. */
#include "prog/command.h"

#include <stddef.h>

typedef bool legal_fn(const struct features *features, const struct cmd *cmd);
typedef void scope_fn(const struct features *features, const struct cmd *cmd,
		      struct smmu3_invalidation *scope);

/* ---- Legality ---- */

static bool always(const struct features *features, const struct cmd *cmd)
{
	(void)features, (void)cmd;
	return true;
}

static bool with_s1(const struct features *features, const struct cmd *cmd)
{
	(void)cmd;
	return features->s1p;
}

static bool with_s2(const struct features *features, const struct cmd *cmd)
{
	(void)cmd;
	return features->s2p;
}

static bool with_hyp(const struct features *features, const struct cmd *cmd)
{
	(void)cmd;
	return features->hyp;
}

/* Bit 25 is one of SCALE's only with DS.  4.4.1.1 */
static uint64_t coded_scale(const struct features *features, const struct cmd *cmd)
{
	return cmd_get(cmd, CMD_TLBI_SCALE) & (features->ds ? 0x3f : 0x1f);
}

/* A hint of a level or a range needs a granule; a granule needs one of them.  A level 1 of 16KB has
 * no leaf without DS, and is no hint.  4.4.1.1 */
static bool range_legal(const struct features *features, const struct cmd *cmd)
{
	const uint64_t tg = cmd_get(cmd, CMD_TLBI_TG);
	uint64_t ttl = cmd_get(cmd, CMD_TLBI_TTL);

	if (!features->ril || tg == CMD_TG_NONE)
		return true;
	if (tg == CMD_TG_16K && ttl == 1 && !features->ds)
		ttl = 0;
	return cmd_get(cmd, CMD_TLBI_NUM) || coded_scale(features, cmd) || ttl;
}

static bool with_s1_by_va(const struct features *features, const struct cmd *cmd)
{
	return features->s1p && range_legal(features, cmd);
}

static bool with_s2_by_ipa(const struct features *features, const struct cmd *cmd)
{
	return features->s2p && range_legal(features, cmd);
}

static bool with_hyp_by_va(const struct features *features, const struct cmd *cmd)
{
	return features->hyp && range_legal(features, cmd);
}

static bool with_vms(const struct features *features, const struct cmd *cmd)
{
	(void)cmd;
	return features->mpam && features->s1p && features->s2p;
}

static bool with_stalls(const struct features *features, const struct cmd *cmd)
{
	(void)cmd;
	return features->stall_model != STALLS_ABSENT;
}

static bool with_ats(const struct features *features, const struct cmd *cmd)
{
	(void)cmd;
	return features->ats;
}

static bool with_pri(const struct features *features, const struct cmd *cmd)
{
	return features->pri && cmd_get(cmd, CMD_RESP) <= CMD_RESP_SUCCESS;
}

static bool with_dpt(const struct features *features, const struct cmd *cmd)
{
	(void)cmd;
	return features->dpt;
}

static bool sync_legal(const struct features *features, const struct cmd *cmd)
{
	(void)features;
	return cmd_get(cmd, CMD_SYNC_CS) <= CMD_SYNC_SIG_SEV;
}

/* ---- Scopes ---- */

enum { SCALE_MOST = 39, PAGE_LG2 = 12 };

static unsigned tg_lg2(uint64_t tg)
{
	return PAGE_LG2 + 2 * (unsigned)(tg - CMD_TG_4K);
}

/* Without a granule one address, as of the smallest page; else a range, which ends where addresses
 * do.  4.4.1.1 */
static void scope_bytes(const struct features *features, const struct cmd *cmd,
			struct smmu3_invalidation *scope)
{
	const uint64_t tg = features->ril ? cmd_get(cmd, CMD_TLBI_TG) : CMD_TG_NONE;
	const uint64_t coded = coded_scale(features, cmd);
	const unsigned scale = (unsigned)(coded > SCALE_MOST ? SCALE_MOST : coded);
	const uint64_t num = cmd_get(cmd, CMD_TLBI_NUM) + 1;

	if (tg == CMD_TG_NONE) {
		scope->bytes = UINT64_C(1) << PAGE_LG2;
		return;
	}
	const unsigned lg2 = tg_lg2(tg) + scale;
	const uint64_t left = -scope->addr; /* to 2^64; 0: all of it */

	scope->bytes = num > low_bits(63) >> lg2 ? 0 : num << lg2;
	if (!scope->bytes || (left && scope->bytes > left))
		scope->bytes = left;
}

static void scope_all(const struct features *features, const struct cmd *cmd,
		      struct smmu3_invalidation *scope)
{
	(void)features, (void)cmd, (void)scope;
}

static void scope_vmid(const struct features *features, const struct cmd *cmd,
		       struct smmu3_invalidation *scope)
{
	if (!features->s2p) /* RES0.  4.4.2 */
		return;
	scope->any_vmid = 0;
	scope->vmid = (uint16_t)cmd_get(cmd, CMD_VMID);
}

/* EL2 has no VMID.  4.4.2.10 */
static void scope_el2_asid(const struct features *features, const struct cmd *cmd,
			   struct smmu3_invalidation *scope)
{
	(void)features;
	scope->any_asid = 0;
	scope->asid = (uint16_t)cmd_get(cmd, CMD_ASID);
}

static void scope_el2_vaa(const struct features *features, const struct cmd *cmd,
			  struct smmu3_invalidation *scope)
{
	scope->leaf = cmd_get(cmd, CMD_LEAF) != 0;
	scope->addr = cmd_address(cmd, CMD_ADDRESS);
	scope_bytes(features, cmd, scope);
}

/* An ASID only with E2H.  4.4.2.8 */
static void scope_el2_va(const struct features *features, const struct cmd *cmd,
			 struct smmu3_invalidation *scope)
{
	if (scope->worlds == SMMU3_WORLD_EL2_E2H)
		scope_el2_asid(features, cmd, scope);
	scope_el2_vaa(features, cmd, scope);
}

static void scope_asid(const struct features *features, const struct cmd *cmd,
		       struct smmu3_invalidation *scope)
{
	scope_vmid(features, cmd, scope);
	scope->any_asid = 0;
	scope->asid = (uint16_t)cmd_get(cmd, CMD_ASID);
}

static void scope_vaa(const struct features *features, const struct cmd *cmd,
		      struct smmu3_invalidation *scope)
{
	scope_vmid(features, cmd, scope);
	scope->leaf = cmd_get(cmd, CMD_LEAF) != 0;
	scope->addr = cmd_address(cmd, CMD_ADDRESS);
	scope_bytes(features, cmd, scope);
}

static void scope_va(const struct features *features, const struct cmd *cmd,
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

static void scope_ipa(const struct features *features, const struct cmd *cmd,
		      struct smmu3_invalidation *scope)
{
	scope_vmid(features, cmd, scope);
	scope->leaf = cmd_get(cmd, CMD_LEAF) != 0;
	scope->addr = cmd_address(cmd, CMD_IPA) & low_bits(ipa_bits(features));
	scope_bytes(features, cmd, scope);
}

static void scope_stream(const struct features *features, const struct cmd *cmd,
			 struct smmu3_invalidation *scope)
{
	(void)features;
	scope->sid = (uint32_t)cmd_get(cmd, CMD_STREAMID);
	scope->sids = 1;
	scope->leaf = cmd_get(cmd, CMD_LEAF) != 0;
}

/* 2^(Range + 1) StreamIDs, aligned: 31 is all there are.  4.3.2 */
static void scope_range(const struct features *features, const struct cmd *cmd,
			struct smmu3_invalidation *scope)
{
	const unsigned lg2 = (unsigned)cmd_get(cmd, CMD_RANGE) + 1;

	(void)features;
	scope->sids = UINT64_C(1) << lg2;
	scope->sid = (uint32_t)align_down(cmd_get(cmd, CMD_STREAMID), lg2);
}

static void scope_cd(const struct features *features, const struct cmd *cmd,
		     struct smmu3_invalidation *scope)
{
	scope_stream(features, cmd, scope);
	scope->any_ssid = 0;
	scope->ssid = (uint32_t)cmd_get(cmd, CMD_SUBSTREAMID);
}

static void scope_cd_all(const struct features *features, const struct cmd *cmd,
			 struct smmu3_invalidation *scope)
{
	scope_stream(features, cmd, scope);
	scope->leaf = 0;
}

/* CMD_DPTI_PA's SIZE, log2; 0: reserved.  4.6.2 */
static unsigned dpti_lg2(const struct cmd *cmd)
{
	static const uint8_t size[16] = { 12, 14, 16, 21, 25, 29, 30, 34, 36, 39 };

	return size[cmd_get(cmd, CMD_DPTI_SIZE)];
}

static uint64_t dpti_address(const struct features *features, const struct cmd *cmd)
{
	return cmd_address(cmd, CMD_IPA) & low_bits(features->oas_bits);
}

static void scope_pa(const struct features *features, const struct cmd *cmd,
		     struct smmu3_invalidation *scope)
{
	scope->leaf = cmd_get(cmd, CMD_LEAF) != 0;
	scope->addr = dpti_address(features, cmd);
	scope->bytes = UINT64_C(1) << dpti_lg2(cmd);
}

/* With a reserved SIZE, or an address that is not aligned to it, nothing has to go, and nothing
 * does.  4.6.2 */
static bool misses(const struct features *features, const struct cmd *cmd)
{
	const unsigned lg2 = dpti_lg2(cmd);

	return cmd_get(cmd, CMD_OPCODE) == CMD_DPTI_PA &&
	       (!lg2 || dpti_address(features, cmd) & low_bits(lg2));
}

/* Whose translations they are. */
enum whose {
	OF_NOBODY, /* no translations */
	OF_EL1,
	OF_EL2, /* with ASIDs or without */
	OF_EL2_E2H,
	OF_EL2_AS_IT_IS, /* by CR2.E2H */
};

static uint8_t worlds_of(enum whose whose, bool e2h)
{
	static const uint8_t worlds[][2] = {
		[OF_EL1] = { SMMU3_WORLD_EL1, SMMU3_WORLD_EL1 },
		[OF_EL2] = { SMMU3_WORLD_EL2 | SMMU3_WORLD_EL2_E2H,
			     SMMU3_WORLD_EL2 | SMMU3_WORLD_EL2_E2H },
		[OF_EL2_E2H] = { SMMU3_WORLD_EL2_E2H, SMMU3_WORLD_EL2_E2H },
		[OF_EL2_AS_IT_IS] = { SMMU3_WORLD_EL2, SMMU3_WORLD_EL2_E2H },
	};

	return worlds[whose][e2h];
}

/* ---- The commands.  What has no row is reserved, or not for this queue ---- */

struct command_row {
	enum command_effect effect; /* EFFECT_ILLEGAL: no such command */
	legal_fn *legal;
	enum smmu3_invalidation_kind kind;
	scope_fn *scope;
	enum whose whose;
};

#define STAGE1(scope, legal)                                                      \
	{                                                                         \
		EFFECT_INVALIDATE, legal, SMMU3_INVALIDATES_STAGE1, scope, OF_EL1 \
	}
#define STAGE2(scope, legal)                                                      \
	{                                                                         \
		EFFECT_INVALIDATE, legal, SMMU3_INVALIDATES_STAGE2, scope, OF_EL1 \
	}
#define STAGES(scope, legal)                                                      \
	{                                                                         \
		EFFECT_INVALIDATE, legal, SMMU3_INVALIDATES_STAGES, scope, OF_EL1 \
	}
#define EL2(scope, legal, whose)                                                 \
	{                                                                        \
		EFFECT_INVALIDATE, legal, SMMU3_INVALIDATES_STAGE1, scope, whose \
	}
#define STREAM(scope, legal)                                                         \
	{                                                                            \
		EFFECT_INVALIDATE, legal, SMMU3_INVALIDATES_STREAM, scope, OF_NOBODY \
	}
#define CONTEXT(scope, legal)                                                         \
	{                                                                             \
		EFFECT_INVALIDATE, legal, SMMU3_INVALIDATES_CONTEXT, scope, OF_NOBODY \
	}
#define DPT(scope)                                                                   \
	{                                                                            \
		EFFECT_INVALIDATE, with_dpt, SMMU3_INVALIDATES_DPT, scope, OF_NOBODY \
	}

static const struct command_row rows[256] = {
	[CMD_PREFETCH_CONFIG] = { EFFECT_NONE, always, 0, NULL, OF_NOBODY },
	[CMD_PREFETCH_ADDR] = { EFFECT_NONE, always, 0, NULL, OF_NOBODY },
	[CMD_CFGI_STE] = STREAM(scope_stream, always),
	[CMD_CFGI_STE_RANGE] = STREAM(scope_range, always),
	[CMD_CFGI_CD] = CONTEXT(scope_cd, with_s1),
	[CMD_CFGI_CD_ALL] = CONTEXT(scope_cd_all, with_s1),
	[CMD_CFGI_VMS_PIDM] = { EFFECT_NONE, with_vms, 0, NULL, OF_NOBODY },
	[CMD_TLBI_NH_ALL] = STAGE1(scope_vmid, with_s1),
	[CMD_TLBI_NH_ASID] = STAGE1(scope_asid, with_s1),
	[CMD_TLBI_NH_VA] = STAGE1(scope_va, with_s1_by_va),
	[CMD_TLBI_NH_VAA] = STAGE1(scope_vaa, with_s1_by_va),
	[CMD_TLBI_EL2_ALL] = EL2(scope_all, with_hyp, OF_EL2),
	[CMD_TLBI_EL2_ASID] = EL2(scope_el2_asid, with_hyp, OF_EL2_E2H),
	[CMD_TLBI_EL2_VA] = EL2(scope_el2_va, with_hyp_by_va, OF_EL2_AS_IT_IS),
	[CMD_TLBI_EL2_VAA] = EL2(scope_el2_vaa, with_hyp_by_va, OF_EL2_AS_IT_IS),
	[CMD_TLBI_S12_VMALL] = STAGES(scope_vmid, with_s2),
	[CMD_TLBI_S2_IPA] = STAGE2(scope_ipa, with_s2_by_ipa),
	[CMD_TLBI_NSNH_ALL] = STAGES(scope_all, always),
	[CMD_ATC_INV] = { EFFECT_INVALIDATE_ATC, with_ats, 0, NULL, OF_NOBODY },
	[CMD_PRI_RESP] = { EFFECT_ANSWER_PAGE, with_pri, 0, NULL, OF_NOBODY },
	[CMD_RESUME] = { EFFECT_RESUME, with_stalls, 0, NULL, OF_NOBODY },
	[CMD_STALL_TERM] = { EFFECT_TERMINATE, with_stalls, 0, NULL, OF_NOBODY },
	[CMD_DPTI_ALL] = DPT(scope_all),
	[CMD_DPTI_PA] = DPT(scope_pa),
	[CMD_SYNC] = { EFFECT_SYNC, sync_legal, 0, NULL, OF_NOBODY },
};

/* Those with an SSec bit, which must be 0 here.  4.1.6 */
static bool has_ssec(unsigned opcode)
{
	return (opcode >= CMD_PREFETCH_CONFIG && opcode <= CMD_CFGI_VMS_PIDM) ||
	       opcode == CMD_RESUME || opcode == CMD_STALL_TERM;
}

enum command_effect command_effect(const struct features *features, const struct cmd *cmd)
{
	const unsigned opcode = (unsigned)cmd_get(cmd, CMD_OPCODE);
	const struct command_row *row = &rows[opcode];

	if (row->effect == EFFECT_ILLEGAL || !row->legal(features, cmd))
		return EFFECT_ILLEGAL;
	if (has_ssec(opcode) && cmd_get(cmd, CMD_SSEC))
		return EFFECT_ILLEGAL;
	return misses(features, cmd) ? EFFECT_NONE : row->effect;
}

void scope_widen_vmid(const struct features *features, unsigned vmw,
		      struct smmu3_invalidation *scope)
{
	enum { VMW_MOST = 4 }; /* more is reserved, and acts as 0 */
	const unsigned lg2 = features->vmw && vmw <= VMW_MOST ? vmw : 0;

	scope->vmids = (uint16_t)(1u << lg2);
	scope->vmid = (uint16_t)align_down(scope->vmid, lg2);
}

struct smmu3_invalidation command_scope(const struct features *features,
					struct command_controls controls, const struct cmd *cmd)
{
	const struct command_row *row = &rows[cmd_get(cmd, CMD_OPCODE)];
	struct smmu3_invalidation scope = {
		.kind = (uint8_t)row->kind,
		.sec_sid = SMMU3_PAS_NS,
		.any_asid = 1,
		.any_vmid = 1,
		.any_ssid = 1,
		.worlds = worlds_of(row->whose, controls.e2h),
	};

	row->scope(features, cmd, &scope);
	if (!scope.any_vmid)
		scope_widen_vmid(features, controls.vmw, &scope);
	return scope;
}

/* Sizes beyond 52 are taken for 52, which is everything; without substreams SSV counts as 0.  4.5.1
 */
struct smmu3_atc_invalidation command_atc(const struct features *features, const struct cmd *cmd)
{
	enum { SIZE_ALL = 52 };
	const uint64_t size = cmd_get(cmd, CMD_ATC_SIZE);
	const bool all = size >= SIZE_ALL;
	const unsigned lg2 = PAGE_LG2 + (unsigned)size;
	const bool ssv = features->ssidsize && cmd_get(cmd, CMD_SSV);

	return (struct smmu3_atc_invalidation){
		.addr = all ? 0 : align_down(cmd_address(cmd, CMD_ADDRESS), lg2),
		.bytes = all ? 0 : UINT64_C(1) << lg2,
		.sid = (uint32_t)cmd_get(cmd, CMD_STREAMID),
		.ssid = ssv ? (uint32_t)cmd_get(cmd, CMD_SUBSTREAMID) : 0,
		.sec_sid = SMMU3_PAS_NS,
		.ssv = ssv,
		.global = ssv && cmd_get(cmd, CMD_ATC_GLOBAL),
	};
}
