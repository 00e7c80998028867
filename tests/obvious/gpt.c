/* SPDX-License-Identifier: MIT */
#include "obvious/gpt.h"

#include "obvious/bits.h"

/* ---- Registers ---- */

/* 6.3.6: OAS[2:0], GRAN4K[4], GRAN16K[5], GRAN64K[6] */
static unsigned oas(const struct obvious_gpt *gpt)
{
	switch (bits(gpt->idr5, 2, 0)) {
	case 0:
		return 32;
	case 1:
		return 36;
	case 2:
		return 40;
	case 3:
		return 42;
	case 4:
		return 44;
	case 5:
		return 48;
	default:
		return 52;
	}
}

/* 0: reserved */
static unsigned decode_pps(const struct obvious_gpt *gpt)
{
	switch (bits(gpt->gpt_base_cfg, 2, 0)) {
	case 0:
		return 32;
	case 1:
		return 36;
	case 2:
		return 40;
	case 3:
		return 42;
	case 4:
		return 44;
	case 5:
		return 48;
	case 6:
		return 52;
	default:
		return 0;
	}
}

static unsigned decode_pgs(const struct obvious_gpt *gpt)
{
	switch (bits(gpt->gpt_base_cfg, 15, 14)) {
	case 0:
		return bit(gpt->idr5, 4) ? 12 : 0;
	case 1:
		return bit(gpt->idr5, 6) ? 16 : 0;
	case 2:
		return bit(gpt->idr5, 5) ? 14 : 0;
	default:
		return 0;
	}
}

static unsigned gpt_l0_size(const struct obvious_gpt *gpt)
{
	switch (bits(gpt->gpt_base_cfg, 23, 20)) {
	case 0:
		return 30;
	case 4:
		return 34;
	case 6:
		return 36;
	case 9:
		return 39;
	default:
		return 0;
	}
}

static bool registers_consistent(const struct obvious_gpt *gpt)
{
	const unsigned irgn = (unsigned)bits(gpt->gpt_base_cfg, 9, 8);
	const unsigned orgn = (unsigned)bits(gpt->gpt_base_cfg, 11, 10);
	const unsigned sh = (unsigned)bits(gpt->gpt_base_cfg, 13, 12);

	if (decode_pps(gpt) == 0 || decode_pps(gpt) > oas(gpt))
		return false;
	if (decode_pgs(gpt) == 0)
		return false;
	if (gpt_l0_size(gpt) == 0)
		return false;
	if (sh == 1)
		return false;
	if (irgn == 0 && orgn == 0 && sh != 2)
		return false;
	return true;
}

static bool above_pps(const struct obvious_gpt *gpt, uint64_t address)
{
	return !fits(address, decode_pps(gpt));
}

/* ---- Entries ---- */

static bool gpi_valid(uint64_t gpi)
{
	switch (gpi) {
	case 0:
	case 8:
	case 9:
	case 10:
	case 11:
	case 15:
		return true;
	default:
		return false;
	}
}

static bool gpi_check(enum smmu3_pas pas, uint64_t gpi)
{
	switch (gpi) {
	case 8:
		return pas == SMMU3_PAS_SECURE;
	case 9:
		return pas == SMMU3_PAS_NS;
	case 10:
		return pas == SMMU3_PAS_ROOT;
	case 11:
		return pas == SMMU3_PAS_REALM;
	case 15:
		return true;
	default:
		return false;
	}
}

static bool level0_valid(const struct obvious_gpt *gpt, uint64_t entry)
{
	const unsigned s = gpt_l0_size(gpt), p = decode_pgs(gpt);

	if (bits(entry, 3, 0) == 1)
		return bits(entry, 63, 8) == 0 && gpi_valid(bits(entry, 7, 4));
	if (bits(entry, 3, 0) == 3)
		return bits(entry, 63, 52) == 0 && bits(entry, 11, 4) == 0 &&
		       bits(entry, s - p - 2, 12) == 0;
	return false;
}

