/* SPDX-License-Identifier: MIT */
/* Adversity that a configuration or a caller asks for.  <smmu/adversity.h> */
#ifndef SMMU_PLATFORM_ADVERSITY_H
#define SMMU_PLATFORM_ADVERSITY_H

#include "platform/machine.h"

/* Words of a caller, for every SMMU. */
struct adversity_words {
	const char *const *word;
	size_t count;
};

/* What is there from reset on: seeds, choices, how late updates are; before an SMMU is programmed.
 * Complains of what it does not take. */
void adversity_begins(struct build *build, struct smmu_spec *smmu);

/* And what is about what happens next: of an SMMU that is programmed. */
void adversity_goes_on(struct build *build, struct smmu_spec *smmu);

#endif
