/* SPDX-License-Identifier: MIT */
/* SMMUs made and programmed, as a driver would: attributes, Stream table, queues, GBPA, then SMMUEN
 * and its acknowledgement. */
#include "platform/adversity.h"
#include "platform/features.h"
#include "platform/guard.h"
#include "platform/interface.h"

#include "arch/attr.h"
#include "arch/offsets.h"
#include "arch/regs.h"
#include "tables_put.h"

#include <inttypes.h>
#include <stdlib.h>

/* ---- Registers ---- */

static void write32(const struct interface_spec *interface, uint64_t offset, uint64_t value)
{
	interface_write(interface, offset, 4, value);
}

/* A label, of which nothing that is said is 0; if anything is said of it, it is written. */
static void write_label(const struct interface_spec *interface, uint64_t offset, uint64_t partid,
			uint64_t pmg, uint64_t mpam_ns)
{
	uint64_t label = 0;

	if ((partid == UNSET && pmg == UNSET && mpam_ns == UNSET) ||
	    !has_mpam(&interface->of->config))
		return;
	put(&label, GMPAM_SO_PARTID, partid == UNSET ? 0 : partid);
	put(&label, GMPAM_SO_PMG, pmg == UNSET ? 0 : pmg);
	put(&label, GMPAM_MPAM_NS, mpam_ns == 1);
	put(&label, GMPAM_UPDATE, 1);
	write32(interface, offset, label);
}

static void write_attributes(const struct interface_spec *interface)
{
	uint64_t cr1 = 0, cr2 = 0;

	put(&cr1, CR1_TABLE_IC, interface->table_attr);
	put(&cr1, CR1_TABLE_OC, interface->table_attr);
	put(&cr1, CR1_TABLE_SH, interface->table_sh);
	put(&cr1, CR1_QUEUE_IC, CR1_WB);
	put(&cr1, CR1_QUEUE_OC, CR1_WB);
	put(&cr1, CR1_QUEUE_SH, SMMU3_ISH);
	put(&cr2, CR2_E2H, interface->e2h);
	put(&cr2, CR2_RECINVSID, interface->recinvsid);
	write32(interface, REG_CR1, cr1);
	write32(interface, REG_CR2, cr2);
	if (interface->s2pii != UNSET)
		interface_write(interface, REG_S2PII, 8, interface->s2pii);
	if (interface->pas == SMMU3_PAS_REALM && interface->mecid != UNSET)
		write32(interface, REG_R_GMECID - PAGE_REALM_0, interface->mecid);
	write_label(interface, REG_GMPAM, interface->partid, interface->pmg, interface->mpam_ns);
}

static void write_streams(const struct interface_spec *interface)
{
	uint64_t base;
	uint32_t config;

	smmu3_stream_table_registers(&interface->streams, &base, &config);
	interface_write(interface, REG_STRTAB_BASE, 8, base);
	write32(interface, REG_STRTAB_BASE_CFG, config);
}

/* Waits, as a driver does, for what the SMMU takes up at once. */
static bool write_bypass(const struct interface_spec *interface)
{
	const struct bypass_spec *const bypass = &interface->bypass;
	uint64_t gbpa = 0;

	if (!bypass->at)
		return true;
	put(&gbpa, GBPA_ABORT, bypass->abort);
	put(&gbpa, GBPA_MTCFG, bypass->mtcfg);
	put(&gbpa, GBPA_MEMATTR, bypass->memattr);
	put(&gbpa, GBPA_ALLOCCFG, bypass->alloccfg);
	put(&gbpa, GBPA_SHCFG, bypass->shcfg);
	put(&gbpa, GBPA_NSCFG, bypass->nscfg);
	put(&gbpa, GBPA_PRIVCFG, bypass->privcfg);
	put(&gbpa, GBPA_INSTCFG, bypass->instcfg);
	put(&gbpa, GBPA_UPDATE, 1);
	write32(interface, REG_GBPA, gbpa);
	write_label(interface, REG_GBPMPAM, bypass->partid, bypass->pmg, bypass->mpam_ns);
	return interface_awaits(interface, REG_GBPA, field_mask(GBPA_UPDATE), 0);
}

