/* SPDX-License-Identifier: MIT */
/* Tables that map much, so that few bytes lead deep.  Bit numbers are the architecture's. */
#include "monitors.h"
#include "software.h"

#define BIT(n) (UINT64_C(1) << (n))

enum {
	STREAMS = 0x0000, /* 16 STEs; a linear table of them, and */
	L1STD = 0x0400,   /* a first level */
	CDS = 0x0800,     /* 4 CDs, */
	L1CD = 0x0a00,    /* and a first level */
	S1_L1 = 0x1000,   /* 39 bits of VA */
	S1_L2 = 0x2000,
	S1_L3 = 0x3000,
	S2_L1 = 0x4000, /* 39 bits of IPA */
	S2_L2 = 0x5000,
	S2_L3 = 0x6000,
	DPT_L0 = 0x7000,     /* 36 bits of PA; all of memory is its level 1 */
	COMMANDS = 0x8000,   /* 16 of 16 bytes */
	EVENTS = 0x8200,     /* 16 of 32 bytes */
	PAGE_QUEUE = 0x8400, /* 4 of 16 bytes */
	DOORBELL = 0x9000,
};

enum { STREAM_COUNT = 16, CD_COUNT = 4, PAGES = 16, PAGE_BYTES = 0x1000 };

static void put(struct board *board, uint64_t at, uint64_t value)
{
	*board_word(board, RAM_AT + at) = value;
}

/* ---- Translation tables ---- */

/* Of both stages: a table, and a block or page with AF set. */
static uint64_t table_at(uint64_t at)
{
	return (RAM_AT + at) | 3;
}

/* VA 0 has 16 pages of memory with all kinds of permissions, VA 2MB all of it.  D8.3 */
static void put_stage1(struct board *board)
{
	const uint64_t page = BIT(10) | 3 << 8 | 2 << 2 | 3; /* AF, ISH, Attr2 */

	put(board, S1_L1, table_at(S1_L2));
	put(board, S1_L2, table_at(S1_L3));
	put(board, S1_L2 + 8, RAM_AT | BIT(10) | BIT(6) | 1);
	for (uint64_t i = 0; i < PAGES; i++)
		put(board, S1_L3 + 8 * i,
		    (RAM_AT + i * PAGE_BYTES) | page | (i & 3) << 6 | (i >> 2 & 3) << 53);
}

/* Memory and registers are where they are.  D8.3 */
static void put_stage2(struct board *board)
{
	const uint64_t page = BIT(10) | 3 << 8 | 3 << 6 | 0xf << 2; /* AF, ISH, RW, Write-Back */

	put(board, S2_L1 + 8 * 2, table_at(S2_L2));
	put(board, S2_L2, table_at(S2_L3));
	put(board, S2_L2 + 8, (RAM_AT + 0x200000) | page | 1);
	for (uint64_t i = 0; i < 4 * PAGES; i++)
		put(board, S2_L3 + 8 * i, (RAM_AT + i * PAGE_BYTES) | page | 3);
}

/* ---- Structures ---- */

static bool stalls_forced(const struct board *board)
{
	return (board->config.idr[0] >> 24 & 3) == 2;
}

/* T0SZ 25, Write-Back, ISH, 4KB; nothing above; 48 bits, AA64, R, A, an ASID of its own; the last
 * stalls.  5.4 */
static void put_cd(struct board *board, uint64_t i)
{
	const bool stalls = i == CD_COUNT - 1 || stalls_forced(board);
	const uint64_t at = CDS + 64 * i;

	put(board, at,
	    0x3519 | BIT(30) | BIT(31) | UINT64_C(5) << 32 | BIT(41) | BIT(45) | BIT(46) |
		    (stalls ? BIT(44) : 0) | (9 + i) << 48);
	put(board, at + 8, RAM_AT + S1_L1);
	put(board, at + 24, UINT64_C(0xee4faa0c040044ff));
}

struct stream {
	uint8_t config;
	bool substreams, stalls, el2;
};

/* Stage 1's pointer and attributes; S2T0SZ 25, level 1, Write-Back, ISH, 4KB, 48 bits, AA64, S2R.
 * With substreams four, the first for those without.  One that stalls has the last CD alone.  5.2
 */
static void put_ste(struct board *board, uint64_t i, const struct stream *stream)
{
	const uint64_t at = STREAMS + 64 * i;
	const uint64_t cd = stream->stalls ? CDS + 64 * (CD_COUNT - 1) : CDS;
	const bool s2s = stream->stalls || stalls_forced(board);

	put(board, at,
	    1u | (unsigned)stream->config << 1 | (RAM_AT + cd) |
		    (stream->substreams ? UINT64_C(2) << 59 : 0));
	put(board, at + 8,
	    BIT(44) | 0xd4 | (stream->substreams ? 2 : 0) | (stream->el2 ? BIT(31) : 0) |
		    (s2s ? 0 : BIT(28))); /* STRW, EATS */
	put(board, at + 16,
	    7 | UINT64_C(25) << 32 | BIT(38) | BIT(40) | BIT(42) | UINT64_C(3) << 44 |
		    UINT64_C(5) << 48 | BIT(51) | BIT(58) | (s2s ? BIT(57) : 0));
	put(board, at + 24, RAM_AT + S2_L1);
	/* S_S2*: the same tree, for Secure IPAs */
	put(board, at + 32, board->secure ? UINT64_C(25) << 32 | BIT(38) : 0);
	put(board, at + 48, board->secure ? RAM_AT + S2_L1 : 0);
}

