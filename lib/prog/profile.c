/* SPDX-License-Identifier: MIT */
/* Named sets of identification registers. */
#include "prog/refuse.h"

#include <smmu/smmu.h>
#include <stddef.h>
#include <string.h>

#define SIZE .size = sizeof(struct smmu3_config)

/* GBPA at reset: traffic passes, with the shareability that it comes with.  6.3.14 */
enum { GBPA_BYPASS = 0x00001000 };

static const struct smmu3_profile profiles[] = {
	{
		.name = "generic-3.1",
		.summary = "SMMUv3.1 for programs to begin with: both stages, every granule, 52 bits; no stalls, no MSI",
		.config = {
			SIZE,
			.idr = { [0] = 0x094c101b, [1] = 0x0e730510, [3] = 0x00001714, [5] = 0x00000476 },
			.aidr = 1,
			.gbpa_reset = GBPA_BYPASS,
		},
	},
	{
		.name = "minimal-3.0",
		.summary = "SMMUv3.0: stage 1 alone, 4KB granule, 40 bits, 64 streams in a linear table",
		.config = {
			SIZE,
			.idr = { [0] = 0x0140000a, [1] = 0x01070006, [5] = 0x00000012 },
			.gbpa_reset = GBPA_BYPASS,
		},
	},
	{
		.name = "linux-session",
		.summary = "the SMMU of the recorded Linux 6.1 session: stage 1, MSI, 44 bits",
		.config = {
			SIZE,
			.idr = { [0] = 0x0d40301a, [1] = 0x02730010, [3] = 0x00000404, [5] = 0x00000074 },
			.aidr = 1,
			.gbpa_reset = GBPA_BYPASS,
		},
	},
	{
		.name = "linux-capture",
		.summary = "the SMMU of the Linux 6.1 and 6.12 captures: both stages, wired interrupts, 44 bits",
		.config = {
			SIZE,
			.idr = { [0] = 0x0d44101b, [1] = 0x02730010, [3] = 0x00001414, [5] = 0x00000074 },
			.aidr = 1,
			.gbpa_reset = GBPA_BYPASS,
		},
	},
	{
		.name = "qemu-10.2",
		.summary = "QEMU 10.2, virt machine, stage=nested: both stages, 44 bits",
		.config = {
			SIZE,
			.idr = { [0] = 0x0d44101b, [1] = 0x02730010, [3] = 0x00001414, [5] = 0x00000074 },
			.aidr = 1,
			.gbpa_reset = GBPA_BYPASS,
		},
	},
	{
		.name = "generic-3.3",
		.summary = "SMMUv3.3 with all that is built: EL2, stalls, MSI, ATS, PRI, ATOS, DPT; 52 bits, 32-bit StreamIDs",
		.config = {
			SIZE,
			.idr = { [0] = 0x08dff63b, [1] = 0x0e739d20, [3] = 0x0001f73c, [5] = 0x01000476 },
			.aidr = 3,
			.gbpa_reset = GBPA_BYPASS,
		},
	},
	{
		.name = "secure-3.3",
		.summary = "generic-3.3 for TrustZone systems: Secure streams of EL1, EL2 and EL3, 32-bit StreamIDs, MSI, stalls",
		.config = {
			SIZE,
			.idr = { [0] = 0x08dff63b, [1] = 0x0e739d20, [3] = 0x0001f73c, [5] = 0x01000476 },
			.aidr = 3,
			.s_idr = { [0] = 0x00002000, [1] = 0xa0000020, [2] = 1 },
			.gbpa_reset = GBPA_BYPASS,
		},
	},
	{
		.name = "realm-3.3",
		.summary = "secure-3.3 for systems with realms: RME, Realm streams with ATS, PRI, MSI and MECIDs; no EL3",
		.config = {
			SIZE,
			.idr = { [0] = 0x48dff63b, [1] = 0x0e739d20, [3] = 0x0001f73c, [5] = 0x01000476 },
			.aidr = 3,
			.s_idr = { [0] = 0x00002000, [1] = 0xa0000020, [2] = 1 },
			.r_idr = { [0] = 0x01012400, [1] = 0x80000000, [3] = 0x00018000 },
			.root_idr0 = 0x0080000f,
			.r_mecidr = 0x0000000f,
			.gbpa_reset = GBPA_BYPASS,
		},
	},
	{
		.name = "hafnium",
		.summary = "FVP as Hafnium uses it: SMMUv3.2, Secure EL2, stall, EL2, 40 bits, 4 streams",
		.config = {
			SIZE,
			.idr = { [0] = 0x0046123b, [1] = 0x00600002, [3] = 0x00001714, [5] = 0xffff0472 },
			.aidr = 2,
			.s_idr = { [1] = 0xa0000002 },
			.gbpa_reset = GBPA_BYPASS,
		},
	},
	{
		.name = "rmm",
		.summary = "FVP as TF-RMM uses it: SMMUv3.3 with RME device assignment, ATS, PRI, HTTU, 52 bits",
		.config = {
			SIZE,
			.idr = { [0] = 0x498f769b, [1] = 0x0e733d10, [3] = 0x0000773c, [5] = 0x000004f6 },
			.aidr = 3,
			.r_idr = { [0] = 0x01012400, [1] = 0x80000000, [3] = 0x00010000 },
			.root_idr0 = 0x0080000f,
			.r_mecidr = 0x0000000f,
			.gbpa_reset = GBPA_BYPASS,
		},
	},
	{
		.name = "max",
		.summary = "SMMUv3.4: everything that goes with VMSAv8-32 LPAE and Secure streams, EL3 included",
		.config = {
			SIZE,
			.idr = { 0x089ff7ff, 0x8e739d20, 0, 0x00ff77bc, 0, 0xffff04f6, 0x00060000 },
			.aidr = 4,
			.s_idr = { [0] = 0x80002000, [1] = 0xa0000020, [2] = 1, [6] = 0x00060000 },
			.root_idr0 = 0x00000007,
			.mpamidr = 0x0001003f,
			.s_mpamidr = 0x0001003f,
			.gbpa_reset = GBPA_BYPASS,
		},
	},
	{
		.name = "max-d128",
		.summary = "SMMUv3.4: everything that goes with VMSAv9-128 and Secure streams; 56 bits",
		.config = {
			SIZE,
			.idr = { 0x089ff7fb, 0x8e739d20, 0, 0x00fff7bc, 0, 0xffff09f7, 0x00060000 },
			.aidr = 4,
			.s_idr = { [0] = 0x80002000, [1] = 0xa0000020, [2] = 1, [6] = 0x00060000 },
			.root_idr0 = 0x00000007,
			.mpamidr = 0x0001003f,
			.s_mpamidr = 0x0001003f,
			.gbpa_reset = GBPA_BYPASS,
		},
	},
	{
		.name = "max-realm",
		.summary = "SMMUv3.4: everything that goes with Realm streams; 56 bits",
		.config = {
			SIZE,
			.idr = { 0x489ff7fb, 0x8e739d20, 0, 0x00fff7bc, 0, 0xffff09f7, 0x00060000 },
			.aidr = 4,
			.s_idr = { [0] = 0x80002000, [1] = 0xa0000020, [2] = 1, [6] = 0x00060000 },
			.r_idr = { [0] = 0x81012400, [1] = 0x80000000, [3] = 0x00038000, [6] = 0x00060000 },
			.root_idr0 = 0x0080000f,
			.mpamidr = 0x0001003f,
			.s_mpamidr = 0x0001003f,
			.r_mpamidr = 0x0001003f,
			.r_mecidr = 0x0000000f,
			.gbpa_reset = GBPA_BYPASS,
		},
	},
};

const struct smmu3_profile *smmu3_profile(size_t index)
{
	return index < ARRAY_SIZE(profiles) ? &profiles[index] : NULL;
}

int smmu3_config_init(struct smmu3_config *config, const char *profile, struct smmu3_error *error)
{
	if (!config || !profile)
		return refuse(error, SMMU3_E_ARGUMENT, "", "a configuration and the name of a profile are needed");
	for (size_t i = 0; i < ARRAY_SIZE(profiles); i++)
		if (!strcmp(profiles[i].name, profile)) {
			*config = profiles[i].config;
			return refuse(error, SMMU3_OK_CODE, "", "%s", "");
		}
	return refuse(error, SMMU3_E_NOT_FOUND, "", "there is no profile named %.100s", profile);
}
