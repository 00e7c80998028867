/* SPDX-License-Identifier: MIT */
/* The grammar of docs/trace.md: accesses. */
#include "platform/trace_line.h"
#include "platform/trace_record.h"

#include <string.h>

enum { SSID_MOST = 0xfffff };

/* ---- Who ---- */

static int parse_ssid(struct trace_line *line, struct trace_word word, struct smmu3_txn *txn)
{
	uint64_t ssid;

	if (!word.text)
		return 0;
	if (trace_number(line, word, SSID_MOST, &ssid))
		return -SMMU3_E_FORMAT;
	txn->ssid = (uint32_t)ssid;
	txn->flags |= SMMU3_TXN_SSV;
	return 0;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int trace_master_parse(struct trace_line *line, struct trace_word name, struct smmu3_trace_op *op)
{
	if (name.length >= sizeof(op->master) || !name.length || !is_letter(name.text[0]))
		return REFUSE(line, name, "'%.*s' is no master's name and no StreamID",
			      SHOWN(name));
	if (!trace_is_name(name.text, name.length))
		return REFUSE(line, name, "'%.*s' is no master's name", SHOWN(name));
	memcpy(op->master, name.text, name.length);
	op->master[name.length] = '\0';
	return 0;
}

/* StreamID[.SSID] or MASTER[+N][.SSID] */
int trace_who_parse(struct trace_line *line, struct smmu3_trace_op *op)
{
	struct trace_word ssid, index;
	const struct trace_word word = trace_next(line);
	const struct trace_word who = trace_cut(word, '.', &ssid);
	const struct trace_word name = trace_cut(who, '+', &index);
	uint64_t sid = 0;

	op->who_column = trace_column(line, word);
	if (!word.length)
		return REFUSE(line, word, "a master or StreamID is missing");
	if (parse_ssid(line, ssid, &op->txn))
		return -SMMU3_E_FORMAT;
	if (trace_is_digit(who.text[0])) {
		if (trace_number(line, who, UINT32_MAX, &sid))
			return -SMMU3_E_FORMAT;
	} else if (trace_master_parse(line, name, op) ||
		   (index.text && trace_number(line, index, UINT32_MAX, &sid))) {
		return -SMMU3_E_FORMAT;
	}
	op->txn.sid = (uint32_t)sid;
	return 0;
}

static int parse_range(struct trace_line *line, struct smmu3_trace_op *op)
{
	struct smmu3_txn *const txn = &op->txn;
	const struct trace_word address = trace_next(line);
	struct trace_word bytes;

	op->address_column = trace_column(line, address);
	if (trace_number(line, address, UINT64_MAX, &txn->addr))
		return -SMMU3_E_FORMAT;
	bytes = trace_next(line);
	if (trace_number(line, bytes, UINT64_MAX, &txn->bytes))
		return -SMMU3_E_FORMAT;
	if (!txn->bytes)
		return REFUSE(line, bytes, "an access has 1 byte or more");
	if (txn->bytes - 1 > UINT64_MAX - txn->addr)
		return REFUSE(line, bytes, "the access passes the end of the address space");
	return 0;
}

/* ---- Attributes ---- */

enum attribute_group {
	GROUP_PRIVILEGE,
	GROUP_INSTRUCTION,
	GROUP_SECURITY,
	GROUP_NSIN,
	GROUP_SNOOP,
	GROUP_PROBE,
	GROUP_STALL,
	GROUP_WRITE,
	GROUP_CXL,
	GROUP_XT,
	GROUP_ATTR,
	GROUP_SH,
	GROUP_EXPECT,
};

struct attribute_row {
	const char *name;
	enum attribute_group group; /* of a group a line has one */
	int (*take)(struct trace_line *line, const struct attribute_row *row,
		    struct trace_word value, struct smmu3_trace_op *op);
	uint16_t value; /* a flag, or a Security state */
	bool on;        /* flag: set it, or clear it */
	bool has_value; /* NAME=VALUE */
};

static int take_flag(struct trace_line *line, const struct attribute_row *row,
		     struct trace_word value, struct smmu3_trace_op *op)
{
	(void)line;
	(void)value;
	op->txn.flags &= (uint16_t)~row->value;
	op->txn.flags |= row->on ? row->value : 0;
	if (row->group == GROUP_PRIVILEGE)
		op->priv_given = 1;
	if (row->group == GROUP_PROBE)
		op->expect.probe = 1;
	return 0;
}

static int take_security(struct trace_line *line, const struct attribute_row *row,
			 struct trace_word value, struct smmu3_trace_op *op)
{
	(void)line;
	(void)value;
	op->txn.sec_sid = (uint8_t)row->value;
	op->sec_given = 1;
	return 0;
}

/* Of a Secure or Realm stream. */
static int take_ns(struct trace_line *line, const struct attribute_row *row,
		   struct trace_word value, struct smmu3_trace_op *op)
{
	uint64_t number;

	(void)row;
	if (trace_number(line, value, 1, &number))
		return -SMMU3_E_FORMAT;
	op->txn.flags |= number ? SMMU3_TXN_NS : 0;
	op->ns_given = 1;
	return 0;
}

static int take_attr(struct trace_line *line, const struct attribute_row *row,
		     struct trace_word value, struct smmu3_trace_op *op)
{
	bool exact;

	(void)row;
	if (!attr_parse(value.text, value.length, &op->txn.attr.mair, &exact))
		return REFUSE(line, value, "'%.*s' is no memory type", SHOWN(value));
	op->attr_given = 1;
	op->txn.flags |= SMMU3_TXN_ATTR;
	return 0;
}

static int take_sh(struct trace_line *line, const struct attribute_row *row,
		   struct trace_word value, struct smmu3_trace_op *op)
{
	uint64_t sh;

	(void)row;
	if (trace_choice(line, value, shareability_words, "shareability", &sh))
		return -SMMU3_E_FORMAT;
	op->txn.attr.sh = (uint8_t)sh;
	op->sh_given = 1;
	op->txn.flags |= SMMU3_TXN_ATTR;
	return 0;
}

static int take_expect(struct trace_line *line, const struct attribute_row *row,
		       struct trace_word value, struct smmu3_trace_op *op)
{
	(void)row;
	return trace_expect_parse(line, value, &op->expect);
}

static const struct attribute_row attribute_rows[] = {
	{ "priv", GROUP_PRIVILEGE, take_flag, SMMU3_TXN_PRIVILEGED, true, false },
	{ "user", GROUP_PRIVILEGE, take_flag, SMMU3_TXN_PRIVILEGED, false, false },
	{ "inst", GROUP_INSTRUCTION, take_flag, SMMU3_TXN_INSTRUCTION, true, false },
	{ "data", GROUP_INSTRUCTION, take_flag, SMMU3_TXN_INSTRUCTION, false, false },
	{ "ns", GROUP_SECURITY, take_security, SMMU3_PAS_NS, true, false },
	{ "secure", GROUP_SECURITY, take_security, SMMU3_PAS_SECURE, true, false },
	{ "realm", GROUP_SECURITY, take_security, SMMU3_PAS_REALM, true, false },
	{ "ns", GROUP_NSIN, take_ns, 0, true, true },
	{ "nsin", GROUP_NSIN, take_ns, 0, true, true },
	{ "nosnoop", GROUP_SNOOP, take_flag, SMMU3_TXN_NO_SNOOP, true, false },
	{ "probe", GROUP_PROBE, take_flag, SMMU3_TXN_PROBE, true, false },
	{ "nostall", GROUP_STALL, take_flag, SMMU3_TXN_NO_STALL, true, false },
	{ "write", GROUP_WRITE, take_flag, SMMU3_TXN_WRITE, true, false },
	{ "cxl", GROUP_CXL, take_flag, SMMU3_TXN_SOURCE_CXL, true, false },
	{ "xt", GROUP_XT, take_flag, SMMU3_TXN_XT, true, false },
	{ "attr", GROUP_ATTR, take_attr, 0, true, true },
	{ "sh", GROUP_SH, take_sh, 0, true, true },
	{ "expect", GROUP_EXPECT, take_expect, 0, true, true },
};

enum { ATTRIBUTE_ROWS = sizeof(attribute_rows) / sizeof(attribute_rows[0]) };

/* One word may be two attributes, by itself and with a value: then it is the one that it can be. */
static const struct attribute_row *attribute_named(struct trace_word name, bool has_value)
{
	const struct attribute_row *found = NULL;

	for (unsigned i = 0; i < ATTRIBUTE_ROWS; i++) {
		const struct attribute_row *const row = &attribute_rows[i];

		if (trace_is(name, row->name) && (!found || row->has_value == has_value))
			found = row;
	}
	return found;
}

static int unknown_attribute(struct trace_line *line, struct trace_word name)
{
	struct guess guess = { .text = name.text, .length = name.length };
	char suggestion[80];

	for (unsigned i = 0; i < ATTRIBUTE_ROWS; i++)
		guess_offer(&guess, attribute_rows[i].name);
	return REFUSE(line, name, "unknown attribute '%.*s'%s", SHOWN(name),
		      guess_text(&guess, suggestion, sizeof(suggestion)));
}

/* seen is the groups met so far, one bit each. */
static int parse_attribute(struct trace_line *line, struct trace_word word,
			   struct smmu3_trace_op *op, unsigned *seen)
{
	struct trace_word value;
	const struct trace_word name = trace_cut(word, '=', &value);
	const struct attribute_row *const row = attribute_named(name, value.text != NULL);

	if (!row)
		return unknown_attribute(line, name);
	if (row->has_value != (value.text != NULL))
		return REFUSE(line, word,
			      row->has_value ? "'%.*s' takes a value: %.*s=..." :
					       "'%.*s' takes no value",
			      SHOWN(name), SHOWN(name));
	if (!op->txn.ats && (row->group == GROUP_WRITE || row->group == GROUP_CXL))
		return REFUSE(line, word, "'%s' is for AT and TT alone", row->name);
	if (*seen & 1u << row->group)
		return REFUSE(line, word, "'%.*s' is said already, or its opposite", SHOWN(name));
	*seen |= 1u << row->group;
	return row->take(line, row, value, op);
}

/* ---- Accesses ---- */

static const struct access_row *access_named(struct trace_word word)
{
	for (unsigned i = 0; i < ACCESS_ROWS; i++) {
		const char *const name = trace_access_rows[i].name;

		if (word.text[0] == name[0] && trace_is(word, name))
			return &trace_access_rows[i];
	}
	return NULL;
}

static int parse_access(struct trace_line *line, const struct access_row *row,
			struct smmu3_trace_op *op)
{
	unsigned seen = 0;
	int code;

	op->kind = SMMU3_TRACE_ACCESS;
	op->op = row->letter;
	op->txn.flags = row->flags;
	op->txn.txn_class = row->txn_class;
	op->txn.ats = row->ats;
	op->txn.attr.mair = SMMU3_ATTR_DEFAULT_MAIR;
	code = trace_who_parse(line, op);
	if (!code)
		code = parse_range(line, op);
	while (!code) {
		const struct trace_word word = trace_next(line);

		if (!word.length)
			return 1;
		code = parse_attribute(line, word, op, &seen);
	}
	return code;
}

/* ---- A line ---- */

/* The first character that no line may have, or NULL. */
static const char *control_character(const struct trace_line *line)
{
	for (const char *at = line->source.text; at < line->end; at++) {
		if (((unsigned char)*at < 0x20 && *at != '\t') || *at == 0x7f)
			return at;
	}
	return NULL;
}

static int unknown_operation(struct trace_line *line, struct trace_word word)
{
	struct guess guess = { .text = word.text, .length = word.length };
	char suggestion[80];

	for (unsigned i = 0; i < ACCESS_ROWS; i++)
		guess_offer(&guess, trace_access_rows[i].name);
	guess_offer(&guess, "PR");
	return REFUSE(line, word, "unknown operation '%.*s': R, W, X, AO, AT, TT, PR or !%s",
		      SHOWN(word), guess_text(&guess, suggestion, sizeof(suggestion)));
}

int trace_line_parse(struct trace_line *line, struct smmu3_trace_op *op)
{
	const char *const control = control_character(line);
	struct trace_word word;
	const struct access_row *row;

	trace_op_clear(op, TRACE_OP_SAID);
	op->line = line->number;
	if (control)
		return REFUSE(line, ((struct trace_word){ control, 1 }),
			      "a control character, 0x%02x: is this a text?",
			      (unsigned)(unsigned char)*control);
	word = trace_next(line);
	if (!word.length)
		return 0;
	if (word.text[0] == '!') {
		line->at = word.text + 1;
		return trace_act_parse(line, op);
	}
	row = access_named(word);
	if (row)
		return parse_access(line, row, op);
	return trace_is(word, "PR") ? trace_page_parse(line, op) : unknown_operation(line, word);
}
