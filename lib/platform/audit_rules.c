/* SPDX-License-Identifier: MIT */
/* The rules of an audit, each a row and a test of what lies before it.  docs/smmu-sim.md gives them
 * with their reasons. */
#include "platform/audit.h"
#include "platform/words.h"

enum {
	WRITES = SMMU3_PERM_UW | SMMU3_PERM_PW,
	EXECUTES = SMMU3_PERM_UX | SMMU3_PERM_PX,
};

/* ---- Of one piece of a range ---- */

static bool has_space(const struct audit_piece *piece, enum smmu3_pas pas)
{
	return piece->spaces & SMMU3_PAS_BIT(pas);
}

/* The address is memory, but of other PA spaces than the one that leaves. */
static bool in_other_space(const struct audit_piece *piece)
{
	return piece->spaces && !has_space(piece, (enum smmu3_pas)piece->reach.pas);
}

static bool boot_window(const struct audit_facts *facts, const struct audit_piece *piece)
{
	return !piece->reach.stages && !facts->shown->enabled;
}

/* A master behind no SMMU passes by none. */
static bool bypass(const struct audit_facts *facts, const struct audit_piece *piece)
{
	return !piece->reach.stages && facts->shown->enabled && facts->shown->smmu != SMMU3_NO_SMMU;
}

/* What leaves is Non-secure: whether memory that is Secure alone takes it is not for the SMMU to
 * say. */
static bool secure_memory(const struct audit_facts *facts, const struct audit_piece *piece)
{
	const bool secure = has_space(piece, SMMU3_PAS_SECURE);

	return facts->shown->sec_sid == SMMU3_PAS_NS && secure && !has_space(piece, SMMU3_PAS_NS);
}

static bool secure_alias(const struct audit_facts *facts, const struct audit_piece *piece)
{
	(void)facts;
	return piece->reach.pas == SMMU3_PAS_SECURE && has_space(piece, SMMU3_PAS_NS) &&
	       in_other_space(piece);
}

static bool ns_only(const struct audit_facts *facts, const struct audit_piece *piece)
{
	return facts->ns_only && piece->reach.pas != SMMU3_PAS_NS;
}

static bool write_execute(const struct audit_facts *facts, const struct audit_piece *piece)
{
	(void)facts;
	return piece->reach.stages && piece->reach.perm & WRITES && piece->reach.perm & EXECUTES;
}

/* What the two rules of Secure memory do not say already. */
static bool outside(const struct audit_facts *facts, const struct audit_piece *piece)
{
	return piece->judged && piece->reach.stages &&
	       !has_space(piece, (enum smmu3_pas)piece->reach.pas) &&
	       !secure_memory(facts, piece) && !secure_alias(facts, piece);
}

/* ---- Of a subject ---- */

static bool illegal(const struct audit_facts *facts)
{
	return facts->refused;
}

/* PCIe and the like cannot wait.  3.12 */
static bool stall(const struct audit_facts *facts)
{
	return facts->master && !facts->master->can_stall && facts->stalls;
}

static bool ats(const struct audit_facts *facts)
{
	return facts->translated_passes;
}

/* ---- Of two ranges that overlap ---- */

/* Masters are compared where the SMMU says what leaves: in bypass they drive what they drive.  CPUs
 * say what memory is, so with them all are. */
static bool comparable(const struct audit_side *a, const struct audit_side *b)
{
	return a->owner != b->owner && !(a->cpu && b->cpu) &&
	       (a->cpu || b->cpu || (a->stages && b->stages));
}

static bool type(const struct audit_side *a, const struct audit_side *b)
{
	return comparable(a, b) && a->pas == b->pas && !mair_same_type(a->attr.mair, b->attr.mair);
}

static bool shareability(const struct audit_side *a, const struct audit_side *b)
{
	return comparable(a, b) && a->pas == b->pas && a->attr.sh != b->attr.sh;
}

