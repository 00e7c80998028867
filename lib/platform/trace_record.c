/* SPDX-License-Identifier: MIT */
#include "platform/trace_record.h"
#include "platform/trace_line.h"

#include <stddef.h>

/* Bits of the file's are numbers that must not change. */
_Static_assert(SMMU3_TXN_SSV == 1 && SMMU3_TXN_WRITE == 2 && SMMU3_TXN_INSTRUCTION == 4 &&
		       SMMU3_TXN_PRIVILEGED == 8 && SMMU3_TXN_NS == 0x10 &&
		       SMMU3_TXN_NO_SNOOP == 0x20 && SMMU3_TXN_PROBE == 0x40 &&
		       SMMU3_TXN_NO_STALL == 0x100 && SMMU3_TXN_SOURCE_CXL == 0x200 &&
		       SMMU3_TXN_XT == 0x400,
	       "flags of docs/trace.md");
_Static_assert(SMMU3_PAS_NS == 0 && SMMU3_PAS_SECURE == 1 && SMMU3_PAS_REALM == 2,
	       "Security states of docs/trace.md");

enum {
	SSID_MOST = 0xfffff,
	MAY_ALL = SMMU3_TXN_SSV | SMMU3_TXN_INSTRUCTION | SMMU3_TXN_PRIVILEGED | SMMU3_TXN_NS |
		  SMMU3_TXN_NO_SNOOP | SMMU3_TXN_PROBE | SMMU3_TXN_NO_STALL | SMMU3_TXN_XT,
	MAY_ATS = MAY_ALL | SMMU3_TXN_WRITE | SMMU3_TXN_SOURCE_CXL,
	GIVEN_ALL = GIVEN_PRIV | GIVEN_SEC | GIVEN_NS | GIVEN_ATTR | GIVEN_SH,
};

#define SPECIAL(name, class, letter)                                                  \
	{                                                                             \
		name, 0, MAY_ALL, SMMU3_CLASS_##class, SMMU3_ATS_UNTRANSLATED, letter \
	}

const struct access_row trace_access_rows[ACCESS_ROWS] = {
	{ "R", 0, MAY_ALL, SMMU3_CLASS_ORDINARY, SMMU3_ATS_UNTRANSLATED, 'R' },
	{ "W", SMMU3_TXN_WRITE, MAY_ALL, SMMU3_CLASS_ORDINARY, SMMU3_ATS_UNTRANSLATED, 'W' },
	{ "X", SMMU3_TXN_INSTRUCTION, MAY_ALL, SMMU3_CLASS_ORDINARY, SMMU3_ATS_UNTRANSLATED, 'X' },
	{ "AO", 0, MAY_ALL, SMMU3_CLASS_ATOMIC, SMMU3_ATS_UNTRANSLATED, 'A' },
	{ "AT", 0, MAY_ATS, SMMU3_CLASS_ORDINARY, SMMU3_ATS_REQUEST, 'Q' },
	{ "TT", 0, MAY_ATS, SMMU3_CLASS_ORDINARY, SMMU3_ATS_TRANSLATED, 'T' },
	SPECIAL("RCI", READ_CLEAN_INVALIDATE, 'C'),
	SPECIAL("DR", DESTRUCTIVE_READ, 'D'),
	{ "W-DCP", SMMU3_TXN_WRITE, MAY_ALL, SMMU3_CLASS_WRITE_PREFETCH, SMMU3_ATS_UNTRANSLATED,
	  'S' },
	SPECIAL("NW-DCP", PREFETCH, 'N'),
	SPECIAL("CLEAN", CLEAN, 'c'),
	SPECIAL("CLEANINV", CLEAN_INVALIDATE, 'i'),
	SPECIAL("CLEANPERSIST", CLEAN_TO_PERSISTENCE, 'p'),
	SPECIAL("INV", INVALIDATE, 'I'),
	SPECIAL("DH", DESTRUCTIVE_HINT, 'H'),
	SPECIAL("BARRIER", BARRIER, 'B'),
	SPECIAL("DVM", DVM, 'V'),
	SPECIAL("CMO", MAINTENANCE, 'M'),
};

