/* SPDX-License-Identifier: MIT */
/* Exit statuses.  A larger one is the graver, so that what several inputs gave is the largest. */
#ifndef SMMU_SIM_STATUS_H
#define SMMU_SIM_STATUS_H

enum status {
	STATUS_OK = 0,      /* as expected */
	STATUS_FINDING = 1, /* an expectation failed */
	STATUS_USAGE = 2,   /* wrong use or configuration */
	STATUS_INPUT = 3,   /* input unreadable, malformed or cut */
	STATUS_CANNOT = 4, /* not supported, a limit of ours, or output that could not be written */
};

static inline enum status worse(enum status a, enum status b)
{
	return a > b ? a : b;
}

#endif