static bool space(const struct audit_side *a, const struct audit_side *b)
{
	return comparable(a, b) && a->pas != b->pas;
}

static bool sharing(const struct audit_side *a, const struct audit_side *b)
{
	return a->owner != b->owner && !a->cpu && !b->cpu && a->pas == b->pas &&
	       ((a->exclusive && a->stages) || (b->exclusive && b->stages));
}

/* ---- The rows ---- */

static const struct test {
	bool (*subject)(const struct audit_facts *facts);
	bool (*piece)(const struct audit_facts *facts, const struct audit_piece *piece);
	bool (*pair)(const struct audit_side *a, const struct audit_side *b);
} tests[AUDIT_RULES] = {
	[RULE_ILLEGAL] = { .subject = illegal },
	[RULE_BOOT_WINDOW] = { .piece = boot_window },
	[RULE_BYPASS] = { .piece = bypass },
	[RULE_SECURE_MEMORY] = { .piece = secure_memory },
	[RULE_SECURE_ALIAS] = { .piece = secure_alias },
	[RULE_NS_ONLY] = { .piece = ns_only },
	[RULE_WRITE_EXECUTE] = { .piece = write_execute },
	[RULE_OUTSIDE] = { .piece = outside },
	[RULE_TYPE] = { .pair = type },
	[RULE_SHAREABILITY] = { .pair = shareability },
	[RULE_SPACE] = { .pair = space },
	[RULE_SHARING] = { .pair = sharing },
	[RULE_STALL] = { .subject = stall },
	[RULE_ATS] = { .subject = ats },
};

const struct smmu3_audit_rule audit_rules[AUDIT_RULES] = {
	[RULE_ILLEGAL] = { "illegal", "5.2, 5.4", "the SMMU refuses its structures" },
	[RULE_BOOT_WINDOW] = { "boot-window", "3.11, 6.3.14",
			       "the SMMU is disabled and lets it pass" },
	[RULE_BYPASS] = { "bypass", "5.2", "nothing translates" },
	[RULE_SECURE_MEMORY] = { "secure-memory", "3.10.2",
				 "a Non-secure stream at Secure memory" },
	[RULE_SECURE_ALIAS] = { "secure-alias", "3.10.2, 13.4.2",
				"a Secure alias of Non-secure memory" },
	[RULE_NS_ONLY] = { "ns-only", "3.10.2", "more than Non-secure memory" },
	[RULE_STRUCTURES] = { "structures", "3.3, 3.5", "can write structures of an SMMU" },
	[RULE_WRITE_EXECUTE] = { "write-execute", "13.4.1", "can write and execute" },
	[RULE_OUTSIDE] = { "outside", "3.4", "no memory of that PA space is there" },
	[RULE_TYPE] = { "type-mismatch", "13.1", "another memory type" },
	[RULE_SHAREABILITY] = { "shareability-mismatch", "13.1", "another shareability" },
	[RULE_SPACE] = { "space-mismatch", "3.10.2", "another PA space" },
	[RULE_SHARING] = { "sharing", "3.3", "memory that one of them has alone" },
	[RULE_STALL] = { "stall-pcie", "3.12, 5.5", "it would stall, and cannot wait" },
	[RULE_ATS] = { "ats-unchecked", "3.9.1.3", "Translated transactions reach every address" },
};

bool audit_piece_breaks(enum audit_rule rule, const struct audit_facts *facts,
			const struct audit_piece *piece)
{
	return tests[rule].piece && tests[rule].piece(facts, piece);
}

bool audit_subject_breaks(enum audit_rule rule, const struct audit_facts *facts)
{
	return tests[rule].subject && tests[rule].subject(facts);
}

bool audit_pair_breaks(enum audit_rule rule, const struct audit_side *a, const struct audit_side *b)
{
	return tests[rule].pair && tests[rule].pair(a, b);
}

const struct smmu3_audit_rule *smmu3_audit_rule(size_t index)
{
	return index < AUDIT_RULES ? &audit_rules[index] : NULL;
}
