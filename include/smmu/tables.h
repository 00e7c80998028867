/* SPDX-License-Identifier: MIT */
/*
 * Builds Stream tables, Context descriptors, translation tables, Device Permission Tables and
 * granule protection tables in memory: what a driver or firmware would write.  Functions return 0,
 * a negative enum smmu3_code, or what a callback returned when it failed; a StreamID, SubstreamID
 * or address out of range is SMMU3_E_ARGUMENT.  They keep no state: any thread, one at a time per
 * table.  examples/stage1.c shows how they go together.
 */
#ifndef SMMU3_TABLES_H
#define SMMU3_TABLES_H

#include <smmu/smmu.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where tables are written.  Words are 64-bit values; the callbacks store them little-endian.
 * allocate returns zeroed memory of `bytes` (a power of two), aligned to its size, in *at: the
 * address that software puts into pointers (a PA, or an IPA when the tables live behind stage 2),
 * or a negative code.  read and write take that same address.  All return 0 or negative. */
struct smmu3_builder {
	void *context;
	int (*allocate)(void *context, uint64_t bytes, uint64_t *at);
	int (*read)(void *context, uint64_t at, uint64_t *word);
	int (*write)(void *context, uint64_t at, uint64_t word);
};

/* Formats of translation tables. */
enum smmu3_table_format {
	SMMU3_TABLE_AA64, /* VMSAv8-64 */
	SMMU3_TABLE_LPAE, /* VMSAv8-32: 4KB granule, inputs of 25 to 32 bits, of stage 2 to 40;
			     outputs of 40 bits */
	SMMU3_TABLE_D128, /* VMSAv9-128, which needs IDR5.D128: inputs of 16 to 56 bits, with 64KB
			     of 17; outputs of 32 to 56; start_level follows from them and skip */
};

/* One translation table, one stage.  Zero it, fill the first part, then smmu3_table_create fills
 * the second. */
struct smmu3_table {
	uint8_t stage;       /* 1 or 2 */
	uint8_t granule_lg2; /* 12, 14, 16 */
	uint8_t input_bits;  /* size of the VA or IPA region: 64 - TxSZ, of VMSAv8-32 32 - TxSZ */
	uint8_t output_bits; /* size of output addresses: 32, 36, 40, 42, 44, 48, or with 64 KB or
			      * ds 52 */
	int8_t start_level;  /* stage 2: asked for, or SMMU3_LEVEL_AUTO for the shortest walk; input
			      * regions below 25 bits need IDR3.STT, as at stage 1 */
	uint8_t upper;       /* stage 1: 1 for the TTB1 half, addresses sign-extended to 64 bits,
				of VMSAv8-32 to 32 */
	uint8_t ds;     /* 4 KB and 16 KB: 1 for addresses of 52 bits, which need IDR5.DS. Leaves
			 * have no SH then: CD.SHx and STE.S2SH0 say it.  Both halves of a CD, and
			 * both trees of a Secure STE, have the same */
	uint8_t format; /* enum smmu3_table_format */
	uint8_t big_endian; /* bytes of descriptors; the CD, or the STE, has it of all its tables */
	uint64_t root;      /* base of the (first) initial table */
	uint8_t skip; /* VMSAv9-128: levels that the initial table skips, 0 to 3, so that it is so
			 much larger: CD.SKLx, STE.S2SKL */
};
#define SMMU3_LEVEL_AUTO (-8)

struct smmu3_map {
	uint64_t input, output, size;
	uint64_t block; /* largest block wanted, bytes; 0: the largest that fits, the granule for
			   pages only */
	uint8_t contiguous;        /* set the Contiguous bit on every group that fits */
	uint64_t attributes;       /* the descriptor's own bits besides address and type: as
				      smmu3_s1_attributes gives */
	uint64_t table_attributes; /* bits for table descriptors that this call creates: APTable and
				      the like; with CD.PnCH, bit 52: Protected */
	/* VMSAv9-128: bits 127:64 of both, besides SKL */
	uint64_t attributes_high, table_attributes_high;
};

/* Refuses sizes the format does not have: SMMU3_E_ARGUMENT.  Allocates the initial table(s). */
SMMU3_API int smmu3_table_create(const struct smmu3_builder *builder, struct smmu3_table *table);

/* Maps a range.  SMMU3_E_ARGUMENT: misaligned, outside the table, beyond output_bits;
 * SMMU3_E_OVERLAP: something is mapped there already, nothing is changed then. */
SMMU3_API int smmu3_table_map(const struct smmu3_builder *builder, const struct smmu3_table *table,
			      const struct smmu3_map *map);

/* Writes 0 over the leaf that covers input.  In a Contiguous run it is for the caller to unmap all
 * of the run, as the architecture wants (D8.7.1).  SMMU3_E_NOT_FOUND. */
SMMU3_API int smmu3_table_unmap(const struct smmu3_builder *builder,
				const struct smmu3_table *table, uint64_t input);

