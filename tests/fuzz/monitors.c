/* SPDX-License-Identifier: MIT */
#include "monitors.h"
#include "files.h"

#include <smmu/stats.h>

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

enum {
	CNTENSET = 0xb0c00,
	CNTENCLR = 0xb0c20,
	INTENSET = 0xb0c40,
	INTENCLR = 0xb0c60,
	CFGR = 0xb0e00,
	IRQ_CTRL = 0xb0e50,
	IRQ_CTRLACK = 0xb0e54,
	IRQ_CFG0 = 0xb0e58,
	IRQ_CFG1 = 0xb0e60,
	IRQ_STATUS = 0xb0e68,
	EVCNTR = 0xc0000,
	OVSCLR = 0xc0c80,
	OVSSET = 0xc0cc0,
};

enum { MSI = 1 << 21 }; /* of CFGR */

/* ---- Software ---- */

static const struct {
	uint32_t offset;
	uint8_t size;
} registers[] = {
	{ 0xb0400, 4 },                                     /* EVTYPER0 */
	{ 0xb0404, 4 },  { 0xb0408, 4 },    { 0xb0a00, 4 }, /* SMR0 */
	{ 0xb0a04, 4 },  { 0xb0a08, 4 },    { CNTENSET, 8 },   { CNTENCLR, 8 },
	{ INTENSET, 8 }, { INTENCLR, 8 },   { 0xb0e04, 4 },                    /* CR */
	{ IRQ_CTRL, 4 }, { IRQ_CFG0, 8 },   { IRQ_CFG1, 4 },   { 0xb0e64, 4 }, /* IRQ_CFG2 */
	{ EVCNTR, 4 },   { EVCNTR + 4, 4 }, { EVCNTR + 8, 8 }, { EVCNTR, 8 },
	{ OVSCLR, 8 },   { OVSSET, 8 },     { 0xc0d88, 4 }, /* CAPR */
};

void monitors_write(struct board *board, const struct step *step)
{
	const size_t which = step->small[0] % ROWS(registers);

	board_write(board, registers[which].offset, registers[which].size, step->number[0]);
}

void monitors_bring_up(struct board *board)
{
	static const struct {
		uint32_t offset;
		uint8_t size;
		uint64_t value;
	} writes[] = {
		{ 0xb0400, 4, 0 },           /* cycles */
		{ 0xb0404, 4, 1 | 1 << 29 }, /* transactions, FILTER_SID_SPAN */
		{ 0xb0a04, 4, 0xffffffff },
		{ 0xb0408, 4, 4 }, /* table accesses of a StreamID */
		{ 0xb0a08, 4, 2 },
		{ EVCNTR, 8, ~UINT64_C(31) },
		{ OVSCLR, 8, 7 },
		{ IRQ_CFG0, 8, RAM_AT + 0x900c },
		{ IRQ_CFG1, 4, 4 },
		{ CNTENSET, 8, 7 },
		{ INTENSET, 8, 5 },
		{ IRQ_CTRL, 4, 1 },
		{ 0xb0e04, 4, 1 }, /* CR.E */
	};

	for (size_t i = 0; i < ROWS(writes); i++)
		board_write(board, writes[i].offset, writes[i].size, writes[i].value);
}

/* ---- Interrupts ---- */

static uint64_t word(const struct board *board, uint64_t offset, unsigned size)
{
	uint64_t value;

	DEMAND(!smmu3_mmio_read(board->smmu, SMMU3_PAS_NS, offset, size, &value));
	return value;
}

bool monitors_interrupt(const struct board *board)
{
	return board->config.pmcg_cfgr && word(board, IRQ_CTRL, 8) == (UINT64_C(1) << 32 | 1);
}

bool monitors_send(const struct board *board, uint64_t pa, uint32_t data)
{
	return board->config.pmcg_cfgr & MSI && monitors_interrupt(board) &&
	       pa == word(board, IRQ_CFG0, 8) && data == word(board, IRQ_CFG1, 4);
}

/* ---- What must hold ---- */

/* Bits of a counter, of 4 that there are at most on a board. */
static void check_counters(struct board *board)
{
	const unsigned bits = (board->config.pmcg_cfgr >> 8 & 63) + 1, stride = bits > 32 ? 8 : 4;
	const unsigned counters = (board->config.pmcg_cfgr & 63) + 1;

	for (unsigned i = 0; i < counters; i++)
		DEMAND(bits % 32 == 0 || !(board_read(board, EVCNTR + stride * i, stride) >> bits));
	DEMAND(!board_read(board, EVCNTR + stride * counters, stride));
	DEMAND(!(board_read(board, OVSSET, 8) >> counters));
}

