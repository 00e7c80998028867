/* SPDX-License-Identifier: MIT */
/* The program's side of a recording: its acts, each with its line. */
#include "platform/record.h"

#include "arch/why.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- What ends it ---- */

/* The last line is one that no session has, and says why. */
static void stop(struct smmu3_record *record, int code, const char *text)
{
	char line[sizeof(record->error.text) + 8];

	if (record->code)
		return;
	(void)snprintf(record->error.text, sizeof(record->error.text), "%s", text);
	record->error.code = record->code = code;
	if (code == -SMMU3_E_IO)
		return;
	(void)snprintf(line, sizeof(line), "! %s", record->error.text);
	if (!record_output_line(&record->output, line) ||
	    !record_output_pass(&record->output, RECORD_WHOLE))
		record->output.used = 0; /* it has ended anyway */
}

void record_end(struct smmu3_record *record, const char *what)
{
	char text[sizeof(record->error.text)];

	(void)snprintf(text, sizeof(text),
		       "the recording ends after %" PRIu64
		       " lines with what a session has no words for: %s",
		       record->output.lines, what);
	stop(record, -SMMU3_E_UNSUPPORTED, text);
}

void record_out_of_memory(struct smmu3_record *record)
{
	stop(record, -SMMU3_E_MEMORY, "the recording ends because memory ran out");
}

static void write_failed(struct smmu3_record *record)
{
	stop(record, -SMMU3_E_IO, "the recording could not be written");
}

bool record_goes_on(struct smmu3_record *record)
{
	if (!record->code && atomic_load(&record->strange))
		record_end(record, "use of the SMMU past the recorder, by another thread");
	return !record->code;
}

void record_line(struct smmu3_record *record, const char *format, ...)
{
	char line[160];
	va_list arguments;

	if (!record_goes_on(record))
		return;
	va_start(arguments, format);
	(void)vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	if (!record_output_line(&record->output, line))
		write_failed(record);
}

/* ---- Life ---- */

static struct smmu3_record *refuse(struct smmu3_error *error, int code, const char *text)
{
	if (error) {
		memset(error, 0, sizeof(*error));
		error->code = code;
		(void)snprintf(error->text, sizeof(error->text), "%s", text);
	}
	return NULL;
}

/* IDR0.HTTU, IDR0.ATOS: a replay can swap, and what a register then says of an update that a host
 * could not make is the one thing that the recorder does not see.  6.3.1 */
static bool updates_unseen(const struct smmu3_config *config, const struct smmu3_host *host)
{
	const bool swaps = host->size > offsetof(struct smmu3_host, swap) && host->swap;

	return config->idr[0] >> 6 & 3 && config->idr[0] >> 15 & 1 && !swaps;
}

/* IDR0.STALL_MODEL = 0b10.  6.3.1 */
static bool forces_stalls(const struct smmu3_config *config)
{
	return (config->idr[0] >> 24 & 3) == 2;
}

static uint32_t value_of(const struct smmu3_config *config,
			 const struct smmu3_record_member *member)
{
	uint32_t value;

	memcpy(&value, (const char *)config + member->offset, sizeof(value));
	return value;
}

/* What is 0 goes without saying; SMMU_IDR0 never is. */
static void put_config(struct smmu3_record *record, const struct smmu3_config *config)
{
	const struct smmu3_record_member *member;

	for (size_t i = 0; (member = smmu3_record_member(i)) != NULL; i++) {
		const uint32_t value = value_of(config, member);

		if (value)
			record_line(record, "C %s %" PRIx32, member->name, value);
	}
}

static void make_turn(struct smmu3_record *record)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&record->turn, &attributes);
	pthread_mutexattr_destroy(&attributes);
}

static void free_all(struct smmu3_record *record)
{
	record_output_free(&record->output);
	record_words_free(&record->words);
	free(record);
}

static struct smmu3_record *make(const struct smmu3_host *host, smmu3_write_fn *write,
				 void *context)
{
	struct smmu3_record *const record = calloc(1, sizeof(*record));
	const size_t known = sizeof(record->theirs);

	if (!record)
		return NULL;
	record->output.write = write;
	record->output.context = context;
	memcpy(&record->theirs, host, host->size < known ? host->size : known);
	if (record_output_open(&record->output))
		return record;
	free_all(record);
	return NULL;
}

