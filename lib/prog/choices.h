/* SPDX-License-Identifier: MIT */
/* What the architecture leaves open and an implementation decides otherwise when it is asked to:
 * docs/choices.md has each by its name.  Alternative 0 is always what libsmmu does unasked. */
#ifndef SMMU_PROG_CHOICES_H
#define SMMU_PROG_CHOICES_H

#include <smmu/adversity.h>
#include <stdbool.h>

enum choice {
	CHOICE_PAGE_1_GAPS,
	CHOICE_PAGE_0_QUEUE_INDEXES,
	CHOICE_REGISTER_ACCESS_SIZE,
	CHOICE_REGISTER_ACCESS_PAIR,
	CHOICE_REGISTER_RESERVED_BITS,
	CHOICE_CR0_ABSENT_FEATURES,
	CHOICE_S_INIT_WHILE_ENABLED,
	CHOICE_RESET_VALUES,
	CHOICE_PTM_RESET,
	CHOICE_GBPA_RESET,
	CHOICE_CR0_UPDATE,
	CHOICE_CR0_ALTERED,
	CHOICE_IRQ_CTRL_UPDATE,
	CHOICE_GUARDED_WRITES,
	CHOICE_GBPA_UPDATE,
	CHOICE_GBPA_ALTERED,
	CHOICE_GBPA_WITHOUT_UPDATE,
	CHOICE_GBPA_WITHOUT_OVERRIDES,
	CHOICE_DORMANT_HINT,
	CHOICE_GERRORN_INACTIVE,
	CHOICE_CMD_SYNC_WIRE,
	CHOICE_KEPT_AFTER_RESET,
	CHOICE_KEPT_WHILE_DISABLED,
	CHOICE_TLB_CONFLICT,
	CHOICE_STE_CONT_MISMATCH, /* alternatives as enum ste_cont */
	CHOICE_STE_CONT_BEYOND_ARRAY,
	CHOICE_S1CONTEXTPTR_LOW_BITS,
	CHOICE_STE_ADDRESS_BEYOND_OAS,
	CHOICE_S1CONTEXTPTR_BEYOND_OAS,
	CHOICE_S1CONTEXTPTR_BEYOND_IAS,
	CHOICE_S2T0SZ_RANGE,
	CHOICE_L2PTR_BEYOND_OAS,
	CHOICE_L2PTR_BEYOND_IAS,
	CHOICE_CD_TSZ_RANGE,
	CHOICE_EATS_S2S_WITHOUT_STAGE_2,
	CHOICE_STE_RESERVED_BITS,
	CHOICE_STE_IMPDEF_FIELDS,
	CHOICE_CD_RESERVED_BITS,
	CHOICE_UPDATE_OF_WHAT_IS_REFUSED,
	CHOICE_UPDATE_BY_UNREADABLE_ATOMICS,
	CHOICE_S1_SH_RESERVED,
	CHOICE_S2_SH_RESERVED,
	CHOICE_S2_MEMATTR_RESERVED,
	CHOICE_S2_MEMATTR_RESERVED_FWB,
	CHOICE_ALLOCCFG_WITHOUT_MTCFG,
	CHOICE_EVENT_MERGING,
	CHOICE_BAD_STREAMID_RECORD,
	CHOICE_RECORD_SUBSTREAMID,
	CHOICE_RECORD_STAGE_1_IPA,
	CHOICE_CMDQ_CONTRADICTING_INDEXES,
	CHOICE_EVENTQ_CONTRADICTING_INDEXES,
	CHOICE_CMDQ_FETCH,
	CHOICE_CMDQ_ERR_WITHOUT_ERROR,
	CHOICE_COMMAND_RESERVED_BITS,
	CHOICE_COMMAND_OUT_OF_RANGE, /* alternatives as enum out_of_range */
	CHOICE_EVENTQ_ABORT,
	CHOICE_RESUME_UNRECORDED,
	CHOICE_RESUME_TWICE,
	CHOICE_INTERRUPT_COALESCING,
	CHOICE_MESSAGE_ABORT,
	CHOICE_ATC_SIZE,
	CHOICE_ATC_SSV_WITHOUT_SUBSTREAMS,
	CHOICE_ATC_TIMEOUT,
	CHOICE_HINTS_STOPPED_BY_PROTECTION,
	CHOICE_GPT_KEPT_OVERLAP,
	CHOICE_GPC_ATS_REQUEST,
	CHOICE_PRI_RESP_SSV_WITHOUT_SUBSTREAMS,
	CHOICE_ATOS_RUN_DISABLED,
	CHOICE_ATOS_WRITTEN_WHILE_RUNNING,
	CHOICE_ATOS_DISABLED,
	CHOICES,
};

/* Alternatives, of each choice in the order of its row; those of choices with one are 1. */
enum { AS_LIBSMMU = 0, OTHERWISE = 1 };
enum { PAIR_ONE = 1, PAIR_RAZ_WI, PAIR_ABORT };
enum { CR0_LATE = 1, CR0_ACKNOWLEDGED_LATE };
enum { ALTERED_CANCELLED = 1, ALTERED_TAKEN };
enum { GERRORN_RAISED = 1, GERRORN_UNNOTICED };
enum { CMDQ_STOPPED = 1, CMDQ_EXECUTED };
enum { EVENTQ_WRITTEN = 1, EVENTQ_NOTHING };
enum { ATC_TIMEOUT_LATE = 1, ATC_TIMEOUT_NEVER };

struct choice_row {
	struct smmu3_choice choice;
	/* May an SMMU of this configuration choose?  NULL: any; else why says why not. */
	bool (*possible)(const struct smmu3_config *config);
	const char *why;
	/* And may it take the last alternative?  NULL: as any. */
	bool (*last_possible)(const struct smmu3_config *config);
};

extern const struct choice_row choice_rows[CHOICES];

/* The number of alternatives besides libsmmu's own. */
unsigned choice_alternatives(enum choice choice);

/* By name; CHOICES: there is none. */
enum choice choice_named(const char *name);

/* By its name, of a choice; -1: there is none. */
int alternative_named(enum choice choice, const char *name);

/* May an SMMU of this configuration take this alternative, which is not libsmmu's? */
bool choice_possible(enum choice choice, unsigned alternative, const struct smmu3_config *config);

/* The alternative that a seed comes to: the same whatever other choices there are. */
unsigned choice_by_seed(enum choice choice, uint64_t seed);

/* A number that looks like none in particular. */
uint64_t scrambled(uint64_t number);

#endif
