/* SPDX-License-Identifier: MIT */
/* Context Descriptor, 5.4, and Level 1 Context Descriptor, 5.3.  The words are numbers, already
 * out of little-endian memory. */
#ifndef SMMU_ARCH_CD_H
#define SMMU_ARCH_CD_H

#include "arch/field.h"

enum {
	CD_BYTES = 64,
	L1CD_BYTES = 8,
};

struct cd {
	uint64_t word[8];
};

/* 5.4 describes each field under its name; where another section matters as much, the comment
 * gives it.  What ends in 0 belongs to TTB0, what ends in 1 to TTB1. */
enum cd_field {
	CD_T0SZ = FIELD(5, 0),         /* VA size is 64 - this, in bits */
	CD_TG0 = FIELD(7, 6),          /* granule: enum tg0 */
	CD_IR0 = FIELD(9, 8),          /* inner cacheability of the walk: enum walk_cacheability */
	CD_OR0 = FIELD(11, 10),        /* outer cacheability of the walk */
	CD_SH0 = FIELD(13, 12),        /* shareability of the walk, as a descriptor's SH */
	CD_EPD0 = BIT_FIELD(14),       /* 1: no walks, F_TRANSLATION.  5.4.1.1 */
	CD_ENDI = BIT_FIELD(15),       /* 1: tables are big-endian */
	CD_T1SZ = FIELD(21, 16),
	CD_TG1 = FIELD(23, 22),        /* granule: enum tg1, whose encoding differs */
	CD_IR1 = FIELD(25, 24),
	CD_OR1 = FIELD(27, 26),
	CD_SH1 = FIELD(29, 28),
	CD_EPD1 = BIT_FIELD(30),
	CD_V = BIT_FIELD(31),          /* 0: C_BAD_CD, the rest is ignored */
	CD_IPS = FIELD(34, 32),        /* output: 32, 36, 40, 42, 44, 48, 52, 56 bits.  3.4 */
	CD_AFFD = BIT_FIELD(35),       /* AF = 0 raises no Access flag fault */
	CD_WXN = BIT_FIELD(36),        /* what is writable is not executable */
	CD_UWXN = BIT_FIELD(37),       /* LPAE: unprivileged-writable is privileged XN */
	CD_TBI0 = BIT_FIELD(38),       /* top byte of the address is ignored.  3.4.1 */
	CD_TBI1 = BIT_FIELD(39),
	CD_PAN = BIT_FIELD(40),        /* privileged access to unprivileged data faults */
	CD_AA64 = BIT_FIELD(41),       /* 1: VMSAv8-64 */
	CD_HD = BIT_FIELD(42),         /* hardware updates the dirty state.  3.13 */
	CD_HA = BIT_FIELD(43),         /* hardware updates the Access flag.  3.13 */
	CD_S = BIT_FIELD(44),          /* faults stall.  5.5 */
	CD_R = BIT_FIELD(45),          /* faults are recorded.  5.5 */
	CD_A = BIT_FIELD(46),          /* terminated faults abort; 0: RAZ/WI.  5.5 */
	CD_ASET = BIT_FIELD(47),       /* the ASID is not shared with PEs.  3.17 */
	CD_ASID = FIELD(63, 48),       /* tag of TLB entries.  3.17 */
	CD_NSCFG0 = BIT_FIELD(64),     /* Secure: NS of the walk at its start */
	CD_HAD0 = BIT_FIELD(65),       /* hierarchical attributes of tables are ignored */
	CD_DISCH0 = BIT_FIELD(65),     /* VMSAv9-128: the Contiguous bit is ignored */
	CD_E0PD0 = BIT_FIELD(66),      /* unprivileged access faults */
	CD_HAFT = BIT_FIELD(67),       /* hardware updates AF of table descriptors.  3.13 */
	CD_TTB0 = FIELD(119, 68),      /* address of the table */
	CD_PNCH = BIT_FIELD(122),      /* descriptor bit 52 is Protected.  3.27 */
	CD_EPAN = BIT_FIELD(123),      /* PAN counts what is unprivileged-executable too */
	CD_HWU059 = BIT_FIELD(124),    /* descriptor bit 59 is PBHA[0] */
	CD_HWU060 = BIT_FIELD(125),
	CD_HWU061 = BIT_FIELD(126),
	CD_HWU062 = BIT_FIELD(127),
	CD_SKL0 = FIELD(127, 126),     /* VMSAv9-128: levels skipped */
	CD_NSCFG1 = BIT_FIELD(128),
	CD_HAD1 = BIT_FIELD(129),
	CD_DISCH1 = BIT_FIELD(129),
	CD_E0PD1 = BIT_FIELD(130),
	CD_AIE = BIT_FIELD(131),       /* descriptor bit 59 is AttrIndx[3] */
	CD_TTB1 = FIELD(183, 132),
	CD_DS = BIT_FIELD(186),        /* 52-bit addresses with 4KB and 16KB granules */
	CD_PIE = BIT_FIELD(187),       /* stage 1 permission indirection.  3.26 */
	CD_HWU159 = BIT_FIELD(188),
	CD_HWU160 = BIT_FIELD(189),
	CD_HWU161 = BIT_FIELD(190),
	CD_HWU162 = BIT_FIELD(191),
	CD_SKL1 = FIELD(191, 190),
	CD_MAIR0 = FIELD(223, 192),    /* memory types of AttrIndx 0 to 3: attr.h */
	CD_MAIR1 = FIELD(255, 224),    /* memory types of AttrIndx 4 to 7 */
	CD_AMAIR0 = FIELD(287, 256),
	CD_AMAIR1 = FIELD(319, 288),
	CD_PARTID = FIELD(367, 352),   /* MPAM partition.  17 */
	CD_PMG = FIELD(375, 368),      /* MPAM performance group.  17 */
	CD_PIIU0 = FIELD(386, 384),    /* unprivileged permission of PIIndex 0.  3.26 */
	CD_PIIU1 = FIELD(389, 387),
	CD_PIIU2 = FIELD(392, 390),
	CD_PIIU3 = FIELD(395, 393),
	CD_PIIU4 = FIELD(398, 396),
	CD_PIIU5 = FIELD(401, 399),
	CD_PIIU6 = FIELD(404, 402),
	CD_PIIU7 = FIELD(407, 405),
	CD_PIIU8 = FIELD(410, 408),
	CD_PIIU9 = FIELD(413, 411),
	CD_PIIU10 = FIELD(416, 414),
	CD_PIIU11 = FIELD(419, 417),
	CD_PIIU12 = FIELD(422, 420),
	CD_PIIU13 = FIELD(425, 423),
	CD_PIIU14 = FIELD(428, 426),
	CD_PIIU15 = FIELD(431, 429),
	CD_PIIP0 = FIELD(450, 448),    /* privileged permission of PIIndex 0.  3.26 */
	CD_PIIP1 = FIELD(453, 451),
	CD_PIIP2 = FIELD(456, 454),
	CD_PIIP3 = FIELD(459, 457),
	CD_PIIP4 = FIELD(462, 460),
	CD_PIIP5 = FIELD(465, 463),
	CD_PIIP6 = FIELD(468, 466),
	CD_PIIP7 = FIELD(471, 469),
	CD_PIIP8 = FIELD(474, 472),
	CD_PIIP9 = FIELD(477, 475),
	CD_PIIP10 = FIELD(480, 478),
	CD_PIIP11 = FIELD(483, 481),
	CD_PIIP12 = FIELD(486, 484),
	CD_PIIP13 = FIELD(489, 487),
	CD_PIIP14 = FIELD(492, 490),
	CD_PIIP15 = FIELD(495, 493),
};

