/* SPDX-License-Identifier: MIT */
/* Every bit of the commands of 4.2, 4.3 and 4.5 to 4.7. */
#include "arch/names.h"
#include "arch/cmd.h"

static const struct smmu3_field prefetch_config[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(9, 8),
	MEANS("SSec", CMD_SSEC, "0=Non-secure StreamID|1=Secure StreamID"),
	MEANS("SSV", CMD_SSV, "0=no SubstreamID|1=SubstreamID valid"),
	NAMED("SubstreamID", CMD_SUBSTREAMID),
	NAMED("StreamID", CMD_STREAMID),
	RES0(127, 64),
};

static const struct smmu3_field prefetch_addr[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(9, 8),
	MEANS("SSec", CMD_SSEC, "0=Non-secure StreamID|1=Secure StreamID"),
	MEANS("SSV", CMD_SSV, "0=no SubstreamID|1=SubstreamID valid"),
	NAMED("SubstreamID", CMD_SUBSTREAMID),
	NAMED("StreamID", CMD_STREAMID),
	NAMED("Size", CMD_PREFETCH_SIZE),
	NAMED("Stride", CMD_PREFETCH_STRIDE),
	RES0(74, 74),
	MEANS("NS", CMD_PREFETCH_NS, "0=Secure IPA|1=Non-secure IPA"),
	ADDRESS("Address", CMD_ADDRESS),
};

static const struct smmu3_field cfgi_ste[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(9, 8),
	MEANS("SSec", CMD_SSEC, "0=Non-secure StreamID|1=Secure StreamID"),
	RES0(31, 11),
	NAMED("StreamID", CMD_STREAMID),
	MEANS("Leaf", CMD_LEAF, "0=all levels|1=last level only"),
	RES0(127, 65),
};

static const struct smmu3_field cfgi_ste_range[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(9, 8),
	MEANS("SSec", CMD_SSEC, "0=Non-secure StreamID|1=Secure StreamID"),
	RES0(31, 11),
	NAMED("StreamID", CMD_STREAMID),
	NAMED("Range", CMD_RANGE),
	RES0(127, 69),
};

static const struct smmu3_field cfgi_all[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(9, 8),
	MEANS("SSec", CMD_SSEC, "0=Non-secure StreamID|1=Secure StreamID"),
	RES0(63, 11),
	NAMED("Range", CMD_RANGE),
	RES0(127, 69),
};

static const struct smmu3_field cfgi_cd[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(9, 8),
	MEANS("SSec", CMD_SSEC, "0=Non-secure StreamID|1=Secure StreamID"),
	RES0(11, 11),
	NAMED("SubstreamID", CMD_SUBSTREAMID),
	NAMED("StreamID", CMD_STREAMID),
	MEANS("Leaf", CMD_LEAF, "0=all levels|1=last level only"),
	RES0(127, 65),
};

static const struct smmu3_field stream[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(9, 8),
	MEANS("SSec", CMD_SSEC, "0=Non-secure StreamID|1=Secure StreamID"),
	RES0(31, 11),
	NAMED("StreamID", CMD_STREAMID),
	RES0(127, 64),
};

static const struct smmu3_field cfgi_vms_pidm[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(9, 8),
	MEANS("SSec", CMD_SSEC, "0=Non-secure StreamID|1=Secure StreamID"),
	RES0(31, 11),
	NAMED("VMID", CMD_VMID),
	RES0(63, 48),
	RES0(127, 64),
};

static const struct smmu3_field atc_inv[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(8, 8),
	NAMED("Global", CMD_ATC_GLOBAL),
	RES0(10, 10),
	MEANS("SSV", CMD_SSV, "0=no SubstreamID|1=SubstreamID valid"),
	NAMED("SubstreamID", CMD_SUBSTREAMID),
	NAMED("StreamID", CMD_STREAMID),
	NAMED("Size", CMD_ATC_SIZE),
	RES0(75, 70),
	ADDRESS("Address", CMD_ADDRESS),
};

