/* SPDX-License-Identifier: MIT */
/* What a firewall leaves of what masters reach. */
#include "platform/audit.h"

#include <stdlib.h>

enum {
	READS = SMMU3_PERM_UR | SMMU3_PERM_UX | SMMU3_PERM_PR | SMMU3_PERM_PX,
	WRITES = SMMU3_PERM_UW | SMMU3_PERM_PW,
};

static uint8_t denied(const struct firewall *firewall, const struct firewall_access *access,
		      unsigned perm)
{
	const unsigned granted = firewall_grants(firewall, access);

	return (uint8_t)(perm & ((granted & FIREWALL_READ ? 0u : READS) |
				 (granted & FIREWALL_WRITE ? 0u : WRITES)));
}

struct smmu3_audit_range audit_guard(const struct firewall *firewall,
				     const struct firewall_who *who,
				     const struct smmu3_reach *reach)
{
	struct smmu3_audit_range range = { .reach = *reach };
	struct firewall_access access = {
		.pa = reach->pa, .bytes = 1, .pas = reach->pas, .who = *who
	};

	if (!firewall)
		return range;
	const uint64_t next = firewall_next(firewall, reach->pas, reach->pa);

	if (next - reach->pa < reach->size)
		range.reach.size = next - reach->pa;
	range.denied = denied(firewall, &access, reach->perm);
	range.reach.perm = (uint8_t)(reach->perm & ~range.denied);
	access.wants = (range.denied & READS ? FIREWALL_READ : 0u) |
		       (range.denied & WRITES ? FIREWALL_WRITE : 0u);
	if (range.denied)
		range.region = firewall_judge(firewall, &access).region;
	return range;
}

/* ---- Streams that lists tell apart ---- */

static int in_order(const void *a, const void *b)
{
	const struct audit_edge *const x = a, *const y = b;

	if (x->smmu != y->smmu)
		return x->smmu < y->smmu ? -1 : 1;
	if (x->sec_sid != y->sec_sid)
		return x->sec_sid < y->sec_sid ? -1 : 1;
	return (x->sid > y->sid) - (x->sid < y->sid);
}

static void add_edge(struct smmu3_audit *audit, const struct firewall_ids *ids, uint64_t sid)
{
	struct audit_edge *const edge = audit_add(&audit->edges);

	if (edge)
		*edge = (struct audit_edge){ ids->from.unit, ids->from.sec_sid, sid };
}

static void learn_ids(struct smmu3_audit *audit, const struct firewall_ids *ids, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (ids[i].from.kind != FIREWALL_STREAM)
			continue;
		add_edge(audit, &ids[i], ids[i].from.sid);
		add_edge(audit, &ids[i], (uint64_t)ids[i].from.sid + ids[i].count);
	}
}

static void learn_region(struct smmu3_audit *audit, const struct firewall_region *region)
{
	learn_ids(audit, region->reads, region->readers);
	learn_ids(audit, region->writes, region->writers);
}

void audit_learn_edges(struct smmu3_audit *audit, const struct firewall *firewall)
{
	for (size_t i = 0; firewall && i < firewall->count; i++)
		learn_region(audit, &firewall->region[i]);
	if (firewall)
		learn_region(audit, &firewall->fallback);
	if (audit->edges.count)
		qsort(audit->edges.item, audit->edges.count, sizeof(struct audit_edge), in_order);
}

bool audit_is_edge(const struct smmu3_audit *audit, const struct audit_edge *edge)
{
	return audit->edges.count &&
	       bsearch(edge, audit->edges.item, audit->edges.count, sizeof(*edge), in_order);
}
