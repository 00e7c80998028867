// SPDX-License-Identifier: MIT
#include <smmu/decode.h>
#include <smmu/inspect.h>
#include <smmu/stats.h>
#include <smmu/tables.h>

int main()
{
	smmu3_config config;
	if (smmu3_config_init(&config, "generic-3.1", nullptr) != 0)
		return 1;
	smmu3 *smmu = smmu3_create(&config, nullptr, nullptr);
	const bool made = smmu != nullptr && smmu3_layout("STE") != nullptr;
	smmu3_destroy(smmu);
	return made ? 0 : 1;
}
