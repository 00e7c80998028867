/* SPDX-License-Identifier: MIT */
/* Every bit of the registers of ATOS, MPAM, DPT and GPT, 6.3. */
#include "arch/names.h"
#include "arch/offsets.h"
#include "arch/regs.h"

/* 9.1.5 */
#define ATOS_CODES                                                                          \
	"2=C_BAD_STREAMID|3=F_STE_FETCH|4=C_BAD_STE|6=F_STREAM_DISABLED|8=C_BAD_SUBSTREAMID" \
	"|9=F_CD_FETCH|10=C_BAD_CD|11=F_WALK_EABT|16=F_TRANSLATION|17=F_ADDR_SIZE"           \
	"|18=F_ACCESS|19=F_PERMISSION|32=F_TLB_CONFLICT|33=F_CFG_CONFLICT|37=F_VMS_FETCH"    \
	"|253=INTERNAL_ERR|254=INV_STAGE|255=INV_REQ"

static const struct smmu3_field gatos_ctrl[] = {
	NAMED("RUN", ATOS_CTRL_RUN),
	RES0(31, 1),
};

static const struct smmu3_field gatos_sid[] = {
	NAMED("STREAMID", ATOS_SID_STREAMID),
	NAMED("SUBSTREAMID", ATOS_SID_SUBSTREAMID),
	NAMED("SSID_VALID", ATOS_SID_SSID_VALID),
	RES0(63, 53),
};

static const struct smmu3_field gatos_addr[] = {
	RES0(5, 0),
	NAMED("HTTUI", ATOS_ADDR_HTTUI),
	MEANS("InD", ATOS_ADDR_IND, "0=data|1=instruction"),
	MEANS("RnW", ATOS_ADDR_RNW, "0=write|1=read"),
	MEANS("PnU", ATOS_ADDR_PNU, "0=unprivileged|1=privileged"),
	MEANS("TYPE", ATOS_ADDR_TYPE, "0=reserved|1=stage 1|2=stage 2|3=stage 1 and stage 2"),
	ADDRESS("ADDR", ATOS_ADDR_ADDR),
};

static const struct smmu3_field gatos_par[] = {
	MEANS("FAULT", ATOS_PAR_FAULT, "0=translated|1=fault"),
	RES0(7, 1),
	MEANS("SH", ATOS_PAR_SH, SH_MEANINGS),
	RES0(10, 10),
	MEANS("Size", ATOS_PAR_SIZE, "0=4KB|1=by the lowest set bit of ADDR"),
	ADDRESS("ADDR", ATOS_PAR_ADDR),
	NAMED("ATTR", ATOS_PAR_ATTR),
};

static const struct smmu3_field gatos_par_fault[] = {
	MEANS("FAULT", ATOS_PAR_FAULT, "0=translated|1=fault"),
	MEANS("REASON", ATOS_PAR_REASON, "0=stage 1, or no stage|1=CD|2=TT|3=IN"),
	RES0(3, 3),
	MEANS("FAULTCODE", ATOS_PAR_FAULTCODE, ATOS_CODES),
	ADDRESS("FADDR", ATOS_PAR_FADDR),
	RES0(59, 56),
	IMPDEF(63, 60),
};

static const struct smmu3_field gmpam[] = {
	NAMED("SO_PARTID", GMPAM_SO_PARTID),
	NAMED("SO_PMG", GMPAM_SO_PMG),
	RES0(30, 24),
	NAMED("Update", GMPAM_UPDATE),
};

static const struct smmu3_field gbpmpam[] = {
	NAMED("GBP_PARTID", GBPMPAM_GBP_PARTID),
	NAMED("GBP_PMG", GBPMPAM_GBP_PMG),
	RES0(30, 24),
	NAMED("Update", GBPMPAM_UPDATE),
};

static const struct smmu3_field vatos_sel[] = {
	NAMED("VMID", VATOS_SEL_VMID),
	RES0(31, 16),
};

static const struct smmu3_field dpt_base[] = {
	RES0(11, 0),
	ADDRESS("BADDR", DPT_BASE_BADDR),
	RES0(61, 56),
	NAMED("RA", DPT_BASE_RA),
	RES0(63, 63),
};

