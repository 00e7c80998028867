/* SPDX-License-Identifier: MIT */
#include "bed.h"

#include <stdio.h>
#include <stdlib.h>

static void write_list(struct bed *bed)
{
	struct traffic traffic = bed->traffic, same = bed->traffic;

	for (unsigned i = 0; i < LISTED; i++) {
		bed->list->access[i] = traffic_next(&traffic);
		bed->list->goes[i] = traffic_sum(&same, 1);
	}
	for (unsigned i = 0; i < 1 << PROBE_LG2; i++)
		probe_put(bed->probe, probe_key(bed->list->access[i]), bed->list->goes[i]);
}

static bool build_machine(struct bed *bed)
{
	bed->machine = machine_create_fleet(&bed->shape, bed->row->fleet);
	bed->probe = calloc(1, sizeof(*bed->probe));
	bed->list = calloc(1, sizeof(*bed->list));
	if (!bed->machine || !bed->probe || !bed->list)
		return false;
	bed->traffic = bed->checked = traffic_of(bed->machine);
	write_list(bed);
	return true;
}

static bool build(struct bed *bed)
{
	const struct row *row = bed->row;

	return (!row->shape || build_machine(bed)) && (!row->open || row->open(bed));
}

static bool open_pages(struct bed *bed, const struct row *row, uint32_t pages_most)
{
	*bed = (struct bed){ .row = row, .small = pages_most != UINT32_MAX };
	if (row->shape)
		bed->shape = *row->shape;
	if (bed->shape.pages > pages_most)
		bed->shape.pages = pages_most;
	if (build(bed))
		return true;
	(void)fprintf(stderr, "%s: cannot be built\n", row->name);
	bed_close(bed);
	return false;
}

bool bed_open(struct bed *bed, const struct row *row)
{
	return open_pages(bed, row, UINT32_MAX);
}

bool bed_open_small(struct bed *bed, const struct row *row)
{
	enum { SMALL = 512 };

	return open_pages(bed, row, SMALL);
}

void bed_close(struct bed *bed)
{
	if (bed->row->close)
		bed->row->close(bed);
	iotlb_free(bed->iotlb);
	machine_free(bed->machine);
	free(bed->probe);
	free(bed->list);
	*bed = (struct bed){ .row = bed->row };
}

uint64_t bed_sum(struct bed *bed, unsigned times)
{
	return traffic_sum(&bed->checked, times);
}

uint64_t bed_listed_sum(struct bed *bed, unsigned times)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < times; i++)
		sum += bed->list->goes[bed->listed_checked++ % LISTED];
	return sum;
}

/* ---- Answers ---- */

enum { ACCESSES = 1 << 14, FEW = 8 };

static bool right(struct bed *bed, const struct smmu3_txn *txn, uint64_t pa)
{
	struct smmu3_outcome outcome;

	return smmu3_translate(bed->machine->smmu, txn, &outcome) == SMMU3_OK && outcome.pa == pa &&
	       outcome.pas == SMMU3_PAS_NS && outcome.attr.mair == 0xff &&
	       outcome.attr.sh == SMMU3_ISH && outcome.bytes == 64;
}

/* What lies beyond the last page of a stream goes nowhere. */
static bool nothing_beyond(struct bed *bed)
{
	const struct window *pages = &bed->traffic.window[0];
	const struct smmu3_txn txn = { .addr = pages->input +
					       ((uint64_t)pages->places << pages->lg2),
				       .bytes = 64,
				       .sid = MACHINE_SID };
	struct smmu3_outcome outcome;

	return smmu3_translate(bed->machine->smmu, &txn, &outcome) == SMMU3_ABORT &&
	       outcome.event == 0x10;
}

/* By smmu3_translate, twice, since caches may say the second time what they have. */
static bool machine_right(struct bed *bed)
{
	struct traffic traffic = bed->traffic, same = bed->traffic;

	for (unsigned i = 0; i < ACCESSES; i++) {
		const struct access access = traffic_next(&traffic);
		const uint64_t pa = traffic_sum(&same, 1);
		const struct smmu3_txn txn = { .addr = access.addr,
					       .bytes = 64,
					       .sid = MACHINE_SID + access.stream,
					       .flags = access.flags };

		if (!right(bed, &txn, pa) || !right(bed, &txn, pa))
			return false;
	}
	return nothing_beyond(bed);
}

static bool row_right(struct bed *bed)
{
	const struct row *row = bed->row;
	const unsigned times = row->times ? (bed->small ? FEW : row->times) : ACCESSES;

	if (row->prepare)
		row->prepare(bed, times);
	const uint64_t sum = row->run(bed, times);

	return (!row->good || row->good(bed)) &&
	       (!row->expected || sum == row->expected(bed, times));
}

static bool verified(struct bed *bed)
{
	return (!bed->machine || machine_right(bed)) && row_right(bed);
}

bool bed_verified(struct bed *bed)
{
	const bool good = verified(bed);

	if (!good)
		(void)fprintf(stderr, "%s: the answers are wrong\n", bed->row->name);
	return good;
}
