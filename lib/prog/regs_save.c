/* SPDX-License-Identifier: MIT */
#include "prog/save.h"

#include "prog/banks.h"
#include "prog/fields.h"
#include "prog/ident.h"
#include "prog/idregs.h"
#include "prog/interrupts.h"
#include "prog/refuse.h"
#include "prog/rows.h"
#include "walk/dpt.h"

#include <inttypes.h>

/* ---- The configuration ---- */

void config_save(const struct smmu3_config *config, struct blob_out *out)
{
	for (enum id_register id = 0; id <= ID_GBPA; id++)
		blob_put(out, id_read(config, id), 4);
	blob_put(out, config->interrupt_choices, 4);
}

void labels_save(const struct smmu3_config *config, struct blob_out *out)
{
	for (enum id_register id = ID_S_MPAMIDR; id <= ID_R_MPAMIDR; id++)
		blob_put(out, id_read(config, id), 4);
}

static int refuse_config(struct smmu3_error *error, const char *section, const char *name,
			 uint64_t saved, uint32_t own)
{
	return refuse(error, SMMU3_E_INCONSISTENT, section,
		      "%s is 0x%" PRIx64 " in what was saved, but 0x%" PRIx32 " here", name, saved,
		      own);
}

static int load_id_registers(const struct smmu3_config *config, enum id_register first,
			     enum id_register last, struct blob_in *in, struct smmu3_error *error)
{
	for (enum id_register id = first; id <= last; id++) {
		const uint64_t saved = blob_take(in, 4);

		if (saved != id_read(config, id))
			return refuse_config(error, id_section(id), id_register_name(id), saved,
					     id_read(config, id));
	}
	return 0;
}

int labels_load(const struct smmu3_config *config, struct blob_in *in, struct smmu3_error *error)
{
	return load_id_registers(config, ID_S_MPAMIDR, ID_R_MPAMIDR, in, error);
}

int config_load(const struct smmu3_config *config, struct blob_in *in, struct smmu3_error *error)
{
	const int code = load_id_registers(config, 0, ID_GBPA, in, error);

	if (code)
		return code;
	const uint64_t choices = blob_take(in, 4);

	return choices == config->interrupt_choices ?
		       0 :
		       refuse_config(error, "3.18.2", "interrupt_choices", choices,
				     config->interrupt_choices);
}

/* ---- Registers ---- */

#define DPT_CFG_FAR_BITS                                             \
	(REG_MASK(DPT_CFG_FAR_FAULT) | REG_MASK(DPT_CFG_FAR_LEVEL) | \
	 REG_MASK(DPT_CFG_FAR_DPT_FAULTCODE) | REG_MASK(DPT_CFG_FAR_FADDR))

/* Bits that the SMMU itself changes, in registers that software cannot write, or not these bits of.
 */
static uint64_t own_bits(const struct prog *prog, enum prog_register reg)
{
	if (reg == PROG_CMDQ_CONS)
		return REG_MASK(CMDQ_CONS_ERR);
	if (reg == PROG_GATOS_PAR || reg == PROG_VATOS_PAR) /* where there are requests */
		return prog->writable[reg - 1] ? UINT64_MAX : 0;
	if (reg == PROG_DPT_CFG_FAR)
		return prog->writable[PROG_DPT_BASE_CFG] ? DPT_CFG_FAR_BITS : 0;
	if (reg == PROG_PMCG_IRQ_STATUS)
		return prog->writable[PROG_PMCG_IRQ_CFG0] ? REG_MASK(PMCG_IRQ_STATUS_IRQ_ABT) : 0;
	return reg == PROG_GERROR ? REPORTED_ERRORS & prog->writable[PROG_GERRORN] : 0;
}

/* Bits that are no other's doing: what an acknowledgement says follows from the rest. */
static uint64_t state_bits(const struct prog *prog, const struct smmu3_config *config,
			   enum bank bank, enum prog_register reg)
{
	return bank_present(config, bank) ? prog->writable[reg] | own_bits(prog, reg) : 0;
}

void registers_save(const struct prog prog[BANKS], const struct smmu3_config *config,
		    struct blob_out *out)
{
	for (enum bank bank = BANK_NS; bank < BANKS; bank++) {
		struct prog reset;

		prog_reset(&reset, bank, config);
		for (enum prog_register reg = 0; reg < PROG_REGISTERS; reg++) {
			const uint64_t bits = state_bits(&reset, config, bank, reg);
			const uint64_t value = prog[bank].value[reg];

			if (!((value ^ reset.value[reg]) & bits))
				continue;
			blob_put(out, bank, 4);
			blob_put(out, register_rows[reg].offset, 4);
			blob_put(out, value, 8);
		}
	}
}

/* One of those that differ from reset. */
struct saved_register {
	enum bank bank;
	uint32_t offset;
	uint64_t value;
};

static enum prog_register register_with(uint32_t offset)
{
	enum prog_register reg = 0;

	while (reg < PROG_REGISTERS && register_rows[reg].offset != offset)
		reg++;
	return reg;
}

