/* SPDX-License-Identifier: MIT */
/* Every bit of the TLB invalidation commands, 4.4. */
#include "arch/names.h"
#include "arch/cmd.h"

static const struct smmu3_field tlbi_vmid[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(31, 8),
	NAMED("VMID", CMD_VMID),
	RES0(63, 48),
	RES0(127, 64),
};

static const struct smmu3_field tlbi_vmid_asid[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(31, 8),
	NAMED("VMID", CMD_VMID),
	NAMED("ASID", CMD_ASID),
	RES0(127, 64),
};

static const struct smmu3_field tlbi_vmid_asid_va[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(11, 8),
	NAMED("NUM", CMD_TLBI_NUM),
	RES0(19, 17),
	NAMED("SCALE", CMD_TLBI_SCALE),
	RES0(31, 26),
	NAMED("VMID", CMD_VMID),
	NAMED("ASID", CMD_ASID),
	MEANS("Leaf", CMD_LEAF, "0=all levels|1=last level only"),
	RES0(70, 65),
	NAMED("TTL128", CMD_TLBI_TTL128),
	MEANS("TTL", CMD_TLBI_TTL, "0=any level|1=level 1|2=level 2|3=level 3"),
	MEANS("TG", CMD_TLBI_TG, "0=no range, no hint|1=4KB|2=16KB|3=64KB"),
	ADDRESS("Address", CMD_ADDRESS),
};

static const struct smmu3_field tlbi_vmid_va[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(11, 8),
	NAMED("NUM", CMD_TLBI_NUM),
	RES0(19, 17),
	NAMED("SCALE", CMD_TLBI_SCALE),
	RES0(31, 26),
	NAMED("VMID", CMD_VMID),
	RES0(63, 48),
	MEANS("Leaf", CMD_LEAF, "0=all levels|1=last level only"),
	RES0(70, 65),
	NAMED("TTL128", CMD_TLBI_TTL128),
	MEANS("TTL", CMD_TLBI_TTL, "0=any level|1=level 1|2=level 2|3=level 3"),
	MEANS("TG", CMD_TLBI_TG, "0=no range, no hint|1=4KB|2=16KB|3=64KB"),
	ADDRESS("Address", CMD_ADDRESS),
};

static const struct smmu3_field tlbi_all[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(63, 8),
	RES0(127, 64),
};

static const struct smmu3_field tlbi_va[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(11, 8),
	NAMED("NUM", CMD_TLBI_NUM),
	RES0(19, 17),
	NAMED("SCALE", CMD_TLBI_SCALE),
	RES0(63, 26),
	MEANS("Leaf", CMD_LEAF, "0=all levels|1=last level only"),
	RES0(70, 65),
	NAMED("TTL128", CMD_TLBI_TTL128),
	MEANS("TTL", CMD_TLBI_TTL, "0=any level|1=level 1|2=level 2|3=level 3"),
	MEANS("TG", CMD_TLBI_TG, "0=no range, no hint|1=4KB|2=16KB|3=64KB"),
	ADDRESS("Address", CMD_ADDRESS),
};

static const struct smmu3_field tlbi_asid[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(47, 8),
	NAMED("ASID", CMD_ASID),
	RES0(127, 64),
};

static const struct smmu3_field tlbi_asid_va[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(11, 8),
	NAMED("NUM", CMD_TLBI_NUM),
	RES0(19, 17),
	NAMED("SCALE", CMD_TLBI_SCALE),
	RES0(47, 26),
	NAMED("ASID", CMD_ASID),
	MEANS("Leaf", CMD_LEAF, "0=all levels|1=last level only"),
	RES0(70, 65),
	NAMED("TTL128", CMD_TLBI_TTL128),
	MEANS("TTL", CMD_TLBI_TTL, "0=any level|1=level 1|2=level 2|3=level 3"),
	MEANS("TG", CMD_TLBI_TG, "0=no range, no hint|1=4KB|2=16KB|3=64KB"),
	ADDRESS("Address", CMD_ADDRESS),
};

