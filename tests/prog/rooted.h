/* SPDX-License-Identifier: MIT */
/*
 * A machine with a Root programming interface and a granule protection table: what Root software
 * sees of an SMMU, beside the Non-secure software of driver.h.  SMMUv3.3; the table, high in what
 * the Root PA space has where the others have RAM, is of 36 bits, 1GB a level 0 entry, 4KB
 * granules; every GB may be accessed from everywhere but that of RAM, which has a table that says
 * the same of each granule.  3.25, D9.6
 */
#ifndef TESTS_PROG_ROOTED_H
#define TESTS_PROG_ROOTED_H

#include "streams.h"

/* Offsets of the Root registers, and where their page is.  6.2.6 */
#define ROOT_PAGE UINT64_C(0xa0000)
enum {
	ROOT_IDR0 = 0x00,
	ROOT_IIDR = 0x08,
	ROOT_CR0 = 0x20,
	ROOT_CR0ACK = 0x24,
	GPT_BASE = 0x28,
	GPT_BASE_CFG = 0x30,
	GPF_FAR = 0x38,
	GPT_CFG_FAR = 0x40,
	ROOT_TLBI = 0x50,
	ROOT_TLBI_CTRL = 0x58,
	GPT_BASE2 = 0x60,
	GPT_BASE_UPDATE = 0x68,
};

enum { ACCESSEN = 1, GPCEN = 2 };            /* ROOT_CR0 */
enum { HAS_ROOT = 1, BGPTM = 2, RGPTM = 4 }; /* ROOT_IDR0 */
#define RME_IMPL (1u << 30)                  /* IDR0 */
#define TLBI_ALL UINT64_C(1)

/* PPS 36 bits, Write-Back, Inner Shareable, 4KB granules */
#define GPT_CFG_OF_TESTS UINT64_C(0x3501)
#define GPT_AT (RAM_AT + 0x1c00000)
#define GRANULES_AT (GPT_AT + 0x20000)

/* GPIs, D9.6.1 */
enum { GPI_NONE = 0, GPI_S = 8, GPI_NS = 9, GPI_ROOT = 10, GPI_REALM = 11, GPI_ANY = 15 };

/* What a FAR says of whom: REASON and FAULTCODE.  6.3.116 */
#define FAR_TRANSLATION(code) (UINT64_C(3) | (uint64_t)(code) << 4)
#define FAR_GERROR(code) (UINT64_C(5) | (uint64_t)(code) << 4)
#define FAR_TRANSACTION UINT64_C(7)
#define FPAS_NS (UINT64_C(1) << 62)
#define CFG_ERR(n) ((uint64_t)(n) << 56)

/* Gives one the interface, to be changed before it is opened: RME_IMPL, both ways of
 * invalidating. */
void give_root(struct machine *m);
struct machine *rooted_machine(void);
/* Of one that is open: puts the table there; and lets accesses through, checked. */
void open_root(struct machine *m);
void start_root(struct machine *m);
/* Opens it, with both queues and the SMMU enabled, whose 8 streams have no legal STE. */
void start_rooted_machine(struct machine *m);
struct machine *rooted(void);

uint32_t root_reg(struct machine *m, uint64_t offset);
uint64_t root_reg64(struct machine *m, uint64_t offset);
void set_root(struct machine *m, uint64_t offset, uint32_t value);
void set_root64(struct machine *m, uint64_t offset, uint64_t value);
/* Enables, and waits for the acknowledgement. */
void update_root(struct machine *m, uint32_t value);
/* An invalidation by PA, and waits until it is done. */
void tlbi_by_pa(struct machine *m, uint64_t value);

/* Root memory. */
uint64_t *root_ram_at(struct machine *m, uint64_t address);

/* Says of a granule of RAM, or of another GB, who may access it; in memory alone, and so that it
 * counts. */
void put_gpi(struct machine *m, uint64_t address, unsigned gpi);
void set_gpi(struct machine *m, uint64_t address, unsigned gpi);

/* A level 0 entry. */
void put_gpt0(struct machine *m, unsigned gb, uint64_t entry);

/* GPF_FAR or GPT_CFG_FAR says this, and is cleared. */
void expect_told(struct machine *m, uint64_t far, uint64_t value);

/* Stream 1 has stage 1, stream 2 stage 2, stream 3 both, stream 4 bypasses: the GB of RAM goes to
 * itself. */
void make_streams(struct machine *m);

#endif
