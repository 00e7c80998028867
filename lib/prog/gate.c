/* SPDX-License-Identifier: MIT */
#include "prog/gate.h"

#include "arch/regs.h"
#include "base/bits.h"
#include "config/label.h"
#include "prog/fields.h"
#include "walk/attributes.h"

enum {
	SHCFG_INCOMING = 1,
	SPLIT_DEFAULT = 6,
	STE_LG2 = 6,   /* 64 bytes */
	L1STD_LG2 = 3, /* 8 bytes */
};

/* Reserved values act as 6. */
static uint8_t effective_split(uint64_t split)
{
	return split == 8 || split == 10 ? (uint8_t)split : SPLIT_DEFAULT;
}

/* log2 of what the base is aligned to: the size of the table that software wrote, whatever SIDSIZE
 * is.  64 bytes is the least, which the register's own bits see to. */
static unsigned base_alignment(unsigned log2size, unsigned split, bool two_level)
{
	if (!two_level)
		return log2size + STE_LG2;
	return (log2size > split ? log2size - split : 0) + L1STD_LG2;
}

/* Of fetches of tables; `ra` is the hint of the register with their base.  6.3.11, 13.8 */
static struct smmu3_attr table_attr(const struct prog *prog, bool ra)
{
	const uint64_t cr1 = prog->value[PROG_CR1];

	return attr_table((unsigned)reg_get(cr1, CR1_TABLE_IC),
			  (unsigned)reg_get(cr1, CR1_TABLE_OC),
			  (unsigned)reg_get(cr1, CR1_TABLE_SH), ra);
}

struct smmu3_mpam global_label(const struct prog *prog, const struct features *features)
{
	const struct label label = { prog_get(prog, PROG_GMPAM, GMPAM_SO_PARTID),
				     prog_get(prog, PROG_GMPAM, GMPAM_SO_PMG),
				     prog_get(prog, PROG_GMPAM, GMPAM_MPAM_NS) };

	return label_effective(features, label);
}

static struct stream_table streams_from(const struct prog *prog, const struct features *features)
{
	uint64_t base = prog->value[PROG_STRTAB_BASE];
	uint64_t cfg = prog->value[PROG_STRTAB_BASE_CFG];
	unsigned log2size = (unsigned)reg_get(cfg, STRTAB_BASE_CFG_LOG2SIZE);
	struct stream_table streams = {
		.attr = table_attr(prog, reg_get(base, STRTAB_BASE_RA)),
		.mecid = global_mecid(prog),
		.mpam = global_label(prog, features),
		.log2size = (uint8_t)(log2size < features->sidsize ? log2size : features->sidsize),
		.split = effective_split(reg_get(cfg, STRTAB_BASE_CFG_SPLIT)),
		/* FMT is RES0 without IDR0.ST_LEVEL */
		.two_level = reg_get(cfg, STRTAB_BASE_CFG_FMT) == STRTAB_FMT_2LEVEL,
		.e2h = reg_get(prog->value[PROG_CR2], CR2_E2H), /* RES0 without IDR0.Hyp */
		.s2pii = prog->value[PROG_S2PII],
	};

	streams.base = align_down(reg_address(base, STRTAB_BASE_ADDR),
				  base_alignment(log2size, streams.split, streams.two_level));
	return streams;
}

/* 6.3.43, 6.3.89 */
static struct smmu3_mpam bypass_label(const struct prog *prog, const struct features *features)
{
	const struct label label = { prog_get(prog, PROG_GBPMPAM, GBPMPAM_GBP_PARTID),
				     prog_get(prog, PROG_GBPMPAM, GBPMPAM_GBP_PMG),
				     prog_get(prog, PROG_GBPMPAM, GBPMPAM_MPAM_NS) };

	return label_effective(features, label);
}

/* Overrides that the implementation does not have act as "use incoming".  6.3.14, GBP-007 */
static struct bypass bypass_from(const struct prog *prog, const struct features *features)
{
	const uint64_t gbpa = prog->value[PROG_GBPA];
	struct bypass bypass = { .abort = reg_get(gbpa, GBPA_ABORT),
				 .shcfg = SHCFG_INCOMING,
				 .mpam = bypass_label(prog, features) };

	if (features->attr_types_ovr) {
		bypass.mtcfg = reg_get(gbpa, GBPA_MTCFG);
		bypass.memattr = (uint8_t)reg_get(gbpa, GBPA_MEMATTR);
		bypass.alloccfg = (uint8_t)reg_get(gbpa, GBPA_ALLOCCFG);
		bypass.shcfg = (uint8_t)reg_get(gbpa, GBPA_SHCFG);
	}
	if (features->attr_perms_ovr) {
		bypass.privcfg = (uint8_t)reg_get(gbpa, GBPA_PRIVCFG);
		bypass.instcfg = (uint8_t)reg_get(gbpa, GBPA_INSTCFG);
		bypass.nscfg = (uint8_t)reg_get(gbpa, GBPA_NSCFG);
	}
	return bypass;
}

static struct dpt dpt_of(const struct prog *prog, const struct features *features)
{
	const uint64_t base = prog->value[PROG_DPT_BASE];
	const struct dpt_registers registers = {
		.base = base,
		.cfg = prog->value[PROG_DPT_BASE_CFG],
		.walks = reg_get(prog->value[PROG_CR0], CR0_DPT_WALK_EN),
		.attr = table_attr(prog, reg_get(base, DPT_BASE_RA)),
		.mecid = global_mecid(prog),
		.sec_sid = prog_pas(prog),
	};

	return dpt_from(features, &registers);
}

struct gate gate_from(const struct prog *prog, const struct features *features)
{
	const bool of_realm = features->sec_sid == SMMU3_PAS_REALM;

	return (struct gate){
		.smmuen = reg_get(prog->value[PROG_CR0], CR0_SMMUEN),
		.recinvsid = reg_get(prog->value[PROG_CR2], CR2_RECINVSID),
		.rec_cfg_ats = reg_get(prog->value[PROG_CR2], CR2_REC_CFG_ATS),
		.sif = of_realm || reg_get(prog->value[PROG_CR0], CR0_SIF),
		.atschk = reg_get(prog->value[PROG_CR0], CR0_ATSCHK),
		.bypass = bypass_from(prog, features),
		.streams = streams_from(prog, features),
		.dpt = dpt_of(prog, features),
	};
}
