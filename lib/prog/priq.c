/* SPDX-License-Identifier: MIT */
#include "prog/priq.h"

#include "prog/adversity.h"
#include "prog/eventq.h"
#include "prog/fields.h"
#include "prog/interrupts.h"
#include "prog/queue_regs.h"

/* ---- Those that wait ---- */

bool priq_request(struct work *work, const struct pri *page)
{
	if (work->pages == WORK_PAGES)
		return false;
	work->page[(work->first_page + work->pages++) % WORK_PAGES] = *page;
	return true;
}

static struct pri take_page(struct work *work)
{
	const struct pri page = work->page[work->first_page];

	work->first_page = (work->first_page + 1) % WORK_PAGES;
	work->pages--;
	work->pages_ahead -= work->pages_ahead != 0;
	return page;
}

/* A Stop Marker, which nobody is to answer.  8 */
static bool is_stop_marker(const struct pri *page)
{
	return pri_get(page, PRI_SSV) && pri_get(page, PRI_LAST) && !pri_get(page, PRI_W) &&
	       !pri_get(page, PRI_R);
}

/* ---- Answers ---- */

static void answer(struct work *work, const struct pri *page, enum smmu3_page_code code,
		   bool with_pasid)
{
	if (is_stop_marker(page))
		return;
	work->responding = true;
	work->response = (struct smmu3_page_response){
		.sid = (uint32_t)pri_get(page, PRI_STREAMID),
		.ssid = with_pasid ? (uint32_t)pri_get(page, PRI_SUBSTREAMID) : 0,
		.prgindex = (uint16_t)pri_get(page, PRI_PRGINDEX),
		.sec_sid = (uint8_t)work->bank,
		.ssv = with_pasid,
		.code = (uint8_t)code,
	};
}

void respond_by_command(struct work *work, const struct features *features, const struct cmd *cmd)
{
	static const uint8_t codes[] = { [CMD_RESP_FAILURE] = SMMU3_PAGE_FAILURE,
					 [CMD_RESP_INVALID] = SMMU3_PAGE_INVALID,
					 [CMD_RESP_SUCCESS] = SMMU3_PAGE_SUCCESS };
	const bool ssv = features->ssidsize && cmd_get(cmd, CMD_SSV);

	work->responding = true;
	work->response = (struct smmu3_page_response){
		.sid = (uint32_t)cmd_get(cmd, CMD_STREAMID),
		.ssid = ssv ? (uint32_t)cmd_get(cmd, CMD_SUBSTREAMID) : 0,
		.prgindex = (uint16_t)cmd_get(cmd, CMD_PRGINDEX),
		.sec_sid = features->sec_sid,
		.ssv = ssv,
		.code = codes[cmd_get(cmd, CMD_RESP)],
	};
}

bool next_response(struct work *work, struct act *act)
{
	const bool due = work->responding;

	if (due)
		*act = (struct act){ .kind = ACT_ANSWER_PAGE, .response = work->response };
	work->responding = false;
	return due;
}

/* ---- Overflow, 8.1 ---- */

static bool overflowed(const struct prog *prog)
{
	return prog_get(prog, PROG_PRIQ_PROD, EVENTQ_PROD_OVFLG) !=
	       prog_get(prog, PROG_PRIQ_CONS, EVENTQ_CONS_OVACKFLG);
}

static void overflow(struct prog *prog)
{
	if (!overflowed(prog))
		prog_put(prog, PROG_PRIQ_PROD, EVENTQ_PROD_OVFLG,
			 !prog_get(prog, PROG_PRIQ_PROD, EVENTQ_PROD_OVFLG));
}

static bool last_only(const struct prog *prog)
{
	return prog_get(prog, PROG_PRIQ_IRQ_CFG2, IRQ_CFG2_LO);
}

/* Only the last of a group is answered, and so that the endpoint tries again.  Its PASID goes back
 * with the answer, or does as its STE says, which must then be asked: true, with the act. */
