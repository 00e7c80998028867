/* SPDX-License-Identifier: MIT */
#include "streams.h"

#include <string.h>

struct ste ste_of(unsigned config, uint64_t cd)
{
	struct ste ste = { { 1 | STE0_CONFIG(config) } };

	ste.word[1] = STE1_SHCFG_INCOMING;
	if (config & 1) { /* S1CIR, S1COR: Write-Back; S1CSH: Inner Shareable */
		ste.word[0] |= cd;
		ste.word[1] |= 1 << 2 | 1 << 4 | 3 << 6;
	}
	if (config & 2) { /* S2T0SZ 25, S2SL0 1, S2IR0, S2OR0, S2SH0; S2TG, S2PS 0; S2AA64 */
		ste.word[2] = 3 | UINT64_C(25) << 32 | UINT64_C(1) << 38 | UINT64_C(1) << 40 |
			      UINT64_C(1) << 42 | UINT64_C(3) << 44 | UINT64_C(1) << 51 | STE2_S2R;
		ste.word[3] = S2_TABLE_AT;
	}
	return ste;
}

struct cd cd_of(uint64_t ttb0)
{
	/* T0SZ 25, IR0, OR0, SH0, EPD1; AA64, ASET */
	const uint64_t shape = 25 | 1 << 8 | 1 << 10 | 3 << 12 | 1 << 30 | UINT64_C(1) << 41 |
			       UINT64_C(1) << 47;

	return (struct cd){ { shape | CD0_V | CD0_IPS(1) | CD0_R | CD0_A | CD0_ASID(5), ttb0, 0,
			      0xff } };
}

void put_ste(struct machine *m, uint32_t sid, struct ste ste)
{
	memcpy(ram_at(m, STREAMS_AT + 64 * (uint64_t)sid), ste.word, sizeof(ste.word));
}

void put_cd(struct machine *m, uint64_t at, struct cd cd)
{
	memcpy(ram_at(m, at), cd.word, sizeof(cd.word));
}

uint64_t s1_block(uint64_t output)
{
	return output | TTD_AF | UINT64_C(3) << 8 | TTD_AP(1) | 1; /* read and write for all */
}

uint64_t s2_block(uint64_t output)
{
	return output | TTD_AF | UINT64_C(3) << 8 | TTD_AP(3) | 0xf << 2 | 1;
}

uint64_t to_table(uint64_t table)
{
	return table | 3;
}

void put_descriptor(struct machine *m, uint64_t table, unsigned n, uint64_t descriptor)
{
	*ram_at(m, table + 8 * (uint64_t)n) = descriptor;
}
