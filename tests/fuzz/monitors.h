/* SPDX-License-Identifier: MIT */
/* Who counts what an SMMU does: its performance monitors, of chapter 10, and its host's statistics.
 */
#ifndef SMMU_TEST_FUZZ_MONITORS_H
#define SMMU_TEST_FUZZ_MONITORS_H

#include "board.h"

/* Counters about to overflow, with an interrupt. */
void monitors_bring_up(struct board *board);

/* A register of theirs is written: which; its value. */
void monitors_write(struct board *board, const struct step *step);

/* Statistics are read, of all or of a StreamID, or begin anew. */
void monitors_statistics(struct board *board, const struct step *step);

/* Would they send this message; may they interrupt? */
bool monitors_send(const struct board *board, uint64_t pa, uint32_t data);
bool monitors_interrupt(const struct board *board);

/* Registers hold what they may, and statistics what was asked. */
void board_check_monitors(struct board *board);

/* A transaction has ended. */
void board_count(struct board *board, const struct smmu3_txn *txn,
		 const struct smmu3_outcome *outcome);

/* What has come of everything: outcomes, memory and what software sees of the SMMU. */
uint64_t board_sum(struct board *board);

#endif
