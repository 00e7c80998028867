/* SPDX-License-Identifier: MIT */
/*
 * The Device Permission Table: which PAs the ATS Translated transactions of a stream may reach.
 *
 * Each rule is a pure function of a table as its registers describe it, which is a value: the
 * Realm table is another one, with another sec_sid.  3.24
 */
#ifndef SMMU_WALK_DPT_H
#define SMMU_WALK_DPT_H

#include "arch/dpt.h"
#include "arch/features.h"
#include "mem/mem.h"
#include "mem/pa_region.h"
#include "walk/fault.h"

/* A programming interface's registers.  6.3.46, 6.3.47 */
struct dpt_registers {
	uint64_t base, cfg;
	bool walks;             /* CR0.DPT_WALK_EN */
	struct smmu3_attr attr; /* of fetches: CR1.TABLE_*, and DPT_BASE.RA.  3.24.3 */
	uint16_t mecid;         /* likewise: R_GMECID.  6.3.162 */
	enum smmu3_pas sec_sid;
};

/* The table that they describe. */
struct dpt {
	uint64_t base; /* aligned as its size demands */
	struct smmu3_attr attr;
	uint16_t mecid;
	uint8_t sec_sid;     /* enum smmu3_pas: whose streams it is about, and where it lies */
	uint8_t size_bits;   /* addresses that it has: DPTPS */
	uint8_t level0_bits; /* of one level 0 descriptor: L0DPTSZ */
	uint8_t granule_lg2; /* DPTGS */
	uint8_t oas_bits;
	bool vmid16, walks;
	bool valid; /* the registers are no Invalid DPT register configuration.  3.24.4 */
};

struct dpt dpt_from(const struct features *features, const struct dpt_registers *registers);

/* ---- The lookup, 3.24.3 ---- */

/* Where the descriptors for an address are; it is below 2^size_bits. */
uint64_t dpt_level0_at(const struct dpt *dpt, uint64_t addr);
uint64_t dpt_level1_at(const struct dpt *dpt, uint64_t table, uint64_t addr);

/* What a descriptor says of an address. */
enum dpt_meaning {
	DPT_INVALID,   /* a DPT lookup fault */
	DPT_NO_ACCESS, /* a Device Access fault */
	DPT_GRANTS,    /* *region, to some */
	DPT_LEADS_ON,  /* *region is a Table */
};
enum dpt_meaning dpt_level0(const struct dpt *dpt, uint64_t addr, uint64_t descriptor,
			    struct pa_region *region);
enum dpt_meaning dpt_level1(const struct dpt *dpt, uint64_t addr, uint64_t descriptor,
			    struct pa_region *region);

/* ---- The check, 3.24.1 ---- */

struct dpt_request {
	uint64_t addr; /* below OAS */
	bool write;
	uint16_t vmid;          /* STE.S2VMID, effective */
	uint8_t vmatch;         /* enum dpt_vmatch, effective */
	struct smmu3_mpam mpam; /* of the lookup: as of stage 2's.  3.24.2 */
};

/* The rule that refuses a request of a region that grants to some, or WHY_NONE. */
enum why dpt_refuses(const struct pa_region *region, const struct dpt_request *request);

/* Where an access goes that the table of a Security state granted. */
enum smmu3_pas dpt_output(enum smmu3_pas sec_sid, unsigned ac);

/* The whole check: what is kept of the table, then the table.  With no fault *region grants it. */
struct fault dpt_check(const struct mem_view *view, const struct dpt *dpt,
		       const struct dpt_request *request, struct pa_region *region);

/* ---- What is told of its faults, 3.24.4 ---- */

/* Did the DPT end it? */
static inline bool dpt_decided(enum why why)
{
	return why >= WHY_DPT_DISABLED && why <= WHY_DPT_WRITE;
}

/* DPT_CFG_FAR for a DPT lookup fault; 0: it is none. */
uint64_t dpt_syndrome(enum why why, uint64_t addr);

#endif
