/* SPDX-License-Identifier: MIT */
/* Numbers as people write them in configurations and traces. */
#ifndef SMMU_PLATFORM_NUMBER_H
#define SMMU_PLATFORM_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/* Decimal or 0x, then perhaps K, M, G or T (2^10 to 2^40).  Returns NULL, or what is wrong with it
 * in words that follow the text: "is no number: ...". */
const char *number_parse(const char *text, size_t length, uint64_t *value);

/* One or more digits of the base (10 or 16), nothing else.  Returns 0, or -1: no digit, another
 * character, beyond 64 bits. */
int number_digits(const char *text, size_t length, unsigned base, uint64_t *value);

#endif
