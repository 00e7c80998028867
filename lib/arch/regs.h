/* SPDX-License-Identifier: MIT */
/* Fields of the control registers, chapter 6.  Registers of one form share one enum: Non-secure,
 * Secure and Realm, a register and its acknowledgement.  Where a twin lacks a field its bits are
 * RES0; the layouts of names_*.c say which.  Identification
 * registers are in idregs.h, offsets in offsets.h. */
#ifndef SMMU_ARCH_REGS_H
#define SMMU_ARCH_REGS_H

#include "arch/field.h"

/* The mask of a register field, or of any field of a first word, as a constant for a row. */
#define REG_MASK(field) \
	(UINT64_MAX >> (63 - (((field) >> 9) - ((field) & 0x1ff))) << ((field) & 0x1ff))

/* The value of a field of a register, at bit 0. */
static inline uint64_t reg_get(uint64_t value, int field)
{
	return field_value(&value, field);
}

/* An address field, its bits where they stand. */
static inline uint64_t reg_address(uint64_t value, int field)
{
	return field_in_place(&value, field);
}

/* CR0 and CR0ACK, Non-secure, Secure and Realm.  6.3.9, 6.3.57, 6.3.128 */
enum cr0_field {
	CR0_SMMUEN = BIT_FIELD(0),   /* 0: GBPA decides for every transaction */
	CR0_PRIQEN = BIT_FIELD(1),
	CR0_EVENTQEN = BIT_FIELD(2),
	CR0_CMDQEN = BIT_FIELD(3),
	CR0_ATSCHK = BIT_FIELD(4),   /* translated traffic is checked */
	CR0_SIF = BIT_FIELD(5),      /* Secure: no instruction fetch from Non-secure memory */
	CR0_VMW = FIELD(8, 6),       /* VMID bits that CMD_TLBI ignores, 0 to 4 */
	CR0_NSSTALLD = BIT_FIELD(9), /* Non-secure stalls are not allowed */
	CR0_DPT_WALK_EN = BIT_FIELD(10),
};

/* CR1, the three.  6.3.11 */
enum cr1_field {
	CR1_QUEUE_IC = FIELD(1, 0), /* queue accesses, inner: enum cr1_cacheability */
	CR1_QUEUE_OC = FIELD(3, 2), /* outer */
	CR1_QUEUE_SH = FIELD(5, 4),
	CR1_TABLE_IC = FIELD(7, 6), /* STE fetches, inner: enum cr1_cacheability */
	CR1_TABLE_OC = FIELD(9, 8), /* outer */
	CR1_TABLE_SH = FIELD(11, 10),
};

/* CR2, the three.  6.3.12 */
enum cr2_field {
	CR2_E2H = BIT_FIELD(0),         /* STRW EL2 means EL2-E2H */
	CR2_RECINVSID = BIT_FIELD(1),   /* C_BAD_STREAMID is recorded */
	CR2_PTM = BIT_FIELD(2),         /* broadcast TLB maintenance is ignored */
	CR2_REC_CFG_ATS = BIT_FIELD(3), /* more ATS events are recorded */
};

/* S2PII, the three: stage 2 permission of each PIIndex.  6.3.17 */
enum s2pii_field {
	S2PII_0 = FIELD(3, 0), S2PII_1 = FIELD(7, 4), S2PII_2 = FIELD(11, 8),
	S2PII_3 = FIELD(15, 12), S2PII_4 = FIELD(19, 16), S2PII_5 = FIELD(23, 20),
	S2PII_6 = FIELD(27, 24), S2PII_7 = FIELD(31, 28), S2PII_8 = FIELD(35, 32),
	S2PII_9 = FIELD(39, 36), S2PII_10 = FIELD(43, 40), S2PII_11 = FIELD(47, 44),
	S2PII_12 = FIELD(51, 48), S2PII_13 = FIELD(55, 52), S2PII_14 = FIELD(59, 56),
	S2PII_15 = FIELD(63, 60),
};

/* STATUSR.  6.3.13 */
enum statusr_field {
	STATUSR_DORMANT = BIT_FIELD(0),
};

