/* SPDX-License-Identifier: MIT */
/* What must hold on a board.  Offsets and bit numbers are the architecture's, written out here. */
#include "board.h"
#include "files.h"
#include "lookups.h"
#include "monitors.h"

#include <string.h>

#define BIT(n) (UINT64_C(1) << (n))

enum { SMMUEN = 1, PRIQEN = 2, EVENTQEN = 4, CMDQEN = 8, CR0_KNOWN = 0x1df, DPT_WALK_EN = 0x400 };
enum { IRQ_CTRL_KNOWN = 7 };
enum { CMDQ_ERR = 0x01, EVENTQ_ABT_ERR = 0x04, PRIQ_ABT_ERR = 0x08 };
enum { MSI_ERRORS = 0xb0, MSI_PRIQ_ERROR = 0x40, SFM_ERR = 0x100, DPT_ERR = 0x400 };
enum { INDEX_BITS = 0xfffff, OVERFLOW_BIT = 31, REASON_LSB = 24 };

unsigned board_oas_bits(const struct board *board)
{
	static const uint8_t bits[] = { 32, 36, 40, 42, 44, 48, 52, 56 };

	return bits[board->config.idr[5] & 7];
}

static uint64_t low(unsigned bits)
{
	return BIT(bits) - 1;
}

/* ---- Queues.  3.5.1 ---- */

struct queue_view {
	uint64_t base;
	uint32_t prod, cons, entries;
};

/* most: log2 of the entries that there can be; bytes: of an entry. */
static struct queue_view queue_view(uint64_t base, uint32_t prod, uint32_t cons, unsigned most,
				    unsigned bytes)
{
	const unsigned size = (base & 31) < most ? (unsigned)(base & 31) : most;
	const uint32_t entries = UINT32_C(1) << size;
	const uint64_t align = entries * (uint64_t)bytes > 32 ? entries * (uint64_t)bytes : 32;

	return (struct queue_view){ (base & low(56)) & ~(align - 1), prod & (2 * entries - 1),
				    cons & (2 * entries - 1), entries };
}

static struct queue_view commands(const struct board *board, const struct view *now)
{
	return queue_view(now->cmdq_base, now->cmdq_prod, now->cmdq_cons,
			  board->config.idr[1] >> 21 & 31, 16);
}

static struct queue_view events(const struct board *board, const struct view *now)
{
	return queue_view(now->eventq_base, now->eventq_prod, now->eventq_cons,
			  board->config.idr[1] >> 16 & 31, 32);
}

static struct queue_view pages(const struct board *board, const struct view *now)
{
	return queue_view(now->priq_base, now->priq_prod, now->priq_cons,
			  board->config.idr[1] >> 11 & 31, 16);
}

static bool has_dpt(const struct board *board)
{
	return board_has(board, 3, 15);
}

static uint32_t filled(const struct queue_view *queue)
{
	return (queue->prod - queue->cons) & (2 * queue->entries - 1);
}

static bool active(const struct view *now, uint32_t error)
{
	return (now->gerror ^ now->gerrorn) & error;
}

static bool commands_wait(const struct board *board, const struct view *now)
{
	const struct queue_view queue = commands(board, now);

	return now->cr0 & CMDQEN && !active(now, CMDQ_ERR) && filled(&queue) &&
	       filled(&queue) <= queue.entries;
}

bool board_takes_records(const struct board *board, const struct view *now)
{
	const struct queue_view queue = events(board, now);

	return now->cr0 & EVENTQEN && !active(now, EVENTQ_ABT_ERR) &&
	       filled(&queue) < queue.entries;
}

/* ---- Registers ---- */

static void check_indexes(const struct board *board, const struct view *now)
{
	const struct queue_view cmdq = commands(board, now), eventq = events(board, now);
	const uint32_t reason = now->cmdq_cons >> REASON_LSB;

	DEMAND((now->cmdq_cons & INDEX_BITS) == cmdq.cons);
	DEMAND(reason <= (board_has(board, 0, 10) ? 3 : 2) &&
	       !(now->cmdq_cons & ~(INDEX_BITS | UINT32_C(3) << REASON_LSB)));
	DEMAND(!reason || active(now, CMDQ_ERR));
	DEMAND((now->eventq_prod & ~BIT(OVERFLOW_BIT)) == eventq.prod);
	DEMAND((now->priq_prod & ~BIT(OVERFLOW_BIT)) == pages(board, now).prod);
}

