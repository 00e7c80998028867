/* SPDX-License-Identifier: MIT */
/* Bytes are ID registers, and what software and devices do to an SMMU, inside its callbacks too. */
#include "files.h"
#include "monitors.h"
#include "software.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

enum { STEPS_MOST = 100 };

/* Two bytes say what SMMU it is: the profile, interrupt_choices, and for each further bit what
 * changes, where the architecture allows it. */
enum { PROFILE_BITS = 3, CHOICES_LSB = 2, FIRST_CHANGE = 4 };

static const struct {
	uint32_t idr0, idr1, idr3, idr5;
} changes[] = {
	{ 1 << 24, 0, 0, 2 << 16 }, /* STALL_MODEL 0, STALL_MAX 2 */
	{ 3 << 24, 0, 0, 3 << 16 }, /* STALL_MODEL 2, STALL_MAX 3 */
	{ 0, 0, 0, 1 << 16 },       /* one less, or more */
	{ 1 << 13, 0, 0, 0 },       /* MSI */
	{ 1 << 14, 0, 0, 0 },       /* SEV */
	/* VMW, Hyp, ATS, ATOS, VATOS, PRI with a queue of 4 entries */
	{ 1 << 17 | 3 << 9 | 1 << 15 | 1 << 16 | 1 << 20, 2 << 11, 0, 0 },
	{ 0, 17 << 16 | 17 << 21, 0, 0 },    /* EVENTQS, CMDQS: 4 entries instead of 2^19 */
	{ 1 << 26, 0, 1 << 10 | 1 << 5, 0 }, /* TERM_MODEL, RIL, PPS */
	{ 1, 0, 0, 0 },                      /* S2P */
	{ 2, 0, 0, 0 },                      /* S1P */
	{ 0, 0, 0, 1 },                      /* OAS */
	{ 1 << 19 | 1 << 27, 0, 0, 0 },      /* CD2L, ST_LEVEL */
};

static void change(struct smmu3_config *config, size_t which)
{
	config->idr[0] ^= changes[which].idr0;
	config->idr[1] ^= changes[which].idr1;
	config->idr[3] ^= changes[which].idr3;
	config->idr[5] ^= changes[which].idr5;
}

static void apply_changes(struct smmu3_config *config, unsigned machine, bool legally)
{
	for (size_t i = 0; i < ROWS(changes); i++) {
		if (!(machine >> (FIRST_CHANGE + i) & 1))
			continue;
		change(config, i);
		if (legally && smmu3_config_check(config, NULL))
			change(config, i);
	}
}

/* With a Device Permission Table: SMMUv3.2, of one stage, since two want Hyp; ATS, FWB, RIL, BBML.
 */
static struct smmu3_config config_with_dpt(struct smmu3_config config)
{
	const struct smmu3_config before = config;
	const uint32_t stage = config.idr[0] & 1 ? 2 : 0; /* without stage 1, if there is stage 2 */

	config.aidr = 2;
	config.idr[0] = (config.idr[0] & ~stage) | 1u << 10;
	config.idr[3] = (config.idr[3] & ~(3u << 11)) | 1u << 8 | 1u << 10 | 1u << 11 | 1u << 15;
	config.caches.dpt = 4;
	if (stage) {
		config.idr[0] &= ~(1u << 19);   /* CD2L */
		config.idr[1] &= ~(0x1fu << 6); /* SSIDSIZE */
		config.idr[3] &= ~(1u << 2);    /* HAD */
	}
	return smmu3_config_check(&config, NULL) ? before : config;
}

static struct smmu3_config config_of(const struct smmu3_config profile, unsigned machine)
{
	struct smmu3_config config = profile;

	config.interrupt_choices = machine >> CHOICES_LSB & 3;
	apply_changes(&config, machine, false);
	if (!smmu3_config_check(&config, NULL))
		return config;
	config = profile;
	apply_changes(&config, machine, true);
	return config;
}

