/* SPDX-License-Identifier: MIT */
#include "protection.h"

#include "words.h"

enum { LEVEL0_LG2 = 30, ENTRY_LG2 = 3, GRANULES_LG2 = 4, BLOCK = 1, TABLE = 3, EVERYBODY = 0xf };

static const uint8_t sizes[] = { 32, 36, 40, 42, 44, 48, 52 }; /* no more, whatever OAS is */

static unsigned level0_bytes_lg2(const struct protection *protection)
{
	const unsigned lg2 = protection->pps_lg2 - LEVEL0_LG2 + ENTRY_LG2;

	return lg2 < 12 ? 12 : lg2;
}

/* Cacheabilities and shareability that go together: without caches it is outer.  6.3.115 */
static uint32_t choose_attributes(struct rng *rng)
{
	static const uint8_t sh[] = { 0, 2, 3 };
	const unsigned inner = rng_below(rng, 4), outer = rng_below(rng, 4);

	return inner << 8 | outer << 10 | (inner + outer ? sh[rng_below(rng, 3)] : 2u) << 12;
}

struct protection choose_protection(struct rng *rng, unsigned oas_code, const bool *granules)
{
	static const uint8_t pgs[] = { 0, 2, 1 };
	const unsigned most = oas_code < sizeof(sizes) ? oas_code : sizeof(sizes) - 1;
	const unsigned pps = rng_chance(rng, 800) ? most : rng_below(rng, most + 1);
	unsigned i;

	do
		i = rng_below(rng, 3);
	while (!granules[i]);
	struct protection protection = { .checks = true,
					 .cfg = pps | choose_attributes(rng) |
						(uint32_t)pgs[i] << 14,
					 .seed = rng_next(rng),
					 .pps_lg2 = sizes[pps],
					 .granule_lg2 = 12 + 2 * i };

	protection.base = aligned_down(rng_bits(rng, protection.pps_lg2),
				       level0_bytes_lg2(&protection));
	return protection;
}

/* Numbers that the same place always has. */
static struct rng place_rng(const struct protection *protection, uint64_t at, unsigned what)
{
	return (struct rng){ rng_mix(protection->seed ^ rng_mix(at << 3 | what)) };
}

/* Of what is there, others after each edit. */
static struct rng entry_rng(const struct protection *protection, uint64_t at, unsigned what)
{
	struct rng rng = place_rng(protection, at, what);

	for (unsigned i = 0; i < protection->edits; i++)
		if (protection->edited[i] == at)
			rng.state = rng_mix(rng.state + 1);
	return rng;
}

static unsigned choose_gpi(struct rng *rng)
{
	static const uint8_t gpi[] = { 0, 8, 9, 10, 11 };

	return rng_chance(rng, 988) ? EVERYBODY : gpi[rng_below(rng, sizeof(gpi))];
}

/* GPIs of which there are none. */
static uint64_t reserved_gpi(struct rng *rng)
{
	static const uint8_t gpi[] = { 1, 2, 3, 4, 5, 6, 7, 12, 13, 14 };

	return gpi[rng_below(rng, sizeof(gpi))];
}

static unsigned level1_bytes_lg2(const struct protection *protection)
{
	return LEVEL0_LG2 - protection->granule_lg2 - GRANULES_LG2 + ENTRY_LG2;
}

static uint64_t invalid_level0(struct rng *rng)
{
	const uint64_t invalid[] = { 0,     0xf2,           BLOCK | reserved_gpi(rng) << 4,
				     0x1f1, TABLE | 1 << 4, TABLE | UINT64_C(1) << 52 };

	return invalid[rng_below(rng, sizeof(invalid) / sizeof(*invalid))];
}

static uint64_t table(const struct protection *protection, struct rng *rng)
{
	const unsigned pps = protection->pps_lg2;
	uint64_t at = aligned_down(rng_bits(rng, pps), level1_bytes_lg2(protection));

	if (pps < 52 && rng_chance(rng, 25))
		at |= UINT64_C(1) << rng_from(rng, pps, 51);
	return at | TABLE;
}

/* The first block is everybody's: queues are in it. */
static bool level0(const struct protection *protection, uint64_t at, uint64_t *entry)
{
	struct rng rng = entry_rng(protection, at, 0);

	*entry = BLOCK | EVERYBODY << 4;
	if (at == protection->base)
		return true;
	if (rng_chance(&rng, 6))
		return false;
	if (rng_chance(&rng, 8))
		*entry = invalid_level0(&rng);
	else if (rng_chance(&rng, 250))
		*entry = BLOCK | (uint64_t)choose_gpi(&rng) << 4;
	else
		*entry = table(protection, &rng);
	return true;
}

/* Entries that are joined, log2: 1, 2 and 3 are 2MB, 32MB and 512MB; 0: they are not.  All of a
 * group say the same. */
static unsigned group_of(const struct protection *protection, uint64_t at, unsigned *lg2)
{
	static const uint8_t region_lg2[] = { 0, 21, 25, 29 };

	for (unsigned contig = 3; contig > 0; contig--) {
		*lg2 = region_lg2[contig] - protection->granule_lg2 - GRANULES_LG2 + ENTRY_LG2;
		struct rng rng = place_rng(protection, aligned_down(at, *lg2), contig);

		if (rng_chance(&rng, 150))
			return contig;
	}
	*lg2 = ENTRY_LG2;
	return 0;
}

static uint64_t invalid_level1(struct rng *rng)
{
	const uint64_t invalid[] = { BLOCK | EVERYBODY << 4, BLOCK | 0x100 | reserved_gpi(rng) << 4,
				     BLOCK | 0x1f0 | 1 << 10,
				     UINT64_C(0xffffffffffffff0f) | reserved_gpi(rng) << 4 };

	return invalid[rng_below(rng, sizeof(invalid) / sizeof(*invalid))];
}

static uint64_t granules(struct rng *rng)
{
	uint64_t entry = 0;

	for (unsigned i = 0; i < 16; i++)
		entry |= (uint64_t)choose_gpi(rng) << 4 * i;
	return entry;
}

static bool level1(const struct protection *protection, uint64_t at, uint64_t *entry)
{
	unsigned lg2;
	const unsigned contig = group_of(protection, at, &lg2);
	struct rng rng = entry_rng(protection, aligned_down(at, lg2), 4 + contig);

	*entry = 0;
	if (rng_chance(&rng, 6))
		return false;
	if (rng_chance(&rng, 8))
		*entry = invalid_level1(&rng);
	else if (contig)
		*entry = BLOCK | (uint64_t)choose_gpi(&rng) << 4 | contig << 8;
	else
		*entry = granules(&rng);
	return true;
}

static bool is_level0(const struct protection *protection, uint64_t at)
{
	return !((at - protection->base) >> level0_bytes_lg2(protection));
}

bool protection_read(const struct protection *protection, uint64_t at, uint64_t *entry)
{
	return (is_level0(protection, at) ? level0 : level1)(protection, at, entry);
}

unsigned protection_edit(struct protection *protection, uint64_t at)
{
	static const uint8_t joined_lg2[] = { 0, 21, 25, 29 };
	unsigned lg2 = ENTRY_LG2, contig = 0;
	const bool first = is_level0(protection, at);

	if (!first)
		contig = group_of(protection, at, &lg2);
	protection->edited[protection->edits++] = aligned_down(at, lg2);
	if (first)
		return LEVEL0_LG2;
	return contig ? joined_lg2[contig] : protection->granule_lg2 == 12 ? 16 : 21;
}
