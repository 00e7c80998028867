/* SPDX-License-Identifier: MIT */
#include "prog/rows.h"
#include "prog/adversity.h"
#include "prog/atos.h"
#include "prog/ident.h"
#include "prog/idregs.h"

#include "arch/offsets.h"
#include "arch/regs.h"
#include "base/bits.h"

#define RO 0
#define ALL_BITS UINT64_MAX

/* ---- What is stored ---- */

/* Of an address the bits below OAS; the others are RES0.  6.3.24 */
static uint64_t within_oas(const struct smmu3_config *config, enum bank bank)
{
	(void)bank;
	return low_bits(oas_bits(ID_FIELD(config, IDR5, OAS))) | ~low_bits(56);
}

/* The bits that numbers up to `most` have. */
static uint64_t bits_up_to(uint64_t most)
{
	uint64_t mask = 0;

	while (mask < most)
		mask = mask << 1 | 1;
	return mask;
}

static uint64_t bits_of_labels(const struct smmu3_config *config, enum id_register reg)
{
	return bits_up_to(id_field(config, reg, MPAMIDR_PARTID_MAX)) |
	       bits_up_to(id_field(config, reg, MPAMIDR_PMG_MAX)) << 16;
}

/* PARTIDs and PMGs, of both spaces where MPAM_NS chooses one.  6.3.42, 6.3.43, 6.3.88 */
static uint64_t within_mpam(const struct smmu3_config *config, enum bank bank)
{
	static const enum id_register own[] = { ID_MPAMIDR, ID_S_MPAMIDR, ID_R_MPAMIDR };
	const uint64_t bits = bits_of_labels(config, own[bank]);

	return id_field(config, own[bank], MPAMIDR_HAS_MPAM_NS) ?
		       bits | bits_of_labels(config, ID_MPAMIDR) | REG_MASK(GMPAM_MPAM_NS) :
		       bits;
}

/* 6.3.162 */
static uint64_t within_mecid(const struct smmu3_config *config, enum bank bank)
{
	(void)bank;
	return low_bits(id_field(config, ID_R_MECIDR, MECIDR_MECIDSIZE) + 1);
}

/* Bits of ATOS_SID: a Secure group may ask of streams of both states.  6.3.38, 6.3.84 */
static uint64_t within_sids(const struct smmu3_config *config, enum bank bank)
{
	const unsigned ssids = ID_FIELD(config, IDR1, SSIDSIZE);
	const unsigned own = ID_FIELD(config, IDR1, SIDSIZE);
	const unsigned secure = ID_FIELD(config, S_IDR1, S_SIDSIZE);
	const unsigned sids = bank == BANK_S && secure > own ? secure : own;

	return low_bits(sids) | low_bits(ssids) << 32 | REG_MASK(ATOS_SID_SSEC) |
	       (ssids ? REG_MASK(ATOS_SID_SSID_VALID) : 0);
}

/* Of the performance monitors, if there are any; of their messages, if they send any.  10.5.2 */
static uint64_t within_pmcg(const struct smmu3_config *config, enum bank bank)
{
	(void)bank;
	return config->pmcg_cfgr ? ALL_BITS : 0;
}

static uint64_t within_pmcg_msi(const struct smmu3_config *config, enum bank bank)
{
	return config->pmcg_cfgr & REG_MASK(PMCG_CFGR_MSI) ? within_oas(config, bank) : 0;
}

/* ---- What may be written now ---- */

static uint64_t guarded(const struct prog *prog, struct guard guard)
{
	uint64_t either = prog->value[guard.enable] | prog->value[guard.enable + 1];

	if (unlikely(prog->adversity))
		either = adverse_guard(prog, guard.enable, either);
	return either & guard.bits ? ALL_BITS : 0;
}

/* Fields whose Update is pending: it completes with the value that they have.  6.3.9, 6.3.16 */
static uint64_t pending(const struct prog *prog, enum prog_register ack)
{
	return ack ? prog->value[ack - 1] ^ prog->value[ack] : 0;
}

