/* SPDX-License-Identifier: MIT */
#include "monitored.h"

#include <smmu/stats.h>

const struct space one = { 1, STAGE_1, 3, 5 };
const struct space two = { 2, STAGE_2, 3, 0 };

void start_monitored(struct machine *m, uint32_t cfgr)
{
	m->config.pmcg_cfgr = cfgr;
	m->config.statistics = 1;
	start_machine(m);
	put_space(m, &one);
	put_space(m, &two);
	for (unsigned page = 0; page < 8; page++) {
		put_s1(m, &one, page, s1_page(HERE + PAGE(page)));
		put_s2(m, &two, page, s2_page(HERE + PAGE(page)));
	}
	smmu3_stats_reset(m->smmu);
	look_away(m);
}

struct machine *monitored(uint32_t cfgr, uint32_t places)
{
	struct machine *m = keeping(places);

	start_monitored(m, cfgr);
	return m;
}

uint32_t counter(struct machine *m, unsigned n)
{
	return reg(m, P1 + 4 * n);
}

void set_up(struct machine *m, unsigned n, uint32_t evtyper, uint32_t smr)
{
	set_reg(m, EVTYPER0 + 4 * n, evtyper);
	set_reg(m, SMR0 + 4 * n, smr);
	set_reg64(m, CNTENSET, UINT64_C(1) << n);
	set_reg(m, PMCR, 1);
}
