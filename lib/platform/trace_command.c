/* SPDX-License-Identifier: MIT */
/* The grammar of docs/trace.md: commands. */
#include "platform/command_rows.h"
#include "platform/trace_act.h"

#include "tables_put.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct word answer_words[] = {
	{ "consumed", SMMU3_QUEUE_CONSUMED },
	{ "waiting", SMMU3_QUEUE_WAITING },
	{ "full", SMMU3_QUEUE_FULL },
	{ "CERROR_ILL", SMMU3_QUEUE_CERROR_ILL },
	{ "CERROR_ABT", SMMU3_QUEUE_CERROR_ABT },
	{ "CERROR_ATC_INV_SYNC", SMMU3_QUEUE_CERROR_ATC_INV_SYNC },
	{ NULL, 0 },
};

const char *trace_answer_name(unsigned answer)
{
	return word_name(answer_words, answer);
}

/* What becomes of the stalled accesses may be expected, too.  4.7.1, 4.7.2 */
static bool ends_stalls(const struct smmu3_trace_op *op)
{
	const uint64_t opcode = field_value(op->command, CMD_OPCODE);

	return opcode == CMD_RESUME || opcode == CMD_STALL_TERM;
}

/* expect=ANSWER; of what ends stalls also what becomes of them.  1: taken, 0: another word. */
static int take_answer(struct trace_line *line, struct trace_word word, struct smmu3_trace_op *op)
{
	struct trace_word value;
	const struct trace_word name = trace_cut(word, '=', &value);
	uint64_t answer;

	if (op->kind == SMMU3_TRACE_DVM)
		return 0;
	if (ends_stalls(op) && !word_find(answer_words, value.text, value.length))
		return trace_consequence(line, word, op);
	if (!trace_is(name, "expect"))
		return 0;
	if (!value.text)
		return REFUSE(line, word, "'expect' takes a value: expect=...");
	if (op->answer_given)
		return REFUSE(line, word, "'expect' is said already");
	if (trace_choice(line, value, answer_words,
			 "answer: consumed, waiting, full, CERROR_ILL, CERROR_ABT or "
			 "CERROR_ATC_INV_SYNC",
			 &answer))
		return -SMMU3_E_FORMAT;
	op->answer_given = 1;
	op->answer = (uint8_t)answer;
	return 1;
}

/* ---- Parameters ---- */

/* Those that stand alone are named by what they may be. */
static bool is_param(const struct param_row *row, struct trace_word name)
{
	return row->kind == PARAM_CHOICE ? word_find(row->words, name.text, name.length) != NULL :
					   trace_is(name, row->name);
}

static const struct param_row *param_named(const struct command_row *row, struct trace_word name)
{
	for (unsigned i = 0; i < PARAMS; i++) {
		if (row->takes & PARAM_BIT(i) && is_param(&param_rows[i], name))
			return &param_rows[i];
	}
	return NULL;
}

static const char *form_name(const struct command_row *row, char text[32])
{
	(void)snprintf(text, 32, "%s%s%s", row->verb, row->form ? " " : "",
		       row->form ? row->form : "");
	return text;
}

static int unknown_param(struct trace_line *line, const struct command_row *row,
			 struct trace_word name, const struct smmu3_trace_op *op)
{
	struct guess guess = { .text = name.text, .length = name.length };
	char suggestion[80], form[32];

	for (unsigned i = 0; i < PARAMS; i++) {
		const struct word *word = param_rows[i].words;

		if (!(row->takes & PARAM_BIT(i)))
			continue;
		if (param_rows[i].kind != PARAM_CHOICE)
			guess_offer(&guess, param_rows[i].name);
		for (; param_rows[i].kind == PARAM_CHOICE && word->name; word++)
			guess_offer(&guess, word->name);
	}
	if (op->kind == SMMU3_TRACE_COMMAND)
		guess_offer(&guess, "expect");
	return REFUSE(line, name, "'%s' has no parameter '%.*s'%s", form_name(row, form),
		      SHOWN(name), guess_text(&guess, suggestion, sizeof(suggestion)));
}

static int take_number(struct trace_line *line, const struct param_row *param,
		       struct trace_word value, uint64_t command[2])
{
	const uint64_t bits = param_bits(param);
	uint64_t number;

