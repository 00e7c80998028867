/* SPDX-License-Identifier: MIT */
#include "board.h"
#include "devices.h"
#include "files.h"
#include "ports.h"
#include "software.h"

#include <smmu/stats.h>
#include <string.h>

/* ---- Registers and memory ---- */

uint64_t board_place(const struct board *board, uint64_t offset)
{
	enum { SECURE_HALF = 0x8000, PAGE_1 = 0x10000 };

	return board->secure && offset < 2 * PAGE_1 ? SECURE_HALF | (offset & (SECURE_HALF - 1)) :
						      offset;
}

uint64_t board_read(struct board *board, uint64_t offset, unsigned size)
{
	uint64_t value;

	DEMAND(!smmu3_mmio_read(board->smmu, board_state(board), board_place(board, offset), size,
				&value));
	return value;
}

void board_write(struct board *board, uint64_t offset, unsigned size, uint64_t value)
{
	DEMAND(!smmu3_mmio_write(board->smmu, board_state(board), board_place(board, offset), size,
				 value));
}

uint64_t *board_word(struct board *board, uint64_t address)
{
	const uint64_t in_ram = address - RAM_AT;

	return in_ram < RAM_BYTES ? &board->ram[in_ram / 8] : NULL;
}

static bool in_registers(const struct smmu3_mem_access *access)
{
	return access->pa - REGISTERS_AT < REGISTERS_BYTES;
}

/* How memory answers: where there is any, unless there is trouble. */
static enum smmu3_mem_result answer(struct board *board, const struct smmu3_mem_access *access)
{
	struct trouble *trouble = &board->trouble[access->reason];

	if (board_spent(board) || (!board_word(board, access->pa) && !in_registers(access)))
		return SMMU3_MEM_ABORT;
	if (!trouble->left || --trouble->left)
		return SMMU3_MEM_OK;
	trouble->left = trouble->lasting;
	return trouble->how;
}

/* What monitors do that a board without them would not see. */
static void note_monitors(struct board *board, const struct smmu3_mem_access *access)
{
	const uint64_t offset = access->pa - REGISTERS_AT;

	board->monitors_show |= access->reason == SMMU3_REASON_MSI && board->config.pmcg_cfgr;
	board->monitors_show |= offset >= PAGES_OF_MONITORS && offset < REGISTERS_BYTES;
}

static void load(struct board *board, const struct smmu3_mem_access *access, uint64_t *data)
{
	if (!in_registers(access)) {
		memcpy(data, board_word(board, access->pa), access->bytes);
		return;
	}
	for (unsigned i = 0; i < access->bytes / 8; i++)
		data[i] = board_read(board, access->pa - REGISTERS_AT + 8 * (uint64_t)i, 8);
}

/* Messages are 32-bit writes, records 64-bit ones. */
static void store(struct board *board, const struct smmu3_mem_access *access, const char *data)
{
	const unsigned size = access->bytes == 4 ? 4 : 8;

	if (!in_registers(access)) {
		memcpy((char *)board->ram + (access->pa - RAM_AT), data, access->bytes);
		return;
	}
	for (unsigned at = 0; at < access->bytes; at += size) {
		uint64_t value = 0;

		memcpy(&value, data + at, size);
		board_write(board, access->pa - REGISTERS_AT + at, size, value);
	}
}

/* ---- Callbacks ---- */

/* Is it something that the SMMU does of its own accord, one at a time? */
static bool is_act(unsigned place)
{
	return place >= SMMU3_REASON_CMDQ && place != SMMU3_REASON_DPT;
}

/* False: too much has been done already, and nobody looks. */
static bool enter(struct board *board, unsigned place)
{
	DEMAND(!is_act(place) || !board->in_act);
	DEMAND(!board->quiet || place == AT_STALL_ENDED);
	board->in_act |= is_act(place);
	if (!board_spent(board)) {
		board->calls++;
		return true;
	}
	DEMAND(++board->calls_after < CALLS_AFTER);
	return false;
}

static bool board_may_act(const struct board *board)
{
	return !board->quiet && !board_spent(board) && board->depth < DEPTH_MOST;
}

static void leave(struct board *board, unsigned place)
{
	struct armed *armed = &board->armed[place];

	if (armed->times && board_may_act(board)) {
		armed->times--;
		board->acted = true;
		board->depth++;
		software_step(board, &armed->step);
		board->depth--;
	}
	if (!board->quiet && !board_spent(board))
		board_check_held(board, place);
	board->in_act &= !is_act(place);
}

