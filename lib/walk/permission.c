/* SPDX-License-Identifier: MIT */
/* Direct permissions of VMSAv8-64.  Each step takes away from what the one before it left, in the order of D8.4.1.2. */
#include "walk/permission.h"

#include "arch/ttd.h"

/* AP[2:1] of the leaf, for two privileges.  D8-63 */
static const uint8_t data_perm[4] = {
	[TTD_AP_PRIV_RW] = SMMU3_PERM_PR | SMMU3_PERM_PW,
	[TTD_AP_ALL_RW] = PERM_READ | PERM_WRITE,
	[TTD_AP_PRIV_RO] = SMMU3_PERM_PR,
	[TTD_AP_ALL_RO] = PERM_READ,
};

/* What APTable leaves.  D8-64 */
static const uint8_t aptable_keeps[4] = {
	[TTD_APTABLE_NONE] = PERM_READ | PERM_WRITE,
	[TTD_APTABLE_NO_UNPRIV] = SMMU3_PERM_PR | SMMU3_PERM_PW,
	[TTD_APTABLE_READ_ONLY] = PERM_READ,
	[TTD_APTABLE_READ_ONLY_NO_UNPRIV] = SMMU3_PERM_PR,
};

/* The execute permission of a side that may write, for both sides: a mask moved from W to X. */
ALWAYS_INLINE unsigned executed_of_written(unsigned perm)
{
	return (perm & PERM_WRITE) << 1;
}

/* Reads and writes that AP and APTable leave.  With one privilege AP[1] is taken for 1 and APTable[0] for 0.  13.4.1, D8-62 */
ALWAYS_INLINE unsigned data_granted(uint64_t leaf, uint64_t hierarchy, bool two_privileges)
{
	unsigned ap = (unsigned)ttd_get(leaf, TTD_AP);
	unsigned aptable = (unsigned)ttd_get(hierarchy, TTD_APTABLE);

	if (!two_privileges) {
		ap |= TTD_AP_ALL_RW;
		aptable &= TTD_APTABLE_READ_ONLY;
	}
	return data_perm[ap] & aptable_keeps[aptable];
}

/* What the execute-never bits of the leaf, or in their places those of the tables, take away. */
ALWAYS_INLINE unsigned execution_denied(bool uxn, bool pxn, bool two_privileges)
{
	if (!two_privileges)
		return uxn ? PERM_EXECUTE : 0;
	return (uxn ? SMMU3_PERM_UX : 0) | (pxn ? SMMU3_PERM_PX : 0);
}

ALWAYS_INLINE unsigned leaf_xn(uint64_t leaf, bool two_privileges)
{
	return execution_denied(ttd_get(leaf, TTD_UXN), ttd_get(leaf, TTD_PXN), two_privileges);
}

ALWAYS_INLINE unsigned table_xn(uint64_t hierarchy, bool two_privileges)
{
	return execution_denied(ttd_get(hierarchy, TTD_UXNTABLE), ttd_get(hierarchy, TTD_PXNTABLE), two_privileges);
}

/* What an unprivileged side may write, the privileged one may not execute. */
ALWAYS_INLINE unsigned user_writable_xn(unsigned data, bool two_privileges)
{
	return two_privileges && data & SMMU3_PERM_UW ? SMMU3_PERM_PX : 0;
}

/* Data that PAN keeps from the privileged side, given all that both sides were left.  5.4 */
ALWAYS_INLINE unsigned pan_denied(unsigned perm, const struct perm_s1_config *config)
{
	const unsigned user = SMMU3_PERM_UR | SMMU3_PERM_UW | (config->epan ? SMMU3_PERM_UX : 0);

	return config->two_privileges && config->pan && perm & user ? SMMU3_PERM_PR | SMMU3_PERM_PW : 0;
}

unsigned perm_s1(uint64_t leaf, uint64_t hierarchy, const struct perm_s1_config *config)
{
	const bool two = config->two_privileges;
	const unsigned data = data_granted(leaf, hierarchy, two);
	const unsigned xn = leaf_xn(leaf, two) | table_xn(hierarchy, two) | user_writable_xn(data, two) |
			    (config->wxn ? executed_of_written(data) : 0);
	const unsigned perm = data | (PERM_EXECUTE & ~xn);

	return perm & ~pan_denied(perm, config);
}

static enum s1_denial data_denied_by(uint64_t leaf, uint64_t hierarchy, bool two_privileges, unsigned needed)
{
	if (needed & ~data_granted(leaf, 0, two_privileges))
		return S1_DENIES_AP;
	if (needed & ~data_granted(leaf, hierarchy, two_privileges))
		return S1_DENIES_APTABLE;
	return S1_DENIES_PAN;
}

/* needed is one bit, of execution. */
static enum s1_denial execution_denied_by(uint64_t leaf, uint64_t hierarchy, bool two_privileges, unsigned needed)
{
	const bool pxn = two_privileges && needed == SMMU3_PERM_PX;

	if (needed & leaf_xn(leaf, two_privileges))
		return pxn ? S1_DENIES_PXN : S1_DENIES_UXN;
	if (needed & table_xn(hierarchy, two_privileges))
		return pxn ? S1_DENIES_PXNTABLE : S1_DENIES_UXNTABLE;
	if (needed & user_writable_xn(data_granted(leaf, hierarchy, two_privileges), two_privileges))
		return S1_DENIES_USER_WRITABLE;
	return S1_DENIES_WXN;
}

enum s1_denial perm_s1_denied_by(uint64_t leaf, uint64_t hierarchy, const struct perm_s1_config *config,
				 unsigned needed)
{
	const unsigned missing = needed & ~perm_s1(leaf, hierarchy, config);

	if (missing & PERM_WRITE)
		return data_denied_by(leaf, hierarchy, config->two_privileges, missing & PERM_WRITE);
	if (missing & PERM_READ)
		return data_denied_by(leaf, hierarchy, config->two_privileges, missing & PERM_READ);
	if (missing)
		return execution_denied_by(leaf, hierarchy, config->two_privileges, missing);
	return S1_DENIES_NOTHING;
}

unsigned perm_s2(uint64_t leaf, bool xnx)
{
	static const uint8_t data[4] = {
		[TTD_S2AP_RO] = PERM_READ,
		[TTD_S2AP_WO] = PERM_WRITE,
		[TTD_S2AP_RW] = PERM_READ | PERM_WRITE,
	};
	static const uint8_t execution[4] = {
		[TTD_S2XN_ALL_X] = PERM_EXECUTE,
		[TTD_S2XN_UNPRIV_X] = SMMU3_PERM_UX,
		[TTD_S2XN_PRIV_X] = SMMU3_PERM_PX,
	};
	const unsigned xn = (unsigned)ttd_get(leaf, TTD_S2XN) & (xnx ? 3u : TTD_S2XN_NONE_X);

	return data[ttd_get(leaf, TTD_S2AP)] | execution[xn];
}

enum s2_denial perm_s2_denied_by(uint64_t leaf, bool xnx, unsigned needed)
{
	const unsigned missing = needed & ~perm_s2(leaf, xnx);

	if (missing & (PERM_READ | PERM_WRITE))
		return S2_DENIES_S2AP;
	return missing ? S2_DENIES_XN : S2_DENIES_NOTHING;
}
