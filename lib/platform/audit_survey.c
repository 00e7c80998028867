/* SPDX-License-Identifier: MIT */
/* Gathers who there is and what each reaches: masters first, then the streams that no master has.
 */
#include "platform/audit.h"
#include "platform/machine.h"

#include "arch/cd.h"
#include "arch/event.h"
#include "arch/ste.h"

#include <stdlib.h>
#include <string.h>

/* ---- One stream ---- */

/* What the SMMU reads for one access, and what becomes of it. */
struct probe {
	struct smmu3_audit *audit; /* told of places, or NULL */
	struct smmu3_outcome outcome;
	struct ste ste; /* zero: none was read */
	struct cd cd;   /* likewise */
};

static void on_step(void *context, const struct smmu3_step *step)
{
	struct probe *const probe = context;

	if (step->reason == SMMU3_REASON_STE)
		memcpy(probe->ste.word, step->word, sizeof(probe->ste.word));
	if (step->reason == SMMU3_REASON_CD)
		memcpy(probe->cd.word, step->word, sizeof(probe->cd.word));
	if (probe->audit)
		audit_step_place(probe->audit, step, probe->ste.word);
}

static struct probe ask(struct smmu3 *smmu, const struct smmu3_txn *who, struct smmu3_audit *audit)
{
	struct probe probe = { .audit = audit };

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
static bool refused(const struct probe *probe)
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

static bool no_such_substream(const struct probe *probe)
{
	return probe->outcome.event == C_BAD_SUBSTREAMID ||
	       probe->outcome.event == F_STREAM_DISABLED;
}

static bool stalls(const struct probe *probe)
{
	const unsigned config = (unsigned)ste_get(&probe->ste, STE_CONFIG);

	return cd_get(&probe->cd, CD_S) ||
	       ((config & STE_CONFIG_PASS_BIT) && (config & STE_CONFIG_S2_BIT) &&
		ste_get(&probe->ste, STE_S2S));
}

/* Who asks for translations, and sends what it was told: is it believed whatever the address? */
static bool translated_passes(struct smmu3 *smmu, const struct master_spec *master,
			      const struct smmu3_txn *who, const struct probe *probe)
{
	struct smmu3_txn translated = *who;
	struct smmu3_outcome outcome;

	if (master ? !master->cache : ste_get(&probe->ste, STE_EATS) != STE_EATS_FULL)
		return false;
	translated.ats = SMMU3_ATS_TRANSLATED;
	return smmu3_explain(smmu, &translated, &outcome, on_step, &(struct probe){ 0 }) ==
		       SMMU3_OK &&
	       !outcome.stages && outcome.decider != SMMU3_BY_DPT;
}

/* ---- Subjects ---- */

/* Streams that are looked at together. */
struct group {
	const struct master_spec *master; /* or NULL */
	size_t smmu;
	uint32_t sid, count;
	struct smmu3_txn who;
};

static bool listed(const struct smmu3_audit_options *options, const char *name)
{
	const char *const *at = options ? options->ns_only : NULL;

	while (at && *at && strcmp(*at, name) != 0)
		at++;
	return at && *at;
}

static bool ns_only(const struct smmu3_audit *audit, const struct master_spec *master)
{
	return master && (master->ns_only == true || listed(audit->options, master->name));
}

static bool is_enabled(struct smmu3 *smmu, enum smmu3_pas sec_sid)
{
	struct smmu3_stream_table table = { 0 };

	return !smmu3_inspect_stream_table(smmu, sec_sid, &table) && table.enabled;
}

static struct smmu3_audit_subject *add_subject(struct smmu3_audit *audit, const struct group *group,
					       struct smmu3 *smmu, const struct probe *probe)
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
		.ns_only = ns_only(audit, group->master),
	};
	return subject;
}

struct gathering {
	struct smmu3_audit *audit;
	size_t first; /* range of the subject */
	unsigned bus_width;
	struct firewall_who who;
};

static bool add_range(struct gathering *gathering, const struct smmu3_audit_range *range)
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
static int on_reach(void *context, const struct smmu3_reach *reach)
{
	struct gathering *const gathering = context;
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
	const struct gathering *const gathering = context;

	audit_add_place(gathering->audit, place->pa, place->bytes, place->pas,
			"translation tables");
	return 0;
}

