/* SPDX-License-Identifier: MIT */
#include "platform/features.h"

#include "arch/idregs.h"
#include "arch/offsets.h"
#include "platform/model.h"

#include <inttypes.h>
#include <string.h>

/* ---- Registers ---- */

struct idr_row {
	const char *name;
	size_t offset; /* in struct smmu3_config */
	uint64_t register_offset;
};

#define IDR(member, name_, offset_)                                   \
	{                                                             \
		name_, offsetof(struct smmu3_config, member), offset_ \
	}

static const struct idr_row idr_rows[] = {
	IDR(idr[0], "IDR0", REG_IDR0),
	IDR(idr[1], "IDR1", REG_IDR1),
	IDR(idr[2], "IDR2", REG_IDR2),
	IDR(idr[3], "IDR3", REG_IDR3),
	IDR(idr[4], "IDR4", REG_IDR4),
	IDR(idr[5], "IDR5", REG_IDR5),
	IDR(idr[6], "IDR6", REG_IDR6),
	IDR(iidr, "IIDR", REG_IIDR),
	IDR(aidr, "AIDR", REG_AIDR),
	IDR(s_idr[0], "S_IDR0", REG_S_IDR0),
	IDR(s_idr[1], "S_IDR1", REG_S_IDR1),
	IDR(s_idr[2], "S_IDR2", REG_S_IDR2),
	IDR(s_idr[3], "S_IDR3", REG_S_IDR3),
	IDR(s_idr[4], "S_IDR4", REG_S_IDR4),
	IDR(s_idr[5], "S_IDR5", REG_S_IDR4 + 4),
	IDR(s_idr[6], "S_IDR6", REG_S_IDR6),
	IDR(r_idr[0], "R_IDR0", REG_R_IDR0),
	IDR(r_idr[1], "R_IDR1", REG_R_IDR1),
	IDR(r_idr[2], "R_IDR2", REG_R_IDR2),
	IDR(r_idr[3], "R_IDR3", REG_R_IDR3),
	IDR(r_idr[4], "R_IDR4", REG_R_IDR4),
	IDR(r_idr[5], "R_IDR5", REG_R_IDR4 + 4),
	IDR(r_idr[6], "R_IDR6", REG_R_IDR6),
	IDR(root_idr0, "ROOT_IDR0", REG_ROOT_IDR0),
	IDR(mpamidr, "MPAMIDR", REG_MPAMIDR),
	IDR(s_mpamidr, "S_MPAMIDR", REG_S_MPAMIDR),
	IDR(r_mpamidr, "R_MPAMIDR", REG_R_MPAMIDR),
	IDR(r_mecidr, "R_MECIDR", REG_R_MECIDR),
};

static uint32_t *register_of(struct smmu3_config *config, const struct idr_row *row)
{
	return (uint32_t *)(void *)((char *)config + row->offset);
}

uint32_t *idr_at(struct smmu3_config *config, uint64_t offset)
{
	for (size_t i = 0; i < ARRAY_SIZE(idr_rows); i++) {
		if (idr_rows[i].register_offset == offset)
			return register_of(config, &idr_rows[i]);
	}
	return NULL;
}

static const struct idr_row *idr_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(idr_rows); i++) {
		if (!strcmp(idr_rows[i].name, name))
			return &idr_rows[i];
	}
	return NULL;
}

static bool is_map(struct loader *loader, const struct node *node)
{
	if (node && node->kind != NODE_MAP)
		COMPLAIN(loader, node, "%s is a map: {key: value, ...}", node->key->text);
	return node && node->kind == NODE_MAP;
}

static void unknown(struct loader *loader, const struct node *key, const char *what,
		    struct guess *guess)
{
	char text[80];

	COMPLAIN(loader, key, "unknown %s '%.64s'%s", what, key->text,
		 guess_text(guess, text, sizeof(text)));
}

static void idr_apply_one(struct loader *loader, const struct node *node,
			  struct smmu3_config *config)
{
	const struct row word = { .key = node->key->text, .max = UINT32_MAX };
	const struct idr_row *const row = idr_named(node->key->text);
	struct guess guess = { .text = node->key->text, .length = node->key->text_length };
	uint64_t value;

	for (size_t i = 0; i < ARRAY_SIZE(idr_rows); i++)
		guess_offer(&guess, idr_rows[i].name);
	if (!row)
		unknown(loader, node->key, "identification register", &guess);
	else if (!scalar_number(loader, &word, node, &value))
		*register_of(config, row) = (uint32_t)value;
}

