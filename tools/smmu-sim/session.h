/* SPDX-License-Identifier: MIT */
/* Lines of a recorded session: what software and devices did, and what the SMMU did about it.
 * docs/smmu-sim.md has the grammar. */
#ifndef SMMU_SIM_SESSION_H
#define SMMU_SIM_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "input.h"
#include "status.h"

enum session_kind {
	SESSION_C, /* a member of the SMMU's configuration */
	SESSION_W, /* a register is written */
	SESSION_R, /* a register is read */
	SESSION_M, /* a word of memory, as the SMMU is to find it */
	SESSION_D, /* the SMMU writes memory */
	SESSION_I, /* the SMMU pulses an interrupt */
	SESSION_E, /* the SMMU sends an event to PEs that wait */
	SESSION_V, /* the SMMU announces an invalidation */
	SESSION_T, /* a device accesses */
	SESSION_KINDS
};

#define SESSION_ANY UINT64_MAX      /* an ASID or VMID; a permission that was not recorded */
#define SESSION_NO_EVENT UINT64_MAX /* an access that ended without success and without event */
enum { SESSION_DATA_MOST = 64 };

/* One line; members that its kind does not have are 0. */
struct session_line {
	enum session_kind kind;
	unsigned number; /* in the file */
	uint64_t at;     /* register offset, PA, VA, interrupt, or smmu3_record_member */
	uint64_t bytes;  /* of a register or a memory write; of a V: 0 is every address */
	uint64_t value;  /* of a register, a word or a member */
	uint64_t asid, vmid;
	uint64_t sid, want;             /* of a T */
	uint64_t event, pa, mask, perm; /* what came of it; event 0: success */
	size_t place;                   /* among other lines, for whoever compares them */
	unsigned char data[SESSION_DATA_MOST];
};

/* 1: *line is filled; 0: nothing on the line; negative after a complaint. */
int session_parse(const struct lines *lines, struct session_line *line);

/* What is wrong with the parts of a line together, in a sentence; NULL: nothing. */
const char *session_judge(const struct session_line *line);

/* Do they say the same?  Of accesses that fault, the event counts. */
bool session_same(const struct session_line *a, const struct session_line *b);

/* The line as a recording has it. */
enum { SESSION_TEXT = 256 };
void session_text(const struct session_line *line, char *text, size_t size);

/* 'W' and so on. */
char session_letter(enum session_kind kind);

/* What an access asks for or may do, in want and perm. */
enum { SESSION_READ = 1, SESSION_WRITE = 2 };

#endif
