/* SPDX-License-Identifier: MIT */
/* Stream tables, STEs and CDs into memory, as a configuration describes them. */
#include "platform/space.h"

#include "arch/attr.h"
#include "arch/cd.h"
#include "arch/features.h"
#include "arch/idregs.h"
#include "arch/ste.h"
#include "tables_put.h"

#include <smmu/decode.h>

#include <inttypes.h>
#include <string.h>

void apply_fields(uint64_t word[8], const struct list *fields)
{
	for (size_t i = 0; i < fields->count; i++) {
		const struct field_setting *const setting = ITEM(*fields, struct field_setting, i);

		(void)smmu3_field_set(word, setting->field, setting->value);
	}
}

/* ---- CDs ---- */

/* A field that is given; others are 0. */
static void put_given(uint64_t *word, int field, uint64_t value)
{
	if (value != UNSET)
		put(word, field, value);
}

/* A value for a run of fields. */
static void put_all(uint64_t *word, const int *field, size_t count, uint64_t value)
{
	for (size_t i = 0; i < count; i++)
		put(word, field[i], value);
}

#define PUT_ALL(word, value, ...)                   \
	put_all(word, (const int[]){ __VA_ARGS__ }, \
		sizeof((const int[]){ __VA_ARGS__ }) / sizeof(int), value)

static void put_mair(uint64_t cd[8], const struct table_spec *table)
{
	for (unsigned i = 0; i < table->mairs; i++)
		cd[field_lsb(CD_MAIR0) / 64] |= (uint64_t)table->mair[i] << 8 * i;
}

/* Both halves share one MAIR: what either has beyond the fixed entries must agree. */
static void check_mair(struct build *build, const struct context_spec *context)
{
	const struct table_spec *const lower = context->lower, *const upper = context->upper;

	for (unsigned i = 0; lower && upper && i < lower->mairs && i < upper->mairs; i++) {
		if (lower->mair[i] != upper->mair[i])
			COMPLAIN(&build->loader, key_node(context->at, "table_upper"),
				 "the two tables use AttrIndx %u for different memory types", i);
	}
}

/* Nor do a CD's AA64 and ENDI say anything of one half. */
static void check_formats(struct build *build, const struct context_spec *context)
{
	const struct table_spec *const lower = context->lower, *const upper = context->upper;

	if (lower && upper &&
	    (lower->table.format != upper->table.format ||
	     lower->table.big_endian != upper->table.big_endian))
		COMPLAIN(&build->loader, key_node(context->at, "table_upper"),
			 "the two tables have not the same 'format' and 'endian'");
}

/* One field is of both halves of a CD, or of both trees of a Secure STE, unless one is of 64KB. */
static void check_ds(struct build *build, const struct node *at, const struct table_spec *one,
		     const struct table_spec *other)
{
	if (one && other && one->granule != 16 && other->granule != 16 && one->ds != other->ds)
		COMPLAIN(&build->loader, at, "the two tables must both have 'ds', or neither");
}

static void put_tables(uint64_t cd[8], const struct table_spec *lower,
		       const struct table_spec *upper)
{
	const struct table_spec *const wide = lower && upper &&
							      lower->output_bits >
								      upper->output_bits ?
						      lower :
						      upper;

	put(cd, CD_EPD0, !lower);
	put(cd, CD_EPD1, !upper);
	if (lower)
		(void)smmu3_cd_stage1(cd, &lower->table);
	if (upper)
		(void)smmu3_cd_stage1(cd, &upper->table);
	if (wide)
		(void)smmu3_cd_stage1(cd, &wide->table); /* the wider output decides IPS */
	if (lower)
		put_mair(cd, lower);
	if (upper)
		put_mair(cd, upper);
}

/* Where an SMMU can only stall, structures that terminate are ILLEGAL.  5.5 */
static bool stalls_forced(const struct smmu_spec *smmu)
{
	const uint64_t idr0 = smmu->config.idr[0];

	return field_value(&idr0, IDR0_STALL_MODEL) == STALLS_FORCED;
}

/* Is a stage 1 table of a Secure stream at Non-secure IPAs, or without stage 2 at PAs? */
static bool is_at_ns(const struct master_spec *master, const struct table_spec *table)
{
	return table && (table->stage2 ? table->stage2 != master->s2 : table->pas == SMMU3_PAS_NS);
}

