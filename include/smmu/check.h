/* SPDX-License-Identifier: MIT */
/*
 * The checker: finds invalidations that are missing, too narrow, or not yet complete.
 *
 * With smmu3_config.check the SMMU keeps all that the architecture lets it keep, for as long as it
 * may: no entry makes room for another, and a command of the kinds TLBI, CFGI and DPTI removes what
 * it means when a CMD_SYNC after it in its queue completes, and no sooner.  An access that is
 * answered from what is kept is then looked up once more in memory as it stands; where the two
 * differ it has used something stale, and smmu3_host.finding is told of it: the access, what it
 * used, which structure or register has changed since, and the commands that would have been needed.
 *
 * What an access is answered is what it would be without the second look.  Software that
 * invalidates as 3.17, 3.21 and 4.3 to 4.7 ask never sees a difference.  3.21.1, 4.7.3
 *
 * The memory that this takes grows with what is kept at a time, and not with the run: of what has
 * been invalidated only the numbers of findings stay known.  What it costs to invalidate streams,
 * CDs, addresses, or what an endpoint was given, does not grow with what else is kept.
 */
#ifndef SMMU3_CHECK_H
#define SMMU3_CHECK_H

#include <smmu/smmu.h>

#ifdef __cplusplus
extern "C" {
#endif

/* smmu3_config.check. */
enum smmu3_check {
	SMMU3_CHECK_OFF,   /* as smmu3_config.caches says */
	SMMU3_CHECK_KEEPS, /* everything is kept, as above, and nothing is looked up twice */
	SMMU3_CHECK_ON,    /* and every access is looked up twice */
};

/* What can be kept. */
enum smmu3_kept_kind {
	SMMU3_KEPT_L1STD,
	SMMU3_KEPT_STE,
	SMMU3_KEPT_CD,
	SMMU3_KEPT_TRANSLATION, /* of stage 1, of stage 2, of both: a TLB entry */
	SMMU3_KEPT_TABLE,       /* a translation table on the way to one */
	SMMU3_KEPT_DPT,         /* what the Device Permission Table says of a PA */
	SMMU3_KEPT_GPT,         /* likewise of the granule protection table */
	SMMU3_KEPT_ATC,         /* what an ATS Translation Completion gave to an endpoint */
	SMMU3_KEPT_L1CD,
};

/* For whom was it kept? */
enum smmu3_kept_for {
	SMMU3_KEPT_FOR_ACCESS,
	SMMU3_KEPT_FOR_LOOKUP, /* a request of ATOS: the GATOS, S_GATOS or VATOS registers.  9 */
	SMMU3_KEPT_FOR_ITSELF, /* an access of the SMMU's own: to a queue, of an MSI */
	SMMU3_KEPT_FOR_DIRECT, /* one that passes no stage: smmu3_access_direct */
};

/* Is what would remove it on its way? */
enum smmu3_pending {
	SMMU3_PENDING_NONE,
	SMMU3_PENDING_SYNC,   /* a command that means it has been consumed, but no CMD_SYNC after it
			       * has completed */
	SMMU3_PENDING_QUEUED, /* such a command stands in a queue, and has not been consumed */
	SMMU3_PENDING_HINT,   /* nothing is, but since it was kept an invalidation has come that was
			       * about it but for TG or TTL.  4.4.1.1 */
};

/* Something kept that an access used. */
struct smmu3_kept {
	uint64_t addr;   /* of a translation or table the first VA or IPA, of the DPT and the GPT
			  * PA; else 0 */
	uint64_t bytes;  /* from addr; 0: structures */
	uint64_t access; /* the number of the access that it was kept for: they count from 1; for
			  * others the last before it.  0: there is none */
	uint64_t cookie; /* and its smmu3_txn.cookie */
	uint32_t sid;    /* structures: of an L1STD the first StreamID */
	uint32_t ssid;   /* of a CD its index in the table, of an L1CD the first below it */
	uint16_t asid;   /* where translations have one, likewise */
	uint16_t vmid;
	uint8_t kind;    /* enum smmu3_kept_kind */
	uint8_t sec_sid; /* enum smmu3_pas */
	uint8_t stage;   /* of translations and tables: 1 by VA, 2 by IPA */
	uint8_t both;    /* 1: a translation by VA through both stages */
	uint8_t global;  /* 1: of every ASID */
	uint8_t world;   /* enum smmu3_worlds: one bit */
	uint8_t ipa_pas; /* enum smmu3_pas: of a translation by IPA, where the IPA is */
	uint8_t pending; /* enum smmu3_pending */
	uint8_t kept_for; /* enum smmu3_kept_for */
};

/* A structure or descriptor that is not what it was. */
struct smmu3_changed {
	uint64_t pa;
	uint64_t input; /* of a translation table descriptor the first VA or IPA that it maps, of
			 * others what was looked up: a PA, a StreamID */
	uint64_t was[8], now[8]; /* as numbers; now: 0 where it cannot be read any more */
	uint8_t words;           /* how many of them */
	uint8_t pas;             /* enum smmu3_pas */
	uint8_t reason;          /* enum smmu3_reason: which structure */
	int8_t level;            /* of a descriptor */
	uint8_t readable;        /* 1 */
	uint8_t granule_lg2;     /* of a descriptor: 12, 14, 16 */
};

/* A register that is not what it was when something was kept by what it said.  bytes 0: there is
 * none. */
struct smmu3_changed_register {
	uint64_t was, now; /* all of it */
	uint64_t counts;   /* the bits that something may be kept by: some of them have changed */
	uint64_t access;   /* the number of the last access before it was changed; 0: none */
	uint32_t offset;   /* as smmu3_register_at takes it: decode.h */
	uint8_t bytes;
	uint8_t sec_sid; /* enum smmu3_pas: of whose interface */
};

/* A command as it would stand in a queue. */
struct smmu3_remedy {
	uint64_t word[2];
	uint8_t queue;       /* enum smmu3_pas: of which Security state */
	uint8_t alternative; /* 1: in place of the one before it */
};

enum smmu3_finding_kind {
	SMMU3_FINDING_STALE, /* an access used what is not true any more */
	/* A structure that may be in use has become another in a way that invalidations cannot make
	 * good, as is seen when it is invalidated: there is no access */
	SMMU3_FINDING_NO_BREAK, /* a descriptor, without break-before-make.  3.21.1 */
	SMMU3_FINDING_TORN,     /* an STE or a CD, in several words while it was valid.  3.21.3 */
	/* A stale use, too, of a structure whose table was taken away, and whose memory may have
	 * another owner by now: smmu3_finding.freed */
	SMMU3_FINDING_FREED,
};

/* What became of a structure that is no part of the walk any more, nor of that of any access that
 * was led to its table lately, of its stream or another: of each table the last 4 are known that
 * differ in stream or in where the table is in its address space.  So many tables are known: 65536,
 * those to which an access was led last.  Of another it is not known who uses it, and not said that
 * it was freed: the use is SMMU3_FINDING_STALE then.  What weighs more, last. */
enum smmu3_freed {
	SMMU3_FREED_NONE,    /* there is none, or its memory is as it was and was left alone */
	SMMU3_FREED_CHANGED, /* its memory has become something else, while it was kept */
	SMMU3_FREED_READ,    /* the access has read it, whatever is there by now */
	SMMU3_FREED_WRITTEN, /* and updated it: the Access flag, or the dirty state */
};

/* Which change of a valid descriptor into a valid one wants an invalid one in between, invalidated.
 * 3.21.1, D8.17.1 */
enum smmu3_break {
	SMMU3_BREAK_NONE,
	SMMU3_BREAK_SIZE,       /* from a block to a table or back, or of VMSAv9-128 from a table
				 * of one size to one of another: by IDR3.BBML and nT */
	SMMU3_BREAK_OUTPUT,     /* its output address, where either can be written */
	SMMU3_BREAK_TYPE,       /* memory type, cacheability, shareability */
	SMMU3_BREAK_CONTIGUOUS, /* the Contiguous bit, with IDR3.BBML 0 */
	SMMU3_BREAK_GLOBAL,     /* it was of one ASID, and is of all */
};

/* What commands of one opcode have cost. */
struct smmu3_check_cost {
	uint64_t commands;
	uint64_t removed; /* of what was kept, in all */
	uint64_t changed; /* of these, made of a structure that has changed since */
};

/* What the checker could not do, since it last began with nothing kept.  All 0: nothing is missing.
 */
struct smmu3_check_missed {
	size_t size;     /* sizeof(struct smmu3_check_missed) of the library */
	uint64_t memory; /* how often there was no memory to note what was read, kept or found: of
			  * that, findings may be missing, or say too little */
	uint64_t hurried;     /* commands that were done before their CMD_SYNC, for too many waited,
			       * or there was no memory: what they removed was not kept as long as
			       * it might have been */
	uint64_t unexplained; /* accesses that were answered otherwise than memory has it, by
			       * nothing that could be found to be kept: no finding tells of them.
			       * Not of these are accesses of which something that they used was
			       * removed, or made anew, while they were under way */
};

#define SMMU3_FINDING_KEPT 16
#define SMMU3_FINDING_COMMANDS 8

/* What the checker has found.  It and what it points at last as long as the callback. */
struct smmu3_finding {
	size_t size;     /* sizeof(struct smmu3_finding) of the library */
	uint64_t cause;  /* findings with one cause have one number, from 1 */
	uint64_t access; /* the number of the access; where there is none, of the last one */
	const struct smmu3_txn *txn;                /* NULL: there is none, nor are the next two */
	const struct smmu3_outcome *outcome;        /* what it was answered */
	const struct smmu3_outcome *fresh;          /* what it is in memory as it stands */
	struct smmu3_kept kept[SMMU3_FINDING_KEPT]; /* what would have had to be gone, the first of
						     * it if there is more */
	struct smmu3_remedy command[SMMU3_FINDING_COMMANDS]; /* in this order; a CMD_SYNC in each
							      * queue is to follow */
	struct smmu3_changed changed; /* with words 0: nothing in memory has, or what has is of a
				       * table that another register led to: */
	uint8_t kind;                 /* enum smmu3_finding_kind */
	uint8_t kepts, commands;      /* in kept and command */
	uint8_t breaks;               /* enum smmu3_break: what the change itself lacks */
	uint8_t freed_is;             /* enum smmu3_freed, of: */
	struct smmu3_changed freed;   /* what is no part of the walk; was and now are the same
				       * unless it is SMMU3_FREED_CHANGED */
	uint32_t more_kept, more_commands; /* for which kept and command have no room */
	struct smmu3_changed_register changed_register; /* where changed has no words */
};

/* What commands of an opcode (bits 7:0) have cost since the SMMU was made or reset: where more was
 * removed than had changed they were broader than they had to be.  -SMMU3_E_UNSUPPORTED: nothing
 * is checked; -SMMU3_E_ARGUMENT: opcode is more than 255.  Any thread. */
SMMU3_API int smmu3_check_cost(struct smmu3 *smmu, unsigned opcode, struct smmu3_check_cost *cost);

/* What could not be done.  -SMMU3_E_UNSUPPORTED: nothing is checked.  Any thread. */
SMMU3_API int smmu3_check_missed(struct smmu3 *smmu, struct smmu3_check_missed *missed);

/* The number of the last access; 0 of an SMMU that does not look at them twice.  Any thread. */
SMMU3_API uint64_t smmu3_check_accesses(struct smmu3 *smmu);

/* Says a finding in words for people, lines that end with a newline, NUL-terminated into text of
 * `size` bytes; the bytes needed, as snprintf.  Any thread. */
SMMU3_API size_t smmu3_finding_text(const struct smmu3_finding *finding, char *text, size_t size);

/* One command as traces and reports write it: "CMD_TLBI_NH_VA asid=3 va=0x10001000 leaf=1"; with
 * the queue's name before it, unless it is the Non-secure one.  As smmu3_finding_text. */
SMMU3_API size_t smmu3_remedy_text(const struct smmu3_remedy *remedy, char *text, size_t size);

#ifdef __cplusplus
}
#endif

#endif
