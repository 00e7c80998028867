/* SPDX-License-Identifier: MIT */
/* Every bit of the identification registers, 6.3. */
#include "arch/names.h"
#include "arch/idregs.h"
#include "arch/offsets.h"

static const struct smmu3_field idr0[] = {
	NAMED("S2P", IDR0_S2P),
	NAMED("S1P", IDR0_S1P),
	MEANS("TTF", IDR0_TTF,
	      "0=reserved|1=VMSAv8-32 LPAE|2=VMSAv8-64|3=VMSAv8-32 LPAE and VMSAv8-64"),
	NAMED("COHACC", IDR0_COHACC),
	NAMED("BTM", IDR0_BTM),
	MEANS("HTTU", IDR0_HTTU,
	      "0=none|1=Access flag|2=Access flag and dirty state|3=also of table descriptors"),
	NAMED("DORMHINT", IDR0_DORMHINT),
	NAMED("Hyp", IDR0_HYP),
	NAMED("ATS", IDR0_ATS),
	NAMED("NS1ATS", IDR0_NS1ATS),
	NAMED("ASID16", IDR0_ASID16),
	NAMED("MSI", IDR0_MSI),
	NAMED("SEV", IDR0_SEV),
	NAMED("ATOS", IDR0_ATOS),
	NAMED("PRI", IDR0_PRI),
	NAMED("VMW", IDR0_VMW),
	NAMED("VMID16", IDR0_VMID16),
	NAMED("CD2L", IDR0_CD2L),
	NAMED("VATOS", IDR0_VATOS),
	MEANS("TTENDIAN", IDR0_TTENDIAN, "0=mixed|1=reserved|2=little-endian|3=big-endian"),
	NAMED("ATSRECERR", IDR0_ATSRECERR),
	MEANS("STALL_MODEL", IDR0_STALL_MODEL, STALL_MODEL_MEANINGS),
	MEANS("TERM_MODEL", IDR0_TERM_MODEL, "0=CD.A chooses abort or RAZ/WI|1=always abort"),
	MEANS("ST_LEVEL", IDR0_ST_LEVEL, "0=linear|1=linear and 2-level|2-3=reserved"),
	RES0(29, 29),
	NAMED("RME_IMPL", IDR0_RME_IMPL),
	RES0(31, 31),
};

static const struct smmu3_field idr1[] = {
	NAMED("SIDSIZE", IDR1_SIDSIZE),
	NAMED("SSIDSIZE", IDR1_SSIDSIZE),
	NAMED("PRIQS", IDR1_PRIQS),
	NAMED("EVENTQS", IDR1_EVENTQS),
	NAMED("CMDQS", IDR1_CMDQS),
	NAMED("ATTR_PERMS_OVR", IDR1_ATTR_PERMS_OVR),
	NAMED("ATTR_TYPES_OVR", IDR1_ATTR_TYPES_OVR),
	NAMED("REL", IDR1_REL),
	NAMED("QUEUES_PRESET", IDR1_QUEUES_PRESET),
	NAMED("TABLES_PRESET", IDR1_TABLES_PRESET),
	NAMED("ECMDQ", IDR1_ECMDQ),
};

static const struct smmu3_field idr2[] = {
	NAMED("BA_VATOS", IDR2_BA_VATOS),
	RES0(31, 10),
};

static const struct smmu3_field idr3[] = {
	RES0(1, 0),
	NAMED("HAD", IDR3_HAD),
	NAMED("PBHA", IDR3_PBHA),
	NAMED("XNX", IDR3_XNX),
	NAMED("PPS", IDR3_PPS),
	RES0(6, 6),
	NAMED("MPAM", IDR3_MPAM),
	NAMED("FWB", IDR3_FWB),
	NAMED("STT", IDR3_STT),
	NAMED("RIL", IDR3_RIL),
	MEANS("BBML", IDR3_BBML, "0=level 0|1=level 1|2=level 2|3=reserved"),
	NAMED("E0PD", IDR3_E0PD),
	NAMED("PTWNNC", IDR3_PTWNNC),
	NAMED("DPT", IDR3_DPT),
	NAMED("PASIDTT", IDR3_PASIDTT),
	NAMED("EPAN", IDR3_EPAN),
	NAMED("S1PI", IDR3_S1PI),
	NAMED("S2PI", IDR3_S2PI),
	NAMED("S2PO", IDR3_S2PO),
	NAMED("THE", IDR3_THE),
	NAMED("MTEPERM", IDR3_MTEPERM),
	NAMED("AIE", IDR3_AIE),
	RES0(31, 24),
};

static const struct smmu3_field impdef[] = {
	IMPDEF(31, 0),
};

