/* SPDX-License-Identifier: MIT */
/* Requests of ATOS.  Offsets and bit numbers are the architecture's, 6.3.37 to 6.3.44. */
#include "lookups.h"
#include "files.h"

#define BITS(msb, lsb) ((~UINT64_C(0) >> (63 - (msb))) & ~((UINT64_C(1) << (lsb)) - 1))

static const struct {
	uint64_t at;
	unsigned present; /* bit of IDR0 */
} groups[] = {
	{ 0x100, 15 },
	{ 0x20a00, 20 },
};

enum { SID = 0x08, ADDR = 0x10, PAR = 0x18, SEL = 0x180 };
enum { SMMUEN = 1, RUNNING = 1 };
enum { FETCH = 1 << 7, READ = 1 << 8, PRIVILEGED = 1 << 9, BOTH = 3 << 10 };

/* ---- Results ---- */

static bool is_code(unsigned code)
{
	return (code >= 0x02 && code <= 0x0b && code != 0x05 && code != 0x07) ||
	       (code >= 0x10 && code <= 0x13) || code >= 0xfd;
}

static void check_result(const struct board *board, uint64_t par)
{
	static const uint8_t oas[] = { 32, 36, 40, 42, 44, 48, 52, 56 };
	const uint64_t address = par & BITS(55, 12);
	const unsigned sh = par >> 8 & 3;

	DEMAND(!(address >> oas[board->config.idr[5] & 7]));
	if (par & 1) {
		DEMAND(!(par & (BITS(63, 56) | 8)) && is_code(par >> 4 & 0xff));
		DEMAND(!address ||
		       ((par >> 1 & 3) && (par >> 8 & 0xf) == 1)); /* stage 2's faults */
		return;
	}
	DEMAND(!(par & (BITS(7, 1) | 1 << 10)) && sh != 1);
	DEMAND(!par || sh == 2 || (par >> 60 && par >> 56 != 0x44)); /* Device and NC: OSH */
	DEMAND(address || !(par & 1 << 11));
}

void board_check_lookups(struct board *board)
{
	for (unsigned i = 0; i < 2; i++) {
		const bool present = board->config.idr[0] >> groups[i].present & 1;
		const uint64_t par = board_read(board, groups[i].at + PAR, 8);

		DEMAND(!board_read(board, groups[i].at, 4));
		DEMAND(present || !par);
		check_result(board, par);
	}
}

/* ---- An access instead ---- */

/* log2 of the size in a result without a fault. */
static unsigned size_lg2(uint64_t par)
{
	return par & 1 << 11 ? (unsigned)__builtin_ctzll(par & BITS(55, 12)) + 1 : 12;
}

static struct smmu3_outcome probed(struct board *board, uint64_t sid, uint64_t addr)
{
	const struct smmu3_txn txn = {
		.addr = addr & BITS(63, 12),
		.bytes = 1,
		.sid = (uint32_t)sid,
		.ssid = sid >> 32 & 0xfffff,
		.flags = (uint16_t)(SMMU3_TXN_PROBE | (sid >> 52 & 1 ? SMMU3_TXN_SSV : 0) |
				    (addr & READ ? 0 : SMMU3_TXN_WRITE) |
				    (addr & FETCH ? SMMU3_TXN_INSTRUCTION : 0) |
				    (addr & PRIVILEGED ? SMMU3_TXN_PRIVILEGED : 0)),
	};
	struct smmu3_outcome outcome;

	(void)smmu3_translate(board->smmu, &txn, &outcome);
	return outcome;
}

/* A micro-TLB may have what no cache behind it has, and requests know nothing of it. */
static bool fronted(const struct board *board)
{
	return board->config.caches.micro && !board->config.statistics;
}

/* Through both stages, if no override makes another access of it. */
static void compare(struct board *board, uint64_t sid, uint64_t addr, uint64_t par)
{
	const struct smmu3_outcome outcome = probed(board, sid, addr);
	const bool privileged = addr & PRIVILEGED, fetch = addr & FETCH && addr & READ;

	if (board_spent(board) || board->failed || board->acted || fronted(board) ||
	    outcome.privileged != privileged || outcome.instruction != fetch)
		return;
	if (outcome.verdict == SMMU3_OK && outcome.stages == 3) {
		DEMAND(!(par & 1) && outcome.span == UINT64_C(1) << size_lg2(par));
		DEMAND((outcome.pa & ~(outcome.span - 1)) ==
		       (par & BITS(55, 12) & ~(outcome.span - 1)));
	} else if (outcome.event && outcome.stages == 3) {
		DEMAND(par & 1 && (par >> 4 & 0xff) == outcome.event);
	}
}

/* ---- A request ---- */

/* Neither do accesses fail nor callbacks act. */
static bool calm(const struct board *board)
{
	for (unsigned i = 0; i < PLACES; i++)
		if (board->trouble[i].left || board->armed[i].times)
			return false;
	return !board->depth && !board_spent(board);
}

void software_ask(struct board *board, const struct step *step)
{
	const uint64_t group = groups[step->small[0] & 1].at;
	const uint64_t sid = step->small[1] % 16 | step->number[1];
	const uint64_t addr = (step->number[0] & BITS(63, 12)) | (uint64_t)step->small[2] << 6 |
			      (step->small[0] & 2 ? BOTH : 0);
	const bool there = board->config.idr[0] >> groups[step->small[0] & 1].present & 1;
	const bool enabled = board_read(board, 0x20, 4) & SMMUEN, judged = calm(board);

	board_write(board, SEL, 4, step->small[0] >> 2 & 3);
	board_write(board, group + SID, 8, sid);
	board_write(board, group + ADDR, 8, addr);
	board_write(board, group, 4, RUNNING);
	if (!there || !enabled || !judged)
		return;
	DEMAND(!board_read(board, group, 4));
	if ((addr & BOTH) == BOTH && group == groups[0].at)
		compare(board, board_read(board, group + SID, 8), addr,
			board_read(board, group + PAR, 8));
}