static void check_errors(const struct board *board, const struct view *now)
{
	const bool pri = board_has(board, 0, 16), msi = board_has(board, 0, 13);
	const uint32_t errors = CMDQ_ERR | EVENTQ_ABT_ERR | (msi ? MSI_ERRORS : 0) |
				(pri ? PRIQ_ABT_ERR : 0) | (pri && msi ? MSI_PRIQ_ERROR : 0) |
				(has_dpt(board) ? DPT_ERR : 0);

	DEMAND(!(now->gerror & ~errors));
	DEMAND(!((now->gerror ^ now->gerrorn) & ~(errors | SFM_ERR)));
}

/* A syndrome of a DPT lookup fault, or nothing.  6.3.48 */
static void check_dpt_fault(struct board *board)
{
	const uint64_t far = board_read(board, 0x210, 8);
	const unsigned code = far >> 4 & 15, level = far >> 1 & 1;

	DEMAND(!far || (has_dpt(board) && far & 1 && !(far & 0xf0c)));
	DEMAND(code <= 3 && code != 2 && (code || !level));
	DEMAND(!(far >> board_oas_bits(board)));
}

/* Of S_CR0 those that have no meaning read as zero.  6.3.57 */
static uint32_t cr0_known(const struct board *board)
{
	enum { SIF = 0x20, VMW = 0x1c0, NSSTALLD = 0x200 };
	const bool allowed = !(board->config.idr[0] & 3u << 24); /* STALL_MODEL 0 */

	if (!board->secure)
		return CR0_KNOWN | (has_dpt(board) ? DPT_WALK_EN : 0);
	return SMMUEN | EVENTQEN | CMDQEN | SIF | (board_has(board, 0, 17) ? VMW : 0) |
	       (allowed ? NSSTALLD : 0);
}

static void check_acknowledgements(const struct board *board, const struct view *now)
{
	const uint32_t known = cr0_known(board);

	DEMAND(!((now->cr0 | now->cr0ack) & ~known));
	DEMAND(!(now->cr0 & ~now->cr0ack));
	DEMAND(!((now->irq_ctrl | now->irq_ctrlack) & ~(uint32_t)IRQ_CTRL_KNOWN));
	DEMAND(!(now->irq_ctrl & ~now->irq_ctrlack));
}

struct view board_look(struct board *board)
{
	const uint64_t cr0 = board_read(board, 0x20, 8), irq = board_read(board, 0x50, 8);
	const uint64_t gerror = board_read(board, 0x60, 8), cmdq = board_read(board, 0x98, 8);
	const uint64_t eventq = board_read(board, 0x100a8, 8), priq = board_read(board, 0x100c8, 8);
	const struct view now = {
		.cr0 = (uint32_t)cr0,
		.cr0ack = (uint32_t)(cr0 >> 32),
		.irq_ctrl = (uint32_t)irq,
		.irq_ctrlack = (uint32_t)(irq >> 32),
		.gerror = (uint32_t)gerror,
		.gerrorn = (uint32_t)(gerror >> 32),
		.cmdq_prod = (uint32_t)cmdq,
		.cmdq_cons = (uint32_t)(cmdq >> 32),
		.eventq_prod = (uint32_t)eventq,
		.eventq_cons = (uint32_t)(eventq >> 32),
		.priq_prod = (uint32_t)priq,
		.priq_cons = (uint32_t)(priq >> 32),
		.priq_base = board_read(board, 0xc0, 8),
		.cmdq_base = board_read(board, 0x90, 8),
		.eventq_base = board_read(board, 0xa0, 8),
	};

	check_indexes(board, &now);
	check_errors(board, &now);
	check_acknowledgements(board, &now);
	check_dpt_fault(board);
	return now;
}

