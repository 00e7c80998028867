/* SPDX-License-Identifier: MIT */
/* What a client and software are told of a fault: chapter 7.3, 5.5, 3.12. */
#include "obvious_state.h"

static bool translation_related(enum event event)
{
	return event == F_TRANSLATION || event == F_ADDR_SIZE || event == F_ACCESS ||
	       event == F_PERMISSION;
}

/* StreamID, and the substream as far as the record has a place for it.  7.3.3 to 7.3.16 */
static uint64_t first_word(const struct obvious *o, enum event event)
{
	const bool ssv = o->txn->flags & SMMU3_TXN_SSV;
	uint64_t word = (uint64_t)o->txn->sid << 32 | (uint64_t)event;

	if (event == F_STREAM_DISABLED || event == F_TRANSL_FORBIDDEN)
		return word;
	if (ssv)
		word |= bits(o->txn->ssid, 19, 0) << 12;
	if (ssv && event != C_BAD_SUBSTREAMID)
		word |= UINT64_C(1) << 11;
	return word;
}

/* PnU, InD, RnW, NSIPA, S2, CLASS and, of F_PERMISSION, TTRnW.  7.3, 7.3.13, 7.3.16 */
static uint64_t second_word(const struct obvious *o, const struct fault *fault)
{
	const bool read = !o->write || fault->read_denied;
	uint64_t word = 0;

	word |= (uint64_t)o->privileged << 33;
	word |= (uint64_t)o->instruction << 34;
	word |= (uint64_t)read << 35;
	word |= (uint64_t)(fault->stage == 2) << 39;
	word |= (uint64_t)(o->secure && fault->stage == 2 && fault->ns_ipa) << 38; /* NSIPA */
	word |= (uint64_t)fault->fault_class << 40;
	if (fault->event == F_PERMISSION && fault->stage == 2 &&
	    fault->fault_class == SMMU3_CLASS_TT && !fault->updating)
		word |= UINT64_C(1) << 44;
	word |= (uint64_t)fault->dirty << 42; /* DirtyBit, Overlay */
	word |= (uint64_t)fault->assured_only << 43;
	word |= (uint64_t)fault->overlay << 45;
	return word;
}

static struct smmu3_event record(const struct obvious *o, const struct fault *fault)
{
	const uint64_t known = below(least(o->oas, 56));
	struct smmu3_event event = { .word = { first_word(o, fault->event) } };

	if (translation_related(fault->event) || fault->event == F_WALK_EABT) {
		event.word[1] = second_word(o, fault);
		event.word[2] = o->txn->addr;
	}
	if (fault->event == F_BAD_ATS_TREQ)
		obvious_put_request(o, &event);
	if (fault->event == F_TRANSL_FORBIDDEN)
		obvious_put_forbidden(o, &event);
	if (translation_related(fault->event) && fault->stage == 2)
		event.word[3] = in_place(fault->address, 55, 12) & known;
	if (fault->event == F_WALK_EABT || fault->event == F_STE_FETCH ||
	    fault->event == F_VMS_FETCH || fault->event == F_CD_FETCH) {
		/* GPCF, with IDR0.RME_IMPL.  3.25.3 */
		event.word[1] |= (uint64_t)(o->protected && bit(o->machine->idr0, 30)) << 16;
		event.word[3] = in_place(fault->address, 55, 3) & known;
	}
	return event;
}

/* ---- A, R and S: 5.5, 3.12 ---- */

unsigned obvious_stall_model(const struct obvious *o)
{
	return (unsigned)bits(o->machine->idr0, 25, 24);
}

/* What the stage at fault says.  Only for faults of translation is it asked, and where an address
 * is too large for a stage that is passed by, nobody is. */
static struct obvious_fault_model fault_model(const struct obvious *o, const struct fault *fault)
{
	struct obvious_fault_model model = {
		.asked = translation_related(fault->event),
		.forced = fault->bypass,
		.abort = true,
		.record = o->stream.record,
		.stall = o->stream.stall,
		.stall_model = (uint8_t)obvious_stall_model(o),
	};

	if (fault->stage == 1 && !fault->bypass) {
		model.abort = o->context.abort;
		model.record = o->context.record;
		model.stall = o->context.stall;
	}
	return model;
}

static bool stage_decides(const struct obvious *o)
{
	return o->answer->notes.model.asked && !o->answer->notes.model.forced;
}

static bool told_to_stall(const struct obvious *o)
{
	return stage_decides(o) && o->answer->notes.model.stall;
}

