/* SPDX-License-Identifier: MIT */
/* The order of a session: a W stands before the words of memory that it makes the SMMU read and
 * before what it brings about, an R before neither, a T after both. */
#include "replay.h"

#include <smmu/decode.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "say.h"

/* ---- The SMMU ---- */

static bool has_messages(const struct smmu3_config *config)
{
	const uint64_t idr0 = config->idr[0];

	return field_get("SMMU_IDR0", "MSI", &idr0) != 0;
}

/* What a session that does not say it has met: a CMD_SYNC with an MSI pulses no wire, and every
 * event record pulses the Event queue's. */
static struct smmu3_config as_recorded(const struct smmu3_config *config)
{
	struct smmu3_config recorded = *config;

	recorded.interrupt_choices = SMMU3_INTERRUPT_EVERY_EVENT;
	if (has_messages(config))
		recorded.interrupt_choices |= SMMU3_NO_CMD_SYNC_WIRE;
	return recorded;
}

static struct smmu3 *make_smmu(struct replay *replay, struct smmu3_error *error)
{
	const struct smmu3_host host = replay_host(replay);

	return smmu3_create(&replay->config,
			    replay->record ? smmu3_record_host(replay->record) : &host, error);
}

/* file: whose lines say what the SMMU is; NULL: none does. */
static enum status complain(const char *file, const struct smmu3_error *error, enum status status)
{
	if (error->code == -SMMU3_E_MEMORY)
		out_of_memory();
	say_error("%s%s%s%s%s%s", file ? file : "", file ? ": C lines: " : "", error->text,
		  *error->section ? " [" : "", error->section, *error->section ? "]" : "");
	return status_of(error->code, status);
}

static void open_port(struct replay *replay)
{
	const struct smmu3_port_config config = ports_config(&replay->ports);

	if (!replay->ports.places)
		return;
	replay->port = smmu3_port_open(replay->smmu, &config, NULL);
	if (!replay->port)
		out_of_memory();
}

enum status replay_begin(struct replay *replay, const struct smmu3_config *config)
{
	struct smmu3_error error = { 0 };

	const struct smmu3_host host = replay_host(replay);

	replay->config = replay->told ? *config : as_recorded(config);
	const enum status status = replay_record_begin(replay, &host);

	if (status)
		return status;
	replay->smmu = make_smmu(replay, &error);
	if (!replay->smmu)
		return complain(replay->told ? replay->file : NULL, &error,
				replay->told ? STATUS_INPUT : STATUS_USAGE);
	open_port(replay);
	return STATUS_OK;
}

/* ---- Saving ---- */

static struct smmu3 *loaded_smmu(struct replay *replay, const void *blob, size_t size,
				 struct smmu3_error *error)
{
	struct smmu3 *fresh = make_smmu(replay, error);

	if (!fresh || !smmu3_load(fresh, blob, size, error))
		return fresh;
	smmu3_destroy(fresh);
	return NULL;
}

/* The SMMU goes on as another that has its state. */
static enum status save_and_load(struct replay *replay)
{
	struct smmu3_error error = { 0 };
	size_t size = 0;

	(void)smmu3_save(replay->smmu, NULL, &size, NULL);
	void *blob = malloc(size);

	if (!blob)
		out_of_memory();
	struct smmu3 *fresh = smmu3_save(replay->smmu, blob, &size, &error) ?
				      NULL :
				      loaded_smmu(replay, blob, size, &error);

	free(blob);
	if (!fresh)
		return complain(NULL, &error, STATUS_CANNOT);
	smmu3_port_close(replay->port);
	smmu3_destroy(replay->smmu);
	replay->smmu = fresh;
	open_port(replay);
	return STATUS_OK;
}

enum status replay_recorded(struct replay *replay)
{
	replay->records++;
	if (!replay->save_every || replay->records % replay->save_every)
		return STATUS_OK;
	replay_flush(replay);
	return save_and_load(replay);
}

