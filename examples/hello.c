/* SPDX-License-Identifier: MIT */
/* A disabled SMMU lets an access through; GBPA then makes it abort. */
#include <smmu/smmu.h>

#include <stdio.h>

enum { GBPA = 0x44 };
#define GBPA_UPDATE (UINT64_C(1) << 31)
#define GBPA_ABORT (UINT64_C(1) << 20)

int main(void)
{
	const struct smmu3_txn txn = { .addr = 0x1000, .bytes = 64, .sid = 8 };
	struct smmu3_config config;
	struct smmu3_outcome outcome;
	struct smmu3_error error;
	struct smmu3 *smmu;

	if (smmu3_config_init(&config, "generic-3.1", &error))
		return 1;
	smmu = smmu3_create(&config, NULL, &error);
	if (!smmu) {
		(void)fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	smmu3_mmio_write(smmu, SMMU3_PAS_NS, GBPA, 4,
			 GBPA_UPDATE | 1u << 12); /* SHCFG: as it comes */
	const int passes = smmu3_translate(smmu, &txn, &outcome) == SMMU3_OK &&
			   outcome.pa == 0x1000;

	smmu3_mmio_write(smmu, SMMU3_PAS_NS, GBPA, 4, GBPA_UPDATE | GBPA_ABORT);
	const int aborts = smmu3_translate(smmu, &txn, &outcome) == SMMU3_ABORT;

	(void)printf("open: %s, shut: %s\n", passes ? "passes" : "?", aborts ? "aborts" : "?");
	smmu3_destroy(smmu);
	return passes && aborts ? 0 : 1;
}
