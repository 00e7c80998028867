/* SPDX-License-Identifier: MIT */
/*
 * A whole SMMU with MPAM, and a stream of any Security state; memory is behind the host, which
 * notes what is read and written.  Bit numbers are written here as the architecture prints them,
 * apart from the library's own.
 *
 * Non-secure PARTIDs are up to 0x1ff and PMGs up to 7, Secure ones up to 0x3f and 1, Realm ones as
 * Non-secure ones.  All structures are in the state's own PA space.  Stage 1 and stage 2 have 4KB
 * tables that begin at level 0, and map VA, or IPA, to PA; stage 2 maps what holds structures onto
 * itself.
 */
#ifndef SMMU_TEST_MPAM_WORLD_H
#define SMMU_TEST_MPAM_WORLD_H

#include "support/fields.h"
#include "support/suite.h"

#include <check.h>
#include <smmu/decode.h>
#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define RAM_BASE UINT64_C(0x80000000)
#define RAM_SIZE UINT64_C(0x40000)
#define SID UINT64_C(5)
#define STE_AT (RAM_BASE + 64 * SID)
#define CDS_AT (RAM_BASE + 0x1000) /* two of 64 bytes */
#define VMS_AT (RAM_BASE + 0x5000)
#define COMMANDS_AT (RAM_BASE + 0x8000)
#define EVENTS_AT (RAM_BASE + 0x9000)
#define S1_TABLE(level) (RAM_BASE + 0x10000 + 0x1000 * (uint64_t)(level))
#define S2_TABLE(level) (RAM_BASE + 0x20000 + 0x1000 * (uint64_t)(level))

#define VA UINT64_C(0x100c0805128)       /* indices 2, 3, 4, 5; offset 0x128 */
#define IPA_PAGE UINT64_C(0x100c0c07000) /* indices 2, 3, 6, 7 */
#define PA_PAGE UINT64_C(0x123456789000)

/* STE.Config, 5.2 */
enum { BYPASS = 4, S1_ONLY = 5, S2_ONLY = 6, NESTED = 7 };

#define NS SMMU3_PAS_NS
#define S SMMU3_PAS_SECURE
#define R SMMU3_PAS_REALM

/* Fields of the STE, 5.2, and of a CD, 5.4 */
#define CONFIG AT(0, 3, 1)
#define S1CDMAX AT(0, 63, 59)
#define EATS AT(1, 29, 28)
#define S1MPAM AT(1, 26, 26)
#define PARTID AT(4, 31, 16)
#define PMG AT(5, 7, 0)
#define MPAM_NS AT(5, 8, 8)
#define VMSPTR AT(5, 55, 12)
#define CD_PARTID AT(5, 47, 32)
#define CD_PMG AT(5, 55, 48)

/* Offsets in each state's pages, 6.2 */
enum { CR0 = 0x20, GMPAM = 0x138, GBPMPAM = 0x13c };
#define UPDATE BIT(31)

enum { SEEN_MAX = 64 };

struct mpam_world {
	struct smmu3_config config;
	struct smmu3 *smmu;
	enum smmu3_pas pas;
	uint64_t ste[8], cd[2][8];
	uint32_t cr0, cr2;
	uint32_t gmpam, gbpmpam;
	uint64_t *ram;
	uint64_t aborts; /* an address where reads are aborted */
	uint32_t commands;
	struct smmu3_mem_access seen[SEEN_MAX];
	unsigned seen_count;
	struct smmu3_txn txn;
	struct smmu3_outcome out;
};

static inline void note(struct mpam_world *w, const struct smmu3_mem_access *access)
{
	ck_assert_uint_lt(w->seen_count, SEEN_MAX);
	w->seen[w->seen_count++] = *access;
}

static inline enum smmu3_mem_result mpam_read(void *context, const struct smmu3_mem_access *access,
					      void *data)
{
	struct mpam_world *w = context;

	note(w, access);
	if (access->pas != w->pas || access->pa < RAM_BASE || access->pa == w->aborts ||
	    access->pa + access->bytes > RAM_BASE + RAM_SIZE)
		return SMMU3_MEM_ABORT;
	memcpy(data, &w->ram[(access->pa - RAM_BASE) / 8], access->bytes);
	return SMMU3_MEM_OK;
}

static inline enum smmu3_mem_result mpam_write(void *context, const struct smmu3_mem_access *access,
					       const void *data)
{
	(void)data;
	note(context, access);
	return SMMU3_MEM_OK;
}

static inline uint64_t *word_at(struct mpam_world *w, uint64_t pa)
{
	ck_assert(pa >= RAM_BASE && pa < RAM_BASE + RAM_SIZE && pa % 8 == 0);
	return &w->ram[(pa - RAM_BASE) / 8];
}

