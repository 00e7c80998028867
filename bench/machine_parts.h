/* SPDX-License-Identifier: MIT */
/* What a machine is put together from; machine.c does it. */
#ifndef SMMU_BENCH_MACHINE_PARTS_H
#define SMMU_BENCH_MACHINE_PARTS_H

#include "machine.h"

#include <smmu/tables.h>

#define MACHINE_RAM_BYTES (UINT64_C(1) << 28)

/* Tables come from the machine's RAM. */
struct smmu3_builder machine_builder(struct machine *machine);

/* By its name. */
int machine_write(struct machine *machine, const char *name, unsigned size, uint64_t value);

/* log2 of the pages that the shape maps. */
unsigned machine_page_lg2(const struct shape *shape);

/* Where the tables put page `index` of a stream: an IPA of stage 1, a PA of stage 2. */
uint64_t machine_ipa(const struct machine *machine, uint32_t stream, uint32_t index);
uint64_t machine_pa(const struct machine *machine, uint32_t stream, uint32_t index);

/* Streams with all their tables.  0, or a negative code. */
int machine_build_streams(struct machine *machine, struct smmu3_stream_table_shape *streams);

/* SMMUv3.2 with ATS and a Device Permission Table, which is built once there is an SMMU. */
void machine_give_dpt(struct smmu3_config *config);
int machine_build_dpt(struct machine *machine);

/* A Root interface, and what it is to say. */
void machine_give_root(struct smmu3_config *config);
int machine_open_root(struct machine *machine);

#endif