/* Some of interrupt_choices say more of these: a filter for all counters, or wide ones. */
static struct smmu3_config config_with_monitors(struct smmu3_config config)
{
	enum { RELOC_CTRS = 1 << 20, MSI = 1 << 21, CAPTURE = 1 << 22, ONE_FILTER = 1 << 23 };
	enum { COUNTERS = 3, NARROW = 31, WIDE = 43 };
	const bool one = config.interrupt_choices & 1, wide = config.interrupt_choices & 2;

	config.pmcg_cfgr = (uint32_t)(RELOC_CTRS | CAPTURE | (one ? ONE_FILTER : 0) |
				      (wide ? 0 : MSI) | (wide ? WIDE : NARROW) << 8 |
				      (COUNTERS - 1));
	config.statistics = 1;
	config.stats_streams = 4;
	return config;
}

/* A place of each, so that no turn of theirs makes a difference. */
static struct smmu3_config config_with_caches(struct smmu3_config config, uint32_t places)
{
	config.caches = (struct smmu3_caches){ places, places, places,     places, places,
					       places, places, places > 1, places, places ? 4 : 0 };
	return config;
}

static struct smmu3_config config_with_micro(struct smmu3_config config, uint32_t places)
{
	config = config_with_caches(config, places);
	config.caches.micro = config.caches.micro_streams = 4;
	return config;
}

/* generic-3.3 with ATOS, VATOS and few stalls, and, as interrupt_choices say, a DPT. */
static struct smmu3_config config_of_hypervisor(unsigned machine)
{
	struct smmu3_config config;

	DEMAND(!smmu3_config_init(&config, "generic-3.3", NULL));
	config.idr[0] |= 1u << 15 | 1u << 20;
	config.idr[3] |= (machine >> CHOICES_LSB & 1) << 15;
	config.idr[5] = (config.idr[5] & 0xffff) | 2u << 16;
	config = config_of(config, machine);
	return config_with_caches(config_with_monitors(config), 4);
}

/* S_IDR0 and S_IDR1 as IDR0 and IDR1 are; SEL2 where it may be, with caches for every second. */
static struct smmu3_config config_with_secure(struct smmu3_config config, unsigned machine)
{
	enum { SEL2 = 1 << 29 };
	/* NS1ATS, ATS, ATOS, PRI, VATOS, ATSRECERR */
	const uint32_t without = 3u << 10 | 3u << 15 | 1u << 20 | 1u << 23;
	struct smmu3_config secure;

	if (machine & 1) {
		DEMAND(!smmu3_config_init(&config, "generic-3.3", NULL));
		config.idr[5] = (config.idr[5] & 0xffff) | 2u << 16; /* STALL_MAX */
	}
	apply_changes(&config, machine & ~1u, true);
	config.interrupt_choices = machine >> CHOICES_LSB & 3;
	if (smmu3_config_check(&config, NULL)) /* a wire or a message there must be */
		config.interrupt_choices = 0;
	secure = config_with_caches(config, machine >> 1 & 1 ? 4 : 0);
	secure.idr[0] &= ~without;
	secure.idr[1] &= ~(0x1fu << 11);                   /* PRIQS */
	secure.idr[3] &= ~(1u << 5 | 1u << 15 | 1u << 16); /* PPS, DPT, PASIDTT */
	secure.s_idr[0] = secure.idr[0] & (3u << 24 | 1u << 13);
	secure.s_idr[1] = 1u << 31 | SEL2 | (secure.idr[1] & 0x3f);
	if (smmu3_config_check(&secure, NULL))
		secure.s_idr[1] &= ~(uint32_t)SEL2;
	return smmu3_config_check(&secure, NULL) ? config : secure;
}

/* ---- Machines ---- */

/* What more there is to a machine than its number says. */
enum kind {
	PLAIN,
	WITH_DPT,
	WITH_MONITORS, /* and statistics; for every second profile caches, too */
	UNCOUNTED,     /* the same without statistics */
	UNMONITORED,   /* without monitors, too */
	HYPERVISORS,
	SECURE, /* a Secure state, of which the board is */
	KEPT,   /* micro-TLBs, and for every second profile caches behind them */
	KINDS
};

