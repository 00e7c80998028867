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

	if (event == F_STREAM_DISABLED)
		return word;
	if (ssv)
		word |= bits(o->txn->ssid, 19, 0) << 12;
	if (ssv && event != C_BAD_SUBSTREAMID)
		word |= UINT64_C(1) << 11;
	return word;
}

/* PnU, InD, RnW, S2, CLASS and, of F_PERMISSION, TTRnW.  7.3, 7.3.13, 7.3.16 */
static uint64_t second_word(const struct obvious *o, const struct fault *fault)
{
	const bool read = !o->write || fault->read_denied;
	uint64_t word = 0;

	word |= (uint64_t)o->privileged << 33;
	word |= (uint64_t)o->instruction << 34;
	word |= (uint64_t)read << 35;
	word |= (uint64_t)(fault->stage == 2) << 39;
	word |= (uint64_t)fault->fault_class << 40;
	if (fault->event == F_PERMISSION && fault->stage == 2 &&
	    fault->fault_class == SMMU3_CLASS_TT)
		word |= UINT64_C(1) << 44; /* descriptors are only read */
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
	if (translation_related(fault->event) && fault->stage == 2)
		event.word[3] = in_place(fault->address, 55, 12) & known;
	if (fault->event == F_WALK_EABT || fault->event == F_STE_FETCH ||
	    fault->event == F_CD_FETCH)
		event.word[3] = in_place(fault->address, 55, 3) & known;
	return event;
}

/* CD.R and STE.S2R are for the four faults of a stage that translates; CR2.RECINVSID for
 * StreamIDs.  5.5, 3.12, 6.3.12 */
static bool recorded(const struct obvious *o, const struct fault *fault)
{
	if (o->txn->flags & SMMU3_TXN_PROBE)
		return false;
	if (fault->event == C_BAD_STREAMID)
		return bit(o->machine->cr2, 1);
	if (!translation_related(fault->event) || fault->bypass)
		return true;
	return fault->stage == 1 ? o->context.record : o->stream.record;
}

/* CD.A = 0: reads as zero, writes are ignored.  5.5 */
static bool raz_wi(const struct obvious *o, const struct fault *fault)
{
	return translation_related(fault->event) && fault->stage == 1 && !fault->bypass &&
	       !o->context.abort;
}

/* A fault of a stage answers for the rest of its 4 KB page. */
static uint64_t bytes_answered(const struct obvious *o, const struct fault *fault)
{
	const uint64_t page = 0x1000 - bits(o->txn->addr, 11, 0);

	return fault->stage != 0 && page < o->txn->bytes ? page : o->txn->bytes;
}

bool obvious_fault(struct obvious *o, const struct fault *fault)
{
	struct obvious_answer *answer = o->answer;

	answer->verdict = raz_wi(o, fault) ? SMMU3_RAZ_WI : SMMU3_ABORT;
	answer->bytes = bytes_answered(o, fault);
	answer->recorded = recorded(o, fault);
	answer->event = (uint8_t)fault->event;
	answer->fault_class = fault->stage != 0 ? (uint8_t)fault->fault_class : 0;
	answer->fault_stage = (uint8_t)fault->stage;
	answer->fault_level = (int8_t)fault->level;
	answer->fault_addr = fault->address;
	answer->record = record(o, fault);
	return false;
}

bool obvious_abort(struct obvious *o)
{
	o->answer->verdict = SMMU3_ABORT;
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
