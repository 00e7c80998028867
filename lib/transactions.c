/* SPDX-License-Identifier: MIT */
/* Transactions: what the caller asks, what comes of it as an outcome, and what is recorded. */
#include "transactions.h"
#include "checking.h"
#include "counting.h"
#include "drain.h"
#include "front.h"
#include "guarding.h"

#include "arch/why.h"
#include "walk/dpt.h"
#include "xlate/ats.h"
#include "xlate/classes.h"
#include "xlate/response.h"
#include "xlate/translate.h"

/* What a newer caller asks for must not be dropped in silence. */
enum { KNOWN_FLAGS = (SMMU3_TXN_XT << 1) - 1 };

/* ATS is for who has it, and a Translation Request is no access.  3.9.1 */
static bool ats_malformed(const struct features *features, const struct smmu3_txn *txn)
{
	return !features->ats || txn->ats > SMMU3_ATS_TRANSLATED ||
	       (txn->ats == SMMU3_ATS_REQUEST && txn->txn_class != SMMU3_CLASS_ORDINARY);
}

/* Of what Secure streams may ask, which have no ATS, the Non-secure interface says whether there is
 * any. */
static const struct interface *ats_interface(const struct smmu3 *smmu, const struct smmu3_txn *txn)
{
	return &smmu->interface[txn->sec_sid == SMMU3_PAS_REALM ? SMMU3_PAS_REALM : SMMU3_PAS_NS];
}

enum why txn_malformed(const struct smmu3 *smmu, const struct smmu3_txn *txn)
{
	if (!txn->bytes)
		return WHY_TXN_BYTES;
	if (txn->bytes - 1 > UINT64_MAX - txn->addr)
		return WHY_TXN_WRAP;
	if (txn->flags & ~KNOWN_FLAGS || txn->reserved ||
	    (txn->flags & SMMU3_TXN_XT && txn->sec_sid != SMMU3_PAS_REALM))
		return WHY_TXN_FLAGS;
	if (unlikely(txn->sec_sid) && !has_state(smmu, txn->sec_sid))
		return WHY_TXN_SEC_SID;
	if (txn->flags & SMMU3_TXN_SSV && txn->ssid >> 20)
		return WHY_TXN_SSID;
	if (txn->txn_class >= CLASSES)
		return WHY_TXN_CLASS;
	return txn->ats && ats_malformed(&ats_interface(smmu, txn)->features, txn) ? WHY_TXN_ATS :
										     WHY_NONE;
}

enum smmu3_verdict refuse_txn(enum why why, struct smmu3_outcome *outcome)
{
	*outcome = (struct smmu3_outcome){
		.verdict = SMMU3_ERROR,
		.decider = SMMU3_BY_CALLER,
		.why = (uint16_t)why,
		.fault_level = LEVEL_NONE,
	};
	return SMMU3_ERROR;
}

static enum smmu3_decider decider_of_success(bool smmuen, const struct translation *translation)
{
	const unsigned stages = translation->stages;

	if (!smmuen)
		return SMMU3_BY_GBPA;
	if (translation->region_lg2)
		return SMMU3_BY_DPT;
	return stages & STAGE1_BIT ? SMMU3_BY_S1 :
	       stages & STAGE2_BIT ? SMMU3_BY_S2 :
				     SMMU3_BY_STREAM;
}

static unsigned narrowed(unsigned size_lg2, const struct translation *translation)
{
	const unsigned protected_lg2 = translation->protected_lg2;

	return protected_lg2 && protected_lg2 < size_lg2 ? protected_lg2 : size_lg2;
}

/* log2 of how far the answer reaches: as far as the translation, or as what the DPT says; else as
 * there are addresses; and no farther than granule protection was asked. */
static unsigned reach_lg2(const struct world *world, const struct translation *translation)
{
	if (translation->size_lg2 != NOT_TRANSLATED)
		return narrowed(translation->size_lg2, translation);
	return narrowed(translation->region_lg2 ? translation->region_lg2 :
						  world->features->oas_bits,
			translation);
}

