/* SPDX-License-Identifier: MIT */
/* ATS transactions: what they met, and how they ended.  3.9.1, 13.7 */
#include "cells.h"

enum { F_BAD_ATS_TREQ = 0x05, F_TRANSL_FORBIDDEN = 0x07, IN = 2 };

/* ---- How they end ---- */

enum ended {
	GRANT_R,
	GRANT_W,
	GRANT_RW,
	GRANT_RX,
	GRANT_RWX,
	DENIED_1, /* R = W = 0 */
	DENIED_2,
	DENIED_2_TABLE, /* for a CD or a stage 1 table */
	UR,
	UR_EVENT,
	CA,
	CA_EVENT,
	PASSES,
	ABORT,
	FORBIDDEN,
	ERROR_EVENT,
	FAULT_1,
	FAULT_2,
	ENDS,
	OTHER = ENDS,
};

static const char *const ended_name[ENDS] = {
	"grants R",
	"grants W",
	"grants R and W",
	"grants R and Exe",
	"grants R, W and Exe",
	"R = W = 0, stage 1",
	"R = W = 0, stage 2",
	"R = W = 0, stage 2 of a table",
	"Unsupported Request",
	"Unsupported Request, F_BAD_ATS_TREQ",
	"Completer Abort",
	"Completer Abort, recorded",
	"passes",
	"aborts",
	"F_TRANSL_FORBIDDEN",
	"aborts, recorded",
	"fault of stage 1",
	"fault of stage 2",
};

static unsigned grant_of(const struct obvious_answer *answer)
{
	static const uint8_t grant[8] = { OTHER, GRANT_R,  GRANT_W, GRANT_RW,
					  OTHER, GRANT_RX, OTHER,   GRANT_RWX };

	return grant[answer->ats & 7];
}

static unsigned end_of_request(const struct obvious_answer *answer)
{
	switch (answer->verdict) {
	case SMMU3_OK:
		return grant_of(answer);
	case SMMU3_NO_ACCESS:
		return answer->fault_stage == 1  ? DENIED_1 :
		       answer->fault_class == IN ? DENIED_2 :
						   DENIED_2_TABLE;
	case SMMU3_UR:
		return answer->event == F_BAD_ATS_TREQ ? UR_EVENT : UR;
	case SMMU3_CA:
		return answer->recorded ? CA_EVENT : CA;
	default:
		return OTHER;
	}
}

static unsigned end_of_translated(const struct obvious_answer *answer)
{
	if (answer->verdict == SMMU3_OK)
		return PASSES;
	if (answer->event == F_TRANSL_FORBIDDEN)
		return FORBIDDEN;
	if (answer->fault_stage)
		return answer->fault_stage == 1 ? FAULT_1 : FAULT_2;
	return answer->recorded ? ERROR_EVENT : ABORT;
}

/* ---- What they met ---- */

/* Besides what the second function says: stage 1 of EL2, and Translated transactions whose
 * substream was looked at. */
enum {
	MET_EL2 = OBVIOUS_ATS_MODE_COUNT,
	MET_EL2_E2H,
	MET_PASID_1,
	MET_PASID_2,
	MET_PASID_BOTH,
	MET_PASID_SPLIT,
	METS,
};

/* ---- What can be ---- */

/* W without R: of stage 1 where INSTCFG makes execution of reading. */
#define GRANTS (1u << GRANT_R | 1u << GRANT_W | 1u << GRANT_RW | 1u << GRANT_RX | 1u << GRANT_RWX)
#define ERRORS (1u << CA | 1u << CA_EVENT)
#define OF_EL2 ((GRANTS & ~(1u << GRANT_W | 1u << GRANT_RX)) | 1u << DENIED_1 | ERRORS)

