/* SPDX-License-Identifier: MIT */
/* Every key of a configuration, in the order in which it is printed. */
#include "platform/atc.h"
#include "platform/features.h"
#include "platform/model.h"

#include "arch/attr.h"
#include "arch/ste.h"

#include <smmu/check.h>

#define AT(type, member) .offset = offsetof(struct type, member)
#define NUMBER(low, high, preset) \
	.type = &number_value, .min = (low), .max = (high), .fallback = (preset)
#define COUNT(low, high, preset) \
	.type = &count_value, .min = (low), .max = (high), .fallback = (preset)
#define BOOL(preset) .type = &bool_value, .fallback = (preset)
#define WORD(words, preset) .type = &word_value, .of = (words), .fallback = (preset)
#define ATTR(preset) .type = &attr_value, .fallback = (preset)
#define NAME .type = &name_value
#define FILE_NAME .type = &file_value
#define MAP(shape) .type = &map_value, .of = (shape)
#define LIST(shape) .type = &list_value, .of = (shape)
#define FIELDS(layout) .type = &fields_value, .of = (layout)
#define REQUIRED .required = true
#define END                 \
	{                   \
		.key = NULL \
	}

const struct word perm_words[] = {
	{ "none", PERM_NONE }, { "ro", PERM_RO }, { "wo", PERM_WO }, { "rw", PERM_RW }, { NULL, 0 },
};

static const struct word stage_words[] = { { "1", 1 }, { "2", 2 }, { NULL, 0 } };
static const struct word granule_words[] = {
	{ "4K", 12 }, { "16K", 14 }, { "64K", 16 }, { NULL, 0 }
};
static const struct word format_words[] = { { "aa64", SMMU3_TABLE_AA64 },
					    { "lpae", SMMU3_TABLE_LPAE },
					    { "d128", SMMU3_TABLE_D128 },
					    { NULL, 0 } };
static const struct word endian_words[] = { { "little", false }, { "big", true }, { NULL, 0 } };
static const struct word level_words[] = { { "-1", 0xff }, { "0", 0 }, { "1", 1 },
					   { "2", 2 },     { "3", 3 }, { NULL, 0 } };
static const struct word size_words[] = {
	{ "32", 32 }, { "36", 36 }, { "40", 40 }, { "42", 42 }, { "44", 44 },
	{ "48", 48 }, { "52", 52 }, { "56", 56 }, { NULL, 0 },
};
static const struct word fault_words[] = { { "translation", 1 }, { NULL, 0 } };
static const struct word mode_words[] = {
	{ "bypass", MODE_BYPASS },
	{ "abort", MODE_ABORT },
	{ "invalid", MODE_INVALID },
	{ NULL, 0 },
};
static const struct word world_words[] = {
	{ "el1", STE_STRW_EL1 }, { "el2", STE_STRW_EL2 }, { "el3", STE_STRW_EL3 }, { NULL, 0 }
};
static const struct word s1dss_words[] = {
	{ "terminate", 0 }, { "bypass", 1 }, { "ssid0", 2 }, { NULL, 0 }
};
static const struct word cd_format_words[] = {
	{ "linear", 0 },
	{ "two-level-4K", 1 },
	{ "two-level-64K", 2 },
	{ NULL, 0 },
};
static const struct word stream_format_words[] = { { "linear", 0 },
						   { "two-level", 1 },
						   { NULL, 0 } };
static const struct word split_words[] = { { "6", 6 }, { "8", 8 }, { "10", 10 }, { NULL, 0 } };
static const struct word table_attr_words[] = {
	{ "wb", CR1_WB }, { "wt", CR1_WT }, { "nc", CR1_NC }, { NULL, 0 }
};
static const struct word version_words[] = { { "1", 1 }, { NULL, 0 } };

