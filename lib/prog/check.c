/* SPDX-License-Identifier: MIT */
/* smmu3_config_check: a set of identification registers that the architecture allows, and that is
 * built? */
#include "prog/pmcg.h"
#include "prog/refuse.h"
#include "prog/root.h"
#include "prog/rules.h"

#include "arch/offsets.h"
#include "arch/regs.h"

#include "tlb/micro.h"

#include <smmu/check.h>
#include <inttypes.h>

/* Each check returns 0, or refuses the first row that fails. */

static int check_reserved(const struct smmu3_config *config, struct smmu3_error *error)
{
	for (unsigned reg = 0; reg < ID_REGISTERS; reg++) {
		uint32_t bad = id_read(config, reg) & id_reserved(reg);

		if (bad)
			return refuse(error, SMMU3_E_INCONSISTENT, id_section(reg),
				      "%s is 0x%08" PRIx32 ", but its bits 0x%08" PRIx32
				      " are reserved and must be 0",
				      id_register_name(reg), id_read(config, reg), bad);
	}
	return 0;
}

static int check_presence(const struct smmu3_config *config, struct smmu3_error *error)
{
	char name[64];

	for (size_t i = 0; i < presence_rule_count; i++) {
		const struct presence *row = &presence_rules[i];

		if (id_read(config, row->reg) != 0 && !claim_holds(config, &row->when))
			return refuse(error, SMMU3_E_INCONSISTENT, row->section,
				      "%s is 0x%08" PRIx32 ", but must be 0 when %s is 0",
				      id_register_name(row->reg), id_read(config, row->reg),
				      id_field_name(row->when.reg, row->when.field, name,
						    sizeof(name)));
	}
	return 0;
}

static int check_rules(const struct smmu3_config *config, struct smmu3_error *error)
{
	char sentence[228];

	for (size_t i = 0; i < consistency_rule_count; i++) {
		const struct rule *rule = &consistency_rules[i];

		if (rule_holds(config, rule))
			continue;
		rule_explain(config, rule, sentence, sizeof(sentence));
		return refuse(error, SMMU3_E_INCONSISTENT, rule->section, "%s", sentence);
	}
	return 0;
}

/* A source has a wired output, or MSIs, or both.  3.18 */
static int check_interrupts(const struct smmu3_config *config, struct smmu3_error *error)
{
	enum { KNOWN = SMMU3_NO_CMD_SYNC_WIRE | SMMU3_INTERRUPT_EVERY_EVENT };

	if (config->interrupt_choices & ~(uint32_t)KNOWN)
		return refuse(error, SMMU3_E_ARGUMENT, "",
			      "interrupt_choices is 0x%" PRIx32 ", of which 0x%x has a meaning",
			      config->interrupt_choices, (unsigned)KNOWN);
	if (config->interrupt_choices & SMMU3_NO_CMD_SYNC_WIRE && !ID_FIELD(config, IDR0, MSI))
		return refuse(error, SMMU3_E_INCONSISTENT, "3.18",
			      "without IDR0.MSI, CMD_SYNC must have its wired interrupt");
	return 0;
}

static int check_caches(const struct smmu3_config *config, struct smmu3_error *error)
{
	const struct smmu3_caches *caches = &config->caches;
	const struct {
		const char *name;
		uint32_t places;
	} rows[] = {
		{ "l1stds", caches->l1stds }, { "stes", caches->stes },     { "cds", caches->cds },
		{ "tlb", caches->tlb },       { "tables", caches->tables }, { "dpt", caches->dpt },
		{ "gpt", caches->gpt },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].places > SMMU3_CACHE_MOST || rows[i].places & (rows[i].places - 1))
			return refuse(error, SMMU3_E_ARGUMENT, "",
				      "caches.%s is %" PRIu32
				      ", but must be 0 or a power of two up to %u",
				      rows[i].name, rows[i].places, SMMU3_CACHE_MOST);
	if (!micro_sizes_legal(caches->micro, caches->micro_streams))
		return refuse(error, SMMU3_E_ARGUMENT, "",
			      "caches.micro and caches.micro_streams must be powers of two up to %u, or both 0",
			      SMMU3_MICRO_MOST);
	if (config->check > SMMU3_CHECK_ON)
		return refuse(error, SMMU3_E_ARGUMENT, "", "check must be 0, 1 or 2");
	if (caches->contiguous > 1)
		return refuse(error, SMMU3_E_ARGUMENT, "", "caches.contiguous must be 0 or 1");
	return 0;
}

static int check_statistics(const struct smmu3_config *config, struct smmu3_error *error)
{
	const uint32_t streams = config->stats_streams;

	if (config->statistics > 1)
		return refuse(error, SMMU3_E_ARGUMENT, "", "statistics must be 0 or 1");
	if (streams > SMMU3_CACHE_MOST || streams & (streams - 1))
		return refuse(error, SMMU3_E_ARGUMENT, "",
			      "stats_streams is %" PRIu32
			      ", but must be 0 or a power of two up to %u",
			      streams, SMMU3_CACHE_MOST);
	if (streams && !config->statistics)
		return refuse(error, SMMU3_E_ARGUMENT, "", "stats_streams is for statistics = 1");
	return 0;
}

