/* SPDX-License-Identifier: MIT */
#include "rooted.h"

#include <check.h>
#include <sys/mman.h>

enum { GB_OF_RAM = 2, GBS = 64 };

/* ---- The machine ---- */

void give_root(struct machine *m)
{
	m->config.idr[0] |= RME_IMPL;
	m->config.root_idr0 = HAS_ROOT | BGPTM | RGPTM;
	m->root = mmap(NULL, RAM_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(m->root, MAP_FAILED);
}

struct machine *rooted_machine(void)
{
	struct machine *m = machine("generic-3.3");

	give_root(m);
	return m;
}

void open_root(struct machine *m)
{
	for (unsigned gb = 0; gb < GBS; gb++)
		put_gpt0(m, gb, 0xf1); /* a block of any space */
	put_gpt0(m, GB_OF_RAM, GRANULES_AT | 3);
	for (uint64_t at = GRANULES_AT; at < GRANULES_AT + 0x20000; at += 8)
		*root_ram_at(m, at) = UINT64_MAX;
	set_root64(m, GPT_BASE, GPT_AT);
	set_root64(m, GPT_BASE_CFG, GPT_CFG_OF_TESTS);
}

void start_root(struct machine *m)
{
	open_root(m);
	update_root(m, GPCEN);
	update_root(m, GPCEN | ACCESSEN);
}

void start_rooted_machine(struct machine *m)
{
	open_machine(m);
	start_root(m);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	look_away(m);
}

struct machine *rooted(void)
{
	struct machine *m = rooted_machine();

	start_rooted_machine(m);
	return m;
}

/* ---- Registers and memory ---- */

static uint64_t read_reg(struct machine *m, uint64_t offset, unsigned size)
{
	uint64_t value;

	if (smmu3_mmio_read(m->smmu, SMMU3_PAS_ROOT, ROOT_PAGE + offset, size, &value))
		ck_abort_msg("no Root register at %#llx", (unsigned long long)offset);
	return value;
}

static void write_reg(struct machine *m, uint64_t offset, unsigned size, uint64_t value)
{
	if (smmu3_mmio_write(m->smmu, SMMU3_PAS_ROOT, ROOT_PAGE + offset, size, value))
		ck_abort_msg("no Root register at %#llx", (unsigned long long)offset);
}

uint32_t root_reg(struct machine *m, uint64_t offset)
{
	return (uint32_t)read_reg(m, offset, 4);
}

uint64_t root_reg64(struct machine *m, uint64_t offset)
{
	return read_reg(m, offset, 8);
}

void set_root(struct machine *m, uint64_t offset, uint32_t value)
{
	write_reg(m, offset, 4, value);
}

void set_root64(struct machine *m, uint64_t offset, uint64_t value)
{
	write_reg(m, offset, 8, value);
}

void update_root(struct machine *m, uint32_t value)
{
	set_root(m, ROOT_CR0, value);
	ck_assert_uint_eq(root_reg(m, ROOT_CR0), value);
	ck_assert_uint_eq(root_reg(m, ROOT_CR0ACK), value);
}

void tlbi_by_pa(struct machine *m, uint64_t value)
{
	set_root64(m, ROOT_TLBI, value);
	set_root(m, ROOT_TLBI_CTRL, 1);
	ck_assert_uint_eq(root_reg(m, ROOT_TLBI_CTRL), 0);
}

uint64_t *root_ram_at(struct machine *m, uint64_t address)
{
	if (!m->root || address < RAM_AT || address >= RAM_AT + RAM_BYTES || address % 8)
		ck_abort_msg("no Root memory at %#llx", (unsigned long long)address);
	return &m->root[(address - RAM_AT) / 8];
}

/* ---- The table ---- */

void put_gpt0(struct machine *m, unsigned gb, uint64_t entry)
{
	*root_ram_at(m, GPT_AT + 8 * (uint64_t)gb) = entry;
}

void put_gpi(struct machine *m, uint64_t address, unsigned gpi)
{
	const uint64_t granule = (address & (GB - 1)) >> 12;
	uint64_t *const entry = root_ram_at(m, GRANULES_AT + granule / 16 * 8);
	const unsigned shift = granule % 16 * 4;

	if (address / GB != GB_OF_RAM)
		put_gpt0(m, (unsigned)(address / GB), gpi << 4 | 1);
	else
		*entry = (*entry & ~(UINT64_C(0xf) << shift)) | (uint64_t)gpi << shift;
}

void set_gpi(struct machine *m, uint64_t address, unsigned gpi)
{
	put_gpi(m, address, gpi);
	tlbi_by_pa(m, TLBI_ALL);
}

void expect_told(struct machine *m, uint64_t far, uint64_t value)
{
	ck_assert_uint_eq(root_reg64(m, far), value);
	set_root64(m, far, 0);
	ck_assert_uint_eq(root_reg64(m, far), 0);
}

/* ---- Streams ---- */

void make_streams(struct machine *m)
{
	put_ste(m, 1, ste_of(STAGE_1, CDS_AT));
	put_ste(m, 2, ste_of(STAGE_2, 0));
	put_ste(m, 3, ste_of(BOTH_STAGES, CDS_AT));
	put_ste(m, 4, ste_of(BYPASSES, 0));
	put_cd(m, CDS_AT, cd_of(S1_TABLE_AT));
	put_descriptor(m, S1_TABLE_AT, 2, s1_block(RAM_AT));
	put_descriptor(m, S2_TABLE_AT, 2, s2_block(RAM_AT));
}
