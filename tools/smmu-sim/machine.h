/* SPDX-License-Identifier: MIT */
/* The machine a verb works on, and the one SMMU and master that an access means. */
#ifndef SMMU_SIM_MACHINE_H
#define SMMU_SIM_MACHINE_H

#include <json-c/json.h>
#include <smmu/platform.h>
#include <stdbool.h>

#include "status.h"

/* Loads a configuration, with its own caches or (not NULL) others; complaints go to stderr and,
 * when not NULL, into the JSON array.  NULL with *status set. */
struct smmu3_machine *machine_load(const char *config, const struct smmu3_caches *caches,
				   json_object *complaints, enum status *status);

/* The same, or with statistics, of STREAMS_COUNTED StreamIDs where the configuration says nothing;
 * and with adversity, in words, asked of every SMMU. */
enum { STREAMS_COUNTED = 4096 };
struct smmu3_machine *machine_load_adverse(const char *config, const struct smmu3_caches *caches,
					   bool counting, const char *const *words, size_t count,
					   enum status *status);

/* The master that has a Non-secure StreamID of the first SMMU, or NULL. */
const struct smmu3_master *machine_master_of(const struct smmu3_machine *machine, uint32_t sid);

/* The SMMU by name, NULL for the first; its place in *index.  NULL after a complaint. */
struct smmu3 *machine_smmu(struct smmu3_machine *machine, const char *name, size_t *index);

/* A register of the Non-secure programming interface by name, whole; of the Secure one,
 * "SMMU_S_...", 0 where there is none. */
uint64_t machine_register(struct smmu3 *smmu, const char *name);
bool machine_is_secure_register(const char *name);
bool machine_is_realm_register(const char *name);

#endif