/* And those that are late; but of either those that may be altered for all that. */
static uint64_t under_way(const struct reg_row *row, const struct prog *prog)
{
	const enum prog_register reg = (enum prog_register)(row - register_rows);

	return unlikely(prog->adversity) ? (pending(prog, row->ack) | adverse_locked(prog, reg)) &
						   ~adverse_alterable(prog, reg) :
					   pending(prog, row->ack);
}

uint64_t row_locked(const struct reg_row *row, const struct prog *prog, uint64_t written)
{
	return guarded(prog, row->guard) | under_way(row, prog) |
	       (row->locked ? row->locked(prog, written) : 0);
}

#define WHILE(reg, field) PROG_##reg, REG_MASK(reg##_##field)
#define WHILE_ENABLED WHILE(CR0, SMMUEN)
#define WHILE_QUEUES PROG_CR0, REG_MASK(CR0_CMDQEN) | REG_MASK(CR0_EVENTQEN) | REG_MASK(CR0_PRIQEN)
#define WHILE_MONITORS_INTERRUPT PROG_PMCG_IRQ_CTRL, REG_MASK(PMCG_IRQ_CTRL_IRQEN)
#define WHILE_MECID_IS_USED \
	PROG_CR0, REG_MASK(CR0_SMMUEN) | REG_MASK(CR0_CMDQEN) | REG_MASK(CR0_EVENTQEN)

#define CR1_TABLE_BITS (REG_MASK(CR1_TABLE_IC) | REG_MASK(CR1_TABLE_OC) | REG_MASK(CR1_TABLE_SH))
#define CR1_QUEUE_BITS (REG_MASK(CR1_QUEUE_IC) | REG_MASK(CR1_QUEUE_OC) | REG_MASK(CR1_QUEUE_SH))

/* The enables of the queues that a bank has: PRIQEN is stored where there is no PRI queue, too. */
static struct guard queue_enables(const struct prog *prog)
{
	struct guard queues = { WHILE_QUEUES };

	if (!prog->writable[PROG_PRIQ_CONS])
		queues.bits &= ~REG_MASK(CR0_PRIQEN);
	return queues;
}

/* Table attributes while the SMMU is enabled, queue attributes while any queue is.  6.3.11 */
static uint64_t cr1_locked(const struct prog *prog, uint64_t written)
{
	static const struct guard tables = { WHILE_ENABLED };

	(void)written;
	return (guarded(prog, tables) & CR1_TABLE_BITS) |
	       (guarded(prog, queue_enables(prog)) & CR1_QUEUE_BITS);
}

/* A write counts only with Update set; it is complete at once, so Update always reads 0.  The bit
 * of GMPAM and GBPMPAM is the same.  6.3.14.1, 6.3.42, 6.3.43 */
static uint64_t without_update(const struct prog *prog, uint64_t written)
{
	(void)prog;
	return written & REG_MASK(GBPA_UPDATE) ? 0 : ALL_BITS;
}

/* Up to SMMUv3.1 one without may take effect, too.  6.3.14.1 */
static uint64_t gbpa_locked(const struct prog *prog, uint64_t written)
{
	return CHOSEN(prog, GBPA_WITHOUT_UPDATE) ? 0 : without_update(prog, written);
}

/* Software begins what the SMMU ends, while no granule protection is on.  6.3.62 */
static uint64_t locked_but_for_ones(const struct prog *prog, uint64_t written)
{
	if (unlikely(prog->adversity) && adverse_init(prog))
		return ALL_BITS;
	return prog->init_ignored ? ALL_BITS : ~written;
}

/* ---- The registers ---- */

#define CR0_BITS                                                                               \
	(REG_MASK(CR0_SMMUEN) | REG_MASK(CR0_PRIQEN) | REG_MASK(CR0_EVENTQEN) |                \
	 REG_MASK(CR0_CMDQEN) | REG_MASK(CR0_ATSCHK) | REG_MASK(CR0_SIF) | REG_MASK(CR0_VMW) | \
	 REG_MASK(CR0_NSSTALLD) | REG_MASK(CR0_DPT_WALK_EN))
#define CR2_BITS                                                           \
	(REG_MASK(CR2_E2H) | REG_MASK(CR2_RECINVSID) | REG_MASK(CR2_PTM) | \
	 REG_MASK(CR2_REC_CFG_ATS))
