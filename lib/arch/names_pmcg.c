/* SPDX-License-Identifier: MIT */
/* Every bit of the registers of the performance monitor group, 10.5. */
#include "arch/names.h"
#include "arch/offsets.h"
#include "arch/regs.h"

#define EVENT_MEANINGS                                                                        \
	"0=clock cycle|1=transaction or request|2=TLB miss|3=configuration cache miss|"       \
	"4=translation table walk access|5=configuration structure access|6=ATS Translation " \
	"Request|7=ATS Translated transaction"

static const struct smmu3_field evcntr[] = { NAMED("COUNTER_VALUE", PMCG_WHOLE) };
static const struct smmu3_field svr[] = { NAMED("SHADOW_COUNTER_VALUE", PMCG_WHOLE) };
static const struct smmu3_field cnten[] = { NAMED("CNTEN", PMCG_WHOLE) };
static const struct smmu3_field inten[] = { NAMED("INTEN", PMCG_WHOLE) };
static const struct smmu3_field ovs[] = { NAMED("OVS", PMCG_WHOLE) };
static const struct smmu3_field ceid[] = { NAMED("N", PMCG_WHOLE) };

static const struct smmu3_field evtyper[] = {
	MEANS("EVENT", PMCG_EVTYPER_EVENT, EVENT_MEANINGS),
	NAMED("FILTER_PARTID", PMCG_EVTYPER_FILTER_PARTID),
	NAMED("FILTER_PMG", PMCG_EVTYPER_FILTER_PMG),
	NAMED("FILTER_MPAM_SP", PMCG_EVTYPER_FILTER_MPAM_SP),
	RES0(27, 20),
	NAMED("FILTER_REALM_SID", PMCG_EVTYPER_FILTER_REALM_SID),
	MEANS("FILTER_SID_SPAN", PMCG_EVTYPER_FILTER_SID_SPAN, "0=one StreamID|1=a span of them"),
	NAMED("FILTER_SEC_SID", PMCG_EVTYPER_FILTER_SEC_SID),
	NAMED("OVFCAP", PMCG_EVTYPER_OVFCAP),
};

static const struct smmu3_field smr[] = { NAMED("STREAMID", PMCG_SMR_STREAMID) };

static const struct smmu3_field capr[] = {
	NAMED("CAPTURE", PMCG_CAPR_CAPTURE),
	RES0(31, 1),
};

static const struct smmu3_field cfgr[] = {
	NAMED("NCTR", PMCG_CFGR_NCTR),
	RES0(7, 6),
	MEANS("SIZE", PMCG_CFGR_SIZE,
	      "31=32 bits|35=36 bits|39=40 bits|43=44 bits|47=48 bits|63=64 bits"),
	RES0(19, 14),
	NAMED("RELOC_CTRS", PMCG_CFGR_RELOC_CTRS),
	NAMED("MSI", PMCG_CFGR_MSI),
	NAMED("CAPTURE", PMCG_CFGR_CAPTURE),
	MEANS("SID_FILTER_TYPE", PMCG_CFGR_SID_FILTER_TYPE, "0=one for each counter|1=one for all"),
	NAMED("MPAM", PMCG_CFGR_MPAM),
	NAMED("FILTER_PARTID_PMG", PMCG_CFGR_FILTER_PARTID_PMG),
	RES0(31, 26),
};

static const struct smmu3_field cr[] = {
	NAMED("E", PMCG_CR_E),
	RES0(31, 1),
};

static const struct smmu3_field iidr[] = {
	NAMED("Implementer", PMCG_IIDR_IMPLEMENTER),
	NAMED("Revision", PMCG_IIDR_REVISION),
	NAMED("Variant", PMCG_IIDR_VARIANT),
	NAMED("ProductID", PMCG_IIDR_PRODUCTID),
};

static const struct smmu3_field irq_ctrl[] = {
	NAMED("IRQEN", PMCG_IRQ_CTRL_IRQEN),
	RES0(31, 1),
};

static const struct smmu3_field irq_cfg0[] = {
	RES0(1, 0),
	ADDRESS("ADDR", IRQ_CFG0_ADDR),
	RES0(63, 56),
};

static const struct smmu3_field irq_cfg1[] = { NAMED("DATA", IRQ_CFG1_DATA) };

static const struct smmu3_field irq_cfg2[] = {
	MEANS("MEMATTR", IRQ_CFG2_MEMATTR, MEMATTR_MEANINGS),
	MEANS("SH", IRQ_CFG2_SH, SH_MEANINGS),
	RES0(31, 6),
};

static const struct smmu3_field irq_status[] = {
	NAMED("IRQ_ABT", PMCG_IRQ_STATUS_IRQ_ABT),
	RES0(31, 1),
};

static const struct smmu3_field aidr[] = {
	NAMED("ArchMinorRev", PMCG_AIDR_MINOR),
	NAMED("ArchMajorRev", PMCG_AIDR_MAJOR),
	RES0(31, 8),
};

static const struct smmu3_layout layouts[] = {
	REGISTERS(PMCG_EVTYPER, "10.5.2.2", 32, evtyper),
	REGISTERS(PMCG_SMR, "10.5.2.4", 32, smr),
	REGISTER(PMCG_CNTENSET0, "10.5.2.5", 64, cnten),
	REGISTER(PMCG_CNTENCLR0, "10.5.2.6", 64, cnten),
	REGISTER(PMCG_INTENSET0, "10.5.2.7", 64, inten),
	REGISTER(PMCG_INTENCLR0, "10.5.2.8", 64, inten),
	REGISTER(PMCG_CFGR, "10.5.2.13", 32, cfgr),
	REGISTER(PMCG_CR, "10.5.2.14", 32, cr),
	REGISTER(PMCG_IIDR, "10.5.2.15", 32, iidr),
	REGISTER(PMCG_CEID0, "10.5.2.16", 64, ceid),
	REGISTER(PMCG_CEID1, "10.5.2.17", 64, ceid),
	REGISTER(PMCG_IRQ_CTRL, "10.5.2.19", 32, irq_ctrl),
	REGISTER(PMCG_IRQ_CTRLACK, "10.5.2.20", 32, irq_ctrl),
	REGISTER(PMCG_IRQ_CFG0, "10.5.2.21", 64, irq_cfg0),
	REGISTER(PMCG_IRQ_CFG1, "10.5.2.22", 32, irq_cfg1),
	REGISTER(PMCG_IRQ_CFG2, "10.5.2.23", 32, irq_cfg2),
	REGISTER(PMCG_IRQ_STATUS, "10.5.2.24", 32, irq_status),
	REGISTER(PMCG_AIDR, "10.5.2.26", 32, aidr),
	REGISTERS(PMCG_EVCNTR, "10.5.2.1", 64, evcntr),
	REGISTERS(PMCG_SVR, "10.5.2.3", 64, svr),
	REGISTER(PMCG_OVSCLR0, "10.5.2.9", 64, ovs),
	REGISTER(PMCG_OVSSET0, "10.5.2.10", 64, ovs),
	REGISTER(PMCG_CAPR, "10.5.2.11", 32, capr),
};

const struct layouts pmcg_register_layouts = { layouts, ARRAY_SIZE(layouts) };