static const struct row mapping_rows[] = {
	{ "va", AT(mapping_spec, va), NUMBER(0, UINT64_MAX, UNSET) },
	{ "ipa", AT(mapping_spec, ipa), NUMBER(0, UINT64_MAX, UNSET) },
	{ "pa", AT(mapping_spec, pa), NUMBER(0, UINT64_MAX, UNSET) },
	{ "size", AT(mapping_spec, size), NUMBER(1, UINT64_MAX, UNSET), REQUIRED },
	{ "perm", AT(mapping_spec, perm), WORD(perm_words, PERM_RW) },
	{ "user", AT(mapping_spec, user), BOOL(UNSET) },
	{ "exec", AT(mapping_spec, exec), BOOL(false) },
	{ "px", AT(mapping_spec, px), BOOL(UNSET) },
	{ "ux", AT(mapping_spec, ux), BOOL(UNSET) },
	{ "attr", AT(mapping_spec, attr), ATTR(MAIR_NORMAL_WB) },
	{ "attr_index", AT(mapping_spec, attr_index), COUNT(0, MAIR_ENTRIES - 1, UNSET) },
	{ "memattr", AT(mapping_spec, memattr), COUNT(0, 15, UNSET) },
	{ "sh", AT(mapping_spec, sh), WORD(shareability_words, UNSET) },
	{ "block", AT(mapping_spec, block), NUMBER(1, UINT64_MAX, UNSET) },
	{ "contiguous", AT(mapping_spec, contiguous), BOOL(false) },
	{ "af", AT(mapping_spec, af), BOOL(true) },
	{ "ng", AT(mapping_spec, ng), BOOL(UNSET) },
	{ "ns", AT(mapping_spec, ns), BOOL(UNSET) },
	{ "dbm", AT(mapping_spec, dbm), BOOL(false) },
	{ "pi", AT(mapping_spec, pi), COUNT(0, 15, UNSET) },
	{ "po", AT(mapping_spec, po), COUNT(0, 15, UNSET) },
	{ "dirty", AT(mapping_spec, dirty), BOOL(UNSET) },
	{ "protected", AT(mapping_spec, is_protected), BOOL(UNSET) },
	{ "assured_only", AT(mapping_spec, assured_only), BOOL(UNSET) },
	{ "raw", AT(mapping_spec, raw), NUMBER(0, UINT64_MAX, UNSET) },
	{ "table_bits", AT(mapping_spec, table_bits), NUMBER(0, UINT64_MAX, 0) },
	{ "fault", AT(mapping_spec, fault), WORD(fault_words, UNSET) },
	END,
};
const struct shape mapping_shape = { "a mapping", sizeof(struct mapping_spec), mapping_rows };

static const struct row table_rows[] = {
	{ "stage", AT(table_spec, stage), WORD(stage_words, 1), REQUIRED },
	{ "format", AT(table_spec, format), WORD(format_words, UNSET) },
	{ "endian", AT(table_spec, endian), WORD(endian_words, UNSET) },
	{ "granule", AT(table_spec, granule), WORD(granule_words, UNSET) },
	{ "va_bits", AT(table_spec, va_bits), COUNT(16, 56, UNSET) },
	{ "ipa_bits", AT(table_spec, ipa_bits), COUNT(16, 56, UNSET) },
	{ "t0sz", AT(table_spec, t0sz), COUNT(8, 48, UNSET) },
	{ "skip", AT(table_spec, skip), COUNT(0, 3, 0) },
	{ "start_level", AT(table_spec, start_level), WORD(level_words, UNSET) },
	{ "output_bits", AT(table_spec, output_bits), WORD(size_words, UNSET) },
	{ "ds", AT(table_spec, ds), BOOL(false) },
	{ "upper", AT(table_spec, upper), BOOL(UNSET) },
	{ "vmid", AT(table_spec, vmid), COUNT(0, 0xffff, UNSET) },
	{ "in", AT(table_spec, in), NAME },
	{ "at_ipa", AT(table_spec, at_ipa), NUMBER(0, PA_MOST - 1, UNSET) },
	{ "s2_perm", AT(table_spec, s2_perm), WORD(perm_words, UNSET) },
	{ "tables_in", AT(table_spec, tables_in), NAME },
	{ "map", AT(table_spec, map), LIST(&mapping_shape) },
	END,
};
const struct shape table_shape = { "a table", sizeof(struct table_spec), table_rows };

/* A label of MPAM, of a struct, and before the member's name. */
#define LABEL_ROWS(type, in)                                        \
	{ "partid", AT(type, in partid), COUNT(0, 0xffff, UNSET) }, \
		{ "pmg", AT(type, in pmg), COUNT(0, 0xff, UNSET) }, \
	{                                                           \
		"mpam_ns", AT(type, in mpam_ns), BOOL(UNSET)        \
	}

