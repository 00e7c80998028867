/* SPDX-License-Identifier: MIT */
/*
 * The obvious walker: a second translation function, slow and plain, written from the order and
 * the pseudocode of the specification.  It shares nothing with the library but the public types of
 * smmu.h: bit numbers are its own.  Where the two differ, one of them is wrong.
 *
 * It knows Non-secure streams and the features that the library advertises; and Secure streams,
 * those of EL3, of Secure EL2 and of Secure stage 2 included; and Realm streams, of an SMMU without
 * a Device Permission Table; and labels of MPAM.  Tables are of VMSAv8-64, VMSAv9-128 or VMSAv8-32,
 * in either endianness.
 */
#ifndef SMMU_TESTS_OBVIOUS_H
#define SMMU_TESTS_OBVIOUS_H

#include "obvious/gpt.h"

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * What the specification leaves open, and the walker does in either way: the name of a choice, as
 * users know it, and its alternatives.  0 is what the library does unasked.
 *
 *	S1_SH, S2_SH            SH 0b01 of a leaf: Non-shareable; Outer, Inner Shareable.  D8.6.2
 *	S2_MEMATTR              MemAttr 0b0100, 0b1000, 0b1100 of stage 2: Device-nGnRnE; Normal
 *	                        Non-cacheable, Write-Back.  D8.6.5
 *	S2_MEMATTR_FWB          MemAttr<2:0> 0b100 with S2FWB: Device-nGnRnE; Write-Back, that of
 *	                        stage 1.  D8.6.6
 *	ALLOCCFG                with MTCFG = 0: acts; does not.  5.2
 *	STE_ADDRESS             beyond OAS: F_STE_FETCH; cut.  3.4.3 (5)
 *	S1CONTEXTPTR_OAS        of stage 1 alone, beyond OAS: C_BAD_STE; cut.  3.4.3 (1)
 *	S1CONTEXTPTR_IAS        of both, beyond IAS: stage 2 refuses it; C_BAD_STE.  3.4.3 (2)
 *	L2PTR_OAS, L2PTR_IAS    likewise, C_BAD_SUBSTREAMID.  3.4.3 (3), (4)
 *	S1CONTEXTPTR_LOW        bits below the size of the table: 0; they count.  5.2 S1Fmt
 *	S2T0SZ, TSZ             out of range: ILLEGAL; the nearest size.  5.2, 5.4
 *	EATS_S2S                S2S of a stage 2 that there is not, with EATS: means nothing; is
 *	                        ILLEGAL.  5.2
 *	REFUSED                 an access that is refused: sets no Access flag; sets it.  D8.5.1
 *	UNREAD                  an atomic that stage 2 refuses for its read: makes nothing dirty;
 *	                        does.  D8.5.2
 *	BAD_STREAMID            is recorded; is not.  7.3.3
 *	GPC_REQUEST             Translation Requests: are checked; are not.  3.25.2
 */
#define OBVIOUS_CHOICES(X)                                                    \
	X(S1_SH, "s1-sh-reserved", "outer", "inner")                          \
	X(S2_SH, "s2-sh-reserved", "outer", "inner")                          \
	X(S2_MEMATTR, "s2-memattr-reserved", "non-cacheable", "write-back")   \
	X(S2_MEMATTR_FWB, "s2-memattr-reserved-fwb", "write-back", "stage-1") \
	X(ALLOCCFG, "alloccfg-without-mtcfg", "void", NULL)                   \
	X(STE_ADDRESS, "ste-address-beyond-oas", "cut", NULL)                 \
	X(S1CONTEXTPTR_OAS, "s1contextptr-beyond-oas", "cut", NULL)           \
	X(S1CONTEXTPTR_IAS, "s1contextptr-beyond-ias", "illegal", NULL)       \
	X(L2PTR_OAS, "l2ptr-beyond-oas", "cut", NULL)                         \
	X(L2PTR_IAS, "l2ptr-beyond-ias", "illegal", NULL)                     \
	X(S1CONTEXTPTR_LOW, "s1contextptr-low-bits", "joined", NULL)          \
	X(S2T0SZ, "s2t0sz-range", "nearest", NULL)                            \
	X(TSZ, "cd-tsz-range", "nearest", NULL)                               \
	X(EATS_S2S, "eats-s2s-without-stage-2", "illegal", NULL)              \
	X(REFUSED, "update-of-what-is-refused", "accessed", NULL)             \
	X(UNREAD, "update-by-unreadable-atomics", "dirty", NULL)              \
	X(BAD_STREAMID, "bad-streamid-record", "never", NULL)                 \
	X(GPC_REQUEST, "gpc-ats-request", "unchecked", NULL)

