/* SPDX-License-Identifier: MIT */
#include "atos.h"

#include <check.h>

const struct atos_group gatos = { 0x100, 0x108, 0x110, 0x118 };
const struct atos_group vatos = { 0x20a00, 0x20a08, 0x20a10, 0x20a18 };

void put_atos_streams(struct machine *m)
{
	const struct ste legal[] = {
		{ { 0 } },           ste_of(STAGE_1, CD_1),
		ste_of(STAGE_2, 0),  ste_of(BOTH_STAGES, CD_3),
		ste_of(BYPASSES, 0), ste_of(ABORTS, 0),
		{ { 0 } },           ste_of(BOTH_STAGES, CD_7),
	};

	for (uint32_t sid = 0; sid < 8; sid++)
		put_ste(m, sid, legal[sid]);
	ram_at(m, STREAMS_AT + 64 * 1)[2] = 3; /* S2VMID */
	ram_at(m, STREAMS_AT + 64 * 7)[0] |= STE0_S1CDMAX(1);
	put_cd(m, CD_1, cd_of(S1_ALONE_AT));
	for (uint64_t at = CD_3; at <= CD_7 + 0x40; at += 0x40)
		put_cd(m, at, cd_of(S1_TABLE_AT));
	put_descriptor(m, S1_ALONE_AT, 0, s1_block(GB));
	put_descriptor(m, S1_TABLE_AT, 0, s1_block(GB));
	put_descriptor(m, S2_TABLE_AT, 1, s2_block(3 * GB));
	put_descriptor(m, S2_TABLE_AT, 2, s2_block(2 * GB));
}

struct machine *atos_machine(void)
{
	struct machine *m = machine("generic-3.1");

	m->config.idr[0] |= 1 << 15 | 1 << 20; /* ATOS, VATOS */
	start_machine(m);
	put_atos_streams(m);
	set_reg(m, VATOS_SEL, 3);
	look_away(m);
	return m;
}

bool running(struct machine *m, const struct atos_group *group)
{
	return reg(m, group->ctrl) & 1;
}

uint64_t par_of(struct machine *m, const struct atos_group *group, uint64_t sid, uint64_t addr)
{
	set_reg64(m, group->sid, sid);
	set_reg64(m, group->addr, addr);
	set_reg(m, group->ctrl, 1);
	ck_assert(!running(m, group));
	return reg64(m, group->par);
}