static const struct row context_rows[] = {
	{ "ssid", AT(context_spec, ssid), NUMBER(0, 0xfffff, 0), REQUIRED },
	{ "table", AT(context_spec, table), NAME },
	{ "table_upper", AT(context_spec, table_upper), NAME },
	{ "asid", AT(context_spec, asid), COUNT(0, 0xffff, UNSET) },
	{ "cd", AT(context_spec, cd), FIELDS("CD") },
	{ "cd_raw", AT(context_spec, cd_raw), .type = &words8_value },
	{ "map", AT(context_spec, map), LIST(&mapping_shape) },
	{ "partid", AT(context_spec, partid), COUNT(0, 0xffff, UNSET) },
	{ "pmg", AT(context_spec, pmg), COUNT(0, 0xff, UNSET) },
	END,
};
const struct shape context_shape = { "a substream", sizeof(struct context_spec), context_rows };

static const struct row atc_rows[] = {
	{ "entries", AT(atc_spec, entries), COUNT(1, ATC_PLACES_MOST, 32) },
	END,
};
static const struct shape atc_shape = { "an ATC", sizeof(struct atc_spec), atc_rows };

static const struct row master_rows[] = {
	{ "name", AT(master_spec, name), NAME, REQUIRED },
	{ "smmu", AT(master_spec, smmu), NAME },
	{ "stream_id", AT(master_spec, stream_id), NUMBER(0, 0xffffffff, UNSET) },
	{ "count", AT(master_spec, count), COUNT(1, 65536, 1) },
	{ "security", AT(master_spec, security), WORD(pas_words, SMMU3_PAS_NS) },
	{ "ns", AT(master_spec, ns), BOOL(UNSET) },
	{ "bus_width", AT(master_spec, bus_width), COUNT(1, 64, 64) },
	{ "attr", AT(master_spec, attr), ATTR(SMMU3_ATTR_DEFAULT_MAIR) },
	{ "sh", AT(master_spec, sh), WORD(shareability_words, SMMU3_NSH) },
	{ "priv", AT(master_spec, priv), BOOL(false) },
	{ "can_stall", AT(master_spec, can_stall), BOOL(true) },
	{ "atc", AT(master_spec, atc), MAP(&atc_shape) },
	{ "ns_only", AT(master_spec, ns_only), BOOL(UNSET) },
	{ "exclusive", AT(master_spec, exclusive), BOOL(UNSET) },
	{ "mode", AT(master_spec, mode), WORD(mode_words, UNSET) },
	{ "world", AT(master_spec, world), WORD(world_words, UNSET) },
	{ "table", AT(master_spec, context.table), NAME },
	{ "table_upper", AT(master_spec, context.table_upper), NAME },
	{ "stage2", AT(master_spec, stage2), NAME },
	{ "stage2_ns", AT(master_spec, stage2_ns), NAME },
	{ "asid", AT(master_spec, context.asid), COUNT(0, 0xffff, UNSET) },
	{ "s1dss", AT(master_spec, s1dss), WORD(s1dss_words, UNSET) },
	{ "cdmax", AT(master_spec, cdmax), COUNT(0, 20, UNSET) },
	{ "cd_format", AT(master_spec, cd_format), WORD(cd_format_words, UNSET) },
	{ "cd_at_ipa", AT(master_spec, cd_at_ipa), NUMBER(0, PA_MOST - 1, UNSET) },
	{ "cd_s2_perm", AT(master_spec, cd_s2_perm), WORD(perm_words, UNSET) },
	{ "cd", AT(master_spec, context.cd), FIELDS("CD") },
	{ "cd_raw", AT(master_spec, context.cd_raw), .type = &words8_value },
	{ "ste", AT(master_spec, ste), FIELDS("STE") },
	{ "ste_raw", AT(master_spec, ste_raw), .type = &words8_value },
	{ "map", AT(master_spec, context.map), LIST(&mapping_shape) },
	{ "substreams", AT(master_spec, substreams), LIST(&context_shape) },
	LABEL_ROWS(master_spec, ),
	END,
};
const struct shape master_shape = { "a master", sizeof(struct master_spec), master_rows };

static const struct row memory_rows[] = {
	{ "name", AT(memory_spec, name), NAME, REQUIRED },
	{ "base", AT(memory_spec, base), NUMBER(0, PA_MOST - 4096, UNSET), REQUIRED },
	{ "size", AT(memory_spec, size), NUMBER(4096, PA_MOST, UNSET), REQUIRED },
	{ "pas", AT(memory_spec, pas), WORD(pas_words, SMMU3_PAS_NS) },
	END,
};
const struct shape memory_shape = { "a memory", sizeof(struct memory_spec), memory_rows };

