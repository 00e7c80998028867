/* SPDX-License-Identifier: MIT */
/* Which fields of a structure decide, and when: one row each. */
#include <smmu/decode.h>
#include <stdio.h>
#include <string.h>

#include "facts.h"
#include "fields.h"
#include "json.h"

typedef bool when_fn(const struct facts *facts, uint64_t word);

struct row {
	const char *name;
	when_fn *when;          /* NULL: always */
	const char *section;    /* NULL: the layout's */
	struct smmu3_field own; /* of descriptors, whose layouts cut fields up by use; name NULL:
				   the layout's field */
};

static uint64_t ste(const struct facts *facts, const char *name)
{
	return field_get("STE", name, facts->ste);
}

static uint64_t cd(const struct facts *facts, const char *name)
{
	return field_get("CD", name, facts->cd);
}

static bool ste_valid(const struct facts *facts, uint64_t word)
{
	(void)word;
	return ste(facts, "V");
}

static bool ste_stage1(const struct facts *facts, uint64_t word)
{
	return ste_valid(facts, word) && (ste(facts, "Config") & 5) == 5;
}

static bool ste_stage2(const struct facts *facts, uint64_t word)
{
	return ste_valid(facts, word) && (ste(facts, "Config") & 6) == 6;
}

/* A Secure stream has a tree of each IPA space.  3.10.2.2 */
static bool ste_trees(const struct facts *facts, uint64_t word)
{
	return ste_stage2(facts, word) && facts->secure;
}

/* Accesses of a Realm stream carry it.  18 */
static bool ste_mecid(const struct facts *facts, uint64_t word)
{
	return ste_valid(facts, word) && ste(facts, "Config") & 4 && facts->realm;
}

static bool ste_dpt(const struct facts *facts, uint64_t word)
{
	enum { EATS_DPT = 3 };

	return ste_valid(facts, word) && ste(facts, "EATS") == EATS_DPT;
}

/* Destructive reads and maintenance are the STE's to allow where it translates, or is asked about
 * what is Translated.  5.2 */
static bool ste_translates(const struct facts *facts, uint64_t word)
{
	return ste_stage1(facts, word) || ste_stage2(facts, word);
}

static bool ste_dre(const struct facts *facts, uint64_t word)
{
	const unsigned class = facts->txn->txn_class;

	return ste_translates(facts, word) &&
	       (class == SMMU3_CLASS_DESTRUCTIVE_READ || class == SMMU3_CLASS_INVALIDATE ||
		class == SMMU3_CLASS_DESTRUCTIVE_HINT);
}

static bool ste_dcp(const struct facts *facts, uint64_t word)
{
	const unsigned class = facts->txn->txn_class;

	return ste_translates(facts, word) &&
	       (class == SMMU3_CLASS_WRITE_PREFETCH || class == SMMU3_CLASS_PREFETCH);
}

static bool ste_both(const struct facts *facts, uint64_t word)
{
	return ste_stage1(facts, word) && ste_stage2(facts, word);
}

static bool ste_substreams(const struct facts *facts, uint64_t word)
{
	return ste_stage1(facts, word) && ste(facts, "S1CDMax");
}

/* Stage 1 does not translate: the STE's own attributes count. */
static bool ste_no_stage1(const struct facts *facts, uint64_t word)
{
	return ste_valid(facts, word) && (ste(facts, "Config") & 5) == 4;
}

/* Where the SMMU can override what comes in.  6.3.2 */
static bool ste_types(const struct facts *facts, uint64_t word)
{
	return ste_no_stage1(facts, word) && facts->types_ovr;
}

/* NS of a Secure stream is the STE's where stage 1 does not say, and what comes in where the SMMU
 * cannot override that.  5.2 */
static bool ste_nscfg(const struct facts *facts, uint64_t word)
{
	return ste_no_stage1(facts, word) && (facts->secure || facts->realm) && facts->perms_ovr;
}

static bool ste_memattr(const struct facts *facts, uint64_t word)
{
	return ste_types(facts, word) && ste(facts, "MTCFG");
}

/* STRW counts where stage 1 stands alone, and there is an EL2, or an EL3.  5.2 */
static bool ste_strw(const struct facts *facts, uint64_t word)
{
	return ste_stage1(facts, word) && !ste_stage2(facts, word) && (facts->hyp || facts->secure);
}

static bool ste_perms(const struct facts *facts, uint64_t word)
{
	return ste_valid(facts, word) && ste(facts, "Config") & 4 && facts->perms_ovr;
}

static bool cd_valid(const struct facts *facts, uint64_t word)
{
	(void)word;
	return cd(facts, "V");
}

static bool cd_lower(const struct facts *facts, uint64_t word)
{
	return cd_valid(facts, word) && !facts_upper(facts);
}

