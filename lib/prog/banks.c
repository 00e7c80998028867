/* SPDX-License-Identifier: MIT */
#include "prog/banks.h"
#include "prog/rules.h"

#include "arch/idregs.h"
#include "arch/offsets.h"
#include "arch/regs.h"
#include "base/bits.h"

#define ALL_BITS UINT64_MAX

/* The Security states that there are. */
#define NON_SECURE IS(AIDR, ARCHMAJORREV, 0) /* in every SMMUv3 */
#define SECURE IS(S_IDR1, SECURE_IMPL, 1)
#define REALM IS(ROOT_IDR0, REALM_IMPL, 1)

/* ---- Who reaches what ---- */

#define NOWHERE (UINT64_MAX - 7) /* these 8 bytes are no register's */

#define PAS_S (SMMU3_PAS_BIT(SMMU3_PAS_SECURE) | SMMU3_PAS_BIT(SMMU3_PAS_ROOT))
#define PAS_R (SMMU3_PAS_BIT(SMMU3_PAS_REALM) | SMMU3_PAS_BIT(SMMU3_PAS_ROOT))

/* Where a page lies: at its base, or as many pages behind it as an ID register says. */
#define HERE         \
	{            \
		0, 0 \
	}
#define AT(reg, name)                  \
	{                              \
		ID_##reg, reg##_##name \
	}

static const struct window {
	uint64_t base;
	struct page {
		enum id_register reg;
		int field; /* 64KB pages from base; 0: none */
	} page;
	uint64_t bytes;
	unsigned from; /* PA spaces, a mask */
	struct claim present;
	struct place first;
} windows[] = {
	{ 0, HERE, PAGE_0_SECURE, SMMU3_PAS_ALL, NON_SECURE, { BANK_NS, 0 } },
	{ PAGE_0_SECURE, HERE, PAGE_BYTES - PAGE_0_SECURE, PAS_S, SECURE, { BANK_S, 0 } },
	{ PAGE_1, HERE, PAGE_BYTES, SMMU3_PAS_ALL, NON_SECURE, { BANK_NS, PAGE_1 } },
	{ PAGES_OPTIONAL, AT(ROOT_IDR0, BA_REALM), 2 * PAGE_BYTES, PAS_R, REALM, { BANK_R, 0 } },
	{ PAGES_OPTIONAL,
	  AT(IDR2, BA_VATOS),
	  PAGE_BYTES,
	  SMMU3_PAS_ALL,
	  IS(IDR0, VATOS, 1),
	  { BANK_NS, PAGE_VATOS } },
	{ PAGES_OPTIONAL,
	  AT(S_IDR2, BA_S_VATOS),
	  PAGE_BYTES,
	  PAS_S,
	  IS(S_IDR1, SEL2, 1),
	  { BANK_S, PAGE_VATOS } },
};

static uint64_t base_of(const struct smmu3_config *config, const struct window *window)
{
	const struct page *page = &window->page;
	const uint64_t pages = page->field ? id_field(config, page->reg, page->field) : 0;

	return window->base + pages * PAGE_BYTES;
}

struct place bank_at(const struct smmu3_config *config, enum smmu3_pas from, uint64_t offset)
{
	for (size_t i = 0; i < ARRAY_SIZE(windows); i++) {
		const struct window *window = &windows[i];
		uint64_t into = offset - base_of(config, window);

		if (into < window->bytes && window->from & SMMU3_PAS_BIT(from) &&
		    claim_holds(config, &window->present))
			return (struct place){ window->first.bank, window->first.offset + into };
	}
	return (struct place){ BANK_NS, NOWHERE };
}

/* ---- What they have ---- */

bool bank_present(const struct smmu3_config *config, enum bank bank)
{
	static const struct claim states[BANKS] = { NON_SECURE, SECURE, REALM };

	return claim_holds(config, &states[bank]);
}

