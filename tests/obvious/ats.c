/* SPDX-License-Identifier: MIT */
/* PCIe ATS: who is served, what is granted, how requests and Translated transactions end.  3.9.1,
 * 5.2 (EATS), 13.7. */
#include "obvious_state.h"

enum { FULL = 1, SPLIT = 2 };

bool obvious_is_request(const struct obvious *o)
{
	return o->txn->ats == SMMU3_ATS_REQUEST;
}

/* Without a PASID there is neither Priv nor Exe; that of a Translated transaction counts with
 * IDR3.PASIDTT.
 * A request that says no attributes has those of PCIe, Write-Back and Inner Shareable.  3.9.1.3,
 * 13.6.1, 13.7 */
struct smmu3_txn obvious_ats_txn(const struct obvious_machine *machine, const struct smmu3_txn *txn)
{
	struct smmu3_txn seen = *txn;

	if (txn->ats == SMMU3_ATS_TRANSLATED && !bit(machine->idr3, 16))
		seen.flags &= (uint16_t)~SMMU3_TXN_SSV;
	if (!(seen.flags & SMMU3_TXN_SSV))
		seen.flags &= (uint16_t) ~(SMMU3_TXN_PRIVILEGED | SMMU3_TXN_INSTRUCTION);
	if (txn->ats == SMMU3_ATS_REQUEST && !(seen.flags & SMMU3_TXN_ATTR)) {
		seen.flags |= SMMU3_TXN_ATTR;
		seen.attr.mair = SMMU3_ATTR_DEFAULT_MAIR;
		seen.attr.sh = SMMU3_ISH;
	}
	return seen;
}

/* ---- Who is served ---- */

bool obvious_ats_refused(struct obvious *o, enum obvious_ats mode)
{
	o->answer->notes.ats = (uint8_t)mode;
	return obvious_configuration_error(o, obvious_is_request(o) ? F_BAD_ATS_TREQ :
								      F_TRANSL_FORBIDDEN);
}

/* The effective EATS, and what there is to be crossed.  0b11 is reserved without a DPT. */
bool obvious_ats_allowed(struct obvious *o)
{
	static const uint8_t full[] = { OBVIOUS_ATS_FULL_1, OBVIOUS_ATS_FULL_2,
					OBVIOUS_ATS_FULL_BOTH };
	const bool checked = bit(o->machine->cr0, 4);

	o->eats = (unsigned)bits(o->stream.word[1], 29, 28);
	if (o->stream.config == 4)
		return obvious_ats_refused(o, OBVIOUS_ATS_BYPASS);
	if (o->eats == 0 || o->eats == 3)
		return obvious_ats_refused(o, o->eats ? OBVIOUS_ATS_RESERVED : OBVIOUS_ATS_OFF);
	if (o->eats == SPLIT && !checked)
		return obvious_ats_refused(o, OBVIOUS_ATS_SPLIT_UNCHECKED);
	o->answer->notes.ats = o->eats == SPLIT ? OBVIOUS_ATS_SPLIT : full[o->stream.config - 5];
	return true;
}

bool obvious_ats_is_split(const struct obvious *o)
{
	return o->eats == SPLIT;
}

/* SteIllegal, 5.2.2: split-stage ATS is for both stages, and no stage 2 of a stream with ATS
 * stalls. */
bool obvious_ats_illegal(struct obvious *o, const struct stream *stream)
{
	const uint32_t idr0 = o->machine->idr0;
	const unsigned eats = (unsigned)bits(stream->word[1], 29, 28);

	if (!bit(idr0, 10) || stream->config == 4)
		return false;
	if (eats == SPLIT && (stream->config != 7 || stream->stall || bit(idr0, 11)))
		return obvious_broken(o, OBVIOUS_STE_EATS_SPLIT);
	if (eats == FULL && stream->stall &&
	    (stream->stage2 || (o->minor == 0 && obvious_chosen(o, OBVIOUS_CHOICE_EATS_S2S))))
		return obvious_broken(o, OBVIOUS_STE_EATS_STALL);
	return false;
}

/* ---- What is granted, 13.7.1 ---- */

unsigned obvious_granted(const struct obvious *o, unsigned perm)
{
	const bool overridden = bit(o->machine->idr1, 26);
	const unsigned instcfg = overridden ? (unsigned)bits(o->stream.word[1], 51, 50) : 0;
	const bool asked = o->txn->flags & SMMU3_TXN_INSTRUCTION;
	const bool ttd_r = perm & (o->privileged ? SMMU3_PERM_PR : SMMU3_PERM_UR);
	const bool ttd_w = perm & (o->privileged ? SMMU3_PERM_PW : SMMU3_PERM_UW);
	const bool ttd_x = perm & (o->privileged ? SMMU3_PERM_PX : SMMU3_PERM_UX);
	bool r = ttd_r, exe = asked && ttd_r && ttd_x;

	if (instcfg == 3) { /* Instruction */
		r = ttd_x;
		exe = asked && ttd_x;
	} else if (instcfg == 2) /* Data */
		exe = asked && ttd_r;
	return (r ? SMMU3_ATS_R : 0u) | (ttd_w ? SMMU3_ATS_W : 0u) | (exe ? SMMU3_ATS_EXE : 0u);
}

