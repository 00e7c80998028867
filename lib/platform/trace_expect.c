/* SPDX-License-Identifier: MIT */
/* The grammar of docs/trace.md: what an access is expected to give. */
#include "platform/shape.h"
#include "platform/trace_line.h"
#include "platform/words_guard.h"
#include "platform/words_own.h"

#include <smmu/decode.h>

#include <string.h>

/* Items met so far; each may be said once. */
enum item_bit {
	ITEM_VERDICT = 1 << 0,
	ITEM_EVENT = 1 << 1,
	ITEM_PA = 1 << 2,
	ITEM_PAS = 1 << 3,
	ITEM_ATTR = 1 << 4,
	ITEM_SH = 1 << 5,
	ITEM_S2 = 1 << 6,
	ITEM_CLASS = 1 << 7,
	ITEM_IPA = 1 << 8,
	ITEM_GRANT = 1 << 9,
	ITEM_ATC = 1 << 10,
	ITEM_MECID = 1 << 11,
	ITEM_FIREWALL = 1 << 12,
	ITEM_BLOCKER = 1 << 13,
	ITEM_BECOMES = 1 << 14,
	ITEM_PARTID = 1 << 15,
	ITEM_PMG = 1 << 16,
	ITEM_MPAM = 1 << 17,
	OF_LABEL = ITEM_PARTID | ITEM_PMG | ITEM_MPAM,
	OF_SUCCESS = ITEM_PA | ITEM_PAS | ITEM_ATTR | ITEM_SH | ITEM_GRANT | ITEM_MECID |
		     ITEM_FIREWALL | ITEM_BECOMES | OF_LABEL,
	OF_EVENT = ITEM_S2 | ITEM_CLASS | ITEM_IPA,
};

static const struct word verdict_words[] = {
	{ "ok", SMMU3_OK },        { "abort", SMMU3_ABORT },
	{ "razwi", SMMU3_RAZ_WI }, { "stalled", SMMU3_STALLED },
	{ "busy", SMMU3_BUSY },    { "noaccess", SMMU3_NO_ACCESS },
	{ "ur", SMMU3_UR },        { "ca", SMMU3_CA },
	{ "noop", SMMU3_NO_OP },   { NULL, 0 },
};

/* ---- KEY:VALUE ---- */

struct item_row {
	const char *name;
	enum item_bit bit;
	int (*take)(struct trace_line *line, struct trace_word value, struct smmu3_expect *expect);
};

static int take_pa(struct trace_line *line, struct trace_word value, struct smmu3_expect *expect)
{
	expect->has_pa = 1;
	return trace_number(line, value, UINT64_MAX, &expect->pa);
}

static int take_ipa(struct trace_line *line, struct trace_word value, struct smmu3_expect *expect)
{
	expect->has_ipa = 1;
	return trace_number(line, value, UINT64_MAX, &expect->ipa);
}

static int take_choice(struct trace_line *line, struct trace_word value, const struct word *words,
		       const char *what, uint8_t *has, uint8_t *member)
{
	uint64_t chosen = 0;
	const int code = trace_choice(line, value, words, what, &chosen);

	*has = 1;
	*member = (uint8_t)chosen;
	return code;
}

static int take_pas(struct trace_line *line, struct trace_word value, struct smmu3_expect *expect)
{
	return take_choice(line, value, pas_words, "PA space", &expect->has_pas, &expect->pas);
}

static int take_sh(struct trace_line *line, struct trace_word value, struct smmu3_expect *expect)
{
	return take_choice(line, value, shareability_words, "shareability", &expect->has_sh,
			   &expect->sh);
}

static int take_class(struct trace_line *line, struct trace_word value, struct smmu3_expect *expect)
{
	return take_choice(line, value, class_words, "class: CD, TT or IN", &expect->has_class,
			   &expect->fault_class);
}

