/* SPDX-License-Identifier: MIT */
/* Stream Table Entry, 5.2, and Level 1 Stream Table Descriptor, 5.1.  The words are numbers,
 * already out of little-endian memory. */
#ifndef SMMU_ARCH_STE_H
#define SMMU_ARCH_STE_H

#include "arch/field.h"

enum {
	STE_BYTES = 64,
	L1STD_BYTES = 8,
};

struct ste {
	uint64_t word[8];
};

/* 5.2 describes each field under its name; where another section matters as much, the comment
 * gives it.  Fields named S_* hold for the Secure IPA space of a Secure stream.  "CD fetch"
 * includes the fetch of an L1CD. */
enum ste_field {
	STE_V = BIT_FIELD(0),              /* 0: C_BAD_STE, the rest is ignored */
	STE_CONFIG = FIELD(3, 1),          /* which stages translate: enum ste_config */
	STE_S1FMT = FIELD(5, 4),           /* form of the CD table: enum ste_s1fmt */
	STE_S1CONTEXTPTR = FIELD(55, 6),   /* the CD or CD table; an IPA if stage 2 is on */
	STE_S1CDMAX = FIELD(63, 59),       /* the CD table has 2^this entries; 0: no substreams */
	STE_S1DSS = FIELD(65, 64),         /* traffic without a SubstreamID: enum ste_s1dss */
	STE_S1CIR = FIELD(67, 66),         /* CD fetch, inner: enum cd_fetch_cacheability */
	STE_S1COR = FIELD(69, 68),         /* CD fetch, outer */
	STE_S1CSH = FIELD(71, 70),         /* CD fetch, as a descriptor's SH */
	STE_S2HWU59 = BIT_FIELD(72),       /* stage 2 descriptor bit 59 is PBHA[0] */
	STE_S2HWU60 = BIT_FIELD(73),
	STE_S2HWU61 = BIT_FIELD(74),
	STE_S2HWU62 = BIT_FIELD(75),
	STE_DRE = BIT_FIELD(76),           /* destructive reads are let through as such.  3.22 */
	STE_CONT = FIELD(80, 77),          /* 2^this STEs around this one are equal: a hint */
	STE_DCP = BIT_FIELD(81),           /* directed cache prefetch is let through.  3.22 */
	STE_PPAR = BIT_FIELD(82),          /* PRI auto-responses carry the PASID.  8.1 */
	STE_MEV = BIT_FIELD(83),           /* similar events may be merged.  7.3.1 */
	STE_SW_RESERVED = FIELD(87, 84),   /* software's own */
	STE_S1PIE = BIT_FIELD(88),         /* CD.PIE works: stage 1 permission indirection.  3.26 */
	STE_S2FWB = BIT_FIELD(89),         /* MemAttr: forced Write-Back encoding.  13.1.6 */
	STE_S1MPAM = BIT_FIELD(90),        /* PARTID and PMG come from the CD.  17 */
	STE_S1STALLD = BIT_FIELD(91),      /* CD.S = 1 is ILLEGAL.  5.5 */
	STE_EATS = FIELD(93, 92),          /* ATS for this stream: enum ste_eats.  3.9 */
	STE_STRW = FIELD(95, 94),          /* StreamWorld of stage 1 only: enum ste_strw.  3.3.3 */
	STE_MEMATTR = FIELD(99, 96),       /* memory type to put in place: enum memattr */
	STE_MTCFG = BIT_FIELD(100),        /* 1: MEMATTR replaces the incoming type.  13.1.4 */
	STE_ALLOCCFG = FIELD(104, 101),    /* 0xxx: incoming hints; 1RWT: these hints.  13.1.4 */
	STE_SHCFG = FIELD(109, 108),       /* shareability override: enum ste_shcfg.  13.1.4 */
	STE_NSCFG = FIELD(111, 110),       /* Secure, Realm: NS of stage 1 bypass: enum ste_nscfg */
	STE_PRIVCFG = FIELD(113, 112),     /* PnU override: enum ste_privcfg.  13.1.4 */
	STE_INSTCFG = FIELD(115, 114),     /* InD override, of reads: enum ste_instcfg.  13.1.4 */
	STE_S2VMID = FIELD(143, 128),      /* tag of TLB entries.  3.17 */
	STE_S2T0SZ = FIELD(165, 160),      /* IPA size of stage 2 is 64 - this, in bits */
	STE_S2SL0 = FIELD(167, 166),       /* start level of stage 2, low bits */
	STE_S2IR0 = FIELD(169, 168),       /* stage 2 walk, inner: enum walk_cacheability */
	STE_S2OR0 = FIELD(171, 170),       /* stage 2 walk, outer */
	STE_S2SH0 = FIELD(173, 172),       /* stage 2 walk, as a descriptor's SH */
	STE_S2TG = FIELD(175, 174),        /* granule of stage 2: enum tg0 */
	STE_S2PS = FIELD(178, 176),        /* output: 32, 36, 40, 42, 44, 48, 52, 56 bits.  3.4 */
	STE_S2AA64 = BIT_FIELD(179),       /* 1: VMSAv8-64 */
	STE_S2ENDI = BIT_FIELD(180),       /* 1: stage 2 tables are big-endian */
	STE_S2AFFD = BIT_FIELD(181),       /* AF = 0 raises no Access flag fault */
	STE_S2PTW = BIT_FIELD(182),        /* a CD fetch or stage 1 walk mapped as Device faults */
	STE_S2HD = BIT_FIELD(183),         /* hardware updates the dirty state.  3.13 */
	STE_S2HA = BIT_FIELD(184),         /* hardware updates the Access flag.  3.13 */
	STE_S2S = BIT_FIELD(185),          /* stage 2 faults stall.  5.5 */
	STE_S2R = BIT_FIELD(186),          /* stage 2 faults are recorded.  5.5 */
	STE_S2HAFT = BIT_FIELD(187),       /* hardware updates AF of table descriptors.  3.13 */
	STE_S2PIE = BIT_FIELD(188),        /* stage 2 permission indirection.  3.26 */
	STE_S2POE = BIT_FIELD(189),        /* stage 2 permission overlay.  3.26 */
	STE_DPT_VMATCH = FIELD(191, 190),  /* which VMIDs a DPT entry may have.  3.24 */
	STE_S2NSW = BIT_FIELD(192),        /* Non-secure IPA: NS of the stage 2 walk.  3.10.2.2 */
	STE_S2NSA = BIT_FIELD(193),        /* Non-secure IPA: NS of the output */
	STE_S2SL0_2 = BIT_FIELD(194),      /* start level of stage 2, high bit */
	STE_S2DS = BIT_FIELD(195),         /* 52-bit addresses with 4KB and 16KB granules */
	STE_S2TTB = FIELD(247, 196),       /* address of the stage 2 table */
	STE_S2SKL = FIELD(254, 253),       /* VMSAv9-128: levels skipped */
	STE_PARTID = FIELD(287, 272),      /* MPAM partition.  17 */
	STE_S_S2T0SZ = FIELD(293, 288),
	STE_S_S2SL0 = FIELD(295, 294),
	STE_S_S2TG = FIELD(303, 302),
	STE_MECID = FIELD(319, 304),       /* memory encryption context.  18 */
	STE_PMG = FIELD(327, 320),         /* MPAM performance group.  17 */
	STE_MPAM_NS = BIT_FIELD(328),      /* MPAM space */
	STE_ASSUREDONLY = BIT_FIELD(329),  /* stage 2 descriptor bit 58 is AssuredOnly.  3.27 */
	STE_TL0 = BIT_FIELD(330),          /* TopLevel check of TTB0 tables.  3.27 */
	STE_TL1 = BIT_FIELD(331),          /* TopLevel check of TTB1 tables.  3.27 */
	STE_VMSPTR = FIELD(375, 332),      /* address of the VMS.  5.6 */
	STE_S2SW = BIT_FIELD(384),         /* Secure IPA: NS of the stage 2 walk.  3.10.2.2 */
	STE_S2SA = BIT_FIELD(385),         /* Secure IPA: NS of the output */
	STE_S_S2SL0_2 = BIT_FIELD(386),
	STE_S_S2TTB = FIELD(439, 388),
	STE_S_S2SKL = FIELD(446, 445),
	STE_S2POI0 = FIELD(451, 448),      /* stage 2 overlay permission of POIndex 0.  3.26 */
	STE_S2POI1 = FIELD(455, 452),
	STE_S2POI2 = FIELD(459, 456),
	STE_S2POI3 = FIELD(463, 460),
	STE_S2POI4 = FIELD(467, 464),
	STE_S2POI5 = FIELD(471, 468),
	STE_S2POI6 = FIELD(475, 472),
	STE_S2POI7 = FIELD(479, 476),
	STE_S2POI8 = FIELD(483, 480),
	STE_S2POI9 = FIELD(487, 484),
	STE_S2POI10 = FIELD(491, 488),
	STE_S2POI11 = FIELD(495, 492),
	STE_S2POI12 = FIELD(499, 496),
	STE_S2POI13 = FIELD(503, 500),
	STE_S2POI14 = FIELD(507, 504),
	STE_S2POI15 = FIELD(511, 508),
};