/* Descriptor bits of a stage 1 leaf.  D8.3.1.2 */
struct smmu3_s1_attributes {
	uint8_t attr_index; /* into CD.MAIR */
	uint8_t sh;         /* enum smmu3_shareability */
	uint8_t ap;         /* AP[2:1] */
	uint8_t pxn, uxn, ng, af, ns, dbm;
	/* With CD.PIE, in place of ap, pxn, uxn and dbm.  3.26.1 */
	uint8_t indirect; /* 1: so it is */
	uint8_t pi;       /* PIIndex, into CD.PIIP and PIIU */
	uint8_t dirty;    /* the dirty state: 0 is clean, which nobody writes to */
	/* With CD.PnCH, in place of Contiguous, which is not to be asked for then.  3.27.1 */
	uint8_t is_protected;
};
SMMU3_API uint64_t smmu3_s1_leaf(const struct smmu3_s1_attributes *attributes);

/* Descriptor bits of a stage 2 leaf. */
struct smmu3_s2_attributes {
	uint8_t memattr; /* MemAttr[3:0] */
	uint8_t sh;
	uint8_t s2ap; /* bit 0 read, bit 1 write */
	uint8_t xn;   /* XN[1:0] at bits 54:53 */
	uint8_t af, dbm;
	uint8_t ns; /* of Realm streams: what it maps is Non-secure */
	/* With STE.S2PIE, in place of s2ap, xn and dbm.  3.26.2 */
	uint8_t indirect;     /* 1: so it is */
	uint8_t pi, po;       /* PIIndex, into S2PII; POIndex, into STE.S2POI */
	uint8_t dirty;        /* the dirty state: 0 is clean, which nobody writes to */
	uint8_t assured_only; /* with STE.AssuredOnly: for Assured translations alone.  3.27.2 */
};
SMMU3_API uint64_t smmu3_s2_leaf(const struct smmu3_s2_attributes *attributes);

/* Descriptor bits of a VMSAv9-128 leaf, whose permissions are indirect.  D8.3.2.2 */
struct smmu3_d128_attributes {
	uint8_t attr_index; /* stage 1: into CD.MAIR, with CD.AIE of four bits; stage 2: MemAttr */
	uint8_t sh;         /* enum smmu3_shareability */
	uint8_t pi_index;   /* which of CD.PIIU and CD.PIIP, or of S2PII; 4 bits */
	uint8_t po_index;   /* stage 2: which of STE.S2POI */
	uint8_t clean;      /* it waits to be written to: nDirty, or no Dirty */
	uint8_t af, ng, ns; /* ng: stage 1 */
	uint8_t hardened;   /* with IDR3.THE: Protected of stage 1, AssuredOnly of stage 2.  3.27 */
};
/* Bits 63:0 and 127:64, for smmu3_map. */
SMMU3_API void smmu3_d128_leaf(unsigned stage, const struct smmu3_d128_attributes *attributes,
			       uint64_t leaf[2]);

/* Fields of STEs and CDs that follow from tables, put into words of 64 bytes: S2T0SZ, S2SL0, S2TG,
 * S2PS, S2AA64, S2TTB, S2SKL; TxSZ, TGx, TTBx, IPS, AA64, SKLx.  IPS grows to what this table
 * needs, and never shrinks: both halves share it.  Every other field is for the caller
 * (smmu3_field_set): usually V, A, R, ASET, ASID, MAIR0, MAIR1, IRx, ORx, SHx, and EPD of a half
 * without a table; V, Config, SHCFG, S1CIR, S1COR, S1CSH, S2VMID, S2IR0, S2OR0, S2SH0, S2R.
 * SMMU3_E_ARGUMENT for a table of the other stage. */
SMMU3_API int smmu3_ste_stage2(uint64_t ste[8], const struct smmu3_table *table);
/* The tree of Secure IPAs of a Secure STE, where smmu3_ste_stage2, called first, puts that of
 * Non-secure ones: S_S2T0SZ, S_S2SL0, S_S2TG, S_S2TTB, S_S2SKL.  Both share S2PS, which grows as
 * IPS does. The spaces, S2SW, S2SA, S2NSW and S2NSA, are for the caller.  3.10.2.2 */
SMMU3_API int smmu3_ste_secure_stage2(uint64_t ste[8], const struct smmu3_table *table);
SMMU3_API int smmu3_cd_stage1(uint64_t cd[8], const struct smmu3_table *table);

/* A Stream table: linear, or two-level with split 6, 8 or 10. */
struct smmu3_stream_table_shape {
	uint64_t base; /* filled by create */
	uint8_t two_level, log2size, split;
};
SMMU3_API int smmu3_stream_table_create(const struct smmu3_builder *builder,
					struct smmu3_stream_table_shape *table);
/* Writes an STE, allocating its second-level table where needed (all its other STEs V=0).  Word 0
 * last. */
SMMU3_API int smmu3_stream_table_set(const struct smmu3_builder *builder,
				     const struct smmu3_stream_table_shape *table, uint32_t sid,
				     const uint64_t ste[8]);
