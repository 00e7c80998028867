/* SPDX-License-Identifier: MIT */
/* Captures: what met an SMMU from power-on, in CSV files of a directory. */
#ifndef SMMU_SIM_REPLAY_CAPTURE_H
#define SMMU_SIM_REPLAY_CAPTURE_H

#include "progress.h"
#include "replay.h"

/* A directory is a capture. */
bool is_capture(const char *path);

/* Takes over the identification registers of registers.csv.  STATUS_OK, or above after a complaint.
 */
enum status capture_config(const char *directory, struct smmu3_config *config);

/* Replays the whole run: every access of dma.csv must have its outcome. */
enum status replay_capture(struct replay *replay, const char *directory, struct progress *progress);

#endif
