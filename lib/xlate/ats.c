/* SPDX-License-Identifier: MIT */
#include "xlate/ats.h"

#include "arch/attr.h"
#include "mem/guard.h"

/* ---- What is asked ---- */

struct smmu3_txn ats_seen(const struct features *features, const struct smmu3_txn *txn)
{
	const bool request = txn->ats == SMMU3_ATS_REQUEST;
	struct smmu3_txn seen = *txn;

	if (!request && !features->pasidtt)
		seen.flags &= (uint16_t)~SMMU3_TXN_SSV;
	if (!(seen.flags & SMMU3_TXN_SSV))
		seen.flags &= (uint16_t) ~(SMMU3_TXN_PRIVILEGED | SMMU3_TXN_INSTRUCTION);
	if (request && !(seen.flags & SMMU3_TXN_ATTR)) {
		seen.flags |= SMMU3_TXN_ATTR;
		seen.attr = (struct smmu3_attr){ SMMU3_ATTR_DEFAULT_MAIR, SMMU3_ISH };
	}
	return seen;
}

enum ste_eats ats_effective(enum ste_eats eats, bool atschk)
{
	const bool needs_check = eats == STE_EATS_SPLIT || eats == STE_EATS_DPT;

	return needs_check && !atschk ? STE_EATS_DISABLED : eats;
}

struct fault ats_refusal(enum smmu3_ats ats, enum why why)
{
	return config_fault(ats == SMMU3_ATS_REQUEST ? F_BAD_ATS_TREQ : F_TRANSL_FORBIDDEN, why);
}

/* ---- What is granted ---- */

/* The rights of one privilege, in the bits of the unprivileged ones. */
static unsigned rights_of(unsigned perm, bool privileged)
{
	return (privileged ? perm >> 3 : perm) & (SMMU3_PERM_UR | SMMU3_PERM_UW | SMMU3_PERM_UX);
}

unsigned ats_granted(const struct smmu3_txn *request, bool privileged, unsigned instcfg,
		     unsigned perm)
{
	const unsigned rights = rights_of(perm, privileged);
	const bool r = rights & SMMU3_PERM_UR, x = rights & SMMU3_PERM_UX;
	const bool reads = instcfg == STE_INSTCFG_INSTRUCTION ? x : r;
	const bool executes = instcfg == STE_INSTCFG_DATA ? r : reads && x;

	return (reads ? SMMU3_ATS_R : 0u) | (rights & SMMU3_PERM_UW ? SMMU3_ATS_W : 0u) |
	       (executes && request->flags & SMMU3_TXN_INSTRUCTION ? SMMU3_ATS_EXE : 0u);
}

unsigned ats_wants(bool privileged, unsigned instcfg)
{
	const unsigned reads = instcfg == STE_INSTCFG_INSTRUCTION ? SMMU3_PERM_UX : SMMU3_PERM_UR;
	const unsigned wants = reads | SMMU3_PERM_UW;

	return privileged ? wants << 3 : wants;
}

struct fault ats_no_access(unsigned stage)
{
	struct fault fault = config_fault(F_PERMISSION, WHY_ATS_NO_ACCESS);

	fault.fault_class = SMMU3_CLASS_IN;
	fault.stage = (uint8_t)stage;
	return fault;
}

static bool write_back(unsigned half)
{
	return half != MAIR_HALF_NC && half & 4;
}

bool ats_needs_cxl_io(enum ste_eats eats, struct smmu3_attr attr)
{
	return eats == STE_EATS_SPLIT || mair_is_device(attr.mair) || attr.sh == SMMU3_NSH ||
	       !write_back(mair_inner(attr.mair)) || !write_back(mair_outer(attr.mair));
}

unsigned ats_stu_lg2(const struct features *features)
{
	return features->gran4k ? 12 : features->gran16k ? 14 : 16;
}

/* ---- How it ends ---- */

/* When an event is recorded. */
enum recording {
	NEVER,
	ALWAYS,
	WITH_REC_CFG_ATS,
	WITH_BOTH, /* and RECINVSID */
	BY_STAGE,  /* as the stage at fault says */
};

struct ending {
	enum smmu3_verdict verdict;
	enum recording recording;
};

/* Of requests; configuration errors and aborted fetches are all CA.  3.9.1.2 names no C_BAD_CD:
 * libsmmu takes it for one of them. */
