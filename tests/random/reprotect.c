/* SPDX-License-Identifier: MIT */
#include "reprotect.h"

#include "maintain.h"
#include "words.h"

#include <stdlib.h>

enum { ROOT_TLBI = 0xa0050, ROOT_TLBI_CTRL = 0xa0058, RUN = 1 };

/* ROOT_TLBI.SIZE: the smallest that is as large.  6.3.118 */
static unsigned size_code(unsigned lg2)
{
	static const uint8_t size_lg2[] = { 12, 14, 16, 21, 25, 29, 30 };
	unsigned code = 0;

	while (size_lg2[code] < lg2)
		code++;
	return code;
}

static void write_root(struct duel *duel, uint64_t offset, unsigned size, uint64_t value)
{
	if (smmu3_mmio_write(duel->software.smmu, SMMU3_PAS_ROOT, offset, size, value))
		abort();
}

/* By a Root register, or from a CPU. */
static void invalidate_by_pa(struct world *world, struct duel *duel, uint64_t pa, unsigned lg2)
{
	const struct smmu3_invalidation scope = { .kind = SMMU3_INVALIDATES_GPT,
						  .sec_sid = SMMU3_PAS_ROOT,
						  .addr = aligned_down(pa, lg2),
						  .bytes = UINT64_C(1) << lg2 };

	if (rng_chance(&world->rng, 500)) {
		if (smmu3_broadcast_tlbi(duel->software.smmu, &scope))
			abort();
		return;
	}
	write_root(duel, ROOT_TLBI, 8, aligned_down(pa, lg2) | size_code(lg2) << 4);
	write_root(duel, ROOT_TLBI_CTRL, 4, RUN);
}

bool reprotect(struct kept *kept, struct world *world, struct duel *duel)
{
	const struct obvious_protection *last = &duel->answer.notes.protection;
	struct protection *protection = &world->setup.protection;
	unsigned lg2;

	if (!last->checked || !last->last.reads || protection->edits == PROTECTION_EDITS)
		return false;
	lg2 = protection_edit(protection, last->last.read[last->last.reads - 1]);
	duel->software.setup.protection = *protection;
	invalidate_by_pa(world, duel, last->pa, lg2);
	maintain_all(kept, world, duel);
	return true;
}
