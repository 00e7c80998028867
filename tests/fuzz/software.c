/* SPDX-License-Identifier: MIT */
#include "software.h"
#include "devices.h"
#include "files.h"
#include "lookups.h"
#include "monitors.h"
#include "ports.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* ---- Registers ---- */

/* Those that matter; some lie side by side. */
static const struct {
	uint32_t offset;
	uint8_t size;
} known[] = {
	{ 0x20, 4 },    /* CR0 */
	{ 0x28, 4 },    /* CR1 */
	{ 0x2c, 4 },    /* CR2 */
	{ 0x44, 4 },    /* GBPA */
	{ 0x50, 4 },    /* IRQ_CTRL */
	{ 0x64, 4 },    /* GERRORN */
	{ 0x68, 8 },    /* GERROR_IRQ_CFG0 */
	{ 0x70, 4 },    /* GERROR_IRQ_CFG1 */
	{ 0x74, 4 },    /* GERROR_IRQ_CFG2 */
	{ 0x80, 8 },    /* STRTAB_BASE */
	{ 0x88, 4 },    /* STRTAB_BASE_CFG */
	{ 0x90, 8 },    /* CMDQ_BASE */
	{ 0x98, 4 },    /* CMDQ_PROD */
	{ 0x9c, 4 },    /* CMDQ_CONS */
	{ 0xa0, 8 },    /* EVENTQ_BASE */
	{ 0xb0, 8 },    /* EVENTQ_IRQ_CFG0 */
	{ 0xb8, 4 },    /* EVENTQ_IRQ_CFG1 */
	{ 0xbc, 4 },    /* EVENTQ_IRQ_CFG2 */
	{ 0x100a8, 4 }, /* EVENTQ_PROD */
	{ 0x100ac, 4 }, /* EVENTQ_CONS */
	{ 0xac, 4 },    /* its alias */
	{ 0x20, 8 },    /* CR0, CR0ACK */
	{ 0x28, 8 },    /* CR1, CR2 */
	{ 0x98, 8 },    /* CMDQ_PROD, CMDQ_CONS */
	{ 0x100a8, 8 }, /* EVENTQ_PROD, EVENTQ_CONS */
	{ 0xa8, 8 },    /* their aliases */
	{ 0xc0, 8 },    /* PRIQ_BASE */
	{ 0x84, 4 },    /* STRTAB_BASE, upper half */
	{ 0xd0, 8 },    /* PRIQ_IRQ_CFG0 */
	{ 0xdc, 4 },    /* PRIQ_IRQ_CFG2 */
	{ 0x100c8, 4 }, /* PRIQ_PROD */
	{ 0x100cc, 4 }, /* PRIQ_CONS */
};

static void write_known(struct board *board, const struct step *step)
{
	const size_t which = step->small[0] % ROWS(known);

	board_write(board, known[which].offset, known[which].size, step->number[0]);
}

static unsigned size_of(const struct step *step)
{
	static const uint8_t sizes[] = { 4, 8, 4, 8, 4, 1, 2, 16 };

	return sizes[step->small[0] % ROWS(sizes)];
}

static int expected_of(const struct step *step)
{
	const unsigned size = size_of(step);
	const bool legal = (size == 4 || size == 8) && step->number[0] % size == 0;

	return legal && step->small[1] % 5 <= SMMU3_PAS_ROOT ? 0 : -SMMU3_E_ABORT;
}

/* Of a Secure board the Non-secure interface stays as it is at reset. */
static bool is_others(const struct board *board, uint64_t offset)
{
	return board->secure && (offset < 0x8000 || offset >= 0x10000);
}

static void write_any(struct board *board, const struct step *step)
{
	if (is_others(board, step->number[0]))
		return;
	DEMAND(smmu3_mmio_write(board->smmu, (enum smmu3_pas)(step->small[1] % 5), step->number[0],
				size_of(step), step->number[1]) == expected_of(step));
}

static void read_any(struct board *board, const struct step *step)
{
	uint64_t value;

	DEMAND(smmu3_mmio_read(board->smmu, (enum smmu3_pas)(step->small[1] % 5), step->number[0],
			       size_of(step), &value) == expected_of(step));
	DEMAND(size_of(step) != 4 || !(value >> 32));
}

/* Takes records out of the Event queue, and acknowledges errors and overflow. */
static void acknowledge(struct board *board, const struct step *step)
{
	if (!(step->small[0] & 1))
		board_write(board, 0x100ac, 4, board_read(board, 0x100a8, 4));
	if (!(step->small[0] & 2))
		board_write(board, 0x64, 4, board_read(board, 0x60, 4));
	if (!(step->small[0] & 4))
		board_write(board, 0x100cc, 4, board_read(board, 0x100c8, 4));
}

