/* SPDX-License-Identifier: MIT */
#include "software.h"

#include "mistakes.h"

#include <stdlib.h>
#include <string.h>

/* ---- Cookies ---- */

enum { WAYS = 16, LEFT_BIT = 4, NUMBER_LSB = 8 };

static const uint8_t way[WAYS] = {
	RESUME_RETRY,  RESUME_RETRY,  RESUME_RETRY, RESUME_ABORT, RESUME_ABORT, RESUME_ABORT,
	RESUME_RAZ_WI, RESUME_RAZ_WI, STALL_TERM,   STALL_TERM,   DISABLING,    DISABLING,
	RESETTING,     QUEUE_OPENED,  QUEUE_OPENED, QUEUE_OPENED,
};

enum ending ending_of(const struct smmu3_txn *txn)
{
	return (enum ending)way[txn->cookie % WAYS];
}

bool is_left(const struct smmu3_txn *txn)
{
	return txn->cookie >> LEFT_BIT & 1 && ending_of(txn) != QUEUE_OPENED;
}

uint64_t cookie_of_left(unsigned number)
{
	return (uint64_t)number << NUMBER_LSB | UINT64_C(1) << LEFT_BIT;
}

/* ---- Registers ---- */

enum {
	CR0 = 0x20,
	CR0ACK = 0x24,
	CMDQ_BASE = 0x90,
	CMDQ_PROD = 0x98,
	CMDQ_CONS = 0x9c,
	EVENTQ_BASE = 0xa0,
	EVENTQ_PROD = 0x100a8,
	EVENTQ_CONS = 0x100ac,
	GBPA = 0x44,
	GMPAM = 0x138,
	GBPMPAM = 0x13c,
	S_REGISTERS = 0x8000,
	R_REGISTERS = 0x40000, /* with BA_REALM = 2 */
	R_GMECID = 0x228,
	ROOT_CR0 = 0xa0020,
	ROOT_GPT_BASE = 0xa0028,
	ROOT_GPT_BASE_CFG = 0xa0030,
	ACCESSEN = 1 << 0,
	GPCEN = 1 << 1,
	SMMUEN = 1 << 0,
	EVENTQEN = 1 << 2,
	CMDQEN = 1 << 3,
	CMDQ_LOG2SIZE = 8,
	EVENTQ_LOG2SIZE = 9, /* as many as IDR1 allows: none is ever taken out */
};

/* Secure registers stand at 0x8000 as the others at 0, all on the first page; Realm registers have
 * two pages as the others.  6.2 */
static uint64_t place(unsigned state, uint64_t offset)
{
	if (state == SMMU3_PAS_REALM)
		return R_REGISTERS + offset;
	return state == SMMU3_PAS_SECURE ? S_REGISTERS + (offset & 0xffff) : offset;
}

static void write_register(struct software *software, unsigned state, uint64_t offset,
			   unsigned size, uint64_t value)
{
	if (smmu3_mmio_write(software->smmu, (enum smmu3_pas)state, place(state, offset), size,
			     value))
		abort();
}

static uint64_t read_register(struct software *software, unsigned state, uint64_t offset)
{
	uint64_t value;

	if (smmu3_mmio_read(software->smmu, (enum smmu3_pas)state, place(state, offset), 4, &value))
		abort();
	return value;
}

/* What is written takes effect some time.  6.3.9, 6.3.14 */
static void wait_until(struct software *software, unsigned state, uint64_t offset, uint64_t bits,
		       uint64_t value)
{
	enum { POLLS = 1000 };

	for (unsigned i = 0; i < POLLS; i++)
		if ((read_register(software, state, offset) & bits) == (value & bits))
			return;
	abort();
}

static void enable(struct software *software, unsigned state, uint32_t but)
{
	const uint32_t cr0 = (software->setup.of[state].cr0 | CMDQEN | EVENTQEN) & ~but;

	write_register(software, state, CR0, 4, cr0);
	wait_until(software, state, CR0ACK, SMMUEN | EVENTQEN | CMDQEN, cr0);
}

/* Both are written with Update.  Where there is no MPAM they are RES0. */
void software_label(struct software *software, unsigned state)
{
	const struct registers *setup = &software->setup.of[state];
	const uint64_t update = UINT64_C(1) << 31;

	write_register(software, state, GMPAM, 4, setup->gmpam | update);
	if (state != SMMU3_PAS_REALM)
		write_register(software, state, GBPMPAM, 4, setup->gbpmpam | update);
}

