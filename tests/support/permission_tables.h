/* SPDX-License-Identifier: MIT */
/*
 * The permission tables of DDI 0487 D8.4, row by row.  Permissions are letters: r, w, x of the
 * unprivileged side, R, W, X of the privileged one.
 */
#ifndef SMMU_TEST_PERMISSION_TABLES_H
#define SMMU_TEST_PERMISSION_TABLES_H

#include <smmu/smmu.h>
#include <stdbool.h>
#include <string.h>

static inline unsigned letters(const char *text)
{
	static const struct {
		char letter;
		unsigned perm;
	} key[] = {
		{ 'r', SMMU3_PERM_UR }, { 'w', SMMU3_PERM_UW }, { 'x', SMMU3_PERM_UX },
		{ 'R', SMMU3_PERM_PR }, { 'W', SMMU3_PERM_PW }, { 'X', SMMU3_PERM_PX },
	};
	unsigned perm = 0;

	for (unsigned i = 0; i < 6; i++)
		if (strchr(text, key[i].letter))
			perm |= key[i].perm;
	return perm;
}

/* D8-64: [APTable][AP[2:1]], what AP[2:1] amounts to: 01 takes the unprivileged side, 10 all
 * writes, 11 both. */
static const unsigned char effective_ap[4][4] = {
	{ 0, 1, 2, 3 },
	{ 0, 0, 2, 2 },
	{ 2, 3, 2, 3 },
	{ 2, 2, 2, 2 },
};

/* D8-65, whose data permissions are those of D8-63: [UXN][PXN][AP[2:1]][WXN], effective values,
 * two privileges.  PrivWXN is W without X, UnprivWXN w without x. */
static const char *const d8_65[2][2][4][2] = {
	{ /* UXN = 0 */
	  { { "RWXx", "RWx" }, { "RWrwx", "RWrw" }, { "RXx", "RXx" }, { "RXrx", "RXrx" } },
	  { { "RWx", "RWx" }, { "RWrwx", "RWrw" }, { "Rx", "Rx" }, { "Rrx", "Rrx" } } },
	{ /* UXN = 1 */
	  { { "RWX", "RW" }, { "RWrw", "RWrw" }, { "RX", "RX" }, { "RXr", "RXr" } },
	  { { "RW", "RW" }, { "RWrw", "RWrw" }, { "R", "R" }, { "Rr", "Rr" } } },
};

/* D8-66, whose data permissions are those of D8-62: [XN][AP[2]][WXN], one privilege, which here
 * both sides get. */
static const char *const d8_66[2][2][2] = {
	{ { "RWXrwx", "RWrw" }, { "RXrx", "RXrx" } },
	{ { "RWrw", "RWrw" }, { "Rr", "Rr" } },
};

/* D8-76: [S2AP].  D8-77, without XNX: [XN[1]].  D8-78, with XNX: [XN[1:0]]. */
static const char *const d8_76[4] = { "", "rR", "wW", "rRwW" };
static const char *const d8_77[2] = { "xX", "" };
static const char *const d8_78[4] = { "xX", "x", "", "X" };

#endif
