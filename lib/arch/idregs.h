/* SPDX-License-Identifier: MIT */
/* Fields of the identification registers, 6.3.1 to 6.3.8 and their Secure, Realm and Root
 * twins.  IDR4 is implementation defined, R_IDR2 and R_IDR4 are RES0.  A flag says: supported. */
#ifndef SMMU_ARCH_IDREGS_H
#define SMMU_ARCH_IDREGS_H

#include "arch/field.h"

/* IDR0.  6.3.1 */
enum idr0_field {
	IDR0_S2P = BIT_FIELD(0),          /* stage 2 */
	IDR0_S1P = BIT_FIELD(1),          /* stage 1 */
	IDR0_TTF = FIELD(3, 2), /* bit 0: VMSAv8-32 LPAE, bit 1: VMSAv8-64 */
	IDR0_COHACC = BIT_FIELD(4),       /* the SMMU's own accesses are coherent */
	IDR0_BTM = BIT_FIELD(5),          /* broadcast TLB maintenance */
	IDR0_HTTU = FIELD(7, 6), /* updates: 1 Access flag, 2 and dirty state, 3 and of tables */
	IDR0_DORMHINT = BIT_FIELD(8),     /* dormant hint: STATUSR */
	IDR0_HYP = BIT_FIELD(9),          /* EL2 StreamWorlds */
	IDR0_ATS = BIT_FIELD(10),
	IDR0_NS1ATS = BIT_FIELD(11),      /* split-stage ATS is not supported */
	IDR0_ASID16 = BIT_FIELD(12),      /* 16-bit ASIDs */
	IDR0_MSI = BIT_FIELD(13),
	IDR0_SEV = BIT_FIELD(14),         /* WFE wake-up events */
	IDR0_ATOS = BIT_FIELD(15),        /* address translation registers */
	IDR0_PRI = BIT_FIELD(16),
	IDR0_VMW = BIT_FIELD(17),         /* VMID wildcards */
	IDR0_VMID16 = BIT_FIELD(18),      /* 16-bit VMIDs */
	IDR0_CD2L = BIT_FIELD(19),        /* two-level CD tables */
	IDR0_VATOS = BIT_FIELD(20),
	IDR0_TTENDIAN = FIELD(22, 21),    /* 0 mixed, 2 little, 3 big */
	IDR0_ATSRECERR = BIT_FIELD(23),   /* more ATS events are recorded */
	IDR0_STALL_MODEL = FIELD(25, 24), /* 0 both, 1 terminate only, 2 stall forced */
	IDR0_TERM_MODEL = BIT_FIELD(26),  /* CD.A must be 1 */
	IDR0_ST_LEVEL = FIELD(28, 27),    /* 1: two-level Stream tables */
	IDR0_RME_IMPL = BIT_FIELD(30),
};

/* IDR1.  6.3.2 */
enum idr1_field {
	IDR1_SIDSIZE = FIELD(5, 0),          /* bits of a StreamID, 0 to 32 */
	IDR1_SSIDSIZE = FIELD(10, 6),        /* bits of a SubstreamID, 0 to 20 */
	IDR1_PRIQS = FIELD(15, 11),          /* log2 of the most PRI queue entries, 0 to 19 */
	IDR1_EVENTQS = FIELD(20, 16),        /* log2 of the most Event queue entries, 0 to 19 */
	IDR1_CMDQS = FIELD(25, 21),          /* log2 of the most Command queue entries, 0 to 19 */
	IDR1_ATTR_PERMS_OVR = BIT_FIELD(26), /* INSTCFG, PRIVCFG, NSCFG work */
	IDR1_ATTR_TYPES_OVR = BIT_FIELD(27), /* MTCFG, MemAttr, ALLOCCFG, SHCFG work */
	IDR1_REL = BIT_FIELD(28),            /* preset bases are relative */
	IDR1_QUEUES_PRESET = BIT_FIELD(29),  /* queue bases are fixed */
	IDR1_TABLES_PRESET = BIT_FIELD(30),  /* the Stream table base is fixed */
	IDR1_ECMDQ = BIT_FIELD(31),          /* IDR6 describes extra Command queues */
};

/* IDR2.  6.3.3 */
enum idr2_field {
	IDR2_BA_VATOS = FIELD(9, 0), /* 64KB pages from 0x20000 to the VATOS page */
};

/* IDR3.  6.3.4 */
enum idr3_field {
	IDR3_HAD = BIT_FIELD(2),      /* hierarchical attributes can be disabled */
	IDR3_PBHA = BIT_FIELD(3),     /* page-based hardware attributes */
	IDR3_XNX = BIT_FIELD(4),      /* stage 2 execute-never by privilege */
	IDR3_PPS = BIT_FIELD(5),      /* PASID on PRI auto-responses */
	IDR3_MPAM = BIT_FIELD(7),
	IDR3_FWB = BIT_FIELD(8),      /* stage 2 control of memory types */
	IDR3_STT = BIT_FIELD(9),      /* small translation tables */
	IDR3_RIL = BIT_FIELD(10),     /* range invalidation and level hints */
	IDR3_BBML = FIELD(12, 11),    /* break-before-make level, 0 to 2 */
	IDR3_E0PD = BIT_FIELD(13),
	IDR3_PTWNNC = BIT_FIELD(14),  /* S2PTW = 0: walks to Device are Normal Non-cacheable */
	IDR3_DPT = BIT_FIELD(15),     /* device permission table */
	IDR3_PASIDTT = BIT_FIELD(16), /* PASIDs on translated traffic */
	IDR3_EPAN = BIT_FIELD(17),    /* enhanced PAN */
	IDR3_S1PI = BIT_FIELD(18),    /* stage 1 permission indirection */
	IDR3_S2PI = BIT_FIELD(19),    /* stage 2 permission indirection */
	IDR3_S2PO = BIT_FIELD(20),    /* stage 2 permission overlay */
	IDR3_THE = BIT_FIELD(21),     /* translation hardening */
	IDR3_MTEPERM = BIT_FIELD(22), /* NoTagAccess at stage 2 */
	IDR3_AIE = BIT_FIELD(23),     /* AttrIndx[3] */
};

