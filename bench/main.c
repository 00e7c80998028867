/* SPDX-License-Identifier: MIT */
#include "cbench.h"
#include "rows.h"

int main(int argc, char **argv)
{
	register_walks();
	register_queues();
	register_lookups();
	register_reach();
	register_invalidations();
	return cbench_main(argc, argv);
}
