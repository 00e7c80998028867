/* SPDX-License-Identifier: MIT */
/* Acts as a trace writes them. */
#include "platform/own_pcie.h"
#include "platform/trace_act.h"
#include "platform/trace_dvm.h"
#include "platform/words_own.h"

#include "arch/event.h"

#include <smmu/decode.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void trace_add(char *text, size_t size, const char *format, ...)
{
	const size_t length = strlen(text);
	va_list arguments;

	va_start(arguments, format);
	if (length < size)
		(void)vsnprintf(text + length, size - length, format, arguments);
	va_end(arguments);
}

/* ---- What an SMMU did ---- */

/* As a trace calls it. */
static void say_name(const char *name, char *text, size_t size)
{
	for (const struct field_word *word = field_words; word->name; word++) {
		if (!strcmp(word->field, name)) {
			trace_add(text, size, " %s", word->name);
			return;
		}
	}
	trace_add(text, size, " ");
	for (; *name; name++)
		trace_add(text, size, "%c",
			  *name >= 'A' && *name <= 'Z' ? *name - 'A' + 'a' : *name);
}

/* What a record says, or of an expectation what it states.  A valid SubstreamID goes without SSV.
 */
static bool is_said(const struct smmu3_own_act *act, const struct smmu3_layout *layout,
		    const struct smmu3_field *field)
{
	const struct smmu3_field *const ssid = smmu3_field(layout, "SubstreamID");
	const struct smmu3_field *const ssv = smmu3_field(layout, "SSV");
	const bool is_ssid = ssid && field->lsb == ssid->lsb;
	const bool is_ssv = ssv && field->lsb == ssv->lsb;
	const bool valid = ssv && smmu3_field_get(act->event.word, ssv);

	if (act->stated.word[0] || act->stated.word[1])
		return smmu3_field_get(act->stated.word, field) &&
		       !(is_ssv && valid && ssid && smmu3_field_get(act->stated.word, ssid));
	if (is_ssid && valid)
		return true;
	return smmu3_field_get(act->event.word, field) && !(is_ssv && valid);
}

static void say_fields(const struct smmu3_own_act *act, const struct smmu3_layout *layout,
		       char *text, size_t size)
{
	for (unsigned i = 0; layout && i < layout->fields; i++) {
		const struct smmu3_field *const field = &layout->field[i];
		const uint64_t value = smmu3_field_get(act->event.word, field);

		if (!trace_has_name(field) || !is_said(act, layout, field))
			continue;
		say_name(field->name, text, size);
		if (!strcmp(field->name, "CLASS") && word_name(class_words, value))
			trace_add(text, size, "=%s", word_name(class_words, value));
		else
			trace_add(text, size, "=0x%" PRIx64, value);
	}
}

static void say_event(const struct smmu3_own_act *act, char *text, size_t size)
{
	const unsigned number = (unsigned)event_get(&act->event, EVENT_NUMBER);

	trace_add(text, size, " %s", smmu3_event_name(number));
	say_fields(act, smmu3_event_layout(number), text, size);
}

static void say_gerror(const struct smmu3_own_act *act, char *text, size_t size)
{
	const struct smmu3_layout *const layout = smmu3_register_layout("GERROR");

	for (unsigned i = 0; i < layout->fields; i++) {
		if (layout->field[i].lsb == act->error && trace_has_name(&layout->field[i]))
			trace_add(text, size, " %s", layout->field[i].name);
	}
}

/* An expectation says what it states, a message all that it is. */
static void say_message(const struct smmu3_own_act *act, bool stated, char *text, size_t size)
{
	char type[16];
	const bool exact = act->said & SMMU3_SAID_ATTR_EXACT;

	trace_add(text, size, " 0x%" PRIx64 " 0x%" PRIx32, act->addr, act->data);
	if (act->aborted)
		trace_add(text, size, " abort");
	if (exact)
		trace_add(text, size, " attr=0x%02x", act->attr.mair);
	else if (!stated || act->said & SMMU3_SAID_ATTR)
		trace_add(text, size, " attr=%s", attr_text(act->attr.mair, type));
	if (!stated || act->said & SMMU3_SAID_SH)
		trace_add(text, size, " sh=%s",
			  word_name(shareability_words, act->attr.sh) ?
				  word_name(shareability_words, act->attr.sh) :
				  "?");
}

static void say_scope(const struct smmu3_own_act *act, bool stated, char *text, size_t size)
{
	const char *const kind = word_name(invalidation_words, act->scope.kind);

	trace_add(text, size, " %s", kind ? kind : "?");
	for (const struct scope_word *word = scope_words; word->name; word++) {
		const uint64_t value = scope_get(&act->scope, word);

		if (!(stated ? act->said & word->said : scope_is(&act->scope, word)))
			continue;
		if (word->max == 1 && value)
			trace_add(text, size, " %s", word->name);
		else
			trace_add(text, size, " %s=0x%" PRIx64, word->name, value);
	}
}

