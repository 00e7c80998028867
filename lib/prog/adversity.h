/* SPDX-License-Identifier: MIT */
/*
 * What registers and queues do otherwise than libsmmu does unasked: <smmu/adversity.h>.
 *
 * Interfaces have a pointer to it, which is NULL as long as nothing is asked for: then nobody comes
 * here.  Under the lock, all of it; what has been chosen changes while nothing else runs.
 */
#ifndef SMMU_PROG_ADVERSITY_H
#define SMMU_PROG_ADVERSITY_H

#include "prog/choices.h"
#include "prog/queue.h"
#include "prog/work.h"

/* A write of a register that has begun and is not done. */
struct late {
	bool on;
	uint64_t bits;   /* that it changes, and nobody may meanwhile */
	uint64_t wanted; /* of these bits */
	uint32_t left;   /* register accesses that see it so */
};

enum late_register { LATE_CR0, LATE_IRQ_CTRL, LATE_GBPA, LATE_REGISTERS };

/* Commands that have been read before their turn. */
enum { COMMANDS_AHEAD = 4 };

struct ahead {
	bool there, ok;
	uint32_t index; /* of the queue, with its wrap flag */
	struct cmd cmd;
};

/* Of one interface. */
struct adverse_bank {
	const struct prog *prog;
	struct late late[LATE_REGISTERS];
	uint64_t reserved[PROG_REGISTERS]; /* what RES0 bits hold */
	uint32_t events_full, pages_full;  /* records that find their queue full */
	struct smmu3_event last;           /* that was recorded; of number 0: none */
	uint32_t sync_left;                /* as late.left, of the CMD_SYNC that waits */
	uint32_t commands_left;            /* that this register access may have consumed */
	uint32_t fetching;                 /* the index of the command that is being read */
	struct ahead ahead[COMMANDS_AHEAD];
	uint32_t unnoticed; /* errors that software has made of GERRORN, and nobody minds */
	bool raised;        /* it has made one, which is to be told */
	bool cmdq_stopped;  /* by indexes that contradict each other: until CMDQEN is 0 */
	uint8_t run_stored; /* 1 << group of ATOS that was to run while SMMUEN was 0 */
	uint8_t run_spoilt; /* and that was written while it ran */
};

struct adversity {
	uint8_t chosen[CHOICES];
	uint64_t seed; /* of what is UNKNOWN */
	struct smmu3_pace pace;
	bool before_3_2;
	bool keeps_nothing; /* there are no caches */
	struct adverse_bank bank[BANKS];
};

enum { USUAL_UPDATE = 3 }; /* struct smmu3_pace */

