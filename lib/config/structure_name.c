/* SPDX-License-Identifier: MIT */
#include "config/structure_name.h"

#include "base/bits.h"

/* ---- L1CDs ---- */

/* Beside the first index below it, of 20 bits, which is a multiple of what log2 of their number
 * could be. */
enum { L1CD_LG2_BITS = 6 };
#define NAME_OF_L1CD (UINT32_C(1) << 31)

struct structure_name name_of_l1cd(uint32_t sid, uint8_t sec_sid, uint32_t index, unsigned lg2)
{
	return (struct structure_name){ sid, NAME_OF_L1CD | (uint32_t)align_down(index, lg2) | lg2,
					sec_sid };
}

struct structure_name name_of_l1cd_above(struct structure_name cd, unsigned size)
{
	static const uint8_t below[L1CD_SIZES] = { CDS_OF_4K_LG2, CDS_OF_64K_LG2 };

	return name_of_l1cd(cd.sid, cd.sec_sid, cd.index, below[size]);
}

bool structure_is_l1cd(struct structure_name name)
{
	return (name.index & NAME_OF_L1CD) != 0;
}

uint32_t structure_first_index(struct structure_name name)
{
	return structure_is_l1cd(name) ?
		       (uint32_t)align_down(name.index & ~NAME_OF_L1CD, L1CD_LG2_BITS) :
		       name.index;
}

/* ---- What an invalidation means ---- */

/* StreamIDs [sid, sid + count) of which the scope has one. */
static bool streams_are_meant(uint32_t sid, uint64_t count, const struct smmu3_invalidation *scope)
{
	return sid < scope->sid + scope->sids && scope->sid < sid + count;
}

/* By CMD_CFGI_CD an L1CD goes with any CD below it, without Leaf.  4.3.3 */
static bool context_is_meant(struct structure_name name, const struct smmu3_invalidation *scope)
{
	const uint32_t first = structure_first_index(name);

	if (!structure_is_l1cd(name))
		return scope->ssid == name.index;
	return !scope->leaf && !((scope->ssid ^ first) >> (name.index & low_bits(L1CD_LG2_BITS)));
}

/* CMD_CFGI_STE: the STE, the CDs and L1CDs reached through it, without Leaf the descriptors above.
 * CMD_CFGI_CD: CDs and L1CDs alone.  4.3.1 to 4.3.4 */
bool structure_is_meant(enum structure_kind kind, struct structure_name name,
			const struct smmu3_invalidation *scope)
{
	const bool of_streams = scope->kind == SMMU3_INVALIDATES_STREAM;

	if (scope->kind == SMMU3_INVALIDATES_ALL)
		return true;
	if (name.sec_sid != scope->sec_sid)
		return false;
	switch (kind) {
	case STRUCTURE_L1STD:
		return of_streams && !scope->leaf &&
		       streams_are_meant(name.sid, UINT64_C(1) << name.index, scope);
	case STRUCTURE_STREAM:
		return of_streams && streams_are_meant(name.sid, 1, scope);
	default:
		return streams_are_meant(name.sid, 1, scope) &&
		       (of_streams || scope->any_ssid || context_is_meant(name, scope));
	}
}
