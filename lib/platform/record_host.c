/* SPDX-License-Identifier: MIT */
/* The host that the SMMU has: it calls the program's own, and writes down what it sees. */
#include "platform/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A thread that the SMMU calls back holds the turn, if its call came through the recorder. */
static bool enter(struct smmu3_record *record)
{
	if (pthread_mutex_trylock(&record->turn)) {
		atomic_store(&record->strange, true);
		return false;
	}
	if (record->act == RECORD_IDLE)
		record_end(record, "use of the SMMU past the recorder");
	if (record->act > RECORD_PROBE && record_goes_on(record))
		return true;
	pthread_mutex_unlock(&record->turn);
	return false;
}

static void leave(struct smmu3_record *record)
{
	pthread_mutex_unlock(&record->turn);
}

/* With what it can only end. */
static void end_with(struct smmu3_record *record, const char *what)
{
	if (!enter(record))
		return;
	record_end(record, what);
	leave(record);
}

/* ---- Memory ---- */

static bool can_say(struct smmu3_record *record, const struct smmu3_mem_access *access,
		    enum smmu3_mem_result result)
{
	if (access->pas != SMMU3_PAS_NS)
		record_end(record, "memory of another PA space than Non-secure");
	else if (result != SMMU3_MEM_OK)
		record_end(record, "memory that answers with an abort");
	else if (record->act == RECORD_READ)
		record_end(record, "memory accessed for a register read");
	return record_goes_on(record);
}

static uint64_t word_of(const unsigned char *byte)
{
	uint64_t word = 0;

	for (unsigned i = 8; i-- > 0;)
		word = word << 8 | byte[i];
	return word;
}

/* Since when a replay has used nothing but what stands in its memory when it does the next act. */
static uint64_t first_undone(const struct smmu3_record *record)
{
	return record->held ? record->held : record->number;
}

/* A replay does a register write when the next act comes, with the memory that it then has.  So
 * where that act finds a word that has changed since, another act stands between the two: a read
 * of a register that says nothing new.  False: there is no place for it. */
static bool part_from_write(struct smmu3_record *record, const struct record_word *word)
{
	if (word->act == record->number || record->said)
		return false;
	record_line(record, "R 0 4 %" PRIx32, record->idr0);
	record->held = 0;
	return true;
}

static void put_word(struct smmu3_record *record, uint64_t pa, uint64_t value)
{
	struct record_word *const word = record_word_at(&record->words, pa);

	if (!word) {
		record_out_of_memory(record);
		return;
	}
	if (!word->act || word->value != value) {
		if (word->act && word->act >= first_undone(record) &&
		    !part_from_write(record, word)) {
			record_end(record, "memory that changes while the SMMU is at work on it");
			return;
		}
		record_line(record, "M %" PRIx64 " %" PRIx64, pa, value);
	}
	word->value = value;
	word->act = record->number;
}

static enum smmu3_mem_result host_read(void *context, const struct smmu3_mem_access *access,
				       void *data)
{
	struct smmu3_record *const record = context;
	const struct smmu3_host *const theirs = &record->theirs;
	const enum smmu3_mem_result result = theirs->read ?
						     theirs->read(theirs->context, access, data) :
						     SMMU3_MEM_ABORT;

	if (!enter(record))
		return result;
	if (can_say(record, access, result))
		for (uint32_t at = 0; at < access->bytes && record_goes_on(record); at += 8)
			put_word(record, access->pa + at,
				 word_of((const unsigned char *)data + at));
	leave(record);
	return result;
}

/* What stood there is 0 where nobody has said otherwise, as in a replay. */
static bool know_byte(struct smmu3_record *record, uint64_t pa, unsigned char byte)
{
	struct record_word *const word = record_word_at(&record->words, pa & ~UINT64_C(7));
	const unsigned shift = 8 * (unsigned)(pa & 7);

	if (!word)
		return false;
	word->value &= ~(UINT64_C(0xff) << shift);
	word->value |= (uint64_t)byte << shift;
	word->act = record->number;
	return true;
}

enum { WRITE_MOST = 32 };

static void put_data(struct smmu3_record *record, const struct smmu3_mem_access *access,
		     const unsigned char *byte)
{
	char text[2 * WRITE_MOST + 1] = "";

	for (uint32_t i = 0; i < access->bytes && i < WRITE_MOST; i++) {
		(void)snprintf(text + 2 * i, 3, "%02x", byte[i]);
		if (!know_byte(record, access->pa + i, byte[i])) {
			record_out_of_memory(record);
			return;
		}
	}
	record_line(record, "D %" PRIx64 " %" PRIu32 " %s", access->pa, access->bytes, text);
	record->said = true;
}

static enum smmu3_mem_result host_write(void *context, const struct smmu3_mem_access *access,
					const void *data)
{
	struct smmu3_record *const record = context;
	const struct smmu3_host *const theirs = &record->theirs;
	const enum smmu3_mem_result result = theirs->write ?
						     theirs->write(theirs->context, access, data) :
						     SMMU3_MEM_ABORT;

	if (!enter(record))
		return result;
	if (can_say(record, access, result))
		put_data(record, access, data);
	leave(record);
	return result;
}

static void host_written(void *context, const struct smmu3_mem_access *access)
{
	struct smmu3_record *const record = context;

	end_with(record, "memory in a RAM window");
	if (record->theirs.written)
		record->theirs.written(record->theirs.context, access);
}

