/* SPDX-License-Identifier: MIT */
#include "platform/driver.h"
#include "platform/interface.h"

#include "arch/cmd.h"
#include "arch/idregs.h"
#include "arch/offsets.h"
#include "arch/regs.h"
#include "prog/queue.h"
#include "tables_put.h"

/* ---- Queues ---- */

struct queue_place {
	struct queue queue;
	uint64_t base;
	unsigned entry_lg2;
};

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static struct queue_place place(const struct interface_spec *interface, uint64_t base_at,
				uint64_t prod_at, uint64_t cons_at, unsigned most,
				unsigned entry_lg2)
{
	const uint64_t base = interface_read(interface, base_at, 8);
	const unsigned size_lg2 = least((unsigned)field_value(&base, QUEUE_BASE_LOG2SIZE), most);

	return (struct queue_place){
		.queue = queue_of(interface_read(interface, prod_at, 4),
				  interface_read(interface, cons_at, 4), size_lg2),
		.base = align_down(field_in_place(&base, QUEUE_BASE_ADDR), size_lg2 + entry_lg2),
		.entry_lg2 = entry_lg2,
	};
}

static struct queue_place command_queue(const struct interface_spec *interface)
{
	const uint64_t idr1 = interface->of->config.idr[1];

	return place(interface, REG_CMDQ_BASE, REG_CMDQ_PROD, REG_CMDQ_CONS,
		     (unsigned)field_value(&idr1, IDR1_CMDQS), 4);
}

struct written_queue {
	uint64_t base, prod, cons;
	int most;
	unsigned entry_lg2;
};

static const struct written_queue written[DRIVER_QUEUES] = {
	[DRIVER_EVENTS] = { REG_EVENTQ_BASE, REG_EVENTQ_PROD, REG_EVENTQ_CONS, IDR1_EVENTQS, 5 },
	[DRIVER_PAGES] = { REG_PRIQ_BASE, REG_PRIQ_PROD, REG_PRIQ_CONS, IDR1_PRIQS, 4 },
};

static struct queue_place written_queue(const struct interface_spec *interface,
					enum driver_queue which)
{
	const uint64_t idr1 = interface->of->config.idr[1];
	const struct written_queue *const row = &written[which];

	return place(interface, row->base, row->prod, row->cons,
		     (unsigned)field_value(&idr1, row->most), row->entry_lg2);
}

static uint64_t entry_at(const struct queue_place *place, uint32_t index)
{
	return place->base + (queue_entry(index, place->queue.size_lg2) << place->entry_lg2);
}

/* ---- Commands ---- */

static bool stopped(const struct interface_spec *interface)
{
	return (interface_read(interface, REG_GERROR, 4) ^
		interface_read(interface, REG_GERRORN, 4)) &
	       field_mask(GERROR_CMDQ_ERR);
}

static int write_command(struct smmu3_machine *machine, const struct interface_spec *interface,
			 uint64_t at, const uint64_t command[2])
{
	const uint64_t word[2] = { to_le64(command[0]), to_le64(command[1]) };

	return smmu3_machine_write(machine, interface->pas, at, word, sizeof(word));
}

/* 7.1 */
static enum smmu3_queue_answer stopped_by(uint64_t error)
{
	return error == CERROR_ABT          ? SMMU3_QUEUE_CERROR_ABT :
	       error == CERROR_ATC_INV_SYNC ? SMMU3_QUEUE_CERROR_ATC_INV_SYNC :
					      SMMU3_QUEUE_CERROR_ILL;
}

/* What it came to, of a queue that was not stopped before. */
static enum smmu3_queue_answer answer_of(const struct interface_spec *interface)
{
	const struct queue_place place = command_queue(interface);
	const uint64_t cons = interface_read(interface, REG_CMDQ_CONS, 4);

	if (stopped(interface))
		return stopped_by(field_value(&cons, CMDQ_CONS_ERR));
	return queue_empty(&place.queue) ? SMMU3_QUEUE_CONSUMED : SMMU3_QUEUE_WAITING;
}

int driver_command(struct smmu3_machine *machine, const struct interface_spec *interface,
		   const uint64_t command[2], enum smmu3_queue_answer *answer, uint64_t *at)
{
	const struct queue_place place = command_queue(interface);
	const bool was_stopped = stopped(interface);

	*answer = SMMU3_QUEUE_FULL;
	*at = entry_at(&place, place.queue.prod);
	if (queue_full(&place.queue))
		return 0;
	if (write_command(machine, interface, *at, command))
		return -SMMU3_E_ABORT;
	interface_write(interface, REG_CMDQ_PROD, 4,
			queue_next(place.queue.prod, place.queue.size_lg2));
	*answer = was_stopped ? SMMU3_QUEUE_WAITING : answer_of(interface);
	return 0;
}

int driver_recover(struct smmu3_machine *machine, const struct interface_spec *interface,
		   uint64_t *at)
{
	const struct queue_place place = command_queue(interface);
	const uint64_t sync[2] = { CMD_SYNC, 0 };
	const uint64_t acknowledged = interface_read(interface, REG_GERRORN, 4);

	*at = entry_at(&place, place.queue.cons);
	if (!stopped(interface))
		return 0;
	if (write_command(machine, interface, *at, sync))
		return -SMMU3_E_ABORT;
	interface_write(interface, REG_GERRORN, 4, acknowledged ^ field_mask(GERROR_CMDQ_ERR));
	return 1;
}

const char *driver_why_waiting(const struct interface_spec *interface)
{
	if (stopped(interface))
		return "GERROR.CMDQ_ERR is active";
	if (!(interface_read(interface, REG_CR0ACK, 4) & field_mask(CR0_CMDQEN)))
		return "CR0.CMDQEN is 0";
	if (interface->of->own->atcs.count)
		return "an endpoint has not answered an ATS invalidation";
	return "the queue has not come so far";
}

/* ---- Records ---- */

/* The overflow flag stays as it is: to acknowledge it is the trace's. */
static void set_cons(const struct interface_spec *interface, enum driver_queue which,
		     uint32_t index)
{
	const uint64_t at = written[which].cons;

	interface_write(interface, at, 4,
			(interface_read(interface, at, 4) & ~field_mask(EVENTQ_CONS_RD)) | index);
}

void driver_consume(const struct interface_spec *interface, enum driver_queue which, uint32_t index)
{
	const struct queue queue = written_queue(interface, which).queue;
	const uint32_t mask = queue_index_mask(queue.size_lg2);

	if (((index - queue.cons) & mask) < queue_waiting(&queue))
		set_cons(interface, which, queue_next(index & mask, queue.size_lg2));
}

void driver_consume_all(const struct interface_spec *interface, enum driver_queue which)
{
	set_cons(interface, which, written_queue(interface, which).queue.prod);
}

int driver_read_record(const struct smmu3_machine *machine, const struct interface_spec *interface,
		       enum driver_queue which, uint32_t index, struct smmu3_event *event)
{
	const struct queue_place place = written_queue(interface, which);

	*event = (struct smmu3_event){ { 0 } };
	const int code = smmu3_machine_read(machine, interface->pas, entry_at(&place, index),
					    event->word, (size_t)1 << place.entry_lg2);

	for (unsigned i = 0; i < 4; i++)
		event->word[i] = from_le64(event->word[i]);
	return code;
}
