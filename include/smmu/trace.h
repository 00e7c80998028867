/* SPDX-License-Identifier: MIT */
/* Traces: one access of a device, or one act of software between accesses, per line; as text, or
 * binary.  docs/trace.md has the grammar, and the records to the byte. */
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
	uint8_t has_grant, grant; /* of an ATS Translation Request: SMMU3_ATS_R, W and EXE */
	uint8_t has_atc, atc;     /* of a master with an ATC: enum smmu3_trace_atc */
	uint8_t has_mecid;
	uint16_t mecid;
	uint8_t has_firewall, firewall; /* enum smmu3_firewall_answer */
	uint8_t has_blocker, blocker;   /* enum smmu3_blocker; of FIREWALL the region's name */
	char region[64];
	uint8_t has_becomes, becomes; /* enum smmu3_class */
	uint8_t has_partid, has_pmg, has_space; /* of the label of MPAM */
	struct smmu3_mpam mpam;
};

/* What the firewall of a machine says of an access. */
enum smmu3_firewall_answer {
	SMMU3_FIREWALL_NOT_ASKED, /* there is none, or the access does not reach it */
	SMMU3_FIREWALL_ALLOWS,
	SMMU3_FIREWALL_DENIES,
};

/* Who blocked an access. */
enum smmu3_blocker {
	SMMU3_BLOCKER_NONE, /* it went on, to memory */
	SMMU3_BLOCKER_S1,   /* stage 1: its tables, or what they could not be read for */
	SMMU3_BLOCKER_S2,
	SMMU3_BLOCKER_GPC,      /* granule protection */
	SMMU3_BLOCKER_SMMU,     /* its registers, STE or CD: neither stage */
	SMMU3_BLOCKER_FIREWALL, /* the region that guard.region names */
};

/* What became of an access behind the SMMU. */
struct smmu3_guard {
	uint8_t firewall;   /* enum smmu3_firewall_answer */
	uint8_t blocker;    /* enum smmu3_blocker */
	const char *region; /* the region that decided, "default" where none has the address; where
			     * the firewall was not asked but is the blocker, it denied a fetch
			     * of the SMMU's.  Lives as long as the machine; may be NULL */
};

/* 1 if a failure to meet it could not hide: verdict, PA, PA space and type, or what is granted; or
 * event, and class and stage where the event has them; or an abort that records nothing. */
SMMU3_API int smmu3_expect_complete(const struct smmu3_expect *expect);

/* 1 if the outcome meets it; otherwise 0, with the first difference in words in text. */
SMMU3_API int smmu3_expect_met(const struct smmu3_expect *expect,
			       const struct smmu3_outcome *outcome, char *text, size_t size);

/* How a master with an ATC came by the translation of an access. */
enum smmu3_trace_atc {
	SMMU3_TRACE_ATC_NONE,  /* it did not: there is no ATC, or it is off, or the line is AT or TT
				*/
	SMMU3_TRACE_ATC_HIT,   /* it had it */
	SMMU3_TRACE_ATC_ASKED, /* it sent a Translation Request */
};

/* What a line has an endpoint do henceforth.  3.9.1.4 */
enum smmu3_endpoint_act {
	SMMU3_ENDPOINT_ANSWERS,   /* ATS invalidations as they come, and those that wait */
	SMMU3_ENDPOINT_WAITS,     /* none of them, for the time being */
	SMMU3_ENDPOINT_TIMES_OUT, /* never: each times out, those that wait, too */
	SMMU3_ENDPOINT_ON,        /* its accesses go through its ATC, as at first */
	SMMU3_ENDPOINT_OFF,       /* ATS is disabled: it keeps nothing, and asks for nothing */
};

enum smmu3_trace_kind {
	SMMU3_TRACE_ACCESS,
	SMMU3_TRACE_MMIO_WRITE,   /* ! mmio w32 CR0 0xd */
	SMMU3_TRACE_MEM_WRITE,    /* ! w64 0x41132008 0x0 */
	SMMU3_TRACE_MMIO_READ,    /* ! mmio r32 GERROR expect=0x0 */
	SMMU3_TRACE_MEM_READ,     /* ! r64 0x41132008 */
	SMMU3_TRACE_COMMAND,      /* ! tlbi nh_va asid=6 va=0x10001000 */
	SMMU3_TRACE_RECOVER,      /* ! recover */
	SMMU3_TRACE_EXPECT,       /* ! expect event F_TRANSLATION sid=0x10 */
	SMMU3_TRACE_DVM,          /* ! dvm VAE1IS asid=3 va=0x1000 */
	SMMU3_TRACE_ENDPOINT,     /* ! endpoint nic times-out */
	SMMU3_TRACE_PAGE_REQUEST, /* PR nic 0x1000 read last prgindex=3 */
	SMMU3_TRACE_STATS,        /* ! expect stats tlb.misses=512 */
	SMMU3_TRACE_STATS_RESET,  /* ! stats reset */
	SMMU3_TRACE_DIRECT,       /* ! root: direct w 0x70000000 64 expect=ok */
	SMMU3_TRACE_ADVERSITY,    /* ! adversity sync=held */
};

