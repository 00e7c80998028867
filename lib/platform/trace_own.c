/* SPDX-License-Identifier: MIT */
/* The grammar of docs/trace.md: what an SMMU is expected to have done of its own accord. */
#include "platform/own_pcie.h"
#include "platform/words_own.h"

#include "arch/event.h"

#include <smmu/decode.h>

#include <stdio.h>
#include <string.h>

static int said_already(struct trace_line *line, struct trace_word word)
{
	return REFUSE(line, word, "'%.*s' is said already", SHOWN(word));
}

/* ---- Records ---- */

static const char *field_name(struct trace_word name, char text[32])
{
	for (const struct field_word *word = field_words; word->name; word++) {
		if (trace_is(name, word->name))
			return word->field;
	}
	(void)snprintf(text, 32, "%.*s", (int)(name.length < 31 ? name.length : 31), name.text);
	return text;
}

/* Fields without a name of their own are no line's business. */
bool trace_has_name(const struct smmu3_field *field)
{
	static const char *const none[] = { "RES0", "RES1", "IMPDEF", "IGNORED", "event_number" };

	for (unsigned i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		if (!strcmp(field->name, none[i]))
			return false;
	}
	return true;
}

static int unknown_field(struct trace_line *line, const struct smmu3_layout *layout,
			 struct trace_word name)
{
	struct guess guess = { .text = name.text, .length = name.length };
	char suggestion[80];

	for (const struct field_word *word = field_words; word->name; word++) {
		if (smmu3_field(layout, word->field))
			guess_offer(&guess, word->name);
	}
	for (unsigned i = 0; i < layout->fields; i++) {
		if (trace_has_name(&layout->field[i]))
			guess_offer(&guess, layout->field[i].name);
	}
	return REFUSE(line, name, "%s has no field '%.*s'%s", layout->name, SHOWN(name),
		      guess_text(&guess, suggestion, sizeof(suggestion)));
}

static uint64_t field_bits(const struct smmu3_field *field)
{
	const unsigned width = field->msb - field->lsb + 1u;

	return low_bits(width) << (field->address ? field->lsb % 64 : 0);
}

static int take_field_value(struct trace_line *line, const struct smmu3_field *field,
			    struct trace_word value, uint64_t *number)
{
	const uint64_t bits = field_bits(field);

	if (!strcmp(field->name, "CLASS"))
		return trace_choice(line, value, class_words, "class: CD, TT or IN", number);
	if (trace_number(line, value, bits | ((bits & -bits) - 1), number))
		return -SMMU3_E_FORMAT;
	return *number & ~bits ? REFUSE(line, value, "'%.*s' is no multiple of 0x%llx",
					SHOWN(value), (unsigned long long)(bits & -bits)) :
				 0;
}

static void state(struct smmu3_own_act *own, const struct smmu3_field *field, uint64_t value)
{
	(void)smmu3_field_set(own->event.word, field, value);
	(void)smmu3_field_set(own->stated.word, field, field_bits(field));
}

int trace_field_parse(struct trace_line *line, const struct smmu3_layout *layout,
		      struct trace_word word, struct smmu3_own_act *own)
{
	char text[32];
	struct trace_word value;
	const struct trace_word name = trace_cut(word, '=', &value);
	const struct smmu3_field *const field = smmu3_field(layout, field_name(name, text));
	const struct smmu3_field *const ssv = smmu3_field(layout, "SSV");
	uint64_t number;

	if (!field || !trace_has_name(field))
		return unknown_field(line, layout, name);
	if (!value.text)
		return REFUSE(line, word, "'%.*s' takes a value: %.*s=...", SHOWN(name),
			      SHOWN(name));
	if (smmu3_field_get(own->stated.word, field))
		return said_already(line, word);
	if (take_field_value(line, field, value, &number))
		return -SMMU3_E_FORMAT;
	state(own, field, number);
	if (ssv && !strcmp(field->name, "SubstreamID") && !smmu3_field_get(own->stated.word, ssv))
		state(own, ssv, 1);
	return 0;
}

static int unknown_event(struct trace_line *line, struct trace_word word)
{
	struct guess guess = { .text = word.text, .length = word.length };
	char suggestion[80];

	for (unsigned number = 1; number < 256; number++) {
		if (smmu3_event_layout(number))
			guess_offer(&guess, smmu3_event_name(number));
	}
	return word.length ? REFUSE(line, word, "'%.*s' is no event%s", SHOWN(word),
				    guess_text(&guess, suggestion, sizeof(suggestion))) :
			     REFUSE(line, word, "the event's name is missing");
}

