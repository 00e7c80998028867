/* SPDX-License-Identifier: MIT */
/* What an SMMU sends to PCIe endpoints, as lines of a trace have it. */
#ifndef SMMU_PLATFORM_OWN_PCIE_H
#define SMMU_PLATFORM_OWN_PCIE_H

#include "platform/trace_act.h"

/* Behind "! expect atc_inv" or "response", and behind "page": 1, or negative after a complaint. */
int own_pcie_parse(struct trace_line *line, struct smmu3_own_act *own);
int own_page_parse(struct trace_line *line, struct smmu3_own_act *own);

/* What an invalidation or a response says, of an expectation what that states. */
void own_pcie_text(const struct smmu3_own_act *act, bool stated, char *text, size_t size);

/* Is it what was expected?  Otherwise the first difference in words. */
bool own_pcie_met(const struct smmu3_own_act *expected, const struct smmu3_own_act *act,
		  bool strict, char *difference, size_t size);

#endif
