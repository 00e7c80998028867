/* SPDX-License-Identifier: MIT */
/* Bytes are the descriptors of translation tables of one stage or both, and accesses that walk
 * them.  D8.3 */
#include "world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { ACCESS_BYTES = 24 };
	struct bytes bytes = { data, size };
	struct world world = world_default();
	uint8_t accesses[3 * ACCESS_BYTES] = { 0 };
	struct bytes asked = { accesses, 0 };

	take_registers(&bytes, &world);
	take_ste_fields(&bytes, &world);
	take_cd_fields(&bytes, &world);
	asked.left = (1 + take8(&bytes) % 3u) * ACCESS_BYTES;
	take(&bytes, accesses, asked.left);
	take_descriptors(&bytes, &world);
	ask_all(&world, &asked, 3);
	return 0;
}
