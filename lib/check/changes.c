/* SPDX-License-Identifier: MIT */
#include "check/changes.h"

#include "arch/cd.h"
#include "arch/ste.h"
#include "arch/ttd.h"

/* ---- Descriptors ---- */

enum { PAGE_LEVEL = 3 };

struct form {
	bool valid, table, writes, global;
	uint64_t output, type;
	bool contiguous, nt;
};

/* log2 of what a leaf maps is not known of every format; the bits below are 0. */
static struct form form_of(const struct smmu3_changed *change, uint64_t descriptor)
{
	const bool first = change->reason == SMMU3_REASON_S1_TTD;
	const bool page = change->level == PAGE_LEVEL;
	struct form form = { .valid = bit(descriptor, 0) && (!page || bit(descriptor, 1)) };

	form.table = form.valid && !page && bit(descriptor, 1);
	form.output = bits(descriptor, 47, 12) << 12;
	form.type = first ? bits(descriptor, 4, 2) | bits(descriptor, 9, 8) << 3 :
			    bits(descriptor, 5, 2) | bits(descriptor, 9, 8) << 4;
	form.writes = first ? !bit(descriptor, 7) || bit(descriptor, 51) :
			      bit(descriptor, 7) || bit(descriptor, 51);
	form.global = first && !bit(descriptor, 11);
	form.contiguous = bit(descriptor, 52);
	form.nt = !page && bit(descriptor, 16);
	if (!form.table && form.nt)
		form.output &= ~(UINT64_C(1) << 16);
	return form;
}

static enum smmu3_break size_breaks(const struct form *was, const struct form *now, unsigned bbml)
{
	const struct form *block = was->table ? now : was;

	return bbml >= 2 || (bbml == 1 && block->nt) ? SMMU3_BREAK_NONE : SMMU3_BREAK_SIZE;
}

static enum smmu3_break leaf_breaks(const struct form *was, const struct form *now, unsigned bbml)
{
	if (was->type != now->type)
		return SMMU3_BREAK_TYPE;
	if (was->output != now->output && (was->writes || now->writes))
		return SMMU3_BREAK_OUTPUT;
	if (was->contiguous != now->contiguous && !bbml)
		return SMMU3_BREAK_CONTIGUOUS;
	return !was->global && now->global ? SMMU3_BREAK_GLOBAL : SMMU3_BREAK_NONE;
}

enum smmu3_break change_breaks(const struct smmu3_changed *change, unsigned bbml)
{
	const bool ttd = change->reason == SMMU3_REASON_S1_TTD ||
			 change->reason == SMMU3_REASON_S2_TTD;

	if (!ttd || change->words != 1 || !change->readable || change->was[0] == change->now[0])
		return SMMU3_BREAK_NONE;
	const struct form was = form_of(change, change->was[0]);
	const struct form now = form_of(change, change->now[0]);

	if (!was.valid || !now.valid || (was.table && now.table))
		return SMMU3_BREAK_NONE;
	return was.table != now.table ? size_breaks(&was, &now, bbml) :
					leaf_breaks(&was, &now, bbml);
}

/* ---- STEs and CDs ---- */

#define FIELDS(...)            \
	(const int[])          \
	{                      \
		__VA_ARGS__, 0 \
	}

/* Fields that count where stage 1, or stage 2, translates, or always. */
static const int *const ste_fields[] = {
	FIELDS(STE_CONFIG, STE_MTCFG, STE_MEMATTR, STE_ALLOCCFG, STE_SHCFG, STE_NSCFG, STE_PRIVCFG,
	       STE_INSTCFG, STE_EATS, STE_DRE, STE_DCP, STE_PPAR),
	FIELDS(STE_S1FMT, STE_S1CONTEXTPTR, STE_S1CDMAX, STE_S1DSS, STE_S1CIR, STE_S1COR, STE_S1CSH,
	       STE_S1STALLD, STE_STRW, STE_S1PIE, STE_S2VMID),
	FIELDS(STE_S2VMID, STE_S2T0SZ, STE_S2SL0, STE_S2IR0, STE_S2OR0, STE_S2SH0, STE_S2TG,
	       STE_S2PS, STE_S2AA64, STE_S2ENDI, STE_S2AFFD, STE_S2PTW, STE_S2HD, STE_S2HA, STE_S2S,
	       STE_S2R, STE_S2HAFT, STE_S2PIE, STE_S2POE, STE_S2FWB, STE_S2DS, STE_S2SL0_2,
	       STE_S2TTB),
};

static void add_fields(uint64_t *used, const int *field)
{
	for (; *field; field++)
		used[field_lsb(*field) / 64] |= field_mask(*field);
}

/* Of a valid STE.  One that aborts is read no further.  5.2 */
static void ste_used(const uint64_t *word, uint64_t *used)
{
	const uint64_t config = field_value(word, STE_CONFIG);

	used[0] |= field_mask(STE_CONFIG);
	if (!(config & STE_CONFIG_PASS_BIT))
		return;
	add_fields(used, ste_fields[0]);
	if (config & STE_CONFIG_S1_BIT)
		add_fields(used, ste_fields[1]);
	if (config & STE_CONFIG_S2_BIT)
		add_fields(used, ste_fields[2]);
}

/* Of a valid CD: tables that are disabled count for nothing.  5.4 */
static void cd_used(const uint64_t *word, uint64_t *used)
{
	used[0] = used[3] = UINT64_MAX;
	used[1] |= field_value(word, CD_EPD0) ? 0 : UINT64_MAX;
	used[2] |= field_value(word, CD_EPD1) ? 0 : UINT64_MAX;
}

bool change_tears(const struct smmu3_changed *change)
{
	const bool ste = change->reason == SMMU3_REASON_STE;
	const int valid = ste ? (int)STE_V : (int)CD_V;
	uint64_t used[8] = { 0 };
	unsigned words = 0;

	if ((!ste && change->reason != SMMU3_REASON_CD) || change->words != 8 ||
	    !change->readable || !field_value(change->was, valid) ||
	    !field_value(change->now, valid))
		return false;
	(ste ? ste_used : cd_used)(change->was, used);
	(ste ? ste_used : cd_used)(change->now, used);
	for (unsigned i = 0; i < 8; i++)
		words += ((change->was[i] ^ change->now[i]) & used[i]) != 0;
	return words > 1;
}