	if (trace_number(line, value, bits | ((bits & -bits) - 1), &number))
		return -SMMU3_E_FORMAT;
	if (number & ~bits)
		return REFUSE(line, value, "'%.*s' is no multiple of 0x%llx", SHOWN(value),
			      (unsigned long long)(bits & -bits));
	param_set(param, command, number);
	return 0;
}

static int take_param(struct trace_line *line, const struct param_row *param,
		      struct trace_word word, struct trace_word value, uint64_t command[2])
{
	const bool has_value = param->kind < PARAM_FLAG;
	const struct trace_word list = param->kind == PARAM_CHOICE ? word : value;
	uint64_t chosen;

	if (has_value != (value.text != NULL))
		return REFUSE(line, word,
			      has_value ? "'%s' takes a value: %s=..." : "'%s' takes no value",
			      param->name, param->name);
	if (param->kind == PARAM_NUMBER || param->kind == PARAM_ADDRESS)
		return take_number(line, param, value, command);
	if (param->kind == PARAM_FLAG) {
		param_set(param, command, 1);
		return 0;
	}
	if (trace_choice(line, list, param->words, param->name, &chosen))
		return -SMMU3_E_FORMAT;
	param_set(param, command, chosen);
	return 0;
}

static int parse_param(struct trace_line *line, const struct command_row *row,
		       struct trace_word word, struct smmu3_trace_op *op, unsigned *seen)
{
	struct trace_word value;
	const struct trace_word name = trace_cut(word, '=', &value);
	const struct param_row *const param = param_named(row, name);
	const int taken = take_answer(line, word, op);
	unsigned bit;

	if (taken)
		return taken < 0 ? taken : 0;
	if (!param)
		return unknown_param(line, row, name, op);
	bit = PARAM_BIT(param - param_rows);
	if (*seen & bit)
		return REFUSE(line, word, "'%.*s' is said already, or another in its place",
			      SHOWN(name));
	*seen |= bit;
	return take_param(line, param, word, value, op->command);
}

/* ---- A command ---- */

static int needs(struct trace_line *line, const struct command_row *row, struct trace_word verb,
		 unsigned missing)
{
	const struct param_row *const param = &param_rows[__builtin_ctz(missing)];
	char form[32];

	return REFUSE(line, verb, "'%s' needs %s%s", form_name(row, form), param->name,
		      param->kind == PARAM_CHOICE ? "" : "=...");
}

/* What is queued by Secure software is about Secure streams, unless it says otherwise.  4.1.6 */
static void put_default_ssec(const struct command_row *row, unsigned pas, uint64_t command[2])
{
	if (row->takes & PARAM_BIT(PARAM_SSEC))
		put(command, CMD_SSEC, pas == SMMU3_PAS_SECURE);
}

int trace_params_parse(struct trace_line *line, const struct command_row *row,
		       struct trace_word verb, struct smmu3_trace_op *op)
{
	unsigned seen = 0;
	struct trace_word word;

	put(op->command, CMD_OPCODE, row->opcode);
	op->command[1] |= row->fixed;
	put_default_ssec(row, op->pas, op->command);
	while ((word = trace_next(line)).length) {
		if (parse_param(line, row, word, op, &seen))
			return -SMMU3_E_FORMAT;
	}
	if (row->needs & ~seen)
		return needs(line, row, verb, row->needs & ~seen);
	if (row->ssv && seen & PARAM_BIT(PARAM_SSID))
		put(op->command, CMD_SSV, 1);
	return 1;
}

static const struct command_row *form_named(struct trace_word verb, struct trace_word form)
{
	for (const struct command_row *row = command_rows; row->verb; row++) {
		if (trace_is(verb, row->verb) && (!row->form || trace_is(form, row->form)))
			return row;
	}
	return NULL;
}

static int unknown_form(struct trace_line *line, struct trace_word verb, struct trace_word form)
{
	struct guess guess = { .text = form.text, .length = form.length };
	char suggestion[80];

	for (const struct command_row *row = command_rows; row->verb; row++) {
		if (trace_is(verb, row->verb))
			guess_offer(&guess, row->form);
	}
	if (!form.length)
		return REFUSE(line, form, "which '%.*s'?", SHOWN(verb));
	return REFUSE(line, form, "'%.*s' is no '%.*s'%s", SHOWN(form), SHOWN(verb),
		      guess_text(&guess, suggestion, sizeof(suggestion)));
}

