/* SPDX-License-Identifier: MIT */
/* Masters, between the files that judge them. */
#ifndef SMMU_PLATFORM_JUDGE_H
#define SMMU_PLATFORM_JUDGE_H

#include "platform/machine.h"

/* Whose stream it is: fills master->interface; and what such a stream has not. */
void judge_security(struct build *build, struct master_spec *master);

/* Its stage 2 tables together: a Secure stream has two. */
void judge_stage2s(struct build *build, const struct master_spec *master);

/* Its ATC, if it has one.  places: of the masters before. */
void judge_atc(struct build *build, struct master_spec *master, uint64_t *places);

/* A master behind no SMMU: which keys it has, and what it drives. */
void judge_direct(struct build *build, struct master_spec *master);

#endif
