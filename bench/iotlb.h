/* SPDX-License-Identifier: MIT */
/*
 * A translation as emulators do it, to compare with: what a StreamID means is looked up in a table;
 * then, under a mutex, a hash table of 256 entries is asked for each level that a translation might
 * be of; where it has none the tables are walked, and when it is full it is emptied.  Granules of
 * 4KB and four levels of each stage.  It asks no callback for memory, checks no permission, makes
 * no attributes and records nothing: less than an emulator must do.
 */
#ifndef SMMU_BENCH_IOTLB_H
#define SMMU_BENCH_IOTLB_H

#include "machine.h"

struct iotlb;

/* For the streams of a machine, as they stand in its memory.  NULL: out of memory. */
struct iotlb *iotlb_create(const struct machine *machine);
void iotlb_free(struct iotlb *iotlb);

/* Where an address goes; 0: nowhere.  Any thread. */
uint64_t iotlb_translate(struct iotlb *iotlb, uint32_t sid, uint64_t addr);

#endif
