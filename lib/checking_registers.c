/* SPDX-License-Identifier: MIT */
/*
 * Registers that something is kept by, and which of them explains that it is out of date.
 *
 * Of registers that 6.3 lets caches keep, those are not here whose value is asked for whenever
 * something kept is used, so that no use is out of date by them: S2PII, CR0.VMW, CR0.ATSCHK and
 * S_CR0.SIF.
 */
#include "checking_report.h"

#include "arch/offsets.h"
#include "arch/regs.h"
#include "arch/ste.h"
#include "prog/root.h"

/* ---- Which they are ---- */

#define KIND(kind) (1u << SMMU3_KEPT_##kind)
#define REASON(reason) (1u << SMMU3_REASON_##reason)

enum {
	OF_STREAMS = KIND(L1STD) | KIND(STE) | KIND(CD) | KIND(TRANSLATION) | KIND(TABLE) |
		     KIND(ATC),
	OF_CONFIGURATION = KIND(STE) | KIND(CD),
};

enum { OF_ROOT = BANKS }; /* in place of a bank */

static const struct checked_register {
	uint8_t bank; /* whose register it is */
	uint8_t reg;  /* enum prog_register, enum root_register */
	uint8_t bytes;
	uint8_t sec_sid; /* of what is kept by it */
	uint32_t offset; /* as in decode.h */
	uint64_t counts;
	uint32_t kinds; /* of what is kept by it */
	uint32_t leads; /* enum smmu3_reason: to such structures first.  0: it says what one means,
			 * that of hypervisors if it is of CR2 */
} rows[CHECKED_REGISTERS] = {
#define OF_BANK(bank, pas, prefix)                                                          \
	{ bank,       PROG_STRTAB_BASE,           8,                                        \
	  pas,        REG_##prefix##STRTAB_BASE,  REG_MASK(STRTAB_BASE_ADDR),               \
	  OF_STREAMS, REASON(L1STD) | REASON(STE) },                                        \
		{ bank,       PROG_STRTAB_BASE_CFG,          4,                             \
		  pas,        REG_##prefix##STRTAB_BASE_CFG, UINT32_MAX,                    \
		  OF_STREAMS, REASON(L1STD) | REASON(STE) },                                \
	{                                                                                   \
		bank, PROG_CR2, 4, pas, REG_##prefix##CR2, REG_MASK(CR2_E2H), OF_STREAMS, 0 \
	}
#define OF_DPT(bank, pas, prefix)                                                        \
	{ bank,      PROG_CR0,   4, pas, REG_##prefix##CR0, REG_MASK(CR0_DPT_WALK_EN),   \
	  KIND(DPT), REASON(DPT) },                                                      \
		{ bank,                                                                  \
		  PROG_DPT_BASE,                                                         \
		  8,                                                                     \
		  pas,                                                                   \
		  REG_##prefix##DPT_BASE,                                                \
		  REG_MASK(DPT_BASE_BADDR),                                              \
		  KIND(DPT),                                                             \
		  REASON(DPT) },                                                         \
	{                                                                                \
		bank, PROG_DPT_BASE_CFG, 4, pas, REG_##prefix##DPT_BASE_CFG, UINT32_MAX, \
			KIND(DPT), 0                                                     \
	}
	OF_BANK(BANK_NS, SMMU3_PAS_NS, ),
	OF_BANK(BANK_S, SMMU3_PAS_SECURE, S_),
	OF_BANK(BANK_R, SMMU3_PAS_REALM, R_),
	OF_DPT(BANK_NS, SMMU3_PAS_NS, ),
	OF_DPT(BANK_R, SMMU3_PAS_REALM, R_),
	/* Structures of Non-secure streams are judged by it.  6.3.57 */
	{ BANK_S, PROG_CR0, 4, SMMU3_PAS_NS, REG_S_CR0, REG_MASK(CR0_NSSTALLD), OF_CONFIGURATION,
	  0 },
	{ OF_ROOT, ROOT_GPT_BASE, 8, SMMU3_PAS_ROOT, REG_ROOT_GPT_BASE, REG_MASK(GPT_BASE_ADDR),
	  KIND(GPT), REASON(GPT) },
	{ OF_ROOT, ROOT_GPT_BASE_CFG, 8, SMMU3_PAS_ROOT, REG_ROOT_GPT_BASE_CFG, UINT32_MAX,
	  KIND(GPT), 0 },
};