static bool cd_upper(const struct facts *facts, uint64_t word)
{
	return cd_valid(facts, word) && facts_upper(facts) && !facts_one_range(facts);
}

/* What VMSAv8-32 does not look at, and what it does alone.  5.4 */
static bool cd_aa64(const struct facts *facts, uint64_t word)
{
	return cd_valid(facts, word) && !facts_lpae(facts);
}

static bool cd_lower_aa64(const struct facts *facts, uint64_t word)
{
	return cd_lower(facts, word) && !facts_lpae(facts);
}

static bool cd_upper_aa64(const struct facts *facts, uint64_t word)
{
	return cd_upper(facts, word) && !facts_lpae(facts);
}

static bool cd_uwxn(const struct facts *facts, uint64_t word)
{
	return cd_valid(facts, word) && facts_lpae(facts) && !facts_one_range(facts);
}

static bool cd_big(const struct facts *facts, uint64_t word)
{
	return cd_valid(facts, word) && cd(facts, "ENDI");
}

static bool ste_s2_big(const struct facts *facts, uint64_t word)
{
	return ste_stage2(facts, word) && ste(facts, "S2ENDI");
}

static bool ste_updates(const struct facts *facts, uint64_t word)
{
	return ste_stage2(facts, word) && (ste(facts, "S2HA") || ste(facts, "S2HD"));
}

static bool cd_updates(const struct facts *facts, uint64_t word)
{
	return cd_aa64(facts, word) && (cd(facts, "HA") || cd(facts, "HD"));
}

static bool ste_marks(const struct facts *facts, uint64_t word)
{
	return ste_updates(facts, word) && facts->haft;
}

static bool cd_marks(const struct facts *facts, uint64_t word)
{
	return cd_updates(facts, word) && facts->haft;
}

static bool ste_s2_aa64(const struct facts *facts, uint64_t word)
{
	return ste_stage2(facts, word) && ste(facts, "S2AA64");
}

/* Where the walk of a Secure stream begins.  5.4 */
static bool cd_lower_secure(const struct facts *facts, uint64_t word)
{
	return cd_lower(facts, word) && facts->secure;
}

static bool cd_upper_secure(const struct facts *facts, uint64_t word)
{
	return cd_upper(facts, word) && facts->secure;
}

/* What EL2 ignores: EPD0, PAN, ASID.  5.4 */
static bool cd_two(const struct facts *facts, uint64_t word)
{
	return cd_valid(facts, word) && !facts_one_range(facts);
}

static bool cd_lower_two(const struct facts *facts, uint64_t word)
{
	return cd_lower(facts, word) && cd_two(facts, word);
}

static bool cd_lower_e0pd(const struct facts *facts, uint64_t word)
{
	return cd_lower_two(facts, word) && facts->e0pd;
}

static bool cd_upper_e0pd(const struct facts *facts, uint64_t word)
{
	return cd_upper(facts, word) && facts->e0pd;
}

static bool ttd_last_level(const struct facts *facts, uint64_t word)
{
	return word & 1 && facts->level == 3;
}

static bool ttd_other_level(const struct facts *facts, uint64_t word)
{
	return word & 1 && facts->level < 3;
}

static bool ttd_valid(const struct facts *facts, uint64_t word)
{
	(void)facts;
	return word & 1;
}

static bool ttd_table(const struct facts *facts, uint64_t word)
{
	return facts_kind(facts, word) == TTD_KIND_TABLE;
}

static bool ttd_leaf(const struct facts *facts, uint64_t word)
{
	return facts_kind(facts, word) == TTD_KIND_LEAF;
}

/* Limits of table descriptors count for direct permissions, unless CD.HADx switches them off.  5.4,
 * 3.26.1 */
static bool ttd_limits(const struct facts *facts, uint64_t word)
{
	return ttd_table(facts, word) && !facts_indirect1(facts) &&
	       !(facts->had && cd(facts, facts_upper(facts) ? "HAD1" : "HAD0"));
}

/* With two privileges each has its bits; with one some say nothing, and UXN is XN.  13.4.1,
 * D8.4.1.2 */
static bool limits_of_two(const struct facts *facts, uint64_t word)
{
	return ttd_limits(facts, word) && !facts_one_range(facts);
}

static bool limits_of_one(const struct facts *facts, uint64_t word)
{
	return ttd_limits(facts, word) && facts_one_range(facts);
}

static bool leaf_of_two(const struct facts *facts, uint64_t word)
{
	return ttd_leaf(facts, word) && !facts_one_range(facts);
}

/* Permissions of stage 1: the leaf's own, or of codes that it names.  3.26.1 */
static bool leaf_s1_indirect(const struct facts *facts, uint64_t word)
{
	return ttd_leaf(facts, word) && facts_indirect1(facts);
}

