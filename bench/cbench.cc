// SPDX-License-Identifier: MIT
#include "cbench.h"

#include <benchmark/benchmark.h>

struct cbench_state {
	benchmark::State &state;
};

static bool failed;

extern "C" {

void cbench_register(const char *name, cbench_fn *fn, void *context)
{
	benchmark::RegisterBenchmark(name, [fn, context](benchmark::State &state) {
		cbench_state wrapped{state};

		fn(&wrapped, context);
	});
}

bool cbench_keep_running_batch(struct cbench_state *state, size_t batch)
{
	return state->state.KeepRunningBatch(static_cast<benchmark::IterationCount>(batch));
}

void cbench_counter(struct cbench_state *state, const char *name, double value)
{
	state->state.counters[name] = value;
}

void cbench_fail(struct cbench_state *state, const char *message)
{
	failed = true;
	state->state.SkipWithError(message);
}

int cbench_main(int argc, char **argv)
{
	benchmark::Initialize(&argc, argv);
	if (benchmark::ReportUnrecognizedArguments(argc, argv))
		return 1;
	benchmark::RunSpecifiedBenchmarks();
	benchmark::Shutdown();
	return failed ? 1 : 0;
}
}