#define GBPA_BITS                                                                  \
	(REG_MASK(GBPA_MEMATTR) | REG_MASK(GBPA_MTCFG) | REG_MASK(GBPA_ALLOCCFG) | \
	 REG_MASK(GBPA_SHCFG) | REG_MASK(GBPA_NSCFG) | REG_MASK(GBPA_PRIVCFG) |    \
	 REG_MASK(GBPA_INSTCFG) | REG_MASK(GBPA_ABORT))
#define IRQ_CTRL_BITS                                                      \
	(REG_MASK(IRQ_CTRL_GERROR_IRQEN) | REG_MASK(IRQ_CTRL_PRIQ_IRQEN) | \
	 REG_MASK(IRQ_CTRL_EVENTQ_IRQEN))
#define GERROR_BITS                                                                \
	(REG_MASK(GERROR_CMDQ_ERR) | REG_MASK(GERROR_EVENTQ_ABT_ERR) |             \
	 REG_MASK(GERROR_PRIQ_ABT_ERR) | REG_MASK(GERROR_MSI_CMDQ_ABT_ERR) |       \
	 REG_MASK(GERROR_MSI_EVENTQ_ABT_ERR) | REG_MASK(GERROR_MSI_PRIQ_ABT_ERR) | \
	 REG_MASK(GERROR_MSI_GERROR_ABT_ERR) | REG_MASK(GERROR_SFM_ERR) |          \
	 REG_MASK(GERROR_CMDQP_ERR) | REG_MASK(GERROR_DPT_ERR))
#define IRQ_CFG0_BITS (REG_MASK(IRQ_CFG0_ADDR) | REG_MASK(IRQ_CFG0_NS))
#define IRQ_CFG2_BITS (REG_MASK(IRQ_CFG2_MEMATTR) | REG_MASK(IRQ_CFG2_SH))
#define STRTAB_BASE_BITS (REG_MASK(STRTAB_BASE_ADDR) | REG_MASK(STRTAB_BASE_RA))
#define STRTAB_BASE_CFG_BITS                                                    \
	(REG_MASK(STRTAB_BASE_CFG_LOG2SIZE) | REG_MASK(STRTAB_BASE_CFG_SPLIT) | \
	 REG_MASK(STRTAB_BASE_CFG_FMT))
#define QUEUE_BASE_BITS \
	(REG_MASK(QUEUE_BASE_LOG2SIZE) | REG_MASK(QUEUE_BASE_ADDR) | REG_MASK(QUEUE_BASE_RA))
#define MPAM_BITS (REG_MASK(GMPAM_SO_PARTID) | REG_MASK(GMPAM_SO_PMG) | REG_MASK(GMPAM_MPAM_NS))
#define DPT_BASE_BITS (REG_MASK(DPT_BASE_BADDR) | REG_MASK(DPT_BASE_RA))
#define DPT_BASE_CFG_BITS                                              \
	(REG_MASK(DPT_BASE_CFG_DPTPS) | REG_MASK(DPT_BASE_CFG_DPTGS) | \
	 REG_MASK(DPT_BASE_CFG_L0DPTSZ))
#define PROD_BITS (REG_MASK(EVENTQ_PROD_WR) | REG_MASK(EVENTQ_PROD_OVFLG))
#define CONS_BITS (REG_MASK(EVENTQ_CONS_RD) | REG_MASK(EVENTQ_CONS_OVACKFLG))

#define ATOS_SID_BITS                                                   \
	(REG_MASK(ATOS_SID_STREAMID) | REG_MASK(ATOS_SID_SUBSTREAMID) | \
	 REG_MASK(ATOS_SID_SSID_VALID))
#define ATOS_ADDR_BITS                                                                   \
	(REG_MASK(ATOS_ADDR_HTTUI) | REG_MASK(ATOS_ADDR_IND) | REG_MASK(ATOS_ADDR_RNW) | \
	 REG_MASK(ATOS_ADDR_PNU) | REG_MASK(ATOS_ADDR_TYPE) | REG_MASK(ATOS_ADDR_ADDR))

