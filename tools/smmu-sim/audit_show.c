/* SPDX-License-Identifier: MIT */
/* What an audit found, as an object and as tables. */
#include <inttypes.h>
#include <smmu/decode.h>
#include <stdio.h>
#include <string.h>

#include "audit.h"
#include "fields.h"
#include "json.h"
#include "outcome.h"
#include "say.h"
#include "text.h"
#include "view.h"

/* ---- Names ---- */

/* StreamIDs as people name them: a master and which of its StreamIDs, or what the Stream table has.
 */
static void who_text(const struct audit_view *view, const struct smmu3_audit_subject *subject,
		     char *text, size_t size)
{
	const struct smmu3_master *master = subject->master ? smmu3_machine_find(view->machine,
										 subject->master) :
							      NULL;
	const uint32_t last = subject->sid + subject->count - 1;

	text[0] = 0;
	if (!master) {
		if (subject->smmu)
			append(text, size,
			       "%s:", smmu3_machine_smmu_name(view->machine, subject->smmu));
		append(text, size, "%s0x%" PRIx32,
		       subject->sec_sid == SMMU3_PAS_SECURE ? "secure:" : "", subject->sid);
		if (subject->count > 1)
			append(text, size, "-0x%" PRIx32, last);
		return;
	}
	append(text, size, "%s", master->name);
	if (subject->count == master->count)
		return;
	append(text, size, "+%" PRIu32, subject->sid - master->sid);
	if (subject->count > 1)
		append(text, size, "-%" PRIu32, last - master->sid);
}

static const char *via_text(const struct smmu3_audit_subject *subject, unsigned stages)
{
	static const char *const crossed[] = { "bypass", "S1", "S2", "S1+S2" };

	if (subject->smmu == SMMU3_NO_SMMU)
		return "no SMMU";
	return !subject->enabled ? "disabled" : crossed[stages & 3];
}

static void json_subject(const struct audit_view *view, json_object *row,
			 const struct smmu3_audit_subject *subject)
{
	char who[128];

	who_text(view, subject, who, sizeof(who));
	json_text(row, "who", who);
	json_text(row, "master", subject->master ? subject->master : "");
	json_text(row, "security", smmu3_pas_name(subject->sec_sid));
	if (subject->smmu == SMMU3_NO_SMMU)
		return;
	json_text(row, "smmu", smmu3_machine_smmu_name(view->machine, subject->smmu));
	json_hex(row, "sid", subject->sid);
	json_hex(row, "last", subject->sid + (subject->count - 1));
	if (subject->ssv)
		json_hex(row, "ssid", subject->ssid);
}

static void size_row(json_object *row, uint64_t size)
{
	char text[32];

	size_text(size, text, sizeof(text));
	json_count(row, "bytes", size);
	json_text(row, "size", text);
}

/* ---- Ranges ---- */

/* What the firewall takes away. */
static void json_denied(json_object *row, const struct smmu3_audit_range *range)
{
	char text[96] = "", perm[8];

	if (!range->region)
		return;
	perms_text(range->denied, perm);
	json_text(row, "denied_unprivileged", perm);
	json_text(row, "denied_privileged", perm + 4);
	json_text(row, "region", range->region);
	append(text, sizeof(text), "%s by %s", range->reach.perm ? "in part blocked" : "blocked",
	       range->region);
	json_text(row, "firewall", text);
}

static json_object *range_row(const struct smmu3_audit_subject *subject,
			      const struct smmu3_audit_range *range)
{
	const struct smmu3_reach *reach = &range->reach;
	json_object *row = json_new();
	char text[64], perm[8];

	json_hex(row, "input", reach->input);
	json_hex(row, "pa", reach->pa);
	json_text(row, "pas", smmu3_pas_name(reach->pas));
	size_row(row, reach->size);
	perms_text(reach->perm, perm);
	json_text(row, "unprivileged", perm);
	json_text(row, "privileged", perm + 4);
	smmu3_attr_name(reach->attr, text, sizeof(text));
	json_text(row, "type", text);
	json_text(row, "shareability", smmu3_shareability_name(reach->attr.sh));
	json_text(row, "via", via_text(subject, reach->stages));
	json_denied(row, range);
	return row;
}

/* Why all that a subject asks for ends. */
static void json_end(json_object *row, const struct smmu3_audit_subject *subject)
{
	const struct smmu3_rule *rule = smmu3_why(subject->why);
	char text[256];

	snprintf(text, sizeof(text), "%s%s%s [%s]",
		 subject->event ? smmu3_event_name(subject->event) : "aborts", ": ", rule->sentence,
		 rule->section);
	json_text(row, "ends", text);
	json_text(row, "event", subject->event ? smmu3_event_name(subject->event) : "");
}