static bool permissions_of_two(const struct facts *facts, uint64_t word)
{
	return leaf_of_two(facts, word) && !facts_indirect1(facts);
}

static bool permissions_of_one(const struct facts *facts, uint64_t word)
{
	return ttd_leaf(facts, word) && facts_one_range(facts) && !facts_indirect1(facts);
}

static bool cd_s1pi(const struct facts *facts, uint64_t word)
{
	return cd_aa64(facts, word) && facts->s1pi && ste(facts, "S1PIE");
}

static bool cd_pan_counts(const struct facts *facts, uint64_t word)
{
	return cd_aa64(facts, word) && facts->epan && !facts_one_range(facts) &&
	       !facts_indirect1(facts);
}

static bool cd_aie(const struct facts *facts, uint64_t word)
{
	return cd_aa64(facts, word) && facts->aie;
}

static bool leaf_aie(const struct facts *facts, uint64_t word)
{
	return ttd_leaf(facts, word) && facts->aie && !facts_lpae(facts) && cd(facts, "AIE");
}

static bool ste_s1pi(const struct facts *facts, uint64_t word)
{
	return ste_stage1(facts, word) && facts->s1pi;
}

/* In VMSAv8-32 XN is of both.  DDI 0487 G5.6.3 */
static bool has_uxn(const struct facts *facts)
{
	return !facts_one_range(facts) && !facts_lpae(facts);
}

static bool limits_uxn(const struct facts *facts, uint64_t word)
{
	return ttd_limits(facts, word) && has_uxn(facts);
}

static bool limits_xn(const struct facts *facts, uint64_t word)
{
	return ttd_limits(facts, word) && !has_uxn(facts);
}

/* HAFT goes with HA, or the CD or STE is ILLEGAL.  3.13.6 */
static bool table_s1_marked(const struct facts *facts, uint64_t word)
{
	return ttd_table(facts, word) && facts->haft && !facts_lpae(facts) && cd(facts, "HAFT");
}

static bool table_s2_marked(const struct facts *facts, uint64_t word)
{
	return ttd_table(facts, word) && facts->haft && ste(facts, "S2HAFT");
}

/* Where hardware keeps the dirty state.  3.13.3.1 */
static bool leaf_s1_dirty(const struct facts *facts, uint64_t word)
{
	return ttd_leaf(facts, word) && !facts_lpae(facts) && !facts_indirect1(facts) &&
	       cd(facts, "HA") && cd(facts, "HD");
}

/* Permissions of stage 2: the leaf's own, or of codes that it names.  3.26.2 */
static bool leaf_s2_direct(const struct facts *facts, uint64_t word)
{
	return ttd_leaf(facts, word) && !facts_indirect2(facts);
}

static bool leaf_s2_indirect(const struct facts *facts, uint64_t word)
{
	return ttd_leaf(facts, word) && facts_indirect2(facts);
}

static bool leaf_s2_overlaid(const struct facts *facts, uint64_t word)
{
	return leaf_s2_indirect(facts, word) && facts->s2po && ste(facts, "S2POE");
}

static bool leaf_s2_dirty(const struct facts *facts, uint64_t word)
{
	return leaf_s2_direct(facts, word) && ste(facts, "S2HA") && ste(facts, "S2HD");
}

/* Translation hardening: PnCH has Protected in place of Contiguous.  3.27 */
static bool has_pnch(const struct facts *facts)
{
	return facts->the && !facts_lpae(facts) && cd(facts, "PnCH");
}

static bool ttd_protected(const struct facts *facts, uint64_t word)
{
	return has_pnch(facts) && (ttd_table(facts, word) || ttd_leaf(facts, word));
}

static bool leaf_s1_contiguous(const struct facts *facts, uint64_t word)
{
	return ttd_leaf(facts, word) && !has_pnch(facts);
}

static bool leaf_assured_only(const struct facts *facts, uint64_t word)
{
	return ttd_leaf(facts, word) && facts->the && ste(facts, "AssuredOnly");
}

static bool wide_hardened(const struct facts *facts, uint64_t word)
{
	return facts->the && (ttd_leaf(facts, word) || ttd_table(facts, word));
}

static bool ste_the(const struct facts *facts, uint64_t word)
{
	return ste_s2_aa64(facts, word) && facts->the;
}

static bool cd_the(const struct facts *facts, uint64_t word)
{
	return cd_aa64(facts, word) && facts->the;
}

static bool ste_s2pi(const struct facts *facts, uint64_t word)
{
	return ste_s2_aa64(facts, word) && facts->s2pi;
}

static bool ste_s2po(const struct facts *facts, uint64_t word)
{
	return ste_s2_aa64(facts, word) && facts->s2po;
}

