/* SPDX-License-Identifier: MIT */
/* The bytes that a fuzzer gives, taken from the front.  What they lack stays as it was: an empty
 * input is the machine, or the text, of the defaults. */
#ifndef SMMU_TEST_FUZZ_BYTES_H
#define SMMU_TEST_FUZZ_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	const uint8_t *at;
	size_t left;
};

/* The entry of every target, which libFuzzer calls. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void take(struct bytes *bytes, void *to, size_t size)
{
	const size_t here = size < bytes->left ? size : bytes->left;

	if (!here)
		return;
	memcpy(to, bytes->at, here);
	bytes->at += here;
	bytes->left -= here;
}

static inline uint64_t take64(struct bytes *bytes)
{
	uint64_t value = 0;

	take(bytes, &value, sizeof(value));
	return value;
}

static inline uint32_t take32(struct bytes *bytes)
{
	uint32_t value = 0;

	take(bytes, &value, sizeof(value));
	return value;
}

static inline uint8_t take8(struct bytes *bytes)
{
	uint8_t value = 0;

	take(bytes, &value, sizeof(value));
	return value;
}

#endif
