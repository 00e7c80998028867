/* SPDX-License-Identifier: MIT */
/* Indirect permissions of stage 1: 3.26.1, 5.4 (PIE, PIIU, PIIP, PAN); J1
 * AArch64.S1IndirectBasePermissions, AArch64.S1ApplyOutputPerms. */
#include "obvious_state.h"

/* IDR3.S1PI, STE.S1PIE, CD.PIE; VMSAv8-32 has none, and VMSAv9-128 nothing else. */
bool obvious_is_indirect1(const struct obvious *o)
{
	if (o->context.d128)
		return true;
	return bit(o->machine->idr3, 18) && bit(o->stream.word[1], 24) &&
	       bit(o->context.word[2], 59) && !o->context.lpae;
}

static unsigned code_of(const struct obvious *o, uint64_t codes, struct ttd leaf)
{
	const unsigned index = obvious_pi_index(leaf, o->context.d128);

	return (unsigned)bits(codes, 3 * index + 2, 3 * index);
}

/* 000 none, 001 R, 010 X, 011 RX, 101 RW, 111 RWX */
static bool reads(unsigned code)
{
	return code & 1;
}

static bool executes(unsigned code)
{
	return code & 2;
}

static bool writes(unsigned code)
{
	return code & 4;
}

struct obvious_s1_codes obvious_codes1(const struct obvious *o, struct ttd leaf)
{
	const unsigned p = code_of(o, o->context.word[7], leaf);

	return (struct obvious_s1_codes){
		.p = p, .u = obvious_one_range(o) ? p : code_of(o, o->context.word[6], leaf)
	};
}

/* Does PAN keep data from privileged accesses?  Where anything is granted to the others. */
static bool never(const struct obvious *o, unsigned u)
{
	return !obvious_one_range(o) && bit(o->context.word[0], 40) && u != 0;
}

unsigned obvious_indirect1_permissions(const struct obvious *o, struct ttd leaf)
{
	const struct obvious_s1_codes code = obvious_codes1(o, leaf);
	const bool clean = bit(leaf.low, 7) && !obvious_updates(o, 1).hd; /* nDirty */
	const bool data = !never(o, code.u);

	return (reads(code.u) ? SMMU3_PERM_UR : 0u) |
	       (writes(code.u) && !clean ? SMMU3_PERM_UW : 0u) |
	       (executes(code.u) ? SMMU3_PERM_UX : 0u) |
	       (reads(code.p) && data ? SMMU3_PERM_PR : 0u) |
	       (writes(code.p) && data && !clean ? SMMU3_PERM_PW : 0u) |
	       (executes(code.p) ? SMMU3_PERM_PX : 0u);
}

/* DirtyBit of a record: would the access be let through, were the page dirty?  7.3.16 */
bool obvious_dirty_would_do(const struct obvious *o, struct ttd leaf)
{
	const struct ttd dirty = { leaf.low & ~(UINT64_C(1) << 7), leaf.high };

	return obvious_is_indirect1(o) &&
	       obvious_check(o, obvious_indirect1_permissions(o, dirty)) == ALLOWED;
}

/* 5.4.2: codes 100 and 110, and what is executed by one side and written by the other. */
bool obvious_codes1_illegal(const struct obvious *o, const struct context *context)
{
	for (unsigned i = 0; i < 16; i++) {
		const unsigned p = (unsigned)bits(context->word[7], 3 * i + 2, 3 * i);
		const unsigned u = obvious_one_range(o) ?
					   0 :
					   (unsigned)bits(context->word[6], 3 * i + 2, 3 * i);

		if (p == 4 || p == 6 || u == 4 || u == 6 || (executes(p) && writes(u)))
			return true;
	}
	return false;
}
