/* SPDX-License-Identifier: MIT */
/*
 * Translation as a transaction of either Security state meets it, without a whole SMMU: features
 * and a gate of each state, memory of each PA space, and what may be kept, which is common.  Bit
 * numbers are written here as the architecture prints them, apart from the library's own.
 *
 * Both states have their structures at the same addresses, each in its own space.  Stage 1 has 4KB
 * tables that begin at level 0, one table a level: VA goes through indices 2, 3, 4, 5 to PA_PAGE.
 */
#ifndef SMMU_TEST_SECURE_WORLD_H
#define SMMU_TEST_SECURE_WORLD_H

#include "arch/event.h"
#include "config/structures.h"
#include "prog/idregs.h"
#include "support/fields.h"
#include "support/suite.h"
#include "xlate/response.h"
#include "xlate/translate.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define RAM_BASE UINT64_C(0x80000000)
#define RAM_SIZE UINT64_C(0x40000)
#define SID UINT64_C(5)
#define STE_AT (RAM_BASE + 64 * SID)
#define CD_AT (RAM_BASE + 0x1040)
#define S1_TABLE(level) (RAM_BASE + 0x10000 + 0x1000 * (uint64_t)(level))

#define VA UINT64_C(0x100c0805128) /* indices 2, 3, 4, 5; offset 0x128 */
#define PA_PAGE UINT64_C(0x123456789000)
#define OFFSET UINT64_C(0x128)

/* STE.Config, 5.2 */
enum { ABORT_ALL = 0, BYPASS = 4, S1_ONLY = 5, S2_ONLY = 6, NESTED = 7 };
/* STE.STRW */
enum { STRW_EL1 = 0, STRW_EL3 = 1, STRW_EL2 = 2 };

/* VMSAv8-64 descriptors, D8.3 */
#define TABLE UINT64_C(3)
#define PAGE UINT64_C(0xf43) /* nG, AF, SH = ISH, AP[2:1] = 01, AttrIndx = 0 */
#define NG BIT(11)
#define NS_LEAF BIT(5)
#define NSTABLE BIT(63)
#define UXN BIT(54)
#define PXN BIT(53)

#define NS SMMU3_PAS_NS
#define S SMMU3_PAS_SECURE

enum { SPACES = 2, SEEN_MAX = 64, TLB_PLACES = 64, STRUCTURE_PLACES = 4 /* of one set */ };

struct secure_world {
	struct features features[SPACES]; /* by SEC_SID */
	struct gate gate[SPACES];
	uint64_t ste[SPACES][8], cd[SPACES][8];
	uint64_t *ram[SPACES]; /* by PA space */
	struct mem mem;
	bool keeps, made;
	struct tlb tlb;
	struct structures structures;
	struct smmu3_mem_access seen[SEEN_MAX];
	unsigned seen_count;
	struct smmu3_mem_access swapped; /* the last update of a descriptor */
	unsigned swap_count;
	uint64_t abort_at;    /* a read of this address is answered with an abort */
	struct smmu3_txn txn; /* what every access has in common */
	/* of the last access */
	struct fault fault;
	struct translation out;
	struct response response;
	struct smmu3_event record;
};

static inline enum smmu3_mem_result secure_read(void *context,
						const struct smmu3_mem_access *access, void *data)
{
	struct secure_world *w = context;

	ck_assert_uint_lt(access->pas, SPACES);
	ck_assert_uint_lt(w->seen_count, SEEN_MAX);
	w->seen[w->seen_count++] = *access;
	if (access->pa == w->abort_at || access->pa < RAM_BASE ||
	    access->pa + access->bytes > RAM_BASE + RAM_SIZE)
		return SMMU3_MEM_ABORT;
	memcpy(data, &w->ram[access->pas][(access->pa - RAM_BASE) / 8], access->bytes);
	return SMMU3_MEM_OK;
}

static inline enum smmu3_mem_result secure_swap(void *context,
						const struct smmu3_mem_access *access,
						const uint64_t *expected, const uint64_t *desired,
						uint64_t *found)
{
	struct secure_world *w = context;
	uint64_t *word;

	ck_assert_uint_lt(access->pas, SPACES);
	word = &w->ram[access->pas][(access->pa - RAM_BASE) / 8];
	w->swap_count++;
	w->swapped = *access;
	*found = *word;
	if (*word == *expected)
		*word = *desired;
	return SMMU3_MEM_OK;
}

static inline uint64_t *word_at(struct secure_world *w, enum smmu3_pas pas, uint64_t pa)
{
	ck_assert(pa >= RAM_BASE && pa < RAM_BASE + RAM_SIZE && pa % 8 == 0);
	return &w->ram[pas][(pa - RAM_BASE) / 8];
}

static inline void put(struct secure_world *w, enum smmu3_pas pas, uint64_t pa, uint64_t value)
{
	*word_at(w, pas, pa) = value;
}

/* Where the walk of VA reads at a level. */
static inline uint64_t slot1(int level)
{
	return S1_TABLE(level) + 8 * (uint64_t)(2 + level);
}

/* SMMUv3.3 with Secure state, and Secure EL2 if; bits of 6.3.1 to 6.3.6, 6.3.52, 6.3.53. */
static inline struct smmu3_config secure_config(bool sel2)
{
	struct smmu3_config config;

	ck_assert_int_eq(smmu3_config_init(&config, "generic-3.3", NULL), 0);
	config.s_idr[1] = (uint32_t)(BIT(31) | (sel2 ? BIT(29) : 0) | 8); /* S_SIDSIZE 8 */
	return config;
}