void software_gate(struct software *software, unsigned state)
{
	const uint64_t update = UINT64_C(1) << 31;

	if (state == SMMU3_PAS_REALM)
		return;
	write_register(software, state, GBPA, 4, software->setup.of[state].gbpa | update);
	wait_until(software, state, GBPA, update, 0);
}

struct register_write {
	uint64_t offset, value;
	unsigned size;
};

static void write_all(struct software *software, unsigned state, const struct register_write *write,
		      size_t count)
{
	for (size_t i = 0; i < count; i++)
		write_register(software, state, write[i].offset, write[i].size, write[i].value);
}

/* Of all interfaces R_GMECID alone is guarded by those of queues, too.  6.3.162 */
static void write_mecid(struct software *software)
{
	enable(software, SMMU3_PAS_REALM, SMMUEN | EVENTQEN | CMDQEN);
	write_register(software, SMMU3_PAS_REALM, R_GMECID, 4, software->setup.gmecid);
}

static void program(struct software *software, unsigned state)
{
	const struct registers *setup = &software->setup.of[state];
	const struct register_write writes[] = {
		{ 0x28, setup->cr1, 4 },
		{ 0x2c, setup->cr2, 4 },
		{ 0x30, setup->s2pii, 8 },
		{ 0x80, setup->strtab_base, 8 },
		{ 0x88, setup->strtab_base_cfg, 4 },
	};

	software_gate(software, state);
	write_all(software, state, writes, sizeof(writes) / sizeof(*writes));
	if (state == SMMU3_PAS_REALM)
		write_mecid(software);
}

void software_program(struct software *software, unsigned state)
{
	program(software, state);
	enable(software, state, SMMUEN);
}

static void start(struct software *software, unsigned state)
{
	static const struct register_write queues[] = {
		{ CMDQ_BASE, CMDQ_LOG2SIZE, 8 },     { CMDQ_PROD, 0, 4 },   { CMDQ_CONS, 0, 4 },
		{ EVENTQ_BASE, EVENTQ_LOG2SIZE, 8 }, { EVENTQ_PROD, 0, 4 }, { EVENTQ_CONS, 0, 4 },
	};

	program(software, state);
	write_all(software, state, queues, sizeof(queues) / sizeof(*queues));
	software_label(software, state);
	enable(software, state, 0);
	software->of[state].prod = 0;
}

static void write_root(struct software *software, uint64_t offset, unsigned size, uint64_t value)
{
	if (smmu3_mmio_write(software->smmu, SMMU3_PAS_ROOT, offset, size, value))
		abort();
}

/* Where there are Root registers nothing reaches memory before they allow it.  6.3.112 */
static void let_accesses(struct software *software)
{
	const struct protection *protection = &software->setup.protection;

	if (!software->setup.config.root_idr0)
		return;
	write_root(software, ROOT_GPT_BASE, 8, protection->base);
	write_root(software, ROOT_GPT_BASE_CFG, 8, protection->cfg);
	write_root(software, ROOT_CR0, 4, ACCESSEN | (protection->checks ? GPCEN : 0));
}

void software_start(struct software *software)
{
	let_accesses(software);
	for (unsigned state = 0; state < STATES; state++)
		if (software->setup.of[state].there)
			start(software, state);
}

/* ---- Queues ---- */

static void little_endian(unsigned char *byte, const uint64_t *word, unsigned words)
{
	for (unsigned i = 0; i < 8 * words; i++)
		byte[i] = (unsigned char)(word[i / 8] >> 8 * (i % 8));
}

void software_command(const struct software *software, unsigned state, void *data)
{
	little_endian(data, software->of[state].command, 2);
}

void software_record(struct software *software, unsigned state, const void *data)
{
	struct queues *of = &software->of[state];
	const unsigned char *byte = data;

	uint64_t *record = of->record[of->records % RECORDS_MOST];

	memset(record, 0, sizeof(of->record[0]));
	for (unsigned i = 0; i < 32; i++)
		record[i / 8] |= (uint64_t)byte[i] << 8 * (i % 8);
	of->records++;
}

static void blame(struct software *software, const char *what)
{
	if (!software->mistake)
		software->mistake = what;
}

void software_issue(struct software *software, unsigned state, uint64_t word0, uint64_t word1)
{
	uint64_t word[2] = { word0, word1 };

	software_err(word);
	software_issue_right(software, state, word[0], word[1]);
}