/* Values of STRTAB_BASE and STRTAB_BASE_CFG for it. */
SMMU3_API void smmu3_stream_table_registers(const struct smmu3_stream_table_shape *table,
					    uint64_t *base, uint32_t *config);

/* A CD table: format is STE.S1Fmt (0 linear, 1 two-level with 4 KB leaves, 2 with 64 KB leaves),
 * cdmax is STE.S1CDMax. */
struct smmu3_cd_table {
	uint64_t base; /* filled by create: STE.S1ContextPtr */
	uint8_t format, cdmax;
};
SMMU3_API int smmu3_cd_table_create(const struct smmu3_builder *builder,
				    struct smmu3_cd_table *table);
SMMU3_API int smmu3_cd_table_set(const struct smmu3_builder *builder,
				 const struct smmu3_cd_table *table, uint32_t ssid,
				 const uint64_t cd[8]);
/* S1ContextPtr, S1Fmt, S1CDMax into an STE. */
SMMU3_API int smmu3_ste_cd_table(uint64_t ste[8], const struct smmu3_cd_table *table);

/* A Device Permission Table.  3.24 */
struct smmu3_dpt {
	uint8_t size_bits;   /* of the addresses that it has: 32, 36, 40, 42, 44, 48 or 52 */
	uint8_t level0_bits; /* of a level 0 descriptor: 30, 34, 36 or 39, at most size_bits */
	uint8_t granule_lg2; /* 12, 14, 16 */
	uint64_t base;       /* filled by create */
};

/* What it grants of a range, which is of whole granules. */
struct smmu3_dpt_grant {
	uint64_t addr, size;
	uint8_t writable;   /* W */
	uint8_t ac;         /* AC: 0 and 1 of vmid, 2 of every VMID */
	uint8_t contiguous; /* use contiguous regions where they fit */
	uint16_t vmid;
};

/* Without a grant there is no access.  SMMU3_E_ARGUMENT for sizes that the format does not have. */
SMMU3_API int smmu3_dpt_create(const struct smmu3_builder *builder, struct smmu3_dpt *dpt);
/* In blocks of level 0 where they fit.  SMMU3_E_ARGUMENT: misaligned, or outside the table;
 * SMMU3_E_OVERLAP: something is granted there already, nothing is changed then. */
SMMU3_API int smmu3_dpt_grant(const struct smmu3_builder *builder, const struct smmu3_dpt *dpt,
			      const struct smmu3_dpt_grant *grant);
/* Values of DPT_BASE and DPT_BASE_CFG for it. */
SMMU3_API void smmu3_dpt_registers(const struct smmu3_dpt *dpt, uint64_t *base, uint32_t *config);

/* Granule protection information: the PA space that a granule is of.  D9.6 */
enum smmu3_gpi {
	SMMU3_GPI_NONE = 0, /* it cannot be accessed */
	SMMU3_GPI_SECURE = 8,
	SMMU3_GPI_NS = 9,
	SMMU3_GPI_ROOT = 10,
	SMMU3_GPI_REALM = 11,
	SMMU3_GPI_ANY = 15, /* of every space */
};

/* A granule protection table, of the Root space.  D9.6 */
struct smmu3_gpt {
	uint8_t size_bits;   /* of the addresses that it protects: 32, 36, 40, 42, 44, 48 or 52 */
	uint8_t level0_bits; /* of a level 0 entry: 30, 34, 36 or 39, as the implementation has it
			      */
	uint8_t granule_lg2; /* 12, 14, 16 */
	uint64_t base;       /* filled by create */
};

/* What a range is to be; it is of whole granules. */
struct smmu3_gpt_range {
	uint64_t addr, size;
	uint8_t gpi;        /* enum smmu3_gpi */
	uint8_t contiguous; /* use contiguous entries where they fit */
};

/* All of it has this GPI.  SMMU3_E_ARGUMENT for sizes or a GPI that the format does not have. */
SMMU3_API int smmu3_gpt_create(const struct smmu3_builder *builder, struct smmu3_gpt *gpt,
			       enum smmu3_gpi gpi);
/* Gives a range a GPI in place of those that it had: in blocks of level 0 where they fit; what is
 * larger than the range is split, and keeps its GPI beside it.  A level 1 table whose place a block
 * takes is left where it is.  SMMU3_E_ARGUMENT: misaligned, outside the table, a reserved GPI;
 * where a callback fails, part of the range may be set. */
SMMU3_API int smmu3_gpt_set(const struct smmu3_builder *builder, const struct smmu3_gpt *gpt,
			    const struct smmu3_gpt_range *range);
/* Values of ROOT_GPT_BASE and ROOT_GPT_BASE_CFG for it: fetches are Write-Back, Inner Shareable. */
SMMU3_API void smmu3_gpt_registers(const struct smmu3_gpt *gpt, uint64_t *base, uint64_t *config);

#ifdef __cplusplus
}
#endif

#endif