static const struct smmu3_field idr5[] = {
	MEANS("OAS", IDR5_OAS, SIZE_MEANINGS),
	RES0(3, 3),
	NAMED("GRAN4K", IDR5_GRAN4K),
	NAMED("GRAN16K", IDR5_GRAN16K),
	NAMED("GRAN64K", IDR5_GRAN64K),
	NAMED("DS", IDR5_DS),
	NAMED("D128", IDR5_D128),
	RES0(9, 9),
	MEANS("VAX", IDR5_VAX, "0=48 bits|1=52 bits|2=56 bits|3=reserved"),
	RES0(15, 12),
	NAMED("STALL_MAX", IDR5_STALL_MAX),
};

static const struct smmu3_field iidr[] = {
	NAMED("Implementer", IIDR_IMPLEMENTER),
	NAMED("Revision", IIDR_REVISION),
	NAMED("Variant", IIDR_VARIANT),
	NAMED("ProductID", IIDR_PRODUCTID),
};

static const struct smmu3_field aidr[] = {
	MEANS("ArchMinorRev", AIDR_ARCHMINORREV,
	      "0=SMMUv3.0|1=SMMUv3.1|2=SMMUv3.2|3=SMMUv3.3|4=SMMUv3.4"),
	MEANS("ArchMajorRev", AIDR_ARCHMAJORREV, "0=SMMUv3"),
	RES0(31, 8),
};

static const struct smmu3_field mpamidr[] = {
	NAMED("PARTID_MAX", MPAMIDR_PARTID_MAX),
	NAMED("PMG_MAX", MPAMIDR_PMG_MAX),
	RES0(31, 24),
};

static const struct smmu3_field idr6[] = {
	RES0(15, 0),
	NAMED("CMDQ_CONTROL_PAGE_LOG2NUMQ", IDR6_CMDQ_CONTROL_PAGE_LOG2NUMQ),
	RES0(23, 20),
	NAMED("CMDQ_CONTROL_PAGE_LOG2NUMP", IDR6_CMDQ_CONTROL_PAGE_LOG2NUMP),
	RES0(31, 28),
};

static const struct smmu3_field pidr4[] = {
	{ "DES_2", 3, 0, 0, NULL },
	{ "SIZE", 7, 4, 0, NULL },
	RES0(31, 8),
};

static const struct smmu3_field res0[] = {
	RES0(31, 0),
};

static const struct smmu3_field pidr0[] = {
	{ "PART_0", 7, 0, 0, NULL },
	RES0(31, 8),
};

static const struct smmu3_field pidr1[] = {
	{ "PART_1", 3, 0, 0, NULL },
	{ "DES_0", 7, 4, 0, NULL },
	RES0(31, 8),
};

static const struct smmu3_field pidr2[] = {
	{ "DES_1", 2, 0, 0, NULL },
	{ "JEDEC", 3, 3, 0, NULL },
	{ "REVISION", 7, 4, 0, NULL },
	RES0(31, 8),
};

static const struct smmu3_field pidr3[] = {
	{ "CMOD", 3, 0, 0, NULL },
	{ "REVAND", 7, 4, 0, NULL },
	RES0(31, 8),
};

static const struct smmu3_field cidr0[] = {
	{ "PRMBL_0", 7, 0, 0, NULL },
	RES0(31, 8),
};

static const struct smmu3_field cidr1[] = {
	{ "PRMBL_1", 3, 0, 0, NULL },
	{ "CLASS", 7, 4, 0, NULL },
	RES0(31, 8),
};

static const struct smmu3_field cidr2[] = {
	{ "PRMBL_2", 7, 0, 0, NULL },
	RES0(31, 8),
};

static const struct smmu3_field cidr3[] = {
	{ "PRMBL_3", 7, 0, 0, NULL },
	RES0(31, 8),
};

static const struct smmu3_field s_idr0[] = {
	RES0(12, 0),
	NAMED("MSI", S_IDR0_MSI),
	RES0(23, 14),
	MEANS("STALL_MODEL", S_IDR0_STALL_MODEL, STALL_MODEL_MEANINGS),
	RES0(30, 26),
	NAMED("ECMDQ", S_IDR0_ECMDQ),
};

static const struct smmu3_field s_idr1[] = {
	NAMED("S_SIDSIZE", S_IDR1_S_SIDSIZE),
	RES0(28, 6),
	NAMED("SEL2", S_IDR1_SEL2),
	RES0(30, 30),
	NAMED("SECURE_IMPL", S_IDR1_SECURE_IMPL),
};

static const struct smmu3_field s_idr2[] = {
	NAMED("BA_S_VATOS", S_IDR2_BA_S_VATOS),
	RES0(31, 10),
};

static const struct smmu3_field s_idr3[] = {
	RES0(5, 0),
	NAMED("SAMS", S_IDR3_SAMS),
	RES0(31, 7),
};

static const struct smmu3_field s_mpamidr[] = {
	NAMED("PARTID_MAX", MPAMIDR_PARTID_MAX),
	NAMED("PMG_MAX", MPAMIDR_PMG_MAX),
	RES0(24, 24),
	NAMED("HAS_MPAM_NS", MPAMIDR_HAS_MPAM_NS),
	RES0(31, 26),
};

