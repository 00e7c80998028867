/* SPDX-License-Identifier: MIT */
/*
 * Adversity: an SMMU that is as unkind as the architecture allows, so that software can be tried
 * against more of them than one.  docs/adversity.md
 *
 * Memory that aborts when it is asked to, queues that are full, a CMD_SYNC that comes late,
 * commands consumed piece by piece, and the other behaviour of what docs/choices.md lists.  It is
 * the host that asks, and software sees what it might see of another implementation.  Nothing here
 * is state of the architecture: smmu3_reset leaves what has been asked for in force, and smmu3_save
 * and smmu3_load refuse until smmu3_adversity_end.
 *
 * What is late is so by register accesses: time is counted in those of this SMMU, of any of its
 * Security states, and whatever they are to; the one that finds the time over sees the end.
 */
#ifndef SMMU3_ADVERSITY_H
#define SMMU3_ADVERSITY_H

#include <smmu/smmu.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Choices ---- */

#define SMMU3_ALTERNATIVES 5

/* What is left open, by its name in docs/choices.md, and what an implementation may do about it. */
struct smmu3_choice {
	const char *name;
	const char *section;
	const char *alternative[SMMU3_ALTERNATIVES]; /* up to a NULL; the first is "libsmmu" */
};

/* The choices, from 0; NULL past the end.  Any thread. */
SMMU3_API const struct smmu3_choice *smmu3_choice(size_t index);

/* The alternative of a choice that is in force, an index into its own; 0 past the end.  Not
 * together with smmu3_adversity_choose and its like. */
SMMU3_API unsigned smmu3_adversity_chosen(const struct smmu3 *smmu, size_t index);

/*
 * Has a choice made otherwise, or put back ("libsmmu").  What is about reset counts with the next
 * smmu3_reset.  0; -SMMU3_E_NOT_FOUND: no such name, which the error says; -SMMU3_E_INCONSISTENT:
 * not in an SMMU of this configuration; -SMMU3_E_MEMORY.  Not together with any other call on this
 * SMMU, or on its ports.
 */
SMMU3_API int smmu3_adversity_choose(struct smmu3 *smmu, const char *name, const char *alternative,
				     struct smmu3_error *error);

/* Makes all choices by a number, the same for the same number; those that the configuration does
 * not let be made stay.  0, or -SMMU3_E_MEMORY.  As smmu3_adversity_choose. */
SMMU3_API int smmu3_adversity_seed(struct smmu3 *smmu, uint64_t seed);

/* ---- Memory ---- */

enum smmu3_mem_mischief {
	SMMU3_MISCHIEF_ABORT,  /* as SMMU3_MEM_ABORT */
	SMMU3_MISCHIEF_POISON, /* as SMMU3_MEM_POISON; a write aborts */
	SMMU3_MISCHIEF_LOSE,   /* of hardware updates alone: another value is found, and nothing is
				* written */
};

/* Accesses of the SMMU's own that end otherwise, in RAM windows too.  Zero it, then fill it. */
struct smmu3_mem_rule {
	uint8_t mischief; /* enum smmu3_mem_mischief */
	uint32_t reasons; /* 1 << enum smmu3_reason, any of them; 0: every reason */
	uint64_t addr;    /* physical, of any PA space */
	uint64_t bytes;   /* from there; 0: every address */
	uint64_t first;   /* of these accesses the first that is meant, from 1; 0 is 1 */
	uint64_t every;   /* and every n-th after it; 0: no other */
	uint64_t times;   /* at most so many; 0: no limit */
};

#define SMMU3_MEM_RULES 16

/*
 * Adds a rule.  Accesses are counted from then on, those of probes and of smmu3_explain too; of
 * several rules that mean an access the first counts as done, and all have met it.  While there are
 * any, RAM windows are not read directly, which is slower.  0; -SMMU3_E_ARGUMENT: a member is out
 * of its domain; -SMMU3_E_LIMIT: there are SMMU3_MEM_RULES; -SMMU3_E_MEMORY.  Not together with any
 * other call, as smmu3_add_ram.
 */
SMMU3_API int smmu3_adversity_memory(struct smmu3 *smmu, const struct smmu3_mem_rule *rule,
				     struct smmu3_error *error);

/* How often rule n, from 0 in the order in which they were added, has had its way. */
SMMU3_API uint64_t smmu3_adversity_met(const struct smmu3 *smmu, size_t rule);

/* ---- Queues and time ---- */

enum smmu3_filled {
	SMMU3_FILLED_EVENTQ,
	SMMU3_FILLED_PRIQ,
};

/* The next records, or page requests, of a Security state find their queue full.  What they then
 * come to is 7.4's and 8.1's.  0, -SMMU3_E_ARGUMENT: there is no such state or queue, or
 * -SMMU3_E_MEMORY.  Any thread. */
SMMU3_API int smmu3_adversity_fill(struct smmu3 *smmu, enum smmu3_filled queue,
				   enum smmu3_pas sec_sid, uint32_t records);

#define SMMU3_HELD UINT32_MAX

/* In register accesses, or as it is said. */
struct smmu3_pace {
	uint32_t update;   /* what choices have done late; 3 unless it is said.  SMMU3_HELD: until
			    * smmu3_adversity_release */
	uint32_t sync;     /* a CMD_SYNC completes so much later; likewise */
	uint32_t commands; /* that are consumed for one register access; 0: all that are due */
};

/* From now on.  0, or -SMMU3_E_MEMORY.  Any thread. */
SMMU3_API int smmu3_adversity_pace(struct smmu3 *smmu, const struct smmu3_pace *pace);

/* What is late is done now, all of it, before this returns.  Any thread, also from inside any
 * callback, whose end what follows then waits for. */
SMMU3_API void smmu3_adversity_release(struct smmu3 *smmu);

/* ---- All of it ---- */

/*
 * The same in words, as configurations and traces have it: a number is a seed; NAME=ALTERNATIVE is
 * a choice; abort=WHAT, poison=WHAT and lose=WHAT a rule, WHAT being reasons joined by + (l1std,
 * ste, l1cd, cd, s1_ttd, s2_ttd, cmdq, eventq, msi, priq, dpt, gpt; or any), then perhaps
 * @ADDRESS+BYTES, then perhaps :FIRST, :FIRST:EVERY or :FIRST:EVERY:TIMES; full=eventq:N or priq:N
 * of the Non-secure state, secure.eventq:N and so on of another; update=N, sync=N, commands=N the
 * pace (held in place of N); release; and none, which ends all.  Numbers have no leading zeros.
 * -SMMU3_E_FORMAT: it is none of these; else as what it asks for.  Threads likewise.
 */
SMMU3_API int smmu3_adversity_ask(struct smmu3 *smmu, const char *word, struct smmu3_error *error);

/* Choices that are made otherwise, as words, with a space between: the NUL-terminated text, cut to
 * size bytes.  Returns what strlen would of the whole.  Threads as smmu3_adversity_chosen. */
SMMU3_API size_t smmu3_adversity_text(const struct smmu3 *smmu, char *text, size_t size);

/* Nothing is asked for any more, and what is late is done.  What registers store that they should
 * not is gone.  As smmu3_adversity_choose. */
SMMU3_API void smmu3_adversity_end(struct smmu3 *smmu);

#ifdef __cplusplus
}
#endif

#endif
