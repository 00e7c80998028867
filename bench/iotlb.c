/* SPDX-License-Identifier: MIT */
#include "iotlb.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { LEVELS = 4, ENTRIES_MOST = 256, PLACES = 512, CONFIGS = 2048 };

#define ADDRESS_BITS UINT64_C(0x0000fffffffff000)

/* What a StreamID means. */
struct config {
	uint32_t sid;
	bool used;
	uint16_t asid, vmid;
	uint64_t stage1, stage2; /* roots; 0: there is no such stage */
};

struct key {
	uint64_t addr;
	uint16_t asid, vmid;
	uint8_t granule, level;
};

struct entry {
	struct key key;
	bool used;
	uint64_t output;
};

struct iotlb {
	pthread_mutex_t lock;
	const unsigned char *ram;
	unsigned used;
	struct entry entry[PLACES];
	struct config config[CONFIGS];
};

/* Jenkins' mix of three words. */
static uint32_t hash_of(const struct key *key)
{
	uint32_t a = (uint32_t)key->asid + key->vmid + key->granule + key->level;
	uint32_t b = (uint32_t)key->addr, c = (uint32_t)(key->addr >> 32);

	a = (a - b - c) ^ c >> 13;
	b = (b - c - a) ^ a << 8;
	c = (c - a - b) ^ b >> 13;
	a = (a - b - c) ^ c >> 12;
	b = (b - c - a) ^ a << 16;
	c = (c - a - b) ^ b >> 5;
	a = (a - b - c) ^ c >> 3;
	b = (b - c - a) ^ a << 10;
	return (c - a - b) ^ b >> 15;
}

static bool same(const struct key *a, const struct key *b)
{
	return a->addr == b->addr && a->asid == b->asid && a->vmid == b->vmid &&
	       a->granule == b->granule && a->level == b->level;
}

/* Where a key is, or would be: there are always places that are free. */
static struct entry *place_of(struct iotlb *iotlb, const struct key *key)
{
	uint32_t at = hash_of(key) % PLACES;

	while (iotlb->entry[at].used && !same(&iotlb->entry[at].key, key))
		at = (at + 1) % PLACES;
	return &iotlb->entry[at];
}

static unsigned shift_of(unsigned level)
{
	return 12 + 9 * (LEVELS - 1 - level);
}

static struct key key_of(const struct config *config, uint64_t addr, unsigned level)
{
	return (struct key){ .addr = addr >> shift_of(level) << shift_of(level),
			     .asid = config->asid,
			     .vmid = config->vmid,
			     .granule = 12,
			     .level = (uint8_t)level };
}

static const struct entry *find(struct iotlb *iotlb, const struct config *config, uint64_t addr)
{
	for (unsigned level = 0; level < LEVELS; level++) {
		const struct key key = key_of(config, addr, level);
		const struct entry *entry = place_of(iotlb, &key);

		if (entry->used)
			return entry;
	}
	return NULL;
}

static const struct entry *keep(struct iotlb *iotlb, const struct key *key, uint64_t output)
{
	if (iotlb->used == ENTRIES_MOST) {
		memset(iotlb->entry, 0, sizeof(iotlb->entry));
		iotlb->used = 0;
	}
	struct entry *entry = place_of(iotlb, key);

	*entry = (struct entry){ *key, true, output };
	iotlb->used++;
	return entry;
}

/* ---- Walks ---- */

/* What a walk ends at. */
struct leaf {
	uint64_t output; /* 0: there is none */
	unsigned level;
};

static uint64_t word_at(const struct iotlb *iotlb, uint64_t pa)
{
	uint64_t word;

	memcpy(&word, iotlb->ram + (pa - MACHINE_RAM), sizeof(word));
	return word;
}

static bool is_leaf(uint64_t descriptor, unsigned level)
{
	return level == LEVELS - 1 || !(descriptor & 2);
}