/* GBPA, the three: attributes of traffic while SMMUEN = 0, encoded as in the STE.  6.3.14 */
enum gbpa_field {
	GBPA_MEMATTR = FIELD(3, 0),
	GBPA_MTCFG = BIT_FIELD(4),   /* MEMATTR replaces the incoming memory type */
	GBPA_ALLOCCFG = FIELD(11, 8),
	GBPA_SHCFG = FIELD(13, 12),
	GBPA_NSCFG = FIELD(15, 14),  /* Secure */
	GBPA_PRIVCFG = FIELD(17, 16),
	GBPA_INSTCFG = FIELD(19, 18),
	GBPA_ABORT = BIT_FIELD(20),  /* abort everything */
	GBPA_UPDATE = BIT_FIELD(31), /* write 1 with the rest; reads 0 when done */
};

/* IRQ_CTRL and IRQ_CTRLACK, the three.  6.3.16 */
enum irq_ctrl_field {
	IRQ_CTRL_GERROR_IRQEN = BIT_FIELD(0),
	IRQ_CTRL_PRIQ_IRQEN = BIT_FIELD(1),
	IRQ_CTRL_EVENTQ_IRQEN = BIT_FIELD(2),
};

/* GERROR and GERRORN, the three: an error is active where they differ.  6.3.19 */
enum gerror_field {
	GERROR_CMDQ_ERR = BIT_FIELD(0), /* CMDQ_CONS.ERR says which */
	GERROR_EVENTQ_ABT_ERR = BIT_FIELD(2),
	GERROR_PRIQ_ABT_ERR = BIT_FIELD(3),
	GERROR_MSI_CMDQ_ABT_ERR = BIT_FIELD(4),
	GERROR_MSI_EVENTQ_ABT_ERR = BIT_FIELD(5),
	GERROR_MSI_PRIQ_ABT_ERR = BIT_FIELD(6),
	GERROR_MSI_GERROR_ABT_ERR = BIT_FIELD(7),
	GERROR_SFM_ERR = BIT_FIELD(8),  /* service failure mode */
	GERROR_CMDQP_ERR = BIT_FIELD(9),
	GERROR_DPT_ERR = BIT_FIELD(10),
};

/* Performance monitors.  10.5.2 */
enum pmcg_field {
	PMCG_WHOLE = FIELD(63, 0),
	PMCG_EVTYPER_EVENT = FIELD(15, 0), /* enum pmcg_event */
	PMCG_EVTYPER_FILTER_PARTID = BIT_FIELD(16),
	PMCG_EVTYPER_FILTER_PMG = BIT_FIELD(17),
	PMCG_EVTYPER_FILTER_MPAM_SP = FIELD(19, 18),
	PMCG_EVTYPER_FILTER_REALM_SID = BIT_FIELD(28),
	PMCG_EVTYPER_FILTER_SID_SPAN = BIT_FIELD(29),
	PMCG_EVTYPER_FILTER_SEC_SID = BIT_FIELD(30),
	PMCG_EVTYPER_OVFCAP = BIT_FIELD(31),
	PMCG_SMR_STREAMID = FIELD(31, 0),
	PMCG_CAPR_CAPTURE = BIT_FIELD(0),
	PMCG_CFGR_NCTR = FIELD(5, 0),  /* counters, less 1 */
	PMCG_CFGR_SIZE = FIELD(13, 8), /* of a counter in bits, less 1 */
	PMCG_CFGR_RELOC_CTRS = BIT_FIELD(20),
	PMCG_CFGR_MSI = BIT_FIELD(21),
	PMCG_CFGR_CAPTURE = BIT_FIELD(22),
	PMCG_CFGR_SID_FILTER_TYPE = BIT_FIELD(23),
	PMCG_CFGR_MPAM = BIT_FIELD(24),
	PMCG_CFGR_FILTER_PARTID_PMG = BIT_FIELD(25),
	PMCG_CR_E = BIT_FIELD(0),
	PMCG_IIDR_IMPLEMENTER = FIELD(11, 0),
	PMCG_IIDR_REVISION = FIELD(15, 12),
	PMCG_IIDR_VARIANT = FIELD(19, 16),
	PMCG_IIDR_PRODUCTID = FIELD(31, 20),
	PMCG_IRQ_CTRL_IRQEN = BIT_FIELD(0),
	PMCG_IRQ_STATUS_IRQ_ABT = BIT_FIELD(0),
	PMCG_AIDR_MINOR = FIELD(3, 0),
	PMCG_AIDR_MAJOR = FIELD(7, 4),
};

/* What is counted.  10.3 */
enum pmcg_event {
	PMCG_EVENT_CYCLE = 0, /* of no StreamID */
	PMCG_EVENT_TRANSACTION = 1,
	PMCG_EVENT_TLB_MISS = 2,
	PMCG_EVENT_CONFIG_MISS = 3,
	PMCG_EVENT_TABLE_ACCESS = 4,
	PMCG_EVENT_CONFIG_ACCESS = 5,
	PMCG_EVENT_ATS_REQUEST = 6,
	PMCG_EVENT_ATS_TRANSLATED = 7,
};