static enum smmu3_verdict succeed(const struct world *world, const struct smmu3_txn *txn,
				  const struct translation *translation,
				  struct smmu3_outcome *outcome)
{
	static const struct smmu3_mpam no_label;
	const bool translated = translation->size_lg2 != NOT_TRANSLATED;

	*outcome = (struct smmu3_outcome){
		.pa = translation->pa.addr,
		.bytes = bytes_within(txn->addr, txn->bytes, reach_lg2(world, translation)),
		.span = translated ? UINT64_C(1) << narrowed(translation->size_lg2, translation) :
				     0,
		.attr = translation->attr,
		.pas = (uint8_t)translation->pa.pas,
		.perm = translation->perm,
		.verdict = SMMU3_OK,
		.decider = (uint8_t)decider_of_success(world->gate->smmuen, translation),
		.stages = translation->stages,
		.instruction = translation->access.instruction,
		.privileged = translation->access.privileged,
		.fault_level = LEVEL_NONE,
		.ats = translation->granted,
		.mecid = translation->mecid,
		.mpam = txn->ats == SMMU3_ATS_REQUEST ? no_label : translation->mpam,
		.becomes = translation->becomes,
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
	if (gpc_decided(fault->why) && !fault->event)
		return SMMU3_BY_GPC;
	if (fault->why == WHY_CLASS_REFUSED || fault->why == WHY_CLASS_VERSION)
		return SMMU3_BY_CLASS;
	if (!world->gate->smmuen)
		return SMMU3_BY_GBPA;
	if (dpt_decided(fault->why))
		return SMMU3_BY_DPT;
	if (fault->stage == 2)
		return SMMU3_BY_S2;
	if (fault->stage == 1)
		return stages & STAGE1_BIT ? SMMU3_BY_S1 : SMMU3_BY_STREAM;
	return of_context(fault) ? SMMU3_BY_CONTEXT : SMMU3_BY_STREAM;
}

/* Can this access wait?  Where stalls are forced nobody is asked.  3.12, 6.3.1 */
static bool waits(const struct smmu3 *smmu, const struct features *features,
		  const struct smmu3_txn *txn)
{
	if (features->stall_model == STALLS_FORCED)
		return true;
	return smmu->mem.host.stall_ended && features->stall_max &&
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
	const bool of_page = fault->stage || dpt_decided(fault->why) || gpc_decided(fault->why);
	const unsigned event = manners.hint ? EVENT_NONE : fault->event;
	enum { PAGE_LG2 = 12 };

	*outcome = (struct smmu3_outcome){
		.bytes = of_page ? bytes_within(txn->addr, txn->bytes, PAGE_LG2) : txn->bytes,
		.verdict = (uint8_t)response.verdict,
		.decider = (uint8_t)decider_of_fault(world, fault, translation->stages),
		.stages = translation->stages,
		.instruction = translation->access.instruction,
		.privileged = translation->access.privileged,
		.recorded = response.record && !(txn->flags & SMMU3_TXN_PROBE),
		.why = (uint16_t)fault->why,
		.event = (uint8_t)event,
		.fault_class = fault->fault_class,
		.fault_stage = fault->stage,
		.fault_level = fault->level,
		.fault_addr = fault->addr,
	};
	if (event)
		outcome->record = event_record(fault, txn, &translation->access, world->features);
	if (response.verdict == SMMU3_STALLED)
		event_put(&outcome->record, EVENT_STALL, 1);
	if (response.verdict == SMMU3_NO_ACCESS)
		deny(world, txn, outcome);
}

/* Records the event; a stall may turn out otherwise on the way.  Of a DPT lookup fault GERROR tells
 * before its record does.  3.24.4 */
static void settle(struct smmu3 *smmu, const struct smmu3_txn *txn, struct smmu3_outcome *outcome)
{
	struct interface *interface = interface_of(smmu, txn->sec_sid);
	const uint64_t syndrome = dpt_syndrome((enum why)outcome->why, txn->addr);

	if (syndrome)
		smmu_report_dpt(smmu, interface, syndrome);
	if (outcome->verdict != SMMU3_STALLED) {
		smmu_record(smmu, interface, &outcome->record);
		return;
	}
	outcome->verdict = (uint8_t)smmu_stall(smmu, interface, txn, &outcome->record);
	outcome->recorded = outcome->verdict == SMMU3_STALLED;
}

/* Who is told of what is read. */
struct listener {
	smmu3_step_fn *step; /* NULL: nobody */
	void *context;
	bool explains;       /* explaining an access does not perform it */
	struct watch *watch; /* NULL: nobody is told what is kept and used */
};

/* What a transaction sees.  One that is explained reads everything afresh; a probe keeps nothing.
 */
ALWAYS_INLINE struct mem_view view_of(struct smmu3 *smmu, const struct smmu3_txn *txn,
				      const struct listener *listener)
{
	const bool probes = listener->explains || txn->flags & SMMU3_TXN_PROBE;
	struct mem_view view = { .mem = &smmu->mem,
				 .step = listener->step,
				 .step_context = listener->context,
				 .watch = listener->watch,
				 .updates = probes ? UPDATES_FORETOLD : UPDATES_DONE };

	if (likely(!smmu->keeps) || listener->explains)
		return view;
	view_what_is_kept(smmu, &view);
	view.keeps = !(txn->flags & SMMU3_TXN_PROBE);
	return view;
}

/* One that may walk the DPT: it says so before it looks at the registers. */
static COLD struct fault translate_permitted(struct smmu3 *smmu, const struct interface *interface,
					     struct world *world, struct gate *gate,
					     const struct smmu3_txn *txn, struct path *path,
					     struct translation *translation)
{
	smmu_begin_walk(smmu);
	if (world->view.tlb)
		view_what_is_kept_of_dpt(smmu, &world->view);
	gate_load_with_dpt(&interface->gate, gate);
	world->features = features_seen(interface, gate);
	const struct fault fault = translate(world, txn, path, translation);

