/* SPDX-License-Identifier: MIT */
/* Members of what an SMMU sends to PCIe endpoints, as rows.  4.5 */
#include "platform/own_pcie.h"
#include "platform/words_own.h"

#include <smmu/decode.h>

#include <inttypes.h>
#include <stdio.h>

/* ---- Members ---- */

enum {
	OF_ATC_INV = 1 << SMMU3_OWN_ATC_INV,
	OF_RESPONSE = 1 << SMMU3_OWN_RESPONSE,
};

/* 8.3 */
static const struct word code_words[] = {
	{ "success", SMMU3_PAGE_SUCCESS },
	{ "invalid", SMMU3_PAGE_INVALID },
	{ "failure", SMMU3_PAGE_FAILURE },
	{ NULL, 0 },
};

struct member {
	const char *name;
	enum smmu3_own_said said;
	unsigned of; /* kinds that have it */
	uint64_t max;
	const struct word *words; /* of its values, or NULL */
	bool flag;                /* it stands alone, for 1 */
};

static const struct member members[] = {
	{ "sid", SMMU3_SAID_SID, OF_ATC_INV | OF_RESPONSE, UINT32_MAX, NULL, false },
	{ "ssid", SMMU3_SAID_SSID, OF_ATC_INV | OF_RESPONSE, 0xfffff, NULL, false },
	{ "addr", SMMU3_SAID_ADDR, OF_ATC_INV, UINT64_MAX, NULL, false },
	{ "bytes", SMMU3_SAID_BYTES, OF_ATC_INV, UINT64_MAX, NULL, false },
	{ "global", SMMU3_SAID_GLOBAL, OF_ATC_INV, 1, NULL, true },
	{ "prgindex", SMMU3_SAID_PRGINDEX, OF_RESPONSE, 0x1ff, NULL, false },
	{ "resp", SMMU3_SAID_CODE, OF_RESPONSE, 0, code_words, false },
};

enum { MEMBERS = sizeof(members) / sizeof(members[0]) };

static bool has(const struct smmu3_own_act *act, const struct member *member)
{
	return member->of & 1u << act->kind;
}

/* A PASID that is there counts though it is 0: it reads one higher. */
static uint64_t pasid(bool there, uint32_t ssid)
{
	return there ? ssid + UINT64_C(1) : 0;
}

static uint64_t get_response(const struct smmu3_page_response *response,
			     const struct member *member)
{
	switch ((unsigned)member->said) {
	case SMMU3_SAID_SID:
		return response->sid;
	case SMMU3_SAID_SSID:
		return pasid(response->ssv, response->ssid);
	case SMMU3_SAID_PRGINDEX:
		return response->prgindex;
	default:
		return response->code;
	}
}

static uint64_t get_atc_inv(const struct smmu3_atc_invalidation *inv, const struct member *member)
{
	switch ((unsigned)member->said) {
	case SMMU3_SAID_SID:
		return inv->sid;
	case SMMU3_SAID_SSID:
		return pasid(inv->ssv, inv->ssid);
	case SMMU3_SAID_ADDR:
		return inv->addr;
	case SMMU3_SAID_BYTES:
		return inv->bytes;
	default:
		return inv->global;
	}
}

static uint64_t get(const struct smmu3_own_act *act, const struct member *member)
{
	return act->kind == SMMU3_OWN_RESPONSE ? get_response(&act->response, member) :
						 get_atc_inv(&act->atc_inv, member);
}

static void set_response(struct smmu3_page_response *response, const struct member *member,
			 uint64_t value)
{
	switch ((unsigned)member->said) {
	case SMMU3_SAID_SID:
		response->sid = (uint32_t)value;
		return;
	case SMMU3_SAID_SSID:
		response->ssv = 1;
		response->ssid = (uint32_t)value;
		return;
	case SMMU3_SAID_PRGINDEX:
		response->prgindex = (uint16_t)value;
		return;
	default:
		response->code = (uint8_t)value;
	}
}

static void set_atc_inv(struct smmu3_atc_invalidation *inv, const struct member *member,
			uint64_t value)
{
	switch ((unsigned)member->said) {
	case SMMU3_SAID_SID:
		inv->sid = (uint32_t)value;
		return;
	case SMMU3_SAID_SSID:
		inv->ssv = 1;
		inv->ssid = (uint32_t)value;
		return;
	case SMMU3_SAID_ADDR:
		inv->addr = value;
		return;
	case SMMU3_SAID_BYTES:
		inv->bytes = value;
		return;
	default:
		inv->global = (uint8_t)value;
	}
}

static void set(struct smmu3_own_act *act, const struct member *member, uint64_t value)
{
	if (act->kind == SMMU3_OWN_RESPONSE)
		set_response(&act->response, member, value);
	else
		set_atc_inv(&act->atc_inv, member, value);
}