static inline void mpam_tables(struct mpam_world *w, unsigned config)
{
	static const uint64_t index[2][4] = { { 2, 3, 4, 5 }, { 2, 3, 6, 7 } };

	w->ste[0] = BIT(0) | (uint64_t)config << 1 | CDS_AT;
	w->ste[1] = BIT(44); /* SHCFG: as incoming */
	w->ste[2] = UINT64_C(3) | UINT64_C(16) << 32 | UINT64_C(2) << 38 | UINT64_C(5) << 48 |
		    BIT(51) | BIT(58); /* VMID 3, T0SZ 16, SL0 2, PS 48 bits, AA64, S2R */
	w->ste[3] = S2_TABLE(0);
	for (unsigned i = 0; i < 2; i++) {
		/* T0SZ 16, EPD1, V, IPS 48 bits, AA64, R, A, ASID 9 of both */
		w->cd[i][0] = 16 | BIT(30) | BIT(31) | UINT64_C(5) << 32 | BIT(41) | BIT(45) |
			      BIT(46) | UINT64_C(9) << 48;
		w->cd[i][1] = S1_TABLE(0);
		w->cd[i][3] = 0xff; /* MAIR0: Write-Back */
	}
	for (int level = 0; level < 3; level++) {
		*word_at(w, S1_TABLE(level) + 8 * index[0][level]) = S1_TABLE(level + 1) | 3;
		*word_at(w, S2_TABLE(level) + 8 * index[1][level]) = S2_TABLE(level + 1) | 3;
	}
	*word_at(w, S2_TABLE(0)) = S2_TABLE(1) | 3;
	*word_at(w, S2_TABLE(1) + 16) = RAM_BASE | 0x7fd;
	*word_at(w, S1_TABLE(3) + 40) = (config == NESTED ? IPA_PAGE : PA_PAGE) | 0xf43;
	*word_at(w, S2_TABLE(3) + 56) = PA_PAGE | 0x7ff;
}

/* PARTIDs and PMGs: of the STE 0x12, 1; of the CDs 0x21, 2 and 0x1e, 3; of GMPAM 0x15, 1; of
 * GBPMPAM 0x16, 1; PARTID_MAP[n] is 0x20 + n. */
static inline struct mpam_world mpam_world(enum smmu3_pas pas, unsigned config)
{
	static const char *const profiles[] = { "generic-3.3", "secure-3.3", "realm-3.3" };
	struct mpam_world w = { .pas = pas, .cr0 = 0x1d, .gmpam = 0x10015, .gbpmpam = 0x10016 };

	ck_assert_int_eq(smmu3_config_init(&w.config, profiles[pas], NULL), 0);
	w.config.caches = caches_of_pass();
	w.config.idr[3] |= (uint32_t)BIT(7);
	w.config.mpamidr = 0x000701ff;
	w.config.s_mpamidr = pas == NS ? 0 : 0x0201003f;
	w.config.r_mpamidr = pas == R ? 0x020701ff : 0;
	w.ram = calloc(1, RAM_SIZE);
	mpam_tables(&w, config);
	change(w.ste, PARTID, 0x12);
	change(w.ste, PMG, 1);
	change(w.ste, VMSPTR, VMS_AT >> 12);
	change(w.cd[0], CD_PARTID, 0x21);
	change(w.cd[0], CD_PMG, 2);
	change(w.cd[1], CD_PARTID, 0x1e);
	change(w.cd[1], CD_PMG, 3);
	for (unsigned i = 0; i < 8; i++)
		*word_at(&w, VMS_AT + 8 * i) = UINT64_C(0x0023002200210020) +
					       UINT64_C(0x0004000400040004) * i;
	w.txn = (struct smmu3_txn){ .bytes = 4, .sid = SID, .sec_sid = (uint8_t)pas };
	return w;
}

static inline void drop(struct mpam_world *w)
{
	smmu3_destroy(w->smmu);
	free(w->ram);
}

static inline uint64_t page0(const struct mpam_world *w)
{
	static const uint64_t pages[] = { 0, 0x8000, 0x40000 };

	return pages[w->pas];
}

static inline void mmio(struct mpam_world *w, uint64_t offset, unsigned size, uint64_t value)
{
	ck_assert_int_eq(smmu3_mmio_write(w->smmu, w->pas, page0(w) + offset, size, value), 0);
}

static inline uint64_t mmio_read(struct mpam_world *w, uint64_t offset)
{
	uint64_t value;

	ck_assert_int_eq(smmu3_mmio_read(w->smmu, w->pas, page0(w) + offset, 4, &value), 0);
	return value;
}

static inline void put_structures(struct mpam_world *w)
{
	memcpy(word_at(w, STE_AT), w->ste, sizeof(w->ste));
	memcpy(word_at(w, CDS_AT), w->cd[0], sizeof(w->cd[0]));
	memcpy(word_at(w, CDS_AT + 64), w->cd[1], sizeof(w->cd[1]));
}