#define CONFIG(member) offsetof(struct smmu3_config, member)
#define REG(reg, size, ...) [PROG_##reg] = { REG_##reg, size, __VA_ARGS__ }
#define ID(reg, ...) REG(reg, 4, .writable = RO, .reset = { __VA_ARGS__ })
#define ID_OF_EACH(reg, n) ID(reg, CONFIG(idr[n]), CONFIG(s_idr[n]), CONFIG(r_idr[n]))
#define QUEUE_BASE(reg, field)                                         \
	REG(reg, 8, .writable = QUEUE_BASE_BITS, .within = within_oas, \
	    .guard = { WHILE(CR0, field) })
#define IRQ_CFG(of, enable, more)                                          \
	REG(of##_CFG0, 8, .writable = IRQ_CFG0_BITS, .within = within_oas, \
	    .guard = { WHILE(IRQ_CTRL, enable) }),                         \
		REG(of##_CFG1, 4, .writable = REG_MASK(IRQ_CFG1_DATA),     \
		    .guard = { WHILE(IRQ_CTRL, enable) }),                 \
		REG(of##_CFG2, 4, .writable = IRQ_CFG2_BITS | (more),      \
		    .guard = { WHILE(IRQ_CTRL, enable) })

/* AGBPA has nothing to hold: no attribute is added.  What a write of DPT_CFG_FAR clears is no
 * field's own value.  6.3.15, 6.3.48 */
