/* SPDX-License-Identifier: MIT */
/* Every bit of the control registers that concern no queue, 6.3. */
#include "arch/names.h"
#include "arch/offsets.h"
#include "arch/regs.h"

static const struct smmu3_field cr0[] = {
	MEANS("SMMUEN", CR0_SMMUEN, "0=bypass by GBPA|1=translation"),
	MEANS("PRIQEN", CR0_PRIQEN, "0=disabled|1=enabled"),
	MEANS("EVENTQEN", CR0_EVENTQEN, "0=disabled|1=enabled"),
	MEANS("CMDQEN", CR0_CMDQEN, "0=disabled|1=enabled"),
	MEANS("ATSCHK", CR0_ATSCHK, "0=translated traffic passes|1=translated traffic is checked"),
	RES0(5, 5),
	MEANS("VMW", CR0_VMW,
	      "0=exact|1=VMID[0] ignored|2=VMID[1:0] ignored|3=VMID[2:0] ignored|"
	      "4=VMID[3:0] ignored|5-7=reserved"),
	RES0(9, 9),
	NAMED("DPT_WALK_EN", CR0_DPT_WALK_EN),
	RES0(31, 11),
};

static const struct smmu3_field cr1[] = {
	MEANS("QUEUE_IC", CR1_QUEUE_IC, CR1_MEANINGS),
	MEANS("QUEUE_OC", CR1_QUEUE_OC, CR1_MEANINGS),
	MEANS("QUEUE_SH", CR1_QUEUE_SH, SH_MEANINGS),
	MEANS("TABLE_IC", CR1_TABLE_IC, CR1_MEANINGS),
	MEANS("TABLE_OC", CR1_TABLE_OC, CR1_MEANINGS),
	MEANS("TABLE_SH", CR1_TABLE_SH, SH_MEANINGS),
	RES0(31, 12),
};

static const struct smmu3_field cr2[] = {
	MEANS("E2H", CR2_E2H, "0=EL2|1=EL2-E2H"),
	MEANS("RECINVSID", CR2_RECINVSID,
	      "0=C_BAD_STREAMID not recorded|1=C_BAD_STREAMID recorded"),
	MEANS("PTM", CR2_PTM, "0=takes part in broadcast TLB maintenance|1=private"),
	NAMED("REC_CFG_ATS", CR2_REC_CFG_ATS),
	RES0(31, 4),
};

static const struct smmu3_field s2pii[] = {
	NAMED("S2PII0", S2PII_0),
	NAMED("S2PII1", S2PII_1),
	NAMED("S2PII2", S2PII_2),
	NAMED("S2PII3", S2PII_3),
	NAMED("S2PII4", S2PII_4),
	NAMED("S2PII5", S2PII_5),
	NAMED("S2PII6", S2PII_6),
	NAMED("S2PII7", S2PII_7),
	NAMED("S2PII8", S2PII_8),
	NAMED("S2PII9", S2PII_9),
	NAMED("S2PII10", S2PII_10),
	NAMED("S2PII11", S2PII_11),
	NAMED("S2PII12", S2PII_12),
	NAMED("S2PII13", S2PII_13),
	NAMED("S2PII14", S2PII_14),
	NAMED("S2PII15", S2PII_15),
};

static const struct smmu3_field statusr[] = {
	NAMED("DORMANT", STATUSR_DORMANT),
	RES0(31, 1),
};

static const struct smmu3_field gbpa[] = {
	MEANS("MemAttr", GBPA_MEMATTR, MEMATTR_MEANINGS),
	MEANS("MTCFG", GBPA_MTCFG, "0=incoming memory type|1=MemAttr"),
	RES0(7, 5),
	MEANS("ALLOCCFG", GBPA_ALLOCCFG, ALLOCCFG_MEANINGS),
	MEANS("SHCFG", GBPA_SHCFG, SHCFG_MEANINGS),
	RES0(15, 14),
	MEANS("PRIVCFG", GBPA_PRIVCFG, PRIVCFG_MEANINGS),
	MEANS("INSTCFG", GBPA_INSTCFG, INSTCFG_MEANINGS),
	MEANS("ABORT", GBPA_ABORT, "0=bypass|1=abort"),
	RES0(30, 21),
	MEANS("Update", GBPA_UPDATE, "0=done|1=under way"),
};