static const struct smmu3_field dpt_base_cfg[] = {
	MEANS("DPTPS", DPT_BASE_CFG_DPTPS,
	      "0=32 bits|1=36 bits|2=40 bits|3=42 bits|4=44 bits|5=48 bits|6=52 bits|7=reserved"),
	RES0(13, 3),
	MEANS("DPTGS", DPT_BASE_CFG_DPTGS, TG0_MEANINGS),
	RES0(19, 16),
	MEANS("L0DPTSZ", DPT_BASE_CFG_L0DPTSZ, "0=1GB|4=16GB|6=64GB|9=512GB"),
	RES0(31, 24),
};

static const struct smmu3_field dpt_cfg_far[] = {
	NAMED("FAULT", DPT_CFG_FAR_FAULT),
	NAMED("LEVEL", DPT_CFG_FAR_LEVEL),
	RES0(3, 2),
	MEANS("DPT_FAULTCODE", DPT_CFG_FAR_DPT_FAULTCODE,
	      "0=DPT_DISABLED|1=DPT_WALK_FAULT|2=DPT_GPC_FAULT|3=DPT_EABT"),
	RES0(11, 8),
	ADDRESS("FADDR", DPT_CFG_FAR_FADDR),
	RES0(63, 56),
};

static const struct smmu3_field s_gatos_sid[] = {
	NAMED("STREAMID", ATOS_SID_STREAMID),
	NAMED("SUBSTREAMID", ATOS_SID_SUBSTREAMID),
	NAMED("SSID_VALID", ATOS_SID_SSID_VALID),
	NAMED("SSEC", ATOS_SID_SSEC),
	RES0(63, 54),
};

static const struct smmu3_field s_gatos_addr[] = {
	RES0(3, 0),
	NAMED("NS", ATOS_ADDR_NS),
	RES0(5, 5),
	NAMED("HTTUI", ATOS_ADDR_HTTUI),
	MEANS("InD", ATOS_ADDR_IND, "0=data|1=instruction"),
	MEANS("RnW", ATOS_ADDR_RNW, "0=write|1=read"),
	MEANS("PnU", ATOS_ADDR_PNU, "0=unprivileged|1=privileged"),
	MEANS("TYPE", ATOS_ADDR_TYPE, "0=reserved|1=stage 1|2=stage 2|3=stage 1 and stage 2"),
	ADDRESS("ADDR", ATOS_ADDR_ADDR),
};

static const struct smmu3_field s_gatos_par[] = {
	MEANS("FAULT", ATOS_PAR_FAULT, "0=translated|1=fault"),
	RES0(7, 1),
	MEANS("SH", ATOS_PAR_SH, SH_MEANINGS),
	NAMED("NS", ATOS_PAR_NS),
	MEANS("Size", ATOS_PAR_SIZE, "0=4KB|1=by the lowest set bit of ADDR"),
	ADDRESS("ADDR", ATOS_PAR_ADDR),
	NAMED("ATTR", ATOS_PAR_ATTR),
};

static const struct smmu3_field s_gatos_par_fault[] = {
	MEANS("FAULT", ATOS_PAR_FAULT, "0=translated|1=fault"),
	MEANS("REASON", ATOS_PAR_REASON, "0=stage 1, or no stage|1=CD|2=TT|3=IN"),
	NAMED("NSIPA", ATOS_PAR_NSIPA),
	MEANS("FAULTCODE", ATOS_PAR_FAULTCODE, ATOS_CODES),
	ADDRESS("FADDR", ATOS_PAR_FADDR),
	RES0(59, 56),
	IMPDEF(63, 60),
};

static const struct smmu3_field s_gmpam[] = {
	NAMED("SO_PARTID", GMPAM_SO_PARTID),
	NAMED("SO_PMG", GMPAM_SO_PMG),
	NAMED("MPAM_NS", GMPAM_MPAM_NS),
	RES0(30, 25),
	NAMED("Update", GMPAM_UPDATE),
};

