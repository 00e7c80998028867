/* SPDX-License-Identifier: MIT */
#include "obvious/session.h"

#include "obvious/bits.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 2, 3))) static void differs(struct session_run *run,
							  const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(run->wrong, sizeof(run->wrong), format, arguments);
	va_end(arguments);
}

/* ---- The SMMU, from its registers ---- */

/* Offsets from Page 0.  6.2 */
enum {
	CR0 = 0x20,
	CR1 = 0x28,
	CR2 = 0x2c,
	GBPA = 0x44,
	STRTAB_BASE = 0x80,
	STRTAB_BASE_CFG = 0x88,
	EVENTQ_BASE = 0xa0,
	EVENTQ_PROD = 0x100a8,
	EVENTQ_CONS = 0x100ac,
};

static uint32_t reg(const struct session_run *run, uint64_t offset)
{
	return (uint32_t)(words_get(&run->registers, offset & ~UINT64_C(7)) >> 8 * (offset & 4));
}

static uint64_t reg64(const struct session_run *run, uint64_t offset)
{
	return words_get(&run->registers, offset);
}

static void set_reg(struct session_run *run, uint64_t offset, uint32_t value)
{
	const uint64_t at = offset & ~UINT64_C(7);
	const unsigned shift = 8 * (unsigned)(offset & 4);
	const uint64_t other = words_get(&run->registers, at) & ~(UINT64_C(0xffffffff) << shift);

	words_put(&run->registers, at, other | (uint64_t)value << shift);
}

static bool read_memory(void *context, const struct smmu3_mem_access *access, void *data)
{
	const struct session_run *const run = context;
	unsigned char *const byte = data;

	for (uint32_t i = 0; i < access->bytes; i++)
		byte[i] = words_get_byte(&run->memory, access->pa + i);
	return true;
}

/* In a session nobody waits. */
static struct obvious_machine machine_of(struct session_run *run)
{
	const struct smmu3_config *const config = &run->config;

	return (struct obvious_machine){
		.idr0 = config->idr[0],
		.idr1 = config->idr[1],
		.idr3 = config->idr[3],
		.idr5 = config->idr[5],
		.aidr = config->aidr,
		.cr0 = reg(run, CR0),
		.cr1 = reg(run, CR1),
		.cr2 = reg(run, CR2),
		.gbpa = reg(run, GBPA),
		.strtab_base = reg64(run, STRTAB_BASE),
		.strtab_base_cfg = reg(run, STRTAB_BASE_CFG),
		.read = read_memory,
		.context = run,
	};
}

/* ---- The Event queue: 3.5.1, 6.3.30 to 6.3.32 ---- */

static unsigned event_size_lg2(const struct session_run *run)
{
	const unsigned wanted = (unsigned)bits(reg64(run, EVENTQ_BASE), 4, 0);
	const unsigned most = (unsigned)bits(run->config.idr[1], 20, 16);

	return wanted < most ? wanted : most;
}

/* As many as there are places are in it: the indexes are equal, and their wrap bits not. */
static bool takes_events(const struct session_run *run)
{
	const uint32_t size = UINT32_C(1) << event_size_lg2(run);

	return bit(reg(run, CR0), 2) &&
	       ((run->event_prod ^ reg(run, EVENTQ_CONS)) & (2 * size - 1)) != size;
}

static uint64_t next_event_at(const struct session_run *run)
{
	const unsigned size_lg2 = event_size_lg2(run);
	const uint64_t base = in_place(reg64(run, EVENTQ_BASE), 51, 5);
	const uint64_t queue = SESSION_RECORD * (UINT64_C(1) << size_lg2);

	return (base & ~(queue - 1)) +
	       SESSION_RECORD * (run->event_prod & ((UINT32_C(1) << size_lg2) - 1));
}

/* What an access has written is this record, or nothing. */
static void compare_record(struct session_run *run, const struct obvious_answer *answer)
{
	const bool wanted = answer->recorded && takes_events(run);

	if (run->written != wanted) {
		differs(run, "%u records were written, the walker has %d", run->written, wanted);
		return;
	}
	for (unsigned i = 0; wanted && i < SESSION_RECORD; i++)
		if (run->record[i] != (unsigned char)(answer->record.word[i / 8] >> 8 * (i % 8)))
			differs(run,
				"byte %u of the record is 0x%x; the walker's words are %" PRIx64
				" %" PRIx64 " %" PRIx64 " %" PRIx64,
				i, run->record[i], answer->record.word[0], answer->record.word[1],
				answer->record.word[2], answer->record.word[3]);
	if (wanted && run->written_at != next_event_at(run))
		differs(run, "the record is at %" PRIx64 ", its place is %" PRIx64, run->written_at,
			next_event_at(run));
	run->event_prod += wanted;
	run->records += wanted;
	run->written = 0;
}

/* ---- Lines ---- */

