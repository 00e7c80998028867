/* SPDX-License-Identifier: MIT */
/*
 * A whole SMMU of the profile realm-3.3, and a Realm stream; memory is behind the host, which notes
 * what is read.  Bit numbers are written here as the architecture prints them, apart from the
 * library's own.
 *
 * All structures are in Realm memory; at the same addresses in Non-secure memory is nothing.  Stage
 * 1 has 4KB tables that begin at level 0, one table a level: VA goes through indices 2, 3, 4, 5 to
 * PA_PAGE, or, where there is a stage 2, to IPA_PAGE, which goes through indices 2, 3, 6, 7 to
 * PA_PAGE; stage 2 maps what holds structures onto itself.
 */
#ifndef SMMU_TEST_REALM_WORLD_H
#define SMMU_TEST_REALM_WORLD_H

#include "support/fields.h"
#include "support/suite.h"

#include <check.h>
#include <smmu/decode.h>
#include <smmu/inspect.h>
#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define RAM_BASE UINT64_C(0x80000000)
#define RAM_SIZE UINT64_C(0x40000)
#define SID UINT64_C(5)
#define STE_AT (RAM_BASE + 64 * SID)
#define CD_AT (RAM_BASE + 0x1040)
#define DPT_AT (RAM_BASE + 0x30000)
#define S1_TABLE(level) (RAM_BASE + 0x10000 + 0x1000 * (uint64_t)(level))
#define S2_TABLE(level) (RAM_BASE + 0x20000 + 0x1000 * (uint64_t)(level))

#define VA UINT64_C(0x100c0805128)       /* indices 2, 3, 4, 5; offset 0x128 */
#define IPA_PAGE UINT64_C(0x100c0c07000) /* indices 2, 3, 6, 7 */
#define PA_PAGE UINT64_C(0x123456789000)
#define OFFSET UINT64_C(0x128)
#define PA (PA_PAGE | OFFSET)
#define IPA (IPA_PAGE | OFFSET)

/* STE.Config, 5.2; STE.STRW */
enum { DISABLED = 0, BYPASS = 4, S1_ONLY = 5, S2_ONLY = 6, NESTED = 7 };
enum { STRW_EL1 = 0, STRW_EL2 = 2 };
/* STE.NSCFG of a Realm stream */
enum { INCOMING, CHECKED, TO_REALM, TO_NS };
/* STE.EATS */
enum { NO_ATS, FULL_ATS, SPLIT_ATS, DPT_ATS };

/* VMSAv8-64 descriptors, D8.3 */
#define TABLE UINT64_C(3)
#define PAGE UINT64_C(0xf43)    /* nG, AF, SH = ISH, AP[2:1] = 01, AttrIndx = 0 */
#define S2_PAGE UINT64_C(0x7ff) /* AF, SH = ISH, S2AP = 11, MemAttr = 1111 */
#define S2_BLOCK UINT64_C(0x7fd)
#define NS_LEAF BIT(5)
#define NS_LEAF_2 BIT(55)
#define AMEC BIT(63)
#define NSTABLE BIT(63)

#define NS SMMU3_PAS_NS
#define R SMMU3_PAS_REALM
#define X SMMU3_TXN_INSTRUCTION
#define IN_NS SMMU3_TXN_NS
#define XT SMMU3_TXN_XT

/* 7.3 */
enum { TRANSLATION = 0x10, ADDR_SIZE = 0x11, ACCESS = 0x12, PERMISSION = 0x13 };
enum { TRANSL_FORBIDDEN = 7, BAD_ATS_TREQ = 5, BAD_STE = 4 };

enum { SEEN_MAX = 64, MECID = 0x1234, GMECID = 0x0055 };

struct realm_world {
	struct smmu3_config config;
	struct smmu3 *smmu;
	uint64_t ste[8], cd[8];
	uint64_t *ram[3]; /* by PA space: Non-secure, none, Realm */
	uint32_t cr0, cr2;
	struct smmu3_mem_access seen[SEEN_MAX];
	unsigned seen_count;
	struct smmu3_mem_access swapped; /* the last update of a descriptor */
	unsigned swap_count;
	struct smmu3_txn txn;
	struct smmu3_outcome out;
};

static inline enum smmu3_mem_result realm_read(void *context, const struct smmu3_mem_access *access,
					       void *data)
{
	struct realm_world *w = context;

	ck_assert(access->pas == NS || access->pas == R);
	if (w->seen_count < SEEN_MAX) /* inspecting reads whole tables */
		w->seen[w->seen_count++] = *access;
	if (access->pa < RAM_BASE || access->pa + access->bytes > RAM_BASE + RAM_SIZE)
		return SMMU3_MEM_ABORT;
	memcpy(data, &w->ram[access->pas][(access->pa - RAM_BASE) / 8], access->bytes);
	return SMMU3_MEM_OK;
}

