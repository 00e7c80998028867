/* SPDX-License-Identifier: MIT */
/* Translation table descriptors of VMSAv8-64, D8.3.1, one 64-bit word, and of VMSAv9-128, D8.3.2,
 * two; what a bit means depends on table or leaf, and on the stage. */
#ifndef SMMU_ARCH_TTD_H
#define SMMU_ARCH_TTD_H

#include "arch/field.h"

enum {
	TTD_BYTES = 8,
};

enum ttd_field {
	/* Every descriptor */
	TTD_VALID = BIT_FIELD(0),      /* 0: F_TRANSLATION */
	TTD_TYPE = BIT_FIELD(1),       /* 1 table, at level 3 page; 0 block, there reserved */
	TTD_AF = BIT_FIELD(10),        /* Access flag; of a table only with HAFT */

	/* Addresses, in place.  What lies below the size that the level maps is RES0 */
	TTD_ADDR_4K = FIELD(47, 12),   /* next table, or page, with a 4KB granule */
	TTD_ADDR_16K = FIELD(47, 14),
	TTD_ADDR_64K = FIELD(47, 16),
	TTD_ADDR_51_48 = FIELD(15, 12), /* 64KB granule, 52-bit output: bits 51:48 */
	TTD_ADDR_51_50 = FIELD(9, 8),  /* 4KB, 16KB granules with DS: bits 51:50, no SH */
	TTD_ADDR_49_48 = FIELD(49, 48), /* 4KB, 16KB granules with DS: in place */
	TTD_ADDR_47_17 = FIELD(47, 17), /* leaf: what block and page of every granule share */

	/* Leaf, stage 1 */
	TTD_ATTRINDX = FIELD(4, 2),    /* index into MAIR */
	TTD_NS = BIT_FIELD(5),         /* Secure and some Realm regimes: output is Non-secure */
	TTD_AP = FIELD(7, 6),          /* enum ttd_ap.  D8.4.1.2 */
	TTD_AP1 = BIT_FIELD(6),        /* unprivileged access too; RES1 with one privilege */
	TTD_AP2 = BIT_FIELD(7),        /* read-only */
	TTD_SH = FIELD(9, 8),          /* shareability: enum smmu3_shareability; 1 is reserved */
	TTD_NG = BIT_FIELD(11),        /* not global: tagged with the ASID */
	TTD_NT = BIT_FIELD(16),        /* block: do not cache while the table changes */
	TTD_GP = BIT_FIELD(50),        /* guarded page, of a PE; an SMMU ignores it */
	TTD_DBM = BIT_FIELD(51),       /* hardware may make it writable.  3.13 */
	TTD_CONTIGUOUS = BIT_FIELD(52), /* one of a run that one TLB entry may hold */
	TTD_PROTECTED = BIT_FIELD(52), /* with CD.PnCH, of table and leaf */
	TTD_PXN = BIT_FIELD(53),       /* privileged execute-never */
	TTD_UXN = BIT_FIELD(54),       /* unprivileged execute-never; XN with one privilege */
	TTD_S1_SW = FIELD(58, 55),     /* software's own */
	TTD_PBHA = FIELD(62, 59),      /* page-based hardware attributes: no effect here */
	TTD_PBHA0 = BIT_FIELD(59),
	TTD_PBHA31 = FIELD(62, 60),
	TTD_ATTRINDX3 = BIT_FIELD(59), /* with CD.AIE: AttrIndx[3] */
	TTD_AMEC = BIT_FIELD(63),      /* Realm with memory encryption contexts.  18 */

	/* Leaf, stage 2 */
	TTD_MEMATTR = FIELD(5, 2),     /* memory type: attr.h; with FWB another encoding */
	TTD_MEMATTR_20 = FIELD(4, 2),
	TTD_MEMATTR3 = BIT_FIELD(5),
	TTD_S2AP = FIELD(7, 6),        /* enum ttd_s2ap.  D8.4.2 */
	TTD_S2AP0 = BIT_FIELD(6),
	TTD_S2AP1 = BIT_FIELD(7),
	TTD_FNXS = BIT_FIELD(11),      /* RES0 for an SMMU */
	TTD_S2XN = FIELD(54, 53),      /* enum ttd_s2xn; without XNX bit 53 is RES0.  D8.4.2 */
	TTD_S2XN0 = BIT_FIELD(53),
	TTD_S2XN1 = BIT_FIELD(54),
	TTD_S2NS = BIT_FIELD(55),      /* Realm: output is Non-secure */
	TTD_S2_SW = FIELD(57, 56),     /* software's own */
	TTD_ASSUREDONLY = BIT_FIELD(58), /* with STE.AssuredOnly; else software's own */
	TTD_POINDEX = FIELD(62, 59),   /* with STE.S2POE */

	/* Leaf, permission indirection (3.26): PIIndex[3:0] is {54, 53, 51, 6} */
	TTD_PIINDEX0 = BIT_FIELD(6),
	TTD_NDIRTY = BIT_FIELD(7),     /* stage 1 */
	TTD_DIRTY = BIT_FIELD(7),      /* stage 2 */
	TTD_PIINDEX1 = BIT_FIELD(51),
	TTD_PIINDEX2 = BIT_FIELD(53),
	TTD_PIINDEX3 = BIT_FIELD(54),

