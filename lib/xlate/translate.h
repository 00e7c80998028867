/* SPDX-License-Identifier: MIT */
/* One transaction through one SMMU: chapter 15 in its order. */
#ifndef SMMU_XLATE_TRANSLATE_H
#define SMMU_XLATE_TRANSLATE_H

#include "arch/features.h"
#include "config/context.h"
#include "walk/stage.h"
#include "xlate/gate.h"

/* What an access meets that does not change during it. */
struct world {
	const struct features *features;
	const struct gate *gate;
	struct mem_view view;
};

/* A stage's say about its own faults.  5.5 */
struct fault_model {
	bool abort;  /* A; 0: RAZ/WI */
	bool record; /* R */
	bool stall;  /* S: the others do not count */
};

/* Bits of translation.stages, and of outcome.stages. */
enum { STAGE1_BIT = 1, STAGE2_BIT = 2 };

/* What became of the transaction, as far as it came. */
struct translation {
	struct access access;        /* after overrides */
	struct fault_model model[3]; /* by fault.stage; what nobody states is abort and record */
	struct pa pa;
	struct smmu3_attr attr;
	uint8_t perm;
	uint8_t stages;     /* bit 0: stage 1 translated, bit 1: stage 2 */
	uint8_t size_lg2;   /* of the translation, or NOT_TRANSLATED */
	uint8_t region_lg2; /* of what the DPT grants; 0: it was not asked */
	uint8_t protected_lg2; /* of what granule protection lets through alike, up to 64; 0: it
				* was not asked */
	enum ste_eats eats; /* effective */
	uint16_t mecid;     /* of a Realm stream, where the access goes to Realm memory */
	struct smmu3_mpam mpam; /* of a request, what an access of the stream would have */
	uint8_t granted;    /* to an ATS Translation Request: enum smmu3_ats_completion */
	uint8_t becomes;    /* enum smmu3_class, of what is_special */
};

/* No_snoop acts last, on what is about to leave.  13.6.1.1 */
ALWAYS_INLINE struct smmu3_attr outgoing_attr(const struct smmu3_txn *txn, struct smmu3_attr attr)
{
	return txn->flags & SMMU3_TXN_NO_SNOOP ? attr_no_snoop(attr) : attr;
}

/* What an access goes along: found on the way, or known from one that was like it. */
struct path {
	bool known;     /* all but s1 is */
	bool skip;      /* stage 1 is passed by */
	uint32_t index; /* of the CD, if not */
	struct stream stream;
	struct context context; /* likewise */
	struct s1_result s1;    /* of this access, where a stage translates */
};

/* The IPA without stage 1: the address itself, if it is one.  3.4 */
struct fault stage1_skip(const struct world *world, struct ipa ipa, struct smmu3_attr attr,
			 struct s1_result *s1);

/* What an access is once PRIVCFG and INSTCFG have been applied.  Writes and atomics are data
 * whatever INSTCFG says.  5.2, 13.1.2 */
struct access access_after(const struct smmu3_txn *txn, unsigned privcfg, unsigned instcfg);

/* What the device drives, or what stands for it where it drives nothing.  13.1.3 */
struct smmu3_attr incoming_attr(const struct smmu3_txn *txn);

/* The address that stands for stage 1's output where there is none.  IPAs of Realm streams are
 * Realm ones.  3.10.3 */
struct ipa ipa_without_stage1(const struct world *world, const struct smmu3_txn *txn,
			      const struct stream *stream);

/* The permissions that S_CR0.SIF leaves where stage 1 puts out this space.  6.3.57.2 */
unsigned sif_keeps(const struct world *world, enum smmu3_pas pas);

/* S_CR0.SIF, and of Realm streams always: may what stage 1, or what stood for it, put out be
 * fetched from?  If not it is a fault of stage 1, of the level of its leaf if it translated.  Of
 * what is kept it is asked with every access, and so never out of date.  6.3.57.2, 7.3.16 */
struct fault sif_check(const struct world *world, const struct access *access, bool translated,
		       struct s1_result *s1);

/* Granule protection of where a translated transaction goes.  A completion of split-stage ATS has
 * an IPA: what is translated with it is checked then.  3.25.1, 3.25.2 */
struct fault output_check(const struct world *world, const struct smmu3_txn *txn,
			  struct translation *translation);

/* The transaction is well formed: see smmu3_translate.  path->known is set by the caller.  7.3.22 */
struct fault translate(const struct world *world, const struct smmu3_txn *txn, struct path *path,
		       struct translation *translation);

#endif
