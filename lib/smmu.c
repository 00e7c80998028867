/* SPDX-License-Identifier: MIT */
/* The SMMU: joins registers, memory and translation behind the public interface. */
#include "adversities.h"
#include "checking.h"
#include "counting.h"
#include "drain.h"
#include "front.h"
#include "guarding.h"

#include "arch/offsets.h"
#include "mem/pair.h"
#include "prog/atos.h"
#include "prog/banks.h"
#include "prog/fields.h"
#include "prog/gate.h"
#include "prog/ident.h"
#include "prog/idregs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void smmu_explain_error(struct smmu3_error *error, int code, const char *text)
{
	if (!error)
		return;
	*error = (struct smmu3_error){ .code = code };
	(void)snprintf(error->text, sizeof(error->text), "%s", text);
}

static bool stalls_forbidden(const struct smmu3 *smmu, enum bank bank)
{
	return bank == BANK_NS && prog_get(&smmu->interface[BANK_S].prog, PROG_CR0, CR0_NSSTALLD);
}

const struct features *smmu_features_now(const struct smmu3 *smmu, enum bank bank)
{
	const struct interface *interface = &smmu->interface[bank];

	return stalls_forbidden(smmu, bank) ? &interface->without_stalls : &interface->features;
}

/* 6.3.12 PTM, 6.3.9 VMW; tags: 3.17.4, 3.10.2.2 */
static unsigned hearing_of(const struct smmu3 *smmu, enum bank bank)
{
	const struct interface *interface = &smmu->interface[bank];
	const struct features *features = &interface->features;
	const unsigned vmw = (unsigned)prog_get(&interface->prog, PROG_CR0, CR0_VMW);
	const bool hears = features->btm && !prog_get(&interface->prog, PROG_CR2, CR2_PTM);
	const bool in_part = vmw || !features->asid16 || !features->vmid16 ||
			     (bank == BANK_S && !features->sel2);

	return (hears ? HEARS : 0) | (in_part ? HEARS_IN_PART : 0) | vmw << HEARS_VMW;
}

static void publish(struct smmu3 *smmu, enum bank bank)
{
	struct interface *interface = &smmu->interface[bank];
	struct gate gate = gate_from(&interface->prog, smmu_features_now(smmu, bank));

	gate.no_stalls = stalls_forbidden(smmu, bank);
	gate.recinvsid &= !CHOSEN(smmu, BAD_STREAMID_RECORD);
	gate_publish(&interface->gate, &gate);
	atomic_store_explicit(&interface->hearing, hearing_of(smmu, bank), memory_order_release);
	journal_change(&smmu->journal);
	check_registers(smmu);
}

/* What Non-secure software and streams see of the Secure registers.  6.3.57 NSSTALLD */
static void show_stall_model(struct smmu3 *smmu)
{
	prog_show_stall_model(&smmu->interface[BANK_NS].prog,
			      smmu_features_now(smmu, BANK_NS)->stall_model);
}

void smmu_publish(struct smmu3 *smmu)
{
	show_stall_model(smmu);
	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		publish(smmu, bank);
}

void smmu3_reset(struct smmu3 *smmu)
{
	smmu_end_stalls(smmu);
	stalls_reset(&smmu->stalls);
	for (enum bank bank = BANK_NS; bank < BANKS; bank++) {
		prog_reset(&smmu->interface[bank].prog, bank, &smmu->config);
		if (smmu->adversity)
			prog_reset_adversely(&smmu->interface[bank].prog, &smmu->config,
					     smmu->adversity);
		work_reset(&smmu->interface[bank].work);
	}
	smmu->turn = BANK_NS;
	smmu->pmcg = (struct pmcg){ .enabled = 0 };
	root_reset(&smmu->root, &smmu->config);
	counters_choose(smmu);
	if (!CHOSEN(smmu, KEPT_AFTER_RESET)) {
		forget_what_is_kept(smmu);
		check_restart(smmu);
	}
	smmu_publish(smmu);
	smmu_publish_root(smmu);
}

/* The caller may know a shorter or a longer host than this version: what it lacks is NULL. */
static struct smmu3_host known_part(const struct smmu3_host *host)
{
	struct smmu3_host known = { 0 };

	if (host)
		memcpy(&known, host, host->size < sizeof(known) ? host->size : sizeof(known));
	return known;
}

static bool init_locks(struct smmu3 *smmu)
{
	if (pthread_mutex_init(&smmu->lock, NULL))
		return false;
	if (!pthread_cond_init(&smmu->room, NULL))
		return true;
	pthread_mutex_destroy(&smmu->lock);
	return false;
}

static bool keeps_anything(const struct smmu3_caches *caches)
{
	return caches->l1stds || caches->stes || caches->cds || caches->tlb || caches->tables ||
	       caches->dpt || caches->gpt;
}

