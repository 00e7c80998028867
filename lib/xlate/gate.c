/* SPDX-License-Identifier: MIT */
#include "xlate/gate.h"

#include <string.h>

/* Of a cell: two slots of `size` words, one after the other. */
ALWAYS_INLINE void publish(atomic_uint *published, _Atomic uint64_t *slots, unsigned size,
			   const uint64_t *word)
{
	const unsigned number = atomic_load_explicit(published, memory_order_relaxed) + 1;
	_Atomic uint64_t *const slot = slots + number % 2 * size;

	for (unsigned i = 0; i < size; i++)
		atomic_store_explicit(&slot[i], word[i], memory_order_release);
	atomic_store_explicit(published, number, memory_order_release);
}

/* The first `words` of `size`. */
ALWAYS_INLINE void load(const atomic_uint *published, const _Atomic uint64_t *slots, unsigned size,
			unsigned words, uint64_t *word)
{
	unsigned number;

	do {
		number = atomic_load_explicit(published, memory_order_acquire);
		for (unsigned i = 0; i < words; i++)
			word[i] = atomic_load_explicit(&slots[number % 2 * size + i],
						       memory_order_acquire);
	} while (number != atomic_load_explicit(published, memory_order_relaxed));
}

void gate_publish(struct gate_cell *cell, const struct gate *gate)
{
	uint64_t word[GATE_WORDS] = { 0 };

	memcpy(word, gate, sizeof(*gate));
	publish(&cell->published, cell->slot[0], GATE_WORDS, word);
}

ALWAYS_INLINE void load_gate(const struct gate_cell *cell, unsigned words, void *gate, size_t bytes)
{
	uint64_t word[GATE_WORDS];

	load(&cell->published, cell->slot[0], GATE_WORDS, words, word);
	memcpy(gate, word, bytes);
}

void gate_load(const struct gate_cell *cell, struct gate *gate)
{
	load_gate(cell, GATE_WORDS_BEFORE_DPT, gate, offsetof(struct gate, dpt));
}

void gate_load_with_dpt(const struct gate_cell *cell, struct gate *gate)
{
	load_gate(cell, GATE_WORDS, gate, sizeof(*gate));
}

void gpc_publish(struct gpc_cell *cell, const struct gpc *gpc)
{
	uint64_t word[GPC_WORDS] = { 0 };

	memcpy(word, gpc, sizeof(*gpc));
	publish(&cell->published, cell->slot[0], GPC_WORDS, word);
}

void gpc_load(const struct gpc_cell *cell, struct gpc *gpc)
{
	uint64_t word[GPC_WORDS];

	load(&cell->published, cell->slot[0], GPC_WORDS, GPC_WORDS, word);
	memcpy(gpc, word, sizeof(*gpc));
}