static bool leaf_s1_uxn(const struct facts *facts, uint64_t word)
{
	return ttd_leaf(facts, word) && !facts_indirect1(facts) && has_uxn(facts);
}

static bool leaf_s1_xn(const struct facts *facts, uint64_t word)
{
	return ttd_leaf(facts, word) && !facts_indirect1(facts) && !has_uxn(facts);
}

/* The PA space, where the table itself is read as Secure. */
static bool table_of_secure(const struct facts *facts, uint64_t word)
{
	return ttd_table(facts, word) && facts->pas == SMMU3_PAS_SECURE;
}

static bool leaf_of_secure(const struct facts *facts, uint64_t word)
{
	return ttd_leaf(facts, word) && facts->pas == SMMU3_PAS_SECURE;
}

/* What a realm shares: of stage 1 leaves of EL2 say it, and all of stage 2.  D8.4.6 */
static bool leaf_of_realm_el2(const struct facts *facts, uint64_t word)
{
	return ttd_leaf(facts, word) && facts->realm && facts_el2(facts);
}

static bool leaf_of_realm(const struct facts *facts, uint64_t word)
{
	return ttd_leaf(facts, word) && facts->realm;
}

/* With DS bits 51:50 of the address stand where SH would. */
static bool leaf_with_sh(const struct facts *facts, uint64_t word)
{
	return ttd_leaf(facts, word) && !facts_ds(facts);
}

static bool ste_ds(const struct facts *facts, uint64_t word)
{
	return ste_stage2(facts, word) && facts->ds;
}

static bool ste_trees_ds(const struct facts *facts, uint64_t word)
{
	return ste_trees(facts, word) && facts->ds;
}

static bool cd_ds(const struct facts *facts, uint64_t word)
{
	return cd_valid(facts, word) && facts->ds;
}

static bool leaf_xnx(const struct facts *facts, uint64_t word)
{
	return leaf_s2_direct(facts, word) && facts->xnx;
}

static bool leaf_xn(const struct facts *facts, uint64_t word)
{
	return leaf_s2_direct(facts, word) && !facts->xnx;
}

#define OWN(text, high, low_, words) .name = text, .own = { text, high, low_, 0, words }

static const struct row l1std_rows[] = { { .name = "Span" }, { .name = "L2Ptr" }, { 0 } };
static const struct row l1cd_rows[] = { { .name = "V" }, { .name = "L2Ptr" }, { 0 } };

static const struct row ste_rows[] = {
	{ .name = "V" },
	{ .name = "Config", .when = ste_valid },
	{ .name = "S1Fmt", .when = ste_substreams },
	{ .name = "S1ContextPtr", .when = ste_stage1 },
	{ .name = "S1CDMax", .when = ste_stage1 },
	{ .name = "S1DSS", .when = ste_substreams },
	{ .name = "S1STALLD", .when = ste_stage1 },
	{ .name = "S1PIE", .when = ste_s1pi },
	{ .name = "STRW", .when = ste_strw },
	{ .name = "MTCFG", .when = ste_types },
	{ .name = "MemAttr", .when = ste_memattr },
	{ .name = "ALLOCCFG", .when = ste_types },
	{ .name = "SHCFG", .when = ste_types },
	{ .name = "NSCFG", .when = ste_nscfg },
	{ .name = "EATS", .when = ste_dpt },
	{ .name = "DRE", .when = ste_dre, .section = "16.7.2.1" },
	{ .name = "DCP", .when = ste_dcp, .section = "3.22.1" },
	{ .name = "DPT_VMATCH", .when = ste_dpt },
	{ .name = "PRIVCFG", .when = ste_perms },
	{ .name = "INSTCFG", .when = ste_perms },
	{ .name = "MECID", .when = ste_mecid },
	{ .name = "S2VMID", .when = ste_stage2 },
	{ .name = "S2T0SZ", .when = ste_stage2 },
	{ .name = "S2SL0", .when = ste_stage2 },
	{ .name = "S2SL0_2", .when = ste_ds },
	{ .name = "S2DS", .when = ste_ds },
	{ .name = "S2TG", .when = ste_s2_aa64 },
	{ .name = "S2PS", .when = ste_s2_aa64 },
	{ .name = "S2AA64", .when = ste_stage2 },
	{ .name = "S2ENDI", .when = ste_s2_big },
	{ .name = "S2TTB", .when = ste_stage2 },
	{ OWN("S2NSW", 192, 192, "0=Secure|1=Non-secure"), .when = ste_trees },
	{ OWN("S2NSA", 193, 193, "0=Secure|1=Non-secure"), .when = ste_trees },
	{ .name = "S_S2T0SZ", .when = ste_trees },
	{ .name = "S_S2SL0", .when = ste_trees },
	{ .name = "S_S2SL0_2", .when = ste_trees_ds },
	{ .name = "S_S2TG", .when = ste_trees },
	{ .name = "S_S2TTB", .when = ste_trees },
	{ OWN("S2SW", 384, 384, "0=Secure|1=Non-secure"), .when = ste_trees },
	{ OWN("S2SA", 385, 385, "0=Secure|1=Non-secure"), .when = ste_trees },
	{ .name = "S2FWB", .when = ste_stage2 },
	{ .name = "S2AFFD", .when = ste_stage2 },
	{ .name = "S2HA", .when = ste_updates },
	{ .name = "S2HD", .when = ste_updates },
	{ .name = "S2PIE", .when = ste_s2pi },
	{ .name = "S2POE", .when = ste_s2po },
	{ .name = "AssuredOnly", .when = ste_the, .section = "3.27.2" },
	{ .name = "TL0", .when = ste_the, .section = "3.27" },
	{ .name = "TL1", .when = ste_the, .section = "3.27" },
	{ .name = "S2HAFT", .when = ste_marks },
	{ .name = "S2PTW", .when = ste_both },
	{ .name = "S2S", .when = ste_stage2 },
	{ .name = "S2R", .when = ste_stage2 },
	{ 0 },
};

