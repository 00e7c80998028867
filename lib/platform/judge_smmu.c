/* SPDX-License-Identifier: MIT */
/* SMMUs and memories of a configuration. */
#include "platform/features.h"
#include "platform/machine.h"

#include "arch/attr.h"
#include "arch/idregs.h"
#include "base/bits.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_PROFILE "generic-3.1"

enum { SMMUS_MOST = 64 };

/* Says that a name is taken. */
static void complain_of_twin(void *context, void *first, void *second)
{
	struct build *const build = context;
	const struct node *const a = key_node(*(const struct node **)first, "name");
	const struct node *const b = key_node(*(const struct node **)second, "name");

	COMPLAIN(&build->loader, b, "the name is taken (line %u)", a->line);
}

/* ---- SMMUs ---- */

static void name_smmu(struct build *build, struct smmu_spec *smmu, size_t index)
{
	char name[32];

	if (smmu->name && !strcmp(smmu->name, SMMU_NONE))
		COMPLAIN(&build->loader, key_node(smmu->at, "name"),
			 "'none' says of a master that it is behind no SMMU: no SMMU is named so");
	if (smmu->name)
		return;
	(void)snprintf(name, sizeof(name), "smmu%zu", index);
	smmu->name = arena_copy(build->loader.arena, name, strlen(name));
}

static void unknown_profile(struct build *build, const struct smmu_spec *smmu)
{
	struct guess guess = { .text = smmu->profile, .length = strlen(smmu->profile) };
	char text[80];

	for (size_t i = 0; smmu3_profile(i); i++)
		guess_offer(&guess, smmu3_profile(i)->name);
	COMPLAIN(&build->loader, key_node(smmu->at, "profile"), "there is no profile '%.64s'%s",
		 smmu->profile, guess_text(&guess, text, sizeof(text)));
}

static void take_profile(struct build *build, struct smmu_spec *smmu)
{
	struct smmu3_error error;

	if (smmu->registers && smmu->profile) {
		COMPLAIN(&build->loader, key_node(smmu->at, "profile"),
			 "'registers' brings the profile: give one of the two");
		return;
	}
	if (smmu->registers) {
		capture_registers(build, smmu);
		return;
	}
	smmu->profile = smmu->profile ? smmu->profile : DEFAULT_PROFILE;
	if (smmu3_config_init(&smmu->config, smmu->profile, &error)) {
		unknown_profile(build, smmu);
		/* What follows is judged by the default, not by nothing. */
		(void)smmu3_config_init(&smmu->config, DEFAULT_PROFILE, &error);
	}
}

static void check_config(struct build *build, const struct smmu_spec *smmu)
{
	struct smmu3_error error = { 0 };
	const int code = smmu3_config_check(&smmu->config, &error);

	if (code)
		complain(build->loader.complaints, code, node_place(build->loader.source, smmu->at),
			 "%s%s%s%s", error.text, error.section[0] ? " (" : "", error.section,
			 error.section[0] ? ")" : "");
}

/* What a driver of tables would set is the capture's. */
static void check_capture_keys(struct build *build, const struct smmu_spec *smmu)
{
	static const char *const key[] = { "enabled",    "bypass",        "recinvsid",
					   "table_attr", "table_sh",      "stream_table",
					   "tables_in",  "command_queue", "event_queue",
					   "pri_queue",  "dpt",           "e2h",
					   "secure",     "realm",         "gpt",
					   "s2pii" };

	for (size_t i = 0; i < sizeof(key) / sizeof(key[0]); i++) {
		if (smmu->registers && is_given(smmu->at, key[i]))
			COMPLAIN(&build->loader, key_node(smmu->at, key[i]),
				 "with 'registers', '%s' is what the capture says", key[i]);
	}
}

static void default_to(uint64_t *member, uint64_t value)
{
	if (*member == UNSET)
		*member = value;
}

/* Places of one kind; complains where the library would refuse them. */
static uint32_t places(struct build *build, const struct caches_spec *caches, const char *key,
		       uint64_t count)
{
	if (count == UNSET)
		return (uint32_t)caches->all;
	if (count & (count - 1))
		COMPLAIN(&build->loader, key_node(caches->at, key),
			 "%" PRIu64 " places are no power of two", count);
	return (uint32_t)count;
}

