/* SPDX-License-Identifier: MIT */
/* A row per opcode: on which queues it stands, on whose state it acts, the features it needs, what
 * it does, how its scope is read. */
#include "prog/command.h"

#include "prog/ranges.h"
#include "prog/scopes.h"

#include "arch/names.h"

#include "base/bits.h"
#include "config/label.h"

#include <stddef.h>

typedef bool queue_fn(const struct features *queue);
typedef bool legal_fn(const struct features *features, const struct cmd *cmd);

/* ---- Queues: by the features of the queue's own state ---- */

static bool any_queue(const struct features *queue)
{
	(void)queue;
	return true;
}

static bool secure_queue(const struct features *queue)
{
	return queue->sec_sid == SMMU3_PAS_SECURE;
}

/* With NSSTALLD not the Non-secure queue, but still the Secure one, also for Non-secure streams;
 * never the Realm one.  4.7.1, 4.7.2 */
static bool stalling_queue(const struct features *queue)
{
	return queue->stall_model != STALLS_ABSENT;
}

static bool queue_of_ats(const struct features *queue)
{
	return !queue->sams;
}

/* ---- Legality: by the features of the state that it acts upon ---- */

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

/* A hint of a level or a range needs a granule; a granule needs one of them.  4.4.1.1 */
static bool range_legal(const struct features *features, const struct cmd *cmd)
{
	const uint64_t tg = cmd_get(cmd, CMD_TLBI_TG);

	if (!features->ril || tg == CMD_TG_NONE)
		return true;
	return cmd_get(cmd, CMD_TLBI_NUM) || scope_scale(features, cmd) ||
	       scope_ttl(features, tg == CMD_TG_16K, cmd_get(cmd, CMD_TLBI_TTL));
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

static bool with_el3(const struct features *features, const struct cmd *cmd)
{
	(void)cmd;
	return features->el3;
}

static bool with_el3_by_va(const struct features *features, const struct cmd *cmd)
{
	return features->el3 && range_legal(features, cmd);
}

static bool with_vms(const struct features *features, const struct cmd *cmd)
{
	(void)cmd;
	return vms_supported(features);
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

/* ---- The commands.  What has no row is reserved ---- */

/* Whose translations they are. */
enum whose {
	OF_NOBODY, /* no translations */
	OF_EL1,
	OF_EL2, /* with ASIDs or without */
	OF_EL2_E2H,
	OF_EL2_AS_IT_IS, /* by CR2.E2H */
	OF_EL3,
};

/* On whose state a command acts: all are of one with the Realm queue, and with the Non-secure one.
 */
enum state {
	OWN,        /* the queue's */
	BY_SSEC,    /* of the Secure queue: as SSec says.  4.1.6 */
	NON_SECURE, /* also from the Secure queue */
};

struct command_row {
	enum command_effect effect; /* EFFECT_ILLEGAL: no such command */
	queue_fn *queues;
	enum state state;
	legal_fn *legal;
	enum smmu3_invalidation_kind kind;
	enum whose whose;
	scope_fn *scope;
};

#define TLBI(queues, state, legal, kind, whose, scope)                                          \
	{                                                                                       \
		EFFECT_INVALIDATE, queues, state, legal, SMMU3_INVALIDATES_##kind, whose, scope \
	}
#define CFGI(legal, kind, scope)                                                                   \
	{                                                                                          \
		EFFECT_INVALIDATE, any_queue, BY_SSEC, legal, SMMU3_INVALIDATES_##kind, OF_NOBODY, \
			scope                                                                      \
	}
#define DPTI(scope)                                                                           \
	{                                                                                     \
		EFFECT_INVALIDATE, queue_of_ats, NON_SECURE, with_dpt, SMMU3_INVALIDATES_DPT, \
			OF_NOBODY, scope                                                      \
	}
#define OTHER(effect, queues, state, legal)                      \
	{                                                        \
		effect, queues, state, legal, 0, OF_NOBODY, NULL \
	}

static const struct command_row rows[256] = {
	[CMD_PREFETCH_CONFIG] = OTHER(EFFECT_NONE, any_queue, BY_SSEC, always),
	[CMD_PREFETCH_ADDR] = OTHER(EFFECT_NONE, any_queue, BY_SSEC, always),
	[CMD_CFGI_STE] = CFGI(always, STREAM, scope_stream),
	[CMD_CFGI_STE_RANGE] = CFGI(always, STREAM, scope_range),
	[CMD_CFGI_CD] = CFGI(with_s1, CONTEXT, scope_cd),
	[CMD_CFGI_CD_ALL] = CFGI(with_s1, CONTEXT, scope_cd_all),
	[CMD_CFGI_VMS_PIDM] = OTHER(EFFECT_NONE, any_queue, BY_SSEC, with_vms),
	[CMD_TLBI_NH_ALL] = TLBI(any_queue, OWN, with_s1, STAGE1, OF_EL1, scope_vmid),
	[CMD_TLBI_NH_ASID] = TLBI(any_queue, OWN, with_s1, STAGE1, OF_EL1, scope_asid),
	[CMD_TLBI_NH_VA] = TLBI(any_queue, OWN, with_s1_by_va, STAGE1, OF_EL1, scope_va),
	[CMD_TLBI_NH_VAA] = TLBI(any_queue, OWN, with_s1_by_va, STAGE1, OF_EL1, scope_vaa),
	[CMD_TLBI_EL3_ALL] = TLBI(secure_queue, OWN, with_el3, STAGE1, OF_EL3, scope_all),
	[CMD_TLBI_EL3_VA] = TLBI(secure_queue, OWN, with_el3_by_va, STAGE1, OF_EL3, scope_address),
	[CMD_TLBI_EL2_ALL] = TLBI(any_queue, NON_SECURE, with_hyp, STAGE1, OF_EL2, scope_all),
	[CMD_TLBI_EL2_ASID] = TLBI(any_queue, NON_SECURE, with_hyp, STAGE1, OF_EL2_E2H,
				   scope_el2_asid),
	[CMD_TLBI_EL2_VA] = TLBI(any_queue, NON_SECURE, with_hyp_by_va, STAGE1, OF_EL2_AS_IT_IS,
				 scope_el2_va),
	[CMD_TLBI_EL2_VAA] = TLBI(any_queue, NON_SECURE, with_hyp_by_va, STAGE1, OF_EL2_AS_IT_IS,
				  scope_address),
	[CMD_TLBI_S12_VMALL] = TLBI(any_queue, NON_SECURE, with_s2, STAGES, OF_EL1, scope_vmid),
	[CMD_TLBI_S2_IPA] = TLBI(any_queue, NON_SECURE, with_s2_by_ipa, STAGE2, OF_EL1, scope_ipa),
	[CMD_TLBI_NSNH_ALL] = TLBI(any_queue, NON_SECURE, always, STAGES, OF_EL1, scope_all),
	[CMD_TLBI_S_EL2_ALL] = TLBI(secure_queue, OWN, with_hyp, STAGE1, OF_EL2, scope_all),
	[CMD_TLBI_S_EL2_ASID] = TLBI(secure_queue, OWN, with_hyp, STAGE1, OF_EL2_E2H,
				     scope_el2_asid),
	[CMD_TLBI_S_EL2_VA] = TLBI(secure_queue, OWN, with_hyp_by_va, STAGE1, OF_EL2_AS_IT_IS,
				   scope_el2_va),
	[CMD_TLBI_S_EL2_VAA] = TLBI(secure_queue, OWN, with_hyp_by_va, STAGE1, OF_EL2_AS_IT_IS,
				    scope_address),
	[CMD_TLBI_S_S12_VMALL] = TLBI(secure_queue, OWN, with_s2, STAGES, OF_EL1, scope_vmid),
	[CMD_TLBI_S_S2_IPA] = TLBI(secure_queue, OWN, with_s2_by_ipa, STAGE2, OF_EL1,
				   scope_secure_ipa),
	[CMD_TLBI_SNH_ALL] = TLBI(secure_queue, OWN, with_s2, STAGES, OF_EL1, scope_all),
	[CMD_ATC_INV] = OTHER(EFFECT_INVALIDATE_ATC, queue_of_ats, NON_SECURE, with_ats),
	[CMD_PRI_RESP] = OTHER(EFFECT_ANSWER_PAGE, queue_of_ats, NON_SECURE, with_pri),
	[CMD_RESUME] = OTHER(EFFECT_RESUME, stalling_queue, BY_SSEC, always),
	[CMD_STALL_TERM] = OTHER(EFFECT_TERMINATE, stalling_queue, BY_SSEC, always),
	[CMD_DPTI_ALL] = DPTI(scope_all),
	[CMD_DPTI_PA] = DPTI(scope_pa),
	[CMD_SYNC] = OTHER(EFFECT_SYNC, any_queue, OWN, sync_legal),
};

static const struct command_row *row_of(const struct cmd *cmd)
{
	return &rows[cmd_get(cmd, CMD_OPCODE)];
}

static bool says_secure(const struct command_row *row, const struct cmd *cmd)
{
	return row->state == BY_SSEC && cmd_get(cmd, CMD_SSEC);
}

enum bank command_target(const struct command_rules *rules, const struct cmd *cmd)
{
	const struct command_row *row = row_of(cmd);
	const bool own = row->state == OWN || says_secure(row, cmd);

	return rules->queue == BANK_S && !own ? BANK_NS : rules->queue;
}

static const struct features *target_of(const struct command_rules *rules, const struct cmd *cmd)
{
	return rules->of[command_target(rules, cmd)];
}

/* ---- What an implementation may mind, if it is asked to ---- */

static bool has_undefined_bits(const struct cmd *cmd)
{
	const char *const name = command_name((unsigned)cmd_get(cmd, CMD_OPCODE));
	uint64_t undefined[2] = { 0, 0 };

	bits_without_name(layout_named(name), "RES0", undefined);
	return cmd->word[0] & undefined[0] || cmd->word[1] & undefined[1];
}

/* 4.1.5, 4.5.1 */
static bool is_minded(const struct features *features, const struct cmd *cmd)
{
	enum { SIZE_MOST = 52 };

	if (features->atc_size_minded && cmd_get(cmd, CMD_OPCODE) == CMD_ATC_INV &&
	    cmd_get(cmd, CMD_ATC_SIZE) > SIZE_MOST)
		return true;
	return features->command_bits_minded && has_undefined_bits(cmd);
}

/* What names nothing; SSV where there are no substreams.  4.1.7, 4.5.1, 4.5.2 */
static bool is_void(const struct features *features, const struct cmd *cmd)
{
	const uint64_t opcode = cmd_get(cmd, CMD_OPCODE);

	if (features->out_of_range == OUT_OF_RANGE_IS_VOID && command_out_of_range(features, cmd))
		return true;
	return !features->ssidsize && cmd_get(cmd, CMD_SSV) &&
	       ((features->atc_ssv_void && opcode == CMD_ATC_INV) ||
		(features->pri_ssv_void && opcode == CMD_PRI_RESP));
}

enum command_effect command_effect(const struct command_rules *rules, const struct cmd *cmd)
{
	const struct command_row *row = row_of(cmd);

	if (row->effect == EFFECT_ILLEGAL || !row->queues(rules->of[rules->queue]))
		return EFFECT_ILLEGAL;
	if (says_secure(row, cmd) && rules->queue != BANK_S)
		return EFFECT_ILLEGAL;
	if (!row->legal(target_of(rules, cmd), cmd))
		return EFFECT_ILLEGAL;
	if (unlikely(is_minded(rules->of[rules->queue], cmd)))
		return EFFECT_ILLEGAL;
	if (scope_misses(target_of(rules, cmd), cmd) ||
	    unlikely(is_void(target_of(rules, cmd), cmd)))
		return EFFECT_NONE;
	return row->effect;
}

/* ---- What it invalidates ---- */

static uint8_t worlds_of(enum whose whose, bool e2h)
{
	static const uint8_t worlds[][2] = {
		[OF_EL1] = { SMMU3_WORLD_EL1, SMMU3_WORLD_EL1 },
		[OF_EL2] = { SMMU3_WORLD_EL2 | SMMU3_WORLD_EL2_E2H,
			     SMMU3_WORLD_EL2 | SMMU3_WORLD_EL2_E2H },
		[OF_EL2_E2H] = { SMMU3_WORLD_EL2_E2H, SMMU3_WORLD_EL2_E2H },
		[OF_EL2_AS_IT_IS] = { SMMU3_WORLD_EL2, SMMU3_WORLD_EL2_E2H },
		[OF_EL3] = { SMMU3_WORLD_EL3, SMMU3_WORLD_EL3 },
	};

	return worlds[whose][e2h];
}

void scope_widen_vmid(const struct features *features, unsigned vmw,
		      struct smmu3_invalidation *scope)
{
	enum { VMW_MOST = 4 }; /* more is reserved, and acts as 0 */
	const unsigned lg2 = features->vmw && vmw <= VMW_MOST ? vmw : 0;

	scope->vmids = (uint16_t)(1u << lg2);
	scope->vmid = (uint16_t)align_down(scope->vmid, lg2);
}

struct smmu3_invalidation command_scope(const struct command_rules *rules,
					struct command_controls controls, const struct cmd *cmd)
{
	const struct command_row *row = row_of(cmd);
	const struct features *features = target_of(rules, cmd);
	struct smmu3_invalidation scope = {
		.kind = (uint8_t)row->kind,
		.sec_sid = features->sec_sid,
		.any_asid = 1,
		.any_vmid = 1,
		.any_ssid = 1,
		.worlds = worlds_of(row->whose, controls.e2h),
		.ipa_pas = features->sec_sid,
	};

	row->scope(features, cmd, &scope);
	if (!scope.any_vmid)
		scope_widen_vmid(features, controls.vmw, &scope);
	return scope;
}

/* Sizes beyond 52 are taken for 52, which is everything; without substreams SSV counts as 0.  4.5.1
 */
struct smmu3_atc_invalidation command_atc(const struct command_rules *rules, const struct cmd *cmd)
{
	enum { SIZE_ALL = 52, PAGE_LG2 = 12 };
	const struct features *features = target_of(rules, cmd);
	const uint64_t size = cmd_get(cmd, CMD_ATC_SIZE);
	const bool all = size >= SIZE_ALL;
	const unsigned lg2 = PAGE_LG2 + (unsigned)size;
	const bool ssv = features->ssidsize && cmd_get(cmd, CMD_SSV);

	return (struct smmu3_atc_invalidation){
		.addr = all ? 0 : align_down(cmd_address(cmd, CMD_ADDRESS), lg2),
		.bytes = all ? 0 : UINT64_C(1) << lg2,
		.sid = (uint32_t)cmd_get(cmd, CMD_STREAMID),
		.ssid = ssv ? (uint32_t)cmd_get(cmd, CMD_SUBSTREAMID) : 0,
		.sec_sid = features->sec_sid,
		.ssv = ssv,
		.global = ssv && cmd_get(cmd, CMD_ATC_GLOBAL),
	};
}

/* MSI_NS is a bit of the Realm queue alone.  4.7.3 */
enum smmu3_pas command_message_pas(enum bank queue, const struct cmd *cmd)
{
	return queue == BANK_R && cmd_get(cmd, CMD_SYNC_MSI_NS) ? SMMU3_PAS_NS :
								  (enum smmu3_pas)queue;
}
