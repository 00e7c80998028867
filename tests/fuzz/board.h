/* SPDX-License-Identifier: MIT */
/*
 * An SMMU on a board: its memory, its own registers mapped into it, and callbacks in which software
 * acts.  Whatever the SMMU does is checked where it is done: in the callback, against what its
 * registers say at that moment.
 */
#ifndef SMMU_TEST_FUZZ_BOARD_H
#define SMMU_TEST_FUZZ_BOARD_H

#include <smmu/port.h>

#include <stdbool.h>
#include <stdint.h>

enum {
	RAM_BYTES = 0x10000,
	REGISTERS_BYTES = 0xd0000,
	PAGES_OF_MONITORS = 0xb0000,
	HALVES = 2,          /* of memory, each of which may be a RAM window */
	CALLS_MOST = 300,    /* callbacks of one input: then memory aborts and software is quiet */
	CALLS_AFTER = 20000, /* that one call then makes at most: more is a call without end */
	DEPTH_MOST = 6,      /* of what is done inside of each other */
	RECORDS_MOST = 256,  /* looked at for each step */
};

#define RAM_AT UINT64_C(0x80000000)
#define REGISTERS_AT UINT64_C(0x80020000)

/* Callbacks: reads and writes by enum smmu3_reason, then the others. */
enum place {
	AT_WRITTEN = SMMU3_REASON_DPT + 1,
	AT_INTERRUPT,
	AT_SEND_EVENT,
	AT_INVALIDATE,
	AT_STALL_ENDED,
	AT_ATC_INVALIDATE,
	AT_PAGE_RESPONSE,
	PLACES,
};

/* Something to do, as bytes said it: see software.h. */
struct step {
	uint8_t what, small[3];
	uint64_t number[3];
};

/* What software does in a callback, and how often. */
struct armed {
	struct step step;
	unsigned times;
};

/* The left-th access of a kind fails, and with `lasting` those that follow. */
struct trouble {
	unsigned left;
	bool lasting;
	enum smmu3_mem_result how;
};

/* Registers at one moment. */
struct view {
	uint32_t cr0, cr0ack, irq_ctrl, irq_ctrlack, gerror, gerrorn;
	uint32_t cmdq_prod, cmdq_cons, eventq_prod, eventq_cons, priq_prod, priq_cons;
	uint64_t cmdq_base, eventq_base, priq_base;
};

/* Event records of one step: those of which outcomes say that they are recorded, and those that
 * were written. */
struct records {
	struct smmu3_event record[RECORDS_MOST];
	unsigned count; /* more than RECORDS_MOST: not all are here */
};

enum { STALLS_MOST = 4, WAITING_MOST = 8, FLYING_AT_ONCE = 4 }; /* IDR5.STALL_MAX is less */

/* A transaction that the SMMU holds. */
struct held {
	struct smmu3_txn txn;
	uint16_t stag;
};

/* One of which smmu3_translate has not returned yet. */
struct flying {
	uint64_t cookie;
	bool ended;
};

struct stalls {
	uint64_t cookies; /* given so far: each transaction has another */
	struct held held[STALLS_MOST];
	unsigned held_count;
	uint16_t seen[STALLS_MOST]; /* STAGs that records told software of */
	unsigned seen_count;
	/* One inside the other, and a batch */
	struct flying flying[DEPTH_MOST + 2 + FLYING_AT_ONCE];
	unsigned flying_count;
	struct smmu3_txn waiting[WAITING_MOST]; /* to be translated again */
	unsigned waiting_count;
	bool retries_inside;
};

enum { TAGS_MOST = 32, PAGES_MOST = 128 };

/* An entry of the PRI queue. */
struct page_entry {
	uint64_t word[2];
};

struct endpoints {
	uint64_t tag[TAGS_MOST]; /* of ATS invalidations that nobody has answered */
	unsigned tags;
	uint64_t last_tag;
	unsigned manner; /* bit 0: they are answered at once, bit 1: as timed out */
	struct page_entry page[PAGES_MOST]; /* asked for, in order, and nothing has come of it */
	unsigned pages;
	bool unsure; /* a response may have been software's, or that to a request */
};

/* Transactions that have ended since statistics began. */
struct counted {
	uint64_t transactions, verdicts[10]; /* NO_OP the last */
};

/* How devices reach the SMMU: ports.h. */
struct ports {
	struct smmu3_port *port;
	struct smmu3_stream *stream; /* NULL: there is no handle */
	struct smmu3_txn like;       /* what its accesses are like */
	unsigned way;
	bool section; /* is open: a CMD_SYNC may wait for it */
	bool busy;    /* one of its calls is under way */
};