/* Registers count for what the SMMU does of its own accord. */
static void look_at_access(struct board *board, const struct smmu3_mem_access *access,
			   const void *written)
{
	const bool acts = is_act(access->reason);
	const struct view now = acts ? board_look(board) : (struct view){ 0 };

	board_check_access(board, &now, access, written);
}

static void keep_command(struct board *board, const uint64_t *data)
{
	memcpy(board->command, data, sizeof(board->command));
	board->command_known = true;
}

static enum smmu3_mem_result on_read(void *context, const struct smmu3_mem_access *access,
				     void *data)
{
	struct board *board = context;
	const bool looks = enter(board, access->reason);
	const enum smmu3_mem_result result = answer(board, access);

	note_monitors(board, access);
	if (looks)
		look_at_access(board, access, NULL);
	if (result == SMMU3_MEM_OK)
		load(board, access, data);
	if (access->reason == SMMU3_REASON_CMDQ && result == SMMU3_MEM_OK)
		keep_command(board, data);
	leave(board, access->reason);
	return result;
}

static enum smmu3_mem_result on_write(void *context, const struct smmu3_mem_access *access,
				      const void *data)
{
	struct board *board = context;
	const bool looks = enter(board, access->reason);
	const enum smmu3_mem_result result = answer(board, access);

	note_monitors(board, access);
	if (looks)
		look_at_access(board, access, data);
	if (result == SMMU3_MEM_OK)
		store(board, access, data);
	else
		board->failed = true;
	if (access->reason == SMMU3_REASON_EVENTQ && result == SMMU3_MEM_OK)
		board_see_record(board, data);
	if (access->reason == SMMU3_REASON_PRIQ && result == SMMU3_MEM_OK)
		board_see_page(board, data);
	leave(board, access->reason);
	return result;
}

/* In a RAM window, where it stands already. */
static void on_written(void *context, const struct smmu3_mem_access *access)
{
	struct board *board = context;
	const char *data = (const char *)board->ram + (access->pa - RAM_AT);

	DEMAND(access->pa - RAM_AT < RAM_BYTES &&
	       board->window[(access->pa - RAM_AT) / (RAM_BYTES / HALVES)]);
	note_monitors(board, access);
	if (enter(board, AT_WRITTEN))
		look_at_access(board, access, data);
	if (access->reason == SMMU3_REASON_EVENTQ)
		board_see_record(board, (const void *)data);
	if (access->reason == SMMU3_REASON_PRIQ)
		board_see_page(board, data);
	leave(board, AT_WRITTEN);
}

/* A Secure interface has interrupts of its own. */
static enum smmu3_interrupt own_interrupt(const struct board *board, enum smmu3_interrupt interrupt)
{
	if (!board->secure) {
		DEMAND(interrupt <= SMMU3_INTERRUPT_PMCG);
		return interrupt;
	}
	DEMAND(interrupt >= SMMU3_INTERRUPT_S_EVENTQ);
	return interrupt == SMMU3_INTERRUPT_S_EVENTQ ? SMMU3_INTERRUPT_EVENTQ :
	       interrupt == SMMU3_INTERRUPT_S_GERROR ? SMMU3_INTERRUPT_GERROR :
						       SMMU3_INTERRUPT_CMD_SYNC;
}

static void on_interrupt(void *context, enum smmu3_interrupt interrupt)
{
	struct board *board = context;

	board->monitors_show |= interrupt == SMMU3_INTERRUPT_PMCG;
	interrupt = own_interrupt(board, interrupt);
	if (enter(board, AT_INTERRUPT)) {
		const struct view now = board_look(board);

		board_check_interrupt(board, &now, interrupt);
	}
	leave(board, AT_INTERRUPT);
}

static void on_send_event(void *context)
{
	struct board *board = context;

	if (enter(board, AT_SEND_EVENT)) {
		(void)board_look(board);
		board_check_send_event(board);
	}
	leave(board, AT_SEND_EVENT);
}

static void on_invalidate(void *context, const struct smmu3_invalidation *scope)
{
	struct board *board = context;

	board->by_register = scope->kind == SMMU3_INVALIDATES_ALL;
	if (enter(board, AT_INVALIDATE)) {
		(void)board_look(board);
		board_check_scope(board, scope);
	}
	leave(board, AT_INVALIDATE);
}

