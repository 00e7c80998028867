/* SPDX-License-Identifier: MIT */
/* A machine with a performance monitor group, and streams to be counted.  Chapter 10 */
#ifndef TESTS_PROG_MONITORED_H
#define TESTS_PROG_MONITORED_H

#include "keeping.h"

/* Pages at 0xb0000 and 0xc0000; offsets of 10.5.1. */
enum {
	P0 = 0xb0000,
	P1 = 0xc0000,
	EVTYPER0 = P0 + 0x400,
	SMR0 = P0 + 0xa00,
	CNTENSET = P0 + 0xc00,
	CNTENCLR = P0 + 0xc20,
	INTENSET = P0 + 0xc40,
	INTENCLR = P0 + 0xc60,
	OVSCLR = P1 + 0xc80,
	OVSSET = P1 + 0xcc0,
	CAPR = P1 + 0xd88,
	CFGR = P0 + 0xe00,
	PMCR = P0 + 0xe04,
	CEID0 = P0 + 0xe20,
	CEID1 = P0 + 0xe28,
	PM_IRQ_CTRL = P0 + 0xe50,
	PM_IRQ_CTRLACK = P0 + 0xe54,
	PM_IRQ_CFG0 = P0 + 0xe58,
	PM_IRQ_CFG1 = P0 + 0xe60,
	PM_IRQ_CFG2 = P0 + 0xe64,
	PM_IRQ_STATUS = P0 + 0xe68,
};

/* CFGR: eight counters of 32 bits, of 64; RELOC_CTRS 20, MSI 21, CAPTURE 22, SID_FILTER_TYPE 23 */
#define EIGHT_32 (7u | 31u << 8 | 1u << 20 | 1u << 22)
#define EIGHT_64 (7u | 63u << 8 | 1u << 20 | 1u << 22)
#define WITH_MSI (1u << 21)
#define CAPTURES (1u << 22)
#define ONE_FILTER (1u << 23)

#define SPAN (1u << 29)
#define OVFCAP (1u << 31)
#define ALL_STREAMS UINT32_MAX

/* The spaces of its streams: of stage 1, of stage 2; each has 8 pages. */
extern const struct space one, two;

/* Starts a machine of keeping() with a group of this CFGR; makes one with this many places in its
 * caches, and starts it. */
void start_monitored(struct machine *m, uint32_t cfgr);
struct machine *monitored(uint32_t cfgr, uint32_t places);

/* Counter n, of 32 bits: 4 bytes apart. */
uint32_t counter(struct machine *m, unsigned n);

/* Sets counter n up, and the group going. */
void set_up(struct machine *m, unsigned n, uint32_t evtyper, uint32_t smr);

#endif