/* What tables say of PAs. */
static bool init_tables_of_pas(struct smmu3 *smmu, const struct smmu3_caches *caches)
{
	if (!pa_cache_init(&smmu->dpt, SMMU3_INVALIDATES_DPT, caches->dpt))
		return false;
	if (pa_cache_init(&smmu->gpt, SMMU3_INVALIDATES_GPT, caches->gpt))
		return true;
	pa_cache_free(&smmu->dpt);
	return false;
}

/* What stands in front of them. */
static bool init_front(struct smmu3 *smmu, const struct smmu3_caches *caches)
{
	journal_init(&smmu->journal, &smmu->tlb.lock);
	sections_init(&smmu->sections, &smmu->journal.count);
	return shared_front_init(&smmu->shared, caches);
}

static bool init_caches(struct smmu3 *smmu, const struct smmu3_caches *caches)
{
	const uint32_t structures[STRUCTURE_KINDS] = {
		[STRUCTURE_L1STD] = caches->l1stds,
		[STRUCTURE_STREAM] = caches->stes,
		[STRUCTURE_CONTEXT] = caches->cds,
	};

	if (!tlb_init(&smmu->tlb, caches->tlb, caches->tables))
		return false;
	smmu->tlb.contiguous = caches->contiguous;
	if (structures_init(&smmu->structures, structures)) {
		if (init_tables_of_pas(smmu, caches)) {
			if (init_front(smmu, caches))
				return true;
			pa_cache_free(&smmu->dpt);
			pa_cache_free(&smmu->gpt);
		}
		structures_free(&smmu->structures);
	}
	tlb_free(&smmu->tlb);
	return false;
}

/* What is counted, in rooms of their own. */
static bool init_stats(struct smmu3 *smmu, const struct smmu3_config *config)
{
	smmu->tlb.counts = smmu->structures.counts = smmu->dpt.counts = config->statistics;
	smmu->gpt.counts = config->statistics;
	atomic_init(&smmu->counting, (config->statistics ? COUNT_STATISTICS : 0) |
					     (config->check ? COUNT_CHECK : 0));
	return stats_init(&smmu->stats, config->stats_streams);
}

static void free_caches(struct smmu3 *smmu)
{
	shared_front_free(&smmu->shared);
	stats_free(&smmu->stats);
	tlb_free(&smmu->tlb);
	structures_free(&smmu->structures);
	pa_cache_free(&smmu->dpt);
	pa_cache_free(&smmu->gpt);
}

static struct non_secure non_secure_of(const struct smmu3 *smmu)
{
	return (struct non_secure){ &smmu->interface[BANK_NS].prog,
				    &smmu->interface[BANK_NS].features };
}

static void init_interfaces(struct smmu3 *smmu, const struct smmu3_config *config)
{
	for (enum bank bank = BANK_NS; bank < BANKS; bank++) {
		struct interface *interface = &smmu->interface[bank];

		interface->present = bank_present(config, bank);
		interface->features = features_from(config, bank);
		interface->without_stalls = features_without_stalls(&interface->features);
		interface->work.bank = bank;
		interface->work.stalls = &smmu->stalls;
		interface->work.sections = &smmu->sections;
		interface->work.non_secure = non_secure_of(smmu);
	}
}

static bool init_parts(struct smmu3 *smmu, const struct smmu3_config *config)
{
	init_interfaces(smmu, config);
	if (!stalls_init(&smmu->stalls, smmu->interface[BANK_NS].features.stall_max))
		return false;
	smmu->config = *config;
	if (init_caches(smmu, &config->caches)) {
		if (init_stats(smmu, config) && check_init(smmu)) {
			if (init_locks(smmu))
				return true;
			check_free(smmu);
		}
		free_caches(smmu);
	}
	stalls_free(&smmu->stalls);
	return false;
}

/* An SMMU with all that has to be allocated, or NULL. */
static struct smmu3 *allocate(const struct smmu3_config *config)
{
	struct smmu3 *smmu = calloc(1, sizeof(*smmu));

	if (smmu && init_parts(smmu, config))
		return smmu;
	free(smmu);
	return NULL;
}

/* What is wrong with a host, or NULL.  known is its known part. */
static const char *host_mistake(const struct smmu3_host *host, const struct smmu3_host *known,
				const struct features *features)
{
	if (host && !host->size)
		return "host.size is 0: set it to sizeof(struct smmu3_host)";
	if (features->stall_model == STALLS_FORCED && !known->stall_ended)
		return "IDR0.STALL_MODEL is 2, which forces stalls: host.stall_ended must be set";
	if (features->d128 && known->read && !known->swap_pair)
		return "IDR5.D128 is 1, whose descriptors have 16 bytes: beside host.read "
		       "host.swap_pair must be set";
	return NULL;
}

