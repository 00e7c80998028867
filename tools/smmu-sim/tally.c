/* SPDX-License-Identifier: MIT */
#include "tally.h"

#include <inttypes.h>
#include <smmu/decode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "machine.h"
#include "say.h"
#include "view.h"

enum { REQUESTERS = 4096, SLOTS = 2 * REQUESTERS };

/* One StreamID as the trace writes it. */
struct requester {
	char name[64]; /* of the master, or empty */
	uint32_t sid;
	const struct smmu3_master *master; /* NULL: none has it */
	struct tally_counts counts;
};

struct tally {
	struct smmu3_machine *machine;
	struct tally_counts all;
	uint64_t event[256], dropped[256]; /* by number: recorded, and not */
	uint64_t raz_wi, stalled, errors, no_ops;
	uint64_t stated, failed;
	uint64_t acts, acts_stated, acts_failed;
	uint64_t resumed, waiting; /* stalled accesses */
	struct requester *last;    /* the one before: most often the next too */
	struct tally_counts rest;  /* of StreamIDs that the table has no room for */
	unsigned requesters;
	uint16_t slot[SLOTS]; /* 1 + index into requester, or 0 */
	struct requester requester[REQUESTERS];
};

struct tally *tally_new(struct smmu3_machine *machine)
{
	struct tally *tally = calloc(1, sizeof(*tally));

	if (!tally)
		out_of_memory();
	tally->machine = machine;
	return tally;
}

void tally_free(struct tally *tally)
{
	free(tally);
}

static bool is(const struct requester *requester, const struct smmu3_trace_op *op)
{
	return requester->sid == op->txn.sid && requester->name[0] == op->master[0] &&
	       (!op->master[0] || !strcmp(requester->name, op->master));
}

static struct requester *add(struct tally *tally, const struct smmu3_trace_op *op)
{
	struct requester *requester = &tally->requester[tally->requesters++];

	memcpy(requester->name, op->master, sizeof(requester->name));
	requester->sid = op->txn.sid;
	requester->master = op->master[0] ? smmu3_machine_find(tally->machine, op->master) :
					    machine_master_of(tally->machine, op->txn.sid);
	return requester;
}

static struct tally_counts *counts_of(struct tally *tally, const struct smmu3_trace_op *op)
{
	if (tally->last && is(tally->last, op))
		return &tally->last->counts;
	for (unsigned i = op->txn.sid * 2654435761u % SLOTS;; i = (i + 1) % SLOTS) {
		uint16_t *slot = &tally->slot[i];

		if (!*slot && tally->requesters == REQUESTERS)
			return &tally->rest;
		if (!*slot) {
			tally->last = add(tally, op);
			*slot = (uint16_t)tally->requesters;
			return &tally->last->counts;
		}
		if (is(&tally->requester[*slot - 1], op)) {
			tally->last = &tally->requester[*slot - 1];
			return &tally->last->counts;
		}
	}
}

static void count(struct tally_counts *counts, const struct smmu3_outcome *outcome, bool first)
{
	counts->accesses += first;
	counts->parts++;
	if (outcome->verdict == SMMU3_OK)
		counts->ok++;
	if (outcome->verdict == SMMU3_OK && !outcome->stages)
		counts->bypass++;
	else if (outcome->verdict != SMMU3_OK && outcome->event && outcome->recorded)
		counts->events++;
	else if (outcome->verdict == SMMU3_ABORT)
		counts->aborts++;
	else if (outcome->verdict != SMMU3_OK)
		counts->others++;
}

void tally_part(struct tally *tally, const struct smmu3_trace_op *op,
		const struct smmu3_outcome *outcome, bool first)
{
	count(&tally->all, outcome, first);
	count(counts_of(tally, op), outcome, first);
	if (outcome->verdict == SMMU3_OK)
		return;
	if (outcome->event && outcome->recorded)
		tally->event[outcome->event]++;
	else if (outcome->event)
		tally->dropped[outcome->event]++;
	else if (outcome->verdict == SMMU3_RAZ_WI)
		tally->raz_wi++;
	else if (outcome->verdict == SMMU3_STALLED)
		tally->stalled++;
	else if (outcome->verdict == SMMU3_ERROR)
		tally->errors++;
	else if (outcome->verdict == SMMU3_NO_OP)
		tally->no_ops++;
}

void tally_expectation(struct tally *tally, bool stated, bool failed)
{
	tally->stated += stated;
	tally->failed += failed;
}

void tally_act(struct tally *tally, bool stated, bool failed)
{
	tally->acts++;
	tally->acts_stated += stated;
	tally->acts_failed += failed;
}

void tally_resumed(struct tally *tally, bool failed)
{
	tally->resumed++;
	tally->acts_failed += failed;
}

void tally_waiting(struct tally *tally, uint64_t count)
{
	tally->waiting = count;
}

void tally_failure(struct tally *tally)
{
	tally->acts_failed++;
}

uint64_t tally_failed(const struct tally *tally)
{
	return tally->failed;
}

static void add_outcome(json_object *rows, const char *name, uint64_t parts)
{
	if (!parts)
		return;
	json_object *row = json_new();

	json_text(row, "outcome", name);
	json_count(row, "parts", parts);
	json_append(rows, row);
}

static json_object *outcome_rows(const struct tally *tally)
{
	json_object *rows = json_list();

	add_outcome(rows, "OK translated", tally->all.ok - tally->all.bypass);
	add_outcome(rows, "OK bypass", tally->all.bypass);
	add_outcome(rows, "ABORT no event", tally->all.aborts);
	for (unsigned event = 1; event < 256; event++) {
		char name[48];

		snprintf(name, sizeof(name), "%s not recorded", smmu3_event_name(event));
		add_outcome(rows, smmu3_event_name(event), tally->event[event]);
		add_outcome(rows, name, tally->dropped[event]);
	}
	add_outcome(rows, "RAZ_WI no event", tally->raz_wi);
	add_outcome(rows, "STALLED no event", tally->stalled);
	add_outcome(rows, "ERROR of the caller", tally->errors);
	add_outcome(rows, "NO_OP no event", tally->no_ops);
	return rows;
}

