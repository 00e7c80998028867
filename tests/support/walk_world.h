/* SPDX-License-Identifier: MIT */
/*
 * A small machine for tests of translation, seen as software sees it: memory, one stream,
 * registers, accesses.  Bit numbers are written here as the architecture prints them, apart from
 * the library's own.
 *
 * Stage 1 and stage 2 are 4KB tables that begin at level 0, one table a level.  VA goes through
 * indices 2, 3, 4, 5 of the stage 1 tables; IPA through 2, 3, 6, 7 of the stage 2 tables; RAM
 * itself is mapped at stage 2 onto itself by a 1GB block.
 */
#ifndef SMMU_TEST_WALK_WORLD_H
#define SMMU_TEST_WALK_WORLD_H

#include "support/cached.h"
#include "support/fields.h"
#include "support/suite.h"

#include <smmu/smmu.h>

#include <check.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define RAM_BASE UINT64_C(0x80000000)
#define RAM_SIZE UINT64_C(0x1000000)
#define SID UINT64_C(5)
#define STE_AT (RAM_BASE + 64 * SID)
#define CD_PAGE (RAM_BASE + 0x1000)
#define CD_OFFSET UINT64_C(0x40)
#define CD_AT (CD_PAGE + CD_OFFSET)
#define S1_TABLE(level) (RAM_BASE + 0x100000 + 0x20000 * (uint64_t)(level))
#define S2_TABLE(level) (RAM_BASE + 0x800000 + 0x20000 * (uint64_t)(level))

#define VA UINT64_C(0x100c0805128)       /* indices 2, 3, 4, 5; offset 0x128 */
#define IPA_PAGE UINT64_C(0x100c0c07000) /* indices 2, 3, 6, 7 */
#define PA_PAGE UINT64_C(0x123456789000)
#define OFFSET UINT64_C(0x128)
#define MAINTENANCE_AT (RAM_BASE + RAM_SIZE - 0x1000) /* a Command queue that no test has */

/* STE, 5.2: Config */
enum { ABORT_ALL = 0, BYPASS = 4, S1_ONLY = 5, S2_ONLY = 6, NESTED = 7 };

/* Granules, as CD.TG0 and STE.S2TG encode them. */
enum { G4K = 0, G64K = 1, G16K = 2 };

/* VMSAv8-64 descriptors, D8.3: valid pages of Normal Write-Back Inner Shareable memory that
 * everybody may use. */
#define TABLE UINT64_C(3)
#define S1_PAGE UINT64_C(0xf43) /* nG, AF, SH = ISH, AP[2:1] = 01, AttrIndx = 0 */
#define S1_BLOCK UINT64_C(0xf41)
#define S2_PAGE UINT64_C(0x7ff) /* AF, SH = ISH, S2AP = 11, MemAttr = 1111 */
#define S2_BLOCK UINT64_C(0x7fd)
#define AF BIT(10)
#define AP(n) ((uint64_t)(n) << 6) /* stage 1 AP[2:1] */
#define PXN BIT(53)
#define UXN BIT(54)
#define PAGE_BITS (S1_PAGE & ~AP(3))
#define S2AP(n) ((uint64_t)(n) << 6)

/* Events, 7.3 */
enum {
	C_BAD_STE = 0x04,
	F_STE_FETCH = 0x03,
	F_CD_FETCH = 0x09,
	C_BAD_CD = 0x0a,
	F_WALK_EABT = 0x0b,
	F_TRANSLATION = 0x10,
	F_ADDR_SIZE = 0x11,
	F_ACCESS = 0x12,
	F_PERMISSION = 0x13,
};

/* Bits of word 1 of an event record, 7.3.13 */
#define PNU BIT(33)
#define IND BIT(34)
#define RNW BIT(35)
#define S2 BIT(39)
#define CLASS(n) ((uint64_t)(n) << 40)
#define TTRNW BIT(44)

enum { SEEN_MAX = 64, SWAPS_MAX = 8, NO_WALK = -3 };

struct world {
	struct smmu3_config config;
	struct smmu3 *smmu;
	uint64_t *ram;
	uint64_t ste[8], cd[8];
	uint32_t cr1;
	bool edited;       /* memory, since the last maintenance */
	bool e2h;          /* CR2.E2H */
	bool waits;        /* clients can wait: the host has stall_ended */
	bool behind_host;  /* memory answers through the host's callback, not a RAM window */
	uint64_t abort_at; /* the callback answers a read of this address with `answer` */
	enum smmu3_mem_result answer;
	struct smmu3_mem_access seen[SEEN_MAX]; /* what the callback was asked */
	unsigned seen_count;
	bool swaps; /* the host has swap, which answers: */
	enum smmu3_mem_result swap_answer;
	bool pairs;       /* it has swap_pair, which answers alike */
	uint64_t lost_to; /* what memory holds at its first swap: somebody was faster; 0: nobody */
	bool always_lost; /* somebody always is */
	unsigned swap_count; /* how often it was asked, where first, and the last time: */
	uint64_t swapped_at[SWAPS_MAX];
	struct smmu3_mem_access swapped;
	unsigned written;     /* updates of windows that it was told of */
	struct smmu3_txn txn; /* what every access has in common */
	struct smmu3_outcome out;
};