#undef SPECIAL

const struct access_row *trace_access_of(uint8_t letter)
{
	for (unsigned i = 0; i < ACCESS_ROWS; i++) {
		if (trace_access_rows[i].letter == letter)
			return &trace_access_rows[i];
	}
	return NULL;
}

const char *smmu3_trace_op_name(unsigned letter)
{
	const struct access_row *const row = letter <= UINT8_MAX ?
						     trace_access_of((uint8_t)letter) :
						     NULL;

	return row ? row->name : NULL;
}

bool trace_is_name(const char *text, size_t length)
{
	if (!length || length >= TRACE_NAME_BYTES)
		return false;
	for (size_t i = 0; i < length; i++) {
		const char c = text[i];
		const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (!letter && (!i || !((c >= '0' && c <= '9') || c == '_' || c == '-')))
			return false;
	}
	return true;
}

/* ---- What a record may say ---- */

/* A write that is no request has its flag always; which accesses are instruction fetches the line
 * says. */
static bool flags_fit(const struct access_row *row, unsigned flags, unsigned given)
{
	const unsigned must = row->flags & SMMU3_TXN_WRITE;

	return !(flags & ~(unsigned)(row->may | must)) && (flags & must) == must &&
	       (given & GIVEN_PRIV || !(flags & SMMU3_TXN_PRIVILEGED)) &&
	       (given & GIVEN_NS || !(flags & SMMU3_TXN_NS));
}

/* What is not given is 0. */
static bool attributes_fit(const uint64_t *word, unsigned given)
{
	const uint64_t sh = field_value(word, RECORD_SH), sec = field_value(word, RECORD_SEC);

	return (given & GIVEN_ATTR || !field_value(word, RECORD_MAIR)) &&
	       (given & GIVEN_SH ? sh == SMMU3_NSH || sh == SMMU3_OSH || sh == SMMU3_ISH : !sh) &&
	       (given & GIVEN_SEC ? sec <= SMMU3_PAS_REALM : !sec) &&
	       !(given & ~(unsigned)GIVEN_ALL) && !field_value(word, RECORD_ZERO);
}

/* As most do. */
static bool says_no_attribute(const uint64_t *word, unsigned given)
{
	const uint64_t all = field_mask(RECORD_MAIR) | field_mask(RECORD_SH) |
			     field_mask(RECORD_SEC) | field_mask(RECORD_ZERO);

	return !given && !(word[3] & all);
}

static bool range_fits(const uint64_t *word)
{
	const uint64_t bytes = field_value(word, RECORD_SIZE);

	return bytes && bytes - 1 <= UINT64_MAX - field_value(word, RECORD_ADDRESS);
}

static const char *what_is_wrong(const struct access_row *row, const uint64_t *word, unsigned names)
{
	const unsigned flags = (unsigned)field_value(word, RECORD_FLAGS);
	const unsigned given = (unsigned)field_value(word, RECORD_GIVEN);
	const uint64_t ssid = field_value(word, RECORD_SSID);

	if (!range_fits(word))
		return "an access of no byte, or one that passes the end of the address space";
	if (!flags_fit(row, flags, given))
		return "flags that such an access cannot have";
	if (ssid > (flags & SMMU3_TXN_SSV ? (uint64_t)SSID_MOST : 0))
		return "a SubstreamID out of range";
	if (!says_no_attribute(word, given) && !attributes_fit(word, given))
		return "attributes out of range, or that are not given";
	return field_value(word, RECORD_MASTER) > names ? "a master whose name has not been said" :
							  NULL;
}

/* ---- Records and accesses ---- */