	smmu_end_walk(smmu);
	return fault;
}

/* The registers as they stand, and what becomes of the transaction by them. */
ALWAYS_INLINE struct fault translate_now(struct smmu3 *smmu, const struct interface *interface,
					 struct world *world, struct gate *gate,
					 const struct smmu3_txn *txn, struct path *path,
					 struct translation *translation)
{
	if (unlikely(txn->ats == SMMU3_ATS_TRANSLATED) && interface->features.dpt)
		return translate_permitted(smmu, interface, world, gate, txn, path, translation);
	gate_load(&interface->gate, gate);
	world->features = features_seen(interface, gate);
	return translate(world, txn, path, translation);
}

/* ---- Granule protection ---- */

/* Whether what has been translated may go there; and Root software is told of what was stopped
 * before anybody else is, unless it is only asked, or a hint.  3.25.1.2, 3.25.6 */
static struct fault guard_output(struct smmu3 *smmu, const struct listener *listener,
				 const struct world *world, const struct smmu3_txn *txn,
				 struct fault fault, struct translation *translation)
{
	const bool hint = is_special(txn) && class_is_hint(txn);

	if (!faulted(fault))
		fault = output_check(world, txn, translation);
	if ((!hint || world->features->hints_told) && !listener->explains &&
	    !(txn->flags & SMMU3_TXN_PROBE))
		smmu_report_guard(smmu, world->view.guard);
	return fault;
}

ALWAYS_INLINE enum smmu3_verdict perform(struct smmu3 *smmu, const struct smmu3_txn *txn,
					 const struct listener *listener, struct path *path,
					 struct smmu3_outcome *outcome)
{
	const enum why why = txn_malformed(smmu, txn);

	if (why)
		return refuse_txn(why, outcome);
	struct interface *interface = interface_of(smmu, txn->sec_sid);
	struct gate gate;
	struct guard guard;
	struct translation translation;
	struct world world = { .gate = &gate, .view = view_of(smmu, txn, listener) };
	struct smmu3_txn seen;

	if (unlikely(txn->ats)) {
		seen = ats_seen(&interface->features, txn);
		txn = &seen;
	}
	if (unlikely(smmu->rooted))
		guard_begin(smmu, &world.view, &guard);
	struct fault fault = translate_now(smmu, interface, &world, &gate, txn, path, &translation);