/* CD.MAIR of the worlds: 0 Write-Back RAWA, 1 Non-cacheable, 2 to 4 Device-nGnRnE, -nGnRE, -GRE, 5
 * Write-Through RA, 6 outer Non-cacheable with inner Write-Back, 7 Write-Back RA. */
#define MAIR UINT64_C(0xee4faa0c040044ff)

static inline uint64_t *word_at(struct world *w, uint64_t pa)
{
	ck_assert(pa >= RAM_BASE && pa < RAM_BASE + RAM_SIZE && pa % 8 == 0);
	w->edited = true;
	return &w->ram[(pa - RAM_BASE) / 8];
}

static inline void put(struct world *w, uint64_t pa, uint64_t value)
{
	*word_at(w, pa) = value;
}

static inline enum smmu3_mem_result world_read(void *context, const struct smmu3_mem_access *access,
					       void *data)
{
	struct world *w = context;

	if (w->seen_count < SEEN_MAX)
		w->seen[w->seen_count] = *access;
	w->seen_count++;
	if (access->pa == w->abort_at)
		return w->answer;
	if (access->pa < RAM_BASE || access->pa + access->bytes > RAM_BASE + RAM_SIZE)
		return SMMU3_MEM_ABORT;
	memcpy(data, &w->ram[(access->pa - RAM_BASE) / 8], access->bytes);
	return SMMU3_MEM_OK;
}

static inline enum smmu3_mem_result world_swap(void *context, const struct smmu3_mem_access *access,
					       const uint64_t *expected, const uint64_t *desired,
					       uint64_t *found)
{
	struct world *w = context;
	uint64_t *word = &w->ram[(access->pa - RAM_BASE) / 8];

	if (w->swap_count < SWAPS_MAX)
		w->swapped_at[w->swap_count] = access->pa;
	w->swap_count++;
	w->swapped = *access;
	if (w->swap_answer != SMMU3_MEM_OK)
		return w->swap_answer;
	if (w->always_lost)
		*word ^= BIT(55);
	if (w->lost_to)
		*word = w->lost_to;
	w->lost_to = 0;
	*found = *word;
	if (*word == *expected)
		*word = *desired;
	return SMMU3_MEM_OK;
}

static inline enum smmu3_mem_result world_swap_pair(void *context,
						    const struct smmu3_mem_access *access,
						    const uint64_t *expected,
						    const uint64_t *desired, uint64_t *found)
{
	struct world *w = context;
	uint64_t *word = &w->ram[(access->pa - RAM_BASE) / 8];

	w->swap_count++;
	w->swapped = *access;
	if (w->swap_answer != SMMU3_MEM_OK)
		return w->swap_answer;
	if (w->lost_to)
		word[1] = w->lost_to;
	w->lost_to = 0;
	memcpy(found, word, 16);
	if (!memcmp(word, expected, 16))
		memcpy(word, desired, 16);
	return SMMU3_MEM_OK;
}

static inline void world_written(void *context, const struct smmu3_mem_access *access)
{
	struct world *w = context;
	const bool of_table = access->reason == SMMU3_REASON_S1_TTD ||
			      access->reason == SMMU3_REASON_S2_TTD;

	if (of_table && access->bytes <= 16)
		w->written++;
}

static inline void world_stall_ended(void *context, const struct smmu3_stall *stall)
{
	(void)context;
	(void)stall;
}

static inline void mmio(struct world *w, uint64_t offset, unsigned size, uint64_t value)
{
	ck_assert_int_eq(smmu3_mmio_write(w->smmu, SMMU3_PAS_NS, offset, size, value), 0);
}

/* Where the walk of VA or IPA_PAGE reads at a level. */
static inline uint64_t slot1(int level)
{
	return S1_TABLE(level) + 8 * (uint64_t)(2 + level);
}

static inline uint64_t slot2(int level)
{
	static const uint64_t index[] = { 2, 3, 6, 7 };

	return S2_TABLE(level) + 8 * index[level];
}

static inline void put_tables(struct world *w)
{
	for (int level = 0; level < 3; level++) {
		put(w, slot1(level), S1_TABLE(level + 1) | TABLE);
		put(w, slot2(level), S2_TABLE(level + 1) | TABLE);
	}
	put(w, S2_TABLE(0), S2_TABLE(1) | TABLE);
	put(w, S2_TABLE(1) + 8 * 2, RAM_BASE | S2_BLOCK);
}

