/* SPDX-License-Identifier: MIT */
#include "secure.h"

#include <check.h>
#include <string.h>
#include <sys/mman.h>

enum { SECURE_PAGE = 0x8000 };

/* ---- The machine ---- */

struct machine *secure_machine(void)
{
	struct machine *m = machine("generic-3.3");

	m->config.s_idr[0] = 1u << 13;
	m->config.s_idr[1] = 1u << 31 | 16;
	m->secure = mmap(NULL, RAM_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			 0);
	ck_assert_ptr_ne(m->secure, MAP_FAILED);
	return m;
}

void open_secure_queues(struct machine *m)
{
	set_secure(m, CR1, 0xd75); /* as open_queues */
	set_secure(m, CR2, 2);
	set_secure64(m, STRTAB_BASE, STREAMS_AT);
	set_secure(m, STRTAB_BASE_CFG, 3);
	set_secure64(m, CMDQ_BASE, COMMANDS_AT | m->cmdq_lg2);
	set_secure64(m, EVENTQ_BASE, EVENTS_AT | m->eventq_lg2);
}

void open_secure_machine(struct machine *m)
{
	open_machine(m);
	open_secure_queues(m);
}

void start_secure_machine(struct machine *m)
{
	open_secure_machine(m);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	set_secure(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	look_away(m);
}

struct machine *secure_started(void)
{
	struct machine *m = secure_machine();

	start_secure_machine(m);
	return m;
}

/* ---- Registers and memory ---- */

static uint64_t read_reg(struct machine *m, uint64_t offset, unsigned size)
{
	uint64_t value;

	if (smmu3_mmio_read(m->smmu, SMMU3_PAS_SECURE, SECURE_PAGE + offset, size, &value))
		ck_abort_msg("no Secure register at %#llx", (unsigned long long)offset);
	return value;
}

static void write_reg(struct machine *m, uint64_t offset, unsigned size, uint64_t value)
{
	if (smmu3_mmio_write(m->smmu, SMMU3_PAS_SECURE, SECURE_PAGE + offset, size, value))
		ck_abort_msg("no Secure register at %#llx", (unsigned long long)offset);
}

uint32_t secure_reg(struct machine *m, uint64_t offset)
{
	return (uint32_t)read_reg(m, offset, 4);
}

uint64_t secure_reg64(struct machine *m, uint64_t offset)
{
	return read_reg(m, offset, 8);
}

void set_secure(struct machine *m, uint64_t offset, uint32_t value)
{
	write_reg(m, offset, 4, value);
}

void set_secure64(struct machine *m, uint64_t offset, uint64_t value)
{
	write_reg(m, offset, 8, value);
}

void update_secure(struct machine *m, uint64_t offset, uint32_t value)
{
	set_secure(m, offset, value);
	ck_assert_uint_eq(secure_reg(m, offset), value);
	ck_assert_uint_eq(secure_reg(m, offset + 4), value);
}

uint64_t *secure_at(struct machine *m, uint64_t address)
{
	if (!m->secure || address < RAM_AT || address >= RAM_AT + RAM_BYTES || address % 8)
		ck_abort_msg("no Secure memory at %#llx", (unsigned long long)address);
	return &m->secure[(address - RAM_AT) / 8];
}

/* ---- Work for the SMMU ---- */

void queue_secure(struct machine *m, struct command command)
{
	memcpy(secure_at(m, command_at(m, m->s_prod)), command.word, sizeof(command));
	m->s_prod = (m->s_prod + 1) & ((2u << m->cmdq_lg2) - 1);
}

void ring_secure(struct machine *m)
{
	set_secure(m, CMDQ_PROD, m->s_prod);
}

void submit_secure(struct machine *m, struct command command)
{
	queue_secure(m, command);
	ring_secure(m);
}

/* T0SZ 34, EPD1, V, IPS 40 bits, AA64, S, R, A, an ASID of its own; MAIR: Write-Back */
void make_secure_stream(struct machine *m, uint32_t sid)
{
	uint64_t *const ste = secure_at(m, STREAMS_AT + 64 * (uint64_t)sid);
	uint64_t *const cd = secure_at(m, CD_AT(sid));

	ste[0] = 1 | S1_ONLY << 1 | CD_AT(sid);
	ste[1] = UINT64_C(1) << 44; /* SHCFG: as it comes */
	cd[0] = 34 | UINT64_C(1) << 30 | UINT64_C(1) << 31 | UINT64_C(2) << 32 | UINT64_C(1) << 41 |
		CD_S | CD_R | CD_A | (uint64_t)sid << 48;
	cd[1] = TABLE1_AT(sid);
	cd[3] = 0xff;
}

void mend_secure(struct machine *m, uint32_t sid)
{
	*secure_at(m, TABLE1_AT(sid)) = RAM_AT | BLOCK1;
}

struct smmu3_outcome secure_read(struct machine *m, uint32_t sid)
{
	const struct smmu3_txn txn = {
		.addr = INPUT, .bytes = 4, .sid = sid, .sec_sid = SMMU3_PAS_SECURE
	};
	struct smmu3_outcome outcome;

	smmu3_translate(m->smmu, &txn, &outcome);
	return outcome;
}

void secure_fault(struct machine *m, uint32_t sid)
{
	const struct smmu3_outcome outcome = secure_read(m, sid);

	if (outcome.verdict == SMMU3_ABORT && outcome.event == 0x04 && outcome.recorded)
		return; /* an assertion that holds costs a system call */
	ck_assert_uint_eq(outcome.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(outcome.event, 0x04);
	ck_assert_uint_eq(outcome.recorded, 1);
}

/* ---- What was seen ---- */

const char *spaces_of(const struct machine *m, enum smmu3_reason reason)
{
	static char text[64];
	unsigned n = 0;

	for (unsigned i = 0; i < m->seen_count && n < sizeof(text) - 1; i++)
		if (m->seen[i].kind <= WRITES && m->seen[i].access.reason == reason)
			text[n++] = "nsr"[m->seen[i].access.pas];
	text[n] = 0;
	return text;
}