/* What becomes of a command that a driver queues.  4.1, 7.1 */
enum smmu3_queue_answer {
	SMMU3_QUEUE_CONSUMED,
	SMMU3_QUEUE_WAITING, /* it stays in the queue, which is disabled or stopped by an error */
	SMMU3_QUEUE_FULL,    /* there was no room: nothing was written */
	SMMU3_QUEUE_CERROR_ILL,
	SMMU3_QUEUE_CERROR_ABT,
	SMMU3_QUEUE_CERROR_ATC_INV_SYNC,
};

/* What an SMMU does of its own accord, in the order in which software sees it. */
enum smmu3_own_kind {
	SMMU3_OWN_NOTHING,      /* of an expectation: nothing further (none = 1), or anything */
	SMMU3_OWN_EVENT,        /* a record is written to the Event queue.  7.3 */
	SMMU3_OWN_PROD,         /* EVENTQ_PROD has moved.  7.2 */
	SMMU3_OWN_GERROR,       /* a global error has become active.  6.3.19 */
	SMMU3_OWN_MSI,          /* 3.18 */
	SMMU3_OWN_INTERRUPT,    /* a wire pulses.  3.18.2 */
	SMMU3_OWN_SEV,          /* an event for PEs that wait.  4.7.3 */
	SMMU3_OWN_INVALIDATION, /* software's, announced.  4.3, 4.4, 6.3.62 */
	SMMU3_OWN_ATC_INV,      /* an ATS Invalidate Request, to an endpoint.  4.5.1 */
	SMMU3_OWN_PAGE,         /* a page request is written to the PRI queue.  8 */
	SMMU3_OWN_RESPONSE,     /* a PRG Response Message, to an endpoint.  4.5.2, 8.2 */
};

/* Which members an expectation states; of an invalidation those of scope, of ATC_INV and
 * RESPONSE those of atc_inv and response. */
enum smmu3_own_said {
	SMMU3_SAID_INDEX = 1 << 0,
	SMMU3_SAID_ATTR = 1 << 1,
	SMMU3_SAID_ATTR_EXACT = 1 << 2, /* every bit of the MAIR byte counts */
	SMMU3_SAID_SH = 1 << 3,
	SMMU3_SAID_ASID = 1 << 4,
	SMMU3_SAID_VMID = 1 << 5,
	SMMU3_SAID_SID = 1 << 6,
	SMMU3_SAID_SSID = 1 << 7,
	SMMU3_SAID_ADDR = 1 << 8,
	SMMU3_SAID_BYTES = 1 << 9,
	SMMU3_SAID_SIDS = 1 << 10,
	SMMU3_SAID_VMIDS = 1 << 11,
	SMMU3_SAID_LEAF = 1 << 12,
	SMMU3_SAID_GLOBAL = 1 << 13,
	SMMU3_SAID_PRGINDEX = 1 << 14,
	SMMU3_SAID_CODE = 1 << 15,
	SMMU3_SAID_EL2 = 1 << 16, /* the bits of worlds */
	SMMU3_SAID_EL2_E2H = 1 << 17,
	SMMU3_SAID_EL3 = 1 << 18,
};

/* One such act, or what one is expected to be. */
struct smmu3_own_act {
	uint8_t kind;      /* enum smmu3_own_kind */
	uint8_t interrupt; /* enum smmu3_interrupt: which wire */
	uint8_t error;     /* GERROR: number of its bit */
	uint8_t aborted;   /* MSI: nothing took it */
	uint8_t pas;       /* enum smmu3_pas: of which programming interface; MSI: where it goes,
			    * INVALIDATION: whose streams it is about */
	uint32_t index;    /* EVENT, PAGE: where in the queue; PROD: its index and wrap bit */
	uint64_t addr;     /* MSI */
	uint32_t data;     /* MSI */
	struct smmu3_attr attr;   /* MSI */
	struct smmu3_event event; /* PAGE: its two words */
	struct smmu3_invalidation scope;
	struct smmu3_atc_invalidation atc_inv; /* but for its tag */
	struct smmu3_page_response response;
	/* of an expectation */
	uint8_t none;              /* 1: no further act of this kind */
	uint32_t said;             /* enum smmu3_own_said */
	struct smmu3_event stated; /* bits of event that are stated */
};

