/* SPDX-License-Identifier: MIT */
/* Memory that knows the 64-bit words it was given, wherever they are; all others are 0.  A word
 * takes 64 bytes at most, however far apart they lie. */
#ifndef SMMU_SIM_RECALL_H
#define SMMU_SIM_RECALL_H

#include <stddef.h>
#include <stdint.h>

struct recall {
	struct recall_word *word; /* a hash table, half full at most */
	size_t room, count;
};

void recall_free(struct recall *recall);

/* A word as a number, at an address that is a multiple of 8. */
void recall_put(struct recall *recall, uint64_t pa, uint64_t value);
uint64_t recall_get(const struct recall *recall, uint64_t pa);

/* Bytes as they stand in memory; they pass no end of the address space. */
void recall_write(struct recall *recall, uint64_t pa, const void *data, size_t bytes);
void recall_read(const struct recall *recall, uint64_t pa, void *data, size_t bytes);

#endif
