/* SPDX-License-Identifier: MIT */
/* Words for what an SMMU does of its own accord. */
#ifndef SMMU_PLATFORM_WORDS_OWN_H
#define SMMU_PLATFORM_WORDS_OWN_H

#include "platform/words.h"

#include <smmu/trace.h>

extern const struct word own_words[];          /* event, msi, ...: enum smmu3_own_kind */
extern const struct word interrupt_words[];    /* enum smmu3_interrupt */
extern const struct word invalidation_words[]; /* enum smmu3_invalidation_kind */
extern const struct word class_words[];        /* enum smmu3_fault_class */

/* A member of an invalidation by the name a trace has for it.  Ends with a NULL name. */
struct scope_word {
	const char *name;
	enum smmu3_own_said said;
	uint64_t max;
	bool plain; /* a value that is always there, not one of what may be any */
};
extern const struct scope_word scope_words[];

/* Does the scope say more than nothing of it? */
bool scope_is(const struct smmu3_invalidation *scope, const struct scope_word *word);
uint64_t scope_get(const struct smmu3_invalidation *scope, const struct scope_word *word);
void scope_set(struct smmu3_invalidation *scope, const struct scope_word *word, uint64_t value);

/* Fields of an event record that a trace calls otherwise than the architecture: "sid" is StreamID.
 * The value is the architecture's name. */
struct field_word {
	const char *name, *field;
};
extern const struct field_word field_words[];

#endif