/* A Secure stream's tables are read from where they are.  5.4 */
static void put_spaces(uint64_t cd[8], const struct context_spec *context,
		       const struct master_spec *master)
{
	put(cd, CD_NSCFG0, is_at_ns(master, context->lower));
	put(cd, CD_NSCFG1, is_at_ns(master, context->upper));
}

static void make_cd(const struct context_spec *context, const struct master_spec *master,
		    uint64_t cd[8])
{
	if (context->cd_raw) {
		memcpy(cd, context->cd_raw, 8 * sizeof(*cd));
		return;
	}
	memset(cd, 0, 8 * sizeof(*cd));
	PUT_ALL(cd, 1, CD_V, CD_AA64, CD_A, CD_R, CD_ASET);
	put(cd, CD_S, stalls_forced(master->on));
	PUT_ALL(cd, WALK_WB_RA_WA, CD_IR0, CD_OR0, CD_IR1, CD_OR1);
	PUT_ALL(cd, SMMU3_ISH, CD_SH0, CD_SH1);
	put(cd, CD_ASID, context->asid);
	put_given(cd, CD_PARTID, context->partid);
	put_given(cd, CD_PMG, context->pmg);
	put_tables(cd, context->lower, context->upper);
	if (master->security == SMMU3_PAS_SECURE)
		put_spaces(cd, context, master);
	apply_fields(cd, &context->cd);
}

static int set_cd(struct space *space, const struct smmu3_cd_table *table,
		  const struct context_spec *context, const struct master_spec *master)
{
	uint64_t cd[8];

	check_mair(space->build, context);
	check_formats(space->build, context);
	check_ds(space->build, key_node(context->at, "table_upper"), context->lower,
		 context->upper);
	make_cd(context, master, cd);
	return smmu3_cd_table_set(&space->builder, table, (uint32_t)context->ssid, cd);
}

/* CD 0 is the master's own, or one of the substreams. */
static bool describes_cd0(const struct context_spec *context)
{
	return context->lower || context->upper || context->cd_raw;
}

static int fill_cd_table(struct space *space, const struct master_spec *master,
			 struct smmu3_cd_table *table)
{
	int code = smmu3_cd_table_create(&space->builder, table);

	if (!code && describes_cd0(&master->context))
		code = set_cd(space, table, &master->context, master);
	for (size_t i = 0; !code && i < master->substreams.count; i++)
		code = set_cd(space, table, ITEM(master->substreams, struct context_spec, i),
			      master);
	return code;
}

/* Where the CDs of a master go: with its STEs, or where stage 2 puts Secure IPAs. */
static struct region *cds_region(struct build *build, struct region *region,
				 const struct master_spec *master)
{
	const unsigned pas = master->s2 ? master->s2->maps : region->pas;

	return pas == region->pas ? region :
				    tables_region(build, master->at, NULL, SMMU3_PAS_BIT(pas), pas);
}

/* The CD table of a master, in front of or behind stage 2. */
static int build_cds(struct build *build, struct region *region, const struct master_spec *master,
		     struct smmu3_cd_table *table)
{
	struct space space;
	int code;

	region = cds_region(build, region, master);
	if (!region)
		return -SMMU3_E_NOT_FOUND;
	*table = (struct smmu3_cd_table){ .format = (uint8_t)master->cd_format,
					  .cdmax = (uint8_t)master->cdmax };
	space_open(&space, build, region, master->at);
	if (master->s2) {
		space.stage2 = master->s2;
		space.next_ipa = master->cd_at_ipa;
		space.perm = master->cd_s2_perm;
	}
	code = fill_cd_table(&space, master, table);
	if (code)
		space_failed(&space, code, master->at);
	space_close(&space);
	return code;
}

/* ---- STEs ---- */

static bool has_stage1(const struct master_spec *master)
{
	return describes_cd0(&master->context) || master->substreams.count;
}

static bool is_d128(const struct context_spec *context)
{
	return (context->lower && context->lower->table.format == SMMU3_TABLE_D128) ||
	       (context->upper && context->upper->table.format == SMMU3_TABLE_D128);
}

/* Without S1PIE there is no VMSAv9-128 of stage 1.  5.4 AA64 */
static bool needs_s1pie(const struct master_spec *master)
{
	for (size_t i = 0; i < master->substreams.count; i++)
		if (is_d128(ITEM(master->substreams, struct context_spec, i)))
			return true;
	return is_d128(&master->context);
}