/* What this processor has not, or NULL. */
static const char *processor_lack(const struct features *features)
{
	return features->d128 && !pair_exists() ?
		       "IDR5.D128 is 1, whose descriptors are read and updated 16 bytes at once: "
		       "this processor has no such access; clear IDR5.D128" :
		       NULL;
}

/* Of one that is checked, tables that grow; and nothing in front of them. */
static struct smmu3_config as_checked(const struct smmu3_config *config)
{
	enum { FIRST_PLACES = 1024 };
	struct smmu3_config checked = *config;

	if (config->check)
		checked.caches = (struct smmu3_caches){ .l1stds = FIRST_PLACES,
							.stes = FIRST_PLACES,
							.cds = FIRST_PLACES,
							.tlb = FIRST_PLACES,
							.tables = FIRST_PLACES,
							.dpt = FIRST_PLACES,
							.gpt = FIRST_PLACES,
							.contiguous = config->caches.contiguous };
	return checked;
}

struct smmu3 *smmu3_create(const struct smmu3_config *asked, const struct smmu3_host *host,
			   struct smmu3_error *error)
{
	const struct smmu3_host known = known_part(host);

	if (smmu3_config_check(asked, error))
		return NULL;
	const struct smmu3_config effective = as_checked(asked), *config = &effective;
	const struct features features = features_from(config, BANK_NS);
	const char *mistake = host_mistake(host, &known, &features);

	if (mistake) {
		smmu_explain_error(error, -SMMU3_E_ARGUMENT, mistake);
		return NULL;
	}
	const char *lack = processor_lack(&features);

	if (lack) {
		smmu_explain_error(error, -SMMU3_E_UNSUPPORTED, lack);
		return NULL;
	}
	struct smmu3 *smmu = allocate(config);

	if (!smmu) {
		smmu_explain_error(error, -SMMU3_E_MEMORY, "out of memory");
		return NULL;
	}
	atomic_init(&smmu->dpt_walks, 0);
	atomic_init(&smmu->dpt_awaited, false);
	atomic_init(&smmu->guards, false);
	smmu->rooted = ID_FIELD(config, ROOT_IDR0, ROOT_IMPL);
	atomic_init(&smmu->generation, 0);
	atomic_init(&smmu->under_way[0], 0);
	atomic_init(&smmu->under_way[1], 0);
	atomic_init(&smmu->end_awaited, false);
	smmu->keeps = keeps_anything(&config->caches);
	mem_init(&smmu->mem, &known);
	smmu3_reset(smmu);
	smmu_explain_error(error, 0, "");
	return smmu;
}

void smmu3_destroy(struct smmu3 *smmu)
{
	if (!smmu)
		return;
	smmu_end_stalls(smmu);
	stalls_free(&smmu->stalls);
	check_free(smmu);
	free_caches(smmu);
	free(smmu->adversity);
	mem_free(&smmu->mem);
	pthread_cond_destroy(&smmu->room);
	pthread_mutex_destroy(&smmu->lock);
	free(smmu);
}

int smmu3_add_ram(struct smmu3 *smmu, uint64_t base, uint64_t size, unsigned pas_mask, void *host)
{
	const struct ram_window window = { base, base + size - 1, host };

	/* Ways to tables are in windows, each of its own. */
	journal_change(&smmu->journal);
	return size ? mem_add_ram(&smmu->mem, &window, pas_mask) : -SMMU3_E_ARGUMENT;
}

int smmu3_remove_ram(struct smmu3 *smmu, uint64_t base, unsigned pas_mask)
{
	journal_change(&smmu->journal);
	return mem_remove_ram(&smmu->mem, base, pas_mask);
}

/* ---- Registers ---- */

static bool register_access_legal(enum smmu3_pas from, uint64_t offset, unsigned size)
{
	return from <= SMMU3_PAS_ROOT && prog_access_legal(offset, size);
}

/* Of one that is not legal.  6.2 */
static int refuse_access(struct smmu3 *smmu, enum smmu3_pas from)
{
	pthread_mutex_lock(&smmu->lock);
	const bool ignored = from <= SMMU3_PAS_ROOT && CHOSEN(smmu, REGISTER_ACCESS_SIZE);

	pthread_mutex_unlock(&smmu->lock);
	return ignored ? 0 : -SMMU3_E_ABORT;
}

