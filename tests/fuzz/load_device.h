/* SPDX-License-Identifier: MIT */
/* SMMUs that states are loaded into, each with a host that keeps a sum of all that it is asked. */
#ifndef SMMU_TEST_FUZZ_LOAD_DEVICE_H
#define SMMU_TEST_FUZZ_LOAD_DEVICE_H

#include <smmu/port.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define MUST(condition) ((condition) ? (void)0 : abort())

struct device {
	struct smmu3 *smmu;
	struct smmu3_port *port;
	struct smmu3_config config;
	uint64_t sum;
	unsigned calls, ends, reads;
	enum smmu3_pas state; /* whose registers are written and read now */
	unsigned ways;        /* enum ways */
};

enum { DEVICES = 11 };

/* How accesses are made, and what meets commands. */
enum ways {
	BY_PORT = 1,
	AT_ONCE = 2,  /* and several of them */
	SECTIONS = 4, /* of the port: each CMD_SYNC finds one open */
};

/* An SMMU of the which-th kind, in reset. */
void device_make(struct device *device, unsigned which);

/* Adds to the sum; there is an end of what an SMMU asks. */
void device_add(struct device *device, uint64_t value);

/* Has it ATS and PRI? */
bool device_has_endpoints(const struct device *device);

/* Has it this Security state?  Root: Root registers. */
bool device_has(const struct device *device, enum smmu3_pas state);

/* Has it performance monitors? */
bool device_has_monitors(const struct device *device);

#endif
