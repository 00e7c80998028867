/* SPDX-License-Identifier: MIT */
/* Acts of a trace, between the files that know their grammar. */
#ifndef SMMU_PLATFORM_TRACE_ACT_H
#define SMMU_PLATFORM_TRACE_ACT_H

#include "platform/trace_line.h"

/* Complains of anything that follows; 1 if nothing does. */
int trace_nothing_more(struct trace_line *line);

/* What accesses that an act lets go on come to: "expect=..." and "busy=...".  1: the word is one of
 * these and taken, 0: it is not, negative after a complaint. */
int trace_consequence(struct trace_line *line, struct trace_word word, struct smmu3_trace_op *op);

/* The rest of a line, which is made of these: 1, or negative after a complaint. */
int trace_consequences(struct trace_line *line, struct smmu3_trace_op *op);

/* Commands: what stands behind their verb.  1, or negative after a complaint. */
bool trace_is_command(struct trace_word verb);
int trace_command_parse(struct trace_line *line, struct trace_word verb, struct smmu3_trace_op *op);
void trace_offer_commands(struct guess *guess);

/* The parameters of a row, the rest of a line: likewise.  A row as a line writes it; false: the
 * command is more than the row can say. */
struct command_row;
int trace_params_parse(struct trace_line *line, const struct command_row *row,
		       struct trace_word verb, struct smmu3_trace_op *op);
bool trace_row_text(const struct command_row *row, unsigned pas, const uint64_t command[2],
		    char *text, size_t size);

/* The command as trace_command_parse takes it, behind the prefix of a PA space. */
void trace_command_text(unsigned pas, const uint64_t command[2], char *text, size_t size);

/* enum smmu3_queue_answer as a word. */
const char *trace_answer_name(unsigned answer);

/* ! endpoint ...: what stands behind it. */
int trace_endpoint_parse(struct trace_line *line, struct smmu3_trace_op *op);

/* A page request as a trace has it. */
void trace_page_text(const struct smmu3_trace_op *op, char *text, size_t size);

/* A field of a record, NAME=VALUE: 0, or negative after a complaint. */
struct smmu3_layout;
int trace_field_parse(struct trace_line *line, const struct smmu3_layout *layout,
		      struct trace_word word, struct smmu3_own_act *own);

/* enum smmu3_endpoint_act as a word. */
const char *trace_endpoint_name(unsigned act);

/* ! expect ...: what stands behind it. */
int trace_own_parse(struct trace_line *line, struct smmu3_trace_op *op);

/* ! expect stats ... and ! stats reset: what stands behind "stats".  1, or negative after a
 * complaint. */
int trace_stats_parse(struct trace_line *line, struct smmu3_trace_op *op);
int trace_stats_reset_parse(struct trace_line *line, struct smmu3_trace_op *op);
void trace_stats_text(const struct smmu3_stats_said *said, char *text, size_t size);
void trace_stats_judge(struct smmu3 *smmu, struct smmu3_trace_op *op);

/* Has a field a name of its own, which a trace may say? */
struct smmu3_field;
bool trace_has_name(const struct smmu3_field *field);

/* Adds to a text, as far as there is room. */
__attribute__((format(printf, 3, 4))) void trace_add(char *text, size_t size, const char *format,
						     ...);

#endif
