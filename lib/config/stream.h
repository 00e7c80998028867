/* SPDX-License-Identifier: MIT */
/* From a StreamID to its Stream table entry, judged and decoded once.  3.3.1, 5.1, 5.2 */
#ifndef SMMU_CONFIG_STREAM_H
#define SMMU_CONFIG_STREAM_H

#include "arch/features.h"
#include "arch/ste.h"
#include "arch/streamworld.h"
#include "arch/vms.h"
#include "config/label.h"
#include "walk/attributes.h"
#include "walk/stage.h"

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

/* STRTAB_BASE, STRTAB_BASE_CFG, CR1.TABLE_* and CR2.E2H, in effective values.  6.3.24, 6.3.25 */
struct stream_table {
	uint64_t base; /* aligned down as the format demands, bits at and above OAS clear */
	struct smmu3_attr attr; /* of L1STD and STE fetches.  13.8 */
	uint8_t log2size;       /* effective: min(LOG2SIZE, SIDSIZE) */
	uint8_t split;          /* 6, 8 or 10 */
	uint16_t mecid;         /* of these fetches: R_GMECID.  6.3.162 */
	struct smmu3_mpam mpam; /* likewise: GMPAM.  6.3.42 */
	bool two_level;
	bool e2h;       /* STEs of hypervisors are of StreamWorld EL2-E2H.  6.3.12 */
	uint64_t s2pii; /* S2PII: stage 2 permissions by PIIndex.  6.3.17 */
};

/* A legal STE in effective values: what is ignored or reserved has become what it acts as. */
struct stream {
	uint32_t sid; /* of the Security state that its world is of */
	bool abort;   /* Config 0b0xx */
	bool ppar;    /* an automatic PRG response has the PASID of its request */
	bool stage1;  /* Config 0b1x1; stage2.on says the other */
	/* Destructive reads, and directed cache prefetch, pass as such.  3.22 */
	bool dre : 1, dcp : 1;
	enum stream_world world;
	enum ste_eats eats; /* what does not depend on CR0.ATSCHK is taken into account */
	uint8_t dpt_vmatch; /* enum dpt_vmatch, with STE_EATS_DPT */
	struct attr_override override;
	uint8_t privcfg, instcfg;
	uint8_t nscfg;  /* enum ste_nscfg, of a Secure or Realm stream */
	uint16_t mecid; /* of a Realm stream: of what it accesses in Realm memory.  18 */
	/* MPAM: labels of accesses that no CD labels, and of CDs and stage 2 tables.  17.2, 17.4 */
	struct smmu3_mpam mpam;
	bool s1mpam;        /* of those of stage 1 the CD says PARTID and PMG */
	bool mpam_ns;       /* as the STE has it */
	bool vms;           /* the PARTID in the CD is virtual: map says which it is */
	struct vms_map map; /* likewise.  5.6 */
	/* Context descriptors */
	uint64_t context_ptr; /* aligned to the table it points at */
	struct smmu3_attr context_attr;
	uint8_t cd_leaf_lg2;  /* CDs in a leaf table, log2; 0: the table is linear */
	uint8_t cdmax;        /* 0: no substreams */
	uint8_t s1dss;        /* enum ste_s1dss */
	bool stalls_disabled; /* S1STALLD */
	bool s1pie;
	/* Stage 2 */
	struct stage2 stage2;
	bool s2r, s2s; /* record faults; stall at them */
};

/* Where an STE is, or why it cannot be had: C_BAD_STREAMID, F_STE_FETCH. */
struct fault stream_locate(const struct mem_view *view, const struct features *features,
			   const struct stream_table *table, uint32_t sid, uint64_t *at);

/* Reads the STE at an address that stream_locate gave. */
struct fault stream_read(const struct mem_view *view, const struct features *features,
			 const struct stream_table *table, uint32_t sid, uint64_t at,
			 struct ste *ste);

/* The first rule that makes an STE of this Security state ILLEGAL, or WHY_NONE.  Fields that the
 * configuration ignores are not judged. 5.2.2 */
enum why ste_illegal(const struct features *features, const struct ste *ste);

/* A legal STE in effective values; e2h is CR2.E2H, which is kept with it.  5.2, 6.3.12 */
void stream_decode(const struct features *features, bool e2h, const struct ste *ste,
		   struct stream *stream);

/* Reads the VMS that a decoded stream has, by the STE that it was decoded from: F_VMS_FETCH. */
struct fault stream_read_vms(const struct mem_view *view, const struct features *features,
			     const struct stream_table *table, const struct ste *ste,
			     struct stream *stream);

/* All of the above in their order, or what is kept of them: the stream of a StreamID; and what
 * S2PII says now, which is not kept with it. */
struct fault stream_fetch(const struct mem_view *view, const struct features *features,
			  const struct stream_table *table, uint32_t sid, struct stream *stream);

/* A Secure STE as if its stage 2 were of Secure IPAs alone: what S_S2* say stands where S2*
 * do.  5.2 S_S2TTB */
struct ste ste_for_secure_ipas(const struct ste *ste);

/* The input size that S2T0SZ says in VMSAv8-32: 32 less a number of four bits that has a sign.
 * 5.2 */
unsigned s2_lpae_input_bits(unsigned t0sz);

/* Start level that S2SL0, 0 or 1, names for VMSAv8-32.  5.2 */
static inline int s2_lpae_start_level(unsigned sl0)
{
	return 2 - (int)sl0;
}

/* Start level that S2SL0 names for VMSAv8-64, or LEVEL_NONE: reserved.  D8.2.8 to D8.2.10 */
int s2_start_level(const struct features *features, const struct ste *ste);

#endif