/* A stream by its configuration; VA goes to PA_PAGE in stage 1, IPA_PAGE to PA_PAGE in stage 2,
 * both together nested. */
static inline struct world world(unsigned config)
{
	struct world w = { .cr1 = 0xd75 /* tables and queues: ISH, WB */ };

	w.ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ck_assert(w.ram != MAP_FAILED);
	ck_assert_int_eq(smmu3_config_init(&w.config, "generic-3.1", NULL), 0);
	w.config.caches = caches_of_pass();
	w.ste[0] = BIT(0) | (uint64_t)config << 1 | CD_AT;
	w.ste[1] = 1 << 2 | 1 << 4 | 3 << 6 | BIT(44); /* CD: WB, WB, ISH; SHCFG: as incoming */
	w.ste[2] = 7 | UINT64_C(16) << 32 | UINT64_C(2) << 38 | BIT(40) | BIT(42) |
		   UINT64_C(3) << 44 | UINT64_C(5) << 48 | BIT(51) |
		   BIT(58); /* T0SZ 16, SL0 2, WB, WB, ISH, PS 48 bits, AA64, R */
	w.ste[3] = S2_TABLE(0);
	w.cd[0] = 16 | 1 << 8 | 1 << 10 | 3 << 12 | BIT(30) | BIT(31) | UINT64_C(5) << 32 |
		  BIT(41) | BIT(45) | BIT(46) |
		  UINT64_C(9) << 48; /* T0SZ 16, WB, WB, ISH, EPD1, V, IPS 48 bits, AA64, R, A, ASID
					9 */
	w.cd[1] = S1_TABLE(0);
	w.cd[3] = MAIR;
	w.txn = (struct smmu3_txn){ .bytes = 4, .sid = SID };
	put_tables(&w);
	put(&w, slot1(3), (config == NESTED ? IPA_PAGE : PA_PAGE) | S1_PAGE);
	put(&w, slot2(3), PA_PAGE | S2_PAGE);
	return w;
}

/* A field of an ID register of the machine to be made. */
static inline void set_id(struct world *w, unsigned idr, unsigned lsb, unsigned width,
			  uint32_t value)
{
	uint64_t word = w->config.idr[idr];

	set_field(&word, lsb, width, value);
	w->config.idr[idr] = (uint32_t)word;
}

/* The attributes that the device drives. */
static inline void drive(struct world *w, unsigned mair, unsigned sh)
{
	w->txn.flags |= SMMU3_TXN_ATTR;
	w->txn.attr = (struct smmu3_attr){ (uint8_t)mair, (uint8_t)sh };
}

/* Turns the machine into an SMMUv3.0: none of the later features, 48-bit addresses. */
static inline void make_version_30(struct world *w)
{
	w->config.aidr = 0;
	w->config.idr[3] = 0;
	set_id(w, 5, 0, 3, 5);
	set_id(w, 5, 10, 2, 0);
}

/* Turns the machine into an SMMUv3.3 with LPA2: IDR5.DS, and what that revision has always. */
static inline void make_lpa2(struct world *w)
{
	w->config.aidr = 3;
	set_id(w, 0, 9, 1, 1);  /* Hyp */
	set_id(w, 3, 13, 2, 3); /* E0PD, PTWNNC */
	set_id(w, 5, 7, 1, 1);  /* DS */
}

/* Sends what `class` names through IPA_PAGE: the CD, the last stage 1 table, or the data. */
static inline struct world nested_through(unsigned class)
{
	struct world w = world(NESTED);

	if (class == SMMU3_CLASS_CD) {
		w.ste[0] = BIT(0) | NESTED << 1 | (IPA_PAGE + CD_OFFSET);
		put(&w, slot2(3), CD_PAGE | S2_PAGE);
	} else if (class == SMMU3_CLASS_TT) {
		put(&w, slot1(2), IPA_PAGE | TABLE);
		put(&w, slot2(3), S1_TABLE(3) | S2_PAGE);
	}
	if (class != SMMU3_CLASS_IN)
		put(&w, slot1(3), RAM_BASE | S1_PAGE);
	return w;
}

static inline uint64_t ipa_through(unsigned class)
{
	static const uint64_t offset[] = { CD_OFFSET, 8 * 5, OFFSET };

	return IPA_PAGE + offset[class];
}

