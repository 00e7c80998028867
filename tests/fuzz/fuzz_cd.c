/* SPDX-License-Identifier: MIT */
/* Bytes are a CD behind an STE of stage 1, and accesses in its context.  5.4 */
#include "world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	struct world world = world_default();

	take_registers(&bytes, &world);
	take_ste_fields(&bytes, &world);
	take(&bytes, world.cd, sizeof(world.cd));
	world.l1cd ^= take64(&bytes);
	ask_all(&world, &bytes, 4);
	return 0;
}