/* A client that cannot be stalled is aborted, unless stalls are forced; so it is where nobody could
 * ever resume it, or there is room for none.  3.12, 6.3.1, 6.3.6 */
static bool can_stall(const struct obvious *o)
{
	if (obvious_stall_model(o) == STALL_FORCED)
		return true;
	return o->machine->waits && !(o->txn->flags & SMMU3_TXN_NO_STALL) &&
	       bits(o->machine->idr5, 31, 16) != 0;
}

/* IDR5.STALL_MAX */
static bool room_for_a_stall(const struct obvious *o)
{
	return o->machine->stalls < bits(o->machine->idr5, 31, 16);
}

/* A = 0: reads as zero, writes are ignored. */
static enum smmu3_verdict verdict(const struct obvious *o, enum event event)
{
	if (o->txn->ats)
		return obvious_ats_verdict(o, event);
	if (told_to_stall(o) && can_stall(o))
		return room_for_a_stall(o) ? SMMU3_STALLED : SMMU3_BUSY;
	if (told_to_stall(o) || !stage_decides(o))
		return SMMU3_ABORT;
	return o->answer->notes.model.abort ? SMMU3_ABORT : SMMU3_RAZ_WI;
}

/* CR2.RECINVSID, with which a record is still not always made.  5.1.1, 6.3.12 */
bool obvious_records_streamids(struct obvious *o)
{
	return bit(o->machine->cr2, 1) && !obvious_chosen(o, OBVIOUS_CHOICE_BAD_STREAMID);
}

/* R is for faults that are not to stall; CR2.RECINVSID for StreamIDs.  5.5, 3.12, 6.3.12 */
static bool recorded(struct obvious *o, const struct fault *fault)
{
	if (o->txn->flags & SMMU3_TXN_PROBE || o->answer->verdict == SMMU3_BUSY)
		return false;
	if (o->txn->ats)
		return obvious_ats_recorded(o, fault);
	if (fault->event == C_BAD_STREAMID)
		return obvious_records_streamids(o);
	return !stage_decides(o) || told_to_stall(o) || o->answer->notes.model.record;
}

/* Stall, 95. */
static void mark_stall(struct obvious_answer *answer)
{
	if (answer->verdict == SMMU3_STALLED || answer->verdict == SMMU3_BUSY)
		answer->record.word[1] |= UINT64_C(1) << 31;
}

uint64_t obvious_page(const struct obvious *o)
{
	const uint64_t page = 0x1000 - bits(o->txn->addr, 11, 0);

	return page < o->txn->bytes ? page : o->txn->bytes;
}

/* A fault of a stage or of granule protection answers for the rest of its 4 KB page. */
static uint64_t bytes_answered(const struct obvious *o, const struct fault *fault)
{
	return fault->stage != 0 || o->protected ? obvious_page(o) : o->txn->bytes;
}

bool obvious_fault(struct obvious *o, const struct fault *fault)
{
	struct obvious_answer *answer = o->answer;

	answer->notes.model = fault_model(o, fault);
	answer->verdict = (uint8_t)verdict(o, fault->event);
	answer->bytes = bytes_answered(o, fault);
	answer->recorded = recorded(o, fault);
	answer->event = (uint8_t)fault->event;
	answer->fault_class = fault->stage != 0 ? (uint8_t)fault->fault_class : 0;
	answer->fault_stage = (uint8_t)fault->stage;
	answer->fault_level = (int8_t)fault->level;
	answer->fault_addr = fault->address;
	if (obvious_is_hint(o)) {
		answer->verdict = SMMU3_NO_OP;
		answer->recorded = answer->event = 0;
		answer->notes.model = (struct obvious_fault_model){ .asked = false };
		return false;
	}
	answer->record = record(o, fault);
	mark_stall(answer);
	if (answer->verdict == SMMU3_NO_ACCESS)
		obvious_ats_deny(o);
	return false;
}

bool obvious_abort(struct obvious *o)
{
	o->answer->verdict = obvious_is_request(o) ? SMMU3_UR :
			     obvious_is_hint(o)    ? SMMU3_NO_OP :
						     SMMU3_ABORT;
	o->answer->bytes = o->txn->bytes;
	return false;
}

bool obvious_configuration_error(struct obvious *o, enum event event)
{
	return obvious_fault(o, &(struct fault){ .event = event, .level = NO_LEVEL });
}

bool obvious_fetch_error(struct obvious *o, enum event event, uint64_t address)
{
	return obvious_fault(o, &(struct fault){
					.event = event, .level = NO_LEVEL, .address = address });
}
