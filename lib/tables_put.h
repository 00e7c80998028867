/* SPDX-License-Identifier: MIT */
/* Putting values into fields of structures that are being built. */
#ifndef SMMU_TABLES_PUT_H
#define SMMU_TABLES_PUT_H

#include "arch/field.h"

/* An address into a field, its bits where they stand; bits outside the field are dropped. */
static inline void put_address(uint64_t *word, int field, uint64_t address)
{
	uint64_t *const at = &word[field_lsb(field) / 64];

	*at = (*at & ~field_mask(field)) | (address & field_mask(field));
}

/* A value, its bit 0 the field's lowest; what does not fit is dropped. */
static inline void put(uint64_t *word, int field, uint64_t value)
{
	put_address(word, field, value << field_lsb(field) % 64);
}

#endif
