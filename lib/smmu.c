/* SPDX-License-Identifier: MIT */
/* The SMMU: joins registers, memory and translation behind the public interface. */
#include "drain.h"

#include "arch/offsets.h"
#include "arch/why.h"
#include "prog/banks.h"
#include "prog/fields.h"
#include "prog/gate.h"
#include "prog/idregs.h"
#include "xlate/ats.h"
#include "xlate/response.h"
#include "xlate/translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void explain_error(struct smmu3_error *error, int code, const char *text)
{
	if (!error)
		return;
	*error = (struct smmu3_error){ .code = code };
	(void)snprintf(error->text, sizeof(error->text), "%s", text);
}

static void publish(struct smmu3 *smmu)
{
	const struct gate gate = gate_from(&smmu->prog, &smmu->features);

	gate_publish(&smmu->gate, &gate);
}

static struct prog *bank_of(struct smmu3 *smmu, enum bank bank)
{
	struct prog *const banks[BANKS] = { &smmu->prog, &smmu->secure, &smmu->realm };

	return banks[bank];
}

void smmu3_reset(struct smmu3 *smmu)
{
	smmu_end_stalls(smmu);
	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		prog_reset(bank_of(smmu, bank), bank, &smmu->config);
	work_reset(&smmu->work);
	tlb_forget_all(&smmu->tlb);
	structures_forget_all(&smmu->structures);
	publish(smmu);
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
	return caches->l1stds || caches->stes || caches->cds || caches->tlb || caches->tables;
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
	if (structures_init(&smmu->structures, structures))
		return true;
	tlb_free(&smmu->tlb);
	return false;
}

static void free_caches(struct smmu3 *smmu)
{
	tlb_free(&smmu->tlb);
	structures_free(&smmu->structures);
}

static bool init_parts(struct smmu3 *smmu, const struct smmu3_config *config,
		       const struct features *features)
{
	if (!work_init(&smmu->work, features->stall_max))
		return false;
	if (init_caches(smmu, &config->caches)) {
		if (init_locks(smmu))
			return true;
		free_caches(smmu);
	}
	work_free(&smmu->work);
	return false;
}

/* An SMMU with all that has to be allocated, or NULL. */
static struct smmu3 *allocate(const struct smmu3_config *config, const struct features *features)
{
	struct smmu3 *smmu = calloc(1, sizeof(*smmu));

	if (smmu && init_parts(smmu, config, features))
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
	return NULL;
}

struct smmu3 *smmu3_create(const struct smmu3_config *config, const struct smmu3_host *host,
			   struct smmu3_error *error)
{
	const struct smmu3_host known = known_part(host);

	if (smmu3_config_check(config, error))
		return NULL;
	const struct features features = features_from(config);
	const char *mistake = host_mistake(host, &known, &features);

	if (mistake) {
		explain_error(error, -SMMU3_E_ARGUMENT, mistake);
		return NULL;
	}
	struct smmu3 *smmu = allocate(config, &features);

	if (!smmu) {
		explain_error(error, -SMMU3_E_MEMORY, "out of memory");
		return NULL;
	}
	smmu->config = *config;
	smmu->features = features;
	smmu->keeps = keeps_anything(&config->caches);
	mem_init(&smmu->mem, &known);
	smmu3_reset(smmu);
	explain_error(error, 0, "");
	return smmu;
}

void smmu3_destroy(struct smmu3 *smmu)
{
	if (!smmu)
		return;
	smmu_end_stalls(smmu);
	work_free(&smmu->work);
	free_caches(smmu);
	mem_free(&smmu->mem);
	pthread_cond_destroy(&smmu->room);
	pthread_mutex_destroy(&smmu->lock);
	free(smmu);
}

int smmu3_add_ram(struct smmu3 *smmu, uint64_t base, uint64_t size, unsigned pas_mask, void *host)
{
	const struct ram_window window = { base, base + size - 1, host };

	return size ? mem_add_ram(&smmu->mem, &window, pas_mask) : -SMMU3_E_ARGUMENT;
}

int smmu3_remove_ram(struct smmu3 *smmu, uint64_t base, unsigned pas_mask)
{
	return mem_remove_ram(&smmu->mem, base, pas_mask);
}