static const struct smmu3_field s_gbpmpam[] = {
	NAMED("GBP_PARTID", GBPMPAM_GBP_PARTID),
	NAMED("GBP_PMG", GBPMPAM_GBP_PMG),
	NAMED("MPAM_NS", GBPMPAM_MPAM_NS),
	RES0(30, 25),
	NAMED("Update", GBPMPAM_UPDATE),
};

static const struct smmu3_field s_vatos_sid[] = {
	NAMED("STREAMID", ATOS_SID_STREAMID),
	NAMED("SUBSTREAMID", ATOS_SID_SUBSTREAMID),
	NAMED("SSID_VALID", ATOS_SID_SSID_VALID),
	RES1(53, 53),
	RES0(63, 54),
};

static const struct smmu3_field root_gpt_base[] = {
	RES0(11, 0),
	ADDRESS("ADDR", GPT_BASE_ADDR),
	RES0(63, 52),
};

static const struct smmu3_field root_gpt_base_cfg[] = {
	MEANS("PPS", GPT_BASE_CFG_PPS,
	      "0=32 bits|1=36 bits|2=40 bits|3=42 bits|4=44 bits|5=48 bits|6=52 bits|7=reserved"),
	RES0(7, 3),
	MEANS("IRGN", GPT_BASE_CFG_IRGN, WALK_MEANINGS),
	MEANS("ORGN", GPT_BASE_CFG_ORGN, WALK_MEANINGS),
	MEANS("SH", GPT_BASE_CFG_SH, SH_MEANINGS),
	MEANS("PGS", GPT_BASE_CFG_PGS, TG0_MEANINGS),
	RES0(16, 16),
	NAMED("GPCP", GPT_BASE_CFG_GPCP),
	RES0(19, 18),
	MEANS("L0GPTSZ", GPT_BASE_CFG_L0GPTSZ, "0=1GB|4=16GB|6=64GB|9=512GB"),
	RES0(63, 24),
};

static const struct smmu3_field root_gpf_far[] = {
	NAMED("FAULT", GPF_FAR_FAULT),
	MEANS("REASON", GPF_FAR_REASON, "1=TRANSLATION|2=GERROR|3=TRANSACTION"),
	NAMED("FAULTCODE", GPF_FAR_FAULTCODE),
	ADDRESS("FADDR", GPF_FAR_FADDR),
	RES0(61, 56),
	MEANS("FPAS", GPF_FAR_FPAS, "0=Secure|1=Non-secure|2=Root|3=Realm"),
};

static const struct smmu3_field root_gpt_cfg_far[] = {
	NAMED("FAULT", GPF_FAR_FAULT),
	MEANS("REASON", GPF_FAR_REASON, "1=TRANSLATION|2=GERROR|3=TRANSACTION"),
	NAMED("FAULTCODE", GPF_FAR_FAULTCODE),
	ADDRESS("FADDR", GPF_FAR_FADDR),
	MEANS("CFG_ERR", GPF_FAR_CFG_ERR,
	      "0=GPT registers|1=base beyond PPS|2=external abort on a GPT entry|"
	      "3=invalid GPT entry|4=address of a GPT entry beyond PPS"),
	RES0(61, 60),
	MEANS("FPAS", GPF_FAR_FPAS, "0=Secure|1=Non-secure|2=Root|3=Realm"),
};

static const struct smmu3_field root_tlbi[] = {
	NAMED("ALL", ROOT_TLBI_ALL),
	NAMED("L", ROOT_TLBI_L),
	RES0(3, 2),
	NAMED("SIZE", ROOT_TLBI_SIZE),
	RES0(11, 8),
	ADDRESS("Address", ROOT_TLBI_ADDRESS),
	RES0(63, 52),
};

static const struct smmu3_field root_tlbi_ctrl[] = {
	NAMED("RUN", ROOT_TLBI_CTRL_RUN),
	RES0(31, 1),
};

static const struct smmu3_field root_gpt_base_update[] = {
	NAMED("Update", GPT_BASE_UPDATE_UPDATE),
	RES0(31, 1),
};

static const struct smmu3_field r_gmecid[] = {
	NAMED("GMECID", GMECID_GMECID),
	RES0(31, 16),
};

