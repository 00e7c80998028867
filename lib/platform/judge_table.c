/* SPDX-License-Identifier: MIT */
/* Translation tables of a configuration: their shape, and where they live. */
#include "platform/machine.h"

#include "arch/attr.h"
#include "arch/encoded.h"
#include "arch/idregs.h"

const struct node *key_node(const struct node *item, const char *key)
{
	const struct node *const value = node_value(item, key);

	return value ? value : item;
}

void check_stage_keys(struct build *build, const struct node *item, unsigned stage,
		      const struct stage_key *keys)
{
	for (; keys->key; keys++) {
		if (stage != keys->stage && is_given(item, keys->key))
			COMPLAIN(&build->loader, key_node(item, keys->key),
				 "'%s' is for stage %u tables; this is stage %u", keys->key,
				 keys->stage, stage);
	}
}

/* 4K, 64K, 16K: the first that the first SMMU has. */
static unsigned default_granule(const struct smmu3_config *config)
{
	const uint64_t idr5 = config->idr[5];

	return field_value(&idr5, IDR5_GRAN4K) ? 12 : field_value(&idr5, IDR5_GRAN64K) ? 16 : 14;
}

static unsigned oas_bits(const struct smmu3_config *config)
{
	const uint64_t idr5 = config->idr[5];

	return address_size(field_value(&idr5, IDR5_OAS));
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static bool is_d128(const struct table_spec *table)
{
	return table->format == SMMU3_TABLE_D128;
}

/* Has it addresses of 52 bits, or more? */
static bool is_wide(const struct table_spec *table)
{
	return table->granule == 16 || table->ds || is_d128(table);
}

/* Fills what the file leaves out, from the first SMMU. */
static void table_defaults(const struct smmu3_config *config, struct table_spec *table)
{
	uint64_t *const bits = table->stage == 1 ? &table->va_bits : &table->ipa_bits;
	const bool lpae = table->format == SMMU3_TABLE_LPAE;

	if (table->granule == UNSET)
		table->granule = lpae ? 12 : default_granule(config);
	if (table->t0sz != UNSET)
		*bits = 64 - table->t0sz;
	if (*bits == UNSET && lpae)
		*bits = table->stage == 1 ? 32 : 40;
	if (*bits == UNSET)
		*bits = table->stage == 1 ? 48 : least(40, oas_bits(config));
	if (table->output_bits == UNSET && lpae)
		table->output_bits = 40;
	if (table->output_bits == UNSET)
		table->output_bits = least(oas_bits(config), is_d128(table) ? 56 :
							     is_wide(table) ? 52 :
									      48);
	if (table->stage == 1 && table->upper == UNSET)
		table->upper = false;
	if (table->stage == 2 && table->vmid == UNSET)
		table->vmid = 0;
	table->t0sz = UNSET;
}

/* The formats of VMSAv8-32, which has one granule and one output size, which may be said, and of
 * its sizes va_bits and ipa_bits. */
static void check_lpae(struct build *build, const struct table_spec *table)
{
	const struct {
		const char *key;
		bool right;
	} fixed[] = { { "granule", table->granule == 12 },
		      { "t0sz", false },
		      { "output_bits", table->output_bits == 40 } };
	const uint64_t bits = table->stage == 1 ? table->va_bits : table->ipa_bits;
	const unsigned most = table->stage == 1 ? 32 : 40;

	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++) {
		if (is_given(table->at, fixed[i].key) && !fixed[i].right)
			COMPLAIN(&build->loader, key_node(table->at, fixed[i].key),
				 "'%s' is not of 'format: lpae'", fixed[i].key);
	}
	if (bits != UNSET && (bits < 25 || bits > most))
		COMPLAIN(&build->loader,
			 key_node(table->at, table->stage == 1 ? "va_bits" : "ipa_bits"),
			 "'format: lpae' has 25 to %u bits here", most);
}

/* What is not of VMSAv9-128, or of nothing else. */
static void check_d128(struct build *build, const struct table_spec *table)
{
	if (!is_d128(table) && table->skip)
		COMPLAIN(&build->loader, key_node(table->at, "skip"),
			 "'skip' is of 'format: d128'");
	if (is_d128(table) && table->ds)
		COMPLAIN(&build->loader, key_node(table->at, "ds"),
			 "'ds' is not of 'format: d128'");
	if (is_d128(table) && table->start_level != UNSET)
		COMPLAIN(&build->loader, key_node(table->at, "start_level"),
			 "'start_level' is not of 'format: d128': 'skip' says it");
}

