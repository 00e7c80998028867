/* SPDX-License-Identifier: MIT */
/* Bytes are ID registers, and what software and devices do to an SMMU, inside its callbacks too. */
#include "files.h"
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

static struct smmu3_config config_of(unsigned machine)
{
	const struct smmu3_config profile = smmu3_profile(machine & PROFILE_BITS)->config;
	struct smmu3_config config = profile;

	config.interrupt_choices = machine >> CHOICES_LSB & 3;
	apply_changes(&config, machine, false);
	if (!smmu3_config_check(&config, NULL))
		return config;
	config = profile;
	apply_changes(&config, machine, true);
	return config;
}

/* SMMUs are kept for the next input: to make one costs ten thousand accesses.  Reset, it is as new.
 */
struct kept {
	struct smmu3_config config;
	struct smmu3 *smmu;
};

static struct board board;

static struct kept *kept_of(unsigned machine, bool dpt)
{
	static struct kept kept[2][1 << 16];
	struct kept *const place = &kept[dpt][machine];

	if (!place->smmu) {
		place->config = config_of(machine);
		if (dpt)
			place->config = config_with_dpt(place->config);
		place->smmu = board_smmu(&board, &place->config);
	}
	return place;
}

enum { WINDOW_0 = 1, WINDOW_1 = 2, BARE = 4, RETRIES_INSIDE = 8, MORTAL = 0xf0, WITH_DPT = 0xe0 };

static uint8_t open_board(struct bytes *bytes, struct kept **kept)
{
	unsigned machine = take8(bytes);

	machine |= (unsigned)take8(bytes) << 8;
	const uint8_t more = take8(bytes);

	*kept = kept_of(machine, (more & MORTAL) == WITH_DPT);

	board_open(&board, &(*kept)->config, (*kept)->smmu);
	board_set_window(&board, 0, more & WINDOW_0);
	board_set_window(&board, 1, more & WINDOW_1);
	board.stalls.retries_inside = more & RETRIES_INSIDE;
	if (!(more & BARE))
		software_bring_up(&board);
	return more;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	struct kept *kept;
	const uint8_t more = open_board(&bytes, &kept);

	for (unsigned i = 0; i < STEPS_MOST && bytes.left && !board_spent(&board); i++) {
		board_begin(&board);
		software_take(&board, &bytes);
		board_end(&board);
	}
	if ((more & MORTAL) != MORTAL) {
		board_close(&board);
		return 0;
	}
	board_destroy(&board);
	kept->smmu = NULL;
	return 0;
}
