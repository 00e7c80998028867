/* SPDX-License-Identifier: MIT */
/* What software and the device are told of a fault: pure. */
#ifndef SMMU_XLATE_RESPONSE_H
#define SMMU_XLATE_RESPONSE_H

#include "xlate/translate.h"

struct response {
	enum smmu3_verdict verdict;
	bool record;
};

/* What one access may be answered with.  3.9.1.2, 3.9.1.3, 6.3.12 */
struct manners {
	bool recinvsid;   /* CR2.RECINVSID: C_BAD_STREAMID is recorded */
	bool waits;       /* it can stall */
	bool rec_cfg_ats; /* CR2.REC_CFG_ATS: so are more events of ATS */
	enum smmu3_ats ats;
	bool hint; /* it causes no fault */
};

/* The fault model of the stage at fault decides; whatever is not a stage's translation fault aborts
 * and is recorded, but for C_BAD_STREAMID without RECINVSID.  What would stall and cannot aborts,
 * and is recorded.  3.12, 5.5, 6.3.12 */
struct response respond(const struct fault *fault, const struct translation *translation,
			struct manners manners);

/* The record of a fault that has an event; addresses keep the bits below OAS.  7.3 */
struct smmu3_event event_record(const struct fault *fault, const struct smmu3_txn *txn,
				const struct access *access, const struct features *features);

#endif
