/* SPDX-License-Identifier: MIT */
/*
 * The suite's second pass: with SMMU_TEST_CACHES=N in the environment every SMMU that the machines
 * of the tests have keeps N places of each kind.  What a test proves holds then too, once software
 * has done the maintenance that it owes.  3.21, 4.3, 4.4
 */
#ifndef SMMU_TEST_CACHED_H
#define SMMU_TEST_CACHED_H

#include <smmu/smmu.h>
#include <stdbool.h>

bool cached_pass(void);

/* What an SMMU of this pass keeps: nothing in the first. */
struct smmu3_caches caches_of_pass(void);

/* A test that is about an SMMU without caches has one in both passes; why, as the log of the second
 * says. */
void without_caches(struct smmu3_config *config, const char *why);

/* In the second pass, what software owes after it has edited what the SMMU may have kept:
 * CFGI_ALL, TLBI_NSNH_ALL, with a Device Permission Table DPTI_ALL, and CMD_SYNC, by a Command
 * queue of its own: 64 bytes of RAM at an address.  Nothing in the first. */
void maintain_smmu(struct smmu3 *smmu, uint64_t queue_at, uint64_t *queue);

/* Before the tests of a program are run, in processes of their own or not; an SMMU was made for one
 * of them; after them: false if none had the caches that it should have had, so that the pass
 * proved nothing. */
void cached_begin(void);
void cached_made(const struct smmu3_config *config);
bool cached_end(void);

#endif