/* A hardware update is a write of a descriptor that was read for the same act. */
static void put_swap(struct smmu3_record *record, const struct smmu3_mem_access *access,
		     const uint64_t *desired, bool lost)
{
	if (lost)
		record_end(record, "memory that changes while the SMMU is at work on it");
	else
		put_data(record, access, (const unsigned char *)desired);
}

static enum smmu3_mem_result host_swap(void *context, const struct smmu3_mem_access *access,
				       const uint64_t *expected, const uint64_t *desired,
				       uint64_t *found)
{
	struct smmu3_record *const record = context;
	const struct smmu3_host *const theirs = &record->theirs;
	const enum smmu3_mem_result result = theirs->swap(theirs->context, access, expected,
							  desired, found);

	if (!enter(record))
		return result;
	if (can_say(record, access, result))
		put_swap(record, access, desired, memcmp(found, expected, access->bytes) != 0);
	leave(record);
	return result;
}

static enum smmu3_mem_result host_swap_pair(void *context, const struct smmu3_mem_access *access,
					    const uint64_t *expected, const uint64_t *desired,
					    uint64_t *found)
{
	struct smmu3_record *const record = context;

	end_with(record, "a hardware update of a descriptor");
	return record->theirs.swap_pair(record->theirs.context, access, expected, desired, found);
}

/* ---- Signals ---- */

/* A line of what the act brings about; a register read stands before what it does. */
static void put_effect(struct smmu3_record *record, const char *line)
{
	if (record->act == RECORD_READ) {
		record_end(record, "what follows from a register read");
		return;
	}
	record_line(record, "%s", line);
	record->said = true;
}

static void note_effect(struct smmu3_record *record, const char *line)
{
	if (!enter(record))
		return;
	put_effect(record, line);
	leave(record);
}

static void host_interrupt(void *context, enum smmu3_interrupt interrupt)
{
	struct smmu3_record *const record = context;
	char line[16];

	(void)snprintf(line, sizeof(line), "I %u", (unsigned)interrupt);
	if (interrupt <= SMMU3_INTERRUPT_GERROR)
		note_effect(record, line);
	else
		end_with(record, "an interrupt that is not of the Non-secure interface's queues");
	if (record->theirs.interrupt)
		record->theirs.interrupt(record->theirs.context, interrupt);
}

static void host_send_event(void *context)
{
	struct smmu3_record *const record = context;

	note_effect(record, "E");
	if (record->theirs.send_event)
		record->theirs.send_event(record->theirs.context);
}

static int id_or_any(unsigned any, unsigned id)
{
	return any ? -1 : (int)id;
}

static void note_invalidation(struct smmu3_record *record, const struct smmu3_invalidation *scope)
{
	char line[96];

	if (scope->kind != SMMU3_INVALIDATES_STAGE1 && scope->kind != SMMU3_INVALIDATES_STAGES)
		return;
	if (!scope->any_vmid && scope->vmids > 1) {
		end_with(record, "an invalidation of several VMIDs");
		return;
	}
	(void)snprintf(line, sizeof(line), "V asid=%d vmid=%d va=%" PRIx64 " size=%" PRIx64,
		       id_or_any(scope->any_asid, scope->asid),
		       id_or_any(scope->any_vmid, scope->vmid), scope->bytes ? scope->addr : 0,
		       scope->bytes);
	note_effect(record, line);
}

static void host_invalidate(void *context, const struct smmu3_invalidation *scope)
{
	struct smmu3_record *const record = context;

	if (scope->sec_sid == SMMU3_PAS_NS)
		note_invalidation(record, scope);
	if (record->theirs.invalidate)
		record->theirs.invalidate(record->theirs.context, scope);
}

/* ---- What there are no words for ---- */

static void host_stall_ended(void *context, const struct smmu3_stall *stall)
{
	struct smmu3_record *const record = context;

	end_with(record, "a transaction that was stalled");
	record->theirs.stall_ended(record->theirs.context, stall);
}

static void host_atc_invalidate(void *context, const struct smmu3_atc_invalidation *request)
{
	struct smmu3_record *const record = context;

	end_with(record, "an ATS invalidation");
	record->theirs.atc_invalidate(record->theirs.context, request);
}

static void host_page_response(void *context, const struct smmu3_page_response *response)
{
	struct smmu3_record *const record = context;

	end_with(record, "an answer to a page request");
	record->theirs.page_response(record->theirs.context, response);
}

/* Whether these are there says something to the SMMU. */
void record_make_host(struct smmu3_record *record)
{
	const struct smmu3_host *const theirs = &record->theirs;

	record->ours = (struct smmu3_host){
		.size = sizeof(record->ours),
		.context = record,
		.read = host_read,
		.write = host_write,
		.written = host_written,
		.interrupt = host_interrupt,
		.send_event = host_send_event,
		.invalidate = host_invalidate,
		.stall_ended = theirs->stall_ended ? host_stall_ended : NULL,
		.atc_invalidate = theirs->atc_invalidate ? host_atc_invalidate : NULL,
		.page_response = theirs->page_response ? host_page_response : NULL,
		.swap = theirs->swap ? host_swap : NULL,
		.swap_pair = theirs->swap_pair ? host_swap_pair : NULL,
	};
}
