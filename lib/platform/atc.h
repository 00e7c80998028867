/* SPDX-License-Identifier: MIT */
/* What an endpoint keeps of the translations that it asked for: its Address Translation Cache, and
 * how it answers software that has some of it dropped.  3.9.1, PCIe ATS */
#ifndef SMMU_PLATFORM_ATC_H
#define SMMU_PLATFORM_ATC_H

#include <smmu/trace.h>
#include <stdbool.h>

enum {
	ATC_PLACES_MOST = 1024,
	ATC_PLACES_ALL = 65536, /* of a whole machine */
	ATC_WAITING_MOST = 32,  /* invalidations that an SMMU has under way */
};

/* A completion that granted something. */
struct atc_entry {
	uint64_t addr, bytes; /* untranslated, a multiple of bytes, a power of two */
	uint64_t to;
	uint64_t number; /* the lower, the older */
	uint32_t sid, ssid;
	uint8_t used, ssv, priv; /* of the request: what one privilege is granted says nothing of
				  * the other.  13.7 */
	uint8_t rights;          /* enum smmu3_ats_completion: R, W and EXE */
};

/* The ATC of a master, for all its StreamIDs. */
struct atc {
	uint8_t sec_sid; /* enum smmu3_pas */
	uint32_t sid, count;
	unsigned places;
	uint64_t kept;   /* so far */
	uint8_t answers; /* enum smmu3_endpoint_act: answers, waits or times out */
	bool off;
	struct atc *next; /* of the same SMMU */
	struct atc_entry entry[];
};

/* ATCs behind one SMMU, and invalidations that none of them has answered. */
struct atcs_behind {
	struct smmu3 *smmu; /* to which they answer */
	struct atc *first;
	struct smmu3_atc_invalidation waiting[ATC_WAITING_MOST];
	unsigned count;
};

/* The rights that an access needs. */
unsigned atc_needs(const struct smmu3_txn *txn);

/* What is kept for the access and allows it, or NULL. */
const struct atc_entry *atc_find(const struct atc *atc, const struct smmu3_txn *txn);

/* The request that an access makes. */
struct smmu3_txn atc_request(const struct smmu3_txn *txn);

/* A completion takes the place of what was kept for its page.  Of one that grants nothing nothing
 * is kept. */
void atc_keep(struct atc *atc, const struct smmu3_txn *request,
	      const struct smmu3_outcome *completion);

/* The Translated access that an access becomes; pasids: its PASID goes with it. */
struct smmu3_txn atc_translated(const struct atc_entry *entry, const struct smmu3_txn *txn,
				bool pasids);

void atc_clear(struct atc *atc);

/* An Invalidate Request arrives.  True: *result is its end; false: it is not answered yet. */
bool atc_invalidate(struct atcs_behind *behind, const struct smmu3_atc_invalidation *request,
		    enum smmu3_atc_result *result);

/* The next one that waited and is now answered, as *result. */
bool atc_answered(struct atcs_behind *behind, struct smmu3_atc_invalidation *request,
		  enum smmu3_atc_result *result);

#endif
