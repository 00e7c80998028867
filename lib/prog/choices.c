/* SPDX-License-Identifier: MIT */
#include "prog/choices.h"

#include "prog/ident.h"

#include "arch/features.h"
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

static bool with_stage_1(const struct smmu3_config *config)
{
	return ID_FIELD(config, IDR0, S1P);
}

static bool with_stage_2(const struct smmu3_config *config)
{
	return ID_FIELD(config, IDR0, S2P);
}

static bool with_fwb(const struct smmu3_config *config)
{
	return ID_FIELD(config, IDR3, FWB);
}

static bool with_type_overrides(const struct smmu3_config *config)
{
	return ID_FIELD(config, IDR1, ATTR_TYPES_OVR);
}

static bool with_two_levels(const struct smmu3_config *config)
{
	return ID_FIELD(config, IDR0, ST_LEVEL);
}

static bool with_substreams(const struct smmu3_config *config)
{
	return ID_FIELD(config, IDR1, SSIDSIZE);
}

/* 6.3.1: STALL_MODEL is that of the Non-secure state, and others may have it */
static bool with_stalls(const struct smmu3_config *config)
{
	return ID_FIELD(config, IDR0, STALL_MODEL) != STALLS_ABSENT ||
	       (with_secure(config) && ID_FIELD(config, S_IDR0, STALL_MODEL) != STALLS_ABSENT);
}

static bool with_root(const struct smmu3_config *config)
{
	return ID_FIELD(config, ROOT_IDR0, ROOT_IMPL);
}

static bool without_rme_impl(const struct smmu3_config *config)
{
	return !ID_FIELD(config, IDR0, RME_IMPL) && with_root(config);
}

static bool with_updates(const struct smmu3_config *config)
{
	return ID_FIELD(config, IDR0, HTTU) >= HTTU_ACCESSED;
}

static bool with_dirty_state(const struct smmu3_config *config)
{
	return ID_FIELD(config, IDR0, HTTU) >= HTTU_DIRTY && with_stage_2(config);
}

static bool with_atos(const struct smmu3_config *config)
{
	return ID_FIELD(config, IDR0, ATOS);
}