/* What the Secure interface says of all traffic; before SMMUEN, which guards it.  6.3.57 */
static bool write_checks(const struct interface_spec *interface)
{
	const uint64_t bits = (interface->sif == 1 ? field_mask(CR0_SIF) : 0) |
			      (interface->nsstalld == 1 ? field_mask(CR0_NSSTALLD) : 0);

	return !bits || interface_enable(interface, bits);
}

static bool enable(const struct interface_spec *interface)
{
	return interface->enabled == 0 || interface_enable(interface, field_mask(CR0_SMMUEN));
}

/* All that any Security state has cached: before either is programmed.  6.3.62 */
static bool invalidate_all(const struct interface_spec *secure)
{
	const uint64_t all = field_mask(S_INIT_INV_ALL);
	uint64_t value = all;

	(void)smmu3_mmio_write(secure->of->smmu, SMMU3_PAS_SECURE, REG_S_INIT, 4, all);
	(void)smmu3_mmio_read(secure->of->smmu, SMMU3_PAS_SECURE, REG_S_INIT, 4, &value);
	return !(value & all);
}

static bool program(struct smmu3_machine *machine, const struct interface_spec *interface)
{
	const bool ns = interface->pas == SMMU3_PAS_NS;

	write_attributes(interface);
	write_streams(interface);
	return start_queues(machine, interface) && (!ns || start_dpt(interface->of)) &&
	       write_bypass(interface) && write_checks(interface) && enable(interface);
}

/* Firmware comes first, then Secure software, as they boot. */
static bool program_all(struct smmu3_machine *machine, const struct smmu_spec *smmu)
{
	const struct interface_spec *const secure = &smmu->interface[SMMU3_PAS_SECURE];
	const struct interface_spec *const realm = &smmu->interface[SMMU3_PAS_REALM];

	return start_root(smmu) &&
	       (!secure->used || (invalidate_all(secure) && program(machine, secure))) &&
	       (!realm->used || program(machine, realm)) &&
	       program(machine, &smmu->interface[SMMU3_PAS_NS]);
}

/* The interface that a register of a capture is of: half of Page 0 is Secure, two pages are Realm.
 * 6.2 */
static const struct interface_spec *interface_at(const struct smmu_spec *smmu, uint64_t offset)
{
	const bool secure = offset >= PAGE_0_SECURE && offset < PAGE_1;
	const bool realm = has_interface(&smmu->config, SMMU3_PAS_REALM) &&
			   offset - realm_pages(&smmu->config) < 2 * (uint64_t)PAGE_BYTES;

	return &smmu->interface[secure ? SMMU3_PAS_SECURE : realm ? SMMU3_PAS_REALM : SMMU3_PAS_NS];
}

/* Is a register of a capture the CR0 of its interface? */
static bool is_cr0(const struct smmu_spec *smmu, uint64_t offset)
{
	const struct interface_spec *const of = interface_at(smmu, offset);
	const uint64_t page = of->pas == SMMU3_PAS_SECURE ? PAGE_0_SECURE :
			      of->pas == SMMU3_PAS_REALM  ? realm_pages(&smmu->config) :
							    0;

	return offset == page + REG_CR0;
}

/* What there is no reset value of is written as software does, with Update.  6.3.62 */
static uint64_t value_of(const struct register_write *write)
{
	return write->value | (write->offset == REG_S_GBPA ? field_mask(GBPA_UPDATE) : 0);
}

/* As it was: enabled, or not. */
static bool enable_as(const struct interface_spec *interface, uint64_t cr0)
{
	write32(interface, REG_CR0, cr0);
	return interface_awaits(interface, REG_CR0ACK, field_mask(CR0_SMMUEN),
				cr0 & field_mask(CR0_SMMUEN));
}