static json_object *subject_row(const struct audit_view *view,
				const struct smmu3_audit_subject *subject, uint64_t *left)
{
	json_object *row = json_new(), *ranges = json_list();

	json_subject(view, row, subject);
	if (subject->why)
		json_end(row, subject);
	for (size_t i = 0; i < subject->ranges && *left; i++, --*left)
		json_append(ranges,
			    range_row(subject,
				      smmu3_audit_range(view->audit, subject->first_range + i)));
	json_add(row, "ranges", ranges);
	json_count(row, "count", subject->ranges);
	json_flag(row, "complete", !subject->cut);
	return row;
}

static json_object *all_subjects(const struct audit_view *view)
{
	const struct smmu3_audit_subject *subject;
	json_object *list = json_list();
	uint64_t left = view->limit, subjects = 0;

	for (size_t i = 0; (subject = smmu3_audit_subject(view->audit, i)); i++)
		if (subjects++ < view->limit)
			json_append(list, subject_row(view, subject, &left));
	return list;
}

/* ---- Findings ---- */

static void json_other(const struct audit_view *view, json_object *row,
		       const struct smmu3_audit_finding *finding)
{
	char who[128] = "";

	if (finding->other != SIZE_MAX)
		who_text(view, smmu3_audit_subject(view->audit, finding->other), who, sizeof(who));
	else if (finding->who)
		append(who, sizeof(who), "%s", finding->who);
	json_text(row, "with", who);
}

static void json_meaning(json_object *row, const struct smmu3_audit_finding *finding)
{
	char text[256] = "";

	append(text, sizeof(text), "%s", finding->rule->sentence);
	if (finding->why && finding->event)
		append(text, sizeof(text), ": %s, %s [%s]", smmu3_event_name(finding->event),
		       smmu3_why(finding->why)->sentence, smmu3_why(finding->why)->section);
	json_text(row, "meaning", text);
	if (finding->event)
		json_text(row, "event", smmu3_event_name(finding->event));
}

static json_object *finding_row(const struct audit_view *view,
				const struct smmu3_audit_finding *finding, bool accepted)
{
	json_object *row = json_new();

	json_text(row, "rule", finding->rule->name);
	json_subject(view, row, smmu3_audit_subject(view->audit, finding->subject));
	if (finding->size) {
		json_hex(row, "input", finding->input);
		json_hex(row, "pa", finding->pa);
		json_text(row, "pas", smmu3_pas_name(finding->pas));
		size_row(row, finding->size);
	}
	json_other(view, row, finding);
	json_text(row, "section", finding->rule->section);
	json_meaning(row, finding);
	json_flag(row, "accepted", accepted);
	return row;
}

struct found {
	json_object *rows;
	uint64_t findings, accepted;
};

static struct found all_findings(const struct audit_view *view)
{
	const struct smmu3_audit_finding *finding;
	struct found found = { .rows = json_list() };

	for (size_t i = 0; (finding = smmu3_audit_finding(view->audit, i)); i++) {
		const bool accepted = allow_finding(
			view->allow, smmu3_audit_subject(view->audit, finding->subject), finding);

		found.accepted += accepted;
		if (found.findings++ < view->limit)
			json_append(found.rows, finding_row(view, finding, accepted));
	}
	return found;
}

/* ---- Text ---- */

static const char *ssid_text(json_object *row)
{
	return json_string(row, "ssid");
}

/* A row for each range, with whose it is; one for a subject that reaches nothing. */
static void print_ranges(json_object *subjects)
{
	static const struct view_column columns[] = {
		{ "WHO", "who", NULL, 0 },
		{ "SSID", "ssid", NULL, VIEW_RIGHT },
		{ "INPUT", "input", NULL, VIEW_RIGHT },
		{ "PA", "pa", NULL, VIEW_RIGHT },
		{ "SPACE", "pas", NULL, 0 },
		{ "SIZE", "size", NULL, VIEW_RIGHT },
		{ "UNPRIV", "unprivileged", NULL, 0 },
		{ "PRIV", "privileged", NULL, 0 },
		{ "TYPE", "type", NULL, 0 },
		{ "SH", "shareability", NULL, 0 },
		{ "VIA", "via", NULL, 0 },
		{ "FIREWALL", "firewall", NULL, 0 },
	};
	struct view *view = view_open(columns, sizeof(columns) / sizeof(columns[0]), NULL);

	for (size_t i = 0; i < json_object_array_length(subjects); i++) {
		json_object *subject = json_object_array_get_idx(subjects, i);
		json_object *ranges = json_array(subject, "ranges");
		const size_t count = json_object_array_length(ranges);

		for (size_t j = 0; j < count; j++) {
			json_object *range = json_object_array_get_idx(ranges, j);

			json_text(range, "who", json_string(subject, "who"));
			json_text(range, "ssid", ssid_text(subject));
			view_add(view, range);
		}
		if (!count) {
			const char *ends = json_string(subject, "ends");

			json_text(subject, "via", *ends ? ends : "nothing is mapped");
			view_add(view, subject);
		}
	}
	view_close(view);
}

