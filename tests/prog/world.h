/* SPDX-License-Identifier: MIT */
/* A register file made from a profile. */
#ifndef TESTS_PROG_WORLD_H
#define TESTS_PROG_WORLD_H

#include "config.h"
#include "prog/idregs.h"
#include "prog/regs.h"

struct world {
	struct smmu3_config config;
	struct features features;
	struct prog prog;
};

static inline struct world world_of(struct smmu3_config config)
{
	struct world w = { .config = config, .features = features_from(&config, BANK_NS) };

	prog_reset(&w.prog, BANK_NS, &w.config);
	return w;
}

static inline struct world world(const char *profile)
{
	return world_of(profile_config(profile));
}

static inline void write32(struct world *w, uint64_t offset, uint32_t value)
{
	prog_write(&w->prog, offset, 4, value);
}

static inline void write64(struct world *w, uint64_t offset, uint64_t value)
{
	prog_write(&w->prog, offset, 8, value);
}

static inline uint32_t read32(const struct world *w, uint64_t offset)
{
	return (uint32_t)prog_read(&w->prog, offset, 4);
}

static inline uint64_t read64(const struct world *w, uint64_t offset)
{
	return prog_read(&w->prog, offset, 8);
}

#endif