/* The structures of one state: stage 1 tables, CD and STE. */
static inline void secure_tables(struct secure_world *w, enum smmu3_pas state, unsigned config)
{
	uint64_t *const ste = w->ste[state], *const cd = w->cd[state];

	ste[0] = BIT(0) | (uint64_t)config << 1 | CD_AT;
	ste[1] = BIT(44); /* SHCFG: as incoming */
	ste[2] = BIT(58); /* S2R */
	cd[0] = 16 | BIT(30) | BIT(31) | UINT64_C(5) << 32 | BIT(41) | BIT(45) | BIT(46) |
		UINT64_C(9) << 48; /* T0SZ 16, EPD1, V, IPS 48 bits, AA64, R, A, ASID 9 */
	cd[1] = S1_TABLE(0);
	cd[3] = 0xff; /* MAIR0: Write-Back */
	for (int level = 0; level < 3; level++)
		put(w, state, slot1(level), S1_TABLE(level + 1) | TABLE);
	put(w, state, slot1(3), PA_PAGE | PAGE);
}

/* Accesses of Secure streams, unless the test says otherwise. */
static inline struct secure_world secure_world_of(const struct smmu3_config *config,
						  unsigned stages)
{
	struct secure_world w = { .keeps = false };

	for (enum smmu3_pas state = NS; state <= S; state++) {
		w.ram[state] = calloc(1, RAM_SIZE);
		w.features[state] = features_from(config, (enum bank)state);
		w.gate[state] = (struct gate){
			.smmuen = true,
			.recinvsid = true,
			.bypass = { .shcfg = 1 },
			.streams = { .base = RAM_BASE, .log2size = 6, .split = 6 },
		};
		secure_tables(&w, state, stages);
	}
	w.txn = (struct smmu3_txn){ .bytes = 4, .sid = SID, .sec_sid = SMMU3_PAS_SECURE };
	return w;
}

static inline struct secure_world secure_world(unsigned stages)
{
	const struct smmu3_config config = secure_config(false);

	return secure_world_of(&config, stages);
}

/* The first access makes what the world's own address is in. */
static inline void make(struct secure_world *w)
{
	const struct smmu3_host host = {
		.size = sizeof(host), .context = w, .read = secure_read, .swap = secure_swap
	};
	static const uint32_t places[STRUCTURE_KINDS] = { STRUCTURE_PLACES, STRUCTURE_PLACES,
							  STRUCTURE_PLACES };

	if (w->made)
		return;
	mem_init(&w->mem, &host);
	ck_assert(tlb_init(&w->tlb, TLB_PLACES, TLB_PLACES));
	ck_assert(structures_init(&w->structures, places));
	w->made = true;
}

static inline void drop(struct secure_world *w)
{
	if (w->made) {
		tlb_free(&w->tlb);
		structures_free(&w->structures);
		mem_free(&w->mem);
	}
	for (enum smmu3_pas pas = NS; pas <= S; pas++)
		free(w->ram[pas]);
}

static inline struct world world_now(struct secure_world *w, enum smmu3_pas state)
{
	return (struct world){
		.features = &w->features[state],
		.gate = &w->gate[state],
		.view = { .mem = &w->mem,
			  .tlb = w->keeps ? &w->tlb : NULL,
			  .structures = w->keeps ? &w->structures : NULL,
			  .tlb_age = tlb_age(&w->tlb),
			  .structures_age = structures_age(&w->structures),
			  .keeps = w->keeps,
			  .updates = UPDATES_DONE },
	};
}

/* One access, of the state that txn.sec_sid says. */
static inline enum smmu3_verdict ask(struct secure_world *w, uint64_t address, unsigned flags)
{
	const enum smmu3_pas state = (enum smmu3_pas)w->txn.sec_sid;
	struct smmu3_txn txn = w->txn;

	make(w);
	memcpy(word_at(w, state, STE_AT), w->ste[state], sizeof(w->ste[state]));
	memcpy(word_at(w, state, CD_AT), w->cd[state], sizeof(w->cd[state]));
	txn.addr = address;
	txn.flags = (uint16_t)(txn.flags | flags);
	w->seen_count = 0;

	const struct world world = world_now(w, state);
	const struct manners manners = { .recinvsid = true, .ats = (enum smmu3_ats)txn.ats };
	struct path path = { .known = false };

	w->fault = translate(&world, &txn, &path, &w->out);
	if (!faulted(w->fault))
		return SMMU3_OK;
	w->response = respond(&w->fault, &w->out, manners);
	w->record = event_record(&w->fault, &txn, &w->out.access, &w->features[state]);
	return w->response.verdict;
}

static inline void expect_pa(struct secure_world *w, uint64_t address, unsigned flags, uint64_t pa,
			     enum smmu3_pas pas)
{
	ck_assert_msg(ask(w, address, flags) == SMMU3_OK, "%s stage %u level %d",
		      smmu3_why(w->fault.why)->name, w->fault.stage, w->fault.level);
	ck_assert_uint_eq(w->out.pa.addr, pa);
	ck_assert_uint_eq(w->out.pa.pas, pas);
}

static inline void expect_fault(struct secure_world *w, uint64_t address, unsigned flags,
				unsigned event, enum why why)
{
	ck_assert_uint_eq(ask(w, address, flags), SMMU3_ABORT);
	ck_assert_uint_eq(w->fault.event, event);
	ck_assert_str_eq(smmu3_why(w->fault.why)->name, smmu3_why(why)->name);
}

/* The last access read there, in this space. */
static inline void expect_read(const struct secure_world *w, unsigned nth, enum smmu3_reason reason,
			       uint64_t pa, enum smmu3_pas pas)
{
	ck_assert_uint_lt(nth, w->seen_count);
	ck_assert_uint_eq(w->seen[nth].reason, reason);
	ck_assert_uint_eq(w->seen[nth].pa, pa);
	ck_assert_uint_eq(w->seen[nth].pas, pas);
}

#endif
