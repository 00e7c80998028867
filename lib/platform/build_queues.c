/* SPDX-License-Identifier: MIT */
/* Command, Event and PRI queues: where they lie, and how a driver switches them on. */
#include "platform/driver.h"
#include "platform/features.h"
#include "platform/space.h"

#include "arch/attr.h"
#include "arch/cmd.h"
#include "arch/event.h"
#include "arch/idregs.h"
#include "arch/offsets.h"
#include "arch/pri.h"
#include "arch/regs.h"
#include "tables_put.h"

/* ---- Places ---- */

struct queue_kind {
	const char *key, *limit;
	unsigned entry_bytes, default_lg2;
	int most; /* field of IDR1 */
};

static const struct queue_kind commands = { "command_queue", "IDR1.CMDQS", CMD_BYTES, 8,
					    IDR1_CMDQS };
static const struct queue_kind events = { "event_queue", "IDR1.EVENTQS", EVENT_BYTES, 10,
					  IDR1_EVENTQS };

static const struct queue_kind pages = { "pri_queue", "IDR1.PRIQS", PRI_BYTES, 8, IDR1_PRIQS };

static unsigned most_lg2(const struct smmu_spec *smmu, const struct queue_kind *kind)
{
	const uint64_t idr1 = smmu->config.idr[1];

	return (unsigned)field_value(&idr1, kind->most);
}

static bool size_legal(struct build *build, const struct smmu_spec *smmu,
		       const struct queue_spec *queue, const struct queue_kind *kind)
{
	const unsigned most = most_lg2(smmu, kind);

	if (queue->log2size <= most)
		return true;
	COMPLAIN(&build->loader, key_node(queue->at, "log2size"),
		 "%s allows a queue of 2^%u entries at most", kind->limit, most);
	return false;
}

/* A queue that nobody asked for does without room. */
static void place_queue(struct build *build, struct region *region, struct smmu_spec *smmu,
			struct queue_spec *queue, const struct queue_kind *kind)
{
	const bool wanted = queue->at != NULL;
	const uint64_t bytes = (uint64_t)kind->entry_bytes << queue->log2size;
	const int code = memory_take(&build->machine->memory, region,
				     bytes < MEMORY_PAGE ? MEMORY_PAGE : bytes, &queue->base);
	struct space space = { .build = build, .region = region };

	queue->enabled = !code;
	if (!code || !wanted)
		return;
	space.node = key_node(smmu->at, kind->key);
	if (code == -SMMU3_E_LIMIT)
		space_too_large(&space);
	else
		space_full(&space);
}

static void build_queue(struct build *build, struct region *region, struct smmu_spec *smmu,
			struct queue_spec *queue, const struct queue_kind *kind)
{
	const unsigned most = most_lg2(smmu, kind);

	if (queue->enabled && queue->log2size == UNSET)
		queue->log2size = kind->default_lg2 < most ? kind->default_lg2 : most;
	if (queue->enabled && size_legal(build, smmu, queue, kind))
		place_queue(build, region, smmu, queue, kind);
	if (!queue->enabled)
		queue->log2size = UNSET;
	queue->at = smmu->at; /* so that it is printed */
}

/* The structs' own defaults hold only for keys that are there. */
static void default_queue(struct queue_spec *queue)
{
	if (!queue->at)
		queue->enabled = queue->log2size = UNSET;
	if (queue->enabled == UNSET)
		queue->enabled = true;
}

/* Where there is no PRI there is no queue to speak of. */
static void build_pri_queue(struct build *build, struct region *region, struct smmu_spec *smmu)
{
	const uint64_t idr0 = smmu->config.idr[0];

	if (!field_value(&idr0, IDR0_PRI)) {
		if (smmu->pri_queue.at)
			COMPLAIN(&build->loader, key_node(smmu->at, "pri_queue"),
				 "the SMMU has no PRI (IDR0.PRI = 0)");
		smmu->pri_queue.enabled = false;
		return;
	}
	default_queue(&smmu->pri_queue);
	build_queue(build, region, smmu, &smmu->pri_queue, &pages);
}

void build_queues(struct build *build)
{
	const struct list *const list = &build->machine->spec.smmu;

	for (size_t i = 0; i < list->count && !complaints_full(build->loader.complaints); i++) {
		struct smmu_spec *const smmu = ITEM(*list, struct smmu_spec, i);
		struct region *const region = smmu->registers ? NULL :
								tables_region(build, smmu->at,
									      smmu->tables_in);

		if (!region)
			continue;
		default_queue(&smmu->command_queue);
		default_queue(&smmu->event_queue);
		build_queue(build, region, smmu, &smmu->command_queue, &commands);
		build_queue(build, region, smmu, &smmu->event_queue, &events);
		build_pri_queue(build, region, smmu);
	}
}

