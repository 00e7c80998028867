/* SPDX-License-Identifier: MIT */
#include "prog/choices.h"

#include "prog/ident.h"

#include "arch/idregs.h"
#include "base/bits.h"

#include <stddef.h>
#include <string.h>

/* ---- Which SMMUs may ---- */

/* 6.2: later versions ignore the write */
static bool before_3_2(const struct smmu3_config *config)
{
	return ID_FIELD(config, AIDR, ARCHMINORREV) < 2;
}

static bool with_secure(const struct smmu3_config *config)
{
	return ID_FIELD(config, S_IDR1, SECURE_IMPL);
}

static bool with_btm(const struct smmu3_config *config)
{
	return ID_FIELD(config, IDR0, BTM);
}

static bool with_dormhint(const struct smmu3_config *config)
{
	return ID_FIELD(config, IDR0, DORMHINT);
}

static bool with_messages(const struct smmu3_config *config)
{
	return ID_FIELD(config, IDR0, MSI);
}

/* 3.4.3, 5.2, 5.4 */
static bool is_3_0(const struct smmu3_config *config)
{
	return ID_FIELD(config, AIDR, ARCHMINORREV) == 0;
}

static bool is_nested(const struct smmu3_config *config)
{
	return ID_FIELD(config, IDR0, S1P) && ID_FIELD(config, IDR0, S2P);
}

static bool with_conflicts(const struct smmu3_config *config)
{
	return ID_FIELD(config, IDR3, BBML) < 2;
}

static bool without_overrides(const struct smmu3_config *config)
{
	return !ID_FIELD(config, IDR1, ATTR_TYPES_OVR) || !ID_FIELD(config, IDR1, ATTR_PERMS_OVR);
}

static bool without_substreams(const struct smmu3_config *config)
{
	return !ID_FIELD(config, IDR1, SSIDSIZE);
}

/* ---- The choices, in the order of docs/choices.md ---- */

#define ALTERNATIVES(...)                    \
	{                                    \
		"libsmmu", __VA_ARGS__, NULL \
	}
#define ROW(name, section, ...)                                          \
	{                                                                \
		{ name, section, ALTERNATIVES(__VA_ARGS__) }, NULL, NULL \
	}
#define ROW_WHERE(possible, why, name, section, ...)                        \
	{                                                                   \
		{ name, section, ALTERNATIVES(__VA_ARGS__) }, possible, why \
	}