static void put_stage1(uint64_t ste[8], const struct master_spec *master,
		       const struct smmu3_cd_table *cds)
{
	(void)smmu3_ste_cd_table(ste, cds);
	PUT_ALL(ste, CD_FETCH_WB_RA, STE_S1CIR, STE_S1COR);
	put(ste, STE_S1CSH, SMMU3_ISH);
	put(ste, STE_S1DSS, master->s1dss);
	put(ste, STE_S1PIE, needs_s1pie(master));
	if (master->world != UNSET)
		put(ste, STE_STRW, master->world);
}

static void put_stage2(uint64_t ste[8], const struct table_spec *table, bool stalls)
{
	(void)smmu3_ste_stage2(ste, &table->table);
	PUT_ALL(ste, WALK_WB_RA_WA, STE_S2IR0, STE_S2OR0);
	put(ste, STE_S2SH0, SMMU3_ISH);
	put(ste, STE_S2VMID, vmid_of(table));
	put(ste, STE_S2R, 1);
	put(ste, STE_S2S, stalls);
}

/* Beside it, of a Secure stream: the tree of Secure IPAs, and where each tree is and maps.
 * 3.10.2.2 */
static void put_spaces_of_stage2(uint64_t ste[8], const struct table_spec *secure,
				 const struct table_spec *ns)
{
	(void)smmu3_ste_secure_stage2(ste, &secure->table);
	put(ste, STE_S2VMID, vmid_of(secure));
	put(ste, STE_S2SW, secure->pas == SMMU3_PAS_NS);
	put(ste, STE_S2SA, secure->maps == SMMU3_PAS_NS);
	put(ste, STE_S2NSW, ns->pas == SMMU3_PAS_NS);
	put(ste, STE_S2NSA, ns->maps == SMMU3_PAS_NS);
}

/* A CD that has a label of its own has stage 1 labelled by CDs; over stage 2 that takes a VMS,
 * which `ste` points at.  5.2 S1MPAM */
static bool labels_substreams(const struct master_spec *master)
{
	for (size_t i = 0; i < master->substreams.count; i++) {
		const struct context_spec *const context = ITEM(master->substreams,
								struct context_spec, i);

		if (context->partid != UNSET || context->pmg != UNSET)
			return true;
	}
	return false;
}

static unsigned config_of(const struct master_spec *master)
{
	if (master->mode == MODE_ABORT)
		return STE_CONFIG_ABORT;
	return STE_CONFIG_PASS_BIT | (has_stage1(master) ? STE_CONFIG_S1_BIT : 0) |
	       (master->s2 ? STE_CONFIG_S2_BIT : 0);
}

static void make_ste(const struct master_spec *master, const struct smmu3_cd_table *cds,
		     uint64_t ste[8])
{
	if (master->ste_raw) {
		memcpy(ste, master->ste_raw, 8 * sizeof(*ste));
		return;
	}
	memset(ste, 0, 8 * sizeof(*ste));
	if (master->mode != MODE_INVALID) {
		put(ste, STE_V, 1);
		put(ste, STE_CONFIG, config_of(master));
		put(ste, STE_SHCFG, STE_SHCFG_INCOMING);
	}
	put_given(ste, STE_PARTID, master->partid);
	put_given(ste, STE_PMG, master->pmg);
	put_given(ste, STE_MPAM_NS, master->mpam_ns);
	if (labels_substreams(master))
		put(ste, STE_S1MPAM, 1);
	if (has_stage1(master))
		put_stage1(ste, master, cds);
	if (master->s2)
		put_stage2(ste, master->s2_ns ? master->s2_ns : master->s2,
			   stalls_forced(master->on));
	if (master->s2_ns)
		put_spaces_of_stage2(ste, master->s2, master->s2_ns);
	apply_fields(ste, &master->ste);
}

static void build_master(struct build *build, struct space *space, struct master_spec *master)
{
	struct smmu3_cd_table cds = { 0 };
	uint64_t ste[8];
	int code = 0;

	if (has_stage1(master) && build_cds(build, space->region, master, &cds))
		return;
	check_ds(build, master->at, master->s2, master->s2_ns);
	make_ste(master, &cds, ste);
	space->node = master->at;
	for (uint64_t i = 0; !code && i < master->count; i++)
		code = smmu3_stream_table_set(&space->builder, &master->interface->streams,
					      (uint32_t)(master->stream_id + i), ste);
	if (code)
		space_failed(space, code, master->at);
}