/* GERROR_, EVENTQ_ and PRIQ_IRQ_CFG0.  6.3.21 */
enum irq_cfg0_field {
	IRQ_CFG0_ADDR = FIELD(55, 2), /* an address; 0: no MSI */
	IRQ_CFG0_NS = BIT_FIELD(63),  /* Realm: the MSI is Non-secure */
};

/* GERROR_, EVENTQ_ and PRIQ_IRQ_CFG1.  6.3.22 */
enum irq_cfg1_field {
	IRQ_CFG1_DATA = FIELD(31, 0),
};

/* GERROR_, EVENTQ_ and PRIQ_IRQ_CFG2.  6.3.23 */
enum irq_cfg2_field {
	IRQ_CFG2_MEMATTR = FIELD(3, 0),
	IRQ_CFG2_SH = FIELD(5, 4),
	IRQ_CFG2_LO = BIT_FIELD(31), /* PRI queue: interrupt only for Last = 1 */
};

/* STRTAB_BASE, the three.  6.3.24 */
enum strtab_base_field {
	STRTAB_BASE_ADDR = FIELD(55, 6), /* an address, aligned to the table size */
	STRTAB_BASE_RA = BIT_FIELD(62),  /* read-allocate */
};

/* STRTAB_BASE_CFG, the three.  6.3.25 */
enum strtab_base_cfg_field {
	STRTAB_BASE_CFG_LOG2SIZE = FIELD(5, 0), /* bits of StreamID covered */
	STRTAB_BASE_CFG_SPLIT = FIELD(10, 6), /* two-level: bits that index the leaf; 6, 8 or 10 */
	STRTAB_BASE_CFG_FMT = FIELD(17, 16),    /* enum strtab_fmt */
};

/* CMDQ_, EVENTQ_, PRIQ_ and ECMDQ_BASE.  6.3.26, 6.3.29, 6.3.33, 6.3.107 */
enum queue_base_field {
	QUEUE_BASE_LOG2SIZE = FIELD(4, 0), /* log2 of entries */
	QUEUE_BASE_ADDR = FIELD(55, 5),    /* an address, aligned to the queue size */
	QUEUE_BASE_RA = BIT_FIELD(62),     /* read-allocate: Command queues */
	QUEUE_BASE_WA = BIT_FIELD(62),     /* write-allocate: Event and PRI queues */
};

/* CMDQ_PROD.  6.3.27 */
enum cmdq_prod_field {
	CMDQ_PROD_WR = FIELD(19, 0), /* index and wrap bit */
};

/* CMDQ_CONS.  6.3.28 */
enum cmdq_cons_field {
	CMDQ_CONS_RD = FIELD(19, 0),   /* index and wrap bit */
	CMDQ_CONS_ERR = FIELD(30, 24), /* enum cmdq_error */
};

/* EVENTQ_PROD and PRIQ_PROD.  6.3.95, 6.3.97 */
enum eventq_prod_field {
	EVENTQ_PROD_WR = FIELD(19, 0),     /* index and wrap bit */
	EVENTQ_PROD_OVFLG = BIT_FIELD(31), /* overflow: differs from OVACKFLG */
};

/* EVENTQ_CONS and PRIQ_CONS.  6.3.96, 6.3.98 */
enum eventq_cons_field {
	EVENTQ_CONS_RD = FIELD(19, 0), /* index and wrap bit */
	EVENTQ_CONS_OVACKFLG = BIT_FIELD(31),
};

/* ECMDQ_PROD.  6.3.108 */
enum ecmdq_prod_field {
	ECMDQ_PROD_WR = FIELD(19, 0),
	ECMDQ_PROD_ERRACK = BIT_FIELD(23),
	ECMDQ_PROD_EN = BIT_FIELD(31),
};

/* ECMDQ_CONS.  6.3.109 */
enum ecmdq_cons_field {
	ECMDQ_CONS_RD = FIELD(19, 0),
	ECMDQ_CONS_ERR = BIT_FIELD(23),
	ECMDQ_CONS_ERR_REASON = FIELD(26, 24),
	ECMDQ_CONS_ENACK = BIT_FIELD(31),
};