static const struct row cd_rows[] = {
	{ .name = "V" },
	{ .name = "AA64", .when = cd_valid },
	{ .name = "ENDI", .when = cd_big },
	{ .name = "T0SZ", .when = cd_lower },
	{ .name = "TG0", .when = cd_lower_aa64 },
	{ .name = "EPD0", .when = cd_lower_two },
	{ .name = "TBI0", .when = cd_lower_aa64 },
	{ .name = "HAD0", .when = cd_lower },
	{ .name = "E0PD0", .when = cd_lower_e0pd },
	{ .name = "NSCFG0", .when = cd_lower_secure },
	{ .name = "TTB0", .when = cd_lower },
	{ .name = "T1SZ", .when = cd_upper },
	{ .name = "TG1", .when = cd_upper_aa64 },
	{ .name = "EPD1", .when = cd_upper },
	{ .name = "TBI1", .when = cd_upper_aa64 },
	{ .name = "HAD1", .when = cd_upper },
	{ .name = "E0PD1", .when = cd_upper_e0pd },
	{ .name = "NSCFG1", .when = cd_upper_secure },
	{ .name = "TTB1", .when = cd_upper },
	{ .name = "IPS", .when = cd_aa64 },
	{ .name = "DS", .when = cd_ds },
	{ .name = "AFFD", .when = cd_valid },
	{ .name = "HA", .when = cd_updates },
	{ .name = "HD", .when = cd_updates },
	{ .name = "HAFT", .when = cd_marks },
	{ .name = "WXN", .when = cd_valid },
	{ .name = "UWXN", .when = cd_uwxn },
	{ .name = "PAN", .when = cd_two },
	{ .name = "EPAN", .when = cd_pan_counts },
	{ .name = "PIE", .when = cd_s1pi },
	{ .name = "AIE", .when = cd_aie },
	{ .name = "PnCH", .when = cd_the, .section = "3.27.1" },
	{ .name = "S", .when = cd_valid, .section = "5.5" },
	{ .name = "R", .when = cd_valid, .section = "5.5" },
	{ .name = "A", .when = cd_valid, .section = "5.5" },
	{ .name = "ASID", .when = cd_two },
	{ 0 },
};

#define VALID                                                              \
	{                                                                  \
		OWN("Valid", 0, 0, "0=invalid|1=valid"), .section = "D8.3" \
	}
#define TYPE                                                                                     \
	{                                                                                        \
		OWN("Type", 1, 1, "0=block|1=table"), .section = "D8.3", .when = ttd_other_level \
	}
#define PAGE                                                                                      \
	{                                                                                         \
		OWN("Type", 1, 1, "0=reserved|1=page"), .section = "D8.3", .when = ttd_last_level \
	}
#define SH                                                                                         \
	{                                                                                          \
		OWN("SH", 9, 8, "0=Non-shareable|1=reserved|2=Outer Shareable|3=Inner Shareable"), \
			.section = "D8.6.2", .when = leaf_with_sh                                  \
	}
#define AF                                                                               \
	{                                                                                \
		OWN("AF", 10, 10, "0=not accessed yet|1=accessed"), .section = "D8.5.1", \
								    .when = ttd_leaf     \
	}
#define AF_OF_TABLE(haft)                                                                  \
	{                                                                                  \
		OWN("AF", 10, 10, "0=not accessed yet|1=accessed"), .section = "D8.5.1.3", \
								    .when = haft           \
	}
