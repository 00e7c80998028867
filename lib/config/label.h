/* SPDX-License-Identifier: MIT */
/* Labels of MPAM: whose they are, and where a stream has them from.  5.6, 17 */
#ifndef SMMU_CONFIG_LABEL_H
#define SMMU_CONFIG_LABEL_H

#include "arch/features.h"
#include "arch/ste.h"

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

/* As software writes a label: mpam_ns asks for the Non-secure PARTID space, where that can be asked
 * for. */
struct label {
	uint64_t partid, pmg;
	bool mpam_ns;
};

/* What an access is labelled with.  An ID larger than there are in its space, for which the
 * architecture has an UNKNOWN one, is 0.  17.7, 6.3.42 */
struct smmu3_mpam label_effective(const struct features *features, struct label label);

/* Is there a VMS in this Security state?  5.6.1 */
bool vms_supported(const struct features *features);

/* Does this STE, whose Config is legal, have one?  5.2 VMSPtr */
bool vms_enabled(const struct features *features, const struct ste *ste);

#endif
