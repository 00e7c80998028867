/* SPDX-License-Identifier: MIT */
#include "platform/words_own.h"

const struct word own_words[] = {
	{ "event", SMMU3_OWN_EVENT },
	{ "prod", SMMU3_OWN_PROD },
	{ "gerror", SMMU3_OWN_GERROR },
	{ "msi", SMMU3_OWN_MSI },
	{ "interrupt", SMMU3_OWN_INTERRUPT },
	{ "sev", SMMU3_OWN_SEV },
	{ "invalidation", SMMU3_OWN_INVALIDATION },
	{ "atc_inv", SMMU3_OWN_ATC_INV },
	{ "page", SMMU3_OWN_PAGE },
	{ "response", SMMU3_OWN_RESPONSE },
	{ NULL, 0 },
};

const struct word interrupt_words[] = {
	{ "eventq", SMMU3_INTERRUPT_EVENTQ },     { "priq", SMMU3_INTERRUPT_PRIQ },
	{ "cmd_sync", SMMU3_INTERRUPT_CMD_SYNC }, { "gerror", SMMU3_INTERRUPT_GERROR },
	{ "pmcg", SMMU3_INTERRUPT_PMCG },         { NULL, 0 },
};

const struct word invalidation_words[] = {
	{ "stage1", SMMU3_INVALIDATES_STAGE1 },
	{ "stage2", SMMU3_INVALIDATES_STAGE2 },
	{ "stages", SMMU3_INVALIDATES_STAGES },
	{ "stream", SMMU3_INVALIDATES_STREAM },
	{ "context", SMMU3_INVALIDATES_CONTEXT },
	{ "dpt", SMMU3_INVALIDATES_DPT },
	{ "all", SMMU3_INVALIDATES_ALL },
	{ "gpt", SMMU3_INVALIDATES_GPT },
	{ NULL, 0 },
};

const struct word class_words[] = {
	{ "CD", SMMU3_CLASS_CD },
	{ "TT", SMMU3_CLASS_TT },
	{ "IN", SMMU3_CLASS_IN },
	{ NULL, 0 },
};

const struct field_word field_words[] = {
	{ "sid", "StreamID" },   { "ssid", "SubstreamID" },
	{ "addr", "InputAddr" }, { "fetch", "FetchAddr" },
	{ NULL, NULL },
};

/* ---- Scopes ---- */

const struct scope_word scope_words[] = {
	{ "asid", SMMU3_SAID_ASID, UINT16_MAX, false },
	{ "vmid", SMMU3_SAID_VMID, UINT16_MAX, false },
	{ "vmids", SMMU3_SAID_VMIDS, 16, true },
	{ "sid", SMMU3_SAID_SID, UINT32_MAX, false },
	{ "sids", SMMU3_SAID_SIDS, UINT64_C(1) << 32, true },
	{ "ssid", SMMU3_SAID_SSID, 0xfffff, false },
	{ "addr", SMMU3_SAID_ADDR, UINT64_MAX, false },
	{ "bytes", SMMU3_SAID_BYTES, UINT64_MAX, true },
	{ "leaf", SMMU3_SAID_LEAF, 1, true },
	{ "el2", SMMU3_SAID_EL2, 1, true },
	{ "el2_e2h", SMMU3_SAID_EL2_E2H, 1, true },
	{ "el3", SMMU3_SAID_EL3, 1, true },
	{ NULL, 0, 0, false },
};

static unsigned world_of(enum smmu3_own_said said)
{
	return said == SMMU3_SAID_EL2 ? SMMU3_WORLD_EL2 :
	       said == SMMU3_SAID_EL3 ? SMMU3_WORLD_EL3 :
					SMMU3_WORLD_EL2_E2H;
}

uint64_t scope_get(const struct smmu3_invalidation *scope, const struct scope_word *word)
{
	switch (word->said) {
	case SMMU3_SAID_ASID:
		return scope->asid;
	case SMMU3_SAID_VMID:
		return scope->vmid;
	case SMMU3_SAID_VMIDS:
		return scope->vmids;
	case SMMU3_SAID_SID:
		return scope->sid;
	case SMMU3_SAID_SIDS:
		return scope->sids;
	case SMMU3_SAID_SSID:
		return scope->ssid;
	case SMMU3_SAID_ADDR:
		return scope->addr;
	case SMMU3_SAID_BYTES:
		return scope->bytes;
	case SMMU3_SAID_EL2:
	case SMMU3_SAID_EL2_E2H:
	case SMMU3_SAID_EL3:
		return (scope->worlds & world_of(word->said)) != 0;
	default:
		return scope->leaf;
	}
}

void scope_set(struct smmu3_invalidation *scope, const struct scope_word *word, uint64_t value)
{
	switch (word->said) {
	case SMMU3_SAID_ASID:
		scope->asid = (uint16_t)value;
		return;
	case SMMU3_SAID_VMID:
		scope->vmid = (uint16_t)value;
		return;
	case SMMU3_SAID_VMIDS:
		scope->vmids = (uint16_t)value;
		return;
	case SMMU3_SAID_SID:
		scope->sid = (uint32_t)value;
		return;
	case SMMU3_SAID_SIDS:
		scope->sids = value;
		return;
	case SMMU3_SAID_SSID:
		scope->ssid = (uint32_t)value;
		return;
	case SMMU3_SAID_ADDR:
		scope->addr = value;
		return;
	case SMMU3_SAID_BYTES:
		scope->bytes = value;
		return;
	case SMMU3_SAID_EL2:
	case SMMU3_SAID_EL2_E2H:
	case SMMU3_SAID_EL3:
		scope->worlds &= (uint8_t)~world_of(word->said);
		scope->worlds |= (uint8_t)(value ? world_of(word->said) : 0);
		return;
	default:
		scope->leaf = value != 0;
	}
}

static bool of_streams(const struct smmu3_invalidation *scope)
{
	return scope->kind == SMMU3_INVALIDATES_STREAM || scope->kind == SMMU3_INVALIDATES_CONTEXT;
}

bool scope_is(const struct smmu3_invalidation *scope, const struct scope_word *word)
{
	switch (word->said) {
	case SMMU3_SAID_ASID:
		return !scope->any_asid;
	case SMMU3_SAID_VMID:
		return !scope->any_vmid;
	case SMMU3_SAID_VMIDS:
		return !scope->any_vmid && scope->vmids > 1;
	case SMMU3_SAID_SID:
		return of_streams(scope);
	case SMMU3_SAID_SIDS:
		return of_streams(scope) && scope->sids > 1;
	case SMMU3_SAID_SSID:
		return !scope->any_ssid;
	case SMMU3_SAID_ADDR:
	case SMMU3_SAID_BYTES:
		return scope->bytes != 0;
	case SMMU3_SAID_EL2: /* everything is of every world */
	case SMMU3_SAID_EL2_E2H:
	case SMMU3_SAID_EL3:
		return scope->kind != SMMU3_INVALIDATES_ALL && scope_get(scope, word) != 0;
	default: /* those that are there or not */
		return scope_get(scope, word) != 0;
	}
}
