/* SPDX-License-Identifier: MIT */
/* A saved SMMU that is changed here and there. */
#ifndef TESTS_PROG_CHANGE_H
#define TESTS_PROG_CHANGE_H

#include "blob.h"

/* A state to be changed: stalls 0 and 1 recorded, of streams 1 and 2, of five places; nothing due.
 * And a fresh SMMU that is to load it. */
struct machine *plain(struct blob *blob);

/* Where REGS has what, of plain(): CR0, CR1, CR2, IRQ_CTRL, STRTAB_BASE, STRTAB_BASE_CFG,
 * CMDQ_BASE, EVENTQ_BASE, EVENTQ_PROD: 16 bytes each, the bank, the offset and the value. */
enum { ROW_CR0, ROW_CR1, ROW_CR2, ROW_IRQ_CTRL, ROW_STRTAB_BASE, ROW_CFG, ROW_CMDQ_BASE };
#define VALUE(row) 16 * (row) + 8
#define OFFSET(row) 16 * (row) + 4

/* Where WORK has what. */
enum { COMMAND, COOKIE = 16, UNDER_WAY = 24, PULSES, MESSAGES, SEND_EVENT, COMMAND_DUE, DISABLING };
enum { TERMINATE_AT = 30, DISABLE_AT = 32, AHEAD = 34, RECORDS = 36 };

/* One change of a state that was good, and the sentence that refuses it. */
struct change {
	const char *section;
	size_t at;
	unsigned bytes;
	uint64_t value;
	const char *why;
};

void change(struct blob *blob, const struct change *change);

/* Each of them alone, of plain(); which itself is good. */
void expect_changes_refused(const struct change *changes, int count);

#endif