/* ---- Registers ---- */

static bool register_access_legal(enum smmu3_pas from, uint64_t offset, unsigned size)
{
	return from <= SMMU3_PAS_ROOT && prog_access_legal(offset, size);
}

int smmu3_mmio_read(struct smmu3 *smmu, enum smmu3_pas from, uint64_t offset, unsigned size,
		    uint64_t *value)
{
	*value = 0;
	if (!register_access_legal(from, offset, size))
		return -SMMU3_E_ABORT;

	const struct place at = bank_at(&smmu->config, from, offset);

	pthread_mutex_lock(&smmu->lock);
	*value = prog_read(bank_of(smmu, at.bank), at.offset, size);
	smmu_drain_unlock(smmu);
	return 0;
}

int smmu3_mmio_write(struct smmu3 *smmu, enum smmu3_pas from, uint64_t offset, unsigned size,
		     uint64_t value)
{
	if (!register_access_legal(from, offset, size))
		return -SMMU3_E_ABORT;

	const struct place at = bank_at(&smmu->config, from, offset);

	pthread_mutex_lock(&smmu->lock);
	prog_write(bank_of(smmu, at.bank), at.offset, size, value);
	work_registers_written(&smmu->prog, &smmu->work);
	if (at.offset <
	    REG_CMDQ_BASE) /* the gate is made of registers below: doorbells leave it be */
		publish(smmu);
	smmu_drain_unlock(smmu);
	return 0;
}

/* ---- What CPUs broadcast ---- */

/* Of a size of tags that is smaller than the CPUs' the bits above do not count.  3.17.4 */
static struct smmu3_invalidation broadcast_scope(struct smmu3 *smmu,
						 const struct smmu3_invalidation *scope)
{
	struct smmu3_invalidation heard = *scope;
	const unsigned vmw = (unsigned)prog_get(&smmu->prog, PROG_CR0, CR0_VMW);

	heard.asid &= (uint16_t)low_bits(smmu->features.asid16 ? 16 : 8);
	heard.vmid &= (uint16_t)low_bits(smmu->features.vmid16 ? 16 : 8);
	scope_widen_vmid(&smmu->features, vmw, &heard);
	return heard;
}

int smmu3_broadcast_tlbi(struct smmu3 *smmu, const struct smmu3_invalidation *scope)
{
	if (scope->kind > SMMU3_INVALIDATES_STAGES || scope->sec_sid != SMMU3_PAS_NS)
		return -SMMU3_E_ARGUMENT;
	pthread_mutex_lock(&smmu->lock);
	const struct smmu3_invalidation heard = broadcast_scope(smmu, scope);
	const bool takes_part = smmu->features.btm && !prog_get(&smmu->prog, PROG_CR2, CR2_PTM);

	pthread_mutex_unlock(&smmu->lock);
	if (takes_part)
		tlb_forget(&smmu->tlb, &heard, tag_is_meant_by_cpus);
	return 0;
}

/* ---- Transactions ---- */

/* What a newer caller asks for must not be dropped in silence. */
enum { KNOWN_FLAGS = (SMMU3_TXN_SOURCE_CXL << 1) - 1 };

/* ATS is for who has it, and a Translation Request is no access.  3.9.1 */
static bool ats_malformed(const struct features *features, const struct smmu3_txn *txn)
{
	return !features->ats || txn->ats > SMMU3_ATS_TRANSLATED ||
	       (txn->ats == SMMU3_ATS_REQUEST && txn->txn_class != SMMU3_CLASS_ORDINARY);
}

static enum why malformed(const struct features *features, const struct smmu3_txn *txn)
{
	if (!txn->bytes)
		return WHY_TXN_BYTES;
	if (txn->bytes - 1 > UINT64_MAX - txn->addr)
		return WHY_TXN_WRAP;
	if (txn->flags & ~KNOWN_FLAGS || txn->reserved)
		return WHY_TXN_FLAGS;
	if (txn->sec_sid != SMMU3_PAS_NS)
		return WHY_TXN_SEC_SID;
	if (txn->flags & SMMU3_TXN_SSV && txn->ssid >> 20)
		return WHY_TXN_SSID;
	if (txn->txn_class > SMMU3_CLASS_ATOMIC)
		return WHY_TXN_CLASS;
	return txn->ats && ats_malformed(features, txn) ? WHY_TXN_ATS : WHY_NONE;
}