static struct leaf walk2(const struct iotlb *iotlb, uint64_t root, uint64_t ipa)
{
	uint64_t table = root;

	for (unsigned level = 0; level < LEVELS; level++) {
		const uint64_t index = ipa >> shift_of(level) & 0x1ff;
		const uint64_t descriptor = word_at(iotlb, table + 8 * index);

		if (!(descriptor & 1))
			break;
		if (is_leaf(descriptor, level))
			return (struct leaf){ descriptor & ADDRESS_BITS, level };
		table = descriptor & ADDRESS_BITS;
	}
	return (struct leaf){ 0, 0 };
}

static uint64_t within(unsigned level)
{
	return (UINT64_C(1) << shift_of(level)) - 1;
}

/* An address through stage 2, if there is one; 0: it goes nowhere. */
static uint64_t behind2(const struct iotlb *iotlb, const struct config *config, uint64_t ipa)
{
	if (!config->stage2)
		return ipa;
	const struct leaf leaf = walk2(iotlb, config->stage2, ipa);

	return leaf.output ? leaf.output | (ipa & within(leaf.level)) : 0;
}

static struct leaf walk(const struct iotlb *iotlb, const struct config *config, uint64_t addr)
{
	uint64_t table = config->stage1;

	for (unsigned level = 0; level < LEVELS; level++) {
		const uint64_t index = addr >> shift_of(level) & 0x1ff;
		const uint64_t pa = behind2(iotlb, config, table + 8 * index);
		const uint64_t descriptor = pa ? word_at(iotlb, pa) : 0;

		if (!(descriptor & 1))
			break;
		if (is_leaf(descriptor, level))
			return (struct leaf){ behind2(iotlb, config, descriptor & ADDRESS_BITS),
					      level };
		table = descriptor & ADDRESS_BITS;
	}
	return (struct leaf){ 0, 0 };
}

/* ---- Asking ---- */

static struct config *config_of(struct iotlb *iotlb, uint32_t sid)
{
	uint32_t at = sid * 2654435761u % CONFIGS;

	while (iotlb->config[at].used && iotlb->config[at].sid != sid)
		at = (at + 1) % CONFIGS;
	return &iotlb->config[at];
}

static const struct entry *look_up(struct iotlb *iotlb, const struct config *config, uint64_t addr)
{
	const struct entry *entry = find(iotlb, config, addr);

	if (entry)
		return entry;
	const struct leaf leaf = walk(iotlb, config, addr);
	const struct key key = key_of(config, addr, leaf.level);

	return leaf.output ? keep(iotlb, &key, leaf.output) : NULL;
}

uint64_t iotlb_translate(struct iotlb *iotlb, uint32_t sid, uint64_t addr)
{
	const struct config *config = config_of(iotlb, sid);

	if (!config->used)
		return 0;
	pthread_mutex_lock(&iotlb->lock);
	const struct entry *entry = look_up(iotlb, config, addr);
	const uint64_t pa = entry ? entry->output | (addr & within(entry->key.level)) : 0;

	pthread_mutex_unlock(&iotlb->lock);
	return pa;
}

struct iotlb *iotlb_create(const struct machine *machine)
{
	struct iotlb *iotlb = calloc(1, sizeof(*iotlb));

	if (!iotlb)
		return NULL;
	pthread_mutex_init(&iotlb->lock, NULL);
	iotlb->ram = machine->ram;
	for (uint32_t i = 0; i < machine->fleet->streams; i++) {
		const struct roots *root = &machine->root[i];

		*config_of(iotlb, MACHINE_SID + i) = (struct config){
			MACHINE_SID + i, true,        (uint16_t)i, (uint16_t)(root->stage2 ? i : 0),
			root->stage1,    root->stage2
		};
	}
	return iotlb;
}

void iotlb_free(struct iotlb *iotlb)
{
	if (!iotlb)
		return;
	pthread_mutex_destroy(&iotlb->lock);
	free(iotlb);
}
