/* SPDX-License-Identifier: MIT */
/*
 * What models of an SMMUv3 got wrong, asked of a whole machine: registers, queues, structures and
 * tables in memory, accesses.  docs/mistakes.md lists the mistakes by their numbers.
 *
 * A test runs with caches of each of these sizes.  Each access is made twice, so that the second
 * meets what the first has left there.
 */
#ifndef TESTS_MISTAKES_MISTAKES_H
#define TESTS_MISTAKES_MISTAKES_H

#include "prog/keeping.h"
#include "prog/run.h"

#include <check.h>

/* No caches; hardly any; more than a test fills. */
enum { SIZES = 3 };
extern const uint32_t places_of[SIZES];

/* Events, 7.3 */
enum {
	C_BAD_STREAMID = 0x02,
	F_STE_FETCH = 0x03,
	C_BAD_STE = 0x04,
	F_TRANSL_FORBIDDEN = 0x07,
	F_CD_FETCH = 0x09,
	C_BAD_CD = 0x0a,
	F_WALK_EABT = 0x0b,
	F_TRANSLATION = 0x10,
	F_ADDR_SIZE = 0x11,
	F_ACCESS = 0x12,
	F_PERMISSION = 0x13,
};

/* Bits 127:64 of a record, 7.3.13 */
#define RECORD_PNU (UINT64_C(1) << (97 - 64))
#define RECORD_IND (UINT64_C(1) << (98 - 64))
#define RECORD_RNW (UINT64_C(1) << (99 - 64))
#define RECORD_S2 (UINT64_C(1) << (103 - 64))
#define RECORD_TTRNW (UINT64_C(1) << (108 - 64))
#define CLASS_CD (UINT64_C(0) << (104 - 64))
#define CLASS_TT (UINT64_C(1) << (104 - 64))
#define CLASS_IN (UINT64_C(2) << (104 - 64))

/* Accesses of four bytes. */
struct smmu3_txn read_of(uint32_t sid, uint64_t address);
struct smmu3_txn write_of(uint32_t sid, uint64_t address);

/* It goes to pa. */
void goes(struct machine *m, struct smmu3_txn txn, uint64_t pa);
/* It is aborted, and these words are the one record that the driver finds in the Event queue and
 * takes out of it.  7.3 */
void faults(struct machine *m, struct smmu3_txn txn, const uint64_t record[4]);
#define FAULTS(m, txn, ...) faults(m, txn, (const uint64_t[4]){ __VA_ARGS__ })
/* It is aborted, and nothing is recorded. */
void ends_silently(struct machine *m, struct smmu3_txn txn);

/* Word 0 of a record without a SubstreamID. */
uint64_t event_of(unsigned event, uint32_t sid);

/* Tables of one stage by granule and size of input, each level's at a place of its own. */
struct tables {
	uint64_t base; /* aligned to 64KB; level n is at base + n * 64KB */
	unsigned granule_lg2, bits;
	int start;
};

/* The descriptor of an input at a level. */
uint64_t descriptor_at(const struct tables *tables, int level, uint64_t input);
/* Table descriptors from the start down to a level, whose own is for the caller. */
void lead_to(struct machine *m, const struct tables *tables, int level, uint64_t input);

#endif
