/* SPDX-License-Identifier: MIT */
/*
 * The software and the clients of the library's SMMU: it programs registers and queues, and ends
 * the transactions that stall, each in the way that its cookie says, some only when the next has
 * come.  That every one comes back once, as it should, is seen to here; so is that a record is in
 * the Event queue when the outcome says so, and no other is.
 */
#ifndef SMMU_TESTS_RANDOM_SOFTWARE_H
#define SMMU_TESTS_RANDOM_SOFTWARE_H

#include "setup.h"

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

/* What ends a stall. */
enum ending {
	RESUME_RETRY,
	RESUME_ABORT,
	RESUME_RAZ_WI, /* which is to abort, where IDR0.TERM_MODEL = 1 */
	STALL_TERM,
	DISABLING,    /* CR0.SMMUEN = 0 */
	RESETTING,    /* smmu3_reset */
	QUEUE_OPENED, /* the Event queue was disabled when it stalled, and is enabled */
	ENDINGS,
};

enum ending ending_of(const struct smmu3_txn *txn);

/* Is the stall left to be, until another access ends it?  Not if it is to be QUEUE_OPENED. */
bool is_left(const struct smmu3_txn *txn);

/* A cookie of a stall that is left to be; the same for the same number. */
uint64_t cookie_of_left(unsigned number);

/* A transaction that is stalled. */
struct held {
	uint64_t cookie;
	uint32_t sid;
	uint16_t stag;
	uint8_t sec_sid; /* enum smmu3_pas */
	bool due;        /* it is to end now */
	uint8_t ended;   /* how often */
	uint8_t end;     /* enum smmu3_stall_end */
};

enum { HELD_MOST = 128, RECORDS_MOST = 64 };

struct software {
	struct smmu3 *smmu;
	struct setup setup;
	/* The queues of a Security state */
	struct queues {
		uint32_t prod;       /* CMDQ_PROD */
		uint64_t command[2]; /* the last one */
		/* What came to the Event queue since the access or the batch began, and how much of
		 * it outcomes have told of */
		uint64_t record[RECORDS_MOST][4];
		unsigned records, told;
	} of[STATES];
	struct held held[HELD_MOST];
	unsigned holds;
	bool was_reset;      /* and nothing has been invalidated since */
	const char *mistake; /* the first of the library's */
};

/* Programs an SMMU in reset. */
void software_start(struct software *software);

/* Writes GMPAM and GBPMPAM of a Security state, as the setup has them. */
void software_label(struct software *software, unsigned state);

/* Writes GBPA; all that may be written while SMMUEN is 0, GBPA too; SMMUEN = 0, by which what is
 * stalled in this state ends; and CR0 as the setup has it. */
void software_gate(struct software *software, unsigned state);
void software_program(struct software *software, unsigned state);
void software_disable(struct software *software, unsigned state);
void software_enable(struct software *software, unsigned state);

/* Memory of the queues, and smmu3_host.stall_ended. */
void software_command(const struct software *software, unsigned state, void *data);
void software_record(struct software *software, unsigned state, const void *data);
void software_stall_ended(struct software *software, const struct smmu3_stall *stall);

/* One command in the queue of a Security state, which is consumed at once. */
void software_issue(struct software *software, unsigned state, uint64_t word0, uint64_t word1);
/* The same, whatever mistakes software makes. */
void software_issue_right(struct software *software, unsigned state, uint64_t word0,
			  uint64_t word1);

/* Around one access, or a batch: before it; for each outcome that is there, in order; and after it,
 * when stalls end.  NULL, or the name of what went wrong. */
void software_before(struct software *software, const struct smmu3_txn *txn);
const char *software_outcome(struct software *software, const struct smmu3_txn *txn,
			     const struct smmu3_outcome *outcome);
const char *software_after(struct software *software, const struct smmu3_txn *txn,
			   const struct smmu3_outcome *outcome);

/* After the last outcome: nothing else was recorded. */
const char *software_told(struct software *software);

/* The SMMU has been destroyed: as software_after. */
const char *software_end(struct software *software);

#endif
