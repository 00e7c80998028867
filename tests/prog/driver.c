/* SPDX-License-Identifier: MIT */
#include "driver.h"

#include "config.h"
#include "realm.h"
#include "rooted.h"
#include "secure.h"
#include "support/cached.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct command sync_irq(uint64_t address, uint32_t data)
{
	const uint64_t attributes = UINT64_C(3) << 22 | UINT64_C(0xf) << 24;

	return (struct command){ { 0x46 | 1 << 12 | attributes | (uint64_t)data << 32, address } };
}

/* ---- What the SMMU does ---- */

static void look_at_secure_registers(struct machine *m, struct happening *happening)
{
	happening->s_cmdq_cons = secure_reg(m, CMDQ_CONS);
	happening->s_eventq_prod = secure_reg(m, S_EVENTQ_PROD);
	happening->s_gerror = secure_reg(m, GERROR);
	happening->s_init = secure_reg(m, S_INIT);
}

static void look_at_realm_registers(struct machine *m, struct happening *happening)
{
	happening->r_cmdq_cons = realm_reg(m, CMDQ_CONS);
	happening->r_eventq_prod = realm_reg(m, EVENTQ_PROD);
	happening->r_gerror = realm_reg(m, GERROR);
}

static void look_at_registers(struct machine *m, struct happening *happening)
{
	happening->cmdq_cons = reg(m, CMDQ_CONS);
	happening->eventq_prod = reg(m, EVENTQ_PROD);
	happening->gerror = reg(m, GERROR);
	if (m->secure)
		look_at_secure_registers(m, happening);
	if (m->realm)
		look_at_realm_registers(m, happening);
}

static void keep(struct machine *m, struct happening happening)
{
	m->counts[happening.kind]++;
	if (!m->quiet)
		look_at_registers(m, &happening);
	if (m->seen_count < HAPPENINGS)
		m->seen[m->seen_count] = happening;
	m->seen_count++;
	if (m->inside)
		m->inside(m, &happening);
}

/* The memory of a PA space; NULL: it has none. */
static uint64_t *memory_of(const struct machine *m, unsigned pas)
{
	uint64_t *const memory[] = { m->ram, m->secure, m->realm, m->root };

	return memory[pas];
}

static bool in_ram(const struct machine *m, const struct smmu3_mem_access *access)
{
	return access->pa >= RAM_AT && access->pa + access->bytes <= RAM_AT + RAM_BYTES &&
	       memory_of(m, access->pas);
}

static bool in_registers(const struct smmu3_mem_access *access)
{
	return access->pa >= REGISTERS_AT && access->pa + access->bytes <= REGISTERS_AT + 0x20000;
}

static enum smmu3_mem_result answer(const struct machine *m, const struct smmu3_mem_access *access)
{
	for (unsigned i = 0; i < 2; i++)
		if (m->aborts[i] && m->aborts[i] == access->pa &&
		    !(m->spared & SMMU3_PAS_BIT(access->pas)))
			return m->answer;
	return in_ram(m, access) || in_registers(access) ? SMMU3_MEM_OK : SMMU3_MEM_ABORT;
}

/* Where an aligned access finds its words. */
static uint64_t *words_of(struct machine *m, const struct smmu3_mem_access *access)
{
	return &memory_of(m, access->pas)[(access->pa - RAM_AT) / 8];
}

static void read_memory(struct machine *m, const struct smmu3_mem_access *access, uint64_t *data)
{
	if (in_ram(m, access))
		memcpy(data, words_of(m, access), access->bytes);
	for (unsigned i = 0; in_registers(access) && i < access->bytes / 8; i++)
		data[i] = reg64(m, access->pa - REGISTERS_AT + 8 * (uint64_t)i);
}

