/* SPDX-License-Identifier: MIT */
/* Who can reach which memory in a machine, and what of it should not be.  docs/smmu-sim.md, audit.
 * Any thread, one at a time per machine; pointers live as long as the audit, names as long as the
 * machine. */
#ifndef SMMU3_AUDIT_H
#define SMMU3_AUDIT_H

#include <smmu/inspect.h>
#include <smmu/platform.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where some accesses go, and what of it a firewall has left. */
struct smmu3_audit_range {
	struct smmu3_reach reach; /* perm: what gets through it; 0: nothing */
	uint8_t denied; /* enum smmu3_perm: what the SMMU lets through, and the firewall does not */
	const char *region; /* of the firewall, which denies it; NULL where it denies nothing */
};

/* StreamIDs that follow each other and fare alike, with one SubstreamID or without; or a master
 * behind no SMMU. */
struct smmu3_audit_subject {
	const char *master; /* NULL: streams of the Stream table that no master has */
	size_t smmu;        /* index of the SMMU, or SMMU3_NO_SMMU */
	uint32_t sid, count;
	uint32_t ssid;   /* with ssv */
	uint8_t ssv;     /* 1: with a SubstreamID */
	uint8_t sec_sid; /* enum smmu3_pas */
	uint8_t enabled; /* SMMUEN of its interface */
	uint8_t cut;     /* 1: not all that it reaches was found */
	/* Where every access ends, whatever its address: not 0, and as in struct smmu3_outcome */
	uint16_t why;
	uint8_t event;
	/* Its ranges, of smmu3_audit_range */
	size_t first_range, ranges;
};

/* A rule.  Names stay what they are. */
struct smmu3_audit_rule {
	const char *name;
	const char *section;  /* of IHI 0070 */
	const char *sentence; /* what is found, for people */
};

/* One thing found. */
struct smmu3_audit_finding {
	const struct smmu3_audit_rule *rule;
	size_t subject;
	uint64_t input, pa, size; /* size 0: no addresses are concerned */
	uint8_t pas;              /* enum smmu3_pas of pa */
	uint8_t event;            /* where a structure is refused, as in struct smmu3_outcome */
	uint16_t why;
	size_t other;    /* the subject that it is about, too, or SIZE_MAX */
	const char *who; /* what else it is about, in words: of CPUs, of structures; or NULL */
};

struct smmu3_audit_options {
	size_t size;                /* sizeof(struct smmu3_audit_options) */
	uint64_t budget;            /* structures read, of all streams; 0: 2^25 */
	const char *const *ns_only; /* masters that may reach Non-secure memory alone, besides those
				       of the configuration; ends with NULL; may be NULL */
};

struct smmu3_audit;

/* Looks at a machine as it stands.  NULL, and *code: -SMMU3_E_MEMORY, -SMMU3_E_ARGUMENT for options
 * of a size that this library does not know, -SMMU3_E_NOT_FOUND if one of ns_only is no master.
 * options may be NULL; what it names must live as long as the audit. */
SMMU3_API struct smmu3_audit *smmu3_machine_audit(struct smmu3_machine *machine,
						  const struct smmu3_audit_options *options,
						  int *code);
SMMU3_API void smmu3_audit_free(struct smmu3_audit *audit);

/* By index from 0, NULL past the end.  Subjects: masters in order of the file, then other streams
 * in order of SMMU, Security state and StreamID.  Ranges: by subject, then input.  Findings: by
 * subject, rule, and input. */
SMMU3_API const struct smmu3_audit_subject *smmu3_audit_subject(const struct smmu3_audit *audit,
								size_t index);
SMMU3_API const struct smmu3_audit_range *smmu3_audit_range(const struct smmu3_audit *audit,
							    size_t index);
SMMU3_API const struct smmu3_audit_finding *smmu3_audit_finding(const struct smmu3_audit *audit,
								size_t index);

/* 0: a limit ended it before all was found. */
SMMU3_API int smmu3_audit_complete(const struct smmu3_audit *audit);

/* The rules, in order. */
SMMU3_API const struct smmu3_audit_rule *smmu3_audit_rule(size_t index);

#ifdef __cplusplus
}
#endif

#endif