#define OBVIOUS_CHOICE_ENUM(name, ...) OBVIOUS_CHOICE_##name,
enum obvious_choice { OBVIOUS_CHOICES(OBVIOUS_CHOICE_ENUM) OBVIOUS_CHOICE_COUNT };

/* What an access meets: ID registers, registers as software last wrote them, and memory. */
struct obvious_machine {
	uint32_t idr0, idr1, idr3, idr5, aidr;
	uint32_t cr0, cr1, cr2, gbpa; /* gbpa without Update */
	uint32_t strtab_base_cfg;
	uint64_t strtab_base;
	/* Of the Secure programming interface, where there is one */
	uint32_t s_idr0, s_idr1, s_cr0, s_cr1, s_cr2, s_gbpa, s_strtab_base_cfg;
	uint64_t s_strtab_base;
	/* Likewise of the Realm programming interface */
	uint32_t r_idr0, r_idr3, r_mecidr, r_gmecid, r_cr0, r_cr1, r_cr2, r_strtab_base_cfg;
	uint64_t r_strtab_base;
	uint64_t s2pii, s_s2pii, r_s2pii;
	/* With IDR3.MPAM; GMPAM and GBPMPAM without Update, and with no bit that is RES0 */
	uint32_t mpamidr, gmpam, gbpmpam, s_mpamidr, s_gmpam, s_gbpmpam, r_mpamidr, r_gmpam;
	/* Of the Root registers: GPCEN, with ACCESSEN set */
	bool gpcen;
	uint32_t gpt_base_cfg;
	uint64_t gpt_base;
	uint8_t chosen[OBVIOUS_CHOICE_COUNT]; /* alternatives */
	bool waits;                           /* the host can be told that a stall is over */
	unsigned stalls;                      /* how many transactions are stalled already */
	/* Reads access->bytes at access->pa as they stand in memory; false: external abort. */
	bool (*read)(void *context, const struct smmu3_mem_access *access, void *data);
	/* Writes a descriptor, 8 or 16 bytes as they are to stand in memory; false: external abort.
	 * NULL: none can be written */
	bool (*write)(void *context, const struct smmu3_mem_access *access, const void *data);
	void *context;
};

/* The rules of SteIllegal and CdIllegal (5.2.2, 5.4.2) that an SMMU of these features can break,
 * and the ways in which a structure cannot be had.  One row each: name, requirements. */
#define OBVIOUS_STE_RULES(X)                  \
	X(STE_V, "STE-43")                    \
	X(STE_S1P, "STE-44")                  \
	X(STE_S2P, "STE-44")                  \
	X(STE_EATS_SPLIT, "STE-47")           \
	X(STE_EATS_STALL, "STE-48")           \
	X(STE_STRW, "STE-54")                 \
	X(STE_S1STALLD_ABSENT, "STE-55")      \
	X(STE_S1STALLD_FORCED, "STE-55")      \
	X(STE_S1CDMAX, "STE-57")              \
	X(STE_S1FMT, "STE-58")                \
	X(STE_S1CONTEXTPTR, "STE-59")         \
	X(STE_S2FWB, "STE-60")                \
	X(STE_S2S_ABSENT, "STE-61")           \
	X(STE_S2S_FORCED, "STE-61")           \
	X(STE_S2AA64, "STE-62")               \
	X(STE_S2HTTU, "STE-63")               \
	X(STE_S2TG_RESERVED, "STE-64")        \
	X(STE_S2TG_UNIMPLEMENTED, "STE-64")   \
	X(STE_S2TTB, "STE-65")                \
	X(STE_S2T0SZ, "STE-66")               \
	X(STE_S2SL0_RESERVED, "STE-69")       \
	X(STE_S2SL0_OAS, "S2-06")             \
	X(STE_S2SL0_INCONSISTENT, "STE-69")   \
	X(STE_S2SKL, "STE-70")                \
	X(STE_S_S2TG_RESERVED, "STE-71")      \
	X(STE_S_S2TG_UNIMPLEMENTED, "STE-71") \
	X(STE_S_S2TTB, "STE-71")              \
	X(STE_S_S2T0SZ, "STE-71")             \
	X(STE_S_S2SL0_RESERVED, "STE-71")     \
	X(STE_S_S2SL0_OAS, "STE-71")          \
	X(STE_S_S2SL0_INCONSISTENT, "STE-71") \
	X(STE_S_S2SKL, "STE-71")              \
	X(STE_S2ENDI, "STE-72")               \
	X(STE_S2PIE, "STE-73")                \
	X(STE_S2POE_DIRECT, "STE-74")         \
	X(STE_S2POE_PBHA, "STE-74")           \
	X(STE_S2POI, "STE-74")                \
	X(STE_S2VMID, "STE-75")               \
	X(STE_VMSPTR, "STE-76")