void software_issue_right(struct software *software, unsigned state, uint64_t word0, uint64_t word1)
{
	struct queues *of = &software->of[state];

	of->command[0] = word0;
	of->command[1] = word1;
	of->prod = (of->prod + 1) & ((2u << CMDQ_LOG2SIZE) - 1); /* with its wrap bit */
	write_register(software, state, CMDQ_PROD, 4, of->prod);
	if (read_register(software, state, CMDQ_CONS) != of->prod)
		blame(software, "command");
}

/* 4.7.1, 4.7.2 */
enum { CMD_RESUME = 0x44, CMD_STALL_TERM = 0x45, RESUME_AC = 1 << 12, RESUME_AB = 1 << 13 };

/* In the queue of its state or, where there is one, also in the Secure queue, which says by SSec
 * whose stream it is.  4.1.6, 4.7 */
static void issue_for(struct software *software, const struct held *held, unsigned command,
		      uint64_t word1)
{
	const bool secure = held->sec_sid == SMMU3_PAS_SECURE;
	const bool by_secure = software->setup.of[SMMU3_PAS_SECURE].there && held->cookie >> 5 & 1;

	software_issue(software, by_secure ? SMMU3_PAS_SECURE : held->sec_sid,
		       (uint64_t)held->sid << 32 | (uint64_t)secure << 10 | command, word1);
}

/* ---- Transactions that are stalled ---- */

void software_stall_ended(struct software *software, const struct smmu3_stall *stall)
{
	for (unsigned i = 0; i < software->holds; i++) {
		struct held *held = &software->held[i];

		if (held->cookie != stall->cookie)
			continue;
		if (held->sid != stall->sid || held->stag != stall->stag ||
		    held->sec_sid != stall->sec_sid)
			blame(software, "stall_ended");
		held->ended++;
		held->end = stall->end;
		return;
	}
	blame(software, "stall_ended");
}

/* STALL-07: no two that are stalled share a tag. */
static void hold(struct software *software, const struct smmu3_txn *txn,
		 const struct smmu3_event *record)
{
	const uint16_t stag = (uint16_t)record->word[1];

	for (unsigned i = 0; i < software->holds; i++)
		if (software->held[i].stag == stag)
			blame(software, "STAG");
	if (software->holds == HELD_MOST)
		abort();
	software->held[software->holds++] = (struct held){
		.cookie = txn->cookie, .sid = txn->sid, .sec_sid = txn->sec_sid, .stag = stag
	};
}

static bool is_held(const struct smmu3_txn *txn, const struct smmu3_outcome *outcome)
{
	return outcome->verdict == SMMU3_STALLED && !(txn->flags & SMMU3_TXN_PROBE);
}

/* All that are due have ended so, once, and no other has.  What has ended is forgotten. */
static void expect_ends(struct software *software, enum smmu3_stall_end end)
{
	unsigned left = 0;

	for (unsigned i = 0; i < software->holds; i++) {
		const struct held *held = &software->held[i];

		if (held->ended != held->due || (held->due && held->end != end))
			blame(software, "stall_ended");
		if (!held->due)
			software->held[left++] = *held;
	}
	software->holds = left;
}

/* ---- Their ends ---- */

static void all_due(struct software *software)
{
	for (unsigned i = 0; i < software->holds; i++)
		software->held[i].due = true;
}

static void state_due(struct software *software, unsigned sec_sid)
{
	for (unsigned i = 0; i < software->holds; i++)
		software->held[i].due = software->held[i].sec_sid == sec_sid;
}

static void stream_due(struct software *software, struct held of)
{
	state_due(software, of.sec_sid);
	for (unsigned i = 0; i < software->holds; i++)
		software->held[i].due &= software->held[i].sid == of.sid;
}

static void resume_oldest(struct software *software, unsigned action, enum smmu3_stall_end end)
{
	software->held[0].due = true;
	issue_for(software, &software->held[0], CMD_RESUME | action, software->held[0].stag);
	expect_ends(software, end);
}

static void resume_with_retry(struct software *software)
{
	resume_oldest(software, RESUME_AC | RESUME_AB, SMMU3_STALL_RETRY);
}

static void resume_with_abort(struct software *software)
{
	resume_oldest(software, RESUME_AB, SMMU3_STALL_ABORT);
}

static void resume_with_zero(struct software *software)
{
	const bool term_model = software->setup.config.idr[0] >> 26 & 1;

	resume_oldest(software, 0, term_model ? SMMU3_STALL_ABORT : SMMU3_STALL_RAZ_WI);
}

static void terminate(struct software *software)
{
	stream_due(software, software->held[0]);
	issue_for(software, &software->held[0], CMD_STALL_TERM, 0);
	expect_ends(software, SMMU3_STALL_ABORT);
}