static void write_memory(struct machine *m, const struct smmu3_mem_access *access,
			 const uint64_t *data)
{
	if (in_ram(m, access))
		memcpy((char *)words_of(m, access) + (access->pa & 7), data, access->bytes);
	if (in_registers(access) && access->bytes == 4)
		set_reg(m, access->pa - REGISTERS_AT, (uint32_t)data[0]);
	for (unsigned i = 0; in_registers(access) && i < access->bytes / 8; i++)
		set_reg64(m, access->pa - REGISTERS_AT + 8 * (uint64_t)i, data[i]);
}

static enum smmu3_mem_result on_read(void *context, const struct smmu3_mem_access *access,
				     void *data)
{
	struct machine *m = context;

	/* read before anything that runs inside changes memory */
	read_memory(m, access, data);
	const enum smmu3_mem_result result = answer(m, access);

	keep(m, (struct happening){ .kind = READS, .access = *access });
	return result;
}

static enum smmu3_mem_result on_write(void *context, const struct smmu3_mem_access *access,
				      const void *data)
{
	struct machine *m = context;
	struct happening happening = { .kind = WRITES, .access = *access };
	const enum smmu3_mem_result result = answer(m, access);

	memcpy(happening.data, data, access->bytes);
	if (result == SMMU3_MEM_OK)
		write_memory(m, access, happening.data);
	keep(m, happening);
	return result;
}

/* Nobody else writes in between. */
static enum smmu3_mem_result on_swap_pair(void *context, const struct smmu3_mem_access *access,
					  const uint64_t *expected, const uint64_t *desired,
					  uint64_t *found)
{
	const enum smmu3_mem_result result = on_read(context, access, found);

	if (result != SMMU3_MEM_OK || memcmp(found, expected, access->bytes))
		return result;
	return on_write(context, access, desired);
}

static void on_written(void *context, const struct smmu3_mem_access *access)
{
	keep(context, (struct happening){ .kind = WRITTEN, .access = *access });
}

static void on_interrupt(void *context, enum smmu3_interrupt interrupt)
{
	keep(context, (struct happening){ .kind = INTERRUPT, .about = interrupt });
}

static void on_send_event(void *context)
{
	keep(context, (struct happening){ .kind = EVENT });
}

static void on_invalidate(void *context, const struct smmu3_invalidation *scope)
{
	keep(context, (struct happening){ .kind = INVALIDATES, .scope = *scope });
}

static void on_stall_ended(void *context, const struct smmu3_stall *stall)
{
	keep(context, (struct happening){ .kind = ENDED, .stall = *stall });
}

static void on_atc_invalidate(void *context, const struct smmu3_atc_invalidation *request)
{
	keep(context, (struct happening){ .kind = INVALIDATES_ATC, .atc = *request });
}

static void on_page_response(void *context, const struct smmu3_page_response *response)
{
	keep(context, (struct happening){ .kind = ANSWERS_PAGE, .response = *response });
}

/* ---- The machine ---- */

struct machine *machine(const char *profile)
{
	struct machine *m = calloc(1, sizeof(*m));

