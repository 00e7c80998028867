/* SPDX-License-Identifier: MIT */
/* Masters behind no SMMU: their accesses go out as they are driven. */
#include "platform/judge.h"
#include "platform/perform.h"

#include <string.h>

/* ---- In a configuration ---- */

/* What a stream has. */
static void forbid_stream(struct build *build, const struct node *item)
{
	static const char *const allowed[] = { "name",    "smmu",      "security", "ns",
					       "attr",    "bus_width", "sh",       "priv",
					       "ns_only", "exclusive" };

	for (const struct node *child = item->child; child; child = child->next) {
		bool is_allowed = false;

		for (unsigned i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
			is_allowed |= !strcmp(child->key->text, allowed[i]);
		if (!is_allowed)
			COMPLAIN(&build->loader, child->key,
				 "'%s' does not go with 'smmu: none': there is no SMMU before it",
				 child->key->text);
	}
}

void judge_direct(struct build *build, struct master_spec *master)
{
	const bool secure = master->security == SMMU3_PAS_SECURE;

	forbid_stream(build, master->at);
	master->direct = true;
	master->stream_id = master->count = master->can_stall = UNSET;
	if (master->security >= INTERFACES)
		complain(build->loader.complaints, -SMMU3_E_UNSUPPORTED,
			 node_place(build->loader.source, key_node(master->at, "security")),
			 "masters other than 'ns', 'secure' and 'realm' are not built in this version");
	if (!secure && is_given(master->at, "ns"))
		COMPLAIN(&build->loader, key_node(master->at, "ns"),
			 "'ns' is what a master with 'security: secure' drives");
	if (secure && master->ns == UNSET)
		master->ns = false;
	master->seen = (struct smmu3_master){
		.name = master->name,
		.smmu = SMMU3_NO_SMMU,
		.count = 1,
		.sec_sid = (uint8_t)master->security,
		.bus_width = (uint8_t)master->bus_width,
		.attr = { (uint8_t)master->attr, (uint8_t)master->sh },
	};
}

/* ---- In a trace ---- */

int direct_refuse(const struct master_spec *master, const struct smmu3_trace_op *op,
		  struct smmu3_error *error)
{
	if (op->txn.flags & SMMU3_TXN_SSV)
		return perform_fail(error, -SMMU3_E_NOT_FOUND,
				    "master '%s' is behind no SMMU: it has no SubstreamIDs",
				    master->name);
	if (op->kind == SMMU3_TRACE_PAGE_REQUEST || op->txn.ats != SMMU3_ATS_UNTRANSLATED)
		return perform_fail(error, -SMMU3_E_NOT_FOUND,
				    "master '%s' is behind no SMMU: it has no ATS", master->name);
	return 0;
}

/* A Secure master says with NS which of its two PA spaces it means. */
static enum smmu3_pas space_driven(const struct smmu3_txn *txn)
{
	return txn->sec_sid == SMMU3_PAS_SECURE && txn->flags & SMMU3_TXN_NS ?
		       SMMU3_PAS_NS :
		       (enum smmu3_pas)txn->sec_sid;
}

/* As where nothing is translated. */
enum { ALL_PERMS = 0x3f };

void direct_answer(const struct smmu3_trace_op *op, struct smmu3_outcome *outcome)
{
	const struct smmu3_txn *const txn = &op->txn;

	*outcome = (struct smmu3_outcome){
		.pa = txn->addr,
		.bytes = txn->bytes,
		.attr = txn->attr,
		.pas = (uint8_t)space_driven(txn),
		.perm = ALL_PERMS,
		.verdict = SMMU3_OK,
		.decider = SMMU3_BY_CALLER,
		.instruction = (txn->flags & SMMU3_TXN_INSTRUCTION) != 0,
		.privileged = (txn->flags & SMMU3_TXN_PRIVILEGED) != 0,
		.fault_level = SMMU3_NO_LEVEL,
	};
}
