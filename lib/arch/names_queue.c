/* SPDX-License-Identifier: MIT */
/* Every bit of the registers of queues and interrupts, 6.3. */
#include "arch/names.h"
#include "arch/offsets.h"
#include "arch/regs.h"

static const struct smmu3_field irq_cfg0[] = {
	RES0(1, 0),
	ADDRESS("ADDR", IRQ_CFG0_ADDR),
	RES0(63, 56),
};

static const struct smmu3_field irq_cfg1[] = {
	NAMED("DATA", IRQ_CFG1_DATA),
};

static const struct smmu3_field irq_cfg2[] = {
	MEANS("MemAttr", IRQ_CFG2_MEMATTR, MEMATTR_MEANINGS),
	MEANS("SH", IRQ_CFG2_SH, SH_MEANINGS),
	RES0(31, 6),
};

static const struct smmu3_field command_queue_base[] = {
	NAMED("LOG2SIZE", QUEUE_BASE_LOG2SIZE),
	ADDRESS("ADDR", QUEUE_BASE_ADDR),
	RES0(61, 56),
	MEANS("RA", QUEUE_BASE_RA, "0=no read-allocate|1=read-allocate"),
	RES0(63, 63),
};

static const struct smmu3_field cmdq_prod[] = {
	NAMED("WR", CMDQ_PROD_WR),
	RES0(31, 20),
};

static const struct smmu3_field cmdq_cons[] = {
	NAMED("RD", CMDQ_CONS_RD),
	RES0(23, 20),
	MEANS("ERR", CMDQ_CONS_ERR, ERR_MEANINGS),
	RES0(31, 31),
};

static const struct smmu3_field eventq_base[] = {
	NAMED("LOG2SIZE", QUEUE_BASE_LOG2SIZE),
	ADDRESS("ADDR", QUEUE_BASE_ADDR),
	RES0(61, 56),
	MEANS("WA", QUEUE_BASE_WA, "0=no write-allocate|1=write-allocate"),
	RES0(63, 63),
};

static const struct smmu3_field priq_irq_cfg2[] = {
	MEANS("MemAttr", IRQ_CFG2_MEMATTR, MEMATTR_MEANINGS),
	MEANS("SH", IRQ_CFG2_SH, SH_MEANINGS),
	RES0(30, 6),
	NAMED("LO", IRQ_CFG2_LO),
};

static const struct smmu3_field cmdq_control_page_base[] = {
	NAMED("CMDQ_CONTROL_PAGE_PRESET", CMDQ_CONTROL_PAGE_BASE_CMDQ_CONTROL_PAGE_PRESET),
	NAMED("CMDQGS", CMDQ_CONTROL_PAGE_BASE_CMDQGS),
	RES0(15, 3),
	ADDRESS("ADDR", CMDQ_CONTROL_PAGE_BASE_ADDR),
	RES0(63, 56),
};

static const struct smmu3_field cmdq_control_page_cfg[] = {
	NAMED("EN", CMDQ_CONTROL_PAGE_CFG_EN),
	RES0(31, 1),
};

static const struct smmu3_field cmdq_control_page_status[] = {
	NAMED("ENACK", CMDQ_CONTROL_PAGE_STATUS_ENACK),
	RES0(31, 1),
};

static const struct smmu3_field eventq_prod[] = {
	NAMED("WR", EVENTQ_PROD_WR),
	RES0(30, 20),
	NAMED("OVFLG", EVENTQ_PROD_OVFLG),
};

static const struct smmu3_field eventq_cons[] = {
	NAMED("RD", EVENTQ_CONS_RD),
	RES0(30, 20),
	NAMED("OVACKFLG", EVENTQ_CONS_OVACKFLG),
};

static const struct smmu3_field ecmdq_prod[] = {
	NAMED("WR", ECMDQ_PROD_WR),
	RES0(22, 20),
	NAMED("ERRACK", ECMDQ_PROD_ERRACK),
	RES0(30, 24),
	NAMED("EN", ECMDQ_PROD_EN),
};

