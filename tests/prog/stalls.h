/* SPDX-License-Identifier: MIT */
/* Streams whose faults stall, and what software and the host see of it.  3.12.2, 4.7, 5.5 */
#ifndef TESTS_PROG_STALLS_H
#define TESTS_PROG_STALLS_H

#include "driver.h"

/* STE.Config, 5.2 */
enum { S1_ONLY = 5, S2_ONLY = 6, NESTED = 7 };

/* Fields of single bits: of words 1 and 2 of the STE, of word 0 of the CD. */
#define S1STALLD (UINT64_C(1) << 27)
#define S2S (UINT64_C(1) << 57)
#define S2R (UINT64_C(1) << 58)
#define CD_S (UINT64_C(1) << 44)
#define CD_R (UINT64_C(1) << 45)
#define CD_A (UINT64_C(1) << 46)

/* Descriptors of VMSAv8-64, D8.3: Normal memory that everybody may read and write. */
#define BLOCK1 UINT64_C(0xf41)
#define BLOCK2 UINT64_C(0x7fd)

/* Word 1 of a record, 7.3.13 */
#define STALL (UINT64_C(1) << 31)
#define PNU (UINT64_C(1) << 33)
#define IND (UINT64_C(1) << 34)
#define RNW (UINT64_C(1) << 35)
#define OF_S2 (UINT64_C(1) << 39)
#define CLASS(n) ((uint64_t)(n) << 40)

/* Events, 7.3 */
enum { F_TRANSLATION = 0x10, F_ADDR_SIZE, F_ACCESS, F_PERMISSION };

/* The address that an access has, and where it goes once its translation is mended. */
#define INPUT UINT64_C(0x1000)
#define OUTPUT (RAM_AT + INPUT)

/* Where the structures of a stream stand: CD, level 2 table of stage 1, level 1 table of stage 2 */
#define AREA(sid) (RAM_AT + 0x200000 + 0x10000 * (uint64_t)(sid))
#define CD_AT(sid) AREA(sid)
#define TABLE1_AT(sid) (AREA(sid) + 0x1000)
#define TABLE2_AT(sid) (AREA(sid) + 0x2000)

/* A machine with both fault models and room for `most` stalls, to be changed before it is started.
 * Stream 1 has stage 1, stream 2 stage 2, streams 3 and 4 stage 1 likewise, stream 5 both. All
 * stall, and the translation of INPUT faults: at stage 2 where there is one, stage 1 otherwise. */
struct machine *stalling(unsigned most);
struct machine *started_stalling(unsigned most);
/* Makes a stream as above, in another place of the table. */
void make_stream(struct machine *m, uint32_t sid, unsigned config);
/* Words of its structures, and the descriptors that INPUT uses. */
uint64_t *ste(struct machine *m, uint32_t sid, unsigned word);
uint64_t *cd(struct machine *m, uint32_t sid, unsigned word);
uint64_t *slot1(struct machine *m, uint32_t sid);
uint64_t *slot2(struct machine *m, uint32_t sid);
/* Lets INPUT go to OUTPUT. */
void mend(struct machine *m, uint32_t sid);

/* A read of INPUT. */
struct smmu3_outcome ask(struct machine *m, uint32_t sid, uint64_t cookie, unsigned flags);
/* One that stalls; its STAG. */
uint16_t stall(struct machine *m, uint32_t sid, uint64_t cookie);
/* One that goes to OUTPUT. */
void pass(struct machine *m, uint32_t sid);

/* CMD_RESUME, with Ac and Ab, and CMD_STALL_TERM.  4.7.1, 4.7.2 */
enum { RETRY = 1 << 12, ABORT = 1 << 13, RAZ_WI = 0 };
struct command resume(uint32_t sid, uint16_t stag, uint32_t action);
struct command stall_term(uint32_t sid);

/* The n-th end since, which must be there: whose, and how. */
const struct smmu3_stall *end_of(const struct machine *m, unsigned n);
void expect_end(const struct machine *m, unsigned n, uint64_t cookie, enum smmu3_stall_end end);
/* Likewise, and of a stream of which state. */
void expect_end_of(const struct machine *m, unsigned n, enum smmu3_pas sec_sid, uint64_t cookie,
		   enum smmu3_stall_end end);

/* A record where it stands, and the parts of one of a stall. */
void expect_record(struct machine *m, uint32_t index, const uint64_t words[4]);
uint16_t stag_of(struct machine *m, uint32_t index);
uint32_t sid_of(struct machine *m, uint32_t index);

#endif
