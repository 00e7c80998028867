/* SPDX-License-Identifier: MIT */
/* What is done with rows besides running them by Google Benchmark. */
#ifndef SMMU_BENCH_MODES_H
#define SMMU_BENCH_MODES_H

#include "bed.h"

/* The row of a name, or NULL with a complaint on stderr. */
const struct row *row_named(const char *name);

/* Every row of a bed answers as it should: 0, or 1. */
int verify_rows(void);

/* Registers every row that Google Benchmark can run. */
void register_rows(void);

/* Groups of rows that are timed in turns: a line "time GROUP ROW NS" for each; of the group named,
 * or of all, NULL.  0; 1 when something answers wrongly. */
int time_groups(const char *named);

/* Rows run by one thread and by two: lines "time threads ROW/THREADS NS", and "fact threads_ROW"
 * how many times as much two do. */
int time_threads(void);

/* Lines "fact NAME VALUE".  0, or 1. */
int tell_facts(void);

/* Under valgrind --tool=callgrind: counts the instructions of rows, each in a file of its own. */
int count_rows(void);

#endif