static void sum(struct tally_counts *total, const struct tally_counts *more)
{
	total->accesses += more->accesses;
	total->parts += more->parts;
	total->ok += more->ok;
	total->bypass += more->bypass;
	total->events += more->events;
	total->aborts += more->aborts;
	total->others += more->others;
}

static void add_requester(json_object *rows, const char *name, const char *sid,
			  const struct tally_counts *counts)
{
	json_object *row = json_new();

	json_text(row, "master", name);
	json_text(row, "sid", sid);
	json_count(row, "accesses", counts->accesses);
	json_count(row, "parts", counts->parts);
	json_count(row, "ok", counts->ok);
	json_count(row, "bypass", counts->bypass);
	json_count(row, "events", counts->events);
	json_count(row, "aborts_without_event", counts->aborts);
	json_count(row, "others", counts->others);
	json_append(rows, row);
}

static int by_sid(const void *a, const void *b)
{
	const struct requester *const *left = a, *const *right = b;

	if ((*left)->sid != (*right)->sid)
		return (*left)->sid < (*right)->sid ? -1 : 1;
	return strcmp((*left)->name, (*right)->name);
}

static bool together(const struct requester *a, const struct requester *b)
{
	return a->master ? a->master == b->master : !b->master && a->sid == b->sid;
}

/* Adds up the requesters from i on that belong to the same master, and strikes them out. */
static void add_together(json_object *rows, const struct requester **order, unsigned count_,
			 unsigned i)
{
	const struct requester *first = order[i];
	struct tally_counts total = { 0 };
	char sid[40];

	for (unsigned j = i; j < count_; j++)
		if (order[j] && together(first, order[j])) {
			sum(&total, &order[j]->counts);
			order[j] = NULL;
		}
	snprintf(sid, sizeof(sid), "0x%" PRIx32, first->master ? first->master->sid : first->sid);
	if (first->master && first->master->smmu == SMMU3_NO_SMMU)
		sid[0] = '\0';
	if (first->master && first->master->count > 1)
		snprintf(sid + strlen(sid), sizeof(sid) - strlen(sid), "..0x%" PRIx32,
			 first->master->sid + first->master->count - 1);
	add_requester(rows, first->master ? first->master->name : "", sid, &total);
}

static json_object *requester_rows(const struct tally *tally)
{
	json_object *rows = json_list();
	const struct requester *order[REQUESTERS];

	for (unsigned i = 0; i < tally->requesters; i++)
		order[i] = &tally->requester[i];
	qsort(order, tally->requesters, sizeof(order[0]), by_sid);
	for (unsigned i = 0; i < tally->requesters; i++)
		if (order[i])
			add_together(rows, order, tally->requesters, i);
	if (tally->rest.accesses)
		add_requester(rows, "", "further", &tally->rest);
	return rows;
}

json_object *tally_json(const struct tally *tally)
{
	json_object *summary = json_new();

	json_count(summary, "accesses", tally->all.accesses);
	json_count(summary, "parts", tally->all.parts);
	json_count(summary, "acts", tally->acts);
	json_add(summary, "outcomes", outcome_rows(tally));
	json_add(summary, "masters", requester_rows(tally));
	json_count(summary, "expectations", tally->stated);
	json_count(summary, "failed", tally->failed);
	json_count(summary, "act_expectations", tally->acts_stated);
	json_count(summary, "acts_failed", tally->acts_failed);
	json_count(summary, "resumed", tally->resumed);
	json_count(summary, "waiting", tally->waiting);
	return summary;
}

void tally_print(json_object *summary)
{
	static const struct view_column outcomes[] = {
		{ "OUTCOME", "outcome", NULL, 0 },
		{ "PARTS", "parts", NULL, VIEW_RIGHT },
	};
	static const struct view_column masters[] = {
		{ "MASTER", "master", NULL, 0 },
		{ "SID", "sid", NULL, 0 },
		{ "ACCESSES", "accesses", NULL, VIEW_RIGHT },
		{ "PARTS", "parts", NULL, VIEW_RIGHT },
		{ "OK", "ok", NULL, VIEW_RIGHT },
		{ "BYPASS", "bypass", NULL, VIEW_RIGHT },
		{ "EVENTS", "events", NULL, VIEW_RIGHT },
		{ "ABORTS", "aborts_without_event", NULL, VIEW_RIGHT },
		{ "OTHERS", "others", NULL, VIEW_RIGHT },
	};

	view_rows(json_array(summary, "masters"), masters, sizeof(masters) / sizeof(masters[0]),
		  NULL);
	view_rows(json_array(summary, "outcomes"), outcomes, sizeof(outcomes) / sizeof(outcomes[0]),
		  NULL);
	printf("%s accesses in %s parts; %s of them with an expectation, %s failed\n",
	       json_string(summary, "accesses"), json_string(summary, "parts"),
	       json_string(summary, "expectations"), json_string(summary, "failed"));
	if (strcmp(json_string(summary, "acts"), "0") != 0)
		printf("%s acts; %s of them with an expectation, %s failed\n",
		       json_string(summary, "acts"), json_string(summary, "act_expectations"),
		       json_string(summary, "acts_failed"));
	if (strcmp(json_string(summary, "waiting"), "0") != 0)
		printf("%s accesses wait still\n", json_string(summary, "waiting"));
}