/* A retry at once is something that software does inside. */
static void retry_inside(struct board *board)
{
	if (!board->stalls.retries_inside || !board_may_act(board))
		return;
	board->acted = true;
	board->depth++;
	device_retry_next(board);
	board->depth--;
}

static void on_stall_ended(void *context, const struct smmu3_stall *stall)
{
	struct board *board = context;
	const bool looks = enter(board, AT_STALL_ENDED) && !board->quiet;
	const struct view now = looks ? board_look(board) : (struct view){ 0 };

	board_end_stall(board, looks ? &now : NULL, stall);
	if (stall->end == SMMU3_STALL_RETRY)
		retry_inside(board);
	leave(board, AT_STALL_ENDED);
}

static void on_atc_invalidate(void *context, const struct smmu3_atc_invalidation *request)
{
	struct board *board = context;

	if (enter(board, AT_ATC_INVALIDATE))
		(void)board_look(board);
	board_see_invalidation(board, request);
	leave(board, AT_ATC_INVALIDATE);
}

static void on_page_response(void *context, const struct smmu3_page_response *response)
{
	struct board *board = context;

	if (enter(board, AT_PAGE_RESPONSE))
		(void)board_look(board);
	board_see_response(board, response);
	leave(board, AT_PAGE_RESPONSE);
}

/* ---- The board ---- */

struct smmu3 *board_smmu(struct board *board, const struct smmu3_config *config)
{
	const struct smmu3_host host = {
		.size = sizeof(host),
		.context = board,
		.read = on_read,
		.write = on_write,
		.written = on_written,
		.interrupt = on_interrupt,
		.send_event = on_send_event,
		.invalidate = on_invalidate,
		.stall_ended = on_stall_ended,
		.atc_invalidate = on_atc_invalidate,
		.page_response = on_page_response,
	};
	struct smmu3 *const smmu = smmu3_create(config, &host, NULL);

	DEMAND(smmu);
	return smmu;
}

/* The kinds of machines with a Secure state have nothing for PCIe endpoints, and no ATOS. */
static struct smmu3_config secure_view(const struct smmu3_config *config)
{
	const uint32_t own = 3u << 24 | 1u << 13; /* STALL_MODEL, MSI */
	const uint32_t sel2 = config->s_idr[1] >> 29 & 1;
	struct smmu3_config view = *config;

	view.idr[0] = (view.idr[0] & ~(own | 1u | 1u << 9)) | (config->s_idr[0] & own) | sel2 |
		      sel2 << 9;
	return view;
}

void board_open(struct board *board, const struct smmu3_config *config, struct smmu3 *smmu)
{
	memset(board, 0, sizeof(*board));
	board->secure = config->s_idr[1] >> 31;
	board->config = board->secure ? secure_view(config) : *config;
	board->smmu = smmu;
	smmu3_stats_reset(smmu);
	ports_open(board);
}

void board_reset(struct board *board)
{
	board->quiet = true;
	smmu3_reset(board->smmu);
	board_forget_endpoints(board);
	board->quiet = false;
	board->unrung = 0;
	board_check_reset(board);
}

void board_close(struct board *board)
{
	board_begin(board);
	ports_close(board);
	for (unsigned half = 0; half < HALVES; half++)
		board_set_window(board, half, false);
	board_reset(board);
}

void board_destroy(struct board *board)
{
	board_begin(board);
	ports_close(board);
	board->quiet = true;
	smmu3_destroy(board->smmu);
	DEMAND(!board->stalls.held_count);
}

void board_set_window(struct board *board, unsigned half, bool window)
{
	const uint64_t at = half * (uint64_t)(RAM_BYTES / HALVES);

	if (window == board->window[half])
		return;
	DEMAND(!(window ? smmu3_add_ram(board->smmu, RAM_AT + at, RAM_BYTES / HALVES, SMMU3_PAS_ALL,
					&board->ram[at / 8]) :
			  smmu3_remove_ram(board->smmu, RAM_AT + at, SMMU3_PAS_ALL)));
	board->window[half] = window;
	board->command_known = false;
}

void board_record(struct records *records, const struct smmu3_event *record)
{
	if (records->count < RECORDS_MOST)
		records->record[records->count] = *record;
	records->count++;
}
