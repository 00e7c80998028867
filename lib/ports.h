/* SPDX-License-Identifier: MIT */
/* What a port is made of. */
#ifndef SMMU_PORTS_H
#define SMMU_PORTS_H

#include "front.h"
#include "transactions.h"

#include <smmu/port.h>

struct smmu3_port {
	struct front front;
	/* A count of the journal, and what it was when the front was caught up: of all that is
	 * written, or in a section of changes alone */
	const atomic_uint_fast64_t *watched;
	uint64_t expected;
	struct smmu3 *smmu;
	struct smmu3_stream *streams;
	uint32_t micro;
	bool in_section;
	char apart[64]; /* the section is written by this thread and read by others */
	struct access_section section;
};

struct smmu3_stream {
	const struct micro_line *line; /* always the same */
	struct smmu3_port *port;
	struct front front; /* of one stream */
	struct micro_key key;
	struct smmu3_stream *next;
};

/* Brings all that the port and its streams know up to date. */
void port_catch_up(struct smmu3_port *port);

ALWAYS_INLINE bool port_is_current(const struct smmu3_port *port)
{
	return likely(atomic_load_explicit(port->watched, memory_order_acquire) == port->expected);
}

/* An entry of what a line has, if that is of today. */
ALWAYS_INLINE uint64_t port_find_of_line(const struct smmu3_port *port,
					 const struct micro_line *line, uint64_t addr,
					 uint64_t flags)
{
	return port_is_current(port) ? micro_data(line, addr, flags, false) : 0;
}

/* The same, once the line has been found: the slot where it would be. */
ALWAYS_INLINE uint64_t port_find(const struct smmu3_port *port, struct micro_key key, uint64_t addr,
				 uint64_t flags, const struct micro_line **slot)
{
	*slot = micro_slot(&port->front.micro, key, false);
	return micro_line_is(*slot, key, false) ? port_find_of_line(port, *slot, addr, flags) : 0;
}

#endif
