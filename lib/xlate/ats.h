/* SPDX-License-Identifier: MIT */
/* PCIe ATS: which requests are served, what they are granted, how ATS transactions end. Pure.  3.9,
 * 13.6, 13.7 */
#ifndef SMMU_XLATE_ATS_H
#define SMMU_XLATE_ATS_H

#include "arch/ste.h"
#include "xlate/response.h"

/* An ATS transaction as the SMMU takes it: without a PASID there is neither Priv nor Exe, and that
 * of a Translated one does not count unless there is IDR3.PASIDTT.  A request without attributes
 * has the fixed ones of PCIe.  3.9.1.3, 3.9.3, 13.6.1, 13.7 */
struct smmu3_txn ats_seen(const struct features *features, const struct smmu3_txn *txn);

/* Effective STE.EATS: split-stage ATS and a DPT need Translated transactions to be checked.  5.2
 * EATS */
enum ste_eats ats_effective(enum ste_eats eats, bool atschk);

/* An ATS transaction that the configuration disallows.  3.9.1.2, 3.9.1.3 */
struct fault ats_refusal(enum smmu3_ats ats, enum why why);

/* What a request is granted of the permissions that its translation has: SMMU3_ATS_R, W and EXE.
 * privileged and instcfg are the effective privilege and STE.INSTCFG.  With NW = 1, too, W is
 * granted where the translation has it.  13.7.1 */
unsigned ats_granted(const struct smmu3_txn *request, bool privileged, unsigned instcfg,
		     unsigned perm);

/* The permissions of which a translation must have one to be of use to a request: R or
 * W.  3.13.7.1, 13.7.1 */
unsigned ats_wants(bool privileged, unsigned instcfg);

/* The page cannot be used: Success with R = W = 0.  3.9.1.2 */
struct fault ats_no_access(unsigned stage);

/* Must what a CXL device was granted go by CXL.io?  3.9.3 */
bool ats_needs_cxl_io(enum ste_eats eats, struct smmu3_attr attr);

/* log2 of the Smallest Translation Unit.  3.9.1 */
unsigned ats_stu_lg2(const struct features *features);

/* respond, for an ATS transaction. */
struct response ats_respond(const struct fault *fault, const struct translation *translation,
			    struct manners manners);

/* What F_BAD_ATS_TREQ has besides the StreamID and SubstreamID.  A request of more than 15 STUs
 * says 15.  7.3.6 */
void ats_put_request(struct smmu3_event *record, const struct smmu3_txn *request, unsigned stu_lg2);

#endif