/* Of a request; stage 1 that is passed by has no PASID, so no Exe. */
static const uint32_t request_ends[METS] = {
	[OBVIOUS_ATS_NONE] = ERRORS,
	[OBVIOUS_ATS_DISABLED] = 1u << UR_EVENT,
	[OBVIOUS_ATS_ABORTS] = 1u << UR,
	[OBVIOUS_ATS_BYPASS] = 1u << UR_EVENT,
	[OBVIOUS_ATS_OFF] = 1u << UR_EVENT,
	[OBVIOUS_ATS_RESERVED] = 1u << UR_EVENT,
	[OBVIOUS_ATS_SPLIT_UNCHECKED] = 1u << UR_EVENT,
	[OBVIOUS_ATS_FULL_1] = GRANTS | 1u << DENIED_1 | ERRORS,
	[OBVIOUS_ATS_FULL_2] = 1u << GRANT_R | 1u << GRANT_W | 1u << GRANT_RW | 1u << DENIED_1 |
			       1u << DENIED_2 | 1u << CA,
	[OBVIOUS_ATS_FULL_BOTH] = GRANTS | 1u << DENIED_1 | 1u << DENIED_2 | 1u << DENIED_2_TABLE |
				  ERRORS,
	[OBVIOUS_ATS_FULL_1_SKIPPED] = 1u << GRANT_RW,
	[OBVIOUS_ATS_FULL_BOTH_SKIPPED] = 1u << GRANT_R | 1u << GRANT_W | 1u << GRANT_RW,
	[OBVIOUS_ATS_SPLIT] = GRANTS | 1u << DENIED_1 | 1u << DENIED_2 | 1u << DENIED_2_TABLE |
			      ERRORS,
	[OBVIOUS_ATS_SPLIT_SKIPPED] = 1u << GRANT_R | 1u << GRANT_W | 1u << GRANT_RW,
	[MET_EL2] = OF_EL2,
	[MET_EL2_E2H] = OF_EL2,
};

static const uint32_t translated_ends[METS] = {
	[OBVIOUS_ATS_NONE] = 1u << ABORT | 1u << ERROR_EVENT,
	[OBVIOUS_ATS_DISABLED] = 1u << FORBIDDEN,
	[OBVIOUS_ATS_UNCHECKED] = 1u << PASSES | 1u << ABORT,
	[OBVIOUS_ATS_ABORTS] = 1u << ABORT,
	[OBVIOUS_ATS_BYPASS] = 1u << FORBIDDEN,
	[OBVIOUS_ATS_OFF] = 1u << FORBIDDEN,
	[OBVIOUS_ATS_RESERVED] = 1u << FORBIDDEN,
	[OBVIOUS_ATS_FULL_1] = 1u << PASSES | 1u << ABORT,
	[OBVIOUS_ATS_FULL_2] = 1u << PASSES | 1u << ABORT,
	[OBVIOUS_ATS_FULL_BOTH] = 1u << PASSES | 1u << ABORT,
	[OBVIOUS_ATS_SPLIT] = 1u << PASSES | 1u << FAULT_1 | 1u << FAULT_2,
	[MET_PASID_1] = 1u << PASSES | 1u << ABORT | 1u << ERROR_EVENT,
	[MET_PASID_2] = 1u << PASSES | 1u << ABORT | 1u << ERROR_EVENT,
	[MET_PASID_BOTH] = 1u << PASSES | 1u << ABORT | 1u << ERROR_EVENT | 1u << FAULT_2,
	[MET_PASID_SPLIT] = 1u << PASSES | 1u << ABORT | 1u << ERROR_EVENT | 1u << FAULT_2,
};

#define MODE_NAME(name, words) [OBVIOUS_ATS_##name] = words,

