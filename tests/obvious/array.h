/* SPDX-License-Identifier: MIT */
/* For tests of the obvious walker: a machine whose memory is an array, with a stream table, one CD,
 * tables of stage 1 and a table of stage 2, all of which a test changes by hand. */
#ifndef SMMU_TESTS_OBVIOUS_ARRAY_H
#define SMMU_TESTS_OBVIOUS_ARRAY_H

#include "obvious.h"

#include <check.h>
#include <string.h>

enum {
	STREAM_TABLE = 0x10000,
	L1 = 0x20000,
	L2 = 0x21000,
	L3 = 0x22000,
	CD_TABLE = 0x30000,
	S2_L1 = 0x40000,
	MEMORY = 0x50000,
	SID = 2,
	STE = STREAM_TABLE + 64 * SID,
};

/* Entry 5 of L1, entry 1 of L2, entry 3 of L3 */
#define VA UINT64_C(0x140203123)
#define L1_ENTRY (L1 + 5 * 8)
#define L2_ENTRY (L2 + 1 * 8)
#define L3_ENTRY (L3 + 3 * 8)

struct world {
	struct obvious_machine machine;
	struct smmu3_txn txn;
	struct obvious_answer answer;
	unsigned char memory[MEMORY];
	uint64_t aborting; /* reads here are aborted */
	unsigned fetches;
	struct smmu3_mem_access fetch[32];
};

static bool read_world(void *context, const struct smmu3_mem_access *access, void *data)
{
	struct world *w = context;

	ck_assert_uint_lt(w->fetches, 32);
	w->fetch[w->fetches++] = *access;
	if (access->pa == w->aborting || access->pa + access->bytes > MEMORY)
		return false;
	memcpy(data, &w->memory[access->pa], access->bytes);
	return true;
}

static void put(struct world *w, uint64_t address, uint64_t value)
{
	for (unsigned n = 0; n < 8; n++)
		w->memory[address + n] = (unsigned char)(value >> 8 * n);
}

static struct world w;

/* SMMUv3.1, both stages, 44 bits, substreams, overrides; a linear table of 16 STEs. */
static void machine(void)
{
	memset(&w, 0, sizeof(w));
	w.machine = (struct obvious_machine){
		/* S2P, S1P, TTF = 2, ASID16, VMID16, CD2L, TTENDIAN = 2, STALL_MODEL = 1,
		 * ST_LEVEL = 1 */
		.idr0 = 0x3u | 2u << 2 | 1u << 12 | 1u << 18 | 1u << 19 | 2u << 21 | 1u << 24 |
			1u << 27,
		.idr1 = 16u | 8u << 6 | 1u << 26 | 1u << 27,
		.idr3 = 1u << 2 | 1u << 4,
		.idr5 = 4u | 7u << 4,
		.aidr = 1,
		.cr0 = 1,
		.cr1 = 3u << 10 | 1u << 8 | 1u << 6,
		.strtab_base = STREAM_TABLE | UINT64_C(1) << 62,
		.strtab_base_cfg = 4,
		.read = read_world,
		.context = &w,
	};
	w.txn = (struct smmu3_txn){ .addr = VA, .bytes = 64, .sid = SID };
	w.aborting = UINT64_MAX;
}

static void ste(uint64_t word0, uint64_t word1, uint64_t word2, uint64_t word3)
{
	put(&w, STE, word0);
	put(&w, STE + 8, word1);
	put(&w, STE + 16, word2);
	put(&w, STE + 24, word3);
}

/* V, Config; SHCFG = 1 and S1CIR, S1COR = 1, S1CSH = 3: cacheable, Inner Shareable */
static uint64_t v_config(unsigned config)
{
	return 1u | config << 1;
}
#define SHCFG_AND_S1C (UINT64_C(1) << 44 | 1u << 2 | 1u << 4 | 3u << 6)

/* T0SZ = 25, IR0, OR0 = 1, SH0 = 3, EPD1, V, IPS = 44 bits, AA64, R, A */
#define CD_WORD_0                                                                                 \
	(25u | 1u << 8 | 1u << 10 | 3u << 12 | 1u << 30 | UINT64_C(1) << 31 | UINT64_C(4) << 32 | \
	 UINT64_C(1) << 41 | UINT64_C(1) << 45 | UINT64_C(1) << 46)

/* Page at 0x7654000: AttrIndx = 1, AP = 01, SH = 3, AF */
#define PAGE UINT64_C(0x7654747)

static void stage1_tables(void)
{
	put(&w, CD_TABLE, CD_WORD_0);
	put(&w, CD_TABLE + 8, L1);
	put(&w, CD_TABLE + 24, UINT64_C(0xff) << 8);
	put(&w, L1_ENTRY, L2 | 3);
	put(&w, L2_ENTRY, L3 | 3);
	put(&w, L3_ENTRY, PAGE);
}

static void stage1(void)
{
	machine();
	ste(v_config(5) | CD_TABLE, SHCFG_AND_S1C, 0, 0);
	stage1_tables();
}

/* S2T0SZ = 24, S2SL0 = 1: two tables of level 1; S2IR0, S2OR0 = 1, S2SH0 = 3, S2PS = 44 bits,
 * S2AA64, S2R */
#define STE_WORD_2                                                                        \
	(UINT64_C(24) << 32 | UINT64_C(1) << 38 | UINT64_C(1) << 40 | UINT64_C(1) << 42 | \
	 UINT64_C(3) << 44 | UINT64_C(4) << 48 | UINT64_C(1) << 51 | UINT64_C(1) << 58)

/* Block of 1 GB at 0: MemAttr = 1111, S2AP = 11, AF */
#define BLOCK UINT64_C(0x4fd)

static void nested(void)
{
	machine();
	ste(v_config(7) | CD_TABLE, SHCFG_AND_S1C, STE_WORD_2, S2_L1);
	stage1_tables();
	put(&w, S2_L1, BLOCK);
}

static void go(void)
{
	w.fetches = 0;
	obvious_translate(&w.machine, &w.txn, &w.answer);
}

#endif
