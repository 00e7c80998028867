/* SPDX-License-Identifier: MIT */
/* How traces call who blocked an access: a word, or the name of a region of the firewall. */
#ifndef SMMU_PLATFORM_WORDS_GUARD_H
#define SMMU_PLATFORM_WORDS_GUARD_H

#include "platform/words.h"

/* Values: enum smmu3_blocker.  The default of the firewall has a name of its own. */
extern const struct word blocker_words[];

/* Is it one of them, or that of the default? */
bool guard_is_word(const char *name);

#endif
