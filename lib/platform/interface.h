/* SPDX-License-Identifier: MIT */
/* Registers of one programming interface of an SMMU, by the offsets that the Non-secure one has
 * them at. */
#ifndef SMMU_PLATFORM_INTERFACE_H
#define SMMU_PLATFORM_INTERFACE_H

#include "platform/model.h"

uint64_t interface_read(const struct interface_spec *interface, uint64_t offset, unsigned size);
void interface_write(const struct interface_spec *interface, uint64_t offset, unsigned size,
		     uint64_t value);

/* Where the Realm pages are: an ID register says it. */
uint64_t realm_pages(const struct smmu3_config *config);

/* Waits, as a driver does, until bits of a register of 4 bytes have a value.  False: for too long.
 */
bool interface_awaits(const struct interface_spec *interface, uint64_t offset, uint64_t mask,
		      uint64_t value);

/* Sets bits of CR0, and waits as a driver does.  False: the SMMU does not follow. */
bool interface_enable(const struct interface_spec *interface, uint64_t bits);

#endif