static void take_member(struct session_run *run, const char *name, uint32_t value)
{
	struct smmu3_config *const config = &run->config;
	const struct {
		const char *name;
		uint32_t *at;
	} members[] = {
		{ "idr0", &config->idr[0] }, { "idr1", &config->idr[1] },
		{ "idr3", &config->idr[3] }, { "idr5", &config->idr[5] },
		{ "aidr", &config->aidr },   { "gbpa_reset", &config->gbpa_reset },
	};

	if (!run->told)
		memset(config, 0, sizeof(*config));
	run->told = true;
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (strcmp(members[i].name, name) == 0)
			*members[i].at = value;
	set_reg(run, GBPA, config->gbpa_reset);
}

/* What an access wrote stands before its own line. */
static void begin_act(struct session_run *run)
{
	if (run->written != 0)
		differs(run, "a record was written before this, and of no access");
}

/* GBPA is written with Update = 1, which is 0 when it has been done.  6.3.14 */
static void write_register(struct session_run *run, uint64_t offset, unsigned size, uint64_t value)
{
	begin_act(run);
	if (offset == GBPA && !bit(value, 31))
		return;
	set_reg(run, offset, (uint32_t)(offset == GBPA ? bits(value, 30, 0) : value));
	if (size == 8)
		set_reg(run, offset + 4, (uint32_t)(value >> 32));
	if (offset == EVENTQ_PROD)
		run->event_prod = (uint32_t)bits(value, 30, 0);
}

static void write_memory(struct session_run *run, uint64_t at, unsigned bytes, const char *digits)
{
	for (unsigned i = 0; i < bytes; i++) {
		unsigned byte = 0;

		if (sscanf(digits + 2 * i, "%2x", &byte) != 1)
			differs(run, "a byte is missing");
		words_put_byte(&run->memory, at + i, (unsigned char)byte);
		if (bytes == SESSION_RECORD)
			run->record[i] = (unsigned char)byte;
	}
	run->written += bytes == SESSION_RECORD;
	run->written_at = bytes == SESSION_RECORD ? at : run->written_at;
}

enum { WANT_READ = 1, WANT_WRITE = 2, WANT_BOTH = 3 };

static struct smmu3_txn txn_of(uint32_t sid, uint64_t addr, unsigned want)
{
	return (struct smmu3_txn){
		.addr = addr,
		.bytes = 1,
		.sid = sid,
		.flags = want == WANT_WRITE ? SMMU3_TXN_WRITE : 0,
		.txn_class = want == WANT_BOTH ? SMMU3_CLASS_ATOMIC : SMMU3_CLASS_ORDINARY,
	};
}

static unsigned perm_of(const struct obvious_answer *answer)
{
	return (answer->perm & SMMU3_PERM_UR ? WANT_READ : 0) |
	       (answer->perm & SMMU3_PERM_UW ? WANT_WRITE : 0);
}

/* What stands behind the equals sign. */
static void say(const struct obvious_answer *answer, char *text, size_t size)
{
	if (answer->verdict == SMMU3_OK)
		(void)snprintf(text, size, "0 %" PRIx64 " %" PRIx64 " %u", answer->pa,
			       answer->span - 1, perm_of(answer));
	else if (answer->event != 0)
		(void)snprintf(text, size, "-%u", answer->event);
	else
		(void)snprintf(text, size, "no-event");
}

/* Of an access that failed the event counts. */
static void make_access(struct session_run *run, const struct smmu3_txn *txn, const char *result)
{
	const struct obvious_machine machine = machine_of(run);
	const size_t length = result[0] == '0' ? strlen(result) : strcspn(result, " ");
	struct obvious_answer answer;
	char said[80];

	obvious_translate(&machine, txn, &answer);
	say(&answer, said, sizeof(said));
	compare_record(run, &answer);
	if (strlen(said) != length || strncmp(said, result, length) != 0)
		differs(run, "recorded was '%s', the walker says '%s'", result, said);
	run->accesses++;
}

/* One line; run->wrong when it differs. */
void session_take(struct session_run *run, const char *line)
{
	uint64_t at, value;
	unsigned size, want;
	uint32_t sid;
	char name[32];
	int end = 0;

	if (sscanf(line, "T %" SCNx32 " %" SCNx64 " %u = %n", &sid, &at, &want, &end) == 3 && end) {
		const struct smmu3_txn txn = txn_of(sid, at, want);

		make_access(run, &txn, line + end);
	} else if (sscanf(line, "M %" SCNx64 " %" SCNx64, &at, &value) == 2) {
		words_put(&run->memory, at, value);
	} else if (sscanf(line, "D %" SCNx64 " %u %n", &at, &size, &end) == 2 && end) {
		write_memory(run, at, size, line + end);
	} else if (sscanf(line, "W %" SCNx64 " %u %" SCNx64, &at, &size, &value) == 3) {
		write_register(run, at, size, value);
	} else if (sscanf(line, "C %31s %" SCNx64, name, &value) == 2) {
		take_member(run, name, (uint32_t)value);
	} else if (line[0] == 'R') {
		begin_act(run);
	} else if (strchr("IVE#", line[0]) == NULL) {
		differs(run, "this is no line of a session");
	}
}

void session_begin(struct session_run *run)
{
	*run = (struct session_run){ 0 };
	(void)smmu3_config_init(&run->config, "linux-session", NULL);
	set_reg(run, GBPA, run->config.gbpa_reset);
}

void session_end(struct session_run *run)
{
	free(run->registers.word);
	free(run->memory.word);
}
