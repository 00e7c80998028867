/* SPDX-License-Identifier: MIT */
/*
 * smmu-bench [options of Google Benchmark]: every row by itself
 * smmu-bench --times [GROUP]: rows in turns, as the report wants them
 * smmu-bench --threads: rows run by one thread and by two
 * smmu-bench --counts: instructions, under callgrind
 * smmu-bench --answers: rows are verified, not timed
 */
#include "cbench.h"
#include "modes.h"
#include "rows.h"

#include <string.h>

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--times") == 0)
		return argc > 2 ? time_groups(argv[2]) : time_groups(NULL);
	if (argc > 1 && strcmp(argv[1], "--threads") == 0)
		return time_threads();
	if (argc > 1 && strcmp(argv[1], "--counts") == 0)
		return count_rows();
	if (argc > 1 && strcmp(argv[1], "--answers") == 0)
		return verify_rows();
	register_rows();
	register_walks();
	register_queues();
	register_lookups();
	register_reach();
	register_invalidations();
	return cbench_main(argc, argv);
}
