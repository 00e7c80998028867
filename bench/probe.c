/* SPDX-License-Identifier: MIT */
#include "probe.h"

static uint64_t place_of(uint64_t key)
{
	return key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - PROBE_LG2);
}

void probe_put(struct probe *probe, uint64_t key, uint64_t value)
{
	probe->entry[place_of(key)] = (struct probe_entry){ key, value };
}

uint64_t probe_find(const struct probe *probe, uint64_t key)
{
	const struct probe_entry *entry = &probe->entry[place_of(key)];

	return entry->key == key ? entry->value : 0;
}

uint64_t nothing_found(const struct probe *probe, uint64_t key)
{
	(void)probe;
	(void)key;
	return 0;
}

unsigned nothing_translated(void *who, const void *what, void *outcome)
{
	(void)who;
	(void)what;
	(void)outcome;
	return 0;
}

struct nothing nothing_hit(const void *who, uint64_t what, uint64_t addr, uint32_t how)
{
	(void)who;
	(void)what;
	(void)addr;
	(void)how;
	return (struct nothing){ 0, 0 };
}

struct nothing nothing_hit_at(const void *who, uint64_t addr, unsigned flags)
{
	(void)who;
	(void)addr;
	(void)flags;
	return (struct nothing){ 0, 0 };
}
