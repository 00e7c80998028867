/* SPDX-License-Identifier: MIT */
/* Encodings of memory type, cacheability and shareability, where the architecture has one:
 * CD.MAIR (5.4), stage 2 MemAttr (D8.6.5, D8.6.6), and the cacheability of table fetches (5.2,
 * 5.4).  Shareability everywhere is enum smmu3_shareability. */
#ifndef SMMU_ARCH_ATTR_H
#define SMMU_ARCH_ATTR_H

#include <stdbool.h>
#include <stdint.h>

/* One byte of CD.MAIR: outer in bits 7:4, inner in bits 3:0; outer 0000 is Device.  5.4 (MAIR0,
 * MAIR1) */
enum mair {
	MAIR_DEVICE_NGNRNE = 0x00,
	MAIR_DEVICE_NGNRE = 0x04,
	MAIR_DEVICE_NGRE = 0x08,
	MAIR_DEVICE_GRE = 0x0c,
	MAIR_NORMAL_NC = 0x44,    /* Non-cacheable, inner and outer */
	MAIR_NORMAL_WT = 0xbb,    /* Write-Through, read- and write-allocate, inner and outer */
	MAIR_NORMAL_WB = 0xff,    /* Write-Back, read- and write-allocate, inner and outer */
};

/* One half of a MAIR byte of Normal memory.  R and W, the read- and write-allocate hints, are its
 * low two bits; Write-Through transient with both clear does not exist as a half (inner:
 * reserved), and 0100 is Non-cacheable, not Write-Back transient. */
enum mair_half {
	MAIR_HALF_WT_TRANSIENT = 0x0,
	MAIR_HALF_NC = 0x4,
	MAIR_HALF_WB_TRANSIENT = 0x4, /* with R or W set */
	MAIR_HALF_WT = 0x8,
	MAIR_HALF_WB = 0xc,
	MAIR_HALF_W = 0x1,
	MAIR_HALF_R = 0x2,
	MAIR_HALF_HINTS = 0x3,
};

static inline bool mair_is_device(uint8_t mair)
{
	return mair >> 4 == 0;
}

/* Non-cacheable, inner and outer. */
static inline bool mair_is_nc(uint8_t mair)
{
	return mair == MAIR_NORMAL_NC;
}

static inline unsigned mair_outer(uint8_t mair)
{
	return (unsigned)mair >> 4;
}

static inline unsigned mair_inner(uint8_t mair)
{
	return mair & 0xfu;
}

/* Device, or not cacheable at any level: such memory is always Outer Shareable.  13.1.7 */
static inline bool mair_is_always_osh(uint8_t mair)
{
	return mair_is_device(mair) || mair_is_nc(mair);
}

/* Stage 2 MemAttr[3:0] without FWB, and always STE.MemAttr and GBPA.MemAttr: outer in bits 3:2,
 * inner in bits 1:0.  D8.6.5 */
enum memattr {
	MEMATTR_DEVICE_NGNRNE = 0x0,
	MEMATTR_DEVICE_NGNRE = 0x1,
	MEMATTR_DEVICE_NGRE = 0x2,
	MEMATTR_DEVICE_GRE = 0x3,
	MEMATTR_NORMAL_NC = 0x5,
	MEMATTR_NORMAL_WT = 0xa,
	MEMATTR_NORMAL_WB = 0xf,
};

/* A half of MemAttr of Normal memory.  Outer 0 is Device; inner 0 of Normal memory is reserved. */
enum memattr_half {
	MEMATTR_HALF_DEVICE = 0,
	MEMATTR_HALF_NC = 1,
	MEMATTR_HALF_WT = 2,
	MEMATTR_HALF_WB = 3,
};

/* Stage 2 MemAttr[2:0] with FWB; bit 2 clear: Device, the type in bits 1:0 as above.  D8.6.6 */
enum memattr_fwb {
	MEMATTR_FWB_DEVICE_MASK = 0x3,
	MEMATTR_FWB_NORMAL_BIT = 0x4,
	MEMATTR_FWB_RESERVED = 0x4,
	MEMATTR_FWB_NC = 0x5,         /* Non-cacheable, unless stage 1 says Device */
	MEMATTR_FWB_WB = 0x6,         /* Write-Back, whatever stage 1 says */
	MEMATTR_FWB_S1 = 0x7,         /* what stage 1 says */
};

/* CD.IRn, CD.ORn, STE.S2IR0, STE.S2OR0: how a walk reads its tables. */
enum walk_cacheability {
	WALK_NC = 0,
	WALK_WB_RA_WA = 1,
	WALK_WT_RA = 2,
	WALK_WB_RA = 3, /* no write-allocate */
};

/* STE.S1CIR, STE.S1COR, and CR1.*_IC, CR1.*_OC less their read-allocate hint: how CDs and STEs
 * are read. */
enum cd_fetch_cacheability {
	CD_FETCH_NC = 0,
	CD_FETCH_WB_RA = 1,
	CD_FETCH_WT_RA = 2,
	CD_FETCH_WB = 3, /* no read-allocate */
};

/* CR1.TABLE_IC, TABLE_OC, QUEUE_IC, QUEUE_OC.  6.3.11 */
enum cr1_cacheability {
	CR1_NC = 0,
	CR1_WB = 1,
	CR1_WT = 2,
	CR1_RESERVED = 3, /* behaves as NC */
};

#endif