/* Makes the SMMU from what the test has prepared, and enables it. */
static inline void open_world(struct world *w)
{
	const struct smmu3_host host = { .size = sizeof(host),
					 .context = w,
					 .read = world_read,
					 .written = world_written,
					 .swap = w->swaps ? world_swap : NULL,
					 .swap_pair = w->pairs ? world_swap_pair : NULL,
					 .stall_ended = w->waits ? world_stall_ended : NULL };
	struct smmu3_error error;

	memcpy(word_at(w, STE_AT), w->ste, sizeof(w->ste));
	memcpy(word_at(w, CD_AT), w->cd, sizeof(w->cd));
	smmu3_destroy(w->smmu);
	w->smmu = smmu3_create(&w->config, &host, &error);
	ck_assert_msg(w->smmu != NULL, "%s", error.text);
	cached_made(&w->config);
	if (!w->behind_host)
		ck_assert_int_eq(smmu3_add_ram(w->smmu, RAM_BASE, RAM_SIZE,
					       SMMU3_PAS_BIT(SMMU3_PAS_NS), w->ram),
				 0);
	mmio(w, 0x28, 4, w->cr1);
	mmio(w, 0x2c, 4, 2 | w->e2h); /* CR2.RECINVSID, E2H */
	mmio(w, 0x80, 8, RAM_BASE);   /* STRTAB_BASE */
	mmio(w, 0x88, 4, 6);          /* STRTAB_BASE_CFG: linear, 64 entries */
	mmio(w, 0x20, 4, 0xd);        /* CR0: CMDQEN, EVENTQEN, SMMUEN */
	w->seen_count = 0;
	w->edited = false;
}

static inline void close_world(struct world *w)
{
	smmu3_destroy(w->smmu);
	munmap(w->ram, RAM_SIZE);
}

/* The next access finds nothing kept: what it reads is looked at, or memory answers otherwise. */
static inline void afresh(struct world *w)
{
	w->edited = true;
}

static inline void maintain(struct world *w)
{
	const unsigned seen_count = w->seen_count;

	maintain_smmu(w->smmu, MAINTENANCE_AT, word_at(w, MAINTENANCE_AT));
	w->edited = false;
	w->seen_count = seen_count;
}

/* In the second pass: what is kept of an access that was not held answers it as memory did. */
static inline void ask_again(struct world *w, struct smmu3_txn txn)
{
	const unsigned seen_count = w->seen_count;
	struct smmu3_outcome again;

	if (!cached_pass() || w->swap_answer != SMMU3_MEM_OK || w->always_lost ||
	    w->out.verdict == SMMU3_STALLED || w->out.verdict == SMMU3_ERROR)
		return;
	txn.flags |= SMMU3_TXN_PROBE;
	memset(&again, 0xa5, sizeof(again));
	smmu3_translate(w->smmu, &txn, &again);
	again.recorded = w->out.recorded;
	ck_assert_mem_eq(&again, &w->out, sizeof(again));
	w->seen_count = seen_count;
}

/* One access; opens the world at the first. */
static inline enum smmu3_verdict ask(struct world *w, uint64_t address, unsigned flags)
{
	struct smmu3_txn txn = w->txn;

	if (w->smmu == NULL)
		open_world(w);
	if (w->edited)
		maintain(w);
	w->seen_count = 0;
	memset(&w->out, 0xa5, sizeof(w->out));
	txn.addr = address;
	txn.flags = (uint16_t)(txn.flags | flags);
	smmu3_translate(w->smmu, &txn, &w->out);
	ask_again(w, txn);
	return (enum smmu3_verdict)w->out.verdict;
}

static inline void expect_pa(struct world *w, uint64_t address, unsigned flags, uint64_t pa)
{
	ck_assert_msg(ask(w, address, flags) == SMMU3_OK,
		      "verdict %u event 0x%02x stage %u class %u level %d", w->out.verdict,
		      w->out.event, w->out.fault_stage, w->out.fault_class, w->out.fault_level);
	ck_assert_uint_eq(w->out.pa, pa);
	ck_assert_uint_eq(w->out.pas, SMMU3_PAS_NS);
}

static inline void expect_event(struct world *w, uint64_t address, unsigned flags, unsigned event,
				unsigned stage, int level)
{
	ck_assert_uint_eq(ask(w, address, flags), SMMU3_ABORT);
	ck_assert_uint_eq(w->out.event, event);
	ck_assert_uint_eq(w->out.fault_stage, stage);
	ck_assert_int_eq(w->out.fault_level, level);
}

/* The record of the last access: word 1 without its access bits, the access bits, and word 3. */
static inline void expect_record(const struct world *w, uint64_t address, uint64_t word1,
				 uint64_t word3)
{
	const struct smmu3_event *record = &w->out.record;

	ck_assert_uint_eq(record->word[0], w->out.event | SID << 32);
	ck_assert_uint_eq(record->word[1], word1);
	ck_assert_uint_eq(record->word[2], address);
	ck_assert_uint_eq(record->word[3], word3);
	ck_assert_uint_eq(w->out.recorded, 1);
}

#endif