/* The Root page is Root's alone.  6.2.6 */
static uint64_t read_register(struct smmu3 *smmu, enum smmu3_pas from, uint64_t offset,
			      unsigned size)
{
	const struct place at = bank_at(&smmu->config, from, offset);

	if (root_at(&smmu->config, offset))
		return from == SMMU3_PAS_ROOT ? root_read(&smmu->root, offset, size) : 0;
	if (pmcg_at(&smmu->config, offset))
		return pmcg_read(&smmu->pmcg, &smmu->interface[BANK_NS].prog, &smmu->config, offset,
				 size);
	return prog_read(&smmu->interface[at.bank].prog, at.offset, size);
}

int smmu3_mmio_read(struct smmu3 *smmu, enum smmu3_pas from, uint64_t offset, unsigned size,
		    uint64_t *value)
{
	*value = 0;
	if (!register_access_legal(from, offset, size))
		return refuse_access(smmu, from);

	pthread_mutex_lock(&smmu->lock);
	const enum arrival arrival = unlikely(smmu->adversity) ?
					     smmu_arrive(smmu, from, &offset, &size) :
					     ARRIVAL_USUAL;

	if (likely(arrival == ARRIVAL_USUAL))
		*value = read_register(smmu, from, offset, size);
	smmu_drain_unlock(smmu);
	return arrival == ARRIVAL_ABORTS ? -SMMU3_E_ABORT : 0;
}

/* The DPT is being walked, or so it may be, by who has not seen the registers as they are to be. */
static void expect_walks(struct smmu3 *smmu, struct interface *interface)
{
	atomic_store(&smmu->dpt_awaited, true);
	work_hold_walks(&interface->prog, &interface->work, true);
}

static bool is_enabled(const struct smmu3 *smmu, enum bank bank)
{
	return prog_get(&smmu->interface[bank].prog, PROG_CR0, CR0_SMMUEN);
}

bool smmu_begin_change(struct smmu3 *smmu, enum bank bank)
{
	if (smmu->interface[bank].features.dpt)
		expect_walks(smmu, &smmu->interface[bank]);
	return is_enabled(smmu, bank);
}

void smmu_end_change(struct smmu3 *smmu, enum bank bank, bool was_enabled)
{
	/* SMMUEN also ends what Secure software asks of Non-secure streams.  6.3.37 */
	end_lookups_of_disabled(&smmu->interface[BANK_S].prog, &smmu->interface[BANK_S].work);
	if (bank == BANK_S)
		smmu_publish(smmu);
	else
		publish(smmu, bank);
	if (was_enabled && !is_enabled(smmu, bank) && CHOSEN(smmu, KEPT_WHILE_DISABLED))
		forget_what_is_kept(smmu);
	if (smmu->interface[bank].features.dpt)
		smmu_await_walks(smmu);
}

/* The gate is made of registers below CMDQ_BASE, and of those with labels: doorbells leave it be.
 * DPT_BASE and DPT_BASE_CFG count once CR0 lets the table be walked. */
static void write_register(struct smmu3 *smmu, struct place at, unsigned size, uint64_t value)
{
	struct interface *interface = &smmu->interface[at.bank];
	const bool labels = at.offset == REG_GMPAM || at.offset == REG_GBPMPAM;
	const bool seen = at.offset < REG_CMDQ_BASE || labels;
	const bool was_enabled = seen && smmu_begin_change(smmu, at.bank);

	prog_write(&interface->prog, at.offset, size, value);
	work_registers_written(&interface->prog, &interface->work);
	if (seen)
		smmu_end_change(smmu, at.bank, was_enabled);
}

static void write_monitors(struct smmu3 *smmu, uint64_t offset, unsigned size, uint64_t value)
{
	struct interface *interface = &smmu->interface[BANK_NS];

	pmcg_write(&smmu->pmcg, &interface->prog, &smmu->config, offset, size, value);
	counters_choose(smmu);
	work_registers_written(&interface->prog, &interface->work);
}

int smmu3_mmio_write(struct smmu3 *smmu, enum smmu3_pas from, uint64_t offset, unsigned size,
		     uint64_t value)
{
	if (!register_access_legal(from, offset, size))
		return refuse_access(smmu, from);

	pthread_mutex_lock(&smmu->lock);
	const enum arrival arrival = unlikely(smmu->adversity) ?
					     smmu_arrive(smmu, from, &offset, &size) :
					     ARRIVAL_USUAL;

	if (unlikely(arrival != ARRIVAL_USUAL)) {
		smmu_drain_unlock(smmu);
		return arrival == ARRIVAL_ABORTS ? -SMMU3_E_ABORT : 0;
	}
	if (root_at(&smmu->config, offset)) {
		if (from == SMMU3_PAS_ROOT)
			smmu_write_root(smmu, offset, size, value);
	} else if (pmcg_at(&smmu->config, offset)) {
		write_monitors(smmu, offset, size, value);
	} else {
		write_register(smmu, bank_at(&smmu->config, from, offset), size, value);
	}
	smmu_drain_unlock(smmu);
	return 0;
}
