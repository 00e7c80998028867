/* SPDX-License-Identifier: MIT */
/* Expectations against outcomes. */
#include "arch/event.h"
#include "platform/words.h"

#include <smmu/decode.h>
#include <smmu/trace.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Does a record of this event have S2 and CLASS?  7.3.12 to 7.3.17 */
static bool has_stage_and_class(unsigned event)
{
	return event == F_WALK_EABT || event == F_TLB_CONFLICT ||
	       (event >= F_TRANSLATION && event <= F_PERMISSION);
}

int smmu3_expect_complete(const struct smmu3_expect *expect)
{
	if (!expect->present)
		return 0;
	if (expect->verdict == SMMU3_OK)
		return expect->has_pa && expect->has_pas && (expect->has_attr || expect->has_grant);
	if (expect->verdict == SMMU3_BUSY || expect->verdict == SMMU3_NO_ACCESS ||
	    expect->verdict == SMMU3_NO_OP) /* they record nothing */
		return 1;
	if (!expect->has_event)
		return 0;
	return !has_stage_and_class(expect->event) || (expect->has_stage && expect->has_class);
}

__attribute__((format(printf, 3, 4))) static int differ(char *text, size_t size, const char *format,
							...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, size, format, arguments);
	va_end(arguments);
	return 0;
}

int smmu3_expect_atc_met(const struct smmu3_expect *expect, const struct smmu3_trace_op *op,
			 char *text, size_t size)
{
	static const char *const ways[] = { "asks no ATC", "hits its ATC",
					    "sends a Translation Request" };

	if (size)
		text[0] = '\0';
	if (!expect->present || !expect->has_atc || expect->atc == op->atc)
		return 1;
	return differ(text, size, "the master %s, expected that it %s", ways[op->atc],
		      ways[expect->atc]);
}

/* ---- What stands behind the SMMU ---- */

static int firewall_met(const struct smmu3_expect *expect, const struct smmu3_guard *guard,
			char *text, size_t size)
{
	static const char *const answers[] = { "is not asked", "lets it pass", "denies it" };
	const char *const region = guard->region ? guard->region : "";
	const bool named = guard->firewall == SMMU3_FIREWALL_DENIES;

	if (expect->firewall == guard->firewall)
		return 1;
	return differ(text, size, "the firewall %s%s%s, expected that it %s",
		      answers[guard->firewall], named ? " by region " : "", named ? region : "",
		      answers[expect->firewall]);
}

static int blocker_met(const struct smmu3_expect *expect, const struct smmu3_guard *guard,
		       char *text, size_t size)
{
	const struct smmu3_guard wanted = { .blocker = expect->blocker, .region = expect->region };
	const char *const got = smmu3_guard_name(guard), *const want = smmu3_guard_name(&wanted);

	if (expect->blocker == guard->blocker && !strcmp(got, want))
		return 1;
	return differ(text, size, "it is blocked by %s, expected %s", got, want);
}

int smmu3_expect_guard_met(const struct smmu3_expect *expect, const struct smmu3_trace_op *op,
			   char *text, size_t size)
{
	/* What is expected to go on arrives. */
	const bool arrives = expect->verdict == SMMU3_OK && !expect->has_blocker &&
			     op->guard.firewall == SMMU3_FIREWALL_DENIES;
	struct smmu3_expect all = *expect;

	if (size)
		text[0] = '\0';
	if (!expect->present)
		return 1;
	if (arrives && !expect->has_firewall) {
		all.has_firewall = 1;
		all.firewall = SMMU3_FIREWALL_ALLOWS;
	}
	return (!all.has_firewall || firewall_met(&all, &op->guard, text, size)) &&
	       (!all.has_blocker || blocker_met(&all, &op->guard, text, size));
}

/* ---- What goes on ---- */

static bool attr_met(const struct smmu3_expect *expect, const struct smmu3_outcome *outcome)
{
	if (!expect->has_attr)
		return true;
	return expect->attr_exact ? expect->attr.mair == outcome->attr.mair :
				    mair_same_type(expect->attr.mair, outcome->attr.mair);
}

/* Of an ATS Translation Request.  Rights as a trace writes them. */
static int grant_met(const struct smmu3_expect *expect, const struct smmu3_outcome *outcome,
		     char *text, size_t size)
{
	static const char *const names[] = { "nothing", "r", "w", "rw", "x", "rx", "wx", "rwx" };
	const unsigned got = outcome->ats & 7u;

	if (expect->has_grant && expect->grant != got)
		return differ(text, size, "it grants %s, expected %s", names[got],
			      names[expect->grant & 7]);
	return 1;
}

