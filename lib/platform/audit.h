/* SPDX-License-Identifier: MIT */
/*
 * An audit, and the rules that judge what it has gathered: pure functions of what is in their
 * arguments.
 *
 * First every subject's ranges are gathered, with the places of structures on the way; then each
 * range is cut where memory begins or ends, and each piece is judged; then ranges are compared with
 * each other, in one sweep over physical addresses.
 */
#ifndef SMMU_PLATFORM_AUDIT_H
#define SMMU_PLATFORM_AUDIT_H

#include "platform/model.h"

#include <smmu/audit.h>
#include <stdbool.h>

enum {
	AUDIT_RANGES_MOST = 1 << 20,
	AUDIT_SUBJECTS_MOST = 1 << 17,
	AUDIT_FINDINGS_MOST = 1 << 17,
	AUDIT_PLACES_MOST = 1 << 20,
};
#define AUDIT_BUDGET (UINT64_C(1) << 25)
#define AUDIT_BUDGET_OF_STREAM (UINT64_C(1) << 23)

enum audit_rule {
	RULE_ILLEGAL,
	RULE_BOOT_WINDOW,
	RULE_BYPASS,
	RULE_SECURE_MEMORY,
	RULE_SECURE_ALIAS,
	RULE_NS_ONLY,
	RULE_STRUCTURES,
	RULE_WRITE_EXECUTE,
	RULE_OUTSIDE,
	RULE_TYPE,
	RULE_SHAREABILITY,
	RULE_SPACE,
	RULE_SHARING,
	RULE_STALL,
	RULE_ATS,
	AUDIT_RULES,
};

/* What the rules must know of a subject besides what is shown. */
struct audit_facts {
	const struct smmu3_audit_subject *shown;
	const struct master_spec *master; /* or NULL */
	bool stalls;                      /* its CD or STE asks for stalls */
	bool refused;                     /* an STE or CD is there, and ILLEGAL or not to be read */
	bool translated_passes;           /* Translated transactions are not looked at */
	bool ns_only;
};

/* Part of a range, all of it in the same memories. */
struct audit_piece {
	struct smmu3_reach reach;
	unsigned spaces; /* PA spaces of the memories there, a mask of SMMU3_PAS_BIT */
	bool judged;     /* the machine says which memories there are */
};

/* A range beside which another is put: of a subject, or of what CPUs map. */
struct audit_side {
	uint64_t pa, end;
	struct smmu3_attr attr;
	uint8_t pas, stages;
	bool cpu;
	bool exclusive; /* of a master that has its memory alone */
	size_t owner; /* two sides of one are not compared: a master, a stream without one, CPUs */
	size_t subject; /* of a range */
	size_t index;   /* of the range, or of the CPU mapping */
};

/* A piece of memory with structures of an SMMU. */
struct audit_place {
	uint64_t pa, end;
	unsigned pas;
	const char *what;
};

extern const struct smmu3_audit_rule audit_rules[AUDIT_RULES];

/* ---- Rules: audit_rules.c ---- */

/* Does this piece break that rule?  False for rules that are not about one piece. */
bool audit_piece_breaks(enum audit_rule rule, const struct audit_facts *facts,
			const struct audit_piece *piece);
/* Does the subject, of which no addresses are asked? */
bool audit_subject_breaks(enum audit_rule rule, const struct audit_facts *facts);
/* Do these two, which overlap? */
bool audit_pair_breaks(enum audit_rule rule, const struct audit_side *a,
		       const struct audit_side *b);

/* ---- Ranges: audit_ranges.c ---- */

/* Makes one of two ranges that follow each other with the same properties: true, and *first has
 * grown. */
bool audit_join(struct smmu3_audit_range *first, const struct smmu3_audit_range *next);
/* What of a range a bus of so many bits can ask for: false if none of it. */
bool audit_clip(struct smmu3_reach *reach, unsigned bus_width);

/* ---- The firewall: audit_firewall.c ---- */

/* The first part of a range of which the firewall says the same, without what it denies; NULL:
 * there is no firewall. */
struct smmu3_audit_range audit_guard(const struct firewall *firewall,
				     const struct firewall_who *who,
				     const struct smmu3_reach *reach);

/* Memories, as spans that do not overlap, in order. */
struct audit_span {
	uint64_t base, end;
	unsigned spaces;
};
/* Fills spans (room for 2 * count + 1) from memories in any order; returns how many. */
size_t audit_spans(const struct list *memory, struct audit_span *spans, uint64_t *edges);
/* The first part of a range that lies in one span, or between two. */
struct audit_piece audit_cut(const struct audit_span *spans, size_t count,
			     const struct smmu3_reach *reach);

/* ---- What grows ---- */

struct audit_list {
	void *item;
	size_t count, room, most;
	size_t size; /* of an item */
	bool cut;    /* something found no room */
	bool broken; /* memory ran out */
};
void *audit_add(struct audit_list *list);

/* The part of a range that goes to [pa, end), of which some does. */
struct smmu3_reach audit_part(const struct smmu3_reach *reach, uint64_t pa, uint64_t end);

struct smmu3_audit {
	struct smmu3_machine *machine;
	const struct smmu3_audit_options *options;
	struct audit_list subjects, facts, ranges, findings, places;
	uint64_t budget;
	bool cut;
};

#define AUDIT_AT(list, type, i) (&((type *)(list).item)[i])

/* Gathers subjects, ranges and places. audit_survey.c, audit_places.c */
void audit_survey(struct smmu3_audit *audit);
void audit_programmed_places(struct smmu3_audit *audit, struct smmu3 *smmu, enum smmu3_pas sec_sid);
void audit_step_place(struct smmu3_audit *audit, const struct smmu3_step *step,
		      const uint64_t ste[8]);
void audit_add_place(struct smmu3_audit *audit, uint64_t pa, uint64_t bytes, unsigned pas,
		     const char *what);

/* Judges: audit_judge.c, audit_pairs.c */
void audit_judge(struct smmu3_audit *audit);
void audit_compare(struct smmu3_audit *audit);
void audit_find_range(struct smmu3_audit *audit, enum audit_rule rule, size_t subject,
		      const struct smmu3_reach *reach, size_t other, const char *who);

#endif
