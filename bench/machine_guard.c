/* SPDX-License-Identifier: MIT */
/* What checks accesses behind the stages: a Device Permission Table, granule protection. */
#include "machine_parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- Device Permission Table ---- */

/* SMMUv3.2 with stage 2 alone, ATS and a Device Permission Table: two stages of v3.2 need
 * Hyp.  2.9, 6.3.1 */
void machine_give_dpt(struct smmu3_config *config)
{
	config->aidr = 2;
	config->idr[0] = (config->idr[0] & ~(1u << 1 | 1u << 19)) | 1u << 10;
	config->idr[1] &= ~(0x1fu << 6);
	config->idr[3] = (config->idr[3] & ~(1u << 2 | 3u << 11)) | 1u << 8 | 1u << 10 | 1u << 11 |
			 1u << 15;
}

/* What it grants are the pages that the tables put out, one by one. */
int machine_build_dpt(struct machine *machine)
{
	const struct smmu3_builder builder = machine_builder(machine);
	const struct smmu3_dpt_grant grant = { .addr = machine_pa(machine, 0,
								  machine->shape->pages - 1),
					       .size = (uint64_t)machine->shape->pages << 12,
					       .writable = 1 };
	struct smmu3_dpt dpt = { .size_bits = 40, .level0_bits = 30, .granule_lg2 = 12 };
	uint64_t base;
	uint32_t config;
	int code = smmu3_dpt_create(&builder, &dpt);

	code = code ? code : smmu3_dpt_grant(&builder, &dpt, &grant);
	if (code)
		return code;
	smmu3_dpt_registers(&dpt, &base, &config);
	code = machine_write(machine, "DPT_BASE", 8, base);
	return code ? code : machine_write(machine, "DPT_BASE_CFG", 4, config);
}

/* ---- Granule protection ---- */

enum { GPT_BYTES = 0x40000, GPT_LEVEL1 = 0x20000, GB_LG2 = 30, ROOT_PAGE = 0xa0000 };
#define GPT_BASE_OF_ROOT UINT64_C(0x40000000)

void machine_give_root(struct smmu3_config *config)
{
	config->root_idr0 = 5; /* ROOT_IMPL, RGPTM */
	config->idr[0] |= 1u << 30;
}

static void write_root(struct machine *machine, uint64_t offset, uint64_t value)
{
	(void)smmu3_mmio_write(machine->smmu, SMMU3_PAS_ROOT, ROOT_PAGE + offset, 8, value);
}

/* Of 40 bits, 1GB a level 0 entry: all is any space's; the GB of RAM, and that where pages go, say
 * so of each granule.  D9.6 */
static int build_gpt(struct machine *machine)
{
	enum { ANY_BLOCK = 0xf1, TABLE = 3, ENTRIES = 1024, CR0 = 0x20, BASE = 0x28, CFG = 0x30 };
	const uint64_t level1 = GPT_BASE_OF_ROOT + GPT_LEVEL1;

	machine->gpt = aligned_alloc(65536, GPT_BYTES);
	if (!machine->gpt)
		return -SMMU3_E_MEMORY;
	memset(machine->gpt, 0xff, GPT_BYTES);
	for (unsigned gb = 0; gb < ENTRIES; gb++)
		machine->gpt[gb] = gb == MACHINE_RAM >> GB_LG2 ||
						   gb == machine_output(machine->shape, 0) >>
								   GB_LG2 ?
					   level1 | TABLE :
					   ANY_BLOCK;
	const int code = smmu3_add_ram(machine->smmu, GPT_BASE_OF_ROOT, GPT_BYTES,
				       SMMU3_PAS_BIT(SMMU3_PAS_ROOT), machine->gpt);

	write_root(machine, BASE, GPT_BASE_OF_ROOT);
	write_root(machine, CFG, 0x3502);
	write_root(machine, CR0, 3);
	return code;
}

int machine_open_root(struct machine *machine)
{
	if (machine->shape->guarded == 1)
		write_root(machine, 0x20, 1);
	return machine->shape->guarded == 2 ? build_gpt(machine) : 0;
}
