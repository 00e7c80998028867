/* SPDX-License-Identifier: MIT */
/* One subject: what the SMMU reads for it, where all it asks for ends, what it reaches. */
#include "platform/audit_survey.h"
#include "platform/machine.h"

#include "arch/event.h"

#include <string.h>

/* ---- One stream ---- */

static void on_step(void *context, const struct smmu3_step *step)
{
	struct audit_probe *const probe = context;

	if (step->reason == SMMU3_REASON_STE)
		memcpy(probe->ste.word, step->word, sizeof(probe->ste.word));
	if (step->reason == SMMU3_REASON_CD)
		memcpy(probe->cd.word, step->word, sizeof(probe->cd.word));
	if (probe->audit)
		audit_step_place(probe->audit, step, probe->ste.word);
}

struct audit_probe audit_ask(struct smmu3 *smmu, const struct smmu3_txn *who,
			     struct smmu3_audit *audit)
{
	struct audit_probe probe = { .audit = audit };

	(void)smmu3_explain(smmu, who, &probe.outcome, on_step, &probe);
	return probe;
}

/* Does it end whatever its address?  What stage 2 refuses of a CD is of the stream, too. */
static bool ends(const struct smmu3_outcome *outcome)
{
	if (outcome->verdict == SMMU3_OK)
		return false;
	if (outcome->fault_stage == 2)
		return outcome->fault_class == SMMU3_CLASS_CD;
	return !outcome->fault_stage;
}

/* Is a structure there that is ILLEGAL, or cannot be read?  An STE that is not valid, or a
 * substream that there is not, is none. */
static bool refused(const struct audit_probe *probe)
{
	static const bool of_structure[] = {
		[F_STE_FETCH] = true,
		[C_BAD_STE] = true,
		[F_CD_FETCH] = true,
		[C_BAD_CD] = true,
	};
	const unsigned event = probe->outcome.event;

	if (!ends(&probe->outcome))
		return false;
	if (event == C_BAD_STE)
		return ste_get(&probe->ste, STE_V);
	return probe->outcome.fault_stage == 2 ||
	       (event < sizeof(of_structure) / sizeof(of_structure[0]) && of_structure[event]);
}

static bool no_such_substream(const struct audit_probe *probe)
{
	return probe->outcome.event == C_BAD_SUBSTREAMID ||
	       probe->outcome.event == F_STREAM_DISABLED;
}

static bool stalls(const struct audit_probe *probe)
{
	const unsigned config = (unsigned)ste_get(&probe->ste, STE_CONFIG);

	return cd_get(&probe->cd, CD_S) ||
	       ((config & STE_CONFIG_PASS_BIT) && (config & STE_CONFIG_S2_BIT) &&
		ste_get(&probe->ste, STE_S2S));
}

/* Who asks for translations, and sends what it was told: is it believed whatever the address? */
static bool translated_passes(struct smmu3 *smmu, const struct master_spec *master,
			      const struct smmu3_txn *who, const struct audit_probe *probe)
{
	struct smmu3_txn translated = *who;
	struct smmu3_outcome outcome;

	if (master ? !master->cache : ste_get(&probe->ste, STE_EATS) != STE_EATS_FULL)
		return false;
	translated.ats = SMMU3_ATS_TRANSLATED;
	return smmu3_explain(smmu, &translated, &outcome, on_step, &(struct audit_probe){ 0 }) ==
		       SMMU3_OK &&
	       !outcome.stages && outcome.decider != SMMU3_BY_DPT;
}

/* ---- Subjects ---- */

static bool listed(const struct smmu3_audit_options *options, const char *name)
{
	const char *const *at = options ? options->ns_only : NULL;

	while (at && *at && strcmp(*at, name) != 0)
		at++;
	return at && *at;
}

bool audit_ns_only(const struct smmu3_audit *audit, const struct master_spec *master)
{
	return master && (master->ns_only == true || listed(audit->options, master->name));
}

static bool is_enabled(struct smmu3 *smmu, enum smmu3_pas sec_sid)
{
	struct smmu3_stream_table table = { 0 };

	return !smmu3_inspect_stream_table(smmu, sec_sid, &table) && table.enabled;
}

static struct smmu3_audit_subject *add_subject(struct smmu3_audit *audit,
					       const struct audit_group *group, struct smmu3 *smmu,
					       const struct audit_probe *probe)
{
	struct smmu3_audit_subject *const subject = audit_add(&audit->subjects);
	struct audit_facts *const facts = subject ? audit_add(&audit->facts) : NULL;

	if (!facts) {
		audit->subjects.count -= subject != NULL;
		return NULL;
	}
	*subject = (struct smmu3_audit_subject){
		.master = group->master ? group->master->name : NULL,
		.smmu = group->smmu,
		.sid = group->sid,
		.count = group->count,
		.ssid = group->who.ssid,
		.ssv = (group->who.flags & SMMU3_TXN_SSV) != 0,
		.sec_sid = group->who.sec_sid,
		.enabled = is_enabled(smmu, (enum smmu3_pas)group->who.sec_sid),
		.first_range = audit->ranges.count,
	};
	if (ends(&probe->outcome)) {
		subject->why = probe->outcome.why;
		subject->event = probe->outcome.event;
	}
	*facts = (struct audit_facts){
		.master = group->master,
		.stalls = stalls(probe),
		.refused = refused(probe),
		.translated_passes = translated_passes(smmu, group->master, &group->who, probe),
		.ns_only = audit_ns_only(audit, group->master),
	};
	return subject;
}

