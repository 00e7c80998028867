/* SPDX-License-Identifier: MIT */
/* The identification registers of a configuration, by name and field. */
#ifndef SMMU_PROG_IDENT_H
#define SMMU_PROG_IDENT_H

#include "arch/idregs.h"
#include "arch/regs.h"

#include <smmu/smmu.h>
#include <stddef.h>
#include <stdint.h>

enum id_register {
	ID_IDR0,
	ID_IDR1,
	ID_IDR2,
	ID_IDR3,
	ID_IDR4,
	ID_IDR5,
	ID_IDR6,
	ID_IIDR,
	ID_AIDR,
	ID_S_IDR0,
	ID_S_IDR1,
	ID_S_IDR2,
	ID_S_IDR3,
	ID_S_IDR4,
	ID_S_IDR5,
	ID_S_IDR6,
	ID_R_IDR0,
	ID_R_IDR1,
	ID_R_IDR2,
	ID_R_IDR3,
	ID_R_IDR4,
	ID_R_IDR5,
	ID_R_IDR6,
	ID_ROOT_IDR0,
	ID_MPAMIDR,
	ID_R_MECIDR,
	ID_GBPA, /* its reset value */
	ID_S_MPAMIDR,
	ID_R_MPAMIDR,
	ID_REGISTERS,
};

/* Registers of one form share one enum in idregs.h; and bits of a field that rules speak of. */
enum id_alias {
	IDR0_TTF_LPAE = BIT_FIELD(2),
	IDR0_TTF_AA64 = BIT_FIELD(3),
	IIDR_IMPLEMENTER_7 = BIT_FIELD(7),
	S_IDR6_CMDQ_CONTROL_PAGE_LOG2NUMQ = IDR6_CMDQ_CONTROL_PAGE_LOG2NUMQ,
	S_IDR6_CMDQ_CONTROL_PAGE_LOG2NUMP = IDR6_CMDQ_CONTROL_PAGE_LOG2NUMP,
	R_IDR0_ATS = S_IDR0_ATS,
	R_IDR0_MSI = S_IDR0_MSI,
	R_IDR0_PRI = S_IDR0_PRI,
	R_IDR0_STALL_MODEL = S_IDR0_STALL_MODEL,
	R_IDR0_ECMDQ = S_IDR0_ECMDQ,
	R_IDR6_CMDQ_CONTROL_PAGE_LOG2NUMQ = IDR6_CMDQ_CONTROL_PAGE_LOG2NUMQ,
	R_IDR6_CMDQ_CONTROL_PAGE_LOG2NUMP = IDR6_CMDQ_CONTROL_PAGE_LOG2NUMP,
	S_MPAMIDR_PARTID_MAX = MPAMIDR_PARTID_MAX,
	S_MPAMIDR_PMG_MAX = MPAMIDR_PMG_MAX,
	S_MPAMIDR_HAS_MPAM_NS = MPAMIDR_HAS_MPAM_NS,
	R_MPAMIDR_PARTID_MAX = MPAMIDR_PARTID_MAX,
	R_MPAMIDR_PMG_MAX = MPAMIDR_PMG_MAX,
	R_MPAMIDR_HAS_MPAM_NS = MPAMIDR_HAS_MPAM_NS,
	ROOT_IDR0_BA_REALM_0 = BIT_FIELD(22),
};

/* The whole register. */
uint32_t id_read(const struct smmu3_config *config, enum id_register reg);

/* One field, at bit 0. */
static inline uint32_t id_field(const struct smmu3_config *config, enum id_register reg, int field)
{
	return (uint32_t)reg_get(id_read(config, reg), field);
}

/* ID_FIELD(config, IDR0, HYP) */
#define ID_FIELD(config, reg, name) id_field(config, ID_##reg, reg##_##name)

/* "IDR0" */
const char *id_register_name(enum id_register reg);

/* The section that describes it. */
const char *id_section(enum id_register reg);

/* "IDR0.Hyp", or "IDR0.TTF[0]" for a part of a field, into text of size bytes, which is returned.
 */
const char *id_field_name(enum id_register reg, int field, char *text, size_t size);

/* The bits that the architecture leaves RES0. */
uint32_t id_reserved(enum id_register reg);

#endif