const struct reg_row register_rows[PROG_REGISTERS] = {
	ID_OF_EACH(IDR0, 0),
	ID_OF_EACH(IDR1, 1),
	ID_OF_EACH(IDR2, 2),
	ID_OF_EACH(IDR3, 3),
	ID_OF_EACH(IDR4, 4),
	ID(IDR5, CONFIG(idr[5])),
	ID(IIDR, CONFIG(iidr)),
	ID(AIDR, CONFIG(aidr)), /* R_AIDR is 0 */
	REG(CR0, 4, .writable = CR0_BITS, .ack = PROG_CR0ACK),
	REG(CR0ACK, 4, .writable = RO),
	REG(CR1, 4, .writable = CR1_TABLE_BITS | CR1_QUEUE_BITS, .locked = cr1_locked),
	REG(CR2, 4, .writable = CR2_BITS, .guard = { WHILE_ENABLED }),
	REG(S2PII, 8, .writable = ALL_BITS),
	[PROG_INIT] = { REG_S_INIT - PAGE_0_SECURE, 4, .writable = REG_MASK(S_INIT_INV_ALL),
			.locked = locked_but_for_ones },
	REG(STATUSR, 4, .writable = RO),
	REG(GBPA, 4, .reset = { CONFIG(gbpa_reset), CONFIG(gbpa_reset) }, .writable = GBPA_BITS,
	    .locked = gbpa_locked),
	REG(AGBPA, 4, .writable = RO),
	REG(IRQ_CTRL, 4, .writable = IRQ_CTRL_BITS, .ack = PROG_IRQ_CTRLACK),
	REG(IRQ_CTRLACK, 4, .writable = RO),
	REG(GERROR, 4, .writable = RO),
	REG(GERRORN, 4, .writable = GERROR_BITS),
	IRQ_CFG(GERROR_IRQ, GERROR_IRQEN, 0),
	REG(STRTAB_BASE, 8, .writable = STRTAB_BASE_BITS, .within = within_oas,
	    .guard = { WHILE_ENABLED }),
	REG(STRTAB_BASE_CFG, 4, .writable = STRTAB_BASE_CFG_BITS, .guard = { WHILE_ENABLED }),
	QUEUE_BASE(CMDQ_BASE, CMDQEN),
	REG(CMDQ_PROD, 4, .writable = REG_MASK(CMDQ_PROD_WR)),
	REG(CMDQ_CONS, 4, .writable = REG_MASK(CMDQ_CONS_RD), .guard = { WHILE(CR0, CMDQEN) }),
	QUEUE_BASE(EVENTQ_BASE, EVENTQEN),
	IRQ_CFG(EVENTQ_IRQ, EVENTQ_IRQEN, 0),
	QUEUE_BASE(PRIQ_BASE, PRIQEN),
	IRQ_CFG(PRIQ_IRQ, PRIQ_IRQEN, REG_MASK(IRQ_CFG2_LO)),
	REG(GATOS_CTRL, 4, .writable = REG_MASK(ATOS_CTRL_RUN), .locked = gatos_run_locked),
	REG(GATOS_SID, 8, .writable = ATOS_SID_BITS | REG_MASK(ATOS_SID_SSEC),
	    .within = within_sids, .locked = gatos_locked),
	REG(GATOS_ADDR, 8, .writable = ATOS_ADDR_BITS | REG_MASK(ATOS_ADDR_NS),
	    .locked = gatos_locked),
	REG(GATOS_PAR, 8, .writable = RO),
	ID(MPAMIDR, CONFIG(mpamidr), CONFIG(s_mpamidr), CONFIG(r_mpamidr)),
	REG(GMPAM, 4, .writable = MPAM_BITS, .within = within_mpam, .locked = without_update),
	REG(GBPMPAM, 4, .writable = MPAM_BITS, .within = within_mpam, .locked = without_update),
	REG(VATOS_SEL, 4, .writable = REG_MASK(VATOS_SEL_VMID), .locked = vatos_locked),
	ID_OF_EACH(IDR6, 6),
	REG(DPT_BASE, 8, .writable = DPT_BASE_BITS, .within = within_oas,
	    .guard = { WHILE(CR0, DPT_WALK_EN) }),
	REG(DPT_BASE_CFG, 4, .writable = DPT_BASE_CFG_BITS, .guard = { WHILE(CR0, DPT_WALK_EN) }),
	REG(DPT_CFG_FAR, 8, .writable = RO),
	[PROG_MECIDR] = { REG_R_MECIDR - PAGE_REALM_0, 4, .writable = RO,
			  .reset = { [BANK_R] = CONFIG(r_mecidr) } },
	[PROG_GMECID] = { REG_R_GMECID - PAGE_REALM_0, 4, .writable = REG_MASK(GMECID_GMECID),
			  .within = within_mecid, .guard = { WHILE_MECID_IS_USED } },
	REG(EVENTQ_PROD, 4, .writable = PROD_BITS, .guard = { WHILE(CR0, EVENTQEN) }),
	REG(EVENTQ_CONS, 4, .writable = CONS_BITS),
	REG(PRIQ_PROD, 4, .writable = PROD_BITS, .guard = { WHILE(CR0, PRIQEN) }),
	REG(PRIQ_CONS, 4, .writable = CONS_BITS),
	REG(VATOS_CTRL, 4, .writable = REG_MASK(ATOS_CTRL_RUN), .locked = vatos_run_locked),
	REG(VATOS_SID, 8, .writable = ATOS_SID_BITS, .within = within_sids, .locked = vatos_locked),
	REG(VATOS_ADDR, 8, .writable = ATOS_ADDR_BITS, .locked = vatos_locked),
	REG(VATOS_PAR, 8, .writable = RO),
	REG(PMCG_CR, 4, .writable = REG_MASK(PMCG_CR_E), .within = within_pmcg),
	REG(PMCG_IRQ_CTRL, 4, .writable = REG_MASK(PMCG_IRQ_CTRL_IRQEN), .within = within_pmcg,
	    .ack = PROG_PMCG_IRQ_CTRLACK),
	REG(PMCG_IRQ_CTRLACK, 4, .writable = RO),
	REG(PMCG_IRQ_CFG0, 8, .writable = REG_MASK(IRQ_CFG0_ADDR), .within = within_pmcg_msi,
	    .guard = { WHILE_MONITORS_INTERRUPT }),
	REG(PMCG_IRQ_CFG1, 4, .writable = REG_MASK(IRQ_CFG1_DATA), .within = within_pmcg_msi,
	    .guard = { WHILE_MONITORS_INTERRUPT }),
	REG(PMCG_IRQ_CFG2, 4, .writable = IRQ_CFG2_BITS, .within = within_pmcg_msi,
	    .guard = { WHILE_MONITORS_INTERRUPT }),
	REG(PMCG_IRQ_STATUS, 4, .writable = RO),
};
