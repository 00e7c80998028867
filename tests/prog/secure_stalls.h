/* SPDX-License-Identifier: MIT */
/* Secure transactions that stall, as transactions.c has them held, whatever translates them. */
#ifndef TESTS_PROG_SECURE_STALLS_H
#define TESTS_PROG_SECURE_STALLS_H

#include "driver.h"

/* An F_TRANSLATION of a Secure stream is to be held: the verdict, and the STAG of one that is. */
enum smmu3_verdict hold_secure(struct machine *m, uint32_t sid, uint64_t cookie, uint16_t *stag);
/* One that is held; its STAG. */
uint16_t secure_stall(struct machine *m, uint32_t sid, uint64_t cookie);

#endif