/* ---- A step ---- */

void board_begin(struct board *board)
{
	board->acted = board->failed = false;
	board->calls_after = 0;
	board->recorded.count = board->written.count = 0;
}

/* Every record that was written is one that an outcome told of, and each is written once. */
static void check_records(const struct board *board)
{
	const struct records *recorded = &board->recorded, *written = &board->written;
	bool used[RECORDS_MOST] = { false };

	if (recorded->count > RECORDS_MOST || written->count > RECORDS_MOST)
		return;
	for (unsigned i = 0; i < written->count; i++) {
		unsigned at = 0;

		while (at < recorded->count &&
		       (used[at] || memcmp(&recorded->record[at], &written->record[i],
					   sizeof(written->record[i])) != 0))
			at++;
		DEMAND(at < recorded->count);
		used[at] = true;
	}
}

void board_end(struct board *board)
{
	const struct view now = board_look(board);

	DEMAND(!board->in_act && !board->depth);
	/* CMD_SYNC waits for them */
	const uint32_t busy = board->endpoints.tags || board->ports.section ? CMDQEN : 0;

	DEMAND(!commands_wait(board, &now) || busy);
	DEMAND(!((now.cr0 ^ now.cr0ack) & ~busy) && now.irq_ctrl == now.irq_ctrlack);
	DEMAND(board_read(board, 0xa8, 8) == board_read(board, 0x100a8, 8));
	DEMAND(board_read(board, 0x00, 4) ==
	       (board->secure ? board->config.s_idr : board->config.idr)[0]);
	DEMAND(!(board_read(board, 0x44, 4) & BIT(31))); /* GBPA.Update */
	check_records(board);
	board_check_stalls(board, &now);
	board_check_lookups(board);
	board_check_monitors(board);
	board_check_endpoints(board);
}

void board_check_reset(struct board *board)
{
	static const struct view zero;
	const struct view now = board_look(board);

	DEMAND(!memcmp(&now, &zero, sizeof(now)));
	DEMAND(!board->stalls.held_count);
	DEMAND(board_read(board, 0x44, 4) == board->config.gbpa_reset);
}

/* ---- What the SMMU does of its own accord ---- */

void board_check_attr(struct smmu3_attr attr)
{
	const bool device = attr.mair <= 0x0c && !(attr.mair & 3);

	DEMAND(device || (attr.mair >> 4 && attr.mair & 0xf)); /* 0x40 apart, no other encodings */
	DEMAND(attr.sh == SMMU3_NSH || attr.sh == SMMU3_OSH || attr.sh == SMMU3_ISH);
	DEMAND(attr.sh == SMMU3_OSH || (!device && attr.mair != 0x44));
}

/* The next command, of a queue that is enabled, not in error, and has one.  3.5.1, 7.1 */
static void check_command(const struct board *board, const struct view *now,
			  const struct smmu3_mem_access *access)
{
	const struct queue_view queue = commands(board, now);

	DEMAND(access->bytes == 16);
	DEMAND(commands_wait(board, now) && now->cr0ack & CMDQEN);
	DEMAND(access->pa == queue.base + 16 * (uint64_t)(queue.cons & (queue.entries - 1)));
}

/* The next free entry of a queue that takes records.  7.2 */
static void check_event(const struct board *board, const struct view *now,
			const struct smmu3_mem_access *access)
{
	const struct queue_view queue = events(board, now);

	DEMAND(access->bytes == 32);
	DEMAND(board_takes_records(board, now) && now->cr0ack & EVENTQEN);
	DEMAND(access->pa == queue.base + 32 * (uint64_t)(queue.prod & (queue.entries - 1)));
}

/* The same of the PRI queue, which takes none in overflow.  8.1, 8.2 */
static void check_page(const struct board *board, const struct view *now,
		       const struct smmu3_mem_access *access)
{
	const struct queue_view queue = pages(board, now);

	DEMAND(access->bytes == 16 && board_has(board, 0, 16));
	DEMAND(now->cr0 & now->cr0ack & PRIQEN && now->cr0 & SMMUEN);
	DEMAND(!active(now, PRIQ_ABT_ERR) && filled(&queue) < queue.entries);
	DEMAND(!((now->priq_prod ^ now->priq_cons) >> OVERFLOW_BIT));
	DEMAND(access->pa == queue.base + 16 * (uint64_t)(queue.prod & (queue.entries - 1)));
}

