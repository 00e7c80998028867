/* SPDX-License-Identifier: MIT */
#include "prog/save.h"

#include "arch/event.h"
#include "prog/atos.h"
#include "prog/cmdq.h"
#include "prog/fields.h"
#include "prog/interrupts.h"
#include "prog/refuse.h"
#include "prog/stalling.h"

#include <smmu/decode.h>
#include <string.h>

/* ---- As bytes ---- */

/* What is still to be done of the command that was fetched last. */
enum under_way {
	UNDER_WAY_NONE, /* nothing, or what a CMD_SYNC signals */
	UNDER_WAY_ANNOUNCE,
	UNDER_WAY_TERMINATE,
	UNDER_WAY_RESUME,
	UNDER_WAY_SYNC, /* it waits for endpoints */
	UNDER_WAY_LAST = UNDER_WAY_SYNC,
};

static enum under_way under_way(const struct work *work)
{
	const bool resumes = work->stalls->resumed && work->stalls->resumer == work->bank;

	return work->announce    ? UNDER_WAY_ANNOUNCE :
	       work->terminating ? UNDER_WAY_TERMINATE :
	       resumes           ? UNDER_WAY_RESUME :
	       work->syncing     ? UNDER_WAY_SYNC :
				   UNDER_WAY_NONE;
}

static bool sync_signals(const struct work *work)
{
	return (work->pulses | work->messages) & 1u << SMMU3_INTERRUPT_CMD_SYNC;
}

/* The command, unless nothing of it is to be done any more. */
static struct cmd command_left(const struct work *work)
{
	return under_way(work) || sync_signals(work) ? work->command : (struct cmd){ { 0 } };
}

static void put_words(struct blob_out *out, const uint64_t *word, unsigned words)
{
	for (unsigned i = 0; i < words; i++)
		blob_put(out, word[i], 8);
}

static void save_search(const struct stall_search *search, struct blob_out *out)
{
	blob_put(out, search->on ? search->at : 0, 2);
}

/* One whose transaction is over is saved as none. */
static void save_record(const struct work *work, const struct record *record, struct blob_out *out)
{
	static const struct smmu3_event none = { { EVENT_NONE } };

	put_words(out, record_stands(work, record) ? record->event.word : none.word, 4);
}

void work_save(const struct work *work, struct blob_out *out)
{
	const struct cmd command = command_left(work);
	const enum under_way what = under_way(work);

	put_words(out, command.word, 2);
	blob_put(out, what == UNDER_WAY_RESUME ? work->stalls->resume.cookie : 0, 8);
	blob_put(out, what, 1);
	blob_put(out, work->pulses, 1);
	blob_put(out, work->messages, 1);
	blob_put(out, work->send_event, 1);
	blob_put(out, work->command_due, 1);
	blob_put(out, work->disable.on, 1);
	save_search(&work->terminate, out);
	save_search(&work->disable, out);
	blob_put(out, work->command_due ? work->ahead : 0, 2);
	blob_put(out, work->events, 2);
	for (unsigned i = 0; i < work->events; i++)
		save_record(work, &work->record[(work->first_event + i) % WORK_EVENTS], out);
}

static void take_words(struct blob_in *in, uint64_t *word, unsigned words)
{
	for (unsigned i = 0; i < words; i++)
		word[i] = blob_take(in, 8);
}

/* What is under way follows from the command, but for the cookie of what it resumes. */
static void set_under_way(struct work *work, const struct features *features, enum under_way what,
			  uint64_t cookie)
{
	const struct command_rules rules = commands_of(work, features);
	const enum bank target = command_target(&rules, &work->command);

	work->announce = what == UNDER_WAY_ANNOUNCE;
	work->terminating = what == UNDER_WAY_TERMINATE;
	work->syncing = what == UNDER_WAY_SYNC;
	if (what == UNDER_WAY_RESUME) {
		work->stalls->resumed = true;
		work->stalls->resumer = work->bank;
		work->stalls->resume = resumed_by(features, &work->command, target, cookie);
	}
	if (work->terminating)
		work->terminate = (struct stall_search){ .on = true,
							 .sec_sid = (uint8_t)target,
							 .sid = (uint32_t)cmd_get(&work->command,
										  CMD_STREAMID) };
}

static int malformed(const struct work *work, const struct blob_in *in, struct smmu3_error *error)
{
	static const char *const names[BANKS] = { "WORK", "SWRK", "RWRK" };

	return in->wrong ? refuse(error, SMMU3_E_FORMAT, "", "a number of %s is out of range",
				  names[work->bank]) :
			   0;
}

int work_load(struct work *work, const struct features *features, struct blob_in *in,
	      struct smmu3_error *error)
{
	const bool resumed = work->stalls->resumed;

	take_words(in, work->command.word, 2);
	const uint64_t cookie = blob_take(in, 8);
	const uint64_t what = blob_take_within(in, 1, UNDER_WAY_LAST);