const struct choice_row choice_rows[CHOICES] = {
	[CHOICE_PAGE_0_QUEUE_INDEXES] = ROW("page-0-queue-indexes", "6.2", "raz-wi"),
	[CHOICE_REGISTER_ACCESS_SIZE] = ROW("register-access-size", "6.2", "raz-wi"),
	[CHOICE_REGISTER_ACCESS_PAIR] = ROW("register-access-pair", "6.2", "one", "raz-wi",
					    "abort"),
	[CHOICE_REGISTER_RESERVED_BITS] = ROW("register-reserved-bits", "6.2", "stored"),
	[CHOICE_CR0_ABSENT_FEATURES] = ROW("cr0-absent-features", "6.3.9", "res0"),
	[CHOICE_S_INIT_WHILE_ENABLED] = ROW_WHERE(with_secure, "there is no Secure state",
						  "s-init-while-enabled", "6.3.62", "ignored"),
	[CHOICE_RESET_VALUES] = ROW("reset-values", "6.3", "unknown"),
	[CHOICE_PTM_RESET] = ROW_WHERE(with_btm, "IDR0.BTM is 0", "ptm-reset", "6.3.12", "set"),
	[CHOICE_GBPA_RESET] = ROW("gbpa-reset", "6.3.14", "abort"),
	[CHOICE_CR0_UPDATE] = ROW("cr0-update", "6.3.9", "late", "acknowledged-late"),
	[CHOICE_IRQ_CTRL_UPDATE] = ROW("irq-ctrl-update", "6.3.16", "late"),
	[CHOICE_GUARDED_WRITES] = ROW_WHERE(before_3_2, "from SMMUv3.2 on they are ignored",
					    "guarded-writes", "6.2", "taken"),
	[CHOICE_GBPA_UPDATE] = ROW("gbpa-update", "6.3.14.1", "late"),
	[CHOICE_GBPA_WITHOUT_UPDATE] = ROW_WHERE(before_3_2, "from SMMUv3.2 on it is ignored",
						 "gbpa-without-update", "6.3.14.1", "taken"),
	[CHOICE_GBPA_WITHOUT_OVERRIDES] = ROW_WHERE(without_overrides, "there are all overrides",
						    "gbpa-without-overrides", "6.3.14", "zero"),
	[CHOICE_DORMANT_HINT] = ROW_WHERE(with_dormhint, "IDR0.DORMHINT is 0", "dormant-hint",
					  "6.3.13", "given"),
	[CHOICE_CMD_SYNC_WIRE] = ROW_WHERE(with_messages, "IDR0.MSI is 0", "cmd-sync-wire",
					   "3.18.2", "none"),
	[CHOICE_KEPT_AFTER_RESET] = ROW("kept-after-reset", "3.11", "kept"),
	[CHOICE_KEPT_WHILE_DISABLED] = ROW("kept-while-disabled", "3.21.1", "gone"),
	[CHOICE_TLB_CONFLICT] = ROW_WHERE(with_conflicts, "IDR3.BBML says that there is none",
					  "tlb-conflict", "3.20.1", "recorded"),
	[CHOICE_STE_CONT_MISMATCH] = ROW("ste-cont-mismatch", "5.2", "neighbour", "recorded"),
	[CHOICE_STE_ADDRESS_BEYOND_OAS] = ROW("ste-address-beyond-oas", "3.4.3", "cut"),
	[CHOICE_S1CONTEXTPTR_BEYOND_OAS] = ROW_WHERE(is_3_0, "SMMUv3.1 has no choice",
						     "s1contextptr-beyond-oas", "3.4.3", "cut"),
	[CHOICE_S1CONTEXTPTR_BEYOND_IAS] = ROW_WHERE(is_nested, "there is one stage alone",
						     "s1contextptr-beyond-ias", "3.4.3", "illegal"),
	[CHOICE_S2T0SZ_RANGE] = ROW_WHERE(is_3_0, "SMMUv3.1 has no choice", "s2t0sz-range", "5.2",
					  "nearest"),
	[CHOICE_L2PTR_BEYOND_OAS] = ROW_WHERE(is_3_0, "SMMUv3.1 has no choice", "l2ptr-beyond-oas",
					      "3.4.3", "cut"),
	[CHOICE_L2PTR_BEYOND_IAS] = ROW_WHERE(is_nested, "there is one stage alone",
					      "l2ptr-beyond-ias", "3.4.3", "illegal"),
	[CHOICE_CD_TSZ_RANGE] = ROW_WHERE(is_3_0, "SMMUv3.1 has no choice", "cd-tsz-range", "5.4",
					  "nearest"),
	[CHOICE_EATS_S2S_WITHOUT_STAGE_2] = ROW_WHERE(is_3_0, "SMMUv3.1 has no choice",
						      "eats-s2s-without-stage-2", "5.2", "illegal"),
	[CHOICE_STE_RESERVED_BITS] = ROW("ste-reserved-bits", "5.2", "illegal"),
	[CHOICE_STE_IMPDEF_FIELDS] = ROW("ste-impdef-fields", "5.2", "illegal"),
	[CHOICE_CD_RESERVED_BITS] = ROW("cd-reserved-bits", "5.4", "illegal"),
	[CHOICE_EVENT_MERGING] = ROW("event-merging", "7.3.1", "merged"),
	[CHOICE_BAD_STREAMID_RECORD] = ROW("bad-streamid-record", "7.3.3", "never"),
	[CHOICE_RECORD_SUBSTREAMID] = ROW("record-substreamid", "7.3", "unknown"),
	[CHOICE_RECORD_STAGE_1_IPA] = ROW("record-stage-1-ipa", "7.3.13", "unknown"),
	[CHOICE_CMDQ_FETCH] = ROW("cmdq-fetch", "3.21.2", "ahead"),
	[CHOICE_CMDQ_ERR_WITHOUT_ERROR] = ROW("cmdq-err-without-error", "6.3.28", "stays"),
	[CHOICE_COMMAND_RESERVED_BITS] = ROW("command-reserved-bits", "4.1.5", "illegal"),
	[CHOICE_EVENTQ_ABORT] = ROW("eventq-abort", "7.2.2", "passed"),
	[CHOICE_INTERRUPT_COALESCING] = ROW("interrupt-coalescing", "3.18", "coalesced"),
	[CHOICE_MESSAGE_ABORT] = ROW("message-abort", "7.5", "unnoticed"),
	[CHOICE_ATC_SIZE] = ROW("atc-size", "4.5.1", "illegal"),
	[CHOICE_ATC_SSV_WITHOUT_SUBSTREAMS] = ROW_WHERE(without_substreams, "there are substreams",
							"atc-ssv-without-substreams", "4.5.1",
							"void"),
	[CHOICE_ATC_TIMEOUT] = ROW("atc-timeout", "3.9.1.4", "late", "never"),
	[CHOICE_PRI_RESP_SSV_WITHOUT_SUBSTREAMS] = ROW_WHERE(without_substreams,
							     "there are substreams",
							     "pri-resp-ssv-without-substreams",
							     "4.5.2", "void"),
};

unsigned choice_alternatives(enum choice choice)
{
	unsigned count = 0;

	while (choice_rows[choice].choice.alternative[count + 1])
		count++;
	return count;
}

enum choice choice_named(const char *name)
{
	enum choice choice = 0;

	while (choice < CHOICES && strcmp(choice_rows[choice].choice.name, name) != 0)
		choice++;
	return choice;
}

int alternative_named(enum choice choice, const char *name)
{
	const char *const *const alternative = choice_rows[choice].choice.alternative;

	for (int i = 0; alternative[i]; i++)
		if (!strcmp(alternative[i], name))
			return i;
	return -1;
}

bool choice_possible(enum choice choice, const struct smmu3_config *config)
{
	const struct choice_row *row = &choice_rows[choice];

	return !row->possible || row->possible(config);
}

/* splitmix64 */
uint64_t scrambled(uint64_t number)
{
	number += UINT64_C(0x9e3779b97f4a7c15);
	number = (number ^ number >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	number = (number ^ number >> 27) * UINT64_C(0x94d049bb133111eb);
	return number ^ number >> 31;
}

unsigned choice_by_seed(enum choice choice, uint64_t seed)
{
	uint64_t hash = seed;

	for (const char *at = choice_rows[choice].choice.name; *at; at++)
		hash = scrambled(hash ^ (unsigned char)*at);
	return (unsigned)(hash % (choice_alternatives(choice) + 1));
}
