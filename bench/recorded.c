/* SPDX-License-Identifier: MIT */
/* Accesses of devices of running Linux guests, on the tables that its driver wrote: the captures of
 * tests/data, and of what they expect all that succeeds. */
#include "side.h"

#include <smmu/platform.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ACCESSES_MOST = 1 << 14 };

struct recorded {
	struct smmu3_machine *machine;
	struct smmu3 *smmu;
	struct smmu3_port *port;
	unsigned count, next, checked;
	struct smmu3_txn txn[ACCESSES_MOST];
	uint64_t goes[ACCESSES_MOST];
};

/* ---- Reading ---- */

static void complain(void *context, const struct smmu3_diagnostic *diagnostic)
{
	(void)context;
	(void)fprintf(stderr, "%s\n", diagnostic->message);
}

/* sid,ssid,addr,rw,outcome,pa of a line; other outcomes than OK are left out. */
static void take_line(struct recorded *recorded, const char *line)
{
	unsigned long long sid, addr, pa;
	char access;

	if (recorded->count == ACCESSES_MOST ||
	    sscanf(line, "%llx,,%llx,%c,OK,%llx", &sid, &addr, &access, &pa) != 4)
		return;
	recorded->txn[recorded->count] = (struct smmu3_txn){
		.addr = addr,
		.bytes = 1,
		.sid = (uint32_t)sid,
		.flags = access == 'W' ? SMMU3_TXN_WRITE : 0,
	};
	recorded->goes[recorded->count++] = pa;
}

static bool read_accesses(struct recorded *recorded, const char *name)
{
	char path[512], line[256];

	(void)snprintf(path, sizeof(path), "%s/tests/data/%s/expected.csv", SMMU_SOURCE_DIR, name);
	FILE *file = fopen(path, "r");

	if (!file)
		return false;
	while (fgets(line, sizeof(line), file))
		take_line(recorded, line);
	(void)fclose(file);
	return recorded->count;
}

static bool load(struct recorded *recorded, const char *name, const struct smmu3_caches *caches)
{
	const struct smmu3_machine_options options = { .size = sizeof(options), .caches = caches };
	char path[512];
	int code;

	(void)snprintf(path, sizeof(path), "%s/configs/%s.yaml", SMMU_SOURCE_DIR, name);
	recorded->machine = smmu3_machine_load_with(&options, path, NULL, NULL, complain, NULL,
						    &code);
	if (!recorded->machine)
		return false;
	recorded->smmu = smmu3_machine_smmu(recorded->machine, 0);
	recorded->port = smmu3_port_open(recorded->smmu, NULL, NULL);
	return recorded->port && read_accesses(recorded, name);
}

static bool open_recorded(struct bed *bed, const char *name, const struct smmu3_caches *caches)
{
	bed->recorded = calloc(1, sizeof(*bed->recorded));
	return bed->recorded && load(bed->recorded, name, caches);
}

static void close_recorded(struct bed *bed)
{
	if (!bed->recorded)
		return;
	smmu3_port_close(bed->recorded->port);
	smmu3_machine_free(bed->recorded->machine);
	free(bed->recorded);
}

/* ---- Asking ---- */

static uint64_t by_smmu(struct bed *bed, unsigned times)
{
	struct recorded *recorded = bed->recorded;
	struct smmu3_outcome outcome;
	uint64_t sum = 0;

	for (unsigned i = 0; i < times; i++) {
		(void)smmu3_translate(recorded->smmu, &recorded->txn[recorded->next], &outcome);
		recorded->next = recorded->next + 1 == recorded->count ? 0 : recorded->next + 1;
		sum += outcome.pa;
	}
	return sum;
}

static uint64_t by_port(struct bed *bed, unsigned times)
{
	struct recorded *recorded = bed->recorded;
	struct smmu3_outcome outcome;
	uint64_t sum = 0;

	for (unsigned i = 0; i < times; i++) {
		(void)smmu3_port_translate(recorded->port, &recorded->txn[recorded->next],
					   &outcome);
		recorded->next = recorded->next + 1 == recorded->count ? 0 : recorded->next + 1;
		sum += outcome.pa;
	}
	return sum;
}

static uint64_t recorded_sum(struct bed *bed, unsigned times)
{
	struct recorded *recorded = bed->recorded;
	uint64_t sum = 0;

	for (unsigned i = 0; i < times; i++)
		sum += recorded->goes[recorded->checked++ % recorded->count];
	return sum;
}

/* ---- Rows ---- */

static bool open_6_1(struct bed *bed)
{
	return open_recorded(bed, "linux-6.1-virt-strict", &workload_caches);
}

static bool open_6_1_uncached(struct bed *bed)
{
	return open_recorded(bed, "linux-6.1-virt-strict", NULL);
}

static bool open_6_12(struct bed *bed)
{
	return open_recorded(bed, "linux-6.12-virt-16k", &workload_caches);
}

static bool open_6_12_uncached(struct bed *bed)
{
	return open_recorded(bed, "linux-6.12-virt-16k", NULL);
}

#define RECORDED(name, run, open)                                                        \
	{                                                                                \
		name, NULL, NULL, run, recorded_sum, NULL, 0, open, close_recorded, NULL \
	}

static const struct row rows[] = {
	RECORDED("linux_6.1/walks", by_smmu, open_6_1_uncached),
	RECORDED("linux_6.1/shared", by_smmu, open_6_1),
	RECORDED("linux_6.1/port", by_port, open_6_1),
	RECORDED("linux_6.12/walks", by_smmu, open_6_12_uncached),
	RECORDED("linux_6.12/shared", by_smmu, open_6_12),
	RECORDED("linux_6.12/port", by_port, open_6_12),
};

struct rows recorded_rows(void)
{
	return ROWS(rows);
}