static void say_act(const struct smmu3_own_act *act, bool stated, char *text, size_t size)
{
	const char *const kind = word_name(own_words, act->kind);

	(void)snprintf(text, size, "%s%s", act->none && kind ? "no-" : "",
		       kind      ? kind :
		       act->none ? "nothing" :
				   "anything");
	if (act->none)
		return;
	if (act->kind == SMMU3_OWN_EVENT)
		say_event(act, text, size);
	if (act->kind == SMMU3_OWN_PROD && (!stated || act->said & SMMU3_SAID_INDEX))
		trace_add(text, size, " 0x%" PRIx32, act->index);
	if (act->kind == SMMU3_OWN_GERROR)
		say_gerror(act, text, size);
	if (act->kind == SMMU3_OWN_MSI)
		say_message(act, stated, text, size);
	if (act->kind == SMMU3_OWN_INTERRUPT)
		trace_add(text, size, " %s", word_name(interrupt_words, act->interrupt));
	if (act->kind == SMMU3_OWN_INVALIDATION)
		say_scope(act, stated, text, size);
	if (act->kind == SMMU3_OWN_PAGE)
		say_fields(act, smmu3_layout("PRIQ_ENTRY"), text, size);
	if (act->kind == SMMU3_OWN_ATC_INV || act->kind == SMMU3_OWN_RESPONSE)
		own_pcie_text(act, stated, text, size);
}

/* Whose it is stands before it, where it is not the Non-secure interface's. */
void smmu3_own_act_text(const struct smmu3_own_act *act, char *text, size_t size)
{
	char what[SMMU3_ACT_TEXT];

	if (!size)
		return;
	say_act(act, false, what, sizeof(what));
	(void)snprintf(text, size, "%s%s%.*s",
		       act->pas == SMMU3_PAS_NS ? "" : smmu3_pas_name(act->pas),
		       act->pas == SMMU3_PAS_NS ? "" : ": ", SMMU3_ACT_TEXT - 1, what);
}

/* ---- What software did ---- */

static void say_register(const struct smmu3_trace_op *op, char *text, size_t size)
{
	const struct smmu3_layout *const layout = smmu3_register_at(op->offset);

	trace_add(text, size, "mmio %c%u ", op->kind == SMMU3_TRACE_MMIO_READ ? 'r' : 'w',
		  op->size * 8u);
	if (layout && layout->offset == op->offset) /* of many of a name only the first has it */
		trace_add(text, size, "%s", layout->name);
	else
		trace_add(text, size, "0x%" PRIx64, op->offset);
}

void smmu3_trace_act_text(const struct smmu3_trace_op *op, char *text, size_t size)
{
	char act[SMMU3_ACT_TEXT] = "";

	if (!size)
		return;
	text[0] = '\0';
	if (op->kind == SMMU3_TRACE_PAGE_REQUEST) {
		trace_page_text(op, text, size);
		return;
	}
	(void)snprintf(text, size,
		       op->pas == SMMU3_PAS_NS ? "! " : "! %s: ", smmu3_pas_name(op->pas));
	switch (op->kind) {
	case SMMU3_TRACE_MMIO_WRITE:
	case SMMU3_TRACE_MMIO_READ:
		say_register(op, act, sizeof(act));
		break;
	case SMMU3_TRACE_MEM_WRITE:
	case SMMU3_TRACE_MEM_READ:
		trace_add(act, sizeof(act), "%c%u 0x%" PRIx64,
			  op->kind == SMMU3_TRACE_MEM_READ ? 'r' : 'w', op->size * 8u, op->offset);
		break;
	case SMMU3_TRACE_COMMAND:
		trace_command_text(op->pas, op->command, act, sizeof(act));
		break;
	case SMMU3_TRACE_DVM:
		trace_dvm_text(op->pas, op->command, act, sizeof(act));
		break;
	case SMMU3_TRACE_RECOVER:
		trace_add(act, sizeof(act), "recover");
		break;
	case SMMU3_TRACE_EXPECT:
		(void)snprintf(act, sizeof(act), "expect ");
		say_act(&op->own, true, act + strlen(act), sizeof(act) - strlen(act));
		break;
	case SMMU3_TRACE_ENDPOINT:
		trace_add(act, sizeof(act), "endpoint %s %s", op->master,
			  trace_endpoint_name(op->endpoint));
		break;
	case SMMU3_TRACE_STATS:
		trace_stats_text(&op->stats, act, sizeof(act));
		break;
	case SMMU3_TRACE_DIRECT:
		trace_add(act, sizeof(act), "direct %c 0x%" PRIx64 " %" PRIu64,
			  op->txn.flags & SMMU3_TXN_WRITE ? 'w' : 'r', op->txn.addr, op->txn.bytes);
		break;
	case SMMU3_TRACE_STATS_RESET:
		trace_add(act, sizeof(act), "stats reset");
		break;
	case SMMU3_TRACE_ADVERSITY:
		trace_add(act, sizeof(act), "adversity %.*s", (int)sizeof(op->adversity) - 1,
			  op->adversity);
		break;
	case SMMU3_TRACE_ACCESS:
	case SMMU3_TRACE_PAGE_REQUEST:
		break;
	}
	trace_add(text, size, "%s", act);
	if (op->kind == SMMU3_TRACE_MMIO_WRITE || op->kind == SMMU3_TRACE_MEM_WRITE)
		trace_add(text, size, " 0x%" PRIx64, op->value);
}