/* Micro-TLBs are of streams, and streams have nothing else there. */
static void check_micro(struct build *build, const struct caches_spec *caches)
{
	if (caches->micro && !caches->micro_streams)
		COMPLAIN(&build->loader, key_node(caches->at, "micro"),
			 "'micro' is of each of so many streams: 'micro_streams' is wanted, too");
	if (!caches->micro && caches->micro_streams)
		COMPLAIN(&build->loader, key_node(caches->at, "micro_streams"),
			 "'micro_streams' have so many entries each: 'micro' is wanted, too");
}

static void take_caches(struct build *build, struct smmu_spec *smmu)
{
	const struct caches_spec *const caches = &smmu->caches;

	if (build->caches) {
		smmu->config.caches = *build->caches;
		return;
	}
	if (!caches->at)
		return;
	(void)places(build, caches, "all", caches->all);
	check_micro(build, caches);
	smmu->config.caches = (struct smmu3_caches){
		.l1stds = places(build, caches, "l1stds", caches->l1stds),
		.stes = places(build, caches, "stes", caches->stes),
		.cds = places(build, caches, "cds", caches->cds),
		.tlb = places(build, caches, "tlb", caches->tlb),
		.tables = places(build, caches, "tables", caches->tables),
		.dpt = places(build, caches, "dpt", caches->dpt),
		.gpt = places(build, caches, "gpt", caches->gpt),
		.micro = places(build, caches, "micro", caches->micro),
		.micro_streams = places(build, caches, "micro_streams", caches->micro_streams),
		.contiguous = (uint32_t)caches->contiguous,
	};
}

static void take_check(const struct build *build, struct smmu_spec *smmu)
{
	smmu->config.check = build->check ? build->check : (uint32_t)smmu->check;
}

static void take_statistics(struct build *build, struct smmu_spec *smmu)
{
	const struct statistics_spec *const statistics = &smmu->statistics;

	if (!statistics->at) {
		smmu->config.statistics = build->streams != 0;
		smmu->config.stats_streams = build->streams;
		return;
	}
	if (statistics->streams & (statistics->streams - 1))
		COMPLAIN(&build->loader, key_node(statistics->at, "streams"),
			 "%" PRIu64 " rows are no power of two", statistics->streams);
	smmu->config.statistics = 1;
	smmu->config.stats_streams = (uint32_t)statistics->streams;
}

/* 10.5.2.13.  Its counters are in Page 1. */
static void take_monitors(struct smmu_spec *smmu)
{
	const struct pmcg_spec *const pmcg = &smmu->pmcg;

	if (!pmcg->at)
		return;
	smmu->config.pmcg_cfgr = (uint32_t)((pmcg->counters - 1) | pmcg->bits << 8 |
					    UINT64_C(1) << 20 | pmcg->msi << 21 |
					    pmcg->capture << 22 | pmcg->one_filter << 23);
}

static void default_registers(struct interface_spec *interface)
{
	default_to(&interface->enabled, true);
	default_to(&interface->recinvsid, true);
	default_to(&interface->e2h, false);
	default_to(&interface->table_attr, CR1_WB);
	default_to(&interface->table_sh, SMMU3_ISH);
	default_to(&interface->sif, false);
	default_to(&interface->nsstalld, false);
}

/* A capture has none of these: it says what it says. */
static void default_interfaces(struct smmu_spec *smmu)
{
	for (unsigned pas = 0; pas < INTERFACES; pas++) {
		smmu->interface[pas].of = smmu;
		smmu->interface[pas].pas = (enum smmu3_pas)pas;
		if (!smmu->registers)
			default_registers(&smmu->interface[pas]);
	}
	smmu->interface[SMMU3_PAS_NS].at = smmu->at;
	smmu->interface[SMMU3_PAS_NS].used = !smmu->registers;
	for (unsigned pas = SMMU3_PAS_SECURE; pas < INTERFACES; pas++)
		smmu->interface[pas].used = smmu->interface[pas].at != NULL;
}

/* What the Realm interface has of its own.  18 */
static void check_realm(struct build *build, const struct smmu_spec *smmu)
{
	const struct interface_spec *const realm = &smmu->interface[SMMU3_PAS_REALM];
	const uint64_t r_mecidr = smmu->config.r_mecidr;
	const uint64_t most = low_bits((unsigned)field_value(&r_mecidr, MECIDR_MECIDSIZE) + 1);

	if (realm->at && !has_realm(&smmu->config))
		complain_of_no_realm(&build->loader, key_node(smmu->at, "realm"), smmu->name);
	else if (realm->at && realm->mecid != UNSET && realm->mecid > most)
		COMPLAIN(&build->loader, key_node(realm->at, "mecid"),
			 "the SMMU has MECIDs up to 0x%" PRIx64 " (R_MECIDR)", most);
}