/* Abort, bypass, stage 1, 2, both; with substreams; stalling; of EL2.  The others have no legal
 * STE.
 */
static void put_streams(struct board *board)
{
	static const struct stream streams[] = {
		{ .config = 0 },
		{ .config = 4 },
		{ .config = 5 },
		{ .config = 6 },
		{ .config = 7 },
		{ .config = 5, .substreams = true },
		{ .config = 7, .substreams = true },
		{ .config = 5, .stalls = true },
		{ .config = 6, .stalls = true },
		{ .config = 7, .stalls = true },
		{ .config = 5, .el2 = true },
		{ .config = 5, .el2 = true, .substreams = true },
	};

	for (uint64_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++)
		put_ste(board, i, &streams[i]);
	put(board, L1STD, (RAM_AT + STREAMS) | 5);
	put(board, L1CD, (RAM_AT + CDS) | 1);
	for (uint64_t i = 0; i < CD_COUNT; i++)
		put_cd(board, i);
}

uint64_t software_structure(unsigned which)
{
	static const struct {
		uint16_t at, bytes, count;
	} kinds[] = {
		{ STREAMS, 64, STREAM_COUNT },
		{ CDS, 64, CD_COUNT },
		{ S1_L3, 8, PAGES },
		{ S2_L3, 8, PAGES },
		{ S1_L1, 8, 1 },
		{ S1_L2, 8, 2 },
		{ S2_L1, 8, 4 },
		{ L1STD, 8, 1 },
	};
	const unsigned kind = which & 7, index = which >> 3;

	return RAM_AT + kinds[kind].at + index % kinds[kind].count * (uint64_t)kinds[kind].bytes;
}

/* ---- Registers ---- */

/* RECINVSID; and E2H, where it is SMMUv3.3. */
static void put_cr2(struct board *board)
{
	board_write(board, 0x20, 4, 0);
	board_write(board, 0x2c, 4, (board->config.aidr & 0xf) == 3 ? 3 : 2);
}

static void put_registers(struct board *board)
{
	static const struct {
		uint32_t offset;
		uint8_t size;
		uint64_t value;
	} writes[] = {
		{ 0x20, 4, 0 },
		{ 0x50, 4, 0 },
		{ 0x28, 4, 0xd75 }, /* Inner Shareable, Write-Back */
		{ 0x68, 8, RAM_AT + DOORBELL },
		{ 0x70, 4, 1 },
		{ 0x80, 8, RAM_AT + STREAMS },
		{ 0x88, 4, 4 }, /* linear, 16 STEs */
		{ 0x90, 8, RAM_AT + COMMANDS + 4 },
		{ 0x98, 4, 0 },
		{ 0x9c, 4, 0 },
		{ 0xa0, 8, RAM_AT + EVENTS + 4 },
		{ 0xb0, 8, RAM_AT + DOORBELL + 4 },
		{ 0xb8, 4, 2 },
		{ 0x100a8, 4, 0 },
		{ 0x100ac, 4, 0 },
		{ 0xc0, 8, RAM_AT + PAGE_QUEUE + 2 },
		{ 0xd0, 8, RAM_AT + DOORBELL + 8 },
		{ 0xd8, 4, 3 },
		{ 0x100c8, 4, 0 },
		{ 0x100cc, 4, 0 },
		{ 0x50, 4, 7 },   /* GERROR_IRQEN, PRIQ_IRQEN, EVENTQ_IRQEN */
		{ 0x20, 4, 0xf }, /* SMMUEN, PRIQEN, EVENTQEN, CMDQEN */
	};

	for (size_t i = 0; i < sizeof(writes) / sizeof(writes[0]); i++)
		board_write(board, writes[i].offset, writes[i].size, writes[i].value);
	board->unrung = 0;
}

/* A block for everybody, one for VMID 7, and memory's own gigabyte: its level 1 is whatever stands
 * in memory.  Streams of one stage are checked.  3.24, 5.2 EATS */
static void put_dpt(struct board *board)
{
	put(board, DPT_L0, 0x19);
	put(board, DPT_L0 + 8, 7 << 16 | 1);
	put(board, DPT_L0 + 16, RAM_AT | 3);
	for (uint64_t i = 2; i < 4; i++)
		*board_word(board, RAM_AT + STREAMS + 64 * i + 8) |= UINT64_C(3) << 28;
	board_write(board, 0x200, 8, RAM_AT + DPT_L0);
	board_write(board, 0x208, 4, 1);
	board_write(board, 0x20, 4, 0x41d); /* and ATSCHK, DPT_WALK_EN */
}

void software_bring_up(struct board *board)
{
	put_stage1(board);
	put_stage2(board);
	put_streams(board);
	put_cr2(board);
	put_registers(board);
	if (board->config.idr[3] >> 15 & 1)
		put_dpt(board);
	if (board->config.pmcg_cfgr)
		monitors_bring_up(board);
}
