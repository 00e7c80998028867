/* SPDX-License-Identifier: MIT */
/* The register files of all Security states behind one address map, as the SMMU has them. */
#ifndef TESTS_PROG_DEVICE_H
#define TESTS_PROG_DEVICE_H

#include "config.h"
#include "prog/banks.h"

/* Where the interfaces begin.  6.2.1, 6.2.8; Realm Page 0 where BA_REALM of the profiles says */
enum { NONSECURE = 0, SECURE = 0x8000, REALM = 0x40000 };

struct device {
	struct smmu3_config config;
	struct prog bank[BANKS];
};

static inline struct device device_of(struct smmu3_config config)
{
	struct device d = { .config = config };

	for (int bank = 0; bank < BANKS; bank++)
		prog_reset(&d.bank[bank], (enum bank)bank, &d.config);
	return d;
}

/* Each Security state, with all that goes together. */
static inline struct device device(void)
{
	return device_of(profile_config("max-realm"));
}

static inline uint64_t get(struct device *d, enum smmu3_pas from, uint64_t offset, unsigned size)
{
	const struct place at = bank_at(&d->config, from, offset);

	return prog_read(&d->bank[at.bank], at.offset, size);
}

static inline void put(struct device *d, enum smmu3_pas from, uint64_t offset, unsigned size,
		       uint64_t value)
{
	const struct place at = bank_at(&d->config, from, offset);

	prog_write(&d->bank[at.bank], at.offset, size, value);
}

/* Root reaches everything. */
static inline uint64_t root_get(struct device *d, uint64_t offset, unsigned size)
{
	return get(d, SMMU3_PAS_ROOT, offset, size);
}

static inline void root_put(struct device *d, uint64_t offset, unsigned size, uint64_t value)
{
	put(d, SMMU3_PAS_ROOT, offset, size, value);
}

#endif