static void name_ats(unsigned index, struct cell *cell)
{
	static const char *const mode_name[METS] = {
		OBVIOUS_ATS_MODES(MODE_NAME)[MET_EL2] = "full ATS, stage 1 of EL2",
		[MET_EL2_E2H] = "full ATS, stage 1 of EL2 with E2H",
		[MET_PASID_1] = "full ATS, stage 1, IDR3.PASIDTT",
		[MET_PASID_2] = "full ATS, stage 2, IDR3.PASIDTT",
		[MET_PASID_BOTH] = "full ATS, both stages, IDR3.PASIDTT",
		[MET_PASID_SPLIT] = "split-stage ATS, IDR3.PASIDTT",
	};
	const unsigned ended = index % ENDS, mode = index / ENDS % METS;
	const bool translated = index / ENDS / METS;
	const uint32_t *const ends = translated ? translated_ends : request_ends;

	cell_name(cell, ends[mode] >> ended & 1, "%s, %s: %s",
		  translated ? "Translated" : "Translation Request", mode_name[mode],
		  ended_name[ended]);
}

/* Of stage 1 of EL2 all but what is rare there is told apart. */
static unsigned met_by_request(const struct obvious_answer *answer, unsigned ended)
{
	static const uint8_t world[OBVIOUS_WORLDS] = {
		[OBVIOUS_EL1] = OBVIOUS_ATS_FULL_1,
		[OBVIOUS_EL2] = MET_EL2,
		[OBVIOUS_EL2_E2H] = MET_EL2_E2H,
	};
	const bool rare = ended == GRANT_W || ended == GRANT_RX;

	return rare ? OBVIOUS_ATS_FULL_1 : world[answer->notes.world];
}

static unsigned met_by_translated(const struct obvious_answer *answer, unsigned mode,
				  unsigned ended)
{
	static const uint8_t pasid[OBVIOUS_ATS_MODE_COUNT] = {
		[OBVIOUS_ATS_FULL_1] = MET_PASID_1,
		[OBVIOUS_ATS_FULL_2] = MET_PASID_2,
		[OBVIOUS_ATS_FULL_BOTH] = MET_PASID_BOTH,
		[OBVIOUS_ATS_SPLIT] = MET_PASID_SPLIT,
	};

	return answer->notes.substream && ended != FAULT_1 ? pasid[mode] : mode;
}

/* A stage 1 that is passed by is told apart where something is granted: the rest is rare. */
static unsigned mode_of(const struct obvious_answer *answer)
{
	static const uint8_t whole[OBVIOUS_ATS_MODE_COUNT] = {
		[OBVIOUS_ATS_FULL_1_SKIPPED] = OBVIOUS_ATS_FULL_1,
		[OBVIOUS_ATS_FULL_BOTH_SKIPPED] = OBVIOUS_ATS_FULL_BOTH,
		[OBVIOUS_ATS_SPLIT_SKIPPED] = OBVIOUS_ATS_SPLIT,
	};
	const unsigned mode = answer->notes.ats;

	return whole[mode] && answer->verdict != SMMU3_OK ? whole[mode] : mode;
}

/* What is recorded of requests is so little of stage 2 alone that it is counted with the rest. */
static unsigned end_of(const struct smmu3_txn *txn, const struct obvious_answer *answer)
{
	const unsigned ended = txn->ats == SMMU3_ATS_TRANSLATED ? end_of_translated(answer) :
								  end_of_request(answer);

	return ended == CA_EVENT && answer->notes.ats == OBVIOUS_ATS_FULL_2 ? CA : ended;
}

static unsigned met(const struct smmu3_txn *txn, const struct obvious_answer *answer,
		    unsigned ended)
{
	const unsigned mode = mode_of(answer);

	if (txn->ats == SMMU3_ATS_TRANSLATED)
		return met_by_translated(answer, mode, ended);
	return mode == OBVIOUS_ATS_FULL_1 ? met_by_request(answer, ended) : mode;
}

static unsigned find_ats(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			 unsigned *index)
{
	const bool translated = txn->ats == SMMU3_ATS_TRANSLATED;
	const unsigned ended = end_of(txn, answer);

	*index = (translated * (unsigned)METS + met(txn, answer, ended)) * ENDS + ended;
	return txn->ats && !(txn->flags & SMMU3_TXN_PROBE) && ended != OTHER;
}

const struct cell_group cells_of_ats = { "ATS: Translation Requests and Translated transactions",
					 2 * METS *ENDS, name_ats, find_ats };