/* Of what a Secure stream reads, CDs and translation tables may be in Non-secure memory. */
static bool of_tables(const struct smmu3_mem_access *access)
{
	return access->reason >= SMMU3_REASON_L1CD && access->reason <= SMMU3_REASON_S2_TTD;
}

void board_check_access(const struct board *board, const struct view *now,
			const struct smmu3_mem_access *access, const void *written)
{
	DEMAND(access->pas <= board_state(board) && access->pa % access->bytes == 0);
	DEMAND(of_tables(access) || access->pas == board_state(board));
	DEMAND(!(access->pa >> board_oas_bits(board)));
	board_check_attr(access->attr);
	switch (access->reason) {
	case SMMU3_REASON_CMDQ:
		DEMAND(!written);
		check_command(board, now, access);
		return;
	case SMMU3_REASON_EVENTQ:
		DEMAND(written);
		check_event(board, now, access);
		return;
	case SMMU3_REASON_PRIQ:
		DEMAND(written);
		check_page(board, now, access);
		return;
	case SMMU3_REASON_MSI:
		DEMAND(written);
		board_check_message(board, now, access, written);
		return;
	default:
		DEMAND(!written && (access->bytes == 8 || access->bytes == 64));
	}
}

void board_check_held(struct board *board, unsigned place)
{
	static const uint8_t enables[PLACES] = {
		[SMMU3_REASON_CMDQ] = CMDQEN, [SMMU3_REASON_EVENTQ] = EVENTQEN,
		[SMMU3_REASON_PRIQ] = PRIQEN, [AT_INVALIDATE] = CMDQEN,
		[AT_ATC_INVALIDATE] = CMDQEN,
	};

	if (place != AT_INVALIDATE || !board->by_register)
		DEMAND(!(enables[place] & ~board_read(board, 0x24, 4)));
}

/* A scope that goes round or begins in the middle of what it names would be one of less. */
void board_check_scope(const struct board *board, const struct smmu3_invalidation *scope)
{
	const uint64_t left = UINT64_MAX - scope->addr;

	if (scope->kind == SMMU3_INVALIDATES_ALL) {
		DEMAND(board->secure);
		return;
	}
	DEMAND(scope->kind <= SMMU3_INVALIDATES_DPT && scope->sec_sid <= board_state(board));
	if (scope->sec_sid != board_state(board)) /* of a Secure queue */
		return;
	DEMAND(scope->kind != SMMU3_INVALIDATES_STAGE1 || board_has(board, 0, 1));
	DEMAND(scope->kind != SMMU3_INVALIDATES_STAGE2 || board_has(board, 0, 0));
	DEMAND((scope->kind <= SMMU3_INVALIDATES_STAGES) == (scope->worlds != 0));
	DEMAND(!(scope->worlds & ~(board->secure ? 15 : 7)) &&
	       (scope->worlds <= SMMU3_WORLD_EL1 || scope->worlds == SMMU3_WORLD_EL3 ||
		board_has(board, 0, 9)));
	DEMAND(scope->kind != SMMU3_INVALIDATES_DPT || has_dpt(board));
	DEMAND(scope->any_asid <= 1 && scope->any_vmid <= 1 && scope->any_ssid <= 1);
	DEMAND(scope->leaf <= 1 && scope->ssid < 1u << 20);
	DEMAND(scope->any_vmid || (scope->vmids >= 1 && scope->vmids <= 16));
	DEMAND(scope->any_vmid || scope->vmid % scope->vmids == 0);
	DEMAND(scope->vmids <= 1 || board_has(board, 0, 17));
	DEMAND(scope->addr % 4096 == 0 && (!scope->bytes || scope->bytes - 1 <= left));
	DEMAND(!scope->sids || scope->sid + (scope->sids - 1) <= UINT32_MAX);
}
