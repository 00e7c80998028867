/* SPDX-License-Identifier: MIT */
/*
 * A machine of keeping.h whose accesses go all the ways that there are: through a port, a batch, a
 * handle, without a port, and as hits alone.  Streams 1 to 3: of stage 1, of stage 2, of both.
 */
#ifndef TESTS_PROG_PORTED_H
#define TESTS_PROG_PORTED_H

#include "keeping.h"

#include <smmu/port.h>

enum { SPACES = 3, MICRO = 16, MICRO_STREAMS = 4 };

extern const struct space ported_spaces[SPACES];

enum way { BY_PORT, BY_BATCH, BY_HANDLE, BY_NO_PORT, WAYS };

struct ported {
	struct machine *m;
	struct smmu3_port *port;
	struct smmu3_stream *handle[SPACES];
};

/* Not started; `places` in each cache behind, and whether memory is a RAM window. */
struct machine *portable(uint32_t places, bool window);
/* Started, pages 1 to 3 HERE, with a port and a handle for each stream. */
struct ported ported(uint32_t places, bool window);
struct ported open_ported(struct machine *m);
void close_ported(struct ported *p);

/* Puts page 1 of a space THERE, in memory alone. */
void put_there(struct machine *m, int space);
/* Likewise, by another table of the CD, or of the STE. */
void put_elsewhere(struct machine *m, int space);

/* Where a read of page 1 goes, or NOWHERE. */
uint64_t page_goes(struct ported *p, int space, enum way way);
struct smmu3_outcome outcome_of(struct ported *p, const struct smmu3_txn *txn, enum way way);
/* What a port, a handle has of it: NOWHERE is nothing. */
uint64_t port_has(struct ported *p, int space);
uint64_t handle_has(struct ported *p, int space);

/* Page 1 goes to this place by every way. */
void expect_goes(struct ported *p, int space, uint64_t place);

/* The command, and CMD_SYNC after it; whether both have been consumed. */
void submit_with_sync(struct machine *m, struct command command);
bool consumed(struct machine *m);

#endif
