/* SPDX-License-Identifier: MIT */
/*
 * Fields by the architecture's own bit numbers.
 *
 * A field is an enum constant FIELD(msb, lsb) whose numbers count from bit 0 of the structure, over
 * all its words; it never crosses a 64-bit word.  Each structure has its enum and its type of
 * words, so that a CD is not read with an STE's field.
 */
#ifndef SMMU_ARCH_FIELD_H
#define SMMU_ARCH_FIELD_H

#include "base/bits.h"

#define FIELD(msb, lsb) ((msb) << 9 | (lsb))
#define BIT_FIELD(n) FIELD(n, n)

ALWAYS_INLINE unsigned field_lsb(int field)
{
	return (unsigned)field & 0x1ff;
}

ALWAYS_INLINE unsigned field_msb(int field)
{
	return (unsigned)field >> 9;
}

/* The value of a field, at bit 0. */
ALWAYS_INLINE uint64_t field_value(const uint64_t *word, int field)
{
	return bits(word[field_lsb(field) / 64], field_msb(field) % 64, field_lsb(field) % 64);
}

/* The bits of a field where they stand in their word: what the architecture draws as "X[55:12]" is
 * an address in place. */
ALWAYS_INLINE uint64_t field_in_place(const uint64_t *word, int field)
{
	return field_value(word, field) << field_lsb(field) % 64;
}

/* The mask of a field in its own word. */
ALWAYS_INLINE uint64_t field_mask(int field)
{
	return low_bits(field_msb(field) - field_lsb(field) + 1) << field_lsb(field) % 64;
}

#endif