enum ste_config {
	STE_CONFIG_ABORT = 0,  /* so do 1, 2 and 3 */
	STE_CONFIG_BYPASS = 4,
	STE_CONFIG_S1 = 5,
	STE_CONFIG_S2 = 6,
	STE_CONFIG_NESTED = 7,
	/* Its bits, where a rule is about one of them */
	STE_CONFIG_S1_BIT = 1,
	STE_CONFIG_S2_BIT = 2,
	STE_CONFIG_PASS_BIT = 4,
};

enum ste_s1fmt {
	STE_S1FMT_LINEAR = 0,
	STE_S1FMT_4K_L2 = 1,   /* two levels; each leaf table is 4KB, 64 CDs */
	STE_S1FMT_64K_L2 = 2,  /* two levels; each leaf table is 64KB, 1024 CDs */
	STE_S1FMT_RESERVED = 3, /* behaves as linear */
};

enum ste_s1dss {
	STE_S1DSS_TERMINATE = 0, /* abort, F_STREAM_DISABLED */
	STE_S1DSS_BYPASS = 1,    /* stage 1 is bypassed */
	STE_S1DSS_SUBSTREAM0 = 2, /* CD 0, which SubstreamID 0 may then not use */
	STE_S1DSS_RESERVED = 3,  /* behaves as terminate */
};