#define CONTIGUOUS(leaf)                                                               \
	{                                                                              \
		OWN("Contiguous", 52, 52, "0=no|1=one of a run"), .section = "D8.7.1", \
								  .when = leaf         \
	}

static const struct row s1_rows[] = {
	VALID,
	TYPE,
	PAGE,
	{ OWN("NSTable", 63, 63, "0=Secure|1=Non-secure"), .section = "D8.4",
	  .when = table_of_secure },
	{ OWN("APTable", 62, 61,
	      "0=no limit|1=privileged only|2=read-only|3=privileged and read-only"),
	  .section = "D8.4.1.2", .when = limits_of_two },
	{ OWN("APTable", 62, 62, "0=no limit|1=read-only"), .section = "D8.4.1.2",
	  .when = limits_of_one },
	{ OWN("UXNTable", 60, 60, "0=no limit|1=no unprivileged execution"), .section = "D8.4.1.2",
	  .when = limits_uxn },
	{ OWN("UXNTable", 60, 60, "0=no limit|1=no execution"), .section = "D8.4.1.2",
	  .when = limits_xn },
	{ OWN("PXNTable", 59, 59, "0=no limit|1=no privileged execution"), .section = "D8.4.1.2",
	  .when = limits_of_two },
	{ OWN("AttrIndx", 4, 2, NULL), .section = "D8.6.1", .when = ttd_leaf },
	{ OWN("AttrIndx[3]", 59, 59, "0=as AttrIndx|1=the last"), .section = "5.4",
	  .when = leaf_aie },
	{ OWN("AP", 7, 6, "0=privileged read and write|1=read and write|2=privileged read|3=read"),
	  .section = "D8.4.1.2", .when = permissions_of_two },
	{ OWN("AP", 7, 7, "0=read and write|1=read"), .section = "D8.4.1.2",
	  .when = permissions_of_one },
	{ OWN("PIIndex[0]", 6, 6, NULL), .section = "3.26.1", .when = leaf_s1_indirect },
	{ OWN("nDirty", 7, 7, "0=dirty|1=clean"), .section = "D8.5.2", .when = leaf_s1_indirect },
	{ OWN("NS", 5, 5, "0=Secure|1=Non-secure"), .section = "D8.3.1.2", .when = leaf_of_secure },
	{ OWN("NS", 5, 5, "0=Realm|1=Non-secure"), .section = "D8.3.1.2",
	  .when = leaf_of_realm_el2 },
	SH,
	AF,
	AF_OF_TABLE(table_s1_marked),
	{ OWN("DBM", 51, 51, "0=as AP says|1=hardware may make it writable"), .section = "D8.5.2",
	  .when = leaf_s1_dirty },
	{ OWN("nG", 11, 11, "0=global|1=of the ASID"), .section = "D8.3.1.2", .when = leaf_of_two },
	CONTIGUOUS(leaf_s1_contiguous),
	{ OWN("Protected", 52, 52, "0=no|1=yes"), .section = "3.27.1", .when = ttd_protected },
	{ OWN("PXN", 53, 53, "0=may execute when privileged|1=no privileged execution"),
	  .section = "D8.4.1.2", .when = permissions_of_two },
	{ OWN("UXN", 54, 54, "0=may execute when unprivileged|1=no unprivileged execution"),
	  .section = "D8.4.1.2", .when = leaf_s1_uxn },
	{ OWN("UXN", 54, 54, "0=may execute|1=no execution"), .section = "D8.4.1.2",
	  .when = leaf_s1_xn },
	{ OWN("PIIndex[1]", 51, 51, NULL), .section = "3.26.1", .when = leaf_s1_indirect },
	{ OWN("PIIndex[3:2]", 54, 53, NULL), .section = "3.26.1", .when = leaf_s1_indirect },
	{ 0 },
};

