/* SPDX-License-Identifier: MIT */
/* Bytes are adversity, and what software and devices do meanwhile.  When it has ended the SMMU is
 * as any other: it can be saved, and after reset its registers read as those of one of which
 * nothing was ever asked, and a driver is answered at once. */
#include "bytes.h"

#include <smmu/adversity.h>
#include <smmu/smmu.h>

#include <stdlib.h>

#define DEMAND(that) ((that) ? (void)0 : abort())

enum {
	RAM_AT = 0x10000,
	RAM_BYTES = 0x10000,
	STREAMS = 0,      /* in RAM: where an open queue and table are */
	COMMANDS = 0x800, /* aligned to 16 commands */
	EVENTS = 0xc00,
	STEPS_MOST = 64,
	MACHINES = 8,
};

struct board {
	struct smmu3_config config;
	struct smmu3 *smmu, *twin; /* of which nothing is asked */
	_Alignas(64) uint8_t ram[RAM_BYTES];
};

static struct board board[MACHINES];

static void on_interrupt(void *context, enum smmu3_interrupt interrupt)
{
	struct board *const of = context;
	uint64_t value;

	(void)interrupt;
	(void)smmu3_mmio_read(of->smmu, SMMU3_PAS_NS, 0x60, 4, &value);
}

static void on_stall_ended(void *context, const struct smmu3_stall *stall)
{
	(void)context;
	(void)stall;
}

static void on_atc(void *context, const struct smmu3_atc_invalidation *request)
{
	struct board *const of = context;

	(void)smmu3_atc_complete(of->smmu, request->tag,
				 request->sid & 1 ? SMMU3_ATC_TIMED_OUT : SMMU3_ATC_DONE);
}

static struct smmu3 *create(struct board *of)
{
	const struct smmu3_host host = { .size = sizeof(host),
					 .context = of,
					 .interrupt = on_interrupt,
					 .stall_ended = on_stall_ended,
					 .atc_invalidate = on_atc };
	struct smmu3 *const smmu = smmu3_create(&of->config, &host, NULL);

	DEMAND(smmu);
	DEMAND(!smmu3_add_ram(smmu, RAM_AT, RAM_BYTES, SMMU3_PAS_ALL, of->ram));
	return smmu;
}

/* A profile, of which some have ATS, PRI, messages and stalls besides; every second keeps. */
static struct board *board_of(unsigned which)
{
	static const char *const profiles[] = { "generic-3.1", "minimal-3.0", "linux-session",
						"generic-3.3" };
	struct board *const of = &board[which % MACHINES];

	if (of->smmu)
		return of;
	DEMAND(!smmu3_config_init(&of->config, profiles[which / 2 % 4], NULL));
	struct smmu3_config more = of->config;

	more.idr[0] = (more.idr[0] & ~(3u << 24)) | 1u << 10 | 1u << 13 | 1u << 16;
	more.idr[1] |= 2u << 11;
	more.idr[5] = (more.idr[5] & 0xffff) | 2u << 16;
	if (!smmu3_config_check(&more, NULL))
		of->config = more;
	if (which & 1)
		of->config.caches = (struct smmu3_caches){ 4, 4, 4, 4, 4, 0, 0, 0, 4, 4 };
	of->smmu = create(of);
	of->twin = create(of);
	return of;
}

/* ---- Steps ---- */

static const uint32_t registers[] = { 0x20,    0x24,    0x28,   0x2c,   0x40,   0x44,  0x50,
				      0x54,    0x60,    0x64,   0x68,   0x74,   0x80,  0x88,
				      0x90,    0x98,    0x9c,   0xa0,   0xa8,   0xac,  0xb0,
				      0xc0,    0xc8,    0x803c, 0x8020, 0x8044, 0x100, 0x100a8,
				      0x100ac, 0x100c8, 0x100cc };

enum { REGISTERS = sizeof(registers) / sizeof(registers[0]) };

static void write_register(struct board *of, uint64_t offset, unsigned size, uint64_t value)
{
	(void)smmu3_mmio_write(of->smmu, SMMU3_PAS_ROOT, offset, size, value);
}

static uint64_t read_register(struct smmu3 *smmu, uint64_t offset, unsigned size)
{
	uint64_t value;

	(void)smmu3_mmio_read(smmu, SMMU3_PAS_ROOT, offset, size, &value);
	return value;
}

static void choose(struct board *of, struct bytes *bytes)
{
	const struct smmu3_choice *choice = smmu3_choice(take8(bytes));
	const unsigned alternative = take8(bytes) % (SMMU3_ALTERNATIVES - 1);

	if (choice && choice->alternative[alternative])
		(void)smmu3_adversity_choose(of->smmu, choice->name,
					     choice->alternative[alternative], NULL);
}

static void add_rule(struct board *of, struct bytes *bytes)
{
	struct smmu3_mem_rule rule = { .mischief = take8(bytes) % 4 };

	rule.reasons = take32(bytes) & 0x1fff;
	rule.first = take8(bytes) % 4;
	rule.every = take8(bytes) % 4;
	rule.times = take8(bytes) % 4;
	(void)smmu3_adversity_memory(of->smmu, &rule, NULL);
}

