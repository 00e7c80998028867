/* SPDX-License-Identifier: MIT */
/* Command, Event and PRI queues: where they lie, and how a driver switches them on. */
#include "platform/driver.h"
#include "platform/features.h"
#include "platform/interface.h"
#include "platform/space.h"

#include "arch/attr.h"
#include "arch/cmd.h"
#include "arch/event.h"
#include "arch/idregs.h"
#include "arch/offsets.h"
#include "arch/pri.h"
#include "arch/regs.h"
#include "base/bits.h"
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
static void place_queue(struct build *build, struct region *region,
			const struct interface_spec *interface, struct queue_spec *queue,
			const struct queue_kind *kind)
{
	const bool wanted = queue->at != NULL;
	const uint64_t bytes = (uint64_t)kind->entry_bytes << queue->log2size;
	const int code = memory_take(&build->machine->memory, region,
				     bytes < MEMORY_PAGE ? MEMORY_PAGE : bytes, &queue->base);
	struct space space = { .build = build, .region = region };

	queue->enabled = !code;
	if (!code || !wanted)
		return;
	space.node = key_node(interface->at, kind->key);
	if (code == -SMMU3_E_LIMIT)
		space_too_large(&space);
	else
		space_full(&space);
}

static void build_queue(struct build *build, struct region *region,
			const struct interface_spec *interface, struct queue_spec *queue,
			const struct queue_kind *kind)
{
	const unsigned most = most_lg2(interface->of, kind);

	if (queue->enabled && queue->log2size == UNSET)
		queue->log2size = kind->default_lg2 < most ? kind->default_lg2 : most;
	if (queue->enabled && size_legal(build, interface->of, queue, kind))
		place_queue(build, region, interface, queue, kind);
	if (!queue->enabled)
		queue->log2size = UNSET;
	queue->at = interface->at; /* so that it is printed */
}

/* The structs' own defaults hold only for keys that are there. */
static void default_queue(struct queue_spec *queue)
{
	if (!queue->at)
		queue->enabled = queue->log2size = UNSET;
	if (queue->enabled == UNSET)
		queue->enabled = true;
}

/* Secure streams have none; R_IDR0 has its bits where S_IDR0 has them.  3.9.1.2, 6.3.122 */
static bool has_pri(const struct interface_spec *interface)
{
	const uint64_t idr0 = interface->of->config.idr[0];
	const uint64_t r_idr0 = interface->of->config.r_idr[0];

	return field_value(&idr0, IDR0_PRI) &&
	       (interface->pas == SMMU3_PAS_NS ||
		(interface->pas == SMMU3_PAS_REALM && field_value(&r_idr0, S_IDR0_PRI)));
}

/* Where there is no PRI there is no queue to speak of. */
static void build_pri_queue(struct build *build, struct region *region,
			    struct interface_spec *interface)
{
	struct queue_spec *const queue = &interface->pri_queue;

	if (!has_pri(interface)) {
		if (queue->at)
			COMPLAIN(&build->loader, key_node(interface->at, "pri_queue"),
				 "the SMMU has no PRI (IDR0.PRI = 0)");
		queue->enabled = false;
		return;
	}
	default_queue(queue);
	build_queue(build, region, interface, queue, &pages);
}

static void build_interface_queues(struct build *build, struct interface_spec *interface)
{
	struct region *const region = interface_region(build, interface);

	if (!region)
		return;
	default_queue(&interface->command_queue);
	default_queue(&interface->event_queue);
	build_queue(build, region, interface, &interface->command_queue, &commands);
	build_queue(build, region, interface, &interface->event_queue, &events);
	build_pri_queue(build, region, interface);
}

void build_queues(struct build *build)
{
	const struct list *const list = &build->machine->spec.smmu;

	for (size_t i = 0; i < list->count && !complaints_full(build->loader.complaints); i++) {
		struct smmu_spec *const smmu = ITEM(*list, struct smmu_spec, i);

		for (unsigned pas = 0; pas < INTERFACES; pas++)
			if (smmu->interface[pas].used)
				build_interface_queues(build, &smmu->interface[pas]);
	}
}

/* ---- Registers ---- */

static void write_queue(const struct interface_spec *interface, const struct queue_spec *queue,
			uint64_t base_at, uint64_t prod_at, uint64_t cons_at)
{
	uint64_t base = 0;

	put(&base, QUEUE_BASE_LOG2SIZE, queue->log2size);
	put_address(&base, QUEUE_BASE_ADDR, queue->base);
	put(&base, QUEUE_BASE_RA, 1);
	interface_write(interface, base_at, 8, base);
	interface_write(interface, prod_at, 4, 0);
	interface_write(interface, cons_at, 4, 0);
}