static const struct smmu3_field impdef[] = {
	IMPDEF(31, 0),
};

static const struct smmu3_field irq_ctrl[] = {
	NAMED("GERROR_IRQEN", IRQ_CTRL_GERROR_IRQEN),
	NAMED("PRIQ_IRQEN", IRQ_CTRL_PRIQ_IRQEN),
	NAMED("EVENTQ_IRQEN", IRQ_CTRL_EVENTQ_IRQEN),
	RES0(31, 3),
};

static const struct smmu3_field gerror[] = {
	NAMED("CMDQ_ERR", GERROR_CMDQ_ERR),
	RES0(1, 1),
	NAMED("EVENTQ_ABT_ERR", GERROR_EVENTQ_ABT_ERR),
	NAMED("PRIQ_ABT_ERR", GERROR_PRIQ_ABT_ERR),
	NAMED("MSI_CMDQ_ABT_ERR", GERROR_MSI_CMDQ_ABT_ERR),
	NAMED("MSI_EVENTQ_ABT_ERR", GERROR_MSI_EVENTQ_ABT_ERR),
	NAMED("MSI_PRIQ_ABT_ERR", GERROR_MSI_PRIQ_ABT_ERR),
	NAMED("MSI_GERROR_ABT_ERR", GERROR_MSI_GERROR_ABT_ERR),
	NAMED("SFM_ERR", GERROR_SFM_ERR),
	NAMED("CMDQP_ERR", GERROR_CMDQP_ERR),
	NAMED("DPT_ERR", GERROR_DPT_ERR),
	RES0(31, 11),
};

static const struct smmu3_field strtab_base[] = {
	RES0(5, 0),
	ADDRESS("ADDR", STRTAB_BASE_ADDR),
	RES0(61, 56),
	MEANS("RA", STRTAB_BASE_RA, "0=no read-allocate|1=read-allocate"),
	RES0(63, 63),
};

static const struct smmu3_field strtab_base_cfg[] = {
	NAMED("LOG2SIZE", STRTAB_BASE_CFG_LOG2SIZE),
	MEANS("SPLIT", STRTAB_BASE_CFG_SPLIT,
	      "6=6 bits, 4KB leaves|8=8 bits, 16KB leaves|10=10 bits, 64KB leaves"),
	RES0(15, 11),
	MEANS("FMT", STRTAB_BASE_CFG_FMT, "0=linear|1=2-level|2-3=reserved"),
	RES0(31, 18),
};

static const struct smmu3_field s_cr0[] = {
	MEANS("SMMUEN", CR0_SMMUEN, "0=bypass by GBPA|1=translation"),
	RES0(1, 1),
	MEANS("EVENTQEN", CR0_EVENTQEN, "0=disabled|1=enabled"),
	MEANS("CMDQEN", CR0_CMDQEN, "0=disabled|1=enabled"),
	RES0(4, 4),
	MEANS("SIF", CR0_SIF,
	      "0=instruction fetches pass|"
	      "1=Secure instruction fetches from Non-secure space fault"),
	MEANS("VMW", CR0_VMW,
	      "0=exact|1=VMID[0] ignored|2=VMID[1:0] ignored|3=VMID[2:0] ignored|"
	      "4=VMID[3:0] ignored|5-7=reserved"),
	NAMED("NSSTALLD", CR0_NSSTALLD),
	RES0(31, 10),
};