static const struct smmu3_field root_idr0[] = {
	NAMED("ROOT_IMPL", ROOT_IDR0_ROOT_IMPL),
	NAMED("BGPTM", ROOT_IDR0_BGPTM),
	NAMED("RGPTM", ROOT_IDR0_RGPTM),
	NAMED("REALM_IMPL", ROOT_IDR0_REALM_IMPL),
	RES0(21, 4),
	NAMED("BA_REALM", ROOT_IDR0_BA_REALM),
};

static const struct smmu3_field r_idr0[] = {
	RES0(9, 0),
	NAMED("ATS", S_IDR0_ATS),
	RES0(12, 11),
	NAMED("MSI", S_IDR0_MSI),
	RES0(15, 14),
	NAMED("PRI", S_IDR0_PRI),
	RES0(23, 17),
	MEANS("STALL_MODEL", S_IDR0_STALL_MODEL, STALL_MODEL_MEANINGS),
	RES0(30, 26),
	NAMED("ECMDQ", S_IDR0_ECMDQ),
};

static const struct smmu3_field r_idr1[] = {
	RES0(30, 0),
	NAMED("RME_DA_IMPL", R_IDR1_RME_DA_IMPL),
};

static const struct smmu3_field r_idr3[] = {
	RES0(14, 0),
	NAMED("DPT", R_IDR3_DPT),
	NAMED("MEC", R_IDR3_MEC),
	NAMED("XT", R_IDR3_XT),
	RES0(31, 18),
};

static const struct smmu3_field r_mecidr[] = {
	NAMED("MECIDSIZE", MECIDR_MECIDSIZE),
	RES0(31, 4),
};

static const struct smmu3_layout layouts[] = {
	REGISTER(IDR0, "6.3.1", 32, idr0),
	REGISTER(IDR1, "6.3.2", 32, idr1),
	REGISTER(IDR2, "6.3.3", 32, idr2),
	REGISTER(IDR3, "6.3.4", 32, idr3),
	REGISTER(IDR4, "6.3.5", 32, impdef),
	REGISTER(IDR5, "6.3.6", 32, idr5),
	REGISTER(IIDR, "6.3.7", 32, iidr),
	REGISTER(AIDR, "6.3.8", 32, aidr),
	REGISTER(MPAMIDR, "6.3.41", 32, mpamidr),
	REGISTER(IDR6, "6.3.45", 32, idr6),
	REGISTER(PIDR4, "6.3.170", 32, pidr4),
	REGISTER(PIDR5, "6.3.170", 32, res0),
	REGISTER(PIDR6, "6.3.170", 32, res0),
	REGISTER(PIDR7, "6.3.170", 32, res0),
	REGISTER(PIDR0, "6.3.170", 32, pidr0),
	REGISTER(PIDR1, "6.3.170", 32, pidr1),
	REGISTER(PIDR2, "6.3.170", 32, pidr2),
	REGISTER(PIDR3, "6.3.170", 32, pidr3),
	REGISTER(CIDR0, "6.3.170", 32, cidr0),
	REGISTER(CIDR1, "6.3.170", 32, cidr1),
	REGISTER(CIDR2, "6.3.170", 32, cidr2),
	REGISTER(CIDR3, "6.3.170", 32, cidr3),
	REGISTER(S_IDR0, "6.3.52", 32, s_idr0),
	REGISTER(S_IDR1, "6.3.53", 32, s_idr1),
	REGISTER(S_IDR2, "6.3.54", 32, s_idr2),
	REGISTER(S_IDR3, "6.3.55", 32, s_idr3),
	REGISTER(S_IDR4, "6.3.56", 32, impdef),
	REGISTER(S_MPAMIDR, "6.3.87", 32, s_mpamidr),
	REGISTER(S_IDR6, "6.3.91", 32, idr6),
	REGISTER(ROOT_IDR0, "6.3.110", 32, root_idr0),
	REGISTER(ROOT_IIDR, "6.3.111", 32, iidr),
	REGISTER(R_IDR0, "6.3.122", 32, r_idr0),
	REGISTER(R_IDR1, "6.3.123", 32, r_idr1),
	REGISTER(R_IDR2, "6.3.124", 32, res0),
	REGISTER(R_IDR3, "6.3.125", 32, r_idr3),
	REGISTER(R_IDR4, "6.3.126", 32, res0),
	REGISTER(R_AIDR, "6.3.127", 32, aidr),
	REGISTER(R_MPAMIDR, "6.3.155", 32, s_mpamidr),
	REGISTER(R_IDR6, "6.3.157", 32, idr6),
	REGISTER(R_MECIDR, "6.3.161", 32, r_mecidr),
};

const struct layouts id_register_layouts = { layouts, ARRAY_SIZE(layouts) };