#define OBVIOUS_CD_RULES(X)              \
	X(CD_V, "CD-28")                 \
	X(CD_S_DISABLED, "CD-29")        \
	X(CD_A, "CD-30")                 \
	X(CD_S_ABSENT, "CD-31")          \
	X(CD_S_FORCED, "CD-31")          \
	X(CD_ENDI, "CD-32")              \
	X(CD_AA64, "CD-33")              \
	X(CD_AA64_OVER_LPAE, "CD-34")    \
	X(CD_HTTU, "CD-35")              \
	X(CD_ASID, "CD-36")              \
	X(CD_PIE, "CD-43")               \
	X(CD_T0SZ, "CD-37")              \
	X(CD_T1SZ, "CD-37")              \
	X(CD_TG0_RESERVED, "CD-40")      \
	X(CD_TG0_UNIMPLEMENTED, "CD-40") \
	X(CD_TG1_RESERVED, "CD-40")      \
	X(CD_TG1_UNIMPLEMENTED, "CD-40") \
	X(CD_TTB0, "CD-41")              \
	X(CD_TTB1, "CD-41")              \
	X(CD_D128_S1PIE, "CD-42")        \
	X(CD_D128_EL2, "CD-42")          \
	X(CD_D128_SKL, "CD-42")

#define OBVIOUS_RULE_ENUM(name, requirements) OBVIOUS_##name,
enum obvious_rule {
	OBVIOUS_LEGAL,
	OBVIOUS_STE_RULES(OBVIOUS_RULE_ENUM) OBVIOUS_CD_RULES(OBVIOUS_RULE_ENUM) OBVIOUS_RULES
};

/* How a stage was crossed, or where it ended, for the transaction's own address. */
struct obvious_stage {
	bool walked;     /* its tables were begun */
	bool leaf;       /* a Block or Page descriptor was reached */
	bool contiguous; /* with Contiguous = 1 */
	bool upper;      /* stage 1: TTB1 */
	bool lpae;       /* VMSAv8-32 */
	bool d128;       /* VMSAv9-128 */
	uint8_t skipped; /* the most levels that one of its table descriptors skipped */
	bool big_endian;
	uint8_t granule_lg2;
	uint8_t input_bits;
	int8_t start_level;
	int8_t leaf_level;
};

/* What the stage at fault was told to do with a fault of translation.  5.5 */
struct obvious_fault_model {
	bool asked;  /* there was such a fault: its stage was in use, or (forced) passed by */
	bool forced; /* an address too large for a stage that is passed by: nobody is asked */
	bool abort, record, stall; /* A, which is 1 for stage 2; R; S.  forced: those of stage 2 */
	uint8_t stall_model;       /* IDR0.STALL_MODEL */
};

/* What an ATS transaction met: its effective EATS and the stages to be crossed, or what came
 * before. */
#define OBVIOUS_ATS_MODES(X)                                \
	X(NONE, "no legal STE was found")                   \
	X(DISABLED, "SMMUEN = 0")                           \
	X(UNCHECKED, "ATSCHK = 0")                          \
	X(ABORTS, "the stream aborts")                      \
	X(BYPASS, "the stream bypasses")                    \
	X(OFF, "EATS = 0b00")                               \
	X(RESERVED, "EATS = 0b11")                          \
	X(SPLIT_UNCHECKED, "EATS = 0b10, ATSCHK = 0")       \
	X(FULL_1, "full ATS, stage 1")                      \
	X(FULL_2, "full ATS, stage 2")                      \
	X(FULL_BOTH, "full ATS, both stages")               \
	X(FULL_1_SKIPPED, "full ATS, stage 1 passed by")    \
	X(FULL_BOTH_SKIPPED, "full ATS, both, 1 passed by") \
	X(SPLIT, "split-stage ATS")                         \
	X(SPLIT_SKIPPED, "split-stage ATS, stage 1 passed by")