static int refuse_register(struct smmu3_error *error, const struct saved_register *saved)
{
	static const char *const names[BANKS] = { "Non-secure", "Secure", "Realm" };

	return refuse(error, SMMU3_E_FORMAT, "6.2",
		      "the %s register at 0x%" PRIx32 " cannot hold 0x%" PRIx64, names[saved->bank],
		      saved->offset, saved->value);
}

static int load_register(struct prog *prog, const struct smmu3_config *config,
			 const struct saved_register *saved, struct smmu3_error *error)
{
	const enum prog_register reg = register_with(saved->offset);

	if (reg == PROG_REGISTERS)
		return refuse_register(error, saved);
	const uint64_t changed = saved->value ^ prog->value[reg];

	if (!changed || changed & ~state_bits(prog, config, saved->bank, reg))
		return refuse_register(error, saved);
	prog->value[reg] = saved->value;
	return 0;
}

static bool ascend(const struct saved_register *before, const struct saved_register *saved)
{
	return before->bank < saved->bank ||
	       (before->bank == saved->bank && before->offset < saved->offset);
}

static int load_all(struct prog prog[BANKS], const struct smmu3_config *config, struct blob_in *in,
		    struct smmu3_error *error)
{
	struct saved_register before = { 0 };
	int code = 0;

	while (in->left && !code) {
		struct saved_register saved;

		saved.bank = (enum bank)blob_take_within(in, 4, BANKS - 1);
		saved.offset = (uint32_t)blob_take(in, 4);
		saved.value = blob_take(in, 8);

		if (in->wrong)
			return 0;
		if (!ascend(&before, &saved))
			return refuse(error, SMMU3_E_FORMAT, "", "registers do not ascend");
		code = load_register(&prog[saved.bank], config, &saved, error);
		before = saved;
	}
	return code;
}

/* Does this queue invalidate ATCs?  4.5 */
static bool has_atc_commands(const struct smmu3_config *config, enum bank bank)
{
	return id_field(config, ID_IDR0, IDR0_ATS) &&
	       !(bank == BANK_S && id_field(config, ID_S_IDR3, S_IDR3_SAMS));
}

/* The reasons that this SMMU reports: of ATC invalidations only where there are such.  7.1 */
static uint64_t last_reason(const struct prog *prog, const struct smmu3_config *config)
{
	if (!error_active(prog, REG_MASK(GERROR_CMDQ_ERR)))
		return CERROR_NONE;
	return has_atc_commands(config, prog->bank) ? CERROR_ATC_INV_SYNC : CERROR_ABT;
}

/* A syndrome that only granule protection gives?  3.24.4 */
static bool of_protection(uint64_t syndrome)
{
	return field_value(&syndrome, DPT_CFG_FAR_DPT_FAULTCODE) == DPT_GPC_FAULT;
}

/* Is it at reset, or the syndrome of a DPT lookup fault that this SMMU has?  3.24.4 */
static bool is_dpt_syndrome(const struct smmu3_config *config, uint64_t syndrome)
{
	const uint64_t addr = syndrome & REG_MASK(DPT_CFG_FAR_FADDR);

	if (!syndrome)
		return true;
	if (of_protection(syndrome) && !ID_FIELD(config, ROOT_IDR0, ROOT_IMPL))
		return false;
	for (enum why why = WHY_DPT_DISABLED; dpt_decided(why); why++)
		if (syndrome == dpt_syndrome(why, addr))
			return !(addr >> oas_bits(ID_FIELD(config, IDR5, OAS)));
	return false;
}

/* What a register may hold as the others stand: an index within its queue, a reason where there
 * is an error, and a syndrome. */
static int judge_registers(const struct prog *prog, const struct smmu3_config *config,
			   struct smmu3_error *error)
{
	const uint64_t reason = prog_get(prog, PROG_CMDQ_CONS, CMDQ_CONS_ERR);

	if (!prog_indexes_fit(prog))
		return refuse(error, SMMU3_E_FORMAT, "6.3.28",
			      "an index has bits that its queue does not have");
	if (reason > last_reason(prog, config))
		return refuse(error, SMMU3_E_FORMAT, "7.1",
			      "SMMU_CMDQ_CONS.ERR is %" PRIu64 ", which this SMMU does not report",
			      reason);
	if (!is_dpt_syndrome(config, prog->value[PROG_DPT_CFG_FAR]))
		return refuse(error, SMMU3_E_FORMAT, "6.3.48",
			      "SMMU_DPT_CFG_FAR is no syndrome of a DPT lookup fault");
	return 0;
}

int registers_load(struct prog prog[BANKS], const struct smmu3_config *config, struct blob_in *in,
		   struct smmu3_error *error)
{
	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		prog_reset(&prog[bank], bank, config);
	int code = load_all(prog, config, in, error);

	for (enum bank bank = BANK_NS; bank < BANKS && !code; bank++) {
		prog_hold(&prog[bank], PROG_CR0, 0);
		prog_hold(&prog[bank], PROG_IRQ_CTRL, 0);
		prog_hold(&prog[bank], PROG_PMCG_IRQ_CTRL, 0);
		code = judge_registers(&prog[bank], config, error);
	}
	return code;
}
