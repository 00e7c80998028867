/* SPDX-License-Identifier: MIT */
/* An audit from its beginning to its end, and what it shows. */
#include "platform/audit.h"
#include "platform/machine.h"

#include <stdlib.h>
#include <string.h>

/* ---- The order of findings ---- */

static int in_order(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int by_place(const void *a, const void *b)
{
	const struct smmu3_audit_finding *const x = a, *const y = b;
	const int words = strcmp(x->who ? x->who : "", y->who ? y->who : "");
	int order = in_order(x->subject, y->subject);

	if (!order)
		order = in_order((size_t)(x->rule - audit_rules), (size_t)(y->rule - audit_rules));
	if (!order)
		order = in_order(x->other, y->other);
	if (!order)
		order = words;
	return order ? order : (x->input > y->input) - (x->input < y->input);
}

/* Found twice, or one after the other. */
static bool joins(const struct smmu3_audit_finding *last, const struct smmu3_audit_finding *next)
{
	return last->subject == next->subject && last->rule == next->rule &&
	       last->other == next->other && last->pas == next->pas &&
	       !strcmp(last->who ? last->who : "", next->who ? next->who : "") && next->size &&
	       next->input - last->input <= last->size &&
	       next->pa - last->pa == next->input - last->input;
}

static void settle(struct audit_list *findings)
{
	struct smmu3_audit_finding *const finding = findings->item;
	size_t used = 0;

	if (findings->count)
		qsort(finding, findings->count, sizeof(*finding), by_place);
	for (size_t i = 0; i < findings->count; i++) {
		struct smmu3_audit_finding *const last = used ? &finding[used - 1] : NULL;
		const uint64_t end = finding[i].input + finding[i].size;

		if (!last || !joins(last, &finding[i]))
			finding[used++] = finding[i];
		else if (end - last->input > last->size)
			last->size = end - last->input;
	}
	findings->count = used;
}

/* ---- The whole ---- */

static bool names_masters(const struct smmu3_machine *machine, const char *const *name)
{
	while (name && *name && smmu3_machine_find(machine, *name))
		name++;
	return !name || !*name;
}

static bool broken(const struct smmu3_audit *audit)
{
	return audit->subjects.broken || audit->facts.broken || audit->ranges.broken ||
	       audit->findings.broken || audit->places.broken;
}

static void begin(struct smmu3_audit *audit, struct smmu3_machine *machine,
		  const struct smmu3_audit_options *options)
{
	*audit = (struct smmu3_audit){
		.machine = machine,
		.options = options,
		.subjects = { .most = AUDIT_SUBJECTS_MOST,
			      .size = sizeof(struct smmu3_audit_subject) },
		.facts = { .most = AUDIT_SUBJECTS_MOST, .size = sizeof(struct audit_facts) },
		.ranges = { .most = AUDIT_RANGES_MOST, .size = sizeof(struct smmu3_audit_range) },
		.findings = { .most = AUDIT_FINDINGS_MOST,
			      .size = sizeof(struct smmu3_audit_finding) },
		.places = { .most = AUDIT_PLACES_MOST, .size = sizeof(struct audit_place) },
		.budget = options && options->budget ? options->budget : AUDIT_BUDGET,
	};
}

/* 0, or what is wrong with the question. */
static int judge_options(const struct smmu3_machine *machine,
			 const struct smmu3_audit_options *options)
{
	if (!options)
		return 0;
	if (options->size != sizeof(*options))
		return -SMMU3_E_ARGUMENT;
	return names_masters(machine, options->ns_only) ? 0 : -SMMU3_E_NOT_FOUND;
}

static int look(struct smmu3_audit *audit)
{
	audit_survey(audit);
	audit_judge(audit);
	audit_compare(audit);
	settle(&audit->findings);
	return broken(audit) ? -SMMU3_E_MEMORY : 0;
}

struct smmu3_audit *smmu3_machine_audit(struct smmu3_machine *machine,
					const struct smmu3_audit_options *options, int *code)
{
	int result = judge_options(machine, options);
	struct smmu3_audit *const audit = result ? NULL : malloc(sizeof(*audit));

	if (audit) {
		begin(audit, machine, options);
		result = look(audit);
	} else if (!result) {
		result = -SMMU3_E_MEMORY;
	}
	if (code)
		*code = result;
	if (!result)
		return audit;
	smmu3_audit_free(audit);
	return NULL;
}

void smmu3_audit_free(struct smmu3_audit *audit)
{
	if (!audit)
		return;
	free(audit->subjects.item);
	free(audit->facts.item);
	free(audit->ranges.item);
	free(audit->findings.item);
	free(audit->places.item);
	free(audit);
}

int smmu3_audit_complete(const struct smmu3_audit *audit)
{
	return !audit->cut && !audit->subjects.cut && !audit->facts.cut && !audit->ranges.cut &&
	       !audit->findings.cut && !audit->places.cut;
}

const struct smmu3_audit_subject *smmu3_audit_subject(const struct smmu3_audit *audit, size_t index)
{
	return index < audit->subjects.count ?
		       AUDIT_AT(audit->subjects, struct smmu3_audit_subject, index) :
		       NULL;
}

const struct smmu3_audit_range *smmu3_audit_range(const struct smmu3_audit *audit, size_t index)
{
	return index < audit->ranges.count ?
		       AUDIT_AT(audit->ranges, struct smmu3_audit_range, index) :
		       NULL;
}

const struct smmu3_audit_finding *smmu3_audit_finding(const struct smmu3_audit *audit, size_t index)
{
	return index < audit->findings.count ?
		       AUDIT_AT(audit->findings, struct smmu3_audit_finding, index) :
		       NULL;
}
