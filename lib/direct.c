/* SPDX-License-Identifier: MIT */
/* Accesses of devices without a StreamID: granule protection is all that they meet.  3.25.1.1 */
#include "checking.h"
#include "guarding.h"

#include "arch/why.h"
#include "walk/fault.h"
#include "walk/permission.h"

enum { KNOWN_FLAGS = SMMU3_TXN_WRITE | SMMU3_TXN_PROBE | SMMU3_TXN_ATTR, PAGE_LG2 = 12 };

static enum why malformed(const struct smmu3_direct *access)
{
	if (!access->bytes)
		return WHY_TXN_BYTES;
	if (access->bytes - 1 > UINT64_MAX - access->addr)
		return WHY_TXN_WRAP;
	if (access->flags & ~KNOWN_FLAGS || access->reserved)
		return WHY_TXN_FLAGS;
	return access->pas > SMMU3_PAS_ROOT ? WHY_TXN_PAS : WHY_NONE;
}

static enum smmu3_verdict stop(const struct smmu3_direct *access, enum smmu3_verdict verdict,
			       enum why why, struct smmu3_outcome *outcome)
{
	const bool error = verdict == SMMU3_ERROR;

	*outcome = (struct smmu3_outcome){
		.bytes = error ? 0 : bytes_within(access->addr, access->bytes, PAGE_LG2),
		.verdict = (uint8_t)verdict,
		.decider = error ? SMMU3_BY_CALLER : SMMU3_BY_GPC,
		.why = (uint16_t)why,
		.fault_level = LEVEL_NONE,
	};
	return verdict;
}

/* Nobody says how such an access is labelled: libsmmu has zero, in the PARTID space of where it
 * goes. 17.2, 17.7 */
static struct smmu3_mpam label_of(const struct smmu3 *smmu, const struct smmu3_direct *access)
{
	const bool mpam = smmu->interface[BANK_NS].features.mpam;

	return (struct smmu3_mpam){ .space = mpam ? access->pas : SMMU3_PAS_NS };
}

static enum smmu3_verdict pass(const struct smmu3 *smmu, const struct smmu3_direct *access,
			       unsigned span_lg2, struct smmu3_outcome *outcome)
{
	const bool given = access->flags & SMMU3_TXN_ATTR;

	*outcome = (struct smmu3_outcome){
		.pa = access->addr,
		.bytes = bytes_within(access->addr, access->bytes, span_lg2),
		.attr = given ? access->attr :
				(struct smmu3_attr){ SMMU3_ATTR_DEFAULT_MAIR, SMMU3_NSH },
		.pas = access->pas,
		.perm = PERM_ALL,
		.verdict = SMMU3_OK,
		.decider = SMMU3_BY_GPC,
		.fault_level = LEVEL_NONE,
		.mpam = label_of(smmu, access),
	};
	return SMMU3_OK;
}

/* WHY_NONE: it may go there, and so may the 2^*span_lg2 bytes around it. */
static enum why check(struct smmu3 *smmu, const struct smmu3_direct *access, unsigned *span_lg2)
{
	const struct guarded client = { .at = { access->addr, (enum smmu3_pas)access->pas },
					.origin = OF_CLIENT,
					.mpam = label_of(smmu, access) };
	struct mem_view view = { .mem = &smmu->mem };
	struct tally tally;
	struct checked checked;
	struct guard guard;

	if (smmu->keeps)
		view_what_is_kept(smmu, &view);
	(void)check_listen(smmu, SMMU3_KEPT_FOR_DIRECT, &view, &checked, &tally);
	view.keeps = !(access->flags & SMMU3_TXN_PROBE);
	guard_begin(smmu, &view, &guard);
	if (view.guard)
		(void)guard_passes(&view, &client, span_lg2);
	if (view.keeps)
		smmu_report_guard(smmu, &guard);
	guard_end(smmu, &guard);
	check_leave(smmu, &checked);
	return guard.why;
}

enum smmu3_verdict smmu3_access_direct(struct smmu3 *smmu, const struct smmu3_direct *access,
				       struct smmu3_outcome *outcome)
{
	const unsigned oas_bits = smmu->interface[BANK_NS].features.oas_bits;
	unsigned span_lg2 = oas_bits;
	enum why why = malformed(access);

	if (why)
		return stop(access, SMMU3_ERROR, why, outcome);
	if (access->addr >> oas_bits)
		return stop(access, SMMU3_ABORT, WHY_GPC_ADDRESS, outcome);
	why = smmu->rooted ? check(smmu, access, &span_lg2) : WHY_NONE;
	return why ? stop(access, SMMU3_ABORT, why, outcome) :
		     pass(smmu, access, span_lg2 < oas_bits ? span_lg2 : oas_bits, outcome);
}