/* ---- Stream tables ---- */

/* Bits that the largest StreamID of an interface needs. */
static unsigned bits_needed(const struct build *build, const struct interface_spec *interface)
{
	const struct list *const masters = &build->machine->spec.masters;
	uint64_t largest = 0;
	unsigned count = 0;

	for (size_t i = 0; i < masters->count; i++) {
		const struct master_spec *const master = ITEM(*masters, struct master_spec, i);
		const uint64_t last = master->stream_id + master->count - 1;

		if (master->interface == interface && last > largest)
			largest = last;
	}
	while (largest >> count)
		count++;
	return count;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Bits that its StreamIDs may have.  6.3.2, 6.3.53 */
static unsigned sid_size(const struct interface_spec *interface)
{
	const struct smmu3_config *const config = &interface->of->config;
	const uint64_t idr1 = config->idr[1], s_idr1 = config->s_idr[1];

	return (unsigned)(interface->pas == SMMU3_PAS_SECURE ?
				  field_value(&s_idr1, S_IDR1_S_SIDSIZE) :
				  field_value(&idr1, IDR1_SIDSIZE));
}

static void shape_defaults_of_streams(const struct build *build, struct interface_spec *interface)
{
	struct stream_table_spec *const spec = &interface->stream_table;
	const uint64_t idr0 = interface->of->config.idr[0];
	const unsigned sidsize = sid_size(interface);
	const bool two_levels = field_value(&idr0, IDR0_ST_LEVEL) == 1;
	const unsigned needed = bits_needed(build, interface);

	if (spec->format == UNSET && two_levels)
		spec->format = (spec->log2size == UNSET ? sidsize : spec->log2size) > spec->split;
	spec->format = spec->format == 1;
	if (spec->log2size == UNSET)
		spec->log2size = least(sidsize, spec->format && needed < 16 ? 16 : needed);
	spec->at = interface->at; /* so that it is printed */
	interface->streams = (struct smmu3_stream_table_shape){
		.two_level = (uint8_t)spec->format,
		.log2size = (uint8_t)spec->log2size,
		.split = (uint8_t)spec->split,
	};
}

static void check_stream_ids(struct build *build, const struct interface_spec *interface)
{
	const struct list *const masters = &build->machine->spec.masters;

	for (size_t i = 0; i < masters->count; i++) {
		const struct master_spec *const master = ITEM(*masters, struct master_spec, i);

		if (master->interface == interface &&
		    (master->stream_id + master->count - 1) >> interface->streams.log2size)
			COMPLAIN(&build->loader, key_node(master->at, "stream_id"),
				 "StreamID 0x%" PRIx64
				 " is beyond the %sStream table of '%s', which has 2^%u entries",
				 master->stream_id + master->count - 1,
				 interface->pas == SMMU3_PAS_SECURE ? "Secure " :
				 interface->pas == SMMU3_PAS_REALM  ? "Realm " :
								      "",
				 interface->of->name, (unsigned)interface->streams.log2size);
	}
}

static void build_stream_table(struct build *build, struct interface_spec *interface)
{
	struct region *const region = interface_region(build, interface);
	const struct list *const masters = &build->machine->spec.masters;
	const unsigned before = build->loader.complaints->count;
	struct space space;
	int code;

	if (!region)
		return;
	shape_defaults_of_streams(build, interface);
	check_stream_ids(build, interface);
	if (build->loader.complaints->count != before)
		return;
	space_open(&space, build, region, key_node(interface->at, "stream_table"));
	code = smmu3_stream_table_create(&space.builder, &interface->streams);
	if (code)
		space_failed(&space, code, space.node);
	for (size_t i = 0; !code && i < masters->count && !space.complained; i++) {
		struct master_spec *const master = ITEM(*masters, struct master_spec, i);

		if (master->interface == interface)
			build_master(build, &space, master);
	}
	space_close(&space);
}

void build_streams(struct build *build)
{
	const struct list *const list = &build->machine->spec.smmu;

	for (size_t i = 0; i < list->count && !complaints_full(build->loader.complaints); i++) {
		struct smmu_spec *const smmu = ITEM(*list, struct smmu_spec, i);

		for (unsigned pas = 0; pas < INTERFACES; pas++)
			if (smmu->interface[pas].used)
				build_stream_table(build, &smmu->interface[pas]);
	}
}