/* ! cmd WORD0 WORD1 [expect=ANSWER] */
static int parse_raw(struct trace_line *line, struct smmu3_trace_op *op)
{
	struct trace_word word;

	for (unsigned i = 0; i < 2; i++) {
		if (trace_number(line, trace_next(line), UINT64_MAX, &op->command[i]))
			return -SMMU3_E_FORMAT;
	}
	while ((word = trace_next(line)).length) {
		const int taken = take_answer(line, word, op);

		if (taken < 0)
			return taken;
		if (!taken)
			return REFUSE(line, word, "only expect=... may follow: '%.*s'",
				      SHOWN(word));
	}
	return 1;
}

static int no_such_queue(struct trace_line *line, struct trace_word verb)
{
	return REFUSE(line, verb, "Root has no Command queue: '%.*s'", SHOWN(verb));
}

bool trace_is_command(struct trace_word verb)
{
	for (const struct command_row *row = command_rows; row->verb; row++) {
		if (trace_is(verb, row->verb))
			return true;
	}
	return trace_is(verb, "cmd");
}

int trace_command_parse(struct trace_line *line, struct trace_word verb, struct smmu3_trace_op *op)
{
	const bool raw = trace_is(verb, "cmd");
	const struct command_row *row = raw ? NULL : form_named(verb, (struct trace_word){ "", 0 });
	struct trace_word form;

	op->kind = SMMU3_TRACE_COMMAND;
	op->address_column = trace_column(line, verb);
	if (op->pas > SMMU3_PAS_REALM)
		return no_such_queue(line, verb);
	if (raw)
		return parse_raw(line, op);
	if (row)
		return trace_params_parse(line, row, verb, op);
	form = trace_next(line);
	row = form_named(verb, form);
	return row ? trace_params_parse(line, row, verb, op) : unknown_form(line, verb, form);
}

void trace_offer_commands(struct guess *guess)
{
	for (const struct command_row *row = command_rows; row->verb; row++)
		guess_offer(guess, row->verb);
	guess_offer(guess, "cmd");
}

/* ---- As text ---- */

static void say_param(const struct param_row *param, uint64_t value, char *text, size_t size)
{
	const char *const word = param->words ? word_name(param->words, value) : NULL;

	if (param->kind == PARAM_FLAG)
		trace_add(text, size, " %s", param->name);
	else if (param->kind == PARAM_CHOICE)
		trace_add(text, size, " %s", word ? word : "?");
	else if (word)
		trace_add(text, size, " %s=%s", param->name, word);
	else
		trace_add(text, size, " %s=0x%" PRIx64, param->name, value);
}

/* Can a trace say this value of the parameter? */
static bool sayable(const struct param_row *param, uint64_t value)
{
	return !param->words || word_name(param->words, value);
}

/* What a parameter is where a line does not say it. */
static uint64_t usual(unsigned param, unsigned pas)
{
	return param == PARAM_SSEC && pas == SMMU3_PAS_SECURE;
}

bool trace_row_text(const struct command_row *row, unsigned pas, const uint64_t command[2],
		    char *text, size_t size)
{
	const bool ssv = row->ssv && field_value(command, CMD_SSV);
	uint64_t again[2] = { row->opcode, row->fixed };
	bool said = true;
	char form[32];

	(void)snprintf(text, size, "%s", form_name(row, form));
	for (unsigned i = 0; i < PARAMS; i++) {
		const struct param_row *const param = &param_rows[i];
		const uint64_t value = param_get(param, command);

		if (!(row->takes & PARAM_BIT(i)))
			continue;
		said = said && sayable(param, value) &&
		       !(i == PARAM_SSID && row->ssv && value && !ssv);
		param_set(param, again, value);
		if (value != usual(i, pas) || row->needs & PARAM_BIT(i) || (i == PARAM_SSID && ssv))
			say_param(param, value, text, size);
	}
	if (row->ssv)
		put(again, CMD_SSV, ssv);
	return said && again[0] == command[0] && again[1] == command[1];
}

void trace_command_text(unsigned pas, const uint64_t command[2], char *text, size_t size)
{
	for (const struct command_row *row = command_rows; row->verb; row++) {
		if (trace_row_text(row, pas, command, text, size))
			return;
	}
	(void)snprintf(text, size, "cmd 0x%" PRIx64 " 0x%" PRIx64, command[0], command[1]);
}