static bool add_range(struct audit_gathering *gathering, const struct smmu3_audit_range *range)
{
	struct audit_list *const ranges = &gathering->audit->ranges;

	if (ranges->count > gathering->first &&
	    audit_join(AUDIT_AT(*ranges, struct smmu3_audit_range, ranges->count - 1), range))
		return true;
	struct smmu3_audit_range *const added = audit_add(ranges);

	if (added)
		*added = *range;
	return added;
}

/* What the SMMU lets through, piece by piece as the firewall judges it. */
int audit_gather(void *context, const struct smmu3_reach *reach)
{
	struct audit_gathering *const gathering = context;
	const struct firewall *const firewall = machine_firewall(gathering->audit->machine);
	struct smmu3_reach rest = *reach;

	if (!audit_clip(&rest, gathering->bus_width))
		return 0;
	while (rest.size) {
		const struct smmu3_audit_range range = audit_guard(firewall, &gathering->who,
								   &rest);

		if (!add_range(gathering, &range))
			return -SMMU3_E_LIMIT;
		rest.input += range.reach.size;
		rest.pa += range.reach.size;
		rest.size -= range.reach.size;
	}
	return 0;
}

static int on_place(void *context, const struct smmu3_place *place)
{
	const struct audit_gathering *const gathering = context;

	audit_add_place(gathering->audit, place->pa, place->bytes, place->pas,
			"translation tables");
	return 0;
}

/* One subject: with the SubstreamID of who, or without. */
static void survey_subject(struct smmu3_audit *audit, const struct audit_group *group,
			   struct smmu3 *smmu)
{
	const struct audit_probe probe = audit_ask(smmu, &group->who, audit);
	struct audit_gathering gathering = {
		audit,
		audit->ranges.count,
		group->master ? (unsigned)group->master->bus_width : 64,
		{ FIREWALL_STREAM, group->smmu, group->who.sec_sid, group->sid },
	};
	uint64_t budget = audit->budget < AUDIT_BUDGET_OF_STREAM ? audit->budget :
								   AUDIT_BUDGET_OF_STREAM;

	if (group->who.flags & SMMU3_TXN_SSV && no_such_substream(&probe))
		return;
	struct smmu3_audit_subject *const subject = add_subject(audit, group, smmu, &probe);

	if (!subject || subject->why)
		return;
	audit->budget -= budget;
	subject->cut = smmu3_inspect_reach(smmu, &group->who, &budget, audit_gather, on_place,
					   &gathering) == -SMMU3_E_LIMIT;
	audit->budget += budget;
	audit->cut |= subject->cut;
	subject->ranges = audit->ranges.count - subject->first_range;
}

/* ---- Substreams ---- */

struct contexts {
	struct smmu3_audit *audit;
	const struct audit_group *group;
	struct smmu3 *smmu;
};

static int on_context(void *context, const struct smmu3_context_entry *entry)
{
	const struct contexts *const contexts = context;
	struct audit_group of = *contexts->group;

	of.who.ssid = entry->ssid;
	of.who.flags |= SMMU3_TXN_SSV;
	survey_subject(contexts->audit, &of, contexts->smmu);
	return contexts->audit->subjects.cut ? -SMMU3_E_LIMIT : 0;
}

/* Looks for CDs that there may be: as many as the table has places, once for each stream. */
static void survey_substreams(struct smmu3_audit *audit, const struct audit_group *group,
			      struct smmu3 *smmu)
{
	const struct audit_probe probe = audit_ask(smmu, &group->who, NULL);
	const uint64_t places = UINT64_C(1) << ste_get(&probe.ste, STE_S1CDMAX);
	struct contexts contexts = { audit, group, smmu };

	if (places == 1 || !(ste_get(&probe.ste, STE_CONFIG) & STE_CONFIG_S1_BIT))
		return;
	const int code = smmu3_inspect_contexts(smmu, (enum smmu3_pas)group->who.sec_sid,
						group->sid, audit->budget, on_context, &contexts);

	audit->cut |= code == -SMMU3_E_LIMIT;
	audit->budget -= audit->budget < places ? audit->budget : places;
}

void audit_survey_group(struct smmu3_audit *audit, const struct audit_group *group)
{
	struct smmu3 *const smmu = smmu3_machine_smmu(audit->machine, group->smmu);

	survey_subject(audit, group, smmu);
	survey_substreams(audit, group, smmu);
}
