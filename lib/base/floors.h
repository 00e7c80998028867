/* SPDX-License-Identifier: MIT */
/*
 * Ages below which things count no longer, by a number that names some of them: forgetting all that
 * have a name is raising the floor of that name, however many there are.
 *
 * There is room for the names that were raised last.  A floor that finds none raises that of all
 * names of its set which have none: things may be forgotten that were not meant, but whatever was
 * meant stays forgotten.
 */
#ifndef SMMU_BASE_FLOORS_H
#define SMMU_BASE_FLOORS_H

#include "base/sets.h"

#include <stdint.h>

enum { FLOORS_SETS = 128, FLOORS_WAYS = 3 };

struct floors {
	struct floors_set {
		uint64_t rest; /* of names that are not below */
		struct {
			uint64_t name, age; /* 0: free */
		} of[FLOORS_WAYS];
	} set[FLOORS_SETS];
};

ALWAYS_INLINE uint32_t floors_index(uint64_t name)
{
	return (uint32_t)(sets_mix(name) >> 56) % FLOORS_SETS;
}

/* What was kept at a lower age has been forgotten.  name is not 0. */
ALWAYS_INLINE uint64_t floors_of(const struct floors *floors, uint64_t name)
{
	const struct floors_set *set = &floors->set[floors_index(name)];

	for (unsigned i = 0; i < FLOORS_WAYS; i++)
		if (set->of[i].name == name)
			return set->of[i].age;
	return set->rest;
}

/* To an age that no floor has reached before.  Where a name has no place it takes that of the
 * lowest floor. */
ALWAYS_INLINE void floors_raise(struct floors *floors, uint64_t name, uint64_t age)
{
	struct floors_set *set = &floors->set[floors_index(name)];
	unsigned place = 0;

	for (unsigned i = 0; i < FLOORS_WAYS; i++) {
		if (set->of[i].name == name) {
			set->of[i].age = age;
			return;
		}
		if (set->of[i].age < set->of[place].age)
			place = i;
	}
	if (set->of[place].age > set->rest)
		set->rest = set->of[place].age;
	set->of[place].name = name;
	set->of[place].age = age;
}

#endif
