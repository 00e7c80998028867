/* SPDX-License-Identifier: MIT */
#include "ports.h"
#include "files.h"

enum { WITHOUT, BY_PORT, BY_HANDLE, AT_ONCE };

/* Callbacks do not use the port whose call they were made from. */
static bool usable(const struct board *board)
{
	return board->ports.port && !board->ports.busy;
}

/* ---- Opening and closing ---- */

static void open_port(struct board *board, const struct smmu3_port_config *config)
{
	board->ports.port = smmu3_port_open(board->smmu, config, NULL);
	DEMAND(board->ports.port);
}

void ports_open(struct board *board)
{
	open_port(board, NULL);
}

/* Commands that waited for its section go on. */
void ports_close(struct board *board)
{
	struct smmu3_port *const port = board->ports.port;

	board->ports.port = NULL;
	board->ports.stream = NULL;
	board->ports.section = false;
	smmu3_port_close(port);
}

/* Of some size; of none where the SMMU keeps nothing in front. */
static void open_another(struct board *board, unsigned sizes)
{
	struct smmu3_port_config config;

	ports_close(board);
	smmu3_port_config_init(board->smmu, &config);
	if (config.micro) {
		config.micro >>= sizes & 1;
		config.micro_streams >>= sizes >> 1 & 1;
	}
	open_port(board, &config);
}

/* ---- Translations ---- */

/* What a port has of an address is what it answers, but for the last byte that there is. */
static void check_hit(struct smmu3_hit hit, const struct smmu3_txn *txn,
		      const struct smmu3_outcome *outcome)
{
	if (!hit.word || txn->bytes - 1 >= ~txn->addr)
		return;
	DEMAND(outcome->verdict == SMMU3_OK && outcome->pa == hit.pa);
	DEMAND(outcome->perm == smmu3_hit_perm(hit) && outcome->pas == smmu3_hit_pas(hit));
	DEMAND(outcome->attr.mair == smmu3_hit_attr(hit).mair);
	DEMAND(outcome->attr.sh == smmu3_hit_attr(hit).sh);
	DEMAND(!outcome->span || outcome->bytes == smmu3_hit_bytes(hit, txn->addr, txn->bytes));
}

static enum smmu3_verdict by_port(struct board *board, const struct smmu3_txn *txn,
				  struct smmu3_outcome *outcome)
{
	const struct smmu3_hit hit = smmu3_port_hit(board->ports.port, txn);
	const enum smmu3_verdict verdict = smmu3_port_translate(board->ports.port, txn, outcome);

	check_hit(hit, txn, outcome);
	return verdict;
}

/* Do they differ in what accesses of a stream may differ in alone? */
static bool alike(const struct smmu3_txn *a, const struct smmu3_txn *b)
{
	enum {
		FREE = SMMU3_TXN_WRITE | SMMU3_TXN_INSTRUCTION | SMMU3_TXN_PRIVILEGED |
		       SMMU3_TXN_NO_STALL | SMMU3_TXN_PROBE
	};

	return a->sid == b->sid && a->ssid == b->ssid && !((a->flags ^ b->flags) & ~FREE) &&
	       a->sec_sid == b->sec_sid && a->txn_class == b->txn_class &&
	       a->attr.mair == b->attr.mair && a->attr.sh == b->attr.sh && a->ats == b->ats &&
	       a->reserved == b->reserved;
}

static enum smmu3_verdict by_handle(struct board *board, const struct smmu3_txn *txn,
				    struct smmu3_outcome *outcome)
{
	struct smmu3_stream *const stream = board->ports.stream;
	const struct smmu3_hit hit = smmu3_stream_hit(stream, txn->addr, txn->flags);
	const enum smmu3_verdict verdict = smmu3_stream_translate(stream, txn, outcome);

	if (alike(txn, &board->ports.like)) {
		check_hit(hit, txn, outcome);
		return verdict;
	}
	DEMAND(verdict == SMMU3_ERROR && outcome->why);
	return by_port(board, txn, outcome);
}

enum smmu3_verdict ports_translate(struct board *board, const struct smmu3_txn *txn,
				   struct smmu3_outcome *outcome)
{
	const bool handle = board->ports.way == BY_HANDLE && board->ports.stream;

	if (!usable(board) || board->ports.way == WITHOUT)
		return smmu3_translate(board->smmu, txn, outcome);
	board->ports.busy = true;
	const enum smmu3_verdict verdict = (handle ? by_handle : by_port)(board, txn, outcome);

	board->ports.busy = false;
	return verdict;
}

bool ports_gather(const struct board *board)
{
	return usable(board) && board->ports.way == AT_ONCE;
}

void ports_translate_batch(struct board *board, const struct smmu3_txn txn[BATCH],
			   struct smmu3_outcome outcome[BATCH])
{
	board->ports.busy = true;
	smmu3_port_translate_batch(board->ports.port, txn, outcome, BATCH);
	board->ports.busy = false;
}

/* ---- Steps ---- */

void ports_step(struct board *board, const struct step *step)
{
	enum { BEGIN = 1, END, ANOTHER };
	const unsigned what = step->small[0] & 3;

	if (!usable(board))
		return;
	board->ports.way = step->small[0] >> 2 & 3;
	board->ports.busy = true;
	if (what == BEGIN)
		smmu3_port_begin(board->ports.port);
	else if (what == END)
		smmu3_port_end(board->ports.port);
	else if (what == ANOTHER)
		open_another(board, step->small[1]);
	board->ports.busy = false;
	if (what)
		board->ports.section = what == BEGIN;
}

void ports_handle(struct board *board, const struct smmu3_txn *like)
{
	struct smmu3_error error;

	if (!usable(board))
		return;
	smmu3_stream_close(board->ports.stream);
	board->ports.stream = smmu3_stream_open(board->ports.port, like, &error);
	board->ports.like = *like;
	DEMAND(error.code == (board->ports.stream ? 0 : -SMMU3_E_ARGUMENT));
}
