/* SPDX-License-Identifier: MIT */
/* What is live in an SMMU: the steps of one access, the streams, contexts and mappings that its
 * tables in memory describe. */
#ifndef SMMU3_INSPECT_H
#define SMMU3_INSPECT_H

#include <smmu/smmu.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One structure fetched on the way of an access. */
struct smmu3_step {
	uint64_t pa;      /* where it was read */
	uint64_t ipa;     /* its intermediate physical address, when has_ipa */
	uint64_t input;   /* the address being translated by this structure: VA or IPA; StreamID or
			     SubstreamID for tables of those; PA that the DPT is asked for */
	uint64_t word[8]; /* as read, of big-endian tables the number that it is; zero when it could
			     not be read */
	uint8_t reason;   /* enum smmu3_reason: which structure */
	uint8_t words;    /* 1 or 8; of a VMSAv9-128 descriptor 2 */
	uint8_t pas;      /* enum smmu3_pas of pa */
	uint8_t has_ipa;
	uint8_t ipa_pas;     /* enum smmu3_pas of ipa; of a stage 2 descriptor, of input.  Secure
				streams     have IPAs of two spaces */
	uint8_t aborted;     /* memory answered with an abort or poison */
	uint8_t fault_class; /* enum smmu3_fault_class of a stage 2 descriptor: what its IPA is for
			      */
	int8_t level;        /* of a translation table descriptor, -2 to 3; of the DPT, 0 or 1 */
	uint8_t granule_lg2; /* of translation tables, of the DPT: 12, 14, 16 */
	struct smmu3_attr attr; /* attributes of the access */
	uint16_t mecid;         /* as in struct smmu3_mem_access */
	uint8_t updates; /* 1: nothing is fetched; hardware updates the flags of a descriptor that
			    was: it is to be word[0], and was word[1]; of VMSAv9-128 it is to be
			    word[0] and word[1], and was word[2] and word[3].  3.13 */
	struct smmu3_mpam mpam; /* as in struct smmu3_mem_access */
};

/* Called for each structure in the order fetched. */
typedef void smmu3_step_fn(void *context, const struct smmu3_step *step);

/* As smmu3_translate with SMMU3_TXN_PROBE, telling each step; all is read from memory, whatever is
 * kept in caches.  Any thread. */
SMMU3_API enum smmu3_verdict smmu3_explain(struct smmu3 *smmu, const struct smmu3_txn *txn,
					   struct smmu3_outcome *outcome, smmu3_step_fn *step,
					   void *context);

/* What the registers say, decoded as a transaction sees it. */
struct smmu3_stream_table {
	uint64_t base;   /* aligned as 6.3.24 says */
	uint8_t enabled; /* SMMUEN */
	uint8_t two_level;
	uint8_t log2size; /* effective: at most SIDSIZE */
	uint8_t split;
};
/* Any thread.  A sec_sid that the SMMU does not have: SMMU3_E_UNSUPPORTED. */
SMMU3_API int smmu3_inspect_stream_table(struct smmu3 *smmu, enum smmu3_pas sec_sid,
					 struct smmu3_stream_table *table);

/* One StreamID with a readable STE whose V is 1. */
struct smmu3_stream_entry {
	uint32_t sid;
	uint64_t pa; /* of the STE */
	uint64_t word[8];
	uint16_t why; /* 0, or the rule that makes it ILLEGAL */
};

/* One SubstreamID with a readable CD whose V is 1. */
struct smmu3_context_entry {
	uint32_t ssid;
	uint8_t has_ipa;
	uint64_t ipa;
	uint64_t pa;
	uint64_t word[8];
	uint16_t why; /* 0, or the rule that makes it ILLEGAL */
};

/* One leaf: a page or block of a stage's tables. */
struct smmu3_mapping {
	uint64_t input;  /* VA (stage 1) or IPA (stage 2) */
	uint64_t output; /* IPA or PA */
	uint64_t size;
	uint64_t descriptor;
	uint64_t descriptor_pa;
	struct smmu3_attr attr; /* of this stage alone; mair byte of stage 2 MemAttr resolved
				   without stage 1 */
	uint8_t perm;           /* enum smmu3_perm, of this stage alone */
	uint8_t stage;
	int8_t level;
	uint8_t contiguous;
	uint8_t accessed; /* AF */
	uint8_t global;   /* nG = 0, where that counts; stage 1 */
	uint8_t pas;      /* enum smmu3_pas of output */
	uint8_t ipa_pas;  /* stage 2: enum smmu3_pas of input */
	uint8_t d128;     /* 1: of VMSAv9-128, whose descriptor has bits 127:64, too */
	uint64_t descriptor_high;
};

