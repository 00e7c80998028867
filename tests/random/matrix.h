/* SPDX-License-Identifier: MIT */
/* Which cases a run has reached, and how often. */
#ifndef SMMU_TESTS_RANDOM_MATRIX_H
#define SMMU_TESTS_RANDOM_MATRIX_H

#include "obvious/obvious.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct matrix;
struct cell_group;

/* edits: structures and tables that are in use are changed, too; reprograms: so are registers;
 * adverse: what is left open is otherwise. */
struct matrix *matrix_new(bool edits, bool reprograms, bool adverse);
void matrix_free(struct matrix *matrix);

/* Counts what an access reached, as the obvious walker has it. */
void matrix_count(struct matrix *matrix, const struct smmu3_txn *txn,
		  const struct obvious_answer *answer);

/* Counts a change, in a cell of its group. */
void matrix_count_edit(struct matrix *matrix, const struct cell_group *group, unsigned cell);

/* Every cell, or one line a group: how many cells, and the least. */
void matrix_print(const struct matrix *matrix, FILE *file, bool whole);

/* Has every cell that can be reached `least` or more, no other cell any, and have half of all
 * accesses, or nearly, succeeded?  What is not so is said on file. */
bool matrix_gate(const struct matrix *matrix, uint64_t least, FILE *file);

/* The same of the cells of one group. */
bool matrix_gate_group(const struct matrix *matrix, const struct cell_group *group, uint64_t least,
		       FILE *file);

#endif