static const struct row cpu_mapping_rows[] = {
	{ "name", AT(cpu_mapping_spec, name), NAME },
	{ "pa", AT(cpu_mapping_spec, pa), NUMBER(0, PA_MOST - 1, 0), REQUIRED },
	{ "size", AT(cpu_mapping_spec, size), NUMBER(1, PA_MOST, UNSET), REQUIRED },
	{ "pas", AT(cpu_mapping_spec, pas), WORD(pas_words, SMMU3_PAS_NS) },
	{ "attr", AT(cpu_mapping_spec, attr), ATTR(MAIR_NORMAL_WB) },
	{ "sh", AT(cpu_mapping_spec, sh), WORD(shareability_words, UNSET) },
	END,
};
static const struct shape cpu_mapping_shape = { "a CPU mapping", sizeof(struct cpu_mapping_spec),
						cpu_mapping_rows };

static const struct word firewall_words[] = {
	{ "tzasc", FIREWALL_TZASC },
	{ "tzc400", FIREWALL_TZC400 },
	{ "strict", FIREWALL_STRICT },
	{ NULL, 0 },
};

/* What each PA space may do, of a struct, and before the member's name. */
#define GRANT_ROWS(spec, in)                                                                    \
	{ "ns", AT(spec, in perm[SMMU3_PAS_NS]), WORD(perm_words, UNSET) },                     \
		{ "secure", AT(spec, in perm[SMMU3_PAS_SECURE]), WORD(perm_words, PERM_NONE) }, \
		{ "realm", AT(spec, in perm[SMMU3_PAS_REALM]), WORD(perm_words, PERM_NONE) },   \
		{ "root", AT(spec, in perm[SMMU3_PAS_ROOT]), WORD(perm_words, PERM_NONE) },     \
		{ "ns_read", AT(spec, in ns_read), .type = &names_value },                      \
	{                                                                                       \
		"ns_write", AT(spec, in ns_write), .type = &names_value                         \
	}

static const struct row region_rows[] = {
	{ "name", AT(region_spec, name), NAME, REQUIRED },
	{ "memory", AT(region_spec, memory), NAME },
	{ "base", AT(region_spec, base), NUMBER(0, PA_MOST - 4096, UNSET) },
	{ "size", AT(region_spec, size), NUMBER(4096, PA_MOST, UNSET) },
	GRANT_ROWS(region_spec, grant.),
	END,
};
static const struct shape region_shape = { "a region", sizeof(struct region_spec), region_rows };

static const struct row fallback_rows[] = { GRANT_ROWS(grant_spec, ), END };
static const struct shape fallback_shape = { "default", sizeof(struct grant_spec), fallback_rows };

static const struct row firewall_rows[] = {
	{ "mode", AT(firewall_spec, mode), WORD(firewall_words, FIREWALL_TZASC), REQUIRED },
	{ "default", AT(firewall_spec, fallback), MAP(&fallback_shape) },
	{ "regions", AT(firewall_spec, regions), LIST(&region_shape) },
	END,
};
static const struct shape firewall_shape = { "the firewall", sizeof(struct firewall_spec),
					     firewall_rows };

#define BYPASS_ROWS                                                         \
	{ "abort", AT(bypass_spec, abort), BOOL(false) },                   \
		{ "mtcfg", AT(bypass_spec, mtcfg), BOOL(false) },           \
		{ "memattr", AT(bypass_spec, memattr), COUNT(0, 15, 0) },   \
		{ "alloccfg", AT(bypass_spec, alloccfg), COUNT(0, 15, 0) }, \
		{ "shcfg", AT(bypass_spec, shcfg), COUNT(0, 3, 1) },        \
		{ "privcfg", AT(bypass_spec, privcfg), COUNT(0, 3, 0) },    \
	{                                                                   \
		"instcfg", AT(bypass_spec, instcfg), COUNT(0, 3, 0)         \
	}

static const struct row bypass_rows[] = { BYPASS_ROWS, LABEL_ROWS(bypass_spec, ), END };
static const struct shape bypass_shape = { "bypass", sizeof(struct bypass_spec), bypass_rows };

