/* SPDX-License-Identifier: MIT */
/* Stalls: what becomes of a fault whose stage has it stall; what each fault model makes of one; and
 * what ended those that stalled.  3.12, 5.5 */
#include "cells.h"
#include "software.h"

enum { STALL_AND_TERMINATE, TERMINATE_ONLY, STALL_FORCED, MODELS };

static const char *const model_name[MODELS] = { "stalls and terminates", "terminates only",
						"stalls are forced" };

/* ---- Which faults stall: event x class and stage ---- */

enum { EVENTS = 4, PLACES = 4, PLACE_STAGE_1 = 3 };

static const char *const event_name[EVENTS] = { "F_TRANSLATION", "F_ADDR_SIZE", "F_ACCESS",
						"F_PERMISSION" };
static const char *const place_name[PLACES] = { "class CD of stage 2", "class TT of stage 2",
						"class IN of stage 2", "stage 1" };

static unsigned place_of(const struct obvious_answer *answer)
{
	return answer->fault_stage == 1 ? PLACE_STAGE_1 : answer->fault_class;
}

static bool is_held(const struct smmu3_txn *txn, const struct obvious_answer *answer)
{
	return answer->verdict == SMMU3_STALLED && !(txn->flags & SMMU3_TXN_PROBE);
}

static void name_stall(unsigned index, struct cell *cell)
{
	cell_name(cell, index / PLACES / EVENTS != TERMINATE_ONLY, "%s, %s, %s",
		  event_name[index / PLACES % EVENTS], place_name[index % PLACES],
		  model_name[index / PLACES / EVENTS]);
}

static unsigned find_stall(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			   unsigned *index)
{
	const unsigned event = answer->event % EVENTS; /* 0x10 to 0x13 */

	*index = (answer->notes.model.stall_model * EVENTS + event) * PLACES + place_of(answer);
	return is_held(txn, answer);
}

const struct cell_group cells_of_stalls = { "stalls: STALL_MODEL x event x class and stage",
					    MODELS *EVENTS *PLACES, name_stall, find_stall };

/* ---- What becomes of faults that are to stall: class and stage x how ---- */

enum {
	STALLS,
	CLIENT_ABORTS,
	CLIENT_FORCED,
	HOST_ABORTS,
	BUSY,
	PROBED,
	BECOMES,
};

static void name_becomes(unsigned index, struct cell *cell)
{
	static const char *const becomes[BECOMES] = {
		"stalls",
		"the client cannot wait, aborts",
		"the client cannot wait, and must",
		"the host cannot wait, aborts",
		"no room",
		"probed",
	};

	cell_name(cell, true, "%s: %s", place_name[index / BECOMES], becomes[index % BECOMES]);
}

static unsigned becomes(const struct smmu3_txn *txn, const struct obvious_answer *answer)
{
	const bool no_stall = txn->flags & SMMU3_TXN_NO_STALL;

	if (answer->verdict == SMMU3_ABORT)
		return no_stall ? CLIENT_ABORTS : HOST_ABORTS;
	if (answer->verdict == SMMU3_BUSY)
		return BUSY;
	if (txn->flags & SMMU3_TXN_PROBE)
		return PROBED;
	return no_stall ? CLIENT_FORCED : STALLS;
}

static unsigned find_becomes(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			     unsigned *index)
{
	const struct obvious_fault_model *model = &answer->notes.model;

	*index = place_of(answer) * BECOMES + becomes(txn, answer);
	return model->asked && !model->forced && model->stall && !txn->ats;
}

const struct cell_group cells_of_stalling = { "faults told to stall: class and stage x how",
					      PLACES *BECOMES, name_becomes, find_becomes };

/* ---- Fault models: A x R x S x STALL_MODEL, of either stage, and of a stage passed by ---- */

enum { STAGE_1, STAGE_2, PASSED_BY, SAYERS };

/* Which models a legal configuration can have; A is stage 1's alone. */
static bool model_legal(unsigned sayer, bool a, bool s, unsigned stall_model)
{
	if (sayer != STAGE_1 && !a)
		return false;
	return s ? stall_model != TERMINATE_ONLY : stall_model != STALL_FORCED;
}

static void name_model(unsigned index, struct cell *cell)
{
	static const char *const sayer[SAYERS] = { "stage 1", "stage 2",
						   "stage 1 passed by, and stage 2" };
	const bool s = index & 1, r = index & 2, a = index & 4;
	const unsigned model = index / 8 % MODELS, who = index / 8 / MODELS;

	cell_name(cell, model_legal(who, a, s, model), "%s, A = %d, R = %d, S = %d: %s", sayer[who],
		  a, r, s, model_name[model]);
}

/* What a stream without stage 2 has in S2R and S2S says nothing. */
static unsigned find_model(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			   unsigned *index)
{
	const struct obvious_fault_model *model = &answer->notes.model;
	const unsigned who = model->forced            ? PASSED_BY :
			     answer->fault_stage == 2 ? STAGE_2 :
							STAGE_1;

	*index = (who * MODELS + model->stall_model) * 8 + model->abort * 4u + model->record * 2u +
		 model->stall;
	return model->asked && (who != PASSED_BY || cell_streams(answer) & 2) && !txn->ats;
}

const struct cell_group cells_of_models = { "fault models: stage x A x R x S x STALL_MODEL",
					    SAYERS *MODELS * 8, name_model, find_model };

/* ---- What ended them ---- */

static void name_ending(unsigned index, struct cell *cell)
{
	static const char *const name[ENDINGS] = {
		"CMD_RESUME to retry", "CMD_RESUME to abort", "CMD_RESUME to read as zero",
		"CMD_STALL_TERM",      "SMMUEN = 0",          "reset",
		"EVENTQEN = 1",
	};

	cell_name(cell, index / ENDINGS != TERMINATE_ONLY, "%s, %s", name[index % ENDINGS],
		  model_name[index / ENDINGS]);
}

static unsigned find_ending(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			    unsigned *index)
{
	*index = answer->notes.model.stall_model * ENDINGS + ending_of(txn);
	return is_held(txn, answer) && !is_left(txn);
}

const struct cell_group cells_of_endings = { "stalls ended: how x STALL_MODEL", MODELS *ENDINGS,
					     name_ending, find_ending };