static inline enum smmu3_mem_result realm_swap(void *context, const struct smmu3_mem_access *access,
					       const uint64_t *expected, const uint64_t *desired,
					       uint64_t *found)
{
	struct realm_world *w = context;
	uint64_t *word;

	ck_assert(access->pas == NS || access->pas == R);
	word = &w->ram[access->pas][(access->pa - RAM_BASE) / 8];
	w->swap_count++;
	w->swapped = *access;
	*found = *word;
	if (*word == *expected)
		*word = *desired;
	return SMMU3_MEM_OK;
}

/* Likewise of 16 bytes: VMSAv9-128. */
static inline enum smmu3_mem_result
realm_swap_pair(void *context, const struct smmu3_mem_access *access, const uint64_t *expected,
		const uint64_t *desired, uint64_t *found)
{
	struct realm_world *w = context;
	uint64_t *word;

	ck_assert(access->pas == NS || access->pas == R);
	ck_assert_uint_eq(access->bytes, 16);
	word = &w->ram[access->pas][(access->pa - RAM_BASE) / 8];
	w->swap_count++;
	w->swapped = *access;
	memcpy(found, word, 16);
	if (!memcmp(word, expected, 16))
		memcpy(word, desired, 16);
	return SMMU3_MEM_OK;
}

static inline uint64_t *word_at(struct realm_world *w, uint64_t pa)
{
	ck_assert(pa >= RAM_BASE && pa < RAM_BASE + RAM_SIZE && pa % 8 == 0);
	return &w->ram[R][(pa - RAM_BASE) / 8];
}

static inline void put(struct realm_world *w, uint64_t pa, uint64_t value)
{
	*word_at(w, pa) = value;
}

/* Where the walks of VA and of IPA_PAGE read at a level. */
static inline uint64_t slot1(int level)
{
	return S1_TABLE(level) + 8 * (uint64_t)(2 + level);
}

static inline uint64_t slot2(int level)
{
	static const uint64_t index[] = { 2, 3, 6, 7 };

	return S2_TABLE(level) + 8 * index[level];
}

/* Where the block of stage 2 is that holds structures. */
#define BLOCK_SLOT (S2_TABLE(1) + 8 * 2)

static inline void realm_tables(struct realm_world *w, unsigned config)
{
	w->ste[0] = BIT(0) | (uint64_t)config << 1 | CD_AT;
	w->ste[1] = BIT(44); /* SHCFG: as incoming */
	w->ste[2] = UINT64_C(3) | UINT64_C(16) << 32 | UINT64_C(2) << 38 | UINT64_C(5) << 48 |
		    BIT(51) | BIT(58); /* VMID 3, T0SZ 16, SL0 2, PS 48 bits, AA64, S2R */
	w->ste[3] = S2_TABLE(0);
	w->ste[4] = (uint64_t)MECID << 48;
	w->cd[0] = 16 | BIT(30) | BIT(31) | UINT64_C(5) << 32 | BIT(41) | BIT(45) | BIT(46) |
		   UINT64_C(9) << 48; /* T0SZ 16, EPD1, V, IPS 48 bits, AA64, R, A, ASID 9 */
	w->cd[1] = S1_TABLE(0);
	w->cd[3] = 0xff; /* MAIR0: Write-Back */
	for (int level = 0; level < 3; level++) {
		put(w, slot1(level), S1_TABLE(level + 1) | TABLE);
		put(w, slot2(level), S2_TABLE(level + 1) | TABLE);
	}
	put(w, S2_TABLE(0), S2_TABLE(1) | TABLE);
	put(w, BLOCK_SLOT, RAM_BASE | S2_BLOCK);
	put(w, slot1(3), (config == NESTED ? IPA_PAGE : PA_PAGE) | PAGE);
	put(w, slot2(3), PA_PAGE | S2_PAGE);
}

static inline struct realm_world realm_world(unsigned config)
{
	struct realm_world w = { .cr0 = 5 }; /* EVENTQEN, SMMUEN */

	ck_assert_int_eq(smmu3_config_init(&w.config, "realm-3.3", NULL), 0);
	w.config.caches = caches_of_pass();
	w.ram[NS] = calloc(1, RAM_SIZE);
	w.ram[R] = calloc(1, RAM_SIZE);
	realm_tables(&w, config);
	w.txn = (struct smmu3_txn){ .bytes = 4, .sid = SID, .sec_sid = R };
	return w;
}

