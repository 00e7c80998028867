/* SPDX-License-Identifier: MIT */
#include "check/changes.h"

#include "arch/cd.h"
#include "arch/ste.h"
#include "arch/ttd.h"
#include "walk/descriptor128.h"

/* ---- Descriptors ---- */

enum { PAGE_LEVEL = 3 };

struct form {
	bool valid, table, writes, global;
	uint64_t output, type;
	bool contiguous, nt;
	unsigned skipped; /* levels, by a table */
};

/* AttrIndx, or MemAttr, and SH, whose place addresses of 52 bits take. */
static uint64_t type_of(bool first, bool ds, uint64_t descriptor)
{
	const uint64_t sh = ds ? 0 : bits(descriptor, 9, 8);

	return first ? bits(descriptor, 4, 2) | sh << 3 : bits(descriptor, 5, 2) | sh << 4;
}

/* Somebody may write, be it stage 1's walker, or may once hardware has made the page dirty.  leaf:
 * as VMSAv8-64 has it. */
static bool codes_write(const struct change_rules *rules, bool first, bool dirty, uint64_t leaf)
{
	const unsigned grants = first ? s1_codes_grant(&rules->s1, s1_index_of(leaf),
						       &rules->perm) :
					s2_codes_grant(&rules->s2, s2_indices_of(leaf));

	return (dirty || rules->dirty) && grants & (PERM_WRITE | S2_WALKER_WRITES);
}

/* Bit 7 is AP[2], or nDirty; S2AP[1], or Dirty.  Bit 51 is DBM. */
static bool narrow_writes(const struct change_rules *rules, bool first, uint64_t descriptor)
{
	const bool writes = bit(descriptor, 7) != first;

	return rules->indirect ? codes_write(rules, first, writes, descriptor) :
				 writes || bit(descriptor, 51);
}

/* log2 of what a leaf maps is not known of every format; the bits below are 0.  In which space the
 * output is is not looked at. */
static struct form narrow_form(const struct smmu3_changed *change, uint64_t descriptor,
			       const struct change_rules *rules)
{
	const bool first = change->reason == SMMU3_REASON_S1_TTD;
	const bool page = change->level == PAGE_LEVEL;
	const bool ds = rules->ds && change->granule_lg2 != 16;
	struct form form = { .valid = bit(descriptor, 0) && (!page || bit(descriptor, 1)) };

	form.table = form.valid && !page && bit(descriptor, 1);
	form.output = ds ? bits(descriptor, 49, 12) << 12 | bits(descriptor, 9, 8) << 50 :
			   bits(descriptor, 47, 12) << 12;
	form.type = type_of(first, ds, descriptor);
	if (first && rules->aie)
		form.type |= (uint64_t)bit(descriptor, 59) << 5;
	form.writes = narrow_writes(rules, first, descriptor);
	form.global = first && !bit(descriptor, 11);
	form.contiguous = bit(descriptor, 52);
	form.nt = !page && !form.table && bit(descriptor, 16);
	if (form.nt)
		form.output &= ~(UINT64_C(1) << 16);
	return form;
}

/* The space of an output, above its address, where a leaf chooses it: stage 1 of what is in Secure
 * memory, stage 2 of Realm streams.  Of a Realm hypervisor's nothing is known.  D8.4.6 */
static uint64_t space_of(const struct smmu3_changed *change, bool first, uint64_t ns)
{
	return change->pas == (first ? SMMU3_PAS_SECURE : SMMU3_PAS_REALM) ? ns << 63 : 0;
}

/* Of VMSAv9-128.  What a leaf maps is the same before and after: it is of one level. */
static struct form wide_form(const struct smmu3_changed *change, const uint64_t *word,
			     const struct change_rules *rules)
{
	const struct ttd128 ttd = { { word[0], word[1] } };
	const enum descriptor_kind kind = descriptor128_kind(&ttd, change->level,
							     change->granule_lg2);
	const bool first = change->reason == SMMU3_REASON_S1_TTD;
	const unsigned lsb = level_of_lg2(change->granule_lg2, DESCRIPTOR128_LG2, change->level);
	const uint64_t leaf = leaf128_as_64(&ttd, first ? 1 : 2);
	const unsigned skipped = (unsigned)ttd128_get(&ttd, TTD128_SKL);
	const bool dirty = first ? !ttd128_get(&ttd, TTD128_NDIRTY) :
				   ttd128_get(&ttd, TTD128_DIRTY);

	return (struct form){
		.valid = kind >= DESCRIPTOR_TABLE,
		.table = kind == DESCRIPTOR_TABLE,
		.writes = codes_write(rules, first, dirty, leaf),
		.global = first && !ttd128_get(&ttd, TTD128_NG),
		.output = descriptor128_address(&ttd, lsb) |
			  space_of(change, first, ttd128_get(&ttd, TTD128_NS)),
		.type = type_of(first, false, leaf),
		.contiguous = ttd128_get(&ttd, TTD128_CONTIGUOUS),
		.nt = skipped && ttd128_get(&ttd, TTD128_NT),
		.skipped = kind == DESCRIPTOR_TABLE ? skipped : 0,
	};
}

/* nT keeps one of the two out of TLBs. */
static enum smmu3_break size_breaks(const struct form *was, const struct form *now, unsigned bbml)
{
	return bbml >= 2 || (bbml == 1 && (was->nt || now->nt)) ? SMMU3_BREAK_NONE :
								  SMMU3_BREAK_SIZE;
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

static struct form form_of(const struct smmu3_changed *change, const uint64_t *word,
			   const struct change_rules *rules)
{
	return change->words == 2 ? wide_form(change, word, rules) :
				    narrow_form(change, word[0], rules);
}

enum smmu3_break change_breaks(const struct smmu3_changed *change, const struct change_rules *rules)
{
	const bool ttd = change->reason == SMMU3_REASON_S1_TTD ||
			 change->reason == SMMU3_REASON_S2_TTD;

	if (!ttd || !change->readable)
		return SMMU3_BREAK_NONE;
	const struct form was = form_of(change, change->was, rules);
	const struct form now = form_of(change, change->now, rules);

	if (!was.valid || !now.valid)
		return SMMU3_BREAK_NONE;
	if (was.table != now.table || was.skipped != now.skipped)
		return size_breaks(&was, &now, rules->bbml);
	return was.table ? SMMU3_BREAK_NONE : leaf_breaks(&was, &now, rules->bbml);
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