static void set_pace(struct board *of, struct bytes *bytes)
{
	const uint8_t update = take8(bytes), sync = take8(bytes);
	const struct smmu3_pace pace = { update == 0xff ? SMMU3_HELD : update % 8,
					 sync == 0xff ? SMMU3_HELD : sync % 8, take8(bytes) % 4 };

	(void)smmu3_adversity_pace(of->smmu, &pace);
}

static void fill(struct board *of, struct bytes *bytes)
{
	const uint8_t what = take8(bytes);

	(void)smmu3_adversity_fill(of->smmu, (enum smmu3_filled)(what & 3),
				   (enum smmu3_pas)(what >> 2 & 3), take8(bytes) % 4);
}

static void say_word(struct board *of, struct bytes *bytes)
{
	char word[64];
	struct smmu3_error error;
	const size_t length = take8(bytes) % sizeof(word);

	memset(word, 0, sizeof(word));
	take(bytes, word, length);
	const int code = smmu3_adversity_ask(of->smmu, word, &error);

	DEMAND(code == error.code && !code == !error.text[0]);
}

static void command(struct board *of, struct bytes *bytes)
{
	const uint64_t prod = read_register(of->smmu, 0x98, 4);
	uint64_t word[2] = { take8(bytes), 0 };

	take(bytes, (uint8_t *)word + 1, 4);
	word[1] = take8(bytes);
	memcpy(of->ram + COMMANDS + 16 * (prod % 16), word, sizeof(word));
	write_register(of, 0x98, 4, (prod + 1) % 32);
}

static void access_by(struct board *of, struct bytes *bytes)
{
	const struct smmu3_txn txn = { .addr = (uint64_t)take8(bytes) << 12,
				       .bytes = 8,
				       .sid = take8(bytes) % 8,
				       .flags = take8(bytes) &
						(SMMU3_TXN_WRITE | SMMU3_TXN_PROBE) };
	struct smmu3_outcome outcome;

	DEMAND(smmu3_translate(of->smmu, &txn, &outcome) == (enum smmu3_verdict)outcome.verdict);
}

static void open_queues(struct board *of)
{
	write_register(of, 0x2c, 4, 2);
	write_register(of, 0x80, 8, RAM_AT + STREAMS);
	write_register(of, 0x88, 4, 3);
	write_register(of, 0x90, 8, (RAM_AT + COMMANDS) | 4);
	write_register(of, 0x98, 4, 0);
	write_register(of, 0x9c, 4, 0);
	write_register(of, 0xa0, 8, (RAM_AT + EVENTS) | 4);
	write_register(of, 0x100a8, 4, 0);
	write_register(of, 0x100ac, 4, 0);
	write_register(of, 0x20, 4, 0xd);
}

static void step(struct board *of, struct bytes *bytes)
{
	const uint8_t what = take8(bytes);
	const uint32_t at = registers[(what >> 4) * 2 % REGISTERS];
	uint16_t place;

	switch (what % 16) {
	case 0:
		choose(of, bytes);
		return;
	case 1:
		add_rule(of, bytes);
		return;
	case 2:
		set_pace(of, bytes);
		return;
	case 3:
		fill(of, bytes);
		return;
	case 4:
		smmu3_adversity_release(of->smmu);
		return;
	case 5:
		write_register(of, registers[take8(bytes) % REGISTERS], 4, take32(bytes));
		return;
	case 6:
		write_register(of, at & ~7u, 8, take64(bytes));
		return;
	case 7:
		(void)read_register(of->smmu, at, 4);
		return;
	case 8:
		(void)read_register(of->smmu, at & ~7u, 8);
		return;
	case 9:
		place = (uint16_t)(take8(bytes) << 3);
		take(bytes, of->ram + place, 8);
		return;
	case 10:
	case 11:
		access_by(of, bytes);
		return;
	case 12:
		command(of, bytes);
		return;
	case 13:
		(void)smmu3_adversity_seed(of->smmu, take8(bytes));
		return;
	case 14:
		say_word(of, bytes);
		return;
	default:
		if (what >> 4 == 0)
			smmu3_reset(of->smmu);
		else if (what >> 4 == 1)
			smmu3_adversity_end(of->smmu);
		else
			open_queues(of);
		return;
	}
}

/* ---- What is left of it ---- */

static void end(struct board *of)
{
	struct smmu3_error error;
	size_t size = 0;

	smmu3_adversity_end(of->smmu);
	for (size_t i = 0; smmu3_choice(i); i++)
		DEMAND(!smmu3_adversity_chosen(of->smmu, i));
	DEMAND(!smmu3_save(of->smmu, NULL, &size, &error));
	smmu3_reset(of->smmu);
	for (size_t i = 0; i < REGISTERS; i++)
		DEMAND(read_register(of->smmu, registers[i], 4) ==
		       read_register(of->twin, registers[i], 4));
	memset(of->ram, 0, sizeof(of->ram));
	open_queues(of);
	DEMAND(read_register(of->smmu, 0x24, 4) == 0xd);
	of->ram[COMMANDS] = 0x46;
	write_register(of, 0x98, 4, 1);
	DEMAND(read_register(of->smmu, 0x9c, 4) == 1);
	smmu3_reset(of->smmu);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	struct board *const of = board_of(take8(&bytes));

	memset(of->ram, 0, sizeof(of->ram));
	open_queues(of);
	for (unsigned i = 0; i < STEPS_MOST && bytes.left; i++)
		step(of, &bytes);
	end(of);
	return 0;
}
