/* SPDX-License-Identifier: MIT */
/* A scene as a person can read it and smmu-sim can run it. */
#ifndef SMMU_TESTS_RANDOM_REPORT_H
#define SMMU_TESTS_RANDOM_REPORT_H

#include "shrink.h"

#include <stdbool.h>
#include <stdio.h>

/* What the two sides said, member by member where they differ, and what they fetched. */
void report_difference(const struct duel *duel, FILE *file);

/* The scene in words: registers, memory, access. */
void report_scene(const struct scene *scene, FILE *file);

/* Writes case.yaml, with the registers and pages that it names, and case.trace, whose expectation
 * is the obvious walker's, into a folder, which is made.  False: errno says why. */
bool report_files(const struct scene *scene, const struct obvious_answer *answer,
		  const char *folder);

#endif