/* Figures that a line expects of one StreamID or of the whole SMMU: each within bounds.  stats.h */
#define SMMU3_STATS_SAID 6
struct smmu3_stats_said {
	uint8_t of_stream, count;
	uint32_t sid;
	struct smmu3_figure_said {
		uint16_t index; /* of smmu3_stats_figure, or of smmu3_stream_figure */
		uint64_t least, most;
	} figure[SMMU3_STATS_SAID];
};

/* What an act came to. */
struct smmu3_trace_result {
	uint8_t answer;       /* COMMAND: enum smmu3_queue_answer */
	uint8_t failed;       /* 1: not as expected, and difference says how */
	uint64_t value;       /* of a read */
	char text[288];       /* what came, in words, whole: of figures 281; empty of a write */
	char difference[200]; /* from what was expected */
};

struct smmu3_trace_op {
	enum smmu3_trace_kind kind;
	unsigned line;           /* of the text; binary, of the text that it stands for */
	unsigned who_column;     /* access: where the line names its master or StreamID; 0 of a
				  * record */
	unsigned address_column; /* where it says the address, of an mmio act the register */
	/* access */
	char master[64];    /* its name, or empty: txn.sid was given as a number */
	uint8_t priv_given; /* priv or user, attr=, sh=, ns=, ns: what the line says itself */
	uint8_t attr_given, sh_given, ns_given;
	uint8_t sec_given;
	uint8_t op; /* the letter: 'R', 'W', 'X', 'A' (AO), 'Q' (AT), 'T' (TT), 'C' (RCI), 'D' (DR),
		     * 'S' (W-DCP), 'N' (NW-DCP), 'c' (CLEAN), 'i' (CLEANINV), 'p'
		     * (CLEANPERSIST), 'I' (INV), 'H' (DH), 'B' (BARRIER), 'V' (DVM), 'M' (CMO) */
	uint8_t performed; /* txn has been completed from the master */
	/* With a master, sid is which of its StreamIDs, from 0, until the access is performed. */
	struct smmu3_txn txn;
	uint8_t atc;              /* enum smmu3_trace_atc: of an access that has been performed */
	struct smmu3_guard guard; /* likewise */
	struct smmu3_expect
		expect;           /* of an act: what a stalled access that it lets go on comes to */
	struct smmu3_expect busy; /* of an act: one that had found the SMMU busy, likewise */
	uint8_t was_busy;         /* smmu3_machine_resume: it is one of these */
	/* acts */
	uint8_t pas;         /* of the act: enum smmu3_pas */
	uint8_t size;        /* bytes: 4 or 8 */
	uint64_t offset;     /* register offset from Page 0, or physical address */
	uint64_t value;      /* written, or expected of a read */
	uint64_t mask;       /* bits of value that count; 0: nothing is expected of the read */
	uint64_t command[2]; /* DVM: its operation and parameters, in the library's own form */
	uint8_t answer_given, answer; /* expected of a command: enum smmu3_queue_answer; of a DIRECT
				       * access, which is txn's addr, bytes and SMMU3_TXN_WRITE:
				       * enum smmu3_verdict */
	uint8_t endpoint;             /* ENDPOINT, of master: enum smmu3_endpoint_act */
	struct smmu3_page_request
		page;                  /* PAGE_REQUEST; whose it is txn says till it is performed */
	uint8_t strict;                /* EXPECT: what it leaves unsaid is expected to be 0,
					* and nothing else to come before; set by the caller */
	struct smmu3_own_act own;      /* EXPECT */
	struct smmu3_stats_said stats; /* STATS */
	char adversity[128];           /* ADVERSITY: words with a space between.  adversity.h */
	struct smmu3_trace_result result; /* of an act that has been performed */
};

/* 1 if an access that has been performed came by its translation as is expected; otherwise 0, with
 * the difference in words in text. */
SMMU3_API int smmu3_expect_atc_met(const struct smmu3_expect *expect,
				   const struct smmu3_trace_op *op, char *text, size_t size);

/* 1 if the firewall said, and the blocker is, what is expected; what is said of neither, but
 * expected to go on, may not be denied.  Otherwise 0, with the difference in words in text. */
SMMU3_API int smmu3_expect_guard_met(const struct smmu3_expect *expect,
				     const struct smmu3_trace_op *op, char *text, size_t size);

/* The blocker as a trace calls it: "none", "s1", "s2", "gpc", "smmu" or the region's name. */
SMMU3_API const char *smmu3_guard_name(const struct smmu3_guard *guard);

