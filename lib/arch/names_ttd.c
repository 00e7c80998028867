/* SPDX-License-Identifier: MIT */
/*
 * * Every bit of a VMSAv8-64 descriptor, D8.3.1, of a VMSAv9-128 one, D8.3.2, and of a granule protection table entry,
 * D9.6.  Where the granule decides what a bit means, the name says both: bits 15:12 are address
 * bits 51:48 with a 64KB granule and 52-bit output, else in place.  With permission indirection
 * AP, DBM, PXN and UXN hold PIIndex.
 */
#include "arch/names.h"
#include "arch/gpt.h"
#include "arch/ttd.h"

#define VALID_MEANINGS "0=invalid|1=valid"
/* Those of features that an SMMU does not have are reserved in its table, and named. */
#define GPI_MEANINGS                                                              \
	"0=no access|1-3=reserved|4=reserved: System Agent|"                      \
	"5=reserved: Non-secure Protected|6-7=reserved: no access|8=Secure|"      \
	"9=Non-secure|10=Root|11=Realm|12=reserved|13=reserved: Non-secure only|" \
	"14=reserved|15=any"
#define GPT_L0_MEANINGS "0=invalid|1=block|2=invalid|3=table|4-15=invalid"
#define GRANULE(i) { "GPI" #i, 4 * (i) + 3, 4 * (i), 0, GPI_MEANINGS }

static const struct smmu3_field s1_table[] = {
	MEANS("Valid", TTD_VALID, VALID_MEANINGS),
	MEANS("Type", TTD_TYPE, "0=block|1=table"),
	IGNORED(7, 2),
	NAMED("NLTA[51:50]", TTD_ADDR_51_50),
	NAMED("AF", TTD_AF),
	IGNORED(11, 11),
	ADDRESS("NLTA[15:12] or [51:48]", TTD_ADDR_51_48),
	ADDRESS("NLTA[47:16]", TTD_ADDR_64K),
	ADDRESS("NLTA[49:48]", TTD_ADDR_49_48),
	RES0(50, 50),
	IGNORED(51, 51),
	NAMED("Protected", TTD_PROTECTED),
	IGNORED(58, 53),
	MEANS("PXNTable", TTD_PXNTABLE, "0=no limit|1=not executable privileged"),
	MEANS("UXNTable", TTD_UXNTABLE, "0=no limit|1=not executable unprivileged"),
	MEANS("APTable", TTD_APTABLE,
	      "0=no limit|1=no unprivileged access|2=read-only|"
	      "3=read-only, no unprivileged access"),
	MEANS("NSTable", TTD_NSTABLE, "0=Secure|1=Non-secure"),
};

static const struct smmu3_field s1_leaf[] = {
	MEANS("Valid", TTD_VALID, VALID_MEANINGS),
	MEANS("Type", TTD_TYPE, "0=block|1=page"),
	NAMED("AttrIndx", TTD_ATTRINDX),
	NAMED("NS", TTD_NS),
	MEANS("AP[2:1]", TTD_AP,
	      "0=privileged read/write|1=read/write|2=privileged read-only|3=read-only"),
	MEANS("SH", TTD_SH, SH_MEANINGS),
	MEANS("AF", TTD_AF, "0=not accessed|1=accessed"),
	MEANS("nG", TTD_NG, "0=global|1=of this ASID"),
	ADDRESS("OA[15:12] or [51:48]", TTD_ADDR_51_48),
	ADDRESS("OA[16] or nT", TTD_NT),
	ADDRESS("OA[47:17]", TTD_ADDR_47_17),
	ADDRESS("OA[49:48]", TTD_ADDR_49_48),
	NAMED("GP", TTD_GP),
	MEANS("DBM", TTD_DBM, "0=as AP says|1=hardware may make it writable"),
	MEANS("Contiguous", TTD_CONTIGUOUS, "0=alone|1=one of a run"),
	MEANS("PXN", TTD_PXN, "0=executable privileged|1=not executable privileged"),
	MEANS("UXN", TTD_UXN, "0=executable unprivileged|1=not executable unprivileged"),
	NAMED("SW", TTD_S1_SW),
	NAMED("PBHA", TTD_PBHA),
	NAMED("AMEC", TTD_AMEC),
};

static const struct smmu3_field s2_table[] = {
	MEANS("Valid", TTD_VALID, VALID_MEANINGS),
	MEANS("Type", TTD_TYPE, "0=block|1=table"),
	IGNORED(7, 2),
	NAMED("NLTA[51:50]", TTD_ADDR_51_50),
	NAMED("AF", TTD_AF),
	IGNORED(11, 11),
	ADDRESS("NLTA[15:12] or [51:48]", TTD_ADDR_51_48),
	ADDRESS("NLTA[47:16]", TTD_ADDR_64K),
	ADDRESS("NLTA[49:48]", TTD_ADDR_49_48),
	RES0(50, 50),
	IGNORED(58, 51),
	RES0(62, 59),
	RES0(63, 63),
};

