/* SPDX-License-Identifier: MIT */
/* The steps of devices, and of who looks at what is live. */
#ifndef SMMU_TEST_FUZZ_DEVICES_H
#define SMMU_TEST_FUZZ_DEVICES_H

#include "board.h"

void device_translate(struct board *board, const struct step *step);
void device_handle(struct board *board, const struct step *step);
void device_flood(struct board *board, const struct step *step);
void device_retry(struct board *board, const struct step *step);
void device_explain(struct board *board, const struct step *step);
void device_inspect(struct board *board, const struct step *step);

/* Endpoints: page requests, answers to ATS invalidations. */
void device_page(struct board *board, const struct step *step);
void device_answer(struct board *board, const struct step *step);
void device_manner(struct board *board, const struct step *step);

/* Translates again what waits for it, if anything does. */
void device_retry_next(struct board *board);

#endif