#define OBVIOUS_ATS_ENUM(name, words) OBVIOUS_ATS_##name,
enum obvious_ats { OBVIOUS_ATS_MODES(OBVIOUS_ATS_ENUM) OBVIOUS_ATS_MODE_COUNT };
/* The StreamWorlds of Non-secure streams, which Secure ones have too, and EL3.  3.3.3 */
enum obvious_world {
	OBVIOUS_EL1,
	OBVIOUS_EL2,
	OBVIOUS_EL2_E2H,
	OBVIOUS_WORLDS,
	OBVIOUS_EL3 = OBVIOUS_WORLDS,
};

/* The last check of granule protection: of a structure, or OBVIOUS_OUTPUT. */
enum { OBVIOUS_OUTPUT = 0xff };

struct obvious_protection {
	bool checked;
	uint8_t reason; /* enum smmu3_reason */
	uint8_t space;  /* enum smmu3_pas */
	uint64_t pa;
	struct obvious_gpc last;
};

/* What VMSAv8-32 does not have.  3.4.1, G5.5.5 */
enum obvious_lpae_refusal {
	OBVIOUS_LPAE_ABOVE = 1, /* an address above 32 bits */
	OBVIOUS_LPAE_GAP,       /* one between the regions of TTB0 and TTB1 */
	OBVIOUS_LPAE_OVERLAP,   /* a block in both */
	OBVIOUS_LPAE_REFUSALS,
};

/* Where a walk of VMSAv9-128 ends that no other would. */
enum obvious_d128_refusal {
	OBVIOUS_D128_SKL = 1, /* more levels are skipped than there are, or may be */
	OBVIOUS_D128_INITIAL, /* the initial table goes beyond the outputs */
	OBVIOUS_D128_TABLE,   /* another that is in range does */
	OBVIOUS_D128_REFUSALS,
};

/* What an update was of: stage 1, stage 2 of the output address, of a CD, of a table; each time the
 * Access flag, the dirty state, and both; then the Access flag of a table that each of them went
 * through; then one of a leaf and of a table that stage 2 did not let through. */
enum {
	OBVIOUS_UPDATES_OF_TABLES = 4 * 3,
	OBVIOUS_UPDATES_REFUSED = OBVIOUS_UPDATES_OF_TABLES + 4,
	OBVIOUS_UPDATES = OBVIOUS_UPDATES_REFUSED + 2,
};

/* Who labels the access of a client.  17.2 */
enum obvious_labelled {
	OBVIOUS_BY_NONE, /* there is no MPAM, or no legal STE was found */
	OBVIOUS_BY_GBPMPAM,
	OBVIOUS_BY_STE,
	OBVIOUS_BY_CD,
	OBVIOUS_BY_VMS, /* the CD's PARTID is virtual */
	OBVIOUS_LABELLERS,
};

/* Who refuses where stage 2 has indirect permissions.  3.26.2 */
enum obvious_refusal {
	OBVIOUS_BY_NOBODY,
	OBVIOUS_BY_BASE,
	OBVIOUS_BY_OVERLAY,
	OBVIOUS_BY_DIRTY,
	OBVIOUS_BY_OTHERS, /* S2PTW, or that it leaves Realm memory */
	OBVIOUS_REFUSALS,
	/* Translation hardening, whatever permissions there are.  3.27 */
	OBVIOUS_BY_ASSURED_ONLY = OBVIOUS_REFUSALS,
	OBVIOUS_BY_TOP_LEVEL,
};

