/* SPDX-License-Identifier: MIT */
#include "keeping.h"

#include "support/ported.h"

#include <check.h>

void keep_at_most(struct machine *m, uint32_t places)
{
	m->config.caches = (struct smmu3_caches){ places, places, places, places, places,
						  places, places, 0,      0,      0 };
	if (places && ported_pass()) {
		m->config.caches.micro = 16;
		m->config.caches.micro_streams = 4;
	}
}

struct machine *keeping(uint32_t places)
{
	struct machine *m = machine("generic-3.1");

	keep_at_most(m, places);
	return m;
}

/* ---- Memory ---- */

#define SPACES (RAM_AT + 0x200000)

uint64_t cd_at(const struct space *space, unsigned index)
{
	return SPACES + 0x1000 * (uint64_t)space->sid + 64 * (uint64_t)index;
}

uint64_t table1(const struct space *space, int level)
{
	return SPACES + 0x100000 + 0x20000 * (uint64_t)space->vmid +
	       0x4000 * (uint64_t)space->asid + 0x1000 * (uint64_t)level;
}

uint64_t table2(const struct space *space, int level)
{
	return SPACES + 0x200000 + 0x4000 * (uint64_t)space->vmid + 0x1000 * (uint64_t)level;
}

void put_space(struct machine *m, const struct space *space)
{
	struct ste ste = ste_of(space->config, cd_at(space, 0));
	struct cd cd = cd_of(table1(space, 1));

	ste.word[2] = (ste.word[2] & ~UINT64_C(0xffff)) | space->vmid;
	ste.word[3] = space->config & 2 ? table2(space, 1) : 0;
	cd.word[0] = (cd.word[0] & ~CD0_ASID(0xffff)) | CD0_ASID(space->asid);
	put_ste(m, space->sid, ste);
	put_cd(m, cd_at(space, 0), cd);
	for (int level = 1; level < 3; level++) {
		put_descriptor(m, table1(space, level), 0, to_table(table1(space, level + 1)));
		put_descriptor(m, table2(space, level), 0, to_table(table2(space, level + 1)));
	}
	put_descriptor(m, table2(space, 1), RAM_AT / GB, s2_block(RAM_AT));
}

uint64_t s1_page(uint64_t output)
{
	return s1_block(output) | NG | 2;
}

uint64_t s2_page(uint64_t output)
{
	return s2_block(output) | 2;
}

void put_s1(struct machine *m, const struct space *space, unsigned page, uint64_t descriptor)
{
	put_descriptor(m, table1(space, 3), page, descriptor);
}

void put_s2(struct machine *m, const struct space *space, unsigned page, uint64_t descriptor)
{
	put_descriptor(m, table2(space, 3), page, descriptor);
}

/* ---- Accesses ---- */

struct smmu3_outcome access_by(struct machine *m, uint32_t sid, uint64_t address, unsigned flags)
{
	const struct smmu3_txn txn = {
		.addr = address, .bytes = 4, .sid = sid, .flags = (uint16_t)flags
	};
	struct smmu3_outcome outcome;

	smmu3_translate(m->smmu, &txn, &outcome);
	return outcome;
}

uint64_t reached(struct machine *m, uint32_t sid, uint64_t address)
{
	const struct smmu3_outcome outcome = access_by(m, sid, address, 0);

	return outcome.verdict == SMMU3_OK ? outcome.pa : NOWHERE;
}

uint64_t would_reach(struct machine *m, uint32_t sid, uint64_t address)
{
	const struct smmu3_outcome outcome = access_by(m, sid, address, SMMU3_TXN_PROBE);

	return outcome.verdict == SMMU3_OK ? outcome.pa : NOWHERE;
}

/* ---- Commands ---- */

static struct command of_stream(unsigned opcode, uint32_t sid, uint64_t second)
{
	return (struct command){ { opcode | (uint64_t)sid << 32, second } };
}

struct command cfgi_ste(uint32_t sid, unsigned leaf)
{
	return of_stream(0x03, sid, leaf);
}

struct command cfgi_ste_range(uint32_t sid, unsigned range)
{
	return of_stream(0x04, sid, range);
}

struct command cfgi_cd(uint32_t sid, uint32_t ssid, unsigned leaf)
{
	return of_stream(0x05 | ssid << 12, sid, leaf);
}

struct command cfgi_cd_all(uint32_t sid)
{
	return of_stream(0x06, sid, 0);
}

static struct command of_tags(unsigned opcode, uint16_t vmid, uint16_t asid, uint64_t second)
{
	return (struct command){ { opcode | (uint64_t)vmid << 32 | (uint64_t)asid << 48, second } };
}

struct command nh_all(uint16_t vmid)
{
	return of_tags(0x10, vmid, 0, 0);
}

struct command nh_asid(uint16_t vmid, uint16_t asid)
{
	return of_tags(0x11, vmid, asid, 0);
}

struct command nh_va(uint16_t vmid, uint16_t asid, uint64_t address, unsigned leaf)
{
	return of_tags(0x12, vmid, asid, address | leaf);
}

struct command nh_vaa(uint16_t vmid, uint64_t address, unsigned leaf)
{
	return of_tags(0x13, vmid, 0, address | leaf);
}

struct command s2_ipa(uint16_t vmid, uint64_t address, unsigned leaf)
{
	return of_tags(0x2a, vmid, 0, address | leaf);
}

struct command s12_vmall(uint16_t vmid)
{
	return of_tags(0x28, vmid, 0, 0);
}

struct command ranged(struct command command, unsigned num, unsigned scale, unsigned ttl)
{
	command.word[0] |= (uint64_t)num << 12 | (uint64_t)scale << 20;
	command.word[1] |= 1 << 10 | (uint64_t)ttl << 8;
	return command;
}

void finish(struct machine *m, struct command command)
{
	submit(m, command);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
}