static int take_s2(struct trace_line *line, struct trace_word value, struct smmu3_expect *expect)
{
	uint64_t s2;

	if (trace_number(line, value, 1, &s2))
		return -SMMU3_E_FORMAT;
	expect->has_stage = 1;
	expect->stage = s2 ? 2 : 1;
	return 0;
}

static int take_attr(struct trace_line *line, struct trace_word value, struct smmu3_expect *expect)
{
	bool exact;

	if (!attr_parse(value.text, value.length, &expect->attr.mair, &exact))
		return REFUSE(line, value, "'%.*s' is no memory type", SHOWN(value));
	expect->has_attr = 1;
	expect->attr_exact = exact;
	return 0;
}

/* Each right at most once, in this order: of Exe R is asked, too.  13.7.1 */
static int take_grant(struct trace_line *line, struct trace_word value, struct smmu3_expect *expect)
{
	static const char letters[] = "rwx";
	size_t at = 0;

	expect->has_grant = 1;
	for (unsigned i = 0; i < 3; i++) {
		if (at < value.length && value.text[at] == letters[i]) {
			expect->grant |= (uint8_t)(1u << i);
			at++;
		}
	}
	return at && at == value.length ?
		       0 :
		       REFUSE(line, value, "'%.*s' is not some of rwx", SHOWN(value));
}

static int take_atc(struct trace_line *line, struct trace_word value, struct smmu3_expect *expect)
{
	static const struct word atc_words[] = { { "hit", SMMU3_TRACE_ATC_HIT },
						 { "asked", SMMU3_TRACE_ATC_ASKED },
						 { NULL, 0 } };

	return take_choice(line, value, atc_words, "way through an ATC: hit or asked",
			   &expect->has_atc, &expect->atc);
}

static int take_mecid(struct trace_line *line, struct trace_word value, struct smmu3_expect *expect)
{
	uint64_t mecid;

	if (trace_number(line, value, UINT16_MAX, &mecid))
		return -SMMU3_E_FORMAT;
	expect->has_mecid = 1;
	expect->mecid = (uint16_t)mecid;
	return 0;
}

static int take_partid(struct trace_line *line, struct trace_word value,
		       struct smmu3_expect *expect)
{
	uint64_t partid;

	if (trace_number(line, value, UINT16_MAX, &partid))
		return -SMMU3_E_FORMAT;
	expect->has_partid = 1;
	expect->mpam.partid = (uint16_t)partid;
	return 0;
}

static int take_pmg(struct trace_line *line, struct trace_word value, struct smmu3_expect *expect)
{
	uint64_t pmg;

	if (trace_number(line, value, UINT8_MAX, &pmg))
		return -SMMU3_E_FORMAT;
	expect->has_pmg = 1;
	expect->mpam.pmg = (uint8_t)pmg;
	return 0;
}

/* The PARTID space. */
static int take_mpam(struct trace_line *line, struct trace_word value, struct smmu3_expect *expect)
{
	return take_choice(line, value, pas_words, "PARTID space: ns, secure, realm or root",
			   &expect->has_space, &expect->mpam.space);
}

static int take_firewall(struct trace_line *line, struct trace_word value,
			 struct smmu3_expect *expect)
{
	static const struct word words[] = { { "allow", SMMU3_FIREWALL_ALLOWS },
					     { "deny", SMMU3_FIREWALL_DENIES },
					     { NULL, 0 } };

	return take_choice(line, value, words, "answer of a firewall: allow or deny",
			   &expect->has_firewall, &expect->firewall);
}

/* A word, or the name of a region: which there are the line does not know. */
static int take_blocker(struct trace_line *line, struct trace_word value,
			struct smmu3_expect *expect)
{
	const struct word *const word = word_find(blocker_words, value.text, value.length);

	expect->has_blocker = 1;
	expect->blocker = word ? (uint8_t)word->value : SMMU3_BLOCKER_FIREWALL;
	if (word)
		return 0;
	if (!value_is_name(value.text, value.length))
		return REFUSE(line, value,
			      "'%.*s' is nobody who blocks: none, s1, s2, gpc, smmu or"
			      " a region of the firewall",
			      SHOWN(value));
	memcpy(expect->region, value.text, value.length);
	return 0;
}