/* An SMMU as the test has it by now. */
static inline void open_world(struct mpam_world *w)
{
	const struct smmu3_host host = {
		.size = sizeof(host), .context = w, .read = mpam_read, .write = mpam_write
	};
	struct smmu3_error error;

	put_structures(w);
	smmu3_destroy(w->smmu);
	w->smmu = smmu3_create(&w->config, &host, &error);
	ck_assert_msg(w->smmu != NULL, "%s", error.text);
	cached_made(&w->config);
	w->commands = 0;
	if (w->pas == R) /* ACCESSEN */
		ck_assert_int_eq(smmu3_mmio_write(w->smmu, SMMU3_PAS_ROOT, 0xa0020, 4, 1), 0);
	mmio(w, GMPAM, 4, w->gmpam | UPDATE);
	mmio(w, GBPMPAM, 4, w->gbpmpam | UPDATE);
	mmio(w, 0x2c, 4, 2 | w->cr2);      /* CR2.RECINVSID */
	mmio(w, 0x28, 4, 0xf75);           /* CR1: Write-Back, Inner Shareable */
	mmio(w, 0x80, 8, RAM_BASE);        /* STRTAB_BASE */
	mmio(w, 0x88, 4, 6);               /* STRTAB_BASE_CFG: linear, 64 entries */
	mmio(w, 0x90, 8, COMMANDS_AT | 6); /* CMDQ_BASE: 64 entries */
	mmio(w, 0xa0, 8, EVENTS_AT | 5);   /* EVENTQ_BASE: 32 entries */
	mmio(w, CR0, 4, w->cr0);
	w->seen_count = 0;
}

/* One command, and a CMD_SYNC. */
static inline void command(struct mpam_world *w, uint64_t low, uint64_t high)
{
	const uint64_t words[4] = { low, high, 0x46, 0 };

	for (unsigned i = 0; i < 4; i++)
		*word_at(w, COMMANDS_AT + 16 * (w->commands % 64) + 8 * i) = words[i];
	w->commands += 2;
	mmio(w, 0x98, 4, w->commands); /* CMDQ_PROD */
	ck_assert_uint_eq(mmio_read(w, 0x9c), w->commands);
}

/* One access of an SMMU that is open, with what it keeps. */
static inline enum smmu3_verdict ask_open(struct mpam_world *w, uint64_t address, unsigned flags)
{
	struct smmu3_txn txn = w->txn;

	w->seen_count = 0;
	memset(&w->out, 0xa5, sizeof(w->out));
	txn.addr = address;
	txn.flags = (uint16_t)(txn.flags | flags);
	smmu3_translate(w->smmu, &txn, &w->out);
	return (enum smmu3_verdict)w->out.verdict;
}

/* What it leaves with. */
static inline void expect_label(const struct mpam_world *w, unsigned partid, unsigned pmg,
				unsigned space)
{
	ck_assert_msg(w->out.verdict == SMMU3_OK, "%s", smmu3_why(w->out.why)->name);
	ck_assert_uint_eq(w->out.mpam.partid, partid);
	ck_assert_uint_eq(w->out.mpam.pmg, pmg);
	ck_assert_uint_eq(w->out.mpam.space, space);
}

/* One access, of an SMMU that keeps nothing of others; and some more, of what it keeps by now. What
 * has been seen is of the first. */
static inline void expect_labels(struct mpam_world *w, uint64_t address, unsigned flags,
				 unsigned partid, unsigned pmg, unsigned space)
{
	struct smmu3_mem_access seen[SEEN_MAX];

	open_world(w);
	ask_open(w, address, flags);
	expect_label(w, partid, pmg, space);
	const unsigned count = w->seen_count;

	memcpy(seen, w->seen, sizeof(seen));
	for (unsigned i = 0; i < 5; i++) {
		ask_open(w, address, flags);
		expect_label(w, partid, pmg, space);
	}
	memcpy(w->seen, seen, sizeof(seen));
	w->seen_count = count;
}

/* All accesses for this reason, of which there are some. */
static inline void expect_fetches(const struct mpam_world *w, enum smmu3_reason reason,
				  unsigned partid, unsigned pmg, unsigned space)
{
	unsigned count = 0;

	for (unsigned i = 0; i < w->seen_count; i++) {
		if (w->seen[i].reason != reason)
			continue;
		ck_assert_uint_eq(w->seen[i].mpam.partid, partid);
		ck_assert_uint_eq(w->seen[i].mpam.pmg, pmg);
		ck_assert_uint_eq(w->seen[i].mpam.space, space);
		count++;
	}
	ck_assert_uint_gt(count, 0);
}

static inline unsigned count_of(const struct mpam_world *w, enum smmu3_reason reason)
{
	unsigned count = 0;

	for (unsigned i = 0; i < w->seen_count; i++)
		count += w->seen[i].reason == reason;
	return count;
}

#endif