struct smmu3_record *smmu3_record_open(const struct smmu3_config *config,
				       const struct smmu3_host *host, smmu3_write_fn *write,
				       void *context, struct smmu3_error *error)
{
	if (smmu3_config_check(config, error))
		return NULL;
	if (!host || !host->size)
		return refuse(error, -SMMU3_E_ARGUMENT,
			      "a recording needs a host, with its size: it cannot see RAM windows");
	if (forces_stalls(config))
		return refuse(error, -SMMU3_E_UNSUPPORTED,
			      "a session has no words for stalls, which IDR0.STALL_MODEL forces");
	if (updates_unseen(config, host))
		return refuse(
			error, -SMMU3_E_UNSUPPORTED,
			"a session has no words for hardware updates by ATOS that the host cannot make: it needs swap");
	struct smmu3_record *const record = make(host, write, context);

	if (!record)
		return refuse(error, -SMMU3_E_MEMORY, "no memory for a recording");
	make_turn(record);
	record_make_host(record);
	record->idr0 = config->idr[0];
	put_config(record, config);
	return record;
}

const struct smmu3_host *smmu3_record_host(const struct smmu3_record *record)
{
	return &record->ours;
}

int smmu3_record_close(struct smmu3_record *record, struct smmu3_error *error)
{
	struct smmu3_error end = { 0 };

	if (record) {
		if (record_goes_on(record) && !record_output_pass(&record->output, RECORD_WHOLE))
			write_failed(record);
		end = record->error;
		pthread_mutex_destroy(&record->turn);
		free_all(record);
	}
	if (error)
		*error = end;
	return end.code;
}

/* ---- Acts ---- */

/* Begins one, and returns what is under way. */
static enum record_act begin(struct smmu3_record *record, enum record_act act)
{
	pthread_mutex_lock(&record->turn);
	const enum record_act before = record->act;

	if (before != RECORD_IDLE && act != RECORD_PROBE)
		record_end(record, "an access made inside a callback");
	record->act = act;
	if (act != RECORD_PROBE) {
		record->said = false;
		record->number++;
	}
	return before;
}

static void finish(struct smmu3_record *record, enum record_act before)
{
	record->act = before;
	pthread_mutex_unlock(&record->turn);
}

void smmu3_record_reset(struct smmu3_record *record, struct smmu3 *smmu)
{
	if (record->number)
		smmu3_record_unsaid(record, "a reset");
	smmu3_reset(smmu);
}

void smmu3_record_unsaid(struct smmu3_record *record, const char *what)
{
	pthread_mutex_lock(&record->turn);
	record_end(record, what);
	pthread_mutex_unlock(&record->turn);
}

/* Another is refused, and nothing happens. */
static bool is_register_access(uint64_t offset, unsigned size)
{
	return (size == 4 || size == 8) && offset % size == 0;
}

static void check_space(struct smmu3_record *record, enum smmu3_pas from)
{
	if (from != SMMU3_PAS_NS)
		record_end(record, "a register access from another PA space than Non-secure");
}

int smmu3_record_mmio_read(struct smmu3_record *record, struct smmu3 *smmu, enum smmu3_pas from,
			   uint64_t offset, unsigned size, uint64_t *value)
{
	const enum record_act before = begin(record, RECORD_READ);

	check_space(record, from);
	const int code = smmu3_mmio_read(smmu, from, offset, size, value);

	if (is_register_access(offset, size)) {
		record_line(record, "R %" PRIx64 " %u %" PRIx64, offset, size, *value);
		record->held = 0;
	}
	finish(record, before);
	return code;
}

int smmu3_record_mmio_write(struct smmu3_record *record, struct smmu3 *smmu, enum smmu3_pas from,
			    uint64_t offset, unsigned size, uint64_t value)
{
	const enum record_act before = begin(record, RECORD_WRITE);

	check_space(record, from);
	if (is_register_access(offset, size)) {
		record_line(record, "W %" PRIx64 " %u %" PRIx64, offset, size,
			    size == 4 ? value & UINT32_MAX : value);
		record->held = record->number;
	}
	const int code = smmu3_mmio_write(smmu, from, offset, size, value);

	finish(record, before);
	return code;
}