/* ---- Memory ---- */

static void flip(struct board *board, uint64_t address, uint64_t bits)
{
	uint64_t *const word = board_word(board, address & ~UINT64_C(7));

	if (word)
		*word ^= bits;
}

static void flip_structure(struct board *board, const struct step *step)
{
	flip(board, software_structure(step->small[0]) + 8 * (uint64_t)(step->small[1] % 8),
	     step->number[0]);
}

static void flip_word(struct board *board, const struct step *step)
{
	flip(board, step->number[0], step->number[1]);
}

static void put_word(struct board *board, const struct step *step)
{
	uint64_t *const word = board_word(board, step->number[0] & ~UINT64_C(7));

	if (word)
		*word = step->number[1];
}

/* ---- Commands ---- */

static const uint8_t opcodes[] = {
	0x46, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x10, 0x11, 0x12, 0x13,
	0x20, 0x21, 0x22, 0x23, 0x28, 0x2a, 0x30, 0x44, 0x45, 0x07, 0x40
};

/* Of the Secure queue alone: half of what it is given. */
static const uint8_t secure_opcodes[] = { 0x18, 0x1a, 0x50, 0x51, 0x52, 0x53,
					  0x58, 0x5a, 0x60, 0x12, 0x13 };

static uint64_t opcode_of(const struct board *board, const struct step *step)
{
	const uint64_t ssec = board->secure ? 1u << 10 : 0;

	if (step->small[2])
		return step->small[2] | ssec;
	if (board->secure && step->small[0] >> 7)
		return secure_opcodes[step->small[0] % ROWS(secure_opcodes)];
	return opcodes[step->small[0] % ROWS(opcodes)] | (step->small[0] >> 6 & 1 ? ssec : 0);
}

static void ring(struct board *board, const struct step *step)
{
	const uint32_t prod = (uint32_t)board_read(board, 0x98, 4) + board->unrung;

	(void)step;
	board->unrung = 0;
	board_write(board, 0x98, 4, prod & 0xfffff);
}

/* Into the queue as its base has it, behind the commands that are there. */
static void put_command(struct board *board, uint64_t word0, uint64_t word1)
{
	const uint64_t base = board_read(board, 0x90, 8);
	const uint64_t at = board_read(board, 0x98, 4) + board->unrung++;
	const uint64_t slot = (base & UINT64_C(0xffffffffffffe0)) +
			      16 * (at & ((UINT64_C(1) << (base & 31)) - 1));

	if (!board_word(board, slot) || !board_word(board, slot + 8))
		return;
	*board_word(board, slot) = word0;
	*board_word(board, slot + 8) = word1;
}

/* The numbers are what stands above the opcode's half word, and the second word. */
static void command(struct board *board, const struct step *step)
{
	const unsigned copies = 1 + (step->small[1] >> 1) % 20;
	const uint64_t opcode = opcode_of(board, step);

	for (unsigned i = 0; i < copies; i++)
		put_command(board, opcode ^ step->number[0] << 12, step->number[1]);
	if (!(step->small[1] & 1))
		ring(board, step);
}

/* CMD_RESUME of a stall that software has seen, CMD_STALL_TERM of its stream.  4.7.1, 4.7.2 */
static void resume(struct board *board, const struct step *step)
{
	const struct stalls *stalls = &board->stalls;
	const unsigned which = step->small[0] % STALLS_MOST;
	const struct held *held = which < stalls->held_count ? &stalls->held[which] : NULL;
	const uint64_t sid = (held ? held->txn.sid : 7u) + (step->small[2] & 1);
	const uint64_t stag = held ? held->stag : step->number[0];
	const uint64_t ssec = board->secure && !(step->small[2] & 2) ? 1u << 10 : 0;

	if (step->small[1] & 4)
		put_command(board, 0x45 | ssec | sid << 32, 0);
	else
		put_command(board, 0x44u | ssec | (step->small[1] & 3u) << 12 | sid << 32, stag);
	if (!(step->small[1] & 8))
		ring(board, step);
}

/* A TLB invalidation of a CPU's, in or out of its domain.  3.17 */
static void broadcast(struct board *board, const struct step *step)
{
	const uint8_t limits = step->small[1];
	const struct smmu3_invalidation scope = {
		.kind = step->small[0] % (SMMU3_INVALIDATES_DPT + 1),
		.any_asid = limits & 1,
		.any_vmid = limits >> 1 & 1,
		.leaf = limits >> 2 & 1,
		.sec_sid = limits >> 6,
		.worlds = step->small[2] & 0xf,
		.asid = (uint16_t)step->number[2],
		.vmid = (uint16_t)(step->number[2] >> 16),
		.addr = step->number[0],
		.bytes = step->number[1],
	};
	const int code = smmu3_broadcast_tlbi(board->smmu, &scope);

	DEMAND(!code || code == -SMMU3_E_ARGUMENT);
	DEMAND(code ||
	       (scope.kind <= SMMU3_INVALIDATES_STAGES && scope.sec_sid <= board_state(board)));
}