/* Sizes that the format has, whatever the SMMU.  5.2 S2T0SZ, 5.4 T0SZ, IPS */
static const char *sizes_missing(const struct table_spec *table)
{
	const bool wide = is_wide(table);

	if (table->table.output_bits > (wide ? 52 : 48) && !is_d128(table))
		return wide ? "outputs of 56 bits need 'format: d128'" :
			      "outputs of 52 bits need 'granule: 64K' or 'ds: true'";
	return NULL;
}

static const struct stage_key table_keys[] = {
	{ "va_bits", 1 },  { "upper", 1 }, { "in", 1 },          { "at_ipa", 1 }, { "s2_perm", 1 },
	{ "ipa_bits", 2 }, { "vmid", 2 },  { "start_level", 2 }, { NULL, 0 },
};

static void check_table(struct build *build, const struct table_spec *table)
{
	const char *const bits = table->stage == 1 ? "va_bits" : "ipa_bits";

	check_stage_keys(build, table->at, (unsigned)table->stage, table_keys);
	if (is_given(table->at, "t0sz") && is_given(table->at, bits))
		COMPLAIN(&build->loader, key_node(table->at, "t0sz"),
			 "'t0sz' and '%s' say the same: give one", bits);
}

void judge_table(struct build *build, struct table_spec *table)
{
	const struct smmu_spec *const first = ITEM(build->machine->spec.smmu, struct smmu_spec, 0);
	const char *const wrong =
		"tables of these sizes do not exist: granule, input size and start level do not fit";

	check_table(build, table);
	check_d128(build, table);
	if (table->format == SMMU3_TABLE_LPAE)
		check_lpae(build, table);
	table_defaults(&first->config, table);
	table->table = (struct smmu3_table){
		.stage = (uint8_t)table->stage,
		.granule_lg2 = (uint8_t)table->granule,
		.input_bits = (uint8_t)(table->stage == 1 ? table->va_bits : table->ipa_bits),
		.output_bits = (uint8_t)table->output_bits,
		.start_level = table->start_level == UNSET ? SMMU3_LEVEL_AUTO :
							     (int8_t)table->start_level,
		.upper = table->upper == 1,
		.format = table->format == UNSET ? SMMU3_TABLE_AA64 : (uint8_t)table->format,
		.skip = (uint8_t)table->skip,
		.big_endian = table->endian == 1,
		.ds = table->ds == 1,
	};
	if (table->ds && table->granule == 16)
		COMPLAIN(&build->loader, key_node(table->at, "ds"),
			 "'ds' is for 'granule: 4K' and 'granule: 16K'");
	else if (sizes_missing(table))
		COMPLAIN(&build->loader, key_node(table->at, "output_bits"), "%s",
			 sizes_missing(table));
	else if (table->table.input_bits > (is_wide(table) ? 52 : 48) && !is_d128(table))
		COMPLAIN(&build->loader, table->at, "%s", wrong);
	table->mair[0] = MAIR_NORMAL_WB;
	table->mair[1] = MAIR_NORMAL_NC;
	table->mair[2] = MAIR_DEVICE_NGNRE;
	table->mair[3] = MAIR_DEVICE_NGNRNE;
	table->mair[4] = MAIR_NORMAL_WT;
	table->mairs = 5;
}

/* `in` of a stage 1 table. */
static void find_stage2(struct build *build, struct table_spec *table)
{
	struct table_spec *const stage2 = table->in ?
						  names_find(&build->machine->tables, table->in) :
						  NULL;

	if (table->in && (!stage2 || stage2->stage != 2))
		COMPLAIN(&build->loader, key_node(table->at, "in"),
			 "there is no stage 2 table '%.64s'", table->in);
	table->stage2 = stage2;
}

void judge_tables(struct build *build)
{
	struct smmu3_machine *const machine = build->machine;

	for (size_t i = 0; i < machine->spec.tables.count; i++) {
		struct table_spec *const table = ITEM(machine->spec.tables, struct table_spec, i);

		judge_table(build, table);
		judge_mappings(build, table);
		if (names_add(&machine->tables, table->name, table))
			complain_memory(&build->loader, table->at);
	}
	names_sort(&machine->tables, NULL, NULL);
	for (size_t i = 0; i < machine->spec.tables.count; i++)
		find_stage2(build, ITEM(machine->spec.tables, struct table_spec, i));
}
