/* SPDX-License-Identifier: MIT */
#include "mem/mischief.h"

#include <stdlib.h>
#include <string.h>

enum { REASONS = SMMU3_REASON_GPT + 1 };

bool mischief_legal(const struct smmu3_mem_rule *rule)
{
	return rule->mischief <= SMMU3_MISCHIEF_LOSE && !(rule->reasons >> REASONS) &&
	       (!rule->bytes || rule->bytes - 1 <= UINT64_MAX - rule->addr);
}

struct mischief *mischief_begin(struct mem *mem)
{
	struct mischief *const mischief = calloc(1, sizeof(*mischief));

	if (!mischief)
		return NULL;
	if (pthread_mutex_init(&mischief->lock, NULL)) {
		free(mischief);
		return NULL;
	}
	mischief->behind = *mem;
	memset(mem->ram, 0, sizeof(mem->ram));
	mem->mischief = mischief;
	return mischief;
}

void mischief_end(struct mem *mem)
{
	struct mischief *const mischief = mem->mischief;

	if (!mischief)
		return;
	*mem = mischief->behind;
	pthread_mutex_destroy(&mischief->lock);
	free(mischief);
}

bool mischief_add(struct mischief *mischief, const struct smmu3_mem_rule *rule)
{
	if (mischief->rules == SMMU3_MEM_RULES)
		return false;
	mischief->rule[mischief->rules++] = (struct mischief_rule){ .rule = *rule };
	return true;
}

uint64_t mischief_met(struct mischief *mischief, size_t rule)
{
	pthread_mutex_lock(&mischief->lock);
	const uint64_t met = rule < mischief->rules ? mischief->rule[rule].met : 0;

	pthread_mutex_unlock(&mischief->lock);
	return met;
}

/* ---- Judging ---- */

struct asked {
	uint64_t addr;
	unsigned bytes;
	enum smmu3_reason reason;
	bool swaps;
};

static bool is_about(const struct smmu3_mem_rule *rule, const struct asked *asked)
{
	if (rule->reasons && !bit(rule->reasons, asked->reason))
		return false;
	if (rule->mischief == SMMU3_MISCHIEF_LOSE && !asked->swaps)
		return false;
	return !rule->bytes || (asked->addr <= rule->addr + (rule->bytes - 1) &&
				rule->addr <= asked->addr + (asked->bytes - 1));
}

/* The n-th of them, from 1. */
static bool means(const struct mischief_rule *of, uint64_t n)
{
	const struct smmu3_mem_rule *const rule = &of->rule;
	const uint64_t first = rule->first ? rule->first : 1;

	if (n < first || (rule->times && of->met >= rule->times))
		return false;
	return rule->every ? !((n - first) % rule->every) : n == first;
}

enum fate { GOES_ON, FAILS, LOSES };

static enum fate judge(struct mischief *mischief, const struct asked *asked)
{
	enum fate fate = GOES_ON;

	pthread_mutex_lock(&mischief->lock);
	for (size_t i = 0; i < mischief->rules; i++) {
		struct mischief_rule *const of = &mischief->rule[i];

		if (!is_about(&of->rule, asked) || !means(of, ++of->seen))
			continue;
		of->met++;
		if (fate == GOES_ON)
			fate = of->rule.mischief == SMMU3_MISCHIEF_LOSE ? LOSES : FAILS;
	}
	pthread_mutex_unlock(&mischief->lock);
	return fate;
}

static enum fate fate_of(struct mischief *mischief, const struct mem_read *at, unsigned bytes,
			 bool swaps)
{
	const struct asked asked = { at->at.addr, bytes, at->reason, swaps };

	return judge(mischief, &asked);
}

/* ---- Accesses ---- */

bool mischief_read(struct mischief *mischief, const struct mem_read *read, uint64_t *word,
		   unsigned words)
{
	return fate_of(mischief, read, words * (unsigned)sizeof(*word), false) == GOES_ON &&
	       mem_read(&mischief->behind, read, word, words);
}

bool mischief_write(struct mischief *mischief, const struct mem_read *write, const void *data,
		    unsigned bytes)
{
	return fate_of(mischief, write, bytes, false) == GOES_ON &&
	       mem_write(&mischief->behind, write, data, bytes);
}

static enum mem_swapped end_of(enum fate fate)
{
	return fate == LOSES ? SWAP_LOST : SWAP_ABORTED;
}

enum mem_swapped mischief_swap(struct mischief *mischief, const struct mem_read *at,
			       uint64_t expected, uint64_t desired)
{
	const enum fate fate = fate_of(mischief, at, sizeof(expected), true);

	return fate == GOES_ON ? mem_swap(&mischief->behind, at, expected, desired) : end_of(fate);
}

bool mischief_read_pair(struct mischief *mischief, const struct mem_read *read, uint64_t *word)
{
	return fate_of(mischief, read, 2 * sizeof(*word), false) == GOES_ON &&
	       mem_read_pair(&mischief->behind, read, word);
}

enum mem_swapped mischief_swap_pair(struct mischief *mischief, const struct mem_read *at,
				    const uint64_t *expected, const uint64_t *desired)
{
	const enum fate fate = fate_of(mischief, at, 2 * sizeof(*expected), true);

	return fate == GOES_ON ? mem_swap_pair(&mischief->behind, at, expected, desired) :
				 end_of(fate);
}
