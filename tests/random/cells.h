/* SPDX-License-Identifier: MIT */
/* The cells of the matrix: groups of cases, each with a name, and which of them an access is. */
#ifndef SMMU_TESTS_RANDOM_CELLS_H
#define SMMU_TESTS_RANDOM_CELLS_H

#include "obvious/obvious.h"

#include <stdbool.h>
#include <stdint.h>

enum { CELL_NAME_BYTES = 96, CELLS_PER_ACCESS = 8, CELL_GROUPS = 30 };

struct cell {
	uint64_t count;
	bool reachable; /* with the features that are advertised */
	char name[CELL_NAME_BYTES];
};

struct cell_group {
	const char *title;
	unsigned count;
	/* Fills in the name of a cell, and whether it can be reached. */
	void (*name)(unsigned index, struct cell *cell);
	/* The cells that an access is in: how many, at most CELLS_PER_ACCESS. */
	unsigned (*find)(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			 unsigned *index);
};

extern const struct cell_group *const cell_groups[CELL_GROUPS];

/* ---- For the files that make them ---- */

extern const struct cell_group cells_of_leaves, cells_of_pairs; /* cells_leaf.c */
extern const struct cell_group cells_of_small_tables;
extern const struct cell_group cells_of_formats, cells_of_lpae;         /* cells_format.c */
extern const struct cell_group cells_of_d128;                           /* cells_d128.c */
extern const struct cell_group cells_of_secure;                         /* cells_secure.c */
extern const struct cell_group cells_of_secure_edits;                   /* cells_secure_edits.c */
extern const struct cell_group cells_of_realm;                          /* cells_realm.c */
extern const struct cell_group cells_of_protection;                     /* cells_protection.c */
extern const struct cell_group cells_of_events, cells_of_accesses;      /* cells_event.c */
extern const struct cell_group cells_of_types, cells_of_shareabilities; /* cells_attr.c */
extern const struct cell_group cells_of_stalls, cells_of_models;        /* cells_stall.c */
extern const struct cell_group cells_of_stalling, cells_of_endings;
extern const struct cell_group cells_of_updates;      /* cells_update.c */
extern const struct cell_group cells_of_indirection;  /* cells_indirect2.c */
extern const struct cell_group cells_of_indirection1; /* cells_indirect1.c */
extern const struct cell_group cells_of_hardening;    /* cells_hardening.c */
extern const struct cell_group cells_of_labels;       /* cells_label.c */
extern const struct cell_group cells_of_rules;        /* cells.c */
extern const struct cell_group cells_of_ats;          /* cells_ats.c */
extern const struct cell_group cells_of_classes;      /* cells_class.c */
bool cell_of_hint(unsigned index);                    /* of cells_of_classes */
extern const struct cell_group cells_of_edits;        /* cells_maintain.c */
extern const struct cell_group cells_of_worlds;       /* cells_world.c */
extern const struct cell_group cells_of_registers;    /* cells_reprogram.c */
extern const struct cell_group cells_of_choices;      /* cells_adverse.c */

void cell_name(struct cell *cell, bool reachable, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What a stream does, where a legal one was found: its Config bits for both stages. */
enum { STREAMS = 4 };
unsigned cell_streams(const struct obvious_answer *answer);
extern const char *const cell_streams_name[STREAMS];

#endif
