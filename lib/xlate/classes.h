/* SPDX-License-Identifier: MIT */
/*
 * Classes of transaction beyond ordinary accesses and atomics: what each needs of a translation,
 * what STE.DRE and STE.DCP leave of it, and as what it goes on.  3.22, 16.7.2
 *
 * Each is ended or translated as a read or a write is; then class_end says what it has become.
 * Where nothing translates it passes as it is.
 */
#ifndef SMMU_XLATE_CLASSES_H
#define SMMU_XLATE_CLASSES_H

#include "xlate/translate.h"

ALWAYS_INLINE bool is_special(const struct smmu3_txn *txn)
{
	return unlikely(txn->txn_class > SMMU3_CLASS_ATOMIC);
}

/* The rest is about transactions that are. */

enum { CLASSES = SMMU3_CLASS_MAINTENANCE + 1 };

/* RnW = 0? */
bool class_writes(const struct smmu3_txn *txn);

/* A hint alone: it causes no fault, nor an error.  3.22.2, 16.7.2.2 */
bool class_is_hint(const struct smmu3_txn *txn);

/* Cache maintenance, which has no memory type: what comes in is its shareability.  16.7.2.3 */
bool class_maintains(const struct smmu3_txn *txn);

/* The access that it is, given InD and PnU after overrides.  DR, Invalidate and DH never make a
 * page dirty.  3.13.8, 13.1.4 Table 13.4 */
struct access class_access(const struct smmu3_txn *txn, bool instruction, bool privileged);

/* What no SMMU lets through, or none of this version: before anything is looked at.  16.7.2 */
struct fault class_begin(const struct features *features, const struct smmu3_txn *txn);

/* A hint that the STE inhibits, of which a stage translates: nothing is looked up for it. */
struct fault class_inhibited(const struct smmu3_txn *txn, const struct stream *stream);

/* Stage 1 grants nothing of what a prefetch could do: stage 2 is not asked. */
struct fault class_not_granted(const struct s1_result *s1);

/* What a transaction that came through becomes: translation->becomes; or why a hint has no effect.
 */
struct fault class_end(const struct features *features, const struct smmu3_txn *txn,
		       const struct path *path, struct translation *translation);

#endif