/* 6.3.37 */
static bool with_old_atos(const struct smmu3_config *config)
{
	return with_atos(config) && before_3_2(config);
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
#define ROW(name, section, ...)                                                \
	{                                                                      \
		{ name, section, ALTERNATIVES(__VA_ARGS__) }, NULL, NULL, NULL \
	}
#define ROW_WHERE(possible, why, name, section, ...)                              \
	{                                                                         \
		{ name, section, ALTERNATIVES(__VA_ARGS__) }, possible, why, NULL \
	}
#define ROW_LAST(possible, why, name, section, ...)                               \
	{                                                                         \
		{ name, section, ALTERNATIVES(__VA_ARGS__) }, NULL, why, possible \
	}

const struct choice_row choice_rows[CHOICES] = {
	[CHOICE_PAGE_1_GAPS] = ROW("page-1-gaps", "6.2", "page-0"),
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
	[CHOICE_CR0_ALTERED] = ROW_LAST(before_3_2, "from SMMUv3.2 on the first value stays",
					"cr0-altered", "6.3.9", "cancelled", "taken"),
	[CHOICE_IRQ_CTRL_UPDATE] = ROW("irq-ctrl-update", "6.3.16", "late"),
	[CHOICE_GUARDED_WRITES] = ROW_WHERE(before_3_2, "from SMMUv3.2 on they are ignored",
					    "guarded-writes", "6.2", "taken"),
	[CHOICE_GBPA_UPDATE] = ROW("gbpa-update", "6.3.14.1", "late"),
	[CHOICE_GBPA_ALTERED] = ROW_WHERE(before_3_2, "from SMMUv3.2 on it is ignored",
					  "gbpa-altered", "6.3.14.1", "taken"),
	[CHOICE_GBPA_WITHOUT_UPDATE] = ROW_WHERE(before_3_2, "from SMMUv3.2 on it is ignored",
						 "gbpa-without-update", "6.3.14.1", "taken"),
	[CHOICE_GBPA_WITHOUT_OVERRIDES] = ROW_WHERE(without_overrides, "there are all overrides",
						    "gbpa-without-overrides", "6.3.14", "zero"),
	[CHOICE_DORMANT_HINT] = ROW_WHERE(with_dormhint, "IDR0.DORMHINT is 0", "dormant-hint",
					  "6.3.13", "given"),
	[CHOICE_GERRORN_INACTIVE] = ROW("gerrorn-inactive", "6.3.20", "raised", "unnoticed"),
	[CHOICE_CMD_SYNC_WIRE] = ROW_WHERE(with_messages, "IDR0.MSI is 0", "cmd-sync-wire",
					   "3.18.2", "none"),
	[CHOICE_KEPT_AFTER_RESET] = ROW("kept-after-reset", "3.11", "kept"),
	[CHOICE_KEPT_WHILE_DISABLED] = ROW("kept-while-disabled", "3.21.1", "gone"),
	[CHOICE_TLB_CONFLICT] = ROW_WHERE(with_conflicts, "IDR3.BBML says that there is none",
					  "tlb-conflict", "3.20.1", "recorded"),
	[CHOICE_STE_CONT_MISMATCH] = ROW("ste-cont-mismatch", "5.2", "neighbour", "recorded"),
	[CHOICE_STE_CONT_BEYOND_ARRAY] = ROW_WHERE(with_two_levels, "tables have one level",
						   "ste-cont-beyond-array", "5.2", "used"),
	[CHOICE_S1CONTEXTPTR_LOW_BITS] = ROW_WHERE(with_substreams, "there are no substreams",
						   "s1contextptr-low-bits", "5.2", "joined"),
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
	[CHOICE_UPDATE_OF_WHAT_IS_REFUSED] = ROW_WHERE(with_updates, "hardware updates nothing",
						       "update-of-what-is-refused", "D8.5.1",
						       "accessed"),
	[CHOICE_UPDATE_BY_UNREADABLE_ATOMICS] = ROW_WHERE(with_dirty_state,
							  "hardware updates no dirty state",
							  "update-by-unreadable-atomics", "D8.5.2",
							  "dirty"),
	[CHOICE_S1_SH_RESERVED] = ROW_WHERE(with_stage_1, "there is no stage 1", "s1-sh-reserved",
					    "D8.6.2", "outer", "inner"),
	[CHOICE_S2_SH_RESERVED] = ROW_WHERE(with_stage_2, "there is no stage 2", "s2-sh-reserved",
					    "D8.6.7", "outer", "inner"),
	[CHOICE_S2_MEMATTR_RESERVED] = ROW_WHERE(with_stage_2, "there is no stage 2",
						 "s2-memattr-reserved", "D8.6.5", "non-cacheable",
						 "write-back"),
	[CHOICE_S2_MEMATTR_RESERVED_FWB] = ROW_WHERE(with_fwb, "IDR3.FWB is 0",
						     "s2-memattr-reserved-fwb", "D8.6.6",
						     "write-back", "stage-1"),
	[CHOICE_ALLOCCFG_WITHOUT_MTCFG] = ROW_WHERE(with_type_overrides,
						    "there are no overrides of types",
						    "alloccfg-without-mtcfg", "5.2", "void"),
	[CHOICE_EVENT_MERGING] = ROW("event-merging", "7.3.1", "merged"),
	[CHOICE_BAD_STREAMID_RECORD] = ROW("bad-streamid-record", "7.3.3", "never"),
	[CHOICE_RECORD_SUBSTREAMID] = ROW("record-substreamid", "7.3", "unknown"),
	[CHOICE_RECORD_STAGE_1_IPA] = ROW("record-stage-1-ipa", "7.3.13", "unknown"),
	[CHOICE_CMDQ_CONTRADICTING_INDEXES] = ROW("cmdq-contradicting-indexes", "3.5.1", "stopped",
						  "executed"),
	[CHOICE_EVENTQ_CONTRADICTING_INDEXES] = ROW("eventq-contradicting-indexes", "3.5.1",
						    "written", "nothing"),
	[CHOICE_CMDQ_FETCH] = ROW("cmdq-fetch", "3.21.2", "ahead"),
	[CHOICE_CMDQ_ERR_WITHOUT_ERROR] = ROW("cmdq-err-without-error", "6.3.28", "stays"),
	[CHOICE_COMMAND_RESERVED_BITS] = ROW("command-reserved-bits", "4.1.5", "illegal"),
	[CHOICE_COMMAND_OUT_OF_RANGE] = ROW("command-out-of-range", "4.1.7", "void", "cut"),
	[CHOICE_EVENTQ_ABORT] = ROW("eventq-abort", "7.2.2", "passed"),
	[CHOICE_RESUME_UNRECORDED] = ROW_WHERE(with_stalls, "nothing stalls", "resume-unrecorded",
					       "4.7.1", "resumed"),
	[CHOICE_RESUME_TWICE] = ROW_WHERE(with_stalls, "nothing stalls", "resume-twice", "4.7.1",
					  "second"),
	[CHOICE_INTERRUPT_COALESCING] = ROW("interrupt-coalescing", "3.18", "coalesced"),
	[CHOICE_MESSAGE_ABORT] = ROW("message-abort", "7.5", "unnoticed"),
	[CHOICE_ATC_SIZE] = ROW("atc-size", "4.5.1", "illegal"),
	[CHOICE_ATC_SSV_WITHOUT_SUBSTREAMS] = ROW_WHERE(without_substreams, "there are substreams",
							"atc-ssv-without-substreams", "4.5.1",
							"void"),
	[CHOICE_ATC_TIMEOUT] = ROW("atc-timeout", "3.9.1.4", "late", "never"),
	[CHOICE_HINTS_STOPPED_BY_PROTECTION] = ROW_WHERE(without_rme_impl,
							 "IDR0.RME_IMPL leaves none",
							 "hints-stopped-by-protection", "3.25.1.2",
							 "told"),
	[CHOICE_GPT_KEPT_OVERLAP] = ROW_WHERE(with_root, "there is no granule protection",
					      "gpt-kept-overlap", "D9.6.4", "first"),
	[CHOICE_GPC_ATS_REQUEST] = ROW_WHERE(without_rme_impl, "IDR0.RME_IMPL leaves none",
					     "gpc-ats-request", "3.25.2", "unchecked"),
	[CHOICE_PRI_RESP_SSV_WITHOUT_SUBSTREAMS] = ROW_WHERE(without_substreams,
							     "there are substreams",
							     "pri-resp-ssv-without-substreams",
							     "4.5.2", "void"),
	[CHOICE_ATOS_RUN_DISABLED] = ROW_WHERE(with_old_atos, "from SMMUv3.2 on it is ignored",
					       "atos-run-disabled", "6.3.37", "stored"),
	[CHOICE_ATOS_WRITTEN_WHILE_RUNNING] = ROW_WHERE(with_old_atos,
							"from SMMUv3.2 on it is ignored",
							"atos-written-while-running", "6.3.37",
							"taken"),
	[CHOICE_ATOS_DISABLED] = ROW_WHERE(with_atos, "IDR0.ATOS is 0", "atos-disabled", "6.3.37",
					   "aborted"),
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

bool choice_possible(enum choice choice, unsigned alternative, const struct smmu3_config *config)
{
	const struct choice_row *row = &choice_rows[choice];
	const bool last = alternative == choice_alternatives(choice);

	return (!row->possible || row->possible(config)) &&
	       (!last || !row->last_possible || row->last_possible(config));
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