#define GERROR_MSI_BITS                                                            \
	(REG_MASK(GERROR_MSI_CMDQ_ABT_ERR) | REG_MASK(GERROR_MSI_EVENTQ_ABT_ERR) | \
	 REG_MASK(GERROR_MSI_PRIQ_ABT_ERR) | REG_MASK(GERROR_MSI_GERROR_ABT_ERR))
#define GERROR_PRI_BITS (REG_MASK(GERROR_PRIQ_ABT_ERR) | REG_MASK(GERROR_MSI_PRIQ_ABT_ERR))
#define LEVEL_BITS (REG_MASK(STRTAB_BASE_CFG_SPLIT) | REG_MASK(STRTAB_BASE_CFG_FMT))
#define IRQ_CFG2_MSI_BITS (REG_MASK(IRQ_CFG2_MEMATTR) | REG_MASK(IRQ_CFG2_SH))

/* By which bit of an ID register each bank has something; without one it never has.  Ordered as
 * enum bank. */
#define EACH(...) __VA_ARGS__, __VA_ARGS__, __VA_ARGS__
#define NOT_REALM NON_SECURE, SECURE
#define MSI IS(IDR0, MSI, 1), IS(S_IDR0, MSI, 1), IS(R_IDR0, MSI, 1)
#define GERROR_MSI NON_SECURE, IS(IDR0, MSI, 1), REALM /* 6.3.69; and MSI */
#define PRI IS(IDR0, PRI, 1), [BANK_R] = IS(R_IDR0, PRI, 1)
#define DPT IS(IDR3, DPT, 1), [BANK_R] = IS(R_IDR3, DPT, 1)
#define ECMDQ IS(IDR1, ECMDQ, 1), IS(S_IDR0, ECMDQ, 1), IS(R_IDR0, ECMDQ, 1)
#define MEC [BANK_R] = IS(R_IDR3, MEC, 1)
#define MPAM EACH(IS(IDR3, MPAM, 1))
/* Of VATOS Secure streams need VMIDs, and neither is for Realm. */
#define ATOS IS(IDR0, ATOS, 1), IS(IDR0, ATOS, 1)
#define VATOS IS(IDR0, VATOS, 1), IS(IDR0, VATOS, 1)
#define VATOS_VMIDS NON_SECURE, IS(S_IDR1, SEL2, 1)
#define TABLES_SET EACH(IS(IDR1, TABLES_PRESET, 0))
#define QUEUES_SET EACH(IS(IDR1, QUEUES_PRESET, 0))

/* Bits that are RES0 in a bank unless its claim holds.  6.2
 *
 * CR0.PRIQEN, ATSCHK and VMW of the Non-secure bank are stored and acknowledged even where PRI, ATS
 * and VMW are absent, since drivers in use set them without asking and wait until all of CR0ACK
 * equals what they wrote.  They then have no effect. */