static const struct smmu3_field s_cr2[] = {
	MEANS("E2H", CR2_E2H, "0=EL2|1=EL2-E2H"),
	MEANS("RECINVSID", CR2_RECINVSID,
	      "0=C_BAD_STREAMID not recorded|1=C_BAD_STREAMID recorded"),
	MEANS("PTM", CR2_PTM, "0=takes part in broadcast TLB maintenance|1=private"),
	RES0(31, 3),
};

static const struct smmu3_field s_init[] = {
	NAMED("INV_ALL", S_INIT_INV_ALL),
	RES0(31, 1),
};

static const struct smmu3_field s_gbpa[] = {
	MEANS("MemAttr", GBPA_MEMATTR, MEMATTR_MEANINGS),
	MEANS("MTCFG", GBPA_MTCFG, "0=incoming memory type|1=MemAttr"),
	RES0(7, 5),
	MEANS("ALLOCCFG", GBPA_ALLOCCFG, ALLOCCFG_MEANINGS),
	MEANS("SHCFG", GBPA_SHCFG, SHCFG_MEANINGS),
	MEANS("NSCFG", GBPA_NSCFG, NSCFG_MEANINGS),
	MEANS("PRIVCFG", GBPA_PRIVCFG, PRIVCFG_MEANINGS),
	MEANS("INSTCFG", GBPA_INSTCFG, INSTCFG_MEANINGS),
	MEANS("ABORT", GBPA_ABORT, "0=bypass|1=abort"),
	RES0(30, 21),
	MEANS("Update", GBPA_UPDATE, "0=done|1=under way"),
};

static const struct smmu3_field s_irq_ctrl[] = {
	NAMED("GERROR_IRQEN", IRQ_CTRL_GERROR_IRQEN),
	RES0(1, 1),
	NAMED("EVENTQ_IRQEN", IRQ_CTRL_EVENTQ_IRQEN),
	RES0(31, 3),
};

static const struct smmu3_field s_gerror[] = {
	NAMED("CMDQ_ERR", GERROR_CMDQ_ERR),
	RES0(1, 1),
	NAMED("EVENTQ_ABT_ERR", GERROR_EVENTQ_ABT_ERR),
	RES0(3, 3),
	NAMED("MSI_CMDQ_ABT_ERR", GERROR_MSI_CMDQ_ABT_ERR),
	NAMED("MSI_EVENTQ_ABT_ERR", GERROR_MSI_EVENTQ_ABT_ERR),
	RES0(6, 6),
	NAMED("MSI_GERROR_ABT_ERR", GERROR_MSI_GERROR_ABT_ERR),
	NAMED("SFM_ERR", GERROR_SFM_ERR),
	NAMED("CMDQP_ERR", GERROR_CMDQP_ERR),
	RES0(31, 10),
};

static const struct smmu3_field root_cr0[] = {
	NAMED("ACCESSEN", ROOT_CR0_ACCESSEN),
	NAMED("GPCEN", ROOT_CR0_GPCEN),
	RES0(31, 2),
};

static const struct smmu3_field r_gbpa[] = {
	RES0(19, 0),
	MEANS("ABORT", GBPA_ABORT, "0=bypass|1=abort"),
	RES0(31, 21),
};

static const struct smmu3_field r_gerror[] = {
	NAMED("CMDQ_ERR", GERROR_CMDQ_ERR),
	RES0(1, 1),
	NAMED("EVENTQ_ABT_ERR", GERROR_EVENTQ_ABT_ERR),
	NAMED("PRIQ_ABT_ERR", GERROR_PRIQ_ABT_ERR),
	NAMED("MSI_CMDQ_ABT_ERR", GERROR_MSI_CMDQ_ABT_ERR),
	NAMED("MSI_EVENTQ_ABT_ERR", GERROR_MSI_EVENTQ_ABT_ERR),
	NAMED("MSI_PRIQ_ABT_ERR", GERROR_MSI_PRIQ_ABT_ERR),
	NAMED("MSI_GERROR_ABT_ERR", GERROR_MSI_GERROR_ABT_ERR),
	RES0(8, 8),
	NAMED("CMDQP_ERR", GERROR_CMDQP_ERR),
	NAMED("DPT_ERR", GERROR_DPT_ERR),
	RES0(31, 11),
};

