/* SPDX-License-Identifier: MIT */
#include "platform/driver.h"

#include "arch/cmd.h"
#include "arch/idregs.h"
#include "arch/offsets.h"
#include "arch/regs.h"
#include "prog/queue.h"
#include "tables_put.h"

/* ---- Registers ---- */

static uint64_t read_register(const struct smmu_spec *smmu, uint64_t offset, unsigned size)
{
	uint64_t value = 0;

	(void)smmu3_mmio_read(smmu->smmu, SMMU3_PAS_NS, offset, size, &value);
	return value;
}

static void write32(const struct smmu_spec *smmu, uint64_t offset, uint64_t value)
{
	(void)smmu3_mmio_write(smmu->smmu, SMMU3_PAS_NS, offset, 4, value);
}

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

static struct queue_place place(const struct smmu_spec *smmu, uint64_t base_at, uint64_t prod_at,
				uint64_t cons_at, unsigned most, unsigned entry_lg2)
{
	const uint64_t base = read_register(smmu, base_at, 8);
	const unsigned size_lg2 = least((unsigned)field_value(&base, QUEUE_BASE_LOG2SIZE), most);

	return (struct queue_place){
		.queue = queue_of(read_register(smmu, prod_at, 4), read_register(smmu, cons_at, 4),
				  size_lg2),
		.base = align_down(field_in_place(&base, QUEUE_BASE_ADDR), size_lg2 + entry_lg2),
		.entry_lg2 = entry_lg2,
	};
}

static struct queue_place command_queue(const struct smmu_spec *smmu)
{
	const uint64_t idr1 = smmu->config.idr[1];

	return place(smmu, REG_CMDQ_BASE, REG_CMDQ_PROD, REG_CMDQ_CONS,
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

static struct queue_place written_queue(const struct smmu_spec *smmu, enum driver_queue which)
{
	const uint64_t idr1 = smmu->config.idr[1];
	const struct written_queue *const row = &written[which];

	return place(smmu, row->base, row->prod, row->cons, (unsigned)field_value(&idr1, row->most),
		     row->entry_lg2);
}

static uint64_t entry_at(const struct queue_place *place, uint32_t index)
{
	return place->base + (queue_entry(index, place->queue.size_lg2) << place->entry_lg2);
}

/* ---- Commands ---- */

static bool stopped(const struct smmu_spec *smmu)
{
	return (read_register(smmu, REG_GERROR, 4) ^ read_register(smmu, REG_GERRORN, 4)) &
	       field_mask(GERROR_CMDQ_ERR);
}

static int write_command(struct smmu3_machine *machine, uint64_t at, const uint64_t command[2])
{
	const uint64_t word[2] = { to_le64(command[0]), to_le64(command[1]) };

	return smmu3_machine_write(machine, SMMU3_PAS_NS, at, word, sizeof(word));
}

/* 7.1 */
static enum smmu3_queue_answer stopped_by(uint64_t error)
{
	return error == CERROR_ABT          ? SMMU3_QUEUE_CERROR_ABT :
	       error == CERROR_ATC_INV_SYNC ? SMMU3_QUEUE_CERROR_ATC_INV_SYNC :
					      SMMU3_QUEUE_CERROR_ILL;
}

/* What it came to, of a queue that was not stopped before. */
static enum smmu3_queue_answer answer_of(const struct smmu_spec *smmu)
{
	const struct queue_place place = command_queue(smmu);
	const uint64_t cons = read_register(smmu, REG_CMDQ_CONS, 4);

	if (stopped(smmu))
		return stopped_by(field_value(&cons, CMDQ_CONS_ERR));
	return queue_empty(&place.queue) ? SMMU3_QUEUE_CONSUMED : SMMU3_QUEUE_WAITING;
}

int driver_command(struct smmu3_machine *machine, const struct smmu_spec *smmu,
		   const uint64_t command[2], enum smmu3_queue_answer *answer, uint64_t *at)
{
	const struct queue_place place = command_queue(smmu);
	const bool was_stopped = stopped(smmu);

	*answer = SMMU3_QUEUE_FULL;
	*at = entry_at(&place, place.queue.prod);
	if (queue_full(&place.queue))
		return 0;
	if (write_command(machine, *at, command))
		return -SMMU3_E_ABORT;
	write32(smmu, REG_CMDQ_PROD, queue_next(place.queue.prod, place.queue.size_lg2));
	*answer = was_stopped ? SMMU3_QUEUE_WAITING : answer_of(smmu);
	return 0;
}

int driver_recover(struct smmu3_machine *machine, const struct smmu_spec *smmu, uint64_t *at)
{
	const struct queue_place place = command_queue(smmu);
	const uint64_t sync[2] = { CMD_SYNC, 0 };
	const uint64_t acknowledged = read_register(smmu, REG_GERRORN, 4);

	*at = entry_at(&place, place.queue.cons);
	if (!stopped(smmu))
		return 0;
	if (write_command(machine, *at, sync))
		return -SMMU3_E_ABORT;
	write32(smmu, REG_GERRORN, acknowledged ^ field_mask(GERROR_CMDQ_ERR));
	return 1;
}

const char *driver_why_waiting(const struct smmu_spec *smmu)
{
	if (stopped(smmu))
		return "GERROR.CMDQ_ERR is active";
	if (!(read_register(smmu, REG_CR0ACK, 4) & field_mask(CR0_CMDQEN)))
		return "CR0.CMDQEN is 0";
	if (smmu->own->atcs.count)
		return "an endpoint has not answered an ATS invalidation";
	return "the queue has not come so far";
}

/* ---- Records ---- */

/* The overflow flag stays as it is: to acknowledge it is the trace's. */
static void set_cons(const struct smmu_spec *smmu, enum driver_queue which, uint32_t index)
{
	const uint64_t at = written[which].cons;

	write32(smmu, at, (read_register(smmu, at, 4) & ~field_mask(EVENTQ_CONS_RD)) | index);
}

void driver_consume(const struct smmu_spec *smmu, enum driver_queue which, uint32_t index)
{
	const struct queue queue = written_queue(smmu, which).queue;
	const uint32_t mask = queue_index_mask(queue.size_lg2);

	if (((index - queue.cons) & mask) < queue_waiting(&queue))
		set_cons(smmu, which, queue_next(index & mask, queue.size_lg2));
}

void driver_consume_all(const struct smmu_spec *smmu, enum driver_queue which)
{
	set_cons(smmu, which, written_queue(smmu, which).queue.prod);
}

int driver_read_record(const struct smmu3_machine *machine, const struct smmu_spec *smmu,
		       enum driver_queue which, uint32_t index, struct smmu3_event *event)
{
	const struct queue_place place = written_queue(smmu, which);

	*event = (struct smmu3_event){ { 0 } };
	const int code = smmu3_machine_read(machine, SMMU3_PAS_NS, entry_at(&place, index),
					    event->word, (size_t)1 << place.entry_lg2);

	for (unsigned i = 0; i < 4; i++)
		event->word[i] = from_le64(event->word[i]);
	return code;
}
