/* SPDX-License-Identifier: MIT */
/*
 * An SMMU as a driver and a system see it: registers, memory, what the SMMU does of its own accord.
 *
 * Every callback is kept, with what registers read at that moment, so a test sees the order in
 * which things become visible.  Bit numbers and offsets are the architecture's, written out here.
 */
#ifndef TESTS_PROG_DRIVER_H
#define TESTS_PROG_DRIVER_H

#include <smmu/check.h>
#include <smmu/smmu.h>

#include <stdbool.h>
#include <stdint.h>

/* Registers, 6.2.1, 6.2.2 */
enum {
	IDR0 = 0x00,
	IDR1 = 0x04,
	IDR3 = 0x0c,
	IDR5 = 0x14,
	IIDR = 0x18,
	AIDR = 0x1c,
	CR0 = 0x20,
	CR0ACK = 0x24,
	CR1 = 0x28,
	CR2 = 0x2c,
	GBPA = 0x44,
	IRQ_CTRL = 0x50,
	IRQ_CTRLACK = 0x54,
	GERROR = 0x60,
	GERRORN = 0x64,
	GERROR_IRQ_CFG0 = 0x68,
	GERROR_IRQ_CFG1 = 0x70,
	GERROR_IRQ_CFG2 = 0x74,
	STRTAB_BASE = 0x80,
	STRTAB_BASE_CFG = 0x88,
	CMDQ_BASE = 0x90,
	CMDQ_PROD = 0x98,
	CMDQ_CONS = 0x9c,
	EVENTQ_BASE = 0xa0,
	EVENTQ_IRQ_CFG0 = 0xb0,
	EVENTQ_IRQ_CFG1 = 0xb8,
	EVENTQ_IRQ_CFG2 = 0xbc,
	PRIQ_BASE = 0xc0,
	PRIQ_IRQ_CFG0 = 0xd0,
	PRIQ_IRQ_CFG1 = 0xd8,
	PRIQ_IRQ_CFG2 = 0xdc,
	EVENTQ_PROD = 0x100a8,
	EVENTQ_CONS = 0x100ac,
	PRIQ_PROD = 0x100c8,
	PRIQ_CONS = 0x100cc,
};

/* CR0, IRQ_CTRL, GERROR */
enum { SMMUEN = 1, PRIQEN = 2, EVENTQEN = 4, CMDQEN = 8, ATSCHK = 0x10 };
enum { GERROR_IRQEN = 1, PRIQ_IRQEN = 2, EVENTQ_IRQEN = 4 };
enum {
	CMDQ_ERR = 0x01,
	EVENTQ_ABT_ERR = 0x04,
	PRIQ_ABT_ERR = 0x08,
	MSI_CMDQ_ABT_ERR = 0x10,
	MSI_EVENTQ_ABT_ERR = 0x20,
	MSI_PRIQ_ABT_ERR = 0x40,
	MSI_GERROR_ABT_ERR = 0x80,
};

/* CMDQ_CONS.ERR, 7.1 */
enum { CERROR_ILL = 1, CERROR_ABT = 2, CERROR_ATC_INV_SYNC = 3 };

/* Memory */
#define RAM_AT UINT64_C(0x80000000)
#define RAM_BYTES UINT64_C(0x2000000)
#define STREAMS_AT RAM_AT                 /* 8 STEs, all with V = 0 */
#define DOORBELL (RAM_AT + 0x100000)      /* where messages go */
#define COMMANDS_AT (RAM_AT + 0x800000)   /* aligned to 2^19 commands */
#define REGISTERS_AT UINT64_C(0x09050000) /* the SMMU's own, as memory */
#define EVENTS_AT (RAM_AT + 0x1000000)    /* aligned to 2^19 records */
#define MAINTENANCE_AT (RAM_AT + RAM_BYTES - 0x1000)

/* A command, 4.1.1 */
struct command {
	uint64_t word[2];
};

#define CFGI_ALL ((struct command){ { 0x04, 31 } })
#define NSNH_ALL ((struct command){ { 0x30, 0 } })
#define PREFETCH ((struct command){ { 0x01, 0 } })
#define SYNC_NONE ((struct command){ { 0x46, 0 } })
#define SYNC_SEV ((struct command){ { 0x46 | 2 << 12, 0 } })
#define ILLEGAL ((struct command){ { 0xff, 0 } })

/* CMD_SYNC with CS = SIG_IRQ, MSIAttr Write-Back, MSH Inner Shareable.  4.7.3 */
struct command sync_irq(uint64_t address, uint32_t data);

enum happening_kind {
	READS = 1,
	WRITES,
	WRITTEN,   /* in a RAM window */
	INTERRUPT, /* about: enum smmu3_interrupt */
	EVENT,     /* send_event */
	INVALIDATES,
	ENDED, /* the wait of a stalled transaction */
	INVALIDATES_ATC,
	ANSWERS_PAGE,
};