/* Findings that differ in their addresses alone are one row, of the first. */
static bool alike(json_object *a, json_object *b)
{
	static const char *const keys[] = { "rule", "who", "ssid", "pas", "with" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(json_string(a, keys[i]), json_string(b, keys[i])) != 0)
			return false;
	return json_object_get_boolean(json_object_object_get(a, "accepted")) ==
	       json_object_get_boolean(json_object_object_get(b, "accepted"));
}

static void add_findings(struct view *view, json_object *rows, size_t from, size_t to)
{
	json_object *first = json_object_array_get_idx(rows, from);
	char more[32] = "";

	if (to - from > 1)
		snprintf(more, sizeof(more), "+%zu more", to - from - 1);
	json_text(first, "more", more);
	if (json_object_get_boolean(json_object_object_get(first, "accepted")))
		json_text(first, "state", "accepted");
	view_add(view, first);
}

static void print_findings(json_object *rows)
{
	static const struct view_column columns[] = {
		{ "RULE", "rule", NULL, 0 },          { "WHO", "who", NULL, 0 },
		{ "SSID", "ssid", NULL, VIEW_RIGHT }, { "INPUT", "input", NULL, VIEW_RIGHT },
		{ "PA", "pa", NULL, VIEW_RIGHT },     { "SPACE", "pas", NULL, 0 },
		{ "SIZE", "size", NULL, VIEW_RIGHT }, { "RANGES", "more", NULL, 0 },
		{ "WITH", "with", NULL, 0 },          { "STATE", "state", NULL, 0 },
		{ "MEANING", "meaning", NULL, 0 },    { "SECTION", "section", NULL, 0 },
	};
	struct view *view = view_open(columns, sizeof(columns) / sizeof(columns[0]), NULL);
	const size_t count = json_object_array_length(rows);

	for (size_t from = 0, to; from < count; from = to) {
		json_object *first = json_object_array_get_idx(rows, from);

		for (to = from + 1; to < count && alike(first, json_object_array_get_idx(rows, to));
		     to++)
			;
		add_findings(view, rows, from, to);
	}
	view_close(view);
}

static void print_unused(json_object *unused)
{
	for (size_t i = 0; i < json_object_array_length(unused); i++) {
		json_object *row = json_object_array_get_idx(unused, i);

		say_note("%s:%" PRId64 ": accepts nothing that was found: %s",
			 json_string(row, "file"),
			 json_object_get_int64(json_object_object_get(row, "line")),
			 json_string(row, "entry"));
	}
}

static void print_text(const struct found *found, json_object *subjects)
{
	print_ranges(subjects);
	if (!found->findings) {
		puts("\nno findings");
		return;
	}
	printf("\n%" PRIu64 " finding%s, %" PRIu64 " accepted\n", found->findings,
	       found->findings == 1 ? "" : "s", found->accepted);
	print_findings(found->rows);
}

/* ---- The whole ---- */

static void say_what_is_left_out(const struct audit_view *view, const struct found *found,
				 bool complete)
{
	size_t ranges = 0;

	while (smmu3_audit_range(view->audit, ranges))
		ranges++;
	if (ranges > view->limit || found->findings > view->limit)
		say_note("only the first %" PRIu64 " ranges and findings; --limit N shows more",
			 view->limit);
	if (!complete)
		say_error(
			"not all was found: the machine has more structures, streams, ranges or findings than an "
			"audit looks at");
}

enum status audit_show(const struct audit_view *view)
{
	json_object *subjects = all_subjects(view);
	struct found found = all_findings(view);
	json_object *unused = allow_unused(view->allow);
	const bool complete = smmu3_audit_complete(view->audit);
	const enum status status = found.findings > found.accepted ? STATUS_FINDING : STATUS_OK;

	print_unused(unused);
	say_what_is_left_out(view, &found, complete);
	if (!view->json)
		print_text(&found, subjects);
	json_object *answer = json_answer("audit");

	json_add(answer, "subjects", subjects);
	json_add(answer, "findings", found.rows);
	json_add(answer, "unused", unused);
	json_count(answer, "found", found.findings);
	json_count(answer, "accepted", found.accepted);
	json_flag(answer, "complete", complete);
	if (view->json)
		json_print(answer);
	else
		json_object_put(answer);
	return complete ? status : STATUS_CANNOT;
}
