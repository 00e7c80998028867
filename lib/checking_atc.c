/* SPDX-License-Identifier: MIT */
/* What endpoints were given by Translation Completions, and go on to use.  3.9.1, 4.5.1 */
#include "checking_report.h"

#include <string.h>

static void keep_atc(struct smmu3 *smmu, const struct smmu3_txn *txn, const struct checked *checked,
		     const struct smmu3_outcome *outcome)
{
	enum { GRANTS = SMMU3_ATS_R | SMMU3_ATS_W | SMMU3_ATS_EXE };
	struct check *check = smmu->check;
	struct kept_key key;

	if (outcome->verdict != SMMU3_OK || !(outcome->ats & GRANTS) || !outcome->span)
		return;
	const unsigned lg2 = (unsigned)__builtin_ctzll(outcome->span);

	memset(&key, 0, sizeof(key));
	key.kind = SMMU3_KEPT_ATC;
	key.atc.addr = align_down(txn->addr, lg2);
	key.atc.to = align_down(outcome->pa, lg2);
	key.atc.sid = txn->sid;
	key.atc.ssv = (txn->flags & SMMU3_TXN_SSV) != 0;
	key.atc.ssid = key.atc.ssv ? txn->ssid : 0;
	key.atc.sec_sid = txn->sec_sid;
	key.atc.size_lg2 = (uint8_t)lg2;
	pthread_mutex_lock(&check->lock);
	trail_makes(&checked->trail, &key, &check->ledger);
	ledger_keep(&check->ledger, &key, &checked->now);
	pthread_mutex_unlock(&check->lock);
}

/* The request that would have given it. */
static struct smmu3_txn request_again(const struct smmu3_txn *txn, const struct kept_atc *atc)
{
	enum { KEPT_FLAGS = SMMU3_TXN_WRITE | SMMU3_TXN_PRIVILEGED | SMMU3_TXN_INSTRUCTION };

	return (struct smmu3_txn){
		.addr = atc->addr + (txn->addr - atc->to),
		.bytes = 1,
		.sid = txn->sid,
		.ssid = atc->ssid,
		.sec_sid = txn->sec_sid,
		.ats = SMMU3_ATS_REQUEST,
		.flags = (uint16_t)((txn->flags & KEPT_FLAGS) | (atc->ssv ? SMMU3_TXN_SSV : 0)),
	};
}

static bool still_given(const struct smmu3_txn *txn, const struct smmu3_outcome *outcome)
{
	const unsigned needs = txn->flags & SMMU3_TXN_WRITE ? SMMU3_ATS_W : SMMU3_ATS_R;

	return outcome->verdict == SMMU3_OK && outcome->pa == txn->addr && outcome->ats & needs;
}

/* Another completion that leads there. */
static bool next_atc(struct check *check, unsigned others, const struct smmu3_txn *txn,
		     struct kept_key *key)
{
	pthread_mutex_lock(&check->lock);
	const uint32_t number = ledger_find_atc(&check->ledger, others, txn);

	if (number)
		memcpy(key, &ledger_record(&check->ledger, number)->key, sizeof(*key));
	pthread_mutex_unlock(&check->lock);
	return number;
}

/* An endpoint uses what a completion gave it.  Of several that lead there one that holds is enough.
 */
static void check_translated(struct smmu3 *smmu, const struct smmu3_txn *txn,
			     const struct checked *checked, const struct smmu3_outcome *outcome)
{
	struct blame blame = { .keys = 0 };
	struct smmu3_outcome fresh;
	struct kept_key key;

	if (outcome->verdict != SMMU3_OK)
		return;
	for (unsigned others = 0; next_atc(smmu->check, others, txn, &key); others++) {
		const struct smmu3_txn request = request_again(txn, &key.atc);
		struct smmu3_outcome now;

		check_look_up_afresh(smmu, &request, check_ignore_step, NULL, &now);
		if (still_given(txn, &now))
			return;
		if (!blame.keys++) {
			memcpy(&blame.key[0], &key, sizeof(key));
			fresh = now;
		}
	}
	if (!blame.keys)
		return;
	blame.keys = 1;
	const struct smmu3_txn request = request_again(txn, &blame.key[0].atc);

	check_find_cause(smmu, &request, &blame);
	check_find_freed(smmu, &request, checked, &blame);
	check_report(smmu, txn, checked->now.access, outcome, &fresh, &blame);
}

void check_ats(struct smmu3 *smmu, const struct smmu3_txn *txn, const struct checked *checked,
	       const struct smmu3_outcome *outcome)
{
	if (txn->ats == SMMU3_ATS_REQUEST)
		keep_atc(smmu, txn, checked, outcome);
	else
		check_translated(smmu, txn, checked, outcome);
}
