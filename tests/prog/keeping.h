/* SPDX-License-Identifier: MIT */
/*
 * A machine with caches, and spaces in its memory: 4KB granule, 39 bits, tables of levels 1 to 3
 * for each ASID and each VMID.  Pages go where they went first, HERE, until they are moved.
 */
#ifndef TESTS_PROG_KEEPING_H
#define TESTS_PROG_KEEPING_H

#include "streams.h"

#define PAGE(n) ((uint64_t)(n) << 12)
#define MB2 UINT64_C(0x200000)
#define HERE UINT64_C(0x10000000)
#define THERE UINT64_C(0x20000000)
#define NOWHERE UINT64_MAX /* a fault */

/* A stream of VMID and ASID, and its CD. */
struct space {
	uint32_t sid;
	unsigned config; /* STE.Config */
	uint16_t vmid, asid;
};

/* generic-3.1, not started; `places` in each cache. */
struct machine *keeping(uint32_t places);
void keep_at_most(struct machine *m, uint32_t places);

/* Tables of a stage, by level; stage 1's are those of an ASID in a VMID.  VMID and ASID are
 * below 8.
 */
uint64_t table1(const struct space *space, int level);
uint64_t table2(const struct space *space, int level);
uint64_t cd_at(const struct space *space, unsigned index);

/* Makes STE, CD and tables without a page; what stage 2 must map of tables it maps. */
void put_space(struct machine *m, const struct space *space);

/* A page of the first 2MB, of everybody's Normal memory: descriptors of level 3, nG in stage 1. */
#define NG (UINT64_C(1) << 11)
uint64_t s1_page(uint64_t output);
uint64_t s2_page(uint64_t output);
void put_s1(struct machine *m, const struct space *space, unsigned page, uint64_t descriptor);
void put_s2(struct machine *m, const struct space *space, unsigned page, uint64_t descriptor);

/* Where a read goes, or NOWHERE. */
uint64_t reached(struct machine *m, uint32_t sid, uint64_t address);
/* Likewise, without a trace in caches. */
uint64_t would_reach(struct machine *m, uint32_t sid, uint64_t address);
/* Any access. */
struct smmu3_outcome access_by(struct machine *m, uint32_t sid, uint64_t address, unsigned flags);

/* Commands.  4.3, 4.4 */
struct command cfgi_ste(uint32_t sid, unsigned leaf);
struct command cfgi_ste_range(uint32_t sid, unsigned range);
struct command cfgi_cd(uint32_t sid, uint32_t ssid, unsigned leaf);
struct command cfgi_cd_all(uint32_t sid);
struct command nh_all(uint16_t vmid);
struct command nh_asid(uint16_t vmid, uint16_t asid);
struct command nh_va(uint16_t vmid, uint16_t asid, uint64_t address, unsigned leaf);
struct command nh_vaa(uint16_t vmid, uint64_t address, unsigned leaf);
struct command s2_ipa(uint16_t vmid, uint64_t address, unsigned leaf);
struct command s12_vmall(uint16_t vmid);
/* A command by address, for (num + 1) * 2^scale pages of 4KB.  4.4.1.1 */
struct command ranged(struct command command, unsigned num, unsigned scale, unsigned ttl);

/* The command, and CMD_SYNC after it, both consumed. */
void finish(struct machine *m, struct command command);

#endif