void replay_free(struct replay *replay)
{
	recall_free(&replay->memory);
	gap_free(&replay->gap);
}

/* ---- Acts ---- */

static void register_read(struct replay *replay, struct session_line *line)
{
	const unsigned bytes = (unsigned)line->bytes;

	if (replay->record)
		(void)smmu3_record_mmio_read(replay->record, replay->smmu, SMMU3_PAS_NS, line->at,
					     bytes, &line->value);
	else
		(void)smmu3_mmio_read(replay->smmu, SMMU3_PAS_NS, line->at, bytes, &line->value);
}

static void register_write(struct replay *replay, const struct session_line *line)
{
	const unsigned bytes = (unsigned)line->bytes;

	if (replay->record)
		(void)smmu3_record_mmio_write(replay->record, replay->smmu, SMMU3_PAS_NS, line->at,
					      bytes, line->value);
	else
		(void)smmu3_mmio_write(replay->smmu, SMMU3_PAS_NS, line->at, bytes, line->value);
}

/* The commands of a capture were all consumed: CMDQ_CONS has come to CMDQ_PROD, which says what it
 * reads. */
static void compare_consumed(struct replay *replay, const struct session_line *write)
{
	const char *const file = replay->file;
	const struct session_line cons = {
		.kind = SESSION_R,
		.number = write->number,
		.at = smmu3_register_layout("SMMU_CMDQ_CONS")->offset,
		.bytes = 4,
		.value = write->value,
	};
	struct session_line came = cons;

	register_read(replay, &came);
	replay->count[SESSION_R].lines++;
	replay->file = replay->writes;
	replay_report(replay, &cons, &came);
	replay->file = file;
}

/* Where it stands that the SMMU is about to be asked. */
static void note_act(struct replay *replay, const char *file)
{
	if (replay->findings)
		places_at(findings_places(replay->findings), file, replay->act);
}

/* What was held happens: all words of memory that it makes the SMMU read are there. */
static void release(struct replay *replay)
{
	const struct session_line *write = &replay->held;

	if (!replay->holds)
		return;
	replay->holds = false;
	replay->act = write->number;
	note_act(replay, replay->accesses_only ? replay->writes : replay->file);
	register_write(replay, write);
	if (replay->consumes)
		compare_consumed(replay, write);
	replay->consumes = false;
}

static void end_gap(struct replay *replay)
{
	release(replay);
	if (replay->accesses_only)
		gap_clear(&replay->gap);
	else
		gap_compare(&replay->gap, replay_report, replay);
}

static bool write_register(struct replay *replay, const struct session_line *line)
{
	end_gap(replay);
	replay->held = *line;
	replay->holds = true;
	return true;
}

static bool read_register(struct replay *replay, const struct session_line *line)
{
	struct session_line came = *line;

	end_gap(replay);
	replay->act = line->number;
	register_read(replay, &came);
	replay_report(replay, line, &came);
	return true;
}

static bool put_word(struct replay *replay, const struct session_line *line)
{
	recall_put(&replay->memory, line->at, line->value);
	if (replay->findings) {
		places_at(findings_places(replay->findings),
			  replay->words ? replay->words : replay->file, line->number);
		places_wrote(findings_places(replay->findings), line->at, 8);
	}
	return true;
}

static bool expect(struct replay *replay, const struct session_line *line)
{
	return gap_expect(&replay->gap, line);
}

static struct smmu3_txn txn_of(const struct session_line *line)
{
	const bool atomic = line->want == (SESSION_READ | SESSION_WRITE);

	return (struct smmu3_txn){
		.addr = line->at,
		.bytes = 1,
		.sid = (uint32_t)line->sid,
		.flags = line->want == SESSION_WRITE ? SMMU3_TXN_WRITE : 0,
		.txn_class = atomic ? SMMU3_CLASS_ATOMIC : SMMU3_CLASS_ORDINARY,
	};
}

static unsigned perm_of(unsigned perm)
{
	return (perm & SMMU3_PERM_UR ? SESSION_READ : 0) |
	       (perm & SMMU3_PERM_UW ? SESSION_WRITE : 0);
}