	in->wrong |= what == UNDER_WAY_RESUME && resumed; /* there is one at most */
	set_under_way(work, features, (enum under_way)what, cookie);
	work->pulses = (uint8_t)blob_take(in, 1);
	work->messages = (uint8_t)blob_take(in, 1);
	work->send_event = blob_take_flag(in);
	work->command_due = blob_take_flag(in);
	work->disable = (struct stall_search){ .on = blob_take_flag(in),
					       .all = true,
					       .sec_sid = (uint8_t)work->bank };
	work->terminate.at = (uint16_t)blob_take_within(in, 2,
							work->terminating ? features->stall_max :
									    0);
	work->disable.at = (uint16_t)blob_take_within(in, 2,
						      work->disable.on ? features->stall_max : 0);
	work->ahead = (unsigned)blob_take_within(in, 2, work->command_due ? WORK_EVENTS : 0);
	work->events = (unsigned)blob_take_within(in, 2, WORK_EVENTS);
	in->wrong |= work->ahead > work->events || (cookie && what != UNDER_WAY_RESUME);
	for (unsigned i = 0; i < work->events; i++)
		take_words(in, work->record[i].event.word, 4);
	return malformed(work, in, error);
}

/* ---- Can this be? ---- */

struct state {
	const struct prog *prog;
	const struct work *work;
	const struct features *features;
};

/* An effect where more than the command's consumption is to be done. */
static enum command_effect effect_left(const struct work *work)
{
	static const enum command_effect effects[] = {
		[UNDER_WAY_NONE] = EFFECT_ILLEGAL,        [UNDER_WAY_ANNOUNCE] = EFFECT_INVALIDATE,
		[UNDER_WAY_TERMINATE] = EFFECT_TERMINATE, [UNDER_WAY_RESUME] = EFFECT_RESUME,
		[UNDER_WAY_SYNC] = EFFECT_SYNC,
	};

	return sync_signals(work) ? EFFECT_SYNC : effects[under_way(work)];
}

/* Both kinds of invalidations are under way alike. */
static enum command_effect announced_as(enum command_effect effect)
{
	return effect == EFFECT_INVALIDATE_ATC ? EFFECT_INVALIDATE : effect;
}

static bool command_fits(const struct state *state)
{
	const struct cmd *command = &state->work->command;
	const struct command_rules rules = commands_of(state->work, state->features);
	const enum command_effect left = effect_left(state->work);

	if (left == EFFECT_ILLEGAL)
		return !command->word[0] && !command->word[1];
	if (sync_signals(state->work) &&
	    (under_way(state->work) || cmd_get(command, CMD_SYNC_CS) != CMD_SYNC_SIG_IRQ))
		return false;
	return announced_as(command_effect(&rules, command)) == left;
}

static bool resume_fits(const struct state *state)
{
	const struct command_rules rules = commands_of(state->work, state->features);
	const struct stalls *stalls = state->work->stalls;

	if (under_way(state->work) != UNDER_WAY_RESUME)
		return true;
	return stalls->resume.stag < stalls->most &&
	       stalls->resume.sid <= low_bits(rules.of[stalls->resume.sec_sid]->sidsize);
}

/* What a CMD_SYNC waits for has not failed.  If it waits for sections alone, there are none where it
 * is loaded.  4.7.3 */
static bool sync_fits(const struct state *state)
{
	const struct atcs *atcs = &state->work->atcs;

	return !state->work->syncing || !atcs->failed;
}

static bool interrupts_fit(const struct state *state)
{
	return interrupts_possible(state->prog, state->work->pulses) &&
	       interrupts_possible(state->prog, state->work->messages);
}

static bool requests_fit(const struct state *state)
{
	return lookups_fit(state->prog, state->work, state->features);
}

static bool events_enabled(const struct state *state)
{
	return !state->work->events || prog_get(state->prog, PROG_CR0, CR0_EVENTQEN);
}

/* ---- Records ---- */

/* The events that this version records. */
static bool has_event(const struct state *state, unsigned number)
{
	if (number == F_BAD_ATS_TREQ || number == F_TRANSL_FORBIDDEN)
		return features_of_ats(state->work, state->features)->ats;
	return event_is_of_access(number);
}

/* Bits that a record of this number does not have. */
static bool reserved_set(const struct smmu3_event *event, const struct smmu3_layout *layout)
{
	bool set = false;

	for (unsigned i = 0; i < layout->fields; i++)
		if (!strcmp(layout->field[i].name, "RES0"))
			set |= smmu3_field_get(event->word, &layout->field[i]) != 0;
	return set;
}

static bool event_fits(const struct state *state, const struct smmu3_event *event)
{
	const unsigned number = (unsigned)event_get(event, EVENT_NUMBER);

	if (number == EVENT_NONE)
		return !(event->word[0] | event->word[1] | event->word[2] | event->word[3]);
	return has_event(state, number) && !reserved_set(event, smmu3_event_layout(number));
}

static bool events_fit(const struct state *state)
{
	for (unsigned i = 0; i < state->work->events; i++)
		if (!event_fits(state, &state->work->record[i].event))
			return false;
	return true;
}