/* One subject: with the SubstreamID of who, or without. */
static void survey_subject(struct smmu3_audit *audit, const struct group *group, struct smmu3 *smmu)
{
	const struct probe probe = ask(smmu, &group->who, audit);
	struct gathering gathering = {
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
	subject->cut = smmu3_inspect_reach(smmu, &group->who, &budget, on_reach, on_place,
					   &gathering) == -SMMU3_E_LIMIT;
	audit->budget += budget;
	audit->cut |= subject->cut;
	subject->ranges = audit->ranges.count - subject->first_range;
}

/* ---- Substreams ---- */

struct contexts {
	struct smmu3_audit *audit;
	const struct group *group;
	struct smmu3 *smmu;
};

static int on_context(void *context, const struct smmu3_context_entry *entry)
{
	const struct contexts *const contexts = context;
	struct group of = *contexts->group;

	of.who.ssid = entry->ssid;
	of.who.flags |= SMMU3_TXN_SSV;
	survey_subject(contexts->audit, &of, contexts->smmu);
	return contexts->audit->subjects.cut ? -SMMU3_E_LIMIT : 0;
}

/* Looks for CDs that there may be: as many as the table has places, once for each stream. */
static void survey_substreams(struct smmu3_audit *audit, const struct group *group,
			      struct smmu3 *smmu)
{
	const struct probe probe = ask(smmu, &group->who, NULL);
	const uint64_t places = UINT64_C(1) << ste_get(&probe.ste, STE_S1CDMAX);
	struct contexts contexts = { audit, group, smmu };

	if (places == 1 || !(ste_get(&probe.ste, STE_CONFIG) & STE_CONFIG_S1_BIT))
		return;
	const int code = smmu3_inspect_contexts(smmu, (enum smmu3_pas)group->who.sec_sid,
						group->sid, audit->budget, on_context, &contexts);

	audit->cut |= code == -SMMU3_E_LIMIT;
	audit->budget -= audit->budget < places ? audit->budget : places;
}

static void survey_group(struct smmu3_audit *audit, const struct group *group)
{
	struct smmu3 *const smmu = smmu3_machine_smmu(audit->machine, group->smmu);

	survey_subject(audit, group, smmu);
	survey_substreams(audit, group, smmu);
}

/* ---- Masters ---- */

static struct group group_of(const struct master_spec *master, uint32_t sid)
{
	return (struct group){
		.master = master,
		.smmu = master->seen.smmu,
		.sid = sid,
		.count = 1,
		.who = {
			.bytes = 1,
			.sid = sid,
			.sec_sid = master->seen.sec_sid,
			.flags = SMMU3_TXN_ATTR | SMMU3_TXN_NO_STALL |
				 (master->ns == true ? SMMU3_TXN_NS : 0),
			.attr = master->seen.attr,
		},
	};
}

/* Does the firewall tell a StreamID from the one before it? */
static bool is_edge(const struct smmu3_audit *audit, const struct group *group, uint32_t sid)
{
	const struct audit_edge edge = { group->smmu, group->who.sec_sid, sid };

	return audit_is_edge(audit, &edge);
}

static bool fare_alike(const struct probe *a, const struct probe *b)
{
	return a->outcome.why == b->outcome.why && a->outcome.verdict == b->outcome.verdict &&
	       !memcmp(&a->ste, &b->ste, sizeof(a->ste));
}

/* Neighbours with the same STE are one group. */
static void survey_master(struct smmu3_audit *audit, const struct master_spec *master)
{
	struct smmu3 *const smmu = smmu3_machine_smmu(audit->machine, master->seen.smmu);
	struct group group = group_of(master, master->seen.sid);
	struct probe first = ask(smmu, &group.who, NULL);

	for (uint32_t i = 1; i < master->seen.count; i++) {
		const struct group next = group_of(master, master->seen.sid + i);
		const struct probe probe = ask(smmu, &next.who, NULL);

		if (fare_alike(&first, &probe) && !is_edge(audit, &next, next.sid)) {
			group.count++;
			continue;
		}
		survey_group(audit, &group);
		group = next;
		first = probe;
	}
	survey_group(audit, &group);
}

/* Behind no SMMU what a master drives is what leaves. */
static void survey_direct(struct smmu3_audit *audit, const struct master_spec *master)
{
	enum { EVERY_ACCESS = (1 << 6) - 1 };
	struct smmu3_audit_subject *const subject = audit_add(&audit->subjects);
	struct audit_facts *const facts = subject ? audit_add(&audit->facts) : NULL;
	struct gathering gathering = { audit, audit->ranges.count, (unsigned)master->bus_width,
				       firewall_master(audit->machine, master) };
	const struct smmu3_reach all = {
		.size = UINT64_C(1) << 52,
		.attr = master->seen.attr,
		.perm = EVERY_ACCESS,
		.pas = master->ns == true ? SMMU3_PAS_NS : master->seen.sec_sid,
	};

	if (!facts)
		return;
	*facts = (struct audit_facts){ .master = master, .ns_only = ns_only(audit, master) };
	*subject = (struct smmu3_audit_subject){
		.master = master->name,
		.smmu = SMMU3_NO_SMMU,
		.count = 1,
		.sec_sid = master->seen.sec_sid,
		.enabled = 1,
		.first_range = gathering.first,
	};
	subject->cut = on_reach(&gathering, &all) != 0;
	audit->cut |= subject->cut;
	subject->ranges = audit->ranges.count - subject->first_range;
}

/* ---- Streams without a master ---- */

struct strangers {
	struct smmu3_audit *audit;
	const struct master_spec **masters; /* by SMMU, Security state and StreamID */
	size_t count;
	struct group group; /* count 0: none has begun */
	uint64_t ste[8];
};

static int by_stream(const void *a, const void *b)
{
	const struct smmu3_master *const x = &(*(const struct master_spec *const *)a)->seen;
	const struct smmu3_master *const y = &(*(const struct master_spec *const *)b)->seen;

	if (x->smmu != y->smmu)
		return (x->smmu > y->smmu) - (x->smmu < y->smmu);
	if (x->sec_sid != y->sec_sid)
		return (x->sec_sid > y->sec_sid) - (x->sec_sid < y->sec_sid);
	return (x->sid > y->sid) - (x->sid < y->sid);
}

static bool has_master(const struct strangers *strangers, uint32_t sid)
{
	const struct smmu3_master wanted = { .smmu = strangers->group.smmu,
					     .sec_sid = strangers->group.who.sec_sid,
					     .sid = sid };
	const struct master_spec key = { .seen = wanted };
	const struct master_spec *const key_at = &key;
	size_t low = 0, count = strangers->count;

	while (count) {
		const size_t half = count / 2;

		if (by_stream(&strangers->masters[low + half], &key_at) <= 0) {
			low += half + 1;
			count -= half + 1;
		} else {
			count = half;
		}
	}
	if (!low)
		return false;
	const struct smmu3_master *const last = &strangers->masters[low - 1]->seen;

	return last->smmu == wanted.smmu && last->sec_sid == wanted.sec_sid &&
	       sid - last->sid < last->count;
}

static void flush(struct strangers *strangers)
{
	if (strangers->group.count)
		survey_group(strangers->audit, &strangers->group);
	strangers->group.count = 0;
}

static int on_stream(void *context, const struct smmu3_stream_entry *entry)
{
	struct strangers *const strangers = context;
	struct group *const group = &strangers->group;

	if (has_master(strangers, entry->sid))
		return 0;
	if (group->count && entry->sid == group->sid + group->count &&
	    !is_edge(strangers->audit, group, entry->sid) &&
	    !memcmp(entry->word, strangers->ste, sizeof(strangers->ste))) {
		group->count++;
		return 0;
	}
	flush(strangers);
	memcpy(strangers->ste, entry->word, sizeof(strangers->ste));
	group->sid = entry->sid;
	group->who.sid = entry->sid;
	group->count = 1;
	return strangers->audit->subjects.cut ? -SMMU3_E_LIMIT : 0;
}

static void survey_strangers(struct strangers *strangers, size_t smmu, enum smmu3_pas sec_sid)
{
	struct smmu3_audit *const audit = strangers->audit;
	struct smmu3 *const at = smmu3_machine_smmu(audit->machine, smmu);

	strangers->group = (struct group){
		.smmu = smmu,
		.who = { .bytes = 1, .sec_sid = (uint8_t)sec_sid, .flags = SMMU3_TXN_NO_STALL },
	};
	audit_programmed_places(audit, at, sec_sid);
	audit->cut |= smmu3_inspect_streams(at, sec_sid, audit->budget, on_stream, strangers) ==
		      -SMMU3_E_LIMIT;
	flush(strangers);
}

void audit_survey(struct smmu3_audit *audit)
{
	const struct list *const masters = &audit->machine->spec.masters;
	struct strangers strangers = { .audit = audit };

	audit_learn_edges(audit, machine_firewall(audit->machine));
	strangers.masters = calloc(masters->count + 1, sizeof(*strangers.masters));
	audit->subjects.broken |= !strangers.masters;
	for (size_t i = 0; strangers.masters && i < masters->count; i++) {
		const struct master_spec *const master = ITEM(*masters, struct master_spec, i);

		if (master->direct) {
			survey_direct(audit, master);
			continue;
		}
		survey_master(audit, master);
		strangers.masters[strangers.count++] = master;
	}
	if (strangers.count)
		qsort(strangers.masters, strangers.count, sizeof(*strangers.masters), by_stream);
	for (size_t smmu = 0; strangers.masters && smmu3_machine_smmu(audit->machine, smmu); smmu++)
		for (unsigned sec_sid = 0; sec_sid < INTERFACES; sec_sid++)
			survey_strangers(&strangers, smmu, (enum smmu3_pas)sec_sid);
	free(strangers.masters);
}