/* ---- The board ---- */

static void make_trouble(struct board *board, const struct step *step)
{
	board->trouble[step->small[0] % PLACES] = (struct trouble){
		.left = step->small[1] & 15,
		.lasting = step->small[1] & 16,
		.how = step->small[2] & 1 ? SMMU3_MEM_POISON : SMMU3_MEM_ABORT,
	};
}

static void change_window(struct board *board, const struct step *step)
{
	board_set_window(board, step->small[0] % HALVES, step->small[1] & 1);
}

static void reset(struct board *board, const struct step *step)
{
	(void)step;
	board_reset(board);
}

static void bring_up(struct board *board, const struct step *step)
{
	(void)step;
	software_bring_up(board);
}

/* ---- Steps ---- */

struct row {
	void (*act)(struct board *board, const struct step *step);
	uint8_t numbers;
	bool outside; /* not in a callback */
};

static const struct row rows[STEPS] = {
	[ARM] = { NULL, 0, true },
	[WRITE_KNOWN] = { write_known, 1, false },
	[WRITE_ANY] = { write_any, 2, false },
	[READ_ANY] = { read_any, 1, false },
	[COMMAND] = { command, 2, false },
	[RING] = { ring, 0, false },
	[RESUME] = { resume, 1, false },
	[TRANSLATE] = { device_translate, 3, false },
	[RETRY] = { device_retry, 0, false },
	[EXPLAIN] = { device_explain, 3, false },
	[ACKNOWLEDGE] = { acknowledge, 0, false },
	[FLIP_STRUCTURE] = { flip_structure, 1, false },
	[FLIP_WORD] = { flip_word, 2, false },
	[PUT_WORD] = { put_word, 2, false },
	[TROUBLE] = { make_trouble, 0, false },
	[INSPECT] = { device_inspect, 0, false },
	[WINDOW] = { change_window, 0, true },
	[RESET] = { reset, 0, true },
	[BRING_UP] = { bring_up, 0, true },
	[FLOOD] = { device_flood, 3, false },
	[ASK] = { software_ask, 2, false },
	[PAGE] = { device_page, 3, false },
	[ANSWER] = { device_answer, 1, false },
	[MANNER] = { device_manner, 0, false },
	[MONITOR] = { monitors_write, 1, false },
	[STATISTICS] = { monitors_statistics, 0, false },
	[BROADCAST] = { broadcast, 3, false },
	[PORT] = { ports_step, 0, false },
	[HANDLE] = { device_handle, 3, false },
};

static uint64_t take_number(struct bytes *bytes)
{
	const uint8_t tag = take8(bytes);
	uint64_t value = 0;

	switch (tag & 7) {
	case 0:
		return tag >> 3;
	case 1:
		return take8(bytes);
	case 2:
		take(bytes, &value, 2);
		return value;
	case 3:
		return take32(bytes);
	case 4:
		return take64(bytes);
	case 5:
		take(bytes, &value, 2);
		return RAM_AT + value;
	case 6:
		take(bytes, &value, 2);
		return REGISTERS_AT + (value | (uint64_t)(tag >> 3 & 15) << 16);
	default:
		return UINT64_C(1) << (take8(bytes) & 63);
	}
}

static struct step take_step(struct bytes *bytes)
{
	struct step step = { .what = take8(bytes) % STEPS };

	take(bytes, step.small, sizeof(step.small));
	for (unsigned i = 0; i < rows[step.what].numbers; i++)
		step.number[i] = take_number(bytes);
	return step;
}

static void arm(struct board *board, const struct step *step, struct bytes *bytes)
{
	const struct step inside = take_step(bytes);

	if (!rows[inside.what].outside)
		board->armed[step->small[0] % PLACES] = (struct armed){ inside,
									1u + step->small[1] % 32 };
}

void software_step(struct board *board, const struct step *step)
{
	rows[step->what].act(board, step);
}

void software_take(struct board *board, struct bytes *bytes)
{
	const struct step step = take_step(bytes);

	board->monitors_show |= step.what == ARM;
	if (step.what == ARM)
		arm(board, &step, bytes);
	else
		software_step(board, &step);
}