/* 3.9.3: what leaves is not Write-Back cacheable and Shareable, or not the end of the way. */
static bool goes_by_cxl_io(const struct obvious *o, const struct memory *memory)
{
	if (!(o->txn->flags & SMMU3_TXN_SOURCE_CXL))
		return false;
	return obvious_ats_is_split(o) || memory->device || memory->sh == SMMU3_NSH ||
	       memory->inner.type != WRITE_BACK || memory->outer.type != WRITE_BACK;
}

static unsigned priv_of(const struct obvious *o)
{
	return o->txn->flags & SMMU3_TXN_PRIVILEGED ? SMMU3_ATS_PRIV : 0;
}

unsigned obvious_completion(const struct obvious *o, unsigned perm, const struct memory *memory)
{
	return obvious_granted(o, perm) | priv_of(o) |
	       (goes_by_cxl_io(o, memory) ? SMMU3_ATS_CXL_IO : 0u);
}

/* Neither R nor W is granted.  What a stage lacks is a Permission fault of it. */
bool obvious_no_access(struct obvious *o, unsigned stage)
{
	return obvious_fault(o, &(struct fault){
					.event = F_PERMISSION,
					.stage = stage,
					.fault_class = SMMU3_CLASS_IN,
					.level = NO_LEVEL,
				});
}

/* ---- How they end, 3.9.1.2, 3.9.1.3 ---- */

static bool translation_related(enum event event)
{
	return event >= F_TRANSLATION && event <= F_PERMISSION;
}

enum smmu3_verdict obvious_ats_verdict(const struct obvious *o, enum event event)
{
	if (!obvious_is_request(o))
		return SMMU3_ABORT;
	if (translation_related(event))
		return SMMU3_NO_ACCESS;
	return event == NO_EVENT || event == F_BAD_ATS_TREQ ? SMMU3_UR : SMMU3_CA;
}

/* CR2.REC_CFG_ATS, which there is with IDR0.ATSRECERR.  6.3.12 */
static bool rec_cfg_ats(const struct obvious *o)
{
	return bit(o->machine->idr0, 23) && bit(o->machine->cr2, 3);
}

static bool request_recorded(struct obvious *o, enum event event)
{
	if (translation_related(event))
		return false;
	if (event == F_BAD_ATS_TREQ)
		return true;
	return rec_cfg_ats(o) && (event != C_BAD_STREAMID || obvious_records_streamids(o));
}

/* A fault of stage 2 is recorded as that of any transaction, whose size is too large for a stage 1
 * that is passed by, always. */
static bool translated_recorded(const struct obvious *o, const struct fault *fault)
{
	if (fault->event == F_TRANSL_FORBIDDEN || fault->event == F_WALK_EABT || fault->bypass)
		return true;
	if (translation_related(fault->event))
		return o->stream.record;
	return rec_cfg_ats(o);
}

bool obvious_ats_recorded(struct obvious *o, const struct fault *fault)
{
	return obvious_is_request(o) ? request_recorded(o, fault->event) :
				       translated_recorded(o, fault);
}

/* The Smallest Translation Unit: the smallest granule there is. */
static unsigned stu(const struct obvious *o)
{
	const unsigned granule[] = { GRANULE_4K, GRANULE_16K, GRANULE_64K };
	unsigned i = 0;

	while (i < 2 && !obvious_granule_implemented(o, granule[i]))
		i++;
	return granule[i];
}

/* R = W = 0 answers for one STU. */
void obvious_ats_deny(struct obvious *o)
{
	const uint64_t size = UINT64_C(1) << stu(o);
	const uint64_t rest = size - (o->txn->addr & (size - 1));

	o->answer->bytes = rest < o->txn->bytes ? rest : o->txn->bytes;
	o->answer->span = size;
	o->answer->ats = (uint8_t)priv_of(o);
}

/* ---- Records: 7.3.6, 7.3.8 ---- */

/* Span, <67:64>, has no room for more than 15 STUs. */
void obvious_put_request(const struct obvious *o, struct smmu3_event *record)
{
	const struct smmu3_txn *txn = o->txn;
	const uint64_t first = txn->addr >> stu(o);
	const uint64_t last = (txn->addr + (txn->bytes - 1)) >> stu(o);
	const uint64_t span = last - first + 1;

	record->word[1] = span < 15 ? span : 15;
	record->word[1] |= (uint64_t)((txn->flags & SMMU3_TXN_PRIVILEGED) != 0) << 28;
	record->word[1] |= (uint64_t)((txn->flags & SMMU3_TXN_INSTRUCTION) != 0) << 29;
	record->word[1] |= (uint64_t)((txn->flags & SMMU3_TXN_WRITE) != 0) << 30;
	record->word[1] |= UINT64_C(1) << 31; /* reading is always asked for */
	record->word[2] = in_place(txn->addr, 63, 12);
}

void obvious_put_forbidden(const struct obvious *o, struct smmu3_event *record)
{
	record->word[1] = (uint64_t)!o->write << 35;
	record->word[2] = o->txn->addr;
}
