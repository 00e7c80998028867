/* SPDX-License-Identifier: MIT */
/* What is live in a machine, as answers. */
#ifndef SMMU_SIM_DUMP_H
#define SMMU_SIM_DUMP_H

#include <json-c/json.h>
#include <smmu/inspect.h>
#include <smmu/platform.h>
#include <stdbool.h>

#include "status.h"

struct dump {
	struct smmu3_machine *machine;
	struct smmu3 *smmu;
	const struct smmu3_config *config; /* the SMMU's */
	bool json;
	bool sid_given, stage_given;
	uint32_t sid, ssid;
	unsigned stage;
	enum smmu3_pas sec_sid; /* of the streams, and of the programming interface */
	uint64_t limit;         /* rows */
};

enum status dump_streams(const struct dump *dump);
enum status dump_contexts(const struct dump *dump);
enum status dump_mappings(const struct dump *dump);
enum status dump_registers(const struct dump *dump);
enum status dump_config(const struct dump *dump);

#endif
