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
	uint8_t idr;
	uint32_t bits;
} changes[] = {
	{ 0, 1 << 13 },             /* MSI */
	{ 0, 1 << 14 },             /* SEV */
	{ 0, 1 << 17 },             /* VMW */
	{ 3, 1 << 10 },             /* RIL */
	{ 0, 1 },                   /* S2P */
	{ 0, 2 },                   /* S1P */
	{ 1, 17 << 16 | 17 << 21 }, /* EVENTQS, CMDQS: 4 entries instead of 2^19 */
	{ 5, 1 },                   /* OAS */
	{ 0, 1 << 19 | 1 << 27 },   /* CD2L, ST_LEVEL */
};

static void apply_changes(struct smmu3_config *config, unsigned machine, bool legally)
{
	for (size_t i = 0; i < ROWS(changes); i++) {
		if (!(machine >> (FIRST_CHANGE + i) & 1))
			continue;
		config->idr[changes[i].idr] ^= changes[i].bits;
		if (legally && smmu3_config_check(config, NULL))
			config->idr[changes[i].idr] ^= changes[i].bits;
	}
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

static const struct kept *kept_of(unsigned machine)
{
	static struct kept kept[1 << 16];
	struct kept *const place = &kept[machine];

	if (!place->smmu) {
		place->config = config_of(machine);
		place->smmu = board_smmu(&board, &place->config);
	}
	return place;
}

static void open_board(struct bytes *bytes)
{
	unsigned machine = take8(bytes);

	machine |= (take8(bytes) & ((1u << (FIRST_CHANGE + ROWS(changes) - 8)) - 1)) << 8;
	const struct kept *const kept = kept_of(machine);
	const uint8_t more = take8(bytes);

	board_open(&board, &kept->config, kept->smmu);
	board_set_window(&board, 0, more & 1);
	board_set_window(&board, 1, more & 2);
	if (!(more & 4))
		software_bring_up(&board);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };

	open_board(&bytes);
	for (unsigned i = 0; i < STEPS_MOST && bytes.left && !board_spent(&board); i++) {
		board_begin(&board);
		software_take(&board, &bytes);
		board_end(&board);
	}
	board_close(&board);
	return 0;
}