static const struct smmu3_field ecmdq_cons[] = {
	NAMED("RD", ECMDQ_CONS_RD),
	RES0(22, 20),
	NAMED("ERR", ECMDQ_CONS_ERR),
	MEANS("ERR_REASON", ECMDQ_CONS_ERR_REASON, ERR_MEANINGS),
	RES0(30, 27),
	NAMED("ENACK", ECMDQ_CONS_ENACK),
};

static const struct smmu3_field realm_irq_cfg0[] = {
	RES0(1, 0),
	ADDRESS("ADDR", IRQ_CFG0_ADDR),
	RES0(62, 56),
	NAMED("NS", IRQ_CFG0_NS),
};

static const struct smmu3_layout layouts[] = {
	REGISTER(GERROR_IRQ_CFG0, "6.3.21", 64, irq_cfg0),
	REGISTER(GERROR_IRQ_CFG1, "6.3.22", 32, irq_cfg1),
	REGISTER(GERROR_IRQ_CFG2, "6.3.23", 32, irq_cfg2),
	REGISTER(CMDQ_BASE, "6.3.26", 64, command_queue_base),
	REGISTER(CMDQ_PROD, "6.3.27", 32, cmdq_prod),
	REGISTER(CMDQ_CONS, "6.3.28", 32, cmdq_cons),
	REGISTER(EVENTQ_BASE, "6.3.29", 64, eventq_base),
	REGISTER(EVENTQ_IRQ_CFG0, "6.3.30", 64, irq_cfg0),
	REGISTER(EVENTQ_IRQ_CFG1, "6.3.31", 32, irq_cfg1),
	REGISTER(EVENTQ_IRQ_CFG2, "6.3.32", 32, irq_cfg2),
	REGISTER(PRIQ_BASE, "6.3.33", 64, eventq_base),
	REGISTER(PRIQ_IRQ_CFG0, "6.3.34", 64, irq_cfg0),
	REGISTER(PRIQ_IRQ_CFG1, "6.3.35", 32, irq_cfg1),
	REGISTER(PRIQ_IRQ_CFG2, "6.3.36", 32, priq_irq_cfg2),
	REGISTERS(CMDQ_CONTROL_PAGE_BASE, "6.3.49", 64, cmdq_control_page_base),
	REGISTERS(CMDQ_CONTROL_PAGE_CFG, "6.3.50", 32, cmdq_control_page_cfg),
	REGISTERS(CMDQ_CONTROL_PAGE_STATUS, "6.3.51", 32, cmdq_control_page_status),
	REGISTER(S_GERROR_IRQ_CFG0, "6.3.69", 64, irq_cfg0),
	REGISTER(S_GERROR_IRQ_CFG1, "6.3.70", 32, irq_cfg1),
	REGISTER(S_GERROR_IRQ_CFG2, "6.3.71", 32, irq_cfg2),
	REGISTER(S_CMDQ_BASE, "6.3.74", 64, command_queue_base),
	REGISTER(S_CMDQ_PROD, "6.3.75", 32, cmdq_prod),
	REGISTER(S_CMDQ_CONS, "6.3.76", 32, cmdq_cons),
	REGISTER(S_EVENTQ_BASE, "6.3.77", 64, eventq_base),
	REGISTER(S_EVENTQ_PROD, "6.3.78", 32, eventq_prod),
	REGISTER(S_EVENTQ_CONS, "6.3.79", 32, eventq_cons),
	REGISTER(S_EVENTQ_IRQ_CFG0, "6.3.80", 64, irq_cfg0),
	REGISTER(S_EVENTQ_IRQ_CFG1, "6.3.81", 32, irq_cfg1),
	REGISTER(S_EVENTQ_IRQ_CFG2, "6.3.82", 32, irq_cfg2),
	REGISTERS(S_CMDQ_CONTROL_PAGE_BASE, "6.3.92", 64, cmdq_control_page_base),
	REGISTERS(S_CMDQ_CONTROL_PAGE_CFG, "6.3.93", 32, cmdq_control_page_cfg),
	REGISTERS(S_CMDQ_CONTROL_PAGE_STATUS, "6.3.94", 32, cmdq_control_page_status),
	REGISTER(EVENTQ_PROD, "6.3.95", 32, eventq_prod),
	REGISTER(EVENTQ_CONS, "6.3.96", 32, eventq_cons),
	REGISTER(PRIQ_PROD, "6.3.97", 32, eventq_prod),
	REGISTER(PRIQ_CONS, "6.3.98", 32, eventq_cons),
	REGISTERS(ECMDQ_BASE, "6.3.107", 64, command_queue_base),
	REGISTERS(ECMDQ_PROD, "6.3.108", 32, ecmdq_prod),
	REGISTERS(ECMDQ_CONS, "6.3.109", 32, ecmdq_cons),
	REGISTERS(S_ECMDQ_BASE, "6.2.5", 64, command_queue_base),
	REGISTERS(S_ECMDQ_PROD, "6.2.5", 32, ecmdq_prod),
	REGISTERS(S_ECMDQ_CONS, "6.2.5", 32, ecmdq_cons),
	REGISTERS(R_ECMDQ_BASE, "6.2.5", 64, command_queue_base),
	REGISTERS(R_ECMDQ_PROD, "6.2.5", 32, ecmdq_prod),
	REGISTERS(R_ECMDQ_CONS, "6.2.5", 32, ecmdq_cons),
	REGISTER(R_GERROR_IRQ_CFG0, "6.3.139", 64, realm_irq_cfg0),
	REGISTER(R_GERROR_IRQ_CFG1, "6.3.140", 32, irq_cfg1),
	REGISTER(R_GERROR_IRQ_CFG2, "6.3.141", 32, irq_cfg2),
	REGISTER(R_CMDQ_BASE, "6.3.144", 64, command_queue_base),
	REGISTER(R_CMDQ_PROD, "6.3.145", 32, cmdq_prod),
	REGISTER(R_CMDQ_CONS, "6.3.146", 32, cmdq_cons),
	REGISTER(R_EVENTQ_BASE, "6.3.147", 64, eventq_base),
	REGISTER(R_EVENTQ_IRQ_CFG0, "6.3.148", 64, realm_irq_cfg0),
	REGISTER(R_EVENTQ_IRQ_CFG1, "6.3.149", 32, irq_cfg1),
	REGISTER(R_EVENTQ_IRQ_CFG2, "6.3.150", 32, irq_cfg2),
	REGISTER(R_PRIQ_BASE, "6.3.151", 64, eventq_base),
	REGISTER(R_PRIQ_IRQ_CFG0, "6.3.152", 64, realm_irq_cfg0),
	REGISTER(R_PRIQ_IRQ_CFG1, "6.3.153", 32, irq_cfg1),
	REGISTER(R_PRIQ_IRQ_CFG2, "6.3.154", 32, priq_irq_cfg2),
	REGISTERS(R_CMDQ_CONTROL_PAGE_BASE, "6.3.163", 64, cmdq_control_page_base),
	REGISTERS(R_CMDQ_CONTROL_PAGE_CFG, "6.3.164", 32, cmdq_control_page_cfg),
	REGISTERS(R_CMDQ_CONTROL_PAGE_STATUS, "6.3.165", 32, cmdq_control_page_status),
	REGISTER(R_EVENTQ_PROD, "6.3.166", 32, eventq_prod),
	REGISTER(R_EVENTQ_CONS, "6.3.167", 32, eventq_cons),
	REGISTER(R_PRIQ_PROD, "6.3.168", 32, eventq_prod),
	REGISTER(R_PRIQ_CONS, "6.3.169", 32, eventq_cons),
};

const struct layouts queue_register_layouts = { layouts, ARRAY_SIZE(layouts) };
