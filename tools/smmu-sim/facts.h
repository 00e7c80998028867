/* SPDX-License-Identifier: MIT */
/* What explaining one access has learnt so far, and which fields of a structure matter then. */
#ifndef SMMU_SIM_FACTS_H
#define SMMU_SIM_FACTS_H

#include <json-c/json.h>
#include <smmu/inspect.h>
#include <stdbool.h>

struct facts {
	const struct smmu3_txn *txn;
	uint64_t ste[8], cd[8];    /* as read; zero before */
	bool two_level;            /* of the Stream table */
	unsigned split;            /* STEs of a second-level table, log2 */
	bool xnx;                  /* SMMU_IDR3.XNX */
	bool had;                  /* SMMU_IDR3.HAD */
	bool e0pd;                 /* SMMU_IDR3.E0PD */
	bool ds;                   /* SMMU_IDR5.DS */
	bool s1pi, s2pi, s2po;     /* SMMU_IDR3.S1PI, S2PI, S2PO */
	bool epan, aie, mteperm;   /* SMMU_IDR3.EPAN, AIE, MTEPERM */
	bool the;                  /* SMMU_IDR3.THE */
	bool haft;                 /* SMMU_IDR0.HTTU is 3 */
	bool types_ovr, perms_ovr; /* SMMU_IDR1.ATTR_TYPES_OVR, ATTR_PERMS_OVR */
	bool hyp, e2h;             /* SMMU_IDR0.Hyp, SMMU_CR2.E2H; or S_IDR1.SEL2, S_CR2.E2H */
	bool secure;               /* the stream is */
	bool realm;                /* likewise */
	unsigned stage;            /* of the descriptor at hand; 0 in other structures */
	int level;
	unsigned granule_lg2;
	unsigned pas;            /* of the descriptor at hand: enum smmu3_pas */
	uint64_t input;          /* what the structure at hand is asked for */
	unsigned ipa_pas;        /* of stage 2, of its input, likewise */
	bool d128;               /* SMMU_IDR5.D128 */
	bool wide;               /* the descriptor at hand is of VMSAv9-128: */
	uint64_t high;           /* its bits 127:64 */
	unsigned last_lg2[3];    /* what the one before it maps, log2, by stage */
	int last_level[3];       /* of the descriptor before it, by stage; facts_init says none */
	unsigned dpt_level0_lg2; /* of a level 0 descriptor of the DPT: L0DPTSZ */
	unsigned gpt_level0_lg2; /* of a level 0 entry of the GPT: L0GPTSZ */
};

/* The register of the programming interface that a transaction is under: "SMMU_CR0", "SMMU_S_CR0",
 * "SMMU_R_CR0" for "CR0".  Returns text. */
const char *facts_register(const struct smmu3_txn *txn, const char *name, char *text, size_t size);

void facts_init(struct facts *facts, struct smmu3 *smmu, const struct smmu3_txn *txn);

/* Takes in a step; before its fields are asked for. */
void facts_learn(struct facts *facts, const struct smmu3_step *step);

/* The stream is of a hypervisor.  5.2 STRW */
bool facts_el2(const struct facts *facts);

/* Or of the monitor. */
bool facts_el3(const struct facts *facts);

/* It has TTB0 and one privilege: StreamWorlds any-EL2 and EL3.  5.4.1, 13.4.1 */
bool facts_one_range(const struct facts *facts);

/* Stage 1 uses TTB1: bit 55 of the address.  3.4.1 */
/* VMSAv8-32 at stage 1. */
bool facts_lpae(const struct facts *facts);

/* Stage 1 has indirect permissions: STE.S1PIE and CD.PIE. */
bool facts_indirect1(const struct facts *facts);

/* Stage 2 has indirect permissions: STE.S2PIE. */
bool facts_indirect2(const struct facts *facts);

bool facts_upper(const struct facts *facts);

/* Index of the descriptor in its table (or concatenated tables). */
uint64_t facts_index(const struct facts *facts, const struct smmu3_step *step);

/* Which of the 16 granules of an entry of the GPT is asked for. */
unsigned facts_granule(const struct facts *facts);

/* What a descriptor is and where it leads. */
enum ttd_kind { TTD_KIND_INVALID, TTD_KIND_RESERVED, TTD_KIND_TABLE, TTD_KIND_LEAF };
enum ttd_kind facts_kind(const struct facts *facts, uint64_t word);
/* Addresses of 52 bits, and no SH: CD.DS or STE.S2DS where the granule has it. */
bool facts_ds(const struct facts *facts);
/* Bytes that a leaf at this level maps, log2. */
unsigned facts_leaf_lg2(const struct facts *facts);
/* Levels that a descriptor of VMSAv9-128 skips. */
unsigned facts_skipped(const struct facts *facts);
/* log2 of the bytes of the next table, or of the leaf. */
unsigned facts_target_lg2(const struct facts *facts, uint64_t word);
/* The next table, or where a leaf leads; low bits are zero. */
uint64_t facts_target(const struct facts *facts, uint64_t word);

/* The memory type that a leaf names: MAIR at stage 1, MemAttr at stage 2; into text of 64 bytes. */
void facts_memory_type(const struct facts *facts, uint64_t word, char *text, size_t size);

/* The layout of a step's structure. */
const struct smmu3_layout *facts_layout(const struct facts *facts, const struct smmu3_step *step);

/* The fields that matter in the structure just read, as rows. */
json_object *facts_fields(const struct facts *facts, const struct smmu3_step *step);

#endif
