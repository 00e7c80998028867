/* SPDX-License-Identifier: MIT */
/* Translations by smmu3_translate, with caches and without; the bare probe and the reference. */
#include "workloads.h"

#define CACHES(places)                                                                    \
	{                                                                                 \
		.l1stds = 64, .stes = 1024, .cds = 1024, .tlb = (places), .tables = 4096, \
		.micro = 256, .micro_streams = 64                                         \
	}

const struct smmu3_caches workload_caches = CACHES(8192);
const struct smmu3_caches workload_large_caches = CACHES(1 << 18);

const struct shape shape_a = { "a", 12, 0, 48, 1, 1, 0, 0, 0, 0 };
const struct shape shape_b = { "b", 12, 0, 48, 1, 64, 0, 0, 0, 0 };
const struct shape shape_b_nested = { "b nested", 12, 12, 44, 1, 64, 0, 0, 0, 0 };
const struct shape shape_c = { "c", 12, 0, 48, 1, 1 << 17, 0, 0, 0, 0 };
const struct shape shape_d = { "d", 12, 12, 44, 1, 1 << 17, 0, 0, 0, 0 };
const struct shape shape_e = { "e", 12, 0, 48, 1, 512, 0, 0, 0, 0 };

const struct fleet fleet_a = { 1, 0, 1, &workload_caches };
const struct fleet fleet_b = { 64, 0, 1, &workload_caches };
const struct fleet fleet_c = { 8, 0, 1, &workload_caches };
const struct fleet fleet_e = { 8, 64, 1, &workload_caches };
const struct fleet uncached_a = { 1, 0, 1, NULL };
const struct fleet uncached_b = { 64, 0, 1, NULL };
const struct fleet uncached_c = { 8, 0, 1, NULL };
const struct fleet uncached_e = { 8, 64, 1, NULL };

/* ---- Who is asked ---- */

ALWAYS_INLINE uint64_t ask_smmu(struct bed *bed, struct smmu3_txn *txn, struct access access)
{
	struct smmu3_outcome outcome;

	describe(txn, access);
	(void)smmu3_translate(bed->machine->smmu, txn, &outcome);
	return outcome.pa;
}

ALWAYS_INLINE uint64_t ask_probe(struct bed *bed, struct smmu3_txn *txn, struct access access)
{
	(void)txn;
	return probe_find(bed->probe, probe_key(access));
}

ALWAYS_INLINE uint64_t ask_iotlb(struct bed *bed, struct smmu3_txn *txn, struct access access)
{
	(void)txn;
	return iotlb_translate(bed->iotlb, MACHINE_SID + access.stream, access.addr);
}

/* Calls that do nothing.  What they leave of *outcome is what was there. */
ALWAYS_INLINE uint64_t ask_nobody(struct bed *bed, struct smmu3_txn *txn, struct access access)
{
	struct smmu3_outcome outcome;

	outcome.pa = 0;
	describe(txn, access);
	(void)nothing_translated(bed->machine->smmu, txn, &outcome);
	return outcome.pa;
}

ALWAYS_INLINE uint64_t probe_nothing(struct bed *bed, struct smmu3_txn *txn, struct access access)
{
	(void)txn;
	return nothing_found(bed->probe, probe_key(access));
}

LOOP(through_smmu, ask_smmu)
LOOP(through_iotlb, ask_iotlb)
LOOP_LISTED(listed_smmu, ask_smmu)
LOOP_LISTED(listed_iotlb, ask_iotlb)
LOOP_LISTED(listed_probe, ask_probe)
LOOP_LISTED(listed_nobody, ask_nobody)
LOOP_LISTED(listed_no_probe, probe_nothing)

static bool open_iotlb(struct bed *bed)
{
	bed->iotlb = iotlb_create(bed->machine);
	return bed->iotlb;
}

/* ---- Rows ---- */

/* Accesses of a list, and those that come next; answered by the SMMU, and by the reference. */
#define LISTED(name, shape, fleet)                                                           \
	{                                                                                    \
		name, &shape, &fleet, listed_smmu, bed_listed_sum, NULL, 0, NULL, NULL, NULL \
	}
#define LISTED_REFERENCE(name, shape, fleet)                                                   \
	{                                                                                      \
		name, &shape, &fleet, listed_iotlb, bed_listed_sum, NULL, 0, open_iotlb, NULL, \
			NULL                                                                   \
	}
#define NEXT(name, shape, fleet)                                                       \
	{                                                                              \
		name, &shape, &fleet, through_smmu, bed_sum, NULL, 0, NULL, NULL, NULL \
	}
#define NEXT_REFERENCE(name, shape, fleet)                                                    \
	{                                                                                     \
		name, &shape, &fleet, through_iotlb, bed_sum, NULL, 0, open_iotlb, NULL, NULL \
	}

/* Without caches, with them, by the reference. */
static const struct row rows[] = {
	{ "nothing/probe", &shape_a, &fleet_a, listed_no_probe, NULL, NULL, 0, NULL, NULL, NULL },
	{ "nothing/translate", &shape_a, &fleet_a, listed_nobody, NULL, NULL, 0, NULL, NULL, NULL },
	{ "probe", &shape_a, &fleet_a, listed_probe, bed_listed_sum, NULL, 0, NULL, NULL, NULL },
	LISTED("a/walks", shape_a, uncached_a),
	LISTED("a/shared", shape_a, fleet_a),
	LISTED_REFERENCE("a/reference", shape_a, uncached_a),
	LISTED("b/walks", shape_b, uncached_b),
	LISTED("b/shared", shape_b, fleet_b),
	LISTED_REFERENCE("b/reference", shape_b, uncached_b),
	LISTED("b_nested/walks", shape_b_nested, uncached_b),
	LISTED("b_nested/shared", shape_b_nested, fleet_b),
	LISTED_REFERENCE("b_nested/reference", shape_b_nested, uncached_b),
	NEXT("c/walks", shape_c, uncached_c),
	NEXT("c/shared", shape_c, fleet_c),
	NEXT_REFERENCE("c/reference", shape_c, uncached_c),
	NEXT("d/walks", shape_d, uncached_c),
	NEXT("d/shared", shape_d, fleet_c),
	NEXT_REFERENCE("d/reference", shape_d, uncached_c),
	NEXT("e/walks", shape_e, uncached_e),
	NEXT("e/shared", shape_e, fleet_e),
	NEXT_REFERENCE("e/reference", shape_e, uncached_e),
};

struct rows workload_rows(void)
{
	return ROWS(rows);
}
