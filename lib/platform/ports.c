/* SPDX-License-Identifier: MIT */
/* The accesses of a trace, by smmu3_translate or through ports. */
#include "platform/perform.h"

void machine_translate(const struct smmu_spec *smmu, const struct smmu3_txn *txn,
		       struct smmu3_outcome *outcome)
{
	if (!smmu->port) {
		(void)smmu3_translate(smmu->smmu, txn, outcome);
		return;
	}
	if (!smmu->batches) {
		(void)smmu3_port_translate(smmu->port, txn, outcome);
		return;
	}
	smmu3_port_begin(smmu->port);
	smmu3_port_translate_batch(smmu->port, txn, outcome, 1);
	smmu3_port_end(smmu->port);
}

int smmu3_machine_use_ports(struct smmu3_machine *machine, const struct smmu3_port_config *config,
			    bool batches)
{
	struct smmu_spec *smmu;

	for (size_t i = 0; (smmu = smmu_at(machine, i)); i++) {
		struct smmu3_error error;
		struct smmu3_port *const port = smmu3_port_open(smmu->smmu, config, &error);

		if (!port)
			return error.code;
		smmu3_port_close(smmu->port);
		smmu->port = port;
		smmu->batches = batches;
	}
	return 0;
}
