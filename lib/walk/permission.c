/* SPDX-License-Identifier: MIT */
/*
 * Direct permissions.  Each step takes away from what the one before it left, in the order of
 * D8.4.1.2.  "two" says that there are two privileges.
 */
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

/* Reads and writes that AP and APTable leave.  With one privilege AP[1] is taken for 1 and
 * APTable[0] for 0.  13.4.1, D8-62 */
ALWAYS_INLINE unsigned data_granted(uint64_t leaf, uint64_t hierarchy, bool two)
{
	unsigned ap = (unsigned)ttd_get(leaf, TTD_AP);
	unsigned aptable = (unsigned)ttd_get(hierarchy, TTD_APTABLE);

	if (!two) {
		ap |= TTD_AP_ALL_RW;
		aptable &= TTD_APTABLE_READ_ONLY;
	}
	return data_perm[ap] & aptable_keeps[aptable];
}

/* What the execute-never bits of the leaf, or in their places those of the tables, take away. */
ALWAYS_INLINE unsigned execution_denied(bool uxn, bool pxn, bool two)
{
	if (!two)
		return uxn ? PERM_EXECUTE : 0;
	return (uxn ? SMMU3_PERM_UX : 0) | (pxn ? SMMU3_PERM_PX : 0);
}

ALWAYS_INLINE unsigned leaf_xn(uint64_t leaf, bool two)
{
	return execution_denied(ttd_get(leaf, TTD_UXN), ttd_get(leaf, TTD_PXN), two);
}

ALWAYS_INLINE unsigned table_xn(uint64_t hierarchy, bool two)
{
	return execution_denied(ttd_get(hierarchy, TTD_UXNTABLE), ttd_get(hierarchy, TTD_PXNTABLE),
				two);
}

/* What an unprivileged side may write, the privileged one may not execute. */
ALWAYS_INLINE unsigned user_writable_xn(unsigned data, bool two)
{
	return two && data & SMMU3_PERM_UW ? SMMU3_PERM_PX : 0;
}

/* ---- VMSAv8-32: XN is of both sides, PXN of the privileged one beside.  G5.6.3 ---- */

ALWAYS_INLINE unsigned lpae_execution_denied(bool xn, bool pxn, bool two)
{
	return (xn ? PERM_EXECUTE : 0) | (two && pxn ? SMMU3_PERM_PX : 0);
}

static unsigned lpae_leaf_xn(uint64_t leaf, bool two)
{
	return lpae_execution_denied(ttd_get(leaf, TTD_UXN), ttd_get(leaf, TTD_PXN), two);
}

static unsigned lpae_table_xn(uint64_t hierarchy, bool two)
{
	return lpae_execution_denied(ttd_get(hierarchy, TTD_UXNTABLE),
				     ttd_get(hierarchy, TTD_PXNTABLE), two);
}

/* What cannot be read is not executed. */
static unsigned unread_xn(unsigned data)
{
	return PERM_EXECUTE & ~((data & PERM_READ) << 2);
}

static COLD unsigned lpae_xn(uint64_t leaf, uint64_t hierarchy, unsigned data,
			     const struct perm_s1_config *config)
{
	const bool two = config->two_privileges;

	return lpae_leaf_xn(leaf, two) | lpae_table_xn(hierarchy, two) | unread_xn(data) |
	       (config->uwxn ? user_writable_xn(data, two) : 0);
}

/* Data that PAN keeps from the privileged side, given all that both sides were left.  5.4 */
ALWAYS_INLINE unsigned pan_denied(unsigned perm, const struct perm_s1_config *config)
{
	const unsigned user = SMMU3_PERM_UR | SMMU3_PERM_UW | (config->epan ? SMMU3_PERM_UX : 0);

	if (!config->two_privileges || !config->pan || !(perm & user))
		return 0;
	return SMMU3_PERM_PR | SMMU3_PERM_PW;
}

unsigned perm_s1(uint64_t leaf, uint64_t hierarchy, const struct perm_s1_config *config)
{
	const bool two = config->two_privileges;
	const unsigned data = data_granted(leaf, hierarchy, two);
	const unsigned xn = unlikely(config->lpae) ? lpae_xn(leaf, hierarchy, data, config) :
						     leaf_xn(leaf, two) | table_xn(hierarchy, two) |
							     user_writable_xn(data, two);
	const unsigned written = config->wxn ? executed_of_written(data) : 0;
	const unsigned perm = data | (PERM_EXECUTE & ~(xn | written));

	return perm & ~pan_denied(perm, config);
}

static enum s1_denial data_denied_by(uint64_t leaf, uint64_t hierarchy, bool two, unsigned needed)
{
	if (needed & ~data_granted(leaf, 0, two))
		return S1_DENIES_AP;
	if (needed & ~data_granted(leaf, hierarchy, two))
		return S1_DENIES_APTABLE;
	return S1_DENIES_PAN;
}

/* For one privilege: needed is its execute permission. */
static enum s1_denial exec_denied_by(uint64_t leaf, uint64_t hierarchy, bool two, unsigned needed)
{
	const bool pxn = two && needed == SMMU3_PERM_PX;

	if (needed & leaf_xn(leaf, two))
		return pxn ? S1_DENIES_PXN : S1_DENIES_UXN;
	if (needed & table_xn(hierarchy, two))
		return pxn ? S1_DENIES_PXNTABLE : S1_DENIES_UXNTABLE;
	if (needed & user_writable_xn(data_granted(leaf, hierarchy, two), two))
		return S1_DENIES_USER_WRITABLE;
	return S1_DENIES_WXN;
}

/* XN is looked at before PXN. */
static enum s1_denial lpae_exec_denied_by(uint64_t leaf, uint64_t hierarchy,
					  const struct perm_s1_config *config, unsigned needed)
{
	const bool two = config->two_privileges;
	const unsigned data = data_granted(leaf, hierarchy, two);

	if (needed & lpae_leaf_xn(leaf, two))
		return ttd_get(leaf, TTD_UXN) ? S1_DENIES_UXN : S1_DENIES_PXN;
	if (needed & lpae_table_xn(hierarchy, two))
		return ttd_get(hierarchy, TTD_UXNTABLE) ? S1_DENIES_UXNTABLE : S1_DENIES_PXNTABLE;
	if (needed & unread_xn(data))
		return data_denied_by(leaf, hierarchy, two, needed >> 2);
	if (config->uwxn && needed & user_writable_xn(data, two))
		return S1_DENIES_UWXN;
	return S1_DENIES_WXN;
}

enum s1_denial perm_s1_denied_by(uint64_t leaf, uint64_t hierarchy,
				 const struct perm_s1_config *config, unsigned needed)
{
	const bool two = config->two_privileges;
	const unsigned missing = needed & ~perm_s1(leaf, hierarchy, config);

	if (missing & PERM_WRITE)
		return data_denied_by(leaf, hierarchy, two, missing & PERM_WRITE);
	if (missing & PERM_READ)
		return data_denied_by(leaf, hierarchy, two, missing & PERM_READ);
	if (!missing)
		return S1_DENIES_NOTHING;
	return config->lpae ? lpae_exec_denied_by(leaf, hierarchy, config, missing) :
			      exec_denied_by(leaf, hierarchy, two, missing);
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