static const struct smmu3_field tlbi_ipa[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(11, 8),
	NAMED("NUM", CMD_TLBI_NUM),
	RES0(19, 17),
	NAMED("SCALE", CMD_TLBI_SCALE),
	RES0(31, 26),
	NAMED("VMID", CMD_VMID),
	RES0(63, 48),
	MEANS("Leaf", CMD_LEAF, "0=all levels|1=last level only"),
	RES0(70, 65),
	NAMED("TTL128", CMD_TLBI_TTL128),
	MEANS("TTL", CMD_TLBI_TTL, "0=any level|1=level 1|2=level 2|3=level 3"),
	MEANS("TG", CMD_TLBI_TG, "0=no range, no hint|1=4KB|2=16KB|3=64KB"),
	ADDRESS("Address", CMD_IPA),
	RES0(127, 120),
};

static const struct smmu3_field tlbi_s_ipa[] = {
	NAMED("opcode", CMD_OPCODE),
	RES0(11, 8),
	NAMED("NUM", CMD_TLBI_NUM),
	RES0(19, 17),
	NAMED("SCALE", CMD_TLBI_SCALE),
	RES0(31, 26),
	NAMED("VMID", CMD_VMID),
	RES0(63, 48),
	MEANS("Leaf", CMD_LEAF, "0=all levels|1=last level only"),
	MEANS("NS", CMD_TLBI_S_S2_NS, "0=Secure IPA|1=Non-secure IPA"),
	RES0(70, 66),
	NAMED("TTL128", CMD_TLBI_TTL128),
	MEANS("TTL", CMD_TLBI_TTL, "0=any level|1=level 1|2=level 2|3=level 3"),
	MEANS("TG", CMD_TLBI_TG, "0=no range, no hint|1=4KB|2=16KB|3=64KB"),
	ADDRESS("Address", CMD_IPA),
	RES0(127, 120),
};

static const struct smmu3_layout layouts[] = {
	LAYOUT("CMD_TLBI_NH_ALL", "4.4.2.1", 128, tlbi_vmid),
	LAYOUT("CMD_TLBI_NH_ASID", "4.4.2.2", 128, tlbi_vmid_asid),
	LAYOUT("CMD_TLBI_NH_VA", "4.4.2.4", 128, tlbi_vmid_asid_va),
	LAYOUT("CMD_TLBI_NH_VAA", "4.4.2.3", 128, tlbi_vmid_va),
	LAYOUT("CMD_TLBI_EL3_ALL", "4.4.2.5", 128, tlbi_all),
	LAYOUT("CMD_TLBI_EL3_VA", "4.4.2.6", 128, tlbi_va),
	LAYOUT("CMD_TLBI_EL2_ALL", "4.4.2.7", 128, tlbi_all),
	LAYOUT("CMD_TLBI_EL2_ASID", "4.4.2.10", 128, tlbi_asid),
	LAYOUT("CMD_TLBI_EL2_VA", "4.4.2.8", 128, tlbi_asid_va),
	LAYOUT("CMD_TLBI_EL2_VAA", "4.4.2.9", 128, tlbi_va),
	LAYOUT("CMD_TLBI_S12_VMALL", "4.4.3.2", 128, tlbi_vmid),
	LAYOUT("CMD_TLBI_S2_IPA", "4.4.3.1", 128, tlbi_ipa),
	LAYOUT("CMD_TLBI_NSNH_ALL", "4.4.4.1", 128, tlbi_all),
	LAYOUT("CMD_TLBI_S_EL2_ALL", "4.4.2.11", 128, tlbi_all),
	LAYOUT("CMD_TLBI_S_EL2_ASID", "4.4.2.14", 128, tlbi_asid),
	LAYOUT("CMD_TLBI_S_EL2_VA", "4.4.2.12", 128, tlbi_asid_va),
	LAYOUT("CMD_TLBI_S_EL2_VAA", "4.4.2.13", 128, tlbi_va),
	LAYOUT("CMD_TLBI_S_S12_VMALL", "4.4.3.4", 128, tlbi_vmid),
	LAYOUT("CMD_TLBI_S_S2_IPA", "4.4.3.3", 128, tlbi_s_ipa),
	LAYOUT("CMD_TLBI_SNH_ALL", "4.4.4.2", 128, tlbi_all),
};

const struct layouts tlbi_layouts = { layouts, ARRAY_SIZE(layouts) };
