/* SPDX-License-Identifier: MIT */
/* Every bit of the event records, 7.3, and of a PRI queue entry, 8. */
#include "arch/names.h"
#include "arch/event.h"
#include "arch/pri.h"

/* The bit tells the two IPA spaces of a Secure stream apart; everywhere else it is 0. */
#define NSIPA_MEANINGS "0=Secure IPA, or not a Secure stream|1=Non-secure IPA"

static const struct smmu3_field uut[] = {
	NAMED("event_number", EVENT_NUMBER),
	RES0(10, 8),
	MEANS("SSV", EVENT_SSV, "0=no SubstreamID|1=SubstreamID valid"),
	NAMED("SubstreamID", EVENT_SUBSTREAMID),
	NAMED("StreamID", EVENT_STREAMID),
	NAMED("Reason", EVENT_REASON),
	RES0(96, 80),
	MEANS("PnU", EVENT_PNU, "0=unprivileged|1=privileged"),
	MEANS("InD", EVENT_IND, "0=data|1=instruction"),
	MEANS("RnW", EVENT_RNW, "0=write|1=read"),
	RES0(127, 100),
	NAMED("InputAddr", EVENT_INPUTADDR),
	RES0(255, 192),
};

static const struct smmu3_field bad_configuration[] = {
	NAMED("event_number", EVENT_NUMBER),
	RES0(10, 8),
	MEANS("SSV", EVENT_SSV, "0=no SubstreamID|1=SubstreamID valid"),
	NAMED("SubstreamID", EVENT_SUBSTREAMID),
	NAMED("StreamID", EVENT_STREAMID),
	RES0(127, 64),
	RES0(191, 128),
	RES0(255, 192),
};

static const struct smmu3_field fetch[] = {
	NAMED("event_number", EVENT_NUMBER),
	RES0(10, 8),
	MEANS("SSV", EVENT_SSV, "0=no SubstreamID|1=SubstreamID valid"),
	NAMED("SubstreamID", EVENT_SUBSTREAMID),
	NAMED("StreamID", EVENT_STREAMID),
	NAMED("Reason", EVENT_REASON),
	MEANS("GPCF", EVENT_GPCF, "0=external abort|1=granule protection fault"),
	RES0(127, 81),
	RES0(191, 128),
	RES0(194, 192),
	ADDRESS("FetchAddr", EVENT_FETCHADDR),
	RES0(255, 248),
};

static const struct smmu3_field bad_ats_treq[] = {
	NAMED("event_number", EVENT_NUMBER),
	RES0(10, 8),
	MEANS("SSV", EVENT_SSV, "0=no SubstreamID|1=SubstreamID valid"),
	NAMED("SubstreamID", EVENT_SUBSTREAMID),
	NAMED("StreamID", EVENT_STREAMID),
	NAMED("Span", EVENT_TREQ_SPAN),
	RES0(91, 68),
	NAMED("Priv", EVENT_TREQ_PRIV),
	NAMED("X", EVENT_TREQ_X),
	NAMED("W", EVENT_TREQ_W),
	NAMED("R", EVENT_TREQ_R),
	RES0(127, 96),
	RES0(139, 128),
	ADDRESS("InputAddr", EVENT_PAGEADDR),
	RES0(255, 192),
};

static const struct smmu3_field stream_disabled[] = {
	NAMED("event_number", EVENT_NUMBER),
	RES0(31, 8),
	NAMED("StreamID", EVENT_STREAMID),
	RES0(127, 64),
	RES0(191, 128),
	RES0(255, 192),
};

static const struct smmu3_field transl_forbidden[] = {
	NAMED("event_number", EVENT_NUMBER),
	RES0(31, 8),
	NAMED("StreamID", EVENT_STREAMID),
	RES0(98, 64),
	MEANS("RnW", EVENT_RNW, "0=write|1=read"),
	RES0(127, 100),
	NAMED("InputAddr", EVENT_INPUTADDR),
	RES0(255, 192),
};

static const struct smmu3_field bad_substreamid[] = {
	NAMED("event_number", EVENT_NUMBER),
	RES0(11, 8),
	NAMED("SubstreamID", EVENT_SUBSTREAMID),
	NAMED("StreamID", EVENT_STREAMID),
	RES0(127, 64),
	RES0(191, 128),
	RES0(255, 192),
};

