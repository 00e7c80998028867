/* SPDX-License-Identifier: MIT */
#include "shrink.h"

#include <string.h>

/* ---- Scenes ---- */

static void add_word(struct scene *scene, const struct memory *memory, uint64_t addr)
{
	uint64_t value;

	for (unsigned i = 0; i < scene->words; i++)
		if (scene->word[i].addr == addr)
			return;
	if (scene->words < SCENE_WORDS && memory_read(memory, addr, &value))
		scene->word[scene->words++] = (struct scene_word){ addr, value };
}

static void add_poisoned(struct scene *scene, const struct memory *memory, uint64_t addr)
{
	if (memory_poisoned(memory, addr) && scene->poisoned_lines < SCENE_POISONED)
		scene->poisoned[scene->poisoned_lines++] = addr;
}

static void add_fetches(struct scene *scene, const struct fetches *fetches)
{
	for (unsigned i = 0; i < fetches->count && i < DUEL_FETCHES; i++) {
		add_poisoned(scene, fetches->memory, fetches->access[i].pa);
		for (unsigned j = 0; j < fetches->access[i].bytes; j += 8)
			add_word(scene, fetches->memory, fetches->access[i].pa + j);
	}
}

void scene_of(struct scene *scene, const struct setup *setup, const struct smmu3_txn *txn,
	      const struct duel *duel)
{
	scene->setup = *setup;
	scene->txn = *txn;
	scene->stalls = duel->machine.stalls;
	scene->words = 0;
	scene->poisoned_lines = 0;
	add_fetches(scene, &duel->library);
	add_fetches(scene, &duel->obvious);
}

struct smmu3_txn scene_before(const struct scene *scene, unsigned number)
{
	struct smmu3_txn txn = scene->txn;

	txn.flags &= (uint16_t)~SMMU3_TXN_PROBE;
	txn.cookie = cookie_of_left(number);
	return txn;
}

static const char *run_all(const struct scene *scene, struct duel *duel)
{
	const char *difference = NULL;

	for (unsigned i = 0; i < scene->stalls && !difference; i++) {
		const struct smmu3_txn txn = scene_before(scene, i);

		difference = duel_run(duel, &txn);
	}
	return difference ? difference : duel_run(duel, &scene->txn);
}

const char *scene_run(const struct scene *scene, struct memory *memory, struct duel **duel)
{
	memory_clear(memory, 0, scene->setup.window_lg2);
	for (unsigned i = 0; i < scene->words; i++)
		memory_write(memory, scene->word[i].addr, scene->word[i].value);
	for (unsigned i = 0; i < scene->poisoned_lines; i++)
		memory_poison(memory, scene->poisoned[i]);
	*duel = duel_open(&scene->setup, memory, NULL);
	return *duel ? run_all(scene, *duel) : NULL;
}

/* ---- Making them smaller ---- */

struct shrinking {
	struct scene *scene;
	struct memory *memory;
	char difference[32];
	bool progress;
};

static bool still_differs(struct shrinking *shrinking)
{
	struct duel *duel;
	const char *difference = scene_run(shrinking->scene, shrinking->memory, &duel);
	const bool same = difference && !strcmp(difference, shrinking->difference);

	duel_close(duel);
	return same;
}

static void shrink_number64(struct shrinking *shrinking, uint64_t *value)
{
	const uint64_t before = *value;

	if (!before)
		return;
	*value = 0;
	if (still_differs(shrinking)) {
		shrinking->progress = true;
		return;
	}
	*value = before;
	for (unsigned i = 64; i-- > 0;) {
		const uint64_t with = *value;

		if (!(with >> i & 1))
			continue;
		*value = with & ~(UINT64_C(1) << i);
		if (still_differs(shrinking))
			shrinking->progress = true;
		else
			*value = with;
	}
}

static void shrink_number32(struct shrinking *shrinking, uint32_t *value)
{
	for (unsigned i = 32; i-- > 0;) {
		const uint32_t with = *value;

		if (!(with >> i & 1))
			continue;
		*value = with & ~(UINT32_C(1) << i);
		if (still_differs(shrinking))
			shrinking->progress = true;
		else
			*value = with;
	}
}

static void drop_words(struct shrinking *shrinking)
{
	struct scene *scene = shrinking->scene;

	for (unsigned i = scene->words; i-- > 0;) {
		const struct scene_word dropped = scene->word[i];

		scene->word[i] = scene->word[--scene->words];
		if (still_differs(shrinking)) {
			shrinking->progress = true;
			continue;
		}
		scene->word[scene->words++] = scene->word[i];
		scene->word[i] = dropped;
	}
}

static void shrink_txn(struct shrinking *shrinking)
{
	struct smmu3_txn *txn = &shrinking->scene->txn;
	uint64_t bytes = txn->bytes;

	shrink_number64(shrinking, &txn->addr);
	shrink_number64(shrinking, &txn->cookie);
	shrink_number32(shrinking, &txn->ssid);
	shrink_number32(shrinking, &txn->sid);
	txn->bytes = 1;
	if (bytes != 1 && !still_differs(shrinking))
		txn->bytes = bytes;
	for (unsigned i = 0; i < 16; i++) {
		const uint16_t flags = txn->flags;

		txn->flags = (uint16_t)(flags & ~(1u << i));
		if (!still_differs(shrinking))
			txn->flags = flags;
	}
}

static void shrink_stalls(struct shrinking *shrinking)
{
	struct scene *scene = shrinking->scene;

	while (scene->stalls) {
		scene->stalls--;
		if (still_differs(shrinking))
			continue;
		scene->stalls++;
		return;
	}
}

static void shrink_setup(struct shrinking *shrinking)
{
	struct setup *setup = &shrinking->scene->setup;

	for (unsigned state = 0; state < STATES; state++) {
		struct registers *of = &setup->of[state];

		shrink_number32(shrinking, &of->cr1);
		shrink_number32(shrinking, &of->cr2);
		shrink_number64(shrinking, &of->s2pii);
		shrink_number64(shrinking, &of->strtab_base);
		shrink_number32(shrinking, &of->strtab_base_cfg);
		shrink_number32(shrinking, &of->gbpa);
		shrink_number32(shrinking, &of->gmpam);
		shrink_number32(shrinking, &of->gbpmpam);
	}
	for (unsigned i = 0; i < 6; i++)
		shrink_number32(shrinking, &setup->config.idr[i]);
	shrink_number32(shrinking, &setup->config.mpamidr);
}

void scene_shrink(struct scene *scene, struct memory *memory)
{
	struct shrinking shrinking = { .scene = scene, .memory = memory };
	struct duel *duel;
	const char *difference = scene_run(scene, memory, &duel);

	duel_close(duel);
	if (!difference) /* it needs more than was fetched: leave it whole */
		return;
	(void)strncpy(shrinking.difference, difference, sizeof(shrinking.difference) - 1);
	for (unsigned round = 0; round < 8; round++) {
		shrinking.progress = false;
		drop_words(&shrinking);
		shrink_stalls(&shrinking);
		shrink_txn(&shrinking);
		for (unsigned i = 0; i < scene->words; i++)
			shrink_number64(&shrinking, &scene->word[i].value);
		shrink_setup(&shrinking);
		if (!shrinking.progress)
			break;
	}
}
