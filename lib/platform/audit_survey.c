/* SPDX-License-Identifier: MIT */
/* Gathers who there is and what each reaches: masters first, then the streams that no master has.
 */
#include "platform/audit_survey.h"
#include "platform/machine.h"

#include <stdlib.h>
#include <string.h>

/* ---- Masters ---- */

static struct audit_group group_of(const struct master_spec *master, uint32_t sid)
{
	return (struct audit_group){
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

static bool fare_alike(const struct audit_probe *a, const struct audit_probe *b)
{
	return a->outcome.why == b->outcome.why && a->outcome.verdict == b->outcome.verdict &&
	       !memcmp(&a->ste, &b->ste, sizeof(a->ste));
}

/* Neighbours with the same STE are one group. */
static void survey_master(struct smmu3_audit *audit, const struct master_spec *master)
{
	struct smmu3 *const smmu = smmu3_machine_smmu(audit->machine, master->seen.smmu);
	struct audit_group group = group_of(master, master->seen.sid);
	struct audit_probe first = audit_ask(smmu, &group.who, NULL);

	for (uint32_t i = 1; i < master->seen.count; i++) {
		const struct audit_group next = group_of(master, master->seen.sid + i);
		const struct audit_probe probe = audit_ask(smmu, &next.who, NULL);

		if (fare_alike(&first, &probe)) {
			group.count++;
			continue;
		}
		audit_survey_group(audit, &group);
		group = next;
		first = probe;
	}
	audit_survey_group(audit, &group);
}

/* Behind no SMMU what a master drives is what leaves. */
static void survey_direct(struct smmu3_audit *audit, const struct master_spec *master)
{
	enum { EVERY_ACCESS = (1 << 6) - 1 };
	struct smmu3_audit_subject *const subject = audit_add(&audit->subjects);
	struct audit_facts *const facts = subject ? audit_add(&audit->facts) : NULL;
	struct audit_gathering gathering = { audit, audit->ranges.count,
					     (unsigned)master->bus_width,
					     firewall_master(audit->machine, master) };
	const struct smmu3_reach all = {
		.size = PA_MOST,
		.attr = master->seen.attr,
		.perm = EVERY_ACCESS,
		.pas = master->ns == true ? SMMU3_PAS_NS : master->seen.sec_sid,
	};

	if (!facts) {
		audit->subjects.count -= subject != NULL;
		return;
	}
	*facts = (struct audit_facts){ .master = master, .ns_only = audit_ns_only(audit, master) };
	*subject = (struct smmu3_audit_subject){
		.master = master->name,
		.smmu = SMMU3_NO_SMMU,
		.count = 1,
		.sec_sid = master->seen.sec_sid,
		.enabled = 1,
		.first_range = gathering.first,
	};
	subject->cut = audit_gather(&gathering, &all) != 0;
	audit->cut |= subject->cut;
	subject->ranges = audit->ranges.count - subject->first_range;
}

/* ---- Streams without a master ---- */

struct strangers {
	struct smmu3_audit *audit;
	const struct master_spec **masters; /* by SMMU, Security state and StreamID */
	size_t count;
	struct audit_group group; /* count 0: none has begun */
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
		audit_survey_group(strangers->audit, &strangers->group);
	strangers->group.count = 0;
}

static int on_stream(void *context, const struct smmu3_stream_entry *entry)
{
	struct strangers *const strangers = context;
	struct audit_group *const group = &strangers->group;

	if (has_master(strangers, entry->sid))
		return 0;
	if (group->count && entry->sid == group->sid + group->count &&
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

	strangers->group = (struct audit_group){
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
