/* SPDX-License-Identifier: MIT */
/* Granule protection table entries, D9.6.  One 64-bit word; bits 3:0 say which form it has,
 * unless they are a granule's GPI. */
#ifndef SMMU_ARCH_GPT_H
#define SMMU_ARCH_GPT_H

#include "arch/field.h"

enum {
	GPT_BYTES = 8,
	GPT_GRANULES = 16, /* GPIs of a Granules entry: of granule i in bits 4i+3:4i */
};

enum gpt_field {
	GPT_TYPE = FIELD(3, 0),    /* enum gpt_type */
	GPT_GPI = FIELD(7, 4),     /* Block, Contiguous: enum gpi */
	GPT_CONTIG = FIELD(9, 8),  /* Contiguous: enum gpt_contig */
	GPT_ADDR = FIELD(51, 12),  /* Table: address of the level 1 table, Root space */
};

enum gpt_type {
	GPT_BLOCK = 1,      /* level 0 */
	GPT_CONTIGUOUS = 1, /* level 1 */
	GPT_TABLE = 3,      /* level 0 */
};

/* Granule protection information; the rest is reserved and makes the entry invalid.  So are those
 * that PEs have with FEAT_RME_GDI and FEAT_RME_GPC2, for no field of ROOT_GPT_BASE_CFG allows them:
 * 4 and 5, System Agent and Non-secure Protected; 6 and 7, no access; 13, Non-secure of the
 * Non-secure and Root states alone. */
enum gpi {
	GPI_NONE = 0x0, /* no access */
	GPI_SECURE = 0x8,
	GPI_NS = 0x9,
	GPI_ROOT = 0xa,
	GPI_REALM = 0xb,
	GPI_ANY = 0xf,
};

enum gpt_contig {
	GPT_CONTIG_RESERVED = 0,
	GPT_CONTIG_2M = 1,
	GPT_CONTIG_32M = 2,
	GPT_CONTIG_512M = 3,
};

/* Why a lookup ends in error, ROOT_GPT_CFG_FAR.CFG_ERR.  6.3.117 */
enum gpt_cfg_err {
	GPT_CFG_ERR_REGISTERS = 0, /* reserved or invalid configuration */
	GPT_CFG_ERR_BASE = 1,      /* the level 0 table is beyond PPS */
	GPT_CFG_ERR_FETCH = 2,     /* reading an entry was aborted */
	GPT_CFG_ERR_ENTRY = 3,     /* an entry is invalid */
	GPT_CFG_ERR_TABLE = 4,     /* a Table entry's address is beyond PPS */
};

/* The value of a field, at bit 0. */
static inline uint64_t gpt_get(uint64_t entry, enum gpt_field field)
{
	return field_value(&entry, (int)field);
}

/* An address field, its bits where they stand. */
static inline uint64_t gpt_address(uint64_t entry, enum gpt_field field)
{
	return field_in_place(&entry, (int)field);
}

#endif