static const struct smmu3_field pri_resp[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(10, 8),
	MEANS("SSV", CMD_SSV, "0=no SubstreamID|1=SubstreamID valid"),
	NAMED("SubstreamID", CMD_SUBSTREAMID),
	NAMED("StreamID", CMD_STREAMID),
	NAMED("PRGIndex", CMD_PRGINDEX),
	RES0(75, 73),
	MEANS("Resp", CMD_RESP, "0=failure|1=invalid request|2=success|3=ILLEGAL"),
	RES0(127, 78),
};

static const struct smmu3_field resume[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(9, 8),
	MEANS("SSec", CMD_SSEC, "0=Non-secure StreamID|1=Secure StreamID"),
	RES0(11, 11),
	MEANS("Ac", CMD_RESUME_AC, "0=terminate|1=retry"),
	MEANS("Ab", CMD_RESUME_AB, "0=RAZ/WI|1=abort"),
	RES0(31, 14),
	NAMED("StreamID", CMD_STREAMID),
	NAMED("STAG", CMD_STAG),
	RES0(127, 80),
};

static const struct smmu3_field sync[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(11, 8),
	MEANS("CS", CMD_SYNC_CS, "0=SIG_NONE|1=SIG_IRQ|2=SIG_SEV|3=ILLEGAL"),
	RES0(21, 14),
	MEANS("MSH", CMD_SYNC_MSH, SH_MEANINGS),
	MEANS("MSIAttr", CMD_SYNC_MSIATTR, MEMATTR_MEANINGS),
	RES0(31, 28),
	NAMED("MSIData", CMD_SYNC_MSIDATA),
	RES0(65, 64),
	ADDRESS("MSIAddress", CMD_SYNC_MSIADDRESS),
	RES0(126, 120),
	MEANS("MSI_NS", CMD_SYNC_MSI_NS, "0=Realm|1=Non-secure"),
};

static const struct smmu3_field dpti_all[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(63, 8),
	RES0(127, 64),
};

static const struct smmu3_field dpti_pa[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(63, 8),
	MEANS("Leaf", CMD_LEAF, "0=all levels|1=last level only"),
	RES0(71, 65),
	MEANS("SIZE", CMD_DPTI_SIZE,
	      "0=4KB|1=16KB|2=64KB|3=2MB|4=32MB|5=512MB|6=1GB|7=16GB|8=64GB|9=512GB|"
	      "10-15=reserved"),
	ADDRESS("Address", CMD_IPA),
	RES0(127, 120),
};

static const struct smmu3_layout layouts[] = {
	LAYOUT("CMD_PREFETCH_CONFIG", "4.2.1", 128, prefetch_config),
	LAYOUT("CMD_PREFETCH_ADDR", "4.2.2", 128, prefetch_addr),
	LAYOUT("CMD_CFGI_STE", "4.3.1", 128, cfgi_ste),
	LAYOUT("CMD_CFGI_STE_RANGE", "4.3.2", 128, cfgi_ste_range),
	LAYOUT("CMD_CFGI_ALL", "4.3.6", 128, cfgi_all),
	LAYOUT("CMD_CFGI_CD", "4.3.3", 128, cfgi_cd),
	LAYOUT("CMD_CFGI_CD_ALL", "4.3.4", 128, stream),
	LAYOUT("CMD_CFGI_VMS_PIDM", "4.3.5", 128, cfgi_vms_pidm),
	LAYOUT("CMD_ATC_INV", "4.5.1", 128, atc_inv),
	LAYOUT("CMD_PRI_RESP", "4.5.2", 128, pri_resp),
	LAYOUT("CMD_RESUME", "4.7.1", 128, resume),
	LAYOUT("CMD_STALL_TERM", "4.7.2", 128, stream),
	LAYOUT("CMD_SYNC", "4.7.3", 128, sync),
	LAYOUT("CMD_DPTI_ALL", "4.6.1", 128, dpti_all),
	LAYOUT("CMD_DPTI_PA", "4.6.2", 128, dpti_pa),
};

const struct layouts cmd_layouts = { layouts, ARRAY_SIZE(layouts) };