/* IDR5.  6.3.6 */
enum idr5_field {
	IDR5_OAS = FIELD(2, 0), /* output address size: 32, 36, 40, 42, 44, 48, 52, 56 bits */
	IDR5_GRAN4K = BIT_FIELD(4),
	IDR5_GRAN16K = BIT_FIELD(5),
	IDR5_GRAN64K = BIT_FIELD(6),
	IDR5_DS = BIT_FIELD(7),         /* 52-bit addresses with 4KB and 16KB granules */
	IDR5_D128 = BIT_FIELD(8),       /* VMSAv9-128 */
	IDR5_VAX = FIELD(11, 10),       /* VA size: 48, 52, 56 bits */
	IDR5_STALL_MAX = FIELD(31, 16), /* most stalled transactions */
};

/* IIDR, ROOT_IIDR.  6.3.7 */
enum iidr_field {
	IIDR_IMPLEMENTER = FIELD(11, 0),
	IIDR_REVISION = FIELD(15, 12),
	IIDR_VARIANT = FIELD(19, 16),
	IIDR_PRODUCTID = FIELD(31, 20),
};

/* AIDR, R_AIDR.  6.3.8 */
enum aidr_field {
	AIDR_ARCHMINORREV = FIELD(3, 0), /* 0 to 4: SMMUv3.0 to v3.4 */
	AIDR_ARCHMAJORREV = FIELD(7, 4), /* 0: SMMUv3 */
};

/* IDR6, S_IDR6, R_IDR6.  6.3.45 */
enum idr6_field {
	IDR6_CMDQ_CONTROL_PAGE_LOG2NUMQ = FIELD(19, 16), /* log2 of queues per page */
	IDR6_CMDQ_CONTROL_PAGE_LOG2NUMP = FIELD(27, 24), /* log2 of pages */
};

/* S_IDR0 and R_IDR0: their own STALL_MODEL and features; the rest is in IDR0.  6.3.52, 6.3.122 */
enum s_idr0_field {
	S_IDR0_ATS = BIT_FIELD(10),
	S_IDR0_MSI = BIT_FIELD(13),
	S_IDR0_PRI = BIT_FIELD(16),
	S_IDR0_STALL_MODEL = FIELD(25, 24),
	S_IDR0_ECMDQ = BIT_FIELD(31),
};

/* S_IDR1.  6.3.53 */
enum s_idr1_field {
	S_IDR1_S_SIDSIZE = FIELD(5, 0),     /* bits of a Secure StreamID */
	S_IDR1_SEL2 = BIT_FIELD(29),        /* Secure stage 2 */
	S_IDR1_SECURE_IMPL = BIT_FIELD(31), /* Secure streams */
};

/* S_IDR2.  6.3.54 */
enum s_idr2_field {
	S_IDR2_BA_S_VATOS = FIELD(9, 0), /* 64KB pages from 0x20000 to the Secure VATOS page */
};

/* S_IDR3.  6.3.55 */
enum s_idr3_field {
	S_IDR3_SAMS = BIT_FIELD(6), /* 1: no ATS or PRI commands on the Secure queue */
};

/* R_IDR1.  6.3.123 */
enum r_idr1_field {
	R_IDR1_RME_DA_IMPL = BIT_FIELD(31),
};

/* R_IDR3.  6.3.125 */
enum r_idr3_field {
	R_IDR3_DPT = BIT_FIELD(15),
	R_IDR3_MEC = BIT_FIELD(16), /* memory encryption contexts */
	R_IDR3_XT = BIT_FIELD(17),  /* checks of the incoming NS attribute */
};

/* ROOT_IDR0.  6.3.110 */
enum root_idr0_field {
	ROOT_IDR0_ROOT_IMPL = BIT_FIELD(0),  /* granule protection checks */
	ROOT_IDR0_BGPTM = BIT_FIELD(1),      /* broadcast TLB maintenance of GPT */
	ROOT_IDR0_RGPTM = BIT_FIELD(2),      /* ROOT_TLBI */
	ROOT_IDR0_REALM_IMPL = BIT_FIELD(3), /* Realm streams */
	ROOT_IDR0_BA_REALM = FIELD(31, 22),  /* 64KB pages from 0x20000 to Realm Page 0 */
};

/* MPAMIDR and its Secure and Realm twins.  6.3.41 */
enum mpamidr_field {
	MPAMIDR_PARTID_MAX = FIELD(15, 0),
	MPAMIDR_PMG_MAX = FIELD(23, 16),
	MPAMIDR_HAS_MPAM_NS = BIT_FIELD(25),
};

/* R_MECIDR.  6.3.161 */
enum mecidr_field {
	MECIDR_MECIDSIZE = FIELD(3, 0), /* bits of a MECID, less 1 */
};

#endif
