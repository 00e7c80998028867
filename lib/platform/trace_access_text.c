/* SPDX-License-Identifier: MIT */
/* Accesses as a trace writes them. */
#include "platform/trace_act.h"
#include "platform/trace_record.h"
#include "platform/words.h"

#include <inttypes.h>

static void say_who(const struct smmu3_trace_op *op, char *text, size_t size)
{
	if (op->master[0])
		trace_add(text, size, " %s", op->master);
	else
		trace_add(text, size, " 0x%" PRIx32, op->txn.sid);
	if (op->master[0] && op->txn.sid)
		trace_add(text, size, "+%" PRIu32, op->txn.sid);
	if (op->txn.flags & SMMU3_TXN_SSV)
		trace_add(text, size, ".%" PRIu32, op->txn.ssid);
}

/* Of the flags those that are words by themselves, less what the operation has. */
static void say_flags(const struct smmu3_trace_op *op, unsigned had, char *text, size_t size)
{
	static const struct {
		uint16_t flag;
		const char *word;
	} words[] = {
		{ SMMU3_TXN_NO_SNOOP, "nosnoop" },
		{ SMMU3_TXN_NO_STALL, "nostall" },
		{ SMMU3_TXN_WRITE, "write" },
		{ SMMU3_TXN_SOURCE_CXL, "cxl" },
		{ SMMU3_TXN_XT, "xt" },
		{ SMMU3_TXN_PROBE, "probe" },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(words); i++) {
		if (op->txn.flags & ~had & words[i].flag)
			trace_add(text, size, " %s", words[i].word);
	}
}

/* What it says itself, and does not leave to its master. */
static void say_given(const struct smmu3_trace_op *op, unsigned had, char *text, size_t size)
{
	const unsigned flags = op->txn.flags;

	if (op->priv_given)
		trace_add(text, size, flags & SMMU3_TXN_PRIVILEGED ? " priv" : " user");
	if ((flags ^ had) & SMMU3_TXN_INSTRUCTION)
		trace_add(text, size, flags & SMMU3_TXN_INSTRUCTION ? " inst" : " data");
	if (op->sec_given)
		trace_add(text, size, " %s", word_name(pas_words, op->txn.sec_sid));
	if (op->ns_given)
		trace_add(text, size, " ns=%u", flags & SMMU3_TXN_NS ? 1u : 0u);
}

void smmu3_trace_access_text(const struct smmu3_trace_op *op, char *text, size_t size)
{
	const struct access_row *const row = trace_access_of(op->op);
	const unsigned had = row ? row->flags : 0;

	if (!size)
		return;
	text[0] = '\0';
	trace_add(text, size, "%s", row ? row->name : "?");
	say_who(op, text, size);
	trace_add(text, size, " 0x%" PRIx64 " %" PRIu64, op->txn.addr, op->txn.bytes);
	say_given(op, had, text, size);
	say_flags(op, had, text, size);
	if (op->attr_given)
		trace_add(text, size, " attr=0x%02x", op->txn.attr.mair);
	if (op->sh_given)
		trace_add(text, size, " sh=%s", word_name(shareability_words, op->txn.attr.sh));
}