/* A callback, and what registers read inside it. */
struct happening {
	enum happening_kind kind;
	unsigned about;
	struct smmu3_mem_access access;
	uint64_t data[4]; /* what was written */
	struct smmu3_invalidation scope;
	struct smmu3_stall stall;
	struct smmu3_atc_invalidation atc;
	struct smmu3_page_response response;
	uint32_t cmdq_cons, eventq_prod, gerror;
	uint32_t s_cmdq_cons, s_eventq_prod, s_gerror, s_init; /* where there is a Secure state */
	uint32_t r_cmdq_cons, r_eventq_prod, r_gerror;         /* where there is a Realm one */
};

enum { FINDINGS = 16, HAPPENINGS = 4096, COUNTS = ANSWERS_PAGE + 1 };

struct machine {
	struct smmu3_config config;
	struct smmu3 *smmu;
	uint64_t *ram;
	uint64_t *secure;  /* what has the same addresses in the Secure PA space; NULL: nothing */
	uint64_t *realm;   /* and in the Realm one */
	uint64_t *root;    /* likewise in the Root one, for rooted.h */
	bool windows;      /* memory is a RAM window, and only counted */
	unsigned cmdq_lg2; /* sizes of the queues */
	unsigned eventq_lg2;
	uint32_t prod;                /* the driver's own index of the Command queue */
	uint32_t s_prod;              /* and of the Secure one */
	uint32_t r_prod;              /* and of the Realm one */
	uint64_t aborts[2];           /* accesses to these addresses abort */
	unsigned spared;              /* but for those in these PA spaces, a mask */
	enum smmu3_mem_result answer; /* how */
	bool quiet;                   /* callbacks read no registers */
	bool deaf;                    /* the host cannot be told that a stall has ended */
	bool no_atc;                  /* nor that an ATC is to be invalidated */
	/* Runs inside each callback, after it has been kept. */
	void (*inside)(struct machine *m, const struct happening *now);
	void *context;
	struct happening seen[HAPPENINGS];
	unsigned seen_count;
	unsigned counts[COUNTS];
	/* What the checker has found, the first of it; what a finding points at is gone */
	struct smmu3_finding found[FINDINGS];
	char found_text[FINDINGS][2048];
	unsigned found_count;
};

/* A machine of a profile, to be changed before it is opened: queues of 8 entries. */
struct machine *machine(const char *profile);
/* Makes its SMMU, in reset. */
void create_machine(struct machine *m);
/* Programs the queues and the Stream table, all disabled; open_machine() makes the SMMU before. */
void open_queues(struct machine *m);
void open_machine(struct machine *m);
/* And enables both queues and the SMMU, whose 8 streams have no legal STE. */
void start_machine(struct machine *m);
struct machine *started(const char *profile);
void close_machine(struct machine *m);

uint32_t reg(struct machine *m, uint64_t offset);
uint64_t reg64(struct machine *m, uint64_t offset);
void set_reg(struct machine *m, uint64_t offset, uint32_t value);
void set_reg64(struct machine *m, uint64_t offset, uint64_t value);
/* Writes CR0 or IRQ_CTRL and waits as drivers do: for all of its acknowledgement. */
void update(struct machine *m, uint64_t offset, uint32_t value);

uint64_t *ram_at(struct machine *m, uint64_t address);

/* Where a command or a record stands; the index may carry its wrap flag. */
uint64_t command_at(const struct machine *m, uint32_t index);
uint64_t event_at(const struct machine *m, uint32_t index);

/* Puts a command at the driver's index, which moves on; ring() tells the SMMU. */
void queue_command(struct machine *m, struct command command);
void ring(struct machine *m);
/* Both. */
void submit(struct machine *m, struct command command);

/* With the caches of the suite's second pass: what software owes after it has edited what the SMMU
 * may have kept, unseen.  For calm moments: no command waits, no error is active. */
void maintain(struct machine *m);

/* A read of a stream without a SubstreamID. */
struct smmu3_outcome read_by(struct machine *m, uint32_t sid, uint64_t address);
/* One that ends in C_BAD_STE and its record.  7.3.5 */
void fault(struct machine *m, uint32_t sid);

/* Forgets what was seen. */
void look_away(struct machine *m);
/* The n-th of what was seen, which must be of this kind; 0 is the first. */
const struct happening *nth(const struct machine *m, unsigned n, enum happening_kind kind);
/* How many of a kind were seen since; the first of a kind, which must be there. */
unsigned count(const struct machine *m, enum happening_kind kind);
const struct happening *first(const struct machine *m, enum happening_kind kind);
/* The first access for a reason, which must be there. */
const struct happening *first_for(const struct machine *m, enum smmu3_reason reason);
unsigned count_for(const struct machine *m, enum smmu3_reason reason);
/* How often this interrupt pulsed. */
unsigned pulses(const struct machine *m, enum smmu3_interrupt interrupt);

#endif