/* ---- A line ---- */

static const struct member *member_named(const struct smmu3_own_act *own, struct trace_word name)
{
	for (unsigned i = 0; i < MEMBERS; i++) {
		if (has(own, &members[i]) && trace_is(name, members[i].name))
			return &members[i];
	}
	return NULL;
}

static int unknown_member(struct trace_line *line, struct trace_word name,
			  const struct smmu3_own_act *own)
{
	struct guess guess = { .text = name.text, .length = name.length };
	char suggestion[80];

	for (unsigned i = 0; i < MEMBERS; i++) {
		if (has(own, &members[i]))
			guess_offer(&guess, members[i].name);
	}
	return REFUSE(line, name, "%s has no '%.*s'%s", word_name(own_words, own->kind),
		      SHOWN(name), guess_text(&guess, suggestion, sizeof(suggestion)));
}

static int take_value(struct trace_line *line, struct trace_word value, const struct member *member,
		      uint64_t *number)
{
	return member->words ? trace_choice(line, value, member->words,
					    "response: success, invalid or failure", number) :
			       trace_number(line, value, member->max, number);
}

static int parse_member(struct trace_line *line, struct trace_word word, struct smmu3_own_act *own)
{
	struct trace_word value;
	const struct trace_word name = trace_cut(word, '=', &value);
	const struct member *const member = member_named(own, name);
	uint64_t number = 1;

	if (!member)
		return unknown_member(line, name, own);
	if (member->flag == (value.text != NULL))
		return REFUSE(line, word,
			      member->flag ? "'%s' takes no value" : "'%s' takes a value: %s=...",
			      member->name, member->name);
	if (own->said & member->said)
		return REFUSE(line, word, "'%.*s' is said already", SHOWN(word));
	if (value.text && take_value(line, value, member, &number))
		return -SMMU3_E_FORMAT;
	own->said |= member->said;
	set(own, member, number);
	return 0;
}

int own_pcie_parse(struct trace_line *line, struct smmu3_own_act *own)
{
	struct trace_word word;

	while ((word = trace_next(line)).length) {
		if (parse_member(line, word, own))
			return -SMMU3_E_FORMAT;
	}
	return 1;
}

int own_page_parse(struct trace_line *line, struct smmu3_own_act *own)
{
	struct trace_word word;

	while ((word = trace_next(line)).length) {
		if (trace_field_parse(line, smmu3_layout("PRIQ_ENTRY"), word, own))
			return -SMMU3_E_FORMAT;
	}
	return 1;
}

/* ---- Its text ---- */

/* What stands for the value that get gives. */
static uint64_t shown(const struct member *member, uint64_t value)
{
	return member->said == SMMU3_SAID_SSID ? value - 1 : value;
}

void own_pcie_text(const struct smmu3_own_act *act, bool stated, char *text, size_t size)
{
	for (unsigned i = 0; i < MEMBERS; i++) {
		const struct member *const member = &members[i];
		const uint64_t value = has(act, member) ? get(act, member) : 0;

		if (stated ? !(act->said & member->said) : !value && !member->words)
			continue;
		if (!has(act, member))
			continue;
		if (member->words)
			trace_add(text, size, " %s=%s", member->name,
				  word_name(member->words, value));
		else if (member->flag)
			trace_add(text, size, " %s", member->name);
		else
			trace_add(text, size, " %s=0x%" PRIx64, member->name, shown(member, value));
	}
}

/* ---- Against an expectation ---- */

static void say_value(const struct member *member, uint64_t value, char text[32])
{
	if (member->words)
		(void)snprintf(text, 32, "%s", word_name(member->words, value));
	else if (member->said == SMMU3_SAID_SSID && !value)
		(void)snprintf(text, 32, "not there");
	else
		(void)snprintf(text, 32, "0x%" PRIx64, shown(member, value));
}

bool own_pcie_met(const struct smmu3_own_act *expected, const struct smmu3_own_act *act,
		  bool strict, char *difference, size_t size)
{
	for (unsigned i = 0; i < MEMBERS; i++) {
		const struct member *const member = &members[i];
		const bool stated = expected->said & member->said;
		char wanted[32], came[32];

		if (!has(act, member) || (!stated && !strict))
			continue;
		const uint64_t want = get(expected, member), got = get(act, member);

		if (want == got)
			continue;
		say_value(member, want, wanted);
		say_value(member, got, came);
		(void)snprintf(difference, size, "%s is %s, expected %s%s", member->name, came,
			       wanted, stated ? "" : ", as the line says nothing of it");
		return false;
	}
	return true;
}