static const struct smmu3_field s2_leaf[] = {
	MEANS("Valid", TTD_VALID, VALID_MEANINGS),
	MEANS("Type", TTD_TYPE, "0=block|1=page"),
	NAMED("MemAttr", TTD_MEMATTR), /* what it means depends on STE.S2FWB */
	MEANS("S2AP", TTD_S2AP, "0=no access|1=read-only|2=write-only|3=read/write"),
	MEANS("SH", TTD_SH, SH_MEANINGS),
	MEANS("AF", TTD_AF, "0=not accessed|1=accessed"),
	RES0(11, 11),
	ADDRESS("OA[15:12] or [51:48]", TTD_ADDR_51_48),
	ADDRESS("OA[16] or nT", TTD_NT),
	ADDRESS("OA[47:17]", TTD_ADDR_47_17),
	ADDRESS("OA[49:48]", TTD_ADDR_49_48),
	RES0(50, 50),
	MEANS("DBM", TTD_DBM, "0=as S2AP says|1=hardware may make it writable"),
	MEANS("Contiguous", TTD_CONTIGUOUS, "0=alone|1=one of a run"),
	MEANS("XN", TTD_S2XN,
	      "0=executable|1=executable unprivileged only|2=not executable|"
	      "3=executable privileged only"),
	NAMED("NS", TTD_S2NS),
	NAMED("SW", TTD_S2_SW),
	NAMED("AssuredOnly", TTD_ASSUREDONLY),
	NAMED("PBHA", TTD_PBHA),
	NAMED("AMEC", TTD_AMEC),
};

#define SKL_MEANINGS "0=no level|1=1 level|2=2 levels|3=3 levels"

static const struct smmu3_field s1_table_128[] = {
	MEANS("Valid", TTD128_VALID, VALID_MEANINGS),
	RES0(1, 1),
	IGNORED(5, 2),
	NAMED("nT", TTD128_NT),
	IGNORED(9, 7),
	NAMED("AF", TTD128_AF),
	IGNORED(11, 11),
	ADDRESS("NLTA[55:12]", TTD128_ADDR),
	RES0(63, 56),
	RES0(90, 64),
	NAMED("SW", TTD128_SW),
	RES0(108, 101),
	MEANS("SKL", TTD128_SKL, SKL_MEANINGS),
	IGNORED(111, 111),
	MEANS("DisCH", TTD128_DISCH, "0=as the next table's leaves say|1=no leaf of the next table is Contiguous"),
	IGNORED(113, 113),
	NAMED("Protected", TTD128_PROTECTED),
	IGNORED(118, 115),
	RES0(126, 119),
	MEANS("NSTable", TTD128_NSTABLE, "0=Secure|1=Non-secure"),
};

static const struct smmu3_field s1_leaf_128[] = {
	MEANS("Valid", TTD128_VALID, VALID_MEANINGS),
	RES0(1, 1),
	NAMED("AttrIndx", TTD128_ATTRINDX),
	NAMED("AttrIndx[3]", TTD128_ATTRINDX3),
	NAMED("nT", TTD128_NT),
	MEANS("nDirty", TTD128_NDIRTY, "0=dirty|1=clean"),
	MEANS("SH", TTD128_SH, SH_MEANINGS),
	MEANS("AF", TTD128_AF, "0=not accessed|1=accessed"),
	MEANS("nG", TTD128_NG, "0=global|1=of this ASID"),
	ADDRESS("OA[55:12]", TTD128_ADDR),
	RES0(63, 56),
	RES0(90, 64),
	NAMED("SW", TTD128_SW),
	RES0(107, 101),
	NAMED("AMEC", TTD128_AMEC),
	MEANS("SKL", TTD128_SKL, SKL_MEANINGS),
	MEANS("Contiguous", TTD128_CONTIGUOUS, "0=alone|1=one of a run"),
	IGNORED(112, 112),
	NAMED("GP", TTD128_GP),
	NAMED("Protected", TTD128_PROTECTED),
	NAMED("PIIndex", TTD128_PIINDEX),
	RES0(126, 119),
	NAMED("NS", TTD128_NS),
};

