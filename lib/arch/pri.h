/* SPDX-License-Identifier: MIT */
/* PRI queue entries, page requests of devices, chapter 8: two words, numbers here, little-endian
 * in the queue. */
#ifndef SMMU_ARCH_PRI_H
#define SMMU_ARCH_PRI_H

#include "arch/field.h"

enum {
	PRI_BYTES = 16,
};

struct pri {
	uint64_t word[2];
};

enum pri_field {
	PRI_STREAMID = FIELD(31, 0),
	PRI_SUBSTREAMID = FIELD(51, 32),
	PRI_PRIV = BIT_FIELD(58),
	PRI_X = BIT_FIELD(59),
	PRI_R = BIT_FIELD(60),
	PRI_W = BIT_FIELD(61),
	PRI_LAST = BIT_FIELD(62),      /* last request of its group */
	PRI_SSV = BIT_FIELD(63),       /* SubstreamID is valid */
	PRI_PRGINDEX = FIELD(72, 64),  /* group, to be named in CMD_PRI_RESP */
	PRI_PAGEADDR = FIELD(127, 76), /* an address */
};

/* The value of a field, at bit 0. */
static inline uint64_t pri_get(const struct pri *pri, enum pri_field field)
{
	return field_value(pri->word, (int)field);
}

/* An address field, its bits where they stand. */
static inline uint64_t pri_address(const struct pri *pri, enum pri_field field)
{
	return field_in_place(pri->word, (int)field);
}

/* Puts value, whose bit 0 is the field's lowest, into a field; what does not fit is dropped. */
static inline void pri_put(struct pri *pri, enum pri_field field, uint64_t value)
{
	const uint64_t mask = field_mask((int)field);
	uint64_t *word = &pri->word[field_lsb((int)field) / 64];

	*word = (*word & ~mask) | (value << field_lsb((int)field) % 64 & mask);
}

#endif
