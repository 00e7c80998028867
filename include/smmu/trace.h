/* SPDX-License-Identifier: MIT */
/* Traces: one access of a device, or one act of software between accesses, per line.  docs/trace.md
 * has the grammar. */
#ifndef SMMU3_TRACE_H
#define SMMU3_TRACE_H

#include <smmu/smmu.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A complaint about input of people's: where, and one sentence.  line and column count from 1; 0
 * where there is none. */
struct smmu3_diagnostic {
	const char *file;
	unsigned line, column;
	unsigned length; /* of the offending text, for a caret; 0 unknown */
	int code;        /* negative, from enum smmu3_code */
	int note;        /* 1: belongs to the complaint before it */
	const char *message;
	const char *source; /* the line itself, or NULL */
};
typedef void smmu3_diagnostic_fn(void *context, const struct smmu3_diagnostic *diagnostic);

/* Reads up to size bytes into data: the number read, 0 at the end, or negative when the source is
 * unreadable or cut (then *why says so in words that outlive the call). */
typedef long smmu3_read_fn(void *context, void *data, size_t size, const char **why);

/* What an access is expected to give.  has_* say which members the line states. */
struct smmu3_expect {
	uint8_t present;          /* the line has an expectation */
	uint8_t probe;            /* of an access with SMMU3_TXN_PROBE, which records nothing */
	uint8_t verdict;          /* enum smmu3_verdict */
	uint8_t has_event, event; /* event 0 with has_event: no event at all */
	uint8_t has_stage, stage; /* 1 or 2 */
	uint8_t has_class, fault_class;
	uint8_t has_pa, has_pas, pas, has_attr, has_sh, sh;
	uint8_t attr_exact; /* attr is a MAIR byte to be equal; otherwise hints do not count */
	struct smmu3_attr attr;
	uint64_t pa;
	uint8_t has_ipa;
	uint64_t ipa;
};

/* 1 if a failure to meet it could not hide: verdict, PA, PA space and type; or event, and class and
 * stage where the event has them; or an abort that records nothing. */
SMMU3_API int smmu3_expect_complete(const struct smmu3_expect *expect);

/* 1 if the outcome meets it; otherwise 0, with the first difference in words in text. */
SMMU3_API int smmu3_expect_met(const struct smmu3_expect *expect,
			       const struct smmu3_outcome *outcome, char *text, size_t size);

enum smmu3_trace_kind {
	SMMU3_TRACE_ACCESS,
	SMMU3_TRACE_MMIO_WRITE, /* ! mmio w32 CR0 0xd */
	SMMU3_TRACE_MEM_WRITE,  /* ! w64 0x41132008 0x0 */
};

struct smmu3_trace_op {
	enum smmu3_trace_kind kind;
	unsigned line;
	unsigned who_column;     /* access: where the line names its master or StreamID */
	unsigned address_column; /* where it says the address, of an mmio act the register */
	/* access */
	char master[64];    /* its name, or empty: txn.sid was given as a number */
	uint8_t priv_given; /* priv or user, attr=, sh=, ns: what the line says itself */
	uint8_t attr_given, sh_given;
	uint8_t sec_given;
	uint8_t op;        /* the letter: 'R', 'W', 'X', 'A' (AO) */
	uint8_t performed; /* txn has been completed from the master */
	/* With a master, sid is which of its StreamIDs, from 0, until the access is performed. */
	struct smmu3_txn txn;
	struct smmu3_expect expect;
	/* acts */
	uint8_t pas;     /* of the act: enum smmu3_pas */
	uint8_t size;    /* bytes: 4 or 8 */
	uint64_t offset; /* register offset from Page 0, or physical address */
	uint64_t value;
};

struct smmu3_trace;

/* Starts reading a trace; name is used in diagnostics.  NULL when memory runs out.  One thread at a
 * time per trace. */
SMMU3_API struct smmu3_trace *smmu3_trace_open(smmu3_read_fn *read, void *read_context,
					       const char *name, smmu3_diagnostic_fn *report,
					       void *report_context);
SMMU3_API void smmu3_trace_close(struct smmu3_trace *trace);

/* The next operation: 1, 0 at the end, or negative (enum smmu3_code) after a report.  Memory use
 * does not grow with the trace; a line over 4096 bytes is an error. */
SMMU3_API int smmu3_trace_next(struct smmu3_trace *trace, struct smmu3_trace_op *op);

/* Parses one line, as smmu3_trace_next would.  1, 0 for an empty line or a comment, negative after
 * a report. */
SMMU3_API int smmu3_trace_parse(const char *line, const char *name, unsigned number,
				struct smmu3_trace_op *op, smmu3_diagnostic_fn *report,
				void *report_context);

#ifdef __cplusplus
}
#endif

#endif