static const struct smmu3_layout layouts[] = {
	REGISTER(CR0, "6.3.9", 32, cr0),
	REGISTER(CR0ACK, "6.3.10", 32, cr0),
	REGISTER(CR1, "6.3.11", 32, cr1),
	REGISTER(CR2, "6.3.12", 32, cr2),
	REGISTER(S2PII, "6.3.17", 64, s2pii),
	REGISTER(STATUSR, "6.3.13", 32, statusr),
	REGISTER(GBPA, "6.3.14", 32, gbpa),
	REGISTER(AGBPA, "6.3.15", 32, impdef),
	REGISTER(IRQ_CTRL, "6.3.16", 32, irq_ctrl),
	REGISTER(IRQ_CTRLACK, "6.3.18", 32, irq_ctrl),
	REGISTER(GERROR, "6.3.19", 32, gerror),
	REGISTER(GERRORN, "6.3.20", 32, gerror),
	REGISTER(STRTAB_BASE, "6.3.24", 64, strtab_base),
	REGISTER(STRTAB_BASE_CFG, "6.3.25", 32, strtab_base_cfg),
	REGISTER(S_CR0, "6.3.57", 32, s_cr0),
	REGISTER(S_CR0ACK, "6.3.58", 32, s_cr0),
	REGISTER(S_CR1, "6.3.59", 32, cr1),
	REGISTER(S_CR2, "6.3.60", 32, s_cr2),
	REGISTER(S_S2PII, "6.3.61", 64, s2pii),
	REGISTER(S_INIT, "6.3.62", 32, s_init),
	REGISTER(S_GBPA, "6.3.63", 32, s_gbpa),
	REGISTER(S_AGBPA, "6.3.64", 32, impdef),
	REGISTER(S_IRQ_CTRL, "6.3.65", 32, s_irq_ctrl),
	REGISTER(S_IRQ_CTRLACK, "6.3.66", 32, s_irq_ctrl),
	REGISTER(S_GERROR, "6.3.67", 32, s_gerror),
	REGISTER(S_GERRORN, "6.3.68", 32, s_gerror),
	REGISTER(S_STRTAB_BASE, "6.3.72", 64, strtab_base),
	REGISTER(S_STRTAB_BASE_CFG, "6.3.73", 32, strtab_base_cfg),
	REGISTER(ROOT_CR0, "6.3.112", 32, root_cr0),
	REGISTER(ROOT_CR0ACK, "6.3.113", 32, root_cr0),
	REGISTER(R_CR0, "6.3.128", 32, cr0),
	REGISTER(R_CR0ACK, "6.3.129", 32, cr0),
	REGISTER(R_CR1, "6.3.130", 32, cr1),
	REGISTER(R_CR2, "6.3.131", 32, cr2),
	REGISTER(R_S2PII, "6.3.132", 64, s2pii),
	REGISTER(R_GBPA, "6.3.133", 32, r_gbpa),
	REGISTER(R_AGBPA, "6.3.134", 32, impdef),
	REGISTER(R_IRQ_CTRL, "6.3.135", 32, irq_ctrl),
	REGISTER(R_IRQ_CTRLACK, "6.3.136", 32, irq_ctrl),
	REGISTER(R_GERROR, "6.3.137", 32, r_gerror),
	REGISTER(R_GERRORN, "6.3.138", 32, r_gerror),
	REGISTER(R_STRTAB_BASE, "6.3.142", 64, strtab_base),
	REGISTER(R_STRTAB_BASE_CFG, "6.3.143", 32, strtab_base_cfg),
};

const struct layouts control_register_layouts = { layouts, ARRAY_SIZE(layouts) };