static int parse_event(struct trace_line *line, struct smmu3_trace_op *op)
{
	struct smmu3_own_act *const own = &op->own;
	struct trace_word word = trace_next(line);
	const struct smmu3_layout *layout = NULL;
	unsigned number = 0;

	while (!layout && ++number < 256) {
		if (smmu3_event_layout(number) && trace_is(word, smmu3_event_name(number)))
			layout = smmu3_event_layout(number);
	}
	if (!layout)
		return unknown_event(line, word);
	event_put(&own->event, EVENT_NUMBER, number);
	event_put(&own->stated, EVENT_NUMBER, 0xff);
	while ((word = trace_next(line)).length) {
		const int code = trace_consequence(line, word, op);

		if (code < 0 || (!code && trace_field_parse(line, layout, word, own)))
			return -SMMU3_E_FORMAT;
	}
	return 1;
}

/* ---- Messages ---- */

static int take_attr(struct trace_line *line, struct trace_word value, struct smmu3_own_act *own)
{
	bool exact;

	if (!attr_parse(value.text, value.length, &own->attr.mair, &exact))
		return REFUSE(line, value, "'%.*s' is no memory type", SHOWN(value));
	own->said |= SMMU3_SAID_ATTR | (exact ? SMMU3_SAID_ATTR_EXACT : 0u);
	return 0;
}

static int take_sh(struct trace_line *line, struct trace_word value, struct smmu3_own_act *own)
{
	uint64_t sh;

	if (trace_choice(line, value, shareability_words, "shareability", &sh))
		return -SMMU3_E_FORMAT;
	own->attr.sh = (uint8_t)sh;
	own->said |= SMMU3_SAID_SH;
	return 0;
}

static int parse_message_word(struct trace_line *line, struct trace_word word,
			      struct smmu3_own_act *own)
{
	struct trace_word value;
	const struct trace_word name = trace_cut(word, '=', &value);

	if (trace_is(word, "abort")) {
		if (own->aborted)
			return said_already(line, word);
		own->aborted = 1;
		return 0;
	}
	if (trace_is(name, "attr") && value.text)
		return own->said & SMMU3_SAID_ATTR ? said_already(line, word) :
						     take_attr(line, value, own);
	if (trace_is(name, "sh") && value.text)
		return own->said & SMMU3_SAID_SH ? said_already(line, word) :
						   take_sh(line, value, own);
	return REFUSE(line, word, "abort, attr=... or sh=... may follow: '%.*s'", SHOWN(word));
}

static int parse_message(struct trace_line *line, struct smmu3_own_act *own)
{
	struct trace_word word = trace_next(line);
	uint64_t data;

	if (trace_number(line, word, UINT64_MAX, &own->addr) ||
	    trace_number(line, trace_next(line), UINT32_MAX, &data))
		return -SMMU3_E_FORMAT;
	own->data = (uint32_t)data;
	while ((word = trace_next(line)).length) {
		if (parse_message_word(line, word, own))
			return -SMMU3_E_FORMAT;
	}
	return 1;
}

/* ---- Invalidations ---- */

/* What a value says is not any. */
static void limit(struct smmu3_invalidation *scope, enum smmu3_own_said said)
{
	if (said == SMMU3_SAID_ASID)
		scope->any_asid = 0;
	if (said == SMMU3_SAID_VMID)
		scope->any_vmid = 0;
	if (said == SMMU3_SAID_SSID)
		scope->any_ssid = 0;
}

static int unknown_scope(struct trace_line *line, struct trace_word name)
{
	struct guess guess = { .text = name.text, .length = name.length };
	char suggestion[80];

	for (const struct scope_word *word = scope_words; word->name; word++)
		guess_offer(&guess, word->name);
	return REFUSE(line, name, "an invalidation has no '%.*s'%s", SHOWN(name),
		      guess_text(&guess, suggestion, sizeof(suggestion)));
}

static int parse_scope_word(struct trace_line *line, struct trace_word word,
			    struct smmu3_own_act *own)
{
	struct trace_word value;
	const struct trace_word name = trace_cut(word, '=', &value);
	const struct scope_word *row = scope_words;
	uint64_t number = 1;

	while (row->name && !trace_is(name, row->name))
		row++;
	if (!row->name)
		return unknown_scope(line, name);
	if (!value.text && row->max != 1)
		return REFUSE(line, word, "'%s' takes a value: %s=...", row->name, row->name);
	if (own->said & row->said)
		return said_already(line, word);
	if (value.text && trace_number(line, value, row->max, &number))
		return -SMMU3_E_FORMAT;
	own->said |= row->said;
	scope_set(&own->scope, row, number);
	limit(&own->scope, row->said);
	return 0;
}

static int parse_invalidation(struct trace_line *line, struct smmu3_own_act *own)
{
	struct trace_word word = trace_next(line);
	uint64_t kind;

	if (trace_choice(line, word, invalidation_words,
			 "invalidation: stage1, stage2, stages, stream, context, dpt or all",
			 &kind))
		return -SMMU3_E_FORMAT;
	own->scope = (struct smmu3_invalidation){
		.kind = (uint8_t)kind, .any_asid = 1, .any_vmid = 1, .any_ssid = 1
	};
	while ((word = trace_next(line)).length) {
		if (parse_scope_word(line, word, own))
			return -SMMU3_E_FORMAT;
	}
	return 1;
}

/* ---- What is one word ---- */

