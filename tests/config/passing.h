/* SPDX-License-Identifier: MIT */
/* Machines that let accesses pass untranslated, in each way that there is. */
#ifndef SMMU_TEST_PASSING_H
#define SMMU_TEST_PASSING_H

#include "support/conf_world.h"

#define ADDRESS UINT64_C(0x1234)

/* Ways past translation. */
enum way { DISABLED, BY_CONFIG, BY_S1DSS, WAYS };

/* Overrides of GBPA and of the STE. */
struct overrides {
	uint8_t mtcfg, memattr, alloccfg, shcfg, privcfg, instcfg;
};

static inline void put_overrides(struct world *w, struct overrides o)
{
	change(w->ste, MEMATTR, o.memattr);
	change(w->ste, MTCFG, o.mtcfg);
	change(w->ste, ALLOCCFG, o.alloccfg);
	change(w->ste, SHCFG, o.shcfg);
	change(w->ste, PRIVCFG, o.privcfg);
	change(w->ste, INSTCFG, o.instcfg);
}

static inline uint32_t gbpa(struct overrides o)
{
	return (uint32_t)BIT(31) | (uint32_t)o.instcfg << 18 | (uint32_t)o.privcfg << 16 |
	       (uint32_t)o.shcfg << 12 | (uint32_t)o.alloccfg << 8 | (uint32_t)o.mtcfg << 4 |
	       o.memattr;
}

static inline void disable(struct world *w, uint32_t value)
{
	open_world(w);
	mmio(w, 0x20, 4, 0);
	mmio(w, 0x44, 4, value);
}

static const struct overrides as_it_came = { .shcfg = 1 };
static const struct overrides other = { 1, 0, 0, 0, 2, 2 };

/* A machine that lets accesses pass in one way; another way would show in what it overrides. */
static inline struct world passing(enum way way, struct overrides o)
{
	struct world w = world(way == BY_S1DSS ? S1_ONLY : BYPASS);

	w.behind_host = true;
	if (way == BY_S1DSS) {
		change(w.ste, S1CDMAX, 1);
		change(w.ste, S1DSS, 1);
	}
	put_overrides(&w, way == DISABLED ? other : o);
	return w;
}

static inline void open_passing(struct world *w, enum way way, struct overrides o)
{
	if (way == DISABLED) {
		disable(w, gbpa(o));
		return;
	}
	disable(w, gbpa(other));
	mmio(w, 0x20, 4, 0xd);
}

#endif
