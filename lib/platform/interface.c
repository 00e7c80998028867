/* SPDX-License-Identifier: MIT */
#include "platform/interface.h"

#include "arch/idregs.h"
#include "arch/offsets.h"

uint64_t realm_pages(const struct smmu3_config *config)
{
	const uint64_t root_idr0 = config->root_idr0;

	return PAGES_OPTIONAL + PAGE_BYTES * field_value(&root_idr0, ROOT_IDR0_BA_REALM);
}

/* The Secure registers are in the other half of Page 0, those of queues that Page 1 has included;
 * the Realm ones have two pages.  6.2 */
static uint64_t place(const struct interface_spec *interface, uint64_t offset)
{
	if (interface->pas == SMMU3_PAS_REALM)
		return realm_pages(&interface->of->config) + offset;
	return interface->pas == SMMU3_PAS_SECURE ? PAGE_0_SECURE + offset % PAGE_BYTES : offset;
}

uint64_t interface_read(const struct interface_spec *interface, uint64_t offset, unsigned size)
{
	uint64_t value = 0;

	(void)smmu3_mmio_read(interface->of->smmu, interface->pas, place(interface, offset), size,
			      &value);
	return value;
}

void interface_write(const struct interface_spec *interface, uint64_t offset, unsigned size,
		     uint64_t value)
{
	(void)smmu3_mmio_write(interface->of->smmu, interface->pas, place(interface, offset), size,
			       value);
}

bool interface_awaits(const struct interface_spec *interface, uint64_t offset, uint64_t mask,
		      uint64_t value)
{
	enum { PATIENCE = 1000 };
	bool seen = false;

	for (unsigned i = 0; i < PATIENCE && !seen; i++)
		seen = (interface_read(interface, offset, 4) & mask) == value;
	return seen;
}

bool interface_enable(const struct interface_spec *interface, uint64_t bits)
{
	interface_write(interface, REG_CR0, 4, interface_read(interface, REG_CR0, 4) | bits);
	return interface_awaits(interface, REG_CR0ACK, bits, bits);
}