static const struct smmu3_field s2_table_128[] = {
	MEANS("Valid", TTD128_VALID, VALID_MEANINGS),
	RES0(1, 1),
	IGNORED(5, 2),
	NAMED("nT", TTD128_NT),
	IGNORED(9, 7),
	NAMED("AF", TTD128_AF),
	IGNORED(11, 11),
	ADDRESS("NLTA[55:12]", TTD128_ADDR),
	RES0(63, 56),
	RES0(90, 64),
	NAMED("SW", TTD128_SW),
	RES0(108, 101),
	MEANS("SKL", TTD128_SKL, SKL_MEANINGS),
	IGNORED(111, 111),
	RES0(113, 112),
	IGNORED(118, 114),
	RES0(120, 119),
	IGNORED(124, 121),
	RES0(126, 125),
	IGNORED(127, 127),
};

static const struct smmu3_field s2_leaf_128[] = {
	MEANS("Valid", TTD128_VALID, VALID_MEANINGS),
	RES0(1, 1),
	NAMED("MemAttr", TTD128_MEMATTR), /* what it means depends on STE.S2FWB */
	NAMED("nT", TTD128_NT),
	MEANS("Dirty", TTD128_DIRTY, "0=clean|1=dirty"),
	MEANS("SH", TTD128_SH, SH_MEANINGS),
	MEANS("AF", TTD128_AF, "0=not accessed|1=accessed"),
	RES0(11, 11),
	ADDRESS("OA[55:12]", TTD128_ADDR),
	RES0(63, 56),
	RES0(90, 64),
	NAMED("SW", TTD128_SW),
	RES0(107, 101),
	NAMED("AMEC", TTD128_AMEC),
	MEANS("SKL", TTD128_SKL, SKL_MEANINGS),
	MEANS("Contiguous", TTD128_CONTIGUOUS, "0=alone|1=one of a run"),
	RES0(113, 112),
	NAMED("AssuredOnly", TTD128_ASSUREDONLY),
	NAMED("PIIndex", TTD128_PIINDEX),
	RES0(120, 119),
	NAMED("POIndex", TTD128_POINDEX),
	RES0(126, 125),
	NAMED("NS", TTD128_NS),
};

static const struct smmu3_layout ttd[] = {
	LAYOUT("TTD64_S1_TABLE", "D8.3.1.1", 64, s1_table),
	LAYOUT("TTD64_S1_LEAF", "D8.3.1.2", 64, s1_leaf),
	LAYOUT("TTD64_S2_TABLE", "D8.3.1.1", 64, s2_table),
	LAYOUT("TTD64_S2_LEAF", "D8.3.1.2", 64, s2_leaf),
	LAYOUT("TTD128_S1_TABLE", "D8.3.2.1", 128, s1_table_128),
	LAYOUT("TTD128_S1_LEAF", "D8.3.2.2", 128, s1_leaf_128),
	LAYOUT("TTD128_S2_TABLE", "D8.3.2.1", 128, s2_table_128),
	LAYOUT("TTD128_S2_LEAF", "D8.3.2.2", 128, s2_leaf_128),
};

const struct layouts ttd_layouts = { ttd, ARRAY_SIZE(ttd) };

static const struct smmu3_field gpt_block[] = {
	MEANS("Type", GPT_TYPE, GPT_L0_MEANINGS),
	MEANS("GPI", GPT_GPI, GPI_MEANINGS),
	RES0(63, 8),
};

static const struct smmu3_field gpt_table[] = {
	MEANS("Type", GPT_TYPE, GPT_L0_MEANINGS),
	RES0(11, 4),
	ADDRESS("Address", GPT_ADDR),
	RES0(63, 52),
};

static const struct smmu3_field gpt_contiguous[] = {
	MEANS("Type", GPT_TYPE, "1=contiguous"),
	MEANS("GPI", GPT_GPI, GPI_MEANINGS),
	MEANS("Contig", GPT_CONTIG, "0=reserved|1=2MB|2=32MB|3=512MB"),
	RES0(63, 10),
};

static const struct smmu3_field gpt_granules[] = {
	GRANULE(0),  GRANULE(1),  GRANULE(2),  GRANULE(3),
	GRANULE(4),  GRANULE(5),  GRANULE(6),  GRANULE(7),
	GRANULE(8),  GRANULE(9),  GRANULE(10), GRANULE(11),
	GRANULE(12), GRANULE(13), GRANULE(14), GRANULE(15),
};

static const struct smmu3_layout gpt[] = {
	LAYOUT("GPT_BLOCK", "D9.6.2", 64, gpt_block),
	LAYOUT("GPT_TABLE", "D9.6.1", 64, gpt_table),
	LAYOUT("GPT_CONTIGUOUS", "D9.6.4", 64, gpt_contiguous),
	LAYOUT("GPT_GRANULES", "D9.6.3", 64, gpt_granules),
};

const struct layouts gpt_layouts = { gpt, ARRAY_SIZE(gpt) };
