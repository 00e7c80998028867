/* SPDX-License-Identifier: MIT */
/*
 * A machine with a Device Permission Table, and endpoints whose ATCs have PAs: SMMUv3.2 with stage
 * 2 alone, since two stages of v3.2 need Hyp.  The table is of 36 bits, 1GB a level 0
 * descriptor.  3.24
 */
#ifndef TESTS_PROG_PERMITTED_H
#define TESTS_PROG_PERMITTED_H

#include "streams.h"

enum { DPT_BASE = 0x200, DPT_BASE_CFG = 0x208, DPT_CFG_FAR = 0x210 };
enum { DPT_WALK_EN = 1 << 10, DPT_ERR = 1 << 10 }; /* CR0, GERROR */
enum { F_TRANSL_FORBIDDEN = 0x07 };
#define ALL_CHECKED (CMDQEN | EVENTQEN | SMMUEN | ATSCHK | DPT_WALK_EN)

#define LEVEL0_AT (RAM_AT + 0x400000)
#define LEVEL1_AT (RAM_AT + 0x500000) /* of GB 1: 2^17 descriptors of two pages, 1MB */
#define GB1 GB
#define CFG_OF(ps, gs, l0) ((uint32_t)(ps) | (uint32_t)(gs) << 14 | (uint32_t)(l0) << 20)

/* Descriptors.  3.24.3.1 */
#define GRANT_ANY UINT64_C(0x08) /* AC = 0b10 of a lower granule or a block */
#define GRANT_01(vmid) (UINT64_C(0x04) | (uint64_t)(vmid) << 16)
#define GRANT_VMID(vmid) ((uint64_t)(vmid) << 16)
#define GRANT_W UINT64_C(0x10)
#define UPPER(grant) ((uint64_t)(grant) << 32)
#define CONTIGUOUS(n) ((uint64_t)(n) << 8)

/* The endpoint of StreamID 1: VMID 3, stage 2 of blocks, EATS 0b11, DPT_VMATCH 0. */
struct machine *dpt_machine(void);
/* Likewise with stage 1 alone. */
struct machine *dpt_machine_of_stage1(void);
void put_endpoint(struct machine *m, uint32_t sid, uint16_t vmid, unsigned vmatch);
/* Opens it, with no access in level 0 but a Table at LEVEL1_AT for the second GB; and starts it. */
void open_dpt_machine(struct machine *m);
void start_dpt_machine(struct machine *m);
struct machine *dpt_started(void);

void put_level0(struct machine *m, unsigned gb, uint64_t descriptor);
/* The descriptor for two pages of the second GB. */
void put_level1(struct machine *m, unsigned pair, uint64_t descriptor);

/* A Translated transaction of StreamID 1. */
struct smmu3_outcome translated(struct machine *m, uint64_t addr, unsigned flags);
struct smmu3_outcome translated_by(struct machine *m, uint32_t sid, uint64_t addr, unsigned flags);

/* It passes; it is refused, with a record; with such a DPT_CFG_FAR, or 0. */
void expect_passes(struct machine *m, uint64_t addr, unsigned flags);
void expect_forbidden(struct machine *m, uint64_t addr, unsigned flags, uint64_t far);

struct command dpti_all(void);
struct command dpti_pa(uint64_t addr, unsigned size, unsigned leaf);

#endif
