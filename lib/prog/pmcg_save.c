/* SPDX-License-Identifier: MIT */
#include "prog/pmcg.h"
#include "prog/refuse.h"
#include "prog/save.h"

#include "arch/regs.h"
#include "base/bits.h"

#include <inttypes.h>

void pmcg_save(const struct pmcg *pmcg, const struct smmu3_config *config, struct blob_out *out)
{
	blob_put(out, config->pmcg_cfgr, 4);
	blob_put(out, pmcg->enabled, 8);
	blob_put(out, pmcg->interrupts, 8);
	blob_put(out, pmcg->overflowed, 8);
	for (unsigned n = 0; n < pmcg_counters(config); n++) {
		blob_put(out, pmcg->counter[n], 8);
		blob_put(out, pmcg->shadow[n], 8);
		blob_put(out, pmcg->evtyper[n], 4);
		blob_put(out, pmcg->smr[n], 4);
	}
}

/* Without CAPTURE there is nothing in a shadow. */
static bool counter_possible(const struct pmcg *pmcg, const struct smmu3_config *config, unsigned n)
{
	const uint64_t bits = pmcg_counter_bits(config);
	const uint64_t shadow = config->pmcg_cfgr & REG_MASK(PMCG_CFGR_CAPTURE) ? bits : 0;

	return !(pmcg->counter[n] & ~bits) && !(pmcg->shadow[n] & ~shadow) &&
	       !(pmcg->evtyper[n] & ~pmcg_evtyper_bits(config, n)) &&
	       !(pmcg->smr[n] & ~pmcg_smr_bits(config, n));
}

static bool group_possible(const struct pmcg *pmcg, const struct smmu3_config *config)
{
	const uint64_t bits = pmcg->enabled | pmcg->interrupts | pmcg->overflowed;
	bool possible = !(bits & ~low_bits(pmcg_counters(config)));

	for (unsigned n = 0; n < pmcg_counters(config); n++)
		possible &= counter_possible(pmcg, config, n);
	return possible;
}

int pmcg_load(struct pmcg *pmcg, const struct smmu3_config *config, struct blob_in *in,
	      struct smmu3_error *error)
{
	const uint64_t saved = blob_take(in, 4);

	if (!in->wrong && saved != config->pmcg_cfgr)
		return refuse(error, SMMU3_E_INCONSISTENT, "10.5.2.13",
			      "SMMU_PMCG_CFGR is 0x%" PRIx64 " in what was saved, but 0x%" PRIx32
			      " here",
			      saved, config->pmcg_cfgr);
	pmcg->enabled = blob_take(in, 8);
	pmcg->interrupts = blob_take(in, 8);
	pmcg->overflowed = blob_take(in, 8);
	for (unsigned n = 0; n < pmcg_counters(config); n++) {
		pmcg->counter[n] = blob_take(in, 8);
		pmcg->shadow[n] = blob_take(in, 8);
		pmcg->evtyper[n] = (uint32_t)blob_take(in, 4);
		pmcg->smr[n] = (uint32_t)blob_take(in, 4);
	}
	return in->wrong || group_possible(pmcg, config) ?
		       0 :
		       refuse(error, SMMU3_E_FORMAT, "10.5",
			      "a register of the performance monitors has bits that it cannot have");
}