/* Where nothing was translated, the mask is that of all addresses. */
static void set_outcome(struct session_line *line, const struct smmu3_outcome *outcome)
{
	const bool ok = outcome->verdict == SMMU3_OK;

	line->event = ok ? 0 : outcome->event ? outcome->event : SESSION_NO_EVENT;
	line->pa = ok ? outcome->pa : 0;
	line->mask = ok ? outcome->span - 1 : 0;
	line->perm = ok ? perm_of(outcome->perm) : 0;
}

static void report_access(struct replay *replay, const struct session_line *line,
			  const struct smmu3_outcome *outcome)
{
	struct session_line came = *line;

	set_outcome(&came, outcome);
	if (line->perm == SESSION_ANY && !came.event)
		came.perm = SESSION_ANY;
	replay_report(replay, line, &came);
}

static void translate(struct replay *replay, const struct smmu3_txn *txn,
		      struct smmu3_outcome *outcome)
{
	if (replay->record)
		(void)smmu3_record_translate(replay->record, replay->smmu, txn, outcome);
	else if (replay->port)
		(void)smmu3_port_translate(replay->port, txn, outcome);
	else
		(void)smmu3_translate(replay->smmu, txn, outcome);
}

/* What it brings about stands before it in the session, behind that of the act before. */
static void make_access(struct replay *replay, const struct session_line *line)
{
	const struct smmu3_txn txn = txn_of(line);
	struct smmu3_outcome outcome;

	release(replay);
	replay->act = line->number;
	note_act(replay, replay->file);
	translate(replay, &txn, &outcome);
	if (replay->findings)
		places_accessed(findings_places(replay->findings), 0,
				smmu3_check_accesses(replay->smmu));
	end_gap(replay);
	report_access(replay, line, &outcome);
}

/* What all of a batch bring about stands before the first: it ends with one that has something
 * before it. */
void replay_flush(struct replay *replay)
{
	struct replay_batch *batch = &replay->batch;
	const char *const file = replay->file;
	struct smmu3_txn txn[REPLAY_BATCH];
	struct smmu3_outcome outcome[REPLAY_BATCH];

	if (!batch->count)
		return;
	for (unsigned i = 0; i < batch->count; i++)
		txn[i] = txn_of(&batch->line[i]);
	replay->file = batch->file[0];
	release(replay);
	replay->act = batch->line[0].number;
	smmu3_port_begin(replay->port);
	smmu3_port_translate_batch(replay->port, txn, outcome, batch->count);
	smmu3_port_end(replay->port);
	end_gap(replay);
	for (unsigned i = 0; i < batch->count; i++) {
		replay->file = batch->file[i];
		report_access(replay, &batch->line[i], &outcome[i]);
	}
	batch->count = 0;
	replay->file = file;
}

static bool access_memory(struct replay *replay, const struct session_line *line)
{
	struct replay_batch *batch = &replay->batch;

	if (!replay->ports.batch || replay->findings) {
		make_access(replay, line);
		return true;
	}
	if (batch->count == REPLAY_BATCH)
		replay_flush(replay);
	batch->file[batch->count] = replay->file;
	batch->line[batch->count++] = *line;
	return true;
}

bool replay_line(struct replay *replay, const struct session_line *line)
{
	static bool (*const take[SESSION_KINDS])(struct replay *, const struct session_line *) = {
		[SESSION_W] = write_register, [SESSION_R] = read_register, [SESSION_M] = put_word,
		[SESSION_D] = expect,         [SESSION_I] = expect,        [SESSION_V] = expect,
		[SESSION_T] = access_memory,  [SESSION_E] = expect,
	};

	if (line->kind != SESSION_T)
		replay_flush(replay);
	replay->count[line->kind].lines++;
	return take[line->kind](replay, line);
}

void replay_end(struct replay *replay)
{
	replay_flush(replay);
	end_gap(replay);
}
