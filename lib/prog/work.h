/* SPDX-License-Identifier: MIT */
/*
 * What an SMMU does of its own accord, one act at a time: it fetches commands, writes event
 * records, raises interrupts, announces invalidations.
 *
 * An act is decided under the lock (work_next), done without it, since it may call the host, and
 * its consequences are drawn under the lock again (work_done).  One thread at a time does acts; so
 * there is one in flight at most, and the order of acts is the order in which software sees them:
 * interrupts that are due come before event records, and those that wait before the next command.
 * What an act announces is thereby visible before it, and all that came before a CMD_SYNC is done
 * when it is fetched.  3.5, 3.18, 4.7.3, 7.2
 */
#ifndef SMMU_PROG_WORK_H
#define SMMU_PROG_WORK_H

#include "arch/pri.h"
#include "base/addr.h"
#include "prog/atc.h"
#include "prog/command.h"
#include "prog/regs.h"
#include "prog/sections.h"
#include "prog/stall.h"
#include "xlate/atos.h"

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

enum act_kind {
	ACT_INVALIDATE_ALL, /* S_INIT.INV_ALL */
	ACT_READ_COMMAND,
	ACT_RECALL_COMMAND, /* it has been read before its turn */
	ACT_INVALIDATE,
	ACT_INVALIDATE_ATC,
	ACT_WRITE_EVENT,
	ACT_WRITE_MSI,
	ACT_PULSE,
	ACT_SEND_EVENT,
	ACT_END_STALL,
	ACT_WRITE_PAGE,
	ACT_ANSWER_PAGE,
	ACT_CHECK_PAGE, /* its STE is read */
	ACT_LOOK_UP,    /* a request of ATOS */
	ACT_NONE,       /* a turn's work that calls nobody */
};

/* A page request that overflowed the PRI queue, and what its stream says of the answer.  8.1 */
struct page_check {
	struct pri page;
	bool found; /* there is a legal STE */
	bool ppar;
	bool recorded; /* there is none, which is an event */
	struct smmu3_event event;
};

/* A request of ATOS, and what comes of it. */
struct lookup {
	struct atos_request request;
	unsigned group;   /* of registers */
	uint64_t tlb_age; /* before it was begun */
	uint64_t par;
};

/* One thing to do without the lock. */
struct act {
	enum act_kind kind;
	enum bank bank;                 /* whose act it is: drain.c */
	bool of_root;                   /* of no bank, but of the Root registers */
	enum smmu3_interrupt interrupt; /* pulses, MSIs */
	struct pa at;                   /* memory */
	struct smmu3_attr attr;
	uint16_t mecid; /* likewise, as drain.c adds it */
	struct smmu3_mpam mpam; /* and this */
	union {
		struct cmd cmd;           /* ACT_READ_COMMAND: what was read */
		struct smmu3_event event; /* ACT_WRITE_EVENT */
		uint32_t data;            /* ACT_WRITE_MSI */
		struct smmu3_invalidation scope;
		struct smmu3_stall stall; /* ACT_END_STALL */
		struct smmu3_atc_invalidation atc;
		struct pri page; /* ACT_WRITE_PAGE */
		struct smmu3_page_response response;
		struct page_check check;
		struct lookup lookup;
	};
};

enum { WORK_EVENTS = 64, WORK_PAGES = 64, ATOS_GROUPS = 2 };

/* A record that waits; of a transaction that stalls, as long as it does. */
struct record {
	struct smmu3_event event;
	uint16_t turn; /* of its place among the stalls */
};

/* The Non-secure interface, on which commands of the Secure queue act, too. */
struct non_secure {
	const struct prog *prog;
	const struct features *features;
};

struct adversity;

/* What is due of one programming interface.  Zero, but for whose and beside whom: nothing. */
struct work {
	enum bank bank; /* whose it is */
	struct non_secure non_secure;
	struct record record[WORK_EVENTS]; /* a ring */
	unsigned first_event, events;
	unsigned ahead;              /* of them, those that come before the next command, if */
	struct pri page[WORK_PAGES]; /* a ring of page requests, likewise */
	unsigned first_page, pages, pages_ahead;
	bool responding; /* an endpoint is to be answered */
	struct smmu3_page_response response;
	bool command_due;         /* it is its turn */
	uint8_t pulses, messages; /* by 1 << enum smmu3_interrupt */
	bool send_event;
	bool announce;      /* `command` invalidates: say so, then consume it */
	bool syncing;       /* `command` is a CMD_SYNC that waits: */
	bool synced;        /* one has completed: for who asks to clear */
	struct section_wait sections_awaited; /* for sections, and for invalidations of ATCs */
	struct cmd command; /* the last that was fetched */
	struct atcs atcs;
	struct stalls *stalls;     /* those of all interfaces */
	struct sections *sections; /* likewise */
	bool terminating;      /* `command` terminates stalls: then consume it */
	struct stall_search terminate;
	struct stall_search disable;        /* SMMUEN became 0 */
	bool looked_up;                     /* the last act did: others first */
	unsigned looking_up;                /* 1 << group of the request of ATOS in flight */
	unsigned lookup_turn;               /* the group that is asked first */
	unsigned lookup_tries[ATOS_GROUPS]; /* of its request, overtaken by invalidations */
	bool walking;                       /* the DPT, or so it may be */
	uint64_t events_lost;               /* that the queue did not take: statistics, no state */
	uint8_t put_off; /* of pulses and messages: those that are not due yet */
	struct adversity *adversity; /* NULL: nothing is asked for */
};

/* What there is of ATS and PRI for those that this interface hears of: Secure streams have neither,
 * but it is Non-secure ones that commands of the Secure queue are about, and where these have ATS
 * Secure ones are refused it.  3.9.1, 4.5 */
static inline const struct features *features_of_ats(const struct work *work,
						     const struct features *features)
{
	return work->bank == BANK_S ? work->non_secure.features : features;
}

/* Nothing is due any more; transactions that were stalled are for the caller to end first. */
void work_reset(struct work *work);

/* Software wrote registers: records and interrupts that are pending do not outlive their enable,
 * which may be set again at once, nor do stalled transactions and requests of ATOS outlive SMMUEN.
 * 6.3.9.4, 6.3.9.6, 6.3.16 */
void work_registers_written(struct prog *prog, struct work *work);

/* Nothing is in flight: acknowledgements stay up for what is due alone. */
void work_hold(struct prog *prog, const struct work *work);

/* While the DPT is being walked, DPT_WALK_EN is not acknowledged as gone.  6.3.9 */
void work_hold_walks(struct prog *prog, struct work *work, bool walking);

/* The next act, now in flight; false: there is nothing to do.  Under the lock, as are all of these.
 */
bool work_next(struct prog *prog, struct work *work, const struct features *features,
	       struct act *act);

/* An act is done; ok: memory did not abort. */
void work_done(struct prog *prog, struct work *work, const struct features *features,
	       const struct act *act, bool ok);

#endif