static const struct smmu3_field walk_eabt[] = {
	NAMED("event_number", EVENT_NUMBER),
	RES0(10, 8),
	MEANS("SSV", EVENT_SSV, "0=no SubstreamID|1=SubstreamID valid"),
	NAMED("SubstreamID", EVENT_SUBSTREAMID),
	NAMED("StreamID", EVENT_STREAMID),
	NAMED("Reason", EVENT_REASON),
	MEANS("GPCF", EVENT_GPCF, "0=external abort|1=granule protection fault"),
	RES0(96, 81),
	MEANS("PnU", EVENT_PNU, "0=unprivileged|1=privileged"),
	MEANS("InD", EVENT_IND, "0=data|1=instruction"),
	MEANS("RnW", EVENT_RNW, "0=write|1=read"),
	RES0(101, 100),
	MEANS("NSIPA", EVENT_NSIPA, NSIPA_MEANINGS),
	MEANS("S2", EVENT_S2, "0=stage 1|1=stage 2"),
	MEANS("CLASS", EVENT_CLASS, "0=CD|1=TT|2=IN|3=reserved"),
	RES0(127, 106),
	NAMED("InputAddr", EVENT_INPUTADDR),
	RES0(194, 192),
	ADDRESS("FetchAddr", EVENT_FETCHADDR),
	RES0(255, 248),
};

static const struct smmu3_field translation[] = {
	NAMED("event_number", EVENT_NUMBER),
	RES0(10, 8),
	MEANS("SSV", EVENT_SSV, "0=no SubstreamID|1=SubstreamID valid"),
	NAMED("SubstreamID", EVENT_SUBSTREAMID),
	NAMED("StreamID", EVENT_STREAMID),
	NAMED("STAG", EVENT_STAG),
	RES0(94, 80),
	MEANS("Stall", EVENT_STALL, "0=terminated|1=stalled"),
	RES0(96, 96),
	MEANS("PnU", EVENT_PNU, "0=unprivileged|1=privileged"),
	MEANS("InD", EVENT_IND, "0=data|1=instruction"),
	MEANS("RnW", EVENT_RNW, "0=write|1=read"),
	RES0(101, 100),
	MEANS("NSIPA", EVENT_NSIPA, NSIPA_MEANINGS),
	MEANS("S2", EVENT_S2, "0=stage 1|1=stage 2"),
	MEANS("CLASS", EVENT_CLASS, "0=CD|1=TT|2=IN|3=reserved"),
	RES0(111, 106),
	IMPDEF(127, 112),
	NAMED("InputAddr", EVENT_INPUTADDR),
	RES0(203, 192),
	ADDRESS("IPA", EVENT_IPA),
	RES0(255, 248),
};

static const struct smmu3_field permission[] = {
	NAMED("event_number", EVENT_NUMBER),
	RES0(10, 8),
	MEANS("SSV", EVENT_SSV, "0=no SubstreamID|1=SubstreamID valid"),
	NAMED("SubstreamID", EVENT_SUBSTREAMID),
	NAMED("StreamID", EVENT_STREAMID),
	NAMED("STAG", EVENT_STAG),
	RES0(94, 80),
	MEANS("Stall", EVENT_STALL, "0=terminated|1=stalled"),
	RES0(96, 96),
	MEANS("PnU", EVENT_PNU, "0=unprivileged|1=privileged"),
	MEANS("InD", EVENT_IND, "0=data|1=instruction"),
	MEANS("RnW", EVENT_RNW, "0=write|1=read"),
	RES0(101, 100),
	MEANS("NSIPA", EVENT_NSIPA, NSIPA_MEANINGS),
	MEANS("S2", EVENT_S2, "0=stage 1|1=stage 2"),
	MEANS("CLASS", EVENT_CLASS, "0=CD|1=TT|2=IN|3=reserved"),
	NAMED("DirtyBit", EVENT_DIRTYBIT),
	NAMED("AssuredOnly", EVENT_ASSUREDONLY),
	MEANS("TTRnW", EVENT_TTRNW, "0=write, or not of class TT|1=read of a descriptor"),
	NAMED("Overlay", EVENT_OVERLAY),
	RES0(111, 110),
	IMPDEF(127, 112),
	NAMED("InputAddr", EVENT_INPUTADDR),
	RES0(203, 192),
	ADDRESS("IPA", EVENT_IPA),
	RES0(255, 248),
};

static const struct smmu3_field tlb_conflict[] = {
	NAMED("event_number", EVENT_NUMBER),
	RES0(10, 8),
	MEANS("SSV", EVENT_SSV, "0=no SubstreamID|1=SubstreamID valid"),
	NAMED("SubstreamID", EVENT_SUBSTREAMID),
	NAMED("StreamID", EVENT_STREAMID),
	NAMED("Reason", EVENT_CONFLICT_REASON),
	RES0(96, 96),
	MEANS("PnU", EVENT_PNU, "0=unprivileged|1=privileged"),
	MEANS("InD", EVENT_IND, "0=data|1=instruction"),
	MEANS("RnW", EVENT_RNW, "0=write|1=read"),
	RES0(101, 100),
	MEANS("NSIPA", EVENT_NSIPA, NSIPA_MEANINGS),
	MEANS("S2", EVENT_S2, "0=stage 1|1=stage 2"),
	MEANS("CLASS", EVENT_CLASS, "0=CD|1=TT|2=IN|3=reserved"),
	RES0(127, 106),
	NAMED("InputAddr", EVENT_INPUTADDR),
	RES0(203, 192),
	ADDRESS("IPA", EVENT_IPA),
	RES0(255, 248),
};