/* CMDQ_CONTROL_PAGE_BASE.  6.3.49 */
enum cmdq_control_page_base_field {
	CMDQ_CONTROL_PAGE_BASE_CMDQ_CONTROL_PAGE_PRESET = BIT_FIELD(0),
	CMDQ_CONTROL_PAGE_BASE_CMDQGS = FIELD(2, 1),
	CMDQ_CONTROL_PAGE_BASE_ADDR = FIELD(55, 16),
};

/* CMDQ_CONTROL_PAGE_CFG.  6.3.50 */
enum cmdq_control_page_cfg_field {
	CMDQ_CONTROL_PAGE_CFG_EN = BIT_FIELD(0),
};

/* CMDQ_CONTROL_PAGE_STATUS.  6.3.51 */
enum cmdq_control_page_status_field {
	CMDQ_CONTROL_PAGE_STATUS_ENACK = BIT_FIELD(0),
};

/* GATOS_CTRL and VATOS_CTRL.  6.3.37, 6.3.99 */
enum atos_ctrl_field {
	ATOS_CTRL_RUN = BIT_FIELD(0),
};

/* GATOS_SID and VATOS_SID.  6.3.38, 6.3.100 */
enum atos_sid_field {
	ATOS_SID_STREAMID = FIELD(31, 0),
	ATOS_SID_SUBSTREAMID = FIELD(51, 32),
	ATOS_SID_SSID_VALID = BIT_FIELD(52),
	ATOS_SID_SSEC = BIT_FIELD(53),
};

/* GATOS_ADDR and VATOS_ADDR.  6.3.39, 6.3.101 */
enum atos_addr_field {
	ATOS_ADDR_NS = BIT_FIELD(4),
	ATOS_ADDR_HTTUI = BIT_FIELD(6), /* no hardware updates */
	ATOS_ADDR_IND = BIT_FIELD(7),
	ATOS_ADDR_RNW = BIT_FIELD(8),
	ATOS_ADDR_PNU = BIT_FIELD(9),
	ATOS_ADDR_TYPE = FIELD(11, 10), /* enum atos_type */
	ATOS_ADDR_ADDR = FIELD(63, 12), /* an address */
};

/* ATOS_ADDR.TYPE: the stages that are asked for, a bit each; without any it is reserved.  9.1.3 */
enum atos_type {
	ATOS_STAGE1 = 1,
	ATOS_STAGE2 = 2,
	ATOS_BOTH = 3,
};

/* GATOS_PAR and VATOS_PAR: one form when FAULT = 0, one when it is 1.  6.3.40, 6.3.102 */
enum atos_par_field {
	ATOS_PAR_FAULT = BIT_FIELD(0),
	ATOS_PAR_REASON = FIELD(2, 1),
	ATOS_PAR_NSIPA = BIT_FIELD(3),
	ATOS_PAR_FAULTCODE = FIELD(11, 4),
	ATOS_PAR_SH = FIELD(9, 8),
	ATOS_PAR_NS = BIT_FIELD(10),
	ATOS_PAR_SIZE = BIT_FIELD(11),
	ATOS_PAR_ADDR = FIELD(55, 12),  /* an address, FAULT = 0 */
	ATOS_PAR_FADDR = FIELD(55, 12), /* an address, FAULT = 1 */
	ATOS_PAR_ATTR = FIELD(63, 56),  /* as CD.MAIR, FAULT = 0 */
};

/* ATOS_PAR.REASON.  6.3.40 */
enum atos_reason {
	ATOS_REASON_NONE = 0, /* stage 1, or no stage */
	ATOS_REASON_CD = 1,   /* stage 2, for a CD */
	ATOS_REASON_TT = 2,   /* stage 2, for a stage 1 descriptor */
	ATOS_REASON_IN = 3,   /* stage 2, for its input */
};

/* ATOS_PAR.FAULTCODE, besides the numbers of events.  9.1.5 */
enum atos_code {
	ATOS_INTERNAL_ERR = 0xfd,
	ATOS_INV_STAGE = 0xfe,
	ATOS_INV_REQ = 0xff,
};

/* VATOS_SEL.  6.3.44 */
enum vatos_sel_field {
	VATOS_SEL_VMID = FIELD(15, 0),
};

/* GMPAM.  6.3.42 */
enum gmpam_field {
	GMPAM_SO_PARTID = FIELD(15, 0),
	GMPAM_SO_PMG = FIELD(23, 16),
	GMPAM_MPAM_NS = BIT_FIELD(24),
	GMPAM_UPDATE = BIT_FIELD(31),
};