static const struct optional {
	enum prog_register reg;
	uint64_t bits;
	struct claim has[BANKS];
} optionals[] = {
	{ PROG_CR0, REG_MASK(CR0_PRIQEN), { NON_SECURE, [BANK_R] = IS(R_IDR0, PRI, 1) } },
	{ PROG_CR0, REG_MASK(CR0_ATSCHK), { NON_SECURE } },
	{ PROG_CR0, REG_MASK(CR0_SIF), { [BANK_S] = SECURE } },
	{ PROG_CR0, REG_MASK(CR0_VMW), { NON_SECURE, IS(IDR0, VMW, 1), IS(IDR0, VMW, 1) } },
	{ PROG_CR0, REG_MASK(CR0_NSSTALLD), { [BANK_S] = IS(S_IDR0, STALL_MODEL, 0) } },
	{ PROG_CR0, REG_MASK(CR0_DPT_WALK_EN), { DPT } },
	{ PROG_CR2, REG_MASK(CR2_E2H), { IS(IDR0, HYP, 1), IS(S_IDR1, SEL2, 1), REALM } },
	{ PROG_CR2, REG_MASK(CR2_PTM), { EACH(IS(IDR0, BTM, 1)) } },
	{ PROG_CR2, REG_MASK(CR2_REC_CFG_ATS), { EACH(IS(IDR0, ATSRECERR, 1)) } },
	{ PROG_CR2, REG_MASK(CR2_REC_CFG_ATS), { NON_SECURE, [BANK_R] = IS(R_IDR0, ATS, 1) } },
	{ PROG_S2PII, ALL_BITS, { EACH(IS(IDR3, S2PI, 1)) } },
	{ PROG_INIT, ALL_BITS, { [BANK_S] = SECURE } },
	{ PROG_GBPA, ALL_BITS, { NOT_REALM } },
	{ PROG_GBPA, REG_MASK(GBPA_NSCFG), { [BANK_S] = SECURE } },
	{ PROG_IRQ_CTRL, REG_MASK(IRQ_CTRL_PRIQ_IRQEN), { PRI } },
	{ PROG_GERRORN, GERROR_PRI_BITS, { PRI } },
	{ PROG_GERRORN, GERROR_MSI_BITS, { MSI } },
	{ PROG_GERRORN, REG_MASK(GERROR_SFM_ERR), { NOT_REALM } },
	{ PROG_GERRORN, REG_MASK(GERROR_CMDQP_ERR), { ECMDQ } },
	{ PROG_GERRORN, REG_MASK(GERROR_DPT_ERR), { DPT } },
	{ PROG_GERROR_IRQ_CFG0, ALL_BITS, { MSI } },
	{ PROG_GERROR_IRQ_CFG0, ALL_BITS, { GERROR_MSI } },
	{ PROG_GERROR_IRQ_CFG0, REG_MASK(IRQ_CFG0_NS), { [BANK_R] = REALM } },
	{ PROG_GERROR_IRQ_CFG1, ALL_BITS, { MSI } },
	{ PROG_GERROR_IRQ_CFG1, ALL_BITS, { GERROR_MSI } },
	{ PROG_GERROR_IRQ_CFG2, ALL_BITS, { MSI } },
	{ PROG_GERROR_IRQ_CFG2, ALL_BITS, { GERROR_MSI } },
	{ PROG_STRTAB_BASE, ALL_BITS, { TABLES_SET } },
	{ PROG_STRTAB_BASE_CFG, ALL_BITS, { TABLES_SET } },
	{ PROG_STRTAB_BASE_CFG, LEVEL_BITS, { EACH(NOT(IDR0, ST_LEVEL, 0)) } },
	{ PROG_CMDQ_BASE, ALL_BITS, { QUEUES_SET } },
	{ PROG_EVENTQ_BASE, ALL_BITS, { QUEUES_SET } },
	{ PROG_EVENTQ_IRQ_CFG0, ALL_BITS, { MSI } },
	{ PROG_EVENTQ_IRQ_CFG0, REG_MASK(IRQ_CFG0_NS), { [BANK_R] = REALM } },
	{ PROG_EVENTQ_IRQ_CFG1, ALL_BITS, { MSI } },
	{ PROG_EVENTQ_IRQ_CFG2, ALL_BITS, { MSI } },
	{ PROG_PRIQ_BASE, ALL_BITS, { PRI } },
	{ PROG_PRIQ_BASE, ALL_BITS, { QUEUES_SET } },
	{ PROG_PRIQ_IRQ_CFG0, ALL_BITS, { PRI } },
	{ PROG_PRIQ_IRQ_CFG0, ALL_BITS, { MSI } },
	{ PROG_PRIQ_IRQ_CFG0, REG_MASK(IRQ_CFG0_NS), { [BANK_R] = REALM } },
	{ PROG_PRIQ_IRQ_CFG1, ALL_BITS, { PRI } },
	{ PROG_PRIQ_IRQ_CFG1, ALL_BITS, { MSI } },
	{ PROG_PRIQ_IRQ_CFG2, ALL_BITS, { PRI } },
	{ PROG_PRIQ_IRQ_CFG2, IRQ_CFG2_MSI_BITS, { MSI } }, /* LO is also for wired interrupts */
	{ PROG_GATOS_CTRL, ALL_BITS, { ATOS } },
	{ PROG_GATOS_SID, ALL_BITS, { ATOS } },
	{ PROG_GATOS_SID, REG_MASK(ATOS_SID_SSEC), { [BANK_S] = SECURE } },
	{ PROG_GATOS_ADDR, ALL_BITS, { ATOS } },
	{ PROG_GATOS_ADDR, REG_MASK(ATOS_ADDR_NS), { [BANK_S] = IS(S_IDR1, SEL2, 1) } },
	{ PROG_GMPAM, ALL_BITS, { MPAM } },
	{ PROG_GBPMPAM, ALL_BITS, { MPAM } },
	{ PROG_GBPMPAM, ALL_BITS, { NOT_REALM } },
	{ PROG_VATOS_SEL, ALL_BITS, { VATOS } },
	{ PROG_VATOS_SEL, ALL_BITS, { VATOS_VMIDS } },
	{ PROG_VATOS_SEL, UINT64_C(0xff00), { EACH(IS(IDR0, VMID16, 1)) } },
	{ PROG_DPT_BASE, ALL_BITS, { DPT } },
	{ PROG_DPT_BASE_CFG, ALL_BITS, { DPT } },
	{ PROG_GMECID, ALL_BITS, { MEC } },
	{ PROG_PRIQ_PROD, ALL_BITS, { PRI } },
	{ PROG_PRIQ_CONS, ALL_BITS, { PRI } },
	{ PROG_VATOS_CTRL, ALL_BITS, { VATOS } },
	{ PROG_VATOS_CTRL, ALL_BITS, { VATOS_VMIDS } },
	{ PROG_VATOS_SID, ALL_BITS, { VATOS } },
	{ PROG_VATOS_SID, ALL_BITS, { VATOS_VMIDS } },
	{ PROG_VATOS_ADDR, ALL_BITS, { VATOS } },
	{ PROG_VATOS_ADDR, ALL_BITS, { VATOS_VMIDS } },
	{ PROG_PMCG_CR, ALL_BITS, { NON_SECURE } },
	{ PROG_PMCG_IRQ_CTRL, ALL_BITS, { NON_SECURE } },
	{ PROG_PMCG_IRQ_CFG0, ALL_BITS, { NON_SECURE } },
	{ PROG_PMCG_IRQ_CFG1, ALL_BITS, { NON_SECURE } },
	{ PROG_PMCG_IRQ_CFG2, ALL_BITS, { NON_SECURE } },
};