void idr_apply(struct loader *loader, const struct node *idr, struct smmu3_config *config)
{
	if (!is_map(loader, idr))
		return;
	for (const struct node *child = idr->child; child && !complaints_full(loader->complaints);
	     child = child->next)
		idr_apply_one(loader, child, config);
}

static void read_idr(struct loader *loader, const struct row *row, const struct node *node,
		     void *member)
{
	node_value_kept.read(loader, row, node, member);
}

static void print_idr(struct printer *printer, const struct row *row, const void *member)
{
	const struct smmu_spec *const smmu =
		(const struct smmu_spec *)(const void *)((const char *)member - row->offset);
	struct smmu3_config config = smmu->config;

	for (size_t i = 0; i < ARRAY_SIZE(idr_rows); i++)
		print_text(printer, "%s%s: 0x%" PRIx32, i ? ", " : "{", idr_rows[i].name,
			   *register_of(&config, &idr_rows[i]));
	print_text(printer, "}");
}

const struct value_type idr_value = { read_idr, print_idr, NULL };

/* ---- Features ---- */

enum config_register {
	OF_IDR0 = 0,
	OF_IDR1 = 1,
	OF_IDR3 = 3,
	OF_IDR5 = 5,
	OF_AIDR = 7,
	OF_S_IDR0,
	OF_S_IDR1,
	OF_ROOT_IDR0,
	OF_MPAMIDR,
	OF_S_MPAMIDR,
};

/* One field of a register; its value is one of words, or a list of words that are or'ed, or a
 * number up to max, or a bool. */
struct feature_row {
	const char *key;
	enum config_register in;
	int field;
	uint64_t max;             /* numbers; 0: a bool */
	const struct word *words; /* NULL: none */
	bool is_list;
};

static const struct word oas_words[] = {
	{ "32", 0 }, { "36", 1 }, { "40", 2 }, { "42", 3 }, { "44", 4 },
	{ "48", 5 }, { "52", 6 }, { "56", 7 }, { NULL, 0 },
};
static const struct word va_words[] = { { "48", 0 }, { "52", 1 }, { "56", 2 }, { NULL, 0 } };
static const struct word granule_set[] = { { "4K", 1 }, { "16K", 2 }, { "64K", 4 }, { NULL, 0 } };
static const struct word format_set[] = { { "lpae", 1 }, { "aa64", 2 }, { NULL, 0 } };
static const struct word endian_words[] = {
	{ "mixed", 0 }, { "little", 2 }, { "big", 3 }, { NULL, 0 }
};