/* A capture is written as it was read, R_CR0, S_CR0 and CR0 last. */
static bool replay_capture(const struct smmu_spec *smmu)
{
	uint64_t cr0[INTERFACES] = { 0 };

	for (size_t i = 0; i < smmu->write_count; i++) {
		const struct register_write *const write = &smmu->writes[i];
		const struct interface_spec *const of = interface_at(smmu, write->offset);

		if (is_cr0(smmu, write->offset))
			cr0[of->pas] = write->value;
		else
			(void)smmu3_mmio_write(smmu->smmu, of->pas, write->offset, write->size,
					       value_of(write));
	}
	for (unsigned pas = INTERFACES; pas-- > 0;) {
		if (cr0[pas] && !enable_as(&smmu->interface[pas], cr0[pas]))
			return false;
	}
	return true;
}

/* ---- Making ---- */

static bool add_memory(const struct smmu3_machine *machine, const struct smmu_spec *smmu)
{
	const struct memory *const memory = &machine->memory;
	int code = 0;

	for (size_t i = 0; !code && i < memory->count; i++)
		code = guard_add_ram(machine, smmu, memory->region[i]);
	return !code;
}

/* Endpoints with an ATC hear what the SMMU asks of it. */
static void join_atcs(const struct smmu3_machine *machine, const struct smmu_spec *smmu)
{
	const struct list *const masters = &machine->spec.masters;

	smmu->own->atcs.smmu = smmu->smmu;
	for (size_t i = 0; i < masters->count; i++) {
		const struct master_spec *const master = ITEM(*masters, struct master_spec, i);

		if (master->on != smmu || !master->cache)
			continue;
		master->cache->next = smmu->own->atcs.first;
		smmu->own->atcs.first = master->cache;
	}
}

static bool make_smmu(struct build *build, struct smmu_spec *smmu)
{
	struct smmu3_error error = { .code = -SMMU3_E_MEMORY, .text = "out of memory" };
	struct smmu3_host host;

	smmu->own = calloc(1, sizeof(*smmu->own));
	if (smmu->own) {
		smmu->own->memory = &build->machine->memory;
		smmu->own->firewall = machine_firewall(build->machine);
		smmu->own->index = (size_t)(smmu -
					    ITEM(build->machine->spec.smmu, struct smmu_spec, 0));
		held_init(&smmu->own->held);
		host = own_host(smmu->own);
		smmu->smmu = smmu3_create(&smmu->config, &host, &error);
	}
	if (smmu->smmu) {
		join_atcs(build->machine, smmu);
		adversity_begins(build, smmu);
	} else {
		complain(build->loader.complaints, error.code,
			 node_place(build->loader.source, smmu->at), "%s", error.text);
	}
	return smmu->smmu != NULL;
}

/* A driver gets no further where its commands cannot be read. */
static void complain_of_silence(struct build *build, const struct smmu_spec *smmu)
{
	const struct own_log *const log = smmu->own;

	COMPLAIN(&build->loader, smmu->at,
		 "the SMMU does not acknowledge what was written to CR0 or GBPA");
	if (log->denied_by)
		remark(build->loader.complaints,
		       node_place(build->loader.source, build->machine->spec.firewall.at),
		       "region '%.64s' of the firewall does not let it read 0x%" PRIx64,
		       log->denied_by, log->denied);
}

static void build_smmu(struct build *build, struct smmu_spec *smmu)
{
	if (!make_smmu(build, smmu))
		return;
	if (!add_memory(build->machine, smmu))
		COMPLAIN(&build->loader, smmu->at, "the SMMU does not take the machine's memory");
	else if (smmu->registers ? !start_root(smmu) || !replay_capture(smmu) :
				   !program_all(build->machine, smmu))
		complain_of_silence(build, smmu);
	adversity_goes_on(build, smmu);
	own_begin(smmu->own, smmu);
}

void build_smmus(struct build *build)
{
	for (size_t i = 0; i < build->machine->spec.smmu.count; i++)
		build_smmu(build, ITEM(build->machine->spec.smmu, struct smmu_spec, i));
}