static enum smmu3_verdict refuse_txn(enum why why, struct smmu3_outcome *outcome)
{
	*outcome = (struct smmu3_outcome){
		.verdict = SMMU3_ERROR,
		.decider = SMMU3_BY_CALLER,
		.why = (uint16_t)why,
		.fault_level = LEVEL_NONE,
	};
	return SMMU3_ERROR;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Bytes from addr to the end of its 2^size_lg2 block, at most `bytes`. */
static uint64_t bytes_within(uint64_t addr, uint64_t bytes, unsigned size_lg2)
{
	return least(bytes - 1, ~addr & low_bits(size_lg2)) + 1;
}

static enum smmu3_decider decider_of_success(bool smmuen, unsigned stages)
{
	if (!smmuen)
		return SMMU3_BY_GBPA;
	return stages & STAGE1_BIT ? SMMU3_BY_S1 :
	       stages & STAGE2_BIT ? SMMU3_BY_S2 :
				     SMMU3_BY_STREAM;
}

static enum smmu3_verdict succeed(const struct world *world, const struct smmu3_txn *txn,
				  const struct translation *translation,
				  struct smmu3_outcome *outcome)
{
	const bool translated = translation->size_lg2 != NOT_TRANSLATED;

	*outcome = (struct smmu3_outcome){
		.pa = translation->pa.addr,
		.bytes = bytes_within(txn->addr, txn->bytes,
				      translated ? translation->size_lg2 :
						   world->features->oas_bits),
		.span = translated ? UINT64_C(1) << translation->size_lg2 : 0,
		.attr = translation->attr,
		.pas = (uint8_t)translation->pa.pas,
		.perm = translation->perm,
		.verdict = SMMU3_OK,
		.decider = (uint8_t)decider_of_success(world->gate->smmuen, translation->stages),
		.stages = translation->stages,
		.instruction = translation->access.instruction,
		.privileged = translation->access.privileged,
		.fault_level = LEVEL_NONE,
		.ats = translation->granted,
	};
	return SMMU3_OK;
}

/* Was it the CD or its table that ended the transaction, or the STE before them? */
static bool of_context(const struct fault *fault)
{
	return fault->event == F_CD_FETCH || fault->event == C_BAD_CD || fault->why == WHY_L1CD_V ||
	       fault->why == WHY_L1CD_L2PTR;
}

/* A stage that was passed by decides nothing: its size check belongs to the stream that has it
 * bypassed. */
static enum smmu3_decider decider_of_fault(const struct world *world, const struct fault *fault,
					   unsigned stages)
{
	if (!world->gate->smmuen)
		return SMMU3_BY_GBPA;
	if (fault->stage == 2)
		return SMMU3_BY_S2;
	if (fault->stage == 1)
		return stages & STAGE1_BIT ? SMMU3_BY_S1 : SMMU3_BY_STREAM;
	return of_context(fault) ? SMMU3_BY_CONTEXT : SMMU3_BY_STREAM;
}

/* Can this access wait?  Where stalls are forced nobody is asked.  3.12, 6.3.1 */
static bool waits(const struct smmu3 *smmu, const struct smmu3_txn *txn)
{
	if (smmu->features.stall_model == STALLS_FORCED)
		return true;
	return smmu->mem.host.stall_ended && smmu->features.stall_max &&
	       !(txn->flags & SMMU3_TXN_NO_STALL);
}

/* One STU that cannot be used, of the privilege that was asked for.  3.9.1.2, 13.7 */
static void deny(const struct world *world, const struct smmu3_txn *txn,
		 struct smmu3_outcome *outcome)
{
	const unsigned stu_lg2 = ats_stu_lg2(world->features);

