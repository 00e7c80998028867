/* SPDX-License-Identifier: MIT */
/* Where in the input what the checker speaks of is: which line wrote a word of memory last, and
 * which made an access.  File names stay the caller's. */
#ifndef SMMU_SIM_PLACES_H
#define SMMU_SIM_PLACES_H

#include <smmu/check.h>
#include <stddef.h>

struct places;

struct places *places_new(void);
void places_free(struct places *places);

/* The line that is carried out from now on. */
void places_at(struct places *places, const char *file, unsigned line);

/* It has written memory; an SMMU has numbered accesses since the line before, up to this one. */
void places_wrote(struct places *places, uint64_t pa, unsigned bytes);
void places_accessed(struct places *places, size_t smmu, uint64_t access);

/* A place in the input; file NULL: it is not known. */
struct place {
	const char *file;
	unsigned line;
};

/* The line at hand; where access number `access` of an SMMU was made; where a structure became what
 * it is; and where it was written last, another or not. */
struct place places_here(const struct places *places);
struct place place_of_access(const struct places *places, size_t smmu, uint64_t access);
struct place place_of_change(const struct places *places, const struct smmu3_changed *changed);
struct place place_of_write(const struct places *places, const struct smmu3_changed *structure);

#endif