struct board {
	/* As the programming interface has it that the board is of: of a Secure one its STALL_MODEL
	 * and MSI, stage 2 and EL2 by SEL2 */
	struct smmu3_config config;
	bool secure; /* it is the Secure interface; the Non-secure one stays as it is at reset */
	struct smmu3 *smmu;
	_Alignas(64) uint64_t ram[RAM_BYTES / 8];
	bool window[HALVES];
	unsigned unrung; /* commands in the queue that no doorbell was rung for */
	struct armed armed[PLACES];
	struct trouble trouble[PLACES];
	unsigned calls, calls_after, depth;
	bool by_register;    /* the invalidation is of S_INIT, not of a command */
	bool in_act;         /* in a callback of something that the SMMU does of its own accord */
	bool acted;          /* since the step began, software did something in a callback, or
			      * devices did several things at once */
	bool failed;         /* since then memory failed a write */
	uint64_t command[2]; /* the last that was fetched */
	bool command_known;
	struct records recorded, written;
	struct stalls stalls;
	struct endpoints endpoints;
	struct ports ports;
	struct counted counted;
	uint64_t sum;       /* of all outcomes */
	bool monitors_show; /* that they count, or that they are there, may have been noticed */
	bool quiet;         /* the SMMU must not be called: in smmu3_reset and smmu3_destroy */
};

/* An SMMU for this board.  Its configuration is one that is built. */
struct smmu3 *board_smmu(struct board *board, const struct smmu3_config *config);

/* A board with that SMMU, in reset. */
void board_open(struct board *board, const struct smmu3_config *config, struct smmu3 *smmu);

/* Nothing stays stalled; after close it is ready for the next board. */
void board_reset(struct board *board);
void board_close(struct board *board);
void board_destroy(struct board *board);

void board_set_window(struct board *board, unsigned half, bool window);

/* Is nothing provoked any more? */
static inline bool board_spent(const struct board *board)
{
	return board->calls >= CALLS_MOST;
}

/* The Security state of the board's software and devices. */
static inline enum smmu3_pas board_state(const struct board *board)
{
	return board->secure ? SMMU3_PAS_SECURE : SMMU3_PAS_NS;
}

/* Where the board's interface has what another has at an offset of Page 0 or Page 1.  6.2 */
uint64_t board_place(const struct board *board, uint64_t offset);

/* Well-formed accesses of software of that state. */
uint64_t board_read(struct board *board, uint64_t offset, unsigned size);
void board_write(struct board *board, uint64_t offset, unsigned size, uint64_t value);

/* A word of memory; NULL where there is none. */
uint64_t *board_word(struct board *board, uint64_t address);

void board_record(struct records *records, const struct smmu3_event *record);

/* A bit of an ID register. */
static inline bool board_has(const struct board *board, unsigned idr, unsigned bit)
{
	return board->config.idr[idr] >> bit & 1;
}

/* ---- What must hold: board_check.c ---- */

/* Looks at the registers; those of the SMMU hold what they may. */
struct view board_look(struct board *board);

/* Would a record that is due now be written? */
bool board_takes_records(const struct board *board, const struct view *now);

/* Before a step, and after it: all that was due is done. */
void board_begin(struct board *board);
void board_end(struct board *board);

void board_check_reset(struct board *board);

/* In callbacks, where now is what registers say. */
void board_check_access(const struct board *board, const struct view *now,
			const struct smmu3_mem_access *access, const void *written);
/* At the end of one: what it happened under stays acknowledged.  6.3.9.3, 6.3.9.4 */
void board_check_held(struct board *board, unsigned place);
void board_check_scope(const struct board *board, const struct smmu3_invalidation *scope);

/* Interrupts, board_interrupts.c. */
void board_check_message(const struct board *board, const struct view *now,
			 const struct smmu3_mem_access *access, const void *written);
void board_check_interrupt(const struct board *board, const struct view *now,
			   enum smmu3_interrupt interrupt);
void board_check_send_event(const struct board *board);

/* Stalls, board_stalls.c: a transaction is given to the SMMU, and answered; a record is written; a
 * stall has ended, and of which transaction; nothing is due. */
void board_fly(struct board *board, struct smmu3_txn *txn);
void board_land(struct board *board, const struct smmu3_txn *txn,
		const struct smmu3_outcome *outcome);
void board_see_record(struct board *board, const struct smmu3_event *record);
void board_end_stall(struct board *board, const struct view *now, const struct smmu3_stall *stall);
void board_check_stalls(const struct board *board, const struct view *now);

/* Endpoints, board_endpoints.c: one answers an invalidation, or asks for a page; it is told to drop
 * translations, or answered; an entry is written to the PRI queue; nothing is due; a reset. */
void board_answer(struct board *board, uint64_t tag, enum smmu3_atc_result result);
void board_request_page(struct board *board, const struct smmu3_page_request *request);
void board_see_invalidation(struct board *board, const struct smmu3_atc_invalidation *request);
void board_see_response(struct board *board, const struct smmu3_page_response *response);
void board_see_page(struct board *board, const void *written);
void board_check_endpoints(struct board *board);
void board_forget_endpoints(struct board *board);

/* What the ID registers, and attributes, may be. */
unsigned board_oas_bits(const struct board *board);
void board_check_attr(struct smmu3_attr attr);

/* board_outcome.c: an outcome is one that this transaction may have. */
void board_check_outcome(const struct board *board, const struct smmu3_txn *txn,
			 enum smmu3_verdict verdict, const struct smmu3_outcome *outcome);

#endif