	outcome->bytes = bytes_within(txn->addr, txn->bytes, stu_lg2);
	outcome->span = UINT64_C(1) << stu_lg2;
	outcome->ats = txn->flags & SMMU3_TXN_PRIVILEGED ? SMMU3_ATS_PRIV : 0;
}

static void fail(const struct world *world, const struct smmu3_txn *txn, struct manners manners,
		 const struct fault *fault, const struct translation *translation,
		 struct smmu3_outcome *outcome)
{
	const struct response response = respond(fault, translation, manners);
	enum { PAGE_LG2 = 12 };

	*outcome = (struct smmu3_outcome){
		.bytes = fault->stage ? bytes_within(txn->addr, txn->bytes, PAGE_LG2) : txn->bytes,
		.verdict = (uint8_t)response.verdict,
		.decider = (uint8_t)decider_of_fault(world, fault, translation->stages),
		.stages = translation->stages,
		.instruction = translation->access.instruction,
		.privileged = translation->access.privileged,
		.recorded = response.record && !(txn->flags & SMMU3_TXN_PROBE),
		.why = (uint16_t)fault->why,
		.event = fault->event,
		.fault_class = fault->fault_class,
		.fault_stage = fault->stage,
		.fault_level = fault->level,
		.fault_addr = fault->addr,
	};
	if (fault->event)
		outcome->record = event_record(fault, txn, &translation->access, world->features);
	if (response.verdict == SMMU3_STALLED)
		event_put(&outcome->record, EVENT_STALL, 1);
	if (response.verdict == SMMU3_NO_ACCESS)
		deny(world, txn, outcome);
}

/* Records the event; a stall may turn out otherwise on the way. */
static void settle(struct smmu3 *smmu, const struct smmu3_txn *txn, struct smmu3_outcome *outcome)
{
	if (outcome->verdict != SMMU3_STALLED) {
		smmu_record(smmu, &outcome->record);
		return;
	}
	outcome->verdict = (uint8_t)smmu_stall(smmu, txn, &outcome->record);
	outcome->recorded = outcome->verdict == SMMU3_STALLED;
}

/* What a transaction sees.  One that is explained reads everything afresh; a probe keeps nothing.
 */
static struct mem_view view_of(struct smmu3 *smmu, const struct smmu3_txn *txn, smmu3_step_fn *step,
			       void *step_context)
{
	struct mem_view view = { .mem = &smmu->mem, .step = step, .step_context = step_context };

	if (likely(!smmu->keeps) || step)
		return view;
	view.tlb = &smmu->tlb;
	view.structures = &smmu->structures;
	view.tlb_age = tlb_age(&smmu->tlb);
	view.structures_age = structures_age(&smmu->structures);
	view.keeps = !(txn->flags & SMMU3_TXN_PROBE);
	return view;
}

enum smmu3_verdict smmu_translate(struct smmu3 *smmu, const struct smmu3_txn *txn,
				  smmu3_step_fn *step, void *step_context,
				  struct smmu3_outcome *outcome)
{
	struct gate gate;
	struct translation translation;
	const struct world world = {
		.features = &smmu->features,
		.gate = &gate,
		.view = view_of(smmu, txn, step, step_context),
	};
	struct smmu3_txn seen;
	const enum why why = malformed(&smmu->features, txn);

	if (why)
		return refuse_txn(why, outcome);
	if (unlikely(txn->ats)) {
		seen = ats_seen(txn);
		txn = &seen;
	}
	gate_load(&smmu->gate, &gate);
	const struct fault fault = translate(&world, txn, &translation);

	if (likely(!faulted(fault)))
		return succeed(&world, txn, &translation, outcome);
	const struct manners manners = { gate.recinvsid, waits(smmu, txn), gate.rec_cfg_ats,
					 (enum smmu3_ats)txn->ats };

	fail(&world, txn, manners, &fault, &translation, outcome);
	if (outcome->recorded && !step) /* explaining an access does not perform it */
		settle(smmu, txn, outcome);
	else if (outcome->verdict == SMMU3_STALLED)
		outcome->verdict = (uint8_t)smmu_would_stall(smmu);
	return (enum smmu3_verdict)outcome->verdict;
}

enum smmu3_verdict smmu3_translate(struct smmu3 *smmu, const struct smmu3_txn *txn,
				   struct smmu3_outcome *outcome)
{
	return smmu_translate(smmu, txn, NULL, NULL, outcome);
}