/* Labels of what is of no stream.  6.3.42, 6.3.43 */
static void check_labels(struct build *build, const struct smmu_spec *smmu)
{
	if (has_mpam(&smmu->config))
		return;
	for (unsigned pas = 0; pas < INTERFACES; pas++) {
		const struct interface_spec *const interface = &smmu->interface[pas];

		if (interface->at)
			complain_of_no_mpam(&build->loader, interface->at, smmu->name);
		if (interface->bypass.at)
			complain_of_no_mpam(&build->loader, interface->bypass.at, smmu->name);
	}
}

/* What the Secure interface has of its own.  6.3.57 */
static void check_secure(struct build *build, const struct smmu_spec *smmu)
{
	const struct interface_spec *const secure = &smmu->interface[SMMU3_PAS_SECURE];
	const uint64_t s_idr0 = smmu->config.s_idr[0];

	if (secure->at && !has_secure(&smmu->config))
		complain_of_no_secure(&build->loader, key_node(smmu->at, "secure"), smmu->name);
	else if (secure->e2h == true && !has_sel2(&smmu->config))
		COMPLAIN(&build->loader, key_node(secure->at, "e2h"),
			 "streams of a Secure EL2 need one (S_IDR1.SEL2)");
	else if (secure->nsstalld == true && field_value(&s_idr0, S_IDR0_STALL_MODEL))
		COMPLAIN(&build->loader, key_node(secure->at, "nsstalld"),
			 "Non-secure stalls can be forbidden where stalling is a choice: "
			 "features: {stall_model: 0}");
}

/* Of each programming interface. */
static void check_s2pii(struct build *build, const struct smmu_spec *smmu)
{
	const uint64_t idr3 = smmu->config.idr[3];

	for (unsigned i = 0; i < INTERFACES; i++) {
		const struct interface_spec *const interface = &smmu->interface[i];

		if (interface->at && interface->s2pii != UNSET && !field_value(&idr3, IDR3_S2PI))
			COMPLAIN(&build->loader, key_node(interface->at, "s2pii"),
				 "an SMMU with SMMU_S2PII says so: features: {s2pi: true}");
	}
}

static void judge_smmu(struct build *build, struct smmu_spec *smmu)
{
	const unsigned before = build->loader.complaints->count;

	check_capture_keys(build, smmu);
	default_interfaces(smmu);
	take_profile(build, smmu);
	features_apply(&build->loader, smmu->features, &smmu->config);
	idr_apply(&build->loader, smmu->idr, &smmu->config);
	if (smmu->gbpa != UNSET)
		smmu->config.gbpa_reset = (uint32_t)smmu->gbpa;
	smmu->gbpa = smmu->config.gbpa_reset;
	take_caches(build, smmu);
	take_statistics(build, smmu);
	take_check(build, smmu);
	take_monitors(smmu);
	if (smmu->interface[SMMU3_PAS_NS].e2h == true && !has_hyp(&smmu->config))
		COMPLAIN(&build->loader, key_node(smmu->at, "e2h"),
			 "an SMMU with EL2 says so: features: {hyp: true}");
	check_secure(build, smmu);
	check_realm(build, smmu);
	check_labels(build, smmu);
	check_s2pii(build, smmu);
	if (build->loader.complaints->count == before)
		check_config(build, smmu);
}

void judge_smmus(struct build *build)
{
	struct smmu3_machine *const machine = build->machine;
	struct list *const list = &machine->spec.smmu;

	if (!list->count) {
		struct smmu_spec *const only = arena_take(&machine->arena, sizeof(*only));

		if (!only) {
			complain_memory(&build->loader, machine->spec.at);
			return;
		}
		shape_defaults(&smmu_shape, only);
		only->at = machine->spec.at;
		*list = (struct list){ only, 1 };
	}
	if (list->count > SMMUS_MOST)
		COMPLAIN(&build->loader,
			 list->count ? ITEM(*list, struct smmu_spec, SMMUS_MOST)->at :
				       machine->spec.at,
			 "too many SMMUs: at most %u", (unsigned)SMMUS_MOST);
	for (size_t i = 0; i < list->count && i < SMMUS_MOST; i++) {
		struct smmu_spec *const smmu = ITEM(*list, struct smmu_spec, i);

		name_smmu(build, smmu, i);
		judge_smmu(build, smmu);
		if (!smmu->name || names_add(&machine->smmus, smmu->name, smmu))
			complain_memory(&build->loader, smmu->at);
	}
	names_sort(&machine->smmus, complain_of_twin, build);
}