/* With XT: the stream checks which space an access names, as NSCFG says. */
static inline struct realm_world realm_world_xt(unsigned config, unsigned nscfg)
{
	struct realm_world w = realm_world(config);

	w.config.r_idr[3] |= (uint32_t)BIT(17);
	set_field(&w.ste[1], 46, 2, nscfg);
	return w;
}

static inline void drop(struct realm_world *w)
{
	smmu3_destroy(w->smmu);
	free(w->ram[NS]);
	free(w->ram[R]);
}

static inline void mmio(struct realm_world *w, uint64_t offset, unsigned size, uint64_t value)
{
	ck_assert_int_eq(smmu3_mmio_write(w->smmu, R, 0x40000 + offset, size, value), 0);
}

/* An SMMU as the test has it by now, enabled. */
static inline void open_world(struct realm_world *w)
{
	const struct smmu3_host host = { .size = sizeof(host),
					 .context = w,
					 .read = realm_read,
					 .swap = realm_swap,
					 .swap_pair = realm_swap_pair };
	struct smmu3_error error;

	memcpy(word_at(w, STE_AT), w->ste, sizeof(w->ste));
	memcpy(word_at(w, CD_AT), w->cd, sizeof(w->cd));
	smmu3_destroy(w->smmu);
	w->smmu = smmu3_create(&w->config, &host, &error);
	ck_assert_msg(w->smmu != NULL, "%s", error.text);
	cached_made(&w->config);
	ck_assert_int_eq(smmu3_mmio_write(w->smmu, SMMU3_PAS_ROOT, 0xa0020, 4, 1),
			 0);          /* ACCESSEN */
	mmio(w, 0x228, 4, GMECID);    /* R_GMECID */
	mmio(w, 0x2c, 4, 2 | w->cr2); /* R_CR2.RECINVSID */
	mmio(w, 0x80, 8, RAM_BASE);   /* R_STRTAB_BASE */
	mmio(w, 0x88, 4, 6);          /* R_STRTAB_BASE_CFG: linear, 64 entries */
	mmio(w, 0x200, 8, DPT_AT);    /* R_DPT_BASE */
	mmio(w, 0x208, 4, 1);         /* R_DPT_BASE_CFG: 36 bits, 4KB, 1GB */
	mmio(w, 0x20, 4, w->cr0);     /* R_CR0 */
	w->seen_count = 0;
}

/* In the second pass: what is kept answers as memory did. */
static inline void ask_again(struct realm_world *w, struct smmu3_txn txn)
{
	const unsigned seen_count = w->seen_count;
	struct smmu3_outcome again;

	if (!cached_pass() || w->out.verdict == SMMU3_ERROR)
		return;
	txn.flags |= SMMU3_TXN_PROBE;
	memset(&again, 0xa5, sizeof(again));
	smmu3_translate(w->smmu, &txn, &again);
	again.recorded = w->out.recorded;
	ck_assert_mem_eq(&again, &w->out, sizeof(again));
	w->seen_count = seen_count;
}

/* One access of an SMMU that is open, with what it keeps. */
static inline enum smmu3_verdict ask_open(struct realm_world *w, uint64_t address, unsigned flags)
{
	struct smmu3_txn txn = w->txn;

	w->seen_count = 0;
	memset(&w->out, 0xa5, sizeof(w->out));
	txn.addr = address;
	txn.flags = (uint16_t)(txn.flags | flags);
	smmu3_translate(w->smmu, &txn, &w->out);
	ask_again(w, txn);
	return (enum smmu3_verdict)w->out.verdict;
}

/* One access, of an SMMU that keeps nothing of others. */
static inline enum smmu3_verdict ask(struct realm_world *w, uint64_t address, unsigned flags)
{
	open_world(w);
	return ask_open(w, address, flags);
}

static inline void expect_pa(struct realm_world *w, uint64_t address, unsigned flags, uint64_t pa,
			     enum smmu3_pas pas)
{
	ck_assert_msg(ask(w, address, flags) == SMMU3_OK, "%s stage %u level %d",
		      smmu3_why(w->out.why)->name, w->out.fault_stage, w->out.fault_level);
	ck_assert_uint_eq(w->out.pa, pa);
	ck_assert_uint_eq(w->out.pas, pas);
	ck_assert_uint_eq(w->out.mecid, pas == R ? MECID : 0);
}

static inline void expect_fault(struct realm_world *w, uint64_t address, unsigned flags,
				unsigned event, unsigned stage, const char *why)
{
	ck_assert_uint_eq(ask(w, address, flags), SMMU3_ABORT);
	ck_assert_str_eq(smmu3_why(w->out.why)->name, why);
	ck_assert_uint_eq(w->out.event, event);
	ck_assert_uint_eq(w->out.fault_stage, stage);
	ck_assert_uint_eq(w->out.recorded, event != 0);
}

#endif