static void take_attributes(const uint64_t *word, unsigned given, struct smmu3_trace_op *op)
{
	op->priv_given = (given & GIVEN_PRIV) != 0;
	op->sec_given = (given & GIVEN_SEC) != 0;
	op->ns_given = (given & GIVEN_NS) != 0;
	op->attr_given = (given & GIVEN_ATTR) != 0;
	op->sh_given = (given & GIVEN_SH) != 0;
	op->txn.sec_sid = (uint8_t)field_value(word, RECORD_SEC);
	if (op->attr_given)
		op->txn.attr.mair = (uint8_t)field_value(word, RECORD_MAIR);
	op->txn.attr.sh = (uint8_t)field_value(word, RECORD_SH);
	if (given & (GIVEN_ATTR | GIVEN_SH))
		op->txn.flags |= SMMU3_TXN_ATTR;
}

const char *trace_record_access(const struct trace_record *record, unsigned names,
				struct smmu3_trace_op *op)
{
	const uint64_t *const word = record->word;
	const struct access_row
		*const row = &trace_access_rows[field_value(word, RECORD_OP) - RECORD_ACCESS];
	const unsigned given = (unsigned)field_value(word, RECORD_GIVEN);
	const char *const wrong = what_is_wrong(row, word, names);

	if (wrong)
		return wrong;
	trace_op_clear(op, TRACE_OP_SAID);
	op->kind = SMMU3_TRACE_ACCESS;
	op->op = row->letter;
	op->txn.addr = field_value(word, RECORD_ADDRESS);
	op->txn.bytes = field_value(word, RECORD_SIZE);
	op->txn.sid = (uint32_t)field_value(word, RECORD_STREAM);
	op->txn.ssid = (uint32_t)field_value(word, RECORD_SSID);
	op->txn.flags = (uint16_t)field_value(word, RECORD_FLAGS);
	op->txn.txn_class = row->txn_class;
	op->txn.ats = row->ats;
	op->expect.probe = (op->txn.flags & SMMU3_TXN_PROBE) != 0;
	op->txn.attr.mair = SMMU3_ATTR_DEFAULT_MAIR;
	if (given)
		take_attributes(word, given, op);
	return NULL;
}

static void put(struct trace_record *record, enum record_field field, uint64_t value)
{
	record->word[field_lsb((int)field) / 64] |= value << field_lsb((int)field) % 64;
}

static unsigned given_of(const struct smmu3_trace_op *op)
{
	return (op->priv_given ? GIVEN_PRIV : 0u) | (op->sec_given ? GIVEN_SEC : 0u) |
	       (op->ns_given ? GIVEN_NS : 0u) | (op->attr_given ? GIVEN_ATTR : 0u) |
	       (op->sh_given ? GIVEN_SH : 0u);
}

bool trace_record_of(const struct smmu3_trace_op *op, unsigned master, struct trace_record *record)
{
	const struct access_row *const row = trace_access_of(op->op);
	const struct smmu3_txn *const txn = &op->txn;

	*record = (struct trace_record){ { 0 } };
	if (op->kind != SMMU3_TRACE_ACCESS || !row || op->expect.present || txn->bytes > UINT32_MAX)
		return false;
	put(record, RECORD_OP, RECORD_ACCESS + (uint64_t)(row - trace_access_rows));
	put(record, RECORD_ADDRESS, txn->addr);
	put(record, RECORD_SIZE, txn->bytes);
	put(record, RECORD_STREAM, txn->sid);
	put(record, RECORD_SSID, txn->ssid);
	put(record, RECORD_FLAGS, txn->flags & ~(unsigned)SMMU3_TXN_ATTR);
	put(record, RECORD_GIVEN, given_of(op));
	put(record, RECORD_MASTER, master);
	put(record, RECORD_MAIR, op->attr_given ? txn->attr.mair : 0u);
	put(record, RECORD_SH, op->sh_given ? txn->attr.sh : 0u);
	put(record, RECORD_SEC, op->sec_given ? txn->sec_sid : 0u);
	return !what_is_wrong(row, record->word, master);
}
