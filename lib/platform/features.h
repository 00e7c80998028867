/* SPDX-License-Identifier: MIT */
/* The keys of `features` and `idr`: what they mean in identification registers. */
#ifndef SMMU_PLATFORM_FEATURES_H
#define SMMU_PLATFORM_FEATURES_H

#include "platform/shape.h"

/* Applies the maps (either may be NULL) to a configuration, or complains. */
void features_apply(struct loader *loader, const struct node *features,
		    struct smmu3_config *config);
void idr_apply(struct loader *loader, const struct node *idr, struct smmu3_config *config);

/* Is there an EL2?  6.3.1 */
bool has_hyp(const struct smmu3_config *config);

/* Is there a Secure state?  6.3.53 */
bool has_secure(const struct smmu3_config *config);

/* Are accesses labelled?  6.3.4 */
bool has_mpam(const struct smmu3_config *config);

/* A complaint about a label where there are none: about the first of its keys that a map has. */
void complain_of_no_mpam(struct loader *loader, const struct node *map, const char *smmu);

/* Root registers: granule protection.  6.3.110 */
bool has_root(const struct smmu3_config *config);

/* Has it an EL2? */
bool has_sel2(const struct smmu3_config *config);

/* Does it have RME, and so no streams of EL3?  6.3.1, 3.3.3 */
bool has_rme(const struct smmu3_config *config);

/* Is there a Realm state?  6.3 ROOT_IDR0 */
bool has_realm(const struct smmu3_config *config);

/* Is there the programming interface of a Security state, enum smmu3_pas? */
bool has_interface(const struct smmu3_config *config, unsigned pas);

/* A complaint about what would need a Realm state. */
void complain_of_no_realm(struct loader *loader, const struct node *node, const char *smmu);

/* A complaint about what would need a Secure state. */
void complain_of_no_secure(struct loader *loader, const struct node *node, const char *smmu);

/* The register of a configuration that lies at an offset from Page 0, or NULL. */
uint32_t *idr_at(struct smmu3_config *config, uint64_t offset);

/* A node kept on reading; printed, as a member of struct smmu_spec that is followed by the
 * configuration, as registers. */
extern const struct value_type idr_value;

#endif
