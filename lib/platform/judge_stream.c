/* SPDX-License-Identifier: MIT */
/* Whose streams a master has, and what its SMMU gives such streams: a Security state, ATS. */
#include "platform/features.h"
#include "platform/judge.h"

#include "arch/idregs.h"
#include "arch/ste.h"

/* ---- Its Security state ---- */

/* Of Secure streams.  3.10.2.2 */
#define NO_EL3 "Secure streams have no world of EL3 on an SMMU with RME (IDR0.RME_IMPL = 1)"
#define NO_SEL2 "Secure streams have no %s: there is no Secure EL2 (S_IDR1.SEL2 = 0)"

/* The driver programs it, though nothing is said of it. */
static void use(struct interface_spec *interface)
{
	interface->used = true;
	if (!interface->at)
		interface->at = interface->of->at;
}

/* What Secure streams have by a Secure EL2, which has two stage 2 tables for each. */
static void judge_secure(struct build *build, struct master_spec *master)
{
	const bool sel2 = master->on && has_sel2(&master->on->config);

	if (is_given(master->at, "stage2") && !sel2)
		COMPLAIN(&build->loader, key_node(master->at, "stage2"), NO_SEL2, "stage 2");
	if (master->world == STE_STRW_EL2 && !sel2)
		COMPLAIN(&build->loader, key_node(master->at, "world"), NO_SEL2, "world of EL2");
	if (master->world == STE_STRW_EL3 && master->on && has_rme(&master->on->config))
		COMPLAIN(&build->loader, key_node(master->at, "world"), NO_EL3);
}

static void complain_of_no_state(struct build *build, const struct master_spec *master)
{
	const struct node *const at = key_node(master->at, "security");

	if (master->security == SMMU3_PAS_SECURE)
		complain_of_no_secure(&build->loader, at, master->on->name);
	else
		complain_of_no_realm(&build->loader, at, master->on->name);
}

/* Whose stream it is, and what such a stream has. */
void judge_security(struct build *build, struct master_spec *master)
{
	const bool ns = master->security == SMMU3_PAS_NS;

	if (master->security >= INTERFACES)
		COMPLAIN(&build->loader, key_node(master->at, "security"),
			 "no stream is of the Root state: 'ns', 'secure' or 'realm'");
	else if (master->on && !has_interface(&master->on->config, (unsigned)master->security))
		complain_of_no_state(build, master);
	if (ns && is_given(master->at, "ns"))
		COMPLAIN(&build->loader, key_node(master->at, "ns"),
			 "'ns' is what a master with 'security: secure' or 'realm' drives");
	if (master->security == SMMU3_PAS_SECURE)
		judge_secure(build, master);
	if (!ns && master->ns == UNSET)
		master->ns = false;
	if (master->security >= INTERFACES || !master->on)
		return;
	if (!has_mpam(&master->on->config))
		complain_of_no_mpam(&build->loader, master->at, master->on->name);
	master->interface = &master->on->interface[master->security];
	if (!ns && !master->on->registers)
		use(master->interface);
}

/* An STE has one VMID, that of 'stage2': a table that gives none has none of its own then.
 * 3.10.2.2, 5.2 S2VMID */
static void check_vmids(struct build *build, const struct master_spec *master)
{
	struct table_spec *const ns = master->s2_ns;

	if (!is_given(ns->at, "vmid"))
		ns->vmid = UNSET;
	if (ns->vmid == UNSET || ns->vmid == vmid_of(master->s2))
		return;
	COMPLAIN(&build->loader, key_node(master->at, "stage2_ns"),
		 "table '%s' has VMID %u, 'stage2' %u: an STE has one", ns->name,
		 (unsigned)ns->vmid, (unsigned)vmid_of(master->s2));
	remark(build->loader.complaints, node_place(build->loader.source, key_node(ns->at, "vmid")),
	       "the VMID");
}

void judge_stage2s(struct build *build, const struct master_spec *master)
{
	const struct node *const at = key_node(master->at, "stage2_ns");

	if (is_given(master->at, "stage2_ns") && master->security != SMMU3_PAS_SECURE)
		COMPLAIN(
			&build->loader, at,
			"'stage2_ns' is of masters with 'security: secure', whose IPAs are of two spaces");
	else if (is_given(master->at, "stage2_ns") && !is_given(master->at, "stage2"))
		COMPLAIN(&build->loader, at,
			 "'stage2_ns' needs 'stage2', the table of Secure IPAs, beside it");
	else if (master->s2_ns && master->s2_ns != master->s2)
		check_vmids(build, master);
}

/* ---- Its ATC ---- */

/* R_IDR0 has its bits where S_IDR0 has them.  6.3.122 */
static bool has_ats(const struct smmu_spec *smmu, uint64_t security)
{
	const uint64_t idr0 = smmu->config.idr[0], r_idr0 = smmu->config.r_idr[0];

	return field_value(&idr0, IDR0_ATS) &&
	       (security == SMMU3_PAS_NS || field_value(&r_idr0, S_IDR0_ATS));
}

/* places: those of the masters before. */
static void make_atc(struct build *build, struct master_spec *master, uint64_t *places)
{
	const size_t bytes = master->atc.entries * sizeof(struct atc_entry);

	*places += master->atc.entries;
	if (*places > ATC_PLACES_ALL) {
		complain(build->loader.complaints, -SMMU3_E_LIMIT,
			 node_place(build->loader.source, key_node(master->at, "atc")),
			 "the ATCs of all masters have more than %u entries",
			 (unsigned)ATC_PLACES_ALL);
		return;
	}
	master->cache = arena_take(&build->machine->arena, sizeof(*master->cache) + bytes);
	if (!master->cache) {
		complain_memory(&build->loader, master->at);
		return;
	}
	*master->cache = (struct atc){ .sec_sid = (uint8_t)master->security,
				       .sid = (uint32_t)master->stream_id,
				       .count = (uint32_t)master->count,
				       .places = (unsigned)master->atc.entries };
}

void judge_atc(struct build *build, struct master_spec *master, uint64_t *places)
{
	if (!master->atc.at)
		return;
	if (master->security == SMMU3_PAS_SECURE)
		COMPLAIN(&build->loader, key_node(master->at, "atc"),
			 "Secure streams have no ATS (3.9.1.3): what would an ATC ask?");
	else if (!master->on || has_ats(master->on, master->security))
		make_atc(build, master, places);
	else
		COMPLAIN(&build->loader, key_node(master->at, "atc"),
			 "SMMU '%s' has no ATS (IDR0.ATS = 0): what would an ATC ask?",
			 master->on->name);
}