static uint64_t vatos_page(uint64_t pages)
{
	return PAGES_OPTIONAL + pages * PAGE_BYTES;
}

static bool hides_vatos(const struct smmu3_config *config)
{
	return ID_FIELD(config, IDR0, VATOS) &&
	       pmcg_at(config, vatos_page(ID_FIELD(config, IDR2, BA_VATOS)));
}

/* No other register is where those of Root are.  6.2.6 */
static int check_root(const struct smmu3_config *config, struct smmu3_error *error)
{
	const uint64_t vatos = ID_FIELD(config, IDR2, BA_VATOS);
	const uint64_t s_vatos = ID_FIELD(config, S_IDR2, BA_S_VATOS);
	const uint64_t realm = ID_FIELD(config, ROOT_IDR0, BA_REALM);
	const char *hidden = ID_FIELD(config, IDR0, VATOS) && root_at(config, vatos_page(vatos)) ?
				     "IDR2.BA_VATOS" :
			     ID_FIELD(config, S_IDR1, SEL2) &&
					     root_at(config, vatos_page(s_vatos)) ?
				     "S_IDR2.BA_S_VATOS" :
			     ID_FIELD(config, ROOT_IDR0, REALM_IMPL) &&
					     root_at(config, vatos_page(realm)) ?
				     "ROOT_IDR0.BA_REALM" :
				     NULL;

	return hidden ? refuse(error, SMMU3_E_INCONSISTENT, "6.2.6",
			       "%s is where the Root registers are", hidden) :
			0;
}

/* The group is one of Non-secure streams, with its counters in Page 1.  10.5.2.13 */
static int check_monitors(const struct smmu3_config *config, struct smmu3_error *error)
{
	static const uint8_t sizes[] = { 31, 35, 39, 43, 47, 63 };
	const uint64_t cfgr = config->pmcg_cfgr;
	const uint32_t reserved = 0xfc0fc0c0;
	size_t size = 0;

	if (!cfgr)
		return 0;
	while (size < ARRAY_SIZE(sizes) && sizes[size] != field_value(&cfgr, PMCG_CFGR_SIZE))
		size++;
	if (size == ARRAY_SIZE(sizes) || cfgr & reserved)
		return refuse(error, SMMU3_E_INCONSISTENT, "10.5.2.13",
			      "pmcg_cfgr is 0x%08" PRIx32 ", of which %s is reserved",
			      config->pmcg_cfgr, cfgr & reserved ? "a bit" : "SIZE");
	if (hides_vatos(config))
		return refuse(error, SMMU3_E_INCONSISTENT, "10.5",
			      "IDR2.BA_VATOS is where the performance monitors are");
	if (field_value(&cfgr, PMCG_CFGR_MPAM) || field_value(&cfgr, PMCG_CFGR_FILTER_PARTID_PMG))
		return refuse(error, SMMU3_E_UNSUPPORTED, "10.4.3",
			      "MPAM of the performance monitors is not built in this version");
	return field_value(&cfgr, PMCG_CFGR_RELOC_CTRS) ?
		       0 :
		       refuse(error, SMMU3_E_UNSUPPORTED, "10.5",
			      "counters in Page 0 are not built in this version: set RELOC_CTRS");
}

static int check_built(const struct smmu3_config *config, struct smmu3_error *error)
{
	char name[64];

	for (size_t i = 0; i < unbuilt_feature_count; i++) {
		const struct unbuilt *row = &unbuilt_features[i];

		if (claim_holds(config, &row->has))
			return refuse(error, SMMU3_E_UNSUPPORTED, row->section,
				      "%s is not built in this version: %s is %" PRIu32 "; %s",
				      row->feature,
				      id_field_name(row->has.reg, row->has.field, name,
						    sizeof(name)),
				      id_field(config, row->has.reg, row->has.field), row->instead);
	}
	return 0;
}

int smmu3_config_check(const struct smmu3_config *config, struct smmu3_error *error)
{
	static int (*const checks[])(const struct smmu3_config *, struct smmu3_error *) = {
		check_reserved,   check_presence, check_rules, check_interrupts, check_caches,
		check_statistics, check_monitors, check_root,  check_built,
	};

	if (!config)
		return refuse(error, SMMU3_E_ARGUMENT, "", "no configuration was given");
	if (config->size < sizeof(*config))
		return refuse(
			error, SMMU3_E_ARGUMENT, "",
			"config.size is %zu, but must be at least %zu: call smmu3_config_init",
			config->size, sizeof(*config));
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		int code = checks[i](config, error);

		if (code)
			return code;
	}
	return refuse(error, SMMU3_OK_CODE, "", "%s", "");
}