static int take_becomes(struct trace_line *line, struct trace_word value,
			struct smmu3_expect *expect)
{
	static const uint8_t classes[] = {
		SMMU3_CLASS_ORDINARY,         SMMU3_CLASS_READ_CLEAN_INVALIDATE,
		SMMU3_CLASS_DESTRUCTIVE_READ, SMMU3_CLASS_WRITE_PREFETCH,
		SMMU3_CLASS_PREFETCH,         SMMU3_CLASS_CLEAN,
		SMMU3_CLASS_CLEAN_INVALIDATE, SMMU3_CLASS_CLEAN_TO_PERSISTENCE,
		SMMU3_CLASS_INVALIDATE,       SMMU3_CLASS_DESTRUCTIVE_HINT,
	};
	struct guess guess = { .text = value.text, .length = value.length };
	char suggestion[80];

	for (unsigned i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		expect->becomes = classes[i];
		expect->has_becomes = trace_is(value, smmu3_class_name(classes[i]));
		if (expect->has_becomes)
			return 0;
		guess_offer(&guess, smmu3_class_name(classes[i]));
	}
	return REFUSE(line, value, "'%.*s' is no class of an access that goes on%s", SHOWN(value),
		      guess_text(&guess, suggestion, sizeof(suggestion)));
}

static const struct item_row item_rows[] = {
	{ "pa", ITEM_PA, take_pa },           { "pas", ITEM_PAS, take_pas },
	{ "attr", ITEM_ATTR, take_attr },     { "sh", ITEM_SH, take_sh },
	{ "s2", ITEM_S2, take_s2 },           { "class", ITEM_CLASS, take_class },
	{ "ipa", ITEM_IPA, take_ipa },        { "grant", ITEM_GRANT, take_grant },
	{ "atc", ITEM_ATC, take_atc },        { "fw", ITEM_FIREWALL, take_firewall },
	{ "mecid", ITEM_MECID, take_mecid },  { "by", ITEM_BLOCKER, take_blocker },
	{ "as", ITEM_BECOMES, take_becomes }, { "partid", ITEM_PARTID, take_partid },
	{ "pmg", ITEM_PMG, take_pmg },        { "mpam", ITEM_MPAM, take_mpam },
};

enum { ITEM_ROWS = sizeof(item_rows) / sizeof(item_rows[0]) };

/* ---- Words ---- */

/* The number of an event by its name, or 0. */
static unsigned event_named(struct trace_word word)
{
	for (unsigned number = 1; number < 256; number++) {
		if (trace_is(word, smmu3_event_name(number)) && !trace_is(word, "reserved"))
			return number;
	}
	return 0;
}

static int unknown_item(struct trace_line *line, struct trace_word word)
{
	struct guess guess = { .text = word.text, .length = word.length };
	char suggestion[80];

	for (const struct word *verdict = verdict_words; verdict->name; verdict++)
		guess_offer(&guess, verdict->name);
	for (unsigned i = 0; i < ITEM_ROWS; i++)
		guess_offer(&guess, item_rows[i].name);
	for (unsigned number = 1; number < 256; number++) {
		if (strcmp(smmu3_event_name(number), "reserved") != 0)
			guess_offer(&guess, smmu3_event_name(number));
	}
	return REFUSE(line, word, "'%.*s' is no expectation and no event%s", SHOWN(word),
		      guess_text(&guess, suggestion, sizeof(suggestion)));
}

static int once(struct trace_line *line, struct trace_word word, enum item_bit bit, unsigned *seen)
{
	if (*seen & bit)
		return REFUSE(line, word, "'%.*s' is said already, or another in its place",
			      SHOWN(word));
	*seen |= bit;
	return 0;
}