	/* Table, stage 1: limits on everything below.  D8.4.1.2 */
	TTD_PXNTABLE = BIT_FIELD(59),
	TTD_UXNTABLE = BIT_FIELD(60),  /* XNTable where there is one privilege */
	TTD_APTABLE = FIELD(62, 61),   /* enum ttd_aptable */
	TTD_APTABLE0 = BIT_FIELD(61),
	TTD_APTABLE1 = BIT_FIELD(62),
	TTD_NSTABLE = BIT_FIELD(63),   /* Secure: the rest of the walk is Non-secure */
};

/* A descriptor of VMSAv9-128. */
struct ttd128 {
	uint64_t word[2];
};

enum {
	TTD128_BYTES = 16,
};

enum ttd128_field {
	/* Every descriptor */
	TTD128_VALID = BIT_FIELD(0),
	TTD128_AF = BIT_FIELD(10),      /* Access flag; of a table only with HAFT */
	TTD128_ADDR = FIELD(55, 12),    /* in place; what lies below the size of the table, block or
					   page does not count */
	TTD128_SKL = FIELD(110, 109),   /* levels skipped: with the level it says what this is */

	/* Leaf, both stages */
	TTD128_NT = BIT_FIELD(6),       /* unless SKL is 0; of tables, too */
	TTD128_NDIRTY = BIT_FIELD(7),   /* stage 1 */
	TTD128_DIRTY = BIT_FIELD(7),    /* stage 2 */
	TTD128_SH = FIELD(9, 8),        /* shareability */
	TTD128_SW = FIELD(100, 91),     /* software's own; of tables, too */
	TTD128_AMEC = BIT_FIELD(108),   /* Realm with memory encryption contexts.  18 */
	TTD128_CONTIGUOUS = BIT_FIELD(111),
	TTD128_PIINDEX = FIELD(118, 115),
	TTD128_POINDEX = FIELD(124, 121), /* stage 2: with STE.S2POE.  Of stage 1 no SMMU has it */

	/* Leaf, stage 1 */
	TTD128_ATTRINDX = FIELD(4, 2),  /* index into MAIR */
	TTD128_ATTRINDX3 = BIT_FIELD(5), /* with CD.AIE: AttrIndx[3] */
	TTD128_NG = BIT_FIELD(11),
	TTD128_GP = BIT_FIELD(113),     /* guarded page, of a PE */
	TTD128_PROTECTED = BIT_FIELD(114), /* of tables, too */
	TTD128_NS = BIT_FIELD(127),     /* Secure and some Realm regimes: output is Non-secure; of
					   stage 2 in Realm, too */

	/* Leaf, stage 2 */
	TTD128_MEMATTR = FIELD(5, 2),
	TTD128_FNXS = BIT_FIELD(11),    /* RES0 for an SMMU */
	TTD128_ASSUREDONLY = BIT_FIELD(114),

	/* Table, stage 1 */
	TTD128_DISCH = BIT_FIELD(112),  /* in the next table no leaf is Contiguous */
	TTD128_NSTABLE = BIT_FIELD(127),
};

/* The value of a field, at bit 0. */
static inline uint64_t ttd128_get(const struct ttd128 *ttd, enum ttd128_field field)
{
	return field_value(ttd->word, (int)field);
}

/* AP[2:1] where a regime has two privileges. */
enum ttd_ap {
	TTD_AP_PRIV_RW = 0,
	TTD_AP_ALL_RW = 1,
	TTD_AP_PRIV_RO = 2,
	TTD_AP_ALL_RO = 3,
};

enum ttd_aptable {
	TTD_APTABLE_NONE = 0,
	TTD_APTABLE_NO_UNPRIV = 1,       /* no unprivileged access */
	TTD_APTABLE_READ_ONLY = 2,
	TTD_APTABLE_READ_ONLY_NO_UNPRIV = 3,
};

enum ttd_s2ap {
	TTD_S2AP_NONE = 0,
	TTD_S2AP_RO = 1,
	TTD_S2AP_WO = 2,
	TTD_S2AP_RW = 3,
};

/* XN[1:0] with XNX */
enum ttd_s2xn {
	TTD_S2XN_ALL_X = 0,    /* executable, both privileges */
	TTD_S2XN_UNPRIV_X = 1, /* executable unprivileged only */
	TTD_S2XN_NONE_X = 2,
	TTD_S2XN_PRIV_X = 3,   /* executable privileged only */
};

/* The value of a field, at bit 0. */
static inline uint64_t ttd_get(uint64_t ttd, enum ttd_field field)
{
	return field_value(&ttd, (int)field);
}

/* An address field, its bits where they stand. */
static inline uint64_t ttd_address(uint64_t ttd, enum ttd_field field)
{
	return field_in_place(&ttd, (int)field);
}

#endif
