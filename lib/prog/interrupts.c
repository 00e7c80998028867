/* SPDX-License-Identifier: MIT */
#include "prog/interrupts.h"

#include "prog/adversity.h"
#include "prog/fields.h"
#include "walk/attributes.h"

/* Where an interrupt's enable and message are told. */
struct interrupt_regs {
	enum prog_register ctrl;
	int enable; /* of it */
	enum prog_register cfg0, cfg1, cfg2;
	uint64_t aborted; /* of GERROR */
};

static const struct interrupt_regs interrupts[] = {
	[SMMU3_INTERRUPT_EVENTQ] = { PROG_IRQ_CTRL, IRQ_CTRL_EVENTQ_IRQEN, PROG_EVENTQ_IRQ_CFG0,
				     PROG_EVENTQ_IRQ_CFG1, PROG_EVENTQ_IRQ_CFG2,
				     REG_MASK(GERROR_MSI_EVENTQ_ABT_ERR) },
	[SMMU3_INTERRUPT_PRIQ] = { PROG_IRQ_CTRL, IRQ_CTRL_PRIQ_IRQEN, PROG_PRIQ_IRQ_CFG0,
				   PROG_PRIQ_IRQ_CFG1, PROG_PRIQ_IRQ_CFG2,
				   REG_MASK(GERROR_MSI_PRIQ_ABT_ERR) },
	[SMMU3_INTERRUPT_GERROR] = { PROG_IRQ_CTRL, IRQ_CTRL_GERROR_IRQEN, PROG_GERROR_IRQ_CFG0,
				     PROG_GERROR_IRQ_CFG1, PROG_GERROR_IRQ_CFG2,
				     REG_MASK(GERROR_MSI_GERROR_ABT_ERR) },
	[SMMU3_INTERRUPT_PMCG] = { PROG_PMCG_IRQ_CTRL, PMCG_IRQ_CTRL_IRQEN, PROG_PMCG_IRQ_CFG0,
				   PROG_PMCG_IRQ_CFG1, PROG_PMCG_IRQ_CFG2, 0 },
};

/* CMD_SYNC says itself what is to be signalled: no register enables it.  4.7.3 */
static bool enabled(const struct prog *prog, enum smmu3_interrupt interrupt)
{
	return interrupt == SMMU3_INTERRUPT_CMD_SYNC ||
	       prog_get(prog, interrupts[interrupt].ctrl, interrupts[interrupt].enable);
}

/* An occurrence counts only if the interrupt is enabled then.  6.3.16 */
void raise_interrupt(const struct prog *prog, struct work *work, enum smmu3_interrupt interrupt)
{
	if (!enabled(prog, interrupt))
		return;
	work->pulses |= (uint8_t)(1u << interrupt);
	work->messages |= (uint8_t)(1u << interrupt);
}

/* ---- Global errors, 7.5 ---- */

uint64_t errors_active(const struct prog *prog)
{
	const uint64_t unnoticed = unlikely(prog->adversity) ? adverse_unnoticed(prog) : 0;

	return prog->value[PROG_GERROR] ^ prog->value[PROG_GERRORN] ^ unnoticed;
}

bool error_active(const struct prog *prog, uint64_t error)
{
	return errors_active(prog) & error;
}

/* Repeated errors are not told again until software has acknowledged the first.  6.3.19 */
void report_error(struct prog *prog, struct work *work, uint64_t error)
{
	if (error_active(prog, error))
		return;
	prog->value[PROG_GERROR] ^= error;
	if (error != REG_MASK(GERROR_MSI_GERROR_ABT_ERR))
		raise_interrupt(prog, work, SMMU3_INTERRUPT_GERROR);
}

void report_dpt_fault(struct prog *prog, struct work *work, uint64_t syndrome)
{
	if (prog_get(prog, PROG_DPT_CFG_FAR, DPT_CFG_FAR_FAULT))
		return;
	prog->value[PROG_DPT_CFG_FAR] = syndrome;
	report_error(prog, work, REG_MASK(GERROR_DPT_ERR));
}

/* ---- Messages ---- */

static struct act message_of_sync(const struct prog *prog, const struct features *features,
				  const struct cmd *cmd)
{
	const uint64_t address = cmd_address(cmd, CMD_SYNC_MSIADDRESS);

	return (struct act){
		.kind = ACT_WRITE_MSI,
		.interrupt = SMMU3_INTERRUPT_CMD_SYNC,
		.at = { address & low_bits(features->oas_bits),
			command_message_pas(prog->bank, cmd) },
		.attr = attr_msi((unsigned)cmd_get(cmd, CMD_SYNC_MSIATTR),
				 (unsigned)cmd_get(cmd, CMD_SYNC_MSH)),
		.data = (uint32_t)cmd_get(cmd, CMD_SYNC_MSIDATA),
	};
}

/* NS is a bit of the Realm bank alone.  6.3.139 */
static enum smmu3_pas message_pas(const struct prog *prog, enum prog_register cfg0)
{
	return prog_get(prog, cfg0, IRQ_CFG0_NS) ? SMMU3_PAS_NS : prog_pas(prog);
}

static struct act message_of_registers(const struct prog *prog, enum smmu3_interrupt interrupt)
{
	const struct interrupt_regs *regs = &interrupts[interrupt];