static const struct row secure_bypass_rows[] = {
	BYPASS_ROWS,
	{ "nscfg", AT(bypass_spec, nscfg), COUNT(0, 3, 0) },
	LABEL_ROWS(bypass_spec, ),
	END,
};
static const struct shape secure_bypass_shape = { "bypass", sizeof(struct bypass_spec),
						  secure_bypass_rows };

static const struct row stream_table_rows[] = {
	{ "format", AT(stream_table_spec, format), WORD(stream_format_words, UNSET) },
	{ "log2size", AT(stream_table_spec, log2size), COUNT(0, 32, UNSET) },
	{ "split", AT(stream_table_spec, split), WORD(split_words, 8) },
	END,
};
static const struct shape stream_table_shape = { "stream_table", sizeof(struct stream_table_spec),
						 stream_table_rows };

static const struct row queue_rows[] = {
	{ "enabled", AT(queue_spec, enabled), BOOL(UNSET) },
	{ "log2size", AT(queue_spec, log2size), COUNT(0, 19, UNSET) },
	END,
};
static const struct shape queue_shape = { "a queue", sizeof(struct queue_spec), queue_rows };

static const struct row image_rows[] = {
	{ "index", AT(image_spec, index), FILE_NAME, REQUIRED },
	{ "data", AT(image_spec, data), FILE_NAME, REQUIRED },
	END,
};
static const struct shape image_shape = { "an image", sizeof(struct image_spec), image_rows };

static const struct word region_words[] = {
	{ "1G", 30 }, { "16G", 34 }, { "64G", 36 }, { "512G", 39 }, { NULL, 0 }
};

static const struct row dpt_grant_rows[] = {
	{ "pa", AT(dpt_grant_spec, pa), NUMBER(0, UINT64_MAX, 0), REQUIRED },
	{ "size", AT(dpt_grant_spec, size), NUMBER(1, UINT64_MAX, UNSET), REQUIRED },
	{ "perm", AT(dpt_grant_spec, perm), WORD(perm_words, PERM_RW) },
	{ "vmid", AT(dpt_grant_spec, vmid), COUNT(0, 0xffff, UNSET) },
	{ "shared", AT(dpt_grant_spec, shared), BOOL(false) },
	{ "contiguous", AT(dpt_grant_spec, contiguous), BOOL(false) },
	END,
};
static const struct shape dpt_grant_shape = { "a grant", sizeof(struct dpt_grant_spec),
					      dpt_grant_rows };

static const struct row dpt_rows[] = {
	{ "bits", AT(dpt_spec, bits), WORD(size_words, UNSET) },
	{ "region", AT(dpt_spec, region), WORD(region_words, 30) },
	{ "granule", AT(dpt_spec, granule), WORD(granule_words, UNSET) },
	{ "map", AT(dpt_spec, map), LIST(&dpt_grant_shape) },
	END,
};
static const struct shape dpt_shape = { "dpt", sizeof(struct dpt_spec), dpt_rows };

static const struct word gpi_words[] = {
	{ "none", SMMU3_GPI_NONE },
	{ "ns", SMMU3_GPI_NS },
	{ "secure", SMMU3_GPI_SECURE },
	{ "root", SMMU3_GPI_ROOT },
	{ "realm", SMMU3_GPI_REALM },
	{ "any", SMMU3_GPI_ANY },
	{ NULL, 0 },
};

static const struct row gpt_range_rows[] = {
	{ "pa", AT(gpt_range_spec, pa), NUMBER(0, UINT64_MAX, 0), REQUIRED },
	{ "size", AT(gpt_range_spec, size), NUMBER(1, UINT64_MAX, UNSET), REQUIRED },
	{ "pas", AT(gpt_range_spec, pas), WORD(gpi_words, UNSET), REQUIRED },
	{ "contiguous", AT(gpt_range_spec, contiguous), BOOL(false) },
	END,
};
static const struct shape gpt_range_shape = { "a range", sizeof(struct gpt_range_spec),
					      gpt_range_rows };

static const struct row gpt_rows[] = {
	{ "bits", AT(gpt_spec, bits), WORD(size_words, UNSET) },
	{ "granule", AT(gpt_spec, granule), WORD(granule_words, UNSET) },
	{ "rest", AT(gpt_spec, rest), WORD(gpi_words, SMMU3_GPI_NS) },
	{ "tables_in", AT(gpt_spec, tables_in), NAME },
	{ "map", AT(gpt_spec, map), LIST(&gpt_range_shape) },
	END,
};
static const struct shape gpt_shape = { "gpt", sizeof(struct gpt_spec), gpt_rows };