/* ---- Stalls and their records ---- */

static unsigned records_of(const struct work *work, uint16_t stag)
{
	unsigned count = 0;

	for (unsigned i = 0; i < work->events; i++)
		count += event_stalls(&work->record[i].event) &&
			 event_get(&work->record[i].event, EVENT_STAG) == stag;
	return count;
}

static bool stalled_here(const struct work *work, uint16_t stag)
{
	const struct stall *stall = &work->stalls->stall[stag];

	return stall->state != STALL_FREE && stall->sec_sid == work->bank;
}

static unsigned committed(const struct work *work)
{
	unsigned count = 0;

	for (uint16_t stag = 0; stag < work->stalls->most; stag++)
		count += stalled_here(work, stag) &&
			 work->stalls->stall[stag].state == STALL_COMMITTED;
	return count;
}

/* Does a record that waits tell of a stall of its own? */
static bool tells_of_one(const struct work *work, const struct smmu3_event *event)
{
	const uint16_t stag = (uint16_t)event_get(event, EVENT_STAG);

	const struct stalls *stalls = work->stalls;

	return stag < stalls->most && stalled_here(work, stag) &&
	       stalls->stall[stag].state == STALL_COMMITTED &&
	       stalls->stall[stag].sid == event_get(event, EVENT_STREAMID) &&
	       records_of(work, stag) == 1;
}

static bool records_fit(const struct state *state)
{
	unsigned records = 0;

	for (unsigned i = 0; i < state->work->events; i++) {
		const struct smmu3_event *event = &state->work->record[i].event;

		if (!event_stalls(event))
			continue;
		if (!tells_of_one(state->work, event))
			return false;
		records++;
	}
	return records == committed(state->work);
}

static bool streams_fit(const struct state *state)
{
	const struct stalls *stalls = state->work->stalls;

	for (uint16_t stag = 0; stag < stalls->most; stag++)
		if (stalled_here(state->work, stag) &&
		    stalls->stall[stag].sid > low_bits(state->features->sidsize))
			return false;
	return true;
}

static bool stalls_built(const struct state *state)
{
	return state->features->stall_model != STALLS_ABSENT ||
	       !state->work->stalls->live_of[state->work->bank];
}

/* No stall outlives SMMUEN, but for those that are being ended.  6.3.9.6 */
static bool stalls_enabled(const struct state *state)
{
	return prog_get(state->prog, PROG_CR0, CR0_SMMUEN) ||
	       !state->work->stalls->live_of[state->work->bank] || state->work->disable.on;
}

/* The places that the search for stalls to end has passed are free: none begins meanwhile, and
 * SMMUEN is not taken back.  6.3.9.6 */
static bool disabling_fits(const struct state *state)
{
	const struct stall_search *disable = &state->work->disable;

	for (uint16_t stag = 0; stag < disable->at; stag++)
		if (stalled_here(state->work, stag))
			return false;
	return !disable->on || !prog_get(state->prog, PROG_CR0, CR0_SMMUEN);
}

/* ---- All of it ---- */

static const struct demand {
	bool (*holds)(const struct state *state);
	const char *section, *sentence;
} demands[] = {
	{ command_fits, "4.1", "the command under way is none that does what is said of it" },
	{ resume_fits, "4.7.1", "a transaction is resumed that cannot have been stalled" },
	{ sync_fits, "4.7.3", "a CMD_SYNC waits for what has failed" },
	{ interrupts_fit, "6.3.16", "an interrupt is due that is disabled, or of no source" },
	{ events_enabled, "6.3.9.4", "records wait although the Event queue is disabled" },
	{ events_fit, "7.3", "a record waits that this SMMU does not write" },
	{ records_fit, "3.12.2", "stalls that are to be recorded and records do not match" },
	{ streams_fit, "6.3.2", "a transaction is stalled that has no StreamID of this SMMU" },
	{ stalls_built, "3.12", "transactions are stalled of streams that never do" },
	{ stalls_enabled, "6.3.9.6", "transactions are stalled although the SMMU is disabled" },
	{ disabling_fits, "6.3.9.6", "stalls are being ended, but not all of them" },
	{ requests_fit, "6.3.37",
	  "ATOS runs although the SMMU is disabled, or has a result that it never gives" },
};

int work_judge(struct prog *prog, struct work *work, const struct features *features,
	       struct smmu3_error *error)
{
	const struct state state = { prog, work, features };

	for (size_t i = 0; i < ARRAY_SIZE(demands); i++)
		if (!demands[i].holds(&state))
			return refuse(error, SMMU3_E_FORMAT, demands[i].section, "%s",
				      demands[i].sentence);
	end_stalls_of_disabled(prog, work); /* what would be retried ends, too */
	prog->value[PROG_CR0ACK] |= REG_MASK(CR0_SMMUEN) | REG_MASK(CR0_CMDQEN);
	work_hold(prog, work); /* which drops those of them that nothing holds */
	return 0;
}