/* Room enough for every text of an act. */
#define SMMU3_ACT_TEXT 512

/* The act of a line, as a trace writes it, without its expectation of a command or a read. */
SMMU3_API void smmu3_trace_act_text(const struct smmu3_trace_op *op, char *text, size_t size);

/* What an SMMU did, as the line that expects it, "event F_TRANSLATION sid=0x10 ...", behind
 * "secure: " where it is of the Secure interface. */
SMMU3_API void smmu3_own_act_text(const struct smmu3_own_act *act, char *text, size_t size);

/* The operation of an access by its letter, "R", "AO", "RCI"; NULL: there is none. */
SMMU3_API const char *smmu3_trace_op_name(unsigned letter);

/* An access that has not been performed, as a trace writes it, less its expectation. */
SMMU3_API void smmu3_trace_access_text(const struct smmu3_trace_op *op, char *text, size_t size);

/* ---- Reading ---- */

struct smmu3_trace;

/* Starts reading a trace, text or binary, which its first bytes tell; name is used in diagnostics.
 * What is compressed read unpacks.  NULL when memory runs out.  One thread at a time per trace. */
SMMU3_API struct smmu3_trace *smmu3_trace_open(smmu3_read_fn *read, void *read_context,
					       const char *name, smmu3_diagnostic_fn *report,
					       void *report_context);
SMMU3_API void smmu3_trace_close(struct smmu3_trace *trace);

/* The next operation: 1, 0 at the end, or negative (enum smmu3_code) after a report.  Memory use
 * does not grow with the trace; a line over 4096 bytes is an error.  Of a binary trace a report
 * names the record, counted from 1, in its sentence: it is cut where its end is not found. */
SMMU3_API int smmu3_trace_next(struct smmu3_trace *trace, struct smmu3_trace_op *op);

/* The same, and 2 for each line that says nothing: a comment, or an empty one.  Empty lines of a
 * binary trace are passed by, and counted. */
SMMU3_API int smmu3_trace_next_line(struct smmu3_trace *trace, struct smmu3_trace_op *op);

/* The line given out last, without its end: its text, or what a record says as text.  Good until
 * the next call; and its number. */
SMMU3_API const char *smmu3_trace_text(struct smmu3_trace *trace);
SMMU3_API unsigned smmu3_trace_line(const struct smmu3_trace *trace);

/* What a trace is, as far as it has been read: all 0 before the first line. */
struct smmu3_trace_form {
	uint8_t binary;
	uint32_t version; /* binary */
	uint64_t count;   /* accesses and acts, as the header says; 0: it does not */
	uint64_t records; /* read so far */
};
SMMU3_API const struct smmu3_trace_form *smmu3_trace_form_of(const struct smmu3_trace *trace);

/* Parses one line, as smmu3_trace_next would.  1, 0 for an empty line or a comment, negative after
 * a report. */
SMMU3_API int smmu3_trace_parse(const char *line, const char *name, unsigned number,
				struct smmu3_trace_op *op, smmu3_diagnostic_fn *report,
				void *report_context);

/* ---- Writing ---- */

/* Takes all of data: 0, or negative, which ends the writing. */
typedef int smmu3_write_fn(void *context, const void *data, size_t size);

struct smmu3_trace_writer;

/* Starts a trace, text or binary; count: of operations, or 0 if it is not known.  Binary, each
 * write is a whole: the header, then blocks of 65536 records, the last of them shorter; a writer
 * that compresses makes a frame of each.  NULL when memory runs out.  One thread at a time. */
SMMU3_API struct smmu3_trace_writer *smmu3_trace_write_open(int binary, uint64_t count,
							    smmu3_write_fn *write, void *context);

/* Adds an operation that has not been performed.  Its number is op->line, or the next where that is
 * 0; numbers ascend.  text is its line, which stays as it is where a record cannot say it all;
 * NULL: it is an access without an expectation.  0, -SMMU3_E_ARGUMENT, or what write has returned.
 */
SMMU3_API int smmu3_trace_write(struct smmu3_trace_writer *writer, const struct smmu3_trace_op *op,
				const char *text);

/* Adds a line that says nothing, likewise. */
SMMU3_API int smmu3_trace_write_remark(struct smmu3_trace_writer *writer, unsigned line,
				       const char *text);

/* Ends the trace: without it, it is cut.  As smmu3_trace_write. */
SMMU3_API int smmu3_trace_write_end(struct smmu3_trace_writer *writer);

SMMU3_API void smmu3_trace_write_close(struct smmu3_trace_writer *writer);

#ifdef __cplusplus
}
#endif

#endif
