/* SPDX-License-Identifier: MIT */
/* The registers of a programming interface as software sees them: Non-secure, Secure or Realm, each
 * a register file of one form.  Chapter 6 */
#ifndef SMMU_PROG_REGS_H
#define SMMU_PROG_REGS_H

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

/* The programming interfaces, one for each Security state.  banks.h says what differs. */
enum bank {
	BANK_NS,
	BANK_S,
	BANK_R,
	BANKS,
};

/* Of all banks, in ascending order of offset; an acknowledgement directly follows what it
 * acknowledges. */
enum prog_register {
	PROG_IDR0,
	PROG_IDR1,
	PROG_IDR2,
	PROG_IDR3,
	PROG_IDR4,
	PROG_IDR5,
	PROG_IIDR,
	PROG_AIDR,
	PROG_CR0,
	PROG_CR0ACK,
	PROG_CR1,
	PROG_CR2,
	PROG_S2PII,
	PROG_INIT, /* Secure */
	PROG_STATUSR,
	PROG_GBPA,
	PROG_AGBPA,
	PROG_IRQ_CTRL,
	PROG_IRQ_CTRLACK,
	PROG_GERROR,
	PROG_GERRORN,
	PROG_GERROR_IRQ_CFG0,
	PROG_GERROR_IRQ_CFG1,
	PROG_GERROR_IRQ_CFG2,
	PROG_STRTAB_BASE,
	PROG_STRTAB_BASE_CFG,
	PROG_CMDQ_BASE,
	PROG_CMDQ_PROD,
	PROG_CMDQ_CONS,
	PROG_EVENTQ_BASE,
	PROG_EVENTQ_IRQ_CFG0,
	PROG_EVENTQ_IRQ_CFG1,
	PROG_EVENTQ_IRQ_CFG2,
	PROG_PRIQ_BASE,
	PROG_PRIQ_IRQ_CFG0,
	PROG_PRIQ_IRQ_CFG1,
	PROG_PRIQ_IRQ_CFG2,
	PROG_GATOS_CTRL,
	PROG_GATOS_SID,
	PROG_GATOS_ADDR,
	PROG_GATOS_PAR,
	PROG_MPAMIDR,
	PROG_GMPAM,
	PROG_GBPMPAM,
	PROG_VATOS_SEL,
	PROG_IDR6,
	PROG_DPT_BASE,
	PROG_DPT_BASE_CFG,
	PROG_DPT_CFG_FAR,
	PROG_MECIDR, /* Realm */
	PROG_GMECID, /* Realm */
	PROG_EVENTQ_PROD,
	PROG_EVENTQ_CONS,
	PROG_PRIQ_PROD,
	PROG_PRIQ_CONS,
	PROG_VATOS_CTRL,
	PROG_VATOS_SID,
	PROG_VATOS_ADDR,
	PROG_VATOS_PAR,
	PROG_PMCG_CR,
	PROG_PMCG_IRQ_CTRL,
	PROG_PMCG_IRQ_CTRLACK,
	PROG_PMCG_IRQ_CFG0,
	PROG_PMCG_IRQ_CFG1,
	PROG_PMCG_IRQ_CFG2,
	PROG_PMCG_IRQ_STATUS,
	PROG_REGISTERS,
};

struct adversity;

struct prog {
	enum bank bank; /* whose registers they are */
	uint64_t value[PROG_REGISTERS];
	uint64_t writable[PROG_REGISTERS]; /* bits that are stored; a feature that is absent has
					      none */
	/* Bits of CR0ACK and IRQ_CTRLACK that may not fall yet, since something they stand for is
	 * under way.  6.3.9.3, 6.3.9.4, 6.3.16 */
	uint64_t held[PROG_REGISTERS];
	bool init_ignored; /* S_INIT does nothing: ROOT_CR0.GPCEN is 1.  6.3.62 */
	bool init_asked; /* S_INIT.INV_ALL was written 1 since the invalidation under way began */
	uint64_t idr1;   /* the Non-secure one: it has the longest queues of every bank */
	struct adversity *adversity; /* NULL: nothing is asked for */
};

/* Puts every register at its reset value, with nothing asked for.  What the architecture leaves
 * UNKNOWN becomes 0.  6.3 */
void prog_reset(struct prog *prog, enum bank bank, const struct smmu3_config *config);

/* And afterwards has this asked for, by which some have other values.  6.3 */
void prog_reset_adversely(struct prog *prog, const struct smmu3_config *config,
			  struct adversity *adversity);

/* Says anew which bits are stored, and drops what others hold: adversity.h may have them differ. */
void prog_limit(struct prog *prog, const struct smmu3_config *config);

/* Is there one, but for what Page 0 shows of Page 1? */
bool prog_is_register(uint64_t offset);

/* Is one of 8 bytes, aligned, an access to two registers?  6.2 */
bool prog_is_pair(uint64_t offset);

/* Is this an access of 4 or 8 bytes, aligned?  6.2 */
bool prog_access_legal(uint64_t offset, unsigned size);

/* A legal access at a byte offset from the bank's Page 0.  One of 8 bytes is two of 4, the lower
 * first.  What is not a register is RES0; 0xa8, 0xac, 0xc8 and 0xcc of Page 0 reach Page 1, and are
 * the only way there in the Secure bank, which has no Page 1.  6.2 */
uint64_t prog_read(const struct prog *prog, uint64_t offset, unsigned size);
void prog_write(struct prog *prog, uint64_t offset, unsigned size, uint64_t value);

/* Has each index that the SMMU owns only the bits that its queue has? */
bool prog_indexes_fit(const struct prog *prog);

/* The invalidation of S_INIT.INV_ALL begins, and is done: the bit is 0 then, unless it has been
 * written again, which asks for another.  6.3.62 */
void prog_begin_init(struct prog *prog);
void prog_end_init(struct prog *prog);

/* While Secure software forbids Non-secure streams to stall, IDR0 says so.  6.3.57 NSSTALLD */
void prog_show_stall_model(struct prog *prog, unsigned stall_model);

/* Holds bits of an acknowledgement up, or lets go of them: then it follows what software wrote. */
void prog_hold(struct prog *prog, enum prog_register enable, uint64_t bits);

#endif