/* ---- Registers ---- */

static void write32(const struct smmu_spec *smmu, uint64_t offset, uint64_t value)
{
	(void)smmu3_mmio_write(smmu->smmu, SMMU3_PAS_NS, offset, 4, value);
}

static void write_queue(const struct smmu_spec *smmu, const struct queue_spec *queue,
			uint64_t base_at, uint64_t prod_at, uint64_t cons_at)
{
	uint64_t base = 0;

	put(&base, QUEUE_BASE_LOG2SIZE, queue->log2size);
	put_address(&base, QUEUE_BASE_ADDR, queue->base);
	put(&base, QUEUE_BASE_RA, 1);
	(void)smmu3_mmio_write(smmu->smmu, SMMU3_PAS_NS, base_at, 8, base);
	write32(smmu, prod_at, 0);
	write32(smmu, cons_at, 0);
}

/* Sets an enable, and waits for it as a driver does. */
static bool enable(const struct smmu_spec *smmu, uint64_t bits)
{
	uint64_t cr0, acknowledged;

	(void)smmu3_mmio_read(smmu->smmu, SMMU3_PAS_NS, REG_CR0, 4, &cr0);
	write32(smmu, REG_CR0, cr0 | bits);
	(void)smmu3_mmio_read(smmu->smmu, SMMU3_PAS_NS, REG_CR0ACK, 4, &acknowledged);
	return acknowledged & bits;
}

/* Nothing is known of what caches hold: forget it all.  3.11, 3.24.5, 4.3.6, 4.4.2.7, 4.4.4.1 */
static bool forget_all(struct smmu3_machine *machine, const struct smmu_spec *smmu)
{
	static const uint64_t command[][2] = { { CMD_TLBI_EL2_ALL, 0 },
					       { CMD_CFGI_ALL, 31 },
					       { CMD_TLBI_NSNH_ALL, 0 },
					       { CMD_DPTI_ALL, 0 },
					       { CMD_SYNC, 0 } };
	enum smmu3_queue_answer answer = SMMU3_QUEUE_CONSUMED;
	uint64_t at;
	int code = 0;

	for (size_t i = has_hyp(&smmu->config) ? 0 : 1;
	     !code && answer == SMMU3_QUEUE_CONSUMED && i < sizeof(command) / sizeof(command[0]);
	     i++)
		if (command[i][0] != CMD_DPTI_ALL || smmu->dpt.at)
			code = driver_command(machine, smmu, command[i], &answer, &at);
	return !code && answer == SMMU3_QUEUE_CONSUMED;
}

static bool start_commands(struct smmu3_machine *machine, const struct smmu_spec *smmu)
{
	if (!smmu->command_queue.enabled)
		return true;
	write_queue(smmu, &smmu->command_queue, REG_CMDQ_BASE, REG_CMDQ_PROD, REG_CMDQ_CONS);
	return enable(smmu, field_mask(CR0_CMDQEN)) && forget_all(machine, smmu);
}

static bool start_events(const struct smmu_spec *smmu)
{
	if (!smmu->event_queue.enabled)
		return true;
	write_queue(smmu, &smmu->event_queue, REG_EVENTQ_BASE, REG_EVENTQ_PROD, REG_EVENTQ_CONS);
	return enable(smmu, field_mask(CR0_EVENTQEN));
}

static bool start_pages(const struct smmu_spec *smmu)
{
	if (!smmu->pri_queue.enabled)
		return true;
	write_queue(smmu, &smmu->pri_queue, REG_PRIQ_BASE, REG_PRIQ_PROD, REG_PRIQ_CONS);
	return enable(smmu, field_mask(CR0_PRIQEN));
}

static uint64_t interrupts_of(const struct smmu_spec *smmu)
{
	return field_mask(IRQ_CTRL_GERROR_IRQEN) |
	       (smmu->event_queue.enabled ? field_mask(IRQ_CTRL_EVENTQ_IRQEN) : 0) |
	       (smmu->pri_queue.enabled ? field_mask(IRQ_CTRL_PRIQ_IRQEN) : 0);
}

bool start_queues(struct smmu3_machine *machine, const struct smmu_spec *smmu)
{
	if (!start_commands(machine, smmu) || !start_events(smmu) || !start_pages(smmu))
		return false;
	write32(smmu, REG_IRQ_CTRL, interrupts_of(smmu));
	return true;
}