static const struct row s2_rows[] = {
	VALID,
	TYPE,
	PAGE,
	{ OWN("MemAttr", 5, 2, NULL), .section = "D8.6.3", .when = ttd_leaf },
	{ OWN("S2AP", 7, 6, "0=none|1=read|2=write|3=read and write"), .section = "D8.4.2",
	  .when = leaf_s2_direct },
	{ OWN("PIIndex[0]", 6, 6, NULL), .section = "3.26.2", .when = leaf_s2_indirect },
	{ OWN("Dirty", 7, 7, "0=clean|1=dirty"), .section = "D8.5.2", .when = leaf_s2_indirect },
	{ OWN("SH", 9, 8, "0=Non-shareable|1=reserved|2=Outer Shareable|3=Inner Shareable"),
	  .section = "D8.6.7", .when = leaf_with_sh },
	AF,
	AF_OF_TABLE(table_s2_marked),
	{ OWN("DBM", 51, 51, "0=as S2AP says|1=hardware may make it writable"), .section = "D8.5.2",
	  .when = leaf_s2_dirty },
	CONTIGUOUS(ttd_leaf),
	{ OWN("AssuredOnly", 58, 58, "0=no|1=for Assured translations"), .section = "3.27.2",
	  .when = leaf_assured_only },
	{ OWN("NS", 55, 55, "0=Realm|1=Non-secure"), .section = "D8.3.1.2", .when = leaf_of_realm },
	{ OWN("XN", 54, 53,
	      "0=may execute|1=unprivileged execution only|2=no execution|3=privileged execution only"),
	  .section = "D8.4.2", .when = leaf_xnx },
	{ OWN("XN", 54, 54, "0=may execute|1=no execution"), .section = "D8.4.2", .when = leaf_xn },
	{ OWN("PIIndex[1]", 51, 51, NULL), .section = "3.26.2", .when = leaf_s2_indirect },
	{ OWN("PIIndex[3:2]", 54, 53, NULL), .section = "3.26.2", .when = leaf_s2_indirect },
	{ OWN("POIndex", 62, 59, NULL), .section = "3.26.2", .when = leaf_s2_overlaid },
	{ 0 },
};

/* Of the lower granule, or of all of a contiguous region; of the upper. */
static bool dpt_lower(const struct facts *facts, uint64_t word)
{
	const bool contiguous = (word & 3) == 3 && (word >> 8 & 0xf);

	return word & 1 && (contiguous || !(facts->txn->addr >> facts->granule_lg2 & 1));
}

static bool dpt_upper(const struct facts *facts, uint64_t word)
{
	return word & 2 && !dpt_lower(facts, word) && facts->txn->addr >> facts->granule_lg2 & 1;
}

static bool dpt_both(const struct facts *facts, uint64_t word)
{
	(void)facts;
	return (word & 3) == 3;
}

/* Of both levels: a layout has those that it has. */
static const struct row dpt_rows[] = {
	{ .name = "Type" },
	{ .name = "Address" },
	{ .name = "AC" },
	{ .name = "W" },
	{ .name = "VMID" },
	{ .name = "A" },
	{ .name = "Contig", .when = dpt_both },
	{ .name = "AC0", .when = dpt_lower },
	{ .name = "W0", .when = dpt_lower },
	{ .name = "VMID0", .when = dpt_lower },
	{ .name = "AC1", .when = dpt_upper },
	{ .name = "W1", .when = dpt_upper },
	{ .name = "VMID1", .when = dpt_upper },
	{ 0 },
};

/* Of both levels; of 16 granules add_granule has the one. */
static const struct row gpt_rows[] = {
	{ .name = "Type" }, { .name = "Address" }, { .name = "GPI" }, { .name = "Contig" }, { 0 },
};

/* All 32 of them: which one counts the CD says, which is read later. */
static const struct row vms_rows[] = {
	{ .name = "PARTID_MAP0" },  { .name = "PARTID_MAP1" },  { .name = "PARTID_MAP2" },
	{ .name = "PARTID_MAP3" },  { .name = "PARTID_MAP4" },  { .name = "PARTID_MAP5" },
	{ .name = "PARTID_MAP6" },  { .name = "PARTID_MAP7" },  { .name = "PARTID_MAP8" },
	{ .name = "PARTID_MAP9" },  { .name = "PARTID_MAP10" }, { .name = "PARTID_MAP11" },
	{ .name = "PARTID_MAP12" }, { .name = "PARTID_MAP13" }, { .name = "PARTID_MAP14" },
	{ .name = "PARTID_MAP15" }, { .name = "PARTID_MAP16" }, { .name = "PARTID_MAP17" },
	{ .name = "PARTID_MAP18" }, { .name = "PARTID_MAP19" }, { .name = "PARTID_MAP20" },
	{ .name = "PARTID_MAP21" }, { .name = "PARTID_MAP22" }, { .name = "PARTID_MAP23" },
	{ .name = "PARTID_MAP24" }, { .name = "PARTID_MAP25" }, { .name = "PARTID_MAP26" },
	{ .name = "PARTID_MAP27" }, { .name = "PARTID_MAP28" }, { .name = "PARTID_MAP29" },
	{ .name = "PARTID_MAP30" }, { .name = "PARTID_MAP31" }, { 0 },
};

/* A descriptor that says in which space what it maps is. */
static bool leaf_with_space(const struct facts *facts, uint64_t word)
{
	if (facts->stage == 2)
		return leaf_of_realm(facts, word);
	return leaf_of_secure(facts, word) || leaf_of_realm_el2(facts, word);
}