static uint64_t value_of(const struct smmu3 *smmu, const struct checked_register *row)
{
	return row->bank == OF_ROOT ? smmu->root.value[row->reg] :
				      smmu->interface[row->bank].prog.value[row->reg];
}

void check_registers(struct smmu3 *smmu)
{
	struct check *check = smmu->check;

	if (likely(!check))
		return;
	pthread_mutex_lock(&check->lock);
	const struct register_change when = { 0, check->moments, check->accesses };

	for (unsigned i = 0; i < CHECKED_REGISTERS; i++)
		register_note(&check->registers[i], value_of(smmu, &rows[i]), rows[i].counts,
			      &when);
	pthread_mutex_unlock(&check->lock);
}

/* ---- Which explains something ---- */

/* Is the first that a register leads to another now? */
static bool is_led_elsewhere(const struct leads *leads, unsigned key, uint32_t reasons)
{
	for (uint32_t i = 0; leads->to[key] && i < leads->of[key].count; i++)
		if (reasons & UINT32_C(1) << leads->of[key].version[i].reason)
			return !leads->to[key][i];
	return false;
}

static bool is_of_hypervisor(struct check *check, const struct kept_key *key)
{
	struct ste ste;

	return check_structure_of(check, key, SMMU3_REASON_STE, ste.word) &&
	       field_value(ste.word, STE_STRW) == STE_STRW_EL2;
}

static bool means_something_else(struct check *check, const struct kept_key *key,
				 const struct checked_register *row)
{
	return row->reg != PROG_CR2 || row->bank == OF_ROOT || is_of_hypervisor(check, key);
}

static bool explains(struct smmu3 *smmu, const struct leads *leads, const struct blame *blame,
		     unsigned key, const struct checked_register *row)
{
	const struct kept_key *kept = &blame->key[key];

	if (!(row->kinds & UINT32_C(1) << kept->kind) || check_state_of(kept) != row->sec_sid)
		return false;
	return row->leads ? is_led_elsewhere(leads, key, row->leads) :
			    !blame->changed && means_something_else(smmu->check, kept, row);
}

static bool changed_since(struct check *check, const struct checked_register *row,
			  const struct kept_key *key, struct smmu3_changed_register *reg)
{
	const struct register_log *log = &check->registers[row - rows];

	pthread_mutex_lock(&check->lock);
	const uint32_t number = ledger_find(&check->ledger, key);
	const struct register_change *change =
		number ? register_change_since(log, row->counts,
					       ledger_record(&check->ledger, number)->when.moment) :
			 NULL;

	if (change)
		*reg = (struct smmu3_changed_register){
			.was = change->was,
			.now = log->now,
			.counts = row->counts,
			.access = change->access,
			.offset = row->offset,
			.bytes = row->bytes,
			.sec_sid = row->bank == OF_ROOT ? SMMU3_PAS_ROOT : row->bank,
		};
	pthread_mutex_unlock(&check->lock);
	return change;
}

/* What memory leads to no more is of what a register led to before: that it is another counts
 * less. */
void check_find_register(struct smmu3 *smmu, const struct leads *leads, struct blame *blame)
{
	for (unsigned i = 0; i < CHECKED_REGISTERS; i++)
		for (unsigned key = 0; key < blame->keys; key++) {
			if (!explains(smmu, leads, blame, key, &rows[i]) ||
			    !changed_since(smmu->check, &rows[i], &blame->key[key], &blame->reg))
				continue;
			blame->moved = rows[i].leads || rows[i].kinds == KIND(DPT);
			blame->changed = false;
			return;
		}
}