static const struct smmu3_layout layouts[] = {
	REGISTER(GATOS_CTRL, "6.3.37", 32, gatos_ctrl),
	REGISTER(GATOS_SID, "6.3.38", 64, gatos_sid),
	REGISTER(GATOS_ADDR, "6.3.39", 64, gatos_addr),
	REGISTER(GATOS_PAR, "6.3.40", 64, gatos_par),
	FAULT_FORM(GATOS_PAR, "6.3.40", 64, gatos_par_fault),
	REGISTER(GMPAM, "6.3.42", 32, gmpam),
	REGISTER(GBPMPAM, "6.3.43", 32, gbpmpam),
	REGISTER(VATOS_SEL, "6.3.44", 32, vatos_sel),
	REGISTER(DPT_BASE, "6.3.46", 64, dpt_base),
	REGISTER(DPT_BASE_CFG, "6.3.47", 32, dpt_base_cfg),
	REGISTER(DPT_CFG_FAR, "6.3.48", 64, dpt_cfg_far),
	REGISTER(S_GATOS_CTRL, "6.3.83", 32, gatos_ctrl),
	REGISTER(S_GATOS_SID, "6.3.84", 64, s_gatos_sid),
	REGISTER(S_GATOS_ADDR, "6.3.85", 64, s_gatos_addr),
	REGISTER(S_GATOS_PAR, "6.3.86", 64, s_gatos_par),
	FAULT_FORM(S_GATOS_PAR, "6.3.86", 64, s_gatos_par_fault),
	REGISTER(S_GMPAM, "6.3.88", 32, s_gmpam),
	REGISTER(S_GBPMPAM, "6.3.89", 32, s_gbpmpam),
	REGISTER(S_VATOS_SEL, "6.3.90", 32, vatos_sel),
	REGISTER(VATOS_CTRL, "6.3.99", 32, gatos_ctrl),
	REGISTER(VATOS_SID, "6.3.100", 64, gatos_sid),
	REGISTER(VATOS_ADDR, "6.3.101", 64, gatos_addr),
	REGISTER(VATOS_PAR, "6.3.102", 64, gatos_par),
	FAULT_FORM(VATOS_PAR, "6.3.102", 64, gatos_par_fault),
	REGISTER(S_VATOS_CTRL, "6.3.103", 32, gatos_ctrl),
	REGISTER(S_VATOS_SID, "6.3.104", 64, s_vatos_sid),
	REGISTER(S_VATOS_ADDR, "6.3.105", 64, gatos_addr),
	REGISTER(S_VATOS_PAR, "6.3.106", 64, s_gatos_par),
	FAULT_FORM(S_VATOS_PAR, "6.3.106", 64, s_gatos_par_fault),
	REGISTER(ROOT_GPT_BASE, "6.3.114", 64, root_gpt_base),
	REGISTER(ROOT_GPT_BASE_CFG, "6.3.115", 64, root_gpt_base_cfg),
	REGISTER(ROOT_GPF_FAR, "6.3.116", 64, root_gpf_far),
	REGISTER(ROOT_GPT_CFG_FAR, "6.3.117", 64, root_gpt_cfg_far),
	REGISTER(ROOT_TLBI, "6.3.118", 64, root_tlbi),
	REGISTER(ROOT_TLBI_CTRL, "6.3.119", 32, root_tlbi_ctrl),
	REGISTER(ROOT_GPT_BASE2, "6.3.120", 64, root_gpt_base),
	REGISTER(ROOT_GPT_BASE_UPDATE, "6.3.121", 32, root_gpt_base_update),
	REGISTER(R_GMPAM, "6.3.156", 32, s_gmpam),
	REGISTER(R_DPT_BASE, "6.3.158", 64, dpt_base),
	REGISTER(R_DPT_BASE_CFG, "6.3.159", 32, dpt_base_cfg),
	REGISTER(R_DPT_CFG_FAR, "6.3.160", 64, dpt_cfg_far),
	REGISTER(R_GMECID, "6.3.162", 32, r_gmecid),
};

const struct layouts rare_register_layouts = { layouts, ARRAY_SIZE(layouts) };