static void check_group(struct board *board)
{
	const uint64_t irq = board_read(board, IRQ_CTRL, 8);

	DEMAND(irq == 0 || irq == (UINT64_C(1) << 32 | 1));
	DEMAND(board_read(board, OVSSET, 8) == board_read(board, OVSCLR, 8));
	DEMAND(board_read(board, CNTENSET, 8) == board_read(board, CNTENCLR, 8));
	DEMAND(board_read(board, IRQ_STATUS, 4) <= (board->config.pmcg_cfgr >> 21 & 1));
	check_counters(board);
}

static void check_statistics(struct board *board)
{
	struct smmu3_stats stats;

	if (smmu3_stats_read(board->smmu, &stats)) {
		DEMAND(!board->config.statistics && !stats.transactions);
		return;
	}
	DEMAND(stats.transactions == board->counted.transactions);
	for (unsigned i = 0; i < ROWS(stats.verdicts); i++)
		DEMAND(stats.verdicts[i] == board->counted.verdicts[i]);
	DEMAND(stats.no_ops == board->counted.verdicts[SMMU3_NO_OP]);
	DEMAND(stats.tlb.hits + stats.tlb.misses == stats.tlb.lookups);
}

void board_check_monitors(struct board *board)
{
	DEMAND(board_read(board, CFGR, 4) == board->config.pmcg_cfgr);
	if (board->config.pmcg_cfgr)
		check_group(board);
	else
		DEMAND(!board_read(board, EVCNTR, 8) && !board_read(board, IRQ_CTRL, 8));
	check_statistics(board);
}

/* ---- Statistics ---- */

static int count_row(void *context, const struct smmu3_stream_stats *stats)
{
	*(uint64_t *)context += stats->transactions;
	DEMAND(stats->faults <= stats->transactions && stats->tlb_misses <= stats->transactions);
	return 0;
}

/* What rows do not have is other streams'. */
static void check_rows(struct board *board)
{
	struct smmu3_stats stats;
	uint64_t all = 0;

	(void)smmu3_stats_read(board->smmu, &stats);
	DEMAND((smmu3_stats_streams(board->smmu, count_row, &all) != 0) !=
	       board->config.statistics);
	DEMAND(all + stats.other_streams == stats.transactions);
}

void monitors_statistics(struct board *board, const struct step *step)
{
	struct smmu3_stream_stats stats;

	(void)smmu3_stats_stream(board->smmu, SMMU3_PAS_NS, step->small[1], &stats);
	if (board->depth)
		return;
	check_rows(board);
	if (!(step->small[0] & 1))
		return;
	smmu3_stats_reset(board->smmu);
	board->counted = (struct counted){ 0 };
}

/* ---- The sum of everything ---- */

static uint64_t mixed(uint64_t sum, uint64_t value)
{
	sum = (sum ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	return sum ^ sum >> 29;
}

static uint64_t of_outcome(uint64_t sum, const struct smmu3_outcome *outcome)
{
	const uint64_t words[] = {
		outcome->pa,
		outcome->bytes,
		outcome->span,
		outcome->fault_addr,
		(uint64_t)outcome->attr.mair << 24 | (uint64_t)outcome->attr.sh << 16 |
			(uint64_t)outcome->perm << 8 | outcome->verdict,
		(uint64_t)outcome->why << 32 | (uint64_t)outcome->decider << 24 |
			(uint64_t)outcome->stages << 16 | (uint64_t)outcome->recorded << 8 |
			outcome->ats,
		outcome->record.word[0],
		outcome->record.word[1],
		outcome->record.word[2],
		outcome->record.word[3],
	};

	for (size_t i = 0; i < ROWS(words); i++)
		sum = mixed(sum, words[i]);
	return sum;
}

void board_count(struct board *board, const struct smmu3_txn *txn,
		 const struct smmu3_outcome *outcome)
{
	board->sum = of_outcome(board->sum, outcome);
	if (txn->flags & SMMU3_TXN_PROBE || outcome->verdict == SMMU3_ERROR)
		return;
	board->counted.transactions++;
	board->counted.verdicts[outcome->verdict]++;
}

uint64_t board_sum(struct board *board)
{
	static const uint32_t offsets[] = {
		0x20, 0x60, 0x98, 0x110, 0x118, 0x210, 0x100a8, 0x100c8
	};
	uint64_t sum = board->sum;

	for (size_t i = 0; i < ROWS(offsets); i++)
		sum = mixed(sum, board_read(board, offsets[i], 8));
	for (size_t i = 0; i < ROWS(board->ram); i++)
		sum = mixed(sum, board->ram[i]);
	return sum;
}
