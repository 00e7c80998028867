/* SPDX-License-Identifier: MIT */
/* Virtual Machine Structure, 5.6.  4096 bytes, of which all but the PARTID_MAP are reserved. */
#ifndef SMMU_ARCH_VMS_H
#define SMMU_ARCH_VMS_H

#include "arch/field.h"

#include <stdint.h>

enum { VMS_PARTIDS = 32, VMS_MAP_WORDS = 8 };

/* PARTID_MAP: the physical PARTID of each virtual one. */
#define VMS_PARTID(n) FIELD(16 * (n) + 15, 16 * (n))

/* The part of it that says something. */
struct vms_map {
	uint64_t word[VMS_MAP_WORDS];
};

/* The PARTID that a virtual one stands for, of which the low 5 bits count.  5.4 PARTID */
static inline uint16_t vms_partid(const struct vms_map *map, uint64_t virtual_partid)
{
	const int index = (int)(virtual_partid % VMS_PARTIDS);

	return (uint16_t)field_value(map->word, VMS_PARTID(index));
}

#endif