static const struct ending request_endings[] = {
	[EVENT_NONE] = { SMMU3_UR, NEVER }, /* but for granule protection */
	[C_BAD_STREAMID] = { SMMU3_CA, WITH_BOTH },
	[F_STE_FETCH] = { SMMU3_CA, WITH_REC_CFG_ATS },
	[C_BAD_STE] = { SMMU3_CA, WITH_REC_CFG_ATS },
	[F_VMS_FETCH] = { SMMU3_CA, WITH_REC_CFG_ATS },
	[F_BAD_ATS_TREQ] = { SMMU3_UR, ALWAYS },
	[F_STREAM_DISABLED] = { SMMU3_CA, WITH_REC_CFG_ATS },
	[C_BAD_SUBSTREAMID] = { SMMU3_CA, WITH_REC_CFG_ATS },
	[F_CD_FETCH] = { SMMU3_CA, WITH_REC_CFG_ATS },
	[C_BAD_CD] = { SMMU3_CA, WITH_REC_CFG_ATS },
	[F_WALK_EABT] = { SMMU3_CA, WITH_REC_CFG_ATS },
	[F_TRANSLATION] = { SMMU3_NO_ACCESS, NEVER },
	[F_ADDR_SIZE] = { SMMU3_NO_ACCESS, NEVER },
	[F_ACCESS] = { SMMU3_NO_ACCESS, NEVER },
	[F_PERMISSION] = { SMMU3_NO_ACCESS, NEVER },
	[F_TLB_CONFLICT] = { SMMU3_CA, WITH_REC_CFG_ATS },
	[F_CFG_CONFLICT] = { SMMU3_CA, WITH_REC_CFG_ATS },
};

/* The output address fails granule protection.  3.25.2 */
static const struct ending request_stopped = { SMMU3_CA, NEVER };

/* Of Translated transactions.  A stage 2 fault is what it is for any transaction; S2S = 1 is
 * ILLEGAL where they translate.  3.9.1.3, 5.2 */
static const struct ending translated_endings[] = {
	[EVENT_NONE] = { SMMU3_ABORT, NEVER },
	[C_BAD_STREAMID] = { SMMU3_ABORT, WITH_REC_CFG_ATS }, /* whatever RECINVSID says */
	[F_STE_FETCH] = { SMMU3_ABORT, WITH_REC_CFG_ATS },
	[C_BAD_STE] = { SMMU3_ABORT, WITH_REC_CFG_ATS },
	[F_VMS_FETCH] = { SMMU3_ABORT, WITH_REC_CFG_ATS },
	[F_STREAM_DISABLED] = { SMMU3_ABORT, WITH_REC_CFG_ATS },
	[F_TRANSL_FORBIDDEN] = { SMMU3_ABORT, ALWAYS },
	[C_BAD_SUBSTREAMID] = { SMMU3_ABORT, WITH_REC_CFG_ATS },
	[F_CD_FETCH] = { SMMU3_ABORT, WITH_REC_CFG_ATS },
	[C_BAD_CD] = { SMMU3_ABORT, WITH_REC_CFG_ATS },
	[F_WALK_EABT] = { SMMU3_ABORT, ALWAYS },
	[F_TRANSLATION] = { SMMU3_ABORT, BY_STAGE },
	[F_ADDR_SIZE] = { SMMU3_ABORT, BY_STAGE },
	[F_ACCESS] = { SMMU3_ABORT, BY_STAGE },
	[F_PERMISSION] = { SMMU3_ABORT, BY_STAGE },
	[F_TLB_CONFLICT] = { SMMU3_ABORT, ALWAYS },
	[F_CFG_CONFLICT] = { SMMU3_ABORT, WITH_REC_CFG_ATS },
};

static bool records(enum recording recording, struct manners manners,
		    const struct fault_model *model)
{
	const bool when[] = {
		[NEVER] = false,
		[ALWAYS] = true,
		[WITH_REC_CFG_ATS] = manners.rec_cfg_ats,
		[WITH_BOTH] = manners.rec_cfg_ats && manners.recinvsid,
		[BY_STAGE] = model->record,
	};

	return when[recording];
}

static const struct ending *ending_of(const struct fault *fault, bool request)
{
	if (!request)
		return &translated_endings[fault->event];
	return !fault->event && gpc_decided(fault->why) ? &request_stopped :
							  &request_endings[fault->event];
}

struct response ats_respond(const struct fault *fault, const struct translation *translation,
			    struct manners manners)
{
	const struct ending *ending = ending_of(fault, manners.ats == SMMU3_ATS_REQUEST);

	return (struct response){
		.verdict = ending->verdict,
		.record = records(ending->recording, manners, &translation->model[fault->stage]),
	};
}

/* ---- Its record ---- */

static uint64_t units_asked(const struct smmu3_txn *request, unsigned stu_lg2)
{
	enum { MOST = 15 };
	const uint64_t last = (request->addr + (request->bytes - 1)) >> stu_lg2;
	const uint64_t units = last - (request->addr >> stu_lg2) + 1;

	return units < MOST ? units : MOST;
}

void ats_put_request(struct smmu3_event *record, const struct smmu3_txn *request, unsigned stu_lg2)
{
	event_put(record, EVENT_TREQ_SPAN, units_asked(request, stu_lg2));
	event_put(record, EVENT_TREQ_PRIV, (request->flags & SMMU3_TXN_PRIVILEGED) != 0);
	event_put(record, EVENT_TREQ_X, (request->flags & SMMU3_TXN_INSTRUCTION) != 0);
	event_put(record, EVENT_TREQ_W, (request->flags & SMMU3_TXN_WRITE) != 0);
	event_put(record, EVENT_TREQ_R, 1);
	event_put_address(record, EVENT_PAGEADDR, request->addr);
}