/* GBPMPAM.  6.3.43 */
enum gbpmpam_field {
	GBPMPAM_GBP_PARTID = FIELD(15, 0),
	GBPMPAM_GBP_PMG = FIELD(23, 16),
	GBPMPAM_MPAM_NS = BIT_FIELD(24),
	GBPMPAM_UPDATE = BIT_FIELD(31),
};

/* DPT_BASE.  6.3.46 */
enum dpt_base_field {
	DPT_BASE_BADDR = FIELD(55, 12), /* an address */
	DPT_BASE_RA = BIT_FIELD(62),
};

/* DPT_BASE_CFG.  6.3.47 */
enum dpt_base_cfg_field {
	DPT_BASE_CFG_DPTPS = FIELD(2, 0),
	DPT_BASE_CFG_DPTGS = FIELD(15, 14),
	DPT_BASE_CFG_L0DPTSZ = FIELD(23, 20),
};

/* DPT_CFG_FAR.  6.3.48 */
enum dpt_cfg_far_field {
	DPT_CFG_FAR_FAULT = BIT_FIELD(0),
	DPT_CFG_FAR_LEVEL = BIT_FIELD(1),
	DPT_CFG_FAR_DPT_FAULTCODE = FIELD(7, 4),
	DPT_CFG_FAR_FADDR = FIELD(55, 12),
};

/* S_INIT.  6.3.62 */
enum s_init_field {
	S_INIT_INV_ALL = BIT_FIELD(0),
};

/* ROOT_CR0 and ROOT_CR0ACK.  6.3.112 */
enum root_cr0_field {
	ROOT_CR0_ACCESSEN = BIT_FIELD(0),
	ROOT_CR0_GPCEN = BIT_FIELD(1), /* granule protection checks are on */
};

/* ROOT_GPT_BASE and ROOT_GPT_BASE2.  6.3.114, 6.3.120 */
enum gpt_base_field {
	GPT_BASE_ADDR = FIELD(51, 12), /* an address */
};

/* GPT_BASE_CFG.  6.3.115 */
enum gpt_base_cfg_field {
	GPT_BASE_CFG_PPS = FIELD(2, 0),
	GPT_BASE_CFG_IRGN = FIELD(9, 8),
	GPT_BASE_CFG_ORGN = FIELD(11, 10),
	GPT_BASE_CFG_SH = FIELD(13, 12),
	GPT_BASE_CFG_PGS = FIELD(15, 14),
	GPT_BASE_CFG_GPCP = BIT_FIELD(17),
	GPT_BASE_CFG_L0GPTSZ = FIELD(23, 20),
};

/* ROOT_GPF_FAR and ROOT_GPT_CFG_FAR.  6.3.116, 6.3.117 */
enum gpf_far_field {
	GPF_FAR_FAULT = BIT_FIELD(0),
	GPF_FAR_REASON = FIELD(3, 1),
	GPF_FAR_FAULTCODE = FIELD(11, 4),
	GPF_FAR_FADDR = FIELD(55, 12),
	GPF_FAR_CFG_ERR = FIELD(59, 56),
	GPF_FAR_FPAS = FIELD(63, 62),
};

/* ROOT_TLBI.  6.3.118 */
enum root_tlbi_field {
	ROOT_TLBI_ALL = BIT_FIELD(0),
	ROOT_TLBI_L = BIT_FIELD(1),
	ROOT_TLBI_SIZE = FIELD(7, 4),
	ROOT_TLBI_ADDRESS = FIELD(51, 12), /* an address */
};

/* ROOT_TLBI_CTRL.  6.3.119 */
enum root_tlbi_ctrl_field {
	ROOT_TLBI_CTRL_RUN = BIT_FIELD(0),
};

/* GPT_BASE_UPDATE.  6.3.121 */
enum gpt_base_update_field {
	GPT_BASE_UPDATE_UPDATE = BIT_FIELD(0),
};

/* GMECID.  6.3.162 */
enum gmecid_field {
	GMECID_GMECID = FIELD(15, 0),
};

/* STRTAB_BASE_CFG.FMT.  6.3.25 */
enum strtab_fmt {
	STRTAB_FMT_LINEAR = 0,
	STRTAB_FMT_2LEVEL = 1, /* 2 and 3 are reserved */
};

/* CMDQ_CONS.ERR.  7.1 */
enum cmdq_error {
	CERROR_NONE = 0,
	CERROR_ILL = 1,
	CERROR_ABT = 2,
	CERROR_ATC_INV_SYNC = 3,
};

#endif