static const struct row caches_rows[] = {
	{ "all", AT(caches_spec, all), COUNT(0, SMMU3_CACHE_MOST, 0) },
	{ "l1stds", AT(caches_spec, l1stds), COUNT(0, SMMU3_CACHE_MOST, UNSET) },
	{ "stes", AT(caches_spec, stes), COUNT(0, SMMU3_CACHE_MOST, UNSET) },
	{ "cds", AT(caches_spec, cds), COUNT(0, SMMU3_CACHE_MOST, UNSET) },
	{ "tlb", AT(caches_spec, tlb), COUNT(0, SMMU3_CACHE_MOST, UNSET) },
	{ "tables", AT(caches_spec, tables), COUNT(0, SMMU3_CACHE_MOST, UNSET) },
	{ "dpt", AT(caches_spec, dpt), COUNT(0, SMMU3_CACHE_MOST, UNSET) },
	{ "gpt", AT(caches_spec, gpt), COUNT(0, SMMU3_CACHE_MOST, UNSET) },
	{ "micro", AT(caches_spec, micro), COUNT(0, SMMU3_MICRO_MOST, 0) },
	{ "micro_streams", AT(caches_spec, micro_streams), COUNT(0, SMMU3_MICRO_MOST, 0) },
	{ "contiguous", AT(caches_spec, contiguous), BOOL(false) },
	END,
};
static const struct shape caches_shape = { "caches", sizeof(struct caches_spec), caches_rows };

static const struct word check_words[] = { { "off", SMMU3_CHECK_OFF },
					   { "keeps", SMMU3_CHECK_KEEPS },
					   { "on", SMMU3_CHECK_ON },
					   { NULL, 0 } };

static const struct row statistics_rows[] = {
	{ "streams", AT(statistics_spec, streams), COUNT(0, SMMU3_CACHE_MOST, 0) },
	END,
};
static const struct shape statistics_shape = { "statistics", sizeof(struct statistics_spec),
					       statistics_rows };

static const struct word counter_bits_words[] = {
	{ "32", 31 }, { "36", 35 }, { "40", 39 }, { "44", 43 },
	{ "48", 47 }, { "64", 63 }, { NULL, 0 },
};

static const struct row pmcg_rows[] = {
	{ "counters", AT(pmcg_spec, counters), COUNT(1, 64, 8) },
	{ "counter_bits", AT(pmcg_spec, bits), WORD(counter_bits_words, 63) },
	{ "one_filter", AT(pmcg_spec, one_filter), BOOL(false) },
	{ "capture", AT(pmcg_spec, capture), BOOL(true) },
	{ "msi", AT(pmcg_spec, msi), BOOL(false) },
	END,
};
static const struct shape pmcg_shape = { "pmcg", sizeof(struct pmcg_spec), pmcg_rows };

/* What the programming interfaces have alike: of a struct, and before the member's name. */
#define INTERFACE_ROWS(type, in, bypass_)                                                 \
	{ "enabled", AT(type, in enabled), BOOL(UNSET) },                                 \
		{ "bypass", AT(type, in bypass), MAP(bypass_) },                          \
		{ "recinvsid", AT(type, in recinvsid), BOOL(UNSET) },                     \
		{ "table_attr", AT(type, in table_attr), WORD(table_attr_words, UNSET) }, \
		{ "table_sh", AT(type, in table_sh), WORD(shareability_words, UNSET) },   \
		{ "stream_table", AT(type, in stream_table), MAP(&stream_table_shape) },  \
		{ "command_queue", AT(type, in command_queue), MAP(&queue_shape) },       \
		{ "event_queue", AT(type, in event_queue), MAP(&queue_shape) },           \
		LABEL_ROWS(type, in),                                                     \
	{                                                                                 \
		"tables_in", AT(type, in tables_in), NAME                                 \
	}

static const struct row secure_rows[] = {
	INTERFACE_ROWS(interface_spec, , &secure_bypass_shape),
	{ "sif", AT(interface_spec, sif), BOOL(UNSET) },
	{ "nsstalld", AT(interface_spec, nsstalld), BOOL(UNSET) },
	{ "e2h", AT(interface_spec, e2h), BOOL(UNSET) },
	{ "s2pii", AT(interface_spec, s2pii), NUMBER(0, UINT64_MAX, UNSET) },
	END,
};
static const struct shape secure_shape = { "secure", sizeof(struct interface_spec), secure_rows };

