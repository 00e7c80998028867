/* SPDX-License-Identifier: MIT */
#include "xlate/gate.h"

#include <string.h>

void gate_publish(struct gate_cell *cell, const struct gate *gate)
{
	const unsigned number = atomic_load_explicit(&cell->published, memory_order_relaxed) + 1;
	uint64_t word[GATE_WORDS] = { 0 };

	memcpy(word, gate, sizeof(*gate));
	for (unsigned i = 0; i < GATE_WORDS; i++)
		atomic_store_explicit(&cell->slot[number % 2][i], word[i], memory_order_release);
	atomic_store_explicit(&cell->published, number, memory_order_release);
}

/* Its first words. */
ALWAYS_INLINE void load(const struct gate_cell *cell, unsigned words, void *gate, size_t bytes)
{
	uint64_t word[GATE_WORDS];
	unsigned number;

	do {
		number = atomic_load_explicit(&cell->published, memory_order_acquire);
		for (unsigned i = 0; i < words; i++)
			word[i] = atomic_load_explicit(&cell->slot[number % 2][i],
						       memory_order_acquire);
	} while (number != atomic_load_explicit(&cell->published, memory_order_relaxed));
	memcpy(gate, word, bytes);
}

void gate_load(const struct gate_cell *cell, struct gate *gate)
{
	load(cell, GATE_WORDS_BEFORE_DPT, gate, offsetof(struct gate, dpt));
}

void gate_load_with_dpt(const struct gate_cell *cell, struct gate *gate)
{
	load(cell, GATE_WORDS, gate, sizeof(*gate));
}