static const struct smmu3_field cfg_conflict[] = {
	NAMED("event_number", EVENT_NUMBER),
	RES0(10, 8),
	MEANS("SSV", EVENT_SSV, "0=no SubstreamID|1=SubstreamID valid"),
	NAMED("SubstreamID", EVENT_SUBSTREAMID),
	NAMED("StreamID", EVENT_STREAMID),
	NAMED("Reason", EVENT_CONFLICT_REASON),
	RES0(127, 96),
	RES0(191, 128),
	RES0(255, 192),
};

static const struct smmu3_field page_request[] = {
	NAMED("event_number", EVENT_NUMBER),
	RES0(10, 8),
	MEANS("SSV", EVENT_SSV, "0=no SubstreamID|1=SubstreamID valid"),
	NAMED("SubstreamID", EVENT_SUBSTREAMID),
	NAMED("StreamID", EVENT_STREAMID),
	RES0(96, 64),
	NAMED("uX", EVENT_PAGE_UX),
	NAMED("uW", EVENT_PAGE_UW),
	NAMED("uR", EVENT_PAGE_UR),
	RES0(100, 100),
	NAMED("pX", EVENT_PAGE_PX),
	NAMED("pW", EVENT_PAGE_PW),
	NAMED("pR", EVENT_PAGE_PR),
	RES0(107, 104),
	NAMED("Span", EVENT_PAGE_SPAN),
	RES0(127, 116),
	RES0(139, 128),
	ADDRESS("InputAddr", EVENT_PAGEADDR),
	RES0(255, 192),
};

static const struct smmu3_field impdef_event[] = {
	NAMED("event_number", EVENT_NUMBER),
	IMPDEF(63, 8),
	IMPDEF(127, 64),
	IMPDEF(191, 128),
	IMPDEF(255, 192),
};

static const struct smmu3_field priq_entry[] = {
	NAMED("StreamID", PRI_STREAMID),
	NAMED("SubstreamID", PRI_SUBSTREAMID),
	RES0(57, 52),
	NAMED("Priv", PRI_PRIV),
	NAMED("X", PRI_X),
	NAMED("R", PRI_R),
	NAMED("W", PRI_W),
	NAMED("Last", PRI_LAST),
	NAMED("SSV", PRI_SSV),
	NAMED("PRGIndex", PRI_PRGINDEX),
	RES0(75, 73),
	ADDRESS("PageAddr", PRI_PAGEADDR),
};

static const struct smmu3_layout layouts[] = {
	LAYOUT("F_UUT", "7.3.2", 256, uut),
	LAYOUT("C_BAD_STREAMID", "7.3.3", 256, bad_configuration),
	LAYOUT("F_STE_FETCH", "7.3.4", 256, fetch),
	LAYOUT("C_BAD_STE", "7.3.5", 256, bad_configuration),
	LAYOUT("F_BAD_ATS_TREQ", "7.3.6", 256, bad_ats_treq),
	LAYOUT("F_STREAM_DISABLED", "7.3.7", 256, stream_disabled),
	LAYOUT("F_TRANSL_FORBIDDEN", "7.3.8", 256, transl_forbidden),
	LAYOUT("C_BAD_SUBSTREAMID", "7.3.9", 256, bad_substreamid),
	LAYOUT("F_CD_FETCH", "7.3.10", 256, fetch),
	LAYOUT("C_BAD_CD", "7.3.11", 256, bad_configuration),
	LAYOUT("F_WALK_EABT", "7.3.12", 256, walk_eabt),
	LAYOUT("F_TRANSLATION", "7.3.13", 256, translation),
	LAYOUT("F_ADDR_SIZE", "7.3.14", 256, translation),
	LAYOUT("F_ACCESS", "7.3.15", 256, translation),
	LAYOUT("F_PERMISSION", "7.3.16", 256, permission),
	LAYOUT("F_TLB_CONFLICT", "7.3.17", 256, tlb_conflict),
	LAYOUT("F_CFG_CONFLICT", "7.3.18", 256, cfg_conflict),
	LAYOUT("E_PAGE_REQUEST", "7.3.19", 256, page_request),
	LAYOUT("F_VMS_FETCH", "7.3.20", 256, fetch),
	LAYOUT("IMPDEF_EVENTn", "7.3.21", 256, impdef_event),
	LAYOUT("PRIQ_ENTRY", "8", 128, priq_entry),
};

const struct layouts event_layouts = { layouts, ARRAY_SIZE(layouts) };
