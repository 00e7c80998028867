/* SPDX-License-Identifier: MIT */
/* Interrupts, by message and by wire: each is one that is enabled, and its message what registers
 * or a CMD_SYNC say.  3.18 */
#include "board.h"
#include "files.h"
#include "monitors.h"

#include <string.h>

enum { GERROR_IRQEN = 1, PRIQ_IRQEN = 2, EVENTQ_IRQEN = 4 };
enum { SYNC = 0x46, SIG_IRQ = 1 };

/* What the last CMD_SYNC wants, as far as the board has seen it. */
static bool sync_sends(const struct board *board, uint64_t pa, uint32_t data)
{
	const uint64_t *command = board->command;

	if (!board->command_known || board->window[0] || board->window[1])
		return true;
	return (command[0] & 0xff) == SYNC && (command[0] >> 12 & 3) == SIG_IRQ &&
	       pa == (command[1] & ((UINT64_C(1) << 56) - 1) & ~UINT64_C(3) &
		      ((UINT64_C(1) << board_oas_bits(board)) - 1)) &&
	       data == command[0] >> 32;
}

/* Whether this interrupt is enabled, and its message is this. */
static bool register_sends(const struct board *board, uint32_t enabled, uint64_t cfg0, uint64_t pa,
			   uint32_t data)
{
	struct smmu3 *const smmu = board->smmu;
	uint64_t address, value;

	DEMAND(!smmu3_mmio_read(smmu, board_state(board), board_place(board, cfg0), 8, &address));
	DEMAND(!smmu3_mmio_read(smmu, board_state(board), board_place(board, cfg0 + 8), 4, &value));
	return enabled && pa == address && data == value;
}

void board_check_message(const struct board *board, const struct view *now,
			 const struct smmu3_mem_access *access, const void *written)
{
	uint32_t data;

	DEMAND(access->bytes == 4);
	memcpy(&data, written, sizeof(data));
	if (monitors_send(board, access->pa, data))
		return;
	DEMAND(board_has(board, 0, 13));
	DEMAND(sync_sends(board, access->pa, data) ||
	       register_sends(board, now->irq_ctrl & now->irq_ctrlack & GERROR_IRQEN, 0x68,
			      access->pa, data) ||
	       register_sends(board, now->irq_ctrl & now->irq_ctrlack & EVENTQ_IRQEN, 0xb0,
			      access->pa, data) ||
	       register_sends(board, now->irq_ctrl & now->irq_ctrlack & PRIQ_IRQEN, 0xd0,
			      access->pa, data));
}

void board_check_interrupt(const struct board *board, const struct view *now,
			   enum smmu3_interrupt interrupt)
{
	const uint32_t enabled = now->irq_ctrl & now->irq_ctrlack;

	if (interrupt == SMMU3_INTERRUPT_PRIQ)
		DEMAND(board_has(board, 0, 16) && enabled & PRIQ_IRQEN);
	if (interrupt == SMMU3_INTERRUPT_EVENTQ)
		DEMAND(enabled & EVENTQ_IRQEN);
	if (interrupt == SMMU3_INTERRUPT_GERROR)
		DEMAND(enabled & GERROR_IRQEN);
	if (interrupt == SMMU3_INTERRUPT_PMCG)
		DEMAND(monitors_interrupt(board));
	if (interrupt == SMMU3_INTERRUPT_CMD_SYNC)
		DEMAND(!(board->config.interrupt_choices & SMMU3_NO_CMD_SYNC_WIRE));
}

void board_check_send_event(const struct board *board)
{
	DEMAND(board_has(board, 0, 14));
}