	ck_assert_ptr_nonnull(m);
	m->config = profile_config(profile);
	m->config.caches = caches_of_pass();
	m->ram = mmap(NULL, RAM_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(m->ram, MAP_FAILED);
	m->cmdq_lg2 = 3;
	m->eventq_lg2 = 3;
	m->answer = SMMU3_MEM_ABORT;
	return m;
}

static void on_finding(void *context, const struct smmu3_finding *finding)
{
	struct machine *m = context;

	if (m->found_count < FINDINGS) {
		m->found[m->found_count] = *finding;
		(void)smmu3_finding_text(finding, m->found_text[m->found_count],
					 sizeof(m->found_text[0]));
	}
	m->found_count++;
}

void create_machine(struct machine *m)
{
	const struct smmu3_host host = {
		.size = sizeof(host),
		.context = m,
		.read = on_read,
		.write = on_write,
		.written = on_written,
		.swap_pair = on_swap_pair,
		.interrupt = on_interrupt,
		.send_event = on_send_event,
		.invalidate = on_invalidate,
		.stall_ended = m->deaf ? NULL : on_stall_ended,
		.page_response = on_page_response,
		.atc_invalidate = m->no_atc ? NULL : on_atc_invalidate,
		.finding = on_finding,
	};
	struct smmu3_error error;

	m->smmu = smmu3_create(&m->config, &host, &error);
	ck_assert_msg(m->smmu != NULL, "%s", error.text);
	cached_made(&m->config);
	if (m->windows)
		ck_assert_int_eq(smmu3_add_ram(m->smmu, RAM_AT, RAM_BYTES,
					       SMMU3_PAS_BIT(SMMU3_PAS_NS), m->ram),
				 0);
}

void open_queues(struct machine *m)
{
	set_reg(m, CR1, 0xd75); /* all: Inner Shareable, Write-Back */
	set_reg(m, CR2, 2);     /* RECINVSID */
	set_reg64(m, STRTAB_BASE, STREAMS_AT);
	set_reg(m, STRTAB_BASE_CFG, 3);
	set_reg64(m, CMDQ_BASE, COMMANDS_AT | m->cmdq_lg2);
	set_reg64(m, EVENTQ_BASE, EVENTS_AT | m->eventq_lg2);
}

void open_machine(struct machine *m)
{
	create_machine(m);
	open_queues(m);
}

void start_machine(struct machine *m)
{
	open_machine(m);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	look_away(m);
}

struct machine *started(const char *profile)
{
	struct machine *m = machine(profile);

	start_machine(m);
	return m;
}

void close_machine(struct machine *m)
{
	m->quiet = true; /* destroy ends stalls, and then there are no registers */
	m->inside = NULL;
	smmu3_destroy(m->smmu);
	munmap(m->ram, RAM_BYTES);
	if (m->secure)
		munmap(m->secure, RAM_BYTES);
	if (m->realm)
		munmap(m->realm, RAM_BYTES);
	if (m->root)
		munmap(m->root, RAM_BYTES);
	free(m);
}

/* ---- Registers and memory ---- */

static uint64_t read_reg(struct machine *m, uint64_t offset, unsigned size)
{
	uint64_t value;

	if (smmu3_mmio_read(m->smmu, SMMU3_PAS_NS, offset, size, &value))
		ck_abort_msg("no register at %#llx", (unsigned long long)offset);
	return value;
}

static void write_reg(struct machine *m, uint64_t offset, unsigned size, uint64_t value)
{
	if (smmu3_mmio_write(m->smmu, SMMU3_PAS_NS, offset, size, value))
		ck_abort_msg("no register at %#llx", (unsigned long long)offset);
}

uint32_t reg(struct machine *m, uint64_t offset)
{
	return (uint32_t)read_reg(m, offset, 4);
}

uint64_t reg64(struct machine *m, uint64_t offset)
{
	return read_reg(m, offset, 8);
}

void set_reg(struct machine *m, uint64_t offset, uint32_t value)
{
	write_reg(m, offset, 4, value);
}

void set_reg64(struct machine *m, uint64_t offset, uint64_t value)
{
	write_reg(m, offset, 8, value);
}

void update(struct machine *m, uint64_t offset, uint32_t value)
{
	set_reg(m, offset, value);
	ck_assert_uint_eq(reg(m, offset), value);
	ck_assert_uint_eq(reg(m, offset + 4), value);
}

uint64_t *ram_at(struct machine *m, uint64_t address)
{
	/* an assertion that holds costs a system call */
	if (address < RAM_AT || address >= RAM_AT + RAM_BYTES || address % 8)
		ck_abort_msg("no memory at %#llx", (unsigned long long)address);
	return &m->ram[(address - RAM_AT) / 8];
}

uint64_t command_at(const struct machine *m, uint32_t index)
{
	return COMMANDS_AT + 16 * (uint64_t)(index & ((1u << m->cmdq_lg2) - 1));
}

uint64_t event_at(const struct machine *m, uint32_t index)
{
	return EVENTS_AT + 32 * (uint64_t)(index & ((1u << m->eventq_lg2) - 1));
}

/* ---- Work for the SMMU ---- */

void queue_command(struct machine *m, struct command command)
{
	memcpy(ram_at(m, command_at(m, m->prod)), command.word, sizeof(command));
	m->prod = (m->prod + 1) & ((2u << m->cmdq_lg2) - 1);
}

void ring(struct machine *m)
{
	set_reg(m, CMDQ_PROD, m->prod);
}

void submit(struct machine *m, struct command command)
{
	queue_command(m, command);
	ring(m);
}

void maintain(struct machine *m)
{
	void (*const inside)(struct machine *, const struct happening *) = m->inside;
	const unsigned seen_count = m->seen_count;
	const bool quiet = m->quiet;
	unsigned counts[COUNTS];

	memcpy(counts, m->counts, sizeof(counts));
	m->quiet = true;
	m->inside = NULL;
	maintain_smmu(m->smmu, MAINTENANCE_AT, ram_at(m, MAINTENANCE_AT));
	m->quiet = quiet;
	m->inside = inside;
	m->seen_count = seen_count;
	memcpy(m->counts, counts, sizeof(counts));
}

struct smmu3_outcome read_by(struct machine *m, uint32_t sid, uint64_t address)
{
	const struct smmu3_txn txn = { .addr = address, .bytes = 4, .sid = sid };
	struct smmu3_outcome outcome;