static const struct feature_row feature_rows[] = {
	{ "s1", OF_IDR0, IDR0_S1P, 0, NULL, false },
	{ "s2", OF_IDR0, IDR0_S2P, 0, NULL, false },
	{ "formats", OF_IDR0, IDR0_TTF, 0, format_set, true },
	{ "coherent", OF_IDR0, IDR0_COHACC, 0, NULL, false },
	{ "btm", OF_IDR0, IDR0_BTM, 0, NULL, false },
	{ "httu", OF_IDR0, IDR0_HTTU, 3, NULL, false },
	{ "hyp", OF_IDR0, IDR0_HYP, 0, NULL, false },
	{ "ats", OF_IDR0, IDR0_ATS, 0, NULL, false },
	{ "asid16", OF_IDR0, IDR0_ASID16, 0, NULL, false },
	{ "msi", OF_IDR0, IDR0_MSI, 0, NULL, false },
	{ "sev", OF_IDR0, IDR0_SEV, 0, NULL, false },
	{ "atos", OF_IDR0, IDR0_ATOS, 0, NULL, false },
	{ "pri", OF_IDR0, IDR0_PRI, 0, NULL, false },
	{ "vmw", OF_IDR0, IDR0_VMW, 0, NULL, false },
	{ "vmid16", OF_IDR0, IDR0_VMID16, 0, NULL, false },
	{ "two_level_contexts", OF_IDR0, IDR0_CD2L, 0, NULL, false },
	{ "vatos", OF_IDR0, IDR0_VATOS, 0, NULL, false },
	{ "endian", OF_IDR0, IDR0_TTENDIAN, 0, endian_words, false },
	{ "stall_model", OF_IDR0, IDR0_STALL_MODEL, 2, NULL, false },
	{ "term_model", OF_IDR0, IDR0_TERM_MODEL, 0, NULL, false },
	{ "two_level_streams", OF_IDR0, IDR0_ST_LEVEL, 0, NULL, false },
	{ "sid_bits", OF_IDR1, IDR1_SIDSIZE, 32, NULL, false },
	{ "ssid_bits", OF_IDR1, IDR1_SSIDSIZE, 20, NULL, false },
	{ "priqs", OF_IDR1, IDR1_PRIQS, 19, NULL, false },
	{ "attr_perms_ovr", OF_IDR1, IDR1_ATTR_PERMS_OVR, 0, NULL, false },
	{ "attr_types_ovr", OF_IDR1, IDR1_ATTR_TYPES_OVR, 0, NULL, false },
	{ "had", OF_IDR3, IDR3_HAD, 0, NULL, false },
	{ "pbha", OF_IDR3, IDR3_PBHA, 0, NULL, false },
	{ "pps", OF_IDR3, IDR3_PPS, 0, NULL, false },
	{ "xnx", OF_IDR3, IDR3_XNX, 0, NULL, false },
	{ "fwb", OF_IDR3, IDR3_FWB, 0, NULL, false },
	{ "stt", OF_IDR3, IDR3_STT, 0, NULL, false },
	{ "ril", OF_IDR3, IDR3_RIL, 0, NULL, false },
	{ "bbml", OF_IDR3, IDR3_BBML, 2, NULL, false },
	{ "e0pd", OF_IDR3, IDR3_E0PD, 0, NULL, false },
	{ "ptwnnc", OF_IDR3, IDR3_PTWNNC, 0, NULL, false },
	{ "dpt", OF_IDR3, IDR3_DPT, 0, NULL, false },
	{ "pasidtt", OF_IDR3, IDR3_PASIDTT, 0, NULL, false },
	{ "mpam", OF_IDR3, IDR3_MPAM, 0, NULL, false },
	{ "partid_max", OF_MPAMIDR, MPAMIDR_PARTID_MAX, 0xffff, NULL, false },
	{ "pmg_max", OF_MPAMIDR, MPAMIDR_PMG_MAX, 0xff, NULL, false },
	{ "s_partid_max", OF_S_MPAMIDR, MPAMIDR_PARTID_MAX, 0xffff, NULL, false },
	{ "s_pmg_max", OF_S_MPAMIDR, MPAMIDR_PMG_MAX, 0xff, NULL, false },
	{ "mpam_ns", OF_S_MPAMIDR, MPAMIDR_HAS_MPAM_NS, 0, NULL, false },
	{ "epan", OF_IDR3, IDR3_EPAN, 0, NULL, false },
	{ "s1pi", OF_IDR3, IDR3_S1PI, 0, NULL, false },
	{ "aie", OF_IDR3, IDR3_AIE, 0, NULL, false },
	{ "s2pi", OF_IDR3, IDR3_S2PI, 0, NULL, false },
	{ "s2po", OF_IDR3, IDR3_S2PO, 0, NULL, false },
	{ "the", OF_IDR3, IDR3_THE, 0, NULL, false },
	{ "mteperm", OF_IDR3, IDR3_MTEPERM, 0, NULL, false },
	{ "oas", OF_IDR5, IDR5_OAS, 0, oas_words, false },
	{ "granules", OF_IDR5, FIELD(6, 4), 0, granule_set, true },
	{ "stall_max", OF_IDR5, IDR5_STALL_MAX, 0xffff, NULL, false },
	{ "ds", OF_IDR5, IDR5_DS, 0, NULL, false },
	{ "d128", OF_IDR5, IDR5_D128, 0, NULL, false },
	{ "va_bits", OF_IDR5, IDR5_VAX, 0, va_words, false },
	{ "minor", OF_AIDR, AIDR_ARCHMINORREV, 4, NULL, false },
	{ "secure", OF_S_IDR1, S_IDR1_SECURE_IMPL, 0, NULL, false },
	{ "sel2", OF_S_IDR1, S_IDR1_SEL2, 0, NULL, false },
	{ "s_sid_bits", OF_S_IDR1, S_IDR1_S_SIDSIZE, 32, NULL, false },
	{ "s_msi", OF_S_IDR0, S_IDR0_MSI, 0, NULL, false },
	{ "rme", OF_IDR0, IDR0_RME_IMPL, 0, NULL, false },
	{ "root", OF_ROOT_IDR0, ROOT_IDR0_ROOT_IMPL, 0, NULL, false },
	{ "bgptm", OF_ROOT_IDR0, ROOT_IDR0_BGPTM, 0, NULL, false },
	{ "rgptm", OF_ROOT_IDR0, ROOT_IDR0_RGPTM, 0, NULL, false },
};

