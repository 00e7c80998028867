/* SPDX-License-Identifier: MIT */
/*
 * What an invalidation costs by itself, without its way through a queue: as CPUs broadcast it, of
 * translations that are there, among 1K and among 64K of them.  Before each sample what it removes
 * is translated again; each of many streams is invalidated once, so that what the processor has
 * lost of the library meanwhile counts little.  Rows of ports know 64 of the streams; after each
 * invalidation they are asked for a page of another one, so that they hear of it.
 */
#include "side.h"

enum { STREAMS = 1024, INVALIDATED = STREAMS - 1, KNOWN = 63 };

static const struct shape few = { "1K", 12, 0, 48, 1, 1, 0, 0, 0, 0 };
static const struct shape many = { "64K", 12, 0, 48, 1, 64, 0, 0, 0, 0 };
static const struct shape few_nested = { "1K nested", 12, 12, 44, 1, 1, 0, 0, 0, 0 };
static const struct shape many_nested = { "64K nested", 12, 12, 44, 1, 64, 0, 0, 0, 0 };
static const struct fleet fleet = { STREAMS, 0, 1, &workload_large_caches };

static uint64_t page_of(const struct bed *bed, uint32_t index)
{
	return machine_input(bed->machine->shape, index);
}

static uint16_t vmid_of(const struct bed *bed, uint32_t stream)
{
	return bed->machine->shape->s2_granule_lg2 ? (uint16_t)stream : 0;
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
						     .asid = (uint16_t)stream,
						     .vmid = vmid_of(bed, stream),
						     .addr = page_of(bed, 0),
						     .bytes = 0x1000 });
}

static void by_asid(struct bed *bed, uint32_t stream)
{
	invalidate(bed, (struct smmu3_invalidation){ .kind = SMMU3_INVALIDATES_STAGE1,
						     .asid = (uint16_t)stream,
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
		one(bed, i % INVALIDATED);
	return 0;
}

/* The last stream is never the one that is invalidated, but where all are. */
static void ask_last(struct bed *bed, uint32_t stream)
{
	const struct smmu3_txn txn = { .addr = page_of(bed, 0),
				       .bytes = 64,
				       .sid = MACHINE_SID + INVALIDATED };
	struct smmu3_outcome outcome;

	(void)stream;
	(void)smmu3_port_translate(bed->side->port, &txn, &outcome);
}

#define HEARD(name, one)                                   \
	static void name(struct bed *bed, uint32_t stream) \
	{                                                  \
		one(bed, stream);                          \
		ask_last(bed, stream);                     \
	}

HEARD(va_heard, by_va)
HEARD(asid_heard, by_asid)
HEARD(vmid_heard, by_vmid)
HEARD(all_heard, of_all)

#define REPEAT(name, one)                                     \
	static uint64_t name(struct bed *bed, unsigned times) \
	{                                                     \
		return repeat(bed, times, one);               \
	}

REPEAT(vas, by_va)
REPEAT(asids, by_asid)
REPEAT(vmids, by_vmid)
REPEAT(alls, of_all)
REPEAT(nones, ask_last)
REPEAT(vas_heard, va_heard)
REPEAT(asids_heard, asid_heard)
REPEAT(vmids_heard, vmid_heard)
REPEAT(alls_heard, all_heard)

static bool reached(struct bed *bed, uint32_t stream, uint32_t index)
{
	const struct smmu3_txn txn = { .addr = page_of(bed, index),
				       .bytes = 64,
				       .sid = MACHINE_SID + stream };
	struct smmu3_outcome outcome;

	return smmu3_translate(bed->machine->smmu, &txn, &outcome) == SMMU3_OK;
}

/* A port meets streams by being asked. */
static void know(struct bed *bed)
{
	struct smmu3_outcome outcome;

	if (!bed->side)
		return;
	for (uint32_t stream = 0; stream < KNOWN; stream++) {
		const struct smmu3_txn txn = { .addr = page_of(bed, 0),
					       .bytes = 64,
					       .sid = MACHINE_SID + stream };

		(void)smmu3_port_translate(bed->side->port, &txn, &outcome);
	}
	ask_last(bed, 0);
}

static void translate_first(struct bed *bed, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		(void)reached(bed, i % STREAMS, 0);
	know(bed);
}

/* In an order in which places of a cache are taken as by any traffic. */
static void translate_all(struct bed *bed, unsigned times)
{
	(void)times;
	for (uint32_t index = 0; index < bed->machine->shape->pages; index++)
		for (uint32_t stream = 0; stream < STREAMS; stream++)
			(void)reached(bed, stream, index);
	know(bed);
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

/* The same call, and the SMMU does not listen. */
static bool stop_listening(struct bed *bed)
{
	enum { CR0 = 0x20, CR2 = 0x2c, PTM = 4, ENABLED = 0xd };
	struct smmu3 *smmu = bed->machine->smmu;

	(void)smmu3_mmio_write(smmu, SMMU3_PAS_NS, CR0, 4, 0);
	(void)smmu3_mmio_write(smmu, SMMU3_PAS_NS, CR2, 4, PTM);
	(void)smmu3_mmio_write(smmu, SMMU3_PAS_NS, CR0, 4, ENABLED);
	return true;
}

/* ---- Rows ---- */

#define ALONE(name, shape, run, prepare)                                                   \
	{                                                                                  \
		name, &shape, &fleet, run, NULL, prepare, INVALIDATED, NULL, NULL, removes \
	}
#define HEARD_BY_PORT(name, shape, run, prepare, good)                                             \
	{                                                                                          \
		name, &shape, &fleet, run, NULL, prepare, INVALIDATED, side_open, side_close, good \
	}

static const struct row rows[] = {
	ALONE("tlbi_va/1K", few, vas, translate_first),
	ALONE("tlbi_va/64K", many, vas, translate_first),
	HEARD_BY_PORT("tlbi_va/64K/port", many, vas_heard, translate_first, removes),
	ALONE("tlbi_asid/1K", few, asids, translate_all),
	ALONE("tlbi_asid/64K", many, asids, translate_all),
	HEARD_BY_PORT("tlbi_asid/64K/port", many, asids_heard, translate_all, removes),
	ALONE("tlbi_vmid/1K", few_nested, vmids, translate_all),
	ALONE("tlbi_vmid/64K", many_nested, vmids, translate_all),
	HEARD_BY_PORT("tlbi_vmid/64K/port", many_nested, vmids_heard, translate_all, removes),
	ALONE("tlbi_all/1K", few, alls, translate_all),
	ALONE("tlbi_all/64K", many, alls, translate_all),
	HEARD_BY_PORT("tlbi_all/64K/port", many, alls_heard, translate_all, removes),
	{ "tlbi_unheard", &many, &fleet, asids, NULL, translate_first, INVALIDATED, stop_listening,
	  NULL, NULL },
	HEARD_BY_PORT("tlbi_none/64K/port", many, nones, translate_first, NULL),
};

struct rows tlbi_rows(void)
{
	return ROWS(rows);
}
