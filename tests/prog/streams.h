/* SPDX-License-Identifier: MIT */
/*
 * Streams, contexts and tables in the memory of a machine, bit by bit from chapter 5 and
 * DDI 0487 D8.3: 4KB granule, 39 bits, so tables that start at level 1 with blocks of 1GB.
 */
#ifndef TESTS_PROG_STREAMS_H
#define TESTS_PROG_STREAMS_H

#include "driver.h"

#define GB UINT64_C(0x40000000)
#define NO_MEMORY UINT64_C(0x70000000) /* where accesses abort */

#define CDS_AT (RAM_AT + 0x20000)
#define S1_TABLE_AT (RAM_AT + 0x30000)
#define S2_TABLE_AT (RAM_AT + 0x40000)
#define L2_STREAMS_AT (RAM_AT + 0x200000) /* leaves of a two-level Stream table, 1MB */

struct ste {
	uint64_t word[8];
};

struct cd {
	uint64_t word[8];
};

/* STE.Config.  5.2 */
enum { ABORTS = 0, BYPASSES = 4, STAGE_1 = 5, STAGE_2 = 6, BOTH_STAGES = 7 };

/* STE fields, by word */
#define STE0_CONFIG(n) ((uint64_t)(n) << 1)
#define STE0_S1CDMAX(n) ((uint64_t)(n) << 59)
#define STE1_S1DSS(n) ((uint64_t)(n))
#define STE1_EATS(n) ((uint64_t)(n) << 28)
#define STE1_STRW(n) ((uint64_t)(n) << 30)
#define STE1_SHCFG_INCOMING (UINT64_C(1) << 44)
#define STE2_S2S (UINT64_C(1) << 57)
#define STE2_S2R (UINT64_C(1) << 58)

/* CD fields, by word.  5.4 */
#define CD0_EPD0 (UINT64_C(1) << 14)
#define CD0_V (UINT64_C(1) << 31)
#define CD0_IPS(n) ((uint64_t)(n) << 32)
#define CD0_R (UINT64_C(1) << 45)
#define CD0_A (UINT64_C(1) << 46)
#define CD0_ASID(n) ((uint64_t)(n) << 48)

/* A legal STE: stage 1 by the CD at cd, stage 2 by S2_TABLE_AT, VMID 3, outputs of 32 bits, S2R. */
struct ste ste_of(unsigned config, uint64_t cd);
/* A legal CD: the table at ttb0 for low addresses, none for high ones, outputs of 36 bits, A, R. */
struct cd cd_of(uint64_t ttb0);

void put_ste(struct machine *m, uint32_t sid, struct ste ste);
void put_cd(struct machine *m, uint64_t at, struct cd cd);

/* Descriptors of level 1 */
uint64_t s1_block(uint64_t output);
uint64_t s2_block(uint64_t output);
uint64_t to_table(uint64_t table);
#define TTD_AF (UINT64_C(1) << 10)
#define TTD_AP(n) ((uint64_t)(n) << 6) /* or S2AP */

/* The n-th descriptor of a table. */
void put_descriptor(struct machine *m, uint64_t table, unsigned n, uint64_t descriptor);

#endif