/* Of MPAM. */
static int label_met(const struct smmu3_expect *expect, const struct smmu3_outcome *outcome,
		     char *text, size_t size)
{
	const struct smmu3_mpam *want = &expect->mpam, *got = &outcome->mpam;

	if (expect->has_partid && want->partid != got->partid)
		return differ(text, size, "PARTID is 0x%x, expected 0x%x", got->partid,
			      want->partid);
	if (expect->has_pmg && want->pmg != got->pmg)
		return differ(text, size, "PMG is 0x%x, expected 0x%x", got->pmg, want->pmg);
	if (expect->has_space && want->space != got->space)
		return differ(text, size, "PARTID space is %s, expected %s",
			      smmu3_pas_name(got->space), smmu3_pas_name(want->space));
	return 1;
}

static int destination_met(const struct smmu3_expect *expect, const struct smmu3_outcome *outcome,
			   char *text, size_t size)
{
	char want[48], got[48];

	if (expect->has_pa && expect->pa != outcome->pa)
		return differ(text, size, "PA is 0x%" PRIx64 ", expected 0x%" PRIx64, outcome->pa,
			      expect->pa);
	if (expect->has_pas && expect->pas != outcome->pas)
		return differ(text, size, "PA space is %s, expected %s",
			      smmu3_pas_name(outcome->pas), smmu3_pas_name(expect->pas));
	if (!attr_met(expect, outcome)) {
		smmu3_attr_name(outcome->attr, got, sizeof(got));
		smmu3_attr_name(expect->attr, want, sizeof(want));
		return differ(text, size, "memory type is %s (0x%02x), expected %s (0x%02x)", got,
			      outcome->attr.mair, want, expect->attr.mair);
	}
	if (expect->has_sh && expect->sh != outcome->attr.sh)
		return differ(text, size, "shareability is %s, expected %s",
			      smmu3_shareability_name(outcome->attr.sh),
			      smmu3_shareability_name(expect->sh));
	if (expect->has_mecid && expect->mecid != outcome->mecid)
		return differ(text, size, "MECID is 0x%x, expected 0x%x", outcome->mecid,
			      expect->mecid);
	if (!label_met(expect, outcome, text, size))
		return 0;
	if (expect->has_becomes && expect->becomes != outcome->becomes)
		return differ(text, size, "it goes on as %s, expected %s",
			      smmu3_class_name(outcome->becomes),
			      smmu3_class_name(expect->becomes));
	return grant_met(expect, outcome, text, size);
}

/* ---- What does not ---- */

/* The event software would see; a probe's would be recorded without the probe. */
static unsigned event_seen(const struct smmu3_expect *expect, const struct smmu3_outcome *outcome)
{
	return outcome->recorded || expect->probe ? outcome->event : 0;
}

static int event_met(const struct smmu3_expect *expect, const struct smmu3_outcome *outcome,
		     char *text, size_t size)
{
	const unsigned event = event_seen(expect, outcome);
	const unsigned s2 = outcome->fault_stage == 2;

	if (expect->has_event && expect->event != event)
		return differ(text, size, "event is %s, expected %s", smmu3_event_name(event),
			      smmu3_event_name(expect->event));
	if (expect->has_stage && (expect->stage == 2) != s2)
		return differ(text, size, "S2 is %u, expected %u", s2, !s2);
	if (expect->has_class && expect->fault_class != outcome->fault_class)
		return differ(text, size, "CLASS is %s, expected %s",
			      smmu3_fault_class_name(outcome->fault_class),
			      smmu3_fault_class_name(expect->fault_class));
	if (expect->has_ipa && expect->ipa != outcome->fault_addr)
		return differ(text, size,
			      "the address at fault is 0x%" PRIx64 ", expected 0x%" PRIx64,
			      outcome->fault_addr, expect->ipa);
	return 1;
}

/* The verdict, with the event that came instead where there is one. */
static int other_verdict(const struct smmu3_expect *expect, const struct smmu3_outcome *outcome,
			 char *text, size_t size)
{
	const char *const got = smmu3_verdict_name(outcome->verdict);
	const char *const want = smmu3_verdict_name(expect->verdict);

	if (outcome->verdict != SMMU3_OK && outcome->event)
		return differ(text, size, "verdict is %s with %s, expected %s", got,
			      smmu3_event_name(outcome->event), want);
	return differ(text, size, "verdict is %s, expected %s", got, want);
}

int smmu3_expect_met(const struct smmu3_expect *expect, const struct smmu3_outcome *outcome,
		     char *text, size_t size)
{
	if (size)
		text[0] = '\0';
	if (!expect->present)
		return 1;
	if (expect->verdict != outcome->verdict)
		return other_verdict(expect, outcome, text, size);
	return outcome->verdict == SMMU3_OK ? destination_met(expect, outcome, text, size) :
					      event_met(expect, outcome, text, size);
}
