/* SPDX-License-Identifier: MIT */
/* Everything that goes to stderr: complaints about input with their place, and our own. */
#ifndef SMMU_SIM_SAY_H
#define SMMU_SIM_SAY_H

#include "status.h"
#include <json-c/json.h>
#include <smmu/trace.h>

/* "smmu-sim: error: ..." */
__attribute__((format(printf, 1, 2))) void say_error(const char *format, ...);
__attribute__((format(printf, 1, 2))) void say_note(const char *format, ...);

/* "smmu-sim: error: out of memory", and ends with STATUS_CANNOT. */
_Noreturn void out_of_memory(void);

/* "FILE:LINE:COLUMN: error: ..."; line and column may be 0. */
__attribute__((format(printf, 4, 5))) void say_at(const char *file, unsigned line, unsigned column,
						  const char *format, ...);

/* A smmu3_diagnostic_fn: the complaint, the line it is about and a caret.  context is NULL, or a
 * JSON array that collects the complaints as objects too. */
void say_diagnostic(void *context, const struct smmu3_diagnostic *diagnostic);

/* Exit status for a library code (negative, from enum smmu3_code), where malformed input means
 * `format`. */
enum status status_of(int code, enum status format);

#endif