enum ste_strw {
	STE_STRW_EL1 = 0,
	STE_STRW_EL3 = 1, /* Secure streams only */
	STE_STRW_EL2 = 2,
	STE_STRW_RESERVED = 3,
};

enum ste_privcfg {
	STE_PRIVCFG_INCOMING = 0, /* so does 1 */
	STE_PRIVCFG_UNPRIVILEGED = 2,
	STE_PRIVCFG_PRIVILEGED = 3,
};

enum ste_instcfg {
	STE_INSTCFG_INCOMING = 0, /* so does 1 */
	STE_INSTCFG_DATA = 2,
	STE_INSTCFG_INSTRUCTION = 3,
};

enum ste_nscfg {
	STE_NSCFG_INCOMING = 0,
	STE_NSCFG_CHECK = 1, /* Realm with R_IDR3.XT; otherwise behaves as 0 */
	STE_NSCFG_OWN = 2,   /* Secure, or Realm: the stream's own space */
	STE_NSCFG_NON_SECURE = 3,
};

enum ste_shcfg {
	STE_SHCFG_NSH = 0,
	STE_SHCFG_INCOMING = 1,
	STE_SHCFG_OSH = 2,
	STE_SHCFG_ISH = 3,
};

enum ste_eats {
	STE_EATS_DISABLED = 0,
	STE_EATS_FULL = 1,
	STE_EATS_SPLIT = 2,
	STE_EATS_DPT = 3, /* full, checked against the device permission table */
};

/* The value of a field, at bit 0. */
static inline uint64_t ste_get(const struct ste *ste, enum ste_field field)
{
	return field_value(ste->word, (int)field);
}

/* An address field, its bits where they stand. */
static inline uint64_t ste_address(const struct ste *ste, enum ste_field field)
{
	return field_in_place(ste->word, (int)field);
}

struct l1std {
	uint64_t word[1];
};

enum l1std_field {
	L1STD_SPAN = FIELD(4, 0),   /* 0: no table; 1 to 11: 2^(this - 1) STEs; above: as 0 */
	L1STD_L2PTR = FIELD(55, 6), /* address of the array of STEs, aligned to its size */
};

static inline uint64_t l1std_get(const struct l1std *l1std, enum l1std_field field)
{
	return field_value(l1std->word, (int)field);
}

static inline uint64_t l1std_address(const struct l1std *l1std, enum l1std_field field)
{
	return field_in_place(l1std->word, (int)field);
}

#endif
