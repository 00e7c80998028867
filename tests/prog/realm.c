/* SPDX-License-Identifier: MIT */
#include "realm.h"

#include "rooted.h"

#include <check.h>
#include <string.h>
#include <sys/mman.h>

/* ---- The machine ---- */

static uint64_t *memory(void)
{
	uint64_t *at = mmap(NULL, RAM_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);

	ck_assert_ptr_ne(at, MAP_FAILED);
	return at;
}

struct machine *realm_machine(void)
{
	struct machine *m = machine("realm-3.3");

	m->secure = memory();
	m->realm = memory();
	return m;
}

void open_realm_queues(struct machine *m)
{
	set_realm(m, CR1, 0xd75); /* as open_queues */
	set_realm(m, CR2, 2);
	set_realm64(m, STRTAB_BASE, STREAMS_AT);
	set_realm(m, STRTAB_BASE_CFG, 3);
	set_realm64(m, CMDQ_BASE, COMMANDS_AT | m->cmdq_lg2);
	set_realm64(m, EVENTQ_BASE, EVENTS_AT | m->eventq_lg2);
	set_realm64(m, PRIQ_BASE, REALM_PAGES_AT | 2);
}

void let_accesses(struct machine *m)
{
	update_root(m, ACCESSEN);
}

void open_realm_machine(struct machine *m)
{
	open_machine(m);
	let_accesses(m);
	open_secure_queues(m);
	open_realm_queues(m);
}

void start_realm_machine(struct machine *m)
{
	open_realm_machine(m);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	set_secure(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	set_realm(m, CR0, REALM_ON);
	look_away(m);
}

struct machine *realm_started(void)
{
	struct machine *m = realm_machine();

	start_realm_machine(m);
	return m;
}

/* ---- Registers and memory ---- */

static uint64_t read_reg(struct machine *m, uint64_t offset, unsigned size)
{
	uint64_t value;

	if (smmu3_mmio_read(m->smmu, SMMU3_PAS_REALM, REALM_PAGE + offset, size, &value))
		ck_abort_msg("no Realm register at %#llx", (unsigned long long)offset);
	return value;
}

static void write_reg(struct machine *m, uint64_t offset, unsigned size, uint64_t value)
{
	if (smmu3_mmio_write(m->smmu, SMMU3_PAS_REALM, REALM_PAGE + offset, size, value))
		ck_abort_msg("no Realm register at %#llx", (unsigned long long)offset);
}

uint32_t realm_reg(struct machine *m, uint64_t offset)
{
	return (uint32_t)read_reg(m, offset, 4);
}

uint64_t realm_reg64(struct machine *m, uint64_t offset)
{
	return read_reg(m, offset, 8);
}

void set_realm(struct machine *m, uint64_t offset, uint32_t value)
{
	write_reg(m, offset, 4, value);
}

void set_realm64(struct machine *m, uint64_t offset, uint64_t value)
{
	write_reg(m, offset, 8, value);
}

uint64_t *realm_at(struct machine *m, uint64_t address)
{
	if (!m->realm || address < RAM_AT || address >= RAM_AT + RAM_BYTES || address % 8)
		ck_abort_msg("no Realm memory at %#llx", (unsigned long long)address);
	return &m->realm[(address - RAM_AT) / 8];
}

/* ---- Work for the SMMU ---- */

void queue_realm(struct machine *m, struct command command)
{
	memcpy(realm_at(m, command_at(m, m->r_prod)), command.word, sizeof(command));
	m->r_prod = (m->r_prod + 1) & ((2u << m->cmdq_lg2) - 1);
}

void ring_realm(struct machine *m)
{
	set_realm(m, CMDQ_PROD, m->r_prod);
}

void submit_realm(struct machine *m, struct command command)
{
	queue_realm(m, command);
	ring_realm(m);
}

struct smmu3_outcome realm_read(struct machine *m, uint32_t sid)
{
	const struct smmu3_txn txn = {
		.addr = 0x1000, .bytes = 4, .sid = sid, .sec_sid = SMMU3_PAS_REALM
	};
	struct smmu3_outcome outcome;

	smmu3_translate(m->smmu, &txn, &outcome);
	return outcome;
}

void realm_fault(struct machine *m, uint32_t sid)
{
	const struct smmu3_outcome outcome = realm_read(m, sid);

	if (outcome.verdict == SMMU3_ABORT && outcome.event == 0x04 && outcome.recorded)
		return; /* an assertion that holds costs a system call */
	ck_assert_uint_eq(outcome.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(outcome.event, 0x04);
	ck_assert_uint_eq(outcome.recorded, 1);
}
