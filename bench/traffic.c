/* SPDX-License-Identifier: MIT */
#include "traffic.h"

struct traffic traffic_of(const struct machine *machine)
{
	const struct window pages = machine_pages(machine), blocks = machine_blocks(machine);

	return (struct traffic){ .random = 1,
				 .streams = machine->fleet->streams,
				 .windows = blocks.places ? 2 : 1,
				 .window = { pages, blocks } };
}

/* From the numbers of stream and page, not from the address that is asked for. */
static uint64_t next_output(struct traffic *traffic)
{
	const uint64_t random = traffic_step(traffic);
	const struct window *window = &traffic->window[random >> 21 & (traffic->windows - 1)];
	const uint64_t place = (random & (window->places - 1)) ^ window->flip;
	const uint64_t stream = random >> 22 & (traffic->streams - 1);

	return window->output + stream * window->stride + (place << window->lg2) + 0x40;
}

uint64_t traffic_sum(struct traffic *traffic, unsigned times)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < times; i++)
		sum += next_output(traffic);
	return sum;
}