void software_disable(struct software *software, unsigned state)
{
	state_due(software, state);
	enable(software, state, SMMUEN);
	expect_ends(software, SMMU3_STALL_ABORT);
}

void software_enable(struct software *software, unsigned state)
{
	enable(software, state, 0);
}

static void disable(struct software *software)
{
	const unsigned state = software->held[0].sec_sid;

	software_disable(software, state);
	enable(software, state, 0);
}

static void reset(struct software *software)
{
	all_due(software);
	smmu3_reset(software->smmu);
	software->was_reset = true;
	expect_ends(software, SMMU3_STALL_ABORT);
	software_start(software);
}

static void (*const act[ENDINGS])(struct software *software) = {
	[RESUME_RETRY] = resume_with_retry,
	[RESUME_ABORT] = resume_with_abort,
	[RESUME_RAZ_WI] = resume_with_zero,
	[STALL_TERM] = terminate,
	[DISABLING] = disable,
	[RESETTING] = reset,
	[QUEUE_OPENED] = resume_with_retry, /* of those that have been seen */
};

/* One that nobody has seen is retried when it can be seen. */
static void open_queue(struct software *software, unsigned state, bool held)
{
	if (held)
		software->held[software->holds - 1].due = true;
	enable(software, state, 0);
	expect_ends(software, SMMU3_STALL_RETRY);
}

/* ---- Around an access ---- */

void software_before(struct software *software, const struct smmu3_txn *txn)
{
	for (unsigned state = 0; state < STATES; state++)
		software->of[state].records = software->of[state].told = 0;
	if (ending_of(txn) == QUEUE_OPENED)
		enable(software, txn->sec_sid, EVENTQEN);
}

/* Of an adverse SMMU, SubstreamID without SSV and, of faults of stage 1, the IPA may be anything in
 * the queue.  7.3 */
static bool same_record(const struct software *software, const struct smmu3_outcome *outcome,
			const uint64_t *record)
{
	enum { F_STREAM_DISABLED = 0x06, C_BAD_SUBSTREAMID = 0x08 }; /* without SSV */
	enum { F_TRANSLATION = 0x10, F_PERMISSION = 0x13, SSV = 11 };
	uint64_t known[4] = { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX }, differ = 0;

	if (software->setup.adverse && !(record[0] >> SSV & 1) &&
	    (outcome->event < F_STREAM_DISABLED || outcome->event > C_BAD_SUBSTREAMID))
		known[0] = UINT64_C(0xffffffff00000fff);
	if (software->setup.adverse && outcome->event >= F_TRANSLATION &&
	    outcome->event <= F_PERMISSION && outcome->fault_stage != 2)
		known[3] = 0;
	for (unsigned i = 0; i < 4; i++)
		differ |= (record[i] ^ outcome->record.word[i]) & known[i];
	return !differ;
}

static void check_queue(struct software *software, const struct smmu3_txn *txn,
			const struct smmu3_outcome *outcome)
{
	struct queues *of = &software->of[txn->sec_sid];

	if (ending_of(txn) == QUEUE_OPENED || !outcome->recorded)
		return;
	if (of->told >= of->records || of->records > RECORDS_MOST)
		blame(software, "records");
	else if (!same_record(software, outcome, of->record[of->told]))
		blame(software, "the record in the queue");
	of->told++;
}

const char *software_told(struct software *software)
{
	for (unsigned state = 0; state < STATES; state++)
		if (software->of[state].records != software->of[state].told)
			blame(software, "records");
	return software->mistake;
}

const char *software_outcome(struct software *software, const struct smmu3_txn *txn,
			     const struct smmu3_outcome *outcome)
{
	check_queue(software, txn, outcome);
	if (is_held(txn, outcome))
		hold(software, txn, &outcome->record);
	return software->mistake;
}

const char *software_after(struct software *software, const struct smmu3_txn *txn,
			   const struct smmu3_outcome *outcome)
{
	const bool held = is_held(txn, outcome);

	if (ending_of(txn) == QUEUE_OPENED)
		open_queue(software, txn->sec_sid, held);
	else if (held && !is_left(txn))
		act[ending_of(txn)](software);
	if (outcome->verdict == SMMU3_BUSY)
		act[ending_of(txn)](software);
	return software->mistake;
}

const char *software_end(struct software *software)
{
	all_due(software);
	expect_ends(software, SMMU3_STALL_ABORT);
	return software->mistake;
}
