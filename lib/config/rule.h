/* SPDX-License-Identifier: MIT */
/* One line a rule, for the lists of what makes a structure ILLEGAL. */
#ifndef SMMU_CONFIG_RULE_H
#define SMMU_CONFIG_RULE_H

#define RULE(broken, why)           \
	do {                        \
		if (broken)         \
			return why; \
	} while (0)

#endif