	smmu3_translate(m->smmu, &txn, &outcome);
	return outcome;
}

void fault(struct machine *m, uint32_t sid)
{
	const struct smmu3_outcome outcome = read_by(m, sid, 0x1000);

	if (outcome.verdict == SMMU3_ABORT && outcome.event == 0x04 && outcome.recorded)
		return; /* an assertion that holds costs a system call */
	ck_assert_uint_eq(outcome.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(outcome.event, 0x04);
	ck_assert_uint_eq(outcome.recorded, 1);
}

/* ---- What was seen ---- */

void look_away(struct machine *m)
{
	m->seen_count = 0;
	memset(m->counts, 0, sizeof(m->counts));
}

const struct happening *nth(const struct machine *m, unsigned n, enum happening_kind kind)
{
	ck_assert_uint_lt(n, m->seen_count);
	ck_assert_int_eq(m->seen[n].kind, kind);
	return &m->seen[n];
}

unsigned count(const struct machine *m, enum happening_kind kind)
{
	return m->counts[kind];
}

const struct happening *first(const struct machine *m, enum happening_kind kind)
{
	for (unsigned i = 0; i < m->seen_count; i++)
		if (m->seen[i].kind == kind)
			return &m->seen[i];
	ck_abort_msg("nothing of kind %d was seen", kind);
	return NULL;
}

static bool is_for(const struct happening *happening, enum smmu3_reason reason)
{
	return happening->kind <= WRITTEN && happening->access.reason == reason;
}

const struct happening *first_for(const struct machine *m, enum smmu3_reason reason)
{
	for (unsigned i = 0; i < m->seen_count; i++)
		if (is_for(&m->seen[i], reason))
			return &m->seen[i];
	ck_abort_msg("no access for reason %d was seen", reason);
	return NULL;
}

unsigned count_for(const struct machine *m, enum smmu3_reason reason)
{
	unsigned found = 0;

	for (unsigned i = 0; i < m->seen_count; i++)
		found += is_for(&m->seen[i], reason);
	return found;
}

unsigned pulses(const struct machine *m, enum smmu3_interrupt interrupt)
{
	unsigned found = 0;

	for (unsigned i = 0; i < m->seen_count; i++)
		found += m->seen[i].kind == INTERRUPT && m->seen[i].about == interrupt;
	return found;
}