uint64_t bank_res0(const struct smmu3_config *config, enum bank bank, enum prog_register reg)
{
	uint64_t absent = 0;

	for (size_t i = 0; i < ARRAY_SIZE(optionals); i++)
		if (optionals[i].reg == reg && !claim_holds(config, &optionals[i].has[bank]))
			absent |= optionals[i].bits;
	return absent;
}

/* An SMMU with Realm ATS checks what is translated, and a disabled Realm interface aborts; Secure
 * VATOS asks of Secure streams.  6.3.104, 6.3.128, 6.3.129, 6.3.133 */
static const struct optional fixed[] = {
	{ PROG_CR0, REG_MASK(CR0_ATSCHK), { [BANK_R] = IS(R_IDR0, ATS, 1) } },
	{ PROG_CR0ACK, REG_MASK(CR0_ATSCHK), { [BANK_R] = IS(R_IDR0, ATS, 1) } },
	{ PROG_GBPA, REG_MASK(GBPA_ABORT), { [BANK_R] = REALM } },
	{ PROG_VATOS_SID, REG_MASK(ATOS_SID_SSEC), { [BANK_S] = IS(IDR0, VATOS, 1) } },
};

uint64_t bank_res1(const struct smmu3_config *config, enum bank bank, enum prog_register reg)
{
	uint64_t ones = 0;

	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
		if (fixed[i].reg == reg && claim_holds(config, &fixed[i].has[bank]))
			ones |= fixed[i].bits;
	return ones;
}
