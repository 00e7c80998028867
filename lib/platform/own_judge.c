/* SPDX-License-Identifier: MIT */
/* What an SMMU did of its own accord, against what was expected. */
#include "platform/own.h"
#include "platform/own_pcie.h"
#include "platform/words_own.h"

#include "arch/attr.h"
#include "arch/event.h"

#include <smmu/decode.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct judgement {
	const struct smmu3_own_act *expected, *act;
	bool strict;
	char *text;
	size_t size;
};

/* Says the difference, unless the values agree. */
__attribute__((format(printf, 3, 4))) static bool check(const struct judgement *judgement,
							bool same, const char *format, ...)
{
	va_list arguments;

	if (same)
		return true;
	va_start(arguments, format);
	(void)vsnprintf(judgement->text, judgement->size, format, arguments);
	va_end(arguments);
	return false;
}

/* ---- Records ---- */

/* What no line can expect to be 0: the implementation's own. */
static bool is_free(const struct smmu3_field *field)
{
	return !strcmp(field->name, "IMPDEF") || !strcmp(field->name, "Reason");
}

static bool field_met(const struct judgement *judgement, const struct smmu3_field *field)
{
	const uint64_t *const want = judgement->expected->event.word;
	const uint64_t *const got = judgement->act->event.word;
	const bool stated = smmu3_field_get(judgement->expected->stated.word, field);

	if (!stated && (!judgement->strict || is_free(field)))
		return true;
	return check(judgement, smmu3_field_get(want, field) == smmu3_field_get(got, field),
		     "%s is 0x%" PRIx64 ", expected 0x%" PRIx64 "%s", field->name,
		     smmu3_field_get(got, field), smmu3_field_get(want, field),
		     stated ? "" : ", as the line says nothing of it");
}

static bool fields_met(const struct judgement *judgement, const struct smmu3_layout *layout)
{
	bool met = true;

	for (unsigned i = 0; met && layout && i < layout->fields; i++)
		met = field_met(judgement, &layout->field[i]);
	return met;
}

static bool event_met(const struct judgement *judgement)
{
	const unsigned want = (unsigned)event_get(&judgement->expected->event, EVENT_NUMBER);
	const unsigned got = (unsigned)event_get(&judgement->act->event, EVENT_NUMBER);

	return check(judgement, want == got, "the record is %s, expected %s", smmu3_event_name(got),
		     smmu3_event_name(want)) &&
	       fields_met(judgement, smmu3_event_layout(want));
}

/* ---- Messages ---- */

static bool attr_met(const struct judgement *judgement)
{
	const struct smmu3_own_act *const want = judgement->expected;
	const uint8_t got = judgement->act->attr.mair;
	char want_name[16], got_name[16];

	if (!(want->said & SMMU3_SAID_ATTR))
		return true;
	return check(judgement,
		     want->said & SMMU3_SAID_ATTR_EXACT ? want->attr.mair == got :
							  mair_same_type(want->attr.mair, got),
		     "the message's memory type is %s, expected %s", attr_text(got, got_name),
		     attr_text(want->attr.mair, want_name));
}

static bool message_met(const struct judgement *judgement)
{
	const struct smmu3_own_act *const want = judgement->expected, *const got = judgement->act;

	return check(judgement, want->addr == got->addr,
		     "the message goes to 0x%" PRIx64 ", expected 0x%" PRIx64, got->addr,
		     want->addr) &&
	       check(judgement, want->data == got->data,
		     "the message is 0x%" PRIx32 ", expected 0x%" PRIx32, got->data, want->data) &&
	       check(judgement, want->aborted == got->aborted,
		     got->aborted ? "the message was aborted" : "the message was not aborted") &&
	       attr_met(judgement) &&
	       check(judgement, !(want->said & SMMU3_SAID_SH) || want->attr.sh == got->attr.sh,
		     "the message's shareability is %s, expected %s",
		     smmu3_shareability_name(got->attr.sh), smmu3_shareability_name(want->attr.sh));
}

/* ---- Invalidations ---- */

static bool scope_met(const struct judgement *judgement)
{
	const struct smmu3_invalidation *const want = &judgement->expected->scope;
	const struct smmu3_invalidation *const got = &judgement->act->scope;
	bool met = check(judgement, want->kind == got->kind,
			 "the invalidation is of %s, expected %s",
			 word_name(invalidation_words, got->kind),
			 word_name(invalidation_words, want->kind));

	for (const struct scope_word *word = scope_words; met && word->name; word++) {
		const uint64_t a = scope_get(got, word), b = scope_get(want, word);
		const bool stated = judgement->expected->said & word->said;

		if (!stated && !judgement->strict)
			continue;
		met = stated ? check(judgement, (scope_is(got, word) || word->plain) && a == b,
				     "%s of the invalidation is %s0x%" PRIx64
				     ", expected 0x%" PRIx64,
				     word->name,
				     scope_is(got, word) || word->plain ? "" : "any, not ", a, b) :
			       check(judgement, !scope_is(got, word),
				     "%s of the invalidation is 0x%" PRIx64
				     ", and the line says nothing of it",
				     word->name, a);
	}
	return met;
}

bool own_met(const struct smmu3_own_act *expected, const struct smmu3_own_act *act, bool strict,
	     char *difference, size_t size)
{
	const struct judgement judgement = { expected, act, strict, difference, size };

	if (size)
		difference[0] = '\0';
	switch ((enum smmu3_own_kind)act->kind) {
	case SMMU3_OWN_EVENT:
		return event_met(&judgement);
	case SMMU3_OWN_PROD:
		return check(&judgement,
			     !(expected->said & SMMU3_SAID_INDEX) || expected->index == act->index,
			     "EVENTQ_PROD is 0x%" PRIx32 ", expected 0x%" PRIx32, act->index,
			     expected->index);
	case SMMU3_OWN_GERROR:
		return check(&judgement, expected->error == act->error,
			     "the error is bit %u of GERROR, expected bit %u", (unsigned)act->error,
			     (unsigned)expected->error);
	case SMMU3_OWN_MSI:
		return message_met(&judgement);
	case SMMU3_OWN_INTERRUPT:
		return check(&judgement, expected->interrupt == act->interrupt,
			     "the wire is %s, expected %s",
			     word_name(interrupt_words, act->interrupt),
			     word_name(interrupt_words, expected->interrupt));
	case SMMU3_OWN_INVALIDATION:
		return scope_met(&judgement);
	case SMMU3_OWN_PAGE:
		return fields_met(&judgement, smmu3_layout("PRIQ_ENTRY"));
	case SMMU3_OWN_ATC_INV:
	case SMMU3_OWN_RESPONSE:
		return own_pcie_met(expected, act, strict, difference, size);
	case SMMU3_OWN_SEV:
	case SMMU3_OWN_NOTHING:
		break;
	}
	return true;
}