/* What happened on the way, for counting what a run has reached. */
struct obvious_notes {
	bool secure;               /* of a Secure stream */
	bool beside;               /* of a Non-secure stream where there is a Secure state */
	bool sif;                  /* SIF refused it, and nothing else did */
	bool leaf_read_ns;         /* stage 1's leaf was read from Non-secure memory */
	bool secure_leaf;          /* in Secure memory */
	bool ns_ipa, s2_tables_ns; /* of stage 2 for the output address: its input, its tables */
	bool realm;                /* of a Realm stream */
	bool left;                 /* it was refused because it leaves Realm memory */
	bool amec;                 /* a leaf wanted an alternate MECID */
	bool checked;              /* an access named its space, and the stream checks it */
	bool unnamed;              /* a Translated transaction did not, and the stream checks it */
	uint8_t nscfg;             /* of what bypasses */
	uint8_t world;             /* enum obvious_world, of a legal STE */
	uint8_t config;            /* STE.Config, 0xff: no legal STE was found, or SMMUEN = 0 */
	uint32_t updates;          /* a bit of each */
	bool keeps_dirty;          /* a stage with HD, or S2HD, was in use */
	bool indirect1;            /* stage 1 has indirect permissions; of the last leaf: */
	uint8_t indirect1_p, indirect1_u; /* codes of PIIP and PIIU */
	uint8_t indirect1_by;             /* enum obvious_refusal: the base is codes and PAN */
	bool indirect;                    /* stage 2 has indirect permissions; of the last leaf: */
	uint8_t indirect_base, indirect_overlay; /* codes; 16: there are no overlays */
	uint8_t indirect_by;                     /* enum obvious_refusal */
	uint8_t indirect_class;                  /* enum smmu3_fault_class */
	bool hardened;                           /* there is THE, and stage 2; then: */
	bool hardened_d128;                      /* stage 2 is of VMSAv9-128 */
	uint8_t hardened_by;                     /* enum obvious_refusal, of what it refused last */
	uint8_t hardened_class;                  /* of that: enum smmu3_fault_class */
	bool top_levels[2];                      /* TL0, TL1 */
	bool assured_only;                       /* the last leaf of the output was */
	bool assured;                            /* stage 1's output was Assured */
	bool pnch;        /* a leaf of stage 1 had Protected in place of Contiguous */
	uint8_t top_code; /* of where its walk began: 1 + { TopLevel0, TopLevel1 }; 0: nowhere */
	bool skipped;     /* stage 1 was passed by through S1DSS */
	bool substream;   /* that of a Translated transaction was looked at: IDR3.PASIDTT */
	uint8_t ats;      /* enum obvious_ats */
	uint8_t lpae_refusal;    /* enum obvious_lpae_refusal, or 0 */
	uint8_t d128_refusal[2]; /* by stage: enum obvious_d128_refusal, or 0 */
	uint16_t rule;           /* enum obvious_rule: the first that was found broken */
	uint8_t labelled;        /* enum obvious_labelled */
	bool label_left;         /* ... in the Non-secure space, by an MPAM_NS */
	bool label_large;        /* ... with an ID that is larger than there are */
	struct obvious_stage stage1, stage2; /* stage2: of the output address, not of tables */
	struct obvious_fault_model model;
	struct obvious_protection protection;
	uint8_t met[OBVIOUS_CHOICE_COUNT]; /* of what is left open, 1 + the alternative */
	/* The last combination of attributes at stage 2, that of a table included */
	bool combined;
	bool fwb;
	struct smmu3_attr s1; /* what came to stage 2, consistent */
	uint8_t s2_memattr, s2_sh;
};

/* The members have the meanings that they have in struct smmu3_outcome; what is without meaning
 * for a verdict is 0, but fault_level, which is -3. */
struct obvious_answer {
	uint8_t verdict; /* enum smmu3_verdict; ERROR only of ATS where there is none */
	uint8_t ats;     /* enum smmu3_ats_completion */
	uint64_t pa, bytes, span;
	struct smmu3_attr attr;
	uint16_t mecid;
	struct smmu3_mpam mpam;
	uint8_t pas, perm, stages, instruction, privileged;
	uint8_t recorded, event, fault_class, fault_stage, becomes;
	int8_t fault_level;
	uint64_t fault_addr;
	struct smmu3_event record; /* with STAG 0, which is the SMMU's to choose.  3.12.2 */
	struct obvious_notes notes;
};

/* Translates one well-formed access.  3.3, 7.3.22, chapter 15 */
void obvious_translate(const struct obvious_machine *machine, const struct smmu3_txn *txn,
		       struct obvious_answer *answer);

/* The names of a rule and of the requirements that it is. */
const char *obvious_rule_name(enum obvious_rule rule);
const char *obvious_rule_requirements(enum obvious_rule rule);

#endif
