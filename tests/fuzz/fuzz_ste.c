/* SPDX-License-Identifier: MIT */
/* Bytes are an STE, and accesses of its stream.  5.2 */
#include "world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	struct world world = world_default();

	take_registers(&bytes, &world);
	take(&bytes, world.ste, sizeof(world.ste));
	world.l1std ^= take64(&bytes);
	take_cd_fields(&bytes, &world);
	ask_all(&world, &bytes, 4);
	return 0;
}
