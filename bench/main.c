/* SPDX-License-Identifier: MIT */
/*
 * smmu-bench [options of Google Benchmark]: every row by itself
 * smmu-bench --times [GROUP]: rows in turns, as the report wants them
 * smmu-bench --threads: rows run by one thread and by two
 * smmu-bench --facts: what is allocated
 * smmu-bench --counts: instructions, under callgrind
 * smmu-bench --answers: rows are verified, not timed
 */
#include "cbench.h"
#include "modes.h"
#include "rows.h"

#include <string.h>

static int all_groups(void)
{
	return time_groups(NULL);
}

static void register_others(void)
{
	register_walks();
	register_queues();
	register_lookups();
	register_reach();
	register_invalidations();
}

/* Those that Google Benchmark alone runs verify what they do before they are timed. */
static int verify_all(void)
{
	char name[] = "smmu-bench", shortly[] = "--benchmark_min_time=0.001";
	char *arguments[] = { name, shortly, NULL };
	const int code = verify_rows();

	register_others();
	return code | cbench_main(2, arguments);
}

static const struct mode {
	const char *option;
	int (*run)(void);
} modes[] = {
	{ "--times", all_groups },  { "--threads", time_threads }, { "--facts", tell_facts },
	{ "--counts", count_rows }, { "--answers", verify_all },
};

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--times") == 0)
		return time_groups(argv[2]);
	for (unsigned i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (argc == 2 && strcmp(argv[1], modes[i].option) == 0)
			return modes[i].run();
	register_rows();
	register_others();
	return cbench_main(argc, argv);
}