static int take_word(struct trace_line *line, struct trace_word word, struct smmu3_expect *expect,
		     unsigned *seen)
{
	const struct word *const verdict = word_find(verdict_words, word.text, word.length);
	const unsigned event = verdict ? 0 : event_named(word);

	if (!verdict && !event)
		return unknown_item(line, word);
	if (verdict) {
		expect->verdict = (uint8_t)verdict->value;
		return once(line, word, ITEM_VERDICT, seen);
	}
	expect->has_event = 1;
	expect->event = (uint8_t)event;
	return once(line, word, ITEM_EVENT, seen);
}

static int take_item(struct trace_line *line, struct trace_word item, struct smmu3_expect *expect,
		     unsigned *seen)
{
	struct trace_word value;
	const struct trace_word name = trace_cut(item, ':', &value);

	if (!item.length)
		return REFUSE(line, item, "an expectation is missing");
	if (!value.text)
		return take_word(line, item, expect, seen);
	for (unsigned i = 0; i < ITEM_ROWS; i++) {
		if (trace_is(name, item_rows[i].name))
			return once(line, item, item_rows[i].bit, seen) ?
				       -SMMU3_E_FORMAT :
				       item_rows[i].take(line, value, expect);
	}
	return unknown_item(line, name);
}

/* ---- The whole ---- */

/* Does it matter whether an access that ends so is recorded? */
static bool ends_with_event(unsigned verdict)
{
	return verdict == SMMU3_ABORT || verdict == SMMU3_RAZ_WI || verdict == SMMU3_UR ||
	       verdict == SMMU3_CA;
}

/* What goes on only the firewall can block, and does where it denies it; what does not somebody
 * does. */
static bool contradicts_blocker(const struct smmu3_expect *expect)
{
	const bool by_none = expect->blocker == SMMU3_BLOCKER_NONE;
	const bool by_firewall = expect->blocker == SMMU3_BLOCKER_FIREWALL;

	if (!expect->has_blocker)
		return false;
	if (expect->verdict != SMMU3_OK)
		return by_none;
	return (!by_none && !by_firewall) ||
	       (expect->has_firewall && by_none != (expect->firewall == SMMU3_FIREWALL_ALLOWS));
}

/* What the items together mean, or why they cannot stand together. */
static int conclude(struct trace_line *line, struct trace_word list, struct smmu3_expect *expect,
		    unsigned seen)
{
	const bool says_ok = seen & OF_SUCCESS ||
			     (seen & ITEM_VERDICT && expect->verdict == SMMU3_OK);

	if (seen & OF_EVENT && !(seen & ITEM_EVENT))
		return REFUSE(line, list, "s2, class and ipa describe an event: which?");
	if (says_ok && seen & ITEM_EVENT)
		return REFUSE(line, list, "an access that goes on records no event");
	if (seen & OF_SUCCESS && seen & ITEM_VERDICT && expect->verdict != SMMU3_OK)
		return REFUSE(
			line, list,
			"pa, pas, attr, sh, grant, mecid, fw, as, partid, pmg and mpam describe"
			" an access that goes on");
	if (!(seen & ITEM_VERDICT))
		expect->verdict = seen & ITEM_EVENT ? SMMU3_ABORT : SMMU3_OK;
	if (contradicts_blocker(expect))
		return REFUSE(line, list,
			      "by says that it is blocked by another than the rest does");
	if (ends_with_event(expect->verdict))
		expect->has_event = 1; /* none, unless one was named */
	expect->present = 1;
	return 0;
}

int trace_expect_parse(struct trace_line *line, struct trace_word list, struct smmu3_expect *expect)
{
	struct trace_word rest = list;
	unsigned seen = 0;

	do {
		const struct trace_word item = trace_cut(rest, ',', &rest);

		if (take_item(line, item, expect, &seen))
			return -SMMU3_E_FORMAT;
	} while (rest.text);
	return conclude(line, list, expect, seen);
}