static bool answer_overflow(struct prog *prog, struct work *work, const struct features *features,
			    const struct pri *page, struct act *act)
{
	const bool pasid = pri_get(page, PRI_SSV);

	if (!pri_get(page, PRI_LAST))
		return false;
	if (last_only(prog))
		raise_interrupt(prog, work, SMMU3_INTERRUPT_PRIQ);
	if (pasid && !features->pps && !is_stop_marker(page)) {
		*act = (struct act){ .kind = ACT_CHECK_PAGE, .check = { .page = *page } };
		return true;
	}
	answer(work, page, SMMU3_PAGE_SUCCESS, pasid);
	return false;
}

void page_checked(struct prog *prog, struct work *work, const struct act *act)
{
	const struct page_check *check = &act->check;

	answer(work, &check->page, check->found ? SMMU3_PAGE_SUCCESS : SMMU3_PAGE_FAILURE,
	       check->found && check->ppar);
	if (!check->recorded)
		return;
	if (eventq_takes(work))
		eventq_record(prog, work, &check->event);
	else
		eventq_lose(prog, work);
}

/* ---- The queue ---- */

/* There is no Secure PRIQEN, so that what Secure streams ask is refused.  6.3.9.5, 8.2 */
static bool pages_accepted(const struct prog *prog)
{
	return prog_get(prog, PROG_CR0, CR0_PRIQEN) && prog_get(prog, PROG_CR0, CR0_SMMUEN) &&
	       !error_active(prog, REG_MASK(GERROR_PRIQ_ABT_ERR));
}

static struct act write_page(const struct prog *prog, const struct queue *queue,
			     const struct pri *page)
{
	return (struct act){ .kind = ACT_WRITE_PAGE,
			     .at = queue_entry_at(prog, &priq_regs, queue, queue->prod),
			     .attr = queue_attr(prog, &priq_regs),
			     .page = *page };
}

static bool page_queue_full(const struct prog *prog, const struct work *work,
			    const struct queue *queue)
{
	return unlikely(work->adversity) ?
		       adverse_queue_full(prog, queue) || adverse_pages_full(work) :
		       queue_full(queue);
}

/* What becomes of a page request that is looked at now; true: that is an act.  An overflow lasts
 * until software acknowledges it, be there room or not.  8.1, 8.2 */
static bool take_up(struct prog *prog, struct work *work, const struct features *features,
		    const struct pri *page, struct act *act)
{
	const struct queue queue = queue_at(prog, &priq_regs, features->priqs);

	if (!pages_accepted(prog)) {
		answer(work, page, SMMU3_PAGE_FAILURE, false);
		return false;
	}
	if (page_queue_full(prog, work, &queue))
		overflow(prog);
	if (overflowed(prog))
		return answer_overflow(prog, work, features, page, act);
	*act = write_page(prog, &queue, page);
	return true;
}

/* Each is an act, so that the answer and the interrupt it leads to come before the next. */
bool next_page(struct prog *prog, struct work *work, const struct features *features,
	       struct act *act)
{
	if (!(work->command_due ? work->pages_ahead : work->pages))
		return false;
	const struct pri page = take_page(work);

	if (!take_up(prog, work, features, &page, act))
		*act = (struct act){ .kind = ACT_NONE };
	return true;
}

/* An abort is synchronous: whose request was lost is known, and told.  8.2 */
void page_done(struct prog *prog, struct work *work, const struct features *features,
	       const struct act *act, bool ok)
{
	const struct queue queue = queue_at(prog, &priq_regs, features->priqs);
	const bool last = pri_get(&act->page, PRI_LAST);

	if (!ok) {
		answer(work, &act->page, SMMU3_PAGE_FAILURE, false);
		report_error(prog, work, REG_MASK(GERROR_PRIQ_ABT_ERR));
		return;
	}
	prog_put(prog, PROG_PRIQ_PROD, EVENTQ_PROD_WR, queue_next(queue.prod, queue.size_lg2));
	if (last_only(prog) ? last : queue_empty(&queue))
		raise_interrupt(prog, work, SMMU3_INTERRUPT_PRIQ);
}
