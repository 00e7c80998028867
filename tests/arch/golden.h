/* SPDX-License-Identifier: MIT */
/* Bytes as they stand in memory, worked out by hand, and what each field of them must read. */
#ifndef SMMU_TESTS_ARCH_GOLDEN_H
#define SMMU_TESTS_ARCH_GOLDEN_H

#include <smmu/decode.h>
#include <stddef.h>
#include <stdint.h>

struct golden {
	const char *field;
	uint64_t value; /* of an address field: the address */
};

/* Little-endian bytes as words: count is a multiple of 4, at most 64. */
void golden_words(uint64_t words[8], const uint8_t *bytes, size_t count);

/* Every field of the layout reads what expected says; a field that expected does not name reads
 * 0.  Then the bytes are built up again field by field. */
void golden_check(const struct smmu3_layout *layout, const uint8_t *bytes,
		  const struct golden *expected, size_t count);

/* The same for a structure by name, with its fields in braces. */
#define GOLDEN(name, bytes, ...)                                                        \
	golden_check(smmu3_layout(name), bytes, (const struct golden[]){ __VA_ARGS__ }, \
		     sizeof((const struct golden[]){ __VA_ARGS__ }) / sizeof(struct golden))

#endif
