/* SPDX-License-Identifier: MIT */
/* Permissions: D8.4, 13.4.1, 13.4.3, 5.4 (WXN, PAN); J1 AArch64.S1DirectBasePermissions,
 * AArch64.S1ApplyTablePerms, AArch64.S2DirectBasePermissions. */
#include "obvious_state.h"

static unsigned packed(bool ur, bool uw, bool ux, bool pr, bool pw, bool px)
{
	return (ur ? SMMU3_PERM_UR : 0u) | (uw ? SMMU3_PERM_UW : 0u) | (ux ? SMMU3_PERM_UX : 0u) |
	       (pr ? SMMU3_PERM_PR : 0u) | (pw ? SMMU3_PERM_PW : 0u) | (px ? SMMU3_PERM_PX : 0u);
}

/* Without unprivileged accesses: AP<1> is 1, APTable<0>, PXN, PXNTable and PAN are not there. */
static unsigned one_privilege(bool wxn, uint64_t leaf, uint64_t hierarchy)
{
	const bool w = !bit(leaf, 7) && !bit(hierarchy, 62);
	const bool x = !bit(leaf, 54) && !bit(hierarchy, 60) && !(wxn && w);

	return packed(true, w, x, true, w, x);
}

/* AArch32.S1LDHasPermissionsFault */
static unsigned lpae_permissions(const struct obvious *o, uint64_t leaf, uint64_t hierarchy)
{
	const bool wxn = bit(o->context.word[0], 36), uwxn = bit(o->context.word[0], 37);
	const bool pan = bit(o->context.word[0], 40);
	const bool xn = bit(leaf, 54) || bit(hierarchy, 60);
	const bool pxn = bit(leaf, 53) || bit(hierarchy, 59);
	const bool read_only = bit(leaf, 7) || bit(hierarchy, 62);
	const bool user = bit(leaf, 6) && !bit(hierarchy, 61);
	const bool pw = !read_only, ur = user, uw = user && !read_only;
	const bool ux = ur && !(xn || (uw && wxn));
	const bool px = !(xn || pxn || (pw && wxn) || (uw && uwxn));
	const bool p = !(pan && (ur || uw));

	return packed(ur, uw, ux, p, p && pw, px);
}

unsigned obvious_stage1_permissions(const struct obvious *o, struct ttd descriptor,
				    uint64_t hierarchy)
{
	const uint64_t leaf = descriptor.low;
	const bool wxn = bit(o->context.word[0], 36), pan = bit(o->context.word[0], 40);
	const bool epan = bit(o->machine->idr3, 17) && bit(o->context.word[1], 59);
	/* AP<2:1> */
	bool pr = true, pw = !bit(leaf, 7);
	bool ur = bit(leaf, 6), uw = bit(leaf, 6) && !bit(leaf, 7);
	bool px, ux;

	if (obvious_is_indirect1(o))
		return obvious_indirect1_permissions(o, descriptor);
	if (obvious_one_range(o))
		return one_privilege(wxn, leaf, hierarchy);
	if (o->context.lpae)
		return lpae_permissions(o, leaf, hierarchy);
	/* APTable<1>: no writes; APTable<0>: nothing unprivileged */
	if (bit(hierarchy, 62))
		pw = uw = false;
	if (bit(hierarchy, 61))
		ur = uw = false;
	/* PXN, PXNTable, UXN, UXNTable; what unprivileged software can write is not for
	 * privileged software to execute */
	px = !(bit(leaf, 53) || bit(hierarchy, 59) || uw);
	ux = !(bit(leaf, 54) || bit(hierarchy, 60));
	if (wxn && pw)
		px = false;
	if (wxn && uw)
		ux = false;
	/* Without EPAN, only reads and writes count. */
	if (pan && (ur || uw || (epan && ux)))
		pr = pw = false;
	return packed(ur, uw, ux, pr, pw, px);
}

unsigned obvious_stage2_permissions(const struct obvious *o, struct ttd descriptor)
{
	const uint64_t leaf = descriptor.low;

	if (obvious_is_indirect(o))
		return obvious_indirect_permissions(o, descriptor);
	const bool r = bit(leaf, 6), w = bit(leaf, 7); /* S2AP */
	const bool xnx = bit(o->machine->idr3, 4);
	const bool xn1 = bit(leaf, 54), xn0 = xnx && bit(leaf, 53);

	/* XN<1:0>: 00 all execute, 01 unprivileged, 10 none, 11 privileged; of VMSAv8-32 what can
	 * be read, too.  AArch32.S2HasPermissionsFault */
	if (o->stream.lpae)
		return packed(r, w, r && xn1 == false, r, w, r && xn1 == xn0);
	return packed(r, w, xn1 == false, r, w, xn1 == xn0);
}

/* Write permission is looked at first, execution needs no read permission.  13.1.1, D8.4 */
enum check obvious_check(const struct obvious *o, unsigned perm)
{
	const unsigned r = o->privileged ? SMMU3_PERM_PR : SMMU3_PERM_UR;
	const unsigned w = o->privileged ? SMMU3_PERM_PW : SMMU3_PERM_UW;
	const unsigned x = o->privileged ? SMMU3_PERM_PX : SMMU3_PERM_UX;

	if (obvious_is_request(o)) /* it is granted what there is.  13.7 */
		return ALLOWED;
	if ((o->write && !(perm & w)) || obvious_class_lacks(o, perm))
		return DENIED;
	if (o->instruction)
		return perm & x ? ALLOWED : DENIED;
	if (o->read && !(perm & r))
		return READ_DENIED;
	return ALLOWED;
}