/* What of an access a T line cannot say; NULL: nothing. */
static const char *unsaid_access(const struct smmu3_txn *txn)
{
	static const struct {
		unsigned flag;
		const char *what;
	} flags[] = {
		{ SMMU3_TXN_SSV, "an access with a SubstreamID" },
		{ SMMU3_TXN_INSTRUCTION, "an access of an instruction" },
		{ SMMU3_TXN_PRIVILEGED, "a privileged access" },
		{ SMMU3_TXN_NS | SMMU3_TXN_XT, "an access that says its PA space" },
		{ SMMU3_TXN_ATTR | SMMU3_TXN_NO_SNOOP, "an access with attributes" },
	};

	if (txn->sec_sid != SMMU3_PAS_NS)
		return "an access of a stream that is not Non-secure";
	if (txn->ats != SMMU3_ATS_UNTRANSLATED)
		return "an access of ATS";
	if (txn->txn_class > SMMU3_CLASS_ATOMIC)
		return "an access that is neither ordinary nor atomic";
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (txn->flags & flags[i].flag)
			return flags[i].what;
	return NULL;
}

static const char *unsaid_verdict(enum smmu3_verdict verdict)
{
	switch (verdict) {
	case SMMU3_OK:
	case SMMU3_ABORT:
		return NULL;
	case SMMU3_RAZ_WI:
		return "an access that ends as RAZ/WI";
	default:
		return "an access that stalls";
	}
}

enum { WANT_READ = 1, WANT_WRITE = 2 };

static unsigned want_of(const struct smmu3_txn *txn)
{
	if (txn->txn_class == SMMU3_CLASS_ATOMIC)
		return WANT_READ | WANT_WRITE;
	return txn->flags & SMMU3_TXN_WRITE ? WANT_WRITE : WANT_READ;
}

static unsigned perm_of(const struct smmu3_outcome *outcome)
{
	return (outcome->perm & SMMU3_PERM_UR ? WANT_READ : 0) |
	       (outcome->perm & SMMU3_PERM_UW ? WANT_WRITE : 0);
}

static void put_access(struct smmu3_record *record, const struct smmu3_txn *txn,
		       const struct smmu3_outcome *outcome)
{
	char result[16] = "no-event";

	if (outcome->event)
		(void)snprintf(result, sizeof(result), "-%u", outcome->event);
	if (outcome->verdict == SMMU3_OK)
		record_line(record, "T %" PRIx32 " %" PRIx64 " %u = 0 %" PRIx64 " %" PRIx64 " %u",
			    txn->sid, txn->addr, want_of(txn), outcome->pa, outcome->span - 1,
			    perm_of(outcome));
	else
		record_line(record, "T %" PRIx32 " %" PRIx64 " %u = %s 0 0 0", txn->sid, txn->addr,
			    want_of(txn), result);
	record->held = 0;
}

/* An update that a host without swap cannot make: that of a replay could. */
static bool lacks_swap(const struct smmu3_record *record, const struct smmu3_outcome *outcome)
{
	return !record->theirs.swap &&
	       (outcome->why == WHY_S1_UPDATE || outcome->why == WHY_S2_UPDATE);
}

static enum smmu3_verdict access_memory(struct smmu3_record *record, struct smmu3 *smmu,
					const struct smmu3_txn *txn, struct smmu3_outcome *outcome)
{
	const char *unsaid = unsaid_access(txn);

	if (unsaid)
		record_end(record, unsaid);
	const enum smmu3_verdict verdict = smmu3_translate(smmu, txn, outcome);

	if (verdict == SMMU3_ERROR)
		return verdict;
	unsaid = unsaid_verdict(verdict);
	if (!unsaid && verdict != SMMU3_OK && lacks_swap(record, outcome))
		unsaid = "a hardware update that the host cannot make";
	if (unsaid)
		record_end(record, unsaid);
	put_access(record, txn, outcome);
	return verdict;
}

enum smmu3_verdict smmu3_record_translate(struct smmu3_record *record, struct smmu3 *smmu,
					  const struct smmu3_txn *txn,
					  struct smmu3_outcome *outcome)
{
	const bool probe = txn->flags & SMMU3_TXN_PROBE;
	const enum record_act before = begin(record, probe ? RECORD_PROBE : RECORD_ACCESS);
	const enum smmu3_verdict verdict = probe ? smmu3_translate(smmu, txn, outcome) :
						   access_memory(record, smmu, txn, outcome);

	finish(record, before);
	return verdict;
}
