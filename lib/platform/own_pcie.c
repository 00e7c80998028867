/* SPDX-License-Identifier: MIT */
/* Members of what an SMMU sends to PCIe endpoints, as rows.  4.5 */
#include "platform/own_pcie.h"
#include "platform/words_own.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- Members ---- */

struct member {
	const char *name;
	enum smmu3_own_said said;
	uint64_t max;
	bool flag; /* it stands alone, for 1 */
};

static const struct member members[] = {
	{ "sid", SMMU3_SAID_SID, UINT32_MAX, false },
	{ "ssid", SMMU3_SAID_SSID, 0xfffff, false },
	{ "addr", SMMU3_SAID_ADDR, UINT64_MAX, false },
	{ "bytes", SMMU3_SAID_BYTES, UINT64_MAX, false },
	{ "global", SMMU3_SAID_GLOBAL, 1, true },
};

enum { MEMBERS = sizeof(members) / sizeof(members[0]) };

/* A PASID that is there counts though it is 0: it reads one higher. */
static uint64_t get(const struct smmu3_own_act *act, const struct member *member)
{
	const struct smmu3_atc_invalidation *const inv = &act->atc_inv;

	switch ((unsigned)member->said) {
	case SMMU3_SAID_SID:
		return inv->sid;
	case SMMU3_SAID_SSID:
		return inv->ssv ? inv->ssid + UINT64_C(1) : 0;
	case SMMU3_SAID_ADDR:
		return inv->addr;
	case SMMU3_SAID_BYTES:
		return inv->bytes;
	default:
		return inv->global;
	}
}

static void set(struct smmu3_own_act *act, const struct member *member, uint64_t value)
{
	struct smmu3_atc_invalidation *const inv = &act->atc_inv;

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

/* ---- A line ---- */

static const struct member *member_named(struct trace_word name)
{
	for (unsigned i = 0; i < MEMBERS; i++) {
		if (trace_is(name, members[i].name))
			return &members[i];
	}
	return NULL;
}

static int unknown_member(struct trace_line *line, struct trace_word name)
{
	struct guess guess = { .text = name.text, .length = name.length };
	char suggestion[80];

	for (unsigned i = 0; i < MEMBERS; i++)
		guess_offer(&guess, members[i].name);
	return REFUSE(line, name, "an ATS invalidation has no '%.*s'%s", SHOWN(name),
		      guess_text(&guess, suggestion, sizeof(suggestion)));
}

static int parse_member(struct trace_line *line, struct trace_word word, struct smmu3_own_act *own)
{
	struct trace_word value;
	const struct trace_word name = trace_cut(word, '=', &value);
	const struct member *const member = member_named(name);
	uint64_t number = 1;

	if (!member)
		return unknown_member(line, name);
	if (member->flag == (value.text != NULL))
		return REFUSE(line, word,
			      member->flag ? "'%s' takes no value" : "'%s' takes a value: %s=...",
			      member->name, member->name);
	if (own->said & member->said)
		return REFUSE(line, word, "'%.*s' is said already", SHOWN(word));
	if (value.text && trace_number(line, value, member->max, &number))
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
		const uint64_t value = get(act, member);

		if (stated ? !(act->said & member->said) : !value)
			continue;
		if (member->flag)
			trace_add(text, size, " %s", member->name);
		else
			trace_add(text, size, " %s=0x%" PRIx64, member->name, shown(member, value));
	}
}

/* ---- Against an expectation ---- */

static void say_value(const struct member *member, uint64_t value, char text[32])
{
	if (member->said == SMMU3_SAID_SSID && !value)
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
		const uint64_t want = get(expected, member), got = get(act, member);
		char wanted[32], came[32];

		if ((!stated && !strict) || want == got)
			continue;
		say_value(member, want, wanted);
		say_value(member, got, came);
		(void)snprintf(difference, size, "%s is %s, expected %s%s", member->name, came,
			       wanted, stated ? "" : ", as the line says nothing of it");
		return false;
	}
	return true;
}
