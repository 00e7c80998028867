/* SPDX-License-Identifier: MIT */
/* The rule of the firewall: everything in the arguments, the answer in the result. */
#include "platform/firewall.h"

/* ---- Who ---- */

/* Unsigned arithmetic: a StreamID below the first wraps, and is beyond the count. */
static bool is_among(const struct firewall_ids *ids, const struct firewall_who *who)
{
	const struct firewall_who *const from = &ids->from;

	if (from->kind != who->kind || from->unit != who->unit)
		return false;
	return who->kind != FIREWALL_STREAM ||
	       (from->sec_sid == who->sec_sid && who->sid - from->sid < ids->count);
}

static bool is_listed(const struct firewall_ids *ids, size_t count, const struct firewall_who *who)
{
	for (size_t i = 0; i < count; i++) {
		if (is_among(&ids[i], who))
			return true;
	}
	return false;
}

/* ---- Regions ---- */

static unsigned region_grants(const struct firewall_region *region, unsigned pas,
			      const struct firewall_who *who)
{
	if (pas >= FIREWALL_SPACES)
		return 0;
	if (pas != SMMU3_PAS_NS || !region->listed)
		return region->perm[pas];
	return (is_listed(region->reads, region->readers, who) ? FIREWALL_READ : 0u) |
	       (is_listed(region->writes, region->writers, who) ? FIREWALL_WRITE : 0u);
}

/* The last that has the address; where they do not overlap it is the only one. */
static const struct firewall_region *region_at(const struct firewall *firewall, uint64_t pa)
{
	for (size_t i = firewall->count; i > 0; i--) {
		const struct firewall_region *const region = &firewall->region[i - 1];

		if (pa >= region->base && pa <= region->last)
			return region;
	}
	return &firewall->fallback;
}

/* The lesser of next and an edge, where the edge is above pa. */
static uint64_t nearer(uint64_t next, uint64_t edge, uint64_t pa)
{
	return edge > pa && edge < next ? edge : next;
}

/* An edge behind the last address of all does not matter: it wraps to 0. */
static uint64_t next_region(const struct firewall *firewall, uint64_t pa)
{
	uint64_t next = UINT64_MAX;

	for (size_t i = 0; i < firewall->count; i++) {
		next = nearer(next, firewall->region[i].base, pa);
		next = nearer(next, firewall->region[i].last + 1, pa);
	}
	return next;
}

/* ---- Strict PA spaces ---- */

/* The memory that has an address in another PA space, and so denies this one: a name for it. */
static const char *memory_elsewhere(const struct memory *memory, unsigned pas, uint64_t pa)
{
	for (unsigned other = 0; other < FIREWALL_SPACES; other++) {
		const struct region *const region = other != pas ? memory_find(memory, other, pa) :
								   NULL;

		if (region && region->name)
			return region->name;
	}
	return FIREWALL_DEFAULT;
}

/* Pages of an image have no name. */
static struct firewall_verdict judge_memory_at(const struct memory *memory, unsigned pas,
					       uint64_t pa)
{
	const struct region *const region = memory_find(memory, pas, pa);

	if (!region)
		return (struct firewall_verdict){ false, memory_elsewhere(memory, pas, pa) };
	return (struct firewall_verdict){ true, region->name ? region->name : FIREWALL_DEFAULT };
}

/* Where there is none the next byte need not be asked for. */
static uint64_t next_memory(const struct memory *memory, unsigned pas, uint64_t pa)
{
	const struct region *const region = memory_find(memory, pas, pa);

	return region ? region->base + region->size : UINT64_MAX;
}

/* ---- The whole ---- */

static struct firewall_verdict judge_at(const struct firewall *firewall,
					const struct firewall_access *access, uint64_t pa)
{
	const struct firewall_region *region;

	if (firewall->mode == FIREWALL_STRICT)
		return judge_memory_at(firewall->memory, access->pas, pa);
	region = region_at(firewall, pa);
	return (struct firewall_verdict){
		!(access->wants & ~region_grants(region, access->pas, &access->who)), region->name
	};
}

unsigned firewall_grants(const struct firewall *firewall, const struct firewall_access *access)
{
	struct firewall_access asked = *access;
	unsigned granted = 0;

	for (asked.wants = FIREWALL_READ; asked.wants <= FIREWALL_WRITE; asked.wants <<= 1)
		granted |= judge_at(firewall, &asked, access->pa).allowed ? asked.wants : 0;
	return granted;
}

uint64_t firewall_next(const struct firewall *firewall, unsigned pas, uint64_t pa)
{
	return firewall->mode == FIREWALL_STRICT ? next_memory(firewall->memory, pas, pa) :
						   next_region(firewall, pa);
}

struct firewall_verdict firewall_judge(const struct firewall *firewall,
				       const struct firewall_access *access)
{
	const uint64_t room = UINT64_MAX - access->pa;
	const uint64_t more = access->bytes ? access->bytes - 1 : 0;
	const uint64_t last = access->pa + (more < room ? more : room);
	const struct firewall_verdict first = judge_at(firewall, access, access->pa);
	struct firewall_verdict verdict = first;
	uint64_t pa = access->pa;

	while (verdict.allowed && (pa = firewall_next(firewall, access->pas, pa)) <= last &&
	       pa != UINT64_MAX)
		verdict = judge_at(firewall, access, pa);
	return verdict.allowed ? first : verdict;
}