/* A command of a driver that knows nothing of what caches hold, and whose queue has it sent. */
struct forgetting {
	uint64_t command[2];
	unsigned spaces;                              /* of the queues, a mask */
	bool (*wanted)(const struct smmu_spec *smmu); /* NULL: always */
};

static bool has_el2(const struct smmu_spec *smmu)
{
	return has_hyp(&smmu->config);
}

static bool has_dpt(const struct smmu_spec *smmu)
{
	return smmu->dpt.at != NULL;
}

#define OF_NS SMMU3_PAS_BIT(SMMU3_PAS_NS)
#define OF_SECURE SMMU3_PAS_BIT(SMMU3_PAS_SECURE)
#define OF_REALM SMMU3_PAS_BIT(SMMU3_PAS_REALM)

/* 3.11, 3.24.5, 4.3.6, 4.4.2.1, 4.4.2.7, 4.4.4.1 */
static const struct forgetting forgettings[] = {
	{ { CMD_TLBI_EL2_ALL, 0 }, OF_NS | OF_REALM, has_el2 },
	{ { CMD_CFGI_ALL, 31 }, OF_NS | OF_REALM, NULL },
	{ { CMD_CFGI_ALL | UINT64_C(1) << CMD_SSEC % 512, 31 }, OF_SECURE, NULL },
	{ { CMD_TLBI_NSNH_ALL, 0 }, OF_NS | OF_REALM, NULL },
	{ { CMD_TLBI_NH_ALL, 0 }, OF_SECURE, NULL },
	{ { CMD_DPTI_ALL, 0 }, OF_NS, has_dpt },
	{ { CMD_SYNC, 0 }, OF_NS | OF_SECURE | OF_REALM, NULL },
};

static bool forget_all(struct smmu3_machine *machine, const struct interface_spec *interface)
{
	enum smmu3_queue_answer answer = SMMU3_QUEUE_CONSUMED;
	uint64_t at;
	int code = 0;

	for (size_t i = 0; !code && answer == SMMU3_QUEUE_CONSUMED && i < ARRAY_SIZE(forgettings);
	     i++) {
		const struct forgetting *const row = &forgettings[i];

		if (row->spaces & SMMU3_PAS_BIT(interface->pas) &&
		    (!row->wanted || row->wanted(interface->of)))
			code = driver_command(machine, interface, row->command, &answer, &at);
	}
	return !code && answer == SMMU3_QUEUE_CONSUMED;
}

static bool start_commands(struct smmu3_machine *machine, const struct interface_spec *interface)
{
	if (!interface->command_queue.enabled)
		return true;
	write_queue(interface, &interface->command_queue, REG_CMDQ_BASE, REG_CMDQ_PROD,
		    REG_CMDQ_CONS);
	return interface_enable(interface, field_mask(CR0_CMDQEN)) &&
	       forget_all(machine, interface);
}

static bool start_events(const struct interface_spec *interface)
{
	if (!interface->event_queue.enabled)
		return true;
	write_queue(interface, &interface->event_queue, REG_EVENTQ_BASE, REG_EVENTQ_PROD,
		    REG_EVENTQ_CONS);
	return interface_enable(interface, field_mask(CR0_EVENTQEN));
}

static bool start_pages(const struct interface_spec *interface)
{
	if (!interface->pri_queue.enabled)
		return true;
	write_queue(interface, &interface->pri_queue, REG_PRIQ_BASE, REG_PRIQ_PROD, REG_PRIQ_CONS);
	return interface_enable(interface, field_mask(CR0_PRIQEN));
}

static uint64_t interrupts_of(const struct interface_spec *interface)
{
	return field_mask(IRQ_CTRL_GERROR_IRQEN) |
	       (interface->event_queue.enabled ? field_mask(IRQ_CTRL_EVENTQ_IRQEN) : 0) |
	       (interface->pri_queue.enabled ? field_mask(IRQ_CTRL_PRIQ_IRQEN) : 0);
}

/* No messages, until software says where they go. */
static void write_no_messages(const struct interface_spec *interface)
{
	interface_write(interface, REG_GERROR_IRQ_CFG0, 8, 0);
	interface_write(interface, REG_EVENTQ_IRQ_CFG0, 8, 0);
	interface_write(interface, REG_PRIQ_IRQ_CFG0, 8, 0);
}

bool start_queues(struct smmu3_machine *machine, const struct interface_spec *interface)
{
	if (!start_commands(machine, interface) || !start_events(interface) ||
	    !start_pages(interface))
		return false;
	write_no_messages(interface);
	interface_write(interface, REG_IRQ_CTRL, 4, interrupts_of(interface));
	return true;
}
