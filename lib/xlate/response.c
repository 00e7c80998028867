/* SPDX-License-Identifier: MIT */
#include "xlate/response.h"

#include "mem/guard.h"
#include "xlate/ats.h"
#include "xlate/classes.h"

/* Is this one of the faults that CD.{A,R,S} and STE.{S2R,S2S} speak of?  5.5 */
static bool obeys_fault_model(const struct fault *fault)
{
	return fault->event >= F_TRANSLATION && fault->event <= F_PERMISSION;
}

static struct response respond_by_model(const struct fault_model *model, bool waits)
{
	if (model->stall)
		return (struct response){ waits ? SMMU3_STALLED : SMMU3_ABORT, true };
	return (struct response){ model->abort ? SMMU3_ABORT : SMMU3_RAZ_WI, model->record };
}

struct response respond(const struct fault *fault, const struct translation *translation,
			struct manners manners)
{
	if (manners.hint)
		return (struct response){ SMMU3_NO_OP, false };
	if (manners.ats)
		return ats_respond(fault, translation, manners);
	if (obeys_fault_model(fault))
		return respond_by_model(&translation->model[fault->stage], manners.waits);
	return (struct response){
		.verdict = SMMU3_ABORT,
		.record = fault->event != EVENT_NONE &&
			  (fault->event != C_BAD_STREAMID || manners.recinvsid),
	};
}

/* What a record has besides its number and StreamID. */
enum part {
	SUBSTREAM = 1 << 0, /* SubstreamID */
	VALID = 1 << 1,     /* SSV, which makes SubstreamID count */
	INPUT = 1 << 2,     /* InputAddr, RnW, InD, PnU, CLASS, S2 */
	IPA = 1 << 3,       /* of stage 2 faults */
	FETCH = 1 << 4,     /* FetchAddr */
	REQUEST = 1 << 5,   /* what an ATS Translation Request asks */
	ADDRESS = 1 << 6,   /* InputAddr and RnW alone */
};

static const uint8_t parts[] = {
	[C_BAD_STREAMID] = SUBSTREAM | VALID,
	[F_STE_FETCH] = SUBSTREAM | VALID | FETCH,
	[C_BAD_STE] = SUBSTREAM | VALID,
	[F_VMS_FETCH] = SUBSTREAM | VALID | FETCH,
	[F_BAD_ATS_TREQ] = SUBSTREAM | VALID | REQUEST,
	[F_STREAM_DISABLED] = 0, /* its StreamID alone */
	[F_TRANSL_FORBIDDEN] = ADDRESS,
	[C_BAD_SUBSTREAMID] = SUBSTREAM,
	[F_CD_FETCH] = SUBSTREAM | VALID | FETCH,
	[C_BAD_CD] = SUBSTREAM | VALID,
	[F_WALK_EABT] = SUBSTREAM | VALID | INPUT | FETCH,
	[F_TRANSLATION] = SUBSTREAM | VALID | INPUT | IPA,
	[F_ADDR_SIZE] = SUBSTREAM | VALID | INPUT | IPA,
	[F_ACCESS] = SUBSTREAM | VALID | INPUT | IPA,
	[F_PERMISSION] = SUBSTREAM | VALID | INPUT | IPA,
	[F_TLB_CONFLICT] = SUBSTREAM | VALID | INPUT | IPA,
	[F_CFG_CONFLICT] = SUBSTREAM | VALID,
};

static void put_substream(struct smmu3_event *record, unsigned part, const struct smmu3_txn *txn)
{
	if (!(txn->flags & SMMU3_TXN_SSV))
		return;
	event_put(record, EVENT_SSV, (part & VALID) != 0);
	if (part & SUBSTREAM)
		event_put(record, EVENT_SUBSTREAMID, txn->ssid);
}

/* Of streams that have two IPA spaces a stage 2 fault says which it was.  7.3 */
static bool of_ns_ipa(const struct fault *fault, const struct features *features)
{
	return features->sec_sid == SMMU3_PAS_SECURE && fault->stage == 2 &&
	       fault->ipa_pas == SMMU3_PAS_NS;
}

/* Which rule of indirect permissions it was.  7.3.16 */
static void put_rule(struct smmu3_event *record, const struct fault *fault)
{
	event_put(record, EVENT_DIRTYBIT, fault->why == WHY_S1_DIRTY || fault->why == WHY_S2_DIRTY);
	event_put(record, EVENT_OVERLAY, fault->why == WHY_S2_OVERLAY);
	event_put(record, EVENT_ASSUREDONLY, fault->why == WHY_S2_ASSURED);
}

/* An atomic is a write in its records, unless the one thing it lacks is read permission.  13.1.1 */
static void put_input(struct smmu3_event *record, const struct fault *fault,
		      const struct smmu3_txn *txn, const struct access *access,
		      const struct features *features)
{
	event_put(record, EVENT_PNU, access->privileged);
	event_put(record, EVENT_IND, access->instruction);
	event_put(record, EVENT_RNW, !access->write || fault->read_missing);
	event_put(record, EVENT_S2, fault->stage == 2);
	event_put(record, EVENT_NSIPA, of_ns_ipa(fault, features));
	event_put(record, EVENT_CLASS, fault->fault_class);
	event_put(record, EVENT_INPUTADDR, txn->addr);
	event_put(record, EVENT_TTRNW,
		  fault->event == F_PERMISSION && fault->fault_class == SMMU3_CLASS_TT &&
			  !fault->ttd_write);
	put_rule(record, fault);
}

/* No STE need have been found.  7.3.8 */
static void put_address(struct smmu3_event *record, const struct smmu3_txn *txn)
{
	const bool writes = is_special(txn) ? class_writes(txn) :
					      txn->flags & SMMU3_TXN_WRITE ||
						      txn->txn_class == SMMU3_CLASS_ATOMIC;
	const uint64_t at = txn->addr;

	event_put(record, EVENT_RNW, !writes);
	event_put(record, EVENT_INPUTADDR, at);
}

struct smmu3_event event_record(const struct fault *fault, const struct smmu3_txn *txn,
				const struct access *access, const struct features *features)
{
	const unsigned part = fault->event < ARRAY_SIZE(parts) ? parts[fault->event] : 0;
	const uint64_t addr = fault->addr & low_bits(features->oas_bits);
	struct smmu3_event record = { { 0 } };

	event_put(&record, EVENT_NUMBER, fault->event);
	event_put(&record, EVENT_STREAMID, txn->sid);
	put_substream(&record, part, txn);
	if (part & INPUT)
		put_input(&record, fault, txn, access, features);
	if (part & REQUEST)
		ats_put_request(&record, txn, ats_stu_lg2(features));
	if (part & ADDRESS)
		put_address(&record, txn);
	if (part & IPA && fault->stage == 2)
		event_put_address(&record, EVENT_IPA, addr);
	if (part & FETCH) {
		event_put_address(&record, EVENT_FETCHADDR, addr);
		event_put(&record, EVENT_GPCF, features->rme_impl && gpc_decided(fault->why));
	}
	return record;
}
