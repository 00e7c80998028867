/* SPDX-License-Identifier: MIT */
#include "cached.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* How many SMMUs were made that keep something; shared with the processes of tests. */
static unsigned *made;

static uint32_t places(void)
{
	const char *text = getenv("SMMU_TEST_CACHES");

	return text ? (uint32_t)strtoul(text, NULL, 10) : 0;
}

bool cached_pass(void)
{
	return places() != 0;
}

struct smmu3_caches caches_of_pass(void)
{
	const uint32_t each = places();

	return (struct smmu3_caches){ each, each, each, each, each,
				      each, each, 0,    each, each ? 4 : 0 };
}

void without_caches(struct smmu3_config *config, const char *why)
{
	if (cached_pass())
		(void)printf("without caches: %s\n", why);
	config->caches = (struct smmu3_caches){ 0 };
}

/* ---- Maintenance ---- */

/* 6.2.1 */
enum {
	IDR3 = 0x0c,
	CR0 = 0x20,
	CMDQ_BASE = 0x90,
	CMDQ_PROD = 0x98,
	CMDQ_CONS = 0x9c,
	CMDQEN = 8,
	DPT = 1 << 15
};

static uint64_t get(struct smmu3 *smmu, uint64_t offset, unsigned size)
{
	uint64_t value;

	if (smmu3_mmio_read(smmu, SMMU3_PAS_NS, offset, size, &value))
		abort();
	return value;
}

static void set(struct smmu3 *smmu, uint64_t offset, unsigned size, uint64_t value)
{
	if (smmu3_mmio_write(smmu, SMMU3_PAS_NS, offset, size, value))
		abort();
}

/* A Command queue, with both of its indices.  6.3.26 */
static void use_queue(struct smmu3 *smmu, uint64_t base, uint64_t indices)
{
	const uint64_t cr0 = get(smmu, CR0, 4);

	set(smmu, CR0, 4, cr0 & ~(uint64_t)CMDQEN);
	set(smmu, CMDQ_BASE, 8, base);
	set(smmu, CMDQ_PROD, 8, indices);
}

void maintain_smmu(struct smmu3 *smmu, uint64_t queue_at, uint64_t *queue)
{
	static const uint64_t commands[] = { 0x70, 0, 0x04, 31, 0x30, 0, 0x46, 0 };
	if (!cached_pass())
		return;
	const uint64_t cr0 = get(smmu, CR0, 4), base = get(smmu, CMDQ_BASE, 8);
	const uint64_t indices = get(smmu, CMDQ_PROD, 8);
	const uint64_t first = get(smmu, IDR3, 4) & DPT ? 0 : 1;

	memcpy(queue, commands, sizeof(commands));
	use_queue(smmu, queue_at | 2, first << 32 | first);
	set(smmu, CR0, 4, cr0 | CMDQEN);
	set(smmu, CMDQ_PROD, 4, 4);
	if (get(smmu, CMDQ_CONS, 4) != 4)
		abort();
	use_queue(smmu, base, indices);
	set(smmu, CR0, 4, cr0);
}

/* ---- That there are caches ---- */

void cached_begin(void)
{
	made = mmap(NULL, sizeof(*made), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (made == MAP_FAILED)
		abort();
}

void cached_made(const struct smmu3_config *config)
{
	if (made && config->caches.tlb)
		__atomic_fetch_add(made, 1, __ATOMIC_RELAXED);
}

bool cached_end(void)
{
	if (!cached_pass() || *made)
		return true;
	(void)fprintf(stderr, "SMMU_TEST_CACHES: no SMMU with caches was made\n");
	return false;
}
