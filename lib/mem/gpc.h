/* SPDX-License-Identifier: MIT */
/*
 * Granule protection: which PA spaces a physical address may be accessed in.
 *
 * The registers are decoded once, into a value; each rule is a pure function of it.  Who asks is
 * told by the verdict what to report, and reports it.  3.25, D9
 */
#ifndef SMMU_MEM_GPC_H
#define SMMU_MEM_GPC_H

#include "arch/features.h"
#include "arch/gpt.h"
#include "mem/mem.h"
#include "mem/pa_region.h"

/* The Root programming interface's registers.  6.3.112, 6.3.114, 6.3.115 */
struct gpc_registers {
	uint64_t base; /* ROOT_GPT_BASE */
	uint64_t cfg;  /* ROOT_GPT_BASE_CFG, with the L0GPTSZ that the implementation has */
	bool access;   /* ROOT_CR0.ACCESSEN */
	bool checks;   /* ROOT_CR0.GPCEN */
};

/* The checks that they describe. */
struct gpc {
	uint64_t base;          /* of the level 0 table, aligned as its size demands */
	struct smmu3_attr attr; /* of fetches */
	uint8_t size_bits;      /* addresses that it protects: PPS */
	uint8_t level0_bits;    /* of one level 0 entry: L0GPTSZ */
	uint8_t granule_lg2;    /* PGS */
	bool access;            /* false: there is none, whatever the table says */
	bool checks;            /* false: every access passes */
	bool first;             /* a contiguous range is as its first entry says */
	bool valid;             /* the registers say nothing reserved or invalid */
};

struct gpc gpc_decode(const struct features *features, const struct gpc_registers *registers);

/* ---- The lookup, D9.7 ---- */

/* Where the entries for an address are; it is below 2^size_bits. */
uint64_t gpt_level0_at(const struct gpc *gpc, uint64_t addr);
uint64_t gpt_level1_at(const struct gpc *gpc, uint64_t table, uint64_t addr);

/* What an entry says of an address. */
enum gpt_meaning {
	GPT_INVALID,
	GPT_BEYOND,   /* a Table whose address exceeds PPS */
	GPT_SAYS,     /* *region, which has a GPI */
	GPT_LEADS_ON, /* *region is a Table */
};
enum gpt_meaning gpt_level0(const struct gpc *gpc, uint64_t addr, uint64_t entry,
			    struct pa_region *region);
enum gpt_meaning gpt_level1(const struct gpc *gpc, uint64_t addr, uint64_t entry,
			    struct pa_region *region);

/* May the granule be accessed in this PA space?  gpi is not reserved. */
bool gpi_permits(unsigned gpi, enum smmu3_pas pas);

/*
 * What ROOT_TLBI asks for, in a table of this configuration.  false: nothing has to go, because
 * SIZE is reserved, the address is not a multiple of it or beyond OAS, or PGS is reserved; and
 * libsmmu keeps all.  A size smaller than a granule is that of one.  6.3.118, 6.3.119, C5.5.28
 */
bool gpt_scope(const struct gpc *gpc, const struct features *features, uint64_t tlbi,
	       struct smmu3_invalidation *scope);

/* ---- The check, 3.25.4 ---- */

enum gpc_result {
	GPC_PASSES,
	GPC_DENIED,       /* a granule protection fault: ROOT_GPF_FAR */
	GPC_LOOKUP_ERROR, /* a GPT lookup error: ROOT_GPT_CFG_FAR */
};

struct gpc_verdict {
	uint8_t result;   /* enum gpc_result */
	uint8_t cfg_err;  /* of a lookup error: enum gpt_cfg_err */
	uint8_t level;    /* of a fault: of the entry that decides, 0 where none does */
	uint8_t span_lg2; /* of the aligned region around the address in which the verdict on this
			   * PA space is the same, at least; 64: everywhere */
};

/* The whole check, at rest: with no access if ACCESSEN is 0, and of faults the one of highest
 * priority.  Entries are read in the Root space, themselves unchecked and labelled as the access
 * that is checked, or found among those that view keeps.  Table D9-2, 17.4 */
struct gpc_verdict gpc_check(const struct mem_view *view, const struct gpc *gpc, struct pa pa,
			     struct smmu3_mpam mpam);

#endif