	return (struct act){
		.kind = ACT_WRITE_MSI,
		.interrupt = interrupt,
		.at = { field_in_place(&prog->value[regs->cfg0], IRQ_CFG0_ADDR),
			message_pas(prog, regs->cfg0) },
		.attr = attr_msi((unsigned)prog_get(prog, regs->cfg2, IRQ_CFG2_MEMATTR),
				 (unsigned)prog_get(prog, regs->cfg2, IRQ_CFG2_SH)),
		.data = (uint32_t)prog->value[regs->cfg1],
	};
}

/* Is a message wanted?  An address of 0 means none; of a CMD_SYNC all its bits count, also those
 * that OAS cuts off.  3.18.2, 4.7.3 */
static bool has_message(const struct prog *prog, const struct work *work,
			const struct features *features, enum smmu3_interrupt interrupt)
{
	if (interrupt == SMMU3_INTERRUPT_PMCG ? !features->pmcg_msi : !features->msi)
		return false;
	if (interrupt == SMMU3_INTERRUPT_CMD_SYNC)
		return cmd_address(&work->command, CMD_SYNC_MSIADDRESS) != 0;
	return field_in_place(&prog->value[interrupts[interrupt].cfg0], IRQ_CFG0_ADDR) != 0;
}

/* The next of the interrupts in a mask that is due, and leaves it. */
static bool take_interrupt(const struct work *work, uint8_t *mask, enum smmu3_interrupt *interrupt)
{
	const unsigned due = *mask & ~(unsigned)work->put_off;

	if (!due)
		return false;
	*interrupt = (enum smmu3_interrupt)__builtin_ctz(due);
	*mask &= (uint8_t) ~(1u << *interrupt);
	return true;
}

bool next_message(const struct prog *prog, struct work *work, const struct features *features,
		  struct act *act)
{
	enum smmu3_interrupt interrupt;

	while (take_interrupt(work, &work->messages, &interrupt)) {
		if (!has_message(prog, work, features, interrupt))
			continue;
		*act = interrupt == SMMU3_INTERRUPT_CMD_SYNC ?
			       message_of_sync(prog, features, &work->command) :
			       message_of_registers(prog, interrupt);
		return true;
	}
	return false;
}

static bool has_wire(const struct features *features, enum smmu3_interrupt interrupt)
{
	return interrupt != SMMU3_INTERRUPT_CMD_SYNC || !features->no_cmd_sync_wire;
}

bool next_pulse(struct work *work, const struct features *features, struct act *act)
{
	enum smmu3_interrupt interrupt;

	while (take_interrupt(work, &work->pulses, &interrupt)) {
		if (!has_wire(features, interrupt))
			continue;
		*act = (struct act){ .kind = ACT_PULSE, .interrupt = interrupt };
		return true;
	}
	return false;
}

bool next_send_event(struct work *work, const struct features *features, struct act *act)
{
	const bool wanted = work->send_event && features->sev;

	work->send_event = false;
	*act = (struct act){ .kind = ACT_SEND_EVENT };
	return wanted;
}

/* ---- Disabled, and aborted ---- */

/* Interrupts whose enable is 0. */
static uint8_t disabled(const struct prog *prog)
{
	static const enum smmu3_interrupt gated[] = { SMMU3_INTERRUPT_EVENTQ, SMMU3_INTERRUPT_PRIQ,
						      SMMU3_INTERRUPT_GERROR,
						      SMMU3_INTERRUPT_PMCG };
	uint8_t mask = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(gated); i++)
		if (!enabled(prog, gated[i]))
			mask |= (uint8_t)(1u << gated[i]);
	return mask;
}

bool interrupts_possible(const struct prog *prog, uint8_t mask)
{
	const unsigned sources = 1u << SMMU3_INTERRUPT_EVENTQ | 1u << SMMU3_INTERRUPT_PRIQ |
				 1u << SMMU3_INTERRUPT_CMD_SYNC | 1u << SMMU3_INTERRUPT_GERROR |
				 1u << SMMU3_INTERRUPT_PMCG;

	return !(mask & ~sources) && !(mask & disabled(prog));
}

void drop_disabled_interrupts(const struct prog *prog, struct work *work)
{
	const uint8_t mask = disabled(prog);

	work->pulses &= (uint8_t)~mask;
	work->messages &= (uint8_t)~mask;
}

void report_aborted_message(struct prog *prog, struct work *work, enum smmu3_interrupt interrupt)
{
	if (interrupt == SMMU3_INTERRUPT_PMCG) { /* no global error.  10.5.2.24 */
		prog_put(prog, PROG_PMCG_IRQ_STATUS, PMCG_IRQ_STATUS_IRQ_ABT, 1);
		return;
	}
	if (CHOSEN(work, MESSAGE_ABORT))
		return;
	report_error(prog, work,
		     interrupt == SMMU3_INTERRUPT_CMD_SYNC ? REG_MASK(GERROR_MSI_CMDQ_ABT_ERR) :
							     interrupts[interrupt].aborted);
}

uint64_t interrupt_enable(enum smmu3_interrupt interrupt)
{
	return interrupt == SMMU3_INTERRUPT_CMD_SYNC ? 0 : field_mask(interrupts[interrupt].enable);
}