static struct smmu3_config config_with(enum kind kind, unsigned machine)
{
	struct smmu3_config config = config_of(smmu3_profile(machine & PROFILE_BITS)->config,
					       machine);

	if (kind == PLAIN)
		return config;
	if (kind == WITH_DPT)
		return config_with_dpt(config);
	if (kind == HYPERVISORS)
		return config_of_hypervisor(machine);
	if (kind == SECURE)
		return config_with_secure(config, machine);
	if (kind == KEPT)
		return config_with_micro(config, machine & 1 ? 4 : 0);
	config = config_with_caches(config_with_monitors(config), machine & 1);
	config.caches.micro = config.caches.micro_streams = 0; /* they differ if somebody counts */
	if (kind != WITH_MONITORS)
		config.statistics = config.stats_streams = 0;
	if (kind == UNMONITORED)
		config.pmcg_cfgr = 0;
	return config;
}

/* SMMUs are kept for the next input: to make one costs ten thousand accesses.  Reset, it is as new.
 * Not all are: there are more machines than memory.
 */
struct kept {
	unsigned name;
	struct smmu3_config config;
	struct smmu3 *smmu;
};

static struct board board;

static struct kept *kept_of(unsigned machine, enum kind kind)
{
	enum { KEPT_LG2 = 12 };
	static struct kept kept[1 << KEPT_LG2];
	const unsigned name = (unsigned)kind << 16 | machine;
	struct kept *const place = &kept[name * UINT32_C(0x9e3779b1) >> (32 - KEPT_LG2)];

	if (place->smmu && place->name != name) {
		smmu3_destroy(place->smmu);
		place->smmu = NULL;
	}
	if (!place->smmu) {
		place->name = name;
		place->config = config_with(kind, machine);
		place->smmu = board_smmu(&board, &place->config);
	}
	return place;
}

/* ---- An input ---- */

enum { WINDOW_0 = 1, WINDOW_1 = 2, BARE = 4, RETRIES_INSIDE = 8, MORTAL = 0xf };

static enum kind kind_of(unsigned more)
{
	static const enum kind kinds[16] = {
		[0xe] = WITH_DPT, [0xd] = WITH_MONITORS, [0xc] = HYPERVISORS,
		[0xb] = SECURE,   [0xa] = SECURE,        [0x9] = KEPT
	};

	return kinds[more >> 4];
}

static void open_board(struct kept *kept, unsigned more)
{
	board_open(&board, &kept->config, kept->smmu);
	board_set_window(&board, 0, more & WINDOW_0);
	board_set_window(&board, 1, more & WINDOW_1);
	board.stalls.retries_inside = more & RETRIES_INSIDE;
	if (!(more & BARE))
		software_bring_up(&board);
}

/* Steps upon an open board, and what comes of them. */
static uint64_t take_steps(struct bytes bytes)
{
	for (unsigned i = 0; i < STEPS_MOST && bytes.left && !board_spent(&board); i++) {
		board_begin(&board);
		software_take(&board, &bytes);
		board_end(&board);
	}
	return board_sum(&board);
}

/* The same again, without those who count: nothing else has changed. */
static void check_twin(struct bytes bytes, unsigned machine, unsigned more, uint64_t sum)
{
	open_board(kept_of(machine, board.monitors_show ? UNCOUNTED : UNMONITORED), more);
	DEMAND(take_steps(bytes) == sum);
	board_close(&board);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	const unsigned low = take8(&bytes), machine = low | (unsigned)take8(&bytes) << 8;
	const unsigned more = take8(&bytes);
	struct kept *const kept = kept_of(machine, kind_of(more));

	open_board(kept, more);
	const uint64_t sum = take_steps(bytes);

	if (more >> 4 == MORTAL) {
		board_destroy(&board);
		kept->smmu = NULL;
		return 0;
	}
	board_close(&board);
	if (kind_of(more) == WITH_MONITORS)
		check_twin(bytes, machine, more, sum);
	return 0;
}