/* CD.TG0 and STE.S2TG */
enum tg0 {
	TG0_4K = 0,
	TG0_64K = 1,
	TG0_16K = 2,
	TG0_RESERVED = 3,
};

/* CD.TG1 */
enum tg1 {
	TG1_RESERVED = 0,
	TG1_16K = 1,
	TG1_4K = 2,
	TG1_64K = 3,
};

/* The value of a field, at bit 0. */
static inline uint64_t cd_get(const struct cd *cd, enum cd_field field)
{
	return field_value(cd->word, (int)field);
}

/* An address field, its bits where they stand. */
static inline uint64_t cd_address(const struct cd *cd, enum cd_field field)
{
	return field_in_place(cd->word, (int)field);
}

struct l1cd {
	uint64_t word[1];
};

enum l1cd_field {
	L1CD_V = BIT_FIELD(0),      /* 0: C_BAD_SUBSTREAMID */
	L1CD_L2PTR = FIELD(55, 12), /* address of the leaf table; an IPA if stage 2 translates */
};

static inline uint64_t l1cd_get(const struct l1cd *l1cd, enum l1cd_field field)
{
	return field_value(l1cd->word, (int)field);
}

static inline uint64_t l1cd_address(const struct l1cd *l1cd, enum l1cd_field field)
{
	return field_in_place(l1cd->word, (int)field);
}

#endif