static int parse_interrupt(struct trace_line *line, struct smmu3_own_act *own)
{
	uint64_t wire;

	if (trace_choice(line, trace_next(line), interrupt_words,
			 "interrupt: eventq, priq, cmd_sync, gerror or pmcg", &wire))
		return -SMMU3_E_FORMAT;
	own->interrupt = (uint8_t)wire;
	return trace_nothing_more(line);
}

static int parse_gerror(struct trace_line *line, struct smmu3_own_act *own)
{
	const struct trace_word word = trace_next(line);
	const struct smmu3_layout *const layout = smmu3_register_layout("GERROR");
	struct guess guess = { .text = word.text, .length = word.length };
	char suggestion[80];

	for (unsigned i = 0; i < layout->fields; i++) {
		const struct smmu3_field *const field = &layout->field[i];

		if (!trace_has_name(field))
			continue;
		guess_offer(&guess, field->name);
		if (trace_is(word, field->name)) {
			own->error = (uint8_t)field->lsb;
			return trace_nothing_more(line);
		}
	}
	return REFUSE(line, word, "'%.*s' is no error of GERROR%s", SHOWN(word),
		      guess_text(&guess, suggestion, sizeof(suggestion)));
}

static int parse_prod(struct trace_line *line, struct smmu3_own_act *own)
{
	const struct trace_word word = trace_next(line);
	uint64_t index;

	if (!word.length)
		return 1;
	if (trace_number(line, word, UINT32_MAX, &index))
		return -SMMU3_E_FORMAT;
	own->index = (uint32_t)index;
	own->said |= SMMU3_SAID_INDEX;
	return trace_nothing_more(line);
}

static int parse_sev(struct trace_line *line, struct smmu3_own_act *own)
{
	(void)own;
	return trace_nothing_more(line);
}

/* ---- The line ---- */

static int unknown_own(struct trace_line *line, struct trace_word word)
{
	struct guess guess = { .text = word.text, .length = word.length };
	char suggestion[80];

	for (const struct word *own = own_words; own->name; own++)
		guess_offer(&guess, own->name);
	guess_offer(&guess, "stats");
	guess_offer(&guess, "nothing");
	guess_offer(&guess, "anything");
	guess_offer(&guess, "no-event");
	guess_offer(&guess, "no-interrupt");
	return REFUSE(
		line, word,
		"'%.*s' is nothing that an SMMU does: event, prod, gerror, msi, interrupt, "
		"sev, invalidation, atc_inv, page, response, no-... of one, nothing or anything%s",
		SHOWN(word), guess_text(&guess, suggestion, sizeof(suggestion)));
}

/* no-event and so on: the kind, or NULL. */
static const struct word *denied(struct trace_word word)
{
	static const char no[] = "no-";
	const size_t length = sizeof(no) - 1;

	return word.length > length && !memcmp(word.text, no, length) ?
		       word_find(own_words, word.text + length, word.length - length) :
		       NULL;
}

/* What PEs and endpoints are told is told by the whole SMMU. */
static bool of_no_state(struct trace_word word, const struct word *kind)
{
	return trace_is(word, "anything") || (kind && kind->value == SMMU3_OWN_SEV);
}

int trace_own_parse(struct trace_line *line, struct smmu3_trace_op *op)
{
	static int (*const parse[])(struct trace_line *, struct smmu3_own_act *) = {
		[SMMU3_OWN_PROD] = parse_prod,        [SMMU3_OWN_GERROR] = parse_gerror,
		[SMMU3_OWN_MSI] = parse_message,      [SMMU3_OWN_INTERRUPT] = parse_interrupt,
		[SMMU3_OWN_SEV] = parse_sev,          [SMMU3_OWN_INVALIDATION] = parse_invalidation,
		[SMMU3_OWN_ATC_INV] = own_pcie_parse, [SMMU3_OWN_RESPONSE] = own_pcie_parse,
		[SMMU3_OWN_PAGE] = own_page_parse,
	};
	const struct trace_word word = trace_next(line);
	const struct word *const no = denied(word);
	const struct word *const kind = no ? no : word_find(own_words, word.text, word.length);

	if (op->pas != SMMU3_PAS_NS && of_no_state(word, kind))
		return REFUSE(line, word, "'%.*s' is of no Security state: without a prefix",
			      SHOWN(word));
	if (trace_is(word, "stats"))
		return trace_stats_parse(line, op);
	op->kind = SMMU3_TRACE_EXPECT;
	op->own.pas = op->pas;
	op->address_column = trace_column(line, word);
	op->own.none = no || trace_is(word, "nothing");
	op->own.kind = kind ? (uint8_t)kind->value : SMMU3_OWN_NOTHING;
	if (op->own.none)
		return trace_nothing_more(line);
	if (trace_is(word, "anything"))
		return trace_consequences(line, op);
	if (!kind)
		return unknown_own(line, word);
	return op->own.kind == SMMU3_OWN_EVENT ? parse_event(line, op) :
						 parse[kind->value](line, &op->own);
}