/* Of VMSAv9-128, by the names of its layouts; what a stage or kind has not is not there. */
static const struct row wide_rows[] = {
	{ .name = "Valid", .section = "D8.3" },
	{ .name = "SKL", .section = "D8.2.11", .when = ttd_valid },
	{ .name = "NSTable", .section = "D8.4", .when = table_of_secure },
	{ .name = "DisCH", .section = "D8.7.1", .when = ttd_table },
	{ .name = "AttrIndx", .section = "D8.6.1", .when = ttd_leaf },
	{ .name = "AttrIndx[3]", .section = "D8.6.1", .when = ttd_leaf },
	{ .name = "MemAttr", .section = "D8.6.3", .when = ttd_leaf },
	{ .name = "PIIndex", .section = "D8.4", .when = ttd_leaf },
	{ .name = "POIndex", .section = "D8.4", .when = ttd_leaf },
	{ .name = "NS", .section = "D8.3.2.2", .when = leaf_with_space },
	{ .name = "SH", .section = "D8.6.2", .when = ttd_leaf },
	{ .name = "AF", .section = "D8.5.1", .when = ttd_leaf },
	{ .name = "nDirty", .section = "D8.5.2", .when = ttd_leaf },
	{ .name = "Dirty", .section = "D8.5.2", .when = ttd_leaf },
	{ .name = "nG", .section = "D8.3.2.2", .when = leaf_of_two },
	{ .name = "Contiguous", .section = "D8.7.1", .when = ttd_leaf },
	{ .name = "Protected", .section = "3.27.1", .when = wide_hardened },
	{ .name = "AssuredOnly", .section = "3.27.2", .when = wide_hardened },
	{ 0 },
};

static const struct row *const rows_of[] = {
	[SMMU3_REASON_L1STD] = l1std_rows, [SMMU3_REASON_STE] = ste_rows,
	[SMMU3_REASON_L1CD] = l1cd_rows,   [SMMU3_REASON_CD] = cd_rows,
	[SMMU3_REASON_S1_TTD] = s1_rows,   [SMMU3_REASON_S2_TTD] = s2_rows,
	[SMMU3_REASON_DPT] = dpt_rows,     [SMMU3_REASON_GPT] = gpt_rows,
	[SMMU3_REASON_VMS] = vms_rows,
};

/* Where a descriptor leads: bits of several fields together. */
static void add_target(const struct facts *facts, uint64_t word, json_object *rows)
{
	const bool leaf = ttd_leaf(facts, word);
	const unsigned lsb = facts_target_lg2(facts, word), msb = facts->wide ? 55 : 47;

	if (!leaf && !ttd_table(facts, word))
		return;
	json_append(rows, field_row(leaf ? "OA" : "NLTA", msb, lsb, facts_target(facts, word),
				    leaf ? "output address" : "next-level table address",
				    facts->wide ? "D8.3.2" :
				    leaf        ? "D8.3.1.2" :
						  "D8.3.1.1"));
}

/* What AttrIndx and MemAttr say depends on other structures. */
static void add_type(const struct facts *facts, uint64_t word, json_object *field)
{
	char text[64];

	facts_memory_type(facts, word, text, sizeof(text));
	json_text(field, "meaning", text);
}

static void add_row(const struct facts *facts, const struct smmu3_layout *layout,
		    const struct row *row, const uint64_t *words, json_object *rows)
{
	const struct smmu3_field *field = row->own.name ? &row->own :
							  smmu3_field(layout, row->name);

	if (!field || (row->when && !row->when(facts, words[0])))
		return;
	json_object *object = field_of(layout, field, words, row->section);

	if (facts->stage && (!strcmp(row->name, "AttrIndx") || !strcmp(row->name, "MemAttr")))
		add_type(facts, words[0], object);
	json_append(rows, object);
	if (facts->stage && (!strcmp(row->name, "Type") || !strcmp(row->name, "SKL")))
		add_target(facts, words[0], rows);
}

/* The GPI of the granule that is asked for. */
static void add_granule(const struct facts *facts, const struct smmu3_layout *layout,
			const uint64_t *words, json_object *rows)
{
	char name[8];
	const struct row row = { .name = name };

	snprintf(name, sizeof(name), "GPI%u", facts_granule(facts));
	add_row(facts, layout, &row, words, rows);
}

json_object *facts_fields(const struct facts *facts, const struct smmu3_step *step)
{
	json_object *rows = json_list();
	const struct smmu3_layout *layout = facts_layout(facts, step);

	if (step->aborted || !layout)
		return rows;
	for (const struct row *row = facts->wide ? wide_rows : rows_of[step->reason]; row->name;
	     row++)
		add_row(facts, layout, row, step->word, rows);
	if (step->reason == SMMU3_REASON_GPT)
		add_granule(facts, layout, step->word, rows);
	return rows;
}