static uint32_t *feature_register(struct smmu3_config *config, const struct feature_row *row)
{
	if (row->in == OF_ROOT_IDR0)
		return &config->root_idr0;
	if (row->in >= OF_MPAMIDR)
		return row->in == OF_MPAMIDR ? &config->mpamidr : &config->s_mpamidr;
	if (row->in >= OF_S_IDR0)
		return &config->s_idr[row->in - OF_S_IDR0];
	return row->in == OF_AIDR ? &config->aidr : &config->idr[row->in];
}

static const struct feature_row *feature_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(feature_rows); i++) {
		if (!strcmp(feature_rows[i].key, name))
			return &feature_rows[i];
	}
	return NULL;
}

/* Reads as the rows of shapes do: number, word or bool. */
static uint64_t feature_scalar(struct loader *loader, const struct feature_row *feature,
			       const struct node *node)
{
	const struct row row = { .key = feature->key, .max = feature->max, .of = feature->words };
	uint64_t value = 0;

	if (feature->words)
		word_value.read(loader, &row, node, &value);
	else if (feature->max)
		count_value.read(loader, &row, node, &value);
	else
		bool_value.read(loader, &row, node, &value);
	return value;
}

static uint64_t feature_list(struct loader *loader, const struct feature_row *feature,
			     const struct node *node)
{
	uint64_t value = 0;

	if (node->kind != NODE_LIST)
		COMPLAIN(loader, node, "%s is a list, [...]", feature->key);
	for (const struct node *child = node->child; node->kind == NODE_LIST && child;
	     child = child->next)
		value |= feature_scalar(loader, feature, child);
	return value;
}

static void feature_apply(struct loader *loader, const struct node *node,
			  struct smmu3_config *config)
{
	const struct feature_row *const row = feature_named(node->key->text);
	struct guess guess = { .text = node->key->text, .length = node->key->text_length };
	uint64_t value;
	uint32_t *word;

	for (size_t i = 0; i < ARRAY_SIZE(feature_rows); i++)
		guess_offer(&guess, feature_rows[i].key);
	if (!row) {
		unknown(loader, node->key, "feature", &guess);
		return;
	}
	value = row->is_list ? feature_list(loader, row, node) : feature_scalar(loader, row, node);
	word = feature_register(config, row);
	*word = (*word & ~(uint32_t)field_mask(row->field)) |
		(uint32_t)(value << field_lsb(row->field));
}

static void copy_field(uint32_t *to, int to_field, uint64_t from, int from_field)
{
	*to = (*to & ~(uint32_t)field_mask(to_field)) |
	      (uint32_t)(field_value(&from, from_field) << field_lsb(to_field));
}

/* A Secure state has the stall model of the Non-secure one; one that `secure` adds has as many
 * StreamIDs, unless s_sid_bits says how many.  6.3.52, 6.3.53 */
static void secure_as_ns(const struct node *features, bool had, struct smmu3_config *config)
{
	if (!has_secure(config))
		return;
	if (!had || node_value(features, "stall_model"))
		copy_field(&config->s_idr[0], S_IDR0_STALL_MODEL, config->idr[0], IDR0_STALL_MODEL);
	if (!had && !node_value(features, "s_sid_bits"))
		copy_field(&config->s_idr[1], S_IDR1_S_SIDSIZE, config->idr[1], IDR1_SIDSIZE);
}

/* A Root interface that `root` adds has ROOT_TLBI, unless rgptm says otherwise. */
static void root_with_tlbi(const struct node *features, bool had, struct smmu3_config *config)
{
	if (has_root(config) && !had && !node_value(features, "rgptm"))
		config->root_idr0 |= (uint32_t)field_mask(ROOT_IDR0_RGPTM);
}

bool has_mpam(const struct smmu3_config *config)
{
	const uint64_t idr3 = config->idr[3];

	return field_value(&idr3, IDR3_MPAM);
}

/* PARTIDs up to 63 and PMGs up to 1, where `mpam` adds them and nothing says how many; a Secure
 * state has as many, and a Realm one always.  6.3.41, 6.3.87, 6.3.155 */