	if (is_special(txn) && !faulted(fault))
		fault = class_end(world.features, txn, path, &translation);
	if (unlikely(world.view.guard))
		fault = guard_output(smmu, listener, &world, txn, fault, &translation);
	if (unlikely(smmu->rooted))
		guard_end(smmu, &guard);
	if (likely(!faulted(fault)))
		return succeed(&world, txn, &translation, outcome);
	const struct manners manners = { gate.recinvsid, waits(smmu, world.features, txn),
					 gate.rec_cfg_ats, (enum smmu3_ats)txn->ats,
					 is_special(txn) && class_is_hint(txn) };

	fail(&world, txn, manners, &fault, &translation, outcome);
	if (outcome->recorded && !listener->explains)
		settle(smmu, txn, outcome);
	else if (outcome->verdict == SMMU3_STALLED)
		outcome->verdict = (uint8_t)smmu_would_stall(smmu, interface);
	return (enum smmu3_verdict)outcome->verdict;
}

/* Checked, and counted. */
static COLD enum smmu3_verdict perform_checked(struct smmu3 *smmu, const struct smmu3_txn *txn,
					       struct path *path, struct smmu3_outcome *outcome)
{
	struct checked checked;
	const struct listener listener = { .step = check_step,
					   .context = &checked,
					   .watch = &checked.watch };

	check_begin(smmu, txn, &checked);
	const enum smmu3_verdict verdict = perform(smmu, txn, &listener, path, outcome);

	const bool counts = verdict != SMMU3_ERROR;

	if (counts)
		count_transaction(smmu, txn, outcome, &checked.tally);
	if (counts)
		check_end(smmu, txn, &checked, outcome);
	check_leave(smmu, &checked);
	return verdict;
}

void smmu_translate_watched(struct smmu3 *smmu, const struct smmu3_txn *txn,
			    struct checked *checked, struct smmu3_outcome *outcome)
{
	const struct listener listener = { .step = check_step,
					   .context = checked,
					   .watch = &checked->watch };
	struct path path = { .known = false };

	(void)perform(smmu, txn, &listener, &path, outcome);
}

/* Somebody counts: the same, listened to by a tally. */
static COLD enum smmu3_verdict perform_counted(struct smmu3 *smmu, const struct smmu3_txn *txn,
					       struct path *path, struct smmu3_outcome *outcome)
{
	if (smmu->check)
		return perform_checked(smmu, txn, path, outcome);
	struct tally tally = tally_new();
	const struct listener listener = { .step = tally_step, .context = &tally };
	const enum smmu3_verdict verdict = perform(smmu, txn, &listener, path, outcome);

	if (verdict != SMMU3_ERROR)
		count_transaction(smmu, txn, outcome, &tally);
	return verdict;
}

enum smmu3_verdict smmu_translate(struct smmu3 *smmu, const struct smmu3_txn *txn,
				  smmu3_step_fn *step, void *step_context,
				  struct smmu3_outcome *outcome)
{
	const struct listener listener = { step, step_context, step != NULL, NULL };
	struct path path = { .known = false };

	return perform(smmu, txn, &listener, &path, outcome);
}

enum smmu3_verdict smmu_translate_along(struct smmu3 *smmu, const struct smmu3_txn *txn,
					struct path *path, struct smmu3_outcome *outcome)
{
	static const struct listener nobody = { .step = NULL };

	if (unlikely(counters_on(smmu)) && !(txn->flags & SMMU3_TXN_PROBE))
		return perform_counted(smmu, txn, path, outcome);
	return perform(smmu, txn, &nobody, path, outcome);
}

enum smmu3_verdict smmu3_translate(struct smmu3 *smmu, const struct smmu3_txn *txn,
				   struct smmu3_outcome *outcome)
{
	struct path path;

	if (smmu->config.caches.micro)
		return shared_front_translate(smmu, txn, outcome);
	path.known = false;
	return smmu_translate_along(smmu, txn, &path, outcome);
}
