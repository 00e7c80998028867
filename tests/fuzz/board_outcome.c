/* SPDX-License-Identifier: MIT */
/* What an outcome may be. */
#include "board.h"
#include "files.h"

static bool ats_malformed(const struct board *board, const struct smmu3_txn *txn)
{
	return txn->ats && (!(board->config.idr[0] >> 10 & 1) || txn->ats > SMMU3_ATS_TRANSLATED ||
			    (txn->ats == SMMU3_ATS_REQUEST && txn->txn_class));
}

static bool malformed(const struct board *board, const struct smmu3_txn *txn)
{
	return !txn->bytes || txn->bytes - 1 > UINT64_MAX - txn->addr || txn->flags >> 10 ||
	       txn->reserved || txn->sec_sid > board_state(board) ||
	       (txn->flags & SMMU3_TXN_SSV && txn->ssid >> 20) ||
	       txn->txn_class > SMMU3_CLASS_MAINTENANCE || ats_malformed(board, txn);
}

static bool is_hint(const struct smmu3_txn *txn)
{
	return txn->txn_class == SMMU3_CLASS_PREFETCH ||
	       txn->txn_class == SMMU3_CLASS_DESTRUCTIVE_HINT;
}

/* What may have lost its hint, and INVALIDATE, which may be less. */
static bool becomes_right(unsigned was, unsigned becomes)
{
	if (was <= SMMU3_CLASS_ATOMIC)
		return !becomes;
	return becomes == was ||
	       (was <= SMMU3_CLASS_WRITE_PREFETCH && becomes == SMMU3_CLASS_ORDINARY) ||
	       (was == SMMU3_CLASS_INVALIDATE && becomes == SMMU3_CLASS_CLEAN_INVALIDATE);
}

static void check_success(const struct board *board, const struct smmu3_txn *txn,
			  const struct smmu3_outcome *outcome)
{
	const uint64_t last = outcome->pa + outcome->bytes - 1;

	DEMAND(last >= outcome->pa && !(last >> board_oas_bits(board)));
	DEMAND(!(outcome->span & (outcome->span - 1)));
	DEMAND(!outcome->span || outcome->pa / outcome->span == last / outcome->span);
	DEMAND(outcome->pas <= txn->sec_sid && !outcome->event && !outcome->recorded);
	DEMAND(outcome->perm && !(outcome->perm >> 6));
	DEMAND(becomes_right(txn->txn_class, outcome->becomes));
	board_check_attr(outcome->attr);
}

static void check_failure(const struct smmu3_txn *txn, const struct smmu3_outcome *outcome)
{
	const uint64_t first = outcome->record.word[0];

	DEMAND(outcome->verdict != SMMU3_BUSY || !outcome->recorded);
	DEMAND(outcome->why && (!outcome->recorded || outcome->event));
	DEMAND(!(outcome->recorded && txn->flags & SMMU3_TXN_PROBE));
	DEMAND((first & 0xff) == outcome->event);
	DEMAND(!outcome->event || first >> 32 == txn->sid);
}

void board_check_outcome(const struct board *board, const struct smmu3_txn *txn,
			 enum smmu3_verdict verdict, const struct smmu3_outcome *outcome)
{
	DEMAND(verdict == (enum smmu3_verdict)outcome->verdict);
	DEMAND(malformed(board, txn) == (verdict == SMMU3_ERROR));
	DEMAND(txn->ats == SMMU3_ATS_REQUEST || verdict <= SMMU3_ERROR || verdict == SMMU3_NO_OP);
	DEMAND((verdict == SMMU3_NO_OP) <= is_hint(txn));
	DEMAND(!is_hint(txn) || verdict == SMMU3_OK || verdict >= SMMU3_ERROR);
	DEMAND(txn->ats == SMMU3_ATS_REQUEST || !outcome->ats);
	if (verdict == SMMU3_ERROR)
		return;
	DEMAND(outcome->bytes >= 1 && outcome->bytes <= txn->bytes);
	if (verdict == SMMU3_OK)
		check_success(board, txn, outcome);
	else
		check_failure(txn, outcome);
}
