/* SPDX-License-Identifier: MIT */
/* An SMMU that does nothing of its own accord until it is told how much: as one whose call has
 * come to its bound. */
#ifndef TESTS_PROG_WAITING_H
#define TESTS_PROG_WAITING_H

#include "driver.h"

/* What calls make due from now on waits. */
void pause_work(struct machine *m);

/* So many acts of it are done; then calls do what is due again.  False: there were fewer. */
bool do_acts(struct machine *m, unsigned count);

/* The tag that an ATS invalidation was given last; 0: none. */
uint64_t last_tag(const struct machine *m);
/* Likewise one that the Secure or the Realm queue asked for. */
uint64_t last_secure_tag(const struct machine *m);
uint64_t last_realm_tag(const struct machine *m);

#endif