/* Is this chosen?  of: prog or work. */
#define CHOSEN(of, choice) \
	(unlikely((of)->adversity) ? (of)->adversity->chosen[CHOICE_##choice] : AS_LIBSMMU)

/* ---- Registers ---- */

/* A register as it reads. */
uint64_t adverse_read(const struct prog *prog, enum prog_register reg);

/* Is an offset that shows a register of Page 1 without one?  6.2.1 */
bool adverse_hides(const struct prog *prog, uint64_t offset);

/* A write of those bits that may be written: the bits to be stored now.  reach: bits of the
 * register that the access is to and that no guard protects. */
uint64_t adverse_write(const struct prog *prog, enum prog_register reg, uint64_t reach,
		       uint64_t mask, uint64_t written);

/* Bits that cannot be written since a write of them is not done. */
uint64_t adverse_locked(const struct prog *prog, enum prog_register reg);

/* Bits that may be written again for all that.  6.3.9, 6.3.14.1 */
uint64_t adverse_alterable(const struct prog *prog, enum prog_register reg);

/* What guards see of an enable and its acknowledgement. */
uint64_t adverse_guard(const struct prog *prog, enum prog_register enable, uint64_t either);

/* An acknowledgement, of which less may be seen. */
uint64_t adverse_acknowledged(const struct prog *prog, enum prog_register enable, uint64_t before,
			      uint64_t now);

/* Does S_INIT do nothing?  6.3.62 */
bool adverse_init(const struct prog *prog);

/* Bits that are stored in this register, of those that libsmmu stores. */
uint64_t adverse_writable(const struct prog *prog, enum prog_register reg, uint64_t writable);

/* The value at reset, of those bits that can be written. */
uint64_t adverse_reset(const struct prog *prog, enum prog_register reg, uint64_t value);

/* Nothing of an interface is under way any more. */
void adverse_forget(struct adversity *adversity, enum bank bank);

/* Is the time of a write over?  Then it is done. */
bool adverse_due(const struct prog *prog, enum late_register which);
void adverse_do(struct prog *prog, enum late_register which);

/* Time passes, for all interfaces; or all of it is over. */
void adverse_tick(struct adversity *adversity);
void adverse_release(struct adversity *adversity);

/* ---- What software must not do ---- */

/* It writes these bits of a register, which still has its value. */
void adverse_misuse(const struct prog *prog, enum prog_register reg, uint64_t mask,
		    uint64_t written);

/* What follows from registers that have been written. */
void adverse_written(struct prog *prog, struct work *work);

/* Bits of GERRORN by which an error seems to be active that nobody minds.  6.3.20 */
uint64_t adverse_unnoticed(const struct prog *prog);

/* Is SMMUEN 1, and no 0 on its way there?  RUN must not be set after that.  6.3.37 */
bool adverse_enabled(const struct prog *prog);

/* Does RUN of this group of ATOS mean nothing?  SMMUEN has been set: then it is 0.  6.3.37 */
bool adverse_run_stored(const struct prog *prog, unsigned group);
uint8_t adverse_end_stored(const struct prog *prog);

/* The result of a request of this group, by what it really is; and it has been answered.  6.3.37 */
uint64_t adverse_par(const struct prog *prog, unsigned group, uint64_t par);
void adverse_answered(const struct prog *prog, unsigned group);

/* Indexes that contradict each other: commands that wait for all that, whether there is room, and
 * whether it is left unsaid that there is none.  3.5.1, 3.21.2 */
uint32_t adverse_waiting(const struct work *work, const struct queue *queue);
bool adverse_queue_full(const struct prog *prog, const struct queue *queue);
bool adverse_silent(const struct prog *prog, const struct queue *queue);

/* ---- Queues ---- */

/* Does a record find its queue full? */
bool adverse_events_full(const struct work *work);
bool adverse_pages_full(const struct work *work);

/* Is an event one with the last, which software has not consumed?  7.3.1 */
bool adverse_merges(const struct prog *prog, const struct work *work,
		    const struct smmu3_event *event);

/* The record of an event.  7.3 */
struct smmu3_event adverse_record(const struct work *work, const struct smmu3_event *event);

/* Interrupts that wait till everything else is done.  3.18 */
uint8_t adverse_coalesced(const struct work *work);

/* A CMD_SYNC begins; does it wait longer? */
void adverse_sync_begins(const struct work *work);
bool adverse_sync_waits(const struct work *work);

/* What a CMD_SYNC sees of an ATS invalidation that timed out: does it fail now? */
bool adverse_atc_fails(const struct work *work);

/* May another command be consumed for this register access?  One is. */
bool adverse_paused(const struct work *work);
void adverse_consumes(const struct work *work);

/* Commands read ahead: the next to be read of a queue, or the index of none where all that may be
 * are there, false; one that has been read; the one whose turn it is; and that none counts. */
bool adverse_reads(const struct work *work, const struct queue *queue, uint32_t *index);
void adverse_has_read(const struct work *work, const struct cmd *cmd, bool ok);
bool adverse_recall(const struct work *work, uint32_t index, struct cmd *cmd);
void adverse_forget_commands(const struct work *work);

#endif