/* Each returns 0 to go on, anything else to stop. */
typedef int smmu3_stream_fn(void *context, const struct smmu3_stream_entry *entry);
typedef int smmu3_context_fn(void *context, const struct smmu3_context_entry *entry);
typedef int smmu3_mapping_fn(void *context, const struct smmu3_mapping *mapping);

/*
 * Walks the whole Stream table, the CDs of a stream, or the mappings of one stage of a stream and
 * context, in ascending order; stage 2 of a Secure stream first for Secure IPAs, then for
 * Non-secure ones.  budget bounds the entries looked at, each of which may cost a walk
 * of stage 2, so that tables which refer to themselves end.  Returns 0; what a callback returned
 * when it stopped; -SMMU3_E_LIMIT when the budget ran out; -SMMU3_E_NOT_FOUND when there is no such
 * table (SMMU disabled, stream invalid, stage off); -SMMU3_E_UNSUPPORTED for a sec_sid that the
 * SMMU does not have.  Any thread.
 */
SMMU3_API int smmu3_inspect_streams(struct smmu3 *smmu, enum smmu3_pas sec_sid, uint64_t budget,
				    smmu3_stream_fn *fn, void *context);
SMMU3_API int smmu3_inspect_contexts(struct smmu3 *smmu, enum smmu3_pas sec_sid, uint32_t sid,
				     uint64_t budget, smmu3_context_fn *fn, void *context);
SMMU3_API int smmu3_inspect_mappings(struct smmu3 *smmu, enum smmu3_pas sec_sid, uint32_t sid,
				     uint32_t ssid, unsigned stage, uint64_t budget,
				     smmu3_mapping_fn *fn, void *context);

/* A range of addresses that accesses of one stream can reach, and as what. */
struct smmu3_reach {
	uint64_t input;         /* what the client puts out: VA, IPA or PA */
	uint64_t pa;            /* where its first byte goes */
	uint64_t size;          /* bytes */
	struct smmu3_attr attr; /* with which it leaves */
	uint8_t perm;   /* enum smmu3_perm: accesses of the client that are let through, overrides
			   of privilege and instruction applied */
	uint8_t pas;    /* enum smmu3_pas of pa */
	uint8_t stages; /* bit 0: stage 1, bit 1: stage 2; 0: nothing translates */
};

/* A piece of memory that holds translation tables which were read. */
struct smmu3_place {
	uint64_t pa, bytes;
	uint8_t reason; /* enum smmu3_reason: SMMU3_REASON_S1_TTD or SMMU3_REASON_S2_TTD */
	uint8_t pas;    /* enum smmu3_pas of pa */
};

typedef int smmu3_reach_fn(void *context, const struct smmu3_reach *reach);
typedef int smmu3_place_fn(void *context, const struct smmu3_place *place);

/*
 * Tells all that a stream reaches, as smmu3_translate would find with every address: through stage
 * 1, stage 2, both, or where nothing translates, the SMMU disabled or the stream bypassed; and, if
 * place is not NULL, where the tables are.  who is a transaction of which StreamID, SubstreamID,
 * Security state, attributes and NS count.  One call for each leaf, or where both stages translate
 * for each piece of a leaf of either, cut where granule protection stops it, in ascending order of
 * input; nothing for what no access gets through.  What nothing
 * translates is told as far as outputs go, from 0.  Memory is read afresh; with TBI addresses are
 * told with the bits above those that count all alike.  Callbacks and return are as of the
 * functions above, *budget what is left of it; -SMMU3_E_NOT_FOUND: every access ends, whatever its
 * address (smmu3_explain of one tells why).  Any thread.
 */
SMMU3_API int smmu3_inspect_reach(struct smmu3 *smmu, const struct smmu3_txn *who, uint64_t *budget,
				  smmu3_reach_fn *reach, smmu3_place_fn *place, void *context);

#ifdef __cplusplus
}
#endif

#endif