/* ---- Memories ---- */

static int compare_memories(const void *a, const void *b)
{
	const struct memory_spec *const left = *(struct memory_spec *const *)a;
	const struct memory_spec *const right = *(struct memory_spec *const *)b;

	if (left->pas != right->pas)
		return left->pas < right->pas ? -1 : 1;
	return (left->base > right->base) - (left->base < right->base);
}

static void check_overlaps(struct build *build, struct memory_spec **sorted, size_t count)
{
	qsort(sorted, count, sizeof(struct memory_spec *), compare_memories);
	for (size_t i = 1; i < count; i++) {
		const struct memory_spec *const below = sorted[i - 1], *const above = sorted[i];
		const struct memory_spec *const later = below > above ? below : above;
		const struct memory_spec *const first = below > above ? above : below;

		if (below->pas != above->pas || above->base - below->base >= below->size)
			continue;
		COMPLAIN(&build->loader, later->at, "memory '%s' overlaps '%s' of line %u",
			 later->name ? later->name : "", first->name ? first->name : "",
			 first->at->line);
		remark(build->loader.complaints, node_place(build->loader.source, first->at),
		       "the other memory");
	}
}

/* True: fit to be backed. */
static bool judge_memory(struct build *build, const struct memory_spec *memory)
{
	const unsigned before = build->loader.complaints->count;

	if (memory->base == UNSET || memory->size == UNSET || !memory->name)
		return false;
	if (memory->base % MEMORY_PAGE)
		COMPLAIN(&build->loader, key_node(memory->at, "base"),
			 "0x%" PRIx64 " is no multiple of 4K", memory->base);
	if (memory->size % MEMORY_PAGE)
		COMPLAIN(&build->loader, key_node(memory->at, "size"),
			 "0x%" PRIx64 " is no multiple of 4K", memory->size);
	if (memory->size > PA_MOST - memory->base)
		COMPLAIN(&build->loader, key_node(memory->at, "size"),
			 "the memory passes 2^56, the end of physical addresses");
	return build->loader.complaints->count == before;
}

static void back_memory(struct build *build, const struct memory_spec *memory)
{
	const int code = memory_add(&build->machine->memory, memory->name, memory->base,
				    memory->size, (unsigned)memory->pas);

	if (code == -SMMU3_E_LIMIT)
		COMPLAIN(&build->loader, key_node(memory->at, "size"),
			 "more than 1T of memory in all, or more than 16384 memories");
	else if (code)
		complain_memory(&build->loader, memory->at);
}

static bool any_image(const struct spec *spec)
{
	for (size_t i = 0; i < spec->smmu.count; i++) {
		if (ITEM(spec->smmu, struct smmu_spec, i)->image.at)
			return true;
	}
	return false;
}

static void default_memory(struct build *build)
{
	struct memory_spec *const ram = arena_take(&build->machine->arena, sizeof(*ram));

	if (!ram) {
		complain_memory(&build->loader, build->machine->spec.at);
		return;
	}
	*ram = (struct memory_spec){ build->machine->spec.at, "ram", 0x80000000, 0x40000000,
				     SMMU3_PAS_NS };
	build->machine->spec.memory = (struct list){ ram, 1 };
}

void judge_memories(struct build *build)
{
	struct smmu3_machine *const machine = build->machine;
	struct list *const list = &machine->spec.memory;
	struct memory_spec **sorted;
	size_t count = 0;

	if (!list->count && !any_image(&machine->spec))
		default_memory(build);
	sorted = arena_take(&machine->arena, (list->count + 1) * sizeof(struct memory_spec *));
	for (size_t i = 0; sorted && i < list->count && !complaints_full(build->loader.complaints);
	     i++) {
		struct memory_spec *const memory = ITEM(*list, struct memory_spec, i);

		if (judge_memory(build, memory))
			sorted[count++] = memory;
		if (names_add(&machine->memories, memory->name, memory))
			complain_memory(&build->loader, memory->at);
	}
	names_sort(&machine->memories, complain_of_twin, build);
	if (sorted)
		check_overlaps(build, sorted, count);
	for (size_t i = 0; i < count && !complaints_full(build->loader.complaints); i++)
		back_memory(build, sorted[i]);
	memory_sort(&machine->memory);
}
