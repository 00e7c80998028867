/* SPDX-License-Identifier: MIT */
/* Google Benchmark for C: rows are registered with a function and what it works on, then
 * cbench_main runs them. */
#ifndef SMMU_BENCH_CBENCH_H
#define SMMU_BENCH_CBENCH_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct cbench_state;
typedef void cbench_fn(struct cbench_state *state, void *context);

/* Adds a row.  name is copied; context must live until cbench_main returns. */
void cbench_register(const char *name, cbench_fn *fn, void *context);

/* True while another `batch` iterations are wanted; what is timed stands between one call and the
 * next. */
bool cbench_keep_running_batch(struct cbench_state *state, size_t batch);

/* A figure to print beside the row's times. */
void cbench_counter(struct cbench_state *state, const char *name, double value);

/* Ends the row: its answers are wrong, and its times must not be read. cbench_main then
 * returns 1. */
void cbench_fail(struct cbench_state *state, const char *message);

/* Runs the rows as Google Benchmark's command line options say.  0; 1 when a row failed or the
 * options are wrong. */
int cbench_main(int argc, char **argv);

#ifdef __cplusplus
}
#endif

#endif