static bool level1_valid(uint64_t entry)
{
	if (bits(entry, 3, 0) == 1)
		return bits(entry, 63, 10) == 0 && bits(entry, 9, 8) != 0 &&
		       gpi_valid(bits(entry, 7, 4));
	for (unsigned i = 0; i < 16; i++)
		if (!gpi_valid(bits(entry, i * 4 + 3, i * 4)))
			return false;
	return true;
}

static unsigned contig_size(uint64_t entry)
{
	switch (bits(entry, 9, 8)) {
	case 1:
		return 21;
	case 2:
		return 25;
	default:
		return 29;
	}
}

/* ---- The walk ---- */

static uint64_t base_of(const struct obvious_gpt *gpt)
{
	const int x = (int)decode_pps(gpt) - (int)gpt_l0_size(gpt) + 2;

	return align(in_place(gpt->gpt_base, oas(gpt) - 1, 12), x > 11 ? (unsigned)x + 1 : 12);
}

static bool fetch(const struct obvious_gpt *gpt, struct obvious_gpc *gpc, uint64_t at,
		  uint64_t *entry)
{
	gpc->read[gpc->reads++] = at;
	return gpt->read(gpt->context, at, entry);
}

static struct obvious_gpc failed(struct obvious_gpc gpc, enum obvious_gpcf gpcf, unsigned level)
{
	gpc.gpcf = gpcf;
	gpc.level = level;
	return gpc;
}

static struct obvious_gpc found(struct obvious_gpc gpc, unsigned level, uint64_t gpi,
				unsigned size_lg2)
{
	gpc.level = level;
	gpc.gpi = gpi;
	gpc.size_lg2 = size_lg2;
	return gpc;
}

static struct obvious_gpc walk(const struct obvious_gpt *gpt, uint64_t pa)
{
	const unsigned pps = decode_pps(gpt), s = gpt_l0_size(gpt), p = decode_pgs(gpt);
	const uint64_t index0 = pps <= s ? 0 : bits(pa, pps - 1, s);
	struct obvious_gpc gpc = { .gpcf = OBVIOUS_GPCF_NONE };
	uint64_t entry, table;

	if (!fetch(gpt, &gpc, base_of(gpt) + index0 * 8, &entry))
		return failed(gpc, OBVIOUS_GPCF_EABT, 0);
	if (!level0_valid(gpt, entry))
		return failed(gpc, OBVIOUS_GPCF_ENTRY, 0);
	if (bits(entry, 3, 0) == 1)
		return found(gpc, 0, bits(entry, 7, 4), s);
	table = in_place(entry, 51, 12);
	if (above_pps(gpt, table))
		return failed(gpc, OBVIOUS_GPCF_TABLE, 0);
	if (!fetch(gpt, &gpc, table + bits(pa, s - 1, p + 4) * 8, &entry))
		return failed(gpc, OBVIOUS_GPCF_EABT, 1);
	if (!level1_valid(entry))
		return failed(gpc, OBVIOUS_GPCF_ENTRY, 1);
	if (bits(entry, 3, 0) == 1)
		return found(gpc, 1, bits(entry, 7, 4), contig_size(entry));
	const unsigned i = (unsigned)bits(pa, p + 3, p);

	return found(gpc, 1, bits(entry, i * 4 + 3, i * 4), p);
}

struct obvious_gpc obvious_gpc(const struct obvious_gpt *gpt, enum smmu3_pas pas, uint64_t pa)
{
	const struct obvious_gpc none = { .gpcf = OBVIOUS_GPCF_NONE };
	struct obvious_gpc gpc;

	if (!registers_consistent(gpt))
		return failed(none, OBVIOUS_GPCF_REGISTER, 0);
	if (above_pps(gpt, pa))
		return pas == SMMU3_PAS_NS ? none : failed(none, OBVIOUS_GPCF_FAIL, 0);
	if (above_pps(gpt, in_place(gpt->gpt_base, oas(gpt) - 1, 12)))
		return failed(none, OBVIOUS_GPCF_BASE, 0);
	gpc = walk(gpt, pa);
	if (gpc.gpcf == OBVIOUS_GPCF_NONE && !gpi_check(pas, gpc.gpi))
		gpc.gpcf = OBVIOUS_GPCF_FAIL;
	return gpc;
}