/* Without `bypass`: R_GBPA.ABORT is 1. */
static const struct row realm_rows[] = {
	{ "enabled", AT(interface_spec, enabled), BOOL(UNSET) },
	{ "recinvsid", AT(interface_spec, recinvsid), BOOL(UNSET) },
	{ "e2h", AT(interface_spec, e2h), BOOL(UNSET) },
	{ "s2pii", AT(interface_spec, s2pii), NUMBER(0, UINT64_MAX, UNSET) },
	{ "mecid", AT(interface_spec, mecid), COUNT(0, 0xffff, UNSET) },
	{ "table_attr", AT(interface_spec, table_attr), WORD(table_attr_words, UNSET) },
	{ "table_sh", AT(interface_spec, table_sh), WORD(shareability_words, UNSET) },
	{ "stream_table", AT(interface_spec, stream_table), MAP(&stream_table_shape) },
	{ "command_queue", AT(interface_spec, command_queue), MAP(&queue_shape) },
	{ "event_queue", AT(interface_spec, event_queue), MAP(&queue_shape) },
	{ "pri_queue", AT(interface_spec, pri_queue), MAP(&queue_shape) },
	{ "tables_in", AT(interface_spec, tables_in), NAME },
	LABEL_ROWS(interface_spec, ),
	END,
};
static const struct shape realm_shape = { "realm", sizeof(struct interface_spec), realm_rows };

static const struct row smmu_rows[] = {
	{ "name", AT(smmu_spec, name), NAME },
	{ "profile", AT(smmu_spec, profile), FILE_NAME },
	{ "registers", AT(smmu_spec, registers), FILE_NAME },
	{ "features", AT(smmu_spec, features), .type = &node_value_kept },
	{ "idr", AT(smmu_spec, idr), .type = &idr_value },
	{ "gbpa", AT(smmu_spec, gbpa), NUMBER(0, 0xffffffff, UNSET) },
	INTERFACE_ROWS(smmu_spec, interface[SMMU3_PAS_NS]., &bypass_shape),
	{ "e2h", AT(smmu_spec, interface[SMMU3_PAS_NS].e2h), BOOL(UNSET) },
	{ "s2pii", AT(smmu_spec, interface[SMMU3_PAS_NS].s2pii), NUMBER(0, UINT64_MAX, UNSET) },
	{ "pri_queue", AT(smmu_spec, interface[SMMU3_PAS_NS].pri_queue), MAP(&queue_shape) },
	{ "secure", AT(smmu_spec, interface[SMMU3_PAS_SECURE]), MAP(&secure_shape) },
	{ "realm", AT(smmu_spec, interface[SMMU3_PAS_REALM]), MAP(&realm_shape) },
	{ "image", AT(smmu_spec, image), MAP(&image_shape) },
	{ "caches", AT(smmu_spec, caches), MAP(&caches_shape) },
	{ "check", AT(smmu_spec, check), WORD(check_words, SMMU3_CHECK_OFF) },
	{ "dpt", AT(smmu_spec, dpt), MAP(&dpt_shape) },
	{ "gpt", AT(smmu_spec, gpt), MAP(&gpt_shape) },
	{ "statistics", AT(smmu_spec, statistics), MAP(&statistics_shape) },
	{ "pmcg", AT(smmu_spec, pmcg), MAP(&pmcg_shape) },
	{ "adversity", AT(smmu_spec, adversity), .type = &texts_value },
	END,
};
const struct shape smmu_shape = { "an SMMU", sizeof(struct smmu_spec), smmu_rows };

static const struct row spec_rows[] = {
	{ "version", AT(spec, version), WORD(version_words, 1), REQUIRED },
	{ "smmu", AT(spec, smmu), LIST(&smmu_shape) },
	{ "memory", AT(spec, memory), LIST(&memory_shape) },
	{ "tables", AT(spec, tables), .type = &named_value, .of = &table_shape },
	{ "masters", AT(spec, masters), LIST(&master_shape) },
	{ "cpu_mappings", AT(spec, cpu_mappings), LIST(&cpu_mapping_shape) },
	{ "firewall", AT(spec, firewall), MAP(&firewall_shape) },
	END,
};
const struct shape spec_shape = { "a configuration", sizeof(struct spec), spec_rows };