static void labels_of_states(const struct node *features, bool had, struct smmu3_config *config)
{
	enum { PARTID_MOST = 63, PMG_MOST = 1 };
	const uint64_t most = PARTID_MOST, groups = PMG_MOST;

	if (!has_mpam(config)) {
		if (had)
			config->mpamidr = config->s_mpamidr = config->r_mpamidr = 0;
		return;
	}
	if (!had && !node_value(features, "partid_max"))
		copy_field(&config->mpamidr, MPAMIDR_PARTID_MAX, most, FIELD(15, 0));
	if (!had && !node_value(features, "pmg_max"))
		copy_field(&config->mpamidr, MPAMIDR_PMG_MAX, groups, FIELD(7, 0));
	if (!had && !node_value(features, "s_partid_max"))
		copy_field(&config->s_mpamidr, MPAMIDR_PARTID_MAX, config->mpamidr,
			   MPAMIDR_PARTID_MAX);
	if (!had && !node_value(features, "s_pmg_max"))
		copy_field(&config->s_mpamidr, MPAMIDR_PMG_MAX, config->mpamidr, MPAMIDR_PMG_MAX);
	if (has_realm(config))
		config->r_mpamidr = config->mpamidr |
				    (config->s_mpamidr & (uint32_t)field_mask(MPAMIDR_HAS_MPAM_NS));
	if (!has_secure(config))
		config->s_mpamidr = 0;
}

void features_apply(struct loader *loader, const struct node *features, struct smmu3_config *config)
{
	const bool had_mpam = has_mpam(config);
	const bool had_secure = has_secure(config), had_root = has_root(config);

	if (!is_map(loader, features))
		return;
	for (const struct node *child = features->child;
	     child && !complaints_full(loader->complaints); child = child->next)
		feature_apply(loader, child, config);
	secure_as_ns(features, had_secure, config);
	root_with_tlbi(features, had_root, config);
	labels_of_states(features, had_mpam, config);
}

bool has_root(const struct smmu3_config *config)
{
	const uint64_t root_idr0 = config->root_idr0;

	return field_value(&root_idr0, ROOT_IDR0_ROOT_IMPL);
}

bool has_secure(const struct smmu3_config *config)
{
	const uint64_t s_idr1 = config->s_idr[1];

	return field_value(&s_idr1, S_IDR1_SECURE_IMPL);
}

bool has_sel2(const struct smmu3_config *config)
{
	const uint64_t s_idr1 = config->s_idr[1];

	return field_value(&s_idr1, S_IDR1_SEL2);
}

bool has_rme(const struct smmu3_config *config)
{
	const uint64_t idr0 = config->idr[0];

	return field_value(&idr0, IDR0_RME_IMPL);
}

bool has_realm(const struct smmu3_config *config)
{
	const uint64_t root_idr0 = config->root_idr0;

	return field_value(&root_idr0, ROOT_IDR0_REALM_IMPL);
}

bool has_interface(const struct smmu3_config *config, unsigned pas)
{
	return pas == SMMU3_PAS_NS || (pas == SMMU3_PAS_SECURE && has_secure(config)) ||
	       (pas == SMMU3_PAS_REALM && has_realm(config));
}

void complain_of_no_realm(struct loader *loader, const struct node *node, const char *smmu)
{
	COMPLAIN(loader, node,
		 "SMMU '%.64s' has no Realm state; that of 'profile: realm-3.3' has one",
		 smmu ? smmu : "");
}

void complain_of_no_mpam(struct loader *loader, const struct node *map, const char *smmu)
{
	static const char *const keys[] = { "partid", "pmg", "mpam_ns" };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const struct node *const given = node_value(map, keys[i]);

		if (!given)
			continue;
		COMPLAIN(loader, given,
			 "SMMU '%.64s' has no MPAM; one that has says so: features: {mpam: true}",
			 smmu ? smmu : "");
		return;
	}
}

void complain_of_no_secure(struct loader *loader, const struct node *node, const char *smmu)
{
	COMPLAIN(loader, node,
		 "SMMU '%.64s' has no Secure state; one that has says so: features: {secure: true}",
		 smmu ? smmu : "");
}

bool has_hyp(const struct smmu3_config *config)
{
	const uint64_t idr0 = config->idr[0];

	return field_value(&idr0, IDR0_HYP);
}
