/* SPDX-License-Identifier: MIT */
/*
 * What an invalidation costs by itself, without its way through a queue: as CPUs broadcast it, of
 * translations that are there, among 1K and among 64K of them.  Before each sample what it removes
 * is translated again.
 */
#include "workloads.h"

enum { STREAMS = 256 };

static const struct shape few = { "1K", 12, 0, 48, 1, 4, 0, 0, 0, 0 };
static const struct shape many = { "64K", 12, 0, 48, 1, 256, 0, 0, 0, 0 };
static const struct shape few_nested = { "1K nested", 12, 12, 44, 1, 4, 0, 0, 0, 0 };
static const struct shape many_nested = { "64K nested", 12, 12, 44, 1, 256, 0, 0, 0, 0 };
static const struct fleet fleet = { STREAMS, 0, 1, &workload_large_caches };

static uint64_t page_of(const struct bed *bed, uint32_t index)
{
	return machine_input(bed->machine->shape, index);
}

static uint16_t vmid_of(const struct bed *bed, uint32_t stream)
{
	return bed->machine->shape->s2_granule_lg2 ? (uint16_t)(stream + 1) : 0;
}

/* ---- Scopes, by number ---- */

static void invalidate(struct bed *bed, struct smmu3_invalidation scope)
{
	scope.sec_sid = SMMU3_PAS_NS;
	scope.worlds = SMMU3_WORLD_EL1;
	scope.vmids = 1;
	(void)smmu3_broadcast_tlbi(bed->machine->smmu, &scope);
}

static void by_va(struct bed *bed, uint32_t stream)
{
	invalidate(bed, (struct smmu3_invalidation){ .kind = SMMU3_INVALIDATES_STAGE1,
						     .asid = (uint16_t)(stream + 1),
						     .vmid = vmid_of(bed, stream),
						     .addr = page_of(bed, 0),
						     .bytes = 0x1000 });
}

static void by_asid(struct bed *bed, uint32_t stream)
{
	invalidate(bed, (struct smmu3_invalidation){ .kind = SMMU3_INVALIDATES_STAGE1,
						     .asid = (uint16_t)(stream + 1),
						     .vmid = vmid_of(bed, stream) });
}

static void by_vmid(struct bed *bed, uint32_t stream)
{
	invalidate(bed, (struct smmu3_invalidation){ .kind = SMMU3_INVALIDATES_STAGES,
						     .any_asid = 1,
						     .vmid = vmid_of(bed, stream) });
}

static void of_all(struct bed *bed, uint32_t stream)
{
	(void)stream;
	invalidate(bed, (struct smmu3_invalidation){
				.kind = SMMU3_INVALIDATES_STAGES, .any_asid = 1, .any_vmid = 1 });
}

/* ---- Samples ---- */

ALWAYS_INLINE uint64_t repeat(struct bed *bed, unsigned times,
			      void (*one)(struct bed *bed, uint32_t stream))
{
	for (unsigned i = 0; i < times; i++)
		one(bed, i % STREAMS);
	return 0;
}

#define REPEAT(name, one)                                     \
	static uint64_t name(struct bed *bed, unsigned times) \
	{                                                     \
		return repeat(bed, times, one);               \
	}

REPEAT(vas, by_va)
REPEAT(asids, by_asid)
REPEAT(vmids, by_vmid)
REPEAT(alls, of_all)

static bool reached(struct bed *bed, uint32_t stream, uint32_t index)
{
	const struct smmu3_txn txn = { .addr = page_of(bed, index),
				       .bytes = 64,
				       .sid = MACHINE_SID + stream };
	struct smmu3_outcome outcome;

	return smmu3_translate(bed->machine->smmu, &txn, &outcome) == SMMU3_OK;
}

static void translate_first(struct bed *bed, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		(void)reached(bed, i % STREAMS, 0);
}

/* In an order in which places of a cache are taken as by any traffic. */
static void translate_all(struct bed *bed, unsigned times)
{
	(void)times;
	for (uint32_t index = 0; index < bed->machine->shape->pages; index++)
		for (uint32_t stream = 0; stream < STREAMS; stream++)
			(void)reached(bed, stream, index);
}

/* What is kept answers although it is no longer mapped, until it is invalidated; then no more. */
static bool removes(struct bed *bed)
{
	uint64_t *leaf = machine_leaf(bed->machine, 0, 0);
	const bool mapped = reached(bed, 0, 0);

	*leaf ^= 1;
	const bool kept = reached(bed, 0, 0);

	(void)bed->row->run(bed, 1);
	const bool gone = !reached(bed, 0, 0);

	*leaf ^= 1;
	(void)machine_take_events(bed->machine);
	return mapped && kept && gone && reached(bed, 0, 0);
}

/* ---- Rows ---- */

static const struct row rows[] = {
	{ "tlbi_va/1K", &few, &fleet, vas, NULL, translate_first, STREAMS, NULL, NULL, removes },
	{ "tlbi_va/64K", &many, &fleet, vas, NULL, translate_first, STREAMS, NULL, NULL, removes },
	{ "tlbi_asid/1K", &few, &fleet, asids, NULL, translate_all, STREAMS, NULL, NULL, removes },
	{ "tlbi_asid/64K", &many, &fleet, asids, NULL, translate_all, STREAMS, NULL, NULL,
	  removes },
	{ "tlbi_vmid/1K", &few_nested, &fleet, vmids, NULL, translate_all, STREAMS, NULL, NULL,
	  removes },
	{ "tlbi_vmid/64K", &many_nested, &fleet, vmids, NULL, translate_all, STREAMS, NULL, NULL,
	  removes },
	{ "tlbi_all/1K", &few, &fleet, alls, NULL, translate_all, STREAMS, NULL, NULL, removes },
	{ "tlbi_all/64K", &many, &fleet, alls, NULL, translate_all, STREAMS, NULL, NULL, removes },
};

struct rows tlbi_rows(void)
{
	return ROWS(rows);
}
