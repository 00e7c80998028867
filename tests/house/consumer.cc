// SPDX-License-Identifier: MIT
#include <smmu/decode.h>
#include <smmu/inspect.h>
#include <smmu/port.h>
#include <smmu/stats.h>
#include <smmu/tables.h>

int main()
{
	smmu3_config config;
	if (smmu3_config_init(&config, "generic-3.1", nullptr) != 0)
		return 1;
	smmu3 *smmu = smmu3_create(&config, nullptr, nullptr);
	if (smmu == nullptr)
		return 1;
	smmu3_port *port = smmu3_port_open(smmu, nullptr, nullptr);
	smmu3_txn txn = {};
	txn.addr = 0x1000;
	txn.bytes = 64;
	smmu3_outcome outcome;
	const bool passed = port != nullptr && smmu3_port_translate(port, &txn, &outcome) == SMMU3_OK;
	const bool known = smmu3_layout("STE") != nullptr && smmu3_hit_attr(smmu3_port_hit(port, &txn)).sh == 0;
	smmu3_port_close(port);
	smmu3_destroy(smmu);
	return passed && known ? 0 : 1;
}
